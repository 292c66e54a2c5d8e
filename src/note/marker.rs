//! What may be the label of a note at the start of a line.

use std::collections::BTreeMap;

use super::edge::Edges;
use super::line::Line;
use crate::date;

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
    lines.iter().enumerate().filter_map(|(index, line)| candidate(lines, index, line)).collect()
}

/// Does this line begin with what may be a label?
pub(super) fn is_candidate(lines: &[Line], index: usize) -> bool {
    candidate(lines, index, &lines[index]).is_some()
}

fn candidate(lines: &[Line], index: usize, line: &Line) -> Option<Candidate> {
    let text = line.text;
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, '[' | '(') || superscript(first).is_some()) {
        return None;
    }
    let (label, kind, text_at) = label(text)?;
    let number: u32 = label.parse().ok().filter(|n| *n > 0)?;
    let rest = &text[text_at..];
    let following = lines.get(index + 1).map(|l| l.text);
    let body = if rest.is_empty() { following? } else { rest };
    let mut score = looks_like_note(body, kind, text, &label)?;
    let heads = !matches!(kind, Kind::Bracket | Kind::Superscript | Kind::Round);
    if heads && is_like_heading(body, lines.get(index + 1)) {
        score -= 1.0;
    }
    Some(Candidate { line: index, label, number, kind, text_at, score })
}

/// A few words without any punctuation, and nothing that goes on: `3 The Price of a Ferry`.
fn is_like_heading(body: &str, next: Option<&Line>) -> bool {
    const LONGEST: usize = 60;
    let words_only = body.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '’' | '\''));
    let goes_on = next.is_some_and(|next| !next.gap && Edges::of(body).joint(&Edges::of(next.text)) >= 1.0);
    words_only && body.len() <= LONGEST && !goes_on && !refers_back(body)
}

/// The label at the start of a line: its digits, how it is written, and where the text begins.
fn label(text: &str) -> Option<(String, Kind, usize)> {
    let first = text.chars().next()?;
    if superscript(first).is_some() {
        let digits: String = text.chars().map_while(superscript).collect();
        let end: usize = text.chars().take(digits.len()).map(char::len_utf8).sum();
        let at = end + leading_space(&text[end..]);
        return Some((digits, if at == text.len() { Kind::Alone } else { Kind::Superscript }, at));
    }
    if let Some(inner) = text.strip_prefix('(') {
        let digits = digits(inner)?;
        let end = 1 + digits.len();
        let space = leading_space(text[end..].strip_prefix(')')?);
        // `(3)(b)` is a paragraph of a law.
        let apart = space > 0 || end + 1 == text.len();
        return apart.then(|| (digits.to_owned(), Kind::Round, end + 1 + space));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let digits = digits(inner)?;
        let end = 1 + digits.len();
        text[end..].strip_prefix(']')?;
        let at = end + 1 + leading_space(&text[end + 1..]);
        return Some((digits.to_owned(), Kind::Bracket, at));
    }
    let digits = digits(text)?;
    let end = digits.len();
    let rest = &text[end..];
    let owned = digits.to_owned();
    let Some(next) = rest.chars().next() else { return Some((owned, Kind::Alone, end)) };
    if next == '.' || next == ')' {
        let space = leading_space(&rest[1..]);
        let kind = if next == '.' { Kind::Dot } else { Kind::Paren };
        // `3.2` is a section or a decimal.
        return (space > 0 || rest.len() == 1).then_some((owned, kind, end + 1 + space));
    }
    let space = leading_space(rest);
    if space == 0 {
        let glued = digits.len() <= 4 && (is_opening(next) || next.is_uppercase());
        return glued.then_some((owned, Kind::Glued, end));
    }
    let wide = rest[..space].chars().count() > 1 || !rest.starts_with(' ');
    Some((owned, if wide { Kind::Wide } else { Kind::Plain }, end + space))
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

/// A line that begins with this number as a label.
pub(super) fn is_labelled(text: &str, number: u32) -> bool {
    label(text).is_some_and(|(label, ..)| label.parse() == Ok(number))
}

/// How much a text looks like the beginning of a note; `None` where it cannot be one.
pub(super) fn opening(text: &str) -> Option<f32> {
    looks_like_note(text, Kind::Alone, text, "")
}

fn digits(text: &str) -> Option<&str> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    (len > 0 && len <= MAX_DIGITS && !text.starts_with('0')).then(|| &text[..len])
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start().len()
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
    let folded = crate::fold::fold(text);
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
    "see", "cf", "ibid", "ibidem", "id", "idem", "ebd", "ebenda", "vgl", "siehe", "cfr", "si", "v", "vd",
    "voir", "vid", "vease", "e.g", "eg", "cited", "quoted", "in", "on", "for", "http", "https", "www", "doi",
    "author", "authors", "own", "supra", "infra", "op", "loc", "also", "ivi", "cit", "as", "eadem", "dies",
    "ders", "so", "hierzu", "dazu", "statt", "per", "sul", "sulla", "sui", "su", "sobre", "sur", "pour",
    "art", "arts", "sec", "para", "pp", "p", "al", "de", "von", "van",
];

fn looks_like_note(body: &str, kind: Kind, line: &str, label: &str) -> Option<f32> {
    // The leaders of a table of contents.
    if body.contains(".....") || body.contains(". . . . .") {
        return None;
    }
    let first = body.chars().next()?;
    let mut score = 0.0;
    // `12 February 2025` and `2025, https://…` at the start of a line are dates that wrapped.
    if matches!(kind, Kind::Plain | Kind::Wide | Kind::Dot)
        && date::parse(line).is_some_and(|d| d.range.start == 0 && d.range.end > label.len() + 1)
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
    if body.contains("://") || body.contains("www.") {
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
    }

    #[test]
    fn what_is_no_label() {
        check("5, the Alliance’s", None);
        check("(3)(b) of the act", None);
        check("25 | 08", Some(("25", Kind::Plain, "| 08")));
        check("3.2 per cent", None);
        check("1990s were", None);
    }
}
