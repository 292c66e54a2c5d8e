//! What a sweep is of: the sources that documents and lists cite, on file.

use std::fs::Metadata;
use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use url::Url;

use super::copies::page_of;
use crate::citation::Citation;
use crate::history::due::{self, Pace};
use crate::history::{Check, Course, Past, Patience, ledger};
use crate::memory::now;
use crate::source::{State, Visit};

/// Between the names of authors on file.
const BETWEEN: &str = "\n";

/// A sweep under way.
#[derive(Debug)]
pub struct Sweep {
    pub(super) file: Connection,
    id: i64,
    /// When it began, in seconds since 1970: what was checked since then is done.
    pub started: i64,
    /// It was begun by a process that did not finish it.
    pub resumed: bool,
    pub(super) web: String,
    pub(super) patience: Patience,
    pub(super) pace: Pace,
    pub(super) archives: String,
}

/// How a file was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: i64,
    modified: i64,
}

impl Stamp {
    /// Of a file.
    pub fn of(file: &Metadata) -> Self {
        let modified = file.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        let nanoseconds = modified.unwrap_or_default().as_nanos();
        Stamp {
            size: i64::try_from(file.len()).unwrap_or(i64::MAX),
            modified: i64::try_from(nanoseconds).unwrap_or(i64::MAX),
        }
    }

    /// Of what is read anew each time.
    pub fn never() -> Self {
        Stamp { size: -1, modified: now() }
    }
}

/// One citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    /// What is cited.
    pub url: Url,
    /// In which note; `None`: in a list or the body of a document.
    pub note: Option<String>,
    /// What it says of the source; nothing in a list.
    pub citation: Citation,
}

impl Sweep {
    /// Begins a sweep, or goes on with one of the same name that was not finished. `web`: in which web its
    /// sources are asked ([`crate::source::Policy::web`]). `archives`: the names of those that are asked for
    /// copies ([`crate::archive::Manner::names`]).
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn begin(
        file: Connection,
        web: String,
        name: &str,
        patience: Patience,
        pace: Pace,
        archives: String,
    ) -> rusqlite::Result<Self> {
        let begun = file
            .execute("INSERT OR IGNORE INTO sweeps (name, started) VALUES (?1, ?2)", params![name, now()])?;
        let (id, started) =
            file.query_row("SELECT id, started FROM sweeps WHERE name = ?1", [name], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(Sweep { file, id, started, resumed: begun == 0, web, patience, pace, archives })
    }

    /// Is it known what a file cites? If so, it is a part of this sweep.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn knows(&self, path: &str, stamp: Stamp) -> rusqlite::Result<bool> {
        let known = self
            .file
            .prepare_cached(
                "UPDATE documents SET sweep = ?5 WHERE path = ?1 AND web = ?2 AND size = ?3 AND modified = ?4",
            )?
            .execute(params![path, self.web, stamp.size, stamp.modified, self.id])?;
        Ok(known > 0)
    }

    /// Makes a document or list, and what it cites, a part of this sweep; what an earlier version of it
    /// cited is so no longer. All or nothing is on file.
    ///
    /// # Errors
    ///
    /// From `SQLite`, or from `cites`.
    pub fn add<E: From<rusqlite::Error>>(
        &self,
        path: &str,
        stamp: Stamp,
        cites: impl IntoIterator<Item = Result<Cite, E>>,
    ) -> Result<(), E> {
        let file = Transaction::new_unchecked(&self.file, TransactionBehavior::Immediate)?;
        let values = params![path, self.web, stamp.size, stamp.modified, self.id];
        file.prepare_cached(
            "INSERT INTO documents (path, web, size, modified, sweep) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET size = ?3, modified = ?4, sweep = ?5",
        )?
        .execute(values)?;
        let document: i64 = file
            .prepare_cached("SELECT id FROM documents WHERE path = ?1 AND web = ?2")?
            .query_row(params![path, self.web], |row| row.get(0))?;
        file.prepare_cached("DELETE FROM cited WHERE document = ?1")?.execute([document])?;
        for cite in cites {
            let Cite { mut url, note, citation } = cite?;
            url.set_fragment(None);
            // A password is neither shown nor used. Both fail only for addresses that cannot hold them.
            if url.password().is_some() {
                let _ = url.set_password(None);
                let _ = url.set_username("");
            }
            let source = ledger::source(&file, &self.web, url.as_str())?;
            let Citation { title, date, authors, container, .. } = citation;
            let authors = (!authors.is_empty()).then(|| authors.join(BETWEEN));
            let string = |text: Option<String>| text.map(|text| ledger::string(&file, &text)).transpose();
            file.prepare_cached(
                "INSERT INTO cited (document, source, note, title, date, authors, container)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET title = ifnull(title, ?4), authors = ifnull(authors, ?6),
                    container = ifnull(container, ?7), date = min(ifnull(date, ?5), ifnull(?5, date))",
            )?
            .execute(params![
                document,
                source,
                note.unwrap_or_default(),
                string(title)?,
                date.map(ledger::number),
                string(authors)?,
                string(container)?,
            ])?;
        }
        file.commit()?;
        Ok(())
    }

    /// A document or list is read again next time, whether it has changed or not.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn forget_stamp(&self, path: &str) -> rusqlite::Result<()> {
        let forget = "UPDATE documents SET size = -1 WHERE path = ?1 AND web = ?2";
        self.file.execute(forget, params![path, self.web]).map(drop)
    }

    /// The numbers of its sources, in their order.
    pub(super) fn sources(&self) -> rusqlite::Result<Vec<i64>> {
        let mut find = self.file.prepare(
            "SELECT DISTINCT source FROM cited JOIN documents ON documents.id = document
             WHERE sweep = ?1 ORDER BY source",
        )?;
        find.query_map([self.id], |row| row.get(0))?.collect()
    }

    /// How many documents and lists it is of.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn documents(&self) -> rusqlite::Result<usize> {
        let count = "SELECT count(*) FROM documents WHERE sweep = ?1";
        let count: i64 = self.file.query_row(count, [self.id], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// The address of a source.
    ///
    /// # Errors
    ///
    /// From `SQLite`, or there is no such source.
    pub fn url(&self, source: i64) -> rusqlite::Result<String> {
        self.file
            .prepare_cached("SELECT url FROM sources WHERE id = ?1")?
            .query_row([source], |row| row.get(0))
    }

    /// The archived copy of a source that was found last, where one was looked for.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn copy(&self, url: &str) -> rusqlite::Result<Option<String>> {
        self.file
            .prepare_cached(
                "SELECT copy FROM copies WHERE web = ?1 AND url = ?2 AND copy IS NOT NULL ORDER BY at DESC LIMIT 1",
            )?
            .query_row(params![self.web, page_of(url)], |row| row.get(0))
            .optional()
    }

    /// The number of an address that is a source in this web.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn source(&self, url: &str) -> rusqlite::Result<Option<i64>> {
        let known = ledger::known(&self.file, url)?;
        Ok(known.into_iter().find(|known| known.web == self.web).map(|known| known.id))
    }

    /// Where a source is cited: the path and note of at most so many documents of this sweep.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn cited_by(&self, source: i64, most: u32) -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let mut find = self.file.prepare_cached(
            "SELECT path, note FROM cited JOIN documents ON documents.id = document
             WHERE source = ?1 AND sweep = ?2 ORDER BY path, note LIMIT ?3",
        )?;
        let read = |row: &rusqlite::Row| {
            Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.filter(|note| !note.is_empty())))
        };
        find.query_map(params![source, self.id, most], read)?.collect()
    }

    /// Every check of a source.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn checks(&self, source: i64) -> rusqlite::Result<Vec<Check>> {
        ledger::checks(&self.file, source)
    }

    /// What the citations with a title say of a source, as far as it is judged by that.
    pub(super) fn citations(&self, source: i64) -> rusqlite::Result<Vec<Citation>> {
        let mut find = self.file.prepare_cached(
            "SELECT DISTINCT t.text, date, a.text, c.text FROM cited JOIN strings t ON t.id = title
             LEFT JOIN strings a ON a.id = authors LEFT JOIN strings c ON c.id = container WHERE source = ?1",
        )?;
        let read = |row: &rusqlite::Row| {
            let authors: Option<String> = row.get(2)?;
            Ok(Citation {
                title: Some(row.get(0)?),
                date: row.get::<_, Option<i64>>(1)?.and_then(ledger::date),
                authors: authors.iter().flat_map(|names| names.split(BETWEEN)).map(str::to_owned).collect(),
                container: row.get(3)?,
                ..Citation::default()
            })
        };
        find.query_map([source], read)?.collect()
    }

    /// Why a source is in its state, as its last visit said it.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn reason(&self, url: &str) -> rusqlite::Result<Option<String>> {
        self.file
            .prepare_cached("SELECT visit ->> 'reason' FROM visits WHERE web = ?1 AND url = ?2")?
            .query_row(params![self.web, url], |row| row.get(0))
            .optional()
            .map(Option::flatten)
    }

    /// Shows a source the titles under which it is cited, as a check of its documents does: a page that
    /// bears one is the source, and the history says so.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn confirm(&self, source: i64, visit: &mut Visit) -> rusqlite::Result<()> {
        if !matches!(visit.state, State::Soft404 | State::Blocked) {
            return Ok(());
        }
        let state = visit.state;
        for citation in self.citations(source)? {
            citation.title.iter().for_each(|title| visit.confirm(title));
        }
        if visit.state != state {
            ledger::append(&self.file, &self.web, &visit.url, &Check::of(visit, now()))?;
        }
        Ok(())
    }

    /// What checks come to, and when their source is to be looked at again.
    pub fn prospect(&self, checks: &[Check]) -> (Option<Past>, Option<i64>) {
        let mut course = Course::new(self.patience);
        checks.iter().for_each(|check| course.see(check.at, check.state, check.mark()));
        let due = (!checks.is_empty()).then(|| due::due(&course, self.pace));
        (ledger::summary(checks, self.patience), due)
    }

    /// Nothing is left to do: the next sweep of this name begins anew.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn finish(self) -> rusqlite::Result<()> {
        let gone =
            self.file.query_row("DELETE FROM sweeps WHERE id = ?1 RETURNING id", [self.id], |_| Ok(()));
        gone.optional().map(drop)
    }
}
