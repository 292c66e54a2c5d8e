//! GitLab's code quality report, a subset of the Code Climate format.

use std::io;
use std::num::NonZeroU32;

use serde::Serialize;

use super::harmless::Harmless;
use super::{Form, Report, Style, fingerprint};
use crate::check::Severity;

/// Code quality (GitLab Docs, “Code Quality report format”).
pub const FORM: Form =
    Form { name: "gitlab", summary: "GitLab's code quality report", stripped: false, write };

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let issues: Vec<Issue> = report
        .findings
        .iter()
        .zip(fingerprint::all(report))
        .map(|(finding, fingerprint)| {
            let note = finding.note.as_ref().map_or(String::new(), |number| format!("Note {number}: "));
            Issue {
                description: format!("{note}{}", finding.message),
                check_name: finding.rule,
                fingerprint,
                severity: match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location {
                    path: report.documents[finding.document].path.trim_start_matches("./"),
                    // The format asks for a line; a document without lines is shown from its top.
                    lines: Lines { begin: finding.location.line.map_or(1, NonZeroU32::get) },
                },
            }
        })
        .collect();
    serde_json::to_writer_pretty(Harmless(&mut *out), &issues)?;
    writeln!(out)
}
