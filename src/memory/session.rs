//! What this program saw itself, for as long as it runs.

use std::collections::HashMap;
use std::time::Instant;

use url::Url;

use super::Freshness;
use crate::history::{Chronicle, Past};
use crate::source::{Lookup, Memory, Recalled, Visit};

/// A memory that ends with the program: for one that checks again and keeps no file.
#[derive(Debug, Default)]
pub struct Session {
    freshness: Freshness,
    seen: HashMap<String, (Instant, Visit)>,
    /// What came of looking for copies, by address and question.
    copies: HashMap<(String, String), Lookup>,
}

impl Session {
    /// An empty one.
    pub fn new(freshness: Freshness) -> Self {
        Self { freshness, ..Self::default() }
    }
}

impl Memory for Session {
    fn recall(&mut self, url: &Url) -> Option<Recalled> {
        let (at, visit) = self.seen.get(url.as_str())?;
        let limit = self.freshness.of(visit.state);
        Some(Recalled { fresh: at.elapsed() < limit, visit: visit.clone() })
    }

    fn keep(&mut self, visit: &Visit) {
        self.seen.insert(visit.url.clone(), (Instant::now(), visit.clone()));
    }

    fn recall_copy(&mut self, url: &Url, question: &str) -> Option<Lookup> {
        self.copies.get(&(url.to_string(), question.to_owned())).cloned()
    }

    fn keep_copy(&mut self, url: &Url, question: &str, lookup: &Lookup) {
        self.copies.insert((url.to_string(), question.to_owned()), lookup.clone());
    }
}

impl Chronicle for Session {
    fn past(&mut self, _: &Url) -> Option<Past> {
        None
    }

    fn confirm(&mut self, _: &Url, _: &Visit) {}
}
