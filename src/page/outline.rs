//! What one pass collects of a page: what it says of itself in its mark-up, its headings, and every date in
//! its text with the elements around it. Nothing is interpreted here.

use std::ops::Range;

use super::scan::{Attributes, Tag};
use super::written::Written;

/// What the pass collects.
#[derive(Debug, Default)]
pub(super) struct Outline<'h> {
    /// Every element, in the order of the page.
    pub(super) elements: Vec<Element<'h>>,
    /// `<html lang>`.
    pub(super) language: Option<String>,
    /// `<title>`.
    pub(super) title: Option<String>,
    /// `h1` to `h3`.
    pub(super) headings: Vec<Heading>,
    /// `<meta>`, wherever it stands.
    pub(super) metas: Vec<Meta>,
    /// The target of `<link rel=canonical>`, as written.
    pub(super) canonical: Option<String>,
    /// JSON-LD.
    pub(super) data: Vec<&'h str>,
    /// Other scripts that speak of publishing.
    pub(super) scripts: Vec<&'h str>,
    /// Dates in attributes.
    pub(super) stamps: Vec<Stamp>,
    /// Dates in the text.
    pub(super) mentions: Vec<Mention>,
    /// What is marked as the author.
    pub(super) authors: Vec<String>,
    /// What microdata mark as the headline.
    pub(super) headlines: Vec<String>,
    /// The beginning of the text.
    pub(super) text: String,
    /// Words of the text.
    pub(super) words: usize,
    /// Words of the text in blocks that are long enough for paragraphs.
    pub(super) prose: usize,
    /// There is a field for a password.
    pub(super) password: bool,
    /// There are scripts.
    pub(super) scripted: bool,
    /// Blocks of text.
    pub(super) blocks: Vec<Block>,
    /// Their text.
    pub(super) paragraphs: String,
    /// Links whose text may be a title, with the number of that ([`super::elsewhere::number`]).
    pub(super) links: Vec<(Id, u32)>,
}

/// The index of an element in [`Outline::elements`].
pub(super) type Id = u32;

/// An element and the one that it stands in.
#[derive(Debug)]
pub(super) struct Element<'h> {
    pub(super) tag: Tag,
    pub(super) attributes: Attributes<'h>,
    pub(super) parent: Option<Id>,
    pub(super) kind: Kind,
}

/// What the name of an element says of how it nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It begins and ends a block of text.
    Block,
    /// It goes on with the line that it stands in.
    Inline,
    /// It has no content, and ends a block.
    Break,
    /// It has no content, and goes on with the line.
    Void,
    /// No reader sees its text.
    Unseen,
    /// Only readers without scripts see its text; some pages put everything into it.
    Spare,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot {
    /// The innermost element around it.
    pub(super) element: Option<Id>,
    /// Bytes of text before it.
    pub(super) at: usize,
    /// Blocks of text before it.
    pub(super) block: usize,
}

/// A heading.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) text: String,
    /// What stands below it, up to the next heading; its beginning.
    pub(super) below: String,
    pub(super) spot: Spot,
}

/// `<meta>`: its name (property, name, itemprop or http-equiv; in lower case) and content.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) name: String,
    pub(super) content: String,
    /// Microdata.
    pub(super) itemprop: bool,
}

/// A date in an attribute: of `<time>`, `<abbr>`, or of an element with an `itemprop`.
#[derive(Debug)]
pub(super) struct Stamp {
    pub(super) tag: Tag,
    /// The name of the property, in lower case, where it has one.
    pub(super) property: Option<String>,
    /// The value; `None` where it is the element's text.
    pub(super) value: Option<String>,
    pub(super) spot: Spot,
}

/// A block of text.
#[derive(Debug)]
pub(super) struct Block {
    /// The element in which it begins.
    pub(super) element: Option<Id>,
    /// Its text, in [`Outline::paragraphs`].
    pub(super) range: Range<usize>,
    /// Bytes of it that are links.
    pub(super) linked: usize,
}

/// A date in the text.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) date: Written,
    /// The text of its block before it, and after it; cut to what may be a label.
    pub(super) before: String,
    pub(super) after: String,
    /// The last short block before this one: the label of a definition list, a cell of a table.
    pub(super) label: String,
    /// Bytes of the whole block.
    pub(super) length: usize,
    pub(super) spot: Spot,
}

/// What may be a label, in bytes: so much is kept of the text before and after a date.
pub(super) const LABEL: usize = 60;

/// The level of a heading that is none by its element.
pub(super) const UNNAMED: u8 = 9;

impl<'h> Outline<'h> {
    /// An element and all around it, the innermost first.
    pub(super) fn around(&self, element: Option<Id>) -> impl Iterator<Item = (Id, &Element<'h>)> {
        let at = |id: Id| self.elements.get(id as usize).map(|element| (id, element));
        std::iter::successors(element.and_then(at), move |(_, element)| element.parent.and_then(at))
    }
}
