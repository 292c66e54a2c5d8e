//! pywb as an archive, by Memento and by its index: of every dead source the nearest copy that is one of the
//! source is found, and no other.

use std::fmt::Write as _;
use std::path::Path;

use ibid::archive::{Chosen, middle};
use ibid::date::PartialDate;
use ibid::source::{Lookup, Policy};
use jiff::Timestamp;
use url::Url;

use super::check;
use super::support::archive::{gzip, page_of, response};
use super::support::pywb::{Pywb, collect, tools};
use super::support::server::{Server, policy, status};

/// Numbers that are the same every time (Knuth, MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A dead source, and what the archive holds of it.
struct Dead {
    url: String,
    title: String,
    cited: PartialDate,
    /// Each copy's time, and whether it is one of the source.
    copies: Vec<(Timestamp, bool)>,
}

impl Dead {
    /// 1 January 2015 to 2025; as precise as a day, a month or a year.
    fn new(number: u64, site: &Server) -> Self {
        let mut chance = Chance(number * 977 + 13);
        let mut time =
            || Timestamp::from_second(1_420_070_400 + chance.below(315_600_000).cast_signed()).unwrap();
        let day = ibid::archive::day(time());
        let copies: Vec<Timestamp> = (0..number % 8).map(|_| time()).collect();
        let cited = match number % 5 {
            0 => PartialDate::y(day.year),
            1 => PartialDate::ym(day.year, day.month.unwrap()),
            _ => Some(day),
        };
        let copies = copies.into_iter().map(|made| (made, chance.below(3) > 0)).collect();
        Dead {
            url: site.url("gone.test", &format!("/news/{number}")),
            title: format!("Harbour tolls of the season, part {number}"),
            cited: cited.unwrap(),
            copies,
        }
    }

    /// The time of the nearest copy that is one of the source.
    fn nearest(&self) -> Option<Timestamp> {
        let middle = middle(self.cited).as_second();
        let good = self.copies.iter().filter(|(_, good)| *good).map(|(made, _)| *made);
        good.min_by_key(|made| made.as_second().abs_diff(middle))
    }

    /// Its copies as records: of a page, or of one of the things that take its place.
    fn records(&self) -> impl Iterator<Item = Vec<u8>> {
        self.copies.iter().enumerate().flat_map(|(nth, (made, good))| {
            let http = match nth % 4 {
                0 => "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<title>Gone</title>",
                1 => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Page not found</title><h1>Page not found</h1>",
                // To the front page, of which there is no copy.
                2 => "HTTP/1.1 302 Found\r\nContent-Type: text/html\r\nLocation: /\r\n\r\n<title>Moved</title>",
                _ => "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<title>Busy</title>",
            };
            let record = if *good { page_of(&self.url, &self.title) } else { response(&self.url, http.as_bytes()) };
            // The writer of records knows one time only.
            let at = record.windows(20).position(|part| part == b"2025-02-14T10:00:00Z").unwrap();
            let mut record = record;
            record[at..at + 20].copy_from_slice(made.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().as_bytes());
            [gzip(&record)]
        })
    }
}

/// pywb with everything that is known of these sources.
fn serve(tools: &Path, folder: &Path, sources: &[Dead]) -> Pywb {
    let warc = folder.join("copies.warc.gz");
    std::fs::write(&warc, sources.iter().flat_map(Dead::records).flatten().collect::<Vec<u8>>()).unwrap();
    collect(tools, folder, "kept", &warc);
    // As public archives do: a time that is not exactly a copy's leads to the copy's own address.
    std::fs::write(
        folder.join("config.yaml"),
        "framed_replay: false\nredirect_to_exact: true\nenable_memento: true\n",
    )
    .unwrap();
    Pywb::start(tools, folder)
}

/// Looks for the copies of sources, as a note cites each of them.
async fn lookups(sources: &[Dead], policy: &Policy) -> Vec<Lookup> {
    let (mut text, mut notes) = (String::new(), String::new());
    for (number, Dead { url, title, cited, .. }) in sources.iter().enumerate() {
        let _ = write!(text, "A toll.[^{number}] ");
        let _ = write!(notes, "[^{number}]: “{title}”, in The Ledger, {}, {url}.\n\n", cited.in_words());
    }
    let report = check(&format!("{text}\n\n{notes}"), policy).await;
    assert_eq!(report.sources.len(), sources.len());
    report.sources.into_iter().map(|source| *source.copy.expect("it was looked for")).collect()
}

#[track_caller]
fn are_nearest(sources: &[Dead], lookups: &[Lookup], how: &str) {
    let (mut found, mut none) = (0, 0);
    for (source, lookup) in sources.iter().zip(lookups) {
        let stamp = source.nearest().map(|made| made.strftime("/%Y%m%d%H%M%S/").to_string());
        let url = lookup.found.as_ref().map(|found| found.url.clone());
        match (&stamp, &url) {
            (Some(stamp), Some(url)) => {
                assert!(
                    url.contains(stamp),
                    "{how}: {} near {}: {url}, not {stamp}",
                    source.url,
                    source.cited
                );
                found += 1;
            }
            (None, None) => {
                assert!(lookup.is_miss(), "{how}: {lookup:?}");
                none += 1;
            }
            _ => panic!("{how}: {} near {}: {url:?}, not {stamp:?}; {lookup:?}", source.url, source.cited),
        }
    }
    println!("{how}: {found} nearest copies found, {none} times there is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_copies_in_pywb() {
    let Some(tools) = tools() else { return };
    let site = Server::http(|_, _| status(404)).await;
    let sources: Vec<Dead> = (0..300).map(|number| Dead::new(number, &site)).collect();
    let folder = tempfile::tempdir().unwrap();
    let pywb = serve(&tools, folder.path(), &sources);
    let mut policy = policy([
        site.at("gone.test"),
        ibid::source::Resolve {
            host: "archive.test".to_owned(),
            port: pywb.port,
            addrs: vec![[127, 0, 0, 1].into()],
        },
    ]);
    let base = format!("http://archive.test:{}/kept", pywb.port);
    policy.archives.chosen = vec![Chosen::named(&base).unwrap()];
    are_nearest(&sources, &lookups(&sources, &policy).await, "TimeGate and TimeMap");

    // The Wayback Machine's interfaces, the first of which has no answer. Its index is asked slowly.
    let few = sources.into_iter().skip(100).take(12).collect::<Vec<_>>();
    let endpoint = |name: &str, path: &str| (name.to_owned(), Url::parse(&format!("{base}{path}")).unwrap());
    policy.archives.chosen = vec![Chosen::named("wayback").unwrap()];
    policy.endpoints =
        [endpoint("wayback", ""), endpoint("wayback-availability", "/none"), endpoint("wayback-cdx", "/cdx")]
            .into();
    are_nearest(&few, &lookups(&few, &policy).await, "CDX");
}
