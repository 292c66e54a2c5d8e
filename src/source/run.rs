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
    // Reads certificates or a whole archive.
    let opening = policy.clone();
    let web = match spawn_blocking(move || Web::open(&opening)).await {
        Ok(web) => web?,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };

    for (at, url) in urls.iter().enumerate() {
        if let Some(reason) = policy.leaves_out(url) {
            visits[at] = Some(blank(url, State::Skipped, reason));
            continue;
        }
        match Url::parse(url) {
            Ok(parsed) if web.is_some() => sources.add(parsed, at),
            Ok(parsed) => visits[at] = Some(unvisited(url, &guard, &parsed)),
            Err(err) => {
                visits[at] = Some(blank(url, State::Invalid, format!("It cannot be read as a URL: {err}.")));
            }
        }
    }
    sources.close();
    for visit in visits.iter().flatten() {
        on_event(Event::Visited(visit));
    }

    let mut unfinished = "The run was interrupted before it was known.";
    if let Some(web) = web {
        let (lanes, starts) = Lanes::new(policy, web.changes());
        let reader = Reader::new().map_err(SourceError::Threads)?;
        let world = Arc::new(World {
            policy: policy.clone(),
            web,
            guard,
            lanes,
            reader,
            services: Services::new(policy),
            probes: Probes::default(),
            texts: memory.compares_texts() || policy.archives.when == When::Always,
        });
        let time_up = policy.run_time.map(sleep);
        let stop = async {
            match time_up {
                Some(time_up) => tokio::select! {
                    () = stop => {}
                    () = time_up => unfinished = "The time allowed for the run was up before it was known.",
                },
                None => stop.await,
            }
        };
        drive(&world, &sources, starts, memory, stop, |at, news| match news {
            Step::News(News::Started) => on_event(Event::Started { url: &urls[at[0]] }),
            Step::News(News::Waiting(wait)) => on_event(Event::Waiting { url: &urls[at[0]], wait }),
            Step::Done(visit) => {
                for at in at {
                    let visit = as_cited(&visit, &urls[*at]);
                    on_event(Event::Visited(&visit));
                    visits[*at] = Some(visit);
                }
            }
        })
        .await;
    }
    let missing = |url: &String| blank(url, State::Skipped, unfinished.to_owned());
    Ok(visits.into_iter().zip(urls).map(|(visit, url)| visit.unwrap_or_else(|| missing(url))).collect())
}

/// One address to fetch.
#[derive(Clone)]
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

    /// Which elements of `urls` a source is for.
    fn cited_as(&self, source: usize) -> &[usize] {
        &self.list[source].at
    }
}

enum Step {
    News(News),
    Done(Box<Visit>),
}

/// Runs all visits until they are done or stopped.
async fn drive(
    world: &Arc<World>,
    sources: &Sources,
    mut starts: Starts,
    memory: &mut dyn Memory,
    stop: impl Future<Output = ()>,
    mut on_step: impl FnMut(&[usize], Step),
) {
    let mut left = 0;
    // What is to be recorded is asked for, and in full.
    let afresh = world.policy.recorder.is_some();
    for (number, source) in sources.list.iter().enumerate() {
        if let Some(recalled) = recall(memory, source).filter(|recalled| recalled.fresh && !afresh) {
            on_step(&source.at, Step::Done(Box::new(recalled.visit)));
        } else {
            left += 1;
            world.lanes.add(number, &source.url);
        }
    }
    let (sender, mut news) = mpsc::unbounded_channel();
    let mut visits = JoinSet::new();
    world.lanes.begin();

    let mut stop = std::pin::pin!(stop);
    let mut clock = std::pin::pin!(world.lanes.keep_time());
    while left > 0 {
        tokio::select! {
            biased;
            () = &mut stop => return,
            Some((source, news)) = news.recv() => on_step(sources.cited_as(source), Step::News(news)),
            Some(ended) = visits.join_next() => {
                let (source, Visited { visit, lasting }) = match ended {
                    Ok(ended) => ended,
                    Err(err) => std::panic::resume_unwind(err.into_panic()),
                };
                if lasting {
                    memory.keep(&visit);
                }
                while let Ok((source, news)) = news.try_recv() {
                    on_step(sources.cited_as(source), Step::News(news));
                }
                on_step(sources.cited_as(source), Step::Done(visit));
                left -= 1;
                world.lanes.finish();
            }
            Some(Start { source, turn }) = starts.recv() => {
                let (world, sender) = (Arc::clone(world), sender.clone());
                let Source { url, fragments, .. } = sources.list[source].clone();
                // A page that has not changed is not sent again, so it cannot be compared either.
                let before = recall(memory, &sources.list[source]).filter(|_| !world.policy.probe && !afresh);
                let wish = Wish { url, fragments, before: before.map(|before| Box::new(before.visit)) };
                visits.spawn(async move {
                    // Nobody listens any more once the run is stopped.
                    let tell = |news| drop(sender.send((source, news)));
                    (source, visit(&world, wish, turn, tell).await)
                });
            }
            () = &mut clock => {}
        }
    }
}

/// What came of a source earlier, if everything that is to be known of it was looked for.
fn recall(memory: &mut dyn Memory, source: &Source) -> Option<Recalled> {
    let recalled = memory.recall(&source.url)?;
    let covers = |fragment| recalled.visit.page.is_none() || recalled.visit.fragments.contains(fragment);
    source.fragments.iter().all(covers).then_some(recalled)
}

/// A visit, told of one of the spellings under which the source is cited.
fn as_cited(visit: &Visit, url: &str) -> Visit {
    let mut visit = Visit { url: url.to_owned(), ..visit.clone() };
    let own = Url::parse(url).ok();
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
