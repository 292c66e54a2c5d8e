//! The numbers that LaTeX gives to notes and sections.

use super::symbols::{Style, counted};

/// The counters of a document.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) footnote: Counter,
    pub(super) endnote: Counter,
    /// `\thanks`
    pub(super) thanks: Counter,
    /// Notes start again with every chapter.
    pub(super) by_chapter: bool,
    sections: [usize; 7],
    pub(super) entries: usize,
}

/// A counter of notes.
#[derive(Debug)]
pub(super) struct Counter {
    name: &'static str,
    pub(super) value: usize,
    pub(super) style: Style,
    /// How often it was set back: a number means another note afterwards.
    epoch: usize,
}

impl Default for Numbers {
    fn default() -> Self {
        let counter = |name, style| Counter { name, value: 0, style, epoch: 0 };
        Numbers {
            footnote: counter("footnote", Style::Arabic),
            endnote: counter("endnote", Style::Arabic),
            thanks: counter("thanks", Style::Symbol),
            by_chapter: false,
            sections: [0; 7],
            entries: 0,
        }
    }
}

impl Counter {
    pub(super) fn step(&mut self) {
        self.value += 1;
    }

    /// Sets the counter; numbers that come again are other notes.
    pub(super) fn set(&mut self, value: usize) {
        if value < self.value {
            self.epoch += 1;
        }
        self.value = value;
    }

    /// The key of the note with this number.
    pub(super) fn key(&self, number: usize) -> String {
        format!("{} {}.{number}", self.name, self.epoch)
    }

    pub(super) fn label(&self, number: usize) -> String {
        counted(self.style, number)
    }
}

impl Numbers {
    /// Sections from part to subparagraph; the highest is 0.
    pub(super) const SECTIONS: [&'static str; 7] =
        ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"];

    /// The next section of a level.
    pub(super) fn section(&mut self, level: usize) {
        if level == 1 && self.by_chapter {
            self.footnote.set(0);
            self.endnote.set(0);
        }
        self.sections[level] += 1;
        if level > 0 {
            self.sections[level + 1..].fill(0);
        }
    }

    /// The number of the section being read: `2.1`.
    pub(super) fn current_section(&self) -> String {
        let counted: Vec<String> =
            self.sections[1..].iter().filter(|number| **number > 0).map(usize::to_string).collect();
        counted.join(".")
    }

    pub(super) fn counter(&mut self, name: &str) -> Option<&mut Counter> {
        match name {
            "footnote" => Some(&mut self.footnote),
            "endnote" => Some(&mut self.endnote),
            _ => None,
        }
    }
}
