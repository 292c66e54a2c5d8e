//! `OpenDocument` text (`.odt`, flat `.fodt`): [ODF 1.3](https://docs.oasis-open.org/office/OpenDocument/v1.3/) part 3.
//!
//! Notes stand where they are called. What tracked changes deleted is kept apart from the text by the
//! format itself and is left out.

use std::collections::HashMap;

use super::draft::Draft;
use super::package::Package;
use super::xml::{self, Start, Visitor};
use super::{Document, Format, ReadError, decode};

/// `OpenDocument` text.
pub const FORMAT: Format = Format {
    name: "odt",
    extensions: &["odt", "ott", "fodt"],
    is: |bytes| is_flat(bytes) || is_package(bytes),
    read: |bytes, _| read(bytes),
};

const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.text";

fn is_package(bytes: &[u8]) -> bool {
    // The type is stored first and uncompressed so that it can be told from the bytes.
    bytes
        .get(30..)
        .is_some_and(|rest| rest.strip_prefix(b"mimetype").is_some_and(|t| t.starts_with(MIMETYPE)))
        || Package::holds(bytes, &["content.xml", "meta-inf/manifest.xml", "styles.xml"])
}

fn is_flat(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8 * 1024)];
    let holds = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    head.starts_with(b"<?xml") && holds(b":opendocument:xmlns:office:") && holds(MIMETYPE)
}

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut body = Body::default();
    if bytes.starts_with(b"<") || bytes.starts_with(b"\xEF\xBB\xBF<") {
        xml::read("the document", &decode::text(bytes)?, &mut body)?;
        return Ok(body.draft.finish());
    }
    let mut package = Package::open(bytes)?;
    if let Some(manifest) = package.text("META-INF/manifest.xml")?
        && manifest.contains("encryption-data")
    {
        let what = "it is an OpenDocument text encrypted with a password; save it without one in LibreOffice";
        return Err(ReadError::Locked(what.to_owned()));
    }
    const CONTENT: &str = "content.xml";
    let missing =
        || ReadError::Damaged { part: CONTENT.to_owned(), reason: "it is not in the file".to_owned() };
    let text = package.text(CONTENT)?.ok_or_else(missing)?;
    xml::read(CONTENT, &text, &mut body)?;
    Ok(body.draft.finish())
}

#[derive(Default)]
struct Body {
    draft: Draft,
    /// Elements whose text is text of the document, the innermost last: paragraphs and headings.
    paragraphs: Vec<bool>,
    /// Notes being read, the innermost last.
    notes: Vec<Note>,
    /// Notes that were begun, for their keys.
    count: usize,
    label: Option<String>,
    /// What each automatic style is derived from.
    parents: HashMap<String, String>,
}

#[derive(Debug)]
struct Note {
    /// Paragraphs around its callout.
    outside: usize,
}

impl Body {
    fn write(&mut self, text: &str) {
        if let Some(label) = &mut self.label {
            label.push_str(text);
        } else if self.paragraphs.len() > self.notes.last().map_or(0, |note| note.outside) {
            self.draft.write(text);
        }
    }
}

impl Visitor for Body {
    fn start(&mut self, element: &Start) -> bool {
        match (element.prefix, element.local()) {
            ("text", "p") => {
                let style = element.attribute("text", "style-name").unwrap_or_default();
                let is_title = self.parents.get(&style).unwrap_or(&style) == "Title";
                if is_title {
                    self.draft.open_heading(0);
                }
                self.paragraphs.push(is_title);
            }
            ("style", "style") => {
                let name = |attribute| element.attribute("style", attribute);
                self.parents.extend(name("name").zip(name("parent-style-name")));
            }
            ("text", "h") => {
                let level = element.attribute("text", "outline-level").and_then(|level| level.parse().ok());
                self.draft.open_heading(level.unwrap_or(1));
                self.paragraphs.push(true);
            }
            ("text", "s") => self.write(" "),
            ("text", "tab") => self.write("\t"),
            ("text", "line-break") => self.write("\n"),
            ("text", "a") => {
                let target = element.attribute("xlink", "href").unwrap_or_default();
                let place = self.draft.next_place();
                self.draft.open_link(target, place);
            }
            ("text", "note") => {
                let place = self.draft.next_place();
                self.count += 1;
                let key = self.count.to_string();
                self.draft.call(key.as_str(), place);
                self.draft.open_note(key, None, place);
                self.notes.push(Note { outside: self.paragraphs.len() });
            }
            ("text", "note-citation") => self.label = Some(String::new()),
            // Deleted text, comments, fields that print nothing, the pronunciation above the text.
            ("text", "tracked-changes" | "ruby-text" | "hidden-text" | "hidden-paragraph") => return false,
            ("office", "annotation" | "annotation-end" | "scripts" | "font-face-decls" | "styles") => {
                return false;
            }
            ("office", "master-styles" | "settings" | "meta" | "binary-data") => return false,
            // What stands in for a picture.
            ("svg", "title" | "desc") => return false,
            ("text", "section") => return element.attribute("text", "display").is_none_or(|d| d == "true"),
            _ => {}
        }
        true
    }

    fn end(&mut self, prefix: &str, local: &str) {
        match (prefix, local) {
            ("text", "p" | "h") => {
                if self.paragraphs.pop() == Some(true) {
                    self.draft.close_heading(crate::place::Place::default());
                }
                if self.notes.is_empty() {
                    self.draft.break_paragraph();
                } else {
                    let place = self.draft.next_place();
                    self.draft.end_block(place);
                }
            }
            ("text", "a") => self.draft.close_link(),
            ("text", "note-citation") => {
                let label = self.label.take().map(|label| label.trim().to_owned());
                self.draft.label_note(label.filter(|label| !label.is_empty()));
            }
            ("text", "note") => {
                self.notes.pop();
                self.draft.close_note();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.write(text);
    }
}
