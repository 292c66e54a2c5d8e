//! What was handed in at public archives.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use url::Url;

use super::Store;
use crate::capture::save::{Ledger, Line, State};

/// The states that are remembered, by their names in reports.
const STATES: [State; 3] = [State::Saved, State::Pending, State::Refused];

impl Ledger for Store {
    fn recall(&mut self, archive: &Url, url: &Url) -> Option<Line> {
        let (at, state, text) = self.attempt(|file, _| {
            file.prepare_cached("SELECT at, state, text FROM saves WHERE archive = ?1 AND url = ?2")?
                .query_row(params![archive.as_str(), url.as_str()], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
                })
                .optional()
        })??;
        let state = STATES.into_iter().find(|known| known.name() == state)?;
        Some(Line { at: Timestamp::from_second(at).ok()?, state, text })
    }

    fn write(&mut self, archive: &Url, url: &Url, line: &Line) {
        self.attempt(|file, _| {
            file.prepare_cached(
                "INSERT OR REPLACE INTO saves (archive, url, at, state, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                archive.as_str(),
                url.as_str(),
                line.at.as_second(),
                line.state.name(),
                line.text,
            ])
        });
    }
}
