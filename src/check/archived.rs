//! Archived copies cited without the address of the original.

use url::Url;

use super::future::is_after;
use super::{Case, Check, Example, Findings, Severity};
use crate::link;

pub(super) const CHECKS: &[Check] = &[
    Check {
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
        run: without_original,
    },
    Check {
        rule: "copy-before-source",
        severity: Severity::Warning,
        summary: "A source is cited by an archived copy that was made before its cited date.",
        explanation: "\
The address of an archived copy says when it was made. What was copied on 4 May cannot show what was
published on 10 May: either the date has a slip, or the copy shows an earlier page. The day before is
left alone, since archives count in UTC, and so are notes that give the address of the original too:
they do not rest on the copy alone.",
        examples: &[
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 10 May 2021, https://web.archive.org/web/20210504000000/https://ledger.example/tolls.\n",
                &["made on 4 May 2021, before the cited date, 10 May 2021"],
            ),
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 5 May 2021, https://web.archive.org/web/20210504230000/https://ledger.example/tolls.\n",
                &[],
            ),
        ],
        run: before_source,
    },
    Check {
        rule: "archive-today",
        severity: Severity::Warning,
        summary: "A copy in archive.today, or one of its mirrors, is cited: its captures were found altered.",
        explanation: "\
archive.today (also archive.ph, .is, .li, .vn, .fo and .md) was found in early 2026 to have changed captures
after it had made them, and to use its readers' browsers to attack another site; the English Wikipedia has
since given it up as a source. A copy that may have been changed shows nothing. Cite a copy in another
archive: where one of the page is found, the finding gives it. ibid never proposes a copy in
archive.today.",
        examples: &[
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://archive.ph/20210504000000/https://ledger.example/tolls.\n",
                &["alters its captures"],
            ),
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://perma.cc/AB12-CD34.\n",
                &[],
            ),
        ],
        run: altering,
    },
];

fn copy(url: &str) -> Option<link::Copy> {
    link::archived(&Url::parse(url).ok()?)
}

fn altering(case: &Case, out: &mut Findings) {
    for address in case.cited_addresses() {
        let Some(url) = Url::parse(address.url).ok().filter(link::is_altering) else { continue };
        let host = url.host_str().unwrap_or_default();
        let source = case.sources.get(address.url);
        let found = source.and_then(|source| source.copy.as_ref()?.found.as_ref());
        let original = link::archived(&url).and_then(|copy| copy.original);
        let help = match (found, original) {
            (Some(found), _) => format!("cite the copy of {}, {}", found.date.in_words(), found.url),
            (None, Some(original)) => format!("cite a copy of {original} in another archive"),
            (None, None) => "cite the original, and a copy of it in another archive".to_owned(),
        };
        let message = format!("{host} is an archive that alters its captures");
        out.about(&address, message, help);
    }
}

fn without_original(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let [first, ..] = citation.urls.as_slice() else { continue };
        if !citation.urls.iter().all(|url| copy(url).is_some()) {
            continue;
        }
        let original = copy(first).and_then(|copy| copy.original);
        let help = original.map_or_else(
            || "add the address of the original".to_owned(),
            |inner| format!("add the address of the original, {inner}"),
        );
        out.in_note(note, Some(first), "the source is cited by only its archived copy".to_owned(), help);
    }
}

fn before_source(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let (Some(cited), [first, ..]) = (citation.date, citation.urls.as_slice()) else { continue };
        let Some(made) = copy(first).and_then(|copy| copy.made) else { continue };
        let alone = citation.urls.iter().all(|url| copy(url).is_some());
        let next_day = made.days_until(&cited) == Some(1);
        if alone && !next_day && is_after(cited, made) {
            let (made, cited) = (made.in_words(), cited.in_words());
            out.in_note(
                note,
                Some(first),
                format!("the archived copy was made on {made}, before the cited date, {cited}"),
                "check the date, and that the copy shows what the note cites".to_owned(),
            );
        }
    }
}
