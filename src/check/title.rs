//! The cited title against those that the page gives itself.

use std::collections::HashSet;

use url::Url;

use super::date::{self, DateVerdict};
use super::{Address, Case, Check, Findings, Severity, copy};
use crate::citation::Citation;
use crate::fold;
use crate::note::Note;
use crate::page::{Nature, Page};
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

Headlines are rewritten after publication, so a title that shares a part of its words is not reported, nor
one that the archived copy of the time bears, where copies are asked for (`--archived`), nor one in another script than the page's: it may be a translation. What remains is an address that leads
to another source than the note means.",
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

fn help(case: &Case, note: &Note, url: &str) -> String {
    let compare = "compare the address with the source that you mean";
    let source =
        case.sources.get(url).filter(|source| source.copy.as_ref().is_some_and(|c| c.found.is_some()));
    let address = Address { note: Some(note), place: note.place, url: url.to_owned() };
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
    let deep = Url::parse(&visit.url).is_ok_and(|url| url.path().len() > 1 || url.query().is_some());
    (plain && deep && likeness(title, page, addresses)? < OTHER).then(|| page.title.clone())?
}

fn addresses(visit: &Visit) -> Vec<&str> {
    [Some(visit.url.as_str()), visit.final_url.as_deref()].into_iter().flatten().collect()
}

/// A title this little like another is the title of something else.
pub const OTHER: f64 = 0.45;

/// How much a cited title is like those of a page, 0 to 1: the share of its words that one of them has,
/// or of the words of one of them that it has. `None` where that cannot be told: too few words, another
/// script, a page without a title.
pub fn likeness(cited: &str, page: &Page, urls: &[&str]) -> Option<f64> {
    let cited_words = words(cited);
    let written: f64 = cited_words.iter().map(|word| weight(word)).sum();
    if written < 1.5 || page.titles.is_empty() {
        return None;
    }
    let mut best: f64 = 0.0;
    let mut comparable = false;
    for title in page.titles.iter().chain(&page.headings) {
        let title = words(title);
        comparable |= title.iter().any(|word| cited_words.iter().any(|c| script(c) == script(word)));
        let part = share(&cited_words, &title);
        // A page may call itself by a part of the title, if that part is long enough to mean anything.
        let weight: f64 = title.iter().map(|word| weight(word)).sum();
        let whole = if weight >= 2.5 || title.len() >= 3 { share(&title, &cited_words) } else { 0.0 };
        best = best.max(part).max(whole * 0.95);
    }
    if !comparable {
        return None;
    }
    // A headline rewritten after publication lives on in the address, and its subject in the description.
    for url in urls {
        best = best.max(share(&cited_words, &slug(url)));
    }
    let description = page.description.as_deref().map(words).unwrap_or_default();
    Some(best.max(share(&cited_words, &description) * 0.8))
}

/// The share of the words of one text that another has, by their weight.
fn share(of: &[String], among: &[String]) -> f64 {
    let known: HashSet<&str> = among.iter().map(String::as_str).collect();
    let begins = |word: &str| {
        // Inflected: `tariff` and `tariffs`, `Hafengebühr` and `Hafengebühren`.
        let stem = word.char_indices().nth(6).map(|(at, _)| &word[..at]);
        stem.is_some_and(|stem| among.iter().any(|other| other.starts_with(stem)))
    };
    let (mut sum, mut found) = (0.0, 0.0);
    for word in of {
        sum += weight(word);
        if known.contains(word.as_str()) || begins(word) {
            found += weight(word);
        }
    }
    if sum > 0.0 { found / sum } else { 0.0 }
}

/// Short words are in every title.
fn weight(word: &str) -> f64 {
    match word.chars().count() {
        _ if !word.is_ascii() && script(word) == Script::Ideographs => 0.6,
        _ if word.starts_with(|c: char| c.is_ascii_digit()) => 0.5,
        0..=3 => 0.1,
        4 => 0.5,
        5 => 0.8,
        _ => 1.0,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Numbers,
    Latin,
    Ideographs,
    Other,
}

fn script(word: &str) -> Script {
    match word.chars().find(|c| c.is_alphabetic()) {
        None => Script::Numbers,
        Some('a'..='z' | '\u{DF}'..='\u{24F}') => Script::Latin,
        Some('\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}') => {
            Script::Ideographs
        }
        Some(_) => Script::Other,
    }
}

/// The words of a title; of text without spaces, every two characters that stand together.
fn words(title: &str) -> Vec<String> {
    fold::words(title)
        .into_iter()
        .flat_map(|word| {
            if script(&word) != Script::Ideographs {
                return vec![word];
            }
            let chars: Vec<char> = word.chars().collect();
            if chars.len() < 3 {
                vec![word]
            } else {
                chars.windows(2).map(|pair| pair.iter().collect()).collect()
            }
        })
        .collect()
}

/// The words of an address.
fn slug(url: &str) -> Vec<String> {
    let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let path = percent_encoding::percent_decode_str(&path).decode_utf8_lossy();
    words(&path.replace(['-', '_', '/', '.', '+'], " "))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cited: &str, title: &str, fits: bool) {
        let page = Page { titles: vec![title.to_owned()], title: Some(title.to_owned()), ..Page::default() };
        let likeness = likeness(cited, &page, &[]).unwrap();
        assert_eq!(likeness >= OTHER, fits, "{cited} / {title}: {likeness}");
    }

    #[test]
    fn one_title_in_many_dresses() {
        check("Harbour Tolls to Rise in Spring", "HARBOUR TOLLS TO RISE IN SPRING | The Ledger", true);
        check("“Who pays?” – the breakwater’s long bill", "'Who Pays?' - The Breakwater's Long Bill", true);
        check(
            "Harbour Tolls to Rise…",
            "Harbour tolls to rise in spring, council says after long debate",
            true,
        );
        check("Harbour Tolls: What the Council Did Not Say", "Harbour Tolls", true);
        check("Council raises harbour dues", "Harbour dues go up in spring", true);
        check("Caffè, perché no?", "Caffe, perche no", true);
        check("港湾使用料が四月から値上げ", "港湾使用料、四月から値上げへ", true);
    }

    #[test]
    fn other_titles() {
        check("Harbour Tolls to Rise in Spring", "Fishermen elect a new chairwoman", false);
        check("The long winter of the ferries", "The long read: who owns the sea?", false);
        check("港湾使用料が四月から値上げ", "新しい漁業組合長が選ばれる", false);
    }

    #[test]
    fn what_cannot_be_compared() {
        let page =
            Page { titles: vec!["Портовые сборы растут".to_owned()], ..Page::default() };
        assert_eq!(likeness("Harbour Tolls to Rise", &page, &[]), None);
        assert_eq!(likeness("Tolls", &page, &[]), None);
    }
}
