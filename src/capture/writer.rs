//! What goes over the wire, written to a WARC file (ISO 28500:2017) as it comes.
//!
//! Each record is written whole before the next one is begun, so that a run that is killed leaves a
//! file in which at most the last record breaks off. A payload that came before is not written again: a
//! revisit record refers to the first one.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ring::digest::Digest;
use tempfile::SpooledTempFile;
use url::Url;
use warc::RecordType;

use super::CaptureError;
use super::mend;
use super::record::{self, Record, digest_of, labelled, new_id};
use crate::source::web::shown;
use crate::source::{Cut, Exchange, FAULT_FIELD, Policy, Recorder, Silence, Visit};

/// Bytes of one body that are kept if nobody says otherwise: 64 MiB.
pub const LIMIT: u64 = 64 << 20;

/// The profile of a revisit record (ISO 28500, 6.7.2).
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// The field of a metadata record that holds what came of a source, as JSON.
const VISIT_FIELD: &str = "visit";

/// Metadata that belongs to WARC itself.
const FIELDS: &str = "application/warc-fields";

/// A record up to this size is written in one go.
const BUFFER: usize = 256 << 10;

/// A WARC file that grows.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    limit: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// Bytes of the file that are whole records.
    whole: u64,
    /// Where each payload was first kept, by its SHA-1.
    payloads: HashMap<Vec<u8>, Original>,
    /// The first thing that went wrong; then nothing more is written.
    trouble: Option<io::Error>,
}

/// A payload that a revisit can refer to.
#[derive(Debug)]
struct Original {
    id: String,
    url: Url,
    date: Timestamp,
}

impl Writer {
    /// Begins a file; `limit`: bytes of one body that are kept.
    ///
    /// # Errors
    ///
    /// A file of that name exists, or none can be made.
    pub fn create(path: &Path, limit: u64, policy: &Policy) -> Result<Self, CaptureError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                CaptureError::Exists(path.to_owned())
            } else {
                CaptureError::writing(path)(error)
            }
        })?;
        Self::begin(path, file, 0, limit, policy)
    }

    /// Goes on with a file that an earlier run left: what breaks off at its end, or is damaged elsewhere, is
    /// removed. Gives what came of the sources that it holds.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written, or is no web archive.
    pub fn resume(path: &Path, limit: u64, policy: &Policy) -> Result<(Self, Vec<Visit>), CaptureError> {
        let visits = mend::whole(path).map_err(CaptureError::reading(path))?;
        let writing = CaptureError::writing(path);
        let mut file = OpenOptions::new().write(true).open(path).map_err(&writing)?;
        let whole = file.seek(io::SeekFrom::End(0)).map_err(&writing)?;
        Ok((Self::begin(path, file, whole, limit, policy)?, visits))
    }

    fn begin(path: &Path, file: File, whole: u64, limit: u64, policy: &Policy) -> Result<Self, CaptureError> {
        let mut state = State { file, whole, payloads: HashMap::new(), trouble: None };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        state.describe(&name, policy).map_err(CaptureError::writing(path))?;
        Ok(Self { path: path.to_owned(), limit, state: Mutex::new(state) })
    }

    /// Keeps what came of a source.
    pub fn visited(&self, visit: &Visit) {
        let Ok(url) = Url::parse(&visit.url) else { return };
        let mut visit = visit.clone();
        visit.url = shown(&url);
        self.attempt(|state| state.visit(&url, &visit));
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// The first thing that could not be written; what was written before is whole.
    pub fn finish(&self) -> Result<(), CaptureError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match state.trouble.take() {
            Some(error) => Err(error),
            None => state.file.sync_all(),
        };
        done.map_err(CaptureError::writing(&self.path))
    }

    fn attempt(&self, act: impl FnOnce(&mut State) -> io::Result<()>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.trouble.is_none()
            && let Err(error) = act(&mut state)
        {
            state.trouble = Some(error);
        }
    }
}

impl Recorder for Writer {
    fn limit(&self) -> u64 {
        self.limit
    }

    fn spool(&self, in_memory: usize) -> SpooledTempFile {
        // Where the archive finds room, its bodies do; a folder for temporary files may be in memory.
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        SpooledTempFile::new_in(in_memory, folder.unwrap_or(Path::new(".")))
    }

    fn exchange(&self, exchange: &mut Exchange) {
        self.attempt(|state| state.exchange(exchange));
    }

    fn silence(&self, silence: &Silence) {
        self.attempt(|state| {
            let text = format!("{FAULT_FIELD}: {}\r\nreason: {}\r\n", silence.fault, silence.reason);
            state.metadata(&silence.url, silence.at, &text)
        });
    }

    fn failed(&self, error: io::Error) {
        self.attempt(|_| Err(error));
    }
}

/// What came of a source, where a record says so.
pub(super) fn visit_in(kind: &RecordType, block: &[u8]) -> Option<Visit> {
    if *kind != RecordType::Metadata {
        return None;
    }
    let mut lines = std::str::from_utf8(block).ok()?.lines();
    let json = lines.find_map(|line| line.strip_prefix(VISIT_FIELD)?.strip_prefix(": "))?;
    serde_json::from_str(json).ok()
}

/// Does a record say that an address gave no answer?
pub(super) fn is_silence(kind: &RecordType, block: &[u8]) -> bool {
    let mut lines = std::str::from_utf8(block).unwrap_or_default().lines();
    *kind == RecordType::Metadata
        && lines.any(|line| line.strip_prefix(FAULT_FIELD).is_some_and(|rest| rest.starts_with(": ")))
}

impl State {
    fn describe(&mut self, name: &str, policy: &Policy) -> io::Result<()> {
        let text = format!(
            "software: ibid/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n\
             http-header-user-agent: {}\r\n\
             description: cookies, credentials and fields configured for a host are left out of requests; \
             the transfer coding is undone\r\n",
            env!("CARGO_PKG_VERSION"),
            policy.user_agent,
        );
        let fields = vec![("WARC-Filename", name.to_owned())];
        let record =
            Record { kind: "warcinfo", id: &new_id()?, date: Timestamp::now(), content_type: FIELDS, fields };
        self.append(&record, text.as_bytes(), None)
    }

    fn exchange(&mut self, exchange: &mut Exchange) -> io::Result<()> {
        let (id, request) = (new_id()?, new_id()?);
        let (digest, length) = digest_of(&mut exchange.body)?;
        let target = ("WARC-Target-URI", exchange.url.to_string());
        let protocol = exchange.protocol.map(|protocol| ("WARC-Protocol", protocol.to_owned()));

        let mut fields = vec![target.clone(), ("WARC-Concurrent-To", request.clone())];
        fields.extend(exchange.peer.map(|peer| ("WARC-IP-Address", peer.to_string())));
        fields.extend(protocol.clone());
        fields.push(("WARC-Payload-Digest", labelled(&digest)));
        fields.extend(exchange.cut.map(|cut| ("WARC-Truncated", reason(cut).to_owned())));
        let mut answer = Record {
            kind: "response",
            id: &id,
            date: exchange.at,
            content_type: "application/http; msgtype=response",
            fields,
        };
        // Half a payload is no other's, and an empty one no saving.
        let whole = exchange.cut.is_none() && length > 0;
        if let Some(original) = self.payloads.get(digest.as_ref()).filter(|_| whole) {
            answer.kind = "revisit";
            answer.fields.extend([
                ("WARC-Profile", SAME_PAYLOAD.to_owned()),
                ("WARC-Refers-To", original.id.clone()),
                ("WARC-Refers-To-Target-URI", original.url.to_string()),
                ("WARC-Refers-To-Date", original.date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ]);
            self.append(&answer, &exchange.response, None)?;
        } else {
            self.append(&answer, &exchange.response, Some(&mut exchange.body))?;
            if whole {
                self.remember(&digest, &id, exchange);
            }
        }

        let mut fields = vec![target, ("WARC-Concurrent-To", id)];
        fields.extend(protocol);
        let question = Record {
            kind: "request",
            id: &request,
            date: exchange.at,
            content_type: "application/http; msgtype=request",
            fields,
        };
        self.append(&question, &exchange.request, None)
    }

    fn remember(&mut self, digest: &Digest, id: &str, exchange: &Exchange) {
        let original = Original { id: id.to_owned(), url: exchange.url.clone(), date: exchange.at };
        self.payloads.insert(digest.as_ref().to_vec(), original);
    }

    fn visit(&mut self, url: &Url, visit: &Visit) -> io::Result<()> {
        let reason = visit.reason.replace(['\r', '\n'], " ");
        let json = serde_json::to_string(visit)?;
        let text = format!("state: {}\r\nreason: {reason}\r\n{VISIT_FIELD}: {json}\r\n", visit.state.name());
        let url = Url::parse(&shown(url)).map_err(io::Error::other)?;
        self.metadata(&url, Timestamp::now(), &text)
    }

    fn metadata(&mut self, url: &Url, date: Timestamp, text: &str) -> io::Result<()> {
        let fields = vec![("WARC-Target-URI", url.to_string())];
        let record = Record { kind: "metadata", id: &new_id()?, date, content_type: FIELDS, fields };
        self.append(&record, text.as_bytes(), None)
    }

    /// Writes a record whole or not at all.
    fn append(
        &mut self,
        record: &Record,
        head: &[u8],
        body: Option<&mut dyn record::Again>,
    ) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER, &self.file);
        match record::write(&mut out, record, head, body) {
            Ok(()) => {
                drop(out);
                self.whole = self.file.stream_position()?;
                Ok(())
            }
            Err(error) => {
                // What is still in the buffer would follow when it is dropped.
                let _ = out.into_parts();
                self.file.set_len(self.whole)?;
                Err(error)
            }
        }
    }
}

fn reason(cut: Cut) -> &'static str {
    match cut {
        Cut::Length => "length",
        Cut::Time => "time",
        Cut::Disconnect => "disconnect",
    }
}
