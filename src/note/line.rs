//! A line of text and where it stands.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::columns;
use super::edge::Edges;
use crate::parallel;
use crate::place::{Place, Ruler, characters};

/// A pass over fewer lines is done before a second thread has begun.
pub(crate) const FEW_LINES: usize = 5_000;

/// So many pages are read before a second thread has begun.
pub(super) const FEW_PAGES: usize = 16;

/// One line that is not blank, with its surroundings.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not the states of anything")]
pub struct Line<'t> {
    /// Line of the file, counted from 1.
    pub number: u32,
    /// Page, counted from 1, where the text marks pages.
    pub page: Option<u32>,
    /// Column of the first character, counted from 1.
    pub column: u32,
    /// The text, white space at both ends removed.
    pub text: &'t str,
    /// A blank line or a page break stands before it.
    pub gap: bool,
    /// A page break stands before it.
    pub page_break: bool,
    /// Another column stands beside it, so that a blank line before it may not show.
    pub beside: bool,
    /// The converter dropped the hyphen that it ended with.
    pub hyphen: bool,
    /// Length in characters.
    pub len: usize,
    /// Of a line that is long: most are short enough to count along.
    ruler: Option<Box<Ruler<'t>>>,
    /// How it begins and ends, once somebody has asked.
    edges: OnceLock<Edges>,
}

impl<'t> Line<'t> {
    /// A line that a reader found by itself; `text` has no white space at its ends.
    pub fn new(text: &'t str, page: Option<u32>, number: u32) -> Self {
        let (len, ruler) = measured(text);
        Line {
            number,
            page,
            column: 1,
            text,
            gap: false,
            page_break: false,
            beside: false,
            hyphen: false,
            len,
            ruler,
            edges: OnceLock::new(),
        }
    }

    /// The line up to the byte `at` of its text, and what begins there, set apart from it.
    pub(super) fn cut(&self, at: usize) -> (Self, Self) {
        let (before, behind) = self.text.split_at(at);
        let part = |text: &'t str, column: u32, from: &Self| {
            let (len, ruler) = measured(text);
            Line { column, text, len, ruler, edges: OnceLock::new(), ..from.clone() }
        };
        let column = self.column + self.before(at);
        let rest = part(behind, column, self);
        (part(before.trim_end(), self.column, self), Line { gap: true, page_break: false, ..rest })
    }

    /// A part of the text that stood on a line of its own: where nothing parts it from what follows, a
    /// hyphen was dropped.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let text = &self.text[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        let behind = &self.text[range.end..];
        let apart = text.ends_with([' ', '-']) || behind.is_empty() || behind.starts_with(' ');
        let text = text.trim();
        let (len, ruler) = measured(text);
        Line {
            column: self.column + self.before(start),
            text,
            gap: self.gap && range.start == 0,
            page_break: self.page_break && range.start == 0,
            hyphen: if behind.is_empty() { self.hyphen } else { !apart },
            len,
            ruler,
            edges: OnceLock::new(),
            ..*self
        }
    }

    /// The text with the hyphen that a converter dropped.
    pub(crate) fn whole(&self) -> Cow<'t, str> {
        if self.hyphen { Cow::Owned(format!("{}-", self.text)) } else { Cow::Borrowed(self.text) }
    }

    /// How the line begins and ends: every search looks at that, so it is read once.
    pub(super) fn edges(&self) -> &Edges {
        self.edges.get_or_init(|| Edges::of(&self.whole()))
    }

    /// The place of the byte `at` of the line's text.
    pub fn place(&self, at: usize) -> Place {
        Place::line(self.page, self.number, self.column + self.before(at))
    }

    /// How many characters stand before the byte `at` of the text.
    fn before(&self, at: usize) -> u32 {
        let short = || characters(&self.text.as_bytes()[..at.min(self.text.len())]);
        self.ruler.as_ref().map_or_else(short, |ruler| ruler.before(at))
    }
}

/// The lines of a text that are not blank, column after column where a converter kept columns side
/// by side. Form feeds separate pages.
pub fn split(text: &str) -> Vec<Line<'_>> {
    let least = if is_double_spaced(text) { 2 } else { 1 };
    let paged = text.contains('\u{C}');
    let mut number = 1;
    let pages: Vec<(u32, &str)> = text
        .split('\u{C}')
        .map(|page| {
            let first = number;
            number += page.bytes().filter(|byte| *byte == b'\n').count() as u32;
            (first, page)
        })
        .collect();
    let rows = |nth: usize| -> Vec<Row> {
        let (number, text): (u32, &str) = pages[nth];
        text.split('\n').zip(number..).map(|(text, number)| Row { number, text }).collect()
    };
    let laid_out = parallel::map(pages.len(), FEW_PAGES, |nth| columns::Columns::of(&rows(nth)));
    parallel::stretches(pages.len(), FEW_PAGES, |numbers| {
        let mut lines = Vec::new();
        for nth in numbers {
            let before = nth.checked_sub(1).and_then(|before| laid_out[before].as_ref());
            let page = paged.then_some(nth as u32 + 1);
            let first = lines.len();
            match laid_out[nth].as_ref().and_then(|columns| columns.read(before, page)) {
                Some(unfolded) => lines.extend(unfolded),
                None => single(&rows(nth), least, page, &mut lines),
            }
            if let Some(line) = lines.get_mut(first) {
                line.gap = true;
                line.page_break = true;
            }
        }
        lines
    })
}

/// Puts each line behind the one of the number that is given with it; the numbers are in order. Most lines of
/// a long text stay where they are.
pub(super) fn insert<'t>(lines: &mut Vec<Line<'t>>, new: Vec<(usize, Line<'t>)>) {
    let mut from = lines.len();
    lines.extend(new.iter().map(|(_, line)| line.clone()));
    let mut to = lines.len();
    for (before, line) in new.into_iter().rev() {
        while from > before + 1 {
            (from, to) = (from - 1, to - 1);
            lines.swap(from, to);
        }
        to -= 1;
        lines[to] = line;
    }
}

/// Parts lines at a byte each, in order; what stands behind it is a line set apart.
pub(super) fn part_at(lines: &mut Vec<Line>, places: impl Iterator<Item = (usize, usize)>) {
    let mut rests = Vec::new();
    for (index, at) in places {
        let line = &lines[index];
        let rest = Line { gap: true, ..line.part(at..line.text.len()) };
        lines[index] = line.part(0..at);
        rests.push((index, rest));
    }
    insert(lines, rests);
}

/// The length of a text in characters, and a ruler for it if it is long.
fn measured(text: &str) -> (usize, Option<Box<Ruler<'_>>>) {
    const LONG: usize = 512;
    if text.len() < LONG {
        return (characters(text.as_bytes()) as usize, None);
    }
    let ruler = Ruler::of(text);
    (ruler.before(text.len()) as usize, Some(Box::new(ruler)))
}

/// A line of the file, blank or not, as it stands there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'t> {
    pub(super) number: u32,
    pub(super) text: &'t str,
}

/// Some converters leave a blank row behind every line of a text that is set with much leading.
/// There the rows in between stop in the middle of sentences, unlike paragraphs of one row each. Rows of one
/// word or two are labels, headings or the words of a stretched line, which stand apart in any text.
fn is_double_spaced(text: &str) -> bool {
    const FEWEST: usize = 20;
    /// So many rows tell how all of them are set.
    const ENOUGH: usize = 50_000;
    let (mut single, mut other, mut unfinished) = (0, 0, 0);
    let mut before: Option<&str> = None;
    let mut blank = 0;
    let is_line = |row: &str| row.bytes().filter(|byte| *byte == b' ').nth(1).is_some();
    let rows = text.split('\u{C}').flat_map(|page| page.split('\n')).map(str::trim);
    for row in rows.take(ENOUGH) {
        if row.is_empty() {
            blank += 1;
            continue;
        }
        if let Some(before) = before.filter(|row| is_line(row)) {
            if blank == 1 {
                single += 1;
                unfinished += usize::from(!super::edge::ends_sentence(before));
            } else {
                other += 1;
            }
        }
        (before, blank) = (Some(row), 0);
    }
    single >= FEWEST && single >= other * 2 && unfinished * 2 >= single
}

/// Makes lines of rows; `least` blank rows make a gap.
fn single<'t>(rows: &[Row<'t>], least: usize, page: Option<u32>, lines: &mut Vec<Line<'t>>) {
    let mut gap = true;
    let mut blank = 0;
    for (index, row) in rows.iter().enumerate() {
        if let Some(line) = line(*row, row.text, 0, page, gap) {
            lines.push(line);
            gap = ends_note(row.text);
            blank = 0;
        } else {
            blank += usize::from(!is_word_space(rows, index));
            gap |= blank >= least || ends_note(row.text);
        }
    }
}

/// Where a justified line comes out with one word a row, some converters give the spaces between
/// the words rows of their own.
fn is_word_space(rows: &[Row], index: usize) -> bool {
    let beside =
        |index: Option<usize>| index.and_then(|index| rows.get(index)).map_or("", |row| row.text.trim());
    let (before, after) = (beside(index.checked_sub(1)), beside(Some(index + 1)));
    if rows[index].text != " " || before.is_empty() || after.is_empty() {
        return false;
    }
    let words_alone = !before.contains(' ') || !after.contains(' ');
    words_alone && !super::edge::ends_sentence(before)
}

/// The line that a part of a row makes, if it is not blank; `before` is what stands before the part
/// in the row, in characters.
pub(super) fn line<'t>(
    row: Row<'_>,
    part: &'t str,
    before: usize,
    page: Option<u32>,
    gap: bool,
) -> Option<Line<'t>> {
    let text = part.trim_start_matches(is_margin);
    let lead = part.len() - text.len();
    let bare = text.trim_end_matches(is_margin);
    if bare.is_empty() {
        return None;
    }
    let broken = text[bare.len()..].starts_with(BREAK);
    let text = &text[..bare.len() + if broken { BREAK.len_utf8() } else { 0 }];
    let column = (before + part[..lead].chars().count()) as u32 + 1;
    let (len, ruler) = measured(text);
    Some(Line {
        number: row.number,
        page,
        column,
        text,
        gap,
        page_break: false,
        beside: false,
        hyphen: false,
        len,
        ruler,
        edges: OnceLock::new(),
    })
}

/// The zero-width space: a place where a line may end inside a word.
pub const BREAK: char = '\u{200B}';

/// A text without what means nothing at its ends.
pub fn bare(text: &str) -> &str {
    text.trim_matches(is_margin)
}

/// The arrow that leads from a note of a web page back to its callout stands at the end of the note.
fn ends_note(text: &str) -> bool {
    text.trim_end().trim_end_matches('\u{FE0E}').ends_with('↩')
}

/// White space, and the arrow that leads from a note of a web page back to its callout.
fn is_margin(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | BREAK | '↩' | '\u{FE0E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_gaps_and_columns_are_kept() {
        let lines = split("  one\ntwo\n\n\u{C}three\r\n");
        let seen: Vec<_> =
            lines.iter().map(|l| (l.number, l.page, l.column, l.text, l.gap, l.page_break)).collect();
        assert_eq!(
            seen,
            [
                (1, Some(1), 3, "one", true, true),
                (2, Some(1), 1, "two", false, false),
                (4, Some(2), 1, "three", true, true),
            ]
        );
    }
}
