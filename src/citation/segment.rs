//! One note, several citations: where each begins and ends.
//!
//! A note is first cut wherever a citation could end: at semicolons, at the ends of sentences,
//! before *see also*. Then the chunks are put together again where one citation was cut in two,
//! because many styles put full stops inside a citation.

use std::ops::Range;

use super::author::{self, Trust};
use super::cue;
use super::parts;
use super::token::{Kind, Line};

/// The tokens of each citation or comment, in order.
pub(super) fn segments(line: &Line) -> Vec<Range<usize>> {
    /// No citation has more tokens; each chunk asks for all of those before it.
    const LONGEST: usize = 1_000;
    let mut joined: Vec<Range<usize>> = Vec::new();
    for chunk in chunks(line) {
        match joined.last_mut() {
            Some(last) if last.len() < LONGEST && belongs_to(line, last, &chunk.tokens, chunk.cut) => {
                last.end = chunk.tokens.end;
            }
            _ => joined.push(chunk.tokens),
        }
    }
    joined
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Semicolon,
    Sentence,
    Bracket,
    /// *see also*, *and “…”*: certainly something new.
    Signal,
}

struct Chunk {
    tokens: Range<usize>,
    /// What stands before it.
    cut: Cut,
}

fn chunks(line: &Line) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut cut = Cut::Signal;
    let mut at = 0;
    while at < line.len() {
        let next = match line.kind(at) {
            Some(Kind::Mark(';')) => Some((at + 1, Cut::Semicolon)),
            Some(Kind::Mark('(' | ')' | '[' | ']')) => Some((at + 1, Cut::Bracket)),
            Some(Kind::Mark('—' | '–' | '-'))
                if line.spaced(at) && line.spaced(at + 1) && opens_signal(line, at + 1) =>
            {
                Some((at + 1, Cut::Signal))
            }
            Some(Kind::Mark('—' | '–' | '-'))
                if at > start
                    && line.spaced(at)
                    && line.capital(at + 1)
                    && line.spaced(at + 1)
                    && matches!(
                        line.kind(at - 1),
                        Some(Kind::Number | Kind::Group | Kind::Mark('.') | Kind::Link(_))
                    )
                    && (line.kind(at - 1) != Some(Kind::Group)
                        || starts_with_names(line, &(at + 1..line.len())))
                    && is_full_or_back(line, start, at) =>
            {
                Some((at + 1, Cut::Signal))
            }
            Some(Kind::Mark(',' | ':')) if at > start && line.small(at + 1) && opens_signal(line, at + 1) => {
                Some((at + 1, Cut::Signal))
            }
            Some(Kind::Word) if at > start && line.small(at) && is_inner_signal(line, at) => {
                Some((at, Cut::Signal))
            }
            Some(Kind::Mark('.'))
                if line.capital(at + 1)
                    && line.spaced(at + 1)
                    && at > start
                    && opens_signal(line, at + 1) =>
            {
                Some((at + 1, Cut::Signal))
            }
            Some(Kind::Mark(_)) if line.ends_sentence(at) => Some((at + 1, Cut::Sentence)),
            Some(Kind::Word) if at > start && is_new_after_and(line, start, at) => {
                Some((at + 1, Cut::Signal))
            }
            _ => None,
        };
        if let Some((end, kind)) = next {
            if end > start {
                chunks.push(Chunk { tokens: start..end, cut });
            }
            start = end;
            cut = if kind == Cut::Sentence && opens_signal(line, end) { Cut::Signal } else { kind };
        }
        at += 1;
    }
    if start < line.len() {
        chunks.push(Chunk { tokens: start..line.len(), cut });
    }
    chunks
}

fn opens_signal(line: &Line, at: usize) -> bool {
    line.any_phrase(at, &cue::STRONG_SIGNALS).is_some_and(|end| {
        // `See https://…` leads to the URL of the same source.
        let end = if line.is_mark(end, &['.', ',', ':']) { end + 1 } else { end };
        !matches!(line.kind(end), Some(Kind::Link(_) | Kind::Mark('<')))
    })
}

fn is_full_or_back(line: &Line, from: usize, to: usize) -> bool {
    is_full(line, from, to) || is_back_reference(line, &(from..to))
}

/// `Zum Begriff des Rechts vgl. Luhmann`: a signal in the middle of a sentence, with a name or a
/// quotation after it. *See* is too common a word for that.
fn is_inner_signal(line: &Line, at: usize) -> bool {
    if cue::one_of(line.word(at), "etwa naher sowie ferner") && line.capital(at + 1) {
        return author::list(line, at + 1, line.len()).is_some_and(|n| {
            line.is_mark(n.next, &[',']) && line.capital(n.next + 1) || line.kind(n.next) == Some(Kind::Group)
        });
    }
    if !cue::one_of(line.word(at), "siehe vgl cf cfr vedi voir vease") {
        return false;
    }
    let Some(end) = line.any_phrase(at, &cue::STRONG_SIGNALS) else { return false };
    let end = if line.is_mark(end, &['.', ':', ',']) { end + 1 } else { end };
    line.capital(end) || line.kind(end) == Some(Kind::Quoted)
}

/// A link or a date is there: the citation could be complete.
fn is_full(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| {
        matches!(line.kind(t), Some(Kind::Link(_) | Kind::Date(_)))
            || line.kind(t) == Some(Kind::Group) && line.dates_in(t).next().is_some()
    })
}

pub(super) fn has_link(line: &Line, range: &Range<usize>) -> bool {
    range.clone().any(|t| match line.kind(t) {
        Some(Kind::Link(_)) => true,
        Some(Kind::Group) => line.links_in(t).next().is_some(),
        _ => false,
    })
}

/// Is there a signal word inside, where a title has none?
pub(super) fn has_signal(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| line.small(t) && cue::one_of(line.word(t), "vgl siehe cfr cf vedi"))
}

fn has_quote(line: &Line, range: &Range<usize>) -> bool {
    range.clone().any(|t| line.kind(t) == Some(Kind::Quoted))
}

/// `‘A’ in X (1995) and ‘B’ (1996)`: another quoted title after a complete citation.
fn is_new_after_and(line: &Line, start: usize, at: usize) -> bool {
    // `…, https://a.example/b, and Marta Roth, “Title”`
    let linked = || {
        let comma = at > 0 && line.is_mark(at - 1, &[',']);
        let link = |before: usize| matches!(line.kind(before), Some(Kind::Link(_)));
        at.checked_sub(1 + usize::from(comma)).is_some_and(link)
            && starts_with_names(line, &(at + 1..line.len()))
    };
    author::is_and(line, at)
        && (linked() || line.kind(at + 1) == Some(Kind::Quoted))
        && (has_quote(line, &(start..at)) || linked())
        && is_full(line, start, at)
}

/// Is the chunk the rest of the citation before it?
fn belongs_to(line: &Line, before: &Range<usize>, chunk: &Range<usize>, cut: Cut) -> bool {
    if matches!(cut, Cut::Signal | Cut::Bracket) {
        return false;
    }
    // `Is your harbour safe?` `(2014, August 16).` `The Gazette.`
    let day = |t: usize| parts::is_day_in_brackets(line, t) && line.is_mark(t + 1, &['.']);
    if cut == Cut::Sentence
        && (day(chunk.start) && !closes(line, before)
            || before.len() > 2
                && day(before.end - 2)
                && line.is_mark(before.end - 3, &['.', '?', '!'])
                && !closes(line, &(before.start..before.end - 2)))
    {
        return true;
    }
    if is_tail_only(line, chunk) {
        return !is_comment(line, before)
            || has_link(line, chunk) && cut == Cut::Sentence && !has_link(line, before);
    }
    if has_link(line, before) {
        return false;
    }
    let from = after_signal(line, before.start, before.end);
    if cut == Cut::Semicolon {
        // `Rowe, W. F.; Duerst, R. W.`: authors joined by semicolons.
        let names = author::list(line, from, before.end);
        return !is_full(line, before.start, before.end)
            && !has_quote(line, before)
            && names.is_some_and(|n| n.next + 1 >= before.end && n.trust >= Trust::Strong);
    }
    // A full stop inside a citation: authors, then title, then the rest.
    if author_year_ends(line, from, before.end) || inverted_names_only(line, from, before.end) {
        return true;
    }
    if is_back_reference(line, before) || is_comment(line, before) || is_prose(line, chunk) {
        return false;
    }
    if !closes(line, before) {
        return true;
    }
    if has_quote(line, before) && has_quote(line, chunk) {
        return false;
    }
    // `Birch, H. (2009).` `Title.` `Publisher.` goes on until there is something that closes it.
    let head_only = author_year_only(line, from, before.end);
    head_only
        || has_link(line, chunk) && !starts_with_names(line, chunk)
        || !has_quote(line, chunk)
            && !starts_with_names(line, chunk)
            && is_full(line, chunk.start, chunk.end)
            && !ends_with_date(line, before)
}

/// A link is there, or a date that stands by itself: `The 2015 Crisis` only has one in its words.
fn closes(line: &Line, range: &Range<usize>) -> bool {
    range.clone().any(|t| match line.kind(t) {
        Some(Kind::Link(_)) => true,
        Some(Kind::Date(date)) => {
            !(parts::is_bare_year(line, date)
                && t > range.start
                && line.is_word(t - 1)
                && line.is_word(t + 1))
        }
        Some(Kind::Group) => line.dates_in(t).next().is_some(),
        _ => false,
    })
}

fn ends_with_date(line: &Line, range: &Range<usize>) -> bool {
    (range.start..range.end).rev().take(3).any(|t| {
        matches!(line.kind(t), Some(Kind::Date(_)))
            && !(t > range.start && (line.small(t - 1) || line.is_mark(t - 1, &['-', '–'])))
            || parts::is_dated_group(line, t)
    })
}

fn starts_with_names(line: &Line, range: &Range<usize>) -> bool {
    let from = after_signal(line, range.start, range.end);
    author::list(line, from, range.end).is_some_and(|n| {
        n.trust >= Trust::Fair
            && n.next < range.end
            && (line.is_mark(n.next, &[',', '.', ':'])
                || line.is_mark(n.next - 1, &['.'])
                || matches!(line.kind(n.next), Some(Kind::Quoted | Kind::Group)))
    })
}

/// `Birch, H. (2009).`, whether or not a title follows.
fn author_year_only(line: &Line, from: usize, to: usize) -> bool {
    author_year(line, from, to).is_some()
}

/// `Birch, H. (2009).` and nothing behind it: the title is still to come.
fn author_year_ends(line: &Line, from: usize, to: usize) -> bool {
    author_year(line, from, to)
        .is_some_and(|dated| (dated + 1..to).all(|t| matches!(line.kind(t), Some(Kind::Mark(_)))))
}

/// `Alcaro, Chidi.`: names as only lists of references and their styles write them.
fn inverted_names_only(line: &Line, from: usize, to: usize) -> bool {
    author::list(line, from, to).is_some_and(|names| {
        names.trust >= Trust::Fair
            && (names.next..to).all(|t| matches!(line.kind(t), Some(Kind::Mark(_))))
            && names.each.first().is_some_and(|name| line.text[name.clone()].contains(','))
    })
}

/// The year after a clean list of authors.
fn author_year(line: &Line, from: usize, to: usize) -> Option<usize> {
    let dated = (from..to)
        .find(|t| parts::is_dated_group(line, *t) || matches!(line.kind(*t), Some(Kind::Date(_))))?;
    (dated > from && (author::all(line, from, dated).is_some() || is_handle(line, from, dated)))
        .then_some(dated)
}

/// `Lindby36`: a name as sites give them to their users.
fn is_handle(line: &Line, from: usize, to: usize) -> bool {
    let name = line.slice(from..to).trim_end();
    line.is_word(from) && !name.contains(' ') && name.contains(|c: char| c.is_ascii_digit())
}

/// Nothing but links, dates, pages and the words that go with them.
fn is_tail_only(line: &Line, chunk: &Range<usize>) -> bool {
    let web = super::web::Web::of(line, chunk.start, chunk.end);
    let mut free = 0;
    for at in chunk.clone() {
        if web.has(at - chunk.start) {
            continue;
        }
        match line.kind(at) {
            Some(Kind::Word) => {
                let word = line.word(at);
                if !(cue::is_tail(word)
                    || cue::one_of(word, "pmc pmid bibcode s2cid oclc lccn jstor issn isbn asin zbl mr")
                    || cue::one_of(
                        word,
                        "archived pdf html on at from the print web last updated modified original",
                    ))
                {
                    free += 1;
                }
            }
            Some(Kind::Quoted) => return false,
            _ => {}
        }
    }
    free == 0 || free <= 2 && has_link(line, chunk) && !line.capital(chunk.start)
}

fn is_back_reference(line: &Line, range: &Range<usize>) -> bool {
    !super::back::find(line, range.start, range.end).is_empty()
}

/// Prose: several small words in a row as only sentences have them, and no source in it.
pub(super) fn is_comment(line: &Line, range: &Range<usize>) -> bool {
    !has_link(line, range) && is_prose(line, range)
}

pub(super) fn is_prose(line: &Line, range: &Range<usize>) -> bool {
    let from = after_signal(line, range.start, range.end);
    if has_quote(line, range) && (line.kind(from) == Some(Kind::Quoted) || starts_with_names(line, range)) {
        return false;
    }
    let verbs = range.clone().filter(|t| line.small(*t) && is_verb(line.word(*t))).count();
    // Volume and pages are no words of a sentence.
    let counts = |t: usize| line.is_word(t) && !(cue::is_tail(line.word(t)) && numbered(line, t));
    let small = range.clone().filter(|t| line.small(*t) && counts(*t)).count();
    let words = range.clone().filter(|t| counts(*t)).count();
    let names = starts_with_names(line, range);
    let dated = is_full(line, range.start, range.end);
    verbs >= 1 && small * 2 > words && words >= 4 && !(names && dated)
        || verbs >= 2 && !names
        || small * 4 > words * 3 && words > 4 && !names && !has_volume(line, range)
}

/// `16(1)`, `12, 301–322`: numbers as journals have them.
fn has_volume(line: &Line, range: &Range<usize>) -> bool {
    range.clone().any(|t| {
        line.kind(t) == Some(Kind::Number)
            && (line.kind(t + 1) == Some(Kind::Group)
                && line.inside(t + 1).starts_with(|c: char| c.is_ascii_digit())
                || line.is_mark(t + 1, &['-', '–']) && line.kind(t + 2) == Some(Kind::Number))
    })
}

fn numbered(line: &Line, at: usize) -> bool {
    line.is_mark(at + 1, &['.']) || line.kind(at + 1) == Some(Kind::Number)
}

/// Finite verbs and pronouns of a sentence; titles have few of them.
fn is_verb(word: &str) -> bool {
    cue::one_of(
        word,
        "is are was were has have had will would can could should this these that which it i we they he she been be not did does do ist sind war waren hat haben wird werden wurde wurden dass nicht sich dies diese kann e' sono era erano ha hanno questo questa non che si viene est sont etait ont ce cette qui ne pas es son fue han esta este que se",
    )
}

/// The first token after the signals at the start of a chunk (*See also, for example,*).
pub(super) fn after_signal(line: &Line, from: usize, to: usize) -> usize {
    let mut at = from;
    for _ in 0..4 {
        while at < to
            && (line.is_mark(at, &[',', ';', '.', ':', '—', '–', '-', '(', '•', '*', '→', '['])
                || at > from && line.is_mark(at, &[')']))
        {
            at += 1;
        }
        let Some(end) = line.any_phrase(at, &cue::SIGNALS).filter(|end| *end < to) else { break };
        // `In Bruges, …`, `V. Smith`, `S. Walby`, `So You Think …`: a signal only where it reads as one.
        let single = end == at + 1;
        let word = line.word(at);
        let doubtful = single
            && cue::one_of(
                word,
                "in from by and or so v s per also source sources following especially notably auch etwa ver se por anders compare vid contra accord",
            );
        let dot = line.is_mark(end, &['.', ':', ',']);
        let initial = line.is_initial(at) && dot;
        let content = line.capital(end)
            || matches!(line.kind(end), Some(Kind::Quoted | Kind::Link(_) | Kind::Mark(_) | Kind::Group))
            || line.token(end).starts_with('@')
            || line.any_phrase(end, &cue::SIGNALS).is_some()
            || cue::is_particle(line.word(end));
        let named = doubtful
            && author::list(line, end, to).is_some_and(|n| {
                (n.trust >= Trust::Fair
                    || line.kind(n.next) == Some(Kind::Group) && !parts::is_dated_group(line, n.next))
                    && (line.is_mark(n.next, &[',', ':'])
                        || line.kind(n.next) == Some(Kind::Quoted)
                        || line.kind(n.next) == Some(Kind::Group))
            });
        if initial
            || doubtful && !named && !(line.small(at) || dot && !matches!(word, "so" | "in") || at > from)
            || !content && single && !cue::one_of(word, "see siehe vgl cfr cf voir vedi vease")
        {
            break;
        }
        at = end;
    }
    while at < to && line.is_mark(at, &[',', ';', '.', ':']) {
        at += 1;
    }
    after_lead(line, at, to).unwrap_or(at)
}

/// `For an overview see Roth, …`, `As argued in Roth, …`, `On the origins of the crisis: Roth, …`: a
/// comment that leads up to names. Where they start.
fn after_lead(line: &Line, from: usize, to: usize) -> Option<usize> {
    const LONGEST: usize = 16;
    let opens = line.capital(from)
        && cue::one_of(
            line.word(from),
            "for on as the in this these a an more full per sul sulla sui sulle sullo pour sur zu zur zum fur uber para sobre quoted cited available details further",
        );
    if !opens {
        return None;
    }
    for at in from + 1..to.min(from + LONGEST) {
        let small = (from + 1..at).all(|t| !line.capital(t));
        let leads = match line.kind(at)? {
            Kind::Word if line.small(at) => {
                let word = line.word(at);
                let said = "argued quoted cited reported described available stated noted discussed explained found published shown citato citata cite zitiert citado";
                cue::one_of(word, "see cf vgl siehe voir vedi veda veanse vease")
                    || cue::one_of(word, "in by da von par por") && cue::one_of(line.word(at - 1), said)
            }
            Kind::Mark(':') => small && at > from + 2,
            Kind::Mark(',') | Kind::Word => false,
            _ => return None,
        };
        if !leads {
            continue;
        }
        let mut start = at + 1;
        while line.is_mark(start, &[',', '.', ':']) {
            start += 1;
        }
        let named = author::list(line, start, to).is_some_and(|n| {
            n.trust >= Trust::Fair
                && (line.is_mark(n.next, &[',', ':', '.'])
                    || line.is_mark(n.next - 1, &['.'])
                    || matches!(line.kind(n.next), Some(Kind::Quoted | Kind::Group)))
        });
        let comma = (start..to).find(|t| line.is_mark(*t, &[',']));
        let body = || comma.is_some_and(|comma| author::is_body(line, start, comma));
        let law = line.capital(start)
            && (cue::is_law(line.word(start))
                || line.word(start) == "case"
                || parts::case_name(line, start, to.min(start + 8)));
        if start < to && (named || body() || law) {
            return Some(start);
        }
    }
    None
}
