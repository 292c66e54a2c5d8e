//! Columns that a converter left side by side, as `pdftotext -layout` does.
//!
//! A page has two columns if many of its rows have a gap before one and the same column of
//! characters and few rows run across it. The rows are then read down the left and down the right;
//! a row that runs across (a title) ends both.

use std::collections::BTreeMap;
use std::ops::Range;

use super::line::{Line, Row, line};
use super::parting::{self, Halves, Parted};

/// Spaces that make a gap inside a row.
pub(super) const GAP: usize = 2;
/// How far the right column's first character may stray.
pub(super) const STRAY: usize = 2;
/// A column narrower than this is a table's or a list's.
pub(super) const NARROWEST: usize = 18;

/// How far the gutter may drift from page to page.
const DRIFT: usize = 8;
/// How far a label, raised or hanging, may stand to the left of its column.
pub(super) const HANGING: usize = 7;
/// Behind a gap, the right column starts at most this part of the way to the gutter before it.
pub(super) const MOVED: usize = 3;

/// The longest label.
pub(super) const LABEL: usize = 5;

/// A part of a row without a gap in it: characters and bytes.
pub(super) struct Segment {
    pub(super) chars: Range<usize>,
    pub(super) bytes: Range<usize>,
}

/// What the rows of a page by themselves show of two columns.
pub(super) struct Columns<'t> {
    gutter: Gutter,
    page: parting::Page<'t>,
}

/// Where the right column starts, and what speaks for there being one.
#[derive(Clone, Copy)]
struct Gutter {
    /// Its column of characters.
    at: usize,
    /// The rows that have something there.
    votes: usize,
    /// They are many, and wide.
    many: bool,
    /// The gaps are evidence enough.
    evident: bool,
    /// Few rows run across, and the left column has rows enough.
    parts: bool,
}

impl<'t> Columns<'t> {
    /// Looks for columns on a page.
    pub(super) fn of(rows: &[Row<'t>]) -> Option<Self> {
        if !rows.iter().any(|row| has_gap(row.text)) {
            return None;
        }
        let segmented: Vec<Vec<Segment>> = rows.iter().map(|row| segments(row.text)).collect();
        let gutter = gutter(&segmented)?;
        Some(Columns { gutter, page: parting::Page::of(rows.to_vec(), segmented, gutter.at) })
    }

    /// Reads the rows of the page down the left column and then down the right, if it has two. `before` is
    /// the page before: where its gutter was near, less evidence will do, since the right column of a
    /// last page may be short.
    pub(super) fn read(&self, before: Option<&Self>, page: Option<u32>) -> Option<Vec<Line<'t>>> {
        /// What the best way to part the rows has to gain where the gaps alone are no evidence.
        const GAIN: f32 = 15.0;
        let Gutter { at, votes, many, evident, parts } = self.gutter;
        let near = |before: &Self| before.gutter.evident && before.gutter.at.abs_diff(at) <= DRIFT;
        let known = before.is_some_and(near) && votes >= FEWEST_KNOWN;
        if !many && !known {
            return None;
        }
        let Parted { halves, gain } = self.page.part(before.map(|before| &before.page));
        let evident = evident || known && parts;
        (evident || gain >= GAIN).then(|| unfold(self.page.rows(), halves, page))
    }
}

/// Fewer rows show nothing, whatever the page before is like.
const FEWEST_KNOWN: usize = 3;

fn gutter(segmented: &[Vec<Segment>]) -> Option<Gutter> {
    const FEWEST: usize = 5;
    let segmented: Vec<&Vec<Segment>> = segmented.iter().filter(|row| !row.is_empty()).collect();
    let filled = segmented.len();
    let margin = left_margin(&segmented);
    let all = || segmented.iter().copied().flatten();
    let mut starts: BTreeMap<usize, usize> = BTreeMap::new();
    for segment in all().filter(|s| s.chars.start >= margin + NARROWEST) {
        *starts.entry(segment.chars.start).or_default() += 1;
    }
    let near =
        |x: usize| -> usize { starts.range(x.saturating_sub(STRAY)..=x + STRAY).map(|(_, n)| n).sum() };
    let (&at, _) = starts.iter().max_by_key(|(x, n)| (near(**x), **n, std::cmp::Reverse(**x)))?;
    // Smaller type below moves the column; the larger type's rows count all the same.
    let votes: usize = starts.range(at.saturating_sub(DRIFT)..=at + STRAY).map(|(_, n)| n).sum();
    if votes < FEWEST_KNOWN {
        return None;
    }
    let is_left = |s: &Segment| (margin.saturating_sub(STRAY)..at - STRAY.min(at)).contains(&s.chars.start);
    let left = segmented.iter().filter(|row| row.iter().any(is_left)).count();
    let across = all().filter(|s| s.chars.start + DRIFT < at && s.chars.end > at + 1).count();
    let wide = all().filter(|s| s.chars.start + DRIFT >= at && s.chars.len() >= NARROWEST).count();
    let many = votes >= FEWEST && wide * 2 >= votes;
    let parts = across * 3 <= filled && left * 4 >= votes;
    Some(Gutter { at, votes, many, evident: many && votes * 4 >= filled && parts, parts })
}

/// Where the text starts: the leftmost column of characters in which a fifth of the rows start.
/// What stands further left is set in the margin.
fn left_margin(rows: &[&Vec<Segment>]) -> usize {
    let mut firsts: Vec<usize> = rows.iter().filter_map(|row| row.first()).map(|s| s.chars.start).collect();
    firsts.sort_unstable();
    let near = |x: usize| firsts.iter().filter(|first| (x..=x + STRAY).contains(*first)).count();
    firsts.iter().copied().find(|x| near(*x) * 5 >= firsts.len()).unwrap_or(0)
}

/// Two spaces stand side by side.
fn has_gap(text: &str) -> bool {
    // All of a row is looked at, which is quicker than to stop.
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    pairs.filter(|(a, b)| **a == b' ' && **b == b' ').count() > 0
}

fn segments(text: &str) -> Vec<Segment> {
    if !has_gap(text) && !text.contains('\r') {
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

fn unfold<'t>(rows: &[Row<'t>], mut parts: Vec<Halves>, page: Option<u32>) -> Vec<Line<'t>> {
    let mut lines = Vec::new();
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
            let gap = start.checked_sub(1).is_none_or(|before| !parts[before].crosses);
            lines.extend(line(row, row.text, 0, page, gap));
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
                let line = line(*row, &row.text[bytes], before, page, missing >= rows_of_gap);
                lines.extend(line.map(|mut line| {
                    line.beside = rows_of_gap == 1;
                    line
                }));
                missing = 0;
            }
        }
        start = end;
    }
    lines
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

    const LEFT: [&str; 12] = [
        "The board of the harbour raised",
        "the toll for every ship that was",
        "bound for the northern quays, al-",
        "though the council had warned of",
        "a strike. The ferries were late for",
        "most of the winter, and the mar-",
        "ket moved to the other shore.",
        "In the spring the minister said",
        "that the toll was lawful and that",
        "nobody had to be paid back, but",
        "the fleet did not come home be-",
        "fore the end of the year.",
    ];
    const RIGHT: [&str; 12] = [
        "What remains of the deal is not",
        "much. The coast has no port of",
        "its own, and the treaty says noth-",
        "ing of a crossing at night.",
        "The office for tolls was closed in",
        "autumn. Its files went to the ar-",
        "chive of the city, where they are",
        "kept in the cellar.",
        "A new board will be chosen next",
        "year, and the ferries may return",
        "to the old quay if the council of",
        "the harbour lets them.",
    ];

    fn texts(page: &str) -> Vec<String> {
        split(page).iter().map(|line| line.text.to_owned()).collect()
    }

    #[test]
    fn columns_a_space_apart_are_read_one_after_the_other() {
        // What is longer than the gutter allows pushes the other column away.
        let page: String = LEFT
            .iter()
            .zip(RIGHT)
            .map(|(left, right)| match left.chars().count() {
                0..=32 => format!("{left:<33}{right}\n"),
                _ => format!("{left} {right}\n"),
            })
            .collect();
        assert_eq!(texts(&page), [LEFT, RIGHT].concat());
    }

    #[test]
    fn notes_across_the_page_stand_below_the_columns() {
        const NOTES: [&str; 6] = [
            "1",
            "Ada Lind, “Who Asked the Other Side of the Harbour?”, in The Northern Ledger, 3 May",
            "2021, https://ledger.example/2021/05/03/who-asked.",
            "2",
            "Jo Roe, “A New Quay for an Old Ferry and What It Costs the City”, in Foreign Ports, Vol.",
            "12, No. 3 (June 2021), p. 4-9.",
        ];
        let row = |(left, right): (&str, &str)| format!("{left:<44}{right}");
        let columns: Vec<String> = LEFT.into_iter().zip(RIGHT).map(row).collect();
        let page = [columns.join("\n"), NOTES.join("\n")].join("\n");
        assert_eq!(texts(&page), [LEFT.as_slice(), &RIGHT, &NOTES].concat());
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
