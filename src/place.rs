//! Where in a document something stands.

use serde::Serialize;

/// A position in a document. What a format does not have (plain text without form feeds has no
/// pages, Word has no lines) is `None`, never an estimate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Page, counted from 1 in the order of the file.
    pub page: Option<u32>,
    /// Line of the file, counted from 1.
    pub line: Option<u32>,
    /// Column in characters (Unicode scalar values), counted from 1.
    pub column: Option<u32>,
    /// Paragraph, counted from 1, in formats made of paragraphs.
    pub paragraph: Option<u32>,
}

impl Place {
    /// A place in a file of lines.
    pub fn line(page: Option<u32>, line: u32, column: u32) -> Self {
        Place { page, line: Some(line), column: Some(column), paragraph: None }
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
    const STRIDE: usize = 1024;

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
}

/// Every byte of UTF-8 but the continuation bytes begins a character.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

impl std::fmt::Display for Place {
    /// `page 2, line 57` or `line 57:3`: what a person needs to find it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
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
