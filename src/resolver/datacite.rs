//! Works that have their DOI from DataCite: data sets, preprints, reports, theses.

use serde_json::Value;

use super::{Record, Resolver, Service, claim, crossref, encoded, no_date, text};
use crate::page::{DateClaim, Role};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "datacite",
    date_of: no_date,
    service: Some(Service {
        endpoint: Some("https://api.datacite.org"),
        question: |url| Some(format!("/dois/{}", encoded(&crossref::doi(url)?))),
        read: |url, answer| record(&crossref::doi(url)?, answer),
    }),
};

/// The `attributes` of the DataCite metadata schema; `dates` as in its section 8.
pub(super) fn record(doi: &str, answer: &Value) -> Option<Record> {
    let work = &answer["data"]["attributes"];
    if !work["doi"].as_str()?.eq_ignore_ascii_case(doi) {
        return None;
    }
    let list = |name: &str| work[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let authors = list("creators").iter().filter_map(|creator| {
        let parts = (text(&creator["givenName"]), text(&creator["familyName"]));
        if let (Some(given), Some(family)) = parts {
            return Some(format!("{given} {family}"));
        }
        // `Family, Given`.
        let name = text(&creator["name"])?;
        Some(name.split_once(", ").map_or(name.clone(), |(family, given)| format!("{given} {family}")))
    });
    let mut dates: Vec<DateClaim> = list("dates").iter().filter_map(date).collect();
    if dates.iter().all(|claim| claim.role != Role::Published) {
        let year = work["publicationYear"].as_u64().map(|year| year.to_string());
        dates.extend(year.and_then(|year| claim(&year, Role::Published, "datacite publicationYear")));
    }
    Some(Record {
        service: "DataCite".into(),
        shows: false,
        title: list("titles").first().and_then(|title| text(&title["title"])),
        authors: authors.collect(),
        dates,
        retraction: None,
    })
}

fn date(value: &Value) -> Option<DateClaim> {
    let kind = value["dateType"].as_str()?;
    let role = match kind {
        "Issued" | "Available" | "Submitted" => Role::Published,
        "Updated" => Role::Modified,
        "Created" => Role::Unknown,
        _ => return None,
    };
    claim(value["date"].as_str()?, role, &format!("datacite {kind}"))
}
