//! Hyphens that a converter took for hyphenation, and dropped, where an address wraps.
//!
//! `…/peace-deal-` at a line end and `supply` on the next line come out as `…/peace-dealsupply`.
//! The hyphen is put back only where something beside the address shows it: a link target, the
//! same words in another address of the host, the words of the title, the date of the citation, the shape of a UUID (RFC 9562) or of a
//! publisher's number. Elsewhere the address stays as it stands.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::ops::Range;

use super::join::{Targets, Vocabulary};
use super::line::Line;
use crate::date::{self, PartialDate};
use crate::fold::fold;
use crate::link;

/// Does hardly any line end with a hyphen? Then the converter drops them. Soft hyphens say nothing:
/// the same converter may keep those, and those behind digits.
pub fn drops_hyphens(lines: &[Line]) -> bool {
    // Where a page or a block ends there is no next line to join.
    let breaks = |text: &str| text.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_alphabetic));
    let kept = lines.windows(2).filter(|pair| breaks(pair[0].text) && !pair[1].gap).count();
    kept * 100 <= lines.len()
}

/// How the segments of addresses that have hyphens are spelt, by their host and their text without.
#[derive(Debug, Default)]
pub struct Spellings {
    segments: HashMap<(String, String), String>,
    hosts: HashMap<String, String>,
}

impl Spellings {
    /// The segments of all addresses in these texts.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let (mut segments, mut hosts) = (HashMap::new(), HashMap::new());
        for text in texts {
            for found in link::find(text) {
                let address = &text[found.range];
                let name = bare_host(address);
                if name.contains('-') {
                    hosts.insert(name.replace('-', ""), name.to_owned());
                }
                for segment in pieces(address, path_at(address)..address.len(), separates_segments) {
                    let segment = &address[segment];
                    if segment.contains('-') {
                        let key = (host(address).to_owned(), segment.replace('-', ""));
                        segments.insert(key, segment.to_owned());
                    }
                }
            }
        }
        Spellings { segments, hosts }
    }
}

fn host(address: &str) -> &str {
    &address[..path_at(address)]
}

/// The host without scheme and `www.`
fn bare_host(address: &str) -> &str {
    let host = host(address);
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    host.strip_prefix("www.").unwrap_or(host)
}

fn path_at(address: &str) -> usize {
    let host = address.find("://").map_or(0, |at| at + 3);
    address[host..].find('/').map_or(address.len(), |at| host + at)
}

fn separates_segments(byte: u8) -> bool {
    b"/?#.&=".contains(&byte)
}

/// Where in the text of a note a line ended before the converter dropped its hyphen and put the next
/// line behind it: such lines are longer than the others. Each place is known to a few characters.
#[derive(Debug, Clone, Default)]
pub struct Swallowed {
    /// Bytes of the text.
    places: Vec<usize>,
    /// Where in the text the lines stand that the converter left.
    lines: Vec<Range<usize>>,
    /// What is known of the lines of notes.
    page: FullLine,
}

/// The lines of the notes of a document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FullLine {
    /// How many characters a full one holds.
    width: usize,
    /// Words are broken at their ends.
    hyphenates: bool,
}

impl Swallowed {
    /// The ends of lines inside these lines of a note, `begins` being where in the joined text each line
    /// begins.
    pub(super) fn of(lines: &[&str], begins: &[usize], page: FullLine) -> Self {
        let width = page.width;
        let mut places = Vec::new();
        let left = lines.iter().zip(begins).map(|(line, begin)| *begin..begin + line.len()).collect();
        for (line, begin) in lines.iter().zip(begins) {
            let length = line.chars().count();
            let full = |nth: usize| nth * width;
            places.extend(
                (1..)
                    .take_while(|nth| full(*nth) + width / 8 < length)
                    .filter_map(|nth| line.char_indices().nth(full(nth)).map(|(at, _)| begin + at)),
            );
        }
        Swallowed { places, lines: left, page }
    }

    /// How many lines seem to have ended inside this part of the text.
    fn count_inside(&self, range: &Range<usize>) -> usize {
        let inside = |place: &&usize| (range.start..range.end + self.page.width / 16).contains(*place);
        self.places.iter().filter(inside).count()
    }

    /// The line may have ended at the byte `at`, and swallowed what follows: it is longer than the others,
    /// and the next `unbroken` bytes had no room any more.
    fn may_have_ended(&self, at: usize, unbroken: usize) -> bool {
        let width = self.page.width;
        let most = width + width / 16;
        let inside = self.lines.iter().find(|line| line.start < at && at < line.end);
        inside.is_some_and(|line| {
            let before = at - line.start;
            line.len() > most && before <= most && before + unbroken > width
        })
    }

    /// A line is hardly longer than the others, but it may be shorter: what did not fit any more
    /// was the next word of the address.
    fn is_near(&self, at: usize) -> bool {
        let width = self.page.width;
        self.places.iter().any(|place| at <= place + width / 8 && at + width / 3 >= *place)
    }
}

/// A shorter line is not full.
const SHORTEST: usize = 24;

/// What a full line of these notes holds, lines that swallowed another left aside.
pub(super) fn full_line<'t>(lines: impl Iterator<Item = &'t str>) -> Option<FullLine> {
    /// Of a hundred lines of a hyphenated text, more have swallowed another though no address is in them;
    /// of others, those that ended in a word with a hyphen of its own.
    const FEW_IN_HUNDRED: usize = 1;
    let mut soft = false;
    let told = |line: &str| {
        soft |= line.contains('\u{AD}');
        (line.chars().count(), line.contains('/'))
    };
    // Labels on lines of their own tell nothing of the width.
    let lines: Vec<(usize, bool)> = lines.map(told).filter(|(length, _)| *length >= SHORTEST).collect();
    let mut lengths: Vec<usize> = lines.iter().map(|(length, _)| *length).collect();
    lengths.sort_unstable();
    let width = super::extent::crowded(&lengths).or_else(|| most_alike(&lengths))?;
    let swallowed =
        lines.iter().filter(|(length, has_address)| !has_address && length * 10 > width * 13).count();
    let hyphenates = soft || swallowed > 1 && swallowed * 100 > lines.len() * FEW_IN_HUNDRED;
    (lengths.len() >= 6).then_some(FullLine { width, hyphenates })
}

/// The length of the longest of the lines that are most alike, where as many have swallowed others.
fn most_alike(lengths: &[usize]) -> Option<usize> {
    const FEWEST: usize = 6;
    let alike = |low: usize| low..lengths.partition_point(|length| length * 100 <= lengths[low] * 112);
    let most = (0..lengths.len()).map(alike).max_by_key(ExactSizeIterator::len)?;
    (most.len() >= FEWEST && most.len() * 6 >= lengths.len()).then(|| lengths[most.end - 1])
}

/// A note with the hyphens of its addresses put back.
#[derive(Debug, Default)]
pub struct Restored {
    /// Its text.
    pub text: String,
    /// One may still be missing, or one too many.
    pub unsure: bool,
    /// How many were put back.
    pub count: usize,
}

/// The text of a note with the hyphens of its addresses put back, those between the words of a host (`hosts`)
/// only where others show that the converter dropped some. What stands before the text is `cited`: it may say
/// what its first address is of.
pub fn restore(
    text: &str,
    cited: &str,
    targets: &Targets,
    spellings: &Spellings,
    swallowed: &Swallowed,
    vocabulary: &Vocabulary,
    hosts: bool,
) -> Restored {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut unsure = false;
    let mut count = 0;
    for found in link::find(text) {
        let Range { start, end } = found.range;
        if start < done {
            continue;
        }
        let address = &text[start..end];
        out.push_str(&text[done..start]);
        if let Some(target) = targets.spelt_with_hyphens(address) {
            out.push_str(target);
            count += 1;
        } else {
            let known = |word: &str| vocabulary.knows(word);
            let near = |at: usize| swallowed.is_near(start + at);
            let cited = if done == 0 { cited } else { "" };
            let before = format!("{cited}{}", &text[done..start]);
            let mut gaps = missing(address, &before, spellings, &near, &known);
            unsure |= gaps.len() < swallowed.count_inside(&(start..end));
            let unbroken = |at: usize| address[at..].find('-').unwrap_or(address.len() - at);
            let joint = between_words_of_host(address, &text[done..start])
                .filter(|at| !gaps.contains(at) && swallowed.may_have_ended(start + at, unbroken(*at)));
            if let Some(at) = joint {
                // The line ended somewhere near, most likely here where no words are broken.
                unsure = true;
                if hosts && gaps.is_empty() && !swallowed.page.hyphenates {
                    gaps.push(at);
                }
            }
            insert(address, &gaps, &mut out);
            count += gaps.len();
        }
        done = end;
    }
    out.push_str(&text[done..]);
    Restored { text: out, unsure, count }
}

fn insert(address: &str, gaps: &[usize], out: &mut String) {
    let mut done = 0;
    for gap in gaps {
        out.push_str(&address[done..*gap]);
        out.push('-');
        done = *gap;
    }
    out.push_str(&address[done..]);
}

/// Where in the address hyphens are missing, in order; `before` is the citation up to the address.
fn missing(
    address: &str,
    before: &str,
    spellings: &Spellings,
    near: &dyn Fn(usize) -> bool,
    known: &dyn Fn(&str) -> bool,
) -> Vec<usize> {
    // Many addresses have no words to be looked at.
    let title: LazyCell<Vec<String>, _> = LazyCell::new(|| {
        let letters = |word: &str| {
            let mut word = fold(word);
            word.retain(char::is_alphanumeric);
            word
        };
        before.split_whitespace().map(letters).filter(|word| !word.is_empty()).collect()
    });
    // `Post-War`: its parts are words as well where a line ended between them.
    let parts: LazyCell<Vec<String>, _> = LazyCell::new(|| {
        before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold).collect()
    });
    let is_part = |word: &str| parts.iter().any(|part| part.eq_ignore_ascii_case(word));
    let dates: LazyCell<Vec<PartialDate>, _> =
        LazyCell::new(|| date::find(before).into_iter().map(|found| found.date).collect());
    let mut gaps = Vec::new();
    // The host is spelt with hyphens elsewhere.
    let name = bare_host(address);
    if let Some(spelt) = spellings.hosts.get(name) {
        let start = path_at(address) - name.len();
        gaps.extend(spelt.match_indices('-').enumerate().map(|(nth, (at, _))| start + at - nth));
    }
    for segment in pieces(address, path_at(address)..address.len(), separates_segments) {
        let text = &address[segment.clone()];
        if !text.contains('-') && !(segment.clone()).any(near) {
            // The same segment stands in another address of that host.
            let key = (host(address).to_owned(), text.to_owned());
            let spelt = spellings
                .segments
                .get(&key)
                .into_iter()
                .flat_map(|spelt| spelt.match_indices('-').enumerate());
            gaps.extend(spelt.map(|(nth, (at, _))| segment.start + at - nth));
            continue;
        }
        if let Some(found) = in_uuid(address, &segment) {
            gaps.extend(found);
            continue;
        }
        gaps.extend(in_pii(text).map(|at| segment.start + at));
        if let Some(found) = in_article(text) {
            gaps.extend(found.into_iter().map(|at| segment.start + at));
            continue;
        }
        let words: Vec<Range<usize>> = pieces(address, segment, |b| b"-_".contains(&b)).collect();
        for (nth, word) in words.iter().enumerate() {
            let text = |range: Option<&Range<usize>>| range.map_or("", |range| &address[range.clone()]);
            let previous = text(nth.checked_sub(1).and_then(|nth| words.get(nth)));
            let next = text(words.get(nth + 1));
            let inside = between_title_words(previous, text(Some(word)), next, &title)
                .or_else(|| {
                    let word = text(Some(word));
                    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
                    digits.then(|| in_date(previous, word, next, &dates)).flatten()
                })
                .or_else(|| {
                    let near = |at: usize| near(word.start + at);
                    between_known_words(text(Some(word)), &is_part, &near, known)
                });
            gaps.extend(inside.map(|at| word.start + at));
        }
    }
    gaps
}

/// `seawatch.example` behind the words `Sea Watch`: where the first word ends.
fn between_words_of_host(address: &str, before: &str) -> Option<usize> {
    let name = bare_host(address);
    let label = name.split('.').next().unwrap_or_default();
    let start = path_at(address) - name.len();
    let words: Vec<String> =
        before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(fold).collect();
    let pair = words.windows(2).rfind(|pair| {
        let rest = label.strip_prefix(pair[0].as_str());
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(&pair[1]))
    })?;
    Some(start + pair[0].len())
}

/// The stretches of `range` between separators.
fn pieces(
    text: &str,
    range: Range<usize>,
    separates: impl Fn(u8) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let mut start = range.start;
    std::iter::from_fn(move || {
        if start > range.end {
            return None;
        }
        let length = text.as_bytes()[start..range.end].iter().position(|b| separates(*b));
        let end = length.map_or(range.end, |length| start + length);
        let piece = start..end;
        start = end + 1;
        Some(piece)
    })
}

/// `dealsupply` beside the title's `… Peace Deal Supply Washington …`: two words of the title, and
/// the address goes on, or came here, as the title does.
fn between_title_words(previous: &str, word: &str, next: &str, title: &[String]) -> Option<usize> {
    /// Addresses drop short words of the title.
    const NEAR: usize = 3;
    const SHORT: usize = 3;
    if !word.is_ascii() || title.iter().any(|own| own.eq_ignore_ascii_case(word)) {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let near = |words: &mut dyn Iterator<Item = &String>, wanted: &str| {
        wanted.len() > 1 && words.take(NEAR).any(|own| own.eq_ignore_ascii_case(wanted))
    };
    (0..title.len()).find_map(|at| {
        let rest = word.strip_prefix(title[at].as_str())?;
        let skipped = title[at + 1..].iter().take(2).take_while(|own| own.len() <= SHORT).count();
        let second =
            (at + 1..=at + 1 + skipped).find(|second| title.get(*second).is_some_and(|own| own == rest))?;
        let placed =
            near(&mut title[..at].iter().rev(), previous) || near(&mut title[second + 1..].iter(), next);
        placed.then(|| title[at].len())
    })
}

/// `tollrise` where a line ended: two words of the title or of the document that make no third.
fn between_known_words(
    word: &str,
    is_part: &dyn Fn(&str) -> bool,
    near: &dyn Fn(usize) -> bool,
    known: &dyn Fn(&str) -> bool,
) -> Option<usize> {
    let is_word = |word: &str| word.len() > 1 && (known(word) || is_part(word));
    let ends = 2..word.len().saturating_sub(1);
    if !ends.clone().any(near) || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) || known(word) {
        return None;
    }
    let mut places = ends.filter(|at| near(*at) && is_word(&word[..*at]) && is_word(&word[*at..]));
    let only = places.next();
    only.filter(|_| places.next().is_none())
}

/// `2017-0721`, `201707-21` or `tolls2017-07-21` where the citation is of 21 July 2017.
fn in_date(previous: &str, word: &str, next: &str, dates: &[PartialDate]) -> Option<usize> {
    dates.iter().find_map(|date| {
        let (year, month, day) = (date.year, date.month?, date.day?);
        if previous == format!("{year}") && word == format!("{month:02}{day:02}") {
            Some(2)
        } else if word == format!("{year}{month:02}") && next == format!("{day:02}") {
            Some(4)
        } else if next == format!("{month:02}") {
            let slug = word.strip_suffix(&format!("{year}"))?;
            (slug.len() > 1 && slug.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(slug.len())
        } else {
            None
        }
    })
}

/// The places of the hyphens that a UUID lacks.
fn in_uuid(address: &str, segment: &Range<usize>) -> Option<Vec<usize>> {
    const DIGITS_BEFORE_HYPHENS: [usize; 4] = [8, 12, 16, 20];
    let mut digits = 0;
    let mut hyphens = Vec::new();
    let mut places = Vec::new();
    for (at, byte) in address.as_bytes()[segment.clone()].iter().enumerate() {
        match byte {
            b'-' if DIGITS_BEFORE_HYPHENS.contains(&digits) => hyphens.push(digits),
            byte if byte.is_ascii_hexdigit() => {
                if DIGITS_BEFORE_HYPHENS.contains(&digits) && !hyphens.contains(&digits) {
                    places.push(segment.start + at);
                }
                digits += 1;
            }
            _ => return None,
        }
    }
    (digits == 32).then_some(places)
}

/// `S01406736(20)30183-5`: the publisher's item identifier has its hyphen behind the first half of
/// the ISSN, as ISSNs are written.
fn in_pii(text: &str) -> Option<usize> {
    const HALF: usize = 5;
    let issn = text.strip_prefix('S')?.split_once('(')?.0;
    let digits = issn.len() == 8 && issn.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X');
    digits.then_some(HALF)
}

/// `s10551-0205123-4`: the articles of some publishers are numbered by their journal, the year, the article
/// and a check digit.
fn in_article(text: &str) -> Option<Vec<usize>> {
    const JOURNAL: usize = 5;
    const YEAR: usize = 8;
    const LENGTHS: std::ops::RangeInclusive<usize> = 13..=14;
    let number = text.strip_prefix('s')?;
    let digits = number.bytes().filter(|byte| *byte != b'-').count();
    let (last, others) = number.as_bytes().split_last()?;
    let is_number = others.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-');
    let is_check = last.is_ascii_digit() || *last == b'x';
    let has_year = number.bytes().filter(|byte| *byte != b'-').nth(JOURNAL) == Some(b'0');
    if !is_number || !is_check || !has_year || !LENGTHS.contains(&digits) || !number.contains('-') {
        return None;
    }
    let hyphens = [JOURNAL, YEAR, digits - 1];
    let (mut before, mut missing) = (0, Vec::new());
    for (at, byte) in number.bytes().enumerate() {
        if byte == b'-' {
            if !hyphens.contains(&before) {
                return None;
            }
            continue;
        }
        if hyphens.contains(&before) && !number[..at].ends_with('-') {
            missing.push(at + 1);
        }
        before += 1;
    }
    Some(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(text: &str, targets: &Targets, spellings: &Spellings) -> String {
        restore(text, "", targets, spellings, &Swallowed::default(), &Vocabulary::default(), false).text
    }

    fn plain(text: &str) -> String {
        restored(text, &Targets::default(), &Spellings::default())
    }

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(plain(text), want);
        assert_eq!(plain(want), want, "a whole address was changed");
    }

    #[test]
    fn the_title_shows_where_words_were_glued() {
        check(
            "“Why the Ferry Deal Would Be Void”, 3 May 2024, https://a.example/x/why-the-ferrydeal-would-be-void.",
            "“Why the Ferry Deal Would Be Void”, 3 May 2024, https://a.example/x/why-the-ferry-deal-would-be-void.",
        );
        check(
            "“The End of Tolls”, https://a.example/the-end-oftolls_77.",
            "“The End of Tolls”, https://a.example/the-end-of-tolls_77.",
        );
    }

    #[test]
    fn the_date_and_the_shape_show_it_too() {
        check(
            "“Tolls”, 21 July 2017, https://a.example/tolls-2017-0721",
            "“Tolls”, 21 July 2017, https://a.example/tolls-2017-07-21",
        );
        check(
            "“Tolls”, 21 July 2017, https://a.example/fair-tolls2017-07-21",
            "“Tolls”, 21 July 2017, https://a.example/fair-tolls-2017-07-21",
        );
        check(
            "https://a.example/content/0a1b2c3d-4e5f4a6b-8c7d-0a1b2c3d4e5f",
            "https://a.example/content/0a1b2c3d-4e5f-4a6b-8c7d-0a1b2c3d4e5f",
        );
    }

    #[test]
    fn the_number_of_an_article_has_its_shape() {
        for (glued, whole) in [
            ("s10551-0205123-4", "s10551-020-5123-4"),
            ("s105510205123-4", "s10551-020-5123-4"),
            ("s10551-020-51234", "s10551-020-5123-4"),
            ("s10551020-05123-x", "s10551-020-05123-x"),
        ] {
            check(&format!("https://doi.org/10.1234/{glued}."), &format!("https://doi.org/10.1234/{whole}."));
        }
        for other in ["https://doi.org/10.1234/s1055-0205.", "https://doi.org/10.1234/s10551-0205123€"] {
            check(other, other);
        }
    }

    #[test]
    fn words_that_are_written_together_stay_so() {
        for whole in [
            "“Co-operation at Sea”, https://a.example/cooperation-at-sea",
            "“The Shipyard”, https://a.example/the-shipyard-closes",
            "“A Ship, a Yard”, https://a.example/shipyard",
        ] {
            check(whole, whole);
        }
    }

    #[test]
    fn another_address_shows_it() {
        let spellings = Spellings::of(std::iter::once("https://a.example/press-room/1."));
        let restored = restored("https://a.example/pressroom/2/harbour.", &Targets::default(), &spellings);
        assert_eq!(restored, "https://a.example/press-room/2/harbour.");
    }

    #[test]
    fn the_host_is_spelt_in_full_elsewhere() {
        let spellings = Spellings::of(std::iter::once("https://www.coast-watch.example/1."));
        let restored = restored("http://coastwatch.example/2/harbour.", &Targets::default(), &spellings);
        assert_eq!(restored, "http://coast-watch.example/2/harbour.");
    }

    #[test]
    fn a_link_target_shows_it() {
        let mut targets = Targets::default();
        targets.add("https://a.example/one-two-three");
        assert_eq!(
            restored("See https://a.example/onetwo-three.", &targets, &Spellings::default()),
            "See https://a.example/one-two-three."
        );
    }
}
