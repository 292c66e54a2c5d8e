//! Files that the user wants written.

use std::fs::{File, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use tempfile::{Builder, NamedTempFile};

/// A file that is opened before the work begins and takes its name when it is whole: what stood there
/// before is not lost to a run that fails.
pub(super) struct OutFile {
    path: PathBuf,
    file: Target,
}

enum Target {
    Beside(NamedTempFile),
    /// A device or a pipe.
    Direct(File),
}

impl OutFile {
    /// Opens it; one of the documents is no place for what is said of them.
    pub(super) fn open(path: &Path, documents: &[PathBuf]) -> anyhow::Result<Self> {
        let file = Self::target(path, documents).with_context(|| path.display().to_string())?;
        Ok(Self { path: path.to_owned(), file })
    }

    fn target(path: &Path, documents: &[PathBuf]) -> anyhow::Result<Target> {
        refuse_document(path, documents)?;
        let old = path.metadata().ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return Ok(Target::Direct(File::options().write(true).open(path)?));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".ibid-");
        if let Some(permissions) = old.map(|old| old.permissions()).or_else(usual) {
            builder.permissions(permissions);
        }
        let file = builder.tempfile_in(folder);
        // The name of the file beside it would say nothing to the user.
        let file = file.map_err(|err| anyhow!("its folder cannot be written to: {}", err.kind()))?;
        Ok(Target::Beside(file))
    }

    /// Writes it, whole or not at all.
    pub(super) fn write(self, write: impl FnOnce(&mut File) -> io::Result<()>) -> anyhow::Result<()> {
        let path = self.path;
        let written = match self.file {
            Target::Beside(mut file) => write(file.as_file_mut())
                .and_then(|()| file.persist(&path).map(drop).map_err(|err| err.error)),
            Target::Direct(mut file) => write(&mut file),
        };
        written.with_context(|| path.display().to_string())
    }
}

/// A file that is read is not written to.
pub(super) fn refuse_document(path: &Path, documents: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(own) = path.canonicalize() else { return Ok(()) };
    let same =
        |document: &PathBuf| document.is_file() && document.canonicalize().is_ok_and(|other| other == own);
    anyhow::ensure!(!documents.iter().any(same), "it is one of the documents and would be overwritten");
    Ok(())
}

/// What the user's umask leaves.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn usual() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual() -> Option<Permissions> {
    None
}
