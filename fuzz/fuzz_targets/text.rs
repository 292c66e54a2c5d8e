//! Any bytes as a plain text: notes, callouts and citations are found without a panic, and every
//! place named lies inside the text.

#![no_main]

use ibid::document::{Reading, text};
use ibid::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = (text::FORMAT.read)(bytes, &Reading::default()) else { return };
    let rows = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u32;
    for note in &document.notes {
        assert!(note.place.line.is_some_and(|line| line.get() <= rows), "{note:?}");
        assert!(!note.text.contains('\n'), "{note:?}");
    }
    let read = run::understand("fuzz".to_owned(), text::FORMAT.name, document);
    let _ = run::extract(vec![read]);
});
