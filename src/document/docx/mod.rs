//! Word (`.docx`): Office Open XML, [ECMA-376](https://ecma-international.org/publications-and-standards/standards/ecma-376/)
//! part 1, transitional and strict.
//!
//! The document is read as it prints: tracked insertions are in it, tracked deletions, comments and
//! hidden text are not. The number of a note is the one that Word prints, which its `w:id` is not.
//!
//! # Known gaps
//! Notes numbered anew on every page are numbered through: where pages begin is only known when
//! the document is printed. Documents inside the document (`w:altChunk`) are not read.

mod body;
mod field;
mod number;
mod styles;

use std::collections::HashMap;

use super::package::{self, Package};
use super::xml::{self, Start, Visitor};
use super::{Document, Format, ReadError};
use body::{Body, Call, Kind};
use number::Numbering;
use styles::Styles;

/// Word.
pub const FORMAT: Format = Format {
    name: "docx",
    extensions: &["docx", "docm", "dotx", "dotm"],
    is: |bytes| Package::holds(bytes, &["[content_types].xml", "word/document.xml"]),
    read: |bytes, _| read(bytes),
};

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut package = Package::open(bytes)?;
    let root = relations(&mut package, "")?;
    let main = root.of("officeDocument").unwrap_or("word/document.xml").to_owned();
    let missing = || ReadError::Damaged { part: main.clone(), reason: "it is not in the file".to_owned() };
    let text = package.text(&main)?.ok_or_else(missing)?;
    let related = relations(&mut package, &main)?;
    let (mut styles, mut numbering) = (Styles::default(), Numbering::default());
    let mut warnings = Vec::new();
    // Without these parts only headings and the look of numbers are lost.
    if let Some(Err(error)) = related.of("styles").map(|part| read_part(&mut package, part, &mut styles)) {
        warnings.push(error.to_string());
    }
    if let Some(Err(error)) = related.of("settings").map(|part| read_part(&mut package, part, &mut numbering))
    {
        warnings.push(error.to_string());
    }

    let mut body = Body::new(&styles, &related.targets);
    xml::read(&main, &text, &mut body)?;
    let (mut draft, calls) = body.finish(&mut numbering);
    draft.document.warnings = warnings;
    let labels = numbering.labels(&calls);
    for kind in [Kind::Footnote, Kind::Endnote] {
        let Some(part) = related.of(kind.part()) else { continue };
        let Some(text) = package.text(part)? else { continue };
        let targets = relations(&mut package, part)?.targets;
        let called: HashMap<&str, (&Call, &str)> = calls
            .iter()
            .zip(&labels)
            .rev()
            .filter(|(call, _)| call.kind == kind)
            .map(|(call, label)| (call.id.as_str(), (call, label.as_str())))
            .collect();
        let mut notes = Body::of_notes(&styles, &targets, draft, kind, called);
        xml::read(part, &text, &mut notes)?;
        draft = notes.into_draft();
    }
    Ok(draft.finish())
}

fn read_part(package: &mut Package, part: &str, visitor: &mut impl Visitor) -> Result<(), ReadError> {
    match package.text(part)? {
        Some(text) => xml::read(part, &text, visitor),
        None => Ok(()),
    }
}

/// What a part refers to.
#[derive(Default)]
struct Relations {
    /// The part that they belong to.
    of: String,
    /// Addresses outside the package by their ids.
    targets: HashMap<String, String>,
    /// Parts of the package by the last word of their type.
    parts: HashMap<String, String>,
}

impl Relations {
    fn of(&self, kind: &str) -> Option<&str> {
        self.parts.get(kind).map(String::as_str)
    }
}

impl Visitor for Relations {
    fn start(&mut self, element: &Start) -> bool {
        if element.local() != "Relationship" {
            return true;
        }
        let value = |name| element.attribute("", name).unwrap_or_default();
        let (kind, target) = (value("Type"), value("Target"));
        if value("TargetMode") == "External" {
            self.targets.insert(value("Id"), target);
        } else if let Some((_, kind)) = kind.rsplit_once('/') {
            self.parts.entry(kind.to_owned()).or_insert_with(|| package::resolve(&self.of, &target));
        }
        true
    }

    fn end(&mut self, _: &str, _: &str) {}

    fn text(&mut self, _: &str) {}
}

/// The relations of a part; those of the package where `part` is empty.
fn relations(package: &mut Package, part: &str) -> Result<Relations, ReadError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut relations = Relations { of: part.to_owned(), ..Relations::default() };
    read_part(package, &format!("{folder}/_rels/{name}.rels"), &mut relations)?;
    Ok(relations)
}
