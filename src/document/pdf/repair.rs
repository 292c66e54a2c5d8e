//! A file whose end is lost, and with it the list of its pages → one that lists the pages still there.
//!
//! Each page is an object that says so (ISO 32000-2, 7.7.3.3), by itself or in an object stream
//! (7.5.7). They are searched for, and a new list of them is written behind the file.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read;

use memchr::memmem;

/// What a stream of objects unpacks to at most.
const MOST_BYTES: u64 = 64 << 20;
/// A dictionary is not looked through further.
const LONGEST_DICT: usize = 4096;
const MOST_PAGES: usize = 20_000;
const CATALOG: u32 = 8_388_000;

/// The file with a new list of pages; `None` if no page is left, or if the file is encrypted: the key
/// stood at its end.
pub(super) fn relisted(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    if find(bytes, b"/Encrypt", 0).is_some() {
        return None;
    }
    let mut pages: Vec<u32> = Vec::new();
    let mut from = 0;
    while let Some(at) = find(bytes, b" obj", from) {
        from = at + 4;
        let Some(number) = number_before(bytes, at) else { continue };
        let dict = &bytes[from..bytes.len().min(from + LONGEST_DICT)];
        let end = [&b"endobj"[..], b"stream"].iter().filter_map(|word| find(dict, word, 0)).min();
        let dict = &dict[..end.unwrap_or(dict.len())];
        if has_type(dict, b"/ObjStm") {
            pages.extend(packed(dict, &bytes[from + dict.len()..]));
        } else if has_type(dict, b"/Page") {
            pages.push(number);
        }
    }
    // A page that was changed stands in the file twice.
    let mut seen = HashSet::new();
    pages.retain(|page| seen.insert(*page));
    pages.truncate(MOST_PAGES);
    if pages.is_empty() {
        return None;
    }
    let mut list = String::new();
    pages.iter().for_each(|page| write!(list, "{page} 0 R ").unwrap_or_default());
    let list = format!(
        "\nendstream\nendobj\n{CATALOG} 0 obj\n<</Type/Catalog/Pages {tree} 0 R>>\nendobj\n\
         {tree} 0 obj\n<</Type/Pages/Count {count}/Kids[{list}]>>\nendobj\ntrailer\n<</Root {CATALOG} 0 R>>\n",
        tree = CATALOG + 1,
        count = pages.len(),
    );
    Some(([bytes, list.as_bytes()].concat(), pages.len()))
}

/// Whether the last mark of an end (ISO 32000-2, 7.5.5) is lost. A file for the web has one near its beginning,
/// too, with objects behind it (Annex F).
pub(super) fn is_cut_off(bytes: &[u8]) -> bool {
    memmem::rfind(bytes, b"%%EOF").is_none_or(|end| memmem::find(&bytes[end..], b" obj").is_some())
}

/// The pages among the objects of an object stream; `rest` begins with the word `stream`.
fn packed(dict: &[u8], rest: &[u8]) -> Vec<u32> {
    let Some(first) = number_after(dict, b"/First") else { return Vec::new() };
    let Some(count) = number_after(dict, b"/N") else { return Vec::new() };
    let data = rest.strip_prefix(b"stream").unwrap_or_default();
    let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
    let mut unpacked = Vec::new();
    // What could be unpacked before the damage counts.
    let _ = flate2::read::ZlibDecoder::new(data).take(MOST_BYTES).read_to_end(&mut unpacked);
    let Some(head) = unpacked.get(..first as usize) else { return Vec::new() };
    let numbers: Vec<u32> = String::from_utf8_lossy(head)
        .split_whitespace()
        .take(2 * count as usize)
        .filter_map(|word| word.parse().ok())
        .collect();
    let object = |at: u32| {
        let from = (first as usize).saturating_add(at as usize).min(unpacked.len());
        &unpacked[from..unpacked.len().min(from + LONGEST_DICT)]
    };
    let ends = numbers.iter().skip(3).step_by(2).copied().map(Some).chain([None]);
    numbers
        .chunks_exact(2)
        .zip(ends)
        .filter(|(pair, end)| {
            let text = object(pair[1]);
            let length = end.map_or(text.len(), |end| (end.saturating_sub(pair[1]) as usize).min(text.len()));
            has_type(&text[..length], b"/Page")
        })
        .map(|(pair, _)| pair[0])
        .collect()
}

/// Is `/Type` this name?
fn has_type(dict: &[u8], name: &[u8]) -> bool {
    let mut from = 0;
    while let Some(at) = find(dict, b"/Type", from) {
        from = at + 5;
        let value = dict[from..].trim_ascii_start();
        if value.starts_with(name) && !value.get(name.len()).is_some_and(u8::is_ascii_alphanumeric) {
            return true;
        }
    }
    false
}

fn number_after(dict: &[u8], key: &[u8]) -> Option<u32> {
    let mut from = 0;
    loop {
        let at = find(dict, key, from)? + key.len();
        let value = dict[at..].trim_ascii_start();
        let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            return std::str::from_utf8(&value[..digits]).ok()?.parse().ok();
        }
        from = at;
    }
}

/// The object's number, before its generation: `12 0 obj`.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let head = &bytes[at.saturating_sub(16)..at];
    let text: String = head.iter().map(|byte| char::from(*byte)).collect();
    let mut words = text.rsplit(|c: char| !c.is_ascii_digit());
    words.next().filter(|generation| !generation.is_empty())?;
    words.next()?.parse().ok()
}

fn find(bytes: &[u8], word: &[u8], from: usize) -> Option<usize> {
    let (first, rest) = word.split_first()?;
    let mut from = from;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}
