//! Addresses of archived copies: which page they are a copy of, and when it was made.

use url::Url;

use crate::date::PartialDate;

/// Archives whose addresses may say nothing of the original: hosts, and all below them.
const ARCHIVES: &[&str] = &[
    "web.archive.org",
    "wayback.archive.org",
    "perma.cc",
    "ghostarchive.org",
    "megalodon.jp",
    "webcitation.org",
    "webarchive.org.uk",
    "webarchive.nationalarchives.gov.uk",
    "arquivo.pt",
    "vefsafn.is",
    "webarchive.loc.gov",
    "wayback.archive-it.org",
    "freezepage.com",
];

/// The names of archive.today, whose captures were found altered after they were made.
const ALTERING: &[&str] = &[
    "archive.today",
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
    "archivecaslytosk.onion",
];

/// Does an address lead into an archive that has changed what it holds?
pub fn is_altering(url: &Url) -> bool {
    url.host_str().is_some_and(|host| ALTERING.iter().any(|archive| is_below(host, archive)))
}

fn is_below(host: &str, archive: &str) -> bool {
    host.strip_suffix(archive).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// A copy in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copy {
    /// The page that it is a copy of, where the address says so.
    pub original: Option<Url>,
    /// The day on which it was made, in UTC, where the address says so.
    pub made: Option<PartialDate>,
}

/// The copy that an address leads to; `None` if it does not lead into an archive.
///
/// Most archives write `/20250213100000/https://…` (RFC 7089 asks for no form, but the programs behind
/// them share this one), so that shape is known at any host.
pub fn archived(url: &Url) -> Option<Copy> {
    let host = url.host_str()?;
    let known = ARCHIVES.iter().chain(ALTERING).any(|archive| is_below(host, archive));
    let whole = url.as_str();
    let inside = ["/http://", "/https://", "/http:/", "/https:/"];
    let at = inside.iter().filter_map(|mark| url.path().find(mark)).min();
    let Some(at) = at else {
        return known.then(|| beside_stamp(url).or_else(|| in_query(url)).unwrap_or_default());
    };
    let made = url.path()[..at].rsplit('/').next().and_then(day_of);
    if !known && made.is_none() {
        return None;
    }
    let start = whole.find(url.path())? + at + 1;
    let original = Url::parse(&whole[start..]).ok().filter(Url::has_host);
    Some(Copy { original, made })
}

/// `/20250213100000/a.example/b`: without a scheme.
fn beside_stamp(url: &Url) -> Option<Copy> {
    let (whole, path) = (url.as_str(), url.path());
    let start = whole.find(path)?;
    let mut at = 0;
    let (made, rest) = path.split_inclusive('/').find_map(|part| {
        at += part.len();
        let made = day_of(part.trim_end_matches('/'))?;
        Some((made, &whole[start + at..]))
    })?;
    // Some encode the whole of it.
    let encoded = ["http%3a", "https%3a"]
        .iter()
        .any(|start| rest.get(..start.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(start)));
    if encoded {
        let decoded = percent_encoding::percent_decode_str(rest).decode_utf8_lossy();
        return Some(Copy { original: Url::parse(&decoded).ok().filter(Url::has_host), made: Some(made) });
    }
    let original = Url::parse(&format!("http://{rest}")).ok();
    let original = original.filter(|url| url.host_str().is_some_and(|host| host.contains('.')));
    Some(Copy { original, made: Some(made) })
}

/// `?url=http://a.example/b&date=2010-02-13`, as `WebCite` has it.
fn in_query(url: &Url) -> Option<Copy> {
    let given = |name: &str| url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value);
    let original = Url::parse(&given("url")?).ok().filter(Url::has_host);
    let made = given("date").and_then(|date| date.get(..10)?.parse().ok());
    Some(Copy { original, made })
}

/// Does an address lead to an archived copy of another one?
pub fn is_copy_of(copy: &str, page: &str) -> bool {
    let original = Url::parse(copy).ok().and_then(|url| archived(&url)?.original);
    let page = Url::parse(page).ok();
    original.zip(page).is_some_and(|(original, page)| super::same_address(&original, &page))
}

/// The archived copy of a page among the addresses of one citation: an address that names the page; or one
/// that says nothing of its original, where the page is the only address beside copies. Copies of archives
/// that alter them are none of the latter.
pub fn copy_beside<'u>(urls: &'u [String], page: &str) -> Option<&'u str> {
    let named = urls.iter().find(|other| is_copy_of(other, page));
    let copy =
        |url: &str| Url::parse(url).ok().filter(|url| !is_altering(url)).and_then(|url| archived(&url));
    let is_page = |url: &&String| Url::parse(url).is_ok_and(|url| archived(&url).is_none());
    let mut pages = urls.iter().filter(is_page);
    let only = pages.next().is_some_and(|only| only == page) && pages.next().is_none();
    let unnamed = || urls.iter().find(|url| copy(url).is_some_and(|copy| copy.original.is_none()));
    named.or_else(|| unnamed().filter(|_| only)).map(String::as_str)
}

/// `20250213100000`, `20250213`, `20250213100000id_`, `2025.02.13-100000`, `2025-0213-1000-00`.
fn day_of(stamp: &str) -> Option<PartialDate> {
    let stamp =
        stamp.strip_suffix('_').map_or(stamp, |bare| bare.trim_end_matches(|c: char| c.is_ascii_lowercase()));
    let marks = [4, 9].map(|at| stamp.as_bytes().get(at));
    let parted = marks[0] == Some(&b'.') || marks == [Some(&b'-'); 2];
    let digits: String = stamp.chars().filter(|c| !(parted && matches!(c, '.' | '-'))).collect();
    let shaped = (8..=14).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !shaped {
        return None;
    }
    let year = digits[..4].parse().ok().filter(|year| (1991..2100).contains(year))?;
    PartialDate::ymd(year, digits[4..6].parse().ok()?, digits[6..8].parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: Option<(Option<&str>, Option<&str>)>) {
        let copy = archived(&Url::parse(url).unwrap());
        let got = copy.map(|copy| (copy.original.map(String::from), copy.made.map(|day| day.to_string())));
        let got = got.as_ref().map(|(original, made)| (original.as_deref(), made.as_deref()));
        assert_eq!(got, want, "{url}");
    }

    #[test]
    fn copies_beside_a_page() {
        let (page, other) = ("https://a.example/b", "https://b.example/c");
        let (perma, today) = ("https://perma.cc/AB12-CD34", "https://archive.ph/AbCdE");
        let wayback = "https://web.archive.org/web/20250213100000/https://a.example/b";
        for (urls, want) in [
            (&[page, perma][..], Some(perma)),
            (&[page, perma, wayback], Some(wayback)),
            (&[page, other, perma], None),
            (&[page, other, wayback], Some(wayback)),
            (&[page, today], None),
            (&[page], None),
        ] {
            let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
            assert_eq!(copy_beside(&urls, page), want, "{urls:?}");
        }
    }

    #[test]
    fn copies() {
        let original = Some("https://a.example/b?c=d");
        for host in ["web.archive.org/web", "arquivo.pt/wayback", "archive.ph", "memento.example/coll"] {
            check(
                &format!("https://{host}/20250213100000/https://a.example/b?c=d"),
                Some((original, Some("2025-02-13"))),
            );
        }
        check(
            "https://web.archive.org/web/20250213100000id_/https://a.example/b?c=d",
            Some((original, Some("2025-02-13"))),
        );
        check(
            "https://archive.ph/2025.02.13-100000/https://a.example/b?c=d",
            Some((original, Some("2025-02-13"))),
        );
        check(
            "https://web.archive.org/web/20250213100000/https%3A%2F%2Fa.example%2Fb%3Fc%3Dd",
            Some((original, Some("2025-02-13"))),
        );
        check("https://web.archive.org/web/https:/a.example/b?c=d", Some((original, None)));
        check("https://web.archive.org/web/2025*/https://a.example/b?c=d", Some((original, None)));
        check(
            "https://megalodon.jp/2025-0213-1000-00/https://a.example/b?c=d",
            Some((original, Some("2025-02-13"))),
        );
        check(
            "https://web.archive.org/web/20250213100000/a.example/b?c=d",
            Some((Some("http://a.example/b?c=d"), Some("2025-02-13"))),
        );
        check(
            "https://www.webcitation.org/query?url=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd&date=2010-02-13",
            Some((original, Some("2010-02-13"))),
        );
        check("https://www.webcitation.org/6abcdefg", Some((None, None)));
        check("https://perma.cc/AB12-CD34", Some((None, None)));
        check("https://archive.ph/xYz12", Some((None, None)));
    }

    #[test]
    fn other_addresses() {
        check("https://a.example/20250213/story", None);
        check("https://a.example/proxy/https://b.example/", None);
        check("https://a.example/?next=/20250213/https://b.example/", None);
    }
}
