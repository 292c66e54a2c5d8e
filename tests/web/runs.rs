//! A whole run: order, lanes, the stop signal.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ibid::source::{Event, Policy, State, visit_all};
use tokio::sync::{Notify, oneshot};

use super::support::server::{Server, html, page, policy, say, status};
use super::{is, visits};

/// Answers only when told to.
async fn held(gate: Arc<Notify>) -> Server {
    Server::raw(move |mut stream, _| {
        let gate = Arc::clone(&gate);
        async move {
            gate.notified().await;
            let page = page("late");
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", page.len());
            say(&mut stream, format!("{head}{page}").as_bytes()).await;
        }
    })
    .await
}

#[tokio::test]
async fn one_slow_host_does_not_hold_up_the_others() {
    let gate = Arc::new(Notify::new());
    let slow = held(Arc::clone(&gate)).await;
    let fast = Server::http(|_, _| html("fast")).await;
    let mut hosts = vec![slow.at("slow.test")];
    let mut urls: Vec<String> = (0..20).map(|n| slow.url("slow.test", &format!("/{n}"))).collect();
    for n in 0..10 {
        hosts.push(fast.at(&format!("fast{n}.test")));
        urls.push(fast.url(&format!("fast{n}.test"), "/"));
    }
    // Two places in all, and the slow host's links come first.
    let policy = Policy { width: 2, ..policy(hosts) };
    let mut arrived = Vec::new();
    let opened = visit_all(
        &urls,
        &policy,
        |event| {
            if let Event::Visited(visit) = event {
                arrived.push(visit.url.clone());
                // The slow host answers only once every fast one has.
                if arrived.len() >= 10 {
                    gate.notify_one();
                }
            }
        },
        pending(),
    )
    .await
    .unwrap();
    assert!(arrived[..10].iter().all(|url| url.contains("fast")), "{arrived:?}");
    let order: Vec<&String> = opened.iter().map(|visit| &visit.url).collect();
    assert_eq!(order, urls.iter().collect::<Vec<_>>());
    assert!(opened.iter().all(|visit| visit.state == State::Ok));
}

#[tokio::test]
async fn a_host_is_asked_one_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, peak) = (Arc::clone(&now), Arc::clone(&most));
    let site = Server::raw(move |mut stream, _| {
        let (now, most) = (Arc::clone(&inside), Arc::clone(&peak));
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(2)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            say(&mut stream, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .await;
        }
    })
    .await;
    let urls: Vec<String> = (0..12).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    visits(&urls, &policy([site.at("site.test")])).await;
    assert_eq!(most.swap(0, Ordering::SeqCst), 1);
    visits(&urls, &Policy { per_host: 3, ..policy([site.at("site.test")]) }).await;
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_url_is_fetched_once_however_often_it_is_cited() {
    let site = Server::http(|_, _| html("x")).await;
    let urls = ["/a", "/a#one", "/b", "/a", "/a#two"].map(|path| site.url("site.test", path));
    let mut told = 0;
    let count = |event: Event<'_>| told += usize::from(matches!(event, Event::Visited(_)));
    let visits = visit_all(&urls, &policy([site.at("site.test")]), count, pending()).await.unwrap();
    assert_eq!(told, 5);
    assert_eq!(site.paths(), ["/a", "/b"]);
    for (visit, url) in visits.iter().zip(&urls) {
        assert_eq!(&visit.url, url);
        assert_eq!(visit.final_url.as_ref(), Some(url));
    }
}

#[tokio::test]
async fn when_stopped_what_is_known_is_returned() {
    let gate = Arc::new(Notify::new());
    let slow = held(gate).await;
    let fast = Server::http(|_, _| html("fast")).await;
    let urls = [slow.url("slow.test", "/"), fast.url("fast.test", "/"), "not a url".to_owned()];
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    let visits = visit_all(
        &urls,
        &policy([slow.at("slow.test"), fast.at("fast.test")]),
        |event| {
            if let Event::Visited(visit) = event
                && visit.state == State::Ok
                && let Some(stop) = stop.take()
            {
                stop.send(()).unwrap();
            }
        },
        async { stopped.await.unwrap() },
    )
    .await
    .unwrap();
    is(&visits[0], State::Skipped, "interrupted");
    is(&visits[1], State::Ok, "");
    is(&visits[2], State::Invalid, "URL");
}

#[tokio::test]
async fn a_host_that_hangs_is_given_up_after_a_few() {
    let site = held(Arc::new(Notify::new())).await;
    let urls: Vec<String> = (0..10).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let policy = Policy { timeout: Duration::from_millis(50), ..policy([site.at("site.test")]) };
    let visits = visits(&urls, &policy).await;
    assert!(visits.iter().all(|visit| visit.state == State::Unreachable));
    is(&visits[9], State::Unreachable, "was not asked again");
    // Twice for the first, once for the next two.
    assert_eq!(site.seen().len(), 4);
}

#[tokio::test]
async fn a_host_that_is_always_busy_is_waited_for_once() {
    let site = Server::http(|_, _| status(429)).await;
    let urls: Vec<String> = (0..10).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let visits = visits(&urls, &policy([site.at("site.test")])).await;
    assert!(visits.iter().all(|visit| visit.state == State::Blocked));
    // Three times for the first, once for each of the others.
    assert_eq!(site.seen().len(), 12);
}
