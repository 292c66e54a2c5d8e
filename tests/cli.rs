//! The program as its users run it: exit statuses, streams, and input that nobody prepared.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the program in the package's folder.
fn ibid(args: &[&str]) -> Run {
    run(command().args(args))
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Run {
    Run::new(&command.output().expect("the program starts"))
}

/// What came of a run.
#[derive(Debug)]
struct Run {
    status: i32,
    out: String,
    err: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Run {
            status: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder with one file.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn with(name: &str, bytes: impl AsRef<[u8]>) -> (Self, String) {
        let folder = Scratch(tempfile::tempdir().expect("a folder"));
        let path = folder.file(name, bytes);
        (folder, path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("the file can be written");
        path.to_str().expect("UTF-8").to_owned()
    }
}

const NOTE: &str =
    "A sentence that calls its note.1\n\n1  Jane Roe, “Harbour Tolls”, in The Gazette, 4 May 2021, ";

#[test]
fn every_field_of_the_report_is_there() {
    let report = ibid(&[
        "check",
        "--replay",
        "fixtures/tolls/web.warc",
        "fixtures/tolls/commentary.txt",
        "--format",
        "json",
    ])
    .json();
    let has = |value: &Value, keys: &str| {
        for key in keys.split(' ') {
            assert!(value.get(key).is_some(), "no {key} in {value:#}");
        }
    };
    has(&report, "format_version tool documents sources findings summary");
    let document = &report["documents"][0];
    has(document, "path format title authors date notes links");
    let note = &document["notes"][0];
    has(note, "number text location callouts citations");
    has(&note["location"], "page line column paragraph");
    has(&note["callouts"][0], "page line column paragraph");
    has(&note["citations"][0], "kind refers_to authors title container date accessed urls doi date_verdict");
    has(
        &report["sources"][0],
        "url final_url redirects status state reason title authors published modified archived cited_by",
    );
    has(&report["findings"][0], "rule severity document note url location message help");
    assert_eq!(report["summary"]["sources"], 10);
    assert_eq!(report["summary"]["errors"], 3);

    let states: Vec<&str> =
        report["sources"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    let want = "ok blocked ok ok dead moved ok soft-404 blocked unreachable";
    assert_eq!(states.join(" "), want);
    let ibid = &document["notes"][3]["citations"][0];
    assert_eq!((&ibid["kind"], &ibid["refers_to"]), (&"ibid".into(), &"3".into()));
}

#[test]
fn the_exit_status_follows_fail_on() {
    let (_scratch, clean) =
        Scratch::with("clean.txt", format!("{NOTE}https://gazette.example/2021/05/04/tolls.\n"));
    let status = |args: &[&str]| ibid(&[&["check", "--offline"], args].concat()).status;
    assert_eq!(status(&[&clean]), 0);
    let (_scratch, wrong) =
        Scratch::with("wrong.txt", format!("{NOTE}https://gazette.example/2021/03/09/tolls.\n"));
    assert_eq!(status(&[&wrong]), 0, "one signal alone is a warning");
    assert_eq!(status(&[&wrong, "--fail-on", "warning"]), 1);
    assert_eq!(status(&[&wrong, "--fail-on", "never"]), 0);
    assert_eq!(status(&[&wrong, "--fail-on", "sometimes"]), 2);
}

#[test]
fn standard_input_is_a_document() {
    let mut child = command()
        .args(["check", "--offline", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = format!("{NOTE}https://gazette.example/tolls.\n");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let run = Run::new(&child.wait_with_output().unwrap());
    let report = run.json();
    assert_eq!(report["sources"][0]["url"], "https://gazette.example/tolls");
    assert_eq!(report["sources"][0]["state"], "skipped");
}

/// The paths of the documents in a report.
fn paths(run: &Run) -> Vec<String> {
    let report = run.json();
    let documents = report["documents"].as_array().expect("a list");
    documents.iter().map(|document| document["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn folders_and_patterns_are_opened_in_a_fixed_order() {
    let (scratch, first) = Scratch::with("b.md", "A.[^1]\n\n[^1]: Jane Roe, “Tolls”, 4 May 2021.\n");
    let folder = scratch.0.path().to_str().unwrap().to_owned();
    std::fs::create_dir_all(format!("{folder}/deep/down")).unwrap();
    for n in 0..40 {
        scratch.file(&format!("deep/down/{n:02}.rst"), format!("A [1]_.\n\n.. [1] Note {n}.\n"));
    }
    let left_out = scratch.file("left-out.md", "Text.\n");
    scratch.file(".gitignore", "left-out.md\n");
    scratch.file("deep/program.rs", "fn main() {}\n");
    scratch.file("deep/data.json", "{\"a\": 1}\n");
    scratch.file("deep/picture.txt", [0x89, b'P', b'N', b'G', 0, 1, 2, 3]);
    scratch.file("empty.md", "");
    let json = ["--format", "json"];

    let run = ibid(&[&["extract", folder.as_str()], json.as_slice()].concat());
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let found = paths(&run);
    assert_eq!(found.len(), 41);
    assert_eq!(found[0], first);
    assert!(found.is_sorted(), "{found:?}");

    // What is named is read, whatever git leaves out, and once only.
    let run =
        ibid(&[&["extract", left_out.as_str(), folder.as_str(), first.as_str()], json.as_slice()].concat());
    assert_eq!(paths(&run).len(), 42);
    assert_eq!(paths(&run)[0], left_out);

    let pattern = format!("{folder}/**/1?.rst");
    let run = ibid(&[&["extract", pattern.as_str()], json.as_slice()].concat());
    assert_eq!(paths(&run).len(), 10);
    let run = run_in(&folder, &["extract", "*.md", "--format", "json"]);
    assert_eq!(paths(&run), ["b.md"]);

    for nothing in [format!("{folder}/*.docx"), format!("{folder}/deep/nowhere")] {
        let run = ibid(&["extract", &nothing]);
        assert!(run.status == 2 && run.err.contains(&nothing), "{run:?}");
    }
}

fn run_in(folder: &str, args: &[&str]) -> Run {
    run(command().current_dir(folder).args(args))
}

#[test]
fn a_format_is_told_by_content_then_by_name_unless_the_user_says() {
    let format = |run: &Run| run.json()["documents"][0]["format"].as_str().unwrap().to_owned();
    let rst = "Quays\n=====\n\nA note [1]_.\n\n.. [1] Jane Roe, `Tolls <https://tolls.example>`_.\n";
    let (scratch, path) = Scratch::with("quays.rst.txt", rst);
    assert_eq!(format(&ibid(&["extract", &path, "--format", "json"])), "rst");
    let tex =
        scratch.file("paper.txt", "% A paper\n\\documentclass{article}\n\\begin{document}A\\end{document}\n");
    assert_eq!(format(&ibid(&["extract", &tex, "--format", "json"])), "latex");
    let bib = scratch.file("list", "@book{roe, author = {Roe, Jane}, title = {Tolls}}\n");
    assert_eq!(format(&ibid(&["extract", &bib, "--format", "json"])), "bibtex");
    let said = ibid(&["extract", &path, "--input-format", "text", "--format", "json"]);
    assert_eq!(format(&said), "text");
    let unknown = ibid(&["extract", &path, "--input-format", "wordstar"]);
    let named = ["text", "markdown", "docx", "latex"].iter().all(|name| unknown.err.contains(name));
    assert!(unknown.status == 2 && named, "{unknown:?}");
}

#[test]
fn hostile_markup_ends_in_bounded_time() {
    const MANY: usize = 100_000;
    let scratch = Scratch(tempfile::tempdir().expect("a folder"));
    let nested: [(&str, &str); 9] = [
        ("deep.md", "> "),
        ("open.md", "^["),
        ("braces.tex", "{"),
        ("environments.tex", "\\begin{a}"),
        ("roles.rst", ":a:`"),
        ("brackets.adoc", "pass:["),
        ("calls.typ", "#f["),
        ("entries.bib", "@a{b,c={"),
        ("cells.ipynb", "{\"cells\":["),
    ];
    let mut files: Vec<String> =
        nested.iter().map(|(name, piece)| scratch.file(name, piece.repeat(MANY))).collect();
    files.push(scratch.file("bomb.tex", "\\def\\x{\\x\\x}\\x Text\\footnote{A note.}"));
    for file in &files {
        let started = std::time::Instant::now();
        let run = ibid(&["extract", file, "--format", "json"]);
        assert!(matches!(run.status, 0 | 2) && !run.err.contains("fault in ibid"), "{file}: {}", run.err);
        assert!(started.elapsed().as_secs() < 60, "{file} took {:?}", started.elapsed());
    }
}

#[test]
fn files_that_a_document_includes_are_read_beside_it() {
    let (scratch, main) = Scratch::with(
        "main.tex",
        "\\documentclass{article}\\begin{document}\\input{one}\\input{main}\\input{gone}\\input{/etc/hostname}\\end{document}",
    );
    scratch.file("one.tex", "\n  A\\footnote{From one.}\n\\input{one}\n");
    let run = ibid(&["extract", &main, "--format", "json"]);
    assert_eq!(run.status, 0);
    let note = &run.json()["documents"][0]["notes"][0];
    assert_eq!((&note["text"], &note["location"]["part"]), (&"From one.".into(), &"one.tex".into()));
    assert_eq!((&note["location"]["line"], &note["location"]["column"]), (&2.into(), &4.into()));
    assert!(run.err.contains("gone") && run.err.contains("/etc/hostname"), "{run:?}");
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let (scratch, good) = Scratch::with("good.txt", format!("{NOTE}https://gazette.example/tolls.\n"));
    let folder = scratch.0.path().to_str().unwrap().to_owned();
    let missing = format!("{folder}/missing.txt");
    let malformed = scratch.file("broken.ipynb", "{\"cells\": [{\"cell_type\": \"markdown\",\n oops");
    let run = ibid(&["extract", &malformed]);
    assert!(run.status == 2 && run.err.contains(&malformed) && run.err.contains("line 2"), "{run:?}");
    let mut rubbish: Vec<u8> = (0..4096_u32).map(|n| (n * 167 % 251) as u8).collect();
    rubbish[7] = 0;
    let binary = scratch.file("binary.txt", rubbish);
    let empty = scratch.file("empty.txt", "");
    for bad in [&missing, &binary, &empty] {
        let run = ibid(&["extract", bad]);
        assert_eq!(run.status, 2, "{bad}: {run:?}");
        assert!(run.err.contains(bad.as_str()), "{bad}: {run:?}");
        assert!(!run.err.contains("panicked"), "{bad}: {run:?}");
    }
    let run = ibid(&["extract", &missing, &good, &binary, "--format", "json"]);
    assert_eq!(run.status, 2);
    let report = run.json();
    assert_eq!(report["documents"].as_array().unwrap().len(), 1);
    assert_eq!(report["documents"][0]["notes"][0]["number"], "1");
}

#[test]
fn bad_usage_says_so() {
    let wrong: [&[&str]; 5] =
        [&["check"], &["check", "--no-such-flag", "x"], &["frobnicate"], &["inspect", "not a url"], &[]];
    for args in wrong {
        let run = ibid(args);
        assert_eq!(run.status, 2, "{run:?}");
        assert!(!run.err.is_empty());
    }
    for (option, help) in [
        ("--endpoint=crosref=https://a.example", "there is no service crosref; there are x, bluesky"),
        ("--endpoint=crossref", "NAME=URL"),
        ("--endpoint=crossref=nowhere", "not a URL"),
        ("--contact=nobody", "not an e-mail address"),
    ] {
        let run = ibid(&["check", option, "fixtures/tolls/commentary.txt"]);
        assert!(run.status == 2 && run.err.contains(help), "{run:?}");
    }
    let run = ibid(&["check", "--replay", "no-such.warc", "fixtures/tolls/commentary.txt"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no-such.warc"), "{run:?}");
    let run = ibid(&["check", "--replay", "Cargo.toml", "fixtures/tolls/commentary.txt"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.err.contains("Cargo.toml"), "{run:?}");
}

#[test]
fn private_places_are_never_asked() {
    let text = "A.1 B.2 C.3\n\n\
                1  A, “One”, 2021, http://127.0.0.1:9/x.\n\
                2  B, “Two”, 2021, http://169.254.169.254/latest/meta-data.\n\
                3  C, “Three”, 2021, http://[::1]/.\n";
    let (_scratch, path) = Scratch::with("private.txt", text);
    let run = ibid(&["check", &path, "--format", "json", "--timeout", "5"]);
    assert_eq!(run.status, 1);
    let report = run.json();
    let states: Vec<&Value> = report["sources"].as_array().unwrap().iter().map(|s| &s["state"]).collect();
    assert_eq!(states, ["unsafe", "unsafe", "unsafe"]);
}

#[test]
fn schemes_that_are_not_fetched_are_unsafe() {
    let text = "One[^1] and two[^2].\n\n[^1]: [A script](javascript:alert(1)), 2020.\n[^2]: [A file](file:///etc/passwd), 2020.\n";
    let (_scratch, path) = Scratch::with("schemes.md", text);
    let run = ibid(&["check", &path, "--format", "json"]);
    let report = run.json();
    let states: Vec<(&Value, &Value)> =
        report["sources"].as_array().unwrap().iter().map(|s| (&s["url"], &s["state"])).collect();
    assert_eq!(
        states,
        [(&"javascript:alert(1)".into(), &"unsafe".into()), (&"file:///etc/passwd".into(), &"unsafe".into())]
    );
    assert_eq!(run.status, 1);
}

#[test]
fn colour_is_for_terminals_and_never_where_no_color_is_set() {
    let args = ["check", "--replay", "fixtures/tolls/web.warc", "fixtures/tolls/commentary.txt"];
    assert!(!ibid(&args).out.contains('\x1b'));
    let forced = run(command().args(args).env("CLICOLOR_FORCE", "1"));
    assert!(forced.out.contains('\x1b'));
    let never = run(command().args(args).env("NO_COLOR", "1"));
    assert!(!never.out.contains('\x1b'));
    // An address is not broken, so that it can be copied.
    let long = |line: &&str| line.chars().count() > 80 && !line.contains("https://");
    assert_eq!(ibid(&args).out.lines().find(long), None);
}

#[test]
fn documents_cannot_command_the_terminal() {
    let text = format!("{NOTE}https://gazette.example/2021/03/09/tolls\x1b[2J\x07 \u{202E}.\n");
    let (_scratch, path) = Scratch::with("hostile.txt", text);
    for args in [["check", "--offline", "-v", &path], ["extract", "--format", "table", &path]] {
        let run = ibid(&args);
        assert!(!run.out.contains('\x1b') && !run.out.contains('\x07'), "{run:?}");
        assert!(!run.out.contains('\u{202E}'), "{run:?}");
    }
}

#[test]
fn the_offline_run_tells_what_the_text_tells() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/commentary.txt");
    if !seed.exists() {
        eprintln!("skipped: {} is not there", seed.display());
        return;
    }
    let report = ibid(&["check", "--offline", "--format", "json", seed.to_str().unwrap()]).json();
    let verdict = |n: usize| &report["documents"][0]["notes"][n - 1]["citations"][0]["date_verdict"];
    for note in 1..=11 {
        let want = match note {
            1 | 5 | 6 | 7 | 9 => "match",
            4 => continue,
            _ => "unchecked",
        };
        assert_eq!(verdict(note), want, "note {note}");
    }
    let findings: Vec<(&Value, &Value)> =
        report["findings"].as_array().unwrap().iter().map(|f| (&f["rule"], &f["note"])).collect();
    let want = [("title-slug-mismatch", "9"), ("insecure-http", "10")];
    assert_eq!(findings, want.map(|(rule, note)| (rule.into(), note.into())).each_ref().map(|(r, n)| (r, n)));
}

#[test]
fn every_rule_can_be_explained() {
    let list = ibid(&["explain"]);
    assert_eq!(list.status, 0);
    for line in list.out.lines() {
        let rule = line.split_whitespace().next().expect("a rule");
        let one = ibid(&["explain", rule]);
        assert!(one.status == 0 && one.out.starts_with(rule) && one.out.lines().count() > 4, "{one:?}");
    }
    let misspelt = ibid(&["explain", "imposible-date"]);
    assert_eq!(misspelt.status, 2);
    assert!(misspelt.err.contains("did you mean impossible-date?"), "{misspelt:?}");
}

#[test]
fn the_user_says_how_bad_a_rule_is() {
    let text = format!("{NOTE}http://gazette.example/tolls?utm_source=mail.\n");
    let (_scratch, path) = Scratch::with("note.txt", text);
    let severities = |args: &[&str]| -> Vec<(String, String)> {
        let run = ibid(&[&["check", "--offline", "--format", "json", &path], args].concat());
        let report = run.json();
        let findings = report["findings"].as_array().expect("a list");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        findings.iter().map(|f| (text(&f["rule"]), text(&f["severity"]))).collect()
    };
    let is = |rule: &str, severity: &str| (rule.to_owned(), severity.to_owned());
    assert_eq!(severities(&[]), [is("tracking-parameters", "info"), is("insecure-http", "info")]);
    assert_eq!(
        severities(&["--severity", "insecure-http=error", "--severity", "tracking-parameters=off"]),
        [is("insecure-http", "error")]
    );
    for (wrong, help) in [
        ("insecure-htp=off", "did you mean insecure-http?"),
        ("insecure-http=grave", "error, warning, info and off"),
        ("insecure-http", "RULE=SEVERITY"),
    ] {
        let run = ibid(&["check", "--offline", &path, "--severity", wrong]);
        assert!(run.status == 2 && run.err.contains(help), "{run:?}");
    }
}

#[test]
fn a_great_many_notes_keep_their_order() {
    let mut text = String::new();
    for n in 1..=10_000 {
        text += &format!(
            "Something is claimed here.[^{n}]\n\n[^{n}]: A. Roe, “Title {n}”, 4 May 2021, https://h{}.example/{n}.\n\n",
            n % 7
        );
    }
    let (_scratch, path) = Scratch::with("many.md", text);
    let report = ibid(&["check", "--offline", &path, "--format", "json"]).json();
    let notes = report["documents"][0]["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 10_000);
    assert!(notes.iter().zip(1..).all(|(note, n)| note["number"].as_str() == Some(&format!("{n}"))));
    let sources = report["sources"].as_array().unwrap();
    assert!(
        sources
            .iter()
            .zip(1..)
            .all(|(s, n)| s["url"].as_str() == Some(&format!("https://h{}.example/{n}", n % 7)))
    );
}

#[test]
fn a_record_is_begun_before_any_work_and_overwrites_nothing() {
    let (folder, path) = Scratch::with("draft.md", format!("See[^1]\n\n[^1]: {NOTE}http://127.0.0.1/.\n"));
    let there = folder.file("there.warc.gz", "something");
    let run = ibid(&["check", &path, "--no-cache", "--record", &there]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("exists already"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "something");
    let run = ibid(&["check", &path, "--no-cache", "--record", "plain.warc"]);
    assert!(run.status == 2 && run.err.contains(".warc.gz"), "{}", run.err);
    let run = ibid(&["check", &path, "--no-cache", "--record", "/no/such/folder/web.warc.gz"]);
    assert!(
        run.status == 2 && run.err.contains("/no/such/folder/web.warc.gz cannot be written"),
        "{}",
        run.err
    );
    for other in [["--offline", ""], ["--replay", &there]] {
        let other: Vec<&str> = other.into_iter().filter(|word| !word.is_empty()).collect();
        let mut args = vec!["check", path.as_str(), "--record", "web.warc.gz"];
        args.extend(other);
        assert_eq!(ibid(&args).status, 2);
    }
}

#[test]
fn a_package_says_what_it_does_not_hold() {
    let (folder, path) = Scratch::with("draft.txt", format!("{NOTE}http://127.0.0.1/."));
    let package = folder.0.path().join("kept.wacz");
    let package = package.to_str().unwrap();
    let args = ["archive", &path, "--no-cache", "--no-config", "--output", package];
    let run = ibid(&[&args[..], &["--format", "json"]].concat());
    assert_eq!(run.status, 1, "{}", run.err);
    let summary = run.json();
    assert_eq!(summary["sources"][0]["state"], "unsafe");
    assert_eq!(summary["sources"][0]["kept"], false);
    assert_eq!(summary["package"]["sources"], 0);
    let run = ibid(&args);
    assert!(
        run.out.contains("sources: 1 unsafe\n") && run.out.contains("kept.wacz: 0 sources"),
        "{}",
        run.out
    );
    let run = ibid(&["archive", &path, "--offline"]);
    assert!(run.status == 2 && run.err.contains("from the network"), "{}", run.err);
    let run = ibid(&["archive", &path, "--no-cache", "--save", "wayback", "--output", package]);
    assert!(run.status == 2 && run.err.contains("--cache FILE"), "{}", run.err);
}
