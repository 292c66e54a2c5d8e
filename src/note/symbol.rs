//! Notes marked with symbols: `*`, `†`, `‡`, `§`, `¶`, `‖`, alone or doubled; `||` where that is set of two bars.
//!
//! Symbols have no order to go by where they start again on every page, and each has other uses
//! (list items, paragraph signs, emphasis). So a line is believed to start a note only together with
//! a callout of the same symbol, one for one, the nearest pair first.

use super::callout::Call;
use super::line::{FEW_LINES, Line};
use super::sequence::Start;
use crate::parallel;

/// Numbers from here on stand for symbols, counted over the document in the order of their callouts.
pub const FIRST: u32 = 1 << 20;

const SYMBOLS: &[char] = &['*', '∗', '⁎', '†', '‡', '§', '¶', '‖', '∥', '|'];
/// The longest label: `****`.
const LONGEST: usize = 4;
/// Lines between a callout and its note: two pages of a narrow column.
const NEAR: usize = 250;
/// The longest item of a list, in lines.
const ITEM: usize = 12;

struct Mark<'t> {
    line: usize,
    symbol: &'t str,
    /// Byte of the line where the callout stands, or where the note's text starts.
    at: usize,
}

/// The notes that symbols start and the callouts that refer to them, both in the order of the text.
pub fn pairs(lines: &[Line]) -> (Vec<Start>, Vec<Call>) {
    let labels = labels(lines);
    if labels.is_empty() {
        return Default::default();
    }
    let calls = calls(lines);
    let labels = without_lists(lines, labels, &calls);
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    for (l, label) in labels.iter().enumerate() {
        let first = calls.partition_point(|call| call.line + NEAR < label.line);
        let near_calls = calls[first..].iter().take_while(|call| call.line <= label.line + NEAR);
        for (c, call) in (first..).zip(near_calls) {
            let apart = label.line.abs_diff(call.line);
            let same_page = lines[label.line].page == lines[call.line].page;
            // A note continues on the next page at most; it comes before its callout only where the
            // columns of one page are out of order.
            let follows = call.line < label.line;
            if same(label.symbol, call.symbol) && apart > 0 {
                let cost = apart + if follows { 0 } else { NEAR } + if same_page { 0 } else { NEAR };
                near.push((cost, l, c));
            }
        }
    }
    near.sort_unstable();
    let (mut label_taken, mut call_taken) = (vec![false; labels.len()], vec![false; calls.len()]);
    let mut paired: Vec<(&Mark, &Mark)> = Vec::new();
    for (_, l, c) in near {
        if !label_taken[l] && !call_taken[c] {
            (label_taken[l], call_taken[c]) = (true, true);
            paired.push((&calls[c], &labels[l]));
        }
    }
    paired.sort_by_key(|(call, _)| (call.line, call.at));
    let numbered = || (FIRST..).zip(&paired);
    let mut starts: Vec<Start> = numbered()
        .map(|(number, (_, label))| Start {
            line: label.line,
            text_at: label.at,
            label: label.symbol.to_owned(),
            number,
        })
        .collect();
    starts.sort_by_key(|start| start.line);
    let calls = numbered()
        .map(|(number, (call, _))| Call { line: call.line, at: call.at, number, score: 2.0 })
        .collect();
    (starts, calls)
}

/// `∗` and `⁎` are asterisks of other fonts.
fn same(a: &str, b: &str) -> bool {
    let plain = |c: char| if matches!(c, '∗' | '⁎') { '*' } else { c };
    a.chars().map(plain).eq(b.chars().map(plain))
}

/// The run of one symbol at the start of a text.
fn symbol(text: &str) -> Option<&str> {
    let first = text.chars().next().filter(|c| SYMBOLS.contains(c))?;
    let end = text.find(|c| c != first).unwrap_or(text.len());
    let long = end <= LONGEST * first.len_utf8() && (first != '|' || end == 2 || end == 4);
    long.then(|| &text[..end])
}

fn labels<'t>(lines: &[Line<'t>]) -> Vec<Mark<'t>> {
    let label = |index: usize| {
        let line = &lines[index];
        let symbol = symbol(line.text)?;
        let rest = line.text[symbol.len()..].trim_start_matches(['.', ')']);
        let text = rest.trim_start();
        // `*word* and more`: emphasis.
        if rest.len() == text.len() && text.split_whitespace().any(|word| word.ends_with(symbol)) {
            return None;
        }
        let following = if text.is_empty() { lines.get(index + 1)?.text } else { text };
        let first = following.chars().next()?;
        // `§ 12`: a section of a law.
        let opens = first.is_alphabetic() || matches!(first, '“' | '"' | '‘' | '«' | '„' | '@' | '(' | '[');
        opens.then(|| Mark { line: index, symbol, at: line.text.len() - text.len() })
    };
    parallel::stretches(lines.len(), FEW_LINES, |numbers| numbers.filter_map(label).collect())
}

/// The symbols that hang on a word or on the punctuation behind it.
fn calls<'t>(lines: &[Line<'t>]) -> Vec<Mark<'t>> {
    let mut calls = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let text = line.text;
        let mut from = 0;
        while let Some(at) = text[from..].find(SYMBOLS).map(|at| from + at) {
            let run = text[at..].len() - text[at..].trim_start_matches(SYMBOLS).len();
            from = at + run;
            if let Some(symbol) = symbol(&text[at..from])
                && hangs(&text[..at], &text[from..], symbol)
            {
                calls.push(Mark { line: index, symbol, at });
            }
        }
    }
    calls
}

fn hangs(before: &str, after: &str, symbol: &str) -> bool {
    let apart = before.len() - before.trim_end().len();
    let Some(last) = before.trim_end().chars().next_back() else { return false };
    let on_word = last.is_alphabetic()
        || matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '”' | '’' | '"' | '»' | '…');
    // `the *word* itself`: emphasis, not a callout.
    let opened = before.split_whitespace().any(|word| word.starts_with(symbol));
    let free = !after.starts_with(|c: char| c.is_alphanumeric() || SYMBOLS.contains(&c));
    // Some converters leave a space before a raised symbol; then it ends the line.
    on_word && !opened && free && (apart == 0 || after.trim().is_empty())
}

/// Lines that the same symbol starts one after the other are the items of a list, unless as many
/// callouts stand between them.
fn without_lists<'t>(lines: &[Line], labels: Vec<Mark<'t>>, calls: &[Mark]) -> Vec<Mark<'t>> {
    let item = |a: &Mark, b: &Mark| {
        let (from, to) = (a.line.min(b.line), a.line.max(b.line));
        // A blank line may part two items, but not an item in itself.
        let together = to - from <= ITEM && lines[from + 1..to].iter().all(|line| !line.gap);
        same(a.symbol, b.symbol)
            && together
            && !calls.iter().any(|call| (from..to).contains(&call.line) && same(call.symbol, a.symbol))
    };
    let alone = |index: usize| {
        let beside = [index.checked_sub(1), Some(index + 1)];
        let mut beside = beside.into_iter().flatten().filter_map(|other| labels.get(other));
        !beside.any(|other| item(&labels[index], other))
    };
    let keep: Vec<bool> = (0..labels.len()).map(alone).collect();
    labels.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(label, _)| label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::line;

    #[track_caller]
    fn check(text: &str, want: &[(&str, &str)]) {
        let lines = line::split(text);
        let (starts, calls) = pairs(&lines);
        let got: Vec<_> = starts
            .iter()
            .map(|start| {
                let call = calls.iter().find(|call| call.number == start.number).unwrap();
                (&lines[start.line].text[start.text_at..], &lines[call.line].text[..call.at])
            })
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn a_symbol_pairs_with_its_callout() {
        check(
            "The tolls rose.* The city\nagreed.† So it was.\n\n* Harbour Board, Report.\n† Ibid.",
            &[("Harbour Board, Report.", "The tolls rose."), ("Ibid.", "agreed.")],
        );
        check("The tolls rose.||\n\n||Ada Lind, Tolls.", &[("Ada Lind, Tolls.", "The tolls rose.")]);
        check("Tolls and Quays *\nby Ada Lind\n*\nThe author thanks the Board.", &[("", "Tolls and Quays ")]);
    }

    #[test]
    fn lists_sections_and_emphasis_are_none() {
        check("The fees* are:\n* one crown\n* two crowns\n* three crowns", &[]);
        check("The law† says:\n† 12 of the act", &[]);
        check("It is *very* dear.\n* Dear it is.", &[]);
        check("It is so.*\n*Dear* it is.", &[]);
    }
}
