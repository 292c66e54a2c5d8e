//! LaTeX: footnotes, endnotes and marks, links, citations with their bibliography, included files and
//! the document's own macros.
//!
//! # Known gaps
//! TeX is not run: conditions take both branches, macros with delimited parameters and environments that the
//! document defines are left out, and pages are not known. Formulas are shown as they are typed.

mod cite;
mod command;
mod files;
mod input;
mod macros;
mod number;
mod symbols;
mod walk;

use std::collections::HashMap;

use super::reference::Reference;
use super::{Document, Format, ReadError, Reading, bibtex, decode};
use crate::fold;
use crate::place::Lines;
use files::Files;
use input::Source;
use walk::{Labels, Walker};

/// LaTeX.
pub const FORMAT: Format = Format { name: "latex", extensions: &["tex", "latex", "ltx"], is, read };

/// A document of LaTeX names its class.
fn is(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16 * 1024)]);
    let code = head.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('%'));
    code.is_some_and(|line| line.starts_with("\\documentclass") || line.starts_with("\\documentstyle"))
}

fn read(bytes: &[u8], reading: &Reading) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?.into_owned();
    let files = files::gather(text, reading);
    let mut records = HashMap::new();
    for (file, text) in &files.bibliographies {
        for record in bibtex::records(file, text) {
            records.entry(record.key.clone()).or_insert(record);
        }
    }
    let sources = sources(&files);
    let (mut document, labels, unresolved) = pass(&sources, &records, &Labels::new());
    // What refers to a note behind it is known when the document is read again.
    if unresolved && labels.values().any(|(number, _)| !number.is_empty()) {
        (document, ..) = pass(&sources, &records, &labels);
    }
    // Marks whose texts a macro writes are not known to be without one; keys are.
    let complete = !records.is_empty() && files.missing.is_empty();
    document.orphans.retain(|(key, _)| complete && key.starts_with("cite "));
    for (key, _) in &mut document.orphans {
        key.drain(.."cite ".len());
    }
    for name in &files.missing {
        document.warnings.push(format!("{name} is included and cannot be found; it is not read"));
    }
    Ok(document)
}

fn sources(files: &Files) -> Vec<Source<'_>> {
    files
        .texts
        .iter()
        .map(|files::Text { name, file, content: text }| {
            let lines = Lines::of(text);
            let lines = if file.is_empty() { lines } else { lines.in_part(file) };
            Source { name, text, lines }
        })
        .collect()
}

/// Reads the document; also what its labels stand for, and whether one was used that stands behind.
fn pass(
    sources: &[Source],
    records: &HashMap<String, Reference>,
    known: &Labels,
) -> (Document, Labels, bool) {
    let mut walker = Walker::new(sources, records, known);
    walker.walk();
    walker.references();
    let (labels, unresolved) = (std::mem::take(&mut walker.labels), walker.unresolved);
    (walker.draft.finish(), labels, unresolved)
}

/// The text that a stretch of LaTeX prints: the value of a field in a bibliography.
pub(super) fn plain(text: &str) -> String {
    plain_within(text, 0)
}

/// As [`plain`], for a stretch inside so many others.
fn plain_within(text: &str, depth: usize) -> String {
    /// What is nested deeper in labels and the like is shown as it is typed.
    const DEEPEST: usize = 4;
    if depth > DEEPEST || !text.contains(['\\', '{', '}', '~', '$', '\'', '`', '-', '%', '&']) {
        return fold::one_line(text);
    }
    let (records, known) = (HashMap::new(), Labels::new());
    let sources = [Source { name: "", text, lines: Lines::of(text) }];
    let mut walker = Walker::new(&sources, &records, &known);
    walker.input.expect_little();
    walker.depth = depth;
    walker.hidden = 0;
    walker.walk();
    walker.draft.text_since(0)
}
