//! The result of a run, and the forms in which it is written.
//!
//! Adding a form: one file with a `write` function, and one line in [`FORMS`]. A form never
//! decides anything; what is found is in the [`Report`].

use std::io;

use crate::check::case::{ReadDocument, Source};
use crate::check::{Finding, Severity};
use crate::source::State;

pub mod csv;
pub mod fingerprint;
pub mod github;
pub mod gitlab;
mod harmless;
pub mod html;
mod index;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod markdown;
pub mod quote;
pub mod sarif;
pub mod table;
mod tally;
pub mod terminal;
mod wrap;

/// Everything that a run knows.
#[derive(Debug, Default)]
pub struct Report {
    /// The documents in the order in which they were named.
    pub documents: Vec<ReadDocument>,
    /// The distinct URLs in the order in which they are first cited; empty for `extract`.
    pub sources: Vec<Source>,
    /// What is wrong, in the order of the documents.
    pub findings: Vec<Finding>,
    /// Findings that were left out because an earlier run knew them.
    pub known: usize,
}

impl Report {
    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many sources are in each state that there is any of, in the order of [`State::ALL`].
    pub fn states(&self) -> Vec<(State, usize)> {
        let count = |state| self.sources.iter().filter(|source| source.visit.state == state).count();
        State::ALL.iter().map(|state| (*state, count(*state))).filter(|(_, count)| *count > 0).collect()
    }

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
    /// Addresses may be written as hyperlinks (OSC 8).
    pub hyperlinks: bool,
}

/// A form in which a report is written.
pub struct Form {
    /// Its name for `--format` and `--report`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// It holds escapes for colours, or what a page said as it said it: where they are not wanted, a stream
    /// strips what a terminal obeys. JSON has nothing of the kind.
    pub stripped: bool,
    /// Writes it.
    pub write: fn(&Report, Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every form.
pub const FORMS: &[Form] = &[
    terminal::FORM,
    table::FORM,
    json::FORM,
    jsonl::FORM,
    html::FORM,
    markdown::FORM,
    csv::FORM,
    sarif::FORM,
    junit::FORM,
    github::FORM,
    gitlab::FORM,
];

/// `1 note`, `2 notes`.
fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}
