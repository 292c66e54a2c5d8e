//! Robust links: archived copies written into documents, and nothing else changed.
//!
//! Pure: which copy belongs to an address is found elsewhere. A document is edited at byte offsets, so
//! whatever stands around a new piece stays as it was, its line ends, byte order mark and encoding too. An
//! address that has a copy beside it already is left alone, so that a second run changes nothing.
//!
//! Adding a format: one file that finds its addresses, and one line in `FORMATS`.

mod encode;
mod html;
mod markdown;

use std::collections::HashSet;
use std::num::NonZeroU32;

use encoding_rs::Encoding;
use url::Url;

use crate::date::PartialDate;
use crate::document::ReadError;
use crate::link::{self, same_address};
use crate::place::Lines;

/// A format that copies are written into.
struct Writer {
    /// As the reader of the format is named.
    name: &'static str,
    text: fn(&[u8]) -> Result<String, ReadError>,
    spots: fn(&str) -> Vec<Spot>,
}

static FORMATS: &[Writer] = &[html::WRITER, markdown::WRITER];

/// An archived copy of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedCopy {
    /// Its address.
    pub url: String,
    /// The day on which it was made, in UTC.
    pub date: PartialDate,
}

/// An address in a document without an archived copy beside it.
#[derive(Debug, Clone)]
pub struct Spot {
    /// The address, as the citations of the document have it.
    pub url: String,
    /// Where the copy is put, in bytes of the text.
    at: usize,
    /// What is put there.
    put: fn(&str, &ArchivedCopy) -> String,
}

/// Why no copies are written into a document.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no writer for the format.
    #[error("links are written into HTML and Markdown only, not into {0}")]
    Format(String),
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Some of its bytes are no characters, or its encoding is not known well enough to write it.
    #[error("its encoding cannot be written back byte for byte; save it as UTF-8 first")]
    Encoding,
    /// The new text would be read in another way than is meant.
    #[error("the copies would change how its links are read")]
    Ambiguous,
}

/// A document that copies can be written into.
#[derive(Debug)]
pub struct Linkable {
    writer: usize,
    text: String,
    encoding: &'static Encoding,
    mark: Vec<u8>,
    spots: Vec<Spot>,
}

impl Linkable {
    /// Finds the addresses of a document that have no copy yet; `format` is the name of its reader.
    ///
    /// # Errors
    ///
    /// See [`Refusal`].
    pub fn open(format: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let known = FORMATS.iter().position(|writer| writer.name == format);
        let writer = known.ok_or_else(|| Refusal::Format(format.to_owned()))?;
        let text = (FORMATS[writer].text)(bytes)?;
        let mark = Encoding::for_bom(bytes).map_or(0, |(_, length)| length);
        let encoding = encode::of(&text, &bytes[mark..]).ok_or(Refusal::Encoding)?;
        let spots = (FORMATS[writer].spots)(&text);
        Ok(Self { writer, text, encoding, mark: bytes[..mark].to_vec(), spots })
    }

    /// Leaves alone every address that is not one of these.
    pub fn keep(&mut self, cited: &HashSet<&str>) {
        self.spots.retain(|spot| cited.contains(spot.url.as_str()));
    }

    /// The addresses, each with the line in which its copy would stand.
    pub fn spots(&self) -> impl Iterator<Item = (u32, &str)> {
        let lines = Lines::of(&self.text);
        self.spots
            .iter()
            .map(move |spot| (lines.at(spot.at).line.map_or(1, NonZeroU32::get), spot.url.as_str()))
    }

    /// The document with the copies that are known, in bytes as it was.
    ///
    /// # Errors
    ///
    /// [`Refusal::Ambiguous`] if an address would get its copy again the next time.
    pub fn with<'c>(&self, copy: impl Fn(&str) -> Option<&'c ArchivedCopy>) -> Result<Vec<u8>, Refusal> {
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        let mut written = HashSet::new();
        for spot in &self.spots {
            let Some(copy) = copy(&spot.url) else { continue };
            out.push_str(&self.text[from..spot.at]);
            out.push_str(&(spot.put)(&spot.url, copy));
            from = spot.at;
            written.insert(spot.url.as_str());
        }
        out.push_str(&self.text[from..]);
        let again = (FORMATS[self.writer].spots)(&out);
        if again.iter().any(|spot| written.contains(spot.url.as_str())) {
            return Err(Refusal::Ambiguous);
        }
        Ok([self.mark.as_slice(), &encode::encode(&out, self.encoding)].concat())
    }
}

/// The address that a link leads to, as citations have it.
fn cited(target: &str) -> Option<String> {
    let target = link::target(target)?;
    Some(link::unwrapped(&target).unwrap_or(target))
}

/// Addresses that stand together, and the copies among them.
#[derive(Default)]
struct Group {
    spots: Vec<Spot>,
    copies: Vec<Url>,
    /// One copy whose address does not say of what: it may be of any of them.
    unnamed: bool,
}

impl Group {
    /// Takes an address in; `spot` is where its own copy would stand, if it can have one.
    fn take(&mut self, url: &str, spot: Option<Spot>) {
        let Some(copy) = Url::parse(url).ok().and_then(|url| link::archived(&url)) else {
            self.spots.extend(spot);
            return;
        };
        match copy.original {
            Some(page) => self.copies.extend(bracketed(page)),
            None => self.unnamed = true,
        }
    }

    /// The addresses without a copy.
    fn end(self) -> Vec<Spot> {
        if self.unnamed && self.spots.iter().all(|spot| spot.url == self.spots[0].url) {
            return Vec::new();
        }
        let has_copy = |spot: &Spot| {
            let page = Url::parse(&spot.url).ok().and_then(bracketed);
            page.is_some_and(|page| self.copies.iter().any(|copy| same_address(copy, &page)))
        };
        self.spots.iter().filter(|spot| !has_copy(spot)).cloned().collect()
    }
}

/// Brackets are written as `%5B` and `%5D` where they would not be read.
fn bracketed(url: Url) -> Option<Url> {
    if !url.as_str().contains("%5") {
        return Some(url);
    }
    Url::parse(&url.as_str().replace("%5B", "[").replace("%5D", "]")).ok()
}
