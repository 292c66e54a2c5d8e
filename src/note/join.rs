//! Wrapped lines → one line: hyphenation undone, URLs put together again.
//!
//! A URL may wrap anywhere, even inside `https://`. What settles a doubtful wrap, in this order: a
//! link target that the converter left beside the text; what a URL can contain; whether what
//! follows reads as prose.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use super::edge::{is_email, shows_address};
use super::line::{BREAK, FEW_LINES, Line};
use super::marker::is_unspaced;
use crate::date;
use crate::fold::{self, fold};
use crate::link::is_invisible;
use crate::parallel;

/// Link targets known from outside the running text.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    urls: BTreeSet<String>,
    /// By their text without hyphens.
    unhyphened: HashMap<String, Vec<String>>,
}

impl Targets {
    /// Adds the target of a link.
    pub fn add(&mut self, url: &str) {
        if self.urls.insert(url.to_owned()) {
            self.unhyphened.entry(url.replace('-', "")).or_default().push(url.to_owned());
        }
    }

    /// Is this a whole target?
    pub fn is_whole(&self, url: &str) -> bool {
        self.urls.contains(url)
    }

    /// The one target that differs from this text in nothing but hyphens that the text lacks.
    pub fn spelt_with_hyphens(&self, text: &str) -> Option<&str> {
        match self.unhyphened.get(&text.replace('-', ""))?.as_slice() {
            [one] if one.len() > text.len() => Some(one),
            _ => None,
        }
    }

    /// Does a target start with this text and go on?
    fn continues(&self, start: &str) -> bool {
        self.urls.range(start.to_owned()..).next().is_some_and(|url| url.starts_with(start))
    }
}

/// How the document spells: what tells `co-operation` from `govern-ment` at a line end.
#[derive(Debug, Default)]
pub struct Vocabulary<'l> {
    lines: &'l [Line<'l>],
    /// The words that stand inside the lines, not at their ends; read when one is first asked for.
    words: OnceLock<HashSet<String>>,
    /// The words that stand inside its addresses, not at the ends of lines.
    address_words: OnceLock<HashSet<String>>,
    /// Words are broken at the ends of lines.
    breaks_words: OnceLock<bool>,
    /// U+2010 stands inside its lines, not only at their ends: it is the document's hyphen. Browsers,
    /// which break words with it, leave the hyphens in them as they were typed.
    small_hyphens: bool,
    /// No word of the document is broken at the end of a line: see [`Self::breaks_no_words`].
    unbroken: OnceLock<bool>,
}

/// The hyphen that is nothing else (U+2010).
const HYPHEN: char = '‐';

impl<'l> Vocabulary<'l> {
    /// What the hyphens of the document are, without its words.
    pub fn of_hyphens(lines: &[Line]) -> Self {
        // Where two columns were taken for one, a line's end may stand inside.
        const FEW: usize = 3;
        let with: Vec<&str> = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
            lines[numbers].iter().map(|line| line.text).filter(|text| text.contains(HYPHEN)).collect()
        });
        let inside = with.iter().filter(|text| text.trim_end_matches(HYPHEN).contains(HYPHEN)).count();
        let at_ends = with.iter().filter(|text| text.ends_with(HYPHEN)).count();
        Vocabulary { small_hyphens: inside * FEW > at_ends, ..Vocabulary::default() }
    }

    /// The hyphens and the words of a document.
    pub fn of(lines: &'l [Line<'l>]) -> Self {
        Vocabulary { lines, ..Self::of_hyphens(lines) }
    }

    fn read_words(&self) -> HashSet<String> {
        const ENOUGH: usize = 50_000;
        const LINES: usize = 100_000;
        let mut words: HashSet<String> = HashSet::new();
        // Most words come again in the same spelling.
        let mut seen: HashSet<&str> = HashSet::new();
        let mut broken = false;
        for line in self.lines.iter().take(LINES) {
            let mut parts = line.text.split_whitespace();
            // The two halves of a broken word are none.
            if broken {
                parts.next();
            }
            broken = line.text.ends_with(['-', '\u{AD}']);
            if broken {
                parts.next_back();
            }
            for part in parts {
                let word = part.trim_matches(|c: char| !c.is_alphanumeric());
                if word.len() > 2 && seen.insert(word) {
                    words.insert(fold(word));
                }
            }
            if words.len() > ENOUGH {
                break;
            }
        }
        words
    }

    /// The converter drops hyphens at the ends of lines, so that how few there are says nothing.
    pub(super) fn know_nothing_of_broken_words(&self) {
        self.unbroken.get_or_init(|| false);
    }

    /// Typesetters that break words do so in every tenth line or more, unless the lines are wide. Where hardly
    /// any line ends with a hyphen, and none of those in a word that stands elsewhere without it, each hyphen is
    /// that of a compound.
    fn breaks_no_words(&self) -> bool {
        const FEWEST_LINES: usize = 100;
        const LINES: usize = 20_000;
        const HYPHENED_OF_1000: usize = 13;
        *self.unbroken.get_or_init(|| {
            let lines = &self.lines[..self.lines.len().min(LINES)];
            if lines.len() < FEWEST_LINES {
                return false;
            }
            let hyphened = |index: &usize| {
                let last = lines[*index].text.strip_suffix('-').unwrap_or_default();
                last.ends_with(char::is_lowercase)
                    && !last.rsplit(' ').next().unwrap_or_default().contains('/')
            };
            let ends: Vec<usize> = (0..lines.len()).filter(hyphened).collect();
            let broken = |index: &usize| {
                let before = lines[*index].text.rsplit(' ').next().unwrap_or_default().trim_end_matches('-');
                let next = lines.get(index + 1).map_or("", |next| next.text);
                let after: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
                self.knows(&format!("{}{after}", before.trim_start_matches(|c: char| !c.is_alphanumeric())))
            };
            ends.len() * 1000 <= lines.len() * HYPHENED_OF_1000 && !ends.iter().any(broken)
        })
    }

    /// The word stands in the document.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.read_words()).contains(&fold(word))
    }

    fn read_address_words(&self) -> HashSet<String> {
        const SHORTEST: usize = 3;
        let mut words = HashSet::new();
        for line in self.lines.iter().filter(|line| shows_address(line.text)) {
            for word in line.text.split(' ').filter(|word| shows_address(word)) {
                let whole = if line.text.ends_with(word) { word.rfind(is_between) } else { None };
                let parts = word[..whole.unwrap_or(word.len())].split(is_between);
                words.extend(parts.filter(|part| part.len() >= SHORTEST).map(fold));
            }
        }
        words
    }

    /// The typesetter broke a word of an address and put a hyphen there: the halves make one that the document
    /// has, the second half is none.
    fn breaks_word(&self, address: &str, next: &str) -> bool {
        /// Fewer words with a hyphen at the end of a line have one of their own.
        const FEWEST: usize = 3;
        let Some(stem) = address.strip_suffix('-') else { return false };
        let is_broken = |line: &&Line| {
            let last = line.text.strip_suffix('-').and_then(|text| text.rsplit(' ').next());
            last.is_some_and(|word| !word.is_empty() && word.chars().all(char::is_lowercase))
        };
        let few = || self.lines.iter().filter(is_broken).take(FEWEST).count() < FEWEST;
        if !*self.breaks_words.get_or_init(|| !few()) {
            return false;
        }
        let before = stem.rsplit(is_between).next().unwrap_or_default();
        let after = next.split(is_between).next().unwrap_or_default();
        let knows = |word: &str| {
            let words = self.address_words.get_or_init(|| self.read_address_words());
            words.contains(&fold(word)) || self.knows(word)
        };
        let letters = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        letters(before) && letters(after) && knows(&format!("{before}{after}")) && !knows(after)
    }
}

/// What parts the words of an address.
fn is_between(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Joins the lines of one note or paragraph.
pub fn join(lines: &[&str], targets: &Targets, vocabulary: &Vocabulary) -> String {
    joined(lines, targets, vocabulary).0
}

/// The lines joined, and about where in the text each of them begins.
pub(super) fn joined(lines: &[&str], targets: &Targets, vocabulary: &Vocabulary) -> (String, Vec<usize>) {
    let mut out = String::new();
    let mut begins = Vec::with_capacity(lines.len());
    // Where the address begins in which a space was closed already.
    let mut gapped_at = None;
    let lengths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
    let widest = lengths.iter().copied().max().unwrap_or_default();
    for (index, line) in lines.iter().enumerate() {
        begins.push(out.len());
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { continue };
        let rest_of_note =
            || -> bool { line.split_whitespace().nth(1).is_none() && index + 1 == lines.len() };
        // The first line has lost its label, the last ends anywhere.
        let full = index.checked_sub(1).is_some_and(|before| lengths[before] * 100 >= widest * 85);
        let place = At { line, full, is_last_word: rest_of_note() };
        seam(&mut out, first, &place, targets, vocabulary);
        for word in words {
            let tail_at = tail_at(&out);
            if goes_on_behind_space(&out[tail_at..], word, gapped_at == Some(tail_at), targets, vocabulary) {
                gapped_at = Some(tail_at);
            } else {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    (visible(&out), begins)
}

/// The line that begins with a word in question.
struct At<'l> {
    line: &'l str,
    /// The line before it holds about as much as the widest of the note.
    full: bool,
    /// The word is the last of the note.
    is_last_word: bool,
}

/// Where the last word begins.
fn tail_at(text: &str) -> usize {
    text.rfind(char::is_whitespace).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8))
}

/// Where lines are justified, the places where an address may be broken are stretched like the spaces
/// between words, and converters take them for such: `https://a.example/tolls- and- fees`. One space
/// alone says nothing: a date, a quantity or a compound word may stand behind an address. It is closed
/// where the document knows the whole address, where the address shows more than one, and where what
/// follows can be nothing else than the rest of one.
fn goes_on_behind_space(
    tail: &str,
    word: &str,
    gapped: bool,
    targets: &Targets,
    vocabulary: &Vocabulary,
) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let begins = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '/';
    if !tail.ends_with(ends) || !word.starts_with(begins) {
        return false;
    }
    let Some(at) = url_start(tail) else { return false };
    let url = &tail[at..];
    let fresh = word.contains("://") || word.starts_with("www.");
    if fresh || url.split_once("://").is_none_or(|(_, rest)| rest.is_empty()) {
        return false;
    }
    let bare = word.trim_end_matches(['.', ',', ';', ':', ')', ']', '>', '”', '»', '’']);
    let whole = format!("{url}{bare}");
    if url.len() > 10 && !targets.is_whole(url) && (targets.continues(&whole) || vocabulary.knows(&whole)) {
        return true;
    }
    if host_only(url) {
        // No top-level domain has one letter only; no host ends with a hyphen, or has no full stop.
        let unfinished = url.rsplit_once('.').is_some_and(|(_, label)| label.len() == 1);
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        let rest = bare.split('/').next().unwrap_or_default();
        let begun = (host.ends_with('-') || !host.contains('.')) && rest.trim_end_matches('.').contains('.');
        return bare.len() > 1 && (bare.starts_with('/') || unfinished && bare.contains('/') || begun);
    }
    let figures = bare.bytes().all(|byte| byte.is_ascii_digit() || b"/-.".contains(&byte));
    if word.starts_with('/') || figures && bare.contains(['/', '.']) || is_dated(bare) {
        return false;
    }
    if url.ends_with('-') {
        let words = || bare.split('/').all(|part| PROSE.contains(&part));
        return gapped || bare.contains('-') || bare.contains('/') && !words();
    }
    let slashes = bare.matches('/').count();
    let marked = bare.contains(['-', '_', '=', '%', '?', '.']);
    // Where a converter takes a ligature apart, the letters behind the space are no word.
    let letter = bare.split('-').next().is_some_and(|part| part.len() == 1 && !matches!(part, "a" | "e"));
    slashes >= 2 && marked && !figures || bare.matches('-').count() >= 3 && letter
}

/// A date of at least a month.
fn is_dated(word: &str) -> bool {
    date::parse(word).is_some_and(|found| found.range.start == 0 && found.date.month.is_some())
}

/// The soft hyphen is invisible in a word. In an address it is a hyphen: some typesetters print
/// one with the other's character, and none breaks an address with a hyphen of its own. A ligature is
/// how its letters are printed.
fn visible(text: &str) -> String {
    if !text.chars().any(|c| is_invisible(c) || matches!(c, HYPHEN | 'ﬀ'..='ﬆ')) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let address = url_start(word).is_some();
        for c in word.chars() {
            match c {
                '\u{AD}' | HYPHEN if address => out.push('-'),
                'ﬀ'..='ﬆ' => out.push_str(LIGATURES[c as usize - 'ﬀ' as usize]),
                // Joiners are letters' business in Persian and Indic scripts.
                c if is_invisible(c) && (address || !matches!(c, '\u{200C}' | '\u{200D}')) => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// The letters of the Latin ligatures, in the order of Unicode.
const LIGATURES: [&str; 7] = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

/// Appends the first word of a line to what came before, with or without a space.
fn seam(out: &mut String, first: &str, place: &At, targets: &Targets, vocabulary: &Vocabulary) {
    // Chinese and Japanese have no spaces between words.
    if out.is_empty() || out.ends_with(is_unspaced) && first.starts_with(is_unspaced) {
        out.push_str(first);
        return;
    }
    let tail_at = tail_at(out);
    if out.ends_with(BREAK) {
        out.pop();
        out.push_str(first);
        return;
    }
    if out.ends_with(HYPHEN) && !vocabulary.small_hyphens {
        out.pop();
        out.push_str(first);
        return;
    }
    let tail = &out[tail_at..];
    let first = without_second_hyphen(tail, first);
    if let Some(url_at) = url_start(tail) {
        let url = visible(&tail[url_at..]);
        // Between angle brackets there is nothing but the address (RFC 3986, appendix C).
        let enclosed = tail[..url_at].ends_with('<') && !tail.contains('>') && first.contains('>');
        if enclosed && url_start(first).is_none() {
            out.push_str(first);
            return;
        }
        let kept =
            || targets.continues(&format!("{url}{}", first.trim_end_matches(['.', ',', ';', ')', '>'])));
        match url_seam(&url, first, place, targets) {
            Seam::Glue if !vocabulary.breaks_word(&url, first) || kept() => out.push_str(first),
            Seam::Glue | Seam::GlueWithoutHyphen => {
                out.truncate(out.trim_end_matches(['-', '\u{AD}', HYPHEN]).len());
                out.push_str(first);
            }
            Seam::Space => {
                out.push(' ');
                out.push_str(first);
            }
        }
        return;
    }
    // `http` | `s://…`, `https` | `://…`
    if matches!(tail.trim_start_matches(['(', '<', '[']), "http" | "https" | "ht" | "htt" | "h")
        && first.contains("://")
        && !first.starts_with("http")
    {
        out.push_str(first);
        return;
    }
    if let Some(stem) = tail.strip_suffix(['-', '\u{AD}', HYPHEN]) {
        let before = stem.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let after: String = first.chars().take_while(|c| c.is_alphanumeric() || *c == '’').collect();
        let soft = tail.ends_with('\u{AD}');
        if before.is_empty() {
            out.push(' ');
        } else if soft || !keeps_hyphen(before, &after, vocabulary) {
            out.truncate(out.len() - (tail.len() - stem.len()));
        }
        out.push_str(first);
        return;
    }
    let range = tail.strip_suffix('–').is_some_and(|from| from.ends_with(|c: char| c.is_ascii_digit()))
        && first.starts_with(|c: char| c.is_ascii_digit());
    // `A/` | `RES/67/2`, `Papers 12|` | `28`
    let slashed = tail.strip_suffix(['/', '|']).is_some_and(|part| part.ends_with(char::is_alphanumeric));
    let glued = range
        || tail.ends_with(['—', '/']) && tail.len() > 3
        || slashed && first.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if !glued {
        out.push(' ');
    }
    out.push_str(first);
}

/// Where a line breaks behind a hyphen, Spanish, Portuguese and Polish typesetting says so by a
/// second one at the start of the next line.
fn without_second_hyphen<'f>(tail: &str, first: &'f str) -> &'f str {
    let rest = first.strip_prefix('-').filter(|rest| rest.starts_with(char::is_alphanumeric));
    rest.filter(|_| tail.ends_with('-') && tail.len() > 1).unwrap_or(first)
}

/// Is the hyphen at a line end the word's own?
fn keeps_hyphen(before: &str, after: &str, vocabulary: &Vocabulary) -> bool {
    if before.chars().any(char::is_numeric) || after.chars().any(char::is_numeric) {
        return true;
    }
    let starts_upper = after.starts_with(char::is_uppercase);
    let acronym = before.chars().count() > 1 && before.chars().all(char::is_uppercase);
    if starts_upper || acronym {
        return true;
    }
    let joined = format!("{before}{after}");
    if vocabulary.knows(&format!("{before}-{after}")) {
        return true;
    }
    if vocabulary.knows(&joined) {
        return false;
    }
    if vocabulary.breaks_no_words() {
        return true;
    }
    vocabulary.knows(before)
        && vocabulary.knows(after)
        && before.chars().count() > 2
        && after.chars().count() > 2
}

enum Seam {
    Glue,
    GlueWithoutHyphen,
    Space,
}

/// Where in a word a URL starts, if one does.
fn url_start(word: &str) -> Option<usize> {
    // Most words have neither of the marks that all addresses have.
    let bytes = word.as_bytes();
    if let Some(colon) = memchr::memchr_iter(b':', bytes).find(|at| bytes[*at..].starts_with(b"://")) {
        let scheme = word[..colon].bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        return Some(colon - scheme);
    }
    if word.ends_with([':', '/'])
        && let Some(cut) = ["https:/", "http:/", "https:", "http:"].iter().find(|cut| word.ends_with(**cut))
    {
        return Some(word.len() - cut.len());
    }
    let www = memchr::memchr_iter(b'.', bytes).find(|at| bytes[..*at].ends_with(b"www"))? - "www".len();
    word[..www].chars().next_back().is_none_or(|c| !c.is_alphanumeric()).then_some(www)
}

/// No label and no page number has so many digits.
const LONG_NUMBER: usize = 7;

/// Does a URL that ends a line go on with the first word of the next?
fn url_seam(url: &str, first: &str, place: &At, targets: &Targets) -> Seam {
    let At { line, full, is_last_word } = *place;
    let piece: String = first
        .chars()
        .filter_map(|c| if c == '\u{AD}' { Some('-') } else { (!is_invisible(c)).then_some(c) })
        .collect();
    // Behind an address in Chinese or Japanese the note may go on without a space.
    let piece = match piece.find(is_unspaced) {
        Some(at) if at > 0 => piece[..at].to_owned(),
        _ => piece,
    };
    let bare = piece.trim_end_matches(['.', ',', ';', ':', ')', ']', '>', '”', '»', '’']);
    // A link target beside the text is the judge.
    for (start, seam) in [(url, Seam::Glue), (url.trim_end_matches(['-', HYPHEN]), Seam::GlueWithoutHyphen)] {
        if !bare.is_empty() && url.len() > 10 && targets.continues(&format!("{start}{bare}")) {
            return seam;
        }
    }
    let ended = url.trim_end_matches(['.', ',', ';', ':', ')']);
    if ended.len() > 12
        && targets.is_whole(ended)
        && !targets
            .continues(&format!("{ended}{}", &piece.chars().next().map(String::from).unwrap_or_default()))
    {
        return Seam::Space;
    }
    if is_url_prefix(url) {
        return Seam::Glue;
    }
    if is_email(bare) {
        return Seam::Space;
    }
    // `…/web/20191208142503/htt` | `ps://a.example/`
    let last = url.rsplit('/').next().unwrap_or_default();
    if (1..5).contains(&last.len()) && "https".starts_with(last) && {
        let scheme = format!("{last}{}", piece.split_once("://").map_or("", |(scheme, _)| scheme));
        piece.contains("://") && matches!(&*scheme, "http" | "https")
    } {
        return Seam::Glue;
    }
    // A label or a page number: a host is not cut off before its digits, and a bare number that no full
    // stop follows ends no address that a letter ends.
    let number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    let label = bare == line && bare.len() < LONG_NUMBER && url.ends_with(|c: char| c.is_alphabetic());
    if number && (host_only(url) && url.ends_with(|c: char| c.is_alphabetic()) || label) {
        return Seam::Space;
    }
    if url.matches('(').count() == 0 && url.ends_with([')', ']', '>', '”', '»', '"', '’', ',', ';']) {
        return Seam::Space;
    }
    if wraps_another(url) && url_start(&piece) == Some(0) {
        return Seam::Glue;
    }
    // A new URL, a bracket, a quotation: not a part of this one.
    if piece
        .split_once(')')
        .is_some_and(|(inner, rest)| inner.len() > 1 && rest.starts_with(char::is_alphanumeric))
    {
        // `…/S0140-6736` | `(20)30183-5`
        return Seam::Glue;
    }
    // `https://a.example/tolls/` | `(accessed …)`
    let remark =
        piece.strip_prefix('(').is_some_and(|word| word.len() > 3 && word.chars().all(char::is_alphabetic));
    // `https://a.example/tolls/` | `(25.06.2013)`
    let read_on =
        piece.strip_prefix('(').and_then(|word| word.split_once(')')).is_some_and(|(day, _)| is_dated(day));
    if remark || read_on {
        return Seam::Space;
    }
    if piece.starts_with(['(', '[', '<', '“', '"', '«', '„', '‘', '@'])
        && !url.ends_with(['-', '_', '=', '/'])
        || url_start(&piece) == Some(0)
    {
        return Seam::Space;
    }
    if !bare.is_ascii() && !bare.chars().all(|c| c.is_alphanumeric() || "-._~/?#=&%+".contains(c)) {
        return Seam::Space;
    }
    let marks = bare.contains(['/', '_', '=', '%', '&', '?', '#', '~', '+'])
        || bare.contains('.') && !abbreviation(bare);
    let hyphens = bare.contains('-');
    let digits = bare.contains(|c: char| c.is_ascii_digit());
    let ends_note = is_last_word && !bare.is_empty();
    if url.ends_with('.') {
        // The full stop of a sentence, unless what follows can only be the rest of an address.
        let goes_on = bare.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            && (marks
                || fold::one_of(bare, EXTENSIONS)
                || host_only(url) && (ends_note || hyphens)
                || bare.bytes().all(|byte| byte.is_ascii_digit())
                    && (piece != bare || before_bracket(line))
                    && url.contains("doi.org/10."));
        return if goes_on { Seam::Glue } else { Seam::Space };
    }
    if prose(bare, line) {
        return Seam::Space;
    }
    if url.ends_with(['-', '_', '=', '&', '?', '%', '#', '~', '+', HYPHEN]) {
        return Seam::Glue;
    }
    if url.ends_with('/') {
        let looks = marks
            || hyphens
            || digits
            || ends_note
            || piece.starts_with(char::is_lowercase) && (piece.len() > bare.len() || before_bracket(line));
        return if looks || !line.contains(' ') || upper_path(bare) { Seam::Glue } else { Seam::Space };
    }
    // A number behind a line that had room for it, unless it can be nothing but the rest of one.
    if number && !ends_note && !full && !is_rest_of_number(url, &piece, bare, line) {
        return Seam::Space;
    }
    // Broken in the middle of a word.
    if marks
        || hyphens && piece.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
        || ends_note
        || digits && bare.len() > 3 && !is_year(bare)
        || is_cut_off(url, &piece, bare, line)
    {
        Seam::Glue
    } else if piece.starts_with(['/', '-', '?', '&', '=', '.']) {
        Seam::Glue
    } else {
        Seam::Space
    }
}

/// The last letters of an address, its own punctuation or a bracket behind them: `l (accessed …)`,
/// `he. See also …`, `75e (…)`. Digits alone may be a year or a page, unless digits went before.
fn is_cut_off(url: &str, piece: &str, bare: &str, line: &str) -> bool {
    let letters = bare.contains(|c: char| c.is_ascii_lowercase());
    let plain = bare.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let last = url.rsplit('/').next().unwrap_or_default();
    let behind = last.bytes().rev().take_while(u8::is_ascii_digit).count();
    let number = behind > 2 && !host_only(url) && !(is_year(&last[last.len() - behind..]) && is_year(bare));
    plain
        && (letters || number)
        && (piece.len() > bare.len() && !piece.ends_with(',') || before_bracket(line))
        || plain && letters && piece.len() > bare.len()
}

/// The rest of a long number, as posts have, or of one that the remark on when it was read follows.
fn is_rest_of_number(url: &str, piece: &str, bare: &str, line: &str) -> bool {
    const LONG: usize = 9;
    let begun = url.bytes().rev().take_while(u8::is_ascii_digit).count();
    let stopped = piece.len() > bare.len();
    begun > 0 && (before_bracket(line) || stopped && bare.len() > 2 && (begun >= LONG || bare.len() > 4))
}

/// The host is still being spelt: `https://`, `https://www.`
fn is_url_prefix(url: &str) -> bool {
    url.ends_with(':')
        || url.ends_with(":/")
        || url.ends_with("://")
        || url.ends_with("www.")
        || matches!(url, "http" | "https")
}

fn host_only(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    !rest.contains('/')
}

fn abbreviation(word: &str) -> bool {
    word.len() <= 3 || word.split('.').all(|part| part.chars().count() <= 1)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|b| b.is_ascii_digit())
}

/// `News`, `Speeches`: a capitalised segment of a path and nothing else in the line.
fn upper_path(word: &str) -> bool {
    word.chars().all(char::is_alphanumeric) && word.chars().skip(1).any(char::is_uppercase)
}

/// Endings of file and host names that a line may start with.
pub(super) const EXTENSIONS: &str =
    "html htm pdf php aspx asp jsp shtml xml doc docx jpg png org com net eu int gov edu";

/// Words that go on after an address in a note.
const PROSE: &[&str] = &[
    "accessed",
    "last",
    "visited",
    "retrieved",
    "consulted",
    "viewed",
    "archived",
    "see",
    "and",
    "or",
    "cf",
    "also",
    "on",
    "in",
    "at",
    "for",
    "with",
    "the",
    "a",
    "an",
    "of",
    "to",
    "as",
    "is",
    "was",
    "by",
    "but",
    "which",
    "where",
    "quoted",
    "cited",
    "e",
    "ed",
    "et",
    "und",
    "oder",
    "abgerufen",
    "zuletzt",
    "aufgerufen",
    "siehe",
    "vgl",
    "consultato",
    "ultimo",
    "accesso",
    "visitato",
    "consulté",
    "voir",
    "consultado",
    "y",
    "ver",
    "ibid",
    "emphasis",
    "translation",
    "from",
    "this",
    "that",
    "it",
    "these",
    "here",
    "checked",
    "available",
];

/// Does the line that starts with this word read as prose?
fn prose(word: &str, line: &str) -> bool {
    let folded = fold(word);
    let alphabetic = word.chars().all(char::is_alphabetic);
    // No article or preposition has a stop behind it.
    let behind = line.strip_prefix(word).unwrap_or_default();
    let stopped = word.len() <= 2 && (behind.starts_with([',', ';', '.']) || behind.starts_with(" ("));
    alphabetic && PROSE.contains(&folded.as_str()) && line.contains(' ') && !stopped
}

/// An opening bracket follows the first word of the line: `(accessed on …)`.
fn before_bracket(line: &str) -> bool {
    line.split_whitespace().nth(1).is_some_and(|word| word.starts_with('('))
}

/// Is this the address of an archived copy up to where the original's begins?
fn wraps_another(url: &str) -> bool {
    let stamp = url.strip_suffix('/').and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    stamp.len() >= 8 && stamp.bytes().take(8).all(|byte| byte.is_ascii_digit()) && !host_only(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], want: &str) {
        assert_eq!(join(lines, &Targets::default(), &Vocabulary::default()), want);
    }

    #[test]
    fn urls_wrap_at_slashes_and_hyphens() {
        check(&["2024, https://", "www.a.example/p/xveepy."], "2024, https://www.a.example/p/xveepy.");
        check(
            &["https://a.example/News/", "Speeches/Article/40/", "opening-remarks-", "by-the-minister."],
            "https://a.example/News/Speeches/Article/40/opening-remarks-by-the-minister.",
        );
        check(
            &["https://a.example/kajakallas/", "status/18900."],
            "https://a.example/kajakallas/status/18900.",
        );
        check(&["https://a.example/world/", "reaction."], "https://a.example/world/reaction.");
        check(&["https://a.example/world/", "2015/tolls。港口"], "https://a.example/world/2015/tolls。港口");
    }

    #[test]
    fn an_archived_address_may_be_torn_in_its_scheme() {
        check(
            &["https://web.archive.example/web/20191208142503/htt", "ps://www.a.example/p/mfgyfu."],
            "https://web.archive.example/web/20191208142503/https://www.a.example/p/mfgyfu.",
        );
    }

    #[test]
    fn an_email_address_is_no_rest_of_an_address() {
        check(&["http://www.a.example", "desk@b.example"], "http://www.a.example desk@b.example");
    }

    #[test]
    fn what_a_slash_or_a_bar_ends_goes_on_without_a_space() {
        check(&["Resolution A/", "RES/67/2"], "Resolution A/RES/67/2");
        check(&["IAI Papers 12|", "28 (May 2012)"], "IAI Papers 12|28 (May 2012)");
        check(&["either a |", "28 of them"], "either a | 28 of them");
    }

    #[test]
    fn a_document_that_breaks_no_words_keeps_its_hyphens() {
        let text = |line: &str| format!("{}{line}", "The council read the toll again.\n".repeat(120));
        let joined = |text: &str| {
            let lines = crate::note::line::split(text);
            join(&["a non-", "stationary series"], &Targets::default(), &Vocabulary::of(&lines))
        };
        assert_eq!(joined(&text("a non-\nstationary series")), "a non-stationary series");
        assert_eq!(joined(&text("nothing was bro-\nken, it was not broken")), "a nonstationary series");
        assert_eq!(joined("a non-\nstationary series"), "a nonstationary series");
    }

    #[test]
    fn prose_after_a_url_is_not_glued() {
        check(
            &["https://a.example/x/", "(accessed 3 May 2024)."],
            "https://a.example/x/ (accessed 3 May 2024).",
        );
        check(&["https://a.example/x.", "See also Roe."], "https://a.example/x. See also Roe.");
        check(&["https://a.example/x/", "accessed 3 May 2024."], "https://a.example/x/ accessed 3 May 2024.");
        check(&["https://a.example/x;", "https://b.example/y."], "https://a.example/x; https://b.example/y.");
    }

    #[test]
    fn what_stands_in_angle_brackets_is_one_address() {
        check(
            &["(2021) <https://a.example/b/allianc", "e> accessed 3 May."],
            "(2021) <https://a.example/b/alliance> accessed 3 May.",
        );
        check(&["<https://a.example/b> and", "c> d"], "<https://a.example/b> and c> d");
    }

    #[test]
    fn spaces_that_justified_an_address_are_closed() {
        check(
            &["https://a.example/tolls- and- fees- 2022- 12 (read)"],
            "https://a.example/tolls-and-fees-2022-12 (read)",
        );
        check(&["https://a.example/tarif f-tolls-mean-more."], "https://a.example/tariff-tolls-mean-more.");
        check(
            &["https://a.example/tolls and a well-known far-off port"],
            "https://a.example/tolls and a well-known far-off port",
        );
        let mut targets = Targets::default();
        targets.add("https://a.example/tolls-and");
        let joined = join(&["https://a.example/tolls- and read"], &targets, &Vocabulary::default());
        assert_eq!(joined, "https://a.example/tolls-and read");
    }

    #[test]
    fn what_stands_behind_an_address_is_not_part_of_it() {
        for behind in [
            "harbour 12/05/2021.",
            "harbour 12/5/21",
            "harbour 3/5/21, p. 4.",
            "harbour 2021-05-03.",
            "harbour- 2021-05-03.",
            "quay state-of-the-art survey",
            "pier- accessed 4 May 2021",
            "pier- and/or the quay",
            "data km/h/s units",
            "data men/women/children",
        ] {
            let line = format!("https://a.example/{behind}");
            check(&[&line], &line);
        }
        check(&["https://a.example/tolls/", "(25.06.2013)."], "https://a.example/tolls/ (25.06.2013).");
        let host = "https://b.example and/or https://c.example/x";
        check(&[host], host);
        check(&["https://b.example /news/x"], "https://b.example/news/x");
        check(&["https://www.b.f r/p/x; read"], "https://www.b.fr/p/x; read");
    }

    #[test]
    fn the_digits_of_a_doi_go_on_behind_a_full_stop() {
        check(
            &["https://doi.org/10.1234/ports.2020.", "14339. The toll"],
            "https://doi.org/10.1234/ports.2020.14339. The toll",
        );
        check(
            &["https://doi.org/10.1234/ports.2020.", "The toll"],
            "https://doi.org/10.1234/ports.2020. The toll",
        );
    }

    #[test]
    fn a_page_below_a_doi_is_not_part_of_it() {
        let doi = "1 Jo Roe, “Tolls”, https://doi.org/10.1234/ports.2009.114";
        let wide = "Ada Lind, “The Fees of the Harbour of Lindby and What Became of Them”, in The Ledger,";
        for below in ["93; see below.", "1652; Ada Lind, “Fees”, 2019.", "93. The toll"] {
            check(&[doi, below], &format!("{doi}{below}"));
            check(&[wide, doi, below], &format!("{wide} {doi} {below}"));
        }
    }

    #[test]
    fn a_known_target_settles_it() {
        let mut targets = Targets::default();
        targets.add("https://a.example/one");
        let joined = join(&["https://a.example/o-", "ne. More"], &targets, &Vocabulary::default());
        assert_eq!(joined, "https://a.example/one. More");
    }

    #[test]
    fn a_hyphen_that_breaks_a_word_of_an_address_is_none_of_its_own() {
        let text = "the offi-\ncial toll of the har-\nbour is the official one, as the minis-\nters say";
        let lines = crate::note::line::split(text);
        let vocabulary = Vocabulary::of(&lines);
        let joined = |lines: &[&str]| join(lines, &Targets::default(), &vocabulary);
        assert_eq!(joined(&["https://a.example/of-", "ficial-toll"]), "https://a.example/official-toll");
        assert_eq!(joined(&["https://a.example/har-", "bour-toll"]), "https://a.example/har-bour-toll");
    }

    #[test]
    fn hyphens_in_words() {
        check(&["a NATO-", "centred order"], "a NATO-centred order");
        check(&["the govern-", "ment fell"], "the government fell");
        check(&["in 2014-", "15"], "in 2014-15");
        check(
            &["the govern‐", "ment at https://a.ex‐", "ample/x-y."],
            "the government at https://a.example/x-y.",
        );
    }
}
