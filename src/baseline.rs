//! Findings that are known and accepted, kept in a file, so that a run reports only what is new.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::report::{Report, fingerprint};

/// Raised when the file changes its meaning.
const FORMAT_VERSION: u32 = 1;

/// What a baseline file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    format_version: u32,
    findings: Vec<Known>,
}

/// A known finding. Only the fingerprint counts; the rest is for whoever reads the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    rule: String,
    document: String,
    note: Option<String>,
    message: String,
}

/// Why a baseline file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It cannot be read or written.
    #[error("the baseline {} cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// From the system.
        #[source]
        source: io::Error,
    },
    /// It is not a baseline.
    #[error("the baseline {} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// With line and column.
        #[source]
        source: serde_json::Error,
    },
    /// It was written by a later version.
    #[error("the baseline {} is of format {version}, this program reads {FORMAT_VERSION}", path.display())]
    Later {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
}

impl Baseline {
    /// The findings of a report.
    pub fn of(report: &Report) -> Self {
        let known = report.findings.iter().zip(fingerprint::all(report));
        let mut findings: Vec<Known> = known
            .map(|(finding, fingerprint)| Known {
                fingerprint,
                rule: finding.rule.to_owned(),
                document: report.documents[finding.document].path.clone(),
                note: finding.note.clone(),
                message: finding.message.to_string(),
            })
            .collect();
        // One order for the same findings, so that a changed file shows what changed.
        findings.sort_by(|a, b| {
            (&a.document, &a.rule, &a.fingerprint).cmp(&(&b.document, &b.rule, &b.fingerprint))
        });
        Baseline { format_version: FORMAT_VERSION, findings }
    }

    /// Reads a baseline file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let text =
            std::fs::read(path).map_err(|source| BaselineError::File { path: path.to_owned(), source })?;
        let read: Self = serde_json::from_slice(&text)
            .map_err(|source| BaselineError::Damaged { path: path.to_owned(), source })?;
        if read.format_version > FORMAT_VERSION {
            return Err(BaselineError::Later { path: path.to_owned(), version: read.format_version });
        }
        Ok(read)
    }

    /// Writes a baseline file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let part = path.with_extension("part");
        serde_json::to_string_pretty(self)
            .map_err(io::Error::from)
            .and_then(|text| std::fs::write(&part, text + "\n"))
            .and_then(|()| std::fs::rename(&part, path))
            .map_err(|source| BaselineError::File { path: path.to_owned(), source })
    }

    /// Takes the known findings out of a report and counts them there.
    pub fn apply(&self, report: &mut Report) {
        let mut known: HashMap<&str, usize> = HashMap::new();
        self.findings.iter().for_each(|f| *known.entry(&f.fingerprint).or_default() += 1);
        let mut fingerprints = fingerprint::all(report).into_iter();
        let before = report.findings.len();
        report.findings.retain(|_| {
            let fingerprint = fingerprints.next().unwrap_or_default();
            !known.contains_key(fingerprint.as_str())
        });
        report.known += before - report.findings.len();
    }
}
