//! Handing sources in at public archives: `--save`.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use ibid::capture::save::{self, Desk, Key, Order, SERVICES, Saved, Service, State};
use ibid::config::Kind;
use ibid::source::{Api, Policy, Visit};
use serde_json::{Value, json};

use url::Url;

use super::interrupt::Interrupt;
use super::memory::Opened;

#[derive(clap::Args)]
#[command(next_help_heading = "Public archives")]
pub(super) struct Save {
    /// Hand the sources that answer in at a public archive; may be given again
    #[arg(id = "save", long = "save", value_name = "ARCHIVE", value_parser = service_named, long_help = services())]
    archives: Vec<&'static Service>,
    /// The folder at Perma.cc that copies go into, and whose quota they are taken from
    #[arg(id = "save_folder", long = "save-folder", value_name = "NUMBER", requires = "save")]
    folder: Option<u64>,
    /// The most sources that are handed in within this run at each archive; the next run goes on
    #[arg(id = "save_limit", long = "save-limit", value_name = "N", requires = "save")]
    limit: Option<usize>,
    /// How old a copy may be that makes another one needless
    #[arg(id = "save_recent", long = "save-recent", value_name = "TIME", default_value = "30d", value_parser = time)]
    recent: Duration,
}

/// One archive, ready to be asked.
pub(super) struct Ready {
    service: &'static Service,
    order: Order,
    key: Key,
}

/// What came of it.
pub(super) type Results = Vec<(&'static Service, Saved)>;

fn services() -> String {
    let lines = SERVICES.iter().map(|s| format!("\n  {:8} {}, in {}", s.name, s.about, s.variable));
    format!(
        "Hand the sources that answer in at a public archive; may be given again:{}",
        lines.collect::<String>()
    )
}

fn service_named(name: &str) -> Result<&'static Service, String> {
    let names: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    SERVICES
        .iter()
        .find(|service| service.name == name)
        .copied()
        .ok_or_else(|| format!("archives are {}", names.join(", ")))
}

fn time(text: &str) -> Result<Duration, String> {
    Kind::Time.parse(text)?;
    let span: jiff::Span = text.parse().map_err(|_| "not a length of time".to_owned())?;
    let days = jiff::SpanRelativeTo::days_are_24_hours();
    span.to_duration(days).ok().and_then(|time| time.try_into().ok()).ok_or_else(|| "too long".to_owned())
}

impl Save {
    /// Looks for everything that is needed before any work is done.
    pub(super) fn ready(&self, policy: &Policy, memory: &mut Opened) -> anyhow::Result<Vec<Ready>> {
        if !self.archives.is_empty() && memory.ledger().is_none() {
            bail!("--save has to remember what was handed in; name a file with --cache FILE");
        }
        self.archives.iter().map(|service| self.one(service, policy)).collect()
    }

    fn one(&self, service: &'static Service, policy: &Policy) -> anyhow::Result<Ready> {
        let variable = service.variable;
        let text = std::env::var(variable)
            .map_err(|_| anyhow!("--save {} needs your key in {variable}", service.name))?;
        let key = Key::new(service, &text).map_err(|why| anyhow!("the key in {variable}: {why}"))?;
        let mut order = Order { folder: self.folder, recent: self.recent, ..Order::usual(service) };
        if let Some(endpoint) = policy.endpoints.get(service.endpoint_name) {
            order.endpoint = endpoint.clone();
        }
        order.limit = self.limit.unwrap_or(order.limit);
        Ok(Ready { service, order, key })
    }
}

/// Hands sources in; `tell` is told of each as it is settled.
pub(super) async fn run(
    archives: Vec<Ready>,
    visits: &[Visit],
    policy: &Policy,
    memory: &mut Opened,
    tell: impl Fn(&str),
    interrupt: &Interrupt,
) -> anyhow::Result<Results> {
    let mut results = Vec::new();
    if archives.is_empty() {
        return Ok(results);
    }
    let may = |visit: &&Visit| Url::parse(&visit.url).is_ok_and(|url| policy.may_be_told(&url));
    let visits: Vec<Visit> = visits.iter().filter(may).cloned().collect();
    let api = Api::new(policy)?;
    for Ready { service, order, key } in archives {
        let ledger = memory.ledger().context("the memory is out of order")?;
        let heard = |outcome: &save::Outcome| {
            tell(&format!("{}: {} {}", service.name, outcome.state.name(), outcome.url));
        };
        let desk = Desk { service, order: &order, key: &key, api: &api };
        let saved = save::save(&visits, &desk, ledger, heard, interrupt.clone().came()).await;
        results.push((service, saved));
    }
    Ok(results)
}

/// What came of one source at each archive.
pub(super) fn of(results: &Results, url: &str) -> Value {
    let of = |(service, saved): &(&Service, Saved)| {
        let outcome = saved.outcomes.iter().find(|outcome| outcome.url == url)?;
        Some(json!({
            "archive": service.name,
            "state": outcome.state.name(),
            "copy": outcome.copy,
            "reason": outcome.why,
        }))
    };
    Value::Array(results.iter().filter_map(of).collect())
}

/// Lines for a person.
pub(super) fn lines(results: &Results) -> String {
    let mut lines = String::new();
    for (service, saved) in results {
        for outcome in saved.outcomes.iter().filter(|outcome| outcome.state == State::Refused) {
            let why = outcome.why.as_deref().unwrap_or_default();
            lines += &format!("{}: refused {}\n             {why}\n", service.name, outcome.url);
        }
        let count = |state| saved.outcomes.iter().filter(|outcome| outcome.state == state).count();
        let states = [State::Saved, State::Pending, State::Refused, State::Left];
        let counts: Vec<String> = states
            .into_iter()
            .map(|state| (state, count(state)))
            .filter(|(_, n)| *n > 0)
            .map(|(state, n)| format!("{n} {}", state.name()))
            .collect();
        let counts = if counts.is_empty() { "nothing to save".to_owned() } else { counts.join(", ") };
        lines += &format!("{}: {counts}\n", service.name);
        if count(State::Pending) + count(State::Left) > 0 {
            lines += "the same command goes on with the rest\n";
        }
    }
    lines
}

/// Says which archives did nothing; false if there are any.
pub(super) fn all_open(results: &Results) -> bool {
    for (service, saved) in results {
        if let Some(why) = &saved.closed {
            anstream::eprintln!("ibid: {}: {why}", service.name);
        }
    }
    results.iter().all(|(_, saved)| saved.closed.is_none())
}
