//! Dates that a reader sees: by-lines, labelled dates, and all others of the text.

use super::label::{self, Label};
use super::outline::{LABEL, Mention, Outline, Spot, UNNAMED};
use super::zone::{Traits, Zones};
use super::{DateClaim, Draft, Role, Strength, Witness};

/// A block of more bytes is running text.
const SHORT: usize = 160;

/// Fewer bytes behind a date are the end of its block.
const EDGE: usize = 30;

/// More words than these around a date are a sentence.
const MOST_WORDS: usize = 6;

/// Reads the dates of the text into the draft.
pub(super) fn read(outline: &Outline, zones: &mut Zones, headline: Option<Spot>, draft: &mut Draft) {
    let first = draft.dates.len();
    let mut marked: Vec<usize> = Vec::new();
    for mention in &outline.mentions {
        let Mention { date, spot, .. } = mention;
        let date = date.month_first.filter(|_| draft.month_first()).unwrap_or(date.date);
        if !(1990..=2100).contains(&date.year) {
            continue;
        }
        let traits = zones.at(spot.element);
        let Reading { role, votes, evidence } = reading(mention, traits, headline, outline);
        let role = if date.day.is_none() && role == Role::Published { Role::Unknown } else { role };
        let votes = if date.day.is_none() { votes.min(1) } else { votes };
        if votes == 3 && traits.any(Traits::DATE) {
            marked.push(draft.dates.len());
        }
        draft.dates.push(DateClaim {
            date,
            time: None,
            role,
            strength: Strength::Weak,
            witness: if votes > 2 { Witness::Byline } else { Witness::Text },
            votes,
            evidence: evidence.to_owned(),
        });
    }
    // One date that the page itself calls so, and no other by-line: it stands far from what was taken for
    // the headline, and is meant all the same. Several are a list.
    let dates = &mut draft.dates;
    let one = marked.first().filter(|one| marked.iter().all(|at| dates[*at].date == dates[**one].date));
    if let Some(one) = one.copied()
        && dates[first..].iter().all(|claim| claim.votes <= 3)
    {
        dates[one].votes = 5;
    }
}

struct Reading {
    role: Role,
    votes: u8,
    evidence: &'static str,
}

fn reading(mention: &Mention, traits: Traits, headline: Option<Spot>, outline: &Outline) -> Reading {
    let is = |role, votes, evidence| Reading { role, votes, evidence };
    if traits.any(Traits::FOREIGN) {
        return is(Role::Unknown, 1, "page text apart from the article");
    }
    let label = label::of(mention);
    if label == Some(Label::Other) || traits.any(Traits::EVENT) {
        return is(Role::Event, 0, "page text, of something else");
    }
    let modified = label == Some(Label::Modified)
        || label.is_none() && traits.any(Traits::MODIFIED) && !traits.any(Traits::PUBLISHED);
    let short = mention.length <= SHORT || traits.any(Traits::ALONE);
    if modified && short {
        return is(Role::Modified, 0, "by-line, marked as updated");
    }
    if traits.any(Traits::FOOTER) {
        let named = label == Some(Label::Published) || traits.any(Traits::PUBLISHED);
        return is(Role::Unknown, if named { 3 } else { 1 }, "foot of the page");
    }
    if traits.any(Traits::HEADER) && headline.is_some_and(|h| mention.spot.at < h.at) {
        return is(Role::Unknown, 2, "head of the page");
    }
    // “Published on” in the middle of a paragraph is said of something else.
    let edge = mention.before.len() < LABEL || mention.after.trim().len() < EDGE;
    if !short && (label != Some(Label::Published) || !edge) {
        // A place and a date begin the text of agencies: `ROME, 12 February 2025 –`.
        let opens = mention.before.trim().chars().count() <= 24 && mention.before.len() < 40;
        let behind = |h: Spot| mention.spot.block.checked_sub(h.block).filter(|_| mention.spot.at >= h.at);
        let near = headline.and_then(behind).is_some_and(|blocks| blocks <= 6);
        return if opens && near {
            is(Role::Unknown, 4, "first line")
        } else {
            is(Role::Unknown, 1, "page text")
        };
    }
    // A line about the article has few words besides the date; a sentence has many.
    let words = mention.before.split_whitespace().count() + mention.after.split_whitespace().count();
    let marked = label.is_some() || traits.any(Traits::DATE.and(Traits::PUBLISHED));
    let sentence = words > MOST_WORDS && !marked;
    let mut votes = if sentence { 0 } else { 2 };
    if label == Some(Label::Published) {
        votes += 3;
    }
    if traits.any(Traits::PUBLISHED) {
        votes += 3;
    } else if traits.any(Traits::DATE) {
        votes += 2;
    } else if traits.any(Traits::BYLINE) {
        votes += 1;
    }
    if has_time(&mention.after) {
        votes += 1;
    }
    if mention.length <= 60 || traits.any(Traits::ALONE) {
        votes += 1;
    }
    let near = headline.is_none_or(|headline| near(mention.spot, headline, outline));
    let named = label == Some(Label::Published) || traits.any(Traits::PUBLISHED);
    let votes = if near { (votes + 2).min(7) } else { votes.min(if named { 5 } else { 3 }) };
    let evidence = if label == Some(Label::Published) {
        "by-line, marked as published"
    } else if near {
        "by-line near the headline"
    } else {
        "short text"
    };
    let role = if near && !sentence || votes > 4 { Role::Published } else { Role::Unknown };
    is(role, votes, evidence)
}

/// Close behind the headline with no other heading between, or just above it.
fn near(spot: Spot, headline: Spot, outline: &Outline) -> bool {
    let blocks = spot.block.abs_diff(headline.block);
    if spot.at < headline.at {
        return blocks <= 4;
    }
    let between = outline
        .headings
        .iter()
        .filter(|h| h.level != UNNAMED && h.spot.at > headline.at && h.spot.at < spot.at)
        .count();
    blocks <= 14 && between <= 1
}

/// `, 14:33 Uhr`, ` at 5 pm`.
fn has_time(after: &str) -> bool {
    let after = after.get(..after.floor_char_boundary(16)).unwrap_or_default();
    let bytes = after.as_bytes();
    bytes
        .windows(3)
        .any(|w| w[0].is_ascii_digit() && matches!(w[1], b':' | b'.' | b'h') && w[2].is_ascii_digit())
        || after.contains("Uhr")
}
