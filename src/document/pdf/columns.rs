//! Words of a page → columns in reading order.
//!
//! A column ends at a gutter: a strip without text, some lines high, with lines of text on both
//! sides. What crosses the gutter above or below (a title, a figure, notes over the full width) is
//! a block of its own. Each block is cut again, so that three columns are two cuts.

use super::word::Word;

/// Width of a gutter, in ems: typesetters leave 10 points between columns, at 12 points too.
const GUTTER: f32 = 0.65;
/// Fewer lines on either side make no column.
const LEAST_LINES: usize = 5;
/// Lines of fewer characters, on the average, are labels or page numbers.
const LEAST_CHARACTERS: usize = 10;
/// Each side's share of the width.
const LEAST_SHARE: f32 = 0.12;
const DEEPEST: usize = 8;

/// The words of each block, in reading order of the blocks.
pub(super) fn columns(words: &[Word]) -> Vec<Vec<usize>> {
    let mut blocks = Vec::new();
    cut(words, (0..words.len()).collect(), 0, &mut blocks);
    blocks
}

fn cut(words: &[Word], members: Vec<usize>, depth: usize, out: &mut Vec<Vec<usize>>) {
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
        } else if f32::midpoint(word.x0, word.x1) < gutter.x {
            1
        } else {
            2
        };
        parts[part].push(index);
    }
    for part in parts {
        cut(words, part, depth + 1, out);
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
    sizes.sort_unstable_by(f32::total_cmp);
    let em = sizes[sizes.len() / 2];
    let (half, least) = (em * GUTTER / 2.0, em * LEAST_LINES as f32);
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
    let mut best: Option<(f32, usize, Gutter)> = None;
    for (point, (from, to)) in
        runs.into_iter().enumerate().skip(margin).take(points.saturating_sub(2 * margin))
    {
        let height = from - to;
        if height < least {
            continue;
        }
        // The middle of a strip as high as any: the points of one strip follow each other.
        match &mut best {
            Some((highest, wide, _)) if (height - *highest).abs() < 0.5 => *wide += 1,
            Some((highest, ..)) if height < *highest => {}
            _ => {
                let x = left + point as f32;
                let gutter = Gutter { x, top: from, bottom: to };
                if parts_columns(words, members, gutter, width) {
                    best = Some((height, 0, gutter));
                }
            }
        }
    }
    best.map(|(.., gutter)| gutter)
}

/// Does running text stand on both sides?
fn parts_columns(words: &[Word], members: &[usize], gutter: Gutter, width: f32) -> bool {
    let mut sides: [(Vec<f32>, usize, f32, f32); 2] =
        std::array::from_fn(|_| (Vec::new(), 0, f32::INFINITY, f32::NEG_INFINITY));
    for index in members {
        let word = &words[*index];
        if middle(word) > gutter.top || middle(word) < gutter.bottom {
            continue;
        }
        let side = &mut sides[usize::from(f32::midpoint(word.x0, word.x1) >= gutter.x)];
        side.0.push(word.y);
        side.1 += word.glyphs.len();
        side.2 = side.2.min(word.x0);
        side.3 = side.3.max(word.x1);
    }
    sides.into_iter().all(|(mut baselines, characters, x0, x1)| {
        baselines.sort_unstable_by(f32::total_cmp);
        let lines = baselines.chunk_by(|a, b| b - a < 3.0).count();
        lines >= LEAST_LINES && characters >= lines * LEAST_CHARACTERS && x1 - x0 >= width * LEAST_SHARE
    })
}
