//! A hyperlink that shows one address and leads to another.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};
use crate::link;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "hyperlink-differs",
    severity: Severity::Warning,
    summary: "The text of a hyperlink is one address, its target another.",
    explanation: "\
Who reads on paper types the address that is printed; who reads on screen follows the link. Where the
two differ, one of them was changed and the other forgotten.

Differences that lead to the same page are none: the scheme, “www.”, a slash at the end, a fragment, a
redirect wrapped around the target, an address shown shortened, a hyphen set as a dash.",
    examples: &[
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, [https://ledger.example/tolls](https://ledger.example/quays).\n",
            &["reads https://ledger.example/tolls and leads to https://ledger.example/quays"],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, [www.ledger.example/tolls](https://ledger.example/tolls/).\n",
            &[],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, [https://ledger.example/m-10–26](https://ledger.example/m-10-26).\n",
            &[],
        ),
        Example::markdown("One.[^1]\n\n[^1]: Ada Lind, [“Tolls”](https://ledger.example/tolls).\n", &[]),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for note in &case.read.document.notes {
        for hyperlink in &note.hyperlinks {
            let shown = note.text.get(hyperlink.range.clone()).unwrap_or_default().trim();
            let [found] = &link::find(shown)[..] else { continue };
            // The whole of the text is the address, nothing else.
            if found.range.len() + 2 < shown.len() || shown.ends_with(['…', '.']) {
                continue;
            }
            let Some(target) = link::target(hyperlink.target.trim()) else { continue };
            let target = link::unwrapped(&target).unwrap_or(target);
            if !same(&found.url, &target) {
                out.in_note(
                    note,
                    Some(&target),
                    format!("the text reads {} and leads to {target}", found.url),
                    "make the text and the target of the hyperlink agree".to_owned(),
                );
            }
        }
    }
}

fn same(shown: &str, target: &str) -> bool {
    let decoded = |url: &str| {
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        percent_encoding::percent_decode_str(url.trim_start_matches("www."))
            .decode_utf8_lossy()
            // Typesetters make dashes of hyphens.
            .replace(['–', '—', '‐', '‑'], "-")
            .to_lowercase()
    };
    let (Ok(a), Ok(b)) = (Url::parse(shown), Url::parse(target)) else {
        return true;
    };
    link::same_address(&a, &b)
        || decoded(target).starts_with(&decoded(shown))
        || link::doi(shown).is_some_and(|doi| Some(doi) == link::doi(target))
}
