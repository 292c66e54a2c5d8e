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
    for members in groups.values() {
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
    key
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
