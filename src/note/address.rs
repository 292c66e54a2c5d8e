//! Which rest of an address goes on with which beginning, where columns or notes have torn it.
//!
//! An address shares words with what it is cited for: its host with the name of who published that, its path with the
//! title and the date. And a host is mostly cited more than once.

use std::collections::HashSet;

use super::line::Line;
use crate::fold::{self, ByFnv};

/// The hosts of a document that stand whole in a line.
pub(super) struct Hosts<'t>(HashSet<&'t str, ByFnv>);

impl<'t> Hosts<'t> {
    pub(super) fn of(lines: &[Line<'t>]) -> Self {
        let hosts = lines.iter().flat_map(|line| {
            memchr::memmem::find_iter(line.text.as_bytes(), b"://").filter_map(|at| {
                let host = &line.text[at + 3..];
                host.find(['/', ' ']).filter(|end| host[*end..].starts_with('/')).map(|end| &host[..end])
            })
        });
        Hosts(hosts.collect())
    }

    /// How well the word `rest`, which begins a line, goes on with the address that the word `head` breaks off,
    /// `cited` being the words before that.
    pub(super) fn fit(&self, head: &str, rest: &str, cited: &[&Terms]) -> f32 {
        const KNOWN: f32 = 2.0;
        const UNKNOWN: f32 = -1.0;
        const NAMED: f32 = 1.5;
        let head = head.find("http").map_or(head, |at| &head[at..]);
        let in_path = head.split_once("://").map_or_else(|| !head.starts_with("http"), |(_, host)| host.contains('/'));
        let mut score = 0.0;
        let mut path = rest;
        if !in_path {
            let joined = format!("{head}{rest}");
            let Some((_, address)) = joined.split_once("://") else { return 0.0 };
            let Some(end) = address.find('/') else { return 0.0 };
            let host = &address[..end];
            let label = host.trim_start_matches("www.").split('.').next().unwrap_or_default();
            score += if self.0.contains(host) {
                KNOWN
            } else if cited.iter().any(|terms| terms.name(label)) {
                NAMED
            } else {
                UNKNOWN
            };
            path = &rest[(rest.len() + end).saturating_sub(address.len())..];
        }
        score + path_fit(path, in_path && !head.ends_with(['/', '-', '_', '=']), cited)
    }
}

/// How well the rest of a path, its first word broken or not, fits what it is cited for.
fn path_fit(path: &str, broken: bool, cited: &[&Terms]) -> f32 {
    const SHORTEST: usize = 3;
    const FEWEST: usize = 2;
    const MOST: f32 = 2.0;
    let words = path.split(|c: char| !c.is_alphanumeric()).skip(usize::from(broken));
    let words = words.filter(|word| word.len() >= SHORTEST);
    let (mut all, mut alike) = (0, 0);
    for word in words {
        all += 1;
        alike += usize::from(cited.iter().any(|terms| terms.has(word)));
    }
    if all < FEWEST { 0.0 } else { MOST * alike as f32 / all as f32 }
}

/// The words of a text, folded.
pub(super) struct Terms(HashSet<String, ByFnv>);

impl Terms {
    pub(super) fn of(text: &str) -> Self {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
        Terms(words.map(fold::fold).collect())
    }

    fn has(&self, word: &str) -> bool {
        fold::with_folded(word, |word| self.0.contains(word))
    }

    /// The label of a host has one of the words in it.
    fn name(&self, label: &str) -> bool {
        const SHORTEST: usize = 4;
        fold::with_folded(label, |label| {
            self.0.iter().any(|word| word.len() >= SHORTEST && label.contains(word.as_str()))
        })
    }
}
