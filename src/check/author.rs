//! The cited authors against those whom the source names.

use super::case::Source;
use super::{Case, Check, Findings, Severity, likeness};
use crate::citation::Citation;
use crate::citation::persons::{family, is_one_spelling, is_person, is_spelling};
use crate::fold;
use crate::page::{Nature, Page};
use crate::source::Visit;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "author-mismatch",
    severity: Severity::Warning,
    summary: "The source names other persons as its authors than the note.",
    explanation: "\
Reported only where the source is plainly the one that is meant, since it bears the cited title, and where its
authors are beyond doubt: those that a registry of publications has on file, those in the tags that libraries
read (citation_author), or persons in its structured data whom the page also names to its reader below the
headline. All of them must be others than those cited, whatever the order and the spelling of the names.

One family name in common is enough for silence, and so is one that stands in the headline, the by-line, the
text, the address or the site's name: posts of guests bear the name of whoever posted them. Bodies, handles and
names that may be those of bodies are not compared, nor are names in another script.",
    examples: &[],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let sources = || citation.urls.iter().filter_map(|url| case.sources.get(url.as_str()));
        let visits: Vec<&Visit> = sources().flat_map(|source: &&Source| source.visits()).collect();
        // Of several addresses one that names a cited author is enough.
        let others: Vec<Vec<String>> = visits.iter().map_while(|visit| others(citation, visit)).collect();
        let (Some(visit), Some(named)) = (visits.first(), others.first()) else { continue };
        if others.len() == visits.len() {
            let cited = list(&citation.authors);
            out.in_note(
                note,
                Some(&visit.url),
                format!("the note names {cited} as author, the source {}", list(named)),
                "compare with the source's by-line".to_owned(),
            );
        }
    }
}

fn list(names: &[String]) -> String {
    const MOST: usize = 3;
    match names {
        [] => String::new(),
        [one] => one.clone(),
        names if names.len() > MOST => format!("{} and others", names[0]),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Does the source name one of the cited authors, in its data or in its by-line? `None` where either names no
/// persons.
pub(super) fn shared(citation: &Citation, visit: &Visit) -> Option<bool> {
    let named = named(visit);
    let cited = &citation.authors;
    let lines: Vec<&str> = visit
        .page
        .iter()
        .filter(|_| visit.is_read())
        .flat_map(|page| page.authors.iter().chain([&page.byline]).map(String::as_str))
        .collect();
    (!named.is_empty() && !cited.is_empty() && cited.iter().all(|name| is_person(name))).then(|| {
        cited.iter().any(|name| named.iter().any(|other| is_one(name, other)) || stands_in(name, &lines))
    })
}

/// The authors of the source, if they are plainly not the cited ones.
fn others(citation: &Citation, visit: &Visit) -> Option<Vec<String>> {
    if shared(citation, visit)? {
        return None;
    }
    let cited = citation.title.as_deref()?;
    let record = visit.record.as_ref();
    let page = visit.page.as_ref().filter(|page| visit.is_read() && page.nature == Nature::Ordinary);
    let registered =
        Page { titles: record.iter().filter_map(|record| record.title.clone()).collect(), ..Page::default() };
    if !likeness::bears(cited, &registered) && !page.is_some_and(|page| likeness::bears(cited, page)) {
        return None;
    }
    let mut places: Vec<&str> = vec![&visit.url];
    if let Some(page) = page {
        places.extend(page.site.as_deref());
        places.extend(page.description.as_deref());
        places.extend([&page.titles, &page.headings].into_iter().flatten().map(String::as_str));
    }
    let named = named(visit);
    let comparable = citation.authors.iter().chain(&named).all(|name| fold::is_latin(name));
    let mentioned = |name: &String| {
        let family = family(name);
        page.is_some_and(|page| page.mentions.iter().any(|word| family.contains(word)))
    };
    let elsewhere = |name: &String| stands_in(name, &places) || mentioned(name);
    (comparable && !citation.authors.iter().any(elsewhere)).then_some(named)
}

/// Is there a word in these texts that may be the family name?
fn stands_in(name: &str, texts: &[&str]) -> bool {
    let family = family(name);
    let mut words = texts.iter().flat_map(|text| fold::words(text));
    words.any(|word| family.iter().any(|own| is_spelling(own, &word)))
}

/// Those whom the source names as its authors beyond doubt.
fn named(visit: &Visit) -> Vec<String> {
    let page = visit.page.as_ref().filter(|_| visit.is_read());
    // A service of the site's own tells of accounts.
    let record = visit.record.as_ref().filter(|record| !record.shows);
    let names = page.into_iter().flat_map(|page| &page.persons);
    names
        .chain(record.into_iter().flat_map(|record| &record.authors))
        .filter(|name| is_person(name))
        .cloned()
        .collect()
}

/// Do two names have a family name in common, whichever way round they are written?
fn is_one(a: &str, b: &str) -> bool {
    let holds = |family: &[String], name: &str| {
        let words = fold::words(name);
        family.iter().any(|own| words.iter().any(|word| is_spelling(own, word)))
    };
    holds(&family(a), b) || holds(&family(b), a) || is_one_spelling(a, b)
}
