//! Every URL once.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use url::Url;

use super::guard::Guard;
use super::inquiry::Services;
use super::lanes::{Lanes, Start, Starts};
use super::probe::Probes;
use super::reader::Reader;
use super::visit::{News, Visited, Wish, World, visit};
use super::web::Web;
use super::{Event, Fields, Memory, Oblivion, Policy, Recalled, SourceError, State, Visit};
use crate::archive::When;
use crate::link::is_hidden;

/// Visits every URL and says what came of it: one [`Visit`] for each element of `urls`, in their
/// order. A URL that stands there twice, or twice with different fragments, is fetched once.
///
/// `on_event` is told what happens, in the order in which it does. When `stop` completes, requests
/// under way are given up; what is not known by then is [`State::Skipped`], and the rest is returned.
///
/// # Errors
///
/// A certificate file, proxy address or archive that cannot be used. What goes wrong with a source is
/// no error but its [`Visit::state`].
pub async fn visit_all(
    urls: &[String],
    policy: &Policy,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Visit>, SourceError> {
    revisit_all(urls, policy, &mut Oblivion, on_event, stop).await
}

/// As [`visit_all`], with what earlier runs saw: a source that they saw lately is not asked again, one
/// that they saw longer ago is asked whether it has changed since. Every visit is kept as it arrives.
///
/// # Errors
///
/// As [`visit_all`].
pub async fn revisit_all(
    urls: &[String],
    policy: &Policy,
    memory: &mut dyn Memory,
    mut on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Visit>, SourceError> {
    let guard = Guard::new(policy);
    let mut visits: Vec<Option<Visit>> = vec![None; urls.len()];
    let mut sources = Sources::default();
    let web = open(policy).await?;
    for (at, url) in urls.iter().enumerate() {
        match address(url, policy) {
            Ok(parsed) if web.is_some() => sources.add(parsed, at),
            Ok(parsed) => visits[at] = Some(unvisited(url, &guard, &parsed)),
            Err(visit) => visits[at] = Some(*visit),
        }
    }
    sources.close();
    for visit in visits.iter().flatten() {
        on_event(Event::Visited(visit));
    }
    let mut unfinished = None;
    if let Some(web) = web {
        let (world, starts) = world(policy, web, guard, memory)?;
        let mut done = |source: usize, visit: Visit, on_event: &mut dyn FnMut(Event<'_>)| {
            let mut give = |at: usize, visit: Visit| {
                let visit = as_cited(visit, &urls[at]);
                on_event(Event::Visited(&visit));
                visits[at] = Some(visit);
            };
            let Some((last, others)) = sources.list[source].at.split_last() else { return };
            others.iter().for_each(|at| give(*at, visit.clone()));
            give(*last, visit);
        };
        let mut left = 0;
        for (number, source) in sources.list.iter().enumerate() {
            match recall(memory, &source.url, &source.fragments) {
                // What is to be recorded is asked for, and in full.
                Some(recalled) if recalled.fresh && policy.recorder.is_none() => {
                    done(number, recalled.visit, &mut on_event);
                }
                _ => {
                    left += 1;
                    world.lanes.add(number, &source.url);
                }
            }
        }
        let look_up = |number: usize| {
            let Source { url, fragments, .. } = &sources.list[number];
            Some((url.clone(), fragments.clone()))
        };
        let step = |number: usize, step| {
            let url = || urls[sources.list[number].at[0]].as_str();
            match step {
                Step::News(News::Started) => on_event(Event::Started { url: url() }),
                Step::News(News::Waiting(wait)) => on_event(Event::Waiting { url: url(), wait }),
                Step::Done(visit) => done(number, *visit, &mut on_event),
            }
        };
        unfinished = drive(&world, left, look_up, starts, memory, end(policy, stop), step).await.err();
    }
    let missing = |url: &String| blank(url, State::Skipped, unfinished.unwrap_or_default().to_owned());
    Ok(visits.into_iter().zip(urls).map(|(visit, url)| visit.unwrap_or_else(|| missing(url))).collect())
}

/// Visits more sources than can be held: each of `count` is known by its number, and `look_up` gives its
/// address when it is queued and again when its turn comes. They are asked whether they were seen lately
/// or not, by their validators; each is told as [`Event::Visited`], kept, and forgotten. Addresses must
/// differ. One that is not found is left out.
///
/// Were all of them visited? Not where `stop` completed before, or the time was up.
///
/// # Errors
///
/// As [`visit_all`].
pub async fn visit_each(
    count: usize,
    look_up: impl Fn(usize) -> Option<String>,
    policy: &Policy,
    memory: &mut dyn Memory,
    mut on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<bool, SourceError> {
    let guard = Guard::new(policy);
    let Some(web) = open(policy).await? else { return Ok(false) };
    let (world, starts) = world(policy, web, guard, memory)?;
    let mut left = 0;
    for number in 0..count {
        let Some(url) = look_up(number) else { continue };
        match address(&url, policy) {
            Ok(parsed) => {
                left += 1;
                world.lanes.add(number, &parsed);
            }
            Err(visit) => on_event(Event::Visited(&visit)),
        }
    }
    let parsed = |number: usize| {
        let mut url = address(&look_up(number)?, policy).ok()?;
        url.set_fragment(None);
        Some((url, Vec::new()))
    };
    let step = |number: usize, step| match step {
        Step::News(news) => {
            let Some(url) = look_up(number) else { return };
            on_event(match news {
                News::Started => Event::Started { url: &url },
                News::Waiting(wait) => Event::Waiting { url: &url, wait },
            });
        }
        Step::Done(visit) => on_event(Event::Visited(&visit)),
    };
    Ok(drive(&world, left, parsed, starts, memory, end(policy, stop), step).await.is_ok())
}

/// What answers; it reads certificates, or a whole archive.
async fn open(policy: &Policy) -> Result<Option<Web>, SourceError> {
    let policy = policy.clone();
    match spawn_blocking(move || Web::open(&policy)).await {
        Ok(web) => web,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// What all visits of a run share, with empty queues.
fn world(
    policy: &Policy,
    web: Web,
    guard: Guard,
    memory: &dyn Memory,
) -> Result<(Arc<World>, Starts), SourceError> {
    let (lanes, starts) = Lanes::new(policy, web.changes());
    let world = World {
        policy: policy.clone(),
        web,
        guard,
        lanes,
        reader: Reader::new().map_err(SourceError::Threads)?,
        services: Services::new(policy),
        probes: Probes::default(),
        texts: memory.compares_texts() || policy.archives.when == When::Always,
    };
    Ok((Arc::new(world), starts))
}

/// A cited address that is to be asked, or what is known of it without asking.
fn address(url: &str, policy: &Policy) -> Result<Url, Box<Visit>> {
    if let Some(reason) = policy.leaves_out(url) {
        return Err(Box::new(blank(url, State::Skipped, reason)));
    }
    Url::parse(url)
        .map_err(|err| Box::new(blank(url, State::Invalid, format!("It cannot be read as a URL: {err}."))))
}

/// Completes when a run is to end whether it is done or not, and says why.
async fn end(policy: &Policy, stop: impl Future<Output = ()>) -> &'static str {
    let time_up = async {
        match policy.run_time {
            Some(time) => sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = stop => "The run was interrupted before it was known.",
        () = time_up => "The time allowed for the run was up before it was known.",
    }
}

/// One address to fetch.
struct Source {
    /// Without a fragment, which no server ever sees.
    url: Url,
    /// Those with which it is cited.
    fragments: Vec<String>,
    /// Elements of `urls`.
    at: Vec<usize>,
}

/// What is fetched.
#[derive(Default)]
struct Sources {
    list: Vec<Source>,
    known: HashMap<String, usize>,
}

impl Sources {
    fn add(&mut self, mut url: Url, at: usize) {
        let fragment = url.fragment().map(str::to_owned);
        url.set_fragment(None);
        if url.password().is_some_and(is_hidden) {
            // Both fail only for addresses that cannot hold them.
            let _ = url.set_password(None);
            let _ = url.set_username("");
        }
        let next = self.list.len();
        let source = *self.known.entry(url.to_string()).or_insert(next);
        if source == next {
            self.list.push(Source { url, fragments: Vec::new(), at: Vec::new() });
        }
        self.list[source].at.push(at);
        self.list[source].fragments.extend(fragment);
    }

    /// No more are added: what only serves to find those that are there is given up.
    fn close(&mut self) {
        self.known = HashMap::new();
        self.list.shrink_to_fit();
    }
}

enum Step {
    News(News),
    Done(Box<Visit>),
}

/// Runs `left` visits, which are queued, until they are done; or says why they are not. `look_up` gives
/// the address of a source, without a fragment, and the fragments with which it is cited.
async fn drive(
    world: &Arc<World>,
    mut left: usize,
    look_up: impl Fn(usize) -> Option<(Url, Vec<String>)>,
    mut starts: Starts,
    memory: &mut dyn Memory,
    end: impl Future<Output = &'static str>,
    mut on_step: impl FnMut(usize, Step),
) -> Result<(), &'static str> {
    let (sender, mut news) = mpsc::unbounded_channel();
    let mut visits = JoinSet::new();
    world.lanes.begin();

    let mut end = std::pin::pin!(end);
    let mut clock = std::pin::pin!(world.lanes.keep_time());
    while left > 0 {
        tokio::select! {
            biased;
            why = &mut end => return Err(why),
            Some((source, news)) = news.recv() => on_step(source, Step::News(news)),
            Some(ended) = visits.join_next() => {
                let (source, Visited { visit, lasting }) = match ended {
                    Ok(ended) => ended,
                    Err(err) => std::panic::resume_unwind(err.into_panic()),
                };
                if lasting {
                    memory.keep(&visit);
                }
                while let Ok((source, news)) = news.try_recv() {
                    on_step(source, Step::News(news));
                }
                on_step(source, Step::Done(visit));
                left -= 1;
                world.lanes.finish();
            }
            Some(Start { source, turn }) = starts.recv() => {
                let Some((url, fragments)) = look_up(source) else {
                    left -= 1;
                    world.lanes.finish();
                    continue;
                };
                // A page that has not changed is not sent again, so it cannot be compared or recorded either.
                let again = !world.policy.probe && world.policy.recorder.is_none();
                let before = recall(memory, &url, &fragments).filter(|_| again);
                let wish = Wish { url, fragments, before: before.map(|before| Box::new(before.visit)) };
                let (world, sender) = (Arc::clone(world), sender.clone());
                visits.spawn(async move {
                    // Nobody listens any more once the run is stopped.
                    let tell = |news| drop(sender.send((source, news)));
                    (source, visit(&world, wish, turn, tell).await)
                });
            }
            () = &mut clock => {}
        }
    }
    Ok(())
}

/// What came of a source earlier, if everything that is to be known of it was looked for.
fn recall(memory: &mut dyn Memory, url: &Url, fragments: &[String]) -> Option<Recalled> {
    let recalled = memory.recall(url)?;
    let covers = |fragment| recalled.visit.page.is_none() || recalled.visit.fragments.contains(fragment);
    fragments.iter().all(covers).then_some(recalled)
}

/// A visit, told of one of the spellings under which the source is cited.
fn as_cited(mut visit: Visit, url: &str) -> Visit {
    url.clone_into(&mut visit.url);
    let own = Some(url).filter(|url| url.contains('#')).and_then(|url| Url::parse(url).ok());
    let own = own.as_ref().and_then(Url::fragment);
    visit.missing_fragments.retain(|missing| Some(missing.as_str()) == own);
    visit.missing_fragments.truncate(1);
    // A redirect without a fragment inherits the one that was asked for (RFC 9110, 10.2.2).
    if let Some((_, fragment)) = url.split_once('#')
        && let Some(last) = visit.final_url.as_mut().filter(|last| !last.contains('#'))
    {
        last.push('#');
        last.push_str(fragment);
    }
    visit
}

/// Without any request, an address can still be told to be one that is never asked.
fn unvisited(url: &str, guard: &Guard, parsed: &Url) -> Visit {
    match guard.vet(parsed, false) {
        Ok(()) => blank(url, State::Skipped, "It was not asked: the run is offline.".to_owned()),
        Err(refusal) => blank(url, State::Unsafe, format!("It is not asked: {refusal}.")),
    }
}

fn blank(url: &str, state: State, reason: String) -> Visit {
    Visit {
        url: url.to_owned(),
        final_url: None,
        redirects: Vec::new(),
        status: None,
        state,
        reason,
        page: None,
        record: None,
        missing_fragments: Vec::new(),
        fragments: Vec::new(),
        digest: None,
        text: None,
        headers: Fields::default(),
    }
}
