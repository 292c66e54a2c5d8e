//! Any bytes as a document in each format of marked-up text, the first byte saying in which: they are
//! read without a panic, every note is one line, every place lies inside the file, and what the format
//! gives of a citation lies inside the note.

#![no_main]

use ibid::document::{
    Format, Reading, asciidoc, bibtex, csl_json, jupyter, latex, markdown, ris, rst, typst,
};
use ibid::run;
use libfuzzer_sys::fuzz_target;

const FORMATS: [Format; 9] = [
    markdown::FORMAT,
    latex::FORMAT,
    rst::FORMAT,
    asciidoc::FORMAT,
    typst::FORMAT,
    jupyter::FORMAT,
    bibtex::FORMAT,
    csl_json::FORMAT,
    ris::FORMAT,
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let format = &FORMATS[usize::from(*first) % FORMATS.len()];
    let Ok(document) = (format.read)(bytes, &Reading::default()) else { return };
    // In JSON a line of a cell need not be one of the file.
    let rows = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u32;
    for note in &document.notes {
        let inside = note.place.part.is_some() || note.place.line.is_none_or(|line| line.get() <= rows);
        assert!(inside && !note.text.contains('\n'), "{}: {note:?}", format.name);
        for given in &note.given {
            assert!(note.text.get(given.range.clone()).is_some(), "{}: {note:?}", format.name);
        }
        for hyperlink in &note.hyperlinks {
            assert!(note.text.get(hyperlink.range.clone()).is_some(), "{}: {note:?}", format.name);
        }
    }
    let read = run::understand("fuzz".to_owned(), format.name, document);
    let _ = run::extract(vec![read]);
});
