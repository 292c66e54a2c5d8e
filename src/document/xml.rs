//! XML as a flat row of events, names with one prefix whatever the file calls its namespaces.
//!
//! No entity is known but the five of XML itself and character references, so that no declaration
//! in a file can make text grow; nothing here recurses, so that no nesting is too deep.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};

use super::ReadError;

/// Namespaces and the prefix by which the readers know them.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", "r"),
    ("http://schemas.openxmlformats.org/package/2006/relationships", "rel"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office"),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", "style"),
    ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", "svg"),
    ("http://www.w3.org/1999/xlink", "xlink"),
];

/// Names for namespaces in force at one place; Word declares about forty.
const MOST_NAMESPACES: usize = 1000;

/// The beginning of an element.
pub(super) struct Start<'x> {
    /// Prefix of its namespace in [`NAMESPACES`], empty for any other.
    pub(super) prefix: &'static str,
    tag: &'x BytesStart<'x>,
    resolver: &'x NamespaceResolver,
}

impl Start<'_> {
    /// Its name without the prefix.
    pub(super) fn local(&self) -> &str {
        self.tag.local_name().into_inner()
    }

    /// The value of an attribute; those without a namespace have the empty prefix.
    pub(super) fn attribute(&self, prefix: &str, local: &str) -> Option<String> {
        let found = self.tag.attributes().with_checks(false).flatten().find(|attribute| {
            attribute.key.local_name().into_inner() == local && {
                let (namespace, _) = self.resolver.resolve_attribute(attribute.key);
                known(namespace) == prefix
            }
        })?;
        let value = found.normalized_value(XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| found.value.clone().into_owned(), std::borrow::Cow::into_owned))
    }

    /// The `w:val` of the properties of a Word document.
    pub(super) fn val(&self) -> Option<String> {
        self.attribute("w", "val")
    }
}

/// What a reader makes of a part.
pub(super) trait Visitor {
    /// An element begins. `false` leaves it out with all that it holds; then it does not end either.
    fn start(&mut self, element: &Start) -> bool;
    /// An element ends.
    fn end(&mut self, prefix: &str, local: &str);
    /// Text. It comes in pieces, wherever the file has an entity.
    fn text(&mut self, text: &str);
}

/// Reads a part from its beginning to its end.
///
/// What was read before a fault stays with the visitor; the fault is the error.
pub(super) fn read(part: &str, text: &str, visitor: &mut impl Visitor) -> Result<(), ReadError> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.resolver_mut().set_max_namespace_bindings(MOST_NAMESPACES);
    // Levels below an element that is left out.
    let mut skipped = 0_usize;
    let mut depth = 0_usize;
    let damaged = |at: u64, reason: String| {
        let before = &text[..text.floor_char_boundary(at as usize)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        ReadError::Damaged { part: format!("{part}, line {line}:{column}"), reason }
    };
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|error| damaged(at, error.to_string()))?;
        match event {
            Event::Eof if depth > 0 => {
                return Err(damaged(at, format!("it ends inside {depth} open elements")));
            }
            Event::Eof => return Ok(()),
            Event::Start(start) => {
                depth += 1;
                if skipped > 0 || !began(&reader, &start, visitor) {
                    skipped += 1;
                }
            }
            Event::Empty(start) if skipped == 0 && began(&reader, &start, visitor) => {
                let (namespace, local) = reader.resolver().resolve_element(start.name());
                visitor.end(known(namespace), local.into_inner());
            }
            Event::End(end) => {
                depth -= 1;
                if skipped > 0 {
                    skipped -= 1;
                } else {
                    let (namespace, local) = reader.resolver().resolve_element(end.name());
                    visitor.end(known(namespace), local.into_inner());
                }
            }
            Event::Text(text) if skipped == 0 => visitor.text(&text),
            Event::CData(text) if skipped == 0 => visitor.text(&text),
            Event::GeneralRef(name) if skipped == 0 => {
                let mut buffer = [0; 4];
                match name.resolve_char_ref() {
                    Ok(Some(c)) => visitor.text(c.encode_utf8(&mut buffer)),
                    _ => visitor.text(resolve_predefined_entity(&name).unwrap_or_default()),
                }
            }
            _ => {}
        }
    }
}

fn began(reader: &NsReader<&[u8]>, start: &BytesStart, visitor: &mut impl Visitor) -> bool {
    let resolver = reader.resolver();
    let (namespace, _) = resolver.resolve_element(start.name());
    visitor.start(&Start { prefix: known(namespace), tag: start, resolver })
}

fn known(namespace: ResolveResult) -> &'static str {
    let ResolveResult::Bound(namespace) = namespace else { return "" };
    NAMESPACES.iter().find(|(uri, _)| *uri == namespace.into_inner()).map_or("", |(_, prefix)| prefix)
}
