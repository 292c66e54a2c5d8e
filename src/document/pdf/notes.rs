//! Lines and zones → notes, callouts and links.

use super::line::{Line, Lines};
use super::links::{self, Linked};
use super::roman;
use super::zone::{self, Zones};
use crate::document::{Document, front, text};
use crate::fold;
use crate::note::line::{Line as TextLine, bare};
use crate::note::marker::Kind;
use crate::note::sequence::Start;
use crate::note::{Note, callout, join, marker, sequence, symbol};

/// What a label in a note zone is worth more than one in the text.
const IN_ZONE: f32 = 2.0;
const OUT_OF_ZONE: f32 = -2.5;
/// What a raised label is worth.
const RAISED: f32 = 1.5;

/// Reads the document that the lines make.
pub(super) fn read(lines: &Lines) -> Document {
    let texts = as_text(&lines.all);
    let mut candidates = marker::candidates(&texts);
    let (roman_labels, roman_calls) = roman::find(&lines.all);
    candidates.extend(roman_labels);
    candidates.sort_by_key(|candidate| candidate.line);
    candidates.dedup_by_key(|candidate| candidate.line);
    let (symbol_starts, symbol_calls) = symbol::pairs(&texts);
    let mut labelled = vec![false; texts.len()];
    candidates.iter().for_each(|candidate| labelled[candidate.line] = true);
    symbol_starts.iter().for_each(|start| labelled[start.line] = true);
    let mut zones = zone::zones(&lines.all, &labelled);
    if are_raised(&candidates, &lines.all, &zones) {
        labelled.iter_mut().zip(&lines.all).for_each(|(labelled, line)| *labelled &= line.raised);
        zones = zone::zones(&lines.all, &labelled);
    }
    one_dress(&mut candidates, &lines.all, &zones);
    for candidate in &mut candidates {
        let line = &lines.all[candidate.line];
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
    calls.extend(roman_calls);
    calls.sort_by_key(|call| (call.line, call.at));
    calls.retain(|call| !zones.notes[call.line]);
    let mut starts = sequence::choose(&texts, &candidates, &calls);
    starts.extend(symbol_starts);
    starts.sort_by_key(|start| start.line);
    starts.dedup_by_key(|start| start.line);
    calls.extend(symbol_calls);
    calls.sort_by_key(|call| (call.line, call.at));
    extend(&lines.all, &mut zones, &starts, &calls);
    trim(&lines.all, &mut zones, &starts);
    let ends = ends(&lines.all, &zones, &starts);

    let linked = links::linked(lines);
    let targets = links::judges(&linked, &lines.all);
    let vocabulary = join::Vocabulary::of(&texts);
    let mut in_note = vec![false; texts.len()];
    let mut notes = Vec::with_capacity(starts.len());
    for (index, start) in starts.iter().enumerate() {
        let members: Vec<usize> = (start.line..ends[index]).filter(|line| zones.notes[*line]).collect();
        members.iter().for_each(|line| in_note[*line] = true);
        let lines = members.first().copied().unwrap_or_default()..members.last().map_or(0, |last| last + 1);
        let from = linked.partition_point(|link| link.parts[0].0 < lines.start);
        let to = linked.partition_point(|link| link.parts[0].0 < lines.end);
        let own: Vec<&Linked> = linked[from..to.max(from)].iter().collect();
        notes.push(note(&texts, start, &members, &own, (&targets, &vocabulary)));
    }
    let numbered: Vec<(u32, usize)> = starts.iter().map(|start| (start.number, start.line)).collect();
    let placed = callout::place(&calls, &numbered, |call| !in_note[call.line]);
    for (note, calls) in notes.iter_mut().zip(placed) {
        note.callouts = calls.iter().map(|call| texts[call.line].place(call.at)).collect();
    }
    let body: Vec<TextLine> =
        texts.iter().zip(&in_note).filter(|(_, taken)| !**taken).map(|(line, _)| line.clone()).collect();
    let printed = text::body_links(&body, &targets, false);
    let front = face(&lines.all, &texts, &in_note, zones.body_size);
    Document {
        title: front.title.map(|title| fold::one_line(&title)),
        authors: front.authors,
        date: front.date,
        notes,
        links: links::in_body(printed, &linked, &texts, &in_note),
        ..Document::default()
    }
}

/// Title, authors and date. The title is what is set largest on the first page, where that is larger
/// than the text; what stands above it is a series or a journal.
fn face(lines: &[Line], texts: &[TextLine], in_note: &[bool], body_size: f32) -> front::Front {
    const LARGER: f32 = 1.12;
    let page = lines.first().map_or(1, |line| line.page);
    let first: Vec<usize> = (0..lines.len())
        .take_while(|index| lines[*index].page == page)
        .filter(|index| !in_note[*index])
        .collect();
    let says = |index: usize| lines[index].text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let largest = first.iter().filter(|index| says(**index)).map(|index| lines[*index].size).reduce(f32::max);
    let title = largest.filter(|size| *size >= body_size * LARGER).and_then(|size| {
        let large = |index: &usize| lines[*index].size >= size * 0.97;
        let at = first.iter().position(|index| large(index) && says(*index))?;
        let run = first[at..].iter().take_while(|index| large(index)).count();
        Some((first[at], first[at] + run))
    });
    let (from, behind) = title.unwrap_or_default();
    let body = (from..texts.len()).filter(|index| !in_note[*index]).map(|index| {
        let mut line = texts[index].clone();
        line.gap |= index == behind || index > 0 && !same_size(&lines[index - 1], &lines[index]);
        line
    });
    front::read(&body.collect::<Vec<_>>())
}

fn same_size(a: &Line, b: &Line) -> bool {
    (a.size / b.size - 1.0).abs() < 0.05
}

/// The lines as running text.
fn as_text(lines: &[Line]) -> Vec<TextLine<'_>> {
    let mut texts = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &lines[before]);
        let page_break = before.is_none_or(|before| before.page != line.page);
        let column_break = before.is_none_or(|before| before.column != line.column);
        let apart = before.is_some_and(|before| before.y - line.y > before.size.max(line.size) * 1.7);
        let mut text = TextLine::new(bare(&line.text), Some(line.page), line.number);
        text.gap = page_break || column_break || apart;
        text.page_break = page_break;
        text.column += line.before;
        texts.push(text);
    }
    texts
}

/// Are the labels in the zones raised, most of them?
fn are_raised(candidates: &[marker::Candidate], lines: &[Line], zones: &Zones) -> bool {
    let zoned = || candidates.iter().filter(|candidate| zones.notes[candidate.line]);
    let raised = zoned().filter(|candidate| lines[candidate.line].raised).count();
    raised >= ENOUGH && raised * 2 >= zoned().count()
}

/// A longer note is not believed: five pages of nothing but this note.
const MOST_LINES: usize = 250;
/// Labels that show what is a label.
const ENOUGH: usize = 3;

/// Where labels in the zones are raised, numbers in brackets count something else, a bibliography;
/// where most are, so do numbers with a full stop.
fn one_dress(candidates: &mut Vec<marker::Candidate>, lines: &[Line], zones: &Zones) {
    let raised = |candidate: &marker::Candidate| lines[candidate.line].raised;
    let some = candidates.iter().filter(|c| zones.notes[c.line] && raised(c)).count() >= ENOUGH;
    let most = are_raised(candidates, lines, zones);
    candidates.retain(|candidate| match candidate.kind {
        Kind::Bracket => raised(candidate) || !some,
        Kind::Dot | Kind::Paren => raised(candidate) || !most,
        _ => true,
    });
}

/// Notes that the zones missed: from their first line on to the end of the column, and from the top
/// of the next column where that only goes on.
fn extend(lines: &[Line], zones: &mut Zones, starts: &[Start], calls: &[callout::Call]) {
    let missed: Vec<&Start> = starts.iter().filter(|start| !zones.notes[start.line]).collect();
    if missed.is_empty() {
        return;
    }
    let mut open = false;
    for column in zone::columns(lines) {
        let first = missed.partition_point(|start| start.line < column.start);
        let Some(start) = missed.get(first).filter(|start| start.line < column.end) else {
            let rest = if open { rest(lines, &column) } else { column.start };
            zones.notes[column.start..rest].fill(true);
            open = rest == column.end;
            continue;
        };
        // A list of notes, not the foot of a page.
        open = (start.line - column.start) * 2 < column.len();
        let from = if goes_on(lines, zones, column.start, start, calls) { column.start } else { start.line };
        zones.notes[from..column.end].fill(true);
    }
}

/// Up to where the last note of the column before goes on from the top of a column.
fn rest(lines: &[Line], column: &std::ops::Range<usize>) -> usize {
    let Some(before) = column.start.checked_sub(1) else { return column.start };
    if zone::ends_sentence(&lines[before].text) {
        return column.start;
    }
    let goes_on = |index: &usize| {
        same_size(&lines[before], &lines[*index])
            && (*index == column.start || !zone::is_gap(lines, *index, lines[*index].size * 1.25))
    };
    column.clone().take_while(goes_on).last().map_or(column.start, |last| last + 1)
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
/// a licence, an address; where notes have no gaps inside, however much it is.
fn trim(lines: &[Line], zones: &mut Zones, starts: &[Start]) {
    const MOST: usize = 4;
    let mut is_start = vec![false; lines.len()];
    starts.iter().for_each(|start| is_start[start.line] = true);
    let most = if have_gaps(lines, zones, starts, &is_start) { MOST } else { usize::MAX };
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
        // Where a whole zone is the end of a note from the page before, the gap above it trims nothing.
        let before = zones.notes[..column.start].iter().rposition(|note| *note);
        let goes_on = before.is_some_and(|before| !zone::ends_sentence(&lines[before].text));
        let mut at = column.end;
        while at > column.start && column.end - at < most && zones.notes[at - 1] && !is_start[at - 1] {
            at -= 1;
            if at > column.start && !zones.notes[at - 1] && goes_on {
                break;
            }
            // A single line between sentences, ending none itself, needs less to be set apart.
            let footer = at + 1 == column.end
                && !zone::ends_sentence(&lines[at].text)
                && at > 0
                && zone::ends_sentence(&lines[at - 1].text)
                && !lines[at].text.contains("://");
            let pitch = if footer { usual } else { usual * 1.25 };
            if at > column.start && zone::is_gap(lines, at, pitch) {
                zones.notes[at..column.end].fill(false);
                break;
            }
        }
    }
}

/// Do notes of this document have gaps inside, between paragraphs? Only those that another note
/// follows in their column tell.
fn have_gaps(lines: &[Line], zones: &Zones, starts: &[Start], is_start: &[bool]) -> bool {
    let with_gap = starts.windows(2).filter(|pair| {
        let (from, to) = (pair[0].line + 1, pair[1].line);
        let within = lines[pair[0].line].column == lines[to].column;
        within
            && (from..to).any(|index| {
                zones.notes[index] && !is_start[index] && zone::is_gap(lines, index, lines[index].size * 1.25)
            })
    });
    with_gap.count() * 10 >= starts.len()
}

/// Where each note ends: at the next one; but behind the last of a list stands other text too. Where
/// no note of the document has a gap inside, a gap ends it; so do larger letters.
fn ends(lines: &[Line], zones: &Zones, starts: &[Start]) -> Vec<usize> {
    let mut ends: Vec<usize> = starts.iter().skip(1).map(|start| start.line).collect();
    ends.push(lines.len());
    let gap = |index: usize| {
        let same_zone = lines[index - 1].column == lines[index].column && zones.notes[index - 1];
        same_zone && zone::is_gap(lines, index, lines[index].size * 1.25)
    };
    let inside = |index: usize| (starts[index].line + 1..ends[index]).filter(|line| zones.notes[*line]);
    let gaps = (0..starts.len().saturating_sub(1)).filter(|index| inside(*index).any(gap)).count();
    let gaps_end = gaps * 10 < starts.len();
    let stops: Vec<Option<usize>> = (0..starts.len())
        .map(|index| {
            let last = starts.get(index + 1).is_none_or(|next| next.number <= starts[index].number);
            let larger = |line: usize| lines[line].size > lines[starts[index].line].size * 1.06;
            last.then(|| inside(index).find(|line| gaps_end && gap(*line) || larger(*line))).flatten()
        })
        .collect();
    let believed = |index: usize, end: usize| end.min(inside(index).nth(MOST_LINES).unwrap_or(end));
    ends.iter()
        .zip(stops)
        .enumerate()
        .map(|(index, (end, stop))| stop.unwrap_or(believed(index, *end)))
        .collect()
}

/// The note that some lines make.
fn note(
    texts: &[TextLine],
    start: &Start,
    members: &[usize],
    linked: &[&Linked],
    (targets, vocabulary): (&join::Targets, &join::Vocabulary),
) -> Note {
    let from = |line: usize| if line == start.line { start.text_at } else { 0 };
    let parts: Vec<(usize, usize)> = members.iter().map(|line| (*line, from(*line))).collect();
    let lines: Vec<&str> = parts.iter().map(|(line, from)| &texts[*line].text[*from..]).collect();
    let text = join::join(&lines, targets, vocabulary);
    Note {
        number: start.label.clone(),
        place: texts[start.line].place(0),
        hyperlinks: links::moved(&text, &parts, texts, linked),
        text,
        ..Note::default()
    }
}
