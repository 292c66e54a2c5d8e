//! The records of WARC files (ISO 28500, versions 1.0 and 1.1) and where each one stands. A file may
//! stand in a WACZ package, which is a zip that does not compress it.
//!
//! The file is read once to learn where the records are and never held in memory. A `.warc.gz` is a
//! row of gzip members, by custom one for each record; then a record is found again by seeking to its
//! member. An archive packed as a single member is read from the start for every record.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use jiff::Timestamp;
use warc::{RecordType, WarcHeader, WarcReader};

use super::http;

/// A record's head longer than this is none.
const HEAD: u64 = 64 << 10;

/// Nor does a metadata record say anything at greater length that is of use here.
const METADATA: u64 = 1 << 20;

/// One WARC file.
#[derive(Debug, Clone)]
pub(crate) struct Warc {
    path: PathBuf,
    /// The bytes of `path` that are the WARC file.
    start: u64,
    len: u64,
}

impl Warc {
    /// The WARC files of an archive: itself, or those in a WACZ package.
    pub(crate) fn all(path: &Path) -> io::Result<Vec<Self>> {
        let mut file = File::open(path)?;
        let mut start = Vec::new();
        (&mut file).take(4).read_to_end(&mut start)?;
        let itself =
            || Ok(vec![Self { path: path.to_owned(), start: 0, len: std::fs::metadata(path)?.len() }]);
        if start != b"PK\x03\x04" {
            return itself();
        }
        let Ok(mut package) = zip::ZipArchive::new(file) else { return itself() };
        let mut found = Vec::new();
        for at in 0..package.len() {
            let entry = package.by_index_raw(at)?;
            let name = entry.name()?.into_owned();
            let lower = name.to_ascii_lowercase();
            if !lower.starts_with("archive/") || ![".warc", ".warc.gz"].iter().any(|end| lower.ends_with(end))
            {
                continue;
            }
            // WACZ 1.1.1, 3: so that a record can be found by seeking.
            let bad =
                || io::Error::new(io::ErrorKind::InvalidData, format!("{name} in it is not stored as it is"));
            let start = entry.data_start().filter(|_| entry.compression() == zip::CompressionMethod::Stored);
            found.push(Self { path: path.to_owned(), start: start.ok_or_else(bad)?, len: entry.size() });
        }
        if found.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is a zip file without a WARC in archive/",
            ));
        }
        Ok(found)
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Some of its bytes.
    pub(crate) fn part(&self, bytes: Range<u64>) -> Self {
        let len = bytes.end.min(self.len).saturating_sub(bytes.start);
        Self { path: self.path.clone(), start: self.start + bytes.start, len }
    }

    /// Where the gzip member ends that begins at a byte; `None` if none does, or it is not whole.
    pub(crate) fn member_end(&self, at: u64) -> io::Result<Option<u64>> {
        let file = BufReader::with_capacity(64 << 10, self.bytes_from(at)?);
        let mut member = GzDecoder::new(Counted { inner: file, count: at });
        match io::copy(&mut member, &mut io::sink()) {
            Ok(_) => Ok(Some(member.into_inner().count).filter(|end| *end > at)),
            Err(_) => Ok(None),
        }
    }

    /// Where, from a byte on, the next member begins that may be a record's.
    pub(crate) fn next_member(&self, from: u64) -> io::Result<Option<u64>> {
        const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];
        let mut file = BufReader::with_capacity(64 << 10, self.bytes_from(from)?);
        let (mut at, mut last) = (from, [0; 3]);
        loop {
            let ahead = file.fill_buf()?;
            if ahead.is_empty() {
                return Ok(None);
            }
            let length = ahead.len();
            for byte in ahead {
                last = [last[1], last[2], *byte];
                at += 1;
                if last == MAGIC && self.is_record(at - 3)? {
                    return Ok(Some(at - 3));
                }
            }
            file.consume(length);
        }
    }

    /// Does a member that begins here begin as a record does?
    fn is_record(&self, at: u64) -> io::Result<bool> {
        let mut start = [0; 5];
        let mut member = GzDecoder::new(BufReader::new(self.bytes_from(at)?));
        Ok(member.read_exact(&mut start).is_ok() && start == *b"WARC/")
    }

    /// Its bytes from one of them on.
    fn bytes_from(&self, at: u64) -> io::Result<io::Take<File>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.start + at))?;
        Ok(file.take(self.len.saturating_sub(at)))
    }

    /// Opens the block at a spot.
    pub(crate) fn open(&self, spot: Spot) -> io::Result<impl Read + use<>> {
        let mut unpacked = Unpacked::open(self, spot.member)?;
        if let Source::Plain(file) = &mut unpacked.source {
            *file = BufReader::new(self.bytes_from(spot.skip)?);
        } else {
            io::copy(&mut (&mut unpacked).take(spot.skip), &mut io::sink())?;
        }
        Ok(unpacked.take(spot.len))
    }
}

/// Where a record's block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Byte of the file where its gzip member begins; 0 in an archive that is not packed.
    pub(crate) member: u64,
    /// Unpacked bytes from there to the block.
    skip: u64,
    /// Length of the block in unpacked bytes.
    pub(crate) len: u64,
}

/// What a record's head says, and the place of its block.
pub(crate) struct Entry {
    pub(crate) kind: RecordType,
    /// `WARC-Record-ID`.
    pub(crate) id: String,
    /// `WARC-Date`, in whole seconds.
    pub(crate) date: Timestamp,
    /// `WARC-Target-URI`.
    pub(crate) target: Option<String>,
    /// `WARC-Payload-Digest`.
    pub(crate) digest: Option<String>,
    /// `WARC-Refers-To`: the id of the record that a revisit repeats.
    pub(crate) refers_to: Option<String>,
    /// `WARC-Refers-To-Target-URI`: its address.
    pub(crate) refers_to_target: Option<String>,
    /// `WARC-Truncated`: the archiver stopped before the end.
    pub(crate) truncated: bool,
    /// The block of a metadata record; of an answer, where that is wanted, its beginning.
    pub(crate) start: Vec<u8>,
    pub(crate) block: Spot,
}

/// A damage: which record, at which unpacked byte, and what.
pub(crate) struct Damage {
    pub(crate) record: u64,
    pub(crate) offset: u64,
    pub(crate) why: String,
}

/// Reads heads one after the other.
pub(crate) struct Records {
    archive: Counted<BufReader<Unpacked>>,
    /// Records begun so far.
    count: u64,
    /// Where the current one begins, in unpacked bytes.
    start: u64,
    /// The heads of answers are kept.
    heads: bool,
}

impl Records {
    pub(crate) fn open(warc: &Warc) -> io::Result<Self> {
        let archive =
            Counted { inner: BufReader::with_capacity(256 << 10, Unpacked::open(warc, 0)?), count: 0 };
        Ok(Self { archive, count: 0, start: 0, heads: false })
    }

    /// As [`Records::open`]; each answer's HTTP head is in [`Entry::start`].
    pub(crate) fn with_heads(warc: &Warc) -> io::Result<Self> {
        Ok(Self { heads: true, ..Self::open(warc)? })
    }

    /// Byte of the file where the gzip member of the record begins that was read last, or could not be.
    pub(crate) fn member(&mut self) -> u64 {
        self.archive.inner.get_mut().member_of(self.start).0
    }

    fn damage(&self, why: &dyn ToString) -> Damage {
        Damage { record: self.count, offset: self.start, why: why.to_string() }
    }

    /// The next record, its block already passed over; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, Damage> {
        self.count += 1;
        self.start = self.archive.count;
        let skipped = self.skip_empty_lines();
        self.start = self.archive.count;
        skipped.map_err(|e| self.damage(&e))?;
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
            date: Timestamp::from_second(record.date().timestamp()).unwrap_or_default(),
            start: Vec::new(),
            block: Spot { member: 0, skip: 0, len },
        };

        let at = self.archive.count;
        let (member, plain) = self.archive.inner.get_mut().member_of(at);
        entry.block = Spot { member, skip: at - plain, len };
        let mut block = (&mut self.archive).take(len);
        let kept = match entry.kind {
            RecordType::Metadata if len <= METADATA => len,
            RecordType::Response | RecordType::Revisit if self.heads => http::HEAD,
            _ => 0,
        };
        let passed = io::copy(&mut (&mut block).take(kept), &mut entry.start)
            .and_then(|start| Ok(start + io::copy(&mut block, &mut io::sink())?))
            .map_err(|e| self.damage(&e))?;
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
    Plain(BufReader<io::Take<File>>),
    /// `None` only while one member makes way for the next.
    Packed(Option<GzDecoder<Counted<BufReader<io::Take<File>>>>>),
}

impl Unpacked {
    /// From a byte of the file on, at which a member begins.
    fn open(warc: &Warc, at: u64) -> io::Result<Self> {
        // What the file is, its first bytes say; its name may lie.
        let mut start = Vec::new();
        warc.bytes_from(0)?.take(2).read_to_end(&mut start)?;
        let packed = start == b"\x1F\x8B";
        let file = BufReader::with_capacity(64 << 10, warc.bytes_from(at)?);
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
