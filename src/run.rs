//! The conductor: documents in, report out. The only place where the stages meet.

mod copies;

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::ops::Range;
use std::time::{Duration, Instant};

use crate::archive::When;
use crate::check::{self, Settings, case, date};
use crate::citation::{self, Citation, Hyperlink};
use crate::document::Document;
use crate::history::Chronicle;
use crate::link;
use crate::note::Note;
use crate::page;
use crate::parallel;
use crate::report::Report;
use crate::source::{self, Event, Oblivion, Policy, SourceError, Visit};
use case::{CheckedCitation, ReadDocument, Source};
pub use copies::{find_copies, judge_copy, may_ask};
use url::Url;

/// Understands the citations of a document.
pub fn understand(path: String, format: &'static str, mut document: Document) -> ReadDocument {
    hide_passwords(&mut document);
    let mut notes = cited(&document.notes);
    citation::resolve(&mut notes);
    let citations = notes
        .into_iter()
        .map(|(_, citations)| {
            citations.into_iter().map(|citation| CheckedCitation { citation, date_verdict: None }).collect()
        })
        .collect();
    ReadDocument { path, format, document, citations, settled: HashSet::new() }
}

/// The numbers of the notes and what each cites.
fn cited(notes: &[Note]) -> Vec<(String, Vec<Citation>)> {
    /// Fewer are done before a thread has begun.
    const FEW: usize = 500;
    parallel::map(notes.len(), FEW, |note| (notes[note].number.clone(), citations(&notes[note])))
}

/// The citations of a note: those that its format gives, and what the rest of its text cites.
fn citations(note: &Note) -> Vec<Citation> {
    if note.given.is_empty() {
        return citation::parse(&note.text, &note.hyperlinks);
    }
    let mut citations = Vec::new();
    let mut from = 0;
    let end = Citation { range: note.text.len()..note.text.len(), ..Citation::default() };
    for given in note.given.iter().chain([&end]) {
        let text = note.text.get(from..given.range.start).unwrap_or_default();
        let inside =
            note.hyperlinks.iter().filter(|h| from <= h.range.start && h.range.end <= given.range.start);
        let moved = |range: &Range<usize>| range.start - from..range.end - from;
        let hyperlinks: Vec<Hyperlink> =
            inside.map(|h| Hyperlink { range: moved(&h.range), target: h.target.clone() }).collect();
        for citation in citation::parse(text, &hyperlinks) {
            let range = citation.range.start + from..citation.range.end + from;
            citations.push(Citation { range, ..citation });
        }
        citations.push(given.clone());
        from = given.range.end;
    }
    citations.pop();
    citations
}

/// A password in an address is neither shown nor used, whoever wrote it there.
fn hide_passwords(document: &mut Document) {
    for note in &mut document.notes {
        link::hide_password(&mut note.text);
        note.hyperlinks.iter_mut().for_each(|link| link::hide_password(&mut link.target));
        note.given.iter_mut().flat_map(|citation| &mut citation.urls).for_each(link::hide_password);
    }
    document.links.iter_mut().for_each(|link| link::hide_password(&mut link.url));
}

/// Fetches every source and judges it. When `stop` completes, what is not known yet is reported as
/// `skipped`.
pub async fn check(
    documents: Vec<ReadDocument>,
    policy: &Policy,
    settings: &Settings,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Report, SourceError> {
    recheck(documents, policy, settings, &mut Oblivion, on_event, stop).await
}

/// The time allowed for archived copies where they were not asked for.
const UNASKED: Duration = Duration::from_mins(1);

/// As [`check()`], with what earlier runs saw.
pub async fn recheck(
    mut documents: Vec<ReadDocument>,
    policy: &Policy,
    settings: &Settings,
    memory: &mut dyn Chronicle,
    mut on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Report, SourceError> {
    let started = Instant::now();
    let (urls, cited_by): (Vec<String>, Vec<_>) = case::distinct_urls(&documents).into_iter().unzip();
    // It may come while sources are visited, or while copies of them are looked for.
    let (mut stop, mut stopped) = (std::pin::pin!(stop), false);
    let stop_visits = async {
        stop.as_mut().await;
        stopped = true;
    };
    let mut visits = source::revisit_all(&urls, policy, memory, &mut on_event, stop_visits).await?;
    drop(urls);
    confirm(&documents, &mut visits, memory);
    let mut past = |visit: &Visit| memory.past(&without_fragment(&visit.url)?);
    let mut sources: Vec<Source> = visits
        .into_iter()
        .zip(cited_by)
        .map(|(visit, cited_by)| Source { past: past(&visit).map(Box::new), ..Source::new(visit, cited_by) })
        .collect();
    let cited = copies::cited(&documents);
    copies::mark_replaced(&cited, &mut sources);
    let left = policy.run_time.map(|time| time.saturating_sub(started.elapsed()));
    // Archives are slow, and nobody who asked for nothing waits long for them.
    let unasked = (policy.archives.when == When::Gone).then_some(UNASKED);
    let left = left.into_iter().chain(unasked).min();
    if !stopped && left.is_none_or(|left| !left.is_zero()) {
        let policy = Policy { run_time: left, ..policy.clone() };
        copies::seek(&cited, &mut sources, &policy, memory, on_event, stop).await?;
    }
    for source in &mut sources {
        let claims = source.shown();
        source.published = page::published(&claims).cloned();
        source.modified = page::modified(&claims).cloned();
    }
    copies::mark_drift(&cited, &mut sources);
    judge_dates(&mut documents, &sources);
    let findings = check::run(&documents, &sources, settings);
    Ok(Report { documents, sources, findings, known: 0 })
}

fn without_fragment(url: &str) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    url.set_fragment(None);
    Some(url)
}

/// Shows each source the titles under which it is cited.
fn confirm(documents: &[ReadDocument], visits: &mut [Visit], memory: &mut dyn Chronicle) {
    let mut titles: HashMap<&str, Vec<&str>> = HashMap::new();
    for checked in documents.iter().flat_map(|read| read.citations.iter().flatten()) {
        for url in &checked.citation.urls {
            titles.entry(url).or_default().extend(checked.citation.title.as_deref());
        }
    }
    for visit in visits {
        let state = visit.state;
        for title in titles.get(visit.url.as_str()).into_iter().flatten() {
            visit.confirm(title);
        }
        if visit.state != state
            && let Some(url) = without_fragment(&visit.url)
        {
            memory.confirm(&url, visit);
        }
    }
}

/// What can be told without asking any source.
pub fn extract(documents: Vec<ReadDocument>) -> Report {
    let findings = check::run(&documents, &[], &Settings::default());
    Report { documents, findings, ..Report::default() }
}

/// Gives every citation its verdict. An *Ibid.* has none of its own: its source is judged where it
/// stands in full.
fn judge_dates(documents: &mut [ReadDocument], sources: &[Source]) {
    let by_url: HashMap<&str, &Source> = sources.iter().map(|s| (s.visit.url.as_str(), s)).collect();
    for checked in documents.iter_mut().flat_map(|d| d.citations.iter_mut().flatten()) {
        if checked.citation.kind != citation::Kind::Source && checked.citation.urls.is_empty() {
            continue;
        }
        let visits: Vec<_> = checked
            .citation
            .urls
            .iter()
            .filter_map(|url| by_url.get(url.as_str()))
            .flat_map(|source| source.visits())
            .collect();
        checked.date_verdict = Some(date::judge(&checked.citation, &visits).verdict);
    }
}
