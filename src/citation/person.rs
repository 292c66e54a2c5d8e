//! One person's name, in whichever form it is printed.

use super::author::{editor_mark, et_al, is_and, separator};
use super::cue;
use super::given;
use super::parts::is_dated_group;
use super::token::{Kind, Line};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Handle,
    Direct { initials: bool },
    Inverted { initials: bool },
    RunOn,
    Single,
}

/// Where a name ends, and its form.
pub(super) struct Person {
    pub(super) end: usize,
    pub(super) form: Form,
}

pub(super) fn person(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
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
    if start < to && cue::one_of(line.word(start), "jr sr ii iii iv esq mp mep") && !line.small(start) {
        let dot = line.is_mark(start + 1, &['.']) && start + 1 < to;
        person.end = start + 1 + usize::from(dot);
    }
    if person.end < to
        && line.kind(person.end) == Some(Kind::Group)
        && line.inside(person.end).starts_with('@')
    {
        person.end += 1;
    }
    person
}

/// `An, Feng (2006)`, `Power, Samantha.`: an article is nobody's family name, unless a given name
/// and a year follow.
fn is_family_name(line: &Line, at: usize) -> bool {
    line.is_mark(at + 1, &[','])
        && line.capital(at + 2)
        && (is_dated_group(line, at + 3)
            // `Her, M., Moreno, G., …`
            || line.is_initial(at + 2)
                && line.is_mark(at + 3, &['.'])
                && (line.is_mark(at + 4, &[',', '&']) || is_dated_group(line, at + 4))
            // `Au, Terry K.`
            || given::is_given(line.word(at + 2)) && line.is_initial(at + 3) && line.is_mark(at + 4, &['.'])
            || given::is_odd_family(line.word(at))
                && (given::is_given(line.word(at + 2))
                    || line.is_initial(at + 2) && line.is_mark(at + 3, &['.'])))
}

/// A word that may be part of a person's name.
pub(super) fn name_word(line: &Line, at: usize, to: usize) -> bool {
    at < to
        && line.is_word(at)
        && {
            let text = line.token(at);
            let start =
                text.trim_start_matches(|c: char| c.is_lowercase() && text.contains(['’', '\'', '-']));
            let start = start.trim_start_matches(['’', '\'', '-']);
            let start = if start.is_empty() { text } else { start };
            start.starts_with(char::is_uppercase) && !text.contains(|c: char| c.is_ascii_digit())
        }
        && (!cue::is_not_a_name(line.word(at)) || is_family_name(line, at))
        && !(line.word(at).len() <= 4 && cue::one_of(line.word(at), "jr sr ii iii iv eds hrsg"))
        && !line.token(at).ends_with("’s")
        && !line.token(at).ends_with("'s")
}

/// Initials: `J.`, `J. K.`, `J.-L.`, `JK`; where they end.
pub(super) fn initials(line: &Line, at: usize, to: usize) -> Option<usize> {
    let mut end = at;
    while end < to {
        let text = line.token(end);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let dotted = line.is_mark(end + 1, &['.']) && end + 1 < to && !line.spaced(end + 1);
        let short = line.is_initial(end)
            || line.capital(end) && letters <= 3 && text.chars().all(|c| c.is_uppercase() || c == '-')
            || line.capital(end)
                && dotted
                && cue::one_of(line.word(end), "ch th ph kh zh sh yu ju ya ye wm st fr chr joh geo jos ed");
        // `Nathalie Tocci, A Green and Global Europe`, `Olena Kos, X post`
        let word_follows = line.is_word(end + 1) && end + 1 < to && !is_and(line, end + 1);
        let bare = !dotted && line.token(end).chars().count() == 1 && word_follows;
        let article = matches!(line.token(end), "A" | "I" | "O")
            && line.capital(end + 1)
            && !line.is_word(at.wrapping_sub(1));
        let changed = bare && end > at && line.is_mark(end - 1, &['.'])
            || end > at && is_state(line, end)
            || line.is_mark(end + 1, &['&']) && !line.spaced(end + 1);
        if short
            && !changed
            && !(bare && (article || line.small(end + 1) && !cue::is_particle(line.word(end + 1))))
        {
            end += if dotted { 2 } else { 1 };
        } else if end > at
            && line.is_mark(end, &['-', '‐', '‑'])
            && (!line.spaced(end) || line.is_mark(end - 1, &['.']) && line.is_mark(end + 2, &['.']))
            && !line.spaced(end + 1)
            && line.is_initial(end + 1)
        {
            end += 1;
        } else {
            break;
        }
    }
    (end > at).then_some(end)
}

/// `U.S.`, `U.N.`, set off from the initials before it.
fn is_state(line: &Line, at: usize) -> bool {
    line.spaced(at)
        && line.token(at) == "U"
        && line.is_mark(at + 1, &['.'])
        && !line.spaced(at + 2)
        && matches!(line.token(at + 2), "S" | "N" | "K")
}

/// The end of the particles at `at` that a name follows: `von`, `de la`.
fn particles(line: &Line, at: usize, to: usize) -> usize {
    let mut end = at;
    while end < to
        && end < at + 3
        && cue::is_particle(line.word(end))
        && name_or_particle_follows(line, end + 1, to)
    {
        end += 1;
    }
    end
}

/// A family name: particles and one or two capitalised words.
fn family(line: &Line, at: usize, to: usize) -> Option<usize> {
    let mut end = particles(line, at, to);
    // `Ó Briain`
    if line.token(end) == "Ó" && name_word(line, end + 1, to) {
        end += 1;
    }
    if !name_word(line, end, to) || line.is_initial(end) {
        return None;
    }
    end += 1;
    // `Buarque de Holanda`
    let inner = (end..end + 2)
        .take_while(|t| line.small(*t) && cue::is_particle(line.word(*t)) && !is_and(line, *t))
        .count();
    if inner > 0 && name_word(line, end + inner, to) && line.is_mark(end + inner + 1, &[',']) {
        return Some(end + inner + 1);
    }
    if name_word(line, end, to)
        && !line.is_initial(end)
        && line.token(end).chars().count() > 1
        && !is_run_on_initials(line, end, to)
    {
        end += 1;
    }
    Some(end)
}

fn name_or_particle_follows(line: &Line, at: usize, to: usize) -> bool {
    name_word(line, at, to) && !line.is_initial(at) || at < to && cue::is_particle(line.word(at))
}

fn inverted(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
    let comma = family(line, at, to)?;
    // `Conti (H.), El Hassan (Leila)`
    if comma < to && line.kind(comma) == Some(Kind::Group) && given::is_in_brackets(line.inside(comma)) {
        return Some(Person { end: comma + 1, form: Form::Inverted { initials: true } });
    }
    if !line.is_mark(comma, &[',']) || comma + 1 >= to {
        return None;
    }
    let mut given = comma + 1;
    if cue::one_of(line.word(given), "jr sr iii ii") {
        given += 1;
        while line.is_mark(given, &['.', ',']) && given < to {
            given += 1;
        }
    }
    // `US Congress, H.R. 2670`
    if comma - at == 2
        && (at..comma).any(|t| cue::is_body(line.word(t)) && !given::is_odd_family(line.word(t)))
    {
        return None;
    }
    // `Emma Roth, Mr. Stern Goes to Lindby`
    let honored = is_honorific(line.word(given)) && line.is_mark(given + 1, &['.']);
    if comma - at == 2 && (honored || is_state(line, given)) {
        return None;
    }
    // `Emma Roth, US, Russia Agree to Talks`
    let state = comma - at == 2 && cue::one_of(line.word(given), "us eu un uk ai uae usa nato who wto imf");
    if let Some(end) = initials(line, given, to).filter(|_| !state || line.is_mark(given + 1, &['.'])) {
        // `Roth, J. Smith` is one family name and a direct name, not an inverted one.
        let mut end = end;
        while end < to && line.small(end) && cue::is_particle(line.word(end)) && !is_and(line, end) {
            end += 1;
        }
        // `Ansoff, H. Igor and Richard Brandenburg`
        if comma - at == 1
            && given::is_given(line.word(end))
            && line.capital(end)
            && given::ends_here(line, end + 1, to)
        {
            return Some(Person { end: end + 1, form: Form::Inverted { initials: true } });
        }
        let direct_name = name_word(line, end, to)
            && direct(line, given, to).is_some_and(|p| {
                p.end >= to || line.is_mark(p.end, &[',', '.']) && p.end - end <= 2 || is_and(line, p.end)
            });
        // `Emma Roth, EU Leaders Agree`, `Emma Roth, U.S.-Turkey Relations`: a name and a title.
        let dotted = line.is_mark(end - 1, &['.']);
        let title = comma - at == 2
            && end < to
            && !cue::is_particle(line.word(at))
            && (!dotted && line.is_word(end) && !is_and(line, end)
                || line.is_mark(end, &['-', '–']) && !line.spaced(end));
        if title {
            return None;
        }
        let capitals = comma - at == 1
            && line.token(at).chars().count() > 2
            && line.token(at).chars().all(|c| c.is_uppercase() || matches!(c, '’' | '\'' | '-'));
        if !direct_name || capitals {
            return Some(Person { end, form: Form::Inverted { initials: true } });
        }
    }
    // `Roth, Khan, and Lindqvist`: family names alone.
    let alone = given + 1;
    let and = if line.is_mark(alone, &[',']) { alone + 1 } else { alone };
    if comma - at == 1
        && !given::is_given(line.word(given))
        && and + 1 < to
        && (is_and(line, and) || line.is_mark(and, &['&']))
        && direct(line, and + 1, to).is_some_and(|p| p.form == Form::Single)
        && !line.is_mark(and + 2, &[','])
    {
        return None;
    }
    // Full given names: only right before something that ends a name.
    let inner =
        !line.is_initial(given) && (at + 1..comma).any(|t| line.small(t) && cue::is_particle(line.word(t)));
    if comma - at > 2 && !cue::is_particle(line.word(at)) && !inner {
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
            if line.is_mark(end - 1, &['.']) {
                break;
            }
        } else if name_word(line, end, to) {
            words += 1;
            end += 1;
        } else if line.small(end) && cue::is_particle(line.word(end)) && !is_and(line, end) && words > 0 {
            end += 1;
        } else {
            break;
        }
    }
    // `Sofia Kowalska, Miguel Virtanen`, `Sofia Kowalska, Sofia M. Lindqvist`: two names.
    if comma - at == 2 && words > 1 && given::is_given(line.word(at)) && given::is_given(line.word(given)) {
        return None;
    }
    if comma - at == 2
        && words > 0
        && end < to
        && line.is_word(end)
        && (line.capital(end) || cue::is_particle(line.word(end)) && !is_and(line, end))
        && !cue::is_particle(line.word(at))
    {
        return None;
    }
    if words == 0 || words > 3 || comma - at == 2 && words > 2 && !cue::is_particle(line.word(at)) {
        return None;
    }
    let two_family_words = comma - at == 2 && !cue::is_particle(line.word(at));
    // `Marta Roth, Rethinking Harbours (Lindby: Harbour Press, 2017)` and `Marta Roth, Lindby: A
    // History` are names and titles; only a year in brackets follows a name.
    let titled = two_family_words
        && (line.is_mark(end, &[':']) || line.kind(end) == Some(Kind::Group) && !is_dated_group(line, end));
    let ends = end >= to
        || line.is_mark(end, &['.', ':', ';', '&', '/']) && !titled
        || line.is_mark(end - 1, &['.'])
        || et_al(line, end, to).is_some()
        || matches!(line.kind(end), Some(Kind::Group | Kind::Quoted | Kind::Date(_))) && !titled
        || is_and(line, end) && !two_family_words && names_follow(line, end + 1, to)
        || line.is_mark(end, &[','])
            && !two_family_words
            && (comma_ends_name(line, end, to, words)
                || words == 2 && given::is_given(line.word(given)) && line.is_word(end + 1));
    ends.then_some(Person { end, form: Form::Inverted { initials: false } })
}

fn names_follow(line: &Line, at: usize, to: usize) -> bool {
    initials(line, at, to).is_some()
        || direct(line, at, to).is_some_and(|p| p.form != Form::Single)
        || family(line, at, to).is_some_and(|c| line.is_mark(c, &[',']))
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
        || line.is_mark(comma - 1, &['.']) && !line.small(next)
        || closes_later(line, comma, to)
        || editor_mark(line, comma, to).is_some()
        || words == 1 && line.is_word(next)
}

fn is_run_on_initials(line: &Line, at: usize, to: usize) -> bool {
    if at >= to {
        return false;
    }
    let text = line.token(at);
    line.capital(at)
        && text.chars().count() <= 3
        && text.chars().all(|c| c.is_uppercase() || c == '-')
        && (at + 1 >= to
            || matches!(line.kind(at + 1), Some(Kind::Mark(',' | '.' | ';' | ':' | '&')))
            || is_and(line, at + 1)
            || et_al(line, at + 1, to).is_some()
            || matches!(line.kind(at + 1), Some(Kind::Group | Kind::Date(_))))
}

/// `Drury CG`, `von Hippel PH`, `Govoni F.`
fn run_on(line: &Line, at: usize, to: usize, among: Option<Form>) -> Option<Person> {
    let mut end = particles(line, at, to);
    let first = end;
    // `Law CH`: an odd family name counts where initials follow.
    if line.capital(end)
        && !name_word(line, end, to)
        && is_run_on_initials(line, end + 1, to)
        && line.token(end).len() > 2
    {
        end += 1;
    }
    while end < to
        && end < first + 3
        && name_word(line, end, to)
        && !line.is_initial(end)
        && !(end > first && is_run_on_initials(line, end, to))
    {
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
    let ends = in_list
        || stop >= to
        || !name_word(line, stop, to) && !line.is_word(stop)
        || is_and(line, stop)
        || et_al(line, stop, to).is_some();
    // `Schneider D. Using Drosophila as a model`: what follows cannot be the family name. Nor can it in
    // `Schneider DB. Stern at Sea`, `Schneider D. Mexico: what comes next`, `Schneider D. Dr. Stern at
    // Sea`, `Schneider D. Rome and Paris agree`.
    let sentence = |p: Person| {
        p.end < to && (line.small(p.end) && !is_and(line, p.end) || begins_title(line, p.end, to))
    };
    let ends = ends
        || line.is_mark(stop - 1, &['.'])
            && line.capital(stop)
            && (stop - end == 2 && line.token(end).chars().count() > 1
                || is_honorific(line.word(stop)) && line.is_mark(stop + 1, &['.'])
                || is_state(line, stop)
                || (end - first == 1 || end - first == 2 && !given::is_given(line.word(first)))
                    && direct(line, at, to).is_none_or(sentence));
    // `Roth A.` but not `Roth A. Smith`; the stop of the last initial may end the sentence, too. That
    // of `Roth AB.` does nothing else.
    let joined = stop - end == 2 && line.token(end).chars().count() > 1 && line.spaced(stop);
    ends.then_some(Person { end: stop - usize::from(joined), form: Form::RunOn })
}

/// `: what comes next`, `and Paris agree to talk`: what looked like a family name was the first word
/// of a title.
fn begins_title(line: &Line, at: usize, to: usize) -> bool {
    let colon = line.is_mark(at, &[':'])
        && line.spaced(at + 1)
        && (line.small(at + 1) || matches!(line.kind(at + 1), Some(Kind::Number)));
    let clause = is_and(line, at)
        && line.capital(at + 1)
        && line.small(at + 2)
        && at + 2 < to
        && !is_and(line, at + 2)
        && !cue::is_particle(line.word(at + 2));
    let phrase = is_and(line, at)
        && line.small(at + 1)
        && at + 1 < to
        && !cue::is_particle(line.word(at + 1))
        && et_al(line, at, to).is_none();
    colon || clause || phrase
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
            && let Some(next) = initials(line, end, to)
                .filter(|_| line.is_initial(end) || line.is_mark(end + 1, &['.']) || short <= 2 && words == 0)
            && next < to
            && (name_word(line, next, to)
                || given::odd_family(line, start, next, to)
                || words > 0 && line.capital(next) && !line.is_initial(next)
                || cue::is_particle(line.word(next)) && (line.small(next) || name_word(line, next + 1, to)))
            && !(is_and(line, next))
        {
            inits += 1;
            end = next;
            last_is_word = false;
        } else if words < 5
            && (name_word(line, end, to) && !cue::is_tail(line.word(end))
                || end == start && given::odd_given(line, end, to)
                || words + inits > 0 && given::odd_family(line, start, end, to))
        {
            words += 1;
            end += 1;
            last_is_word = true;
        } else if (line.small(end) || words + inits > 0)
            && cue::is_particle(line.word(end))
            && name_or_particle_follows(line, end + 1, to)
            && !(is_and(line, end) && line.word(end).len() > 1 && line.word(end) != "en")
            && (words + inits > 0 || end == start)
            && !(is_and(line, end) && words + inits > 0)
        {
            end += 1;
            last_is_word = false;
        } else {
            break;
        }
    }
    if words == 0 || !last_is_word {
        return None;
    }
    let form = if words + inits == 1 && end - start == 1 {
        Form::Single
    } else {
        Form::Direct { initials: inits > 0 }
    };
    if form == Form::Single && line.token(at).chars().count() < 2 {
        return None;
    }
    let body = |t: usize| cue::is_body(line.word(t)) && !given::odd_family(line, start, t, to);
    if form != Form::Single && inits == 0 && (start..end).any(body) {
        return None;
    }
    Some(Person { end, form })
}

fn is_honorific(word: &str) -> bool {
    cue::one_of(word, "dr prof professor sir lord lady justice judge hon mr mrs ms rev gen dame amb")
}

/// Does the list go on to an *and*, or to a quotation or a year, with nothing but names between?
pub(super) fn closes_later(line: &Line, at: usize, to: usize) -> bool {
    let mut at = at;
    for _ in 0..40 {
        if et_al(line, at, to).is_some() {
            return true;
        }
        let Some(sep) = separator(line, at, to) else {
            let next = if line.is_mark(at, &[',', '.', ':']) { at + 1 } else { at };
            // `Harbour Master: ‘We Shall Not Close’` speaks in the title.
            let speech = line.is_mark(at, &[':']) && line.token(next).starts_with(['‘', '\'']);
            return next < to && line.kind(next) == Some(Kind::Quoted) && !speech;
        };
        if line.kind(sep.end) == Some(Kind::Quoted) {
            return true;
        }
        let Some(next) = person(line, sep.end, to, Some(Form::Direct { initials: false })) else {
            return false;
        };
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
