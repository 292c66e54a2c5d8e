//! Labels that a converter put behind a broken word, their notes with them: where the last line of the body
//! on a page ends in a hyphen, it drops that and puts the next line behind it, which is the first of the notes.
//!
//! ```text
//! a ship may lie at the quay, the harb12 Ada Lind, “Tolls”, in The Ledger, 3 May 2021.
//! 13 Ibid.
//! ```
//!
//! A callout looks the same. What tells is the numbering: the body has called this number already, no line begins
//! with it, and the next or the one before begins a line nearby.

use std::collections::{HashMap, HashSet};

use super::callout;
use super::foot::is_edge;
use super::line::{self, FEW_LINES, Line};
use super::marker;
use crate::parallel;

/// Lines within which the callout and the neighbours of a label stand.
const NEAR: usize = 150;

/// A label inside a line.
#[derive(Debug, Clone, Copy)]
struct Mark {
    line: usize,
    /// Byte of the line where the label starts.
    at: usize,
    number: u32,
    dress: Option<u8>,
}

/// The byte behind the number of a label: a list of the body is not numbered as the notes are.
fn dress(label: &str) -> Option<u8> {
    label.bytes().find(|byte| !byte.is_ascii_digit() && !matches!(byte, b'(' | b'['))
}

/// Parts the lines at such labels.
pub(super) fn part(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let marks = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|line| mark(line, lines[line].text)).collect()
    });
    if marks.is_empty() {
        return lines;
    }
    let wanted: HashSet<u32> = marks.iter().flat_map(|mark| mark.number - 1..=mark.number + 1).collect();
    let mut labelled: HashMap<u32, Vec<(usize, Option<u8>)>> = HashMap::new();
    for (line, text) in lines.iter().map(|line| line.text).enumerate() {
        if let Some((number, text_at)) = marker::labelled(text).filter(|(number, _)| wanted.contains(number))
            // A bare number at the edge of a page is the page's.
            && (text_at < text.len() || !is_edge(&lines, line))
            && marker::is_candidate(&lines, line)
        {
            labelled.entry(number).or_default().push((line, dress(text)));
        }
    }
    let is_label = |mark: &&Mark| {
        let begins = |number: u32, from: usize, to: usize| {
            let of = labelled.get(&number).map(Vec::as_slice).unwrap_or_default();
            let near =
                of[of.partition_point(|(line, _)| *line < from)..].iter().take_while(|(line, _)| *line < to);
            near.into_iter().any(|(_, dress)| dress.is_none() || *dress == mark.dress)
        };
        let (from, to) = (mark.line.saturating_sub(NEAR), mark.line + NEAR);
        let follows = mark.number > 1 && begins(mark.number - 1, from, mark.line);
        let goes_on = begins(mark.number + 1, mark.line + 1, to);
        let calls = || callout::candidates(&lines[from..mark.line]);
        (follows || goes_on)
            && !begins(mark.number, from, to)
            // The first callout may hide behind a year: `in 1997.1`.
            && (mark.number == 1 || calls().iter().any(|call| call.number == mark.number))
    };
    let places: Vec<(usize, usize)> =
        marks.iter().filter(is_label).map(|mark| (mark.line, mark.at)).collect();
    line::part_at(&mut lines, places.into_iter());
    lines
}

/// The label in this line that hangs on a piece of a word, if what follows it reads like the beginning of a note.
fn mark(line: usize, text: &str) -> Option<Mark> {
    const DIGITS: usize = 3;
    let bytes = text.as_bytes();
    // Without leaving off at the first, so that many bytes are looked at at once: most lines have none.
    if !bytes.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
        return None;
    }
    let mut at = 0;
    while let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let first = at + digit;
        at = first + bytes[first..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let enclosed = first > 0 && matches!(bytes[first - 1], b'(' | b'[');
        let end = first - usize::from(enclosed);
        // The last byte of a word: told without decoding it, since hardly any number hangs on one.
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte >= 0x80;
        if end == 0 || !letter(bytes[end - 1]) || at - first > DIGITS {
            continue;
        }
        let (word, behind) = text.split_at(end);
        if word.ends_with(char::is_lowercase)
            && word.rsplit_once(' ').is_some_and(|(_, piece)| !piece.contains(['/', '.', '-', '=', '_']))
            && let Some((number, text_at)) = marker::labelled(behind)
            && text_at < behind.len()
            && marker::opening(&behind[text_at..]).is_some_and(|score| score >= 0.0)
        {
            return Some(Mark { line, at: end, number, dress: dress(behind) });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn parted(text: &str) -> Vec<String> {
        part(split(text)).iter().map(|line| line.whole().into_owned()).collect()
    }

    #[test]
    fn a_note_behind_a_broken_word_begins_a_line() {
        for label in ["12 ", "(12) ", "[12] ", "12. "] {
            let text = format!(
                "The toll rose.12 Ships may\nlie at the quay, the har{label}Ada Lind, “Tolls”, 2021.\n\
                 {} Ibid.\nbour is full.\n",
                label.replace('2', "3")
            );
            let wanted = ["lie at the quay, the har-", &format!("{label}Ada Lind, “Tolls”, 2021.")];
            assert_eq!(parted(&text)[1..3], wanted);
        }
    }

    #[test]
    fn a_callout_stays_where_it_is() {
        for text in [
            "The toll rose at the quay12 Ada Lind says.\n12 Jo Roe.\n13 Ibid.\n",
            "Nobody called it.\nThe toll rose at the quay12 Ada Lind says.\n13 Ibid.\n",
            "It rose.12 Or\nsee https://a.example/8f-2c12. Ada Lind says.\n13. Ibid.\n",
        ] {
            assert_eq!(parted(text).len(), text.lines().count(), "{text}");
        }
    }
}
