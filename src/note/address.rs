//! Which rest of an address goes on with which beginning, where columns or notes have torn it.
//!
//! An address shares words with what it is cited for: its host with the name of who published that, its path with the
//! title and the date. And a host is mostly cited more than once.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::line::{BREAK, FEW_LINES, FEW_PAGES, Line};
use super::marker;
use crate::{fold, parallel};

/// The hosts of a document that stand whole in a line.
pub(super) struct Hosts<'t>(HashSet<&'t str>);

impl<'t> Hosts<'t> {
    pub(super) fn of(lines: &[Line<'t>]) -> Self {
        let of_line = |line: &Line<'t>| {
            let text: &'t str = line.text;
            memchr::memmem::find_iter(text.as_bytes(), b"://").filter_map(move |at| {
                let host = &text[at + 3..];
                host.find(['/', ' '])
                    .filter(|end| host[*end..].starts_with('/') && host[..*end].contains('.'))
                    .map(|end| &host[..end])
            })
        };
        let hosts: Vec<&str> = parallel::stretches(lines.len(), FEW_LINES, |numbers| {
            lines[numbers].iter().flat_map(of_line).collect()
        });
        Hosts(hosts.into_iter().collect())
    }

    /// How well the word `rest`, which begins a line, goes on with the address that the word `head` breaks off,
    /// `cited` being the words before that.
    pub(super) fn fit(&self, head: &str, rest: &str, cited: &[&Terms]) -> f32 {
        const KNOWN: f32 = 2.0;
        const UNKNOWN: f32 = -1.0;
        const NAMED: f32 = 1.5;
        const SUFFIX: f32 = 1.5;
        let head = broken_off(head);
        let in_path = is_in_path(head);
        let mut score = 0.0;
        let mut path = rest;
        if !in_path {
            let joined = format!("{head}{rest}");
            let Some(address) = joined
                .strip_prefix("http")
                .and_then(|rest| rest.strip_prefix("s").unwrap_or(rest).strip_prefix("://"))
            else {
                return UNKNOWN;
            };
            let Some(end) = address.find('/') else { return 0.0 };
            let host = &address[..end];
            if !host.trim_start_matches("www.").contains('.') {
                return UNKNOWN;
            }
            let label = host.trim_start_matches("www.").split('.').next().unwrap_or_default();
            let begun = head
                .trim_start_matches("www.")
                .split_once("://")
                .map_or("", |(_, host)| host.trim_start_matches("www."));
            score += if self.0.contains(host) {
                KNOWN
            } else if begun.ends_with('.') && is_suffix(rest.split('/').next().unwrap_or_default()) {
                SUFFIX
            } else if !begun.contains('.') && cited.iter().any(|terms| terms.name(label)) {
                NAMED
            } else {
                UNKNOWN
            };
            path = &rest[(rest.len() + end).saturating_sub(address.len())..];
        }
        score + path_fit(path, in_path && !head.ends_with(['/', '-', '_', '=']), cited)
    }
}

/// What of a line's last word is the address that breaks off there.
fn broken_off(word: &str) -> &str {
    word.find("http").map_or(word, |at| &word[at..]).trim_end_matches(HYPHENS)
}

/// An address that breaks off with this word has its host.
fn is_in_path(head: &str) -> bool {
    head.split_once("://").map_or_else(|| !head.starts_with("http"), |(_, host)| host.contains('/'))
}

/// What hosts end with: `org`, `co.uk`.
fn is_suffix(text: &str) -> bool {
    const ENDS: &str = "com org net edu int gov info eu uk ie us ca au nz de at ch fr be nl lu it es pt gr se no dk fi \
                        pl cz hu ro ru ua tr il in jp cn kr br mx ar za";
    const BEFORE: &str = "co com ac gov org net edu";
    match text.split_once('.') {
        Some((before, end)) => fold::one_of(before, BEFORE) && fold::one_of(end, ENDS),
        None => fold::one_of(text, ENDS),
    }
}

/// How well the rest of a path, its first word broken or not, fits what it is cited for.
fn path_fit(path: &str, broken: bool, cited: &[&Terms]) -> f32 {
    const SHORTEST: usize = 3;
    const FEWEST: usize = 2;
    const MOST: f32 = 2.0;
    let words = path.split(|c: char| !c.is_alphanumeric()).skip(usize::from(broken));
    let words = words.filter(|word| word.len() >= SHORTEST);
    let (mut all, mut alike) = (0, 0);
    for word in words {
        all += 1;
        alike += usize::from(cited.iter().any(|terms| terms.has(word)));
    }
    if all < FEWEST { 0.0 } else { MOST * alike as f32 / all as f32 }
}

/// The words of a text that are not of addresses, folded.
pub(super) struct Terms(HashSet<String>);

impl Terms {
    pub(super) fn of(text: &str) -> Self {
        let plain = text.split(' ').filter(|word| !word.contains(['/', '=', '_']));
        let words = plain.flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
        let words = words.filter(|word| word.len() > 2);
        Terms(words.map(fold::fold).collect())
    }

    fn has(&self, word: &str) -> bool {
        fold::with_folded(word, |word| self.0.contains(word))
    }

    /// The label of a host has one of the words in it.
    fn name(&self, label: &str) -> bool {
        const SHORTEST: usize = 4;
        fold::with_folded(label, |label| {
            self.0.iter().any(|word| word.len() >= SHORTEST && label.contains(word.as_str()))
        })
    }
}

/// Hyphens that are of no address.
const HYPHENS: [char; 3] = ['‐', '\u{AD}', BREAK];

/// A page has fewer lines.
const LONGEST_PAGE: usize = 400;

/// Puts rests of addresses that blocks begin with behind the lines that break those off, where the blocks of a page
/// stand in another order.
pub(super) fn mend(mut lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    if lines.iter().all(|line| line.page.is_none()) {
        return lines;
    }
    let hosts = Hosts::of(&lines);
    let starts: Vec<usize> = (0..lines.len()).filter(|line| *line == 0 || lines[*line].page_break).collect();
    let page = |nth: usize| starts[nth]..starts.get(nth + 1).copied().unwrap_or(lines.len());
    let moves = parallel::map(starts.len(), FEW_PAGES, |nth| moves(&lines[page(nth)], &hosts));
    let pages: Vec<Range<usize>> = (0..starts.len()).map(page).collect();
    for (page, moves) in pages.into_iter().zip(moves) {
        if !moves.is_empty() {
            reorder(&mut lines[page], moves);
        }
    }
    lines
}

/// A rest, and the head that it belongs to.
struct Move {
    head: usize,
    rest: Range<usize>,
}

/// The lines of a page that may end inside an address.
fn heads(page: &[Line]) -> Vec<usize> {
    (0..page.len()).filter(|line| page[*line].edges().may_break_address()).collect()
}

fn moves(page: &[Line], hosts: &Hosts) -> Vec<Move> {
    let heads = heads(page);
    // Where each goes on below, none is torn.
    let torn_off = |head: &usize| {
        let goes_on = |next: &Line| page[*head].edges().breaks_address(next.edges());
        !page.get(head + 1).is_some_and(goes_on)
    };
    if page.len() > LONGEST_PAGE || heads.len() < 2 || !heads.iter().any(torn_off) {
        return Vec::new();
    }
    let fits = Fits::of(page, &heads, hosts);
    (1..page.len()).filter_map(|rest| torn(&fits, &heads, rest)).collect()
}

fn reorder(page: &mut [Line], moves: Vec<Move>) {
    let heads = heads(page);
    let mut order: Vec<usize> = (0..page.len()).collect();
    for Move { head, rest } in moves {
        let at = |order: &[usize], line: usize| order.iter().position(|other| *other == line);
        let lines: Vec<usize> = rest.collect();
        order.retain(|line| !lines.contains(line));
        let Some(head) = at(&order, head) else { return };
        let behind = order.split_off(head + 1);
        order.extend(lines.into_iter().chain(behind));
    }
    let sorted: Vec<Line> = order.iter().map(|line| page[*line].clone()).collect();
    for (nth, line) in sorted.into_iter().enumerate() {
        let (before, own) = (nth.checked_sub(1).map(|nth| order[nth]), order[nth]);
        let follows = before.is_some_and(|before| before + 1 == own);
        page[nth] = line;
        page[nth].page_break = nth == 0;
        if !follows {
            page[nth].gap = before.is_none_or(|before| {
                !heads.contains(&before)
                    || page[nth].gap && !page[nth - 1].edges().breaks_address(page[nth].edges())
            });
        }
    }
}

/// How well the lines of a page go on with the addresses that others break off.
struct Fits<'p, 't> {
    page: &'p [Line<'t>],
    hosts: &'p Hosts<'t>,
    /// The words of each line, and how well the next one goes on with its address, once they were asked for.
    terms: Vec<OnceCell<Terms>>,
    below: Vec<OnceCell<Option<f32>>>,
    /// The lines whose addresses break off in their hosts.
    in_host: Vec<usize>,
}

impl<'p, 't> Fits<'p, 't> {
    fn of(page: &'p [Line<'t>], heads: &[usize], hosts: &'p Hosts<'t>) -> Self {
        let lines = page.len();
        let (terms, below) = (vec_of(lines), vec_of(lines));
        let in_host = heads
            .iter()
            .copied()
            .filter(|head| !is_in_path(broken_off(page[*head].text.rsplit(' ').next().unwrap_or_default())));
        Fits { page, hosts, terms, below, in_host: in_host.collect() }
    }

    fn fit(&self, head: usize, rest: usize) -> Option<f32> {
        let page = self.page;
        let (before, next) = (page[head].edges(), page[rest].edges());
        if !before.breaks_address(next) || next.new_address() {
            return None;
        }
        let least = if rest < head { (rest + 1).max(head.saturating_sub(2)) } else { head.saturating_sub(2) };
        let from = (least..=head).rev().find(|line| page[*line].gap).unwrap_or(least);
        let terms = |line: usize| self.terms[line].get_or_init(|| Terms::of(page[line].text));
        let cited: Vec<&Terms> = (from..=head).map(terms).collect();
        let (head, rest) = (page[head].text.rsplit(' ').next(), page[rest].text.split(' ').next());
        Some(self.hosts.fit(head.unwrap_or_default(), rest.unwrap_or_default(), &cited))
    }

    /// How well the line below goes on.
    fn follows(&self, head: usize) -> Option<f32> {
        let below = || self.page.get(head + 1).and_then(|_| self.fit(head, head + 1));
        *self.below[head].get_or_init(below)
    }
}

fn vec_of<T>(count: usize) -> Vec<OnceCell<T>> {
    std::iter::repeat_with(OnceCell::new).take(count).collect()
}

/// The line `rest` begins with the rest of an address that another one than the line before it breaks off.
fn torn(fits: &Fits, heads: &[usize], rest: usize) -> Option<Move> {
    const LEAST: f32 = 1.25;
    const BY_HOST: f32 = 2.25;
    const CLEAR: f32 = 0.75;
    const IN_ORDER: f32 = 0.75;
    const MOST_BETWEEN: usize = 4;
    let page = fits.page;
    let word = page[rest].text.split(' ').next().unwrap_or_default();
    if !word.contains(['/', '_', '=']) && word.matches('-').count() < 2 {
        return None;
    }
    // Where the rest may go on from the line before it, a title alone tells too little.
    let follows = fits.follows(rest - 1).is_some();
    let by_host = |head: &usize| fits.fit(*head, rest).is_some_and(|fit| fit >= BY_HOST);
    if follows && !fits.in_host.iter().any(by_host) {
        return None;
    }
    let above = page[rest - 1].text;
    if !page[rest].gap && (above.ends_with('-') || above.ends_with(HYPHENS)) {
        return None;
    }
    let mut best: Option<(f32, usize)> = None;
    let mut second = 0.0_f32;
    // In one block, what stands between them is of the address as well.
    let in_order = |head: usize| {
        head + 1 == rest
            || head < rest
                && rest - head <= MOST_BETWEEN
                && !page[head + 1..=rest].iter().any(|line| line.gap)
    };
    for head in heads.iter().copied().filter(|head| *head != rest) {
        let Some(fit) = fits.fit(head, rest).map(|fit| if in_order(head) { fit + IN_ORDER } else { fit })
        else {
            continue;
        };
        if !in_order(head) && fits.follows(head).is_some_and(|own| own >= fit) {
            continue;
        }
        match best {
            Some((most, _)) if fit <= most => second = second.max(fit),
            _ => {
                second = best.map_or(second, |(most, _)| second.max(most));
                best = Some((fit, head));
            }
        }
    }
    let (most, head) = best?;
    let least = if follows { BY_HOST } else { LEAST };
    if in_order(head) || most < least || most - second < CLEAR {
        return None;
    }
    // Below a stack of labels stand the texts of several notes.
    let stacked = marker::alone(page[rest - 1].text).is_some();
    let ends = |line: &usize| {
        let apart = page[*line].gap || stacked && page[line - 1].edges().ended;
        apart && fits.follows(line - 1).is_none()
    };
    let end = (rest + 1..page.len()).find(ends);
    Some(Move { head, rest: rest..end.unwrap_or(page.len()) })
}
