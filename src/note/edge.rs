//! How lines begin and end: what tells whether one goes on where another stopped.

use std::sync::LazyLock;

use super::join;
use super::line::BREAK;
use crate::date;
use crate::fold::{self, Words, fold};

/// What matters of one line's beginning and end, read once: the search for the extents of notes
/// compares every line with many others.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not the states of anything")]
pub(super) struct Edges {
    /// An address, or a piece of one, stands in the line.
    pub(super) has_address: bool,
    /// It ends as a sentence or a note does.
    pub(super) ended: bool,
    /// It stops in the middle of something: a comma, a hyphen, an address broken at its slash.
    pub(super) open: bool,
    /// A quotation mark or a bracket is closed in it.
    pub(super) closes: bool,
    /// Its quotation marks and brackets.
    pub(super) quotes: Quotes,
    in_address: bool,
    /// Its last word is an address that may be whole: `https://a.example/tolls>`
    address_stopped: bool,
    slash: bool,
    hyphen: bool,
    /// It ends with a word after which a text always goes on.
    function: bool,
    /// What follows that word is a name: `…”, in`, `In`.
    names: bool,
    /// A heading over what follows notes at the end of a document.
    pub(super) back_matter: bool,
    /// It says who wrote the document.
    pub(super) author: bool,
    /// It breaks a word, and says so.
    broken: bool,
    /// Its full stop may be inside an address.
    pub(super) stop_in_address: bool,
    lower: bool,
    /// It ends with what a number follows: `pp.`, `Nr.`, `art.`
    wants_number: bool,
    /// It begins with a number.
    digit: bool,
    /// Its first word is its only one.
    alone: bool,
    /// It may begin with a piece of an address.
    address_like: bool,
    /// It begins with what only goes on in an address: `eu/news`, `php?id=3`.
    address_rest: bool,
    /// It begins with what is a piece of an address for sure, and no whole one: `world/tolls-and-fees/`
    address_piece: bool,
    /// It begins with an address of its own.
    new_address: bool,
    /// It ends with a comma, or with what opens a bracket: an address may follow.
    before_address: bool,
    /// It ends with a comma.
    comma: bool,

    /// It ends with a digit.
    ends_in_digit: bool,
    /// It ends in a DOI.
    doi: bool,
    /// Its first word is a number and the punctuation behind it: `93;`
    number_stopped: bool,
    /// It begins with figures that stops or hyphens part: `2013.2812`
    figures: bool,
    /// It ends with a month, after which a year goes on.
    wants_year: bool,
    /// It ends with a day, after which a month goes on.
    wants_month: bool,
    /// It ends with what a date follows: `(accessed`, `(abgerufen am`.
    wants_date: bool,
    /// It begins with when somebody read what stands before it: `(accessed 3 May 2021)`
    accessed: bool,
    /// It begins with a month.
    month: bool,
    /// It ends with the first half of a name: `Anne-`
    half_name: bool,
    /// It begins with a capital letter.
    upper: bool,
    /// It ends inside the part of a citation that says where a title stands: `…”, in Policy Watch,`
    in_source: bool,
    /// It ends with the number of an issue: `Vol. 27, No. 4`
    issue: bool,
    /// It begins with what stands in that part of a citation: a date, a volume, pages, an address.
    source: bool,
    /// It begins with a small word of a name, or with *in*.
    particle: bool,
}

/// How well a name of several words goes on in the part of a citation that says where a title stands.
const NAME_GOES_ON: f32 = 1.25;

impl Edges {
    pub(super) fn of(text: &str) -> Self {
        let broken = text.ends_with(BREAK);
        let text = text.trim_end_matches(BREAK);
        let has = Bytes::of(text);
        let last = text.split_whitespace().next_back().unwrap_or_default();
        let first_word = text.split_whitespace().next().unwrap_or_default();
        let bare = first_word.trim_end_matches(['.', ',', ';', ')', '>']);
        let first = text.chars().find(|c| !matches!(c, '“' | '‘' | '"' | '(' | '«' | '\''));
        let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let day = last.trim_end_matches('.');
        let before_last = text.trim_end().strip_suffix(last).unwrap_or_default().trim_end();
        let first_has = Bytes::of(first_word);
        let last_has_address = has.piece && has_address(last, Bytes::of(last));
        let before_year = before_year(text, first_word);
        let marks = if has.mark { Marks::of(text) } else { Marks::default() };
        Edges {
            comma: text.ends_with(','),
            before_address: text.ends_with([',', ':', '(', '<']) && text.len() > 1,
            doi: has.digit
                && has.dot
                && (last.starts_with("10.") || has.slash && last.contains("doi.org/10.")),
            ends_in_digit: last.ends_with(|c: char| c.is_ascii_digit()),
            figures: has.digit
                && bare.starts_with(|c: char| c.is_ascii_digit())
                && bare.ends_with(|c: char| c.is_ascii_digit())
                && bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
                && !digits(bare),
            number_stopped: digits(bare) && (bare.len() < first_word.len() || bare.len() == text.len()),
            wants_year: behind_day(before_last, last) && date::month(last).is_some()
                || ends_in_day(before_last, last),
            wants_date: is_access(last, before_last),
            accessed: is_access(first_word, ""),
            wants_month: day.len() <= 2 && digits(day),
            month: before_year && date::month(bare).is_some(),
            half_name: last.ends_with('-') && last.starts_with(char::is_uppercase),
            upper: text.starts_with(char::is_uppercase),
            in_source: marks.last_quote.is_some_and(|at| in_source(text, at)),
            issue: digits(last) && ISSUES.iter().any(|issue| before_last.ends_with(issue)),
            particle: is_particle(first_word.trim_end_matches(':')),
            source: is_source(text, first_word, bare, before_year),
            has_address: has.piece && has_address(text, has),
            ended: !broken && (ends_sentence(text) || is_ibid(text)),
            back_matter: is_back_matter(text),
            author: is_author_note(text),
            open: broken || ends_open(text),
            broken,
            closes: marks.closes,
            quotes: marks.quotes,
            in_address: (has.piece || last.ends_with("http") || last.ends_with("https"))
                && is_unfinished_address(last, text, last_has_address),
            address_stopped: last_has_address || has.slash && last.contains('/') && last.len() > 4,
            slash: text.ends_with('/'),
            hyphen: text.ends_with(['-', '\u{AD}']),
            function: FUNCTION_WORDS.has_unfolded(last),
            names: last.starts_with(char::is_uppercase)
                && !before_last.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with(['.', '?', '!'])
                || text.ends_with("”, in"),
            stop_in_address: last.ends_with('.')
                && has.piece
                && (last_has_address || last == text && last.contains(['/', '-', '_'])),
            lower: first.is_some_and(char::is_lowercase),
            wants_number: last.ends_with(['.', '°', 'º'])
                && NUMBERED.has_unfolded(last.trim_matches(['.', '(', '[', ','])),
            digit: text.starts_with(|c: char| c.is_ascii_digit()),
            alone: first_word.len() == text.len(),
            address_like: first_has.of_address
                && (first_word.contains(['/', '-', '_', '=', '%', '&', '\u{AD}'])
                    || first_word.trim_end_matches(['.', ',', ';']).contains(['.', '?'])
                    || bare.len() < first_word.len()
                        && first_word.contains('>')
                        && !first_word.contains('<')),
            address_piece: first_has.joint && is_piece(first_word, first_has),
            new_address: first_word.trim_start_matches(['<', '(', '[']).starts_with("http"),
            address_rest: bare.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && (first_has.of_address && bare.contains(['/', '=', '?'])
                    || bare.len() <= 5 && fold::one_of(bare, join::EXTENSIONS))
                && !bare.contains("://"),
        }
    }

    /// The full stop at the end of the line is inside an address: `https://ec.europa.` | `eu/news`.
    pub(super) fn address_goes_on(&self, next: &Edges) -> bool {
        self.stop_in_address && (next.address_rest || self.doi && (next.number_stopped || next.figures))
    }

    /// As [`address_goes_on`](Self::address_goes_on), where the rest may stand far away: numbers are no evidence.
    pub(super) fn host_goes_on(&self, next: &Edges) -> bool {
        self.stop_in_address && next.address_rest
    }

    /// It begins with the rest of an address, of which the line before has the beginning.
    pub(super) fn is_rest_of_address(&self) -> bool {
        self.address_rest || self.address_piece
    }

    /// The next line begins inside an address, and this one does not end in any.
    pub(super) fn is_alien(&self, next: &Edges) -> bool {
        next.address_piece && !self.in_address && !self.address_stopped && !self.hyphen
    }

    /// The line begins with an address.
    pub(super) fn new_address(&self) -> bool {
        self.new_address
    }

    /// The line may end inside an address.
    pub(super) fn may_break_address(&self) -> bool {
        self.in_address || self.stop_in_address
    }

    /// The line ends inside an address, with a rest of which the next one may begin.
    pub(super) fn breaks_address(&self, next: &Edges) -> bool {
        let goes_on = self.in_address && next.address_like && (self.slash || !next.new_address);
        goes_on || self.address_goes_on(next)
    }

    /// How well `next` goes on where this line stopped, as running text does.
    pub(super) fn joint(&self, next: &Edges) -> f32 {
        self.told(next).unwrap_or(match (self.ended, next.lower) {
            (false, true) => 2.0,
            (false, false) if self.open => 0.75,
            (false, false) => 0.25,
            (true, false) => 0.5,
            (true, true) => -2.5,
        })
    }

    /// The same, where something tells beside capital letters and full stops.
    pub(super) fn told(&self, next: &Edges) -> Option<f32> {
        if self.broken || self.address_goes_on(next) {
            return Some(2.5);
        }
        if next.accessed && !self.wants_number {
            return Some(if self.in_address || self.address_stopped { 2.0 } else { -1.0 });
        }
        if self.wants_date {
            return Some(if next.digit || next.month { 2.5 } else { -1.0 });
        }
        if self.in_address {
            return Some(match (next.address_like, next.alone) {
                (true, _) if next.new_address && !self.slash => -1.5,
                (true, _) => 2.5,
                (false, _) if self.ends_in_digit && next.number_stopped => 1.5,
                (false, true) => 1.0,
                (false, false) if self.slash => -1.0,
                (false, false) => -1.5,
            });
        }
        if self.is_alien(next) {
            return Some(-2.0);
        }
        if self.hyphen {
            return Some(match (next.lower, self.half_name && next.upper) {
                (true, _) => 2.5,
                (false, true) => 1.0,
                (false, false) => -0.5,
            });
        }
        if next.new_address {
            return Some(match (self.before_address, self.function || self.ended) {
                (true, _) => 2.0,
                (false, true) => 1.5,
                (false, false) => 0.5,
            });
        }
        if self.wants_year && !self.ended && next.digit || self.wants_month && next.month {
            return Some(2.5);
        }
        if self.wants_year && !self.ended && self.in_source {
            return Some(-1.0);
        }
        if self.wants_number {
            return Some(if next.digit { 2.0 } else { -1.0 });
        }
        if self.issue {
            return Some(if next.source { 2.5 } else { -1.0 });
        }
        if self.in_source && !self.ended {
            if next.source {
                return Some(2.5);
            }
            if next.lower && !next.particle && !self.function {
                return Some(if self.comma { -1.0 } else { 0.0 });
            }
            if next.upper && !self.comma {
                return Some(NAME_GOES_ON);
            }
        }
        if !self.ended && self.function {
            return Some(if next.lower && self.names { -1.0 } else { 2.0 });
        }
        None
    }
}

/// Quotation marks and brackets opened and not yet closed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quotes {
    curly: Depth,
    angle: Depth,
    round: Depth,
    straight: bool,
}

/// What a text does to the number of open marks, never fewer than none: `max(before + shift, floor)`.
/// Two such steps make one, so that a stretch of lines need not be read again.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    shift: i16,
    floor: i16,
}

impl Depth {
    fn open(&mut self) {
        *self = self.then(Depth { shift: 1, floor: 0 });
    }

    fn close(&mut self) {
        *self = self.then(Depth { shift: -1, floor: 0 });
    }

    fn then(self, next: Depth) -> Depth {
        Depth {
            shift: self.shift.saturating_add(next.shift),
            floor: self.floor.saturating_add(next.shift).max(next.floor),
        }
    }

    /// The next one closes more than this leaves open.
    fn lacks(self, next: Depth) -> bool {
        self.shift.max(self.floor).saturating_add(next.shift) < 0
    }

    /// The next one opens another although this leaves one open.
    fn nests(self, next: Depth) -> bool {
        self.shift.max(self.floor).saturating_add(next.shift) > 1
    }

    fn is_open(self) -> bool {
        self.shift.max(self.floor) > 0
    }
}

impl Quotes {
    /// What speaks against a text's ending here.
    pub(super) fn cost(self) -> f32 {
        if self.open() { 2.5 } else { 0.0 }
    }

    /// This text and the next one.
    pub(super) fn then(self, next: Quotes) -> Quotes {
        Quotes {
            curly: self.curly.then(next.curly),
            angle: self.angle.then(next.angle),
            round: self.round.then(next.round),
            straight: self.straight != next.straight,
        }
    }

    /// The next text closes more than this leaves open, or opens a quotation inside another.
    pub(super) fn clashes(self, next: Quotes) -> bool {
        let nests = self.curly.nests(next.curly) || self.angle.nests(next.angle);
        self.curly.lacks(next.curly) || self.angle.lacks(next.angle) || self.round.lacks(next.round) || nests
    }

    /// One is open at the end.
    pub(super) fn open(self) -> bool {
        self.curly.is_open() || self.angle.is_open() || self.round.is_open() || self.straight
    }
}

/// The quotation marks and brackets of a line.
#[derive(Default)]
struct Marks {
    quotes: Quotes,
    /// One is closed.
    closes: bool,
    /// Where the last mark stands that may close a title.
    last_quote: Option<usize>,
}

impl Marks {
    fn of(text: &str) -> Self {
        let Marks { mut quotes, mut closes, mut last_quote } = Marks::default();
        for (at, c) in text.char_indices() {
            match c {
                '“' | '„' => quotes.curly.open(),
                '”' => quotes.curly.close(),
                '«' => quotes.angle.open(),
                '»' => quotes.angle.close(),
                '(' => quotes.round.open(),
                ')' => quotes.round.close(),
                '"' => quotes.straight = !quotes.straight,
                _ => {}
            }
            closes |= matches!(c, '”' | '»' | '"' | ')');
            if matches!(c, '”' | '“' | '»' | '’') {
                last_quote = Some(at);
            }
        }
        Marks { quotes, closes, last_quote }
    }
}

/// Abbreviations whose full stop ends no sentence.
static ABBREVIATIONS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "p pp no nos vol vols n nn nr art arts ch chap fig cf ed eds sec para st dr mr mrs prof e.g i.e \
         vs s bd hrsg vgl cfr nt num col cols fn op t pag aufl jan feb febr mar apr aug sept sep oct okt \
         nov dec dez abs rn rdn nn ss sect par cap lit al transl trans hg jg suppl",
    )
});

/// *Ibid* and nothing else, in notes that have no full stop.
fn is_ibid(text: &str) -> bool {
    const IBID: &[&str] = &["ibid", "ibidem", "idem", "ebd", "ebenda"];
    let word = text.trim_start_matches(|c: char| !c.is_alphabetic());
    word.len() <= 8 && IBID.contains(&fold(word).as_str())
}

/// What may come after the notes, with or without the number of a section.
fn is_back_matter(text: &str) -> bool {
    const HEADINGS: &[&str] = &[
        "bibliography",
        "references",
        "works cited",
        "literature",
        "about the author",
        "about the authors",
        "acknowledgements",
        "acknowledgments",
        "appendix",
        "annex",
        "literatur",
        "literaturverzeichnis",
        "quellenverzeichnis",
        "anhang",
        "appendice",
        "allegato",
        "annexe",
        "anexo",
        "apendice",
        "danksagung",
        "bibliografia",
        "bibliographie",
        "riferimenti bibliografici",
        "ringraziamenti",
        "remerciements",
        "agradecimientos",
        "referencias bibliograficas",
    ];
    const LONGEST: usize = 40;
    if text.len() > LONGEST || text.ends_with('.') {
        return false;
    }
    let bare = text.trim_start_matches(|c: char| matches!(c, '0'..='9' | 'I' | 'V' | 'X' | '.' | ' '));
    let is_heading = |text: &str| HEADINGS.iter().any(|heading| heading.eq_ignore_ascii_case(text));
    let bare = without_ordinal(bare.trim());
    if bare.is_ascii() { is_heading(bare) } else { is_heading(fold(bare).trim()) }
}

/// Who wrote the document: `Anna Rossi and Ben Hall are Research Fellows at …`, or an e-mail address alone.
fn is_author_note(text: &str) -> bool {
    const PARTICLES: &[&str] =
        &["and", "&", "de", "la", "le", "van", "den", "der", "von", "di", "da", "del", "della", "al", "el"];
    const ROLES: &[&str] = &[
        "academic",
        "adjunct",
        "adviser",
        "advisor",
        "analyst",
        "assistant",
        "associate",
        "chair",
        "chief",
        "coordinator",
        "deputy",
        "director",
        "doctoral",
        "editor",
        "fellow",
        "fellows",
        "founder",
        "head",
        "junior",
        "lecturer",
        "lecturers",
        "non-resident",
        "phd",
        "policy",
        "postdoctoral",
        "president",
        "principal",
        "professor",
        "professors",
        "programme",
        "project",
        "research",
        "researcher",
        "researchers",
        "resident",
        "scientific",
        "senior",
        "vice",
        "visiting",
    ];
    if is_email(text) {
        return true;
    }
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit());
    let mut words = text.split(' ').map(|word| word.trim_end_matches(','));
    let (mut names, mut count) = (0, 0);
    for word in words.by_ref() {
        if matches!(word, "is" | "are") {
            break;
        }
        count += 1;
        if is_name(word) {
            names += 1;
        } else if count == 1 || !PARTICLES.contains(&word) {
            return false;
        }
    }
    let role = words.find(|word| !matches!(*word, "a" | "an" | "the" | "currently")).unwrap_or_default();
    names >= 2 && count <= 12 && ROLES.iter().any(|known| known.eq_ignore_ascii_case(role))
}

/// An e-mail address and nothing else.
pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b))
    };
    is_word(name) && is_word(host) && host.rsplit_once('.').is_some_and(|(_, top)| top.len() >= 2)
}

/// A heading without what tells it from others of its kind: `Appendix A`, `Annex 2:`.
fn without_ordinal(heading: &str) -> &str {
    let heading = heading.trim_end_matches([':', '.']);
    if !heading.ends_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        return heading;
    }
    let Some((name, last)) = heading.rsplit_once(' ') else { return heading };
    let letter = last.len() == 1 && last.starts_with(|c: char| c.is_ascii_uppercase());
    let number = last.len() <= 2 && last.bytes().all(|byte| byte.is_ascii_digit());
    let roman = last.len() <= 4 && last.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    if letter || number || roman { name } else { heading }
}

/// Abbreviations before a number.
static NUMBERED: LazyLock<Words> = LazyLock::new(|| {
    Words::of("p pp s no nos n nr vol vols bd art arts para paras rn rdn abs pag fig ch sec num")
});

/// A text always goes on behind this word.
pub(super) fn goes_on(word: &str) -> bool {
    FUNCTION_WORDS.has_unfolded(word)
}

/// Words after which a text always goes on.
static FUNCTION_WORDS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "the a an of in on at to by for with from and or between into its their his il lo la gli le di \
         del della dei delle degli da dal dalla nel nella con su per e des du les un une et dans sur pour \
         par der die das dem den und im von mit zu el los las una y en para por que dell all al alla",
    )
});

/// The text ends as a sentence or a note does.
pub(super) fn ends_sentence(text: &str) -> bool {
    // `https://a.example/index.php?`
    if text.ends_with('?') && text.rsplit(' ').next().is_some_and(|last| last.contains('/')) {
        return false;
    }
    if let (Some(stem), Some(last)) = (text.strip_suffix('.'), text.split_whitespace().next_back()) {
        let word = stem
            .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | ';'))
            .next()
            .unwrap_or_default();
        let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
        if cut_host(last) || initial || ABBREVIATIONS.has_unfolded(word) {
            return false;
        }
    }
    let stripped = text.trim_end_matches(['”', '’', '"', '»', ')', ']', '\'']);
    let bare =
        stripped.trim_end_matches(|c: char| c.is_ascii_digit() || super::marker::superscript(c).is_some());
    stripped.ends_with(['.', '!', '?', '…'])
        || bare.ends_with(['.', '!', '?']) && bare.len() < stripped.len() && stripped.len() - bare.len() <= 3
}

/// The text stops in the middle of something: a comma, a hyphen, an address broken at its slash.
fn ends_open(text: &str) -> bool {
    text.ends_with([',', ';', ':', '-', '–', '/', '(', '“', '«', '&', '=']) || text.ends_with("”, in")
}

/// An address, or a piece of one, stands in a text that has these bytes.
fn has_address(text: &str, has: Bytes) -> bool {
    has.piece && shows_address(text)
        || has.joint
            && text.split_whitespace().any(|word| {
                word.len() >= 10
                    && (word.matches('/').count() >= 2
                        || word.matches(['-', '\u{AD}']).count() >= 3
                        || word.matches(['-', '\u{AD}']).count() >= 2
                            && word.contains(|c: char| c.is_ascii_digit())
                        || word.contains('=') && word.contains(['?', '&']))
            })
}

/// What a line begins with that goes on with an address.
fn is_piece(word: &str, has: Bytes) -> bool {
    let slash = word.len() >= 8 && word.contains('/') && word.bytes().any(|byte| b"-_.=?".contains(&byte));
    (slash || has_address(word, has)) && !shows_address(word)
}

/// Where an address begins stands in the text: told by the rare bytes, since most lines have none.
pub(super) fn shows_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).any(|at| bytes[at..].starts_with(b"://"))
        || memchr::memchr_iter(b'.', bytes).any(|at| bytes[..at].ends_with(b"www"))
}

/// The line ends inside an address.
pub(super) fn in_address(text: &str) -> bool {
    let last = text.split_whitespace().next_back();
    last.is_some_and(|last| is_unfinished_address(last, text, has_address(last, Bytes::of(last))))
}

/// The last word of a text, which may show an address or a piece of one, is one that may go on.
fn is_unfinished_address(last: &str, text: &str, has_address: bool) -> bool {
    let piece = has_address
        || is_scheme(last.trim_start_matches(['<', '(', '[']))
        || last.contains('/') && last.len() > 4
        || last == text && last.matches(['-', '\u{AD}']).count() >= 2;
    piece && (!last.ends_with(['.', ',', ';', ')', '>']) || cut_host(last))
}

/// `12 May`, `12 de mayo`: the last word stands where a date has its month.
fn behind_day(before: &str, last: &str) -> bool {
    last.len() > 2
        && (before.ends_with(" de") || before.trim_end_matches('.').ends_with(|c: char| c.is_ascii_digit()))
}

/// `March 14,`
fn ends_in_day(before: &str, last: &str) -> bool {
    let day = last.strip_suffix(',').unwrap_or_default();
    (1..=2).contains(&day.len())
        && day.bytes().all(|byte| byte.is_ascii_digit())
        && before.rsplit(' ').next().is_some_and(|word| {
            word.len() > 2 && word.starts_with(char::is_uppercase) && date::month(word).is_some()
        })
}

/// `May 2021`, `mayo de 2021`: the first word stands where a date has its month.
fn before_year(text: &str, first: &str) -> bool {
    let behind = text.trim_start().strip_prefix(first).unwrap_or_default().trim_start();
    first.len() > 2 && (behind.is_empty() || behind.starts_with("de ") || behind.starts_with(['1', '2']))
}

/// Abbreviations before the number of an issue.
const ISSUES: [&str; 9] = [" No.", " no", " no.", " n.", " nr.", " Nr.", " n.º", " n°", " núm."];

/// `…”, in Policy Watch,`: the text ends behind a title in quotation marks, the last of which stands at
/// `at`, among names, volumes and dates.
fn in_source(text: &str, at: usize) -> bool {
    const LONGEST: usize = 80;
    let quote = text[at..].chars().next().map_or(0, char::len_utf8);
    let tail = &text[at + quote..];
    // A comma inside the quotation marks is the title's end as well.
    let comma = tail.starts_with(',') || text[..at].ends_with([',', '?', '!']);
    let opened = text[..at].ends_with([' ', '(']) || at == 0;
    let cites = !opened && (comma || tail.trim_start().starts_with(['(', ','])) && tail.len() <= LONGEST;
    let is_name = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '(' | ','))
            || is_particle(word.trim_end_matches([',', ':', '.']))
    };
    cites && tail.split_whitespace().all(is_name)
}

/// The text goes on in the part of a citation that says where and when: `27 March 2015`, `(May 2018)`,
/// `Vol. 3`, `p. 4`, `https://…`.
fn is_source(text: &str, first: &str, bare: &str, before_year: bool) -> bool {
    const PARTS: [&str; 14] =
        ["vol", "vols", "no", "nos", "n", "nr", "bd", "p", "pp", "s", "accessed", "art", "nº", "pag"];
    let inner = first.trim_start_matches(['(', '<', '[']);
    let opened = inner.len() < first.len();
    let number = bare.trim_start_matches('(').trim_end_matches(')');
    let year =
        number.len() == 4 && number.starts_with(['1', '2']) && number.bytes().all(|b| b.is_ascii_digit());
    let month = |word: &str| word.len() > 2 && date::month(word.trim_end_matches(['.', ','])).is_some();
    let second = || text.split_whitespace().find(|word| *word != first && *word != "de").unwrap_or_default();
    let day = number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty();
    let stopped = first.ends_with('.') && PARTS.contains(&fold(bare).as_str());
    inner.starts_with("http")
        || inner.starts_with("www.")
        || year
        || day && (month(second()) || opened || text.len() == first.len())
        || (opened || before_year) && month(inner)
        || stopped
        || bare.eq_ignore_ascii_case("accessed")
}

/// Small words inside the names of periodicals and publishers, and before them.
#[rustfmt::skip]
pub(super) fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "in" | "of" | "on" | "for" | "and" | "the" | "to" | "at" | "by" | "du" | "de" | "la" | "le" | "les"
            | "des" | "et" | "en" | "di" | "del" | "della" | "dei" | "e" | "el" | "los" | "y" | "für" | "der"
            | "die" | "das" | "und" | "vol" | "n"
    )
}

/// What bytes a text has: told in one pass, since most lines lack what most questions are about.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not the states of anything")]
struct Bytes {
    digit: bool,
    dot: bool,
    slash: bool,
    /// It may hold quotation marks or brackets.
    mark: bool,
    /// It may hold an address or a piece of one.
    piece: bool,
    /// It has what joins the parts of an address.
    joint: bool,
    /// It has what few words but those of addresses have.
    of_address: bool,
}

impl Bytes {
    const DIGIT: u8 = 1;
    const DOT: u8 = 2;
    const SLASH: u8 = 4;
    const MARK: u8 = 8;
    const PIECE: u8 = 16;
    const JOINT: u8 = 32;
    const OF_ADDRESS: u8 = 64;
    const CLASSES: [u8; 256] = {
        let mut classes = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            classes[byte] = match byte as u8 {
                b'0'..=b'9' => Self::DIGIT,
                b'.' => Self::DOT | Self::PIECE | Self::OF_ADDRESS,
                b'/' => Self::SLASH | Self::PIECE | Self::JOINT | Self::OF_ADDRESS,
                b'-' | b'=' => Self::PIECE | Self::JOINT | Self::OF_ADDRESS,
                b':' => Self::PIECE,
                b'_' | b'%' | b'&' | b'?' | b'>' => Self::OF_ADDRESS,
                b'(' | b')' | b'"' => Self::MARK,
                // The last byte of a soft hyphen.
                0xAD => Self::MARK | Self::PIECE | Self::JOINT | Self::OF_ADDRESS,
                0x80.. => Self::MARK,
                _ => 0,
            };
            byte += 1;
        }
        classes
    };

    fn of(text: &str) -> Self {
        let all = text.bytes().fold(0, |all, byte| all | Self::CLASSES[usize::from(byte)]);
        Bytes {
            digit: all & Self::DIGIT != 0,
            dot: all & Self::DOT != 0,
            slash: all & Self::SLASH != 0,
            mark: all & Self::MARK != 0,
            piece: all & Self::PIECE != 0,
            joint: all & Self::JOINT != 0,
            of_address: all & Self::OF_ADDRESS != 0,
        }
    }
}

/// `(accessed`, `> accessed`, `(abgerufen am`: a word that says when an address was read, or one behind it.
fn is_access(word: &str, before: &str) -> bool {
    const WORDS: [&str; 10] = [
        "accessed",
        "visited",
        "retrieved",
        "abgerufen",
        "aufgerufen",
        "consultado",
        "consultato",
        "consulté",
        "accesso",
        "zugriff",
    ];
    const BEHIND: [&str; 5] = ["am", "on", "el", "il", "le"];
    let is = |word: &str| WORDS.contains(&word.trim_start_matches(['(', '[']));
    let last = || before.split_whitespace().next_back().unwrap_or_default();
    is(word) || BEHIND.contains(&word) && is(last())
}

/// What is left of a scheme where a line ends behind or inside its punctuation.
fn is_scheme(word: &str) -> bool {
    matches!(word, "http" | "https" | "http:" | "https:" | "http:/" | "https:/")
}

/// `https://www.reuters.` has no top-level domain yet: its full stop is not the sentence's.
fn cut_host(word: &str) -> bool {
    word.split_once("://").is_some_and(|(_, host)| {
        let host = host.strip_suffix('.').unwrap_or_default();
        !host.is_empty() && !host.contains('/') && !host.trim_start_matches("www.").contains('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_the_document_is_told_by_names_and_a_role() {
        for line in [
            "Anna de la Rosa is Research Fellow at the Institute.",
            "Ben O’Hall, Zoë Roe and Luís Doe are Senior",
            "Jane Roe is a Professor of Law at",
            "desk@a.example",
        ] {
            assert!(is_author_note(line), "{line}");
        }
        for line in [
            "The council is research of a kind",
            "Roe is Head of it",
            "Anna Rosa is right",
            "Article 5 Clause 2 is associate",
            "see desk@a.example",
            "@council",
        ] {
            assert!(!is_author_note(line), "{line}");
        }
    }

    #[test]
    fn what_goes_on_over_the_end_of_a_line_goes_on_better_than_what_does_not() {
        for (line, rest, other) in [
            ("in The Ledger, 22 May", "2017, https://a.example/b.", "the ambitious council said"),
            ("in The Ledger, 28.", "Juni 2014, https://a.example", "The council said"),
            ("in The Ledger, 7 March 2014,", "https://a.example/b.", "Council of the city"),
            ("2017, https://a.example/tolls-and-", "fees> accessed 2 May.", "<https://b.example/x> accessed"),
            ("2017, https:", "//a.example/tolls/2.", "The council said"),
            (
                "Roe, “Tolls”, in Policy Watch,",
                "27 March 2015, https://a.example",
                "efficient tolls of the harbour",
            ),
            (
                "Roe, “Tolls”, in Policy Watch, Vol. 2, No. 4",
                "(May 2019), p. 4",
                "ambitious tolls of the harbour",
            ),
            ("‘Tolls’ (Policy Watch,", "27 March 2015) <https://a.example", "efficient tolls of the harbour"),
            ("https://doi.org/10.1234/a.2009.114", "1652; Jo Roe, “Tolls”", "The council said"),
            ("in the book; Anne-", "Marie Roe, “Tolls”", "“Tolls and Quays”"),
        ] {
            let edges = Edges::of(line);
            let (goes_on, stops) = (edges.joint(&Edges::of(rest)), edges.joint(&Edges::of(other)));
            assert!(goes_on > stops, "{line} | {rest}: {goes_on}, {other}: {stops}");
        }
    }
}
