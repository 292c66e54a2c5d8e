//! The cited newspaper or site against what the source calls itself.

use url::Url;

use super::{Case, Check, Findings, Severity, likeness};
use crate::citation::Citation;
use crate::citation::persons::is_spelling;
use crate::fold::{is_latin, words};
use crate::page::Nature;
use crate::source::Visit;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "container-mismatch",
    severity: Severity::Info,
    summary: "The article is published by another newspaper or site than the note says.",
    explanation: "\
Reported only of an article that bears the cited title and whose structured data name its publisher, where the
cited container has no word in common with the name of the publisher, that of the site, the address, the
headline and the by-line, nor with what the article is part of: no initials (NYT), no abbreviation (J. Econ.),
no other spelling. It may still be right: articles are syndicated, and papers change hands.

Kinds of text (“X post”, “press release”, “working paper”), names in another script, and works that a registry
knows are not compared, nor news agencies, whose texts appear everywhere.",
    examples: &[],
    run,
}];

/// Words of kinds of text and of parts of a work, which name no publication.
const KINDS: &[&str] = &[
    "post",
    "tweet",
    "thread",
    "blog",
    "blogs",
    "video",
    "podcast",
    "episode",
    "paper",
    "papers",
    "report",
    "reports",
    "release",
    "statement",
    "series",
    "brief",
    "briefing",
    "commentary",
    "speech",
    "interview",
    "website",
    "web",
    "site",
    "online",
    "working",
    "policy",
    "document",
    "thesis",
    "dissertation",
    "proceedings",
    "conference",
    "edition",
    "chapter",
    "dataset",
    "comunicato",
    "intervista",
    "communique",
    "pressemitteilung",
    "beitrag",
];

fn run(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let [url] = citation.urls.as_slice() else { continue };
        let Some(source) = case.sources.get(url.as_str()) else { continue };
        let (Some(container), Some(publisher)) = (&citation.container, publisher(citation, &source.visit))
        else {
            continue;
        };
        out.in_note(
            note,
            Some(url),
            format!("the note names {container}, the article is published by {publisher}"),
            "compare with the name of the site".to_owned(),
        );
    }
}

/// The publisher of the source, if it is plainly not the cited container.
fn publisher(citation: &Citation, visit: &Visit) -> Option<String> {
    let (container, page) = (citation.container.as_deref()?, visit.page.as_ref()?);
    let publisher = page.publisher.as_deref()?;
    let plain = visit.is_read() && page.nature == Nature::Ordinary && visit.archived().is_none();
    let same = || citation.title.as_deref().is_some_and(|cited| likeness::bears(cited, page));
    if !plain || visit.record.is_some() || !same() {
        return None;
    }
    let own = words(container);
    let telling =
        own.iter().any(|word| word.chars().count() > 2 && !matches!(word.as_str(), "the" | "der" | "die"));
    if !telling || is_agency(&own) || own.iter().any(|word| KINDS.contains(&word.as_str())) {
        return None;
    }
    let hosts = [Some(visit.url.as_str()), visit.final_url.as_deref(), page.canonical.as_deref()];
    let hosts: Vec<String> = hosts.into_iter().flatten().filter_map(host_of).collect();
    let names =
        [Some(publisher), page.site.as_deref(), page.description.as_deref(), Some(page.byline.as_str())];
    let names = names.into_iter().flatten().chain(hosts.iter().map(String::as_str));
    let mut names = names
        .chain([&page.titles, &page.authors, &page.containers].into_iter().flatten().map(String::as_str));
    let comparable = is_latin(container) && is_latin(publisher);
    (comparable && !names.any(|name| is_like(&own, &words(name)))).then(|| publisher.to_owned())
}

/// Is it a news agency? What it writes appears under the names of others.
fn is_agency(container: &[String]) -> bool {
    const AGENCIES: &str = "reuters|ap|associated press|afp|agence france presse|ansa|dpa|efe|tass|itar tass|apa|\
        interfax|ria novosti|xinhua|kyodo|jiji|jiji press|upi|united press international|bloomberg|dow jones|\
        adnkronos|agi|askanews|lapresse|lusa|belga|anp|ritzau|ntb|stt|pap|ctk|mti|hina|tanjug|sta|agerpres|bta|\
        anadolu|aa|yonhap|pti|press trust of india|ians|ani|antara|bernama|irna|isna|wafa|sana|spa|mena|ukrinform|\
        unian|belta|sda|ats|keystone sda|kna|epd|europa press|press association|pa media|canadian press|aap|nova";
    const AROUND: &[&str] =
        &["the", "news", "agency", "agenzia", "agence", "agentur", "nachrichtenagentur", "wire"];
    let bare = |words: &[String]| {
        let words = words.iter().map(String::as_str).filter(|word| !AROUND.contains(word));
        words.collect::<Vec<_>>().join(" ")
    };
    AGENCIES.split('|').any(|agency| agency == container.join(" ") || agency == bare(container))
}

fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(url.host_str()?.trim_start_matches("www.").to_owned())
}

/// May the two be names of one publication?
fn is_like(own: &[String], other: &[String]) -> bool {
    let long = |word: &&String| word.chars().count() > 3;
    let initials = |words: &[String]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let bare = |words: &[String]| -> Vec<String> {
        words.iter().filter(|word| word.as_str() != "the").cloned().collect()
    };
    let (own, other) = (bare(own), bare(other));
    let (one, two) = (own.concat(), other.concat());
    let short = |short: &str, long: &str| short.len() > 1 && long.contains(short);
    // `theledger` has `ledger`, and `nyt` or `nytimes` the initials of `The New York Times`.
    own.iter().filter(long).any(|word| two.contains(word.as_str()) || other.iter().any(|o| is_spelling(word, o)))
        || other.iter().filter(long).any(|word| one.contains(word.as_str()))
        || own.len() > 1 && short(&initials(&own), &two)
        || other.len() > 1 && other.len() < 8 && short(&one, &initials(&other))
        // `J. Harb. Econ.`
        || own.iter().all(|word| other.iter().any(|o| o.starts_with(word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies() {
        for name in ["Reuters", "The Associated Press", "AP News", "Agence France-Presse", "Agenzia ANSA"] {
            assert!(is_agency(&words(name)), "{name}");
        }
        for name in ["News", "The Ledger", "Corriere della Sera"] {
            assert!(!is_agency(&words(name)), "{name}");
        }
    }

    #[test]
    fn names_of_one_publication() {
        let is_like = |a: &str, b: &str| is_like(&words(a), &words(b));
        for (a, b) in [
            ("The Ledger", "theledger.example"),
            ("New York Times", "nytimes.com"),
            ("NYT", "The New York Times"),
            ("FAZ", "Frankfurter Allgemeine Zeitung"),
            ("J. Harb. Econ.", "Journal of Harbour Economics"),
            ("Süddeutsche", "sueddeutsche.de"),
        ] {
            assert!(is_like(a, b), "{a} {b}");
        }
        for (a, b) in
            [("The Times", "The Guardian"), ("Le Monde", "lefigaro.fr"), ("Corriere della Sera", "La Stampa")]
        {
            assert!(!is_like(a, b), "{a} {b}");
        }
    }
}
