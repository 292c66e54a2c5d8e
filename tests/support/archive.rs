//! Web archives, written by hand: what is tested is how they are read. And read by a hand other than
//! ours: what is tested is how they are written.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;
use warc::WarcReader;

/// One record, ready to be written.
pub fn record(kind: &str, id: &str, fields: &[(&str, &str)], block: &[u8]) -> Vec<u8> {
    let mut head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Date: 2025-02-14T10:00:00Z\r\n"
    );
    for (name, value) in fields {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", block.len());
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// An answer for a URL: status line, fields and body as on the wire.
pub fn response(url: &str, http: &[u8]) -> Vec<u8> {
    let fields = [("WARC-Target-URI", url), ("Content-Type", "application/http; msgtype=response")];
    record("response", url, &fields, http)
}

/// A page for a URL.
pub fn page_of(url: &str, title: &str) -> Vec<u8> {
    let page = super::server::page(title);
    response(
        url,
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}").as_bytes(),
    )
}

/// A file with these records, not packed.
pub fn plain(records: &[Vec<u8>]) -> NamedTempFile {
    write(&records.concat())
}

/// One gzip member for each record.
pub fn packed(records: &[Vec<u8>]) -> NamedTempFile {
    write(&records.iter().flat_map(|record| gzip(record)).collect::<Vec<_>>())
}

/// One gzip member for all.
pub fn packed_as_one(records: &[Vec<u8>]) -> NamedTempFile {
    write(&gzip(&records.concat()))
}

pub fn write(bytes: &[u8]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

/// A record as another reader finds it.
#[derive(Debug)]
pub struct Found {
    pub kind: String,
    /// By their names in lower case.
    pub fields: BTreeMap<String, String>,
    pub block: Vec<u8>,
    /// Where its gzip member begins, and its length.
    pub place: (usize, usize),
}

impl Found {
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub fn url(&self) -> &str {
        self.field("warc-target-uri")
    }

    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.block)
    }

    /// The block after the HTTP head.
    pub fn payload(&self) -> &[u8] {
        let end = self.block.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        &self.block[end + 4..]
    }
}

/// `sha1:…`, as archives name it.
pub fn sha1(bytes: &[u8]) -> String {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
    format!("sha1:{}", data_encoding::BASE32.encode(digest.as_ref()))
}

/// Every record of a file with one gzip member for each; those after a member that breaks off are not
/// there. Their digests are looked at.
pub fn records_of(path: &Path) -> Vec<Found> {
    let bytes = std::fs::read(path).unwrap();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let mut member = GzDecoder::new(&bytes[at..]);
        let mut plain = Vec::new();
        if member.read_to_end(&mut plain).is_err() {
            break;
        }
        let length = bytes.len() - at - member.into_inner().len();
        let records: Vec<_> = WarcReader::new(plain.as_slice()).iter_records().collect();
        assert_eq!(records.len(), 1, "one record a member");
        let (head, block) = records.into_iter().next().unwrap().unwrap().into_raw_parts();
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
        let fields: BTreeMap<String, String> = head
            .as_ref()
            .iter()
            .map(|(name, value)| (name.to_string().to_lowercase(), text(value)))
            .collect();
        let record = Found { kind: fields["warc-type"].clone(), fields, block, place: (at, length) };
        assert_eq!(record.field("warc-block-digest"), sha1(&record.block), "{record:?}");
        if record.kind == "response" {
            assert_eq!(record.field("warc-payload-digest"), sha1(record.payload()), "{record:?}");
        }
        found.push(record);
        at += length;
    }
    found
}
