//! `ibid link`

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ibid::archive::When;
use ibid::check::case::{ReadDocument, distinct_urls};
use ibid::robust::{ArchivedCopy, Linkable};
use ibid::run;
use ibid::source::{Lookup, Oblivion, Origin, Policy};
use serde_json::Value;

use super::Outcome;
use super::config::Configured;
use super::input::Input;
use super::interrupt::Interrupt;
use super::memory::{self, Remember};
use super::network::{self, Network};
use super::progress::{self, Progress};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid link page.html > robust.html          the page with data-versionurl and its like on its links
  ibid link notes.md --dry-run               which copies would be written, and where
  ibid link notes/*.md --in-place            rewrite the files
  ibid link page.html --in-place --offline   with the copies that earlier runs found
HTML gets the attributes of Robust Links on <a href>; notes of Markdown get `([archived copy](…))` behind
the address. Nothing else is changed, and what has a copy already is left alone.
Exit status: 0 done (addresses without a known copy are named on standard error), 2 the run failed or a file
could not be linked.")]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// Rewrite the files themselves
    #[arg(long, conflicts_with_all = ["output", "dry_run"])]
    in_place: bool,
    /// Write the new text of the one file here in place of standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "dry_run")]
    output: Option<PathBuf>,
    /// List what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Ask this archive in place of the Wayback Machine, by name or address (see `ibid check --help`); may
    /// be given again
    #[arg(long, value_name = "NAME|URL", value_parser = super::copies::named)]
    archive: Vec<String>,
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

/// A file, and where copies can be written in it.
struct Work {
    old: Vec<u8>,
    linkable: Linkable,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let mut given = args.network.settings();
    given.extend(args.remember.settings());
    let archives = (!args.archive.is_empty()).then(|| Value::from(args.archive.join(" ")));
    given.extend(archives.map(|archives| ("network.archive-list", archives)));
    let config = args.configured.load(args.input.files.first().map(PathBuf::as_path), given)?;
    let mut policy = args.network.policy(&config);
    if policy.archives.when == When::Never && policy.origin == Origin::Live {
        policy.origin = Origin::Offline;
    }
    // What earlier runs saw of the web is known without it.
    let seen = match &policy.origin {
        Origin::Offline => Policy { origin: Origin::Live, ..policy.clone() },
        _ => policy.clone(),
    };
    let mut memory = memory::open(&config, &seen)?;
    let (documents, mut faulty) = args.input.read();
    let (mut works, mut linked) = (Vec::new(), Vec::new());
    for read in documents {
        match open(&read) {
            Ok(work) => {
                works.push(work);
                linked.push(read);
            }
            Err(error) => {
                faulty = true;
                anstream::eprintln!("ibid: {}: {error:#}", read.path);
            }
        }
    }
    if works.is_empty() {
        return Ok(Outcome::Faulty);
    }
    anyhow::ensure!(
        works.len() == 1 || args.in_place || args.dry_run,
        "{} files cannot be written to one place; use --in-place, or --dry-run to see what it would do",
        works.len()
    );

    let mut wanted = Vec::new();
    let mut seen = HashSet::new();
    for (_, url) in works.iter().flat_map(|work| work.linkable.spots()) {
        if policy.leaves_out(url).is_none() && seen.insert(url) {
            wanted.push(url.to_owned());
        }
    }
    let mut progress = Progress::new(args.progress, wanted.len() as u64);
    let runtime = network::runtime()?;
    let mut forgetful = Oblivion;
    let lookups = runtime.block_on(run::find_copies(
        &linked,
        wanted.clone(),
        &policy,
        memory.or(&mut forgetful),
        |event| progress.heard(&event),
        Interrupt::listen(&runtime).came(),
    ));
    progress.finish();
    memory.tell();
    runtime.shutdown_background();
    let lookups: HashMap<String, Option<Lookup>> = wanted.into_iter().zip(lookups?).collect();
    let copies: HashMap<&str, ArchivedCopy> = lookups
        .iter()
        .filter_map(|(url, lookup)| {
            let found = lookup.as_ref()?.found.as_ref()?;
            Some((url.as_str(), ArchivedCopy { url: found.url.clone(), date: found.date }))
        })
        .collect();
    for (work, read) in works.iter().zip(&linked) {
        for (line, url) in work.linkable.spots().filter(|(_, url)| !copies.contains_key(url)) {
            let why = reason(lookups.get(url).and_then(Option::as_ref), &policy);
            anstream::eprintln!("ibid: {}:{line}: no copy of {url}: {why}", read.path);
        }
        if let Err(error) = write(work, read, &copies, &args) {
            if super::is_broken_pipe(&error) {
                return Err(error);
            }
            faulty = true;
            anstream::eprintln!("ibid: {}: {error:#}", read.path);
        }
    }
    Ok(if faulty { Outcome::Faulty } else { Outcome::Clean })
}

fn open(read: &ReadDocument) -> anyhow::Result<Work> {
    anyhow::ensure!(read.path != "-", "name a file; links are not written into standard input");
    let old = std::fs::read(&read.path)?;
    let mut linkable = Linkable::open(read.format, &old)?;
    let cited = distinct_urls(std::slice::from_ref(read));
    linkable.keep(&cited.iter().map(|(url, _)| url.as_str()).collect());
    Ok(Work { old, linkable })
}

fn write(
    work: &Work,
    read: &ReadDocument,
    copies: &HashMap<&str, ArchivedCopy>,
    args: &Args,
) -> anyhow::Result<()> {
    if args.dry_run {
        let mut out = anstream::stdout().lock();
        for (line, url) in work.linkable.spots() {
            if let Some(copy) = copies.get(url) {
                writeln!(out, "{}:{line}: {url} → {}", read.path, copy.url)?;
            }
        }
        return Ok(());
    }
    let new = work.linkable.with(|url| copies.get(url))?;
    match &args.output {
        _ if args.in_place && new == work.old => Ok(()),
        _ if args.in_place => replace(Path::new(&read.path), &new),
        Some(path) => std::fs::write(path, new).with_context(|| path.display().to_string()),
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(&new)?;
            Ok(out.flush()?)
        }
    }
}

/// Puts new bytes in the place of a file, all of them or none.
fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // Of a symbolic link the file is replaced, not the link.
    let path = path.canonicalize()?;
    let name = path.file_name().context("not a file")?.to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = File::create_new(&part)
        .and_then(|mut file| {
            file.set_permissions(std::fs::metadata(&path)?.permissions())?;
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&part, &path));
    if written.is_err() {
        // It may not be there.
        let _ = std::fs::remove_file(&part);
    }
    Ok(written?)
}

/// Why no copy is known.
fn reason(lookup: Option<&Lookup>, policy: &Policy) -> String {
    let Some(lookup) = lookup else {
        return match policy.origin {
            Origin::Offline => "no earlier run found one, and no archive is asked",
            Origin::Replay(_) => "the recorded web holds no answer of an archive about it",
            Origin::Live => "no archive was asked about it",
        }
        .to_owned();
    };
    let Some(near) = lookup.near else { return "there is no date to choose one by".to_owned() };
    let names = lookup.asked.join(" and ");
    match lookup.refused.first() {
        Some(refused) => {
            let (day, basis) = (refused.date.in_words(), near.basis.in_words());
            let why = refused.reason.trim_end_matches('.');
            format!("the one nearest to {basis}, of {day}, is none of the source ({why})")
        }
        None if lookup.is_miss() => {
            format!("{names} {} none", if lookup.asked.len() == 1 { "has" } else { "have" })
        }
        None if lookup.silent.is_empty() => "not all of its copies were looked at".to_owned(),
        None => lookup.silence_in_words(),
    }
}
