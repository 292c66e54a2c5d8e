//! What comes after the head: encodings, codings, broken and endless bodies.

use std::io::Write;
use std::time::Duration;

use ibid::source::{Policy, State, Visit};

use super::support::archive::gzip;
use super::support::server::{Server, body, html, page, policy, say, with};
use super::{is, visit, visits};

async fn one(reply: impl Fn() -> super::support::server::Reply + Send + Sync + 'static) -> Visit {
    let site = Server::http(move |_, _| reply()).await;
    visit(&site.url("site.test", "/a"), &policy([site.at("site.test")])).await
}

#[tokio::test]
async fn content_codings_are_undone() {
    let text = page("packed");
    let mut br = Vec::new();
    brotli::CompressorWriter::new(&mut br, 4096, 5, 22).write_all(text.as_bytes()).unwrap();
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(text.as_bytes()).unwrap();
    for (coding, bytes) in [("gzip", gzip(text.as_bytes())), ("br", br), ("deflate", zlib.finish().unwrap())]
    {
        let visit = one(move || with(body("text/html", bytes.clone()), "content-encoding", coding)).await;
        is(&visit, State::Ok, "");
        assert!(visit.page.is_some(), "{coding}");
    }
}

#[tokio::test]
async fn a_lie_about_the_coding_is_not_a_dead_page() {
    let visit = one(|| with(html("not packed at all"), "content-encoding", "gzip")).await;
    is(&visit, State::Unreachable, "compression");
}

#[tokio::test]
async fn only_html_is_read() {
    let visit = one(|| body("application/pdf", "%PDF-1.7")).await;
    is(&visit, State::Ok, "");
    assert!(visit.page.is_none());
    assert_eq!(visit.headers["content-type"], "application/pdf");

    let visit = one(|| body("", page("no type"))).await;
    is(&visit, State::Ok, "");
    assert!(visit.page.is_some());
}

#[tokio::test]
async fn an_empty_page_is_no_page() {
    is(&one(|| body("text/html", " \n")).await, State::Unreachable, "nothing");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_asked_for_again() {
    let site = Server::raw(|mut stream, _| async move {
        say(
            &mut stream,
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<html><p>",
        )
        .await;
    })
    .await;
    let visit = visit(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Unreachable, "broke off");
    assert_eq!(visit.status, Some(200));
    assert_eq!(visit.final_url, None);
    assert_eq!(site.seen().len(), 3);
}

#[tokio::test]
async fn a_page_that_ended_before_its_connection_broke_is_whole() {
    let site = Server::raw(|mut stream, _| async move {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n";
        say(&mut stream, format!("{head}{}", page("whole")).as_bytes()).await;
    })
    .await;
    let visit = visit(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Ok, "");
    assert_eq!(site.seen().len(), 1);
}

#[tokio::test]
async fn a_body_that_drips_for_ever_is_given_up() {
    let site = Server::raw(|mut stream, _| async move {
        say(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>").await;
        loop {
            say(&mut stream, b".").await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let policy = Policy { timeout: Duration::from_millis(150), ..policy([site.at("site.test")]) };
    let visit = visit(&site.url("site.test", "/"), &policy).await;
    is(&visit, State::Unreachable, "in time");
    assert_eq!(site.seen().len(), 2);
}

#[tokio::test]
async fn large_pages_and_bombs_are_cut_off_and_read() {
    let start = "<html><head><title>large</title></head><body>";
    let large = format!("{start}{}", "<p>word</p>".repeat(3_000_000));
    assert!(large.len() > 30 << 20);
    let packed = gzip(large.as_bytes());
    let site = Server::http(move |seen, _| match seen.path.as_str() {
        "/bomb" => with(body("text/html", packed.clone()), "content-encoding", "gzip"),
        _ => body("text/html", large.clone()),
    })
    .await;
    let policy = Policy { max_body: 100 << 10, ..policy([site.at("site.test")]) };
    let urls = ["/large", "/bomb"].map(|path| site.url("site.test", path));
    for visit in visits(&urls, &policy).await {
        is(&visit, State::Ok, "");
        assert!(visit.page.is_some());
    }
}
