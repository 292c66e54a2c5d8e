//! `ibid generate`: what is made from the command line and the rules themselves.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;
use ibid::check::{self, Check};

use super::Outcome;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Completions for a shell, to standard output
    Completions {
        /// bash, zsh, fish, powershell or elvish
        shell: Shell,
    },
    /// Manual pages, one for each command, into a folder
    Man {
        /// Created if need be
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// A page of all rules in Markdown, to standard output
    Rules,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut super::Args::command(), "ibid", &mut script);
            std::io::stdout().write_all(&script)?;
        }
        What::Man { folder } => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            clap_mangen::generate_to(super::Args::command(), folder)
                .with_context(|| folder.display().to_string())?;
        }
        What::Rules => rules(&mut std::io::stdout().lock())?,
    }
    Ok(Outcome::Clean)
}

fn rules(out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "# Rules\n\n`--severity RULE=error|warning|info|off` changes what a rule does.\n")?;
    writeln!(out, "| rule | severity | finds |\n|---|---|---|")?;
    for check in check::rules() {
        writeln!(out, "| [{0}](#{0}) | {1} | {2} |", check.rule, check.severity.name(), check.summary)?;
    }
    check::rules().try_for_each(|check| rule(check, out))
}

fn rule(check: &Check, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "\n## {}\n\n*{}.* {}\n\n{}",
        check.rule,
        check.severity.name(),
        check.summary,
        check.explanation
    )?;
    for example in check.examples {
        writeln!(out, "\n{}:\n", if example.finds.is_empty() { "Not reported" } else { "Reported" })?;
        for line in example.text.trim_end().lines() {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}
