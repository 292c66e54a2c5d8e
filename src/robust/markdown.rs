//! Markdown: a link to the archived copy behind the address of the source, in the notes.
//!
//! # Known gaps
//! Addresses in blocks of HTML are left alone: Markdown is not read there.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{ArchivedCopy, Group, Spot, Writer, cited};
use crate::document::{decode, markdown, tag};
use crate::link;

pub(super) const WRITER: Writer =
    Writer { name: "markdown", text: |bytes| Ok(decode::text(bytes)?.into_owned()), spots };

/// An address in the text, and behind which byte its copy would stand.
struct Mark {
    start: usize,
    url: String,
    end: usize,
}

fn spots(text: &str) -> Vec<Spot> {
    let mut reader =
        Reader { text, marks: Vec::new(), notes: Vec::new(), run: 0..0, link: None, emphasis: 0, shut: 0 };
    for (event, range) in Parser::new_ext(text, markdown::options()).into_offset_iter() {
        reader.event(event, range);
    }
    reader.end_run();
    let Reader { mut marks, mut notes, .. } = reader;
    notes.extend(markdown::inline_notes(text).into_iter().map(|(start, end)| start..end));
    notes.sort_by_key(|note| (note.start, std::cmp::Reverse(note.end)));
    marks.sort_by_key(|mark| mark.start);
    // The innermost note that an address stands in counts.
    let mut spots: Vec<Spot> = Vec::new();
    let mut notes = notes.into_iter().peekable();
    let mut open: Vec<(Range<usize>, Group)> = Vec::new();
    for mark in marks {
        while let Some(note) = notes.next_if(|note| note.start <= mark.start) {
            open.push((note, Group::default()));
        }
        let is_over = |(note, _): &mut (Range<usize>, Group)| note.end <= mark.start;
        while let Some((_, group)) = open.pop_if(is_over) {
            spots.extend(ended(group));
        }
        let Some((note, group)) = open.iter_mut().rev().find(|(note, _)| mark.start < note.end) else {
            continue;
        };
        let at = behind_quotation(text, note, mark.start, mark.end);
        let spot = Spot { url: mark.url, at, put: link_to };
        group.take(&spot.url.clone(), Some(spot));
    }
    for (_, group) in open {
        spots.extend(ended(group));
    }
    spots.sort_by_key(|spot| spot.at);
    spots
}

/// The last place of each address in a note: a title and its address are often both links.
fn ended(group: Group) -> Vec<Spot> {
    let spots = group.end();
    let last = |(at, spot): &(usize, &Spot)| spots[at + 1..].iter().all(|later| later.url != spot.url);
    spots.iter().enumerate().filter(last).map(|(_, spot)| spot.clone()).collect()
}

/// Behind the quotation that an address stands in, which is a title: the copy is no part of it.
fn behind_quotation(text: &str, note: &Range<usize>, start: usize, end: usize) -> usize {
    /// Longer titles there are none.
    const NEAR: usize = 1_000;
    let from = text.floor_char_boundary(note.start.max(start.saturating_sub(NEAR)));
    let to = text.floor_char_boundary(note.end.min(end + NEAR)).max(end);
    let mut open: Vec<char> = Vec::new();
    text[from..start].chars().for_each(|c| quote(&mut open, c));
    if open.is_empty() {
        return end;
    }
    for (at, c) in text[end..to].char_indices() {
        quote(&mut open, c);
        if open.is_empty() {
            return end + at + c.len_utf8();
        }
    }
    end
}

/// Opens or closes a quotation.
fn quote(open: &mut Vec<char>, c: char) {
    match (c, open.last()) {
        ('”', Some('“' | '„')) | ('“', Some('„')) | ('»', Some('«')) | ('"', Some('"')) => {
            open.pop();
        }
        ('“' | '„' | '«' | '"', _) => open.push(c),
        _ => {}
    }
}

struct Reader<'t> {
    text: &'t str,
    marks: Vec<Mark>,
    notes: Vec<Range<usize>>,
    /// Text without markup that is not searched yet.
    run: Range<usize>,
    /// The link that is open: where it begins, its address and, if it is Markdown's, its end.
    link: Option<(usize, String, Option<usize>)>,
    /// Up to here goes the emphasis that is open, which a copy is no part of.
    emphasis: usize,
    /// Up to here nothing is text.
    shut: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(_) if self.link.is_none() && range.start >= self.shut => {
                if self.run.end == range.start {
                    self.run.end = range.end;
                } else {
                    self.end_run();
                    self.run = range;
                }
                return;
            }
            _ => self.end_run(),
        }
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => self.notes.push(range),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let end = markdown::attributes(self.text, range.end).unwrap_or(range.end);
                self.link = Some((range.start, dest_url.into_string(), Some(end)));
            }
            Event::End(TagEnd::Link) => {
                if let Some((start, target, Some(end))) = self.link.take() {
                    self.mark(start, &target, end);
                }
            }
            Event::InlineHtml(_) => {
                for (_, piece) in tag::pieces(&self.text[range.clone()]) {
                    match piece {
                        tag::Piece::Link(target) => {
                            self.link = Some((range.start, target.into_owned(), None));
                        }
                        tag::Piece::LinkEnd => {
                            if let Some((start, target, None)) = self.link.take() {
                                self.mark(start, &target, range.end);
                            }
                        }
                        _ => {}
                    }
                }
            }
            // A link of HTML that is not closed ends with its block.
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::FootnoteDefinition) => self.link = None,
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {
                self.emphasis = self.emphasis.max(range.end);
            }
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => self.shut = range.end,
            _ => {}
        }
    }

    fn mark(&mut self, start: usize, target: &str, end: usize) {
        if let Some(url) = cited(target) {
            self.marks.push(Mark { start, url, end: end.max(self.emphasis) });
        }
    }

    /// Searches the text that has come to its end for addresses.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        for found in link::find(&self.text[run.clone()]) {
            let (start, end) = (run.start + found.range.start, run.start + found.range.end);
            // An escape goes on with the address.
            if !self.text[end..].starts_with('\\') {
                self.mark(start, &tag::decoded(&found.url), end);
            }
        }
    }
}

fn link_to(_: &str, copy: &ArchivedCopy) -> String {
    format!(" ([archived copy]({}))", destination(&copy.url))
}

/// An address as the destination of a link, which knows escapes and character references
/// (`CommonMark` 0.31, 6.3).
fn destination(url: &str) -> String {
    let mut depth = 0;
    let mut balanced = true;
    for c in url.chars() {
        depth += i32::from(c == '[') - i32::from(c == ']');
        balanced &= depth >= 0;
    }
    balanced &= depth == 0;
    let mut out = String::new();
    for (at, c) in url.char_indices() {
        match c {
            '&' if tag::decoded(&url[at..]) != url[at..] => out.push_str("&amp;"),
            '[' if !balanced => out.push_str("%5B"),
            ']' if !balanced => out.push_str("%5D"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            ' ' => out.push_str("%20"),
            c => out.push(c),
        }
    }
    if out.contains(['(', ')']) { format!("<{out}>") } else { out }
}
