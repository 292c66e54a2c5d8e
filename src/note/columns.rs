//! Columns that a converter left side by side, as `pdftotext -layout` does.
//!
//! A page has two columns if many of its rows have a gap before one and the same column of
//! characters and few rows run across it. The rows are then read down the left and down the right;
//! a row that runs across (a title) ends both.

use std::collections::BTreeMap;
use std::ops::Range;

use super::line::{Line, Row, line};

/// Spaces that make a gap inside a row.
const GAP: usize = 2;
/// How far the right column's first character may stray.
const STRAY: usize = 2;
/// A column narrower than this is a table's or a list's.
const NARROWEST: usize = 18;

/// How far the gutter may drift from page to page.
const DRIFT: usize = 8;
/// How far a label, raised or hanging, may stand to the left of its column.
const HANGING: usize = 7;
/// Behind a gap, the right column starts at most this part of the way to the gutter before it.
const MOVED: usize = 5;
/// The longest label.
const LABEL: usize = 5;

/// A part of a row without a gap in it: characters and bytes.
struct Segment {
    chars: Range<usize>,
    bytes: Range<usize>,
}

/// The column of characters where the right column of text starts, if the page has two.
///
/// `before` is that of the page before: where it was near, less evidence will do, since the right
/// column of a last page may be short.
pub(super) fn gutter(rows: &[Row], before: Option<usize>) -> Option<usize> {
    const FEWEST: usize = 5;
    if !rows.iter().any(|row| row.text.contains("  ")) {
        return None;
    }
    let segmented: Vec<Vec<Segment>> =
        rows.iter().filter(|row| !row.text.trim().is_empty()).map(|row| segments(row.text)).collect();
    let filled = segmented.len();
    let margin = left_margin(&segmented);
    let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
    for segment in segmented.iter().flatten().filter(|s| s.chars.start >= margin + NARROWEST) {
        *starts.entry(segment.chars.start).or_default() += 1;
    }
    let near =
        |x: usize| -> usize { starts.range(x.saturating_sub(STRAY)..=x + STRAY).map(|(_, n)| n).sum() };
    let (&x, _) = starts.iter().max_by_key(|(x, n)| (near(**x), **n, std::cmp::Reverse(**x)))?;
    let votes = near(x);
    let is_left = |s: &Segment| (margin.saturating_sub(STRAY)..x - STRAY.min(x)).contains(&s.chars.start);
    let left = segmented.iter().filter(|row| row.iter().any(is_left)).count();
    let across =
        segmented.iter().flatten().filter(|s| s.chars.start + STRAY < x && s.chars.end > x + 1).count();
    let wide = segmented
        .iter()
        .flatten()
        .filter(|s| s.chars.start + STRAY >= x && s.chars.len() >= NARROWEST)
        .count();
    let known = before.is_some_and(|before| before.abs_diff(x) <= DRIFT) && votes >= 3;
    let evident = votes >= FEWEST && votes * 4 >= filled && wide * 2 >= votes;
    ((known || evident) && across * 3 <= filled && left * 4 >= votes).then_some(x)
}

/// Where the text starts: the leftmost column of characters in which a fifth of the rows start.
/// What stands further left is set in the margin.
fn left_margin(rows: &[Vec<Segment>]) -> usize {
    let mut firsts: Vec<usize> = rows.iter().filter_map(|row| row.first()).map(|s| s.chars.start).collect();
    firsts.sort_unstable();
    let near = |x: usize| firsts.iter().filter(|first| (x..=x + STRAY).contains(*first)).count();
    firsts.iter().copied().find(|x| near(*x) * 5 >= firsts.len()).unwrap_or(0)
}

fn segments(text: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut blank = GAP;
    for (at, (byte, c)) in text.char_indices().enumerate() {
        if c == ' ' || c == '\r' {
            blank += 1;
            continue;
        }
        let end = byte + c.len_utf8();
        match segments.last_mut() {
            Some(last) if blank < GAP => {
                last.chars.end = at + 1;
                last.bytes.end = end;
            }
            _ => segments.push(Segment { chars: at..at + 1, bytes: byte..end }),
        }
        blank = 0;
    }
    segments
}

/// Reads the rows of a page down the left column and then down the right.
pub(super) fn unfold<'t>(rows: &[Row<'t>], gutter: usize, page: Option<u32>, lines: &mut Vec<Line<'t>>) {
    let edge = gutter.saturating_sub(STRAY);
    let parts: Vec<Halves> = rows
        .iter()
        .map(|row| {
            let segments = segments(row.text);
            let crosses = |s: &Segment| s.chars.start < edge && s.chars.end > gutter + 1;
            // Smaller type moves the columns of characters: behind a gap the right column may start
            // well before the gutter, and a row without a left part is the right column's if most of
            // it stands there.
            let moved = |nth: usize, s: &Segment| {
                let before = gutter.saturating_sub(s.chars.start);
                let behind = s.chars.end.saturating_sub(gutter);
                if nth > 0 {
                    // A justified row has more than one gap.
                    let gap = s.chars.start - segments[0].chars.end;
                    let far = before > gutter / MOVED;
                    nth == 1
                        && segments[0].chars.len() >= NARROWEST
                        && (!far || gap > GAP && s.chars.start * 2 >= gutter)
                } else {
                    s.chars.start > NARROWEST && behind > before * 2
                }
            };
            let is_right = |(nth, s): (usize, &Segment)| {
                s.chars.start >= edge
                    || s.chars.start + HANGING >= gutter && s.chars.len() <= LABEL
                    || moved(nth, s)
            };
            let first_right = segments.iter().enumerate().position(is_right).unwrap_or(segments.len());
            let crosses = segments[..first_right].iter().any(crosses);
            let (left, right) = segments.split_at(first_right);
            Halves { left: span(left), right: span(right), crosses }
        })
        .collect();
    // Where rows of the two columns share lines, one row without a column's text is a gap in it;
    // where they alternate it is not.
    let both = parts.iter().filter(|p| p.left.is_some() && p.right.is_some()).count();
    let one = parts.iter().filter(|p| p.left.is_some() != p.right.is_some()).count();
    let rows_of_gap = if both >= one { 1 } else { 2 };

    let mut start = 0;
    while start < rows.len() {
        if parts[start].crosses {
            let row = rows[start];
            lines.extend(line(row, row.text, 0, page, true));
            start += 1;
            continue;
        }
        let end = start + parts[start..].iter().take_while(|part| !part.crosses).count();
        for side in [false, true] {
            let mut missing = rows_of_gap;
            for (row, halves) in rows[start..end].iter().zip(&parts[start..end]) {
                let half = if side { halves.right.clone() } else { halves.left.clone() };
                let Some(bytes) = half else {
                    missing += if row.text.trim().is_empty() { rows_of_gap } else { 1 };
                    continue;
                };
                let before = row.text[..bytes.start].chars().count();
                lines.extend(line(*row, &row.text[bytes], before, page, missing >= rows_of_gap));
                missing = 0;
            }
        }
        start = end;
    }
}

/// One row of a page in two columns: the bytes of its text on each side, and whether a text runs
/// across the gutter.
struct Halves {
    left: Option<Range<usize>>,
    right: Option<Range<usize>>,
    crosses: bool,
}

/// From the first to the last of some segments, in bytes.
fn span(segments: &[Segment]) -> Option<Range<usize>> {
    Some(segments.first()?.bytes.start..segments.last()?.bytes.end)
}

#[cfg(test)]
mod tests {
    use super::super::line::split;

    #[test]
    fn columns_side_by_side_are_read_one_after_the_other() {
        let page = "      A Title that Runs across Both of the Columns\n\
                    first line of the left      first line of the right\n\
                    second line of left         second line of right\n\
                    third line of the left      third line of the right\n\
                    fourth line of left         fourth line of right\n\
                    fifth line of the left      fifth line of the right\n\
                    sixth line of left\n";
        let lines: Vec<String> = split(page).iter().map(|l| l.text.to_owned()).collect();
        assert_eq!(lines[0], "A Title that Runs across Both of the Columns");
        assert_eq!(lines[1..7].iter().filter(|l| l.contains("left")).count(), 6);
        assert_eq!(lines[7..].iter().filter(|l| l.contains("right")).count(), 5);
    }

    #[test]
    fn a_page_of_one_column_stays() {
        let page = "one  two\nthree four\n  five six seven eight nine ten\n1   A note with a wide gap\n";
        assert_eq!(split(page).len(), 4);
    }
}
