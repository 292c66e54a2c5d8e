//! Half-lives that are known are found.

use ibid::history::ledger::{self, Known};
use ibid::history::rot::{BY, Collector, Rot};
use ibid::history::{Course, Patience};
use ibid::memory;
use ibid::source::State;
use scraper::{Html, Selector};

use super::simulation::{DAY, HOSTS, START, YEAR, live, url};
use super::{ibid, json, shown};

fn collector(by: &str) -> Collector {
    Collector::new(*BY.iter().find(|each| each.name == by).unwrap())
}

fn known(number: usize) -> Known {
    Known { id: i64::try_from(number).unwrap() + 1, url: url(number), web: String::new() }
}

#[track_caller]
fn near(found: f64, truth: f64) {
    assert!((found / truth - 1.0).abs() < 0.05, "{found} is not near {truth}");
}

#[test]
fn the_half_lives_of_a_hundred_thousand_sources() {
    let mut sources = collector("host");
    for number in 0..100_000 {
        sources.add(&known(number), &live(number, false, |_| {}), None);
    }
    let rot: Rot = sources.finish(10);
    assert_eq!((rot.groups.len(), rot.all.sources), (3, 100_000));
    for (host, years) in HOSTS {
        let group = rot.groups.iter().find(|group| group.name == host).unwrap();
        let curve = &group.curve;
        near(curve.half_life_if_constant().unwrap() / YEAR, years);
        if years < 4.5 {
            near(curve.half_life().unwrap() / YEAR, years);
            let (low, high) = curve.half_life_between();
            assert!(low <= curve.half_life() && high.is_none_or(|high| Some(high) >= curve.half_life()));
        } else {
            assert_eq!(curve.half_life(), None);
        }
        near(curve.alive_after(2.0 * YEAR).unwrap(), 0.5_f64.powf(2.0 / years));
        assert!(group.never_alive < group.sources / 1_000);
    }
}

#[test]
fn a_history_on_file_is_small_and_gives_the_same() {
    const SOURCES: usize = 600;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let file = memory::connect(&path).unwrap();
    let change = file.unchecked_transaction().unwrap();
    let (mut checks, mut courses) = (0, Vec::new());
    for number in 0..SOURCES {
        courses.push(live(number, true, |check| {
            ledger::append(&change, "", &url(number), check).unwrap();
            checks += 1;
        }));
    }
    change.commit().unwrap();
    let mut next = courses.iter();
    ledger::courses(&file, Patience::default(), |_, course| -> rusqlite::Result<()> {
        let expected = next.next().unwrap();
        assert_eq!(course.standing(), expected.standing());
        assert_eq!(
            (course.checks(), course.last_alive(), course.gone_since(), course.steady_since()),
            (expected.checks(), expected.last_alive(), expected.gone_since(), course.steady_since())
        );
        Ok(())
    })
    .unwrap();
    assert!(next.next().is_none());
    file.query_row("PRAGMA wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    assert!(size < 200 * checks, "{size} bytes for {checks} checks");
    drop(file);

    let cache = shown(&path);
    let table = ibid(0, &["report", "rot", "--by", "host", "--cache", cache]);
    let [head, all, first, ..] = table.lines().collect::<Vec<_>>()[..] else { panic!("{table}") };
    assert!(
        head.starts_with("host") && all.starts_with("all") && first.starts_with("blog.example"),
        "{table}"
    );
    let csv = ibid(0, &["report", "rot", "--by", "year", "--format", "csv", "--cache", cache]);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(rows.headers().unwrap().len(), 18);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), ["all", "2020"]);
    let report = json(&ibid(0, &["report", "rot", "--by", "type", "--format", "json", "--cache", cache]));
    assert_eq!(report["all"]["sources"], SOURCES);
    assert_eq!(report["groups"][0]["name"], "page");
    ibid(2, &["report", "rot", "--by", "hots", "--cache", cache]);
}

#[test]
fn a_page_with_curves_holds_whatever_hosts_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let file = memory::connect(&path).unwrap();
    for (number, host) in
        ["a.example", "b--<script>alert(1)<", "xn--mnchen-3ya.example", "d.example"].iter().enumerate()
    {
        for (days, state) in
            [(0, State::Ok), (200, State::Ok), (210, State::Dead), (212, State::Dead), (220, State::Dead)]
        {
            let check = ibid::history::Check {
                at: START + days * DAY,
                state: if number == 0 { State::Ok } else { state },
                status: None,
                final_url: None,
                title: None,
                published: None,
                digest: None,
                text: None,
            };
            ledger::append(&file, "", &format!("https://{host}/{number}"), &check).unwrap();
        }
    }
    drop(file);
    let page = ibid(0, &["report", "rot", "--by", "host", "--format", "html", "--cache", shown(&path)]);
    let html = Html::parse_document(&page);
    assert_eq!(html.errors, Vec::<String>::new());
    let count = |what: &str| html.select(&Selector::parse(what).unwrap()).count();
    assert_eq!(count("script, link, img, iframe, [src], [style]"), 0);
    assert_eq!(count("figure > svg[role=img] > title, figure > svg > desc"), 2);
    assert_eq!(count("figure > svg > path"), count("ul.legend > li"));
    assert_eq!(count("tbody > tr"), 5);
    assert!(!page.contains("http://") && !page.contains("https://"), "it needs no network");
}

#[test]
fn what_was_dead_when_it_was_first_seen_has_no_life() {
    let mut sources = collector("year");
    let mut course = Course::new(Patience::default());
    for day in [0, 2, 4] {
        course.see(START + day * DAY, State::Dead, 0);
    }
    sources.add(&known(0), &course, None);
    sources.add(&known(1), &Course::default(), None);
    let rot = sources.finish(10);
    assert_eq!((rot.all.sources, rot.all.never_alive, rot.all.curve.lives), (1, 1, 0));
}
