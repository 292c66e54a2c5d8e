//! What earlier runs saw: used, renewed, lost and found.

use std::collections::HashMap;
use std::future::pending;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ibid::memory::{Freshness, Store};
use ibid::source::{Policy, State, Visit, revisit_all};

use super::support::server::{Server, body, html, policy, redirect, status, with};
use super::visit;

const DAY: Duration = Duration::from_hours(24);
const NEVER: Freshness = Freshness { good: Duration::ZERO, bad: Duration::ZERO };
const ALWAYS: Freshness = Freshness { good: DAY, bad: DAY };

/// A page with something of everything that is kept.
const DATED: &str = r#"<!doctype html><html lang="en"><head><title>Harbour tolls</title>
<link rel="canonical" href="/good"><meta name="author" content="Jane Roe">
<meta property="og:site_name" content="The Gazette">
<meta property="article:published_time" content="2021-05-04T08:00:00+02:00">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour tolls","datePublished":"2021-05-04",
"dateModified":"2021-05-06T10:00:00Z","author":{"name":"Jane Roe"}}</script></head>
<body><h1>Harbour tolls</h1><p>Published on 4 May 2021. The tolls are raised.</p></body></html>"#;

fn store(path: &Path, freshness: Freshness) -> Store {
    Store::open(path, freshness, String::new()).unwrap()
}

/// Visits with a memory, as one run does.
async fn run(urls: &[String], policy: &Policy, path: &Path, freshness: Freshness) -> Vec<Visit> {
    let mut store = store(path, freshness);
    let visits = revisit_all(urls, policy, &mut store, |_| {}, pending()).await.unwrap();
    assert_eq!(store.troubles(), [""; 0]);
    visits
}

#[tokio::test]
async fn what_was_seen_lately_is_not_asked_again() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/good" => body("text/html", DATED),
        "/old" => redirect(301, "/good"),
        "/gone" => status(404),
        _ => status(403),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/visits.sqlite");
    let urls = ["/good", "/old", "/gone", "/shut", "/good#part"].map(|path| site.url("site.test", path));
    let policy = policy([site.at("site.test")]);
    let first = run(&urls, &policy, &file, ALWAYS).await;
    let asked = site.seen().len();
    assert!(first[0].page.as_ref().unwrap().dates.len() > 2);
    assert_eq!(run(&urls, &policy, &file, ALWAYS).await, first);
    assert_eq!(site.seen().len(), asked, "{:?}", site.paths());
    // Bad news is believed for a shorter time.
    run(&urls, &policy, &file, Freshness { good: DAY, bad: Duration::ZERO }).await;
    assert_eq!(site.paths()[asked..].iter().filter(|path| *path == "/gone" || *path == "/shut").count(), 2);
    assert_eq!(site.seen().len(), asked + 2);
    // A fragment that was not looked for yet must be.
    run(&[site.url("site.test", "/good#other")], &policy, &file, ALWAYS).await;
    assert_eq!(site.seen().len(), asked + 3);
}

#[tokio::test]
async fn an_old_visit_is_renewed_by_its_validators() {
    let site = Server::http(|seen, _| {
        if seen.path == "/old" {
            return redirect(301, "/page");
        }
        if seen.header("if-none-match") == Some("\"v1\"") {
            assert_eq!(seen.header("if-modified-since"), Some("Tue, 04 Mar 2025 12:00:00 GMT"));
            return status(304);
        }
        with(with(html("A page"), "etag", "\"v1\""), "last-modified", "Tue, 04 Mar 2025 12:00:00 GMT")
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let urls = ["/page", "/old"].map(|path| site.url("site.test", path));
    let policy = policy([site.at("site.test")]);
    let first = run(&urls, &policy, &file, NEVER).await;
    assert!(first[0].digest.is_some() && first[0].page.is_some());
    // Twice: what a renewal stores can be renewed as well.
    for _ in 0..2 {
        let again = run(&urls, &policy, &file, NEVER).await;
        for (visit, before) in again.iter().zip(&first) {
            assert_eq!((visit.state, visit.status, &visit.reason), (before.state, Some(200), &before.reason));
            assert_eq!((&visit.page, &visit.digest), (&before.page, &before.digest));
            assert_eq!(visit.redirects, before.redirects);
        }
    }
    assert_eq!(site.seen().iter().filter(|seen| seen.header("if-none-match").is_some()).count(), 4);
}

#[tokio::test]
async fn our_own_trouble_and_private_views_are_not_kept() {
    let site = Server::http(|_, _| html("inside")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let url = site.url("site.test", "/");
    let mine = url.replace("site.test", "me:secret@site.test");
    // Refused, by the guard; then asked for with a password.
    run(&[site.url("localhost", "/")], &policy([]), &file, ALWAYS).await;
    let policy = policy([site.at("site.test")]);
    run(&[mine], &policy, &file, ALWAYS).await;
    drop(store(&file, ALWAYS));
    let stored = std::fs::read(&file).unwrap();
    let has = |words: &str| stored.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(!has("secret") && !has("inside") && !has("localhost"));
    assert_eq!(visit(&url, &policy).await.state, State::Ok);
}

#[tokio::test]
async fn another_web_is_another_memory() {
    let site = Server::http(|_, _| html("x")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let policy = policy([site.at("site.test")]);
    let web = policy.web().unwrap().unwrap();
    assert!(web.contains("site.test"), "{web}");
    let urls = [site.url("site.test", "/")];
    for web in ["", "", web.as_str(), web.as_str()] {
        let mut store = Store::open(&file, ALWAYS, web.to_owned()).unwrap();
        revisit_all(&urls, &policy, &mut store, |_| {}, pending()).await.unwrap();
    }
    assert_eq!(site.seen().len(), 2);
}

#[tokio::test]
async fn a_damaged_file_is_set_aside() {
    let site = Server::http(|_, _| html("x")).await;
    let folder = tempfile::tempdir().unwrap();
    let (urls, policy) = ([site.url("site.test", "/")], policy([site.at("site.test")]));
    let file = folder.path().join("visits.sqlite");
    std::fs::write(&file, "This is no database, and longer than its header of a hundred bytes. ".repeat(9))
        .unwrap();
    let mut damaged = store(&file, ALWAYS);
    let troubles = damaged.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("was damaged"), "{troubles:?}");
    drop(damaged);
    run(&urls, &policy, &file, ALWAYS).await;
    // Damaged after its first page, where its tables begin: it opens, and fails when it is used.
    let mut bytes = std::fs::read(&file).unwrap();
    // The second page, where the visits are.
    bytes[4096..8192].fill(0x5A);
    std::fs::write(&file, bytes).unwrap();
    let mut store = store(&file, ALWAYS);
    let visits = revisit_all(&urls, &policy, &mut store, |_| {}, pending()).await.unwrap();
    assert_eq!(visits[0].state, State::Ok);
    let troubles = store.troubles();
    assert!(troubles.iter().any(|trouble| trouble.contains("was damaged")), "{troubles:?}");
    drop(store);
    run(&urls, &policy, &file, ALWAYS).await;
    assert!(std::fs::read_dir(folder.path()).unwrap().count() >= 3);
}

#[tokio::test]
async fn an_older_schema_is_brought_up_to_date_and_a_later_one_is_left_alone() {
    let site = Server::http(|_, _| html("x")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.execute_batch(
        "CREATE TABLE visits (web TEXT NOT NULL, url TEXT NOT NULL, at INTEGER NOT NULL, facts TEXT NOT NULL,
            state TEXT NOT NULL, status INTEGER, final_url TEXT, title TEXT, visit TEXT NOT NULL,
            PRIMARY KEY (web, url)) WITHOUT ROWID;
         INSERT INTO visits VALUES ('', 'http://site.test/', 1, 'x', 'ok', 200, NULL, 'old', '{}');
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(db);
    let (urls, policy) = ([site.url("site.test", "/")], policy([site.at("site.test")]));
    run(&urls, &policy, &file, ALWAYS).await;
    let db = rusqlite::Connection::open(&file).unwrap();
    let kept: i64 = db.query_row("SELECT count(*) FROM visits", [], |row| row.get(0)).unwrap();
    let digests: i64 = db.query_row("SELECT count(digest) FROM visits", [], |row| row.get(0)).unwrap();
    assert_eq!((kept, digests), (2, 1));
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = Store::open(&file, ALWAYS, String::new()).unwrap_err();
    assert!(error.to_string().contains("later version"), "{error}");
}

/// The program, on a document that cites every page of a site.
fn program(folder: &Path, site: &Server, pages: usize) -> Command {
    let document = folder.join("draft.md");
    if !document.exists() {
        let notes: String =
            (0..pages).map(|n| ["- <", &site.url("127.0.0.1", &format!("/{n}")), ">\n"].concat()).collect();
        std::fs::write(&document, notes).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command
        .args(["check", "--allow-private", "--gap", "0", "--per-host", "4", "--format", "json", "--cache"])
        .arg(folder.join("visits.sqlite"))
        .arg(document)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// Killed again and again at any moment, and started again: nothing is lost, and nothing that was
/// stored is asked again.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on() {
    const PAGES: usize = 400;
    let served = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&served);
    let site = Server::http(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        html("a page")
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let mut kills = 0;
    let output = loop {
        let before = served.load(Ordering::SeqCst);
        let mut child = program(folder.path(), &site, PAGES).spawn().unwrap();
        // Killed once so many more pages were served; how many differs each time.
        let until = before + 3 + kills * 7 % 23;
        while kills < 20 && served.load(Ordering::SeqCst) < until && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if kills == 20 || child.try_wait().unwrap().is_some() {
            break tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    };
    assert!(kills >= 5, "{kills}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let sources = report["sources"].as_array().unwrap();
    assert_eq!(sources.len(), PAGES);
    assert!(sources.iter().all(|source| source["state"] == "ok"), "{output:?}");
    // What was under way when a run was killed is asked again: no more than four each time, and what
    // had been answered but not yet stored.
    let mut times: HashMap<String, usize> = HashMap::new();
    for path in site.paths().into_iter().filter(|path| path != "/robots.txt") {
        *times.entry(path).or_default() += 1;
    }
    assert_eq!(times.len(), PAGES);
    let again: usize = times.values().map(|times| times - 1).sum();
    assert!(again <= kills * 12, "{again} asked again after {kills} kills");
}

/// Two programs with one memory at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn several_programs_share_a_memory() {
    let site = Server::http(|_, _| html("a page")).await;
    let folder = tempfile::tempdir().unwrap();
    drop(store(&folder.path().join("visits.sqlite"), ALWAYS));
    let children: Vec<_> = (0..3).map(|_| program(folder.path(), &site, 100).spawn().unwrap()).collect();
    for child in children {
        let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["sources"].as_array().unwrap().len(), 100);
    }
    let seen = site.seen().len();
    let output = tokio::task::spawn_blocking({
        let mut again = program(folder.path(), &site, 100);
        move || again.output().unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success());
    assert_eq!(site.seen().len(), seen);
}
