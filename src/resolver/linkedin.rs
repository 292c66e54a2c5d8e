//! Posts on LinkedIn, which shows them to nobody without a login.

use url::Url;

use super::{LATEST, Resolver, YOUNGEST_NETWORKS, host, stamped};
use crate::page::{DateClaim, Strength};

pub(super) const RESOLVER: Resolver = Resolver { name: "linkedin", date_of, service: None };

/// What an id of 19 digits stands behind: `urn:li:activity:7106…`, `…-activity-7106…-aBcD`.
const KINDS: &[&str] = &["activity", "share", "ugcPost"];

/// The bits above the 22nd are milliseconds since 1970.
fn date_of(url: &Url) -> Option<DateClaim> {
    let own = host(url)? == "linkedin.com" || url.host_str()?.ends_with(".linkedin.com");
    let path = url.path().strip_prefix("/posts/").or_else(|| url.path().strip_prefix("/feed/update/"));
    let path = path.filter(|_| own)?.replace("%3A", ":");
    let id = KINDS.iter().find_map(|kind| {
        let (_, rest) =
            path.split_once(&format!("{kind}:")).or_else(|| path.split_once(&format!("{kind}-")))?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse::<u64>().ok().filter(|_| digits == 19)
    })?;
    let milliseconds = i64::try_from(id >> 22).ok()?;
    let told = (YOUNGEST_NETWORKS..LATEST * 1000).contains(&milliseconds);
    told.then(|| stamped("linkedin", milliseconds, Strength::Strong))?
}
