//! Web archives, written by hand: what is tested is how they are read.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

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
