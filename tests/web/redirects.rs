//! From one address to the next.

use ibid::source::{Policy, Redirect, State};

use super::support::server::{Server, html, policy, redirect, with};
use super::{is, visit};

#[tokio::test]
async fn every_hop_is_recorded() {
    let site = Server::http(|seen, _| match seen.path.as_str() {
        "/a/one" => redirect(301, "../b/two"),
        "/b/two" => redirect(308, "/c/three?x=1"),
        "/c/three?x=1" => html("three"),
        other => panic!("{other}"),
    })
    .await;
    let visit = visit(&site.url("site.test", "/a/one#part"), &policy([site.at("site.test")])).await;
    is(&visit, State::Moved, "/c/three?x=1");
    assert_eq!(
        visit.redirects,
        [
            Redirect { status: 301, url: site.url("site.test", "/b/two") },
            Redirect { status: 308, url: site.url("site.test", "/c/three?x=1") }
        ]
    );
    assert_eq!(visit.final_url, Some(site.url("site.test", "/c/three?x=1#part")));
    assert_eq!(visit.status, Some(200));
}
