//! What a page says of itself: the pages in `fixtures/dated`, as `NAME.expected` beside them says, and
//! by-lines in many languages.
//!
//! `UPDATE=1 cargo test --test pages` writes the expectations anew; look at the difference before you
//! believe it.

use std::fmt::Write as _;
use std::path::Path;

use ibid::check::case::Source;
use ibid::check::{self, Settings, date};
use ibid::document::{FORMATS, Reading};
use ibid::page::{self, Page, Role, Witness};
use ibid::run;
use ibid::source::{Fields, State, Visit};
use url::Url;

/// What a person would check.
fn outline(page: &Page) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| writeln!(out, "{name:<10}{value}").unwrap();
    let or_none = |value: Option<&str>| value.unwrap_or("-").to_owned();
    line("title", &or_none(page.title.as_deref()));
    line("authors", &page.authors.join(" · "));
    line("site", &or_none(page.site.as_deref()));
    line("nature", &format!("{:?}", page.nature));
    let shown = |claim: Option<&page::DateClaim>| {
        claim.map_or("-".to_owned(), |claim| format!("{} ({})", claim.date, claim.evidence))
    };
    line("published", &shown(page::published(&page.dates)));
    line("modified", &shown(page::modified(&page.dates)));
    for claim in &page.dates {
        let time = claim.time.as_deref().unwrap_or_default();
        let text = format!(
            "{:<11}{:?} {:?}, {} {time}",
            claim.date.to_string(),
            claim.strength,
            claim.role,
            claim.evidence
        );
        line("", text.trim_end());
    }
    out
}

#[test]
fn pages_are_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dated");
    let mut wrong = String::new();
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let html = std::fs::read_to_string(&path).unwrap();
        let url = html
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.split(' ').next())
            .expect("the address comes first");
        let got = outline(&page::read(&html, &Url::parse(url).unwrap()));
        let expected = path.with_extension("html.expected");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &got).unwrap();
        }
        let want = std::fs::read_to_string(&expected).unwrap_or_default();
        if got != want {
            writeln!(wrong, "\n{}\n--- want\n{want}--- got\n{got}", path.display()).unwrap();
        }
        read += 1;
    }
    assert!(read > 0 && wrong.is_empty(), "{wrong}");
}

#[test]
fn by_lines_in_many_languages() {
    let mut wrong = String::new();
    for line in include_str!("../fixtures/dated/bylines.txt").lines() {
        let Some((language, rest)) = line.split_once(" | ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let (text, want) = rest.rsplit_once(" | ").expect("three parts");
        let html = format!(
            "<html lang={language}><title>A headline of some words</title><body><nav>A B C</nav><main><h1>A headline \
             of some words</h1><p class=line>{text}</p><p>{}</p></main></body></html>",
            "And then the text goes on for a while, as texts do. ".repeat(20)
        );
        let page = page::read(&html, &Url::parse("https://ledger.example/a").unwrap());
        let by_line = |role: Role| {
            page.dates
                .iter()
                .find(|c| c.role == role && c.witness == Witness::Byline)
                .map(|c| c.date.to_string())
        };
        let changed = page::modified(&page.dates).map(|claim| format!("changed {}", claim.date));
        let published = by_line(Role::Published).map(|date| format!("published {date}"));
        let got: Vec<String> = [published, changed].into_iter().flatten().collect();
        let got = if got.is_empty() { "-".to_owned() } else { got.join(" ") };
        if got != want {
            writeln!(wrong, "{language} | {text}\n  want {want}\n  got  {got}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The date verdict and what the checks of dates and titles find when a note cites a page.
fn found(page_name: &str, cite: &str) -> String {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dated").join(page_name).with_extension("html");
    let html = std::fs::read_to_string(path).unwrap();
    let url = html.strip_prefix("<!-- ").and_then(|rest| rest.split(' ').next()).unwrap();
    let visit = Visit {
        url: url.to_owned(),
        final_url: Some(url.to_owned()),
        redirects: Vec::new(),
        status: Some(200),
        state: State::Ok,
        reason: "It answers.".to_owned(),
        page: Some(Box::new(page::read(&html, &Url::parse(url).unwrap()))),
        headers: Fields::default(),
        missing_fragments: Vec::new(),
        fragments: Vec::new(),
        digest: None,
        text: None,
        record: None,
    };
    let text = format!("One.[^1]\n\n[^1]: {cite}, {url}.\n");
    let format = FORMATS.iter().find(|format| format.name == "markdown").unwrap();
    let document = (format.read)(text.as_bytes(), &Reading::default()).unwrap();
    let mut read = run::understand("note.md".to_owned(), format.name, document);
    let mut verdict = String::new();
    for checked in read.citations.iter_mut().flatten() {
        let judged = date::judge(&checked.citation, &[&visit]).verdict;
        checked.date_verdict = Some(judged);
        verdict = format!("{judged:?}").to_lowercase();
    }
    let source = Source::new(visit, Vec::new());
    let findings = check::run(&[read], &[source], &Settings::default());
    let about = |rule: &str| {
        let names = ["title-mismatch", "source-replaced", "author-mismatch", "container-mismatch"];
        rule.starts_with("date-") || names.contains(&rule)
    };
    let findings = findings.iter().filter(|finding| about(finding.rule));
    findings.fold(verdict, |all, finding| {
        format!("{all}; {} {}", finding.rule, format!("{:?}", finding.severity).to_lowercase())
    })
}

#[test]
fn notes_that_cite_the_pages() {
    let mut wrong = String::new();
    for line in include_str!("../fixtures/dated/verdicts.txt").lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [page, cite, want] = parts[..] else { continue };
        if page.starts_with('#') {
            continue;
        }
        let got = found(page, cite);
        if got != want {
            writeln!(wrong, "{page} | {cite}\n  want {want}\n  got  {got}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
