//! LaTeX as a stream of tokens, out of files, arguments and the bodies of macros.
//!
//! A macro is expanded by stacking its body and its arguments as stretches of the text that they were
//! written in. So nothing is copied, an argument keeps its own place in the file, and what the body
//! adds has the place of the call.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::place::{Lines, Place};

/// A file of the document.
pub(super) struct Source<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t str,
    pub(super) lines: Lines<'t>,
}

/// Where a stretch of text counts its places.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// In the file of this index.
    File(usize),
    /// At the call of a macro.
    Call(Place),
}

/// A stretch of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'t> {
    /// The whole text that it is part of.
    text: &'t str,
    from: usize,
    to: usize,
    origin: Origin,
}

impl<'t> Stretch<'t> {
    pub(super) fn of_file(index: usize, text: &'t str) -> Self {
        Stretch { text, from: 0, to: text.len(), origin: Origin::File(index) }
    }

    pub(super) fn text(&self) -> &'t str {
        &self.text[self.from..self.to]
    }

    /// The part from `from` to `to`, counted from the start of the stretch.
    pub(super) fn part(&self, from: usize, to: usize) -> Self {
        Stretch { from: self.from + from, to: self.from + to, ..*self }
    }

    /// The same text, placed at the call of a macro.
    pub(super) fn called_at(self, place: Place) -> Self {
        Stretch { origin: Origin::Call(place), ..self }
    }
}

/// An argument: mostly one stretch, several where a macro puts its own arguments into it.
#[derive(Debug, Clone)]
pub(super) struct Argument<'t>(Vec<Stretch<'t>>);

impl<'t> Argument<'t> {
    pub(super) fn text(&self) -> Cow<'t, str> {
        match self.0.as_slice() {
            [one] => Cow::Borrowed(one.text()),
            several => Cow::Owned(several.iter().map(Stretch::text).collect()),
        }
    }

    /// A name that the document spells out; one that a macro puts together is not looked for.
    pub(super) fn name(&self) -> &'t str {
        match self.0.as_slice() {
            [one] => one.text().trim(),
            _ => "",
        }
    }

    pub(super) fn of(stretch: Stretch<'t>) -> Self {
        Argument(vec![stretch])
    }

    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch<'t>> {
        self.0.iter().copied()
    }

    /// The stretch that the text is, if it is one.
    pub(super) fn stretch(&self) -> Option<Stretch<'t>> {
        if let [one] = self.0.as_slice() { Some(*one) } else { None }
    }
}

/// What LaTeX text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `\name` or `\` and one other character.
    Command(&'t str),
    Open,
    Close,
    /// Characters without a meaning of their own.
    Text(&'t str),
    /// White space.
    Space,
    /// An empty line.
    Paragraph,
    /// `~`
    Tie,
    /// `$` or `$$`
    Math(&'t str),
    /// `&`
    Align,
}

/// The place of a token, told when asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    origin: Origin,
    at: usize,
}

/// The text that is still to be read, the next of it on top.
pub(super) struct Input<'t> {
    sources: &'t [Source<'t>],
    stack: Vec<Stretch<'t>>,
    /// Work done for macros and arguments, in bytes.
    pub(super) spent: usize,
    /// More work than this is done by macros that call themselves, or to that end.
    most: usize,
    /// Files that were read, or are.
    included: HashSet<usize>,
    /// Marks that do not come in what is left of a stretch: where it ends, the mark, from
    /// where on.
    absent: HashMap<(usize, &'static str), usize>,
    /// `@` is a letter, as in packages.
    pub(super) at_is_letter: bool,
}

impl<'t> Input<'t> {
    /// The work that the macros of the shortest document may do, and more for each byte of it.
    const LEAST_MOST: usize = 300_000;
    const MORE: usize = 20;
    /// More stretches than this are never stacked by honest macros.
    const DEEPEST: usize = 5_000;

    pub(super) fn new(sources: &'t [Source<'t>]) -> Self {
        let length: usize = sources.iter().map(|source| source.text.len()).sum();
        let most = Self::LEAST_MOST + length * Self::MORE;
        let (included, absent) = (HashSet::new(), HashMap::new());
        Input { sources, stack: Vec::new(), spent: 0, most, included, absent, at_is_letter: false }
    }

    /// What is read is a title or a label, in which nobody defines macros.
    pub(super) fn expect_little(&mut self) {
        self.most -= Self::LEAST_MOST - 1_000;
    }

    /// Reads the file of this index next, unless it is being read. One that is read again and again may
    /// include others in its turn, so that each level doubles what there is to read.
    pub(super) fn include(&mut self, index: usize) {
        let open = |stretch: &Stretch| matches!(stretch.origin, Origin::File(open) if open == index);
        if self.exhausted() || self.stack.iter().any(open) {
            return;
        }
        let text = self.sources[index].text;
        if !self.included.insert(index) {
            self.spent += text.len();
        }
        self.push(Stretch::of_file(index, text));
    }

    /// Reads a stretch next.
    pub(super) fn push(&mut self, stretch: Stretch<'t>) {
        self.settle();
        self.spent +=
            1 + if matches!(stretch.origin, Origin::Call(_)) { stretch.to - stretch.from } else { 0 };
        if stretch.from < stretch.to {
            self.stack.push(stretch);
        }
        if self.stack.len() > Self::DEEPEST {
            // Once is enough: what is stacked is still read, but expands no more.
            self.spent = self.most + 1;
        }
    }

    /// Reads an argument next.
    pub(super) fn push_argument(&mut self, argument: &Argument<'t>) {
        argument.0.iter().rev().for_each(|stretch| self.push(*stretch));
    }

    /// Have macros done more than they can need?
    pub(super) fn exhausted(&self) -> bool {
        self.spent > self.most
    }

    /// Reads no further.
    pub(super) fn stop(&mut self) {
        self.stack.clear();
    }

    pub(super) fn place(&self, spot: Spot) -> Place {
        match spot.origin {
            Origin::File(index) => self.sources[index].lines.at(spot.at),
            Origin::Call(place) => place,
        }
    }

    /// Takes stretches off that are read to their end.
    fn settle(&mut self) {
        while self.stack.last().is_some_and(|top| top.from >= top.to) {
            self.stack.pop();
        }
    }

    fn top(&mut self) -> Option<&mut Stretch<'t>> {
        self.settle();
        self.stack.last_mut()
    }

    /// What is left of the stretch on top.
    pub(super) fn rest(&mut self) -> &'t str {
        self.top().map_or("", |top| top.text())
    }

    /// Where a mark stands in what is left of the stretch on top. That there is none is remembered.
    pub(super) fn find(&mut self, mark: &'static str) -> Option<usize> {
        let rest = self.rest();
        let from = rest.as_ptr() as usize;
        let absent = self.absent.get(&(from + rest.len(), mark));
        if absent.is_some_and(|absent| *absent <= from) {
            return None;
        }
        let found = rest.find(mark);
        if found.is_none() {
            self.absent.insert((from + rest.len(), mark), from);
        }
        found
    }

    /// Leaves out so many bytes of the stretch on top.
    pub(super) fn skip(&mut self, bytes: usize) {
        if let Some(top) = self.top() {
            top.from = (top.from + bytes).min(top.to);
        }
    }

    pub(super) fn spot(&mut self) -> Spot {
        self.top().map_or(Spot { origin: Origin::Call(Place::default()), at: 0 }, |top| Spot {
            origin: top.origin,
            at: top.from,
        })
    }

    pub(super) fn next(&mut self) -> Option<(Token<'t>, Spot)> {
        loop {
            let spot = self.spot();
            let rest = self.rest();
            let first = rest.chars().next()?;
            let (token, len) = match first {
                '\\' => {
                    let name = command_name(&rest[1..], self.at_is_letter);
                    (Token::Command(name), 1 + name.len())
                }
                '{' => (Token::Open, 1),
                '}' => (Token::Close, 1),
                '~' => (Token::Tie, 1),
                '&' => (Token::Align, 1),
                '$' => {
                    let marks = if rest.starts_with("$$") { "$$" } else { "$" };
                    (Token::Math(marks), marks.len())
                }
                '%' => {
                    let len = comment(rest);
                    self.skip(len);
                    continue;
                }
                c if c.is_whitespace() => white(rest),
                _ => {
                    let end = rest.find(|c: char| {
                        matches!(c, '\\' | '{' | '}' | '~' | '&' | '$' | '%') || c.is_whitespace()
                    });
                    let text = &rest[..end.unwrap_or(rest.len())];
                    (Token::Text(text), text.len())
                }
            };
            self.skip(len);
            return Some((token, spot));
        }
    }

    /// White space and comments before an argument, but no empty line.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            match rest.chars().next() {
                Some('%') => self.skip(comment(rest)),
                Some(c) if c.is_whitespace() => match white(rest) {
                    (Token::Space, len) => self.skip(len),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// The star of a starred command.
    pub(super) fn star(&mut self) -> bool {
        let starred = self.rest().starts_with('*');
        if starred {
            self.skip(1);
        }
        starred
    }

    /// An opening brace, if an argument in braces follows.
    pub(super) fn open(&mut self) -> bool {
        self.skip_space();
        let opens = self.rest().starts_with('{');
        if opens {
            self.skip(1);
        }
        opens
    }

    /// `[…]`, if it follows.
    pub(super) fn optional(&mut self) -> Option<Argument<'t>> {
        self.skip_space();
        if !self.rest().starts_with('[') {
            return None;
        }
        self.delimited('[', ']', false)
    }

    /// `{…}`, else one command or character.
    pub(super) fn argument(&mut self) -> Option<Argument<'t>> {
        self.skip_space();
        let rest = self.rest();
        let first = rest.chars().next()?;
        let len = match first {
            '{' => return self.delimited('{', '}', false),
            '}' => return None,
            '\\' => 1 + command_name(&rest[1..], self.at_is_letter).len(),
            c => c.len_utf8(),
        };
        let top = self.top()?;
        let argument = Stretch { to: top.from + len, ..*top };
        self.skip(len);
        Some(Argument::of(argument))
    }

    /// An address in braces, or between two of the same character; `%` is a character of it.
    pub(super) fn address(&mut self) -> Option<Argument<'t>> {
        self.skip_space();
        match self.rest().chars().next()? {
            '{' => self.delimited('{', '}', true),
            c if c.is_ascii_punctuation() && !matches!(c, '}' | '\\') => self.delimited(c, c, true),
            _ => self.argument(),
        }
    }

    /// What stands between two delimiters, braces balanced. Without an end, nothing.
    fn delimited(&mut self, open: char, close: char, raw: bool) -> Option<Argument<'t>> {
        if self.exhausted() {
            return None;
        }
        self.settle();
        let mut parts: Vec<Stretch<'t>> = Vec::new();
        let mut depth = 0_usize;
        let mut skip = open.len_utf8();
        // The argument may go on where a stretch ends: in the one below it.
        for level in (0..self.stack.len()).rev() {
            let stretch = self.stack[level];
            let text = stretch.text();
            let bytes = text.as_bytes();
            let mut at = skip;
            while at < bytes.len() {
                match bytes[at] {
                    b'\\' => at += 1,
                    b'%' if !raw => at += comment(&text[at..]) - 1,
                    c if depth == 0 && c == close as u8 => {
                        parts.push(stretch.part(skip, at));
                        self.spent += at;
                        self.stack.truncate(level + 1);
                        self.skip(at + 1);
                        return Some(Argument(parts));
                    }
                    b'{' => depth += 1,
                    b'}' if depth == 0 => {
                        self.spent += at;
                        return None;
                    }
                    b'}' => depth -= 1,
                    _ => {}
                }
                at += 1;
            }
            self.spent += bytes.len();
            parts.push(stretch.part(skip, bytes.len()));
            skip = 0;
        }
        None
    }
}

/// The name of the command behind a backslash: letters, or one other character.
fn command_name(rest: &str, at_is_letter: bool) -> &str {
    let letters =
        rest.find(|c: char| !(c.is_ascii_alphabetic() || at_is_letter && c == '@')).unwrap_or(rest.len());
    if letters > 0 { &rest[..letters] } else { &rest[..rest.chars().next().map_or(0, char::len_utf8)] }
}

/// Length of a comment with the end of its line and the white space at the start of the next.
fn comment(rest: &str) -> usize {
    let Some(end) = rest.find('\n') else { return rest.len() };
    let next = &rest[end + 1..];
    let white = next.len() - next.trim_start_matches([' ', '\t']).len();
    end + 1 + white
}

/// White space: its meaning and its length. Comments inside it belong to it.
fn white(rest: &str) -> (Token<'static>, usize) {
    let mut lines = 0;
    let mut at = 0;
    while let Some(c) = rest[at..].chars().next() {
        match c {
            '\n' => {
                lines += 1;
                at += 1;
            }
            '%' if lines > 0 => {
                at += comment(&rest[at..]);
                lines = lines.max(1);
            }
            c if c.is_whitespace() => at += c.len_utf8(),
            _ => break,
        }
    }
    (if lines > 1 { Token::Paragraph } else { Token::Space }, at)
}
