//! The JSON report: one object, the names of which are a promise to other programs.

use std::io::{self, Write as _};

use serde::{Serialize, Serializer};

use super::harmless::Harmless;
use super::{Form, Report, Style};
use crate::check::case::{CheckedCitation, CitedBy, ReadDocument, Source};
use crate::check::date::DateVerdict;
use crate::check::{Finding, Severity};
use crate::date::PartialDate;
use crate::document::PlacedLink;
use crate::history::{Drift, Past};
use crate::page::{self, DateClaim};
use crate::place::Place;
use crate::source::{Redirect, State, Visit};

/// JSON for programs.
pub const FORM: Form =
    Form { name: "json", summary: "everything, as one JSON object", stripped: false, write };

/// Raised when a name changes its meaning or goes away.
pub(super) const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'r> {
    format_version: u32,
    tool: Tool,
    documents: Each<'r, ReadDocument, DocumentOut<'r>>,
    sources: Each<'r, Source, SourceOut<'r>>,
    findings: &'r [Finding],
    summary: Summary,
}

/// Things written one by one as they are shown, since there may be a million.
pub(super) struct Each<'r, T, Out>(&'r [T], fn(&'r T) -> Out);

impl<T, Out: Serialize> Serialize for Each<'_, T, Out> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// The notes of a document, likewise.
pub(super) struct Notes<'r>(&'r ReadDocument);

impl Serialize for Notes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let notes = self.0.document.notes.iter().zip(&self.0.citations);
        serializer.collect_seq(notes.map(|(note, citations)| NoteOut {
            number: &note.number,
            text: &note.text,
            location: note.place,
            callouts: &note.callouts,
            citations: Each(citations, citation),
            doubt: note.doubt.as_deref(),
        }))
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
pub(super) struct DocumentOut<'r> {
    path: &'r str,
    format: &'r str,
    title: Option<&'r str>,
    authors: &'r [String],
    date: Option<PartialDate>,
    notes: Notes<'r>,
    links: Each<'r, PlacedLink, LinkOut<'r>>,
}

#[derive(Serialize)]
struct NoteOut<'r> {
    number: &'r str,
    text: &'r str,
    location: Place,
    callouts: &'r [Place],
    citations: Each<'r, CheckedCitation, CitationOut<'r>>,
    doubt: Option<&'r str>,
}

#[derive(Serialize)]
struct CitationOut<'r> {
    kind: &'static str,
    refers_to: Option<&'r str>,
    authors: &'r [String],
    title: Option<&'r str>,
    container: Option<&'r str>,
    date: Option<PartialDate>,
    date_end: Option<PartialDate>,
    accessed: Option<PartialDate>,
    urls: &'r [String],
    doi: Option<&'r str>,
    date_verdict: Option<DateVerdict>,
}

#[derive(Serialize)]
struct LinkOut<'r> {
    url: &'r str,
    location: Place,
}

#[derive(Serialize)]
pub(super) struct SourceOut<'r> {
    url: &'r str,
    final_url: Option<&'r str>,
    redirects: &'r [Redirect],
    status: Option<u16>,
    state: State,
    reason: &'r str,
    title: Option<&'r str>,
    authors: &'r [String],
    published: Option<DateOut<'r>>,
    modified: Option<DateOut<'r>>,
    archived: Option<CopyOut<'r>>,
    history: Option<&'r Past>,
    /// The page now, against its first check or its archived copy.
    drift: Option<&'r Drift>,
    cited_by: &'r [CitedBy],
}

/// An archived copy.
#[derive(Serialize)]
struct CopyOut<'r> {
    url: &'r str,
    date: PartialDate,
    /// The date that it was to be near, and whose that is; null where it was not looked for.
    near: Option<PartialDate>,
    near_basis: Option<&'static str>,
    /// What the copy says of itself, where it was opened.
    title: Option<&'r str>,
    published: Option<DateOut<'r>>,
}

#[derive(Serialize)]
struct DateOut<'r> {
    date: PartialDate,
    time: Option<&'r str>,
    evidence: &'r str,
}

#[derive(Serialize)]
pub(super) struct Summary {
    documents: usize,
    notes: usize,
    sources: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    known: usize,
}

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    const PIECE: usize = 64 * 1024;
    let root = Root {
        format_version: FORMAT_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        documents: Each(&report.documents, document),
        sources: Each(&report.sources, source),
        findings: &report.findings,
        summary: summary(report),
    };
    // What is read for what it may hold comes in large pieces, which end where those of the serializer do.
    let mut out = io::BufWriter::with_capacity(PIECE, Harmless(out));
    serde_json::to_writer_pretty(&mut out, &root)?;
    writeln!(out)?;
    out.flush()
}

pub(super) fn summary(report: &Report) -> Summary {
    Summary {
        documents: report.documents.len(),
        notes: report.documents.iter().map(|d| d.document.notes.len()).sum(),
        sources: report.source_count(),
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        infos: report.count(Severity::Info),
        known: report.known,
    }
}

pub(super) fn document(read: &ReadDocument) -> DocumentOut<'_> {
    DocumentOut {
        path: &read.path,
        format: read.format,
        title: read.document.title.as_deref(),
        authors: &read.document.authors,
        date: read.document.date,
        notes: Notes(read),
        links: Each(&read.document.links, |link| LinkOut { url: &link.url, location: link.place }),
    }
}

fn citation(checked: &CheckedCitation) -> CitationOut<'_> {
    let citation = &checked.citation;
    CitationOut {
        kind: citation.kind.name(),
        refers_to: citation.refers_to.as_deref(),
        authors: &citation.authors,
        title: citation.title.as_deref(),
        container: citation.container.as_deref(),
        date: citation.date,
        date_end: citation.date_end,
        accessed: citation.accessed,
        urls: &citation.urls,
        doi: citation.doi.as_deref(),
        date_verdict: checked.date_verdict,
    }
}

pub(super) fn source(source: &Source) -> SourceOut<'_> {
    let visit = &source.visit;
    SourceOut {
        url: &visit.url,
        final_url: visit.final_url.as_deref(),
        redirects: &visit.redirects,
        status: visit.status,
        state: visit.state,
        reason: &visit.reason,
        title: visit.title(),
        authors: visit.authors(),
        published: source.published.as_ref().map(date),
        modified: source.modified.as_ref().map(date),
        archived: source.archived().map(|(url, date)| {
            let near = source.copy.as_ref().and_then(|lookup| lookup.near);
            let (near, near_basis) = (near.map(|near| near.date), near.map(|near| near.basis.name()));
            let opened = source.copy.as_ref().and_then(|lookup| lookup.found.as_ref());
            let opened = opened.map(|found| &*found.visit);
            let title = opened.and_then(Visit::title);
            let published = opened.and_then(|copy| page::published(&copy.page.as_ref()?.dates));
            CopyOut { url, date, near, near_basis, title, published: published.map(self::date) }
        }),
        history: source.past.as_deref(),
        drift: source.drift.as_deref(),
        cited_by: &source.cited_by,
    }
}

fn date(claim: &DateClaim) -> DateOut<'_> {
    DateOut { date: claim.date, time: claim.time.as_deref(), evidence: &claim.evidence }
}
