//! Zip packages: what Word, `OpenDocument` and EPUB files are on the outside
//! ([OPC](https://ecma-international.org/publications-and-standards/standards/ecma-376/), ODF part 2, EPUB OCF).
//!
//! A part is unpacked only when it is asked for, and never beyond what a document can sensibly hold:
//! a few kilobytes may claim to be many gigabytes.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{ReadError, decode};

/// No part of a document is longer, unpacked: a thousand pages of text are about ten megabytes.
const LONGEST_PART: u64 = 128 << 20;
/// All parts that are read of one document together.
const LONGEST_WHOLE: u64 = 256 << 20;

/// An open package.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Parts by their names, lower case with forward slashes: writers disagree on both.
    parts: HashMap<String, usize>,
    left: u64,
}

impl<'b> Package<'b> {
    /// Opens a package; nothing is unpacked yet.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ReadError> {
        if bytes.starts_with(decode::COMPOUND) {
            return Err(decode::compound(bytes));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(ReadError::Empty);
        }
        let damaged =
            |error| ReadError::Damaged { part: "the zip archive".to_owned(), reason: format!("{error}") };
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let named = archive.file_names_raw().enumerate();
        let parts = named.map(|(index, name)| (key(&String::from_utf8_lossy(name)), index)).collect();
        Ok(Package { archive, parts, left: LONGEST_WHOLE })
    }

    /// Whether the bytes are a package that holds all these parts.
    pub(super) fn holds(bytes: &[u8], parts: &[&str]) -> bool {
        bytes.starts_with(b"PK\x03\x04")
            && Package::open(bytes).is_ok_and(|package| parts.iter().all(|part| package.has(part)))
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&key(name))
    }

    /// The bytes of a part, `None` where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(index) = self.parts.get(&key(name)) else { return Ok(None) };
        let damaged = |reason: String| ReadError::Damaged { part: name.to_owned(), reason };
        let file = self.archive.by_index(*index).map_err(|error| damaged(error.to_string()))?;
        let limit = LONGEST_PART.min(self.left);
        let mut bytes = Vec::with_capacity(file.size().min(limit).min(16 << 20) as usize);
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(error.to_string()))?;
        if bytes.len() as u64 > limit {
            return Err(ReadError::TooLarge { part: name.to_owned(), megabytes: limit >> 20 });
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// The text of a part, in whatever encoding it is.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let Some(bytes) = self.part(name)? else { return Ok(None) };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => decode::decode(error.as_bytes())?.into_owned(),
        };
        Ok(Some(text))
    }
}

fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// The part that `target` names as seen from the part `from`.
pub(super) fn resolve(from: &str, target: &str) -> String {
    let mut path: Vec<&str> = from.split('/').collect();
    path.pop();
    if target.starts_with('/') {
        path.clear();
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_relative_to_their_part() {
        assert_eq!(resolve("word/document.xml", "footnotes.xml"), "word/footnotes.xml");
        assert_eq!(resolve("word/document.xml", "/word/footnotes.xml"), "word/footnotes.xml");
        assert_eq!(resolve("OPS/text/a.xhtml", "../notes/./b.xhtml"), "OPS/notes/b.xhtml");
        assert_eq!(resolve("a.xhtml", "../../b.xhtml"), "b.xhtml");
    }
}
