//! Jupyter notebooks: the Markdown of their cells, as one text. A place is a cell, counted from 1 over
//! cells of every kind, and a line in it.

use std::num::NonZeroU32;

use serde_json::Value;

use super::draft::Draft;
use super::{Document, Format, ReadError, decode, front_matter, markdown};
use crate::place::{Lines, Place, part};

/// Jupyter notebooks.
pub const FORMAT: Format = Format {
    name: "jupyter",
    extensions: &["ipynb"],
    is: |bytes| {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
        head.trim_start_matches('\u{FEFF}').trim_start().starts_with('{') && head.contains("\"cell_type\"")
    },
    read: |bytes, _| read(bytes),
};

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?;
    let malformed = |error: serde_json::Error| ReadError::Malformed(error.to_string());
    let notebook: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(malformed)?;
    // Before version 4 the cells stood in work sheets.
    let cells =
        notebook.get("cells").or_else(|| notebook.pointer("/worksheets/0/cells")).and_then(Value::as_array);
    let Some(cells) = cells else {
        return Err(ReadError::Malformed("a notebook without cells".to_owned()));
    };
    let mut draft = Draft::default();
    let mut joined = String::new();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for (number, cell) in (1..).zip(cells) {
        let source = source(cell.get("source"));
        match cell.get("cell_type").and_then(Value::as_str) {
            Some("markdown") => {
                starts.push((joined.len(), number));
                joined.push_str(&source);
                joined.push_str("\n\n");
            }
            Some("raw") if number == 1 => {
                let head = source.trim().trim_start_matches('-').trim_end_matches('-');
                front_matter::read(head, &mut draft.document);
            }
            _ => {}
        }
    }
    let named = |path: &str| notebook.pointer(path).and_then(Value::as_str).map(str::to_owned);
    draft.document.title = draft.document.title.take().or_else(|| named("/metadata/title"));
    let authors = notebook.pointer("/metadata/authors").and_then(Value::as_array).into_iter().flatten();
    draft
        .document
        .authors
        .extend(authors.filter_map(|author| author.get("name")?.as_str().map(str::to_owned)));

    let lines = Lines::of(&joined);
    let place = |at: usize| {
        let cell = starts.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let Some((start, number)) = cell.map(|cell| starts[cell]) else { return Place::default() };
        let (here, first) = (lines.at(at), lines.at(start));
        let line =
            here.line.zip(first.line).and_then(|(line, first)| NonZeroU32::new(line.get() - first.get() + 1));
        Place { line, part: Some(part(&format!("cell {number}"))), ..here }
    };
    markdown::walk(&joined, &mut draft, place);
    Ok(markdown::finish(draft))
}

/// The source of a cell: one text, or a list of its lines.
fn source(source: Option<&Value>) -> String {
    match source {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}
