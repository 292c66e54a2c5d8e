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

use super::support::server::{Server, html, redirect, status, with};
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
