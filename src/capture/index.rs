//! A WARC file → CDXJ: for each answer a line that says where in the file it is.
//!
//! `org,example)/path 20250214100000 {"url":"https://example.org/path",…}`, sorted by their bytes.

use std::io::{BufReader, Write};
use std::path::Path;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use ring::digest::{SHA256, digest};
use serde_json::json;
use url::Url;
use warc::RecordType;

use super::CaptureError;
use super::surt::surt;
use super::writer::visit_in;
use crate::source::Visit;
use crate::source::archive::{Entry, Records, Warc};
use crate::source::http;

/// Lines in one block of a packed index.
const BLOCK: usize = 1024;

/// What a WARC file holds.
pub(super) struct Contents {
    /// The lines of the index, sorted, each with its line end.
    pub(super) lines: Vec<String>,
    /// What came of the sources, and when that was known.
    pub(super) visits: Vec<(Timestamp, Visit)>,
}

/// Reads a WARC file, which the index will call `name`.
pub(super) fn read(warc: &Warc, path: &Path, name: &str) -> Result<Contents, CaptureError> {
    let mut contents = Contents { lines: Vec::new(), visits: Vec::new() };
    let mut records = Records::with_heads(warc).map_err(CaptureError::reading(path))?;
    let mut before: Option<(Entry, u64)> = None;
    loop {
        let entry = records.next().map_err(CaptureError::damaged(path))?;
        let member = entry.as_ref().map_or(warc.len(), |_| records.member());
        if let Some((entry, start)) = before.take() {
            if let Some(visit) = visit_in(&entry.kind, &entry.start) {
                contents.visits.push((entry.date, visit));
            }
            contents.lines.extend(line(&entry, start, member - start, name));
        }
        match entry {
            Some(entry) => before = Some((entry, member)),
            None => break,
        }
    }
    contents.lines.sort_unstable();
    Ok(contents)
}

/// The line for a record, if it is an answer.
fn line(entry: &Entry, offset: u64, length: u64, name: &str) -> Option<String> {
    let revisit = match entry.kind {
        RecordType::Response => false,
        RecordType::Revisit => true,
        _ => return None,
    };
    let url = entry.target.as_deref()?;
    let head = http::head(&mut BufReader::new(entry.start.as_slice())).ok()?;
    let kind = head.headers.get(CONTENT_TYPE).and_then(|field| field.to_str().ok()).unwrap_or_default();
    let kind = kind.split([';', ' ']).next().unwrap_or_default().trim();
    let mut about = json!({
        "url": url,
        "mime": if revisit { "warc/revisit" } else { kind },
        "status": head.status.to_string(),
        "digest": entry.digest,
        "length": length.to_string(),
        "offset": offset.to_string(),
        "filename": name,
    });
    if kind.is_empty() && !revisit {
        about.as_object_mut()?.shift_remove("mime");
    }
    let at = entry.date.strftime("%Y%m%d%H%M%S");
    Some(format!("{} {at} {about}\n", surt(&Url::parse(url).ok()?)))
}

/// A sorted index, packed in blocks (`ZipNum`), and the index to its blocks: where the block begins
/// that a key stands in.
pub(super) fn pack(lines: &[String]) -> std::io::Result<(Vec<u8>, String)> {
    let mut packed = Vec::new();
    let mut blocks = "!meta 0 {\"format\":\"cdxj-gzip-1.0\",\"filename\":\"index.cdx.gz\"}\n".to_owned();
    for block in lines.chunks(BLOCK) {
        let offset = packed.len();
        let mut member = GzEncoder::new(&mut packed, Compression::default());
        for line in block {
            member.write_all(line.as_bytes())?;
        }
        member.finish()?;
        let key = block[0].split(" {").next().unwrap_or_default();
        let hash = format!("sha256:{}", HEXLOWER.encode(digest(&SHA256, &packed[offset..]).as_ref()));
        let place = json!({ "offset": offset, "length": packed.len() - offset, "digest": hash });
        blocks += &format!("{key} {place}\n");
    }
    Ok((packed, blocks))
}
