//! The words of a note that a finding is about.

use std::ops::Range;

use crate::check::Finding;
use crate::note::Note;
use crate::{date, link};

/// The parts of the note's text that the finding speaks of, as bytes, in order, none overlapping:
/// what the finding names and the note holds. Empty where it is about the note as a whole.
pub fn marks(finding: &Finding, note: &Note) -> Vec<Range<usize>> {
    let mut marks = quoted(&finding.message, &note.text);
    if marks.is_empty() {
        marks = dated(&finding.message, &note.text);
    }
    if marks.is_empty() {
        marks = opening(&finding.message, &note.text);
    }
    if marks.is_empty()
        && let Some(url) = &finding.url
    {
        marks.extend(
            link::find(&note.text).into_iter().filter(|found| found.url == *url).map(|found| found.range),
        );
        let hyperlink = note.hyperlinks.iter().find(|hyperlink| hyperlink.target == *url);
        if marks.is_empty() {
            marks
                .extend(hyperlink.map(|hyperlink| hyperlink.range.clone()).filter(|range| !range.is_empty()));
        }
    }
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.dedup_by(|next, mark| next.start < mark.end);
    marks
}

/// Words that the message has between quotation marks and the note has too.
fn quoted(message: &str, text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut rest = message;
    while let Some((_, opened)) = rest.split_once('“') {
        let Some((words, after)) = opened.split_once('”') else { break };
        rest = after;
        if words.len() >= 2
            && let Some(at) = text.find(words)
        {
            found.push(at..at + words.len());
        }
    }
    found
}

/// The first date of the message, where the note gives it.
fn dated(message: &str, text: &str) -> Vec<Range<usize>> {
    let Some(said) = date::find(message).into_iter().next() else { return Vec::new() };
    let cited = date::find(text).into_iter().find(|cited| cited.date == said.date);
    cited.map(|cited| cited.range).into_iter().collect()
}

/// The words that the message begins with, as far as the note has them too: a date that is none is
/// named so. One word alone says too little.
fn opening(message: &str, text: &str) -> Vec<Range<usize>> {
    let ends =
        message.match_indices(' ').map(|(at, _)| at).skip(1).take_while(|at| text.contains(&message[..*at]));
    let Some(words) = ends.last().map(|at| &message[..at]) else { return Vec::new() };
    text.find(words).map(|at| at..at + words.len()).into_iter().collect()
}
