//! Any bytes as a Word, OpenDocument or EPUB file, and as the parts of one: whatever is in them, the
//! reader ends with a document or an error.
//!
//! The first byte tells the format; `0xFF` parts the rest into the files of the package.

#![no_main]

use std::io::{Cursor, Write};

use ibid::document::{Format, Reading, docx, epub, odt};
use ibid::run;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const WORD: &[&str] =
    &["word/document.xml", "word/footnotes.xml", "word/_rels/footnotes.xml.rels", "word/settings.xml", "word/styles.xml"];
const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="a/footnotes" Target="footnotes.xml"/><Relationship Id="r2" Type="a/settings" Target="settings.xml"/><Relationship Id="r3" Type="a/styles" Target="styles.xml"/></Relationships>"#;
const CONTAINER: &str = r#"<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"#;
const BOOK: &str = r#"<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let mut parts = rest.split(|byte| *byte == 0xFF);
    let (format, fixed, names): (&Format, &[(&str, &str)], &[&str]) = match kind % 4 {
        0 => (&docx::FORMAT, &[("word/_rels/document.xml.rels", RELATIONS)], WORD),
        1 => (&odt::FORMAT, &[], &["content.xml"]),
        2 => (&epub::FORMAT, &[("META-INF/container.xml", CONTAINER), ("book.opf", BOOK)], &["a.xhtml", "b.xhtml"]),
        _ => {
            for format in [&docx::FORMAT, &odt::FORMAT, &epub::FORMAT] {
                read(format, rest);
            }
            return;
        }
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let fixed = fixed.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, bytes) in fixed.chain(names.iter().filter_map(|name| Some((*name, parts.next()?)))) {
        writer.start_file(name, stored).expect("a part begins");
        writer.write_all(bytes).expect("a part is written");
    }
    read(format, &writer.finish().expect("the package ends").into_inner());
});

fn read(format: &Format, bytes: &[u8]) {
    let Ok(document) = (format.read)(bytes, &Reading::default()) else { return };
    for note in &document.notes {
        assert!(note.hyperlinks.iter().all(|link| note.text.get(link.range.clone()).is_some()), "{note:?}");
    }
    let read = run::understand("fuzz".to_owned(), format.name, document);
    let _ = run::extract(vec![read]);
}
