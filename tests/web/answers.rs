//! One request, one answer: statuses, and what is asked again.

use std::time::Duration;

use ibid::source::{Policy, State};

use super::support::server::{Server, html, policy, say, status, with};
use super::{is, visit, visit_with_waits};

#[tokio::test]
async fn a_page_answers() {
    let site =
        Server::http(|_, _| with(html("A story"), "last-modified", "Fri, 14 Feb 2025 10:00:00 GMT")).await;
    let visit = visit(&site.url("site.test", "/a?b=c#d"), &policy([site.at("site.test")])).await;
    is(&visit, State::Ok, "answers");
    assert_eq!(visit.status, Some(200));
    assert_eq!(visit.final_url, Some(site.url("site.test", "/a?b=c#d")));
    assert!(visit.page.is_some());
    assert_eq!(visit.headers.get("last-modified"), Some("Fri, 14 Feb 2025 10:00:00 GMT"));
    let [asked] = &site.seen()[..] else { panic!("asked more than once") };
    assert_eq!(asked.path, "/a?b=c");
    assert!(asked.header("accept").unwrap().starts_with("text/html,"));
    assert!(asked.header("user-agent").unwrap().contains("ibid/"));
    assert!(asked.header("accept-encoding").unwrap().contains("br"));
    assert_eq!(asked.header("referer"), None);
}

#[tokio::test]
async fn final_statuses_are_asked_once() {
    let site = Server::http(|seen, _| status(seen.path[1..].parse().unwrap())).await;
    let policy = policy([site.at("site.test")]);
    for (code, state) in [
        (404, State::Dead),
        (410, State::Dead),
        (401, State::Blocked),
        (403, State::Blocked),
        (451, State::Blocked),
        (999, State::Blocked),
        (400, State::Unreachable),
        (405, State::Unreachable),
        (501, State::Unreachable),
    ] {
        let visit = visit(&site.url("site.test", &format!("/{code}")), &policy).await;
        is(&visit, state, &code.to_string());
        assert_eq!(visit.status, Some(code));
    }
    assert_eq!(site.seen().len(), 9);
}

#[tokio::test]
async fn a_busy_host_is_asked_again_when_it_says() {
    let site = Server::http(|_, before| match before {
        0 => with(status(429), "retry-after", "1"),
        _ => html("at last"),
    })
    .await;
    let policy = policy([site.at("site.test")]);
    let (visit, waits) = visit_with_waits(&site.url("site.test", "/"), &policy).await;
    is(&visit, State::Ok, "");
    assert_eq!(waits, [Duration::from_secs(1)]);
    assert_eq!(site.seen().len(), 2);
}

#[tokio::test]
async fn a_busy_host_is_not_waited_for_longer_than_allowed() {
    let site = Server::http(|_, _| with(status(429), "retry-after", "3600")).await;
    let (visit, waits) = visit_with_waits(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Blocked, "429");
    assert!(waits.is_empty());
    assert_eq!(site.seen().len(), 1);
}

#[tokio::test]
async fn busy_to_the_end_is_blocked_and_trouble_to_the_end_is_not_dead() {
    let site = Server::http(|seen, _| status(seen.path[1..].parse().unwrap())).await;
    let policy = policy([site.at("site.test")]);
    is(&visit(&site.url("site.test", "/429"), &policy).await, State::Blocked, "429");
    assert_eq!(site.seen().len(), 3);
    is(&visit(&site.url("site.test", "/500"), &policy).await, State::Unreachable, "500");
    assert_eq!(site.seen().len(), 6);
}

#[tokio::test]
async fn passing_trouble_passes() {
    let site = Server::http(|_, before| if before == 0 { status(503) } else { html("back") }).await;
    let (visit, waits) = visit_with_waits(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Ok, "");
    assert_eq!(waits.len(), 1);
}

#[tokio::test]
async fn nobody_listens() {
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let policy = Policy { allow_private: true, ..policy([]) };
    let visit = visit(&format!("http://127.0.0.1:{port}/"), &policy).await;
    is(&visit, State::Unreachable, "refused the connection");
    assert_eq!((visit.status, visit.final_url), (None, None));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_dead_or_unknown_but_never_fine() {
    // RFC 6761: `.invalid` never resolves. Without any name service the verdict must be cautious.
    let visit = visit("http://no-such-host.invalid/", &policy([])).await;
    let words = if visit.state == State::Dead { "no such host" } else { "looked up" };
    assert!(matches!(visit.state, State::Dead | State::Unreachable), "{visit:?}");
    assert!(visit.reason.contains(words), "{visit:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer() {
    let site = Server::raw(|stream, _| async move { drop(stream) }).await;
    let visit = visit(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Unreachable, "without an answer");
    assert_eq!(site.seen().len(), 3);
}

#[tokio::test]
async fn a_host_that_never_answers() {
    let site = Server::raw(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let policy = Policy { timeout: Duration::from_millis(100), ..policy([site.at("site.test")]) };
    let visit = visit(&site.url("site.test", "/"), &policy).await;
    is(&visit, State::Unreachable, "in time");
    assert_eq!(site.seen().len(), 2, "time-outs are expensive: one more try");
}

#[tokio::test]
async fn something_that_is_not_http() {
    let site =
        Server::raw(|mut stream, _| async move { say(&mut stream, b"SSH-2.0-OpenSSH_9.9\r\n").await }).await;
    let visit = visit(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Unreachable, "not HTTP");
}

#[tokio::test]
async fn sloppy_heads_are_read_as_browsers_read_them() {
    let site = Server::raw(|mut stream, _| async move {
        let head = b"HTTP/1.1 200\r\nBroken Header: x\r\nContent-Type : text/html\r\nContent-Length: 7\r\n\r\n<p>fine";
        say(&mut stream, head).await;
    })
    .await;
    let visit = visit(&site.url("site.test", "/"), &policy([site.at("site.test")])).await;
    is(&visit, State::Ok, "");
    assert!(visit.page.is_some());
}
