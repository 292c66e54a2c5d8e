//! A line of text and where it stands.

use crate::place::Place;

/// One line that is not blank, with its surroundings.
#[derive(Debug, Clone)]
pub struct Line<'t> {
    /// Line of the file, counted from 1.
    pub number: u32,
    /// Page, counted from 1, where the text marks pages.
    pub page: Option<u32>,
    /// Column of the first character, counted from 1.
    pub column: u32,
    /// The text, white space at both ends removed.
    pub text: &'t str,
    /// A blank line or a page break stands before it.
    pub gap: bool,
    /// A page break stands before it.
    pub page_break: bool,
    /// Length in characters.
    pub len: usize,
}

impl Line<'_> {
    /// The place of the byte `at` of the line's text.
    pub fn place(&self, at: usize) -> Place {
        let before = self.text[..at].chars().count() as u32;
        Place::line(self.page, self.number, self.column + before)
    }
}

/// The lines of a text that are not blank. Form feeds separate pages.
pub fn split(text: &str) -> Vec<Line<'_>> {
    let paged = text.contains('\u{C}');
    let mut lines = Vec::new();
    let mut page = 1;
    let mut gap = true;
    let mut page_break = true;
    for (index, raw) in text.split('\n').enumerate() {
        let mut start = 0;
        // A form feed may stand before, after or inside a line; each piece is a line of its own.
        for (piece_index, piece) in raw.split('\u{C}').enumerate() {
            if piece_index > 0 {
                page += 1;
                gap = true;
                page_break = true;
            }
            let trimmed = piece.trim_matches(is_margin);
            if trimmed.is_empty() {
                gap |= piece_index == 0;
            } else {
                let lead = piece.len() - piece.trim_start_matches(is_margin).len();
                let column = raw[..start + lead].chars().filter(|c| *c != '\u{C}').count() as u32 + 1;
                lines.push(Line {
                    number: index as u32 + 1,
                    page: paged.then_some(page),
                    column,
                    text: trimmed,
                    gap,
                    page_break,
                    len: trimmed.chars().count(),
                });
                gap = false;
                page_break = false;
            }
            start += piece.len() + 1;
        }
    }
    lines
}

fn is_margin(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_gaps_and_columns_are_kept() {
        let lines = split("  one\ntwo\n\n\u{C}three\r\n");
        let seen: Vec<_> =
            lines.iter().map(|l| (l.number, l.page, l.column, l.text, l.gap, l.page_break)).collect();
        assert_eq!(
            seen,
            [
                (1, Some(1), 3, "one", true, true),
                (2, Some(1), 1, "two", false, false),
                (4, Some(2), 1, "three", true, true),
            ]
        );
    }
}
