//! What answers in the oEmbed format (oembed.com) have in common.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;

use super::{Record, text};
use crate::fold::one_line;

/// A video or page: its title and author have fields of their own.
pub(super) fn titled(service: &'static str, answer: &Value) -> Option<Record> {
    answer["type"].as_str()?;
    Some(Record {
        service: service.into(),
        shows: true,
        title: Some(text(&answer["title"])?),
        authors: text(&answer["author_name"]).into_iter().collect(),
        ..Record::default()
    })
}

/// A post: its text is the first paragraph of the mark-up that quotes it.
pub(super) fn post(service: &'static str, answer: &Value) -> Option<Record> {
    answer["type"].as_str()?;
    let quoted = answer["html"].as_str()?;
    let paragraph = Html::parse_fragment(quoted).select(&PARAGRAPH).next().and_then(words);
    Some(Record {
        service: service.into(),
        shows: true,
        title: paragraph,
        authors: vec![text(&answer["author_name"])?],
        ..Record::default()
    })
}

/// The words of a piece of mark-up that a service made.
pub(super) fn text_of(html: &str) -> Option<String> {
    words(Html::parse_fragment(html).root_element())
}

static PARAGRAPH: LazyLock<Selector> = LazyLock::new(|| Selector::parse("p").expect("it is a selector"));

fn words(element: ElementRef) -> Option<String> {
    /// Elements that break a line.
    const BLOCKS: &[&str] = &["br", "p", "div", "li"];
    let mut words = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(text) => words.push_str(text),
            Node::Element(element) if BLOCKS.contains(&element.name()) => words.push(' '),
            _ => {}
        }
    }
    let words = one_line(&words);
    (!words.is_empty()).then_some(words)
}
