//! What a finding about a source that is gone proposes in its place.

use url::Url;

use super::case::Source;
use super::date::{self, DateVerdict};
use super::{Address, Case};
use crate::archive;
use crate::link;
use crate::source::{Found, Lookup};

/// What to do about a source that is gone: cite the archived copy, in the style of the note, where one was
/// found; else what is known of copies.
pub(super) fn help(case: &Case, address: &Address, source: &Source) -> String {
    const SEARCH: &str = "find the new address";
    let Some(lookup) = &source.copy else { return format!("{SEARCH}, or cite an archived copy") };
    if let Some(found) = &lookup.found {
        return proposal(case, address, lookup, found);
    }
    let Some(near) = lookup.near else {
        return format!("{SEARCH}, or cite an archived copy; there is no date to choose one by");
    };
    let silent = lookup.silence_in_words();
    match lookup.refused.first() {
        _ if lookup.is_miss() && lookup.refused.is_empty() => {
            let verb = if lookup.asked.len() == 1 { "has" } else { "have" };
            format!("{SEARCH}; {} {verb} no copy", lookup.asked.join(" and "))
        }
        Some(refused) => {
            let (day, basis) = (refused.date.in_words(), near.basis.in_words());
            let why = refused.reason.trim_end_matches('.');
            let others = match lookup.refused.len() - 1 {
                0 => String::new(),
                1 => ", nor is another".to_owned(),
                n => format!(", nor are {n} others"),
            };
            format!("{SEARCH}; the copy nearest to {basis}, of {day}, is none of the source ({why}){others}")
        }
        None if silent.is_empty() => {
            format!("{SEARCH}, or cite an archived copy; not all of its copies were looked at")
        }
        None => format!("{SEARCH}, or cite an archived copy; {silent}"),
    }
}

fn proposal(case: &Case, address: &Address, lookup: &Lookup, found: &Found) -> String {
    let day = found.date.in_words();
    let why = match lookup.near {
        _ if found.given => ", which the document names".to_owned(),
        Some(near) => format!(", the nearest to {} ({})", near.basis.in_words(), near.date.in_words()),
        None => String::new(),
    };
    let dated =
        other_date(case, address, found).map_or(String::new(), |date| format!("; it is dated {date}"));
    match cited_with(case, address, lookup, &found.url) {
        Some(citation) => format!("cite its archived copy of {day}{why}{dated}: {citation}"),
        None => format!("cite its archived copy of {day}{why}{dated}: {}", found.url),
    }
}

/// The date that a copy gives, where it is plainly not the cited one.
fn other_date(case: &Case, address: &Address, found: &Found) -> Option<String> {
    let judgement = date::judge(&case.citing(address).next()?.citation, &[&found.visit]);
    let other = judgement.verdict == DateVerdict::Mismatch;
    judgement.claim.filter(|_| other).map(|claim| claim.date.in_words())
}

/// The citation as the note has it, with the address of the copy after that of the source, or in place of a
/// copy that is none.
fn cited_with(case: &Case, address: &Address, lookup: &Lookup, copy: &str) -> Option<String> {
    let note = address.note?;
    let range = case.citing(address).next()?.citation.range.clone();
    // What parts it from the next one is no part of it.
    let text = note.text.get(range)?.trim().trim_end_matches(';').trim_end();
    let printed = link::find(text);
    // A copy that is of no use makes way for one that is.
    let refused = lookup.given_refused.as_ref().map(|refused| refused.url.as_str());
    let useless = |url: &str| {
        let parsed = Url::parse(url).ok();
        let copy = parsed.as_ref().and_then(link::archived);
        let of_it = link::is_copy_of(url, address.url) || copy.as_ref().is_some_and(|c| c.original.is_none());
        url == address.url && copy.is_some()
            || of_it && parsed.as_ref().is_some_and(link::is_altering)
            || refused == Some(&archive::readable(url))
    };
    if let Some(found) = printed.iter().find(|found| useless(&found.url)) {
        return Some(format!("{}{copy}{}", &text[..found.range.start], &text[found.range.end..]));
    }
    let Some(found) = printed.into_iter().find(|found| found.url == address.url) else {
        // The address lies under the words of the note.
        let at = text.trim_end_matches('.').len();
        return Some(format!("{}, {copy}{}", &text[..at], &text[at..]));
    };
    let (before, after) = (&text[..found.range.start], &text[found.range.end..]);
    // Brackets around the address alone are put around that of the copy too.
    let brackets = [('<', '>'), ('[', ']')];
    let around =
        brackets.into_iter().find(|(open, close)| before.ends_with(*open) && after.starts_with(*close));
    let (at, copy) = match around {
        Some((open, close)) => (found.range.end + close.len_utf8(), format!("{open}{copy}{close}")),
        None => (found.range.end, copy.to_owned()),
    };
    Some(format!("{}, {copy}{}", &text[..at], &text[at..]))
}
