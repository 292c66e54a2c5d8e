//! Pages that give another address as their own.

use url::Url;

use super::{Case, Check, Findings, Severity};
use crate::source::State;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "canonical-elsewhere",
    severity: Severity::Info,
    summary: "The page gives another address as its own.",
    explanation: "\
A page can say under which address it wants to be known (RFC 6596). Where the cited one leads to the
page of a syndicating site, a version for phones or a copy on another host, the page's own address is
the better citation, and the one that archives know.

Differences in the scheme, in www., in the query and in a trailing slash are left alone, and so are
pages that name their site's front page, which is a common slip of its builders.",
    examples: &[],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    for address in case.cited_addresses() {
        let Some(visit) = case.sources.get(address.url).map(|source| &source.visit) else {
            continue;
        };
        // Of a page that moved, the finding about that is enough.
        if visit.state != State::Ok {
            continue;
        }
        let canonical = visit.page.as_ref().and_then(|page| page.canonical.as_deref());
        // Most pages name the address that they were asked for, to the letter.
        let canonical = canonical.filter(|canonical| *canonical != visit.url);
        let Some(canonical) = canonical.and_then(|canonical| Url::parse(canonical).ok()) else { continue };
        let mut came = [Some(visit.url.as_str()), visit.final_url.as_deref()].into_iter().flatten();
        if came.any(|url| Url::parse(url).is_ok_and(|url| is_same(&url, &canonical))) {
            continue;
        }
        if canonical.path().len() > 1 && visit.archived().is_none() {
            out.about(
                &address,
                format!("the page gives {canonical} as its own address"),
                format!("cite {canonical}"),
            );
        }
    }
}

fn is_same(a: &Url, b: &Url) -> bool {
    let key = |url: &Url| {
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
        (host, url.path().trim_end_matches('/').to_ascii_lowercase())
    };
    key(a) == key(b)
}
