//! Markdown: `CommonMark` with footnotes (`[^1]`), as GitHub and Pandoc read them.
//!
//! # Known gaps
//! Pandoc's inline notes (`^[…]`) are read as text.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::draft::Draft;
use super::{Document, Format, decode};
use crate::date;
use crate::place::{Place, Ruler};

/// Markdown.
pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd", "mdx"],
    is: |_| false,
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

struct Places<'t> {
    ruler: Ruler<'t>,
    starts: Vec<usize>,
}

impl<'t> Places<'t> {
    fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Places { ruler: Ruler::of(text), starts }
    }

    fn at(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= byte).max(1);
        let column = self.ruler.before(byte) - self.ruler.before(self.starts[line - 1]);
        Place::line(None, line as u32, column + 1)
    }
}

fn read(text: &str) -> Document {
    let options = Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let places = Places::of(text);
    let mut draft = Draft::default();
    let mut metadata: Option<String> = None;
    let mut code = false;

    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let place = places.at(range.start);
        match event {
            Event::Start(Tag::MetadataBlock(_)) => metadata = Some(String::new()),
            Event::End(TagEnd::MetadataBlock(_)) => {
                front_matter(&metadata.take().unwrap_or_default(), &mut draft.document);
            }
            Event::Text(text) if metadata.is_some() => metadata.as_mut().expect("checked").push_str(&text),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                draft.open_note(key(&label), Some(label.to_string()), place);
            }
            Event::End(TagEnd::FootnoteDefinition) => draft.close_note(),
            Event::FootnoteReference(label) => draft.call(key(&label), place),
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(_) | Event::Code(_) if code => {}
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => {
                draft.text(&text, places.at(inner(&range, text.len())));
            }
            Event::SoftBreak | Event::HardBreak => draft.text(" ", place),
            Event::Start(Tag::Heading { level, .. }) => draft.open_heading(level as u8),
            Event::End(TagEnd::Heading(_)) => draft.close_heading(places.at(range.end)),
            Event::Start(Tag::Link { dest_url, .. }) => draft.open_link(dest_url.to_string(), place),
            Event::End(TagEnd::Link) => draft.close_link(),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::BlockQuote(_)) => {
                draft.end_block(places.at(range.end));
            }
            _ => {}
        }
    }
    let undefined = undefined_callouts(&draft);
    draft.document.orphans = undefined;
    draft.finish()
}

/// Labels match whatever their case, as GitHub reads them.
fn key(label: &str) -> String {
    label.to_lowercase()
}

/// The first byte of a text inside the source range of its event: escapes and back-quotes shift it.
fn inner(range: &Range<usize>, len: usize) -> usize {
    range.start + (range.len().saturating_sub(len)) / 2
}

/// `[^7]` without a definition stays plain text in Markdown; it is a callout all the same.
fn undefined_callouts(draft: &Draft) -> Vec<(String, Place)> {
    let (body, place) = draft.body();
    let labels = body.match_indices("[^").filter_map(|(at, _)| {
        let label: String = body[at + 2..].chars().take_while(|c| !c.is_whitespace() && *c != ']').collect();
        let closed = body[at + 2 + label.len()..].starts_with(']');
        (closed && !label.is_empty() && label.len() < 40).then(|| (label, place(at)))
    });
    labels.collect()
}

/// Title, date and authors of YAML (`key: value`) or TOML (`key = "value"`) front matter.
fn front_matter(text: &str, document: &mut Document) {
    let mut list: Option<bool> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(item) = trimmed.strip_prefix("- ") {
            if list == Some(true) {
                let item = item.trim().strip_prefix("name:").unwrap_or(item);
                document.authors.push(unquote(item).to_owned());
            }
            continue;
        }
        let Some((key, value)) = trimmed.split_once([':', '=']) else { continue };
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let value = unquote(value);
        list = Some(false);
        match key.trim().to_ascii_lowercase().as_str() {
            "title" if !value.is_empty() => document.title = Some(value.to_owned()),
            "date" | "published" | "pubdate" => {
                document.date = date::parse(value).filter(|d| !d.impossible).map(|d| d.date);
            }
            "author" | "authors" | "by" => {
                list = Some(value.is_empty());
                let inner = value.trim_start_matches('[').trim_end_matches(']');
                let names = inner.split([',', ';']).flat_map(|part| part.split(" and "));
                document.authors.extend(names.map(|n| unquote(n).to_owned()).filter(|n| !n.is_empty()));
            }
            _ => {}
        }
    }
}

fn unquote(value: &str) -> &str {
    value.trim().trim_matches(['"', '\'']).trim()
}
