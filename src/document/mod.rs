//! Bytes → a document: its notes, callouts and links, whatever the format.
//!
//! Adding a format: one file with a `FORMAT` constant, and one line in [`FORMATS`].

use std::path::Path;

use crate::date::PartialDate;
use crate::note::Note;
use crate::place::Place;

pub mod decode;
mod draft;
mod front;
pub mod markdown;
pub mod pdf;
pub mod text;

/// A format that can be read.
pub struct Format {
    /// Its name in reports and for `--input-format`.
    pub name: &'static str,
    /// File name endings, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether the bytes themselves say that they are of this format, whatever the file is called.
    /// Formats that only their name tells apart from plain text say no.
    pub is: fn(&[u8]) -> bool,
    /// Reads a file of this format. What cannot be understood is left out; an error means that
    /// nothing can be read.
    pub read: fn(&[u8], &Reading) -> Result<Document, ReadError>,
}

/// What a reader is told besides the file.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Opens an encrypted document.
    pub password: Option<String>,
}

/// Every format, the one to fall back on first.
pub const FORMATS: &[Format] = &[text::FORMAT, markdown::FORMAT, pdf::FORMAT];

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
    /// What could not be read of it, in sentences for a person.
    pub warnings: Vec<String>,
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
    /// Encrypted, and not opened by the password given or by none.
    #[error("cannot be opened: {0}")]
    Locked(String),
    /// So damaged that nothing can be read.
    #[error("cannot be read: {0}; save it anew in a PDF viewer, or ask for another copy")]
    Damaged(String),
    /// Pages, but only pictures of text.
    #[error("holds no text, only images, as a scan does; have its text recognised (OCR) first")]
    OnlyImages,
}

/// The format of a file: by its content where that tells, else by its name, else plain text.
pub fn format_of(path: &Path, bytes: &[u8]) -> &'static Format {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let told = FORMATS.iter().find(|format| (format.is)(bytes));
    let named = || FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()));
    told.or_else(named).unwrap_or(&text::FORMAT)
}
