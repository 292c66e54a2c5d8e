//! Which words follow which inside the lines of a document: what tells whether a line goes on where another stopped
//! beside their own beginnings and ends.

use std::collections::HashMap;

use super::line::Line;
use crate::fold::ByFnv;

/// Which words follow which inside the lines of a document.
#[derive(Default)]
pub(super) struct Pairs<'t> {
    ends: HashMap<&'t str, u32>,
    starts: HashMap<&'t str, u32>,
    /// How often each of them stands in a pair, and how often two do.
    first: Vec<u32>,
    second: Vec<u32>,
    both: HashMap<(u32, u32), u32, ByFnv>,
    all: u32,
}

/// A word of the document that ends or begins a line, if it is known from inside of one.
pub(super) type Word = Option<u32>;

impl<'t> Pairs<'t> {
    pub(super) fn of(lines: &[Line<'t>]) -> Self {
        /// So many words tell how a document is written.
        const ENOUGH: usize = 25_000;
        let of_line = |line: &Line<'t>| {
            let words = line.text.split(' ').filter(|word| !word.is_empty());
            words.clone().zip(words.skip(1))
        };
        let count = |words: &mut HashMap<&'t str, u32>, counts: &mut Vec<u32>, word: &'t str| {
            let id = *words.entry(word).or_insert(counts.len() as u32);
            if counts.len() == id as usize {
                counts.push(0);
            }
            counts[id as usize] += 1;
            id
        };
        let mut pairs = Pairs::default();
        for (before, next) in lines.iter().flat_map(of_line).take(ENOUGH) {
            let before = count(&mut pairs.ends, &mut pairs.first, end_of_word(before));
            let next = count(&mut pairs.starts, &mut pairs.second, start_of_word(next));
            *pairs.both.entry((before, next)).or_default() += 1;
            pairs.all += 1;
        }
        pairs
    }

    /// The last word of a text.
    pub(super) fn last(&self, text: &str) -> Word {
        self.ends.get(end_of_word(text.rsplit(' ').next().unwrap_or_default())).copied()
    }

    /// The first word of a text.
    pub(super) fn first(&self, text: &str) -> Word {
        self.starts.get(start_of_word(text.split(' ').next().unwrap_or_default())).copied()
    }

    /// How much more often than by chance a word like the last of one line is followed by one like the first
    /// of the other.
    pub(super) fn follow(&self, last: Word, first: Word) -> f32 {
        const UNSEEN: f32 = 0.5;
        const MOST: f32 = 1.5;
        let (Some(last), Some(first)) = (last, first) else { return 0.0 };
        let both = self.both.get(&(last, first)).copied().unwrap_or_default();
        let chance =
            self.first[last as usize] as f32 * self.second[first as usize] as f32 / self.all.max(1) as f32;
        ((both as f32 + UNSEEN) / (chance + UNSEEN)).ln().clamp(-MOST, MOST)
    }

    /// How well a line goes on where another stopped.
    pub(super) fn joint(&self, before: &Line, line: &Line) -> f32 {
        const WEIGHT: f32 = 0.5;
        let (end, start) = (before.edges(), line.edges());
        let broken = end.may_break_address() || before.hyphen || before.text.ends_with(['-', '\u{AD}']);
        end.joint(start)
            + if broken { 0.0 } else { WEIGHT * self.follow(self.last(before.text), self.first(line.text)) }
    }
}

/// What of a word tells what follows: the punctuation behind it, or the word; of numbers how long they are.
fn end_of_word(word: &str) -> &str {
    let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    if bare.len() < word.len() {
        return &word[bare.len()..];
    }
    if word.contains('/') {
        return "/";
    }
    like_numbers(word.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// What of a word tells what stood before it.
fn start_of_word(word: &str) -> &str {
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    if bare.len() < word.len() {
        return &word[..word.len() - bare.len()];
    }
    if word.contains('/') {
        return "/";
    }
    let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    like_numbers(&word[..end])
}

fn like_numbers(word: &str) -> &str {
    const LIKE: [&str; 5] = ["", "0", "00", "000", "0000"];
    if word.bytes().all(|byte| byte.is_ascii_digit()) { LIKE[word.len().min(LIKE.len() - 1)] } else { word }
}
