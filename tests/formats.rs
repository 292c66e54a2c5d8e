//! One article in every format, one expectation for all: the same notes, citations and links,
//! whatever the file. Only the places differ.
//!
//! A format joins by a file `fixtures/article/commentary.EXT`. `UPDATE=1 cargo test --test formats`
//! writes the expectation anew from the Markdown; look at the difference before you believe it.
//! Pandoc wrote the Word, OpenDocument, HTML and EPUB files from the Markdown.

#[path = "support/outline.rs"]
#[allow(dead_code, unreachable_pub)] // Each test binary uses its own part of it.
mod outline;

use std::path::{Path, PathBuf};

use outline::{extract, outline_without_places};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/article")
}

#[test]
fn every_format_gives_the_same() {
    let expected = folder().join("expected.txt");
    if std::env::var_os("UPDATE").is_some() {
        let told = outline_without_places(&extract(&folder().join("commentary.md")));
        std::fs::write(&expected, told).expect("the expectation can be written");
    }
    let want = std::fs::read_to_string(&expected).expect("the expectation is there");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder()).expect("the folder is there").map(|e| e.unwrap().path()).collect();
    paths.retain(|path| *path != expected);
    paths.sort();
    assert!(paths.len() >= 2, "only {} formats", paths.len());
    let mut wrong = Vec::new();
    for path in paths {
        let got = outline_without_places(&extract(&path));
        if got != want {
            let mut report = format!("{}\n", path.display());
            for (want, got) in want.lines().zip(got.lines().chain(std::iter::repeat(""))) {
                if want != got {
                    report.push_str(&format!("  expected {want}\n  read     {got}\n"));
                }
            }
            wrong.push(report);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
