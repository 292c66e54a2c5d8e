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

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use url::Url;

use super::outline::Outline;
use super::{Draft, Nature};
use crate::fold::{fold, one_line};

/// What a page shows of its nature.
pub(super) struct Signs<'p> {
    /// `<title>`, as written.
    pub(super) title: &'p str,
    /// The first heading, as written.
    pub(super) heading: &'p str,
    /// The parts of title and heading between the marks that set a site's name apart, folded.
    parts: [Vec<String>; 2],
    /// The beginning of the text, folded; empty where words and dates say enough.
    text: String,
    /// Words of the text; of scripts without spaces, two characters for one. Counted no further than the
    /// text is kept.
    words: usize,
    /// Words of it that stand in paragraphs.
    prose: usize,
    /// The beginning of the mark-up, in lower case; empty likewise.
    markup: String,
    /// It gives a date of its own in structured data.
    dated: bool,
    /// It has a field for a password.
    password: bool,
    /// It has scripts.
    scripted: bool,
    /// Where it stands.
    address: &'p Url,
}

/// Fewer words than this are no article.
const THIN: usize = 200;
/// Fewer words than this are no page at all but a message.
const SCANT: usize = 80;
/// As many words as these are plainly a page.
const LONG: usize = 400;
/// Mark-up looked at, in bytes.
const MARKUP: usize = 60_000;

impl Signs<'_> {
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

/// Words of one kind, folded once.
type Table = LazyLock<Vec<String>>;

fn folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|words| fold(words)).collect()
}

/// Phrases and marks of one kind, folded once, that are looked for in whole texts.
struct Phrases {
    all: Vec<String>,
    /// Hardly any text has any of them.
    any: AhoCorasick,
}

impl Phrases {
    fn of(phrases: &[&str]) -> Self {
        let all = folded(phrases);
        let any = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&all);
        Phrases { all, any: any.expect("the phrases are few") }
    }

    /// The index of the first on the list that stands in one of the texts, and its words.
    fn first_in<'t>(&self, texts: impl Iterator<Item = &'t str> + Clone) -> Option<(usize, &str)> {
        if !texts.clone().any(|text| self.any.is_match(text)) {
            return None;
        }
        let all = self.all.iter().map(String::as_str).enumerate();
        all.clone().find(|(_, phrase)| texts.clone().any(|text| text.contains(phrase)))
    }
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
pub(super) fn signs<'p>(outline: &'p Outline, raw: &str, draft: &Draft, url: &'p Url) -> Signs<'p> {
    let heading = outline.headings.iter().find(|heading| heading.level == 1);
    let heading = heading.map(|heading| heading.text.as_str()).unwrap_or_default();
    let title = outline.title.as_deref().unwrap_or_default();
    let words = if outline.words < LONG {
        let text = outline.text.as_str();
        // By their first bytes most texts have none.
        let wide = text.bytes().any(|byte| matches!(byte, 0xE0 | 0xE1 | 0xE3..=0xE9));
        let wide = if wide { text.chars().filter(|c| is_wide(*c)).count() } else { 0 };
        text.split_whitespace().count().max(wide / 2)
    } else {
        outline.words
    };
    let dated = draft.dates.iter().any(|d| d.strength >= super::Strength::Strong);
    // What is dated, or reads like a page, is not looked at for marks.
    let looked_at = outline.words < LONG && !dated;
    let (text, markup) = if looked_at { (outline.text.as_str(), raw) } else { ("", "") };
    Signs {
        parts: [parts(title), parts(heading)],
        title,
        heading,
        text: fold(text),
        words,
        prose: outline.prose,
        markup: markup[..markup.floor_char_boundary(MARKUP)].to_ascii_lowercase(),
        dated,
        password: outline.password,
        scripted: outline.scripted,
        address: url,
    }
}
