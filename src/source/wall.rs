//! What gives a bot wall away: the page that it shows, and the fields that it leaves on its answers.

use super::state::Facts;
use crate::page::Nature;

/// The wall that stepped in, by its page or by a field that only a wall sends.
pub(super) fn challenge(facts: &Facts<'_>) -> Option<String> {
    if let Some(Nature::Challenge(what)) = facts.page.map(|page| &page.nature) {
        return Some(what.clone());
    }
    let field = |name: &str| facts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    // AWS WAF: 202 with an empty body for its script challenge, 405 for its puzzle.
    if let Some(action) = field("x-amzn-waf-action") {
        return Some(format!("AWS WAF {action}"));
    }
    let acted = WALLS
        .iter()
        .find(|(name, value, _)| field(name).is_some_and(|field| field.eq_ignore_ascii_case(value)));
    if let Some((.., wall)) = acted {
        return Some((*wall).to_owned());
    }
    (facts.status == 202 && facts.empty).then(|| "202 without a page".to_owned())
}

/// Who refuses, where a field names a wall that marks every answer, the page itself included.
pub(super) fn refused_by(facts: &Facts<'_>) -> Option<&'static str> {
    let refused = matches!(facts.status, 401..=403 | 405 | 406 | 429);
    let marked = |(name, start, _): &&(&str, &str, &str)| {
        let field = facts.headers.get(*name).and_then(|value| value.to_str().ok());
        field.is_some_and(|field| field.trim().to_ascii_lowercase().starts_with(start))
    };
    GUARDED.iter().find(marked).filter(|_| refused).map(|(.., wall)| *wall)
}

/// Fields with which a wall says that it stepped in.
const WALLS: &[(&str, &str, &str)] = &[
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("cf-mitigated", "block", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-vercel-mitigated", "deny", "Vercel"),
    ("sg-captcha", "challenge", "SiteGround"),
];

/// Fields that a wall puts on every answer, and how their values begin.
const GUARDED: &[(&str, &str, &str)] = &[
    ("x-dd-b", "", "DataDome"),
    ("x-datadome", "", "DataDome"),
    ("x-px-block-score", "", "HUMAN"),
    ("x-kpsdk-ct", "", "Kasada"),
    ("x-iinfo", "", "Imperva"),
    ("x-sucuri-block", "", "Sucuri"),
    ("server", "sucuri/cloudproxy", "Sucuri"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "akamaighost", "Akamai"),
    ("server", "qrator", "Qrator"),
    ("x-azure-ref-waf", "", "Azure"),
];
