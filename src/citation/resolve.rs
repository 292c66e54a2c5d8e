//! What *Ibid.* and the short forms stand for.

use std::collections::{HashMap, HashSet};

use super::{Citation, Kind};
use crate::{fold, parallel};

/// The names in fewer notes are read before a second thread has begun.
const FEW: usize = 500;

/// Fills in `refers_to` over the notes of one document, in their order: `(number, citations)`.
///
/// *Ibid.* means the citation before it in its own note, else the note before, whatever that holds.
/// Where that note holds none or several, `refers_to` stays `None`. Numbers may start again in a
/// document, so a number means the nearest note before that bears it.
pub fn resolve(notes: &mut [(String, Vec<Citation>)]) {
    let citations = || notes.iter().flat_map(|(_, citations)| citations);
    // Hardly any note is named by a number, and hardly any source by its name.
    let mut bearers: HashMap<String, Vec<usize>> = HashMap::new();
    for number in citations().filter_map(|citation| citation.named_note.clone()) {
        bearers.entry(number).or_default();
    }
    for (note, (number, _)) in notes.iter().enumerate() {
        if let Some(bearers) = bearers.get_mut(bare_number(number)) {
            bearers.push(note);
        }
    }
    let names: HashSet<Name> =
        citations().filter(|citation| may_be_short(citation)).filter_map(Name::of).collect();
    let named = parallel::map(if names.is_empty() { 0 } else { notes.len() }, FEW, |note| {
        let sources = notes[note].1.iter().enumerate().filter(|(_, citation)| citation.kind == Kind::Source);
        let named = sources.flat_map(|(at, citation)| Name::all(citation).map(move |name| (at, name)));
        named.filter(|(_, name)| names.contains(name)).collect::<Vec<_>>()
    });
    let mut sources = Sources::default();
    for note in 0..notes.len() {
        let mut named = named.get(note).into_iter().flatten().peekable();
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
            let is_source = notes[note].1[at].kind == Kind::Source;
            while let Some((_, name)) = named.next_if(|(of, _)| *of == at) {
                if is_source {
                    sources.add(name, (note, at));
                }
            }
        }
    }
}

/// What a short form may give of a source: the beginning of its title, or a word of an author's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    Title(String),
    Author(String),
}

impl Name {
    /// Short titles are not longer, in words.
    const LONGEST: usize = 40;

    /// What this short form gives.
    fn of(short: &Citation) -> Option<Self> {
        match &short.title {
            Some(title) => {
                let words = title_words(title);
                let words = words.iter().take(Self::LONGEST);
                Some(Name::Title(words.flat_map(|word| [word.as_str(), " "]).collect()))
            }
            None => family_name(short).map(Name::Author),
        }
    }

    /// Everything by which a source may be named: the first word of its title, the first two words, and so
    /// on, and the words of its authors' names.
    fn all(source: &Citation) -> impl Iterator<Item = Self> {
        let mut beginning = String::new();
        let words = title_words(source.title.as_deref().unwrap_or_default()).into_iter().take(Self::LONGEST);
        let titles = words.map(move |word| {
            beginning.push_str(&word);
            beginning.push(' ');
            Name::Title(beginning.clone())
        });
        titles.chain(source.authors.iter().flat_map(|author| fold::words(author)).map(Name::Author))
    }
}

/// Where the sources that were cited so far stand, by what the short forms of the document give of them.
#[derive(Debug, Default)]
struct Sources {
    by_name: HashMap<Name, Vec<(usize, usize)>>,
}

impl Sources {
    /// Of what begins alike, so many tell that a short form is ambiguous; the rest tells no more.
    const MOST: usize = 400;

    fn add(&mut self, name: &Name, place: (usize, usize)) {
        let keep = |places: &mut Vec<(usize, usize)>| {
            if places.len() < Self::MOST && places.last() != Some(&place) {
                places.push(place);
            }
        };
        match self.by_name.get_mut(name) {
            Some(places) => keep(places),
            None => keep(self.by_name.entry(name.clone()).or_default()),
        }
    }

    /// Those that a short form may mean.
    fn like(&self, short: &Citation) -> &[(usize, usize)] {
        let places = Name::of(short).and_then(|name| self.by_name.get(&name));
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
    may_be_short(&notes[note].1[at]).then(|| by_name(notes, sources, note, at)).flatten()
}

/// It holds no more than a short form may.
fn may_be_short(citation: &Citation) -> bool {
    match citation.kind {
        Kind::Ibid => false,
        Kind::Short => citation.named_note.is_none(),
        Kind::Source => {
            citation.urls.is_empty()
                && citation.doi.is_none()
                && citation.date.is_none()
                && citation.container.is_none()
                && citation.title.is_some()
        }
    }
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
