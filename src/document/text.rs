//! Plain text, as converters leave it from PDF: lines, perhaps form feeds, no other structure.

use std::borrow::Cow;

use super::{Document, Format, PlacedLink, cork, decode, front};
use crate::note::line::BREAK;
use crate::note::{self, dropped, join, line};
use crate::{fold, link, parallel};

/// Plain text.
pub const FORMAT: Format = Format {
    name: "text",
    extensions: &["txt", "text"],
    is: |_| false,
    read: |bytes, _| Ok(read(&decode::text(bytes)?)),
};

fn read(text: &str) -> Document {
    let unified;
    let text = if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        unified = text.replace("\r\n", "\n").replace('\r', "\n");
        &unified
    } else {
        text
    };
    let decoded = cork::decoded(text);
    let text = &*decoded;
    let hyphenated;
    let text = if soft_hyphens_are_hyphens(text) {
        hyphenated = text.replace('\u{AD}', "-");
        &hyphenated
    } else {
        text
    };
    let marked;
    let text = if holds(text, BREAK) {
        marked = without_breaks_inside_lines(text);
        &marked
    } else {
        text
    };
    let found = note::find(line::split(text));
    let front = front::read(&found.body);
    let links = body_links(&found.body, &found.targets, found.drops_hyphens);
    Document {
        title: front.title.map(|title| fold::one_line(&title)),
        authors: front.authors,
        date: front.date,
        notes: found.notes,
        orphans: found.orphans,
        links,
        ..Document::default()
    }
}

/// The character stands in the text, which may be long.
fn holds(text: &str, c: char) -> bool {
    memchr::memmem::find(text.as_bytes(), c.encode_utf8(&mut [0; 4]).as_bytes()).is_some()
}

/// Typesetters put zero-width spaces into addresses, and some converters leave them there. At the
/// end of a line one says that the word goes on in the next line; inside a line it says nothing.
fn without_breaks_inside_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != BREAK || chars.peek().is_none_or(|next| *next != BREAK && next.is_whitespace()) {
            out.push(c);
        }
    }
    out
}

/// Some typesetters print every hyphen with the character of the soft hyphen. Then soft hyphens
/// stand inside the lines too, where a real one would be invisible, and either words are broken with
/// them at the ends of lines or there is no other hyphen.
fn soft_hyphens_are_hyphens(text: &str) -> bool {
    if !holds(text, '\u{AD}') {
        return false;
    }
    let soft = inner(text).filter(|c| *c == '\u{AD}').count();
    let broken = text.lines().filter(|line| line.trim_end().ends_with('\u{AD}')).count();
    soft > 0 && (broken >= soft || !inner(text).any(|c| c == '-'))
}

/// The hyphens of either kind that stand between two letters or digits of a word.
fn inner(text: &str) -> impl Iterator<Item = char> {
    let words = text.split_whitespace().filter(|word| !word.contains('/'));
    words
        .flat_map(|text| text.match_indices(['-', '\u{AD}']).map(move |(at, mark)| (text, at, mark)))
        .filter_map(|(text, at, mark)| {
            let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let after = text[at + mark.len()..].chars().next().is_some_and(char::is_alphanumeric);
            (before && after).then(|| mark.chars().next()).flatten()
        })
}

/// URLs in the body, put together again where they wrap.
pub(super) fn body_links(
    body: &[line::Line],
    targets: &join::Targets,
    drops_hyphens: bool,
) -> Vec<PlacedLink> {
    const LONGEST: usize = 6;
    let vocabulary = join::Vocabulary::of(body);
    let (spellings, swallowed) = Default::default();
    parallel::stretches(body.len(), line::FEW_LINES, |numbers| {
        let mut links = Vec::new();
        for index in numbers {
            let line = &body[index];
            // `https` | `://…`
            let scheme = ["https", "http"].iter().find_map(|scheme| line.text.strip_suffix(scheme));
            let cut = scheme
                .map(str::len)
                .filter(|_| body.get(index + 1).is_some_and(|next| next.text.starts_with("://")));
            let Some(first) = link::find_start(line.text).or(cut) else { continue };
            let run = 1 + body[index + 1..].iter().take(LONGEST).take_while(|next| !next.gap).count();
            // What stands before it in its paragraph may be the rest of its citation.
            let before = (index.saturating_sub(LONGEST)..index).rev();
            let of_paragraph = |at: &usize| !body[at + 1].gap && link::find_start(body[*at].text).is_none();
            let from = index - if drops_hyphens { before.take_while(of_paragraph).count() } else { 0 };
            let parts: Vec<Cow<str>> = body[from..index + run].iter().map(line::Line::whole).collect();
            let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
            // Each line's URLs are those that start in it; the lines after it only lend their beginnings.
            let mut joined = join::join(&parts, targets, &vocabulary);
            if drops_hyphens {
                joined = dropped::restore(&joined, targets, &spellings, &swallowed, &vocabulary, false).text;
            }
            let own: Vec<usize> = link::find(line.text).iter().map(|found| found.range.start).collect();
            for (nth, found) in link::find(&joined).into_iter().take(own.len().max(1)).enumerate() {
                let at = own.get(nth).copied().unwrap_or(first);
                links.push(PlacedLink { url: found.url, place: line.place(at) });
            }
        }
        links
    })
}
