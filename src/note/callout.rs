//! The marks in the body that refer to notes: `relations.1`, `security,5`, `Ukraine³`, `peace[4]`.

use std::collections::{HashMap, HashSet};

use super::edge::shows_address;
use super::line::{FEW_LINES, Line};
use super::marker::{
    CLOSE, Candidate, Kind, NOTE_SIGNS, OPEN, circled, digit, is_unspaced, refers_back, superscript,
};
use crate::{date, parallel};

/// A place that may be a callout.
#[derive(Debug, Clone)]
pub struct Call {
    /// Index of the line.
    pub line: usize,
    /// Byte of the line where the mark starts.
    pub at: usize,
    /// The note's number.
    pub number: u32,
    /// From 0 to 2: how much it looks like one, from the line alone.
    pub score: f32,
}

/// Every place that may be a callout.
pub fn candidates(lines: &[Line]) -> Vec<Call> {
    parallel::stretches(lines.len(), FEW_LINES, |numbers| {
        let mut calls = Vec::new();
        numbers.for_each(|index| scan(index, lines[index].text, &mut calls));
        calls
    })
}

/// A circled or bracketed number may as well count the points of a text that a list takes up again:
/// `三点：(1)经济，(2)安全`. Leaves of such calls those that hang on words, where what is labelled in the
/// same dress reads as notes do: some of it cites, or all of it stands at the foot of a page.
pub fn without_enumerations(calls: Vec<Call>, lines: &[Line], labels: &[Candidate]) -> Vec<Call> {
    let dressed: Vec<(Call, Option<Enclosed>)> = calls
        .into_iter()
        .map(|call| {
            let dress = Enclosed::of(&lines[call.line].text[call.at..]);
            (call, dress)
        })
        .collect();
    let mut believed = HashMap::new();
    for dress in [Enclosed::Circle, Enclosed::Brackets] {
        let own: Vec<&Call> =
            dressed.iter().filter(|(_, d)| *d == Some(dress)).map(|(call, _)| call).collect();
        let counts = own.iter().filter(|call| counts_points(call, lines)).count();
        let dressed: Vec<&Candidate> =
            labels.iter().filter(|label| Enclosed::of(lines[label.line].text) == Some(dress)).collect();
        // The labels may stand without the brackets of the callouts.
        let called: HashSet<u32> = own.iter().map(|call| call.number).collect();
        let notes = if dressed.len() * 2 < called.len() {
            labels.iter().filter(|label| called.contains(&label.number)).collect()
        } else {
            dressed
        };
        let real =
            !own.is_empty() && counts * 2 < own.len() && (cite(&notes, lines) || at_foot(&notes, lines));
        believed.insert(dress, real);
    }
    let kept = dressed.into_iter().filter(|(_, dress)| dress.is_none_or(|dress| believed[&dress]));
    kept.map(|(call, _)| call).collect()
}

/// How a number is enclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Enclosed {
    Circle,
    Brackets,
}

impl Enclosed {
    fn of(text: &str) -> Option<Self> {
        let first = text.chars().next()?;
        if circled(first).is_some() {
            Some(Enclosed::Circle)
        } else {
            matches!(first, '(' | '（').then_some(Enclosed::Brackets)
        }
    }
}

/// Does this call count what follows? It stands apart from the word before it, or the first of
/// them opens a list behind a colon.
fn counts_points(call: &Call, lines: &[Line]) -> bool {
    let (before, mark) = lines[call.line].text.split_at(call.at);
    let behind = mark.trim_start_matches(|c: char| {
        circled(c).is_some() || digit(c).is_some() || OPEN.contains(&c) || NOTE_SIGNS.contains(&c)
    });
    let apart = before.ends_with(char::is_whitespace) && behind.trim_start_matches(CLOSE).starts_with(' ');
    apart || before.ends_with([':', '：']) || opened_by_colon(call, before)
}

/// Another number in the same dress stands behind a colon earlier in the sentence.
fn opened_by_colon(call: &Call, before: &str) -> bool {
    const STOPS: [char; 6] = ['。', '！', '？', '.', '!', '?'];
    let sentence = before.rsplit(STOPS).next().unwrap_or_default();
    call.number > 1
        && sentence
            .match_indices([':', '：'])
            .any(|(at, colon)| Enclosed::of(sentence[at + colon.len()..].trim_start()).is_some())
}

/// Some of the texts behind these labels give a source: an address, a year, a title in quotation marks.
fn cite(labels: &[&Candidate], lines: &[Line]) -> bool {
    const TITLE: [char; 11] = ['“', '”', '«', '»', '„', '"', '「', '『', '《', '〈', '＂'];
    labels.iter().any(|label| {
        let own = &lines[label.line].text[label.text_at..];
        let below = || lines.get(label.line + 1).map_or("", |line| line.text);
        let text = if own.is_empty() { below() } else { own };
        shows_address(text)
            || text.contains(TITLE)
            || refers_back(text)
            || date::parse(text).is_some()
            || has_year(text)
    })
}

/// A year in the digits of any script.
fn has_year(text: &str) -> bool {
    let digits = |c: char| digit(c).unwrap_or(' ');
    let plain: String = text.chars().map(digits).collect();
    plain.split(' ').any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")))
}

/// What these labels begin stands behind everything else on its page.
fn at_foot(labels: &[&Candidate], lines: &[Line]) -> bool {
    let Some(last) = labels.last() else { return false };
    let end = (last.line + 1..lines.len()).find(|line| lines[*line].gap).unwrap_or(lines.len());
    lines.get(end).is_none_or(|next| next.page_break)
}

/// The callouts among bare numbers on lines of their own, as some converters leave what is raised: most
/// of the numbers stand before a note too.
pub fn alone(lines: &[Line], labels: &[Candidate]) -> Vec<Call> {
    const FEWEST: usize = 3;
    const SCORE: f32 = 0.6;
    let heads =
        |label: &&Candidate| matches!(label.kind, Kind::Plain | Kind::Wide | Kind::Glued | Kind::Superscript);
    let is_alone = |label: &&Candidate| label.kind == Kind::Alone;
    let headed: HashSet<u32> = labels.iter().filter(heads).map(|label| label.number).collect();
    let numbers: HashSet<u32> = labels.iter().filter(is_alone).map(|label| label.number).collect();
    let both = numbers.intersection(&headed).count();
    if both < FEWEST || both * 2 < numbers.len() {
        return Vec::new();
    }
    let calls = labels.iter().filter(is_alone);
    // Set apart from what stands before it and not from what follows, it numbers a section.
    let apart =
        |label: &&Candidate| lines[label.line].gap && lines.get(label.line + 1).is_some_and(|next| !next.gap);
    if calls.clone().filter(apart).count() * 2 > calls.clone().count() {
        return Vec::new();
    }
    calls.map(|label| Call { line: label.line, at: 0, number: label.number, score: SCORE }).collect()
}

fn scan(line: usize, text: &str, calls: &mut Vec<Call>) {
    // To look at all bytes is quicker than to stop at one.
    if !text.bytes().fold(false, |found, byte| found | may_begin_digit(byte)) {
        return;
    }
    let mut from = 0;
    while let Some(digit) = digit_at(text, from) {
        let space = text[from..digit].char_indices().rfind(|(_, c)| c.is_whitespace());
        let start = space.map_or(from, |(at, c)| from + at + c.len_utf8());
        let end = text[digit..].find(char::is_whitespace).map_or(text.len(), |length| digit + length);
        let word = &text[start..end];
        from = end;
        // Digits inside an address belong to it.
        if shows_address(word) || word.matches('/').count() > 1 {
            continue;
        }
        scan_word(line, text, start, word, calls);
    }
}

/// Where from some byte on a digit may stand, be it superscript, circled, full-width or Arabic: told by
/// the first bytes of those without decoding the text, most of which has none.
fn digit_at(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).filter(|at| may_begin_digit(bytes[*at])).find(|at| match bytes[*at] {
        b'0'..=b'9' | 0xD9 | 0xDB | 0xEF => true,
        0xC2 => matches!(bytes[at + 1], 0xB2 | 0xB3 | 0xB9),
        // Dashes and quotation marks begin likewise, and spaces, which end words.
        0xE2 => bytes[at + 1] != 0x80 && !text[*at..].starts_with(char::is_whitespace),
        0xE3 => !text[*at..].starts_with(char::is_whitespace),
        _ => false,
    })
}

/// A digit, or the first byte of a character that is not in ASCII.
fn may_begin_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte >= 0xC2
}

fn scan_word(line: usize, text: &str, word_at: usize, word: &str, calls: &mut Vec<Call>) {
    let mut chars = word.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if let Some(number) = circled(c) {
            if start > 0 || word_at > 0 {
                calls.push(Call { line, at: word_at + start, number, score: 1.5 });
            }
            continue;
        }
        let small = superscript(c);
        let Some(first) = small.or(digit(c)) else { continue };
        let mut digits = String::from(first);
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            let Some(digit) = (if small.is_some() { superscript(next) } else { digit(next) }) else { break };
            digits.push(digit);
            end = at + next.len_utf8();
            chars.next();
        }
        let before = &word[..start];
        let after = &word[end..];
        let mut call = |at: usize, digits: &str, score: f32| {
            if let Ok(number) = digits.parse()
                && number > 0
                && digits.len() <= 5
                && !digits.starts_with('0')
            {
                calls.push(Call { line, at: word_at + at, number, score });
            }
        };
        if small.is_some() {
            if !before.is_empty() || word_at > 0 {
                call(start, &digits, 2.0);
            }
            continue;
        }
        if before.ends_with(['[', '［', '〔', '【']) && after.starts_with([']', '］', '〕', '】']) {
            // At the start of a line it is rather a label.
            let score = match (word_at + start > 1, before.len() > 1) {
                (false, _) => 0.5,
                (true, true) => 1.2,
                (true, false) => 0.8,
            };
            let open = before.chars().next_back().map_or(1, char::len_utf8);
            call(start - open, &digits, score);
            continue;
        }
        // `变化（3）`, `(注3)`, `(٣)`; between brackets, Latin text has paragraphs and quantities too.
        let lead = before.trim_end_matches(NOTE_SIGNS);
        if let Some(open) = lead.chars().next_back().filter(|c| OPEN.contains(c))
            && after.starts_with(CLOSE)
        {
            let text = &lead[..lead.len() - open.len_utf8()];
            let marked = lead.len() < before.len()
                || !c.is_ascii()
                || text.ends_with(is_unspaced)
                || digits.len() <= 3 && hangs_on_words(text);
            if marked && word_at + text.len() > 0 {
                call(text.len(), &digits, 0.8);
                continue;
            }
        }
        // Where words are not parted by spaces, the text goes on at once behind a full stop with its
        // callout; else numbers there count things.
        let goes_on = || after.starts_with(is_unspaced) && before.ends_with(UNSPACED_STOPS);
        if !may_follow(after) && !goes_on() {
            continue;
        }
        if let Some(score) = glued(before) {
            call(start, &digits, score);
        } else if before.is_empty() && digits.len() > 4 {
            // `since 20227`: a year and the callout of note 7.
            let (year, rest) = digits.split_at(4);
            if year.starts_with("19") || year.starts_with("20") {
                call(start + 4, rest, 0.3);
            }
        } else if before.is_empty() && after.is_empty() && word_at > 0 {
            // Some converters leave a space before the raised number.
            let lead = text[..word_at].trim_end();
            if lead.ends_with(['.', ',', ';', ':', '”', '’', ')', '"', '?', '!']) {
                call(start, &digits, 0.2);
            }
        }
    }
}

/// A number in brackets behind this text hangs on a word or on the end of a clause: no paragraph of a law
/// (`5(1)`), no plural (`port(s)`), no function (`f(2)`).
fn hangs_on_words(text: &str) -> bool {
    const SHORTEST: usize = 3;
    let word = text.trim_end_matches(['.', ',', ';', ':', '”', '’', '"', '»', '!', '?', ')']);
    let letters = word.chars().rev().take_while(|c| c.is_alphabetic()).count();
    letters >= SHORTEST || letters > 0 && word.len() < text.len()
}

/// What may stand behind a callout: nothing, or punctuation.
fn may_follow(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        None => true,
        Some('.' | ',' | ';' | ':' | ')' | '”' | '’' | '"' | '»' | '?' | '!' | ']') => {
            !chars.next().is_some_and(char::is_alphanumeric)
        }
        Some('–' | '—' | '،' | '؛' | '؟') => true,
        Some(c) => UNSPACED_STOPS.contains(&c),
    }
}

/// Punctuation of the scripts without spaces that may stand beside a callout.
const UNSPACED_STOPS: [char; 16] =
    ['。', '，', '、', '；', '：', '！', '？', '．', '）', '」', '』', '》', '】', '〕', '］', '”'];

/// How much a number glued behind this text looks like a callout.
fn glued(before: &str) -> Option<f32> {
    let last = before.chars().next_back()?;
    let stem = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    if last.is_alphabetic() && is_unspaced(last) {
        return Some(0.5);
    }
    if last.is_alphabetic() {
        let word: String = before.chars().rev().take_while(|c| c.is_alphabetic()).collect();
        let capitals = word.chars().all(char::is_uppercase);
        let count = word.chars().count();
        // `6ckbx1`: a code.
        if before[..before.len() - word.len()].ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        // `G7`, `CO2`, `EU27`: may be a name, may be a callout; the sequence decides.
        return Some(match (capitals, count) {
            (true, 1) => 0.1,
            (true, _) => 0.4,
            (false, 1 | 2) => 0.5,
            _ => 1.0,
        });
    }
    if !matches!(
        last,
        '.' | ',' | ';' | ':' | '!' | '?' | ')' | '”' | '’' | '"' | '»' | '…' | ']' | '\'' | '›' | '“' | '%'
    ) && !UNSPACED_STOPS.contains(&last)
    {
        return None;
    }
    if !stem.ends_with(|c: char| c.is_ascii_digit()) {
        return Some(if stem.is_empty() { 0.6 } else { 1.0 });
    }
    // `in 2014.5`: a year, its full stop, a callout; but `0.5` and `24,500` are numbers.
    let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let separator_is_numeric = before.len() - stem.len() == 1 && matches!(last, '.' | ',' | ':');
    if separator_is_numeric { (digits == 4).then_some(0.3) } else { Some(0.8) }
}

/// Gives each note (its number and its line, in reading order) its callouts: one order-preserving
/// assignment of calls to notes with the greatest total score, then calls that the order of the
/// columns put elsewhere, where no other fits.
pub fn place<'c>(
    calls: &'c [Call],
    notes: &[(u32, usize)],
    eligible: impl Fn(&Call) -> bool,
) -> Vec<Vec<&'c Call>> {
    /// Notes of a call's number that are considered on either side of it.
    const NEAREST: usize = 4;
    let mut notes_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for (note, (number, _)) in notes.iter().enumerate() {
        notes_of.entry(*number).or_default().push(note);
    }
    // best[i]: the best chain whose last note is below i (a Fenwick tree of maxima).
    let mut tree: Vec<(f32, Option<usize>)> = vec![(0.0, None); notes.len() + 1];
    let mut chain: Vec<(usize, usize, Option<usize>)> = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        if !eligible(call) {
            continue;
        }
        let Some(same) = notes_of.get(&call.number) else { continue };
        let next = same.partition_point(|note| notes[*note].1 < call.line);
        let near = &same[next.saturating_sub(NEAREST)..same.len().min(next + NEAREST)];
        for &note in near.iter().rev() {
            let (before, link) = best_below(&tree, note);
            let score = before + call.score;
            chain.push((note, index, link));
            let mut at = note + 1;
            while at < tree.len() {
                if tree[at].0 < score {
                    tree[at] = (score, Some(chain.len() - 1));
                }
                at += at & at.wrapping_neg();
            }
        }
    }
    let mut placed: Vec<Vec<&Call>> = vec![Vec::new(); notes.len()];
    let mut link = best_below(&tree, notes.len()).1;
    let mut used = vec![false; calls.len()];
    while let Some(at) = link {
        let (note, call, before) = chain[at];
        placed[note].push(&calls[call]);
        used[call] = true;
        link = before;
    }
    let mut left: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, call) in calls.iter().enumerate() {
        if !used[index] && call.score >= 0.8 && eligible(call) && notes_of.contains_key(&call.number) {
            left.entry(call.number).or_default().push(index);
        }
    }
    for (note, calls_of_note) in placed.iter_mut().enumerate() {
        if calls_of_note.is_empty()
            && let Some([only]) = left.get(&notes[note].0).map(Vec::as_slice)
        {
            calls_of_note.push(&calls[*only]);
        }
    }
    placed
}

fn best_below(tree: &[(f32, Option<usize>)], note: usize) -> (f32, Option<usize>) {
    let mut best = (0.0, None);
    let mut at = note;
    while at > 0 {
        if tree[at].0 > best.0 {
            best = tree[at];
        }
        at &= at - 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(u32, &str)]) {
        let mut calls = Vec::new();
        scan(0, text, &mut calls);
        let got: Vec<_> =
            calls.iter().filter(|c| c.score >= 0.3).map(|c| (c.number, &text[..c.at])).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn callouts_hang_on_words_and_punctuation() {
        check("cordial relations.1 Critically,", &[(1, "cordial relations.")]);
        check("for Ukraine3 and that", &[(3, "for Ukraine")]);
        check("postwar security,5", &[(5, "postwar security,")]);
        check("“root causes”10 of", &[(10, "“root causes”")]);
        check("in 2014.5 Then", &[(5, "in 2014.")]);
        check("peace[4] and", &[(4, "peace")]);
        check("paix³.", &[(3, "paix")]);
        check("发生了变化。3一些学者", &[(3, "发生了变化。")]);
        check("大きく変化した1。", &[(1, "大きく変化した")]);
        check("大きく変化した(注1)。", &[(1, "大きく変化した")]);
        check("发生了变化（１２）。", &[(12, "发生了变化")]);
        check("发生了变化。②一些", &[(2, "发生了变化。")]);
        check("في السنوات الأخيرة.(٢) ويرى", &[(2, "في السنوات الأخيرة.")]);
    }

    #[test]
    fn numbers_in_the_text_are_none() {
        check("its 1991 borders, 0.5 per cent, Article 5, F-16, 24,500 men, 3.2.1", &[]);
        check("在2019年3月5日，有45人", &[]);
        check("25 | 08 https://a.example/x7 12 February 2025", &[]);
    }
}
