//! HTML → tags, text and raw text, in one pass over the bytes and without copying.
//!
//! This follows the tokenizer of the [HTML standard](https://html.spec.whatwg.org/#tokenization) in what
//! matters for reading a page that others wrote (quoted `>`, comments, raw text elements, names without
//! case) and forgives everything else. It builds no tree: what is open around a token is the business of
//! [`super::outline`].

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr3};

/// The name of an element, without case: its first eight letters and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag(u64, u8);

impl Tag {
    /// The tag of a name.
    pub(super) const fn of(name: &str) -> Tag {
        Tag::of_bytes(name.as_bytes())
    }

    const fn of_bytes(name: &[u8]) -> Tag {
        let (mut packed, mut at) = (0_u64, 0);
        while at < name.len() && at < 8 {
            packed = packed << 8 | name[at].to_ascii_lowercase() as u64;
            at += 1;
        }
        Tag(packed, if name.len() > 255 { 255 } else { name.len() as u8 })
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
    Open(Tag, Attributes<'h>),
    /// An end tag.
    Close(Tag),
    /// Text between tags, as written: entities are not decoded.
    Text(&'h str),
    /// What a script, a style or a title holds, right behind its start tag.
    Raw(Tag, &'h str),
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
}

static END_OF_COMMENT: LazyLock<Finder> = LazyLock::new(|| Finder::new("-->"));
static END_TAG: LazyLock<Finder> = LazyLock::new(|| Finder::new("</"));

/// Takes a page apart.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { html, at: 0, raw: None }
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

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
                    let name = name(&rest[2..]);
                    self.at = past(bytes, self.at + 2 + name.len());
                    return Some(Token::Close(Tag::of_bytes(name)));
                }
                [b'<', b'!' | b'?' | b'/', ..] => self.at = past(bytes, self.at + 2),
                [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                    let name = name(&rest[1..]);
                    let tag = Tag::of_bytes(name);
                    let start = self.at + 1 + name.len();
                    let end = end_of_tag(bytes, start);
                    self.at = (end + 1).min(bytes.len());
                    self.raw = raw_name(tag).map(|name| (tag, name));
                    return Some(Token::Open(tag, Attributes(&self.html[start..end])));
                }
                _ => {
                    let start = self.at;
                    self.at = end_of_text(bytes, start);
                    return Some(Token::Text(&self.html[start..self.at]));
                }
            }
        }
    }
}

fn name(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|b| matches!(b, b'>' | b'/') || b.is_ascii_whitespace());
    &bytes[..end.unwrap_or(bytes.len())]
}

/// Behind the next `>`.
fn past(bytes: &[u8], from: usize) -> usize {
    memchr(b'>', &bytes[from.min(bytes.len())..]).map_or(bytes.len(), |end| from + end + 1)
}

/// The next `<` that begins a tag or a comment.
fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(found) = memchr(b'<', &bytes[at.min(bytes.len())..]) {
        at += found;
        match bytes.get(at + 1) {
            Some(b'/' | b'!' | b'?') => return at,
            Some(letter) if letter.is_ascii_alphabetic() => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The `>` that ends a start tag; those inside of quoted values do not.
fn end_of_tag(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr3(b'>', b'"', b'\'', &bytes[at..]) {
        at += found;
        let quote = bytes[at];
        if quote == b'>' {
            return at;
        }
        let before = bytes[from..at].trim_ascii_end().last();
        at += 1;
        if before == Some(&b'=')
            && let Some(close) = memchr(quote, &bytes[at..])
        {
            at += close + 1;
        }
    }
    bytes.len()
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

    /// Could it be part of microdata or `RDFa`? Cheap, and never wrong when it says no.
    pub(super) fn may_be_marked(self) -> bool {
        // `itemprop=` and `property=` have these letters in common.
        static PROP: LazyLock<Finder> = LazyLock::new(|| Finder::new("prop"));
        self.0.len() > 9 && PROP.find(self.0.as_bytes()).is_some()
    }

    /// No attributes at all.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Names and values as written.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'h str, &'h str)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.bytes().skip(1).position(|b| matches!(b, b'=' | b'/') || b.is_ascii_whitespace());
            let (name, tail) = rest.split_at(floor(rest, end.map_or(rest.len(), |end| end + 1)));
            let Some(tail) = tail.trim_ascii_start().strip_prefix('=') else {
                rest = tail;
                return Some((name, ""));
            };
            let tail = tail.trim_ascii_start();
            let quoted =
                tail.bytes().next().filter(|quote| matches!(quote, b'"' | b'\'')).and_then(|quote| {
                    let end = memchr(quote, &tail.as_bytes()[1..])?;
                    Some((&tail[1..=end], &tail[end + 2..]))
                });
            let (value, tail) = quoted.unwrap_or_else(|| {
                tail.split_at(tail.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tail.len()))
            });
            rest = tail;
            Some((name, value))
        })
    }
}

/// The next character boundary: the first byte of a name may be part of a longer character.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
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
                Token::Open(tag, attributes) => {
                    assert!(tag == Tag::of("A") || tag == Tag::of("script") || tag == Tag::of("b"));
                    out += "<";
                    attributes.iter().for_each(|(name, value)| out += &format!("{name}={value};"));
                    out += ">";
                }
                Token::Close(_) => out += "</>",
                Token::Text(text) | Token::Raw(_, text) => out += text,
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
        let Some(Token::Open(_, attributes)) = tokens("<a t=' A&amp;B &#8211; &eacute; '>").next() else {
            panic!("no tag")
        };
        assert_eq!(attributes.get("T").as_deref(), Some("A&B – é"));
    }
}
