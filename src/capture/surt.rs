//! Keys by which archives sort addresses: `https://www.example.org/A?b&a` → `org,example)/a?a&b`.
//!
//! The Sort-friendly URI Reordering Transform, with the canonicalisation of the Internet Archive: what
//! rarely tells two pages apart (case, `www`, the port of the scheme, the order of parameters, session
//! numbers) is left out. Readers of an index compute the key of what they look for, so it has to be the
//! same to the letter.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, percent_encode};
use url::{Host, Url};

/// What stays escaped once everything was unescaped.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'#');

type Session = fn(&[u8]) -> Option<usize>;

/// Session numbers in a query: how long is the one with which this text in lower case begins?
const SESSIONS: [Session; 5] = [
    |text| numbered(text, b"jsessionid="),
    |text| numbered(text, b"phpsessid="),
    |text| numbered(text, b"sid="),
    |text| {
        let (name, value) = (text.get(12..20)?, text.get(21..45)?);
        let letters = name.iter().chain(value).all(u8::is_ascii_alphabetic);
        (text.starts_with(b"aspsessionid") && text[20] == b'=' && letters).then_some(45)
    },
    |text| {
        let value = |from: usize| text[from..].iter().take_while(|byte| **byte != b'&').count();
        let first = text.strip_prefix(b"cfid=").map(|_| 5 + value(5)).filter(|first| *first > 5)?;
        text[first..].strip_prefix(b"&cftoken=")?;
        Some(first + 9 + value(first + 9)).filter(|end| *end > first + 9)
    },
];

/// A name and 32 letters and digits.
fn numbered(text: &[u8], name: &[u8]) -> Option<usize> {
    let number = text.strip_prefix(name)?.get(..32)?;
    number.iter().all(u8::is_ascii_alphanumeric).then_some(name.len() + 32)
}

/// The key of an address.
pub fn surt(url: &Url) -> String {
    let mut key = match url.host() {
        Some(Host::Domain(name)) => reversed(without_www(name.trim_matches('.'))),
        Some(Host::Ipv4(ip)) => reversed(&ip.to_string()),
        Some(Host::Ipv6(ip)) => ip.to_string(),
        None => return url.to_string(),
    };
    // `url` leaves out the port of the scheme.
    if let Some(port) = url.port() {
        key += &format!(":{port}");
    }
    key.push(')');
    key += &path(url.path());
    if let Some(query) = url.query().map(query).filter(|query| !query.is_empty()) {
        key.push('?');
        key += &query;
    }
    key
}

fn reversed(name: &str) -> String {
    name.rsplit('.').collect::<Vec<_>>().join(",")
}

/// Without `www.`, `www2.` …
fn without_www(name: &str) -> &str {
    let rest = name.strip_prefix("www").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
}

fn path(path: &str) -> String {
    let path = unescaped(path);
    let mut steps: Vec<&[u8]> = Vec::new();
    let mut parts = path.split(|byte| *byte == b'/').skip(1).peekable();
    while let Some(part) = parts.next() {
        match part {
            b"." => {}
            b".." => drop(steps.pop()),
            // Slashes in a row are one; the last one is kept until the end.
            b"" if parts.peek().is_some() => {}
            part => steps.push(part),
        }
    }
    let joined = [b"/".as_slice(), &steps.join(&b'/')].concat();
    let joined = joined.strip_suffix(b"/").filter(|path| !path.is_empty()).unwrap_or(&joined);
    escaped(joined).to_lowercase()
}

fn query(query: &str) -> String {
    let query = escaped(&unescaped(query));
    let query = without_sessions(query).to_ascii_lowercase();
    let mut parameters: Vec<(&str, Option<&str>)> = query
        .split('&')
        .map(|one| one.split_once('=').map_or((one, None), |(name, value)| (name, Some(value))))
        .collect();
    parameters.sort_unstable();
    let join = |(name, value): (&str, Option<&str>)| {
        value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}"))
    };
    parameters.into_iter().map(join).collect::<Vec<_>>().join("&")
}

/// A session number, as the last parameter or before another one, is taken out.
fn without_sessions(mut query: String) -> String {
    for session in SESSIONS {
        let lower = query.to_ascii_lowercase().into_bytes();
        let found = (0..lower.len()).rev().find_map(|at| {
            let end = at + session(&lower[at..])?;
            matches!(lower.get(end), None | Some(b'&')).then_some((at, end))
        });
        if let Some((at, end)) = found {
            let after = query.get(end + 1..).unwrap_or_default().to_owned();
            query.truncate(at);
            query += &after;
        }
    }
    query
}

/// Escapes undone, those of escapes too.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let plain: Vec<u8> = percent_decode(&bytes).collect();
        if plain == bytes {
            return bytes;
        }
        bytes = plain;
    }
}

fn escaped(bytes: &[u8]) -> String {
    percent_encode(bytes, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, key: &str) {
        assert_eq!(surt(&Url::parse(url).unwrap()), key, "{url}");
    }

    /// The keys are those that the Python package `surt` 0.3.1 gives.
    #[test]
    fn keys() {
        check("https://www.Example.ORG:443/A/b/?Z=1&a", "org,example)/a/b?a&z=1");
        check("http://example.org:8080/", "org,example:8080)/");
        check("http://www2.example.co.uk", "uk,co,example)/");
        check("http://192.0.2.7/x", "7,2,0,192)/x");
        check("https://wwwx.example.org//a///b/../c//", "org,example,wwwx)/a/c");
        check("https://example.org/a%20b/%7Euser/%25zz", "org,example)/a%20b/~user/%25zz");
        check("https://example.org/caf%C3%A9?q=%26", "org,example)/caf%c3%a9?&q=");
        check("https://example.org/?", "org,example)/");
        check("https://example.org/x?b=2&a=1&a", "org,example)/x?a&a=1&b=2");
        check("https://example.org/x?PHPSESSID=0123456789abcdefghijklmnopqrstuv&y=1", "org,example)/x?y=1");
        check("https://example.org/x?y=1&sid=0123456789abcdefghijklmnopqrstuv", "org,example)/x?&y=1");
        check("https://example.org/x?cfid=12&cftoken=34&z=1", "org,example)/x?z=1");
        check("https://example.org/x?ASPSESSIONIDabcdefgh=abcdefghijklmnopqrstuvwx", "org,example)/x");
        check("https://example.org/x?a=1&&b=2", "org,example)/x?&a=1&b=2");
        check("http://[2001:db8::1]/x", "2001:db8::1)/x");
        check("https://example.org/x?sid=short", "org,example)/x?sid=short");
    }
}
