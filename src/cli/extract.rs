//! `ibid extract`

use ibid::run;

use super::Outcome;
use super::input::{FormArg, Input, form_named, print};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: Input,
    /// How to print it: table, json or terminal
    #[arg(long, value_name = "FORM", default_value = "table", value_parser = form_named)]
    format: FormArg,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (documents, faulty) = args.input.read();
    if documents.is_empty() {
        return Ok(Outcome::Faulty);
    }
    print(&run::extract(documents), args.format.0, false)?;
    Ok(if faulty { Outcome::Faulty } else { Outcome::Clean })
}
