//! Lines of two columns that a converter took by turns, as `pdftotext` does where the columns share their
//! base lines.
//!
//! ```text
//! Ada Lind, “Tolls of the Harbour”,
//! council, whereas the strategic
//! in The Ledger, 3 May 2021. harbour confirmed the
//! treaty.
//! ```
//!
//! Every way to deal the lines of some stretch out to two columns scores the sum of how well each line goes on
//! from the one before it in its own column; the columns are parted where that beats by far how well the
//! lines go on as they stand. A line longer than the others may hold one of each column: it is cut where
//! that goes on best.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::ops::Range;

use super::address::{Hosts, Terms};
use super::edge::{Quotes, ends_sentence};
use super::line::{FEW_LINES, FEW_PAGES, Line};
use super::marker;
use super::pairs::{Pairs, Word};
use crate::fold::ByFnv;
use crate::parallel;

/// Fewer lines show nothing.
const FEWEST: usize = 6;
/// Rows that one column may have in a row, the other having none.
const LONGEST_RUN: usize = 16;
/// A row in the same column as the row before is rare where the columns take turns row by row.
const SAME_COLUMN: f32 = -1.0;
/// Where they do so block by block, with blank lines between, a turn inside a block and a block that
/// does not turn are.
const TURN_IN_BLOCK: f32 = -1.5;
const SAME_BLOCK: f32 = -1.0;
/// Most lines of prose go on from any other: what dealing out has to gain, in all and for each line.
const GAIN: f32 = 9.0;
const GAIN_OF_LINE: f32 = 0.3;
/// What speaks against columns that part inside a block of lines.
const INSIDE: f32 = 1.5;
/// A page has fewer lines.
const LONGEST_PAGE: usize = 400;
/// How long the lines of columns are, but for the longest quarter.
const LENGTHS: Range<usize> = 24..81;
/// What speaks against a line of a column that is longer than the others.
const OVERLONG: f32 = -1.5;
/// What speaks against a line's showing a source where a body goes on.
const UNLIKE: f32 = -1.0;
/// What speaks against a word that is broken inside a line.
const BROKEN_WORD: f32 = -1.5;
/// What speaks against a body that stops in the middle of a sentence, since it may go on elsewhere.
const UNFINISHED_BODY: f32 = -0.25;
/// What speaks against columns that end before their page does.
const LEAVE: f32 = -1.0;
/// What speaks against closing marks that nothing has opened.
const TORN: f32 = -1.0;
/// No piece goes on from a column better: as well as can be, and with a word that is broken before it.
const BEST_JOINT: f32 = 4.0;
/// A line that is longer by more than this than any that holds one has swallowed another.
const LONGER: usize = 3;
/// States kept for each line: the others are worse by far.
const KEPT: usize = 48;
/// So few tell whether a page has columns at all; most pages have none.
const KEPT_AT_FIRST: usize = 8;

/// Puts the columns one after the other.
pub(super) fn part<'t>(lines: Vec<Line<'t>>, pairs: &Pairs<'t>) -> Vec<Line<'t>> {
    if lines.iter().all(|line| line.page.is_none()) {
        return lines;
    }
    let pages: Vec<&[Line]> = lines.chunk_by(|_, next| !next.page_break).collect();
    let full_lines = parallel::map(pages.len(), FEW_PAGES, |number| {
        let page = pages[number];
        let may = (FEWEST..=LONGEST_PAGE).contains(&page.len()) && may_hold_columns(page);
        may.then(|| Full::of(page)).flatten().filter(|full| may_gain(page, *full))
    });
    let may_gain: Vec<(usize, Full)> =
        full_lines.into_iter().enumerate().filter_map(|(number, full)| Some((number, full?))).collect();
    if may_gain.is_empty() {
        return lines;
    }
    let words = Words::of(&lines, pairs);
    let widest = widest_of(&pages);
    let parted = parallel::map(may_gain.len(), FEW_PAGES, |nth| {
        let (number, mut full) = may_gain[nth];
        full.widest = full.widest.max(widest).min(full.usual * 27 / 20);
        part_page(pages[number], full, &words)
    });
    if parted.iter().all(Option::is_none) {
        return lines;
    }
    let mut pages: Vec<(usize, Option<Vec<Line>>)> =
        pages.into_iter().map(|page| (page.len(), None)).collect();
    may_gain.iter().zip(parted).for_each(|((number, _), parted)| pages[*number].1 = parted);
    let mut all = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter();
    for (length, parted) in pages {
        let page = lines.by_ref().take(length);
        match parted {
            Some(parted) => {
                page.for_each(drop);
                all.extend(parted);
            }
            None => all.extend(page),
        }
    }
    all
}

/// How often the words of a document stand in it.
struct Words<'p, 't> {
    counts: HashMap<&'t str, u32, ByFnv>,
    pairs: &'p Pairs<'t>,
    hosts: Hosts<'t>,
    /// Those that stand in it more than once, in order, and in the order of their letters from the last.
    forward: Vec<&'t str>,
    backward: Vec<String>,
    /// The document is in a language that writes nouns with capital letters.
    nouns: bool,
}

impl<'p, 't> Words<'p, 't> {
    fn of(lines: &[Line<'t>], pairs: &'p Pairs<'t>) -> Self {
        let of_cores =
            parallel::shares(lines.len(), FEW_LINES, |counts: &mut HashMap<_, _, ByFnv>, numbers| {
                for word in
                    lines[numbers].iter().flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric()))
                {
                    if word.len() > 1 {
                        *counts.entry(word).or_default() += 1;
                    }
                }
            });
        let mut of_cores = of_cores.into_iter();
        let mut counts: HashMap<&str, u32, ByFnv> = of_cores.next().unwrap_or_default();
        for (word, count) in of_cores.flatten() {
            *counts.entry(word).or_default() += count;
        }
        let often = counts.iter().filter(|(word, count)| **count > 1 && word.len() > 3);
        let mut forward: Vec<&str> = often.map(|(word, _)| *word).collect();
        let mut backward: Vec<String> = forward.iter().map(|word| word.chars().rev().collect()).collect();
        forward.sort_unstable();
        backward.sort_unstable();
        Words { counts, pairs, hosts: Hosts::of(lines), forward, backward, nouns: writes_nouns(lines) }
    }

    /// A word of the document, but not the whole of it, begins so.
    fn begins(&self, part: &str) -> bool {
        let at = self.forward.partition_point(|word| *word <= part);
        self.forward.get(at).is_some_and(|word| word.starts_with(part))
    }

    /// A word of the document, but not the whole of it, ends so.
    fn ends(&self, part: &str) -> bool {
        let part: String = part.chars().rev().collect();
        let at = self.backward.partition_point(|word| *word <= part);
        self.backward.get(at).is_some_and(|word| word.starts_with(&part))
    }

    fn count(&self, word: &str) -> u32 {
        self.counts.get(word).copied().unwrap_or_default()
    }

    fn knows(&self, word: &str) -> bool {
        self.count(word) > 0
    }

    /// What the word broken between two lines says, if there is one: the document has it elsewhere, or it
    /// has what would be its second half.
    fn mended(&self, before: &str, next: &str) -> f32 {
        let first = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let second = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        // Hyphens in addresses break no words.
        let address = before.rsplit(' ').next().is_some_and(|word| word.contains(['/', '_']));
        if first.is_empty() || second.is_empty() || address {
            return 0.0;
        }
        if self.knows(&format!("{first}{second}")) {
            1.5
        } else if self.count(second) > 1 {
            -1.5
        } else {
            0.0
        }
    }
}

/// Is more than every fifth word written with a capital letter, where nothing is cited?
fn writes_nouns(lines: &[Line]) -> bool {
    const LINES: usize = 2_000;
    let prose = lines
        .iter()
        .take(LINES)
        .filter(|line| !marker::cites(line.text) && !line.text.contains(|c: char| c.is_ascii_digit()));
    let (mut all, mut capital) = (0, 0);
    for word in prose.flat_map(|line| line.text.split(' ').skip(1)) {
        all += 1;
        capital += usize::from(word.starts_with(char::is_uppercase));
    }
    capital * 5 > all
}

/// A line, or a part of one that holds two.
struct Piece<'t> {
    line: Line<'t>,
    /// The number of its line on the page.
    at: usize,
    /// The label that it begins with.
    label: Option<u32>,
    /// It is nothing but a label.
    bare: bool,
    /// It shows a source.
    cites: bool,
    /// Its words, once somebody has asked.
    terms: OnceCell<Terms>,
    /// Its first word and its last one, likewise.
    words: OnceCell<(Word, Word)>,
}

impl<'t> Piece<'t> {
    fn of(line: Line<'t>, at: usize) -> Self {
        let bare = marker::alone(line.text).map(|(_, number, _)| number);
        let label = marker::opens(line.text).filter(|_| !line.text.ends_with(','));
        Piece {
            label: label.or(bare),
            bare: bare.is_some(),
            cites: marker::cites(line.text),
            line,
            at,
            terms: OnceCell::new(),
            words: OnceCell::new(),
        }
    }
}

impl Piece<'_> {
    fn is_of_note(&self) -> bool {
        self.cites || self.label.is_some()
    }

    fn terms(&self) -> &Terms {
        self.terms.get_or_init(|| Terms::of(self.line.text))
    }

    fn words(&self, pairs: &Pairs) -> (Word, Word) {
        *self.words.get_or_init(|| (pairs.first(self.line.text), pairs.last(self.line.text)))
    }
}

/// A piece as a step through the text of the page.
#[derive(Debug, Clone, Copy)]
struct Step {
    piece: usize,
    /// The places where it begins and ends.
    from: usize,
    to: usize,
    /// What speaks for it in the line itself.
    own: f32,
}

/// What a column holds up to its last piece.
#[derive(Debug, Clone, Copy)]
struct Flow {
    last: usize,
    /// Those before it.
    earlier: [Option<usize>; 2],
    /// Its last label on the page.
    label: Option<u32>,
    /// Nothing in it has shown a source.
    body: bool,
    quotes: Quotes,
}

/// A page whose lines may be dealt out.
struct Page<'p, 't> {
    lines: &'p [Line<'t>],
    words: &'p Words<'p, 't>,
    full: Full,
    /// The lines as they stand, in their order, and then the parts of those that may be cut.
    pieces: Vec<Piece<'t>>,
    /// In the order of the places where they end.
    steps: Vec<Step>,
    /// The lines that begin at the places.
    line_at: Vec<Option<usize>>,
    /// For each piece, one that it was last asked about, and how well its text goes on in that.
    joints: Vec<Cell<(usize, f32)>>,
}

/// The text up to some place dealt out to two columns.
#[derive(Debug, Clone, Copy)]
struct Dealt {
    score: f32,
    /// The column of the last piece, and the other.
    own: Flow,
    other: Flow,
    /// The last piece is of the column that began in the middle; the other goes on from before.
    side: bool,
    /// The columns take turns block by block.
    blocks: bool,
    /// The step's first place, and the state there; `None` where the columns part.
    place: usize,
    from: Option<usize>,
}

/// The text up to some place as it stands from there back to where columns ended, if any did.
#[derive(Debug, Clone, Copy)]
struct Straight {
    score: f32,
    flow: Flow,
    /// The step's first place, and the state there, where columns end there.
    place: usize,
    from: Option<usize>,
}

/// A stretch of the page in two columns.
struct Stretch {
    /// Where the second column begins, behind the first piece of the other.
    place: usize,
    /// The pieces of the column that goes on from before, and of the other.
    columns: [Vec<usize>; 2],
    turns: usize,
}

fn part_page<'t>(page: &[Line<'t>], full: Full, words: &Words<'_, 't>) -> Option<Vec<Line<'t>>> {
    let page = Page::of(page, full, words);
    page.deal(KEPT_AT_FIRST)?;
    let order = page.deal(KEPT)?;
    let mut parted: Vec<Line> = Vec::with_capacity(order.len());
    for (piece, gap) in order {
        let mut line = page.pieces[piece].line.clone();
        (line.gap, line.page_break) = (gap, false);
        parted.push(line);
    }
    let first = parted.first_mut()?;
    (first.gap, first.page_break) = (true, page.lines[0].page_break);
    Some(parted)
}

/// Most lines of the page are as long as those of columns are: told before they are read.
fn may_hold_columns(page: &[Line]) -> bool {
    let fit = page.iter().filter(|line| LENGTHS.contains(&line.len)).count();
    fit >= FEWEST && fit * 2 >= page.len()
}

/// Some stretch of the page goes on so badly as it stands that dealing it out may be worth what it costs: the
/// lines of most pages follow each other well, and to deal out is slow.
fn may_gain(page: &[Line], full: Full) -> bool {
    /// How well lines mostly go on at best.
    const BEST: f32 = 2.0;
    /// What may be gained where a line holds both columns …
    const SHARED: f32 = 3.5;
    /// … and where a word that is broken goes on in the other column.
    const BROKEN_ALIKE: f32 = 1.0;
    /// What all lines may gain by themselves, they do not gain together.
    const SEEMING: f32 = 2.0;
    let (mut gain, mut most) = (0.0_f32, 0.0_f32);
    for pair in page.windows(2) {
        let [before, line] = pair else { continue };
        let (end, start) = (before.edges(), line.edges());
        let joint = if marker::opens(line.text).is_some() {
            if end.ended { BEST } else { -1.0 }
        } else {
            end.joint(start).min(BEST)
        };
        let broken = before.text.ends_with('-') && joint == BEST;
        let shared = line.len > full.longest + LONGER || broken_words(line.text) > 0;
        gain += BEST - joint - GAIN_OF_LINE
            + if broken { BROKEN_ALIKE } else { 0.0 }
            + if shared { SHARED } else { 0.0 };
        gain = gain.max(0.0);
        most = most.max(gain);
    }
    most > SEEMING * GAIN
}

/// How long the lines are that hold one: most of them, and the longest.
#[derive(Debug, Clone, Copy)]
struct Full {
    usual: usize,
    longest: usize,
    /// The same of any page: notes are set smaller, and hardly a line of theirs may hold one only.
    widest: usize,
}

impl Full {
    /// Most lines are alike, and up from there they grow without a step, until lines hold two.
    fn of(lines: &[Line]) -> Option<Self> {
        let mut lengths: Vec<usize> =
            lines.iter().map(|line| line.len).filter(|len| *len >= LENGTHS.start).collect();
        lengths.sort_unstable();
        let alike = |low: usize| lengths.partition_point(|length| length * 100 <= lengths[low] * 120) - low;
        let low = (0..lengths.len()).max_by_key(|low| alike(*low))?;
        let top = low + alike(low) - 1;
        let steps = lengths[top..].windows(2).take_while(|pair| pair[1] * 100 <= pair[0] * 107);
        let longest = lengths[top + steps.count()];
        Some(Full { usual: lengths[low.midpoint(top)], longest, widest: longest })
    }
}

/// How long the lines that hold one are at most, on any page.
fn widest_of(pages: &[&[Line]]) -> usize {
    let longest = |nth: usize| Full::of(pages[nth]).map_or(0, |full| full.longest);
    parallel::map(pages.len(), FEW_PAGES, longest).into_iter().max().unwrap_or_default()
}

/// Where a line may be cut, and what speaks for that.
#[derive(Debug, Clone, Copy)]
struct Cut {
    at: usize,
    /// Characters before it.
    nth: usize,
    score: f32,
}

/// How many words are broken inside a line.
pub(super) fn broken_words(text: &str) -> usize {
    let hyphens = memchr::memchr_iter(b'-', text.as_bytes());
    hyphens.filter(|at| text[at + 1..].starts_with(' ') && is_broken(&text[..=*at], &text[at + 1..])).count()
}

/// A word is broken between these texts, rather than a compound word or an address whose hyphens stand apart.
fn is_broken(before: &str, behind: &str) -> bool {
    let mut words = before.split(' ').rev();
    let (word, last) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let next = behind.trim_start().split(' ').next().unwrap_or_default();
    let stem = word.trim_end_matches('-');
    stem.len() > 1
        && stem.chars().all(char::is_alphabetic)
        && !next.is_empty()
        && ![last, next].iter().any(|word| word.ends_with('-') || word.contains('/'))
}

/// What speaks for a cut behind a broken word.
const BROKEN: f32 = 1.0;

/// Where in a line another one may begin: at a space, behind a hyphen, or where one was dropped.
fn cuts(text: &str, full: Full, words: &Words) -> Vec<Cut> {
    const SPACE: f32 = 0.0;
    const HYPHEN: f32 = -0.5;
    const DROPPED: f32 = -1.5;
    const OPENS: f32 = 0.5;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let count = chars.len();
    let is_word = |nth: &usize| chars[*nth].1.is_alphanumeric();
    let mut cuts: Vec<Cut> = Vec::new();
    for nth in 2..count {
        let (at, c) = chars[nth];
        let before = chars[nth - 1].1;
        let score = if c == ' ' {
            let broken = before == '-' && is_broken(&text[..at], &text[at..]);
            if nth < full.usual / 5 && !broken {
                continue;
            }
            SPACE + if broken { BROKEN } else { 0.0 }
        } else if nth < full.usual / 5 {
            continue;
        } else if before == '-' && c.is_alphanumeric() {
            HYPHEN
        } else if before.is_alphanumeric() && c.is_alphanumeric() {
            let start = (0..nth).rev().take_while(is_word).last().unwrap_or(nth);
            let end = (nth..count).take_while(is_word).last().unwrap_or(nth) + 1;
            let byte = |nth: usize| chars.get(nth).map_or(text.len(), |(at, _)| *at);
            let (whole, left, right) =
                (&text[byte(start)..byte(end)], &text[byte(start)..at], &text[at..byte(end)]);
            let changes = before.is_lowercase() && c.is_uppercase()
                || before.is_alphabetic() != c.is_alphabetic()
                || text[at..].starts_with("http");
            let in_slug = text[..byte(start)].ends_with(['-', '/', '_']);
            let label = !before.is_ascii_digit() && right.bytes().all(|byte| byte.is_ascii_digit());
            if left.len() < 2 && !in_slug || right.len() < 2 && !label {
                continue;
            }
            // A word that is known goes on in the same column, wherever it was broken.
            if words.count(whole) > 1 {
                continue;
            }
            let told = left.len() > 1 && right.len() > 1;
            let begun = words.count(left) > 1 || told && words.begins(left) || in_slug && left.len() == 1;
            let ended = words.count(right) > 1 || told && words.ends(right);
            match (changes, begun, ended) {
                (true, ..) => DROPPED + 1.5 + 0.5 * f32::from(u8::from(begun) + u8::from(ended)),
                (false, true, true) => DROPPED + 1.0 + 0.1 * (left.len().min(right.len()) as f32),
                _ => continue,
            }
        } else if before.is_alphabetic() && matches!(c, '(' | '“' | '„' | '«' | '<' | '‘') {
            // Nothing opens behind a letter but where a hyphen was dropped.
            OPENS
        } else {
            continue;
        };
        cuts.push(Cut { at, nth, score });
    }
    cuts
}

impl<'p, 't> Page<'p, 't> {
    fn of(lines: &'p [Line<'t>], full: Full, words: &'p Words<'p, 't>) -> Self {
        let pieces: Vec<Piece> =
            lines.iter().cloned().enumerate().map(|(at, line)| Piece::of(line, at)).collect();
        let (steps, line_at, joints) = Default::default();
        let mut page = Page { lines, words, full, pieces, steps, line_at, joints };
        for (index, line) in lines.iter().enumerate() {
            let first = page.line_at.len();
            page.line_at.push(Some(index));
            let broken = broken_words(line.text);
            if line.len > full.longest + LONGER || broken > 0 {
                page.cut(index, first, full);
            }
            let to = page.line_at.len();
            let own = BROKEN_WORD * broken as f32;
            page.steps.push(Step { piece: index, from: first, to, own });
        }
        page.line_at.push(None);
        page.steps.sort_by_key(|step| step.to);
        page.joints.resize(page.pieces.len(), Cell::new((usize::MAX, 0.0)));
        page
    }

    /// The steps through a line that may hold several.
    fn cut(&mut self, index: usize, first: usize, full: Full) {
        /// What speaks against a line's holding two.
        const CUT: f32 = -2.3;
        let line = &self.lines[index];
        let mut cuts = cuts(line.text, full, self.words);
        if line.len <= full.longest + LONGER {
            cuts.retain(|cut| cut.score >= BROKEN);
        }
        cuts.insert(0, Cut { at: 0, nth: 0, score: 0.0 });
        cuts.push(Cut { at: line.text.len(), nth: line.len, score: -CUT });
        // The places inside the line, by their cuts.
        let last = cuts.len() - 1;
        let mut reached = vec![false; cuts.len()];
        reached[0] = true;
        let mut steps: Vec<(usize, usize)> = Vec::new();
        for from in 0..last {
            if !reached[from] {
                continue;
            }
            for to in from + 1..=last {
                let length = cuts[to].nth - cuts[from].nth;
                if length > (full.longest + LONGER) * 2 {
                    break;
                }
                let text = &line.text[cuts[from].at..cuts[to].at];
                let may_be_short = || ends_sentence(text.trim_end()) || cuts[to].score >= BROKEN;
                if to == last || length * 5 >= full.usual * 4 || may_be_short() {
                    reached[to] = true;
                    steps.push((from, to));
                }
            }
        }
        let mut place_of = vec![first; cuts.len()];
        for (nth, place) in place_of.iter_mut().enumerate().skip(1) {
            if reached[nth] && nth < last {
                self.line_at.push(None);
            }
            *place = self.line_at.len() - usize::from(nth < last);
        }
        for (from, to) in steps {
            if from == 0 && to == last {
                continue;
            }
            let piece = self.pieces.len();
            let part = line.part(cuts[from].at..cuts[to].at);
            self.pieces.push(Piece::of(part, index));
            let long = cuts[to].nth - cuts[from].nth > full.widest + LONGER;
            let own = CUT + cuts[to].score + if long { OVERLONG } else { 0.0 };
            self.steps.push(Step { piece, from: place_of[from], to: place_of[to], own });
        }
    }

    /// A column that begins with a piece.
    fn begun(&self, piece: usize) -> Flow {
        let Piece { line, label, .. } = &self.pieces[piece];
        Flow {
            last: piece,
            earlier: [None; 2],
            label: *label,
            body: !self.pieces[piece].is_of_note(),
            quotes: line.edges().quotes,
        }
    }

    /// The column with one more piece, and how well that goes on from it.
    fn further(&self, flow: &Flow, piece: usize) -> (f32, Flow) {
        let next = &self.pieces[piece];
        let quotes = next.line.edges().quotes;
        let is_labelled = next.label.is_some();
        let torn = if is_labelled { flow.quotes.open() } else { flow.quotes.clashes(quotes) };
        let unlike = flow.body && next.cites && !is_labelled;
        let score =
            self.joint(flow, piece) + if torn { TORN } else { 0.0 } + if unlike { UNLIKE } else { 0.0 };
        let flow = Flow {
            last: piece,
            earlier: [Some(flow.last), flow.earlier[0]],
            label: next.label.or(flow.label),
            body: flow.body && !next.is_of_note(),
            quotes: if is_labelled { quotes } else { flow.quotes.then(quotes) },
        };
        (score, flow)
    }

    fn joint(&self, flow: &Flow, piece: usize) -> f32 {
        const IN_ORDER: f32 = 0.5;
        const OUT_OF_ORDER: f32 = -1.0;
        const ENDED: f32 = 1.0;
        const UNFINISHED: f32 = -2.0;
        let (before, next) = (&self.pieces[flow.last], &self.pieces[piece]);
        // Labels may be stacked.
        if before.bare && next.bare && before.label.map(|label| label + 1) == next.label {
            return IN_ORDER;
        }
        if before.bare {
            return marker::opening(next.line.text).unwrap_or(-2.0).min(1.0);
        }
        if let Some(own) = next.label {
            let end = before.line.edges();
            let (counts, unfinished) = match flow.label {
                Some(label) if label + 1 == own => (IN_ORDER, UNFINISHED),
                Some(_) => (OUT_OF_ORDER, UNFINISHED),
                // Above the first note of a column, the body goes on elsewhere.
                None => (0.0, UNFINISHED_BODY),
            };
            return counts + if end.ended { ENDED } else { unfinished };
        }
        // Many states end with the same piece.
        let known = &self.joints[flow.last];
        if known.get().0 != piece {
            known.set((piece, self.joint_of_text(before, next)));
        }
        known.get().1 + self.fit_of_address(flow, next)
    }

    /// How well a piece goes on with the address that a column breaks off.
    fn fit_of_address(&self, flow: &Flow, next: &Piece) -> f32 {
        let before = &self.pieces[flow.last];
        if !before.line.edges().breaks_address(next.line.edges()) {
            return 0.0;
        }
        let (head, rest) = (before.line.text.rsplit(' ').next(), next.line.text.split(' ').next());
        let earlier = flow.earlier.iter().flatten().map(|piece| self.pieces[*piece].terms());
        let cited: Vec<&Terms> = std::iter::once(before.terms()).chain(earlier).collect();
        self.words.hosts.fit(head.unwrap_or_default(), rest.unwrap_or_default(), &cited)
    }

    /// How well the text of a piece goes on in another one.
    fn joint_of_text(&self, before: &Piece, next: &Piece) -> f32 {
        const USUAL: f32 = 1.2;
        const FOLLOWED: f32 = 0.75;
        let (end, start) = (before.line.edges(), next.line.edges());
        let text = before.line.text;
        let word = text.strip_suffix('-').or(Some(text).filter(|_| before.line.hyphen));
        // An address in a column goes on with its citation as a rule.
        if end.ended && next.line.text.starts_with("http") {
            return UNFINISHED_BODY;
        }
        // Where nouns begin with capital letters, those tell nothing.
        let like_prose = if !end.ended && self.words.nouns { USUAL } else { end.joint(start) };
        let joint = end.told(start).unwrap_or(like_prose);
        let pairs = self.words.pairs;
        let followed = FOLLOWED * pairs.follow(before.words(pairs).1, next.words(pairs).0);
        joint + word.map_or(followed, |word| self.words.mended(word, next.line.text))
    }

    /// The pieces in the order in which they are read, and whether each stands apart from the one before, as
    /// far as some states kept for each line tell; `None` where the lines stand in that order.
    fn deal(&self, kept: usize) -> Option<Vec<(usize, bool)>> {
        let places = self.line_at.len();
        let first = self.begun(0);
        let none = Straight { score: f32::NEG_INFINITY, flow: first, place: 0, from: None };
        let mut straight = vec![none; places];
        straight[0].score = 0.0;
        let mut dealt: Vec<Vec<Dealt>> = vec![Vec::new(); places];
        let mut states = Vec::new();
        for of_place in self.steps.chunk_by(|a, b| a.to == b.to) {
            let to = of_place[0].to;
            states.clear();
            for step in of_place {
                let from = step.from;
                // A line is cut for the sake of columns: as it stands, it is whole, or a part of it that columns
                // go on from.
                if step.piece < self.lines.len() || self.line_at[from].is_some() {
                    let best = self.stand(&straight[from], &dealt[from], step);
                    if best.score > straight[to].score
                        && (step.piece < self.lines.len() || !self.begins_line(to))
                    {
                        straight[to] = best;
                    }
                }
                if from > 0 && straight[from].score > f32::NEG_INFINITY {
                    states.extend([false, true].map(|blocks| self.enter(&straight[from], step, blocks)));
                }
                for (nth, state) in dealt[from].iter().enumerate() {
                    self.go_on(state, nth, step, &mut states);
                }
            }
            dealt[to] = thinned(&states, kept);
        }
        let end = dealt[places - 1].iter().enumerate().max_by(|a, b| a.1.score.total_cmp(&b.1.score));
        let end = end.filter(|(_, state)| state.score > straight[places - 1].score).map(|(nth, _)| nth);
        self.order(&straight, &dealt, end)
    }

    /// A line begins at this place, or the page ends there.
    fn begins_line(&self, place: usize) -> bool {
        self.line_at[place].is_some() || place + 1 == self.line_at.len()
    }

    fn gap(&self, step: &Step) -> bool {
        self.line_at[step.from].is_some_and(|line| self.lines[line].gap)
    }

    /// A step as the text stands: behind what stands so too, or behind columns, which end there.
    fn stand(&self, before: &Straight, dealt: &[Dealt], step: &Step) -> Straight {
        const ANEW: f32 = -1.0;
        const ANEW_IN_BLOCK: f32 = -2.0;
        let Step { piece, from: place, own, .. } = *step;
        let anew = (if self.gap(step) { ANEW } else { ANEW_IN_BLOCK }, self.begun(piece));
        let (joint, flow) =
            if place == 0 { (0.0, self.begun(piece)) } else { self.further(&before.flow, piece) };
        let mut best = Straight { score: before.score + own + joint, flow, place, from: None };
        for (nth, state) in dealt.iter().enumerate() {
            // They are in order: none of those that follow is worth more, either.
            if state.score + own + BEST_JOINT + LEAVE <= best.score {
                break;
            }
            let ways = [self.further(&state.own, piece), self.further(&state.other, piece), anew];
            for (joint, flow) in ways {
                let score = state.score + own + joint + LEAVE;
                if score > best.score {
                    best = Straight { score, flow, place, from: Some(nth) };
                }
            }
        }
        best
    }

    /// Columns begin: what stands there is the first of another one.
    fn enter(&self, before: &Straight, step: &Step, blocks: bool) -> Dealt {
        let inside = if self.gap(step) { 0.0 } else { INSIDE };
        Dealt {
            score: before.score + step.own + self.overlong(step) - GAIN - inside,
            own: self.begun(step.piece),
            other: before.flow,
            side: true,
            blocks,
            place: step.from,
            from: None,
        }
    }

    /// The columns go on with a piece: it is of the one or the other.
    fn go_on(&self, state: &Dealt, from: usize, step: &Step, states: &mut Vec<Dealt>) {
        let Dealt { own, other, side, blocks, .. } = *state;
        let score = state.score + step.own + self.overlong(step) - GAIN_OF_LINE;
        let (place, piece, from) = (step.from, step.piece, Some(from));
        let (turn, flow) = self.further(&other, piece);
        // What a space parts in a line is of both columns.
        let one_line = self.pieces[own.last].at == self.pieces[piece].at;
        let (turning, staying) = match (blocks, self.gap(step)) {
            (true, true) => (0.0, SAME_BLOCK),
            (true, false) => (if one_line { 0.0 } else { TURN_IN_BLOCK }, 0.0),
            (false, _) => (0.0, SAME_COLUMN),
        };
        let score_of_turn = score + turn + turning;
        states.push(Dealt { score: score_of_turn, own: flow, other: own, side: !side, blocks, place, from });
        let parted = one_line && !self.pieces[own.last].line.whole().ends_with('-');
        if self.pieces[piece].at - self.pieces[other.last].at <= LONGEST_RUN && !parted {
            let same = if self.pieces[own.last].bare {
                1.0
            } else if self.is_word(own.last) && self.is_word(piece) || one_line {
                0.0
            } else {
                staying
            };
            let (stay, flow) = self.further(&own, piece);
            states.push(Dealt { score: score + stay + same, own: flow, other, side, blocks, place, from });
        }
    }

    /// A word of a line that is stretched so much that its words come out one a line.
    fn is_word(&self, piece: usize) -> bool {
        !self.pieces[piece].line.text.contains(' ')
    }

    /// What speaks against a piece that is longer than any line.
    fn overlong(&self, step: &Step) -> f32 {
        let whole = step.piece < self.lines.len() && step.to - step.from > 1;
        if whole && self.lines[step.piece].len > self.full.widest { OVERLONG } else { 0.0 }
    }

    /// The pieces of the best way, from its last state back.
    fn order(
        &self,
        straight: &[Straight],
        dealt: &[Vec<Dealt>],
        end: Option<usize>,
    ) -> Option<Vec<(usize, bool)>> {
        let (mut place, mut state) = (straight.len() - 1, end);
        let mut backward: Vec<(usize, bool)> = Vec::new();
        let mut any = false;
        while place > 0 {
            let Some(nth) = state else {
                let Straight { flow: Flow { last: piece, .. }, place: before, from, .. } = straight[place];
                let begins = self.line_at[before].is_some_and(|line| self.lines[line].gap);
                backward.push((piece, begins || from.is_some()));
                (place, state) = (before, from);
                continue;
            };
            let stretch = Self::stretch(dealt, place, nth);
            let before = &straight[stretch.place];
            (place, state) = (before.place, before.from);
            if !self.is_evident(&stretch) {
                let mut pieces = stretch.columns.concat();
                pieces.sort_by_key(|piece| (self.pieces[*piece].at, self.pieces[*piece].line.column));
                backward.extend(pieces.into_iter().rev().map(|piece| (piece, self.pieces[piece].line.gap)));
                continue;
            }
            any = true;
            let second_first = self.is_second_first(&stretch);
            let [mut first, mut second] = stretch.columns;
            let apart = |(nth, piece): (usize, usize)| {
                let Piece { line, label, .. } = &self.pieces[piece];
                (piece, nth == 0 || line.gap && label.is_some())
            };
            if second_first {
                // What goes on from above stays there.
                let begins = |piece: &usize| {
                    let Piece { line, label, .. } = &self.pieces[*piece];
                    label.is_some() || line.gap
                };
                let rest = first.iter().skip(1).position(begins).map_or(0, |nth| nth + 1);
                let rest = first.split_off(rest);
                first.append(&mut second);
                second = rest;
            }
            let columns = [first, second];
            let pieces: Vec<_> =
                columns.into_iter().flat_map(|column| column.into_iter().enumerate().map(apart)).collect();
            backward.extend(pieces.into_iter().rev());
        }
        backward.reverse();
        // What follows columns goes on from the one that is read last, or stands apart.
        for nth in 1..backward.len() {
            let (before, (piece, apart)) = (backward[nth - 1].0, backward[nth]);
            let goes_on = || self.joint(&self.begun(before), piece) >= 1.0;
            backward[nth].1 = apart && (self.pieces[piece].line.gap || !goes_on());
        }
        any.then_some(backward)
    }

    /// The columns that end at a place in some state.
    fn stretch(dealt: &[Vec<Dealt>], place: usize, nth: usize) -> Stretch {
        let mut columns: [Vec<usize>; 2] = Default::default();
        let (mut state, mut turns) = (&dealt[place][nth], 0);
        loop {
            columns[usize::from(state.side)].push(state.own.last);
            let Some(from) = state.from else { break };
            let before = &dealt[state.place][from];
            turns += usize::from(before.side != state.side);
            state = before;
        }
        columns[0].push(state.other.last);
        columns.iter_mut().for_each(|column| column.reverse());
        Stretch { place: state.place, columns, turns }
    }

    /// The lines are as long as those of columns are, and they take turns.
    fn is_evident(&self, stretch: &Stretch) -> bool {
        let lines: Vec<&Line> =
            stretch.columns.iter().flatten().map(|piece| &self.pieces[*piece].line).collect();
        let mut lengths: Vec<usize> = lines.iter().map(|line| line.len).collect();
        lengths.sort_unstable();
        let words = lines.iter().filter(|line| !line.text.contains(' ') && line.len < LENGTHS.start).count();
        let both = lines.iter().filter(|line| line.text.contains("  ")).count();
        lines.len() >= FEWEST
            && stretch.turns * 3 >= lines.len()
            && LENGTHS.contains(&lengths[lengths.len() * 3 / 4])
            && words * 3 <= lines.len()
            && both * 10 <= lines.len()
    }

    /// The column that began in the middle is read first, as its labels tell.
    fn is_second_first(&self, stretch: &Stretch) -> bool {
        let number = |column: &[usize]| column.iter().find_map(|piece| self.pieces[*piece].label);
        let [a, b] = &stretch.columns;
        let start = self.pieces[a[0]].at;
        let above = self.pieces[..start].iter().filter(|piece| piece.bare);
        let above = above.filter_map(|piece| piece.label).max();
        match (number(a), number(b)) {
            (Some(a), Some(b)) if a != b => b < a,
            // The labels of the other column stand above.
            (Some(a), None) => above.is_some_and(|above| above + 1 == a),
            (None, Some(b)) => above.is_none_or(|above| above + 1 != b),
            _ => false,
        }
    }
}

/// The best of the states that nothing but their score tells apart, and of those the best.
fn thinned(states: &[Dealt], most: usize) -> Vec<Dealt> {
    let mut order: Vec<(f32, usize)> = states.iter().map(|state| state.score).zip(0..).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<Dealt> = Vec::with_capacity(most);
    let mut keys = Vec::with_capacity(most);
    for (_, nth) in order {
        let state = states[nth];
        let key = (state.other.last, state.own.last, state.side, state.blocks);
        if !keys.contains(&key) {
            keys.push(key);
            kept.push(state);
        }
        if kept.len() == most {
            break;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    const LEFT: [&str; 6] = [
        "1 Ada Lind, “Harbour Tolls and the Price",
        "of a Crossing”, in The Northern Ledger,",
        "3 May 2021, https://ledger.example/2021/",
        "harbour-tolls.",
        "2 Jo Roe, “Who Asked the Other Side?”, in",
        "Foreign Ports, Vol. 12, No. 3 (June 2021).",
    ];
    const RIGHT: [&str; 6] = [
        "3 “Minister: Tolls Are for Lindby”, in",
        "The Gazette, 12 June 2021, https://gaz",
        "ette.example/minister-tolls.",
        "4 Ada Lind, “A New Quay”, in The Northern",
        "Ledger, 20 June 2021, https://ledger.ex",
        "ample/2021/06/20/a-new-quay.",
    ];

    fn parted(lines: &[&str]) -> Vec<String> {
        let text = format!("The toll rose.\n\n{}\n\u{C}", lines.join("\n"));
        let lines = split(&text);
        let pairs = Pairs::of(&lines);
        part(lines, &pairs).iter().skip(1).map(|line| line.text.to_owned()).collect()
    }

    #[test]
    fn columns_taken_by_turns_come_one_after_the_other() {
        let turns: Vec<&str> = LEFT.iter().zip(RIGHT).flat_map(|(left, right)| [*left, right]).collect();
        assert_eq!(parted(&turns), [LEFT, RIGHT].concat());
        let turns: Vec<&str> = LEFT.iter().zip(RIGHT).flat_map(|(left, right)| [right, *left]).collect();
        assert_eq!(parted(&turns), [LEFT, RIGHT].concat());
    }

    #[test]
    fn columns_one_after_the_other_stay() {
        let lines = [LEFT, RIGHT].concat();
        assert_eq!(parted(&lines), lines);
    }
}
