//! Days of access that cannot be.

use super::future::is_after;
use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "impossible-access",
    severity: Severity::Warning,
    summary: "A source was accessed before it was published, or after the document was.",
    explanation: "\
Nobody reads an article before it appears, and a document cannot tell what was read after it was
published. One of the two dates has a slip. Both are compared at the coarser precision of the two, and
a single day is allowed for the time zones between the reader and the source.

Pages without a date of their own, and documents whose date is not known, give nothing to compare. A
day of access after the document's date is left alone where several notes have one: the document was
then revised after the date it bears.",
    examples: &[
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 12 June 2021, https://ledger.example/tolls-rise (accessed 3 May 2020).\n",
            &["accessed 3 May 2020, before it was published, 12 June 2021"],
        ),
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 12 June 2021, https://ledger.example/tolls-rise (accessed 13 June 2021).\n",
            &[],
        ),
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 12 June 2021, https://ledger.example/tolls-rise (accessed 11 June 2021).\n",
            &[],
        ),
        Example::markdown(
            "The tolls rose.[^1]\n\n[^1]: Lind, Ada. “Tolls Rise”. The Ledger. Archived from the original on 3 May 2022. Retrieved 2 January 2022. https://ledger.example/tolls-rise\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let accessed =
        || case.sources_cited().filter_map(|(note, citation)| Some((note, citation, citation.accessed?)));
    let own = case.read.document.date;
    let after = |day| own.is_some_and(|own| is_after(day, own));
    let late = accessed().filter(|(.., day)| after(*day)).count();
    for (note, citation, day) in accessed() {
        // Where one reads, the day may not have begun on which it is published elsewhere.
        let published = citation.date.filter(|published| {
            is_after(*published, day) && published.days_until(&day).is_none_or(|days| days.abs() > 1)
        });
        let message = match (published, own) {
            (Some(published), _) => {
                format!("accessed {}, before it was published, {}", day.in_words(), published.in_words())
            }
            (None, Some(own)) if late == 1 && after(day) => {
                format!("accessed {}, after the document's own date, {}", day.in_words(), own.in_words())
            }
            _ => continue,
        };
        let help = "one of the two dates has a slip".to_owned();
        out.in_note(note, citation.urls.first().map(String::as_str), message, help);
    }
}
