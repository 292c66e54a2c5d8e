//! Characters → words: what stands on one baseline without a gap.

use super::content::Glyph;

/// A run of characters of one size on one baseline.
#[derive(Debug, Clone)]
pub(super) struct Word<'p> {
    /// In reading order; no spaces.
    pub(super) glyphs: &'p [Glyph],
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The baseline.
    pub(super) y: f32,
    pub(super) size: f32,
    /// A space was set before it, however wide.
    pub(super) spaced: bool,
}

/// A gap from here on parts words, in ems. Typesetters that move instead of setting spaces leave
/// 0.2 and more between words, and less than 0.1 between letters.
pub(super) const GAP: f32 = 0.16;

/// The words of a page.
pub(super) fn words(glyphs: &[Glyph]) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::with_capacity(glyphs.len() / 4);
    let mut spaced = false;
    let mut open = false;
    // Where the last word begins.
    let mut from = 0;
    for (at, glyph) in glyphs.iter().enumerate() {
        if glyph.c == ' ' {
            (spaced, open) = (true, false);
            continue;
        }
        let goes_on = open && words.last().is_some_and(|word| goes_on(word, glyph));
        if let Some(word) = words.last_mut().filter(|_| goes_on) {
            word.x1 = word.x1.max(glyph.x + glyph.width);
            word.x0 = word.x0.min(glyph.x);
            word.glyphs = &glyphs[from..=at];
        } else {
            from = at;
            words.push(Word {
                glyphs: &glyphs[at..=at],
                x0: glyph.x,
                x1: glyph.x + glyph.width,
                y: glyph.y,
                size: glyph.size,
                spaced,
            });
        }
        (spaced, open) = (false, true);
    }
    words
}

fn goes_on(word: &Word, glyph: &Glyph) -> bool {
    let Some(last) = word.glyphs.last() else { return false };
    let gap = glyph.x - (last.x + last.width);
    let same_line = (glyph.y - word.y).abs() <= word.size * 0.04;
    let same_size = (glyph.size - word.size).abs() <= word.size * 0.03;
    // An accent is set before or behind its letter, over it.
    let over = is_accent(last.c) || is_accent(glyph.c);
    let back = if over { -1.2 } else { -0.35 };
    same_line && same_size && gap < word.size * GAP && gap > word.size * back && glyph.x >= last.x - last.size
}

/// A diacritic of its own, as some fonts set it over a letter.
pub(super) fn is_accent(c: char) -> bool {
    combining(c).is_some()
}

/// The combining character of a diacritic.
pub(super) fn combining(c: char) -> Option<char> {
    Some(match c {
        '`' | '\u{2CB}' => '\u{300}',
        '\u{B4}' | '\u{2CA}' => '\u{301}',
        '\u{2C6}' => '\u{302}',
        '\u{2DC}' => '\u{303}',
        '\u{AF}' | '\u{2C9}' => '\u{304}',
        '\u{2D8}' => '\u{306}',
        '\u{2D9}' => '\u{307}',
        '\u{A8}' => '\u{308}',
        '\u{2DA}' => '\u{30A}',
        '\u{2DD}' => '\u{30B}',
        '\u{2C7}' => '\u{30C}',
        '\u{B8}' => '\u{327}',
        '\u{2DB}' => '\u{328}',
        _ => return None,
    })
}
