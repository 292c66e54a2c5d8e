//! Bytes → a document: its notes, callouts and links, whatever the format.
//!
//! Adding a format: one file with a `FORMAT` constant, and one line in [`FORMATS`].

use std::cell::RefCell;
use std::path::{Component, Path, PathBuf};

use crate::date::PartialDate;
use crate::note::Note;
use crate::place::Place;

pub mod asciidoc;
pub mod bibtex;
mod cork;
pub mod csl_json;
pub mod decode;
pub mod docx;
mod draft;
pub mod epub;
mod front;
mod front_matter;
pub mod html;
mod joined;
pub mod jupyter;
pub mod latex;
pub mod markdown;
pub mod odt;
mod package;
pub mod pdf;
mod reference;
pub mod ris;
pub mod rst;
pub(crate) mod tag;
pub mod text;
pub mod typst;
mod xml;

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
    /// The document's folder, in which the files that it includes are looked for. Without one, none
    /// are read.
    pub folder: Option<PathBuf>,
    /// The files beside it that the document asked for, there or not.
    pub asked: RefCell<Vec<PathBuf>>,
}

impl Reading {
    /// A file that the document names, relative to its own folder.
    fn beside(&self, name: &str) -> Option<Vec<u8>> {
        /// Larger files are not text that anybody includes.
        const LARGEST: u64 = 64 * 1024 * 1024;
        let relative = |part: Component| !matches!(part, Component::RootDir | Component::Prefix(_));
        let path = Path::new(name);
        let path = self.folder.as_ref().filter(|_| path.components().all(relative))?.join(path);
        self.asked.borrow_mut().push(path.clone());
        let known = std::fs::metadata(&path).ok()?;
        (known.is_file() && known.len() <= LARGEST).then(|| std::fs::read(&path).ok()).flatten()
    }
}

/// Every format, the one to fall back on first.
pub const FORMATS: &[Format] = &[
    text::FORMAT,
    markdown::FORMAT,
    pdf::FORMAT,
    docx::FORMAT,
    odt::FORMAT,
    html::FORMAT,
    epub::FORMAT,
    latex::FORMAT,
    rst::FORMAT,
    asciidoc::FORMAT,
    typst::FORMAT,
    jupyter::FORMAT,
    bibtex::FORMAT,
    csl_json::FORMAT,
    ris::FORMAT,
];

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
    /// Archived copies that links name beside their own address (Robust Links).
    pub versions: Vec<Version>,
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

/// An archived copy that a link names beside its own address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The address that the link leads to.
    pub of: String,
    /// That of the copy.
    pub url: String,
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
    /// Text, but not what its format asks for.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// A part of the file is not what its format says.
    #[error("the file is damaged: {part}: {reason}")]
    Damaged {
        /// Which part, and where in it.
        part: String,
        /// What is wrong there.
        reason: String,
    },
    /// A part unpacks to more than any document holds.
    #[error("{part} unpacks to more than {megabytes} MB; no document needs that much")]
    TooLarge {
        /// Which part.
        part: String,
        /// The limit.
        megabytes: u64,
    },
    /// A format that is known, but not read.
    #[error("{0} files are not read; convert it to text or Markdown first")]
    Unsupported(&'static str),
    /// Encrypted, and not opened by the password given or by none.
    #[error("cannot be opened: {0}")]
    Locked(String),
    /// So damaged that nothing can be read.
    #[error("cannot be read: {0}; save it anew in a PDF viewer, or ask for another copy")]
    Unreadable(String),
    /// Pages, but at best pictures of text.
    #[error("holds no text, only pictures of it at best, as a scan does; have it recognised (OCR) first")]
    NoText,
}

/// The format of a file: by its content where that tells, else by its name, else plain text.
pub fn format_of(path: &Path, bytes: &[u8]) -> &'static Format {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let told = FORMATS.iter().find(|format| (format.is)(bytes));
    let named = || FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()));
    told.or_else(named).unwrap_or(&text::FORMAT)
}
