//! One check: what was seen of a source at one time.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use crate::date::PartialDate;
use crate::page::{self, DateClaim, Text};
use crate::source::{self, State, Visit};

/// What was seen of a source at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Seconds since 1970.
    #[serde(serialize_with = "super::time")]
    pub at: i64,
    /// Did it resolve?
    pub state: State,
    /// The last HTTP status.
    pub status: Option<u16>,
    /// The address that answered, where it was another.
    pub final_url: Option<String>,
    /// The title; of a wall or an error page there is none.
    pub title: Option<String>,
    /// The date of publication.
    pub published: Option<PartialDate>,
    /// SHA-256 of what came.
    #[serde(serialize_with = "hexadecimal")]
    pub digest: Option<[u8; 32]>,
    /// The fingerprint of the main text.
    #[serde(skip)]
    pub text: Option<Text>,
}

impl Check {
    /// Stands for where the source was and what it said: another mark, and it has changed.
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.final_url, self.text.as_ref().map(|text| text.simhash)).hash(&mut hasher);
        hasher.finish()
    }

    /// What a visit saw.
    pub fn of(visit: &Visit, at: i64) -> Self {
        let known = visit.is_read() || visit.record.is_some();
        let page = visit.page.iter().filter(|_| visit.is_read()).flat_map(|page| &page.dates);
        let record = visit.record.iter().flat_map(|record| &record.dates);
        let dates: Vec<DateClaim> = page.chain(record).cloned().collect();
        Check {
            at,
            state: visit.state,
            status: visit.status,
            final_url: visit.final_url.clone().filter(|last| *last != visit.url),
            title: visit.title().filter(|_| known).map(str::to_owned),
            published: page::published(&dates).map(|claim| claim.date),
            digest: visit.digest.as_deref().and_then(from_hexadecimal),
            text: visit.text.as_deref().filter(|_| visit.is_read()).cloned(),
        }
    }
}

fn from_hexadecimal(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[allow(clippy::ref_option, reason = "serde asks for it")]
fn hexadecimal<S: serde::Serializer>(digest: &Option<[u8; 32]>, serializer: S) -> Result<S::Ok, S::Error> {
    let written = digest.map(|bytes| source::hexadecimal(&bytes));
    written.serialize(serializer)
}
