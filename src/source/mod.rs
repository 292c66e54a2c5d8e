//! A URL → what came of fetching it. The only module that talks to the network.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::page::Page;

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
pub struct Policy {
    /// Network, archive or nothing.
    pub origin: Origin,
    /// Time allowed for one request, connecting and reading included.
    pub timeout: Duration,
    /// Requests in flight at once in the whole run.
    pub width: usize,
    /// Requests in flight at once to one host.
    pub per_host: usize,
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

/// What came of one URL.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub page: Option<Page>,
    /// Response headers of the last answer that serve as evidence, lower-case names.
    pub headers: BTreeMap<String, String>,
}

/// One redirect: the status that announced it and the address it led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redirect {
    /// 301, 302, 303, 307, 308; 200 for a `<meta http-equiv="refresh">`.
    pub status: u16,
    /// Where it led.
    pub url: String,
}

/// Does a source resolve? The states of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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

impl Default for Policy {
    fn default() -> Self {
        Policy {
            origin: Origin::Live,
            timeout: Duration::from_secs(30),
            width: 32,
            per_host: 1,
            retries: 2,
            backoff: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
            max_redirects: 10,
            max_body: 4 << 20,
            user_agent: format!("ibid/{}", env!("CARGO_PKG_VERSION")),
            cacerts: Vec::new(),
            resolve: Vec::new(),
            allow_private: false,
        }
    }
}

/// Placeholder until the engine lands.
pub fn decode_html(bytes: &[u8], _content_type: Option<&str>) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What happens during a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// A request goes out.
    Started(&'a str),
    /// A URL is done.
    Visited(&'a Visit),
}

/// Why a run cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing can be fetched in this build.
    #[error("not implemented")]
    Unavailable,
}

/// Placeholder until the engine lands.
pub async fn visit_all(
    urls: &[String],
    _policy: &Policy,
    mut on_event: impl FnMut(Event<'_>),
    _stop: impl std::future::Future<Output = ()>,
) -> Result<Vec<Visit>, SourceError> {
    let mut visits = Vec::new();
    for url in urls {
        let visit = Visit {
            url: url.clone(),
            final_url: None,
            redirects: Vec::new(),
            status: None,
            state: State::Skipped,
            reason: "offline".to_owned(),
            page: None,
            headers: BTreeMap::new(),
        };
        on_event(Event::Visited(&visit));
        visits.push(visit);
    }
    Ok(visits)
}
