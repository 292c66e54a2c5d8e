//! The result of a run, and the forms in which it is written.
//!
//! Adding a form: one file with a `write` function, and one line in [`FORMS`]. A form never
//! decides anything; what is found is in the [`Report`].

use std::io;

use crate::check::Finding;
use crate::check::case::{ReadDocument, Source};

pub mod json;
pub mod table;
pub mod terminal;

/// Everything that a run knows.
#[derive(Debug, Default)]
pub struct Report {
    /// The documents in the order in which they were named.
    pub documents: Vec<ReadDocument>,
    /// The distinct URLs in the order in which they are first cited; empty for `extract`.
    pub sources: Vec<Source>,
    /// What is wrong, in the order of the documents.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Distinct URLs cited, whether they were fetched or not.
    pub fn source_count(&self) -> usize {
        if self.sources.is_empty() {
            crate::check::case::distinct_urls(&self.documents).len()
        } else {
            self.sources.len()
        }
    }
}

/// How a report looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Fine notes are shown too.
    pub verbose: bool,
}

/// A form in which a report is written.
pub struct Form {
    /// Its name for `--format`.
    pub name: &'static str,
    /// Writes it; colours as ANSI escapes, which the stream strips where they are not wanted.
    pub write: fn(&Report, Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every form.
pub const FORMS: &[Form] = &[terminal::FORM, table::FORM, json::FORM];
