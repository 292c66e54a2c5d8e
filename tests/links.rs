//! `ibid link`: copies written into documents, and nothing else changed.
//!
//! Each document of `fixtures/links` has its expected text beside it. `UPDATE=1 cargo test --test links`
//! writes those anew; look at the difference before you believe it.

mod support;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ibid::check::case::{ReadDocument, distinct_urls};
use ibid::date::PartialDate;
use ibid::document::{Reading, format_of};
use ibid::robust::{ArchivedCopy, Linkable, Refusal};
use ibid::run;
use ibid::source::{Lookup, Memory, Origin, Policy, Recalled, Visit};
use support::archive::{plain, response};
use tempfile::TempDir;

fn read(path: &Path, bytes: &[u8]) -> ReadDocument {
    let format = format_of(path, bytes);
    let document = (format.read)(bytes, &Reading::default()).unwrap();
    run::understand(path.display().to_string(), format.name, document)
}

/// A copy of everything, but of one host.
fn copy_of(url: &str) -> Option<ArchivedCopy> {
    let date = PartialDate::ymd(2021, 5, 4).unwrap();
    let known = !url.contains("nocopy.example");
    known.then(|| ArchivedCopy { url: format!("https://web.archive.org/web/20210504101112/{url}"), date })
}

/// The document with its copies.
fn linked(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let read = read(path, bytes);
    let mut linkable = Linkable::open(read.format, bytes)?;
    let cited = distinct_urls(std::slice::from_ref(&read));
    linkable.keep(&cited.iter().map(|(url, _)| url.as_str()).collect());
    let urls: HashSet<String> = linkable.spots().map(|(_, url)| url.to_owned()).collect();
    let copies: BTreeMap<String, ArchivedCopy> =
        urls.into_iter().filter_map(|url| Some((url.clone(), copy_of(&url)?))).collect();
    linkable.with(|url| copies.get(url))
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/links");
    let files = std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = files.filter(|path| path.extension().unwrap() != "expected").collect();
    paths.sort();
    assert!(paths.len() >= 2, "only {} files", paths.len());
    paths
}

fn expected(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}.expected", path.file_name().unwrap().to_str().unwrap()))
}

#[test]
fn copies_are_written_as_expected() {
    for path in fixtures() {
        let bytes = std::fs::read(&path).unwrap();
        let got = linked(&path, &bytes).unwrap();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(expected(&path), &got).unwrap();
        }
        let want = std::fs::read_to_string(expected(&path)).unwrap();
        assert_eq!(String::from_utf8(got).unwrap(), want, "{}", path.display());
    }
}

#[test]
fn a_second_run_changes_nothing() {
    for path in fixtures() {
        let once = std::fs::read(expected(&path)).unwrap();
        assert!(linked(&path, &once).unwrap() == once, "{}", path.display());
    }
}

#[test]
fn line_ends_marks_and_encodings_stay() {
    type Save = fn(&str) -> Vec<u8>;
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let saved: [(&str, Save); 5] = [
        ("CR LF", |text| text.replace('\n', "\r\n").into_bytes()),
        ("byte order mark", |text| format!("\u{FEFF}{text}").into_bytes()),
        ("no line end at the end", |text| text.trim_end().as_bytes().to_vec()),
        ("Windows-1252", |text| {
            let text = text.replace("charset=\"utf-8\"", "charset=windows-1252").replace(" ↩", "");
            let text = text.replace("↩", "^");
            text.chars()
                .map(|c| match c {
                    '„' => 0x84,
                    '“' => 0x93,
                    '”' => 0x94,
                    c => u8::try_from(c).unwrap(),
                })
                .collect()
        }),
        ("UTF-16", |text| format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    for path in fixtures() {
        let old = std::fs::read_to_string(&path).unwrap();
        let new = std::fs::read_to_string(expected(&path)).unwrap();
        for (name, save) in saved {
            let got = linked(&path, &save(&old)).unwrap();
            assert!(got == save(&new), "{} in {name}:\n{}", path.display(), String::from_utf8_lossy(&got));
        }
        // Half a character at the end: there is no way to write that back.
        let broken = [utf16(&old), vec![b'x']].concat();
        assert!(matches!(linked(&path, &broken), Err(Refusal::Encoding)), "{}", path.display());
    }
}

#[test]
fn what_is_written_is_read_as_the_copy_of_its_source() {
    for path in fixtures() {
        let old = read(&path, &std::fs::read(&path).unwrap());
        let new = read(&path, &std::fs::read(expected(&path)).unwrap());
        assert_eq!(old.citations.len(), new.citations.len());
        let mut with_copy = 0;
        for (old, new) in old.citations.iter().flatten().zip(new.citations.iter().flatten()) {
            let (old, new) = (&old.citation, &new.citation);
            let said = |c: &ibid::citation::Citation| (c.title.clone(), c.container.clone(), c.date, c.kind);
            assert_eq!(said(old), said(new), "{}", path.display());
            assert!(old.urls.iter().all(|url| new.urls.contains(url)), "{:?} {:?}", old.urls, new.urls);
            with_copy += usize::from(new.urls.len() > old.urls.len());
        }
        let versions = new.document.versions.len() - old.document.versions.len();
        assert!(with_copy >= 8 || versions >= 6, "{with_copy} and {versions} in {}", path.display());
        for version in &new.document.versions {
            assert!(version.url.ends_with(&version.of), "{version:?}");
        }
    }
}

/// The documents of other tests too: whatever is in them, only copies are added.
#[test]
fn every_document_keeps_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = ["documents", "article", "links"].map(|name| std::fs::read_dir(root.join(name)).unwrap());
    let mut seen = 0;
    for path in folders.into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if !path.extension().is_some_and(|extension| extension == "html" || extension == "md") {
            continue;
        }
        seen += 1;
        let old = std::fs::read(&path).unwrap();
        let new = linked(&path, &old).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut rest = new.iter();
        assert!(old.iter().all(|byte| rest.any(|other| other == byte)), "{}", path.display());
        assert!(linked(&path, &new).unwrap() == new, "{}", path.display());
        assert_eq!(said(&read(&path, &old)), said(&read(&path, &new)), "{}", path.display());
    }
    assert!(seen >= 6, "only {seen}");
}

/// What the citations of a document say, but for the copies.
fn said(read: &ReadDocument) -> Vec<String> {
    let citations = read.citations.iter().flatten().map(|checked| &checked.citation);
    let original = |url: &&String| !url.contains("web.archive.org/web/20210504101112/");
    // What stands apart with its copy alone cites nothing new.
    let apart =
        |c: &&ibid::citation::Citation| !c.urls.is_empty() && !c.urls.iter().any(|url| original(&url));
    citations
        .filter(|c| !apart(c))
        .map(|c| {
            let urls: Vec<&String> = c.urls.iter().filter(original).collect();
            format!("{:?} {:?} {:?} {:?} {:?} {urls:?}", c.kind, c.authors, c.title, c.container, c.date)
        })
        .collect()
}

/// A file, and a recorded web in which an archive knows one of its sources.
struct Bench {
    folder: TempDir,
    web: tempfile::NamedTempFile,
}

const HTML: &str = "<!DOCTYPE html><title>Tolls</title><meta name=date content=2021-05-03>\n<p><a href=https://ledger.example/tolls>Tolls</a>\n<a href=https://lost.example/x>Lost</a></p>\n";
const LINKED: &str = "<a href=https://ledger.example/tolls data-originalurl=\"https://ledger.example/tolls\" data-versiondate=\"2021-05-04\" data-versionurl=\"https://web.archive.org/web/20210504101112/https://ledger.example/tolls\">Tolls</a>";

impl Bench {
    fn new() -> Self {
        let json = |url: &str, body: &str| {
            let http = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{body}");
            response(url, http.as_bytes())
        };
        let copy = "https://web.archive.org/web/20210504101112id_/https://ledger.example/tolls";
        let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nMemento-Datetime: Tue, 04 May 2021 10:11:12 GMT\r\n\r\n<!doctype html><title>Tolls to Rise in Spring</title><h1>Tolls to Rise in Spring</h1><p>The council has decided.";
        let records = [
            json(
                "https://archive.org/wayback/available?url=https%3A%2F%2Fledger.example%2Ftolls&timestamp=20210503120000",
                r#"{"archived_snapshots": {"closest": {"available": true, "status": "200", "timestamp": "20210504101112", "url": "http://web.archive.org/web/20210504101112/https://ledger.example/tolls"}}}"#,
            ),
            response(copy, page.as_bytes()),
        ];
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.html"), HTML).unwrap();
        Self { folder, web: plain(&records) }
    }

    fn link(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
        command.arg("link").args(args).args(["--no-config", "--replay"]).arg(self.web.path());
        command.current_dir(self.folder.path()).output().unwrap()
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

#[test]
fn the_new_text_goes_to_standard_output_or_where_it_is_told_to() {
    let bench = Bench::new();
    let want = HTML.replace("<a href=https://ledger.example/tolls>Tolls</a>", LINKED);
    let run = bench.link(&["a.html"]);
    let err = String::from_utf8_lossy(&run.stderr);
    assert_eq!((String::from_utf8_lossy(&run.stdout).as_ref(), run.status.code()), (want.as_str(), Some(0)));
    assert!(err.contains("a.html:3: no copy of https://lost.example/x: the recorded web holds"), "{err}");
    assert_eq!(bench.file("a.html"), HTML);

    let dry = bench.link(&["a.html", "--dry-run"]);
    let line = "a.html:2: https://ledger.example/tolls → https://web.archive.org/web/20210504101112/https://ledger.example/tolls\n";
    assert_eq!(String::from_utf8_lossy(&dry.stdout), line);
    assert_eq!(bench.file("a.html"), HTML);

    assert_eq!(bench.link(&["a.html", "--output", "b.html"]).stdout, b"");
    assert_eq!(bench.file("b.html"), want);

    for _ in 0..2 {
        assert_eq!(bench.link(&["a.html", "--in-place"]).status.code(), Some(0));
        assert_eq!(bench.file("a.html"), want);
    }
    assert_eq!(std::fs::read_dir(bench.folder.path()).unwrap().count(), 2, "nothing is left behind");
}

#[test]
fn what_cannot_be_linked_is_named() {
    let bench = Bench::new();
    std::fs::write(bench.folder.path().join("b.txt"), "One.1\n\n1  Ada Lind, https://a.example/b.\n")
        .unwrap();
    std::fs::copy(bench.folder.path().join("a.html"), bench.folder.path().join("c.html")).unwrap();
    let run = bench.link(&["b.txt", "a.html", "--in-place"]);
    let err = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        err.contains("ibid: b.txt: links are written into HTML and Markdown only, not into text"),
        "{err}"
    );
    assert!(bench.file("a.html").contains(LINKED), "the others are done");

    let run = bench.link(&["a.html", "c.html"]);
    assert_eq!((run.status.code(), run.stdout.as_slice()), (Some(2), b"".as_slice()));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--in-place"), "{run:?}");
}

/// What was found, by address and question.
#[derive(Default)]
struct Known(BTreeMap<(String, String), Lookup>);

impl Memory for Known {
    fn recall(&mut self, _: &url::Url) -> Option<Recalled> {
        None
    }

    fn keep(&mut self, _: &Visit) {}

    fn recall_copy(&mut self, url: &url::Url, question: &str) -> Option<Lookup> {
        self.0.get(&(url.to_string(), question.to_owned())).cloned()
    }

    fn keep_copy(&mut self, url: &url::Url, question: &str, lookup: &Lookup) {
        self.0.insert((url.to_string(), question.to_owned()), lookup.clone());
    }
}

#[tokio::test]
async fn what_an_earlier_run_found_is_known_without_the_web() {
    let bench = Bench::new();
    let documents = [read(Path::new("a.html"), HTML.as_bytes())];
    let mut known = Known::default();
    for (origin, remembered) in [
        (Origin::Offline, false),
        (Origin::Replay(bench.web.path().to_owned()), true),
        (Origin::Offline, true),
    ] {
        let policy = Policy { origin, ..Policy::default() };
        let urls = vec!["https://ledger.example/tolls".to_owned()];
        let stop = std::future::pending();
        let found = run::find_copies(&documents, urls, &policy, &mut known, |_| {}, stop).await.unwrap();
        let copy = found[0].as_ref().and_then(|lookup| lookup.found.as_ref());
        assert_eq!(copy.is_some(), remembered, "{found:?}");
    }
}
