//! What came of each address: one rule for each way in which it can fail.

use super::{Address, Case, Check, Findings, Severity, copy};
use crate::history::Standing;
use crate::link;
use crate::source::{State, Visit};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "dead-link",
        severity: Severity::Error,
        summary: "The server or the name says that the source is gone.",
        explanation: "\
The server answers 404 or 410, or the name has no address any more. It was asked again before it was
called dead. A server that refuses programs, times out or answers with an error of its own is not dead.

Where a history is kept and the source answered before, it counts as dead only after several checks in a row,
over several days, said that it is gone (history.dead-after and history.dead-over in ibid.toml; three over
three days unless set). Until then the finding is a warning that says since when it fails: it may come back.
What never answered is an error from the first check on.

Archives are asked for the copy nearest to the cited date, or else to the day of access or the document's
own date; it is opened, and proposed where it shows the source. A note that gives such a copy beside the
address already is told so as an info.",
        examples: &[],
        run: |case, out| gone(case, out, State::Dead),
    },
    Check {
        rule: "soft-404",
        severity: Severity::Error,
        summary: "The address answers, but not with the source: a “not found” page, the home page, a parked domain.",
        explanation: "\
Some servers answer every address with success, and say “not found” in words, show their front page, or
sell the name. What the page showed is part of the finding.

An archived copy is looked for, and the history heeded, as for `dead-link`.",
        examples: &[],
        run: |case, out| gone(case, out, State::Soft404),
    },
    Check {
        rule: "unsafe-link",
        severity: Severity::Error,
        summary: "The address points into a private network, or has a scheme that is not fetched.",
        explanation: "\
Addresses of the local machine or a private network, and schemes such as file: or javascript:, are never
fetched: a document from elsewhere must not make this program knock on doors inside the network.",
        examples: &[],
        run: |case, out| each(case, out, State::Unsafe, |_| "cite a public http or https address".to_owned()),
    },
    Check {
        rule: "invalid-url",
        severity: Severity::Error,
        summary: "The address cannot be parsed as a URL.",
        explanation: "\
The address cannot be taken apart: it has no host, or characters that no address has.",
        examples: &[],
        run: |case, out| each(case, out, State::Invalid, |_| "correct the address".to_owned()),
    },
    Check {
        rule: "unreachable",
        severity: Severity::Warning,
        summary: "The source could not be reached; that says nothing about tomorrow.",
        explanation: "\
The server did not answer in time, broke off, or answered with an error of its own, after several tries.
That says nothing about tomorrow, so it does not fail a run by default.",
        examples: &[],
        run: |case, out| each(case, out, State::Unreachable, |_| "try again later".to_owned()),
    },
    Check {
        rule: "blocked",
        severity: Severity::Info,
        summary: "The server refuses programs or wants a login; a reader may well see the page.",
        explanation: "\
The server refuses programs (401, 403, 429, 451, a page that asks whether you are human) or wants a login.
A reader may well see the page, so nothing is said against the citation.",
        examples: &[],
        run: |case, out| each(case, out, State::Blocked, |_| "open it in a browser".to_owned()),
    },
    Check {
        rule: "moved",
        severity: Severity::Info,
        summary: "The source answers at another address, permanently.",
        explanation: "\
The server says that the source has a new address for good. The old one works for now; the new one is
the better citation.",
        examples: &[],
        run: |case, out| {
            each(case, out, State::Moved, |visit| {
                format!("cite {}", visit.final_url.as_deref().unwrap_or("the new address"))
            });
        },
    },
];

/// A source that is gone; an archived copy that stands beside its address speaks for it, and a past in
/// which it answered for its coming back.
fn gone(case: &Case, out: &mut Findings, state: State) {
    for address in case.cited_addresses() {
        let source = case.sources.get(address.url);
        let Some(source) = source.filter(|source| source.visit.state == state) else { continue };
        let mut reason = source.visit.reason.clone();
        if let Some(help) = given(case, &address) {
            out.about_as(Severity::Info, &address, reason, help);
            continue;
        }
        let mut help = copy::help(case, &address, source);
        let past = source.past.as_ref().filter(|past| past.last_alive.is_some());
        if let Some(failing) = past.and_then(|past| past.failing_in_words()) {
            reason = format!("{reason} It has been {failing}.");
        }
        if past.is_some_and(|past| past.standing == Some(Standing::Failing)) {
            help = format!("check again in a few days; if it stays away, {help}");
            out.about_as(Severity::Warning, &address, reason, help);
        } else {
            out.about(&address, reason, help);
        }
    }
}

/// What to say where the archived copy of a source is cited beside it, or named by its link: the reader has
/// it, unless it is known to be none.
fn given(case: &Case, address: &Address) -> Option<String> {
    let lookup = case.sources.get(address.url)?.copy.as_ref();
    let found = lookup.and_then(|lookup| lookup.found.as_ref()).filter(|found| found.given);
    if let Some(found) = found {
        let day = found.date.in_words();
        return Some(format!("nothing: its archived copy of {day}, {}, is given too", found.url));
    }
    if lookup.is_some_and(|lookup| lookup.given_refused.is_some()) {
        return None;
    }
    let visit = |url: &str| case.sources.get(url).map(|copy| &copy.visit);
    let gone = |url: &str| visit(url).is_some_and(|copy| matches!(copy.state, State::Dead | State::Soft404));
    let beside =
        case.citing(address).find_map(|checked| link::copy_beside(&checked.citation.urls, address.url));
    let beside = beside.filter(|copy| !gone(copy));
    let named = case.read.document.versions.iter().find(|version| version.of == address.url);
    let copy = beside.or(named.map(|version| version.url.as_str()))?;
    let altering = url::Url::parse(copy).is_ok_and(|url| link::is_altering(&url));
    let open = if visit(copy).is_some_and(Visit::is_read) { "" } else { "; it could not be opened" };
    (!altering).then(|| format!("nothing: its archived copy, {copy}, is given too{open}"))
}

fn each(case: &Case, out: &mut Findings, state: State, help: fn(&Visit) -> String) {
    for address in case.cited_addresses() {
        let visit = case.sources.get(address.url).map(|source| &source.visit);
        if let Some(visit) = visit.filter(|visit| visit.state == state) {
            out.about(&address, visit.reason.clone(), help(visit));
        }
    }
}
