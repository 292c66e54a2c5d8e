//! The names on the command line → files: folders and patterns opened up.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use globset::{GlobBuilder, GlobMatcher};
use ibid::document::FORMATS;
use ignore::WalkBuilder;

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) path: PathBuf,
    /// Named itself, not found in a folder: that it cannot be read is a fault.
    pub(super) named: bool,
}

/// The files that an argument stands for, in the order of their paths: a file itself, whatever it is;
/// of a folder or a pattern, those that look like documents and that no `.gitignore` leaves out.
pub(super) fn named_by(argument: &Path) -> anyhow::Result<Vec<Wanted>> {
    if argument == Path::new("-") || argument.exists() && !argument.is_dir() {
        return Ok(vec![Wanted { path: argument.to_owned(), named: true }]);
    }
    let (files, what) = if argument.is_dir() {
        (search(argument, None)?, "holds no document")
    } else if is_pattern(argument) {
        let pattern = argument.to_str().context("not a pattern: not UTF-8")?;
        let glob = GlobBuilder::new(pattern).literal_separator(true).build()?.compile_matcher();
        (search(&fixed_part(argument), Some(&glob))?, "matches no document")
    } else {
        bail!("no such file or folder");
    };
    if files.is_empty() {
        bail!(what);
    }
    Ok(files)
}

/// Leaves out what was named before.
pub(super) fn once(files: Vec<Wanted>) -> Vec<Wanted> {
    let mut seen = HashSet::new();
    let key = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    files.into_iter().filter(|file| seen.insert(key(&file.path))).collect()
}

fn is_pattern(argument: &Path) -> bool {
    argument.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// The folder of a pattern, as far as its name is fixed.
fn fixed_part(pattern: &Path) -> PathBuf {
    let fixed: PathBuf = pattern.iter().take_while(|part| !is_pattern(Path::new(part))).collect();
    if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed }
}

fn search(folder: &Path, pattern: Option<&GlobMatcher>) -> anyhow::Result<Vec<Wanted>> {
    let mut files = Vec::new();
    let walk = WalkBuilder::new(folder).require_git(false).sort_by_file_path(Ord::cmp).build();
    for entry in walk {
        let entry = entry?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.into_path();
        // A pattern without a folder is walked from `.`, which it does not name.
        let path = if folder == Path::new(".") && pattern.is_some() {
            path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
        } else {
            path
        };
        if pattern.map_or_else(|| looks_like_a_document(&path), |pattern| pattern.is_match(&path)) {
            files.push(Wanted { path, named: false });
        }
    }
    Ok(files)
}

fn looks_like_a_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    FORMATS.iter().any(|format| format.extensions.contains(&extension.as_str()))
}
