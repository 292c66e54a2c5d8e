//! `AsciiDoc` as Asciidoctor reads it: footnotes (`footnote:[…]`, `footnote:id[…]`, `footnoteref:[…]`), link
//! macros, bare URLs, attributes, bibliographies, included files.
//!
//! # Known gaps
//! Conditions (`ifdef`) take every branch. Tags and line ranges of `include` are not read: the whole file is.

mod inline;

use std::cell::Cell;
use std::collections::HashMap;

use super::draft::Draft;
use super::joined::Joined;
use super::tag::{self, Piece};
use super::{Document, Format, ReadError, Reading, decode};
use crate::date;
use crate::place::Lines;

/// `AsciiDoc`.
pub const FORMAT: Format =
    Format { name: "asciidoc", extensions: &["adoc", "asciidoc", "asc"], is: |_| false, read };

fn read(bytes: &[u8], reading: &Reading) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?;
    let mut reader = Reader {
        reading,
        draft: Draft::default(),
        attributes: HashMap::new(),
        named: HashMap::new(),
        footnotes: 0,
        entry: false,
        files: 0,
        included: 0,
        depth: 0,
        spent: Cell::new(0),
        lost: Cell::new(0),
        warnings: Vec::new(),
    };
    reader.file(&text, &Lines::of(&text));
    let Reader { mut draft, warnings, attributes, .. } = reader;
    head(&attributes, &mut draft.document);
    draft.document.warnings = warnings;
    let mut document = draft.finish();
    // `<<id>>` mostly leads to a section; only a note that was called by name can be missing.
    document.orphans.retain(|(key, _)| key.starts_with(NOTE));
    for (key, _) in &mut document.orphans {
        key.drain(..NOTE.len());
    }
    Ok(document)
}

/// No attribute stands for more, in bytes.
const LONGEST_VALUE: usize = 10_000;

/// What begins the key of a footnote with a name.
const NOTE: &str = "footnote ";

struct Reader<'r> {
    reading: &'r Reading,
    draft: Draft,
    /// By lower-case name.
    attributes: HashMap<String, String>,
    /// Keys of the footnotes that have a name, by that.
    named: HashMap<String, String>,
    footnotes: usize,
    /// An entry of a bibliography is being read.
    entry: bool,
    files: usize,
    included: usize,
    depth: usize,
    /// Bytes that were put in for attributes.
    spent: Cell<usize>,
    /// Bytes that were looked at for brackets that do not close.
    lost: Cell<usize>,
    warnings: Vec<String>,
}

/// The delimiters of blocks that hold no text.
fn fence(line: &str) -> Option<Fence> {
    let run = |mark: char| line.len() >= 4 && line.chars().all(|c| c == mark);
    if line.starts_with("```") {
        return Some(Fence::Code("```"));
    }
    match line.chars().next()? {
        '-' | '.' if run('-') || run('.') => Some(Fence::Code("")),
        '/' if run('/') => Some(Fence::Comment),
        '+' if run('+') => Some(Fence::Html),
        _ => None,
    }
}

enum Fence {
    Code(&'static str),
    Comment,
    Html,
}

impl Reader<'_> {
    /// Reads one file.
    fn file(&mut self, text: &str, places: &Lines) {
        let mut lines: Vec<(usize, &str)> = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            lines.push((at, line.trim_end()));
            at += line.len();
        }
        let mut at = 0;
        while at < lines.len() {
            let (start, line) = lines[at];
            if let Some(fence) = fence(line) {
                let closes = |other: &str| match fence {
                    Fence::Code(mark) if !mark.is_empty() => other.starts_with(mark),
                    _ => other == line,
                };
                let end = lines[at + 1..].iter().position(|(_, other)| closes(other));
                // A line of dashes under a title is no fence, nor is one that is never closed.
                let Some(end) = end.map(|end| at + 1 + end) else {
                    at += 1;
                    continue;
                };
                if matches!(fence, Fence::Html) {
                    let from = lines[at + 1].0;
                    self.html(&text[from..lines[end].0.max(from)], from, places);
                }
                at = end + 1;
            } else if line.is_empty() || line.starts_with("//") {
                self.end_entry();
                at += 1;
            } else if let Some((name, value)) = attribute(line) {
                let mut value = value.to_owned();
                while value.ends_with('\\') && at + 1 < lines.len() {
                    at += 1;
                    value.truncate(value[..value.len() - 1].trim_end().len());
                    value.push(' ');
                    value.push_str(lines[at].1.trim());
                }
                let value = self.replaced(&value);
                if value.len() < LONGEST_VALUE {
                    self.attributes.insert(name.to_ascii_lowercase(), value);
                }
                at += 1;
            } else if let Some(name) = line.strip_prefix("include::") {
                self.include(name);
                at += 1;
            } else if is_furniture(line) {
                at += 1;
            } else if let Some((level, shown)) = heading(line, lines.get(at + 1).map_or("", |(_, next)| next))
            {
                let under = usize::from(!line.starts_with(['=', '#']));
                let title = line[line.len() - shown.len()..].trim_end();
                self.draft.open_heading(level);
                self.inline(&Joined::of([(start + line.len() - shown.len(), title)]), places);
                self.draft.close_heading(places.at(start + line.len()));
                at += 1 + under;
                if level == 1 {
                    at = self.by_lines(&lines, at);
                }
            } else {
                let end = paragraph_end(&lines, at);
                self.paragraph(&lines[at..end], places);
                at = end;
            }
        }
        self.end_entry();
    }

    /// The lines of authors and revision under the title.
    fn by_lines(&mut self, lines: &[(usize, &str)], at: usize) -> usize {
        let line = |at: usize| lines.get(at).map_or("", |(_, line)| line);
        let plain = |line: &str| {
            !line.is_empty() && !line.starts_with([':', '/', '=', '[', '.', '*']) && !line.contains("::")
        };
        if !plain(line(at)) {
            return at;
        }
        self.attributes.entry("author".into()).or_insert_with(|| line(at).to_owned());
        let revision = line(at + 1);
        if !plain(revision) {
            return at + 1;
        }
        self.attributes.entry("revdate".into()).or_insert_with(|| revision.to_owned());
        at + 2
    }

    fn paragraph(&mut self, lines: &[(usize, &str)], places: &Lines) {
        let (start, first) = lines[0];
        let marker = list_marker(first);
        let mut text = &first[marker..];
        if let Some((key, label, rest)) = bibliography_anchor(text) {
            self.end_entry();
            self.draft.open_reference(
                key,
                Some(label.to_owned()),
                places.at(start + first.len() - text.len()),
            );
            self.entry = true;
            text = rest;
        }
        let head = (start + first.len() - text.len(), text);
        self.inline(&Joined::of(std::iter::once(head).chain(lines[1..].iter().copied())), places);
        self.draft.end_block(places.at(start));
    }

    fn end_entry(&mut self) {
        if std::mem::take(&mut self.entry) {
            self.draft.close_note();
        }
    }

    /// `include::chapter.adoc[]`
    fn include(&mut self, line: &str) {
        /// Files that include each other deeper than this, or more of them, include themselves.
        const DEEPEST: usize = 16;
        const MOST: usize = 500;
        /// So many bytes are included at most.
        const MOST_BYTES: usize = 32 << 20;
        let Some((name, _)) = line.split_once('[') else { return };
        let name = self.replaced(name);
        self.files += 1;
        let too_much = self.depth >= DEEPEST || self.files > MOST || self.included > MOST_BYTES;
        if too_much || name.contains("://") {
            return;
        }
        // Code and data are included, too.
        let text = [".adoc", ".asciidoc", ".asc", ".txt"].iter().any(|ending| name.ends_with(ending));
        if !text {
            return;
        }
        let Some(bytes) = self.reading.beside(&name) else {
            self.warnings.push(format!("{name} is included and cannot be found; it is not read"));
            return;
        };
        if let Ok(text) = decode::decode(&bytes) {
            self.included += text.len();
            self.depth += 1;
            self.file(&text, &Lines::of(&text).in_part(&name));
            self.depth -= 1;
        }
    }

    fn html(&mut self, html: &str, start: usize, places: &Lines) {
        let mut open = 0;
        for (bytes, piece) in tag::pieces(html) {
            let place = places.at(start + bytes.start);
            match piece {
                Piece::Text(text) => self.draft.text(&tag::decoded(text), place),
                Piece::Link(target) => {
                    self.draft.open_link(target, place);
                    open += 1;
                }
                Piece::LinkEnd if open > 0 => {
                    self.draft.close_link();
                    open -= 1;
                }
                Piece::LinkEnd => {}
                Piece::Break => self.draft.end_block(place),
            }
        }
        (0..open).for_each(|_| self.draft.close_link());
    }

    /// A text with the attributes named in it.
    fn replaced(&self, text: &str) -> String {
        /// What attributes stand for may name others, but a document is not built of that: all that they put
        /// into others comes to less, in bytes.
        const MOST: usize = 10_000_000;
        /// So long is a name at most.
        const NAME: usize = 80;
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let end = behind.bytes().take(NAME).position(|byte| byte == b'}');
            let value = end.and_then(|end| Some((self.value(&behind[..end])?, &behind[end + 1..])));
            match value {
                Some((value, after))
                    if out.len() + value.len() < LONGEST_VALUE && self.spent.get() < MOST =>
                {
                    self.spent.set(self.spent.get() + value.len());
                    out.push_str(value);
                    rest = after;
                }
                _ => {
                    out.push('{');
                    rest = behind;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn value(&self, name: &str) -> Option<&str> {
        const CHARACTERS: &[(&str, &str)] = &[
            ("nbsp", "\u{A0}"),
            ("sp", " "),
            ("empty", ""),
            ("blank", ""),
            ("zwsp", ""),
            ("wj", ""),
            ("apos", "'"),
            ("quot", "\""),
            ("lsquo", "‘"),
            ("rsquo", "’"),
            ("ldquo", "“"),
            ("rdquo", "”"),
            ("deg", "°"),
            ("plus", "+"),
            ("amp", "&"),
            ("lt", "<"),
            ("gt", ">"),
            ("startsb", "["),
            ("endsb", "]"),
            ("vbar", "|"),
            ("caret", "^"),
            ("asterisk", "*"),
            ("tilde", "~"),
            ("backslash", "\\"),
            ("backtick", "`"),
            ("two-colons", "::"),
            ("two-semicolons", ";;"),
            ("cpp", "C++"),
            ("brvbar", "¦"),
        ];
        let known = self.attributes.get(&name.to_ascii_lowercase()).map(String::as_str);
        known.or_else(|| CHARACTERS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }
}

/// `:name: value`; `:!name:` takes it away.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix(':')?.split_once(':')?;
    let name = name.trim_matches('!');
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (plain && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

/// Lines that only shape the page: block attributes, titles of blocks, borders, breaks, macros.
fn is_furniture(line: &str) -> bool {
    let border = |mark: char| line.len() >= 2 && line.chars().all(|c| c == mark);
    line.starts_with('[') && line.ends_with(']') && !line.starts_with("[[[") && !line.contains("]#")
        || border('=') && line.len() >= 4
        || border('*') && line.len() >= 4
        || border('_') && line.len() >= 4
        || matches!(line, "--" | "+" | "'''" | "<<<" | "---" | "***" | "!===")
        || line.strip_prefix(['|', ',', ':']).is_some_and(|rest| rest.starts_with("=="))
        || ["ifdef::", "ifndef::", "ifeval::", "endif::", "toc::", "image::", "video::", "audio::"]
            .iter()
            .any(|macro_name| line.starts_with(macro_name))
}

/// `== Title`, or a title with a line under it: level and text.
fn heading<'t>(line: &'t str, next: &str) -> Option<(u8, &'t str)> {
    let marks = line.bytes().take_while(|b| *b == b'=').count();
    let marks = if marks == 0 { line.bytes().take_while(|b| *b == b'#').count() } else { marks };
    if (1..=6).contains(&marks) && line[marks..].starts_with(' ') {
        return Some((marks as u8, line[marks..].trim_start()));
    }
    let mark = next.chars().next().filter(|c| "=-~^+".contains(*c))?;
    let width = line.chars().count();
    let level = "=-~^+".find(mark)? as u8 + 1;
    let fits = next.len() >= 3 && next.chars().all(|c| c == mark) && next.len().abs_diff(width) <= 2;
    (fits && line.starts_with(char::is_alphanumeric)).then_some((level, line))
}

fn paragraph_end(lines: &[(usize, &str)], at: usize) -> usize {
    let ends = |(_, line): &(usize, &str)| {
        line.is_empty()
            || list_marker(line) > 0
            || fence(line).is_some()
            || is_furniture(line)
            || line.starts_with("//")
            || line.starts_with("include::")
    };
    lines[at + 1..].iter().position(ends).map_or(lines.len(), |end| at + 1 + end)
}

/// Bytes of white space, marker and white space before the text of a list item or a table's cell.
fn list_marker(line: &str) -> usize {
    let text = line.trim_start();
    let marks = text.len() - text.trim_start_matches(['*', '.', '-']).len();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = if marks > 0 && marks <= 5 && text[marks..].starts_with(' ') {
        marks
    } else if digits > 0 && digits < 4 && text[digits..].starts_with(". ") {
        digits + 1
    } else {
        return 0;
    };
    line.len() - text[marker..].trim_start().len()
}

/// `[[[key]]]`, `[[[key,label]]]`: the key of the entry, its label, the text behind it.
fn bibliography_anchor(text: &str) -> Option<(String, &str, &str)> {
    let (inside, rest) = text.strip_prefix("[[[")?.split_once("]]]")?;
    let (key, label) = inside.split_once(',').unwrap_or((inside, inside));
    Some((key.trim().to_owned(), label.trim(), rest.trim_start()))
}

fn head(attributes: &HashMap<String, String>, document: &mut Document) {
    if let Some(title) = attributes.get("doctitle").or(attributes.get("title")) {
        document.title = Some(title.clone());
    }
    let names = attributes.get("authors").or(attributes.get("author")).map_or("", String::as_str);
    for name in names.split(';') {
        let name = name.split('<').next().unwrap_or_default().trim().replace('_', " ");
        if !name.is_empty() {
            document.authors.push(name);
        }
    }
    let day = ["revdate", "docdate", "date"].iter().find_map(|name| attributes.get(*name));
    document.date =
        day.and_then(|day| date::parse(day)).filter(|found| !found.impossible).map(|found| found.date);
}
