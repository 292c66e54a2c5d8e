//! Lines and zones → notes, callouts and links.

use super::line::{Line, Lines};
use super::zone::{self, Zones};
use crate::citation::Hyperlink;
use crate::document::{Document, front, text};
use crate::note::line::Line as TextLine;
use crate::note::marker::Kind;
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
    one_dress(&mut candidates, &all.lines, &zones);
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
    extend(&all.lines, &mut zones, &starts, &calls);
    trim(&all.lines, &mut zones, &starts);

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

/// Where the labels in the zones are raised, numbers in brackets or with a full stop count something
/// else: a bibliography, a list.
fn one_dress(candidates: &mut Vec<marker::Candidate>, lines: &[Line], zones: &Zones) {
    const ENOUGH: usize = 3;
    let in_zone = |candidate: &&marker::Candidate| zones.notes[candidate.line];
    let zoned = candidates.iter().filter(in_zone).count();
    let raised = candidates.iter().filter(in_zone).filter(|candidate| lines[candidate.line].raised).count();
    if raised >= ENOUGH && raised * 5 >= zoned {
        candidates.retain(|candidate| {
            lines[candidate.line].raised || !matches!(candidate.kind, Kind::Bracket | Kind::Dot | Kind::Paren)
        });
    }
}

/// Notes that the zones missed: from their first line on to the end of the column, and from the top
/// of the next column where that only goes on.
fn extend(lines: &[Line], zones: &mut Zones, starts: &[Start], calls: &[callout::Call]) {
    let missed: Vec<&Start> = starts.iter().filter(|start| !zones.notes[start.line]).collect();
    if missed.is_empty() {
        return;
    }
    for column in zone::columns(lines) {
        let first = missed.partition_point(|start| start.line < column.start);
        let Some(start) = missed.get(first).filter(|start| start.line < column.end) else { continue };
        let from = if goes_on(lines, zones, column.start, start, calls) { column.start } else { start.line };
        zones.notes[from..column.end].fill(true);
    }
}

/// Do the lines from the top of a column down to the first label belong to the note before?
fn goes_on(lines: &[Line], zones: &Zones, top: usize, start: &Start, calls: &[callout::Call]) -> bool {
    let before = top.checked_sub(1).is_some_and(|before| zones.notes[before]);
    let between = top..start.line;
    let alike = |index: usize| (lines[index].size / lines[start.line].size - 1.0).abs() < 0.035;
    let called = || {
        let from = calls.partition_point(|call| call.line < top);
        calls[from..].iter().take_while(|call| call.line < start.line).any(|call| call.score >= 1.0)
    };
    before
        && between.clone().all(alike)
        && between.skip(1).all(|index| !zone::is_gap(lines, index, lines[index].size * 1.35))
        && !called()
}

/// Takes out of the zones what stands below the last note of a page, set apart: the journal's name,
/// a licence, an address.
fn trim(lines: &[Line], zones: &mut Zones, starts: &[Start]) {
    const MOST: usize = 4;
    let mut is_start = vec![false; lines.len()];
    starts.iter().for_each(|start| is_start[start.line] = true);
    for column in zone::columns(lines) {
        if !zones.notes[column.end - 1] {
            continue;
        }
        let mut pitches: Vec<f32> = (column.start + 1..column.end)
            .filter(|index| zones.notes[*index] && zones.notes[*index - 1])
            .map(|index| lines[index - 1].y - lines[index].y)
            .filter(|pitch| *pitch > 0.0)
            .collect();
        pitches.sort_unstable_by(f32::total_cmp);
        let usual = pitches.get(pitches.len() / 2).copied().unwrap_or(lines[column.end - 1].size * 1.2);
        let mut at = column.end;
        while at > column.start && column.end - at < MOST && zones.notes[at - 1] && !is_start[at - 1] {
            at -= 1;
            if at > column.start && zone::is_gap(lines, at, usual * 1.25) {
                zones.notes[at..column.end].fill(false);
                break;
            }
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
