//! `ibid check`

use std::path::{Path, PathBuf};

use anyhow::Context;
use ibid::baseline::Baseline;
use ibid::check::{Settings, Severity};
use ibid::config::{Config, Ignore};
use ibid::history::Chronicle;
use ibid::memory::Session;
use ibid::run;
use ibid::source::Oblivion;
use tokio::runtime::Runtime;

use super::Outcome;

use super::config::Configured;
use super::copies::Copies;
use super::explain::unknown_rule;
use super::input::{Input, Known};
use super::interrupt::Interrupt;
use super::memory::{self, Remember};
use super::network::{self, Network};
use super::outfile::refuse_document;
use super::output::Output;
use super::progress::{self, Progress};
use super::record::Record;
use super::watch;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid check draft.md                           what is wrong, note by note
  ibid check draft.md --offline                 what the text alone can tell
  ibid check draft.txt --report html=notes.html a page for editors
  ibid check *.md --diff origin/main            only notes changed since then
  ibid check *.md --baseline known.json         only what is new
  ibid check draft.md --watch                   again whenever it is saved
  ibid check draft.md --record web.warc.gz      and keep what was seen; --replay reads it
Exit status: 0 nothing at or above --fail-on, 1 something, 2 the run failed or a file could not be read.")]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    output: Output,
    /// The mildest finding that makes the exit status 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_parser = ["error", "warning", "info", "never"])]
    fail_on: Option<String>,
    /// Report a rule as error, warning or info, or turn it off; may be given again
    #[arg(long, value_name = "RULE=SEVERITY", value_parser = severity_of_rule)]
    severity: Vec<(String, Option<Severity>)>,
    /// Report only findings that this file does not know
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings of this run to the baseline
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
    /// Check only what changed since a git revision
    #[arg(long, value_name = "REVISION")]
    diff: Option<String>,
    /// Check again whenever a document is saved, until Ctrl-C
    #[arg(long, conflicts_with_all = ["update_baseline", "record"])]
    watch: bool,
    /// What to show while the run lasts
    #[arg(long, value_name = "FORM", default_value = "auto")]
    progress: progress::Form,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    record: Record,
    #[command(flatten)]
    copies: Copies,
    #[command(flatten)]
    remember: Remember,
    #[command(flatten)]
    configured: Configured,
}

fn severity_of_rule(text: &str) -> Result<(String, Option<Severity>), String> {
    let Some((rule, level)) = text.split_once('=') else {
        return Err("write RULE=SEVERITY, such as date-near=off".to_owned());
    };
    if !Settings::default().set(rule, None) {
        return Err(unknown_rule(rule));
    }
    let severity = Severity::named(level);
    if severity.is_none() && level != "off" {
        return Err("severities are error, warning, info and off".to_owned());
    }
    Ok((rule.to_owned(), severity))
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let runtime = network::runtime()?;
    let outcome =
        if args.watch { watch::run(&args, &runtime) } else { once(&args, &runtime, &mut Past::default()) };
    // What is still on its way (a hanging look-up) holds nothing back.
    runtime.shutdown_background();
    outcome
}

/// What one check leaves to the next, where the program checks again.
#[derive(Default)]
pub(super) struct Past {
    pub(super) documents: Known,
    /// Where what was seen of the sources is kept if no file keeps it; without one it is not.
    pub(super) sources: Option<Session>,
    pub(super) interrupt: Option<Interrupt>,
}

impl Args {
    fn first_file(&self) -> Option<&Path> {
        self.input.files.first().map(PathBuf::as_path)
    }

    /// The ibid.toml in force.
    pub(super) fn config_file(&self) -> Option<PathBuf> {
        self.configured.file(self.first_file())
    }

    pub(super) fn config(&self) -> anyhow::Result<Config> {
        let mut given = self.network.settings();
        given.extend(self.copies.settings());
        given.extend(self.remember.settings());
        given.extend(self.fail_on.clone().map(|fail_on| ("fail-on", fail_on.into())));
        let mut config = self.configured.load(self.first_file(), given)?;
        for (rule, severity) in &self.severity {
            anyhow::ensure!(config.rules.set(rule, *severity), "{}", unknown_rule(rule));
        }
        Ok(config)
    }
}

pub(super) fn once(args: &Args, runtime: &Runtime, past: &mut Past) -> anyhow::Result<Outcome> {
    let config = args.config()?;
    let mut policy = args.network.policy(&config);
    let mut memory = memory::open(&config, &policy)?;
    let reports = args.output.open("terminal", &args.input.files)?;
    let known = match &args.baseline {
        Some(path) if !args.update_baseline => Some(Baseline::read(path)?),
        Some(path) => {
            refuse_document(path, &args.input.files).with_context(|| path.display().to_string())?;
            None
        }
        None => None,
    };
    let (mut documents, faulty) = args.input.read_again(&mut past.documents);
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    if let Some(revision) = &args.diff {
        args.input.settle(&mut documents, revision)?;
    }
    let recording = args.record.open(&mut policy)?;
    let total = ibid::check::case::distinct_urls(&documents).len() as u64;
    let mut progress = Progress::new(args.progress, total);
    let interrupt = past.interrupt.get_or_insert_with(|| Interrupt::listen(runtime)).clone();
    let mut forgetful = Oblivion;
    let session = past.sources.as_mut().map_or(&mut forgetful as &mut dyn Chronicle, |session| session);
    let report = runtime.block_on(run::recheck(
        documents,
        &policy,
        &config.rules,
        memory.or(session),
        |event| {
            progress.heard(&event);
            recording.heard(&event);
        },
        interrupt.came(),
    ));
    progress.finish();
    let kept = recording.finish();
    memory.tell();
    let mut report = report?;
    if let (Some(path), true) = (&args.baseline, args.update_baseline) {
        let baseline = Baseline::of(&report);
        baseline.write(path)?;
        baseline.apply(&mut report);
    }
    if let Some(known) = known {
        known.apply(&mut report);
    }
    let ignored = Ignore::apply(&config.ignores, &mut report, today());
    for expired in ignored.expired {
        anstream::eprintln!(
            "ibid: the ignore in line {} is past its last day ({})",
            expired.line,
            expired.reason
        );
    }
    let fails = |severity| config.fail_on.is_some_and(|least| severity >= least);
    let failed = report.findings.iter().any(|finding| fails(finding.severity));
    let written = reports.write(&mut report);
    past.documents.keep(report.documents);
    written?;
    Ok(match (faulty || !kept, failed) {
        (true, _) => Outcome::Faulty,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

/// The day, in universal time.
fn today() -> jiff::civil::Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}
