//! Page furniture: what stands on the page but is no part of the text.
//!
//! Link targets dumped by a converter, text set vertically in the margin, page numbers, running
//! headers and footers. They are taken out before anything else looks at the lines, but what
//! stood on either side of them stays apart.

use std::collections::HashMap;

use super::join::Targets;
use super::line::Line;
use super::marker;
use crate::fold::fold;

/// Takes the furniture out of the lines; the link targets found among it are returned.
pub fn strip(lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Targets) {
    let mut noise = vec![false; lines.len()];
    let targets = dumped_targets(&lines, &mut noise);
    vertical_text(&lines, &mut noise);
    repeated_lines(&lines, &mut noise);
    repeated_between(&lines, &mut noise);
    repeated_stacks(&lines, &mut noise);

    let mut kept = Vec::with_capacity(lines.len());
    let (mut gap, mut page_break) = (false, false);
    for (mut line, noise) in lines.into_iter().zip(noise) {
        gap |= line.gap;
        page_break |= line.page_break;
        if noise {
            gap = true;
            // The targets of a page's links are dumped where the page ends.
            page_break |= targets.is_whole(line.text);
        } else {
            line.gap = gap;
            line.page_break = page_break;
            kept.push(line);
            (gap, page_break) = (false, false);
        }
    }
    (kept, targets)
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
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..]
            .iter()
            .enumerate()
            .take_while(|(i, l)| is_bare_url(l) && (*i == 0 || !l.page_break))
            .count();
        if run == 0 {
            at += 1;
            continue;
        }
        let block = &lines[at..at + run];
        let after_gap = lines.get(at + run).is_none_or(|next| next.gap || next.column > 1);
        let repeats = block.windows(2).any(|pair| pair[0].text == pair[1].text);
        // A note may hold a URL that fills a line alone; what stood before it then wants it.
        let wanted = at > 0 && !block[0].page_break && lines[at - 1].text.ends_with([',', ':', '(', '<']);
        if repeats || (block[0].gap && after_gap && (run > 1 || !wanted)) {
            for (index, line) in block.iter().enumerate() {
                noise[at + index] = true;
                targets.add(line.text);
            }
        }
        at += run;
    }
    targets
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
    const EDGE: usize = 2;
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    let title = opening_block(lines);
    for (index, line) in lines.iter().enumerate() {
        if noise[index] || line.len > LONGEST || line.len < 3 {
            continue;
        }
        let after_noise = index > 0 && noise[index - 1];
        let before_noise = noise.get(index + 1).copied().unwrap_or(true);
        let alone =
            (line.gap || after_noise) && (before_noise || lines.get(index + 1).is_none_or(|next| next.gap));
        let top = (0..EDGE).any(|up| {
            index >= up && lines[index - up].page_break && !(0..up).any(|u| lines[index - u].page_break)
        });
        // What a converter dumps where a page ends stands below its last line.
        let mut below = (index + 1..lines.len()).filter(|at| !noise[*at] || lines[*at].page_break);
        let bottom =
            line.page.is_some() && (0..EDGE).any(|_| below.next().is_none_or(|at| lines[at].page_break));
        if !(alone || line.page.is_some() && (top || bottom)) {
            continue;
        }
        if index >= title.1 && alone && title.0.len() > 12 && fold(line.text) == title.0 {
            noise[index] = true;
            continue;
        }
        if marker::refers_back(line.text)
            || crate::date::parse(line.text).is_some_and(|d| d.range == (0..line.text.len()))
        {
            continue;
        }
        // `[7] See` is the beginning of a note rather than a page number and a name.
        let least = match line.text.as_bytes()[0] {
            b'[' => continue,
            b'0'..=b'9' => 8,
            _ => 3,
        };
        let key = without_digits(&fold(line.text));
        if letters(&key) >= least {
            seen.entry(key).or_default().push(index);
        }
    }
    for places in seen.into_values() {
        let pages =
            places.iter().filter_map(|i| lines[*i].page).collect::<std::collections::BTreeSet<_>>().len();
        let paged = places.iter().any(|i| lines[*i].page.is_some());
        if places.len() >= 2 && (!paged || pages >= 2) {
            for index in places {
                noise[index] = true;
            }
        }
    }
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
fn repeated_between(lines: &[Line], noise: &mut [bool]) {
    const FEWEST: usize = 3;
    const LETTERS: usize = 10;
    const LONGEST: usize = 160;
    /// No page has fewer lines.
    const SHORTEST_PAGE: usize = 12;
    if lines.iter().any(|line| line.page.is_some()) {
        return;
    }
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        let opens = line.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '©');
        let goes_on = line.text.ends_with(['.', ',', ';', ':', '-', '\u{AD}', '”', '/', '(']);
        if noise[index] || line.len > LONGEST || !opens || goes_on || letters(line.text) < LETTERS {
            continue;
        }
        seen.entry(without_digits(line.text)).or_default().push(index);
    }
    for (key, places) in seen.into_iter().filter(|(_, places)| places.len() >= FEWEST) {
        let apart = places.windows(2).all(|pair| pair[1] - pair[0] >= SHORTEST_PAGE);
        // `12 Andrew de Waal`: with its number it could start a note; a page's number goes up, and
        // is the only one in the line.
        let numbers: Vec<u32> = places
            .iter()
            .filter_map(|at| lines[*at].text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
            .collect();
        let as_pages = numbers.is_empty()
            || key.matches('#').count() == 1
                && numbers.len() == places.len()
                && numbers.windows(2).all(|pair| pair[0] < pair[1]);
        if apart && as_pages {
            places.into_iter().for_each(|at| noise[at] = true);
        }
    }
}

/// A licence set along the margin of every page may come out with one word a line: the same stack of
/// words, whole, again and again.
fn repeated_stacks(lines: &[Line], noise: &mut [bool]) {
    const LOWEST: usize = 4;
    const PAGES: usize = 3;
    let mut seen: HashMap<Vec<&str>, Vec<usize>> = HashMap::new();
    let mut at = 0;
    while at < lines.len() {
        let thin = |line: &Line| !line.text.contains(' ');
        let height =
            lines[at..].iter().enumerate().take_while(|(i, l)| thin(l) && (*i == 0 || !l.gap)).count();
        let stack = &lines[at..at + height];
        let worded = stack.iter().filter(|l| l.text.contains(char::is_alphabetic)).count() > 1;
        if height >= LOWEST && worded {
            seen.entry(stack.iter().map(|l| l.text).collect()).or_default().push(at);
        }
        at += height.max(1);
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
    let digits =
        line.text.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | '|' | '[' | ']') || c.is_whitespace());
    let roman =
        !digits.is_empty() && digits.len() <= 6 && digits.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'));
    let number = !digits.is_empty() && digits.len() <= 4 && digits.chars().all(|c| c.is_ascii_digit());
    if !(roman || number) || digits.len() < line.text.len() && line.text.starts_with('[') {
        return false;
    }
    let next = lines.get(index + 1);
    let page_edge = line.page.is_some() && (line.page_break || next.is_none_or(|next| next.page_break));
    line.gap && next.is_none_or(|next| next.gap) || page_edge
}
