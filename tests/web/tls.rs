//! Secure connections, and which HTTP is spoken over them.

use hyper::Version;
use ibid::source::{Policy, SourceError, State, visit_all};

use super::support::server::{Server, dropped, html, policy, say};
use super::support::tls::Authority;
use super::{is, visit};

async fn secure(config: tokio_rustls::rustls::ServerConfig) -> Server {
    Server::https(config, |_, _| html("secure")).await
}

fn trusting(authority: &tempfile::NamedTempFile, site: &Server) -> Policy {
    Policy { cacerts: vec![authority.path().to_owned()], ..policy([site.at("site.test")]) }
}

#[tokio::test]
async fn a_trusted_server_is_asked_in_the_best_http_it_speaks() {
    let authority = Authority::new();
    let file = authority.file();
    for (protocols, version) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2),
        (&["http/1.1"][..], Version::HTTP_11),
        (&[][..], Version::HTTP_11),
    ] {
        let site = secure(authority.server("site.test", protocols)).await;
        is(&visit(&site.url("site.test", "/a"), &trusting(&file, &site)).await, State::Ok, "");
        assert_eq!(site.seen()[0].version, version);
    }
}

#[tokio::test]
async fn a_stream_broken_off_is_asked_for_again() {
    let authority = Authority::new();
    let file = authority.file();
    for protocols in [&["h2"][..], &["http/1.1"][..]] {
        let config = authority.server("site.test", protocols);
        let site =
            Server::https(config, |_, before| if before == 0 { dropped() } else { html("here") }).await;
        is(&visit(&site.url("site.test", "/a"), &trusting(&file, &site)).await, State::Ok, "");
        assert_eq!(site.paths(), ["/a", "/a"]);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said() {
    let authority = Authority::new();
    let file = authority.file();
    for (config, words) in [
        (authority.expired("site.test"), "has expired"),
        (authority.server("other.test", &[]), "for another host"),
        (Authority::new().server("site.test", &[]), "unknown issuer"),
    ] {
        let site = secure(config).await;
        let visit = visit(&site.url("site.test", "/a"), &trusting(&file, &site)).await;
        is(&visit, State::Unreachable, words);
        assert!(site.seen().is_empty());
    }
}

#[tokio::test]
async fn no_authority_is_trusted_unless_named() {
    let authority = Authority::new();
    let site = secure(authority.server("site.test", &[])).await;
    let visit = visit(&site.url("site.test", "/a"), &policy([site.at("site.test")])).await;
    is(&visit, State::Unreachable, "unknown issuer");
}

#[tokio::test]
async fn plain_http_where_tls_is_expected() {
    let site =
        Server::raw(|mut stream, _| async move { say(&mut stream, b"HTTP/1.1 400 Bad\r\n\r\n").await }).await;
    // The head that the server waits for never ends in a handshake: it sees the connection close.
    let url = site.url("site.test", "/").replace("http:", "https:");
    let policy = Policy { timeout: std::time::Duration::from_millis(300), ..policy([site.at("site.test")]) };
    is(&visit(&url, &policy).await, State::Unreachable, "site.test");
}

#[tokio::test]
async fn a_certificate_file_that_is_none() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "nothing").unwrap();
    for path in [file.path().to_owned(), "/no/such/file.pem".into()] {
        let policy = Policy { cacerts: vec![path.clone()], ..Policy::default() };
        let err = visit_all(&[], &policy, |_| {}, std::future::pending()).await.unwrap_err();
        assert!(matches!(err, SourceError::Cacert { .. }), "{err}");
        assert!(err.to_string().contains(path.to_str().unwrap()), "{err}");
    }
}
