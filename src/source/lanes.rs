//! A queue per host, and a limit on the whole run: the board's async face.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::Policy;
use super::board::{Board, Line, Manners, SILENT};
use super::budget::Budget;
use super::fault::Fault;
use crate::archive::{self, Pace};

/// Who may send when.
pub(super) struct Lanes {
    board: Mutex<Board<Waiter>>,
    policy: Policy,
    /// What parts of hosts ask for.
    paces: Vec<Pace>,
    /// An archive is asked as fast as it can be read.
    polite: bool,
    /// The board's next alarm may have changed.
    changed: Notify,
    starts: mpsc::UnboundedSender<Start>,
}

/// Sources whose turn has come: their visits begin now, with the turn in hand. Until then a source
/// costs no more than its number.
pub(super) type Starts = mpsc::UnboundedReceiver<Start>;

/// One source's first turn.
pub(super) struct Start {
    pub(super) source: usize,
    pub(super) turn: Turn,
}

enum Waiter {
    Source(usize),
    Visit(oneshot::Sender<Turn>),
}

/// The right to ask one host, and to say what came of it; given back when dropped.
pub(super) struct Turn {
    lanes: Arc<Lanes>,
    lane: usize,
    /// The connection is worth keeping for the next question.
    pub(super) keeps: bool,
    /// The host's first turn, with many more to come.
    pub(super) first_of_many: bool,
}

impl Turn {
    /// Leaves the host alone for a while: what it told one, it told all.
    pub(super) fn rest(&self, wait: Duration) {
        self.lanes.board().rest(self.lane, Instant::now() + wait);
    }

    /// The host wants to be left alone for longer than anyone waits.
    pub(super) fn close(&self, status: u16) {
        let mut board = self.lanes.board();
        board.health(self.lane).closed = Some(status);
        board.hurry(self.lane);
    }

    /// Nobody asks the host any more: its queue need not be kept waiting.
    pub(super) fn hurry(&self) {
        self.lanes.board().hurry(self.lane);
    }

    /// Keeps to the pace that the host asks for.
    pub(super) fn slow_down(&self, gap: Duration) {
        self.lanes.board().slow_down(self.lane, gap, Instant::now());
    }

    /// Keeps in mind how the host ended one of our questions.
    pub(super) fn learn(&self, ending: Result<u16, &Fault>) {
        let mut board = self.lanes.board();
        let health = board.health(self.lane);
        health.failing = match ending {
            Ok(status) => status == 429,
            Err(fault) => fault.is_of_host(),
        };
        health.silent = if ending == Err(&Fault::TimedOut) { health.silent + 1 } else { 0 };
    }

    /// Did the last question to the host end in nothing, after every try?
    pub(super) fn is_failing(&self) -> bool {
        self.lanes.board().health(self.lane).failing
    }

    /// Has the host left too many questions without an answer?
    pub(super) fn is_silent(&self) -> bool {
        self.lanes.board().health(self.lane).silent >= SILENT
    }

    /// The status with which the host asked to be left alone for long.
    pub(super) fn is_closed(&self) -> Option<u16> {
        self.lanes.board().health(self.lane).closed
    }

    /// Does the host see one question at a time?
    pub(super) fn is_single(&self) -> bool {
        self.lanes.board().is_single(self.lane)
    }

    /// Does this part of the host ask for a pace of its own?
    pub(super) fn is_paced(&self) -> bool {
        self.lanes.board().is_paced(self.lane)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lanes.board().release(self.lane, Instant::now());
        self.lanes.deal();
    }
}

impl Lanes {
    pub(super) fn new(policy: &Policy, polite: bool) -> (Arc<Self>, Starts) {
        let budget = Budget::of(policy);
        let (starts, started) = mpsc::unbounded_channel();
        let lanes = Self {
            board: Mutex::new(Board::new(budget.width, budget.kept)),
            policy: policy.clone(),
            paces: archive::paces(&policy.endpoints),
            polite,
            changed: Notify::new(),
            starts,
        };
        (Arc::new(lanes), started)
    }

    /// Queues a source that is to be visited. Nobody's turn comes before [`Lanes::begin`].
    pub(super) fn add(&self, source: usize, url: &Url) {
        let lane = self.lane(url);
        self.board().queue(lane, Line::Fresh, Waiter::Source(source), Instant::now());
    }

    /// Every source is queued: the first turns are given.
    pub(super) fn begin(self: &Arc<Self>) {
        self.board().shrink();
        self.deal();
    }

    /// Waits for the next turn of a visit under way.
    pub(super) async fn turn(self: &Arc<Self>, url: &Url) -> Turn {
        self.wait(url, Line::Begun).await
    }

    /// Waits for a turn when everything else is done.
    pub(super) async fn late_turn(self: &Arc<Self>, url: &Url) -> Turn {
        self.wait(url, Line::Late).await
    }

    async fn wait(self: &Arc<Self>, url: &Url, line: Line) -> Turn {
        let lane = self.lane(url);
        let (sender, turn) = oneshot::channel();
        self.board().queue(lane, line, Waiter::Visit(sender), Instant::now());
        self.deal();
        turn.await.expect("the board forgets nobody")
    }

    /// A visit is done.
    pub(super) fn finish(self: &Arc<Self>) {
        self.board().finish(Instant::now());
        self.deal();
    }

    /// Gives every turn that can be given.
    pub(super) fn deal(self: &Arc<Self>) {
        // The run is stopped.
        if self.starts.is_closed() {
            return;
        }
        let (grants, alarm) = {
            let mut board = self.board();
            (board.deal(Instant::now()), board.has_new_alarm())
        };
        if alarm {
            self.changed.notify_one();
        }
        for grant in grants {
            let turn = Turn {
                lanes: Arc::clone(self),
                lane: grant.lane,
                keeps: grant.keeps,
                first_of_many: grant.first_of_many && self.polite,
            };
            // Whoever is gone by now gives the turn back by not taking it.
            match grant.who {
                Waiter::Source(source) => drop(self.starts.send(Start { source, turn })),
                Waiter::Visit(visit) => drop(visit.send(turn)),
            }
        }
    }

    /// Deals when a host has rested long enough; for ever.
    pub(super) async fn keep_time(self: &Arc<Self>) {
        loop {
            let alarm = self.board().alarm();
            match alarm {
                Some(at) => tokio::select! {
                    () = sleep_until(at) => self.deal(),
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    fn pace(&self, url: &Url) -> Option<&Pace> {
        self.paces.iter().find(|pace| pace.holds_for(url))
    }

    fn lane(&self, url: &Url) -> usize {
        let pace = self.pace(url);
        let host = url.host_str().unwrap_or_default();
        // One server answers on both of the web's own ports.
        let name = match (pace, url.port()) {
            (Some(pace), _) => pace.name().to_owned(),
            (None, None) => host.to_owned(),
            (None, Some(port)) => format!("{host}:{port}"),
        };
        self.board().lane(&name, || self.manners(url, pace))
    }

    fn manners(&self, url: &Url, pace: Option<&Pace>) -> Manners {
        let paced = pace.is_some();
        if !self.polite {
            return Manners { at_once: usize::MAX, gap: Duration::ZERO, paced };
        }
        let rule = self.policy.rule_for(url);
        Manners {
            at_once: rule.and_then(|rule| rule.per_host).unwrap_or(self.policy.per_host).max(1),
            gap: rule
                .and_then(|rule| rule.gap)
                .unwrap_or(pace.map_or(self.policy.gap, |pace| pace.gap.max(self.policy.gap))),
            paced,
        }
    }

    fn board(&self) -> MutexGuard<'_, Board<Waiter>> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
