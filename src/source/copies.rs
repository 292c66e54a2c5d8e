//! Archived copies of sources: the one nearest to a date that is a copy of the source.
//!
//! An archive may hold copies of the error page that took the place of a source, of the wall before it,
//! or of a redirect to the front page. So every copy is opened and judged like a page of today's web
//! before it is proposed, and where it is refused the next nearest is opened. What no archive answered is
//! not known; only what they said is a miss.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_LOCATION, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use url::Url;

use super::fault::Fault;
use super::guard::Guard;
use super::inquiry::Services;
use super::lanes::Lanes;
use super::lookup::{Found, Lookup, Refused};
use super::probe::Probes;
use super::reader::{Reader, Wanted};
use super::retry::{self, Next};
use super::visit::{Trail, World, follow};
use super::web::{Answer, Ask, Wants, Web};
use super::{Event, Memory, Policy, SourceError, State, Visit};
use crate::archive::{self, Memento, Near, Part, Service, Speaks, Told, When};
use crate::link::{self, same_address};

/// Copies of one source that are opened before it is given up.
const OPENED: usize = 8;

/// Parts of lists of copies that are read for one source, at most.
const PARTS: usize = 12;

/// Seconds by which an archive's two words on the time of a copy may differ.
const AGREE: u64 = 86_400;

/// Sources that are looked for at once. Archives are few and slow: more would only wait.
const AT_ONCE: usize = 64;
/// How long an archive is waited for where nobody asked for copies.
const UNASKED: Duration = Duration::from_secs(10);

/// Redirects of a service that are followed.
const HOPS: usize = 4;

/// A source of which a copy is looked for.
#[derive(Debug, Clone)]
pub struct CopyWish {
    /// Its address as cited.
    pub url: String,
    /// The date that the copy is to be near.
    pub near: Option<Near>,
    /// The copy that the document itself names.
    pub given: Option<String>,
}

/// Judges a copy of the source of a wish, named by its place: it may be told the title under which the
/// source is cited, and be refused for a reason.
pub type Judge = Arc<dyn Fn(usize, &mut Visit) -> Result<(), String> + Send + Sync>;

/// Looks for the copy of every wish, in their order; `None`: the source was not looked for. Addresses of
/// private networks, and those with a name or password in them, are told to no archive.
///
/// # Errors
///
/// As [`super::visit_all`].
pub async fn find_copies(
    wishes: &[CopyWish],
    policy: &Policy,
    judge: Judge,
    memory: &mut dyn Memory,
    mut on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Option<Lookup>>, SourceError> {
    let asked = policy.archives.names();
    let mut lookups: Vec<Option<Lookup>> = vec![None; wishes.len()];
    let mut queue = VecDeque::new();
    for (at, wish) in wishes.iter().enumerate() {
        let Some(page) = page(&wish.url).filter(|page| policy.may_be_told(page)) else { continue };
        if wish.near.is_none() && wish.given.is_none() {
            lookups[at] = Some(Lookup::default());
            continue;
        }
        let mut recalled = memory.recall_copy(&page, &question(wish, &asked));
        // It may have been found for a citation that says less of the source, or other things.
        let found = recalled.as_mut().and_then(|lookup| lookup.found.as_mut());
        if found.is_some_and(|found| judge(at, &mut found.visit).is_err()) {
            recalled = None;
        }
        if recalled.is_none() {
            queue.push_back((at, page));
        }
        lookups[at] = recalled;
    }
    if queue.is_empty() {
        return Ok(lookups);
    }
    let opening = policy.clone();
    let web = match spawn_blocking(move || Web::open(&opening)).await {
        Ok(web) => web?,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    let Some(web) = web else { return Ok(lookups) };
    // Nothing starts on the board: every question waits for its own turn.
    let (lanes, _starts) = Lanes::new(policy, web.changes());
    let world = Arc::new(World {
        policy: policy.clone(),
        web,
        guard: Guard::new(policy),
        lanes,
        reader: Reader::new().map_err(SourceError::Threads)?,
        services: Services::new(policy),
        probes: Probes::default(),
        texts: false,
    });
    let time_up = async {
        match policy.run_time {
            Some(time) => sleep(time).await,
            None => std::future::pending().await,
        }
    };
    let deaf = Arc::new(Deaf::default());
    let mut seeking = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    let mut time_up = std::pin::pin!(time_up);
    let mut clock = std::pin::pin!(world.lanes.keep_time());
    loop {
        while seeking.len() < AT_ONCE
            && let Some((at, page)) = queue.pop_front()
        {
            let (world, judge, wish) = (Arc::clone(&world), Arc::clone(&judge), wishes[at].clone());
            let deaf = Arc::clone(&deaf);
            seeking.spawn(async move {
                let mut search = Search::new(&world, &deaf, &page, wish.near, |visit| judge(at, visit));
                search.run(wish.given.as_deref()).await;
                let (lookup, lasting) = search.end();
                (at, page, lookup, lasting)
            });
        }
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = &mut time_up => break,
            ended = seeking.join_next() => {
                let (at, page, lookup, lasting) = match ended {
                    None => break,
                    Some(Ok(ended)) => ended,
                    Some(Err(err)) => std::panic::resume_unwind(err.into_panic()),
                };
                if lasting {
                    memory.keep_copy(&page, &question(&wishes[at], &asked), &lookup);
                }
                let left = queue.len() + seeking.len();
                on_event(Event::Sought { url: &wishes[at].url, lookup: &lookup, left });
                // What a recorded web does not hold was not asked at the time.
                let unheard = lookup.found.is_none() && lookup.asked.is_empty() && lookup.refused.is_empty();
                lookups[at] = (world.web.changes() || !unheard).then_some(lookup);
            }
            () = &mut clock => {}
        }
    }
    Ok(lookups)
}

/// What is asked about a page, in the words under which the answer is remembered.
fn question(wish: &CopyWish, asked: &str) -> String {
    let near = wish.near.map(|near| format!("{} {}", near.basis.name(), near.date));
    let parts = [near.as_deref(), Some(asked), wish.given.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The page to look for: without a fragment, and of an archived copy the page that it is one of.
fn page(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let mut page = link::archived(&url).and_then(|copy| copy.original).unwrap_or(url);
    page.set_fragment(None);
    (page.username().is_empty() && page.password().is_none()).then_some(page)
}

/// Hosts of archives that could not be reached: asking them once a run is enough.
type Deaf = Mutex<HashSet<String>>;

/// The search for one copy.
struct Search<'w, J> {
    world: &'w World,
    deaf: &'w Deaf,
    page: &'w Url,
    near: Option<Near>,
    judge: J,
    lookup: Lookup,
    /// What the archives hold, each copy with its archive.
    known: Vec<(Memento, usize)>,
    /// Archives that told all that they hold.
    told_all: HashSet<usize>,
    /// Parts of their lists that were not read yet, each with its archive, and the addresses of all.
    parts: Vec<(Part, usize)>,
    parts_seen: HashSet<String>,
    parts_read: usize,
    /// Addresses opened.
    opened: HashSet<String>,
    silent: BTreeSet<usize>,
    answered: BTreeSet<usize>,
    /// Nothing on the way was a passing trouble.
    lasting: bool,
}

impl<'w, J: Fn(&mut Visit) -> Result<(), String>> Search<'w, J> {
    fn new(world: &'w World, deaf: &'w Deaf, page: &'w Url, near: Option<Near>, judge: J) -> Self {
        Self {
            world,
            deaf,
            page,
            near,
            judge,
            lookup: Lookup { near, ..Lookup::default() },
            known: Vec::new(),
            told_all: HashSet::new(),
            parts: Vec::new(),
            parts_seen: HashSet::new(),
            parts_read: 0,
            opened: HashSet::new(),
            silent: BTreeSet::new(),
            answered: BTreeSet::new(),
            lasting: true,
        }
    }

    fn end(mut self) -> (Lookup, bool) {
        let title = |at: &usize| self.world.policy.archives.chosen[*at].title();
        self.lookup.asked = self.answered.difference(&self.silent).map(title).collect();
        self.lookup.silent = self.silent.iter().map(title).collect();
        (self.lookup, self.lasting && self.silent.is_empty())
    }

    /// Opens the copy that the document names, if it does, and then those of the archives, the nearest
    /// first.
    async fn run(&mut self, given: Option<&str>) {
        if let Some(given) = given
            && self.open_given(given).await
        {
            return;
        }
        let Some(near) = self.near else { return };
        for at in 0..self.world.policy.archives.chosen.len() {
            let quick = self.world.policy.archives.chosen[at].quick();
            match self.ask(at, quick, near).await {
                Some(heard) if !heard.copies.is_empty() => self.heard(at, Some(heard)),
                // That it knows none, or is out of order, is confirmed elsewhere.
                _ => self.ask_for_all(at, near).await,
            }
        }
        loop {
            let nearest = self.nearest(near);
            // A part of a list that may hold a nearer one is read first.
            let reach = nearest.as_ref().map_or(u64::MAX, |(copy, _)| near.distance(copy.made));
            if let Some((part, at)) = self.next_part(near, reach) {
                self.read_part(&part, at, near).await;
                continue;
            }
            let Some((copy, at)) = nearest else { break };
            if self.opened.len() >= OPENED {
                self.lookup.more = true;
                return;
            }
            if self.open(&copy, at, near).await {
                return;
            }
            self.ask_for_all(at, near).await;
        }
    }

    fn nearest(&self, near: Near) -> Option<(Memento, usize)> {
        let left = self.known.iter().filter(|(copy, _)| !self.opened.contains(&copy.url));
        left.min_by_key(|(copy, at)| (near.distance(copy.made), *at)).cloned()
    }

    fn learn(&mut self, at: usize, copies: Vec<Memento>) {
        for copy in archive::usable(copies) {
            if !self.known.iter().any(|(known, _)| known.url == copy.url) {
                self.known.push((copy, at));
            }
        }
    }

    async fn ask_for_all(&mut self, at: usize, near: Near) {
        if !self.told_all.insert(at) {
            return;
        }
        let chosen = &self.world.policy.archives.chosen[at];
        let thorough = chosen.thorough();
        let question = chosen.question(thorough, self.page, near, &self.world.policy.endpoints);
        self.parts_seen.extend(question.iter().map(Url::to_string));
        let heard = match question {
            Some(url) => self.ask_at(at, thorough, near, url).await,
            None => None,
        };
        self.heard(at, heard);
    }

    fn heard(&mut self, at: usize, heard: Option<Heard>) {
        match heard {
            Some(Heard { copies, parts }) => {
                self.answered.insert(at);
                self.learn(at, copies);
                let new = parts.into_iter().filter(|part| self.parts_seen.insert(part.url.to_string()));
                self.parts.extend(new.map(|part| (part, at)));
            }
            None => {
                self.silent.insert(at);
            }
        }
    }

    /// The part of a list that may hold the nearest copy, if that may be nearer than so many seconds.
    fn next_part(&mut self, near: Near, reach: u64) -> Option<(Part, usize)> {
        let distances = self.parts.iter().map(|(part, _)| part.distance(&near)).enumerate();
        let (next, _) = distances.filter(|(_, far)| *far < reach).min_by_key(|(_, far)| *far)?;
        if self.parts_read == PARTS {
            self.lookup.more = true;
            return None;
        }
        self.parts_read += 1;
        Some(self.parts.swap_remove(next))
    }

    async fn read_part(&mut self, part: &Part, at: usize, near: Near) {
        let thorough = self.world.policy.archives.chosen[at].thorough();
        let heard = self.ask_at(at, thorough, near, part.url.clone()).await;
        if heard.is_some() {
            self.heard(at, heard);
        } else {
            // The archive did answer; what this part holds is not known.
            self.lookup.more = true;
            self.lasting = false;
        }
    }

    /// Opens a copy; was it one of the source?
    async fn open(&mut self, asked: &Memento, at: usize, near: Near) -> bool {
        self.opened.insert(asked.url.clone());
        let Some(Opened { mut visit, shown }) = self.visit(&asked.url).await else { return false };
        // The archive may lead to another of its copies, whose turn has not come yet.
        let copy = shown.unwrap_or_else(|| asked.clone());
        if near.distance(copy.made) > near.distance(asked.made) {
            self.learn(at, vec![copy]);
            return false;
        }
        if is_silent(&visit) {
            self.silent.insert(at);
            return false;
        }
        let date = archive::day(copy.made);
        match self.accept(&mut visit, copy.made) {
            Ok(()) => {
                let visit = Box::new(visit);
                self.lookup.found = Some(Found { url: copy.url, date, given: false, visit });
                true
            }
            Err(reason) => {
                self.lookup.refused.push(Refused { url: copy.url, date, reason });
                false
            }
        }
    }

    async fn open_given(&mut self, given: &str) -> bool {
        let url = archive::readable(given);
        let Some(made) = archive::made(&url) else { return false };
        let Some(Opened { mut visit, .. }) = self.visit(&url).await else { return false };
        self.lasting &= !is_silent(&visit);
        let date = archive::day(made);
        if let Err(reason) = self.accept(&mut visit, made) {
            let refused = Refused { url, date, reason };
            self.lookup.given_refused = Some(refused).filter(|_| !is_silent(&visit));
            return false;
        }
        let visit = Box::new(visit);
        self.lookup.found = Some(Found { url, date, given: true, visit });
        true
    }

    /// Is what was opened a copy of the source, made when it is said to be?
    fn accept(&self, visit: &mut Visit, made: Timestamp) -> Result<(), String> {
        (self.judge)(visit)?;
        if !visit.is_read() {
            return Err(visit.reason.clone());
        }
        match visit.headers.get("memento-datetime").map(archive::http_time) {
            None => Err("What came is not marked as an archived copy (Memento-Datetime).".to_owned()),
            Some(Some(own)) if own.as_second().abs_diff(made.as_second()) > AGREE => {
                Err(format!("It says itself that it was made on {}.", archive::day(own).in_words()))
            }
            Some(_) => Ok(()),
        }
    }

    /// Opens a copy as it came, or as the archive shows it where it has no other form.
    async fn visit(&mut self, copy: &str) -> Option<Opened> {
        let shown = Url::parse(copy).ok()?;
        let forms = [archive::raw(&shown), Some(shown)];
        let mut opened = None;
        for form in forms.into_iter().flatten() {
            // Its text is compared with that of today's page.
            let wanted = Wanted { text: true, ..Wanted::default() };
            let trail = Trail::new(form.clone(), &wanted);
            let (trail, mut visit, _) = Box::pin(follow(self.world, Box::new(trail), None, |_| {})).await;
            self.lasting &= trail.lasting;
            let unknown = !is_copy(&visit) && visit.state != State::Unreachable;
            let way = [form.as_str()].into_iter().chain(visit.redirects.iter().map(|hop| hop.url.as_str()));
            let of_page = |url: &&str| page(url).is_some_and(|page| same_address(&page, self.page));
            let last = way
                .rev()
                .find(of_page)
                .and_then(|url| Some(Memento { url: archive::readable(url), made: archive::made(url)? }));
            // It is the page's own visit, as it would have been then.
            visit.url = self.page.to_string();
            visit.final_url = None;
            opened = Some(Opened { visit: *visit, shown: last });
            if !unknown {
                break;
            }
        }
        opened
    }

    /// What a service of an archive knows; `None`: it did not say.
    async fn ask(&self, at: usize, service: &Service, near: Near) -> Option<Heard> {
        let chosen = &self.world.policy.archives.chosen[at];
        let url = chosen.question(service, self.page, near, &self.world.policy.endpoints)?;
        self.ask_at(at, service, near, url).await
    }

    /// As [`Search::ask`], at an address that the archive itself has named.
    async fn ask_at(&self, at: usize, service: &Service, near: Near, mut url: Url) -> Option<Heard> {
        let world = self.world;
        let base = world.policy.archives.chosen[at].base(&world.policy.endpoints);
        let mut fields = HeaderMap::new();
        if service.speaks == Speaks::Fields {
            let time = HeaderValue::from_str(&archive::http_date(near.middle())).ok()?;
            fields.insert(HeaderName::from_static("accept-datetime"), time);
        }
        let wants = match service.speaks {
            Speaks::Json => Wants::Data,
            Speaks::Links | Speaks::Fields => Wants::Links,
        };
        for _ in 0..HOPS {
            world.guard.vet(&url, world.web.is_proxied(&url)).ok()?;
            let answer = ask(world, self.deaf, &url, &fields, wants).await?;
            let body = answer.json.as_ref().or(answer.text.as_ref());
            let text = body.map_or(String::new(), |body| String::from_utf8_lossy(&body.bytes).into_owned());
            let field = |name: HeaderName| answer.header(name);
            let links: Vec<&str> =
                answer.headers.get_all(LINK).iter().filter_map(|field| field.to_str().ok()).collect();
            let told = Told {
                page: self.page,
                at: &url,
                status: answer.status,
                leads_to: field(LOCATION).or_else(|| field(CONTENT_LOCATION)),
                links: &links.join(", "),
                made: field(HeaderName::from_static("memento-datetime")),
                body: &text,
                base: &base,
            };
            if let Some(copies) = (service.read)(&told) {
                // Of a list that was cut off, what is missing may be nearer.
                let cut = body.is_some_and(|body| body.cut);
                let past = copies.iter().any(|copy| copy.made > near.middle());
                return (!cut || past).then(|| Heard { copies, parts: (service.parts)(&told) });
            }
            url = url.join(&answer.location()?).ok()?;
        }
        None
    }
}

/// Was it an archive's copy that came? Each says when it was made (RFC 7089, 2.1.1).
fn is_copy(visit: &Visit) -> bool {
    visit.headers.get("memento-datetime").is_some()
}

/// The archive itself is out of order, or wants to be asked no more.
fn is_silent(visit: &Visit) -> bool {
    let out_of_order = matches!(visit.state, State::Unreachable | State::Blocked);
    !is_copy(visit) && (out_of_order || visit.status.is_none())
}

/// What a service said.
struct Heard {
    copies: Vec<Memento>,
    /// Where it goes on.
    parts: Vec<Part>,
}

/// A copy that was opened.
struct Opened {
    visit: Visit,
    /// The copy of the page that was shown in the end.
    shown: Option<Memento>,
}

/// One answer of a service, under the rules of every request; `None` if there is none to be had.
async fn ask(world: &World, deaf: &Deaf, url: &Url, fields: &HeaderMap, wants: Wants) -> Option<Answer> {
    let World { policy, lanes, .. } = world;
    let host = url.host_str()?;
    let unasked = policy.archives.when == When::Gone;
    let deaf = || deaf.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tries = 0;
    loop {
        if deaf().contains(host) {
            return None;
        }
        let turn = lanes.turn(url).await;
        if lanes.is_closed(url).is_some() || lanes.is_silent(url) || deaf().contains(host) {
            lanes.hurry(url);
            return None;
        }
        tries += 1;
        let ask = Ask {
            url: url.clone(),
            cookies: None,
            conditions: fields.clone(),
            wants,
            within: if unasked { policy.timeout.min(UNASKED) } else { policy.timeout },
            again: turn.keeps,
        };
        let result = match Box::pin(world.web.get(&ask)).await {
            Ok(mut answer) => answer.broken.take().map_or(Ok(answer), Err),
            Err(fault) => Err(fault),
        };
        let next = match &result {
            _ if !world.web.changes() => Next::Take,
            Ok(answer) => {
                if retry::told_to_wait(answer).is_some_and(|wait| wait > policy.max_wait) {
                    lanes.close(url, answer.status);
                }
                let tries = if lanes.is_failing(url) { u32::MAX } else { tries };
                let next = retry::after_answer(answer, None, tries, policy);
                retry::at_a_pace(next, answer, lanes.is_paced(url), policy)
            }
            Err(_) if lanes.is_failing(url) || unasked => Next::Take,
            Err(fault) => retry::after_fault(fault, tries, policy),
        };
        match next {
            Next::Wait(wait) | Next::Rest(wait) => lanes.rest(url, wait),
            Next::Late
                if tries <= policy.retries && result.as_ref().is_err_and(|f| *f == Fault::TimedOut) => {}
            Next::Late | Next::Take => {
                lanes.learn(url, result.as_ref().map(Answer::own_status));
                if result.is_err() && world.web.changes() {
                    deaf().insert(host.to_owned());
                }
                return result.ok().filter(|answer| answer.is_copy() || !is_trouble(answer.status));
            }
        }
        drop(turn);
    }
}

/// The service cannot answer now.
fn is_trouble(status: u16) -> bool {
    status == 429 || status >= 500
}
