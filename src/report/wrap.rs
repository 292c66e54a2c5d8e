//! Lines for a terminal: wrapped, indented, harmless; wide characters count as two columns.

use std::io;
use std::ops::Range;

use clap::builder::styling::Style as Ansi;
use unicode_width::UnicodeWidthStr;

use crate::fold::is_obeyed;

/// Text from documents and pages without the control characters that a terminal obeys and the
/// marks that turn the direction of writing.
pub(super) fn safe(text: &str) -> String {
    text.chars().map(tame).collect()
}

/// As [`safe`], of one character.
pub(super) fn tame(c: char) -> char {
    if is_obeyed(c) { '\u{FFFD}' } else { c }
}

/// Writes a paragraph, wrapped and indented.
pub(super) fn paragraph(out: &mut dyn io::Write, width: usize, indent: usize, text: &str) -> io::Result<()> {
    let pad = " ".repeat(indent);
    for line in lines(text, width.saturating_sub(indent)) {
        let words: Vec<&str> = line.into_iter().map(|word| &text[word]).collect();
        writeln!(out, "{pad}{}", safe(&words.join(" ")))?;
    }
    Ok(())
}

/// Writes a paragraph and, under each line, carets under the parts of it that are marked.
pub(super) fn marked(
    out: &mut dyn io::Write,
    width: usize,
    indent: usize,
    text: &str,
    marks: &[Range<usize>],
    ink: Ansi,
) -> io::Result<()> {
    let pad = " ".repeat(indent);
    for line in lines(text, width.saturating_sub(indent)) {
        let (mut shown, mut under) = (String::new(), String::new());
        for (nth, word) in line.iter().enumerate() {
            if nth > 0 {
                let inside = marks.iter().any(|m| m.start < word.start && word.start < m.end);
                shown.push(' ');
                under.push(if inside { '^' } else { ' ' });
            }
            for (at, c) in text[word.clone()].char_indices() {
                let at = word.start + at;
                let c = safe(c.encode_utf8(&mut [0; 4]));
                let mark = marks.iter().any(|m| m.contains(&at));
                under.extend(std::iter::repeat_n(if mark { '^' } else { ' ' }, c.width()));
                shown.push_str(&c);
            }
        }
        writeln!(out, "{pad}{shown}")?;
        if under.contains('^') {
            // Under a word wider than the terminal, more carets would only wrap.
            under.truncate(width.saturating_sub(indent).max(1));
            writeln!(out, "{pad}{ink}{}{ink:#}", under.trim_end())?;
        }
    }
    Ok(())
}

/// The words of a text, as bytes, line by line. A word wider than a line stays whole, so that an
/// address can be copied.
fn lines(text: &str, room: usize) -> Vec<Vec<Range<usize>>> {
    let room = room.max(20);
    let mut lines: Vec<Vec<Range<usize>>> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let width = word.width();
        if lines.is_empty() || used + 1 + width > room {
            lines.push(Vec::new());
            used = width;
        } else {
            used += 1 + width;
        }
        lines.last_mut().expect("one was pushed").push(start..start + word.len());
    }
    lines
}
