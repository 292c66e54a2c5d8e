//! Text reduced to what two spellings of the same words have in common.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents, ligatures taken apart, without what nobody sees (soft hyphens, joiners):
/// `Février` and `fevrier` are the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (plain, tail) = rest.split_at(rest.bytes().take_while(u8::is_ascii).count());
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            None => break,
            // What most lines have, and has no other form.
            Some(c @ ('–' | '—' | '‘' | '’' | '“' | '”' | '„')) => out.push(c),
            Some(c) => match LETTERS.get((u32::from(c) - FIRST) as usize) {
                Some(folded) => out.push_str(folded),
                None => out.extend(folded(c)),
            },
        }
        rest = chars.as_str();
    }
    out.make_ascii_lowercase();
    out
}

/// What `read` makes of a word folded: for short words in ASCII, as most are, nothing is allocated.
pub(crate) fn with_folded<R>(word: &str, read: impl FnOnce(&str) -> R) -> R {
    let mut lower = [0; 16];
    match lower.get_mut(..word.len()).filter(|_| word.is_ascii()) {
        Some(lower) => {
            lower.copy_from_slice(word.as_bytes());
            lower.make_ascii_lowercase();
            read(str::from_utf8(lower).unwrap_or_default())
        }
        None => read(&fold(word)),
    }
}

/// The first character that is not in ASCII.
const FIRST: u32 = 0x80;

/// The letters of most texts that are not all in ASCII: Latin, Greek, Cyrillic.
static LETTERS: LazyLock<Vec<Box<str>>> = LazyLock::new(|| {
    let letters = (FIRST..0x500).filter_map(char::from_u32);
    letters.map(|c| folded(c).collect::<String>().into()).collect()
});

fn folded(c: char) -> impl Iterator<Item = char> {
    let seen = std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c) && !is_unseen(*c));
    seen.flat_map(char::to_lowercase)
}

/// Is the word one of a few, given with spaces between?
pub(crate) fn one_of(word: &str, words: &str) -> bool {
    let (word, words) = (word.as_bytes(), words.as_bytes());
    let Some(first) = word.first() else { return false };
    memchr::memchr_iter(*first, words).any(|at| {
        // Most words with this letter are told apart by their ends.
        (at == 0 || words[at - 1] == b' ')
            && words.get(at + word.len()).is_none_or(|next| *next == b' ')
            && words[at..].starts_with(word)
    })
}

/// Hashes the keys of tables that the program itself fills (FNV-1a): whoever looks something up in them
/// cannot make them slow.
#[derive(Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Tables by [`Fnv`].
pub(crate) type ByFnv = BuildHasherDefault<Fnv>;

/// A list of folded words in which others are looked up.
pub(crate) struct Words {
    words: HashSet<&'static str, ByFnv>,
    longest: usize,
}

impl Words {
    /// The words of a text.
    pub(crate) fn of(text: &'static str) -> Self {
        let words: HashSet<&str, ByFnv> = text.split_whitespace().collect();
        Words { longest: words.iter().map(|word| word.len()).max().unwrap_or_default(), words }
    }

    /// Is this word, which is folded, among them?
    pub(crate) fn has(&self, folded: &str) -> bool {
        folded.len() <= self.longest && self.words.contains(folded)
    }

    /// Is this word among them, as it is written?
    pub(crate) fn has_unfolded(&self, word: &str) -> bool {
        (word.len() <= self.longest || !word.is_ascii()) && with_folded(word, |folded| self.has(folded))
    }
}

/// Where a word may be broken or joined: the soft hyphen, spaces and joiners without width.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// The words of a text, folded: runs of letters and digits, apostrophes inside a word dropped.
pub fn words(text: &str) -> Vec<String> {
    FoldedWords::of(text).iter().map(str::to_owned).collect()
}

/// What [`words`] gives, in one piece: for who looks at the words and keeps none.
pub(crate) struct FoldedWords {
    /// One behind the other.
    words: String,
    ends: Vec<usize>,
}

impl FoldedWords {
    /// The words of a text.
    pub(crate) fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut words = String::with_capacity(folded.len());
        let mut ends = Vec::with_capacity(folded.len() / 4 + 1);
        let mut rest = folded.as_str();
        loop {
            // Most of most words is in ASCII.
            let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let goes_on = rest.as_bytes().get(plain).is_some_and(|byte| !byte.is_ascii());
            let more = if goes_on { rest[plain..].find(|c: char| !c.is_alphanumeric()) } else { Some(0) };
            let (part, tail) = rest.split_at(more.map_or(rest.len(), |more| plain + more));
            words.push_str(part);
            let inside = words.len() > ends.last().copied().unwrap_or(0);
            let behind = tail.strip_prefix(['\'', '’', '‘', 'ʼ']).filter(|_| inside);
            if let Some(behind) = behind.filter(|behind| behind.starts_with(char::is_alphanumeric)) {
                rest = behind;
                continue;
            }
            ends.extend(inside.then_some(words.len()));
            // So is what stands between them.
            let between = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
            let tail = &tail[tail.bytes().take_while(between).count()..];
            match tail.find(char::is_alphanumeric) {
                Some(next) => rest = &tail[next..],
                None => return FoldedWords { words, ends },
            }
        }
    }

    /// One after the other.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(from, to)| &self.words[from..*to])
    }
}

/// One line, single spaces, no white space at the ends.
pub fn one_line(text: &str) -> String {
    if is_one_line(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Is this one line already, and all of it in ASCII?
fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut spaced = true;
    let plain = bytes.iter().all(|byte| {
        let space = *byte == b' ';
        let fits = byte.is_ascii_graphic() || space && !spaced;
        spaced = space;
        fits
    });
    plain && (bytes.is_empty() || !spaced)
}

/// As [`one_line`], without what a terminal obeys: for what strangers' pages say of themselves.
pub fn plain_line(text: &str) -> String {
    if is_one_line(text) {
        return text.to_owned();
    }
    let mut line = one_line(text);
    line.retain(|c| !is_obeyed(c));
    line
}

/// A control character, or a mark that turns the direction of all that follows (UAX #9, 2.1 to 2.4):
/// nothing that is read, but what a terminal or a browser does.
pub fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Is a text, folded, in Latin letters, as far as it is in letters?
pub fn is_latin(text: &str) -> bool {
    fold(text).chars().all(|c| !c.is_alphabetic() || c.is_ascii())
}

/// The name that a misspelt one was probably meant to be.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const LEAST: f64 = 0.75;
    names
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), known), known))
        .filter(|(likeness, _)| *likeness >= LEAST)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

/// Is a text what a pattern says? `*` stands for anything; a pattern without one is the beginning.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return true };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_fold_away() {
        assert_eq!(fold("Février ﬁnal ÀÉÎ Lie\u{AD}fer\u{AD}ket\u{AD}ten"), "fevrier final aei lieferketten");
    }

    #[test]
    fn an_apostrophe_inside_a_word_does_not_split_it() {
        assert_eq!(words("Ukraine’s ‘higher’ U.S."), ["ukraines", "higher", "u", "s"]);
    }
}
