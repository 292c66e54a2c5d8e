//! Answers from an archive.

use std::future::pending;

use ibid::source::{Origin, Policy, SourceError, State, visit_all};
use tempfile::NamedTempFile;

use super::support::archive::{gzip, packed, packed_as_one, page_of, plain, record, response, write};
use super::support::server::page;
use super::{is, visits};

fn replay(file: &NamedTempFile) -> Policy {
    Policy { origin: Origin::Replay(file.path().to_owned()), ..Policy::default() }
}

fn urls(urls: &[&str]) -> Vec<String> {
    urls.iter().map(|url| (*url).to_owned()).collect()
}

#[tokio::test]
async fn plain_and_packed_archives_answer_alike() {
    let records = [
        record("warcinfo", "info", &[("Content-Type", "application/warc-fields")], b"software: test\r\n"),
        page_of("https://a.test/", "A"),
        record("request", "q", &[("WARC-Target-URI", "https://a.test/old")], b"GET /old HTTP/1.1\r\n\r\n"),
        response("https://a.test/old", b"HTTP/1.1 301 Moved\r\nLocation: /new\r\n\r\n"),
        page_of("<https://A.test:443/new>", "New"),
        response("https://a.test/gone", b"HTTP/2 410\r\nContent-Type: text/html\r\n\r\n<p>gone"),
    ];
    let asked = urls(&[
        "https://a.test#x",
        "https://a.test/old",
        "https://a.test/gone",
        "https://b.test/",
        "http://a.test/",
    ]);
    for archive in [plain(&records), packed(&records), packed_as_one(&records)] {
        let visits = visits(&asked, &replay(&archive)).await;
        is(&visits[0], State::Ok, "");
        is(&visits[1], State::Moved, "https://a.test/new");
        is(&visits[2], State::Dead, "410");
        is(&visits[3], State::Unreachable, "archive has no answer for https://b.test/");
        is(&visits[4], State::Unreachable, "archive has no answer for http://a.test/");
        assert!(visits[0].page.is_some() && visits[1].page.is_some());
    }
}

#[tokio::test]
async fn codings_of_the_wire_are_undone() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let gz = gzip(page("gz").as_bytes());
    let mut chunked =
        format!("{head}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n").into_bytes();
    for part in gz.chunks(20) {
        chunked.extend(format!("{:x}\r\n", part.len()).into_bytes());
        chunked.extend(part);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let broken = format!("{head}Transfer-Encoding: chunked\r\n\r\n40\r\n<html>");
    let file =
        packed(&[response("https://a.test/c", &chunked), response("https://a.test/b", broken.as_bytes())]);
    let visits = visits(&urls(&["https://a.test/c", "https://a.test/b"]), &replay(&file)).await;
    is(&visits[0], State::Ok, "");
    assert!(visits[0].page.is_some());
    is(&visits[1], State::Unreachable, "record for https://a.test/b cannot be read");
}

#[tokio::test]
async fn the_later_answer_counts_and_revisits_stand_for_the_earlier() {
    let digest = ("WARC-Payload-Digest", "sha1:AAAA");
    let moved = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no".as_slice();
    let fresh = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", page("original"));
    let same =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nLast-Modified: Fri, 14 Feb 2025 10:00:00 GMT\r\n\r\n";
    let target = |url| ("WARC-Target-URI", url);
    let file = packed(&[
        page_of("https://a.test/late", "first"),
        response("https://a.test/late", moved),
        record("response", "one", &[target("https://a.test/one"), digest], fresh.as_bytes()),
        record(
            "revisit",
            "r1",
            &[target("https://a.test/by-id"), ("WARC-Refers-To", "<urn:uuid:one>")],
            same,
        ),
        record(
            "revisit",
            "r2",
            &[target("https://a.test/by-url"), ("WARC-Refers-To-Target-URI", "https://a.test/one")],
            b"HTTP/1.1 304 Not Modified\r\n\r\n",
        ),
        record("revisit", "r3", &[target("https://a.test/by-digest"), digest], b""),
        record(
            "revisit",
            "r4",
            &[target("https://a.test/dangling"), ("WARC-Payload-Digest", "sha1:ZZZZ")],
            same,
        ),
        record("revisit", "r5", &[target("https://a.test/one"), digest], same),
    ]);
    let asked = ["late", "by-id", "by-url", "by-digest", "dangling", "one"]
        .map(|name| format!("https://a.test/{name}"));
    let visits = visits(&asked, &replay(&file)).await;
    is(&visits[0], State::Dead, "404");
    for at in [1, 2, 3, 5] {
        is(&visits[at], State::Ok, "");
        assert!(visits[at].page.is_some(), "{}", asked[at]);
        assert_eq!(visits[at].status, Some(200));
    }
    assert_eq!(visits[1].headers.get("last-modified"), Some("Fri, 14 Feb 2025 10:00:00 GMT"));
    is(&visits[4], State::Unreachable, "does not hold");
}

#[tokio::test]
async fn nothing_is_waited_for_and_circles_end() {
    let file = plain(&[
        response("https://a.test/busy", b"HTTP/1.1 429 Busy\r\nRetry-After: 30\r\n\r\n"),
        response(
            "https://a.test/round",
            b"HTTP/1.1 302 Found\r\nLocation: /round\r\nSet-Cookie: a=1\r\n\r\n",
        ),
        response("https://a.test/in", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"),
    ]);
    let visits =
        visits(&urls(&["https://a.test/busy", "https://a.test/round", "https://a.test/in"]), &replay(&file))
            .await;
    is(&visits[0], State::Blocked, "429");
    is(&visits[1], State::Unreachable, "circle");
    is(&visits[2], State::Unsafe, "loopback");
}

#[tokio::test]
async fn an_answer_that_the_archiver_cut_short_is_read() {
    let http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n<html><p>start";
    let fields = [("WARC-Target-URI", "https://a.test/"), ("WARC-Truncated", "length")];
    let file = plain(&[record("response", "cut", &fields, http)]);
    is(&visits(&urls(&["https://a.test/"]), &replay(&file)).await[0], State::Ok, "");
}

#[tokio::test]
async fn a_damaged_archive_is_said_to_be_and_where() {
    let first = page_of("https://a.test/", "A");
    let second = page_of("https://a.test/b", "B");
    let whole = [first.clone(), second.clone()].concat();
    let gz = [gzip(&first), gzip(&second)].concat();
    let mut flipped = gz.clone();
    let at = gzip(&first).len() + 40;
    flipped[at] ^= 0xFF;
    let second_starts = format!("at byte {}", first.len());
    for (bytes, words) in [
        (whole[..whole.len() - 40].to_vec(), ["record 2", &second_starts, "breaks off"]),
        (whole[..first.len() + 30].to_vec(), ["record 2", &second_starts, "does not end"]),
        ([first.as_slice(), b"garbage\r\n\r\n"].concat(), ["record 2", &second_starts, "WARC/"]),
        (gz[..gz.len() - 30].to_vec(), ["record 2", "byte", ""]),
        (flipped, ["record 2", "byte", ""]),
        (
            String::from_utf8(first).unwrap().replace("WARC-Date: 2025", "WARC-Date: soon").into(),
            ["record 1", "at byte 0", "warc-date"],
        ),
        (b"PK\x03\x04 this is no archive".to_vec(), ["record 1", "at byte 0", "WARC/"]),
    ] {
        let file = write(&bytes);
        let err = visit_all(&[], &replay(&file), |_| {}, pending()).await.unwrap_err();
        assert!(matches!(err, SourceError::Damaged { .. }), "{err:?}");
        let said = err.to_string();
        assert!(said.contains(file.path().to_str().unwrap()), "{said}");
        for word in words {
            assert!(said.contains(word), "{said:?} says nothing of {word:?}");
        }
    }
    let policy = Policy { origin: Origin::Replay("/no/such.warc".into()), ..Policy::default() };
    let err = visit_all(&[], &policy, |_| {}, pending()).await.unwrap_err();
    assert!(matches!(err, SourceError::Unreadable { .. }), "{err}");
}
