//! Fonts: character codes → characters and advances.
//!
//! Which character a code stands for is told, in this order, by the font's own map (`ToUnicode`),
//! the names of its glyphs, and for one-byte codes the code itself (ISO 32000-2, 9.10.2).

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_font::hayro_cmap::{self, BfString};
use hayro_font::{CMapResolverFn, Font, FontCache, FontData, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Object, Rect};
use unicode_normalization::UnicodeNormalization;

use super::bidi::is_leftward;
use crate::document::cork;

/// The fonts of a document; each is loaded once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    faces: RefCell<Faces<'a>>,
}

/// By the number and generation of their object; `None` for those that cannot be read.
type Faces<'a> = HashMap<(u32, i32), Option<Rc<Face<'a>>>>;

/// A font as text needs it.
pub(super) struct Face<'a> {
    font: Font<'a>,
    /// Codes are single bytes.
    simple: bool,
    /// The font draws its own glyphs.
    drawn: bool,
    /// What the glyphs of a font that draws its own make of a nominal size of one.
    scale: f32,
    /// Those of the codes below [`COMMON`] by their code.
    common: RefCell<Vec<Option<Shape>>>,
    shapes: RefCell<HashMap<u32, Shape>>,
}

/// Most codes of most texts are below.
const COMMON: usize = 1024;

/// What one code shows.
#[derive(Clone)]
pub(super) struct Shape {
    pub(super) text: Text,
    /// In ems of the font.
    pub(super) advance: f32,
}

/// The characters of a glyph: one as a rule, several in a ligature.
#[derive(Clone)]
pub(super) enum Text {
    None,
    One(char),
    Several(Rc<[char]>),
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let programs: FontResolverFn = Arc::new(|query: &FontQuery| -> Option<(FontData, u32)> {
            let standard = match query {
                FontQuery::Standard(font) => *font,
                FontQuery::Fallback(query) => query.pick_standard_font(),
            };
            Some(standard.get_font_data())
        });
        let cmaps: CMapResolverFn = Arc::new(hayro_cmap::load_embedded);
        Fonts { cache: FontCache::new(), programs, cmaps, faces: RefCell::default() }
    }

    /// The font that a font dictionary describes, if it can be read.
    pub(super) fn face(&self, dict: &Dict<'a>) -> Option<Rc<Face<'a>>> {
        let load = || {
            if sprawls(dict) {
                return None;
            }
            let font = self.cache.font(dict, &self.programs, &self.cmaps)?;
            let subtype = dict.get::<Name>("Subtype");
            let is = |name: &str| subtype.as_ref().is_some_and(|subtype| subtype.as_str() == name);
            let scale = if is("Type3") { type3_scale(dict) } else { 1.0 };
            Some(Rc::new(Face {
                font,
                simple: !is("Type0"),
                drawn: is("Type3"),
                scale,
                common: RefCell::default(),
                shapes: RefCell::default(),
            }))
        };
        let Some(id) = dict.obj_id() else { return load() };
        let key = (id.obj_number, id.gen_number);
        if let Some(face) = self.faces.borrow().get(&key) {
            return face.clone();
        }
        let face = load();
        self.faces.borrow_mut().insert(key, face.clone());
        face
    }
}

/// Does a font give widths to more glyphs than any has? Each is kept by itself (ISO 32000-2, 9.7.4.3).
fn sprawls(dict: &Dict) -> bool {
    /// A font has at most 65,536 glyphs.
    const MOST: u64 = 1 << 20;
    let descendants = dict.get::<Array>("DescendantFonts");
    // So many numbers stand behind a range of glyphs.
    let kinds = [("W", 1), ("W2", 3)];
    let mut count = 0_u64;
    let fonts = descendants.iter().flat_map(Array::iter::<Dict>).take(8);
    for (font, (key, numbers)) in fonts.flat_map(|font| kinds.map(|kind| (font.clone(), kind))) {
        let Some(list) = font.get::<Array>(key) else { continue };
        let mut items = list.flex_iter();
        loop {
            if let Some((_, each)) = items.next::<(u32, Array)>() {
                count += each.iter::<Object>().count() as u64;
            } else if let Some((first, last)) = items.next::<(u32, u32)>() {
                count += u64::from(last.saturating_sub(first)) + 1;
                for _ in 0..numbers {
                    items.next::<f32>();
                }
            } else if items.next::<Object>().is_none() {
                break;
            }
            if count > MOST {
                return true;
            }
        }
    }
    false
}

/// Glyphs of a Type 3 font are drawn in a space of the font's own; its box tells how high they are.
fn type3_scale(dict: &Dict) -> f32 {
    const BOX_OF_AN_EM: f64 = 1.2;
    let matrix = dict.get::<[f64; 6]>("FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
    let height = dict.get::<Rect>("FontBBox").map_or(0.0, |bbox| bbox.height().abs());
    let scale = height * matrix[3].abs() / BOX_OF_AN_EM;
    if (0.01..100.0).contains(&scale) { scale as f32 } else { 1.0 }
}

impl Face<'_> {
    /// The height of an em, where the nominal height is this. Some fonts that draw their own glyphs
    /// are set at a nominal size of one unit, their glyphs in pixels.
    pub(super) fn size(&self, nominal: f32) -> f32 {
        const UNREADABLE: f32 = 2.0;
        if nominal < UNREADABLE { nominal * self.scale } else { nominal }
    }

    /// The codes of a string, each with the number of its bytes.
    pub(super) fn codes(&self, bytes: &[u8], mut each: impl FnMut(u32, usize, Shape)) {
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = self.font.read_code(bytes, at);
            let length = length.max(1);
            at += length;
            each(code, length, self.shape(code));
        }
    }

    fn shape(&self, code: u32) -> Shape {
        let common = (code as usize) < COMMON;
        if common {
            if let Some(Some(shape)) = self.common.borrow().get(code as usize) {
                return shape.clone();
            }
        } else if let Some(shape) = self.shapes.borrow().get(&code) {
            return shape.clone();
        }
        let advance = (self.font.code_advance(code).x / f64::from(hayro_font::UNITS_PER_EM)) as f32;
        let advance = if advance.is_finite() { advance } else { 0.0 };
        let shape = Shape { text: self.text(code), advance };
        if common {
            let mut shapes = self.common.borrow_mut();
            let length = shapes.len().max(code as usize + 1);
            shapes.resize(length, None);
            shapes[code as usize] = Some(shape.clone());
        } else {
            self.shapes.borrow_mut().insert(code, shape.clone());
        }
        shape
    }

    fn text(&self, code: u32) -> Text {
        let known = match self.font.glyph(self.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let text = match known {
            Some(BfString::Char(c)) => String::from(c),
            Some(BfString::String(text)) => text,
            None if self.drawn && code == 0x27 => "’".into(),
            None if self.drawn && code == 0x60 => "‘".into(),
            None if self.simple && (0x20..0x7F).contains(&code) => {
                char::from_u32(code).map(String::from).unwrap_or_default()
            }
            None if self.drawn => cork::text(code).into(),
            None => String::new(),
        };
        let mut chars: Vec<char> = text.chars().flat_map(plain).collect();
        // A ligature is taken apart as it stands on the page, from left to right.
        if chars.first().copied().is_some_and(is_leftward) {
            chars.reverse();
        }
        match chars[..] {
            [] => Text::None,
            [c] => Text::One(c),
            _ => Text::Several(chars.into()),
        }
    }
}

/// The character that a simplified radical is, where it is one by itself; Unicode has no mapping.
fn radical(c: char) -> char {
    const ALONE: &str = "⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻒镸⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟";
    ALONE
        .chars()
        .step_by(2)
        .position(|known| known == c)
        .and_then(|at| ALONE.chars().nth(at * 2 + 1))
        .unwrap_or(c)
}

/// Ligatures and other presentation forms taken apart, control characters left out.
fn plain(c: char) -> Vec<char> {
    match c {
        // Radicals that stand for the characters that they look like.
        '\u{2F00}'..='\u{2FD5}'
        | '\u{FB00}'..='\u{FB4F}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' => std::iter::once(c).nfkc().collect(),
        // Characters that look like those of ASCII, as programs find them first in a font's table.
        '\u{37E}' => vec![';'],
        '\u{1FEF}' => vec!['`'],
        '\u{212A}' => vec!['K'],
        '\u{2215}' => vec!['/'],
        '\u{2E80}'..='\u{2EFF}' => vec![radical(c)],
        c if c.is_whitespace() => vec![' '],
        c if c.is_control() => Vec::new(),
        c => vec![c],
    }
}
