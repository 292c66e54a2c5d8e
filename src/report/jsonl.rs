//! JSON Lines: the parts of the JSON report, one a line, for streams and large runs.

use std::io;

use serde::Serialize;

use super::harmless::Harmless;
use super::{Form, Report, Style, json};

/// JSON Lines for programs.
pub const FORM: Form =
    Form { name: "jsonl", summary: "the same, one JSON object a line", stripped: false, write };

/// One line: what kind of part it is, and the part as the JSON report has it.
#[derive(Serialize)]
struct Line<T> {
    kind: &'static str,
    #[serde(flatten)]
    part: T,
}

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for read in &report.documents {
        line(out, "document", json::document(read))?;
    }
    for source in &report.sources {
        line(out, "source", json::source(source))?;
    }
    for finding in &report.findings {
        line(out, "finding", finding)?;
    }
    line(out, "summary", json::summary(report))
}

fn line(out: &mut dyn io::Write, kind: &'static str, part: impl Serialize) -> io::Result<()> {
    serde_json::to_writer(Harmless(&mut *out), &Line { kind, part })?;
    writeln!(out)
}
