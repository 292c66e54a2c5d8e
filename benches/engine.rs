//! A whole run against many hosts on loopback, beside a peer.
//!
//! ```text
//! cargo bench --bench engine            every list
//! cargo bench --bench engine -- hosts   those whose name holds the word
//! ```
//!
//! The server runs in a process of its own and answers on every address of 127.0.0.0/8, so that each
//! of them is a host. Every measurement first proves its answer: all sources `ok`, each asked once.
//! Where `lychee` is on the PATH it is measured on the same list. ibid reads every page for its date;
//! lychee looks at the status only. Linux, with GNU time as /usr/bin/time.
//!
//! Two more prove that a slow host holds nobody up (`behind`), and that nothing stays in memory of
//! 100,000 requests (`leak`).

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ibid::source::{Policy, State, visit_all};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SERVER: &str = "IBID_BENCH_SERVER";

/// One list of addresses.
struct List {
    name: &'static str,
    urls: usize,
    hosts: usize,
    /// Milliseconds until an answer.
    latency: u64,
    /// All addresses of a host one after the other, in place of one of each host in turn.
    sorted: bool,
    ibid: &'static [&'static str],
    peer: &'static [&'static str],
}

const LISTS: &[List] = &[
    List {
        name: "1,000 hosts",
        urls: 1_000,
        hosts: 1_000,
        latency: 100,
        sorted: false,
        ibid: &[],
        peer: &[],
    },
    List {
        name: "10,000 hosts",
        urls: 10_000,
        hosts: 10_000,
        latency: 100,
        sorted: false,
        ibid: &[],
        peer: &["--max-concurrency", "1024"],
    },
    List {
        name: "10,000 on 200 hosts, impolite",
        urls: 10_000,
        hosts: 200,
        latency: 100,
        sorted: false,
        ibid: &["--per-host", "100", "--gap", "0", "--no-robots", "--max-concurrency", "1500"],
        peer: &["--max-concurrency", "1000", "--host-concurrency", "10", "--host-request-interval", "0ms"],
    },
    List {
        name: "10 hosts sorted, ten at a time",
        urls: 1_000,
        hosts: 10,
        latency: 500,
        sorted: true,
        ibid: &["--per-host", "10"],
        peer: &[],
    },
];

fn main() {
    if std::env::var_os(SERVER).is_some() {
        return serve();
    }
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let mut server = Command::new(std::env::current_exe().unwrap())
        .env(SERVER, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut port = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let folder = tempfile::tempdir().unwrap();
    println!("{:32} {:8} {:>7} {:>7} {:>9}", "list", "program", "wall s", "CPU s", "peak MiB");
    for list in LISTS.iter().filter(|list| list.name.contains(&wanted)) {
        let path = folder.path().join("list.md");
        std::fs::write(&path, document(list, port.trim())).unwrap();
        let fixed =
            ["check", "--allow-private", "--no-config", "--no-cache", "--no-apis", "--format", "json"];
        let report = measure(list, "ibid", env!("CARGO_BIN_EXE_ibid"), &[&fixed, list.ibid].concat(), &path);
        assert_eq!(report.matches(r#""state": "ok""#).count(), list.urls, "every source is ok");
        if Command::new("lychee").arg("--version").output().is_ok() {
            measure(list, "lychee", "lychee", &[&["--no-progress"], list.peer].concat(), &path);
        }
    }
    if "behind a slow host".contains(&wanted) {
        behind_a_slow_host(folder.path(), port.trim());
    }
    if "leak".contains(&wanted) {
        leak(port.trim());
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

fn document(list: &List, port: &str) -> String {
    let per_host = list.urls / list.hosts;
    let mut text = String::new();
    for n in 0..list.urls {
        let host = if list.sorted { n / per_host } else { n % list.hosts } + 1;
        let (a, b, c) = (1 + host / 62_500, host / 250 % 250, 1 + host % 250);
        writeln!(text, "- [Page {n}](http://127.{a}.{b}.{c}:{port}/{}/{n})", list.latency).unwrap();
    }
    text
}

/// Runs a program over a list, prints what it took, and gives its output.
fn measure(list: &List, name: &str, program: &str, arguments: &[&str], path: &Path) -> String {
    let times = path.with_extension("times");
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%e %U %S %M", "-o"])
        .arg(&times)
        .arg(program)
        .args(arguments)
        .arg(path)
        .output()
        .expect("GNU time is there");
    let times = std::fs::read_to_string(times).unwrap();
    let numbers: Vec<f64> = times.lines().last().unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
    let [wall, user, system, peak] = numbers[..] else { panic!("{times}") };
    println!("{:32} {name:8} {wall:7.2} {:7.2} {:9.1}", list.name, user + system, peak / 1024.0);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// How long a host waits that stands behind 300 addresses of one that takes two seconds for each.
fn behind_a_slow_host(folder: &Path, port: &str) {
    let slow = (0..300).map(|n| format!("- [Slow {n}](http://127.1.0.1:{port}/2000/{n})\n"));
    let fast = (0..100).map(|n| format!("- [Fast {n}](http://127.2.0.{}:{port}/0/{n})\n", n + 1));
    let path = folder.join("slow.md");
    std::fs::write(&path, slow.chain(fast).collect::<String>()).unwrap();
    let start = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["check", "--allow-private", "--no-config", "--no-cache", "--no-apis", "--progress", "json"])
        .arg(&path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut events = BufReader::new(program.stderr.take().unwrap()).lines().map_while(Result::ok);
    let asked = |event: &String| event.contains(r#""event":"started""#) && event.contains("127.2.0.");
    events.find(asked).expect("a fast host is asked");
    let first = start.elapsed();
    let done = |event: &String| event.contains(r#""event":"visited""#) && event.contains("127.2.0.");
    assert_eq!(events.by_ref().filter(done).take(100).count(), 100);
    let all = start.elapsed();
    program.kill().unwrap();
    program.wait().unwrap();
    println!(
        "behind 300 of a slow host: the first fast one asked after {first:.2?}, all 100 done after {all:.2?}"
    );
    assert!(first < Duration::from_millis(200), "{first:?}");
}

/// The memory of a process that visits the same thousand sources a hundred times.
#[tokio::main]
async fn leak(port: &str) {
    let urls: Vec<String> =
        (0..1_000).map(|n| format!("http://127.3.{}.{}:{port}/0/{n}", n / 250, 1 + n % 250)).collect();
    let policy = Policy { allow_private: true, apis: false, ..Policy::default() };
    let mut settled = 0;
    for round in 1..=100 {
        let visits = visit_all(&urls, &policy, |_| {}, std::future::pending()).await.unwrap();
        assert!(visits.iter().all(|visit| visit.state == State::Ok), "every source is ok");
        if round == 10 {
            settled = resident();
        }
    }
    let (then, now) = (settled as f64 / 1024.0, resident() as f64 / 1024.0);
    println!("leak: {then:.1} MiB after 10,000 requests, {now:.1} MiB after 100,000");
    assert!(now < then * 1.1 + 1.0, "it grows");
}

/// KiB of this process that are in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Answers `/LATENCY/…` with a dated page.
#[tokio::main(flavor = "current_thread")]
async fn serve() {
    let listener = TcpListener::bind(("0.0.0.0", 0)).await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    loop {
        // Where files run out, connections wait in the queue.
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(answer(stream))),
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn answer(mut stream: TcpStream) -> Option<()> {
    let page = format!(
        "<!doctype html><title>t</title><meta property=\"article:published_time\" content=\"2025-02-13T09:00:00Z\">{}",
        "<p>Lorem ipsum dolor sit amet.</p>".repeat(10)
    );
    let mut head = Vec::new();
    loop {
        let mut part = [0; 2048];
        while !head.ends_with(b"\r\n\r\n") {
            let read = stream.read(&mut part).await.ok().filter(|read| *read > 0)?;
            head.extend_from_slice(&part[..read]);
        }
        let text = String::from_utf8_lossy(&head);
        let latency = text.split('/').nth(1).and_then(|part| part.parse().ok()).unwrap_or(0);
        let status = if text.starts_with("GET /robots.txt") { "404 Not Found" } else { "200 OK" };
        let reply = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        );
        head.clear();
        tokio::time::sleep(Duration::from_millis(latency)).await;
        stream.write_all(reply.as_bytes()).await.ok()?;
    }
}
