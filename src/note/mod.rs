//! Lines of running text → numbered notes and the callouts that refer to them.
//!
//! Used by every reader whose format has no notes of its own: plain text, and the text layer of
//! PDF. The numbering is the strongest evidence there is, so notes are chosen as one sequence over
//! the whole document ([`sequence`], `chain`), not line by line; then each note gets its lines
//! ([`extent`]), its lines are joined ([`join`]), and the body that remains is searched for the
//! callouts ([`callout`]).
//! Notes marked with symbols have no numbering and are found by their callouts ([`symbol`]).

mod address;
mod below;
mod broken;
pub mod callout;
mod chain;
mod columns;
pub mod dropped;
mod edge;
pub mod extent;
mod foot;
mod glued;
pub mod join;
pub mod line;
mod listed;
pub mod marker;
pub mod noise;
mod pairs;
mod parting;
pub mod roman;
pub mod sequence;
mod stack;
mod strewn;
pub mod symbol;
mod zip;

use std::borrow::Cow;

use crate::parallel;
use crate::place::Place;
use join::Targets;
use line::Line;

/// A numbered note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// The label as printed: `3`, `*`, `iv`.
    pub number: String,
    /// The text on one line, wrapping and hyphenation undone, without the label.
    pub text: String,
    /// Where the note starts.
    pub place: Place,
    /// Where the body refers to it.
    pub callouts: Vec<Place>,
    /// Hyperlinks on the text, in formats that have them.
    pub hyperlinks: Vec<crate::citation::Hyperlink>,
    /// Citations whose fields the format itself gives, as reference managers do; each one's `range`
    /// is the part of the text that it accounts for.
    pub given: Vec<crate::citation::Citation>,
    /// What is uncertain about the note's extent, if anything.
    pub doubt: Option<String>,
}

/// What [`find`] makes of the lines of a document.
#[derive(Debug, Default)]
pub struct Found<'t> {
    /// The notes in the order of the text.
    pub notes: Vec<Note>,
    /// Callouts whose note was not found: label and place.
    pub orphans: Vec<(String, Place)>,
    /// The lines that belong neither to a note nor to the page furniture.
    pub body: Vec<Line<'t>>,
    /// Link targets that the converter dumped beside the text.
    pub targets: Targets,
    /// The converter drops the hyphens at the ends of lines.
    pub drops_hyphens: bool,
}

/// Finds the notes of a document and their callouts.
pub fn find(lines: Vec<Line<'_>>) -> Found<'_> {
    /// Fewer notes are joined before a second thread has begun.
    const FEW: usize = 500;
    let (lines, targets) = noise::strip(lines);
    let drops_hyphens = dropped::drops_hyphens(&lines);
    let lines = foot::part(broken::part(lines));
    let pairs = pairs::Pairs::of(&lines);
    let lines = below::lift(glued::part(strewn::gather(address::mend(zip::part(lines, &pairs)))), &pairs);
    let (lines, stacked) = stack::unstack(lines);
    let (roman_labels, roman_calls) = roman::find(&lines);
    let candidates = marker::with(marker::with(marker::candidates(&lines), roman_labels), stacked);
    let mut calls = callout::without_enumerations(callout::candidates(&lines), &lines, &candidates);
    calls.extend(callout::alone(&lines, &candidates));
    calls.extend(roman_calls);
    calls.sort_by_key(|call| (call.line, call.at));
    let mut starts = sequence::choose(&lines, &candidates, &calls);
    let (symbol_starts, symbol_calls) = symbol::pairs(&lines);
    starts.extend(symbol_starts);
    starts.sort_by_key(|start| start.line);
    calls.extend(symbol_calls);
    calls.sort_by_key(|call| (call.line, call.at));
    let (lines, starts, calls) = without_page_numbers(lines, starts, calls);
    let lines = without_raised_gaps(lines, &starts);
    let extents = extent::assign(&lines, &starts, &calls);

    let vocabulary = join::Vocabulary::of(&lines);
    if drops_hyphens {
        vocabulary.know_nothing_of_broken_words();
    }
    let note_lines = || extents.iter().flat_map(extent::Extent::lines).map(|line| lines[line].text);
    let full_line = drops_hyphens.then(|| dropped::full_line(note_lines())).flatten();
    let joined = parallel::map(starts.len(), FEW, |nth| {
        let (start, extent) = (&starts[nth], &extents[nth]);
        let label = |index: usize| if index == start.line { start.text_at } else { 0 };
        let text = |index: usize| match lines[index].whole() {
            Cow::Borrowed(text) => Cow::Borrowed(&text[label(index)..]),
            Cow::Owned(text) => Cow::Owned(text[label(index)..].to_owned()),
        };
        let parts: Vec<Cow<str>> = extent.lines().map(text).collect();
        let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
        let (joined, begins) = join::joined(&parts, &targets, &vocabulary);
        let swallowed = full_line.map(|width| dropped::Swallowed::of(&parts, &begins, width));
        let note = Note {
            number: start.label.clone(),
            text: joined,
            place: lines[start.line].place(0),
            doubt: extent.doubt.clone(),
            ..Note::default()
        };
        (note, swallowed.unwrap_or_default())
    });
    let (mut notes, swallowed): (Vec<Note>, Vec<dropped::Swallowed>) = joined.into_iter().unzip();
    let mut in_note = vec![false; lines.len()];
    extents.iter().flat_map(extent::Extent::lines).for_each(|line| in_note[line] = true);
    if drops_hyphens {
        let spellings = dropped::Spellings::of(notes.iter().map(|note| note.text.as_str()));
        let restore = |nth: usize, hosts: bool| {
            let (text, swallowed) = (&notes[nth].text, &swallowed[nth]);
            dropped::restore(text, &targets, &spellings, swallowed, &vocabulary, hosts)
        };
        let mut restored = parallel::map(notes.len(), FEW, |nth| restore(nth, false));
        if restored.iter().any(|of_note| of_note.count > 0) {
            let unsure = |(nth, of_note): (usize, &mut dropped::Restored)| {
                if of_note.unsure {
                    *of_note = restore(nth, true);
                }
            };
            restored.iter_mut().enumerate().for_each(unsure);
        }
        for (note, restored) in notes.iter_mut().zip(restored) {
            note.text = restored.text;
            if restored.unsure {
                note.doubt
                    .get_or_insert_with(|| "a hyphen may be missing where its address wrapped".to_owned());
            }
        }
    }
    let order = reading_order(&starts);
    let mut notes: Vec<Note> = order.iter().map(|index| std::mem::take(&mut notes[*index])).collect();
    let numbered: Vec<(u32, usize)> = order.iter().map(|i| (starts[*i].number, starts[*i].line)).collect();
    let placed = callout::place(&calls, &numbered, |call| !in_note[call.line]);
    for (note, calls) in notes.iter_mut().zip(placed) {
        note.callouts = calls.iter().map(|call| lines[call.line].place(call.at)).collect();
    }
    let mut body = lines;
    let mut in_note = in_note.into_iter();
    body.retain(|_| in_note.next() == Some(false));
    Found { notes, orphans: Vec::new(), body, targets, drops_hyphens }
}

/// Takes out the page numbers, now that it is known which of the bare numbers are labels.
fn without_page_numbers(
    mut lines: Vec<Line<'_>>,
    mut starts: Vec<sequence::Start>,
    mut calls: Vec<callout::Call>,
) -> (Vec<Line<'_>>, Vec<sequence::Start>, Vec<callout::Call>) {
    let mut is_start = vec![false; lines.len()];
    let mut is_bare_label = vec![false; lines.len()];
    for start in &starts {
        is_start[start.line] = true;
        is_bare_label[start.line] = start.text_at == lines[start.line].text.len();
    }
    let drop = parallel::map(lines.len(), line::FEW_LINES, |index| {
        !is_start[index] && noise::is_page_number(&lines, index)
    });
    let mut edge = vec![false; lines.len()];
    noise::page_numbers_between(&lines, &is_start, &mut edge);
    let mut moved = Vec::with_capacity(lines.len());
    let mut kept = 0;
    let (mut gap, mut page_break) = (false, false);
    lines.retain_mut(|line| {
        let index = moved.len();
        moved.push(kept);
        if drop[index] || edge[index] {
            gap = true;
            page_break |= line.page_break || edge[index];
            return false;
        }
        line.gap |= gap;
        line.page_break |= page_break;
        (gap, page_break) = (false, false);
        // A label alone on its line may stand apart from its text.
        if index > 0 && is_bare_label[index - 1] {
            line.gap = false;
        }
        kept += 1;
        true
    });
    calls.retain(|call| !drop[call.line] && !edge[call.line]);
    calls.iter_mut().for_each(|call| call.line = moved[call.line]);
    starts.iter_mut().for_each(|start| start.line = moved[start.line]);
    (lines, starts, calls)
}

/// A raised label makes the first line of its note a little higher, so that some converters leave a
/// blank line below it. Where most notes that go on have one there, it sets nothing apart.
fn without_raised_gaps<'t>(mut lines: Vec<Line<'t>>, starts: &[sequence::Start]) -> Vec<Line<'t>> {
    const FEWEST: usize = 3;
    let mut is_start = vec![false; lines.len()];
    starts.iter().for_each(|start| is_start[start.line] = true);
    let goes_on = |line: usize| {
        lines.get(line + 1).is_some_and(|next| {
            !is_start[line + 1] && !next.page_break && !edge::ends_sentence(lines[line].text)
        })
    };
    let first: Vec<usize> =
        starts.iter().map(|start| start.line + 1).filter(|next| goes_on(next - 1)).collect();
    let apart = first.iter().filter(|next| lines[**next].gap).count();
    if apart >= FEWEST && apart * 2 > first.len() {
        first.into_iter().for_each(|next| lines[next].gap = false);
    }
    lines
}

/// The order in which the notes are read. Where the columns of a page are out of order, the numbers
/// tell; where the numbering restarts, the text does.
fn reading_order(starts: &[sequence::Start]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..starts.len()).collect();
    let distinct: std::collections::HashSet<u32> = starts.iter().map(|start| start.number).collect();
    if distinct.len() < starts.len() {
        return order;
    }
    // Symbols stand among the numbers where the text has them.
    let is_symbol = |index: usize| starts[index].number >= symbol::FIRST;
    for of_symbols in [false, true] {
        let slots: Vec<usize> = (0..starts.len()).filter(|i| is_symbol(*i) == of_symbols).collect();
        let mut sorted = slots.clone();
        sorted.sort_by_key(|index| starts[*index].number);
        slots.into_iter().zip(sorted).for_each(|(slot, start)| order[slot] = start);
    }
    order
}
