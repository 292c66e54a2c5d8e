//! `ibid sweep`

mod collect;
mod seek;
mod told;

use std::cell::OnceCell;
use std::fs::{File, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use ibid::archive::When;
use ibid::config::Config;
use ibid::fold::nearest;
use ibid::memory::{Freshness, Store};
use ibid::source::{self, Event, Policy};
use ibid::sweep::worklist::{self, KINDS, Kind};
use ibid::sweep::{Queue, Sweep};
use tokio::sync::Notify;

use super::Outcome;
use super::config::Configured;
use super::copies::Copies;
use super::interrupt::Interrupt;
use super::memory::{self, Remember};
use super::network::{self, Network};
use super::outfile::OutFile;
use super::progress::{self, Progress};
use collect::collect;
use seek::seek;
use told::{Form, Told, tell_plan};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid sweep urls.txt --plan                        how much there is to do, and how long it takes
  ibid sweep urls.txt --format jsonl > results.jsonl
  ibid sweep archive/ --worklist lost=lost.csv --worklist save=save.csv
A list has one address a line. What is killed goes on where it was when it is started again; sources that
need not be asked yet are left alone: failing ones are due soon, steady ones later. Of what is dead, or
another page than it was, an archived copy is looked for, at the pace that the archives ask for.")]
pub(super) struct Args {
    /// Lists of addresses, documents, folders and patterns; `-` is a list on standard input
    #[arg(required = true, value_name = "LIST|FOLDER|FILE")]
    files: Vec<PathBuf>,
    /// Say what is to be done, and do nothing
    #[arg(long)]
    plan: bool,
    /// Ask every source, whether it is due or not
    #[arg(long)]
    all: bool,
    /// What goes to standard output: lines for a person, or a JSON object for each source as it is done
    #[arg(long, value_name = "FORM", default_value = "table")]
    format: Form,
    /// Write the sources of a kind to a CSV file at the end; may be given again
    #[arg(long, value_name = "KIND=FILE", value_parser = work, long_help = kinds())]
    worklist: Vec<Work>,
    /// What to show while the run lasts
    #[arg(long, value_name = "FORM", default_value = "auto")]
    progress: progress::Form,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    copies: Copies,
    #[command(flatten)]
    remember: Remember,
    #[command(flatten)]
    configured: Configured,
}

/// A worklist and its file.
#[derive(Clone)]
struct Work {
    kind: &'static Kind,
    path: PathBuf,
}

/// The kinds of worklists as `--help` lists them.
fn kinds() -> String {
    let lines = KINDS.iter().map(|kind| format!("\n  {:7} {}", kind.name, kind.summary));
    format!(
        "Write the sources of a kind to a CSV file at the end; may be given again:{}",
        lines.collect::<String>()
    )
}

fn work(text: &str) -> Result<Work, String> {
    let (name, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("write KIND=FILE, such as lost=lost.csv")?;
    let names = || KINDS.iter().map(|kind| kind.name);
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let near = nearest(name, names()).map_or(String::new(), |near| format!("did you mean {near}? "));
        format!("{near}kinds are {}", names().collect::<Vec<_>>().join(", "))
    })?;
    Ok(Work { kind, path: path.into() })
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let mut given = args.network.settings();
    given.extend(args.copies.settings());
    given.extend(args.remember.settings());
    let config = args.configured.load(args.files.first().map(PathBuf::as_path), given)?;
    let policy = args.network.policy(&config);
    anyhow::ensure!(config.cache, "a sweep keeps what it sees; it cannot do without its file (--no-cache)");
    let web = policy.web()?.context("a sweep asks the network; it has no use for --replay and --offline")?;
    let place = memory::place(config.cache_file.clone())?;
    anyhow::ensure!(
        web.is_empty() || config.cache_file.is_some(),
        "this run sees a web of its own ({web}): name a file for it with --cache"
    );
    // The store makes the file, and sees what another version left there.
    let mut store = open_store(&place, &config, &web)?;
    let _alone = if args.plan { None } else { Some(alone(&place)?) };
    // An error in a name must not wait for the middle of the night.
    let wanted = args.worklist.iter().filter(|_| !args.plan);
    let worklists: Vec<(&Work, OutFile)> = wanted
        .map(|work| Ok((work, OutFile::open(&work.path, &args.files)?)))
        .collect::<anyhow::Result<_>>()?;
    let file = ibid::memory::connect(&place)?;
    let archives = policy.archives.names();
    let sweep = Sweep::begin(file, web, &name(&args)?, config.patience, config.pace, archives)?;
    let faulty = collect(&args.files, &sweep)?;
    let when = if ibid::run::may_ask(&policy) { policy.archives.when } else { When::Never };
    let queue = Queue::of(&sweep, &policy, when, args.all)?;
    if args.plan {
        tell_plan(&queue.plan, args.format)?;
        if !sweep.resumed {
            sweep.finish()?;
        }
        return Ok(if faulty { Outcome::Faulty } else { Outcome::Clean });
    }
    let mut told = Told::new(BufWriter::new(anstream::stdout().lock()), args.format, when);
    for source in &queue.done {
        told.kept(&sweep, *source)?;
    }
    let end = policy.run_time.map(|time| Instant::now() + time);
    let mut finished = ask(&args, &policy, &sweep, &queue, &mut store, &mut told)?;
    if finished {
        finished = seek(args.progress, &policy, when, &sweep, &mut store, end)?;
    }
    told.sought(&sweep)?;
    for trouble in store.troubles() {
        anstream::eprintln!("ibid: {trouble}");
    }
    for (work, file) in worklists {
        file.write(|out| worklist::write(&sweep, work.kind, BufWriter::new(out)))?;
    }
    told.finish(&queue.plan)?;
    if finished {
        sweep.finish()?;
    } else {
        anstream::eprintln!("ibid: the sweep is not done; the same command goes on with it");
    }
    Ok(if faulty { Outcome::Faulty } else { Outcome::Clean })
}

/// Two sweeps at a time would ask the same hosts twice as fast. The lock ends with the process, however
/// that ends.
fn alone(place: &Path) -> anyhow::Result<File> {
    let mut path = place.as_os_str().to_owned();
    path.push("-sweep");
    let path = PathBuf::from(path);
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another sweep is under way with {}", place.display()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn open_store(place: &Path, config: &Config, web: &str) -> anyhow::Result<Store> {
    // The queue knows what is due; what is asked is asked anew, by its validators.
    let anew = Freshness { good: Duration::ZERO, bad: Duration::ZERO };
    Ok(Store::open(place, anew, web.to_owned())?.with_patience(config.patience))
}

/// The same arguments name the same sweep.
fn name(args: &Args) -> anyhow::Result<String> {
    let mut name = if args.all { "all".to_owned() } else { "due".to_owned() };
    for file in &args.files {
        let path = if file == Path::new("-") { file.clone() } else { std::path::absolute(file)? };
        name += "\n";
        name += &path.to_string_lossy();
    }
    Ok(name)
}

/// Asks what is due; false if the run was stopped before all was done.
fn ask(
    args: &Args,
    policy: &Policy,
    sweep: &Sweep,
    queue: &Queue,
    store: &mut Store,
    told: &mut Told<impl Write>,
) -> anyhow::Result<bool> {
    let runtime = network::runtime()?;
    let interrupt = Interrupt::listen(&runtime);
    let mut progress = Progress::new(args.progress, queue.due.len() as u64);
    // What cannot be told or looked up ends the sweep; all that was asked is kept.
    let failed: OnceCell<anyhow::Error> = OnceCell::new();
    let broken = Notify::new();
    let fail = |error: anyhow::Error| {
        // The first is the reason.
        let _ = failed.set(error);
        broken.notify_one();
    };
    let address = |at: usize| sweep.url(queue.due[at]).map_err(|error| fail(error.into())).ok();
    let heard = |event: Event<'_>| {
        progress.heard(&event);
        if let Event::Visited(visit) = event
            && let Err(error) = told.visited(sweep, visit)
        {
            fail(error);
        }
    };
    let stop = async {
        tokio::select! {
            () = interrupt.came() => {}
            () = broken.notified() => {}
        }
    };
    let finished =
        runtime.block_on(source::visit_each(queue.due.len(), address, policy, store, heard, stop))?;
    progress.finish();
    // What is still on its way (a hanging look-up) must not hold the end back.
    runtime.shutdown_background();
    failed.into_inner().map_or(Ok(finished), Err)
}
