//! Which lines belong to which note.
//!
//! Between the start of one note and the start of the next, the text is cut into at most four
//! pieces: the note, body text of the next column or page, the rest of the note, body text again.
//! Every way to cut is scored by what speaks for it: a note that ends like a note, body text that
//! goes on where it was interrupted, blank lines at the cuts, the width of lines (notes are set
//! smaller, so their lines hold more), addresses and quotation marks that must not be torn apart.

use std::collections::HashMap;

use super::callout::Call;
use super::edge::{Edges, Quotes, in_address, is_email};
use super::line::{FEW_LINES, Line};
use super::sequence::Start;
use super::zip;
use crate::parallel;

/// The lines of one note.
#[derive(Debug, Clone, Default)]
pub struct Extent {
    /// From its start.
    pub first: std::ops::Range<usize>,
    /// Its rest, after body text that stands between; empty for most notes.
    pub rest: std::ops::Range<usize>,
    /// Why the cut is uncertain.
    pub doubt: Option<String>,
}

impl Extent {
    /// The lines in reading order.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        self.first.clone().chain(self.rest.clone())
    }
}

/// Finds the lines of every note.
pub fn assign(lines: &[Line], starts: &[Start], calls: &[Call]) -> Vec<Extent> {
    /// Fewer notes are cut before a second thread has begun.
    const FEW: usize = 100;
    let facts = Facts::gather(lines, starts, calls);
    let before = |index: usize| starts.get(index).and_then(|start| start.line.checked_sub(1));
    // How a note is cut depends on where the body stopped before it, and that on how the notes before were
    // cut. It is guessed where a stretch of notes begins: as a rule, notes alone stand behind the last callout.
    let guessed = |index: usize| {
        let called = facts.called[..starts.get(index)?.line].iter().rposition(|called| *called);
        before(called.map_or(0, |called| starts.partition_point(|start| start.line <= called)))
    };
    let window = |index: usize, last_body| Window {
        start: &starts[index],
        next: facts.end_of_notes(starts[index].line, next_start(lines, starts, index)),
        last_body,
    };
    let mut cuts: Vec<Cut> = parallel::stretches(starts.len(), FEW, |numbers| {
        let mut last_body = guessed(numbers.start);
        let cut = |index| {
            let cut = facts.cut(window(index, last_body));
            last_body = cut.last_body(next_start(lines, starts, index));
            cut
        };
        numbers.map(cut).collect()
    });
    let mut last_body = before(0);
    for (index, cut) in cuts.iter_mut().enumerate() {
        if cut.window_last_body != last_body {
            *cut = facts.cut(window(index, last_body));
        }
        last_body = cut.last_body(next_start(lines, starts, index));
    }
    rejoin_across_columns(&facts, starts, &mut cuts);
    cuts.into_iter().map(|cut| cut.extent).collect()
}

/// The lines between the start of a note and the start of the next.
#[derive(Clone, Copy)]
struct Window<'s> {
    start: &'s Start,
    next: usize,
    /// The last line of body text before the note.
    last_body: Option<usize>,
}

/// The best way to cut a window.
struct Cut {
    score: f32,
    extent: Extent,
    window_last_body: Option<usize>,
}

impl Cut {
    /// The last line of body text before the next note, which starts at `next`.
    fn last_body(&self, next: usize) -> Option<usize> {
        let Extent { first, rest, .. } = &self.extent;
        let (before, behind) = if rest.is_empty() {
            (first.end..next, next..next)
        } else {
            (first.end..rest.start, rest.end..next)
        };
        let body = [behind, before].into_iter().find(|piece| !piece.is_empty());
        body.map_or(self.window_last_body, |piece| Some(piece.end - 1))
    }
}

/// The best way to cut found so far, and what the next best scores.
struct Best {
    score: f32,
    extent: Extent,
    second: f32,
}

impl Best {
    fn offer(&mut self, score: f32, extent: Extent) {
        if score > self.score {
            self.second = self.score;
            (self.score, self.extent) = (score, extent);
        } else if score > self.second {
            self.second = score;
        }
    }
}

/// The second pieces that a note may have from one line on.
struct Rests {
    /// The most that any of them scores.
    best: f32,
    ends: Vec<Rest>,
}

struct Rest {
    end: usize,
    /// What speaks for it, quotation marks aside.
    score: f32,
    quotes: Quotes,
}

fn next_start(lines: &[Line], starts: &[Start], index: usize) -> usize {
    starts.get(index + 1).map_or(lines.len(), |s| s.line)
}

/// Where a converter puts the columns of a page in another order, other notes stand between the
/// two pieces of a torn note. Its rest then stands before the note that follows it by number.
fn rejoin_across_columns(facts: &Facts, starts: &[Start], cuts: &mut [Cut]) {
    const LONGEST_REST: usize = 30;
    let at_number: HashMap<u32, usize> = starts.iter().enumerate().map(|(i, s)| (s.number, i)).collect();
    if at_number.len() < starts.len() {
        // The numbering restarts: the next number may be any page's.
        return;
    }
    for torn in 0..starts.len() {
        let Some(&follower) = at_number.get(&(starts[torn].number + 1)) else { continue };
        // The rest stands behind the note before the follower, or in the body before all notes.
        let host = follower.checked_sub(1);
        if host == Some(torn) {
            continue;
        }
        let first = cuts[torn].extent.first.clone();
        let quotes = facts.quotes(first.clone());
        if facts.complete(first.end - 1, quotes) > 0.0 {
            continue;
        }
        let window = |index: usize, cut: &Cut, next| Window {
            start: &starts[index],
            next,
            last_body: cut.window_last_body,
        };
        let torn_window = window(torn, &cuts[torn], next_start(facts.lines, starts, torn));
        let end = starts[follower].line;
        let least = host.map_or(1, |host| cuts[host].extent.first.start + 1);
        let least = least.max(end.saturating_sub(LONGEST_REST));
        let hosted = host.map_or_else(|| facts.body.piece(least, end), |host| cuts[host].score);
        let now = cuts[torn].score + hosted + 0.5;
        let best = (least..end)
            .filter(|b| facts.may_begin_block(*b))
            .map(|b| {
                let rest = facts.torn(torn_window, &first, b, quotes) + facts.rest(b, end, quotes);
                let left = host.map(|host| facts.cut(window(host, &cuts[host], b)));
                let hosted = left.as_ref().map_or_else(|| facts.body.piece(least, b), |left| left.score);
                (rest + hosted, b, left)
            })
            .max_by(|x, y| x.0.total_cmp(&y.0));
        let Some((score, b, left)) = best.filter(|best| best.0 > now) else { continue };
        let doubt = (score - now < 1.0).then(|| "the rest of the note stands far from it".to_owned());
        cuts[torn].extent = Extent { first, rest: b..end, doubt };
        if let (Some(host), Some(left)) = (host, left) {
            cuts[host].extent = left.extent;
        }
    }
}

/// A note longer than this many lines in one piece is not believed.
const MAX_LINES: usize = 80;
/// How far behind its start a note's rest is looked for.
const MAX_REACH: usize = 400;

/// What speaks against a note's being torn: it is rare.
const TORN: f32 = 3.0;

/// What speaks for taking stretches of lines as one piece, summed from the first line so that any
/// stretch costs two look-ups.
struct Sums {
    /// How well each line goes on from the one before.
    links: Vec<f32>,
    /// What each line shows by itself.
    own: Vec<f32>,
}

impl Sums {
    fn with_capacity(lines: usize) -> Self {
        Sums { links: Vec::with_capacity(lines), own: Vec::with_capacity(lines) }
    }

    fn push(&mut self, (link, own): (f32, f32)) {
        let last = |sums: &Vec<f32>| sums.last().copied().unwrap_or_default();
        self.links.push(last(&self.links) + link);
        self.own.push(last(&self.own) + own);
    }

    /// The lines `from..to` as one piece; what leads to its first line is not counted.
    fn piece(&self, from: usize, to: usize) -> f32 {
        if to <= from {
            return 0.0;
        }
        let before = from.checked_sub(1).map_or(0.0, |i| self.own[i]);
        self.links[to - 1] - self.links[from] + self.own[to - 1] - before
    }
}

/// What a line shows, by what joins it to the line before and by itself, taken as a note's and as the body's.
struct Shown {
    note: (f32, f32),
    body: (f32, f32),
    full: bool,
}

struct Facts<'l, 't> {
    lines: &'l [Line<'t>],
    /// Lines taken as a note's.
    note: Sums,
    /// Lines taken as body text.
    body: Sums,
    /// How many page breaks stand before each line, its own among them.
    pages: Vec<u32>,
    /// Blank lines stand between paragraphs or blocks.
    blocks: bool,
    /// Notes of this document end with a full stop.
    stops: bool,
    /// The lines that had no room for the first word of the next.
    full: Vec<bool>,
    /// The lines that hold the callout of a note nearby.
    called: Vec<bool>,
    /// The last of them: from there on, notes follow upon notes.
    last_called: Option<usize>,
}

impl<'l, 't> Facts<'l, 't> {
    fn gather(lines: &'l [Line<'t>], starts: &[Start], calls: &[Call]) -> Self {
        let gaps = lines.iter().filter(|l| l.gap && !l.page_break).count();
        let widths = Widths::measure(lines, starts);
        let called = called_lines(lines, starts, calls);
        let edges = |index: usize| lines[index].edges();
        let stretched = stretched(lines, widths.note);
        let shown = parallel::map(lines.len(), FEW_LINES, |index| {
            let line = &lines[index];
            let (mut in_note, mut in_body) = (0.0, 0.0);
            if let Some(before) = index.checked_sub(1).map(|i| &lines[i]) {
                let joint = edges(index - 1).joint(edges(index));
                let seam = match (line.page_break, line.gap, edges(index - 1).ended) {
                    (true, _, true) => -2.5,
                    (true, ..) => -1.5,
                    (_, true, true) => -2.0,
                    (_, true, false) => -0.5,
                    _ => 0.0,
                };
                // A line that had room for the next word was the last of its paragraph.
                let lower = line.text.starts_with(char::is_lowercase);
                let roomy = !stretched[index] && had_room(before, line, widths.note, edges(index - 1).ended);
                in_note = joint + seam
                    - if roomy { 2.0 } else { 0.0 }
                    - if edges(index).author || edges(index).back_matter && edges(index - 1).ended {
                        6.0
                    } else {
                        0.0
                    };
                in_body = joint
                    - if lower && had_room(before, line, widths.body, edges(index - 1).ended) {
                        1.0
                    } else {
                        0.0
                    };
            }
            let favour = widths.favour(line, edges(index)) - if called[index] { 1.5 } else { 0.0 };
            let favour = favour - if edges(index).author && is_email(line.text) { 6.0 } else { 0.0 };
            let in_the_way = if edges(index).has_address { 2.5 } else { 0.0 };
            let full = lines.get(index + 1).is_some_and(|next| !had_room(line, next, widths.note, false));
            Shown { note: (in_note, favour), body: (in_body, -favour - in_the_way), full }
        });
        let mut note = Sums::with_capacity(lines.len());
        let mut body = Sums::with_capacity(lines.len());
        for of_line in &shown {
            note.push(of_line.note);
            body.push(of_line.body);
        }
        // Ends that are sure: a note directly before the next one.
        let (mut stops, mut sure) = (0, 0);
        for pair in starts.windows(2) {
            if pair[1].line > pair[0].line && pair[1].line - pair[0].line <= 8 {
                sure += 1;
                stops += usize::from(edges(pair[1].line - 1).ended);
            }
        }
        Facts {
            full: shown.iter().map(|of_line| of_line.full).collect(),
            pages: lines
                .iter()
                .scan(0, |pages, line| {
                    *pages += u32::from(line.page_break);
                    Some(*pages)
                })
                .collect(),
            lines,
            note,
            body,
            blocks: gaps * 30 >= lines.len(),
            stops: stops * 2 >= sure,
            last_called: called.iter().rposition(|called| *called),
            called,
        }
    }

    fn edges(&self, line: usize) -> &Edges {
        self.lines[line].edges()
    }

    /// What some lines do to quotation marks and brackets.
    fn quotes(&self, lines: std::ops::Range<usize>) -> Quotes {
        self.lines[lines].iter().fold(Quotes::default(), |all, line| all.then(line.edges().quotes))
    }

    /// Every way to cut scores the sum of: how well each line goes on from the line before it in
    /// its own flow, note or body; how finished the note is; what stands at the cuts.
    fn cut(&self, window: Window) -> Cut {
        let Window { start, next, last_body } = window;
        let first = start.line;
        let limit = next.min(first + MAX_LINES);
        let listed = self.listed(first);
        let mut best = Best {
            score: f32::NEG_INFINITY,
            extent: Extent { first: first..first + 1, ..Extent::default() },
            second: f32::NEG_INFINITY,
        };
        let mut quotes = Quotes::default();
        let mut rests: Vec<Option<Rests>> = Vec::new();
        let may_begin = |b: &usize| self.may_begin_block(*b);
        let blocks: Vec<usize> = (first + 2..next.min(first + MAX_REACH)).filter(may_begin).collect();
        for a in first + 1..=limit {
            quotes = quotes.then(self.edges(a - 1).quotes);
            let complete = self.complete(a - 1, quotes);
            // A label alone on its line has its text below.
            if a == first + 1 && a < limit && self.lines[first].text.len() == start.text_at {
                continue;
            }
            // The note is one piece; what follows up to the next note is body text.
            let piece = first..a;
            let whole = self.note.piece(first, a) + complete + self.body_from(a, next, last_body)
                - self.intrusion(first, a, next);
            best.offer(whole, Extent { first: piece.clone(), ..Extent::default() });
            // Torn: body text stands in between.
            let finished = complete > 0.5 && !quotes.open();
            if a == next || finished && !self.edges(a - 1).stop_in_address {
                continue;
            }
            let head = self.head(&piece, last_body) - listed;
            for &b in &blocks[blocks.partition_point(|b| *b <= a)..] {
                if finished && !self.edges(a - 1).host_goes_on(self.edges(b)) {
                    continue;
                }
                let rejoin = self.rejoin(&piece, b, quotes);
                if rejoin < -1.5 {
                    continue;
                }
                // Between the pieces lies the body of a column or a page, not a line or two.
                let short =
                    if b - a < 4 && !self.lines[a..=b].iter().any(|l| l.page_break) { 2.0 } else { 0.0 };
                let head = head + rejoin + self.body.piece(a, b) - short;
                if rests.len() <= b - first {
                    rests.resize_with(b - first + 1, || None);
                }
                let of_b = rests[b - first].get_or_insert_with(|| self.rests(b, next));
                if head + of_b.best <= best.second {
                    continue;
                }
                for rest in &of_b.ends {
                    let score = head + rest.score - quotes.then(rest.quotes).cost();
                    best.offer(score, Extent { first: piece.clone(), rest: b..rest.end, doubt: None });
                }
            }
        }
        let Best { score, mut extent, second } = best;
        if score - second < 0.5 && second.is_finite() {
            extent.doubt = Some("where the note ends is uncertain".to_owned());
        }
        Cut { score, extent, window_last_body: last_body }
    }

    /// What follows a note, from `from` up to the next note, is body text that goes on after the
    /// line `before`.
    fn body_from(&self, from: usize, next: usize, before: Option<usize>) -> f32 {
        if from == next {
            return 0.0;
        }
        // Who wrote the document is told below the notes of a page, and is no part of the text above them.
        let behind = from + (from..next).take_while(|line| self.edges(*line).author).count();
        let body =
            |from: usize| self.boundary(from) + self.resumes(before, from) + self.body.piece(from, next);
        match behind {
            _ if behind == from => body(from),
            _ if behind == next => body(from).max(0.0),
            _ => body(from).max(body(behind)),
        }
    }

    /// What speaks against body text at `from..next` between a note and the next: a line or two that
    /// nothing sets apart, or any after the last callout.
    fn intrusion(&self, note: usize, from: usize, next: usize) -> f32 {
        if from == next || next == self.lines.len() {
            return 0.0;
        }
        let apart =
            self.lines[from].gap || self.pages[from] < self.pages[next] || self.lines[from].page_break;
        let short = if next - from < 3 && !apart { 2.0 } else { 0.0 };
        short + self.listed(note)
    }

    /// Where a note ends at the latest that stands after the last callout: before a heading over what follows
    /// notes at the end of a document.
    fn end_of_notes(&self, note: usize, next: usize) -> usize {
        if self.last_called.is_some_and(|last| last > note) {
            return next;
        }
        let ends = |line: &usize| self.edges(*line).back_matter && self.edges(line - 1).ended;
        (note + 2..next).find(ends).unwrap_or(next)
    }

    /// What speaks against body text behind a note that stands after the last callout.
    fn listed(&self, note: usize) -> f32 {
        if self.last_called.is_none_or(|last| last < note) { 3.0 } else { 0.0 }
    }

    /// The first piece of a torn note.
    fn head(&self, piece: &std::ops::Range<usize>, last_body: Option<usize>) -> f32 {
        self.note.piece(piece.start, piece.end)
            + self.boundary(piece.end)
            + self.resumes(last_body, piece.end)
            - TORN
    }

    /// The rest of a torn note begins at `b`.
    fn rejoin(&self, piece: &std::ops::Range<usize>, b: usize, quotes: Quotes) -> f32 {
        self.edges(piece.end - 1).joint(self.edges(b)) + self.seam_of_rest(b, quotes)
    }

    /// The lines `b..c` end a torn note.
    fn rest(&self, b: usize, c: usize, quotes: Quotes) -> f32 {
        let all = quotes.then(self.quotes(b..c));
        self.note.piece(b, c) + self.complete(c - 1, all)
    }

    /// A note whose first piece is followed by body text only, its rest beginning at `b` elsewhere.
    fn torn(&self, window: Window, piece: &std::ops::Range<usize>, b: usize, quotes: Quotes) -> f32 {
        let between = if piece.end < window.next {
            self.head(piece, window.last_body) + self.body.piece(piece.end, window.next)
        } else {
            self.note.piece(piece.start, piece.end) - TORN
        };
        between + self.rejoin(piece, b, quotes)
    }

    /// What the rest of a torn note brings with it.
    fn seam_of_rest(&self, b: usize, quotes: Quotes) -> f32 {
        let closes = quotes.open() && self.edges(b).closes;
        let closing = if closes { 1.5 } else { 0.0 };
        let gap = if self.lines[b].gap { 0.5 } else { -0.5 };
        closing + gap
    }

    /// The rests that may start at `b`, whatever note they end.
    fn rests(&self, b: usize, next: usize) -> Rests {
        let mut rests = Rests { best: f32::NEG_INFINITY, ends: Vec::new() };
        let (mut quotes, mut read) = (Quotes::default(), b);
        for end in self.ends_of_rest(b, next) {
            quotes = quotes.then(self.quotes(read..end));
            read = end;
            let score = self.note.piece(b, end)
                + self.complete(end - 1, Quotes::default())
                + self.body_from(end, next, Some(b - 1));
            rests.best = rests.best.max(score);
            rests.ends.push(Rest { end, score, quotes });
        }
        rests
    }

    /// Where a rest that starts at `b` may end: before the next note, at the end of the page, or at a
    /// blank line where those mean something.
    fn ends_of_rest(&self, b: usize, next: usize) -> impl Iterator<Item = usize> {
        const MOST: usize = 12;
        let gap = |c: &usize| self.lines[*c].page_break || self.blocks && self.lines[*c].gap;
        let gaps = (b + 1..next.min(b + MAX_LINES + 1)).filter(gap).take(MOST);
        gaps.chain((next > b && next - b <= MAX_LINES).then_some(next))
    }

    /// Blocks of this text stand apart, and this line does, or may; or it goes on in an address of which there
    /// is nothing in the line before; or it closes what it has not opened.
    fn may_begin_block(&self, line: usize) -> bool {
        let alien = || line > 0 && self.edges(line - 1).is_alien(self.edges(line));
        let closes = || Quotes::default().clashes(self.edges(line).quotes);
        !self.blocks || self.lines[line].gap || self.lines[line].beside || alien() || closes()
    }

    /// Does the note look finished after this line?
    fn complete(&self, line: usize, quotes: Quotes) -> f32 {
        let edges = self.edges(line);
        let goes_on = self.lines.get(line + 1).is_some_and(|next| edges.address_goes_on(next.edges()));
        let score = if goes_on {
            -4.0
        } else if edges.ended {
            1.5
        } else if edges.open {
            -4.0
        } else if self.stops {
            -2.5
        } else if self.full[line] {
            // A full line that ends no sentence goes on.
            -0.75
        } else {
            0.0
        };
        score - quotes.cost()
    }

    /// A cut before this line.
    fn boundary(&self, line: usize) -> f32 {
        let line = &self.lines[line];
        match (line.page_break, line.gap, self.blocks) {
            (true, ..) => 2.5,
            (_, true, true) => 2.0,
            (_, true, false) => 1.5,
            (_, false, true) => {
                if line.beside {
                    -1.25
                } else {
                    -4.0
                }
            }
            (_, false, false) => -1.0,
        }
    }

    /// The body text, interrupted after `before`, goes on at `line`.
    fn resumes(&self, before: Option<usize>, line: usize) -> f32 {
        before.map_or(0.0, |before| self.edges(before).joint(self.edges(line)))
    }
}

/// Would the first word of `line` have fit at the end of `before`, in a column of this width?
fn had_room(before: &Line, line: &Line, width: Option<usize>, ended: bool) -> bool {
    let Some(width) = width else { return false };
    // Most lines are full without any word more.
    if (before.len + 1) * 100 >= width * 82 || before.text.ends_with(['-', '/', '\u{AD}']) {
        return false;
    }
    // Justified lines may come out with one word a line, the first behind its label.
    if !ended && !line.text.contains(' ') && before.text.matches(' ').count() <= 1 {
        return false;
    }
    // Few break an address before the end of its host.
    let scheme = line.text.find("://").filter(|at| !line.text[..*at].contains(' ')).map_or(0, |at| at + 3);
    let rest = line.text[scheme..].split([' ', '/', '-']).next().unwrap_or_default();
    let word = scheme + rest.chars().count();
    (before.len + 1 + word) * 100 < width * 82
}

/// The lines before which a line that was justified over its width ends or goes on, as some converters
/// leave it: a word or a few of them a line, which together fill no more than one line of `width`. How
/// short the line before it is says nothing there.
fn stretched(lines: &[Line], width: Option<usize>) -> Vec<bool> {
    const FEWEST: usize = 3;
    let thin = |line: &Line| {
        let spaces = memchr::memchr_iter(b' ', line.text.as_bytes()).take(2).count();
        spaces == 0 || spaces == 1 && line.text.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut run = 0;
    let mut stretched = Vec::with_capacity(lines.len());
    for line in lines {
        stretched.push(run > 1 && !line.gap);
        run = match (thin(line), line.gap) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => run + 1,
        };
    }
    let Some(width) = width else { return stretched };
    let (mut from, mut filled) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        if line.gap || (filled + line.len) * 100 > width * 105 {
            (from, filled) = (index, 0);
        }
        filled += line.len + 1;
        if index - from + 1 >= FEWEST {
            let next = lines.get(index + 1).is_some_and(|next| !next.gap);
            stretched[from + 1..=index + usize::from(next)].iter_mut().for_each(|is| *is = true);
        }
    }
    stretched
}

/// The lines that hold the callout of a note nearby.
fn called_lines(lines: &[Line], starts: &[Start], calls: &[Call]) -> Vec<bool> {
    const NEAR: usize = 200;
    let mut lines_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for start in starts {
        lines_of.entry(start.number).or_default().push(start.line);
    }
    let mut called = vec![false; lines.len()];
    for call in calls.iter().filter(|call| call.score >= 0.8) {
        let Some(starts) = lines_of.get(&call.number) else { continue };
        let next = starts.partition_point(|line| *line < call.line);
        let near = |at: usize| starts.get(at).is_some_and(|line| line.abs_diff(call.line) < NEAR);
        called[call.line] |= near(next) || next > 0 && near(next - 1);
    }
    for start in starts {
        called[start.line] = false;
    }
    called
}

/// How many characters a full line of body text and of note text holds.
struct Widths {
    body: Option<usize>,
    note: Option<usize>,
}

impl Widths {
    fn measure(lines: &[Line], starts: &[Start]) -> Self {
        /// Lines behind the beginning of a note that may be its own.
        const REACH: usize = 30;
        let of_note = |index: usize| {
            let next = next_start(lines, starts, index);
            starts[index].line..next.min(starts[index].line + REACH)
        };
        let mut near = vec![false; lines.len()];
        (0..starts.len()).for_each(|index| near[of_note(index)].fill(true));
        let mut notes = parallel::stretches(starts.len(), FEW_LINES, |numbers| {
            let told = |index: usize| {
                let next = next_start(lines, starts, index);
                of_note(index).filter(move |line| {
                    // Surely the note's: its first line when others follow, and lines before the next note.
                    let surely = *line == starts[index].line || next - starts[index].line <= 6;
                    let follows = line + 1 < next && !lines[line + 1].gap;
                    // Those with addresses have swallowed others, or are ragged.
                    let plain =
                        |line: &Line| line.len > 8 && !in_address(line.text) && !line.text.contains("://");
                    surely && follows && plain(&lines[*line])
                })
            };
            numbers.flat_map(told).map(|line| lines[line].len).collect()
        });
        let mut body: Vec<usize> =
            lines.iter().zip(&near).filter(|(l, near)| !**near && l.len > 8).map(|(l, _)| l.len).collect();
        let narrowest = |crowd: Option<usize>, widest: usize| crowd.map_or(widest, |crowd| crowd.min(widest));
        // Columns that share lines leave few that hold one.
        let body = full(&mut body).map(|widest| narrowest(crowd(&body, 0.25), widest));
        // Notes have ragged lines enough; but lines that are longer by far have swallowed others.
        let note = full(&mut notes).map(|widest| {
            let crowd = narrowest(crowded(&notes), widest);
            if widest * 4 > crowd * 5 { crowd } else { widest }
        });
        Widths { body, note }
    }

    /// Positive where the line is too wide for the body, negative where too wide for a note. One that is too
    /// wide for both has swallowed another.
    fn favour(&self, line: &Line, edges: &Edges) -> f32 {
        /// Per cent of a full line.
        const SWALLOWED: usize = 130;
        let (Some(body), Some(note)) = (self.body, self.note) else { return 0.0 };
        let wider = (body as f32 * 1.06).max(body as f32 + 2.0);
        let wider_note = (note as f32 * 1.06).max(note as f32 + 2.0);
        // Nor does a line tell that seems to hold one of each column.
        let swallowed = line.len * 100 > note.max(body) * SWALLOWED;
        if swallowed || zip::broken_words(line.text) > 0 {
            0.0
        } else if note as f32 >= wider && line.len as f32 > wider && !edges.has_address {
            1.5
        } else if note as f32 >= wider
            && line.len <= body
            && line.len * 5 > body * 3
            && !line.text.contains('/')
        {
            // It would fit the body, and a full line of a note holds more.
            if note as f32 >= body as f32 * 1.12 { -0.3 } else { -0.15 }
        } else if body as f32 >= note as f32 * 1.25 && line.len as f32 > wider_note {
            -1.5
        } else {
            0.0
        }
    }
}

/// The length that nine of ten lines do not exceed.
fn full(lengths: &mut [usize]) -> Option<usize> {
    if lengths.len() < 6 {
        return None;
    }
    lengths.sort_unstable();
    Some(lengths[lengths.len() * 9 / 10])
}

/// The length where most lines crowd together, if they do: a converter that undoes hyphenation
/// leaves longer lines too.
pub(super) fn crowded(lengths: &[usize]) -> Option<usize> {
    crowd(lengths, 0.4)
}

fn crowd(lengths: &[usize], least: f32) -> Option<usize> {
    let mut high = 0;
    let crowd_from = |low: usize| {
        high += lengths[high..].iter().take_while(|length| **length * 100 <= lengths[low] * 112).count();
        low..high
    };
    let crowd = (0..lengths.len())
        .map(crowd_from)
        .max_by_key(ExactSizeIterator::len)
        .filter(|crowd| crowd.len() as f32 >= lengths.len() as f32 * least)?;
    Some(lengths[crowd.end - 1])
}
