//! Tags of HTML inside formats that let it through: the links on them and the text between them.

use std::borrow::Cow;
use std::ops::Range;

/// A piece of a stretch of HTML, with its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// Text between two tags, entities not yet decoded.
    Text(&'t str),
    /// `<a href="…">`; other anchors are left out.
    Link(Cow<'t, str>),
    /// `</a>`
    LinkEnd,
    /// A tag that ends a line or a block.
    Break,
}

/// Cuts HTML into pieces, with their bytes. Comments, scripts, styles, titles and fields are left out.
pub(crate) fn pieces(html: &str) -> Vec<(Range<usize>, Piece<'_>)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut spent = [false; 2];
    while at < html.len() {
        let Some(open) = html[at..].find('<').map(|open| at + open) else {
            pieces.push((at..html.len(), Piece::Text(&html[at..])));
            break;
        };
        if open > at {
            pieces.push((at..open, Piece::Text(&html[at..open])));
        }
        if html[open..].starts_with("<!--") {
            at = html[open..].find("-->").map_or(html.len(), |end| open + end + 3);
            continue;
        }
        if !html[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            pieces.push((open..open + 1, Piece::Text(&html[open..=open])));
            at = open + 1;
            continue;
        }
        let end = tag_end(html, open, &mut spent);
        let tag = &html[open + 1..end];
        let name =
            tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        let closing = tag.strip_prefix('/').map(|tag| tag.trim_end_matches('>').trim().to_ascii_lowercase());
        at = end;
        match (name.to_ascii_lowercase().as_str(), closing.as_deref()) {
            ("a", _) => {
                if let Some(href) = attribute(tag, "href") {
                    pieces.push((open..end, Piece::Link(decoded(href))));
                }
            }
            (_, Some("a")) => pieces.push((open..end, Piece::LinkEnd)),
            (raw @ ("script" | "style" | "textarea" | "title"), _) => {
                let close = format!("</{raw}");
                at = find_ignoring_case(&html[end..], &close).map_or(html.len(), |close| end + close);
            }
            ("br" | "p" | "div" | "li" | "td" | "th" | "tr", _)
            | (_, Some("p" | "div" | "li" | "td" | "th")) => {
                pieces.push((open..end, Piece::Break));
            }
            _ => {}
        }
    }
    pieces
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Behind the `>` that ends a tag; one inside a quoted value does not. A value that never ends is no
/// value, and that a kind of quote comes no more is remembered in `spent`.
fn tag_end(html: &str, open: usize, spent: &mut [bool; 2]) -> usize {
    let mut at = open;
    loop {
        let Some(next) = html[at..].find(['>', '"', '\'']).map(|next| at + next) else { return html.len() };
        let kind = match html.as_bytes()[next] {
            b'>' => return next + 1,
            b'"' => 0,
            _ => 1,
        };
        at = next + 1;
        if !spent[kind] {
            match html[at..].find(['"', '\''][kind]) {
                Some(close) => at += close + 1,
                None => spent[kind] = true,
            }
        }
    }
}

/// The value of an attribute of a tag.
pub(crate) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(found) = tag[from..].find('=').map(|found| from + found) {
        let key =
            tag[..found].trim_end().rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).next()?;
        let value = tag[found + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = if let Some(quote) = quote {
            value[1..].split_once(quote)?
        } else {
            let end = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
            value.split_at(end)
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value.trim());
        }
        from = tag.len() - rest.len();
    }
    None
}

/// Text with its character references decoded.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_text_come_out() {
        let html = "<p>See <a class=x href='https://a.example/?b=1&amp;c'>the <b>deed</b></a><!-- <a href=y> --><br>1 < 2";
        let got: Vec<Piece> = pieces(html).into_iter().map(|(_, piece)| piece).collect();
        let link = Piece::Link("https://a.example/?b=1&c".into());
        let text = Piece::Text;
        assert_eq!(
            got,
            [
                Piece::Break,
                text("See "),
                link,
                text("the "),
                text("deed"),
                Piece::LinkEnd,
                Piece::Break,
                text("1 "),
                text("<"),
                text(" 2")
            ]
        );
    }

    #[test]
    fn broken_tags_end_somewhere() {
        for html in ["<", "<a", "<a href=\"", "<a href='x>y", "<!--", "<script>", "</", "&#xFFFFFFFF;&;&"] {
            let _ = pieces(html);
            let _ = decoded(html);
        }
        assert_eq!(decoded("AT&T &amp; Co&nbsp;&#8217;&#x2019; &nope;"), "AT&T & Co\u{A0}’’ &nope;");
    }
}
