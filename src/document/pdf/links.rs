//! Link annotations: what they say of the addresses in the text.
//!
//! An annotation knows the whole address, wherever the text breaks it; so it judges how the lines are
//! joined. But many are made afterwards by programs that search each line for addresses: such an
//! annotation ends where the line does, and its target with it. It says nothing.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::ops::Range;

use super::line::{Line, Lines};
use crate::citation::Hyperlink;
use crate::document::PlacedLink;
use crate::link;
use crate::note::join::Targets;
use crate::note::line::Line as TextLine;
use crate::place::Place;

/// A link that a document's annotations make, on one line or several.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// Each line's part: its index and the bytes of its text.
    pub(super) parts: Vec<(usize, Range<usize>)>,
    pub(super) target: String,
}

/// The links of a document; parts on following lines that lead to the same target are one link.
pub(super) fn linked(read: &Lines) -> Vec<Linked> {
    let mut links: Vec<Linked> = Vec::new();
    let mut open: HashMap<usize, usize> = HashMap::new();
    for (index, line) in read.all.iter().enumerate() {
        let mut still_open = HashMap::new();
        for (range, target) in &line.links {
            let goes_on = open.get(target).copied().filter(|_| is_first_word(line, range));
            let link = if let Some(link) = goes_on {
                links[link].parts.push((index, range.clone()));
                link
            } else {
                links.push(Linked {
                    parts: vec![(index, range.clone())],
                    target: read.targets[*target].clone(),
                });
                links.len() - 1
            };
            if range.end + 2 >= line.text.len() {
                still_open.insert(*target, link);
            }
        }
        open = still_open;
    }
    links.retain(|link| link::target(&link.target).is_some());
    links
}

fn is_first_word(line: &Line, range: &Range<usize>) -> bool {
    !line.text[..range.start].contains(' ')
}

impl Linked {
    /// The text of the link as it stands, line by line.
    fn shown(&self, lines: &[Line]) -> String {
        self.parts.iter().map(|(line, range)| &lines[*line].text[range.clone()]).collect()
    }

    /// Is the target nothing but what its one line shows, up to the line's end?
    fn says_nothing(&self, lines: &[Line]) -> bool {
        let [(line, range)] = &self.parts[..] else { return false };
        let shown = self.shown(lines);
        let shown = shown.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let at_end = range.end + 2 >= lines[*line].text.len();
        at_end && bare(&self.target).starts_with(bare(shown)) && self.target.len() <= shown.len() + 9
    }
}

/// An address without its scheme and what programs add or leave out at its end.
fn bare(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches(['/', '.', '-'])
}

/// The targets by which lines are joined.
pub(super) fn judges(links: &[Linked], lines: &[Line]) -> Targets {
    let mut targets = Targets::default();
    for link in links.iter().filter(|link| !link.says_nothing(lines)) {
        if let Some(url) = link::target(&link.target) {
            targets.add(&url);
        }
    }
    targets
}

/// Where the bytes of the lines came to stand in the joined text of a note. `parts` are the lines'
/// indices, and the byte from which each was taken.
pub(super) fn moved(
    joined: &str,
    parts: &[(usize, usize)],
    texts: &[TextLine],
    links: &[&Linked],
) -> Vec<Hyperlink> {
    if links.is_empty() {
        return Vec::new();
    }
    let mut at: HashMap<(usize, usize), usize> = HashMap::new();
    let mut rest = joined.char_indices().filter(|(_, c)| !c.is_whitespace()).peekable();
    for (line, from) in parts {
        let text = texts[*line].text;
        for (byte, c) in text.char_indices().filter(|(byte, c)| byte >= from && !c.is_whitespace()) {
            let here = rest.peek().map_or(joined.len(), |(at, _)| *at);
            at.insert((*line, byte), here);
            // What the text lacks was a hyphen at a line's end.
            if rest.peek().is_some_and(|(_, shown)| *shown == c || *shown == '-' && c == '\u{AD}') {
                rest.next();
            }
        }
        let here = rest.peek().map_or(joined.len(), |(at, _)| *at);
        at.insert((*line, text.len()), here);
    }
    let printed = link::find(joined);
    let mut hyperlinks: Vec<Hyperlink> = Vec::new();
    for link in links {
        let ends = |(line, range): &(usize, Range<usize>)| {
            Some((*at.get(&(*line, range.start))?, at.get(&(*line, range.end)).copied()))
        };
        let mut parts = link.parts.iter().filter_map(ends);
        let Some((start, first_end)) = parts.next() else { continue };
        let end = parts.next_back().map_or(first_end, |(_, end)| end).unwrap_or(joined.len());
        let end = start.max(joined[..end].trim_end().len());
        // An address of which the target is only the beginning was cut by the program that linked it.
        let printed = printed.iter().find(|found| found.range.start < end && start < found.range.end);
        let cut = printed.is_some_and(|found| {
            found.url.len() > link.target.len() + 1 && bare(&found.url).starts_with(bare(&link.target))
        });
        if start < end && !cut {
            hyperlinks.push(Hyperlink { range: start..end, target: link.target.clone() });
        }
    }
    hyperlinks.sort_by_key(|link| link.range.start);
    hyperlinks
}

/// The links of the body: those printed, put right by the annotations on them, and those only linked.
pub(super) fn in_body(
    printed: Vec<PlacedLink>,
    links: &[Linked],
    texts: &[TextLine],
    in_note: &[bool],
) -> Vec<PlacedLink> {
    let mut out = printed;
    let mut on_line: HashMap<(Option<NonZeroU32>, Option<NonZeroU32>), Vec<usize>> = HashMap::new();
    for (index, found) in out.iter().enumerate() {
        on_line.entry((found.place.page, found.place.line)).or_default().push(index);
    }
    for link in links {
        let Some((line, range)) = link.parts.first() else { continue };
        let Some(url) = link::target(&link.target).filter(|_| !in_note[*line]) else { continue };
        let place = texts[*line].place(range.start);
        let end = texts[*line].place(range.end);
        let column = |place: Place| place.column.map_or(0, NonZeroU32::get);
        let columns = column(place).saturating_sub(1)..column(end);
        let over = on_line.get(&(place.page, place.line)).into_iter().flatten();
        let over = over.copied().find(|index| columns.contains(&column(out[*index].place)));
        match over {
            Some(index)
                if out[index].url.len() > url.len() && bare(&out[index].url).starts_with(bare(&url)) => {}
            Some(index) => out[index].url = url,
            None => out.push(PlacedLink { url, place }),
        }
    }
    out.sort_by_key(|link| link.place);
    out
}
