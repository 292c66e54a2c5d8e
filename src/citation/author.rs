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
use super::given;
use super::parts;
use super::person::{Form, Person, closes_later, person};
use super::token::{Kind, Line};
/// A list of names.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Bytes of each name.
    pub(super) each: Vec<Range<usize>>,
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

/// The list of names that starts at token `from`, if one does.
pub(super) fn list(line: &Line, from: usize, to: usize) -> Option<Names> {
    // `———.`: the same as in the entry before.
    if let Some(end) = dashes(line, from, to) {
        return Some(Names {
            each: Vec::from([line.span(from..end)]),
            next: end,
            editors: false,
            trust: Trust::Strong,
        });
    }
    let first = person(line, from, to, None)?;
    let mut names = Vec::from([line.span(from..first.end)]);
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
            Some(next) if sep.strong => compatible(form, next, sep.slash),
            // `Karl Weiß, Anna Stern: Titel`
            Some(next) if is_vouched(line, sep.end, next.end, to) && matches!(form, Form::Direct { .. }) => {
                true
            }
            Some(next) => {
                let dotted = line.slice(from..first.end).contains('.');
                let marked = is_marked(next.form) && (!dotted || line.slice(sep.end..next.end).contains('.'));
                same_style(form, next.form) && (marked || closes_later(line, next.end, to))
            }
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
    Some(Names { each: names, next: at, editors, trust })
}

/// A given name and one or two words more, and then a mark.
fn is_vouched(line: &Line, at: usize, end: usize, to: usize) -> bool {
    given::is_given(line.word(at))
        && (2..=5).contains(&(end - at))
        && end < to
        && line.is_mark(end, &[',', ':', ';'])
        && line.spaced(end + 1)
        && !line.token(end - 1).contains(['’', '\''])
}

/// The names in a text that is known to hold nothing else: what stands before a quoted title or
/// before `(2011)`. `None` where it does not read as names or as a body.
pub(super) fn all(line: &Line, from: usize, to: usize) -> Option<Names> {
    let to = trim_end(line, from, to);
    if from >= to {
        return None;
    }
    if let Some(names) = list(line, from, to)
        && trim_start(line, names.next, to) >= to
        && !(names.trust == Trust::Weak && to - from > 1)
    {
        return Some(names);
    }
    loose(line, from, to).or_else(|| body(line, from, to))
}

/// Where a row of dashes that stands for names ends.
fn dashes(line: &Line, from: usize, to: usize) -> Option<usize> {
    // `ders., Die Gesellschaft, Berlin 1997`
    if line.is_mark(from + 1, &['.'])
        && line.is_mark(from + 2, &[','])
        && cue::one_of(line.word(from), "ders dies ead iid eaed")
    {
        return Some(from + 2);
    }
    let dash = |t: &usize| line.is_mark(*t, &['—', '–', '-', '_', '―', '⸺', '⸻']);
    let end = (from..to).find(|t| !dash(t))?;
    let end = if end > from && line.is_mark(end, &['.']) { end + 1 } else { end };
    (end > from && line.slice(from..end).len() >= 3 && line.spaced(end)).then_some(end)
}

/// Dashes or a word in place of the authors named just before.
pub(super) fn is_dashes(text: &str) -> bool {
    let word = crate::fold::fold(text.trim_end_matches(['.', ',']));
    if cue::one_of(&word, "idem eadem iidem eaedem ead iid ders dies derselbe dieselbe dieselben") {
        return true;
    }
    let marks = text.chars().filter(|c| matches!(c, '—' | '–' | '-' | '_' | '―' | '⸺' | '⸻')).count();
    marks > 0
        && text.len() >= 3
        && text.chars().all(|c| matches!(c, '—' | '–' | '-' | '_' | '―' | '⸺' | '⸻' | '.' | ',' | ' '))
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
            let plain = |t: usize| {
                !line.small(t)
                    || cue::is_particle(line.word(t))
                    || cue::is_body(line.word(t))
                    || cue::one_of(line.word(t), "of the for and on in dell' des")
            };
            // Not `Il ritorno della Nato`.
            ((at..end).all(plain) && is_body(line, at, end)).then_some(Person { end, form: Form::Single })
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
    (!names.is_empty()).then_some(Names { each: names, next: to, editors, trust })
}

/// Names as a converter damaged them: `S. K. Go↵redi, M. Mur- phy, and J. Guill ́en`. They stand before
/// a quoted title, and hold initials and nothing that no name holds.
pub(super) fn damaged(line: &Line, from: usize, to: usize) -> Option<Names> {
    let mut to = trim_end(line, from, to);
    while to > from && line.is_mark(to - 1, &['“', '”', '"']) {
        to -= 1;
    }
    let fits = |t: usize| match line.kind(t) {
        Some(Kind::Word) => {
            let broken =
                t > from && line.small(t) && (line.is_mark(t - 1, &['-']) || !line.token(t - 1).is_ascii());
            !line.small(t)
                || is_and(line, t)
                || cue::is_particle(line.word(t))
                || broken
                || cue::one_of(line.word(t), "et al")
        }
        Some(Kind::Mark(c)) => !matches!(c, '?' | '!' | ':' | '(' | ')' | '/'),
        _ => false,
    };
    let initials = (from..to).filter(|t| line.is_initial(*t) && line.is_mark(*t + 1, &['.'])).count();
    if initials == 0 || to - from > 200 || !line.capital(from) || !(from..to).all(fits) {
        return None;
    }
    let mut each: Vec<Range<usize>> = Vec::new();
    let mut start = from;
    while start < to {
        if let Some(end) = et_al(line, start, to) {
            start = end;
            continue;
        }
        let parts = |t: usize| {
            line.is_mark(t, &[',', ';', '&'])
                || is_and(line, t) && line.spaced(t) && !line.is_mark(t + 1, &['.'])
        };
        let end = (start..to).find(|t| parts(*t)).unwrap_or(to);
        let whole = |t: usize| line.capital(t) && !line.is_initial(t) && !line.is_mark(t + 1, &['.']);
        if end > start {
            let span = line.span(start..end);
            match each.last_mut() {
                // The initials of the name before them.
                Some(last) if !(start..end).any(whole) => last.end = span.end,
                _ => each.push(span),
            }
        }
        start = end + 1;
    }
    (!each.is_empty()).then_some(Names { each, next: to, editors: false, trust: Trust::Fair })
}

/// A body as author: the whole text is its name.
fn body(line: &Line, from: usize, to: usize) -> Option<Names> {
    let mut to = to;
    let mut editors = false;
    if let Some(mark) = (from + 1..to).find(|t| editor_mark(line, *t, to) == Some(to)) {
        (to, editors) = (mark, true);
        to = trim_end(line, from, to);
    }
    // `G. Majone, Rethinking the Union of Europe` begins with a person.
    let person = line.is_initial(from) && line.is_mark(from + 1, &['.']) && line.spaced(from + 2);
    if person || !is_body(line, from, to) {
        return None;
    }
    // `Roth, Il ritorno della Nato`: a title behind the comma.
    let titled = (from + 1..to).any(|t| {
        line.is_mark(t - 1, &[',']) && cue::one_of(line.word(t), "il lo la gli le the der die das les el los")
    });
    (!titled).then(|| Names { each: vec![line.span(from..to)], next: to, editors, trust: Trust::Fair })
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
                let joins = cue::is_particle(word)
                    || cue::one_of(
                        word,
                        "of the for and on in to fur per pour para sul sur et e y und o dell' against des aux",
                    );
                let inner = known && words > 1 && words <= 6 && !has_verb(word);
                if line.small(at) && !joins && !inner && !word.contains(['\'', '’']) {
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
    let first_is_capital =
        line.token(from).starts_with(|c: char| c.is_uppercase()) && !matches!(line.word(from), "a" | "an");
    first_is_capital && words <= 14 && (known || acronym && words <= 4)
}

/// `NATO`, `WHO`
fn is_acronym(text: &str) -> bool {
    (2..=10).contains(&text.chars().count())
        && text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '&' | '/'))
        && text.starts_with(char::is_alphabetic)
}

/// The few small words that show a sentence rather than a name.
fn has_verb(word: &str) -> bool {
    cue::one_of(
        word,
        "is are was were has have had will would can that which who says said should must may as its their this it",
    )
}

pub(super) struct Separator {
    pub(super) end: usize,
    /// *and*, `&`, `;`, `/`: another name must follow.
    pub(super) strong: bool,
    pub(super) slash: bool,
}

pub(super) fn separator(line: &Line, at: usize, to: usize) -> Option<Separator> {
    let mut end = at;
    let (mut strong, mut slash, mut seen) = (false, false, false);
    while end < to {
        match line.kind(end) {
            Some(Kind::Mark(',')) => {}
            // `Asgaard, G., ... Botros, N.`
            Some(Kind::Mark('.' | '…')) if end > at && line.is_mark(end - 1, &[',', '.']) => {}
            Some(Kind::Mark('.')) if end == at && line.is_mark(end + 1, &[',', ';', '&']) => {}
            // `Q&A: How Do Elections Work?`
            Some(Kind::Mark('&'))
                if end > 0
                    && !line.spaced(end)
                    && !line.spaced(end + 1)
                    && line.is_initial(end - 1)
                    && line.is_initial(end + 1) =>
            {
                break;
            }
            Some(Kind::Mark(';' | '&')) => strong = true,
            Some(Kind::Mark('/' | '–' | '-')) if end == at && !line.spaced(end) && !line.spaced(end + 1) => {
                (strong, slash) = (true, true);
            }
            // `E. Hill – M.M. Borger`, `Roth, Anna/ Ek, Karl`
            Some(Kind::Mark('–' | '-' | '/')) if end == at && dashed(line, end, to) => strong = true,
            Some(Kind::Word) if is_and(line, end) => strong = true,
            _ => break,
        }
        seen = true;
        end += 1;
    }
    (seen && end < to).then_some(Separator { end, strong, slash })
}

/// A dash between white space, or a slash before it, with another name behind it that says by itself
/// that it is one.
fn dashed(line: &Line, at: usize, to: usize) -> bool {
    let marked = line.is_initial(at + 1) && line.is_mark(at + 2, &['.']);
    at + 2 < to
        && line.spaced(at + 1)
        && (marked || given::is_given(line.word(at + 1)) || line.is_mark(at, &['/']) && line.capital(at + 1))
}

/// Is there an *and* or an ampersand between names?
pub(super) fn is_and_list(line: &Line, from: usize, to: usize) -> bool {
    (from..to).any(|t| is_and(line, t) || line.is_mark(t, &['&']))
}

pub(super) fn is_and(line: &Line, at: usize) -> bool {
    const LONGEST: usize = 4;
    let word = line.word(at);
    !word.is_empty()
        && word.len() <= LONGEST
        && (line.small(at) && cue::one_of(word, "and und et y e ed en og och i a with mit con avec u")
            || cue::one_of(line.token(at), "AND And UND ET"))
}

/// `et al.`, `and others`, `u.a.`: where it ends.
pub(super) fn et_al(line: &Line, at: usize, to: usize) -> Option<usize> {
    let start = if line.is_mark(at, &[',']) { at + 1 } else { at };
    let end = line.any_phrase(start, &cue::AND_OTHERS).filter(|end| *end <= to)?;
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
        let whole = inside.trim_end_matches(['.', ',']).trim();
        let first = whole.split(['/', ' ']).next().unwrap_or_default();
        return (is_editor_word(whole) || is_editor_word(first)).then_some(start + 1);
    }
    let word = line.word(start);
    // `Harbours.org`
    if !line.spaced(start) {
        return None;
    }
    // `Inside Higher Ed. 3 May 2021`
    let named_so = start == at
        && line.token(start) == "Ed"
        && (parts::is_day(line, start + 2)
            || matches!(line.kind(start + 2), Some(Kind::Link(_)))
            || line.any_phrase(start + 2, &cue::LEAD_INS).is_some()
            || line.any_phrase(start + 2, &cue::ACCESS).is_some());
    if !(is_editor_word(word)
        && (line.small(start) || start > at || line.is_mark(start + 1, &['.']) && !named_so))
    {
        return line.phrase(start, "a cura di");
    }
    Some(if line.is_mark(start + 1, &['.']) && start + 1 < to { start + 2 } else { start + 1 })
}

fn is_editor_word(word: &str) -> bool {
    matches!(
        word,
        "ed" | "eds"
            | "editor"
            | "editors"
            | "hrsg"
            | "hg"
            | "hgg"
            | "herausgeber"
            | "herausgegeben"
            | "dir"
            | "dirs"
            | "coord"
            | "coords"
            | "a cura di"
            | "cur"
            | "curr"
            | "org"
            | "orgs"
            | "coordinador"
            | "coordinadores"
            | "comp"
            | "comps"
            | "sous la dir"
            | "sous la direction de"
            | "red"
            | "series ed"
            | "series eds"
            | "writer"
            | "compilador"
            | "screenwriter"
            | "director"
            | "producer"
            | "chair"
            | "host"
            | "directors"
            | "executive producer"
    )
}

pub(super) fn is_marked(form: Form) -> bool {
    match form {
        Form::Handle | Form::RunOn => true,
        Form::Direct { initials } | Form::Inverted { initials } => initials,
        Form::Single => false,
    }
}

fn same_style(a: Form, b: Form) -> bool {
    match (a, b) {
        (Form::Inverted { initials: a }, Form::Inverted { initials: b }) => a == b || a,
        (Form::Inverted { .. } | Form::Direct { .. }, Form::Direct { .. })
        | (Form::RunOn, Form::RunOn | Form::Direct { initials: true })
        | (Form::Handle, Form::Handle) => true,
        _ => false,
    }
}

/// After *and* the form may change (`Witten, Ian H., David Bainbridge and David M. Nichols`), but a
/// single word is a name only among single words.
fn compatible(form: Form, next: &Person, slash: bool) -> bool {
    match next.form {
        Form::Single => form == Form::Single || slash,
        _ => !(form == Form::Single && slash),
    }
}

fn trim_end(line: &Line, from: usize, to: usize) -> usize {
    let mut to = to;
    while to > from
        && (line.is_mark(to - 1, &[',', ';', ':'])
            || line.is_mark(to - 1, &['.']) && !(to >= 2 && line.is_initial(to - 2)))
    {
        to -= 1;
    }
    to
}

fn trim_start(line: &Line, from: usize, to: usize) -> usize {
    (from..to).find(|t| !line.is_mark(*t, &[',', ';', ':', '.'])).unwrap_or(to)
}
