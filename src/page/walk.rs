//! The pass over a page that makes its [`Outline`].

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr_iter;

use super::outline::{
    Block, Element, Heading, Id, Kind, LABEL, Mention, Meta, Outline, Spot, Stamp, UNNAMED,
};
use super::scan::{self, Attributes, Hints, Tag, Token};
use super::{elsewhere, tags, written};
use crate::fold::plain_line;

/// Elements read of one page. The largest documents on the web (specifications, whole books) have some
/// hundred thousand.
const MOST_ELEMENTS: usize = 500_000;
const MOST_TOKENS: usize = 2_000_000;
/// Open elements, one inside the other; browsers stop nesting here too.
const DEPTH: usize = 512;
/// Dates collected from text; what comes later on a page is not about the page.
const MOST_MENTIONS: usize = 600;
/// Dates collected from attributes.
const MOST_STAMPS: usize = 400;
const MOST_METAS: usize = 2_000;
const MOST_HEADINGS: usize = 300;
const MOST_SCRIPTS: usize = 200;
const MOST_LINKS: usize = 1_000;
const MOST_MARKED: usize = 5;
const LONGEST_MARKED: usize = 300;
/// Text kept from the beginning of the page, in bytes.
const BEGINNING: usize = 3_000;
/// Text kept of the whole page, in bytes.
const MOST_TEXT: usize = 1 << 20;
/// What may be a title, in bytes.
const TITLE_AT_LEAST: usize = 15;
/// Text kept of what stands below a heading, in bytes.
const BELOW: usize = 400;
/// A block of fewer bytes is a line, a label, a teaser.
const PARAGRAPH: usize = 160;
/// A block that is longer is read in pieces.
const LONGEST_BLOCK: usize = 64 << 10;

fn kind(tag: Tag) -> Kind {
    match tag {
        tags::SPAN
        | tags::A
        | tags::TIME
        | tags::B
        | tags::I
        | tags::EM
        | tags::STRONG
        | tags::SMALL
        | tags::ABBR
        | tags::FONT
        | tags::SUP
        | tags::SUB
        | tags::CITE
        | tags::CODE
        | tags::DATA
        | tags::INS
        | tags::LABEL
        | tags::MARK
        | tags::Q
        | tags::S
        | tags::U
        | tags::BDI
        | tags::NOBR
        | tags::PATH
        | tags::USE => Kind::Inline,
        tags::BR
        | tags::INPUT
        | tags::HR
        | tags::SOURCE
        | tags::AREA
        | tags::BASE
        | tags::COL
        | tags::EMBED
        | tags::PARAM
        | tags::TRACK => Kind::Break,
        tags::IMG | tags::META | tags::LINK | tags::WBR => Kind::Void,
        tags::TEMPLATE | tags::SELECT | tags::SVG => Kind::Unseen,
        tags::NOSCRIPT => Kind::Spare,
        _ => Kind::Block,
    }
}

/// Of an element that ends an open one of its own kind (`<li>one<li>two`): what that one must stand in, so
/// that it is not another list.
fn sibling_ends(tag: Tag) -> Option<&'static [Tag]> {
    match tag {
        tags::LI => Some(&[tags::UL, tags::OL]),
        tags::P => Some(&[tags::DIV, tags::TD, tags::LI, tags::SECTION]),
        tags::TD | tags::TR => Some(&[tags::TABLE]),
        tags::DT | tags::DD => Some(&[tags::DL]),
        tags::OPTION => Some(&[tags::SELECT]),
        _ => None,
    }
}

/// Reads a page.
pub(super) fn read(html: &str) -> Outline<'_> {
    // Hardly any page has more elements or text.
    let mut walk = Walk::default();
    walk.outline.elements.reserve(html.len().min(1 << 20) / 100);
    walk.outline.paragraphs.reserve(html.len().min(1 << 20) / 8);
    walk.outline.text.reserve(html.len().min(BEGINNING));
    walk.block.reserve(html.len().min(BEGINNING) / 4);
    walk.label.reserve(LABEL);
    for token in scan::tokens(html).take(MOST_TOKENS) {
        match token {
            Token::Open(tag, attributes, hints) => walk.open(tag, attributes, hints),
            Token::Close(tag) => walk.close(tag),
            Token::Text(text) => walk.text(text),
            Token::Space(text) => walk.space(text),
            Token::Raw(tag, text) => walk.raw(tag, text),
        }
        if walk.outline.elements.len() >= MOST_ELEMENTS {
            break;
        }
    }
    walk.end_block();
    walk.outline
}

/// The pass.
#[derive(Default)]
struct Walk<'h> {
    outline: Outline<'h>,
    /// Open elements, the innermost last.
    open: Vec<Id>,
    /// Open elements beyond [`DEPTH`].
    deeper: usize,
    /// Open elements whose text no reader sees.
    unseen: usize,
    /// Open `<noscript>`.
    spare: usize,
    /// The text of the block so far, and where each of its elements' text begins in it.
    block: String,
    pieces: Vec<(usize, Option<Id>)>,
    /// It has digits in it.
    digits: bool,
    heading: Option<(u8, Tag)>,
    /// The element whose text is being kept: what it is, how deep it stands, its text.
    marked: Option<(Mark, usize, String)>,
    /// The last block, where it was short.
    label: String,
    read: usize,
    blocks: usize,
}

impl<'h> Walk<'h> {
    fn open(&mut self, tag: Tag, attributes: Attributes<'h>, hints: Hints) {
        let kind = kind(tag);
        if !matches!(kind, Kind::Inline | Kind::Void) {
            self.end_block();
        }
        if let Some(ends) = sibling_ends(tag) {
            self.close_sibling(tag, ends);
        }
        let id = self.outline.elements.len() as Id;
        let parent = self.open.last().copied();
        self.outline.elements.push(Element { tag, attributes, parent, kind });
        self.notice(tag, attributes, id, hints);
        if matches!(kind, Kind::Void | Kind::Break) {
            return;
        }
        if self.open.len() == DEPTH {
            self.deeper += 1;
            return;
        }
        self.open.push(id);
        if (hints.property || hints.rel)
            && self.marked.is_none()
            && let Some(mark) = mark(tag, attributes, hints)
        {
            self.marked = Some((mark, self.open.len(), String::new()));
        }
        self.unseen += usize::from(kind == Kind::Unseen);
        self.spare += usize::from(kind == Kind::Spare);
        if let Some(level) = heading_level(tag) {
            self.heading = Some((level, tag));
        }
    }

    /// What an element says by its attributes.
    fn notice(&mut self, tag: Tag, attributes: Attributes<'h>, id: Id, hints: Hints) {
        let outline = &mut self.outline;
        if tag == tags::META {
            self.meta(attributes);
        } else if tag == tags::LINK {
            let is = |rel: &str| rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("canonical"));
            if outline.canonical.is_none() && attributes.raw("rel").is_some_and(is) {
                outline.canonical = attributes.get("href").map(Into::into);
            }
        } else if tag == tags::HTML {
            outline.language = outline.language.take().or_else(|| attributes.get("lang").map(Into::into));
        } else if tag == tags::INPUT {
            outline.password |= attributes.raw("type").is_some_and(|t| t.eq_ignore_ascii_case("password"));
        } else if tag == tags::SCRIPT {
            outline.scripted = true;
        } else if tag == tags::TIME || tag == tags::ABBR || hints.property {
            self.stamp(tag, attributes, id);
        }
    }

    fn meta(&mut self, attributes: Attributes<'h>) {
        if self.outline.metas.len() >= MOST_METAS {
            return;
        }
        let [property, name, itemprop, equivalent, content] =
            attributes.raw_of(["property", "name", "itemprop", "http-equiv", "content"]);
        let content = content.map(|content| scan::decoded(content.trim()));
        let Some(content) = content.filter(|content| !content.is_empty()) else { return };
        let plain = property.or(name);
        let Some(name) = plain.or(itemprop).or(equivalent) else { return };
        self.outline.metas.push(Meta {
            name: name.trim().to_ascii_lowercase(),
            content: content.into(),
            itemprop: plain.is_none() && itemprop.is_some(),
        });
    }

    fn stamp(&mut self, tag: Tag, attributes: Attributes<'h>, id: Id) {
        if self.outline.stamps.len() >= MOST_STAMPS {
            return;
        }
        let property = attributes.raw("itemprop").or(attributes.raw("property"));
        let property = property.map(|name| name.trim().to_ascii_lowercase());
        let dated = property.as_deref().is_some_and(|name| name.contains("date") || name.contains("issued"));
        if tag != tags::TIME && tag != tags::ABBR && !dated {
            return;
        }
        let value = ["datetime", "content"].iter().find_map(|key| attributes.get(key));
        let value = value.or_else(|| attributes.get("title").filter(|_| tag == tags::ABBR));
        let value = value.filter(|value| !value.is_empty()).map(Into::into);
        let spot = Spot { element: Some(id), at: self.read + self.block.len(), block: self.blocks };
        self.outline.stamps.push(Stamp { tag, property, value, spot });
    }

    fn close(&mut self, tag: Tag) {
        let last = self.open.last().map(|open| &self.outline.elements[*open as usize]);
        // Most end what was begun last.
        let last = last.filter(|last| last.tag == tag).map(|last| last.kind);
        let inline = matches!(last.unwrap_or_else(|| kind(tag)), Kind::Inline | Kind::Void);
        if !inline {
            self.end_block();
        }
        if self.heading.is_some_and(|(_, open)| open == tag) {
            self.heading = None;
        }
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if last.is_some() {
            self.cut(self.open.len() - 1);
            return;
        }
        let elements = &self.outline.elements;
        // A stray end tag of a line does not end what is around the line.
        let block = |open: &Id| elements[*open as usize].kind != Kind::Inline;
        let found = self
            .open
            .iter()
            .rev()
            .take_while(|open| !inline || !block(open))
            .position(|open| elements[*open as usize].tag == tag);
        if let Some(found) = found {
            self.cut(self.open.len() - found - 1);
        }
    }

    fn close_sibling(&mut self, tag: Tag, ends: &[Tag]) {
        let elements = &self.outline.elements;
        let found = self
            .open
            .iter()
            .rev()
            .take(8)
            .take_while(|open| !elements[**open as usize].tag.is_in(ends))
            .position(|open| elements[*open as usize].tag == tag);
        if let Some(found) = found {
            self.cut(self.open.len() - found - 1);
        }
    }

    fn cut(&mut self, depth: usize) {
        if let Some((mark, _, text)) = self.marked.take_if(|(_, at, _)| *at > depth) {
            let text = plain_line(&text);
            let kept = match mark {
                Mark::Author => &mut self.outline.authors,
                Mark::Headline => &mut self.outline.headlines,
            };
            if !text.is_empty() && kept.len() < MOST_MARKED {
                kept.push(text);
            }
        }
        while self.open.len() > depth
            && let Some(open) = self.open.pop()
        {
            let kind = self.outline.elements[open as usize].kind;
            self.unseen -= usize::from(kind == Kind::Unseen);
            self.spare -= usize::from(kind == Kind::Spare);
        }
    }

    fn raw(&mut self, tag: Tag, text: &'h str) {
        let outline = &mut self.outline;
        if tag == tags::TITLE && outline.title.is_none() && self.unseen == 0 {
            outline.title = Some(plain_line(&scan::decoded(text))).filter(|title| !title.is_empty());
        } else if tag == tags::SCRIPT
            && let Some(script) = outline.elements.last()
        {
            let kind = script.attributes.raw("type").unwrap_or_default();
            if kind.len() > 6 && kind.to_ascii_lowercase().contains("ld+json") {
                if outline.data.len() < MOST_SCRIPTS {
                    outline.data.push(text);
                }
            } else if outline.scripts.len() < MOST_SCRIPTS {
                outline.scripts.push(text);
            }
        }
    }

    fn text(&mut self, text: &'h str) {
        let mut rest = text;
        while self.unseen == 0 && !rest.is_empty() {
            let (piece, tail) = rest.split_at(rest.floor_char_boundary(LONGEST_BLOCK));
            self.piece(piece);
            rest = tail;
        }
    }

    fn piece(&mut self, text: &'h str) {
        let trimmed = text.trim_ascii();
        let (mut inner, mut bytes) = (Cow::Borrowed(trimmed), Bytes::of(trimmed));
        if bytes.has(Bytes::ESCAPED) || bytes.has(Bytes::FOREIGN) {
            inner = written::with_ascii_digits(scan::decoded(trimmed));
            bytes = Bytes::of(&inner);
        }
        let before = text.starts_with(|c: char| c.is_ascii_whitespace());
        let behind = text.ends_with(|c: char| c.is_ascii_whitespace());
        if let Some(kept) = self.kept() {
            kept.push_str(&text[..text.len() - text.trim_ascii_start().len()]);
            kept.push_str(&inner);
            kept.push_str(&text[text.trim_ascii_end().len()..]);
        }
        self.begin_piece(!before && inner.starts_with(|c: char| c.is_ascii_digit()));
        self.digits |= bytes.has(Bytes::DIGITS);
        // White space is one space; the block needs no more passes then.
        if before {
            space(&mut self.block);
        }
        append(&mut self.block, &inner, bytes.has(Bytes::GAPS));
        if behind {
            space(&mut self.block);
        }
        if self.block.len() > LONGEST_BLOCK {
            self.end_block();
        }
    }

    /// Where the text of a marked element goes.
    fn kept(&mut self) -> Option<&mut String> {
        let (_, _, kept) = self.marked.as_mut()?;
        (kept.len() < LONGEST_MARKED).then_some(kept)
    }

    /// White space between two tags.
    fn space(&mut self, text: &str) {
        if self.unseen > 0 {
            return;
        }
        if let Some(kept) = self.kept() {
            kept.push_str(text);
        }
        self.begin_piece(false);
        space(&mut self.block);
    }

    /// What follows stands in the element that is open now; `digit`: it begins with one.
    fn begin_piece(&mut self, digit: bool) {
        let element = self.open.last().copied();
        if self.pieces.last().is_none_or(|(_, last)| *last != element) {
            // `<span>Anna Lind</span><span>12.3.2025</span>`: style sheets keep them apart.
            if digit && (self.block.ends_with(char::is_alphabetic) || ends_with_year(&self.block)) {
                self.block.push(' ');
            }
            self.pieces.push((self.block.len(), element));
        }
    }

    fn end_block(&mut self) {
        if self.block.trim_ascii().is_empty() {
            self.block.clear();
            self.pieces.clear();
        } else {
            self.keep_block();
        }
    }

    fn keep_block(&mut self) {
        let digits = std::mem::take(&mut self.digits);
        let block = std::mem::take(&mut self.block);
        let line = block.trim();
        let outline = &mut self.outline;
        let start = Spot { element: self.pieces[0].1, at: self.read, block: self.blocks };
        if let Some((level, _)) = self.heading
            && outline.headings.len() < MOST_HEADINGS
        {
            // A heading in several lines is one.
            match outline.headings.last_mut() {
                Some(last) if last.spot.block + 1 == self.blocks && last.level == level => {
                    last.text += " ";
                    last.text += line;
                    last.spot.block = self.blocks;
                }
                _ => outline.headings.push(heading(level, line, start)),
            }
        }
        // A headline that is none by its name says what the title says.
        let titled = |title: &String| line.len() >= TITLE_AT_LEAST && holds(title, line);
        if self.heading.is_none()
            && outline.headings.len() < MOST_HEADINGS
            && outline.title.as_ref().is_some_and(titled)
        {
            outline.headings.push(heading(UNNAMED, line, start));
        } else if self.heading.is_none()
            && let Some(last) = outline.headings.last_mut().filter(|last| last.below.len() < BELOW)
        {
            last.below.reserve(BELOW);
            last.below.push_str(&block[..block.floor_char_boundary(BELOW)]);
            last.below.push(' ');
        }
        if digits && outline.mentions.len() < MOST_MENTIONS {
            self.mentions(&block);
        }
        let outline = &mut self.outline;
        if self.spare == 0 {
            // White space is one space by now.
            let words = spaces(&block) + usize::from(!block.ends_with(' '));
            outline.words += words;
            // Scripts without spaces have some six bytes to a word.
            let spaced = words * 20 > block.len();
            let prose = if spaced { words } else { block.len() / 6 };
            outline.prose += if block.len() >= PARAGRAPH { prose } else { 0 };
        }
        if self.spare == 0 && outline.text.len() < BEGINNING {
            outline.text.push_str(&block);
            outline.text.push(' ');
        }
        if self.spare == 0 && self.heading.is_none() {
            self.keep(&block);
        }
        self.links(&block);
        self.label.clear();
        if block.len() <= LABEL {
            self.label.push_str(line);
        }
        self.read += block.len();
        self.blocks += 1;
        self.pieces.clear();
        // Keeps its capacity.
        self.block = block;
        self.block.clear();
    }

    fn keep(&mut self, block: &str) {
        let outline = &mut self.outline;
        if outline.paragraphs.len() >= MOST_TEXT {
            return;
        }
        let is_link =
            |element: Option<Id>| outline.around(element).take(3).any(|(_, element)| element.tag == tags::A);
        let ends = self.pieces.iter().skip(1).map(|(from, _)| *from).chain([block.len()]);
        let linked = self
            .pieces
            .iter()
            .zip(ends)
            .filter(|((_, element), _)| is_link(*element))
            .map(|((from, _), to)| to - from);
        let (linked, element) = (linked.sum(), self.pieces[0].1);
        let from = outline.paragraphs.len();
        outline.paragraphs.push_str(block);
        outline.blocks.push(Block { element, range: from..outline.paragraphs.len(), linked });
    }

    /// Keeps the links of a block whose text may be a title.
    fn links(&mut self, block: &str) {
        const DEEP: usize = 5;
        if block.len() < *elsewhere::LENGTH.start() || self.outline.links.len() >= MOST_LINKS {
            return;
        }
        let mut links = std::mem::take(&mut self.outline.links);
        let mut keep = |(link, range): (Id, Range<usize>)| {
            if elsewhere::LENGTH.contains(&range.len()) {
                links.push((link, elsewhere::number(&block[range])));
            }
        };
        let mut last: Option<(Id, Range<usize>)> = None;
        let ends = self.pieces.iter().skip(1).map(|(from, _)| *from).chain([block.len()]);
        for ((start, element), end) in self.pieces.iter().zip(ends) {
            let mut around = self.outline.around(*element).take(DEEP);
            let Some((link, _)) = around.find(|(_, element)| element.tag == tags::A) else { continue };
            match &mut last {
                Some((id, range)) if *id == link => range.end = end,
                _ => drop(last.replace((link, *start..end)).map(&mut keep)),
            }
        }
        last.map(keep);
        self.outline.links = links;
    }

    fn mentions(&mut self, block: &str) {
        let most = MOST_MENTIONS.saturating_sub(self.outline.mentions.len());
        for (range, date) in written::find(block).into_iter().take(most) {
            let Range { start, end } = range;
            let piece = self.pieces.partition_point(|(from, _)| *from <= start).max(1) - 1;
            let spot = Spot { element: self.pieces[piece].1, at: self.read + start, block: self.blocks };
            let from = block.ceil_char_boundary(start.saturating_sub(LABEL));
            let to = block.floor_char_boundary((end + LABEL).min(block.len()));
            self.outline.mentions.push(Mention {
                date,
                before: block[from..start].to_owned(),
                after: block[end..to].to_owned(),
                label: self.label.clone(),
                length: block.len(),
                spot,
            });
        }
    }
}

/// What kinds of bytes a text has, told in one pass.
#[derive(Clone, Copy)]
struct Bytes(u8);

impl Bytes {
    /// There may be entities among them.
    const ESCAPED: Bytes = Bytes(1);
    /// There may be digits of other scripts among them.
    const FOREIGN: Bytes = Bytes(2);
    const DIGITS: Bytes = Bytes(4);
    /// There is other white space than single spaces.
    const GAPS: Bytes = Bytes(8);

    fn of(text: &str) -> Self {
        const SPACE: u8 = 16;
        const KINDS: [u8; 256] = {
            let mut kinds = [0; 256];
            let mut byte = 0;
            while byte < kinds.len() {
                kinds[byte] = match byte as u8 {
                    b'&' => Bytes::ESCAPED.0,
                    b'0'..=b'9' => Bytes::DIGITS.0,
                    b' ' => SPACE,
                    b'\t' | b'\n' | b'\x0C' | b'\r' => Bytes::GAPS.0,
                    byte if written::may_begin_digit(byte) => Bytes::FOREIGN.0,
                    _ => 0,
                };
                byte += 1;
            }
            kinds
        };
        if scan::is_plain(text.as_bytes()) {
            return Bytes(0);
        }
        let (mut all, mut doubled, mut last) = (0, 0, 0);
        for byte in text.bytes() {
            let kind = KINDS[usize::from(byte)];
            all |= kind;
            doubled |= kind & last;
            last = kind;
        }
        Bytes(all | if doubled & SPACE > 0 { Bytes::GAPS.0 } else { 0 })
    }

    fn has(self, kind: Bytes) -> bool {
        self.0 & kind.0 > 0
    }
}

/// Does a text end with four digits? No year has a fifth.
fn ends_with_year(text: &str) -> bool {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).take(5).count();
    digits == 4
}

/// How many spaces a text has. In parts whose count is a byte, which the compiler takes many at a time.
fn spaces(text: &str) -> usize {
    let count = |part: &[u8]| part.iter().fold(0_u8, |count, byte| count + u8::from(*byte == b' '));
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|part| usize::from(count(part))).sum()
}

/// Appends white space: one space, and none at the beginning.
fn space(block: &mut String) {
    if !block.is_empty() && !block.ends_with(' ') {
        block.push(' ');
    }
}

/// Appends a text to a block with one space for all white space, and none at its beginning. `gaps`: there is
/// other white space in it than single spaces.
fn append(block: &mut String, text: &str, gaps: bool) {
    let mut rest = text;
    if !gaps {
        if let Some(behind) = text.strip_prefix(' ') {
            space(block);
            rest = behind;
        }
        block.push_str(rest);
        return;
    }
    while let Some(at) = rest.bytes().position(|byte| byte.is_ascii_whitespace()) {
        block.push_str(&rest[..at]);
        space(block);
        rest = rest[at..].trim_ascii_start();
    }
    block.push_str(rest);
}

/// Is the line a part of the text? Quicker than the search of the library where both are short.
fn holds(text: &str, line: &str) -> bool {
    let (text, line) = (text.as_bytes(), line.as_bytes());
    let last = text.len().checked_sub(line.len());
    last.zip(line.first()).is_some_and(|(last, first)| {
        memchr_iter(*first, &text[..=last]).any(|at| text[at..].starts_with(line))
    })
}

fn heading(level: u8, text: &str, spot: Spot) -> Heading {
    Heading { level, text: text.to_owned(), below: String::new(), spot }
}

/// What is marked in the text as something other than a date.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Author,
    Headline,
}

fn mark(tag: Tag, attributes: Attributes, hints: Hints) -> Option<Mark> {
    let is = |value: Option<&str>, word: &str| {
        value.is_some_and(|value| value.split_ascii_whitespace().any(|v| v.eq_ignore_ascii_case(word)))
    };
    if tag == tags::A && hints.rel && is(attributes.raw("rel"), "author") {
        return Some(Mark::Author);
    }
    let property = hints.property.then(|| attributes.raw("itemprop"))?;
    if is(property, "author") {
        return Some(Mark::Author);
    }
    is(property, "headline").then_some(Mark::Headline)
}

fn heading_level(tag: Tag) -> Option<u8> {
    const HEADINGS: [Tag; 3] = [tags::H1, tags::H2, tags::H3];
    HEADINGS.iter().position(|heading| *heading == tag).map(|level| level as u8 + 1)
}
