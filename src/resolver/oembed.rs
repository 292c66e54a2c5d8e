//! What answers in the oEmbed format (oembed.com) have in common.

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
    let paragraph = quoted.find("<p").map(|at| &quoted[at..]).and_then(|rest| rest.split("</p>").next());
    Some(Record {
        service: service.into(),
        shows: true,
        title: paragraph.and_then(text_of),
        authors: vec![text(&answer["author_name"])?],
        ..Record::default()
    })
}

/// Elements that break a line.
const BLOCKS: &[&str] = &["br", "p", "div", "li"];

/// The words of a piece of mark-up that a service made.
pub(super) fn text_of(html: &str) -> Option<String> {
    let mut pieces = html.split('<');
    let mut words = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        if name.is_some_and(|name| BLOCKS.contains(&name)) {
            words.push(' ');
        }
        words.push_str(text);
    }
    let words = one_line(&html_escape::decode_html_entities(&words));
    (!words.is_empty()).then_some(words)
}
