//! A document of pages, its notes known, read aloud from beginning to end.

use std::collections::HashMap;
use std::num::NonZeroU32;

use url::Url;

use super::graph::{Graph, stands_at};
use super::label::{is_bracket, label};
use super::notes::{Found, is_backlink};
use super::tree::{Node, Tree};
use crate::document::Version;
use crate::document::draft::Draft;
use crate::link;
use crate::place::Place;

/// How places are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Places {
    /// Lines of the file.
    Lines,
    /// Paragraphs, where the file is a package of files.
    Paragraphs,
}

/// Reads a document into the draft.
pub(super) fn read(
    tree: &Tree,
    graph: &Graph,
    found: &Found,
    base: Option<&Url>,
    places: Places,
    draft: &mut Draft,
) {
    let starts = found.notes.iter().enumerate().map(|(index, note)| (note.start, index)).collect();
    let callers = callers(graph, found);
    let mut walk = Walk {
        tree,
        graph,
        found,
        base,
        places,
        draft,
        starts,
        callers,
        open: Vec::new(),
        notes: Vec::new(),
        line: 1,
        bracket: None,
    };
    walk.run();
}

struct Walk<'a> {
    tree: &'a Tree,
    graph: &'a Graph,
    found: &'a Found,
    base: Option<&'a Url>,
    places: Places,
    draft: &'a mut Draft,
    /// Notes by their first node.
    starts: HashMap<usize, usize>,
    /// The callouts of each note.
    callers: Vec<Vec<usize>>,
    /// What ends further on, the innermost last.
    open: Vec<Open>,
    /// Notes being read, the innermost last.
    notes: Vec<Reading>,
    line: u32,
    /// The bracket that closes around what was left out.
    bracket: Option<char>,
}

#[derive(Debug)]
struct Open {
    end: usize,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Block,
    Heading,
    Link,
    Note,
}

/// A note while it is read.
#[derive(Debug)]
struct Reading {
    /// Index of the note; `None` for a note that stands where it is called.
    index: Option<usize>,
    /// Some of its text was written.
    begun: bool,
    /// An element that held its label was left out.
    marked: bool,
    /// Whether it has a link that says itself that it leads back, once somebody asked.
    way_back: Option<bool>,
}

fn callers(graph: &Graph, found: &Found) -> Vec<Vec<usize>> {
    let mut callers = vec![Vec::new(); found.notes.len()];
    for anchor in &graph.anchors {
        if let Some(note) = found.calls.get(&anchor.node) {
            callers[*note].push(anchor.node);
        }
    }
    callers
}

/// Schemes of links that start something in the browser instead of leading anywhere.
const PROGRAMS: &[&str] = &["about", "blob", "data", "javascript", "sms", "skype", "whatsapp"];

/// Classes of notes that stand where they are called: Tufte CSS and its kin, and the `WordPress` plug-in
/// Modern Footnotes.
const IN_PLACE: &[&str] = &["sidenote", "marginnote", "modern-footnotes-footnote__note"];

impl Walk<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.tree.nodes.len() {
            self.close(at);
            if let Some(note) = self.starts.get(&at).copied() {
                self.open_note(note);
            }
            at = self.enter(at);
        }
        self.close(usize::MAX);
    }

    /// Ends what does not reach beyond a node.
    fn close(&mut self, at: usize) {
        while let Some(open) = self.open.pop_if(|open| open.end <= at) {
            let place = self.place();
            match open.what {
                What::Block => self.end_block(),
                What::Heading => {
                    self.draft.close_heading(place);
                    self.end_block();
                }
                What::Link => self.draft.close_link(),
                What::Note => {
                    self.notes.pop();
                    self.draft.close_note();
                }
            }
        }
    }

    fn end_block(&mut self) {
        match self.places {
            Places::Paragraphs if self.notes.is_empty() => self.draft.break_paragraph(),
            _ => {
                let place = self.place();
                self.draft.end_block(place);
            }
        }
    }

    fn place(&mut self) -> Place {
        match self.places {
            Places::Lines => Place { line: NonZeroU32::new(self.line), ..Place::default() },
            Places::Paragraphs => self.draft.next_place(),
        }
    }

    fn open_note(&mut self, index: usize) {
        let note = &self.found.notes[index];
        self.line = self.tree.nodes[note.start].line;
        let place = self.place();
        let label = (!note.label.is_empty()).then(|| note.label.clone());
        self.draft.open_note(key(index), label, place);
        // What is open already and ends earlier would end the note before its time.
        let end = self.open.last().map_or(note.end, |open| open.end.min(note.end));
        self.open.push(Open { end, what: What::Note });
        self.notes.push(Reading { index: Some(index), begun: false, marked: false, way_back: None });
    }

    /// Reads a node; the node to go on with.
    fn enter(&mut self, at: usize) -> usize {
        let tree = self.tree;
        let node = &tree.nodes[at];
        self.line = node.line;
        if node.is_text() {
            self.write(at);
            return node.end;
        }
        if let Some(note) = self.found.calls.get(&at) {
            let place = self.place();
            self.draft.call(key(*note), place);
            return self.leave_out(at);
        }
        if let Some(label) = self.found.undefined.get(&at) {
            let place = self.place();
            self.draft.call(label.as_str(), place);
            return self.leave_out(at);
        }
        if self.is_left_out(at) || self.is_label(at) {
            return self.leave_out(at);
        }
        if self.is_in_place(at) {
            let place = self.place();
            let key = format!("side {at}");
            self.draft.call(key.as_str(), place);
            self.draft.open_note(key, None, place);
            self.open.push(Open { end: node.end, what: What::Note });
            self.notes.push(Reading { index: None, begun: false, marked: false, way_back: None });
            return at + 1;
        }
        match &*node.name {
            "a" => {
                if let Some(target) = self.target(node) {
                    let place = self.place();
                    // Robust Links (draft of March 2025, 3).
                    let version = node.attribute("data-versionurl").and_then(|url| link::target(url.trim()));
                    if let (Some(url), Some(of)) = (version, link::target(&target)) {
                        self.draft.document.versions.push(Version { of, url });
                    }
                    self.draft.open_link(target, place);
                    self.open.push(Open { end: node.end, what: What::Link });
                }
            }
            "br" => self.put("\n"),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.draft.open_heading(node.name.as_bytes()[1] - b'0');
                self.open.push(Open { end: node.end, what: What::Heading });
            }
            _ if node.is_block() => {
                self.end_block();
                self.open.push(Open { end: node.end, what: What::Block });
            }
            _ => {}
        }
        at + 1
    }

    /// The address that a link leads to, if it leads out of the document.
    fn target(&self, node: &Node) -> Option<String> {
        let href = node.attribute("href")?.trim();
        // Browsers drop these wherever they stand in an address.
        let href: String = href.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if href.is_empty() || href.starts_with('#') || PROGRAMS.contains(&scheme.as_str()) {
            return None;
        }
        if let Some(rest) = href.strip_prefix("//") {
            return Some(format!("https://{rest}"));
        }
        match self.base {
            Some(base) if !href.contains(':') => base.join(&href).ok().map(String::from),
            _ => Some(href),
        }
    }

    /// Links from a note back to its callouts, and what is shown nowhere.
    fn is_left_out(&mut self, at: usize) -> bool {
        let node = &self.tree.nodes[at];
        let hidden = node.attribute("hidden").is_some()
            || node.attribute("style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                style.to_ascii_lowercase().contains("display:none")
            });
        let notes = &self.found.notes;
        let holds_note = || {
            let first = notes.partition_point(|note| note.start < at);
            notes.get(first).is_some_and(|note| note.start < node.end)
        };
        if hidden && !holds_note() {
            return true;
        }
        let Some(reading) = self.notes.last() else { return false };
        let class = node.attribute("class").unwrap_or_default();
        if class.contains("backlink") && !self.starts.contains_key(&at) {
            return true;
        }
        if &*node.name != "a" {
            return false;
        }
        if is_backlink(node, self.tree.shown(at)) {
            return true;
        }
        let Some(anchor) = self.graph.anchor(at) else { return false };
        let callers = reading.index.map_or(&[][..], |index| &self.callers[index]);
        // Its own number, linked to the note itself.
        let itself = reading.index.is_some_and(|index| {
            let note = &self.found.notes[index];
            (note.start..note.end).contains(&anchor.target) && label(self.tree.shown(at)).is_some()
        });
        let shown = self.tree.shown(at);
        let to_caller = || callers.iter().take(64).any(|caller| stands_at(self.tree, anchor.target, *caller));
        let left_out = itself || to_caller() && !self.is_said(at);
        if let Some(reading) = self.notes.last_mut() {
            reading.marked |= left_out && !reading.begun && label(shown).is_some();
        }
        left_out
    }

    /// Whether a link to where a note is called is part of what the note says (“see above, <u>here</u>”):
    /// it is words, and another link says itself that it is the way back.
    fn is_said(&mut self, at: usize) -> bool {
        /// Nodes of a note that are looked at.
        const MOST: usize = 4096;
        let shown = self.tree.shown(at);
        if label(shown).is_some() || !shown.contains(char::is_alphabetic) {
            return false;
        }
        let Some(reading) = self.notes.last_mut() else { return false };
        let Some(index) = reading.index else { return false };
        *reading.way_back.get_or_insert_with(|| {
            let note = &self.found.notes[index];
            (note.start..note.end.min(note.start + MOST)).any(|at| {
                let node = &self.tree.nodes[at];
                &*node.name == "a" && is_backlink(node, self.tree.shown(at))
            })
        })
    }

    /// The element at the beginning of a note that holds its number.
    fn is_label(&mut self, at: usize) -> bool {
        let Some(reading) = self.notes.last_mut().filter(|reading| !reading.begun) else { return false };
        let Some(index) = reading.index else { return false };
        let note = &self.found.notes[index];
        let node = &self.tree.nodes[at];
        let shown = self.tree.shown(at);
        let own = label(shown).is_some_and(|shown| shown == note.label || shown == bare(&note.label));
        let is_label = own && node.end < note.end;
        reading.marked |= is_label;
        is_label
    }

    /// Whether a note stands where it is called, without any link.
    fn is_in_place(&self, at: usize) -> bool {
        let node = &self.tree.nodes[at];
        self.notes.is_empty()
            && matches!(&*node.name, "span" | "small" | "aside")
            && node.has_word("class", IN_PLACE)
    }

    /// Writes a text node.
    fn write(&mut self, at: usize) {
        let mut text = &self.tree.text[self.tree.nodes[at].text.clone()];
        if !text.trim().is_empty()
            && let Some(bracket) = self.bracket.take()
        {
            text = text.trim_start().strip_prefix(bracket).unwrap_or(text);
        }
        self.put(text);
    }

    /// Something is left out; so are the brackets around it: `[↩]`, `[3]`.
    fn leave_out(&mut self, at: usize) -> usize {
        let node = &self.tree.nodes[at];
        let after = self.tree.text[node.text.end..].trim_start().chars().next();
        for (open, close) in [('[', ']'), ('(', ')')] {
            if after == Some(close) && self.bracket.is_none() && self.draft.take_back(open) {
                self.bracket = Some(close);
            }
        }
        node.end
    }

    fn put(&mut self, text: &str) {
        let mut text = text;
        if let Some(reading) = self.notes.last_mut()
            && !reading.begun
        {
            text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '^' | '↑'));
            if let Some(index) = reading.index {
                text = after_label(text, &self.found.notes[index].label, &mut reading.marked);
            }
            if text.trim_matches(is_bracket).is_empty() {
                return;
            }
            reading.begun = true;
        }
        match self.places {
            Places::Paragraphs if self.notes.is_empty() => self.draft.write(text),
            _ => {
                let place = self.place();
                self.draft.text(text, place);
            }
        }
    }
}

fn key(note: usize) -> String {
    format!("note {note}")
}

/// The number in a label of two words.
fn bare(label: &str) -> &str {
    label.rsplit(' ').next().unwrap_or(label)
}

/// The text of a note without the number that stands before it and what parts the two.
fn after_label<'t>(text: &'t str, label: &str, marked: &mut bool) -> &'t str {
    if !*marked {
        let open = text.trim_start_matches(is_bracket);
        if let Some(rest) = open.strip_prefix(label)
            && !label.is_empty()
            && !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '–'))
            && !(rest.starts_with(['.', ',']) && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            *marked = true;
            return text_after_mark(rest);
        }
        return text;
    }
    text_after_mark(text)
}

/// A full stop or bracket that belongs to the number before it.
fn text_after_mark(text: &str) -> &str {
    let rest = text.trim_start();
    let rest = rest.trim_start_matches([']', ')']).trim_start();
    let stop = rest
        .strip_prefix(['.', ':'])
        .filter(|after| after.is_empty() || after.starts_with(char::is_whitespace));
    stop.unwrap_or(rest).trim_start()
}
