//! One address, cited twice with different dates or titles.

use std::collections::HashMap;

use url::Url;

use super::{Case, Check, Example, Findings, Severity};
use crate::citation::Citation;
use crate::fold;
use crate::note::Note;

pub(super) const CHECKS: &[Check] = &[Check {
    rule: "same-source-differs",
    severity: Severity::Warning,
    summary: "One address is cited with two dates, or under two titles.",
    explanation: "\
When two notes give one and the same address, they mean one source, and it has one date and one title.
The finding names both notes; which of them is right is for the source to say.

Dates that differ only in precision agree, and so do titles of which one holds the words of the other or
most of them: short titles, subtitles, another use of capitals. The front page of a site is left alone,
since it is cited for whatever stands on it; so are citations that name a part (“art. 5”, “p. 12”) in
place of a title.",
    examples: &[
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls Rise in Spring”, in The Ledger, 3 May 2021, https://ledger.example/a/tolls.\n[^2]: Ada Lind, “Tolls Rise in Spring”, in The Ledger, 5 May 2021, https://ledger.example/a/tolls.\n",
            &["3 May 2021 in note 1 and 5 May 2021 here"],
        ),
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls Rise in Spring”, in The Ledger, 3 May 2021, https://ledger.example/a/tolls.\n[^2]: Ada Lind, “The Fishermen's Long Winter”, in The Ledger, 3 May 2021, https://ledger.example/a/tolls.\n",
            &["“Tolls Rise in Spring” in note 1 and “The Fishermen's Long Winter” here"],
        ),
        Example::markdown(
            "One.[^1] Two.[^2]\n\n[^1]: Ada Lind, “Tolls Rise in Spring: Who Pays?”, in The Ledger, 3 May 2021, https://ledger.example/a/tolls.\n[^2]: Ada Lind, “Tolls Rise in Spring”, in The Ledger, May 2021, http://www.ledger.example/a/tolls/.\n",
            &[],
        ),
    ],
    run,
}];

fn run(case: &Case, out: &mut Findings) {
    let mut first: HashMap<String, (&Note, &Citation)> = HashMap::new();
    for (note, citation) in case.sources_cited() {
        let [url] = citation.urls.as_slice() else { continue };
        let Some(key) = key(url) else { continue };
        let Some((earlier_note, earlier)) = first.get(&key) else {
            first.insert(key, (note, citation));
            continue;
        };
        let number = &earlier_note.number;
        let differs = |what: &str, then: String, now: String| {
            format!("this source has the {what} {then} in note {number} and {now} here")
        };
        let ranged = citation.date_end.is_some() || earlier.date_end.is_some();
        let dates = earlier.date.zip(citation.date).filter(|(a, b)| {
            // Two years may be those of two editions of a law or a report that one address serves.
            !ranged && a.month.is_some() && b.month.is_some() && !a.agrees(b)
        });
        // One address may serve all sections of a code of law.
        let section = |title: &str| title.contains('§');
        let titles = earlier
            .title
            .as_ref()
            .zip(citation.title.as_ref())
            .filter(|(a, b)| !alike(a, b) && !section(a) && !section(b));
        let message = if let Some((then, now)) = dates {
            differs("date", then.in_words(), now.in_words())
        } else if let Some((then, now)) = titles {
            differs("title", format!("“{then}”"), format!("“{now}”"))
        } else {
            continue;
        };
        out.in_note(note, Some(url), message, "open the source and make the two notes agree".to_owned());
    }
}

/// What two spellings of an address have in common; `None` for the front page of a site.
fn key(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    let path = url.path().trim_end_matches('/');
    let query = url.query().unwrap_or_default();
    let fragment = url.fragment().unwrap_or_default();
    (path.len() > 1 || !query.is_empty()).then(|| format!("{host}{path}?{query}#{fragment}"))
}

/// Does one title hold half of the words of the other, or is one too short to tell?
fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (a, b) = (fold::words(a), fold::words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let shared = short.iter().filter(|word| long.contains(word)).count();
    short.len() < 3 || shared * 2 >= short.len()
}
