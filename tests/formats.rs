//! One article in every format, one expectation for all: the same notes, citations and links,
//! whatever the file. Only the places differ.
//!
//! A format joins by a file `fixtures/article/commentary.EXT`. `UPDATE=1 cargo test --test formats`
//! writes the expectation anew from the Markdown; look at the difference before you believe it.
//! Pandoc wrote the Word, `OpenDocument`, HTML and EPUB files from the Markdown.

#[path = "support/outline.rs"]
#[allow(dead_code, unreachable_pub)] // Each test binary uses its own part of it.
mod outline;

use std::path::{Path, PathBuf};

use outline::{extract, outline_without_places};

/// Every file of a folder is read as `expected.txt` in it says; `UPDATE=1` writes that anew from the
/// file `first`.
fn all_alike(folder: &str, first: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let expected = folder.join("expected.txt");
    if std::env::var_os("UPDATE").is_some() {
        let told = outline_without_places(&extract(&folder.join(first)));
        std::fs::write(&expected, told).expect("the expectation can be written");
    }
    let want = std::fs::read_to_string(&expected).expect("the expectation is there");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the folder is there").map(|e| e.unwrap().path()).collect();
    paths.retain(|path| *path != expected);
    paths.sort();
    assert!(paths.len() >= least, "only {} files", paths.len());
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

#[test]
fn every_format_gives_the_same() {
    all_alike("article", "commentary.md", 5);
}

/// Word, Google Docs, `WordPress`, Wikipedia, static site generators, typesetters and plain hands mark
/// notes each in their own way.
#[test]
fn every_way_to_mark_notes_in_html_gives_the_same() {
    all_alike("house-styles", "pandoc.html", 35);
}
