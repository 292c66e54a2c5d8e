//! Does a page have the place that a fragment names?

use percent_encoding::percent_decode_str;

/// The fragments of a page that name a place in its mark-up and have none there.
pub(super) fn absent(html: &str, wanted: &[String]) -> Vec<String> {
    wanted.iter().filter(|fragment| names_a_place(fragment) && !has(html, fragment)).cloned().collect()
}

/// Is the fragment the name of an element, and not a script's: a route (`#/a`, `#!a`), a state
/// (`#a=1`, `#L10-L20`), a text to look for (`#:~:text=`)? `#top` needs no element (WHATWG HTML, 7.4.6.4).
fn names_a_place(fragment: &str) -> bool {
    let lines = || {
        let rest = fragment.strip_prefix('L').unwrap_or_default();
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'L' | b'C'))
    };
    !(fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
        || fragment.starts_with(['/', '!', ':', '?'])
        || fragment.contains(['=', '&'])
        || fragment.contains(":~:")
        || lines())
}

/// Is there an element of that `id`, or an old anchor of that `name`? GitHub puts `user-content-` before
/// the names that its users choose, and a script takes it off.
fn has(html: &str, fragment: &str) -> bool {
    let decoded = percent_decode_str(fragment).decode_utf8_lossy();
    let escaped = decoded.replace('&', "&amp;");
    let spellings = [fragment, &decoded, &escaped];
    spellings.iter().any(|name| html.match_indices(*name).any(|(at, _)| is_name(html, at, at + name.len())))
}

/// Does a value of `id` or `name` stand between these two places?
fn is_name(html: &str, from: usize, to: usize) -> bool {
    let before = &html[..from];
    let before = before.strip_suffix("user-content-").unwrap_or(before);
    let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let ends = match (quote, html[to..].chars().next()) {
        (Some(quote), Some(next)) => next == quote,
        (None, Some(next)) => next.is_ascii_whitespace() || matches!(next, '>' | '/'),
        (_, None) => false,
    };
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before).trim_ascii_end();
    let Some(before) = before.strip_suffix('=') else { return false };
    let before = before.trim_ascii_end().as_bytes();
    ends && [b"id".as_slice(), b"name"].iter().any(|attribute| {
        let Some(at) = before.len().checked_sub(attribute.len() + 1) else { return false };
        before[at].is_ascii_whitespace() && before[at + 1..].eq_ignore_ascii_case(attribute)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<h2 id="one">1</h2><a NAME = 'two'></a><p class=x id=three><i id="user-content-four">
        <a href="#five">5</a><p data-id="six"><p id="seven-a"><p id="caf&amp;é"><script>"id=eight"</script>"##;

    #[test]
    fn places() {
        let absent = |fragment: &str| !absent(PAGE, &[fragment.to_owned()]).is_empty();
        for there in ["one", "two", "three", "four", "caf%26%C3%A9"] {
            assert!(!absent(there), "{there}");
        }
        for missing in ["five", "six", "seven", "eight", "nine"] {
            assert!(absent(missing), "{missing}");
        }
        for no_name in ["", "Top", "/route", "!route", ":~:text=a", "page=3", "L10-L20", "L7"] {
            assert!(!absent(no_name), "{no_name}");
        }
    }
}
