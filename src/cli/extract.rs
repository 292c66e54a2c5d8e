//! `ibid extract`

use std::mem::ManuallyDrop;

use ibid::run;

use super::Outcome;
use super::input::Input;
use super::output::Output;

#[derive(clap::Args)]
#[command(after_help = "Examples:
  ibid extract draft.md                     a table of the notes
  ibid extract draft.txt --format json      the same for programs
  ibid extract *.txt --report csv=notes.csv")]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    #[command(flatten)]
    output: Output,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let reports = args.output.open("table", &args.input.files)?;
    let (documents, faulty) = args.input.read();
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    // The program ends here: what a long document holds goes with it, and need not be taken apart.
    let mut report = ManuallyDrop::new(run::extract(documents));
    reports.write(&mut report)?;
    Ok(if faulty { Outcome::Faulty } else { Outcome::Clean })
}
