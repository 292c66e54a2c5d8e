//! Pages are read on threads of their own: the network never waits for a page, and a look-up that
//! hangs never keeps a page from being read.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::{io, thread};

use ring::digest::{SHA256, digest};
use tokio::sync::oneshot;
use url::Url;

use super::body::decode;
use super::fragment;
use super::probe::Print;
use super::web::Body;
use crate::page::{self, Page, Text};

/// Pages read at once.
const AT_ONCE: usize = 2;

/// A page larger than this is read alone: what is kept of it takes about as much as its text.
const LARGE: usize = 1 << 20;

/// What was read of a body.
pub(super) struct Reading {
    pub(super) page: Box<Page>,
    /// Fragments for which there is no place.
    pub(super) missing: Vec<String>,
    pub(super) print: Option<Print>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub(super) digest: String,
    /// The fingerprint of the main text.
    pub(super) text: Option<Box<Text>>,
}

/// What is looked for in a page beside what it says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Places that these fragments name.
    pub(super) fragments: Vec<String>,
    /// What it can be compared by.
    pub(super) print: bool,
    /// The fingerprint of its main text.
    pub(super) text: bool,
}

/// Reads pages. Its threads end with it.
pub(super) struct Reader(Arc<Queue>);

/// Bodies that wait to be read: as many as there are visits, since each waits for its page.
#[derive(Default)]
struct Queue {
    jobs: Mutex<Jobs>,
    more: Condvar,
    /// Held by who reads, alone by who reads something large.
    room: RwLock<()>,
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    /// No more will come.
    closed: bool,
}

impl Queue {
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next body; `None`: there will be none.
    fn next(&self) -> Option<Job> {
        let waits = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.closed;
        let mut jobs = self.more.wait_while(self.jobs(), waits).unwrap_or_else(PoisonError::into_inner);
        jobs.waiting.pop_front()
    }
}

/// What a body is.
enum Source {
    Page { content_type: Option<String>, wanted: Wanted },
    Pdf,
}

/// One body to be read.
struct Job {
    body: Body,
    source: Source,
    url: Url,
    done: oneshot::Sender<Reading>,
}

impl Job {
    /// A PDF file takes far more memory than its bytes.
    fn is_large(&self) -> bool {
        self.body.bytes.len() > LARGE || matches!(self.source, Source::Pdf)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.jobs().closed = true;
        self.0.more.notify_all();
    }
}

impl Reader {
    pub(super) fn new() -> io::Result<Self> {
        let queue = Arc::<Queue>::default();
        for _ in 0..AT_ONCE {
            let queue = Arc::clone(&queue);
            thread::Builder::new().name("page reader".to_owned()).spawn(move || work(&queue))?;
        }
        Ok(Self(queue))
    }

    /// `None` if the page breaks its reader: that costs the evidence of this page and nothing else.
    pub(super) async fn read(
        &self,
        body: Body,
        content_type: Option<String>,
        url: Url,
        wanted: &Wanted,
    ) -> Option<Reading> {
        self.wait_for(body, Source::Page { content_type, wanted: wanted.clone() }, url).await
    }

    /// Reads a PDF file, likewise.
    pub(super) async fn read_pdf(&self, body: Body, url: Url) -> Option<Reading> {
        self.wait_for(body, Source::Pdf, url).await
    }

    async fn wait_for(&self, body: Body, source: Source, url: Url) -> Option<Reading> {
        let (done, reading) = oneshot::channel();
        self.0.jobs().waiting.push_back(Job { body, source, url, done });
        self.0.more.notify_one();
        reading.await.ok()
    }
}

fn work(queue: &Queue) {
    while let Some(job) = queue.next() {
        // Nobody waits for it once the run is stopped.
        if job.done.is_closed() {
            continue;
        }
        let (shared, alone) = if job.is_large() {
            (None, Some(queue.room.write().unwrap_or_else(PoisonError::into_inner)))
        } else {
            (Some(queue.room.read().unwrap_or_else(PoisonError::into_inner)), None)
        };
        let Job { body, source, url, done } = job;
        let read = catch_unwind(AssertUnwindSafe(|| {
            let Body { bytes, cut, places } = body;
            let digest = hexadecimal(digest(&SHA256, &bytes).as_ref());
            let reading = match source {
                Source::Page { content_type, wanted } => {
                    let html = decode(&bytes, content_type.as_deref(), cut);
                    // Half a text is no other text.
                    let (page, text) = if wanted.text && !cut {
                        page::read_with_text(&html, &url)
                    } else {
                        (page::read(&html, &url), None)
                    };
                    let missing = if cut { Vec::new() } else { fragment::absent(&html, &wanted.fragments) };
                    let (page, text) = (Box::new(page), text.map(Box::new));
                    Reading { page, missing, print: wanted.print.then(|| Print::of(&html)), digest, text }
                }
                Source::Pdf => {
                    let page = Box::new(page::read_pdf(&bytes, &url));
                    Reading { page, missing: Vec::new(), print: None, digest, text: None }
                }
            };
            drop(places);
            reading
        }));
        drop((shared, alone));
        if let Ok(reading) = read {
            let _ = done.send(reading);
        }
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
