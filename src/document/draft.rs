//! Pieces of text in reading order, as formats with a structure of their own give them → a document.
//!
//! A reader tells what comes next (text, a link's begin and end, a note's begin and end, a callout,
//! a heading); which text belongs to which note, how notes are ordered and which callouts have no
//! note is decided here, the same way for every format.

use std::collections::HashMap;
use std::ops::Range;

use super::{Document, PlacedLink, front};
use crate::citation::{Citation, Hyperlink};
use crate::note::{Note, line};
use crate::place::{Place, Ruler};
use crate::{fold, link};

/// A document while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What the format says of the document itself; [`Draft::finish`] adds the rest.
    pub(super) document: Document,
    body: Flow,
    notes: Vec<Definition>,
    /// Notes being read, the innermost last: notes may be nested.
    open: Vec<usize>,
    calls: Vec<(String, Place)>,
    links: Vec<(usize, String, Place)>,
    given: Vec<usize>,
    heading: Option<(u8, usize)>,
    headings: Vec<(u8, String)>,
    paragraphs: Paragraphs,
    window_title: Option<String>,
    /// Bytes of text and of addresses that were written.
    written: usize,
}

/// No document says more than this, in bytes: a thousand pages of text are about ten megabytes. What comes to
/// more repeats what it names once.
const MOST: usize = 64 << 20;
/// No server takes a longer address, in bytes.
const LONGEST_ADDRESS: usize = 16 << 10;

/// Paragraphs counted while they are read; those without any text do not count.
#[derive(Debug, Default)]
struct Paragraphs {
    seen: u32,
    counted: bool,
}

#[derive(Debug)]
struct Definition {
    key: String,
    label: Option<String>,
    place: Place,
    flow: Flow,
    /// An entry of a list of sources, which stands behind the notes.
    reference: bool,
}

impl Draft {
    /// Text of the note being read, else of the body; `place` is that of its first character.
    pub(super) fn text(&mut self, text: &str, place: Place) {
        if self.takes(text.len()) {
            self.flow().push(text, place);
        }
    }

    fn takes(&mut self, bytes: usize) -> bool {
        self.written += bytes;
        self.written <= MOST
    }

    /// Text in a format made of paragraphs.
    pub(super) fn write(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.count_paragraph();
        }
        let place = self.here();
        self.text(text, place);
    }

    /// A paragraph begins or ends, in a format made of them.
    pub(super) fn break_paragraph(&mut self) {
        let place = self.here();
        self.paragraphs.counted = false;
        self.end_block(place);
    }

    /// The place of what comes next, in a format made of paragraphs.
    pub(super) fn next_place(&mut self) -> Place {
        self.count_paragraph();
        self.here()
    }

    fn count_paragraph(&mut self) {
        if !self.paragraphs.counted {
            self.paragraphs = Paragraphs { seen: self.paragraphs.seen + 1, counted: true };
        }
    }

    fn here(&self) -> Place {
        Place::paragraph(self.paragraphs.seen.max(1))
    }

    /// Takes back the last character that was read, if it is this one.
    pub(super) fn take_back(&mut self, c: char) -> bool {
        let text = &mut self.flow().text;
        let ends = text.trim_end().ends_with(c);
        if ends {
            text.truncate(text.trim_end().len() - c.len_utf8());
            let len = text.len();
            self.flow().stops.retain(|stop| *stop <= len);
        }
        ends
    }

    /// The end of a paragraph or of whatever else keeps words apart.
    pub(super) fn end_block(&mut self, place: Place) {
        self.text("\n", place);
    }

    /// A hyperlink begins; its text follows.
    pub(super) fn open_link(&mut self, target: impl AsRef<str>, place: Place) {
        let at = self.flow().text.len();
        let target = target.as_ref();
        let known = target.len() <= LONGEST_ADDRESS && self.takes(target.len());
        let target = if known { target.to_owned() } else { String::new() };
        self.links.push((at, target, place));
    }

    /// The innermost hyperlink ends.
    pub(super) fn close_link(&mut self) {
        let Some((at, target, place)) = self.links.pop() else { return };
        if self.open.is_empty()
            && let Some(url) = link::target(&target)
        {
            self.document.links.push(PlacedLink { url, place });
        }
        // In the body it is kept with the document, and here it only says where one lies.
        let target = if self.open.is_empty() { String::new() } else { target };
        let flow = self.flow();
        let end = flow.text.len();
        // Word processors cut one hyperlink into several wherever its formatting changes.
        match flow.hyperlinks.last_mut() {
            Some(last) if last.target == target && last.range.end == at => last.range.end = end,
            _ => flow.hyperlinks.push(Hyperlink { range: at.min(end)..end, target }),
        }
    }

    /// A note begins. `key` is what its callouts name, `label` what is printed, where the format
    /// says so; else notes are numbered in the order in which they are called.
    pub(super) fn open_note(&mut self, key: impl Into<String>, label: Option<String>, place: Place) {
        self.open.push(self.notes.len());
        self.notes.push(Definition {
            key: key.into(),
            label,
            place,
            flow: Flow::default(),
            reference: false,
        });
    }

    /// An entry of the document's list of sources begins; it is read like a note.
    pub(super) fn open_reference(&mut self, key: impl Into<String>, label: Option<String>, place: Place) {
        self.open_note(key, label, place);
        self.notes.last_mut().expect("just opened").reference = true;
    }

    /// Notes are numbered by the order in which they are called, whatever their labels.
    pub(super) fn drop_labels(&mut self) {
        self.notes.iter_mut().for_each(|note| note.label = None);
    }

    /// Callouts that named a note otherwise call it by its key: keys by those names.
    pub(super) fn rename_calls(&mut self, keys: &HashMap<String, String>) {
        for (call, _) in &mut self.calls {
            if let Some(key) = keys.get(call) {
                key.clone_into(call);
            }
        }
    }

    /// Is a note being read?
    pub(super) fn in_note(&self) -> bool {
        !self.open.is_empty()
    }

    /// Text that cites a source begins, the fields of which the format gives.
    pub(super) fn open_given(&mut self) {
        let at = self.flow().text.len();
        self.given.push(at);
    }

    /// That text ends; `citation` holds the fields.
    pub(super) fn close_given(&mut self, citation: Citation) {
        let Some(at) = self.given.pop().filter(|_| self.takes(0)) else { return };
        let flow = self.flow();
        let end = flow.text.len();
        flow.given.push(Citation { range: at.min(end)..end, ..citation });
    }

    /// What is printed for the innermost note, where that is only known inside it.
    pub(super) fn label_note(&mut self, label: Option<String>) {
        if let Some(index) = self.open.last() {
            self.notes[*index].label = label;
        }
    }

    /// The innermost note ends.
    pub(super) fn close_note(&mut self) {
        self.open.pop();
    }

    /// A callout of the note that has this key.
    pub(super) fn call(&mut self, key: impl Into<String>, place: Place) {
        if self.open.is_empty() {
            self.body.stops.push(self.body.text.len());
        }
        self.calls.push((key.into(), place));
    }

    /// A heading begins, 1 the highest; 0 is the title of the document, in formats that mark it.
    pub(super) fn open_heading(&mut self, level: u8) {
        self.heading = Some((level, self.flow().text.len()));
    }

    /// The heading ends.
    pub(super) fn close_heading(&mut self, place: Place) {
        if let Some((level, at)) = self.heading.take()
            && self.open.is_empty()
        {
            let text = fold::one_line(self.body.text.get(at..).unwrap_or_default());
            self.headings.push((level, text));
        }
        self.end_block(place);
    }

    /// How much text there is of the note being read, else of the body.
    pub(super) fn position(&mut self) -> usize {
        self.flow().text.len()
    }

    /// The text since then, on one line.
    pub(super) fn text_since(&mut self, position: usize) -> String {
        fold::one_line(self.flow().text.get(position..).unwrap_or_default())
    }

    /// What is shown above the document, not in it; its title if no heading tells it.
    pub(super) fn window_title(&mut self, title: &str) {
        let title = fold::one_line(title);
        if self.window_title.is_none() && !title.is_empty() {
            self.window_title = Some(title);
        }
    }

    /// The document that was read.
    pub(super) fn finish(mut self) -> Document {
        if self.written > MOST {
            let warning =
                format!("it comes to more than {} MB of text; what is beyond is not read", MOST >> 20);
            self.document.warnings.push(warning);
        }
        self.bare_links();
        self.face();
        let Draft { mut document, notes, calls, .. } = self;
        let mut called: HashMap<String, (usize, Vec<Place>)> = HashMap::new();
        for (order, (key, place)) in calls.into_iter().enumerate() {
            called.entry(key).or_insert((order, Vec::new())).1.push(place);
        }
        let mut ordered: Vec<(usize, Definition, Vec<Place>)> = notes
            .into_iter()
            .map(|definition| {
                let (order, places) = called.remove(&definition.key).unwrap_or((usize::MAX, Vec::new()));
                (order, definition, places)
            })
            .collect();
        ordered.sort_by_key(|(order, definition, _)| (definition.reference, *order));
        document.notes = ordered
            .into_iter()
            .enumerate()
            .map(|(index, (_, definition, callouts))| {
                let number = definition.label.unwrap_or_else(|| (index + 1).to_string());
                Note { number, place: definition.place, callouts, ..definition.flow.into_note() }
            })
            .collect();
        let lost = called.into_iter().flat_map(|(key, (_, places))| {
            places.into_iter().map(move |place| (key.clone(), place)).collect::<Vec<_>>()
        });
        document.orphans.extend(lost);
        document.orphans.sort_by_key(|(_, place)| *place);
        document.links.sort_by_key(|link| link.place);
        document
    }

    /// Title, authors and date as they are printed, where the format does not tell them.
    fn face(&mut self) {
        /// Paragraphs at the end of a document among which its date may stand.
        const FOOT: usize = 3;
        let headed = |level| {
            let mut all = self.headings.iter().filter(move |(of, text)| *of == level && !text.is_empty());
            all.next().map(|(_, text)| text.clone())
        };
        let headed = headed(0).or_else(|| headed(1));
        let paragraphs: Vec<&str> =
            self.body.text.split('\n').filter(|paragraph| !paragraph.trim().is_empty()).collect();
        let (head, rest) = paragraphs.split_at(paragraphs.len().min(front::HEAD));
        let foot = &rest[rest.len().saturating_sub(FOOT)..];
        let text = [head, foot].concat().join("\n\n");
        let front = front::read(&line::split(&text));
        let document = &mut self.document;
        document.title = document
            .title
            .take()
            .or(headed)
            .or(self.window_title.take())
            .or_else(|| front.title.map(|title| fold::one_line(&title)));
        document.date = document.date.or(front.date);
        if document.authors.is_empty() {
            document.authors = front.authors;
        }
    }

    fn flow(&mut self) -> &mut Flow {
        match self.open.last() {
            Some(index) => &mut self.notes[*index].flow,
            None => &mut self.body,
        }
    }

    /// URLs written out in the body without any markup.
    fn bare_links(&mut self) {
        let Flow { text, stops, hyperlinks, .. } = &mut self.body;
        stops.push(text.len());
        // Links are closed one by one, so that the ends of the links on the body ascend.
        hyperlinks.sort_by_key(|link| link.range.end);
        // What is written right behind a link is none of its address.
        stops.extend(hyperlinks.iter().map(|link| link.range.end));
        stops.sort_unstable();
        let ruler = Ruler::of(&self.body.text);
        let mut from = 0;
        for stop in &self.body.stops {
            // What was read may have been taken back.
            let stop = (*stop).clamp(from, self.body.text.len());
            for found in link::find(&self.body.text[from..stop]) {
                let (start, end) = (from + found.range.start, from + found.range.end);
                let links = &self.body.hyperlinks;
                let behind = links.partition_point(|link| link.range.end < end);
                if links[behind..].first().is_none_or(|link| link.range.start > start) {
                    let place = self.body.place(start, &ruler);
                    self.document.links.push(PlacedLink { url: found.url, place });
                }
            }
            from = stop;
        }
    }
}

/// Text gathered piece by piece, with the place of each.
#[derive(Debug, Default)]
struct Flow {
    text: String,
    pieces: Vec<(usize, Place)>,
    hyperlinks: Vec<Hyperlink>,
    given: Vec<Citation>,
    /// Where callouts stand: no address goes on behind one.
    stops: Vec<usize>,
}

impl Flow {
    fn push(&mut self, text: &str, place: Place) {
        // Nobody asks where a space stands.
        if !text.trim_start().is_empty() {
            self.pieces.push((self.text.len(), place));
        }
        self.text.push_str(text);
    }

    fn place(&self, at: usize, ruler: &Ruler) -> Place {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let Some((start, place)) = piece.map(|piece| self.pieces[piece]) else { return Place::default() };
        place.further(ruler.before(at) - ruler.before(start))
    }

    /// The text on one line, white space collapsed, and what lies on it moved along.
    fn into_note(self) -> Note {
        let mut text = String::with_capacity(self.text.len());
        let mut moved = vec![0; self.text.len() + 1];
        for (at, c) in self.text.char_indices() {
            for slot in &mut moved[at..at + c.len_utf8()] {
                *slot = text.len();
            }
            // A soft hyphen is a place where a word may be broken, not a character of it; control
            // characters are what converters leave of fields.
            if c == '\u{AD}' || c.is_control() && !c.is_whitespace() {
                continue;
            }
            if !c.is_whitespace() {
                text.push(c);
            } else if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        moved[self.text.len()] = text.len();
        let end = text.trim_end().len();
        text.truncate(end);
        let moved = |at: usize| moved[at.min(self.text.len())].min(end);
        let shown = |range: Range<usize>| moved(range.start)..moved(range.end);
        let hyperlinks =
            self.hyperlinks.iter().map(|link| Hyperlink { range: shown(link.range.clone()), ..link.clone() });
        let given =
            self.given.iter().map(|cited| Citation { range: shown(cited.range.clone()), ..cited.clone() });
        let (hyperlinks, given) = (hyperlinks.collect(), given.collect());
        Note { text, hyperlinks, given, ..Note::default() }
    }
}
