//! What may be the label of a note at the start of a line.

use std::collections::BTreeMap;

use super::edge::{Edges, shows_address};
use super::line::{FEW_LINES, Line};
use crate::{date, parallel};

/// A line that may start a note.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Index of the line.
    pub line: usize,
    /// The label as printed, without the punctuation around it.
    pub label: String,
    /// Its place in the numbering.
    pub number: u32,
    /// How the label is written.
    pub kind: Kind,
    /// Byte of the line where the note's text starts.
    pub text_at: usize,
    /// How much the text behind the label looks like a note, from the line alone.
    pub score: f32,
}

/// How a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `3 Text`
    Plain,
    /// `3` and a wide space: en space, tab, several spaces.
    Wide,
    /// `3. Text`
    Dot,
    /// `3) Text`
    Paren,
    /// `(3) Text`
    Round,
    /// `[3] Text`
    Bracket,
    /// `³ Text`
    Superscript,
    /// `3Text`, where a converter lost the space.
    Glued,
    /// The number alone on its line, the text below.
    Alone,
}

/// The longest label, in digits.
const MAX_DIGITS: usize = 5;

/// Every line that may start a note.
pub fn candidates(lines: &[Line]) -> Vec<Candidate> {
    parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        numbers.filter_map(|index| candidate(lines, index, &lines[index])).collect()
    })
}

/// Does this line begin with what may be a label?
pub(super) fn is_candidate(lines: &[Line], index: usize) -> bool {
    candidate(lines, index, &lines[index]).is_some()
}

fn candidate(lines: &[Line], index: usize, line: &Line) -> Option<Candidate> {
    let text = line.text;
    let (label, kind, text_at) = label(text)?;
    let number: u32 = label.parse().ok().filter(|n| *n > 0)?;
    let rest = &text[text_at..];
    let following = lines.get(index + 1).map(|l| l.text);
    let body = if rest.is_empty() { following? } else { rest };
    let mut score = looks_like_note(body, kind, text, &label)?;
    let heads = !matches!(kind, Kind::Bracket | Kind::Superscript | Kind::Round);
    // Behind a label alone on its line stands the text, and what follows it.
    let next = index + 1 + usize::from(rest.is_empty());
    if heads && is_like_heading(body, lines.get(next)) {
        score -= 1.0;
    }
    Some(Candidate { line: index, label, number, kind, text_at, score })
}

/// A few words without any punctuation, and nothing that goes on: `3 The Price of a Ferry`.
fn is_like_heading(body: &str, next: Option<&Line>) -> bool {
    const LONGEST: usize = 60;
    let words_only = body.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '’' | '\''));
    let goes_on = || next.is_some_and(|next| !next.gap && Edges::of(body).joint(next.edges()) >= 1.0);
    words_only && body.len() <= LONGEST && !refers_back(body) && !goes_on()
}

/// May a label begin with this character?
fn may_begin(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_digit() || matches!(c, '[' | '(');
    }
    digit(c).is_some()
        || OPEN.contains(&c)
        || superscript(c).is_some()
        || circled(c).is_some()
        || NOTE_SIGNS.contains(&c)
}

/// The label at the start of a line: its digits, how it is written, and where the text begins.
fn label(text: &str) -> Option<(String, Kind, usize)> {
    let first = text.chars().next().filter(|first| may_begin(*first))?;
    if let Some(number) = circled(first) {
        let end = first.len_utf8();
        let at = end + leading_space(&text[end..]);
        let kind = if at == text.len() { Kind::Alone } else { Kind::Superscript };
        return Some((number.to_string(), kind, at));
    }
    if superscript(first).is_some() {
        let digits: String = text.chars().map_while(superscript).collect();
        let end: usize = text.chars().take(digits.len()).map(char::len_utf8).sum();
        let at = end + leading_space(&text[end..]);
        return Some((digits, if at == text.len() { Kind::Alone } else { Kind::Superscript }, at));
    }
    if OPEN.contains(&first) {
        let inner = &text[first.len_utf8()..];
        let sign = note_sign(inner);
        let (digits, len) = digits(&inner[sign..])?;
        let behind = &inner[sign + len..];
        let close = behind.chars().next().filter(|c| CLOSE.contains(c))?;
        let rest = &behind[close.len_utf8()..];
        let space = leading_space(rest);
        let round = matches!(close, ')' | '）');
        // `(3)(b)` is a paragraph of a law.
        let apart = space > 0 || rest.is_empty() || !round || rest.starts_with(is_unspaced);
        let apart = apart || opens_glued(rest);
        let kind = if round { Kind::Round } else { Kind::Bracket };
        return apart.then(|| (digits, kind, text.len() - rest.len() + space));
    }
    let sign = note_sign(text);
    let (digits, len) = digits(&text[sign..])?;
    let end = sign + len;
    let rest = &text[end..];
    let Some(next) = rest.chars().next() else { return Some((digits, Kind::Alone, end)) };
    if matches!(next, '.' | ')' | '．' | '）' | '、' | '：') {
        let behind = &rest[next.len_utf8()..];
        let space = leading_space(behind);
        let kind = if matches!(next, ')' | '）') { Kind::Paren } else { Kind::Dot };
        // `3.2` is a section or a decimal.
        let apart = space > 0 || behind.is_empty() || behind.starts_with(is_unspaced);
        let apart = apart || len <= 3 && opens_glued(behind);
        return apart.then_some((digits, kind, end + next.len_utf8() + space));
    }
    let space = leading_space(rest);
    if space == 0 {
        let opens = len <= 4 && opens_glued(rest) || len <= 3 && opens_with_long_word(rest);
        return (opens || sign > 0).then_some((digits, Kind::Glued, end));
    }
    let wide = rest[..space].chars().count() > 1 || !rest.starts_with(' ');
    Some((digits, if wide { Kind::Wide } else { Kind::Plain }, end + space))
}

/// The candidates of both lists in the order of the text; where both have the line, the second's.
pub(super) fn with(candidates: Vec<Candidate>, others: Vec<Candidate>) -> Vec<Candidate> {
    if others.is_empty() {
        return candidates;
    }
    let mut by_line: BTreeMap<usize, Candidate> = candidates.into_iter().map(|c| (c.line, c)).collect();
    by_line.extend(others.into_iter().map(|c| (c.line, c)));
    by_line.into_values().collect()
}

/// A line that is a label and nothing else: the label, its number, and how it is written.
pub(super) fn alone(text: &str) -> Option<(String, u32, Kind)> {
    let (label, kind, text_at) = label(text)?;
    let number = label.parse().ok().filter(|number| *number > 0)?;
    (text_at == text.len()).then_some((label, number, kind))
}

/// The number that a line begins with as the label of what follows in it, without any punctuation: what
/// lists count with has some.
pub(super) fn at_start(text: &str) -> Option<u32> {
    let (label, kind, at) = label(text)?;
    let loose = matches!(kind, Kind::Plain | Kind::Wide | Kind::Glued | Kind::Superscript);
    label.parse().ok().filter(|_| loose && at < text.len())
}

/// The number of the label that a text begins with, in whatever dress, and where the text behind it starts.
pub(super) fn labelled(text: &str) -> Option<(u32, usize)> {
    let (label, _, at) = label(text)?;
    label.parse().ok().filter(|number| *number > 0).map(|number| (number, at))
}

/// As [`at_start`], where what follows the number may be a note.
pub(super) fn opens(text: &str) -> Option<u32> {
    const LEAST: f32 = -1.0;
    let number = at_start(text)?;
    let (label, kind, at) = label(text)?;
    looks_like_note(&text[at..], kind, text, &label).filter(|score| *score > LEAST).map(|_| number)
}

/// Does this text show a source: an address, a title in quotation marks, a word that refers back?
pub(super) fn cites(text: &str) -> bool {
    shows_address(text) || text.contains(['“', '«', '„', '‘']) || refers_back(text)
}

/// A line that begins with this number as a label.
pub(super) fn is_labelled(text: &str, number: u32) -> bool {
    label(text).is_some_and(|(label, ..)| label.parse() == Ok(number))
}

/// How much a text looks like the beginning of a note; `None` where it cannot be one.
pub(super) fn opening(text: &str) -> Option<f32> {
    looks_like_note(text, Kind::Alone, text, "")
}

/// The number at the start of a text in plain digits, and its length in bytes.
fn digits(text: &str) -> Option<(String, usize)> {
    let ascii = text.bytes().take_while(u8::is_ascii_digit).count();
    let digits = if ascii > 0 {
        text[..ascii].to_owned()
    } else {
        text.chars().map_while(digit).take(MAX_DIGITS + 1).collect()
    };
    let len = text.chars().take(digits.len()).map(char::len_utf8).sum();
    let fits = !digits.is_empty() && digits.len() <= MAX_DIGITS && !digits.starts_with('0');
    fits.then_some((digits, len))
}

/// A digit of the scripts that number notes with digits of their own: full-width, Arabic, Persian.
pub(super) fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

/// The number that a circled or bracketed number is in one character: ①, ⑴, ❶.
pub(super) fn circled(c: char) -> Option<u32> {
    let (first, number) = match c {
        '①'..='⑳' => ('①', 1),
        '㉑'..='㉟' => ('㉑', 21),
        '㊱'..='㊿' => ('㊱', 36),
        '⑴'..='⒇' => ('⑴', 1),
        '❶'..='❿' => ('❶', 1),
        _ => return None,
    };
    Some(u32::from(c) - u32::from(first) + number)
}

/// How an address begins that is glued to a label.
const ADDRESS: [&str; 3] = ["https://", "http://", "www."];
/// Brackets before labels.
pub(super) const OPEN: [char; 6] = ['[', '(', '（', '［', '〔', '【'];
/// Brackets behind labels.
pub(super) const CLOSE: [char; 6] = [']', ')', '）', '］', '〕', '】'];
/// What stands before the number in a label of Chinese and Japanese: `注1`.
pub(super) const NOTE_SIGNS: [char; 2] = ['注', '註'];
/// What a number before it counts, rather than that it labels a note: `3月`, `45页`.
const COUNTED: [char; 24] = [
    '年', '月', '日', '号', '號', '个', '個', '页', '頁', '章', '节', '節', '条', '條', '次', '人', '世',
    '位', '国', '國', '万', '億', '，', '。',
];

/// The length of the sign for a note at the start of a text, before a number.
fn note_sign(text: &str) -> usize {
    let rest = text.trim_start_matches(NOTE_SIGNS);
    if rest.len() == text.len() { 0 } else { text.len() - rest.trim_start().len() }
}

/// A character of the scripts that put no spaces between words, or of their punctuation.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The length of the white space at the start of a text, and of the arrow behind it that leads from a note
/// of a web page back to its callout.
fn leading_space(text: &str) -> usize {
    let bare = text.trim_start();
    let rest = bare.strip_prefix(['↑', '↩', '^']).map(|rest| rest.trim_start_matches('\u{FE0E}'));
    let bare = rest.filter(|rest| rest.starts_with(' ')).map_or(bare, str::trim_start);
    text.len() - bare.len()
}

/// The digit that a superscript character stands for.
pub fn superscript(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(c as u32 - '⁰' as u32, 10)?,
        _ => return None,
    })
}

fn is_opening(c: char) -> bool {
    matches!(c, '“' | '"' | '‘' | '«' | '„' | '‹' | '@' | '\'')
}

/// Does a note of this text refer back to another one (*Ibid.*, `cit.`, `supra`, `see note 3`)?
pub fn refers_back(text: &str) -> bool {
    refers_back_folded(&crate::fold::fold(text))
}

/// As [`refers_back`], of a text that is folded.
pub(super) fn refers_back_folded(folded: &str) -> bool {
    let start = folded.trim_start_matches(|c: char| !c.is_alphabetic());
    const BACK: &[&str] =
        &["ibid", "ebd", "ebenda", "id.", "idem", "op. cit", "loc. cit", "a.a.o", "ivi", "supra"];
    const SEE: &[&str] =
        &["see ", "cf. ", "cfr. ", "siehe ", "vgl. ", "s. ", "voir ", "vedi ", "v. ", "vid. ", "vease "];
    const NOTE: &[&str] = &[" note ", " n. ", " fn. ", " nota ", " anm. ", " fussnote ", " notes "];
    let to_note = || {
        let seen = SEE.iter().any(|word| start.starts_with(word));
        seen && NOTE.iter().any(|note| {
            folded
                .split_once(note)
                .is_some_and(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit()))
        })
    };
    BACK.iter().any(|word| start.starts_with(word))
        || folded.contains(" cit.")
        || folded.contains("supra note")
        || to_note()
}

/// Words in lower case that open a note all the same.
const OPENERS: &[&str] = &[
    "see",
    "cf",
    "ibid",
    "ibidem",
    "id",
    "idem",
    "ebd",
    "ebenda",
    "vgl",
    "siehe",
    "cfr",
    "si",
    "v",
    "vd",
    "voir",
    "vid",
    "vease",
    "e.g",
    "eg",
    "cited",
    "quoted",
    "in",
    "on",
    "for",
    "http",
    "https",
    "www",
    "doi",
    "author",
    "authors",
    "own",
    "supra",
    "infra",
    "op",
    "loc",
    "also",
    "ivi",
    "cit",
    "as",
    "eadem",
    "dies",
    "ders",
    "so",
    "hierzu",
    "dazu",
    "statt",
    "per",
    "sul",
    "sulla",
    "sui",
    "su",
    "sobre",
    "sur",
    "pour",
    "but",
    "especially",
    "esp",
    "i.e",
    "ie",
    "compare",
    "similarly",
    "contra",
    "accord",
    "that",
    "art",
    "arts",
    "sec",
    "para",
    "pp",
    "p",
    "al",
    "de",
    "von",
    "van",
];

/// May a note begin with this text directly behind its label?
pub(super) fn opens_glued(text: &str) -> bool {
    text.chars().next().is_some_and(|first| {
        is_opening(first)
            || first.is_uppercase()
            || is_unspaced(first) && !COUNTED.contains(&first)
            || ADDRESS.iter().any(|start| text.starts_with(start))
            || first.is_lowercase() && opens_in_lower_case(text)
    })
}

/// A word in lower case begins this text that is longer than units and the ends of ordinals.
fn opens_with_long_word(text: &str) -> bool {
    const SHORTEST: usize = 4;
    let word = text.split(' ').next().unwrap_or_default();
    word.len() < text.len() && word.chars().count() >= SHORTEST && word.chars().all(char::is_lowercase)
}

/// One of [`OPENERS`] begins this text, and no unit or part of a numeral: `4sec`, `2de`.
pub(super) fn opens_in_lower_case(text: &str) -> bool {
    const COUNTED: [&str; 6] = ["sec", "al", "de", "p", "s", "v"];
    let end = text.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(text.len());
    let folded = crate::fold::fold(text[..end].trim_matches('.'));
    let word = folded.as_str();
    text[end..].starts_with([' ', ',']) && OPENERS.contains(&word) && !COUNTED.contains(&word)
}

fn looks_like_note(body: &str, kind: Kind, line: &str, label: &str) -> Option<f32> {
    // The leaders of a table of contents.
    if body.contains(".....") || body.contains(". . . . .") {
        return None;
    }
    let first = body.chars().next()?;
    let mut score = 0.0;
    // `12 February 2025` and `2025, https://…` at the start of a line are dates that wrapped.
    if matches!(kind, Kind::Plain | Kind::Wide | Kind::Dot)
        && date::at_start(line).is_some_and(|date| date.range.end > label.len() + 1)
    {
        return None;
    }
    let word: String = body.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
    let folded = crate::fold::fold(word.trim_matches('.'));
    if kind == Kind::Plain && date::month(word.trim_matches('.')).is_some() && first.is_uppercase() {
        score -= 3.0;
    }
    if is_opening(first) {
        score += 1.5;
    } else if first.is_uppercase() || first.is_alphabetic() && !first.is_lowercase() {
        // Scripts without case have no small letters to begin with either.
        score += 0.5;
    } else if OPENERS.contains(&folded.as_str()) {
        score += 0.25;
    } else if first.is_alphabetic() {
        score -= 1.5;
    } else {
        score -= 2.0;
    }
    if refers_back(body) {
        score += 2.0;
    }
    if shows_address(body) {
        score += 1.0;
    }
    if body.contains(['“', '”', '«', '»', '„']) {
        score += 0.5;
    }
    score += match kind {
        Kind::Wide | Kind::Superscript | Kind::Bracket => 0.5,
        Kind::Plain | Kind::Glued => 0.0,
        Kind::Dot | Kind::Paren | Kind::Round => -0.25,
        Kind::Alone => -0.5,
    };
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, want: Option<(&str, Kind, &str)>) {
        let got = label(line).map(|(number, kind, at)| (number, kind, line[at..].to_owned()));
        let got = got.as_ref().map(|(n, k, t)| (n.as_str(), *k, t.as_str()));
        assert_eq!(got, want, "{line}");
    }

    #[test]
    fn labels_in_every_dress() {
        check("3\u{2002} Andrew", Some(("3", Kind::Wide, "Andrew")));
        check("3 Andrew", Some(("3", Kind::Plain, "Andrew")));
        check("3. Andrew", Some(("3", Kind::Dot, "Andrew")));
        check("12) Andrew", Some(("12", Kind::Paren, "Andrew")));
        check("(12) Andrew", Some(("12", Kind::Round, "Andrew")));
        check("[12] Andrew", Some(("12", Kind::Bracket, "Andrew")));
        check("¹² Andrew", Some(("12", Kind::Superscript, "Andrew")));
        check("3“Title", Some(("3", Kind::Glued, "“Title")));
        check("3", Some(("3", Kind::Alone, "")));
        check("3王晓明：《研究》", Some(("3", Kind::Glued, "王晓明：《研究》")));
        check("３　田中太郎", Some(("3", Kind::Wide, "田中太郎")));
        check("（１２）参见", Some(("12", Kind::Round, "参见")));
        check("〔3〕参见", Some(("3", Kind::Bracket, "参见")));
        check("⑫参见", Some(("12", Kind::Superscript, "参见")));
        check("注3：参见", Some(("3", Kind::Dot, "参见")));
        check("(注3) 田中", Some(("3", Kind::Round, "田中")));
        check("3、参见", Some(("3", Kind::Dot, "参见")));
        check("(٣) المصدر", Some(("3", Kind::Round, "المصدر")));
    }

    #[test]
    fn what_is_no_label() {
        check("5, the Alliance’s", None);
        check("(3)(b) of the act", None);
        check("25 | 08", Some(("25", Kind::Plain, "| 08")));
        check("3.2 per cent", None);
        check("1990s were", None);
        check("3月5日", None);
        check("2019年，北京", None);
        check("注意", None);
    }
}
