//! Any bytes as a page: notes, callouts and links are found without a panic, and every hyperlink lies
//! inside its note.

#![no_main]

use ibid::document::{Reading, html};
use ibid::run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = (html::FORMAT.read)(bytes, &Reading::default()) else { return };
    for note in &document.notes {
        assert!(!note.text.contains('\n'), "{note:?}");
        assert!(note.hyperlinks.iter().all(|link| note.text.get(link.range.clone()).is_some()), "{note:?}");
    }
    let read = run::understand("fuzz".to_owned(), html::FORMAT.name, document);
    let _ = run::extract(vec![read]);
});
