//! Reports in every form: read back by others' parsers, harmless whatever a document holds, and
//! stable enough for a baseline.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use scraper::{Html, Selector};
use serde_json::Value;

const TOLLS: [&str; 3] = ["--replay", "fixtures/tolls/web.warc", "fixtures/tolls/commentary.txt"];

/// Everything that could break out of a report: markup, quotes, control characters, formulas,
/// workflow commands, the end of a table's cell.
const HOSTILE: &str = "---\ntitle: \"</title><script>alert(1)</script>\"\n---\n\
    One[^1], two[^2], three[^3].\n\n\
    [^1]: =cmd|' /C calc'!A0 <img src=x onerror=alert(1)> ]]>, “::error::<b>T</b> | a `b` @all &amp; \u{7}\u{1b}[2J\u{202e}”, 31 February 2024, <http://a.example/%22%3E%3Cscript%3E?utm_source=x>.\n\n\
    [^2]: [x](javascript:alert(1)), 30 February 2023.\n\n\
    [^3]: 漢字の注釈, “題名題名”, 31 April 2022, https://b.example/漢字.\n";

fn ibid(args: &[&str]) -> Output {
    command().args(args).output().expect("the program starts")
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).env_remove("CI");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The report of the commentary in a form.
fn tolls(form: &str) -> String {
    let output = ibid(&[&["check", "--format", form][..], &TOLLS].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The report of the hostile document in a form.
fn hostile(form: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "<b>&'\" $(x).md", HOSTILE);
    let output = ibid(&["check", "--offline", "--format", form, path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("the file can be written");
    path
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn sarif_names_rules_places_and_fingerprints() {
    for (report, findings) in [(tolls("sarif"), 8), (hostile("sarif"), 6)] {
        let log = json(&report);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = list(&run["tool"]["driver"]["rules"]);
        let results = list(&run["results"]);
        assert!(results.len() >= findings, "{} results", results.len());
        let mut fingerprints = HashSet::new();
        for result in results {
            let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap_or_default()));
            let place = &result["locations"][0]["physicalLocation"];
            assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0), "{result:#}");
            let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
            assert!(!uri.contains(' ') && !uri.contains('<') && !uri.contains('"'), "{uri}");
            assert!(
                fingerprints
                    .insert(result["partialFingerprints"]["ibid/v1"].as_str().expect("one").to_owned())
            );
        }
    }
}

#[test]
fn junit_has_a_case_for_each_note_and_fails_the_wrong_ones() {
    for (report, cases, failures) in [(tolls("junit"), 11, 3), (hostile("junit"), 3, 3)] {
        let mut reader = quick_xml::Reader::from_str(&report);
        reader.config_mut().check_end_names = true;
        let (mut seen, mut failed) = (0, 0);
        loop {
            use quick_xml::events::Event;
            match reader.read_event().expect("well-formed XML") {
                Event::Start(e) | Event::Empty(e) if e.name().as_ref() == "testcase" => seen += 1,
                Event::Start(e) if e.name().as_ref() == "failure" => failed += 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!((seen, failed), (cases, failures), "{report}");
        assert!(report.contains(&format!("tests=\"{cases}\" failures=\"{failures}\"")), "{report}");
        assert!(!report.contains(|c: char| c.is_control() && c != '\n'), "{report:?}");
    }
}

#[test]
fn csv_has_a_row_for_each_address_and_no_formulas() {
    for (report, least) in [(tolls("csv"), 11), (hostile("csv"), 3)] {
        let mut table = csv::Reader::from_reader(report.as_bytes());
        let rows: Vec<csv::StringRecord> =
            table.records().collect::<Result<_, _>>().expect("rows of one length");
        assert!(rows.len() >= least, "{report}");
        for cell in rows.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
    assert!(tolls("csv").contains("date-mismatch: the note says 11 March 2025"));
}

#[test]
fn the_page_shows_every_note_and_runs_nothing() {
    let select = |css: &str| Selector::parse(css).expect("a selector");
    for (report, notes) in [(tolls("html"), 11), (hostile("html"), 3)] {
        let page = Html::parse_document(&report);
        assert!(page.errors.is_empty(), "{:?}", page.errors);
        assert_eq!(page.select(&select("ol.notes > li")).count(), notes);
        assert_eq!(page.select(&select("script, img, link, iframe, object, form")).count(), 0);
        for element in page.select(&select("*")) {
            assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on") && name != "style"));
        }
        for link in page.select(&select("[href], [src]")) {
            let target = link.value().attr("href").unwrap_or_default();
            assert!(target.starts_with("https://") || target.starts_with("http://"), "{target}");
        }
        let policy =
            page.select(&select("meta[http-equiv=Content-Security-Policy]")).next().expect("a policy");
        assert!(
            policy.value().attr("content").is_some_and(|content| content.starts_with("default-src 'none'"))
        );
        assert!(!report.contains(['\u{7}', '\u{1b}', '\u{202e}']));
    }
    let report = tolls("html");
    assert!(report.contains("stands for note 3"));
    let page = Html::parse_document(&report);
    let marked: Vec<String> =
        page.select(&select("li.error mark")).map(|mark| mark.text().collect()).collect();
    assert_eq!(
        marked,
        [
            "11 March 2025",
            "https://fisheries.example/publications/fleet-register-2024",
            "https://harbourusers.example/statements/draft-schedule"
        ]
    );
    let title = Html::parse_document(&hostile("html"));
    let title: String = title.select(&select("h2")).next().expect("a heading").text().collect();
    assert_eq!(title, "</title><script>alert(1)</script>");
}

#[test]
fn markdown_says_nothing_but_what_it_means() {
    let report = tolls("markdown");
    assert!(report.starts_with("## ❌ Footnotes: 3 errors, 2 warnings, 3 infos\n"), "{report}");
    let report = hostile("markdown");
    let html = {
        let mut events = Vec::new();
        let parser = pulldown_cmark::Parser::new_ext(&report, pulldown_cmark::Options::ENABLE_TABLES);
        for event in parser {
            use pulldown_cmark::{Event, Tag};
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    assert!(matches!(html.as_ref(), "<br>" | "<!-- -->"), "{html}");
                }
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in {report}"),
                Event::Start(Tag::TableRow) => events.push(()),
                _ => {}
            }
        }
        events.len()
    };
    let rows = report.lines().filter(|line| line.starts_with("| ")).count() - 1;
    assert_eq!(html, rows, "every row is one row: {report}");
}

#[test]
fn annotations_are_one_command_each() {
    for report in [tolls("github"), hostile("github")] {
        let lines: Vec<&str> = report.lines().collect();
        let (last, commands) = lines.split_last().expect("a count");
        assert!(last.contains(" error"), "{last}");
        for line in commands {
            let (head, _) =
                line.strip_prefix("::").and_then(|rest| rest.split_once("::")).expect("a command");
            let (level, properties) = head.split_once(' ').expect("properties");
            assert!(["error", "warning", "notice"].contains(&level), "{line}");
            for property in properties.split(',') {
                let (name, _) = property.split_once('=').expect("name=value");
                assert!(["file", "line", "col", "title"].contains(&name), "{line}");
            }
        }
    }
}

#[test]
fn gitlab_issues_have_what_the_format_asks_for() {
    for report in [tolls("gitlab"), hostile("gitlab")] {
        let issues = json(&report);
        let mut fingerprints = HashSet::new();
        for issue in list(&issues) {
            assert!(issue["description"].is_string() && issue["check_name"].is_string());
            assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
            assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap_or_default()));
            assert!(fingerprints.insert(issue["fingerprint"].as_str().expect("one").to_owned()));
        }
    }
}

#[test]
fn json_lines_are_the_parts_of_the_json_report() {
    let whole = json(&tolls("json"));
    let lines: Vec<Value> = tolls("jsonl").lines().map(json).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!(of("source"), list(&whole["sources"]).len());
    assert_eq!(of("finding"), list(&whole["findings"]).len());
    assert_eq!((of("document"), of("summary")), (1, 1));
    assert_eq!(lines.last().expect("a last one")["errors"], 3);
}

#[test]
fn several_reports_are_written_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (page, log) = (at("page.html"), at("log.sarif"));
    let (to_page, to_log) = (format!("html={page}"), format!("sarif={log}"));
    let output = ibid(&[&["check", "--report", &to_page, "--report", &to_log][..], &TOLLS].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("3 errors, 2 warnings, 3 infos"));
    let read = |path: &str| std::fs::read_to_string(path).expect("it was written");
    assert_eq!(read(&page), tolls("html"));
    assert_eq!(read(&log), tolls("sarif"));

    let nowhere = format!("html={}", at("no/such/folder.html"));
    let output = ibid(&["check", "--report", &nowhere, "no-such-file.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(errors.contains("folder.html") && !errors.contains("no-such-file"), "opened first: {errors}");
    for (wrong, help) in [("htlm=x", "did you mean html?"), ("html", "FORM=FILE")] {
        let output = ibid(&["check", "--report", wrong, "x.txt"]);
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(help));
    }
}

#[test]
fn milder_findings_can_be_left_out() {
    let output = ibid(&[&["check", "--format", "json", "--min-severity", "error"][..], &TOLLS].concat());
    let report = json(&text(&output.stdout));
    assert_eq!(list(&report["findings"]).len(), 3);
    assert_eq!(report["summary"]["warnings"], 0);
}

/// A note with an impossible date.
fn wrong(n: usize, who: &str) -> String {
    format!("[^{n}]: {who}, “Tolls”, in The Gazette, 31 February 2024, https://gazette.example/{who}.\n\n")
}

#[test]
fn a_baseline_hides_what_is_known_and_survives_edits_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = |text: &str| write(folder.path(), "draft.md", text).to_str().expect("UTF-8").to_owned();
    let path = document(&format!("One[^1] and two[^2].\n\n{}{}", wrong(1, "Roe"), wrong(2, "Lind")));
    let known = folder.path().join("known.json").to_str().expect("UTF-8").to_owned();
    let check = |extra: &[&str]| {
        let output =
            ibid(&[&["check", "--offline", "--format", "json", "--baseline", &known, &path], extra].concat());
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (status, _, errors) = check(&[]);
    assert!(status == Some(2) && errors.contains("known.json"), "{errors}");

    let (status, report, _) = check(&["--update-baseline"]);
    assert_eq!(status, Some(0), "what was just written is known");
    assert_eq!(list(&json(&report)["findings"]).len(), 0);
    assert_eq!(check(&[]).0, Some(0));

    // A note before them moves both; another is new; one is written twice.
    document(&format!(
        "Zero[^0]. One[^1] and two[^2], three[^3].\n\n[^0]: A word first.\n\n{}{}{}",
        wrong(1, "Roe"),
        wrong(2, "Lind"),
        wrong(3, "Marsh")
    ));
    let (status, report, _) = check(&[]);
    let report = json(&report);
    assert_eq!(status, Some(1));
    let new = list(&report["findings"]);
    assert!(!new.is_empty() && new.iter().all(|f| f["note"] == "3"), "{new:#?}");
    assert!(report["summary"]["known"].as_u64().is_some_and(|known| known >= 2));

    std::fs::write(&known, "{\"format_version\": 1,").expect("written");
    let (status, _, errors) = check(&[]);
    assert!(status == Some(2) && errors.contains("known.json") && errors.contains("line 1"), "{errors}");
}

#[test]
fn only_what_changed_since_a_revision_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let git = |args: &[&str]| {
        let done = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "-C"])
            .arg(folder.path())
            .args(args)
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let old = format!("One[^1], two[^2].\n\n{}{}", wrong(1, "Roe"), wrong(2, "Lind"));
    write(folder.path(), "draft.md", &old);
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "One"]);
    let new =
        format!("New[^1]. One[^2], two[^3].\n\n{}{}{}", wrong(1, "Marsh"), wrong(2, "Roe"), wrong(3, "Lind"));
    let path = write(folder.path(), "draft.md", &new);
    let path = path.to_str().expect("UTF-8").to_owned();
    let output = ibid(&["check", "--offline", "--format", "json", "--diff", "HEAD", &path]);
    let report = json(&text(&output.stdout));
    let urls: Vec<&str> = list(&report["sources"]).iter().filter_map(|s| s["url"].as_str()).collect();
    assert_eq!(urls, ["https://gazette.example/Marsh"]);
    assert!(list(&report["findings"]).iter().all(|f| f["note"] == "1"), "{report:#}");
    assert_eq!(output.status.code(), Some(1));
    git(&["commit", "-q", "-am", "Two"]);
    assert_eq!(ibid(&["check", "--offline", "--diff", "HEAD", &path]).status.code(), Some(0));
    let output = ibid(&["check", "--offline", "--diff", "no-such-revision", &path]);
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("no-such-revision"));
}

#[test]
fn progress_is_told_to_programs() {
    let output = ibid(&[&["check", "--progress", "json", "--format", "json"][..], &TOLLS].concat());
    let events: Vec<Value> = text(&output.stderr).lines().map(json).collect();
    let visited = events.iter().filter(|event| event["event"] == "visited").count();
    assert_eq!(visited, 10);
    assert_eq!(events.last().expect("a last one")["event"], "finished");
    assert!(text(&ibid(&[&["check"][..], &TOLLS].concat()).stderr).is_empty(), "silent in a pipe");
}

#[test]
fn completions_manual_and_rules_are_made() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = text(&ibid(&["generate", "completions", shell]).stdout);
        assert!(script.contains("ibid") && script.contains("baseline"), "{shell}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let man = folder.path().join("man").to_str().expect("UTF-8").to_owned();
    assert_eq!(ibid(&["generate", "man", &man]).status.code(), Some(0));
    let page =
        std::fs::read_to_string(Path::new(&man).join("ibid-check.1")).expect("a page for each command");
    assert!(page.contains(".TH") && page.contains("baseline"));
    let rules = text(&ibid(&["generate", "rules"]).stdout);
    let known = text(&ibid(&["explain"]).stdout);
    for line in known.lines() {
        let rule = line.split_whitespace().next().expect("a rule");
        assert!(rules.contains(&format!("\n## {rule}\n")), "{rule}");
    }
}

/// What the action's last step leaves, given its inputs: exit status, log, summary of the job, outputs.
#[cfg(unix)]
fn action(home: &Path, files: &str, args: &str) -> (Option<i32>, String, String, String) {
    let at = |name: &str| home.join(name).to_str().expect("UTF-8").to_owned();
    let output = Command::new("bash")
        .arg(".github/actions/check/run.sh")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .envs([("HOME", at("")), ("RUNNER_TEMP", at("")), ("IBID", env!("CARGO_BIN_EXE_ibid").to_owned())])
        .envs([("GITHUB_STEP_SUMMARY", at("summary")), ("GITHUB_OUTPUT", at("output"))])
        .envs([("FILES", files), ("ARGS", args), ("SARIF", &at("found.sarif")), ("CI", "true")])
        .output()
        .expect("bash starts");
    let kept = |name: &str| std::fs::read_to_string(home.join(name)).unwrap_or_default();
    (output.status.code(), text(&output.stdout), kept("summary"), kept("output"))
}

#[cfg(unix)]
#[test]
fn the_action_annotates_sums_up_and_fails_the_job() {
    let home = tempfile::tempdir().expect("a folder");
    let files = "\n  \nfixtures/tolls/commentary.txt\n";
    let (status, log, summary, outputs) = action(home.path(), files, "--replay\nfixtures/tolls/web.warc\n");
    assert_eq!(status, Some(1), "{log}");
    assert!(log.contains("::error file=fixtures/tolls/commentary.txt,line=74"), "{log}");
    assert!(summary.contains("3 errors, 2 warnings, 3 infos"), "{summary}");
    let sarif = outputs.trim().strip_prefix("sarif=").expect("an output");
    assert_eq!(json(&std::fs::read_to_string(sarif).expect("a report"))["version"], "2.1.0");

    let elsewhere = tempfile::tempdir().expect("a folder");
    let (status, ..) = action(elsewhere.path(), "no such file.md", "");
    assert_eq!(status, Some(2));
}

#[test]
fn what_stands_where_a_report_goes_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let draft = write(folder.path(), "draft.md", "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, 2021.\n");
    let old = write(folder.path(), "old.json", "{}");
    let (draft, old) = (draft.to_str().unwrap(), old.to_str().unwrap());
    let check =
        |file: &str, more: &[&str]| ibid(&[&["check", "--offline", "--no-config", file], more].concat());
    let read = |path: &str| std::fs::read_to_string(path).unwrap();

    // A document is no place for what is said of it.
    let html = format!("html={draft}");
    for more in [&["--report", &html][..], &["--baseline", draft, "--update-baseline"]] {
        let output = check(draft, more);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("would be overwritten"), "{}", text(&output.stderr));
        assert!(read(draft).contains("Ada Lind"));
    }
    // A run that fails leaves the report of the one before.
    let json = format!("json={old}");
    assert_eq!(check("nothere.md", &["--report", &json]).status.code(), Some(2));
    assert_eq!(read(old), "{}");
    assert_eq!(check(draft, &["--report", &json]).status.code(), Some(0));
    assert!(read(old).contains("Ada Lind"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
}
