//! Words of a page → columns in reading order.
//!
//! A column ends at a gutter: a strip without text, some lines high, with lines of text on both
//! sides. What crosses the gutter above or below (a title, a figure, notes over the full width) is
//! a block of its own. Each block is cut again, so that three columns are two cuts.

use super::word::Word;

/// Width of a gutter, in ems: typesetters leave 10 points between columns, at 12 points too.
const GUTTER: f32 = 0.65;
/// What stays free of it in every line, in ems: addresses that cannot be broken stick out.
const CLEAR: f32 = 0.15;
/// One line in so many may stick out.
const OVERFULL: usize = 8;
/// Fewer lines on either side make no column.
const LEAST_LINES: usize = 5;
/// Lines of fewer characters, on the average, are labels or page numbers.
const LEAST_CHARACTERS: usize = 10;
/// Each side's share of the width.
const LEAST_SHARE: f32 = 0.12;
const DEEPEST: usize = 8;

/// The words of each block, in reading order of the blocks: of a `leftward` page, the right column
/// comes first.
pub(super) fn columns(words: &[Word], leftward: bool) -> Vec<Vec<usize>> {
    let mut blocks = Vec::new();
    cut(words, (0..words.len()).collect(), leftward, 0, &mut blocks);
    blocks
}

fn cut(words: &[Word], members: Vec<usize>, leftward: bool, depth: usize, out: &mut Vec<Vec<usize>>) {
    let gutter =
        if depth < DEEPEST && members.len() >= 2 * LEAST_LINES { gutter(words, &members) } else { None };
    let Some(gutter) = gutter else {
        if !members.is_empty() {
            out.push(members);
        }
        return;
    };
    let mut parts: [Vec<usize>; 4] = Default::default();
    for index in members {
        let word = &words[index];
        let part = if middle(word) > gutter.top {
            0
        } else if middle(word) < gutter.bottom {
            3
        } else if (word.x0 < gutter.x) != leftward {
            1
        } else {
            2
        };
        parts[part].push(index);
    }
    for part in parts {
        cut(words, part, leftward, depth + 1, out);
    }
}

fn middle(word: &Word) -> f32 {
    word.y + word.size * 0.3
}

/// The upper edge of most letters.
fn upper(word: &Word) -> f32 {
    word.y + word.size * 0.7
}

#[derive(Debug, Clone, Copy)]
struct Gutter {
    x: f32,
    top: f32,
    bottom: f32,
}

impl Gutter {
    fn is_beside(&self, word: &Word) -> bool {
        (self.bottom..=self.top).contains(&middle(word))
    }
}

/// The highest gutter of a block.
fn gutter(words: &[Word], members: &[usize]) -> Option<Gutter> {
    let bounds = |pick: fn(f32, f32) -> f32, of: fn(&Word) -> f32| {
        members.iter().map(|index| of(&words[*index])).reduce(pick).unwrap_or_default()
    };
    let (left, right) = (bounds(f32::min, |w| w.x0), bounds(f32::max, |w| w.x1));
    let (bottom, top) = (bounds(f32::min, |w| w.y - w.size), bounds(f32::max, |w| w.y + w.size));
    let width = right - left;
    if !(40.0..4000.0).contains(&width) {
        return None;
    }
    let mut sizes: Vec<f32> = members.iter().map(|index| words[*index].size).collect();
    let middle = sizes.len() / 2;
    let em = *sizes.select_nth_unstable_by(middle, f32::total_cmp).1;
    let (half, least) = (em * CLEAR / 2.0, em * LEAST_LINES as f32);
    // For every point of the width, from the top down: the highest stretch that no word crosses, and
    // where the stretch begins that is still free.
    let mut by_top: Vec<usize> = members.to_vec();
    by_top.sort_unstable_by(|a, b| upper(&words[*b]).total_cmp(&upper(&words[*a])));
    let points = width as usize + 1;
    let mut runs: Vec<(f32, f32)> = vec![(bottom, bottom); points];
    let mut free: Vec<f32> = vec![top; points];
    for index in by_top {
        let word = &words[index];
        let from = ((word.x0 - half - left).ceil().max(0.0)) as usize;
        let to = ((word.x1 + half - left).floor().max(-1.0) + 1.0) as usize;
        let (upper, lower) = (upper(word), word.y - word.size * 0.2);
        for point in from..to.min(points) {
            let begin = free[point];
            if begin - upper > runs[point].0 - runs[point].1 {
                runs[point] = (begin, upper);
            }
            free[point] = begin.min(lower);
        }
    }
    for (run, begin) in runs.iter_mut().zip(free) {
        if begin - bottom > run.0 - run.1 {
            *run = (begin, bottom);
        }
    }
    let margin = (width * LEAST_SHARE) as usize;
    let inner = margin..points.saturating_sub(margin).max(margin);
    // Points that are free over the same stretch make one strip; its middle parts the columns.
    let mut strips: Vec<Gutter> = Vec::new();
    let mut first = inner.start;
    let height = |point: usize| runs[point].0 - runs[point].1;
    for point in inner.clone() {
        if point + 1 == inner.end || (height(point + 1) - height(first)).abs() >= 0.5 {
            if height(first) >= least {
                let (top, bottom) = runs[first];
                strips.push(Gutter { x: left + (first + point) as f32 / 2.0, top, bottom });
            }
            first = point + 1;
        }
    }
    strips.sort_by(|a, b| (b.top - b.bottom).total_cmp(&(a.top - a.bottom)));
    if strips.is_empty() {
        return None;
    }
    let apart = em * GUTTER;
    let mut from_top: Vec<&Word> = members.iter().map(|index| &words[*index]).collect();
    from_top.sort_unstable_by(|a, b| b.y.total_cmp(&a.y));
    let mut inner: Vec<&Word> = Vec::with_capacity(from_top.len());
    strips.into_iter().find_map(|strip| {
        inner.clear();
        inner.extend(from_top.iter().filter(|word| strip.is_beside(word)));
        // The usual space between two lines has nothing beside it, and needs no closer look.
        if inner.len() < 2 * LEAST_LINES {
            return None;
        }
        let gutter = without_edges(&inner, strip, apart);
        let parts = gutter.top - gutter.bottom >= least && parts_columns(&inner, gutter, (width, apart));
        parts.then(|| past_overfull(&from_top, gutter, em))
    })
}

/// A gutter drawn on over lines that one word of the left column sticks out of, an address that could
/// not be broken: the line of the right column begins beside it where all its lines do.
fn past_overfull(from_top: &[&Word], gutter: Gutter, em: f32) -> Gutter {
    let beside = |right: bool| {
        let on_side = move |word: &&&Word| gutter.is_beside(word) && (word.x0 >= gutter.x) == right;
        from_top.iter().filter(on_side).map(|word| word.x0).reduce(f32::min)
    };
    let (Some(left), Some(right)) = (beside(false), beside(true)) else { return gutter };
    let lines: Vec<&[&Word]> = from_top.chunk_by(|a, b| a.y - b.y < 3.0).collect();
    let below = lines.partition_point(|line| middle(line[0]) >= gutter.bottom);
    let above = lines.partition_point(|line| middle(line[0]) > gutter.top);
    let column = Column { gutter: gutter.x, left, right, em };
    let bottom = column.reach(lines[below..].iter().copied()).map(|line| line[0].y);
    let top = column.reach(lines[..above].iter().rev().copied()).map(|line| line[0].y + line[0].size);
    Gutter {
        top: top.unwrap_or(gutter.top).max(gutter.top),
        bottom: bottom.unwrap_or(gutter.bottom).min(gutter.bottom),
        ..gutter
    }
}

/// Where two columns begin, and what parts them.
struct Column {
    gutter: f32,
    left: f32,
    right: f32,
    em: f32,
}

impl Column {
    /// The last line on the way that belongs to the columns; none if the first that does not is near.
    fn reach<'l, 'w>(&self, lines: impl Iterator<Item = &'l [&'w Word<'w>]>) -> Option<&'l [&'w Word<'w>]>
    where
        'w: 'l,
    {
        const TOGETHER: usize = 2;
        const LONG: usize = 12;
        let (mut reached, mut overfull) = (None, 0);
        let mut clear = [false; 2];
        for line in lines {
            let mut across = line.iter().filter(|word| word.x0 < self.gutter && word.x1 > self.gutter);
            match (across.next(), across.next()) {
                (None, _) if self.is_clear(line) => {
                    overfull = 0;
                    clear[0] |= line.iter().any(|word| word.x1 <= self.gutter);
                    clear[1] |= line.iter().any(|word| word.x0 >= self.gutter);
                    if clear[0] && clear[1] {
                        reached = Some(line);
                    }
                }
                (Some(word), None)
                    if overfull < TOGETHER && word.glyphs.len() >= LONG && self.begins(line) =>
                {
                    overfull += 1;
                    clear = [false; 2];
                    // One over the other, as no line alone is set.
                    if self.right_of(line).is_some_and(|right| word.x1 > right) {
                        reached = Some(line);
                    }
                }
                _ => break,
            }
        }
        reached
    }

    /// The line begins where those of the left column do, and what stands beside it where those of
    /// the right do.
    fn begins(&self, line: &[&Word]) -> bool {
        const INDENT: f32 = 3.0;
        let near = |x: f32, edge: f32| (-self.em * 0.5..=self.em * INDENT).contains(&(x - edge));
        let first = line.iter().map(|word| word.x0).reduce(f32::min);
        first.is_some_and(|first| near(first, self.left))
            && self.right_of(line).is_none_or(|right| near(right, self.right))
    }

    /// No space between two words stands where the gutter is.
    fn is_clear(&self, line: &[&Word]) -> bool {
        let left = line.iter().filter(|word| word.x1 <= self.gutter).map(|word| word.x1).reduce(f32::max);
        match (left, self.right_of(line)) {
            (Some(left), Some(right)) => right - left >= self.em * GUTTER,
            _ => true,
        }
    }

    fn right_of(&self, line: &[&Word]) -> Option<f32> {
        line.iter().filter(|word| word.x0 >= self.gutter).map(|word| word.x0).reduce(f32::min)
    }
}

/// A strip without the lines at its ends that run across it, a space between two words in its place.
/// `inner` are the words beside it, from the top down.
fn without_edges(inner: &[&Word], gutter: Gutter, apart: f32) -> Gutter {
    let lines: Vec<&[&Word]> = inner.chunk_by(|a, b| a.y - b.y < 3.0).collect();
    // Only a line with text on both sides tells.
    let gap = |line: &&[&Word]| {
        let left = line.iter().filter(|word| word.x1 < gutter.x).map(|word| word.x1).reduce(f32::max)?;
        let right = line.iter().filter(|word| word.x0 > gutter.x).map(|word| word.x0).reduce(f32::min)?;
        Some((right - left, line[0].y, line[0].size))
    };
    let crossing = |gaps: &mut dyn Iterator<Item = (f32, f32, f32)>| {
        gaps.take_while(|(gap, ..)| *gap < apart).last().map(|(_, y, size)| (y, size))
    };
    let mut trimmed = gutter;
    if let Some((y, _)) = crossing(&mut lines.iter().filter_map(gap)) {
        trimmed.top = y;
    }
    if let Some((y, size)) = crossing(&mut lines.iter().rev().filter_map(gap)) {
        trimmed.bottom = y + size * 0.6;
    }
    trimmed
}

/// Does running text stand on both sides, a gutter's width apart in all but a few lines?
fn parts_columns(inner: &[&Word], gutter: Gutter, (width, apart): (f32, f32)) -> bool {
    // Each line of a side: its baseline, and how near it comes to the gutter.
    let mut sides: [Side; 2] = Default::default();
    for word in inner.iter().filter(|word| gutter.is_beside(word)) {
        let right = f32::midpoint(word.x0, word.x1) >= gutter.x;
        let side = &mut sides[usize::from(right)];
        side.words.push((word.y, if right { word.x0 - gutter.x } else { gutter.x - word.x1 }));
        side.characters += word.glyphs.len();
        side.reach = side.reach.max((word.x0 - gutter.x).abs()).max((word.x1 - gutter.x).abs());
    }
    let mut clear = 0.0;
    for side in &mut sides {
        let nearest = |line: &[(f32, f32)]| line.iter().map(|word| word.1).reduce(f32::min);
        let mut lines: Vec<f32> = side.words.chunk_by(|a, b| a.0 - b.0 < 3.0).filter_map(nearest).collect();
        let most = lines.len() >= LEAST_LINES
            && side.characters >= lines.len() * LEAST_CHARACTERS
            && side.reach >= width * LEAST_SHARE;
        if !most {
            return false;
        }
        lines.sort_unstable_by(f32::total_cmp);
        clear += lines[lines.len() / OVERFULL];
    }
    clear >= apart
}

/// The words on one side of a gutter.
#[derive(Debug, Default)]
struct Side {
    /// The baseline of each, and its distance from the gutter.
    words: Vec<(f32, f32)>,
    characters: usize,
    /// How far the farthest reaches.
    reach: f32,
}
