//! `See note 7`, where there is no note 7 or another source stands in it.

use super::{Case, Check, Example, Findings, Severity};
use crate::citation::{Citation, Kind};
use crate::fold;
use crate::note::Note;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "cross-reference",
    severity: Severity::Warning,
    summary: "A note refers to a note that is not there, or that does not name the author given.",
    explanation: "\
Notes are renumbered whenever one is added before them; references such as “Roth, supra note 7” stay as
they were typed. Reported are references to a number higher than any note's, and references that name an
author whom the note does not mention, nor the note that it in turn refers to. Where four or more such references
are wrong by the same number, one finding stands for all of them.

A number may also be meant of another book's notes (“Roth, p. 12, note 7”), so references with a page
before the word “note” are left alone, and so are documents whose notes have names in place of numbers.",
    examples: &[
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 3 May 2021.\n[^2]: Lind, supra note 9.\n",
            &["refers to note 9, but the last note is 2"],
        ),
        Example::markdown(
            "One.[^1] Two.[^2] Three.[^3]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 3 May 2021.\n[^2]: Max Stern, “Quays”, in The Ledger, 4 May 2021.\n[^3]: Lind, supra note 2.\n",
            &["refers to note 2 for Lind, who is not named there"],
        ),
        Example::markdown(
            "A.[^1] B.[^2] C.[^3] D.[^4] E.[^5] F.[^6] G.[^7]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 3 May 2021.\n[^2]: Max Stern, “Quays”, in The Ledger, 4 May 2021.\n[^3]: Eva Berg, “Piers”, in The Ledger, 5 May 2021.\n[^4]: Lind, supra note 2.\n[^5]: Stern, supra note 3.\n[^6]: Lind, supra note 2.\n[^7]: Stern, supra note 3.\n",
            &["this number and those of 3 other references are 1 too high"],
        ),
        Example::markdown(
            "One.[^1] Two.[^2] Three.[^3]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 3 May 2021.\n[^2]: Ibid.\n[^3]: Lind, supra note 2. See also Max Stern, Quays, p. 12, note 45.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let notes = &case.read.document.notes;
    // References speak of the printed numbers; labels that are not 1, 2, 3 … may print otherwise.
    let numbered = (1..).zip(notes).all(|(number, note): (usize, _)| note.number == number.to_string());
    if !numbered {
        return;
    }
    let mut unnamed = Vec::new();
    for (note, checked) in case.citations() {
        let citation = &checked.citation;
        let Some(number) = citation.named_note.as_ref().and_then(|number| number.parse::<usize>().ok())
        else {
            continue;
        };
        if citation.kind == Kind::Source
            || follows_page(&note.text[..citation.range.start.min(note.text.len())])
        {
            continue;
        }
        if number > notes.len() {
            out.in_note(
                note,
                None,
                format!("refers to note {number}, but the last note is {}", notes.len()),
                "correct the number".to_owned(),
            );
            continue;
        }
        let Some(named) = number.checked_sub(1).map(|index| &notes[index]) else { continue };
        let full = citation.refers_to.as_ref().and_then(|full| notes.iter().find(|n| n.number == *full));
        let mentioned = |name: &str| {
            [Some(named), full].into_iter().flatten().any(|note: &Note| mentions(&note.text, name))
        };
        if let Some(name) = author(citation).filter(|name| !mentioned(name)) {
            let earlier =
                case.sources_cited().map(|(note, _)| note).take_while(|other| other.place < note.place);
            let first = earlier
                .filter(|other| mentions(&other.text, name))
                .find_map(|other| other.number.parse::<usize>().ok());
            unnamed.push(Unnamed { note, number, name, first });
        }
    }
    report(&unnamed, out);
}

/// A reference to a note that does not name the author.
struct Unnamed<'r> {
    note: &'r Note,
    number: usize,
    name: &'r str,
    /// The first note that does.
    first: Option<usize>,
}

impl Unnamed<'_> {
    /// How far the number is from the note that names the author.
    fn shift(&self) -> Option<i64> {
        Some(i64::try_from(self.number).ok()? - i64::try_from(self.first?).ok()?)
    }
}

/// One finding for each, but a single one where a note was added or lost and all numbers behind it
/// moved together.
fn report(unnamed: &[Unnamed], out: &mut Findings) {
    const FEWEST: usize = 4;
    let shift = unnamed.iter().filter_map(Unnamed::shift).find(|shift| {
        let same = unnamed.iter().filter(|one| one.shift() == Some(*shift)).count();
        same >= FEWEST && same * 3 >= unnamed.len() * 2
    });
    let moved: Vec<&Unnamed> = unnamed.iter().filter(|one| shift.is_some() && one.shift() == shift).collect();
    if let (Some(shift), Some(first)) = (shift, moved.first()) {
        let direction = if shift > 0 { "high" } else { "low" };
        let by = shift.unsigned_abs();
        let others = moved.len() - 1;
        let message = format!(
            "refers to note {} for {}, who is not named there; this number and those of {others} other references are {by} too {direction}",
            first.number, first.name
        );
        let help = "notes were added or taken away: number all cross-references anew".to_owned();
        out.in_note(first.note, None, message, help);
    }
    for one in unnamed.iter().filter(|one| shift.is_none() || one.shift() != shift) {
        let Unnamed { note, number, name, first } = one;
        let help = match first {
            Some(first) => format!("{name} is first named in note {first}"),
            None => "correct the number, or the name".to_owned(),
        };
        out.in_note(note, None, format!("refers to note {number} for {name}, who is not named there"), help);
    }
}

/// `p. 12, ` before the reference: it is a note of the book cited.
fn follows_page(before: &str) -> bool {
    let mut words = before.trim_end_matches([' ', ',', ';', '(']).rsplit(' ');
    let number = words.next().unwrap_or_default();
    let page = words.next().unwrap_or_default().trim_end_matches('.');
    number.starts_with(|c: char| c.is_ascii_digit())
        && matches!(
            page.trim_start_matches('(').to_lowercase().as_str(),
            "p" | "pp" | "s" | "pag" | "at" | "seite" | "page"
        )
}

/// The family name of the one author given.
fn author(citation: &Citation) -> Option<&str> {
    let [name] = citation.authors.as_slice() else { return None };
    name.split_whitespace().next_back().filter(|name| name.chars().count() > 2)
}

/// Spaces inside names are lost and found: `AlQurashi` is Al Qurashi.
fn mentions(text: &str, name: &str) -> bool {
    fold::words(text).concat().contains(&fold::words(name).concat())
}
