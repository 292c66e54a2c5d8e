//! `--diff BASE`: documents as they stand at a git revision.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// The bytes of a file at a revision; `None` where the file was not there yet.
pub(super) fn at_revision(path: &Path, revision: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str()).context("the file's name is not UTF-8")?;
    let git = |args: &[&str]| {
        Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(args)
            .stdin(Stdio::null())
            .output()
            .context("git cannot be run; --diff needs it")
    };
    // A revision is no option, whatever it begins with.
    let known =
        git(&["rev-parse", "--quiet", "--verify", "--end-of-options", &format!("{revision}^{{commit}}")])?;
    if !known.status.success() {
        let why = String::from_utf8_lossy(&known.stderr);
        let why = why.trim();
        bail!("--diff {revision}: {}", if why.is_empty() { "git knows no such revision" } else { why });
    }
    let commit = String::from_utf8_lossy(&known.stdout).trim().to_owned();
    let shown = git(&["show", &format!("{commit}:./{name}")])?;
    Ok(shown.status.success().then_some(shown.stdout))
}
