//! `ibid check`

use std::io::IsTerminal;

use clap::ValueEnum;
use ibid::check::{Settings, Severity};
use ibid::run;
use ibid::source::Event;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Outcome;
use super::explain::unknown_rule;
use super::input::{FormArg, Input, form_named, print};
use super::network::Network;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// How to print it: terminal, table or json
    #[arg(long, value_name = "FORM", default_value = "terminal", value_parser = form_named)]
    format: FormArg,
    /// Show fine notes too
    #[arg(short, long)]
    verbose: bool,
    /// The mildest finding that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    /// Report a rule as error, warning or info, or turn it off; may be given again
    #[arg(long, value_name = "RULE=SEVERITY", value_parser = severity_of_rule)]
    severity: Vec<(String, Option<Severity>)>,
    #[command(flatten)]
    network: Network,
}

fn severity_of_rule(text: &str) -> Result<(String, Option<Severity>), String> {
    const LEVELS: [(&str, Option<Severity>); 4] = [
        ("error", Some(Severity::Error)),
        ("warning", Some(Severity::Warning)),
        ("info", Some(Severity::Info)),
        ("off", None),
    ];
    let Some((rule, level)) = text.split_once('=') else {
        return Err("write RULE=SEVERITY, such as date-near=off".to_owned());
    };
    if !Settings::default().set(rule, None) {
        return Err(unknown_rule(rule));
    }
    let known = LEVELS.into_iter().find(|(name, _)| *name == level);
    known
        .map(|(_, severity)| (rule.to_owned(), severity))
        .ok_or_else(|| "severities are error, warning, info and off".to_owned())
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    fn fails(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let (documents, faulty) = args.input.read();
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    let total = ibid::check::case::distinct_urls(&documents).len() as u64;
    let bar = progress(total);
    let policy = args.network.policy();
    let mut settings = Settings::default();
    for (rule, severity) in &args.severity {
        anyhow::ensure!(settings.set(rule, *severity), "{}", unknown_rule(rule));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(run::check(
        documents,
        &policy,
        &settings,
        |event| match event {
            Event::Started { url } => bar.set_message(url.to_owned()),
            Event::Waiting { url, wait } => {
                bar.set_message(format!("{url} again in {} s", wait.as_secs().max(1)));
            }
            Event::Visited(_) => bar.inc(1),
        },
        interrupted(),
    ));
    bar.finish_and_clear();
    // What is still on its way (a hanging look-up) must not hold the report back.
    runtime.shutdown_background();
    let report = report?;
    print(&report, args.format.0, args.verbose)?;
    let failed = report.findings.iter().any(|finding| args.fail_on.fails(finding.severity));
    Ok(match (faulty, failed) {
        (true, _) => Outcome::Faulty,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

/// A bar on a terminal, nothing in a pipe.
fn progress(total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}").expect("the template is valid");
    ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_style(style)
}

/// Completes at the first Ctrl-C; a second one ends the program as usual.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(130);
        }
    });
}
