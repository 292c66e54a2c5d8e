//! Which sources an archived copy is looked for, and near which date.

use std::collections::HashMap;
use std::future::Future;

use jiff::Timestamp;
use url::Url;

use crate::archive::{self, Basis, Near, When};
use crate::check::case::{ReadDocument, Source};
use crate::check::title;
use crate::citation::Citation;
use crate::date::PartialDate;
use crate::history::Drift;
use crate::link;
use crate::source::{self, CopyWish, Event, Lookup, Memory, Policy, SourceError, State, Visit};

/// How the documents cite one address.
#[derive(Default)]
pub(super) struct Cited<'d> {
    near: Option<Near>,
    /// The copy that a document names beside the link.
    given: Option<String>,
    citations: Vec<&'d Citation>,
}

/// Did the user ask for copies, or say whom to ask for them?
fn asks(policy: &Policy) -> bool {
    let named = || archive::endpoint_names().any(|name| policy.endpoints.contains_key(name));
    !policy.archives.is_unasked() || named()
}

/// May archives be asked at all? Who asks inside a private network does not mean to tell its addresses to
/// the world.
pub fn may_ask(policy: &Policy) -> bool {
    policy.archives.when != When::Never && (asks(policy) || !policy.allow_private)
}

/// Marks the sources whose place something else has taken, as every note says that cites them.
pub(super) fn mark_replaced(cited: &HashMap<&str, Cited>, sources: &mut [Source]) {
    for source in sources {
        let citations = cited.get(source.visit.url.as_str()).map_or(&[][..], |cited| &cited.citations);
        let replaced = |citation: &&Citation| title::replaced_by(citation, &source.visit).is_some();
        source.replaced = !citations.is_empty() && citations.iter().all(replaced);
    }
}

/// Tells what each source shows now against its first check or its archived copy, whichever is nearer to the
/// citing date.
pub(super) fn mark_drift(cited: &HashMap<&str, Cited>, sources: &mut [Source]) {
    for source in sources {
        let near = cited.get(source.visit.url.as_str()).and_then(|cited| cited.near);
        source.drift = drift(source, near).map(Box::new);
    }
}

/// Does a day lie before another, and more than a time zone away?
fn is_well_before(day: PartialDate, other: PartialDate) -> bool {
    day < other && day.days_until(&other) != Some(1)
}

fn drift(source: &Source, near: Option<Near>) -> Option<Drift> {
    let earlier = source.past.is_some() || source.copy.is_some();
    // A copy does not change.
    if !earlier || !source.visit.is_read() || source.visit.archived().is_some() {
        return None;
    }
    let first = source.past.as_ref().and_then(|past| past.drift.clone());
    // What was seen before the source was cited shows what stood there before. A document's own date says
    // only when it was written last.
    let citing = near.filter(|near| matches!(near.basis, Basis::Cited | Basis::Accessed));
    let seen = |drift: &Drift| Timestamp::from_second(drift.since).ok().map(archive::day);
    let first = first
        .filter(|first| seen(first).zip(citing).is_none_or(|(seen, near)| !is_well_before(seen, near.date)));
    // Whether a source has drifted does not depend on what an archive happens to answer.
    let counts = source.copy_counts && !source.replaced;
    let Some(lookup) = source.copy.as_ref().filter(|_| counts) else { return first };
    let Some(found) = &lookup.found else { return first };
    let early = lookup.near.is_some_and(|near| is_well_before(found.date, near.date));
    let Some(copy) = Drift::from_copy(found, &source.visit).filter(|_| !early) else { return first };
    let distance = |drift: &Drift| {
        let middle = lookup.near.map_or(i64::MIN, |near| near.middle().as_second());
        drift.since.abs_diff(middle)
    };
    Some(match first {
        Some(first) if distance(&first) < distance(&copy) => first,
        _ => copy,
    })
}

/// Looks for the copies that the run needs.
pub(super) async fn seek(
    cited: &HashMap<&str, Cited<'_>>,
    sources: &mut [Source],
    policy: &Policy,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<(), SourceError> {
    if !may_ask(policy) {
        return Ok(());
    }
    let asked = asks(policy);
    let wanted: Vec<usize> =
        (0..sources.len()).filter(|at| needs_copy(&sources[*at], policy.archives.when)).collect();
    let urls: Vec<String> = wanted.iter().map(|at| sources[*at].visit.url.clone()).collect();
    let lookups = find(cited, urls, policy, memory, on_event, stop).await?;
    for (at, lookup) in wanted.into_iter().zip(lookups) {
        sources[at].copy_counts = asked;
        sources[at].copy = lookup.map(|mut lookup| {
            if let Some(found) = &mut lookup.found {
                let words = format!(", in the archived copy of {}", found.date.in_words());
                let page = found.visit.page.iter_mut();
                page.flat_map(|page| &mut page.dates).for_each(|claim| claim.evidence += &words);
            }
            Box::new(lookup)
        });
    }
    Ok(())
}

/// Looks for the copies of these addresses, in their order, whether they are gone or not; `None`: no
/// archive was asked, and none had been.
///
/// # Errors
///
/// As [`source::visit_all`].
pub async fn find_copies(
    documents: &[ReadDocument],
    urls: Vec<String>,
    policy: &Policy,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Option<Lookup>>, SourceError> {
    find(&cited(documents), urls, policy, memory, on_event, stop).await
}

async fn find(
    cited: &HashMap<&str, Cited<'_>>,
    urls: Vec<String>,
    policy: &Policy,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Option<Lookup>>, SourceError> {
    let wish = |url: String| match cited.get(url.as_str()) {
        Some(cited) => CopyWish {
            near: cited.near,
            given: cited.given.clone(),
            citations: cited.citations.iter().map(|citation| (*citation).clone()).collect(),
            url,
        },
        None => CopyWish { url, near: None, given: None, citations: Vec::new() },
    };
    let wishes = urls.into_iter().map(wish).collect();
    source::find_copies(wishes, policy, judge_copy, memory, on_event, stop).await
}

/// Shows a copy the titles under which its source is cited, and judges it by what the citations say.
///
/// # Errors
///
/// It is a copy of something else: why, in one sentence.
pub fn judge_copy(citations: &[Citation], visit: &mut Visit) -> Result<(), String> {
    let titles = citations.iter().filter_map(|citation| citation.title.as_deref());
    titles.for_each(|title| visit.confirm(title));
    let other = title::other_than_cited(citations, visit);
    other.map_or(Ok(()), |other| Err(format!("It shows something else, “{other}”.")))
}

/// Is what was cited no longer there, by what the source showed at its first check?
fn has_drifted(source: &Source) -> bool {
    let drift = source.past.as_ref().and_then(|past| past.drift.as_ref());
    drift.is_some_and(Drift::is_much)
}

fn needs_copy(source: &Source, when: When) -> bool {
    let visit = &source.visit;
    let wanted = match visit.state {
        State::Dead | State::Soft404 => true,
        State::Ok | State::Moved => when == When::Always || source.replaced || has_drifted(source),
        State::Blocked | State::Unreachable => when == When::Always,
        State::Unsafe | State::Invalid | State::Skipped => return false,
    };
    // An archived copy that answers is one; that of an archive that alters its copies is none.
    let copied = || visit.is_read() && visit.archived().is_some();
    Url::parse(&visit.url).is_ok_and(|url| link::is_altering(&url)) || wanted && !copied()
}

/// Does a copy show anything? One that may have been altered does not.
fn shows(copy: &str) -> bool {
    Url::parse(copy).is_ok_and(|url| !link::is_altering(&url))
}

/// Every address with what the documents say of it; the first date counts.
pub(super) fn cited(documents: &[ReadDocument]) -> HashMap<&str, Cited<'_>> {
    let mut all: HashMap<&str, Cited<'_>> = HashMap::new();
    for read in documents {
        let own = read.document.date.map(|date| Near { date, basis: Basis::Document });
        for checked in read.citations.iter().flatten() {
            let citation = &checked.citation;
            let dated = citation.date.map(|date| Near { date, basis: Basis::Cited });
            let near = dated.or(citation.accessed.map(|date| Near { date, basis: Basis::Accessed }));
            for url in &citation.urls {
                let cited = all.entry(url).or_default();
                if cited.near.is_none_or(|known| known.basis == Basis::Document) {
                    cited.near = near.or(cited.near).or(own);
                }
                cited.citations.push(citation);
            }
        }
        for link in &read.document.links {
            let cited = all.entry(&link.url).or_default();
            cited.near = cited.near.or(own);
        }
    }
    // A copy that stands beside the link, in the same citation or in the link itself.
    for read in documents {
        for citation in read.citations.iter().flatten().map(|checked| &checked.citation) {
            for url in &citation.urls {
                let beside = citation.urls.iter().find(|other| link::is_copy_of(other, url) && shows(other));
                if let (Some(copy), Some(cited)) = (beside, all.get_mut(url.as_str())) {
                    cited.given.get_or_insert_with(|| copy.clone());
                }
            }
        }
        for version in read.document.versions.iter().filter(|version| shows(&version.url)) {
            if let Some(cited) = all.get_mut(version.of.as_str()) {
                cited.given.get_or_insert_with(|| version.url.clone());
            }
        }
    }
    all
}
