//! Which paragraph styles are headings: their ids are in the language of Word, their names are not.

use std::collections::HashMap;

use crate::document::xml::{Start, Visitor};

/// Heading levels by style id; 0 is the title of the document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    levels: HashMap<String, u8>,
    based_on: HashMap<String, String>,
    reading: String,
}

impl Styles {
    /// The level of a paragraph of this style, `None` if it is no heading.
    pub(super) fn level(&self, id: &str) -> Option<u8> {
        let mut id = id;
        // Styles are based on one another a few times over; a circle of them ends here too.
        for _ in 0..8 {
            if let Some(level) = self.levels.get(id) {
                return Some(*level);
            }
            id = self.based_on.get(id)?;
        }
        None
    }
}

impl Visitor for Styles {
    fn start(&mut self, element: &Start) -> bool {
        match element.local() {
            "style" => self.reading = element.attribute("w", "styleId").unwrap_or_default(),
            "name" => {
                let name = element.val().unwrap_or_default().to_ascii_lowercase();
                let level = match name.as_str() {
                    "title" => Some(0),
                    name => name.strip_prefix("heading ").and_then(|level| level.parse().ok()),
                };
                self.levels.extend(level.map(|level| (self.reading.clone(), level)));
            }
            "outlineLvl" => {
                let level = element.val().and_then(|level| level.parse::<u8>().ok()).filter(|l| *l < 9);
                if let Some(level) = level {
                    self.levels.entry(self.reading.clone()).or_insert(level + 1);
                }
            }
            "basedOn" => {
                self.based_on.extend(element.val().map(|base| (self.reading.clone(), base)));
            }
            "rPr" => return false,
            _ => {}
        }
        true
    }

    fn end(&mut self, _: &str, _: &str) {}

    fn text(&mut self, _: &str) {}
}
