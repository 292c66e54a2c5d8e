//! Addresses that only lead to another one: what mail programs, search engines and social networks
//! put around a link when it is copied from them.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use url::Url;

/// A service that wraps addresses: host (and its subdomains), start of the path, parameter that
/// holds the address.
const WRAPPERS: &[(&str, &str, &[&str])] = &[
    ("safelinks.protection.outlook.com", "/", &["url"]),
    ("l.facebook.com", "/l.php", &["u"]),
    ("lm.facebook.com", "/l.php", &["u"]),
    ("l.instagram.com", "/", &["u"]),
    ("youtube.com", "/redirect", &["q"]),
    ("linkedin.com", "/redir/redirect", &["url"]),
    ("linkedin.com", "/safety/go", &["url"]),
    ("urldefense.proofpoint.com", "/v1/url", &["u"]),
    ("out.reddit.com", "/", &["url"]),
    ("slack-redir.net", "/link", &["url"]),
    ("duckduckgo.com", "/l/", &["uddg"]),
    ("vk.com", "/away.php", &["to"]),
    ("t.umblr.com", "/redirect", &["z"]),
];

/// Wrapped more often than this, it is no link that anybody copied.
const DEEPEST: usize = 4;

/// The address inside a wrapped one; `None` where it is not wrapped.
pub fn unwrapped(url: &str) -> Option<String> {
    let mut inner = once(url)?;
    for _ in 1..DEEPEST {
        match once(&inner) {
            Some(next) => inner = next,
            None => break,
        }
    }
    Some(inner)
}

fn once(url: &str) -> Option<String> {
    // Every way to wrap an address has one of these.
    if !["?", "/v3/__", "/amp/s/"].iter().any(|mark| url.contains(mark)) {
        return None;
    }
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    let at = |known: &str| {
        host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let parameter = |names: &[&str]| {
        let mut given: HashMap<_, _> = url.query_pairs().collect();
        names.iter().find_map(|name| given.remove(*name)).map(std::borrow::Cow::into_owned)
    };
    let google = host.trim_start_matches("www.").starts_with("google.");
    let inner = if google && url.path() == "/url" {
        parameter(&["q", "url"])
    } else if google && url.path().starts_with("/amp/s/") {
        Some(format!("https://{}", url.path().trim_start_matches("/amp/s/")))
    } else if at("urldefense.com") && url.path().starts_with("/v3/__") {
        url.as_str().split_once("/v3/__").and_then(|(_, rest)| Some(rest.split_once("__;")?.0.to_owned()))
    } else if at("urldefense.proofpoint.com") && url.path() == "/v2/url" {
        parameter(&["u"]).map(|coded| {
            let percent = coded.replace('-', "%").replace('_', "/");
            percent_decode_str(&percent).decode_utf8_lossy().into_owned()
        })
    } else {
        let wrapper = WRAPPERS.iter().find(|(known, path, _)| at(known) && url.path().starts_with(path));
        wrapper.and_then(|(.., names)| parameter(names))
    }?;
    let parsed = Url::parse(&inner).ok()?;
    let fetched = matches!(parsed.scheme(), "http" | "https");
    (fetched && parsed.host_str().is_some_and(|host| host.contains('.'))).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: Option<&str>) {
        assert_eq!(unwrapped(url).as_deref(), want, "{url}");
    }

    #[test]
    fn wrappers_give_what_they_hold() {
        check(
            "https://www.google.com/url?q=https://a.example/b%3Fc%3D1&sa=D",
            Some("https://a.example/b?c=1"),
        );
        check(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fb&data=05",
            Some("https://a.example/b"),
        );
        check("https://urldefense.com/v3/__https://a.example/b__;!!x", Some("https://a.example/b"));
        check(
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_b&d=x",
            Some("https://a.example/b"),
        );
        check("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F&h=x", Some("https://a.example/"));
    }

    #[test]
    fn other_addresses_hold_nothing() {
        check("https://www.google.com/search?q=https://a.example/", None);
        check("https://web.archive.org/web/2020/https://a.example/", None);
        check("https://a.example/login?url=https://b.example/", None);
        check("https://www.google.com/url?q=harbour", None);
    }
}
