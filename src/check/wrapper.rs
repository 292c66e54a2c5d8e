//! Addresses copied with the wrapping of a mail program or a search engine around them.

use super::{Case, Check, Example, Findings, Severity};
use crate::link;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "wrapped-url",
    severity: Severity::Warning,
    summary: "An address leads through a mail program's, search engine's or network's redirect.",
    explanation: "\
Google, Outlook, Facebook and others put an address of their own around each link, to count clicks or
to scan for viruses. Such an address expires, names the reader who copied it, and hides the source. The
address inside is what should be cited; the source is checked at that one.",
    examples: &[
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://www.google.com/url?q=https://ledger.example/tolls&sa=D.\n",
            &["wrapped"],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://www.google.com/search?q=tolls.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for address in case.addresses() {
        if let Some(inner) = link::unwrapped(address.url) {
            out.about(&address, "the address is wrapped in a redirect", format!("cite {inner}"));
        }
    }
}
