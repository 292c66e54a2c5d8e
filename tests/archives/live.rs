//! Archives that are out of order, or lie: nothing is found that is not there, nothing is called missing
//! that was not looked for, and no question is asked without end.

use std::time::Duration;

use ibid::archive::Chosen;
use ibid::memory::Session;
use ibid::source::{Lookup, Policy};

use super::support::server::{Reply, Server, body, html, policy, redirect, status, with};
use super::{check, check_with};

/// The time of the copy that is looked for, and of a later one.
const STAMP: &str = "20210503120000";
const MADE: &str = "Mon, 03 May 2021 12:00:00 GMT";
const LATER: &str = "20210601000000";
const MADE_LATER: &str = "Tue, 01 Jun 2021 00:00:00 GMT";

const TITLE: &str = "Harbour Tolls to Rise in Spring";

/// A question to an archive.
struct Question<'q> {
    /// What is asked, without the archive's own address: `timemap/link/http://…`.
    what: &'q str,
    /// The archive's own address.
    at: &'q str,
    /// The page that is asked about.
    page: &'q str,
}

type Answers = fn(&Question) -> Reply;

fn memento(reply: Reply, made: &str) -> Reply {
    with(reply, "memento-datetime", made)
}

fn list(links: &str) -> Reply {
    body("application/link-format", links.to_owned())
}

/// A list of the two copies.
fn timemap(asked: &Question) -> Reply {
    let Question { at, page, .. } = asked;
    list(&format!(
        "<{page}>; rel=\"original\",\n<{at}/{STAMP}/{page}>; rel=\"memento\"; datetime=\"{MADE}\",\n\
         <{at}/{LATER}/{page}>; rel=\"memento\"; datetime=\"{MADE_LATER}\""
    ))
}

/// What came of looking for the copy of a dead source.
struct Sought {
    lookup: Lookup,
    /// What the archive was asked.
    asked: Vec<String>,
    /// What the finding proposes.
    help: String,
}

/// Looks for the copy of a page in an archive that answers like that.
async fn sought(answers: Answers) -> Sought {
    let site = Server::http(|_, _| status(404)).await;
    let archive = Server::http(move |seen, _| {
        let at = format!("http://{}/all", seen.header("host").unwrap_or_default());
        let what = seen.path.strip_prefix("/all/").unwrap_or(&seen.path);
        let page = what.find("http://").map_or("", |start| &what[start..]);
        answers(&Question { what, at: &at, page })
    })
    .await;
    let mut policy = Policy {
        retries: 1,
        max_wait: Duration::from_secs(1),
        ..policy([site.at("gone.test"), archive.at("archive.test")])
    };
    policy.archives.rest = Duration::from_millis(1);
    policy.archives.chosen = vec![Chosen::named(&archive.url("archive.test", "/all")).unwrap()];
    let page = site.url("gone.test", "/harbour-tolls");
    let text = format!("A.[^1]\n\n[^1]: Ada Lind, “{TITLE}”, in The Ledger, 3 May 2021, {page}.\n");
    let checked = check(&text, &policy);
    let report = tokio::time::timeout(Duration::from_mins(1), checked).await.expect("it comes to an end");
    let [source] = report.sources.as_slice() else { panic!("{:?}", report.sources) };
    let finding = report.findings.iter().find(|finding| finding.rule == "dead-link").expect("it is dead");
    Sought {
        lookup: *source.copy.clone().expect("it was looked for"),
        asked: archive.paths(),
        help: finding.help.clone().unwrap_or_default(),
    }
}

#[tokio::test]
async fn what_is_no_answer_is_no_miss() {
    let cases: [(&str, Answers, &str); 8] = [
        (
            "asked too often",
            |_| with(status(429), "retry-after", "3600"),
            "asks to be left alone for now (429)",
        ),
        (
            "asked too often, and does not say for how long",
            |_| status(429),
            "asks to be left alone for now (429)",
        ),
        ("overloaded", |_| status(503), "asks to be left alone for now (503)"),
        ("out of order", |_| status(500), "did not answer (500)"),
        ("a page in place of every answer", |_| html("Welcome to the archive"), "did not answer clearly"),
        (
            "a list under another type",
            |asked| {
                let is_list = asked.what.starts_with("timemap");
                if is_list { with(timemap(asked), "content-type", "text/html") } else { status(404) }
            },
            "did not answer clearly",
        ),
        (
            "a gate that leads in a circle, and no list",
            |asked| {
                let is_list = asked.what.starts_with("timemap");
                if is_list { status(500) } else { redirect(302, &format!("{}/{}", asked.at, asked.page)) }
            },
            "did not answer (500)",
        ),
        (
            "copies that the archive refuses to show",
            |asked| match asked.what {
                what if what.starts_with("timemap") => timemap(asked),
                what if what.starts_with("2021") => status(403),
                _ => status(404),
            },
            "did not answer (403)",
        ),
    ];
    for (case, answers, how) in cases {
        let Sought { lookup, asked, help } = sought(answers).await;
        assert_eq!(lookup.found, None, "{case}");
        assert!(!lookup.is_miss() && lookup.silent.len() == 1, "{case}: {lookup:?}");
        assert!(help.ends_with(how), "{case}: {help}");
        assert!(asked.len() <= 12, "{case}: {asked:?}");
    }
}

#[tokio::test]
async fn copies_that_are_none_are_refused() {
    /// The nearer copy is like this, the later one is one of the source.
    fn nearer(asked: &Question, reply: fn() -> Reply) -> Reply {
        match asked.what {
            what if what.starts_with("timemap") => timemap(asked),
            what if what.starts_with(LATER) => memento(html(TITLE), MADE_LATER),
            what if what.starts_with(STAMP) => reply(),
            _ => status(404),
        }
    }
    let cases: [(&str, Answers, &str); 7] = [
        (
            "marked with a time that is none",
            |asked| nearer(asked, || memento(html(TITLE), "Mon, 03 May 99999 12:00:00 GMT")),
            "not marked",
        ),
        (
            "of a bot wall",
            |asked| {
                nearer(asked, || memento(with(html("Just a moment..."), "cf-mitigated", "challenge"), MADE))
            },
            "challenge",
        ),
        (
            "of a “not found” page",
            |asked| nearer(asked, || memento(html("404 Page not found"), MADE)),
            "not found",
        ),
        ("of an error", |asked| nearer(asked, || memento(status(503), MADE)), "an error (503)"),
        (
            "made at another time than it is said to be",
            |asked| nearer(asked, || memento(html(TITLE), "Fri, 01 Jan 2016 00:00:00 GMT")),
            "1 January 2016",
        ),
        ("of nothing but the archive", |asked| nearer(asked, || html("Log in to the archive")), "not marked"),
        ("not there after all", |asked| nearer(asked, || status(404)), "no such page"),
    ];
    for (case, answers, why) in cases {
        let Sought { lookup, asked, help } = sought(answers).await;
        let refused = lookup.refused.first().map(|refused| refused.reason.as_str()).unwrap_or_default();
        assert!(refused.contains(why), "{case}: {lookup:?}");
        let found = lookup.found.as_ref().map(|found| found.date.to_string());
        assert_eq!(found.as_deref(), Some("2021-06-01"), "{case}: {asked:?}");
        assert!(help.contains("cite its archived copy of 1 June 2021"), "{case}: {help}");
    }
}

/// What is said to have been copied in years to come is not opened, however near it is to a date to come.
#[tokio::test]
async fn copies_of_tomorrow_are_none() {
    let Sought { lookup, asked, .. } = sought(|Question { what, at, page }| {
        let time = "Sun, 03 May 2099 12:00:00 GMT";
        let links = format!(
            "<{page}>; rel=\"original\", <{at}/20990503120000/{page}>; rel=\"memento\"; datetime=\"{time}\""
        );
        match what {
            what if what.starts_with("timemap") => list(&links),
            what if what.starts_with("2099") => memento(html(TITLE), time),
            _ => redirect(302, &format!("{at}/20990503120000/{page}")),
        }
    })
    .await;
    assert!(lookup.is_miss() && lookup.refused.is_empty(), "{lookup:?}");
    assert!(!asked.iter().any(|path| path.contains("/2099")), "{asked:?}");
}

/// An archive that gave a list has answered, whatever came of the parts of the list.
#[tokio::test]
async fn parts_that_cannot_be_read_are_no_miss_and_other_forms_are_no_parts() {
    let Sought { lookup, help, .. } = sought(|asked| {
        let links = format!("<{}>; rel=\"original\", <http://127.0.0.1:9/>; rel=\"timemap\"", asked.page);
        if asked.what.starts_with("timemap") { list(&links) } else { status(404) }
    })
    .await;
    assert!(lookup.found.is_none() && lookup.more && !lookup.is_miss(), "{lookup:?}");
    assert!(lookup.silent.is_empty() && help.ends_with("not all of its copies were looked at"), "{help}");

    let Sought { lookup, asked, .. } = sought(|Question { what, at, page }| {
        let links = format!(
            "<{page}>; rel=\"original\", \
             <{at}/timemap/json/{page}>; rel=\"timemap\"; type=\"application/json\""
        );
        if what.starts_with("timemap/link") { list(&links) } else { status(404) }
    })
    .await;
    assert!(lookup.is_miss() && !lookup.more, "{lookup:?}");
    assert!(!asked.iter().any(|path| path.contains("json")), "{asked:?}");
}

/// What one archive asks for, the others do not have to heed, and it is asked for nothing more.
#[tokio::test]
async fn each_archive_has_its_own_limits() {
    let site = Server::http(|_, _| status(404)).await;
    let tired = Server::http(|_, _| with(status(429), "retry-after", "3600")).await;
    let other = Server::http(|seen, _| match seen.path.strip_prefix("/all/").unwrap_or_default() {
        what if what.starts_with(STAMP) => memento(html(TITLE), MADE),
        what if what.starts_with("http") && !what.ends_with("-9") => {
            redirect(302, &format!("/all/{STAMP}/{what}"))
        }
        _ => status(404),
    })
    .await;
    let mut policy = Policy {
        per_host: 1,
        ..policy([site.at("gone.test"), tired.at("tired.test"), other.at("other.test")])
    };
    let chosen = [tired.url("tired.test", "/all"), other.url("other.test", "/all")];
    policy.archives.chosen = chosen.iter().map(|url| Chosen::named(url).unwrap()).collect();
    let note = |n: usize| {
        format!("[^{n}]: “{TITLE}”, 3 May 2021, {}.\n", site.url("gone.test", &format!("/tolls-{n}")))
    };
    let text = format!(
        "{}\n\n{}",
        (0..10).map(|n| format!("A.[^{n}] ")).collect::<Vec<_>>().concat(),
        (0..10).map(note).collect::<Vec<_>>().concat()
    );
    let report = check(&text, &policy).await;
    let lookups: Vec<&Lookup> = report.sources.iter().filter_map(|source| source.copy.as_deref()).collect();
    assert_eq!(lookups.iter().filter(|lookup| lookup.found.is_some()).count(), 9, "{lookups:?}");
    // That another has none is no miss while the first may have one.
    let last = report
        .findings
        .iter()
        .find(|f| f.rule == "dead-link" && f.url.as_deref().is_some_and(|url| url.ends_with("-9")))
        .unwrap();
    let help = last.help.as_deref().unwrap_or_default();
    assert!(help.ends_with(&format!("{} asks to be left alone for now (429)", chosen[0])), "{help}");
    assert_eq!(tired.seen().len(), 1, "{:?}", tired.paths());
}

/// A copy that was found for a note without a title is judged again for one that has it, and one that was
/// refused for the title of a note when that is another one.
#[tokio::test]
async fn what_was_found_for_one_note_is_judged_for_another() {
    let site = Server::http(|_, _| status(404)).await;
    let archive = Server::http(|seen, _| {
        let page = "<title>Fishermen Elect a New Chairwoman</title><h1>Fishermen Elect a New Chairwoman</h1>\
                    <meta property=article:published_time content=2016-02-09T08:00:00Z>\
                    <script type=application/ld+json>{\"@type\":\"NewsArticle\",\
                    \"datePublished\":\"2016-02-09T08:00:00Z\"}</script>";
        match seen.path.strip_prefix("/all/").unwrap_or_default() {
            what if what.starts_with(STAMP) => memento(body("text/html", page.to_owned()), MADE),
            what if what.starts_with("http") => redirect(302, &format!("/all/{STAMP}/{what}")),
            _ => status(404),
        }
    })
    .await;
    let mut policy = policy([site.at("gone.test"), archive.at("archive.test")]);
    policy.archives.chosen = vec![Chosen::named(&archive.url("archive.test", "/all")).unwrap()];
    let page = site.url("gone.test", "/a17");
    let (none, other, own) =
        ("See ", "“Harbour Tolls to Rise in Spring”, ", "“Fishermen Elect a New Chairwoman”, ");
    // Each with whether it is found, and whether the archive is asked for that.
    let orders = [
        vec![(none, true, true), (other, false, true), (other, false, false), (own, true, false)],
        vec![(other, false, true), (other, false, false), (own, true, true), (none, true, false)],
    ];
    for order in orders {
        let mut memory = Session::default();
        for (title, is_found, is_asked) in order {
            let text = format!("A.[^1]\n\n[^1]: {title}{page}, 3 May 2021.\n");
            let before = archive.seen().len();
            let report = check_with(&text, &policy, &mut memory).await;
            let lookup = report.sources[0].copy.clone().expect("it was looked for");
            assert_eq!(lookup.found.is_some(), is_found, "{title}: {lookup:?}");
            assert_eq!(archive.seen().len() > before, is_asked, "{title}: {:?}", archive.paths());
            let reason = lookup.refused.first().map(|refused| refused.reason.as_str()).unwrap_or_default();
            assert_eq!(reason.contains("something else"), !is_found, "{title}: {reason}");
        }
    }
}

/// Each part of the list names the next one, and none holds a copy.
#[tokio::test]
async fn a_list_without_end_is_read_for_a_while_and_is_no_miss() {
    let Sought { lookup, asked, .. } = sought(|asked| {
        let Question { what, at, page } = asked;
        if !what.starts_with("timemap") {
            return status(404);
        }
        let next = what.split('/').nth(2).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0) + 1;
        list(&format!("<{page}>; rel=\"original\", <{at}/timemap/link/{next}/{page}>; rel=\"timemap\""))
    })
    .await;
    assert!(lookup.found.is_none() && lookup.more && !lookup.is_miss(), "{lookup:?}");
    assert!((8..20).contains(&asked.len()), "{asked:?}");
}
