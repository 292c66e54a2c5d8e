//! What answers in the oEmbed format (oembed.com) have in common.

use scraper::{Html, Selector};
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
    let quoted = Html::parse_fragment(answer["html"].as_str()?);
    let paragraph = Selector::parse("p").expect("the selector is valid");
    let words = quoted.select(&paragraph).next().map(|p| one_line(&p.text().collect::<String>()));
    Some(Record {
        service: service.into(),
        shows: true,
        title: words.filter(|words| !words.is_empty()),
        authors: vec![text(&answer["author_name"])?],
        ..Record::default()
    })
}

/// The words of a piece of mark-up.
pub(super) fn text_of(html: &str) -> Option<String> {
    let html = Html::parse_fragment(html);
    let words: Vec<&str> = html.root_element().text().collect();
    let words = one_line(&words.join(" "));
    (!words.is_empty()).then_some(words)
}
