//! The head of a citation: who, sometimes when, and where the title starts.

use super::author::{self, Names, Trust};
use super::cue;
use super::given;
use super::parts::{
    self, case_name, is_bare_year, is_dated_group, is_day_in_brackets, is_law, is_place_piece,
    is_publishing_place, skip_marks,
};
use super::title::title_words;
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
    /// The title is that of a book, so that pages behind a year make no journal of the publisher.
    pub(super) book: bool,
    /// Text before the authors that is no part of the citation.
    pub(super) skipped: usize,
    /// Where the title ends, if that is certain.
    pub(super) ends: Option<usize>,
}

/// Reads authors and date up to the title.
pub(super) fn head(line: &Line, from: usize, to: usize, web: &Web) -> Head {
    let stop = web.first.max(from);
    let quote =
        (from..stop).find(|t| line.kind(*t) == Some(Kind::Quoted)).filter(|q| stands_free(line, from, *q));
    // `As Roth put it, “we wait”: “Speech on Harbours”, …`
    let quote = quote.map(|quote| {
        let second = quote + 2;
        let quotation = line.is_mark(quote + 1, &[':'])
            && line.kind(second) == Some(Kind::Quoted)
            && second < stop
            && before_quote(line, from, quote).is_none();
        if quotation { second } else { quote }
    });
    let quote = quote.filter(|q| !speaks_in_title(line, from, *q) && !behind_editors(line, from, *q));
    let dated = (from..stop.min(from + 120)).find(|t| is_dated_group(line, *t));
    if let Some(quote) = quote {
        if let Some(head) = before_quote(line, from, quote) {
            return head;
        }
        if dated.is_none_or(|d| d > quote) && !reads_as_list(line, from, quote) {
            return after_comment(line, from, quote);
        }
    }
    // `Baker, J. W. (2011). Conditional …`
    if let Some(dated) = dated.filter(|d| *d > from)
        && let Some(names) = author::all(line, from, dated).or_else(|| short_body(line, from, dated))
        && !(names.trust < Trust::Strong && is_headline(line, from, dated))
        && (line.is_mark(dated + 1, &['.', ',', ':'])
            || dated + 1 >= to
            || !matches!(line.kind(dated + 1), Some(Kind::Mark(_))))
        && (names.trust > Trust::Weak || names.next == from + 1)
        && !case_name(line, from, dated)
        && !(from + 1..dated).any(|t| {
            line.is_mark(t - 1, &[',']) && cue::is_law(line.word(t)) && line.kind(t + 1) == Some(Kind::Number)
        })
        && (title_follows(line, dated + 1, stop)
            || is_day_in_brackets(line, dated) && line.is_mark(dated + 1, &['.']))
    {
        let comma = line.is_mark(dated + 1, &[',']);
        let date = line.dates_in(dated).next();
        return Head {
            names: Some(names),
            date,
            title: skip_marks(line, dated + 1, to),
            quoted: false,
            comma,
            skipped: from,
            ..Head::default()
        };
    }
    // `o. V. (2014): Title`
    if let Some(dated) = dated
        && dated == from + 4
        && line.word(from) == "o"
        && matches!(line.word(from + 2), "a" | "v")
        && line.is_mark(from + 1, &['.'])
    {
        let title = skip_marks(line, dated + 1, to);
        return Head { date: line.dates_in(dated).next(), title, skipped: from, ..Head::default() };
    }
    if let Some(dated) = dated.filter(|d| is_headline(line, from, *d)) {
        return Head {
            date: line.dates_in(dated).next(),
            title: from,
            skipped: from,
            ends: Some(dated),
            ..Head::default()
        };
    }
    if case_name(line, from, stop) && !behind_names(line, from, stop) {
        return case(line, from, stop);
    }
    let Some(mut names) = author::list(line, from, stop) else {
        return unsigned(line, from, stop);
    };
    leave_a_title(line, stop, &mut names);
    listed(line, from, to, stop, names)
}

/// `Harbour v. Sea`; in `ECtHR, Harbour v. Italy`, the court stands before it.
fn case(line: &Line, from: usize, stop: usize) -> Head {
    let plain = Head { title: from, comma: true, skipped: from, ..Head::default() };
    let Some(comma) = (from..stop.min(from + 8)).find(|t| line.is_mark(*t, &[','])) else { return plain };
    let capitals = |t: usize| line.token(t).chars().filter(|c| c.is_uppercase()).count() >= 3;
    let court = author::is_body(line, from, comma) || comma == from + 1 && capitals(from);
    let inside = (from..comma).any(|t| matches!(line.word(t), "v" | "vs") && line.small(t));
    let cited = cue::one_of(line.word(from), "case cases joined") || cue::is_law(line.word(from));
    if court && !inside && !cited && line.capital(comma + 1) {
        return head_of_body(line, from, comma, comma + 1, true);
    }
    plain
}

/// `Marta Roth, Rethinking Harbours (Lindby: Harbour Press, 2017)`: two capitalised words may as well
/// be the title, and something has to be.
fn leave_a_title(line: &Line, stop: usize, names: &mut Names) {
    let [.., before, last] = names.each.as_slice() else { return };
    let at = |byte: usize| line.tokens.partition_point(|token| token.range.start < byte);
    let (last, before_end) = (at(last.start), at(before.end));
    let after = skip_marks(line, names.next, stop);
    let end = piece_end(line, after, stop);
    let untitled = matches!(line.kind(names.next), Some(Kind::Group)) && parts_publisher(line, names.next)
        || line.is_mark(names.next, &[','])
            && (is_place_piece(line, after, end) || matches!(line.kind(after), Some(Kind::Date(_))));
    if untitled && line.is_mark(last - 1, &[',']) && last > before_end && names.trust != Trust::Strong
        || untitled && line.is_mark(last - 1, &[',']) && (last..names.next).all(|t| line.is_word(t))
    {
        names.each.pop();
        names.next = before_end;
    } else if untitled && line.is_mark(last - 1, &['&']) | author::is_and(line, last - 1) {
        // `I. Roth, Harbour Cities and Commuting (Lindby: …)`: two names without initials behind one
        // that has them.
        let sure = |name: &&std::ops::Range<usize>| {
            let text = &line.text[(*name).clone()];
            let first = text.split(' ').next().unwrap_or_default();
            text.contains('.') || given::is_given(&crate::fold::fold(first))
        };
        let kept = names.each.iter().take_while(sure).count();
        if (1..names.each.len()).contains(&kept) && kept + 2 <= names.each.len() {
            names.each.truncate(kept);
            names.next = at(names.each[kept - 1].end);
        }
    }
}

/// `(Lindby: Harbour Press, 2017)`, `(Harbour Press 2017)`
fn parts_publisher(line: &Line, at: usize) -> bool {
    line.dates_in(at).next().is_some() && line.inside(at).starts_with(char::is_uppercase)
}

fn listed(line: &Line, from: usize, to: usize, stop: usize, names: Names) -> Head {
    let next = names.next;
    if names.each.len() == 1
        && names.trust < Trust::Strong
        && is_law(line, from, next)
        && !given::is_given(line.word(from))
    {
        return unsigned(line, from, stop);
    }
    let after = skip_marks(line, next, to);
    // `Jusczyk, Peter W. 1993. Infants …`, `Moloney, A., 2015a.`
    if let Some(Kind::Date(date)) = line.kind(after)
        && after < stop
        && skip_marks(line, after + 1, stop) < stop
        && (is_bare_year(line, date) || line.is_mark(after + 1, &[',']))
        && (names.trust > Trust::Weak || from + 1 == next)
        && !line.is_mark(after + 1, &['-', '–'])
        && !line.small(after + 1)
        && after + 1 < stop
        && !is_pages(line, skip_marks(line, after + 1, stop))
    {
        let title = skip_marks(line, after + 1, to);
        let comma = line.is_mark(after + 1, &[',']);
        return Head {
            names: Some(names),
            date: Some(date),
            title,
            quoted: line.kind(title) == Some(Kind::Quoted),
            comma,
            skipped: from,
            ..Head::default()
        };
    }
    let delimiter = (next..after).rev().find_map(|t| match line.kind(t) {
        Some(Kind::Mark(c)) => Some(c),
        _ => None,
    });
    let dotted = delimiter == Some('.')
        || next > 0 && line.is_mark(next - 1, &['.']) && line.may_end_sentence(next - 1);
    let comma = matches!(delimiter, Some(',' | ':'));
    let joined = comma || dotted || matches!(delimiter, Some(':' | ';')) || names.editors;
    // `Ohman, T. and Lorenz, C., preliminary studies of …`
    let plain = names.each.len() > 1 && author::is_and_list(line, from, next) && line.is_word(after);
    // `Marta Roth, post on X, 3 May 2021`
    let post = cue::one_of(line.word(after), "post tweet thread") && line.word(after + 1) == "on";
    let dated = matches!(line.kind(after), Some(Kind::Date(_))) && skip_marks(line, after + 1, stop) >= stop;
    let rest_is_title = after < stop
        && !dated
        && (starts_title(line, after) || post || plain && names.trust == Trust::Strong);
    let sure = match names.trust {
        Trust::Strong => joined || line.kind(after) == Some(Kind::Quoted),
        Trust::Fair => joined && rest_is_title,
        Trust::Weak => {
            joined && rest_is_title && delimiter == Some(',') && single_is_author(line, from, after, stop)
        }
    };
    if sure && (rest_is_title || after >= stop || names.editors) {
        return Head { names: Some(names), title: after, comma, skipped: from, ..Head::default() };
    }
    unsigned(line, from, stop)
}

/// `Is your data stored by law? (2014, August 16). The Gazette.`: where nobody signs, the title stands
/// in front of the day. It has words that no name has.
fn is_headline(line: &Line, from: usize, dated: usize) -> bool {
    let word = |t: usize| {
        line.small(t)
            && !cue::is_particle(line.word(t))
            && !cue::one_of(line.word(t), "and of the for in on et und y e al")
    };
    is_day_in_brackets(line, dated)
        && line.is_mark(dated + 1, &['.'])
        && line.is_mark(dated - 1, &['.', '?', '!'])
        && (from..dated).any(word)
        && !(from..dated)
            .any(|t| line.is_initial(t) && line.is_mark(t + 1, &['.']) && line.is_mark(t + 2, &[',']))
}

/// `Roth A, Ek B. Harbour v. Sea`, `Anna Roth, Harbour v. Sea`: the case is in a title behind names.
fn behind_names(line: &Line, from: usize, stop: usize) -> bool {
    author::list(line, from, stop).is_some_and(|names| {
        let initials = names.trust == Trust::Strong && line.is_mark(names.next - 1, &['.']);
        let given =
            line.is_mark(names.next, &[',']) && given::is_given(line.word(from)) && names.next > from + 1;
        (initials || given) && !(from..names.next).any(|t| matches!(line.word(t), "v" | "vs"))
    })
}

/// `vol. 763`, `p. 4`
fn is_pages(line: &Line, at: usize) -> bool {
    line.small(at) && cue::is_tail(line.word(at)) && line.is_mark(at + 1, &['.'])
}

/// After `(2011)` in author-year styles comes the title; after `Title (1948)` come pages or nothing.
fn title_follows(line: &Line, at: usize, stop: usize) -> bool {
    let start = skip_marks(line, at, stop);
    if start >= stop || !starts_title(line, start) {
        return false;
    }
    let words = (start..stop.min(start + 12))
        .filter(|t| line.is_word(*t) && !(cue::is_tail(line.word(*t)) && line.small(*t)))
        .count();
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
        Some(Kind::Word) => {
            line.token(at).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && !(cue::is_tail(line.word(at))
                    && (line.is_mark(at + 1, &['.']) || line.kind(at + 1) == Some(Kind::Number)))
                || !line.token(at).is_ascii() && line.small(at)
        }
        Some(Kind::Quoted | Kind::Number | Kind::Date(_) | Kind::Mark('¿' | '¡' | '#' | '…')) => true,
        Some(Kind::Group) => line.token(at).starts_with('['),
        _ => false,
    }
}

/// Without a person at the head: a body before the title, or the title itself.
fn unsigned(line: &Line, from: usize, stop: usize) -> Head {
    let end = piece_end(line, from, stop);
    let none = Head {
        title: from,
        comma: !(end < stop && line.is_mark(end, &['.'])),
        skipped: from,
        ..Head::default()
    };
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
        && (title_words(line, colon + 1, end) >= 2
            || line.capital(colon + 1) && matches!(line.kind(colon + 2), Some(Kind::Date(_))))
    {
        let editors = author::editor_mark(line, colon - 1, colon) == Some(colon);
        return head_of_body(line, from, colon - usize::from(editors), colon + 1, false);
    }
    if after >= stop
        || !starts_title(line, after)
        || !matches!(delimiter, Some(Kind::Mark(',' | '.')))
        || colon.is_some()
    {
        return none;
    }
    let next_end = piece_end(line, after, stop);
    let next_words = title_words(line, after, next_end);
    let words = title_words(line, from, end);
    let is_tail_piece = next_words == 0
        || is_place_piece(line, after, next_end)
        || dotted && is_publishing_place(line, after, stop);
    if is_tail_piece || words > 12 {
        return none;
    }
    // `Kremlin, Russia, Ukraine and the West, …`: a title of several pieces.
    let third = skip_marks(line, next_end, stop);
    let third_end = piece_end(line, third, stop);
    let several = title_words(line, third, third_end) >= 2
        && line.is_word(third)
        && !is_place_piece(line, third, third_end)
        || parts::is_seat(line, from..end, third, third_end);
    if author::is_body(line, from, end) && (next_words >= 2 || dotted || several) {
        // `U.S. Department of the Interior, National Park Service. (1998)`
        let (mut end, mut after) = (end, after);
        if !dotted
            && author::is_body(line, after, next_end)
            && line.is_mark(next_end, &['.'])
            && !line.is_initial(after)
            && next_end + 1 < stop
        {
            end = next_end;
            after = skip_marks(line, next_end, stop);
        }
        return head_of_body(line, from, end, after, !dotted);
    }
    none
}

fn head_of_body(line: &Line, from: usize, end: usize, title: usize, comma: bool) -> Head {
    let names = Names { each: vec![line.span(from..end)], next: end, editors: false, trust: Trust::Fair };
    Head { names: Some(names), title, comma, skipped: from, ..Head::default() }
}

/// A quoted title follows a mark, a bracket, a date, names or a signal word; a quotation after any
/// other word is part of something longer.
fn stands_free(line: &Line, from: usize, quote: usize) -> bool {
    let Some(before) = quote.checked_sub(1).filter(|b| *b >= from) else { return true };
    if !line.is_word(before) {
        return true;
    }
    let comma = (from..quote).any(|t| line.is_mark(t, &[',']));
    let names = || {
        if comma {
            author::list(line, from, quote).filter(|n| n.next >= quote)
        } else {
            author::all(line, from, quote)
        }
    };
    line.capital(before) && names().is_some()
        || (from..quote).rev().take(4).any(|t| line.any_phrase(t, &cue::SIGNALS) == Some(quote))
}

/// `J. Roth and A. Ek, Ferri: ‘We Need Tolls’, …`: the quotation is what somebody says in an unquoted
/// title. In `Roth: „Titel“` and `Roth, Ek: „Titel“` it is the title.
fn speaks_in_title(line: &Line, from: usize, quote: usize) -> bool {
    let Some(colon) = quote.checked_sub(1).filter(|c| *c > from && line.is_mark(*c, &[':'])) else {
        return false;
    };
    let Some(mark) = (from..colon).rev().find(|t| line.is_mark(*t, &[',']) || line.ends_sentence(*t)) else {
        return false;
    };
    let closed = (from..mark).any(|t| author::is_and(line, t) || line.is_mark(t, &['&']));
    let single = colon - mark == 2;
    let same = |names: Names| names.next >= mark && names.trust > Trust::Weak;
    let body = author::is_body(line, from, mark);
    // In `Karl Stern, Anna Ek: „Titel“` both are persons.
    let spoken = line.token(quote).starts_with(['‘', '\'']) && !given::is_given(line.word(mark + 1));
    (closed || single || body || spoken)
        && line.capital(mark + 1)
        && author::all(line, from, mark).is_some_and(same)
}

/// `Roth, Tolls, in A. Ek (ed.), Ferri: “We Need Them”`: the quotation is in the title of the book.
fn behind_editors(line: &Line, from: usize, quote: usize) -> bool {
    let work = (from + 1..quote)
        .find(|t| line.is_mark(*t - 1, &[',', '.']) && parts::is_in(line, *t, quote).is_some());
    work.is_some_and(|work| (work..quote).any(|t| author::editor_mark(line, t, quote).is_some()))
}

/// Is there a clean list of names at the start, with the quotation inside the title after it?
fn reads_as_list(line: &Line, from: usize, quote: usize) -> bool {
    let Some(names) = author::list(line, from, quote) else { return false };
    let after = skip_marks(line, names.next, quote);
    names.trust >= Trust::Fair
        && after > names.next
        && after < quote
        && (names.trust == Trust::Strong && quote - after > 3 || !line.is_mark(quote - 1, &[',', ':', '.']))
        && starts_title(line, after)
}

/// Everything before a quoted title is authors and perhaps a year.
fn before_quote(line: &Line, from: usize, quote: usize) -> Option<Head> {
    // `———. “Title”`: the same author as in the line above.
    let dashes =
        |names: &Names| names.each.len() == 1 && author::is_dashes(&line.text[names.each[0].clone()]);
    if let Some(names) = author::list(line, from, quote).filter(dashes)
        && skip_marks(line, names.next, quote) >= quote
    {
        return Some(Head {
            names: Some(names),
            title: quote,
            quoted: true,
            comma: true,
            skipped: from,
            ..Head::default()
        });
    }
    let mut end = quote;
    while end > from
        && line.is_mark(end - 1, &[',', '.', ':', ';', '—', '–', '-'])
        && !(line.is_mark(end - 1, &['.']) && end >= 2 && line.is_initial(end - 2))
    {
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
    // `Marta Roth on X: “…”`
    if end >= from + 3
        && line.word(end - 2) == "on"
        && line.small(end - 2)
        && cue::one_of(
            line.word(end - 1),
            "x twitter facebook telegram bluesky mastodon instagram linkedin threads youtube",
        )
        && let Some(names) = author::all(line, from, end - 2)
    {
        head.names = Some(names);
        return Some(head);
    }
    let names = author::all(line, from, end).or_else(|| plain_name(line, from, end, quote));
    head.names = Some(names.or_else(|| author::damaged(line, from, end))?);
    Some(head)
}

/// Before a quoted title and a comma even a name that says nothing of itself is the author, as long
/// as it is short and has no word of a sentence.
fn plain_name(line: &Line, from: usize, end: usize, quote: usize) -> Option<Names> {
    let words = (from..end).filter(|t| line.is_word(*t)).count();
    let plain = (from..end).all(|t| match line.kind(t) {
        Some(Kind::Word) => {
            !line.small(t) || cue::is_particle(line.word(t)) || cue::one_of(line.word(t), "of the for and")
        }
        Some(Kind::Mark(c)) => matches!(c, '.' | '&' | '-' | '/' | '\'' | '’'),
        Some(Kind::Group) => line.dates_in(t).next().is_none(),
        Some(Kind::Number) => true,
        _ => false,
    });
    let marked = end < quote;
    let capital = line.capital(from);
    let signal = line.any_phrase(from, &cue::SIGNALS).is_some_and(|e| e == end);
    (plain && marked && capital && words <= 7 && !signal).then(|| Names {
        each: vec![line.span(from..end)],
        next: end,
        editors: false,
        trust: Trust::Fair,
    })
}

/// A comment leads up to the quoted title: names are what follows its last signal word or colon.
fn after_comment(line: &Line, from: usize, quote: usize) -> Head {
    for at in (from..quote).rev().take(24) {
        let start = if line.is_mark(at, &[':'])
            || cue::one_of(line.word(at), "see by also cf siehe vgl voir vedi veda per von di")
                && line.is_word(at)
                && !(at > from
                    && (line.capital(at - 1) || line.is_mark(at - 1, &['.']))
                    && cue::is_particle(line.word(at)))
        {
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
    let whole = (from..end).all(|t| {
        !line.ends_sentence(t)
            && !matches!(line.kind(t), Some(Kind::Quoted | Kind::Mark(',' | ':' | ';' | '?')))
    });
    let names = words > 0
        && words <= 4
        && (from..end).all(|t| {
            !line.small(t)
                || cue::is_particle(line.word(t))
                || matches!(line.word(t), "of" | "the" | "for" | "and")
        });
    (names && whole && line.capital(from) && !is_law(line, from, end)).then(|| Names {
        each: vec![line.span(from..end)],
        next: end,
        editors: false,
        trust: Trust::Fair,
    })
}

/// The end of the piece that starts at `at`: its comma or the end of its sentence.
fn piece_end(line: &Line, at: usize, to: usize) -> usize {
    (at..to).find(|t| line.is_mark(*t, &[',', ';']) || line.ends_sentence(*t)).unwrap_or(to)
}
