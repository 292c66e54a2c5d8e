//! Sources whose archived copies are to be looked for.

use rusqlite::{OptionalExtension, params};
use url::Url;

use super::Sweep;
use crate::archive::{Basis, Near, When};
use crate::history::{Course, Standing, day, ledger};
use crate::link;
use crate::memory::now;
use crate::source::CopyWish;

impl Sweep {
    /// The sources of this sweep of which an archived copy is to be looked for, in the order of their
    /// numbers: those that are dead or are another page than at the first check, or all that were ever checked.
    /// One that is known is not looked for again while the source is cited under the same date, and one that the
    /// archives now asked do not have not before a steady source is looked at again.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn without_copy(&self, when: When) -> rusqlite::Result<Vec<i64>> {
        let scope = self.sources()?;
        let mut wanted = Vec::new();
        ledger::courses(&self.file, self.patience, |known, course| -> rusqlite::Result<()> {
            if scope.binary_search(&known.id).is_ok() && self.wants_copy(when, &known, course)? {
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
        let known = ledger::Known { id: source, url: self.url(source)?, web: self.web.clone() };
        self.wants_copy(when, &known, &course)
    }

    pub(super) fn wants_copy(
        &self,
        when: When,
        known: &ledger::Known,
        course: &Course,
    ) -> rusqlite::Result<bool> {
        let dead = course.standing() == Some(Standing::Dead);
        let wanted = match when {
            When::Never => false,
            When::Gone => dead || self.is_replaced(known)?,
            When::Always => course.checks() > 0,
        };
        // A copy is not copied.
        if !wanted || page_of(&known.url) != known.url && !dead {
            return Ok(false);
        }
        let page = page_of(&known.url);
        let mut any = self.file.prepare_cached("SELECT 1 FROM copies WHERE web = ?1 AND url = ?2")?;
        if !any.exists(params![self.web, page])? {
            return Ok(true);
        }
        let wish = self.seek(known.id)?;
        let Some(near) = wish.near.as_ref().map(Near::name) else { return Ok(true) };
        let mut last = self.file.prepare_cached(
            "SELECT copy IS NOT NULL, at FROM copies WHERE web = ?1 AND url = ?2
             AND (copy IS NOT NULL AND instr(question || ' ', ?3 || ' ') = 1 OR copy IS NULL AND question IN (?4, ?5))
             ORDER BY 1 DESC, at DESC LIMIT 1",
        )?;
        let questions = (wish.question(&self.archives), wish.judged(&self.archives));
        let last = last.query_row(params![self.web, page, near, questions.0, questions.1], |row| {
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

    /// Has another page taken the place of a source since it was first checked?
    fn is_replaced(&self, known: &ledger::Known) -> rusqlite::Result<bool> {
        // Few titles change: most checks need not be read.
        let mut titles = self.file.prepare_cached(
            "SELECT count(DISTINCT title) > 1 FROM checks WHERE source = ?1 AND state IN (0, 1)",
        )?;
        if !titles.query_row([known.id], |row| row.get(0))? || !link::is_deep(&known.url) {
            return Ok(false);
        }
        let past = ledger::summary(&self.checks(known.id)?, self.patience);
        Ok(past.and_then(|past| past.drift).is_some_and(|drift| drift.is_replaced()))
    }

    /// How to look for a source: near the date under which it is cited first, or else near the day on
    /// which it was last seen.
    ///
    /// # Errors
    ///
    /// From `SQLite`.
    pub fn seek(&self, source: i64) -> rusqlite::Result<CopyWish> {
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
        Ok(CopyWish { url: self.url(source)?, near, given: None, citations: self.citations(source)? })
    }
}

/// The page under whose address a copy is on file: of an archived copy the original's.
pub(super) fn page_of(url: &str) -> String {
    let original = Url::parse(url).ok().and_then(|url| link::archived(&url)?.original);
    original.map_or_else(|| url.to_owned(), String::from)
}
