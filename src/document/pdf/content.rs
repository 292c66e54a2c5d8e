//! Content streams → glyphs and ruled lines: the part of the graphics model that text needs.
//!
//! Operators are those of ISO 32000-2, annex A. Colours, images, clipping and shading are passed
//! over. What a hostile file can multiply (nested forms, operators, glyphs) has a limit.

use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream, String as PdfString};
use hayro_syntax::page::Resources;

use super::bidi::is_leftward;
use super::font::{Face, Fonts, Text};
use super::path::Path;
use super::stream;

/// A character as it stands on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    pub(super) c: char,
    /// Where its baseline begins, in points from the lower left corner of the page.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Advance, in points.
    pub(super) width: f32,
    /// Height of an em, in points.
    pub(super) size: f32,
    /// The direction of the baseline in quarter turns counter-clockwise; [`ASKEW`] if in between.
    pub(super) turn: u8,
    /// Page furniture by the file's own word.
    pub(super) artifact: bool,
}

/// Not along an axis.
pub(super) const ASKEW: u8 = 4;

/// A thin horizontal line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Images were drawn.
    pub(super) images: usize,
    /// A limit was reached; the rest of the page was not read.
    pub(super) cut: bool,
}

/// a b c d e f of a transformation, as PDF writes it.
pub(super) type Matrix = [f64; 6];

const MOST_GLYPHS: usize = 150_000;
const MOST_OPERATORS: usize = 3_000_000;
const MOST_FORMS: usize = 2_000;
const DEEPEST_FORM: usize = 12;
const DEEPEST_STATE: usize = 256;

#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    face: Option<Rc<Face<'a>>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// What a marked-content sequence says of its content (ISO 32000-2, 14.6).
struct Marked {
    artifact: bool,
    /// The characters that the glyphs from this one on stand for.
    actual: Option<(usize, String)>,
}

pub(super) struct Interpreter<'f, 'a> {
    fonts: &'f Fonts<'a>,
    marks: Marks,
    state: State<'a>,
    saved: Vec<State<'a>>,
    text: Matrix,
    line: Matrix,
    path: Path,
    marked: Vec<Marked>,
    operators: usize,
    forms: usize,
}

/// Everything that a page's content shows.
pub(super) fn interpret<'a>(
    content: &[u8],
    resources: &Resources<'a>,
    ctm: Matrix,
    fonts: &Fonts<'a>,
) -> Marks {
    let state = State {
        ctm,
        face: None,
        size: 0.0,
        char_space: 0.0,
        word_space: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    let mut interpreter = Interpreter {
        fonts,
        marks: Marks::default(),
        state,
        saved: Vec::new(),
        text: IDENTITY,
        line: IDENTITY,
        path: Path::default(),
        marked: Vec::new(),
        operators: 0,
        forms: 0,
    };
    interpreter.run(content, resources, 0);
    interpreter.marks
}

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn matrix(numbers: [Number; 6]) -> Matrix {
    numbers.map(|number| number.as_f64())
}

impl<'a> Interpreter<'_, 'a> {
    fn run(&mut self, content: &[u8], resources: &Resources<'a>, depth: usize) {
        let mut operations = TypedIter::new(content);
        while let Some(op) = operations.next() {
            self.operators += 1;
            if self.operators > MOST_OPERATORS || self.marks.glyphs.len() > MOST_GLYPHS {
                self.marks.cut = true;
                return;
            }
            match op {
                Op::SaveState(_) if self.saved.len() < DEEPEST_STATE => self.saved.push(self.state.clone()),
                Op::RestoreState(_) => {
                    if let Some(state) = self.saved.pop() {
                        self.state = state;
                    }
                }
                Op::Transform(t) => {
                    self.state.ctm = then(matrix([t.0, t.1, t.2, t.3, t.4, t.5]), self.state.ctm);
                }
                Op::XObject(name) => self.x_object(name.0, resources, depth),
                Op::InlineImage(_) => self.marks.images += 1,
                Op::BeginMarkedContent(tag) => self.begin_marked(tag.0, None),
                Op::BeginMarkedContentWithProperties(tag) => {
                    let named;
                    let properties = match tag.1 {
                        Object::Dict(dict) => Some(dict),
                        Object::Name(name) => {
                            named = resources.properties.get::<Dict>(name.as_ref());
                            named.as_ref()
                        }
                        _ => None,
                    };
                    self.begin_marked(tag.0, properties);
                }
                Op::EndMarkedContent(_) => self.end_marked(),
                op => {
                    if !self.paint(&op) {
                        self.show(&op, resources);
                    }
                }
            }
        }
    }

    /// Paths: only thin lines are of interest.
    fn paint(&mut self, op: &Op) -> bool {
        let ctm = self.state.ctm;
        let at = |x: Number, y: Number| apply(ctm, x.as_f64(), y.as_f64());
        match op {
            Op::MoveTo(p) => self.path.begin(at(p.0, p.1)),
            Op::LineTo(p) => self.path.line(at(p.0, p.1)),
            Op::CubicTo(p) => self.path.curve(at(p.4, p.5)),
            Op::CubicStartTo(p) => self.path.curve(at(p.2, p.3)),
            Op::CubicEndTo(p) => self.path.curve(at(p.2, p.3)),
            Op::RectPath(r) => {
                let (x, y) = (r.0.as_f64(), r.1.as_f64());
                let far = apply(ctm, x + r.2.as_f64(), y + r.3.as_f64());
                self.path.rectangle(apply(ctm, x, y), far);
            }
            Op::ClosePath(_) => {}
            Op::EndPath(_) => self.path.clear(),
            Op::StrokePath(_)
            | Op::CloseAndStrokePath(_)
            | Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.path.paint(&mut self.marks.rules),
            _ => return false,
        }
        true
    }

    fn show(&mut self, op: &Op, resources: &Resources<'a>) {
        match op {
            Op::BeginText(_) => (self.text, self.line) = (IDENTITY, IDENTITY),
            Op::TextFont(font) => {
                self.state.face = resources.get_font(font.0).and_then(|dict| self.fonts.face(&dict));
                self.state.size = font.1.as_f64();
            }
            Op::CharacterSpacing(n) => self.state.char_space = n.0.as_f64(),
            Op::WordSpacing(n) => self.state.word_space = n.0.as_f64(),
            Op::HorizontalScaling(n) => self.state.stretch = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => self.state.leading = n.0.as_f64(),
            Op::TextRise(n) => self.state.rise = n.0.as_f64(),
            Op::NextLine(d) => self.next_line(d.0.as_f64(), d.1.as_f64()),
            Op::NextLineAndSetLeading(d) => {
                self.state.leading = -d.1.as_f64();
                self.next_line(d.0.as_f64(), d.1.as_f64());
            }
            Op::SetTextMatrix(m) => {
                self.line = matrix([m.0, m.1, m.2, m.3, m.4, m.5]);
                self.text = self.line;
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(text) => self.string(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.string(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                self.state.word_space = text.0.as_f64();
                self.state.char_space = text.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.string(text.2.as_bytes());
            }
            Op::ShowTexts(texts) => self.strings(texts.0),
            Op::SetGraphicsState(name) => {
                let font = resources.get_ext_g_state(name.0).and_then(|dict| dict.get::<Array>("Font"));
                if let Some(font) = font {
                    let mut items = font.iter::<Object>();
                    if let (Some(Object::Dict(dict)), Some(Object::Number(size))) =
                        (items.next(), items.next())
                    {
                        self.state.face = self.fonts.face(&dict);
                        self.state.size = size.as_f64();
                    }
                }
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn strings(&mut self, texts: &Array) {
        for item in texts.iter::<Object>() {
            match item {
                Object::String(text) => self.string(text.as_bytes()),
                Object::Number(number) => {
                    let shift = -number.as_f64() / 1000.0 * self.state.size * self.state.stretch;
                    self.advance(shift);
                }
                _ => {}
            }
        }
    }

    fn advance(&mut self, by: f64) {
        self.text[4] += by * self.text[0];
        self.text[5] += by * self.text[1];
    }

    fn string(&mut self, bytes: &[u8]) {
        let Some(face) = self.state.face.clone() else { return };
        let State { ctm, size, char_space, word_space, stretch, rise, .. } = self.state;
        let to_page = then(self.text, ctm);
        let em = (to_page[2].hypot(to_page[3]) * size).abs();
        let artifact = self.marked.iter().any(|marked| marked.artifact);
        let turn = turn(to_page[0] * size, to_page[1] * size);
        let along = to_page[0].hypot(to_page[1]);
        face.codes(bytes, |code, length, shape| {
            let width = f64::from(shape.advance) * size * stretch;
            let spaced = if length == 1 && code == 32 { word_space } else { 0.0 };
            let (x, y) = apply(then(self.text, ctm), 0.0, rise);
            let mut glyph = Glyph {
                c: ' ',
                x: x as f32,
                y: y as f32,
                width: (width * along).abs() as f32,
                size: face.size(em as f32),
                turn,
                artifact,
            };
            let sound = x.is_finite() && y.is_finite() && glyph.size > 0.01 && glyph.size < 2000.0;
            match shape.text {
                _ if !sound || self.marks.glyphs.len() > MOST_GLYPHS => {}
                Text::None => {}
                Text::One(c) => {
                    glyph.c = c;
                    self.marks.glyphs.push(glyph);
                }
                Text::Several(ref chars) => {
                    glyph.width /= chars.len() as f32;
                    let (dx, dy) = step(turn, glyph.width);
                    for c in chars.iter() {
                        glyph.c = *c;
                        self.marks.glyphs.push(glyph);
                        glyph.x += dx;
                        glyph.y += dy;
                    }
                }
            }
            self.advance(width + (char_space + spaced) * stretch);
        });
    }

    fn x_object(&mut self, name: &Name, resources: &Resources<'a>, depth: usize) {
        let Some(object) = resources.get_x_object(name) else { return };
        let dict = object.dict();
        if dict.get::<Name>("Subtype").is_none_or(|subtype| subtype.as_str() != "Form") {
            self.marks.images += 1;
            return;
        }
        self.forms += 1;
        if depth >= DEEPEST_FORM || self.forms > MOST_FORMS {
            self.marks.cut = true;
            return;
        }
        self.form(&object, resources, depth);
    }

    fn form(&mut self, form: &Stream<'a>, resources: &Resources<'a>, depth: usize) {
        let Some(content) = stream::decoded(form) else { return };
        let own = form.dict().get::<Dict>("Resources").map(Resources::new);
        let outer = (self.state.clone(), std::mem::take(&mut self.saved), self.text, self.line);
        let marked = self.marked.len();
        if let Some(to_page) = form.dict().get::<[f64; 6]>("Matrix") {
            self.state.ctm = then(to_page, self.state.ctm);
        }
        self.run(&content, own.as_ref().unwrap_or(resources), depth + 1);
        self.marked.truncate(marked);
        (self.state, self.saved, self.text, self.line) = outer;
    }

    fn begin_marked(&mut self, tag: &Name, properties: Option<&Dict>) {
        if self.marked.len() >= DEEPEST_STATE {
            return;
        }
        let actual = properties.and_then(|dict| dict.get::<PdfString>("ActualText"));
        let actual = actual.map(|text| (self.marks.glyphs.len(), stream::text_string(text.as_bytes())));
        self.marked.push(Marked { artifact: tag.as_str() == "Artifact", actual });
    }

    /// Glyphs that stand for other characters: a hyphen for a soft hyphen, a ligature for letters.
    fn end_marked(&mut self) {
        let Some(Marked { actual: Some((from, actual)), .. }) = self.marked.pop() else { return };
        let Some([first, last]) = self.marks.glyphs.get(from..).map(ends) else { return };
        let mut chars: Vec<char> = actual.chars().filter(|c| !c.is_control()).collect();
        // It is given as it is read; glyphs stand from left to right.
        if chars.iter().any(|c| is_leftward(*c))
            && chars.iter().all(|c| is_leftward(*c) || !c.is_alphanumeric())
        {
            chars.reverse();
        }
        let shown = self.marks.glyphs.len() - from;
        // How far along its line the last glyph stands from the first, and how far beside it.
        let (dx, dy) = (last.x - first.x, last.y - first.y);
        let (ax, ay) = step(first.turn, 1.0);
        let (along, beside) = (dx * ax + dy * ay, dx * ay - dy * ax);
        let one_line =
            first.turn != ASKEW && last.turn == first.turn && beside.abs() < first.size * 0.1 && along >= 0.0;
        if !one_line || chars.is_empty() || chars.len() > shown * 4 + 4 {
            return;
        }
        let width = (along + last.width) / chars.len() as f32;
        self.marks.glyphs.truncate(from);
        for (index, c) in chars.into_iter().enumerate() {
            let c = if c.is_whitespace() { ' ' } else { c };
            let (dx, dy) = step(first.turn, width * index as f32);
            self.marks.glyphs.push(Glyph { c, x: first.x + dx, y: first.y + dy, width, ..first });
        }
    }
}

fn ends(glyphs: &[Glyph]) -> [Glyph; 2] {
    const NOTHING: Glyph =
        Glyph { c: ' ', x: 0.0, y: 0.0, width: 0.0, size: 0.0, turn: ASKEW, artifact: false };
    match glyphs {
        [] => [NOTHING; 2],
        [first, ..] => [*first, glyphs[glyphs.len() - 1]],
    }
}

pub(super) fn apply(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
}

/// The quarter turn of a direction.
fn turn(dx: f64, dy: f64) -> u8 {
    const SLANT: f64 = 0.1;
    if dy.abs() <= dx.abs() * SLANT {
        if dx >= 0.0 { 0 } else { 2 }
    } else if dx.abs() <= dy.abs() * SLANT {
        if dy > 0.0 { 1 } else { 3 }
    } else {
        ASKEW
    }
}

fn step(turn: u8, by: f32) -> (f32, f32) {
    match turn {
        1 => (0.0, by),
        2 => (-by, 0.0),
        3 => (0.0, -by),
        _ => (by, 0.0),
    }
}
