//! Whose turn is it? Hosts, their queues and their clocks; no waiting and no network.
//!
//! A place in the run is given last: only to a host that may be asked this very moment. So a host
//! with hundreds of links, or one that wants to be left alone, never keeps another one waiting.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// How one host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manners {
    /// Questions at a time.
    pub(super) at_once: usize,
    /// From the start of one question to the start of the next.
    pub(super) gap: Duration,
    /// This part of the host asks for that pace.
    pub(super) paced: bool,
}

/// Where in a host's queue somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A visit that has not begun.
    Fresh,
    /// A visit under way; what is begun is brought to its end first.
    Begun,
    /// A visit whose host let it wait for nothing: asked again when nobody else is left.
    Late,
}

/// A turn that is given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Grant<W> {
    pub(super) lane: usize,
    pub(super) who: W,
    /// The connection is worth keeping for the next question.
    pub(super) keeps: bool,
    /// The host's first turn, with many more to come.
    pub(super) first_of_many: bool,
}

/// Every host of a run. `W` is who waits.
#[derive(Debug)]
pub(super) struct Board<W> {
    names: HashMap<String, usize>,
    lanes: Vec<Lane<W>>,
    /// Lanes that may be asked as soon as there is a place.
    ready: VecDeque<usize>,
    /// Lanes to be left alone for a while.
    resting: BinaryHeap<Reverse<(Instant, usize)>>,
    announced: Option<Instant>,
    /// Places in the run.
    free: usize,
    /// Connections that may still be kept open.
    keepers: usize,
    /// Lanes that ran empty, in that order; their connections close by themselves.
    closing: VecDeque<(Instant, usize)>,
    /// Visits that are not done.
    open: usize,
    /// Those of them that wait for the end.
    late: usize,
}

/// One host's queue.
#[derive(Debug)]
struct Lane<W> {
    manners: Manners,
    fresh: VecDeque<W>,
    begun: VecDeque<W>,
    late: VecDeque<W>,
    /// Sources that start here.
    sources: usize,
    busy: usize,
    not_before: Option<Instant>,
    /// It stands in `ready` or `resting`.
    listed: bool,
    asked: bool,
    /// Connections that are kept open to it.
    kept: usize,
    emptied: Option<Instant>,
    health: Health,
}

/// What the answers so far say of a host.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Health {
    /// It let the last of us down to the end: nobody else waits for it to become better.
    pub(super) failing: bool,
    /// Time-outs, one after the other.
    pub(super) silent: u32,
    /// It wants to be left alone for longer than anyone waits; the status that said so.
    pub(super) closed: Option<u16>,
}

/// A host that let so many of us wait for nothing is not asked again before the end: with a time-out
/// of half a minute, twenty links to it would cost the run ten minutes.
pub(super) const SILENT: u32 = 3;

/// A host with so many sources is asked what pace it wants.
pub(super) const MANY: usize = 3;

/// Visits that wait for the end at one time, at most: each takes some KiB while it waits, and a run of very
/// many sources has an end that is far off. Where more would wait, those that do are asked again.
const LATE: usize = 1_024;

/// Idle connections kept to one host, at most.
pub(super) const KEPT: usize = 8;

/// How long a connection that nobody uses stays open: the client's own time and a little more.
const LINGER: Duration = Duration::from_millis(2_500);

impl<W> Lane<W> {
    fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.fresh.is_empty()
    }
}

impl<W> Board<W> {
    /// `width` questions at once, and `keepers` connections kept open.
    pub(super) fn new(width: usize, keepers: usize) -> Self {
        Self {
            names: HashMap::new(),
            lanes: Vec::new(),
            ready: VecDeque::new(),
            resting: BinaryHeap::new(),
            announced: None,
            free: width.max(1),
            keepers,
            closing: VecDeque::new(),
            open: 0,
            late: 0,
        }
    }

    /// The lane of a host, made at its first mention.
    pub(super) fn lane(&mut self, name: &str, manners: impl FnOnce() -> Manners) -> usize {
        if let Some(lane) = self.names.get(name) {
            return *lane;
        }
        let lane = self.lanes.len();
        self.names.insert(name.to_owned(), lane);
        self.lanes.push(Lane {
            manners: manners(),
            fresh: VecDeque::new(),
            begun: VecDeque::new(),
            late: VecDeque::new(),
            sources: 0,
            busy: 0,
            not_before: None,
            listed: false,
            asked: false,
            kept: 0,
            emptied: None,
            health: Health::default(),
        });
        lane
    }

    /// Gives up the room for lanes that did not come.
    pub(super) fn shrink(&mut self) {
        self.lanes.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    pub(super) fn health(&mut self, lane: usize) -> &mut Health {
        &mut self.lanes[lane].health
    }

    /// Puts somebody into a host's queue.
    pub(super) fn queue(&mut self, lane: usize, line: Line, who: W, now: Instant) {
        let at = &mut self.lanes[lane];
        match line {
            Line::Fresh => {
                at.fresh.push_back(who);
                at.sources += 1;
                self.open += 1;
            }
            Line::Begun => at.begun.push_back(who),
            Line::Late => {
                at.late.push_back(who);
                self.late += 1;
                self.wake_late(now);
            }
        }
        self.list(lane, now);
    }

    /// A visit is done.
    pub(super) fn finish(&mut self, now: Instant) {
        self.open -= 1;
        self.wake_late(now);
    }

    /// Gives a turn back.
    pub(super) fn release(&mut self, lane: usize, now: Instant) {
        let at = &mut self.lanes[lane];
        at.busy -= 1;
        self.free += 1;
        if at.kept > 0 && at.busy == 0 && at.is_empty() {
            at.emptied = Some(now);
            self.closing.push_back((now + LINGER, lane));
        }
        self.list(lane, now);
    }

    /// Nobody asks a host before `until`.
    pub(super) fn rest(&mut self, lane: usize, until: Instant) {
        let at = &mut self.lanes[lane];
        at.not_before = at.not_before.max(Some(until));
    }

    /// Slows a host's questions down.
    pub(super) fn slow_down(&mut self, lane: usize, gap: Duration, now: Instant) {
        let at = &mut self.lanes[lane];
        at.manners = Manners { at_once: 1, gap: at.manners.gap.max(gap), ..at.manners };
        let until = now + at.manners.gap;
        self.rest(lane, until);
    }

    /// Nobody asks a host any more: its queue need not be kept waiting.
    pub(super) fn hurry(&mut self, lane: usize) {
        self.lanes[lane].manners.gap = Duration::ZERO;
    }

    /// Does a host see no more than one question at a time?
    pub(super) fn is_single(&self, lane: usize) -> bool {
        self.lanes[lane].manners.at_once == 1
    }

    /// Does a part of a host ask for a pace of its own?
    pub(super) fn is_paced(&self, lane: usize) -> bool {
        self.lanes[lane].manners.paced
    }

    /// When there is something to do that nobody announces.
    pub(super) fn alarm(&self) -> Option<Instant> {
        self.resting.peek().map(|Reverse((at, _))| *at)
    }

    /// Is it another time than when this was last asked?
    pub(super) fn has_new_alarm(&mut self) -> bool {
        let alarm = self.alarm();
        std::mem::replace(&mut self.announced, alarm) != alarm
    }

    /// Gives every turn that can be given now.
    pub(super) fn deal(&mut self, now: Instant) -> Vec<Grant<W>> {
        while let Some(Reverse((at, lane))) = self.resting.peek().copied()
            && at <= now
        {
            self.resting.pop();
            self.ready.push_back(lane);
        }
        while let Some((at, lane)) = self.closing.front().copied()
            && at <= now
        {
            self.closing.pop_front();
            let lane = &mut self.lanes[lane];
            let unused = lane.busy == 0 && lane.is_empty() && lane.emptied.is_some_and(|t| t + LINGER <= now);
            if unused {
                self.keepers += std::mem::take(&mut lane.kept);
            }
        }
        let mut grants = Vec::new();
        while self.free > 0
            && let Some(lane) = self.ready.pop_front()
        {
            self.lanes[lane].listed = false;
            if self.lanes[lane].not_before.is_some_and(|at| at > now) {
                self.list(lane, now);
                continue;
            }
            let at = &mut self.lanes[lane];
            let Some(who) = at.begun.pop_front().or_else(|| at.fresh.pop_front()) else { continue };
            at.busy += 1;
            self.free -= 1;
            let pays = at.manners.at_once.min(at.sources).min(KEPT);
            if at.kept == 0 && at.sources > 1 && self.keepers >= pays {
                at.kept = pays;
                self.keepers -= pays;
            }
            at.not_before = at.not_before.max(Some(now + at.manners.gap));
            let first = !std::mem::replace(&mut at.asked, true);
            grants.push(Grant { lane, who, keeps: at.kept > 0, first_of_many: first && at.sources >= MANY });
            self.list(lane, now);
        }
        grants
    }

    /// Lets a lane take part where somebody waits in it and the host may be asked.
    fn list(&mut self, lane: usize, now: Instant) {
        let at = &mut self.lanes[lane];
        if at.listed || at.is_empty() || at.busy >= at.manners.at_once {
            return;
        }
        at.listed = true;
        match at.not_before {
            Some(until) if until > now => self.resting.push(Reverse((until, lane))),
            _ => self.ready.push_back(lane),
        }
    }

    /// When only those are left who wait for the end, the end has come; or when they are too many. A
    /// silent host is given one more chance, not one for each of them.
    fn wake_late(&mut self, now: Instant) {
        if self.late == 0 || self.late < self.open.min(LATE) {
            return;
        }
        self.late = 0;
        for lane in 0..self.lanes.len() {
            let at = &mut self.lanes[lane];
            if !at.late.is_empty() {
                at.begun.append(&mut at.late);
                at.health.silent = at.health.silent.min(SILENT - 1);
                self.list(lane, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Manners = Manners { at_once: 1, gap: Duration::ZERO, paced: false };

    fn at(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    /// Who is dealt a turn.
    fn dealt(board: &mut Board<&'static str>, now: Instant) -> Vec<&'static str> {
        board.deal(now).into_iter().map(|grant| grant.who).collect()
    }

    #[test]
    fn a_slow_host_takes_one_place_only() {
        let now = Instant::now();
        let mut board = Board::new(2, 0);
        let (slow, other) = (board.lane("slow", || ONE), board.lane("other", || ONE));
        for who in ["s1", "s2", "s3"] {
            board.queue(slow, Line::Fresh, who, now);
        }
        board.queue(other, Line::Fresh, "o1", now);
        assert_eq!(dealt(&mut board, now), ["s1", "o1"]);
        board.release(other, now);
        assert!(dealt(&mut board, now).is_empty());
        board.release(slow, now);
        assert_eq!(dealt(&mut board, now), ["s2"]);
    }

    #[test]
    fn the_run_has_a_width_and_what_is_begun_goes_first() {
        let now = Instant::now();
        let mut board = Board::new(1, 0);
        let lane = board.lane("a", || Manners { at_once: 9, ..ONE });
        for who in ["a1", "a2"] {
            board.queue(lane, Line::Fresh, who, now);
        }
        assert_eq!(dealt(&mut board, now), ["a1"]);
        board.queue(lane, Line::Begun, "again", now);
        assert!(dealt(&mut board, now).is_empty());
        board.release(lane, now);
        assert_eq!(dealt(&mut board, now), ["again"]);
    }

    #[test]
    fn between_two_questions_there_is_a_gap() {
        let start = Instant::now();
        let mut board = Board::new(9, 0);
        let lane = board.lane("a", || Manners { at_once: 9, gap: Duration::from_millis(50), paced: false });
        for who in ["a1", "a2"] {
            board.queue(lane, Line::Fresh, who, start);
        }
        assert_eq!(dealt(&mut board, start), ["a1"]);
        assert_eq!(board.alarm(), Some(at(start, 50)));
        assert!(dealt(&mut board, at(start, 49)).is_empty());
        assert_eq!(dealt(&mut board, at(start, 50)), ["a2"]);
        assert_eq!(board.alarm(), None);
    }

    #[test]
    fn a_rest_holds_for_the_host_alone() {
        let start = Instant::now();
        let mut board = Board::new(1, 0);
        let (tired, other) = (board.lane("tired", || ONE), board.lane("other", || ONE));
        board.queue(tired, Line::Fresh, "t1", start);
        assert_eq!(dealt(&mut board, start), ["t1"]);
        board.rest(tired, at(start, 7_000));
        board.queue(tired, Line::Begun, "t1 again", start);
        board.queue(other, Line::Fresh, "o1", start);
        board.release(tired, start);
        assert_eq!(dealt(&mut board, start), ["o1"]);
        board.release(other, start);
        assert!(dealt(&mut board, at(start, 6_999)).is_empty());
        assert_eq!(board.alarm(), Some(at(start, 7_000)));
        assert_eq!(dealt(&mut board, at(start, 7_000)), ["t1 again"]);
    }

    #[test]
    fn who_was_let_down_waits_for_the_end() {
        let now = Instant::now();
        let mut board = Board::new(1, 0);
        let (silent, other) = (board.lane("silent", || ONE), board.lane("other", || ONE));
        board.queue(silent, Line::Fresh, "s1", now);
        board.queue(other, Line::Fresh, "o1", now);
        board.queue(other, Line::Fresh, "o2", now);
        assert_eq!(dealt(&mut board, now), ["s1"]);
        board.health(silent).silent = SILENT;
        board.queue(silent, Line::Late, "s1 again", now);
        board.release(silent, now);
        for who in ["o1", "o2"] {
            assert_eq!(dealt(&mut board, now), [who]);
            board.release(other, now);
            board.finish(now);
        }
        assert_eq!(dealt(&mut board, now), ["s1 again"]);
        assert_eq!(board.health(silent).silent, SILENT - 1);
    }

    #[test]
    fn not_everybody_waits_for_an_end_that_is_far_off() {
        let now = Instant::now();
        let mut board = Board::new(1, 0);
        let (silent, other) = (board.lane("silent", || ONE), board.lane("other", || ONE));
        for _ in 0..=LATE {
            board.queue(silent, Line::Fresh, "first", now);
            board.queue(other, Line::Fresh, "never asked", now);
        }
        for late in 1..=LATE {
            assert_eq!(board.lanes[silent].begun.len(), 0, "after {late}");
            assert!(board.lanes[silent].fresh.pop_front().is_some());
            board.queue(silent, Line::Late, "again", now);
        }
        assert_eq!(board.lanes[silent].begun.len(), LATE);
    }

    #[test]
    fn connections_are_kept_to_few_hosts_and_only_where_it_pays() {
        let start = Instant::now();
        let mut board = Board::new(9, 1);
        let lanes = ["once", "twice", "thrice"].map(|name| board.lane(name, || ONE));
        for (lane, times) in lanes.into_iter().zip(1..) {
            for _ in 0..times {
                board.queue(lane, Line::Fresh, "x", start);
            }
        }
        let kept = |grants: Vec<Grant<&str>>| grants.iter().map(|g| g.keeps).collect::<Vec<_>>();
        assert_eq!(kept(board.deal(start)), [false, true, false]);
        board.release(lanes[1], start);
        assert_eq!(kept(board.deal(start)), [true]);
        board.release(lanes[1], start);
        // Its connections are closed by then, and the third host may have the place.
        let later = start + LINGER;
        board.release(lanes[2], later);
        assert_eq!(kept(board.deal(later)), [true]);
    }
}
