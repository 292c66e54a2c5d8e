//! Where title and container end, and what follows them: volume and pages, a date, an edition.

use super::cue;
use super::parts::{
    case_name, is_bare_year, is_dated_group, is_in, is_presented, is_publishing_place, is_unknown,
};
use super::token::{Kind, Line};
use super::web::Web;

/// The first token after the start that cannot belong to title or container.
pub(super) fn tail_start(line: &Line, start: usize, to: usize, web: &Web, from: usize) -> usize {
    let mut at = start;
    while at < to {
        if web.has(at - from) {
            return at;
        }
        if at > start && (is_in_file_number(line, at) || is_version(line, at)) {
            at += 1;
            continue;
        }
        let opens =
            at > start && (matches!(line.kind(at - 1), Some(Kind::Mark(',' | '.' | ';' | ':' | '?' | '!'))));
        let stop = match line.kind(at) {
            Some(Kind::Word) if opens => {
                // `Brown v. Bd. of Educ.`
                let case = at >= 2 && line.word(at - 2) == "v" && line.small(at - 2);
                is_in(line, at, to).is_some()
                    || cue::is_tail(line.word(at))
                        && line.spaced(at)
                        && !case
                        && (line.is_mark(at + 1, &['.'])
                            || matches!(line.kind(at + 1), Some(Kind::Number | Kind::Date(_)))
                            || edited_by(line, at)
                            || line.small(at))
                    || line.small(at)
                        && cue::one_of(line.word(at), "updated published posted modified dated released last")
                        && (at + 1..at + 4).any(|t| matches!(line.kind(t), Some(Kind::Date(_))))
                    || is_ordinal_edition(line, at)
                    || is_unknown(line, at)
                    || is_gazette(line, at, start)
                    || is_unpublished(line, at)
            }
            // `ECLI:EU:C:2020:559`
            Some(Kind::Word) if at > start && is_ecli(line, at) => true,
            Some(Kind::Word) if at > start => {
                is_in(line, at, to).is_some_and(|_| {
                    line.is_mark(at + 1, &[':'])
                        || (line.capital(at) && matches!(line.kind(at - 1), Some(Kind::Quoted)))
                }) || is_volume_word(line, at)
            }
            // `Judgment of the Court of 4 October 2024`
            Some(Kind::Date(_)) if at > start && line.small(at - 1) && cue::is_law(line.word(start)) => false,
            Some(Kind::Date(_) | Kind::Number) if opens && is_span_of_years(line, at, to) => false,
            Some(Kind::Date(_) | Kind::Number)
                if at >= start + 3
                    && line.is_mark(at - 1, &['-', '–', '—'])
                    && line.is_mark(at - 3, &[','])
                    && is_span_of_years(line, at - 2, to) =>
            {
                false
            }
            // `Annual Report 2023, Brussels, 3 May 2024`, `Dues from April 2025, Rome, 3 May 2024`: the
            // date of the source comes behind.
            Some(Kind::Date(date))
                if at > start
                    && !opens
                    && (is_bare_year(line, date) || line.small(at - 1))
                    && day_follows(line, at, to) =>
            {
                false
            }
            Some(Kind::Date(date)) => {
                at > start
                    && (opens
                        || is_bare_year(line, date)
                            && cue::is_law(line.word(at - 1))
                            && line.capital(at - 1)
                            && !line.is_word(at + 1)
                        || line.kind(at + 1) == Some(Kind::Mark(',')) && !is_bare_year(line, date)
                        || at + 1 >= to
                        || is_bare_year(line, date)
                            && line.is_mark(at + 1, &[',', '.', ';', ':'])
                            && (at + 2 >= to
                                || matches!(line.kind(at + 2), Some(Kind::Number | Kind::Link(_)))
                                || cue::is_tail(line.word(at + 2))
                                || is_unknown(line, at + 2)
                                || line.is_mark(at + 2, &['.'])))
            }
            // `Author, Title, “Journal”, 45 (1950)`
            Some(Kind::Quoted) => opens && at > start + 1 && line.is_mark(at - 1, &[',']),
            Some(Kind::Number) => {
                at > start
                    && (opens || line.token(at).len() != 4 || !day_follows(line, at, to))
                    && (is_volume(line, at, to, opens)
                        || opens && is_reporter(line, at, to)
                        || line.capital(at + 1) && case_name(line, start, at))
            }
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

/// `Web 2.0`, `Haskell, version 1.2`
fn is_version(line: &Line, at: usize) -> bool {
    let number = |t: usize| line.kind(t) == Some(Kind::Number);
    if !number(at) {
        return false;
    }
    let of = |t: usize| cue::one_of(line.word(t), "web version release industry industrie");
    let first = at > 0 && of(at - 1) && line.is_mark(at + 1, &['.']) && !line.spaced(at + 2);
    let last = at > 2 && of(at - 3) && line.is_mark(at - 1, &['.']) && !line.spaced(at);
    first && number(at + 2) || last && number(at - 2)
}

/// `…, JORF n° 0177`, `…, BOE núm. 76`, `…, OJ L 277`: where a law was printed.
fn is_gazette(line: &Line, at: usize, start: usize) -> bool {
    line.word(at).len() <= 4
        && line.capital(at)
        && cue::one_of(line.word(at), "jorf boe bgbl oj ojeu doue abl")
        && (start..at).any(|t| cue::is_law(line.word(t)))
        && (line.is_word(at + 1) || line.is_mark(at + 1, &['.']) || line.kind(at + 1) == Some(Kind::Number))
}

/// Within the number of a resolution, a case, a document: `ES-11/7`, `n. 1/2014`, `COM(2023) 160`.
fn is_in_file_number(line: &Line, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    match line.kind(at) {
        Some(Kind::Number | Kind::Date(_)) => {
            let joints =
                if matches!(line.kind(at), Some(Kind::Number)) { &['/', '-', '_'][..] } else { &['/'] };
            let glued = |t: usize| t > 0 && !line.spaced(t);
            let joined = line.is_mark(before, joints)
                && glued(at)
                && glued(before)
                && matches!(line.kind(before - 1), Some(Kind::Word | Kind::Number));
            let sign = before - usize::from(before > 0 && line.is_mark(before, &['.', '°', 'º']));
            let filed = line.token(at).contains('/') && cue::one_of(line.word(sign), "n no nr");
            joined || filed || is_series(line, before)
        }
        Some(Kind::Group) => is_series(line, at),
        _ => false,
    }
}

/// `COM(2023)` before a number.
fn is_series(line: &Line, at: usize) -> bool {
    line.kind(at) == Some(Kind::Group)
        && line.token(at).starts_with('(')
        && !line.spaced(at)
        && line.kind(at + 1) == Some(Kind::Number)
        && at.checked_sub(1).is_some_and(|before| is_letters(line, before))
}

/// `COM`, `TA`: capitals that stand for a series of documents.
fn is_letters(line: &Line, at: usize) -> bool {
    line.is_word(at) && line.token(at).len() >= 2 && line.token(at).chars().all(char::is_uppercase)
}

/// `ECLI:EU:C:2020:559`, and as courts cite it, `EU:C:2020:559`.
fn is_ecli(line: &Line, at: usize) -> bool {
    cue::one_of(line.word(at), "ecli eu")
        && line.is_mark(at + 1, &[':'])
        && !line.spaced(at + 2)
        && line.capital(at + 2)
        && line.is_mark(at + 3, &[':'])
}

/// `111 Colum. L. Rev. 884`: volume, abbreviated journal, page.
pub(super) fn is_reporter(line: &Line, at: usize, to: usize) -> bool {
    let end = (at + 1..to.min(at + 14)).find(|t| {
        !(line.capital(*t)
            || line.is_mark(*t, &['.', '&', '\'', '’'])
            || cue::one_of(line.word(*t), "of the and on for"))
    });
    // `144 U. Pa. L. Rev. 2021, 2024 n.8 (1996)`: a page that looks like a year.
    let paged = |end: usize| {
        matches!(line.kind(end), Some(Kind::Date(date)) if is_bare_year(line, date))
            && line.is_mark(end - 1, &['.'])
            && (end + 1..to.min(end + 8)).any(|t| is_dated_group(line, t))
    };
    line.kind(at) == Some(Kind::Number)
        && end.is_some_and(|end| end > at + 1 && (line.kind(end) == Some(Kind::Number) || paged(end)))
}

/// `PhD thesis`, `Technical Report`, `to appear`, `Paper presented at`: the kind of a text that no
/// journal and no book holds.
fn is_unpublished(line: &Line, at: usize) -> bool {
    let next = if line.is_mark(at + 1, &['.']) { at + 2 } else { at + 1 };
    match line.word(at) {
        "phd" | "thesis" | "dissertation" | "unpublished" | "projektarbeit" | "diplomarbeit" | "diss" => true,
        "ph" => line.word(next) == "d",
        "master's" | "master’s" | "masters" | "doctoral" | "diploma" | "ma" | "msc" | "bachelor's" => {
            matches!(line.word(next), "thesis" | "dissertation" | "diss")
        }
        "technical" | "tech" | "research" => {
            cue::one_of(line.word(next), "report rep rpt memo summary memorandum")
        }
        "to" | "in" => line.small(at) && matches!(line.word(next), "appear" | "press" | "preparation"),
        "personal" => line.word(next) == "communication",
        "preprint" | "manuscript" => !line.is_word(next),
        "preliminary" | "first" => matches!(line.word(next), "draft" | "version"),
        _ => is_presented(line, at),
    }
}

/// After a year and a comma comes a date with its month, perhaps behind a place.
fn day_follows(line: &Line, year: usize, to: usize) -> bool {
    let dated = |t: usize| match line.kind(t) {
        Some(Kind::Date(date)) if t < to => line.dates[date].date.month.is_some(),
        _ => false,
    };
    line.is_mark(year + 1, &[','])
        && (dated(year + 2) || line.capital(year + 2) && line.is_mark(year + 3, &[',']) && dated(year + 4))
}

/// `The Transformation of American Law, 1780–1860 (1977)`: years that the title speaks of, when the
/// date of the source comes after them.
pub(super) fn is_span_of_years(line: &Line, at: usize, to: usize) -> bool {
    let dash = |t: usize| line.is_mark(t, &['-', '–', '—']);
    let spans = is_year(line, at)
        && dash(at + 1)
        && matches!(line.kind(at + 2), Some(Kind::Date(_) | Kind::Number))
        && !line.spaced(at + 1);
    let range = matches!(line.kind(at), Some(Kind::Date(d)) if line.dates[d].end.is_some() && line.dates[d].date.month.is_none());
    let after = if spans { at + 3 } else { at + 1 };
    (spans || range)
        && (after..to.min(after + 40)).any(|t| {
            matches!(line.kind(t), Some(Kind::Date(_)))
                || line.kind(t) == Some(Kind::Group) && line.dates_in(t).next().is_some()
        })
}

/// A year, also one before a hyphen, where it could be a page as well.
fn is_year(line: &Line, at: usize) -> bool {
    match line.kind(at) {
        Some(Kind::Date(date)) => is_bare_year(line, date),
        Some(Kind::Number) => line.token(at).len() == 4 && line.token(at).starts_with(['1', '2']),
        _ => false,
    }
}

fn edited_by(line: &Line, at: usize) -> bool {
    cue::one_of(line.word(at + 1), "by von par da di")
}

fn is_ordinal_edition(line: &Line, at: usize) -> bool {
    (line.token(at).starts_with(|c: char| c.is_ascii_digit())
        || cue::one_of(
            line.word(at),
            "second third revised first fourth fifth new rev reprint reprinted dvd updated expanded enlarged paperback",
        ))
        && (cue::one_of(line.word(at + 1), "ed edn edition rev revised printing"))
}

/// `v. 24`
pub(super) fn is_volume_letter(line: &Line, at: usize) -> bool {
    line.word(at) == "v"
        && line.small(at)
        && line.is_mark(at + 1, &['.'])
        && matches!(line.kind(at + 2), Some(Kind::Number))
}

fn is_volume_word(line: &Line, at: usize) -> bool {
    if is_volume_letter(line, at) {
        return true;
    }
    cue::one_of(line.word(at), "vol volume bd pp pages jg tome")
        && (matches!(line.kind(at + 1), Some(Kind::Number))
            || line.is_mark(at + 1, &['.'])
                && matches!(line.kind(at + 2), Some(Kind::Number | Kind::Date(_)))
            || matches!(line.kind(at + 2), Some(Kind::Number)) && line.is_mark(at + 1, &[':']))
}

/// A number that is a volume or a page: after a mark, or with an issue, a year, a colon behind it.
fn is_volume(line: &Line, at: usize, to: usize, opens: bool) -> bool {
    let next = at + 1;
    // `Resolution 2728 (2024)`
    if at > 0 && cue::is_law(line.word(at - 1)) && line.capital(at - 1) {
        return false;
    }
    if next >= to {
        return true;
    }
    // `40% Rise`
    if line.is_mark(next, &['%']) {
        return false;
    }
    match line.kind(next) {
        Some(Kind::Group) => {
            let inside = line.inside(next);
            inside.starts_with(|c: char| c.is_ascii_digit()) || line.dates_in(next).next().is_some()
        }
        Some(Kind::Mark(':')) => {
            matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_)))
                || line.token(next + 1).starts_with(['e', 'p', 'E', 'R'])
        }
        Some(Kind::Mark(',')) => {
            matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_) | Kind::Group))
                || cue::is_tail(line.word(next + 1))
        }
        Some(Kind::Mark('.' | ';')) => {
            next + 1 >= to || opens || matches!(line.kind(next + 1), Some(Kind::Number | Kind::Date(_)))
        }
        Some(Kind::Mark('-' | '–' | '—' | '/' | '−')) => {
            matches!(line.kind(next + 1), Some(Kind::Number))
                && (opens
                    || line.kind(next + 2) == Some(Kind::Group) && line.dates_in(next + 2).next().is_some())
        }
        Some(Kind::Number) => true,
        Some(Kind::Word) => {
            cue::is_tail(line.word(next))
                && line.word(next).len() < 6
                && (line.is_mark(next + 1, &['.']) || matches!(line.kind(next + 1), Some(Kind::Number)))
        }
        Some(Kind::Date(_)) => opens,
        _ => false,
    }
}

/// A bracket with a date, pages or an edition.
fn is_tail_group(line: &Line, at: usize, to: usize) -> bool {
    let inside = line.inside(at);
    let numbered = at > 1 && line.kind(at - 1) == Some(Kind::Number) && cue::is_law(line.word(at - 2));
    if numbered && (at + 1..to).any(|t| matches!(line.kind(t), Some(Kind::Date(_)))) {
        return false;
    }
    let dated = line.dates_in(at).last().is_some_and(|d| {
        let end = line.dates[d].range.end;
        line.tokens[at].range.end - end <= 8
    });
    if dated {
        // `Council Meeting (17 April 2024) – Conclusions, 18 April 2024`
        let dash = line.is_mark(at + 1, &['-', '–', '—']) && line.spaced(at + 1) && line.capital(at + 2);
        if dash && (at + 2..to).any(|t| matches!(line.kind(t), Some(Kind::Date(_)))) {
            return false;
        }
        // `An extension of Kelly’s (1997) suggestion to …`
        let goes_on = line.small(at + 1)
            && line.small(at + 2)
            && !cue::is_tail(line.word(at + 1))
            && is_in(line, at + 1, to).is_none()
            && line.any_phrase(at + 1, &cue::LEAD_INS).is_none()
            && line.any_phrase(at + 1, &cue::ACCESS).is_none();
        return !goes_on;
    }
    // `(215–236)`, `(Vienna: Springer)`
    let pages =
        inside.contains(['-', '–']) && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–'));
    let inner = Line::of(inside);
    if pages || is_publishing_place(&inner, 0, inner.len()) {
        return true;
    }
    if line.token(at).starts_with('[') {
        return !inside.contains(' ') || inside.starts_with(char::is_lowercase) || at + 1 >= to;
    }
    let first = crate::fold::fold(inside);
    let first = first.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let edition = inside.contains("ed.")
        || inside.contains("edn")
        || inside.contains("Aufl")
        || inside.contains("Vol")
        || inside.contains("vol");
    edition && inside.contains(|c: char| c.is_ascii_digit())
        || cue::one_of(first, "pp p pages vol trans ed eds hrsg hg forthcoming no s phd doctoral")
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
                line.kind(t) == Some(Kind::Number)
                    && (line.is_mark(t + 1, &['-', '–', '—', '−', ':'])
                        || line.is_mark(t.wrapping_sub(1), &[':'])
                        || line.kind(t + 1) == Some(Kind::Group)
                        || line.is_mark(t + 1, &[',', '.'])
                            && matches!(line.kind(t + 2), Some(Kind::Number))
                            && line.is_mark(t.wrapping_sub(1), &[',']))
                    || cue::one_of(line.word(t), "vol no pp volume number issue pages bd jg heft n")
                        && t < from + 8
                        && !matches!(line.kind(t + 1), Some(Kind::Word))
            })
        };
        match line.kind(at) {
            Some(Kind::Number) => Tail::Article,
            // `The Gazette, June 28`: the year stands in front.
            Some(Kind::Word)
                if line.capital(at)
                    && line.kind(at + 1 + usize::from(line.is_mark(at + 1, &['.'])))
                        == Some(Kind::Number)
                    && crate::date::month(line.token(at)).is_some() =>
            {
                Tail::Day
            }
            Some(Kind::Word) if matches!(line.word(at), "to" | "in") && is_unpublished(line, at) => {
                Tail::Article
            }
            Some(Kind::Word) if is_in(line, at, to).is_some() => Tail::In,
            Some(Kind::Word)
                if is_volume_letter(line, at)
                    || cue::one_of(
                        line.word(at),
                        "vol vols volume no nr n pp p pages bd jg heft issue fasc tome num",
                    ) =>
            {
                Tail::Article
            }
            Some(Kind::Word)
                if line.any_phrase(at, &cue::LEAD_INS).is_some()
                    || line.any_phrase(at, &cue::ACCESS).is_some() =>
            {
                Tail::Rest
            }
            Some(Kind::Word) => Tail::Edition,
            Some(Kind::Date(date)) if is_bare_year(line, date) => {
                if pages(at + 1) {
                    Tail::Article
                } else {
                    Tail::Year
                }
            }
            Some(Kind::Date(_)) => {
                if pages(at + 1) {
                    Tail::Article
                } else {
                    Tail::Day
                }
            }
            Some(Kind::Group) => match line.dates_in(at).last() {
                Some(date) if is_dated_group(line, at) && !is_bare_year(line, date) => {
                    if pages(at + 1) {
                        Tail::Article
                    } else {
                        Tail::Day
                    }
                }
                Some(_) => {
                    if pages(at + 1) && is_dated_group(line, at) {
                        Tail::Article
                    } else {
                        Tail::BracketYear
                    }
                }
                None => Tail::Edition,
            },
            _ => Tail::Rest,
        }
    }
}
