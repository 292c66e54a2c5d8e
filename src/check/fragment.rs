//! Addresses of a place in a page that the page does not have.

use super::{Case, Check, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "missing-fragment",
    severity: Severity::Info,
    summary: "The page answers, but has no place of the name behind the address's “#”.",
    explanation: "\
The part of an address behind the “#” names a place in the page: a section, a note, a comment. The page
was read, and no element has that name, so a reader lands at its top.

A script may make the place when the page is opened, which is why this counts against nobody. Fragments
that are plainly a script's (#/route, #page=3, #L10) and pages that were not read to their end are left
alone.",
    examples: &[],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for address in case.cited_addresses() {
        let Some(source) = case.sources.get(address.url) else { continue };
        if let Some(fragment) = source.visit.missing_fragments.first() {
            out.about(
                &address,
                format!("the page has no place named “{fragment}”"),
                "cite the page alone, or the place's new name".to_owned(),
            );
        }
    }
}
