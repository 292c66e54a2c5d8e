//! An HTTP answer as an archive keeps it: the bytes from the wire, head first.

use std::io::{self, BufRead, BufReader, Read};

use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};

use super::body;
use super::web::{Answer, Body, Wants};

/// A head longer than this is none.
pub(super) const HEAD: u64 = 256 << 10;

/// Reads one answer. `max_body` as in [`super::Policy`]; `partial`: the archiver stopped before the
/// end, so what is there is all there is.
pub(super) fn read(
    raw: impl Read + Send,
    max_body: usize,
    partial: bool,
    wants: Wants,
) -> io::Result<Answer> {
    let mut raw = BufReader::new(raw);
    let mut answer = head(&mut raw)?;
    if answer.may_be(wants) {
        let body = read_body(raw, &answer, max_body, partial)?;
        answer.take(body);
    }
    Ok(answer)
}

/// Status and fields only; an answer whose fields stand before another's body.
pub(crate) fn head(raw: &mut impl BufRead) -> io::Result<Answer> {
    let mut head = Vec::new();
    let mut limited = raw.take(HEAD);
    // A head ends with an empty line; writers that use bare line feeds exist.
    while !(head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n")) {
        if limited.read_until(b'\n', &mut head)? == 0 {
            return Err(bad("its HTTP head does not end"));
        }
    }
    // `HTTP/2 200`: there is no such line on the wire, but archivers write one.
    let rest = head.iter().position(|b| *b == b' ').filter(|_| head.starts_with(b"HTTP/"));
    let rest = rest.ok_or_else(|| bad("it does not begin with an HTTP status"))?;
    let head = [b"HTTP/1.1".as_slice(), &head[rest..]].concat();

    let mut fields = vec![httparse::EMPTY_HEADER; 1024];
    let mut parsed = httparse::Response::new(&mut fields);
    let mut lenient = httparse::ParserConfig::default();
    lenient
        .ignore_invalid_headers_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_multiple_spaces_in_response_status_delimiters(true);
    match lenient.parse_response(&mut parsed, &head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Err(bad("its HTTP head does not end")),
        Err(err) => return Err(bad(&format!("its HTTP head is broken: {err}"))),
    }
    let mut headers = HeaderMap::new();
    for field in parsed.headers.iter() {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(field.name.as_bytes()), HeaderValue::from_bytes(field.value))
        {
            headers.append(name, value);
        }
    }
    Ok(Answer { status: parsed.code.unwrap_or_default(), headers, ..Answer::default() })
}

/// Undoes what the head says was done to the body. Archivers often undo it themselves and leave the
/// head as it was, so the first bytes decide whether it still needs to be.
fn read_body(
    mut raw: impl BufRead + Send,
    answer: &Answer,
    max_body: usize,
    partial: bool,
) -> io::Result<Body> {
    let chunked =
        answer.header(TRANSFER_ENCODING).is_some_and(|f| f.to_ascii_lowercase().contains("chunked"))
            && begins_with_chunk(raw.fill_buf()?);
    let dechunked: Plain<'_> =
        if chunked { Box::new(BufReader::new(Chunks { raw, left: 0, over: false })) } else { Box::new(raw) };
    let plain = decoded(dechunked, &answer.headers, false)?;
    let mut bytes = Vec::new();
    let read = plain.take(max_body as u64 + 1).read_to_end(&mut bytes);
    let cut = partial || bytes.len() > max_body;
    bytes.truncate(max_body);
    match read {
        Ok(_) => Ok(Body { bytes, cut, places: Vec::new() }),
        Err(_) if partial || body::is_complete(&bytes) || bytes.starts_with(b"%PDF-") => {
            Ok(Body { bytes, cut, places: Vec::new() })
        }
        Err(err) => Err(err),
    }
}

/// A body on its way to being read.
pub(super) type Plain<'a> = Box<dyn BufRead + Send + 'a>;

/// The content codings that [`decoded`] undoes, as they are asked for.
pub(super) const CODINGS: &str = "gzip, br, deflate";

/// Undoes the content codings that a head names; `as_sent`: the body is as it came from the server, and
/// nobody has undone one yet.
pub(super) fn decoded<'a>(packed: Plain<'a>, headers: &HeaderMap, as_sent: bool) -> io::Result<Plain<'a>> {
    let codings = headers.get(CONTENT_ENCODING).and_then(|field| field.to_str().ok()).unwrap_or_default();
    // Codings are listed in the order in which they were applied (RFC 9110, 8.4).
    codings
        .to_ascii_lowercase()
        .split(',')
        .rev()
        .try_fold(packed, |body, coding| decoder(coding.trim(), body, as_sent))
}

fn decoder<'a>(coding: &str, mut packed: Plain<'a>, as_sent: bool) -> io::Result<Plain<'a>> {
    let start = packed.fill_buf()?;
    Ok(match coding {
        _ if start.is_empty() => packed,
        "gzip" | "x-gzip" if as_sent || start.starts_with(b"\x1F\x8B") => {
            Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(packed)))
        }
        // "deflate" is zlib's format by RFC 9110 (8.4.1.2) and raw deflate by custom.
        "deflate"
            if start.len() > 1
                && start[0] & 0x0F == 8
                && u16::from_be_bytes([start[0], start[1]]) % 31 == 0 =>
        {
            Box::new(BufReader::new(flate2::bufread::ZlibDecoder::new(packed)))
        }
        "deflate" if as_sent || !is_markup(start) => {
            Box::new(BufReader::new(flate2::bufread::DeflateDecoder::new(packed)))
        }
        // Brotli has no mark of its own; a page has.
        "br" if as_sent || !is_markup(start) => {
            Box::new(BufReader::new(brotli_decompressor::Decompressor::new(packed, 16 << 10)))
        }
        "zstd" if start.starts_with(b"\x28\xB5\x2F\xFD") => return Err(bad("it is compressed with zstd")),
        _ => packed,
    })
}

fn is_markup(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    start.starts_with(b"<")
}

fn begins_with_chunk(start: &[u8]) -> bool {
    let digits = start.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let after = start[digits..].trim_ascii_start();
    (1..=8).contains(&digits)
        && (start[digits..].starts_with(b"\r\n")
            || start[digits..].starts_with(b"\n")
            || after.starts_with(b";"))
}

/// The chunked transfer coding (RFC 9112, 7.1) undone.
struct Chunks<R> {
    raw: R,
    left: u64,
    over: bool,
}

impl<R: BufRead> Chunks<R> {
    /// Reads the next size line; trailers after the last chunk are of no use here.
    fn next_chunk(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        // An empty line ends the chunk before.
        while line.trim_ascii().is_empty() {
            line.clear();
            if (&mut self.raw).take(4096).read_until(b'\n', &mut line)? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "its chunks break off"));
            }
        }
        let size = line.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        self.left = std::str::from_utf8(size)
            .ok()
            .and_then(|size| u64::from_str_radix(size, 16).ok())
            .ok_or_else(|| bad("its chunks are broken"))?;
        self.over = self.left == 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.left == 0 && !self.over {
            self.next_chunk()?;
        }
        if self.over {
            return Ok(0);
        }
        let most = into.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.raw.read(&mut into[..most])?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "its chunks break off"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[track_caller]
    fn body(raw: &[u8]) -> String {
        let answer = read(raw, 1000, false, Wants::Page).unwrap();
        String::from_utf8(answer.html.expect("a page").bytes).unwrap()
    }

    #[test]
    fn chunks_are_joined() {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(
            body(format!("{head}3\r\n<p>\r\n4;x=y\r\nabcd\r\n0\r\nT: 1\r\n\r\n").as_bytes()),
            "<p>abcd"
        );
        // Already joined by the archiver.
        assert_eq!(body(format!("{head}<p>abc").as_bytes()), "<p>abc");
        assert!(read(format!("{head}8\r\n<p>").as_bytes(), 1000, false, Wants::Page).is_err());
    }

    #[test]
    fn codings_are_undone_from_the_last_to_the_first() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(b"<p>gz").unwrap();
        let gz = gz.finish().unwrap();
        let mut raw = b"HTTP/2 200\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        raw.extend(&gz);
        assert_eq!(body(&raw), "<p>gz");

        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(&gz).unwrap();
        let mut raw =
            b"HTTP/1.0 200 OK\nContent-Type: text/html\nContent-Encoding: gzip, deflate\n\n".to_vec();
        raw.extend(zlib.finish().unwrap());
        assert_eq!(body(&raw), "<p>gz");

        assert_eq!(
            body(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n<p>plain"),
            "<p>plain"
        );
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&vec![b'a'; 1 << 20]).unwrap();
        let mut raw =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        raw.extend(gz.finish().unwrap());
        let page = read(raw.as_slice(), 1000, false, Wants::Page).unwrap().html.unwrap();
        assert_eq!((page.bytes.len(), page.cut), (1000, true));
    }

    #[test]
    fn only_pages_are_read() {
        let pdf = read(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF".as_slice(),
            1000,
            false,
            Wants::Page,
        )
        .unwrap();
        assert!(pdf.html.is_none());
        let unnamed =
            read(b"HTTP/1.1 200 OK\r\n\r\n<!doctype html>x".as_slice(), 1000, false, Wants::Page).unwrap();
        assert!(unnamed.html.is_some());
    }
}
