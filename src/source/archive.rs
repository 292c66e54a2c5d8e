//! The records of a WARC file (ISO 28500, versions 1.0 and 1.1) and where each one stands.
//!
//! The file is read once to learn where the records are and never held in memory. A `.warc.gz` is a
//! row of gzip members, by custom one for each record; then a record is found again by seeking to its
//! member. An archive packed as a single member is read from the start for every record.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::GzDecoder;
use warc::{RecordType, WarcHeader, WarcReader};

/// A record's head longer than this is none.
const HEAD: u64 = 64 << 10;

/// Where a record's block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Byte of the file where its gzip member begins; 0 in an archive that is not packed.
    member: u64,
    /// Unpacked bytes from there to the block.
    skip: u64,
    /// Length of the block in unpacked bytes.
    pub(super) len: u64,
}

/// Opens the block at a spot.
pub(super) fn open(path: &Path, spot: Spot) -> io::Result<impl Read> {
    let mut unpacked = Unpacked::open(path, spot.member)?;
    match &mut unpacked.source {
        Source::Plain(file) => {
            file.seek(SeekFrom::Start(spot.skip))?;
        }
        Source::Packed(_) => {
            io::copy(&mut (&mut unpacked).take(spot.skip), &mut io::sink())?;
        }
    }
    Ok(unpacked.take(spot.len))
}

/// What a record's head says, and the place of its block.
pub(super) struct Entry {
    pub(super) kind: RecordType,
    /// `WARC-Record-ID`.
    pub(super) id: String,
    /// `WARC-Target-URI`.
    pub(super) target: Option<String>,
    /// `WARC-Payload-Digest`.
    pub(super) digest: Option<String>,
    /// `WARC-Refers-To`: the id of the record that a revisit repeats.
    pub(super) refers_to: Option<String>,
    /// `WARC-Refers-To-Target-URI`: its address.
    pub(super) refers_to_target: Option<String>,
    /// `WARC-Truncated`: the archiver stopped before the end.
    pub(super) truncated: bool,
    pub(super) block: Spot,
}

/// A damage: which record, at which unpacked byte, and what.
pub(super) struct Damage {
    pub(super) record: u64,
    pub(super) offset: u64,
    pub(super) why: String,
}

/// Reads heads one after the other.
pub(super) struct Records {
    archive: Counted<BufReader<Unpacked>>,
    /// Records begun so far.
    count: u64,
    /// Where the current one begins, in unpacked bytes.
    start: u64,
}

impl Records {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let archive =
            Counted { inner: BufReader::with_capacity(256 << 10, Unpacked::open(path, 0)?), count: 0 };
        Ok(Self { archive, count: 0, start: 0 })
    }

    fn damage(&self, why: &dyn ToString) -> Damage {
        Damage { record: self.count, offset: self.start, why: why.to_string() }
    }

    /// The next record, its block already passed over; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Damage> {
        self.count += 1;
        self.start = self.archive.count;
        self.skip_empty_lines().map_err(|e| self.damage(&e))?;
        self.start = self.archive.count;
        let bytes = self.read_head()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        // Values are UTF-8 by the standard; the parser relies on it.
        let text = String::from_utf8_lossy(&bytes);
        let mut parser = WarcReader::new(text.as_bytes());
        let mut stream = parser.stream_records();
        let record = match stream.next_item() {
            Some(Ok(record)) => record,
            Some(Err(err)) => return Err(self.damage(&plainly(&err))),
            None => return Err(self.damage(&"its head does not end")),
        };
        let field = |name| record.header(name).map(Cow::into_owned);
        let len = record.content_length();
        let mut entry = Entry {
            kind: record.warc_type().clone(),
            id: record.warc_id().to_owned(),
            target: field(WarcHeader::TargetURI),
            digest: field(WarcHeader::PayloadDigest),
            refers_to: field(WarcHeader::RefersTo),
            refers_to_target: field(WarcHeader::from("WARC-Refers-To-Target-URI")),
            truncated: record.truncated_type().is_some() || field(WarcHeader::Truncated).is_some(),
            block: Spot { member: 0, skip: 0, len },
        };

        let at = self.archive.count;
        let (member, plain) = self.archive.inner.get_mut().member_of(at);
        entry.block = Spot { member, skip: at - plain, len };
        let passed =
            io::copy(&mut (&mut self.archive).take(len), &mut io::sink()).map_err(|e| self.damage(&e))?;
        if passed < len {
            return Err(self.damage(&format!("it breaks off after {passed} of {len} bytes")));
        }
        Ok(Some(entry))
    }

    /// Two line ends close a record; writers that forget one or add one exist.
    fn skip_empty_lines(&mut self) -> io::Result<()> {
        loop {
            let ahead = self.archive.fill_buf()?;
            let empty = ahead.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if empty == 0 {
                return Ok(());
            }
            self.archive.consume(empty);
        }
    }

    fn read_head(&mut self) -> Result<Vec<u8>, Damage> {
        let mut head = Vec::new();
        let mut limited = (&mut self.archive).take(HEAD);
        let read = loop {
            match limited.read_until(b'\n', &mut head) {
                Ok(0) if head.is_empty() => break Ok(()),
                Ok(0) => break Err("its head does not end".to_owned()),
                Ok(_) if !head.starts_with(b"WARC/") => {
                    break Err("it does not begin with “WARC/”".to_owned());
                }
                Ok(_) if head.ends_with(b"\r\n\r\n") => break Ok(()),
                Ok(_) => {}
                Err(err) => break Err(err.to_string()),
            }
        };
        read.map(|()| head).map_err(|why| self.damage(&why))
    }
}

fn plainly(err: &warc::Error) -> String {
    match err {
        warc::Error::ParseHeaders(_) => "its head is broken".to_owned(),
        warc::Error::MissingHeader(field) => format!("its head has no {field}"),
        warc::Error::MalformedHeader(field, why) => format!("the {field} of its head is wrong: {why}"),
        other => other.to_string(),
    }
}

/// The archive's bytes, packed or not.
struct Unpacked {
    source: Source,
    /// Bytes given out so far.
    plain: u64,
    /// The members begun lately: the unpacked byte at which each begins and its place in the file.
    members: VecDeque<(u64, u64)>,
}

#[allow(clippy::large_enum_variant, reason = "there is one for each open archive")]
enum Source {
    Plain(BufReader<File>),
    /// `None` only while one member makes way for the next.
    Packed(Option<GzDecoder<Counted<BufReader<File>>>>),
}

impl Unpacked {
    /// From a byte of the file on, at which a member begins.
    fn open(path: &Path, at: u64) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
        // What the file is, its first bytes say; its name may lie.
        let packed = file.fill_buf()?.starts_with(b"\x1F\x8B");
        file.seek(SeekFrom::Start(at))?;
        let source = if packed {
            Source::Packed(Some(GzDecoder::new(Counted { inner: file, count: at })))
        } else {
            Source::Plain(file)
        };
        Ok(Self { source, plain: 0, members: VecDeque::from([(0, at)]) })
    }

    /// The member that holds an unpacked byte: its place in the file and its first unpacked byte.
    /// Bytes are asked for in rising order; what lies before is forgotten.
    fn member_of(&mut self, byte: u64) -> (u64, u64) {
        while self.members.len() > 1 && self.members[1].0 <= byte {
            self.members.pop_front();
        }
        let (plain, place) = self.members[0];
        (place, plain)
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let packed = match &mut self.source {
            Source::Plain(file) => return file.read(into),
            Source::Packed(packed) => packed,
        };
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let Some(member) = packed.as_mut() else { return Ok(0) };
            let read = member.read(into)?;
            if read > 0 {
                self.plain += read as u64;
                return Ok(read);
            }
            let mut file = packed.take().expect("just read from").into_inner();
            if file.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.members.push_back((self.plain, file.count));
            *packed = Some(GzDecoder::new(file));
        }
    }
}

/// Counts what was consumed.
struct Counted<R> {
    inner: R,
    count: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.inner.consume(amount);
    }
}
