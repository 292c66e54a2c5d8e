//! `--watch`: the same check again whenever something that it reads is saved.
//!
//! Files are looked at a few times a second rather than left to the system's notifications: editors
//! save by writing elsewhere and renaming, and folders on a network notify nobody.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::ensure;
use ibid::memory::Session;
use tokio::runtime::Runtime;
use tokio::time::sleep;

use super::check::{self, Args, Past};
use super::interrupt::Interrupt;
use super::{Outcome, files, is_broken_pipe};

/// Between two looks …
const PAUSE: Duration = Duration::from_millis(200);

/// … and so many times as long as a look takes, where a folder holds many thousand files.
const REST: u32 = 10;

/// A file that is gone for less is being saved.
const GONE: Duration = Duration::from_secs(2);

/// Checks until Ctrl-C; the outcome is that of the last check.
pub(super) fn run(args: &Args, runtime: &Runtime) -> anyhow::Result<Outcome> {
    let files = &args.input.files;
    ensure!(!files.iter().any(|file| file == Path::new("-")), "standard input cannot be watched");
    let interrupt = Interrupt::listen(runtime);
    let session = Session::new(args.config()?.freshness);
    let mut past = Past { sources: Some(session), interrupt: Some(interrupt.clone()), ..Past::default() };
    let mut before = look(args, &past);
    let mut outcome = check::once(args, runtime, &mut past)?;
    // A name that means nothing from the start is misspelt.
    if files.iter().all(|file| files::named_by(file).is_err()) {
        return Ok(outcome);
    }
    loop {
        let config = args.config_file();
        let seen = seen(before, args, &past);
        let count = seen.values().flatten().count();
        anstream::eprintln!("ibid: {count} file{} watched; Ctrl-C ends", if count == 1 { "" } else { "s" });
        let next = runtime.block_on(async {
            tokio::select! {
                () = interrupt.clone().came() => None,
                look = change(&seen, args, &past) => Some(look),
            }
        });
        let Some(next) = next else { return Ok(outcome) };
        let changed = differences(&seen, &next);
        before = next;
        clear_screen()?;
        anstream::eprintln!("ibid: {} changed", list(&changed));
        // Other settings may see another web.
        let settings = [config, args.config_file()];
        if settings.iter().flatten().any(|file| changed.contains(file)) {
            past.sources =
                Some(Session::new(args.config().map(|config| config.freshness).unwrap_or_default()));
        }
        past.documents.forget(&changed.into_iter().collect());
        outcome = match check::once(args, runtime, &mut past) {
            Err(error) if !is_broken_pipe(&error) => {
                anstream::eprintln!("ibid: {error:#}");
                Outcome::Faulty
            }
            done => done?,
        };
    }
}

/// The state of a file that matters: `None` where there is none.
type Look = BTreeMap<PathBuf, Option<Stamp>>;

/// Tells whether a file was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok()?;
        Some(Stamp { modified: file.modified().ok(), bytes: file.len() })
    }
}

/// Every file that a check depends on.
fn look(args: &Args, past: &Past) -> Look {
    let documents = args.input.files.iter().flat_map(|argument| match files::named_by(argument) {
        Ok(files) => files.into_iter().map(|file| file.path).collect(),
        Err(_) => vec![argument.clone()],
    });
    let config = args.config_file();
    let beside = past.documents.asked().cloned().chain(config).chain(args.baseline.clone());
    documents.chain(beside).map(|path| (path.clone(), Stamp::of(&path))).collect()
}

/// The files as the check just done has read them. Those that its documents ask for are known only
/// after it.
fn seen(before: Look, args: &Args, past: &Past) -> Look {
    let asked: HashSet<&PathBuf> = past.documents.asked().collect();
    let known = |path: &PathBuf, now| before.get(path).copied().or(asked.contains(path).then_some(now));
    look(args, past).into_iter().filter_map(|(path, now)| Some((path.clone(), known(&path, now)?))).collect()
}

/// Waits until something is other than it was, and has come to rest.
async fn change(seen: &Look, args: &Args, past: &Past) -> Look {
    let mut last = seen.clone();
    let mut since = Instant::now();
    loop {
        let began = Instant::now();
        let now = look(args, past);
        let vanished =
            seen.iter().any(|(path, was)| was.is_some() && now.get(path).copied().flatten().is_none());
        if now != last {
            since = began;
        } else if now != *seen && since.elapsed() >= if vanished { GONE } else { Duration::ZERO } {
            return now;
        }
        last = now;
        sleep(PAUSE.max(began.elapsed() * REST)).await;
    }
}

fn differences(seen: &Look, now: &Look) -> Vec<PathBuf> {
    let gone = seen.keys().filter(|path| !now.contains_key(*path));
    let other = now.iter().filter(|(path, stamp)| seen.get(*path) != Some(stamp)).map(|(path, _)| path);
    gone.chain(other).cloned().collect()
}

fn list(changed: &[PathBuf]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = changed.iter().take(SHOWN).map(|path| path.display().to_string()).collect();
    let more = changed.len().saturating_sub(SHOWN);
    let shown = shown.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// A terminal shows one check at a time; elsewhere they follow each other.
fn clear_screen() -> io::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        out.write_all(b"\x1b[2J\x1b[3J\x1b[H")?;
        out.flush()?;
    }
    Ok(())
}
