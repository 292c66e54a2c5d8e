//! The text of a Word document and of its notes: paragraphs, runs, links, callouts, revisions.

use std::collections::HashMap;

use super::field::Fields;
use super::number::{Numbering, Rules};
use super::styles::Styles;
use crate::document::draft::Draft;
use crate::document::xml::{Start, Visitor};
use crate::place::Place;

/// Word keeps two series of notes, each with its own part and numbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Footnote,
    Endnote,
}

impl Kind {
    /// The last word of the type of its part.
    pub(super) fn part(self) -> &'static str {
        match self {
            Kind::Footnote => "footnotes",
            Kind::Endnote => "endnotes",
        }
    }

    fn key(self, id: &str) -> String {
        format!("{}/{id}", self.part())
    }
}

/// A callout of the body.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) kind: Kind,
    /// The `w:id` that the note has too.
    pub(super) id: String,
    /// What is printed instead of a number.
    pub(super) mark: Option<String>,
    /// Counted from 0.
    pub(super) section: usize,
    place: Place,
}

/// Reads the main part, or a part with notes.
pub(super) struct Body<'a> {
    draft: Draft,
    styles: &'a Styles,
    targets: &'a HashMap<String, String>,
    /// `None` in the main part.
    notes: Option<Notes<'a>>,
    calls: Vec<Call>,
    fields: Fields,
    sections: Vec<Rules>,
    /// Paragraphs being read, the innermost last: text boxes lie inside a paragraph.
    paragraphs: Vec<Paragraph>,
    /// Alternatives being read, and whether one was taken.
    alternatives: Vec<bool>,
    run: Run,
    deletions: usize,
    /// Inside an element that holds text.
    reads: bool,
    instructs: bool,
    /// Inside the properties of a paragraph.
    in_properties: bool,
}

/// What a part with notes is read for.
struct Notes<'a> {
    kind: Kind,
    /// First callouts and labels by note id.
    called: HashMap<&'a str, (&'a Call, &'a str)>,
    place: Place,
    /// The note's own mark, as long as it may still come.
    mark: Option<String>,
}

#[derive(Debug, Default)]
struct Paragraph {
    heading: bool,
    /// Its end was deleted: it and the next one are one.
    joined: bool,
    ends_section: bool,
}

#[derive(Debug, Default)]
struct Run {
    hidden: bool,
    /// The callout whose mark follows in this run.
    marks: Option<usize>,
}

impl<'a> Body<'a> {
    /// For the main part.
    pub(super) fn new(styles: &'a Styles, targets: &'a HashMap<String, String>) -> Self {
        Body {
            draft: Draft::default(),
            styles,
            targets,
            notes: None,
            calls: Vec::new(),
            fields: Fields::default(),
            sections: vec![Rules::default()],
            paragraphs: Vec::new(),
            alternatives: Vec::new(),
            run: Run::default(),
            deletions: 0,
            reads: false,
            instructs: false,
            in_properties: false,
        }
    }

    /// For a part with notes, of which those in `called` are read.
    pub(super) fn of_notes(
        styles: &'a Styles,
        targets: &'a HashMap<String, String>,
        draft: Draft,
        kind: Kind,
        called: HashMap<&'a str, (&'a Call, &'a str)>,
    ) -> Self {
        let notes = Notes { kind, called, place: Place::default(), mark: None };
        Body { draft, notes: Some(notes), ..Body::new(styles, targets) }
    }

    /// What was read of the main part.
    pub(super) fn finish(self, numbering: &mut Numbering) -> (Draft, Vec<Call>) {
        numbering.sections = self.sections;
        (self.draft, self.calls)
    }

    /// What was read of all parts so far.
    pub(super) fn into_draft(self) -> Draft {
        self.draft
    }

    fn write(&mut self, text: &str) {
        if self.deletions > 0 || self.run.hidden || self.fields.hide() {
            return;
        }
        if let Some(call) = self.run.marks {
            let mark = self.calls[call].mark.get_or_insert_default();
            if mark.chars().count() + text.chars().count() <= 8 {
                mark.push_str(text);
                return;
            }
            self.run.marks = None;
        }
        match &mut self.notes {
            None => self.draft.write(text),
            Some(notes) => {
                let text = without_mark(text, &mut notes.mark);
                self.draft.text(text, notes.place);
            }
        }
    }

    fn open_link(&mut self, target: &str) {
        let place = match &self.notes {
            None => self.draft.next_place(),
            Some(notes) => notes.place,
        };
        self.draft.open_link(target, place);
    }

    fn call(&mut self, kind: Kind, element: &Start) {
        if self.deletions > 0 || self.run.hidden || self.fields.hide() {
            return;
        }
        let id = element.attribute("w", "id").unwrap_or_default();
        let custom = element.attribute("w", "customMarkFollows").is_some_and(|value| is_on(Some(&value)));
        if let Some(notes) = &self.notes {
            self.draft.call(kind.key(&id), notes.place);
            return;
        }
        let place = self.draft.next_place();
        self.draft.call(kind.key(&id), place);
        let section = self.sections.len() - 1;
        self.calls.push(Call { kind, id, mark: None, section, place });
        self.run.marks = custom.then_some(self.calls.len() - 1);
    }

    /// A note begins; `false` where nothing calls it, so that it is not printed.
    fn open_note(&mut self, element: &Start) -> bool {
        let Some(notes) = &mut self.notes else { return true };
        // Separator lines are kept among the notes.
        if element.attribute("w", "type").is_some_and(|kind| kind != "normal") {
            return false;
        }
        let id = element.attribute("w", "id").unwrap_or_default();
        let Some((call, label)) = notes.called.get(id.as_str()) else { return false };
        notes.place = call.place;
        notes.mark = call.mark.is_some().then(|| (*label).to_owned());
        self.draft.open_note(notes.kind.key(&id), Some((*label).to_owned()), call.place);
        true
    }

    fn rules(&mut self) -> &mut Rules {
        self.sections.last_mut().expect("there is always a section")
    }

    fn end_field(&mut self) {
        if self.fields.end() {
            self.draft.close_link();
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = self.paragraphs.pop().unwrap_or_default();
        self.fields.end_paragraph();
        if paragraph.ends_section {
            self.sections.push(Rules::default());
        }
        match &self.notes {
            Some(notes) if !paragraph.joined => self.draft.end_block(notes.place),
            Some(_) => {}
            None if paragraph.heading => {
                self.draft.close_heading(Place::default());
                self.draft.break_paragraph();
            }
            None if paragraph.joined => {}
            None => self.draft.break_paragraph(),
        }
    }

    fn heading(&mut self, level: Option<u8>) {
        if let (Some(level), Some(paragraph), None) = (level, self.paragraphs.last_mut(), &self.notes)
            && !paragraph.heading
        {
            paragraph.heading = true;
            self.draft.open_heading(level);
        }
    }
}

impl Visitor for Body<'_> {
    fn start(&mut self, element: &Start) -> bool {
        match (element.prefix, element.local()) {
            ("w" | "m", "t") => self.reads = true,
            ("w", "instrText") => self.instructs = true,
            // Tab stops are properties; a tab in a run is text.
            ("w", "tab" | "ptab") if !self.in_properties => self.write("\t"),
            ("w", "br" | "cr") => self.write("\n"),
            ("w", "noBreakHyphen") => self.write("\u{2011}"),
            ("w", "sym") => {
                if let Some(c) = element.attribute("w", "char").and_then(|code| symbol(&code)) {
                    self.write(c.encode_utf8(&mut [0; 4]));
                }
            }

            ("w", "p") => self.paragraphs.push(Paragraph::default()),
            ("w", "pPr") => self.in_properties = true,
            ("w", "pStyle") => self.heading(element.val().and_then(|id| self.styles.level(&id))),
            ("w", "r") => self.run = Run::default(),
            ("w", "vanish") if !self.in_properties => {
                self.run.hidden |= is_on(element.val().as_deref());
            }

            ("w", "hyperlink") => {
                let targets = self.targets;
                let id = element.attribute("r", "id");
                let target = id.and_then(|id| targets.get(&id)).map_or("", String::as_str);
                match element.attribute("w", "anchor").filter(|anchor| !anchor.is_empty()) {
                    Some(anchor) => self.open_link(&format!("{target}#{anchor}")),
                    None => self.open_link(target),
                }
            }
            ("w", "fldSimple") => {
                let instruction = element.attribute("w", "instr").unwrap_or_default();
                self.fields.begin();
                self.fields.instruct(&instruction);
                if let Some(target) = self.fields.separate() {
                    self.open_link(&target);
                }
            }
            ("w", "fldChar") => match element.attribute("w", "fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => {
                    if let Some(target) = self.fields.separate() {
                        self.open_link(&target);
                    }
                }
                Some("end") => self.end_field(),
                _ => {}
            },

            ("w", "footnoteReference") => self.call(Kind::Footnote, element),
            ("w", "endnoteReference") => self.call(Kind::Endnote, element),
            ("w", "footnote" | "endnote") => return self.open_note(element),

            ("w", "del" | "moveFrom") => match self.paragraphs.last_mut() {
                Some(paragraph) if self.in_properties => paragraph.joined = true,
                _ => self.deletions += 1,
            },
            // Earlier properties, and the pronunciation above the text.
            ("w", change) if change.ends_with("PrChange") => return false,
            ("w", "rt") => return false,

            ("mc", "AlternateContent") => self.alternatives.push(false),
            ("mc", "Choice" | "Fallback") => {
                return self.alternatives.last_mut().is_none_or(|taken| !std::mem::replace(taken, true));
            }

            ("w", "sectPr") => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.ends_section = true;
                }
            }
            ("w", "footnotePr" | "endnotePr" | "numFmt" | "numStart" | "numRestart") => {
                self.rules().start(element);
            }
            _ => {}
        }
        true
    }

    fn end(&mut self, prefix: &str, local: &str) {
        match (prefix, local) {
            ("w" | "m", "t") => self.reads = false,
            ("w", "instrText") => self.instructs = false,
            ("w", "p") => self.end_paragraph(),
            ("w", "pPr") => self.in_properties = false,
            ("w", "r") => self.run = Run::default(),
            ("w", "hyperlink") => self.draft.close_link(),
            ("w", "fldSimple") => self.end_field(),
            ("w", "footnote" | "endnote") if self.notes.is_some() => {
                self.fields = Fields::default();
                self.draft.close_note();
            }
            ("w", "del" | "moveFrom") => {
                self.deletions = self.deletions.saturating_sub(usize::from(!self.in_properties));
            }
            ("w", "footnotePr" | "endnotePr") => {
                self.rules().end(local);
            }
            ("mc", "AlternateContent") => drop(self.alternatives.pop()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.reads {
            self.write(text);
        } else if self.instructs && self.deletions == 0 {
            self.fields.instruct(text);
        }
    }
}

/// A note with a mark of its own has it typed at its beginning.
fn without_mark<'t>(text: &'t str, mark: &mut Option<String>) -> &'t str {
    let trimmed = text.trim_start();
    match mark {
        Some(own) if !trimmed.is_empty() => {
            let rest = trimmed.strip_prefix(own.as_str());
            *mark = None;
            rest.unwrap_or(text)
        }
        _ => text,
    }
}

/// `w:val` of a property that is on or off.
fn is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// A character of a symbol font: those below U+F100 lie where the font's own code is.
fn symbol(code: &str) -> Option<char> {
    let code = u32::from_str_radix(code, 16).ok()?;
    let code = if (0xF020..0xF080).contains(&code) { code - 0xF000 } else { code };
    // Letters of a symbol font are pictures.
    char::from_u32(code).filter(|c| !c.is_ascii_alphanumeric() && !('\u{E000}'..='\u{F8FF}').contains(c))
}
