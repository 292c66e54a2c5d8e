//! Painted paths → thin horizontal lines: what parts notes from text.

use super::content::Rule;

/// Thicker is a bar, not a rule.
const THICKEST: f64 = 2.5;
/// Shorter is a dash or a fraction.
const SHORTEST: f64 = 16.0;
const MOST_RULES: usize = 4_000;

/// A path while it is built: the box of each of its pieces.
#[derive(Debug, Default)]
pub(super) struct Path {
    pieces: Vec<[f64; 4]>,
    curved: bool,
}

impl Path {
    pub(super) fn begin(&mut self, (x, y): (f64, f64)) {
        if self.pieces.len() < MOST_RULES {
            self.pieces.push([x, y, x, y]);
        }
    }

    pub(super) fn line(&mut self, (x, y): (f64, f64)) {
        if let Some(piece) = self.pieces.last_mut() {
            *piece = [piece[0].min(x), piece[1].min(y), piece[2].max(x), piece[3].max(y)];
        }
    }

    pub(super) fn curve(&mut self, to: (f64, f64)) {
        self.curved = true;
        self.line(to);
    }

    pub(super) fn rectangle(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.begin(from);
        self.line(to);
    }

    pub(super) fn clear(&mut self) {
        self.pieces.clear();
        self.curved = false;
    }

    /// Keeps what is a rule of the pieces painted.
    pub(super) fn paint(&mut self, rules: &mut Vec<Rule>) {
        for [x0, y0, x1, y1] in self.pieces.drain(..) {
            let rule = y1 - y0 <= THICKEST && x1 - x0 >= SHORTEST && x1 - x0 < 4000.0;
            if rule && !self.curved && rules.len() < MOST_RULES {
                rules.push(Rule { x0: x0 as f32, x1: x1 as f32, y: f64::midpoint(y0, y1) as f32 });
            }
        }
        self.curved = false;
    }
}
