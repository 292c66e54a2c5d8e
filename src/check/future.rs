//! Sources dated after the document that cites them.

use super::{Case, Check, Example, Findings, Severity};
use crate::date::PartialDate;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "date-after-document",
    severity: Severity::Warning,
    summary: "A source is dated after the document that cites it.",
    explanation: "\
A document of 14 February cannot cite an article of 20 March: the year is wrong in January more often
than at any other time. The two dates are compared at the coarser precision of the two, so that a
document dated “February 2025” is no earlier than any day of that month.

Nothing is reported where the document's own date is not known, where the note says that the source
is forthcoming, or where several notes are later: then it is the document's date that was misread, or
the document that was revised.",
    examples: &[
        Example::markdown(
            "---\ndate: 2021-05-03\n---\nThe tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 12 June 2021.\n",
            &["12 June 2021 is after the document's own date, 3 May 2021"],
        ),
        Example::markdown(
            "---\ndate: 2021-05\n---\nThe tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 30 May 2021.\n",
            &[],
        ),
        Example::markdown(
            "---\ndate: 2021-05-03\n---\nThe tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, forthcoming, 2022.\n",
            &[],
        ),
    ],
    run,
}];

/// Is the first date later than all that the second one covers?
pub(super) fn is_after(date: PartialDate, other: PartialDate) -> bool {
    match (date.month, other.month) {
        _ if date.year != other.year => date.year > other.year,
        (Some(month), Some(last)) if month != last => month > last,
        (Some(_), Some(_)) => matches!((date.day, other.day), (Some(day), Some(last)) if day > last),
        _ => false,
    }
}

fn run(case: &Case, out: &mut Findings) {
    let Some(own) = case.read.document.date else { return };
    let dated = || case.sources_cited().filter_map(|(note, citation)| Some((note, citation, citation.date?)));
    let late: Vec<_> = dated().filter(|(.., date)| is_after(*date, own)).collect();
    if late.len() > 1 && late.len() * 10 > dated().count() {
        return;
    }
    for (note, citation, date) in late {
        if is_forthcoming(&note.text) {
            continue;
        }
        out.in_note(
            note,
            citation.urls.first().map(String::as_str),
            format!("{} is after the document's own date, {}", date.in_words(), own.in_words()),
            "check the year first".to_owned(),
        );
    }
}

fn is_forthcoming(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "forthcoming",
        "in press",
        "im erscheinen",
        "erscheint",
        "in corso di",
        "di prossima",
        "à paraître",
        "en prensa",
        "próxima",
        "planned",
        "scheduled",
        "upcoming",
        "expected",
        "until",
        "entry into force",
    ];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}
