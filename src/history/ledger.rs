//! Checks on file. They are added and never changed; what many have in common (an address, a title, a
//! text) is stored once and named by its number.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Check, Course, Drift, Past, Patience};
use crate::date::PartialDate;
use crate::memory::now;
use crate::page::{Text, text::WAY};
use crate::source::State;

/// The states by the numbers under which they are on file.
const STATES: [State; 9] = [
    State::Ok,
    State::Moved,
    State::Dead,
    State::Soft404,
    State::Blocked,
    State::Unreachable,
    State::Unsafe,
    State::Invalid,
    State::Skipped,
];

/// 1 January 2010: no check was made before this program was written.
const EARLIEST: i64 = 1_262_304_000;
/// Seconds by which two clocks may differ.
const APART: i64 = 86_400;

/// The times at which checks can have been made. One that is dated otherwise was made while the clock of its
/// machine was wrong: it stays on file and counts for nothing, or it would come first, or last, for years.
fn believable() -> RangeInclusive<i64> {
    EARLIEST..=now().saturating_add(APART)
}

/// A source on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: i64,
    /// Its address, without a fragment.
    pub url: String,
    /// The web in which it was seen ([`crate::source::Policy::web`]); empty for the public one.
    pub web: String,
}

/// Adds a check. Where there is one of the same second already, it takes the next one.
///
/// # Errors
///
/// From `SQLite`.
pub fn append(file: &Connection, web: &str, url: &str, check: &Check) -> rusqlite::Result<()> {
    let source = source(file, web, url)?;
    let string = |text: &Option<String>| text.as_deref().map(|text| string(file, text)).transpose();
    let (last, title) = (string(&check.final_url)?, string(&check.title)?);
    let text = check.text.as_ref().map(|text| text_of(file, source, text)).transpose()?;
    let mut insert = file.prepare_cached(
        "INSERT OR IGNORE INTO checks (source, at, state, status, final, title, published, text, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let state = STATES.iter().position(|state| *state == check.state).unwrap_or_default() as u8;
    let published = check.published.map(number);
    for at in check.at..=i64::MAX {
        let values = params![source, at, state, check.status, last, title, published, text, check.digest];
        if insert.execute(values)? == 1 {
            break;
        }
    }
    Ok(())
}

/// The number of a source, given at its first mention.
///
/// # Errors
///
/// From `SQLite`.
pub fn source(file: &Connection, web: &str, url: &str) -> rusqlite::Result<i64> {
    let web = string(file, web)?;
    let mut find = file.prepare_cached("SELECT id FROM sources WHERE url = ?1 AND web = ?2")?;
    if let Some(id) = find.query_row(params![url, web], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    file.prepare_cached("INSERT INTO sources (url, web) VALUES (?1, ?2)")?.execute(params![url, web])?;
    Ok(file.last_insert_rowid())
}

/// The number of a text, given at its first mention.
pub(crate) fn string(file: &Connection, text: &str) -> rusqlite::Result<i64> {
    let mut find = file.prepare_cached("SELECT id FROM strings WHERE text = ?1")?;
    if let Some(id) = find.query_row([text], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    file.prepare_cached("INSERT INTO strings (text) VALUES (?1)")?.execute([text])?;
    Ok(file.last_insert_rowid())
}

/// The number of a source's text: the last one's where that is the same but for trifles.
fn text_of(file: &Connection, source: i64, text: &Text) -> rusqlite::Result<i64> {
    let mut find = file.prepare_cached(
        "SELECT texts.* FROM checks JOIN texts ON texts.id = checks.text
         WHERE source = ?1 AND text IS NOT NULL ORDER BY at DESC LIMIT 1",
    )?;
    let last = find.query_row([source], |row| Ok((row.get::<_, i64>("id")?, read_text(row)?))).optional()?;
    if let Some((id, Some(last))) = last
        && last.is(text)
    {
        return Ok(id);
    }
    let sketch: Vec<u8> = text.sketch.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    file.prepare_cached(
        "INSERT INTO texts (way, words, shingles, simhash, sketch) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![WAY, text.words, text.shingles, text.simhash.cast_signed(), sketch])?;
    Ok(file.last_insert_rowid())
}

/// `None` where it was made in another way.
fn read_text(row: &Row) -> rusqlite::Result<Option<Text>> {
    let Some(way) = row.get::<_, Option<u32>>("way")? else { return Ok(None) };
    let sketch: Vec<u8> = row.get("sketch")?;
    let text = Text {
        words: row.get("words")?,
        shingles: row.get("shingles")?,
        simhash: row.get::<_, i64>("simhash")?.cast_unsigned(),
        sketch: sketch.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect(),
    };
    Ok((way == WAY).then_some(text))
}

/// Every source with an address, in whatever web.
///
/// # Errors
///
/// From `SQLite`.
pub fn known(file: &Connection, url: &str) -> rusqlite::Result<Vec<Known>> {
    let mut find = file.prepare_cached(
        "SELECT sources.id, url, text FROM sources JOIN strings ON strings.id = web WHERE url = ?1",
    )?;
    find.query_map([url], read_known)?.collect()
}

fn read_known(row: &Row) -> rusqlite::Result<Known> {
    Ok(Known { id: row.get(0)?, url: row.get(1)?, web: row.get(2)? })
}

/// Every check of a source whose time can be believed, in the order of their times.
///
/// # Errors
///
/// From `SQLite`.
pub fn checks(file: &Connection, source: i64) -> rusqlite::Result<Vec<Check>> {
    let mut find = file.prepare_cached(
        "SELECT at, state, status, f.text AS final, t.text AS title, published, digest,
                way, words, shingles, simhash, sketch
         FROM checks LEFT JOIN strings f ON f.id = final LEFT JOIN strings t ON t.id = title
              LEFT JOIN texts ON texts.id = checks.text
         WHERE source = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at",
    )?;
    let times = believable();
    let read = |row: &Row| {
        Ok(Check {
            at: row.get("at")?,
            state: state(row.get("state")?),
            status: row.get("status")?,
            final_url: row.get("final")?,
            title: row.get("title")?,
            published: row.get::<_, Option<i64>>("published")?.and_then(date),
            digest: row.get("digest")?,
            text: read_text(row)?,
        })
    };
    find.query_map(params![source, times.start(), times.end()], read)?.collect()
}

/// The state that the last check of a source saw.
///
/// # Errors
///
/// From `SQLite`.
pub fn last_state(file: &Connection, web: &str, url: &str) -> rusqlite::Result<Option<State>> {
    let mut find = file.prepare_cached(
        "SELECT state FROM checks WHERE source = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC LIMIT 1",
    )?;
    let times = believable();
    let values = params![source(file, web, url)?, times.start(), times.end()];
    let found = find.query_row(values, |row| row.get(0)).optional()?;
    Ok(found.map(state))
}

/// What became of a source.
///
/// # Errors
///
/// From `SQLite`.
pub fn past(file: &Connection, web: &str, url: &str, patience: Patience) -> rusqlite::Result<Option<Past>> {
    let Some(known) = known(file, url)?.into_iter().find(|known| known.web == web) else { return Ok(None) };
    Ok(summary(&checks(file, known.id)?, patience))
}

/// What checks come to, in the order of their times. What a source shows now is compared with the
/// first check that read its text, or else with the first that read anything.
pub fn summary(checks: &[Check], patience: Patience) -> Option<Past> {
    let mut course = Course::new(patience);
    for check in checks {
        course.see(check.at, check.state, 0);
    }
    let read = || checks.iter().filter(|check| matches!(check.state, State::Ok | State::Moved));
    let first = read().find(|check| check.text.is_some()).or_else(|| read().next());
    let drift = first.zip(read().next_back()).filter(|(first, last)| first.at < last.at);
    Past::of(&course, drift.map(|(first, last)| Drift::between(first, last)))
}

/// The course of every source, in the order of their numbers; those that were never checked have an
/// empty one.
///
/// # Errors
///
/// From `SQLite`, or from `each`.
pub fn courses<E: From<rusqlite::Error>>(
    file: &Connection,
    patience: Patience,
    mut each: impl FnMut(Known, &Course) -> Result<(), E>,
) -> Result<(), E> {
    let mut sources = file.prepare(
        "SELECT sources.id, url, text FROM sources JOIN strings ON strings.id = web ORDER BY sources.id",
    )?;
    let mut checks = file.prepare(
        "SELECT source, at, state, final, text FROM checks WHERE at BETWEEN ?1 AND ?2 ORDER BY source, at",
    )?;
    let times = believable();
    let mut rows = checks.query([times.start(), times.end()])?;
    let mut next = rows.next()?;
    for known in sources.query_map([], read_known)? {
        let known = known?;
        let mut course = Course::new(patience);
        while let Some(row) = next
            && row.get::<_, i64>(0)? == known.id
        {
            let mark = |column| row.get::<_, Option<i64>>(column).map(|id| id.unwrap_or(0).cast_unsigned());
            course.see(row.get(1)?, state(row.get(2)?), mark(3)? << 32 ^ mark(4)?);
            next = rows.next()?;
        }
        each(known, &course)?;
    }
    Ok(())
}

/// The earliest date under which each source is cited, where documents were swept.
///
/// # Errors
///
/// From `SQLite`.
pub fn cited_dates(file: &Connection) -> rusqlite::Result<HashMap<i64, PartialDate>> {
    let mut find =
        file.prepare("SELECT source, min(date) FROM cited WHERE date IS NOT NULL GROUP BY source")?;
    let dates = find.query_map([], |row| Ok((row.get(0)?, date(row.get(1)?))))?;
    dates.filter_map(|row| row.map(|(source, date)| Some((source, date?))).transpose()).collect()
}

fn state(number: u8) -> State {
    STATES.get(usize::from(number)).copied().unwrap_or(State::Skipped)
}

/// A date as one number that sorts like it: 20250214, 20250200, 20250000.
pub(crate) fn number(date: PartialDate) -> i64 {
    i64::from(date.year) * 10_000
        + i64::from(date.month.unwrap_or(0)) * 100
        + i64::from(date.day.unwrap_or(0))
}

pub(crate) fn date(number: i64) -> Option<PartialDate> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let (year, month, day) = (i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    match (month, day) {
        (0, _) => PartialDate::y(year),
        (_, 0) => PartialDate::ym(year, month),
        _ => PartialDate::ymd(year, month, day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_numbers_that_sort_and_come_back() {
        let dates = ["2024", "2024-12", "2024-12-31", "2025-01-01"].map(|text| text.parse().unwrap());
        assert!(dates.map(number).is_sorted());
        assert_eq!(dates.map(|each| date(number(each))), dates.map(Some));
    }

    #[test]
    fn every_state_has_a_number() {
        for each in State::ALL {
            assert!(STATES.contains(&each));
        }
    }
}
