//! Every note under `fixtures/citations` reads as the lines below it say.
//!
//! A fixture is a note on a line of its own and, indented, the fields of its citations; `--` stands
//! between two citations, `none` for a note that cites nothing. Fields that are not written are not
//! there. Under `documents`, notes begin with their number and the lines below say what each
//! citation refers to.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use ibid::citation::{self, Citation, Hyperlink, Kind};

#[test]
fn notes_read_as_expected() {
    let mut wrong = String::new();
    for path in texts("fixtures/citations") {
        let text = std::fs::read_to_string(&path).expect("a fixture can be read");
        for (note, want) in entries(&text) {
            let got = outline(&citation::parse(note, &[]));
            if got.iter().map(String::as_str).ne(want.iter().copied()) {
                let _ = write!(
                    wrong,
                    "\n{}: {note}\n  want\n    {}\n  got\n    {}\n",
                    name(&path),
                    want.join("\n    "),
                    got.join("\n    ")
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn references_back_are_resolved() {
    for path in texts("fixtures/citations/documents") {
        let text = std::fs::read_to_string(&path).expect("a fixture can be read");
        let entries: Vec<_> = entries(&text).collect();
        let mut notes: Vec<(String, Vec<Citation>)> = entries
            .iter()
            .map(|(line, _)| {
                let (number, note) = line.split_once(' ').expect("a number before the note");
                (number.to_owned(), citation::parse(note, &[]))
            })
            .collect();
        citation::resolve(&mut notes);
        for ((line, want), (_, citations)) in entries.iter().zip(&notes) {
            let got: Vec<String> = citations
                .iter()
                .map(|c| format!("{} {}", kind(c.kind), c.refers_to.as_deref().unwrap_or("-")))
                .collect();
            assert_eq!(&got, want, "{}: {line}", name(&path));
        }
    }
}

fn outline(citations: &[Citation]) -> Vec<String> {
    let mut lines = Vec::new();
    for citation in citations {
        if !lines.is_empty() {
            lines.push("--".to_owned());
        }
        if citation.kind != Kind::Source {
            lines.push(format!("kind: {}", kind(citation.kind)));
        }
        let mut field =
            |name: &str, value: Option<String>| lines.extend(value.map(|v| format!("{name}: {v}")));
        field("refers", citation.refers_to.clone().or(citation.named_note.clone()));
        for author in &citation.authors {
            field("author", Some(author.clone()));
        }
        field("title", citation.title.clone());
        field("container", citation.container.clone());
        field("date", citation.date.map(|d| d.to_string()));
        field("end", citation.date_end.map(|d| d.to_string()));
        field("accessed", citation.accessed.map(|d| d.to_string()));
        for url in &citation.urls {
            field("url", Some(url.clone()));
        }
        field("doi", citation.doi.clone());
    }
    if lines.is_empty() {
        lines.push("none".to_owned());
    }
    lines
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "source",
        Kind::Ibid => "ibid",
        Kind::Short => "short",
    }
}

/// The notes of a fixture with the lines below them.
fn entries(text: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).peekable();
    std::iter::from_fn(move || {
        let note = lines.next()?;
        let mut below = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
            below.push(line.trim());
        }
        Some((note, below))
    })
}

fn texts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures");
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn hyperlinks_bring_their_targets() {
    let urls = |note: &str, on: &str, target: &str| {
        let start = note.find(on).expect("the text that the hyperlink lies on");
        let hyperlink = Hyperlink { range: start..start + on.len(), target: target.to_owned() };
        let citations = citation::parse(note, &[hyperlink]);
        citations.into_iter().map(|c| c.urls).collect::<Vec<_>>()
    };
    let note = "Maria Rossi, “Tolls Rise”, in The Ledger, 4 May 2021, https://ledger.example/a-b.";
    // On words, the target is the URL; on a URL, it is taken where it spells the same.
    assert_eq!(
        urls(
            "Maria Rossi, “Tolls Rise”, in The Ledger, 4 May 2021.",
            "“Tolls Rise”",
            "https://ledger.example/a"
        ),
        [["https://ledger.example/a"]]
    );
    assert_eq!(
        urls(note, "https://ledger.example/a-b", "https://www.ledger.example/a-b/"),
        [["https://www.ledger.example/a-b/"]]
    );
    assert_eq!(
        urls(note, "https://ledger.example/a-b", "https://ledger.example/ab"),
        [["https://ledger.example/ab"]]
    );
    // Where one address is printed and another one linked, a reader meets both.
    assert_eq!(
        urls(note, "https://ledger.example/a-b", "https://other.example/"),
        [["https://ledger.example/a-b", "https://other.example/"]]
    );
    // A place inside the document is no source.
    assert_eq!(urls(note, "Maria", "#note3"), [["https://ledger.example/a-b"]]);
    // A URL broken over two lines, of which only the first half can be read as one.
    let broken =
        "Maria Rossi, “Tolls Rise”, in The Ledger, 4 May 2021, https://ledger.example/tolls/ of-2021.";
    assert_eq!(
        urls(broken, "https://ledger.example/tolls/ of-2021", "https://ledger.example/tolls/of-2021"),
        [["https://ledger.example/tolls/of-2021"]]
    );
}

#[test]
fn a_line_of_a_reference_list_is_one_record() {
    let record = citation::record("Weiss M., 1927, Sein und Hafen, Verlag am Meer");
    assert_eq!(record.author, ["Weiss M."]);
    assert_eq!(record.title.as_deref(), Some("Sein und Hafen"));
    assert_eq!(record.date.as_deref(), Some("1927"));

    let record = citation::record(
        "[12] A. Stern and B. Roe. Tides in numbers. Journal of Harbour Studies, 12(3):4–9, 2011.",
    );
    assert_eq!(record.author, ["A. Stern", "B. Roe"]);
    assert_eq!(record.container.as_deref(), Some("Journal of Harbour Studies"));
    assert_eq!(record.number.as_deref(), Some("12"));

    // A DOI printed as an address is one.
    let record =
        citation::record("Roe J. Tides. Harbour Studies. 2008. 83(5): 761. http://dx.doi.org/10.1038/sj.61");
    assert_eq!(record.url.as_deref(), Some("http://dx.doi.org/10.1038/sj.61"));
    assert_eq!(record.doi.as_deref(), Some("10.1038/sj.61"));
    assert_eq!(citation::record("Roe J. Tides. 2008. doi:10.1038/sj.61").url, None);

    // The year in front, the day behind.
    let record =
        citation::record("“Text of the Speech.” 2009. Harbour Times, June 4. http://times.example/04.html.");
    assert_eq!(record.container.as_deref(), Some("Harbour Times"));
    assert_eq!(record.date.as_deref(), Some("2009-06-04"));

    // A number that begins a title is no label.
    let record =
        citation::record("40 years at sea. (2010, August 12). The Gazette. https://gazette.example/a");
    assert_eq!(record.title.as_deref(), Some("40 years at sea"));
    assert_eq!(record.number, None);

    let record = citation::record("28 Grossmann, op. cit., n. 18, p. 52.");
    assert_eq!(record.targets, ["18"]);
    assert_eq!(citation::record("77 id., p. 3.").targets, ["76"]);
    assert_eq!(citation::record_after("77 id., p. 3.", Some("75")).targets, ["75"]);
}
