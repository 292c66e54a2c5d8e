//! SARIF 2.1.0 (OASIS), as code scanning services take it in.

use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::harmless::Harmless;
use super::{Form, Report, Style, fingerprint};
use crate::check::case::ReadDocument;
use crate::check::{self, Check, Finding, Severity};

/// SARIF 2.1.0.
pub const FORM: Form =
    Form { name: "sarif", summary: "SARIF 2.1.0, for code scanning", stripped: false, write };

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let rules: Vec<&Check> = check::rules().collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(fingerprint::all(report))
        .map(|(finding, fingerprint)| result(report, finding, &fingerprint, &rules))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<Value>>(),
            }},
            // Columns count characters, not UTF-16 code units.
            "columnKind": "unicodeCodePoints",
            "artifacts": report.documents.iter().map(artifact).collect::<Vec<Value>>(),
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(Harmless(&mut *out), &log)?;
    writeln!(out)
}

/// Documents without a finding are named too: they were looked at.
fn artifact(read: &ReadDocument) -> Value {
    json!({ "location": { "uri": uri(&read.path) }, "roles": ["analysisTarget"] })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &Check) -> Value {
    let mut full = rule.explanation.split_whitespace().collect::<Vec<_>>().join(" ");
    if full.is_empty() {
        rule.summary.clone_into(&mut full);
    }
    json!({
        "id": rule.rule,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": full },
        "help": { "text": full, "markdown": rule.explanation },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": ["citations"], "problem.severity": match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "recommendation",
        }},
    })
}

fn result(report: &Report, finding: &Finding, fingerprint: &str, rules: &[&Check]) -> Value {
    let note = finding.note.as_ref().map_or(String::new(), |number| format!("Note {number}: "));
    let mut text = format!("{note}{}", finding.message);
    if let Some(help) = &finding.help {
        text += &format!("\n→ {help}");
    }
    let mut location = Map::new();
    let mut physical = json!({ "artifactLocation": {
        "uri": uri(&report.documents[finding.document].path),
        "index": finding.document,
    }});
    if let Some(line) = finding.location.line {
        physical["region"] = match finding.location.column {
            Some(column) => json!({ "startLine": line, "startColumn": column }),
            None => json!({ "startLine": line }),
        };
    }
    location.insert("physicalLocation".to_owned(), physical);
    if let Some(number) = &finding.note {
        location.insert(
            "logicalLocations".to_owned(),
            json!([{ "name": number, "fullyQualifiedName": format!("note {number}"), "kind": "element" }]),
        );
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location],
        "partialFingerprints": { "ibid/v1": fingerprint },
    });
    if let Some(index) = rules.iter().position(|rule| rule.rule == finding.rule) {
        result["ruleIndex"] = index.into();
    }
    if let Some(url) = &finding.url {
        result["properties"] = json!({ "url": url });
    }
    result
}

/// A path as a URI reference (RFC 3986): relative to the working folder, where it can be.
fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const RESERVED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}')
        .add(b':');
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let encoded = utf8_percent_encode(&path, RESERVED).to_string();
    if Path::new(&path).is_absolute() { format!("file://{encoded}") } else { encoded }
}
