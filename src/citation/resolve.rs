//! What *Ibid.* and the short forms stand for.

use std::collections::HashMap;

use super::{Citation, Kind};
use crate::fold;

/// Fills in `refers_to` over the notes of one document, in their order: `(number, citations)`.
///
/// *Ibid.* means the citation before it in its own note, else the note before, whatever that holds.
/// Where that note holds none or several, `refers_to` stays `None`. Numbers may start again in a
/// document, so a number means the nearest note before that bears it.
pub fn resolve(notes: &mut [(String, Vec<Citation>)]) {
    let mut bearers: HashMap<String, Vec<usize>> = HashMap::new();
    for (note, (number, _)) in notes.iter().enumerate() {
        bearers.entry(bare_number(number).to_owned()).or_default().push(note);
    }
    let mut sources = Sources::default();
    for note in 0..notes.len() {
        for at in 0..notes[note].1.len() {
            let citation = &notes[note].1[at];
            let found = match citation.kind {
                Kind::Source => short_title(notes, &sources, note, at),
                Kind::Ibid => before(notes, note, at),
                Kind::Short => match &citation.named_note {
                    Some(number) => by_number(notes, &bearers, note, number, citation),
                    None => by_name(notes, &sources, note, at),
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
            sources.add(&notes[note].1[at], (note, at));
        }
    }
}

/// Where the sources that were cited so far stand, by what a short form may give of them.
#[derive(Debug, Default)]
struct Sources {
    /// By the beginnings of their titles, the first word, the first two words, and so on.
    by_title: HashMap<String, Vec<(usize, usize)>>,
    /// By the words of their authors' names.
    by_author: HashMap<String, Vec<(usize, usize)>>,
}

impl Sources {
    /// Of what begins alike, so many tell that a short form is ambiguous; the rest tells no more.
    const MOST: usize = 400;
    /// Short titles are not longer, in words.
    const LONGEST: usize = 40;

    fn add(&mut self, citation: &Citation, place: (usize, usize)) {
        if citation.kind != Kind::Source {
            return;
        }
        let keep = |places: &mut Vec<(usize, usize)>| {
            if places.len() < Self::MOST && places.last() != Some(&place) {
                places.push(place);
            }
        };
        let mut beginning = String::new();
        for word in title_words(citation.title.as_deref().unwrap_or_default()).iter().take(Self::LONGEST) {
            beginning.push_str(word);
            beginning.push(' ');
            match self.by_title.get_mut(&beginning) {
                Some(places) => keep(places),
                None => keep(self.by_title.entry(beginning.clone()).or_default()),
            }
        }
        for word in citation.authors.iter().flat_map(|author| fold::words(author)) {
            keep(self.by_author.entry(word).or_default());
        }
    }

    /// Those that a short form may mean.
    fn like(&self, short: &Citation) -> &[(usize, usize)] {
        let places = match &short.title {
            Some(title) => {
                let words = title_words(title);
                let beginning: String =
                    words.iter().take(Self::LONGEST).flat_map(|word| [word.as_str(), " "]).collect();
                self.by_title.get(&beginning)
            }
            None => family_name(short).and_then(|name| self.by_author.get(&name)),
        };
        places.map(Vec::as_slice).unwrap_or_default()
    }
}

/// The words of a title without the article before them.
fn title_words(title: &str) -> Vec<String> {
    let mut words = fold::words(title);
    if words.first().is_some_and(|word| matches!(word.as_str(), "the" | "a" | "an")) {
        words.remove(0);
    }
    words
}

/// The name by which a short form names the first author.
fn family_name(short: &Citation) -> Option<String> {
    let words = fold::words(short.authors.first()?);
    words.into_iter().rev().find(|word| word.chars().count() > 1)
}

fn bare_number(number: &str) -> &str {
    number.trim_matches(['.', ')', '(', '[', ']', ' '])
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
    bearers: &HashMap<String, Vec<usize>>,
    note: usize,
    number: &str,
    citation: &Citation,
) -> Option<String> {
    let bear = bearers.get(number)?;
    let before = bear.partition_point(|bearer| *bearer < note);
    let behind = bear[before..].iter().find(|bearer| **bearer > note);
    let target = *before.checked_sub(1).map(|last| &bear[last]).or(behind)?;
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
fn by_name(notes: &[(String, Vec<Citation>)], sources: &Sources, note: usize, at: usize) -> Option<String> {
    let short = &notes[note].1[at];
    if short.authors.is_empty() && short.title.is_none() {
        return None;
    }
    let mut found: Option<(usize, &Citation)> = None;
    for (n, index) in sources.like(short) {
        let citation = &notes[*n].1[*index];
        if !same_author(citation, short) || !same_title(citation, short) {
            continue;
        }
        match found {
            None => found = Some((*n, citation)),
            Some((_, first)) if same_source(first, citation) => {}
            // Two that it may mean are none.
            Some(_) => return None,
        }
    }
    found.map(|(n, _)| notes[n].0.clone())
}

/// A citation in full form that holds no more than author and the beginning of a title already
/// cited is a short form, too.
fn short_title(
    notes: &[(String, Vec<Citation>)],
    sources: &Sources,
    note: usize,
    at: usize,
) -> Option<String> {
    let citation = &notes[note].1[at];
    let bare = citation.urls.is_empty()
        && citation.doi.is_none()
        && citation.date.is_none()
        && citation.container.is_none();
    (bare && citation.title.is_some()).then(|| by_name(notes, sources, note, at)).flatten()
}

fn same_source(a: &Citation, b: &Citation) -> bool {
    a.title == b.title && a.urls == b.urls
}

/// Do the two share their first author's family name? A short form without author says nothing
/// against it.
fn same_author(full: &Citation, short: &Citation) -> bool {
    let Some(name) = short.authors.first() else { return true };
    let wanted = fold::words(name);
    let Some(last) = family_name(short) else { return false };
    full.authors.iter().any(|author| {
        let words = fold::words(author);
        words.contains(&last) && wanted.iter().all(|w| w.chars().count() == 1 || words.contains(w))
    })
}

fn same_title(full: &Citation, short: &Citation) -> bool {
    let Some(title) = &short.title else { return true };
    let Some(whole) = &full.title else { return false };
    let (title, whole) = (title_words(title), title_words(whole));
    !title.is_empty() && whole.starts_with(&title)
}
