//! A PDF file → its pages: upright characters, rules and link areas.
//!
//! The only file besides [`super::content`] and [`super::font`] that knows the PDF library.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::{Array, DateTime, Dict, Name, Object, Rect, Stream, String as PdfString};
use hayro_syntax::page::Page as Source;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::content::{self, ASKEW, Glyph, Marks, Rule};
use super::font::Fonts;
use super::{repair, stream};
use crate::date::PartialDate;
use crate::document::ReadError;
use crate::fold::one_line;

/// What a page shows, upright.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    pub(super) areas: Vec<Area>,
    /// Images were drawn.
    pub(super) images: bool,
}

impl Page {
    /// How much larger the page has to be for its text to have the size of a book's, where it is far smaller
    /// (a sheet of several pages) or larger (a poster); `None` if it holds too little text to tell.
    fn zoom(&self) -> Option<f32> {
        const ENOUGH: usize = 300;
        const BOOK: f32 = 10.0;
        let mut sizes: Vec<f32> = self.glyphs.iter().map(|glyph| glyph.size).collect();
        let middle = sizes.len() / 2;
        let (_, size, _) =
            (sizes.len() >= ENOUGH).then(|| sizes.select_nth_unstable_by(middle, f32::total_cmp))?;
        Some(if (4.0..40.0).contains(size) { 1.0 } else { BOOK / *size })
    }

    fn scale(&mut self, by: f32) {
        // As it is for all but a few files, to the last digit.
        if (by - 1.0).abs() < f32::EPSILON {
            return;
        }
        for glyph in &mut self.glyphs {
            for length in [&mut glyph.x, &mut glyph.y, &mut glyph.width, &mut glyph.size] {
                *length *= by;
            }
        }
        for rule in &mut self.rules {
            for length in [&mut rule.x0, &mut rule.x1, &mut rule.y] {
                *length *= by;
            }
        }
        for area in &mut self.areas {
            for length in [&mut area.x0, &mut area.y0, &mut area.x1, &mut area.y1] {
                *length *= by;
            }
        }
    }
}

/// Where a link can be clicked, in the coordinates of the glyphs.
#[derive(Debug, Clone)]
pub(super) struct Area {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
    /// The address that it opens.
    pub(super) target: String,
}

/// More pages than this are not read.
pub(super) const MOST_PAGES: usize = 20_000;
/// More characters than this are not read: about a hundred thick books.
const MOST_CHARACTERS: usize = 100_000_000;
/// Link areas of one page.
const MOST_AREAS: usize = 5_000;
/// No server takes a longer address, in bytes.
const LONGEST_ADDRESS: usize = 16 << 10;

/// Opens a file and hands its pages on one by one; what could not be read is told in sentences.
pub(super) fn each(
    bytes: &[u8],
    password: Option<&str>,
    most: usize,
    mut take: impl FnMut(Page),
) -> Result<Vec<String>, ReadError> {
    let mut warnings = Vec::new();
    let password_given = password.unwrap_or_default();
    let opened =
        open(bytes.to_vec(), password_given).or_else(|error| match (error, repair::relisted(bytes)) {
            (LoadPdfError::Invalid, Some((file, pages))) => {
                warnings.push(format!(
                    "the file is damaged; {pages} pages were found in it, others may be missing"
                ));
                open(file, password_given)
            }
            (error, _) => Err(error),
        });
    let pdf = match opened {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(error)) => return Err(locked(error, password)),
        Err(LoadPdfError::Invalid) => {
            return Err(ReadError::Unreadable("no page can be found in it".to_owned()));
        }
    };
    if warnings.is_empty() && repair::is_cut_off(bytes) {
        warnings.push("the file is cut off; what stood at its end was not read".to_owned());
    }
    let fonts = Fonts::new();
    let (mut broken, mut cut, mut characters) = (Vec::new(), Vec::new(), 0);
    let mut zoom = None;
    for (index, source) in pdf.pages().iter().enumerate() {
        let number = index as u32 + 1;
        if index >= most || characters > MOST_CHARACTERS {
            warnings.push(format!("the pages from {number} on were not read: there are too many"));
            break;
        }
        let read = catch_unwind(AssertUnwindSafe(|| read(source, number, &fonts)));
        let Ok((mut page, was_cut)) = read else {
            broken.push(number);
            continue;
        };
        characters += page.glyphs.len();
        zoom = zoom.or_else(|| page.zoom());
        page.scale(zoom.unwrap_or(1.0));
        if was_cut {
            cut.push(number);
        }
        take(page);
    }
    warnings.extend(told(&broken, "is broken and was not read", "are broken and were not read"));
    warnings.extend(told(&cut, "holds too much and was read in part", "hold too much and were read in part"));
    Ok(warnings)
}

/// Opens a file that has pages.
fn open(file: Vec<u8>, password: &str) -> Result<Pdf, LoadPdfError> {
    let opened = catch_unwind(|| Pdf::new_with_password(file, password));
    opened
        .unwrap_or(Err(LoadPdfError::Invalid))
        .and_then(|pdf| if pdf.pages().is_empty() { Err(LoadPdfError::Invalid) } else { Ok(pdf) })
}

/// What the program that made a file put into it: the document information dictionary (ISO 32000-2,
/// 14.3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Information {
    /// `Title`.
    pub title: Option<String>,
    /// `Author`.
    pub author: Option<String>,
    /// The day of `CreationDate`: of the export, not of publication.
    pub created: Option<PartialDate>,
    /// The day of `ModDate`.
    pub modified: Option<PartialDate>,
}

/// Reads the document information of a file.
pub(super) fn information(bytes: &[u8]) -> Option<Information> {
    let pdf = open(bytes.to_vec(), "").ok()?;
    let stated = pdf.metadata();
    let text = |bytes: &Option<Box<[u8]>>| {
        let text = one_line(&stream::text_string(bytes.as_deref()?));
        (!text.is_empty()).then_some(text)
    };
    let day = |stamp: Option<DateTime>| {
        let stamp = stamp?;
        PartialDate::ymd(i16::try_from(stamp.year).ok()?, stamp.month, stamp.day)
    };
    Some(Information {
        title: text(&stated.title),
        author: text(&stated.author),
        created: day(stated.creation_date),
        modified: day(stated.modification_date),
    })
}

/// A sentence about pages, if there are any.
pub(super) fn told(pages: &[u32], one: &str, several: &str) -> Option<String> {
    const NAMED: usize = 12;
    let names: Vec<String> = pages.iter().take(NAMED).map(u32::to_string).collect();
    let more = pages.len().saturating_sub(NAMED);
    match pages.len() {
        0 => None,
        1 => Some(format!("page {} {one}", names[0])),
        _ if more == 0 => Some(format!("pages {} {several}", names.join(", "))),
        _ => Some(format!("pages {} and {more} more {several}", names.join(", "))),
    }
}

fn locked(error: DecryptionError, password: Option<&str>) -> ReadError {
    match (error, password) {
        (DecryptionError::PasswordProtected, None) => {
            ReadError::Locked("it is encrypted; give its password with --password".to_owned())
        }
        (DecryptionError::PasswordProtected, Some(_)) => {
            ReadError::Locked("it is encrypted, and this is not its password".to_owned())
        }
        _ => ReadError::Locked("its encryption is of a kind that cannot be read".to_owned()),
    }
}

fn read<'a>(source: &Source<'a>, number: u32, fonts: &Fonts<'a>) -> (Page, bool) {
    let to_page = source.initial_transform(false).as_coeffs();
    let marks = content::interpret(&content_of(source), source.resources(), to_page, fonts);
    let (width, height) = source.render_dimensions();
    let areas = areas(source.raw(), to_page);
    let cut = marks.cut;
    (upright(number, width, height, marks, areas), cut)
}

fn content_of<'a>(source: &Source<'a>) -> Cow<'a, [u8]> {
    if let Some(stream) = source.raw().get::<Stream>("Contents") {
        return stream::decoded(&stream).unwrap_or_default();
    }
    let mut whole = Vec::new();
    for part in source.raw().get::<Array>("Contents").iter().flat_map(Array::iter::<Stream>) {
        whole.extend_from_slice(&stream::decoded(&part).unwrap_or_default());
        // An operator ends where its stream does.
        whole.push(b'\n');
    }
    Cow::Owned(whole)
}

fn areas(page: &Dict, to_page: content::Matrix) -> Vec<Area> {
    let mut areas = Vec::new();
    let annotations = page.get::<Array>("Annots");
    for annotation in annotations.iter().flat_map(Array::iter::<Dict>).take(MOST_AREAS) {
        if annotation.get::<Name>("Subtype").is_none_or(|subtype| subtype.as_str() != "Link") {
            continue;
        }
        let Some(action) = annotation.get::<Dict>("A") else { continue };
        let Some(target) = action.get::<PdfString>("URI") else { continue };
        if target.as_bytes().len() > LONGEST_ADDRESS {
            continue;
        }
        let target = stream::text_string(target.as_bytes()).trim().to_owned();
        for rect in rectangles(&annotation) {
            let (ax, ay) = content::apply(to_page, rect.x0, rect.y0);
            let (bx, by) = content::apply(to_page, rect.x1, rect.y1);
            areas.push(Area {
                x0: ax.min(bx) as f32,
                y0: ay.min(by) as f32,
                x1: ax.max(bx) as f32,
                y1: ay.max(by) as f32,
                target: target.clone(),
            });
        }
    }
    areas
}

/// The box of each line of a link that runs over several, where the file gives them
/// (`QuadPoints`), else the one box.
fn rectangles(annotation: &Dict) -> Vec<Rect> {
    let points: Vec<f64> = annotation
        .get::<Array>("QuadPoints")
        .iter()
        .flat_map(Array::iter::<Object>)
        .filter_map(|object| object.into_number().map(|number| number.as_f64()))
        .take(8 * 64)
        .collect();
    let quads: Vec<Rect> = points
        .chunks_exact(8)
        .map(|quad| {
            let of = |from: usize, pick: fn(f64, f64) -> f64| {
                quad.iter().skip(from).step_by(2).copied().reduce(pick)
            };
            Rect {
                x0: of(0, f64::min).unwrap_or_default(),
                y0: of(1, f64::min).unwrap_or_default(),
                x1: of(0, f64::max).unwrap_or_default(),
                y1: of(1, f64::max).unwrap_or_default(),
            }
        })
        .collect();
    if quads.is_empty() { annotation.get::<Rect>("Rect").into_iter().collect() } else { quads }
}

/// Turns the page so that most of its text is upright, and leaves out what then is not: notes in
/// the margin, stamps, labels of axes.
fn upright(number: u32, width: f32, height: f32, mut marks: Marks, mut areas: Vec<Area>) -> Page {
    let mut counts = [0usize; ASKEW as usize + 1];
    marks.glyphs.iter().for_each(|glyph| counts[usize::from(glyph.turn)] += 1);
    let turn = (0..4u8).max_by_key(|turn| (counts[usize::from(*turn)], *turn == 0)).unwrap_or_default();
    let artifacts = marks.glyphs.iter().filter(|glyph| glyph.artifact).count();
    // Some programs mark everything as furniture.
    let believed = artifacts * 2 < marks.glyphs.len();
    marks.glyphs.retain(|glyph| glyph.turn == turn && !(believed && glyph.artifact));
    let turned = |x: f32, y: f32| match turn {
        1 => (y, width - x),
        2 => (width - x, height - y),
        3 => (height - y, x),
        _ => (x, y),
    };
    if turn != 0 {
        marks.rules.clear();
        for glyph in &mut marks.glyphs {
            (glyph.x, glyph.y) = turned(glyph.x, glyph.y);
        }
        for area in &mut areas {
            let ((ax, ay), (bx, by)) = (turned(area.x0, area.y0), turned(area.x1, area.y1));
            (area.x0, area.y0, area.x1, area.y1) = (ax.min(bx), ay.min(by), ax.max(bx), ay.max(by));
        }
    }
    let images = marks.images > 0;
    Page { number, glyphs: marks.glyphs, rules: marks.rules, areas, images }
}
