//! The cited date against the dates that the source gives.

use super::date::{DateVerdict, Judgement, judge};
use super::{Case, Check, Findings, Severity};
use crate::source::Visit;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "date-mismatch",
        severity: Severity::Warning,
        summary: "The source gives another date than the note, on strong evidence; an error where the evidence cannot well be wrong.",
        explanation: "\
The question is whether the cited date is among the dates of publication that the source gives: in its
structured data, its meta tags, its address, the id of a post. A warning where one strong signal says
otherwise; an error where two independent ones agree, or where the signal cannot well be wrong (the id of
a post on X is its time).

A date of last change is never taken for one of publication, and a visible but unmarked date alone never
makes a mismatch.",
        examples: &[],
        run: |case, out| each(case, out, DateVerdict::Mismatch),
    },
    Check {
        rule: "date-near",
        severity: Severity::Info,
        summary: "The source's date is a day off, explained by a time zone, or only its last change agrees.",
        explanation: "\
One day apart, where a time zone or a change past midnight explains it, or only the date of the last change
agrees. Most style guides do not mind.",
        examples: &[],
        run: |case, out| each(case, out, DateVerdict::Near),
    },
    Check {
        rule: "date-doubtful",
        severity: Severity::Info,
        summary: "The source seems to give another date, but only on weak evidence.",
        explanation: "\
The only dates that the source shows are weak evidence: unmarked text, a header of the server. They differ
from the cited one, which proves nothing; the page is worth opening.",
        examples: &[],
        run: |case, out| each(case, out, DateVerdict::Doubtful),
    },
];

fn each(case: &Case, out: &mut Findings, wanted: DateVerdict) {
    for (note, checked) in case.citations() {
        if checked.date_verdict != Some(wanted) {
            continue;
        }
        let citation = &checked.citation;
        let visits: Vec<&Visit> = citation
            .urls
            .iter()
            .filter_map(|url| case.sources.get(url.as_str()))
            .flat_map(|s| s.visits())
            .collect();
        let Judgement { claim: Some(claim), because, sure, .. } = judge(citation, &visits) else { continue };
        let Some(cited) = citation.date else { continue };
        let url = visits.first().map(|v| v.url.as_str());
        let (in_note, in_source) = (cited.in_words(), claim.date.in_words());
        let mut message =
            format!("the note says {in_note}, the source says {in_source} ({})", claim.evidence);
        if let Some(because) = because {
            message += &format!(": {because}");
        }
        let swapped =
            cited.day == claim.date.month && cited.month == claim.date.day && cited.year == claim.date.year;
        let help = match wanted {
            DateVerdict::Mismatch if swapped => {
                format!("day and month seem to have changed places; the source's date is {in_source}")
            }
            DateVerdict::Mismatch => {
                format!("correct the note's date to {in_source}, or cite the version of {in_note}")
            }
            DateVerdict::Near => "nothing, unless your style wants the source's own date".to_owned(),
            _ => "open the page and compare".to_owned(),
        };
        let severity = if wanted == DateVerdict::Mismatch && sure { Severity::Error } else { out.severity() };
        out.in_note_as(severity, note, url, message, help);
    }
}
