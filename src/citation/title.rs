//! Where the title of a citation starts and ends.
//!
//! Most notes put it between quotation marks. Without them the end has to be found: every comma and
//! full stop that could be the end is weighed by what it leaves on both sides (see [`weigh`]).

use std::ops::Range;

use super::author::{self, Names, Trust};
use super::cue;
use super::token::{Kind, Line};
use super::web::Web;

/// The head of a citation: who, sometimes when, and where the title starts.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) names: Option<Names>,
    /// A date between authors and title, as author-year styles have it.
    pub(super) date: Option<usize>,
    /// First token of the title.
    pub(super) title: usize,
    pub(super) quoted: bool,
    /// Authors and title are joined by a comma.
    pub(super) comma: bool,
    /// Text before the authors that is no part of the citation.
    pub(super) skipped: usize,
}

/// Reads authors and date up to the title.
pub(super) fn head(line: &Line, from: usize, to: usize, web: &Web) -> Head {
    let stop = web.first.max(from);
    let quote = (from..stop).find(|t| line.kind(*t) == Some(Kind::Quoted)).filter(|q| stands_free(line, from, *q));
    let dated = (from..stop.min(from + 120)).find(|t| is_dated_group(line, *t));
    if let Some(quote) = quote {
        if let Some(head) = before_quote(line, from, quote) {
            return head;
        }
        if !(dated.is_some_and(|d| d < quote)) && !reads_as_list(line, from, quote) {
            return after_comment(line, from, quote);
        }
    }
    // `Baker, J. W. (2011). Conditional …`
    if let Some(dated) = dated.filter(|d| *d > from)
        && let Some(names) = author::all(line, from, dated).or_else(|| short_body(line, from, dated))
        && (line.is_mark(dated + 1, &['.', ',', ':']) || dated + 1 >= to || !matches!(line.kind(dated + 1), Some(Kind::Mark(_))))
        && (names.trust > Trust::Weak || from + 1 == dated)
        && !case_name(line, from, dated)
        && title_follows(line, dated + 1, stop)
    {
        let comma = line.is_mark(dated + 1, &[',']);
        let date = line.dates_in(dated).next();
        return Head { names: Some(names), date, title: skip_marks(line, dated + 1, to), quoted: false, comma, skipped: from };
    }
    if case_name(line, from, stop) {
        return Head { title: from, comma: true, skipped: from, ..Head::default() };
    }
    let Some(names) = author::list(line, from, stop) else {
        return unsigned(line, from, stop);
    };
    listed(line, from, to, stop, names)
}

fn listed(line: &Line, from: usize, to: usize, stop: usize, names: Names) -> Head {
    let next = names.next;
    if names.names.len() == 1 && names.trust < Trust::Strong && is_law(line, from, next) {
        return unsigned(line, from, stop);
    }
    let after = skip_marks(line, next, to);
    // `Jusczyk, Peter W. 1993. Infants …`, `Moloney, A., 2015a.`
    if let Some(Kind::Date(date)) = line.kind(after)
        && after < stop
        && (is_bare_year(line, date) || line.is_mark(after + 1, &[',']))
        && (names.trust > Trust::Weak || from + 1 == next)
        && !line.is_mark(after + 1, &['-', '–'])
        && after + 1 < stop
    {
        let title = skip_marks(line, after + 1, to);
        let comma = line.is_mark(after + 1, &[',']);
        return Head { names: Some(names), date: Some(date), title, quoted: line.kind(title) == Some(Kind::Quoted), comma, skipped: from };
    }
    let delimiter = (next..after).rev().find_map(|t| match line.kind(t) {
        Some(Kind::Mark(c)) => Some(c),
        _ => None,
    });
    let dotted = delimiter == Some('.') || next > 0 && line.is_mark(next - 1, &['.']) && line.may_end_sentence(next - 1);
    let comma = delimiter == Some(',');
    let joined = comma || dotted || matches!(delimiter, Some(':' | ';')) || names.editors;
    let rest_is_title = after < stop && starts_title(line, after);
    let sure = match names.trust {
        Trust::Strong => joined || line.kind(after) == Some(Kind::Quoted),
        Trust::Fair => joined && rest_is_title,
        Trust::Weak => joined && rest_is_title && comma && single_is_author(line, from, after, stop),
    };
    if sure && (rest_is_title || after >= stop || names.editors) {
        return Head { names: Some(names), title: after, comma, skipped: from, ..Head::default() };
    }
    unsigned(line, from, stop)
}

/// After `(2011)` in author-year styles comes the title; after `Title (1948)` come pages or nothing.
fn title_follows(line: &Line, at: usize, stop: usize) -> bool {
    let start = skip_marks(line, at, stop);
    if start >= stop || !starts_title(line, start) {
        return false;
    }
    let words = (start..stop.min(start + 12)).filter(|t| line.is_word(*t) && !(cue::is_tail(line.word(*t)) && line.small(*t))).count();
    match line.kind(start) {
        Some(Kind::Number | Kind::Date(_)) => words >= 2 && line.is_word(start + 1),
        Some(Kind::Quoted) => true,
        _ => words >= 1,
    }
}

/// One family name alone is taken for an author only where a longer title follows.
fn single_is_author(line: &Line, from: usize, after: usize, stop: usize) -> bool {
    let word = line.word(from);
    !cue::is_body(word)
        && !cue::is_law(word)
        && !cue::is_place(word)
        && !cue::is_periodical(word)
        && title_words(line, after, piece_end(line, after, stop)) >= 2
}

fn starts_title(line: &Line, at: usize) -> bool {
    match line.kind(at) {
        Some(Kind::Word) => line.token(at).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && !(cue::is_tail(line.word(at)) && (line.is_mark(at + 1, &['.']) || line.kind(at + 1) == Some(Kind::Number))) || !line.token(at).is_ascii() && line.small(at),
        Some(Kind::Quoted | Kind::Number | Kind::Date(_) | Kind::Mark('¿' | '¡' | '#' | '…')) => true,
        Some(Kind::Group) => line.token(at).starts_with('['),
        _ => false,
    }
}

/// Without a person at the head: a body before the title, or the title itself.
fn unsigned(line: &Line, from: usize, stop: usize) -> Head {
    let none = Head { title: from, comma: true, skipped: from, ..Head::default() };
    let end = piece_end(line, from, stop);
    let delimiter = line.kind(end);
    if end >= stop || is_law(line, from, end) {
        return none;
    }
    let dotted = line.is_mark(end, &['.']);
    let after = skip_marks(line, end, stop);
    let colon = (from..end).find(|t| line.is_mark(*t, &[':']) && line.spaced(*t + 1));
    if let Some(colon) = colon
        && author::is_body(line, from, colon)
        && colon - from <= 6
        && title_words(line, colon + 1, end) >= 2
    {
        return head_of_body(line, from, colon, colon + 1, false);
    }
    if after >= stop || !starts_title(line, after) || !matches!(delimiter, Some(Kind::Mark(',' | '.'))) || colon.is_some() {
        return none;
    }
    let next_end = piece_end(line, after, stop);
    let next_words = title_words(line, after, next_end);
    let words = title_words(line, from, end);
    let is_tail_piece = next_words == 0 || is_place_piece(line, after, next_end) || dotted && is_publishing_place(line, after, stop);
    if is_tail_piece || words > 12 {
        return none;
    }
    if author::is_body(line, from, end) && (next_words >= 2 || dotted) {
        // `U.S. Department of the Interior, National Park Service. (1998)`
        let (mut end, mut after) = (end, after);
        if !dotted && author::is_body(line, after, next_end) && line.is_mark(next_end, &['.']) && next_end + 1 < stop {
            end = next_end;
            after = skip_marks(line, next_end, stop);
        }
        return head_of_body(line, from, end, after, !dotted);
    }
    none
}

fn head_of_body(line: &Line, from: usize, end: usize, title: usize, comma: bool) -> Head {
    let names = Names { names: vec![line.span(from..end)], next: end, editors: false, trust: Trust::Fair };
    Head { names: Some(names), title, comma, skipped: from, ..Head::default() }
}

/// Is this piece a law, a treaty, a judgment: something that has a name but no author?
pub(super) fn is_law(line: &Line, from: usize, end: usize) -> bool {
    let body = (from..end).rev().find(|t| line.is_word(*t)).is_some_and(|t| cue::is_body(line.word(t)) || cue::is_periodical(line.word(t)));
    !body && (from..end).any(|t| cue::is_law(line.word(t)) && line.capital(t)) || case_name(line, from, end)
}

/// `Balfour v. Balfour`
pub(super) fn case_name(line: &Line, from: usize, to: usize) -> bool {
    (from + 1..to.min(from + 9)).any(|t| {
        matches!(line.word(t), "v" | "vs" | "c") && line.small(t) && (line.is_mark(t + 1, &['.']) || line.word(t) != "c") && (line.capital(t - 1) || line.is_mark(t - 1, &['.', ')'])) && line.capital(if line.is_mark(t + 1, &['.']) { t + 2 } else { t + 1 })
    })
}

/// A quoted title follows a mark, a bracket, a date, names or a signal word; a quotation after any
/// other word is part of something longer.
fn stands_free(line: &Line, from: usize, quote: usize) -> bool {
    let Some(before) = quote.checked_sub(1).filter(|b| *b >= from) else { return true };
    if !line.is_word(before) {
        return true;
    }
    line.capital(before) && author::all(line, from, quote).is_some()
        || (from..quote).rev().take(4).any(|t| line.any_phrase(t, &cue::SIGNALS) == Some(quote))
}

/// Is there a clean list of names at the start, with the quotation inside the title after it?
fn reads_as_list(line: &Line, from: usize, quote: usize) -> bool {
    let Some(names) = author::list(line, from, quote) else { return false };
    let after = skip_marks(line, names.next, quote);
    names.trust >= Trust::Fair && after > names.next && after < quote && !line.is_mark(quote - 1, &[',', ':', '.']) && starts_title(line, after)
}

/// Everything before a quoted title is authors and perhaps a year.
fn before_quote(line: &Line, from: usize, quote: usize) -> Option<Head> {
    let mut end = quote;
    while end > from && line.is_mark(end - 1, &[',', '.', ':', ';', '—', '–', '-']) && !(line.is_mark(end - 1, &['.']) && end >= 2 && line.is_initial(end - 2)) {
        end -= 1;
    }
    let mut head = Head { title: quote, quoted: true, comma: true, skipped: from, ..Head::default() };
    if end > from {
        match line.kind(end - 1) {
            Some(Kind::Date(date)) if line.dates[date].end.is_none() => {
                head.date = Some(date);
                end -= 1;
            }
            Some(Kind::Group) if is_dated_group(line, end - 1) => {
                head.date = line.dates_in(end - 1).next();
                end -= 1;
            }
            _ => {}
        }
    }
    if end == from {
        return (end == quote || head.date.is_some() || quote == from).then_some(head);
    }
    head.names = Some(author::all(line, from, end).or_else(|| plain_name(line, from, end, quote))?);
    Some(head)
}

/// Before a quoted title and a comma even a name that says nothing of itself is the author, as long
/// as it is short and has no word of a sentence.
fn plain_name(line: &Line, from: usize, end: usize, quote: usize) -> Option<Names> {
    let words = (from..end).filter(|t| line.is_word(*t)).count();
    let plain = (from..end).all(|t| match line.kind(t) {
        Some(Kind::Word) => !line.small(t) || cue::is_particle(line.word(t)) || matches!(line.word(t), "of" | "the" | "for" | "and"),
        Some(Kind::Mark(c)) => matches!(c, '.' | '&' | '-' | '/' | '\'' | '’'),
        Some(Kind::Group) => line.dates_in(t).next().is_none(),
        Some(Kind::Number) => true,
        _ => false,
    });
    let marked = end < quote;
    let capital = line.capital(from);
    let signal = line.any_phrase(from, &cue::SIGNALS).is_some_and(|e| e == end);
    (plain && marked && capital && words <= 7 && !signal).then(|| Names { names: vec![line.span(from..end)], next: end, editors: false, trust: Trust::Fair })
}

/// A comment leads up to the quoted title: names are what follows its last signal word or colon.
fn after_comment(line: &Line, from: usize, quote: usize) -> Head {
    for at in (from..quote).rev().take(24) {
        let start = if line.is_mark(at, &[':']) || matches!(line.word(at), "see" | "by" | "also" | "cf" | "siehe" | "vgl" | "voir" | "vedi" | "veda" | "per" | "von" | "di") && line.is_word(at) {
            at + 1
        } else {
            continue;
        };
        let start = if line.is_mark(start, &['.', ',']) { start + 1 } else { start };
        if let Some(head) = before_quote(line, start, quote) {
            return Head { skipped: start, ..head };
        }
        break;
    }
    Head { title: quote, quoted: true, comma: true, skipped: quote, ..Head::default() }
}

/// `CBC News. (2014, Oct 21).`: before a year in brackets a few words are a body whatever they are.
fn short_body(line: &Line, from: usize, dated: usize) -> Option<Names> {
    let mut end = dated;
    while end > from && line.is_mark(end - 1, &['.', ',']) {
        end -= 1;
    }
    let words = (from..end).filter(|t| line.is_word(*t)).count();
    let whole = (from..end).all(|t| !line.ends_sentence(t) && !matches!(line.kind(t), Some(Kind::Quoted | Kind::Mark(',' | ':' | ';' | '?'))));
    let names = words > 0 && words <= 4 && (from..end).all(|t| !line.small(t) || cue::is_particle(line.word(t)) || matches!(line.word(t), "of" | "the" | "for"));
    (names && whole && line.capital(from) && !is_law(line, from, end)).then(|| Names { names: vec![line.span(from..end)], next: end, editors: false, trust: Trust::Fair })
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
    matches!(inside.to_ascii_lowercase().as_str(), "in press" | "forthcoming" | "n.d." | "n.d" | "s.d." | "o. j." | "o.j." | "to appear" | "im druck" | "undated")
}

pub(super) fn is_bare_year(line: &Line, date: usize) -> bool {
    line.dates[date].date.month.is_none() && line.dates[date].end.is_none()
}

pub(super) fn skip_marks(line: &Line, at: usize, to: usize) -> usize {
    (at..to).find(|t| !line.is_mark(*t, &[',', '.', ':', ';', '-', '–', '—', '|'])).unwrap_or(to)
}

/// The end of the piece that starts at `at`: its comma or the end of its sentence.
fn piece_end(line: &Line, at: usize, to: usize) -> usize {
    (at..to).find(|t| line.is_mark(*t, &[',', ';']) || line.ends_sentence(*t)).unwrap_or(to)
}

fn title_words(line: &Line, from: usize, to: usize) -> usize {
    (from..to).filter(|t| matches!(line.kind(*t), Some(Kind::Word | Kind::Quoted | Kind::Group | Kind::Number))).count()
}

/// `Brussels`, `Brussels/Paris`, `New York`, `Frankfurt am Main`: cities and what goes with them, not
/// `Washington Summit`.
pub(super) fn is_place_piece(line: &Line, from: usize, end: usize) -> bool {
    let fits = |t: usize| match line.kind(t) {
        Some(Kind::Word) => line.capital(t) && cue::is_place(line.word(t)) || cue::goes_with_place(line.word(t)),
        Some(Kind::Mark(c)) => matches!(c, '/' | '-' | '–' | '.' | '&'),
        _ => false,
    };
    end > from && end - from <= 7 && (from..end).any(|t| cue::is_place(line.word(t))) && (from..end).all(fits)
}

/// `Dordrecht: D. Reidel`
pub(super) fn is_publishing_place(line: &Line, at: usize, to: usize) -> bool {
    let end = (at..to.min(at + 9)).find(|t| line.is_mark(*t, &[':']) || line.ends_sentence(*t) || matches!(line.kind(*t), Some(Kind::Date(_) | Kind::Link(_) | Kind::Quoted | Kind::Number)));
    end.is_some_and(|end| line.is_mark(end, &[':']) && end > at && line.capital(end + 1) && (at..end).all(|t| line.capital(t) || line.is_mark(t, &[',', '.', ';', '/', '-']) || line.kind(t) == Some(Kind::Group) || matches!(line.word(t), "and" | "de" | "la" | "am" | "et"))
        && ((at..end).any(|t| cue::is_place(line.word(t))) || end - at <= 4 && end + 1 < to && (end + 1..to.min(end + 6)).any(|t| cue::is_publishing(line.word(t)))))
}

/// An unquoted title: its tokens, and where the rest of the citation starts.
pub(super) fn unquoted(line: &Line, head: &Head, to: usize, web: &Web, from: usize) -> (Range<usize>, usize) {
    let start = head.title;
    let tail = tail_start(line, start, to, web, from);
    let mut best = (tail, weigh(line, start, tail, tail, to, head.comma));
    for at in start + 1..tail {
        let sentence = line.ends_sentence(at);
        let comma = line.is_mark(at, &[',']) && line.spaced(at + 1);
        if !sentence && !comma {
            continue;
        }
        let weight = weigh(line, start, at, tail, to, head.comma);
        if weight > best.1 + 0.01 {
            best = (at, weight);
        }
    }
    let end = if line.is_mark(best.0, &['?', '!', '…']) && best.0 < to { best.0 + 1 } else { best.0 };
    (start..end, end)
}

/// The first token after the start that cannot belong to title or container.
pub(super) fn tail_start(line: &Line, start: usize, to: usize, web: &Web, from: usize) -> usize {
    let mut at = start;
    while at < to {
        if web.has(at - from) {
            return at;
        }
        let opens = at > start && (matches!(line.kind(at - 1), Some(Kind::Mark(',' | '.' | ';' | ':' | '?' | '!'))));
        let stop = match line.kind(at) {
            Some(Kind::Word) if opens => {
                is_in(line, at, to).is_some()
                    || cue::is_tail(line.word(at)) && line.spaced(at) && (line.is_mark(at + 1, &['.']) || matches!(line.kind(at + 1), Some(Kind::Number | Kind::Date(_))) || edited_by(line, at) || line.small(at))
                    || is_ordinal_edition(line, at)
                    || is_unpublished(line, at)
            }
            Some(Kind::Word) if at > start => is_in(line, at, to).is_some_and(|_| line.is_mark(at + 1, &[':']) || (line.capital(at) && matches!(line.kind(at - 1), Some(Kind::Quoted)))) || is_volume_word(line, at),
            Some(Kind::Date(_)) if opens && is_span_of_years(line, at, to) => false,
            Some(Kind::Date(date)) => at > start && (opens || is_bare_year(line, date) && cue::is_law(line.word(at - 1)) && line.capital(at - 1) && !line.is_word(at + 1) || line.kind(at + 1) == Some(Kind::Mark(',')) && !is_bare_year(line, date) || at + 1 >= to || is_bare_year(line, date) && line.is_mark(at + 1, &[',', '.', ';', ':']) && (at + 2 >= to || matches!(line.kind(at + 2), Some(Kind::Number | Kind::Link(_))) || line.is_mark(at + 2, &['.']))),
            Some(Kind::Number) => at > start && (is_volume(line, at, to, opens) || line.capital(at + 1) && case_name(line, start, at)),
            Some(Kind::Group) => at > start && is_tail_group(line, at, to),
            _ => false,
        };
        if stop {
            return at;
        }
        at += 1;
    }
    to
}

/// `PhD thesis`, `Technical Report`, `to appear`, `Paper presented at`: the kind of a text that no
/// journal and no book holds.
fn is_unpublished(line: &Line, at: usize) -> bool {
    let next = if line.is_mark(at + 1, &['.']) { at + 2 } else { at + 1 };
    match line.word(at) {
        "phd" | "thesis" | "dissertation" | "unpublished" | "projektarbeit" | "diplomarbeit" | "diss" => true,
        "ph" => line.word(next) == "d",
        "master's" | "master’s" | "masters" | "doctoral" | "diploma" | "ma" | "msc" | "bachelor's" => matches!(line.word(next), "thesis" | "dissertation" | "diss"),
        "technical" | "tech" | "research" => matches!(line.word(next), "report" | "rep" | "rpt" | "memo" | "summary" | "memorandum"),
        "to" | "in" => line.small(at) && matches!(line.word(next), "appear" | "press" | "preparation"),
        "personal" => line.word(next) == "communication",
        "preprint" | "manuscript" => !line.is_word(next),
        _ => is_presented(line, at),
    }
}

/// `Paper presented at`, `Poster session presented at`, `Presentation to the`
pub(super) fn is_presented(line: &Line, at: usize) -> bool {
    matches!(line.word(at), "paper" | "poster" | "presentation" | "talk" | "lecture" | "keynote" | "speech" | "presented")
        && (at + 1..at + 4).any(|t| matches!(line.word(t), "presented" | "at" | "to" | "delivered" | "given"))
        && (at + 1..at + 3).all(|t| line.small(t))
}

/// `The Transformation of American Law, 1780–1860 (1977)`: years that the title speaks of, when the
/// date of the source comes after them.
fn is_span_of_years(line: &Line, at: usize, to: usize) -> bool {
    let dash = |t: usize| line.is_mark(t, &['-', '–', '—']);
    let spans = dash(at + 1) && matches!(line.kind(at + 2), Some(Kind::Date(_) | Kind::Number)) && !line.spaced(at + 1);
    let range = matches!(line.kind(at), Some(Kind::Date(d)) if line.dates[d].end.is_some() && line.dates[d].date.month.is_none());
    let after = if spans { at + 3 } else { at + 1 };
    (spans || range) && (after..to.min(after + 40)).any(|t| matches!(line.kind(t), Some(Kind::Date(_))) || line.kind(t) == Some(Kind::Group) && line.dates_in(t).next().is_some())
}

fn edited_by(line: &Line, at: usize) -> bool {
    matches!(line.word(at + 1), "by" | "von" | "par" | "da" | "di")
}

fn is_ordinal_edition(line: &Line, at: usize) -> bool {
    (line.token(at).starts_with(|c: char| c.is_ascii_digit()) || matches!(line.word(at), "second" | "third" | "revised" | "first" | "fourth" | "fifth" | "new" | "rev" | "reprint" | "reprinted" | "dvd"))
        && (matches!(line.word(at + 1), "ed" | "edn" | "edition" | "rev" | "revised" | "printing"))
}

fn is_volume_word(line: &Line, at: usize) -> bool {
    matches!(line.word(at), "vol" | "volume" | "bd" | "pp" | "pages" | "jg" | "tome")
        && (matches!(line.kind(at + 1), Some(Kind::Number)) || line.is_mark(at + 1, &['.']) && matches!(line.kind(at + 2), Some(Kind::Number | Kind::Date(_))) || matches!(line.kind(at + 2), Some(Kind::Number)) && line.is_mark(at + 1, &[':']))
}

/// A number that is a volume or a page: after a mark, or with an issue, a year, a colon behind it.
fn is_volume(line: &Line, at: usize, to: usize, opens: bool) -> bool {
    let next = at + 1;
    if next >= to {
        return true;
    }
    match line.kind(next) {
        Some(Kind::Group) => {
            let inside = line.inside(next);
            inside.starts_with(|c: char| c.is_ascii_digit()) || line.dates_in(next).next().is_some()
        }
        Some(Kind::Mark(':')) => matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_))) || line.token(next + 1).starts_with(['e', 'p', 'E', 'R']),
        Some(Kind::Mark(',')) => matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_) | Kind::Group)) || cue::is_tail(line.word(next + 1)),
        Some(Kind::Mark('.' | ';')) => next + 1 >= to || opens || matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_))),
        Some(Kind::Mark('-' | '–' | '—' | '/' | '−')) => opens && matches!(line.kind(next + 1), Some(Kind::Number)),
        Some(Kind::Number) => true,
        Some(Kind::Word) => cue::is_tail(line.word(next)) && line.word(next).len() < 6 && (line.is_mark(next + 1, &['.']) || matches!(line.kind(next + 1), Some(Kind::Number))),
        Some(Kind::Date(_)) => opens,
        _ => false,
    }
}

/// A bracket with a date, pages or an edition.
fn is_tail_group(line: &Line, at: usize, to: usize) -> bool {
    let inside = line.inside(at);
    let dated = line.dates_in(at).last().is_some_and(|d| {
        let end = line.dates[d].range.end;
        line.tokens[at].range.end - end <= 8
    });
    if dated {
        return true;
    }
    if line.token(at).starts_with('[') {
        return !inside.contains(' ') || inside.starts_with(char::is_lowercase) || at + 1 >= to;
    }
    let first = crate::fold::fold(inside);
    let first = first.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let edition = inside.contains("ed.") || inside.contains("edn") || inside.contains("Aufl") || inside.contains("Vol") || inside.contains("vol");
    edition && inside.contains(|c: char| c.is_ascii_digit()) || matches!(first, "pp" | "p" | "pages" | "vol" | "trans" | "ed" | "eds" | "hrsg" | "hg" | "forthcoming" | "no" | "s" | "phd" | "doctoral")
}

/// `in`, `In:`, `dans` before the work that holds the source: where the work starts.
pub(super) fn is_in(line: &Line, at: usize, to: usize) -> Option<usize> {
    let end = line.any_phrase(at, &cue::IN)?;
    let end = if line.is_mark(end, &[':', ',']) && end + 1 < to { end + 1 } else { end };
    let next_is_name = line.capital(end) || matches!(line.kind(end), Some(Kind::Quoted | Kind::Number)) || line.token(end).starts_with('@') || matches!(line.word(end), "the" | "id" | "ibid" | "von" | "van" | "de" | "eds" | "ed" | "le" | "la" | "il") || line.kind(end) == Some(Kind::Date(0));
    (end < to && next_is_name).then_some(end)
}

/// How well the title would end at `end`, with title and container together ending at `tail`.
///
/// The figures say no more than which evidence outweighs which; they were set on labelled
/// references.
fn weigh(line: &Line, start: usize, end: usize, tail: usize, to: usize, comma_style: bool) -> f32 {
    let left = title_words(line, start, end);
    if left == 0 {
        return -9.0;
    }
    let mut weight = match left {
        1 => -1.2,
        2 => -0.3,
        _ => 0.0,
    };
    let kind = Tail::at(line, tail, to);
    if end >= tail {
        return weight
            + match kind {
                Tail::Article => -1.8,
                Tail::In | Tail::Edition => 2.2,
                Tail::BracketYear => 1.2,
                Tail::Day => 0.9,
                Tail::Year => 0.4,
                Tail::Rest => 0.9,
            };
    }
    let right = skip_marks(line, end, tail);
    let right_end = (right..tail).rev().find(|t| !matches!(line.kind(*t), Some(Kind::Mark(',' | '.' | ';' | ':')))).map_or(right, |t| t + 1);
    // A place behind the container says that the container ended before it.
    let mut right_end = right_end;
    let mut placed = false;
    if let Some(comma) = (right + 1..right_end).rev().find(|t| line.is_mark(*t, &[',']))
        && is_place_piece(line, comma + 1, right_end)
    {
        (right_end, placed) = (comma, true);
    }
    if right >= right_end {
        return weight + if line.is_mark(end, &[',']) && !comma_style { 1.0 } else { 1.4 } + weigh_alone(kind);
    }
    weight += if line.is_mark(end, &['.']) {
        if comma_style { 1.6 } else { 2.2 }
    } else if line.is_mark(end, &['?', '!']) {
        1.6
    } else if comma_style {
        0.5
    } else {
        -0.9
    };
    let (mut words, mut capitals, mut smalls, mut marks, mut sentences, mut dotted) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    let (mut periodical, mut publisher, mut place) = (false, false, false);
    for t in right..right_end {
        match line.kind(t) {
            Some(Kind::Word) => {
                words += 1;
                let word = line.word(t);
                periodical |= cue::is_periodical(word) && (line.capital(t) || words > 1);
                publisher |= cue::is_publishing(word) && line.capital(t);
                place |= cue::is_place(word) && line.capital(t);
                if line.small(t) && !cue::is_particle(word) && !matches!(word, "of" | "the" | "and" | "for" | "on" | "in" | "fur" | "to" | "sur" | "dei" | "per" | "at") {
                    smalls += 1;
                } else {
                    capitals += 1;
                }
                dotted += u32::from(line.is_mark(t + 1, &['.']) && t + 1 < right_end);
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
    if line.small(right) {
        weight -= 3.0;
    }
    if placed {
        weight += 0.8;
    }
    let first_piece = (right..tail).find(|t| line.is_mark(*t, &[',', ':'])).unwrap_or(tail);
    if line.is_mark(end, &[',']) && first_piece < tail && is_place_piece(line, right, first_piece) {
        weight += 2.5;
    }
    let share = smalls as f32 / words as f32;
    weight += if smalls == 0 { 0.9 } else { -1.6 * share };
    let _ = capitals;
    if words > 12 {
        weight -= 1.0;
    }
    match kind {
        Tail::Article => {
            weight += 1.0;
            weight += if periodical { 1.4 } else { 0.0 };
            weight += if dotted > 0 { 0.9 } else { 0.0 };
            weight -= 0.9 * sentences.saturating_sub(u32::from(dotted > 1)) as f32;
            weight -= 0.5 * marks as f32;
            if words <= 4 {
                weight += 0.4;
            }
        }
        Tail::Year | Tail::BracketYear | Tail::Edition | Tail::In => {
            weight += if publisher || place { 1.2 } else { 0.0 };
            weight += if periodical { 0.7 } else { 0.0 };
            weight += if is_publishing_place(line, right, tail) { 1.8 } else { 0.0 };
            weight -= 0.3 * sentences as f32;
            if kind == Tail::BracketYear || kind == Tail::In {
                weight -= 0.8;
            }
            if marks > 0 && !(publisher || place) {
                weight -= 0.5 * marks as f32;
            }
        }
        Tail::Day => {
            weight += if periodical { 1.0 } else { 0.2 };
            weight += if is_place_piece(line, right, right_end) { 1.5 } else { 0.0 };
            weight -= 0.7 * sentences as f32 + 0.4 * marks as f32;
            if words <= 5 {
                weight += 0.4;
            }
        }
        Tail::Rest => {
            weight += if publisher { 2.3 } else if place { 0.8 } else { 0.0 };
            weight += if periodical { 0.5 } else { 0.0 };
            weight += if is_publishing_place(line, right, tail) { 1.8 } else { 0.0 };
            weight -= 0.6 * sentences as f32 + 0.4 * marks as f32;
        }
    }
    weight
}

fn weigh_alone(kind: Tail) -> f32 {
    match kind {
        Tail::Article => -1.8,
        Tail::In => 1.5,
        _ => 0.2,
    }
}

/// What the citation goes on with after title and container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Volume, issue, pages.
    Article,
    /// `In …`
    In,
    /// `2nd ed.`, `trans.`, `ed. by`
    Edition,
    /// `(1993)`
    BracketYear,
    /// `1993`
    Year,
    /// A month or a day.
    Day,
    /// A URL, or nothing.
    Rest,
}

impl Tail {
    pub(super) fn at(line: &Line, at: usize, to: usize) -> Self {
        if at >= to {
            return Tail::Rest;
        }
        let pages = |from: usize| {
            (from..to.min(from + 14)).any(|t| {
                line.kind(t) == Some(Kind::Number) && (line.is_mark(t + 1, &['-', '–', '—', '−', ':']) || line.is_mark(t.wrapping_sub(1), &[':']) || line.kind(t + 1) == Some(Kind::Group) || line.is_mark(t + 1, &[',', '.']) && matches!(line.kind(t + 2), Some(Kind::Number)) && line.is_mark(t.wrapping_sub(1), &[','])) || matches!(line.word(t), "vol" | "no" | "pp" | "volume" | "number" | "issue" | "pages" | "bd" | "jg" | "heft" | "n") && t < from + 8 && !matches!(line.kind(t + 1), Some(Kind::Word))
            })
        };
        match line.kind(at) {
            Some(Kind::Number) => Tail::Article,
            Some(Kind::Word) if matches!(line.word(at), "to" | "in") && is_unpublished(line, at) => Tail::Article,
            Some(Kind::Word) if is_in(line, at, to).is_some() => Tail::In,
            Some(Kind::Word) if matches!(line.word(at), "vol" | "vols" | "volume" | "no" | "nr" | "n" | "pp" | "p" | "pages" | "bd" | "jg" | "heft" | "issue" | "fasc" | "tome" | "num") => Tail::Article,
            Some(Kind::Word) if line.any_phrase(at, &cue::LEAD_INS).is_some() || line.any_phrase(at, &cue::ACCESS).is_some() => Tail::Rest,
            Some(Kind::Word) => Tail::Edition,
            Some(Kind::Date(date)) if is_bare_year(line, date) => if pages(at + 1) { Tail::Article } else { Tail::Year },
            Some(Kind::Date(_)) => if pages(at + 1) { Tail::Article } else { Tail::Day },
            Some(Kind::Group) => match line.dates_in(at).last() {
                Some(date) if is_dated_group(line, at) && !is_bare_year(line, date) => if pages(at + 1) { Tail::Article } else { Tail::Day },
                Some(_) => if pages(at + 1) && is_dated_group(line, at) { Tail::Article } else { Tail::BracketYear },
                None => Tail::Edition,
            },
            _ => Tail::Rest,
        }
    }
}
