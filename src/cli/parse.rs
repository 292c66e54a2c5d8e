//! `ibid parse`

use super::Outcome;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Citations, one a line; `-` or nothing is standard input
    #[arg(value_name = "FILE")]
    file: Option<std::path::PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let _ = &args.file;
    Ok(Outcome::Clean)
}
