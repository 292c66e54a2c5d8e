//! `ibid cache`

use std::path::PathBuf;

use anyhow::Context;
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
    /// Forget what was seen of the sources, but keep their history
    Clear {
        /// Remove the history too: the whole file
        #[arg(long)]
        history: bool,
    },
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    let path = memory::place(args.cache)?;
    match args.act {
        Act::Path => anstream::println!("{}", path.display()),
        Act::Clear { history } => {
            let (found, done) = if history {
                let removed = ibid::memory::remove(&path);
                (removed.with_context(|| format!("{} cannot be removed", path.display()))?, "removed")
            } else {
                (ibid::memory::clear(&path)?, "cleared, all but the history,")
            };
            anstream::eprintln!("ibid: {} {}", if found { done } else { "there is no" }, path.display());
        }
    }
    Ok(Outcome::Clean)
}
