//! What is known of a source → its [`State`] and one plain sentence. Pure.
//!
//! Two errors are worse than any other: to call a page dead that a reader can open, and to call one
//! fine that is gone. So a refusal is never a death, whatever its status, and a page that came is
//! looked at.

use reqwest::header::HeaderMap;
use url::Url;

use super::address::{
    is_checkpoint, is_door, is_error_address, is_home, is_parking, is_section_of, is_short_link,
};
use super::wall::{challenge, refused_by};
use super::web::shown;
use super::{Redirect, State, Visit};
use crate::fold;
use crate::link::{self, same_address};
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
    if let Some(wall) = refused_by(facts) {
        let reason =
            format!("{host} refuses programs ({status}, by {wall}); a reader may well see the page.");
        return (State::Blocked, reason);
    }
    if status >= 400 && facts.headers.contains_key("memento-datetime") {
        return (
            State::Soft404,
            format!("The archived copy is one of an error ({status}), not of the page."),
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
    visit.record = Some(Box::new(record));
}

/// A page that bears the title under which it is cited is that page, however it was come by and
/// whatever else it shows: a front page may carry the story, a wall may stand before half of it.
pub(super) fn confirm(visit: &mut Visit, title: &str) {
    let Some(page) = &visit.page else { return };
    let came = visit.status.is_some_and(|status| (200..300).contains(&status));
    let refused = matches!(page.nature, Nature::Challenge(_));
    if came
        && !refused
        && matches!(visit.state, State::Soft404 | State::Blocked)
        && page.titles.iter().any(|own| is_title(title, own, page.site.as_deref()))
    {
        visit.reason = String::from("It answers with a page that bears the cited title.");
        visit.state = State::Ok;
    }
}

/// Is one title the other, but for a subtitle or the site's name? Both must be long enough to be no
/// name of a site, or the very same and not the name of this one.
fn is_title(cited: &str, own: &str, site: Option<&str>) -> bool {
    const FEWEST: usize = 6;
    let joined = |text: &str| fold::words(text).concat();
    let whole = joined(cited);
    if whole == joined(own) && whole.chars().count() >= FEWEST && site.map(joined) != Some(whole) {
        return true;
    }
    let (cited, own) = (fold::words(cited), fold::words(own));
    let known = cited.iter().filter(|word| own.contains(word)).count();
    cited.len() >= 3 && known * 5 >= cited.len() * 4 && known * 2 >= own.len()
}

/// The answers that count as a page's.
fn judge_page(facts: &Facts<'_>) -> (State, String) {
    let Facts { asked, last, .. } = *facts;
    let host = last.host_str().unwrap_or_default();
    let to = shown(last);
    let redirected = !facts.hops.is_empty();
    // Of archived copies, the pages that they are copies of are compared.
    let original = |url: &Url| link::archived(url).and_then(|copy| copy.original);
    let (asked_page, last_page) = match (original(asked), original(last)) {
        (Some(asked), Some(last)) => (asked, last),
        _ => (asked.clone(), last.clone()),
    };
    let strays = |there: fn(&Url) -> bool| redirected && there(&last_page) && !there(&asked_page);
    match facts.page.map(|page| &page.nature) {
        // Who cites a page to log in at means it.
        Some(Nature::Wall(what)) if !is_door(&asked_page) => {
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
    if redirected && is_parking(&asked_page, &last_page) {
        return (State::Soft404, format!("The domain is parked or for sale: it redirects to {to}."));
    }
    if strays(is_door) {
        return (State::Blocked, format!("It redirects to a login or consent page, {to}."));
    }
    if strays(is_checkpoint) {
        return (State::Blocked, format!("It redirects to a page that keeps programs out, {to}."));
    }
    if strays(is_error_address) {
        return (State::Soft404, format!("It redirects to an error page, {to}."));
    }
    if strays(is_home) && !is_short_link(&asked_page, &last_page) {
        return (State::Soft404, format!("It redirects to the home page, {to}."));
    }
    if redirected && is_section_of(&asked_page, &last_page) {
        return (State::Soft404, format!("It redirects to a section of the site, {to}."));
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

#[cfg(test)]
mod tests {
    use super::super::Fields;
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
    fn sections_instead_of_the_page() {
        const STORY: &str = "https://www.example.org/world/2025/who-pays-for-the-harbour";
        for to in [
            "/world",
            "/world/2025/",
            "/news/",
            "/en/news",
            "https://example.org/world",
            "/search?term=harbour",
        ] {
            at(STORY, 200).hop(302, to).is(State::Soft404);
        }
        for to in
            ["/world/2025/who-pays-for-the-harbour/amp", "/2025/harbour", "/europe/who-pays", "/news?id=7"]
        {
            at(STORY, 200).hop(302, to).is(State::Ok);
        }
        at(STORY, 200).hop(302, "https://elsewhere.example/news").is(State::Ok);
        // Books and series hold what is below them, and part of a page is no page of its own.
        at("https://example.org/who-pays-for-the-harbour/chapter-1", 200)
            .hop(301, "/who-pays-for-the-harbour")
            .is(State::Moved);
        at("https://example.org/docs/install", 200).hop(302, "/docs").is(State::Ok);
    }

    #[test]
    fn names_for_sale() {
        at(DEEP, 200).hop(302, "https://www.hugedomains.com/domain_profile.cfm?d=example").is(State::Soft404);
        at(DEEP, 200).hop(302, "http://ww25.example.org/news/2025/a-story?subid1=2025").is(State::Soft404);
        at("https://www.dan.com/a/b", 200).hop(302, "https://dan.com/a/c").is(State::Ok);
        at(DEEP, 200).hop(302, "https://ww2.example.org/news/2025/a-story").is(State::Ok);
    }

    #[test]
    fn archived_copies_are_judged_by_what_they_copy() {
        let copy = "https://web.archive.org/web/20250301000000/https://example.org/news/2025/a-story";
        at(copy, 200).hop(302, "/web/20250304120000/https://example.org/news/2025/a-story").is(State::Ok);
        at(copy, 200).hop(302, "/web/20250304120000/https://example.org/").is(State::Soft404);
        at(copy, 200).hop(302, "/web/20250304120000/https://example.org/login").is(State::Blocked);
        at(copy, 404).is(State::Dead);
        for status in [404, 403, 503] {
            at(copy, status).field("memento-datetime", "Tue, 04 Mar 2025 12:00:00 GMT").is(State::Soft404);
        }
    }

    #[test]
    fn the_cited_title_outweighs_what_speaks_against_a_page() {
        let visit = |state, nature: Nature, title: &str| {
            let page = Page { titles: vec![title.to_owned()], nature, ..Page::default() };
            let (url, reason) = (DEEP.to_owned(), String::new());
            let (page, status) = (Some(Box::new(page)), Some(200));
            Visit {
                url,
                state,
                status,
                reason,
                page,
                final_url: None,
                redirects: Vec::new(),
                record: None,
                missing_fragments: Vec::new(),
                fragments: Vec::new(),
                digest: None,
                text: None,
                headers: Fields::default(),
            }
        };
        let confirmed = |mut visit: Visit| {
            confirm(&mut visit, "Who Pays for the New Breakwater?");
            visit.state
        };
        let title = "Who pays for the new breakwater | Strait Times";
        assert_eq!(confirmed(visit(State::Soft404, Nature::Ordinary, title)), State::Ok);
        assert_eq!(confirmed(visit(State::Blocked, Nature::Wall("log in".to_owned()), title)), State::Ok);
        assert_eq!(confirmed(visit(State::Soft404, Nature::Ordinary, "Strait Times")), State::Soft404);
        assert_eq!(confirmed(visit(State::Dead, Nature::Ordinary, title)), State::Dead);
        let mut short = visit(State::Soft404, Nature::Ordinary, "Home");
        confirm(&mut short, "Home");
        assert_eq!(short.state, State::Soft404);
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
        at(DEEP, 200).hop(302, "https://www.google.com/sorry/index?continue=x").is(State::Blocked);
        at(DEEP, 200).hop(302, "https://geo.captcha-delivery.com/captcha/?x").is(State::Blocked);
        at("https://example.org/docs/login", 200).hop(301, "/manual/login").is(State::Moved);
        at(DEEP, 200).nature(Nature::Wall("a password field".into())).is(State::Blocked);
        at("https://example.org/users/sign_in", 200).nature(Nature::Wall("Sign in".into())).is(State::Ok);
    }

    #[test]
    fn a_bot_wall_is_never_a_death() {
        for status in [200, 202, 403, 404, 410, 429, 503] {
            at(DEEP, status).nature(Nature::Challenge("Just a moment...".into())).is(State::Blocked);
            at(DEEP, status).field("cf-mitigated", "challenge").is(State::Blocked);
        }
        at(DEEP, 202).field("x-amzn-waf-action", "challenge").is(State::Blocked);
        at(DEEP, 200).field("x-vercel-mitigated", "challenge").is(State::Blocked);
        for (field, value) in
            [("server", "AkamaiGHost"), ("x-kpsdk-ct", "0"), ("x-iinfo", "1-2"), ("server", "ddos-guard")]
        {
            at(DEEP, 200).field(field, value).is(State::Ok);
            at(DEEP, 404).field(field, value).is(State::Dead);
            let reason = at(DEEP, 403).field(field, value).is(State::Blocked);
            assert!(reason.contains("refuses programs (403, by"), "{reason}");
        }
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
