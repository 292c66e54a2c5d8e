//! A history of 100,000 sources over five years: how large it is, and how long its questions take.
//!
//! ```text
//! cargo bench --bench history
//! ```
//!
//! Every measurement first proves its answer: the half-lives that the history gives are within five per
//! cent of those with which it was made.

use std::process::Command;
use std::time::Instant;

use ibid::history::ledger;
use ibid::memory;
use serde_json::Value;

#[path = "../tests/support/simulation.rs"]
mod simulation;

use simulation::{HOSTS, YEAR, live, url};

const SOURCES: usize = 100_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.sqlite");
    let start = Instant::now();
    let mut checks = 0;
    let file = memory::connect(&path).unwrap();
    for first in (0..SOURCES).step_by(1_000) {
        let change = file.unchecked_transaction().unwrap();
        // As sweeps do, checks of many sources come in turn.
        let mut all = Vec::new();
        for number in first..first + 1_000 {
            live(number, true, |check| all.push((check.clone(), number)));
        }
        all.sort_by_key(|(check, number)| (check.at, *number));
        checks += all.len();
        for (check, number) in all {
            ledger::append(&change, "", &url(number), &check).unwrap();
        }
        change.commit().unwrap();
    }
    file.pragma_update(None, "wal_checkpoint", "truncate").unwrap();
    drop(file);
    let size = std::fs::metadata(&path).unwrap().len();
    let took = start.elapsed().as_secs_f64();
    println!(
        "{checks} checks of {SOURCES} sources: {:.1} bytes each, {:.0} a second",
        size as f64 / checks as f64,
        checks as f64 / took
    );
    assert!(size / (checks as u64) < 200);

    let cache = path.to_str().unwrap();
    let (report, took) = ibid(&["report", "rot", "--by", "host", "--format", "json", "--cache", cache]);
    println!("report rot: {took:.2} s");
    for group in report["groups"].as_array().unwrap() {
        let (host, truth) = HOSTS.iter().find(|(host, _)| group["name"] == *host).unwrap();
        let found = group["half_life"].as_f64().or(group["half_life_if_steady"].as_f64()).unwrap() / YEAR;
        println!("  {host}: {found:.2} years, in truth {truth}");
        assert!((found / truth - 1.0).abs() < 0.05);
    }
    let (history, mut least) = ibid(&["history", &url(77_777), "--format", "json", "--cache", cache]);
    assert!(history["sources"][0]["checks"].as_u64().unwrap() > 5);
    for _ in 0..20 {
        least = least.min(ibid(&["history", &url(77_777), "--format", "json", "--cache", cache]).1);
    }
    println!("history of one source: {:.1} ms", least * 1_000.0);
}

/// What the program says, and the seconds that it took.
fn ibid(arguments: &[&str]) -> (Value, f64) {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_ibid")).args(arguments).output().unwrap();
    let took = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), took)
}
