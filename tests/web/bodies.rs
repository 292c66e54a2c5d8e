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
async fn only_pages_and_pdf_files_are_read() {
    let visit = one(|| body("image/png", "<p>")).await;
    is(&visit, State::Ok, "");
    assert!(visit.page.is_none());
    assert_eq!(visit.headers.get("content-type"), Some("image/png"));

    let visit = one(|| body("application/pdf", "%PDF-1.7 and nothing else")).await;
    is(&visit, State::Ok, "");
    assert_eq!(visit.page.unwrap().titles, [""; 0]);

    let visit = one(|| body("application/pdf", paper())).await;
    let read = visit.page.unwrap();
    assert_eq!(read.titles, ["Harbour Tolls in Lindby", "The Tolls of Lindby"]);
    assert_eq!(read.authors, ["Ada Lind"]);
    let dates: Vec<String> =
        read.dates.iter().map(|claim| format!("{} {}", claim.date, claim.evidence)).collect();
    assert_eq!(dates, ["2021-05-03 pdf first page", "2021-05-04 pdf CreationDate"]);

    let visit = one(|| body("", page("no type"))).await;
    is(&visit, State::Ok, "");
    assert!(visit.page.is_some());
}

/// A file of one page.
fn paper() -> Vec<u8> {
    let line =
        |size: u8, y: u16, words: &str| format!("BT /F 1 Tf {size} 0 0 {size} 72 {y} Tm ({words}) Tj ET\n");
    let text = [
        line(24, 770, "Harbour Tolls in Lindby"),
        line(11, 735, "3 May 2021"),
        line(11, 690, "The harbour council met on Tuesday to hear what the new tolls would cost those"),
        line(11, 676, "who fish for a living, and nobody left the hall content with what was said."),
    ];
    let text = text.concat();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>"
            .to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        format!("<</Length {}>>stream\n{text}endstream", text.len()),
        "<</Title(The Tolls of Lindby)/Author(Ada Lind)/CreationDate(D:20210504100000+02'00')>>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table = file.len();
    file += &format!(
        "xref\n0 7\n0000000000 65535 f \n{places}trailer\n<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n{table}\n%%EOF\n"
    );
    file.into_bytes()
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
