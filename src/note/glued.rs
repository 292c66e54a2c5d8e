//! Labels that a converter left inside a line, directly behind the note before: it starts no new line
//! where a paragraph ends.
//!
//! ```text
//! 1 Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://ledger.example/tolls.2 Ibid.3 See Jo Roe,
//! “Fees”, in The Gazette, 2022.
//! ```
//!
//! A callout looks the same. What tells is the numbering: a label follows that of the number before, and
//! the body has called it already.

use std::collections::{HashMap, HashSet};

use super::line::{self, FEW_LINES, Line};
use super::{edge, marker};
use crate::parallel;

/// A number that hangs on what stands before it, inside a line.
#[derive(Debug, Clone, Copy)]
struct Mark {
    line: usize,
    /// Byte of the line where the number starts.
    at: usize,
    number: u32,
    /// It hangs on a word or on punctuation, as callouts do.
    calls: bool,
    /// What follows reads like the beginning of a note.
    opens: bool,
}

/// One label alone may be a callout.
const FEWEST: usize = 2;
/// No note fills more lines.
const LONGEST: usize = 60;
/// Lines within which a label that begins a line is the page's own.
const AHEAD: usize = 200;

/// Parts the lines at the labels inside them.
pub(super) fn part(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let mut notes = Vec::new();
    for of_line in labels(&lines).chunk_by(|a, b| a.line == b.line) {
        let index = of_line[0].line;
        // Cut from the last on, so that each begins where it did.
        let mut behind = Vec::new();
        for label in of_line.iter().rev() {
            let (before, note) = lines[index].cut(label.at);
            lines[index] = before;
            behind.push((index, note));
        }
        notes.extend(behind.into_iter().rev());
    }
    line::insert(&mut lines, notes);
    lines
}

/// The marks that are labels, in the order of the text.
fn labels(lines: &[Line]) -> Vec<Mark> {
    let marks = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        let next = |index: usize| lines.get(index + 1).filter(|next| !next.gap).map_or("", |next| next.text);
        numbers.flat_map(|index| marks(index, lines[index].text, next(index))).collect()
    });
    if marks.iter().filter(|mark| mark.opens).count() < FEWEST {
        return Vec::new();
    }
    // `No.` or a comma before it wants a number.
    let wanted = |index: usize| {
        let before = index.checked_sub(1).filter(|_| !lines[index].gap).map(|before| &lines[before]);
        before.is_some_and(|before| before.text.ends_with(['.', ',']) && !before.edges().ended)
    };
    let label = |index: usize| marker::at_start(lines[index].text).filter(|_| !wanted(index));
    let labels = parallel::map(lines.len(), FEW_LINES, label);
    let mut at_start: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, label) in labels.iter().enumerate() {
        if let Some(number) = label {
            at_start.entry(*number).or_default().push(index);
        }
    }
    // A label of that number begins a line further on.
    let comes = |number: u32, line: usize| {
        let labels = at_start.get(&number).map(Vec::as_slice).unwrap_or_default();
        labels[labels.partition_point(|label| *label <= line)..].first().is_some_and(|at| at - line <= AHEAD)
    };
    // Numbers called for which no label has come since.
    let mut owed: HashSet<u32> = HashSet::new();
    let mut found: Vec<Mark> = Vec::new();
    let mut run: Vec<(Mark, bool)> = Vec::new();
    // The last label, and where it stands.
    let mut last: Option<(u32, usize)> = None;
    let mut ahead = marks.into_iter().peekable();
    for (index, label) in labels.into_iter().enumerate() {
        let alone = || {
            const LONGEST: usize = 6;
            let below =
                lines[index].len <= LONGEST && lines.get(index + 1).is_some_and(|next| !next.page_break);
            let number =
                below.then(|| marker::alone(lines[index].text)).flatten().map(|(_, number, _)| number);
            number.filter(|number| owed.contains(number))
        };
        if let Some(number) = label.or_else(alone) {
            let unlike = last.is_none_or(|(last, _)| number != last + 1) && number != 1;
            // Where some labels before it were not told, the body has called it all the same.
            if !unlike || owed.contains(&number) {
                keep(&mut run, &mut found, lines, index);
                last = Some((number, index));
                owed.remove(&number);
            }
        }
        while let Some(mark) = ahead.next_if(|mark| mark.line == index) {
            let follows = last.is_some_and(|(last, line)| mark.number == last + 1 && index - line <= LONGEST);
            if mark.opens && follows && !comes(mark.number, index) {
                run.push((mark, owed.remove(&mark.number)));
                last = Some((mark.number, index));
            } else if mark.calls {
                owed.insert(mark.number);
            }
        }
    }
    keep(&mut run, &mut found, lines, lines.len());
    found
}

/// Keeps a run of marks, which ends before the line `end`, if the body calls most of them, not all of its
/// callouts being told, and if their texts read as notes do: most of them give a source.
fn keep(run: &mut Vec<(Mark, bool)>, found: &mut Vec<Mark>, lines: &[Line], end: usize) {
    let called = run.iter().filter(|(_, called)| *called).count();
    let mut run: Vec<Mark> = std::mem::take(run).into_iter().map(|(mark, _)| mark).collect();
    let ends = run.iter().skip(1).map(|next| (next.line, next.at)).chain([(end, 0)]);
    let cites = |(mark, (end, _)): &(&Mark, (usize, usize))| {
        let first = &lines[mark.line].text[mark.at..];
        let others = lines[mark.line + 1..(*end).min(mark.line + LONGEST).max(mark.line + 1)].iter();
        marker::cites(first) || others.into_iter().any(|line| marker::cites(line.text))
    };
    let citing = run.iter().zip(ends).filter(cites).count();
    if run.len() >= FEWEST && citing * 2 >= run.len() && called * 4 >= run.len() * 3 {
        found.append(&mut run);
    }
}

/// As much of a text as tells whether it is a note: a line may hold a whole book.
fn beginning(text: &str) -> &str {
    const ENOUGH: usize = 512;
    &text[..text.floor_char_boundary(ENOUGH)]
}

/// The numbers that hang on something in this line, or stand apart behind the end of a sentence.
fn marks(line: usize, text: &str, below: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + digit;
        at = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = at - start;
        // Most numbers stand apart in the middle of a sentence.
        if start > 1 && bytes[start - 1] == b' ' {
            let before = bytes[start - 2];
            if before.is_ascii() && !b".)>!?\"".contains(&before) {
                continue;
            }
        }
        let behind = &text[at..];
        let next = behind.chars().next();
        let glued_too = next.is_some_and(char::is_alphanumeric) && marker::opens_glued(behind)
            || next.is_some_and(|c| matches!(c, '“' | '«' | '„' | '‘' | '"'));
        let apart = glued_too || next.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '-' | '–'));
        let lead = text[..start].trim_end();
        let Some(before) = lead.chars().next_back() else { continue };
        let spaced = lead.len() < start;
        let ends = matches!(before, '.' | ')' | '”' | '’' | '»' | '"' | '>' | '!' | '?');
        if digits > 3 || !apart || spaced && !(ends && edge::ends_sentence(lead)) {
            continue;
        }
        let Ok(number) = text[start..at].parse() else { continue };
        let opens = ends
            && (glued_too || behind.starts_with([' ', '\t']) || spaced && behind.is_empty())
            && marker::opening(beginning(if behind.is_empty() { below } else { behind.trim_start() }))
                .is_some_and(|score| score >= 0.0);
        let stem = lead.trim_end_matches(['.', ',', ':']);
        // `24,500` and `3.2` are numbers; `in 2014.5` is a year and a callout.
        let figures = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
        let counts = matches!(before, '-' | '–' | '/' | '(' | '[' | '§' | '=') || (1..=3).contains(&figures);
        marks.push(Mark { line, at: start, number, calls: !counts && !spaced, opens });
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        part(split(text)).iter().map(|line| line.text.to_owned()).collect()
    }

    #[test]
    fn a_label_behind_the_note_before_begins_a_line() {
        let text = "The toll rose.1 The quay fell.2 The port slept.3 It rained.\n\
                    1 Ada Lind, “Tolls”, 2021.2 Ibid.3 See Jo Roe, “Fees”,\nin The Gazette.\n";
        assert_eq!(
            parts(text)[1..],
            ["1 Ada Lind, “Tolls”, 2021.", "2 Ibid.", "3 See Jo Roe, “Fees”,", "in The Gazette."]
        );
    }

    #[test]
    fn a_label_may_end_a_line_or_stand_alone_before_the_first_note() {
        let text = "The toll rose.1 The quay fell.2 The port slept.3 It rained.4 It did.\n\
                    1\nAda Lind, “Tolls”, 2021. 2 Ibid. 3\nSee Jo Roe, “Fees”. 4Ibid., p. 3.\n";
        assert_eq!(
            parts(text)[1..],
            ["1", "Ada Lind, “Tolls”, 2021.", "2 Ibid.", "3", "See Jo Roe, “Fees”.", "4Ibid., p. 3."]
        );
    }

    #[test]
    fn a_callout_stays_where_it_is() {
        for text in [
            "1. The toll rose.\nThe quay fell.2 The “port” slept.3 It rained.4 It did.\n",
            "The toll rose.1 The quay fell.2 It is so.\n1 Ada Lind.\n2 Jo Roe.\n\
             The toll rose.1 The quay fell.2 The “port” slept.3 It rained.4 It did.\n",
        ] {
            assert_eq!(parts(text).len(), text.lines().count());
        }
    }
}
