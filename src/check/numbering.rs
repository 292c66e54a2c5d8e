//! Numbers missing, repeated, or out of order.

use super::{Case, Check, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "note-number-gap",
    severity: Severity::Warning,
    summary: "A number is missing or comes again in the sequence of the notes.",
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
