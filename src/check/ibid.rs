//! *Ibid.* and its kin where it is not clear what they stand for.

use super::{Case, Check, Example, Findings, Severity};
use crate::citation::{Citation, Kind};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "unclear-ibid",
    severity: Severity::Warning,
    summary: "Ibid. is the first note, or the note before it cites none or several sources.",
    explanation: "\
“Ibid.” means the source of the note before, whatever that note holds. In the first note there is none
before; where the note before cites no source, or several, a reader cannot tell which is meant, and
neither can this program. Notes that were moved or split leave such an “Ibid.” behind.",
    examples: &[
        Example::markdown("One.[^1]\n\n[^1]: Ibid., p. 3.\n", &["first note"]),
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021; Max Stern, “Quays”, in The Ledger, 4 May 2021.\n[^2]: Ibid.\n",
            &["cites 2 sources"],
        ),
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021.\n[^2]: Ibid., p. 4.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let notes = &case.read.document.notes;
    for (index, (note, citations)) in notes.iter().zip(&case.read.citations).enumerate() {
        let unclear =
            citations.iter().any(|c| c.citation.kind == Kind::Ibid && c.citation.refers_to.is_none());
        if !unclear {
            continue;
        }
        let message = match index
            .checked_sub(1)
            .map(|before| (&notes[before].number, case.read.citations[before].len()))
        {
            None => "Ibid. in the first note has nothing to stand for".to_owned(),
            Some((before, 0)) => format!("Ibid. stands for note {before}, in which no source was found"),
            Some((before, 1)) => {
                format!("Ibid. stands for note {before}, which itself does not lead to a source")
            }
            Some((before, count)) => {
                format!("Ibid. stands for note {before}, which cites {count} sources: which one is not clear")
            }
        };
        // That no source was found does not prove that there is none, nor do words that may belong to
        // the one source prove that there are two.
        let told = |citation: &Citation| {
            !citation.urls.is_empty()
                || !citation.authors.is_empty() && citation.title.is_some()
                || citation.refers_to.is_some()
        };
        let sure =
            index == 0 || case.read.citations[index - 1].iter().filter(|c| told(&c.citation)).count() > 1;
        let severity = if sure { out.severity() } else { Severity::Info };
        out.in_note_as(
            severity,
            note,
            None,
            message,
            "name the source, at least in its short form".to_owned(),
        );
    }
}
