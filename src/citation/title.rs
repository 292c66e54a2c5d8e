//! Where an unquoted title ends.
//!
//! Most notes put the title between quotation marks. Without them every comma and full stop that
//! could be the end is weighed by what it leaves on both sides (see [`weigh`]).

use std::ops::Range;

use super::author;
use super::cue;
use super::head::Head;
use super::parts::{is_bare_year, is_place_piece, is_publishing_place, is_seat, skip_marks};
use super::tail::{Tail, is_reporter, is_span_of_years, tail_start};
use super::token::{Kind, Line};
use super::web::Web;

const INNER_STOP: f32 = 0.8;
/// More tokens than any title with its container has.
const LONGEST: usize = 160;

/// An unquoted title: its tokens, and where the rest of the citation starts.
pub(super) fn unquoted(line: &Line, head: &Head, to: usize, web: &Web, from: usize) -> (Range<usize>, usize) {
    let start = head.title;
    // `Title. Knee Surgery, Arthroscopy [Internet]. Publisher; 2017`
    if let Some(medium) = online_journal(line, start, to)
        && let Some(stop) = (start + 1..medium).rev().find(|t| line.ends_sentence(*t))
    {
        return (start..stop, stop);
    }
    // No title is longer; this keeps the search linear.
    let mut tail = tail_start(line, start, to, web, from).min(start + LONGEST);
    // Where the year stands in front, a span of years is the title's.
    while head.date.is_some() && tail > start && tail < to && is_years(line, tail) {
        let last = if line.is_mark(tail + 1, &['-', '–', '—']) { tail + 2 } else { tail };
        tail = tail_start(line, last, to, web, from).min(start + LONGEST);
    }
    // Where the year stands in front, one at the end is the title's: `(2024). Report on Ports 2023.`
    let year = matches!(line.kind(tail), Some(Kind::Date(date)) if is_bare_year(line, date));
    if head.date.is_some() && year && tail > start && line.is_word(tail - 1) && line.is_mark(tail + 1, &['.'])
    {
        tail += 1;
    }
    // `The Dialogic Imagination, Michael Holquist (ed.), …`: the editor stands behind the title.
    if head.comma
        && line.kind(tail) == Some(Kind::Group)
        && tail < to
        && crate::fold::words(line.inside(tail))
            .iter()
            .all(|w| cue::one_of(w, "ed eds trans transl hrsg dir and"))
        && let Some(comma) = (start + 1..tail).rev().find(|t| line.is_mark(*t, &[',']))
        && (2..=4).contains(&(tail - comma - 1))
        && author::all(line, comma + 1, tail).is_some()
    {
        return (start..comma, tail);
    }
    let of_a_day = !head.comma
        && (Tail::at(line, tail, to) == Tail::Day
            || head.date.is_some_and(|date| line.dates[date].date.day.is_some()));
    let mut best = (tail, weigh(line, start, tail, tail, to, head));
    for at in start + 1..tail {
        let sentence = line.ends_sentence(at) && !(head.comma && at > start + 2 && is_cut_word(line, at))
            || of_a_day && ends_in_acronym(line, at);
        let comma = line.is_mark(at, &[',']) && line.spaced(at + 1);
        if !sentence && !comma {
            continue;
        }
        let weight = weigh(line, start, at, tail, to, head);
        if weight > best.1 + 0.01 {
            best = (at, weight);
        }
    }
    let end = if line.is_mark(best.0, &['?', '!', '…']) && best.0 < to { best.0 + 1 } else { best.0 };
    // `Urteil vom 5. Mai 2020`: the word leads to the date.
    let leads = end > start + 1
        && line.small(end - 1)
        && matches!(line.kind(end), Some(Kind::Date(_)))
        && cue::one_of(line.word(end - 1), "vom of del du dal dated");
    (start..end - usize::from(leads), end)
}

/// `…, Bos. Globe`: a full stop behind the first short word of a piece is one of an abbreviation.
pub(super) fn is_cut_word(line: &Line, dot: usize) -> bool {
    dot >= 2
        && line.is_mark(dot, &['.'])
        && line.capital(dot - 1)
        && line.token(dot - 1).len() <= 4
        && line.is_mark(dot - 2, &[','])
        && line.capital(dot + 1)
}

/// `… 140 Million in the U.S. The Gazette`
fn ends_in_acronym(line: &Line, dot: usize) -> bool {
    dot >= 3
        && line.may_end_sentence(dot)
        && line.is_initial(dot - 1)
        && !line.spaced(dot - 1)
        && line.is_mark(dot - 2, &['.'])
        && line.is_initial(dot - 3)
        && line.capital(dot + 1)
}

/// `1609-1652`, `2010–2022`, not the pages of an article, which stand behind its volume.
fn is_years(line: &Line, at: usize) -> bool {
    let four = |t: usize| {
        matches!(line.kind(t), Some(Kind::Number | Kind::Date(_)))
            && line.token(t).len() == 4
            && line.token(t).starts_with(['1', '2'])
    };
    let behind_volume =
        at > 1 && line.is_mark(at - 1, &[',', ':']) && line.kind(at - 2) == Some(Kind::Number);
    let range = matches!(line.kind(at), Some(Kind::Date(d)) if line.dates[d].end.is_some() && line.dates[d].date.month.is_none());
    !behind_volume
        && (range
            || four(at) && line.is_mark(at + 1, &['-', '–', '—']) && !line.spaced(at + 1) && four(at + 2))
}

/// The bracket that says that a work is read online, where a name ends with it.
pub(super) fn online_journal(line: &Line, from: usize, to: usize) -> Option<usize> {
    (from..to.min(from + LONGEST)).find(|t| {
        line.kind(*t) == Some(Kind::Group)
            && line.token(*t).starts_with('[')
            && cue::one_of(crate::fold::fold(line.inside(*t)).as_str(), "internet online")
    })
}

/// How well the title would end at `end`, with title and container together ending at `tail`.
///
/// The figures say no more than which evidence outweighs which; they were set on labelled
/// references.
fn weigh(line: &Line, start: usize, end: usize, tail: usize, to: usize, head: &Head) -> f32 {
    let comma_style = head.comma;
    let years = (start + 1..end).filter(|t| matches!(line.kind(*t), Some(Kind::Date(_)))).count();
    let left = title_words(line, start, end) + years;
    let spans = |t: usize| is_span_of_years(line, t, to);
    if left == 0 || line.is_mark(end, &[',']) && spans(end + 1) {
        return -9.0;
    }
    let mut weight = match left {
        1 => -1.2,
        2 => -0.3,
        _ => 0.0,
    };
    // A title of two sentences is rare; most full stops in it end it.
    let inner = (start..end).filter(|t| line.is_mark(*t, &['.']) && line.ends_sentence(*t)).count();
    weight -= INNER_STOP * inner.min(3) as f32;
    let kind = Tail::at(line, tail, to);
    if end >= tail {
        // `Yes, We Can, 72 Am. J. Int’l L. 275`: the journal stands behind its volume.
        let kind = if is_reporter(line, tail, to) { Tail::In } else { kind };
        return weight
            + match kind {
                Tail::Article => -1.8,
                Tail::In | Tail::Edition => 2.2,
                Tail::BracketYear => 1.2,
                Tail::Year => 0.4,
                Tail::Day | Tail::Rest => 0.9,
            };
    }
    let right = skip_marks(line, end, tail);
    let right_end = (right..tail)
        .rev()
        .find(|t| !matches!(line.kind(*t), Some(Kind::Mark(',' | '.' | ';' | ':'))))
        .map_or(right, |t| t + 1);
    // The journal stands behind its volume.
    if line.is_mark(end, &[',']) && is_reporter(line, tail, to) {
        weight -= 3.0;
    }
    // A place behind the container says that the container ended before it.
    let whole_end = right_end;
    let mut right_end = right_end;
    let mut placed = false;
    if let Some(comma) = (right + 1..right_end).rev().find(|t| line.is_mark(*t, &[',']))
        && is_place_piece(line, comma + 1, right_end)
    {
        (right_end, placed) = (comma, true);
    }
    let first_piece = (right..tail).find(|t| line.is_mark(*t, &[',', ':'])).unwrap_or(tail);
    let place_first =
        line.is_mark(end, &[',']) && first_piece + 1 < whole_end && is_place_piece(line, right, first_piece);
    let pair = comma_style && is_pair(line, right, whole_end);
    let pair_later = comma_style
        && line.is_mark(end, &['.'])
        && (right + 1..whole_end).any(|t| line.is_mark(t, &[',']) && is_pair(line, t + 1, whole_end));
    // `Bologna, il Mulino, 2019, pp. 44-260` is no journal.
    let seat = head.names.is_some() && is_seat(line, head.skipped..head.title, right, whole_end);
    weight += if seat && line.is_mark(end, &[',']) { 3.0 } else { 0.0 };
    let single_place = seat || is_place_piece(line, right, whole_end);
    let book = head.book || placed || place_first || pair || pair_later || single_place;
    let dated = matches!(line.kind(tail), Some(Kind::Date(date)) if is_bare_year(line, date));
    let kind = if kind == Tail::Article && book && dated { Tail::Year } else { kind };
    if right >= right_end {
        return weight
            + if line.is_mark(end, &[',']) && !comma_style { 1.0 } else { 1.4 }
            + weigh_alone(kind);
    }
    let bookish = matches!(kind, Tail::Year | Tail::BracketYear) && book;
    weight += if line.is_mark(end, &['.']) {
        if comma_style && bookish {
            0.2
        } else if comma_style {
            1.6
        } else {
            2.2
        }
    } else if line.is_mark(end, &['?', '!']) {
        // Where commas part the fields, a subtitle follows.
        if comma_style { 0.4 } else { 1.6 }
    } else if comma_style {
        0.5
    } else {
        -0.9
    };
    let article = cue::is_particle(line.word(right)) || cue::one_of(line.word(right), "il lo gli i los");
    let (mut words, mut smalls, mut marks, mut sentences, mut dotted) = (0_u16, 0_u16, 0_u16, 0_u16, 0_u16);
    let (mut periodical, mut publisher, mut place) = (false, false, false);
    for t in right..right_end {
        match line.kind(t) {
            Some(Kind::Word) => {
                words += 1;
                let word = line.word(t);
                periodical |= cue::is_periodical(word) && (line.capital(t) || words > 1);
                publisher |= cue::is_publishing(word) && line.capital(t);
                place |= cue::is_place(word) && line.capital(t);
                let joins = cue::is_particle(word)
                    || article && t == right
                    || cue::one_of(word, "of the and for on in fur to sur dei per at lo il");
                // `Salon.com`
                let domain = line.is_mark(t - 1, &['.']) && !line.spaced(t);
                if line.small(t) && !joins && !domain {
                    smalls += 1;
                }
                dotted += u16::from(line.is_mark(t + 1, &['.']) && t + 1 < right_end);
            }
            Some(Kind::Mark(',')) => marks += 1,
            Some(Kind::Mark(_)) if line.ends_sentence(t) => sentences += 1,
            Some(Kind::Quoted) => weight -= 1.5,
            _ => {}
        }
    }
    if words == 0 {
        return weight - 2.0;
    }
    if line.small(right) && !(article && line.capital(right + 1)) {
        weight -= 3.0;
    }
    if placed {
        // `Populism and the Future of the Union, Oxford 2024` is no publisher.
        let name = publisher
            || words <= 4
                && !(right + 1..right_end).any(|t| line.small(t) && !cue::is_particle(line.word(t)));
        weight += match (kind == Tail::Year && line.is_mark(end, &[',']), name) {
            (true, true) => 1.5,
            (true, false) => 0.0,
            _ => 0.8,
        };
    } else if kind == Tail::Year && pair {
        // `Rubbettino 2019` says more than `Rubbettino, 2019`, which could be a journal as well.
        weight += if head.book || !line.is_mark(tail - 1, &[',']) { 2.0 } else { 1.1 };
    }
    if place_first {
        weight += 2.5;
    }
    let share = f32::from(smalls) / f32::from(words);
    weight += if smalls == 0 { 0.9 } else { -1.6 * share };
    if words > 12 {
        weight -= 1.0;
    }
    match kind {
        Tail::Article => {
            weight += 1.0;
            weight += if periodical { 1.4 } else { 0.0 };
            weight += if dotted > 0 { 0.9 } else { 0.0 };
            weight -= 0.9 * f32::from(sentences.saturating_sub(u16::from(dotted > 1)));
            weight -= 0.5 * f32::from(marks);
            if words <= 4 {
                weight += 0.4;
            }
        }
        Tail::Year | Tail::BracketYear | Tail::Edition | Tail::In => {
            weight += if publisher || place { 1.2 } else { 0.0 };
            weight += if periodical { 0.7 } else { 0.0 };
            weight += if is_publishing_place(line, right, tail) { 1.8 } else { 0.0 };
            weight -= 0.3 * f32::from(sentences);
            if kind == Tail::BracketYear || kind == Tail::In {
                weight -= 0.8;
            }
            if marks > 0 && !(publisher || place) {
                weight -= 0.5 * f32::from(marks);
            }
        }
        Tail::Day => {
            // `A Portrait of the Artist, ECFR, London, 5 September 2024`
            let body = (right..right_end).any(|t| cue::is_publishing(line.word(t)) && line.capital(t))
                || right_end - right == 1
                    && line.token(right).len() > 2
                    && line.token(right).chars().all(char::is_uppercase);
            weight += if placed && body && words <= 5 { 1.3 } else { 0.0 };
            weight += if periodical { 1.0 } else { 0.2 };
            weight += if is_place_piece(line, right, right_end) { 1.5 } else { 0.0 };
            // `Slow First, Fast Later: Evidence from a Winter of Delays (2 February 2015)`
            let subtitled = words > 5 && (right..right_end).any(|t| line.is_mark(t, &[':']));
            weight -= if subtitled && !periodical { 1.0 } else { 0.0 };
            weight -= 0.7 * f32::from(sentences) + 0.4 * f32::from(marks);
            if words <= 5 {
                weight += 0.4;
            }
        }
        Tail::Rest => {
            weight += if publisher {
                2.3
            } else if place {
                0.8
            } else {
                0.0
            };
            weight += if periodical { 0.5 } else { 0.0 };
            weight += if is_publishing_place(line, right, tail) { 1.8 } else { 0.0 };
            weight -= 0.6 * f32::from(sentences) + 0.4 * f32::from(marks);
        }
    }
    weight
}

/// `Soveria Mannelli, Rubbettino`: two short names, of which one will be the place and one the
/// publisher.
fn is_pair(line: &Line, from: usize, to: usize) -> bool {
    let Some(comma) = (from..to).find(|t| line.is_mark(*t, &[','])) else { return false };
    let name = |from: usize, to: usize| {
        (1..=4).contains(&(to - from))
            && (from..to).all(|t| {
                line.capital(t)
                    || cue::is_particle(line.word(t)) && t + 1 < to
                    || line.is_mark(t, &['&', '.', '/', '-'])
            })
            && !(from..to).any(|t| cue::is_publishing(line.word(t)) || cue::is_periodical(line.word(t)))
    };
    comma + 1 < to && name(from, comma) && name(comma + 1, to)
}

fn weigh_alone(kind: Tail) -> f32 {
    match kind {
        Tail::Article => -1.8,
        Tail::In => 1.5,
        _ => 0.2,
    }
}

pub(super) fn title_words(line: &Line, from: usize, to: usize) -> usize {
    (from..to)
        .filter(|t| matches!(line.kind(*t), Some(Kind::Word | Kind::Quoted | Kind::Group | Kind::Number)))
        .count()
}
