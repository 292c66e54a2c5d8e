//! `ibid check`

use std::path::PathBuf;

use ibid::baseline::Baseline;
use ibid::check::{Settings, Severity};
use ibid::config::Ignore;
use ibid::run;

use super::Outcome;

use super::config::Configured;
use super::copies::Copies;
use super::explain::unknown_rule;
use super::input::Input;
use super::memory::{self, Remember};
use super::network::Network;
use super::output::Output;
use super::progress::{self, Progress};

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid check draft.md                           what is wrong, note by note
  ibid check draft.md --offline                 what the text alone can tell
  ibid check draft.txt --report html=notes.html a page for editors
  ibid check *.md --diff origin/main            only notes changed since then
  ibid check *.md --baseline known.json         only what is new
Exit status: 0 nothing at or above --fail-on, 1 something, 2 the run failed or a file could not be read.")]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
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
    baseline: Option<PathBuf>,
    /// Write the findings of this run to the baseline
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
    /// Check only what changed since a git revision
    #[arg(long, value_name = "REVISION")]
    diff: Option<String>,
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
    let mut given = args.network.settings();
    given.extend(args.copies.settings());
    given.extend(args.remember.settings());
    given.extend(args.fail_on.map(|fail_on| ("fail-on", fail_on.into())));
    let mut config = args.configured.load(args.input.files.first().map(PathBuf::as_path), given)?;
    for (rule, severity) in &args.severity {
        anyhow::ensure!(config.rules.set(rule, *severity), "{}", unknown_rule(rule));
    }
    let policy = args.network.policy(&config);
    let mut memory = memory::open(&config, &policy)?;
    let reports = args.output.open("terminal")?;
    let known = match &args.baseline {
        Some(path) if !args.update_baseline => Some(Baseline::read(path)?),
        _ => None,
    };
    let (mut documents, faulty) = args.input.read();
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    if let Some(revision) = &args.diff {
        args.input.settle(&mut documents, revision)?;
    }
    let total = ibid::check::case::distinct_urls(&documents).len() as u64;
    let mut progress = Progress::new(args.progress, total);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(run::recheck(
        documents,
        &policy,
        &config.rules,
        memory.memory(),
        |event| progress.heard(&event),
        interrupted(),
    ));
    progress.finish();
    memory.tell();
    // What is still on its way (a hanging look-up) must not hold the report back.
    runtime.shutdown_background();
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
    reports.write(&mut report)?;
    Ok(match (faulty, failed) {
        (true, _) => Outcome::Faulty,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

/// The day, in universal time.
fn today() -> jiff::civil::Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// Completes at the first Ctrl-C; a second one ends the program as usual.
pub(super) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}
