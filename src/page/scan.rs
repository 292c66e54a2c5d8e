//! HTML → tags, text and raw text, in one pass over the bytes and without copying.
//!
//! This follows the tokenizer of the [HTML standard](https://html.spec.whatwg.org/#tokenization) in what
//! matters for reading a page that others wrote (quoted `>`, comments, raw text elements, names without
//! case) and forgives everything else. It builds no tree: what is open around a token is the business of
//! [`super::outline`].

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memchr;
use memchr::memmem::Finder;

use super::tags;

/// The name of an element, without case, as far as it is in letters: its first seven, and its length in the
/// last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u64);

impl Tag {
    const LETTERS: usize = 7;

    /// The tag of a name.
    pub(super) const fn of(name: &str) -> Tag {
        Tag::of_bytes(name.as_bytes())
    }

    const fn of_bytes(name: &[u8]) -> Tag {
        let (mut packed, mut at) = (0_u64, 0);
        while at < name.len() && at < Tag::LETTERS {
            packed = packed << 8 | (name[at] | 0x20) as u64;
            at += 1;
        }
        Tag(packed << 8 | if name.len() > 255 { 255 } else { name.len() as u64 })
    }

    /// The tag whose name stands at the beginning, and the bytes that it takes.
    fn first(bytes: &[u8]) -> (Tag, usize) {
        if let Some(word) = word_at(bytes, 0) {
            let ends = zeros(word ^ each(b'>')) | zeros(word ^ each(b'/'));
            let length = index(ends | blanks(word));
            if (1..=Tag::LETTERS).contains(&length) {
                let letters = (word | each(0x20)).swap_bytes() >> (64 - 8 * length);
                return (Tag(letters << 8 | length as u64), length);
            }
        }
        let end = bytes.iter().position(|byte| matches!(byte, 0..=b' ' | b'>' | b'/'));
        let length = end.unwrap_or(bytes.len());
        (Tag::of_bytes(&bytes[..length]), length)
    }

    /// Is it one of these?
    pub(super) fn is_in(self, tags: &[Tag]) -> bool {
        tags.contains(&self)
    }
}

/// A piece of a page.
#[derive(Debug)]
pub(super) enum Token<'h> {
    /// A start tag.
    Open(Tag, Attributes<'h>, Hints),
    /// An end tag.
    Close(Tag),
    /// Text between tags, as written: entities are not decoded.
    Text(&'h str),
    /// White space between tags.
    Space(&'h str),
    /// What a script, a style or a title holds, right behind its start tag.
    Raw(Tag, &'h str),
}

/// Which attributes a start tag may have. What it says no to is not there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints {
    /// `itemprop` or `property`.
    pub(super) property: bool,
    /// `rel`.
    pub(super) rel: bool,
}

/// The attributes of a start tag, as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attributes<'h>(&'h str);

/// The name of an element whose content is text up to its own end tag.
fn raw_name(tag: Tag) -> Option<&'static str> {
    const SCRIPT: Tag = Tag::of("script");
    const STYLE: Tag = Tag::of("style");
    const TITLE: Tag = Tag::of("title");
    const TEXTAREA: Tag = Tag::of("textarea");
    const IFRAME: Tag = Tag::of("iframe");
    const NOEMBED: Tag = Tag::of("noembed");
    const NOFRAMES: Tag = Tag::of("noframes");
    const XMP: Tag = Tag::of("xmp");
    match tag {
        SCRIPT => Some("script"),
        STYLE => Some("style"),
        TITLE => Some("title"),
        TEXTAREA => Some("textarea"),
        IFRAME => Some("iframe"),
        NOEMBED => Some("noembed"),
        NOFRAMES => Some("noframes"),
        XMP => Some("xmp"),
        _ => None,
    }
}

/// The tokens of a page.
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    raw: Option<(Tag, &'static str)>,
    /// Where the first drawing ends that ends behind the last one that began.
    end_of_drawing: usize,
}

static END_OF_COMMENT: LazyLock<Finder> = LazyLock::new(|| Finder::new("-->"));
static END_TAG: LazyLock<Finder> = LazyLock::new(|| Finder::new("</"));

/// Takes a page apart.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { html, at: 0, raw: None, end_of_drawing: 0 }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

    #[inline]
    fn next(&mut self) -> Option<Token<'h>> {
        if let Some((tag, name)) = self.raw.take() {
            let end = end_of_raw(self.html, self.at, name);
            let text = &self.html[self.at..end];
            self.at = end;
            if !text.is_empty() {
                return Some(Token::Raw(tag, text));
            }
        }
        let bytes = self.html.as_bytes();
        loop {
            let rest = &bytes[self.at..];
            match rest {
                [] => return None,
                [b'<', b'!', b'-', b'-', ..] => {
                    // `<!-->` is a whole comment.
                    let from = self.at + 2;
                    self.at = END_OF_COMMENT.find(&bytes[from..]).map_or(bytes.len(), |end| from + end + 3);
                }
                [b'<', b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                    let (tag, length) = Tag::first(&rest[2..]);
                    self.at = past(bytes, self.at + 2 + length);
                    return Some(Token::Close(tag));
                }
                [b'<', b'!' | b'?' | b'/', ..] => self.at = past(bytes, self.at + 2),
                [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                    let (tag, length) = Tag::first(&rest[1..]);
                    let start = self.at + 1 + length;
                    let (end, hints) = end_of_tag(bytes, start);
                    self.at = (end + 1).min(bytes.len());
                    self.raw = raw_name(tag).map(|name| (tag, name));
                    if tag == tags::SVG && self.is_whole_drawing() {
                        self.raw = Some((tag, "svg"));
                    }
                    return Some(Token::Open(tag, Attributes(&self.html[start..end]), hints));
                }
                _ => {
                    let start = self.at;
                    let inked = start + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    if inked == bytes.len() || inked > start && begins_markup(bytes, inked) {
                        self.at = inked;
                        return Some(Token::Space(&self.html[start..inked]));
                    }
                    self.at = end_of_text(bytes, inked);
                    return Some(Token::Text(&self.html[start..self.at]));
                }
            }
        }
    }
}

impl Tokens<'_> {
    /// Does the drawing that begins here end with the next end tag of its kind? Nothing in it is for readers.
    fn is_whole_drawing(&mut self) -> bool {
        static DRAWING: LazyLock<Finder> = LazyLock::new(|| Finder::new("<svg"));
        // Each end is looked for once, however many begin before it.
        if self.end_of_drawing < self.at {
            self.end_of_drawing = end_of_raw(self.html, self.at, "svg");
        }
        let inside = &self.html.as_bytes()[self.at..self.end_of_drawing];
        self.end_of_drawing < self.html.len() && DRAWING.find(inside).is_none()
    }
}

/// Where a byte stands next. Quicker than the search of the library where that is near, as it is in tags.
fn find(byte: u8, bytes: &[u8], from: usize) -> Option<usize> {
    const WORDS: usize = 4;
    let mut at = from;
    for _ in 0..WORDS {
        let Some(word) = word_at(bytes, at) else { break };
        let found = zeros(word ^ each(byte));
        if found > 0 {
            return Some(at + index(found));
        }
        at += 8;
    }
    memchr(byte, bytes.get(at..)?).map(|found| at + found)
}

/// Where `=` or `>` stands next.
fn find_end_of_name(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        if let Some(word) = word_at(bytes, at) {
            // Of `<`, `=`, `>` and `?`, the last two bits apart.
            let found = zeros((word & !each(3)) ^ each(b'<'));
            at += index(found);
            if found == 0 {
                continue;
            }
        }
        if matches!(bytes.get(at)?, b'=' | b'>') {
            return Some(at);
        }
        at += 1;
    }
}

/// The same in each byte of a word.
const fn each(byte: u8) -> u64 {
    u64::MAX / 255 * byte as u64
}

fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// Marks the bytes that are zero. The borrow of a zero makes its highest bit; marks behind the first may be
/// wrong.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(each(1)) & !word & each(0x80)
}

/// Marks the bytes of white space and control, likewise.
fn blanks(word: u64) -> u64 {
    word.wrapping_sub(each(b' ' + 1)) & !word & each(0x80)
}

/// Where a digit stands next.
pub(super) fn find_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(word) = word_at(bytes, at) {
        let digits = digits(word) & each(0x80);
        if digits > 0 {
            return Some(at + index(digits));
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(u8::is_ascii_digit).map(|found| at + found)
}

/// Marks the digits, as [`zeros`] does.
fn digits(word: u64) -> u64 {
    let offset = word ^ each(b'0');
    offset.wrapping_sub(each(10)) & !offset
}

/// Is a text in ASCII, with no digit, no `&`, no white space but single spaces? Not told of short ones.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.len().checked_sub(8) else { return false };
    // Each begins with the byte that the one before it ends with, so that no two spaces are overlooked.
    (0..last).step_by(7).chain([last]).all(|at| word_at(text, at).is_some_and(is_plain_word))
}

fn is_plain_word(word: u64) -> bool {
    let spaces = zeros(word ^ each(b' '));
    let controls = word.wrapping_sub(each(b' ')) & !word;
    let odd = word | zeros(word ^ each(b'&')) | digits(word) | controls | spaces & spaces << 8;
    odd & each(0x80) == 0
}

/// The index of the first byte marked; 8 where none is.
fn index(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

/// Behind the next `>`.
fn past(bytes: &[u8], from: usize) -> usize {
    if bytes.get(from) == Some(&b'>') {
        return from + 1;
    }
    find(b'>', bytes, from).map_or(bytes.len(), |end| end + 1)
}

/// Does a tag or a comment begin here?
fn begins_markup(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'<'
        && bytes.get(at + 1).is_some_and(|b| matches!(b, b'/' | b'!' | b'?') || b.is_ascii_alphabetic())
}

/// The next `<` that begins a tag or a comment.
fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(found) = find(b'<', bytes, at) {
        if begins_markup(bytes, found) {
            return found;
        }
        at = found + 1;
    }
    bytes.len()
}

/// The `>` that ends a start tag; those inside of quoted values do not.
fn end_of_tag(bytes: &[u8], from: usize) -> (usize, Hints) {
    let (mut at, mut hints) = (from, Hints::default());
    while let Some(found) = find_end_of_name(bytes, at) {
        at = found;
        if bytes[at] == b'>' {
            return (at, hints);
        }
        let before = bytes[from..at].trim_ascii_end();
        if let Some([a, b, c]) = before.last_chunk() {
            // In lower case, as far as they are letters.
            let end = [a | 0x20, b | 0x20, c | 0x20];
            hints.property |= matches!(&end, b"rop" | b"rty");
            hints.rel |= &end == b"rel";
        }
        at += 1;
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
            at += 1;
            at = find(*quote, bytes, at).map_or(at, |close| close + 1);
        }
    }
    (bytes.len(), hints)
}

/// The `<` of `</script`.
fn end_of_raw(html: &str, from: usize, name: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = from;
    while let Some(found) = END_TAG.find(&bytes[at..]) {
        at += found;
        let tail = &bytes[at + 2..];
        if tail.len() >= name.len() && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return at;
        }
        at += 2;
    }
    bytes.len()
}

impl<'h> Attributes<'h> {
    /// The value of an attribute, decoded and trimmed; empty where it has none.
    pub(super) fn get(self, name: &str) -> Option<Cow<'h, str>> {
        self.raw(name).map(|value| decoded(value.trim()))
    }

    /// The value of an attribute as written.
    pub(super) fn raw(self, name: &str) -> Option<&'h str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The values of several attributes as written.
    pub(super) fn raw_of<const N: usize>(self, names: [&str; N]) -> [Option<&'h str>; N] {
        let mut values = [None; N];
        for (key, value) in self.iter() {
            if let Some(at) = names.iter().position(|name| key.eq_ignore_ascii_case(name)) {
                values[at] = values[at].or(Some(value));
            }
        }
        values
    }

    /// No attributes at all.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Names and values as written.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'h str, &'h str)> {
        let (text, bytes) = (self.0, self.0.as_bytes());
        let skip = |from: usize, test: fn(u8) -> bool| {
            bytes[from..].iter().position(|byte| !test(*byte)).map_or(bytes.len(), |at| from + at)
        };
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = skip(at, |byte| byte.is_ascii_whitespace() || byte == b'/');
            if start == bytes.len() {
                return None;
            }
            // A name may begin with any byte.
            let end = skip(start + 1, |byte| !matches!(byte, b'=' | b'/') && !byte.is_ascii_whitespace());
            let name = &text[start..end];
            at = skip(end, |byte| byte.is_ascii_whitespace());
            if bytes.get(at) != Some(&b'=') {
                at = end;
                return Some((name, ""));
            }
            let from = skip(at + 1, |byte| byte.is_ascii_whitespace());
            let quote = bytes.get(from).filter(|byte| matches!(byte, b'"' | b'\''));
            if let Some(close) = quote.and_then(|quote| find(*quote, bytes, from + 1)) {
                at = close + 1;
                return Some((name, &text[from + 1..close]));
            }
            at = skip(from, |byte| !byte.is_ascii_whitespace());
            Some((name, &text[from..at]))
        })
    }
}

/// Text with its entities decoded.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    html_escape::decode_html_entities(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(html: &str) -> String {
        let mut out = String::new();
        for token in tokens(html) {
            match token {
                Token::Open(tag, attributes, _) => {
                    assert!(tag == Tag::of("A") || tag == Tag::of("script") || tag == Tag::of("b"));
                    out += "<";
                    attributes.iter().for_each(|(name, value)| out += &format!("{name}={value};"));
                    out += ">";
                }
                Token::Close(_) => out += "</>",
                Token::Text(text) | Token::Space(text) | Token::Raw(_, text) => out += text,
            }
        }
        out
    }

    #[test]
    fn tags_text_and_attributes() {
        for (html, want) in [
            ("x<a href='a>b' Rel=next checked>y</a>z", "x<href=a>b;Rel=next;checked=;>y</>z"),
            ("<a\nhref = \"1\"/>", "<href=1;>"),
            ("a < b<!-- <a> --->c<!-->d", "a < bcd"),
            ("<?xml ?><!doctype html></3>x", "x"),
            ("<script>if (a<b) '</a>'</SCRIPT>x", "<>if (a<b) '</a>'</>x"),
            ("<b it's><b title=\"never closed>x", "<it's=;><title=\"never;closed=;>x"),
            ("<b a=1 é=2", "<a=1;é=2;>"),
            ("<script>never closed", "<>never closed"),
            ("<", "<"),
            ("a</", "a"),
        ] {
            assert_eq!(spelled(html), want, "{html}");
        }
    }

    #[test]
    fn entities() {
        let Some(Token::Open(_, attributes, _)) = tokens("<a t=' A&amp;B &#8211; &eacute; '>").next() else {
            panic!("no tag")
        };
        assert_eq!(attributes.get("T").as_deref(), Some("A&B – é"));
    }
}
