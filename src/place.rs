//! Where in a document something stands.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Mutex;

use serde::Serialize;

/// A position in a document. What a format does not have (plain text without form feeds has no
/// pages, Word has no lines) is `None`, never an estimate. There may be millions of them, so they are small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Page, counted from 1 in the order of the file.
    pub page: Option<NonZeroU32>,
    /// Line of the file, counted from 1.
    pub line: Option<NonZeroU32>,
    /// Column in characters (Unicode scalar values), counted from 1.
    pub column: Option<NonZeroU32>,
    /// Paragraph, counted from 1, in formats made of paragraphs.
    pub paragraph: Option<NonZeroU32>,
    /// The part that the other numbers count in, where a document is made of several: an included
    /// file, a cell of a notebook.
    pub part: Option<&'static str>,
}

impl Place {
    /// A place in a file of lines.
    pub fn line(page: Option<u32>, line: u32, column: u32) -> Self {
        Place {
            page: page.and_then(NonZeroU32::new),
            line: NonZeroU32::new(line),
            column: NonZeroU32::new(column),
            ..Place::default()
        }
    }

    /// A place in a document of paragraphs.
    pub fn paragraph(number: u32) -> Self {
        Place { paragraph: NonZeroU32::new(number), ..Place::default() }
    }

    /// So many characters further on in the same line.
    #[must_use]
    pub fn further(self, characters: u32) -> Self {
        Place { column: self.column.map(|column| column.saturating_add(characters)), ..self }
    }
}

/// The name of a part, kept for as long as the program runs, so that a place stays a handful of
/// numbers: a document has few parts and many places.
pub fn part(name: &str) -> &'static str {
    static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.into());
    names.insert(kept);
    kept
}

/// The places of a text made of lines.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    ruler: Ruler<'t>,
    /// First byte of each line.
    starts: Vec<usize>,
    part: Option<&'static str>,
}

impl<'t> Lines<'t> {
    /// The lines of `text`, which end with LF, CR LF or CR.
    pub fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends =
            |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|at| at + 1)).collect();
        Lines { ruler: Ruler::of(text), starts, part: None }
    }

    /// The same lines, counted in a part of the document.
    #[must_use]
    pub fn in_part(self, name: &str) -> Self {
        Lines { part: Some(part(name)), ..self }
    }

    /// The place of a byte.
    pub fn at(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let column = self.ruler.between(self.starts[line - 1], byte);
        Place { part: self.part, ..Place::line(None, line as u32, column + 1) }
    }
}

/// Counts the characters of a text up to any byte, at a cost that does not grow with the text: a
/// file may be one line of many megabytes with a link every few words.
#[derive(Debug, Clone)]
pub struct Ruler<'t> {
    text: &'t str,
    /// Characters before each whole stride.
    marks: Vec<u32>,
}

impl<'t> Ruler<'t> {
    const STRIDE: usize = 256;

    /// A ruler laid along `text`.
    pub fn of(text: &'t str) -> Self {
        let mut before = 0;
        let marks = text.as_bytes().chunks_exact(Self::STRIDE).map(|stride| {
            before += characters(stride);
            before
        });
        Ruler { text, marks: marks.collect() }
    }

    /// How many characters begin before the byte `at`.
    pub fn before(&self, at: usize) -> u32 {
        let at = at.min(self.text.len());
        let whole = at / Self::STRIDE;
        let marked = whole.checked_sub(1).map_or(0, |last| self.marks[last]);
        marked + characters(&self.text.as_bytes()[whole * Self::STRIDE..at])
    }

    /// How many characters begin in `from..to`.
    fn between(&self, from: usize, to: usize) -> u32 {
        let to = to.min(self.text.len());
        if to.saturating_sub(from) < Self::STRIDE {
            return characters(&self.text.as_bytes()[from.min(to)..to]);
        }
        self.before(to) - self.before(from)
    }
}

/// Every byte of UTF-8 but the continuation bytes begins a character.
pub(crate) fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

impl std::fmt::Display for Place {
    /// `page 2, line 57` or `line 57:3`: what a person needs to find it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if let Some(part) = self.part {
            parts.push(part.to_owned());
        }
        if let Some(page) = self.page {
            parts.push(format!("page {page}"));
        }
        match (self.line, self.column) {
            (Some(line), Some(column)) => parts.push(format!("line {line}:{column}")),
            (Some(line), None) => parts.push(format!("line {line}")),
            _ => {}
        }
        if let Some(paragraph) = self.paragraph {
            parts.push(format!("paragraph {paragraph}"));
        }
        f.write_str(&parts.join(", "))
    }
}
