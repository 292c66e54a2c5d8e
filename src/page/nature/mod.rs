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

use scraper::{Html, Selector};

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
    /// The beginning of the mark-up, in lower case.
    markup: String,
    /// It gives a date of its own in structured data.
    dated: bool,
    /// It has a field for a password.
    password: bool,
    /// It has scripts.
    scripted: bool,
}

/// Fewer words than this are no article.
const THIN: usize = 200;
/// Fewer words than this are no page at all but a message.
const SCANT: usize = 80;
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
            markup: html[..end].to_ascii_lowercase(),
            title,
            heading,
            dated: false,
            password: false,
            scripted: false,
        }
    }

    fn is_thin(&self) -> bool {
        self.words < THIN
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

/// Reads the signs off a tree.
pub(super) fn signs(html: &Html, raw: &str, draft: &Draft) -> Signs {
    const LONG: usize = 3000;
    let select = |css: &str| Selector::parse(css).expect("the selector is valid");
    let text_of = |css: &str| {
        html.select(&select(css)).next().map(|e| one_line(&e.text().collect::<String>())).unwrap_or_default()
    };
    let mut signs = Signs::new(text_of("title"), text_of("h1"), &visible_text(html, LONG), raw);
    signs.dated = draft.dates.iter().any(|d| d.strength >= super::Strength::Strong);
    signs.password = html.select(&select(r#"input[type="password" i]"#)).next().is_some();
    signs.scripted = html.select(&select("script")).next().is_some();
    signs
}

/// The first characters of the text that a reader sees.
fn visible_text(html: &Html, most: usize) -> String {
    let mut text = String::new();
    let root = html.tree.root();
    for node in root.descendants() {
        if text.len() > most {
            break;
        }
        let Some(piece) = node.value().as_text() else { continue };
        let hidden = node
            .ancestors()
            .filter_map(|a| a.value().as_element())
            .any(|e| matches!(e.name(), "script" | "style" | "noscript" | "template" | "head" | "svg"));
        if !hidden && !piece.trim().is_empty() {
            text.push_str(piece.trim());
            text.push(' ');
        }
    }
    text
}
