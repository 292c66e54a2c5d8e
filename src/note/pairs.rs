//! Which words follow which inside the lines of a document: what tells whether a line goes on where another stopped
//! beside their own beginnings and ends.

use std::collections::HashMap;

use super::line::Line;

/// Which words follow which inside the lines of a document.
#[derive(Default)]
pub(super) struct Pairs<'t> {
    both: HashMap<(&'t str, &'t str), u32>,
    first: HashMap<&'t str, u32>,
    second: HashMap<&'t str, u32>,
    all: u32,
}

impl<'t> Pairs<'t> {
    pub(super) fn of(lines: &[Line<'t>]) -> Self {
        /// So many words tell how a document is written.
        const ENOUGH: usize = 25_000;
        let mut both: HashMap<(&str, &str), u32> = HashMap::default();
        let of_line = |line: &Line<'t>| {
            let words = line.text.split(' ').filter(|word| !word.is_empty());
            words.clone().zip(words.skip(1))
        };
        for (before, next) in lines.iter().flat_map(of_line).take(ENOUGH) {
            *both.entry((end_of_word(before), start_of_word(next))).or_default() += 1;
        }
        let (mut first, mut second): (HashMap<_, _, _>, HashMap<_, _, _>) = Default::default();
        let mut all = 0;
        for ((before, next), count) in &both {
            *first.entry(*before).or_default() += count;
            *second.entry(*next).or_default() += count;
            all += count;
        }
        Pairs { both, first, second, all }
    }

    /// How much more often than by chance a word like the last of one line is followed by one like the first
    /// of the other.
    pub(super) fn follow(&self, before: &str, next: &str) -> f32 {
        const UNSEEN: f32 = 0.5;
        const MOST: f32 = 1.5;
        let (before, next) = (before.rsplit(' ').next(), next.split(' ').next());
        let (before, next) =
            (end_of_word(before.unwrap_or_default()), start_of_word(next.unwrap_or_default()));
        let first = self.first.get(before).copied().unwrap_or_default();
        let second = self.second.get(next).copied().unwrap_or_default();
        let both = self.both.get(&(before, next)).copied().unwrap_or_default();
        let chance = first as f32 * second as f32 / self.all.max(1) as f32;
        ((both as f32 + UNSEEN) / (chance + UNSEEN)).ln().clamp(-MOST, MOST)
    }

    /// How well a line goes on where another stopped.
    pub(super) fn joint(&self, before: &Line, line: &Line) -> f32 {
        const WEIGHT: f32 = 0.5;
        let (end, start) = (before.edges(), line.edges());
        let broken = end.may_break_address() || before.hyphen || before.text.ends_with(['-', '\u{AD}']);
        end.joint(start) + if broken { 0.0 } else { WEIGHT * self.follow(before.text, line.text) }
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
