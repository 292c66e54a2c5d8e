//! BibTeX and biblatex: each entry is one citation.
//!
//! An entry that cannot be read costs that entry only, and every entry has its place; the parsers at hand
//! give up on the whole file.

use std::collections::HashMap;

use super::draft::Draft;
use super::reference::{Reference, name_in_order};
use super::{Document, Format, ReadError, decode, latex};
use crate::date;
use crate::place::Lines;

/// `.bib` files.
pub const FORMAT: Format = Format { name: "bibtex", extensions: &["bib", "bibtex"], is, read };

/// A value that is put together from named strings, or taken from another entry, is not longer, in bytes.
const LONGEST_JOINED: usize = 2 * 1024;

/// A bibliography begins with an entry: `@article{key,`.
fn is(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(16 * 1024)]);
    let first = head.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('%'));
    let entry = |line: &str| {
        let rest = line.strip_prefix('@')?;
        let (kind, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic())?);
        Some(kind.len() > 2 && rest.trim_start().starts_with('{'))
    };
    first.and_then(entry).unwrap_or(false) && head.contains('=')
}

fn read(bytes: &[u8], _: &super::Reading) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?;
    let lines = Lines::of(&text);
    let mut draft = Draft::default();
    let (entries, broken) = entries(&text);
    for (nth, record) in resolved(&entries, &lines).iter().enumerate() {
        record.entry(&mut draft, nth.to_string());
    }
    for at in broken {
        let warning = format!("{}: the entry does not end; what follows is read on", lines.at(at));
        draft.document.warnings.push(warning);
    }
    Ok(draft.finish())
}

/// The entries of the bibliography of another document; `name` is that of the file.
pub(super) fn records(name: &str, text: &str) -> Vec<Reference> {
    resolved(&entries(text).0, &Lines::of(text).in_part(name))
}

struct Entry {
    at: usize,
    kind: String,
    key: String,
    /// By lower-case name.
    fields: HashMap<String, String>,
}

/// The entries, and where one begins that does not end.
fn entries(text: &str) -> (Vec<Entry>, Vec<usize>) {
    let mut entries = Vec::new();
    let mut broken = Vec::new();
    let mut strings: HashMap<String, String> = HashMap::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('@').map(|at| from + at) {
        from = at + 1;
        let rest = &text[at + 1..];
        let kind = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
        let body = rest[kind.len()..].trim_start();
        if kind.is_empty() || !body.starts_with(['{', '(']) {
            continue;
        }
        let start = text.len() - body.len() + 1;
        let mut cursor = Cursor { text, at: start };
        let kind = kind.to_ascii_lowercase();
        match kind.as_str() {
            "comment" => {}
            "preamble" => {
                cursor.value(&strings);
                from = cursor.at.max(from);
            }
            _ => {
                let key = if kind == "string" { String::new() } else { cursor.key() };
                let fields = cursor.fields(&strings);
                if !cursor.ended() {
                    broken.push(at);
                }
                from = cursor.at.max(from);
                if kind == "string" {
                    strings.extend(fields);
                } else {
                    entries.push(Entry { at, kind, key, fields });
                }
            }
        }
    }
    (entries, broken)
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn white(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn key(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find([',', '}', ')', '\n', '=']).unwrap_or(rest.len());
        let key = rest[..end].trim().to_owned();
        self.at += end;
        key
    }

    /// `name = value, …` up to the end of the entry.
    fn fields(&mut self, strings: &HashMap<String, String>) -> HashMap<String, String> {
        let mut fields = HashMap::new();
        loop {
            self.white();
            while self.rest().starts_with(',') {
                self.at += 1;
                self.white();
            }
            let rest = self.rest();
            let name = &rest
                [..rest.find(|c: char| !(c.is_alphanumeric() || "-_:.+".contains(c))).unwrap_or(rest.len())];
            if name.is_empty() {
                return fields;
            }
            let name = name.to_ascii_lowercase();
            self.at += name.len();
            self.white();
            if !self.rest().starts_with('=') {
                return fields;
            }
            self.at += 1;
            if let Some(value) = self.value(strings) {
                fields.entry(name).or_insert(value);
            }
        }
    }

    /// Has the entry ended where it should?
    fn ended(&mut self) -> bool {
        self.white();
        let ends = self.rest().starts_with(['}', ')']);
        self.at += usize::from(ends);
        ends
    }

    /// `{…}`, `"…"`, a number or the name of a string, joined with `#`.
    fn value(&mut self, strings: &HashMap<String, String>) -> Option<String> {
        let mut value = String::new();
        loop {
            self.white();
            match self.rest().chars().next()? {
                '{' => value.push_str(self.delimited(b'}')?),
                '"' => value.push_str(self.delimited(b'"')?),
                _ => {
                    let rest = self.rest();
                    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '#' | '}' | ')'));
                    let word = rest[..end.unwrap_or(rest.len())].to_owned();
                    self.at += word.len();
                    let word = strings.get(&word.to_ascii_lowercase()).unwrap_or(&word);
                    // Strings made of strings grow without end.
                    if value.len() + word.len() <= LONGEST_JOINED {
                        value.push_str(word);
                    }
                }
            }
            self.white();
            if !self.rest().starts_with('#') {
                return Some(value);
            }
            self.at += 1;
        }
    }

    /// What stands between braces or quotation marks, braces balanced. A line that begins an entry
    /// ends a value that has lost its brace.
    fn delimited(&mut self, close: u8) -> Option<&str> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut depth = 0;
        let mut at = start;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => at += 1,
                c if c == close && depth == 0 => {
                    self.at = at + 1;
                    return self.text.get(start..at);
                }
                b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b'}' => depth -= 1,
                b'@' if bytes[at - 1] == b'\n' => break,
                _ => {}
            }
            at += 1;
        }
        self.at = at.min(bytes.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        None
    }
}

/// Entries as records; a field that an entry has not is taken from the one that it names as its parent.
fn resolved(entries: &[Entry], lines: &Lines) -> Vec<Reference> {
    let by_key: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
    let sources = entries.iter().filter(|entry| !matches!(entry.kind.as_str(), "xdata" | "set" | "control"));
    sources
        .map(|entry| {
            let parent = ["crossref", "xref", "xdata"].iter().find_map(|name| entry.fields.get(*name));
            let parent = parent.and_then(|key| by_key.get(key.trim())).copied();
            Reference { place: lines.at(entry.at), ..reference(entry, parent) }
        })
        .collect()
}

fn reference(entry: &Entry, parent: Option<&Entry>) -> Reference {
    let own = |name: &str| {
        entry.fields.get(name).map(|value| latex::plain(value)).filter(|value| !value.is_empty())
    };
    let raw = |name: &str| {
        entry
            .fields
            .get(name)
            .or_else(|| {
                parent
                    .and_then(|parent| parent.fields.get(name))
                    .filter(|value| value.len() <= LONGEST_JOINED)
            })
            .map(String::as_str)
    };
    let field = |name: &str| raw(name).map(latex::plain).filter(|value| !value.is_empty());
    let either = |names: &[&str]| names.iter().find_map(|name| field(name));
    let mut record = Reference { key: entry.key.clone(), ..Reference::default() };

    record.authors = raw("author").map(names).unwrap_or_default();
    if record.authors.is_empty() {
        record.authors = raw("editor").map(names).unwrap_or_default();
    }
    record.title = own("title").map(|title| match own("subtitle") {
        Some(subtitle) => format!("{title}: {subtitle}"),
        None => title,
    });
    record.container = either(&["journaltitle", "journal", "booktitle", "maintitle", "newspaper"])
        .or_else(|| {
            parent
                .filter(|_| entry.kind.starts_with("in"))
                .and_then(|p| p.fields.get("title").filter(|title| title.len() <= LONGEST_JOINED))
                .map(|t| latex::plain(t))
        })
        .or_else(|| either(&["publisher", "institution", "school", "organization", "howpublished"]))
        .filter(|container| !container.contains("://"));

    match field("date") {
        Some(date) => record.set_date(&date),
        None => set_year(&mut record, field("year"), field("month"), field("day")),
    }
    if let Some(day) = either(&["urldate", "lastchecked", "lastaccessed"]) {
        record.set_accessed(&day);
    }
    let volume = field("volume").map(|volume| match either(&["number", "issue"]) {
        Some(number) => format!("Vol. {volume}, No. {number}"),
        None => format!("Vol. {volume}"),
    });
    record.details.extend(volume);
    record.details.extend(field("pages").map(|pages| format!("p. {pages}")));
    for name in ["url", "howpublished", "note", "addendum", "ee"] {
        if let Some(value) = field(name) {
            record.add_url(&value);
        }
    }
    let archive = either(&["eprinttype", "archiveprefix"]).unwrap_or_default().to_ascii_lowercase();
    if let Some(eprint) = field("eprint").filter(|_| archive == "arxiv") {
        record.add_url(&format!("https://arxiv.org/abs/{eprint}"));
    }
    if let Some(doi) = field("doi") {
        record.set_doi(&doi);
    }
    record
}

fn set_year(record: &mut Reference, year: Option<String>, month: Option<String>, day: Option<String>) {
    let Some(year) = year else { return };
    let Ok(number) = year.trim().parse::<i16>() else {
        record.set_date(&year);
        return;
    };
    let month = month.unwrap_or_default();
    // `month = "11~" # sep` holds the day, too.
    let words: Vec<&str> =
        month.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named = words.iter().find_map(|word| date::month(word));
    let numbers: Vec<u8> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let month = named.or_else(|| numbers.first().copied());
    let day = day.and_then(|day| day.trim().parse().ok()).or(named.and_then(|_| numbers.first().copied()));
    let date = match (month, day) {
        (Some(month), Some(day)) => {
            date::PartialDate::ymd(number, month, day).or(date::PartialDate::ym(number, month))
        }
        (Some(month), None) => date::PartialDate::ym(number, month),
        _ => None,
    };
    record.date = date.or(date::PartialDate::y(number));
}

/// `Roe, Jane and {Harbour Board} and others`: the names, split at every *and* outside braces.
fn names(raw: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    let bytes = raw.as_bytes();
    for at in 0..bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'a' | b'A' if depth == 0 && at > start && bytes[at - 1].is_ascii_whitespace() => {
                let rest = &bytes[at..];
                if rest.len() > 3 && rest[..3].eq_ignore_ascii_case(b"and") && rest[3].is_ascii_whitespace() {
                    parts.push(&raw[start..at]);
                    start = at + 3;
                }
            }
            _ => {}
        }
    }
    parts.push(&raw[start..]);
    let name = |part: &str| {
        let part = part.trim();
        let body = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        // A name in braces is that of a body; a comma in it parts nothing.
        body.map_or_else(|| name_in_order(&latex::plain(part)), latex::plain)
    };
    parts.into_iter().map(name).filter(|name| !name.is_empty() && name != "others").collect()
}
