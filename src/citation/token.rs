//! A note as a row of tokens.
//!
//! A quotation, a bracket, a date and a link are one token each. So a comma inside a title or a
//! full stop inside a URL never looks like the end of a field, and the passes that follow can read
//! a citation as a flat sequence.

use std::ops::Range;

use super::cue::{self, Phrases};
use crate::date::{self, FoundDate};
use crate::fold::fold;
use crate::link::{self, FoundLink};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with inner hyphens and apostrophes; an `@handle`.
    Word,
    /// A run of digits that is no date.
    Number,
    /// Index into [`Line::dates`].
    Date(usize),
    /// Index into [`Line::links`].
    Link(usize),
    /// Text between quotation marks, the marks included.
    Quoted,
    /// Text between brackets, the brackets included.
    Group,
    /// Any other sign.
    Mark(char),
}

/// One token and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// White space stands before it.
    pub(super) spaced: bool,
    /// A word folded; empty for everything else.
    pub(super) folded: String,
}

/// A text cut into tokens.
#[derive(Debug)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// Dates outside links, in order, also those inside quotations and brackets.
    pub(super) dates: Vec<FoundDate>,
    /// Links in order, also those inside brackets.
    pub(super) links: Vec<FoundLink>,
}

impl<'t> Line<'t> {
    /// Cuts a text whose links are already known.
    pub(super) fn new(text: &'t str, links: Vec<FoundLink>) -> Self {
        let mut dates = date::find(text);
        dates.retain(|d| {
            let after = links.partition_point(|l| l.range.start < d.range.end);
            after == 0 || links[after - 1].range.end <= d.range.start
        });
        let mut line = Line { text, tokens: Vec::with_capacity(text.len() / 4), dates, links };
        line.cut();
        line
    }

    /// Cuts a text and finds its links.
    pub(super) fn of(text: &'t str) -> Self {
        Line::new(text, link::find(text))
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    /// The text of one token.
    pub(super) fn token(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |t| &self.text[t.range.clone()])
    }

    /// The folded word at a place, or nothing.
    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.folded.as_str())
    }

    pub(super) fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        matches!(self.kind(at), Some(Kind::Mark(c)) if marks.contains(&c))
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word)
    }

    /// White space before the token, or the start of the text.
    pub(super) fn spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|t| t.spaced)
    }

    /// A word that begins with a capital letter.
    pub(super) fn capital(&self, at: usize) -> bool {
        self.is_word(at) && self.token(at).starts_with(char::is_uppercase)
    }

    /// A word that begins with a small letter.
    pub(super) fn small(&self, at: usize) -> bool {
        self.is_word(at) && self.token(at).starts_with(char::is_lowercase)
    }

    /// Bytes from the first token of the range to the end of the last one.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let end = range.end.min(self.len());
        match (self.tokens.get(range.start), end.checked_sub(1)) {
            (Some(first), Some(last)) if range.start <= last => {
                first.range.start..self.tokens[last].range.end
            }
            (Some(first), _) => first.range.start..first.range.start,
            _ => self.text.len()..self.text.len(),
        }
    }

    /// The text from the first token of the range to the end of the last one.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        &self.text[self.span(range)]
    }

    /// Where a phrase of folded words ends, if it stands at `at`. Full stops after its words are
    /// passed over (`op. cit.` is the phrase `op cit`).
    pub(super) fn phrase(&self, at: usize, words: &str) -> Option<usize> {
        // Most words begin with another letter.
        if self.word(at).as_bytes().first() != words.as_bytes().first() {
            return None;
        }
        let (mut at, mut rest) = (at, words);
        loop {
            rest = rest.strip_prefix(self.word(at))?;
            at += 1;
            if rest.is_empty() {
                return Some(at);
            }
            rest = rest.strip_prefix(' ')?;
            if self.is_mark(at, &['.']) {
                at += 1;
            }
        }
    }

    /// The end of the longest of several phrases that stands at `at`.
    pub(super) fn any_phrase(&self, at: usize, phrases: &Phrases) -> Option<usize> {
        let first = self.word(at);
        if first.is_empty() {
            return None;
        }
        phrases.beginning_with(first).iter().filter_map(|words| self.phrase(at, words)).max()
    }

    /// Does a sentence end with the mark at `at`? The full stop of an initial or of an abbreviation
    /// does not end one.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        let Some(Kind::Mark(mark)) = self.kind(at) else { return false };
        if !matches!(mark, '.' | '?' | '!' | '…' | '。') || at + 1 < self.len() && !self.spaced(at + 1) {
            return false;
        }
        if at + 1 == self.len() {
            return true;
        }
        if self.small(at + 1) || self.is_mark(at + 1, &[',', ';', ':', ')', '.']) {
            return false;
        }
        let Some(before) = at.checked_sub(1) else { return false };
        // `im 21. Jahrhundert`
        let ordinal = || {
            self.kind(before) == Some(Kind::Number)
                && before > 0
                && cue::one_of(
                    self.word(before - 1),
                    "im am des dem den der das die vom zum zur seit ins beim",
                )
        };
        if mark == '.' && ordinal() {
            return false;
        }
        if mark != '.' || !self.is_word(before) {
            return true;
        }
        // `J. Smith`, `Frankfurt a. M.`, `Brown v. Board`
        if self.is_initial(before) || self.token(before).len() == 1 {
            return false;
        }
        // `4 Aust. Feminist Law J. 93`
        let after_volume =
            before > 0 && self.kind(before - 1) == Some(Kind::Number) && self.token(before).len() <= 5;
        let before_number = matches!(self.kind(at + 1), Some(Kind::Number | Kind::Date(_)));
        !(after_volume && self.capital(before) || cue::is_abbreviation(self.word(before), before_number))
    }

    /// A full stop with a new beginning after it, even if it also belongs to an initial:
    /// `Wright, A. K. Simple imperative polymorphism`.
    pub(super) fn may_end_sentence(&self, at: usize) -> bool {
        self.is_mark(at, &['.']) && self.spaced(at + 1) && !self.small(at + 1)
    }

    /// `J` of `J. Smith`, `J-L`; also the second letter of `U.S.`
    pub(super) fn is_initial(&self, at: usize) -> bool {
        self.capital(at) && {
            let word = self.token(at);
            let mut chars = word.chars();
            chars.next();
            match chars.next() {
                None => true,
                Some('-' | '‐' | '‑') => {
                    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
                }
                Some(_) => false,
            }
        }
    }

    /// Index of the first date whose bytes lie inside the token.
    pub(super) fn dates_in(&self, at: usize) -> impl Iterator<Item = usize> {
        let range = self.tokens.get(at).map_or(0..0, |t| t.range.clone());
        let first = self.dates.partition_point(|d| d.range.start < range.start);
        (first..self.dates.len()).take_while(move |&d| self.dates[d].range.end <= range.end)
    }

    /// Indexes of the links whose bytes lie inside the token.
    pub(super) fn links_in(&self, at: usize) -> impl Iterator<Item = usize> {
        let range = self.tokens.get(at).map_or(0..0, |t| t.range.clone());
        let first = self.links.partition_point(|l| l.range.start < range.start);
        (first..self.links.len()).take_while(move |&l| self.links[l].range.end <= range.end)
    }

    /// The text inside a quotation or a bracket.
    pub(super) fn inside(&self, at: usize) -> &'t str {
        let text = self.token(at);
        if let Some(inner) = text.strip_prefix("``").and_then(|t| t.strip_suffix("''")) {
            return inner.trim();
        }
        let mut chars = text.chars();
        chars.next();
        chars.next_back();
        chars.as_str().trim()
    }

    fn cut(&mut self) {
        let text = self.text;
        let closers = Closers::of(text);
        let (mut next_date, mut next_link) = (0, 0);
        let mut at = 0;
        let mut spaced = true;
        while let Some(c) = text[at..].chars().next() {
            if c.is_whitespace() || link::is_invisible(c) {
                spaced |= c.is_whitespace();
                at += c.len_utf8();
                continue;
            }
            while self.dates.get(next_date).is_some_and(|d| d.range.start < at) {
                next_date += 1;
            }
            while self.links.get(next_link).is_some_and(|l| l.range.start < at) {
                next_link += 1;
            }
            let link = self.links.get(next_link).filter(|l| l.range.start == at);
            let date = self.dates.get(next_date).filter(|d| d.range.start == at);
            let (kind, end) = if let Some(link) = link {
                (Kind::Link(next_link), link.range.end)
            } else if let Some(date) = date {
                // `2015a`: the letter of author-year styles.
                let mut rest = text[date.range.end..].chars();
                let letter = rest.next().is_some_and(|c| c.is_ascii_lowercase())
                    && !rest.next().is_some_and(char::is_alphanumeric);
                (Kind::Date(next_date), date.range.end + usize::from(letter))
            } else if let Some(end) = self.quotation(at, c) {
                (Kind::Quoted, end)
            } else if let Some(end) = closers.end_of(at).filter(|end| self.is_closed_group(at..*end)) {
                (Kind::Group, end)
            } else if matches!(c, '\'' | '’') && spaced && is_short_year(&text[at + c.len_utf8()..]) {
                (Kind::Word, at + c.len_utf8() + 2)
            } else if matches!(c, '$' | '€' | '£')
                && text[at + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
            {
                (Kind::Word, amount_end(text, at + c.len_utf8()))
            } else if c.is_ascii_digit() {
                let digits = run(text, at, |c| c.is_ascii_digit());
                let end = run(text, digits, char::is_alphabetic);
                (if end > digits { Kind::Word } else { Kind::Number }, end)
            } else if c.is_alphanumeric() || c == '@' && text[at + 1..].starts_with(char::is_alphanumeric) {
                (Kind::Word, word_end(text, at, c == '@'))
            } else {
                (Kind::Mark(c), at + c.len_utf8())
            };
            let end = end.max(at + c.len_utf8());
            let folded = if kind == Kind::Word { fold(&text[at..end]) } else { String::new() };
            self.tokens.push(Token { kind, range: at..end, spaced, folded });
            spaced = false;
            at = end;
        }
    }

    /// A bracket is one token unless it holds a whole citation, which has to be read by itself.
    fn is_closed_group(&self, range: Range<usize>) -> bool {
        let inside = &self.text[range.clone()];
        let mut inner = inside.chars();
        inner.next();
        let inner = inner.as_str().trim_start();
        let points = inner.contains("cit.") || inner.contains("bid.") || inner.ends_with("id.)");
        if points && inner.starts_with(char::is_uppercase) {
            return false;
        }
        let signal = ["see ", "See ", "cf. ", "Cf. ", "vgl. ", "siehe ", "cfr. ", "voir ", "si veda "]
            .iter()
            .any(|s| inner.starts_with(s));
        if signal
            && inside.len() > 20
            && inside.len() < 2000
            && !inner.contains("note ")
            && !inner.contains("n. ")
        {
            return !inside.contains(|c: char| c.is_ascii_digit());
        }
        if inside.len() < 40 || inside.len() > 600 {
            return inside.len() < 40;
        }
        let from = self.links.partition_point(|l| l.range.start < range.start);
        let linked: usize =
            self.links[from..].iter().take_while(|l| l.range.end <= range.end).map(|l| l.range.len()).sum();
        let quoted = inside.contains(['“', '«', '"', '„', '‘']);
        linked == 0 && !(quoted && inside.contains(|c: char| c.is_ascii_digit()))
            || linked + 40 > inside.len() && !quoted
    }

    /// The end of the quotation that opens at `at`.
    fn quotation(&self, at: usize, open: char) -> Option<usize> {
        let text = self.text;
        let before = text[..at].chars().next_back();
        let after = text[at + open.len_utf8()..].chars().next()?;
        let opens = match open {
            '“' | '„' | '‟' | '«' | '‹' | '「' | '『' | '《' => true,
            '»' => !after.is_whitespace(),
            '”' => !after.is_whitespace() && before.is_none_or(char::is_whitespace),
            '"' | '\'' | '‘' | '‚' | '`' | '’' => {
                !after.is_whitespace()
                    && before.is_none_or(|c| {
                        c.is_whitespace() || matches!(c, '(' | '[' | ',' | '—' | '–' | ':' | '/')
                    })
                    && (open != '’' || !after.is_ascii_digit() && !after.is_lowercase())
            }
            _ => false,
        };
        let end = if text[at..].starts_with("``") {
            // As TeX writes it.
            let reach = text[at..].char_indices().take(1200).last().map_or(at, |(n, _)| at + n);
            at + text[at..reach].find("''")? + 2
        } else {
            opens.then(|| closing(text, at, open)).flatten()?
        };
        let next = self.links.partition_point(|l| l.range.start < at);
        self.links.get(next).is_none_or(|l| l.range.start >= end).then_some(end)
    }
}

/// The matching ends of round and square brackets, all at once.
struct Closers(Vec<(usize, usize)>);

impl Closers {
    fn of(text: &str) -> Self {
        let mut open: [Vec<usize>; 4] = Default::default();
        let mut pairs = Vec::new();
        for (at, c) in text.char_indices() {
            let opens = ['(', '[', '<', '（'].iter().position(|o| *o == c);
            let closes = [')', ']', '>', '）'].iter().position(|o| *o == c);
            if let Some(shape) = opens {
                open[shape].push(at);
            } else if let Some(start) = closes.and_then(|shape| open[shape].pop()) {
                pairs.push((start, at + c.len_utf8()));
            }
        }
        pairs.sort_unstable();
        Closers(pairs)
    }

    fn end_of(&self, at: usize) -> Option<usize> {
        self.0.binary_search_by_key(&at, |p| p.0).ok().map(|found| self.0[found].1)
    }
}

/// `’91`
fn is_short_year(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 2 && !rest[2..].starts_with(char::is_alphanumeric)
}

/// `$2.5bn`: the end of the amount, without the full stop of a sentence.
fn amount_end(text: &str, at: usize) -> usize {
    let end = run(text, at, |c| c.is_alphanumeric() || matches!(c, '.' | ','));
    text[..end].trim_end_matches(['.', ',']).len()
}

fn run(text: &str, at: usize, test: impl Fn(char) -> bool) -> usize {
    text[at..].char_indices().find(|(_, c)| !test(*c)).map_or(text.len(), |(n, _)| at + n)
}

fn word_end(text: &str, at: usize, handle: bool) -> usize {
    let mut end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    loop {
        end = run(text, end, |c| {
            c.is_alphanumeric() || link::is_invisible(c) || is_mark_on_letter(c) || handle && c == '_'
        });
        let mut rest = text[end..].chars();
        let joins = rest
            .next()
            .is_some_and(|c| matches!(c, '-' | '‐' | '‑' | '\'' | '’' | 'ʼ' | '·') || handle && c == '.');
        if joins && rest.next().is_some_and(char::is_alphanumeric) {
            end += text[end..].chars().next().map_or(0, char::len_utf8);
        } else {
            return end;
        }
    }
}

/// Accents that stand as characters of their own after their letter.
fn is_mark_on_letter(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The end of a quotation, the closing mark included. Quotations of more than a few hundred
/// characters are a sign that the pair is wrong.
fn closing(text: &str, at: usize, open: char) -> Option<usize> {
    const LONGEST: usize = 1200;
    let closes: &[char] = match open {
        '“' | '‟' | '”' => &['”', '"'],
        '„' => &['“', '”', '"', '‟'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '「' => &['」'],
        '『' => &['』'],
        '《' => &['》'],
        '"' => &['"', '”'],
        '\'' => &['\''],
        '‘' | '’' => &['’'],
        '‚' => &['‘', '’'],
        _ => &['\'', '’', '`'],
    };
    let single = matches!(open, '\'' | '‘' | '’' | '‚' | '`');
    let mut depth = 1;
    let mut fallback = None;
    let from = at + open.len_utf8();
    if open == '“'
        && let Some(end) = around_straight(text, from, LONGEST)
    {
        return Some(end);
    }
    let mut before = open;
    for (offset, c) in text[from..].char_indices() {
        if offset > LONGEST {
            break;
        }
        let here = from + offset;
        let mut rest = text[here + c.len_utf8()..].chars();
        let next = rest.next();
        if closes.contains(&c) && !(c == open && before == open) {
            let inner = next.is_some_and(char::is_alphanumeric);
            // `Women’s`, `Can"t`: inside a word it closes nothing.
            let ends = !(single || c == '"') || !(inner || before.is_whitespace());
            if ends {
                depth -= 1;
                if depth == 0 {
                    // `writers’ rights`: an apostrophe after a plural looks like the end of a
                    // single quotation; a real end has a mark or a capital letter after it.
                    let plural = single
                        && next == Some(' ')
                        && rest.next().is_some_and(char::is_lowercase)
                        && !follows_title(&text[here + c.len_utf8()..]);
                    if !plural {
                        return Some(here + c.len_utf8());
                    }
                    fallback.get_or_insert(here + c.len_utf8());
                    depth = 1;
                }
            }
        } else if c == open
            && (!single || open == '‘' && before.is_whitespace() && next.is_some_and(char::is_alphabetic))
            && c != '"'
        {
            depth += 1;
        }
        before = c;
    }
    fallback
}

/// `“She Says "Enough" Again”`: a pair of straight marks inside curved ones. `from` is behind the first
/// mark; where the closing one ends.
fn around_straight(text: &str, from: usize, longest: usize) -> Option<usize> {
    memchr::memchr(b'"', &text.as_bytes()[from..])?;
    let mut straight = 0;
    for (offset, c) in text[from..].char_indices().take_while(|(offset, _)| *offset <= longest) {
        match c {
            '"' => straight += 1,
            '”' => return (straight == 2).then_some(from + offset + c.len_utf8()),
            '“' => return None,
            _ => {}
        }
    }
    None
}

/// Small words that may come right after the quoted title.
fn follows_title(rest: &str) -> bool {
    let word = rest.split_whitespace().next().unwrap_or_default();
    cue::one_of(word, "in at and dans en on by cit. op. und et e in: available accessed")
}
