//! Callouts without their note, notes without their callout.

use super::{Case, Check, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "callout-without-note",
        severity: Severity::Error,
        summary: "The body refers to a note that is not there.",
        run: |case, out| {
            for (label, place) in &case.read.document.orphans {
                out.at(
                    *place,
                    None,
                    format!("the body refers to note {label}, which is not there"),
                    "add the note, or remove the callout".to_owned(),
                );
            }
        },
    },
    Check {
        rule: "note-without-callout",
        severity: Severity::Warning,
        summary: "Nothing in the body refers to the note, though it does to the others.",
        run: without_callout,
    },
];

fn without_callout(case: &Case, out: &mut Findings) {
    let notes = &case.read.document.notes;
    let without = notes.iter().filter(|note| note.callouts.is_empty()).count();
    // Where many are missing, it is the reading that missed them, or a list of notes apart from
    // its text.
    if without * 4 > notes.len() {
        return;
    }
    for note in notes.iter().filter(|note| note.callouts.is_empty()) {
        out.in_note(
            note,
            None,
            format!("nothing in the body refers to note {}", note.number),
            "add its callout, or remove the note".to_owned(),
        );
    }
}
