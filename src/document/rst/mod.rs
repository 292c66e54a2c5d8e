//! reStructuredText: footnotes (`[1]_`, `[#]_`, `[#name]_`, `[*]_`), citations (`[CIT2002]_`), hyperlink
//! targets, roles and substitutions, after the specification of Docutils; the header of a PEP.
//!
//! # Known gaps
//! Files named by `include` are not read. Tables are read line by line.

mod block;
mod inline;

use std::collections::{HashMap, HashSet};

use super::draft::Draft;
use super::{Document, Format, decode};
use crate::date;
use crate::place::Lines;
use block::Line;

/// reStructuredText.
pub const FORMAT: Format = Format {
    name: "rst",
    extensions: &["rst", "rest"],
    is,
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

/// Documentation is often published as `.rst.txt`: explicit markup tells it, where something else
/// that only reStructuredText has stands beside it.
fn is(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(64 * 1024)]);
    let explicit = |line: &str| {
        let Some(rest) = line.strip_prefix(".. ") else { return false };
        let directive =
            || rest.split("::").next().is_some_and(|name| name.len() < rest.len() && is_name(name));
        rest.starts_with('[') && rest.contains("] ")
            || rest.starts_with('_') && rest.contains(':')
            || directive()
    };
    let foreign = |line: &str| line.starts_with("```") || line.starts_with("# ") || line.starts_with('<');
    let underline = |line: &str| line.len() > 3 && block::is_rule(line);
    head.lines().any(explicit)
        && (head.contains("]_") || head.contains("`_") || head.lines().any(underline))
        && !head.lines().any(foreign)
}

/// What holds for the whole document, wherever it is said.
#[derive(Debug, Default)]
struct Names<'t> {
    /// Hyperlink targets by their normalised names.
    targets: HashMap<String, String>,
    /// Targets without a name, in their order.
    anonymous: Vec<String>,
    /// Replacement texts by the names of their substitutions.
    substitutions: HashMap<String, &'t str>,
}

/// Footnotes that are counted, not named.
#[derive(Debug, Default)]
struct Counters {
    numbers: usize,
    symbols: usize,
    anonymous: usize,
}

struct Reader<'t> {
    lines: &'t [Line<'t>],
    places: Lines<'t>,
    names: Names<'t>,
    draft: Draft,
    defined: Counters,
    called: Counters,
    /// Numbers that notes have of themselves, which those that are counted leave out.
    taken: HashSet<u32>,
    number: u32,
    /// Adornments of headings in the order in which they first appear.
    headings: Vec<(char, bool)>,
    depth: usize,
}

fn read(text: &str) -> Document {
    let lines = block::lines(text);
    let mut reader = Reader {
        names: block::names(&lines),
        taken: block::numbers(&lines),
        places: Lines::of(text),
        lines: &lines,
        draft: Draft::default(),
        defined: Counters::default(),
        called: Counters::default(),
        number: 0,
        headings: Vec::new(),
        depth: 0,
    };
    let body = pep_header(&lines, &mut reader.draft.document);
    reader.blocks(body..lines.len());
    let mut document = reader.draft.finish();
    for (label, _) in &mut document.orphans {
        // Counted notes have keys of two words, which no label has.
        label.truncate(label.find(' ').unwrap_or(label.len()));
    }
    document
}

impl Reader<'_> {
    /// A footnote or citation begins: its key and its printed label.
    fn define(&mut self, label: &str) -> (String, String) {
        match label {
            "*" => {
                self.defined.symbols += 1;
                (format!("* {}", self.defined.symbols), symbol(self.defined.symbols))
            }
            "#" => {
                self.defined.numbers += 1;
                (format!("# {}", self.defined.numbers), self.next_number())
            }
            _ if label.starts_with('#') => (inline::normal(label), self.next_number()),
            _ => (inline::normal(label), label.to_owned()),
        }
    }

    fn next_number(&mut self) -> String {
        self.number += 1;
        while self.taken.contains(&self.number) {
            self.number += 1;
        }
        self.number.to_string()
    }

    /// The key of the note that a callout with this label calls.
    fn called(&mut self, label: &str) -> String {
        match label {
            "*" => {
                self.called.symbols += 1;
                format!("* {}", self.called.symbols)
            }
            "#" => {
                self.called.numbers += 1;
                format!("# {}", self.called.numbers)
            }
            _ => inline::normal(label),
        }
    }
}

/// The marks of symbol footnotes, doubled when they are used up.
fn symbol(nth: usize) -> String {
    const SYMBOLS: [char; 10] = ['*', '†', '‡', '§', '¶', '#', '♠', '♥', '♦', '♣'];
    let nth = nth - 1;
    std::iter::repeat_n(SYMBOLS[nth % SYMBOLS.len()], (nth / SYMBOLS.len() + 1).min(10)).collect()
}

/// A footnote's or citation's label, or a directive's name.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 60
        && text.starts_with(char::is_alphanumeric)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+'))
}

fn is_label(text: &str) -> bool {
    matches!(text, "*" | "#") || is_name(text.strip_prefix('#').unwrap_or(text))
}

/// The lines `PEP: …`, `Title: …` at the head of a Python Enhancement Proposal; the line behind it.
fn pep_header(lines: &[Line], document: &mut Document) -> usize {
    let end = lines.iter().position(|line| line.text.is_empty()).unwrap_or(lines.len());
    let head = &lines[..end];
    if !head.first().is_some_and(|line| line.text.starts_with("PEP:")) {
        return 0;
    }
    let field = |name: &str| {
        let at = head.iter().position(|line| line.text.starts_with(name))?;
        let below = head[at + 1..].iter().take_while(|line| line.indent > 0).map(|line| line.text);
        let first = head[at].text[name.len()..].trim();
        Some(std::iter::once(first).chain(below).collect::<Vec<_>>().join(" "))
    };
    document.title = field("Title:");
    document.date =
        field("Created:").and_then(|text| date::parse(&text.replace('-', " "))).map(|found| found.date);
    document.authors = field("Author:").as_deref().map(people).unwrap_or_default();
    end
}

/// `Jo Roe <jo@a.example>, ann@b.example (Ann Bell)`: the names.
fn people(text: &str) -> Vec<String> {
    let name = |part: &str| {
        let bracketed = part.split_once('(').map(|(_, inner)| inner.trim_end_matches(')'));
        let name = bracketed.or(part.split('<').next()).unwrap_or_default().trim();
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    text.split([',', ';']).flat_map(|part| part.split(" and ")).filter_map(name).collect()
}
