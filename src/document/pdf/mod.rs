//! PDF: the published form of most texts, and the hardest to read, since it knows characters and
//! places and nothing else.
//!
//! ```text
//! page ─ repair, stream                 file → its pages
//! content ─ font, path                  a page → upright characters, rules, link areas
//! line ─ word, columns, bidi            characters → lines in reading order, raised marks kept
//! furniture                             running heads and page numbers out
//! run_in                                lines that hold several notes taken apart
//! zone                                  which lines stand in the note zones
//! notes ─ links, roman                  zones → notes, callouts, links
//! ```

use super::{Document, Format, ReadError, Reading};

mod bidi;
mod columns;
mod content;
mod face;
mod font;
mod furniture;
mod line;
mod links;
mod notes;
mod page;
mod path;
mod repair;
mod roman;
mod run_in;
mod stream;
mod word;
mod zone;

pub use face::{Face, face};
pub use page::Information;

/// PDF, ISO 32000.
pub const FORMAT: Format = Format {
    name: "pdf",
    extensions: &["pdf"],
    // The header may stand behind other bytes in the first kilobyte.
    is: |bytes| bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-"),
    read,
};

fn read(bytes: &[u8], reading: &Reading) -> Result<Document, ReadError> {
    let mut lines = line::Lines::default();
    let mut scanned = Vec::new();
    let mut images = false;
    let mut warnings = page::each(bytes, reading.password.as_deref(), page::MOST_PAGES, |page| {
        images |= page.images;
        let before = lines.all.len();
        lines.add(&page);
        if lines.all.len() == before && page.images {
            scanned.push(page.number);
        }
    })?;
    if lines.all.is_empty() {
        return Err(ReadError::NoText);
    }
    if let Some(told) = page::told(
        &scanned,
        "is an image without text; what it says was not read",
        "are images without text; what they say was not read",
    ) {
        warnings.push(told);
    }
    furniture::strip(&mut lines.all);
    run_in::split(&mut lines.all);
    let mut document = notes::read(&lines);
    document.warnings = warnings;
    Ok(document)
}
