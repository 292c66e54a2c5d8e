//! From one address to the next.

use ibid::source::{Policy, Redirect, State};

use super::support::server::{Server, body, html, policy, redirect, status, with};
use super::{is, visit};

#[tokio::test]
async fn every_hop_is_recorded() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/a/one" => redirect(301, "../b/two"),
        "/b/two" => redirect(308, "/c/three?x=1"),
        "/c/three?x=1" => html("three"),
        other => panic!("{other}"),
    })
    .await;
    let visit = visit(&site.url("site.test", "/a/one#part"), &policy([site.at("site.test")])).await;
    is(&visit, State::Moved, "/c/three?x=1");
    let hop = |status, path| Redirect { status, url: site.url("site.test", path) };
    assert_eq!(visit.redirects, [hop(301, "/b/two"), hop(308, "/c/three?x=1")]);
    assert_eq!(visit.final_url, Some(site.url("site.test", "/c/three?x=1#part")));
    assert_eq!(visit.status, Some(200));
}

#[tokio::test]
async fn a_fragment_that_a_redirect_gives_counts() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/a" => redirect(302, "/b#its-own"),
        _ => html("b"),
    })
    .await;
    let visit = visit(&site.url("site.test", "/a#cited"), &policy([site.at("site.test")])).await;
    assert_eq!(visit.final_url, Some(site.url("site.test", "/b#its-own")));
    assert_eq!(site.paths(), ["/a", "/b"]);
}

#[tokio::test]
async fn to_another_host_and_in_utf8() {
    let target = Server::http(|_, _| html("there")).await;
    let to = target.url("there.test", "/caf\u{e9}");
    let from = Server::raw(move |mut stream, _| {
        let to = to.clone();
        async move {
            let head = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
            super::support::server::say(&mut stream, head.as_bytes()).await;
        }
    })
    .await;
    let policy = policy([from.at("here.test"), target.at("there.test")]);
    let visit = visit(&from.url("here.test", "/x/y"), &policy).await;
    is(&visit, State::Ok, "after a redirect");
    assert_eq!(target.paths(), ["/caf%C3%A9"]);
}

#[tokio::test]
async fn in_an_encoding_that_is_not_told_the_bytes_are_asked() {
    let site = Server::raw(|mut stream, asked| async move {
        let head: &[u8] = if asked.contains(" /x ") {
            b"HTTP/1.1 301 Moved\r\nLocation: /caf\xe9/one\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        } else {
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\nConnection: close\r\n\r\none"
        };
        super::support::server::say(&mut stream, head).await;
    })
    .await;
    let visit = visit(&site.url("site.test", "/x"), &policy([site.at("site.test")])).await;
    is(&visit, State::Moved, "/caf%E9/one");
    assert_eq!(visit.final_url, Some(site.url("site.test", "/caf%E9/one")));
}

#[tokio::test]
async fn circles_and_endless_chains_end() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/self" => redirect(302, "/self"),
        "/a" => redirect(302, "/b"),
        "/b" => redirect(302, "/a"),
        path => redirect(302, &format!("{path}x")),
    })
    .await;
    let policy = Policy { max_redirects: 4, ..policy([site.at("site.test")]) };
    is(&visit(&site.url("site.test", "/self"), &policy).await, State::Unreachable, "circle");
    is(&visit(&site.url("site.test", "/a"), &policy).await, State::Unreachable, "circle");
    assert_eq!(site.paths(), ["/self", "/a", "/b"]);
    let endless = visit(&site.url("site.test", "/x"), &policy).await;
    is(&endless, State::Unreachable, "more than 4 times");
    assert_eq!(endless.redirects.len(), 4);
    assert_eq!((endless.status, endless.final_url), (Some(302), None));
    assert_eq!(site.seen().len(), 3 + 5);
}

#[tokio::test]
async fn a_redirect_to_nowhere() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/none" => status(302),
        "/long" => redirect(302, &"/long".repeat(5_000)),
        _ => redirect(302, "http://me:hunter2@exa mple/"),
    })
    .await;
    let policy = policy([site.at("site.test")]);
    is(&visit(&site.url("site.test", "/none"), &policy).await, State::Unreachable, "without saying where to");
    for path in ["/bad", "/long"] {
        let visit = visit(&site.url("site.test", path), &policy).await;
        is(&visit, State::Unreachable, "no address");
        assert!(visit.reason.len() < 400 && !visit.reason.contains("hunter2"), "{}", visit.reason);
        assert_eq!(visit.redirects, []);
    }
}

#[tokio::test]
async fn a_site_that_wants_its_cookie_back() {
    let site = Server::http(|seen, _| match seen.header("cookie") {
        Some("seen=1") => html("a story"),
        _ => with(redirect(302, &seen.path), "set-cookie", "seen=1; Path=/"),
    })
    .await;
    let policy = policy([site.at("site.test")]);
    is(&visit(&site.url("site.test", "/one"), &policy).await, State::Ok, "");
    assert_eq!(site.paths(), ["/one", "/one"]);
    // Another source starts without: cookies never pass from one to the next.
    is(&visit(&site.url("site.test", "/two"), &policy).await, State::Ok, "");
    assert_eq!(site.paths()[2..], ["/two", "/two"]);
}

#[tokio::test]
async fn cookies_stay_inside_one_visit_of_a_run() {
    let site = Server::http(|_, _| with(html("x"), "set-cookie", "who=you; Path=/")).await;
    let urls = ["/a", "/b", "/c"].map(|path| site.url("site.test", path));
    super::visits(&urls, &policy([site.at("site.test")])).await;
    assert_eq!(site.seen().len(), 3);
    assert!(site.seen().iter().all(|seen| seen.header("cookie").is_none()));
}

#[tokio::test]
async fn cookies_and_passwords_do_not_cross_hosts() {
    let other = Server::http(|_, _| html("other")).await;
    let to = other.url("other.test", "/x/y");
    let site = Server::http(move |seen, _| match seen.path.as_str() {
        "/in" => with(redirect(302, "/out"), "set-cookie", "secret=1; Path=/"),
        _ => redirect(302, &to),
    })
    .await;
    let policy = policy([site.at("site.test"), other.at("other.test")]);
    let url = site.url("site.test", "/in").replace("http://", "http://me:hunter2@");
    let visit = visit(&url, &policy).await;
    is(&visit, State::Ok, "other.test");
    let [first, second] = &site.seen()[..] else { panic!() };
    assert!(first.header("authorization").unwrap().starts_with("Basic "));
    assert!(second.header("authorization").is_some(), "the same authority");
    assert_eq!(second.header("cookie"), Some("secret=1"));
    assert_eq!(other.seen()[0].header("authorization"), None);
    assert_eq!(other.seen()[0].header("cookie"), None);
    assert_eq!(visit.url, url);
    assert!(!format!("{} {:?} {:?}", visit.reason, visit.redirects, visit.final_url).contains("hunter2"));
}

#[tokio::test]
async fn front_pages_and_error_pages_are_not_the_page() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/news/a" => redirect(302, "/"),
        "/news/b" => redirect(301, "/404.html"),
        "/news/c" => redirect(302, "/login?next=c"),
        "/news/d" => redirect(302, "/news/gone"),
        "/news/gone" => status(404),
        _ => html("welcome"),
    })
    .await;
    let policy = policy([site.at("site.test")]);
    for (path, state, words) in [
        ("/news/a", State::Soft404, "home page"),
        ("/news/b", State::Soft404, "error page"),
        ("/news/c", State::Blocked, "login"),
        ("/news/d", State::Dead, "404"),
    ] {
        is(&visit(&site.url("site.test", path), &policy).await, state, words);
    }
}

#[tokio::test]
async fn a_page_is_not_read_twice_by_its_own_reload() {
    // Whatever a refresh is taken for, a page that names itself is an answer.
    let site = Server::http(|seen, _| {
        let head = format!("<meta http-equiv=refresh content='0; url={}'>", seen.path);
        body("text/html", format!("<html><head>{head}<title>t</title></head><p>text</html>"))
    })
    .await;
    is(&visit(&site.url("site.test", "/live"), &policy([site.at("site.test")])).await, State::Ok, "");
    assert_eq!(site.paths(), ["/live"]);
}
