//! A list of addresses: one a line; empty lines and lines that begin with `#` say nothing.

use std::io::{self, BufRead};

use url::Url;

/// Lines by which a list is known.
const LINES: usize = 20;

/// An address, or the number and text of a line that is none.
pub type Entry = Result<Url, (usize, String)>;

/// Is a text a list of addresses? Most of its first lines are, then; a few may be slips.
pub fn is_list(beginning: &str) -> bool {
    let lines = || beginning.lines().filter(|line| says_something(line)).take(LINES);
    let addresses = lines().filter(|line| address(line).is_some()).count();
    addresses > 0 && addresses * 3 > lines().count() * 2
}

/// Reads a list, line by line.
pub fn read(list: impl BufRead) -> impl Iterator<Item = io::Result<Entry>> {
    let lines = list.split(b'\n').enumerate().map(|(at, line)| {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}').trim();
        Ok(says_something(line).then(|| address(line).ok_or_else(|| (at + 1, line.to_owned()))))
    });
    lines.filter_map(Result::transpose)
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn address(line: &str) -> Option<Url> {
    let url = Url::parse(line.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && !line.trim().contains(char::is_whitespace)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_documents() {
        assert!(is_list("# ours\n\nhttps://example.org/a\r\nhttp://example.org/b\n"));
        for document in
            ["", "# Title\n", "See https://example.org/a\n", "https://example.org/a is dead\n", "mailto:x@y"]
        {
            assert!(!is_list(document), "{document}");
        }
    }

    #[test]
    fn wrong_lines_are_told_with_their_number() {
        let text = "\u{feff}https://a.example/\n\n# no\nnot one\nhttps://b.example/x#y\n";
        let entries: Vec<Entry> = read(text.as_bytes()).collect::<Result<_, _>>().unwrap();
        let url = |text: &str| Ok(Url::parse(text).unwrap());
        assert_eq!(
            entries,
            [url("https://a.example/"), Err((4, "not one".to_owned())), url("https://b.example/x#y")]
        );
    }
}
