//! Sources with a truth of their own: registries that know a work by its identifier, networks that
//! tell of a post by its id.
//!
//! Pure: a resolver says what to ask about an address, and what an answer tells. The asking is the
//! business of [`crate::source`], under the rules that hold for every request. Every public service
//! may be switched off, be out of order or forget: only what it affirms counts. That it does not know
//! a source says nothing, since each of them hides things (posts for grown-ups, videos that may not be
//! embedded, servers that want a login) behind the same answer as things that are gone.
//!
//! Adding a service: one file with a [`Resolver`], and one line in [`RESOLVERS`].

mod arxiv;
mod bluesky;
mod crossref;
mod datacite;
mod discord;
mod linkedin;
mod mastodon;
mod oembed;
mod tiktok;
mod vimeo;
mod x;
mod youtube;

use std::borrow::Cow;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::date::PartialDate;
use crate::page::{DateClaim, Role, Strength, Witness};

/// What is known of one kind of source beside its page.
pub struct Resolver {
    /// Kebab-case, stable: the name under which its endpoint is configured.
    pub name: &'static str,
    /// The date that an address of this kind carries in its id.
    pub date_of: fn(&Url) -> Option<DateClaim>,
    /// Its public service, where it has one.
    pub service: Option<Service>,
}

/// A public service that answers with JSON.
pub struct Service {
    /// Its address without a slash at the end; `None`: at the source's own host.
    pub endpoint: Option<&'static str>,
    /// What to ask it about an address: path and query below the endpoint. `None`: nothing.
    pub question: fn(&Url) -> Option<String>,
    /// What its answer tells of that address. `None`: nothing.
    pub read: fn(&Url, &Value) -> Option<Record>,
}

/// Every resolver. Of several services that could be asked about an address, the next one is asked
/// only if the one before does not know it.
pub const RESOLVERS: &[&Resolver] = &[
    &x::RESOLVER,
    &bluesky::RESOLVER,
    &mastodon::RESOLVER,
    &youtube::RESOLVER,
    &vimeo::RESOLVER,
    &tiktok::RESOLVER,
    &linkedin::RESOLVER,
    &discord::RESOLVER,
    &arxiv::RESOLVER,
    &crossref::RESOLVER,
    &datacite::RESOLVER,
];

/// What a service knows of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// The service, as a reader knows it.
    pub service: Cow<'static, str>,
    /// The service is the site's own, and shows the source itself: then it is there, whatever the
    /// page says to programs. A registry only knows the work.
    pub shows: bool,
    /// The title, or the text of a post.
    pub title: Option<String>,
    /// Authors in their order, each as `Given Family`.
    pub authors: Vec<String>,
    /// Every date, with the name of its field.
    pub dates: Vec<DateClaim>,
    /// The work was taken back.
    pub retraction: Option<Retraction>,
}

/// That a work was taken back, or doubted by those who published it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraction {
    /// In the words of the registry: `retraction`, `withdrawal`, `expression of concern`.
    pub kind: String,
    /// When.
    pub date: Option<PartialDate>,
    /// The DOI of the notice.
    pub notice: Option<String>,
}

/// The date that an address carries in an id: the time of a post, the month of a preprint.
pub fn date_of(url: &Url) -> Option<DateClaim> {
    RESOLVERS.iter().find_map(|resolver| (resolver.date_of)(url))
}

/// The time that the id of a post encodes, in milliseconds since 1970.
fn stamped(network: &str, milliseconds: i64, strength: Strength) -> Option<DateClaim> {
    let second = Timestamp::from_second(milliseconds.div_euclid(1000)).ok()?;
    let date = jiff::tz::Offset::UTC.to_datetime(second).date();
    (second < Timestamp::from_second(LATEST).ok()?).then(|| {
        let evidence = format!("{network} post id");
        DateClaim {
            time: Some(second.to_string()),
            strength,
            witness: Witness::PostId,
            votes: if strength == Strength::Certain { 100 } else { 12 },
            ..dated(date.into(), Role::Published, evidence)
        }
    })
}

/// A date by itself, on strong evidence.
fn dated(date: PartialDate, role: Role, evidence: String) -> DateClaim {
    let (strength, witness) = (Strength::Strong, Witness::Registry);
    DateClaim { date, time: None, role, strength, witness, votes: 9, evidence }
}

/// The year 2100, in seconds.
const LATEST: i64 = 4_102_444_800;
/// 2015, in milliseconds: before the younger networks there were no such ids.
const YOUNGEST_NETWORKS: i64 = 1_420_070_400_000;

/// For kinds of source whose addresses carry none.
fn no_date(_: &Url) -> Option<DateClaim> {
    None
}

/// A host without the prefixes that change nothing of what it shows.
fn host(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    Some(["www.", "mobile.", "m."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host))
}

/// The segment of the path behind one of these.
fn after<'u>(url: &'u Url, names: &[&str]) -> Option<&'u str> {
    let mut segments = url.path_segments()?;
    segments.find(|segment| names.contains(segment))?;
    segments.next()
}

/// What may stand in a query or a segment of a path as it is (RFC 3986, 2.3).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A date or time stamp in ISO 8601, as services write them.
fn claim(text: &str, role: Role, evidence: &str) -> Option<DateClaim> {
    let instant = text.parse::<Timestamp>().is_ok().then(|| text.to_owned());
    let day = if instant.is_some() || text.len() > 10 { text.get(..10)? } else { text };
    let date = day.parse::<PartialDate>().ok().filter(|date| (1400..2100).contains(&date.year))?;
    Some(DateClaim { time: instant, ..dated(date, role, evidence.to_owned()) })
}

/// A text that is there and says something.
fn text(value: &Value) -> Option<String> {
    let text = crate::fold::one_line(value.as_str()?);
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: Option<&str>) {
        let got = date_of(&Url::parse(url).unwrap()).map(|claim| claim.time.unwrap());
        assert_eq!(got.as_deref(), want, "{url}");
    }

    #[test]
    fn the_id_of_a_post_is_its_time() {
        check("https://x.com/LindbyPort/status/1889720462151917756", Some("2025-02-12T16:57:22Z"));
        check("https://discord.com/channels/1/2/175928847299117063", Some("2016-04-30T11:18:25Z"));
        check("https://mastodon.example/@lindby/100000000000000000", Some("2018-05-09T15:15:06Z"));
        check("https://bsky.app/profile/lindby.example/post/3jzfcijpj2z2a", Some("2023-06-30T15:03:01Z"));
        check("https://www.tiktok.com/@lindby/video/7106594312292453675", Some("2022-06-07T20:15:27Z"));
        for path in [
            "feed/update/urn:li:activity:7106594312292453675/",
            "feed/update/urn:li:share:7106594312292453675",
            "posts/lindby-port_harbour-tolls-activity-7106594312292453675-aBcD",
        ] {
            check(&format!("https://www.linkedin.com/{path}"), Some("2023-09-10T11:08:38Z"));
        }
    }

    #[test]
    fn other_numbers_are_none() {
        check("https://twitter.com/a/status/20", None);
        check("https://a.example/@lindby/1234", None);
        check("https://bsky.app/profile/lindby.example/post/short", None);
        check("https://a.example/status/1889720462151917756", None);
        check("https://www.tiktok.com/@lindby/video/12", None);
        check("https://www.linkedin.com/in/lindby-7106594312292453675/", None);
    }

    #[test]
    fn names_are_plain_and_used_once() {
        let names: Vec<&str> = RESOLVERS.iter().map(|resolver| resolver.name).collect();
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)));
    }
}
