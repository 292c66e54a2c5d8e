//! Labels that a converter put below their notes: a raised number stands a little higher than its
//! line, and where a note has several lines some converters take it for the end of the block.
//!
//! ```text
//! Ada Lind, “Tolls”, in The Ledger, 3 May 2021,
//! https://ledger.example/tolls.
//! 4
//!
//! 5
//!
//! Ibid.
//! ```

use std::ops::Range;

use super::callout::{self, Call};
use super::edge::{ends_sentence, is_particle};
use super::line::{FEW_LINES, Line};
use super::marker::{self, Kind};
use super::pairs::Pairs;
use super::{foot, sequence, stack};
use crate::{date, parallel};

/// Fewer labels below a text are page numbers.
const FEWEST: usize = 2;
/// A longer block is no note.
const LONGEST: usize = 30;
/// No page has fewer lines.
const SHORTEST_PAGE: usize = 12;
/// What the rest of a note scores as the beginning of one.
const REST: f32 = -1.0;
/// Lines within which a callout stands before its note: two pages.
const NEAR: usize = 250;

/// A label and the lines of its note above it.
struct Below {
    label: usize,
    note: Range<usize>,
    /// Where the rest of the note before it begins, if that stands above it.
    rest: Option<usize>,
}

/// Puts labels that stand below their notes before them.
pub(super) fn lift<'t>(mut lines: Vec<Line<'t>>, pairs: &Pairs<'t>) -> Vec<Line<'t>> {
    let found = find(&lines, pairs);
    if found.len() >= FEWEST {
        for Below { label, note, rest } in found {
            if let Some(rest) = rest {
                lines[rest].gap = true;
            }
            move_up(&mut lines, label, note.start);
        }
        for label in 0..lines.len() {
            if let Some(text) = lost(&lines, label) {
                move_up(&mut lines, label, text);
            }
        }
    }
    // Hardly any text has a label that may have strayed.
    let mut labels_of_lines = None;
    for label in 0..lines.len() {
        let Some(number) = may_have_strayed(&lines, label) else { continue };
        let labels = labels_of_lines.get_or_insert_with(|| labels(&lines));
        if let Some(text) = strayed(&lines, labels, label, number) {
            move_up(&mut lines, label, text);
            labels[text..=label].rotate_right(1);
        }
    }
    lines
}

/// The numbers of the labels that lines may begin with.
fn labels(lines: &[Line]) -> Vec<Option<u32>> {
    let mut labels = vec![None; lines.len()];
    marker::candidates(lines).iter().for_each(|label| labels[label.line] = Some(label.number));
    labels
}

fn move_up(lines: &mut [Line], label: usize, text: usize) {
    if let Some(below) = lines.get_mut(label + 1) {
        below.gap = true;
    }
    lines[text..=label].rotate_right(1);
    let [lifted, first, ..] = &mut lines[text..] else { return };
    lifted.number = first.number;
    (lifted.gap, lifted.page_break) = (true, first.page_break);
    (first.gap, first.page_break) = (false, false);
}

/// The number of a line that is a bare number.
fn alone(line: &Line) -> Option<u32> {
    marker::alone(line.text).filter(|(_, _, kind)| *kind == Kind::Alone).map(|(_, number, _)| number)
}

fn find(lines: &[Line], pairs: &Pairs) -> Vec<Below> {
    let labels: Vec<(usize, u32)> = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|at| Some((at, alone(&lines[at])?))).collect()
    });
    let hangs = |at: usize| !lines[at].gap && lines.get(at + 1).is_none_or(|next| next.gap);
    if labels.iter().filter(|(at, _)| hangs(*at)).count() < FEWEST {
        return Vec::new();
    }
    // Below a heading they stand before their notes, whatever the converter made of the gaps.
    let listed = |at: usize| at > 0 && sequence::is_notes_heading(lines[at - 1].text);
    let labels_end = labels.iter().position(|(at, _)| listed(*at)).unwrap_or(labels.len());
    let labels = &labels[..labels_end];
    let calls = callout::candidates(lines);
    let pages = foot::PageNumbers::of(lines);
    let mut below = Vec::new();
    for (nth, (at, number)) in labels.iter().copied().enumerate().filter(|(_, (at, _))| hangs(*at)) {
        let above = at.saturating_sub(LONGEST)..at;
        let block = above.clone().rev().find(|line| lines[*line].gap);
        let torn = nth.checked_sub(1).map(|nth| labels[nth]);
        let torn = torn.filter(|(at, before)| before + 1 == number && hangs(*at));
        let torn = torn.and_then(|(at, _)| at.checked_sub(1)).filter(|last| !lines[*last].edges().ended);
        let (start, rest) = start(lines, block.unwrap_or(above.start)..at, number, &calls, torn, pairs);
        // A longer block is body text that calls the note, and the note.
        let stacked = lines.get(at + 1).is_some_and(|next| alone(next).is_some());
        let long =
            (start > above.start && !stacked && !pages.count(&lines[at], number)).then_some(above.start);
        let Some(block) = block.or(long) else { continue };
        // A note that has its own label wants none, nor does one below a label that stands apart.
        let labelled = marker::is_candidate(lines, start)
            || block
                .checked_sub(1)
                .filter(|above| lines[*above].gap)
                .is_some_and(|above| alone(&lines[above]).is_some());
        let before = nth.checked_sub(1).map(|nth| labels[nth].1);
        let after = labels.get(nth + 1).map(|label| label.1);
        // Behind the label of the number before, a page number would be a rare chance.
        let in_order = match before {
            Some(before) if before + 1 == number => 2,
            _ => u8::from(number == 1) + u8::from(after == Some(number + 1)),
        };
        if start > block && is_free(lines, at + 1) {
            continue;
        }
        let from = calls.partition_point(|call| call.line + NEAR < start);
        let called =
            calls[from..].iter().take_while(|call| call.line < start).any(|call| call.number == number);
        let opens = marker::opening(lines[start].text).is_some_and(|score| score > REST);
        if !labelled && in_order + u8::from(called) >= 2 && opens {
            below.push(Below { label: at, note: start..at, rest });
        }
    }
    // Labels in a row, each with its text behind it, hang just as well; then a text follows the last.
    let rows = below.chunk_by(|a, b| a.label + 1 == b.note.start).filter(|row| row.len() > 1);
    let (before, behind): (Vec<_>, Vec<_>) =
        rows.partition(|row| row.last().is_some_and(|last| is_free(lines, last.label + 1)));
    if before.len() > behind.len() {
        return Vec::new();
    }
    // Page numbers count too, but a page's length from each other.
    let near = |pair: &[Below]| pair[1].label - pair[0].label <= SHORTEST_PAGE;
    let together = below.windows(2).filter(|pair| near(pair)).count();
    if together * 4 >= below.len() { below } else { Vec::new() }
}

/// The block that begins here has no label of its own, before it or below.
fn is_free(lines: &[Line], start: usize) -> bool {
    let Some(first) = lines.get(start) else { return false };
    let end = (start + 1..lines.len()).find(|line| lines[*line].gap).unwrap_or(lines.len());
    !first.page_break && alone(&lines[end - 1]).is_none() && !marker::is_candidate(lines, start)
}

/// Where in a block of lines, all of them above a label, the note begins: behind body text that no
/// blank line sets apart. That calls this note and the next ones. And where the rest of the note before it
/// does, if that is torn behind the line `torn` and goes on above it.
fn start(
    lines: &[Line],
    block: Range<usize>,
    number: u32,
    calls: &[Call],
    torn: Option<usize>,
    pairs: &Pairs,
) -> (usize, Option<usize>) {
    const NEXT: u32 = 15;
    const GLUED: f32 = 0.5;
    let of_block = &calls[calls.partition_point(|call| call.line < block.start)..];
    let of_block = of_block.iter().take_while(|call| call.line < block.end);
    // Some converters leave a space before a raised number; behind a full stop it is no date's.
    let apart =
        |call: &Call| call.number - number < 5 && ends_sentence(lines[call.line].text[..call.at].trim_end());
    let marks =
        |call: &&Call| (number..number + NEXT).contains(&call.number) && (call.score >= GLUED || apart(call));
    let last = of_block.filter(marks).last();
    let from = last.map_or(block.start, |call| call.line + 1);
    let behind_label = block.start.checked_sub(1).is_some_and(|above| alone(&lines[above]).is_some());
    if torn.is_none() && from == block.start && (behind_label || block.len() <= 3) {
        return (block.start, None);
    }
    let resumed = resumed(lines, block.end + 1);
    let joint = |before: usize, line: usize| pairs.joint(&lines[before], &lines[line]);
    let resumes = |line: usize| resumed.map_or(0.0, |resumed| joint(line - 1, resumed));
    const APART: f32 = 1.5;
    let opens = |line: usize, cited: usize| {
        const CITED: f32 = 1.5;
        const GOES_ON: f32 = -4.0;
        const TAIL: f32 = 2.0;
        let text = lines[line].text;
        // An address alone, or a small letter, rather goes on.
        let rest = text.starts_with(char::is_lowercase) || text.starts_with('<');
        let opens = if rest { GOES_ON } else { marker::opening(text).unwrap_or(GOES_ON) };
        if line == block.start {
            return opens;
        }
        let end = lines[line - 1].edges();
        let tail = if !end.ended && is_tail(text) { TAIL } else { 0.0 };
        opens - joint(line - 1, line) - cited as f32 * CITED - tail
    };
    let cites: Vec<usize> = (from..block.end)
        .scan(0, |cited, line| {
            let before = *cited;
            *cited += usize::from(marker::cites(lines[line].text));
            Some(before)
        })
        .collect();
    let cited = |line: usize| cites[line - from];
    // Behind the notes, the body goes on where they interrupted it.
    let whole =
        |line: usize| opens(line, cited(line)) + if line == block.start { APART } else { resumes(line) };
    let mut best: Option<(f32, usize, Option<usize>)> = None;
    let mut offer = |score: f32, line: usize, rest: Option<usize>| {
        if best.is_none_or(|(most, ..)| score >= most) {
            best = Some((score, line, rest));
        }
    };
    (from..block.end).rev().for_each(|line| offer(whole(line), line, None));
    if let Some(torn) = torn {
        const RATHER: f32 = 2.0;
        const FINISHED: f32 = 1.5;
        const UNFINISHED: f32 = -3.0;
        // The best place for the rest to begin, as it stands above each line.
        let mut top: Option<(f32, usize)> = None;
        for line in from..block.end {
            if let Some((score, rest)) = top {
                let end = if lines[line - 1].edges().ended { FINISHED } else { UNFINISHED };
                offer(RATHER + score + end + opens(line, cited(line) - cited(rest)), line, Some(rest));
            }
            let begins = if line == block.start { APART } else { resumes(line) - joint(line - 1, line) };
            let score = begins + joint(torn, line);
            if top.is_none_or(|(most, _)| score > most) {
                top = Some((score, line));
            }
        }
    }
    best.map_or((block.start, None), |(_, line, rest)| (line, rest))
}

/// The rest of a citation: a container and its date, or what closes a bracket that it does not open.
fn is_tail(text: &str) -> bool {
    const MOST_WORDS: usize = 5;
    if text.find(')').is_some_and(|closed| !text[..closed].contains('(')) {
        return true;
    }
    let Some(dated) = date::find(text).into_iter().next() else { return false };
    let container = text[..dated.range.start].trim_end_matches([' ', ',', '(']);
    let is_name = |word: &str| word.starts_with(char::is_uppercase) || is_particle(word);
    !container.contains(['“', '‘', '«', '„', '.', ';', ':'])
        && container.split_whitespace().count() <= MOST_WORDS
        && container.split_whitespace().all(is_name)
}

/// Where the body goes on behind the notes, each of which has its label below: from the line `after` on.
fn resumed(lines: &[Line], after: usize) -> Option<usize> {
    const NOTES: usize = 20;
    let mut start = after;
    for _ in 0..NOTES {
        let first = lines.get(start)?;
        let end = (start + 1..lines.len()).find(|line| lines[*line].gap).unwrap_or(lines.len());
        if alone(first).is_none() && alone(&lines[end - 1]).is_none() {
            return Some(start);
        }
        start = end;
    }
    None
}

/// The text of a label that has none below it and is not hung on one: the block behind the note of the
/// number before.
fn lost(lines: &[Line], label: usize) -> Option<usize> {
    const FAR: usize = 80;
    let number = alone(&lines[label]).filter(|number| *number > 1)?;
    let bare = lines.get(label + 1).is_none_or(|next| next.page_break || alone(next).is_some());
    if !bare || !lines[label].gap {
        return None;
    }
    let near = label.saturating_sub(FAR)..label;
    let before = near.rev().find(|line| alone(&lines[*line]) == Some(number - 1))?;
    let free = |text: &usize| {
        let labelled = alone(&lines[text - 1]).is_some() || marker::is_candidate(lines, *text);
        lines[*text].gap && !labelled && marker::opening(lines[*text].text).is_some()
    };
    (before + 2..label).find(free)
}

/// The number of a label that has no text below it.
fn may_have_strayed(lines: &[Line], label: usize) -> Option<u32> {
    if lines.get(label + 1).is_none_or(|next| next.gap) { alone(&lines[label]) } else { None }
}

/// The text of a label that came last on its page: a line that opens a note between the labels of the
/// numbers before and after it, where no other has its number.
fn strayed(lines: &[Line], labels: &[Option<u32>], label: usize, number: u32) -> Option<usize> {
    const FAR: usize = 120;
    const EVIDENT: f32 = 2.0;
    let page =
        (label.saturating_sub(FAR)..=label).rev().find(|line| lines[*line].page_break).unwrap_or_default();
    let of = |number: u32| (page..label).filter(move |line| labels[*line] == Some(number));
    // The page before has a label of that number: this is the number of the page.
    let is_label = |line: usize| alone(&lines[line]) == Some(number) && !foot::is_edge(lines, line);
    if (page.saturating_sub(FAR)..page).any(is_label) {
        return None;
    }
    let after = of(number + 1).next_back()?;
    if number == 1 {
        // The first of a list stands below its heading, or first on its page.
        alone(&lines[after])?;
        let heading = (page..after).rev().find(|line| sequence::is_notes_heading(lines[*line].text));
        let text = heading.map_or(page, |heading| heading + 1);
        let free = (text..after).all(|line| labels[line] != Some(1) && alone(&lines[line]) != Some(1));
        return (free && marker::opening(lines[text].text)? >= 0.0).then_some(text);
    }
    let before = of(number.checked_sub(1)?).take_while(|line| *line < after).last()?;
    if of(number).any(|line| (before..after).contains(&line)) {
        return None;
    }
    // A label alone has its text on the next line.
    let from = before + 1 + usize::from(alone(&lines[before]).is_some());
    let opens = |line: usize| (line, stack::boundary(&lines[line - 1], &lines[line], None));
    let best = (from..after).map(opens).max_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, score)| *score >= EVIDENT).map(|(line, _)| line)
}
