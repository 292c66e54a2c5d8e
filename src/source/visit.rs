//! One URL, from the citation to the page: hop by hop, each address vetted before it is asked.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use tokio::time::{Instant, sleep};
use url::Url;

use super::fault::Fault;
use super::guard::Guard;
use super::inquiry::{Services, inquire};
use super::jar::Jar;
use super::lanes::{Lanes, Turn};
use super::probe::{self, Answered, Print, Probes};
use super::reader::{Reader, Reading, Wanted};
use super::retry::Next;
use super::state::{self, Facts, judge};
use super::web::{Answer, Ask, Wants, Web, shown};
use super::{Fields, Policy, Redirect, State, Visit, retry, robots};
use crate::archive;
use crate::link;
use crate::page::{Nature, Page, Text};

/// A page that sends its reader elsewhere within so many seconds is a redirect; one that does so
/// later means to be read.
const REFRESH_WITHIN: u32 = 5;

/// Refreshes followed in one visit.
const REFRESHES: usize = 2;

/// An address longer than this is none: whatever a server sends as one is kept and shown.
const LONGEST: usize = 16 << 10;

/// Nor is a longer field evidence of anything.
const LONGEST_FIELD: usize = 8 << 10;

/// When the files run out, others are about to be closed: a question waits so long for one …
const NO_FILES: Duration = Duration::from_millis(250);

/// … and so often.
const STARVED: u32 = 480;

/// What a redirect's page may be read for: nothing. These fields of the last answer are kept.
const EVIDENCE: &[&str] = &[
    "cf-mitigated",
    "content-disposition",
    "content-language",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "link",
    "memento-datetime",
    "retry-after",
    "server",
    "x-robots-tag",
];

/// What every visit of a run shares.
pub(super) struct World {
    pub(super) policy: Policy,
    pub(super) web: Web,
    pub(super) guard: Guard,
    pub(super) lanes: Arc<Lanes>,
    pub(super) reader: Reader,
    pub(super) services: Services,
    pub(super) probes: Probes,
    /// The texts of pages are wanted.
    pub(super) texts: bool,
}

/// What a visit tells while it goes on.
pub(super) enum News {
    Started,
    Waiting(Duration),
}

/// A source to visit.
pub(super) struct Wish {
    /// Without a fragment.
    pub(super) url: Url,
    /// Those with which it is cited.
    pub(super) fragments: Vec<String>,
    /// What came of it earlier.
    pub(super) before: Option<Box<Visit>>,
}

/// What came of a source.
pub(super) struct Visited {
    pub(super) visit: Box<Visit>,
    /// It is worth remembering: neither this machine's own trouble nor what only this user may see.
    pub(super) lasting: bool,
}

/// Follows a URL to its end, and asks those who know it otherwise; `turn` is the right to ask its host.
pub(super) async fn visit(world: &World, wish: Wish, turn: Turn, tell: impl Fn(News)) -> Visited {
    let Wish { url: asked, fragments, before } = wish;
    let wanted = Wanted { fragments, print: world.policy.probe, text: world.texts };
    // What a visit holds is held `width` times: what is large is boxed, since a future has room for
    // everything that it may come to hold.
    let trail = Box::new(Trail { before, ..Trail::new(asked.clone(), &wanted) });
    let (mut trail, mut visit, print) = follow(world, trail, Some(turn), tell).await;
    visit.fragments = wanted.fragments.clone();
    if wanted.print
        && probe::is_doubtful(&asked, &visit)
        && let Some(sibling) = probe::sibling(&asked)
    {
        let ask = async {
            // Others wait for what comes of a probe: it never waits for them to be done.
            let trail = Box::new(Trail { late: true, ..Trail::new(sibling, &wanted) });
            let (_, visit, print) = Box::pin(follow(world, trail, None, |_| {})).await;
            Answered::new(&visit, print)
        };
        let answered = world.probes.answer_of(&asked, ask).await;
        probe::heed(&mut visit, print.as_ref(), &answered);
    }
    if matches!(visit.state, State::Ok | State::Moved | State::Soft404 | State::Blocked | State::Unreachable)
    {
        let last = visit.final_url.as_deref().filter(|last| *last != asked.as_str());
        let last = last.and_then(|last| Url::parse(last).ok());
        let addresses: Vec<&Url> = [Some(&asked), last.as_ref()].into_iter().flatten().collect();
        if let Some(record) = Box::pin(inquire(world, &addresses)).await {
            state::heed(&mut visit, record);
        }
    }
    trail.lasting &= asked.username().is_empty() && asked.password().is_none();
    Visited { visit, lasting: trail.lasting }
}

pub(super) async fn follow(
    world: &World,
    mut trail: Box<Trail>,
    mut turn: Option<Turn>,
    tell: impl Fn(News),
) -> (Box<Trail>, Box<Visit>, Option<Print>) {
    loop {
        if let Err(refusal) = world.guard.vet(&trail.at, world.web.is_proxied(&trail.at)) {
            let visit = trail.failed(&Fault::Refused(refusal));
            return (trail, visit, None);
        }
        let turn = match turn.take() {
            Some(turn) => turn,
            None => world.lanes.turn(&trail.at).await,
        };
        let mut reply = match ask(world, &mut trail, turn, &tell).await {
            Ok(reply) => reply,
            Err(fault) => {
                world.web.gave_up(&trail.at, &fault);
                let visit = trail.failed(&fault);
                return (trail, visit, None);
            }
        };
        let Some((status, to)) = trail.next(&reply) else {
            let print = reply.print.take();
            let visit = trail.answered(*reply, &world.policy);
            return (trail, visit, print);
        };
        if trail.hops.len() == world.policy.max_redirects {
            let visit = trail.failed(&Fault::TooManyRedirects(world.policy.max_redirects));
            return (trail, visit, None);
        }
        if let Err(fault) = trail.follow(status, &to) {
            let visit = trail.failed(&fault);
            return (trail, visit, None);
        }
    }
}

/// An answer, and its page where it is one.
struct Reply {
    answer: Answer,
    page: Option<Box<Page>>,
    missing: Vec<String>,
    print: Option<Print>,
    digest: Option<String>,
    text: Option<Box<Text>>,
}

/// Asks for the address that a trail stands at, with the turn in hand, again where that is worth while.
async fn ask(
    world: &World,
    trail: &mut Trail,
    turn: Turn,
    tell: &impl Fn(News),
) -> Result<Box<Reply>, Fault> {
    let World { policy, lanes, .. } = world;
    let mut turn = turn;
    if turn.first_of_many && policy.robots && turn.is_single() {
        if let Some(gap) = Box::pin(robots::pace(world, &trail.at)).await {
            turn.slow_down(gap);
        }
        drop(turn);
        turn = lanes.turn(&trail.at).await;
    }
    let mut tries = 0;
    loop {
        if let Some(status) = turn.is_closed() {
            return Err(Fault::ToldToWait(status));
        }
        let result = if turn.is_silent() {
            Err(if tries > 0 { Fault::TimedOut } else { Fault::GivenUp })
        } else {
            if !std::mem::replace(&mut trail.started, true) {
                tell(News::Started);
            }
            tries += 1;
            // Boxed, since many visits wait above and only `width` are here. The turn is held until
            // the page is read: what is in memory is then bounded by the width of the run.
            let result = Box::pin(ask_once(world, trail, turn.keeps)).await;
            heed(&turn, policy, &result);
            result
        };
        match next(world, trail, &turn, &result, tries) {
            Next::Take => return result,
            Next::Wait(wait) => {
                tell(News::Waiting(wait));
                drop(turn);
                sleep(wait).await;
                turn = lanes.turn(&trail.at).await;
            }
            Next::Rest(wait) => {
                tell(News::Waiting(wait));
                turn.rest(wait);
                drop(turn);
                turn = lanes.turn(&trail.at).await;
            }
            Next::Late => {
                drop(turn);
                turn = lanes.late_turn(&trail.at).await;
            }
        }
    }
}

/// What a question tells of its host.
fn heed(turn: &Turn, policy: &Policy, result: &Result<Box<Reply>, Fault>) {
    match result {
        Ok(reply) => match retry::told_to_wait(&reply.answer) {
            Some(wait) if wait > policy.max_wait => turn.close(reply.answer.status),
            Some(wait) => turn.rest(wait),
            None => {}
        },
        Err(Fault::TimedOut) => turn.learn(Err(&Fault::TimedOut)),
        Err(_) => {}
    }
}

/// What to do after a question; a host learns from the last word about it.
fn next(
    world: &World,
    trail: &mut Trail,
    turn: &Turn,
    result: &Result<Box<Reply>, Fault>,
    tries: u32,
) -> Next {
    let policy = &world.policy;
    if !world.web.changes() {
        return Next::Take;
    }
    let next = match result {
        Err(Fault::NoFiles) if trail.starved < STARVED => {
            trail.starved += 1;
            return Next::Wait(NO_FILES);
        }
        Err(Fault::GivenUp) => Next::Late,
        Err(fault @ Fault::TimedOut) => retry::after_fault(fault, tries, policy),
        _ if turn.is_failing() => Next::Take,
        Err(fault) => retry::after_fault(fault, tries, policy),
        Ok(reply) => {
            let next = retry::after_answer(&reply.answer, reply.page.as_deref(), tries, policy);
            retry::at_a_pace(next, &reply.answer, turn.is_paced(), policy)
        }
    };
    match next {
        Next::Late if policy.retries > 0 && !std::mem::replace(&mut trail.late, true) => Next::Late,
        Next::Take | Next::Late => {
            if !matches!(result, Err(Fault::TimedOut | Fault::GivenUp)) {
                turn.learn(result.as_ref().map(|reply| reply.answer.own_status()));
            }
            Next::Take
        }
        next => next,
    }
}

async fn ask_once(world: &World, trail: &mut Trail, again: bool) -> Result<Box<Reply>, Fault> {
    let left = world.policy.source_time.saturating_sub(trail.spent);
    if left.is_zero() {
        return Err(Fault::OutOfTime);
    }
    // What a host says to this user alone is not for the memory.
    trail.lasting &= world.policy.rule_for(&trail.at).is_none_or(|rule| !rule.changes_answers());
    let conditions = trail.conditions();
    let conditional = !conditions.is_empty();
    let ask = Ask {
        url: trail.at.clone(),
        conditions,
        cookies: trail.jar.cookies(&trail.at),
        wants: Wants::Page,
        within: world.policy.timeout.min(left),
        again,
    };
    let start = Instant::now();
    let answer = world.web.get(&ask).await;
    trail.spent += start.elapsed();
    let mut answer = answer?;
    if answer.status == 304
        && conditional
        && let Some(before) = trail.before.take()
    {
        return Ok(Box::new(trail.unchanged(answer, *before)));
    }
    trail.heard(&answer);
    // Half a page is no page; of a refusal its status is enough.
    // And a file that is too large to come in time is there all the same.
    if let Some(fault) = answer.broken.take()
        && answer.pdf.is_none()
        && (200..300).contains(&answer.status)
    {
        return Err(fault);
    }
    let reading = match (answer.html.take(), answer.pdf.take()) {
        (Some(body), _) => {
            let content_type = answer.header(CONTENT_TYPE).map(str::to_owned);
            world.reader.read(body, content_type, trail.at.clone(), &trail.wanted).await
        }
        (None, Some(body)) => world.reader.read_pdf(body, trail.at.clone()).await,
        (None, None) => None,
    };
    Ok(Box::new(match reading {
        Some(Reading { page, missing, print, digest, text }) => {
            Reply { answer, page: Some(page), missing, print, digest: Some(digest), text }
        }
        None => Reply { answer, page: None, missing: Vec::new(), print: None, digest: None, text: None },
    }))
}

/// The way so far.
pub(super) struct Trail {
    asked: Url,
    wanted: Wanted,
    at: Url,
    hops: Vec<Redirect>,
    refreshes: usize,
    started: bool,
    /// It has waited for the end of the run.
    late: bool,
    /// What came of it earlier.
    before: Option<Box<Visit>>,
    /// Nothing on the way was this machine's own trouble, or for this user alone.
    pub(super) lasting: bool,
    /// How often there was no file to be had for a connection.
    starved: u32,
    /// Time that its questions took.
    spent: Duration,
    jar: Jar,
    /// Addresses asked, with the cookies sent: the same question twice has the same answer.
    seen: HashSet<(String, Option<Vec<u8>>)>,
    status: Option<u16>,
    fields: Fields,
}

impl Trail {
    pub(super) fn new(asked: Url, wanted: &Wanted) -> Self {
        let mut trail = Self {
            at: asked.clone(),
            wanted: wanted.clone(),
            asked,
            hops: Vec::new(),
            refreshes: 0,
            started: false,
            late: false,
            before: None,
            lasting: true,
            starved: 0,
            spent: Duration::ZERO,
            jar: Jar::default(),
            seen: HashSet::new(),
            status: None,
            fields: Fields::default(),
        };
        trail.is_new();
        trail
    }

    fn heard(&mut self, answer: &Answer) {
        self.status = Some(answer.status);
        self.fields = evidence(&answer.headers);
        self.jar.take(&answer.headers, &self.at);
    }

    /// Where a reply leads on to, if it does.
    fn next(&mut self, reply: &Reply) -> Option<(u16, String)> {
        if let Some(to) = reply.answer.location() {
            return Some((reply.answer.status, self.inside(&reply.answer, &to).unwrap_or(to)));
        }
        let page = reply.page.as_ref()?;
        let (delay, to) = page.refresh.as_ref()?;
        let plain = matches!(page.nature, Nature::Ordinary | Nature::Shell);
        // A page that reloads itself is no redirect.
        let away = self.at.join(to).is_ok_and(|to| to != self.at);
        let follows = reply.answer.status == 200
            && plain
            && away
            && *delay <= REFRESH_WITHIN
            && self.refreshes < REFRESHES;
        self.refreshes += usize::from(follows);
        follows.then(|| (200, to.clone()))
    }

    /// A redirect that an archive captured leads to the copy of the page that it led to, and not out of
    /// the archive into today's web.
    fn inside(&self, answer: &Answer, to: &str) -> Option<String> {
        let original = link::archived(&self.at)?.original.filter(|_| answer.is_copy())?;
        let next = self.at.join(to).ok()?;
        if link::archived(&next).is_some_and(|copy| copy.original.is_some()) {
            return None;
        }
        // A relative address was captured as it was.
        let relative = Url::parse(to).is_err() && next.host_str() == self.at.host_str();
        let target = if relative { original.join(to).ok()? } else { next };
        archive::beside(&self.at, &target).map(String::from)
    }

    fn follow(&mut self, status: u16, to: &str) -> Result<(), Fault> {
        // A name and password are part of the authority: a relative address keeps them, any other
        // host is an address of its own and never sees them.
        let next = self.at.join(to).ok().filter(|_| to.len() <= LONGEST);
        let mut next = next.ok_or_else(|| {
            let mut shown: String = to.chars().take(200).collect();
            link::hide_password(&mut shown);
            Fault::BadRedirect(shown)
        })?;
        // A fragment that the redirect adds is the reader's; the cited one is put back at the end.
        self.hops.push(Redirect { status, url: shown(&next) });
        next.set_fragment(None);
        self.at = next;
        if self.is_new() { Ok(()) } else { Err(Fault::Loop) }
    }

    fn is_new(&mut self) -> bool {
        let cookies = self.jar.cookies(&self.at).map(|cookies| cookies.as_bytes().to_vec());
        self.seen.insert((self.at.to_string(), cookies))
    }

    /// “Only if it has changed”: the fields that ask so (RFC 9110, 13.1), where this address is the one
    /// that answered earlier.
    fn conditions(&self) -> HeaderMap {
        let mut fields = HeaderMap::new();
        let Some(before) = &self.before else { return fields };
        let last = before.final_url.as_deref().and_then(|last| Url::parse(last).ok());
        if before.status != Some(200) || !before.is_read() || last.as_ref() != Some(&self.at) {
            return fields;
        }
        for (ours, theirs) in [(IF_NONE_MATCH, "etag"), (IF_MODIFIED_SINCE, "last-modified")] {
            if let Some(value) = before.headers.get(theirs).and_then(|value| value.parse().ok()) {
                fields.insert(ours, value);
            }
        }
        fields
    }

    /// The page is as it was: the earlier answer, under the newer head.
    fn unchanged(&mut self, mut answer: Answer, before: Visit) -> Reply {
        for (name, value) in before.headers.iter() {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse()) {
                answer.headers.entry(name).or_insert(value);
            }
        }
        answer.status = 200;
        answer.empty = false;
        self.heard(&answer);
        let Visit { page, missing_fragments: missing, digest, text, .. } = before;
        Reply { answer, page, missing, print: None, digest, text }
    }

    fn answered(&mut self, reply: Reply, policy: &Policy) -> Box<Visit> {
        let facts = Facts {
            asked: &self.asked,
            hops: &self.hops,
            last: &self.at,
            status: reply.answer.status,
            headers: &reply.answer.headers,
            page: reply.page.as_deref(),
            empty: reply.answer.empty,
        };
        let (mut state, mut reason) = judge(&facts);
        if policy.rule_for(&self.at).is_some_and(|rule| rule.accept.contains(&facts.status)) {
            let host = self.at.host_str().unwrap_or_default();
            reason = format!("{host} answers with {}, which counts as an answer here.", facts.status);
            state = State::Ok;
        }
        let last = self.hops.last().map_or_else(|| shown(&self.at), |hop| hop.url.clone());
        let whole = reply.page.as_ref().is_some_and(|page| page.nature == Nature::Ordinary);
        let mut visit = self.end(state, reason, Some(last), reply.page);
        if whole && visit.is_read() {
            visit.missing_fragments = reply.missing;
        }
        visit.digest = reply.digest;
        visit.text = reply.text;
        visit
    }

    fn failed(&mut self, fault: &Fault) -> Box<Visit> {
        self.lasting &= !fault.may_be_ours();
        let (state, reason) = (fault.state(&self.at), fault.sentence(&self.at));
        self.end(state, reason, None, None)
    }

    fn end(
        &mut self,
        state: State,
        reason: String,
        final_url: Option<String>,
        page: Option<Box<Page>>,
    ) -> Box<Visit> {
        Box::new(Visit {
            url: self.asked.to_string(),
            final_url,
            redirects: std::mem::take(&mut self.hops),
            status: self.status,
            state,
            reason,
            page,
            record: None,
            missing_fragments: Vec::new(),
            fragments: Vec::new(),
            digest: None,
            text: None,
            headers: std::mem::take(&mut self.fields),
        })
    }
}

fn evidence(headers: &HeaderMap) -> Fields {
    let field = |name: &&str| {
        let value = headers.get(*name)?.to_str().ok().filter(|value| value.len() <= LONGEST_FIELD)?;
        Some(((*name).to_owned(), value.to_owned()))
    };
    EVIDENCE.iter().filter_map(field).collect::<BTreeMap<_, _>>().into()
}
