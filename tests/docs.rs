//! What the documents of the project say is true: commands do what is shown, folders and switches are
//! there.
//!
//! Every fenced `console` block is run, all blocks of a document in one folder, one after the other:
//! lines that begin with `$ ` are commands, and the lines after a command are what it prints; a line
//! `…` stands for any lines. `cargo run --` and `ibid` are the program under test. What is marked
//! `console needs=WHAT` is not run, and the test says so; what is marked `file=PATH` is saved there.

#![cfg(unix)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const DOCUMENTS: [&str; 2] = ["README.md", "ARCHITECTURE.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text_of(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// A fenced block of a document.
struct Block {
    /// What stands after the fence.
    info: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text_of(document).lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{document}: a fence is not closed");
    blocks
}

/// A command and what is shown of its output, if any is.
#[derive(Debug)]
struct Shown {
    command: String,
    output: String,
}

fn commands(block: &Block) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    for line in block.text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(Shown { command: command.to_owned(), output: String::new() });
            continue;
        }
        let last = commands.last_mut().unwrap_or_else(|| panic!("{line:?} stands before any command"));
        last.output += &format!("{line}\n");
    }
    commands
}

/// The package as a stranger sees it after cloning, without what was built; what the commands write
/// stays in the folder.
fn clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(root()).expect("the package is there").flatten() {
        if entry.file_name() != "target" && entry.file_name() != ".git" {
            std::os::unix::fs::symlink(entry.path(), folder.path().join(entry.file_name())).expect("a link");
        }
    }
    folder
}

/// Runs commands as one session of a shell; the output of each and its exit status.
fn run(commands: &[Shown], folder: &Path) -> Vec<(String, i32)> {
    const MARK: &str = "\u{1e}";
    let mut script = String::from("exec 2>&1\nset +e\n");
    for Shown { command, .. } in commands {
        let command =
            command.strip_prefix("cargo run -- ").map_or(command.clone(), |args| format!("ibid {args}"));
        script += &format!("{command}\n_s=$?; printf '{MARK}%d{MARK}' $_s; (exit $_s)\n");
    }
    let programs = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_ibid"), programs.path().join("ibid")).expect("a link");
    let path = format!("{}:{}", programs.path().display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder)
        .env("PATH", path)
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .stdin(Stdio::null())
        .output()
        .expect("bash is there");
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    let parts: Vec<&str> = output.split(MARK).collect();
    parts.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].parse().expect("a status"))).collect()
}

/// Is this what was shown? A line `…` stands for any number of lines.
fn is_as_shown(shown: &[&str], got: &[&str]) -> bool {
    match shown.split_first() {
        None => got.is_empty(),
        Some((&"…", rest)) => (0..=got.len()).any(|skipped| is_as_shown(rest, &got[skipped..])),
        Some((line, rest)) => {
            got.split_first().is_some_and(|(first, got)| first == line && is_as_shown(rest, got))
        }
    }
}

#[test]
fn commands_do_what_is_shown() {
    let mut ran = 0;
    for document in DOCUMENTS {
        let folder = clone();
        for block in blocks(document) {
            if let Some((_, path)) = block.info.split_once(" file=") {
                let path = folder.path().join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
                std::fs::write(path, &block.text).expect("it can be written");
            }
            let Some(needs) = block.info.strip_prefix("console") else { continue };
            let commands = commands(&block);
            if let Some(what) = needs.trim().strip_prefix("needs=") {
                commands.iter().for_each(|shown| eprintln!("not run, needs {what}: {}", shown.command));
                continue;
            }
            assert_eq!(needs, "", "{document}: `console{needs}` means nothing");
            let builds = |shown: &&Shown| {
                shown.command.starts_with("cargo ") && !shown.command.starts_with("cargo run -- ")
            };
            assert!(
                !commands.iter().any(|shown| builds(&shown)),
                "{document}: what builds is marked needs=cargo"
            );
            let outcomes = run(&commands, folder.path());
            assert_eq!(outcomes.len(), commands.len(), "{document}: the session broke off");
            for (Shown { command, output }, (got, status)) in commands.iter().zip(outcomes) {
                assert!(status <= 1, "{document}: `{command}` ends with {status}:\n{got}");
                let (shown, lines): (Vec<_>, Vec<_>) = (output.lines().collect(), got.lines().collect());
                assert!(
                    shown.is_empty() || is_as_shown(&shown, &lines),
                    "{document}: `{command}` prints\n{got}\nand the document says\n{output}"
                );
                ran += 1;
            }
        }
    }
    assert!(ran >= 7, "only {ran} commands were run");
}

/// Commands that a test cannot run inside itself still name what is there.
#[test]
fn cargo_is_asked_for_what_there_is() {
    let manifest = text_of("Cargo.toml");
    for document in DOCUMENTS {
        for block in blocks(document) {
            let words: Vec<&str> = block.text.split_whitespace().collect();
            for pair in words.windows(2) {
                match pair {
                    ["--bench", name] => {
                        assert!(manifest.contains(&format!("[[bench]]\nname = \"{name}\"")), "{name}");
                    }
                    ["--test", name] => assert!(root().join(format!("tests/{name}.rs")).exists(), "{name}"),
                    _ => {}
                }
            }
        }
    }
}

fn help(args: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_ibid")).args(args).arg("--help").output().expect("it starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The help of a command and of all below it.
fn every_help(args: &[&str]) -> String {
    let mut text = help(args);
    let below: Vec<String> = text
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty() && *name != "help")
        .map(str::to_owned)
        .collect();
    for name in below {
        text.push_str(&every_help(&[args, &[&name]].concat()));
    }
    text
}

/// The words of a text that are switches: `--like-this`.
fn switches(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && !word.trim_matches('-').is_empty()).collect()
}

#[test]
fn every_switch_that_is_named_exists() {
    let known = every_help(&[]);
    let known = switches(&known);
    let others = ["--bench", "--path", "--help", "--locked", "--test", "--root", "--quiet"];
    for document in DOCUMENTS {
        let text = text_of(document);
        for switch in switches(&text) {
            assert!(known.contains(switch) || others.contains(&switch), "{document} names {switch}");
        }
    }
}

#[test]
fn workflows_use_inputs_that_the_action_has() {
    let action = text_of(".github/actions/check/action.yml");
    let inputs = action.split("outputs:").next().expect("inputs come first");
    let mut named = 0;
    for block in blocks("README.md").iter().filter(|block| block.text.contains("actions/check@")) {
        let with = block.text.split("with:\n").nth(1).expect("inputs");
        let indent = |line: &str| line.len() - line.trim_start().len();
        let deep = with.lines().next().map(indent);
        for line in with.lines().take_while(|line| Some(indent(line)) >= deep) {
            if Some(indent(line)) == deep {
                let (name, _) = line.trim().split_once(':').expect("an input");
                assert!(inputs.contains(&format!("\n  {name}:")), "the action has no input {name}");
                named += 1;
            }
        }
    }
    assert!(named > 0);
}

/// The files and folders of `src`, as a newcomer sees them.
fn modules() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("src")).expect("it is there").flatten();
    entries
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() { format!("{name}/") } else { name }
        })
        .collect()
}

#[test]
fn the_architecture_names_every_module_and_no_other() {
    let text = text_of("ARCHITECTURE.md");
    let list = text.split("## Folders\n").nth(1).and_then(|rest| rest.split("\n## ").next());
    let list = list.expect("a list of folders");
    let named: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let in_src: BTreeSet<String> =
        named.iter().filter_map(|name| name.strip_prefix("src/")).map(str::to_owned).collect();
    assert_eq!(in_src, modules());
    for name in named {
        assert!(root().join(name).exists(), "there is no {name}");
    }
}

/// Every Rust file below a folder, with its text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            found.push((path, text));
        }
    }
    found
}

/// The invariants of ARCHITECTURE.md of the kind “only here”.
#[test]
fn what_has_one_home_is_nowhere_else() {
    let homes: [(&[&str], &[&str]); 4] = [
        (&["reqwest::Client", "Client::builder", "TcpStream", "lookup_host"], &["source"]),
        (&["rusqlite"], &["memory", "history", "sweep"]),
        (&["println!", "print!(", "std::process::exit"], &["cli", "main.rs"]),
        (&["std::env::", "clap::Parser", "clap::Args"], &["cli", "main.rs"]),
    ];
    let src = root().join("src");
    for (path, text) in sources(&src) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let first = path.strip_prefix(&src).expect("below src").iter().next().expect("a name");
        for (words, allowed) in homes {
            let elsewhere = !allowed.iter().any(|home| first == *home);
            let word = words.iter().find(|word| elsewhere && text.contains(**word));
            assert!(word.is_none(), "{} has {}", path.display(), word.unwrap_or(&""));
        }
    }
}
