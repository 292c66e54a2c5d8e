//! Archived copies of sources: the one nearest to a date that is a copy of the source.
//!
//! An archive may hold copies of the error page that took the place of a source, of the wall before it,
//! or of a redirect to the front page. So every copy is opened and judged like a page of today's web
//! before it is proposed, and where it is refused the next nearest is opened. What no archive answered is
//! not known; only what they said is a miss.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use reqwest::header::{CONTENT_LOCATION, HeaderMap, HeaderName, HeaderValue, LINK, LOCATION};
use ring::digest::{SHA256, digest};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use url::Url;

use super::fault::Fault;
use super::guard::Guard;
use super::inquiry::Services;
use super::lanes::Lanes;
use super::lookup::{Found, Lookup, Refused, Silent, Unanswered};
use super::probe::Probes;
use super::reader::{Reader, Wanted};
use super::retry::{self, Next};
use super::visit::{Trail, World, follow};
use super::web::{Answer, Ask, Wants, Web};
use super::{Event, Memory, Policy, SourceError, State, Visit};
use crate::archive::{self, Memento, Near, Part, Service, Speaks, Told, When};
use crate::citation::Citation;
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
    /// What cites it: by that its copies are judged.
    pub citations: Vec<Citation>,
}

impl CopyWish {
    /// What is asked about the page, in the words under which the answer is remembered; `archives`: the names of
    /// those that are asked ([`archive::Manner::names`]).
    pub fn question(&self, archives: &str) -> String {
        let near = self.near.as_ref().map(Near::name);
        let parts = [near.as_deref(), Some(archives), self.given.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The words under which it is remembered that copies were there, and none was one of the source: that
    /// holds for what is cited so, and for nothing else.
    pub fn judged(&self, archives: &str) -> String {
        let said = |citation: &Citation| {
            let Citation { title, authors, container, date, date_end, .. } = citation;
            format!("{title:?} {authors:?} {container:?} {date:?} {date_end:?}")
        };
        let mut said: Vec<String> = self.citations.iter().map(said).collect();
        said.sort_unstable();
        said.dedup();
        let digest = digest(&SHA256, said.join("\n").as_bytes());
        format!("{} as {}", self.question(archives), HEXLOWER.encode(&digest.as_ref()[..8]))
    }

    /// What is remembered of an earlier answer, as far as it still holds.
    fn recall(&self, page: &Url, archives: &str, judge: Judge, memory: &mut dyn Memory) -> Option<Lookup> {
        let mut known = memory.recall_copy(page, &self.question(archives));
        // It may have been found for a citation that says less of the source, or other things.
        let found = known.as_mut().and_then(|lookup| lookup.found.as_mut());
        if found.is_some_and(|found| judge(&self.citations, &mut found.visit).is_err()) {
            known = None;
        }
        let holds = |lookup: &Lookup| lookup.found.is_some() || !lookup.was_judged();
        known.filter(holds).or_else(|| memory.recall_copy(page, &self.judged(archives)))
    }

    /// `lasting`: no archive may say more of it tomorrow.
    fn keep(&self, page: &Url, archives: &str, lookup: &Lookup, lasting: bool, memory: &mut dyn Memory) {
        let question = match (&lookup.found, lasting) {
            (Some(_), true) => self.question(archives),
            // A copy is a copy, though another may be nearer: nobody asks for it in these words.
            (Some(_), false) => self.question(archives) + " so far",
            (None, true) if lookup.was_judged() => self.judged(archives),
            (None, true) => self.question(archives),
            (None, false) => return,
        };
        memory.keep_copy(page, &question, lookup);
    }
}

/// Judges a copy of a source by what cites it: it may be told the titles, and be refused for a reason.
pub type Judge = fn(&[Citation], &mut Visit) -> Result<(), String>;

/// Looks for the copy of every wish, in their order; `None`: the source was not looked for. Addresses of
/// private networks, and those with a name or password in them, are told to no archive.
///
/// # Errors
///
/// As [`super::visit_all`].
pub async fn find_copies(
    wishes: Vec<CopyWish>,
    policy: &Policy,
    judge: Judge,
    memory: &mut dyn Memory,
    on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Vec<Option<Lookup>>, SourceError> {
    let mut lookups: Vec<Option<Lookup>> = vec![None; wishes.len()];
    let count = wishes.len();
    let mut wishes = wishes.into_iter();
    let done = |at: usize, lookup| lookups[at] = Some(lookup);
    find_each(count, |_| wishes.next(), policy, judge, memory, on_event, done, stop).await?;
    Ok(lookups)
}

/// As [`find_copies`], for so many wishes that they are not all in memory: `wish` is asked for each in turn, and
/// `done` is told of each that was looked for. False if the run was stopped before all were.
///
/// # Errors
///
/// As [`super::visit_all`].
#[allow(clippy::too_many_arguments, reason = "each is one thing that a caller decides")]
pub async fn find_each(
    count: usize,
    mut wish: impl FnMut(usize) -> Option<CopyWish>,
    policy: &Policy,
    judge: Judge,
    memory: &mut dyn Memory,
    mut on_event: impl FnMut(Event<'_>),
    mut done: impl FnMut(usize, Lookup),
    stop: impl Future<Output = ()>,
) -> Result<bool, SourceError> {
    let archives = policy.archives.names();
    let mut places = 0..count;
    // The next that is not known already.
    let mut next = |memory: &mut dyn Memory, done: &mut dyn FnMut(usize, Lookup)| {
        for at in places.by_ref() {
            let Some(wish) = wish(at) else { continue };
            let Some(page) = page(&wish.url).filter(|page| policy.may_be_told(page)) else { continue };
            if wish.near.is_none() && wish.given.is_none() {
                done(at, Lookup::default());
            } else if let Some(lookup) = wish.recall(&page, &archives, judge, memory) {
                done(at, lookup);
            } else {
                return Some((at, page, wish, places.len()));
            }
        }
        None
    };
    let mut waiting = next(memory, &mut done);
    if waiting.is_none() {
        return Ok(true);
    }
    let opening = policy.clone();
    let web = match spawn_blocking(move || Web::open(&opening)).await {
        Ok(web) => web?,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    let Some(web) = web else { return Ok(true) };
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
    let mut left = 0;
    loop {
        while seeking.len() < AT_ONCE
            && let Some((at, page, wish, behind)) = waiting.take()
        {
            left = behind;
            let (world, deaf) = (Arc::clone(&world), Arc::clone(&deaf));
            seeking.spawn(async move {
                let judge = |visit: &mut Visit| judge(&wish.citations, visit);
                let mut search = Search::new(&world, &deaf, &page, wish.near, judge);
                search.run(wish.given.as_deref()).await;
                let (lookup, lasting) = search.end();
                (at, page, wish, lookup, lasting)
            });
            waiting = next(memory, &mut done);
        }
        tokio::select! {
            biased;
            () = &mut stop => return Ok(false),
            () = &mut time_up => return Ok(false),
            ended = seeking.join_next() => {
                let (at, page, wish, lookup, lasting) = match ended {
                    None => return Ok(true),
                    Some(Ok(ended)) => ended,
                    Some(Err(err)) => std::panic::resume_unwind(err.into_panic()),
                };
                wish.keep(&page, &archives, &lookup, lasting, memory);
                on_event(Event::Sought { url: &wish.url, lookup: &lookup, left: left + seeking.len() });
                // What a recorded web does not hold was not asked at the time.
                let unheard = lookup.found.is_none() && lookup.asked.is_empty() && lookup.refused.is_empty();
                if world.web.changes() || !unheard {
                    done(at, lookup);
                }
            }
            () = &mut clock => {}
        }
    }
}

/// The page to look for: without a fragment, and of an archived copy the page that it is one of.
fn page(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let mut page = link::archived(&url).and_then(|copy| copy.original).unwrap_or(url);
    page.set_fragment(None);
    (page.username().is_empty() && page.password().is_none()).then_some(page)
}

/// Hosts of archives that could not be reached, and how that was: asking them once a run is enough.
type Deaf = Mutex<HashMap<String, Unanswered>>;

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
    silent: BTreeMap<usize, Unanswered>,
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
            silent: BTreeMap::new(),
            answered: BTreeSet::new(),
            lasting: true,
        }
    }

    fn end(mut self) -> (Lookup, bool) {
        let title = |at: &usize| self.world.policy.archives.chosen[*at].title();
        let told = self.answered.iter().filter(|at| !self.silent.contains_key(at));
        self.lookup.asked = told.map(title).collect();
        let silent = self.silent.iter();
        self.lookup.silent = silent.map(|(at, how)| Silent { archive: title(at), how: *how }).collect();
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
                Ok(heard) if !heard.copies.is_empty() => self.heard(at, Ok(heard)),
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
        // No copy was made tomorrow, whatever an archive says.
        let latest = retry::now().as_second().saturating_add(AGREE.cast_signed());
        for copy in archive::usable(copies).filter(|copy| copy.made.as_second() <= latest) {
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
            None => Err(Unanswered::NoAnswer),
        };
        self.heard(at, heard);
    }

    fn heard(&mut self, at: usize, heard: Result<Heard, Unanswered>) {
        match heard {
            Ok(Heard { copies, parts }) => {
                self.answered.insert(at);
                self.learn(at, copies);
                let new = parts.into_iter().filter(|part| self.parts_seen.insert(part.url.to_string()));
                self.parts.extend(new.map(|part| (part, at)));
            }
            Err(how) => self.fell_silent(at, how),
        }
    }

    /// The first reason is kept: what follows comes of it.
    fn fell_silent(&mut self, at: usize, how: Unanswered) {
        self.silent.entry(at).or_insert(how);
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
        if heard.is_ok() {
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
        if let Some(how) = silence(&visit) {
            self.fell_silent(at, how);
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
        let silent = silence(&visit).is_some();
        self.lasting &= !silent;
        let date = archive::day(made);
        if let Err(reason) = self.accept(&mut visit, made) {
            let refused = Refused { url, date, reason };
            self.lookup.given_refused = Some(refused).filter(|_| !silent);
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
        match visit.headers.get("memento-datetime").and_then(archive::http_time) {
            None => Err("What came is not marked as an archived copy (Memento-Datetime).".to_owned()),
            Some(own) if own.as_second().abs_diff(made.as_second()) > AGREE => {
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

    /// What a service of an archive knows.
    async fn ask(&self, at: usize, service: &Service, near: Near) -> Result<Heard, Unanswered> {
        let chosen = &self.world.policy.archives.chosen[at];
        let url = chosen.question(service, self.page, near, &self.world.policy.endpoints);
        self.ask_at(at, service, near, url.ok_or(Unanswered::NoAnswer)?).await
    }

    /// As [`Search::ask`], at an address that the archive itself has named.
    async fn ask_at(
        &self,
        at: usize,
        service: &Service,
        near: Near,
        mut url: Url,
    ) -> Result<Heard, Unanswered> {
        let world = self.world;
        let base = world.policy.archives.chosen[at].base(&world.policy.endpoints);
        let mut fields = HeaderMap::new();
        if service.speaks == Speaks::Fields {
            let time = HeaderValue::from_str(&archive::http_date(near.middle()));
            let time = time.expect("a date has no characters that a field must not have");
            fields.insert(HeaderName::from_static("accept-datetime"), time);
        }
        let wants = match service.speaks {
            Speaks::Json => Wants::Data,
            Speaks::Links | Speaks::Fields => Wants::Links,
        };
        for _ in 0..HOPS {
            let vetted = world.guard.vet(&url, world.web.is_proxied(&url));
            vetted.map_err(|_| Unanswered::NoAnswer)?;
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
                let heard = || Heard { copies, parts: (service.parts)(&told) };
                return (!cut || past).then(heard).ok_or(Unanswered::Unclear);
            }
            let to = answer.location().and_then(|to| url.join(&to).ok());
            url = to.ok_or(Unanswered::Unclear)?;
        }
        Err(Unanswered::Unclear)
    }
}

/// Was it an archive's copy that came? Each says when it was made (RFC 7089, 2.1.1).
fn is_copy(visit: &Visit) -> bool {
    visit.headers.get("memento-datetime").is_some()
}

/// The archive itself is out of order, or wants to be asked no more.
fn silence(visit: &Visit) -> Option<Unanswered> {
    let out_of_order = matches!(visit.state, State::Unreachable | State::Blocked);
    let silent = !is_copy(visit) && (out_of_order || visit.status.is_none());
    silent.then(|| visit.status.map_or(Unanswered::NoAnswer, Unanswered::of))
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

/// One answer of a service, under the rules of every request.
async fn ask(
    world: &World,
    deaf: &Deaf,
    url: &Url,
    fields: &HeaderMap,
    wants: Wants,
) -> Result<Answer, Unanswered> {
    let World { policy, lanes, .. } = world;
    let host = url.host_str().unwrap_or_default();
    let unasked = policy.archives.when == When::Gone;
    let deaf = || deaf.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tries = 0;
    loop {
        if let Some(how) = deaf().get(host) {
            return Err(*how);
        }
        let turn = lanes.turn(url).await;
        let closed = turn.is_closed().map(Unanswered::of);
        let silent = || turn.is_silent().then_some(Unanswered::NoAnswer);
        if let Some(how) = closed.or_else(|| deaf().get(host).copied()).or_else(silent) {
            turn.hurry();
            return Err(how);
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
                    turn.close(answer.status);
                }
                let tries = if turn.is_failing() { u32::MAX } else { tries };
                let next = retry::after_answer(answer, None, tries, policy);
                retry::at_a_pace(next, answer, turn.is_paced(), policy)
            }
            Err(_) if turn.is_failing() || unasked => Next::Take,
            Err(fault) => retry::after_fault(fault, tries, policy),
        };
        match next {
            Next::Wait(wait) | Next::Rest(wait) => turn.rest(wait),
            Next::Late
                if tries <= policy.retries && result.as_ref().is_err_and(|f| *f == Fault::TimedOut) => {}
            Next::Late | Next::Take => {
                turn.learn(result.as_ref().map(Answer::own_status));
                let answer = result.map_err(|_| Unanswered::NoAnswer);
                if answer.is_err() && world.web.changes() {
                    deaf().insert(host.to_owned(), Unanswered::NoAnswer);
                }
                return answer.and_then(|answer| {
                    let trouble = !answer.is_copy() && is_trouble(answer.status);
                    if trouble { Err(Unanswered::of(answer.status)) } else { Ok(answer) }
                });
            }
        }
        drop(turn);
    }
}

/// The service cannot answer now.
fn is_trouble(status: u16) -> bool {
    status == 429 || status >= 500
}
