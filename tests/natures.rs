//! What kind of page a page is, by what it shows.

use std::fmt::Write as _;

use ibid::page;
use url::Url;

#[test]
fn pages_are_what_they_show() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/natures/pages.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let url = Url::parse("https://gazette.example/news/a-story").unwrap();
    let (mut wrong, mut seen) = (String::new(), 0);
    for case in text.split("\n=== ").skip(1) {
        let (head, html) = case.split_once('\n').unwrap();
        let (want, name) = head.split_once(": ").unwrap();
        let nature = serde_json::to_value(page::read(html, &url).nature).unwrap();
        seen += 1;
        if nature["kind"] != want {
            writeln!(wrong, "{name}: want {want}, got {nature}").unwrap();
        }
    }
    assert!(seen > 100, "only {seen} pages");
    assert!(wrong.is_empty(), "\n{wrong}");
}
