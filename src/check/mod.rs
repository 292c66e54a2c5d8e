//! Citations and what came of their sources → findings. Nothing here reads or fetches.
//!
//! Adding a rule: one file with a `CHECKS` constant, and one line in [`CHECKS`].

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::citation::{Citation, Kind};
use crate::link;
use crate::note::Note;
use crate::parallel;
use crate::place::Place;
use case::{CheckedCitation, ReadDocument, Source};

pub mod case;
pub mod date;
pub mod likeness;
pub mod title;

mod accessed;
mod address;
mod archived;
mod author;
mod callouts;
mod canonical;
mod container;
mod copy;
mod cross_reference;
mod dates;
mod drift;
mod fragment;
mod future;
mod hyperlink;
mod ibid;
mod impossible;
mod insecure;
mod links;
mod missing;
mod numbering;
mod retracted;
mod same_source;
mod short_link;
mod slug;
mod tracking;
mod wrapper;

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

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The severity of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
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
    pub message: Cow<'static, str>,
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
    /// Why it matters, how sure it is, what it does not report: paragraphs between blank lines.
    pub explanation: &'static str,
    /// Documents and what it says of them. Rules that need the answer of a server have none.
    pub examples: &'static [Example],
    /// Looks at one document.
    pub run: fn(&Case, &mut Findings),
}

/// A small document and what a rule says of it.
pub struct Example {
    /// Name of the document's format.
    pub format: &'static str,
    /// The document.
    pub text: &'static str,
    /// A part of the message of each finding, in their order; empty where the rule must keep silent.
    pub finds: &'static [&'static str],
}

impl Example {
    const fn markdown(text: &'static str, finds: &'static [&'static str]) -> Self {
        Example { format: "markdown", text, finds }
    }

    const fn text(text: &'static str, finds: &'static [&'static str]) -> Self {
        Example { format: "text", text, finds }
    }
}

/// Every check, in the order in which their findings about one note are listed.
pub const CHECKS: &[&[Check]] = &[
    numbering::CHECKS,
    callouts::CHECKS,
    ibid::CHECKS,
    cross_reference::CHECKS,
    impossible::CHECKS,
    future::CHECKS,
    accessed::CHECKS,
    slug::CHECKS,
    same_source::CHECKS,
    address::CHECKS,
    wrapper::CHECKS,
    hyperlink::CHECKS,
    short_link::CHECKS,
    tracking::CHECKS,
    archived::CHECKS,
    insecure::CHECKS,
    missing::CHECKS,
    links::CHECKS,
    drift::CHECKS,
    canonical::CHECKS,
    fragment::CHECKS,
    dates::CHECKS,
    title::CHECKS,
    author::CHECKS,
    container::CHECKS,
    retracted::CHECKS,
];

/// Every rule, in the order of [`CHECKS`].
pub fn rules() -> impl Iterator<Item = &'static Check> {
    CHECKS.iter().copied().flatten()
}

/// What the user wants of the rules.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    severities: HashMap<&'static str, Option<Severity>>,
}

impl Settings {
    /// The severity that findings of a rule have, as far as the rule itself says; `None`: it is off.
    pub fn severity_of(&self, rule: &Check) -> Option<Severity> {
        self.severities.get(rule.rule).copied().unwrap_or(Some(rule.severity))
    }

    /// Gives all findings of a rule this severity; `None` turns the rule off. False if there is no
    /// such rule.
    #[must_use]
    pub fn set(&mut self, rule: &str, severity: Option<Severity>) -> bool {
        let known = rules().find(|check| check.rule == rule);
        known.is_some_and(|check| {
            self.severities.insert(check.rule, severity);
            true
        })
    }
}

/// One document and the sources of the whole run.
pub struct Case<'r> {
    /// The document.
    pub read: &'r ReadDocument,
    /// The sources by their URL as cited; empty where nothing was checked.
    pub sources: &'r HashMap<&'r str, &'r Source>,
    /// The addresses in the notes as they are written there.
    written: Vec<(&'r Note, String)>,
}

impl<'r> Case<'r> {
    fn new(read: &'r ReadDocument, sources: &'r HashMap<&'r str, &'r Source>) -> Self {
        let notes = &read.document.notes;
        let written = parallel::stretches(notes.len(), FEW, |numbers| {
            notes[numbers].iter().flat_map(addresses_in).collect()
        });
        Case { read, sources, written }
    }

    /// Every citation with its note.
    pub fn citations(&self) -> impl Iterator<Item = (&'r Note, &'r CheckedCitation)> {
        let read = self.read;
        read.document
            .notes
            .iter()
            .zip(&read.citations)
            .flat_map(|(note, citations)| citations.iter().map(move |c| (note, c)))
    }

    /// The citations that name an address, of the note that it stands in.
    pub fn citing(&self, address: &Address) -> impl Iterator<Item = &'r CheckedCitation> {
        let read = self.read;
        let notes = &read.document.notes;
        // The notes lie in one slice, so that a million of them need not be gone through.
        let number = address.note.and_then(|note| {
            let at = notes.partition_point(|other| std::ptr::from_ref(other) < std::ptr::from_ref(note));
            notes.get(at).filter(|found| std::ptr::eq(*found, note)).map(|_| at)
        });
        let of_note = number.and_then(|at| read.citations.get(at));
        of_note
            .into_iter()
            .flatten()
            .filter(|checked| checked.citation.urls.iter().any(|url| *url == address.url))
    }

    /// Every citation in full with its note.
    pub fn sources_cited(&self) -> impl Iterator<Item = (&'r Note, &'r Citation)> {
        let full = |citation: &&Citation| citation.kind == Kind::Source;
        self.citations().filter_map(move |(note, checked)| {
            Some(&checked.citation).filter(full).map(|citation| (note, citation))
        })
    }

    /// Every address whose source was visited: those of the citations, then those of the body.
    pub fn cited_addresses(&self) -> impl Iterator<Item = Address<'r>> {
        let in_notes = self.citations().flat_map(|(note, checked)| {
            checked.citation.urls.iter().map(move |url| Address::in_note(note, url))
        });
        in_notes.chain(self.body_addresses())
    }

    fn body_addresses(&self) -> impl Iterator<Item = Address<'r>> {
        let links = &self.read.document.links;
        links.iter().map(|link| Address { note: None, place: link.place, url: &link.url })
    }

    /// Every address as the text spells it or a hyperlink names it: in the notes, then in the body.
    pub fn addresses(&self) -> impl Iterator<Item = Address<'_>> {
        let in_notes = self.written.iter().map(|(note, url)| Address::in_note(note, url));
        in_notes.chain(self.body_addresses())
    }
}

fn addresses_in(note: &Note) -> impl Iterator<Item = (&Note, String)> {
    let printed = link::find(&note.text).into_iter().map(|found| found.url);
    let mut urls: Vec<String> = printed.collect();
    for target in note.hyperlinks.iter().filter_map(|link| link::target(link.target.trim())) {
        if !urls.contains(&target) {
            urls.push(target);
        }
    }
    urls.into_iter().map(move |url| (note, url))
}

/// An address somewhere in a document.
pub struct Address<'r> {
    /// The note that it stands in, if it is in one.
    pub note: Option<&'r Note>,
    /// Where it stands.
    pub place: Place,
    /// As written.
    pub url: &'r str,
}

impl<'r> Address<'r> {
    /// One in a note, which says where it stands.
    fn in_note(note: &'r Note, url: &'r str) -> Self {
        Address { note: Some(note), place: note.place, url }
    }
}

/// Collects what one check finds in one document.
pub struct Findings<'f> {
    check: &'static Check,
    /// The severity that the user wants, whatever the rule says.
    wanted: Option<Severity>,
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
        message: impl Into<Cow<'static, str>>,
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
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Option<String>>,
    ) {
        self.push(severity, Some(note.number.clone()), url, note.place, message, help.into());
    }

    /// A finding about an address.
    pub fn about(
        &mut self,
        address: &Address,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Option<String>>,
    ) {
        match address.note {
            Some(note) => self.in_note(note, Some(address.url), message, help),
            None => self.at(address.place, Some(address.url), message, help),
        }
    }

    /// A finding about an address, of another severity than the rule's own.
    pub fn about_as(
        &mut self,
        severity: Severity,
        address: &Address,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Option<String>>,
    ) {
        let number = address.note.map(|note| note.number.clone());
        self.push(severity, number, Some(address.url), address.place, message, help.into());
    }

    /// A finding about a place in the body.
    pub fn at(
        &mut self,
        place: Place,
        url: Option<&str>,
        message: impl Into<Cow<'static, str>>,
        help: impl Into<Option<String>>,
    ) {
        self.push(self.check.severity, None, url, place, message, help.into());
    }

    fn push(
        &mut self,
        severity: Severity,
        note: Option<String>,
        url: Option<&str>,
        location: Place,
        message: impl Into<Cow<'static, str>>,
        help: Option<String>,
    ) {
        let url = url.map(str::to_owned);
        self.all.push(Finding {
            rule: self.check.rule,
            severity: self.wanted.unwrap_or(severity),
            document: self.document,
            note,
            url,
            location,
            message: message.into(),
            help,
        });
    }
}

/// Fewer notes and links are checked before a second thread has begun.
const FEW: usize = 500;

/// Runs every check over every document. Findings come in the order of the documents and, within
/// one, of the text.
pub fn run(documents: &[ReadDocument], sources: &[Source], settings: &Settings) -> Vec<Finding> {
    let by_url: HashMap<&str, &Source> =
        sources.iter().map(|source| (source.visit.url.as_str(), source)).collect();
    let mut all = Vec::new();
    for (document, read) in documents.iter().enumerate() {
        let from = all.len();
        let case = Case::new(read, &by_url);
        let rules: Vec<&Check> = rules().collect();
        let size = read.document.notes.len() + read.document.links.len();
        let few = if size < FEW { rules.len() } else { 1 };
        let found = parallel::map(rules.len(), few, |nth| {
            let (check, mut all) = (rules[nth], Vec::new());
            let wanted = settings.severities.get(check.rule).copied();
            if wanted != Some(None) {
                let wanted = wanted.flatten();
                (check.run)(&case, &mut Findings { check, wanted, document, all: &mut all });
            }
            all
        });
        let settled: HashSet<(&str, Place)> = read
            .settled
            .iter()
            .map(|index| &read.document.notes[*index])
            .map(|note| (note.number.as_str(), note.place))
            .collect();
        let stands = |f: &Finding| f.note.as_deref().is_some_and(|n| settled.contains(&(n, f.location)));
        for of_rule in found {
            all.extend(of_rule.into_iter().filter(|finding| settled.is_empty() || !stands(finding)));
        }
        // Sorted by what is small: a million findings need not be there twice.
        all[from..].sort_by_cached_key(|finding| finding.location);
    }
    all
}
