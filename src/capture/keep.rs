//! Sources fetched and packed, in as many runs as it takes.
//!
//! What was fetched stands in a WARC file beside the package until that is whole. A run that is stopped
//! or killed leaves that file, and the next one goes on from there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::package::{Captured, captured, package};
use super::{CaptureError, Writer};
use crate::source::web::shown;
use crate::source::{Event, Memory, Origin, Policy, State, Visit, revisit_all, visit_all};

/// The package that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its file.
    pub path: PathBuf,
    /// What it is called for its readers.
    pub title: String,
    /// Bytes of one body that are kept.
    pub limit: u64,
}

/// What was kept.
#[derive(Debug)]
pub struct Kept {
    /// What came of each source, in the order asked for.
    pub visits: Vec<Visit>,
    /// The package; `None` while sources are missing in it.
    pub package: Option<Captured>,
}

impl Wanted {
    /// Where what was fetched stands until the package is whole.
    pub fn part(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".part.warc.gz");
        PathBuf::from(name)
    }
}

/// Keeps every source in a package. Where there is one that holds them all, nothing is asked. `memory`,
/// `on_event` and `stop` as for [`revisit_all`]; sources that an earlier run fetched are not visited.
///
/// # Errors
///
/// A package of that name that does not hold every source, files that cannot be read or written, and
/// what [`revisit_all`] has.
pub async fn keep(
    urls: &[String],
    policy: &Policy,
    wanted: &Wanted,
    memory: &mut dyn Memory,
    mut on_event: impl FnMut(Event<'_>),
    stop: impl Future<Output = ()>,
) -> Result<Kept, CaptureError> {
    if wanted.path.exists() {
        return kept_before(urls, policy, &wanted.path).await;
    }
    let part = wanted.part();
    let (writer, earlier) = if part.exists() {
        Writer::resume(&part, wanted.limit, policy)?
    } else {
        (Writer::create(&part, wanted.limit, policy)?, Vec::new())
    };
    let writer = Arc::new(writer);
    // Silence may have been this machine's own trouble, or the trouble of that day.
    let answered = earlier.into_iter().filter(|visit| visit.status.is_some());
    let known = answered.map(|visit| (visit.url.clone(), visit)).collect();
    let missing = missing(urls, &known);

    let policy = Policy { recorder: Some(writer.clone()), ..policy.clone() };
    let heard = |event: Event<'_>| {
        if let Event::Visited(visit) = event
            && visit.state != State::Skipped
        {
            writer.visited(visit);
        }
        on_event(event);
    };
    let visits = revisit_all(&missing, &policy, memory, heard, stop).await;
    // What was fetched is kept, whatever else went wrong.
    writer.finish()?;
    let visits = in_order(urls, known, visits?);
    let unknown = |visit: &Visit| visit.state == State::Skipped && policy.leaves_out(&visit.url).is_none();
    // A package of a web that did not answer would be taken for the whole; the next run asks again.
    let nameless = |visit: &Visit| visit.state == State::Dead && visit.status.is_none();
    let silent = !visits.is_empty() && visits.iter().all(|visit| is_silent(visit) || nameless(visit));
    if silent || visits.iter().any(unknown) {
        return Ok(Kept { visits, package: None });
    }
    let package = package(&part, &wanted.path, &wanted.title)?;
    std::fs::remove_file(&part).map_err(CaptureError::writing(&part))?;
    Ok(Kept { visits, package: Some(package) })
}

/// The visits of a package that is there, if it holds all that is wanted.
async fn kept_before(urls: &[String], policy: &Policy, path: &Path) -> Result<Kept, CaptureError> {
    let (package, mut known) = captured(path)?;
    // What did not answer then may answer now.
    known.retain(|_, visit| !is_silent(visit));
    let missing = missing(urls, &known);
    // What is never asked is in no package.
    let policy = Policy { origin: Origin::Offline, ..policy.clone() };
    let visits = visit_all(&missing, &policy, |_| {}, std::future::pending()).await?;
    let unknown = |visit: &Visit| visit.state == State::Skipped && policy.leaves_out(&visit.url).is_none();
    if visits.iter().any(unknown) {
        return Err(CaptureError::Exists(path.to_owned()));
    }
    Ok(Kept { visits: in_order(urls, known, visits), package: Some(package) })
}

/// It did not answer, which says nothing about tomorrow.
fn is_silent(visit: &Visit) -> bool {
    visit.state == State::Unreachable
}

/// The name by which a source is known in an archive.
fn name(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| shown(&url))
}

fn missing(urls: &[String], known: &HashMap<String, Visit>) -> Vec<String> {
    urls.iter().filter(|url| !known.contains_key(&name(url))).cloned().collect()
}

/// Earlier visits and those of now, as the sources are cited.
fn in_order(urls: &[String], known: HashMap<String, Visit>, now: Vec<Visit>) -> Vec<Visit> {
    let mut now = now.into_iter();
    let visit = |url: &String| {
        known.get(&name(url)).map(|visit| Visit { url: url.clone(), ..visit.clone() }).or_else(|| now.next())
    };
    urls.iter().filter_map(visit).collect()
}
