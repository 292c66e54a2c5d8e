//! What became of a source since it was first seen: rules that need a history.

use url::Url;

use super::{Address, Case, Check, Findings, Severity};
use crate::history::drift::{Change, Drift};
use crate::history::{Past, Standing, day};
use crate::source::{State, Visit};

/// A text of which no more than that is left has changed in more than its details.
const MUCH: f64 = 0.5;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "failing-source",
        severity: Severity::Info,
        summary: "The source answered before and fails now, but too seldom to be called dead.",
        explanation: "\
Where a history is kept, a source counts as dead only after several checks in a row, over several days, said
that it is gone (history.dead-after and history.dead-over in ibid.toml; three over three days unless set).
Until then the failure may be one that passes. What the address did today is reported beside this, as ever.",
        examples: &[],
        run: failing,
    },
    Check {
        rule: "content-replaced",
        severity: Severity::Warning,
        summary: "The text and the title of the page are no longer those that were first seen.",
        explanation: "\
Where a history is kept, the main text of a page is compared with that of the first check. This is reported
where next to nothing of the shorter text is left in the longer one, and the title is another one too.
Menus, comments, related stories and the layout are no part of the main text. Front pages are left alone:
it is their business to show something new.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) = drift.title.as_ref().filter(|_| drift.change == Some(Change::Replaced))?;
                let since = day(drift.since);
                Some(format!(
                    "on {since} the page was called “{before}”; now it is called “{now}” and has another text"
                ))
            });
        },
    },
    Check {
        rule: "content-changed",
        severity: Severity::Info,
        summary: "Much of the page's text has changed since it was first seen.",
        explanation: "\
Where a history is kept, the main text of a page is compared with that of the first check by its runs of four
words (their Jaccard similarity, from a sketch of 64). This is reported where less than half is shared: a
corrected word, a paragraph more, or a new layout are not. An archived copy of the time shows what was cited.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let replaced = drift.change == Some(Change::Replaced);
                let shared = drift.similarity.filter(|shared| replaced || *shared < MUCH)?;
                let since = day(drift.since);
                (!(replaced && drift.title.is_some())).then(|| {
                    format!("the text shares {:.0} % with that of {since}", shared * 100.0)
                })
            });
        },
    },
    Check {
        rule: "title-changed",
        severity: Severity::Info,
        summary: "The page has another title than when it was first seen.",
        explanation: "\
Headlines are rewritten. Where a history is kept, the title of the first check is told, so that the note can be
compared with what it was written from. Where the text is another one too, see content-replaced.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) = drift.title.as_ref().filter(|_| drift.change != Some(Change::Replaced))?;
                Some(format!("the page is called “{now}”; on {} it was called “{before}”", day(drift.since)))
            });
        },
    },
    Check {
        rule: "date-changed",
        severity: Severity::Info,
        summary: "The page gives another date of publication than when it was first seen.",
        explanation: "\
Where a history is kept, the date that the page gave at the first check is told: it may be the one that the
note cites.",
        examples: &[],
        run: |case, out| {
            each(case, out, |drift| {
                let (before, now) = drift.published?;
                let (now, before) = (now.in_words(), before.in_words());
                Some(format!("the page is dated {now}; on {} it was dated {before}", day(drift.since)))
            });
        },
    },
];

fn pasts<'r>(case: &'r Case<'r>) -> impl Iterator<Item = (Address<'r>, &'r Visit, &'r Past)> {
    case.cited_addresses().filter_map(|address| {
        let source = case.sources.get(address.url.as_str())?;
        Some((address, &source.visit, source.past.as_deref()?))
    })
}

fn failing(case: &Case, out: &mut Findings) {
    for (address, visit, past) in pasts(case) {
        let gone = matches!(visit.state, State::Dead | State::Soft404);
        let (Some(alive), true) = (past.last_alive, gone && past.standing == Some(Standing::Failing)) else {
            continue;
        };
        let times = if past.failures == 1 { "once" } else { "several times" };
        out.about(
            &address,
            format!("it answered on {}, and has failed {times} since: it may come back", day(alive)),
            "check again in a few days".to_owned(),
        );
    }
}

fn each(case: &Case, out: &mut Findings, told: fn(&Drift) -> Option<String>) {
    for (address, visit, past) in pasts(case) {
        // A front page is cited for its site, and an archived copy does not change.
        let deep = Url::parse(&visit.url).is_ok_and(|url| url.path().len() > 1 || url.query().is_some());
        let Some(drift) =
            past.drift.as_ref().filter(|_| visit.is_read() && deep && visit.archived().is_none())
        else {
            continue;
        };
        if let Some(message) = told(drift) {
            out.about(&address, message, "compare with an archived copy of the time".to_owned());
        }
    }
}
