//! What a run comes to, in a few lines that every form for people ends with.

use super::{Report, plural};
use crate::check::Severity;
use crate::check::date::DateVerdict;

/// The lines, the last of which counts the findings.
pub(super) fn lines(report: &Report) -> Vec<String> {
    let notes: usize = report.documents.iter().map(|d| d.document.notes.len()).sum();
    let mut lines = vec![format!("{}, {}", plural(notes, "note"), plural(report.source_count(), "source"))];
    let states: Vec<String> =
        report.states().into_iter().map(|(state, count)| format!("{count} {}", state.name())).collect();
    if !states.is_empty() {
        lines.push(format!("sources: {}", states.join(", ")));
    }
    let verdicts: Vec<DateVerdict> = report
        .documents
        .iter()
        .flat_map(|d| d.citations.iter().flatten())
        .filter_map(|c| c.date_verdict)
        .collect();
    let dates = [
        (DateVerdict::Match, "agree"),
        (DateVerdict::Near, "nearly agree"),
        (DateVerdict::Mismatch, "disagree"),
        (DateVerdict::Doubtful, "doubtful"),
        (DateVerdict::Undated, "undated"),
        (DateVerdict::Uncited, "not cited"),
        (DateVerdict::Unchecked, "unchecked"),
    ];
    let dates: Vec<String> = dates
        .iter()
        .map(|(verdict, words)| (verdicts.iter().filter(|v| *v == verdict).count(), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if !dates.is_empty() {
        lines.push(format!("dates: {}", dates.join(", ")));
    }
    let lookups = || report.sources.iter().filter_map(|source| source.copy.as_ref());
    let copies = [
        (lookups().filter(|lookup| lookup.found.is_some()).count(), "found"),
        (lookups().filter(|lookup| lookup.is_miss()).count(), "none"),
        (lookups().filter(|lookup| lookup.found.is_none() && !lookup.is_miss()).count(), "not known"),
    ];
    let copies: Vec<String> = copies
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if !copies.is_empty() {
        lines.push(format!("archived copies: {}", copies.join(", ")));
    }
    if report.known > 0 {
        lines.push(format!("{} known before, not shown", plural(report.known, "finding")));
    }
    lines.push(findings(report));
    lines
}

/// `3 errors, 2 warnings, 3 infos`.
pub(super) fn findings(report: &Report) -> String {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "info")];
    counts.map(|(severity, noun)| plural(report.count(severity), noun)).join(", ")
}
