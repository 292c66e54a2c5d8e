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

use std::collections::HashMap;
use std::ops::Range;

use super::callout;
use super::line::Line;
use super::marker::{self, Kind};

/// Fewer labels below a text are page numbers.
const FEWEST: usize = 2;
/// A longer block is no note.
const LONGEST: usize = 30;
/// Lines within which a callout stands before its note: two pages.
const NEAR: usize = 250;

/// A label and the lines of its note above it.
struct Below {
    label: usize,
    note: Range<usize>,
}

/// Puts labels that stand below their notes before them.
pub(super) fn lift(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let found = find(&lines);
    if found.len() < FEWEST {
        return lines;
    }
    let mut lines = lines;
    for Below { label, note } in found {
        lines[note.start..=label].rotate_right(1);
        let [lifted, first, ..] = &mut lines[note.start..] else { continue };
        lifted.number = first.number;
        (lifted.gap, lifted.page_break) = (first.gap, first.page_break);
        (first.gap, first.page_break) = (false, false);
    }
    lines
}

fn find(lines: &[Line]) -> Vec<Below> {
    let alone = |line: usize| match marker::alone(lines[line].text) {
        Some((_, number, Kind::Alone)) => Some(number),
        _ => None,
    };
    let labels: Vec<(usize, u32)> = (0..lines.len()).filter_map(|at| Some((at, alone(at)?))).collect();
    let mut below = Vec::new();
    let mut inside = 0;
    for (nth, (at, number)) in labels.iter().copied().enumerate() {
        if lines[at].gap || lines.get(at + 1).is_some_and(|next| !next.gap) {
            continue;
        }
        let start = (at.saturating_sub(LONGEST)..at).rev().find(|line| lines[*line].gap);
        let Some(start) = start.filter(|start| marker::opening(lines[*start].text).is_some()) else {
            continue;
        };
        // A block that has its own label wants none, nor does one below a label that stands apart.
        let labelled = marker::is_candidate(lines, start)
            || start.checked_sub(1).filter(|above| lines[*above].gap).and_then(alone).is_some();
        let before = nth.checked_sub(1).map(|nth| labels[nth].1);
        let after = labels.get(nth + 1).map(|label| label.1);
        let in_order = before.is_some_and(|n| n + 1 == number) || after == Some(number + 1);
        if !labelled && in_order {
            below.push(Below { label: at, note: start..at });
            // What a page ends with may number the page.
            inside += usize::from(lines.get(at + 1).is_some_and(|next| !next.page_break));
        }
    }
    if inside == 0 {
        return Vec::new();
    }
    let mut calls: HashMap<u32, Vec<usize>> = HashMap::new();
    for call in callout::candidates(lines) {
        calls.entry(call.number).or_default().push(call.line);
    }
    below.retain(|Below { label, note }| {
        let called = alone(*label).and_then(|number| calls.get(&number));
        called.is_some_and(|calls| {
            calls.iter().any(|call| (note.start.saturating_sub(NEAR)..note.start).contains(call))
        })
    });
    below
}
