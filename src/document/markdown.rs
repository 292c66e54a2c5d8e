//! Markdown: `CommonMark` with footnotes (`[^1]`), as GitHub and Pandoc read them.
//!
//! # Known gaps
//! Pandoc's inline notes (`^[…]`) are read as text.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Document, Format, PlacedLink, decode};
use crate::citation::Hyperlink;
use crate::date;
use crate::note::Note;
use crate::place::{Place, Ruler};
use crate::{fold, link};

/// Markdown.
pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown", "mdown", "mkd", "mdx"],
    is: |_| false,
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

/// Text gathered from events, each piece with the byte of the source it came from.
#[derive(Default)]
struct Flow {
    text: String,
    pieces: Vec<(usize, usize)>,
    hyperlinks: Vec<Hyperlink>,
}

impl Flow {
    fn push(&mut self, text: &str, source: usize) {
        self.pieces.push((self.text.len(), source));
        self.text.push_str(text);
    }

    /// The byte of the source for a byte of the text.
    fn source(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |(start, source)| source + (at - start))
    }
}

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
    let mut document = Document::default();
    let mut definitions: Vec<Definition> = Vec::new();
    let mut callouts: Vec<(String, Place)> = Vec::new();
    let mut body = Flow::default();
    // Notes may be nested; the innermost one gets the text.
    let mut open: Vec<usize> = Vec::new();
    let mut links: Vec<(usize, String)> = Vec::new();
    let mut heading: Option<(HeadingLevel, usize)> = None;
    let mut headings: Vec<(HeadingLevel, String)> = Vec::new();
    let mut metadata: Option<String> = None;
    let mut code = false;

    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => metadata = Some(String::new()),
            Event::End(TagEnd::MetadataBlock(_)) => {
                front_matter(&metadata.take().unwrap_or_default(), &mut document);
            }
            Event::Text(text) if metadata.is_some() => metadata.as_mut().expect("checked").push_str(&text),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                open.push(definitions.len());
                definitions.push(Definition {
                    label: label.to_string(),
                    place: places.at(range.start),
                    flow: Flow::default(),
                });
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                open.pop();
            }
            Event::FootnoteReference(label) => callouts.push((label.to_string(), places.at(range.start))),
            other => {
                let flow = match open.last() {
                    Some(index) => &mut definitions[*index].flow,
                    None => &mut body,
                };
                match other {
                    Event::Start(Tag::CodeBlock(_)) => code = true,
                    Event::End(TagEnd::CodeBlock) => code = false,
                    Event::Text(_) | Event::Code(_) if code => {}
                    Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => {
                        flow.push(&text, inner(&range, text.len()));
                    }
                    Event::SoftBreak | Event::HardBreak => flow.push(" ", range.start),
                    Event::Start(Tag::Heading { level, .. }) => heading = Some((level, flow.text.len())),
                    Event::End(TagEnd::Heading(_)) => {
                        if let Some((level, at)) = heading.take()
                            && open.is_empty()
                        {
                            headings.push((level, fold::one_line(&flow.text[at..])));
                        }
                        flow.push("\n", range.end);
                    }
                    Event::Start(Tag::Link { dest_url, .. }) => {
                        links.push((flow.text.len(), dest_url.to_string()));
                    }
                    Event::End(TagEnd::Link) => {
                        if let Some((at, target)) = links.pop() {
                            if open.is_empty()
                                && let Some(url) = link::target(&target)
                            {
                                document.links.push(PlacedLink { url, place: places.at(range.start) });
                            }
                            flow.hyperlinks.push(Hyperlink { range: at..flow.text.len(), target });
                        }
                    }
                    Event::End(
                        TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::BlockQuote(_),
                    ) => flow.push("\n", range.end),
                    _ => {}
                }
            }
        }
    }

    bare_links(&body, &places, &mut document);
    undefined_callouts(&body, &places, &mut document);
    document.title = document.title.take().or_else(|| {
        headings.iter().find(|(level, _)| *level == HeadingLevel::H1).map(|(_, text)| text.clone())
    });
    document.notes = notes(definitions, &callouts);
    document.links.sort_by_key(|link| link.place);
    document
}

/// The first byte of a text inside the source range of its event: escapes and back-quotes shift it.
fn inner(range: &Range<usize>, len: usize) -> usize {
    range.start + (range.len().saturating_sub(len)) / 2
}

struct Definition {
    label: String,
    place: Place,
    flow: Flow,
}

/// The notes in the order in which they are called, those never called last.
fn notes(definitions: Vec<Definition>, callouts: &[(String, Place)]) -> Vec<Note> {
    // Labels match whatever their case, as GitHub reads them.
    let mut called: HashMap<String, (usize, Vec<Place>)> = HashMap::new();
    for (order, (label, place)) in callouts.iter().enumerate() {
        called.entry(label.to_lowercase()).or_insert((order, Vec::new())).1.push(*place);
    }
    let mut notes: Vec<(usize, Note)> = definitions
        .into_iter()
        .map(|definition| {
            let (text, hyperlinks) = flatten(&definition.flow);
            let (order, callouts) =
                called.get(&definition.label.to_lowercase()).cloned().unwrap_or((usize::MAX, Vec::new()));
            (
                order,
                Note {
                    number: definition.label,
                    text,
                    place: definition.place,
                    callouts,
                    hyperlinks,
                    doubt: None,
                },
            )
        })
        .collect();
    notes.sort_by_key(|(order, _)| *order);
    notes.into_iter().map(|(_, note)| note).collect()
}

/// White space collapsed, the hyperlinks moved along.
fn flatten(flow: &Flow) -> (String, Vec<Hyperlink>) {
    let mut text = String::with_capacity(flow.text.len());
    let mut moved = vec![0; flow.text.len() + 1];
    for (at, c) in flow.text.char_indices() {
        for slot in &mut moved[at..at + c.len_utf8()] {
            *slot = text.len();
        }
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    moved[flow.text.len()] = text.len();
    let end = text.trim_end().len();
    text.truncate(end);
    let hyperlinks = flow
        .hyperlinks
        .iter()
        .map(|link| Hyperlink {
            range: moved[link.range.start].min(end)..moved[link.range.end].min(end),
            target: link.target.clone(),
        })
        .collect();
    (text, hyperlinks)
}

/// URLs written out in the text without any markup.
fn bare_links(body: &Flow, places: &Places, document: &mut Document) {
    for found in link::find(&body.text) {
        let inside = body
            .hyperlinks
            .iter()
            .any(|link| link.range.start <= found.range.start && found.range.end <= link.range.end);
        if !inside {
            let place = places.at(body.source(found.range.start));
            document.links.push(PlacedLink { url: found.url, place });
        }
    }
}

/// `[^7]` without a definition stays plain text in Markdown; it is a callout all the same.
fn undefined_callouts(body: &Flow, places: &Places, document: &mut Document) {
    for (at, _) in body.text.match_indices("[^") {
        let label: String =
            body.text[at + 2..].chars().take_while(|c| !c.is_whitespace() && *c != ']').collect();
        let closed = body.text[at + 2 + label.len()..].starts_with(']');
        if closed && !label.is_empty() && label.len() < 40 {
            document.orphans.push((label, places.at(body.source(at))));
        }
    }
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
