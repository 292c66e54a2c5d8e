//! Which of the lines that may start a note do: one sequence over the whole document.
//!
//! A line that begins with a number is weak evidence. That numbers 1 to 11 follow each other, each
//! with a callout in the body, is strong evidence. So the best chain of candidates is searched by
//! dynamic programming: candidates score by what they look like and by their callout, steps score
//! by how well the numbers follow.

use std::collections::{HashMap, HashSet};

use super::callout::Call;
use super::chain::{self, Link, Pair, same_dress};
use super::line::{FEW_LINES, Line};
use super::marker::Candidate;
use crate::{fold, parallel};

/// A line that starts a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Index of the line.
    pub line: usize,
    /// Byte of the line where the text starts.
    pub text_at: usize,
    /// The label as printed.
    pub label: String,
    /// The number it stands for.
    pub number: u32,
}

/// A note without a callout anywhere.
const NO_CALL: f32 = -1.5;
/// What a line scores that looks like a note without any callout.
const LIKE_A_NOTE: f32 = 0.0;
/// Lines within which a callout may stand behind its note: the narrow columns of a page.
const NEAR: usize = 120;
/// Calls of a note's number that are looked at before it and behind it.
const BEFORE: usize = 10;
const BEHIND: usize = 4;
/// What it tells of a candidate that it stands in a list of notes.
const LISTED: f32 = 1.5;
/// A call worth this much speaks for a note.
const CALLED: f32 = 0.5;

/// The lines that start notes, in the order of the text; their numbers are in order too, unless the
/// numbering restarts or the columns are out of order.
pub fn choose(lines: &[Line], candidates: &[Candidate], calls: &[Call]) -> Vec<Start> {
    let mut calls_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, call) in calls.iter().enumerate() {
        calls_of.entry(call.number).or_default().push(index);
    }
    let listed = first_listed(lines, candidates);
    let pairs: Vec<Vec<Pair>> = parallel::map(candidates.len(), FEW_LINES, |nth| {
        pairs(lines, &candidates[nth], calls, &calls_of, listed)
    });
    let everything: Vec<usize> = (0..candidates.len()).collect();
    let field = Field { candidates, pairs: &pairs, calls };
    let links = field.best(&everything, |number| -1.5 * (number - 1).min(6) as f32);
    let mut chain = keep_evident_segments(&links, &field, listed);
    while fill_gaps(&mut chain, &field) {}
    chain
        .into_iter()
        .map(|index| {
            let c = &candidates[index];
            Start { line: c.line, text_at: c.text_at, label: c.label.clone(), number: c.number }
        })
        .collect()
}

/// The first note of a list under a heading such as *Notes*: what follows in the same dress is listed
/// there too, rather than a numbered section or paragraph before it.
fn first_listed<'c>(lines: &[Line], candidates: &'c [Candidate]) -> Option<&'c Candidate> {
    candidates.iter().rfind(|c| c.number == 1 && c.line > 0 && is_notes_heading(lines[c.line - 1].text))
}

/// What the chain is chosen from.
struct Field<'f> {
    candidates: &'f [Candidate],
    /// The calls that may be each candidate's own; the last pair is without one.
    pairs: &'f [Vec<Pair>],
    calls: &'f [Call],
}

impl Field<'_> {
    fn best(&self, among: &[usize], start: impl Fn(u32) -> f32) -> Vec<Link> {
        chain::best(self.candidates, self.pairs, self.calls, among, start)
    }

    fn number(&self, index: usize) -> u32 {
        self.candidates[index].number
    }

    /// Some call speaks for this candidate.
    fn may_be_called(&self, index: usize) -> bool {
        let without = self.pairs[index].last().map_or(0.0, |pair| pair.worth);
        self.pairs[index].iter().any(|pair| pair.worth - without + NO_CALL >= CALLED)
    }

    /// The call that the chain gave this candidate speaks for it.
    fn is_called(&self, link: &Link) -> bool {
        let pairs = &self.pairs[link.candidate];
        let without = pairs.last().map_or(0.0, |pair| pair.worth);
        let own = pairs.iter().find(|pair| pair.call == link.call);
        link.call.is_some() && own.is_some_and(|pair| pair.worth - without + NO_CALL >= CALLED)
    }
}

/// A candidate with each of the calls that may be its own, and without any.
fn pairs(
    lines: &[Line],
    candidate: &Candidate,
    calls: &[Call],
    calls_of: &HashMap<u32, Vec<usize>>,
    listed: Option<&Candidate>,
) -> Vec<Pair> {
    let mut score = candidate.score;
    if listed.is_some_and(|first| first.line < candidate.line && same_dress(first.kind, candidate.kind)) {
        score += LISTED;
    }
    let bare = lines[candidate.line].text.len() == candidate.text_at;
    let next = lines.get(candidate.line + 1);
    if bare && lines[candidate.line].gap && next.is_none_or(|next| next.gap) {
        // A number that stands apart from everything numbers the page rather than the text below.
        score -= 0.75;
    } else if lines[candidate.line].gap {
        score += 0.75;
    } else if let Some(before) = candidate.line.checked_sub(1).map(|line| lines[line].text)
        && !super::edge::ends_sentence(before)
    {
        score -= if wants_number(before) { 2.0 } else { 0.5 };
    }
    if candidate.number == 1 && candidate.line > 0 && is_notes_heading(lines[candidate.line - 1].text) {
        score += 2.0;
    }
    // A number alone at the foot of a page numbers the page.
    let foot = next.is_none_or(|next| next.page_break);
    if foot && bare {
        score -= 2.0;
    }
    // Calls stand in the order of the text; those far away cannot beat the nearest ones.
    let same = calls_of.get(&candidate.number).map(Vec::as_slice).unwrap_or_default();
    let at = same.partition_point(|call| calls[*call].line < candidate.line);
    let near = &same[at.saturating_sub(BEFORE)..same.len().min(at + BEHIND)];
    let with = near.iter().filter(|call| calls[**call].line != candidate.line).map(|index| {
        let call = &calls[*index];
        // A callout comes before its note, unless the columns of a page are out of order.
        let near = match (lines[call.line].page, lines[candidate.line].page) {
            (Some(call), Some(note)) => call == note,
            _ => call.line.saturating_sub(candidate.line) <= NEAR,
        };
        let worth = match (call.line < candidate.line, near) {
            (true, _) => 2.5,
            (false, true) => 1.25,
            (false, false) => 0.25,
        };
        Pair { call: Some(*index), worth: score + call.score.min(1.0) * worth }
    });
    with.chain([Pair { call: None, worth: score + NO_CALL }]).collect()
}

/// A text after which a number goes on: `(2013)` before a volume, `pp.`, a comma.
fn wants_number(text: &str) -> bool {
    let volume = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
        .is_some_and(|(_, year)| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    volume || text.ends_with(['.', ',', '-', '–', '/', '(', '§'])
}

/// Headings over notes that stand at the end.
pub(super) fn is_notes_heading(text: &str) -> bool {
    const HEADINGS: &[&str] = &[
        "notes",
        "note",
        "endnotes",
        "end notes",
        "footnotes",
        "references",
        "notes and references",
        "anmerkungen",
        "fussnoten",
        "endnoten",
        "einzelnachweise",
        "notas",
        "notas al pie",
        "referencias",
        "notes de fin",
        "notes de bas de page",
        "references et notes",
        "riferimenti",
        "note finali",
    ];
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return false;
    }
    let words = fold::words(text).join(" ");
    HEADINGS.contains(&words.replace('ß', "ss").trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
}

/// Converters may put the columns of a page in the wrong order, so that notes 6 to 9 stand before
/// notes 1 to 5. Adds the best chain of numbers that are missing, where it joins the ones there.
fn fill_gaps(chain: &mut Vec<usize>, field: &Field) -> bool {
    let candidates = field.candidates;
    let numbers: HashSet<u32> = chain.iter().map(|i| field.number(*i)).collect();
    let restarts = numbers.len() < chain.len();
    let (Some(&first), false) = (chain.first(), restarts) else { return false };
    let kind = candidates[first].kind;
    let missing: Vec<usize> = (0..candidates.len())
        .filter(|i| {
            let candidate = &candidates[*i];
            (candidate.score >= LIKE_A_NOTE || field.may_be_called(*i))
                && !numbers.contains(&candidate.number)
                && same_dress(candidate.kind, kind)
                && candidate.score > -1.0
        })
        .collect();
    let near =
        |number: u32| number == 1 || numbers.contains(&(number - 1)) || numbers.contains(&(number + 1));
    let found = field.best(&missing, |number| if near(number) { 0.0 } else { -6.0 });
    let joins = found.iter().any(|link| near(field.number(link.candidate)));
    let distinct =
        found.iter().map(|link| field.number(link.candidate)).collect::<HashSet<_>>().len() == found.len();
    let called = found.iter().filter(|link| field.is_called(link)).count();
    let enclosed = found.iter().all(|link| {
        let number = field.number(link.candidate);
        numbers.contains(&(number - 1)) && numbers.contains(&(number + 1))
    });
    if called * 2 < found.len() && !enclosed || found.is_empty() || !joins || !distinct {
        return false;
    }
    chain.extend(found.iter().map(|link| link.candidate));
    chain.sort_unstable_by_key(|i| candidates[*i].line);
    true
}

/// Drops the runs of numbers that are lists rather than notes: hardly any has a callout of its own,
/// and the texts do not look like citations either.
fn keep_evident_segments(chain: &[Link], field: &Field, listed: Option<&Candidate>) -> Vec<usize> {
    /// So many numbers in order below a heading are a list.
    const LIST: usize = 3;
    let number = |link: &Link| field.number(link.candidate);
    let numbers: HashSet<u32> = chain.iter().map(number).collect();
    // A step over numbers that stand elsewhere in the chain leads out of a list between the notes.
    let segments: Vec<&[Link]> = chain
        .chunk_by(|a, b| {
            number(b) > number(a) && (number(b) == number(a) + 1 || !numbers.contains(&(number(b) - 1)))
        })
        .collect();
    let evident = |segment: &[Link]| {
        let called = segment.iter().filter(|link| field.is_called(link)).count();
        let looks = segment.iter().map(|link| field.candidates[link.candidate].score).sum::<f32>()
            / segment.len() as f32;
        let first = |candidate: &Candidate| field.candidates[segment[0].candidate].line == candidate.line;
        let list = segment.len() >= LIST && looks >= LIKE_A_NOTE && listed.is_some_and(first);
        called * 2 >= segment.len() && (called > 0 && looks > -0.5) || looks >= 1.25 || list
    };
    let kept = segments.into_iter().filter(|segment| evident(segment));
    kept.flatten().map(|link| link.candidate).collect()
}
