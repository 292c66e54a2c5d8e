//! The switches of the commands that may ask archives for copies of sources.

use ibid::archive::{Chosen, When};
use serde_json::Value;

#[derive(clap::Args)]
#[command(next_help_heading = "Archived copies")]
pub(super) struct Copies {
    /// Look for the archived copy of every source, not only of those that are gone
    #[arg(long, conflicts_with_all = ["no_archives", "offline"])]
    archived: bool,
    /// Ask no archive
    #[arg(long)]
    no_archives: bool,
    /// Ask this archive in place of the Wayback Machine: wayback, arquivo, archive-it, loc, ukwa,
    /// nationalarchives, vefsafn, or the address below which one answers (Memento); may be given again
    #[arg(long, value_name = "NAME|URL", value_parser = named)]
    archive: Vec<String>,
}

impl Copies {
    /// What the command line sets of the settings that a file may set as well.
    pub(super) fn settings(&self) -> Vec<(&'static str, Value)> {
        let when = match (self.archived, self.no_archives) {
            (true, _) => Some(When::Always),
            (_, true) => Some(When::Never),
            _ => None,
        };
        let list = (!self.archive.is_empty()).then(|| Value::from(self.archive.join(" ")));
        let given =
            [("network.archives", when.map(|when| Value::from(when.name()))), ("network.archive-list", list)];
        given.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

pub(super) fn named(name: &str) -> Result<String, String> {
    Chosen::named(name).map(|_| name.to_owned())
}
