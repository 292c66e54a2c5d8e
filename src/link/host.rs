//! Hosts that stand in a text without scheme and `www.`: `news.example.org/2024/tolls`.
//!
//! A word with a full stop in it is more often a file, an abbreviation or a slip of the pen than a
//! host. So a path is asked for, small letters, and a top-level domain that is in wide use and no
//! ending of files.

use crate::fold::one_of;

/// Top-level domains of organisations and countries; without those that are file endings as well
/// (`rs`, `md`, `py`, `sh`).
const TOP_LEVEL: &str = "com org net edu gov mil int eu info biz io news blog press media academy foundation institute \
     international ac ad ae af ag al am ar at au az ba bb bd be bg bh bn bo br bt bw by bz ca cd ch \
     ci cl cm cn co cr cu cv cy cz de dj dk do dz ec ee eg es et fi fj fo fr gb ge gg gh gl gm gr gt \
     hk hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh kr kw kz la lb li lk lt lu lv ly \
     ma mc me mk mm mn mo mt mu mv mw mx my mz na ne ng ni nl no np nz om pa pe pg ph pk pl pr pt qa \
     ro ru rw sa sd se sg si sk sl sn sv sy th tj tm tn to tr tt tw tz ua ug uk us uy uz va ve vn ye \
     za zm zw";

/// No name of a host is longer (RFC 1035).
const LONGEST: usize = 253;

/// Where the next bare host with a path starts at or after `from`.
pub(super) fn start(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut search = from;
    while let Some(offset) = memchr::memchr(b'/', &bytes[search..]) {
        let slash = search + offset;
        search = slash + 1;
        let path = bytes
            .get(slash + 1)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'?' | b'#' | b'@' | b'~' | b'-'));
        let length = bytes[from..slash].iter().rev().take(LONGEST).take_while(|b| is_host_byte(**b)).count();
        let start = slash - length;
        if path && length > 0 && stands_free(&text[..start]) && is_host(&text[start..slash]) {
            return Some(start);
        }
    }
    None
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
}

fn is_host(host: &str) -> bool {
    let Some((rest, top)) = host.rsplit_once('.') else { return false };
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    rest.split('.').all(label)
        && rest.split('.').any(|label| label.len() > 1 && label.contains(|c: char| c.is_ascii_lowercase()))
        && one_of(top, TOP_LEVEL)
}

fn stands_free(before: &str) -> bool {
    before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '<' | '“' | '"' | '«' | ':' | ','))
}
