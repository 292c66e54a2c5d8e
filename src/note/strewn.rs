//! Words of a stretched line that stand behind the block they belong to.
//!
//! Before an address that fits no line, a justified line is stretched so far that some converters take
//! each of its words for a block of its own. They then give the lines above and below as one block, and
//! behind it the words, one by one: `“Tariff` | `https://…` | | `tolls`, | | `2021,`

use std::ops::Range;

use super::edge::{Edges, Quotes};
use super::line::Line;
use super::marker;

/// A word, or two between which the space was not wide enough.
const MOST_SPACES: usize = 1;
/// How many words of a line are looked at.
const MOST_WORDS: usize = 24;
/// The line stands in the block above its words, no more lines away than these.
const REACH: usize = 60;
/// What the words must do for the lines that they are put between, over what these do without.
const LEAST: f32 = 1.5;
/// The same of a single word.
const LEAST_OF_ONE: f32 = 2.5;
/// How much better that must be than any other place.
const CLEAR: f32 = 0.5;
/// A word that fits no line is why the line before it is stretched.
const STRETCHES: f32 = 1.0;
const LONG_WORD: usize = 20;
/// A word that is not put back, and no label.
const LEFT_OUT: f32 = 1.5;
/// What it tells that a quotation or a bracket is closed by the words.
const CLOSES: f32 = 1.0;

/// The words put back into their lines.
pub(super) fn gather(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    // What was put back, and around it.
    let mut whole = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let words = words(&lines, at);
        if words.is_empty() {
            at += 1;
            continue;
        }
        let end = words.end;
        if let Some((after, words)) = place(&lines, &whole, &words) {
            if let Some(next) = lines.get_mut(words.end) {
                next.gap = true;
            }
            lines[words.clone()].iter_mut().for_each(|word| word.gap = false);
            lines[after + 1..words.end].rotate_right(words.len());
            whole[after + 1..words.end].rotate_right(words.len());
            whole[after..=after + words.len()].iter_mut().for_each(|line| *line = true);
        }
        at = end;
    }
    lines
}

/// The words that begin at a line, each a block of its own on one page.
fn words(lines: &[Line], from: usize) -> Range<usize> {
    let apart = |index: usize| lines.get(index).is_none_or(|line| line.gap);
    let is_word = |index: &usize| {
        let line = &lines[*index];
        line.gap && apart(index + 1) && memchr::memchr_iter(b' ', line.text.as_bytes()).count() <= MOST_SPACES
    };
    let most = lines.len().min(from + MOST_WORDS);
    let count = (from..most).take_while(|index| is_word(index) && !lines[*index].page_break).count();
    from..from + count
}

/// Behind which line some of these words are to be put.
fn place(lines: &[Line], whole: &[bool], run: &Range<usize>) -> Option<(usize, Range<usize>)> {
    // Bare numbers may be labels.
    let told = |word: &Line| word.text.ends_with(',') || word.text.chars().any(char::is_alphabetic);
    let near = run.start.saturating_sub(REACH)..lines.len().min(run.end + REACH);
    let widest = lines[near.clone()].iter().map(|line| line.len).max()?;
    let block = near.start..run.start;
    let first = block.rev().find(|line| lines[*line].gap)?;
    let mut best: Option<(f32, usize, Range<usize>)> = None;
    let mut second = 0.0_f32;
    for before in first..run.start.saturating_sub(1) {
        let (upper, lower) = (&lines[before], &lines[before + 1]);
        let together;
        let above = match words_above(&lines[first..=before]) {
            Some(words) => {
                together = Edges::of(&words);
                &together
            }
            None => upper.edges(),
        };
        if whole[before] || marker::at_start(lower.text).is_some() {
            continue;
        }
        // What ends a sentence among them is no word of a line, but a text of its own: `Ibid.`
        let ways = (run.start..run.end).flat_map(|from| (from + 1..=run.end).map(move |to| from..to));
        let here = ways
            .filter(|words| lines[words.clone()].iter().any(told))
            .filter(|words| !lines[words.clone()].iter().any(|word| word.edges().ended))
            .filter(|words| fits(upper, &lines[words.clone()], widest))
            .map(|words| {
                // A number behind a word that is left out is no label either.
                let before = lines[run.start..words.start].iter().skip_while(|word| !told(word)).count();
                let behind = lines[words.end..run.end].iter().rev().skip_while(|word| !told(word)).count();
                let left = (before + behind) as f32 * LEFT_OUT;
                (gain(above, &lines[words.clone()], lower) - left, words)
            })
            .max_by(|one, other| one.0.total_cmp(&other.0).then(one.1.len().cmp(&other.1.len())));
        let Some((gain, words)) = here else { continue };
        match &best {
            Some((most, ..)) if gain <= *most => second = second.max(gain),
            _ => {
                second = best.map_or(second, |(most, ..)| second.max(most));
                best = Some((gain, before, words));
            }
        }
    }
    let (gain, before, words) = best?;
    let least = if words.len() == 1 { LEAST_OF_ONE } else { LEAST };
    (gain >= least && gain - second >= CLEAR).then_some((before, words))
}

/// Would the line not be longer than others with these words?
fn fits(line: &Line, words: &[Line], widest: usize) -> bool {
    let len: usize = words.iter().map(|word| word.len + 1).sum();
    (line.len + len) * 100 <= widest * 105
}

/// A word on a line of its own and those before it, which are read together: `27`, `August`.
fn words_above(lines: &[Line]) -> Option<String> {
    const WORDS: usize = 3;
    let is_word = |line: &&Line| memchr::memchr_iter(b' ', line.text.as_bytes()).count() <= MOST_SPACES;
    let [.., before, last] = lines else { return None };
    if !is_word(&last) || last.gap || !is_word(&before) {
        return None;
    }
    let count = lines.iter().rev().take(WORDS).take_while(is_word).count();
    Some(lines[lines.len() - count..].iter().map(|line| line.text).collect::<Vec<_>>().join(" "))
}

fn gain(above: &Edges, words: &[Line], lower: &Line) -> f32 {
    let edges: Vec<&Edges> = words.iter().map(Line::edges).collect();
    let below = lower.edges();
    let inside: f32 = edges.windows(2).map(|pair| pair[0].joint(pair[1]).min(0.0)).sum();
    let through = edges.iter().fold(above.quotes, |all, word| all.then(word.quotes)).then(below.quotes);
    let closed = |quotes: Quotes| if quotes.open() { -CLOSES } else { 0.0 };
    let longest = lower.text.split_whitespace().next().map_or(0, str::len);
    above.joint(edges[0]) + edges[edges.len() - 1].joint(below) - above.joint(below)
        + inside
        + if longest >= LONG_WORD { STRETCHES } else { 0.0 }
        + closed(through)
        - closed(above.quotes.then(below.quotes))
}
