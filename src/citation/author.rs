//! Persons and bodies at the head of a citation.
//!
//! A list of names is read left to right and ends where the next piece no longer has the form of
//! the names before it. Four forms are told apart, because a list keeps to one of them and that is
//! often the only thing that separates the last author from the title:
//!
//! | form | example |
//! |---|---|
//! | direct | `Andrew Roth`, `M. J. Wolfe` |
//! | inverted | `Roth, Andrew`, `Mooney, R. J.` |
//! | run on | `Drury CG` |
//! | single | `Rheinstein`, as German law reviews cite |

use std::ops::Range;

use super::cue;
use super::token::{Kind, Line};

/// A list of names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Bytes of each name.
    pub(super) names: Vec<Range<usize>>,
    /// The token after the last name and what belongs to the list (`et al.`, `(eds)`).
    pub(super) next: usize,
    /// The list names editors, not authors.
    pub(super) editors: bool,
    /// How much the form itself says that these are names.
    pub(super) trust: Trust,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Capitalised words that could be the title as well.
    #[default]
    Weak,
    /// Two or more capitalised words in the form of a name.
    Fair,
    /// Initials, a handle, a list closed by *and*.
    Strong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Handle,
    Direct { initials: bool },
    Inverted { initials: bool },
    RunOn,
    Single,
}

struct Person {
    end: usize,
    form: Form,
}

/// The list of names that starts at token `from`, if one does.
pub(super) fn list(line: &Line, from: usize, to: usize) -> Option<Names> {
    let first = person(line, from, to, None)?;
    let mut names = vec![line.span(from..first.end).start..line.span(from..first.end).end];
    let form = first.form;
    let mut at = first.end;
    let mut closed = false;
    let mut others = false;
    loop {
        if let Some(end) = et_al(line, at, to) {
            (at, others) = (end, true);
            break;
        }
        let Some(sep) = separator(line, at, to) else { break };
        // *And* comes before the last name.
        if closed && !sep.strong {
            break;
        }
        let next = person(line, sep.end, to, Some(form));
        let accept = match &next {
            None => false,
            Some(next) if next.form == Form::Handle => true,
            Some(next) if sep.strong => compatible(form, next, line, sep.slash),
            Some(next) => same_style(form, next.form) && (is_marked(next.form) || closes_later(line, next.end, to)),
        };
        let Some(next) = next.filter(|_| accept) else { break };
        names.push(line.span(sep.end..next.end));
        closed |= sep.strong && !line.is_mark(sep.end - 1, &[';', '/']);
        at = next.end;
    }
    let mut editors = false;
    if let Some(end) = editor_mark(line, at, to) {
        (at, editors) = (end, true);
    }
    let trust = if editors || others || closed && form != Form::Single || is_marked(form) {
        Trust::Strong
    } else if form == Form::Single {
        Trust::Weak
    } else {
        Trust::Fair
    };
    Some(Names { names, next: at, editors, trust })
}

/// The names in a text that is known to hold nothing else: what stands before a quoted title or
/// before `(2011)`. `None` where it does not read as names or as a body.
pub(super) fn all(line: &Line, from: usize, to: usize) -> Option<Names> {
    let to = trim_end(line, from, to);
    if from >= to {
        return None;
    }
    // `———.`: the same as in the entry before.
    if is_dashes(line.slice(from..to)) {
        return Some(Names { names: vec![line.span(from..to)], next: to, editors: false, trust: Trust::Strong });
    }
    if let Some(names) = list(line, from, to)
        && trim_start(line, names.next, to) >= to
        && !(names.trust == Trust::Weak && to - from > 1)
    {
        return Some(names);
    }
    loose(line, from, to).or_else(|| body(line, from, to))
}

pub(super) fn is_dashes(text: &str) -> bool {
    let marks = text.chars().filter(|c| matches!(c, '—' | '–' | '-' | '_' | '―' | '⸺' | '⸻')).count();
    marks > 0 && text.len() >= 3 && text.chars().all(|c| matches!(c, '—' | '–' | '-' | '_' | '―' | '⸺' | '⸻' | '.' | ',' | ' '))
}

/// Pieces between separators, each of which looks like a name by itself, in whatever mixture of
/// forms: `Menon, Vinod, and Daniel J. Levitin`.
fn loose(line: &Line, from: usize, to: usize) -> Option<Names> {
    let mut names = Vec::new();
    let mut at = from;
    let mut editors = false;
    while at < to {
        let person = person(line, at, to, None).or_else(|| {
            // A body among persons: `Berman, G and the Equal Opportunity Commission`.
            let end = (at..to).find(|t| separator(line, *t, to).is_some()).unwrap_or(to);
            is_body(line, at, end).then_some(Person { end, form: Form::Single })
        })?;
        names.push(line.span(at..person.end));
        at = person.end;
        if let Some(end) = et_al(line, at, to) {
            at = end;
        }
        if let Some(end) = editor_mark(line, at, to) {
            (at, editors) = (end, true);
        }
        match separator(line, at, to) {
            Some(sep) => at = sep.end,
            None if at >= to => break,
            None => return None,
        }
    }
    let trust = if names.len() > 1 { Trust::Strong } else { Trust::Fair };
    (!names.is_empty()).then_some(Names { names, next: to, editors, trust })
}

/// A body as author: the whole text is its name.
fn body(line: &Line, from: usize, to: usize) -> Option<Names> {
    let mut to = to;
    let mut editors = false;
    if let Some(mark) = (from + 1..to).find(|t| editor_mark(line, *t, to) == Some(to)) {
        (to, editors) = (mark, true);
        to = trim_end(line, from, to);
    }
    is_body(line, from, to).then(|| Names {
        names: vec![line.span(from..to)],
        next: to,
        editors,
        trust: Trust::Fair,
    })
}

/// Could these tokens be the name of a body: capital letters but for small joining words, not too
/// many of them, and a word such names are made of, or letters only (`NATO`)?
pub(super) fn is_body(line: &Line, from: usize, to: usize) -> bool {
    if from >= to || to - from > 24 {
        return false;
    }
    let (mut words, mut acronym) = (0, false);
    let in_brackets = (from + 1..to).any(|t| line.kind(t) == Some(Kind::Group) && is_acronym(line.inside(t)));
    let known = in_brackets || (from..to).any(|t| cue::is_body(line.word(t)));
    for at in from..to {
        match line.kind(at) {
            Some(Kind::Word) => {
                words += 1;
                let word = line.word(at);
                let text = line.token(at);
                acronym |= is_acronym(text);
                let joins = cue::is_particle(word) || matches!(word, "of" | "the" | "for" | "and" | "on" | "in" | "to" | "fur" | "per" | "pour" | "para" | "sul" | "sur" | "et" | "e" | "y" | "und" | "o" | "dell'" | "against" | "des" | "aux");
                if line.small(at) && !joins && !word.contains(['\'', '’']) && !(known && words > 1 && words <= 6 && !has_verb(word)) {
                    return false;
                }
            }
            Some(Kind::Number) => {
                if at == from {
                    return false;
                }
            }
            Some(Kind::Group) => {
                if line.dates_in(at).next().is_some() || line.links_in(at).next().is_some() {
                    return false;
                }
            }
            Some(Kind::Mark('.')) => {
                if line.ends_sentence(at) && at + 1 < to {
                    return false;
                }
            }
            Some(Kind::Mark('&' | ',' | '-' | '–' | '/' | '\'' | '’' | '|')) => {}
            _ => return false,
        }
    }
    // `A.L.R.C.`
    let dotted = (from..to).all(|t| line.is_initial(t) || line.is_mark(t, &['.'])) && to - from >= 5;
    let acronym = acronym || dotted;
    let first_is_capital = line.token(from).starts_with(|c: char| c.is_uppercase());
    first_is_capital && words <= 14 && (known || acronym && words <= 4)
}

/// `NATO`, `WHO`
fn is_acronym(text: &str) -> bool {
    (2..=10).contains(&text.len()) && text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '&' | '/')) && text.starts_with(char::is_alphabetic)
}

/// The few small words that show a sentence rather than a name.
fn has_verb(word: &str) -> bool {
    matches!(word, "is" | "are" | "was" | "were" | "has" | "have" | "had" | "will" | "would" | "can" | "that" | "which" | "who" | "says" | "said" | "should" | "must" | "may" | "as" | "its" | "their" | "this" | "it")
}

struct Separator {
    end: usize,
    /// *and*, `&`, `;`, `/`: another name must follow.
    strong: bool,
    slash: bool,
}

fn separator(line: &Line, at: usize, to: usize) -> Option<Separator> {
    let mut end = at;
    let (mut strong, mut slash, mut seen) = (false, false, false);
    while end < to {
        match line.kind(end) {
            Some(Kind::Mark(',')) => {}
            Some(Kind::Mark('.')) if end == at && line.is_mark(end + 1, &[',', ';', '&']) => {}
            Some(Kind::Mark(';' | '&')) => strong = true,
            Some(Kind::Mark('/' | '–' | '-')) if end == at && !line.spaced(end) && !line.spaced(end + 1) => {
                (strong, slash) = (true, true);
            }
            Some(Kind::Word) if is_and(line, end) && end > from_start(at) => strong = true,
            _ => break,
        }
        seen = true;
        end += 1;
    }
    (seen && end < to).then_some(Separator { end, strong, slash })
}

fn from_start(at: usize) -> usize {
    at.saturating_sub(1)
}

pub(super) fn is_and(line: &Line, at: usize) -> bool {
    line.small(at) && matches!(line.word(at), "and" | "und" | "et" | "y" | "e" | "ed" | "en" | "og" | "och" | "i" | "a" | "with" | "mit" | "con" | "avec" | "u")
        || line.is_word(at) && matches!(line.token(at), "AND" | "And" | "UND" | "ET")
}

/// `et al.`, `and others`, `u.a.`: where it ends.
fn et_al(line: &Line, at: usize, to: usize) -> Option<usize> {
    let start = if line.is_mark(at, &[',']) { at + 1 } else { at };
    let end = ["et al", "and others", "et alii", "et alia", "und andere", "e altri", "et autres", "y otros", "u a", "and al", "and colleagues", "en al"]
        .iter()
        .find_map(|p| line.phrase(start, p))
        .filter(|end| *end <= to)?;
    Some(if line.is_mark(end, &['.']) && end < to { end + 1 } else { end })
}

/// `(eds)`, `, ed.`, `(Hrsg.)`, `(a cura di)`: where it ends.
pub(super) fn editor_mark(line: &Line, at: usize, to: usize) -> Option<usize> {
    let start = if line.is_mark(at, &[',', ';']) { at + 1 } else { at };
    if start >= to {
        return None;
    }
    if line.kind(start) == Some(Kind::Group) {
        let inside = crate::fold::fold(line.inside(start));
        let first = inside.trim_end_matches(['.', ',']).trim();
        let first = first.split(['/', ' ']).next().unwrap_or_default();
        return is_editor_word(first).then_some(start + 1);
    }
    let word = line.word(start);
    if !(is_editor_word(word) && (line.small(start) || start > at || line.is_mark(start + 1, &['.']))) {
        return line.phrase(start, "a cura di");
    }
    Some(if line.is_mark(start + 1, &['.']) && start + 1 < to { start + 2 } else { start + 1 })
}

fn is_editor_word(word: &str) -> bool {
    matches!(
        word,
        "ed" | "eds" | "editor" | "editors" | "hrsg" | "hg" | "hgg" | "herausgeber" | "herausgegeben" | "dir" | "dirs" | "coord" | "coords" | "a cura di"
            | "cur" | "curr" | "org" | "orgs" | "coordinador" | "coordinadores" | "comp" | "comps" | "sous la dir" | "sous la direction de" | "red" | "series ed" | "series eds"
            | "writer" | "compilador" | "screenwriter" | "director" | "producer" | "chair" | "host" | "directors" | "executive producer"
    )
}

fn is_marked(form: Form) -> bool {
    match form {
        Form::Handle | Form::RunOn => true,
        Form::Direct { initials } | Form::Inverted { initials } => initials,
        Form::Single => false,
    }
}

fn same_style(a: Form, b: Form) -> bool {
    match (a, b) {
        (Form::Inverted { initials: a }, Form::Inverted { initials: b }) => a == b || a,
        (Form::Inverted { .. }, Form::Direct { .. }) => true,
        (Form::Direct { .. }, Form::Direct { .. }) => true,
        (Form::RunOn, Form::RunOn) | (Form::Handle, Form::Handle) => true,
        _ => false,
    }
}

/// After *and* the form may change (`Witten, Ian H., David Bainbridge and David M. Nichols`), but a
/// single word is a name only among single words.
fn compatible(form: Form, next: &Person, line: &Line, slash: bool) -> bool {
    let _ = line;
    match next.form {
        Form::Single => form == Form::Single || slash,
        _ => !(form == Form::Single && slash),
    }
}

/// Does the list go on to an *and*, or to a quotation or a year, with nothing but names between?
fn closes_later(line: &Line, at: usize, to: usize) -> bool {
    let mut at = at;
    for _ in 0..40 {
        if et_al(line, at, to).is_some() {
            return true;
        }
        let Some(sep) = separator(line, at, to) else {
            let next = if line.is_mark(at, &[',', '.', ':']) { at + 1 } else { at };
            return next < to && matches!(line.kind(next), Some(Kind::Quoted))
                || next < to && line.kind(next) == Some(Kind::Group) && line.dates_in(next).next().is_some();
        };
        if line.kind(sep.end) == Some(Kind::Quoted) {
            return true;
        }
        let Some(next) = person(line, sep.end, to, None) else { return false };
        if sep.strong && next.form != Form::Single {
            return true;
        }
        if matches!(next.form, Form::Single) {
            return false;
        }
        at = next.end;
    }
    false
}

fn person(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
    if at >= to || !line.is_word(at) {
        return None;
    }
    if line.token(at).starts_with('@') {
        return Some(Person { end: at + 1, form: Form::Handle });
    }
    let inverted = inverted(line, at, to, among);
    let person = inverted.or_else(|| run_on(line, at, to, among)).or_else(|| direct(line, at, to))?;
    Some(with_suffix(line, person, to))
}

/// `Jr.`, `III` after a name; a handle in brackets belongs to the name before it.
fn with_suffix(line: &Line, mut person: Person, to: usize) -> Person {
    let start = if line.is_mark(person.end, &[',']) { person.end + 1 } else { person.end };
    if start < to && matches!(line.word(start), "jr" | "sr" | "ii" | "iii" | "iv" | "esq" | "mp" | "mep") && !line.small(start) {
        let dot = line.is_mark(start + 1, &['.']) && start + 1 < to;
        person.end = start + 1 + usize::from(dot);
    }
    if person.end < to && line.kind(person.end) == Some(Kind::Group) && line.inside(person.end).starts_with('@') {
        person.end += 1;
    }
    person
}

/// A word that may be part of a person's name.
fn name_word(line: &Line, at: usize, to: usize) -> bool {
    at < to
        && line.is_word(at)
        && {
            let text = line.token(at);
            let start = text.trim_start_matches(|c: char| c.is_lowercase() && text.contains(['’', '\'', '-']));
            let start = start.trim_start_matches(['’', '\'', '-']);
            let start = if start.is_empty() { text } else { start };
            start.starts_with(char::is_uppercase) && !text.contains(|c: char| c.is_ascii_digit())
        }
        && !cue::is_not_a_name(line.word(at))
        && !matches!(line.word(at), "jr" | "sr" | "ii" | "iii" | "iv" | "eds" | "hrsg")
}

/// Initials: `J.`, `J. K.`, `J.-L.`, `JK`; where they end.
fn initials(line: &Line, at: usize, to: usize) -> Option<usize> {
    let mut end = at;
    while end < to {
        let text = line.token(end);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let dotted = line.is_mark(end + 1, &['.']) && end + 1 < to && !line.spaced(end + 1);
        let short = line.is_initial(end)
            || line.capital(end) && letters <= 3 && text.chars().all(|c| c.is_uppercase() || c == '-')
            || line.capital(end) && dotted && matches!(line.word(end), "ch" | "th" | "ph" | "kh" | "zh" | "sh" | "yu" | "ju" | "ya" | "ye" | "wm" | "st" | "fr" | "chr" | "joh" | "geo" | "jos" | "ed");
        if short {
            end += if dotted { 2 } else { 1 };
        } else if end > at && line.is_mark(end, &['-', '‐', '‑']) && !line.spaced(end) && line.is_initial(end + 1) {
            end += 1;
        } else {
            break;
        }
    }
    (end > at).then_some(end)
}

/// A family name: particles and one or two capitalised words.
fn family(line: &Line, at: usize, to: usize) -> Option<usize> {
    let mut end = at;
    while end < to && end < at + 3 && cue::is_particle(line.word(end)) && name_word_or_particle(line, end, to) && name_or_particle_follows(line, end + 1, to)
    {
        end += 1;
    }
    if !name_word(line, end, to) || line.is_initial(end) {
        return None;
    }
    end += 1;
    if name_word(line, end, to) && !line.is_initial(end) && line.token(end).chars().count() > 1 && !is_run_on_initials(line, end, to) {
        end += 1;
    }
    Some(end)
}

fn name_word_or_particle(line: &Line, at: usize, to: usize) -> bool {
    at < to && line.is_word(at)
}

fn name_or_particle_follows(line: &Line, at: usize, to: usize) -> bool {
    name_word(line, at, to) && !line.is_initial(at) || at < to && cue::is_particle(line.word(at))
}

fn inverted(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
    let comma = family(line, at, to)?;
    if !line.is_mark(comma, &[',']) || comma + 1 >= to {
        return None;
    }
    let mut given = comma + 1;
    if matches!(line.word(given), "jr" | "sr" | "iii" | "ii") {
        given += 1;
        while line.is_mark(given, &['.', ',']) && given < to {
            given += 1;
        }
    }
    if let Some(end) = initials(line, given, to) {
        // `Roth, J. Smith` is one family name and a direct name, not an inverted one.
        let mut end = end;
        while end < to && line.small(end) && cue::is_particle(line.word(end)) && !is_and(line, end) {
            end += 1;
        }
        let direct_name = name_word(line, end, to) && direct(line, given, to).is_some_and(|p| p.end >= to || line.is_mark(p.end, &[',', '.']) && p.end - end <= 2 || is_and(line, p.end));
        if !direct_name {
            return Some(Person { end, form: Form::Inverted { initials: true } });
        }
    }
    // Full given names: only right before something that ends a name.
    if comma - at > 2 && !cue::is_particle(line.word(at)) {
        return None;
    }
    if (at..comma).any(|t| cue::is_body(line.word(t)) || cue::is_law(line.word(t))) {
        return None;
    }
    if comma - at == 2 && !cue::is_particle(line.word(at)) && matches!(among, Some(Form::Direct { .. })) {
        return None;
    }
    if matches!(among, Some(Form::Direct { .. })) {
        return None;
    }
    let mut end = given;
    let mut words = 0;
    while end < to && end < given + 6 {
        if let Some(next) = initials(line, end, to).filter(|_| words > 0) {
            end = next;
        } else if name_word(line, end, to) {
            words += 1;
            end += 1;
        } else if line.small(end) && cue::is_particle(line.word(end)) && !is_and(line, end) && words > 0 {
            end += 1;
        } else {
            break;
        }
    }
    if words == 0 || words > 3 || comma - at == 2 && words > 2 && !cue::is_particle(line.word(at)) {
        return None;
    }
    let two_family_words = comma - at == 2 && !cue::is_particle(line.word(at));
    let ends = end >= to
        || line.is_mark(end, &['.', ':', ';', '&', '/'])
        || et_al(line, end, to).is_some()
        || matches!(line.kind(end), Some(Kind::Group | Kind::Quoted | Kind::Date(_)))
        || is_and(line, end) && !two_family_words && names_follow(line, end + 1, to)
        || line.is_mark(end, &[',']) && !two_family_words && comma_ends_name(line, end, to, words);
    ends.then_some(Person { end, form: Form::Inverted { initials: false } })
}

fn names_follow(line: &Line, at: usize, to: usize) -> bool {
    initials(line, at, to).is_some() || direct(line, at, to).is_some_and(|p| p.form != Form::Single) || family(line, at, to).is_some_and(|c| line.is_mark(c, &[',']))
}

/// `Vali, Ferenc A., The …`: a comma after full given names. A title may begin with two capitalised
/// words as well (`Macaulay, Elegant Models, Empirical Pictures`), so one word, or a middle
/// initial, or a quotation, a year, another name after it is asked for.
fn comma_ends_name(line: &Line, comma: usize, to: usize, words: usize) -> bool {
    let next = comma + 1;
    if next >= to {
        return true;
    }
    matches!(line.kind(next), Some(Kind::Quoted | Kind::Date(_) | Kind::Group))
        || is_and(line, next)
        || line.is_mark(next, &['&'])
        || line.is_mark(comma - 1, &['.']) && closes_or_titles(line, next, to)
        || closes_later(line, comma, to)
        || editor_mark(line, comma, to).is_some()
        || words == 1 && line.is_word(next)
}

/// After `Vali, Ferenc A.,` anything may follow.
fn closes_or_titles(line: &Line, at: usize, to: usize) -> bool {
    at < to && !line.small(at)
}

fn is_run_on_initials(line: &Line, at: usize, to: usize) -> bool {
    if at >= to {
        return false;
    }
    let text = line.token(at);
    line.capital(at) && text.chars().count() <= 4 && text.chars().all(|c| c.is_uppercase() || c == '-')
        && (at + 1 >= to
            || matches!(line.kind(at + 1), Some(Kind::Mark(',' | '.' | ';' | ':' | '&')))
            || is_and(line, at + 1)
            || et_al(line, at + 1, to).is_some()
            || matches!(line.kind(at + 1), Some(Kind::Group | Kind::Date(_))))
}

/// `Drury CG`, `von Hippel PH`, `Govoni F.`
fn run_on(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
    let mut end = at;
    while end < to && end < at + 3 && line.small(end) && cue::is_particle(line.word(end)) {
        end += 1;
    }
    let first = end;
    while end < to && end < first + 3 && name_word(line, end, to) && !line.is_initial(end) && !(end > first && is_run_on_initials(line, end, to)) {
        end += 1;
    }
    if end == first {
        return None;
    }
    if is_run_on_initials(line, end, to) && !line.is_mark(end + 1, &['.']) {
        return Some(Person { end: end + 1, form: Form::RunOn });
    }
    let stop = initials(line, end, to)?;
    let in_list = among == Some(Form::RunOn) && line.spaced(stop) && line.is_mark(stop - 1, &['.']);
    let ends = in_list || stop >= to || !name_word(line, stop, to) && !line.is_word(stop) || is_and(line, stop) || et_al(line, stop, to).is_some();
    // `Roth A.` but not `Roth A. Smith`; the stop of the last initial may end the sentence, too.
    ends.then_some(Person { end: stop, form: Form::RunOn })
}

/// `Andrew Roth`, `M. J. Wolfe`, `Ursula von der Leyen`; one word alone is `Single`.
fn direct(line: &Line, at: usize, to: usize) -> Option<Person> {
    let mut end = at;
    let (mut words, mut inits) = (0, 0);
    let mut last_is_word = false;
    // `The Hon. Justice`, `Dr.`, `Sir`
    if line.word(end) == "the" && line.word(end + 1) == "hon" {
        end += 1;
    }
    while end < to && is_honorific(line.word(end)) {
        end += 1;
        if line.is_mark(end, &['.']) {
            end += 1;
        }
    }
    let start = end;
    while end < to && end < start + 12 {
        let short = line.token(end).chars().filter(|c| c.is_alphabetic()).count();
        if words < 5
            && let Some(next) = initials(line, end, to).filter(|_| line.is_initial(end) || line.is_mark(end + 1, &['.']) || short <= 2 && words == 0)
            && next < to
            && (name_word(line, next, to) || cue::is_particle(line.word(next)) && line.small(next))
            && !(is_and(line, next))
        {
            inits += 1;
            end = next;
            last_is_word = false;
        } else if name_word(line, end, to) && !cue::is_tail(line.word(end)) && words < 5 {
            words += 1;
            end += 1;
            last_is_word = true;
        } else if line.small(end) && cue::is_particle(line.word(end)) && name_or_particle_follows(line, end + 1, to) && !(is_and(line, end) && line.word(end).len() > 1 && line.word(end) != "en") && (words + inits > 0 || end == start) && !(is_and(line, end) && words + inits > 0) {
            end += 1;
            last_is_word = false;
        } else {
            break;
        }
    }
    if words == 0 || !last_is_word {
        return None;
    }
    let form = if words + inits == 1 && end - start == 1 { Form::Single } else { Form::Direct { initials: inits > 0 } };
    if form == Form::Single && line.token(at).chars().count() < 2 {
        return None;
    }
    if form != Form::Single && inits == 0 && (start..end).any(|t| cue::is_body(line.word(t))) {
        return None;
    }
    Some(Person { end, form })
}

fn is_honorific(word: &str) -> bool {
    matches!(word, "dr" | "prof" | "professor" | "sir" | "lord" | "lady" | "justice" | "judge" | "hon" | "mr" | "mrs" | "ms" | "rev" | "gen" | "dame" | "amb")
}

fn trim_end(line: &Line, from: usize, to: usize) -> usize {
    let mut to = to;
    while to > from && (line.is_mark(to - 1, &[',', ';', ':']) || line.is_mark(to - 1, &['.']) && !(to >= 2 && line.is_initial(to - 2))) {
        to -= 1;
    }
    to
}

fn trim_start(line: &Line, from: usize, to: usize) -> usize {
    (from..to).find(|t| !line.is_mark(*t, &[',', ';', ':', '.'])).unwrap_or(to)
}
