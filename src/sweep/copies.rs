//! Sources whose archived copies are to be looked for.

use rusqlite::{OptionalExtension, params};
use url::Url;

use super::Sweep;
use crate::archive::{Basis, Near, When};
use crate::citation::Citation;
use crate::history::{Course, Standing, day, ledger};
use crate::link;
use crate::memory::now;
use crate::source::CopyWish;

/// A source to look for, and how it is cited.
#[derive(Debug, Clone)]
pub struct Seek {
    /// Its address, and near which date.
    pub wish: CopyWish,
    /// Titles and dates, by which its copies are judged.
    pub citations: Vec<Citation>,
}

impl Sweep {
    /// The sources of this sweep of which an archived copy is to be looked for, in the order of their
    /// numbers: those that are dead, or all that were ever checked. One that is known is not looked for
    /// again, and one that the archives now asked do not have not before a steady source is looked at again.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn without_copy(&self, when: When) -> rusqlite::Result<Vec<i64>> {
        let scope = self.sources()?;
        let mut wanted = Vec::new();
        ledger::courses(&self.file, self.patience, |known, course| -> rusqlite::Result<()> {
            if scope.binary_search(&known.id).is_ok() && self.wants_copy(when, &known.url, course)? {
                wanted.push(known.id);
            }
            Ok(())
        })?;
        Ok(wanted)
    }

    /// Is a copy of this source to be looked for?
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn lacks_copy(&self, when: When, source: i64) -> rusqlite::Result<bool> {
        let mut course = Course::new(self.patience);
        for check in self.checks(source)? {
            course.see(check.at, check.state, 0);
        }
        self.wants_copy(when, &self.url(source)?, &course)
    }

    pub(super) fn wants_copy(&self, when: When, url: &str, course: &Course) -> rusqlite::Result<bool> {
        let wanted = match when {
            When::Never => false,
            When::Gone => course.standing() == Some(Standing::Dead),
            When::Always => course.checks() > 0,
        };
        // A copy is not copied.
        if !wanted || page_of(url) != url && course.standing() != Some(Standing::Dead) {
            return Ok(false);
        }
        let mut last = self.file.prepare_cached(
            "SELECT copy IS NOT NULL, at FROM copies WHERE web = ?1 AND url = ?2
             AND (copy IS NOT NULL OR instr(' ' || question || ' ', ' ' || ?3 || ' '))
             ORDER BY 1 DESC, at DESC LIMIT 1",
        )?;
        let last = last.query_row(params![self.web, page_of(url), self.archives], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, i64>(1)?))
        });
        Ok(match last.optional()? {
            None => true,
            Some((found, at)) => {
                let rest = i64::try_from(self.pace.most.as_secs()).unwrap_or(i64::MAX);
                !found && now() >= at.saturating_add(rest)
            }
        })
    }

    /// How to look for a source: near the date under which it is cited first, or else near the day on
    /// which it was last seen.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn seek(&self, source: i64) -> rusqlite::Result<Seek> {
        let cited = "SELECT min(date) FROM cited WHERE source = ?1";
        let cited: Option<i64> = self.file.prepare_cached(cited)?.query_row([source], |row| row.get(0))?;
        let near = if let Some(date) = cited.and_then(ledger::date) {
            Some(Near { date, basis: Basis::Cited })
        } else {
            let past = ledger::summary(&self.checks(source)?, self.patience);
            let seen = past.map(|past| past.last_alive.unwrap_or(past.first_checked));
            let date = seen.and_then(|at| day(at).parse().ok());
            date.map(|date| Near { date, basis: Basis::Seen })
        };
        let wish = CopyWish { url: self.url(source)?, near, given: None };
        Ok(Seek { wish, citations: self.citations(source)? })
    }
}

/// The page under whose address a copy is on file: of an archived copy the original's.
pub(super) fn page_of(url: &str) -> String {
    let original = Url::parse(url).ok().and_then(|url| link::archived(&url)?.original);
    original.map_or_else(|| url.to_owned(), String::from)
}
