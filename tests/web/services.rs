//! Sources with a truth of their own: stand-ins for the public services, in the shapes that these
//! document.

use std::collections::BTreeMap;

use ibid::check::date::claims;
use ibid::source::{Origin, Policy, State, Visit};
use serde_json::{Value, json};
use url::Url;

use super::support::archive::{page_of, plain, response};
use super::support::server::{Reply, Seen, Server, body, html, policy, redirect, status, with};
use super::{is, visit, visits};

fn json_body(value: &Value) -> Reply {
    body("application/json;charset=utf-8", value.to_string())
}

/// A policy under which every service named is asked at this server.
fn asking(server: &Server, services: &[&str], policy: Policy) -> Policy {
    let url = Url::parse(&server.url("services.test", "/api")).unwrap();
    let endpoints: BTreeMap<String, Url> =
        services.iter().map(|name| ((*name).to_owned(), url.clone())).collect();
    let mut resolve = policy.resolve.clone();
    resolve.push(server.at("services.test"));
    Policy { endpoints, resolve, ..policy }
}

/// Every date of a source with its evidence, shortest form.
fn dates(visit: &Visit) -> Vec<String> {
    claims(visit).iter().map(|claim| format!("{} {}", claim.date, claim.evidence)).collect()
}

fn crossref_work() -> Value {
    json!({"status": "ok", "message-type": "work", "message": {
        "DOI": "10.5555/Lindby.2021",
        "title": ["Harbour Tolls &amp; <i>Their</i> Discontents"],
        "container-title": ["Journal of Ports"],
        "author": [
            {"given": "Ada", "family": "Lind", "sequence": "first"},
            {"name": "Harbour Users' Forum", "sequence": "additional"}
        ],
        "published-print": {"date-parts": [[2022, 1]]},
        "published-online": {"date-parts": [[2021, 11, 30]]},
        "issued": {"date-parts": [[2021, 11, 30]]},
        "updated-by": [
            {"type": "correction", "DOI": "10.5555/lindby.2021.c", "updated": {"date-parts": [[2022, 2, 1]]}},
            {"type": "retraction", "DOI": "10.5555/lindby.2021.r", "updated": {"date-parts": [[2023, 5, 4]]}}
        ]
    }})
}

#[tokio::test]
async fn a_registry_tells_of_a_work_whose_page_is_refused() {
    let press = Server::http(|_, _| status(403)).await;
    let services = Server::http(|seen, _| match seen.path.as_str() {
        "/api/works/10.5555%2Flindby.2021" => with(json_body(&crossref_work()), "x-rate-limit-limit", "50"),
        other => panic!("{other}"),
    })
    .await;
    let policy = asking(&services, &["crossref", "datacite"], policy([press.at("press.test")]));
    let visit = visit(&press.url("press.test", "/doi/full/10.5555/Lindby.2021"), &policy).await;
    is(&visit, State::Blocked, "refuses programs (403)");
    assert_eq!(visit.title(), Some("Harbour Tolls & Their Discontents"));
    assert_eq!(visit.authors(), ["Ada Lind", "Harbour Users' Forum"]);
    assert_eq!(dates(&visit), ["2021-11-30 crossref published-online", "2022-01 crossref published-print"]);
    let retraction = visit.record.unwrap().retraction.unwrap();
    assert_eq!(
        (retraction.kind.as_str(), retraction.notice.as_deref()),
        ("retraction", Some("10.5555/lindby.2021.r"))
    );
    assert_eq!(retraction.date.unwrap().to_string(), "2023-05-04");
    let asked = &services.seen()[0];
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert!(asked.header("user-agent").unwrap().contains("ibid/"));
}

#[tokio::test]
async fn what_one_registry_does_not_know_the_next_may() {
    let press = Server::http(|_, _| html("A set of data")).await;
    let services = Server::http(|seen, _| match seen.path.as_str() {
        path if path.starts_with("/api/works/") => body("text/plain", "Resource not found."),
        "/api/dois/10.5555%2Fdata.7" => json_body(&json!({"data": {"id": "10.5555/data.7", "type": "dois", "attributes": {
            "doi": "10.5555/data.7",
            "titles": [{"title": "Tolls by Harbour"}],
            "creators": [{"name": "Lind, Ada", "givenName": "Ada", "familyName": "Lind"}, {"name": "Vestergaard, Hanne"}],
            "publicationYear": 2024,
            "dates": [
                {"date": "2024-05-01", "dateType": "Issued"},
                {"date": "2024-06-02T10:00:00Z", "dateType": "Updated"},
                {"date": "2019/2023", "dateType": "Collected"}
            ]
        }}})),
        other => panic!("{other}"),
    })
    .await;
    let policy = asking(&services, &["crossref", "datacite"], policy([press.at("press.test")]));
    let visit = visit(&press.url("press.test", "/10.5555/data.7"), &policy).await;
    is(&visit, State::Ok, "answers");
    assert_eq!(visit.title(), Some("A set of data"), "the page speaks for itself");
    assert_eq!(visit.authors(), ["Ada Lind", "Hanne Vestergaard"]);
    assert_eq!(dates(&visit), ["2024-05-01 datacite Issued", "2024-06-02 datacite Updated"]);
}

#[tokio::test]
async fn an_answer_about_something_else_tells_nothing() {
    let press = Server::http(|_, _| html("A story")).await;
    let services = Server::http(|_, _| json_body(&crossref_work())).await;
    let policy = asking(&services, &["crossref", "datacite"], policy([press.at("press.test")]));
    let visit = visit(&press.url("press.test", "/10.5555/another"), &policy).await;
    assert_eq!(visit.record, None);
    assert_eq!(services.seen().len(), 2);
}

/// An archive in which the pages of networks refuse programs, and their services answer.
#[tokio::test]
async fn the_services_of_networks_vouch_for_what_their_pages_hide() {
    let refused =
        |url: &str| response(url, b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<p>no");
    let answer = |url: &str, value: Value| {
        response(url, format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{value}").as_bytes())
    };
    let x = "https://x.com/LindbyPort/status/1889720462151917756?s=20";
    let bluesky = "https://bsky.app/profile/lindby.example/post/3jzfcijpj2z2a";
    let mastodon = "https://social.example/@lindby/113990000000000000";
    let youtube = "https://youtu.be/aBcDeFg-_12";
    let gone = "https://x.com/LindbyPort/status/1889720462151917757";
    let file = plain(&[
        refused(x),
        answer(
            "https://publish.twitter.com/oembed?url=https%3A%2F%2Ftwitter.com%2FLindbyPort%2Fstatus%2F1889720462151917756&omit_script=1&dnt=true",
            json!({
                "url": "https://twitter.com/LindbyPort/status/1889720462151917756",
                "author_name": "Lindby Port", "author_url": "https://twitter.com/LindbyPort",
                "html": "<blockquote class=\"twitter-tweet\"><p lang=\"en\" dir=\"ltr\">From April every vessel pays &amp; <a href=\"https://t.co/x\">more</a></p>&mdash; Lindby Port (@LindbyPort) <a href=\"https://twitter.com/\">February 12, 2025</a></blockquote>\n",
                "width": 550, "height": null, "type": "rich", "version": "1.0"
            }),
        ),
        refused(gone),
        response(
            "https://publish.twitter.com/oembed?url=https%3A%2F%2Ftwitter.com%2FLindbyPort%2Fstatus%2F1889720462151917757&omit_script=1&dnt=true",
            b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{\"error\":\"Sorry, that page does not exist.\"}",
        ),
        page_of(bluesky, "Bluesky"),
        answer(
            "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?depth=0&parentHeight=0&uri=at%3A%2F%2Flindby.example%2Fapp.bsky.feed.post%2F3jzfcijpj2z2a",
            json!({"thread": {"$type": "app.bsky.feed.defs#threadViewPost", "post": {
                "uri": "at://did:plc:lindby/app.bsky.feed.post/3jzfcijpj2z2a",
                "author": {"handle": "lindby.example", "displayName": "Lindby"},
                "record": {"$type": "app.bsky.feed.post", "text": "The harbour is closed.", "createdAt": "2023-06-30T15:03:01.470Z"},
                "indexedAt": "2023-06-30T15:03:02.000Z"
            }}}),
        ),
        refused(mastodon),
        answer(
            "https://social.example/api/v1/statuses/113990000000000000",
            json!({
                "id": "113990000000000000", "created_at": "2025-02-12T08:42:00.000Z", "edited_at": null,
                "content": "<p>No tolls<br>this year</p>", "account": {"acct": "lindby", "display_name": "Lindby"}
            }),
        ),
        response(youtube, b"HTTP/1.1 302 Found\r\nLocation: https://consent.youtube.com/m\r\n\r\n"),
        page_of("https://consent.youtube.com/m", "Before you continue"),
        answer(
            "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DaBcDeFg-_12",
            json!({"title": "The Harbour at Dawn", "author_name": "Lindby TV", "type": "video", "version": "1.0"}),
        ),
    ]);
    let policy = Policy { origin: Origin::Replay(file.path().to_owned()), ..Policy::default() };
    let urls = [x, bluesky, mastodon, youtube, gone].map(str::to_owned);
    let visits = visits(&urls, &policy).await;
    let [x, bluesky, mastodon, youtube, gone] = &visits[..] else { panic!("{visits:?}") };

    is(x, State::Ok, "refuses programs (403); a reader may well see the page, but X's own service shows it.");
    assert_eq!(x.title(), Some("From April every vessel pays & more"));
    assert_eq!(x.authors(), ["Lindby Port"]);
    assert_eq!(dates(x), ["2025-02-12 x post id"]);
    // That it is not shown says nothing: so is a post that only members may see.
    is(gone, State::Blocked, "refuses programs (403)");
    assert_eq!(dates(gone), ["2025-02-12 x post id"]);

    is(bluesky, State::Ok, "answers");
    assert_eq!(bluesky.title(), Some("The harbour is closed."));
    assert_eq!(bluesky.authors(), ["Lindby"]);
    is(mastodon, State::Ok, "Mastodon's own service");
    assert_eq!(mastodon.title(), Some("No tolls this year"));
    is(youtube, State::Ok, "YouTube's own service");
    assert_eq!(youtube.title(), Some("The Harbour at Dawn"));
    assert!(dates(youtube).is_empty());
}

#[tokio::test]
async fn a_service_that_fails_is_asked_once_and_changes_nothing() {
    let press = Server::http(|_, _| html("A story")).await;
    let fails: [fn(&Seen, usize) -> Reply; 4] = [
        |_, _| status(503),
        |_, _| with(status(429), "retry-after", "600"),
        |_, _| super::support::server::dropped(),
        |seen, _| redirect(302, &format!("{}x", seen.path)),
    ];
    for (at, fail) in fails.into_iter().enumerate() {
        let services = Server::http(fail).await;
        let policy = asking(&services, &["crossref", "datacite"], policy([press.at("press.test")]));
        let urls = ["1", "2", "3"].map(|n| press.url("press.test", &format!("/10.5555/{n}")));
        for visit in visits(&urls, &policy).await {
            is(&visit, State::Ok, "answers");
            assert_eq!(visit.record, None);
        }
        let asked = services.seen().len();
        assert!(if at == 3 { asked == 3 * 4 } else { asked == 1 }, "{at}: {asked}");
    }
}

#[tokio::test]
async fn services_stand_under_the_rules_of_every_request() {
    let press = Server::http(|_, _| html("A story")).await;
    let private = Server::http(|seen, _| panic!("{seen:?}")).await;
    let address = press.url("press.test", "/10.5555/lindby.2021");
    // A configured address, and one that a service redirects to.
    let inward = private.url("127.0.0.1", "");
    let redirecting = Server::http(move |_, _| redirect(302, &format!("{inward}/works"))).await;
    let mut guarded = asking(&redirecting, &["crossref"], policy([press.at("press.test")]));
    is(&visit(&address, &guarded).await, State::Ok, "");
    guarded.endpoints.insert("crossref".to_owned(), Url::parse(&private.url("127.0.0.1", "")).unwrap());
    is(&visit(&address, &guarded).await, State::Ok, "");

    let services = Server::http(|seen, _| panic!("{seen:?}")).await;
    let off = Policy { apis: false, ..asking(&services, &["crossref"], policy([press.at("press.test")])) };
    is(&visit(&address, &off).await, State::Ok, "");
    assert!(private.seen().is_empty() && services.seen().is_empty());
}

#[tokio::test]
async fn a_service_that_hangs_holds_nobody_up_twice() {
    let press = Server::http(|_, _| html("A story")).await;
    let services = Server::raw(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let quick = Policy { timeout: std::time::Duration::from_millis(300), ..policy([press.at("press.test")]) };
    let policy = asking(&services, &["crossref", "datacite"], quick);
    let urls = ["1", "2", "3", "4"].map(|n| press.url("press.test", &format!("/10.5555/{n}")));
    assert!(visits(&urls, &policy).await.iter().all(|visit| visit.state == State::Ok));
    assert_eq!(services.seen().len(), 1);
}
