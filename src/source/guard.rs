//! May this address be asked at all?
//!
//! A document is written by a stranger. Its links must not make this machine talk to its own
//! services, to the network behind it, or to a cloud's metadata service: on the first request, on
//! any redirect, or through a name that resolves there. Three doors are watched:
//!
//! 1. the URL itself: scheme, names that mean this machine, addresses written as numbers. `url`
//!    has already turned `0x7f.1`, `2130706433` and `0177.0.0.1` into `127.0.0.1` (WHATWG URL);
//! 2. the resolver ([`Resolver`]): the client connects to the addresses it gives and looks nothing
//!    up a second time, so a name cannot mean something else between check and use;
//! 3. with a proxy in force the proxy resolves. Only the name can be judged then, so a name without
//!    a dot is refused as well.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, io};

use reqwest::dns::{Addrs, Name, Resolve as Lookup, Resolving};
use url::{Host, Url};

use super::Policy;

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Neither http nor https.
    Scheme(String),
    /// A name that means this machine or this network.
    Name(String),
    /// An address that is not public, and what it is instead.
    Address(IpAddr, &'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Scheme(scheme) => write!(f, "{scheme}: addresses are not fetched, only http and https"),
            Refusal::Name(name) => {
                write!(f, "{name} is a name of this machine or its network, not of the public web")
            }
            Refusal::Address(ip, kind) => write!(f, "{ip} is {kind}, not an address of the public web"),
        }
    }
}

impl std::error::Error for Refusal {}

/// The rules of one run.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    allow_private: bool,
    /// `--resolve`: the user's word, allowed whatever it points to.
    overridden: HashSet<(String, u16)>,
}

impl Guard {
    pub(super) fn new(policy: &Policy) -> Self {
        let overridden = policy.resolve.iter().map(|r| (r.host.to_ascii_lowercase(), r.port)).collect();
        Self { allow_private: policy.allow_private, overridden }
    }

    /// As it stands where the user has allowed nothing.
    pub(super) fn strict() -> Self {
        Self { allow_private: false, overridden: HashSet::new() }
    }

    /// Judges a URL by what it says; what its name resolves to is the [`Resolver`]'s matter.
    pub(super) fn vet(&self, url: &Url, proxied: bool) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        if self.allow_private {
            return Ok(());
        }
        match url.host() {
            Some(Host::Ipv4(ip)) => public(ip.into()),
            Some(Host::Ipv6(ip)) => public(ip.into()),
            Some(Host::Domain(name)) => {
                let port = url.port_or_known_default().unwrap_or_default();
                if self.overridden.contains(&(name.to_owned(), port)) || !is_local_name(name, proxied) {
                    Ok(())
                } else {
                    Err(Refusal::Name(name.to_owned()))
                }
            }
            None => Err(Refusal::Name(String::new())),
        }
    }
}

/// Names that never belong to a public host: RFC 6761 (`localhost`), RFC 6762 (`local`), RFC 8375
/// (`home.arpa`), ICANN's reserved `internal`.
fn is_local_name(name: &str, proxied: bool) -> bool {
    let name = name.trim_end_matches('.');
    let local = ["localhost", "localdomain", "local", "internal", "home.arpa"];
    local
        .iter()
        .any(|zone| name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        || (proxied && !name.contains('.'))
}

/// Looks names up and passes on public addresses only.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    allow_private: bool,
    /// The proxies' own names, which may well be local.
    proxies: Arc<HashSet<String>>,
    /// What names led to: each is looked up once in a run.
    known: Arc<Mutex<HashMap<String, Vec<SocketAddr>>>>,
    look_up: LookUp,
}

/// A name → all its addresses. Port 0 stands for “the URL's own port”, which the client puts in.
type LookUp = fn(String) -> BoxFuture<io::Result<Vec<SocketAddr>>>;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// As the system does.
fn by_system(name: String) -> BoxFuture<io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
}

impl Resolver {
    pub(super) fn new(policy: &Policy, proxies: HashSet<String>) -> Self {
        Self {
            allow_private: policy.allow_private,
            proxies: Arc::new(proxies),
            known: Arc::default(),
            look_up: by_system,
        }
    }
}

impl Lookup for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let free = self.allow_private || self.proxies.contains(name.as_str());
        let (known, look_up) = (Arc::clone(&self.known), self.look_up);
        Box::pin(async move {
            let seen = known.lock().unwrap_or_else(PoisonError::into_inner).get(name.as_str()).cloned();
            if let Some(addrs) = seen {
                return Ok(Box::new(addrs.into_iter()) as Addrs);
            }
            let all = match look_up(name.as_str().to_owned()).await {
                Ok(all) => all,
                // A look-up that finds no file to be had calls the name unknown.
                Err(error) => return Err(out_of_files().unwrap_or(error).into()),
            };
            let (open, shut): (Vec<_>, Vec<_>) =
                all.into_iter().partition(|a| free || public(a.ip()).is_ok());
            match shut.first() {
                Some(first) if open.is_empty() => {
                    Err(public(first.ip()).expect_err("what is shut is not public").into())
                }
                _ => {
                    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
                    known.insert(name.as_str().to_owned(), open.clone());
                    Ok(Box::new(open.into_iter()) as Addrs)
                }
            }
        })
    }
}

/// The error with which the system refuses to open one more file, if it does.
fn out_of_files() -> Option<io::Error> {
    let refused = std::fs::File::open(if cfg!(windows) { "NUL" } else { "/dev/null" }).err()?;
    // EMFILE, ENFILE.
    matches!(refused.raw_os_error(), Some(23 | 24)).then_some(refused)
}

/// Is this an address that anyone on the internet would reach the same host by?
pub(super) fn public(ip: IpAddr) -> Result<(), Refusal> {
    let kind = match ip {
        IpAddr::V4(v4) => inward_v4(v4),
        IpAddr::V6(v6) => inward_v6(v6),
    };
    kind.map_or(Ok(()), |kind| Err(Refusal::Address(ip, kind)))
}

/// IANA's special-purpose registry for IPv4 (RFC 6890 and its updates).
fn inward_v4(ip: Ipv4Addr) -> Option<&'static str> {
    Some(match ip.octets() {
        [0, ..] => "an address of “this network”",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private address",
        [127, ..] => "a loopback address",
        [169, 254, ..] => "a link-local address",
        [100, 64..=127, ..] => "an address inside a provider's network",
        // Azure's wire server: looks public, answers only inside.
        [168, 63, 129, 16] => "a cloud's metadata service",
        [192, 0, 0, _] | [192, 88, 99, _] => "reserved for protocols",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "reserved for documentation",
        [198, 18..=19, ..] => "reserved for benchmarks",
        [224..=239, ..] => "a multicast address",
        [240..=255, ..] => "a reserved address",
        _ => return None,
    })
}

/// Only `2000::/3` is given out to hosts (RFC 4291, IANA); addresses that carry an IPv4 address are
/// judged by it.
fn inward_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let s = ip.segments();
    let embedded =
        |high: u16, low: u16| inward_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match s {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an unspecified address"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        // IPv4-mapped (RFC 4291), IPv4-compatible, IPv4-translated (RFC 2765), NAT64 (RFC 6052),
        // 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        [0xfc00..=0xfdff, ..] => Some("a unique-local address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        // Teredo and other protocols' own prefixes (RFC 2928): 2001::/23.
        [0x2001, 0..=0x1ff, ..] => Some("reserved for protocols"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("reserved for documentation"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn vet(url: &str) -> bool {
        Guard::new(&Policy::default()).vet(&Url::parse(url).unwrap(), false).is_ok()
    }

    #[test]
    fn public_hosts_pass() {
        for url in [
            "https://example.org/",
            "http://93.184.215.14:8080/x",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
            "http://[64:ff9b::5db8:d70e]/",
            "https://localhost.example.org/",
            "https://notlocal/",
        ] {
            assert!(vet(url), "{url}");
        }
    }

    #[test]
    fn every_spelling_of_an_inward_address_is_refused() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://10.1.2.3/",
            "http://172.31.0.1/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.100.100.200/",
            "http://168.63.129.16/",
            "http://192.0.0.192/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001::1]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
            "http://localhost/",
            "http://LOCALHOST.:8080/",
            "http://db.localhost/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "mailto:a@b.example",
        ] {
            assert!(!vet(url), "{url}");
        }
    }

    #[test]
    fn the_users_word_lifts_the_guard() {
        let url = Url::parse("http://localhost:8080/").unwrap();
        let override_it = super::super::Resolve {
            host: "localhost".into(),
            port: 8080,
            addrs: vec![Ipv4Addr::LOCALHOST.into()],
        };
        let policy = Policy { resolve: vec![override_it], ..Policy::default() };
        assert!(Guard::new(&policy).vet(&url, false).is_ok());
        assert!(Guard::new(&policy).vet(&Url::parse("http://localhost:8081/").unwrap(), false).is_err());
        let policy = Policy { allow_private: true, ..Policy::default() };
        assert!(Guard::new(&policy).vet(&url, false).is_ok());
        assert!(Guard::new(&policy).vet(&Url::parse("ftp://localhost/").unwrap(), false).is_err());
    }

    #[test]
    fn a_proxy_would_resolve_bare_names() {
        let url = Url::parse("http://intranet/").unwrap();
        assert!(Guard::new(&Policy::default()).vet(&url, false).is_ok());
        assert!(Guard::new(&Policy::default()).vet(&url, true).is_err());
    }

    /// A name that leads to a public address at the first look-up and inward at every later one.
    fn rebinding(name: String) -> BoxFuture<io::Result<Vec<SocketAddr>>> {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let first = name == "rebinding.example" && ASKED.fetch_add(1, Ordering::SeqCst) == 0;
        let ip = if first { Ipv4Addr::new(93, 184, 215, 14) } else { Ipv4Addr::LOCALHOST };
        Box::pin(async move { Ok(vec![SocketAddr::new(ip.into(), 0)]) })
    }

    fn resolver() -> Resolver {
        Resolver { look_up: rebinding, ..Resolver::new(&Policy::default(), HashSet::new()) }
    }

    #[tokio::test]
    async fn a_name_that_is_bound_anew_leads_nowhere_inward() {
        let addresses = async |resolver: &Resolver| {
            let name = "rebinding.example".parse().unwrap();
            resolver.resolve(name).await.map(Iterator::collect::<Vec<_>>).map_err(|error| error.to_string())
        };
        let run = resolver();
        let first = addresses(&run).await.unwrap();
        assert_eq!(first[0].ip(), Ipv4Addr::new(93, 184, 215, 14));
        // Within a run the name means what it meant; in the next one it is refused.
        assert_eq!(addresses(&run).await, Ok(first));
        assert!(addresses(&resolver()).await.is_err_and(|why| why.contains("loopback")));
    }

    #[tokio::test]
    async fn the_client_connects_to_nothing_that_the_resolver_refuses() {
        let inside = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().no_proxy().dns_resolver(Arc::new(resolver())).build().unwrap();
        let port = inside.local_addr().unwrap().port();
        let error = client.get(format!("http://inward.example:{port}/")).send().await.unwrap_err();
        assert!(format!("{error:?}").contains("Address(127.0.0.1"), "{error:?}");
        // Nobody is in the queue of connections.
        let connected = tokio::time::timeout(std::time::Duration::ZERO, inside.accept()).await;
        assert!(connected.is_err());
    }
}
