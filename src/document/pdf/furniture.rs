//! Running heads, page numbers and footers: lines that return at the same height, page after page.

use std::collections::HashMap;

use super::line::Line;

/// So many lines from the top and from the bottom of a page may be furniture.
const DEEP: usize = 3;
/// Heights that differ by less are the same, in points.
const SAME_HEIGHT: f32 = 4.0;
/// On so many pages a line returns, at the least.
const LEAST_PAGES: usize = 3;
/// On this share of the pages, in percent.
const SHARE: usize = 10;
/// A text of so many characters is known again wherever it stands at the edge of a page: on the first
/// page of an article the running head often stands elsewhere.
const LONG: usize = 12;

/// Takes the furniture out.
pub(super) fn strip(lines: &mut Vec<Line>) {
    let mut by_page: Vec<Vec<usize>> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match by_page.last_mut() {
            Some(page) if lines[page[0]].page == line.page => page.push(index),
            _ => by_page.push(vec![index]),
        }
    }
    let pages = by_page.len();
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for page in &mut by_page {
        page.sort_by(|a, b| lines[*b].y.total_cmp(&lines[*a].y));
        let edge = page.iter().take(DEEP).chain(page.iter().rev().take(DEEP));
        let mut seen = Vec::new();
        for index in edge {
            if !seen.contains(index) {
                seen.push(*index);
                groups.entry(key(&lines[*index].text)).or_default().push(*index);
            }
        }
    }
    let mut furniture = vec![false; lines.len()];
    for (key, members) in &groups {
        if !runs_with_pages(lines, members) {
            continue;
        }
        let least = if numbers_every_page(lines, members, pages) { 2 } else { LEAST_PAGES };
        for (index, on_pages) in members.iter().zip(pages_at_height(lines, members)) {
            furniture[*index] = on_pages >= least && on_pages * 100 >= pages * SHARE;
        }
        if key.chars().count() >= LONG && members.iter().any(|index| furniture[*index]) {
            members.iter().for_each(|index| furniture[*index] = true);
        }
    }
    page_numbers(lines, &by_page, &mut furniture);
    let mut index = 0;
    lines.retain(|_| {
        index += 1;
        !furniture[index - 1]
    });
}

/// For each line, on how many pages one of them stands as high.
fn pages_at_height(lines: &[Line], members: &[usize]) -> Vec<usize> {
    let mut by_height: Vec<usize> = (0..members.len()).collect();
    let y = |at: usize| lines[members[at]].y;
    by_height.sort_unstable_by(|a, b| y(*a).total_cmp(&y(*b)));
    let mut counts = vec![0; members.len()];
    // The lines as high as the one at hand, and how many of them stand on each page.
    let (mut from, mut to) = (0, 0);
    let mut on: HashMap<u32, usize> = HashMap::new();
    for at in &by_height {
        while to < by_height.len() && y(by_height[to]) - y(*at) <= SAME_HEIGHT {
            *on.entry(lines[members[by_height[to]]].page).or_default() += 1;
            to += 1;
        }
        while y(*at) - y(by_height[from]) > SAME_HEIGHT {
            let page = lines[members[by_height[from]]].page;
            if let Some(count) = on.get_mut(&page) {
                *count -= 1;
                if *count == 0 {
                    on.remove(&page);
                }
            }
            from += 1;
        }
        counts[*at] = on.len();
    }
    counts
}

/// The text with its numbers left open.
fn key(text: &str) -> String {
    let mut key = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !key.ends_with('#') {
                key.push('#');
            }
        } else if !c.is_whitespace() {
            key.extend(c.to_lowercase());
        }
    }
    // The number of the page may stand before the title or behind it.
    let bare = key.trim_matches('#');
    if bare.is_empty() { key } else { bare.to_owned() }
}

/// `12 Ibid.` at the foot of one page and `17 Ibid.` at the foot of another are notes: the number
/// that begins or ends a running head is that of the page, or always the same.
fn runs_with_pages(lines: &[Line], members: &[usize]) -> bool {
    let mut offsets: HashMap<i64, usize> = HashMap::new();
    let mut numbers: HashMap<i64, usize> = HashMap::new();
    let mut numbered = 0;
    for index in members {
        let text = &lines[*index].text;
        let word = |word: Option<&str>| word.and_then(|word| word.parse::<i64>().ok());
        let number = word(text.split_whitespace().next()).or_else(|| word(text.split_whitespace().last()));
        if let Some(number) = number {
            numbered += 1;
            *offsets.entry(number - i64::from(lines[*index].page)).or_default() += 1;
            *numbers.entry(number).or_default() += 1;
        }
    }
    let most = |counts: HashMap<i64, usize>| counts.into_values().max().unwrap_or_default();
    most(offsets).max(most(numbers)) * 2 >= numbered
}

/// `Tolls and Quays – 1`, `Tolls and Quays – 2`: in a document of few pages, too, what ends with the
/// number of the page on all of them is furniture.
fn numbers_every_page(lines: &[Line], members: &[usize], pages: usize) -> bool {
    let offset = |index: &usize| {
        let (title, number) = lines[*index].text.rsplit_once(' ')?;
        let titled = title.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        let titled = titled && !title.starts_with(|c: char| c.is_numeric());
        Some(number.parse::<i64>().ok().filter(|_| titled)? - i64::from(lines[*index].page))
    };
    let mut offsets = members.iter().map(offset);
    let first = offsets.next().flatten();
    first.is_some() && members.len() == pages && offsets.all(|offset| offset == first)
}

/// A number alone at the top or bottom that runs with the pages, as others do or those in the heads.
fn page_numbers(lines: &[Line], by_page: &[Vec<usize>], furniture: &mut [bool]) {
    let number = |index: usize| -> Option<i64> {
        let text = lines[index].text.trim_matches(|c: char| !c.is_ascii_digit());
        let bare = lines[index].text.chars().filter(|c| c.is_alphabetic()).count() == 0;
        (bare && text.len() <= 5).then(|| text.parse().ok()).flatten()
    };
    let mut offsets: HashMap<i64, Vec<usize>> = HashMap::new();
    for page in by_page {
        for index in page.first().into_iter().chain(page.last().filter(|_| page.len() > 1)) {
            if let Some(number) = number(*index) {
                offsets.entry(number - i64::from(lines[*index].page)).or_default().push(*index);
            }
        }
    }
    // On the first page it often stands alone, on the others beside the title.
    let mut in_heads: HashMap<i64, usize> = HashMap::new();
    for page in by_page {
        let edges = [page.first(), page.last()];
        let ends = edges.into_iter().flatten().flat_map(|index| {
            let words = || lines[*index].text.split_whitespace();
            [words().next(), words().next_back()]
        });
        let mut of_page: Vec<i64> = ends
            .flatten()
            .filter_map(|word| Some(word.parse::<i64>().ok()? - i64::from(lines[page[0]].page)))
            .collect();
        of_page.sort_unstable();
        of_page.dedup();
        of_page.into_iter().for_each(|offset| *in_heads.entry(offset).or_default() += 1);
    }
    for (offset, members) in offsets {
        if members.len() >= 2 || in_heads.get(&offset).is_some_and(|heads| *heads >= 3) {
            members.into_iter().for_each(|index| furniture[index] = true);
        }
    }
}
