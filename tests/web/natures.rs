//! What came, and whether it is the source: places in a page, hosts that answer everything, titles.

use ibid::check::{Finding, Settings};
use ibid::document::{FORMATS, Reading};
use ibid::report::Report;
use ibid::run;
use ibid::source::{Origin, Policy, State};

use super::support::archive::{plain, response};
use super::support::server::{Server, body, html, policy, redirect, status};
use super::{is, visit, visits};

/// Checks a document against an archive of these answers.
async fn check(markdown: &str, answers: &[(&str, &str, &str)]) -> Report {
    let records: Vec<Vec<u8>> = answers
        .iter()
        .map(|(url, kind, body)| {
            let head = if kind.starts_with("http") {
                format!("HTTP/1.1 302 Found\r\nLocation: {kind}\r\n\r\n")
            } else {
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}")
            };
            response(url, head.as_bytes())
        })
        .collect();
    let file = plain(&records);
    let format = FORMATS.iter().find(|format| format.name == "markdown").unwrap();
    let document = (format.read)(markdown.as_bytes(), &Reading::default()).unwrap();
    let read = run::understand("note.md".to_owned(), format.name, document);
    let policy = Policy { origin: Origin::Replay(file.path().to_owned()), ..Policy::default() };
    run::check(vec![read], &policy, &Settings::default(), |_| {}, std::future::pending()).await.unwrap()
}

fn messages<'r>(report: &'r Report, rule: &str) -> Vec<&'r str> {
    let of_rule = |finding: &&Finding| finding.rule == rule;
    report.findings.iter().filter(of_rule).map(|finding| &*finding.message).collect()
}

const STORY: &str = "https://gazette.example/world/2021/who-pays-for-the-new-harbour";

#[tokio::test]
async fn the_place_that_a_fragment_names_is_looked_for() {
    let note = format!(
        "One.[^1] Two.[^2] Three.[^3]\n\n[^1]: “A”, {STORY}#tolls.\n\n[^2]: “A”, {STORY}#fees.\n\n[^3]: “A”, {STORY}#:~:text=harbour.\n"
    );
    let page = "<title>A</title><h1>A</h1><h2 id=tolls>Tolls</h2><p>The harbour council met on Tuesday to hear what tolls cost.";
    let report = check(&note, &[(STORY, "text/html", page)]).await;
    assert_eq!(messages(&report, "missing-fragment"), ["the page has no place named “fees”"]);
}

#[tokio::test]
async fn a_page_that_gives_another_address_as_its_own() {
    let note = format!("One.[^1]\n\n[^1]: Ada Lind, “Who Pays for the New Harbour?”, {STORY}.\n");
    let page = |canonical: &str| {
        format!(
            "<title>Who pays?</title><link rel=canonical href='{canonical}'><h1>Who pays?</h1><p>The council met on Tuesday to hear what the tolls cost those who fish."
        )
    };
    let said = async |canonical: &str| {
        let report = check(&note, &[(STORY, "text/html", &page(canonical))]).await;
        messages(&report, "canonical-elsewhere").len()
    };
    assert_eq!(said("https://coastline.example/2021/who-pays").await, 1);
    assert_eq!(said("/world/2021/who-pays-for-the-new-harbour/?from=feed").await, 0);
    assert_eq!(said("https://www.gazette.example/World/2021/who-pays-for-the-new-harbour").await, 0);
    assert_eq!(said("https://gazette.example/").await, 0);
}

#[tokio::test]
async fn a_page_that_bears_the_cited_title_is_the_source() {
    let note = format!(
        "One.[^1]\n\n[^1]: Ada Lind, “Who Pays for the New Harbour?”, in The Gazette, 4 May 2021, {STORY}.\n"
    );
    let front = "https://gazette.example/";
    let state = async |title: &str| {
        let page = format!("<title>{title}</title><h1>{title}</h1><p>The council met.");
        let report = check(&note, &[(STORY, front, ""), (front, "text/html", &page)]).await;
        report.sources[0].visit.state
    };
    assert_eq!(state("Who pays for the new harbour? | The Gazette").await, State::Ok);
    assert_eq!(state("The Gazette").await, State::Soft404);
}

#[tokio::test]
async fn a_work_that_was_taken_back() {
    let api = "https://api.crossref.org/works/10.5555%2Flindby.2021";
    let record = r#"{"message": {"DOI": "10.5555/lindby.2021", "title": ["Harbour Tolls"],
        "issued": {"date-parts": [[2021, 5, 4]]}, "updated-by": [{"type": "retraction",
        "DOI": "10.5555/lindby.2021.r", "updated": {"date-parts": [[2023, 5, 4]]}}]}}"#;
    let page = "<title>Harbour Tolls</title><h1>Harbour Tolls</h1><p>What the tolls cost those who fish for a living.";
    let answers =
        [("https://doi.org/10.5555/lindby.2021", "text/html", page), (api, "application/json", record)];
    let note =
        "One.[^1]\n\n[^1]: Ada Lind, “Harbour Tolls”, 3 March 2021, https://doi.org/10.5555/lindby.2021";
    let report = check(&format!("{note}.\n"), &answers).await;
    assert_eq!(
        messages(&report, "retracted"),
        [
            "there is a notice of retraction of 4 May 2023 for the work (https://doi.org/10.5555/lindby.2021.r)"
        ]
    );
    assert_eq!(
        messages(&report, "date-mismatch"),
        ["the note says 3 March 2021, the source says 4 May 2021 (crossref issued)"]
    );
    assert!(messages(&check(&format!("{note} (retracted).\n"), &answers).await, "retracted").is_empty());
}

#[tokio::test]
async fn a_host_that_answers_everything_is_found_out_by_one_question() {
    let words =
        |topic: &str| format!("<p>{}</p>", format!("The council heard of {topic} and went home. ").repeat(9));
    let careless = Server::http(move |seen, _| match seen.path.as_str() {
        "/news/a-story" => body("text/html", words("harbours, tolls and the price of fish")),
        _ => body("text/html", words("nothing")),
    })
    .await;
    let honest = Server::http(|seen, _| match seen.path.as_str() {
        "/news/a-story" => html("A story"),
        _ => status(404),
    })
    .await;
    let led = Server::http(|seen, _| match seen.path.as_str() {
        "/front-page-of-all" => html("All"),
        _ => redirect(302, "/front-page-of-all"),
    })
    .await;
    let hosts = [careless.at("careless.test"), honest.at("honest.test"), led.at("led.test")];
    let policy = Policy { probe: true, ..policy(hosts) };
    let urls = [
        careless.url("careless.test", "/news/a-story"),
        careless.url("careless.test", "/news/another"),
        careless.url("careless.test", "/news/a-third"),
        honest.url("honest.test", "/news/a-story"),
        led.url("led.test", "/news/a-story"),
    ];
    let visits = visits(&urls, &policy).await;
    let states: Vec<State> = visits.iter().map(|visit| visit.state).collect();
    assert_eq!(states, [State::Ok, State::Soft404, State::Soft404, State::Ok, State::Soft404]);
    assert!(visits[1].reason.contains("cannot exist"), "{}", visits[1].reason);
    assert_eq!((careless.seen().len(), honest.seen().len()), (4, 2));
    // Unasked, nothing of the kind is done.
    let quiet = Policy { probe: false, ..policy };
    is(&visit(&urls[1], &quiet).await, State::Ok, "answers");
    assert_eq!(careless.seen().len(), 5);
}
