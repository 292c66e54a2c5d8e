//! One WARC record (ISO 28500:2017), as one gzip member.

use std::io::{self, Read, Seek, Write};

use data_encoding::{BASE32, HEXLOWER};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use ring::digest::{Context, Digest, SHA1_FOR_LEGACY_USE_ONLY};
use ring::rand::{SecureRandom as _, SystemRandom};

/// A record whose fields are known but for those that its block decides.
pub(super) struct Record<'r> {
    /// `WARC-Type`.
    pub(super) kind: &'static str,
    /// `WARC-Record-ID`, from [`new_id`].
    pub(super) id: &'r str,
    /// `WARC-Date`.
    pub(super) date: Timestamp,
    /// `Content-Type`.
    pub(super) content_type: &'static str,
    /// Any others.
    pub(super) fields: Vec<(&'static str, String)>,
}

/// A reader that can be read again.
pub(super) trait Again: Read + Seek {}

impl<R: Read + Seek> Again for R {}

/// Writes a record with this block: `head`, then `body` from its beginning.
pub(super) fn write(
    out: &mut impl Write,
    record: &Record,
    head: &[u8],
    mut body: Option<&mut dyn Again>,
) -> io::Result<()> {
    let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    digest.update(head);
    let mut length = head.len() as u64;
    if let Some(body) = &mut body {
        body.rewind()?;
        length += copy(body, |bytes| {
            digest.update(bytes);
            Ok(())
        })?;
    }
    let mut text = format!(
        "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {}\r\nWARC-Date: {}\r\n",
        record.kind,
        record.id,
        record.date.strftime("%Y-%m-%dT%H:%M:%SZ"),
    );
    for (name, value) in &record.fields {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!(
        "WARC-Block-Digest: {}\r\nContent-Type: {}\r\nContent-Length: {length}\r\n\r\n",
        labelled(&digest.finish()),
        record.content_type,
    );
    let mut member = GzEncoder::new(out, Compression::default());
    member.write_all(text.as_bytes())?;
    member.write_all(head)?;
    if let Some(body) = &mut body {
        body.rewind()?;
        copy(body, |bytes| member.write_all(bytes))?;
    }
    member.write_all(b"\r\n\r\n")?;
    member.finish()?.flush()
}

/// SHA-1 of a payload.
pub(super) fn digest_of(body: &mut dyn Again) -> io::Result<(Digest, u64)> {
    let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    body.rewind()?;
    let length = copy(body, |bytes| {
        digest.update(bytes);
        Ok(())
    })?;
    Ok((digest.finish(), length))
}

/// A digest as records name it: `sha1:` and Base32, as archives have it by custom.
pub(super) fn labelled(digest: &Digest) -> String {
    format!("sha1:{}", BASE32.encode(digest.as_ref()))
}

/// `<urn:uuid:…>`, version 4 (RFC 9562).
pub(super) fn new_id() -> io::Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random numbers"))?;
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    Ok(format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

fn copy(from: &mut dyn Again, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<u64> {
    let mut buffer = vec![0; 64 << 10];
    let mut length = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(length),
            Ok(read) => {
                to(&buffer[..read])?;
                length += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
