//! RIS, as reference managers and databases export it: each record is one citation.

use super::draft::Draft;
use super::reference::{Reference, name_in_order};
use super::{Document, Format, decode};
use crate::fold;
use crate::place::Lines;

/// RIS.
pub const FORMAT: Format = Format {
    name: "ris",
    extensions: &["ris"],
    is: |bytes| {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
        tag(head.trim_start_matches('\u{FEFF}').trim_start().lines().next().unwrap_or_default())
            .is_some_and(|(tag, _)| tag == "TY")
    },
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

fn read(text: &str) -> Document {
    let lines = Lines::of(text);
    let mut draft = Draft::default();
    let mut record: Option<(usize, Fields)> = None;
    let mut nth = 0;
    let mut at = 0;
    let mut end = |record: Option<(usize, Fields)>, draft: &mut Draft| {
        if let Some((at, fields)) = record {
            Reference { place: lines.at(at), ..fields.reference() }.entry(draft, nth.to_string());
            nth += 1;
        }
    };
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match tag(line.trim_start_matches('\u{FEFF}')) {
            // A record that was cut off ends where the next one begins.
            Some(("TY", _)) => end(record.replace((start, Fields::default())), &mut draft),
            Some(("ER", _)) => end(record.take(), &mut draft),
            Some((tag, value)) => {
                if let Some((_, fields)) = &mut record {
                    fields.0.push((tag.to_owned(), value.to_owned()));
                }
            }
            None => {
                // A long value goes on in the next line.
                if let Some((_, value)) = record.as_mut().and_then(|(_, fields)| fields.0.last_mut()) {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    end(record, &mut draft);
    draft.finish()
}

/// `AU  - Roe, Jane`: tag and value.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.split_once('-')?;
    let name = tag.trim_end();
    let fits = name.len() == 2
        && tag.len() > 2
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (fits && name.as_bytes()[0].is_ascii_uppercase()).then(|| (name, value.trim()))
}

#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn all<'f>(&'f self, tags: &'f [&str]) -> impl Iterator<Item = &'f str> {
        let named =
            self.0.iter().filter(move |(tag, value)| tags.contains(&tag.as_str()) && !value.is_empty());
        named.map(|(_, value)| value.as_str())
    }

    /// The value of the first of these tags that has one.
    fn first(&self, tags: &[&str]) -> Option<String> {
        tags.iter().find_map(|tag| self.all(&[tag]).next().map(fold::one_line))
    }

    fn reference(&self) -> Reference {
        let mut record =
            Reference { key: self.first(&["ID", "LB"]).unwrap_or_default(), ..Reference::default() };
        record.authors = self.all(&["AU", "A1"]).map(name_in_order).collect();
        if record.authors.is_empty() {
            record.authors = self.all(&["A2", "ED"]).map(name_in_order).collect();
        }
        record.title = self.first(&["TI", "T1", "CT"]);
        record.container = self.first(&["JO", "JF", "T2", "BT", "JA", "J2", "PB"]);
        if let Some(date) = self.first(&["DA"]).or_else(|| self.first(&["PY", "Y1"])) {
            record.set_date(&dashed(&date));
        }
        // A day without its year (`DA  - 09/11`) says less than the year alone.
        if record.date.is_none()
            && let Some(year) = self.first(&["PY", "Y1"])
        {
            record.raw_date = None;
            record.set_date(&dashed(&year));
        }
        if let Some(day) = self.first(&["Y2"]) {
            record.set_accessed(&dashed(&day));
        }
        record.details.extend(self.first(&["VL"]).map(|volume| match self.first(&["IS"]) {
            Some(issue) => format!("Vol. {volume}, No. {issue}"),
            None => format!("Vol. {volume}"),
        }));
        record.details.extend(self.first(&["SP"]).map(|first| match self.first(&["EP"]) {
            Some(last) if last != first => format!("p. {first}-{last}"),
            _ => format!("p. {first}"),
        }));
        for url in self.all(&["UR", "LK", "L2"]) {
            record.add_url(url);
        }
        if let Some(doi) = self.first(&["DO", "M3"]) {
            record.set_doi(&doi);
        }
        record
    }
}

/// `2024/09/11/`, with a season or a remark behind the last stroke, as ISO 8601 has it.
fn dashed(date: &str) -> String {
    let parts: Vec<&str> = date.split('/').map(str::trim).collect();
    let digits = |part: &&&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if parts.len() < 2 || parts[0].len() != 4 {
        return date.to_owned();
    }
    let numbers: Vec<String> =
        parts.iter().take(3).take_while(digits).map(|part| format!("{part:0>2}")).collect();
    numbers.join("-")
}
