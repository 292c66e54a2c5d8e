//! EPUB ([3.3](https://www.w3.org/TR/epub-33/) and earlier): the pages of a book in the order of its
//! spine, read as one document, since notes often stand in a file of their own.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::draft::Draft;
use super::html::{self, Places};
use super::package::{self, Package};
use super::xml::{self, Start, Visitor};
use super::{Document, Format, ReadError};
use crate::fold;

/// EPUB.
pub const FORMAT: Format = Format {
    name: "epub",
    extensions: &["epub"],
    is: |bytes| Package::holds(bytes, &[CONTAINER]),
    read: |bytes, _| read(bytes),
};

const CONTAINER: &str = "META-INF/container.xml";

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let mut package = Package::open(bytes)?;
    let missing =
        |part: &str| ReadError::Damaged { part: part.to_owned(), reason: "it is not in the file".to_owned() };
    let mut container = Container::default();
    let text = package.text(CONTAINER)?.ok_or_else(|| missing(CONTAINER))?;
    xml::read(CONTAINER, &text, &mut container)?;
    let root = container.root.ok_or_else(|| missing("the package document"))?;
    let text = package.text(&root)?.ok_or_else(|| missing(&root))?;
    let mut book = Book::default();
    xml::read(&root, &text, &mut book)?;

    let mut draft = Draft::default();
    draft.window_title(&book.title);
    draft.document.authors = book.authors.iter().map(|name| fold::one_line(name)).collect();
    let mut pages = Vec::new();
    for item in book.pages() {
        let name = package::resolve(&root, &percent_decode_str(&item.href).decode_utf8_lossy());
        match package.part(&name) {
            Ok(Some(bytes)) if bytes.iter().all(u8::is_ascii_whitespace) => {}
            Ok(Some(bytes)) => pages.push((name, html::text(&bytes)?)),
            Ok(None) => draft.document.warnings.push(format!("{name} is listed but is not in the file")),
            Err(ReadError::Damaged { part, reason }) => {
                draft.document.warnings.push(format!("{part} is damaged and was left out: {reason}"));
            }
            Err(error) => return Err(error),
        }
    }
    if pages.is_empty() {
        return Err(ReadError::Empty);
    }
    html::read_pages(&pages, Places::Paragraphs, draft)
}

/// `META-INF/container.xml`: where the package document is.
#[derive(Default)]
struct Container {
    root: Option<String>,
}

impl Visitor for Container {
    fn start(&mut self, element: &Start) -> bool {
        if element.local() == "rootfile" && self.root.is_none() {
            self.root = element.attribute("", "full-path");
        }
        true
    }

    fn end(&mut self, _: &str, _: &str) {}

    fn text(&mut self, _: &str) {}
}

/// A file of a book.
#[derive(Debug)]
struct Item {
    id: String,
    href: String,
    is_page: bool,
    is_contents: bool,
}

/// The package document.
#[derive(Default)]
struct Book {
    title: String,
    authors: Vec<String>,
    items: Vec<Item>,
    spine: Vec<String>,
    reading: Option<&'static str>,
}

impl Book {
    /// The pages in the order of the spine, then those that are not in it. The table of contents
    /// only repeats what the pages say.
    fn pages(&self) -> Vec<&Item> {
        let by_id: HashMap<&str, &Item> = self.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let mut pages: Vec<&Item> =
            self.spine.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
        let rest = self.items.iter().filter(|item| !self.spine.contains(&item.id));
        pages.extend(rest);
        pages.retain(|item| item.is_page && !item.is_contents);
        let mut seen = std::collections::HashSet::new();
        pages.retain(|item| seen.insert(item.href.as_str()));
        pages
    }
}

impl Visitor for Book {
    fn start(&mut self, element: &Start) -> bool {
        let value = |name| element.attribute("", name).unwrap_or_default();
        self.reading = None;
        match element.local() {
            "title" if self.title.is_empty() => self.reading = Some("title"),
            "creator" => {
                self.authors.push(String::new());
                self.reading = Some("creator");
            }
            "item" => {
                let (href, kind) = (value("href"), value("media-type"));
                self.items.push(Item {
                    id: value("id"),
                    is_page: kind.contains("html") || kind.is_empty() && href.ends_with("html"),
                    is_contents: value("properties").split_ascii_whitespace().any(|word| word == "nav"),
                    href,
                });
            }
            "itemref" => self.spine.push(value("idref")),
            _ => {}
        }
        true
    }

    fn end(&mut self, _: &str, _: &str) {
        self.reading = None;
    }

    fn text(&mut self, text: &str) {
        match (self.reading, self.authors.last_mut()) {
            (Some("title"), _) => self.title.push_str(text),
            (Some(_), Some(author)) => author.push_str(text),
            _ => {}
        }
    }
}
