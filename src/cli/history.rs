//! `ibid history`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use ibid::check::case;
use ibid::history::{Check, Course, Past, Patience, day, drift::Change, ledger};
use ibid::memory::Connection;
use serde::Serialize;
use url::Url;

use super::config::Configured;
use super::input::Input;
use super::{Outcome, memory};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid history https://example.org/report     every check of one source
  ibid history draft.md                       what became of the sources of a document
  ibid history --format json > history.json   all that is known of every source
Nothing is fetched: what earlier runs of `check` and `sweep` saw is told.")]
pub(super) struct Args {
    /// Addresses, documents, folders and patterns; without any, every source is listed
    #[arg(value_name = "URL|FILE")]
    about: Vec<String>,
    /// How it is told
    #[arg(long, value_name = "FORM", default_value = "table")]
    format: Form,
    #[command(flatten)]
    kept: Kept,
}

/// Which history is read.
#[derive(clap::Args)]
pub(super) struct Kept {
    /// The file, in place of the one in the user's cache folder
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    #[command(flatten)]
    configured: Configured,
}

impl Kept {
    /// The file, and when a source counts as dead.
    pub(super) fn open(&self, document: Option<&Path>) -> anyhow::Result<(Connection, Patience)> {
        let config = self.configured.load(document, Vec::new())?;
        let path = memory::place(self.cache.clone().or(config.cache_file))?;
        anyhow::ensure!(path.is_file(), "there is no history yet: no file {}", path.display());
        Ok((ibid::memory::connect(&path)?, config.patience))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Lines for a person
    Table,
    /// One JSON object
    Json,
}

/// A source and what became of it.
#[derive(Serialize)]
struct Told {
    url: String,
    /// The web in which it was seen; empty for the public one.
    web: String,
    cited_by: Vec<CitedBy>,
    #[serde(flatten)]
    past: Option<Past>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checks_seen: Option<Vec<Check>>,
}

#[derive(Clone, Serialize)]
struct CitedBy {
    document: String,
    note: Option<String>,
}

#[derive(Serialize)]
struct Root {
    format_version: u32,
    sources: Vec<Told>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut outcome = Outcome::Clean;
    let mut sources = Vec::new();
    let first = args.about.iter().find(|about| !is_address(about)).map(Path::new);
    let (file, patience) = args.kept.open(first)?;
    if args.about.is_empty() {
        if args.format == Form::Table {
            ledger::courses(&file, patience, |known, course| -> anyhow::Result<()> {
                Ok(line(&mut out, &known.url, Past::of(course, None).as_ref())?)
            })?;
            return Ok(outcome);
        }
        ledger::courses(&file, patience, |known, course: &Course| -> anyhow::Result<()> {
            let past = Past::of(course, None);
            sources.push(Told {
                url: known.url,
                web: known.web,
                cited_by: Vec::new(),
                past,
                checks_seen: None,
            });
            Ok(())
        })?;
    }
    let (addresses, files): (Vec<&String>, Vec<&String>) =
        args.about.iter().partition(|about| is_address(about));
    for address in addresses {
        let url = Url::parse(address).with_context(|| address.clone())?;
        tell(&file, patience, url, Vec::new(), true, &mut sources)?;
    }
    if !files.is_empty() {
        let input =
            Input { files: files.into_iter().map(PathBuf::from).collect(), format: None, password: None };
        let (documents, faulty) = input.read();
        if faulty {
            outcome = Outcome::Faulty;
        }
        for (url, cited_by) in case::distinct_urls(&documents) {
            let by = cited_by.into_iter();
            let by = by.map(|by| CitedBy { document: documents[by.document].path.clone(), note: by.note });
            // What is no address has no history.
            if let Ok(parsed) = Url::parse(&url) {
                tell(&file, patience, parsed, by.collect(), false, &mut sources)?;
            }
        }
    }
    match args.format {
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &Root { format_version: 1, sources })?;
            writeln!(out)?;
        }
        Form::Table => sources.iter().try_for_each(|told| show(&mut out, told))?,
    }
    out.flush()?;
    Ok(outcome)
}

fn is_address(about: &str) -> bool {
    Url::parse(about).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Adds what became of a source, in every web where it was seen.
fn tell(
    file: &Connection,
    patience: Patience,
    mut url: Url,
    cited_by: Vec<CitedBy>,
    each: bool,
    sources: &mut Vec<Told>,
) -> anyhow::Result<()> {
    url.set_fragment(None);
    let known = ledger::known(file, url.as_str())?;
    if known.is_empty() {
        let (url, web, checks_seen) = (url.into(), String::new(), each.then(Vec::new));
        sources.push(Told { url, web, cited_by, past: None, checks_seen });
        return Ok(());
    }
    for known in known {
        let checks = ledger::checks(file, known.id)?;
        let past = ledger::summary(&checks, patience);
        let (url, web, cited_by) = (known.url, known.web, cited_by.clone());
        sources.push(Told { url, web, cited_by, past, checks_seen: each.then_some(checks) });
    }
    Ok(())
}

fn show(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let Some(checks) = &told.checks_seen else { return line(out, &told.url, told.past.as_ref()) };
    writeln!(out, "{}", told.url)?;
    if !told.web.is_empty() {
        writeln!(out, "  seen in another web: {}", told.web)?;
    }
    let Some(past) = &told.past else { return writeln!(out, "  never checked") };
    writeln!(out, "  {}", in_words(past))?;
    if let Some(drift) = &past.drift {
        let since = day(drift.since);
        if let (Some(change), Some(shared)) = (drift.change, drift.similarity) {
            let shared = shared * 100.0;
            let words = match change {
                Change::Same => format!("what it was on {since}"),
                Change::Edited => format!("edited since {since}: {shared:.0} % is shared"),
                Change::Replaced => format!("another one than on {since}"),
            };
            writeln!(out, "  its text is {words}")?;
        }
        if let Some((before, now)) = &drift.title {
            writeln!(out, "  its title was “{before}” on {since}, now “{now}”")?;
        }
        if let Some((before, now)) = drift.published {
            writeln!(out, "  its date was {} on {since}, now {}", before.in_words(), now.in_words())?;
        }
    }
    for same in checks.chunk_by(alike) {
        let (Some(first), Some(last)) = (same.first(), same.last()) else { continue };
        let until = if same.len() > 1 { day(last.at) } else { String::new() };
        let times = if same.len() > 1 { format!("×{}", same.len()) } else { String::new() };
        let status = first.status.map_or(String::new(), |status| status.to_string());
        let rest = [
            first.title.as_ref().map(|title| format!("“{title}”")),
            first.published.map(|date| date.to_string()),
            first.final_url.as_ref().map(|last| format!("→ {last}")),
        ];
        let rest: Vec<String> = rest.into_iter().flatten().collect();
        let row = format!(
            "  {:10}  {until:10}  {times:>5}  {:11}  {status:3}  {}",
            day(first.at),
            first.state.name(),
            rest.join("  ")
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

/// Do two checks say the same?
fn alike(a: &Check, b: &Check) -> bool {
    (a.state, a.status, &a.title, a.published, &a.final_url)
        == (b.state, b.status, &b.title, b.published, &b.final_url)
}

/// `failing since 2025-03-04, 2 times said to be gone; last alive 2025-03-01; 14 checks since 2024-01-01`
fn in_words(past: &Past) -> String {
    let mut words = past.standing.map_or("unknown", |standing| standing.name()).to_owned();
    if let Some(since) = past.failing_since {
        words += &format!(" since {}", day(since));
        if past.failures > 0 {
            words += &format!(" ({} in a row)", past.failures);
        }
        if let Some(last) = past.last_alive {
            words += &format!(", last alive {}", day(last));
        }
    }
    let checks = if past.checks == 1 { "1 check".to_owned() } else { format!("{} checks", past.checks) };
    words + &format!("; {checks}, {} to {}", day(past.first_checked), day(past.last_checked))
}

/// One source in one line.
fn line(out: &mut impl Write, url: &str, past: Option<&Past>) -> io::Result<()> {
    let Some(past) = past else { return writeln!(out, "{:9}  {:10}  {:10}  {:5}  {url}", "–", "", "", "") };
    let standing = past.standing.map_or("unknown", |standing| standing.name());
    let (first, last) = (day(past.first_checked), day(past.last_checked));
    writeln!(out, "{standing:9}  {first:10}  {last:10}  {:5}  {url}", past.checks)
}
