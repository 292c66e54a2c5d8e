//! Typst: footnotes, links, citations with their bibliography, and the functions that a document makes
//! of `footnote`.
//!
//! The parser of Typst itself would bring some twenty crates and does not know what functions do
//! either; what is needed of the language is where content, code, strings and comments begin and end.
//!
//! # Known gaps
//! Code is not run: loops and conditions give their content once. Included files are not read.

use std::collections::{HashMap, HashSet};

use super::draft::Draft;
use super::reference::Reference;
use super::{Document, Format, ReadError, Reading, bibtex, decode};
use crate::date;
use crate::place::Lines;

/// Typst.
pub const FORMAT: Format = Format { name: "typst", extensions: &["typ"], is: |_| false, read };

/// No argument list is longer than this, in bytes.
const LONGEST: usize = 20_000;
/// Nor are a name that is defined and the names of its parameters.
const LONGEST_NAMES: usize = 1_000;

fn read(bytes: &[u8], reading: &Reading) -> Result<Document, ReadError> {
    let text = decode::text(bytes)?;
    let mut reader = Reader {
        text: &text,
        places: Lines::of(&text),
        at: 0,
        draft: Draft::default(),
        frames: vec![Frame { kind: Kind::Content, effect: Effect::None }],
        notes: 0,
        last_note: None,
        labels: HashMap::new(),
        english: !text.contains("lang: \"") || text.contains("lang: \"en\""),
        aliases: HashSet::from(["footnote"]),
        lost: 0,
        records: HashMap::new(),
        cited: Vec::new(),
        is_cited: HashSet::new(),
    };
    reader.bibliography(reading);
    reader.face();
    reader.walk();
    Ok(reader.finish())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `[…]`: text with markup.
    Content,
    /// `(…)` or `{…}`: code.
    Code,
    /// Code up to the end of the line.
    Statement,
    /// A statement whose content is printed elsewhere.
    Definition,
    /// What stands before the body of `if`, `for`, `while`.
    Branch,
    /// A heading: text that ends at this byte, or where the brackets that opened in it close.
    Heading(usize),
}

/// What the end of a frame ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    None,
    Note,
    Link,
    /// Brackets that are text.
    Bracket,
    /// The body of a branch; `else` may follow.
    Body,
    Heading,
}

struct Frame {
    kind: Kind,
    effect: Effect,
}

struct Reader<'t> {
    text: &'t str,
    places: Lines<'t>,
    at: usize,
    draft: Draft,
    frames: Vec<Frame>,
    notes: usize,
    /// The key of the note that just ended: a label behind it names it.
    last_note: Option<String>,
    /// The keys of notes by their labels.
    labels: HashMap<&'t str, String>,
    /// The quotation marks are those of English, as long as nothing else is said.
    english: bool,
    /// Functions that make a footnote of their content.
    aliases: HashSet<&'t str>,
    /// Bytes that were looked at for the ends of argument lists that have none.
    lost: usize,
    records: HashMap<String, Reference>,
    cited: Vec<&'t str>,
    is_cited: HashSet<&'t str>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn put(&mut self, text: &str, at: usize) {
        if !self.frames.iter().rev().take(4).any(|frame| frame.kind == Kind::Definition) {
            self.draft.text(text, self.places.at(at));
        }
    }

    fn walk(&mut self) {
        while self.at < self.text.len() {
            let before = self.at;
            match self.frames.last().map(|frame| frame.kind) {
                Some(Kind::Heading(stop)) if self.at >= stop => self.end_heading(),
                Some(Kind::Content | Kind::Heading(_)) => self.content(),
                Some(_) => self.code(),
                None => self.frames.push(Frame { kind: Kind::Content, effect: Effect::None }),
            }
            debug_assert!(self.at > before || self.at == self.text.len() || !self.frames.is_empty());
        }
        while let Some(frame) = self.frames.pop() {
            self.end(frame.effect);
        }
    }

    fn end_heading(&mut self) {
        self.frames.pop();
        self.end(Effect::Heading);
    }

    /// Text that nothing in it has a meaning of its own, then what has one.
    fn content(&mut self) {
        let rest = self.rest();
        let plain = rest
            .find(|c: char| {
                matches!(
                    c,
                    '#' | '['
                        | ']'
                        | '\\'
                        | '/'
                        | '`'
                        | '$'
                        | '*'
                        | '_'
                        | '~'
                        | '-'
                        | '.'
                        | '<'
                        | '@'
                        | '='
                        | 'h'
                        | '"'
                        | '\''
                        | '\n'
                )
            })
            .unwrap_or(rest.len());
        if plain > 0 {
            self.put(&rest[..plain], self.at);
            self.at += plain;
            return;
        }
        let start = self.at;
        let line_start = self.text[..start].trim_end_matches([' ', '\t']).ends_with('\n') || start == 0;
        let starts = |prefix: &str| rest.starts_with(prefix);
        let (shown, length) = match rest.as_bytes()[0] {
            b'#' => return self.hash(),
            b']' => {
                // One that opened before the heading ends it, too.
                if matches!(self.frames.last(), Some(Frame { kind: Kind::Heading(_), .. })) {
                    return self.end_heading();
                }
                self.at += 1;
                if self.frames.len() > 1 {
                    let effect = self.frames.pop().map_or(Effect::None, |frame| frame.effect);
                    self.end(effect);
                    self.follow(effect);
                } else {
                    self.put("]", start);
                }
                return;
            }
            b'[' => {
                // Brackets in a text are balanced.
                self.frames.push(Frame { kind: Kind::Content, effect: Effect::Bracket });
                ("[", 1)
            }
            b'\\' => match rest[1..].chars().next() {
                Some(c) if c.is_whitespace() => (" ", 1),
                Some('u') if starts("\\u{") => {
                    ("", rest.bytes().take(12).position(|b| b == b'}').map_or(1, |end| end + 1))
                }
                Some(c) => (&rest[1..=c.len_utf8()], 1 + c.len_utf8()),
                None => ("", 1),
            },
            b'/' if starts("//") || starts("/*") => ("", comment(rest)),
            b'`' => return self.raw(),
            b'$' => {
                let end = rest[1..].find('$').map_or(rest.len(), |end| end + 1);
                (&rest[1..end], (end + 1).min(rest.len()))
            }
            b'*' | b'_' => {
                let inside = self.text[..start].ends_with(char::is_alphanumeric)
                    && rest[1..].starts_with(char::is_alphanumeric);
                (if inside { &rest[..1] } else { "" }, 1)
            }
            b'"' | b'\'' => (self.quote(start), 1),
            b'~' => ("\u{A0}", 1),
            b'-' if starts("---") => ("—", 3),
            b'-' if starts("--") => ("–", 2),
            b'-' if starts("-?") => ("", 2),
            b'.' if starts("...") => ("…", 3),
            b'<' => match label(rest) {
                Some(name) => {
                    if let Some(key) = self.last_note.take() {
                        self.labels.insert(name, key);
                    }
                    ("", name.len() + 2)
                }
                None => ("<", 1),
            },
            b'@' => return self.reference(),
            b'=' if line_start && rest.trim_start_matches('=').starts_with(' ') => return self.heading(),
            b'h' if starts("http://") || starts("https://") => {
                let length = rest.find(|c: char| {
                    c.is_whitespace() || "\"<>`{}|\\^[]()".contains(c) && !"()[]".contains(c)
                });
                let url = balanced(&rest[..length.unwrap_or(rest.len())]);
                (url, url.len())
            }
            b'\n' => {
                let blank = rest[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
                (if blank { "\n" } else { " " }, 1)
            }
            _ => {
                let c = rest.chars().next().map_or(1, char::len_utf8);
                (&rest[..c], c)
            }
        };
        if !shown.trim().is_empty() {
            self.last_note = None;
        }
        self.put(shown, start);
        self.at += length;
    }

    /// Quotation marks as they are printed: Typst turns them by what stands before them.
    fn quote(&self, at: usize) -> &'t str {
        let typed = &self.text[at..=at];
        if !self.english {
            return typed;
        }
        let before = self.text[..at].chars().next_back();
        let opens = before.is_none_or(|c| c.is_whitespace() || "([{<-–—/“‘«".contains(c));
        match (typed, opens) {
            ("\"", true) => "“",
            ("\"", false) => "”",
            (_, true) => "‘",
            (_, false) => "’",
        }
    }

    fn heading(&mut self) {
        let rest = self.rest();
        let level = rest.len() - rest.trim_start_matches('=').len();
        let stop = self.at + rest.find('\n').unwrap_or(rest.len());
        self.at += level;
        self.draft.open_heading(level.min(9) as u8);
        self.frames.push(Frame { kind: Kind::Heading(stop), effect: Effect::Heading });
    }

    fn raw(&mut self) {
        let rest = self.rest();
        let marks = rest.bytes().take_while(|b| *b == b'`').count();
        let fence = &rest[..marks];
        let start = self.at;
        if marks == 2 {
            self.at += 2;
            return;
        }
        let end = rest[marks..].find(fence).map_or(rest.len(), |end| marks + end);
        if marks < 3 || self.draft.in_note() {
            self.put(&rest[marks..end].replace('\n', " "), start + marks);
        }
        self.at += (end + marks).min(rest.len());
    }

    /// `@key`, which may have content behind it: a note named by its label, or a source.
    fn reference(&mut self) {
        let start = self.at;
        let name = self.rest()[1..]
            .split(|c: char| !is_word(c) && !matches!(c, ':' | '.'))
            .next()
            .unwrap_or_default();
        let name = name.trim_end_matches(['.', ':']);
        let before = self.text[..start].chars().next_back();
        if name.is_empty() || before.is_some_and(char::is_alphanumeric) {
            self.put("@", start);
            self.at += 1;
            return;
        }
        self.at += 1 + name.len();
        self.cite(name, start);
        if self.rest().starts_with('[') {
            self.put(", ", self.at);
            self.at += 1;
            self.frames.push(Frame { kind: Kind::Content, effect: Effect::None });
        }
    }

    fn cite(&mut self, name: &'t str, at: usize) {
        let place = self.places.at(at);
        if let Some(record) = self.records.get(name) {
            if self.draft.in_note() {
                self.draft.open_given();
                self.draft.text(&record.short(), place);
                self.draft.close_given(record.citation());
            } else {
                self.draft.call(format!("cite {name}"), place);
                if self.is_cited.insert(name) {
                    self.cited.push(name);
                }
            }
        } else {
            // Notes and figures may stand behind their references.
            self.draft.call(format!("label {name}"), place);
        }
    }

    /// Code in a text: `#name(…)[…]`, `#{…}`, `#let …`.
    fn hash(&mut self) {
        self.at += 1;
        let rest = self.rest();
        match rest.chars().next() {
            Some('[') => {
                self.at += 1;
                self.frames.push(Frame { kind: Kind::Content, effect: Effect::None });
            }
            Some('{' | '(') => {
                self.at += 1;
                self.frames.push(Frame { kind: Kind::Code, effect: Effect::None });
            }
            Some('"') => {
                let (text, length) = string(rest);
                self.put(&text, self.at);
                self.at += length;
            }
            Some(c) if c.is_alphabetic() || c == '_' => self.name(true),
            _ => {}
        }
    }

    /// A name in code: a keyword, a call, or neither.
    fn name(&mut self, in_content: bool) {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c: char| !is_word(c) && c != '.').unwrap_or(rest.len());
        let name = rest[..length].trim_end_matches('.');
        let name = &rest[..name.len().max(1)];
        self.at += name.len();
        match name {
            "let" => self.definition(),
            "if" | "else" | "for" | "while" => {
                self.frames.push(Frame { kind: Kind::Branch, effect: Effect::None });
            }
            "set" | "show" | "import" | "include" | "return" | "context" if in_content => {
                self.frames.push(Frame { kind: Kind::Statement, effect: Effect::None });
            }
            "set" | "show" | "import" | "include" | "return" | "context" => {}
            _ if self.aliases.contains(name) => self.footnote(start),
            "link" if self.rest().starts_with('(') => self.link(start),
            "cite" => {
                if let Some(key) = self.rest().strip_prefix('(').map(str::trim_start).and_then(label) {
                    self.cite(key, start);
                }
                self.arguments();
            }
            _ => self.arguments(),
        }
    }

    /// `let name = footnote`, `let name(body) = footnote(body)`: another name of it. All else that is
    /// defined is printed where it is used.
    fn definition(&mut self) {
        let rest = self.rest().trim_start();
        let name = &rest[..rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())];
        let head = &rest[..rest.floor_char_boundary(LONGEST_NAMES)];
        let line = head.split('\n').next().unwrap_or_default();
        let value = line.split_once('=').map_or("", |(_, value)| value.trim_start());
        let value = value.trim_start_matches(['{', '[', '#', ' ']);
        let makes = &value[..value.find(|c: char| !is_word(c)).unwrap_or(value.len())];
        if self.aliases.contains(makes) && !name.is_empty() {
            self.aliases.insert(name);
        }
        self.frames.push(Frame { kind: Kind::Definition, effect: Effect::None });
    }

    /// Argument lists and content that follow a call.
    fn arguments(&mut self) {
        let kind = match self.rest().bytes().next() {
            Some(b'(') => Kind::Code,
            Some(b'[') => Kind::Content,
            _ => return,
        };
        self.at += 1;
        self.frames.push(Frame { kind, effect: Effect::None });
    }

    /// The argument list at hand, without its brackets; behind it goes the reading on.
    fn list(&mut self) -> &'t str {
        let rest = self.rest();
        if !rest.starts_with('(') {
            return "";
        }
        let mut depth = 0_usize;
        let mut at = 0;
        let bytes = rest.as_bytes();
        let longest = if self.lost > self.text.len() * 20 { 0 } else { LONGEST };
        while at < bytes.len().min(longest) {
            match bytes[at] {
                b'"' => at += string(&rest[at..rest.floor_char_boundary(LONGEST)]).1 - 1,
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                b'\\' => at += 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                self.at += at;
                return &rest[1..at - 1];
            }
        }
        self.lost += at;
        self.at += 1;
        ""
    }

    fn footnote(&mut self, start: usize) {
        let place = self.places.at(start);
        let mut around = self.frames.iter().rev().take(100);
        let defined = around.any(|frame| frame.kind == Kind::Definition);
        let from = self.at + 1;
        let list = self.list();
        if defined {
            return self.arguments();
        }
        if let Some(name) = label(list.trim_start()) {
            self.draft.call(format!("label {name}"), place);
            return;
        }
        self.notes += 1;
        let key = format!("note {}", self.notes);
        let inside = list.find(['[', '"']).map(|at| from + at);
        let inside = inside.filter(|_| !self.rest().starts_with('['));
        if inside.is_none() && !self.rest().starts_with('[') {
            return;
        }
        self.draft.call(key.as_str(), place);
        self.draft.open_note(key, None, place);
        if let Some(at) = inside.filter(|at| self.text[*at..].starts_with('"')) {
            // A text in quotation marks.
            let (text, _) = string(&self.text[at..]);
            self.draft.text(&text, self.places.at(at));
            self.end(Effect::Note);
            return;
        }
        // Content among the arguments is read where it stands, and what is left of the list behind it.
        if let Some(at) = inside {
            self.at = at;
            self.frames.push(Frame { kind: Kind::Code, effect: Effect::None });
        }
        self.at += 1;
        self.frames.push(Frame { kind: Kind::Content, effect: Effect::Note });
    }

    fn link(&mut self, start: usize) {
        let from = self.at + 1;
        let list = self.list();
        let behind = self.at;
        let trimmed = list.trim_start();
        if !trimmed.starts_with('"') {
            // To a label or a place; what it shows is text.
            self.at = from - 1;
            return self.arguments();
        }
        let (target, length) = string(trimmed);
        let target_end = from + list.len() - trimmed.len() + length;
        let more = &self.text[target_end..from + list.len()];
        let place = self.places.at(start);
        let shown = target.strip_prefix("mailto:").unwrap_or(&target).to_owned();
        self.draft.open_link(target, place);
        if self.rest().starts_with('[') {
            self.at += 1;
            self.frames.push(Frame { kind: Kind::Content, effect: Effect::Link });
        } else if let Some(open) = more.find('[') {
            self.at = target_end + open + 1;
            self.frames.push(Frame { kind: Kind::Code, effect: Effect::None });
            self.frames.push(Frame { kind: Kind::Content, effect: Effect::Link });
        } else {
            let text = more.find('"').map(|at| string(&more[at..]).0);
            self.put(text.as_deref().unwrap_or(&shown), start);
            self.draft.close_link();
            self.at = behind;
        }
    }

    /// Code: only what holds text, or ends it, is of interest.
    fn code(&mut self) {
        let rest = self.rest();
        let kind = self.frames.last().map_or(Kind::Code, |frame| frame.kind);
        let statement = matches!(kind, Kind::Statement | Kind::Definition | Kind::Branch);
        let c = rest.chars().next().unwrap_or(' ');
        match c {
            '"' => self.at += string(rest).1,
            '/' if rest.starts_with("//") || rest.starts_with("/*") => self.at += comment(rest),
            '[' | '{' if kind == Kind::Branch => {
                self.at += 1;
                self.frames.pop();
                let kind = if c == '[' { Kind::Content } else { Kind::Code };
                self.frames.push(Frame { kind, effect: Effect::Body });
            }
            '[' => {
                self.at += 1;
                self.frames.push(Frame { kind: Kind::Content, effect: Effect::None });
            }
            '(' | '{' => {
                self.at += 1;
                self.frames.push(Frame { kind: Kind::Code, effect: Effect::None });
            }
            ')' | '}' | ']' if !statement => {
                self.at += 1;
                let effect = self.frames.pop().map_or(Effect::None, |frame| frame.effect);
                self.follow(effect);
            }
            // The block around a statement ends it, too.
            ')' | '}' | ']' | '\n' if statement => {
                self.frames.pop();
            }
            ';' if statement => {
                self.at += 1;
                self.frames.pop();
            }
            '`' => self.raw(),
            _ if c.is_alphabetic() || c == '_' => self.name(false),
            _ => self.at += c.len_utf8(),
        }
    }

    /// What may stand behind a bracket that closed.
    fn follow(&mut self, effect: Effect) {
        match effect {
            Effect::Bracket => {}
            Effect::Body => {
                let rest = self.rest();
                let behind = rest.trim_start();
                if behind.strip_prefix("else").is_some_and(|rest| !rest.starts_with(is_word)) {
                    self.at += rest.len() - behind.len() + "else".len();
                    self.frames.push(Frame { kind: Kind::Branch, effect: Effect::None });
                }
            }
            _ => self.arguments(),
        }
    }

    fn end(&mut self, effect: Effect) {
        match effect {
            Effect::None | Effect::Body => {}
            Effect::Heading => self.draft.close_heading(self.places.at(self.at)),
            Effect::Bracket => self.put("]", self.at - 1),
            Effect::Link => self.draft.close_link(),
            Effect::Note => {
                self.draft.close_note();
                self.last_note = Some(format!("note {}", self.notes));
            }
        }
    }

    /// `#bibliography("sources.bib")`, wherever it stands.
    fn bibliography(&mut self, reading: &Reading) {
        for (at, _) in self.text.match_indices("#bibliography(") {
            let list = &self.text[at..self.text.floor_char_boundary(at + LONGEST_NAMES)];
            let list = &list[..list.find(')').unwrap_or(0)];
            let mut from = 0;
            while let Some(open) = list[from..].find('"').map(|open| from + open) {
                let (name, length) = string(&list[open..]);
                from = open + length;
                let bib = std::path::Path::new(&name).extension().is_some_and(|ending| ending == "bib");
                let bytes = if bib { reading.beside(&name) } else { None };
                match bytes.and_then(|bytes| Some(decode::decode(&bytes).ok()?.into_owned())) {
                    Some(text) => {
                        let records = bibtex::records(&name, &text).into_iter();
                        self.records.extend(records.map(|record| (record.key.clone(), record)));
                    }
                    None if bib => {
                        let warning = format!("{name} is named and cannot be found; it is not read");
                        self.draft.document.warnings.push(warning);
                    }
                    None => {}
                }
            }
        }
    }

    /// `#set document(title: "…", author: "…", date: datetime(…))`.
    fn face(&mut self) {
        let Some(at) = self.text.find("set document(") else { return };
        let list = &self.text[at..];
        let list = &list[..list.find("\n\n").unwrap_or(list.len()).min(list.floor_char_boundary(LONGEST))];
        let value = |name: &str| list.split_once(&format!("{name}:")).map(|(_, value)| value.trim_start());
        let document = &mut self.draft.document;
        document.title = value("title").map(|title| title.trim_start_matches('[')).and_then(|title| {
            match title.chars().next()? {
                '"' => Some(string(title).0),
                _ => title.split(']').next().map(str::to_owned),
            }
        });
        if let Some(names) = value("author") {
            let several = names.starts_with('(');
            let mut names = names.trim_start_matches('(').trim_start();
            while names.starts_with('"') {
                let (name, length) = string(names);
                document.authors.push(name);
                names = names[length..].trim_start();
                names = names.strip_prefix(',').filter(|_| several).unwrap_or("").trim_start();
            }
        }
        if let Some(day) = value("date") {
            let number = |name: &str| {
                let value = day.split(')').next()?.split_once(&format!("{name}:"))?.1.trim_start();
                value[..value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len())].parse::<i16>().ok()
            };
            let small = |name| number(name).and_then(|n| u8::try_from(n).ok());
            document.date = match (number("year"), small("month"), small("day")) {
                (Some(year), Some(month), Some(day)) => date::PartialDate::ymd(year, month, day),
                _ => None,
            };
        }
    }

    fn finish(mut self) -> Document {
        for name in std::mem::take(&mut self.cited) {
            if let Some(record) = self.records.get(name) {
                record.entry(&mut self.draft, format!("cite {name}"));
            }
        }
        let labels = self.labels.into_iter().map(|(name, key)| (format!("label {name}"), key));
        self.draft.rename_calls(&labels.collect());
        let mut document = self.draft.finish();
        // Labels mostly name figures and sections.
        document.orphans.clear();
        document
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// `<name>`
fn label(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| !is_word(c) && !matches!(c, ':' | '.'))?;
    (end > 0 && name[end..].starts_with('>')).then(|| &name[..end])
}

/// A string in code, its escapes undone, and its length with the quotation marks.
fn string(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (text, at + 1),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, c)) => text.push(c),
                None => {}
            },
            c => text.push(c),
        }
    }
    (text, rest.len())
}

/// Length of a comment; `/* … */` may be nested.
fn comment(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// An address as far as its brackets are balanced.
fn balanced(url: &str) -> &str {
    let mut open: Vec<char> = Vec::new();
    for (at, c) in url.char_indices() {
        match c {
            '(' | '[' => open.push(c),
            ')' | ']' if open.pop() != Some(if c == ')' { '(' } else { '[' }) => return &url[..at],
            _ => {}
        }
    }
    url
}
