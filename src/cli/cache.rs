//! `ibid cache`

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, memory};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The file, in place of the one in the user's cache folder
    #[arg(long, value_name = "FILE", env = "IBID_CACHE", global = true)]
    cache: Option<PathBuf>,
}

#[derive(Clone, Copy, Subcommand)]
enum Act {
    /// Print where the memory is
    Path,
    /// Remove it
    Clear,
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let path = memory::place(args.cache)?;
    match args.act {
        Act::Path => anstream::println!("{}", path.display()),
        Act::Clear => {
            let found = ibid::memory::clear(&path)
                .map_err(|error| anyhow::anyhow!("{} cannot be removed: {error}", path.display()))?;
            let what = if found { "removed" } else { "there is no" };
            anstream::eprintln!("ibid: {what} {}", path.display());
        }
    }
    Ok(Outcome::Clean)
}
