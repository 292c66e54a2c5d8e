//! Numbers that a converter put behind the last word of a page: where a line ends in a hyphen, it drops
//! that and puts the next line behind it, which at the foot of a page is the label of a note, or the number
//! of the page.
//!
//! ```text
//! a ship may lie at the quay, the harb12
//!
//! Ada Lind, “Tolls”, in The Ledger, 3 May 2021.
//! ```
//!
//! So does the rest of a note that goes on at the foot of the page with an address: `the harbhttps://…`

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::callout::{self, Call};
use super::edge::goes_on;
use super::line::{self, FEW_LINES, Line};
use super::marker;
use crate::parallel;

/// Lines within which the callout of a note stands before it.
const NEAR: usize = 150;

/// Fewer numbers are looked at before a second thread has begun.
const FEW: usize = 50;

/// Puts such numbers on lines of their own.
pub(super) fn part(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let glued: Vec<Glued> = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|line| hanging(&lines, line)).collect()
    });
    if glued.is_empty() {
        return lines;
    }
    let pages = PageNumbers::of(&lines);
    let calls = OnceLock::new();
    let is_called = |line: usize, number: u32| {
        let calls: &Vec<Call> = calls.get_or_init(|| callout::candidates(&lines));
        let from = calls.partition_point(|call| call.line + NEAR < line);
        calls[from..].iter().take_while(|call| call.line < line).any(|call| call.number == number)
    };
    let is_label = |glued: &Glued| {
        let Glued { line, number, .. } = *glued;
        let Some(number) = number else { return true };
        let opens = opens(&lines, line + 1);
        let near = line.saturating_sub(NEAR)..(line + NEAR).min(lines.len());
        let labelled = || {
            near.clone().any(|other| {
                let text = lines[other].text;
                let alone =
                    marker::alone(text).filter(|_| !is_edge(&lines, other)).map(|(_, number, _)| number);
                let at_start = || marker::at_start(text).filter(|_| marker::is_candidate(&lines, other));
                alone.or_else(at_start) == Some(number)
            })
        };
        // A label below its note, or last on its page, has its neighbours on lines of their own.
        let alone = |wanted: u32| {
            let mut numbers = near.clone().filter_map(|other| marker::alone(lines[other].text));
            numbers.any(|(_, number, _)| number == wanted)
        };
        let between = || (number == 1 || alone(number - 1)) && alone(number + 1);
        let last = || lines.get(line + 1).is_none_or(|next| next.page_break);
        let between = || lines.get(line + 1).is_none_or(|next| next.gap) && between();
        let called = is_called(line, number);
        // Addresses end in numbers of their own.
        let spaced = lines[line].text.contains(' ');
        (spaced && opens && (called || between()) || between() && (called || spaced && last())) && !labelled()
    };
    let numbers_page = |glued: &Glued| {
        let last = lines.get(glued.line + 1).is_none_or(|next| next.page_break);
        last && glued.number.is_some_and(|number| pages.count(&lines[glued.line], number))
    };
    let stands_apart =
        parallel::map(glued.len(), FEW, |nth| is_label(&glued[nth]) || numbers_page(&glued[nth]));
    let apart = glued.into_iter().zip(stands_apart).filter(|(_, apart)| *apart);
    let places: Vec<(usize, usize)> = apart.map(|(Glued { line, at, .. }, _)| (line, at)).collect();
    // Nothing stands between the number and what it numbers, below it or above.
    let above: Vec<bool> = places.iter().map(|(index, _)| !opens(&lines, index + 1)).collect();
    for ((index, _), above) in places.iter().zip(&above) {
        if let Some(next) = lines.get_mut(index + 1).filter(|_| !above) {
            next.gap &= next.page_break;
        }
    }
    let numbers: Vec<usize> = places.iter().enumerate().map(|(nth, (index, _))| index + nth + 1).collect();
    line::part_at(&mut lines, places.into_iter());
    for (number, above) in numbers.into_iter().zip(above) {
        lines[number].gap &= !above;
    }
    lines
}

/// The line reads like the beginning of a note.
fn opens(lines: &[Line], line: usize) -> bool {
    lines.get(line).and_then(|line| marker::opening(line.text)).is_some_and(|score| score >= 0.0)
}

/// What hangs on a piece of a word.
struct Glued {
    line: usize,
    /// The byte where it begins.
    at: usize,
    /// `None` of an address.
    number: Option<u32>,
}

fn hanging(lines: &[Line], line: usize) -> Option<Glued> {
    number(lines, line).or_else(|| address(lines, line))
}

/// The number that hangs on a piece of a word at the end of a line.
fn number(lines: &[Line], line: usize) -> Option<Glued> {
    let text = lines[line].text;
    let bytes = text.as_bytes();
    if !bytes.last().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - word.len();
    let hangs = word.ends_with(char::is_lowercase) && (text.contains(' ') || text.contains("://"));
    (hangs && digits <= 3 && bytes[word.len()] != b'0').then_some(())?;
    Some(Glued { line, at: word.len(), number: text[word.len()..].parse().ok() })
}

/// The address that hangs on a piece of a word.
fn address(lines: &[Line], line: usize) -> Option<Glued> {
    const SHORTEST_PIECE: usize = 2;
    let text = lines[line].text;
    let scheme = memchr::memmem::find(text.as_bytes(), b"://")?;
    let at = ["<https", "<http", "https", "http"]
        .into_iter()
        .find_map(|scheme_of| text[..scheme].strip_suffix(scheme_of).map(str::len))?;
    let piece = text[..at].bytes().rev().take_while(u8::is_ascii_lowercase).count();
    let word = &text[at - piece..at];
    let is_piece = piece >= SHORTEST_PIECE && text[..at - piece].ends_with(' ') && !goes_on(word);
    (is_piece && has_swallowed(lines, line)).then_some(Glued { line, at, number: None })
}

/// The line is longer than those above it.
fn has_swallowed(lines: &[Line], line: usize) -> bool {
    const AROUND: usize = 6;
    let mut lengths: Vec<usize> =
        lines[line.saturating_sub(AROUND)..line].iter().map(|line| line.len).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 4).is_some_and(|usual| lines[line].len * 5 > usual * 6)
}

/// What the printed numbers of pages are more than their places in the file: those that stand at the edges
/// of two pages or more.
pub(super) struct PageNumbers(HashSet<i64>);

impl PageNumbers {
    /// Those of a document.
    pub(super) fn of(lines: &[Line]) -> Self {
        let mut found: HashMap<i64, usize> = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Some(page) = line.page else { break };
            if is_edge(lines, index)
                && let Some((_, number, _)) = marker::alone(line.text)
            {
                *found.entry(i64::from(number) - i64::from(page)).or_default() += 1;
            }
        }
        PageNumbers(found.into_iter().filter(|(_, count)| *count > 1).map(|(first, _)| first).collect())
    }

    /// This would be the number of the page on which the line stands.
    pub(super) fn count(&self, line: &Line, number: u32) -> bool {
        self.0.contains(&(i64::from(number) - i64::from(line.page.unwrap_or_default())))
    }
}

/// The line is the first or the last of its page.
pub(super) fn is_edge(lines: &[Line], line: usize) -> bool {
    lines[line].page_break || lines.get(line + 1).is_none_or(|next| next.page_break)
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn parted(text: &str) -> Vec<String> {
        part(split(text)).iter().map(|line| line.whole().into_owned()).collect()
    }

    #[test]
    fn the_label_of_a_note_behind_a_broken_word_is_parted_from_it() {
        let text = "The toll rose.12 Ships may\nlie at the quay, the har12\n\nAda Lind, “Tolls”, 2021.\n\
                    bour is full.\n";
        assert_eq!(parted(text)[1..4], ["lie at the quay, the har-", "12", "Ada Lind, “Tolls”, 2021."]);
    }

    #[test]
    fn a_callout_at_the_end_of_a_paragraph_stays() {
        for text in ["The toll rose at the quay12\n\nAda Lind was there.\n", "In G7\n\nAda Lind.\n"] {
            assert_eq!(parted(text).len(), 2, "{text}");
        }
    }

    #[test]
    fn the_number_of_a_page_behind_a_broken_word_is_parted_from_it() {
        let text =
            "The toll rose.\n\n1\n\u{C}Ships may lie at the quay, the har2\n\u{C}bour is full.\n\n3\n\u{C}";
        assert_eq!(parted(text)[2..4], ["Ships may lie at the quay, the har-", "2"]);
    }
}
