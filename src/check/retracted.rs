//! Works that were taken back.

use super::{Case, Check, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "retracted",
    severity: Severity::Warning,
    summary: "A registry says that the work was retracted, withdrawn, or is doubted by its publisher.",
    explanation: "\
Crossref records the notices with which publishers and the Retraction Watch database take works back. A
work may be cited because it was retracted; the note should then say so, and the rule keeps silent where
the note has the word.

Nothing is said of corrections, nor of works that no registry was asked about: that no notice is known
proves nothing.",
    examples: &[],
    run,
}];

/// Words by which a note shows that it knows, folded.
const KNOWN: &[&str] = &[
    "retract",
    "withdraw",
    "expression of concern",
    "ritratta",
    "ritirat",
    "retire",
    "zuruckgezogen",
    "retirad",
];

fn run(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        for url in &citation.urls {
            let record = case.sources.get(url.as_str()).and_then(|source| source.visit.record.as_ref());
            let Some(retraction) = record.and_then(|record| record.retraction.as_ref()) else { continue };
            let text = crate::fold::fold(&note.text);
            if KNOWN.iter().any(|word| text.contains(word)) {
                continue;
            }
            let when = retraction.date.map_or(String::new(), |date| format!(" of {}", date.in_words()));
            let notice =
                retraction.notice.as_ref().map_or(String::new(), |doi| format!(" (https://doi.org/{doi})"));
            out.in_note(
                note,
                Some(url),
                format!("there is a notice of {}{when} for the work{notice}", retraction.kind),
                "cite another source, or say in the note that the work was taken back".to_owned(),
            );
        }
    }
}
