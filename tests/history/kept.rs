//! Every check is kept, and what the checks come to is told.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ibid::history::drift::Change;
use ibid::history::{Check, Chronicle, Past, Patience, Standing, ledger};
use ibid::memory::{self, Freshness, Store};
use ibid::page;
use ibid::source::{Policy, State, revisit_all};
use url::Url;

use super::support::server::{Server, body, html, policy, redirect, status, with};
use super::{command, ibid, json, shown, text, text as text_of};

const NEVER: Freshness = Freshness { good: Duration::ZERO, bad: Duration::ZERO };

/// Visits as one run does, and says what became of the source.
async fn past(url: &str, policy: &Policy, file: &Path) -> Past {
    let patience = Patience { failures: 3, over: Duration::ZERO };
    let mut store = Store::open(file, NEVER, String::new()).unwrap().with_patience(patience);
    revisit_all(&[url.to_owned()], policy, &mut store, |_| {}, pending()).await.unwrap();
    assert_eq!(store.troubles(), [""; 0]);
    store.past(&Url::parse(url).unwrap()).unwrap()
}

/// A page on the harbour, or on the weather, in a layout of its own.
fn article(title: &str, about: &str, layout: usize) -> String {
    let words: Vec<&str> = match about {
        "harbour" => "council vessel toll quay due owner ferry vote metre chart berth mayor pilot ledger tide debt".split(' '),
        _ => "cloud storm front gust rain coast night forecast degree snow warmth station flood roof river frost".split(' '),
    }
    .collect();
    let text: String = (0..14)
        .map(|n| {
            let sentence: Vec<&str> = (0..28).map(|w| words[(n * 5 + w * w + w / 3) % words.len()]).collect();
            ["<p>", &sentence.join(" "), ".</p>"].concat()
        })
        .collect();
    let story = format!("<li><a href='/{layout}'>Related story number {layout} of the day</a></li>");
    let related = story.repeat(8);
    match layout % 2 {
        0 => format!(
            "<!doctype html><title>{title}</title><nav><ul>{related}</ul></nav><article><h1>{title}</h1>{text}</article>\
             <aside class=sidebar><p>Weather {layout}: rain, and then more rain until the end of the week, they say.</p></aside>"
        ),
        _ => format!(
            "<!doctype html><title>{title}</title><div class=top><div class=menu>{related}</div></div><div id=page><h1>{title}</h1>\
             <div class=story><section>{text}</section></div></div><div class='comments'><p>I have said so for years and \
             nobody ever listened to me, number {layout}.</p></div>"
        ),
    }
}

#[tokio::test]
async fn a_source_fails_dies_and_comes_back() {
    let site = Server::http(|_, before| match before {
        0 | 6 => body("text/html", article("Harbour tolls", "harbour", 0)),
        1 => status(403),
        _ => status(404),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let (url, policy) =
        (site.url("site.test", "/a"), Policy { retries: 0, ..policy([site.at("site.test")]) });
    let mut standings = Vec::new();
    while site.seen().len() < 7 {
        standings.push(past(&url, &policy, &file).await.standing);
    }
    // A dead source was asked twice before it was called so.
    let [alive, failing, dead] = [Standing::Alive, Standing::Failing, Standing::Dead].map(Some);
    assert_eq!(standings[..3], [alive, alive, failing]);
    assert_eq!(standings[standings.len() - 2..], [dead, Some(Standing::Recovered)]);
    let kept = past(&url, &policy, &file).await;
    assert_eq!(kept.checks as usize, standings.len() + 1);
}

#[tokio::test]
async fn layout_is_no_text_and_another_text_is_another_source() {
    let turn = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&turn);
    let site = Server::http(move |_, _| {
        let layout = now.load(Ordering::SeqCst);
        let (title, about) =
            if layout < 4 { ("Harbour tolls are raised", "harbour") } else { ("Rain and wind", "weather") };
        body("text/html", article(title, about, layout))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.sqlite");
    let (url, policy) = (site.url("site.test", "/news/tolls"), policy([site.at("site.test")]));
    assert_eq!(past(&url, &policy, &file).await.drift, None);
    for layout in 1..4 {
        turn.store(layout, Ordering::SeqCst);
        let drift = past(&url, &policy, &file).await.drift.unwrap();
        assert_eq!((drift.change, drift.similarity, drift.is_any()), (Some(Change::Same), Some(1.0), false));
    }
    turn.store(4, Ordering::SeqCst);
    let drift = past(&url, &policy, &file).await.drift.unwrap();
    assert_eq!(drift.change, Some(Change::Replaced), "{drift:?}");
    assert_eq!(drift.title, Some(("Harbour tolls are raised".to_owned(), "Rain and wind".to_owned())));
    let texts = |file: &Path| -> i64 {
        let file = memory::connect(file).unwrap();
        file.query_row("SELECT count(*) FROM texts", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(texts(&file), 2);
    // The rules say so.
    let note = folder.path().join("note.md");
    std::fs::write(&note, format!("A toll.[^1]\n\n[^1]: “Harbour tolls are raised”, {url}.\n")).unwrap();
    let resolve = format!("site.test:{}:127.0.0.1", site.addr.port());
    let args = ["check", shown(&note), "--allow-private", "--resolve", &resolve, "--format", "json"];
    let cache = folder.path().join("other.sqlite");
    let args = [&args[..], &["--cache", shown(&cache), "--max-age", "0s", "--fail-on", "never"]].concat();
    let run = |args: Vec<String>| {
        tokio::task::spawn_blocking(move || {
            json(&ibid(0, &args.iter().map(String::as_str).collect::<Vec<_>>()))
        })
    };
    let owned: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    turn.store(0, Ordering::SeqCst);
    let first = run(owned.clone()).await.unwrap();
    assert_eq!(first["sources"][0]["history"]["standing"], "alive");
    assert_eq!(first["sources"][0]["history"]["drift"], serde_json::Value::Null);
    turn.store(5, Ordering::SeqCst);
    let second = run(owned.clone()).await.unwrap();
    assert_eq!(second["sources"][0]["history"]["drift"]["change"], "replaced");
    let rules: Vec<&str> =
        second["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(rules.contains(&"content-replaced") && !rules.contains(&"content-changed"), "{rules:?}");
    // A note that cites what is there now has no fault, nor one that is later than the first check.
    for cited in ["“Rain and wind”", "“Harbour tolls are raised”, 4 May 2031"] {
        std::fs::write(&note, format!("A toll.[^1]\n\n[^1]: {cited}, {url}.\n")).unwrap();
        let third = run(owned.clone()).await.unwrap();
        assert_eq!(third["sources"][0]["history"]["drift"]["change"], "replaced");
        let findings = third["findings"].as_array().unwrap();
        assert!(!findings.iter().any(|f| f["rule"] == "content-replaced"), "{cited}: {findings:?}");
    }
}

#[tokio::test]
async fn rules_tell_what_became_of_a_source() {
    let turn = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&turn);
    let site = Server::http(move |_, _| {
        let dated = |title: &str, day: &str, page: String| {
            let meta = format!("<meta property='article:published_time' content='2025-03-{day}T08:00:00Z'>");
            body("text/html", page.replace("<title>", &format!("{meta}<title>")).replace("TITLE", title))
        };
        let first = article("TITLE", "harbour", 0);
        match now.load(Ordering::SeqCst) {
            0 => dated("Harbour tolls are raised again", "04", first),
            1 => dated("Why the port needs your money", "09", first),
            2 => {
                // A third of the text is left, and three times as much is new.
                let (head, text) = first.split_at(first.find("<p>").unwrap() + 900);
                let other = article("TITLE", "weather", 0);
                let other = &other[other.find("<p>").unwrap()..];
                assert!(text.len() > 900);
                dated("Harbour tolls are raised again", "04", [head, ".</p>", other].concat())
            }
            _ => status(404),
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (note, cache) = (folder.path().join("note.md"), folder.path().join("visits.sqlite"));
    let url = site.url("127.0.0.1", "/news/tolls");
    let cited = format!("A toll.[^1]\n\n[^1]: “Harbour tolls are raised again”, 4 March 2025, {url}.\n");
    std::fs::write(&note, cited).unwrap();
    let mut told = Vec::new();
    let mut gone = Vec::new();
    for at in 0..4 {
        turn.store(at, Ordering::SeqCst);
        let fixed = ["check", shown(&note), "--allow-private", "--format", "json", "--fail-on", "never"];
        let mut command = command(&[&fixed[..], &["--max-age", "0s", "--cache", shown(&cache)]].concat());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let report = json(&text(0, &output));
        let rules =
            report["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned());
        let dead = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "dead-link");
        gone.extend(dead.cloned());
        let about = ["changed", "replaced", "failing", "dead"];
        told.push(rules.filter(|rule| about.iter().any(|word| rule.contains(word))).collect::<Vec<_>>());
    }
    let expected: [&[&str]; 4] =
        [&[], &["title-changed", "date-changed"], &["content-changed"], &["dead-link"]];
    assert_eq!(told, expected);
    // It answered before, and has failed once.
    let message = gone[0]["message"].as_str().unwrap();
    assert_eq!(gone[0]["severity"], "warning");
    assert!(
        message.contains("failing since 20") && message.contains("1 failure, and last answered on"),
        "{message}"
    );
}

/// A source that is another page than it was is as good as gone: its copy is looked for and proposed, and a sweep
/// counts it among what is to be mended.
#[tokio::test]
async fn the_copy_of_a_source_that_has_drifted_is_proposed() {
    let turn = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&turn);
    let dated = |page: String| {
        page.replace(
            "<title>",
            "<meta property='article:published_time' content='2025-03-04T08:00:00Z'><title>",
        )
    };
    let site = Server::http(move |_, _| match now.load(Ordering::SeqCst) {
        0 => body("text/html", dated(article("Harbour tolls are raised", "harbour", 0))),
        _ => body("text/html", article("Rain and wind", "weather", 4)),
    })
    .await;
    let archive = Server::http(move |seen, _| match seen.path.strip_prefix("/all/").unwrap_or_default() {
        what if what.starts_with("2025") => {
            let copy = body("text/html", dated(article("Harbour tolls are raised", "harbour", 1)));
            with(copy, "memento-datetime", "Wed, 05 Mar 2025 12:00:00 GMT")
        }
        what if what.starts_with("http") => redirect(302, &format!("/all/20250305120000/{what}")),
        _ => status(404),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| shown(&folder.path().join(name)).to_owned();
    let (note, cache, base) = (at("note.md"), at("visits.sqlite"), archive.url("127.0.0.1", "/all"));
    let url = site.url("site.test", "/news/tolls");
    let resolve = format!("site.test:{}:127.0.0.1", site.addr.port());
    let cited = format!("“Harbour tolls are raised”, in The Gazette, 4 March 2025, {url}");
    std::fs::write(&note, format!("A toll.[^1]\n\n[^1]: {cited}.\n")).unwrap();
    let run = |command: &str, rest: &[String]| {
        let mut args =
            vec![command.to_owned(), note.clone(), "--allow-private".to_owned(), "--no-robots".to_owned()];
        args.extend(
            ["--resolve", &resolve, "--cache", &cache, "--archive", &base, "--format"].map(str::to_owned),
        );
        args.extend(rest.iter().cloned());
        async move {
            let ran = move || ibid(0, &args.iter().map(String::as_str).collect::<Vec<_>>());
            tokio::task::spawn_blocking(ran).await.unwrap()
        }
    };
    let check = ["json", "--max-age", "0s", "--fail-on", "never"].map(str::to_owned);
    run("check", &check).await;
    assert_eq!(archive.seen().len(), 0, "it is what it was");
    turn.store(1, Ordering::SeqCst);
    let report = json(&run("check", &check).await);
    let findings = report["findings"].as_array().unwrap();
    let replaced =
        findings.iter().find(|finding| finding["rule"] == "content-replaced").expect("it is another page");
    let copy = format!("{base}/20250305120000/{url}");
    let help = replaced["help"].as_str().unwrap();
    let proposed = format!(
        "cite its archived copy of 5 March 2025, the nearest to the cited date (4 March 2025): {cited}, {copy}."
    );
    assert!(help.ends_with(&proposed), "{help}");
    assert_eq!(report["sources"][0]["archived"]["url"], copy);

    let (lost, repair, save) = (at("lost"), at("repair"), at("save"));
    let work = [("lost", &lost), ("repair", &repair), ("save", &save)];
    let work = work.map(|(kind, file)| format!("--worklist={kind}={file}"));
    run("sweep", &[&["jsonl".to_owned(), "--all".to_owned()][..], &work].concat()).await;
    let rows = |file: &str| {
        csv::Reader::from_path(file).unwrap().into_records().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!((rows(&lost).len(), rows(&save).len()), (0, 0));
    assert_eq!((&rows(&repair)[0][0], &rows(&repair)[0][6]), (url.as_str(), copy.as_str()));
}

/// What a history says of a source that is gone decides how grave that is.
#[tokio::test]
async fn a_source_that_may_come_back_is_a_warning_until_it_is_dead() {
    let turn = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&turn);
    let site = Server::http(move |seen, _| match (seen.path.as_str(), now.load(Ordering::SeqCst)) {
        ("/news/once", 0) => html("Harbour tolls"),
        _ => status(404),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (note, cache) = (folder.path().join("note.md"), folder.path().join("visits.sqlite"));
    let config = folder.path().join("ibid.toml");
    std::fs::write(&config, "[history]\ndead-after = 3\ndead-over = \"0s\"\n").unwrap();
    let url = |path: &str| site.url("127.0.0.1", path);
    let text = format!(
        "A.[^1] B.[^2]\n\n[^1]: “Tolls”, {}.\n[^2]: “Dues”, {}.\n",
        url("/news/once"),
        url("/news/never")
    );
    std::fs::write(&note, text).unwrap();
    let mut severities = Vec::new();
    for at in 0..4 {
        turn.store(at, Ordering::SeqCst);
        let fixed = ["check", shown(&note), "--allow-private", "--no-archives", "--format", "json"];
        let kept = [
            "--fail-on",
            "never",
            "--max-age",
            "0s",
            "--max-age-bad",
            "0s",
            "--cache",
            shown(&cache),
            "--config",
        ];
        let mut command = command(&[&fixed[..], &kept, &[shown(&config)]].concat());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let report = json(&text_of(0, &output));
        let of = |path: &str| {
            let findings = report["findings"].as_array().unwrap();
            let dead = findings.iter().find(|f| f["rule"] == "dead-link" && f["url"] == *url(path))?;
            Some(dead["severity"].as_str()?.to_owned())
        };
        severities.push([of("/news/once"), of("/news/never")]);
    }
    let [error, warning] = ["error", "warning"].map(|name| Some(name.to_owned()));
    // What never answered is no worse than what the document says of it: an error from the first day on.
    let expected = [
        [None, error.clone()],
        [warning.clone(), error.clone()],
        [warning, error.clone()],
        [error.clone(), error],
    ];
    assert_eq!(severities, expected);
}

#[test]
fn texts_of_pages_are_their_main_texts() {
    let url = Url::parse("https://site.example/news/tolls").unwrap();
    let text_of = |page: &str| page::read_with_text(page, &url).1;
    let plain = text_of(&article("Tolls", "harbour", 0)).unwrap();
    assert_eq!(Some(&plain), text_of(&article("Tolls", "harbour", 1)).as_ref());
    assert!(plain.words > 350, "{plain:?}");
    assert_eq!(text_of("<title>Tolls</title><p>Too short to tell.</p>"), None);
    let missing = article("Page not found", "harbour", 0).replace("<p>", "<p>404 Page not found. ");
    assert!(text_of(&missing).is_none_or(|text| text.words != plain.words));
}

#[tokio::test]
async fn checks_keep_what_was_seen() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/old" => redirect(301, "/new"),
        _ => body(
            "text/html",
            "<title>Harbour tolls</title><meta property='article:published_time' content='2021-05-04T08:00:00Z'><p>x</p>",
        ),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let (url, policy) = (site.url("site.test", "/old"), policy([site.at("site.test")]));
    for _ in 0..2 {
        past(&url, &policy, &path).await;
    }
    let file = memory::connect(&path).unwrap();
    let known = ledger::known(&file, &url).unwrap();
    let checks = ledger::checks(&file, known[0].id).unwrap();
    // Two within one second are two all the same.
    assert_eq!(checks.len(), 2);
    assert!(checks[0].at < checks[1].at);
    for check in &checks {
        assert_eq!((check.state, check.status), (State::Moved, Some(200)));
        assert_eq!(check.title.as_deref(), Some("Harbour tolls"));
        assert_eq!(check.final_url, Some(site.url("site.test", "/new")));
        assert_eq!(check.published.map(|date| date.to_string()).as_deref(), Some("2021-05-04"));
        assert!(check.digest.is_some());
    }
    drop(file);
    // The memory goes, the history stays, unless it is told to go.
    let cache = shown(&path);
    ibid(0, &["cache", "clear", "--cache", cache]);
    let told = json(&ibid(0, &["history", &url, "--format", "json", "--cache", cache]));
    assert_eq!(told["sources"][0]["checks_seen"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(told["sources"][0]["standing"], "alive");
    let table = ibid(0, &["history", &url, "--cache", cache]);
    assert!(table.contains("alive; 2 checks") && table.contains("×2  moved"), "{table}");
    ibid(0, &["cache", "clear", "--history", "--cache", cache]);
    assert!(!path.exists());
    ibid(2, &["history", &url, "--cache", cache]);
}

/// What is cited under the title that a page bears is that page, whatever spoke against it.
#[tokio::test]
async fn a_confirmed_page_is_alive() {
    let title = "Who pays for the new breakwater?";
    let site = Server::http(move |seen, _| match seen.path.as_str() {
        "/news/2025/who-pays" => redirect(302, "/"),
        _ => html(title),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (note, cache) = (folder.path().join("note.md"), folder.path().join("visits.sqlite"));
    let url = site.url("127.0.0.1", "/news/2025/who-pays");
    std::fs::write(&note, format!("A toll.[^1]\n\n[^1]: “{title}”, {url}.\n")).unwrap();
    for _ in 0..2 {
        let args = ["check", shown(&note), "--allow-private", "--format", "json", "--cache", shown(&cache)];
        let mut command = command(&args);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let source = &json(&text(0, &output))["sources"][0];
        assert_eq!(
            (&source["state"], &source["history"]["standing"]),
            (&"ok".into(), &"alive".into()),
            "{source}"
        );
        assert_eq!(source["history"]["checks"], 2);
    }
}

#[test]
fn what_the_released_version_saw_is_the_beginning_of_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let old = rusqlite::Connection::open(&path).unwrap();
    let digest = "00ff".repeat(16);
    old.execute_batch(&format!(
        "CREATE TABLE visits (web TEXT NOT NULL, url TEXT NOT NULL, at INTEGER NOT NULL, facts TEXT NOT NULL,
            state TEXT NOT NULL, status INTEGER, final_url TEXT, title TEXT, visit TEXT NOT NULL, digest TEXT,
            PRIMARY KEY (web, url)) WITHOUT ROWID;
         INSERT INTO visits VALUES ('', 'https://a.example/', 1700000000, 'x', 'moved', 200, 'https://b.example/', 'Tolls', '{{}}', '{digest}');
         INSERT INTO visits VALUES ('', 'https://c.example/', 1700000001, 'x', 'soft-404', 200, 'https://c.example/', 'Not found', '{{}}', NULL);
         INSERT INTO visits VALUES ('private', 'https://a.example/', 1700000002, 'x', 'ok', 200, NULL, NULL, '{{}}', NULL);
         PRAGMA user_version = 2;"
    ))
    .unwrap();
    drop(old);
    let file = memory::connect(&path).unwrap();
    let known = ledger::known(&file, "https://a.example/").unwrap();
    assert_eq!(known.iter().map(|known| known.web.as_str()).collect::<Vec<_>>(), ["", "private"]);
    let mut digest = [0; 32];
    digest.iter_mut().skip(1).step_by(2).for_each(|byte| *byte = 255);
    let expected = Check {
        at: 1_700_000_000,
        state: State::Moved,
        status: Some(200),
        final_url: Some("https://b.example/".to_owned()),
        title: Some("Tolls".to_owned()),
        published: None,
        digest: Some(digest),
        text: None,
    };
    assert_eq!(ledger::checks(&file, known[0].id).unwrap(), [expected]);
    let gone = ledger::known(&file, "https://c.example/").unwrap();
    let gone = &ledger::checks(&file, gone[0].id).unwrap()[0];
    assert_eq!((gone.state, &gone.final_url, &gone.title), (State::Soft404, &None, &None));
}

/// A clock that was wrong once, years ahead or at its own beginning, does not hide what is seen afterwards.
#[test]
fn checks_dated_by_a_wrong_clock_count_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (path, list) = (folder.path().join("visits.sqlite"), folder.path().join("list.txt"));
    let url = "http://127.0.0.1:1/news/tolls";
    let file = memory::connect(&path).unwrap();
    let day = 86_400;
    let today = memory::now();
    let seen = [
        (1_000, State::Ok),
        (today + 3_000 * day, State::Ok),
        (today - 40 * day, State::Ok),
        (today - 20 * day, State::Dead),
        (today - 15 * day, State::Dead),
        (today - 10 * day, State::Dead),
    ];
    for (at, state) in seen {
        let (final_url, title, published, digest, text) = (None, None, None, None, None);
        let check = Check { at, state, status: None, final_url, title, published, digest, text };
        ledger::append(&file, "", url, &check).unwrap();
    }
    drop(file);
    let cache = shown(&path);
    let told = &json(&ibid(0, &["history", url, "--format", "json", "--cache", cache]))["sources"][0];
    assert_eq!((&told["standing"], &told["checks"]), (&"dead".into(), &4.into()), "{told}");
    let rot = json(&ibid(0, &["report", "rot", "--format", "json", "--cache", cache]));
    let half_life = rot["all"]["half_life"].as_f64().unwrap();
    assert!((half_life - 10.0).abs() < 0.1, "{rot}");
    std::fs::write(&list, url).unwrap();
    let plan = ["sweep", shown(&list), "--plan", "--format", "jsonl", "--allow-private", "--cache", cache];
    assert_eq!(json(&ibid(0, &plan))["due"], 1);
}

/// What can no longer be read is said to be damaged, with the ways out.
#[test]
fn a_damaged_history_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let file = memory::connect(&path).unwrap();
    for number in 0..400 {
        ledger::source(&file, "", &format!("https://a.example/{number}/{}", "tolls".repeat(20))).unwrap();
    }
    file.pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    drop(file);
    let mut bytes = std::fs::read(&path).unwrap();
    // The pages behind those of the tables' names.
    bytes[40_960..].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    for args in [&["history"][..], &["report", "rot"]] {
        let output = command(&[args, &["--cache", shown(&path)]].concat()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("the memory is damaged") && said.contains("cache clear --history"), "{said}");
        text(2, &output);
    }
}

#[test]
fn several_processes_lose_no_check() {
    const WRITERS: usize = 4;
    const EACH: usize = 50;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let check = Check {
        at: 1_700_000_000,
        state: State::Ok,
        status: Some(200),
        final_url: None,
        title: Some("One title".to_owned()),
        published: None,
        digest: None,
        text: None,
    };
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let file = memory::connect(&path).unwrap();
                for _ in 0..EACH {
                    let change =
                        rusqlite::Transaction::new_unchecked(&file, rusqlite::TransactionBehavior::Immediate);
                    let change = change.unwrap();
                    ledger::append(&change, "", "https://a.example/", &check).unwrap();
                    change.commit().unwrap();
                }
            });
        }
    });
    let file = memory::connect(&path).unwrap();
    let known = ledger::known(&file, "https://a.example/").unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(ledger::checks(&file, known[0].id).unwrap().len(), WRITERS * EACH);
}
