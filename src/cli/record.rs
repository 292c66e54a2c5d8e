//! Keeping what a run sees in a web archive.

use std::path::PathBuf;
use std::sync::Arc;

use ibid::capture::{self, Writer};
use ibid::source::{Event, Policy, State};

#[derive(clap::Args)]
#[command(next_help_heading = "Network")]
pub(super) struct Record {
    /// Keep everything that goes over the network in a new web archive (WARC), which --replay reads
    #[arg(long, value_name = "FILE.warc.gz", value_parser = packed, conflicts_with_all = ["offline", "replay"])]
    record: Option<PathBuf>,
}

/// A record that is being made, if one is.
pub(super) struct Recording(Option<Arc<Writer>>);

impl Record {
    /// Begins the file, before any work is done.
    pub(super) fn open(&self, policy: &mut Policy) -> anyhow::Result<Recording> {
        let Some(path) = &self.record else { return Ok(Recording(None)) };
        let writer = Arc::new(Writer::create(path, capture::LIMIT, policy)?);
        policy.recorder = Some(writer.clone());
        Ok(Recording(Some(writer)))
    }
}

impl Recording {
    pub(super) fn heard(&self, event: &Event) {
        if let (Some(writer), Event::Visited(visit)) = (&self.0, event)
            && visit.state != State::Skipped
        {
            writer.visited(visit);
        }
    }

    /// Ends the file; says so and gives false if something is missing in it.
    pub(super) fn finish(&self) -> bool {
        let done = self.0.as_ref().map_or(Ok(()), |writer| writer.finish());
        if let Err(error) = &done {
            anstream::eprintln!("ibid: the archive is not complete: {error}");
            if let Some(cause) = std::error::Error::source(error) {
                anstream::eprintln!("ibid: {cause}");
            }
        }
        done.is_ok()
    }
}

fn packed(name: &str) -> Result<PathBuf, String> {
    if name.ends_with(".warc.gz") {
        Ok(name.into())
    } else {
        Err("the archive is packed; its name has to end with .warc.gz".to_owned())
    }
}
