//! Other people's programs on our archives: `warcio`, `wacz` and `pywb`.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use ibid::capture::{self, Wanted, keep};
use ibid::source::Oblivion;

use super::record::{PATHS, answer, recorded};
use super::support::pywb::{Pywb, collect, runs, tools};
use super::support::server::{Server, policy};

#[tokio::test]
async fn others_find_our_archives_in_order_and_replay_them() {
    let Some(tools) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(answer).await;
    let urls: Vec<String> = PATHS.iter().map(|path| site.url("site.test", path)).collect();
    let policy = policy([site.at("site.test")]);
    let warc = folder.path().join("web.warc.gz");
    recorded(&urls, &policy, &warc, capture::LIMIT).await;
    runs(Command::new(tools.join("warcio")).arg("check").arg(&warc));

    let path = folder.path().join("kept.wacz");
    let wanted = Wanted { path: path.clone(), title: "Kept".to_owned(), limit: 150_000 };
    keep(&urls, &policy, &wanted, &mut Oblivion, |_| {}, std::future::pending()).await.unwrap();
    runs(Command::new(tools.join("wacz")).args(["validate", "-f"]).arg(&path));

    collect(&tools, folder.path(), "kept", &path);
    let (tools, folder) = (tools.clone(), folder.path().to_owned());
    let port = site.addr.port();
    tokio::task::spawn_blocking(move || replay(&tools, &folder, port)).await.unwrap();
}

fn replay(tools: &Path, folder: &Path, site: u16) {
    let pywb = Pywb::start(tools, folder);
    for (path, status, words) in [
        ("/plain", "200", "<title>Plain</title>"),
        ("/again", "200", "<title>Plain</title>"),
        ("/gzip", "200", "<title>Gzip</title>"),
        ("/br", "200", "<title>Brotli</title>"),
        ("/moved", "301", "status 301"),
        ("/gone", "404", "status 404"),
        ("/large", "200", "<title>Large</title>"),
    ] {
        let said = get(pywb.port, &format!("/kept/2030id_/http://site.test:{site}{path}"));
        let head = said.lines().next().unwrap_or_default();
        assert!(head.contains(status) && said.contains(words), "{path}: {said:.300}");
    }
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    String::from_utf8_lossy(&said).into_owned()
}
