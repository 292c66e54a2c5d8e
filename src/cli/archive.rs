//! `ibid archive`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use ibid::capture::{self, Kept, Wanted};
use ibid::check::case::{ReadDocument, distinct_urls};
use ibid::source::{Oblivion, Origin, State, Visit};
use serde_json::json;

use super::Outcome;
use super::config::Configured;
use super::input::Input;
use super::interrupt::Interrupt;
use super::memory::{self, Remember};
use super::network::{self, Network};
use super::progress::{self, Progress};
use super::save::{self, Save};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid archive draft.md                              every source, in draft.wacz
  ibid archive drafts --output 2025.wacz             those of a folder's documents
  ibid check draft.md --replay draft.wacz            check against what was kept
  IBID_WAYBACK_KEY=ACCESS:SECRET ibid archive draft.md --save wayback
                                                     and have the Wayback Machine copy them too
What was fetched stands in OUTPUT.part.warc.gz until the package is whole: a run that was stopped goes on
from there. Only the sources are kept, not the images and style sheets that their pages load.
Exit status: 0 every source was kept or may come back, 1 some are gone, 2 the run failed or is not complete.")]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// The package to write [default: the document's name, or sources.wacz]
    #[arg(long, short, value_name = "FILE.wacz")]
    output: Option<PathBuf>,
    /// How to print what was kept
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
    /// The most that is kept of one body
    #[arg(long, value_name = "MIB", default_value_t = capture::LIMIT >> 20, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    max_size: u64,
    /// What to show while the run lasts
    #[arg(long, value_name = "FORM", default_value = "auto")]
    progress: progress::Form,
    #[command(flatten)]
    save: Save,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    remember: Remember,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let mut given = args.network.settings();
    given.extend(args.remember.settings());
    let config = args.configured.load(args.input.files.first().map(PathBuf::as_path), given)?;
    let policy = args.network.policy(&config);
    anyhow::ensure!(policy.origin == Origin::Live, "only what comes from the network can be kept");
    let (documents, faulty) = args.input.read();
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    let urls: Vec<String> = distinct_urls(&documents).into_iter().map(|(url, _)| url).collect();
    let wanted = Wanted {
        path: args.output.clone().unwrap_or_else(|| usual_name(&documents)),
        title: title(&documents),
        limit: args.max_size << 20,
    };
    let mut memory = memory::open(&config, &policy)?;
    let archives = args.save.ready(&policy, &mut memory)?;
    let mut progress = Progress::new(args.progress, urls.len() as u64);
    let runtime = network::runtime()?;
    let heard = |event: ibid::source::Event<'_>| progress.heard(&event);
    let interrupt = Interrupt::listen(&runtime);
    let mut forgetful = Oblivion;
    let known = memory.or(&mut forgetful);
    let kept =
        runtime.block_on(capture::keep(&urls, &policy, &wanted, known, heard, interrupt.clone().came()));
    progress.finish();
    let kept = kept?;
    // Sources that are not known yet are handed in when they are.
    let archives = if kept.package.is_some() { archives } else { Vec::new() };
    let told = |line: &str| progress.say(line);
    let saved =
        runtime.block_on(save::run(archives, &kept.visits, &policy, &mut memory, told, &interrupt))?;
    memory.tell();
    runtime.shutdown_background();

    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match args.format {
        Format::Text => {
            tell(&kept, &wanted, &mut out)?;
            write!(out, "{}", save::lines(&saved))?;
        }
        Format::Json => {
            let summary = summary(&kept, &saved, &wanted, documents.len());
            serde_json::to_writer_pretty(&mut out, &summary)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if faulty || kept.package.is_none() || !save::all_open(&saved) {
        Outcome::Faulty
    } else if kept.visits.iter().any(|visit| is_gone(visit.state)) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// `draft.md` → `draft.wacz`, in the current folder.
fn usual_name(documents: &[ReadDocument]) -> PathBuf {
    let stem = match documents {
        [only] if only.path != "-" => Path::new(&only.path).file_stem(),
        _ => None,
    };
    let mut name = stem.unwrap_or("sources".as_ref()).to_owned();
    name.push(".wacz");
    PathBuf::from(name)
}

fn title(documents: &[ReadDocument]) -> String {
    match documents {
        [only] => only.document.title.clone().unwrap_or_else(|| only.path.clone()),
        _ => format!("The sources of {} documents", documents.len()),
    }
}

fn is_gone(state: State) -> bool {
    matches!(state, State::Dead | State::Soft404 | State::Unsafe | State::Invalid)
}

fn counts(visits: &[Visit]) -> Vec<(State, usize)> {
    let count = |state| visits.iter().filter(|visit| visit.state == state).count();
    State::ALL.into_iter().map(|state| (state, count(state))).filter(|(_, n)| *n > 0).collect()
}

fn tell(kept: &Kept, wanted: &Wanted, out: &mut impl Write) -> io::Result<()> {
    for visit in kept.visits.iter().filter(|visit| !visit.is_read()) {
        writeln!(out, "{:11}  {}\n             {}", visit.state.name(), visit.url, visit.reason)?;
    }
    let states: Vec<String> =
        counts(&kept.visits).into_iter().map(|(state, n)| format!("{n} {}", state.name())).collect();
    writeln!(out, "sources: {}", states.join(", "))?;
    match kept.package {
        Some(package) => writeln!(
            out,
            "{}: {} sources, {} answers, {:.1} MiB, without the images and style sheets of the pages",
            wanted.path.display(),
            package.pages,
            package.answers,
            package.bytes as f64 / f64::from(1 << 20)
        ),
        None => {
            writeln!(out, "{} is not complete; the same command goes on from there", wanted.part().display())
        }
    }
}

fn summary(kept: &Kept, saved: &save::Results, wanted: &Wanted, documents: usize) -> serde_json::Value {
    let sources: Vec<_> = kept.visits.iter().map(|visit| source(visit, saved)).collect();
    json!({
        "format_version": 1,
        "tool": { "name": "ibid", "version": env!("CARGO_PKG_VERSION") },
        "package": kept.package.map(|package| json!({
            "path": wanted.path.display().to_string(),
            "bytes": package.bytes,
            "answers": package.answers,
            "sources": package.pages,
        })),
        "sources": sources,
        "summary": {
            "documents": documents,
            "sources": kept.visits.len(),
            "states": counts(&kept.visits)
                .into_iter()
                .map(|(state, n)| (state.name().to_owned(), json!(n)))
                .collect::<serde_json::Map<_, _>>(),
        },
    })
}

fn source(visit: &Visit, saved: &save::Results) -> serde_json::Value {
    json!({
        "url": visit.url,
        "final_url": visit.final_url,
        "status": visit.status,
        "state": visit.state,
        "reason": visit.reason,
        "title": visit.title(),
        "kept": visit.status.is_some(),
        "saved": save::of(saved, &visit.url),
    })
}
