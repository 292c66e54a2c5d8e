//! Bytes → a document: its notes, callouts and links, whatever the format.
//!
//! Adding a format: one file with a `FORMAT` constant, and one line in [`FORMATS`].

use std::path::Path;

use crate::date::PartialDate;
use crate::note::Note;
use crate::place::Place;

pub mod decode;
mod front;
pub mod markdown;
pub mod text;

/// A format that can be read.
pub struct Format {
    /// Its name in reports and for `--input-format`.
    pub name: &'static str,
    /// File name endings, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Reads a file of this format; never fails: what cannot be understood is left out.
    pub read: fn(&str) -> Document,
}

/// Every format, the one to fall back on first.
pub const FORMATS: &[Format] = &[text::FORMAT, markdown::FORMAT];

/// What a reader finds in a document.
#[derive(Debug, Default)]
pub struct Document {
    /// The title printed on it.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its own date, as precise as it is printed.
    pub date: Option<PartialDate>,
    /// Its notes in the order in which they are read.
    pub notes: Vec<Note>,
    /// Callouts whose note was not found: label and place.
    pub orphans: Vec<(String, Place)>,
    /// Links outside the notes.
    pub links: Vec<PlacedLink>,
}

/// A link in the body of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedLink {
    /// Absolute URL.
    pub url: String,
    /// Where it stands.
    pub place: Place,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing in it, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Not text in any encoding.
    #[error("not a text file: {0}")]
    Binary(String),
    /// A format that is known, but not read.
    #[error("{0} files are not read; convert it to text or Markdown first")]
    Unsupported(&'static str),
}

/// The format of a file, by its name.
pub fn format_of(path: &Path) -> &'static Format {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str())).unwrap_or(&FORMATS[0])
}

/// Reads a document from its bytes.
pub fn read(bytes: &[u8], format: &Format) -> Result<Document, ReadError> {
    let text = decode::decode(bytes)?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok((format.read)(&text))
}
