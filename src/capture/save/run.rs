//! Handing sources in, one after the other, and asking after their copies in between.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::{Key, Ledger, Line, Order, Outcome, SELDOM, Said, Saved, Service, State};
use crate::link;
use crate::source::{Api, Question, Reply, Visit};

/// How often a source is handed in again before it is left for the next run.
const TRIES: u32 = 3;

/// A service that says “later” so often in a row is left for the next run.
const IN_A_ROW: u32 = 9;

/// A copy that is not made within this time is left for the next run.
const LONG: Duration = Duration::from_mins(15);

/// A copy that was under way longer ago than this is not asked after any more, and what was refused
/// longer ago is handed in again.
const DAY: Duration = Duration::from_hours(24);

/// A source on its way.
struct Item {
    /// Elements of the outcomes.
    at: Vec<usize>,
    url: Url,
    tries: u32,
}

/// A copy that is being made.
struct Job {
    item: Item,
    name: String,
    since: Instant,
    next: Instant,
    pause: Duration,
}

/// Where sources are handed in, and how.
pub struct Desk<'d> {
    /// The archive.
    pub service: &'d Service,
    /// What is wanted of it.
    pub order: &'d Order,
    /// The user's key to it.
    pub key: &'d Key,
    /// The way there.
    pub api: &'d Api,
}

/// Everything that a run of it has in hand.
struct Run<'r> {
    desk: &'r Desk<'r>,
    ledger: &'r mut dyn Ledger,
    outcomes: Vec<Outcome>,
    waiting: VecDeque<Item>,
    jobs: Vec<Job>,
    handed_in: usize,
    /// How often in a row it said “later”.
    put_off: u32,
    /// Before that, nothing is handed in.
    free: Instant,
    closed: Option<String>,
}

/// Hands in every source that is there and has no recent copy, and waits for the copies. Sources that
/// are copies themselves, or are not there, are passed over; the outcomes are those of the others. When
/// `stop` completes, the rest is left for the next run.
pub async fn save(
    visits: &[Visit],
    desk: &Desk<'_>,
    ledger: &mut dyn Ledger,
    mut on_outcome: impl FnMut(&Outcome),
    stop: impl Future<Output = ()>,
) -> Saved {
    let mut run = Run {
        desk,
        ledger,
        outcomes: Vec::new(),
        waiting: VecDeque::new(),
        jobs: Vec::new(),
        handed_in: 0,
        put_off: 0,
        free: Instant::now(),
        closed: None,
    };
    run.take(visits);
    let mut stop = std::pin::pin!(stop);
    while let Some(due) = run.due() {
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = sleep_until(due) => {}
        }
        // A question that was sent is waited for: what comes of it has to be written down.
        let changed = run.step().await;
        changed.into_iter().for_each(|at| on_outcome(&run.outcomes[at]));
    }
    Saved { outcomes: run.outcomes, closed: run.closed }
}

impl Run<'_> {
    /// Sorts the sources by what is known of them.
    fn take(&mut self, visits: &[Visit]) {
        let mut known: HashMap<Url, Vec<usize>> = HashMap::new();
        let mut order = Vec::new();
        for visit in visits.iter().filter(|visit| visit.is_read()) {
            let Some(url) = to_hand_in(&visit.url) else { continue };
            let outcome = Outcome { url: visit.url.clone(), state: State::Left, copy: None, why: None };
            let places = known.entry(url.clone()).or_default();
            if places.is_empty() {
                order.push(url);
            }
            places.push(self.outcomes.len());
            self.outcomes.push(outcome);
        }
        for url in order {
            let item = Item { at: known.remove(&url).unwrap_or_default(), url, tries: 0 };
            let line = self.ledger.recall(&self.desk.order.endpoint, &item.url);
            let age = |line: &Line| {
                Duration::try_from(Timestamp::now().duration_since(line.at)).unwrap_or_default()
            };
            match line {
                Some(line) if line.state == State::Saved && age(&line) < self.desk.order.recent => {
                    let copy = Some(line.text).filter(|copy| !copy.is_empty());
                    self.settle(&item, State::Saved, copy, None);
                }
                Some(line) if line.state == State::Refused && age(&line) < DAY => {
                    self.settle(&item, State::Refused, None, Some(line.text));
                }
                Some(line) if line.state == State::Pending && age(&line) < DAY => {
                    self.work(item, line.text, Duration::ZERO);
                }
                _ => self.waiting.push_back(item),
            }
        }
    }

    fn may_hand_in(&self) -> bool {
        self.closed.is_none()
            && self.handed_in < self.desk.order.limit
            && self.jobs.len() < self.desk.service.at_once
            && !self.waiting.is_empty()
    }

    /// When there is something to do; `None`: never again.
    fn due(&self) -> Option<Instant> {
        let jobs = self.jobs.iter().map(|job| job.next);
        jobs.chain(self.may_hand_in().then_some(self.free)).min()
    }

    /// Does what is due. Gives the outcomes that changed.
    async fn step(&mut self) -> Vec<usize> {
        let first = (0..self.jobs.len()).min_by_key(|at| self.jobs[*at].next);
        let hand_in = self.may_hand_in();
        match first.filter(|at| !hand_in || self.jobs[*at].next < self.free) {
            Some(at) => {
                let job = self.jobs.swap_remove(at);
                self.ask_after(job).await
            }
            None => self.hand_in().await,
        }
    }

    async fn hand_in(&mut self) -> Vec<usize> {
        let Some(mut item) = self.waiting.pop_front() else { return Vec::new() };
        self.handed_in += 1;
        item.tries += 1;
        self.free = Instant::now() + self.desk.order.gap;
        let said = match self.send((self.desk.service.submit)(&item.url, self.desk.order)).await {
            Ok(reply) => (self.desk.service.submitted)(&reply),
            Err(why) => Said::Later { why, wait: None },
        };
        self.heed(item, said, None)
    }

    async fn ask_after(&mut self, job: Job) -> Vec<usize> {
        let said = match self.send((self.desk.service.ask)(&job.name)).await {
            Ok(reply) if is_passing(reply.status) => Said::Working(job.name.clone()),
            Ok(reply) => (self.desk.service.asked)(&job.name, &reply),
            // The copy is made whether we hear of it or not.
            Err(_) => Said::Working(job.name.clone()),
        };
        self.heed(job.item, said, Some((job.since, job.pause)))
    }

    async fn send(&self, mut question: Question) -> Result<Reply, String> {
        question.headers.extend(self.desk.key.fields.clone());
        self.desk.api.ask(&self.desk.order.endpoint, &question).await
    }

    /// `job`: since when the copy is being made, and how long it was last waited for.
    fn heed(&mut self, item: Item, said: Said, job: Option<(Instant, Duration)>) -> Vec<usize> {
        self.put_off = if matches!(said, Said::Later { .. }) { self.put_off + 1 } else { 0 };
        match said {
            Said::Saved { copy, why } => {
                let why = why.map(|why| self.desk.key.redact(why));
                self.write(&item, State::Saved, copy.as_deref().unwrap_or_default());
                self.settle(&item, State::Saved, copy, why)
            }
            Said::Refused(why) => {
                let why = self.desk.key.redact(why);
                self.write(&item, State::Refused, &why);
                self.settle(&item, State::Refused, None, Some(why))
            }
            Said::Working(name) => match job {
                None => {
                    self.write(&item, State::Pending, &name);
                    self.work(item, name, self.desk.order.patience);
                    Vec::new()
                }
                Some((since, _)) if since.elapsed() > LONG => {
                    let why = "the copy is still being made".to_owned();
                    self.settle(&item, State::Pending, None, Some(why))
                }
                Some((since, pause)) => {
                    let pause = (pause * 2).clamp(self.desk.order.patience, SELDOM);
                    self.jobs.push(Job { item, name, since, next: Instant::now() + pause, pause });
                    Vec::new()
                }
            },
            Said::Later { why, wait } => {
                let why = self.desk.key.redact(why);
                self.free = self.free.max(Instant::now() + wait.unwrap_or(self.desk.order.rest));
                if self.put_off >= IN_A_ROW {
                    self.closed = Some(why.clone());
                }
                if item.tries < TRIES {
                    self.waiting.push_front(item);
                    return Vec::new();
                }
                self.settle(&item, State::Left, None, Some(why))
            }
            Said::Closed(why) => {
                self.closed = Some(self.desk.key.redact(why));
                self.settle(&item, if job.is_some() { State::Pending } else { State::Left }, None, None)
            }
        }
    }

    fn work(&mut self, item: Item, name: String, pause: Duration) {
        for at in &item.at {
            self.outcomes[*at].state = State::Pending;
        }
        let now = Instant::now();
        self.jobs.push(Job { item, name, since: now, next: now + pause, pause });
    }

    fn write(&mut self, item: &Item, state: State, text: &str) {
        let line = Line { at: Timestamp::now(), state, text: text.to_owned() };
        self.ledger.write(&self.desk.order.endpoint, &item.url, &line);
    }

    fn settle(&mut self, item: &Item, state: State, copy: Option<String>, why: Option<String>) -> Vec<usize> {
        for at in &item.at {
            let outcome = &mut self.outcomes[*at];
            (outcome.state, outcome.copy, outcome.why) = (state, copy.clone(), why.clone());
        }
        item.at.clone()
    }
}

fn is_passing(status: u16) -> bool {
    status == 429 || status >= 500
}

/// What an archive is asked to copy: not a fragment, nothing that a name and password open, and no copy.
fn to_hand_in(url: &str) -> Option<Url> {
    let mut url = Url::parse(url).ok()?;
    let open = url.username().is_empty() && url.password().is_none();
    url.set_fragment(None);
    (open && link::archived(&url).is_none()).then_some(url)
}
