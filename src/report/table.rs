//! A table of the notes, for `extract`.

use std::io;

use super::{Form, Report, Style};
use crate::citation::Kind;

/// A table for people.
pub const FORM: Form = Form { name: "table", summary: "every note and what it cites", stripped: true, write };

fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for (index, read) in report.documents.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        super::terminal::heading(read, style.width, out)?;
        for (note, citations) in read.document.notes.iter().zip(&read.citations) {
            let at = note.callouts.first().map_or("no callout".to_owned(), |p| format!("called at {p}"));
            writeln!(out, "\n{:>4}  {} ({at})", note.number, note.place)?;
            super::wrap::paragraph(out, style.width, 6, &super::wrap::safe(&note.text))?;
            for checked in citations {
                let citation = &checked.citation;
                let mut fields = Vec::new();
                match (citation.kind, &citation.refers_to) {
                    (Kind::Source, _) => {}
                    (_, Some(number)) => fields.push(format!("stands for note {number}")),
                    (_, None) => fields.push("stands for an earlier note: which one is not clear".to_owned()),
                }
                let mut field = |name: &str, value: Option<String>| {
                    if let Some(value) = value.filter(|v| !v.is_empty()) {
                        fields.push(format!("{name}: {value}"));
                    }
                };
                field("authors", Some(citation.authors.join(", ")));
                field("title", citation.title.clone());
                field("container", citation.container.clone());
                field("date", citation.date.map(|d| d.to_string()));
                field("accessed", citation.accessed.map(|d| d.to_string()));
                field("doi", citation.doi.clone());
                for url in &citation.urls {
                    field("url", Some(url.clone()));
                }
                for (nth, text) in fields.iter().enumerate() {
                    let bullet = if nth == 0 { "·" } else { " " };
                    writeln!(out, "      {bullet} {}", super::wrap::safe(text))?;
                }
            }
        }
        if !read.document.links.is_empty() {
            writeln!(out, "\nlinks outside the notes")?;
            for link in &read.document.links {
                writeln!(out, "      {}  {}", link.place, super::wrap::safe(&link.url))?;
            }
        }
        let urls = crate::check::case::distinct_urls(std::slice::from_ref(read)).len();
        let called = read.document.notes.iter().filter(|n| !n.callouts.is_empty()).count();
        writeln!(out, "\n{} notes, {called} of them called, {urls} sources", read.document.notes.len())?;
    }
    Ok(())
}
