//! One reference a line, as reference lists and labelled collections have them.

use serde::Serialize;

use super::token::{Kind, Line};
use crate::link::Form;

use super::{author, back, cue, read, segment, web};

/// The fields of one reference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// As printed, one entry a person or body; `———` where the list repeats the one above.
    pub author: Vec<String>,
    /// Without quotation marks around it.
    pub title: Option<String>,
    /// Journal, newspaper, book, site; not the publisher.
    pub container: Option<String>,
    /// Of publication; where none is given, the day on which the author read it, which is then the
    /// one date that the reference has. ISO 8601, cut to the precision printed.
    pub date: Option<String>,
    /// When the author read it.
    pub accessed: Option<String>,
    /// The first URL; a DOI only where it is printed as one, and there is no other.
    pub url: Option<String>,
    /// Bare DOI, lower case.
    pub doi: Option<String>,
    /// `article-journal`, `chapter`, `book`, `webpage`, `post`, where it can be told.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The number or key that stands before it.
    pub number: Option<String>,
    /// The numbers of the notes that it points back at.
    pub targets: Vec<String>,
}

/// Reads a text as one reference. A number or key before it (`[12]`, `4`) is its label; *Ibid.*
/// points to the number before that.
pub fn record(text: &str) -> Record {
    record_after(text, None)
}

/// Reads a text as the reference that follows one with the number `before`: *Ibid.* points there,
/// even where the numbers do not follow on each other.
pub fn record_after(text: &str, before: Option<&str>) -> Record {
    let line = Line::of(text);
    let (label, from) = label(&line);
    // A bullet.
    let bullet = line.is_mark(from, &['-', '–', '•', '·', '*']) && line.spaced(from + 1);
    let from = from + usize::from(bullet && line.len() > from + 1);
    let to = line.len();
    // Dashes for the author above are no signal.
    let from = if line.is_word(from) { segment::after_signal(&line, from, to) } else { from };
    let fields =
        if back::is_all(&line, from, to) { read::Fields::default() } else { read::fields(&line, from, to) };
    let (urls, doi) = web::urls(&line, &[], &(0..text.len() + 1));
    let names = fields.names.as_ref().filter(|n| !n.editors);
    let mut author = names.map(|n| read::shown_names(&line, n)).unwrap_or_default();
    if author.is_empty()
        && let Some(dashes) =
            names.and_then(|n| n.each.first()).filter(|span| author::is_dashes(&text[(*span).clone()]))
    {
        author.push(text[dashes.clone()].trim_end_matches(['.', ',']).to_owned());
    }
    let iso = |date: crate::date::PartialDate| date.to_string();
    Record {
        author,
        title: fields.title.as_ref().and_then(|t| read::shown(&line, t)),
        container: fields.rest.container.as_ref().and_then(|c| read::shown_work(&line, c)),
        date: fields.date.or(fields.accessed).map(iso),
        accessed: fields.accessed.map(iso),
        url: urls
            .iter()
            .find(|url| !url.contains("doi.org/10."))
            .or(urls.iter().find(|_| doi.is_none() || prints_address(&line)))
            .cloned(),
        doi,
        kind: kind(&fields, !urls.is_empty()).map(str::to_owned),
        targets: targets(&line, from, label.as_deref(), before),
        number: label,
    }
}

/// `https://doi.org/10.1234/x`, not `doi:10.1234/x`: the identifier is printed as an address.
fn prints_address(line: &Line) -> bool {
    line.links.iter().any(|link| {
        let led = line.text[..link.range.start].trim_end().to_ascii_lowercase();
        link.form == Form::Full && !led.ends_with("doi") && !led.ends_with("doi:")
    })
}

/// What sort of source it is, in the words of CSL, as far as its parts tell.
fn kind(fields: &read::Fields, linked: bool) -> Option<&'static str> {
    let rest = &fields.rest;
    match (&rest.container, &rest.publisher) {
        (Some(_), _) if rest.introduced && !rest.article => Some("chapter"),
        (Some(_), _) => Some("article-journal"),
        (None, Some(_)) => Some("book"),
        (None, None) if linked => Some("webpage"),
        _ => None,
    }
}

/// `[12]`, `(3)`, `12.`, `12` before a capital letter: the label of a reference or a note, and
/// where the reference starts.
fn label(line: &Line) -> (Option<String>, usize) {
    let digits = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    match line.kind(0) {
        Some(Kind::Group)
            if line.inside(0).len() <= 12
                && !line.inside(0).contains(' ')
                && line.dates_in(0).next().is_none() =>
        {
            (Some(line.inside(0).to_owned()), 1)
        }
        Some(Kind::Number | Kind::Date(_)) if digits(line.token(0)) && line.len() > 1 => {
            let number = line.token(0).to_owned();
            if line.is_mark(1, &['.', ')', ':']) && line.spaced(2) {
                (Some(number), 2)
            } else if line.spaced(1)
                && (line.capital(1)
                    || cue::is_particle(line.word(1))
                    || !back::find(line, 1, 2).is_empty()
                    || matches!(line.kind(1), Some(Kind::Quoted | Kind::Group)))
                && line.kind(0) == Some(Kind::Number)
            {
                (Some(number), 1)
            } else {
                (None, 0)
            }
        }
        _ => (None, 0),
    }
}

fn targets(line: &Line, from: usize, label: Option<&str>, before: Option<&str>) -> Vec<String> {
    let mut targets = Vec::new();
    for back in back::find(line, from, line.len()) {
        let number = if back.ibid {
            let counted = || {
                label
                    .and_then(|l| l.parse::<u32>().ok())
                    .and_then(|n| n.checked_sub(1))
                    .map(|n| n.to_string())
            };
            before.map(str::to_owned).or_else(counted)
        } else {
            back.number
        };
        targets.extend(number.filter(|n| !targets.contains(n)));
    }
    targets
}
