//! The titles of other pages to which a page leads: teasers, lists, related stories.

use memchr::{memchr2, memrchr};
use url::Url;

use super::outline::{Id, Outline};

/// In bytes: shorter texts of links are labels, longer ones are teasers.
pub(super) const LENGTH: std::ops::RangeInclusive<usize> = 20..=300;

/// No page leads to more stories; what leads to more is no page.
const MOST: usize = 2_000;

/// A title as a number: the same for two of which only case in ASCII, spaces and marks differ, or what comes
/// behind its beginning.
pub(super) fn number(title: &str) -> u32 {
    const BEGINNING: usize = 80;
    // The first bytes of general punctuation and of the marks of Latin-1 in UTF-8, and the bytes that each takes.
    const SKIPPED: [u8; 256] = {
        let (mut skipped, mut byte) = ([0; 256], 0);
        while byte < 0x80 {
            skipped[byte] = if (byte as u8).is_ascii_alphanumeric() { 0 } else { 1 };
            byte += 1;
        }
        skipped[0xC2] = 2;
        skipped[0xE2] = 3;
        skipped
    };
    let bytes = &title.as_bytes()[..title.len().min(BEGINNING)];
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while let Some(byte) = bytes.get(at) {
        match SKIPPED[usize::from(*byte)] {
            0 => {
                // In lower case, as far as it is a letter.
                hash = (hash ^ u64::from(byte | 0x20)).wrapping_mul(0x100_0000_01b3);
                at += 1;
            }
            skipped => at += usize::from(skipped),
        }
    }
    (hash ^ hash >> 32) as u32
}

/// The titles of the pages to which links lead that say more than a label.
pub(super) fn titles(outline: &Outline, url: &Url, canonical: Option<&Url>) -> Vec<u32> {
    let own: Vec<&str> =
        [Some(url), canonical].into_iter().flatten().filter_map(|u| last(u.path())).collect();
    let leads_away = |link: Id| {
        let link = outline.elements.get(link as usize);
        let target = link.and_then(|link| link.attributes.raw("href")).unwrap_or_default();
        let end = memchr2(b'?', b'#', target.as_bytes()).unwrap_or(target.len());
        let target = last(&target[..end]);
        // The same name elsewhere: another form of the page itself.
        target.is_some_and(|target| !own.contains(&target))
    };
    let links = outline.links.iter().filter(|(link, _)| leads_away(*link));
    let mut numbers: Vec<u32> = links.map(|(_, number)| *number).take(MOST).collect();
    numbers.dedup();
    numbers
}

/// The last part of a path.
fn last(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    let start = memrchr(b'/', path.as_bytes()).map_or(0, |at| at + 1);
    Some(&path[start..]).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_case_make_no_difference() {
        let title = number("“Who pays?” – the Breakwater’s long bill");
        assert_eq!(number("Who Pays? The breakwater's\u{A0}long bill…"), title);
        assert_ne!(number("Who paid? The breakwater's long bill"), title);
    }
}
