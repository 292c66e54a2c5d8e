//! What a text says of itself on its face: title, authors, date.

use crate::date::{self, PartialDate};
use crate::fold::fold;
use crate::note::line::{FEW_LINES, Line};
use crate::note::marker::superscript;
use crate::parallel;

/// The face of a document.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) date: Option<PartialDate>,
}

/// Lines in which title and authors are looked for.
pub(super) const HEAD: usize = 24;
/// A title of more lines than this is a paragraph.
const TITLE_LINES: usize = 4;

/// Reads the face of a document from its body.
pub(super) fn read(body: &[Line]) -> Front {
    let head = &body[..body.len().min(HEAD)];
    let mut blocks: Vec<&[Line]> = Vec::new();
    let mut start = 0;
    for index in 1..=head.len() {
        if index == head.len()
            || head[index].gap
            || by_line(head[index].text).is_some()
            || by_line(head[index - 1].text).is_some()
            || is_date_line(head[index].text)
            || is_date_line(head[index - 1].text)
            || head.get(index + 1).is_some_and(|next| is_date_line(next.text)) && are_names(head[index].text)
        {
            blocks.push(&head[start..index]);
            start = index;
        }
    }
    let title_at = blocks.iter().position(|block| is_title(block));
    let title = title_at.map(|at| blocks[at].iter().map(|l| l.text).collect::<Vec<_>>().join(" "));
    // The callout of a note on the author is not the title's.
    let is_mark = |c: char| matches!(c, '*' | '∗' | '†' | '‡') || superscript(c).is_some();
    let title = title.map(|title| title.trim_end_matches(is_mark).trim_end().to_owned());
    let after = title_at.map_or(0, |at| at + 1);
    let authors = blocks
        .iter()
        .find_map(|block| block.iter().find_map(|line| by_line(line.text)))
        .or_else(|| title_at.and_then(|_| bare_names(blocks.get(after)?, head)))
        .unwrap_or_default();
    Front { title, authors, date: own_date(body) }
}

fn is_title(block: &[Line]) -> bool {
    let len: usize = block.iter().map(|l| l.len).sum();
    let Some(first) = block.first() else { return false };
    let letters = first.text.chars().filter(|c| c.is_alphabetic()).count();
    block.len() <= TITLE_LINES
        && (4..=240).contains(&len)
        && letters * 2 > first.len
        && by_line(first.text).is_none()
        && !is_date_line(first.text)
        && !(block.len() > 1 && block[block.len() - 1].text.ends_with('.'))
        && !first.text.contains("://")
}

/// `by Riccardo Alcaro`, `di Anna Rossi e Luca Bianchi`: the names.
fn by_line(text: &str) -> Option<Vec<String>> {
    const BY: &[&str] = &["by ", "di ", "von ", "par ", "por ", "a cura di "];
    let folded = fold(text);
    let word = BY.iter().find(|word| folded.starts_with(**word))?;
    let names = text.get(word.len()..)?;
    let names = split_names(names);
    (!names.is_empty() && names.iter().all(|name| is_name(name))).then_some(names)
}

/// Names alone in the block under the title. Believed only if a line further down begins with the
/// first of them, as the note on the author does, or if they stand in one short line.
fn bare_names(block: &[Line], head: &[Line]) -> Option<Vec<String>> {
    let mut lines = block.iter().filter(|line| !is_date_line(line.text));
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    let names = split_names(line.text);
    let first = names.first()?;
    let known = head.iter().any(|l| l.number != line.number && l.text.starts_with(first.as_str()));
    (names.iter().all(|name| is_name(name)) && (known || names.len() > 1 || line.len < 40)).then_some(names)
}

/// Names and nothing else.
fn are_names(text: &str) -> bool {
    let names = split_names(text);
    !names.is_empty() && names.iter().all(|name| is_name(name))
}

fn split_names(text: &str) -> Vec<String> {
    let mut text = text.trim().trim_end_matches(['*', '†', '.', ',']).replace(" & ", ", ");
    for and in [" and ", " e ", " et ", " und ", " y "] {
        text = text.replace(and, ", ");
    }
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Two to five words, each capitalised or a particle.
fn is_name(text: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "di", "da", "del", "della", "van", "von", "der", "den", "la", "le", "al", "el", "bin", "dos",
        "du",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            PARTICLES.contains(word)
                || word.starts_with(char::is_uppercase)
                    && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '’' | '\''))
        })
        && words.iter().any(|w| w.chars().skip(1).any(char::is_lowercase))
}

/// A line that holds nothing but a date, perhaps with a place or a weekday before it.
fn is_date_line(text: &str) -> bool {
    line_date(text).is_some()
}

fn line_date(text: &str) -> Option<PartialDate> {
    if text.len() > 60 {
        return None;
    }
    let found = date::parse(text).filter(|d| !d.impossible && d.date.month.is_some())?;
    let before = text[..found.range.start].trim_end();
    let after = text[found.range.end..].trim();
    let place = before.is_empty()
        || before.ends_with(',')
            && before.trim_end_matches(',').split_whitespace().count() <= 3
            && before.starts_with(char::is_uppercase);
    (place && matches!(after, "" | ".")).then_some(found.date)
}

/// The date of the document: the last line that is nothing but a day; failing that, a month.
fn own_date(body: &[Line]) -> Option<PartialDate> {
    /// Lines read at once, from the last on: as a rule one of the last ones is the date.
    const MANY: usize = FEW_LINES * 4;
    let mut first = None;
    for lines in body.rchunks(MANY) {
        let dates = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
            lines[numbers].iter().filter(|l| l.len < 60).filter_map(|l| line_date(l.text)).collect()
        });
        if let Some(day) = dates.iter().rfind(|date| date.day.is_some()) {
            return Some(*day);
        }
        first = dates.first().copied().or(first);
    }
    first
}
