//! Days that the calendar does not have.

use std::cell::LazyCell;

use super::{Case, Check, Example, Findings, Severity};
use crate::{date, fold, link};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "impossible-date",
    severity: Severity::Error,
    summary: "A note gives a day that the calendar does not have.",
    explanation: "\
31 February is nobody's date of publication: a digit or a month is wrong. The calendar settles it,
so this is an error. Which part is wrong cannot be told from the text; the source has to be opened.

Only days written with the name of their month are looked at, since 31/02/24 may be a number of
another kind; and not what follows “no.” or “vol.”, where the number counts issues.",
    examples: &[
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 31 February 2021.\n",
            &["31 February 2021 is no day"],
        ),
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, no. 31, February 2021.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for note in &case.read.document.notes {
        // Most notes name no such day; the dates are read for the few that may.
        if !["29", "30", "31"].iter().any(|last| note.text.contains(last)) {
            continue;
        }
        let links = LazyCell::new(|| link::find(&note.text));
        for found in date::find(&note.text).iter().filter(|found| found.impossible) {
            let shown = &note.text[found.range.clone()];
            let in_link =
                links.iter().any(|l| l.range.start < found.range.end && found.range.start < l.range.end);
            if in_link || !shown.contains(char::is_alphabetic) || counts(&note.text[..found.range.start]) {
                continue;
            }
            out.in_note(
                note,
                None,
                format!("{shown} is no day of the calendar"),
                "look the date up in the source".to_owned(),
            );
        }
    }
}

/// The number behind this text counts volumes, issues or pages.
fn counts(before: &str) -> bool {
    const COUNTED: &[&str] =
        &["no", "nos", "nr", "n", "num", "vol", "vols", "issue", "iss", "heft", "band", "bd", "p", "pp", "s"];
    let word = before.trim_end().trim_end_matches(['.', ',', '°', 'º', '(']);
    let word = word.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    COUNTED.contains(&fold::fold(word).as_str()) || word.ends_with(|c: char| c.is_ascii_digit())
}
