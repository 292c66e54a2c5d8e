//! The files named on the command line → documents.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ibid::check::case::ReadDocument;
use ibid::document::{self, FORMATS, Format, Reading};
use ibid::run;

use super::changed;

/// Which documents, and how they are read and reported.
#[derive(clap::Args)]
pub(super) struct Input {
    /// Documents to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Read every file as this format, whatever its name
    #[arg(id = "input_format", long = "input-format", value_name = "FORMAT", value_parser = format_named)]
    pub(super) format: Option<FormatArg>,
    /// Opens encrypted documents
    #[arg(long, value_name = "PASSWORD", env = "IBID_PASSWORD", hide_env_values = true)]
    pub(super) password: Option<String>,
}

/// A format by its name.
#[derive(Clone, Copy)]
pub(super) struct FormatArg(&'static Format);

fn format_named(name: &str) -> Result<FormatArg, String> {
    let known = || FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    FORMATS.iter().find(|f| f.name == name).map(FormatArg).ok_or_else(|| format!("formats are {}", known()))
}

impl Input {
    /// Reads every file. One that cannot be read is named on standard error and does not stop the
    /// others; the second value says whether there was one.
    pub(super) fn read(&self) -> (Vec<ReadDocument>, bool) {
        let mut documents = Vec::new();
        let mut faulty = false;
        for path in &self.files {
            match self.read_one(path) {
                Ok(document) => documents.push(document),
                Err(error) => {
                    faulty = true;
                    anstream::eprintln!("ibid: {}: {error:#}", path.display());
                }
            }
        }
        (documents, faulty)
    }

    fn read_one(&self, path: &Path) -> anyhow::Result<ReadDocument> {
        let bytes = if path == Path::new("-") {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
            bytes
        } else if path.is_dir() {
            anyhow::bail!("is a directory; name the files in it");
        } else {
            std::fs::read(path)?
        };
        let format = self.format.map_or_else(|| document::format_of(path, &bytes), |format| format.0);
        let document = (format.read)(&bytes, &Reading { password: self.password.clone() })?;
        for warning in &document.warnings {
            anstream::eprintln!("ibid: {}: {warning}", path.display());
        }
        Ok(run::understand(path.display().to_string(), format.name, document))
    }

    /// Leaves out of the check what stood in the documents at a git revision.
    pub(super) fn settle(&self, documents: &mut [ReadDocument], revision: &str) -> anyhow::Result<()> {
        for read in documents.iter_mut().filter(|read| read.path != "-") {
            let path = Path::new(&read.path);
            let Some(bytes) = changed::at_revision(path, revision)? else { continue };
            let format = FORMATS.iter().find(|format| format.name == read.format).expect("it was read");
            // A version that could not be read settles nothing.
            if let Ok(earlier) = (format.read)(&bytes, &Reading { password: self.password.clone() }) {
                read.settle(&earlier);
            }
        }
        Ok(())
    }
}
