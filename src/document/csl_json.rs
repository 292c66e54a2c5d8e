//! CSL-JSON, as Zotero and Pandoc write it: each item is one citation.

use serde_json::Value;

use super::draft::Draft;
use super::reference::Reference;
use super::{Document, Format, ReadError, decode, tag};
use crate::date::PartialDate;
use crate::fold;
use crate::place::Lines;

/// CSL-JSON.
pub const FORMAT: Format = Format { name: "csl-json", extensions: &["json", "csljson"], is, read };

/// A list of objects, at least one of which has a type and a title as CSL names them.
fn is(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(64 * 1024)]);
    let start = head.trim_start_matches('\u{FEFF}').trim_start();
    let has = |name: &str| head.contains(&format!("\"{name}\""));
    (start.starts_with('[') || start.starts_with('{'))
        && has("type")
        && has("title")
        && (has("issued") || has("container-title") || has("URL") && has("id") || has("DOI"))
        && !has("cells")
}

fn read(bytes: &[u8], _: &super::Reading) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?;
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(|error| {
        ReadError::Malformed(format!("no JSON at line {}:{}", error.line(), error.column()))
    })?;
    let items = match &value {
        Value::Array(items) => items.as_slice(),
        Value::Object(map) => match map.get("items").or(map.get("references")).and_then(Value::as_array) {
            Some(items) => items.as_slice(),
            None => std::slice::from_ref(&value),
        },
        _ => &[],
    };
    if !items.iter().any(is_record) {
        return Err(ReadError::Unsupported("JSON (other than CSL-JSON and Jupyter)"));
    }
    let lines = Lines::of(&text);
    let mut places = starts(&text).into_iter();
    let mut draft = Draft::default();
    for (nth, item) in items.iter().enumerate() {
        let at = if value.is_array() || items.len() > 1 { places.next() } else { Some(0) };
        let record = Reference { place: lines.at(at.unwrap_or(0)), ..reference(item) };
        record.entry(&mut draft, nth.to_string());
    }
    Ok(draft.finish())
}

/// The one record of a text.
pub(super) fn record(text: &str) -> Option<Reference> {
    let value: Value = serde_json::from_str(text).ok()?;
    let item = value.as_array().map_or(Some(&value), |items| items.first().filter(|_| items.len() == 1))?;
    is_record(item).then(|| reference(item))
}

fn is_record(item: &Value) -> bool {
    let has = |name: &str| item.get(name).is_some();
    has("type") && (has("title") || has("URL") || has("DOI")) && (has("id") || has("issued") || has("author"))
}

/// Where the objects of the outermost list begin.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut open: Vec<u8> = Vec::new();
    let (mut string, mut escaped) = (false, false);
    let mut list: Option<usize> = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            _ if string => {}
            b'[' | b'{' => {
                if byte == b'[' && list.is_none() {
                    list = Some(open.len());
                } else if byte == b'{' && list.is_some_and(|list| open.len() == list + 1) {
                    starts.push(at);
                }
                open.push(byte);
            }
            b']' | b'}' => {
                open.pop();
            }
            _ => {}
        }
    }
    starts
}

fn reference(item: &Value) -> Reference {
    let text = |name: &str| {
        let value = item.get(name)?;
        let text =
            value.as_str().map_or_else(|| value.as_i64().map(|n| n.to_string()).unwrap_or_default(), plain);
        (!text.is_empty()).then_some(text)
    };
    let mut record =
        Reference { key: text("id").or(text("citation-key")).unwrap_or_default(), ..Reference::default() };
    record.authors = names(item.get("author"));
    if record.authors.is_empty() {
        record.authors = names(item.get("editor"));
    }
    record.title = text("title");
    record.container = text("container-title").or(text("publisher")).or(text("event-title"));
    if let Some(issued) = item.get("issued") {
        match date_parts(issued) {
            (None, _) => record.set_date(&raw_date(issued)),
            (date, end) => (record.date, record.date_end) = (date, end),
        }
    }
    if let Some(accessed) = item.get("accessed") {
        match date_parts(accessed).0 {
            None => record.set_accessed(&raw_date(accessed)),
            date => record.accessed = date,
        }
    }
    record.details.extend(text("volume").map(|volume| match text("issue") {
        Some(issue) => format!("Vol. {volume}, No. {issue}"),
        None => format!("Vol. {volume}"),
    }));
    record.details.extend(text("page").map(|page| format!("p. {page}")));
    if let Some(url) = text("URL") {
        record.add_url(&url);
    }
    if let Some(doi) = text("DOI") {
        record.set_doi(&doi);
    }
    record
}

/// Titles may hold tags for italics and small capitals.
fn plain(text: &str) -> String {
    let tags = [
        "<i>",
        "</i>",
        "<b>",
        "</b>",
        "<sup>",
        "</sup>",
        "<sub>",
        "</sub>",
        "</span>",
        "<span class=\"nocase\">",
    ];
    let bare = tags.iter().fold(text.to_owned(), |text, tag| text.replace(tag, ""));
    fold::one_line(&tag::decoded(&bare))
}

fn names(list: Option<&Value>) -> Vec<String> {
    let name = |name: &Value| {
        let part =
            |key: &str| name.get(key).and_then(Value::as_str).map(str::trim).filter(|part| !part.is_empty());
        if let Some(literal) = part("literal") {
            return Some(literal.to_owned());
        }
        let parts = ["given", "dropping-particle", "non-dropping-particle", "family", "suffix"].map(part);
        let whole: Vec<&str> = parts.into_iter().flatten().collect();
        (!whole.is_empty()).then(|| whole.join(" "))
    };
    list.and_then(Value::as_array).into_iter().flatten().filter_map(name).collect()
}

/// `{"date-parts": [[2024, 9, 11], [2024, 9, 13]]}`: the date, and the end of a range.
fn date_parts(date: &Value) -> (Option<PartialDate>, Option<PartialDate>) {
    let mut dates = date.get("date-parts").and_then(Value::as_array).into_iter().flatten().map(|parts| {
        let number = |part: &Value| part.as_i64().or_else(|| part.as_str()?.trim().parse().ok());
        let parts: Vec<i64> = parts.as_array().into_iter().flatten().map_while(number).collect();
        let year = i16::try_from(*parts.first()?).ok()?;
        let part = |at: usize| parts.get(at).and_then(|part| u8::try_from(*part).ok());
        match (part(1), part(2)) {
            (Some(month), Some(day)) => PartialDate::ymd(year, month, day),
            (Some(month), None) => PartialDate::ym(year, month),
            _ => PartialDate::y(year),
        }
    });
    let first = dates.next().flatten();
    (first, first.and_then(|_| dates.next().flatten()))
}

fn raw_date(date: &Value) -> String {
    let text = |name: &str| date.get(name).and_then(Value::as_str);
    let parts = || {
        date.get("date-parts").map(|parts| parts.to_string().replace(['[', ']', '"'], "").replace(',', "-"))
    };
    text("raw").or(text("literal")).or(date.as_str()).map(str::to_owned).or_else(parts).unwrap_or_default()
}
