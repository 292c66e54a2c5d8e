//! Through a proxy, which looks names up in our place.

use std::process::Command;

use ibid::source::{Policy, SourceError, State, visit_all};

use super::support::proxy::Proxy;
use super::support::server::{Server, html, policy};
use super::support::tls::Authority;
use super::{is, visit};

fn through(proxy: &Proxy) -> Policy {
    Policy { proxy: Some(proxy.url()), ..policy([]) }
}

#[tokio::test]
async fn plain_and_secure_addresses_go_through_it() {
    let authority = Authority::new();
    let file = authority.file();
    let site =
        Server::https(authority.server("site.test", &["h2", "http/1.1"]), |_, _| html("tunnelled")).await;
    let proxy = Proxy::start(Some(site.addr), "").await;
    let policy = Policy { cacerts: vec![file.path().to_owned()], ..through(&proxy) };
    is(&visit("https://site.test/a", &policy).await, State::Ok, "");
    is(&visit("http://site.test/b", &policy).await, State::Ok, "");
    assert_eq!(proxy.lines(), ["CONNECT site.test:443 HTTP/1.1", "GET http://site.test/b HTTP/1.1"]);
    assert_eq!(site.paths(), ["/a"]);
}

#[tokio::test]
async fn names_are_judged_before_the_proxy_hears_them() {
    let proxy = Proxy::start(None, "500 Never").await;
    for url in [
        "http://localhost/",
        "http://127.0.0.1/",
        "https://[::1]/",
        "http://printer.local/",
        "http://intranet/",
    ] {
        is(&visit(url, &through(&proxy)).await, State::Unsafe, "public web");
    }
    assert!(proxy.lines().is_empty());
}

#[tokio::test]
async fn its_own_trouble_is_not_the_sources() {
    for refusal in ["502 Bad Gateway", "503 Service Unavailable", "403 Forbidden"] {
        let proxy = Proxy::start(None, refusal).await;
        is(
            &visit("https://site.test/", &through(&proxy)).await,
            State::Unreachable,
            "proxy would not connect",
        );
    }
    let proxy = Proxy::start(None, "407 Proxy Authentication Required").await;
    is(&visit("https://site.test/", &through(&proxy)).await, State::Unreachable, "name and password");
    is(&visit("http://site.test/", &through(&proxy)).await, State::Unreachable, "name and password");
    let proxy = Proxy::start(None, "502 Bad Gateway").await;
    is(&visit("http://site.test/", &through(&proxy)).await, State::Unreachable, "502");

    let gone = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let policy = Policy { proxy: Some(format!("http://{}", gone.local_addr().unwrap())), ..policy([]) };
    drop(gone);
    is(&visit("https://site.test/", &policy).await, State::Unreachable, "proxy could not be reached");
}

#[tokio::test]
async fn an_address_that_is_no_proxy() {
    let policy = Policy { proxy: Some("http://me:hunter2@".to_owned()), ..Policy::default() };
    let err = visit_all(&[], &policy, |_| {}, std::future::pending()).await.unwrap_err();
    assert!(matches!(err, SourceError::Proxy { .. }), "{err}");
    assert!(!err.to_string().contains("hunter2"), "{err}");
}

/// The environment is a process's own: the test below runs itself again in a child.
const CHILD: &str = "IBID_TEST_PROXY_CHILD";

#[tokio::test]
async fn the_environment_names_proxies() {
    if std::env::var_os(CHILD).is_some() {
        is(&visit("http://site.test/env", &policy([])).await, State::Ok, "");
        let direct = visit("http://direct.test/env", &policy([])).await;
        assert!(matches!(direct.state, State::Dead | State::Unreachable), "{direct:?}");
        return;
    }
    let proxy = Proxy::start(Some("127.0.0.1:9".parse().unwrap()), "").await;
    let (test, url) = (std::env::current_exe().unwrap(), proxy.url());
    let output = tokio::task::spawn_blocking(move || {
        Command::new(test)
            .args(["proxy::the_environment_names_proxies", "--exact"])
            .env(CHILD, "1")
            .env("HTTP_PROXY", &url)
            .env("http_proxy", &url)
            .env("NO_PROXY", "direct.test")
            .env("no_proxy", "direct.test")
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(proxy.lines(), ["GET http://site.test/env HTTP/1.1"]);
}
