//! Which sources an archived copy is looked for, and near which date.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use url::Url;

use crate::archive::{Basis, Near, When};
use crate::check::case::{ReadDocument, Source};
use crate::check::title;
use crate::citation::Citation;
use crate::link::{self, same_address};
use crate::source::{self, CopyWish, Event, Judge, Lookup, Memory, Policy, SourceError, State};

/// How the documents cite one address.
#[derive(Default)]
struct Cited {
    near: Option<Near>,
    /// The copy that a document names beside the link.
    given: Option<String>,
    citations: Vec<Citation>,
}

/// Looks for the copies that the run needs.
pub(super) async fn seek(
    documents: &[ReadDocument],
    sources: &mut [Source],
    policy: &Policy,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<(), SourceError> {
    // Who asks inside a private network does not mean to tell its addresses to the world.
    let private = policy.allow_private && policy.archives.is_unasked() && policy.endpoints.is_empty();
    if policy.archives.when == When::Never || private {
        return Ok(());
    }
    let cited = cited(documents);
    for source in sources.iter_mut() {
        let citations = cited.get(source.visit.url.as_str()).map_or(&[][..], |cited| &cited.citations);
        source.replaced =
            citations.iter().any(|citation| title::replaced_by(citation, &source.visit).is_some());
    }
    let wanted: Vec<usize> =
        (0..sources.len()).filter(|at| needs_copy(&sources[*at], policy.archives.when)).collect();
    let urls: Vec<String> = wanted.iter().map(|at| sources[*at].visit.url.clone()).collect();
    let lookups = find(cited, urls, policy, memory, on_event, stop).await?;
    for (at, lookup) in wanted.into_iter().zip(lookups) {
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
    find(cited(documents), urls, policy, memory, on_event, stop).await
}

async fn find(
    mut cited: HashMap<&str, Cited>,
    urls: Vec<String>,
    policy: &Policy,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Option<Lookup>>, SourceError> {
    let (mut wishes, mut citing) = (Vec::new(), Vec::new());
    for url in urls {
        let Cited { near, given, citations } = cited.remove(url.as_str()).unwrap_or_default();
        wishes.push(CopyWish { url, near, given });
        citing.push(citations);
    }
    let judge: Judge = Arc::new(move |at, visit| {
        let citations: &[Citation] = &citing[at];
        citations
            .iter()
            .filter_map(|citation| citation.title.as_deref())
            .for_each(|title| visit.confirm(title));
        let replaced = citations.iter().find_map(|citation| title::replaced_by(citation, visit));
        replaced.map_or(Ok(()), |other| Err(format!("It shows something else, “{other}”.")))
    });
    source::find_copies(&wishes, policy, judge, memory, on_event, stop).await
}

fn needs_copy(source: &Source, when: When) -> bool {
    let visit = &source.visit;
    let url = Url::parse(&visit.url).ok();
    // An archived copy that answers is one; that of an archive that alters its copies is none.
    let altering = url.as_ref().is_some_and(link::is_altering);
    if visit.archived().is_some() && visit.is_read() && !altering {
        return false;
    }
    match visit.state {
        State::Dead | State::Soft404 => true,
        State::Ok | State::Moved => when == When::Always || altering || source.replaced,
        State::Blocked | State::Unreachable => when == When::Always || altering,
        State::Unsafe | State::Invalid | State::Skipped => false,
    }
}

/// Every address with what the documents say of it; the first date counts.
fn cited(documents: &[ReadDocument]) -> HashMap<&str, Cited> {
    let mut all: HashMap<&str, Cited> = HashMap::new();
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
                cited.citations.push(citation.clone());
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
                let beside = citation.urls.iter().find(|other| is_copy_of(other, url));
                if let (Some(copy), Some(cited)) = (beside, all.get_mut(url.as_str())) {
                    cited.given.get_or_insert_with(|| copy.clone());
                }
            }
        }
        for version in &read.document.versions {
            if let Some(cited) = all.get_mut(version.of.as_str()) {
                cited.given.get_or_insert_with(|| version.url.clone());
            }
        }
    }
    all
}

/// Does an address lead to an archived copy of another one?
pub(super) fn is_copy_of(copy: &str, page: &str) -> bool {
    let original = Url::parse(copy).ok().and_then(|url| link::archived(&url)?.original);
    let page = Url::parse(page).ok();
    original.zip(page).is_some_and(|(original, page)| same_address(&original, &page))
}
