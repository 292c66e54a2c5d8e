//! The tables, and how older ones become them.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

/// Each step leads from one version to the next; a step that was once released is never changed.
const STEPS: &[&str] = &[
    // `web` and `url`: what was asked, and in which web. `facts`: which version of the program read
    // it. `visit`: all that is known, as JSON; the other columns are for people.
    "CREATE TABLE visits (
        web TEXT NOT NULL,
        url TEXT NOT NULL,
        at INTEGER NOT NULL,
        facts TEXT NOT NULL,
        state TEXT NOT NULL,
        status INTEGER,
        final_url TEXT,
        title TEXT,
        visit TEXT NOT NULL,
        PRIMARY KEY (web, url)
    ) WITHOUT ROWID",
    // SHA-256 of the page.
    "ALTER TABLE visits ADD COLUMN digest TEXT",
    // The history: every check of every source. What was seen by now is its beginning.
    include_str!("history.sql"),
    // Sources handed in at public archives. `archive`: the address of the archive's service. `text`:
    // the copy's address, the name of the job, or why it was refused.
    "CREATE TABLE saves (
        archive TEXT NOT NULL,
        url TEXT NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (archive, url)
    ) WITHOUT ROWID",
    // Archived copies. `question`: near which date, and in which archives. `copy`: the address found;
    // none if there is no copy. `lookup`: all that is known, as JSON.
    "CREATE TABLE copies (
        web TEXT NOT NULL,
        url TEXT NOT NULL,
        question TEXT NOT NULL,
        at INTEGER NOT NULL,
        facts TEXT NOT NULL,
        copy TEXT,
        lookup TEXT NOT NULL,
        PRIMARY KEY (web, url, question)
    ) WITHOUT ROWID",
    // Sweeps judge copies by all that a check judges them by; what documents cite is read again. `authors`: one
    // a line.
    "ALTER TABLE cited ADD COLUMN authors INTEGER REFERENCES strings;
     ALTER TABLE cited ADD COLUMN container INTEGER REFERENCES strings;
     UPDATE documents SET size = -1",
];

/// The version that this program writes.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Makes a file ready for use: several readers beside one writer, and nothing lost when a process is
/// killed. An older schema is brought up to date; the version found is returned.
pub(super) fn prepare(file: &mut Connection, busy: Duration) -> rusqlite::Result<i64> {
    file.busy_timeout(busy)?;
    file.pragma_update(None, "journal_mode", "wal")?;
    // The operating system has it when a statement is done; only a power cut may cost the last visits.
    file.pragma_update(None, "synchronous", "normal")?;
    // One program brings the schema up to date, others wait for it.
    let change = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if let Some(steps) = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)) {
        for step in steps {
            change.execute_batch(step)?;
        }
        if !steps.is_empty() {
            change.pragma_update(None, "user_version", newest())?;
        }
    }
    change.commit()?;
    Ok(found)
}
