//! The command line: one file per command.

use std::io;

use clap::{Parser, Subcommand};

mod archive;
mod cache;
mod changed;
mod check;
mod config;
mod copies;
mod explain;
mod extract;
mod files;
mod generate;
mod history;
mod input;
mod inspect;
mod interrupt;
mod link;
mod memory;
mod network;
mod outfile;
mod output;
mod parse;
mod progress;
mod record;
mod report;
mod save;
mod sweep;
mod watch;

/// Checks footnotes: does each source resolve, and is the cited date the source's date?
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the notes, callouts, citations and links of documents
    Extract(extract::Args),
    /// Fetch every source of documents and judge it
    Check(Box<check::Args>),
    /// Ask very many sources, those that are due: lists of addresses, folders of documents
    Sweep(sweep::Args),
    /// Show what became of sources, or of all sources of a document
    History(history::Args),
    /// Count what became of all sources: link rot and half-lives
    Report(report::Args),
    /// Keep every source of documents in a web archive (WACZ)
    Archive(archive::Args),
    /// Show or clear the memory of earlier runs
    Cache(cache::Args),
    /// Show what is in force and where it comes from, or the schema of ibid.toml
    Config(config::Args),
    /// Show what one page says of itself: title, authors, dates
    Inspect(Box<inspect::Args>),
    /// Write archived copies into documents, beside the links of their sources
    Link(Box<link::Args>),
    /// Take citations apart, one a line
    Parse(parse::Args),
    /// Say what a rule finds, why, and how sure it is
    Explain(explain::Args),
    /// Make shell completions, manual pages, the page of rules
    Generate(generate::Args),
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing at or above the level that fails a run.
    Clean,
    /// At least one such finding.
    Findings,
    /// A file could not be read; the others were.
    Faulty,
}

/// Runs the command that the arguments name.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    command(Args::parse().command).map_err(memory::told)
}

fn command(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Extract(args) => extract::run(&args),
        Command::Sweep(args) => sweep::run(args),
        Command::History(args) => history::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Archive(args) => archive::run(args),
        Command::Cache(args) => cache::run(args),
        Command::Config(args) => config::run(&args),
        Command::Check(args) => check::run(*args),
        Command::Inspect(args) => inspect::run(*args),
        Command::Link(args) => link::run(*args),
        Command::Parse(args) => parse::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Generate(args) => generate::run(&args),
    }
}

/// Did the reader of our output go away?
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}
