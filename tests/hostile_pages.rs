//! Pages made to break their reader cost bounded time and memory, and are read as far as they can be.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ibid::page::{self, Page};
use url::Url;

/// What one page may take, in a slow build on a busy machine. Anything quadratic takes hours.
const TIME: Duration = Duration::from_mins(1);

/// Reads a page whose start and end are those of an honest one.
#[track_caller]
fn read(middle: &str) -> Page {
    let html = format!(
        "<html lang=en><head><title>Harbour tolls</title>\
         <meta property='article:published_time' content='2025-02-12T08:00:00+01:00'></head>\
         <body><h1>Harbour tolls</h1>{middle}</body></html>"
    );
    let start = Instant::now();
    let page = page::read(&html, &Url::parse("https://ledger.example/tolls").unwrap());
    assert!(start.elapsed() < TIME, "{:?}", start.elapsed());
    assert_eq!(page.title.as_deref(), Some("Harbour tolls"));
    assert_eq!(
        page::published(&page.dates).map(|claim| claim.date.to_string()).as_deref(),
        Some("2025-02-12")
    );
    assert!(page.dates.len() < 2_000 && page.titles.len() < 100 && page.authors.len() < 100);
    page
}

const MANY: usize = 300_000;

#[test]
fn towers_of_elements() {
    read(&"<div>".repeat(MANY * 20));
    read(&"<b><div class=comment>".repeat(MANY));
    read(&format!("{}{}", "<p>".repeat(MANY), "</div>".repeat(MANY)));
    read(&format!("{}{}", "<i>x".repeat(MANY), "</table>".repeat(MANY)));
}

#[test]
fn crowds_of_attributes() {
    let attributes: String = (0..MANY).fold(String::new(), |mut all, n| {
        write!(all, " data-{n}='{n}'").unwrap();
        all
    });
    read(&format!("<div{attributes}><time datetime=2025-02-12>12 February 2025</time></div>"));
    read(&format!("<div class='{}'>{}</div>", "comment ".repeat(MANY), "<p>3 May 2024</p>".repeat(1_000)));
    read(&format!("<div {}", "a=\"".repeat(MANY)));
    read(&"<p title='never closed>".repeat(MANY / 10));
}

#[test]
fn crowds_of_dates() {
    read(
        &"<p>x<p>x<p>x<p>x<p>x<aside><time datetime=2025-02-13>13 February 2025</time></aside>"
            .repeat(MANY / 10),
    );
    read(&"<aside>13 February 2024</aside>".repeat(MANY / 10));
    read(&"13 February 2024, ".repeat(MANY));
    read(&"2024 ".repeat(MANY));
    read(&"1.".repeat(MANY));
    read(&"20".repeat(MANY));
    read(&"<meta name=date content=2024-02-13>".repeat(MANY / 10));
}

#[test]
fn data_that_explodes() {
    let script = |data: &str| format!("<script type='application/ld+json'>{data}</script>");
    read(&script(&"[".repeat(MANY)));
    read(&script(&"{\"@graph\":[".repeat(MANY)));
    read(&script(&format!("[{}1]", "{\"@type\":\"Article\"},".repeat(MANY))));
    read(&script(&format!("{{\"@type\":\"Event\",\"name\":\"{}\"}}", "x".repeat(MANY * 10))));
    read(&script("{\"@type\":\"Event\",").repeat(MANY / 10));
    read(&format!("<script>{}</script>", "datePublished".repeat(MANY)));
    read(&format!("<script>{}</script>", "\"datePublished\":x,".repeat(MANY)));
}

#[test]
fn text_that_never_ends() {
    read(&"&amp;&#x41;&bogus;".repeat(MANY));
    read(&"<".repeat(MANY));
    read(&"</".repeat(MANY));
    read(&"<!--".repeat(MANY));
    read(&format!("<script>{}", "</scrip".repeat(MANY)));
    read(&"<h1>Harbour</h1>".repeat(MANY / 10));
    read(&"<a rel=author>x".repeat(MANY / 10));
    read(&"ا٢٠٢٥ ".repeat(MANY));
}

#[test]
fn forests_of_refreshes_keep_the_first() {
    let page = read(&"<meta http-equiv=refresh content='0; url=/next'>".repeat(MANY / 10));
    assert_eq!(page.refresh, Some((0, "https://ledger.example/next".to_owned())));
}
