//! Sweeps: planned, asked, killed and gone on with.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ibid::memory;
use serde_json::Value;

use super::support::server::{Server, body, html, redirect, say, status, with};
use super::{command, ibid, json, shown, text};

/// `ibid sweep` against loopback.
fn sweep<'a>(cache: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["sweep", "--allow-private", "--no-robots", "--no-config", "--cache", cache];
    [&fixed[..], rest].concat()
}

async fn swept(status: i32, args: Vec<&str>) -> String {
    let mut command = command(&args);
    let output = tokio::task::spawn_blocking(move || command.output().expect("the program starts"));
    text(status, &output.await.unwrap())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(json).collect()
}

#[tokio::test]
async fn lists_and_documents_are_planned_asked_and_left_alone() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/old" => redirect(301, "/new"),
        "/gone" => status(404),
        "/news/2025/who-pays" => redirect(302, "/"),
        "/" => html("Who pays for the new breakwater?"),
        _ => html("A page"),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let url = |path: &str| site.url("127.0.0.1", path);
    std::fs::create_dir(at("docs")).unwrap();
    let list = format!("# ours\n{}\n{}\nnot an address\n{}#part\n", url("/a"), url("/gone"), url("/a"));
    std::fs::write(at("list.txt"), list).unwrap();
    std::fs::write(
        at("docs/one.md"),
        format!("One.[^1]\n\n[^1]: Jane Roe, “Tolls”, in The Gazette, 4 May 2021, {}.\n", url("/old")),
    )
    .unwrap();
    std::fs::write(at("docs/two.md"), format!("[x]({}) and [y]({})\n", url("/a"), url("/b"))).unwrap();
    let (list, docs, cache) = (at("list.txt"), at("docs"), at("visits.sqlite"));
    let (lost, repair, save) = (at("lost.csv"), at("repair.csv"), at("save.csv"));
    let files = [shown(&list), shown(&docs)];

    let plan =
        json(&swept(2, sweep(shown(&cache), &[&files[..], &["--plan", "--format", "jsonl"]].concat())).await);
    assert_eq!((&plan["sources"], &plan["due"], &plan["new"]), (&json("4"), &json("4"), &json("4")));
    assert_eq!((&plan["documents"], &plan["hosts"]), (&json("3"), &json("1")));
    assert_eq!(plan["largest"], json(r#"["127.0.0.1", 4]"#));
    assert_eq!(site.seen().len(), 0);

    let work = [("lost", &lost), ("repair", &repair), ("save", &save)]
        .map(|(kind, file)| format!("--worklist={kind}={}", shown(file)));
    let rest: Vec<&str> =
        files.into_iter().chain(["--format", "jsonl"]).chain(work.iter().map(String::as_str)).collect();
    let results = lines(&swept(2, sweep(shown(&cache), &rest)).await);
    assert_eq!(results.len(), 4);
    let result = |path: &str| results.iter().find(|line| line["url"] == *url(path)).unwrap();
    assert_eq!(result("/a")["state"], "ok");
    assert_eq!(result("/a")["cited_by"].as_array().unwrap().len(), 2, "{}", result("/a"));
    assert_eq!(result("/old")["cited_by"][0]["note"], "1");
    assert_eq!(result("/gone")["history"]["standing"], "failing");
    assert!(result("/gone")["due"].as_str() < result("/b")["due"].as_str());
    assert!(result("/gone")["reason"].is_string());
    let rows = |file: &Path| {
        csv::Reader::from_path(file).unwrap().into_records().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(rows(&lost).len(), 0);
    assert_eq!(rows(&repair).iter().map(|row| row[5].to_owned()).collect::<Vec<_>>(), [url("/new")]);
    assert_eq!(rows(&save)[0][0], url("/gone"), "what fails comes first");
    assert_eq!(rows(&save).len(), 4);

    // A page that bears the cited title is the source, whatever spoke against it.
    let who = url("/news/2025/who-pays");
    let note = format!("[^1]: “Who Pays for the New Breakwater?”, 4 May 2021, {who}.\n");
    let titled = at("titled.md");
    std::fs::write(&titled, format!("One.[^1]\n\n{note}")).unwrap();
    let told = lines(&swept(0, sweep(shown(&cache), &[shown(&titled), "--format", "jsonl"])).await);
    assert_eq!(
        (&told[0]["state"], &told[0]["history"]["standing"]),
        (&"ok".into(), &"alive".into()),
        "{told:?}"
    );

    // Nothing is due any more, unless everything is wanted.
    let asked = site.seen().len();
    let table = swept(0, sweep(shown(&cache), &[shown(&docs)])).await;
    assert_eq!(table, "3 sources: none due; 3 need not be asked yet\n");
    assert_eq!(site.seen().len(), asked);
    let all = lines(&swept(0, sweep(shown(&cache), &[shown(&docs), "--all", "--format", "jsonl"])).await);
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|line| line["history"]["checks"] == 2), "{all:?}");
    // What a document no longer cites is no part of the next sweep.
    std::fs::write(at("docs/two.md"), "Nothing at all, and that in a sentence.\n").unwrap();
    let plan = json(&swept(0, sweep(shown(&cache), &[shown(&docs), "--plan", "--format", "jsonl"])).await);
    assert_eq!((&plan["sources"], &plan["documents"]), (&json("1"), &json("2")));
    let years =
        json(&ibid(0, &["report", "rot", "--by", "cited", "--format", "json", "--cache", shown(&cache)]));
    assert!(years["groups"].as_array().unwrap().iter().any(|group| group["name"] == "2021"), "{years}");
}

#[test]
fn a_sweep_needs_a_file_and_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let (list, cache) = (folder.path().join("list.txt"), folder.path().join("visits.sqlite"));
    std::fs::write(&list, "https://a.example/\n").unwrap();
    ibid(2, &["sweep", shown(&list), "--no-cache"]);
    ibid(2, &["sweep", shown(&list), "--offline", "--cache", shown(&cache)]);
    ibid(2, &["sweep", shown(&list), "--cache", shown(&cache), "--worklist", "lots=x.csv"]);
    ibid(2, &["sweep", shown(&folder.path().join("none.txt")), "--cache", shown(&cache)]);
}

#[test]
fn one_sweep_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let (list, cache) = (folder.path().join("list.txt"), folder.path().join("visits.sqlite"));
    std::fs::write(&list, "http://127.0.0.1:1/\n").unwrap();
    let other = std::fs::File::create(folder.path().join("visits.sqlite-sweep")).unwrap();
    other.lock().unwrap();
    let args = sweep(shown(&cache), &[shown(&list), "--retries", "0"]);
    let output = command(&args).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("another sweep is under way"), "{output:?}");
    text(2, &output);
    other.unlock().unwrap();
    assert!(ibid(0, &args).contains("1 unreachable"));
}

/// Killed again and again at any moment: each source is checked once, and the run that comes to the end
/// tells all of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sweep_goes_on() {
    const SOURCES: usize = 1_400;
    const KILLS: usize = 12;
    let served = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&served);
    let site = Server::http(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        html("a page")
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (list, cache) = (folder.path().join("list.txt"), folder.path().join("visits.sqlite"));
    let mut addresses = String::new();
    for number in 0..SOURCES {
        writeln!(addresses, "{}", site.url("127.0.0.1", &format!("/{number}"))).unwrap();
    }
    std::fs::write(&list, addresses).unwrap();
    let args =
        sweep(shown(&cache), &["--gap", "0.002", "--per-host", "7", shown(&list), "--format", "jsonl"]);
    // A pipe that nobody reads would hold the program up.
    let start = |out: Stdio| command(&args).stdout(out).stderr(Stdio::null()).spawn().unwrap();
    for kill in 0..KILLS {
        let mut child = start(Stdio::null());
        let until = served.load(Ordering::SeqCst) + 5 + kill * 7 % 23;
        while served.load(Ordering::SeqCst) < until && child.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(child.try_wait().unwrap().is_none(), "it is killed before it is done");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let child = start(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let told: Vec<Value> = lines(&text(0, &output));
    let urls: HashSet<&str> = told.iter().map(|line| line["url"].as_str().unwrap()).collect();
    assert_eq!((told.len(), urls.len()), (SOURCES, SOURCES));
    let other = told.iter().find(|line| line["state"] != "ok" || line["history"]["checks"] != 1);
    assert_eq!(other, None);
    // Only what was under way when it was killed was asked for once more.
    let asked = served.load(Ordering::SeqCst);
    assert!(asked <= SOURCES + KILLS * 40, "{asked}");
    let file = memory::connect(&cache).unwrap();
    let checks: i64 = file.query_row("SELECT count(*) FROM checks", [], |row| row.get(0)).unwrap();
    let left: i64 = file.query_row("SELECT count(*) FROM sweeps", [], |row| row.get(0)).unwrap();
    assert_eq!((usize::try_from(checks), left), (Ok(SOURCES), 0));
}

/// A copy that was looked for turns what is lost into what can be mended.
#[tokio::test]
async fn worklists_know_archived_copies() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/gone" | "/lost" => status(404),
        _ => html("A page"),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let url = |path: &str| site.url("127.0.0.1", path);
    std::fs::write(at("list.txt"), ["/a", "/b", "/gone", "/lost"].map(url).join("\n")).unwrap();
    std::fs::write(at("ibid.toml"), "[history]\ndead-after = 1\ndead-over = \"0s\"\n").unwrap();
    let (list, config, cache) = (at("list.txt"), at("ibid.toml"), at("visits.sqlite"));
    let fixed =
        ["sweep", "--allow-private", "--no-robots", "--config", shown(&config), "--cache", shown(&cache)];
    let run = |rest: &[&str]| {
        let args: Vec<String> =
            fixed.iter().chain(&[shown(&list)]).chain(rest).map(|arg| (*arg).to_owned()).collect();
        async move { swept(0, args.iter().map(String::as_str).collect()).await }
    };
    let files = ["lost", "repair", "save"].map(|kind| at(&format!("{kind}.csv")));
    let work: Vec<String> = ["lost", "repair", "save"]
        .iter()
        .zip(&files)
        .map(|(kind, file)| format!("--worklist={kind}={}", shown(file)))
        .collect();
    let work: Vec<&str> = work.iter().map(String::as_str).collect();
    let rows = |nth: usize| -> Vec<Vec<String>> {
        let reader = csv::Reader::from_path(&files[nth]).unwrap();
        let rows = reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        let mut rows: Vec<Vec<String>> = rows.collect();
        rows.sort();
        rows
    };
    run(&work).await;
    assert_eq!(rows(0).len(), 2, "both are dead, and no copy is known");

    let file = memory::Connection::open(&cache).unwrap();
    for path in ["/b", "/gone"] {
        let copy = format!("https://web.archive.org/web/20210504000000/{}", url(path));
        let insert = "INSERT INTO copies SELECT DISTINCT web, ?1, 'near', 1, 'facts', ?2, '{}' FROM visits";
        file.execute(insert, (url(path), copy)).unwrap();
    }
    drop(file);
    run(&[&["--all"], &work[..]].concat()).await;
    assert_eq!(rows(0).iter().map(|row| row[0].clone()).collect::<Vec<_>>(), [url("/lost")]);
    assert_eq!(rows(1).len(), 1);
    assert_eq!(rows(1)[0][6], format!("https://web.archive.org/web/20210504000000/{}", url("/gone")));
    assert_eq!(rows(2).iter().map(|row| row[0].clone()).collect::<Vec<_>>(), [url("/a")]);
}

/// Of what is dead a copy is looked for: once, and not in vain where the archive is out of order.
#[tokio::test]
async fn copies_of_what_is_dead_are_looked_for() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/gone" | "/lost" => status(404),
        _ => html("A page"),
    })
    .await;
    let up = Arc::new(AtomicUsize::new(0));
    let is_up = Arc::clone(&up);
    let archive = Server::http(move |seen, _| match seen.path.as_str() {
        _ if is_up.load(Ordering::SeqCst) == 0 => status(503),
        path if path.contains("/20210504000000") => {
            with(html("Harbour tolls"), "memento-datetime", "Tue, 04 May 2021 00:00:00 GMT")
        }
        path if path.starts_with("/all/http") && path.ends_with("/gone") => {
            redirect(302, &path.replace("/all/", "/all/20210504000000/"))
        }
        _ => status(404),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let url = |path: &str| site.url("gone.test", path);
    std::fs::write(at("list.txt"), ["/a", "/lost"].map(url).join("\n")).unwrap();
    std::fs::write(
        at("note.md"),
        format!("A toll.[^1]\n\n[^1]: “Harbour tolls”, in The Ledger, 3 May 2021, {}.\n", url("/gone")),
    )
    .unwrap();
    std::fs::write(at("ibid.toml"), "[history]\ndead-after = 1\ndead-over = \"0s\"\n").unwrap();
    let resolve = format!("gone.test:{}:127.0.0.1", site.addr.port());
    let base = archive.url("127.0.0.1", "/all");
    let work = ["lost", "repair", "save"].map(|kind| format!("--worklist={kind}={}", shown(&at(kind))));
    let (list, note, config, cache) = (at("list.txt"), at("note.md"), at("ibid.toml"), at("visits.sqlite"));
    let run = |rest: &'static [&'static str]| {
        let fixed =
            ["sweep", "--allow-private", "--no-robots", "--retries", "0", "--format", "jsonl", "--all"];
        let own = [
            "--resolve",
            &resolve,
            "--config",
            shown(&config),
            "--cache",
            shown(&cache),
            shown(&list),
            shown(&note),
        ];
        let args = fixed.iter().chain(&own).chain(rest).map(|arg| (*arg).to_owned());
        let args: Vec<String> =
            args.chain(work.iter().cloned()).chain(["--archive".to_owned(), base.clone()]).collect();
        async move { lines(&swept(0, args.iter().map(String::as_str).collect()).await) }
    };
    let column = |kind: &str, column: usize| -> Vec<String> {
        let reader = csv::Reader::from_path(at(kind)).unwrap();
        reader.into_records().map(|row| row.unwrap()[column].to_owned()).collect()
    };
    let copy = format!("{base}/20210504000000/{}", url("/gone"));

    // Out of order: nothing is known, and it is said so.
    run(&[]).await;
    assert_eq!((column("lost", 0).len(), column("repair", 0).len()), (2, 0));
    assert!(!archive.seen().is_empty());
    up.store(1, Ordering::SeqCst);
    let told = run(&[]).await;
    let line = |path: &str| told.iter().find(|line| line["url"] == *url(path)).unwrap();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(
        (&line("/gone")["archived"], &line("/lost")["archived"]),
        (&Value::from(copy.clone()), &Value::Null)
    );
    assert_eq!(line("/gone")["final_url"], *url("/gone"));
    assert!(line("/gone")["reason"].is_string() && line("/gone")["history"]["standing"] == "dead");
    assert_eq!((column("lost", 0), column("repair", 0)), (vec![url("/lost")], vec![url("/gone")]));
    assert_eq!((column("repair", 6), column("save", 0)), (vec![copy], vec![url("/a")]));
    assert!(!archive.paths().iter().any(|path| path.ends_with("/a")), "what lives is not looked for");

    // What is known is not asked for again, nor what was not there a moment ago.
    let asked = archive.seen().len();
    run(&[]).await;
    assert_eq!(archive.seen().len(), asked);
    assert_eq!(column("lost", 0), [url("/lost")]);
    // All of them, if that is wanted.
    run(&["--archived"]).await;
    assert!(archive.paths()[asked..].iter().all(|path| path.ends_with("/a")), "{:?}", archive.paths());
    assert!(archive.seen().len() > asked);
}

/// Sweeps one note with archives, and tells what is lost and what can be mended.
struct Seeking {
    folder: tempfile::TempDir,
    site: Server,
    note: String,
}

impl Seeking {
    /// Everything at the site is gone.
    async fn new(note: &str) -> Self {
        let site = Server::http(|_, _| status(404)).await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ibid.toml"), "[history]\ndead-after = 1\ndead-over = \"0s\"\n")
            .unwrap();
        Seeking { folder, site, note: note.to_owned() }
    }

    fn path(&self, name: &str) -> String {
        shown(&self.folder.path().join(name)).to_owned()
    }

    fn url(&self, path: &str) -> String {
        self.site.url("gone.test", path)
    }

    /// The addresses that are lost, and the copies of those that can be mended, and what is said of it.
    async fn sweep(&self, archives: &[&str], rest: &[&str]) -> (Vec<String>, Vec<String>, String) {
        std::fs::write(self.path("note.md"), self.note.replace("SITE", &self.url(""))).unwrap();
        let resolve = format!("gone.test:{}:127.0.0.1", self.site.addr.port());
        let work = ["lost", "repair"].map(|kind| format!("--worklist={kind}={}", self.path(kind)));
        let (note, config, cache) =
            (self.path("note.md"), self.path("ibid.toml"), self.path("visits.sqlite"));
        let mut args =
            vec!["sweep", "--allow-private", "--no-robots", "--retries", "0", "--resolve", &resolve];
        args.extend(["--config", &config, "--cache", &cache, "--all", &note]);
        args.extend(work.iter().map(String::as_str));
        args.extend(archives.iter().flat_map(|archive| ["--archive", archive]));
        args.extend(rest);
        let mut command = command(&args);
        let output = tokio::task::spawn_blocking(move || command.output().expect("the program starts"));
        let output = output.await.unwrap();
        text(0, &output);
        let column = |kind: &str, column: usize| -> Vec<String> {
            let reader = csv::Reader::from_path(self.path(kind)).unwrap();
            reader.into_records().map(|row| row.unwrap()[column].to_owned()).collect()
        };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (column("lost", 0), column("repair", 6), said)
    }
}

/// An archive with one copy of each page whose path ends like this, which shows a page of this title.
async fn archive(end: &'static str, page: &'static str) -> Server {
    Server::http(move |seen, _| match seen.path.as_str() {
        path if path.contains("/20210504000000") => {
            with(body("text/html", page), "memento-datetime", "Tue, 04 May 2021 00:00:00 GMT")
        }
        path if path.starts_with("/all/http") && path.ends_with(end) => {
            redirect(302, &path.replace("/all/", "/all/20210504000000/"))
        }
        _ => status(404),
    })
    .await
}

/// What is remembered of a search holds for what was asked: near which date, in which archives, and for a source
/// that is cited so.
#[tokio::test]
async fn what_was_not_found_is_looked_for_again_when_another_thing_is_asked() {
    let chairwoman = "<title>Fishermen Elect a New Chairwoman</title><h1>Fishermen Elect a New Chairwoman</h1>\
        <meta property=article:published_time content=2016-02-09T08:00:00Z>";
    let archives = [archive("/refused", chairwoman).await, archive("/later", "<title>Late</title>").await];
    let [first, later] = [&archives[0], &archives[1]].map(|archive| archive.url("127.0.0.1", "/all"));
    let mut seeking = Seeking::new(
        "A.[^1] B.[^2]\n\n[^1]: “Harbour Tolls to Rise”, 3 May 2021, SITE/refused.\n[^2]: “Dues”, 3 May 2021, SITE/later.\n",
    )
    .await;
    let (refused, absent) = (seeking.url("/refused"), seeking.url("/later"));
    let asked = |number: usize| archives[number].paths();

    let (lost, mended, _) = seeking.sweep(&[&first], &[]).await;
    assert_eq!((lost, mended.len()), (vec![refused.clone(), absent.clone()], 0));
    let before = asked(0);
    seeking.sweep(&[&first], &[]).await;
    assert_eq!(asked(0), before, "it is remembered");

    // Another date: only that source is looked for again.
    seeking.note = seeking.note.replace("“Dues”, 3 May 2021", "“Dues”, 3 May 2022");
    seeking.sweep(&[&first], &[]).await;
    let new = asked(0).split_off(before.len());
    assert!(!new.is_empty() && new.iter().all(|path| path.ends_with("/later")), "{new:?}");

    // Another title: the copy that was refused is judged again.
    seeking.note = seeking.note.replace("Harbour Tolls to Rise", "Fishermen Elect a New Chairwoman");
    let before = asked(0);
    let (lost, mended, _) = seeking.sweep(&[&first], &[]).await;
    assert_eq!((lost, mended), (vec![absent.clone()], vec![format!("{first}/20210504000000/{refused}")]));
    let new = asked(0).split_off(before.len());
    assert!(!new.is_empty() && new.iter().all(|path| path.ends_with("/refused")), "{new:?}");

    // Another archive: it is asked about what the first does not have.
    let (lost, mended, _) = seeking.sweep(&[&first, &later], &[]).await;
    assert_eq!(lost, [""; 0]);
    assert!(mended.contains(&format!("{later}/20210504000000/{absent}")), "{mended:?}");
    assert!(asked(1).iter().all(|path| path.ends_with("/later")), "{:?}", asked(1));
}

/// The container speaks against it as in a check, though title and date leave it open.
#[tokio::test]
async fn copies_are_judged_by_all_that_is_cited() {
    let page = "<title>Casino bonus codes for winners</title><h1>Casino bonus codes for winners</h1>\
        <p>20 November 2024</p>";
    let archive = archive("/harbour-tolls-rise-spring", page).await;
    let base = archive.url("127.0.0.1", "/all");
    let cited = "“Harbour Tolls to Rise in Spring”, in The Evening Courier, 3 May 2021, SITE/harbour-tolls-rise-spring";
    let mut found = Vec::new();
    for note in [cited.to_owned(), cited.replace("in The Evening Courier, ", "")] {
        let seeking = Seeking::new(&format!("A.[^1]\n\n[^1]: Ada Lind, {note}.\n")).await;
        let in_sweep = !seeking.sweep(&[&base], &[]).await.1.is_empty();
        let resolve = format!("gone.test:{}:127.0.0.1", seeking.site.addr.port());
        let (note, config) = (seeking.path("note.md"), seeking.path("ibid.toml"));
        let args =
            ["check", &note, "--allow-private", "--no-robots", "--resolve", &resolve, "--archive", &base];
        let args =
            [&args[..], &["--no-cache", "--config", &config, "--fail-on", "never", "--format", "json"]]
                .concat();
        let report = json(&swept(0, args).await);
        let checked = report["sources"][0]["archived"].is_object();
        found.push([in_sweep, checked]);
    }
    assert_eq!(found, [[false, false], [true, true]]);
}

/// The time that a sweep may take ends the search for copies too, and the next sweep goes on with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_for_copies_ends_in_time() {
    let up = Arc::new(AtomicUsize::new(0));
    let is_up = Arc::clone(&up);
    let archive = Server::raw(move |mut stream, _| {
        let up = is_up.load(Ordering::SeqCst) == 1;
        async move {
            // It never answers, or has nothing.
            if !up {
                std::future::pending::<()>().await;
            }
            say(&mut stream, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .await;
        }
    })
    .await;
    let base = archive.url("127.0.0.1", "/all");
    let seeking = Seeking::new("A.[^1]\n\n[^1]: “Harbour Tolls to Rise”, 3 May 2021, SITE/tolls.\n").await;
    // On a machine that is slow the first runs may end before the archive is asked.
    while archive.seen().is_empty() {
        let (lost, _, said) = seeking.sweep(&[&base], &["--max-time", "2"]).await;
        assert!(said.contains("the sweep is not done"), "{said}");
        assert!(lost.len() <= 1);
    }
    up.store(1, Ordering::SeqCst);
    let before = archive.seen().len();
    let (lost, _, said) = seeking.sweep(&[&base], &[]).await;
    assert_eq!((lost, said.contains("not done")), (vec![seeking.url("/tolls")], false), "{said}");
    assert!(archive.seen().len() > before);
}

/// One archive that wants to be left alone is left alone by the whole sweep, and it is said which one.
#[tokio::test]
async fn a_tired_archive_is_left_alone() {
    let tired = Server::http(|_, _| with(status(503), "retry-after", "7200")).await;
    let tired_at = tired.url("127.0.0.1", "/all");
    let other = archive("/tolls", "<title>Harbour Tolls</title>").await;
    let other_at = other.url("127.0.0.1", "/all");
    let (mut calls, mut notes) = (String::new(), String::new());
    for n in 0..300 {
        write!(calls, "A.[^{n}] ").unwrap();
        writeln!(notes, "[^{n}]: “Dues {n}”, 3 May 2021, SITE/{n}.").unwrap();
    }
    let seeking =
        Seeking::new(&format!("{calls}[^t]\n\n{notes}[^t]: “Harbour Tolls”, 3 May 2021, SITE/tolls.\n"))
            .await;
    let rest = ["--per-host", "1", "--gap", "0"];
    let (lost, mended, said) = seeking.sweep(&[&tired_at, &other_at], &rest).await;
    assert_eq!((lost.len(), mended.len()), (300, 1), "{said}");
    assert!(said.contains(&format!("{tired_at} asks to be left alone for now (503)")), "{said}");
    assert_eq!(tired.seen().len(), 1);
}
