//! Posts on X, formerly Twitter.

use url::Url;

use super::{Resolver, Service, after, encoded, host, oembed, stamped};
use crate::page::{DateClaim, Strength};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "x",
    date_of,
    service: Some(Service {
        endpoint: Some("https://publish.twitter.com"),
        question: |url| {
            let id = id(url)?;
            let author = url.path_segments()?.next().filter(|name| !name.is_empty())?;
            let post = format!("https://twitter.com/{author}/status/{id}");
            Some(format!("/oembed?url={}&omit_script=1&dnt=true", encoded(&post)))
        },
        read: |_, answer| oembed::post("X", answer),
    }),
};

fn id(url: &Url) -> Option<u64> {
    let known =
        matches!(host(url)?, "x.com" | "twitter.com" | "nitter.net" | "fxtwitter.com" | "vxtwitter.com");
    after(url, &["status", "statuses"]).filter(|_| known)?.parse().ok()
}

/// The bits above the 22nd are milliseconds since the network's own epoch. Ids below 3·10¹⁰ were
/// given before that scheme (November 2010).
fn date_of(url: &Url) -> Option<DateClaim> {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    const FIRST: u64 = 30_000_000_000;
    let id = id(url).filter(|id| *id >= FIRST)?;
    let milliseconds = i64::try_from(id >> 22).ok()? + EPOCH_MS;
    stamped("x", milliseconds, Strength::Certain)
}
