//! Bytes → text.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

/// How far into a page an encoding declaration is looked for. Browsers stop at 1 KiB or at the end
/// of the head; pages that declare it later than this do not mean it.
const PRESCAN: usize = 8 << 10;

/// Does a body without a type begin like a page?
pub(super) fn looks_like_html(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    ["<!doctype html", "<html", "<head", "<body", "<!--"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag.as_bytes())))
}

/// Does it end like one?
pub(super) fn is_complete(bytes: &[u8]) -> bool {
    let end = bytes.trim_ascii_end();
    end.len() >= 7 && end[end.len() - 7..].eq_ignore_ascii_case(b"</html>")
}

/// The text of a page: by byte order mark, by being UTF-8, by the `charset` of the HTTP field, by the
/// page's own declaration, by likelihood.
///
/// Browsers believe the HTTP field before the bytes (WHATWG HTML, 13.2.3). Here what is valid UTF-8
/// beyond ASCII is UTF-8: text in another encoding is so only by a freak of chance, while servers that
/// stamp `iso-8859-1` on everything are many, and a garbled title would count against an author.
pub(super) fn decode<'b>(bytes: &'b [u8], content_type: Option<&str>, cut: bool) -> Cow<'b, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    let declared = content_type.and_then(charset_of_field);
    if let Some(wide) = declared.filter(|e| *e == UTF_16LE || *e == UTF_16BE) {
        return wide.decode_without_bom_handling(bytes).0;
    }
    // In ASCII alone, text may still be written in an encoding that shifts with escapes (ISO-2022-JP).
    let shifts = |text: &str| text.is_ascii() && memchr(0x1B, text.as_bytes()).is_some();
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) if !shifts(text) => return Cow::Borrowed(text),
        // The cut may have gone through a character.
        Err(err) if cut && err.error_len().is_none() => {
            return String::from_utf8_lossy(&bytes[..err.valid_up_to()]);
        }
        _ => {}
    }
    for encoding in declared.into_iter().chain(charset_of_page(bytes)) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        // A page that says UTF-8 and is, but for a few stray bytes (a quotation, a comment pasted in),
        // would be garbled as a whole by any other encoding.
        if !broken || (encoding == UTF_8 && mostly_utf8(bytes, &text)) {
            return text;
        }
    }
    likely(bytes).decode_without_bom_handling(bytes).0
}

/// The likeliest encoding of a text that says nothing true of it. The detector weighs every byte, but
/// nothing that stands among ASCII alone, which is most of a page: it is given the others with what stands
/// around them, as far as that is enough.
fn likely(bytes: &[u8]) -> &'static Encoding {
    const AROUND: usize = 16;
    const ENOUGH: usize = 128 << 10;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let shifts = memchr(0x1B, bytes).is_some();
    let mut fed = 0;
    for run in bytes.chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        let between = run[0].is_ascii() && run.len() > 2 * AROUND && !shifts;
        let ends = if between { [&run[..AROUND], &run[run.len() - AROUND..]] } else { [run, &[]] };
        for end in ends.map(|end| &end[..end.len().min(ENOUGH)]) {
            detector.feed(end, false);
            fed += end.len();
        }
        if fed >= ENOUGH {
            return detector.guess(None, Utf8Detection::Allow);
        }
    }
    detector.feed(&[], true);
    detector.guess(None, Utf8Detection::Allow)
}

fn mostly_utf8(bytes: &[u8], text: &str) -> bool {
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    text.matches('\u{FFFD}').count() * 10 < high
}

/// `text/html; charset="utf-8"` → UTF-8.
fn charset_of_field(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let label = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(label.as_bytes()))?
    })
}

/// `<meta charset=…>`, `<meta http-equiv=content-type content="…; charset=…">` or an XML declaration's
/// `encoding=…`. Whatever is written there in ASCII is not UTF-16 (WHATWG HTML, 13.2.3.2).
fn charset_of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| {
        let declaration = rest.split("?>").next()?;
        label_after(declaration, "encoding")
    });
    let meta = || {
        head.match_indices("<meta").find_map(|(at, _)| {
            let tag = head[at..].split('>').next()?;
            label_after(tag, "charset")
        })
    };
    let encoding = Encoding::for_label(xml.or_else(meta)?.as_bytes())?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn label_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text[text.find(name)? + name.len()..].trim_start().strip_prefix('=')?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'']);
    rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '?'))
        .next()
        .filter(|l| !l.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], content_type: &str, want: &str) {
        let text = decode(bytes, Some(content_type), false);
        assert!(text.contains(want), "{text:?} has no {want:?}");
    }

    #[test]
    fn the_field_the_page_and_the_bytes() {
        check(b"<title>caf\xE9</title>", "text/html; charset=\"ISO-8859-1\"", "café");
        check(b"<meta charset='windows-1252'><title>caf\xE9 \x93x\x94</title>", "text/html", "café “x”");
        check(
            b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xEB\xC9\xC5\xD7",
            "text/html",
            "Киев",
        );
        check(b"<?xml version='1.0' encoding='iso-8859-2'?>\xB3\xF3d\xBC", "application/xhtml+xml", "łódź");
    }

    #[test]
    fn a_wrong_field_does_not_garble() {
        check("<title>Київ</title>".as_bytes(), "text/html; charset=iso-8859-1", "Київ");
        check(b"<meta charset=windows-1251>\xCA\xE8\xBF\xE2", "text/html; charset=utf-8", "Київ");
        check(
            b"caf\xC3\xA9 na\xC3\xAFve \xC3\xA9t\xC3\xA9 \xC3\xA0 \xC3\xA9 \xE9",
            "text/html; charset=utf-8",
            "naïve été",
        );
    }

    #[test]
    fn wide_text() {
        let wide: Vec<u8> = "<p>Ōsaka".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "text/html; charset=utf-16le", "Ōsaka");
        check(&[b"\xFF\xFE".as_slice(), &wide].concat(), "text/html", "Ōsaka");
        check(b"<meta charset=utf-16>plain \xC3\xA9", "text/html", "plain é");
    }

    #[test]
    fn nothing_declared() {
        check("<p>Здравствуйте, это страница о погоде</p>".as_bytes(), "text/html", "Здравствуйте");
        let (legacy, _, _) = encoding_rs::WINDOWS_1251.encode("Здравствуйте, это страница о погоде в городе");
        check(&legacy, "text/html", "Здравствуйте");
    }

    #[test]
    fn text_that_shifts_with_escapes() {
        let (japanese, _, _) = encoding_rs::ISO_2022_JP.encode("<title>大阪</title>");
        assert!(japanese.is_ascii());
        check(&japanese, "text/html; charset=iso-2022-jp", "大阪");
    }

    #[test]
    fn a_cut_through_a_character_changes_nothing_else() {
        let bytes = "été été".as_bytes();
        assert_eq!(decode(&bytes[..bytes.len() - 1], None, true), "été ét");
    }

    #[test]
    fn beginnings_and_ends() {
        assert!(looks_like_html(b"\n <!DOCTYPE html><p>"));
        assert!(!looks_like_html(b"%PDF-1.7"));
        assert!(is_complete(b"<p></BODY></HTML>\r\n"));
        assert!(!is_complete(b"<html>"));
    }
}
