//! Addresses shortened by a service.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "short-link",
    severity: Severity::Info,
    summary: "An address is shortened by a service that may end.",
    explanation: "\
A shortened address says nothing of its source, and dies with the service: goo.gl, once the largest, has
stopped. The address that it leads to is the better citation. Addresses that publishers shorten for
themselves (nyti.ms, econ.st) are no different.",
    examples: &[
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, “Tolls”, https://bit.ly/3xYzAbC.\n", &["bit.ly"]),
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, “Tolls”, https://bit.example/3xYzAbC.\n", &[]),
    ],
    run,
}];

const SERVICES: &[&str] = &[
    "bit.ly",
    "tinyurl.com",
    "goo.gl",
    "t.co",
    "ow.ly",
    "is.gd",
    "buff.ly",
    "dlvr.it",
    "ift.tt",
    "lnkd.in",
    "tiny.cc",
    "cutt.ly",
    "rb.gy",
    "shorturl.at",
    "t.ly",
    "rebrand.ly",
    "bl.ink",
    "s.id",
    "v.gd",
    "trib.al",
    "amzn.to",
    "fb.me",
    "nyti.ms",
    "wapo.st",
    "econ.st",
    "on.ft.com",
    "reut.rs",
    "bbc.in",
    "cnn.it",
    "politi.co",
    "on.wsj.com",
    "bloom.bg",
    "adf.ly",
    "j.mp",
    "soo.gd",
    "qr.ae",
    "urlz.fr",
];

fn run(case: &Case, out: &mut Findings) {
    for address in case.addresses() {
        let Ok(url) = Url::parse(&address.url) else { continue };
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
        if SERVICES.contains(&host) && url.path().len() > 1 {
            out.about(
                address,
                format!("the address is shortened by {host}"),
                "cite the address that it leads to".to_owned(),
            );
        }
    }
}
