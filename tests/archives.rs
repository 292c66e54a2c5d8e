//! Archived copies: which one is found for a source that is gone, which are refused, and what is proposed.
//!
//! Each file of `fixtures/archives` holds a document, the answers of a small web (`>>> ADDRESS`, then
//! status, header fields, an empty line and the body) and, after `<<<`, what is found. `UPDATE=1 cargo
//! test --test archives` writes that part anew; look at the difference before you believe it.

mod support;

#[path = "archives/live.rs"]
mod live;
#[path = "archives/pywb.rs"]
mod pywb;

use std::fmt::Write as _;
use std::future::pending;
use std::path::{Path, PathBuf};

use ibid::archive::{Chosen, When};
use ibid::check::Settings;
use ibid::check::date::DateVerdict;
use ibid::document::format_of;
use ibid::history::drift::Change;
use ibid::history::{Chronicle, day};
use ibid::page::published;
use ibid::report::Report;
use ibid::run;
use ibid::source::{Oblivion, Origin, Policy};
use support::archive::{plain, response};

/// Checks one Markdown document.
async fn check(text: &str, policy: &Policy) -> Report {
    check_with(text, policy, &mut Oblivion).await
}

/// As [`check`], with what is remembered.
async fn check_with(text: &str, policy: &Policy, memory: &mut dyn Chronicle) -> Report {
    let format = format_of(Path::new("a.md"), text.as_bytes());
    let document = (format.read)(text.as_bytes(), &ibid::document::Reading::default()).unwrap();
    let read = run::understand("a.md".to_owned(), format.name, document);
    run::recheck(vec![read], policy, &Settings::default(), memory, |_| {}, pending()).await.unwrap()
}

/// What is found, in lines.
fn outline(report: &Report) -> String {
    let mut out = String::new();
    for source in &report.sources {
        let _ = writeln!(out, "{} {}", source.visit.state.name(), source.visit.url);
        if let Some(drift) = &source.drift {
            let (change, shared) = (drift.change.map(Change::name), drift.similarity);
            let _ = writeln!(out, "  drift {change:?} {shared:?}, since {}", day(drift.since));
        }
        let Some(lookup) = &source.copy else { continue };
        let near = lookup.near.map(|near| format!("{} ({})", near.date, near.basis.name()));
        let _ = writeln!(out, "  near {}", near.as_deref().unwrap_or("nothing"));
        for refused in &lookup.refused {
            let _ = writeln!(out, "  not {}: {}", refused.url, refused.reason);
        }
        if let Some(found) = &lookup.found {
            let _ = writeln!(out, "  copy of {}: {}", found.date, found.url);
            let _ = writeln!(
                out,
                "  title {:?}, dates {:?}",
                found.visit.title(),
                found.visit.page.as_ref().and_then(|page| published(&page.dates)).map(|d| &d.evidence)
            );
        }
        let silent: Vec<&str> = lookup.silent.iter().map(|silent| silent.archive.as_str()).collect();
        let _ = writeln!(out, "  asked {:?}, silent {silent:?}", lookup.asked);
    }
    let citations = report.documents.iter().flat_map(|read| read.citations.iter().flatten());
    let verdicts: Vec<&str> = citations.filter_map(|c| c.date_verdict).map(DateVerdict::name).collect();
    let _ = writeln!(out, "dates {}", verdicts.join(", "));
    for finding in &report.findings {
        let _ = writeln!(out, "{} {}: {}", finding.severity.name(), finding.rule, finding.message);
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "  {help}");
        }
    }
    out
}

/// The answers of a fixture, ready to be replayed.
fn records(answers: &str) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    for answer in answers.split("\n>>> ").skip(1) {
        let (url, answer) = answer.split_once('\n').expect("an answer");
        let (head, body) = answer.split_once("\n\n").unwrap_or((answer.trim_end(), ""));
        let http = format!("HTTP/1.1 {}\r\n\r\n{body}", head.replace('\n', "\r\n"));
        records.push(response(url.trim(), http.as_bytes()));
    }
    records
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/archives");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").map(|e| e.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 10, "only {} files", paths.len());
    paths
}

#[tokio::test]
async fn copies_are_found_as_expected() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let whole = std::fs::read_to_string(&path).unwrap();
        let (input, want) = whole.split_once("\n<<<\n").expect("a part that says what is found");
        let start = input.find("\n>>> ").unwrap_or(input.len());
        let (document, answers) = input.split_at(start);
        let file = plain(&records(answers));
        let mut policy = Policy { origin: Origin::Replay(file.path().to_owned()), ..Policy::default() };
        if document.contains("<!-- copies: always -->") {
            policy.archives.when = When::Always;
        }
        // `<!-- archives: arquivo -->`
        if let Some(names) = document.lines().find_map(|line| line.strip_prefix("<!-- archives: ")) {
            let names = names.trim_end_matches(" -->").split(' ');
            policy.archives.chosen = names.map(|name| Chosen::named(name).unwrap()).collect();
        }
        let got = outline(&check(document, &policy).await);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, format!("{input}\n<<<\n{got}")).unwrap();
        } else if got != want {
            wrong.push(format!("{}\n--- expected\n{want}\n--- found\n{got}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
