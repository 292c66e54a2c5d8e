//! The time that the id of a post encodes.

use jiff::Timestamp;
use url::Url;

use super::{DateClaim, Role, Strength, Witness};

/// When a post was made, in milliseconds since 1970, and how far its id can be trusted to say so.
struct Stamp {
    network: &'static str,
    milliseconds: i64,
    strength: Strength,
}

/// The time in the id of a post, on the networks that are known to put it there.
pub(super) fn claim(url: &Url) -> Option<DateClaim> {
    let Stamp { network, milliseconds, strength } =
        x(url).or_else(|| bluesky(url)).or_else(|| discord(url)).or_else(|| mastodon(url))?;
    let second = Timestamp::from_second(milliseconds.div_euclid(1000)).ok()?;
    let date = jiff::tz::Offset::UTC.to_datetime(second).date();
    (second < Timestamp::from_second(LATEST).ok()?).then(|| DateClaim {
        date: date.into(),
        time: Some(second.to_string()),
        role: Role::Published,
        strength,
        witness: Witness::PostId,
        votes: if strength == Strength::Certain { 100 } else { 12 },
        evidence: format!("{network} post id"),
    })
}

/// The year 2100, in seconds.
const LATEST: i64 = 4_102_444_800;
/// 2015, in milliseconds: before Mastodon and Bluesky there were no such ids.
const YOUNGEST_NETWORKS: i64 = 1_420_070_400_000;

fn host(url: &Url) -> Option<&str> {
    Some(url.host_str()?.trim_start_matches("www.").trim_start_matches("mobile."))
}

/// The segment of the path behind one of these.
fn after<'u>(url: &'u Url, names: &[&str]) -> Option<&'u str> {
    let mut segments = url.path_segments()?;
    segments.find(|segment| names.contains(segment))?;
    segments.next()
}

/// The bits above the 22nd are milliseconds since the network's own epoch. Ids below 3·10¹⁰ were
/// given before that scheme (November 2010).
fn x(url: &Url) -> Option<Stamp> {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    const FIRST: u64 = 30_000_000_000;
    if !matches!(host(url)?, "x.com" | "twitter.com" | "nitter.net" | "fxtwitter.com" | "vxtwitter.com") {
        return None;
    }
    let id: u64 = after(url, &["status", "statuses"])?.parse().ok().filter(|id| *id >= FIRST)?;
    let milliseconds = i64::try_from(id >> 22).ok()? + EPOCH_MS;
    Some(Stamp { network: "x", milliseconds, strength: Strength::Certain })
}

/// Timestamp identifiers of the AT protocol: 13 characters of base32-sortable, the first 53 bits
/// after the sign microseconds since 1970. The author's program makes them, so they can be off.
fn bluesky(url: &Url) -> Option<Stamp> {
    const DIGITS: &[u8] = b"234567abcdefghijklmnopqrstuvwxyz";
    if host(url)? != "bsky.app" {
        return None;
    }
    let key = after(url, &["post"]).filter(|key| key.len() == 13)?;
    let mut id: u64 = 0;
    for byte in key.bytes() {
        let digit = DIGITS.iter().position(|known| *known == byte)?;
        id = id.checked_mul(32)?.checked_add(digit as u64)?;
    }
    let milliseconds = i64::try_from((id >> 10) / 1000).ok()?;
    let told = milliseconds > YOUNGEST_NETWORKS;
    told.then_some(Stamp { network: "bluesky", milliseconds, strength: Strength::Strong })
}

/// As on X, with an epoch of its own: the first second of 2015.
fn discord(url: &Url) -> Option<Stamp> {
    if host(url)? != "discord.com" {
        return None;
    }
    let mut ids = url.path().strip_prefix("/channels/")?.split('/').skip(2);
    let id: u64 = ids.next()?.parse().ok()?;
    let milliseconds = i64::try_from(id >> 22).ok()? + YOUNGEST_NETWORKS;
    Some(Stamp { network: "discord", milliseconds, strength: Strength::Strong })
}

/// The bits above the 16th are milliseconds since 1970. Any host may be a Mastodon server; the shape
/// of the path (`/@name/113…`, 18 digits) and a plausible year tell. Other programs share the shape,
/// so the claim is not certain.
fn mastodon(url: &Url) -> Option<Stamp> {
    let [name, id] = url.path_segments()?.collect::<Vec<_>>()[..] else { return None };
    let shaped = name.len() > 1 && name.starts_with('@') && id.len() == 18;
    let id: u64 = id.parse().ok().filter(|_| shaped)?;
    let milliseconds = i64::try_from(id >> 16).ok()?;
    let told = (YOUNGEST_NETWORKS..LATEST * 1000).contains(&milliseconds);
    told.then_some(Stamp { network: "mastodon", milliseconds, strength: Strength::Strong })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: Option<&str>) {
        let got = claim(&Url::parse(url).unwrap()).map(|claim| claim.time.unwrap());
        assert_eq!(got.as_deref(), want, "{url}");
    }

    #[test]
    fn the_id_of_a_post_is_its_time() {
        check("https://x.com/LindbyPort/status/1889720462151917756", Some("2025-02-12T16:57:22Z"));
        check("https://discord.com/channels/1/2/175928847299117063", Some("2016-04-30T11:18:25Z"));
        check("https://mastodon.example/@lindby/100000000000000000", Some("2018-05-09T15:15:06Z"));
        check("https://bsky.app/profile/lindby.example/post/3jzfcijpj2z2a", Some("2023-06-30T15:03:01Z"));
    }

    #[test]
    fn other_numbers_are_none() {
        check("https://twitter.com/a/status/20", None);
        check("https://a.example/@lindby/1234", None);
        check("https://bsky.app/profile/lindby.example/post/short", None);
        check("https://a.example/status/1889720462151917756", None);
    }
}
