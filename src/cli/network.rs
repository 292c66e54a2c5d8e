//! The switches that every command that may use the network honours.

use std::net::IpAddr;
use std::path::PathBuf;

use ibid::archive;
use ibid::capture::save::SERVICES;
use ibid::config::Config;
use ibid::resolver::RESOLVERS;
use ibid::source::{Origin, Policy, Resolve};
use serde_json::Value;
use url::Url;

/// The threads that wait for the network; pages are read on others.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

#[derive(clap::Args)]
#[command(next_help_heading = "Network")]
#[allow(clippy::struct_excessive_bools, reason = "one for each switch")]
pub(super) struct Network {
    /// Send no request at all; tell what the text alone can tell
    #[arg(long)]
    offline: bool,
    /// Answer from a web archive (WARC, WACZ), never from the network
    #[arg(long, value_name = "FILE.warc[.gz]|FILE.wacz", conflicts_with = "offline")]
    replay: Option<PathBuf>,
    /// Trust the certificates in this PEM file beside the system's
    #[arg(long, value_name = "FILE")]
    cacert: Vec<PathBuf>,
    /// Connect to ADDR for HOST and PORT, as in curl
    #[arg(long, value_name = "HOST:PORT:ADDR", value_parser = resolve)]
    resolve: Vec<Resolve>,
    /// Fetch private, loopback and link-local addresses too
    #[arg(long)]
    allow_private: bool,
    /// Time allowed for one request [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<f64>,
    /// Time allowed for the whole run; what is not known by then is skipped
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    max_time: Option<f64>,
    /// Requests in flight at once [default: 640]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    max_concurrency: Option<u64>,
    /// Requests in flight at once to one host [default: 1]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    per_host: Option<u64>,
    /// The least time from one request to a host to the next [default: 0.05]
    #[arg(long, value_name = "SECONDS", value_parser = pause)]
    gap: Option<f64>,
    /// Tries after the first for 429, 5xx and broken connections [default: 2]
    #[arg(long, value_name = "N")]
    retries: Option<u32>,
    /// Do not ask hosts with several sources for the Crawl-delay in their robots.txt
    #[arg(long)]
    no_robots: bool,
    /// Ask each host once for an address that cannot exist, and compare: finds hosts that answer
    /// everything with the same page
    #[arg(long)]
    probe: bool,
    /// Do not ask the public services of registries and networks (Crossref, DataCite, oEmbed …)
    #[arg(long)]
    no_apis: bool,
    /// Ask a service or archive at another address; may be given again
    #[arg(long, value_name = "NAME=URL", value_parser = endpoint)]
    endpoint: Vec<(String, Url)>,
    /// An e-mail address for the User-Agent header, so that who runs a server can write to you
    #[arg(long, value_name = "ADDRESS", conflicts_with = "user_agent", value_parser = contact)]
    contact: Option<String>,
    /// The User-Agent header
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
}

impl Network {
    /// What the command line sets of the settings that a file may set as well.
    pub(super) fn settings(&self) -> Vec<(&'static str, Value)> {
        let on = |switch: bool, value: bool| switch.then_some(Value::Bool(value));
        let given = [
            ("network.allow-private", on(self.allow_private, true)),
            ("network.timeout", self.timeout.map(Value::from)),
            ("network.max-time", self.max_time.map(Value::from)),
            ("network.max-concurrency", self.max_concurrency.map(Value::from)),
            ("network.per-host", self.per_host.map(Value::from)),
            ("network.gap", self.gap.map(Value::from)),
            ("network.retries", self.retries.map(Value::from)),
            ("network.robots", on(self.no_robots, false)),
            ("network.probe", on(self.probe, true)),
            ("network.apis", on(self.no_apis, false)),
            ("network.contact", self.contact.clone().map(Value::from)),
            ("network.user-agent", self.user_agent.clone().map(Value::from)),
        ];
        given.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// The policy of a configuration, with what only the command line knows.
    pub(super) fn policy(&self, config: &Config) -> Policy {
        Policy {
            origin: match (&self.replay, self.offline) {
                (Some(path), _) => Origin::Replay(path.clone()),
                (None, true) => Origin::Offline,
                (None, false) => Origin::Live,
            },
            cacerts: self.cacert.clone(),
            resolve: self.resolve.clone(),
            endpoints: self.endpoint.iter().cloned().collect(),
            ..config.finished_policy()
        }
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if (0.001..=86_400.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err("not between 0.001 and 86400 seconds".to_owned())
    }
}

/// As [`seconds`], or none at all.
fn pause(text: &str) -> Result<f64, String> {
    if text.parse() == Ok(0.0) { Ok(0.0) } else { seconds(text) }
}

fn at_least_one(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "not a whole number of at least 1".to_owned())
}

/// `NAME=URL`, of a service that there is.
fn endpoint(text: &str) -> Result<(String, Url), String> {
    let (name, url) =
        text.split_once('=').ok_or("write NAME=URL, such as crossref=https://api.example.org")?;
    let services = RESOLVERS.iter().filter(|r| r.service.is_some()).map(|r| r.name);
    let services = services.chain(SERVICES.iter().map(|archive| archive.endpoint_name));
    let names: Vec<&str> = services.chain(archive::endpoint_names()).collect();
    if !names.contains(&name) {
        return Err(format!("there is no service {name}; there are {}", names.join(", ")));
    }
    let url = Url::parse(url).map_err(|err| format!("{url} is not a URL: {err}"))?;
    if url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{url} is not the start of an http or https address"));
    }
    Ok((name.to_owned(), url))
}

fn contact(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.+-_".contains(c);
    let shaped = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if shaped && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("not an e-mail address".to_owned())
    }
}

/// `HOST:PORT:ADDR[,ADDR]`; an IPv6 address may stand in brackets.
fn resolve(text: &str) -> Result<Resolve, String> {
    let malformed = || "not of the form HOST:PORT:ADDR".to_owned();
    let (host, rest) = text.split_once(':').ok_or_else(malformed)?;
    let (port, addrs) = rest.split_once(':').ok_or_else(malformed)?;
    let addrs: Result<Vec<IpAddr>, _> =
        addrs.split(',').map(|a| a.trim_matches(['[', ']']).parse()).collect();
    Ok(Resolve {
        host: host.to_ascii_lowercase(),
        port: port.parse().map_err(|_| format!("{port} is not a port"))?,
        addrs: addrs.map_err(|_| "ADDR is not an IP address".to_owned())?,
    })
}
