//! Sources are visited for real: servers on loopback, TLS, proxies, archives. Everything goes through
//! the one public door, `visit_all`.

mod support;

#[path = "web/answers.rs"]
mod answers;
#[path = "web/bodies.rs"]
mod bodies;
#[path = "web/broken.rs"]
mod broken;
#[path = "web/earlier.rs"]
mod earlier;
#[path = "web/guard.rs"]
mod guard;
#[path = "web/manners.rs"]
mod manners;
#[path = "web/memory.rs"]
mod memory;
#[path = "web/natures.rs"]
mod natures;
#[path = "web/oracles.rs"]
mod oracles;
#[path = "web/package.rs"]
mod package;
#[path = "web/proxy.rs"]
mod proxy;
#[path = "web/record.rs"]
mod record;
#[path = "web/redirects.rs"]
mod redirects;
#[path = "web/replay.rs"]
mod replay;
#[path = "web/runs.rs"]
mod runs;
#[path = "web/save.rs"]
mod save;
#[path = "web/services.rs"]
mod services;
#[path = "web/tls.rs"]
mod tls;

use std::future::pending;
use std::time::Duration;

use ibid::source::{Event, Policy, State, Visit, visit_all};

/// Visits and expects no trouble on our side.
async fn visits(urls: &[String], policy: &Policy) -> Vec<Visit> {
    visit_all(urls, policy, |_| {}, pending()).await.unwrap()
}

async fn visit(url: &str, policy: &Policy) -> Visit {
    let mut visits = visits(&[url.to_owned()], policy).await;
    assert_eq!(visits.len(), 1);
    visits.remove(0)
}

/// A visit, and how long each of its waits was.
async fn visit_with_waits(url: &str, policy: &Policy) -> (Visit, Vec<Duration>) {
    let mut waits = Vec::new();
    let note = |event: Event<'_>| {
        if let Event::Waiting { wait, .. } = event {
            waits.push(wait);
        }
    };
    let visit = visit_all(&[url.to_owned()], policy, note, pending()).await.unwrap().remove(0);
    (visit, waits)
}

#[track_caller]
fn is(visit: &Visit, state: State, words: &str) {
    assert_eq!(visit.state, state, "{visit:?}");
    assert!(visit.reason.contains(words), "{:?} says nothing of {words:?}", visit.reason);
}
