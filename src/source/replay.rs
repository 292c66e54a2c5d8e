//! Answers from a web archive, and never from the network.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::task::spawn_blocking;
use url::Url;
use warc::RecordType;

use super::SourceError;
use super::archive::{Damage, Entry, Records, Spot, Warc};
use super::fault::Fault;
use super::http;
use super::tap::FAULT_FIELD;
use super::web::{Answer, Ask, Wants};

/// An archive, indexed. Of two answers for one address the later one counts.
#[derive(Clone)]
pub(super) struct Archive(Arc<Index>);

struct Index {
    warcs: Vec<Warc>,
    max_body: usize,
    kept: Vec<Kept>,
    by_url: HashMap<String, usize>,
}

/// A record that answers for an address.
struct Kept {
    /// Element of [`Index::warcs`].
    warc: usize,
    block: Spot,
    /// The archiver stopped before the answer's end (`WARC-Truncated`).
    cut: bool,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    /// It holds the answer.
    Answer,
    /// A revisit: the answer was the same as an earlier one.
    Repeats(usize),
    /// A revisit of something that the archive does not hold.
    Dangles,
    /// There was no answer in the end; one may have begun.
    Silence { fault: Fault, begun: Option<usize> },
}

impl Archive {
    /// Reads the archive through once. `max_body` as in [`super::Policy`].
    pub(super) fn open(path: &Path, max_body: usize) -> Result<Self, SourceError> {
        let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
        let warcs = Warc::all(path).map_err(unreadable)?;
        let mut index = Index { warcs: warcs.clone(), max_body, kept: Vec::new(), by_url: HashMap::new() };
        let mut earlier = HashMap::new();
        for (number, warc) in warcs.iter().enumerate() {
            let mut records = Records::open(warc).map_err(unreadable)?;
            while let Some(entry) = records.next().map_err(|Damage { record, offset, why }| {
                SourceError::Damaged { path: path.to_owned(), record, offset, why }
            })? {
                index.keep(number, &entry, &mut earlier);
            }
        }
        Ok(Self(Arc::new(index)))
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
    fn keep(&mut self, warc: usize, entry: &Entry, earlier: &mut HashMap<u64, usize>) {
        let Some(url) = entry.target.as_deref().and_then(target) else { return };
        let kind = match entry.kind {
            RecordType::Response => Kind::Answer,
            RecordType::Revisit => self.referred(entry, &url, earlier).map_or(Kind::Dangles, Kind::Repeats),
            RecordType::Metadata => match silence(&entry.start) {
                Some(fault) => {
                    let begun = self.by_url.get(&key(&url)).and_then(|before| self.answer_of(*before));
                    Kind::Silence { fault, begun }
                }
                None => return,
            },
            _ => return,
        };
        let at = self.kept.len();
        self.kept.push(Kept { warc, block: entry.block, cut: entry.truncated, kind });
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
            Kind::Dangles | Kind::Silence { .. } => None,
        }
    }

    fn read(&self, at: usize, wants: Wants) -> Result<Answer, Fault> {
        let kept = &self.kept[at];
        let answer = match &kept.kind {
            Kind::Answer => self.answer(at, wants),
            Kind::Dangles => return Err(Fault::Dangling),
            Kind::Silence { fault, begun } => return self.begun(*begun, fault.clone()),
            Kind::Repeats(earlier) => {
                self.answer(*earlier, wants).and_then(|answer| self.renewed(kept, answer))
            }
        };
        answer.map_err(|err| Fault::BadRecord(err.to_string()))
    }

    fn answer(&self, at: usize, wants: Wants) -> io::Result<Answer> {
        let kept = &self.kept[at];
        http::read(self.warcs[kept.warc].open(kept.block)?, self.max_body, kept.cut, wants)
    }

    /// Of an answer that did not come to its end there is the head.
    fn begun(&self, answer: Option<usize>, fault: Fault) -> Result<Answer, Fault> {
        let head = |at: usize| {
            let block = self.warcs[self.kept[at].warc].open(self.kept[at].block);
            http::head(&mut io::BufReader::new(block?))
        };
        match answer.map(head) {
            Some(Ok(head)) if (200..300).contains(&head.status) => Ok(Answer { broken: Some(fault), ..head }),
            _ => Err(fault),
        }
    }

    /// An earlier answer under the head of its revisit. A 304 says that nothing changed, head included
    /// (ISO 28500, 6.7.3).
    fn renewed(&self, kept: &Kept, earlier: Answer) -> io::Result<Answer> {
        if kept.block.len == 0 {
            return Ok(earlier);
        }
        let head = http::head(&mut io::BufReader::new(self.warcs[kept.warc].open(kept.block)?))?;
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

/// Why an address gave no answer, as our own recorder says it.
fn silence(metadata: &[u8]) -> Option<Fault> {
    let mut fields = metadata.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    Fault::named(fields.find_map(|line| line.strip_prefix(FAULT_FIELD)?.strip_prefix(": "))?.trim_end())
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.trim().hash(&mut hasher);
    hasher.finish()
}
