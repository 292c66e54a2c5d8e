//! What the services that know a source say of it ([`crate::resolver`]).
//!
//! Their answers add evidence and can do without: a service that fails once is left alone for the rest
//! of the run, is given a few seconds and no second try, and its silence changes nothing.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use url::Url;

use super::lanes::Turn;
use super::visit::World;
use super::web::{Answer, Ask, Wants};
use super::{Policy, retry};
use crate::resolver::{RESOLVERS, Record, Resolver, Service};

/// Longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Longest time that a service may ask to be left alone before it is left alone for good.
const REST: Duration = Duration::from_secs(10);

/// Redirects followed; registries have aliases.
const HOPS: usize = 3;

/// Which services are asked, and where.
pub(super) struct Services {
    asked: bool,
    endpoints: BTreeMap<String, Url>,
    /// Those that failed, by the start of their address.
    off: Mutex<HashSet<String>>,
}

impl Services {
    pub(super) fn new(policy: &Policy) -> Self {
        Self { asked: policy.apis, endpoints: policy.endpoints.clone(), off: Mutex::default() }
    }

    /// The address of the question that a resolver has about a source.
    fn question(&self, resolver: &Resolver, service: &Service, about: &Url) -> Option<Url> {
        let question = (service.question)(about)?;
        let base = match (self.endpoints.get(resolver.name), service.endpoint) {
            (Some(configured), _) => configured.as_str().trim_end_matches('/').to_owned(),
            (None, Some(usual)) => usual.to_owned(),
            (None, None) => about.origin().ascii_serialization(),
        };
        Url::parse(&(base + &question)).ok()
    }

    fn is_off(&self, url: &Url) -> bool {
        let off = self.off.lock().unwrap_or_else(PoisonError::into_inner);
        off.contains(&url.origin().ascii_serialization())
    }

    fn turn_off(&self, url: &Url) {
        let mut off = self.off.lock().unwrap_or_else(PoisonError::into_inner);
        off.insert(url.origin().ascii_serialization());
    }
}

/// Asks the services that may know one of these addresses, until one does.
pub(super) async fn inquire(world: &World, addresses: &[&Url]) -> Option<Record> {
    if !world.services.asked {
        return None;
    }
    for about in addresses {
        for resolver in RESOLVERS {
            let Some(service) = &resolver.service else { continue };
            let Some(question) = world.services.question(resolver, service, about) else { continue };
            let answer = ask(world, question).await?;
            let known = answer.json.filter(|_| answer.status == 200);
            let value = known.and_then(|body| serde_json::from_slice(&body.bytes).ok());
            if let Some(record) = value.and_then(|value| (service.read)(about, &value)) {
                return Some(record);
            }
        }
    }
    None
}

/// One answer, under the rules of every request; `None` if there is none to be had.
async fn ask(world: &World, mut at: Url) -> Option<Answer> {
    for _ in 0..=HOPS {
        world.guard.vet(&at, world.web.is_proxied(&at)).ok()?;
        let answer = ask_once(world, &at).await?;
        let Some(to) = answer.location() else { return Some(answer) };
        at = at.join(&to).ok()?;
    }
    None
}

async fn ask_once(world: &World, at: &Url) -> Option<Answer> {
    if world.services.is_off(at) {
        return None;
    }
    let turn = world.lanes.turn(at).await;
    if world.services.is_off(at) || turn.is_silent() {
        return None;
    }
    let within = PATIENCE.min(world.policy.timeout);
    let ask = Ask {
        url: at.clone(),
        cookies: None,
        conditions: HeaderMap::new(),
        wants: Wants::Data,
        within,
        again: turn.keeps,
    };
    // Boxed for the reason given in `visit`.
    let answer = match Box::pin(world.web.get(&ask)).await {
        Ok(answer) if answer.broken.is_none() => answer,
        _ => {
            turn_off(world, &turn, at);
            return None;
        }
    };
    if world.web.changes() {
        match rest_after(&answer) {
            Some(rest) if rest <= REST => turn.rest(rest),
            Some(_) => turn_off(world, &turn, at),
            None => {}
        }
    }
    // Overloaded, or tired of us: it is asked no more.
    if answer.status == 429 || answer.status >= 500 {
        turn_off(world, &turn, at);
        return None;
    }
    Some(answer)
}

/// A service that is asked no more keeps nobody waiting.
fn turn_off(world: &World, turn: &Turn, at: &Url) {
    world.services.turn_off(at);
    turn.hurry();
}

/// How long a service wants to be left alone after this answer: until its quota is filled again, or as
/// long as its rate asks for.
fn rest_after(answer: &Answer) -> Option<Duration> {
    let number = |names: &[&str]| -> Option<f64> { field(&answer.headers, names)?.parse().ok() };
    // draft-ietf-httpapi-ratelimit-headers, and what was in use before it.
    if number(&["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"]) == Some(0.0) {
        let reset = field(&answer.headers, &["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"]);
        return Some(reset.and_then(until).unwrap_or(REST));
    }
    // Crossref: so many questions in so many seconds.
    let interval =
        field(&answer.headers, &["x-rate-limit-interval"])?.trim_end_matches('s').parse::<f64>().ok()?;
    let limit = number(&["x-rate-limit-limit"]).filter(|limit| *limit >= 1.0)?;
    Duration::try_from_secs_f64(interval / limit).ok()
}

fn field<'h>(headers: &'h HeaderMap, names: &[&str]) -> Option<&'h str> {
    names.iter().find_map(|name| headers.get(*name)?.to_str().ok()).map(str::trim)
}

/// A reset in seconds from now, in seconds since 1970, or as a time stamp.
fn until(reset: &str) -> Option<Duration> {
    const YEAR: u64 = 31_536_000;
    let instant = match reset.parse::<u64>() {
        Ok(seconds) if seconds < YEAR => return Some(Duration::from_secs(seconds)),
        Ok(seconds) => jiff::Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?,
        Err(_) => reset.parse().ok()?,
    };
    Some(Duration::try_from(instant.duration_since(retry::now())).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(fields: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers = fields.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        rest_after(&Answer { status: 200, headers, ..Answer::default() })
    }

    #[test]
    fn rate_fields_are_obeyed() {
        assert_eq!(rest(&[]), None);
        assert_eq!(
            rest(&[("x-rate-limit-limit", "5"), ("x-rate-limit-interval", "1s")]),
            Some(Duration::from_millis(200))
        );
        assert_eq!(rest(&[("ratelimit-remaining", "7"), ("ratelimit-reset", "30")]), None);
        assert_eq!(
            rest(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "30")]),
            Some(Duration::from_secs(30))
        );
        let long_ago = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "2021-05-04T10:00:00.000Z")];
        assert_eq!(rest(&long_ago), Some(Duration::ZERO));
        assert_eq!(rest(&[("x-ratelimit-remaining", "0")]), Some(REST));
    }
}
