//! Markdown: `CommonMark` with footnotes (`[^1]`) and inline notes (`^[…]`), as GitHub, Pandoc and the
//! usual site generators read them; HTML that it lets through is read for its links.
//!
//! # Known gaps
//! Mathematics is read as text. Directives of `MyST` (```` ```{note} ````) are taken for code.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::draft::Draft;
use super::tag::{self, Piece};
use super::{Document, Format, csl_json, decode, front_matter};
use crate::place::{Lines, Place};

/// Markdown.
pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"],
    is: |_| false,
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

fn read(text: &str) -> Document {
    let mut draft = Draft::default();
    if text.starts_with("% ") {
        front_matter::percent_block(text, &mut draft.document);
    } else {
        front_matter::header_lines(text, &mut draft.document);
    }
    let lines = Lines::of(text);
    walk(text, &mut draft, |at| lines.at(at));
    finish(draft)
}

/// The document, when all of its Markdown is read.
pub(super) fn finish(draft: Draft) -> Document {
    let mut document = draft.finish();
    if document.notes.is_empty() {
        // The definitions are kept in another file, or `[^a-z]` is something else.
        document.orphans.clear();
    }
    document
}

/// What is read beyond `CommonMark`.
pub(crate) fn options() -> Options {
    Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

/// Reads Markdown into a draft; `place` tells where each of its bytes stands.
pub(super) fn walk(text: &str, draft: &mut Draft, place: impl Fn(usize) -> Place) {
    let text = &*as_parsed(text);
    let mut reader = Reader {
        text,
        draft,
        place,
        metadata: None,
        code: false,
        record: None,
        notes: Vec::new(),
        inline: false,
        inline_notes: inline_notes(text),
        shut: 0,
        links: 0,
    };
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        reader.event(event, range);
    }
    reader.end_inline(usize::MAX);
    if reader.inline {
        // Notes with and without labels are numbered in one sequence.
        reader.draft.drop_labels();
    }
}

struct Reader<'t, 'd, P> {
    text: &'t str,
    draft: &'d mut Draft,
    place: P,
    metadata: Option<String>,
    code: bool,
    /// The block of CSL-JSON being read, by which a note cites.
    record: Option<String>,
    /// Where the inline notes being read end, the innermost last.
    notes: Vec<usize>,
    /// Was there one?
    inline: bool,
    /// Where the inline notes begin and end.
    inline_notes: HashMap<usize, usize>,
    /// Up to here the text is markup that the parser does not know.
    shut: usize,
    /// Links of HTML that are open.
    links: usize,
}

impl<P: Fn(usize) -> Place> Reader<'_, '_, P> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if !matches!(event, Event::Text(_)) {
            self.end_inline(range.start);
        }
        let place = (self.place)(range.start);
        match event {
            Event::Start(Tag::MetadataBlock(_)) => self.metadata = Some(String::new()),
            Event::End(TagEnd::MetadataBlock(_)) => {
                front_matter::read(&self.metadata.take().unwrap_or_default(), &mut self.draft.document);
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                self.draft.open_note(key(&label), Some(label.to_string()), place);
            }
            Event::End(TagEnd::FootnoteDefinition) => self.draft.close_note(),
            Event::FootnoteReference(label) => self.draft.call(key(&label), place),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                let record = matches!(&kind, CodeBlockKind::Fenced(name) if &**name == "csl-json");
                self.record = (record && self.draft.in_note()).then(String::new);
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.end_record(place);
            }
            Event::Text(text) if self.record.is_some() => {
                self.record.iter_mut().for_each(|record| record.push_str(&text));
            }
            // Code is part of what a note says, but nobody cites with it in the body.
            Event::Text(_) | Event::Code(_) if self.code && !self.draft.in_note() => {}
            Event::Text(text) => match &mut self.metadata {
                Some(metadata) => metadata.push_str(&text),
                None => self.running_text(&text, range),
            },
            // Pandoc: `<sup>`{=html}, raw text of some format.
            Event::Code(_) if self.text[range.end..].starts_with("{=") => {
                let near = self.text[range.end..].bytes().take(80).position(|byte| byte == b'}');
                self.shut = near.map_or(range.end, |end| range.end + end + 1);
            }
            Event::Code(code) => {
                let inside = self.text[range.clone()].find(&*code).unwrap_or(0);
                self.draft.text(&code, (self.place)(range.start + inside));
            }
            Event::SoftBreak | Event::HardBreak => self.draft.text(" ", place),
            Event::Start(Tag::Heading { level, .. }) => self.draft.open_heading(level as u8),
            Event::End(TagEnd::Heading(_)) => self.draft.close_heading((self.place)(range.end)),
            Event::Start(Tag::Link { dest_url, .. }) => self.draft.open_link(dest_url, place),
            Event::End(TagEnd::Link) => self.draft.close_link(),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::BlockQuote(_)) => {
                self.end_html_links();
                self.draft.end_block((self.place)(range.end));
            }
            Event::InlineHtml(_) => self.html(range),
            Event::Start(Tag::HtmlBlock) => {
                self.html(range.clone());
                self.end_html_links();
                self.draft.end_block((self.place)(range.end));
            }
            _ => {}
        }
    }

    /// A source cited by its record, as the Ethereum Improvement Proposals do.
    fn end_record(&mut self, place: Place) {
        let Some(text) = self.record.take() else { return };
        match csl_json::record(&text) {
            Some(record) => {
                self.draft.open_given();
                self.draft.text(&text, place);
                self.draft.close_given(record.citation());
            }
            None => self.draft.text(&text, place),
        }
    }

    fn running_text(&mut self, text: &str, range: Range<usize>) {
        // An escape or an entity stands for another character than its own.
        if text.len() != range.len() {
            self.end_inline(range.start);
            self.draft.text(text, (self.place)(range.start));
            return;
        }
        let mut at = range.start.max(self.shut.min(range.end));
        while at < range.end {
            self.end_inline(at);
            let rest = &self.text[at..range.end];
            if let Some(end) = attributes(self.text, at) {
                self.shut = end;
                at = end.min(range.end);
                continue;
            }
            if rest.starts_with('^')
                && !self.code
                && let Some(end) = self.inline_notes.get(&at).copied()
            {
                let key = format!("^{at}");
                let place = (self.place)(at);
                self.draft.call(key.as_str(), place);
                self.draft.open_note(key, None, place);
                self.notes.push(end);
                self.inline = true;
                self.shut = at + 2;
                at = self.shut.min(range.end);
                continue;
            }
            if let Some(label) = undefined(self.text, at).filter(|_| !self.code) {
                self.draft.document.orphans.push((label.to_owned(), (self.place)(at)));
            }
            // What follows is looked at anew where a note may begin or end.
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let next = rest[first..].find(['^', '[', ']']).map_or(range.end, |next| at + first + next);
            self.draft.text(&self.text[at..next], (self.place)(at));
            at = next;
        }
    }

    /// Ends the inline notes that end before `at`.
    fn end_inline(&mut self, at: usize) {
        while self.notes.last().is_some_and(|end| *end <= at) {
            let end = self.notes.pop().unwrap_or(at);
            self.draft.close_note();
            self.shut = self.shut.max(end + 1);
        }
    }

    fn html(&mut self, range: Range<usize>) {
        let start = range.start;
        for (bytes, piece) in tag::pieces(&self.text[range]) {
            let place = (self.place)(start + bytes.start);
            match piece {
                Piece::Text(text) => {
                    let mut at = start + bytes.start;
                    for line in text.split_inclusive('\n') {
                        self.draft.text(&tag::decoded(line), (self.place)(at));
                        at += line.len();
                    }
                }
                Piece::Link(target) => {
                    self.draft.open_link(target, place);
                    self.links += 1;
                }
                Piece::LinkEnd => {
                    if self.links > 0 {
                        self.draft.close_link();
                        self.links -= 1;
                    }
                }
                Piece::Break => self.draft.end_block(place),
            }
        }
    }

    fn end_html_links(&mut self) {
        for _ in 0..std::mem::take(&mut self.links) {
            self.draft.close_link();
        }
    }
}

/// The text as the parser reads it rightly, byte for byte as long: lines end with a line feed, and the body of a
/// note begins on the line of its label, where it may stand below it and be indented too little.
fn as_parsed(text: &str) -> Cow<'_, str> {
    let mut changed: Vec<(usize, u8)> = Vec::new();
    let bytes = text.as_bytes();
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    changed.extend(memchr::memchr_iter(b'\r', bytes).filter(lone).map(|at| (at, b'\n')));
    for at in memchr::memmem::find_iter(bytes, b"]:") {
        let behind = &text[at + 2..];
        let end = at + 2 + behind.len() - behind.trim_start_matches([' ', '\t', '\r']).len();
        let body = text[end..].strip_prefix('\n').unwrap_or_default();
        let indent = body.bytes().take(4).take_while(|byte| *byte == b' ').count();
        let shown = !body[indent..].trim_start_matches(['\r', '\t']).is_empty()
            && !body[indent..].starts_with(['\n', '\r']);
        if (1..4).contains(&indent) && shown && defines_note(&text[..at]) {
            changed.push((end, b' '));
        }
    }
    if changed.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut parsed = bytes.to_vec();
    for (at, mark) in changed {
        parsed[at] = mark;
    }
    Cow::Owned(String::from_utf8(parsed).expect("one ASCII character stands for another"))
}

/// Does a line that goes on with `]:` begin with `[^label`?
fn defines_note(before: &str) -> bool {
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(200))..];
    let line = near.rsplit('\n').next().unwrap_or_default();
    line.trim_start_matches([' ', '>']).strip_prefix("[^").is_some_and(|label| !label.contains(['[', ']']))
}

/// Labels match whatever their case, as GitHub reads them.
fn key(label: &str) -> String {
    label.to_lowercase()
}

/// The inline notes of a text: where their `^[` begins, and where their `]` stands. A raised number
/// (`^[1]^`, `^[\[1\]](#fn1)^`) is none.
pub(crate) fn inline_notes(text: &str) -> HashMap<usize, usize> {
    let mut notes = HashMap::new();
    let mut open: Vec<(usize, bool)> = Vec::new();
    let bytes = text.as_bytes();
    let mut free = 0;
    let mut at = if text.contains("^[") { 0 } else { bytes.len() };
    while at < bytes.len() {
        match bytes[at] {
            // What is escaped begins nothing.
            b'\\' => {
                at += 2;
                free = at;
                continue;
            }
            b'[' => open.push((at, at > free && bytes[at - 1] == b'^')),
            b']' => {
                let raised = text[at + 1..].starts_with('^') || text[at + 1..].starts_with("(#");
                if let Some((start, true)) = open.pop().filter(|(start, _)| !raised && *start + 1 < at) {
                    notes.insert(start - 1, at);
                }
            }
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|b| **b == b'`').count();
                let close = text[at + ticks..].find(&text[at..at + ticks]);
                at += ticks + close.map_or(0, |close| close + ticks);
                continue;
            }
            // A block ends here, and so would the note.
            b'\n' if text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') => open.clear(),
            _ => {}
        }
        at += 1;
    }
    notes
}

/// The end of `{.class #id key=value}` or `{: …}` behind a link, a span or a block.
pub(crate) fn attributes(text: &str, at: usize) -> Option<usize> {
    let inside = text[at..].strip_prefix('{')?;
    let inside = &inside[..inside.floor_char_boundary(400)];
    let end = inside.find(['}', '\n']).filter(|end| inside[*end..].starts_with('}'))?;
    let inside = &inside[..end];
    let glued = text[..at].ends_with([')', ']', '>', '`']);
    let own = inside.starts_with(':') && text[..at].trim_end_matches([' ', '\t']).ends_with('\n');
    let spelt = inside.starts_with([':', '.', '#']) || inside.contains('=');
    (spelt && (glued || own)).then_some(at + end + 2)
}

/// `[^7]` without a definition stays plain text in Markdown; it is a callout all the same.
fn undefined(text: &str, at: usize) -> Option<&str> {
    let rest = text[at..].strip_prefix("[^").filter(|_| !text[..at].ends_with('\\'))?;
    let near = &rest[..rest.floor_char_boundary(40)];
    let end =
        near.find(|c: char| c.is_whitespace() || c == ']').filter(|end| near[*end..].starts_with(']'))?;
    (end > 0).then(|| &near[..end])
}
