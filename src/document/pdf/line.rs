//! Words of a column → lines of text, raised numbers marked.

use std::ops::Range;

use unicode_normalization::char::compose;

use super::bidi;
use super::columns;
use super::content::{Glyph, Rule};
use super::page::{Area, Page};
use super::word::{self, GAP, Word};
use crate::note::marker::is_unspaced;

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) page: u32,
    /// The column of text, counted over the document.
    pub(super) column: usize,
    /// Line of the page in reading order, counted from 1.
    pub(super) number: u32,
    /// Characters of its row that stand before it.
    pub(super) before: u32,
    /// Raised digits are written as superscripts.
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The baseline, in points from the lower edge.
    pub(super) y: f32,
    /// Height of an em of most of its characters, in points.
    pub(super) size: f32,
    /// How many characters it has.
    pub(super) len: usize,
    /// The length of the rule that stands above it, below the line before it.
    pub(super) rule: Option<f32>,
    /// It begins with a raised mark.
    pub(super) raised: bool,
    /// Bytes of the text that are raised letters.
    pub(super) letters: Vec<Range<usize>>,
    /// Bytes of the text that are links, and where each leads.
    pub(super) links: Vec<(Range<usize>, usize)>,
}

impl Line {
    /// Cuts off what stands from the byte `at` on, a raised mark, and returns it.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        let rest = self.text.split_off(at);
        let before = self.text.chars().count();
        let len = rest.chars().count();
        // About: what stands where in a line is not kept.
        let middle = self.x0 + (self.x1 - self.x0) * before as f32 / (before + len).max(1) as f32;
        let behind = |range: &Range<usize>| range.start.saturating_sub(at)..range.end.saturating_sub(at);
        let rest = Line {
            before: self.before + before as u32,
            text: rest,
            x0: middle,
            len,
            rule: None,
            raised: true,
            letters: self.letters.iter().map(behind).filter(|range| !range.is_empty()).collect(),
            links: self
                .links
                .iter()
                .map(|(range, target)| (behind(range), *target))
                .filter(|(range, _)| !range.is_empty())
                .collect(),
            ..*self
        };
        self.text.truncate(self.text.trim_end().len());
        let end = self.text.len();
        self.letters.retain_mut(|range| {
            range.end = range.end.min(end);
            range.start < range.end
        });
        self.links.retain_mut(|(range, _)| {
            range.end = range.end.min(end);
            range.start < range.end
        });
        (self.x1, self.len) = (middle, before);
        rest
    }
}

/// The lines of a document, with what they share.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// In reading order.
    pub(super) all: Vec<Line>,
    /// What the links lead to.
    pub(super) targets: Vec<String>,
    columns: usize,
}

/// A raised word is smaller than what it hangs on.
const SMALLER: f32 = 0.88;
/// How far the baseline of a raised word lies above that of its line, in ems of the line.
const RAISED: std::ops::Range<f32> = 0.12..0.85;
/// A lowered one lies at most so far below.
const LOWERED: f32 = 0.4;
/// How far before its text a note's label may hang, in ems.
const HANGING: f32 = 5.0;
/// How far a link's area may begin before its column, in points.
const OUTSIDE: f32 = 20.0;
/// An underline is nearer to the baseline than this, in ems.
const UNDERLINE: f32 = 0.42;

/// The stretches of raised letters.
fn letters(cells: &[Cell], at: &[usize]) -> Vec<Range<usize>> {
    let mut letters: Vec<Range<usize>> = Vec::new();
    for (cell, from) in cells.iter().zip(at).filter(|(cell, _)| cell.raised && cell.c.is_alphabetic()) {
        let to = from + cell.c.len_utf8();
        match letters.last_mut().filter(|last| last.end == *from) {
            Some(last) => last.end = to,
            None => letters.push(*from..to),
        }
    }
    letters
}

struct Row {
    /// Indices of words, and whether each is raised.
    words: Vec<(usize, bool)>,
    y: f32,
    size: f32,
}

/// What the lines of a column share.
struct Setting<'p> {
    page: u32,
    /// Most of the page is written from right to left.
    leftward: bool,
    /// The areas of its links.
    areas: Vec<&'p Area>,
}

impl Lines {
    /// Adds the lines of a page, column after column.
    pub(super) fn add(&mut self, page: &Page) {
        let words = word::words(&page.glyphs);
        let mut number = 0;
        let (to_right, to_left) = bidi::directions(page.glyphs.iter().map(|glyph| glyph.c));
        let leftward = to_left > to_right;
        for members in columns::columns(&words, leftward) {
            let column = self.columns;
            self.columns += 1;
            let from = self.all.len();
            let left = members.iter().map(|index| words[*index].x0).reduce(f32::min).unwrap_or_default();
            // What sticks out of another column begins in that.
            let areas = page.areas.iter().filter(|area| area.x0 >= left - OUTSIDE).collect();
            let setting = Setting { page: page.number, leftward, areas };
            for row in rows(&words, members) {
                if let Some(mut line) = self.line(&words, &row, &setting) {
                    number += 1;
                    (line.column, line.number) = (column, number);
                    self.all.push(line);
                }
            }
            mark_rules(&mut self.all[from..], &page.rules, leftward);
        }
    }

    fn line(&mut self, words: &[Word], row: &Row, setting: &Setting) -> Option<Line> {
        let mut cells = bidi::logical(cells(words, row), |cell| cell.c, setting.leftward);
        raise_digits(&mut cells);
        let mut text = String::with_capacity(cells.len() + 8);
        let mut at = Vec::with_capacity(cells.len());
        for cell in &cells {
            at.push(text.len());
            text.push(cell.c);
        }
        let members = || row.words.iter().map(|(index, _)| &words[*index]);
        let links = self.links(&cells, &at, text.len(), row, &setting.areas);
        let first = cells.iter().find(|cell| cell.c != ' ')?;
        Some(Line {
            page: setting.page,
            column: 0,
            number: 0,
            before: 0,
            raised: first.raised,
            letters: letters(&cells, &at),
            x0: members().map(|word| word.x0).reduce(f32::min)?,
            x1: members().map(|word| word.x1).reduce(f32::max)?,
            y: row.y,
            size: row.size,
            len: cells.len(),
            rule: None,
            links,
            text,
        })
    }

    /// Which bytes of a line lie in a link's area.
    fn links(
        &mut self,
        cells: &[Cell],
        at: &[usize],
        len: usize,
        row: &Row,
        areas: &[&Area],
    ) -> Vec<(Range<usize>, usize)> {
        let mut links: Vec<(Range<usize>, usize)> = Vec::new();
        let middle = row.y + row.size * 0.25;
        for area in areas.iter().filter(|area| (area.y0..=area.y1).contains(&middle)) {
            let inside =
                |cell: &Cell| (area.x0..=area.x1).contains(&f32::midpoint(cell.x0, cell.x1)) && cell.c != ' ';
            let (Some(first), Some(last)) = (cells.iter().position(inside), cells.iter().rposition(inside))
            else {
                continue;
            };
            let range = at[first]..at.get(last + 1).copied().unwrap_or(len);
            let target = self.target(&area.target);
            if !links.contains(&(range.clone(), target)) {
                links.push((range, target));
            }
        }
        links.sort_by_key(|(range, _)| range.start);
        links
    }

    fn target(&mut self, target: &str) -> usize {
        // The lines of one link follow each other.
        const NEAR: usize = 8;
        let from = self.targets.len().saturating_sub(NEAR);
        if let Some(known) = self.targets[from..].iter().position(|known| known == target) {
            return from + known;
        }
        self.targets.push(target.to_owned());
        self.targets.len() - 1
    }
}

/// The words of a column, line by line from the top.
fn rows(words: &[Word], mut members: Vec<usize>) -> Vec<Row> {
    members.sort_by(|a, b| words[*b].y.total_cmp(&words[*a].y));
    let mut rows: Vec<Row> = Vec::new();
    for index in members {
        let word = &words[index];
        match rows.last_mut() {
            Some(row) if row.y - word.y <= (row.size.min(word.size) * 0.12).max(0.6) => {
                row.words.push((index, false));
            }
            _ => rows.push(Row { words: vec![(index, false)], y: word.y, size: word.size }),
        }
    }
    for row in &mut rows {
        row.words.sort_by(|(a, _), (b, _)| words[*a].x0.total_cmp(&words[*b].x0));
        measure(row, words);
    }
    let mut at = 0;
    while at < rows.len() {
        // What is raised or lowered stands near its line; a few rows may come in between.
        let (from, to) = (at.saturating_sub(3), (at + 4).min(rows.len()));
        let mut moved = Vec::new();
        for (slot, (index, _)) in rows[at].words.iter().enumerate() {
            let word = &words[*index];
            let host = (from..to)
                .filter(|host| *host != at && !rows[*host].words.is_empty())
                .filter_map(|host| Some((hangs(word, &rows[host], words)?, host)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, host)) = host {
                moved.push((slot, *index, host));
            }
        }
        for (slot, index, host) in moved.into_iter().rev() {
            rows[at].words.remove(slot);
            let raised = words[index].y > rows[host].y + rows[host].size * 0.05;
            let place = rows[host].words.partition_point(|(other, _)| words[*other].x0 <= words[index].x0);
            rows[host].words.insert(place, (index, raised));
        }
        at += 1;
    }
    rows.retain(|row| !row.words.is_empty());
    rows
}

/// The size and baseline of most characters of a row.
fn measure(row: &mut Row, words: &[Word]) {
    let mut sizes: Vec<(f32, usize, f32)> = Vec::new();
    for (index, _) in &row.words {
        let word = &words[*index];
        match sizes.iter_mut().find(|(size, ..)| (*size - word.size).abs() <= word.size * 0.02) {
            Some((_, count, _)) => *count += word.glyphs.len(),
            None => sizes.push((word.size, word.glyphs.len(), word.y)),
        }
    }
    if let Some((size, _, y)) = sizes.into_iter().max_by_key(|(_, count, _)| *count) {
        (row.size, row.y) = (size, y);
    }
}

/// How far a word that is raised or lowered stands from what it hangs on in a row; `None` if it does
/// not belong there.
fn hangs(word: &Word, row: &Row, words: &[Word]) -> Option<f32> {
    let (rise, em) = (word.y - row.y, row.size);
    let smaller = word.size <= em * SMALLER;
    let mark = word.glyphs.len() <= 4 && word.glyphs.iter().all(|glyph| is_mark(glyph.c));
    let shifted = smaller && (RAISED.contains(&(rise / em)) || (-LOWERED..0.0).contains(&(rise / em)))
        || mark && word.size <= em * 1.03 && (0.2..0.6).contains(&(rise / em))
        // A baseline that trembles, as in scans.
        || (word.size / em - 1.0).abs() < 0.25 && rise.abs() < em * 0.3;
    if !shifted {
        return None;
    }
    let mut nearest: Option<f32> = None;
    for (other, _) in &row.words {
        let other = &words[*other];
        let (behind, before) = (word.x0 - other.x1, other.x0 - word.x1);
        if behind < -em * 0.25 && before < -em * 0.25 {
            return None;
        }
        // A label hangs where its line begins.
        let begins = before >= 0.0 || other.glyphs.iter().any(|glyph| bidi::is_leftward(glyph.c));
        let far = if begins && mark { HANGING } else { 1.2 };
        let distance = behind.max(before);
        if distance <= em * far {
            nearest = Some(nearest.map_or(distance, |nearest: f32| nearest.min(distance)));
        }
    }
    nearest.map(|distance| distance.max(0.0) + rise.abs())
}

fn is_mark(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, '*' | '∗' | '†' | '‡' | '§' | '¶' | '‖' | '[' | ']' | '(' | ')' | '.' | ',')
}

/// A character of a line.
#[derive(Debug, Clone, Copy)]
struct Cell {
    c: char,
    x0: f32,
    x1: f32,
    raised: bool,
}

fn cells(words: &[Word], row: &Row) -> Vec<Cell> {
    let length: usize = row.words.iter().map(|(index, _)| words[*index].glyphs.len() + 1).sum();
    let mut cells: Vec<Cell> = Vec::with_capacity(length);
    let mut before: Option<&Word> = None;
    for (index, raised) in &row.words {
        let word = &words[*index];
        if let Some(before) = before {
            if is_doubled(before, word) {
                continue;
            }
            let gap = word.x0 - before.x1;
            let least = match (word.spaced, meet_without_space(before, word)) {
                (true, _) => 0.03,
                (false, true) => MIXED,
                (false, false) => GAP,
            };
            if gap >= before.size.min(word.size) * least {
                cells.push(Cell { c: ' ', x0: before.x1, x1: word.x0, raised: false });
            }
        }
        let digits = *raised && word.glyphs.iter().all(|glyph| glyph.c.is_ascii_digit() || is_mark(glyph.c));
        for glyph in word.glyphs {
            push(&mut cells, glyph, *raised, digits);
        }
        before = Some(word);
    }
    cells
}

/// Chinese and Japanese are set without spaces; beside Latin letters and digits they keep a quarter of
/// an em that nobody typed (JIS X 4051, 4.7).
const MIXED: f32 = 0.4;

fn meet_without_space(before: &Word, word: &Word) -> bool {
    let ends = [before.glyphs.last(), word.glyphs.first()];
    ends.into_iter().flatten().any(|glyph| is_unspaced(glyph.c))
}

fn push(cells: &mut Vec<Cell>, glyph: &Glyph, raised: bool, digit: bool) {
    let cell = |c: char| Cell { c, x0: glyph.x, x1: glyph.x + glyph.width, raised };
    // An accent and the letter it stands over.
    if let Some(last) = cells.last_mut() {
        let over = glyph.x < last.x1 - last.x1.min(glyph.x + glyph.width - last.x0).min(glyph.width) * 0.4;
        let pair = match (word::combining(last.c), word::combining(glyph.c)) {
            (Some(accent), None) if glyph.c.is_alphabetic() => Some((glyph.c, accent)),
            (None, Some(accent)) if last.c.is_alphabetic() => Some((last.c, accent)),
            _ => None,
        };
        let dotted = |c: char| match c {
            'ı' => 'i',
            'ȷ' => 'j',
            c => c,
        };
        if over
            && let Some((letter, accent)) = pair
            && let Some(composed) = compose(dotted(letter), accent)
        {
            last.c = composed;
            last.x1 = last.x1.max(glyph.x + glyph.width);
            return;
        }
    }
    cells.push(cell(if digit { superscript(glyph.c) } else { glyph.c }));
}

/// Some fonts have raised forms of 1 to 3 that say they are plain digits, beside others that do not:
/// `1⁴` at the start of a line or behind a word is 14.
fn raise_digits(cells: &mut [Cell]) {
    for at in 1..cells.len() {
        if !matches!(cells[at].c, '⁰' | '⁴'..='⁹') {
            continue;
        }
        let digits = cells[..at].iter().rev().take_while(|cell| cell.c.is_ascii_digit()).count();
        let from = at - digits;
        let hangs = from.checked_sub(1).is_none_or(|before| cells[before].c != ' ');
        if (1..=2).contains(&digits)
            && hangs
            && cells[from..at].iter().all(|cell| matches!(cell.c, '1'..='3'))
        {
            for cell in &mut cells[from..at] {
                (cell.c, cell.raised) = (superscript(cell.c), true);
            }
        }
    }
}

fn superscript(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁴' as u32 + (c as u32 - '4' as u32)).unwrap_or(c),
        c => c,
    }
}

/// Bold letters are set twice by some programs, a hair apart.
fn is_doubled(before: &Word, word: &Word) -> bool {
    (before.x0 - word.x0).abs() < word.size * 0.15
        && before.glyphs.len() == word.glyphs.len()
        && before.glyphs.iter().zip(word.glyphs).all(|(a, b)| a.c == b.c)
}

/// Tells the lines of a column below a rule.
fn mark_rules(lines: &mut [Line], rules: &[Rule], leftward: bool) {
    let left = lines.iter().map(|line| line.x0).reduce(f32::min).unwrap_or_default();
    let right = lines.iter().map(|line| line.x1).reduce(f32::max).unwrap_or_default();
    for index in 0..lines.len() {
        let top = lines[index].y + lines[index].size * 0.5;
        let bottom_of_last = match index.checked_sub(1).map(|before| &lines[before]) {
            Some(before) => before.y - before.size * UNDERLINE,
            None => top + lines[index].size * 4.0,
        };
        let above = rules.iter().find(|rule| {
            let shared = rule.x1.min(right) - rule.x0.max(left);
            let middle = f32::midpoint(left, right);
            let begins = if leftward { rule.x1 > middle } else { rule.x0 < middle };
            rule.y > top && rule.y < bottom_of_last && shared > 14.0 && begins
        });
        lines[index].rule = above.map(|rule| rule.x1 - rule.x0);
    }
}
