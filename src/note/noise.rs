//! Page furniture: what stands on the page but is no part of the text.
//!
//! Link targets dumped by a converter, text set vertically in the margin, page numbers, running
//! headers and footers. They are taken out before anything else looks at the lines, but what
//! stood on either side of them stays apart.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use super::join::Targets;
use super::line::{FEW_LINES, Line};
use super::{listed, marker};
use crate::fold::{ByFnv, fold};
use crate::parallel;

/// Takes the furniture out of the lines; the link targets found among it are returned.
pub fn strip(mut lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Targets) {
    let mut noise = vec![false; lines.len()];
    let mut targets = dumped_targets(&lines, &mut noise);
    listed::find(&lines, &mut noise, &mut targets);
    vertical_text(&lines, &mut noise);
    repeated_lines(&lines, &mut noise);
    let mut edge = vec![false; lines.len()];
    repeated_between(&lines, &noise, &mut edge);
    edge.iter().enumerate().filter(|(_, edge)| **edge).for_each(|(line, _)| noise[line] = true);
    repeated_stacks(&lines, &mut noise);

    let (mut gap, mut page_break) = (false, false);
    let mut marks = noise.into_iter().zip(edge);
    lines.retain_mut(|line| {
        let (noise, edge) = marks.next().unwrap_or_default();
        gap |= line.gap;
        page_break |= line.page_break;
        if noise {
            gap = true;
            // The targets of a page's links are dumped where the page ends.
            page_break |= edge || targets.is_whole(line.text);
        } else {
            (line.gap, line.page_break) = (gap, page_break);
            (gap, page_break) = (false, false);
        }
        !noise
    });
    (lines, targets)
}

fn is_bare_url(line: &Line) -> bool {
    let text = line.text;
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .or_else(|| text.strip_prefix("mailto:"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.contains(char::is_whitespace)
            && !rest.ends_with(['.', ',', ';', '-'])
            && rest.matches(')').count() <= rest.matches('(').count()
    })
}

/// A block of lines each of which is one whole URL and nothing else is what a converter leaves of
/// the page's link annotations: usually once for each visible line of a link.
fn dumped_targets(lines: &[Line], noise: &mut [bool]) -> Targets {
    let mut targets = Targets::default();
    let bare = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter(|index| is_bare_url(&lines[*index])).collect()
    });
    for run in bare.chunk_by(|a, b| a + 1 == *b && !lines[*b].page_break) {
        let (at, run) = (run[0], run.len());
        let block = &lines[at..at + run];
        let after_gap = lines.get(at + run).is_none_or(|next| next.gap || next.column > 1);
        let repeats = block.windows(2).any(|pair| pair[0].text == pair[1].text);
        // A note may hold a URL that fills a line alone; what stood before it then wants it.
        let wanted = at > 0 && !block[0].page_break && lines[at - 1].text.ends_with([',', ':', '(', '<']);
        let ends_page = lines.get(at + run).is_none_or(|next| next.page_break);
        let again = || ends_page && are_printed_above(lines, at, block);
        if repeats || (block[0].gap && after_gap && (run > 1 || !wanted)) || again() {
            for (index, line) in block.iter().enumerate() {
                noise[at + index] = true;
                targets.add(line.text);
            }
        }
    }
    targets
}

/// Is each of these addresses printed on the page above `at` too, wrapped or not?
fn are_printed_above(lines: &[Line], at: usize, block: &[Line]) -> bool {
    const PAGE: usize = 200;
    let plain = |text: &str| text.replace(['-', ' ', '\u{AD}', '‐'], "");
    let first = (at.saturating_sub(PAGE)..at).rev().find(|line| lines[*line].page_break).unwrap_or_default();
    let above: String = lines[first..at].iter().map(|line| plain(line.text)).collect();
    block.iter().all(|line| above.contains(&plain(line.text)))
}

/// Text set vertically comes out as a long run of lines of a letter or two.
fn vertical_text(lines: &[Line], noise: &mut [bool]) {
    const LONGEST: usize = 3;
    const FEWEST: usize = 8;
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..].iter().take_while(|l| l.len <= LONGEST).count();
        // Lines that only hold numbers in order are note numbers, not a margin.
        let letters = lines[at..at + run].iter().filter(|l| l.text.contains(char::is_alphabetic)).count();
        if run >= FEWEST && letters * 4 >= run {
            noise[at..at + run].fill(true);
        }
        at += run.max(1);
    }
}

/// Running headers and footers: lines at the edge of a page, or alone in their block, that come
/// again with nothing but their digits changed.
fn repeated_lines(lines: &[Line], noise: &mut [bool]) {
    const LONGEST: usize = 160;
    /// What stands alone on so many pages is believed wherever it comes again.
    const FEWEST_PAGES: usize = 3;
    let mut seen: HashMap<u64, Vec<usize>, ByFnv> = HashMap::default();
    let (title, title_lines) = opening_block(lines);
    let before = &*noise;
    let look_at = |noise: &[bool], index: usize| {
        let line = &lines[index];
        let may_be = (3..=LONGEST).contains(&line.len) && !noise[index];
        let alone = may_be.then(|| stands_apart(lines, noise, index)).flatten()?;
        Some((index, alone, Look::of(line.text, &title)))
    };
    let looks = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|index| look_at(before, index)).collect()
    });
    let mut looks = looks.into_iter().peekable();
    let mut title_at = None;
    for index in 0..lines.len() {
        let mut look = looks.next_if(|(of, ..)| *of == index);
        if index > 0 && title_at == Some(index - 1) {
            // What was taken for noise just now sets it apart.
            look = look_at(noise, index);
        }
        let Some((_, alone, look)) = look else { continue };
        if index >= title_lines && alone && look.is_title {
            noise[index] = true;
            title_at = Some(index);
        } else if let Some(key) = look.key {
            seen.entry(key).or_default().push(index);
        }
    }
    let mut footers: HashSet<&str> = HashSet::new();
    for places in seen.into_values().filter(|places| places.len() > 1) {
        let pages: HashSet<u32> = places.iter().filter_map(|i| lines[*i].page).collect();
        if pages.len() == 1 {
            continue;
        }
        let text = |index: &usize| lines[*index].text;
        let texts: Vec<&str> = places.iter().map(text).collect();
        // `Emphasis added.` may be a note each time; what stands at the edges of pages in whole sentences
        // stands on most of them.
        let sentences = !pages.is_empty() && texts.iter().all(|text| text.ends_with('.'));
        let rare = || places.len() < 3 || places.len() * 2 < pages_between(lines, &places);
        if sentences && (rare() || are_labelled(lines, &places)) {
            continue;
        }
        let same = texts.windows(2).all(|pair| pair[0] == pair[1]);
        // What counts in an address is no page; beside one that stays the same it is.
        let address =
            |text: &&str| text.split_whitespace().find(|word| word.contains("://")).map(str::to_owned);
        let one_address = texts.iter().all(|text| address(text) == address(&texts[0]));
        let furniture = same || one_address && differ_by_page_number(&texts);
        // Other numbers that change are a report's, a law's: no footer. But what is the same each time is
        // one.
        let mut times: HashMap<&str, usize> = HashMap::new();
        texts.iter().for_each(|text| *times.entry(text).or_default() += 1);
        places.iter().for_each(|index| noise[*index] |= furniture || times[text(index)] >= 2);
        if pages.len() >= FEWEST_PAGES {
            footers.extend(
                times.into_iter().filter(|(text, times)| *times > 1 && letters(text) >= 10).map(|of| of.0),
            );
        }
    }
    // Where columns come one after the other, the footer may stand between them.
    if !footers.is_empty() {
        for index in title_lines..lines.len() {
            let ends_block = lines.get(index + 1).is_none_or(|next| next.gap);
            if (lines[index].gap || ends_block) && footers.contains(lines[index].text) {
                noise[index] = true;
            }
        }
    }
}

/// Does the line stand alone in its block (`true`), or else at the edge of a page?
fn stands_apart(lines: &[Line], noise: &[bool], index: usize) -> Option<bool> {
    const EDGE: usize = 2;
    let line = &lines[index];
    let after_noise = index > 0 && noise[index - 1];
    let before_noise = noise.get(index + 1).copied().unwrap_or(true);
    let alone =
        (line.gap || after_noise) && (before_noise || lines.get(index + 1).is_none_or(|next| next.gap));
    let top = || {
        (0..EDGE).any(|up| {
            index >= up && lines[index - up].page_break && !(0..up).any(|u| lines[index - u].page_break)
        })
    };
    // What a converter dumps where a page ends stands below its last line.
    let is_number = |line: &Line| line.len <= 4 && line.text.bytes().all(|byte| byte.is_ascii_digit());
    let counts = |at: &usize| !noise[*at] && !is_number(&lines[*at]) || lines[*at].page_break;
    let mut below = (index + 1..lines.len()).filter(counts);
    let mut bottom = || (0..EDGE).any(|_| below.next().is_none_or(|at| lines[at].page_break));
    (alone || line.page.is_some() && (top() || bottom())).then_some(alone)
}

/// What tells whether a line that stands apart comes again.
struct Look {
    is_title: bool,
    /// A number that lines share which differ in nothing but digits and spaces (nothing is kept of those of a
    /// long text, hardly any of which comes again); `None` where a line is no header whatever comes again.
    key: Option<u64>,
}

impl Look {
    fn of(text: &str, title: &str) -> Self {
        let folded = fold(text);
        let is_date = || crate::date::parse(text).is_some_and(|date| date.range == (0..text.len()));
        // `[7] See` is the beginning of a note rather than a page number and a name.
        let least = match text.as_bytes()[0] {
            b'[' => None,
            b'0'..=b'9' => Some(8),
            _ => Some(3),
        };
        let key = least.and_then(|least| {
            let bare = without_digits(&folded);
            // What goes on behind a comma is no whole line.
            let is_other = || text.ends_with(',') || marker::refers_back_folded(&folded) || is_date();
            (letters(&bare) >= least && !is_other()).then(|| ByFnv::default().hash_one(bare))
        });
        Look { is_title: title.len() > 12 && folded == title, key }
    }
}

/// Most of these lines stand below numbers of their own that do not count pages.
fn are_labelled(lines: &[Line], places: &[usize]) -> bool {
    let number = |line: usize| marker::alone(lines[line].text).map(|(_, number, _)| i64::from(number));
    let above = |place: &usize| place.checked_sub(1).and_then(number);
    let page = |place: &usize| i64::from(lines[*place].page.unwrap_or_default());
    let ahead: Vec<i64> = places.iter().filter_map(|place| Some(above(place)? - page(place))).collect();
    ahead.len() * 2 > places.len() && ahead.windows(2).any(|pair| pair[0] != pair[1])
}

/// How many pages there are from that of the first of these lines to that of the last.
fn pages_between(lines: &[Line], places: &[usize]) -> usize {
    let page = |place: Option<&usize>| place.and_then(|line| lines[*line].page).unwrap_or_default();
    (page(places.last()) - page(places.first())) as usize + 1
}

/// The text without spaces, every number one mark, so that page 9 and page 10 look alike.
fn without_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !out.ends_with('#') {
            out.push(c);
        }
    }
    out
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Running headers and footers of a text without page breaks, where nothing sets them apart: whole
/// lines that come again and again, a page's length from each other.
fn repeated_between(lines: &[Line], noise: &[bool], edge: &mut [bool]) {
    const FEWEST: usize = 3;
    const LETTERS: usize = 10;
    const LONGEST: usize = 160;
    /// No page has fewer lines.
    const SHORTEST_PAGE: usize = 12;
    if lines.iter().any(|line| line.page.is_some()) {
        return;
    }
    let head = head(lines);
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        if index > SHORTEST_PAGE && (is_dashed_number(line.text) || head.is_repeated(line.text)) {
            edge[index] = true;
            continue;
        }
        let opens = line.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '©');
        let goes_on = line.text.ends_with(['.', ',', ';', ':', '-', '\u{AD}', '”', '/', '(']);
        if noise[index] || line.len > LONGEST || !opens || goes_on || letters(line.text) < LETTERS {
            continue;
        }
        seen.entry(outline(line.text)).or_default().push(index);
    }
    for places in seen.into_values().filter(|places| places.len() >= FEWEST) {
        let apart = places.windows(2).all(|pair| pair[1] - pair[0] >= SHORTEST_PAGE);
        let texts: Vec<&str> = places.iter().map(|at| lines[*at].text).collect();
        if apart && differ_by_page_number(&texts) {
            places.into_iter().for_each(|at| edge[at] = true);
        }
    }
}

/// A number that texts share which differ in nothing but digits and spaces (FNV-1a: nothing is built
/// for the lines of a long text, hardly any of which comes again).
fn outline(text: &str) -> u64 {
    let kept = text.bytes().filter(|byte| !byte.is_ascii_digit() && !byte.is_ascii_whitespace());
    kept.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// `– 3 –`
fn is_dashed_number(text: &str) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—');
    let digits = text.trim_matches(is_dash).trim();
    text.starts_with(is_dash)
        && text.ends_with(is_dash)
        && (1..=4).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What running heads repeat: the title and the lines under it.
struct Head {
    title: String,
    lines: Vec<String>,
}

fn head(lines: &[Line]) -> Head {
    const LINES: usize = 8;
    const SHORTEST: usize = 8;
    let names = lines.iter().take(LINES).map(|line| fold(line.text.trim_start_matches("by ")));
    Head { title: opening_block(lines).0, lines: names.filter(|name| name.len() >= SHORTEST).collect() }
}

impl Head {
    /// The line is one of the head's with a page number, or the title, which may be cut.
    fn is_repeated(&self, text: &str) -> bool {
        const SHORTEST: usize = 20;
        const MOST_WORDS: usize = 16;
        let bare = text.trim_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
        if !bare.starts_with(char::is_uppercase) || bare.len() < 8 || bare.split(' ').count() > MOST_WORDS {
            return false;
        }
        let folded = fold(bare);
        bare.len() < text.len() && self.lines.contains(&folded)
            || folded.len() >= SHORTEST && self.title.starts_with(&folded)
    }
}

/// Page numbers of a text without page breaks, where nothing sets them apart: bare numbers that count
/// on, a page's length from each other, and are no labels. Marks them.
pub fn page_numbers_between(lines: &[Line], is_label: &[bool], marked: &mut [bool]) {
    const FEWEST: usize = 2;
    const SHORTEST_PAGE: usize = 15;
    const LONGEST_PAGE: usize = 160;
    if lines.iter().any(|line| line.page.is_some()) {
        return;
    }
    let numbers: Vec<(usize, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(index, _)| !is_label[*index])
        .filter_map(|(index, line)| {
            let digits =
                line.text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | '|') || c.is_whitespace());
            (digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
            Some((index, digits.parse().ok()?))
        })
        .collect();
    // chain[at]: the longest run of pages up to this number, and the number before it in the run.
    let mut chain: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbers.len());
    for (at, (line, number)) in numbers.iter().enumerate() {
        let near = numbers[..at]
            .iter()
            .enumerate()
            .rev()
            .take_while(|(_, (before, _))| line - before <= LONGEST_PAGE);
        let before = near
            .filter(|(_, (before, last))| last + 1 == *number && line - before >= SHORTEST_PAGE)
            .max_by_key(|(before, _)| chain[*before].0)
            .map(|(before, _)| before);
        chain.push((before.map_or(1, |before| chain[before].0 + 1), before));
    }
    let Some(longest) = (0..chain.len()).max_by_key(|at| chain[*at].0) else { return };
    let mut pages = Vec::new();
    let mut at = Some(longest);
    while let Some(page) = at {
        pages.push(numbers[page].0);
        at = chain[page].1;
    }
    // A page begins in the middle of a sentence as often as not, and hardly any note does.
    let goes_on = |page: &&usize| {
        let (Some(before), Some(next)) = (page.checked_sub(1), lines.get(**page + 1)) else { return false };
        let (before, next) = (lines[before].edges(), next.edges());
        before.joint(next) >= 1.0 || before.open
    };
    let going_on = pages.iter().filter(goes_on).count();
    if pages.len() >= FEWEST && going_on * 4 >= pages.len() {
        pages.into_iter().for_each(|line| marked[line] = true);
    }
}

/// The texts are one and the same but for a single number, which goes up.
fn differ_by_page_number(texts: &[&str]) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
    };
    let rows: Vec<Vec<u64>> = texts.iter().map(|text| numbers(text)).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let column = |nth: usize| rows.iter().map(move |row| row.get(nth));
    let varies = |nth: &usize| column(*nth).zip(column(*nth).skip(1)).any(|(a, b)| a != b);
    let mut varying = (0..columns).filter(varies);
    match (varying.next(), varying.next()) {
        // A label before the same words each time: the number must count.
        (None, _) => !texts.iter().all(|text| text.starts_with(|c: char| c.is_ascii_digit())),
        (Some(nth), None) => column(nth).zip(column(nth).skip(1)).all(|(a, b)| a < b),
        _ => false,
    }
}

/// A licence set along the margin of every page may come out with one word a line: the same stack of
/// words, whole, again and again.
fn repeated_stacks(lines: &[Line], noise: &mut [bool]) {
    const LOWEST: usize = 4;
    const PAGES: usize = 3;
    let mut seen: HashMap<Vec<&str>, Vec<usize>> = HashMap::new();
    let thin = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter(|index| !lines[*index].text.contains(' ')).collect()
    });
    for stack in thin.chunk_by(|a, b| a + 1 == *b && !lines[*b].gap) {
        let (at, height) = (stack[0], stack.len());
        let stack = &lines[at..at + height];
        let worded = stack.iter().filter(|l| l.text.contains(char::is_alphabetic)).count() > 1;
        if height >= LOWEST && worded {
            seen.entry(stack.iter().map(|l| l.text).collect()).or_default().push(at);
        }
    }
    for (stack, places) in seen.into_iter().filter(|(_, places)| places.len() >= PAGES) {
        places.into_iter().for_each(|at| noise[at..at + stack.len()].fill(true));
    }
}

/// The first block of the text, folded and joined, and the number of its lines.
fn opening_block(lines: &[Line]) -> (String, usize) {
    let count = 1 + lines.iter().skip(1).take_while(|l| !l.gap).count().min(3);
    let joined: Vec<String> = lines.iter().take(count).map(|l| fold(l.text)).collect();
    (joined.join(" "), count)
}

/// A number alone in its block, or alone at the edge of a page: a page number, unless it turns out
/// to be the label of a note.
pub fn is_page_number(lines: &[Line], index: usize) -> bool {
    let line = &lines[index];
    let is_margin = |c: char| matches!(c, '-' | '–' | '—' | '|' | '[' | ']') || c.is_whitespace();
    let digits = line.text.trim_start_matches(is_margin);
    let digits = match after_page_word(digits) {
        Some(rest) if counts_pages(rest.trim_end_matches(is_margin)) => rest,
        _ => digits,
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x' | 'l')) {
        return false;
    }
    let digits = digits.trim_end_matches(is_margin);
    let roman =
        !digits.is_empty() && digits.len() <= 6 && digits.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'));
    let number = !digits.is_empty() && digits.len() <= 4 && digits.chars().all(|c| c.is_ascii_digit());
    if !(roman || number || counts_pages(digits))
        || digits.len() < line.text.len() && line.text.starts_with('[')
    {
        return false;
    }
    let next = lines.get(index + 1);
    let page_edge = line.page.is_some() && (line.page_break || next.is_none_or(|next| next.page_break));
    line.gap && next.is_none_or(|next| next.gap) || page_edge
}

/// What stands behind the word for a page: `Page 2 of 6`, `S. 2/6`.
fn after_page_word(text: &str) -> Option<&str> {
    const LONGEST: usize = 24;
    const WORDS: [&str; 10] =
        ["page", "p", "pag", "pagina", "página", "pág", "seite", "s", "blatt", "stránka"];
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let end = text.find(|c: char| !c.is_alphabetic()).filter(|end| *end > 0)?;
    let word = text[..end].to_lowercase();
    WORDS.contains(&word.as_str()).then(|| text[end..].trim_start_matches(['.', ':']).trim_start())
}

/// `2 / 6`, `2/6`, `2 of 6`: which page this is, and how many there are.
fn counts_pages(text: &str) -> bool {
    const BETWEEN: [&str; 9] = ["/", "|", "of", "von", "di", "de", "sur", "van", "z"];
    let number = |text: &str| text.parse::<u16>().ok().filter(|n| *n > 0 && text.len() <= 4);
    let Some(at) = text.find(|c: char| !c.is_ascii_digit()) else { return false };
    let rest = text[at..].trim_start();
    let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
    let (between, last) = rest.split_at(end);
    let pages = number(&text[..at]).zip(number(last));
    BETWEEN.contains(&between.trim()) && pages.is_some_and(|(page, pages)| page <= pages)
}
