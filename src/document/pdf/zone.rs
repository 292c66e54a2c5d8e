//! Which lines stand in the note zones at the foot of the columns.
//!
//! What tells a zone, in this order: a rule above it, letters smaller than the text's, a label at
//! its head, a gap above it. A zone that begins without a label goes on from an earlier one.

use super::line::Line;

/// What is known of the lines of a document.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// For each line: it stands in a note zone.
    pub(super) notes: Vec<bool>,
    /// Size of the body text, in points.
    pub(super) body_size: f32,
    /// Size of the notes, where they are set smaller than the body.
    pub(super) note_size: Option<f32>,
}

/// Notes are set smaller than this share of the body's size, where they are set smaller.
pub(super) const SMALLER: f32 = 0.955;
/// Sizes differ by rounding.
const SAME_SIZE: f32 = 1.035;
/// A gap is wider than this many pitches of the lines around it.
const GAP: f32 = 1.22;

/// Finds the zones; `labelled` tells the lines that begin with what may be a label.
pub(super) fn zones(lines: &[Line], labelled: &[bool]) -> Zones {
    let body_size = body_size(lines);
    let note_size = note_size(lines, labelled, body_size);
    let separators = separators(lines, labelled);
    let mut notes = vec![false; lines.len()];
    // Where the last zone begins and ends.
    let (mut began, mut last): (Option<usize>, Option<usize>) = (None, None);
    for column in columns(lines) {
        let zone = zone_of(&lines[column.clone()], &labelled[column.clone()], note_size, &separators);
        let zone = column.start + zone.start..column.start + zone.end;
        if zone.is_empty() || !is_at_foot(lines, &zone, body_size) {
            continue;
        }
        let gap = (zone.start + 1..zone.end).find(|index| is_gap(lines, *index, lines[*index].size * 1.25));
        let label = zone.clone().find(|index| labelled[*index]);
        // At the head of a page the rule may be that of the running head; a table has many.
        let ruled = lines[zone.start].rule.is_some_and(|rule| {
            is_separator(&separators, rule)
                || zone.start > column.start
                    && lines[zone.start + 1..zone.end].iter().all(|line| line.rule.is_none())
        });
        let goes_on = ruled
            // A label follows without a gap in between.
            || label.is_some_and(|label| gap.is_none_or(|gap| label <= gap))
            || last.is_some_and(|last| {
                lines[last].page + 1 >= lines[zone.start].page && !ends_sentence(&lines[last].text)
            })
            || began.is_some_and(|began| stands_beside(&lines[began], &lines[zone.start]));
        // What does not go on from an earlier note is no note up to the first label.
        if let Some(from) = if goes_on { Some(zone.start) } else { label } {
            notes[from..zone.end].fill(true);
            (began, last) = (Some(zone.start), Some(zone.end - 1));
        }
    }
    Zones { notes, body_size, note_size }
}

/// The lengths of the rules that stand above labels.
fn separators(lines: &[Line], labelled: &[bool]) -> Vec<f32> {
    lines.iter().zip(labelled).filter(|(_, labelled)| **labelled).filter_map(|(line, _)| line.rule).collect()
}

/// Two columns of notes begin at one height.
fn stands_beside(first: &Line, other: &Line) -> bool {
    let alike = (first.size / other.size - 1.0).abs() < 0.035;
    alike && first.page == other.page && first.x1 < other.x0 && (first.y - other.y).abs() < first.size * 0.5
}

/// Is a rule as long as one that stands above labels?
fn is_separator(separators: &[f32], rule: f32) -> bool {
    separators.iter().any(|known| (known - rule).abs() < 3.0)
}

/// Notes stand at the foot of the page: no body text is below them.
fn is_at_foot(lines: &[Line], zone: &std::ops::Range<usize>, body_size: f32) -> bool {
    const LONG: usize = 25;
    let first = &lines[zone.start];
    let (left, right) = zone.clone().fold((f32::INFINITY, f32::NEG_INFINITY), |(left, right), index| {
        (left.min(lines[index].x0), right.max(lines[index].x1))
    });
    let page = page_of(lines, zone.start);
    let below = page.filter(|index| {
        let line = &lines[*index];
        !zone.contains(index)
            && line.y < first.y - first.size * 0.5
            && line.size > body_size * SMALLER
            && line.len >= LONG
            && line.x1.min(right) - line.x0.max(left) > (right - left) * 0.2
    });
    below.count() < 2
}

/// The lines of the page that a line stands on.
fn page_of(lines: &[Line], index: usize) -> std::ops::Range<usize> {
    let page = lines[index].page;
    lines.partition_point(|line| line.page < page)..lines.partition_point(|line| line.page <= page)
}

/// The line stands lower than a pitch below the one before it in its column.
pub(super) fn is_gap(lines: &[Line], index: usize, pitch: f32) -> bool {
    let Some(before) = index.checked_sub(1).map(|before| &lines[before]) else { return true };
    before.column != lines[index].column || before.y - lines[index].y > pitch * GAP
}

/// Does a text end as sentences and notes do?
pub(super) fn ends_sentence(text: &str) -> bool {
    // `<https://harbour.`: the address goes on.
    let last = text.rsplit(' ').next().unwrap_or_default();
    if last.rsplit_once('<').is_some_and(|(_, open)| open.contains("://") && !open.contains('>')) {
        return false;
    }
    let text = text.trim_end_matches([')', ']', '”', '“', '"', '’', '\'', '»', '«', '›', '‹', ' ']);
    text.ends_with(['.', '!', '?', '…', '。', '؟'])
}

/// The lines of each column.
pub(super) fn columns(lines: &[Line]) -> Vec<std::ops::Range<usize>> {
    let mut columns = Vec::new();
    let mut from = 0;
    for to in 1..=lines.len() {
        if to == lines.len() || lines[to].column != lines[from].column {
            columns.push(from..to);
            from = to;
        }
    }
    columns
}

/// The size of letters, in quarter points.
fn step(size: f32) -> u32 {
    (size * 4.0).round() as u32
}

/// The largest size that a good part of the text is set in.
pub(super) fn body_size(lines: &[Line]) -> f32 {
    const SHARE: usize = 4;
    let mut counts: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    for line in lines {
        *counts.entry(step(line.size)).or_default() += line.len;
    }
    let all: usize = counts.values().sum();
    let near = |size: &u32| counts.range(size - 1..=size + 1).map(|(_, count)| count).sum::<usize>();
    let largest = counts.keys().rev().find(|size| **size > 0 && near(size) * SHARE >= all);
    let most = || counts.iter().max_by_key(|(_, count)| **count).map(|(size, _)| size);
    // The most used of the neighbours.
    let Some(size) = largest.or_else(most).copied() else { return 0.0 };
    let around = size.saturating_sub(1)..=size + 1;
    let size = counts.range(around).max_by_key(|(_, count)| **count).map_or(size, |(size, _)| *size);
    size as f32 / 4.0
}

/// The size of the lines that begin with labels and stand at the foot of a column in smaller
/// letters than the body, if there are such.
fn note_size(lines: &[Line], labelled: &[bool], body: f32) -> Option<f32> {
    let mut votes: std::collections::BTreeMap<u32, f32> = std::collections::BTreeMap::new();
    let mut as_large = 0.0;
    for column in columns(lines) {
        let mut in_suffix = true;
        for index in column.rev() {
            let line = &lines[index];
            let small = line.size <= body * SMALLER;
            in_suffix &= small;
            if !labelled[index] {
                continue;
            }
            let weight =
                1.0 + if line.raised { 2.0 } else { 0.0 } + if line.rule.is_some() { 2.0 } else { 0.0 };
            if in_suffix {
                *votes.entry(step(line.size)).or_default() += weight;
            } else if line.raised && !small {
                as_large += weight;
            }
        }
    }
    let (size, weight) = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (weight >= 3.0 && weight * 2.0 > as_large).then_some(size as f32 / 4.0)
}

/// The lines of a column that may be its note zone.
fn zone_of(
    lines: &[Line],
    labelled: &[bool],
    note_size: Option<f32>,
    separators: &[f32],
) -> std::ops::Range<usize> {
    let none = lines.len()..lines.len();
    let Some(note_size) = note_size else {
        // As large as the text: only the rule tells.
        let is_separator = |rule| is_separator(separators, rule);
        let ruled = (0..lines.len()).rev().find(|index| lines[*index].rule.is_some_and(is_separator));
        return ruled.map_or(none, |ruled| ruled..lines.len());
    };
    let small = |line: &Line| line.size <= note_size * SAME_SIZE;
    // A footer in other letters may stand below the notes.
    let mut end = lines.len();
    while end > 0 && lines.len() - end < 2 && !small(&lines[end - 1]) {
        end -= 1;
    }
    if end == 0 || !small(&lines[end - 1]) {
        return none;
    }
    let mut start = end;
    while start > 0 && small(&lines[start - 1]) {
        start -= 1;
    }
    if let Some(ruled) = (start..end).find(|index| lines[*index].rule.is_some()) {
        return ruled..end;
    }
    // The pitch of the notes' own lines.
    let mut pitches: Vec<f32> = (start + 1..end).map(|index| lines[index - 1].y - lines[index].y).collect();
    pitches.retain(|pitch| *pitch > 0.0);
    pitches.sort_unstable_by(f32::total_cmp);
    let usual = pitches.get(pitches.len() / 2).copied().unwrap_or(note_size * 1.2);
    let gap = |index: usize| is_gap(lines, index, usual);
    match (start..end).find(|index| labelled[*index]) {
        Some(label) if label == start => start..end,
        // What stands between is the end of a note, or a caption, or a quotation.
        Some(label) if start > 0 && (start + 1..=label).any(gap) => label..end,
        Some(_) => start..end,
        None if gap(start) => start..end,
        None => none,
    }
}
