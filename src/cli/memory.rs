//! Which memory of earlier runs a run uses.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use ibid::memory::{self, Freshness, Store};
use ibid::source::{Memory, Oblivion, Policy};

#[derive(clap::Args)]
#[command(next_help_heading = "Memory")]
pub(super) struct Remember {
    /// Keep what was seen in this file in place of the one in the user's cache folder; also where the
    /// run sees a web of its own (--resolve, --cacert, a proxy …)
    #[arg(long, value_name = "FILE", env = "IBID_CACHE", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Neither use nor keep what was seen
    #[arg(long)]
    no_cache: bool,
    /// How long a source that answered is not asked again, such as 90m, 24h or 7d
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_age: Option<Duration>,
    /// How long any other source is not asked again
    #[arg(long, value_name = "TIME", value_parser = duration)]
    max_age_bad: Option<Duration>,
}

/// A memory, and its troubles afterwards.
pub(super) enum Opened {
    Store(Box<Store>),
    None(Oblivion),
}

impl Remember {
    /// Opens the memory. The usual one is for the public web as everybody sees it; without it a run
    /// does as well.
    pub(super) fn open(&self, policy: &Policy) -> anyhow::Result<Opened> {
        let none = Opened::None(Oblivion);
        let Some(web) = policy.web()?.filter(|_| !self.no_cache) else { return Ok(none) };
        let usual = Freshness::default();
        let freshness = Freshness {
            good: self.max_age.unwrap_or(usual.good),
            bad: self.max_age_bad.unwrap_or(usual.bad),
        };
        if let Some(path) = &self.cache {
            return Ok(Opened::Store(Box::new(Store::open(path, freshness, web)?)));
        }
        let Some(path) = memory::usual_place().filter(|_| web.is_empty()) else { return Ok(none) };
        match Store::open(&path, freshness, web) {
            Ok(store) => Ok(Opened::Store(Box::new(store))),
            Err(error) => {
                anstream::eprintln!("ibid: {:#}; the run goes on without it", anyhow::Error::from(error));
                Ok(none)
            }
        }
    }
}

impl Opened {
    pub(super) fn memory(&mut self) -> &mut dyn Memory {
        match self {
            Opened::Store(store) => store.as_mut(),
            Opened::None(none) => none,
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

/// `90m`, `24h`, `1d 12h`.
fn duration(text: &str) -> Result<Duration, String> {
    let malformed = || "not a time such as 90m, 24h or 7d".to_owned();
    let span: jiff::Span = text.parse().map_err(|_| malformed())?;
    let days = jiff::SpanRelativeTo::days_are_24_hours();
    let length = span.to_duration(days).map_err(|_| malformed())?;
    Duration::try_from(length).map_err(|_| malformed())
}
