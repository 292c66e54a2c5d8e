//! What a note says about the web: its URLs, their lead-ins and the days on which they were read.
//!
//! All of it is set aside before the other fields are read, so that `Retrieved 23 January 2002 from`
//! is neither a title nor a date of publication.

use std::borrow::Cow;
use std::ops::Range;

use super::Hyperlink;
use super::cue;
use super::parts;
use super::token::{Kind, Line};
use crate::date::PartialDate;
use crate::link::{self, Form, FoundLink};

/// The tokens of one citation that speak of the web.
#[derive(Debug, Default)]
pub(super) struct Web {
    /// Set for every token that belongs here and to no other field.
    pub(super) aside: Vec<bool>,
    /// When the author read the source.
    pub(super) accessed: Option<PartialDate>,
    /// Index of the first token that is set aside, relative to the text.
    pub(super) first: usize,
}

impl Web {
    /// Looks through the tokens `from..to`.
    pub(super) fn of(line: &Line, from: usize, to: usize) -> Self {
        let mut web = Web { aside: vec![false; to.saturating_sub(from)], accessed: None, first: to };
        let mut at = from;
        while at < to {
            // Nothing begins with these.
            if matches!(line.kind(at), Some(Kind::Mark('.' | ',' | ':' | ';'))) {
                at += 1;
                continue;
            }
            let end = web
                .access_at(line, from, at, to)
                .or_else(|| lead_in_at(line, at, to))
                .or_else(|| copied_at(line, at, to))
                .unwrap_or(at);
            for token in at..end {
                web.aside[token - from] = true;
            }
            if end > at {
                web.first = web.first.min(at);
            }
            at = end.max(at + 1);
        }
        web
    }

    /// Is the token set aside? Counted from the start of the citation.
    pub(super) fn has(&self, offset: usize) -> bool {
        self.aside.get(offset).copied().unwrap_or(false)
    }

    /// `accessed on 3 May 2024`, also in brackets; where it ends.
    fn access_at(&mut self, line: &Line, from: usize, at: usize, to: usize) -> Option<usize> {
        if line.kind(at) == Some(Kind::Group) {
            // `…, Juli 2010, https://a.example/b (25.06.2013)`
            let behind = at > from && matches!(line.kind(at - 1), Some(Kind::Link(_)));
            if behind
                && parts::is_day_in_brackets(line, at)
                && is_dated(line, from, at)
                && let Some(date) = line.dates_in(at).next()
            {
                self.accessed = Some(line.dates[date].date);
                return Some(at + 1);
            }
            let inside = Line::of(line.inside(at));
            let mut found = None;
            let mut token = 0;
            while token < inside.len().min(12) {
                if let Some((date, _)) = access_date(&inside, token, inside.len()) {
                    found = Some(date);
                    break;
                }
                token += 1;
            }
            let only_a_link = inside.links.first().is_some_and(|l| l.range.len() + 24 > inside.text.len());
            if let Some(date) = found {
                self.accessed = Some(date);
            }
            return (found.is_some() || only_a_link).then_some(at + 1);
        }
        let (date, end) = access_date(line, at, to).or_else(|| bare_access(line, at, from))?;
        self.accessed = Some(date);
        // `Retrieved January 23, 2002, from`
        let mut end = end;
        while end < to
            && (line.is_mark(end, &[',', '.', ')', ']'])
                && !line.spaced(end)
                && end + 1 < to
                && cue::one_of(line.word(end + 1), "from at available by web")
                || matches!(line.word(end), "from" | "at"))
        {
            end += 1;
        }
        Some(end)
    }
}

/// Does a date stand in the tokens `from..to`?
fn is_dated(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| {
        matches!(line.kind(t), Some(Kind::Date(_)))
            || line.kind(t) == Some(Kind::Group) && line.dates_in(t).next().is_some()
    })
}

/// `… (Oct. 2004). 8 May 2006 <https://a.example/b>`: a second day, right before the address.
fn bare_access(line: &Line, at: usize, from: usize) -> Option<(PartialDate, usize)> {
    let Some(Kind::Date(date)) = line.kind(at) else { return None };
    let addressed = line.token(at + 1).starts_with('<') && line.links_in(at + 1).next().is_some();
    let apart = at > from && line.is_mark(at - 1, &['.']);
    (addressed && apart && parts::is_day(line, at) && is_dated(line, from, at))
        .then(|| (line.dates[date].date, at + 1))
}

/// The day after an access phrase at `at`, and where it ends.
fn access_date(line: &Line, at: usize, to: usize) -> Option<(PartialDate, usize)> {
    // `Web. 25 May 2009.`
    let medium = line.word(at) == "web"
        && line.capital(at)
        && line.is_mark(at + 1, &['.'])
        && parts::is_day(line, at + 2)
        && at.checked_sub(1).is_none_or(|before| !line.is_word(before));
    let mut end = if medium { at + 1 } else { line.any_phrase(at, &cue::ACCESS)? };
    for _ in 0..6 {
        if end >= to {
            return None;
        }
        match line.kind(end)? {
            // `accessed via https://a.example/b on 3 May 2024`
            Kind::Link(_) if line.word(end + 1) == "on" => end += 1,
            Kind::Word if cue::one_of(line.word(end), "via through") => end += 1,
            Kind::Date(date) => {
                let found = &line.dates[date];
                // `Consulted 1998` is a year of something else; `cited 2020 Sep` is not.
                return Some((found.date, end + 1));
            }
            Kind::Mark(',' | ':' | '.' | '/' | '-') => end += 1,
            Kind::Number => {
                // `(accessed 10:30, 3 May 2024)`
                end += 1;
            }
            Kind::Word
                if cue::one_of(line.word(end), "on the il am le el den at in date day last vom em") =>
            {
                end += 1;
            }
            _ => return None,
        }
    }
    None
}

/// `Archived from the original on 28 March 2014`: the day on which a copy was made; where it ends.
fn copied_at(line: &Line, at: usize, to: usize) -> Option<usize> {
    const LONGEST: usize = 8;
    let word = line.word(at);
    if !word.starts_with("archiv") && word != "arquivado" {
        return None;
    }
    let date = (at + 1..to.min(at + LONGEST)).find(|t| !line.small(*t))?;
    matches!(line.kind(date), Some(Kind::Date(_))).then_some(date + 1)
}

/// A URL with the words that introduce it (`Available at: <…>`); where it ends.
fn lead_in_at(line: &Line, at: usize, to: usize) -> Option<usize> {
    if let Some(Kind::Link(_)) = line.kind(at) {
        return Some(at + 1);
    }
    let mut end = line.any_phrase(at, &cue::LEAD_INS).unwrap_or(at);
    // `Graphics for the web. URL: …`, `Harbour Online. https://…`
    if end == at + 1
        && at > 0
        && (line.small(at) && line.small(at - 1)
            || line.word(at - 1) == "the"
            || line.capital(at) && line.capital(at - 1))
        && line.is_mark(end, &['.'])
        && cue::one_of(line.word(at), "web internet archive link website online")
    {
        return None;
    }
    let words = end > at;
    for _ in 0..4 {
        if end >= to {
            return None;
        }
        match line.kind(end)? {
            Kind::Link(_) => return Some(end + 1),
            Kind::Group if words || line.token(end).starts_with('<') => {
                return line.links_in(end).next().map(|_| end + 1);
            }
            Kind::Mark(':' | '<' | '(' | '[' | '=' | '.' | ',')
                if words || end == at && !line.is_mark(at, &['.', ',', ':']) =>
            {
                end += 1;
            }
            // `Retrieved March 23, 2016, from Healthy Place: http://…`, `Available at SSRN: http://…`
            Kind::Word
                if words
                    && line.capital(end)
                    && (line.word(end - 1) == "from"
                        || cue::one_of(line.word(end - 1), "at on via") && end > at + 1) =>
            {
                let link = (end..to.min(end + 8)).find(|t| matches!(line.kind(*t), Some(Kind::Link(_))))?;
                return line.is_mark(link - 1, &[':']).then_some(link + 1);
            }
            Kind::Word if words => end = line.any_phrase(end, &cue::LEAD_INS)?,
            _ => return None,
        }
    }
    None
}

/// Blanks out `(archived copy)` where that is the label of a link to an archived copy: no words of the
/// citation. Every byte keeps its place.
pub(super) fn without_copy_labels<'t>(text: &'t str, hyperlinks: &[Hyperlink]) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    for hyperlink in hyperlinks {
        let Range { start, end } = hyperlink.range;
        let label = text.get(start..end).unwrap_or_default().trim().to_ascii_lowercase();
        let known = matches!(label.as_str(), "archived copy" | "archived version" | "archived" | "archive");
        let in_brackets = || text[..start].ends_with('(') && text[end..].starts_with(')');
        let of_copy = || url::Url::parse(&hyperlink.target).is_ok_and(|url| link::archived(&url).is_some());
        if known && in_brackets() && of_copy() {
            text.to_mut().replace_range(start - 1..=end, &" ".repeat(end + 2 - start));
        }
    }
    text
}

/// The URL printed in a text and the hyperlinks on it made one list: what is printed, in its place,
/// and apart from it the targets that are not printed.
pub(super) fn join(text: &str, hyperlinks: &[Hyperlink]) -> (Vec<FoundLink>, Vec<(usize, String)>) {
    let mut links = link::find(text);
    cut_at_hyperlinks(&mut links, text, hyperlinks);
    let mut unseen: Vec<(usize, String)> = Vec::new();
    let mut done = vec![false; links.len()];
    for hyperlink in hyperlinks {
        let target = hyperlink.target.trim();
        let Some(target) = crate::link::target(target) else { continue };
        let target = link::unwrapped(&target).unwrap_or(target);
        let start = hyperlink.range.start.min(text.len());
        let end = hyperlink.range.end.clamp(start, text.len());
        let first = links.partition_point(|l| l.range.end <= start);
        let over = links.get(first).filter(|l| l.range.start < end.max(start + 1)).map(|_| first);
        let Some(found) = over else {
            if !unseen.iter().any(|(_, url)| *url == target) {
                unseen.push((floor(text, start), target));
            }
            continue;
        };
        if done[found] {
            continue;
        }
        let shown = links[found].range.start.min(start)..links[found].range.end.max(end);
        let whole = text.get(shown.clone()).unwrap_or_default();
        let whole_repaired = repairs(whole, &target);
        if whole_repaired || repairs(&links[found].url, &target) {
            // The hyperlink may cover more of a broken URL than could be read as one.
            if whole_repaired && links.get(found + 1).is_none_or(|l| l.range.start >= shown.end) {
                links[found].range = shown;
            }
            links[found].url = target;
            links[found].form = Form::Full;
            done[found] = true;
        } else if bare(&links[found].url) != bare(&target) && !unseen.iter().any(|(_, url)| *url == target) {
            // One address is printed and another one linked: both are cited.
            unseen.push((floor(text, start), target));
        }
    }
    links.sort_by_key(|l| l.range.start);
    unseen.sort_by_key(|(at, _)| *at);
    unseen.retain(|(_, url)| !links.iter().any(|l| l.url == *url));
    (links, unseen)
}

/// A hyperlink that lies on its own address says where the address ends, whatever follows it:
/// `https://a.example/b[archived]`.
fn cut_at_hyperlinks(links: &mut [FoundLink], text: &str, hyperlinks: &[Hyperlink]) {
    for hyperlink in hyperlinks {
        let shown = text.get(hyperlink.range.clone()).unwrap_or_default();
        let at = links.partition_point(|link| link.range.end <= hyperlink.range.start);
        if let Some(link) = links.get_mut(at).filter(|_| shown.contains("://") && shown == hyperlink.target)
            && link.range.start == hyperlink.range.start
            && link.range.end > hyperlink.range.end
        {
            link.range.end = hyperlink.range.end;
            shown.clone_into(&mut link.url);
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Does the target spell the same address as the text, or the text a piece of it, once everything
/// is dropped that breaking a line may lose or add?
fn repairs(shown: &str, target: &str) -> bool {
    let (shown, target) = (bare(shown), bare(target));
    shown.len() > 3 && (shown == target || shown.len() >= 12 && target.starts_with(&shown))
}

fn bare(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = percent_encoding::percent_decode_str(url).decode_utf8_lossy();
    let key: String = url.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    key.strip_prefix("www").map_or(key.clone(), str::to_owned)
}

/// The URLs of a stretch of text in their order, and the DOI that it names.
pub(super) fn urls(
    line: &Line,
    unseen: &[(usize, String)],
    range: &Range<usize>,
) -> (Vec<String>, Option<String>) {
    let first = line.links.partition_point(|l| l.range.start < range.start);
    let mut all: Vec<(usize, &str)> = line.links[first..]
        .iter()
        .take_while(|l| l.range.start < range.end)
        .map(|l| (l.range.start, l.url.as_str()))
        .collect();
    all.extend(
        unseen
            .iter()
            .filter(|(at, _)| range.contains(at) || *at == range.end)
            .map(|(at, url)| (*at, url.as_str())),
    );
    all.sort_by_key(|(at, _)| *at);
    let mut urls: Vec<String> = Vec::with_capacity(all.len());
    for (_, url) in &all {
        let url = link::unwrapped(url).unwrap_or_else(|| (*url).to_owned());
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    let doi = all.iter().find(|(_, url)| is_doi_address(url)).and_then(|(_, url)| link::doi(url));
    (urls, doi)
}

fn is_doi_address(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    cue::one_of(host.to_ascii_lowercase().as_str(), "doi.org dx.doi.org www.doi.org www.dx.doi.org")
}
