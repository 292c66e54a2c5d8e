//! A queue per host, and a limit on the whole run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use url::Url;

use super::Policy;
use super::fault::Fault;

/// Who may send when. Everyone waits for the host first and for a place in the run last: whoever
/// holds a place is about to use it, so one slow host with a hundred links never keeps the others
/// from being asked.
pub(super) struct Lanes {
    hosts: Mutex<HashMap<String, Arc<Lane>>>,
    per_host: usize,
    width: Arc<Semaphore>,
}

/// One host's queue: first come, first served.
struct Lane {
    turns: Arc<Semaphore>,
    /// What the answers so far say of the host.
    health: Mutex<Health>,
}

#[derive(Clone, Copy)]
struct Health {
    /// It let the last of us down to the end: nobody else waits for it to become better.
    failing: bool,
    /// Time-outs to the end, one after the other.
    silent: u32,
}

/// A host that let so many of us wait for nothing is not asked again: with a time-out of half a
/// minute, twenty links to it would cost the run ten minutes.
const SILENT: u32 = 3;

/// The right to ask one host; given back when dropped.
pub(super) struct Turn {
    _host: OwnedSemaphorePermit,
    run: Option<OwnedSemaphorePermit>,
    width: Arc<Semaphore>,
}

impl Turn {
    /// Leaves the host alone for a while. Its queue waits behind us: what it told one, it told all.
    /// The rest of the run does not.
    pub(super) async fn rest(&mut self, wait: Duration) {
        self.run = None;
        sleep(wait).await;
        self.run = Some(place(&self.width).await);
    }
}

async fn place(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(semaphore).acquire_owned().await.expect("the semaphore is never closed")
}

impl Lanes {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            hosts: Mutex::default(),
            per_host: policy.per_host.max(1),
            width: Arc::new(Semaphore::new(policy.width.max(1))),
        }
    }

    /// Waits for the turn to ask a URL's host.
    pub(super) async fn turn(&self, url: &Url) -> Turn {
        let lane = self.lane(url);
        let host = place(&lane.turns).await;
        let run = place(&self.width).await;
        Turn { _host: host, run: Some(run), width: Arc::clone(&self.width) }
    }

    /// Keeps in mind how a URL's host ended one of our questions.
    pub(super) fn learn(&self, url: &Url, ending: Result<u16, &Fault>) {
        let lane = self.lane(url);
        let mut health = lane.health();
        health.failing = match ending {
            Ok(status) => status == 429,
            Err(fault) => fault.is_of_host(),
        };
        health.silent = if ending == Err(&Fault::TimedOut) { health.silent + 1 } else { 0 };
    }

    /// Did the last question to a URL's host end in nothing, after every try?
    pub(super) fn is_failing(&self, url: &Url) -> bool {
        self.lane(url).health().failing
    }

    /// Has a URL's host left too many questions without an answer?
    pub(super) fn is_silent(&self, url: &Url) -> bool {
        self.lane(url).health().silent >= SILENT
    }

    fn lane(&self, url: &Url) -> Arc<Lane> {
        let port = url.port_or_known_default().unwrap_or_default();
        let host = format!("{}:{port}", url.host_str().unwrap_or_default());
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = hosts.entry(host).or_insert_with(|| {
            let health = Health { failing: false, silent: 0 };
            Arc::new(Lane { turns: Arc::new(Semaphore::new(self.per_host)), health: Mutex::new(health) })
        });
        Arc::clone(lane)
    }
}

impl Lane {
    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn url(host: &str) -> Url {
        Url::parse(&format!("https://{host}/")).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_host_takes_one_place_only() {
        let lanes = Lanes::new(&Policy { width: 2, per_host: 1, ..Policy::default() });
        let _slow = lanes.turn(&url("slow.example")).await;
        let slow = url("slow.example");
        let second = lanes.turn(&slow);
        tokio::pin!(second);
        assert!(tokio::time::timeout(Duration::from_secs(1), &mut second).await.is_err());
        // The second one waits at the host and holds no place in the run.
        assert!(
            tokio::time::timeout(Duration::from_secs(1), lanes.turn(&url("other.example"))).await.is_ok()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_run_has_a_width() {
        let lanes = Lanes::new(&Policy { width: 1, ..Policy::default() });
        let first = lanes.turn(&url("a.example")).await;
        assert!(tokio::time::timeout(Duration::from_secs(1), lanes.turn(&url("b.example"))).await.is_err());
        drop(first);
        lanes.turn(&url("b.example")).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_holds_for_the_host_alone() {
        let lanes = Lanes::new(&Policy { width: 1, ..Policy::default() });
        let start = Instant::now();
        let mut turn = lanes.turn(&url("tired.example")).await;
        let rest = async {
            turn.rest(Duration::from_secs(7)).await;
            drop(turn);
        };
        let others = async {
            lanes.turn(&url("other.example")).await;
            assert_eq!(start.elapsed(), Duration::ZERO);
            lanes.turn(&url("tired.example")).await;
            assert_eq!(start.elapsed().as_secs(), 7);
        };
        tokio::join!(rest, others);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_host_does_is_remembered() {
        let lanes = Lanes::new(&Policy::default());
        let host = url("a.example");
        for _ in 0..3 {
            assert!(!lanes.is_silent(&host));
            lanes.learn(&host, Err(&Fault::TimedOut));
            assert!(lanes.is_failing(&host));
        }
        assert!(lanes.is_silent(&host));
        assert!(!lanes.is_failing(&url("b.example")));
        lanes.learn(&host, Ok(200));
        assert!(!lanes.is_silent(&host) && !lanes.is_failing(&host));
        lanes.learn(&host, Ok(429));
        assert!(lanes.is_failing(&host));
    }
}
