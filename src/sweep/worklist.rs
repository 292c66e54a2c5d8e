//! What is left for people to do, one list for each kind of work.

use std::io;

use serde::Serialize;
use url::Url;

use super::Sweep;
use crate::history::{Check, Drift, Past, Standing, day, ledger};
use crate::link;
use crate::report::csv::harmless;
use crate::source::State;

/// Places that are told of one source.
const PLACES: u32 = 20;

/// A kind of work.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is to be done, in a few words.
    pub summary: &'static str,
    /// Does it take in a source? The lower, the more urgent.
    takes: fn(&Known) -> Option<u8>,
}

/// What is known of a source.
struct Known<'k> {
    url: &'k str,
    last: &'k Check,
    past: &'k Past,
    /// An archived copy of it that was looked for and found good.
    copy: Option<&'k str>,
}

impl Known<'_> {
    /// Is what was cited no longer there?
    fn is_gone(&self) -> bool {
        let replaced = || self.past.drift.as_ref().is_some_and(Drift::is_replaced) && link::is_deep(self.url);
        self.past.standing == Some(Standing::Dead) || replaced()
    }
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "save",
        summary: "alive, to be archived now, what fails first",
        takes: |known| match known.past.standing? {
            _ if is_copy(known.url) || known.copy.is_some() || known.is_gone() => None,
            Standing::Failing => Some(0),
            Standing::Recovered => Some(1),
            Standing::Alive => Some(2),
            Standing::Dead => None,
        },
    },
    Kind {
        name: "repair",
        summary: "dead or replaced with an archived copy known, or moved for good: to be cited under another address",
        takes: |known| {
            let moved = known.last.state == State::Moved && known.last.final_url.is_some();
            if known.is_gone() { known.copy.map(|_| 0) } else { moved.then_some(1) }
        },
    },
    Kind {
        name: "lost",
        summary: "dead or replaced by another page, and no archived copy known",
        takes: |known| (known.is_gone() && known.copy.is_none()).then_some(0),
    },
];

/// One line of a list.
#[derive(Serialize)]
struct Line {
    url: String,
    standing: &'static str,
    state: &'static str,
    last_alive: String,
    failing_since: String,
    new_address: String,
    archived_copy: String,
    title: String,
    cited_by: String,
}

fn is_copy(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| link::archived(&url).is_some())
}

/// Writes the list of a kind, as CSV.
///
/// # Errors
///
/// From `SQLite`, as an error of the other kind, or from `out`.
pub fn write(sweep: &Sweep, kind: &Kind, out: impl io::Write) -> io::Result<()> {
    let mut order = Vec::new();
    for source in sweep.sources().map_err(io::Error::other)? {
        let checks = sweep.checks(source).map_err(io::Error::other)?;
        if let Some((last, past)) = checks.last().zip(ledger::summary(&checks, sweep.patience))
            && let url = sweep.url(source).map_err(io::Error::other)?
            && let copy = sweep.copy(&url).map_err(io::Error::other)?
            && let Some(urgency) =
                (kind.takes)(&Known { url: &url, last, past: &past, copy: copy.as_deref() })
        {
            order.push((urgency, source));
        }
    }
    order.sort_unstable();
    let mut table = csv::Writer::from_writer(out);
    for (_, source) in order {
        table.serialize(line(sweep, source).map_err(io::Error::other)?)?;
    }
    table.flush()
}

fn line(sweep: &Sweep, source: i64) -> rusqlite::Result<Line> {
    let checks = sweep.checks(source)?;
    let past = ledger::summary(&checks, sweep.patience);
    let last = checks.last();
    let title = checks.iter().rev().find_map(|check| check.title.clone());
    let places = sweep.cited_by(source, PLACES)?;
    let places: Vec<String> = places
        .into_iter()
        .map(|(path, note)| note.map_or(path.clone(), |note| format!("{path} note {note}")))
        .collect();
    let when = |at: fn(&Past) -> Option<i64>| past.as_ref().and_then(at).map_or(String::new(), day);
    let url = sweep.url(source)?;
    Ok(Line {
        archived_copy: harmless(sweep.copy(&url)?.unwrap_or_default()),
        url: harmless(url),
        standing: past.as_ref().and_then(|past| past.standing).map_or("unknown", Standing::name),
        state: last.map_or("", |check| check.state.name()),
        last_alive: when(|past| past.last_alive),
        failing_since: when(|past| past.failing_since),
        new_address: harmless(last.and_then(|check| check.final_url.clone()).unwrap_or_default()),
        title: harmless(title.unwrap_or_default()),
        cited_by: harmless(places.join("; ")),
    })
}
