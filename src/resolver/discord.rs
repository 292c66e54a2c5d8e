//! Messages on Discord, which shows them to members only.

use url::Url;

use super::{Resolver, YOUNGEST_NETWORKS, host, stamped};
use crate::page::{DateClaim, Strength};

pub(super) const RESOLVER: Resolver = Resolver { name: "discord", date_of, service: None };

/// As on X, with an epoch of its own: the first second of 2015.
fn date_of(url: &Url) -> Option<DateClaim> {
    if host(url)? != "discord.com" {
        return None;
    }
    let mut ids = url.path().strip_prefix("/channels/")?.split('/').skip(2);
    let id: u64 = ids.next()?.parse().ok()?;
    let milliseconds = i64::try_from(id >> 22).ok()? + YOUNGEST_NETWORKS;
    stamped("discord", milliseconds, Strength::Strong)
}
