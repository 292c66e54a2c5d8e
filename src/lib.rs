//! ibid reads a document, finds every numbered note and URL, understands each note, fetches every
//! source, and says with evidence whether it resolves and whether the cited date is the source's
//! date.
//!
//! The modules stand in the order of the flow; none uses a later one:
//!
//! ```text
//! bytes ── Format::read ──▶ Document { notes, callouts, links }
//!                                │ citation::parse, citation::resolve
//!                                ▼
//!                            [Citation] ── source::visit_all ──▶ [Visit { state, Page }]
//!                                │                                   │
//!                                └───────────── check ◀──────────────┘
//!                                                 │
//!                                             [Finding] ── report ──▶ terminal, HTML, JSON, SARIF, …
//! ```
//!
//! Beside the flow stand [`memory`], what earlier runs saw of the sources, [`history`], what became of
//! them over the years, [`sweep`], the asking of very many of them, [`capture`], what is kept of them for
//! later readers, [`archive`], where copies of what is gone are, [`robust`], which writes them into
//! documents, [`config`], what the user wants of a run, and [`baseline`], the findings that are known and
//! accepted.

pub mod archive;
pub mod baseline;
pub mod capture;
pub mod check;
pub mod citation;
pub mod config;
pub mod date;
pub mod document;
pub mod fold;
pub mod history;
pub mod link;
pub mod memory;
pub mod note;
pub mod page;
mod parallel;
pub mod place;
pub mod report;
pub mod resolver;
pub mod robust;
pub mod run;
pub mod source;
pub mod sweep;
