//! Callouts without their note, notes without their callout.

use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "callout-without-note",
        severity: Severity::Error,
        summary: "The body refers to a note that is not there.",
        explanation: "\
A note was deleted and its callout stayed, or its label was changed in one of the two places. In formats
that mark callouts the case is clear. In plain text a number behind a word is not taken for a callout
without its note, since it may be anything.",
        examples: &[
            Example::markdown(
                "The tolls rose.[^1] Then fell.[^2]\n\n[^1]: Ada Lind, “Tolls”.\n",
                &["refers to note 2"],
            ),
            Example::markdown("The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls”.\n", &[]),
        ],
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
        explanation: "\
A callout was deleted with the sentence it stood in, and its note stayed. Where more than a quarter of the
notes have no callout, it is the reading that missed them, or a list of notes kept apart from its text,
and nothing is reported. In plain text, where a callout is but a digit behind a word, the finding is no more
than a hint.",
        examples: &[
            Example::markdown(
                "One.[^1] Two.[^2] Three.[^3]\n\n[^1]: Ada Lind, “A”.\n[^2]: Ada Lind, “B”.\n[^3]: Ada Lind, “C”.\n[^4]: Ada Lind, “D”.\n",
                &["refers to note 4"],
            ),
            Example::markdown("Nothing is called here.\n\n[^1]: Ada Lind, “A”.\n[^2]: Ada Lind, “B”.\n", &[]),
        ],
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
    // In running text a callout is a digit behind a word, which is easily missed.
    let marked = case.read.format != crate::document::text::FORMAT.name;
    let severity = if marked { out.severity() } else { Severity::Info };
    for note in notes.iter().filter(|note| note.callouts.is_empty()) {
        out.in_note_as(
            severity,
            note,
            None,
            format!("nothing in the body refers to note {}", note.number),
            "add its callout, or remove the note".to_owned(),
        );
    }
}
