//! Videos on TikTok.

use url::Url;

use super::{LATEST, Resolver, Service, YOUNGEST_NETWORKS, after, encoded, host, oembed, stamped};
use crate::page::{DateClaim, Strength};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "tiktok",
    date_of,
    service: Some(Service {
        endpoint: Some("https://www.tiktok.com"),
        question: |url| id(url).map(|_| format!("/oembed?url={}", encoded(url.as_str()))),
        read: |_, answer| oembed::titled("TikTok", answer),
    }),
};

fn id(url: &Url) -> Option<u64> {
    let id = after(url, &["video", "photo"]).filter(|id| id.len() == 19 && host(url) == Some("tiktok.com"));
    id?.parse().ok()
}

/// The upper 32 bits are seconds since 1970.
fn date_of(url: &Url) -> Option<DateClaim> {
    let milliseconds = i64::try_from(id(url)? >> 32).ok()? * 1000;
    let told = (YOUNGEST_NETWORKS..LATEST * 1000).contains(&milliseconds);
    told.then(|| stamped("tiktok", milliseconds, Strength::Strong))?
}
