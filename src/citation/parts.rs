//! Pieces that a citation of any style may hold: laws, places, years in brackets, *in*.

use std::ops::Range;

use super::cue;
use super::token::{Kind, Line};

/// Is this piece a law, a treaty, a judgment: something that has a name but no author?
pub(super) fn is_law(line: &Line, from: usize, end: usize) -> bool {
    let body = (from..end)
        .rev()
        .find(|t| line.is_word(*t))
        .is_some_and(|t| cue::is_body(line.word(t)) || cue::is_periodical(line.word(t)));
    // `Bill Clinton` is no bill.
    let person = |t: usize| line.word(t) == "bill" && line.capital(t + 1) && line.token(t + 1).len() > 1;
    let law = |t: usize| line.capital(t) && cue::is_law(line.word(t)) && !person(t);
    // `Law Commission`
    let commission = body && line.word(from) == "law";
    law(from) && !commission || !body && (from..end).any(law) || case_name(line, from, end)
}

/// `Balfour v. Balfour`
pub(super) fn case_name(line: &Line, from: usize, to: usize) -> bool {
    (from + 1..to.min(from + 9)).any(|t| {
        matches!(line.word(t), "v" | "vs" | "c")
            && line.small(t)
            && (line.is_mark(t + 1, &['.']) || line.word(t) != "c")
            && (line.capital(t - 1) || line.is_mark(t - 1, &['.', ')']))
            && line.capital(if line.is_mark(t + 1, &['.']) { t + 2 } else { t + 1 })
    })
}

/// `(2011)`, `(2015, Aug 6)`, `[1919]`, `(in press)`: a bracket that holds a date and little else.
pub(super) fn is_dated_group(line: &Line, at: usize) -> bool {
    if line.kind(at) != Some(Kind::Group) {
        return false;
    }
    let inside = line.inside(at);
    if let Some(date) = line.dates_in(at).next() {
        let date = &line.dates[date];
        return inside.len() <= date.range.len() + 8;
    }
    matches!(
        inside.to_ascii_lowercase().as_str(),
        "in press"
            | "forthcoming"
            | "n.d."
            | "n. d."
            | "s. d."
            | "s. f."
            | "s.f."
            | "o. d."
            | "sans date"
            | "senza data"
            | "sin fecha"
            | "in preparation"
            | "in corso di stampa"
            | "en prensa"
            | "im erscheinen"
            | "n.d"
            | "s.d."
            | "o. j."
            | "o.j."
            | "to appear"
            | "im druck"
            | "undated"
    )
}

/// `n.d.`, `s.d.`, `o. J.`, `N.p.`: no date, no place.
pub(super) fn is_unknown(line: &Line, at: usize) -> bool {
    let second = line.word(at + 2);
    line.is_mark(at + 1, &['.'])
        && line.is_mark(at + 3, &['.'])
        && match line.word(at) {
            "n" => matches!(second, "d" | "p"),
            "s" => matches!(second, "d" | "a" | "l"),
            "o" => matches!(second, "j" | "o" | "d" | "s"),
            _ => false,
        }
}

/// Does the text say in the tokens `from..to` that its source has no date, or none yet?
pub(super) fn says_undated(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| {
        let opens = t > 0 && line.is_mark(t - 1, &[',', '.', ';', ':']);
        let bracket = is_dated_group(line, t) && line.dates_in(t).next().is_none();
        bracket
            || opens
                && (line.word(t) == "forthcoming"
                    || is_unknown(line, t)
                    || [
                        "in press",
                        "to appear",
                        "im erscheinen",
                        "in corso di pubblicazione",
                        "a paraitre",
                        "en prensa",
                    ]
                    .iter()
                    .any(|words| line.phrase(t, words).is_some()))
    })
}

pub(super) fn is_bare_year(line: &Line, date: usize) -> bool {
    line.dates[date].date.month.is_none() && line.dates[date].end.is_none()
}

/// `(2014, August 16)`
pub(super) fn is_day_in_brackets(line: &Line, at: usize) -> bool {
    is_dated_group(line, at)
        && line.dates_in(at).next().is_some_and(|date| line.dates[date].date.day.is_some())
}

/// A day, not inside a bracket.
pub(super) fn is_day(line: &Line, at: usize) -> bool {
    matches!(line.kind(at), Some(Kind::Date(date)) if line.dates[date].date.day.is_some())
}

pub(super) fn skip_marks(line: &Line, at: usize, to: usize) -> usize {
    (at..to).find(|t| !line.is_mark(*t, &[',', '.', ':', ';', '-', '–', '—', '|'])).unwrap_or(to)
}

/// `Brussels`, `Brussels/Paris`, `New York`, `Frankfurt am Main`: cities and what goes with them, not
/// `Washington Summit`.
pub(super) fn is_place_piece(line: &Line, from: usize, end: usize) -> bool {
    let fits = |t: usize| match line.kind(t) {
        Some(Kind::Word) => {
            line.capital(t) && is_city(line.word(t))
                || cue::goes_with_place(line.word(t))
                // `Cambridge/Hoboken`
                || line.capital(t) && (line.is_mark(t + 1, &['/']) || t > from && line.is_mark(t - 1, &['/']))
        }
        Some(Kind::Mark(c)) => matches!(c, '/' | '-' | '–' | '.' | '&'),
        _ => false,
    };
    end > from && end - from <= 7 && (from..end).any(|t| is_city(line.word(t))) && (from..end).all(fits)
}

/// `Harbour Board of Lindby, Receipts, Lindby, 1951`: before the year stands a name that is part of the
/// body's.
pub(super) fn is_seat(line: &Line, body: Range<usize>, at: usize, end: usize) -> bool {
    end == at + 1
        && line.capital(at)
        && matches!(line.kind(skip_marks(line, end, line.len())), Some(Kind::Date(_)))
        && body.into_iter().any(|t| line.is_word(t) && line.word(t) == line.word(at))
}

/// `Dordrecht: D. Reidel`
pub(super) fn is_publishing_place(line: &Line, at: usize, to: usize) -> bool {
    let end = (at..to.min(at + 9)).find(|t| {
        line.is_mark(*t, &[':'])
            || line.ends_sentence(*t)
            || matches!(line.kind(*t), Some(Kind::Date(_) | Kind::Link(_) | Kind::Quoted | Kind::Number))
    });
    end.is_some_and(|end| {
        line.is_mark(end, &[':'])
            && end > at
            && (line.capital(end + 1) || cue::is_particle(line.word(end + 1)) && line.capital(end + 2))
            && (at..end).all(|t| {
                line.capital(t)
                    || line.is_mark(t, &[',', '.', ';', '/', '-'])
                    || line.kind(t) == Some(Kind::Group)
                    || cue::one_of(line.word(t), "and de la am et")
            })
            && ((at..end).any(|t| cue::is_place(line.word(t)))
                // `Garden City, N.Y.: Doubleday`
                || end > at + 4 && line.is_mark(end - 1, &['.']) && line.is_initial(end - 2) && line.is_initial(end - 4)
                || end - at <= 4
                    && end + 1 < to
                    && (end + 1..to.min(end + 6)).any(|t| cue::is_publishing(line.word(t))))
    })
}

/// `Paper presented at`, `Poster session presented at`, `Presentation to the`
pub(super) fn is_presented(line: &Line, at: usize) -> bool {
    cue::one_of(line.word(at), "paper poster presentation talk lecture keynote speech presented")
        && (at + 1..at + 4).any(|t| cue::one_of(line.word(t), "presented at to delivered given"))
        && (at + 1..at + 3).all(|t| line.small(t))
}

/// `in`, `In:`, `dans` before the work that holds the source: where the work starts.
pub(super) fn is_in(line: &Line, at: usize, to: usize) -> Option<usize> {
    let end = line.any_phrase(at, &cue::IN)?;
    let end = if line.is_mark(end, &[':', ',']) && end + 1 < to { end + 1 } else { end };
    // `In In Proceedings of …`
    let end = if line.token(at) == "In" && line.token(end) == "In" { end + 1 } else { end };
    let ordinal = line.is_word(end) && line.token(end).starts_with(|c: char| c.is_ascii_digit());
    let next_is_name = line.capital(end)
        || ordinal && line.capital(end + 1)
        || matches!(line.kind(end), Some(Kind::Quoted | Kind::Number))
        || line.token(end).starts_with('@')
        || cue::one_of(line.word(end), "the id ibid von van de eds ed le la il")
        || line.kind(end) == Some(Kind::Date(0))
        // `en taz, 3 de mayo de 2021`
        || line.is_mark(end + 1, &[',']) && matches!(line.kind(end + 2), Some(Kind::Date(d)) if line.dates[d].date.day.is_some());
    (end < to && next_is_name).then_some(end)
}

/// A city, or cities joined by a hyphen: `Roma-Bari`.
fn is_city(word: &str) -> bool {
    cue::is_place(word) || word.contains('-') && word.split('-').all(cue::is_place)
}
