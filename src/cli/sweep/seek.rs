//! Archived copies of what a sweep found to be dead.

use std::sync::Arc;
use std::time::Instant;

use ibid::archive::When;
use ibid::memory::Store;
use ibid::run::judge_copy;
use ibid::source::{self, Judge, Policy};
use ibid::sweep::{Seek, Sweep};

use crate::cli::interrupt::Interrupt;
use crate::cli::progress::{self, Progress};

/// Sources that are looked for at one time: what was found of them is in memory until all of them are.
const CHUNK: usize = 256;

/// Looks for copies, and puts on file what was found; false if the run was stopped before all was done.
pub(super) fn seek(
    form: progress::Form,
    policy: &Policy,
    when: When,
    sweep: &Sweep,
    store: &mut Store,
    end: Option<Instant>,
) -> anyhow::Result<bool> {
    let wanted = sweep.without_copy(when)?;
    if wanted.is_empty() {
        return Ok(true);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let interrupt = Interrupt::listen(&runtime);
    let mut progress = Progress::new(form, wanted.len() as u64);
    let mut finished = true;
    for chunk in wanted.chunks(CHUNK) {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        if interrupt.has_come() || left.is_some_and(|left| left.is_zero()) {
            finished = false;
            break;
        }
        let seeks = chunk.iter().map(|source| sweep.seek(*source)).collect::<Result<Vec<_>, _>>()?;
        let (wishes, citing): (Vec<_>, Vec<_>) =
            seeks.into_iter().map(|Seek { wish, citations }| (wish, citations)).unzip();
        let judge: Judge = Arc::new(move |at, visit| judge_copy(&citing[at], visit));
        // A sweep has the time that an archive takes.
        let mut policy = Policy { run_time: left, ..policy.clone() };
        policy.archives.when = When::Always;
        let stop = interrupt.clone().came();
        let heard = |event: source::Event<'_>| progress.heard(&event);
        let lookups = runtime.block_on(source::find_copies(&wishes, &policy, judge, store, heard, stop))?;
        finished &= !interrupt.has_come() && end.is_none_or(|end| Instant::now() < end);
        let told = lookups.iter().flatten().any(|lookup| lookup.found.is_some() || !lookup.asked.is_empty());
        let asked = lookups.iter().flatten().next().is_some();
        if asked && !told {
            anstream::eprintln!(
                "ibid: the archives do not answer; copies are looked for again by the next sweep"
            );
            break;
        }
    }
    progress.finish();
    runtime.shutdown_background();
    Ok(finished)
}
