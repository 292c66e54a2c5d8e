//! What a PDF file says of itself: its document information, and the face of its first page.

use super::page::{self, Information};
use super::{furniture, line, notes};
use crate::date::PartialDate;

/// A PDF file, as a source.
#[derive(Debug, Default)]
pub struct Face {
    /// What is set largest on the first page.
    pub title: Option<String>,
    /// As the first page names them.
    pub authors: Vec<String>,
    /// As the first page gives it.
    pub date: Option<PartialDate>,
    /// What the program that made the file put into it.
    pub information: Information,
}

/// Reads the face of a file; `None` where no page can be found in it.
pub fn face(bytes: &[u8]) -> Option<Face> {
    let mut lines = line::Lines::default();
    page::each(bytes, None, 1, |page| lines.add(&page)).ok()?;
    furniture::strip(&mut lines.all);
    let first = notes::read(&lines);
    let information = page::information(bytes).unwrap_or_default();
    Some(Face { title: first.title, authors: first.authors, date: first.date, information })
}
