//! The one place that builds HTTP clients.
//!
//! Two kinds are kept apart: a client that connects by itself, which must never find a proxy in the
//! environment behind our back, and one that goes through a proxy. Which one a URL takes is asked
//! of the same matcher that the client uses.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect, retry};
use url::Url;

use super::board::KEPT;
use super::guard::Resolver;
use super::http;
use super::web::shown;
use super::{Policy, SourceError};

/// Connecting, a part of [`Policy::timeout`], takes no longer than this.
const CONNECT: Duration = Duration::from_secs(10);

/// A connection that no request takes up at once is closed.
const IDLE: Duration = Duration::from_secs(2);

/// Pages first; anything else is still an answer. No language is asked for: the page wanted is the
/// one that the site gives to anyone.
const ACCEPTED: &str =
    "text/html,application/xhtml+xml,application/pdf;q=0.9,application/xml;q=0.8,*/*;q=0.7";

/// The clients of one run.
pub(super) struct Clients {
    direct: Pair,
    proxied: Option<Client>,
    /// A client's overrides know hosts but no ports: one client for each port that `--resolve` names.
    by_port: BTreeMap<u16, Pair>,
    proxies: Matcher,
}

/// A run meets thousands of hosts once: open connections to all of them would run into the limit of
/// open files. So connections are kept only where another question is to come.
struct Pair {
    keeps: Client,
    once: Client,
}

impl Pair {
    fn build(client: impl Fn() -> ClientBuilder) -> Result<Self, SourceError> {
        let build = |client: ClientBuilder| client.build().map_err(SourceError::Client);
        Ok(Self { keeps: build(client())?, once: build(client().pool_max_idle_per_host(0))? })
    }

    fn choose(&self, again: bool) -> &Client {
        if again { &self.keeps } else { &self.once }
    }
}

impl Clients {
    pub(super) fn build(policy: &Policy) -> Result<Self, SourceError> {
        let trust = Trust::read(policy)?;
        let proxies = matcher(policy)?;
        let named = proxy_hosts(&proxies);
        let resolver = Arc::new(Resolver::new(policy, named.clone()));
        let base = || builder(policy, resolver.clone(), &trust);

        let proxied = match &policy.proxy {
            Some(address) => Some(base().proxy(Proxy::all(address).map_err(|e| not_a_proxy(address, &e))?)),
            None => (!named.is_empty()).then(base),
        };
        let proxied = proxied.map(ClientBuilder::build).transpose().map_err(SourceError::Client)?;

        let mut by_port = BTreeMap::new();
        for port in policy.resolve.iter().map(|r| r.port).collect::<HashSet<_>>() {
            let client = || {
                policy.resolve.iter().filter(|r| r.port == port).fold(base().no_proxy(), |client, r| {
                    let addrs: Vec<SocketAddr> =
                        r.addrs.iter().map(|ip| SocketAddr::new(*ip, port)).collect();
                    client.resolve_to_addrs(&r.host, &addrs)
                })
            };
            by_port.insert(port, Pair::build(client)?);
        }

        let direct = Pair::build(|| base().no_proxy())?;
        Ok(Self { direct, proxied, by_port, proxies })
    }

    /// Does a proxy stand between this machine and the URL?
    pub(super) fn is_proxied(&self, url: &Url) -> bool {
        self.proxied.is_some() && url.as_str().parse().is_ok_and(|uri| self.proxies.intercept(&uri).is_some())
    }

    /// The client for a URL; `again`: another question to its host is to be expected.
    pub(super) fn for_url(&self, url: &Url, again: bool) -> &Client {
        if let Some(proxied) = &self.proxied
            && self.is_proxied(url)
        {
            return proxied;
        }
        let pair = url.port_or_known_default().and_then(|port| self.by_port.get(&port));
        pair.unwrap_or(&self.direct).choose(again)
    }
}

/// The fields that every question carries.
pub(super) fn usual_fields(policy: &Policy) -> HeaderMap {
    let mut fields = HeaderMap::new();
    fields.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    if let Ok(name) = HeaderValue::from_str(&policy.user_agent) {
        fields.insert(USER_AGENT, name);
    }
    fields.insert(ACCEPT_ENCODING, HeaderValue::from_static(http::CODINGS));
    fields
}

fn builder(policy: &Policy, resolver: Arc<Resolver>, trust: &Trust) -> ClientBuilder {
    let client = Client::builder()
        .user_agent(&policy.user_agent)
        .default_headers(usual_fields(policy))
        // Every hop is vetted, recorded and judged by `visit`; every retry is decided there.
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(CONNECT.min(policy.timeout))
        .pool_max_idle_per_host(policy.per_host.min(KEPT))
        .pool_idle_timeout(IDLE)
        .dns_resolver(resolver)
        // What browsers put up with, a checker of what readers see puts up with.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_max_headers(512)
        .http2_max_header_list_size(256 << 10)
        // What a server may send ahead of being read; the client's own 2 MiB add up.
        .http2_initial_stream_window_size(128 << 10)
        .http2_initial_connection_window_size(256 << 10);
    if trust.system {
        client.tls_certs_merge(trust.certs.clone())
    } else {
        client.tls_certs_only(trust.certs.clone())
    }
}

/// Which authorities vouch for a server.
struct Trust {
    /// The machine has a store of its own.
    system: bool,
    /// Beside it, or in place of it.
    certs: Vec<Certificate>,
}

impl Trust {
    fn read(policy: &Policy) -> Result<Self, SourceError> {
        // Ring builds in seconds with a C compiler alone; a second client finds it installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut certs = Vec::new();
        for path in &policy.cacerts {
            let bad = |why: String| SourceError::Cacert { path: path.clone(), why };
            let pem = std::fs::read(path).map_err(|e| bad(e.to_string()))?;
            let found = Certificate::from_pem_bundle(&pem).map_err(|e| bad(e.to_string()))?;
            if found.is_empty() {
                return Err(bad("it holds no PEM certificate".to_owned()));
            }
            certs.extend(found);
        }
        // Without a store no client can be built, not even for http. With `--cacert` one can, but it
        // would know no other authority: so the store is tried alone.
        let system = Client::builder().no_proxy().build().is_ok();
        if !system {
            let mozilla = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
            certs.extend(mozilla.filter_map(|der| Certificate::from_der(der).ok()));
        }
        Ok(Self { system, certs })
    }
}

fn matcher(policy: &Policy) -> Result<Matcher, SourceError> {
    match &policy.proxy {
        None => Ok(Matcher::from_system()),
        Some(address) => {
            Proxy::all(address).map_err(|e| not_a_proxy(address, &e))?;
            Ok(Matcher::builder().all(address.as_str()).build())
        }
    }
}

/// The addresses of the proxies that stand before the web, without passwords.
pub(super) fn proxies_in_force(policy: &Policy) -> Result<Vec<String>, SourceError> {
    let proxies = matcher(policy)?;
    let found =
        PROBES.into_iter().filter_map(|probe| Some(proxies.intercept(&probe.parse().ok()?)?.uri().clone()));
    Ok(found.map(|uri| uri.to_string()).map(|uri| Url::parse(&uri).map_or(uri, |url| shown(&url))).collect())
}

/// Any addresses outside `NO_PROXY`; `.invalid` is in nobody's list (RFC 6761).
const PROBES: [&str; 2] = ["http://any.invalid/", "https://any.invalid/"];

/// The proxies' own host names: whoever set them meant them, wherever they are.
fn proxy_hosts(proxies: &Matcher) -> HashSet<String> {
    PROBES
        .into_iter()
        .filter_map(|probe| {
            proxies.intercept(&probe.parse().ok()?)?.uri().host().map(str::to_ascii_lowercase)
        })
        .collect()
}

fn not_a_proxy(address: &str, why: &reqwest::Error) -> SourceError {
    // A password may stand before the `@` of an address that is none otherwise.
    let tail = || address.rsplit('@').next().unwrap_or_default().to_owned();
    let address = Url::parse(address).map_or_else(|_| tail(), |url| shown(&url));
    let why = why.source().map_or_else(|| why.to_string(), ToString::to_string);
    SourceError::Proxy { address, why }
}
