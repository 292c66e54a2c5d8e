//! What the user sets: the file, the environment, the command line, and every mistake in them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const DRAFT: &str = "A sentence.[^1] Another.[^2]\n\n[^1]: Jane Roe, “Harbour Tolls”, The Gazette, 4 May 2021, https://gazette.example/2021/04/05/tolls.\n[^2]: http://10.0.0.7/inside\n";

/// A folder with a draft, and an `ibid.toml` above it.
fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("drafts")).unwrap();
    std::fs::write(folder.path().join("drafts/draft.md"), DRAFT).unwrap();
    std::fs::write(folder.path().join("ibid.toml"), config).unwrap();
    folder
}

fn ibid(folder: &Path, args: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ibid"))
        .current_dir(folder)
        .args(args)
        .env_remove("IBID_CONFIG")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Rules of the findings.
fn findings(folder: &Path, args: &[&str]) -> (Vec<String>, Option<i32>, String) {
    let all = [&["check", "--offline", "--format", "json", "drafts/draft.md"], args].concat();
    let output = ibid(folder, &all, &[]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let rules = report["findings"].as_array().unwrap().iter();
    let rules = rules.map(|finding| format!("{} {}", finding["rule"], finding["severity"]).replace('"', ""));
    (rules.collect(), output.status.code(), text(&output.stderr))
}

#[track_caller]
fn mistake(config: &str, place: &str, words: &str) {
    let folder = folder(config);
    let output = ibid(folder.path(), &["check", "--offline", "drafts/draft.md"], &[]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("ibid.toml:{place}: ")) && said.contains(words), "{said}");
}

#[test]
fn every_mistake_is_named_with_its_place() {
    mistake("[network]\ntimout = 3\n", "2:1", "did you mean “timeout”?");
    mistake("[netwrok]\n", "1:2", "did you mean “network”?");
    mistake("[network]\n\n  timeout = \"long\"\n", "3:13", "a number of seconds");
    mistake("[network]\nper-host = 0\n", "2:12", "at least 1");
    mistake("fail-on = \"fatal\"\n", "1:11", "error, warning, info, never");
    mistake("[cache]\nmax-age = \"soon\"\n", "2:11", "24h");
    mistake("[rules]\ndate-mismach = \"off\"\n", "2:1", "did you mean “date-mismatch”?");
    mistake("[rules]\ndate-mismatch = \"fatal\"\n", "2:17", "error, warning, info, off");
    mistake("[[ignore]]\nrule = \"unsafe-link\"\n", "1:1", "needs a reason");
    mistake("[[ignore]]\nreason = \"x\"\n", "1:1", "hide everything");
    mistake("[[ignore]]\nrule = \"unsave-link\"\nreason = \"x\"", "2:8", "did you mean “unsafe-link”?");
    mistake("[[ignore]]\nurl = \"x\"\nuntil = \"June\"\nreason = \"x\"", "3:9", "2026-12-31");
    mistake("[[host]]\ngap = 1\n", "1:1", "needs a name");
    mistake("[[host]]\nname = \"https://a.example/\"\n", "2:8", "name of a host");
    mistake("[[host]]\nname = \"a.example\"\nheaders = { Cookie = \"x\" }", "3:13", "environment only");
    mistake(
        "[[host]]\nname = \"a.example\"\nheaders-from-environment = { Cookie = \"NO_SUCH\" }",
        "3:39",
        "NO_SUCH is not set",
    );
    mistake("[network\n", "1:9", "");
}

#[test]
fn the_later_layer_counts_and_says_so() {
    let folder = folder("[network]\ntimeout = 7\ngap = 1\nper-host = 2\n[rules]\ninsecure-http = \"off\"\n");
    let environment = [("IBID_GAP", "2.5"), ("IBID_CONTACT", "me@example.org")];
    let output = ibid(folder.path(), &["config", "show", "drafts/draft.md"], &environment);
    let shown = text(&output.stdout);
    let line = |start: &str| {
        shown.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start}: {shown}"))
    };
    assert!(line("timeout = 7.0").contains("ibid.toml:2"), "{shown}");
    assert!(line("gap = 2.5").contains("environment IBID_GAP"), "{shown}");
    assert!(line("contact = \"me@example.org\"").contains("IBID_CONTACT"), "{shown}");
    assert!(line("retries = 2").contains("built in"), "{shown}");
    assert!(line("insecure-http = \"off\"").contains("ibid.toml:6"), "{shown}");
    // What is shown is itself a file that says the same.
    std::fs::write(folder.path().join("again.toml"), &shown).unwrap();
    let again = ibid(folder.path(), &["config", "show", "--config", "again.toml"], &[]);
    let values = |text: &str| {
        text.lines().map(|l| l.split(" #").next().unwrap().trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&text(&again.stdout)), values(&shown), "{}", text(&again.stderr));
    let without = ibid(folder.path(), &["config", "show", "--no-config", "drafts/draft.md"], &[]);
    assert!(text(&without.stdout).contains("timeout = 30.0"));
    let bad = ibid(folder.path(), &["config", "show"], &[("IBID_TIMEOUT", "soon")]);
    assert!(bad.status.code() == Some(2) && text(&bad.stderr).contains("IBID_TIMEOUT"), "{bad:?}");
}

#[test]
fn rules_ignores_and_patterns() {
    let plain = folder("");
    let (rules, status, _) = findings(plain.path(), &[]);
    assert!(rules.contains(&"unsafe-link error".to_owned()), "{rules:?}");
    assert_eq!(status, Some(1));

    let rated = folder("fail-on = \"never\"\n[rules]\nunsafe-link = \"warning\"\n");
    let (rules, status, _) = findings(rated.path(), &[]);
    assert!(rules.contains(&"unsafe-link warning".to_owned()), "{rules:?}");
    assert_eq!(status, Some(0));
    // The command line has the last word.
    let (rules, status, _) =
        findings(rated.path(), &["--severity", "unsafe-link=error", "--fail-on", "error"]);
    assert!(rules.contains(&"unsafe-link error".to_owned()), "{rules:?}");
    assert_eq!(status, Some(1));

    let ignored = folder(
        "[[ignore]]\nrule = \"unsafe-link\"\nurl = \"http://10.*\"\nreason = \"ours\"\nuntil = 2999-12-31\n",
    );
    let (rules, _, said) = findings(ignored.path(), &[]);
    assert!(!rules.iter().any(|rule| rule.starts_with("unsafe")), "{rules:?}");
    assert_eq!(said, "");
    let expired = folder("[[ignore]]\nnote = 2\nreason = \"ours\"\nuntil = 2001-12-31\n");
    let (rules, _, said) = findings(expired.path(), &[]);
    assert!(rules.contains(&"unsafe-link error".to_owned()), "{rules:?}");
    assert!(said.contains("line 1 is past its last day (ours)"), "{said}");

    let excluded = folder("[urls]\nexclude = [\"http://10.\"]\n");
    let (rules, _, _) = findings(excluded.path(), &[]);
    assert!(!rules.iter().any(|rule| rule.starts_with("unsafe")), "{rules:?}");
    let output = ibid(excluded.path(), &["check", "--offline", "--format", "json", "drafts/draft.md"], &[]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let source = &report["sources"][1];
    assert_eq!(source["state"], "skipped");
    assert!(source["reason"].as_str().unwrap().contains("http://10. is excluded"), "{source}");
}

#[test]
fn the_schema_knows_every_setting() {
    let folder = folder("");
    let schema = ibid(folder.path(), &["config", "schema"], &[]);
    let schema: Value = serde_json::from_slice(&schema.stdout).unwrap();
    for setting in ibid::config::SETTINGS {
        let pointer = format!("/properties/{}/default", setting.key.replace('.', "/properties/"));
        assert_eq!(
            schema.pointer(&pointer),
            Some(&(setting.show)(&ibid::config::Config::default())),
            "{pointer}"
        );
    }
    assert_eq!(schema["properties"]["ignore"]["items"]["required"][0], "reason");
}
