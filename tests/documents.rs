//! Every document in `fixtures/documents` is read as `NAME.expected` beside it says.
//!
//! `UPDATE=1 cargo test --test documents` writes the expectations anew; look at the difference
//! before you believe it.

#[path = "support/outline.rs"]
#[allow(dead_code, unreachable_pub)] // Each test binary uses its own part of it.
mod outline;

use std::path::{Path, PathBuf};

use outline::{extract, outline};
use serde_json::Value;

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_none_or(|ending| ending != "expected"));
    paths.sort();
    assert!(paths.len() >= 10, "only {} documents", paths.len());
    paths
}

#[test]
fn documents_are_read_as_expected() {
    let mut wrong = Vec::new();
    for path in documents() {
        let expected = path
            .with_extension(format!("{}.expected", path.extension().unwrap_or_default().to_string_lossy()));
        let got = outline(&extract(&path));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &got).expect("the expectation can be written");
        }
        let want = std::fs::read_to_string(&expected).unwrap_or_default();
        if got != want {
            wrong.push(format!("{}\n--- expected\n{want}\n--- read\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn wrapping_a_note_elsewhere_changes_nothing() {
    let note = "Jon Aske, “Why the Ferry Queue Never Gets Shorter”, in The Northern Gazette, 3 July 2019, \
                https://northerngazette.example/travel/2019/07/03/why-the-ferry-queue-never-gets-shorter.";
    let folder = tempfile::tempdir().expect("a folder");
    for width in 24..100 {
        let mut lines = vec![String::from("1 ")];
        // A typesetter breaks an address behind a slash or a hyphen.
        for word in note.split_inclusive([' ', '/', '-']) {
            let line = lines.last_mut().expect("there is one");
            if line.chars().count() + word.trim_end().chars().count() > width && line.trim().len() > 1 {
                lines.push(word.to_owned());
            } else {
                line.push_str(word);
            }
        }
        let lines: Vec<&str> = lines.iter().map(|l| l.trim_end()).collect();
        let text =
            format!("Ferries\nby Anna Bell\n\nThe queue is long.1 It has been so.\n\n{}\n", lines.join("\n"));
        let path = folder.path().join("wrapped.txt");
        std::fs::write(&path, &text).expect("the file can be written");
        let report = extract(&path);
        assert_eq!(report["documents"][0]["notes"][0]["text"], note, "at width {width}:\n{text}");
    }
}

/// The real commentary that this was first made for; it is not ours to ship.
#[test]
fn the_seed_comes_out_whole_with_and_without_the_dumped_targets() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/commentary.txt");
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/citations/seed.jsonl");
    let (Ok(text), Ok(gold)) = (std::fs::read_to_string(&seed), std::fs::read_to_string(&gold)) else {
        eprintln!("skipped: {} is not there", seed.display());
        return;
    };
    let gold: Vec<Value> = gold.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let is_dump = |line: &&str| line.starts_with("http") && !line.contains(' ');
    let bare: Vec<&str> = text.lines().filter(|line| !is_dump(line)).collect();
    let bare = bare.join("\n");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("dump.txt", &text), ("bare.txt", &bare)] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("the file can be written");
        let report = extract(&path);
        let document = &report["documents"][0];
        assert_eq!(document["title"], "Trump’s Call with Putin Raises Great Concerns, Few Hopes");
        assert_eq!(document["authors"], serde_json::json!(["Riccardo Alcaro"]));
        assert_eq!(document["date"], "2025-02-14");
        assert_eq!(document["links"].as_array().map(Vec::len), Some(0), "{name}");
        let notes = document["notes"].as_array().expect("notes");
        assert_eq!(notes.len(), gold.len(), "{name}");
        for (note, gold) in notes.iter().zip(&gold) {
            assert_eq!(note["text"], gold["text"], "{name}");
            assert_eq!(note["callouts"].as_array().map(Vec::len), Some(1), "{name}: {}", note["number"]);
            let citation = &note["citations"][0];
            if gold["ibid_of"].is_null() {
                assert_eq!(citation["title"], gold["title"]);
                assert_eq!(citation["container"], gold["container"]);
                assert_eq!(citation["date"], gold["date"]);
                assert_eq!(citation["urls"], serde_json::json!([gold["url"]]));
                let authors =
                    if gold["author"].is_null() { serde_json::json!([]) } else { gold["author"].clone() };
                assert_eq!(citation["authors"], authors);
            } else {
                assert_eq!(
                    (&citation["kind"], &citation["refers_to"]),
                    (&"ibid".into(), &gold["ibid_of"].to_string().into())
                );
            }
        }
        let findings = report["findings"].as_array().expect("findings");
        let found: Vec<(&Value, &Value)> = findings.iter().map(|f| (&f["rule"], &f["note"])).collect();
        let (slip, http) = (("title-slug-mismatch", "9"), ("insecure-http", "10"));
        let want = [slip, http].map(|(rule, note)| (Value::from(rule), Value::from(note)));
        assert!(found.iter().copied().eq(want.iter().map(|(rule, note)| (rule, note))), "{name}: {found:?}");
    }
}
