//! CSV, a row for each cited address: for spreadsheets.

use std::io;

use super::index::Index;
use super::{Form, Report, Style};
use crate::check::case::{CheckedCitation, ReadDocument, Source};
use crate::check::{Finding, Severity};

/// Comma-separated values (RFC 4180).
pub const FORM: Form =
    Form { name: "csv", summary: "a row for each cited address, for a spreadsheet", stripped: true, write };

const HEAD: [&str; 18] = [
    "document",
    "note",
    "location",
    "kind",
    "authors",
    "title",
    "container",
    "date",
    "url",
    "state",
    "reason",
    "published",
    "evidence",
    "date_verdict",
    "severity",
    "findings",
    "archived",
    "archived_date",
];

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    let index = Index::of(report);
    for (nth, read) in report.documents.iter().enumerate() {
        let found = index.document(nth);
        for finding in &found.body {
            let url = finding.url.as_deref().unwrap_or_default();
            let place = ["", &finding.location.to_string()].map(str::to_owned);
            table.write_record(row(&index, read, place, None, url, &[finding]))?;
        }
        for (note, citations) in read.document.notes.iter().zip(&read.citations) {
            let of_note = found.note(note);
            let place = || [note.number.clone(), note.place.to_string()];
            for checked in citations {
                let urls = &checked.citation.urls;
                for url in urls.iter().map(String::as_str).chain(urls.is_empty().then_some("")) {
                    let about: Vec<&Finding> =
                        of_note.iter().filter(|f| f.url.as_ref().is_none_or(|u| u == url)).copied().collect();
                    table.write_record(row(&index, read, place(), Some(checked), url, &about))?;
                }
            }
            if citations.is_empty() && !of_note.is_empty() {
                table.write_record(row(&index, read, place(), None, "", of_note))?;
            }
        }
    }
    table.flush()
}

fn row(
    index: &Index,
    read: &ReadDocument,
    [note, location]: [String; 2],
    checked: Option<&CheckedCitation>,
    url: &str,
    findings: &[&Finding],
) -> [String; 18] {
    let citation = checked.map(|c| c.citation.clone()).unwrap_or_default();
    let source = index.source(url);
    let archived = source.and_then(Source::archived);
    let published = source.and_then(|s| s.published.as_ref());
    let messages: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
    [
        read.path.clone(),
        note,
        location,
        checked.map_or("", |c| c.citation.kind.name()).to_owned(),
        citation.authors.join("; "),
        citation.title.unwrap_or_default(),
        citation.container.unwrap_or_default(),
        citation.date.map(|d| d.to_string()).unwrap_or_default(),
        url.to_owned(),
        source.map_or("", |s| s.visit.state.name()).to_owned(),
        source.map_or("", |s| s.visit.reason.as_str()).to_owned(),
        published.map(|p| p.date.to_string()).unwrap_or_default(),
        published.map_or("", |p| p.evidence.as_str()).to_owned(),
        checked.and_then(|c| c.date_verdict).map_or("", |v| v.name()).to_owned(),
        findings.iter().map(|f| f.severity).max().map_or("", Severity::name).to_owned(),
        messages.join(" | "),
        archived.map_or("", |(url, _)| url).to_owned(),
        archived.map(|(_, date)| date.to_string()).unwrap_or_default(),
    ]
    .map(harmless)
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text.
pub(crate) fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
