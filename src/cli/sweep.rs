//! `ibid sweep`

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::ValueEnum;
use ibid::check::case::ReadDocument;
use ibid::config::Config;
use ibid::fold::nearest;
use ibid::history::written;
use ibid::memory::{Freshness, Store};
use ibid::source::{self, Event, Policy, State, Visit};
use ibid::sweep::worklist::{self, KINDS, Kind};
use ibid::sweep::{Cite, Plan, Queue, Stamp, Sweep, list};
use indicatif::HumanDuration;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use url::Url;

use super::Outcome;
use super::config::Configured;
use super::files::{self, Wanted};
use super::input::Input;
use super::memory::{self, Remember};
use super::network::Network;
use super::progress::{self, Progress};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid sweep urls.txt --plan                        how much there is to do, and how long it takes
  ibid sweep urls.txt --format jsonl > results.jsonl
  ibid sweep archive/ --worklist lost=lost.csv --worklist save=save.csv
A list has one address a line. What is killed goes on where it was when it is started again; sources that
need not be asked yet are left alone: failing ones are due soon, steady ones later.")]
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
    remember: Remember,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Jsonl,
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

/// Sources in the engine's hands at one time.
const CHUNK: usize = 4_096;

/// Places that are told of a source.
const PLACES: u32 = 20;

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let mut given = args.network.settings();
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
    // What a plan says must not wait for an error in the middle of the night.
    let worklists = args.worklist.iter().map(|work| {
        let file = File::create(&work.path).with_context(|| work.path.display().to_string())?;
        Ok((work, file))
    });
    let worklists: Vec<(&Work, File)> =
        if args.plan { Vec::new() } else { worklists.collect::<anyhow::Result<_>>()? };

    // The store makes the file, and sees what another version left there.
    let mut store = open_store(&place, &config, &web)?;
    let file = ibid::memory::connect(&place)?;
    let sweep = Sweep::begin(file, web, &name(&args)?, config.patience, config.pace)?;
    let faulty = collect(&args, &sweep)?;
    let queue = Queue::of(&sweep, &policy, args.all)?;
    if args.plan {
        tell_plan(&queue.plan, args.format)?;
        if !sweep.resumed {
            sweep.finish()?;
        }
        return Ok(if faulty { Outcome::Faulty } else { Outcome::Clean });
    }
    let mut told = Told { out: BufWriter::new(anstream::stdout().lock()), form: args.format, states: [0; 9] };
    for source in &queue.done {
        told.kept(&sweep, *source)?;
    }
    let finished = ask(&args, &policy, &sweep, &queue, &mut store, &mut told)?;
    for trouble in store.troubles() {
        anstream::eprintln!("ibid: {trouble}");
    }
    for (work, file) in worklists {
        worklist::write(&sweep, work.kind, BufWriter::new(file))
            .with_context(|| work.path.display().to_string())?;
    }
    told.finish(&queue.plan)?;
    if finished {
        sweep.finish()?;
    } else {
        anstream::eprintln!("ibid: the sweep is not done; the same command goes on with it");
    }
    Ok(if faulty { Outcome::Faulty } else { Outcome::Clean })
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

/// Puts on file what is cited; true if something could not be read.
fn collect(args: &Args, sweep: &Sweep) -> anyhow::Result<bool> {
    let mut faulty = false;
    for argument in &args.files {
        let wanted = match files::named_by(argument) {
            Ok(wanted) => wanted,
            Err(error) => {
                faulty = true;
                anstream::eprintln!("ibid: {}: {error:#}", argument.display());
                continue;
            }
        };
        for wanted in wanted {
            faulty |= collect_one(sweep, wanted)?;
        }
    }
    Ok(faulty)
}

fn collect_one(sweep: &Sweep, wanted: Wanted) -> anyhow::Result<bool> {
    let shown = wanted.path.display().to_string();
    if wanted.path == Path::new("-") {
        return from_list(sweep, "-", Stamp::never(), io::stdin().lock());
    }
    let stamp = Stamp::of(&std::fs::metadata(&wanted.path).with_context(|| shown.clone())?);
    let path = std::path::absolute(&wanted.path)?.to_string_lossy().into_owned();
    // What was read as it is now need not be read again.
    if sweep.knows(&path, stamp)? {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    let file = File::open(&wanted.path).with_context(|| shown.clone())?;
    file.take(64 << 10).read_to_end(&mut beginning).with_context(|| shown.clone())?;
    // The last line may be cut.
    let whole = beginning.iter().rposition(|byte| *byte == b'\n').map_or(beginning.len(), |end| end + 1);
    if std::str::from_utf8(&beginning[..whole]).is_ok_and(list::is_list) {
        let file = File::open(&wanted.path).with_context(|| shown.clone())?;
        return from_list(sweep, &path, stamp, BufReader::new(file));
    }
    let input = Input { files: Vec::new(), format: None, password: None };
    let mut read = None;
    let faulty = input.read_each(&[wanted], |document| {
        read = Some(document);
        Ok(())
    })?;
    // A file without any citation is known to have none.
    if !faulty {
        let cites = read.iter().flat_map(cites_of).map(anyhow::Ok);
        sweep.add(&path, stamp, cites)?;
    }
    Ok(faulty)
}

/// A line that is no address is told, and costs that line only.
fn from_list(sweep: &Sweep, path: &str, stamp: Stamp, list: impl io::BufRead) -> anyhow::Result<bool> {
    let mut faulty = false;
    let entries = list::read(list).filter_map(|entry| match entry {
        Ok(Ok(url)) => Some(Ok(Cite { url, note: None, date: None })),
        Ok(Err((line, text))) => {
            faulty = true;
            let shown: String = text.chars().take(80).collect();
            anstream::eprintln!("ibid: {path}:{line}: not an http or https address: {shown}");
            None
        }
        Err(error) => Some(Err(anyhow::Error::from(error).context(path.to_owned()))),
    });
    sweep.add(path, stamp, entries)?;
    if faulty {
        // They are told until they are mended.
        sweep.forget_stamp(path)?;
    }
    Ok(faulty)
}

/// What a document cites.
fn cites_of(read: &ReadDocument) -> impl Iterator<Item = Cite> {
    let notes = read.document.notes.iter().zip(&read.citations);
    let in_notes = notes.flat_map(|(note, citations)| {
        citations.iter().flat_map(move |checked| {
            let citation = &checked.citation;
            citation.urls.iter().map(move |url| (url, Some(note.number.clone()), citation.date))
        })
    });
    let links = read.document.links.iter().map(|link| (&link.url, None, None));
    in_notes
        .chain(links)
        .filter_map(|(url, note, date)| Some(Cite { url: Url::parse(url).ok()?, note, date }))
}

/// Asks what is due, a chunk at a time; false if the run was stopped before all was done.
fn ask(
    args: &Args,
    policy: &Policy,
    sweep: &Sweep,
    queue: &Queue,
    store: &mut Store,
    told: &mut Told<impl Write>,
) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stopped = stop_signal(&runtime);
    let end = policy.run_time.map(|time| Instant::now() + time);
    let mut progress = Progress::new(args.progress, queue.due.len() as u64);
    let mut finished = true;
    for chunk in queue.due.chunks(CHUNK) {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        if *stopped.borrow() || left.is_some_and(|left| left.is_zero()) {
            finished = false;
            break;
        }
        let urls = chunk.iter().map(|source| sweep.url(*source)).collect::<Result<Vec<_>, _>>()?;
        let policy = Policy { run_time: left, ..policy.clone() };
        let mut stop = stopped.clone();
        let stop = async move {
            // Nobody can stop it any more.
            if stop.wait_for(|stopped| *stopped).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let mut failed = None;
        let heard = |event: Event<'_>| {
            progress.heard(&event);
            if let Event::Visited(visit) = event {
                failed = told.visited(sweep, visit).err().or(failed.take());
            }
        };
        let visits = runtime.block_on(source::revisit_all(&urls, &policy, store, heard, stop))?;
        if let Some(error) = failed {
            return Err(error);
        }
        told.out.flush()?;
        // What was not reached is left for the next time.
        finished &= !(*stopped.borrow() && visits.iter().any(|visit| visit.state == State::Skipped));
    }
    if end.is_some_and(|end| end <= Instant::now()) {
        finished = false;
    }
    progress.finish();
    // What is still on its way (a hanging look-up) must not hold the end back.
    runtime.shutdown_background();
    Ok(finished)
}

/// True from the first Ctrl-C on; a second one ends the program as usual.
fn stop_signal(runtime: &Runtime) -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = stop.send(true);
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        }
        std::future::pending::<()>().await;
    });
    stopped
}

/// What is told of each source.
struct Told<W> {
    out: W,
    form: Form,
    states: [usize; 9],
}

impl<W: Write> Told<W> {
    /// A source that is done and, where it is worth it, kept.
    fn visited(&mut self, sweep: &Sweep, visit: &Visit) -> anyhow::Result<()> {
        match sweep.source(&visit.url)? {
            Some(source) => self.tell(sweep, source, visit.state, Some(visit)),
            None => Ok(()),
        }
    }

    /// A source that was done before this run began.
    fn kept(&mut self, sweep: &Sweep, source: i64) -> anyhow::Result<()> {
        let state = sweep.checks(source)?.last().map_or(State::Skipped, |check| check.state);
        self.tell(sweep, source, state, None)
    }

    fn tell(
        &mut self,
        sweep: &Sweep,
        source: i64,
        state: State,
        visit: Option<&Visit>,
    ) -> anyhow::Result<()> {
        self.states[State::ALL.iter().position(|s| *s == state).unwrap_or_default()] += 1;
        let url = sweep.url(source)?;
        if self.form == Form::Table {
            if !matches!(state, State::Ok) {
                let places = sweep.cited_by(source, 3)?;
                let places: Vec<String> = places.into_iter().map(|(path, _)| path).collect();
                writeln!(self.out, "{:11}  {url}  ({})", state.name(), places.join(", "))?;
            }
            return Ok(());
        }
        let checks = sweep.checks(source)?;
        let (past, due) = sweep.prospect(&checks);
        let last = checks.last();
        let places = sweep.cited_by(source, PLACES)?;
        let cited_by: Vec<_> = places
            .into_iter()
            .map(|(document, note)| json!({ "document": document, "note": note }))
            .collect();
        let line = json!({
            "url": url,
            "state": state,
            "status": visit.map_or_else(|| last.and_then(|check| check.status), |visit| visit.status),
            "final_url": visit.map_or_else(
                || last.and_then(|check| check.final_url.clone()),
                |visit| visit.final_url.clone(),
            ),
            "reason": visit.map(|visit| &visit.reason),
            "title": last.and_then(|check| check.title.as_ref()),
            "published": last.and_then(|check| check.published),
            "history": past,
            "due": due.map(written),
            "cited_by": cited_by,
        });
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    fn finish(&mut self, plan: &Plan) -> anyhow::Result<()> {
        if self.form == Form::Table {
            let counts = State::ALL.iter().zip(self.states).filter(|(_, count)| *count > 0);
            let counts: Vec<String> =
                counts.map(|(state, count)| format!("{count} {}", state.name())).collect();
            let rest = if plan.resting > 0 {
                format!("; {} need not be asked yet", plan.resting)
            } else {
                String::new()
            };
            let none = "none due".to_owned();
            let counts = if counts.is_empty() { none } else { counts.join(", ") };
            writeln!(self.out, "{} sources: {counts}{rest}", plan.sources)?;
        }
        Ok(self.out.flush()?)
    }
}

fn tell_plan(plan: &Plan, form: Form) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if form == Form::Jsonl {
        writeln!(out, "{}", serde_json::to_string(plan)?)?;
        return Ok(());
    }
    writeln!(out, "sources   {} in {} documents and lists", plan.sources, plan.documents)?;
    writeln!(out, "due       {}, of which {} were never checked", plan.due, plan.new)?;
    writeln!(out, "resting   {} need not be asked yet", plan.resting)?;
    if plan.done > 0 {
        writeln!(out, "done      {} since this sweep began", plan.done)?;
    }
    if let Some((host, sources)) = &plan.largest {
        writeln!(out, "hosts     {}; the most sources, {sources}, are at {host}", plan.hosts)?;
    }
    let time = HumanDuration(Duration::from_secs(plan.seconds));
    writeln!(out, "estimate  about {time}, if answers take a second")?;
    Ok(())
}
