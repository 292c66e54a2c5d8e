//! What is never asked.

use ibid::source::{Origin, Policy, State};

use super::support::server::{Server, html, policy, redirect};
use super::{is, visit, visits};

#[tokio::test]
async fn inward_addresses_are_never_asked() {
    let site = Server::http(|_, _| html("inside")).await;
    let port = site.addr.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "x.localhost",
    ] {
        let visit = visit(&format!("http://{host}:{port}/"), &policy([])).await;
        is(&visit, State::Unsafe, "public web");
        assert_eq!(visit.status, None);
    }
    for url in ["ftp://example.org/x", "file:///etc/passwd", "javascript:alert(1)"] {
        is(&visit(url, &policy([])).await, State::Unsafe, "only http and https");
    }
    assert!(site.seen().is_empty());
}

#[tokio::test]
async fn a_name_that_leads_inward_is_refused_when_it_is_looked_up() {
    // The machine's own name: not `localhost`, and it resolves to an address of this machine.
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_owned();
    let resolved = tokio::net::lookup_host((name.as_str(), 0)).await.map(Iterator::collect::<Vec<_>>);
    let inward = |ip: std::net::IpAddr| match ip {
        std::net::IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        std::net::IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    if !resolved.is_ok_and(|all| !all.is_empty() && all.iter().all(|a| inward(a.ip()))) {
        return; // A machine without such a name: the resolver's own tests stand in.
    }
    is(&visit(&format!("http://{name}:9/"), &policy([])).await, State::Unsafe, "public web");
}

#[tokio::test]
async fn redirects_inward_are_not_followed() {
    let inside = Server::http(|_, _| html("inside")).await;
    let port = inside.addr.port();
    let site = Server::http(move |seen, _| match seen.path.as_str() {
        "/ip" => redirect(302, &format!("http://127.0.0.1:{port}/")),
        "/name" => redirect(302, &format!("http://localhost:{port}/")),
        "/number" => redirect(302, &format!("http://0x7f.1:{port}/")),
        "/metadata" => redirect(301, "http://169.254.169.254/latest/meta-data/"),
        _ => redirect(307, "file:///etc/passwd"),
    })
    .await;
    for path in ["/ip", "/name", "/number", "/metadata", "/file"] {
        let visit = visit(&site.url("site.test", path), &policy([site.at("site.test")])).await;
        is(&visit, State::Unsafe, "is not asked");
        assert_eq!(visit.redirects.len(), 1, "the hop is recorded");
        assert_eq!(visit.final_url, None);
    }
    assert!(inside.seen().is_empty());
}

#[tokio::test]
async fn the_user_may_allow_them() {
    let site = Server::http(|_, _| html("inside")).await;
    let allowed = Policy { allow_private: true, ..policy([]) };
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{}/", site.addr.port());
        is(&visit(&url, &allowed).await, State::Ok, "");
    }
    // An override is for the port that it names.
    let url = format!("http://site.test:{}/", site.addr.port());
    is(&visit(&url, &policy([site.at("site.test")])).await, State::Ok, "");
    let mut elsewhere = site.at("site.test");
    elsewhere.port ^= 1;
    let other = visit(&url, &policy([elsewhere])).await;
    assert!(matches!(other.state, State::Dead | State::Unreachable), "{other:?}");
}

#[tokio::test]
async fn without_a_network_what_can_be_told_is_told() {
    let policy = Policy { origin: Origin::Offline, ..Policy::default() };
    let urls =
        ["https://example.org/", "http://10.0.0.1/", "http://exa mple.org/", "nonsense"].map(str::to_owned);
    let visits = visits(&urls, &policy).await;
    let states: Vec<State> = visits.iter().map(|visit| visit.state).collect();
    assert_eq!(states, [State::Skipped, State::Unsafe, State::Invalid, State::Invalid]);
    assert!(visits[0].reason.contains("offline"));
}
