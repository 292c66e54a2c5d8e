//! Text → bytes, in the encoding that a document was saved in.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, ISO_8859_8,
    ISO_8859_15, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
    WINDOWS_1258,
};

static ENCODINGS: &[&Encoding] = &[
    UTF_8,
    UTF_16LE,
    UTF_16BE,
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1251,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    WINDOWS_1258,
    WINDOWS_874,
    ISO_8859_2,
    ISO_8859_5,
    ISO_8859_7,
    ISO_8859_8,
    ISO_8859_15,
    KOI8_R,
    KOI8_U,
    IBM866,
    MACINTOSH,
    SHIFT_JIS,
    EUC_JP,
    EUC_KR,
    GBK,
    GB18030,
    BIG5,
];

/// The encoding in which a text has exactly these bytes. Where several do, they do not differ in what
/// the text holds.
pub(super) fn of(text: &str, bytes: &[u8]) -> Option<&'static Encoding> {
    ENCODINGS.iter().copied().find(|encoding| encode(text, encoding) == bytes)
}

/// Encodes a text; a character that the encoding does not have becomes a character reference.
pub(super) fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else if encoding == UTF_16BE {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else {
        encoding.encode(text).0.into_owned()
    }
}
