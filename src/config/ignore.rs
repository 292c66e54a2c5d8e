//! Findings that are not reported, and why.

use jiff::civil::Date;

use crate::check::Finding;
use crate::fold::matches_pattern;
use crate::report::Report;

/// Findings that somebody looked at and accepts. Every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore {
    /// The rule.
    pub rule: Option<String>,
    /// A pattern for the address.
    pub url: Option<String>,
    /// A pattern for the document's path.
    pub document: Option<String>,
    /// The number of the note.
    pub note: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// The line of the file in which it stands.
    pub line: usize,
}

/// What came of the ignores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored<'i> {
    /// Findings taken out of the report.
    pub findings: usize,
    /// Ignores past their last day that would have matched something.
    pub expired: Vec<&'i Ignore>,
}

impl Ignore {
    /// Takes the ignored findings out of a report and counts them there.
    pub fn apply<'i>(ignores: &'i [Ignore], report: &mut Report, today: Date) -> Ignored<'i> {
        let mut ignored = Ignored::default();
        let before = report.findings.len();
        let documents = &report.documents;
        report.findings.retain(|finding| {
            let path = documents.get(finding.document).map_or("", |read| read.path.as_str());
            let mut keep = true;
            for ignore in ignores.iter().filter(|ignore| ignore.matches(finding, path)) {
                if ignore.until.is_none_or(|until| today <= until) {
                    keep = false;
                } else if !ignored.expired.contains(&ignore) {
                    ignored.expired.push(ignore);
                }
            }
            keep
        });
        ignored.findings = before - report.findings.len();
        report.known += ignored.findings;
        ignored
    }

    fn matches(&self, finding: &Finding, path: &str) -> bool {
        let is =
            |want: &Option<String>, have: Option<&str>| want.as_deref().is_none_or(|want| have == Some(want));
        let fits = |want: &Option<String>, have: Option<&str>| {
            want.as_deref().is_none_or(|want| have.is_some_and(|have| matches_pattern(want, have)))
        };
        is(&self.rule, Some(finding.rule))
            && is(&self.note, finding.note.as_deref())
            && fits(&self.url, finding.url.as_deref())
            && fits(&self.document, Some(path))
    }
}
