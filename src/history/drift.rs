//! Is it still the page that was cited? Its main text, title and date, against those of an earlier time.

use serde::Serialize;

use super::record::Check;
use crate::archive;
use crate::date::PartialDate;
use crate::fold;
use crate::page::Text;
use crate::source::{Found, Visit};

/// Texts with so much in common are one.
const SAME: f64 = 0.9;
/// Of another text not even so much of the shorter one is in the longer.
const OTHER: f64 = 0.08;

/// A text of which no more than that is left has changed in more than its details.
const MUCH: f64 = 0.5;

/// What became of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is what it was, but for trifles.
    Same,
    /// Parts of it are others.
    Edited,
    /// It has next to nothing in common with what it was.
    Replaced,
}

impl Change {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Change::Same => "same",
            Change::Edited => "edited",
            Change::Replaced => "replaced",
        }
    }

    /// What became of a text, and how much of both is shared (Jaccard, 0 to 1).
    pub fn between(before: &Text, now: &Text) -> (Change, f64) {
        if before.is(now) {
            return (Change::Same, 1.0);
        }
        let likeness = before.likeness(now);
        let change = if likeness.shared >= SAME {
            Change::Same
        } else if likeness.contained < OTHER {
            Change::Replaced
        } else {
            Change::Edited
        };
        (change, likeness.shared)
    }
}

/// What a source shows now against what it showed at another time, such as at its first check or in an
/// archived copy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// The time that it is compared with.
    #[serde(serialize_with = "super::time")]
    pub since: i64,
    /// The archived copy that it is compared with; `None`: an earlier check.
    pub copy: Option<String>,
    /// Of the text; `None` where one of the two is not known.
    pub change: Option<Change>,
    /// How much of both texts is shared, 0 to 1, within some 0.06.
    pub similarity: Option<f64>,
    /// The earlier title and the one now, where they differ.
    pub title: Option<(String, String)>,
    /// The earlier date of publication and the one now, where they differ.
    pub published: Option<(PartialDate, PartialDate)>,
}

impl Drift {
    /// Compares two checks of one source.
    pub fn between(before: &Check, now: &Check) -> Self {
        let texts = before.text.as_ref().zip(now.text.as_ref());
        let text = texts.map(|(before, now)| Change::between(before, now));
        let titles = before.title.clone().zip(now.title.clone());
        let dates = before.published.zip(now.published);
        Drift {
            since: before.at,
            copy: None,
            change: text.map(|(change, _)| change),
            similarity: text.map(|(_, similarity)| (similarity * 100.0).round() / 100.0),
            title: titles.filter(|(before, now)| fold::words(before) != fold::words(now)),
            // A date that is only told more precisely is no other.
            published: dates.filter(|(before, now)| !before.agrees(now)),
        }
    }

    /// Compares a page with an archived copy of it. `None` where the copy was made before the page was
    /// published, as far as the two say: it shows what stood there before.
    pub fn from_copy(found: &Found, now: &Visit) -> Option<Self> {
        let at = archive::made(&found.url).unwrap_or_else(|| archive::middle(found.date)).as_second();
        let (before, now) = (Check::of(&found.visit, at), Check::of(now, at));
        let later = |date: PartialDate| date > found.date && found.date.days_until(&date) != Some(1);
        let was_there = before.published.is_some_and(|date| !later(date));
        let too_early = now.published.is_some_and(later) && !was_there;
        (!too_early).then(|| Drift { copy: Some(found.url.clone()), ..Drift::between(&before, &now) })
    }

    /// Is it another page: next to nothing is left of the text, and the title is another one?
    pub fn is_replaced(&self) -> bool {
        self.change == Some(Change::Replaced) && self.title.is_some()
    }

    /// Is most of the text another one?
    pub fn is_much(&self) -> bool {
        self.change == Some(Change::Replaced) || self.similarity.is_some_and(|shared| shared < MUCH)
    }

    /// Is anything other than it was?
    pub fn is_any(&self) -> bool {
        self.change.is_some_and(|change| change != Change::Same)
            || self.title.is_some()
            || self.published.is_some()
    }
}
