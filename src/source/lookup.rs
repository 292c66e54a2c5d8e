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
    pub silent: Vec<Silent>,
}

impl Lookup {
    /// Did it depend on the citations whether a copy is one of the source?
    pub fn was_judged(&self) -> bool {
        !self.refused.is_empty() || self.given_refused.is_some()
    }

    /// The archives that did not answer, each with what it did instead, as one part of a sentence.
    pub fn silence_in_words(&self) -> String {
        let each = self.silent.iter().map(|silent| format!("{} {}", silent.archive, silent.how.in_words()));
        each.collect::<Vec<_>>().join(", and ")
    }

    /// Is it certain that the archives have no copy that is one of the source?
    pub fn is_miss(&self) -> bool {
        self.found.is_none() && !self.more && self.silent.is_empty() && !self.asked.is_empty()
    }
}

/// An archive that did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Silent {
    /// The name by which readers know it.
    pub archive: String,
    /// What it did instead.
    pub how: Unanswered,
}

/// What an archive did in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unanswered {
    /// Nothing came, or nothing whole.
    NoAnswer,
    /// It wants to be asked less, or later: 429 or 503 (RFC 6585, RFC 9110).
    Rests(u16),
    /// It refused, or was out of order.
    Refuses(u16),
    /// It said something that is no answer to the question.
    Unclear,
}

impl Unanswered {
    /// By the status that came.
    pub(super) fn of(status: u16) -> Self {
        if matches!(status, 429 | 503) { Unanswered::Rests(status) } else { Unanswered::Refuses(status) }
    }

    /// As it stands behind the name of the archive.
    pub fn in_words(self) -> String {
        match self {
            Unanswered::NoAnswer => "did not answer".to_owned(),
            Unanswered::Rests(status) => format!("asks to be left alone for now ({status})"),
            Unanswered::Refuses(status) => format!("did not answer ({status})"),
            Unanswered::Unclear => "did not answer clearly".to_owned(),
        }
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
