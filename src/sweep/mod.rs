//! Very many sources, again and again: what is cited where, what is due, in which order it is asked.
//!
//! ```text
//! lists, documents ── scope ──▶ sources on file ── queue ──▶ source::visit_each ──▶ history
//!                                                                                      │
//! worklists: save, repair, lost ◀── copies ── source::find_each ◀── what is dead ◀─────┘
//! ```
//!
//! Everything is on file as soon as it is known: a sweep that is killed goes on where it was, and asks
//! nothing again that was kept. No document and no visit stays in memory, only the number of each source in
//! the queue of its host.

mod copies;
pub mod list;
mod queue;
mod scope;
pub mod worklist;

pub use queue::{Plan, Queue};
pub use scope::{Cite, Stamp, Sweep};
