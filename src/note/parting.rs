//! Where the rows of a page in two columns are parted.
//!
//! A row holds a line of each column, a line of one, or a text that runs across both. Where the gutter
//! is a wide gap, that tells. Where it is a space or nothing, as where type of two sizes shares one grid
//! of characters, the ways to read every row are weighed together, and the best for the page is taken:
//! what counts is the gap, where the right parts nearby start, the width of the lines in the letters'
//! own measure, and how well each line goes on from the one before it in its own column.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::columns::{GAP, HANGING, LABEL, MOVED, NARROWEST, STRAY, Segment};
use super::edge::{Edges, ends_sentence, shows_address};
use super::line::Row;
use super::marker;

/// One row of a page in two columns: the bytes of its text on each side, and whether a text runs
/// across the gutter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Halves {
    pub(super) left: Option<Range<usize>>,
    pub(super) right: Option<Range<usize>>,
    pub(super) crosses: bool,
}

/// The rows of a page parted, and what speaks for that.
pub(super) struct Parted {
    pub(super) halves: Vec<Halves>,
    /// How much better this is than to read all rows across.
    pub(super) gain: f32,
}

/// Between a text in columns and one across the page.
const SWITCH: f32 = -3.0;
/// The same at a blank row.
const SWITCH_AT_BLANK: f32 = -1.5;
/// How much the flow of the text weighs, and what is usual.
const FLOW: f32 = 0.8;
const USUAL_JOINT: f32 = 1.2;
/// From this joint on, a line goes on for sure.
const GOES_ON: f32 = 2.0;
/// A word that is broken inside a line.
const BROKEN_WORD: f32 = 1.5;
/// The misfit of a line where no full ones are known.
const UNKNOWN: f32 = 1.5;
/// The flow over a blank row.
const OVER_BLANK: f32 = 0.3;

/// A way to read a row.
struct Way<'t> {
    halves: Halves,
    /// What speaks for it in the row itself.
    own: f32,
    text: &'t str,
    left: OnceCell<Part>,
    right: OnceCell<Part>,
}

/// What matters of a line in its column.
struct Part {
    edges: Edges,
    /// It begins with a label.
    label: bool,
    /// It is nothing but a label.
    bare: bool,
}

impl Part {
    fn of(text: &str) -> Self {
        let text = text.trim();
        let bare = text.len() <= LABEL && marker::alone(text).is_some();
        let label = bare || marker::at_start(text).is_some() && !text.ends_with(',');
        Part { edges: Edges::of(text), label, bare }
    }

    fn joint(&self, next: &Part) -> f32 {
        let joint = self.edges.joint(&next.edges);
        // What follows a bare label may be anything; a number may stand at the end of a sentence too.
        let joint = match (self.bare, next.label) {
            (true, _) => USUAL_JOINT,
            (_, true) if joint < GOES_ON => {
                if self.edges.ended {
                    1.5
                } else {
                    -1.5
                }
            }
            _ => joint,
        };
        (joint - USUAL_JOINT) * FLOW
    }
}

impl<'t> Way<'t> {
    fn new(row: &Row<'t>, halves: Halves, own: f32) -> Self {
        let parts = [&halves.left, &halves.right].into_iter().flatten();
        let broken: usize = parts.map(|part| broken_words(&row.text[part.clone()])).sum();
        let own = own - BROKEN_WORD * broken as f32;
        Way { halves, own, text: row.text, left: OnceCell::new(), right: OnceCell::new() }
    }

    fn left(&self) -> Option<&Part> {
        let range = self.halves.left.clone()?;
        Some(self.left.get_or_init(|| Part::of(&self.text[range])))
    }

    fn right(&self) -> Option<&Part> {
        let range = self.halves.right.clone()?;
        Some(self.right.get_or_init(|| Part::of(&self.text[range])))
    }

    fn is_label(&self) -> bool {
        let Halves { left, right, .. } = &self.halves;
        let ((Some(range), None) | (None, Some(range))) = (left, right) else { return false };
        range.len() <= LABEL && marker::alone(self.text[range.clone()].trim()).is_some()
    }
}

/// The best reading of a page up to a row that is read in some way.
#[derive(Clone, Copy)]
struct Cell {
    score: f32,
    /// The way of the row before.
    from: usize,
    /// The row and the way of the last line on each side.
    left: Option<(usize, usize)>,
    right: Option<(usize, usize)>,
}

/// To read a row across that is parted for sure.
const PARTED_FOR_SURE: f32 = -3.0;

fn entered(way: &Way, own: (usize, usize), score: f32, from: usize) -> Cell {
    let side = |there: bool| there.then_some(own);
    let Halves { left, right, .. } = &way.halves;
    Cell { score: score + way.own, from, left: side(left.is_some()), right: side(right.is_some()) }
}

/// The row `at` read in one way behind the row before it in another.
fn step(
    ways: &[Vec<Way>],
    (at, way): (usize, usize),
    (from, before): (usize, &Cell),
    blank: bool,
    sure: bool,
) -> Cell {
    let (way_before, own) = (&ways[at - 1][from], &ways[at][way]);
    if way_before.halves.crosses != own.halves.crosses {
        let switch = if blank { SWITCH_AT_BLANK } else { SWITCH };
        let label = if way_before.is_label() && own.halves.crosses { SWITCH } else { 0.0 };
        return entered(own, (at, way), before.score + switch + label, from);
    }
    let mut cell = entered(own, (at, way), before.score, from);
    if !sure {
        let weight = |(row, _): (usize, usize)| if blank || row + 4 < at { OVER_BLANK } else { 1.0 };
        if let (Some(last), Some(part)) = (before.left, own.left())
            && let Some(before) = ways[last.0][last.1].left()
        {
            cell.score += before.joint(part) * weight(last);
        }
        if let (Some(last), Some(part)) = (before.right, own.right())
            && let Some(before) = ways[last.0][last.1].right()
        {
            cell.score += before.joint(part) * weight(last);
        }
    }
    cell.left = cell.left.or(before.left);
    cell.right = cell.right.or(before.right);
    cell
}

/// How wide the full lines of a column are.
#[derive(Debug, Clone, Copy)]
struct Full {
    usual: f32,
    widest: f32,
}

impl Full {
    fn of(mut widths: Vec<f32>) -> Option<Self> {
        const FEWEST: usize = 3;
        widths.sort_unstable_by(f32::total_cmp);
        let widest = *widths.last()?;
        (widths.len() >= FEWEST).then(|| Full { usual: widths[(widths.len() - 1) * 4 / 5], widest })
    }
}

/// The full lines of the left column and of the right.
type FullLines = [Vec<Full>; 2];

/// A line that a row may have on one side.
struct LineAt {
    nth: usize,
    side: usize,
    width: f32,
}

/// What is known of a page before its rows are read.
pub(super) struct Page<'t> {
    rows: Vec<Row<'t>>,
    segmented: Vec<Vec<Segment>>,
    usual: Starts,
    /// Where most of the rows near each row have their right parts.
    near: Vec<usize>,
    /// The widths of lines that show where they end, row by row, on the left and on the right.
    widths: [Vec<Option<f32>>; 2],
    /// How often each word stands on the page.
    words: OnceLock<HashMap<&'t str, usize>>,
}

impl<'t> Page<'t> {
    /// `gutter` is where most right parts start.
    pub(super) fn of(rows: Vec<Row<'t>>, segmented: Vec<Vec<Segment>>, gutter: usize) -> Self {
        let usual = Starts::of(&segmented, gutter);
        let near = (0..rows.len()).map(|nth| usual.near(nth).unwrap_or(gutter)).collect();
        let (widths, words) = Default::default();
        let mut page = Page { rows, segmented, usual, near, widths, words };
        let known: Vec<[Option<f32>; 2]> = (0..page.rows.len()).map(|nth| page.known_widths(nth)).collect();
        page.widths = [0, 1].map(|side| known.iter().map(|widths| widths[side]).collect());
        page
    }

    pub(super) fn rows(&self) -> &[Row<'t>] {
        &self.rows
    }

    /// Parts the rows, `before` being the page before.
    pub(super) fn part(&self, before: Option<&Page>) -> Parted {
        let before =
            before.map_or_else(FullLines::default, |before| [0, 1].map(|side| before.full_lines(side)));
        let filled: Vec<usize> =
            (0..self.rows.len()).filter(|nth| !self.segmented[*nth].is_empty()).collect();
        let ways: Vec<Vec<Way>> = filled.iter().map(|nth| self.ways(*nth, &before)).collect();
        let mut cells: Vec<Vec<Cell>> = Vec::with_capacity(filled.len());
        // All rows across.
        let mut across = 0.0;
        let mut across_before: Option<&Way> = None;
        for at in 0..filled.len() {
            let blank = at > 0 && filled[at] - filled[at - 1] > 1;
            let before = at.checked_sub(1).map(|before| (&ways[before], &cells[before]));
            let of_row = (0..ways[at].len()).map(|way| {
                let Some((ways_before, cells_before)) = before else {
                    return entered(&ways[at][way], (at, way), 0.0, 0);
                };
                let sure = ways[at].len() == 1 && ways_before.len() == 1;
                let options = (0..ways_before.len())
                    .map(|from| step(&ways, (at, way), (from, &cells_before[from]), blank, sure));
                options
                    .max_by(|a, b| a.score.total_cmp(&b.score))
                    .unwrap_or_else(|| entered(&ways[at][way], (at, way), 0.0, 0))
            });
            let of_row: Vec<Cell> = of_row.collect();
            cells.push(of_row);
            let whole = ways[at].iter().find(|way| way.halves.crosses);
            across += whole.map_or(PARTED_FOR_SURE, |way| way.own);
            if let (Some(before), Some(part)) = (across_before.and_then(Way::left), whole.and_then(Way::left))
            {
                across += before.joint(part) * if blank { OVER_BLANK } else { 1.0 };
            }
            across_before = whole;
        }
        let mut halves = vec![Halves::default(); self.rows.len()];
        let best = |cells: &Vec<Cell>| {
            (0..cells.len()).max_by(|a, b| cells[*a].score.total_cmp(&cells[*b].score)).unwrap_or(0)
        };
        let Some(last) = cells.last() else {
            return Parted { halves, gain: 0.0 };
        };
        let mut way = best(last);
        let gain = last[way].score - across;
        for at in (0..filled.len()).rev() {
            halves[filled[at]] = ways[at][way].halves.clone();
            way = cells[at][way].from;
        }
        Parted { halves, gain }
    }

    /// The widths of a row's lines where a gap or the margin parts them.
    fn known_widths(&self, nth: usize) -> [Option<f32>; 2] {
        let segments = &self.segmented[nth];
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return [None; 2] };
        let near = self.near[nth];
        let wide = |from: usize, to: usize| Some(width(&self.rows[nth].text[from..to]));
        let right = (1..segments.len()).find(|at| {
            segments[*at].chars.start.abs_diff(near) <= STRAY
                && self.usual.right_start(nth, segments, *at) > 0
        });
        match right {
            Some(at) => [
                wide(first.bytes.start, segments[at - 1].bytes.end),
                wide(segments[at].bytes.start, last.bytes.end),
            ],
            None if first.chars.start + STRAY >= near => [None, wide(first.bytes.start, last.bytes.end)],
            None => [None, None],
        }
    }

    /// What speaks against a line of this width on its side, where full lines are known: it is wider,
    /// or narrower although it ends no paragraph.
    fn misfit(&self, line: &LineAt, may_be_short: bool, before: &FullLines) -> Option<f32> {
        const LINES: usize = 8;
        const ROWS: usize = 40;
        const FITS: f32 = 0.05;
        const STEP: f32 = 0.06;
        const MOST: f32 = 4.0;
        let LineAt { nth, side, width } = *line;
        let widths = &self.widths[side];
        // The type may change at this row; a page with few lines is set like the one before.
        let above = widths[nth.saturating_sub(ROWS)..nth].iter().rev().flatten().take(LINES);
        let below = widths[nth + 1..].iter().take(ROWS).flatten().take(LINES);
        let mut full: Vec<Full> =
            [above.copied().collect(), below.copied().collect()].into_iter().filter_map(Full::of).collect();
        if full.len() < 2 {
            full.extend(&before[side]);
        }
        let far = |full: &Full| {
            let over = width / full.widest - 1.0;
            let under = if may_be_short { 0.0 } else { 1.0 - width / full.usual };
            over.max(under)
        };
        let far = full.iter().map(far).min_by(f32::total_cmp)?;
        let steps = (far - FITS).max(0.0) / STEP;
        Some((steps * steps).min(MOST))
    }

    /// The full lines at the top and at the foot of the page.
    fn full_lines(&self, side: usize) -> Vec<Full> {
        const LINES: usize = 12;
        let widths: Vec<f32> = self.widths[side].iter().flatten().copied().collect();
        let top = widths.iter().take(LINES).copied().collect();
        let foot = widths.iter().rev().take(LINES).copied().collect();
        [top, foot].into_iter().filter_map(Full::of).collect()
    }

    /// How often a word stands on the page.
    fn count(&self, word: &str) -> usize {
        let words = self.words.get_or_init(|| {
            let mut words: HashMap<&'t str, usize> = HashMap::new();
            for word in self.rows.iter().flat_map(|row| row.text.split(|c: char| !c.is_alphanumeric())) {
                *words.entry(word).or_default() += 1;
            }
            words
        });
        words.get(word).copied().unwrap_or_default()
    }

    /// The ways to read a row that is not blank.
    fn ways(&self, nth: usize, before: &FullLines) -> Vec<Way<'t>> {
        let row = &self.rows[nth];
        let segments = &self.segmented[nth];
        let (first, last) = (&segments[0], &segments[segments.len() - 1]);
        let near = self.near[nth];
        let all = first.bytes.start..last.bytes.end;
        let across = Halves { left: Some(all.clone()), right: None, crosses: true };
        let hangs = first.chars.start + HANGING >= near && marker::at_start(&row.text[all.clone()]).is_some();
        if first.chars.start + STRAY >= near || hangs {
            let right = Halves { left: None, right: Some(all), crosses: false };
            return vec![Way::new(row, right, 1.0), Way::new(row, across, -1.0)];
        }
        let mut ways: Vec<Way> = Vec::new();
        let mut gap_before_right = 0;
        for at in 0..segments.len() {
            let start = segments[at].chars.start;
            let apart = at > 0 && start - segments[at - 1].chars.end > GAP;
            let indented = apart && (near..=near + HANGING).contains(&start);
            let votes = self.usual.right_start(nth, segments, at).max(usize::from(indented));
            if votes == 0 {
                continue;
            }
            if at == 0 {
                let right = Halves { left: None, right: Some(all.clone()), crosses: false };
                ways.push(Way::new(row, right, 0.5));
                continue;
            }
            // A label hangs before the text that most rows start with.
            let label = segments[..at].last().filter(|label| {
                let text = &row.text[label.bytes.clone()];
                label.chars.len() <= LABEL
                    && label.chars.start > NARROWEST
                    && (start - label.chars.start <= HANGING
                        || label.chars.start + STRAY >= near && marker::alone(text).is_some())
            });
            let starts = label.unwrap_or(&segments[at]);
            let gap = segments[..at]
                .iter()
                .rfind(|before| before.chars.start < starts.chars.start)
                .map_or(0, |before| starts.chars.start - before.chars.end);
            let grid = match start.abs_diff(near) {
                0 | 1 => 1.5,
                2 => 0.5,
                _ if indented => 0.5,
                _ if votes >= 3 => 0.5,
                _ => -0.5,
            };
            let wide = match gap {
                0..=1 => 0.0,
                2 => 1.0,
                _ => 2.0,
            };
            gap_before_right = gap_before_right.max(gap);
            let left = row.text[all.start..starts.bytes.start].trim_end();
            let left = (!left.trim().is_empty()).then(|| all.start..all.start + left.len());
            let right = width(&row.text[starts.bytes.start..all.end]);
            let misfit = if gap > GAP {
                0.0
            } else {
                self.misfit(&LineAt { nth, side: 1, width: right }, true, before).unwrap_or(0.0)
            };
            let own = wide + grid - misfit;
            let halves = Halves { left, right: Some(starts.bytes.start..all.end), crosses: false };
            ways.push(Way::new(row, halves, own));
        }
        if gap_before_right > 2 {
            return ways;
        }
        let has_left = first.chars.start + NARROWEST <= near;
        if has_left {
            ways.extend(self.narrow(nth, near, before));
        }
        // An address that cannot be broken runs over the end of its line.
        let text = &row.text[all.clone()];
        let last_word = text.rfind(' ').map_or(0, |at| at + 1);
        let breakable = if is_piece(&text[last_word..]) { text[..last_word].trim_end() } else { text };
        let over =
            self.misfit(&LineAt { nth, side: 0, width: width(breakable) }, true, before).unwrap_or(UNKNOWN);
        if last.chars.end <= near + STRAY || has_left && over <= 1.0 && segments.len() == 1 {
            let beyond = if last.chars.end <= near + STRAY { 0.0 } else { over + 0.3 };
            let left = Halves { left: Some(all.clone()), right: None, crosses: false };
            ways.push(Way::new(row, left, -beyond));
        }
        ways.push(Way::new(row, across, self.across(nth, near, gap_before_right)));
        ways
    }

    /// What a row itself says for a text that runs across the gutter.
    fn across(&self, nth: usize, near: usize, gap: usize) -> f32 {
        let text = self.rows[nth].text;
        let mut around = text.chars().skip(near.saturating_sub(1));
        let runs = match (around.next(), around.next()) {
            (Some(' '), Some(_)) => -1.0,
            (Some(_), Some(c)) if c != ' ' => 1.0,
            _ => 0.0,
        };
        runs - if gap > 1 { 1.0 } else { 0.0 }
    }

    /// The ways to part a row whose columns are a space apart, or less.
    fn narrow(&self, nth: usize, near: usize, full_before: &FullLines) -> Vec<Way<'t>> {
        const MOST: usize = 5;
        const WORST: f32 = -4.0;
        let row = &self.rows[nth];
        let segments = &self.segmented[nth];
        let all = segments[0].bytes.start..segments[segments.len() - 1].bytes.end;
        let whole = width(&row.text[all.clone()]);
        let reach = (near / MOVED).max(HANGING);
        let mut left_width = 0.0;
        let mut before = ' ';
        let mut ways = Vec::new();
        for (nth_char, (byte, c)) in row.text.char_indices().enumerate() {
            if byte >= all.end {
                break;
            }
            let at_word =
                before == ' ' && c != ' ' && nth_char + reach >= near && nth_char <= near + reach * 2;
            let inside = before != ' ' && c != ' ' && nth_char == near;
            if byte > all.start && (at_word || inside) {
                let grid = match nth_char.abs_diff(near) {
                    0 => 1.0,
                    1 => 0.5,
                    2 => 0.25,
                    far if far <= HANGING => -0.25,
                    _ => -0.75,
                };
                let space = if at_word { 0.0 } else { self.inside(row.text, byte) };
                let left_width = if at_word { left_width - of_char(' ') } else { left_width };
                let fits = |side: usize, width: f32, text: &str| {
                    let ended = ends_sentence(text.trim_end());
                    -self.misfit(&LineAt { nth, side, width }, ended, full_before).unwrap_or(UNKNOWN)
                };
                let own = grid
                    + space
                    + fits(0, left_width, &row.text[all.start..byte])
                    + fits(1, whole - left_width, &row.text[byte..all.end]);
                if own > WORST {
                    let left = row.text[all.start..byte].trim_end();
                    let halves = Halves {
                        left: Some(all.start..all.start + left.len()),
                        right: Some(byte..all.end),
                        crosses: false,
                    };
                    ways.push(Way::new(row, halves, own));
                }
            }
            if byte >= all.start && !(c == ' ' && before == ' ') {
                left_width += of_char(c);
            }
            before = c;
        }
        ways.sort_by(|a, b| b.own.total_cmp(&a.own));
        ways.truncate(MOST);
        ways
    }

    /// What speaks for two lines that meet inside what looks like one word.
    fn inside(&self, text: &str, at: usize) -> f32 {
        let from = text[..at].rfind(' ').map_or(0, |space| space + 1);
        if is_piece(text[from..].split(' ').next().unwrap_or_default()) {
            return -4.0;
        }
        if text[..at].ends_with('-') {
            return -0.5;
        }
        let begin = text[..at]
            .rfind(|c: char| !c.is_alphanumeric())
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let end = text[at..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |len| at + len);
        let word = self.count(&text[begin..end]) > 1;
        let parts =
            usize::from(self.count(&text[begin..at]) > 0) + usize::from(self.count(&text[at..end]) > 0);
        match (word, parts) {
            (true, _) => -4.0,
            (false, 0) => -3.0,
            (false, _) => -1.0,
        }
    }
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

/// How many words are broken inside a text.
fn broken_words(text: &str) -> usize {
    let is_broken = |at: usize| {
        let behind = text[at + 1..].trim_start();
        text[..at].ends_with(char::is_alphabetic) && behind.len() < text.len() - at - 1 && !behind.is_empty()
    };
    text.match_indices("- ").filter(|(at, _)| is_broken(*at)).count()
}

/// A word that is an address or a piece of one.
fn is_piece(word: &str) -> bool {
    shows_address(word) || word.matches(['/', '-', '_']).count() > 1
}

/// About how wide a text is set, a digit being one.
fn width(text: &str) -> f32 {
    let mut before = 'x';
    let of = |c: char| {
        let repeated = c == ' ' && before == ' ';
        before = c;
        if repeated { 0.0 } else { of_char(c) }
    };
    text.chars().map(of).sum()
}

fn of_char(c: char) -> f32 {
    match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '!' | '\'' | '’' | '‘' | '|' | '/' => {
            0.58
        }
        ' ' | '(' | ')' | '[' | ']' | 'r' | 's' | '-' => 0.72,
        'm' | 'w' | 'M' | 'W' | '—' => 1.6,
        c if c.is_uppercase() => 1.38,
        _ => 1.0,
    }
}
