//! Citations and what came of their sources → findings. Nothing here reads or fetches.

use std::collections::HashMap;

use serde::Serialize;

use crate::note::Note;
use crate::place::Place;
use case::{CheckedCitation, ReadDocument, Source};

pub mod case;
pub mod date;

mod callouts;
mod dates;
mod ibid;
mod links;
mod numbering;
mod slug;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; counts against nobody.
    Info,
    /// Probably wrong, or could not be checked.
    Warning,
    /// Wrong.
    Error,
}

/// Something that an editor should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that found it, kebab-case, stable.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Index of the document.
    pub document: usize,
    /// The note, where it is in one.
    pub note: Option<String>,
    /// The source, where it is about one.
    pub url: Option<String>,
    /// Where to look.
    pub location: Place,
    /// What is wrong, with what was seen.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A rule: what it is called, how bad what it finds is, and how it looks for it.
pub struct Check {
    /// Kebab-case, stable.
    pub rule: &'static str,
    /// How bad a finding is unless the rule itself says otherwise.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// Looks at one document.
    pub run: fn(&Case, &mut Findings),
}

/// Every check, in the order in which their findings about one note are listed.
pub const CHECKS: &[&[Check]] =
    &[numbering::CHECKS, callouts::CHECKS, ibid::CHECKS, slug::CHECKS, links::CHECKS, dates::CHECKS];

/// One document and the sources of the whole run.
pub struct Case<'r> {
    /// The document.
    pub read: &'r ReadDocument,
    /// The sources by their URL as cited; empty where nothing was checked.
    pub sources: &'r HashMap<&'r str, &'r Source>,
}

impl<'r> Case<'r> {
    /// Every citation with its note.
    pub fn citations(&self) -> impl Iterator<Item = (&'r Note, &'r CheckedCitation)> {
        let read = self.read;
        read.document
            .notes
            .iter()
            .zip(&read.citations)
            .flat_map(|(note, citations)| citations.iter().map(move |c| (note, c)))
    }
}

/// Collects what one check finds in one document.
pub struct Findings<'f> {
    check: &'static Check,
    document: usize,
    all: &'f mut Vec<Finding>,
}

impl Findings<'_> {
    /// The severity of the rule.
    pub fn severity(&self) -> Severity {
        self.check.severity
    }

    /// A finding about a note.
    pub fn in_note(
        &mut self,
        note: &Note,
        url: Option<&str>,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        self.push(self.check.severity, Some(note.number.clone()), url, note.place, message, help.into());
    }

    /// A finding about a note, of another severity than the rule's own.
    pub fn in_note_as(
        &mut self,
        severity: Severity,
        note: &Note,
        url: Option<&str>,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        self.push(severity, Some(note.number.clone()), url, note.place, message, help.into());
    }

    /// A finding about a place in the body.
    pub fn at(&mut self, place: Place, url: Option<&str>, message: String, help: impl Into<Option<String>>) {
        self.push(self.check.severity, None, url, place, message, help.into());
    }

    fn push(
        &mut self,
        severity: Severity,
        note: Option<String>,
        url: Option<&str>,
        location: Place,
        message: String,
        help: Option<String>,
    ) {
        let url = url.map(str::to_owned);
        self.all.push(Finding {
            rule: self.check.rule,
            severity,
            document: self.document,
            note,
            url,
            location,
            message,
            help,
        });
    }
}

/// Runs every check over every document. Findings come in the order of the documents and, within
/// one, of the text.
pub fn run(documents: &[ReadDocument], sources: &[Source]) -> Vec<Finding> {
    let by_url: HashMap<&str, &Source> =
        sources.iter().map(|source| (source.visit.url.as_str(), source)).collect();
    let mut all = Vec::new();
    for (document, read) in documents.iter().enumerate() {
        let from = all.len();
        let case = Case { read, sources: &by_url };
        for check in CHECKS.iter().copied().flatten() {
            (check.run)(&case, &mut Findings { check, document, all: &mut all });
        }
        all[from..].sort_by_key(|finding: &Finding| finding.location);
    }
    all
}
