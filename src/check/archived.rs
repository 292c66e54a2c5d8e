//! Archived copies cited without the address of the original.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "archive-without-original",
    severity: Severity::Info,
    summary: "A source is cited by an archived copy alone.",
    explanation: "\
An archived copy shows what the source said; the address of the original says whose it is, and is what
other archives know it by. Good notes give both. The Wayback Machine's addresses hold the original's, and
the finding gives it; those of perma.cc, archive.today and WebCite do not.",
    examples: &[
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://web.archive.org/web/20210504000000/https://ledger.example/tolls.\n",
            &["only its archived copy"],
        ),
        Example::markdown(
            "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://ledger.example/tolls, archived at https://perma.cc/AB12-CD34.\n",
            &[],
        ),
    ],
    run,
}];

const ARCHIVES: &[&str] = &[
    "web.archive.org",
    "perma.cc",
    "archive.today",
    "archive.ph",
    "archive.is",
    "archive.li",
    "archive.vn",
    "archive.fo",
    "archive.md",
    "webcitation.org",
    "webarchive.org.uk",
    "webarchive.nationalarchives.gov.uk",
    "arquivo.pt",
];

fn is_archive(url: &str) -> bool {
    let host = Url::parse(url).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default().trim_start_matches("www.");
    ARCHIVES.contains(&host)
}

fn run(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let [first, ..] = citation.urls.as_slice() else { continue };
        if !citation.urls.iter().all(|url| is_archive(url)) {
            continue;
        }
        let inner = first.match_indices("http").map(|(at, _)| &first[at..]).nth(1);
        let help = inner.map_or_else(
            || "add the address of the original".to_owned(),
            |inner| format!("add the address of the original, {inner}"),
        );
        out.in_note(note, Some(first), "the source is cited by only its archived copy".to_owned(), help);
    }
}
