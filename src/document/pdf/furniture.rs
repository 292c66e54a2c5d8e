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
        for index in members {
            let y = lines[*index].y;
            let mut on_pages: Vec<u32> = members
                .iter()
                .filter(|other| (lines[**other].y - y).abs() <= SAME_HEIGHT)
                .map(|other| lines[*other].page)
                .collect();
            on_pages.dedup();
            furniture[*index] = on_pages.len() >= LEAST_PAGES && on_pages.len() * 100 >= pages * SHARE;
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

/// A number alone at the top or bottom that runs with the pages.
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
    for members in offsets.into_values().filter(|members| members.len() >= 2) {
        members.into_iter().for_each(|index| furniture[index] = true);
    }
}
