//! Sources handed in at public archives, with the user's own key.
//!
//! What was handed in and what came of it is written to a [`Ledger`] at once, so that a run that is
//! stopped, or that came to its limit, is gone on with by the next one. A key is in requests to its
//! service and nowhere else.
//!
//! Adding an archive: one file with a [`Service`], and one line in [`SERVICES`].

mod perma;
mod run;
mod wayback;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use url::Url;

use crate::source::{Question, Reply};

pub use run::{Desk, save};

/// Every archive that takes sources.
pub const SERVICES: &[&Service] = &[&wayback::SERVICE, &perma::SERVICE];

/// A public archive that makes a copy when it is asked to. Pure: it says what to ask, and what an
/// answer tells.
pub struct Service {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// The environment variable with the user's key.
    pub variable: &'static str,
    /// The name under which its address is configured.
    pub endpoint_name: &'static str,
    /// Its address without a slash at the end.
    pub endpoint: &'static str,
    /// Sources that may be handed in within a minute.
    pub per_minute: f64,
    /// Copies that may be under way at once.
    pub at_once: usize,
    /// The fields that carry the key; or what is wrong with its form.
    key: fn(&str) -> Result<HeaderMap, String>,
    /// Hands a source in.
    submit: fn(&Url, &Order) -> Question,
    /// What comes of that.
    submitted: fn(&Reply) -> Said,
    /// Asks after a copy, by the name that the service gave it.
    ask: fn(&str) -> Question,
    /// What has come of it.
    asked: fn(&str, &Reply) -> Said,
}

/// What a service says of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// There is a copy: its address where it was told, and anything else that was said.
    Saved { copy: Option<String>, why: Option<String> },
    /// It is being made, under this name.
    Working(String),
    /// Not now.
    Later { why: String, wait: Option<Duration> },
    /// Not of this source.
    Refused(String),
    /// Nothing for this account.
    Closed(String),
}

/// What is wanted of a service.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where it is asked.
    pub endpoint: Url,
    /// The folder that copies go into, where the service has folders.
    pub folder: Option<u64>,
    /// Sources that are handed in at most in this run.
    pub limit: usize,
    /// A copy that is younger than this is recent: no other one is asked for.
    pub recent: Duration,
    /// Time from one source handed in to the next.
    pub gap: Duration,
    /// Time until a copy that is under way is first asked after; it doubles, up to [`SELDOM`].
    pub patience: Duration,
    /// How long a service is left alone that says no more than “later”.
    pub rest: Duration,
}

/// The longest time between two questions after one copy.
pub const SELDOM: Duration = Duration::from_secs(15);

impl Order {
    /// As the service asks to be used.
    ///
    /// # Panics
    ///
    /// Never: the service's own address is one.
    pub fn usual(service: &Service) -> Self {
        Self {
            endpoint: Url::parse(service.endpoint).expect("an address"),
            folder: None,
            limit: usize::MAX,
            recent: Duration::from_hours(30 * 24),
            gap: Duration::from_secs_f64(60.0 / service.per_minute),
            patience: Duration::from_secs(1),
            rest: Duration::from_mins(1),
        }
    }
}

/// The key of a user, ready to be sent.
pub struct Key {
    fields: HeaderMap,
    /// Its parts, which are shown nowhere.
    parts: Vec<String>,
}

impl Key {
    /// # Errors
    ///
    /// What is wrong with its form, without showing it.
    pub fn new(service: &Service, text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut fields = (service.key)(text)?;
        fields.values_mut().for_each(|value| value.set_sensitive(true));
        let parts = text.split(':').filter(|part| part.len() >= 4).map(str::to_owned).collect();
        Ok(Self { fields, parts })
    }

    /// What a service said, without the key, should it have repeated it.
    fn redact(&self, text: String) -> String {
        self.parts.iter().fold(text, |text, part| text.replace(part.as_str(), "•••"))
    }
}

/// What came of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// As cited.
    pub url: String,
    /// What came of it.
    pub state: State,
    /// The address of the copy.
    pub copy: Option<String>,
    /// Anything to add, in the words of the service or in ours.
    pub why: Option<String>,
}

/// How far a source has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// There is a copy, made now or lately.
    Saved,
    /// The copy is being made; the next run asks after it.
    Pending,
    /// The archive makes no copy of it.
    Refused,
    /// It was not handed in; the next run does.
    Left,
}

impl State {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            State::Saved => "saved",
            State::Pending => "pending",
            State::Refused => "refused",
            State::Left => "left",
        }
    }
}

/// What came of all sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// One for each source handed over, in their order.
    pub outcomes: Vec<Outcome>,
    /// Why the service does nothing for this account, or nothing now, if it does not.
    pub closed: Option<String>,
}

/// What runs remember of sources that were handed in.
pub trait Ledger {
    /// What was last written of a source at an archive, which is named by its address.
    fn recall(&mut self, archive: &Url, url: &Url) -> Option<Line>;

    /// Writes it.
    fn write(&mut self, archive: &Url, url: &Url, line: &Line);
}

/// One line of a [`Ledger`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// [`State::Saved`], [`State::Pending`] or [`State::Refused`].
    pub state: State,
    /// The address of the copy, the name of the job, or why it was refused.
    pub text: String,
}
