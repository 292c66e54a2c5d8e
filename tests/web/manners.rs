//! Politeness, and what holds for single hosts.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ibid::source::{HostRule, Policy, State};

use super::support::server::{Server, body, html, policy, redirect, status, with};
use super::{is, visit, visits};

#[tokio::test]
async fn a_host_is_asked_at_the_pace_that_it_asks_for() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&times);
    let site = Server::http(move |seen, _| {
        if seen.path == "/robots.txt" {
            return body("text/plain", "User-agent: *\nDisallow: /\nCrawl-delay: 0.2\n");
        }
        log.lock().unwrap().push(Instant::now());
        html("x")
    })
    .await;
    let urls: Vec<String> = (0..4).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let polite = Policy { robots: true, ..policy([site.at("site.test")]) };
    assert!(visits(&urls, &polite).await.iter().all(|visit| visit.state == State::Ok));
    assert_eq!(site.paths()[0], "/robots.txt");
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), 4);
    let gaps: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| *gap > Duration::from_millis(150)), "{gaps:?}");
    // One source is no crawl.
    visits(&urls[..1], &polite).await;
    assert_eq!(site.paths().iter().filter(|path| *path == "/robots.txt").count(), 1);
}

#[tokio::test]
async fn a_host_that_wants_to_be_left_alone_for_long_is() {
    let site = Server::http(|_, _| with(status(429), "retry-after", "3600")).await;
    let other = Server::http(|_, _| html("x")).await;
    let mut urls: Vec<String> = (0..5).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    urls.push(other.url("other.test", "/"));
    let visits = visits(&urls, &policy([site.at("site.test"), other.at("other.test")])).await;
    assert_eq!(site.seen().len(), 1);
    assert!(visits[..5].iter().all(|visit| visit.state == State::Blocked), "{visits:?}");
    is(&visits[4], State::Blocked, "left alone");
    is(&visits[5], State::Ok, "");
}

#[tokio::test]
async fn nobody_is_asked_sooner_than_told() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&times);
    let site = Server::http(move |_, _| {
        let mut times = log.lock().unwrap();
        times.push(Instant::now());
        if times.len() == 1 { with(status(503), "retry-after", "1") } else { html("x") }
    })
    .await;
    let urls: Vec<String> = (0..3).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let visits = visits(&urls, &policy([site.at("site.test")])).await;
    assert!(visits.iter().all(|visit| visit.state == State::Ok), "{visits:?}");
    let times = times.lock().unwrap().clone();
    assert!(times.len() == 4 && times[1] - times[0] >= Duration::from_secs(1), "{times:?}");
}

#[tokio::test]
async fn a_run_ends_when_its_time_is_up() {
    let site = Server::raw(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let fast = Server::http(|_, _| html("x")).await;
    let policy = Policy {
        run_time: Some(Duration::from_millis(400)),
        ..policy([site.at("site.test"), fast.at("fast.test")])
    };
    let visits = visits(&[site.url("site.test", "/"), fast.url("fast.test", "/")], &policy).await;
    is(&visits[0], State::Skipped, "time allowed for the run");
    is(&visits[1], State::Ok, "");
}

#[tokio::test]
async fn fields_for_one_host_go_to_no_other() {
    let other = Server::http(|_, _| html("other")).await;
    let to = other.url("other.test", "/landing");
    let site = Server::http(move |seen, _| match seen.header("authorization") {
        Some("Bearer secret") => redirect(302, &to),
        _ => status(401),
    })
    .await;
    let mut rule = HostRule { host: "*.test".into(), ..HostRule::default() };
    rule.headers.insert("authorization", "Bearer wrong".parse().unwrap());
    let mut own = HostRule { host: "site.test".into(), ..HostRule::default() };
    own.headers.insert("authorization", "Bearer secret".parse().unwrap());
    let hosts = [site.at("site.test"), other.at("other.test")];
    let only = Policy { hosts: vec![own.clone()], ..policy(hosts.clone()) };
    let visited = visit(&site.url("site.test", "/"), &only).await;
    is(&visited, State::Ok, "");
    assert!(!format!("{visited:?}").contains("secret"));
    assert_eq!(other.seen()[0].header("authorization"), None);
    // The first rule that fits counts.
    let zone = Policy { hosts: vec![rule, own], ..policy(hosts) };
    is(&visit(&site.url("site.test", "/"), &zone).await, State::Blocked, "401");
}

#[tokio::test]
async fn a_status_may_count_as_an_answer() {
    let site = Server::http(|_, _| status(403)).await;
    let rule = HostRule { host: "site.test".into(), accept: vec![403], ..HostRule::default() };
    let accepting = Policy { hosts: vec![rule], ..policy([site.at("site.test"), site.at("else.test")]) };
    is(&visit(&site.url("site.test", "/"), &accepting).await, State::Ok, "counts as an answer here");
    is(&visit(&site.url("else.test", "/"), &accepting).await, State::Blocked, "403");
}

#[tokio::test]
async fn a_hidden_password_is_not_sent() {
    let site = Server::http(|_, _| html("x")).await;
    let url = site.url("site.test", "/").replace("site.test", "me:*****@site.test");
    is(&visit(&url, &policy([site.at("site.test")])).await, State::Ok, "");
    assert_eq!(site.seen()[0].header("authorization"), None);
}
