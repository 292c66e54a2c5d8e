//! Lines and zones → notes, callouts and links.

use super::line::{Line, Lines};
use super::zone::{self, Zones};
use crate::citation::Hyperlink;
use crate::document::{Document, front, text};
use crate::note::line::Line as TextLine;
use crate::note::sequence::Start;
use crate::note::{Note, callout, join, marker, sequence, symbol};
use crate::{fold, link};

/// What a label in a note zone is worth more than one in the text.
const IN_ZONE: f32 = 2.0;
const OUT_OF_ZONE: f32 = -2.5;
/// What a raised label is worth.
const RAISED: f32 = 1.5;

/// Reads the document that the lines make.
pub(super) fn read(all: &Lines) -> Document {
    let texts = as_text(&all.lines);
    let mut candidates = marker::candidates(&texts);
    let mut labelled = vec![false; texts.len()];
    candidates.iter().for_each(|candidate| labelled[candidate.line] = true);
    let (symbol_starts, symbol_calls) = symbol::pairs(&texts);
    symbol_starts.iter().for_each(|start| labelled[start.line] = true);
    let mut zones = zone::zones(&all.lines, &labelled);
    for candidate in &mut candidates {
        let line = &all.lines[candidate.line];
        candidate.score += match (zones.notes[candidate.line], zones.note_size) {
            (true, _) => IN_ZONE,
            (false, Some(_)) => OUT_OF_ZONE,
            (false, None) => 0.0,
        };
        if line.raised {
            candidate.score += RAISED;
        }
    }
    let mut calls = callout::candidates(&texts);
    calls.retain(|call| !zones.notes[call.line]);
    let mut starts = sequence::choose(&texts, &candidates, &calls);
    starts.extend(symbol_starts);
    starts.sort_by_key(|start| start.line);
    starts.dedup_by_key(|start| start.line);
    calls.extend(symbol_calls);
    calls.sort_by_key(|call| (call.line, call.at));
    extend(&all.lines, &mut zones, &starts);

    let mut targets = join::Targets::default();
    all.targets.iter().filter_map(|target| link::target(target)).for_each(|url| targets.add(&url));
    let vocabulary = join::Vocabulary::of(&texts);
    let mut in_note = vec![false; texts.len()];
    let mut notes = Vec::with_capacity(starts.len());
    for (index, start) in starts.iter().enumerate() {
        let next = starts.get(index + 1).map_or(texts.len(), |next| next.line);
        let members: Vec<usize> = (start.line..next).filter(|line| zones.notes[*line]).collect();
        members.iter().for_each(|line| in_note[*line] = true);
        notes.push(note(all, &texts, start, &members, &targets, &vocabulary));
    }
    let numbered: Vec<(u32, usize)> = starts.iter().map(|start| (start.number, start.line)).collect();
    let placed = callout::place(&calls, &numbered, |call| !in_note[call.line]);
    for (note, calls) in notes.iter_mut().zip(placed) {
        note.callouts = calls.iter().map(|call| texts[call.line].place(call.at)).collect();
    }
    let body: Vec<TextLine> =
        texts.iter().zip(&in_note).filter(|(_, taken)| !**taken).map(|(line, _)| line.clone()).collect();
    let front = front::read(&body);
    let links = text::body_links(&body, &targets);
    Document {
        title: front.title.map(|title| fold::one_line(&title)),
        authors: front.authors,
        date: front.date,
        notes,
        links,
        ..Document::default()
    }
}

/// The lines as running text.
fn as_text(lines: &[Line]) -> Vec<TextLine<'_>> {
    let mut texts = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &lines[before]);
        let page_break = before.is_none_or(|before| before.page != line.page);
        let column_break = before.is_none_or(|before| before.column != line.column);
        let apart = before.is_some_and(|before| before.y - line.y > before.size.max(line.size) * 1.7);
        let mut text = TextLine::new(&line.text, Some(line.page), line.number);
        text.gap = page_break || column_break || apart;
        text.page_break = page_break;
        texts.push(text);
    }
    texts
}

/// Notes that the zones missed: from their first line on to the end of the column.
fn extend(lines: &[Line], zones: &mut Zones, starts: &[Start]) {
    let missed: Vec<usize> = starts.iter().map(|start| start.line).filter(|line| !zones.notes[*line]).collect();
    if missed.is_empty() {
        return;
    }
    for column in zone::columns(lines) {
        let first = missed.partition_point(|line| *line < column.start);
        if let Some(line) = missed.get(first).filter(|line| **line < column.end) {
            zones.notes[*line..column.end].fill(true);
        }
    }
}

/// The note that some lines make.
fn note(
    all: &Lines,
    texts: &[TextLine],
    start: &Start,
    members: &[usize],
    targets: &join::Targets,
    vocabulary: &join::Vocabulary,
) -> Note {
    let from = |line: usize| if line == start.line { start.text_at } else { 0 };
    let parts: Vec<&str> = members.iter().map(|line| &texts[*line].text[from(*line)..]).collect();
    let text = join::join(&parts, targets, vocabulary);
    Note {
        number: start.label.clone(),
        place: texts[start.line].place(0),
        hyperlinks: Vec::<Hyperlink>::new(),
        text,
        ..Note::default()
    }
}
