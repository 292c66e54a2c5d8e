//! What the checks look at: documents with their citations, and what came of the sources.

use std::collections::{HashMap, HashSet};

use super::date::{self, DateVerdict};
use crate::citation::Citation;
use crate::date::PartialDate;
use crate::document::Document;
use crate::history::{Drift, Past};
use crate::page::DateClaim;
use crate::source::{Lookup, Visit};

/// A document with its citations understood.
#[derive(Debug)]
pub struct ReadDocument {
    /// As named by the user; `-` for standard input.
    pub path: String,
    /// The name of its format.
    pub format: &'static str,
    /// What the reader found.
    pub document: Document,
    /// The citations of each note, in step with `document.notes`.
    pub citations: Vec<Vec<CheckedCitation>>,
    /// Indices of the notes that are not looked at, since they stood so before.
    pub settled: HashSet<usize>,
}

impl ReadDocument {
    /// Leaves out of the check what an earlier version of the document holds too: its notes,
    /// whatever their numbers, and the links of its body.
    pub fn settle(&mut self, earlier: &Document) {
        let mut texts: HashMap<&str, usize> = HashMap::new();
        earlier.notes.iter().for_each(|note| *texts.entry(&note.text).or_default() += 1);
        for (index, note) in self.document.notes.iter().enumerate() {
            if let Some(left) = texts.get_mut(note.text.as_str()).filter(|left| **left > 0) {
                *left -= 1;
                self.settled.insert(index);
            }
        }
        let links: HashSet<&str> = earlier.links.iter().map(|link| link.url.as_str()).collect();
        self.document.links.retain(|link| !links.contains(link.url.as_str()));
    }
}

/// A citation and, after a check, what became of its date.
#[derive(Debug, Clone, Default)]
pub struct CheckedCitation {
    /// As parsed.
    pub citation: Citation,
    /// `None` where nothing was checked.
    pub date_verdict: Option<DateVerdict>,
}

/// A distinct URL, what came of it, and who cites it.
#[derive(Debug)]
pub struct Source {
    /// What came of fetching it.
    pub visit: Visit,
    /// What came of looking for an archived copy; `None`: none was looked for.
    pub copy: Option<Box<Lookup>>,
    /// The user asked for copies. Then what the copy says counts as if the source said it; else it only
    /// helps, so that no verdict comes or goes with what an archive happens to answer.
    pub copy_counts: bool,
    /// Something else has taken the place of the source.
    pub replaced: bool,
    /// The publication date that the source shows, with its evidence.
    pub published: Option<DateClaim>,
    /// The date of its last change, with its evidence.
    pub modified: Option<DateClaim>,
    /// What became of it so far, where a history is kept.
    pub past: Option<Box<Past>>,
    /// What it shows now against its earlier state nearest to the citing date: that of the first check, or
    /// its archived copy.
    pub drift: Option<Box<Drift>>,
    /// Document index and note number of each citation.
    pub cited_by: Vec<CitedBy>,
}

impl Source {
    /// A source of which no more is known than what came of fetching it.
    pub fn new(visit: Visit, cited_by: Vec<CitedBy>) -> Self {
        Source {
            visit,
            copy: None,
            copy_counts: false,
            replaced: false,
            published: None,
            modified: None,
            past: None,
            drift: None,
            cited_by,
        }
    }

    /// The archived copy of the source and the day on which it was made: the one found, or else the one
    /// that its own address leads to.
    pub fn archived(&self) -> Option<(&str, PartialDate)> {
        let found = self.copy.as_ref().and_then(|lookup| lookup.found.as_ref());
        found.map(|found| (found.url.as_str(), found.date)).or_else(|| self.visit.archived())
    }

    /// The dates that the source shows: today's page, or where that was not read, all that was seen.
    pub fn shown(&self) -> Vec<DateClaim> {
        if self.visit.is_read() && (!self.replaced || self.visits().next().is_none()) {
            return date::claims(&self.visit);
        }
        self.visits().flat_map(date::claims).collect()
    }

    /// What was seen of the source: today's page, unless something else has taken its place, and its copy, if
    /// copies count.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        let own = Some(&self.visit).filter(|_| !self.replaced);
        own.into_iter().chain(self.counted_copy())
    }

    /// The archived copy, if what it says counts.
    pub fn counted_copy(&self) -> Option<&Visit> {
        let found = self.copy.as_ref().and_then(|lookup| lookup.found.as_ref());
        found.filter(|_| self.copy_counts).map(|found| &*found.visit)
    }
}

/// Where a source is cited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct CitedBy {
    /// Index of the document.
    pub document: usize,
    /// Number of the note; `None` for a link in the body.
    pub note: Option<String>,
}

/// The distinct URLs of all documents in the order in which they are first cited, each with the
/// places that cite it.
pub fn distinct_urls(documents: &[ReadDocument]) -> Vec<(String, Vec<CitedBy>)> {
    let mut order: Vec<(String, Vec<CitedBy>)> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    for (document, read) in documents.iter().enumerate() {
        // A URL may be cited a hundred thousand times.
        let mut seen: HashSet<(usize, CitedBy)> = HashSet::new();
        let mut cite = |url: &str, by: CitedBy| {
            let known = index.get(url).copied();
            let at = known.unwrap_or_else(|| {
                index.insert(url.to_owned(), order.len());
                // Most are cited once.
                order.push((url.to_owned(), Vec::with_capacity(1)));
                order.len() - 1
            });
            if order[at].1.last() != Some(&by) && seen.insert((at, by.clone())) {
                order[at].1.push(by);
            }
        };
        for (index, (note, citations)) in read.document.notes.iter().zip(&read.citations).enumerate() {
            if read.settled.contains(&index) {
                continue;
            }
            for url in citations.iter().flat_map(|c| &c.citation.urls) {
                cite(url, CitedBy { document, note: Some(note.number.clone()) });
            }
        }
        for link in &read.document.links {
            cite(&link.url, CitedBy { document, note: None });
        }
    }
    order
}
