//! The report looked up by note and by address: documents may have a hundred thousand notes.

use std::collections::HashMap;

use super::Report;
use crate::check::Finding;
use crate::check::case::Source;
use crate::note::Note;
use crate::place::Place;

/// Findings and sources by what they are about.
pub(super) struct Index<'r> {
    found: Vec<Found<'r>>,
    sources: HashMap<&'r str, &'r Source>,
    notes: HashMap<(usize, &'r str), Vec<&'r Note>>,
}

/// The findings of one document.
#[derive(Default)]
pub(super) struct Found<'r> {
    /// Those outside the notes.
    pub(super) body: Vec<&'r Finding>,
    notes: HashMap<(&'r str, Place), Vec<&'r Finding>>,
}

impl<'r> Index<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let mut found: Vec<Found> = report.documents.iter().map(|_| Found::default()).collect();
        for finding in &report.findings {
            let of_document = &mut found[finding.document];
            match finding.note.as_deref() {
                None => of_document.body.push(finding),
                // Numbers may repeat where the numbering starts again; places do not.
                Some(number) => {
                    of_document.notes.entry((number, finding.location)).or_default().push(finding);
                }
            }
        }
        let sources = report.sources.iter().map(|source| (source.visit.url.as_str(), source)).collect();
        let mut notes: HashMap<(usize, &str), Vec<&Note>> = HashMap::new();
        for (index, read) in report.documents.iter().enumerate() {
            for note in &read.document.notes {
                notes.entry((index, note.number.as_str())).or_default().push(note);
            }
        }
        Index { found, sources, notes }
    }

    pub(super) fn document(&self, index: usize) -> &Found<'r> {
        &self.found[index]
    }

    /// The note that a finding is about.
    pub(super) fn note(&self, finding: &'r Finding) -> Option<&'r Note> {
        let same = self.notes.get(&(finding.document, finding.note.as_deref()?))?;
        same.iter().find(|note| note.place == finding.location).or(same.first()).copied()
    }

    pub(super) fn source(&self, url: &str) -> Option<&'r Source> {
        self.sources.get(url).copied()
    }
}

impl<'r> Found<'r> {
    pub(super) fn note<'s>(&'s self, note: &'s Note) -> &'s [&'r Finding] {
        self.notes.get(&(note.number.as_str(), note.place)).map_or(&[], Vec::as_slice)
    }
}
