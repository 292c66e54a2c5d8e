//! Annotations of a GitHub workflow: a workflow command for each finding.

use std::io;

use super::{Form, Report, Style, tally, wrap};
use crate::check::Severity;

/// Workflow commands (GitHub Docs, “Workflow commands for GitHub Actions”).
pub const FORM: Form =
    Form { name: "github", summary: "annotations in a GitHub workflow's log", stripped: true, write };

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in &report.findings {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = vec![format!("file={}", property(&report.documents[finding.document].path))];
        if let Some(line) = finding.location.line {
            properties.push(format!("line={line}"));
            properties.extend(finding.location.column.map(|column| format!("col={column}")));
        }
        let note = finding.note.as_ref().map_or(String::new(), |number| format!("note {number}: "));
        properties.push(format!("title={}", property(&format!("{note}{}", finding.rule))));
        let mut message = format!("{note}{}", finding.message);
        if let Some(url) = &finding.url {
            message += &format!("\n{url}");
        }
        if let Some(help) = &finding.help {
            message += &format!("\n→ {help}");
        }
        writeln!(out, "::{level} {}::{}", properties.join(","), data(&message))?;
    }
    writeln!(out, "{}", tally::findings(report))
}

fn data(text: &str) -> String {
    let text: String = text.chars().map(|c| if c == '\n' || c == '\r' { c } else { wrap::tame(c) }).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
