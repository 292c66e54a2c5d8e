//! Addresses without encryption.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};
use crate::link;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "insecure-http",
    severity: Severity::Info,
    summary: "An address begins with http:, where nearly every site has https: now.",
    explanation: "\
An address that begins with http: still works nearly everywhere, through a redirect; on some old sites
it is the only one that does. So this is no fault, only a hint that the address is old and worth opening.",
    examples: &[
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, “Tolls”, http://ledger.example/tolls.\n", &["http:"]),
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, “Tolls”, https://ledger.example/tolls.\n", &[]),
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, “Tolls”, http://archive.ph/AbCdE.\n", &[]),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for address in case.addresses() {
        // What is not to be cited at all is not to be cited in another way.
        let cite = || Url::parse(address.url).is_ok_and(|url| !link::is_altering(&url));
        if let Some(rest) = address.url.strip_prefix("http://").filter(|_| cite()) {
            let help = format!("try https://{rest}");
            out.about(&address, "the address begins with http:", help);
        }
    }
}
