//! Posts on Mastodon and on servers that speak its API. Any host may be one; the shape of the path
//! tells.

use serde_json::Value;
use url::Url;

use super::{LATEST, Record, Resolver, Service, YOUNGEST_NETWORKS, claim, oembed, stamped, text};
use crate::page::{DateClaim, Role, Strength};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "mastodon",
    date_of,
    service: Some(Service {
        endpoint: None,
        question: |url| Some(format!("/api/v1/statuses/{}", id(url)?)),
        read,
    }),
};

/// `/@name/113…`, 18 digits.
fn id(url: &Url) -> Option<u64> {
    let [name, id] = url.path_segments()?.collect::<Vec<_>>()[..] else { return None };
    let shaped = name.len() > 1 && name.starts_with('@') && id.len() == 18;
    id.parse().ok().filter(|_| shaped)
}

/// The bits above the 16th are milliseconds since 1970. Other programs share the shape of the path, so
/// the claim is not certain.
fn date_of(url: &Url) -> Option<DateClaim> {
    let milliseconds = i64::try_from(id(url)? >> 16).ok()?;
    let told = (YOUNGEST_NETWORKS..LATEST * 1000).contains(&milliseconds);
    told.then(|| stamped("mastodon", milliseconds, Strength::Strong))?
}

/// The `Status` entity.
fn read(url: &Url, answer: &Value) -> Option<Record> {
    if answer["id"].as_str()?.parse() != Ok(id(url)?) {
        return None;
    }
    let account = &answer["account"];
    let dates = [
        answer["created_at"].as_str().and_then(|at| claim(at, Role::Published, "mastodon created_at")),
        answer["edited_at"].as_str().and_then(|at| claim(at, Role::Modified, "mastodon edited_at")),
    ];
    Some(Record {
        service: "Mastodon".into(),
        shows: true,
        title: oembed::text_of(answer["content"].as_str()?),
        authors: text(&account["display_name"]).or_else(|| text(&account["acct"])).into_iter().collect(),
        dates: dates.into_iter().flatten().collect(),
        retraction: None,
    })
}
