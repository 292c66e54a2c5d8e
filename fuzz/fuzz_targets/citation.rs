//! Any text as a note: its citations are read without a panic, and each URL parses.

#![no_main]

use ibid::citation;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut notes = vec![
        ("1".to_owned(), citation::parse(text, &[])),
        ("2".to_owned(), citation::parse("Ibid., p. 3.", &[])),
    ];
    citation::resolve(&mut notes);
    for url in notes.iter().flat_map(|(_, citations)| citations).flat_map(|citation| &citation.urls) {
        assert!(url.contains(":/"), "{url:?} in {text:?}");
    }
});
