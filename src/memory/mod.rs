//! What earlier runs saw, in one `SQLite` file.
//!
//! Every visit is stored as it arrives, so that a run that is stopped, even killed, loses at most
//! what was under way, and the next one goes on from there. Good news is believed for a day and bad
//! news for an hour ([`Freshness`]); after that a source is asked again, by its validators (`ETag`,
//! `Last-Modified`) where it has some.
//!
//! Beside the last visit of each source stands its history ([`crate::history`]): every check, for good.
//!
//! The memory can do no harm to a run: where the file cannot be read or written, the run goes on
//! without it and says so. Several programs may use one file at the same time.

mod saves;
mod schema;
mod session;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub use rusqlite::Connection;
use rusqlite::{ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use url::Url;

use crate::archive::Near;
use crate::history::{Check, Chronicle, Past, Patience, ledger};
use crate::source::{Lookup, Memory, Recalled, State, Visit};

pub use session::Session;

/// Raised whenever what is stored of a visit, or how a page is read, changes: what another version
/// saw is not believed.
const FACTS: &str = concat!(env!("CARGO_PKG_VERSION"), "/9");

/// How long an archived copy is believed to be the nearest to a date that lies as far back: what an archive
/// holds stays, and little is added so late.
const COPY: Duration = Duration::from_hours(30 * 24);

/// How long another program may keep the file to itself: a list of a million addresses is put on file at
/// once.
const BUSY: Duration = Duration::from_secs(30);

/// How long what was seen is believed without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// That a source answers.
    pub good: Duration,
    /// Anything else.
    pub bad: Duration,
}

impl Freshness {
    fn of(self, state: State) -> Duration {
        if matches!(state, State::Ok | State::Moved) { self.good } else { self.bad }
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self { good: Duration::from_hours(24), bad: Duration::from_hours(1) }
    }
}

/// Why a memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The folder cannot be made.
    #[error("the folder {} cannot be made", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// From the system.
        #[source]
        source: std::io::Error,
    },
    /// The file cannot be read or written.
    #[error("the memory {} cannot be used", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// From `SQLite`.
        #[source]
        source: rusqlite::Error,
    },
    /// The file was written by a later version of this program.
    #[error("the memory {} was written by a later version of ibid (schema {found})", path.display())]
    Later {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
    },
    /// The damaged file cannot be moved out of the way.
    #[error("the memory {} is damaged and cannot be set aside", path.display())]
    Stuck {
        /// The file.
        path: PathBuf,
        /// From the system.
        #[source]
        source: std::io::Error,
    },
}

/// The memory of earlier runs.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    /// `None` once it failed.
    file: Option<Connection>,
    freshness: Freshness,
    patience: Patience,
    web: String,
    troubles: Vec<String>,
}

impl Store {
    /// Opens or makes the file. `web` names the web that the run sees ([`crate::source::Policy::web`]):
    /// what was seen in another one is not known here. A damaged file is set aside.
    ///
    /// # Errors
    ///
    /// The file cannot be made, read, written or set aside, or is of a later version.
    pub fn open(path: &Path, freshness: Freshness, web: String) -> Result<Self, MemoryError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|source| MemoryError::Folder { path: folder.to_owned(), source })?;
        }
        let mut troubles = Vec::new();
        let file = match connect(path) {
            Err(MemoryError::Unusable { source, .. }) if is_damage(&source) => {
                troubles.push(set_aside(path)?);
                connect(path)?
            }
            opened => opened?,
        };
        let patience = Patience::default();
        Ok(Self { path: path.to_owned(), file: Some(file), freshness, patience, web, troubles })
    }

    /// The same, but a source counts as dead under these conditions.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// What went wrong, in plain sentences; each is told once.
    pub fn troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }

    /// Does something with the file. What fails costs the memory and not the run.
    fn attempt<T>(&mut self, act: impl FnOnce(&Connection, &str) -> rusqlite::Result<T>) -> Option<T> {
        let error = match act(self.file.as_ref()?, &self.web) {
            Ok(done) => return Some(done),
            Err(error) => error,
        };
        // Another program keeps it to itself: only this once.
        if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) {
            return None;
        }
        self.file = None;
        let path = self.path.display();
        self.troubles.push(format!("the memory {path} is not used any further: {error}"));
        if is_damage(&error) {
            match set_aside(&self.path) {
                Ok(told) => {
                    self.troubles.push(told);
                    self.file = connect(&self.path).ok();
                }
                Err(stuck) => self.troubles.push(stuck.to_string()),
            }
        }
        None
    }
}

impl Memory for Store {
    fn recall(&mut self, url: &Url) -> Option<Recalled> {
        let (at, stored) = self.attempt(|file, web| {
            let mut rows = file
                .prepare_cached("SELECT at, visit FROM visits WHERE web = ?1 AND url = ?2 AND facts = ?3")?;
            rows.query_row(params![web, url.as_str(), FACTS], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .optional()
        })??;
        let visit: Visit = serde_json::from_str(&stored).ok()?;
        let limit = self.freshness.of(visit.state);
        Some(Recalled { fresh: age(at)? < limit, visit })
    }

    fn keep(&mut self, visit: &Visit) {
        let Ok(stored) = serde_json::to_string(visit) else { return };
        let at = now();
        self.attempt(|file, web| {
            let change = Transaction::new_unchecked(file, TransactionBehavior::Immediate)?;
            ledger::append(file, web, &visit.url, &Check::of(visit, at))?;
            file.prepare_cached(
                "INSERT OR REPLACE INTO visits (web, url, at, facts, state, status, final_url, title, digest, visit)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                web,
                visit.url,
                at,
                FACTS,
                visit.state.name(),
                visit.status,
                visit.final_url,
                visit.title(),
                visit.digest,
                stored,
            ])?;
            change.commit()
        });
    }

    fn compares_texts(&self) -> bool {
        self.file.is_some()
    }

    fn recall_copy(&mut self, url: &Url, question: &str) -> Option<Lookup> {
        let (at, stored) = self.attempt(|file, web| {
            let mut rows = file.prepare_cached(
                "SELECT at, lookup FROM copies WHERE web = ?1 AND url = ?2 AND question = ?3 AND facts = ?4",
            )?;
            rows.query_row(params![web, url.as_str(), question, FACTS], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .optional()
        })??;
        let lookup: Lookup = serde_json::from_str(&stored).ok()?;
        let Freshness { good, bad } = self.freshness;
        let long_ago = |near: Near| near.middle().as_second() < now() - COPY.as_secs().cast_signed();
        let limit = match &lookup.found {
            None => bad,
            Some(_) if lookup.near.is_none_or(long_ago) && !good.is_zero() => good.max(COPY),
            Some(_) => good,
        };
        (age(at)? < limit).then_some(lookup)
    }

    fn keep_copy(&mut self, url: &Url, question: &str, lookup: &Lookup) {
        let Ok(stored) = serde_json::to_string(lookup) else { return };
        let copy = lookup.found.as_ref().map(|found| found.url.as_str());
        self.attempt(|file, web| {
            file.prepare_cached(
                "INSERT OR REPLACE INTO copies (web, url, question, at, facts, copy, lookup)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![web, url.as_str(), question, now(), FACTS, copy, stored])
        });
    }
}

impl Chronicle for Store {
    fn past(&mut self, url: &Url) -> Option<Past> {
        let patience = self.patience;
        self.attempt(|file, web| ledger::past(file, web, url.as_str(), patience))?
    }

    fn confirm(&mut self, url: &Url, visit: &Visit) {
        let check = Check::of(&Visit { url: url.to_string(), ..visit.clone() }, now());
        self.attempt(|file, web| {
            let change = Transaction::new_unchecked(file, TransactionBehavior::Immediate)?;
            if ledger::last_state(file, web, url.as_str())? != Some(visit.state) {
                ledger::append(file, web, url.as_str(), &check)?;
            }
            change.commit()
        });
    }
}

/// Where the memory is if nobody says otherwise: in the user's cache folder.
pub fn usual_place() -> Option<PathBuf> {
    dirs::cache_dir().map(|folder| folder.join("ibid").join("visits.sqlite"))
}

/// Forgets the last visits, and keeps the history; false if there was no memory.
///
/// # Errors
///
/// The file cannot be read or written, or is of a later version.
pub fn clear(path: &Path) -> Result<bool, MemoryError> {
    if !path.exists() {
        return Ok(false);
    }
    let unusable = |source| MemoryError::Unusable { path: path.to_owned(), source };
    connect(path)?.execute_batch("DELETE FROM visits; VACUUM").map_err(unusable)?;
    Ok(true)
}

/// Removes a memory and its history with its side files; false if there was none.
///
/// # Errors
///
/// From the system.
pub fn remove(path: &Path) -> std::io::Result<bool> {
    let mut found = false;
    for file in side_files(path).into_iter().chain([path.to_owned()]) {
        match std::fs::remove_file(&file) {
            Ok(()) => found |= file == path,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Opens a memory's file, or makes it, with the tables of this version.
///
/// # Errors
///
/// It cannot be read or written, or is of a later version.
pub fn connect(path: &Path) -> Result<Connection, MemoryError> {
    let unusable = |source| MemoryError::Unusable { path: path.to_owned(), source };
    let mut file = Connection::open(path).map_err(unusable)?;
    let found = schema::prepare(&mut file, BUSY).map_err(unusable)?;
    if found > schema::newest() {
        return Err(MemoryError::Later { path: path.to_owned(), found });
    }
    Ok(file)
}

/// Is the file damaged, or no database at all?
pub fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

/// Moves a damaged file out of the way, and says so.
fn set_aside(path: &Path) -> Result<String, MemoryError> {
    let named = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{n}"));
        PathBuf::from(name)
    };
    let aside = (1..u32::MAX).map(named).find(|name| !name.exists()).unwrap_or_else(|| named(0));
    let stuck = |source| MemoryError::Stuck { path: path.to_owned(), source };
    std::fs::rename(path, &aside).map_err(stuck)?;
    for file in side_files(path) {
        // They belong to the damaged file and would damage the new one.
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(stuck(error)),
            _ => {}
        }
    }
    Ok(format!("the memory {} was damaged; it is now {}", path.display(), aside.display()))
}

/// What `SQLite` and sweeps keep beside a file.
fn side_files(path: &Path) -> Vec<PathBuf> {
    ["-wal", "-shm", "-sweep"]
        .map(|end| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        })
        .to_vec()
}

/// How long ago a time of the file was; `None` if it is still to come.
fn age(at: i64) -> Option<Duration> {
    let seconds = now().checked_sub(at).and_then(|age| u64::try_from(age).ok())?;
    Some(Duration::from_secs(seconds))
}

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
