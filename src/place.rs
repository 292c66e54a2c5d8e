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
