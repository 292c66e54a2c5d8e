//! Answers from a web archive, and never from the network.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;
use url::Url;
use warc::RecordType;

use super::SourceError;
use super::archive::{self, Damage, Entry, Records, Spot};
use super::fault::Fault;
use super::http;
use super::web::{Answer, Ask, Wants};

/// An archive, indexed. Of two answers for one address the later one counts.
#[derive(Clone)]
pub(super) struct Archive(Arc<Index>);

struct Index {
    path: PathBuf,
    max_body: usize,
    kept: Vec<Kept>,
    by_url: HashMap<String, usize>,
}

/// A record that answers for an address.
struct Kept {
    block: Spot,
    /// The archiver stopped before the answer's end (`WARC-Truncated`).
    cut: bool,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// It holds the answer.
    Answer,
    /// A revisit: the answer was the same as an earlier one.
    Repeats(usize),
    /// A revisit of something that the archive does not hold.
    Dangles,
}

impl Archive {
    /// Reads the archive through once. `max_body` as in [`super::Policy`].
    pub(super) fn open(path: &Path, max_body: usize) -> Result<Self, SourceError> {
        let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
        let mut records = Records::open(path).map_err(unreadable)?;
        let mut index = Index { path: path.to_owned(), max_body, kept: Vec::new(), by_url: HashMap::new() };
        let mut earlier = HashMap::new();
        loop {
            match records.next() {
                Ok(Some(entry)) => index.keep(&entry, &mut earlier),
                Ok(None) => return Ok(Self(Arc::new(index))),
                Err(Damage { record, offset, why }) => {
                    return Err(SourceError::Damaged { path: path.to_owned(), record, offset, why });
                }
            }
        }
    }

    pub(super) async fn get(&self, ask: &Ask) -> Result<Answer, Fault> {
        let Some(&at) = self.0.by_url.get(&key(&ask.url)) else { return Err(Fault::NotArchived) };
        let (index, wants) = (Arc::clone(&self.0), ask.wants);
        match spawn_blocking(move || index.read(at, wants)).await {
            Ok(answer) => answer,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}

impl Index {
    /// `earlier`: what revisits may call an answer by, hashed.
    fn keep(&mut self, entry: &Entry, earlier: &mut HashMap<u64, usize>) {
        let Some(url) = entry.target.as_deref().and_then(target) else { return };
        let kind = match entry.kind {
            RecordType::Response => Kind::Answer,
            RecordType::Revisit => self.referred(entry, &url, earlier).map_or(Kind::Dangles, Kind::Repeats),
            _ => return,
        };
        let at = self.kept.len();
        self.kept.push(Kept { block: entry.block, cut: entry.truncated, kind });
        if let Some(answer) = self.answer_of(at) {
            for name in [Some(&entry.id), entry.digest.as_ref()].into_iter().flatten() {
                earlier.insert(hash(name), answer);
            }
        }
        self.by_url.insert(key(&url), at);
    }

    /// The answer that a revisit stands for, by the id, address or digest that it names, or else by
    /// its own address.
    fn referred(&self, entry: &Entry, url: &Url, earlier: &HashMap<u64, usize>) -> Option<usize> {
        let by_name = |name: &Option<String>| earlier.get(&hash(name.as_deref()?)).copied();
        let by_url = |url: &Url| self.answer_of(*self.by_url.get(&key(url))?);
        by_name(&entry.refers_to)
            .or_else(|| by_url(&target(entry.refers_to_target.as_deref()?)?))
            .or_else(|| by_name(&entry.digest))
            .or_else(|| by_url(url))
    }

    /// The record that holds the answer which a record stands for.
    fn answer_of(&self, at: usize) -> Option<usize> {
        match self.kept[at].kind {
            Kind::Answer => Some(at),
            Kind::Repeats(earlier) => Some(earlier),
            Kind::Dangles => None,
        }
    }

    fn read(&self, at: usize, wants: Wants) -> Result<Answer, Fault> {
        let kept = &self.kept[at];
        let answer = match kept.kind {
            Kind::Answer => self.answer(at, wants),
            Kind::Dangles => return Err(Fault::Dangling),
            Kind::Repeats(earlier) => {
                self.answer(earlier, wants).and_then(|answer| self.renewed(kept.block, answer))
            }
        };
        answer.map_err(|err| Fault::BadRecord(err.to_string()))
    }

    fn answer(&self, at: usize, wants: Wants) -> io::Result<Answer> {
        let kept = &self.kept[at];
        http::read(archive::open(&self.path, kept.block)?, self.max_body, kept.cut, wants)
    }

    /// An earlier answer under the head of its revisit. A 304 says that nothing changed, head included
    /// (ISO 28500, 6.7.3).
    fn renewed(&self, block: Spot, earlier: Answer) -> io::Result<Answer> {
        if block.len == 0 {
            return Ok(earlier);
        }
        let head = http::head(&mut io::BufReader::new(archive::open(&self.path, block)?))?;
        Ok(if head.status == 304 {
            earlier
        } else {
            Answer {
                html: earlier.html,
                json: earlier.json,
                text: earlier.text,
                pdf: earlier.pdf,
                empty: earlier.empty,
                ..head
            }
        })
    }
}

/// Addresses are compared as the URL standard writes them, without the fragment, which no server sees.
fn key(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.into()
}

/// WARC 1.0's grammar puts addresses in angle brackets, and some writers do so too.
fn target(field: &str) -> Option<Url> {
    let url = Url::parse(field.trim().trim_start_matches('<').trim_end_matches('>')).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.trim().hash(&mut hasher);
    hasher.finish()
}
