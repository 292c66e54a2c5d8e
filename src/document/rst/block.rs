//! The blocks of reStructuredText: paragraphs, sections, explicit markup, literal blocks.

use std::collections::HashSet;
use std::ops::Range;

use super::inline;
use super::{Names, Reader, is_label, is_name, people};
use crate::date;
use crate::document::joined::Joined;

/// A line of the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Byte of the source where the text starts.
    pub(super) at: usize,
    /// Columns of white space before it.
    pub(super) indent: usize,
    /// Without white space around it.
    pub(super) text: &'t str,
}

pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_start();
        let white = &line[..line.len() - shown.len()];
        let indent =
            white.chars().fold(0, |indent, c| if c == '\t' { (indent / 8 + 1) * 8 } else { indent + 1 });
        lines.push(Line { at: start + white.len(), indent, text: shown.trim_end() });
        start += line.len();
    }
    lines
}

/// A run of one punctuation mark, as under headings and between sections.
pub(super) fn is_rule(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    text.len() >= 2 && first.is_ascii_punctuation() && text.chars().all(|c| c == first)
}

/// The lines that belong to a block which begins at `at`: those indented deeper.
fn extent(lines: &[Line], at: usize, to: usize) -> usize {
    let inside = |line: &Line| line.text.is_empty() || line.indent > lines[at].indent;
    let end = lines[at + 1..to].iter().position(|line| !inside(line)).map_or(to, |end| at + 1 + end);
    (at + 1..=end).rev().find(|end| !lines[end - 1].text.is_empty()).unwrap_or(at + 1)
}

/// Targets and substitutions of the whole document: they may stand behind their use.
pub(super) fn names<'t>(lines: &[Line<'t>]) -> Names<'t> {
    let mut names = Names::default();
    let mut waiting: Vec<String> = Vec::new();
    let mut aliases: Vec<(String, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(rest) = line.text.strip_prefix(".. ").or(line.text.strip_prefix("__ ").map(|_| line.text))
        else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(substitution) = rest.strip_prefix('|') {
            if let Some((name, definition)) = substitution.split_once('|')
                && let Some(text) = definition.trim_start().strip_prefix("replace::")
            {
                names.substitutions.insert(inline::normal(name), text.trim());
            }
            continue;
        }
        let Some((name, first)) = target(rest) else { continue };
        let below = &lines[at + 1..extent(lines, at, lines.len())];
        let url: String = std::iter::once(first).chain(below.iter().map(|line| line.text)).collect();
        let url = inline::unescaped(url.trim());
        let alias = url.strip_suffix('_').map(|name| name.trim_matches('`'));
        let alias = alias.filter(|name| !name.contains([':', '/']));
        match (name.as_str(), alias) {
            ("", _) => names.anonymous.push(url),
            (_, Some(alias)) => aliases.push((name, inline::normal(alias))),
            // Targets that follow each other mean the same place.
            _ if url.is_empty() => waiting.push(name),
            _ => {
                for name in waiting.drain(..).chain([name]) {
                    names.targets.entry(name).or_insert_with(|| url.clone());
                }
            }
        }
    }
    for (name, alias) in aliases {
        if let Some(url) = names.targets.get(&alias).cloned() {
            names.targets.insert(name, url);
        }
    }
    names
}

/// `_name: url`, ``_`a name`: url``, `__ url`, `__: url`: the normalised name and the start of the URL.
fn target(rest: &str) -> Option<(String, &str)> {
    if let Some(url) = rest.strip_prefix("__: ").or(rest.strip_prefix("__ ")) {
        return Some((String::new(), url));
    }
    let rest = rest.strip_prefix('_')?;
    let (name, url) = match rest.strip_prefix('`') {
        Some(quoted) => {
            let (name, url) = quoted.split_once('`')?;
            (name, url.strip_prefix(':')?)
        }
        None => rest
            .match_indices(':')
            .map(|(at, _)| (&rest[..at], &rest[at + 1..]))
            .find(|(name, url)| !name.ends_with('\\') && (url.is_empty() || url.starts_with(' ')))?,
    };
    (!name.is_empty()).then(|| (inline::normal(&inline::unescaped(name)), url.trim()))
}

/// `[label] text`: the label of a footnote or citation, and its text.
fn note(rest: &str) -> Option<(&str, &str)> {
    let (label, text) = rest.strip_prefix('[')?.split_once(']')?;
    (is_label(label) && (text.is_empty() || text.starts_with(' '))).then(|| (label, text.trim_start()))
}

/// The numbers that notes have of themselves.
pub(super) fn numbers(lines: &[Line]) -> HashSet<u32> {
    let label = |line: &Line| note(line.text.strip_prefix(".. ")?)?.0.parse().ok();
    lines.iter().filter_map(label).collect()
}

impl<'t> Reader<'t> {
    /// Reads lines as blocks.
    pub(super) fn blocks(&mut self, range: Range<usize>) {
        /// Blocks nested deeper than this are text.
        const DEEPEST: usize = 50;
        self.depth += 1;
        let lines = self.lines;
        let mut at = range.start;
        // After `::`, lines indented deeper than this are literal.
        let mut literal: Option<usize> = None;
        while at < range.end {
            let line = lines[at];
            if line.text.is_empty() {
                at += 1;
                continue;
            }
            if let Some(indent) = literal.take()
                && line.indent > indent
            {
                let end = (at..range.end)
                    .find(|at| !lines[*at].text.is_empty() && lines[*at].indent <= indent)
                    .unwrap_or(range.end);
                self.verbatim(at..end);
                at = end;
                continue;
            }
            if line.text == ".." || line.text.starts_with(".. ") && self.depth <= DEEPEST {
                let end = extent(lines, at, range.end);
                self.explicit(at, end);
                at = end;
            } else if line.text.starts_with("__ ") {
                at += 1;
            } else if line.text.starts_with(">>> ") {
                let end = (at..range.end).find(|at| lines[*at].text.is_empty()).unwrap_or(range.end);
                self.verbatim(at..end);
                at = end;
            } else if let Some(end) = self.heading(at, range.end) {
                at = end;
            } else {
                let end = paragraph_end(lines, at, range.end);
                literal = self.paragraph(at, end, range.end);
                at = end;
            }
        }
        self.depth -= 1;
    }

    /// A section's title with a rule under it, perhaps also above it; or a rule alone.
    fn heading(&mut self, at: usize, to: usize) -> Option<usize> {
        let lines = self.lines;
        let text_at = |at: usize| lines.get(at).filter(|_| at < to).map_or("", |line| line.text);
        let line = lines[at];
        let (title, rule, over) = if is_rule(line.text) {
            let (title, under) = (text_at(at + 1), text_at(at + 2));
            if title.is_empty() || under != line.text {
                return (text_at(at + 1).is_empty() && line.text.len() >= 4).then_some(at + 1);
            }
            (at + 1, line.text, true)
        } else {
            let under = text_at(at + 1);
            let long = under.len() >= 4 || under.len() >= line.text.chars().count();
            let level = lines.get(at + 1).is_some_and(|under| under.indent == line.indent);
            if !is_rule(under) || !long || !level {
                return None;
            }
            (at, under, false)
        };
        let style = (rule.chars().next()?, over);
        let level = self.headings.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.headings.push(style);
            self.headings.len() - 1
        });
        self.draft.open_heading((level + 1).min(9) as u8);
        self.inline(&joined(&lines[title..=title]));
        let end = if over { at + 3 } else { at + 2 };
        self.draft.close_heading(self.places.at(lines[title].at));
        Some(end)
    }

    /// A paragraph; `Some` with its indentation if a literal block may follow.
    fn paragraph(&mut self, from: usize, to: usize, end: usize) -> Option<usize> {
        let lines = self.lines;
        let mut block: Vec<Line> = lines[from..to].to_vec();
        if let Some((name, _)) = field(block[0].text) {
            self.docinfo(name, from, to);
        }
        let apart = lines[to..end].first().is_some_and(|line| line.text.is_empty());
        let announces = apart && cut_announcement(&mut block);
        let marker = list_marker(block[0].text);
        block[0].at += marker;
        block[0].text = &block[0].text[marker..];
        self.inline(&joined(&block));
        self.draft.end_block(self.places.at(lines[to - 1].at + lines[to - 1].text.len()));
        // Inside a list item the text is indented as far as behind its marker.
        let indent =
            if to - from > 1 { lines[to - 1].indent } else { lines[from].indent + hanging(lines[from].text) };
        announces.then_some(indent)
    }

    /// `:Author: Anna Bell` at the head of a document.
    fn docinfo(&mut self, name: &str, from: usize, to: usize) {
        const HEAD: usize = 40;
        if from > HEAD || self.depth > 1 {
            return;
        }
        let first = field(self.lines[from].text).map_or("", |(_, value)| value);
        let below = self.lines[from + 1..to].iter().map(|line| line.text);
        let value = std::iter::once(first).chain(below).collect::<Vec<_>>().join(" ");
        let document = &mut self.draft.document;
        match name.to_ascii_lowercase().as_str() {
            "author" | "authors" => document.authors.extend(people(&value)),
            "date" if document.date.is_none() => {
                document.date = date::parse(&value).filter(|found| !found.impossible).map(|found| found.date);
            }
            "title" => document.title = Some(value),
            _ => {}
        }
    }

    /// Code is part of what a note says; in the body nothing is cited with it.
    fn verbatim(&mut self, range: Range<usize>) {
        if self.draft.in_note() {
            for line in &self.lines[range] {
                self.draft.text(line.text, self.places.at(line.at));
                self.draft.end_block(self.places.at(line.at + line.text.len()));
            }
        }
    }

    /// `.. ` and what belongs to it.
    fn explicit(&mut self, at: usize, end: usize) {
        let line = self.lines[at];
        let place = self.places.at(line.at);
        let rest = line.text[2..].trim_start();
        if let Some((label, text)) = note(rest) {
            let (key, shown) = self.define(label);
            self.draft.open_note(key, Some(shown), place);
            self.content(line, text, at + 1, end);
            self.draft.close_note();
            return;
        }
        // A directive may stand in for a substitution: `.. |deed| image:: deed.png`.
        let rest = rest
            .strip_prefix('|')
            .and_then(|s| s.split_once('|'))
            .map_or(rest, |(_, rest)| rest.trim_start());
        let Some((name, argument)) = rest.split_once("::").filter(|(name, _)| is_name(name.trim())) else {
            return;
        };
        match name.trim().rsplit(':').next().unwrap_or_default() {
            "code" | "code-block" | "sourcecode" | "math" | "raw" | "image" | "include"
            | "literalinclude" | "toctree" | "index" | "meta" | "contents" | "bibliography" | "highlight"
            | "graphviz" | "doctest" | "testcode" | "testoutput" | "testsetup" | "productionlist"
            | "default-role" | "role" | "replace" | "unicode" | "date" | "plot" | "ipython" | "mermaid"
            | "uml" | "tabularcolumns" => {}
            _ => {
                let mut from = at + 1;
                // Options stand before the content.
                while from < end && field(self.lines[from].text).is_some() {
                    from += 1;
                }
                let shown = matches!(
                    name.trim(),
                    "note"
                        | "warning"
                        | "tip"
                        | "caution"
                        | "danger"
                        | "error"
                        | "hint"
                        | "important"
                        | "attention"
                        | "admonition"
                        | "topic"
                        | "sidebar"
                        | "rubric"
                        | "seealso"
                        | "centered"
                        | "deprecated"
                        | "versionadded"
                        | "versionchanged"
                );
                self.content(line, if shown { argument.trim() } else { "" }, from, end);
            }
        }
    }

    /// The content of explicit markup: `first` on the line of the marker, the rest below it.
    fn content(&mut self, line: Line<'t>, first: &'t str, from: usize, end: usize) {
        let mut from = from;
        if !first.is_empty() {
            let at = line.at + line.text.len() - first.len();
            let stop = paragraph_end(self.lines, from - 1, end).max(from);
            let mut block = vec![Line { at, indent: line.indent, text: first }];
            block.extend_from_slice(&self.lines[from..stop]);
            let apart = self.lines[stop..end].first().is_some_and(|line| line.text.is_empty());
            let announces = apart && cut_announcement(&mut block);
            self.inline(&joined(&block));
            self.draft.end_block(self.places.at(at + first.len()));
            from = stop;
            if announces {
                let literal = literal_end(&self.lines[stop..end], &block[1..]);
                self.verbatim(stop..stop + literal);
                from = stop + literal;
            }
        }
        self.blocks(from..end);
    }
}

/// Takes away the `::` at the end of a paragraph, which announces a literal block, but for the colon
/// that is shown; whether there was one.
fn cut_announcement(block: &mut [Line]) -> bool {
    let Some(last) = block.last_mut().filter(|line| line.text.ends_with("::")) else { return false };
    let cut = if last.text == "::" || last.text.ends_with(" ::") { 2 } else { 1 };
    last.text = last.text[..last.text.len() - cut].trim_end();
    true
}

/// How many of the lines behind the first paragraph of explicit markup, which announced it, are literal:
/// those indented deeper than its text, which is indented as far as the lines that follow.
fn literal_end(lines: &[Line], paragraph: &[Line]) -> usize {
    let indents = |lines: &[Line]| lines.iter().filter(|l| !l.text.is_empty()).map(|l| l.indent).min();
    let first = lines.iter().find(|line| !line.text.is_empty()).map(|line| line.indent);
    let Some(text) = indents(paragraph).or(indents(lines)).filter(|text| first.is_some_and(|f| f > *text))
    else {
        return lines.len();
    };
    lines.iter().position(|line| !line.text.is_empty() && line.indent <= text).unwrap_or(lines.len())
}

fn joined(block: &[Line]) -> Joined {
    Joined::of(block.iter().map(|line| (line.at, line.text)))
}

/// `:name: value`, which is no role: a role has its text in back-quotes.
fn field(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix(':')?.split_once(':')?;
    let plain = !name.is_empty() && name.len() < 60 && !name.contains('`') && !value.starts_with('`');
    (plain && (value.is_empty() || value.starts_with(' '))).then(|| (name, value.trim()))
}

/// Bytes of the bullet before the text of a list item.
fn list_marker(text: &str) -> usize {
    let bullet = ["* ", "- ", "+ ", "• "].iter().find(|bullet| text.starts_with(**bullet));
    bullet.map_or(0, |bullet| text.len() - text[bullet.len()..].trim_start().len())
}

/// Columns of the bullet or the number before the text of a list item.
fn hanging(text: &str) -> usize {
    let number = text.trim_start_matches('(').split([' ', '\t']).next().unwrap_or_default();
    let counted = number.strip_suffix(['.', ')']).is_some_and(|number| {
        number == "#" || number.len() <= 4 && !number.is_empty() && number.chars().all(char::is_alphanumeric)
    });
    if counted {
        text.len() - text.trim_start_matches(|c| c != ' ').trim_start().len()
    } else {
        list_marker(text)
    }
}

/// Where the paragraph that begins at `from` ends: before a blank line, an item, a field, markup.
fn paragraph_end(lines: &[Line], from: usize, to: usize) -> usize {
    let ends = |line: &Line| {
        line.text.is_empty()
            || list_marker(line.text) > 0
            || field(line.text).is_some()
            || line.text.starts_with(".. [")
            || line.text.starts_with(".. _")
    };
    lines[(from + 1).min(to)..to].iter().position(ends).map_or(to, |end| from + 1 + end)
}
