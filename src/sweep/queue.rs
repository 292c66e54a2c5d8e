//! What is due, in the order in which it is asked, and how long that takes.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use url::Url;

use super::Sweep;
use crate::archive::{self, When};
use crate::history::{due, ledger};
use crate::memory::now;
use crate::source::Policy;

/// Sources of one host that are asked one after the other before those of the next hosts: enough that the
/// host's own pace is asked for once and not each time.
const RUN: u32 = 8;

/// How long an answer is taken to come, for want of anything better.
const ANSWER: Duration = Duration::from_secs(1);

/// The sources that a sweep asks.
#[derive(Debug)]
pub struct Queue {
    /// Their numbers, in the order in which they are asked.
    pub due: Vec<i64>,
    /// Those that were checked since the sweep began.
    pub done: Vec<i64>,
    /// What is to be done.
    pub plan: Plan,
}

/// What is to be done, before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Documents and lists.
    pub documents: usize,
    /// Distinct addresses that they cite.
    pub sources: usize,
    /// Those that are asked now.
    pub due: usize,
    /// Of which were never checked before.
    pub new: usize,
    /// Those that need not be asked yet.
    pub resting: usize,
    /// Those that were checked since the sweep began.
    pub done: usize,
    /// Those known to be dead, or another page than they were, of which no archived copy is known: one is looked for.
    pub copies: usize,
    /// Hosts of those that are due.
    pub hosts: usize,
    /// The host that has most of them, and how many.
    pub largest: Option<(String, usize)>,
    /// Seconds that it takes at the pace in force, if answers take one second and each source one request;
    /// archives are asked about each copy at the pace that their indexes ask for.
    pub seconds: u64,
}

impl Queue {
    /// What a sweep has to do now; `all`: whether it is due or not; `when`: of which sources archived copies
    /// are looked for.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn of(sweep: &Sweep, policy: &Policy, when: When, all: bool) -> rusqlite::Result<Self> {
        let scope = sweep.sources()?;
        let now = now();
        let mut hosts: HashMap<String, (u32, u32, Duration)> = HashMap::new();
        let mut due: Vec<(u32, u32, i64)> = Vec::new();
        let (mut done, mut new, mut copies) = (Vec::new(), 0, 0);
        ledger::courses(&sweep.file, sweep.patience, |known, course| -> rusqlite::Result<()> {
            if scope.binary_search(&known.id).is_err() {
                return Ok(());
            }
            copies += usize::from(sweep.wants_copy(when, &known, course)?);
            if sweep.resumed && course.last().is_some_and(|last| last >= sweep.started) {
                done.push(known.id);
            } else if all || due::due(course, sweep.pace) <= now {
                let url = Url::parse(&known.url).ok();
                let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
                let number = hosts.len() as u32;
                let host = hosts.entry(host.to_owned()).or_insert_with(|| {
                    let (at_once, gap) = url.as_ref().map_or((1, Duration::ZERO), |url| policy.manners(url));
                    (number, 0, gap.max(ANSWER / at_once.try_into().unwrap_or(1)))
                });
                due.push((host.1 / RUN, host.0, known.id));
                host.1 += 1;
                new += usize::from(course.checks() == 0);
            }
            Ok(())
        })?;
        due.sort_unstable();
        let slowest = hosts.values().map(|(_, sources, each)| *each * *sources).max().unwrap_or_default();
        let width = ANSWER.mul_f64(due.len() as f64 / policy.width.max(1) as f64);
        let largest =
            hosts.into_iter().max_by(|(a, (_, m, _)), (b, (_, n, _))| m.cmp(n).then_with(|| b.cmp(a)));
        let plan = Plan {
            documents: sweep.documents()?,
            sources: scope.len(),
            due: due.len(),
            new,
            resting: scope.len() - due.len() - done.len(),
            done: done.len(),
            copies,
            hosts: due.iter().map(|(_, host, _)| *host as usize + 1).max().unwrap_or_default(),
            largest: largest.map(|(host, (_, sources, _))| (host, sources as usize)),
            seconds: (slowest.max(width) + archive::INDEX * u32::try_from(copies).unwrap_or(u32::MAX))
                .as_secs(),
        };
        Ok(Queue { due: due.into_iter().map(|(.., source)| source).collect(), done, plan })
    }
}
