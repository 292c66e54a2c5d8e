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
const MOVED: usize = 3;

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
    // Smaller type below moves the column; the larger type's rows count all the same.
    let votes: usize = starts.range(x.saturating_sub(DRIFT)..=x + STRAY).map(|(_, n)| n).sum();
    let is_left = |s: &Segment| (margin.saturating_sub(STRAY)..x - STRAY.min(x)).contains(&s.chars.start);
    let left = segmented.iter().filter(|row| row.iter().any(is_left)).count();
    let across =
        segmented.iter().flatten().filter(|s| s.chars.start + DRIFT < x && s.chars.end > x + 1).count();
    let wide = segmented
        .iter()
        .flatten()
        .filter(|s| s.chars.start + DRIFT >= x && s.chars.len() >= NARROWEST)
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
    if !text.contains("  ") && !text.contains('\r') {
        let bare = text.trim_matches(' ');
        let start = text.len() - text.trim_start_matches(' ').len();
        let segment =
            Segment { chars: start..start + bare.chars().count(), bytes: start..start + bare.len() };
        return if bare.is_empty() { Vec::new() } else { vec![segment] };
    }
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
    let mut parts = halves(rows, gutter);
    number_across(rows, &mut parts);
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
                    // A raised label stands between the rows of the other column.
                    missing += match row.text.trim().len() {
                        0 => rows_of_gap,
                        1..=LABEL => 0,
                        _ => 1,
                    };
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

/// The number of the page belongs to neither column.
fn number_across(rows: &[Row], parts: &mut [Halves]) {
    const LONGEST: usize = 4;
    let is_filled = |row: &Row| !row.text.trim().is_empty();
    let edges = [rows.iter().position(is_filled), rows.iter().rposition(is_filled)];
    for at in edges.into_iter().flatten() {
        let text = rows[at].text.trim();
        if text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_digit()) {
            parts[at] = Halves { left: None, right: None, crosses: true };
        }
    }
}

/// One row of a page in two columns: the bytes of its text on each side, and whether a text runs
/// across the gutter.
struct Halves {
    left: Option<Range<usize>>,
    right: Option<Range<usize>>,
    crosses: bool,
}

/// Where each row of a page is parted. The columns of characters move with the size of the type, so
/// what counts is where the rows nearby have their right parts.
fn halves(rows: &[Row], gutter: usize) -> Vec<Halves> {
    let segmented: Vec<Vec<Segment>> = rows.iter().map(|row| segments(row.text)).collect();
    let usual = Starts::of(&segmented, gutter);
    segmented
        .iter()
        .enumerate()
        .map(|(nth, segments)| {
            let row = rows[nth].text;
            let range = |at: usize, to: usize| {
                let text = row[at..to].trim_end();
                (!text.trim_start().is_empty()).then(|| at..at + text.len())
            };
            let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
                return Halves { left: None, right: None, crosses: false };
            };
            let all = first.bytes.start..last.bytes.end;
            let found = (0..segments.len()).map(|at| (usual.right_start(nth, segments, at), at)).max();
            if let Some((_, at)) = found.filter(|(votes, _)| *votes > 0) {
                // A label hangs before the text that most rows start with.
                let label = at.checked_sub(1).map(|before| &segments[before]).filter(|label| {
                    label.chars.len() <= LABEL
                        && label.chars.start > NARROWEST
                        && segments[at].chars.start - label.chars.start <= HANGING
                });
                let right = label.unwrap_or(&segments[at]).bytes.start;
                let left = range(all.start, right);
                return Halves { left, right: Some(right..all.end), crosses: false };
            }
            let near = usual.near(nth).unwrap_or(gutter);
            if last.chars.end <= near + STRAY {
                return Halves { left: Some(all), right: None, crosses: false };
            }
            if first.chars.start + STRAY >= near {
                return Halves { left: None, right: Some(all), crosses: false };
            }
            match widest(rows, &segmented, &usual, nth, near)
                .and_then(|widest| narrow(row, &all, near, widest))
            {
                Some(right) => {
                    Halves { left: range(all.start, right), right: Some(right..all.end), crosses: false }
                }
                None => Halves { left: Some(all), right: None, crosses: true },
            }
        })
        .collect()
}

/// Where the right parts of rows start, row by row.
struct Starts {
    gutter: usize,
    /// The starts in each row of what may be a right part.
    of_row: Vec<Vec<usize>>,
}

impl Starts {
    /// Rows nearby, in either direction.
    const NEAR: usize = 9;

    fn of(segmented: &[Vec<Segment>], gutter: usize) -> Self {
        let reach = (gutter / MOVED).max(HANGING);
        let may = |start: usize| start + reach >= gutter && start <= gutter + reach * 2;
        let of_row = segmented
            .iter()
            .map(|segments| {
                let starts = segments.iter().map(|segment| segment.chars.start);
                starts.filter(|start| may(*start)).collect()
            })
            .collect();
        Starts { gutter, of_row }
    }

    fn nearby(&self, row: usize) -> &[Vec<usize>] {
        &self.of_row[row.saturating_sub(Self::NEAR)..(row + Self::NEAR + 1).min(self.of_row.len())]
    }

    /// How many rows nearby have a right part that starts where this segment does; 0 where it is none.
    fn right_start(&self, row: usize, segments: &[Segment], at: usize) -> usize {
        let segment = &segments[at];
        if !self.of_row[row].contains(&segment.chars.start) {
            return 0;
        }
        let same = |starts: &&Vec<usize>| {
            starts.iter().any(|start| start.abs_diff(segment.chars.start) <= STRAY / 2)
        };
        let count = self.nearby(row).iter().filter(same).count();
        let near = segment.chars.start.abs_diff(self.gutter) <= STRAY;
        let wide = at == 1 && segments[0].chars.len() >= NARROWEST;
        if count >= 3 || near || wide { count + usize::from(near) } else { 0 }
    }

    /// Where most of the rows nearby have their right parts.
    fn near(&self, row: usize) -> Option<usize> {
        let starts: Vec<usize> = self.nearby(row).iter().flatten().copied().collect();
        let votes = |x: usize| starts.iter().filter(|start| start.abs_diff(x) <= STRAY / 2).count();
        let best = starts.iter().copied().max_by_key(|x| (votes(*x), std::cmp::Reverse(*x)))?;
        (votes(best) >= 3).then_some(best)
    }
}

/// The width of a full line of the left column about a row, in the letters' own measure.
fn widest(rows: &[Row], segmented: &[Vec<Segment>], usual: &Starts, row: usize, near: usize) -> Option<f32> {
    const ROWS: usize = 25;
    let mut widths: Vec<f32> = (row.saturating_sub(ROWS)..(row + ROWS).min(rows.len()))
        .filter_map(|nth| {
            let segments = &segmented[nth];
            let first = segments.first()?;
            let right = (1..segments.len()).find(|at| {
                segments[*at].chars.start.abs_diff(near) <= STRAY && usual.right_start(nth, segments, *at) > 0
            })?;
            Some(width(&rows[nth].text[first.bytes.start..segments[right - 1].bytes.end]))
        })
        .collect();
    widths.sort_unstable_by(f32::total_cmp);
    (widths.len() >= 3).then(|| widths[widths.len() * 9 / 10])
}

/// About how wide a text is set, a digit being one.
fn width(text: &str) -> f32 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '!' | '\'' | '’' | '‘' | '|' | '/' => {
            0.58
        }
        ' ' | '(' | ')' | '[' | ']' | 'r' | 's' | '-' => 0.72,
        'm' | 'w' | 'M' | 'W' | '—' => 1.6,
        c if c.is_uppercase() => 1.38,
        _ => 1.0,
    };
    text.chars().map(of).sum()
}

/// Where the right part begins of a row whose columns are only a space apart: its left part is a full
/// line, its right part no more than one.
fn narrow(row: &str, all: &Range<usize>, near: usize, widest: f32) -> Option<usize> {
    const FITS: f32 = 0.12;
    let whole = width(&row[all.clone()]);
    let text = &row[all.clone()];
    let cost = |space: usize| {
        let left = width(&text[..space]);
        let right = whole - left;
        let over = (right / widest - 1.0).max(0.0);
        (left / widest - 1.0).abs() + over
    };
    let spaces = text
        .match_indices(' ')
        .map(|(at, _)| at)
        .filter(|at| row[..all.start + at].chars().count().abs_diff(near) <= HANGING);
    let best = spaces.map(|at| (cost(at), at)).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 <= FITS).then_some(all.start + best.1 + 1)
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
    fn the_number_of_the_page_is_in_neither_column() {
        let row = |n: usize| format!("line {n} of the left column   line {n} of the right one\n");
        let page: String =
            (1..9).map(row).collect::<String>() + "left column ends.\n                            7\n";
        let lines: Vec<String> = split(&page).iter().map(|l| l.text.to_owned()).collect();
        assert_eq!(lines.last().map(String::as_str), Some("7"));
        assert!(lines[8] == "left column ends." && lines[9].ends_with("right one"));
    }

    #[test]
    fn a_page_of_one_column_stays() {
        let page = "one  two\nthree four\n  five six seven eight nine ten\n1   A note with a wide gap\n";
        assert_eq!(split(page).len(), 4);
    }
}
