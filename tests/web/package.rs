//! Packages, and runs that are stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ibid::capture::{self, CaptureError, Kept, Wanted, keep};
use ibid::source::{Oblivion, Policy, Resolve, State};
use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::record::{PATHS, answer, replay};
use super::support::archive::records_of;
use super::support::server::{Server, html, page, policy, say};
use super::visits;

fn wanted(folder: &Path) -> Wanted {
    Wanted { path: folder.join("kept.wacz"), title: "Harbour tolls".to_owned(), limit: capture::LIMIT }
}

async fn kept(urls: &[String], policy: &Policy, wanted: &Wanted) -> Result<Kept, CaptureError> {
    keep(urls, policy, wanted, &mut Oblivion, |_| {}, pending()).await
}

/// The files of a package by their names, all of them stored as they are.
fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut package = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..package.len())
        .map(|at| {
            let mut file = package.by_index(at).unwrap();
            assert_eq!(file.compression(), zip::CompressionMethod::Stored);
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", data_encoding::HEXLOWER.encode(digest(&SHA256, bytes).as_ref()))
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_package_holds_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(answer).await;
    let urls: Vec<String> = PATHS.iter().map(|path| site.url("site.test", path)).collect();
    let policy = policy([site.at("site.test")]);
    let wanted = wanted(folder.path());
    let kept = kept(&urls, &policy, &wanted).await.unwrap();
    assert!(!wanted.part().exists());
    assert_eq!(
        kept.visits.iter().map(|visit| &visit.url).collect::<Vec<_>>(),
        urls.iter().collect::<Vec<_>>()
    );

    let files = files(&wanted.path);
    let description = json(&files["datapackage.json"]);
    assert_eq!(description["profile"], "data-package");
    assert_eq!(description["wacz_version"], "1.1.1");
    assert_eq!(description["title"], "Harbour tolls");
    let named: BTreeSet<&str> = description["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| {
            let path = resource["path"].as_str().unwrap();
            assert_eq!(resource["hash"], sha256(&files[path]));
            assert_eq!(resource["bytes"], files[path].len());
            path
        })
        .collect();
    let witness = json(&files["datapackage-digest.json"]);
    assert_eq!(witness["path"], "datapackage.json");
    assert_eq!(witness["hash"], sha256(&files["datapackage.json"]));
    let all: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    let missing: Vec<&&str> = all.difference(&named).collect();
    assert_eq!(missing, [&"datapackage-digest.json", &"datapackage.json"]);

    // Every line of the index leads to a record that is its answer, and every answer has one.
    let warc = folder.path().join("data.warc.gz");
    std::fs::write(&warc, &files["archive/data.warc.gz"]).unwrap();
    let records = records_of(&warc);
    let index = unpacked(&files["indexes/index.cdx.gz"]);
    let lines: Vec<&str> = index.lines().collect();
    assert!(lines.is_sorted());
    for line in &lines {
        let (key, rest) = line.split_once(' ').unwrap();
        let (time, about) = rest.split_once(' ').unwrap();
        assert!(key.starts_with(&format!("test,site:{})/", site.addr.port())), "{line}");
        let about = json(about.as_bytes());
        let number = |name: &str| about[name].as_str().unwrap().parse::<usize>().unwrap();
        let record = records.iter().find(|r| r.place == (number("offset"), number("length"))).unwrap();
        assert_eq!(record.url(), about["url"]);
        assert_eq!(record.field("warc-payload-digest"), about["digest"]);
        assert_eq!(about["filename"], "data.warc.gz");
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        assert_eq!(digits(record.field("warc-date")), time);
        let status = record.text()["HTTP/1.1 ".len()..].split(' ').next().unwrap().to_owned();
        assert_eq!(about["status"], status);
        assert_eq!(about["mime"] == "warc/revisit", record.kind == "revisit");
    }
    assert_eq!(lines.len(), records.iter().filter(|r| r.kind == "response" || r.kind == "revisit").count());
    assert_eq!(lines.len(), kept.package.unwrap().answers);
    // The first line of each block, and where it stands.
    let blocks = String::from_utf8(files["indexes/index.idx"].clone()).unwrap();
    let (meta, block) = blocks.trim_end().split_once('\n').unwrap();
    assert_eq!(meta, r#"!meta 0 {"format":"cdxj-gzip-1.0","filename":"index.cdx.gz"}"#);
    assert!(block.starts_with(lines[0].split(" {").next().unwrap()), "{block}");
    assert!(block.contains(&format!("\"length\":{}", files["indexes/index.cdx.gz"].len())), "{block}");

    let pages: Vec<Value> =
        files["pages/pages.jsonl"].split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(json).collect();
    assert_eq!(pages[0]["format"], "json-pages-1.0");
    let answered = kept.visits.iter().filter(|visit| visit.status.is_some()).count();
    assert_eq!(pages.len() - 1, answered);
    assert!(
        pages.iter().any(|page| page["title"] == "Gzip" && page["url"] == site.url("site.test", "/gzip"))
    );

    assert_eq!(visits(&urls, &replay(&wanted.path)).await, kept.visits);
}

#[tokio::test]
async fn a_package_that_holds_everything_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(|seen, _| html(&seen.path)).await;
    let policy = Policy { exclude: vec!["*/excluded".to_owned()], ..policy([site.at("site.test")]) };
    let wanted = wanted(folder.path());
    let urls = ["/a", "/b", "/excluded"].map(|path| site.url("site.test", path));
    let first = kept(&urls, &policy, &wanted).await.unwrap();
    assert_eq!(first.visits[2].state, State::Skipped);
    let bytes = std::fs::read(&wanted.path).unwrap();
    let second = kept(&urls, &policy, &wanted).await.unwrap();
    assert_eq!(second.visits, first.visits);
    assert_eq!(second.package, first.package);
    assert_eq!(site.paths().len(), 2);
    let more = ["/a", "/c"].map(|path| site.url("site.test", path));
    let error = kept(&more, &policy, &wanted).await.unwrap_err();
    assert!(matches!(error, CaptureError::Exists(_)), "{error}");
    assert_eq!(std::fs::read(&wanted.path).unwrap(), bytes);
}

#[tokio::test]
async fn a_run_that_is_stopped_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let site = Server::http(|seen, _| html(&seen.path)).await;
    let policy = policy([site.at("site.test")]);
    let wanted = wanted(folder.path());
    let urls: Vec<String> = (0..6).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let (mut stop, mut seen) = (Some(stop), 0);
    let heard = |event: ibid::source::Event<'_>| {
        if let ibid::source::Event::Visited(_) = event {
            seen += 1;
            if seen == 3 {
                stop.take().unwrap().send(()).unwrap();
            }
        }
    };
    let stopped = async { stopped.await.unwrap() };
    let first = keep(&urls, &policy, &wanted, &mut Oblivion, heard, stopped).await.unwrap();
    assert_eq!(first.package, None);
    assert!(wanted.part().exists() && !wanted.path.exists());

    let second = kept(&urls, &policy, &wanted).await.unwrap();
    assert!(second.package.is_some() && !wanted.part().exists());
    assert!(second.visits.iter().all(|visit| visit.state == State::Ok));
    // Only what was under way is asked again.
    for path in first.visits.iter().filter(|visit| visit.state == State::Ok).map(|visit| &visit.url) {
        let asked = site.paths().iter().filter(|seen| path.ends_with(seen.as_str())).count();
        assert_eq!(asked, 1, "{path}");
    }
    assert_eq!(visits(&urls, &replay(&wanted.path)).await, second.visits);
}

/// That an address gave no answer is an answer, though another address led to it.
#[tokio::test]
async fn what_leads_nowhere_is_not_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let site = Server::raw(|mut stream, head| async move {
        if head.starts_with("GET /hangs") {
            pending::<()>().await;
        }
        // Nobody listens at the port for discarding.
        let to = "HTTP/1.1 302 Found\r\nlocation: http://site.test:9/\r\ncontent-length: 0\r\n\r\n";
        say(&mut stream, to.as_bytes()).await;
    })
    .await;
    let nobody = Resolve { host: "site.test".to_owned(), port: 9, addrs: vec![[127, 0, 0, 1].into()] };
    let policy = Policy { retries: 0, ..policy([site.at("site.test"), nobody]) };
    let wanted = wanted(folder.path());
    let urls = ["/moved", "/hangs"].map(|path| site.url("site.test", path));
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let heard = |event: ibid::source::Event<'_>| {
        if let ibid::source::Event::Visited(_) = event {
            stop.take().unwrap().send(()).unwrap();
        }
    };
    let stopped = async { stopped.await.unwrap() };
    let first = keep(&urls, &policy, &wanted, &mut Oblivion, heard, stopped).await.unwrap();
    assert_eq!((first.visits[0].status, first.visits[0].state), (Some(302), State::Unreachable));

    let policy = Policy { timeout: Duration::from_millis(300), ..policy };
    let second = kept(&urls, &policy, &wanted).await.unwrap();
    assert_eq!(second.visits[0], first.visits[0]);
    assert_eq!(site.paths().iter().filter(|path| *path == "/moved").count(), 1, "{:?}", site.paths());
}

/// Whatever a kill left at the end of the file, the next run goes on before it.
#[tokio::test]
async fn a_run_that_is_killed_leaves_whole_records_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    // It answers all but the last question, which arrives last: then the program is killed.
    let site = Server::raw(|mut stream, head| async move {
        if head.starts_with("GET /hangs") {
            pending::<()>().await;
        }
        let page = page("here");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            page.len()
        );
        say(&mut stream, format!("{head}{page}").as_bytes()).await;
    })
    .await;
    let urls: Vec<String> = (0..8).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let mut text = urls.join("\n\n");
    text += &format!("\n\n{}\n", site.url("site.test", "/hangs"));
    std::fs::write(folder.path().join("draft.md"), text).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(["archive", "draft.md", "--no-config", "--no-cache", "--no-robots", "--gap", "0", "--resolve"])
        .arg(format!("site.test:{}:127.0.0.1", site.addr.port()))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let asked_last = async {
        while !site.paths().iter().any(|path| path == "/hangs") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), asked_last).await.expect("the last question is asked");
    program.kill().unwrap();
    program.wait().unwrap();

    let wanted = Wanted { path: folder.path().join("draft.wacz"), ..wanted(folder.path()) };
    let part = std::fs::read(wanted.part()).unwrap();
    let before = records_of(&wanted.part());
    assert_eq!(before.iter().filter(|r| r.kind == "response" || r.kind == "revisit").count(), 8);
    let policy = policy([site.at("site.test")]);
    let last = before.last().unwrap().place;
    for torn in [part.len(), last.0 + last.1, last.0 + 1, last.0 + 5, last.0 + last.1 - 1] {
        std::fs::write(wanted.part(), &part[..torn]).unwrap();
        let asked = site.paths().len();
        let kept = kept(&urls, &policy, &wanted).await.unwrap();
        assert!(kept.visits.iter().all(|visit| visit.state == State::Ok), "{torn}");
        // What came of a source is the last that is written of it.
        assert!(site.paths().len() - asked <= 1, "{torn}");
        assert_eq!(visits(&urls, &replay(&wanted.path)).await, kept.visits, "{torn}");
        std::fs::remove_file(&wanted.path).unwrap();
    }
}

/// A record that is damaged costs the source that it was of, and what stands after it is kept.
#[tokio::test]
async fn what_stands_after_a_damaged_record_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = wanted(folder.path());
    // Two of the pages are the same, so that the later one refers to the earlier.
    let site = Server::http(|seen, _| html(if seen.path == "/4" { "/1" } else { &seen.path })).await;
    let urls: Vec<String> = (0..8).map(|n| site.url("site.test", &format!("/{n}"))).collect();
    let policy = policy([site.at("site.test")]);
    let _whole = kept(&urls, &policy, &wanted).await.unwrap();
    let warc = files(&wanted.path).remove("archive/data.warc.gz").unwrap();
    std::fs::remove_file(&wanted.path).unwrap();
    std::fs::write(wanted.part(), &warc).unwrap();
    let records = records_of(&wanted.part());
    let of = |kind: &str, path: &str| {
        records.iter().find(|r| r.kind == kind && r.url().ends_with(path)).unwrap().place
    };
    let (answer, last) = (of("response", "/1"), records.last().unwrap().place);
    let middle = answer.0 + answer.1 / 2;
    let flip = |at: usize| {
        let mut bytes = warc.clone();
        bytes[at] ^= 0x55;
        bytes
    };
    let zeroed = |from: usize, to: usize| {
        let mut bytes = warc.clone();
        bytes[from..to].fill(0);
        bytes
    };
    let refers = of("revisit", "/4");
    assert!(refers.0 > answer.0);
    let cases = [
        ("a byte of an answer", flip(middle), vec!["/1", "/4"]),
        ("its first byte", flip(answer.0), vec!["/1", "/4"]),
        ("its check sum", flip(answer.0 + answer.1 - 6), vec!["/1", "/4"]),
        ("an answer that another repeats", flip(refers.0 + refers.1 / 2), vec!["/4"]),
        ("a stretch of the file", zeroed(answer.0 + 9, refers.0 + 9), vec!["/1", "/2", "/3", "/4"]),
        ("the end as well", flip(middle)[..last.0 + 3].to_vec(), vec!["/1", "/4"]),
        ("nothing", warc.clone(), vec![]),
    ];
    for (case, bytes, lost) in cases {
        std::fs::write(wanted.part(), bytes).unwrap();
        let asked = site.paths().len();
        let again = kept(&urls, &policy, &wanted).await.unwrap_or_else(|error| panic!("{case}: {error}"));
        let fetched: BTreeSet<String> = site.paths()[asked..].iter().cloned().collect();
        let expected: BTreeSet<String> = lost.into_iter().map(str::to_owned).collect();
        // What breaks off at the end is what came of the last source.
        let missing: Vec<&String> = expected.difference(&fetched).collect();
        let more = fetched.difference(&expected).count();
        assert!(missing.is_empty() && more <= usize::from(case == "the end as well"), "{case}: {fetched:?}");
        assert!(
            again.package.is_some() && again.visits.iter().all(|visit| visit.state == State::Ok),
            "{case}"
        );
        assert_eq!(visits(&urls, &replay(&wanted.path)).await, again.visits, "{case}");
        let data = folder.path().join("data.warc.gz");
        std::fs::write(&data, &files(&wanted.path)["archive/data.warc.gz"]).unwrap();
        assert!(records_of(&data).len() >= records.len() - 12, "{case}");
        std::fs::remove_file(&wanted.path).unwrap();
    }
}
