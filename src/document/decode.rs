//! Bytes → text, in whatever encoding a document was saved.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadError;

/// The text of a document that is nothing but text.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let text = decode(bytes)?;
    if text.trim().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

/// Decodes a document: by its byte order mark, as UTF-8, as UTF-16 by its pattern of zero bytes,
/// else by a guess from its bytes (Windows-1252 and its like).
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[skip..]).0);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    if let Some(format) = known_binary(bytes) {
        return Err(ReadError::Unsupported(format));
    }
    let head = &bytes[..bytes.len().min(64 * 1024)];
    if let Some(encoding) = utf16_without_mark(head) {
        return Ok(encoding.decode_without_bom_handling(bytes).0);
    }
    if let Some(at) = head.iter().position(|b| *b == 0) {
        return Err(ReadError::Binary(format!("it has a zero byte at offset {at}")));
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return plain(Cow::Borrowed(text));
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, head.len() == bytes.len());
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    // A few stray bytes do not make a UTF-8 file something else.
    let encoding = if mostly_utf8(head) { UTF_8 } else { encoding };
    plain(encoding.decode_without_bom_handling(bytes).0)
}

/// The first bytes of a compound file (MS-CFB), in which Office keeps what is not a zip package.
pub(super) const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// Why a compound file is not read: the names of its streams, which are in UTF-16, tell what it is.
pub(super) fn compound(bytes: &[u8]) -> ReadError {
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    if holds("EncryptedPackage") {
        let what = "it is an Office document encrypted with a password; save it without one in Word";
        return ReadError::Locked(what.to_owned());
    }
    ReadError::Unsupported(if holds("WordDocument") { "old Word (.doc)" } else { "old Office" })
}

/// Formats that are told by their first bytes.
fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "zipped (other than Word, OpenDocument text and EPUB)"),
        (b"{\\rtf", "RTF"),
        (b"\x1F\x8B", "gzip"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"\x7FELF", "program"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

/// Latin text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |offset: usize| head.chunks_exact(2).filter(|pair| pair[offset] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 7 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn mostly_utf8(head: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in head.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 20
}

/// Text has hardly any control characters.
fn plain(text: Cow<'_, str>) -> Result<Cow<'_, str>, ReadError> {
    let (mut seen, mut control) = (0, 0);
    for c in text.chars().take(16 * 1024) {
        seen += 1;
        control += usize::from(c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}' | '\u{B}'));
    }
    if control * 20 > seen {
        return Err(ReadError::Binary(format!("{control} of its first {seen} characters are control codes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_encodings_are_read() {
        assert_eq!(decode("Siobhán “x”".as_bytes()).unwrap(), "Siobhán “x”");
        assert_eq!(
            decode(b"Siobh\xE1n \x93Trump\x92s call\x94 \x96 1\xB0 marzo").unwrap(),
            "Siobhán “Trump’s call” – 1° marzo"
        );
        let utf16: Vec<u8> = "Ibid. “x”, in Reuters".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), "Ibid. “x”, in Reuters");
        let mut marked = vec![0xFE, 0xFF];
        marked.extend("note".encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(decode(&marked).unwrap(), "note");
    }

    #[test]
    fn rubbish_is_refused() {
        assert!(matches!(decode(b"ab\0\x01\x02cdefgh"), Err(ReadError::Binary(_))));
        assert!(matches!(decode(b"%PDF-1.7 \xE2\xE3"), Err(ReadError::Unsupported("PDF"))));
        let noise: Vec<u8> = (0..400u32).map(|i| (i * 7 % 31 + 1) as u8).collect();
        assert!(matches!(decode(&noise), Err(ReadError::Binary(_))));
    }
}
