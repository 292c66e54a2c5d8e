//! Which memory of earlier runs a run uses.

use std::path::PathBuf;

use anyhow::Context;
use ibid::capture::save::Ledger;
use ibid::config::{Config, Kind};
use ibid::history::Chronicle;
use ibid::memory::{self, Store};
use ibid::source::Policy;
use serde_json::Value;

#[derive(clap::Args)]
#[command(next_help_heading = "Memory")]
pub(super) struct Remember {
    /// Keep what was seen in this file in place of the one in the user's cache folder; also where the
    /// run sees a web of its own (--resolve, --cacert, a proxy …)
    #[arg(long, value_name = "FILE", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Neither use nor keep what was seen
    #[arg(long)]
    no_cache: bool,
    /// How long a source that answered is not asked again, such as 90m or 7d [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = time)]
    max_age: Option<String>,
    /// How long any other source is not asked again [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = time)]
    max_age_bad: Option<String>,
}

/// A memory, and its troubles afterwards.
pub(super) enum Opened {
    Store(Box<Store>),
    None,
}

impl Remember {
    /// What the command line sets of the settings that a file may set as well.
    pub(super) fn settings(&self) -> Vec<(&'static str, Value)> {
        let file = self.cache.as_ref().map(|path| Value::from(path.display().to_string()));
        let given = [
            ("cache.enabled", (self.no_cache || self.cache.is_some()).then_some(Value::Bool(!self.no_cache))),
            ("cache.file", file),
            ("cache.max-age", self.max_age.clone().map(Value::from)),
            ("cache.max-age-bad", self.max_age_bad.clone().map(Value::from)),
        ];
        given.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// An error, with what the user can do about it where the memory is damaged.
pub(super) fn told(error: anyhow::Error) -> anyhow::Error {
    let damaged = error.chain().filter_map(|cause| cause.downcast_ref()).any(memory::is_damage);
    if damaged {
        return error.context(
            "the memory is damaged: `ibid cache clear --history` begins anew, `sqlite3 FILE .recover` saves what is left",
        );
    }
    error
}

/// Opens the memory. The usual one is for the public web as everybody sees it; without it a run does as
/// well.
pub(super) fn open(config: &Config, policy: &Policy) -> anyhow::Result<Opened> {
    let none = Opened::None;
    let Some(web) = policy.web()?.filter(|_| config.cache) else { return Ok(none) };
    if let Some(path) = &config.cache_file {
        let store = Store::open(path, config.freshness, web)?.with_patience(config.patience);
        return Ok(Opened::Store(Box::new(store)));
    }
    let Some(path) = memory::usual_place().filter(|_| web.is_empty()) else { return Ok(none) };
    match Store::open(&path, config.freshness, web) {
        Ok(store) => Ok(Opened::Store(Box::new(store.with_patience(config.patience)))),
        Err(error) => {
            anstream::eprintln!("ibid: {:#}; the run goes on without it", anyhow::Error::from(error));
            Ok(none)
        }
    }
}

impl Opened {
    /// Itself, or in place of none what the program keeps while it runs.
    pub(super) fn or<'m>(&'m mut self, session: &'m mut dyn Chronicle) -> &'m mut dyn Chronicle {
        match self {
            Opened::Store(store) => store.as_mut(),
            Opened::None => session,
        }
    }

    /// What was handed in at public archives, where anything is remembered.
    pub(super) fn ledger(&mut self) -> Option<&mut dyn Ledger> {
        match self {
            Opened::Store(store) => Some(store.as_mut()),
            Opened::None => None,
        }
    }

    /// Tells what went wrong with it.
    pub(super) fn tell(&mut self) {
        if let Opened::Store(store) = self {
            for trouble in store.troubles() {
                anstream::eprintln!("ibid: {trouble}");
            }
        }
    }
}

/// The file that a command about the memory means.
pub(super) fn place(cache: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    cache.or_else(memory::usual_place).context("this system names no cache folder; use --cache FILE")
}

fn time(text: &str) -> Result<String, String> {
    Kind::Time.parse(text).map(|_| text.to_owned())
}
