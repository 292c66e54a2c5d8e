//! *Ibid.* and its kin where it is not clear what they stand for.

use super::{Case, Check, Findings, Severity};
use crate::citation::Kind;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "unclear-ibid",
    severity: Severity::Warning,
    summary: "Ibid. is the first note, or the note before it cites none or several sources.",
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
        out.in_note(note, None, message, "name the source, at least in its short form".to_owned());
    }
}
