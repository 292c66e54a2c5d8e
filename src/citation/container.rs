//! What stands after the title: the work that holds the source, who published it, and when.

use std::ops::Range;

use super::author;
use super::cue;
use super::given;
use super::head::Head;
use super::imprint;
use super::parts;
use super::tail::Tail;
use super::title::{self, online_journal};
use super::token::{Kind, Line};
use super::web::Web;
use super::work::{abbreviates, is_edition, run};
/// The tail of a citation.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// Newspaper, journal, book, site.
    pub(super) container: Option<Range<usize>>,
    /// Who published a book.
    pub(super) publisher: Option<Range<usize>>,
    /// Tokens of the container, so that a year in its name is not the date of the source.
    pub(super) tokens: Range<usize>,
    /// The tail names volume, issue or pages.
    pub(super) article: bool,
    /// The container was introduced by *in*.
    pub(super) introduced: bool,
}

/// What is known of the title before the rest is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title {
    /// It stands between quotation marks.
    pub(super) quoted: bool,
    /// The day of the source is given, as for what a newspaper prints.
    pub(super) of_a_day: bool,
    /// A speech or a statement: what follows it is the place.
    pub(super) spoken: bool,
}

/// Reads container and publisher after the title.
pub(super) fn rest(line: &Line, from: usize, start: usize, to: usize, web: &Web, title: Title) -> Rest {
    let quoted = title.quoted;
    let day = |t: usize| parts::is_day(line, t) && !web.has(t - from);
    let title = Title { of_a_day: title.of_a_day || (start..to).any(day), ..title };
    let mut at = start;
    // `[Tweet]`, `[Doctoral dissertation, …]`, `(2nd ed.)`, then the mark after it.
    let mut held = Rest::default();
    loop {
        at = parts::skip_marks(line, at, to);
        if line.kind(at) == Some(Kind::Group)
            && at < to
            && held.container.is_none()
            && held.publisher.is_none()
        {
            held = imprint::in_brackets(line, at, quoted);
        }
        let passed = line.kind(at) == Some(Kind::Group)
            && at < to
            && !web.has(at - from)
            && (!quoted || line.dates_in(at).next().is_none());
        let passed_edition = !passed && is_edition(line, at, to).is_some();
        if passed && !(parts::is_dated_group(line, at) && quoted) {
            at += 1;
        } else if passed_edition {
            at = is_edition(line, at, to).unwrap_or(at + 1);
        } else {
            break;
        }
    }
    if held.container.is_some() {
        return held;
    }
    // `“Title.” 2009. The Gazette, June 4.`
    if quoted
        && matches!(line.kind(at), Some(Kind::Date(date)) if parts::is_bare_year(line, date))
        && line.is_mark(at + 1, &['.'])
        && line.capital(at + 2)
        && !web.has(at + 2 - from)
    {
        at += 2;
    }
    // `“Title.” June 24. https://…`: the year stands in front.
    if line.capital(at) && Tail::at(line, at, to) == Tail::Day {
        return Rest::default();
    }
    if held.publisher.is_some() && (!line.is_word(at) || parts::is_in(line, at, to).is_none()) {
        return held;
    }
    if parts::is_presented(line, at) {
        let end = run(line, from, at, to, web);
        return named(line, at..end, false);
    }
    if let Some(work) = first_in(line, from, at, to, web) {
        return introduced(line, from, work, to, web);
    }
    // `« T », Péter Schmitt (dir.), Book, Paris, …`
    if quoted && at < to && editors_end(line, at, to).is_some() {
        return introduced(line, from, at, to, web);
    }
    // A year between title and journal: `‘…’ (1993) 56 Modern Law Rev. 675`
    if quoted && parts::is_dated_group(line, at)
        || quoted && matches!(line.kind(at), Some(Kind::Date(_))) && is_law_volume(line, at + 1)
    {
        let journal = law_journal(line, at + 1, to);
        if let Some(tokens) = journal {
            return named(line, tokens, true);
        }
    }
    // `Balfour v. Balfour [1919] 2 K.B. 571`, `Dean v. District of Columbia 653 U.S. App. D.C. 307`
    if !quoted
        && line.kind(at) == Some(Kind::Number)
        && line.capital(at + 1)
        && (at > start
            || line.is_mark(start.saturating_sub(1), &[','])
            || line.word(start.saturating_sub(1)).len() > 1)
        && let Some(tokens) = law_journal(line, at, to)
    {
        return named(line, tokens, true);
    }
    // `“T”, 86 Journal of Ports 96 (2000)`, `‘T’, 69 Cahiers du port (2009) 94`
    if quoted
        && line.kind(at) == Some(Kind::Number)
        && line.capital(at + 1)
        && let Some(tokens) = law_journal(line, at, to)
        && (line.kind(tokens.end) == Some(Kind::Number) || parts::is_dated_group(line, tokens.end))
    {
        return named(line, tokens, true);
    }
    // `App. No. 27765/09`
    let number = at + 1 + usize::from(line.is_mark(at + 1, &['.']));
    if cue::one_of(line.word(at), "app appl application case") && cue::one_of(line.word(number), "no nos") {
        return Rest::default();
    }
    // `Volume 2023 Issue 2`
    if cue::one_of(line.word(at), "volume issue vol band") && matches!(line.kind(at + 1), Some(Kind::Date(_)))
    {
        return Rest { article: true, ..Rest::default() };
    }
    if cue::is_tail(line.word(at))
        && line.is_mark(at + 1, &['.'])
        && Tail::at(line, at + 2, to) == Tail::Article
    {
        return Rest { article: true, ..Rest::default() };
    }
    // `T, “Journal”, 45`, `«T», «Giornale», 3 maggio`
    let set_off = at > start && line.kind(at) == Some(Kind::Quoted) && at < to;
    if set_off && (!quoted || line.is_mark(at - 1, &[',']) && line.is_mark(at + 1, &[','])) {
        return Rest {
            container: Some(unquote(line, at)),
            tokens: at..at + 1,
            article: true,
            ..Rest::default()
        };
    }
    if !quoted
        && let Some(medium) = online_journal(line, at, to).filter(|medium| *medium > at)
        && !(at..medium).any(|t| line.ends_sentence(t))
    {
        return named(line, at..medium, true);
    }
    let end = run(line, from, at, to, web);
    if end <= at {
        return Rest { article: Tail::at(line, at, to) == Tail::Article, ..Rest::default() };
    }
    judge(line, from, at, end, to, web, title)
}

/// The first *in* that opens a piece after the title, with nothing but small matter before it.
fn first_in(line: &Line, from: usize, at: usize, to: usize, web: &Web) -> Option<usize> {
    let mut t = at;
    let mut pieces = 0;
    while t < to && !web.has(t - from) {
        let opens = t == at
            || line.is_mark(t - 1, &[',', '.', ';', ':'])
            || matches!(line.kind(t - 1), Some(Kind::Quoted | Kind::Group));
        if opens && let Some(work) = parts::is_in(line, t, to) {
            return Some(work);
        }
        if t == at && matches!(line.kind(t), Some(Kind::Date(_) | Kind::Number)) {
            return None;
        }
        pieces += usize::from(line.is_mark(t, &[',', '.']));
        if pieces > 1 || matches!(line.kind(t), Some(Kind::Date(_))) || t > at + 10 {
            return None;
        }
        t += 1;
    }
    None
}

/// `In W. Harper & C. Hooker (Eds.), Foundations of …`
fn introduced(line: &Line, from: usize, work: usize, to: usize, web: &Web) -> Rest {
    let mut at = work;
    if matches!(line.word(at), "id" | "ibid") {
        return Rest { introduced: true, ..Rest::default() };
    }
    let edited = editors_end(line, at, to);
    if let Some(mark) = edited {
        at = parts::skip_marks(line, mark, to);
    } else if let Some(names) = author::list(line, at, to) {
        let next = names.next;
        let page = parts::skip_marks(line, next, to);
        // `In Prazniak and Dirlik, 15–51`, `in Vallier 267`, `in Thornton, op. cit.`: a work cited
        // by its editors' names only.
        let volume = line.is_mark(next + 1, &[':']) || line.kind(next + 1) == Some(Kind::Group);
        let bare = matches!(line.kind(next), Some(Kind::Number)) && !volume
            || line.kind(next) == Some(Kind::Group) && line.inside(next).bytes().all(|b| b.is_ascii_digit())
            || matches!(line.kind(page), Some(Kind::Number))
                && line.is_mark(page + 1, &['-', '–', '—'])
                && names.trust > author::Trust::Weak
            || line.phrase(page, "op cit").is_some()
            || line.phrase(page, "cit").is_some();
        if bare && !(next..page).any(|t| line.ends_sentence(t)) && names.trust != author::Trust::Fair {
            return Rest { introduced: true, ..Rest::default() };
        }
        if line.phrase(page, "op cit").is_some() {
            return Rest { introduced: true, ..Rest::default() };
        }
        // `in Olivier Schmitt, Title of the Book, Oxford, …`: the author of the book.
        let comma = line.is_mark(next, &[',']);
        if comma
            && names.trust == author::Trust::Strong
            && line.capital(page)
            && !cue::is_tail(line.word(page))
            && line.kind(next + 1) == Some(Kind::Word)
            && page < to
        {
            at = page;
        }
    }
    if line.kind(at) == Some(Kind::Quoted) && !line.is_mark(at + 1, &[':']) {
        return Rest {
            introduced: true,
            container: Some(unquote(line, at)),
            tokens: at..at + 1,
            ..Rest::default()
        };
    }
    let end = if edited.is_some() && at < to {
        let book = Head { title: at, comma: true, book: true, ..Head::default() };
        title::unquoted(line, &book, to, web, from).0.end
    } else {
        editors_behind(line, at, to).unwrap_or_else(|| run(line, from, at, to, web))
    };
    let tokens = at..end.max(at);
    let article = Tail::at(line, parts::skip_marks(line, tokens.end, to), to) == Tail::Article;
    let container = (tokens.end > tokens.start).then(|| line.span(tokens.clone()));
    Rest { container, tokens, article, introduced: true, ..Rest::default() }
}

/// `in Myth, Rulership and Charters, ed. Julia Barrow`: where a book ends that names its editors
/// behind it.
fn editors_behind(line: &Line, at: usize, to: usize) -> Option<usize> {
    let plain = |t: &usize| match line.kind(*t) {
        Some(Kind::Date(date)) => parts::is_bare_year(line, date),
        Some(Kind::Link(_) | Kind::Mark('.' | ';')) => false,
        _ => true,
    };
    let by = |t: usize| {
        let next = if line.is_mark(t + 1, &['.']) { t + 2 } else { t + 1 };
        line.phrase(t, "a cura di").is_some()
            || cue::one_of(line.word(t), "ed eds edited hrsg dir")
                && line.small(t)
                && (line.capital(next) || line.word(next) == "by")
    };
    (at + 1..to.min(at + 48)).take_while(plain).find(|t| line.is_mark(*t, &[',']) && by(t + 1))
}

/// Names up to an editors' mark: where the mark ends.
fn editors_end(line: &Line, at: usize, to: usize) -> Option<usize> {
    (at + 1..to.min(at + 40))
        .take_while(|t| !line.ends_sentence(*t - 1) || line.is_initial(t.saturating_sub(2)))
        .find_map(|t| {
            author::editor_mark(line, t, to).filter(|end| {
                // `Pattern Recognition, eds. Terry Caelli`: the editors are still to come.
                let to_come =
                    line.kind(t) != Some(Kind::Group) && line.capital(*end) && line.is_mark(end - 1, &['.']);
                // In `Syntax, Structure, and Pattern Recognition, eds. Terry Roth` it is a list of words.
                let words = to_come && given::is_given(line.word(*end)) && !given::is_given(line.word(at));
                author::all(line, at, t)
                    .is_some_and(|names| !words && (!to_come || names.trust == author::Trust::Strong))
            })
        })
}

fn is_law_volume(line: &Line, at: usize) -> bool {
    line.kind(at) == Some(Kind::Number) && line.capital(at + 1)
}

/// `56 Modern Law Rev. 675` after the year in brackets, or `Proceedings of the British Academy 169`.
fn law_journal(line: &Line, at: usize, to: usize) -> Option<Range<usize>> {
    // `11 February`: the year stands in front.
    if line.capital(at + 1) && crate::date::month(line.token(at + 1)).is_some() {
        return None;
    }
    let issue = if line.is_mark(at + 1, &[':', '.']) && line.kind(at + 2) == Some(Kind::Number) {
        2
    } else {
        usize::from(line.kind(at + 1) == Some(Kind::Group))
    };
    let start =
        if line.kind(at) == Some(Kind::Number) && line.capital(at + 1 + issue) { at + 1 + issue } else { at };
    if !line.capital(start) || start >= to {
        return None;
    }
    let mut end = start;
    while end < to
        && (line.is_word(end)
            || line.is_mark(end, &['.', '&', '\'', '-', ':', ','])
            || line.kind(end) == Some(Kind::Group)
                && line.is_word(end + 1)
                && line.links_in(end).next().is_none())
        && (!line.ends_sentence(end) || abbreviates(line, start, end, to))
    {
        end += 1;
    }
    while end > start && line.is_mark(end - 1, &[',', ':']) {
        end -= 1;
    }
    (matches!(line.kind(end), Some(Kind::Number | Kind::Date(_))) || start > at).then_some(start..end)
}

fn named(line: &Line, tokens: Range<usize>, article: bool) -> Rest {
    Rest { container: Some(line.span(tokens.clone())), tokens, article, ..Rest::default() }
}

/// Is the name after the title that of a work, of a publisher, or of neither?
fn judge(line: &Line, from: usize, at: usize, end: usize, to: usize, web: &Web, title: Title) -> Rest {
    let quoted = title.quoted;
    let tail = parts::skip_marks(line, end, to);
    let kind = Tail::at(line, tail, to);
    let article = kind == Tail::Article;
    let words = at..end;
    let has = |test: fn(&str) -> bool| words.clone().any(|t| test(line.word(t)) && line.capital(t));
    let none = Rest { article, ..Rest::default() };
    // `“T”, taz, 3 May 2021`
    let plain = quoted && kind == Tail::Day && end - at <= 2 && words.clone().all(|t| line.is_word(t));
    let dating =
        cue::one_of(line.word(at), "updated published posted modified dated released last on of from");
    let closed = line.is_mark(end, &[',']) || line.kind(end) == Some(Kind::Group);
    let small_name = plain && closed && !dating;
    let capital = |t: usize| {
        line.token(t).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_ascii())
            || line.token(t).contains(char::is_uppercase)
    };
    let joins = cue::is_particle(line.word(at)) || cue::one_of(line.word(at), "il lo gli i los");
    let named_so = small_name || capital(at) || joins && line.capital(at + 1);
    if !named_so {
        return none;
    }
    let glued = line.is_mark(end, &[':']) && !line.spaced(end + 1) && end + 1 < to;
    if glued || is_thesis_or_report(line, at, end) {
        return none;
    }
    // `EUCO 12/24`: the number of a document.
    let report = end - at == 2 && cue::one_of(line.word(at), "report document draft doc dokument");
    let filed = (!quoted && end - at == 1 || report)
        && line.token(end - 1).chars().all(char::is_uppercase)
        && line.kind(end) == Some(Kind::Number)
        && line.is_mark(end + 1, &['/'])
        && !line.spaced(end + 2);
    if filed {
        return Rest { article: false, ..none };
    }
    let place = parts::is_place_piece(line, at, end) && !(article && end - at == 1)
        || title.spoken && kind == Tail::Day && end - at == 1 && line.token(at).contains(char::is_lowercase);
    // `Advisory Opinion`, `Judgment`
    if end - at <= 2 && cue::is_law(line.word(end - 1)) && kind == Tail::Day && !quoted {
        return none;
    }
    if parts::is_publishing_place(line, at, to) {
        let colon = (at..to).find(|t| line.is_mark(*t, &[':'])).unwrap_or(at) + 1;
        let stop = (colon..to)
            .find(|t| {
                line.is_mark(*t, &[',', ';'])
                    || line.ends_sentence(*t)
                    || matches!(line.kind(*t), Some(Kind::Date(_) | Kind::Group))
                    || web.has(t - from)
            })
            .unwrap_or(to);
        return Rest { publisher: Some(line.span(colon..stop)), ..none };
    }
    if place || is_place_and_region(line, at, end) || !quoted && is_small_place(line, at, end, to) {
        // `Brussels, 12 February 2025`; `Cham, Palgrave Macmillan, 2018`
        let publisher = parts::skip_marks(line, end, to);
        let stop = run(line, from, publisher, to, web);
        let plain = stop > publisher
            && stop - publisher <= 8
            && (line.capital(publisher)
                || cue::one_of(line.word(publisher), "il la le el de van von")
                    && line.capital(publisher + 1))
            && line.is_mark(end, &[',', ':', '.'])
            && !is_thesis_or_report(line, publisher, stop);
        return Rest { publisher: plain.then(|| line.span(publisher..stop)), ..none };
    }
    let bookish = has(cue::is_publishing) && !has(cue::is_periodical)
        || has(cue::is_publishing)
            && cue::one_of(line.word(end - 1), "press verlag publishers books publications inc ltd co");
    let after = parts::skip_marks(line, end, to);
    let place_end = line.is_mark(end, &[',']).then(|| {
        (after..to)
            .find(|t| {
                line.is_mark(*t, &[',', ';'])
                    || line.ends_sentence(*t)
                    || matches!(line.kind(*t), Some(Kind::Date(_) | Kind::Link(_) | Kind::Group))
            })
            .unwrap_or(to)
    });
    let place_end = place_end.filter(|stop| *stop > after && parts::is_place_piece(line, after, *stop));
    // `Público, São Paulo, 17 de setembro de 2004`: what is dated by the day is a newspaper.
    let dateline = place_end.is_some_and(|stop| parts::is_day(line, parts::skip_marks(line, stop, to)));
    let kind = if dateline { Tail::Day } else { kind };
    let rest = named(line, at..end, article);
    let published = Rest { publisher: rest.container.clone(), ..Rest { article, ..Rest::default() } };
    let undated = kind != Tail::Article && kind != Tail::Day;
    let colon = (at..end).find(|t| line.is_mark(*t, &[':']));
    if let Some(colon) = colon.filter(|c| undated && !quoted && c - at <= 5 && line.capital(c + 1))
        && !has(cue::is_periodical)
        && (at..colon).all(|t| {
            line.capital(t) || line.is_mark(t, &[',', '.', '-']) || cue::goes_with_place(line.word(t))
        })
    {
        return Rest { publisher: Some(line.span(colon + 1..end)), ..published };
    }
    if undated && place_end.is_some() && !has(cue::is_periodical) {
        return published;
    }
    let linked =
        (from..to).any(|t| matches!(line.kind(t), Some(Kind::Link(_))) || line.links_in(t).next().is_some());
    match kind {
        Tail::Article if bookish && !quoted && !has(cue::is_periodical) => published,
        Tail::Article | Tail::Day | Tail::In => rest,
        Tail::Year | Tail::BracketYear | Tail::Edition if !quoted => {
            if has(cue::is_periodical) && !bookish {
                rest
            } else {
                published
            }
        }
        Tail::Year | Tail::BracketYear | Tail::Edition => {
            if bookish && !title.of_a_day {
                published
            } else {
                rest
            }
        }
        Tail::Rest => {
            if bookish && !title.of_a_day || !quoted && !linked && !has(cue::is_periodical) {
                published
            } else {
                rest
            }
        }
    }
}

/// `Lindby, Harbour Press, 2017`: of two names before a bare year, the second is the publisher.
fn is_small_place(line: &Line, at: usize, end: usize, to: usize) -> bool {
    let second = end + 1;
    let ends = |t: &usize| line.is_mark(*t, &[',']) || matches!(line.kind(*t), Some(Kind::Date(_)));
    let Some(close) = (second..to.min(second + 8)).find(ends) else { return false };
    let plain =
        |from: usize, to: usize| (from..to).all(|t| line.is_word(t) && !cue::is_periodical(line.word(t)));
    let behind = if line.is_mark(close, &[',']) { close + 1 } else { close };
    let year = matches!(line.kind(behind), Some(Kind::Date(date)) if parts::is_bare_year(line, date));
    line.is_mark(end, &[','])
        && end - at <= 2
        && !parts::is_place_piece(line, second, close)
        && year
        && plain(at, end)
        && line.capital(second)
        && plain(second, close)
        && !(at..end).any(|t| cue::is_publishing(line.word(t)))
}

/// `Washington, DC`, `Cambridge, MA`
fn is_place_and_region(line: &Line, at: usize, end: usize) -> bool {
    let comma = (at..end).find(|t| line.is_mark(*t, &[',']));
    comma.is_some_and(|c| parts::is_place_piece(line, at, c) && end - c <= 4)
}

pub(super) fn is_thesis_or_report(line: &Line, at: usize, end: usize) -> bool {
    let first = line.word(at);
    let reports = (at..end.min(at + 6)).any(|t| {
        line.word(t).starts_with(['r', 'm', 't'])
            && cue::one_of(line.word(t), "report rpt reports memo thesis")
            && (t > at
                && cue::one_of(line.word(t - 1), "technical tech research summary masters phd internal")
                || t > at + 1 && line.is_mark(t - 1, &['.']) && line.word(t - 2) == "tech")
    });
    let drafted = matches!(first, "preliminary" | "first") && line.word(at + 1) == "draft";
    if reports || drafted || matches!(first, "draft" | "personal") {
        return true;
    }
    cue::one_of(
        first,
        "phd thesis dissertation master's masters doctoral unpublished projektarbeit diplomarbeit technical tech ms manuscript preprint arxiv mimeo presentation submitted accepted master’s ma m working",
    ) && (first != "ms" && first != "m" && first != "ma" && first != "working" && first != "technical"
        || (at..end).any(|t| cue::one_of(line.word(t), "thesis dissertation diss draft report")))
        || first == "ph" && line.phrase(at, "ph d").is_some()
}

/// The inside of a quotation token.
fn unquote(line: &Line, at: usize) -> Range<usize> {
    let inside = line.inside(at);
    let start = inside.as_ptr() as usize - line.text.as_ptr() as usize;
    start..start + inside.len()
}
