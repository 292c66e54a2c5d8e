//! What became of a page since it was first seen, or archived: rules that need a history or a copy.

use super::{Address, Case, Check, Findings, Severity, copy, likeness};
use crate::fold;
use crate::history::day;
use crate::history::drift::{Change, Drift};
use crate::link;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "content-replaced",
        severity: Severity::Warning,
        summary: "The text and the title of the page are no longer those that were first seen, or archived.",
        explanation: "\
The main text of a page is compared with that of the first check, where a history is kept, or with that of the
archived copy nearest to the cited date, where copies are asked for (`--archived`); of the two with the one
that is nearer to that date. This is reported where next to nothing of the shorter text is left in the longer
one, and the title is another one too.
Where the history says so, an archived copy is looked for as for `dead-link`, and proposed.
Menus, comments, related stories and the layout are no part of the main text. Front pages are left alone:
it is their business to show something new.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) = drift.title.as_ref().filter(|_| drift.is_replaced())?;
                let then = then(drift);
                Some(format!(
                    "{then} the page was called “{before}”; now it is called “{now}” and has another text"
                ))
            });
        },
    },
    Check {
        rule: "content-changed",
        severity: Severity::Info,
        summary: "Much of the page's text has changed since it was first seen, or archived.",
        explanation: "\
The main text of a page is compared with an earlier one, as for `content-replaced`, by its runs of four words
(their Jaccard similarity, from a sketch of 64). This is reported where less than half is shared: a corrected
word, a paragraph more, or a new layout are not. An archived copy of the time shows what was cited.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let shared = drift.similarity.filter(|_| drift.is_much())?;
                (!drift.is_replaced())
                    .then(|| format!("the text shares {:.0} % with that {}", shared * 100.0, then(drift)))
            });
        },
    },
    Check {
        rule: "title-changed",
        severity: Severity::Info,
        summary: "The page has another title than when it was first seen, or archived.",
        explanation: "\
Headlines are rewritten. The title of the first check or of an archived copy is told, chosen as for
`content-replaced`, so that the note can be compared with what it was written from. Where the text is another
one too, see content-replaced.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) =
                    drift.title.as_ref().filter(|_| drift.change != Some(Change::Replaced))?;
                Some(format!("the page is called “{now}”; {} it was called “{before}”", then(drift)))
            });
        },
    },
    Check {
        rule: "date-changed",
        severity: Severity::Info,
        summary: "The page gives another date of publication than when it was first seen, or archived.",
        explanation: "\
The date that the page gave at the first check or in an archived copy is told, chosen as for
`content-replaced`: it may be the one that the note cites.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) = drift.published?;
                let (now, before) = (now.in_words(), before.in_words());
                Some(format!("the page is dated {now}; {} it was dated {before}", then(drift)))
            });
        },
    },
];

/// What a page is compared with, as it stands in a sentence about it.
fn then(drift: &Drift) -> String {
    match &drift.copy {
        Some(_) => format!("in its archived copy of {}", day(drift.since)),
        None => format!("on {}", day(drift.since)),
    }
}

/// Does the note cite the page by the title that it has now, and not by the earlier one?
fn cites_what_is_there(case: &Case, address: &Address, drift: &Drift) -> bool {
    let Some((before, now)) = &drift.title else { return false };
    case.citing(address).filter_map(|checked| checked.citation.title.as_deref()).any(|cited| {
        let is = |title: &str| fold::words(cited) == fold::words(title);
        let like = |title: &str| likeness::alike(cited, title) >= likeness::OTHER;
        is(now) && !is(before) || like(now) && !like(before)
    })
}

fn each(case: &Case, out: &mut Findings, told: fn(&Drift) -> Option<String>) {
    for address in case.cited_addresses() {
        let Some(source) = case.sources.get(address.url) else { continue };
        let Some(drift) = &source.drift else { continue };
        // A front page is cited for its site.
        if !link::is_deep(&source.visit.url) || cites_what_is_there(case, &address, drift) {
            continue;
        }
        if let Some(message) = told(drift) {
            let found = source.copy.as_ref().and_then(|lookup| lookup.found.as_ref());
            let help = match found {
                // What was cited is no longer there.
                Some(_) if drift.is_replaced() => copy::help(case, &address, source),
                Some(copy) => format!("compare with the copy, {}", copy.url),
                None => "compare with an archived copy of the time".to_owned(),
            };
            out.about(&address, message, help);
        }
    }
}
