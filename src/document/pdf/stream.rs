//! Streams and strings of a PDF file, decoded within limits.

use std::borrow::Cow;
use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Stream};

/// More than a page of any honest document holds.
const MOST_BYTES: u64 = 64 << 20;
/// What Deflate and LZW can make of one byte, about.
const SWELLS: u64 = 1_100;

/// The decoded data of a stream; `None` if it is damaged, an image, or a bomb.
pub(super) fn decoded<'a>(stream: &Stream<'a>) -> Option<Cow<'a, [u8]>> {
    let filters = stream.filters();
    let swelling = filters.iter().filter(|f| matches!(f, Filter::FlateDecode | Filter::LzwDecode)).count();
    if filters.len() == 1 && filters[0] == Filter::FlateDecode && !has_predictor(stream.dict()) {
        let raw = stream.raw_data();
        let mut data = Vec::with_capacity(raw.len() * 4);
        // What a damaged stream gave up to the damage is text all the same.
        let _ = flate2::bufread::ZlibDecoder::new(raw.as_ref()).take(MOST_BYTES).read_to_end(&mut data);
        if !data.is_empty() {
            return Some(Cow::Owned(data));
        }
    }
    let most = (0..swelling).fold(stream.raw_data().len() as u64, |size, _| size.saturating_mul(SWELLS));
    (swelling == 0 || most <= MOST_BYTES * 16).then(|| stream.decoded_data().ok()).flatten()
}

fn has_predictor(dict: &Dict) -> bool {
    dict.contains_key("DecodeParms") || dict.contains_key("DP")
}

/// A text string: UTF-16 or UTF-8 where marked, else `PDFDocEncoding` (ISO 32000-2, 7.9.2.2), of
/// which the part beyond Latin 1 is not used here.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}
