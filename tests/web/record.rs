//! What goes over the wire, written down.

use std::future::pending;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use ibid::capture::{self, Writer};
use ibid::source::{Event, HostRule, Origin, Policy, Recorder, State, Visit, visit_all};
use reqwest::Version;

use super::support::archive::{Found, gzip, records_of, sha1};
use super::support::server::{
    Reply, Seen, Server, body, dropped, html, page, policy, redirect, say, status, with,
};
use super::support::tls::Authority;
use super::{is, visits};

/// Visits sources and writes down what is seen.
pub(super) async fn recorded(urls: &[String], policy: &Policy, path: &Path, limit: u64) -> Vec<Visit> {
    let writer = Arc::new(Writer::create(path, limit, policy).unwrap());
    let policy = Policy { recorder: Some(writer.clone()), ..policy.clone() };
    let heard = |event: Event<'_>| {
        if let Event::Visited(visit) = event {
            writer.visited(visit);
        }
    };
    let visits = visit_all(urls, &policy, heard, pending()).await.unwrap();
    writer.finish().unwrap();
    visits
}

pub(super) fn replay(path: &Path) -> Policy {
    Policy { origin: Origin::Replay(path.to_owned()), ..Policy::default() }
}

/// A site with one of everything.
pub(super) fn answer(seen: &Seen, before: usize) -> Reply {
    let dated = |title: &str| {
        page(title).replace(
            "<head>",
            "<head><meta property='article:published_time' content='2025-03-01T08:00:00Z'>",
        )
    };
    let brotli = |text: &str| {
        let mut bytes = Vec::new();
        brotli::CompressorWriter::new(&mut bytes, 4096, 5, 22).write_all(text.as_bytes()).unwrap();
        bytes
    };
    let reply = match seen.path.split('?').next().unwrap_or_default() {
        "/plain" => body("text/html", dated("Plain")),
        "/again" => body("text/html", dated("Plain")),
        "/gzip" => with(body("text/html", gzip(dated("Gzip").as_bytes())), "content-encoding", "gzip"),
        "/br" => with(body("text/html", brotli(&dated("Brotli"))), "content-encoding", "br"),
        "/lie" => with(html("not packed"), "content-encoding", "gzip"),
        "/moved" => redirect(301, "/plain"),
        "/round" => redirect(302, "/round"),
        "/gone" => status(404),
        "/busy" => status(503),
        "/soon" if before == 0 => status(503),
        "/soon" => body("text/html", dated("Soon")),
        "/wall" => status(403),
        "/image" => body("image/png", vec![7; 3000]),
        "/pdf" => body("application/pdf", "%PDF-1.7 and nothing else"),
        "/large" => body("text/html", dated("Large") + &"<p>more</p>".repeat(100_000)),
        "/dropped" => dropped(),
        "/empty" => body("text/html", ""),
        path => html(path),
    };
    // What is asked twice answers twice the same, whenever that is.
    with(reply, "date", "Mon, 03 Mar 2025 10:00:00 GMT")
}

pub(super) const PATHS: [&str; 18] = [
    "/plain",
    "/again",
    "/gzip",
    "/br",
    "/lie",
    "/moved",
    "/round",
    "/gone",
    "/busy",
    "/soon",
    "/wall",
    "/image",
    "/pdf",
    "/large",
    "/dropped",
    "/empty",
    "/plain#part",
    "/other",
];

#[tokio::test]
async fn a_replay_gives_what_the_run_gave() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::http(answer).await;
    let mut urls: Vec<String> = PATHS.iter().map(|path| site.url("site.test", path)).collect();
    urls.extend(["http://nowhere.invalid/", "http://127.0.0.1/", "no address"].map(str::to_owned));
    let policy = policy([site.at("site.test")]);
    let live = recorded(&urls, &policy, &path, capture::LIMIT).await;
    let unrecorded = visits(&urls, &policy).await;
    let replayed = visits(&urls, &replay(&path)).await;
    assert_eq!(live.len(), urls.len());
    for ((live, replayed), unrecorded) in live.iter().zip(&replayed).zip(&unrecorded) {
        assert_eq!(live, replayed);
        // The server's clock goes on.
        let mut unrecorded = unrecorded.clone();
        unrecorded.headers.clone_from(&live.headers);
        assert_eq!(*live, unrecorded);
    }
    let states: Vec<State> = live.iter().map(|visit| visit.state).collect();
    for state in State::ALL.into_iter().filter(|state| !matches!(state, State::Skipped | State::Soft404)) {
        assert!(states.contains(&state), "{state:?} is not among them");
    }
}

#[tokio::test]
async fn every_record_is_whole_and_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::http(answer).await;
    let url = |path: &str| site.url("site.test", path);
    let urls = ["/gzip", "/moved", "/other?a=1"].map(url);
    recorded(&urls, &policy([site.at("site.test")]), &path, capture::LIMIT).await;
    let records = records_of(&path);
    assert_eq!(records[0].kind, "warcinfo");
    assert!(records[0].text().contains("format: WARC File Format 1.1\r\n"), "{}", records[0].text());
    assert_eq!(records[0].field("warc-filename"), "web.warc.gz");
    let of = |kind: &str, url: &str| -> &Found {
        records.iter().find(|record| record.kind == kind && record.url() == url).unwrap()
    };
    let packed = of("response", &url("/gzip"));
    assert_eq!(packed.field("content-type"), "application/http; msgtype=response");
    assert_eq!(packed.field("warc-ip-address"), "127.0.0.1");
    let head = packed.text();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("\r\ncontent-encoding: gzip\r\n"),
        "{head}"
    );
    // As it was sent.
    assert!(packed.payload().starts_with(b"\x1F\x8B"));
    assert_eq!(
        format!("content-length: {}", packed.payload().len()),
        head.lines().find(|line| line.starts_with("content-length")).unwrap()
    );
    let moved = of("response", &url("/moved"));
    assert!(moved.text().contains("\r\nlocation: /plain\r\n"));
    assert!(moved.text().ends_with("</html>"), "a redirect has a body too");

    for answer in records.iter().filter(|record| matches!(record.kind.as_str(), "response" | "revisit")) {
        let question = of("request", answer.url());
        assert_eq!(question.field("warc-concurrent-to"), answer.field("warc-record-id"));
        assert_eq!(answer.field("warc-concurrent-to"), question.field("warc-record-id"));
        let path = answer.url().split(&format!(":{}", site.addr.port())).nth(1).unwrap();
        let asked = format!("GET {path} HTTP/1.1\r\nhost: site.test:{}\r\n", site.addr.port());
        assert!(question.text().starts_with(&asked), "{}", question.text());
        assert!(question.text().contains("\r\nuser-agent: Mozilla/5.0 (compatible; ibid/"));
        assert!(question.text().contains("\r\naccept-encoding: gzip, br, deflate\r\n"));
    }
    let about = of("metadata", &url("/moved")).text().into_owned();
    assert!(about.starts_with("state: moved\r\nreason: It moved permanently"), "{about}");
    let mut ids: Vec<&str> = records.iter().map(|record| record.field("warc-record-id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), records.len());
}

#[tokio::test]
async fn what_came_before_is_referred_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::http(answer).await;
    let urls = ["/plain", "/again", "/empty", "/empty?2"].map(|path| site.url("site.test", path));
    recorded(&urls, &policy([site.at("site.test")]), &path, capture::LIMIT).await;
    let records = records_of(&path);
    let revisits: Vec<&Found> = records.iter().filter(|record| record.kind == "revisit").collect();
    let [revisit] = revisits[..] else { panic!("{revisits:?}") };
    let original =
        records.iter().find(|r| r.field("warc-record-id") == revisit.field("warc-refers-to")).unwrap();
    assert_eq!(original.kind, "response");
    assert_eq!(original.url(), revisit.field("warc-refers-to-target-uri"));
    assert_eq!(original.field("warc-date"), revisit.field("warc-refers-to-date"));
    assert_eq!(original.field("warc-payload-digest"), revisit.field("warc-payload-digest"));
    assert_eq!(
        revisit.field("warc-profile"),
        "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    );
    assert!(revisit.text().starts_with("HTTP/1.1 200 OK\r\n") && revisit.payload().is_empty());
}

#[tokio::test]
async fn a_body_over_the_limit_is_cut_and_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::http(answer).await;
    let urls = ["/large", "/large?again", "/plain"].map(|path| site.url("site.test", path));
    let live = recorded(&urls, &policy([site.at("site.test")]), &path, 150_000).await;
    let records = records_of(&path);
    let cut: Vec<&Found> = records.iter().filter(|r| r.field("warc-truncated") == "length").collect();
    assert_eq!(cut.len(), 2);
    for record in cut {
        // Half a payload is referred to by nothing.
        assert_eq!((record.kind.as_str(), record.payload().len()), ("response", 150_000));
    }
    assert_eq!(live, visits(&urls, &replay(&path)).await);
    assert!(live[0].page.is_some());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_kept_as_far_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::raw(|mut stream, _| async move {
        let head =
            "HTTP/1.1 200 Quite Fine\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<html><p>half";
        say(&mut stream, head.as_bytes()).await;
    })
    .await;
    let urls = [site.url("site.test", "/")];
    let live = recorded(&urls, &policy([site.at("site.test")]), &path, capture::LIMIT).await;
    is(&live[0], State::Unreachable, "broke off");
    assert_eq!(live, visits(&urls, &replay(&path)).await);
    let records = records_of(&path);
    let answer = records.iter().find(|record| record.kind == "response").unwrap();
    assert_eq!(answer.field("warc-truncated"), "disconnect");
    assert!(answer.text().starts_with("HTTP/1.1 200 Quite Fine\r\n"), "{}", answer.text());
    assert_eq!(answer.payload(), b"<html><p>half");
}

#[tokio::test]
async fn chunks_are_joined_and_their_field_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::raw(|mut stream, _| async move {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
        say(&mut stream, format!("{head}6\r\n<html>\r\n7\r\n</html>\r\n0\r\n\r\n").as_bytes()).await;
    })
    .await;
    let urls = [site.url("site.test", "/")];
    let live = recorded(&urls, &policy([site.at("site.test")]), &path, capture::LIMIT).await;
    assert_eq!(live, visits(&urls, &replay(&path)).await);
    let records = records_of(&path);
    let answer = records.iter().find(|record| record.kind == "response").unwrap();
    assert!(answer.text().contains("\r\nx-orig-transfer-encoding: chunked\r\n"), "{}", answer.text());
    assert_eq!(answer.payload(), b"<html></html>");
}

#[tokio::test]
async fn what_is_the_users_own_is_not_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let site = Server::http(|seen, before| match seen.path.as_str() {
        "/cookies" if before == 0 => with(redirect(302, "/cookies"), "set-cookie", "visit=given-to-anyone"),
        path => with(html(path), "set-cookie", "session=given-to-the-user"),
    })
    .await;
    let mut headers = reqwest::header::HeaderMap::new();
    for (name, value) in [
        ("authorization", "Bearer secret-token"),
        ("cookie", "login=secret-cookie"),
        ("x-api-key", "secret-key"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    let rule = HostRule { host: "own.test".to_owned(), headers, ..HostRule::default() };
    let mut policy = policy([site.at("own.test"), site.at("any.test")]);
    policy.hosts = vec![rule];
    let urls = [
        site.url("own.test", "/own"),
        site.url("any.test", "/cookies"),
        site.url("any.test", "/named").replace("//", "//lovelace:secret-word@"),
    ];
    let live = recorded(&urls, &policy, &path, capture::LIMIT).await;
    assert_eq!(live.iter().map(|visit| visit.state).collect::<Vec<_>>(), [State::Ok; 3]);
    let sent = site.seen();
    assert!(sent.iter().any(|seen| seen.header("x-api-key") == Some("secret-key")));
    assert!(sent.iter().any(|seen| seen.path == "/named" && seen.header("authorization").is_some()));

    let records = records_of(&path);
    let all: Vec<String> =
        records.iter().map(|record| format!("{:?}{}", record.fields, record.text())).collect();
    let all = all.concat();
    for secret in ["secret", "lovelace", "bG92ZWxhY2U6", "authorization", "x-api-key", "\r\ncookie"] {
        assert!(!all.contains(secret), "{secret} is in the archive");
    }
    let answer = |path: &str| {
        let url = |record: &Found| record.url().ends_with(path);
        records
            .iter()
            .filter(|r| r.kind == "response" && url(r))
            .map(|r| r.text().into_owned())
            .collect::<String>()
    };
    assert!(!answer("/own").contains("set-cookie") && !answer("/named").contains("set-cookie"));
    assert!(answer("/cookies").contains("set-cookie: visit=given-to-anyone"));
    // What the user alone could see is there all the same.
    is(&visits(&[site.url("own.test", "/own")], &replay(&path)).await[0], State::Ok, "");
}

#[tokio::test]
async fn http_2_is_written_as_archives_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let authority = Authority::new();
    let site = Server::https(authority.server("site.test", &["h2"]), |_, _| html("two")).await;
    let pem = authority.file();
    let mut policy = policy([site.at("site.test")]);
    policy.cacerts = vec![pem.path().to_owned()];
    let urls = [site.url("site.test", "/")];
    let live = recorded(&urls, &policy, &path, capture::LIMIT).await;
    assert_eq!(site.seen()[0].version, Version::HTTP_2);
    assert_eq!(live, visits(&urls, &replay(&path)).await);
    let records = records_of(&path);
    let answer = records.iter().find(|record| record.kind == "response").unwrap();
    assert_eq!(answer.field("warc-protocol"), "h2");
    assert!(answer.text().starts_with("HTTP/1.1 200 OK\r\n"), "{}", answer.text());
}

#[tokio::test]
async fn nothing_is_answered_from_memory_while_it_is_recorded() {
    use ibid::memory::{Freshness, Store};
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(|_, _| with(html("kept"), "etag", "\"1\"")).await;
    let urls = [site.url("site.test", "/")];
    let policy = policy([site.at("site.test")]);
    for name in ["one.warc.gz", "two.warc.gz"] {
        let path = folder.path().join(name);
        let mut memory =
            Store::open(&folder.path().join("memory"), Freshness::default(), String::new()).unwrap();
        let writer = Arc::new(Writer::create(&path, capture::LIMIT, &policy).unwrap());
        let policy = Policy { recorder: Some(writer.clone()), ..policy.clone() };
        let visits = ibid::source::revisit_all(&urls, &policy, &mut memory, |_| {}, pending()).await.unwrap();
        is(&visits[0], State::Ok, "");
        assert!(records_of(&path).iter().any(|record| record.kind == "response"));
    }
    assert!(site.seen().iter().all(|seen| seen.header("if-none-match").is_none()));
    assert_eq!(site.seen().len(), 2);
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "something").unwrap();
    let error = Writer::create(file.path(), capture::LIMIT, &Policy::default()).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "something");
}

#[test]
fn what_could_not_be_written_is_told_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.warc.gz");
    let writer = Writer::create(&path, capture::LIMIT, &Policy::default()).unwrap();
    let before = std::fs::read(&path).unwrap();
    writer.failed(io::Error::other("the disk is full"));
    let silence = ibid::source::Silence {
        url: "http://a.test/".parse().unwrap(),
        at: jiff::Timestamp::now(),
        fault: "timed-out".to_owned(),
        reason: "late".to_owned(),
    };
    writer.silence(&silence);
    let error = writer.finish().unwrap_err();
    assert!(format!("{:#}", anyhow::Error::from(error)).contains("the disk is full"));
    assert_eq!(std::fs::read(&path).unwrap(), before, "what was whole stays so");
}

#[test]
fn digests_are_those_that_archives_use() {
    // FIPS 180-4: of the empty text.
    assert_eq!(sha1(b""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
}
