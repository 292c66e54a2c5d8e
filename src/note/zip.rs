//! Lines of two columns that a converter took by turns, as `pdftotext` does where the columns share their
//! base lines at the foot of a page.
//!
//! ```text
//! Ada Lind, “Tolls of the Harbour”,
//! council, whereas the strategic
//! in The Ledger, 3 May 2021.
//! harbour confirmed the treaty.
//! ```
//!
//! Every way to deal the lines out to two columns scores the sum of how well each line goes on from the
//! one before it in its own column; the columns are parted where that beats by far how well the lines go on
//! as they stand.

use std::collections::HashSet;

use super::edge::Edges;
use super::line::{FEW_PAGES, Line};
use super::{extent, marker};
use crate::parallel;

/// Fewer lines show nothing.
const FEWEST: usize = 8;
/// Rows that one column may have in a row, the other having none.
const LONGEST_RUN: usize = 8;
/// A row in the same column as the row before is rare.
const SAME_COLUMN: f32 = -1.0;
/// Most lines of prose go on from any other: what dealing out has to gain, in all and for each line.
const GAIN: f32 = 9.0;
const GAIN_OF_LINE: f32 = 0.3;
/// What speaks against columns that part inside a block of lines.
const INSIDE: f32 = 1.5;
/// A page has fewer lines.
const LONGEST_PAGE: usize = 400;
/// How long the lines of columns are, but for the longest quarter.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=75;

/// Puts the columns one after the other.
pub(super) fn part(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    if lines.iter().all(|line| line.page.is_none()) {
        return lines;
    }
    let pages: Vec<&[Line]> = lines.chunk_by(|_, next| !next.page_break).collect();
    let parted = parallel::map(pages.len(), FEW_PAGES, |number| part_page(pages[number]));
    if parted.iter().all(Option::is_none) {
        return lines;
    }
    pages.into_iter().zip(parted).flat_map(|(page, parted)| parted.unwrap_or_else(|| page.to_vec())).collect()
}

fn part_page<'t>(page: &[Line<'t>]) -> Option<Vec<Line<'t>>> {
    if page.len() < FEWEST || page.len() > LONGEST_PAGE || !may_end_in_columns(page) {
        return None;
    }
    let Dealt { start, .. } = deal(page)?;
    let page = without_swallowed(page.to_vec(), start);
    let Some(Dealt { start, columns }) = deal(&page) else { return Some(page) };
    let mut parted = page[..start].to_vec();
    for column in columns {
        for (nth, row) in column.into_iter().enumerate() {
            let mut line = page[row].clone();
            line.gap = nth == 0 || line.gap && marker::at_start(line.text).is_some();
            line.page_break &= row == 0;
            parted.push(line);
        }
    }
    Some(parted)
}

/// Some lines at the end of the page are as long as those of columns are: told before they are read.
fn may_end_in_columns(page: &[Line]) -> bool {
    let (mut short, mut fit) = (0, 0);
    page.iter().rev().enumerate().any(|(nth, line)| {
        short += usize::from(line.len < *LENGTHS.start());
        fit += usize::from(line.len <= *LENGTHS.end());
        let third_quarter = (nth + 1) * 3 / 4;
        nth + 1 >= FEWEST && short <= third_quarter && third_quarter < fit
    })
}

/// Where a line ended in a hyphen, some converters drop that and put the next line behind it, which is the
/// other column's here. Parts such lines again, from the line `start` on.
fn without_swallowed(page: Vec<Line<'_>>, start: usize) -> Vec<Line<'_>> {
    let mut lengths: Vec<usize> = page[start..].iter().map(|line| line.len).collect();
    lengths.sort_unstable();
    let width = extent::crowded(&lengths).unwrap_or(lengths[lengths.len() * 3 / 4]);
    let words: HashSet<String> = page
        .iter()
        .filter(|line| line.len <= width + 2)
        .flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.len() > 1)
        .map(str::to_lowercase)
        .collect();
    let mut parted = Vec::with_capacity(page.len());
    for (index, mut line) in page.into_iter().enumerate() {
        while index >= start
            && line.len > width + 2
            && let Some(at) = swallowed(line.text, width, &words)
        {
            let (before, mut behind) = line.cut(at);
            behind.gap = false;
            parted.push(before);
            line = behind;
        }
        parted.push(line);
    }
    parted
}

/// Where in a line another one begins that was put behind its last hyphen.
fn swallowed(text: &str, width: usize, words: &HashSet<String>) -> Option<usize> {
    const EVIDENT: u32 = 2;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let word = |range: std::ops::Range<usize>| -> String {
        chars[range].iter().map(|(_, c)| c.to_ascii_lowercase()).collect()
    };
    let is_word = |word: &str| u32::from(word.len() > 1 && words.contains(word));
    let least = width / 3;
    let scored = (least.max(1)..chars.len().min(width)).filter_map(|nth| {
        let (before, next) = (chars[nth - 1].1, chars[nth].1);
        if !before.is_alphanumeric() || !next.is_alphanumeric() {
            return None;
        }
        let from = (0..nth).rev().take_while(|at| chars[*at].1.is_alphanumeric()).last().unwrap_or(nth);
        let to = (nth..chars.len()).take_while(|at| chars[*at].1.is_alphanumeric()).last().unwrap_or(nth) + 1;
        let changes = before.is_lowercase() && next.is_uppercase()
            || before.is_alphabetic() != next.is_alphabetic() && !words.contains(&word(from..to))
            || text[chars[nth].0..].starts_with("http");
        let score = u32::from(changes) * 2 + is_word(&word(from..nth)) + is_word(&word(nth..to));
        Some((score, nth))
    });
    let (score, nth) = scored.max()?;
    (score >= EVIDENT).then(|| chars[nth].0)
}

/// The end of a page in two columns, in the order in which they are read.
struct Dealt {
    start: usize,
    columns: [Vec<usize>; 2],
}

/// A way to deal out the lines from some line on, that line being the last of its column.
#[derive(Debug, Clone, Copy)]
struct State {
    score: f32,
    /// The run of rows in this column before which the other column had its last; 0 where the columns part.
    from: usize,
}

/// What matters of the lines of a page.
struct Page<'p, 't> {
    lines: &'p [Line<'t>],
    edges: Vec<&'p Edges>,
    /// The labels that lines begin with.
    labels: Vec<Option<u32>>,
    /// They are nothing but labels.
    bare: Vec<bool>,
}

impl<'p, 't> Page<'p, 't> {
    fn of(lines: &'p [Line<'t>]) -> Self {
        let bare: Vec<Option<u32>> =
            lines.iter().map(|line| marker::alone(line.text).map(|(_, number, _)| number)).collect();
        let label = |line: &Line| marker::at_start(line.text).filter(|_| !line.text.ends_with(','));
        Page {
            lines,
            edges: lines.iter().map(Line::edges).collect(),
            labels: lines.iter().zip(&bare).map(|(line, bare)| label(line).or(*bare)).collect(),
            bare: bare.iter().map(Option::is_some).collect(),
        }
    }

    /// How well a line goes on from another in its column.
    fn joint(&self, before: usize, line: usize) -> f32 {
        if self.bare[before] {
            return marker::opening(self.lines[line].text).unwrap_or(-2.0).min(1.0);
        }
        if self.labels[line].is_some() {
            return if self.edges[before].ended { 1.0 } else { -2.0 };
        }
        self.edges[before].joint(self.edges[line])
    }
}

/// Deals out the lines at the end of a page, if that is what they want.
fn deal(lines: &[Line]) -> Option<Dealt> {
    let count = lines.len();
    let page = Page::of(lines);
    // straight[line]: the lines up to this one as they stand.
    let mut straight = vec![0.0; count];
    for line in 1..count {
        straight[line] = straight[line - 1] + page.joint(line - 1, line);
    }
    // best[line][run]: the lines up to this one dealt out, it being the last of a run of so many rows
    // in its column.
    let none = State { score: f32::NEG_INFINITY, from: 0 };
    let mut best = vec![[none; LONGEST_RUN + 1]; count];
    for line in 1..count {
        let inside = if lines[line - 1].gap { 0.0 } else { INSIDE };
        best[line][1] = State { score: straight[line - 1] - GAIN - inside, from: 0 };
        for run in 1..=LONGEST_RUN.min(line - 1) {
            let State { score, .. } = best[line - 1][run];
            if score == f32::NEG_INFINITY {
                continue;
            }
            // The other column's last row stands before the run.
            let turn = score + page.joint(line - 1 - run, line) - GAIN_OF_LINE;
            if turn > best[line][1].score {
                best[line][1] = State { score: turn, from: run };
            }
            if run < LONGEST_RUN {
                let same = if page.bare[line - 1] { 1.0 } else { SAME_COLUMN };
                let stay = score + page.joint(line - 1, line) + same - GAIN_OF_LINE;
                if stay > best[line][run + 1].score {
                    best[line][run + 1] = State { score: stay, from: run };
                }
            }
        }
    }
    let last = &best[count - 1];
    let mut run = (1..=LONGEST_RUN).max_by(|a, b| last[*a].score.total_cmp(&last[*b].score))?;
    if last[run].score <= straight[count - 1] {
        return None;
    }
    // Back to where the columns part.
    let mut columns: [Vec<usize>; 2] = Default::default();
    let (mut line, mut side, mut turns) = (count - 1, 0, 0);
    loop {
        columns[side].push(line);
        let State { from, .. } = best[line][run];
        if run == 1 {
            side = 1 - side;
            if from == 0 {
                columns[side].push(line - 1);
                break;
            }
            turns += 1;
            run = from;
        } else {
            run -= 1;
        }
        line -= 1;
    }
    let start = line - 1;
    if count - start < FEWEST || turns * 2 < count - start || !are_of_columns(&lines[start..]) {
        return None;
    }
    columns.iter_mut().for_each(|column| column.reverse());
    if page.is_second_first(start, &columns) {
        columns.swap(0, 1);
    }
    Some(Dealt { start, columns })
}

/// The lines are as long as those of columns are, and none holds both columns.
fn are_of_columns(lines: &[Line]) -> bool {
    let mut lengths: Vec<usize> = lines.iter().map(|line| line.len).collect();
    lengths.sort_unstable();
    let words = lines.iter().filter(|line| !line.text.contains(' ') && line.len < *LENGTHS.start()).count();
    let both = lines.iter().filter(|line| line.text.contains("  ")).count();
    LENGTHS.contains(&lengths[lengths.len() * 3 / 4]) && words * 4 <= lines.len() && both * 10 <= lines.len()
}

impl Page<'_, '_> {
    /// The second of the columns is read first, as its labels tell.
    fn is_second_first(&self, start: usize, columns: &[Vec<usize>; 2]) -> bool {
        let number = |column: &[usize]| column.iter().find_map(|line| self.labels[*line]);
        let above = (0..start).filter(|line| self.bare[*line]).filter_map(|line| self.labels[line]).max();
        let [a, b] = columns;
        match (number(a), number(b)) {
            (Some(a), Some(b)) if a != b => b < a,
            // The labels of the other column stand above.
            (Some(a), None) => above.is_some_and(|above| above + 1 == a),
            (None, Some(b)) => above.is_none_or(|above| above + 1 != b),
            _ => b.first() < a.first(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    const LEFT: [&str; 6] = [
        "1 Ada Lind, “Harbour Tolls and the Price",
        "of a Crossing”, in The Northern Ledger,",
        "3 May 2021, https://ledger.example/2021/",
        "harbour-tolls.",
        "2 Jo Roe, “Who Asked the Other Side?”, in",
        "Foreign Ports, Vol. 12, No. 3 (June 2021).",
    ];
    const RIGHT: [&str; 6] = [
        "3 “Minister: Tolls Are for Lindby”, in",
        "The Gazette, 12 June 2021, https://gaz",
        "ette.example/minister-tolls.",
        "4 Ada Lind, “A New Quay”, in The Northern",
        "Ledger, 20 June 2021, https://ledger.ex",
        "ample/2021/06/20/a-new-quay.",
    ];

    fn parted(lines: &[&str]) -> Vec<String> {
        let text = format!("The toll rose.\n\n{}\n\u{C}", lines.join("\n"));
        part(split(&text)).iter().skip(1).map(|line| line.text.to_owned()).collect()
    }

    #[test]
    fn columns_taken_by_turns_come_one_after_the_other() {
        let turns: Vec<&str> = LEFT.iter().zip(RIGHT).flat_map(|(left, right)| [*left, right]).collect();
        assert_eq!(parted(&turns), [LEFT, RIGHT].concat());
        let turns: Vec<&str> = LEFT.iter().zip(RIGHT).flat_map(|(left, right)| [right, *left]).collect();
        assert_eq!(parted(&turns), [LEFT, RIGHT].concat());
    }

    #[test]
    fn columns_one_after_the_other_stay() {
        let lines = [LEFT, RIGHT].concat();
        assert_eq!(parted(&lines), lines);
    }

    #[test]
    fn a_line_put_behind_a_hyphen_is_the_other_columns() {
        let words: HashSet<String> = ["tolls", "northern"].into_iter().map(str::to_owned).collect();
        let at = |text: &'static str, width| swallowed(text, width, &words).map(|at| text.split_at(at));
        assert_eq!(
            at("example/2021/harbour-tollsThe Northern Ledger", 28),
            Some(("example/2021/harbour-tolls", "The Northern Ledger"))
        );
        assert_eq!(at("example of a line that is nothing but long", 28), None);
    }
}
