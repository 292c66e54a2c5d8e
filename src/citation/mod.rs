//! The text of a note → the sources it cites.
//!
//! Parsing never fails: what cannot be told stays `None`, and a text that cites nothing gives no
//! citations. Whether an *Ibid.* or a short form stands for another note is settled afterwards, over
//! all notes together, by [`resolve`].

mod author;
mod back;
mod container;
mod cue;
mod given;
mod head;
mod imprint;
mod parts;
mod person;
pub(crate) mod persons;
mod read;
mod record;
mod resolve;
mod segment;
mod tail;
mod title;
mod token;
mod unmarked;
mod web;
mod work;

use std::ops::Range;

pub use record::{Record, record, record_after};
pub use resolve::resolve;

use crate::date::PartialDate;
use read::Fields;
use token::{Kind as TokenKind, Line};

/// One source cited in a note, or a reference back to an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Citation {
    /// In full, *Ibid.*, or a short form.
    pub kind: Kind,
    /// For *Ibid.* and short forms: the number of the note where the source stands in full.
    pub refers_to: Option<String>,
    /// The number of the note that a short form names, whether or not there is such a note.
    pub named_note: Option<String>,
    /// Persons or bodies, in the order and the spelling of the note; a post's `@handle`.
    pub authors: Vec<String>,
    /// Without quotation marks around it.
    pub title: Option<String>,
    /// Newspaper, journal, site, publisher, book, or the kind of post (`X post`).
    pub container: Option<String>,
    /// The date of the source, as precise as it is cited.
    pub date: Option<PartialDate>,
    /// The last day, where the note cites a range.
    pub date_end: Option<PartialDate>,
    /// When the author says they read it (`accessed on 3 May 2024`).
    pub accessed: Option<PartialDate>,
    /// Absolute URLs in the order of the note.
    pub urls: Vec<String>,
    /// Bare DOI, lower case.
    pub doi: Option<String>,
    /// Bytes of the note's text that hold the citation.
    pub range: Range<usize>,
}

/// How a note names its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// In full.
    #[default]
    Source,
    /// *Ibid.*, *Id.*, *Ebenda*: the source of the note before.
    Ibid,
    /// `see note 3`, `Roth, cit.`, `op. cit.`, a shortened title.
    Short,
}

impl Kind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Source => "source",
            Kind::Ibid => "ibid",
            Kind::Short => "short",
        }
    }
}

/// A hyperlink that lies on a part of a note's text, in formats that have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// Bytes of the text that it lies on; may be empty.
    pub range: Range<usize>,
    /// Where it points, as the document has it.
    pub target: String,
}

/// The citations of one note. `text` is one line without the note's number; `hyperlinks` are those
/// that lie on it.
///
/// What a reference back stands for is told by [`resolve`].
pub fn parse(text: &str, hyperlinks: &[Hyperlink]) -> Vec<Citation> {
    let text = &*web::without_copy_labels(text, hyperlinks);
    let (links, unseen) = web::join(text, hyperlinks);
    let line = Line::new(text, links);
    let mut citations = Vec::new();
    for segment in segment::segments(&line) {
        citations_of(&line, segment, &unseen, &mut citations);
    }
    attach_stray_links(&mut citations, &unseen);
    citations
}

/// The citations of one segment: references back first, then the source in full.
fn citations_of(
    line: &Line,
    segment: Range<usize>,
    unseen: &[(usize, String)],
    citations: &mut Vec<Citation>,
) {
    let mut from = segment::after_signal(line, segment.start, segment.end);
    let mut start = segment.start;
    if let Some(next) = after_same_author(line, from, segment.end, unseen) {
        (from, start) = (next, next);
    }
    let backs = back::find(line, start, segment.end);
    if backs.is_empty() {
        citations.extend(source(line, from, segment.end, unseen));
        return;
    }
    let mut linked = segment::has_link(line, &segment);
    for back in backs {
        // A source in full stands before the reference: `…, https://a.example (see note 3)`.
        if linked && segment::has_link(line, &(from..back.tokens.start)) {
            citations.extend(source(line, from, back.tokens.start, unseen));
            from = back.tokens.start;
            linked = segment::has_link(line, &(from..segment.end));
        }
        citations.push(back_citation(line, from, &back));
        from = back.tokens.end;
    }
    if linked {
        // `Ibid., https://…`: the URL is given once more.
        let rest = line.span(from..segment.end);
        let (urls, doi) = web::urls(line, unseen, &rest);
        if let Some(last) = citations.last_mut() {
            last.urls.extend(urls);
            last.doi = last.doi.take().or(doi);
            last.range.end = rest.end;
        }
    }
}

/// `Id., Teoria generale, Torino, Einaudi, 1999`: another work of the authors named before, not the
/// same one. Where its title starts.
fn after_same_author(line: &Line, from: usize, to: usize, unseen: &[(usize, String)]) -> Option<usize> {
    if !matches!(line.word(from), "id" | "idem") {
        return None;
    }
    let comma = from + 1 + usize::from(line.is_mark(from + 1, &['.']));
    let next = comma + 1;
    let titled = line.is_mark(comma, &[','])
        && (line.capital(next) || line.kind(next) == Some(TokenKind::Quoted))
        && back::find(line, next, next + 1).is_empty();
    // `Id., Elogio della mitezza, cit.`
    let short = || {
        let backs = back::find(line, next, to);
        backs.first().is_some_and(|back| !back.ibid && !back.bare && back.tokens.start > next + 1)
    };
    let full = || {
        source(line, next, to, unseen)
            .is_some_and(|cited| cited.kind == Kind::Source && cited.title.is_some() && cited.date.is_some())
    };
    (titled && (short() || full())).then_some(next)
}

/// A reference back with the author and title that stand before it: `Roth, op. cit.`
fn back_citation(line: &Line, from: usize, back: &back::Back) -> Citation {
    let kind = if back.ibid { Kind::Ibid } else { Kind::Short };
    let mut citation = Citation {
        kind,
        named_note: back.number.clone(),
        range: line.span(back.tokens.clone()),
        ..Citation::default()
    };
    if back.ibid || from >= back.tokens.start {
        return citation;
    }
    let end = back.tokens.start;
    let prose = segment::is_prose(line, &(from..end));
    let names = author::all(line, from, end).or_else(|| names_before(line, from, end));
    let whole = names
        .as_ref()
        .is_some_and(|n| n.each.first().is_some_and(|first| first.start == line.span(from..end).start));
    if let Some(names) = names.filter(|_| !back.bare || whole) {
        citation.authors = read::shown_names(line, &names);
        citation.range.start = names.each.first().map_or(citation.range.start, |n| n.start);
    }
    if !whole && (!prose || has_quotation(line, from, end)) {
        let fields = read::fields(line, from, end);
        let names = fields.names.as_ref().map(|n| read::shown_names(line, n)).unwrap_or_default();
        let title = fields.title.as_ref().and_then(|t| read::shown(line, t));
        let told = !names.is_empty() || fields.quoted && !back.bare;
        if told && title.is_some() && fields.start < end {
            citation.authors = names;
            citation.title = title.filter(|t| !citation.authors.contains(t));
            citation.date = fields.date;
            citation.range.start = line.span(fields.start..end).start;
        }
    }
    citation
}

/// The names that end just before a reference back: `Notable examples are O’Donovan, op. cit.`
fn names_before(line: &Line, from: usize, to: usize) -> Option<author::Names> {
    let end = (from..to).rev().find(|t| !line.is_mark(*t, &[',', '(', ';', ':']))? + 1;
    let first = (from..end)
        .rev()
        .take_while(|t| line.capital(*t) || line.is_mark(*t, &['.', '&', '/']) || author::is_and(line, *t))
        .last()?;
    (first..end)
        .filter(|t| line.capital(*t))
        .find_map(|start| author::list(line, start, end).filter(|n| n.next >= end))
}

fn has_quotation(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| line.kind(t) == Some(TokenKind::Quoted))
}

/// The source that a segment cites in full, if it cites one.
fn source(line: &Line, from: usize, to: usize, unseen: &[(usize, String)]) -> Option<Citation> {
    let fields = read::fields(line, from, to);
    let range = line.span(fields.start.min(to.saturating_sub(1)).max(from)..to);
    let (urls, doi) = web::urls(line, unseen, &(line.span(from..to)));
    let evident = is_evident(line, from, to, &fields, !urls.is_empty());
    if !evident && !is_short_title(line, from, to, &fields) {
        return None;
    }
    let authors = fields.names.as_ref().map(|n| read::shown_names(line, n)).unwrap_or_default();
    // `Harbour Board of Lindby, Receipts, Lindby, 1951`: the body's seat publishes nothing.
    let book = !fields.quoted && fields.date.is_some_and(|date| date.month.is_none());
    let is_seat =
        |name: &String| book && authors.iter().any(|body| body.split(' ').skip(1).any(|word| word == name));
    Some(Citation {
        kind: if evident { Kind::Source } else { Kind::Short },
        refers_to: None,
        named_note: None,
        title: fields.title.as_ref().and_then(|t| read::shown(line, t)),
        container: fields
            .rest
            .container
            .as_ref()
            .or(fields.rest.publisher.as_ref())
            .and_then(|c| read::shown_work(line, c))
            .filter(|name| !is_seat(name)),
        authors,
        date: fields.date,
        date_end: fields.date_end,
        accessed: fields.accessed,
        urls,
        doi,
        range,
    })
}

/// Is there enough to say that a source is cited? A URL is; otherwise the parts have to stand where
/// a citation has them. A sentence that names a person and a year cites nothing.
fn is_evident(line: &Line, from: usize, to: usize, fields: &Fields, linked: bool) -> bool {
    if linked {
        return true;
    }
    let held = fields.rest.container.is_some() || fields.rest.publisher.is_some();
    let placed = fields.quoted
        && fields.dated
        && fields.rest.container.is_some()
        && (fields.rest.introduced
            || fields.rest.article
            || fields.date.is_some_and(|date| date.day.is_some()));
    let told = fields.dated
        || fields.title.as_ref().is_some_and(|title| {
            let behind = line.tokens.partition_point(|token| token.range.start < title.end);
            parts::says_undated(line, behind, to)
        });
    if fields.title.is_none() || segment::is_comment(line, &(from..to)) && !placed {
        return false;
    }
    let named = fields.names.is_some();
    if fields.quoted {
        return placed
            || named && (told || held)
            || fields.start == from && fields.dated && held
            || fields.rest.introduced && fields.rest.container.is_some();
    }
    let strong = fields.names.as_ref().is_some_and(|n| n.trust >= author::Trust::Fair);
    let first = (from..to).find(|t| line.is_mark(*t, &[',', ';'])).unwrap_or(to);
    // `Case T-315/01, Harbour v Council, 21 September 2005`
    let case = || fields.dated && parts::case_name(line, from, to.min(from + 12));
    let law =
        (parts::is_law(line, from, first) && has_number(line, from, to) || case()) && line.capital(from);
    let unsigned = fields.dated
        && line.capital(from)
        && fields.rest.container.as_ref().or(fields.rest.publisher.as_ref()).is_some_and(|c| c.len() > 3)
        && !segment::has_signal(line, from, to);
    named && told || strong && held || law || unsigned
}

/// `Roth, “Trump Refuses”, p. 3`: names and a title with no more than a page behind, so that the
/// source must stand in full elsewhere.
fn is_short_title(line: &Line, from: usize, to: usize, fields: &Fields) -> bool {
    let (Some(names), Some(title)) = (&fields.names, &fields.title) else { return false };
    let behind = (from..to).filter(|t| line.tokens[*t].range.start >= title.end);
    let words: Vec<&str> = behind.clone().filter(|t| line.is_word(*t)).map(|t| line.word(t)).collect();
    let paged = words.iter().any(|w| cue::one_of(w, "p pp s pag at seite page"));
    // `Roth, Tragedy of the Harbours, 61`
    let counted = behind.clone().any(|t| line.kind(t) == Some(TokenKind::Number));
    let bare = counted
        && words.is_empty()
        && behind.clone().all(|t| !matches!(line.kind(t), Some(TokenKind::Date(_) | TokenKind::Group)))
        && line.text[title.clone()].split_whitespace().count() >= 3;
    let only_pages = words.iter().all(|w| cue::one_of(w, "p pp s pag at seite page pages ff f and esp"));
    fields.start == from
        && !names.editors
        && only_pages
        && (fields.quoted || (paged || bare) && names.each.len() <= 3)
        && !segment::is_comment(line, &(from..to))
}

fn has_number(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| {
        matches!(line.kind(t), Some(TokenKind::Number | TokenKind::Date(_)))
            || line.kind(t) == Some(TokenKind::Group) && line.inside(t).contains(|c: char| c.is_ascii_digit())
    })
}

/// A hyperlink that lies on no citation belongs to the nearest one before it, else to the first.
fn attach_stray_links(citations: &mut Vec<Citation>, unseen: &[(usize, String)]) {
    for (at, url) in unseen {
        if citations.iter().any(|c| c.urls.contains(url)) {
            continue;
        }
        let before = citations.iter().rposition(|c| c.range.start <= *at && c.kind == Kind::Source);
        let first = citations.iter().position(|c| c.kind == Kind::Source);
        match before.or(first) {
            Some(found) => citations[found].urls.push(url.clone()),
            None => {
                citations.push(Citation { urls: vec![url.clone()], range: *at..*at, ..Citation::default() });
            }
        }
    }
}
