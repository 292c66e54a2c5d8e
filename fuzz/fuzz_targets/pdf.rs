//! Any bytes as a PDF file: whatever is broken in it, the reader ends with a document or an error, and
//! every note lies on a page.

#![no_main]

use ibid::document::{Reading, pdf};
use ibid::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = (pdf::FORMAT.read)(bytes, &Reading::default()) else { return };
    for note in &document.notes {
        assert!(note.place.page.is_some(), "{note:?}");
        assert!(!note.text.contains('\n'), "{note:?}");
        for hyperlink in &note.hyperlinks {
            assert!(note.text.get(hyperlink.range.clone()).is_some(), "{note:?}");
        }
    }
    let read = run::understand("fuzz".to_owned(), pdf::FORMAT.name, document);
    let _ = run::extract(vec![read]);
});
