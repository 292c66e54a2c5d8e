//! Addresses that carry the marks of an advertising campaign or of the reader who copied them.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "tracking-parameters",
    severity: Severity::Info,
    summary: "An address carries parameters that only follow the reader.",
    explanation: "\
“utm_source”, “fbclid” and their kin tell the site where the reader came from. They change nothing of the
page and make the address long and odd. The finding gives the address without them.",
    examples: &[
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, https://ledger.example/tolls?id=7&utm_source=mail&fbclid=x.\n",
            &["utm_source, fbclid"],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, https://ledger.example/tolls?id=7&source=mail.\n",
            &[],
        ),
    ],
    run,
}];

/// Set by the large advertising and mailing services, and by no site for its own pages.
const PARAMETERS: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "oly_enc_id",
    "oly_anon_id",
    "wickedid",
    "s_cid",
    "ref_src",
    "ref_url",
    "gbraid",
    "wbraid",
    "li_fat_id",
    "epik",
    "srsltid",
];

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || PARAMETERS.contains(&name.as_str())
}

fn run(case: &Case, out: &mut Findings) {
    for address in case.addresses().filter(|address| address.url.contains('?')) {
        let Ok(url) = Url::parse(address.url) else { continue };
        let names: Vec<String> =
            url.query_pairs().map(|(name, _)| name.into_owned()).filter(|name| is_tracking(name)).collect();
        if names.is_empty() {
            continue;
        }
        let clean = without(&url);
        out.about(&address, format!("the address carries {}", names.join(", ")), format!("cite {clean}"));
    }
}

/// The address with the other parameters as they were written.
fn without(url: &Url) -> String {
    let kept: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !is_tracking(pair.split('=').next().unwrap_or_default()))
        .collect();
    let mut clean = url.clone();
    clean.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    clean.into()
}
