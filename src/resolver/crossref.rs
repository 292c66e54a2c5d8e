//! Works that have their DOI from Crossref: articles, chapters, books, reports.

use serde_json::Value;
use url::Url;

use super::{Record, Resolver, Retraction, Service, dated, encoded, no_date, oembed, text};
use crate::date::PartialDate;
use crate::link;
use crate::page::{DateClaim, Role};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "crossref",
    date_of: no_date,
    service: Some(Service {
        endpoint: Some("https://api.crossref.org"),
        question: |url| Some(format!("/works/{}", encoded(&doi(url)?))),
        read,
    }),
};

/// What publishers put behind the DOI in the path of a page.
const VIEWS: &[&str] = &[
    "/full",
    "/fulltext",
    "/full-text",
    "/full/html",
    "/full/pdf",
    "/pdf",
    "/epdf",
    "/epub",
    "/abstract",
    "/html",
    "/meta",
    "/references",
    "/summary",
    ".pdf",
    ".html",
    ".full",
    ".abstract",
];

/// The DOI in an address: a resolver's, or a publisher's with the DOI in its path.
pub(super) fn doi(url: &Url) -> Option<String> {
    let path = url.path();
    let start = path.find("/10.")? + 1;
    let mut doi = link::doi(&path[start..])?;
    // The resolver's path is the DOI and nothing else, whatever it ends in.
    if !url.host_str()?.ends_with("doi.org") {
        while let Some(view) = VIEWS.iter().find(|view| doi.ends_with(**view)) {
            doi.truncate(doi.len() - view.len());
        }
    }
    let (_, suffix) = doi.split_once('/')?;
    (!suffix.is_empty()).then_some(doi)
}

fn read(url: &Url, answer: &Value) -> Option<Record> {
    let work = &answer["message"];
    if !work["DOI"].as_str()?.eq_ignore_ascii_case(&doi(url)?) {
        return None;
    }
    let authors = ["author", "editor"].iter().find_map(|role| work[*role].as_array());
    Some(Record {
        service: "Crossref".into(),
        shows: false,
        title: work["title"][0].as_str().and_then(oembed::text_of),
        authors: authors.into_iter().flatten().filter_map(name).collect(),
        dates: dates(work),
        retraction: retraction(work),
    })
}

fn name(author: &Value) -> Option<String> {
    match (text(&author["given"]), text(&author["family"])) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (None, Some(family)) => Some(family),
        _ => text(&author["name"]),
    }
}

/// In print and online; `issued` is the earlier of the two, and stands in where neither is there.
fn dates(work: &Value) -> Vec<DateClaim> {
    let field = |value: &Value, name: &str| {
        Some(dated(date(&value["date-parts"][0])?, Role::Published, format!("crossref {name}")))
    };
    let names = ["published-online", "published-print", "published-other", "posted"];
    let mut dates: Vec<DateClaim> = names.iter().filter_map(|name| field(&work[*name], name)).collect();
    if dates.is_empty() {
        dates.extend(["published", "issued"].iter().find_map(|name| field(&work[*name], name)));
    }
    // The issue's own date, which a footnote may give for that of the article.
    dates.extend(field(&work["journal-issue"]["published-print"], "journal-issue published-print"));
    dates
}

/// `[2025, 2, 12]`, `[2025, 2]`, `[2025]`; `[null]` where it is not known.
fn date(parts: &Value) -> Option<PartialDate> {
    let part = |at: usize| parts[at].as_u64();
    let year = i16::try_from(part(0)?).ok()?;
    match (part(1).map(u8::try_from), part(2).map(u8::try_from)) {
        (Some(Ok(month)), Some(Ok(day))) => PartialDate::ymd(year, month, day),
        (Some(Ok(month)), None) => PartialDate::ym(year, month),
        (None, _) => PartialDate::y(year),
        _ => None,
    }
}

/// `updated-by` stands in the record of a work that a notice takes back, `update-to` in that of the
/// notice.
fn retraction(work: &Value) -> Option<Retraction> {
    const GRAVE: &[&str] = &["retraction", "withdrawal", "removal", "expression_of_concern"];
    let notices = work["updated-by"].as_array()?;
    let grave = |notice: &&Value| notice["type"].as_str().is_some_and(|kind| GRAVE.contains(&kind));
    let notice = notices.iter().find(grave)?;
    Some(Retraction {
        kind: notice["type"].as_str()?.replace('_', " "),
        date: date(&notice["updated"]["date-parts"][0]),
        notice: text(&notice["DOI"]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_of_resolvers_and_publishers() {
        let doi = |url: &str| doi(&Url::parse(url).unwrap());
        for (url, want) in [
            ("https://doi.org/10.5555/Lindby.2021", "10.5555/lindby.2021"),
            ("http://dx.doi.org/10.5555%2Flindby.2021", "10.5555/lindby.2021"),
            ("https://doi.org/10.5555/lindby/full", "10.5555/lindby/full"),
            ("https://press.example/doi/full/10.5555/lindby.2021/full/html", "10.5555/lindby.2021"),
            ("https://press.example/doi/10.5555/lindby.2021.pdf?download=1", "10.5555/lindby.2021"),
        ] {
            assert_eq!(doi(url).as_deref(), Some(want), "{url}");
        }
        for url in
            ["https://press.example/10.html", "https://press.example/article/10", "https://doi.org/10.5555/"]
        {
            assert_eq!(doi(url), None, "{url}");
        }
    }

    #[test]
    fn partial_dates_keep_their_precision() {
        let date = |parts: Value| date(&parts).map(|date| date.to_string());
        assert_eq!(date(serde_json::json!([2025, 2, 12])).as_deref(), Some("2025-02-12"));
        assert_eq!(date(serde_json::json!([2025, 2])).as_deref(), Some("2025-02"));
        assert_eq!(date(serde_json::json!([2025])).as_deref(), Some("2025"));
        assert_eq!(date(serde_json::json!([null])), None);
        assert_eq!(date(serde_json::json!([2025, 13, 1])), None);
    }
}
