//! What *Ibid.* and the short forms stand for.

use super::{Citation, Kind};
use crate::fold;

/// Fills in `refers_to` over the notes of one document, in their order: `(number, citations)`.
///
/// *Ibid.* means the citation before it in its own note, else the note before, whatever that holds.
/// Where that note holds none or several, `refers_to` stays `None`. Numbers may start again in a
/// document, so a number means the nearest note before that bears it.
pub fn resolve(notes: &mut [(String, Vec<Citation>)]) {
    for note in 0..notes.len() {
        for at in 0..notes[note].1.len() {
            let citation = &notes[note].1[at];
            let found = match citation.kind {
                Kind::Source => short_title(notes, note, at),
                Kind::Ibid => before(notes, note, at),
                Kind::Short => match &citation.named_note {
                    Some(number) => by_number(notes, note, number, citation),
                    None => by_name(notes, note, at),
                },
            };
            let citation = &mut notes[note].1[at];
            if citation.kind == Kind::Source {
                if found.is_some() {
                    citation.kind = Kind::Short;
                    citation.refers_to = found;
                }
            } else {
                citation.refers_to = found;
            }
        }
    }
}

/// The note in which a citation's source stands in full.
fn full(notes: &[(String, Vec<Citation>)], note: usize, citation: &Citation) -> Option<String> {
    match citation.kind {
        Kind::Source => Some(notes[note].0.clone()),
        _ => citation.refers_to.clone(),
    }
}

fn before(notes: &[(String, Vec<Citation>)], note: usize, at: usize) -> Option<String> {
    if let Some(own) = at.checked_sub(1) {
        return full(notes, note, &notes[note].1[own]);
    }
    let previous = note.checked_sub(1)?;
    // `Id., 80; Id., 43`: cited twice, it is still one source.
    let mut sources = notes[previous].1.iter().map(|cited| full(notes, previous, cited));
    let first = sources.next()?;
    let back = |cited: &Citation| cited.kind != Kind::Source;
    let same =
        sources.len() == 0 || notes[previous].1.iter().all(back) && sources.all(|other| other == first);
    if same { first } else { None }
}

fn by_number(
    notes: &[(String, Vec<Citation>)],
    note: usize,
    number: &str,
    citation: &Citation,
) -> Option<String> {
    let bears = |n: &usize| notes[*n].0.trim_matches(['.', ')', '(', '[', ']', ' ']) == number;
    let target = (0..note).rev().find(bears).or_else(|| (note + 1..notes.len()).find(bears))?;
    // That note may itself refer back: what it stands for is meant, unless it holds more than that.
    let cited = &notes[target].1;
    let named =
        (!citation.authors.is_empty()).then(|| cited.iter().find(|c| same_author(c, citation))).flatten();
    match (named, cited.as_slice()) {
        (Some(one), _) => full(notes, target, one).or_else(|| Some(notes[target].0.clone())),
        (None, [one]) if target < note => full(notes, target, one).or_else(|| Some(notes[target].0.clone())),
        _ => Some(notes[target].0.clone()),
    }
}

/// `Roth, cit.`: the one source before that an author of this name wrote and, where a title is
/// given, that begins with it.
fn by_name(notes: &[(String, Vec<Citation>)], note: usize, at: usize) -> Option<String> {
    let short = &notes[note].1[at];
    if short.authors.is_empty() && short.title.is_none() {
        return None;
    }
    let mut found: Vec<(usize, &Citation)> = Vec::new();
    let earlier = notes[..note].iter().map(|n| n.1.as_slice()).chain([&notes[note].1[..at]]);
    for (n, citations) in earlier.enumerate() {
        for citation in citations.iter().filter(|c| c.kind == Kind::Source) {
            if same_author(citation, short)
                && same_title(citation, short)
                && !found.iter().any(|(_, f)| same_source(f, citation))
            {
                found.push((n, citation));
            }
        }
    }
    match found.as_slice() {
        [(n, _)] => Some(notes[*n].0.clone()),
        _ => None,
    }
}

/// A citation in full form that holds no more than author and the beginning of a title already
/// cited is a short form, too.
fn short_title(notes: &[(String, Vec<Citation>)], note: usize, at: usize) -> Option<String> {
    let citation = &notes[note].1[at];
    let bare = citation.urls.is_empty()
        && citation.doi.is_none()
        && citation.date.is_none()
        && citation.container.is_none();
    (bare && citation.title.is_some()).then(|| by_name(notes, note, at)).flatten()
}

fn same_source(a: &Citation, b: &Citation) -> bool {
    a.title == b.title && a.urls == b.urls
}

/// Do the two share their first author's family name? A short form without author says nothing
/// against it.
fn same_author(full: &Citation, short: &Citation) -> bool {
    let Some(name) = short.authors.first() else { return true };
    let wanted = fold::words(name);
    let Some(last) = wanted.iter().rev().find(|w| w.chars().count() > 1) else { return false };
    full.authors.iter().any(|author| {
        let words = fold::words(author);
        words.contains(last) && wanted.iter().all(|w| w.chars().count() == 1 || words.contains(w))
    })
}

fn same_title(full: &Citation, short: &Citation) -> bool {
    let Some(title) = &short.title else { return true };
    let Some(whole) = &full.title else { return false };
    let (title, whole) = (fold::words(title), fold::words(whole));
    let drop = |words: &[String]| {
        usize::from(words.first().is_some_and(|w| matches!(w.as_str(), "the" | "a" | "an")))
    };
    let (title, whole) = (&title[drop(&title)..], &whole[drop(&whole)..]);
    !title.is_empty() && whole.starts_with(title)
}
