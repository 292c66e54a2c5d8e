//! From the tokens of LaTeX to a draft.

use std::collections::{HashMap, HashSet};

use super::Document;
use super::command::{self, Effect};
use super::input::{Input, Source, Spot, Token};
use super::macros::Macro;
use super::number::Numbers;
use super::symbols;
use crate::date;
use crate::document::draft::Draft;
use crate::document::reference::Reference;

/// What braces or an environment enclose.
pub(super) enum Group<'t> {
    Plain,
    Note,
    Link,
    Heading,
    /// Ends with this quotation mark.
    Quote(&'static str),
    /// Printed nowhere, or not as text.
    Hidden,
    /// The title, the authors or the date; where it starts, and what was hidden before.
    Front(Front, usize, usize),
    Environment(&'t str),
}

/// What a document says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    Title,
    Author,
    Date,
}

/// Between two authors, and before what stands under a name.
pub(super) const NEXT_AUTHOR: &str = "\u{1F}";
const UNDER_NAME: &str = "\u{1E}";

/// What labels stand for: a note's number and key, or the number of a section.
pub(super) type Labels = HashMap<String, (String, Option<String>)>;

pub(super) struct Walker<'t> {
    pub(super) input: Input<'t>,
    pub(super) sources: &'t [Source<'t>],
    pub(super) draft: Draft,
    pub(super) macros: HashMap<&'t str, Macro<'t>>,
    pub(super) aliases: HashMap<&'t str, &'t str>,
    groups: Vec<Group<'t>>,
    /// How many environments of each name are open.
    environments: HashMap<&'t str, usize>,
    /// While it is not 0, nothing is printed.
    pub(super) hidden: usize,
    pub(super) numbers: Numbers,
    pub(super) language: &'t str,
    quotes: usize,
    /// Labels that this reading has passed, and those that an earlier one found.
    pub(super) labels: Labels,
    pub(super) known: &'t Labels,
    /// A reference to a label behind it was passed.
    pub(super) unresolved: bool,
    /// Texts saved with `\SaveVerb`.
    pub(super) saved: HashMap<&'t str, &'t str>,
    pub(super) records: &'t HashMap<String, Reference>,
    /// Records cited in the body, in their order.
    pub(super) cited: Vec<String>,
    pub(super) is_cited: HashSet<String>,
    /// An entry of `thebibliography` or of the notes to a table is being read.
    pub(super) entry_open: bool,
    /// The label and key of the note being read.
    note: Vec<(String, String)>,
    /// Citations are notes, as in the verbose styles of biblatex.
    pub(super) verbose: bool,
    /// How many other walkers wait for this one to read a label or the like.
    pub(super) depth: usize,
    /// Packages that were read.
    pub(super) packages: HashSet<usize>,
    /// Packages that this one asks for, if it reads one itself.
    pub(super) wanted: Option<Vec<usize>>,
}

impl<'t> Walker<'t> {
    pub(super) fn new(
        sources: &'t [Source<'t>],
        records: &'t HashMap<String, Reference>,
        known: &'t Labels,
    ) -> Self {
        let mut input = Input::new(sources);
        let mut hidden = 0;
        if let Some(main) = sources.first() {
            input.include(0);
            // A chapter alone has no preamble.
            let begins = |line: &str| {
                line.find("\\begin{document}").is_some_and(|at| !line[..at].trim_start().starts_with('%'))
            };
            hidden = usize::from(main.text.lines().any(begins));
        }
        Walker {
            input,
            sources,
            draft: Draft::default(),
            macros: HashMap::new(),
            aliases: HashMap::new(),
            groups: Vec::new(),
            environments: HashMap::new(),
            hidden,
            numbers: Numbers::default(),
            language: "",
            quotes: 0,
            labels: Labels::new(),
            known,
            unresolved: false,
            saved: HashMap::new(),
            records,
            cited: Vec::new(),
            is_cited: HashSet::new(),
            entry_open: false,
            note: Vec::new(),
            verbose: false,
            depth: 0,
            packages: HashSet::new(),
            wanted: None,
        }
    }

    /// Reads to the end.
    pub(super) fn walk(&mut self) {
        while let Some((token, spot)) = self.input.next() {
            match token {
                Token::Text(text) => {
                    self.text(&symbols::ligatures(text, self.language.contains("german")), spot);
                }
                Token::Space => self.text(" ", spot),
                Token::Tie => self.text("\u{A0}", spot),
                Token::Align => self.text(" ", spot),
                Token::Paragraph => self.text("\n", spot),
                Token::Open => self.groups.push(Group::Plain),
                Token::Close => {
                    // An environment ends with its own command only.
                    if !matches!(self.groups.last(), None | Some(Group::Environment(_))) {
                        self.close(spot);
                    }
                }
                Token::Math(marks) => self.math(marks, spot),
                Token::Command(name) => self.command(name, spot),
            }
        }
        let end = self.input.spot();
        while !self.groups.is_empty() {
            self.close(end);
        }
        if self.input.exhausted() {
            let warning = "its macros or files call themselves without end; what they stand for is not read";
            self.draft.document.warnings.push(warning.to_owned());
        }
    }

    /// What a label or the like prints.
    pub(super) fn plain(&self, text: &str) -> String {
        super::plain_within(text, self.depth + 1)
    }

    pub(super) fn text(&mut self, text: &str, spot: Spot) {
        if self.hidden == 0 && !text.is_empty() {
            let place = self.input.place(spot);
            self.draft.text(text, place);
        }
    }

    fn command(&mut self, name: &'t str, spot: Spot) {
        let name = self.aliases.get(name).copied().unwrap_or(name);
        if !command::is_ours(name)
            && let Some(known) = self.macros.get(name).cloned()
        {
            if !self.input.exhausted() {
                let place = self.input.place(spot);
                known.expand(&mut self.input, place);
            }
            return;
        }
        if let Some(text) = symbols::symbol(name) {
            self.text(text, spot);
            // White space behind a name of letters ends the name.
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.input.skip_space();
            }
            return;
        }
        if let Some(mark) = symbols::accent(name) {
            let letter = self.input.argument().map(|letter| letter.text()).unwrap_or_default();
            self.text(&symbols::accented(&letter, mark), spot);
            return;
        }
        match command::effect(name) {
            Some(Effect::Run(run)) => run(self, name, spot),
            Some(Effect::Skip(arguments)) => self.skip_arguments(*arguments),
            Some(Effect::Raw) => self.raw_environment(name),
            None => {
                self.input.star();
                if self.input.rest().starts_with('[') {
                    self.input.optional();
                }
                self.input.skip_space();
            }
        }
    }

    /// Leaves out arguments that are not printed.
    pub(super) fn skip_arguments(&mut self, arguments: usize) {
        self.input.star();
        self.input.optional();
        for _ in 0..arguments {
            self.input.argument();
            if self.input.rest().starts_with('[') {
                self.input.optional();
            }
        }
    }

    /// The braces that follow enclose something; without braces, the next token is it.
    pub(super) fn open(&mut self, group: Group<'t>) -> bool {
        if self.input.open() {
            if matches!(group, Group::Hidden) {
                self.hidden += 1;
            }
            self.groups.push(group);
            return true;
        }
        false
    }

    /// The note that is about to be read has this key and label.
    pub(super) fn numbers_of_notes(&mut self, key: &str, label: &str) {
        self.note.push((label.to_owned(), key.to_owned()));
    }

    /// A label stands for the note being read, else for the section.
    pub(super) fn set_label(&mut self, label: &str) {
        if self.hidden > 0 {
            return;
        }
        let meaning = match self.note.last() {
            Some((label, key)) => (label.clone(), Some(key.clone())),
            None => (self.numbers.current_section(), None),
        };
        self.labels.insert(label.to_owned(), meaning);
    }

    /// `\item[a]` among the notes to a table: the note with the mark `a`.
    pub(super) fn table_note(&mut self, spot: Spot) -> bool {
        if self.hidden > 0 || self.environments.get("tablenotes").is_none_or(|open| *open == 0) {
            return false;
        }
        self.end_entry();
        let Some(label) = self.input.optional().map(|label| self.plain(&label.text())) else {
            return false;
        };
        let place = self.input.place(spot);
        self.draft.open_note(format!("table {label}"), Some(label), place);
        self.entry_open = true;
        true
    }

    /// The entry being read ends.
    pub(super) fn end_entry(&mut self) {
        if std::mem::take(&mut self.entry_open) {
            self.draft.close_note();
        }
    }

    /// The records that the body cites, as entries of a list of sources.
    pub(super) fn references(&mut self) {
        for key in std::mem::take(&mut self.cited) {
            let Some(record) = self.records.get(&key) else { continue };
            record.entry(&mut self.draft, format!("cite {key}"));
        }
    }

    /// Opens a quotation in the marks of the language.
    pub(super) fn open_quote(&mut self, language: &str, spot: Spot) {
        let (open, close) = symbols::quotation_marks(language)[self.quotes % 2];
        if self.open(Group::Quote(close)) {
            self.text(open, spot);
            self.quotes += 1;
        }
    }

    fn close(&mut self, spot: Spot) {
        let Some(group) = self.groups.pop() else { return };
        let place = self.input.place(spot);
        match group {
            Group::Plain => {}
            Group::Note => {
                self.note.pop();
                self.draft.close_note();
            }
            Group::Link => self.draft.close_link(),
            Group::Heading => self.draft.close_heading(place),
            Group::Quote(mark) => {
                self.quotes = self.quotes.saturating_sub(1);
                self.text(mark, spot);
            }
            Group::Hidden => self.hidden = self.hidden.saturating_sub(1),
            Group::Environment(name) => {
                if let Some(open) = self.environments.get_mut(name) {
                    *open = open.saturating_sub(1);
                }
                command::end_environment(self, name);
            }
            Group::Front(front, at, hidden) => {
                let text = self.draft.text_since(at);
                self.draft.end_block(place);
                self.hidden = hidden;
                self.front(front, &text);
            }
        }
    }

    fn front(&mut self, front: Front, text: &str) {
        let document: &mut Document = &mut self.draft.document;
        match front {
            Front::Title => document.title = (!text.is_empty()).then(|| text.to_owned()),
            Front::Date => {
                document.date = date::parse(text).filter(|found| !found.impossible).map(|found| found.date);
            }
            Front::Author => {
                let names = text.split(NEXT_AUTHOR).filter_map(|author| author.split(UNDER_NAME).next());
                for name in names.flat_map(|names| names.split(" and ")) {
                    let parts: Vec<&str> =
                        name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
                    let several =
                        parts.len() > 1 && parts.iter().all(|part| part.contains(' ') && part.len() < 40);
                    let names = if several { parts } else { vec![name.trim()] };
                    document.authors.extend(names.into_iter().filter(|n| !n.is_empty()).map(str::to_owned));
                }
            }
        }
    }

    pub(super) fn begin_front(&mut self, front: Front) {
        self.input.optional();
        let (at, hidden) = (self.draft.position(), self.hidden);
        if self.draft.in_note() || self.in_front() || !self.open(Group::Front(front, at, hidden)) {
            return;
        }
        self.hidden = 0;
    }

    /// Is the title, or the line of authors, being read?
    pub(super) fn in_front(&self) -> bool {
        self.groups.iter().rev().take(8).any(|group| matches!(group, Group::Front(..)))
    }

    /// `\\`: a new line, or under the name of an author what belongs to him.
    pub(super) fn line_break(&mut self, spot: Spot) {
        self.input.star();
        if self.input.rest().starts_with('[') {
            self.input.optional();
        }
        let author = self.groups.iter().rev().take(8).any(|g| matches!(g, Group::Front(Front::Author, ..)));
        self.text(if author { UNDER_NAME } else { " " }, spot);
    }

    pub(super) fn begin(&mut self) {
        let Some(name) = self.input.argument().map(|name| name.name()) else { return };
        if command::effect(name).is_some_and(|effect| matches!(effect, Effect::Raw)) {
            self.raw_environment(name);
            return;
        }
        self.groups.push(Group::Environment(name));
        *self.environments.entry(name).or_insert(0) += 1;
        command::begin_environment(self, name);
    }

    pub(super) fn end(&mut self, spot: Spot) {
        let Some(name) = self.input.argument().map(|name| name.name()) else { return };
        if name == "document" {
            self.input.stop();
        }
        if self.environments.get(name).copied().unwrap_or(0) == 0 {
            return;
        }
        // Braces left open inside end with it.
        loop {
            let own = matches!(self.groups.last(), Some(Group::Environment(open)) if *open == name);
            self.close(spot);
            if own || self.groups.is_empty() {
                break;
            }
        }
    }

    /// Code, comments, formulas: up to the end of the environment, whatever stands in it.
    pub(super) fn raw_environment(&mut self, name: &str) {
        let rest = self.input.rest();
        let end = format!("\\end{{{name}}}");
        match rest.find(&end) {
            Some(at) => self.input.skip(at + end.len()),
            None => self.input.skip(rest.len()),
        }
    }

    /// A formula is shown as it is typed.
    fn math(&mut self, marks: &'t str, spot: Spot) {
        let rest = self.input.rest();
        let bytes = rest.as_bytes();
        let mut at = 0;
        while at < bytes.len() && !rest[at..].starts_with(marks) {
            // A formula does not go on over an empty line: then the mark was no such mark.
            if rest[at..].starts_with("\n\n") {
                return;
            }
            at += if bytes[at] == b'\\' { 2 } else { 1 };
            while at < bytes.len() && !rest.is_char_boundary(at) {
                at += 1;
            }
        }
        let formula = rest.get(..at.min(rest.len())).unwrap_or_default();
        self.text(&formula.replace('\n', " "), spot);
        self.input.skip(formula.len() + marks.len());
    }
}
