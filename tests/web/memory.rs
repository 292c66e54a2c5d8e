//! What a run costs in memory, measured in a process of its own.
#![cfg(target_os = "linux")]

use std::process::Command;
use std::sync::Arc;

use ibid::capture::Writer;
use ibid::source::{Policy, Resolve, State};

use super::support::archive::gzip;
use super::support::server::{Server, body, policy, with};
use super::visits;

const CHILD: &str = "IBID_TEST_MEMORY_PORT";

/// Hosts that answer at the same time; twice the width of a run.
const HOSTS: usize = 64;

/// Set where the run is recorded.
const RECORDS: &str = "IBID_TEST_MEMORY_RECORDS";

/// Large pages and compressed bombs from many hosts at once.
#[tokio::test]
async fn a_run_of_large_pages_stays_small() {
    if let Ok(port) = std::env::var(CHILD) {
        return child(port.parse().unwrap()).await;
    }
    large_pages(false).await;
    large_pages(true).await;
}

async fn large_pages(recorded: bool) {
    let start = "<html><head><title>large</title></head><body>";
    let large = bytes::Bytes::from(format!("{start}{}", "<p>a few words of text</p>".repeat(1_300_000)));
    assert!(large.len() > 30 << 20);
    let bomb = bytes::Bytes::from(gzip(&large[..8 << 20]));
    let site = Server::http(move |seen, _| match seen.path.as_str() {
        "/bomb" => with(body("text/html", bomb.clone()), "content-encoding", "gzip"),
        _ => body("text/html", large.clone()),
    })
    .await;
    let (test, port) = (std::env::current_exe().unwrap(), site.addr.port());
    let output = tokio::task::spawn_blocking(move || {
        Command::new(test)
            .args(["memory::a_run_of_large_pages_stays_small", "--exact", "--nocapture"])
            .env(CHILD, port.to_string())
            .envs(recorded.then_some((RECORDS, "1")))
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(site.seen().len(), HOSTS);
}

async fn child(port: u16) {
    let host = |n| format!("host{n}.test");
    let at = |n| Resolve { host: host(n), port, addrs: vec![[127, 0, 0, 1].into()] };
    let path = |n: usize| if n.is_multiple_of(4) { "bomb" } else { "large" };
    let urls: Vec<String> = (0..HOSTS).map(|n| format!("http://{}:{port}/{}", host(n), path(n))).collect();
    let mut policy = Policy { timeout: Policy::default().timeout * 4, ..policy((0..HOSTS).map(at)) };
    let folder = tempfile::tempdir().unwrap();
    if std::env::var_os(RECORDS).is_some() {
        let path = folder.path().join("web.warc.gz");
        policy.recorder = Some(Arc::new(Writer::create(&path, 8 << 20, &policy).unwrap()));
    }
    let visits = visits(&urls, &policy).await;
    for visit in &visits {
        assert_eq!(visit.state, State::Ok, "{visit:?}");
        assert!(visit.page.is_some());
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    println!("peak: {} MiB", kib >> 10);
    assert!(kib < 150 << 10, "{} MiB", kib >> 10);
}
