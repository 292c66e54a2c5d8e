//! Labels that a converter stacked: `1`, `2`, `3` on lines of their own, and the texts of the three
//! notes below, one after the other; or above, where it leaves the labels of a page to the last.
//!
//! Hanging labels stand far enough from the texts to be taken for a column. The labels tell how many
//! notes there are; where each begins among the lines below is what fits best: a line that opens like
//! a note behind one that is finished.

use super::line::{FEW_LINES, Line};
use super::marker::{self, Candidate, Kind};
use super::sequence;
use crate::parallel;

/// Labels of one stack.
struct Stack {
    /// The lines of the labels.
    lines: std::ops::Range<usize>,
    /// The lines of labels that stand alone at the foot of the page before.
    apart: Vec<usize>,
    labels: Vec<(String, u32, Kind)>,
}

impl Stack {
    fn first(&self) -> u32 {
        self.labels.first().map_or(0, |(_, number, _)| *number)
    }

    fn last(&self) -> u32 {
        self.labels.last().map_or(0, |(_, number, _)| *number)
    }
}

/// Fewer labels are no stack: one alone has its text below.
const FEWEST: usize = 2;
/// Lines that a stack's texts may fill, for each label.
const LONGEST: usize = 30;

/// How well a note begins directly below the stack.
const FIRST: f32 = 3.0;

/// Takes the stacked labels out of the lines; the lines where their texts seem to begin are returned
/// as candidates.
pub(super) fn unstack(mut lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Vec<Candidate>) {
    let mut stacks = find(&lines);
    // One label alone has its text below.
    for nth in (1..stacks.len()).rev() {
        if stacks[nth].labels.len() < FEWEST && above(&lines, &stacks[nth], Some(&stacks[nth - 1])).is_none()
        {
            stacks.remove(nth);
        }
    }
    if stacks.is_empty() {
        return (lines, Vec::new());
    }
    let mut is_label = vec![false; lines.len()];
    for stack in &stacks {
        stack.lines.clone().chain(stack.apart.iter().copied()).for_each(|line| is_label[line] = true);
    }
    let mut begins: Vec<(usize, &(String, u32, Kind))> = Vec::new();
    for (nth, stack) in stacks.iter().enumerate() {
        let end = stacks.get(nth + 1).map_or(lines.len(), |next| next.lines.start);
        let before = nth.checked_sub(1).map(|nth| &stacks[nth]);
        let (texts, ends) = match above(&lines, stack, before) {
            Some(texts) => {
                let ends = before.and_then(|before| before.lines.start.checked_sub(1));
                (texts, ends.filter(|_| stack.first() > 1))
            }
            None => (texts(&lines, stack, end), foot_before(&lines, stack)),
        };
        let gaps = stack.lines.clone().skip(1).map(|label| Some(lines[label].gap));
        let gaps: Vec<Option<bool>> = std::iter::repeat_n(None, stack.apart.len()).chain(gaps).collect();
        let of_stack = split(&lines[texts.clone()], &gaps, ends.map(|line| &lines[line]));
        // Texts that have labels of their own want none: these count the items of a list elsewhere.
        let has_own = |at: &&usize| marker::is_candidate(&lines, texts.start + **at);
        if of_stack.iter().filter(has_own).count() * 2 <= of_stack.len() {
            begins.extend(of_stack.into_iter().map(|at| texts.start + at).zip(&stack.labels));
        }
    }
    let mut candidates = Vec::with_capacity(begins.len());
    let mut begins = begins.into_iter().peekable();
    let (mut gap, mut page_break) = (false, false);
    let (mut is_label, mut kept) = (is_label.into_iter().enumerate(), 0);
    lines.retain_mut(|line| {
        let Some((index, false)) = is_label.next() else {
            gap = true;
            page_break |= line.page_break;
            return false;
        };
        line.gap |= gap;
        line.page_break |= page_break;
        (gap, page_break) = (false, false);
        if let Some((_, (label, number, kind))) = begins.next_if(|(at, _)| *at == index) {
            let score = marker::opening(line.text).unwrap_or_default();
            candidates.push(Candidate {
                line: kept,
                label: label.clone(),
                number: *number,
                kind: *kind,
                text_at: 0,
                score,
            });
        }
        kept += 1;
        true
    });
    (lines, candidates)
}

fn find(lines: &[Line]) -> Vec<Stack> {
    let bare = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter(|line| marker::alone(lines[*line].text).is_some()).collect()
    });
    let mut stacks: Vec<Stack> = Vec::new();
    for at in bare {
        if stacks.last().is_some_and(|stack| at < stack.lines.end) {
            continue;
        }
        let mut labels: Vec<(String, u32, Kind)> = Vec::new();
        for (nth, line) in lines.iter().enumerate().skip(at) {
            let Some((label, number, kind)) = marker::alone(line.text) else { break };
            // A callout and the number of its page, one below the other, count nothing; nor does the number of
            // the first page below the labels.
            let counts = || {
                lines.get(nth + 1).and_then(|next| marker::alone(next.text)).is_some_and(|next| next.1 == 2)
            };
            let again =
                |last: u32| number == 1 && last > 1 && labels.len() > 1 && counts() || number == last + 1;
            let follows = labels.last().is_none_or(|(_, last, of)| again(*last) && *of == kind);
            if !follows || line.page_break && !labels.is_empty() {
                break;
            }
            labels.push((label, number, kind));
        }
        let height = labels.len();
        // What is left of the notes on their last page may be one.
        let goes_on = |stack: &Stack| {
            labels.first().is_some_and(|label| label.1 == stack.last() + 1 && label.2 != Kind::Alone)
        };
        if height >= FEWEST || stacks.last().is_some_and(goes_on) {
            let mut stack = Stack { lines: at..at + height, apart: Vec::new(), labels };
            if stacks.is_empty() {
                add_apart(lines, &mut stack);
            }
            stacks.push(stack);
        }
    }
    stacks
}

/// Adds the labels of the numbers before that stand alone between the heading of the notes and their stack:
/// those of the page before, where few notes had room. A bare number would be that of the page.
fn add_apart(lines: &[Line], stack: &mut Stack) {
    let from = stack.lines.start.saturating_sub((stack.labels.len() + 1) * LONGEST);
    for line in (from..stack.lines.start).rev() {
        if sequence::is_notes_heading(lines[line].text) {
            break;
        }
        let (first, kind) = (stack.first(), stack.labels[0].2);
        let before = |label: &(String, u32, Kind)| label.1 + 1 == first && label.2 == kind;
        if let Some(label) =
            marker::alone(lines[line].text).filter(|label| kind != Kind::Alone && before(label))
        {
            stack.labels.insert(0, label);
            stack.apart.insert(0, line);
        }
    }
}

/// The last line of the page before a stack's: where its notes were not finished, they go on in the
/// first of the lines below the stack.
fn foot_before(lines: &[Line], stack: &Stack) -> Option<usize> {
    const PAGE: usize = 200;
    let near = stack.lines.start.saturating_sub(PAGE)..=stack.lines.start;
    let page = near.rev().find(|line| lines[*line].page_break).filter(|_| stack.first() > 1)?;
    let last = (0..page).rev().find(|line| marker::alone(lines[*line].text).is_none())?;
    (!lines[last].edges().ended).then_some(last)
}

/// The lines above a stack that hold its texts, where its page has no room for them below: they begin below a
/// heading such as *Notes*, or on the page behind that of the stack `before`, whose numbers go on.
fn above(lines: &[Line], stack: &Stack, before: Option<&Stack>) -> Option<std::ops::Range<usize>> {
    let end = stack.lines.start;
    let page_end =
        |from: usize| (from..lines.len()).find(|line| lines[*line].page_break).unwrap_or(lines.len());
    // The number of the page is no text.
    let below = stack.lines.end..page_end(stack.lines.end);
    let room = below.filter(|line| marker::alone(lines[*line].text).is_none()).count();
    if room >= stack.labels.len() || lines[end].page_break {
        return None;
    }
    let from = end.saturating_sub((stack.labels.len() + 1) * LONGEST);
    let start = match before.filter(|before| before.last() + 1 == stack.first()) {
        Some(before) if before.lines.end >= from => page_end(before.lines.end),
        _ => (from..end).rev().find(|line| {
            line.checked_sub(1).is_some_and(|heading| sequence::is_notes_heading(lines[heading].text))
        })?,
    };
    (start + stack.labels.len() <= end).then_some(start..end)
}

/// The lines that hold the texts of a stack: up to a blank line, if that leaves room for them all;
/// else to the end of the page.
fn texts(lines: &[Line], stack: &Stack, end: usize) -> std::ops::Range<usize> {
    let start = stack.lines.end;
    let count = stack.labels.len();
    let last = stack.last();
    let end = end.min(start + count * LONGEST);
    // `…, Council on Quays,` `17 December 2009` begins no note.
    let apart = |at: usize| lines[at].gap || lines[at].page_break || lines[at - 1].edges().ended;
    let next = |at: &usize| marker::is_labelled(lines[*at].text, last + 1) && apart(*at);
    let end = (start + 1..end).find(next).unwrap_or(end);
    let page = (start + 1..end).find(|at| lines[*at].page_break).unwrap_or(end);
    let room = |at: &usize| {
        let opens = |line: usize| line == start || boundary(&lines[line - 1], &lines[line], None) > 0.0;
        (start..*at).filter(|line| opens(*line)).count() >= count
    };
    let block = (start + 1..page).filter(|at| lines[*at].gap).find(room);
    start..block.unwrap_or(page)
}

/// Where notes begin among the lines, behind the line `before` where one of their page before may go on. There
/// is one note more than `gaps` tells of, which says what stands behind each label but the last, where that is
/// known: a blank line where its note is so long that the next label stands far below.
fn split(lines: &[Line], gaps: &[Option<bool>], before: Option<&Line>) -> Vec<usize> {
    let count = gaps.len() + 1;
    if lines.len() < count {
        return Vec::new();
    }
    let mut lengths: Vec<usize> = lines.iter().map(|line| line.len).collect();
    lengths.sort_unstable();
    // Lines that swallowed the next one are longer than full.
    let width = super::extent::crowded(&lengths).or(lengths.last().copied());
    // The number of a page stands between the lines of a note that goes on behind it.
    let is_bare = |at: usize| marker::alone(lines[at].text).is_some();
    let begins: Vec<f32> = (0..lines.len())
        .map(|at| match (0..at).rev().find(|before| !is_bare(*before)) {
            _ if is_bare(at) => f32::NEG_INFINITY,
            Some(before) => boundary(&lines[before], &lines[at], width),
            None => match before {
                Some(before) => boundary(before, &lines[at], width),
                // It stands where the first label's text is to be expected.
                None if marker::alone(lines[at].text).is_some() => -FIRST,
                // A law's number or a figure may begin it as well.
                None if lines[at]
                    .text
                    .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '§' | '[')) =>
                {
                    FIRST
                }
                None => FIRST + 2.0 * marker::opening(lines[at].text).unwrap_or(-2.0).min(0.5),
            },
        })
        .collect();
    let heights: Vec<usize> = lines.iter().map(|line| height(line, width)).collect();
    let tells = gaps.contains(&Some(true)) && gaps.contains(&Some(false));
    // best[at]: the best choice of beginnings up to this line, its last one there.
    let mut best: Vec<f32> = begins.clone();
    let mut from: Vec<Vec<usize>> = Vec::with_capacity(count);
    for gap in gaps {
        let fit = |height: usize| gap.filter(|_| tells).map_or(0.0, |gap| fit(gap, height));
        let mut next = vec![f32::NEG_INFINITY; lines.len()];
        let mut back = vec![0; lines.len()];
        // The best of those so far above that their notes are long.
        let mut top = (f32::NEG_INFINITY, 0);
        for at in 1..lines.len() {
            let mut chosen = (f32::NEG_INFINITY, 0);
            if let Some(far) = at.checked_sub(LONG) {
                if best[far] > top.0 {
                    top = (best[far], far);
                }
                chosen = (top.0 + fit(LONG), top.1);
            }
            let mut high = 0;
            for near in (at.saturating_sub(LONG - 1)..at).rev() {
                high += heights[near];
                let worth = best[near] + fit(high);
                if worth > chosen.0 {
                    chosen = (worth, near);
                }
            }
            (next[at], back[at]) = (chosen.0 + begins[at], chosen.1);
        }
        best = next;
        from.push(back);
    }
    let last = (0..lines.len()).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or_default();
    let mut chosen = vec![last];
    for back in from.iter().rev() {
        chosen.push(back[chosen[chosen.len() - 1]]);
    }
    chosen.reverse();
    chosen
}

/// The lines that begin `count` notes best, behind the line `before`, where each of them is this evident; and
/// what all of them are worth.
pub(super) fn best(lines: &[Line], count: usize, before: &Line, evident: f32) -> Option<(f32, Vec<usize>)> {
    let Some(gaps) = count.checked_sub(1) else { return Some((0.0, Vec::new())) };
    let chosen = split(lines, &vec![None; gaps], Some(before));
    let begins = |at: usize| {
        let above = at.checked_sub(1).map_or(before, |above| &lines[above]);
        boundary(above, &lines[at], None)
    };
    let evident = chosen.len() == count && chosen.iter().all(|at| begins(*at) >= evident);
    evident.then(|| (chosen.iter().map(|at| begins(*at)).sum(), chosen))
}

/// Lines of a note that is long enough to leave a blank line between its label and the next.
const LONG: usize = 4;

/// How many printed lines this one holds.
fn height(line: &Line, width: Option<usize>) -> usize {
    width.map_or(1, |width| (line.len * 100).div_ceil((width * 103).max(1)).max(1))
}

/// How well a note of this many lines goes with a blank line behind its label, or with none. Two or three lines
/// go with either: that depends on how much smaller the labels are.
fn fit(apart: bool, height: usize) -> f32 {
    const UNLIKE: f32 = -2.5;
    let unlike = if apart { height == 1 } else { height >= LONG };
    if unlike { UNLIKE } else { 0.0 }
}

/// How well a note begins with `line` behind `before`, in texts of this width.
pub(super) fn boundary(before: &Line, line: &Line, width: Option<usize>) -> f32 {
    let (end, start) = (before.edges(), line.edges());
    let mut score = if end.ended {
        2.0
    } else if end.open {
        -4.0
    } else {
        -2.0
    };
    let joint = end.joint(start);
    if joint >= 1.0 {
        score -= joint;
    }
    let word = line.text.split(' ').next().unwrap_or_default().chars().count();
    if width.is_some_and(|width| before.len + 1 + word < width * 9 / 10) {
        score += 1.5;
    }
    if line.gap {
        score += 1.5;
    }
    score + marker::opening(line.text).unwrap_or(-2.0)
}
