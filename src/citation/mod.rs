//! The text of a note → the sources it cites.
//!
//! Parsing never fails: what cannot be told stays `None`, and a text that cites nothing gives no
//! citations. Whether an *Ibid.* or a short form stands for another note is settled afterwards, over
//! all notes together, by [`resolve`].

use std::ops::Range;

use crate::date::PartialDate;

/// One source cited in a note, or a reference back to an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Citation {
    /// In full, *Ibid.*, or a short form.
    pub kind: Kind,
    /// For *Ibid.* and short forms: the number of the note where the source stands in full.
    pub refers_to: Option<String>,
    /// Persons or bodies, in the order and the spelling of the note; a post's `@handle`.
    pub authors: Vec<String>,
    /// Without quotation marks around it.
    pub title: Option<String>,
    /// Newspaper, journal, site, publisher, book, or the kind of post (`X post`).
    pub container: Option<String>,
    /// The date of the source, as precise as it is cited.
    pub date: Option<PartialDate>,
    /// The last day, where the note cites a range.
    pub date_end: Option<PartialDate>,
    /// When the author says they read it (`accessed on 3 May 2024`).
    pub accessed: Option<PartialDate>,
    /// Absolute URLs in the order of the note.
    pub urls: Vec<String>,
    /// Bare DOI, lower case.
    pub doi: Option<String>,
    /// Bytes of the note's text that hold the citation.
    pub range: Range<usize>,
}

/// How a note names its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// In full.
    #[default]
    Source,
    /// *Ibid.*, *Id.*, *Ebenda*: the source of the note before.
    Ibid,
    /// `see note 3`, `Roth, cit.`, `op. cit.`, a shortened title.
    Short,
}

/// A hyperlink that lies on a part of a note's text, in formats that have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// Bytes of the text that it lies on; may be empty.
    pub range: Range<usize>,
    /// Where it points, as the document has it.
    pub target: String,
}

/// The citations of one note. `text` is one line without the note's number; `hyperlinks` are those
/// that lie on it.
pub fn parse(text: &str, hyperlinks: &[Hyperlink]) -> Vec<Citation> {
    let _ = (text, hyperlinks);
    Vec::new()
}

/// Fills in `refers_to` over the notes of one document, in their order: `(number, citations)`.
pub fn resolve(notes: &mut [(String, Vec<Citation>)]) {
    let _ = notes;
}
