//! What an address says of the page behind it: the front page, an error page, a door to log in at.
//!
//! Judged only where a redirect led there: who cites `/login` means it.

use url::Url;

/// Last parts of a path that name an error page.
const ERRORS: &[&str] = &[
    "404",
    "404error",
    "error404",
    "error-404",
    "error_404",
    "404-error",
    "404-not-found",
    "not-found",
    "not_found",
    "notfound",
    "pagenotfound",
    "page-not-found",
    "page_not_found",
    "error",
    "errors",
    "errorpage",
    "error-page",
];

/// Names of hosts, up to the first dot, whose business it is to let people in.
const DOORS: &[&str] = &[
    "login",
    "signin",
    "sign-in",
    "sso",
    "idp",
    "auth",
    "accounts",
    "consent",
    "guce",
    "myaccount",
    "secure-login",
];

/// Parts of a path behind which people log in or agree to something.
const DOOR_PATHS: &[&str] = &[
    "login",
    "log-in",
    "log_in",
    "login.php",
    "login.aspx",
    "login.html",
    "signin",
    "sign-in",
    "sign_in",
    "authwall",
    "wp-login.php",
    "sso",
    "cas",
    "authorize",
    "consent",
    "collectconsent",
    "cookie-consent",
    "shibboleth.sso",
    "idpselect",
    "session-login",
    "ap-login",
];

/// Resolvers and shorteners, for which an address says nothing of the page behind it.
const RESOLVERS: &[&str] =
    &["doi.org", "dx.doi.org", "hdl.handle.net", "n2t.net", "purl.org", "w3id.org", "purl.oclc.org"];

fn parts(url: &Url) -> Vec<String> {
    url.path_segments()
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// An error page.
pub(super) fn is_error_address(url: &Url) -> bool {
    parts(url).last().is_some_and(|part| {
        // `404.html`, `error.aspx`.
        let stem = part.split_once('.').map_or(part.as_str(), |(stem, _)| stem);
        ERRORS.contains(&stem)
    })
}

/// A page at which people log in or agree to something.
pub(super) fn is_door(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let first = host.split('.').next().unwrap_or_default();
    DOORS.contains(&first) || parts(url).iter().any(|part| DOOR_PATHS.contains(&part.as_str()))
}

/// The front page, also in one of its languages: `/`, `/index.html`, `/en/`, `/en-gb`.
pub(super) fn is_home(url: &Url) -> bool {
    if names_a_page(url) {
        return false;
    }
    match parts(url).as_slice() {
        [] => true,
        [one] => {
            let stem = one.split_once('.').map_or(one.as_str(), |(stem, _)| stem);
            let language = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_lowercase());
            matches!(stem, "index" | "home" | "default" | "homepage")
                || language(one)
                || one.split_once(['-', '_']).is_some_and(|(a, b)| language(a) && language(b))
        }
        _ => false,
    }
}

/// Does the query say which page is meant? `/?p=123`, `/index.php?id=7`.
fn names_a_page(url: &Url) -> bool {
    const KEYS: &[&str] =
        &["p", "id", "page_id", "page", "article", "articleid", "story", "storyid", "q", "newsid", "docid"];
    url.query_pairs()
        .any(|(key, value)| !value.is_empty() && KEYS.contains(&key.to_ascii_lowercase().as_str()))
}

/// A short address on another site: it may well stand for the front page itself.
pub(super) fn is_short_link(asked: &Url, last: &Url) -> bool {
    !is_same_site(asked, last) && (parts(asked).len() <= 1 || RESOLVERS.contains(&bare_host(asked)))
}

fn bare_host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches("www.")
}

/// One host, or one below the other.
fn is_same_site(a: &Url, b: &Url) -> bool {
    let (a, b) = (bare_host(a), bare_host(b));
    let below =
        |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    below(a, b) || below(b, a)
}

/// Names of a part of a site that holds many pages.
const SECTIONS: &[&str] = &[
    "news",
    "blog",
    "blogs",
    "articles",
    "article",
    "press",
    "press-releases",
    "newsroom",
    "stories",
    "story",
    "posts",
    "publications",
    "publication",
    "research",
    "reports",
    "archive",
    "archives",
    "latest",
    "home",
    "search",
    "tag",
    "category",
    "topics",
    "topic",
    "world",
    "politics",
    "business",
    "opinion",
    "economy",
    "culture",
    "sport",
    "sports",
    "technology",
    "media",
    "events",
    "library",
    "documents",
    "all",
    "notizie",
    "ricerca",
    "archivio",
    "pubblicazioni",
    "actualites",
    "recherche",
    "aktuelles",
    "nachrichten",
    "suche",
    "noticias",
    "buscar",
    "novosti",
    "nieuws",
    "nyheter",
];

/// Does a redirect lead from one page of a site to the part of the site that held it, or to a list of
/// pages? The address asked for must name a single page by its slug or number, and the other none.
pub(super) fn is_section_of(asked: &Url, last: &Url) -> bool {
    let (from, to) = (parts(asked), parts(last));
    let (Some(page), Some(section)) = (from.last(), to.last()) else { return false };
    if !is_same_site(asked, last) || names_a_page(last) || is_of_a_page(section) || !is_of_a_page(page) {
        return false;
    }
    let above = to.len() < from.len() && from.starts_with(&to);
    above || from.len() > 1 && to.len() <= 2 && SECTIONS.contains(&section.as_str())
}

/// A slug of several words, or a number of a page: what only a single page has in its address.
fn is_of_a_page(part: &str) -> bool {
    let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
    let words = stem.split(['-', '_']).filter(|word| word.bytes().any(|b| b.is_ascii_alphabetic())).count();
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    words >= 4 || digits >= 5
}

/// A page that a bot wall sends programs to.
pub(super) fn is_checkpoint(url: &Url) -> bool {
    let first = url.host_str().unwrap_or_default().split('.').next().unwrap_or_default();
    let named = |part: &str| {
        matches!(
            part,
            "captcha"
                | "showcaptcha"
                | "sgcaptcha"
                | "recaptcha"
                | "sorry"
                | "challenge"
                | "human-verification"
        )
    };
    first == "captcha"
        || url
            .host_str()
            .is_some_and(|host| host.ends_with("captcha-delivery.com") || host == "validate.perfdrive.com")
        || parts(url).iter().any(|part| named(part))
}

/// Names of services that hold names for sale, and the hosts that parked names are sent to.
const PARKING: &[&str] = &[
    "sedo.com",
    "dan.com",
    "afternic.com",
    "hugedomains.com",
    "parkingcrew.net",
    "bodis.com",
    "above.com",
    "undeveloped.com",
    "domainmarket.com",
    "buydomains.com",
    "domainnamesales.com",
    "epik.com",
    "atom.com",
    "squadhelp.com",
    "brandbucket.com",
    "parklogic.com",
    "sedoparking.com",
    "domains.atom.com",
    "forsale.godaddy.com",
];

/// A page that sells a name, on another site than the one asked.
pub(super) fn is_parking(asked: &Url, last: &Url) -> bool {
    let host = bare_host(last);
    let sold = PARKING
        .iter()
        .any(|service| host.strip_suffix(service).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    // `ww25.example.com/?subid1=…`.
    let number = host.strip_prefix("ww").and_then(|rest| rest.split('.').next());
    let numbered = number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let tracked = last.query_pairs().any(|(key, _)| key == "subid1");
    sold && !is_same_site(asked, last) || numbered && tracked
}
