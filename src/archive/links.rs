//! `application/link-format` and the `Link` field (RFC 6690, RFC 8288): `<address>; rel="memento"; datetime="…"`.

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link<'t> {
    pub(super) target: &'t str,
    /// What it is to the page: `first memento`.
    pub(super) rel: &'t str,
    pub(super) datetime: Option<&'t str>,
    /// The media type of what is there, where the link says so.
    pub(super) kind: Option<&'t str>,
    /// Of a list, the times between which its copies were made.
    pub(super) from: Option<&'t str>,
    pub(super) until: Option<&'t str>,
}

impl Link<'_> {
    pub(super) fn is(&self, rel: &str) -> bool {
        self.rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(rel))
    }
}

/// Every link of a text. What is no link is passed over.
pub(super) fn links(text: &str) -> Vec<Link<'_>> {
    let mut links = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>').map(|close| open + close) else { break };
        let target = rest[open + 1..close].trim();
        let mut link = Link { target, rel: "", datetime: None, kind: None, from: None, until: None };
        rest = &rest[close + 1..];
        // Its parameters, up to the comma outside quotation marks.
        while let Some(after) = rest.trim_start().strip_prefix(';') {
            let Some((name, value, left)) = parameter(after) else { break };
            match name.to_ascii_lowercase().as_str() {
                "rel" => link.rel = value,
                "datetime" => link.datetime = Some(value),
                "type" => link.kind = Some(value),
                "from" => link.from = Some(value),
                "until" => link.until = Some(value),
                _ => {}
            }
            rest = left;
        }
        links.push(link);
    }
    links
}

/// A name, its value without quotation marks, and what follows.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start();
    let end = text.find([';', ',', '=']).unwrap_or(text.len());
    let (name, rest) = (text[..end].trim(), &text[end..]);
    let Some(value) = rest.strip_prefix('=') else { return Some((name, "", rest)) };
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        let close = quoted.find('"')?;
        return Some((name, &quoted[..close], &quoted[close + 1..]));
    }
    let end = value.find([';', ',']).unwrap_or(value.len());
    Some((name, value[..end].trim(), &value[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_their_parameters() {
        let text = "<https://a.example/x,y>; rel=\"original\",\n\
                    <https://m.example/2021/a>; rel=\"first memento\"; datetime=\"Fri, 01 Jan 2021 10:00:00 GMT\"; collection=\"a\",\n \
                    <b>; rel=memento;datetime=\"x\" , nonsense, <c>";
        let found = links(text);
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!((found[0].target, found[0].rel), ("https://a.example/x,y", "original"));
        assert!(found[1].is("memento") && found[1].datetime == Some("Fri, 01 Jan 2021 10:00:00 GMT"));
        assert!(found[2].is("memento") && found[2].datetime == Some("x"));
        assert_eq!((found[3].target, found[3].rel), ("c", ""));
    }
}
