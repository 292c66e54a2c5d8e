//! Which of the lines that may start a note do: one sequence over the whole document.
//!
//! A line that begins with a number is weak evidence. That numbers 1 to 11 follow each other, each
//! with a callout in the body, is strong evidence. So the best chain of candidates is searched by
//! dynamic programming: candidates score by what they look like and by their callout, steps score
//! by how well the numbers follow.

use std::collections::{HashMap, HashSet};

use super::callout::Call;
use super::line::Line;
use super::marker::{Candidate, Kind};
use crate::fold;

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

/// The next number follows.
const FOLLOWS: f32 = 2.0;
/// Each number left out.
const LEFT_OUT: f32 = -2.0;
/// At most so many are left out in one step.
const MAX_LEFT_OUT: u32 = 6;
/// The numbering starts again at 1 (by page or chapter).
const RESTART: f32 = -4.0;
/// It does, and a callout of the new 1 stands behind the last note.
const RESTART_CALLED: f32 = -2.0;
/// Labels change their dress from one note to the next.
const OTHER_KIND: f32 = -4.0;
/// A note without a callout anywhere.
const NO_CALL: f32 = -1.5;
/// What a line scores that looks like a note without any callout.
const LIKE_A_NOTE: f32 = 0.0;
/// Lines within which a callout is near its note: two pages of a narrow column.
const NEAR: usize = 250;
/// A call that hardly can be anything else.
const PLAINLY_A_CALL: f32 = 1.0;
/// Calls of a note's number that are looked at on either side of it.
const NEAREST: usize = 16;

/// The lines that start notes, in the order of the text; their numbers are in order too, unless the
/// numbering restarts or the columns are out of order.
pub fn choose(lines: &[Line], candidates: &[Candidate], calls: &[Call]) -> Vec<Start> {
    let mut calls_of: HashMap<u32, Vec<&Call>> = HashMap::new();
    for call in calls {
        calls_of.entry(call.number).or_default().push(call);
    }
    let scores: Vec<Score> = candidates.iter().map(|c| score(lines, c, &calls_of)).collect();
    let everything: Vec<usize> = (0..candidates.len()).collect();
    let chain = best_chain(candidates, &scores, &everything, |number| -1.5 * (number - 1).min(6) as f32);
    let mut chain = keep_evident_segments(chain, candidates, &scores, calls);
    while fill_gaps(&mut chain, candidates, &scores) {}
    chain
        .into_iter()
        .map(|index| {
            let c = &candidates[index];
            Start { line: c.line, text_at: c.text_at, label: c.label.clone(), number: c.number }
        })
        .collect()
}

/// What a candidate is worth on its own.
struct Score {
    worth: f32,
    /// It has a callout of its number.
    called: bool,
    /// The line of the last plain callout of its number before it.
    last_call: Option<usize>,
}

fn score(lines: &[Line], candidate: &Candidate, calls_of: &HashMap<u32, Vec<&Call>>) -> Score {
    let mut score = candidate.score;
    if lines[candidate.line].gap {
        score += 0.75;
    } else if candidate.line > 0 && !super::edge::ends_sentence(lines[candidate.line - 1].text) {
        score -= 0.5;
    }
    if candidate.number == 1 && candidate.line > 0 && is_notes_heading(lines[candidate.line - 1].text) {
        score += 2.0;
    }
    // A number alone at the foot of a page numbers the page.
    let foot = lines.get(candidate.line + 1).is_none_or(|next| next.page_break);
    if foot && lines[candidate.line].text.len() == candidate.text_at {
        score -= 2.0;
    }
    // Calls stand in the order of the text; those far away cannot beat the nearest ones.
    let calls = calls_of.get(&candidate.number).map(Vec::as_slice).unwrap_or_default();
    let at = calls.partition_point(|call| call.line < candidate.line);
    let near = &calls[at.saturating_sub(NEAREST)..calls.len().min(at + NEAREST)];
    let call = near
        .iter()
        .filter(|call| call.line != candidate.line)
        .map(|call| {
            let distance = call.line.abs_diff(candidate.line);
            let worth = match (call.line < candidate.line, distance <= NEAR) {
                (true, true) => 2.5,
                (true, false) => 1.5,
                (false, true) => 1.25,
                (false, false) => 0.25,
            };
            call.score.min(1.0) * worth
        })
        .max_by(f32::total_cmp);
    let plain = |call: &&&Call| call.line < candidate.line && call.score >= PLAINLY_A_CALL;
    Score {
        worth: score + call.unwrap_or(NO_CALL),
        called: call.is_some_and(|worth| worth >= 0.5),
        last_call: near.iter().rev().find(plain).map(|call| call.line),
    }
}

/// Headings over notes that stand at the end.
fn is_notes_heading(text: &str) -> bool {
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
    let words = fold::words(text).join(" ");
    HEADINGS.contains(&words.replace('ß', "ss").trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
}

/// Converters may put the columns of a page in the wrong order, so that notes 6 to 9 stand before
/// notes 1 to 5. Adds the best chain of numbers that are missing, where it joins the ones there.
fn fill_gaps(chain: &mut Vec<usize>, candidates: &[Candidate], scores: &[Score]) -> bool {
    let numbers: HashSet<u32> = chain.iter().map(|i| candidates[*i].number).collect();
    let restarts = numbers.len() < chain.len();
    let (Some(&first), false) = (chain.first(), restarts) else { return false };
    let kind = candidates[first].kind;
    let missing: Vec<usize> = (0..candidates.len())
        .filter(|i| {
            let candidate = &candidates[*i];
            (scores[*i].called || candidate.score >= LIKE_A_NOTE)
                && !numbers.contains(&candidate.number)
                && same_dress(candidate.kind, kind)
                && candidate.score > -1.0
        })
        .collect();
    let near =
        |number: u32| number == 1 || numbers.contains(&(number - 1)) || numbers.contains(&(number + 1));
    let found = best_chain(candidates, scores, &missing, |number| if near(number) { 0.0 } else { -6.0 });
    let joins = found.iter().any(|i| near(candidates[*i].number));
    let distinct = found.iter().map(|i| candidates[*i].number).collect::<HashSet<_>>().len() == found.len();
    let called = found.iter().filter(|i| scores[**i].called).count();
    let enclosed = found.iter().all(|i| {
        let number = candidates[*i].number;
        numbers.contains(&(number - 1)) && numbers.contains(&(number + 1))
    });
    if called * 2 < found.len() && !enclosed || found.is_empty() || !joins || !distinct {
        return false;
    }
    chain.extend(found);
    chain.sort_unstable_by_key(|i| candidates[*i].line);
    true
}

/// The best chain among some of the candidates, `start` being what it costs to begin with a number.
fn best_chain(
    candidates: &[Candidate],
    scores: &[Score],
    among: &[usize],
    start: impl Fn(u32) -> f32,
) -> Vec<usize> {
    let mut total: Vec<f32> = vec![0.0; candidates.len()];
    let mut from: Vec<Option<usize>> = vec![None; candidates.len()];
    // For each number, the best chain that ends in it, by kind.
    let mut ending: HashMap<(u32, Kind), usize> = HashMap::new();
    let mut best: Option<usize> = None;
    for &index in among {
        let candidate = &candidates[index];
        let mut top = (start(candidate.number), None);
        let mut consider = |score: f32, previous: usize| {
            if score > top.0 {
                top = (score, Some(previous));
            }
        };
        for step in 1..=MAX_LEFT_OUT + 1 {
            let Some(number) = candidate.number.checked_sub(step) else { break };
            for kind in KINDS {
                if let Some(&previous) = ending.get(&(number, kind))
                    && candidates[previous].line < candidate.line
                {
                    let dress = if same_dress(kind, candidate.kind) { 0.0 } else { OTHER_KIND };
                    let step = if step == 1 { FOLLOWS } else { LEFT_OUT * (step - 1) as f32 };
                    consider(total[previous] + step + dress, previous);
                }
            }
        }
        if candidate.number == 1
            && let Some(previous) = best
            && candidates[previous].line < candidate.line
        {
            let dress = if same_dress(candidates[previous].kind, candidate.kind) { 0.0 } else { OTHER_KIND };
            let called = scores[index].last_call.is_some_and(|call| call > candidates[previous].line);
            let restart = if called { RESTART_CALLED } else { RESTART };
            consider(total[previous] + restart + dress, previous);
        }
        total[index] = top.0 + scores[index].worth;
        from[index] = top.1;
        let slot = ending.entry((candidate.number, candidate.kind)).or_insert(index);
        // Of two that could go on, the later stands nearer to what follows.
        let lines_apart = candidate.line.saturating_sub(candidates[*slot].line);
        if total[*slot] - (lines_apart as f32 / 100.0).min(1.0) <= total[index] {
            *slot = index;
        }
        if best.is_none_or(|b| total[b] < total[index]) {
            best = Some(index);
        }
    }
    let mut chain = Vec::new();
    let mut at = best.filter(|b| total[*b] > 0.0);
    while let Some(index) = at {
        chain.push(index);
        at = from[index];
    }
    chain.reverse();
    chain
}

const KINDS: [Kind; 8] = [
    Kind::Plain,
    Kind::Wide,
    Kind::Dot,
    Kind::Paren,
    Kind::Bracket,
    Kind::Superscript,
    Kind::Glued,
    Kind::Alone,
];

/// Converters make a plain, a wide and a lost space of one and the same gap.
fn same_dress(a: Kind, b: Kind) -> bool {
    let loose =
        |k: Kind| matches!(k, Kind::Plain | Kind::Wide | Kind::Glued | Kind::Alone | Kind::Superscript);
    a == b || loose(a) && loose(b)
}

/// Drops the runs of numbers that are lists rather than notes: hardly any has a callout of its own,
/// and the texts do not look like citations either.
fn keep_evident_segments(
    chain: Vec<usize>,
    candidates: &[Candidate],
    scores: &[Score],
    calls: &[Call],
) -> Vec<usize> {
    let number = |index: &usize| candidates[*index].number;
    let numbers: HashSet<u32> = chain.iter().map(number).collect();
    // A step over numbers that stand elsewhere in the chain leads out of a list between the notes.
    let mut segments: Vec<&[usize]> = chain
        .chunk_by(|a, b| {
            number(b) > number(a) && (number(b) == number(a) + 1 || !numbers.contains(&(number(b) - 1)))
        })
        .collect();
    let looks =
        |segment: &[usize]| segment.iter().map(|i| candidates[*i].score).sum::<f32>() / segment.len() as f32;
    // A callout calls one note: where two runs want it, the one that looks more like notes has it.
    let count = |least: f32| {
        let mut free: HashMap<u32, usize> = HashMap::new();
        for call in calls.iter().filter(|call| call.score >= least) {
            *free.entry(call.number).or_default() += 1;
        }
        free
    };
    // What may be a callout counts for numbers only that have no clear one.
    let mut free = count(0.2);
    free.extend(count(0.5));
    // Headings and lists count in another dress than the notes.
    let longest: &[usize] = segments.iter().max_by_key(|segment| segment.len()).copied().unwrap_or_default();
    let counted: HashSet<u32> = longest.iter().map(number).collect();
    segments.retain(|segment| {
        segment.first() == longest.first()
            || !segment.iter().all(|i| counted.contains(&number(i)))
            || longest.iter().all(|i| same_dress(candidates[*i].kind, candidates[segment[0]].kind))
    });
    segments.sort_by(|a, b| looks(b).total_cmp(&looks(a)));
    let mut kept = Vec::with_capacity(chain.len());
    for segment in segments {
        let called = segment.iter().filter(|i| {
            let left = free.get_mut(&candidates[**i].number).filter(|left| **left > 0);
            scores[**i].called && left.map(|left| *left -= 1).is_some()
        });
        let called = called.count();
        let looks = looks(segment);
        if called * 2 >= segment.len() && (called > 0 && looks > -0.5) || looks >= 1.25 {
            kept.extend_from_slice(segment);
        }
    }
    kept.sort_unstable_by_key(|i| candidates[*i].line);
    kept
}
