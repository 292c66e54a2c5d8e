//! Sources, kept for later readers.
//!
//! ```text
//! writer   what goes over the wire → a WARC file: record by record
//! record     one record, one gzip member, with its digests
//! mend     a WARC file that was left → the same without what is damaged
//! index    a WARC file → CDXJ lines, by the keys of surt
//! package  a WARC file → a WACZ package
//! keep     sources → a package, in as many runs as it takes
//! save     sources handed in at public archives
//! ```

mod index;
mod keep;
mod mend;
mod package;
mod record;
pub mod save;
mod surt;
mod writer;

use std::io;
use std::path::{Path, PathBuf};

pub use keep::{Kept, Wanted, keep};
pub use package::{Captured, captured, package};
pub use surt::surt;
pub use writer::{LIMIT, Writer};

use crate::source::SourceError;
use crate::source::archive::Damage;

/// Why something cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// A file of that name is there; it is not overwritten.
    #[error("{} exists already and is not overwritten; name another file, or move it away", .0.display())]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{} cannot be {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        what: &'static str,
        /// From the system.
        #[source]
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}, record {record}, at byte {offset} unpacked: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        record: u64,
        /// Where the record starts, in bytes after decompression.
        offset: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The sources could not be visited at all.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl CaptureError {
    fn reading(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), what: "read", source }
    }

    fn writing(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), what: "written", source }
    }

    fn damaged(path: &Path) -> impl Fn(Damage) -> Self {
        move |Damage { record, offset, why }| Self::Damaged { path: path.to_owned(), record, offset, why }
    }
}
