//! Notes set one behind the other in a paragraph, `¹ Ibid. ² Report, p. 4.`: the line that holds
//! several is taken apart, so that each note begins a line.
//!
//! A raised number in small letters, with a space before it, is the label of a note where it counts
//! on from the label before, and no line of the page begins with it.

use std::collections::HashSet;

use super::line::Line;
use super::zone;

/// Takes the lines apart.
pub(super) fn split(lines: &mut Vec<Line>) {
    let small = zone::body_size(lines) * zone::SMALLER;
    let may_hold = |line: &Line| line.size <= small && label(&line.text, 1).is_some();
    if !lines.iter().any(may_hold) {
        return;
    }
    let begun: HashSet<(u32, u32)> = lines
        .iter()
        .filter(|line| line.raised)
        .filter_map(|line| Some((line.page, number(&line.text)?.0)))
        .collect();
    let mut last = None;
    let mut parted = Vec::with_capacity(lines.len());
    for mut line in lines.drain(..) {
        if line.raised && line.size <= small {
            last = number(&line.text).map(|(number, _)| number).or(last);
        }
        let mut from = 1;
        while let Some(at) = last.filter(|_| line.size <= small).and_then(|_| label(&line.text, from)) {
            let next = number(&line.text[at..]).map(|(number, _)| number);
            if next == last.map(|last| last + 1)
                && next.is_some_and(|next| !begun.contains(&(line.page, next)))
            {
                let rest = line.split_off(at);
                parted.push(std::mem::replace(&mut line, rest));
                (last, from) = (next, 1);
            } else {
                from = at + 1;
            }
        }
        parted.push(line);
    }
    *lines = parted;
}

/// Where behind the byte `from` a raised number stands with a space before it and a word behind it.
fn label(text: &str, from: usize) -> Option<usize> {
    if text.is_ascii() {
        return None;
    }
    text.char_indices().filter(|(at, c)| *at >= from && digit(*c).is_some()).map(|(at, _)| at).find(|at| {
        let behind = number(&text[*at..]).map_or("", |(_, behind)| behind).trim_start();
        text[..*at].ends_with(' ')
            && behind.starts_with(|c: char| {
                c.is_alphabetic() || matches!(c, '“' | '"' | '‘' | '«' | '„' | '(' | '[' | '<' | '@')
            })
    })
}

/// The raised number that a text begins with, and the text behind it.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c| digit(c).is_none()).unwrap_or(text.len());
    let digits = text[..end].chars().filter_map(digit);
    let number = (1..=4)
        .contains(&digits.clone().count())
        .then(|| digits.fold(0, |number, digit| number * 10 + digit));
    Some((number?, &text[end..]))
}

fn digit(c: char) -> Option<u32> {
    Some(match c {
        '⁰' => 0,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴'..='⁹' => c as u32 - '⁰' as u32,
        _ => return None,
    })
}
