//! What became of each source over the years: every check is kept, and nothing is ever changed.
//!
//! ```text
//! Visit ── record ──▶ [Check] ── standing ──▶ alive, failing, dead, recovered
//!                        │  │
//!                        │  ├── drift ──▶ same, edited, replaced
//!                        │  ├── due ──▶ when to look again
//!                        │  └── survival ──▶ Kaplan–Meier, half-lives ── rot ──▶ table, CSV, JSON, HTML
//!                        └── ledger: on file, beside the memory
//! ```
//!
//! Everything but the ledger is derived: the same checks always give the same answers. Times are
//! seconds since 1970.

pub mod drift;
pub mod due;
pub mod ledger;
mod record;
pub mod rot;
mod standing;
pub mod survival;

use serde::Serialize;
use url::Url;

pub use drift::Drift;
pub use record::Check;
pub use standing::{Course, Patience, Standing};

use crate::source::{Memory, Oblivion, Visit};

/// A memory that knows what became of a source.
pub trait Chronicle: Memory {
    /// What became of a source so far; `None` where it was never checked. `url` has no fragment.
    fn past(&mut self, url: &Url) -> Option<Past>;

    /// A page that was taken for another one bears the cited title: it is the source after all. `url` has
    /// no fragment.
    fn confirm(&mut self, url: &Url, visit: &Visit);
}

impl Chronicle for Oblivion {
    fn past(&mut self, _: &Url) -> Option<Past> {
        None
    }

    fn confirm(&mut self, _: &Url, _: &Visit) {}
}

/// What became of a source, as reports tell it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Past {
    /// `None`: it could neither be read nor said to be gone, as behind a wall.
    pub standing: Option<Standing>,
    /// How often it was looked at.
    pub checks: u32,
    /// The first time.
    #[serde(serialize_with = "time")]
    pub first_checked: i64,
    /// The last time.
    #[serde(serialize_with = "time")]
    pub last_checked: i64,
    /// When it last answered.
    #[serde(serialize_with = "maybe_time")]
    pub last_alive: Option<i64>,
    /// When it first failed since then.
    #[serde(serialize_with = "maybe_time")]
    pub failing_since: Option<i64>,
    /// How often it was said to be gone since then.
    pub failures: u32,
    /// Its text, title and date now, against those that it had at the first check.
    pub drift: Option<Drift>,
}

impl Past {
    /// What a course of checks comes to.
    pub fn of(course: &Course, drift: Option<Drift>) -> Option<Self> {
        Some(Past {
            standing: course.standing(),
            checks: course.checks(),
            first_checked: course.first()?,
            last_checked: course.last()?,
            last_alive: course.last_alive(),
            failing_since: course.failing_since(),
            failures: course.failures(),
            drift,
        })
    }

    /// `failing since 2025-03-04, 2 failures over 3 days, and last answered on 2025-03-01`; `None` where it
    /// is not said to be gone.
    pub fn failing_in_words(&self) -> Option<String> {
        const DAY: i64 = 86_400;
        let standing = self.standing.filter(|_| self.failures > 0)?.name();
        let mut words = format!("{standing} since {}", day(self.failing_since?));
        let days = self.last_checked.saturating_sub(self.failing_since?) / DAY;
        let failures = if self.failures == 1 { "1 failure" } else { &format!("{} failures", self.failures) };
        words += &match days {
            _ if self.failures == 1 => format!(", {failures}"),
            0 => format!(", {failures} within a day"),
            1 => format!(", {failures} over 1 day"),
            days => format!(", {failures} over {days} days"),
        };
        if let Some(alive) = self.last_alive {
            words += &format!(", and last answered on {}", day(alive));
        }
        Some(words)
    }
}

/// A time as reports write it (RFC 3339); empty where it is outside of all calendars.
pub fn written(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or(String::new(), |time| time.to_string())
}

/// The day of a time, in universal time.
pub fn day(at: i64) -> String {
    written(at).chars().take(10).collect()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn time<S: serde::Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written(*at))
}

#[allow(clippy::ref_option, reason = "serde asks for it")]
fn maybe_time<S: serde::Serializer>(at: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(written).serialize(serializer)
}
