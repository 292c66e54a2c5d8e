//! What is known of a source → its [`State`] and one plain sentence. Pure.
//!
//! Two errors are worse than any other: to call a page dead that a reader can open, and to call one
//! fine that is gone. So a refusal is never a death, whatever its status, and a page that came is
//! looked at.

use reqwest::header::HeaderMap;
use url::Url;

use super::web::shown;
use super::{Redirect, State, Visit};
use crate::link::same_address;
use crate::page::{Nature, Page};
use crate::resolver::Record;

/// An answer and the way to it.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// The address as cited.
    pub(super) asked: &'a Url,
    /// Every redirect followed.
    pub(super) hops: &'a [Redirect],
    /// The address that answered.
    pub(super) last: &'a Url,
    /// With this status.
    pub(super) status: u16,
    /// And these fields.
    pub(super) headers: &'a HeaderMap,
    /// The page, where one came and could be read.
    pub(super) page: Option<&'a Page>,
    /// A page was announced and nothing came.
    pub(super) empty: bool,
}

/// Does the source resolve, and why is it said so?
pub(super) fn judge(facts: &Facts<'_>) -> (State, String) {
    let host = facts.last.host_str().unwrap_or_default();
    let status = facts.status;
    if let Some(what) = challenge(facts) {
        return (
            State::Blocked,
            format!("{host} shows programs a challenge ({what}); a reader may well see the page."),
        );
    }
    match status {
        200..=299 => judge_page(facts),
        300 => (State::Ok, format!("{host} answers with a choice of pages (300).")),
        401 => (State::Blocked, format!("{host} wants a login (401).")),
        402 => (State::Blocked, format!("{host} wants a payment (402).")),
        403 => (State::Blocked, format!("{host} refuses programs (403); a reader may well see the page.")),
        404 => (State::Dead, format!("{host} says that there is no such page (404).")),
        407 => (State::Unreachable, "The proxy wants a name and password (407).".to_owned()),
        410 => (State::Dead, format!("{host} says that the page is gone for good (410).")),
        429 => (State::Blocked, format!("{host} was asked too often and answers no more for now (429).")),
        451 => (State::Blocked, format!("{host} may not show the page for legal reasons (451).")),
        // Not in any registry; LinkedIn's answer to whom it takes for a program.
        999 => (State::Blocked, format!("{host} refuses programs (999); a reader may well see the page.")),
        301 | 302 | 303 | 307 | 308 => {
            (State::Unreachable, format!("{host} redirects without saying where to ({status})."))
        }
        500..=599 => (State::Unreachable, format!("{host} has trouble of its own ({status}).")),
        _ => (State::Unreachable, format!("{host} does not understand the request ({status}).")),
    }
}

/// What a record says, added to what came of a visit. A site's own service that shows the source
/// outweighs a page that is refused to programs, or hidden behind a login.
pub(super) fn heed(visit: &mut Visit, record: Record) {
    if record.shows && !visit.is_read() {
        let before = visit.reason.trim_end_matches('.');
        visit.reason = format!("{before}, but {}'s own service shows it.", record.service);
        visit.state = State::Ok;
        // It is not the source's.
        visit.page = None;
    }
    visit.record = Some(record);
}

/// The answers that count as a page's.
fn judge_page(facts: &Facts<'_>) -> (State, String) {
    let Facts { asked, last, .. } = *facts;
    let host = last.host_str().unwrap_or_default();
    let to = shown(last);
    let redirected = !facts.hops.is_empty();
    match facts.page.map(|page| &page.nature) {
        Some(Nature::Wall(what)) => {
            return (State::Blocked, format!("{host} shows a login or consent page ({what})."));
        }
        Some(Nature::NotFound(words)) => {
            return (State::Soft404, format!("{host} answers, but with a page that says “{words}”."));
        }
        Some(Nature::Parked(words)) => {
            return (State::Soft404, format!("The domain {host} is parked or for sale (“{words}”)."));
        }
        _ => {}
    }
    if redirected && is_door(last) && !is_door(asked) {
        return (State::Blocked, format!("It redirects to a login or consent page, {to}."));
    }
    if redirected && is_error_address(last) && !is_error_address(asked) {
        return (State::Soft404, format!("It redirects to an error page, {to}."));
    }
    if redirected && is_home(last) && is_deep(asked) && !is_short_link(asked, last) {
        return (State::Soft404, format!("It redirects to the home page, {to}."));
    }
    if facts.empty || facts.status == 204 || facts.status == 205 {
        return (State::Unreachable, format!("{host} answers with nothing ({}).", facts.status));
    }
    let permanent = redirected && facts.hops.iter().all(|hop| matches!(hop.status, 301 | 308));
    if permanent && !same_address(asked, last) {
        return (State::Moved, format!("It moved permanently to {to}."));
    }
    let answer = match facts.page.map(|page| &page.nature) {
        Some(Nature::Shell) => "It answers with a page that shows nothing without JavaScript",
        _ => "It answers",
    };
    if redirected && !same_address(asked, last) {
        (State::Ok, format!("{answer} after a redirect to {to}."))
    } else {
        (State::Ok, format!("{answer}."))
    }
}

/// What gives a bot wall away: the page itself, or a header field that only a wall sends.
fn challenge(facts: &Facts<'_>) -> Option<String> {
    if let Some(Nature::Challenge(what)) = facts.page.map(|page| &page.nature) {
        return Some(what.clone());
    }
    let field = |name: &str| facts.headers.get(name).and_then(|value| value.to_str().ok());
    if field("cf-mitigated").is_some_and(|value| value.eq_ignore_ascii_case("challenge")) {
        return Some("Cloudflare".to_owned());
    }
    // AWS WAF: 202 with an empty body for its script challenge, 405 for its puzzle.
    if let Some(action) = field("x-amzn-waf-action") {
        return Some(format!("AWS WAF {action}"));
    }
    // DataDome marks every answer, also the page itself; only with a refusal it is the wall's.
    if matches!(facts.status, 401..=403 | 405 | 429) && field("x-dd-b").or(field("x-datadome")).is_some() {
        return Some("DataDome".to_owned());
    }
    (facts.status == 202 && facts.empty).then(|| "202 without a page".to_owned())
}

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

fn is_error_address(url: &Url) -> bool {
    parts(url).last().is_some_and(|part| {
        // `404.html`, `error.aspx`.
        let stem = part.split_once('.').map_or(part.as_str(), |(stem, _)| stem);
        ERRORS.contains(&stem)
    })
}

fn is_door(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let first = host.split('.').next().unwrap_or_default();
    DOORS.contains(&first) || parts(url).iter().any(|part| DOOR_PATHS.contains(&part.as_str()))
}

/// The front page, also in one of its languages: `/`, `/index.html`, `/en/`, `/en-gb`.
fn is_home(url: &Url) -> bool {
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

/// A page of its own and not a front page.
fn is_deep(url: &Url) -> bool {
    !is_home(url)
}

/// A short address on another site: it may well stand for the front page itself.
fn is_short_link(asked: &Url, last: &Url) -> bool {
    let host = |url: &Url| url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let (from, to) = (host(asked), host(last));
    let related = from == to || from.ends_with(&format!(".{to}")) || to.ends_with(&format!(".{from}"));
    !related && (parts(asked).len() <= 1 || RESOLVERS.contains(&from.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        asked: Url,
        last: Url,
        hops: Vec<Redirect>,
        status: u16,
        headers: HeaderMap,
        page: Option<Page>,
    }

    fn at(url: &str, status: u16) -> Case {
        let asked = Url::parse(url).unwrap();
        let page = Some(Page::default());
        Case { last: asked.clone(), asked, hops: Vec::new(), status, headers: HeaderMap::new(), page }
    }

    impl Case {
        fn hop(mut self, status: u16, to: &str) -> Self {
            self.last = self.last.join(to).unwrap();
            self.hops.push(Redirect { status, url: self.last.to_string() });
            self
        }

        fn nature(mut self, nature: Nature) -> Self {
            self.page = Some(Page { nature, ..Page::default() });
            self
        }

        fn field(mut self, name: &'static str, value: &'static str) -> Self {
            self.headers.insert(name, value.parse().unwrap());
            self
        }

        #[track_caller]
        fn is(self, want: State) -> String {
            let facts = Facts {
                asked: &self.asked,
                hops: &self.hops,
                last: &self.last,
                status: self.status,
                headers: &self.headers,
                page: self.page.as_ref(),
                empty: false,
            };
            let (state, reason) = judge(&facts);
            assert_eq!(state, want, "{reason}");
            assert!(reason.ends_with('.') && reason.starts_with(|c: char| !c.is_whitespace()), "{reason}");
            reason
        }
    }

    const DEEP: &str = "https://www.example.org/news/2025/a-story";

    #[test]
    fn statuses() {
        for status in [200, 203, 206, 300] {
            at(DEEP, status).is(State::Ok);
        }
        for status in [404, 410] {
            at(DEEP, status).is(State::Dead);
        }
        for status in [401, 402, 403, 429, 451, 999] {
            at(DEEP, status).is(State::Blocked);
        }
        for status in [204, 304, 400, 405, 406, 407, 408, 414, 418, 500, 502, 503, 521, 600] {
            at(DEEP, status).is(State::Unreachable);
        }
        at(DEEP, 302).is(State::Unreachable);
    }

    #[test]
    fn permanent_redirects_to_another_page_are_moves() {
        let reason = at(DEEP, 200).hop(301, "/archive/a-story").is(State::Moved);
        assert!(reason.contains("https://www.example.org/archive/a-story"), "{reason}");
        at(DEEP, 200).hop(301, "/b/a").hop(308, "/c/a").is(State::Moved);
        at(DEEP, 200).hop(301, "/b/a").hop(302, "/c/a").is(State::Ok);
        at(DEEP, 200).hop(303, "/b/a").is(State::Ok);
        // A refresh of the page itself promises nothing for ever.
        at(DEEP, 200).hop(200, "/b/a").is(State::Ok);
    }

    #[test]
    fn another_spelling_is_no_move() {
        at("http://example.org/a", 200).hop(301, "https://example.org/a").is(State::Ok);
        at("http://example.org/a", 200)
            .hop(301, "https://example.org/a")
            .hop(301, "https://www.example.org/a/")
            .is(State::Ok);
        at("https://EXAMPLE.org/a#top", 200).hop(308, "https://example.org/a").is(State::Ok);
        at("https://example.org/a?x=1", 200).hop(301, "https://example.org/a?x=2").is(State::Moved);
    }

    #[test]
    fn home_pages_instead_of_the_page() {
        at(DEEP, 200).hop(302, "/").is(State::Soft404);
        at(DEEP, 200).hop(301, "https://example.org/").is(State::Soft404);
        at(DEEP, 200).hop(302, "/en/").is(State::Soft404);
        at(DEEP, 200).hop(302, "/index.html").is(State::Soft404);
        at("https://example.org/?p=123", 200).hop(302, "/").is(State::Soft404);
        // The front page was asked for.
        at("https://example.org/", 200).hop(302, "/en/").is(State::Ok);
        at("https://example.org/index.html", 200).hop(302, "/").is(State::Ok);
        at("https://example.org/?utm_source=x", 200).hop(302, "/").is(State::Ok);
        at("https://example.org/", 200).is(State::Ok);
        // A short link may stand for a front page.
        at("https://sho.rt/x7Gh2", 200).hop(302, "https://example.org/").is(State::Ok);
        at("https://doi.org/10.1000/182", 200).hop(302, "https://journal.example/").is(State::Ok);
        at("https://old.example/a/b", 200).hop(301, "https://new.example/").is(State::Soft404);
    }

    #[test]
    fn error_addresses() {
        at(DEEP, 200).hop(302, "/404").is(State::Soft404);
        at(DEEP, 200).hop(302, "/404.html").is(State::Soft404);
        at(DEEP, 200).hop(302, "/error.aspx?aspxerrorpath=/news").is(State::Soft404);
        at(DEEP, 200).hop(302, "/en/page-not-found/").is(State::Soft404);
        at("https://example.org/wiki/error", 200).is(State::Ok);
        at("https://example.org/blog/404", 200).hop(301, "https://www.example.org/blog/404").is(State::Ok);
        at(DEEP, 200).hop(302, "/news/the-404-story").is(State::Ok);
        at(DEEP, 404).hop(302, "/404").is(State::Dead);
    }

    #[test]
    fn doors_are_no_deaths() {
        at(DEEP, 200).hop(302, "https://login.example.org/?to=x").is(State::Blocked);
        at(DEEP, 200).hop(302, "https://consent.youtube.com/m?continue=x").is(State::Blocked);
        at(DEEP, 200).hop(302, "/users/sign_in").is(State::Blocked);
        at("https://example.org/docs/login", 200).hop(301, "/manual/login").is(State::Moved);
        at(DEEP, 200).nature(Nature::Wall("a password field".into())).is(State::Blocked);
    }

    #[test]
    fn a_bot_wall_is_never_a_death() {
        for status in [200, 202, 403, 404, 410, 429, 503] {
            at(DEEP, status).nature(Nature::Challenge("Just a moment...".into())).is(State::Blocked);
            at(DEEP, status).field("cf-mitigated", "challenge").is(State::Blocked);
        }
        at(DEEP, 202).field("x-amzn-waf-action", "challenge").is(State::Blocked);
        at(DEEP, 200).field("x-datadome", "protected").is(State::Ok);
        at(DEEP, 404).field("x-datadome", "protected").is(State::Dead);
    }

    #[test]
    fn pages_that_say_no() {
        let reason = at(DEEP, 200).nature(Nature::NotFound("Page not found".into())).is(State::Soft404);
        assert!(reason.contains("Page not found"), "{reason}");
        at(DEEP, 200).nature(Nature::Parked("This domain is for sale".into())).is(State::Soft404);
        at(DEEP, 404).nature(Nature::NotFound("Page not found".into())).is(State::Dead);
        at(DEEP, 503).nature(Nature::NotFound("Page not found".into())).is(State::Unreachable);
        at(DEEP, 200).nature(Nature::Shell).is(State::Ok);
    }

    #[test]
    fn reasons_show_no_password() {
        let reason =
            at("https://example.org/a/b", 200).hop(301, "https://u:secret@example.org/c/d").is(State::Moved);
        assert!(!reason.contains("secret"), "{reason}");
    }
}
