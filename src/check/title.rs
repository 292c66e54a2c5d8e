//! The cited title against those that the page gives itself.

use super::date::{self, DateVerdict};
use super::likeness::{self, FEW, OTHER, heft, share, slug, weight, words};
use super::{Address, Case, Check, Findings, Severity, author, copy};
use crate::citation::Citation;
use crate::link;
use crate::note::Note;
use crate::page::Nature;
use crate::source::Visit;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "title-mismatch",
        severity: Severity::Warning,
        summary: "The page at the address has another title than the note.",
        explanation: "\
The cited title is compared with every title that the page gives itself: its headings, what it tells
search engines and networks, the name of its window, the words of its address. Case, accents, quotation
marks, dashes, the name of the site, a subtitle more or less and a shortened end make no difference.

Headlines are rewritten after publication, so a title that shares half of its words is not reported, nor one that
the archived copy of the time bears, where copies are asked for (`--archived`); where the text below the headline
says the rest, or date and author are those of the note, less will do, and where the date speaks against it, or
nothing for it, more is wanted. So it is where the page leads to another one under the cited title. Nor is one in
another script or language than the page's: it may be a translation. What remains is an address that leads to
another source than the note means.",
        examples: &[],
        run: |case, out| {
            each(case, out, true, |citation, visit| {
                let seen = other_title(citation, visit, &addresses(visit))?;
                (!is_replaced(citation, visit)).then_some(seen)
            });
        },
    },
    Check {
        rule: "source-replaced",
        severity: Severity::Warning,
        summary: "The address now shows something else: title, address, date and container all speak against it.",
        explanation: "\
The page answers, but it shares neither title nor date nor publisher with the note, and its title has
nothing of the words of its own address: something else has taken the place of the source. An archived
copy of the time is then the better citation.",
        examples: &[],
        run: |case, out| {
            each(case, out, false, replaced_by);
        },
    },
];

/// `copies`: an archived copy that fits is as good as the page, if copies count.
fn each(case: &Case, out: &mut Findings, copies: bool, seen: impl Fn(&Citation, &Visit) -> Option<String>) {
    for (note, citation) in case.sources_cited() {
        // Of several addresses one that fits is enough.
        let visits = || {
            let sources = citation.urls.iter().filter_map(|url| case.sources.get(url.as_str()));
            sources.flat_map(|source| {
                [Some(&source.visit), source.counted_copy().filter(|_| copies)].into_iter().flatten()
            })
        };
        let answers: Vec<Option<String>> = visits().map(|visit| seen(citation, visit)).collect();
        let (Some(title), Some(visit)) = (&citation.title, visits().next()) else { continue };
        let Some(Some(found)) = answers.first().filter(|_| answers.iter().all(Option::is_some)) else {
            continue;
        };
        out.in_note(
            note,
            Some(&visit.url),
            format!("the note cites “{title}”, the page is called “{found}”"),
            help(case, note, &visit.url),
        );
    }
}

/// The title of what has taken the place of a source, if something else has.
pub fn replaced_by(citation: &Citation, visit: &Visit) -> Option<String> {
    let seen = other_title(citation, visit, &[])?;
    is_replaced(citation, visit).then_some(seen)
}

/// The title of what an archived copy shows, if it is no copy of the source: title and date both say so, or
/// all that [`replaced_by`] asks for.
fn other_in_copy(citation: &Citation, visit: &Visit) -> Option<String> {
    let dated_otherwise = || date::judge(citation, &[visit]).verdict == DateVerdict::Mismatch;
    let seen = other_title(citation, visit, &addresses(visit)).filter(|_| dated_otherwise());
    seen.or_else(|| replaced_by(citation, visit))
}

/// The title of what an archived copy shows, if it is no copy of the source that these citations name. One
/// that bears the title of one of them is the source.
pub fn other_than_cited(citations: &[Citation], visit: &Visit) -> Option<String> {
    let bears = |citation: &Citation| {
        let pair = citation.title.as_deref().zip(visit.page.as_deref());
        pair.and_then(|(title, page)| likeness::of(title, page, &[]))
            .is_some_and(|alike| alike >= CONTRADICTED)
    };
    let other = citations.iter().find_map(|citation| other_in_copy(citation, visit));
    other.filter(|_| !citations.iter().any(bears))
}

fn help(case: &Case, note: &Note, url: &str) -> String {
    let compare = "compare the address with the source that you mean";
    let source =
        case.sources.get(url).filter(|source| source.copy.as_ref().is_some_and(|c| c.found.is_some()));
    let address = Address::in_note(note, url);
    match source {
        Some(source) => format!("{compare}, or {}", copy::help(case, &address, source)),
        None => compare.to_owned(),
    }
}

/// The title of the page, if it is plainly not the cited one. `addresses` may speak for the cited title: a
/// headline that was rewritten lives on in them.
fn other_title(citation: &Citation, visit: &Visit, addresses: &[&str]) -> Option<String> {
    let (title, page) = (citation.title.as_deref()?, visit.page.as_deref()?);
    let plain = visit.is_read() && page.nature == Nature::Ordinary;
    // A front page is cited for what stands on it.
    if !plain || !link::is_deep(&visit.url) {
        return None;
    }
    let alike = likeness::of(title, page, addresses)?;
    // No bar is higher; most titles are over it.
    if alike >= CONTRADICTED {
        return None;
    }
    let bar = bar(citation, visit);
    // A word or two (“Statistics”) may be the writer's own for what stands there.
    let telling = bar >= CONTRADICTED || heft(&words(title)) >= FEW;
    (telling && alike < bar).then(|| page.title.clone())?
}

/// How alike two titles must be at least, so that one may be the other, rewritten: what else the note says of
/// the source speaks for that or against it.
fn bar(citation: &Citation, visit: &Visit) -> f64 {
    match (date::judge(citation, &[visit]).verdict, author::shared(citation, visit)) {
        (DateVerdict::Mismatch, _) | (_, Some(false)) => CONTRADICTED,
        (DateVerdict::Match, Some(true)) => CONFIRMED,
        (DateVerdict::Match, None) | (_, Some(true)) => OTHER,
        _ => ALONE,
    }
}

fn addresses(visit: &Visit) -> Vec<&str> {
    [Some(visit.url.as_str()), visit.final_url.as_deref()].into_iter().flatten().collect()
}

/// A title less like another than [`OTHER`] is the title of something else, and so is one less like it than
/// this, if nothing else speaks for the page …
const ALONE: f64 = 0.55;
/// … if the date speaks against it too, or the author …
const CONTRADICTED: f64 = 0.65;
/// … if date and author are those of the note.
const CONFIRMED: f64 = 0.15;
/// Has something else taken the place of the source? All four must say so: the title, the words of the
/// address, the date, and the container.
fn is_replaced(citation: &Citation, visit: &Visit) -> bool {
    const FAR: i32 = 60;
    let Some(page) = visit.page.as_deref() else { return false };
    let titles: Vec<String> = page.titles.iter().flat_map(|title| words(title)).collect();
    let address: Vec<String> = slug(&visit.url).into_iter().filter(|word| word.len() > 3).collect();
    let address_against = address.len() >= 3 && share(&address, &titles) < 0.2;
    let judgement = date::judge(citation, &[visit]);
    let date_against = matches!(judgement.verdict, DateVerdict::Mismatch | DateVerdict::Doubtful)
        && judgement.claim.zip(citation.date).is_some_and(|(claim, cited)| {
            claim.date.days_until(&cited).map_or(claim.date.year != cited.year, |days| days.abs() > FAR)
        });
    let names: Vec<String> = page
        .site
        .iter()
        .map(String::as_str)
        .chain([visit.final_url.as_deref().unwrap_or(&visit.url)])
        .chain(page.titles.iter().map(String::as_str))
        .flat_map(words)
        .collect();
    let container_against = citation.container.as_deref().is_some_and(|container| {
        let joined = names.concat();
        let own = words(container);
        own.iter().any(|word| weight(word) >= 0.5)
            && !own.iter().filter(|word| weight(word) >= 0.5).any(|word| joined.contains(word.as_str()))
    });
    address_against && date_against && container_against
}
