//! What came of looking for an archived copy.

use serde::{Deserialize, Serialize};

use super::Visit;
use crate::archive::Near;
use crate::date::PartialDate;

/// What came of looking for the copy of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lookup {
    /// The date that the copy was to be near; `None`: there was none to choose one by, and none was
    /// looked for.
    pub near: Option<Near>,
    /// The nearest copy that is one of the source.
    pub found: Option<Found>,
    /// Nearer ones that are not.
    pub refused: Vec<Refused>,
    /// The one that the document itself names, where that is none either.
    pub given_refused: Option<Refused>,
    /// There are farther ones that were not opened.
    pub more: bool,
    /// Archives that answered, by the names that readers know them by.
    pub asked: Vec<String>,
    /// Archives that did not: nothing is known of what they hold.
    pub silent: Vec<String>,
}

impl Lookup {
    /// Is it certain that the archives have no copy that is one of the source?
    pub fn is_miss(&self) -> bool {
        self.found.is_none() && !self.more && self.silent.is_empty() && !self.asked.is_empty()
    }
}

/// A copy that was opened and is one of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its address, as a reader opens it.
    pub url: String,
    /// The day on which it was made, in UTC.
    pub date: PartialDate,
    /// The document itself names it.
    pub given: bool,
    /// What came of opening it.
    pub visit: Box<Visit>,
}

/// A copy that is not one of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Its address.
    pub url: String,
    /// The day on which it was made.
    pub date: PartialDate,
    /// Why, in one sentence.
    pub reason: String,
}
