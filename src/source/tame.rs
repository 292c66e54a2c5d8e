//! The part of a page that can be read at a bounded cost.
//!
//! A tree costs by its elements and not by its bytes: four mebibytes of `<b>` take 190 MiB, and a few
//! hundred kilobytes of nested `<div>` keep a parser busy for minutes, since it looks through all open
//! elements for each new one. No page that people read comes near these limits; one that passes them is
//! read up to there, like any page that is too long.

/// Open elements, one inside the other. Browsers stop nesting at 512; pages that forget to close what
/// they open get some more.
const DEPTH: usize = 1_000;

/// What a page may cost: an element counts [`ELEMENT`], each of its attributes one. The largest
/// documents on the web (specifications, whole books) have some hundred thousand elements.
const COST: usize = 600_000;
const ELEMENT: usize = 3;

/// Elements that contain nothing or that the next one closes: leaving them open nests nothing.
const FLAT: &[&str] = &[
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
    "wbr",
];

/// As much of a page as keeps within the limits.
pub(super) fn tame(html: &str) -> &str {
    let bytes = html.as_bytes();
    let (mut at, mut depth, mut cost) = (0, 0_usize, 0);
    while let Some(start) = find(bytes, at, b"<") {
        at = start + 1;
        let rest = &bytes[at..];
        if rest.starts_with(b"!--") {
            at = find(bytes, at, b"-->").unwrap_or(bytes.len());
            continue;
        }
        let closes = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closes)..];
        let name = &name[..name.iter().take_while(|b| b.is_ascii_alphanumeric()).count()];
        if !name.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        let (end, attributes) = end_of_tag(bytes, at);
        if !FLAT.iter().any(|flat| is(flat)) {
            depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        }
        cost += if closes { 0 } else { ELEMENT + attributes };
        if depth > DEPTH || cost > COST {
            return &html[..start];
        }
        at = end;
        // What stands in there only looks like elements: `for (i=0;i<n;i++)`.
        for raw in ["script", "style"] {
            if !closes && is(raw) {
                at = end_of_raw(bytes, at, raw);
            }
        }
    }
    html
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    let first = what[0];
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == first)?;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
}

/// Where a tag ends, and how many attributes it has.
fn end_of_tag(bytes: &[u8], from: usize) -> (usize, usize) {
    let (mut attributes, mut quote, mut gap) = (0, None, false);
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return (at, attributes),
            (None, b'"' | b'\'') if bytes[at - 1] == b'=' => quote = Some(byte),
            (None, byte) => {
                let space = byte.is_ascii_whitespace();
                attributes += usize::from(gap && !space);
                gap = space;
            }
        }
    }
    (bytes.len(), attributes)
}

/// The `<` of `</script` or `</style`.
fn end_of_raw(bytes: &[u8], from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(end) = find(bytes, at, b"</") {
        let tail = &bytes[end + 2..];
        if tail.len() >= name.len() && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return end;
        }
        at = end + 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_stay_whole() {
        let row = "<tr><td class=a>x<br><td>y <b>z</b></tr><p class='a b c d e f g > h i j'>two<img src=x>\n";
        let page = format!("<html><body>{}", row.repeat(20_000));
        assert_eq!(tame(&page).len(), page.len());
    }

    #[test]
    fn scripts_styles_and_comments_nest_nothing() {
        let code = "for(i=0;i<n;i++){a<b}".repeat(5_000);
        for (open, close) in [("<script>", "</SCRIPT>"), ("<style a=b>", "</style>"), ("<!-- ", "-->")] {
            let page = format!("<p>{open}{code}{close}<p>end");
            assert_eq!(tame(&page).len(), page.len());
        }
    }

    #[test]
    fn towers_and_crowds_are_cut() {
        let tower = format!("<p>start{}", "<div>".repeat(100_000));
        assert_eq!(tame(&tower).len(), "<p>start".len() + DEPTH * "<div>".len());
        let crowd = "<i>x</i>".repeat(500_000);
        assert_eq!(tame(&crowd).len(), COST / ELEMENT * "<i>x</i>".len());
        let busy = "<br a b c d e f g>".repeat(100_000);
        assert_eq!(tame(&busy).len(), COST / (ELEMENT + 7) * "<br a b c d e f g>".len());
    }

    #[test]
    fn broken_markup_is_passed_over() {
        for page in ["<", "a < b", "<!-- never closed", "<script>never closed", "<p", "</", "é<é>é"] {
            assert_eq!(tame(page), page);
        }
    }
}
