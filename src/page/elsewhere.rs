//! The titles of other pages to which a page leads: teasers, lists, related stories.

use url::Url;

use super::outline::{Id, Outline};

/// In bytes: shorter texts of links are labels, longer ones are teasers.
pub(super) const LENGTH: std::ops::RangeInclusive<usize> = 20..=300;

/// A title as a number: the same for two of which only case in ASCII, spaces and marks differ.
pub(super) fn number(title: &str) -> u32 {
    const GENERAL_PUNCTUATION: u8 = 0xE2;
    const LATIN_MARKS: u8 = 0xC2;
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut bytes = title.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            GENERAL_PUNCTUATION => drop(bytes.nth(1)),
            LATIN_MARKS => drop(bytes.next()),
            // In lower case, as far as it is a letter.
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0x80.. => {
                hash = (hash ^ u64::from(byte | 0x20)).wrapping_mul(0x100_0000_01b3);
            }
            _ => {}
        }
    }
    (hash ^ hash >> 32) as u32
}

/// The titles of the pages to which links lead that say more than a label, in order, each once.
pub(super) fn titles(outline: &Outline, url: &Url, canonical: Option<&Url>) -> Vec<u32> {
    let own: Vec<&str> =
        [Some(url), canonical].into_iter().flatten().filter_map(|u| last(u.path())).collect();
    let leads_away = |link: Id| {
        let link = outline.elements.get(link as usize);
        let target = link.and_then(|link| link.attributes.raw("href")).unwrap_or_default();
        let target = target.split(['?', '#']).next().and_then(last);
        // The same name elsewhere: another form of the page itself.
        target.is_some_and(|target| !own.contains(&target))
    };
    let links = outline.links.iter().filter(|(link, _)| leads_away(*link));
    let mut numbers: Vec<u32> = links.map(|(_, number)| *number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The last part of a path.
fn last(path: &str) -> Option<&str> {
    path.rsplit('/').find(|part| !part.is_empty())
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
