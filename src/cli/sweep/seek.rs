//! Archived copies of what a sweep found to be dead, or replaced.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::time::Instant;

use ibid::archive::When;
use ibid::memory::Store;
use ibid::run::judge_copy;
use ibid::source::{self, Event, Policy};
use ibid::sweep::Sweep;
use tokio::sync::Notify;

use crate::cli::interrupt::Interrupt;
use crate::cli::network;
use crate::cli::progress::{self, Progress};

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
    let left = end.map(|end| end.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return Ok(false);
    }
    let runtime = network::runtime()?;
    let interrupt = Interrupt::listen(&runtime);
    let mut progress = Progress::new(form, wanted.len() as u64);
    // What cannot be read ends it; all that was found is kept.
    let failed = OnceCell::new();
    let broken = Notify::new();
    let wish = |at: usize| {
        let wish = sweep.seek(wanted[at]);
        wish.map_err(|error| {
            // The first is the reason.
            let _ = failed.set(error);
            broken.notify_one();
        })
        .ok()
    };
    let stop = async {
        tokio::select! {
            () = interrupt.came() => {}
            () = broken.notified() => {}
        }
    };
    // A sweep has the time that an archive takes.
    let mut policy = Policy { run_time: left, ..policy.clone() };
    policy.archives.when = When::Always;
    let mut silent = BTreeSet::new();
    let heard = |event: Event<'_>| {
        progress.heard(&event);
        if let Event::Sought { lookup, .. } = event
            && !lookup.silent.is_empty()
        {
            silent.insert(lookup.silence_in_words());
        }
    };
    let seeking = source::find_each(wanted.len(), wish, &policy, judge_copy, store, heard, |_, _| {}, stop);
    let finished = runtime.block_on(seeking)?;
    progress.finish();
    runtime.shutdown_background();
    if let Some(error) = failed.into_inner() {
        return Err(error.into());
    }
    for silence in silent {
        anstream::eprintln!("ibid: {silence}; what is missing is looked for again by the next sweep");
    }
    Ok(finished)
}
