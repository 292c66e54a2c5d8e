//! Pages that are plainly not the page asked for.
//!
//! Each kind has a file with what gives it away. One rule stands above all: a page that reads like a page
//! is one. So words count where a page says what it is, in its title and first heading, and must be most
//! of what stands there; marks in the text or the mark-up count only where there is little else.

mod challenge;
mod missing;
mod parked;
mod wall;

use std::sync::LazyLock;

use url::Url;

use super::outline::Outline;
use super::{Draft, Nature};
use crate::fold::{fold, one_line};

/// What a page shows of its nature.
pub(super) struct Signs {
    /// `<title>`, as written.
    pub(super) title: String,
    /// The first heading, as written.
    pub(super) heading: String,
    /// The parts of title and heading between the marks that set a site's name apart, folded.
    parts: [Vec<String>; 2],
    /// The beginning of the text, folded.
    text: String,
    /// Words of the text; of scripts without spaces, two characters for one. Counted no further than the
    /// text is kept.
    words: usize,
    /// Words of it that stand in paragraphs.
    prose: usize,
    /// The beginning of the mark-up, in lower case.
    markup: String,
    /// It gives a date of its own in structured data.
    dated: bool,
    /// It has a field for a password.
    password: bool,
    /// It has scripts.
    scripted: bool,
    /// Where it stands.
    address: Option<Url>,
}

/// Fewer words than this are no article.
const THIN: usize = 200;
/// Fewer words than this are no page at all but a message.
const SCANT: usize = 80;
/// As many words as these are plainly a page.
const LONG: usize = 400;
/// Mark-up looked at, in bytes.
const MARKUP: usize = 60_000;

impl Signs {
    /// `words` as counted in `text`, the beginning of what a reader sees.
    fn new(title: String, heading: String, text: &str, html: &str) -> Self {
        let wide = text.chars().filter(|c| is_wide(*c)).count();
        let end =
            (0..=MARKUP.min(html.len())).rev().find(|at| html.is_char_boundary(*at)).unwrap_or_default();
        Signs {
            parts: [parts(&title), parts(&heading)],
            text: fold(text),
            words: text.split_whitespace().count().max(wide / 2),
            prose: 0,
            markup: html[..end].to_ascii_lowercase(),
            title,
            heading,
            dated: false,
            password: false,
            scripted: false,
            address: None,
        }
    }

    fn is_thin(&self) -> bool {
        self.words < THIN
    }

    /// No article, whatever teasers and menus it has.
    fn is_bare(&self) -> bool {
        self.is_thin() || self.prose < SCANT
    }

    fn is_scant(&self) -> bool {
        self.words < SCANT
    }
}

/// Scripts that are written without spaces between words.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

/// `Page not found | The Gazette` → both, folded.
fn parts(title: &str) -> Vec<String> {
    let split = title.split(['|', '–', '—', '·', '•', '»', '«', '›', '/', '―', '｜']);
    let split = split.flat_map(|part| part.split(" - "));
    split.map(|part| one_line(&fold(part))).filter(|part| part.chars().any(char::is_alphanumeric)).collect()
}

/// Words and marks of one kind, folded once.
type Table = LazyLock<Vec<String>>;

fn folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|words| fold(words)).collect()
}

/// What kind of page it is.
pub(super) fn judge(signs: &Signs) -> Nature {
    if let Some(wall) = challenge::find(signs) {
        return Nature::Challenge(wall);
    }
    if let Some(words) = parked::find(signs) {
        return Nature::Parked(words);
    }
    if let Some(words) = missing::find(signs) {
        return Nature::NotFound(words);
    }
    if let Some(words) = wall::find(signs) {
        return Nature::Wall(words);
    }
    if signs.scripted && !signs.dated && is_shell(signs) {
        return Nature::Shell;
    }
    Nature::Ordinary
}

/// No words, or none but those that ask for JavaScript.
fn is_shell(signs: &Signs) -> bool {
    const FEW: usize = 12;
    let asks = signs.text.contains("javascript") && signs.is_scant();
    signs.words < FEW
        || asks
            && ["enable", "disabled", "require", "activ", "aktiv", "habilit", "включ"]
                .iter()
                .any(|w| signs.text.contains(w))
}

/// Reads the signs off what was collected of a page.
pub(super) fn signs(outline: &Outline, raw: &str, draft: &Draft, url: &Url) -> Signs {
    let heading = outline.headings.iter().find(|heading| heading.level == 1);
    let heading = heading.map(|heading| heading.text.clone()).unwrap_or_default();
    let title = outline.title.clone().unwrap_or_default();
    // What reads like a page is not looked at for marks.
    let long = outline.words >= LONG;
    let (text, markup) = if long { ("", "") } else { (outline.text.as_str(), raw) };
    let mut signs = Signs::new(title, heading, text, markup);
    signs.words = if long { outline.words } else { signs.words };
    signs.prose = outline.prose;
    signs.dated = draft.dates.iter().any(|d| d.strength >= super::Strength::Strong);
    signs.password = outline.password;
    signs.scripted = outline.scripted;
    signs.address = Some(url.clone());
    signs
}
