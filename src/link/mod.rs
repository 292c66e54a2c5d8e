//! URLs and DOIs in running text.
//!
//! The text is taken as one line, wrapping already undone. What stands around a URL in prose (the
//! full stop of the sentence, a closing quote or bracket) is not part of it; what belongs to it
//! (a balanced bracket, a trailing slash) is. Invisible characters that converters leave inside a
//! URL are dropped.

mod archive;
mod host;
mod wrapper;

use std::ops::Range;

use url::Url;

pub use archive::{Copy, archived, copy_beside, is_altering, is_copy_of};
pub use wrapper::unwrapped;

/// A URL or DOI found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLink {
    /// Bytes of the text that spell it, without surrounding punctuation.
    pub range: Range<usize>,
    /// Absolute URL: a bare `www.` host gets `https://`, a DOI gets `https://doi.org/`.
    pub url: String,
    /// How it was written.
    pub form: Form,
}

/// How a link stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With its scheme: `https://…`.
    Full,
    /// A host that begins with `www.`, without a scheme.
    Www,
    /// A host with a path, without a scheme: `a.example.org/b`.
    Bare,
    /// `doi:10.…` or a bare `10.…/…`.
    Doi,
}

/// Every URL and DOI of a text, in order.
pub fn find(text: &str) -> Vec<FoundLink> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut next = Next::default();
    while let Some((start, form)) = next.start(text, from) {
        let mut end = start + extent(&text[start..], form);
        let mut raw: String = text[start..end].chars().filter(|c| !is_invisible(*c)).collect();
        if form != Form::Doi
            && let Some((rest, joint)) = continuation(&text[start..], &raw, end - start)
        {
            raw = format!("{raw}{joint}{}", &text[start + rest.start..start + rest.end]);
            end = start + rest.end;
        }
        let link = match form {
            Form::Full => raw.split_once(":/").is_some_and(|(_, rest)| rest.len() > 1).then_some(raw),
            Form::Www | Form::Bare => Some(format!("https://{raw}")),
            Form::Doi => {
                Some(format!("https://doi.org/{}", raw.trim_start_matches(|c: char| !c.is_ascii_digit())))
            }
        };
        match link {
            Some(url) => {
                found.push(FoundLink { range: start..end, url, form });
                from = end;
            }
            None => from = end.max(start + 1),
        }
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    found
}

/// Schemes that write to somebody, call or pay: behind the buttons of pages, never a source.
const CALLS: [&str; 18] = [
    "mailto",
    "tel",
    "sms",
    "callto",
    "facetime",
    "fax",
    "sip",
    "xmpp",
    "skype",
    "whatsapp",
    "viber",
    "tg",
    "threema",
    "soroush",
    "fb-messenger",
    "web+mastodon",
    "bitcoin",
    "x-apple-data-detectors",
];

/// The address that a hyperlink's target names, whatever its scheme; a bare `www.` host gets one.
/// Sections of the document, relative paths, paths of code (`std::fmt`) and what opens a program to
/// write or call somebody are not sources.
pub fn target(target: &str) -> Option<String> {
    if target.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) {
        return Some(format!("https://{target}"));
    }
    let (scheme, rest) = target.split_once(':')?;
    let named = scheme.len() > 1
        && !rest.starts_with(':')
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !CALLS.iter().any(|other| scheme.eq_ignore_ascii_case(other));
    let says = rest.trim_start_matches('/');
    (named && !says.is_empty()).then(|| target.to_owned())
}

/// Where the first URL or DOI of a text starts, be it whole or cut off at the end of the line.
pub fn find_start(text: &str) -> Option<usize> {
    Next::default().start(text, 0).map(|(at, _)| at)
}

/// The DOI inside a URL or a string such as `doi:10.1000/182`, lower case
/// ([DOI handbook](https://doi.org/10.1000/182): case does not matter). Escapes (`10.1000%2F182`) are undone.
pub fn doi(text: &str) -> Option<String> {
    let text = text.replace("%2F", "/").replace("%2f", "/");
    let start = doi_start(&text, 0)?;
    let end = start + extent(&text[start..], Form::Doi);
    let doi = text[start..end].split(['?', '#']).next()?;
    Some(percent_encoding::percent_decode_str(doi).decode_utf8().ok()?.to_ascii_lowercase())
}

/// Characters that converters and word processors put inside a URL and that no URL has: soft
/// hyphen, zero-width space and joiners, directional marks, word joiner, byte order mark.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Is it more than a front page, which is there to show something new?
pub fn is_deep(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.path().len() > 1 || url.query().is_some())
}

/// Two spellings of one address: scheme, a leading `www.`, a trailing slash, the fragment and the
/// case of the host make no difference.
pub fn same_address(a: &Url, b: &Url) -> bool {
    address_key(a) == address_key(b)
}

fn address_key(url: &Url) -> (String, Option<u16>, String, Option<String>) {
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    (host, url.port(), url.path().trim_end_matches('/').to_owned(), url.query().map(str::to_owned))
}

/// Where the next link of each form starts; the end of the text stands for none. A place stays valid
/// until the search has passed it, so that a text is searched once for each form.
#[derive(Default)]
struct Next {
    scheme: Option<usize>,
    www: Option<usize>,
    bare: Option<usize>,
    doi: Option<usize>,
}

impl Next {
    fn start(&mut self, text: &str, from: usize) -> Option<(usize, Form)> {
        let ahead = |known: &mut Option<usize>, find: fn(&str, usize) -> Option<usize>| {
            let at = known.filter(|at| *at >= from).unwrap_or_else(|| find(text, from).unwrap_or(text.len()));
            *known = Some(at);
            at
        };
        let starts = [
            (ahead(&mut self.scheme, scheme_start), Form::Full),
            (ahead(&mut self.www, www_start), Form::Www),
            (ahead(&mut self.bare, host::start), Form::Bare),
            (ahead(&mut self.doi, doi_start), Form::Doi),
        ];
        starts
            .into_iter()
            .filter(|(at, _)| *at < text.len())
            .min_by_key(|(at, form)| (*at, *form != Form::Full))
    }
}

fn scheme_start(text: &str, from: usize) -> Option<usize> {
    let mut search = from;
    while let Some(offset) = memchr::memchr(b':', &text.as_bytes()[search..]) {
        let colon = search + offset;
        let whole = text[colon..].starts_with("://");
        if !whole && !lacks_slash(&text[from..], colon - from) {
            search = colon + 1;
            continue;
        }
        let before = &text[from..colon];
        let scheme_len = before
            .bytes()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'))
            .count();
        let scheme = &text[colon - scheme_len..colon];
        // A callout or a word may be glued before the scheme; the known schemes settle it.
        for known in ["https", "http", "ftp", "file"] {
            if scheme.len() >= known.len() && scheme[scheme.len() - known.len()..].eq_ignore_ascii_case(known)
            {
                return Some(colon - known.len());
            }
        }
        search = colon + 2;
    }
    None
}

/// `http:/www.a.example/b`: browsers read it as it was meant.
fn lacks_slash(text: &str, colon: usize) -> bool {
    let (before, after) = text.split_at(colon);
    let Some(rest) = after.strip_prefix(":/") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    ["http", "https"].iter().any(|scheme| {
        before.len() >= scheme.len()
            && before.as_bytes()[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
    }) && host.len() > 4
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        && host.trim_end_matches('.').contains('.')
}

fn www_start(text: &str, from: usize) -> Option<usize> {
    let mut search = from;
    while let Some(offset) = find_before(b'.', &text[search..], "www.") {
        let at = search + offset;
        let free = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '-' | '@' | '_'));
        let host = &text[at + 4..];
        if free
            && host.starts_with(|c: char| c.is_alphanumeric())
            && host.split(['/', ' ', ',']).next().is_some_and(|h| h.contains('.'))
        {
            return Some(at);
        }
        search = at + 4;
    }
    None
}

/// Where the first part of the text stands that ends with this byte and is spelt so, whatever its case.
/// To look for the byte that is rarest in running text is quickest.
fn find_before(last: u8, text: &str, whole: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(last, bytes).find_map(|at| {
        let start = (at + 1).checked_sub(whole.len())?;
        bytes[start..=at].eq_ignore_ascii_case(whole.as_bytes()).then_some(start)
    })
}

/// `10.` registrant `/` suffix, per ISO 26324; the registrant is four digits or more.
fn doi_start(text: &str, from: usize) -> Option<usize> {
    let mut search = from;
    while let Some(offset) = find_before(b'.', &text[search..], "10.") {
        let at = search + offset;
        let free = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '.');
        let digits = text[at + 3..].bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let rest = &text[at + 3 + digits..];
        if free && digits >= 4 && rest.starts_with('/') && rest[1..].starts_with(|c: char| !c.is_whitespace())
        {
            return Some(at);
        }
        search = at + 3;
    }
    None
}

/// How many bytes from the start belong to the link.
fn extent(text: &str, form: Form) -> usize {
    // `10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2` (ANSI/NISO Z39.56).
    let item = |at: usize, c: char| {
        form == Form::Doi && matches!(c, '<' | '>') && text[..at].to_ascii_lowercase().contains("(sici)")
    };
    let stop = text.char_indices().find(|(at, c)| ends_link(*c) && !item(*at, *c));
    let stop = stop.map_or(text.len(), |(at, _)| at);
    let mut end = stop;
    // A second scheme inside begins a new URL only where nothing but punctuation can join them;
    // archive addresses (`web.archive.org/web/2020/https://…`) hold one by right.
    if form == Form::Full
        && let Some(second) = text[..end]
            .match_indices("http")
            .map(|(at, _)| at)
            .find(|at| *at > 0 && is_glued_second(text, *at))
    {
        end = second;
    }
    // `https://a.example/b.(accessed 1 May 2020)`: no path goes on like that.
    if form != Form::Doi
        && let Some(cut) = [".(", ",("].iter().filter_map(|mark| text[..end].find(mark)).min()
    {
        end = cut;
    }
    loop {
        let link = &text[..end];
        let Some(last) = link.chars().next_back() else { return 0 };
        let trim = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '*' => true,
            ')' => link.matches(')').count() > link.matches('(').count(),
            ']' => link.matches(']').count() > link.matches('[').count(),
            '}' => link.matches('}').count() > link.matches('{').count(),
            '>' => link.matches('>').count() > link.matches('<').count(),
            c => is_invisible(c),
        };
        if !trim {
            return end;
        }
        end -= last.len_utf8();
    }
}

/// The rest of a URL that was broken by one space: `https://a.example/papers/ Annual_Report.pdf`,
/// `http://www. a.example/b`, `https://a. example/b`. The bytes of the rest, and what stood between.
fn continuation(text: &str, raw: &str, end: usize) -> Option<(Range<usize>, &'static str)> {
    let after = &text[end..];
    let (dot, word) = match after.strip_prefix(' ') {
        Some(word) => (false, word),
        None => (true, after.strip_prefix(". ")?),
    };
    let length = extent(word, Form::Full);
    let word = &word[..length];
    let start = end + if dot { 2 } else { 1 };
    let host = raw.split_once("://").map_or(raw, |(_, rest)| rest);
    let fits = if dot {
        // The host is not whole yet.
        let label = word.split('/').next().unwrap_or_default();
        let plain = !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        plain
            // `http://www.a. org/b`
            && (matches!(label, "org" | "com" | "net" | "edu" | "gov" | "int")
                && word.contains('/')
                && !host.contains('/')
                || host == "www" && label.contains('.')
                || !host.contains(['.', '/']) && label.matches('.').count() >= 1 && label.len() <= 24
                || !host.contains(['.', '/']) && host != "www" && word.contains('/') && label.len() <= 24)
    } else {
        let file = word.rsplit_once('.').is_some_and(|(name, kind)| {
            !name.is_empty()
                && matches!(
                    kind,
                    "pdf" | "html" | "htm" | "php" | "aspx" | "asp" | "doc" | "docx" | "xml" | "stm"
                )
        });
        raw.ends_with(['/', '-', '_', '=']) && file && !word.contains("://") && !word.starts_with("www.")
    };
    fits.then_some((start..start + length, if dot { "." } else { "" }))
}

fn is_glued_second(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    (rest.starts_with("http://") || rest.starts_with("https://"))
        && text[..at].ends_with([',', ';', '.', ')'])
}

fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>'
                | '"'
                | '“'
                | '”'
                | '„'
                | '‟'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '‘'
                | '’'
                | '`'
                | '{'
                | '}'
                | '|'
                | '\\'
                | '^'
        )
        || matches!(
            c,
            '、' | '。'
                | '，'
                | '；'
                | '：'
                | '（'
                | '）'
                | '「'
                | '」'
                | '『'
                | '』'
                | '【'
                | '】'
                | '《'
                | '》'
        )
}

/// Puts asterisks over the passwords of the addresses in a text, byte for byte, so that every place in
/// it stays where it is (RFC 3986, 3.2.1: applications should not render what follows the colon).
pub fn hide_password(text: &mut String) {
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let start = from + at + 3;
        let end = text[start..].find(|c: char| c.is_whitespace() || "/?#\"<>".contains(c));
        let authority = &text[start..end.map_or(text.len(), |end| start + end)];
        from = start;
        if let Some((user, _)) = authority.rsplit_once('@')
            && let Some((name, password)) = user.split_once(':')
        {
            let secret = start + name.len() + 1;
            let length = password.len();
            text.replace_range(secret..secret + length, &"*".repeat(length));
        }
    }
}

/// Is the password of an address one that [`hide_password`] has put out of sight?
pub fn is_hidden(password: &str) -> bool {
    password.bytes().all(|byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let got: Vec<String> = find(text).into_iter().map(|l| l.url).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn passwords_are_hidden_in_place() {
        for (text, want) in [
            ("see https://me:gehéim@example.org/a, end", "see https://me:*******@example.org/a, end"),
            ("ftp://a:b@c@d.example x://:p@q", "ftp://a:***@d.example x://:*@q"),
            ("https://example.org:8080/x@y and https://me@example.org/", ""),
            ("https://medium.example/@a:b@c http://[::1]:80/", ""),
        ] {
            let mut hidden = text.to_owned();
            hide_password(&mut hidden);
            assert_eq!(hidden, if want.is_empty() { text } else { want });
        }
    }

    #[test]
    fn the_sentence_is_not_part_of_the_url() {
        check("see https://a.example/b/c.", &["https://a.example/b/c"]);
        check("(https://a.example/b), then", &["https://a.example/b"]);
        check("“https://a.example/b”", &["https://a.example/b"]);
        check("<https://a.example/b>", &["https://a.example/b"]);
        check("https://a.example/b/; http://c.example?", &["https://a.example/b/", "http://c.example"]);
    }

    #[test]
    fn balanced_brackets_stay() {
        check("https://en.example/wiki/Kiev_(city).", &["https://en.example/wiki/Kiev_(city)"]);
    }

    #[test]
    fn schemes_may_be_missing_or_glued() {
        check("at www.example.org/x, and", &["https://www.example.org/x"]);
        check("2025,https://a.example/b", &["https://a.example/b"]);
        check("http://a.example/x,http://b.example/y", &["http://a.example/x", "http://b.example/y"]);
        check("https:// alone", &[]);
    }

    #[test]
    fn an_archived_address_is_one_url() {
        let url = "https://web.archive.org/web/20250213100000/https://a.example/b";
        check(&format!("{url}."), &[url]);
    }

    #[test]
    fn dois_in_every_spelling() {
        check("doi:10.1000/182.", &["https://doi.org/10.1000/182"]);
        check("https://doi.org/10.1093/ia/iiab001.", &["https://doi.org/10.1093/ia/iiab001"]);
        check("DOI 10.1016/S0140-6736(20)30183-5", &["https://doi.org/10.1016/S0140-6736(20)30183-5"]);
        assert_eq!(doi("https://dx.doi.org/10.1000/ABC?x=1").as_deref(), Some("10.1000/abc"));
        assert_eq!(doi("https://doi.org/10.1118%2F1.32").as_deref(), Some("10.1118/1.32"));
        let item = "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2";
        assert_eq!(doi(&format!("<https://doi.org/{item}>")).as_deref(), Some(item));
        let escaped = item.replace('<', "%3C").replace('>', "%3E");
        assert_eq!(doi(&format!("https://doi.org/{escaped}")).as_deref(), Some(item));
    }

    #[test]
    fn one_space_inside_is_closed_where_nothing_else_can_be_meant() {
        check("http://www. a.example/b.", &["http://www.a.example/b"]);
        check("http://www.water. org/10/b. Org", &["http://www.water.org/10/b"]);
        check("http:/www.a.example/b, http:/b http:/", &["http:/www.a.example/b"]);
        check("https://harbour. example/b/c", &["https://harbour.example/b/c"]);
        check(
            "https://a.example/papers/ Annual_Report.pdf (2020)",
            &["https://a.example/papers/Annual_Report.pdf"],
        );
        check("https://a.example/b/ and/or", &["https://a.example/b/"]);
        check("see https://a.example. The board", &["https://a.example"]);
        check("https://a.example/b.(accessed 1 May 2020)", &["https://a.example/b"]);
    }

    #[test]
    fn a_bare_host_needs_a_path_and_a_known_top_level_domain() {
        check("Ledger, news.example.org/en/tolls.", &["https://news.example.org/en/tolls"]);
        check("Ledger, 3 May 2021, ledger.co.uk/2021/05. Accessed", &["https://ledger.co.uk/2021/05"]);
        check("ask info@example.org/desk, see src/main.rs/x, and/or e.g./i.e., Ledger.com, 12.5/kg", &[]);
        check("https://web.archive.org/web/2020/a.com/b", &["https://web.archive.org/web/2020/a.com/b"]);
    }

    #[test]
    fn invisible_characters_are_dropped() {
        check("https://a.example/b\u{AD}c\u{200B}d", &["https://a.example/bcd"]);
    }
}
