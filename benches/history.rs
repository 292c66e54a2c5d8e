//! A history of 100,000 sources over five years: how large it is, and how long its questions take.
//!
//! ```text
//! cargo bench --bench history
//! cargo bench --bench history -- FILE   the same, and the history is kept there
//! ```
//!
//! The process that writes it is killed several times and started again. Every measurement first proves its
//! answer: no check is lost or there twice, and the half-lives that the history gives are within five per cent
//! of those with which it was made.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ibid::history::ledger;
use ibid::memory;
use serde_json::Value;

#[path = "../tests/support/simulation.rs"]
mod simulation;

use simulation::{HOSTS, YEAR, live, url};

const SOURCES: usize = 100_000;
/// Sources that are written at once.
const CHUNK: usize = 1_000;
const KILLS: u32 = 4;
const WRITER: &str = "IBID_BENCH_WRITER";

fn main() {
    if let Some(path) = std::env::var_os(WRITER) {
        return write(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let path = wanted.map_or_else(|| folder.path().join("visits.sqlite"), PathBuf::from);
    let start = Instant::now();
    let writer = || {
        Command::new(std::env::current_exe().unwrap()).env(WRITER, &path).spawn().expect("the writer starts")
    };
    for kill in 0..KILLS {
        let mut writer = writer();
        // In the middle of the next chunk, somewhere.
        let before = count(&path, "sources");
        while count(&path, "sources") == before {
            std::thread::sleep(Duration::from_millis(7 + 5 * u64::from(kill)));
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
    }
    assert!(writer().wait().unwrap().success());
    let took = start.elapsed().as_secs_f64();
    let size = std::fs::metadata(&path).unwrap().len();
    let checks = count(&path, "checks");
    let mut expected = 0;
    for number in 0..SOURCES {
        live(number, true, |_| expected += 1);
    }
    assert_eq!((count(&path, "sources"), checks), (SOURCES, expected));
    println!(
        "{checks} checks of {SOURCES} sources, the writer killed {KILLS} times: {:.1} bytes each, {:.0} a second",
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

/// Writes the lives of all sources, or of those that are not on file yet.
fn write(path: &Path) {
    let file = memory::connect(path).unwrap();
    for first in (count(path, "sources")..SOURCES).step_by(CHUNK) {
        let change = file.unchecked_transaction().unwrap();
        // As sweeps do, checks of many sources come in turn.
        let mut all = Vec::new();
        for number in first..first + CHUNK {
            live(number, true, |check| all.push((check.clone(), number)));
        }
        all.sort_by_key(|(check, number)| (check.at, *number));
        for (check, number) in all {
            ledger::append(&change, "", &url(number), &check).unwrap();
        }
        change.commit().unwrap();
    }
    file.pragma_update(None, "wal_checkpoint", "truncate").unwrap();
}

/// Rows of a table; none where there is no table yet.
fn count(path: &Path, table: &str) -> usize {
    let file = memory::Connection::open(path).unwrap();
    let count = file.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    count.map_or(0, |count| usize::try_from(count).unwrap())
}

/// What the program says, and the seconds that it took.
fn ibid(arguments: &[&str]) -> (Value, f64) {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_ibid")).args(arguments).output().unwrap();
    let took = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), took)
}
