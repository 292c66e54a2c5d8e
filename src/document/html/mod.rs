//! HTML: pages as browsers show them, with the notes that their links make.

mod dom;
mod graph;
mod label;
mod notes;
mod region;
mod tree;
mod walk;

use encoding_rs::Encoding;
use url::Url;

use super::draft::Draft;
use super::{Document, Format, ReadError, decode};
use crate::{date, fold};
use dom::{Data, Dom, Step};
pub(super) use walk::Places;

/// HTML.
pub const FORMAT: Format = Format {
    name: "html",
    extensions: &["html", "htm", "xhtml", "xht"],
    is: looks_like_html,
    read: |bytes, _| read(bytes),
};

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let mut head = head.trim_start_matches(|c: char| c == '\u{FEFF}' || c.is_whitespace());
    // What may stand before the root: a declaration and comments.
    while let Some(rest) = head.strip_prefix("<?xml").or_else(|| head.strip_prefix("<!--")) {
        let end = if head.starts_with("<!--") { "-->" } else { ">" };
        let Some(at) = rest.find(end) else { break };
        head = rest[at + end.len()..].trim_start();
    }
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let text = text(bytes)?;
    read_pages(&[(String::new(), text)], Places::Lines, Draft::default())
}

/// Reads the pages of one document, each with the name by which the others refer to it.
pub(super) fn read_pages(
    pages: &[(String, String)],
    places: Places,
    mut draft: Draft,
) -> Result<Document, ReadError> {
    let mut tree = tree::Tree::default();
    let mut base = None;
    for (name, text) in pages {
        let dom = dom::parse(text).map_err(|error| in_page(name, error))?;
        head(&dom, &mut draft, &mut base);
        tree.add(name, &dom);
    }
    let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
    let graph = graph::Graph::of(&tree, &names);
    let found = notes::find(&tree, &graph);
    walk::read(&tree, &graph, &found, base.as_ref(), places, &mut draft);
    Ok(draft.finish())
}

fn in_page(name: &str, error: ReadError) -> ReadError {
    match error {
        ReadError::Damaged { part, reason } if !name.is_empty() => {
            ReadError::Damaged { part: format!("{name}, {part}"), reason }
        }
        error => error,
    }
}

/// The text of a page: what it says of its encoding counts where it is not UTF-8
/// ([HTML, 13.2.3](https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding)).
pub(crate) fn text(bytes: &[u8]) -> Result<String, ReadError> {
    let head = &bytes[..bytes.len().min(4096)];
    if std::str::from_utf8(bytes).is_err()
        && Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = declared(&String::from_utf8_lossy(head))
    {
        return Ok(encoding.decode(bytes).0.into_owned());
    }
    Ok(decode::text(bytes)?.into_owned())
}

fn declared(head: &str) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let (_, after) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let label = after.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>', ';', '/', '?']).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

/// What the head of a page says of the document.
fn head(dom: &Dom, draft: &mut Draft, base: &mut Option<Url>) {
    const DATES: &[&str] = &[
        "article:published_time",
        "citation_publication_date",
        "citation_date",
        "datepublished",
        "date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.issued",
    ];
    const AUTHORS: &[&str] = &["author", "citation_author", "dc.creator", "dcterms.creator"];
    let mut title = None;
    dom.walk(|step| {
        let Step::Enter(at) = step else { return true };
        let Data::Element { name, attributes } = &dom.node(at).data else { return true };
        let attribute = |name: &str| attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value);
        match &*name.local {
            "title" if title.is_none() => title = Some(at),
            "base" if base.is_none() => *base = attribute("href").and_then(|href| Url::parse(href).ok()),
            "meta" => {
                let key = attribute("name").or(attribute("property")).or(attribute("itemprop"));
                let key = key.unwrap_or_default().to_ascii_lowercase();
                let value = fold::one_line(attribute("content").unwrap_or_default());
                let document = &mut draft.document;
                if DATES.contains(&key.as_str()) && document.date.is_none() {
                    document.date = date::parse(&value).filter(|d| !d.impossible).map(|d| d.date);
                }
                let is_name = !value.is_empty() && value.len() < 80 && !value.contains("://");
                if AUTHORS.contains(&key.as_str()) && is_name && !document.authors.contains(&value) {
                    document.authors.push(value);
                }
            }
            "body" => return false,
            _ => {}
        }
        true
    });
    if let Some(at) = title {
        draft.window_title(&dom.text_of(at));
    }
}
