//! Numbers missing, repeated, or out of order.

use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "note-number-gap",
    severity: Severity::Warning,
    summary: "A number is missing or comes again in the sequence of the notes.",
    explanation: "\
A reader who looks for note 7 and finds 6 and 8 does not know whether a source is lost. Numbers may start
again at 1, by page or chapter. In formats whose labels are names (Markdown, Word) the printed numbers
are made by the program, and this rule has nothing to say.

In text that was converted from PDF, a note may also be missing because it could not be read.",
    examples: &[
        Example::text(
            "The tolls rose.1 The quays fell.2 So it was.4\n\n1 Ada Lind, “Tolls”, in The Ledger, 3 May 2021.\n2 Max Stern, “Quays”, in The Ledger, 4 May 2021.\n4 Ada Lind, “Piers”, in The Ledger, 5 May 2021.\n",
            &["note 3 is missing before note 4"],
        ),
        Example::text(
            "The tolls rose.1 The quays fell.2\n\n1 Ada Lind, “Tolls”, in The Ledger, 3 May 2021.\n2 Max Stern, “Quays”, in The Ledger, 4 May 2021.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let notes = &case.read.document.notes;
    // In a format with labels of its own (Markdown) the order of the labels means nothing.
    if case.read.format != crate::document::text::FORMAT.name {
        return;
    }
    for pair in notes.windows(2) {
        let (Ok(before), Ok(number)) = (pair[0].number.parse::<u32>(), pair[1].number.parse::<u32>()) else {
            continue;
        };
        if number == before + 1 || number == 1 {
            continue;
        }
        let message = match number.checked_sub(before) {
            Some(2) => format!("note {} is missing before note {number}", before + 1),
            Some(3..) => format!("notes {} to {} are missing before note {number}", before + 1, number - 1),
            _ => format!("note {number} follows note {before}"),
        };
        out.in_note(&pair[1], None, message, "renumber the notes, or restore the missing one".to_owned());
    }
}
