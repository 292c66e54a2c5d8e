//! Labels in small Roman numerals, as word processors number endnotes.
//!
//! They are letters, and in running text nothing but their place tells them from a word: `i` is an
//! article in Italian, and every `x` may be a factor. So they are believed together only: labels that
//! count from `i` to `iii` at least, and callouts of theirs.

use std::collections::HashSet;

use super::callout::Call;
use super::edge::shows_address;
use super::line::{FEW_LINES, Line};
use super::marker::{self, Candidate, Kind};
use crate::parallel;

/// Fewer labels may be ordinals or the parts of an article.
const ENOUGH: u32 = 3;

/// The lines that such labels begin, and the callouts; nothing where there are not enough of them.
pub(super) fn find(lines: &[Line]) -> (Vec<Candidate>, Vec<Call>) {
    let labels = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|index| candidate(lines, index, &lines[index])).collect()
    });
    if !counts(&labels) {
        return Default::default();
    }
    let wanted: HashSet<u32> = labels.iter().map(|label| label.number).collect();
    let mut calls = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        scan(index, line.text, &wanted, &mut calls);
    }
    let called: HashSet<u32> =
        calls.iter().filter(|call| call.score >= 0.5).map(|call| call.number).collect();
    if (1..=ENOUGH).any(|number| called.contains(&number)) { (labels, calls) } else { Default::default() }
}

/// Do some of the labels count from one, in the order of the text?
fn counts(labels: &[Candidate]) -> bool {
    let mut next = 1;
    for label in labels {
        if label.number == next {
            next += 1;
        }
    }
    next > ENOUGH
}

fn candidate(lines: &[Line], index: usize, line: &Line) -> Option<Candidate> {
    let end = line.text.find(|c| !DIGITS.contains(&c)).unwrap_or(line.text.len());
    let (label, rest) = line.text.split_at(end);
    let number = value(label)?;
    let text = rest.trim_start();
    // A long label may touch its text.
    let touches = label.len() > 1 && rest.starts_with(|c: char| c.is_uppercase() || "“‘«„\"@".contains(c));
    if !(rest.is_empty() || text.len() < rest.len() || touches) {
        return None;
    }
    let body = if text.is_empty() { lines.get(index + 1)?.text } else { text };
    Some(Candidate {
        line: index,
        label: label.to_owned(),
        number,
        kind: if text.is_empty() { Kind::Alone } else { Kind::Plain },
        text_at: line.text.len() - text.len(),
        score: marker::opening(body)?,
    })
}

/// Numerals that hang on a word or on the punctuation behind it, or stand apart behind punctuation.
fn scan(line: usize, text: &str, wanted: &HashSet<u32>, calls: &mut Vec<Call>) {
    let mut word_at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let at = word_at;
        word_at += word.len();
        let bare = word.trim_end().trim_end_matches(['.', ',', ';', ':', ')', '”', '’', '"', '»', '?', '!']);
        let digits = bare.len() - bare.trim_end_matches(DIGITS).len();
        if digits == 0 || shows_address(word) {
            continue;
        }
        let (before, _) = bare.split_at(bare.len() - digits);
        let behind_mark = before.ends_with(['.', ',', ';', ':', '!', '?', ')', '”', '’', '"', '»', '…', ']']);
        let mut call = |from: usize, score: f32| {
            if let Some(number) = value(&bare[from..]).filter(|number| wanted.contains(number)) {
                calls.push(Call { line, at: at + from, number, score });
            }
        };
        if behind_mark {
            call(before.len(), 1.0);
        } else if before.is_empty() && at > 0 {
            let lead = text[..at].trim_end();
            if lead.ends_with(['.', ',', ';', ':', '”', '’', ')', '"', '?', '!'])
                && bare.len() == word.trim_end().len()
            {
                call(0, 0.5);
            } else if digits > 1 {
                call(0, 0.3);
            }
        } else if before.chars().count() + digits > 3 {
            // `treatyxii`: the word may have lent the numeral its first letters.
            (before.len()..bare.len()).filter(|from| bare.len() - from > 1).for_each(|from| call(from, 0.2));
        }
    }
}

/// Small Roman digits.
const DIGITS: [char; 5] = ['i', 'v', 'x', 'l', 'c'];

/// The number that small Roman digits spell, written as the rules want it.
pub fn value(text: &str) -> Option<u32> {
    const LARGEST: u32 = 399;
    let digit = |c: char| match c {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        'l' => Some(50),
        'c' => Some(100),
        _ => None,
    };
    let digits: Vec<i32> = text.chars().map(digit).collect::<Option<_>>()?;
    let signed = |(index, digit): (usize, &i32)| {
        if digits.get(index + 1).is_some_and(|next| next > digit) { -digit } else { *digit }
    };
    let sum = u32::try_from(digits.iter().enumerate().map(signed).sum::<i32>()).ok()?;
    ((1..=LARGEST).contains(&sum) && spelt(sum) == text).then_some(sum)
}

fn spelt(mut number: u32) -> String {
    const STEPS: [(u32, &str); 9] =
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")];
    let mut text = String::new();
    for (step, digits) in STEPS {
        while number >= step {
            text.push_str(digits);
            number -= step;
        }
    }
    text
}
