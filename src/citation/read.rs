//! One citation: its fields, read in the order in which they can be told.

use std::ops::Range;

use super::author::{self, Names};
use super::container::{self, Rest};
use super::cue;
use super::head::{self, Head};
use super::parts;
use super::tail::Tail;
use super::title;
use super::token::{Kind, Line};
use super::unmarked;
use super::web::Web;
use crate::date::PartialDate;
use crate::fold::one_line;

/// The fields of one citation, as bytes of the note.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) names: Option<Names>,
    pub(super) title: Option<Range<usize>>,
    pub(super) quoted: bool,
    pub(super) rest: Rest,
    pub(super) date: Option<PartialDate>,
    pub(super) date_end: Option<PartialDate>,
    pub(super) accessed: Option<PartialDate>,
    /// First token that belongs to the citation: after a comment that leads up to it.
    pub(super) start: usize,
    /// There is a date behind the title, set off from it.
    pub(super) dated: bool,
}

/// Reads the tokens `from..to` as one citation.
pub(super) fn fields(line: &Line, from: usize, to: usize) -> Fields {
    let web = Web::of(line, from, to);
    if let Some(fields) = unmarked::fields(line, from, to, &web) {
        return fields;
    }
    let head = head::head(line, from, to, &web);
    let (tokens, after) = if head.quoted
        && line.kind(head.title) == Some(Kind::Quoted)
        && !goes_on(line, head.title, to)
        && !(head.date.is_some() && line.is_mark(head.title + 1, &[':']))
    {
        (head.title..head.title + 1, head.title + 1)
    } else if let Some(end) = head.ends {
        (head.title..end, end)
    } else if head.title < to {
        title::unquoted(line, &head, to, &web, from)
    } else {
        (to..to, to)
    };
    let quoted = head.quoted && tokens.len() == 1;
    let of_a_day = head.date.is_some_and(|date| line.dates[date].date.day.is_some());
    let spoken = !quoted
        && (line.capital(tokens.start) && cue::is_law(line.word(tokens.start))
            || tokens.clone().take(3).any(|t| {
            cue::one_of(
                line.word(t),
                "speech remarks statement address intervention discorso dichiarazione discours rede discurso",
            )
        }));
    let rest = container::rest(line, from, after, to, &web, container::Title { quoted, of_a_day, spoken });
    let title = title_text(line, &without_number(line, &tokens));
    let mut fields =
        Fields { title, quoted, accessed: web.accessed, start: head.skipped.max(from), ..Fields::default() };
    let found = pick_date(line, from, to, &web, &head, &tokens, &rest);
    if let Some(Picked { date, end, .. }) = found {
        (fields.date, fields.date_end) = (Some(date), end);
    }
    fields.dated = found.is_some();
    if title_is_a_container(line, &fields, &head, &tokens, &rest, to) {
        let container = fields.title.take();
        fields.rest = Rest { container, tokens: tokens.clone(), ..rest };
    } else {
        fields.rest = rest;
    }
    fields.names = head.names;
    if fields.names.is_none() && !quoted && leads_to_link(line, &tokens, &fields, &web, to, from) {
        fields.title = None;
    }
    fields
}

/// `For the data, see https://…`, `the website of the authority: https://…`: words that lead to a
/// URL, not a title.
fn leads_to_link(
    line: &Line,
    title: &Range<usize>,
    fields: &Fields,
    web: &Web,
    to: usize,
    from: usize,
) -> bool {
    let sentence = !fields.dated && fields.rest.container.is_none();
    let first = line.word(title.start);
    let small = line.small(title.start) && !line.token(title.start).contains(char::is_uppercase);
    let opens = cue::one_of(
        first,
        "for this these more further as on see data source sources available fur per pour para weitere ulteriori",
    );
    let prose = super::segment::is_prose(line, &(title.start..title.end.min(to)));
    // `All figures are from …`
    let verb = |t: usize| line.small(t) && cue::one_of(line.word(t), "is are was were has have had");
    let told = title.clone().take(5).any(verb);
    let leads = opens && title.clone().any(|t| line.small(t));
    let held = fields.dated && fields.rest.container.is_some();
    small && web.first >= from || told && !held || sentence && (leads || prose)
}

/// A quotation that is only the beginning of an unquoted title: `“Use” of like in narratives`.
fn goes_on(line: &Line, quote: usize, to: usize) -> bool {
    let next = quote + 1;
    // `‘We Shall Not Leave’: Voices from the Harbour, …`
    let subtitle =
        line.is_mark(next, &[':']) && line.spaced(next + 1) && line.capital(next + 1) && next + 2 < to;
    // `“T,” la Repubblica`, `‘T’ taz (Rome, 26 March 2016)`: a name in small letters follows.
    let whole = line.inside(quote).ends_with([',', '.', '?', '!'])
        || cue::is_particle(line.word(next)) && line.capital(next + 1)
        || matches!(line.kind(next + 1), Some(Kind::Group | Kind::Date(_)))
        || line.is_mark(next + 1, &[',']);
    // `“A Study in Tar” and “The Sign of Five”`
    let pair = author::is_and(line, next)
        && (line.kind(next + 1) == Some(Kind::Quoted) || line.capital(next + 1))
        && next + 1 < to;
    // `“Stop the Ships” and other slogans. The Gazette`, `“We Wait”: what residents say. The Gazette`
    let joined = (author::is_and(line, next) || line.is_mark(next, &[':']) && line.spaced(next + 1))
        && line.small(next + 1)
        && line.small(next + 2)
        && parts::is_in(line, next + 1, to).is_none()
        && line.any_phrase(next + 1, &cue::LEAD_INS).is_none()
        && line.any_phrase(next + 1, &cue::ACCESS).is_none()
        && line.any_phrase(next + 1, &cue::SIGNALS).is_none()
        && (next + 2..to.min(next + 24))
            .any(|t| line.ends_sentence(t) && t + 1 < to || parts::is_dated_group(line, t));
    subtitle
        || pair
        || joined
        || next < to
            && !whole
            && line.small(next)
            && parts::is_in(line, next, to).is_none()
            && !cue::is_tail(line.word(next))
            && !cue::one_of(
                line.word(next),
                "in at by accessed available dans en on from and retrieved cit was is has",
            )
}

/// `Govoni F., Feretti L., 2004, IJMPD, 13, 1549`: nothing but names, journal and numbers.
fn title_is_a_container(
    line: &Line,
    fields: &Fields,
    head: &Head,
    tokens: &Range<usize>,
    rest: &Rest,
    to: usize,
) -> bool {
    if fields.quoted || rest.container.is_some() || head.names.is_none() || tokens.is_empty() {
        return false;
    }
    // `@harbourmaster, X post, 3 March 2025`: a post without its words.
    let named = tokens.len() <= 3 && (tokens.start..tokens.end - 1).all(|t| line.capital(t));
    let first = tokens.start;
    let post_on = tokens.len() == 3 && line.word(first + 1) == "on" && line.capital(first + 2);
    if named && cue::one_of(line.word(tokens.end - 1), "post tweet thread reel")
        || post_on && cue::one_of(line.word(first), "post tweet thread")
    {
        return true;
    }
    if tokens.clone().any(|t| cue::is_law(line.word(t))) {
        return false;
    }
    let tail = parts::skip_marks(line, tokens.end, to);
    let words = tokens.clone().filter(|t| line.is_word(*t)).count();
    let article = Tail::at(line, tail, to) == Tail::Article
        && matches!(line.kind(tail), Some(Kind::Number | Kind::Date(_)));
    let short = words <= 3 || tokens.clone().any(|t| cue::is_periodical(line.word(t))) && words <= 5;
    article && short && tokens.clone().all(|t| !line.small(t) || matches!(line.word(t), "of" | "the" | "in"))
}

/// Without the number of the document behind the title: `… Industry Programme (COM/2024/150)`.
fn without_number(line: &Line, title: &Range<usize>) -> Range<usize> {
    let last = title.end.saturating_sub(1);
    let inside = line.inside(last);
    let number = title.len() > 2
        && line.kind(last) == Some(Kind::Group)
        && inside.contains('/')
        && inside.contains(|c: char| c.is_ascii_digit())
        && !inside.contains(' ');
    let medium = line.kind(last) == Some(Kind::Group)
        && line.token(last).starts_with('[')
        && crate::fold::words(inside).iter().any(|w| cue::one_of(w, "dvd film motion video tweet post thread blog software podcast cd online internet photograph radio television"));
    // `(Unpublished doctoral dissertation)`, `(A. Roth, Trans.)`
    let remark = line.kind(last) == Some(Kind::Group)
        && title.len() > 2
        && crate::fold::words(inside)
            .iter()
            .any(|w| cue::one_of(w, "dissertation thesis unpublished trans transl translator edn"));
    if number || medium && title.len() > 2 || remark { title.start..last } else { title.clone() }
}

/// The title without the marks around it.
fn title_text(line: &Line, tokens: &Range<usize>) -> Option<Range<usize>> {
    if tokens.is_empty() {
        return None;
    }
    let mut span = line.span(tokens.clone());
    if tokens.len() == 1 && line.kind(tokens.start) == Some(Kind::Quoted) {
        let inside = line.inside(tokens.start);
        let start = inside.as_ptr() as usize - line.text.as_ptr() as usize;
        span = start..start + inside.len();
        // `‘“Traditional” Legal Scholarship’` keeps its inner marks; `““Title””` does not.
    }
    trimmed(line.text, span)
}

/// Without white space around it and without the comma or full stop at its end.
fn trimmed(text: &str, mut span: Range<usize>) -> Option<Range<usize>> {
    loop {
        let part = &text[span.clone()];
        let last = part.chars().next_back()?;
        let stop = last == '.' && !part.ends_with("..") && !ends_with_abbreviation(part);
        if last.is_whitespace() || matches!(last, ',' | ';' | ':') || stop {
            span.end -= last.len_utf8();
            continue;
        }
        let first = part.chars().next()?;
        if first.is_whitespace() || matches!(first, ',' | '.' | ';' | ':') && !part.starts_with("..") {
            span.start += first.len_utf8();
            continue;
        }
        return Some(span);
    }
}

/// `U.S.`, `et al.`, `J. Biol. Chem.`: here the full stop is part of the word.
fn ends_with_abbreviation(text: &str) -> bool {
    let word = text.trim_end_matches('.').rsplit([' ', '\u{a0}']).next().unwrap_or_default();
    let dotted = word.contains('.') && word.len() <= 8;
    dotted
        || cue::one_of(
            word,
            "Inc Ltd Co Jr Sr al Chem Biol Phys Sci Rev Lett Soc Am Math Med Proc Trans Comm Ann Res Corp etc Univ Int J",
        )
}

struct Picked {
    date: PartialDate,
    end: Option<PartialDate>,
}

/// The date of the source: not one inside the title or the container's name, not the day of access,
/// not a page number. A day beats a month, a month beats a year, as long as they agree with the year
/// after the authors; otherwise that year stands.
fn pick_date(
    line: &Line,
    from: usize,
    to: usize,
    web: &Web,
    head: &Head,
    title: &Range<usize>,
    rest: &Rest,
) -> Option<Picked> {
    let mut best: Option<(u8, usize)> = None;
    let own = head.date.map(|d| line.dates[d].clone());
    let mut consider = |date: usize, rank: u8| {
        let found = &line.dates[date];
        // A date of another year than the one behind the authors is of something else.
        if own.as_ref().is_some_and(|own| own.date.year != found.date.year) {
            return;
        }
        let precision = u8::from(found.date.month.is_some()) * 2 + u8::from(found.date.day.is_some()) * 2;
        let rank = rank + precision;
        if best.is_none_or(|(r, _)| rank > r || rank == r && precision == 0) {
            best = Some((rank, date));
        }
    };
    let start = title.end.max(head.title).min(to);
    for at in start..to {
        if web.has(at - from) || rest.tokens.contains(&at) {
            continue;
        }
        match line.kind(at) {
            Some(Kind::Date(date))
                if !is_page(line, at)
                    && (set_off(line, at) || rest.tokens.end == at && rest.container.is_some()) =>
            {
                consider(date, 1);
            }
            Some(Kind::Group) => {
                let inside = crate::fold::fold(line.inside(at));
                if inside.contains("original") || inside.contains("reprint") || inside.contains("first publ")
                {
                    continue;
                }
                // `2004 [1962]`, `2006 (ed. or. 1941)`: the first edition.
                let spans = at > 1 && line.is_mark(at - 2, &['-', '–', '—']) || inside.contains(':');
                let edition =
                    at.checked_sub(1).filter(|_| !spans).and_then(|before| match line.kind(before) {
                        Some(Kind::Date(date)) if parts::is_bare_year(line, date) => {
                            Some(line.dates[date].date.year)
                        }
                        _ => None,
                    });
                for date in line.dates_in(at) {
                    let found = &line.dates[date];
                    if edition.is_some_and(|year| found.date.year < year) {
                        continue;
                    }
                    let before = line.text[line.tokens[at].range.start..found.range.start].trim_end();
                    let pages = before.ends_with(['p', ':', '-', '–'])
                        || before.ends_with("p.")
                        || before.ends_with("No.");
                    if !pages {
                        consider(date, 1);
                    }
                }
            }
            _ => {}
        }
    }
    let found = best.map(|(_, d)| line.dates[d].clone());
    match (own, found) {
        (Some(own), Some(found)) => {
            let better = own.date.contains(&found.date) && found.date != own.date;
            let picked = if better { found } else { own };
            Some(with_day(line, start, to, web, from, Picked { date: picked.date, end: picked.end }))
        }
        (Some(own), None) => {
            Some(with_day(line, start, to, web, from, Picked { date: own.date, end: own.end }))
        }
        (None, Some(found)) => {
            let found = Picked { date: found.date, end: found.end };
            let apart = head.quoted && found.end.is_none();
            Some(if apart { with_day(line, start, to, web, from, found) } else { found })
        }
        (None, None) => {
            // In the container's name at last: `In Proceedings of … 1987`, `The Age, 1997`.
            let mut inner = rest.tokens.clone().filter_map(|t| match line.kind(t) {
                Some(Kind::Date(date)) if !is_page(line, t) => Some(date),
                _ => None,
            });
            // `Judgment of the Court of 4 October 2024`, `Harbour Act 1975`: the title of a law ends in
            // its date or names its day.
            let law = title
                .clone()
                .take(3)
                .any(|t| (t == title.start || line.capital(t)) && cue::is_law(line.word(t)));
            let own = || {
                let dates = title.clone().rev().filter_map(|t| match line.kind(t) {
                    Some(Kind::Date(date)) => Some((t, date)),
                    _ => None,
                });
                let last = |t: usize| t + 1 == title.end && title.len() > 2;
                let mut dates =
                    dates.filter(|(t, date)| last(*t) || law && !parts::is_bare_year(line, *date));
                dates.next().map(|(_, date)| date).filter(|_| !head.quoted)
            };
            let Some(date) = inner.next_back().or_else(own) else {
                return issue_year(line, start..to, web, from).map(|date| Picked { date, end: None });
            };
            Some(Picked { date: line.dates[date].date, end: line.dates[date].end })
        }
    }
}

/// `n. 6/2022`, `2022/4 (n° 128)`: the year of an issue.
fn issue_year(line: &Line, tokens: Range<usize>, web: &Web, from: usize) -> Option<PartialDate> {
    let number = |t: usize, least: usize, most: usize| {
        let text = line.token(t);
        let fits = line.kind(t) == Some(Kind::Number) && (least..=most).contains(&text.len());
        fits.then(|| text.parse::<i16>().ok()).flatten()
    };
    tokens.filter(|t| !web.has(t - from)).find_map(|slash| {
        if line.kind(slash) == Some(Kind::Group) {
            return slashed_year(line.inside(slash));
        }
        if slash == 0 || !line.is_mark(slash, &['/']) {
            return None;
        }
        let year = match (number(slash - 1, 4, 4), number(slash + 1, 4, 4)) {
            (Some(year), None) => number(slash + 1, 1, 3).map(|_| year),
            (None, Some(year)) => number(slash - 1, 1, 3).map(|_| year),
            _ => None,
        }?;
        let joined = !line.spaced(slash) && !line.spaced(slash + 1);
        (joined && (1900..2100).contains(&year)).then(|| PartialDate::y(year)).flatten()
    })
}

/// `Winter 2018/19`
fn slashed_year(text: &str) -> Option<PartialDate> {
    let (before, after) = text.split_once('/')?;
    let last = before.rsplit(' ').next().unwrap_or_default();
    let year: i16 = last.parse().ok().filter(|year| last.len() == 4 && (1900..2100).contains(year))?;
    let two = after.bytes().take_while(u8::is_ascii_digit).count() == 2;
    two.then(|| PartialDate::y(year)).flatten()
}

/// `2013. … Bookseller, 20 June`: day and month behind, the year in front.
fn with_day(line: &Line, start: usize, to: usize, web: &Web, from: usize, picked: Picked) -> Picked {
    if picked.date.month.is_some() {
        return picked;
    }
    for at in start..to {
        if web.has(at - from) || line.kind(at) != Some(Kind::Number) {
            continue;
        }
        let Ok(day) = line.token(at).parse::<u8>() else { continue };
        let name = |t: usize| line.capital(t).then(|| crate::date::month(line.token(t))).flatten();
        let before = at.checked_sub(1).filter(|b| *b >= start);
        let month = name(at + 1).filter(|_| at + 1 < to).or_else(|| before.and_then(name));
        if let Some(date) = month.and_then(|month| PartialDate::ymd(picked.date.year, month, day)) {
            return Picked { date, end: None };
        }
    }
    picked
}

/// A number of four digits that is a page, a volume or the number of a report.
fn is_page(line: &Line, at: usize) -> bool {
    let Some(Kind::Date(date)) = line.kind(at) else { return false };
    if !parts::is_bare_year(line, date) {
        return false;
    }
    let before = at.checked_sub(1);
    let before_word =
        before.map_or("", |b| if line.is_mark(b, &['.']) && b > 0 { line.word(b - 1) } else { line.word(b) });
    let paged = cue::one_of(before_word, "p pp pages page no nr vol volume seite art article");
    let dash = |t: usize| line.is_mark(t, &['-', '–', '—', '−']);
    let number = |t: usize| matches!(line.kind(t), Some(Kind::Number | Kind::Date(_)));
    let ranged = dash(at + 1) && number(at + 2) || before.is_some_and(|b| dash(b) && b > 0 && number(b - 1));
    // `ECLI:EU:C:2020:559`
    let glued = before.is_some_and(|b| {
        line.is_mark(b, &[':']) && !line.spaced(at) && b > 0 && line.is_word(b - 1) && !line.spaced(b)
    });
    let after_colon = glued
        || before.is_some_and(|b| {
            line.is_mark(b, &[':']) && b > 0 && (number(b - 1) || line.kind(b - 1) == Some(Kind::Group))
        });
    paged || ranged || after_colon
}

/// A date that stands by itself: after a mark, a bracket, a place, a weekday, a number; not `left in
/// 2015`.
fn set_off(line: &Line, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    if !line.is_word(before) {
        return true;
    }
    !line.small(before)
        || cue::one_of(
            line.word(before),
            "on of del il am vom du le el de published updated modified posted dated aufl ed edn edition c ca den since spring summer autumn fall winter printemps ete automne hiver fruhjahr fruhling sommer herbst primavera estate autunno inverno verano otono invierno",
        )
}

/// A field as it is shown: one line, white space and edge marks gone.
pub(super) fn shown(line: &Line, span: &Range<usize>) -> Option<String> {
    let span = trimmed(line.text, span.clone())?;
    let text: String = line.text[span].chars().filter(|c| !crate::link::is_invisible(*c)).collect();
    let text = one_line(&text);
    // Punctuation alone, as it is left between other fields, is no name.
    text.contains(char::is_alphanumeric).then_some(text)
}

/// The name of a work. The full stop of an abbreviated name belongs to it: `J. Harbor Stud.`
pub(super) fn shown_work(line: &Line, span: &Range<usize>) -> Option<String> {
    let mut shown = shown(line, span)?;
    let short = shown
        .rsplit(' ')
        .next()
        .is_some_and(|w| w.len() <= 5 && w.starts_with(char::is_uppercase) && !w.ends_with('.'));
    if short
        && shown.contains(". ")
        && line.text[..span.end].ends_with('.') | line.text[span.end..].starts_with('.')
    {
        shown.push('.');
    }
    Some(shown)
}

/// The names of the authors as they are shown.
pub(super) fn shown_names(line: &Line, names: &Names) -> Vec<String> {
    names
        .each
        .iter()
        .filter(|span| !author::is_dashes(&line.text[(*span).clone()]))
        .map(|span| {
            span.start
                ..line.text[span.clone()]
                    .find(["(@", "[@"][usize::from(!line.text[span.clone()].contains("(@"))])
                    .map_or(span.end, |at| span.start + at)
        })
        .map(|span| {
            one_line(
                line.text[span].trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':')),
            )
        })
        .map(|mut name| {
            // `The Economist.`
            if let Some(whole) = name.strip_suffix('.')
                && whole.rsplit([' ', '.', ',']).next().is_some_and(|last| last.len() > 4)
            {
                name.truncate(whole.len());
            }
            name
        })
        .filter(|name| !name.is_empty())
        .collect()
}
