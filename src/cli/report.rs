//! `ibid report`

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use clap::Subcommand;
use ibid::fold::nearest;
use ibid::history::ledger;
use ibid::history::rot::{BY, By, Collector, FORMS, Form};

use super::Outcome;
use super::history::Kept;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    about: About,
}

#[derive(Subcommand)]
enum About {
    /// How many sources are left, and how long they live
    #[command(after_help = "Examples:
  ibid report rot                                 by the year in which sources were first seen
  ibid report rot --by host --top 50              the hosts with most sources
  ibid report rot --by type --format html > rot.html   a page with the curves
The share alive is estimated as Kaplan and Meier do: sources that still live are counted as long as they
were seen alive. A source dies in the middle between the last check at which it was alive and the first
that said it was gone.")]
    Rot(Rot),
}

#[derive(clap::Args)]
struct Rot {
    /// What sources are grouped by: host, tld, year (first seen), cited (year of the cited date, where
    /// documents were swept), type
    #[arg(long, value_name = "WHAT", default_value = "year", value_parser = by)]
    by: By,
    /// How many groups are shown, the largest
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// The form: table, csv, json or html
    #[arg(long, value_name = "FORM", default_value = "table", value_parser = form)]
    format: FormArg,
    #[command(flatten)]
    kept: Kept,
}

/// A form by its name.
#[derive(Clone, Copy)]
struct FormArg(&'static Form);

fn by(name: &str) -> Result<By, String> {
    BY.iter().find(|by| by.name == name).copied().ok_or_else(|| unknown(name, BY.iter().map(|by| by.name)))
}

fn form(name: &str) -> Result<FormArg, String> {
    let found = FORMS.iter().find(|form| form.name == name).map(FormArg);
    found.ok_or_else(|| unknown(name, FORMS.iter().map(|form| form.name)))
}

fn unknown(name: &str, names: impl Iterator<Item = &'static str> + Clone) -> String {
    let near = nearest(name, names.clone()).map_or(String::new(), |near| format!("did you mean {near}? "));
    format!("{near}there are {}", names.collect::<Vec<_>>().join(", "))
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let About::Rot(args) = &args.about;
    let (file, patience) = args.kept.open(None)?;
    let cited = if args.by.name == "cited" { ledger::cited_dates(&file)? } else { HashMap::new() };
    let mut sources = Collector::new(args.by);
    ledger::courses(&file, patience, |known, course| -> anyhow::Result<()> {
        sources.add(&known, course, cited.get(&known.id).copied());
        Ok(())
    })?;
    let rot = sources.finish(args.top);
    let mut out = BufWriter::new(io::stdout().lock());
    (args.format.0.write)(&rot, &mut out)?;
    out.flush()?;
    Ok(Outcome::Clean)
}
