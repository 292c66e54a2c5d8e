//! The main text of a page, and what is kept of it so that two of its states can be compared.
//!
//! The main text is what a reader comes for: paragraphs of the part of the page that holds most of them.
//! Menus, by-lines, teasers, comments and advertisements are no part of it, so that a new layout or other
//! related stories do not make another text.

use serde::{Deserialize, Serialize};

use super::outline::{Block, Id, Outline, Spot};
use super::zone::{Traits, Zones};

/// Raised whenever the main text of a page is found or taken apart in another way: what was made in
/// another way cannot be compared.
pub const WAY: u32 = 1;

/// A page with fewer words has no text that could be compared.
const FEWEST_WORDS: usize = 100;
/// Words of a shingle: enough that two texts on one matter share few.
const SHINGLE: usize = 4;
/// Shingles kept: the likeness that they give is within 0.06 of the true one, two times in three.
const KEPT: usize = 64;
/// Bytes of a block that may be a paragraph though no sentence ends it.
const PARAGRAPH: usize = 160;
/// Bytes of any paragraph.
const SENTENCE: usize = 40;
/// The main part of a page holds so much of all its paragraphs …
const MAIN: f64 = 0.6;
/// … or stands around the headline, and holds so much of them.
const NEAR_HEADLINE: f64 = 0.25;
/// The fingerprints of one text in two printings (a quotation mark more, a corrected word) differ in no
/// more bits.
const SAME: u32 = 3;

/// What is kept of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Words.
    pub words: u32,
    /// Distinct shingles: runs of four words.
    pub shingles: u32,
    /// The 64-bit simhash of the shingles (Charikar 2002): texts that are alike differ in few bits.
    pub simhash: u64,
    /// The least hashes of the shingles in rising order, at most 64: a bottom-k sketch (Broder 1997).
    pub sketch: Vec<u32>,
}

/// How much two texts have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Shared shingles among all (Jaccard), 0 to 1.
    pub shared: f64,
    /// Shared shingles among those of the shorter text, 0 to 1.
    pub contained: f64,
}

impl Text {
    /// The fingerprint of a text; `None` where it is too short to tell.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<u64> = words(text).collect();
        if words.len() < FEWEST_WORDS {
            return None;
        }
        let mut hashes: Vec<u64> = words
            .windows(SHINGLE)
            .map(|run| mix(run.iter().fold(0, |hash: u64, word| hash.rotate_left(15) ^ mix(*word))))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        let mut counts = [0_i32; 64];
        for hash in &hashes {
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += if hash >> bit & 1 == 1 { 1 } else { -1 };
            }
        }
        let bits = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let shingles = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
        Some(Text {
            words: u32::try_from(words.len()).unwrap_or(u32::MAX),
            shingles,
            simhash: bits.fold(0, |hash, (bit, _)| hash | 1 << bit),
            // The upper halves of sorted hashes are sorted.
            sketch: hashes.iter().take(KEPT).map(|hash| (hash >> 32) as u32).collect(),
        })
    }

    /// Are the two one text, but for trifles?
    pub fn is(&self, other: &Text) -> bool {
        let (less, more) = (self.words.min(other.words), self.words.max(other.words));
        (self.simhash ^ other.simhash).count_ones() <= SAME && more - less <= more / 20
    }

    /// How much the two have in common, as their sketches tell.
    pub fn likeness(&self, other: &Text) -> Likeness {
        let whole = |text: &Text| text.shingles as usize <= text.sketch.len();
        let size = if whole(self) && whole(other) { usize::MAX } else { KEPT };
        let (mut a, mut b) = (self.sketch.iter().peekable(), other.sketch.iter().peekable());
        let (mut all, mut both) = (0_usize, 0_usize);
        while all < size {
            let least = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => **x.min(y),
                (Some(x), None) => **x,
                (None, Some(y)) => **y,
                (None, None) => break,
            };
            let in_a = a.next_if(|x| **x == least).is_some();
            let in_b = b.next_if(|y| **y == least).is_some();
            all += 1;
            both += usize::from(in_a && in_b);
        }
        let shared = both as f64 / all.max(1) as f64;
        let total = f64::from(self.shingles) + f64::from(other.shingles);
        let common = total * shared / (1.0 + shared);
        let contained = common / f64::from(self.shingles.min(other.shingles).max(1));
        Likeness { shared, contained: contained.min(1.0) }
    }
}

/// The words of a text, as hashes. Scripts that write without spaces give a word for each character.
fn words(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_alphanumeric()).flat_map(|word| {
        let mut pieces = Vec::new();
        let mut hash = None;
        for c in word.chars().flat_map(char::to_lowercase) {
            let alone = matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0xA4CF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF);
            if alone {
                pieces.extend(hash.take());
                pieces.push(added(FNV, c));
            } else {
                hash = Some(added(hash.unwrap_or(FNV), c));
            }
        }
        pieces.extend(hash);
        pieces
    })
}

/// FNV-1a, which stays the same for ever: its values are on file.
const FNV: u64 = 0xcbf2_9ce4_8422_2325;

fn added(hash: u64, c: char) -> u64 {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes)
        .bytes()
        .fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Spreads a hash over all of its bits (the end of `SplitMix64`).
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}

/// The main text of a page, a paragraph a line; `None` where there is none.
pub(super) fn main_text(outline: &Outline, zones: &mut Zones, headline: Option<Spot>) -> Option<String> {
    const FOREIGN: Traits = Traits::FOREIGN.without(Traits::QUOTED);
    let apart = FOREIGN.and(Traits::FOOTER).and(Traits::HIDDEN);
    let paragraphs: Vec<&Block> = outline
        .blocks
        .iter()
        .filter(|block| is_paragraph(outline, block) && !zones.at(block.element).any(apart))
        .collect();
    let total: usize = paragraphs.iter().map(|block| block.range.len()).sum();
    // Elements stand before what they hold, so each passes on what it holds in all.
    let mut held = vec![0_usize; outline.elements.len()];
    for block in &paragraphs {
        if let Some(element) = block.element {
            held[element as usize] += block.range.len();
        }
    }
    for id in (0..held.len()).rev() {
        if let Some(parent) = outline.elements[id].parent {
            held[parent as usize] += held[id];
        }
    }
    let around = headline.and_then(|spot| spot.element);
    let near =
        outline.around(around).find(|(id, _)| held[*id as usize] as f64 >= total as f64 * NEAR_HEADLINE);
    let (from, total) = near.map_or((0, total), |(id, _)| (id as usize, held[id as usize]));
    // The innermost element that still holds most; the later of two is the inner one.
    let holds_most = |id: usize| {
        let inside =
            id == from || near.is_none() || outline.around(Some(id as Id)).any(|(id, _)| id as usize == from);
        held[id] as f64 >= total as f64 * MAIN && inside
    };
    let main = (from..held.len()).rev().find(|id| total > 0 && holds_most(*id))? as Id;
    let mut text = String::new();
    for block in paragraphs {
        if outline.around(block.element).any(|(id, _)| id == main) {
            text += &outline.paragraphs[block.range.clone()];
            text.push('\n');
        }
    }
    Some(text)
}

/// Prose: long, or a sentence; and not a list of links.
fn is_paragraph(outline: &Outline, block: &Block) -> bool {
    let text = outline.paragraphs[block.range.clone()].trim_end();
    let ended =
        text.ends_with(['.', '!', '?', '…', '”', '"', '»', ':', '。', '！', '？', '।', '۔', '؟', ')']);
    let long = text.len() >= PARAGRAPH || text.len() >= SENTENCE && ended;
    long && block.linked * 2 < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of so many words, of which those from `changed` on are others.
    fn prose(words: usize, changed: usize) -> String {
        let word = |n: usize| {
            let kind = if n < changed { "word" } else { "other" };
            [kind, &(mix(n as u64) % 5_000).to_string(), " "].concat()
        };
        (0..words).map(word).collect()
    }

    #[test]
    fn likeness_is_as_large_as_what_is_shared() {
        let first = Text::of(&prose(2_000, 2_000)).unwrap();
        for (kept, shared) in [(2_000, 1.0), (1_600, 0.667), (1_000, 0.333), (200, 0.053), (0, 0.0)] {
            let other = Text::of(&prose(2_000, kept)).unwrap();
            let likeness = first.likeness(&other);
            assert!((likeness.shared - shared).abs() < 0.13, "{kept}: {likeness:?}");
            assert_eq!(first.is(&other), kept == 2_000);
        }
        // What was cut short is all there.
        let cut = Text::of(&prose(500, 500)).unwrap();
        assert!(first.likeness(&cut).contained > 0.75, "{:?}", first.likeness(&cut));
    }

    #[test]
    fn short_texts_are_compared_whole() {
        // A text that says the same again and again has few shingles.
        let first = Text::of(&prose(50, 50).repeat(3)).unwrap();
        assert_eq!(first.sketch.len(), 50);
        let other = Text::of(&prose(50, 27).repeat(3)).unwrap();
        let likeness = first.likeness(&other);
        assert!((likeness.shared - 24.0 / 76.0).abs() < 0.001, "{likeness:?}");
        assert_eq!(Text::of(&prose(99, 99)), None);
    }

    #[test]
    fn case_and_marks_make_no_difference_and_scripts_without_spaces_have_words() {
        let plain = prose(110, 110);
        let loud = plain.to_uppercase().replace(' ', ", “");
        assert_eq!(Text::of(&plain), Text::of(&loud));
        let text = "港湾税は四月から引き上げられると市議会が決めた。".repeat(5);
        assert_eq!(Text::of(&text).unwrap().words, 115);
    }

    #[test]
    fn values_on_file_stay_the_same() {
        let text = Text::of(&prose(120, 120)).unwrap();
        assert_eq!(
            (text.simhash, text.sketch[0], text.sketch[60]),
            (11_588_602_127_412_476_898, 3_520_121, 2_285_827_310)
        );
    }
}
