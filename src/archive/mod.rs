//! Archives of the web: what to ask them about a page, and what their answers tell.
//!
//! Pure, like [`crate::resolver`]: the asking is the business of [`crate::source`], under the rules that
//! hold for every request. What is looked for is the copy nearest to a date, that of the citation, and
//! never the newest: the newest copy of a page that is gone is one of its error page.
//!
//! Adding a service: one file with a [`Service`], and one line in [`ARCHIVES`]. An archive that speaks
//! Memento (RFC 7089) needs the line alone.

mod availability;
mod cdx;
mod links;
mod near;
mod timegate;
mod timemap;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use url::Url;

use crate::date::PartialDate;
use crate::link;

pub use near::{Basis, Near, middle};

/// An archive and how it is asked.
#[derive(Debug)]
pub struct Archive {
    /// Kebab-case, stable: the name by which it is chosen.
    pub name: &'static str,
    /// As a reader knows it.
    pub title: &'static str,
    /// Where its copies stand: `BASE/20250213100000/https://…`.
    pub base: &'static str,
    /// Asked first: gives the copy nearest to the date, if it knows one.
    pub quick: &'static Service,
    /// Asked where the first knows none, or one that is of no use: gives all around the date.
    pub thorough: &'static Service,
}

/// One public service of an archive.
#[derive(Debug)]
pub struct Service {
    /// The name under which its endpoint is configured; `None`: it stands at the archive's base.
    pub name: Option<&'static str>,
    /// Its usual address without a slash at the end; `None`: the archive's base.
    pub endpoint: Option<&'static str>,
    /// The least time from one question to the next that the archive asks for.
    pub gap: Option<Duration>,
    /// What kind of answer it gives.
    pub speaks: Speaks,
    /// What to ask it about a page, below its endpoint.
    pub question: fn(&Url, Near) -> String,
    /// What its answer tells.
    pub read: fn(&Told<'_>) -> Option<Vec<Memento>>,
    /// Where its answer goes on.
    pub parts: fn(&Told<'_>) -> Vec<Part>,
}

/// A part of a list of copies that stands at an address of its own (RFC 7089, 5.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where.
    pub url: Url,
    /// The first of its copies, where the list says so.
    pub from: Option<Timestamp>,
    /// The last of them.
    pub until: Option<Timestamp>,
}

impl Part {
    /// Seconds from a date to the nearest copy that it may hold.
    pub fn distance(&self, near: &Near) -> u64 {
        let middle = near.middle();
        let outside = [self.from.filter(|from| *from > middle), self.until.filter(|until| *until < middle)];
        outside.into_iter().flatten().map(|edge| near.distance(edge)).max().unwrap_or(0)
    }
}

/// The parts of an answer that is always whole.
fn whole(_: &Told<'_>) -> Vec<Part> {
    Vec::new()
}

/// What kind of answer a service gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// JSON.
    Json,
    /// `application/link-format` (RFC 6690).
    Links,
    /// Its redirect, or its header fields, lead to the copy (RFC 7089, 4).
    Fields,
}

/// An answer, as far as a service is read.
#[derive(Debug)]
pub struct Told<'a> {
    /// The page that was asked about.
    pub page: &'a Url,
    /// The address that answered.
    pub at: &'a Url,
    /// HTTP status.
    pub status: u16,
    /// Where its header fields lead: `Location`, `Content-Location`.
    pub leads_to: Option<&'a str>,
    /// `Link`, its lines joined.
    pub links: &'a str,
    /// `Memento-Datetime`.
    pub made: Option<&'a str>,
    /// The body; empty if there was none.
    pub body: &'a str,
    /// Where copies stand, for services that give no whole addresses.
    pub base: &'a str,
}

/// A copy that an archive says it holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Memento {
    /// Its address, as a reader opens it.
    pub url: String,
    /// When it was made.
    pub made: Timestamp,
}

/// The limits that the Internet Archive asks programs to keep: less than 30 questions to its index a
/// minute, and 600 copies.
pub(crate) const INDEX: Duration = Duration::from_millis(2_500);
const COPIES: Duration = Duration::from_millis(125);

/// Every archive known by name. Those whose addresses say nothing of the page, or that change what
/// they hold, are left out on purpose.
pub static ARCHIVES: &[Archive] = &[
    Archive {
        name: "wayback",
        title: "the Wayback Machine",
        base: "https://web.archive.org/web",
        quick: &availability::SERVICE,
        thorough: &cdx::SERVICE,
    },
    memento("arquivo", "Arquivo.pt", "https://arquivo.pt/wayback"),
    memento("archive-it", "Archive-It", "https://wayback.archive-it.org/all"),
    memento("loc", "the Library of Congress", "https://webarchive.loc.gov/all"),
    memento("ukwa", "the UK Web Archive", "https://www.webarchive.org.uk/wayback/archive"),
    memento(
        "nationalarchives",
        "the UK Government Web Archive",
        "https://webarchive.nationalarchives.gov.uk/ukgwa",
    ),
    memento("vefsafn", "Vefsafn.is", "https://vefsafn.is/is"),
];

const fn memento(name: &'static str, title: &'static str, base: &'static str) -> Archive {
    Archive { name, title, base, quick: &timegate::SERVICE, thorough: &timemap::SERVICE }
}

/// An archive of the user's own.
static OWN: Archive = memento("", "", "");

/// For which sources a copy is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// For none: no archive is asked.
    Never,
    /// For those that are gone, or replaced by something else.
    Gone,
    /// For all.
    Always,
}

impl When {
    /// Their names, in this order.
    pub const NAMES: &[&str] = &["never", "gone", "always"];

    /// The one of a name.
    pub fn named(name: &str) -> Option<Self> {
        [When::Never, When::Gone, When::Always].into_iter().find(|when| when.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// How archives are asked.
#[derive(Debug, Clone)]
pub struct Manner {
    /// For which sources.
    pub when: When,
    /// Which of them.
    pub chosen: Vec<Chosen>,
    /// How long an archive that was asked too often is left alone, where it does not say so itself.
    pub rest: Duration,
}

impl Manner {
    /// The names of the chosen archives, as one text.
    pub fn names(&self) -> String {
        self.chosen.iter().map(Chosen::name).collect::<Vec<_>>().join(" ")
    }

    /// Nobody said whom to ask, nor that anybody is to be asked.
    pub fn is_unasked(&self) -> bool {
        let usual =
            |chosen: &Chosen| chosen.base.is_none() && std::ptr::eq(chosen.archive, &raw const ARCHIVES[0]);
        self.when == When::Gone && self.chosen.iter().all(usual)
    }
}

impl Default for Manner {
    fn default() -> Self {
        let wayback = Chosen { archive: &ARCHIVES[0], base: None };
        Self { when: When::Gone, chosen: vec![wayback], rest: Duration::from_mins(1) }
    }
}

/// An archive that a run asks, under its name or at an address of the user's.
#[derive(Debug, Clone)]
pub struct Chosen {
    archive: &'static Archive,
    /// In place of its own.
    base: Option<String>,
}

impl Chosen {
    /// An archive by its name, or by the address below which it answers as RFC 7089 has it:
    /// `https://memento.example/all` for `https://memento.example/all/https://…`.
    ///
    /// # Errors
    ///
    /// What is expected instead.
    pub fn named(name: &str) -> Result<Self, String> {
        if let Some(archive) = ARCHIVES.iter().find(|archive| archive.name == name) {
            return Ok(Self { archive, base: None });
        }
        let names: Vec<&str> = ARCHIVES.iter().map(|archive| archive.name).collect();
        let url = Url::parse(name).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        match url {
            None => Err(format!("there is no archive {name}; there are {}, or an address", names.join(", "))),
            Some(url) if url.query().is_some() || url.fragment().is_some() => {
                Err(format!("{name} is not the start of an address"))
            }
            Some(url) if link::is_altering(&url) => {
                Err(format!("{name} has changed what it holds; it is asked for nothing"))
            }
            Some(url) => {
                let base = url.as_str().trim_end_matches('/').to_owned();
                Ok(Self { archive: &OWN, base: Some(base) })
            }
        }
    }

    /// As a reader knows it.
    pub fn title(&self) -> String {
        self.base.clone().unwrap_or_else(|| self.archive.title.to_owned())
    }

    /// Its name or address, as it is chosen.
    pub fn name(&self) -> &str {
        self.base.as_deref().unwrap_or(self.archive.name)
    }

    /// Asked first.
    pub fn quick(&self) -> &'static Service {
        self.archive.quick
    }

    /// Asked next.
    pub fn thorough(&self) -> &'static Service {
        self.archive.thorough
    }

    /// Where its copies stand.
    pub fn base(&self, endpoints: &BTreeMap<String, Url>) -> String {
        let configured = endpoints.get(self.archive.name).map(|url| url.as_str().trim_end_matches('/'));
        let own = self.base.as_deref().unwrap_or(self.archive.base);
        configured.unwrap_or(own).to_owned()
    }

    /// What to ask one of its services about a page.
    pub fn question(
        &self,
        service: &Service,
        page: &Url,
        near: Near,
        endpoints: &BTreeMap<String, Url>,
    ) -> Option<Url> {
        let configured = service.name.and_then(|name| endpoints.get(name));
        let at = match (configured, service.endpoint) {
            (Some(configured), _) => configured.as_str().trim_end_matches('/').to_owned(),
            (None, Some(usual)) => usual.to_owned(),
            (None, None) => self.base(endpoints),
        };
        Url::parse(&(at + &(service.question)(page, near))).ok()
    }
}

/// The names under which endpoints of archives are configured.
pub fn endpoint_names() -> impl Iterator<Item = &'static str> {
    let services = [&availability::SERVICE, &cdx::SERVICE].into_iter().filter_map(|service| service.name);
    ARCHIVES.iter().map(|archive| archive.name).chain(services)
}

/// A pace that a part of a host asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// The beginning of the addresses that it holds for, without their scheme.
    start: String,
    /// The least time from one question to the next.
    pub gap: Duration,
}

impl Pace {
    fn new(address: &str, gap: Duration) -> Self {
        Self { start: bare(address.trim_end_matches('/')).to_owned(), gap }
    }

    /// Its name: no host's.
    pub fn name(&self) -> &str {
        &self.start
    }

    /// Does it hold for an address?
    pub fn holds_for(&self, url: &Url) -> bool {
        let rest = bare(url.as_str()).strip_prefix(&self.start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }
}

/// The paces that archives ask for, wherever they are asked.
pub fn paces(endpoints: &BTreeMap<String, Url>) -> Vec<Pace> {
    let at = |name: &str, usual: &str| endpoints.get(name).map_or_else(|| usual.to_owned(), Url::to_string);
    let services = [&availability::SERVICE, &cdx::SERVICE]
        .into_iter()
        .filter_map(|service| Some(Pace::new(&at(service.name?, service.endpoint?), service.gap?)));
    let wayback = &ARCHIVES[0];
    let mut paces: Vec<Pace> = services.chain([Pace::new(&at(wayback.name, wayback.base), COPIES)]).collect();
    // Of two that hold for an address the narrower one counts.
    paces.sort_by_key(|pace| std::cmp::Reverse(pace.start.len()));
    paces
}

fn bare(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

/// The address at which an archive keeps the bytes of a copy as they came, without its own banner and
/// with every address left as it was; `None` where the address is of no such form. Archives built on
/// the programs of the Wayback Machine and pywb have it.
pub fn raw(copy: &Url) -> Option<Url> {
    let (start, stamp, rest) = parts(copy.as_str())?;
    Url::parse(&format!("{start}{}id_{rest}", digits(stamp))).ok()
}

/// The address of a copy as a reader opens it.
pub fn readable(copy: &str) -> String {
    match parts(copy) {
        Some((start, stamp, rest)) => format!("{start}{}{rest}", digits(stamp)),
        None => copy.to_owned(),
    }
}

/// The copy of another page beside a copy: where a captured redirect leads inside the archive.
pub fn beside(copy: &Url, other: &Url) -> Option<Url> {
    let (start, stamp, _) = parts(copy.as_str())?;
    Url::parse(&format!("{start}{stamp}/{other}")).ok()
}

/// An address of the form `…/20250213100000id_/https://…`: what stands before the stamp, the stamp with
/// its mode, and the rest with its slash.
fn parts(copy: &str) -> Option<(&str, &str, &str)> {
    let at =
        ["/http://", "/https://", "/http:/", "/https:/"].iter().filter_map(|mark| copy.find(mark)).min()?;
    let start = copy[..at].rfind('/')? + 1;
    let stamp = &copy[start..at];
    let mode = stamp.trim_start_matches(|c: char| c.is_ascii_digit());
    let known = mode.is_empty() || mode.len() == 3 && mode.ends_with('_');
    (digits(stamp).len() == 14 && known).then_some((&copy[..start], stamp, &copy[at..]))
}

fn digits(stamp: &str) -> &str {
    stamp.split_once(|c: char| !c.is_ascii_digit()).map_or(stamp, |(digits, _)| digits)
}

/// The time of a copy by its address.
pub fn made(copy: &str) -> Option<Timestamp> {
    time(digits(parts(copy)?.1))
}

/// `20250213100000`, in UTC; stamps that end earlier stand for their beginning.
fn time(stamp: &str) -> Option<Timestamp> {
    if !(4..=14).contains(&stamp.len()) || !stamp.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, least: i8| -> Option<i8> {
        stamp.get(from..from + 2).map_or(Some(least), |digits| digits.parse().ok())
    };
    let year = stamp[..4].parse().ok()?;
    let time =
        DateTime::new(year, part(4, 1)?, part(6, 1)?, part(8, 0)?, part(10, 0)?, part(12, 0)?, 0).ok()?;
    Offset::UTC.to_timestamp(time).ok()
}

/// The stamp of a time, in UTC.
fn stamp(time: Timestamp) -> String {
    Offset::UTC.to_datetime(time).strftime("%Y%m%d%H%M%S").to_string()
}

/// The day of a time, in UTC, as archives count.
pub fn day(time: Timestamp) -> PartialDate {
    Offset::UTC.to_datetime(time).date().into()
}

/// A time as HTTP writes it (RFC 9110, 5.6.7).
pub fn http_time(field: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(field.trim()).ok()
}

/// A time as HTTP writes it.
pub fn http_date(time: Timestamp) -> String {
    Offset::UTC.to_datetime(time).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The copies of a list that may be used: none of an archive that changes what it holds.
pub fn usable(copies: Vec<Memento>) -> impl Iterator<Item = Memento> {
    copies.into_iter().filter(|copy| Url::parse(&copy.url).is_ok_and(|url| !link::is_altering(&url)))
}

#[cfg(test)]
mod tests_support {
    use super::*;

    /// What a service makes of an answer about one page.
    pub(super) fn told(
        status: u16,
        body: &str,
        read: fn(&Told<'_>) -> Option<Vec<Memento>>,
    ) -> Option<Vec<Memento>> {
        let page = Url::parse("https://a.example/b").unwrap();
        let base = ARCHIVES[0].base;
        read(&Told { page: &page, at: &page, status, leads_to: None, links: "", made: None, body, base })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_copys_address() {
        let copy = Url::parse("https://web.archive.org/web/20250213100000/https://a.example/b?c=d").unwrap();
        let own = raw(&copy).unwrap();
        assert_eq!(own.as_str(), "https://web.archive.org/web/20250213100000id_/https://a.example/b?c=d");
        assert_eq!(raw(&own), Some(own.clone()));
        assert_eq!(readable(own.as_str()), copy.as_str());
        let other = Url::parse("https://a.example/new").unwrap();
        let inside = beside(&own, &other).unwrap();
        assert_eq!(inside.as_str(), "https://web.archive.org/web/20250213100000id_/https://a.example/new");
        assert_eq!(made(own.as_str()).unwrap().to_string(), "2025-02-13T10:00:00Z");
        for none in ["https://perma.cc/AB12-CD34", "https://a.example/2025/https://b.example/"] {
            assert_eq!(raw(&Url::parse(none).unwrap()), None, "{none}");
            assert_eq!(readable(none), none);
        }
    }

    #[test]
    fn paces_hold_for_a_part_of_a_host() {
        let gap = |url: &str, endpoints: &BTreeMap<String, Url>| {
            let url = Url::parse(url).unwrap();
            paces(endpoints).iter().find(|pace| pace.holds_for(&url)).map(|pace| pace.gap)
        };
        let usual = BTreeMap::new();
        assert_eq!(gap("https://web.archive.org/cdx/search/cdx?url=a", &usual), Some(INDEX));
        assert_eq!(gap("http://web.archive.org/web/2025/http://a.example/", &usual), Some(COPIES));
        assert_eq!(gap("https://web.archive.org/website", &usual), None);
        let elsewhere = [("wayback-cdx".to_owned(), Url::parse("http://cdx.test:81/q").unwrap())].into();
        assert_eq!(gap("http://cdx.test:81/q?url=a", &elsewhere), Some(INDEX));
        assert_eq!(gap("https://web.archive.org/cdx/search/cdx?url=a", &elsewhere), None);
    }

    #[test]
    fn archives_are_chosen_by_name_or_address() {
        assert_eq!(Chosen::named("wayback").unwrap().title(), "the Wayback Machine");
        let own = Chosen::named("http://127.0.0.1:8080/all/").unwrap();
        assert_eq!(
            (own.name(), own.base(&BTreeMap::new()).as_str()),
            ("http://127.0.0.1:8080/all", "http://127.0.0.1:8080/all")
        );
        for wrong in ["waybak", "https://archive.ph/", "ftp://a.example/", "https://a.example/?u="] {
            assert!(Chosen::named(wrong).is_err(), "{wrong}");
        }
    }
}
