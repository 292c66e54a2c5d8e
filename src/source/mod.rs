//! A URL → what came of fetching it. The only module that talks to the network.
//!
//! In the order of the flow; [`visit_all`] in `run` is the way in, [`visit_each`] for very many:
//!
//! ```text
//! run     every URL once, results in their order, a stop signal
//! lanes     one queue per host (board), `width` requests in the whole run (budget)
//! visit     one URL: hops, cookies (jar), retries
//! guard       may this address be asked at all?
//! web         one request → one answer or fault: live (client, fault) or replay (archive, http)
//! tap           what goes over the wire, shown to who keeps it
//! body        bytes → text; text → page; are its places there (fragment)
//! retry       again, and when?
//! robots      the pace that a site asks for
//! probe       does the host answer anything with the same page?
//! inquiry     what registries and networks say of it
//! api       questions to services with which the user has an account
//! copies      archived copies of what is gone, each visited like a page (lookup: what came of it)
//! state     everything known, addresses (address) and bot walls (wall) among it → State and a sentence
//! ```
//!
//! What goes wrong on the web is a value, a [`State`] with its reason; [`SourceError`] is for what
//! the user got wrong: an unreadable certificate file, a damaged archive.

mod address;
mod api;
pub(crate) mod archive;
mod board;
mod body;
mod budget;
mod client;
mod copies;
mod fault;
mod fields;
mod fragment;
mod guard;
pub(crate) mod http;
mod inquiry;
mod jar;
mod lanes;
mod live;
mod lookup;
mod probe;
mod reader;
mod replay;
mod retry;
mod robots;
mod run;
mod state;
mod tap;
mod visit;
mod wall;
pub(crate) mod web;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::archive::Manner;
use crate::date::PartialDate;
use crate::fold::matches_pattern;
use crate::link;
use crate::page::{Page, Text};
use crate::resolver::Record;

pub use api::{Api, Question, Reply};
pub use copies::{CopyWish, Judge, find_copies, find_each};
pub use fields::Fields;
pub use lookup::{Found, Lookup, Refused, Silent, Unanswered};
pub(crate) use reader::hexadecimal;
pub use run::{revisit_all, visit_all, visit_each};
pub use tap::{Cut, Exchange, FAULT_FIELD, Recorder, Silence};

/// Decodes a page as a browser would: by its byte order mark, the `Content-Type` it came with, what
/// it declares itself, else by its bytes.
pub fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Cow<'b, str> {
    body::decode(bytes, content_type, false)
}

/// Where answers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The network.
    Live,
    /// A web archive (WARC); never the network.
    Replay(PathBuf),
    /// Nowhere: every source is `skipped`.
    Offline,
}

/// How sources are fetched.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "one for each switch")]
pub struct Policy {
    /// Network, archive or nothing.
    pub origin: Origin,
    /// Time allowed for one request, connecting and reading included.
    pub timeout: Duration,
    /// Requests in flight at once in the whole run.
    pub width: usize,
    /// Requests in flight at once to one host.
    pub per_host: usize,
    /// The least time from the start of one request to a host to the start of the next.
    pub gap: Duration,
    /// Hosts of which several sources are cited are asked for the `Crawl-delay` of their robots.txt,
    /// and are asked no faster than that.
    pub robots: bool,
    /// Time allowed for one source: all its redirects and tries, without the waits between them.
    pub source_time: Duration,
    /// Time allowed for the whole run; what is not known by then is [`State::Skipped`].
    pub run_time: Option<Duration>,
    /// Where there are any, only addresses that match one of these patterns are asked; `*` stands for
    /// anything, and a pattern without it is the beginning of an address.
    pub include: Vec<String>,
    /// Addresses that match one of these are not asked.
    pub exclude: Vec<String>,
    /// What holds for some hosts only; of several that match, the first.
    pub hosts: Vec<HostRule>,
    /// Tries after the first for 429, 5xx and broken connections.
    pub retries: u32,
    /// The first back-off; it doubles with each try.
    pub backoff: Duration,
    /// The longest that a `Retry-After` is waited for; a longer one ends the tries.
    pub max_wait: Duration,
    /// Redirects followed before giving up.
    pub max_redirects: usize,
    /// Bytes of a body that are read, after decompression.
    pub max_body: usize,
    /// `User-Agent`.
    pub user_agent: String,
    /// PEM files with certificates trusted beside the system's.
    pub cacerts: Vec<PathBuf>,
    /// `HOST:PORT:ADDR` as in curl.
    pub resolve: Vec<Resolve>,
    /// Private, loopback and link-local addresses may be fetched.
    pub allow_private: bool,
    /// One proxy for everything, `http://127.0.0.1:3128`, in place of those that the environment
    /// names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub proxy: Option<String>,
    /// Public services (APIs) are asked about the sources that they know ([`crate::resolver`]).
    pub apis: bool,
    /// Each host is asked once for an address that cannot exist, and what answers is compared.
    pub probe: bool,
    /// Archives are asked for copies.
    pub archives: Manner,
    /// Where a service is asked in place of its usual address, by the name of its resolver or archive.
    pub endpoints: BTreeMap<String, Url>,
    /// Is shown everything that goes over the network; then nothing is answered from memory.
    pub recorder: Option<Arc<dyn Recorder>>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            origin: Origin::Live,
            timeout: Duration::from_secs(30),
            // A place takes some 40 KiB while it is in use; more of them make no run shorter, since by
            // then it is the processor that is waited for.
            width: 640,
            per_host: 1,
            gap: Duration::from_millis(50),
            robots: true,
            source_time: Duration::from_mins(2),
            run_time: None,
            include: Vec::new(),
            exclude: Vec::new(),
            hosts: Vec::new(),
            retries: 2,
            backoff: Duration::from_secs(1),
            max_wait: Duration::from_mins(1),
            max_redirects: 10,
            // Some 25 times the mean news page. An HTML tree takes about ten times its text, so this
            // bounds what one page can cost at some 40 MiB.
            max_body: 4 << 20,
            // The form that crawlers use: sites that only look for "Mozilla" answer with the page
            // and not with a stub, and the name says who is asking.
            user_agent: concat!(
                "Mozilla/5.0 (compatible; ibid/",
                env!("CARGO_PKG_VERSION"),
                "; citation checker)"
            )
            .to_owned(),
            cacerts: Vec::new(),
            resolve: Vec::new(),
            allow_private: false,
            proxy: None,
            apis: true,
            probe: false,
            archives: Manner::default(),
            endpoints: BTreeMap::new(),
            recorder: None,
        }
    }
}

impl Policy {
    /// A name for the web that this run sees: what was seen in one web says nothing of another.
    /// Empty for the public web, seen as usual; `None` where there is nothing to remember.
    ///
    /// # Errors
    ///
    /// A proxy address that is none.
    pub fn web(&self) -> Result<Option<String>, SourceError> {
        if self.origin != Origin::Live {
            return Ok(None);
        }
        let usual = Policy::default();
        let mut name = Vec::new();
        let mut differs = |different: bool, how: String| name.extend(different.then_some(how));
        let proxies = client::proxies_in_force(self)?;
        differs(!proxies.is_empty(), format!("proxy {}", proxies.join(" ")));
        differs(!self.resolve.is_empty(), format!("resolve {:?}", self.resolve));
        differs(!self.cacerts.is_empty(), format!("cacert {:?}", self.cacerts));
        differs(self.allow_private, "private".to_owned());
        differs(self.probe, "probe".to_owned());
        differs(!self.apis, "no services".to_owned());
        differs(!self.endpoints.is_empty(), format!("endpoints {:?}", self.endpoints));
        differs(self.user_agent != usual.user_agent, self.user_agent.clone());
        // What is patient sees more.
        differs(self.timeout != usual.timeout, format!("timeout {:?}", self.timeout));
        differs(self.retries != usual.retries, format!("retries {}", self.retries));
        Ok(Some(name.join("; ")))
    }

    /// Why an address is not asked although it could be.
    pub fn leaves_out(&self, url: &str) -> Option<String> {
        if let Some(pattern) = self.exclude.iter().find(|pattern| matches_pattern(pattern, url)) {
            return Some(format!("It was not asked: {pattern} is excluded."));
        }
        let included = self.include.is_empty() || self.include.iter().any(|p| matches_pattern(p, url));
        (!included).then(|| "It was not asked: no included pattern matches it.".to_owned())
    }

    /// How a URL's host is asked: questions at a time, and the least time from one to the next.
    pub fn manners(&self, url: &Url) -> (usize, Duration) {
        let rule = self.rule_for(url);
        let at_once = rule.and_then(|rule| rule.per_host).unwrap_or(self.per_host).max(1);
        (at_once, rule.and_then(|rule| rule.gap).unwrap_or(self.gap))
    }

    /// May an address be shown to others, archives among them? Not where the user has a way in that they
    /// have not, nor where it says itself that it is of a private network.
    pub fn may_be_told(&self, url: &Url) -> bool {
        self.rule_for(url).is_none_or(|rule| rule.headers.is_empty())
            && guard::Guard::strict().vet(url, true).is_ok()
    }

    /// What holds for a URL's host only.
    fn rule_for(&self, url: &Url) -> Option<&HostRule> {
        let host = url.host_str()?;
        self.hosts.iter().find(|rule| rule.holds_for(host))
    }
}

/// What holds for one host.
#[derive(Debug, Clone, Default)]
pub struct HostRule {
    /// Its name in lower case, or `*.example.org` for every name below `example.org`.
    pub host: String,
    /// In place of [`Policy::per_host`].
    pub per_host: Option<usize>,
    /// In place of [`Policy::gap`].
    pub gap: Option<Duration>,
    /// Header fields sent to this host and to no other. Cookies and credentials are such fields.
    pub headers: HeaderMap,
    /// Statuses that count as an answer with the page.
    pub accept: Vec<u16>,
}

impl HostRule {
    /// Do answers differ from those that anybody gets?
    fn changes_answers(&self) -> bool {
        !self.headers.is_empty() || !self.accept.is_empty()
    }

    fn holds_for(&self, host: &str) -> bool {
        match self.host.strip_prefix("*.") {
            None => self.host == host,
            Some(zone) => host.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.')),
        }
    }
}

/// What happens while sources are visited, as it happens.
#[derive(Debug)]
pub enum Event<'a> {
    /// The first request for a source is about to leave.
    Started {
        /// As cited.
        url: &'a str,
    },
    /// A source is asked again later: the server said so, or the answer may be better by then.
    Waiting {
        /// As cited.
        url: &'a str,
        /// Time until the next try.
        wait: Duration,
    },
    /// A source is done. Comes once for every element of `urls`, unless the run is stopped.
    Visited(&'a Visit),
    /// An archived copy of a source was looked for.
    Sought {
        /// The source.
        url: &'a str,
        /// What came of it.
        lookup: &'a Lookup,
        /// Sources for which one is still to be looked for.
        left: usize,
    },
}

/// Why sources could not be visited at all: something that the user gave is wrong.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A `--cacert` file cannot be read or holds no certificate.
    #[error("the certificate file {} cannot be used: {why}", path.display())]
    Cacert {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The proxy's address is not one.
    #[error("the proxy {address} cannot be used: {why}")]
    Proxy {
        /// As given, without a password.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// The system gives no threads.
    #[error("no thread can be started")]
    Threads(#[source] std::io::Error),
    /// The archive cannot be opened or read.
    #[error("the archive {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// From the system.
        #[source]
        source: std::io::Error,
    },
    /// The archive is not what ISO 28500 asks for.
    #[error("the archive {} is damaged: record {record}, at byte {offset} unpacked: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        record: u64,
        /// Where the record starts, in bytes after decompression.
        offset: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// One `--resolve HOST:PORT:ADDR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name, lower case.
    pub host: String,
    /// Port of the URL it applies to.
    pub port: u16,
    /// Addresses to connect to.
    pub addrs: Vec<std::net::IpAddr>,
}

/// What came of one URL. A run holds one for every source: what many have not is boxed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// As cited.
    pub url: String,
    /// The address that answered, after redirects; `None` if none did.
    pub final_url: Option<String>,
    /// Every redirect followed, in order.
    pub redirects: Vec<Redirect>,
    /// The last HTTP status.
    pub status: Option<u16>,
    /// Does the source resolve?
    pub state: State,
    /// Why, in one plain sentence.
    pub reason: String,
    /// What the page says of itself, where one was read.
    pub page: Option<Box<Page>>,
    /// What a registry or the network's own service says of the source, where one was asked and knew.
    pub record: Option<Box<Record>>,
    /// The fragment of the cited address, where the page was read and has no such place.
    pub missing_fragments: Vec<String>,
    /// The fragments that were looked for in the page.
    pub fragments: Vec<String>,
    /// SHA-256 of the page as it came, content coding undone, in hexadecimal.
    pub digest: Option<String>,
    /// The fingerprint of the page's main text, where the memory compares texts.
    pub text: Option<Box<Text>>,
    /// Response headers of the last answer that serve as evidence, lower-case names.
    pub headers: Fields,
}

/// What earlier runs saw.
pub trait Memory {
    /// What came of a source when it was last visited. `url` has no fragment.
    fn recall(&mut self, url: &Url) -> Option<Recalled>;

    /// Keeps what came of a source. Its URL has no fragment.
    fn keep(&mut self, visit: &Visit);

    /// Are the texts of pages wanted, to be compared with those of other times?
    fn compares_texts(&self) -> bool {
        false
    }

    /// What came lately of looking for a copy of a source. `url` has no fragment; `question` says near
    /// which date and where.
    fn recall_copy(&mut self, url: &Url, question: &str) -> Option<Lookup> {
        let _ = (url, question);
        None
    }

    /// Keeps what came of looking for a copy.
    fn keep_copy(&mut self, url: &Url, question: &str, lookup: &Lookup) {
        let _ = (url, question, lookup);
    }
}

/// An earlier visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// What came of it.
    pub visit: Visit,
    /// So lately that the source need not be asked again.
    pub fresh: bool,
}

/// No memory at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Oblivion;

impl Memory for Oblivion {
    fn recall(&mut self, _: &Url) -> Option<Recalled> {
        None
    }

    fn keep(&mut self, _: &Visit) {}
}

/// One redirect: the status that announced it and the address it led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// 301, 302, 303, 307, 308; 200 for a `<meta http-equiv="refresh">`.
    pub status: u16,
    /// Where it led.
    pub url: String,
}

/// Does a source resolve? The states of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It answered with the page.
    Ok,
    /// It answered, through a permanent redirect to another page.
    Moved,
    /// The server or the name says that it is gone: 404, 410, no such host.
    Dead,
    /// 200, but a "not found" page, the home page, a parked domain.
    #[serde(rename = "soft-404")]
    Soft404,
    /// The server refuses programs or wants a login.
    Blocked,
    /// Time-outs, broken connections, 5xx, TLS errors, after retries.
    Unreachable,
    /// A private or local address, or a scheme that is not fetched.
    Unsafe,
    /// Not a URL.
    Invalid,
    /// Offline, excluded, or out of budget.
    Skipped,
}

impl State {
    /// Every state, from the best to the least that can be said.
    pub const ALL: [State; 9] = [
        State::Ok,
        State::Moved,
        State::Dead,
        State::Soft404,
        State::Blocked,
        State::Unreachable,
        State::Unsafe,
        State::Invalid,
        State::Skipped,
    ];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Moved => "moved",
            State::Dead => "dead",
            State::Soft404 => "soft-404",
            State::Blocked => "blocked",
            State::Unreachable => "unreachable",
            State::Unsafe => "unsafe",
            State::Invalid => "invalid",
            State::Skipped => "skipped",
        }
    }
}

impl Visit {
    /// The title: of a post by its network, of anything else as the page gives it, or else a registry.
    pub fn title(&self) -> Option<&str> {
        let record = self.record.as_ref().and_then(|record| record.title.as_deref());
        let page = self.page.as_ref().and_then(|page| page.title.as_deref());
        if self.is_shown_by_service() {
            record.or(page)
        } else {
            page.filter(|_| self.is_read()).or(record).or(page)
        }
    }

    /// The authors, likewise.
    pub fn authors(&self) -> &[String] {
        let record = self.record.as_ref().map_or(&[][..], |record| &record.authors);
        let page = self.page.as_ref().map_or(&[][..], |page| &page.authors);
        let (first, second) =
            if self.is_shown_by_service() || !self.is_read() { (record, page) } else { (page, record) };
        if first.is_empty() { second } else { first }
    }

    /// Takes in the title under which the source is cited: a page that bears it is the source,
    /// whatever spoke against that.
    pub fn confirm(&mut self, title: &str) {
        state::confirm(self, title);
    }

    /// The archived copy that the address leads to, where it says when it was made: its address and day.
    pub fn archived(&self) -> Option<(&str, PartialDate)> {
        let address = self.final_url.as_deref().unwrap_or(&self.url);
        let made = |address: &str| link::archived(&Url::parse(address).ok()?)?.made;
        let asked = Some(&self.url).filter(|asked| *asked != address);
        made(address).or_else(|| made(asked?)).map(|made| (address, made))
    }

    /// Was the page that was asked for read?
    pub fn is_read(&self) -> bool {
        matches!(self.state, State::Ok | State::Moved)
    }

    fn is_shown_by_service(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.shows)
    }
}
