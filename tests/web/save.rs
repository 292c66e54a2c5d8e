//! Sources handed in at public archives: stand-ins on loopback.

use std::collections::HashMap;
use std::future::pending;
use std::process::Command;
use std::time::Duration;

use ibid::capture::save::{Desk, Key, Ledger, Line, Order, SERVICES, Saved, Service, State, save};
use ibid::memory::{Freshness, Store};
use ibid::source::{Api, Visit};
use serde_json::Value;
use url::Url;

use super::support::server::{Reply, Seen, Server, body, html, policy, status, with};
use super::visits;

const SECRET: &str = "ACCESS1234:SECRET5678";

fn service(name: &str) -> &'static Service {
    SERVICES.iter().find(|service| service.name == name).unwrap()
}

fn json(text: impl Into<String>) -> Reply {
    body("application/json", text.into())
}

/// Takes what it is given; a copy is there when it is asked after for the second time.
fn wayback(seen: &Seen, before: usize) -> Reply {
    if seen.header("authorization") != Some(&format!("LOW {SECRET}")) {
        return status(401);
    }
    match seen.path.strip_prefix("/save/status/") {
        None => json(r#"{"url":"u","job_id":"spn2-7"}"#),
        Some(_) if before == 0 => json(r#"{"status":"pending"}"#),
        Some(_) => {
            json(r#"{"status":"success","timestamp":"20250214100000","original_url":"http://site.test/"}"#)
        }
    }
}

#[derive(Default)]
struct Notebook(HashMap<Url, Line>);

impl Ledger for Notebook {
    fn recall(&mut self, _: &Url, url: &Url) -> Option<Line> {
        self.0.get(url).cloned()
    }

    fn write(&mut self, _: &Url, url: &Url, line: &Line) {
        self.0.insert(url.clone(), line.clone());
    }
}

fn order(service: &Service, archive: &Server) -> Order {
    Order {
        endpoint: archive.url("archive.test", "").parse().unwrap(),
        gap: Duration::ZERO,
        patience: Duration::from_millis(1),
        rest: Duration::from_millis(1),
        ..Order::usual(service)
    }
}

async fn saved(found: &[Visit], order: &Order, archive: &Server, ledger: &mut dyn Ledger) -> Saved {
    let service = service("wayback");
    let key = Key::new(service, SECRET).unwrap();
    let api = Api::new(&policy([archive.at("archive.test")])).unwrap();
    save(found, &Desk { service, order, key: &key, api: &api }, ledger, |_| {}, pending()).await
}

/// Visits of a site where every path answers but `/gone`.
async fn found(paths: &[&str]) -> Vec<Visit> {
    let site =
        Server::http(|seen, _| if seen.path == "/gone" { status(404) } else { html(&seen.path) }).await;
    let urls: Vec<String> = paths.iter().map(|path| site.url("site.test", path)).collect();
    visits(&urls, &policy([site.at("site.test")])).await
}

fn states(saved: &Saved) -> Vec<State> {
    saved.outcomes.iter().map(|outcome| outcome.state).collect()
}

#[tokio::test]
async fn what_is_there_is_handed_in_once_and_remembered() {
    let found = found(&["/a", "/a#part", "/gone", "/web/20250101000000/http://other.test/"]).await;
    let archive = Server::http(wayback).await;
    let order = order(service("wayback"), &archive);
    let mut ledger = Notebook::default();
    let first = saved(&found, &order, &archive, &mut ledger).await;
    // The one that is gone and the one that is a copy are not handed in.
    assert_eq!(states(&first), [State::Saved, State::Saved]);
    let copy = Some("https://web.archive.org/web/20250214100000/http://site.test/".to_owned());
    assert_eq!(first.outcomes[0].copy, copy);
    assert_eq!(archive.paths(), ["/save/", "/save/status/spn2-7", "/save/status/spn2-7"]);

    let second = saved(&found, &order, &archive, &mut ledger).await;
    assert_eq!(second, first);
    assert_eq!(archive.paths().len(), 3, "nothing is asked again");
    let old = Order { recent: Duration::ZERO, ..order };
    saved(&found, &old, &archive, &mut ledger).await;
    assert!(archive.paths().len() > 3, "a copy that is not recent is no reason");
}

#[tokio::test]
async fn the_limit_of_a_run_leaves_the_rest_to_the_next() {
    let found = found(&["/a", "/b", "/c"]).await;
    let archive = Server::http(wayback).await;
    let order = Order { limit: 2, ..order(service("wayback"), &archive) };
    let mut ledger = Notebook::default();
    let first = saved(&found, &order, &archive, &mut ledger).await;
    assert_eq!(states(&first), [State::Saved, State::Saved, State::Left]);
    let second = saved(&found, &order, &archive, &mut ledger).await;
    assert_eq!(states(&second), [State::Saved; 3]);
    assert_eq!(archive.paths().iter().filter(|path| *path == "/save/").count(), 3);
}

#[tokio::test]
async fn a_run_that_is_stopped_asks_after_its_copies_in_the_next() {
    let found = found(&["/a"]).await;
    let archive = Server::http(wayback).await;
    let service = service("wayback");
    let order = order(service, &archive);
    let slow = Order { patience: Duration::from_hours(1), ..order.clone() };
    let key = Key::new(service, SECRET).unwrap();
    let api = Api::new(&policy([archive.at("archive.test")])).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let open = || Store::open(&folder.path().join("memory"), Freshness::default(), String::new()).unwrap();
    let handed_in = async {
        while archive.paths().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let first =
        save(&found, &Desk { service, order: &slow, key: &key, api: &api }, &mut open(), |_| {}, handed_in)
            .await;
    assert_eq!(states(&first), [State::Pending]);
    let second = saved(&found, &order, &archive, &mut open()).await;
    assert_eq!(states(&second), [State::Saved]);
    assert_eq!(archive.paths().iter().filter(|path| *path == "/save/").count(), 1);
    let third = saved(&found, &order, &archive, &mut open()).await;
    assert_eq!(third.outcomes[0].copy, second.outcomes[0].copy);
}

#[tokio::test]
async fn a_service_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let found = found(&["/a", "/b"]).await;
    let busy = Server::http(|seen, before| match (seen.path.as_str(), before) {
        ("/save/", 0) => with(status(429), "retry-after", "0"),
        ("/save/", 1) => status(502),
        _ => wayback(seen, before),
    })
    .await;
    let busy_order = order(service("wayback"), &busy);
    let outcome = saved(&found, &busy_order, &busy, &mut Notebook::default()).await;
    assert_eq!(states(&outcome), [State::Saved; 2]);

    let down = Server::http(|_, _| status(503)).await;
    let down_order = order(service("wayback"), &down);
    let outcome = saved(&found, &down_order, &down, &mut Notebook::default()).await;
    assert_eq!(states(&outcome), [State::Left; 2]);
    assert_eq!(outcome.outcomes[0].why.as_deref(), Some("it is out of order (503)"));

    let many = self::found(&["/1", "/2", "/3", "/4", "/5", "/6"]).await;
    let asked = down.paths().len();
    let outcome = saved(&many, &down_order, &down, &mut Notebook::default()).await;
    assert_eq!(outcome.closed.as_deref(), Some("it is out of order (503)"));
    assert_eq!(down.paths().len() - asked, 9, "it is not asked for every source");

    let refusing = Server::http(|_, _| {
        json(format!(r#"{{"status":"error","status_ext":"error:blocked-url","message":"no, {SECRET}"}}"#))
    })
    .await;
    let mut ledger = Notebook::default();
    let order = order(service("wayback"), &refusing);
    let outcome = saved(&found, &order, &refusing, &mut ledger).await;
    assert_eq!(states(&outcome), [State::Refused; 2]);
    let said = format!("{outcome:?}{:?}", ledger.0);
    assert!(!said.contains("SECRET5678") && !said.contains("ACCESS1234"), "{said}");
    saved(&found, &order, &refusing, &mut ledger).await;
    assert_eq!(refusing.paths().len(), 2, "not again on the same day");
}

#[tokio::test]
async fn a_wrong_key_ends_it_at_once_and_goes_nowhere_else() {
    let found = found(&["/a", "/b"]).await;
    let archive = Server::http(|_, _| status(401)).await;
    let wrong = order(service("wayback"), &archive);
    let outcome = saved(&found, &wrong, &archive, &mut Notebook::default()).await;
    assert_eq!(states(&outcome), [State::Left; 2]);
    assert_eq!(outcome.closed.as_deref(), Some("it refuses the key in IBID_WAYBACK_KEY"));
    assert_eq!(archive.paths().len(), 1);

    let other = Server::http(|_, _| html("other")).await;
    let to = other.url("other.test", "/");
    let archive = Server::http(move |_, _| with(status(302), "location", &to)).await;
    let moved = order(service("wayback"), &archive);
    let service = service("wayback");
    let key = Key::new(service, SECRET).unwrap();
    let api = Api::new(&policy([archive.at("archive.test"), other.at("other.test")])).unwrap();
    save(
        &found,
        &Desk { service, order: &moved, key: &key, api: &api },
        &mut Notebook::default(),
        |_| {},
        pending(),
    )
    .await;
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn perma_copies_too() {
    let found = found(&["/a"]).await;
    let archive = Server::http(|seen, before| {
        assert_eq!(seen.header("authorization"), Some("ApiKey 0123456789"));
        match (seen.path.as_str(), before) {
            ("/v1/archives/", _) => {
                let mut reply = json(r#"{"guid":"AB12-CD34","captures":[]}"#);
                *reply.status_mut() = hyper::StatusCode::CREATED;
                reply
            }
            ("/v1/capture_jobs/AB12-CD34/", 0) => json(r#"{"status":"in_progress"}"#),
            _ => json(r#"{"status":"completed"}"#),
        }
    })
    .await;
    let perma = service("perma");
    let key = Key::new(perma, "0123456789").unwrap();
    let api = Api::new(&policy([archive.at("archive.test")])).unwrap();
    let order = order(perma, &archive);
    let outcome = save(
        &found,
        &Desk { service: perma, order: &order, key: &key, api: &api },
        &mut Notebook::default(),
        |_| {},
        pending(),
    )
    .await;
    assert_eq!(outcome.outcomes[0].copy.as_deref(), Some("https://perma.cc/AB12-CD34"));
}

/// The program: the key comes from the environment and is found nowhere afterwards.
#[tokio::test]
async fn the_program_hands_sources_in() {
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(|seen, _| html(&seen.path)).await;
    let archive = Server::http(wayback).await;
    let url = site.url("site.test", "/a");
    std::fs::write(folder.path().join("draft.md"), format!("See {url}\n")).unwrap();
    let command = move |folder: &std::path::Path, key: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
        command
            .args(["archive", "draft.md", "--save", "wayback", "--format", "json", "--no-config"])
            .args(["--cache", "memory", "--progress", "json"])
            .args(["--resolve", &format!("site.test:{}:127.0.0.1", site.addr.port())])
            .args(["--resolve", &format!("archive.test:{}:127.0.0.1", archive.addr.port())])
            .arg("--endpoint")
            .arg(format!("save-wayback={}", archive.url("archive.test", "")))
            .current_dir(folder)
            .env_remove("IBID_WAYBACK_KEY")
            .envs(key.map(|key| ("IBID_WAYBACK_KEY", key)));
        command
    };
    let path = folder.path().to_owned();
    let (without, first, second) = tokio::task::spawn_blocking(move || {
        let run = |key| command(&path, key).output().unwrap();
        (run(None), run(Some(SECRET)), run(Some(SECRET)))
    })
    .await
    .unwrap();
    assert_eq!(without.status.code(), Some(2));
    let said = String::from_utf8_lossy(&without.stderr);
    assert!(said.contains("IBID_WAYBACK_KEY"), "{said}");
    for run in [first, second] {
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(summary["sources"][0]["kept"], true);
        let saved = &summary["sources"][0]["saved"][0];
        assert_eq!((saved["archive"].as_str(), saved["state"].as_str()), (Some("wayback"), Some("saved")));
        assert_eq!(saved["copy"], "https://web.archive.org/web/20250214100000/http://site.test/");
        let all = [run.stdout, run.stderr].concat();
        assert!(!String::from_utf8_lossy(&all).contains("SECRET5678"));
    }
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(10).any(|part| part == b"SECRET5678"));
    }
}
