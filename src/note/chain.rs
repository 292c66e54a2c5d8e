//! The best chain of lines that may start notes, each with its own callout.
//!
//! Notes and callouts are two sequences that count alike and run in the same order. So a chain is
//! made of pairs, a candidate and a call of its number (or none), and one pair follows another only
//! if both its members stand later. A call is thereby spent once: the items of a list cannot borrow
//! the callouts of a chapter's notes. A chain keeps to one dress of labels: numbered headings and lists
//! count in another.

use std::collections::HashMap;

use super::callout::Call;
use super::marker::{Candidate, Kind};
use crate::fold::ByFnv;

/// The next number follows.
const FOLLOWS: f32 = 2.0;
/// Each number left out.
const LEFT_OUT: f32 = -2.0;
/// At most so many are left out in one step.
const MAX_LEFT_OUT: u32 = 6;
/// The numbering starts again at 1 (by page or chapter).
const RESTART: f32 = -4.0;
/// It does, and the callout of the new 1 stands behind the last note.
const RESTART_CALLED: f32 = -2.0;
/// Of two notes that could be followed, one this many lines nearer is worth one point more.
const APART: f32 = 100.0;

/// A candidate with one of the calls that may be its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// Index of the call; `None` where the note has none.
    pub(super) call: Option<usize>,
    /// What candidate and call are worth together.
    pub(super) worth: f32,
}

/// A member of the best chain: the index of the candidate and that of its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) candidate: usize,
    pub(super) call: Option<usize>,
}

/// How labels are told apart: converters make a plain, a wide and a lost space of one and the same
/// gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Dress {
    Loose,
    Dot,
    Paren,
    Round,
    Bracket,
}

fn dress(kind: Kind) -> Dress {
    match kind {
        Kind::Plain | Kind::Wide | Kind::Glued | Kind::Alone | Kind::Superscript => Dress::Loose,
        Kind::Dot => Dress::Dot,
        Kind::Paren => Dress::Paren,
        Kind::Round => Dress::Round,
        Kind::Bracket => Dress::Bracket,
    }
}

/// Labels of these kinds may belong to one numbering.
pub(super) fn same_dress(a: Kind, b: Kind) -> bool {
    dress(a) == dress(b)
}

/// A chain up to some pair. A long text has millions of them.
#[derive(Debug, Clone, Copy)]
struct State {
    candidate: u32,
    /// The last call spent; 0 is none, the first call is 1.
    spent: u32,
    total: f32,
    /// The pair has a call, which is the last spent.
    called: bool,
    from: Option<u32>,
}

/// The states that something may follow, by the calls spent; what is worse in both is left out.
#[derive(Debug, Default)]
struct Front {
    entries: Vec<Entry>,
    /// None was ever worth more.
    most: f32,
}

/// What a front needs to know of a state.
#[derive(Debug, Clone, Copy)]
struct Entry {
    state: u32,
    line: u32,
    spent: u32,
    total: f32,
}

impl Entry {
    /// What the chain is worth to a note at `line`.
    fn worth_at(&self, line: u32) -> f32 {
        self.total - apart(self.line, line)
    }
}

impl Front {
    /// States looked at: those before them are worse by far.
    const LOOKED_AT: usize = 8;
    /// States kept: those before them spent calls long past.
    const KEPT: usize = 64;

    /// The states before `line` that have spent no call from `below` on, and what they are worth there.
    fn before(&self, line: u32, below: u32) -> impl Iterator<Item = (f32, u32)> {
        let end = self.entries.partition_point(|entry| entry.spent < below);
        let near = self.entries[end.saturating_sub(Self::LOOKED_AT)..end].iter().rev();
        near.filter(move |entry| entry.line < line).map(move |entry| (entry.worth_at(line), entry.state))
    }

    /// The best of them.
    fn best(&self, line: u32, below: u32) -> Option<(f32, u32)> {
        self.before(line, below).max_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn insert(&mut self, new: Entry) {
        let Entry { line, spent, total, .. } = new;
        let at = self.entries.partition_point(|old| old.spent <= spent);
        if self.entries[at.saturating_sub(Self::LOOKED_AT)..at].iter().any(|old| old.worth_at(line) > total) {
            return;
        }
        let from = self.entries[..at].partition_point(|old| old.spent < spent);
        let worse = self.entries[from..].iter().take_while(|old| old.worth_at(line) <= total).count();
        self.most = self.most.max(total);
        if worse > 0 {
            self.entries[from] = new;
            self.entries.drain(from + 1..from + worse);
        } else {
            self.entries.insert(from, new);
        }
        if self.entries.len() > Self::KEPT * 2 {
            self.entries.drain(..Self::KEPT);
        }
    }
}

fn apart(line: u32, later: u32) -> f32 {
    (later.saturating_sub(line) as f32 / APART).min(1.0)
}

/// Adds a state to those of one note, which are in the order of the calls spent. Of two of them, one that is
/// worth less and has spent no less is of no use.
fn offer(states: &mut Vec<State>, state: State) {
    let at = states.partition_point(|old| old.spent <= state.spent);
    if at > 0 && states[at - 1].total >= state.total {
        return;
    }
    let from = states[..at].partition_point(|old| old.spent < state.spent);
    let worse = states[from..].iter().take_while(|old| old.total < state.total).count();
    if worse > 0 {
        states[from] = state;
        states.drain(from + 1..from + worse);
    } else {
        states.insert(from, state);
    }
}

/// The best chain among some of the candidates, `start` being what it costs to begin with a number.
pub(super) fn best(
    candidates: &[Candidate],
    pairs: &[Vec<Pair>],
    calls: &[Call],
    among: &[usize],
    start: impl Fn(u32) -> f32,
) -> Vec<Link> {
    let mut states: Vec<State> = Vec::with_capacity(among.len() * 2);
    let mut ending: HashMap<(u32, Dress), Front, ByFnv> = HashMap::default();
    let mut anywhere: HashMap<Dress, Front, ByFnv> = HashMap::default();
    let mut best: Option<u32> = None;
    let mut new: Vec<State> = Vec::new();
    for &index in among {
        let candidate = &candidates[index];
        let line = candidate.line as u32;
        let own = dress(candidate.kind);
        let mut fronts: Vec<(&Front, f32)> = Vec::new();
        for step in 1..=MAX_LEFT_OUT + 1 {
            let Some(number) = candidate.number.checked_sub(step).filter(|n| *n > 0) else { break };
            let score = if step == 1 { FOLLOWS } else { LEFT_OUT * (step - 1) as f32 };
            fronts.extend(ending.get(&(number, own)).map(|front| (front, score)));
        }
        let begun = start(candidate.number);
        for pair in &pairs[index] {
            let state = |total: f32, from: Option<u32>, spent: u32| State {
                candidate: index as u32,
                spent,
                total: total + pair.worth,
                called: pair.call.is_some(),
                from,
            };
            let below = pair.call.map_or(u32::MAX, |call| call as u32 + 1);
            let mut top = (begun, None);
            for (front, step) in &fronts {
                if front.most + step > top.0
                    && let Some((total, state)) = front.best(line, below)
                    && total + step > top.0
                {
                    top = (total + step, Some(state));
                }
            }
            if candidate.number == 1
                && let Some(front) = anywhere.get(&own)
                && let Some((_, state)) = front.best(line, below)
            {
                let last = &states[state as usize];
                let last_line = candidates[last.candidate as usize].line;
                let called = pair.call.is_some_and(|call| calls[call].line > last_line);
                let restart = if called { RESTART_CALLED } else { RESTART };
                let total = last.total + restart;
                if total > top.0 {
                    top = (total, Some(state));
                }
            }
            let spent_by = |from: u32| states[from as usize].spent;
            let spent = pair.call.map_or_else(|| top.1.map_or(0, spent_by), |call| call as u32 + 1);
            offer(&mut new, state(top.0, top.1, spent));
            // The first of all has spent no calls but its own, which is worth more where a list of the body
            // before it has borrowed those of the notes behind it.
            if candidate.number == 1 && top.1.is_some() {
                offer(&mut new, state(begun, None, pair.call.map_or(0, |call| call as u32 + 1)));
            }
            // A note without a call spends none: what it leaves to those that follow depends on
            // what it follows itself.
            if pair.call.is_none() {
                for (front, step) in &fronts {
                    for (total, from) in front.before(line, u32::MAX) {
                        let total = total + step;
                        if total > begun && Some(from) != top.1 {
                            offer(&mut new, state(total, Some(from), spent_by(from)));
                        }
                    }
                }
            }
        }
        if let Some(top) = new.last()
            && best.is_none_or(|best| states[best as usize].total < top.total)
        {
            best = Some(states.len() as u32);
        }
        let (ending, anywhere) =
            (ending.entry((candidate.number, own)).or_default(), anywhere.entry(own).or_default());
        for state in new.drain(..).rev() {
            let entry = Entry { state: states.len() as u32, line, spent: state.spent, total: state.total };
            states.push(state);
            ending.insert(entry);
            anywhere.insert(entry);
        }
    }
    let mut chain = Vec::new();
    let mut at = best.map(|best| &states[best as usize]).filter(|best| best.total > 0.0);
    while let Some(state) = at {
        let call = state.called.then(|| state.spent as usize - 1);
        chain.push(Link { candidate: state.candidate as usize, call });
        at = state.from.map(|from| &states[from as usize]);
    }
    chain.reverse();
    chain
}
