//! Posts on Bluesky, by the AT protocol.

use serde_json::Value;
use url::Url;

use super::{Record, Resolver, Service, YOUNGEST_NETWORKS, after, claim, encoded, host, stamped, text};
use crate::page::{DateClaim, Role, Strength};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "bluesky",
    date_of,
    service: Some(Service {
        endpoint: Some("https://public.api.bsky.app"),
        question: |url| {
            let post =
                encoded(&format!("at://{}/app.bsky.feed.post/{}", after(url, &["profile"])?, key(url)?));
            Some(format!("/xrpc/app.bsky.feed.getPostThread?depth=0&parentHeight=0&uri={post}"))
        },
        read,
    }),
};

fn key(url: &Url) -> Option<&str> {
    after(url, &["post"]).filter(|key| key.len() == 13 && host(url) == Some("bsky.app"))
}

/// Timestamp identifiers of the AT protocol: 13 characters of base32-sortable, the first 53 bits
/// after the sign microseconds since 1970. The author's program makes them, so they can be off.
fn date_of(url: &Url) -> Option<DateClaim> {
    const DIGITS: &[u8] = b"234567abcdefghijklmnopqrstuvwxyz";
    let mut id: u64 = 0;
    for byte in key(url)?.bytes() {
        let digit = DIGITS.iter().position(|known| *known == byte)?;
        id = id.checked_mul(32)?.checked_add(digit as u64)?;
    }
    let milliseconds = i64::try_from((id >> 10) / 1000).ok()?;
    let told = milliseconds > YOUNGEST_NETWORKS;
    told.then(|| stamped("bluesky", milliseconds, Strength::Strong))?
}

/// `app.bsky.feed.getPostThread`: a post that is blocked or not found has another `$type` and no
/// `post`.
fn read(url: &Url, answer: &Value) -> Option<Record> {
    let post = &answer["thread"]["post"];
    if post["uri"].as_str()?.rsplit('/').next() != key(url) {
        return None;
    }
    let author = text(&post["author"]["displayName"]).or_else(|| text(&post["author"]["handle"]));
    let dates = [
        post["record"]["createdAt"].as_str().and_then(|at| claim(at, Role::Published, "bluesky createdAt")),
        // The network's own clock; `createdAt` is the author's word.
        post["indexedAt"].as_str().and_then(|at| claim(at, Role::Published, "bluesky indexedAt")),
    ];
    Some(Record {
        service: "Bluesky".into(),
        shows: true,
        title: text(&post["record"]["text"]),
        authors: author.into_iter().collect(),
        dates: dates.into_iter().flatten().collect(),
        retraction: None,
    })
}
