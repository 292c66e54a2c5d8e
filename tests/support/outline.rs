//! What `ibid extract` says of a document, as a person would check it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The JSON report of one document.
pub fn extract(path: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .arg("extract")
        .arg(path)
        .args(["--format", "json"])
        .output()
        .expect("ibid runs");
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the report is JSON")
}

fn place(place: &Value) -> String {
    let part = |name: &str| place[name].as_u64();
    let file = place["part"].as_str().map_or(String::new(), |part| format!("{part} "));
    let page = part("page").map_or(file, |page| format!("page {page} "));
    match part("paragraph") {
        Some(paragraph) => format!("{page}paragraph {paragraph}"),
        None => format!("{page}{}:{}", part("line").unwrap_or(0), part("column").unwrap_or(0)),
    }
}

fn list(values: &Value) -> String {
    let texts: Vec<&str> = values.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    texts.join(" · ")
}

/// The report without what every report has: what a person would check.
pub fn outline(report: &Value) -> String {
    written(report, true)
}

/// The same without the places, which differ from format to format.
pub fn outline_without_places(report: &Value) -> String {
    written(report, false)
}

fn written(report: &Value, places: bool) -> String {
    let document = &report["documents"][0];
    let mut out = String::new();
    let mut line = |text: String| writeln!(out, "{text}").expect("writing to a string");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    line(format!("title     {}", text(&document["title"])));
    line(format!("authors   {}", list(&document["authors"])));
    line(format!("date      {}", text(&document["date"])));
    for note in document["notes"].as_array().expect("notes are a list") {
        let callouts: Vec<String> = note["callouts"].as_array().into_iter().flatten().map(place).collect();
        line(String::new());
        let number = text(&note["number"]);
        line(if places {
            format!("note {number} at {}, called at {}", place(&note["location"]), callouts.join(", "))
        } else {
            format!("note {number}, called {} times", callouts.len())
        });
        line(format!("  {}", text(&note["text"])));
        for citation in note["citations"].as_array().expect("citations are a list") {
            let mut fields = vec![text(&citation["kind"])];
            for name in ["refers_to", "title", "container", "date", "accessed", "doi"] {
                if let Some(value) = citation[name].as_str() {
                    fields.push(format!("{name}: {value}"));
                }
            }
            for name in ["authors", "urls"] {
                if !list(&citation[name]).is_empty() {
                    fields.push(format!("{name}: {}", list(&citation[name])));
                }
            }
            line(format!("  = {}", fields.join(" | ")));
        }
    }
    for link in document["links"].as_array().expect("links are a list") {
        let at = if places { format!(" at {}", place(&link["location"])) } else { String::new() };
        line(format!("\nlink{at}  {}", text(&link["url"])));
    }
    for finding in report["findings"].as_array().expect("findings are a list") {
        line(format!(
            "\n{} in note {}: {}",
            text(&finding["rule"]),
            text(&finding["note"]),
            text(&finding["message"])
        ));
    }
    out
}
