//! What a citation of a web source lacks.

use url::Url;

use super::{Case, Check, Example, Findings, Severity};
use crate::citation::Citation;
use crate::{date, fold};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "source-without-date",
        severity: Severity::Info,
        summary: "A web source is cited without a date, neither of publication nor of access.",
        explanation: "\
A page changes; a citation without any date does not say which state of it was read. Reported where the
note gives a title and an address, but no date of publication, no day of access, and no “n.d.” that says
why, unless the title ends in what may be the date. DOIs and other lasting identifiers, archived copies and
the front pages of sites need none.",
        examples: &[
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, https://ledger.example/tolls.\n",
                &["no date"],
            ),
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, n.d., https://ledger.example/tolls.\n",
                &[],
            ),
        ],
        run: without_date,
    },
    Check {
        rule: "source-without-url",
        severity: Severity::Info,
        summary: "An article is cited without the address that other articles of the same kind have.",
        explanation: "\
Where a document gives the address of nearly every news article, one without it was probably forgotten.
Reported only in a document with five or more articles that have a title in quotation marks, a container
and a day, four in five of them with an address; and only where the container is one that has an address
elsewhere in the document. What was printed only has none, and the severity says so.",
        examples: &[
            Example::markdown(
                "A.[^1] B.[^2] C.[^3] D.[^4] E.[^5]\n\n[^1]: Ada Lind, “Tolls Part 1”, in The Ledger, 1 May 2021, https://ledger.example/1.\n[^2]: Ada Lind, “Tolls Part 2”, in The Ledger, 2 May 2021, https://ledger.example/2.\n[^3]: Ada Lind, “Tolls Part 3”, in The Ledger, 3 May 2021, https://ledger.example/3.\n[^4]: Ada Lind, “Tolls Part 4”, in The Ledger, 4 May 2021, https://ledger.example/4.\n[^5]: Ada Lind, “Tolls Fall”, in The Ledger, 9 May 2021.\n",
                &["without its address"],
            ),
            Example::markdown(
                "A.[^1] B.[^2]\n\n[^1]: Ada Lind, “Tolls Rise”, in The Ledger, 3 May 2021, https://ledger.example/tolls.\n[^2]: Ada Lind, “Tolls Fall”, in The Ledger, 4 May 2021.\n",
                &[],
            ),
        ],
        run: without_url,
    },
];

fn without_date(case: &Case, out: &mut Findings) {
    for (note, citation) in case.sources_cited() {
        let bare = citation.date.is_none() && citation.accessed.is_none() && citation.doi.is_none();
        let [url, ..] = citation.urls.as_slice() else { continue };
        if bare
            && citation.title.as_deref().is_some_and(|title| !ends_in_date(title))
            && citation.urls.iter().all(|url| is_page(url))
            && !says_undated(&note.text)
        {
            out.in_note(
                note,
                Some(url),
                "the source is cited with no date".to_owned(),
                "add the date of publication, or the day of access".to_owned(),
            );
        }
    }
}

/// A title whose end may be the date, where nothing tells the two apart.
fn ends_in_date(title: &str) -> bool {
    let text = title.trim_end_matches(|c: char| !c.is_alphanumeric());
    date::find(text).last().is_some_and(|found| found.range.end == text.len())
}

/// An ordinary page: no identifier, no archived copy, not the front page.
fn is_page(url: &str) -> bool {
    const LASTING: &[&str] = &[
        "doi.org",
        "dx.doi.org",
        "hdl.handle.net",
        "arxiv.org",
        "perma.cc",
        "web.archive.org",
        "purl.org",
        "data.europa.eu",
        "eur-lex.europa.eu",
        "jstor.org",
        "urn.kb.se",
        "nbn-resolving.org",
    ];
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    url.path().len() > 1 && !LASTING.contains(&host)
}

fn says_undated(text: &str) -> bool {
    const WORDS: &[&str] =
        &["n.d.", "s.d.", "s.a.", "o.d.", "o.j.", "undated", "no date", "senza data", "sin fecha"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

fn without_url(case: &Case, out: &mut Findings) {
    const FEWEST: usize = 5;
    let is_article = |citation: &&Citation| {
        citation.title.is_some() && citation.date.is_some_and(|date| date.day.is_some())
    };
    let articles: Vec<_> = case
        .sources_cited()
        .filter(|(_, citation)| is_article(citation))
        .filter_map(|(note, citation)| Some((note, citation, fold::fold(citation.container.as_ref()?))))
        .collect();
    let linked: Vec<&String> =
        articles.iter().filter(|(_, c, _)| !c.urls.is_empty()).map(|(.., container)| container).collect();
    if articles.len() < FEWEST || linked.len() * 5 < articles.len() * 4 {
        return;
    }
    for (note, citation, container) in &articles {
        if citation.urls.is_empty() && linked.contains(&container) {
            out.in_note(
                note,
                None,
                "the article is cited without its address".to_owned(),
                "add the address, if the article is on the web".to_owned(),
            );
        }
    }
}
