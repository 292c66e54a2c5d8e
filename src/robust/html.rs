//! HTML: the attributes of Robust Links on `<a href>` (draft of March 2025, 3).
//!
//! # Known gaps
//! An address relative to a `<base>` is left alone.

use std::borrow::Cow;

use super::{ArchivedCopy, Group, Spot, Writer, cited};
use crate::document::{html, tag};
use crate::link;

pub(super) const WRITER: Writer = Writer { name: "html", text: html::text, spots };

const ORIGINAL: &str = "data-originalurl";
const DATE: &str = "data-versiondate";
const VERSION: &str = "data-versionurl";

fn spots(text: &str) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut group = Group::default();
    for (range, piece) in tag::pieces(text) {
        match piece {
            tag::Piece::Link(href) => {
                let tag = &text[range.clone()];
                let Some(url) = target(&href) else { continue };
                let free = [ORIGINAL, DATE, VERSION].map(|name| tag::attribute(tag, name).is_none());
                let put = match free {
                    [true, true, true] => Some(all as fn(&str, &ArchivedCopy) -> String),
                    [false, true, true] => Some(date_and_version as _),
                    [true, false, true] => Some(original_and_version as _),
                    [false, false, true] => Some(version as _),
                    _ => None,
                };
                let at = end_of_attributes(tag).map(|end| range.start + end);
                let spot = at.zip(put).map(|(at, put)| Spot { url: url.clone(), at, put });
                group.take(&url, spot);
            }
            tag::Piece::Text(words) => {
                for found in link::find(&tag::decoded(words)) {
                    group.take(&found.url, None);
                }
            }
            tag::Piece::Break => spots.extend(std::mem::take(&mut group).end()),
            tag::Piece::LinkEnd => {}
        }
    }
    spots.extend(group.end());
    spots
}

/// The address that a link leads to, as the reader of the format has it.
fn target(href: &str) -> Option<String> {
    let href: String = href.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    cited(&href.strip_prefix("//").map_or_else(|| href.clone(), |rest| format!("https://{rest}")))
}

/// Where one more attribute may stand in a tag, behind the others.
fn end_of_attributes(tag: &str) -> Option<usize> {
    let inside = tag.strip_suffix('>')?;
    let bare = inside.trim_end();
    // An unquoted value may end with a slash.
    let closed = bare.strip_suffix('/').filter(|rest| rest.ends_with(['"', '\'', ' ', '\t', '\n', '\r']));
    Some(closed.map_or(bare, str::trim_end).len())
}

fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escaped(value))
}

fn escaped(value: &str) -> Cow<'_, str> {
    html_escape::encode_double_quoted_attribute(value)
}

fn all(url: &str, copy: &ArchivedCopy) -> String {
    attribute(ORIGINAL, url) + &date_and_version(url, copy)
}

fn date_and_version(url: &str, copy: &ArchivedCopy) -> String {
    attribute(DATE, &copy.date.to_string()) + &version(url, copy)
}

fn original_and_version(url: &str, copy: &ArchivedCopy) -> String {
    attribute(ORIGINAL, url) + &version(url, copy)
}

fn version(_: &str, copy: &ArchivedCopy) -> String {
    attribute(VERSION, &copy.url)
}
