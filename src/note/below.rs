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
use super::{chain, foot, sequence, stack};
use crate::{date, parallel};

/// Fewer labels below a text are page numbers.
const FEWEST: usize = 2;
/// A longer block is no note.
const LONGEST: usize = 30;
/// No page has fewer lines.
const SHORTEST_PAGE: usize = 12;
/// What the rest of a note scores as the beginning of one.
const REST: f32 = -1.0;
/// Calls that hang on a word score as much.
const GLUED: f32 = 0.5;
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
    for label in 1..lines.len() {
        if behind_first_line(&lines, label) {
            move_up(&mut lines, label, label - 1);
        }
    }
    // Hardly any text has a label that may have strayed.
    let mut labels_of_lines = None;
    let mut label = 0;
    while label < lines.len() {
        let run = may_have_strayed(&lines, label);
        label += 1;
        let Some((first, run)) = run else { continue };
        let labels = labels_of_lines.get_or_insert_with(|| labels(&lines));
        let Some(texts) = strayed(&lines, labels, run.clone(), first) else { continue };
        for ((nth, text), label) in texts.into_iter().enumerate().zip(run.clone()) {
            move_up(&mut lines, label, text + nth);
            labels[text + nth..=label].rotate_right(1);
        }
        label = run.end;
    }
    lines
}

/// The numbers of the labels without punctuation that lines may begin with.
fn labels(lines: &[Line]) -> Vec<Option<u32>> {
    let mut labels = vec![None; lines.len()];
    let candidates = marker::candidates(lines);
    let plain = candidates.iter().filter(|label| chain::same_dress(label.kind, Kind::Alone));
    plain.for_each(|label| labels[label.line] = Some(label.number));
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
    let from = behind_calls(lines, &block, number, calls);
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
        let opens = begins(lines[line].text);
        if line == block.start {
            return opens;
        }
        opens - joint(line - 1, line) - cited as f32 * CITED - tail(lines, line)
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

/// How well the note begins at each line where it may, if the body goes on behind it at the line `resumed`.
fn openings(
    lines: &[Line],
    block: Range<usize>,
    number: u32,
    calls: &[Call],
    resumed: Option<usize>,
) -> Vec<(f32, usize)> {
    let from = behind_calls(lines, &block, number, calls);
    let edges = |line: usize| lines[line].edges();
    let resumed = resumed.map(edges);
    let (mut cited, mut torn) = (0, false);
    let opens = |line: usize| {
        const CITED: f32 = 1.5;
        const APART: f32 = 1.5;
        let text = lines[line].text;
        let before = cited as f32 * CITED;
        cited += usize::from(marker::cites(text));
        // The rest of a note of the page before stands between the body and the notes.
        if edges(line).is_rest_of_address() {
            torn = true;
            return f32::NEG_INFINITY;
        }
        let opens = begins(text);
        if line == block.start && lines[line].gap {
            return opens + APART;
        }
        // Behind the notes, the body goes on where they interrupted it.
        let end = edges(line - 1);
        let goes_on = resumed.filter(|_| !torn).map_or(0.0, |resumed| end.joint(resumed));
        opens + goes_on - end.joint(edges(line)) - before - tail(lines, line)
    };
    (from..block.end).map(opens).zip(from..).collect()
}

/// The line of a block behind those that call this note or the next ones.
fn behind_calls(lines: &[Line], block: &Range<usize>, number: u32, calls: &[Call]) -> usize {
    const NEXT: u32 = 15;
    let of_block = &calls[calls.partition_point(|call| call.line < block.start)..];
    let of_block = of_block.iter().take_while(|call| call.line < block.end);
    // Some converters leave a space before a raised number; behind a full stop it is no date's.
    let apart =
        |call: &Call| call.number - number < 5 && ends_sentence(lines[call.line].text[..call.at].trim_end());
    let marks =
        |call: &&Call| (number..number + NEXT).contains(&call.number) && (call.score >= GLUED || apart(call));
    let last = of_block.filter(marks).last();
    last.map_or(block.start, |call| call.line + 1)
}

/// How well a note begins with this text. An address alone, or a small letter, rather goes on.
fn begins(text: &str) -> f32 {
    const GOES_ON: f32 = -4.0;
    let small = text.starts_with(char::is_lowercase) && !marker::opens_in_lower_case(text);
    if small || text.starts_with('<') { GOES_ON } else { marker::opening(text).unwrap_or(GOES_ON) }
}

/// What it tells against a beginning that the line is the tail of a citation.
fn tail(lines: &[Line], line: usize) -> f32 {
    const TAIL: f32 = 2.0;
    if !lines[line - 1].edges().ended && is_tail(lines[line].text) { TAIL } else { 0.0 }
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

/// The label stands below the first line of its note, which it interrupts: that line is set apart from a note
/// that is finished, and goes on below the label.
fn behind_first_line(lines: &[Line], label: usize) -> bool {
    const GOES_ON: f32 = 0.75;
    let [before, first, label, next, ..] = &lines[label.saturating_sub(2)..] else { return false };
    alone(label).is_some()
        && !label.gap
        && first.gap
        && !first.page_break
        && next.gap
        && !next.page_break
        && alone(before).is_none()
        && before.edges().ended
        && !first.edges().ended
        && first.edges().joint(next.edges()) >= GOES_ON
        && marker::opening(first.text).is_some_and(|score| score > REST)
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

/// The labels from this line on that have no text below them: the first one's number, and the lines. What may
/// number the page behind them is none of them.
fn may_have_strayed(lines: &[Line], label: usize) -> Option<(u32, Range<usize>)> {
    let first = alone(&lines[label])?;
    let follows = |(line, number): (usize, u32)| {
        let last_of_page = lines[line].gap && lines.get(line + 1).is_none_or(|next| next.page_break);
        alone(&lines[line]) == Some(number) && !lines[line].page_break && !last_of_page
    };
    let behind = (label + 1..lines.len()).zip(first + 1..).take_while(|next| follows(*next)).count();
    let end = label + 1 + behind;
    lines.get(end).is_none_or(|next| next.gap).then_some((first, label..end))
}

/// The texts of labels that came last on their page, from the number `first` on: lines that open notes between
/// the labels of the numbers before and after them, where no other has their numbers.
fn strayed(lines: &[Line], labels: &[Option<u32>], run: Range<usize>, first: u32) -> Option<Vec<usize>> {
    const FAR: usize = 120;
    const EVIDENT: f32 = 1.5;
    const LEAST: f32 = -3.0;
    const FOOT: usize = 2;
    const SHORT: usize = 4;
    let last = first + run.len() as u32 - 1;
    let label = run.start;
    let page =
        (label.saturating_sub(FAR)..=label).rev().find(|line| lines[*line].page_break).unwrap_or_default();
    let of = |number: u32| (page..label).filter(move |line| labels[*line] == Some(number));
    // The page before has a label of that number: this is the number of the page.
    let is_label = |line: usize| alone(&lines[line]) == Some(first) && !foot::is_edge(lines, line);
    if (page.saturating_sub(FAR)..page).any(is_label) {
        return None;
    }
    let after = of(last + 1).next_back()?;
    let is_taken = |range: Range<usize>| {
        range.clone().any(|line| labels[line].is_some_and(|number| (first..=last).contains(&number)))
    };
    // The first of a list stands below its heading, or first on its page.
    if first == 1 && run.len() == 1 && alone(&lines[after]).is_some() {
        let heading = (page..after).rev().find(|line| sequence::is_notes_heading(lines[*line].text));
        let text = heading.map_or(page, |heading| heading + 1);
        let free = (text..after).all(|line| labels[line] != Some(1) && alone(&lines[line]) != Some(1));
        let called = || callout::candidates(&lines[page..after]).iter().any(|call| call.number == 1);
        let opens = marker::opening(lines[text].text).is_some_and(|score| score >= 0.0);
        if free && opens && (heading.is_some() || !called()) {
            return Some(vec![text]);
        }
    }
    let before = first.checked_sub(1).and_then(|before| of(before).take_while(|line| *line < after).last());
    let others = |from: usize, count: usize| {
        let (worth, opens) = stack::best(lines.get(from..after)?, count, &lines[from - 1], EVIDENT)?;
        Some((worth, opens.into_iter().map(|at| from + at).collect::<Vec<usize>>()))
    };
    let Some(before) = before else {
        // A number or a title may stand at the foot of the page.
        let end = (run.end..lines.len()).find(|line| lines[*line].page_break).unwrap_or(lines.len());
        if end > run.end + FOOT {
            return None;
        }
        // The notes of a section may stand at its end.
        let reach = if first == 1 { after.saturating_sub(NEAR) } else { page };
        let last_of_page = (after..label).rev().find_map(|line| alone(&lines[line])).unwrap_or(last);
        // Behind a full stop, a number of this page's labels calls, though it stand apart.
        let apart = |call: &Call| {
            (first..=last_of_page).contains(&call.number)
                && ends_sentence(lines[call.line].text[..call.at].trim_end())
        };
        let calls: Vec<Call> = callout::candidates(&lines[reach..after])
            .into_iter()
            .map(|call| Call { line: reach + call.line, ..call })
            .map(|call| Call { score: if apart(&call) { call.score.max(GLUED) } else { call.score }, ..call })
            .collect();
        let called = |number: u32| calls.iter().any(|call| call.number == number);
        if !called(first) && run.len() == 1 {
            return first_of_notes(lines, labels, page..after, first).map(|text| vec![text]);
        }
        if !called(first) || !called(last) {
            return None;
        }
        let last_call = calls.iter().rev().find(|call| call.number >= last && call.score >= GLUED);
        let from = last_call.map_or(page, |call| page.max(call.line + 1));
        let stands = |line: usize| alone(&lines[line]).is_some_and(|number| (first..=last).contains(&number));
        if is_taken(from..after) || (page..from).any(stands) {
            return None;
        }
        let earlier = |line: &usize| labels[*line].is_some_and(|number| number < first);
        let labelled = (from..after).rev().find(earlier);
        let from = labelled.map_or(from, |line| line + 1);
        // Labels that no blank line parts stand before notes of a few lines.
        let close = run.len() > 1 && run.clone().skip(1).all(|label| !lines[label].gap);
        let short = if close { after.saturating_sub(run.len() * SHORT) } else { from };
        let resumed = (end..lines.len()).find(|line| alone(&lines[*line]).is_none());
        let scored = openings(lines, from.max(short)..after, first, &calls, resumed);
        let texts = scored.into_iter().filter_map(|(score, start)| {
            let (worth, others) = others(start + 1, run.len() - 1)?;
            (score >= LEAST).then_some((score + worth, start, others))
        });
        let (_, start, others) = texts.max_by(|a, b| a.0.total_cmp(&b.0))?;
        return Some([start].into_iter().chain(others).collect());
    };
    // The texts of labels above one another are those of all of them.
    if before > page && first > 2 && alone(&lines[before - 1]) == Some(first - 2) {
        return None;
    }
    let from = before + 1 + usize::from(alone(&lines[before]).is_some());
    if from > after || is_taken(from..after) { None } else { others(from, run.len()).map(|(_, texts)| texts) }
}

/// The text of the first label on a page of notes: the first of its lines, where the note before is finished.
fn first_of_notes(lines: &[Line], labels: &[Option<u32>], page: Range<usize>, number: u32) -> Option<usize> {
    const EVIDENT: f32 = 2.0;
    let near = page.start.saturating_sub(NEAR)..page.start;
    let before = near.rev().find(|line| labels[*line] == Some(number.wrapping_sub(1)))?;
    let text = page.clone().find(|line| alone(&lines[*line]).is_none())?;
    let last = (before..page.start).rev().find(|line| alone(&lines[*line]).is_none())?;
    let opens = stack::boundary(&lines[last], &lines[text], None) >= EVIDENT;
    (opens && page.clone().all(|line| labels[line].is_none())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    #[test]
    fn labels_that_came_last_on_their_page_are_put_before_their_texts() {
        let text = "The toll rose.1 The city agreed to it.2 Ships may lie at the quay.3\n                    The harbour is full.\nLind, Tolls, 12.\nSee Karim Roe, “Quays”, 2021.\n3\nIbid.\n1\n2\n\n                    7\n\u{C}The tide turned.\n";
        let lines = lift(split(text), &Pairs::default());
        let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
        let notes = ["1", "Lind, Tolls, 12.", "2", "See Karim Roe, “Quays”, 2021.", "3", "Ibid.", "7"];
        assert_eq!(texts[2..9], notes);
    }
}
