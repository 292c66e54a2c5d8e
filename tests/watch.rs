//! `ibid check --watch`: what is saved is checked again, and nothing else is asked again.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A run that takes longer for one step has hung.
const HUNG: Duration = Duration::from_mins(1);

/// The program, watching; it ends with the test.
struct Watch {
    program: Child,
    /// Lines of both streams, which are one here, as they come.
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let (output, end) = std::io::pipe().expect("a pipe");
        let program = Command::new(env!("CARGO_BIN_EXE_ibid"))
            .current_dir(folder)
            .args(["check", "--watch"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(end.try_clone().expect("a pipe"))
            .stderr(end)
            .spawn()
            .expect("the program starts");
        let (sender, lines) = channel();
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Watch { program, lines }
    }

    /// Everything up to the next line with these words; a check is over when files are `watched`.
    fn until(&self, words: &str) -> String {
        let mut text = String::new();
        while !text.lines().last().is_some_and(|line| line.contains(words)) {
            let line = self.lines.recv_timeout(HUNG);
            text += &line.unwrap_or_else(|error| panic!("{error} before {words:?} after:\n{text}"));
            text.push('\n');
        }
        text
    }

    /// Ctrl-C; the exit status.
    fn end(mut self) -> Option<i32> {
        let pid = self.program.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        self.program.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A site on loopback that answers everything with a page, and the paths it was asked for.
fn site() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = BufReader::new(&stream).lines().map_while(Result::ok);
            let path = head.next().and_then(|line| Some(line.split(' ').nth(1)?.to_owned()));
            head.take_while(|line| !line.is_empty()).for_each(drop);
            log.lock().unwrap().extend(path);
            let page = "<!doctype html><title>Tolls</title><p>Tolls of the harbour";
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";
            write!(stream, "{head}Content-Length: {}\r\n\r\n{page}", page.len()).unwrap();
        }
    });
    (address, asked)
}

/// A draft whose address contradicts its date where the year is not 2021.
fn draft(year: u16) -> String {
    format!(
        "A claim.[^1]\n\n[^1]: Jane Roe, “Harbour Tolls”, The Gazette, 4 May 2021, <https://gazette.example/{year}/05/04/harbour-tolls>.\n"
    )
}

fn save(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// As editors do that never leave half a file behind.
fn save_by_renaming(folder: &Path, name: &str, text: &str) {
    let other = folder.join(format!(".{name}.new"));
    std::fs::write(&other, text).unwrap();
    std::fs::rename(other, folder.join(name)).unwrap();
}

#[test]
fn a_saved_draft_is_checked_again_and_its_sources_are_not_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (site, asked) = site();
    let note = |n: usize| format!("[^{n}]: Jane Roe, “Tolls {n}”, <{site}/{n}>.\n");
    save(folder, "draft.md", &format!("One.[^1]\n\n{}", note(1)));
    let watch = Watch::start(folder, &["draft.md", "--allow-private", "--no-cache", "--no-apis"]);
    assert!(watch.until("watched").contains("1 note, 1 source"));

    save_by_renaming(folder, "draft.md", &format!("One.[^1] Two.[^2]\n\n{}{}", note(1), note(2)));
    let again = watch.until("watched");
    assert!(again.contains("draft.md changed") && again.contains("2 notes, 2 sources"), "{again}");
    assert!(again.contains("sources: 2 ok"), "{again}");
    assert_eq!(*asked.lock().unwrap(), ["/1", "/2"]);

    // A file that is gone for a moment is waited for.
    std::fs::remove_file(folder.join("draft.md")).unwrap();
    save(folder, "draft.md", &format!("Two.[^2]\n\n{}", note(2)));
    let again = watch.until("watched");
    assert!(again.contains("1 note, 1 source") && !again.contains("no such file"), "{again}");
    assert_eq!(asked.lock().unwrap().len(), 2);
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn the_exit_status_is_that_of_the_last_check() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    save(folder, "draft.md", &draft(2021));
    let watch = Watch::start(folder, &["draft.md", "--offline", "--fail-on", "warning"]);
    assert!(!watch.until("watched").contains("date-mismatch"));
    save(folder, "draft.md", &draft(2019).replace("A claim.", "A claim, reworded."));
    assert!(watch.until("watched").contains("date-mismatch"));
    assert_eq!(watch.end(), Some(1));
}

#[test]
fn folders_included_files_and_settings_are_watched() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("drafts")).unwrap();
    save(folder, "drafts/paper.tex", "\\documentclass{article}\\begin{document}\\input{part}\\end{document}");
    save(folder, "drafts/part.inc.tex", "");
    save(folder, "drafts/part.tex", "One\\footnote{A note.}");
    let watch = Watch::start(folder, &["drafts", "--offline", "--fail-on", "warning"]);
    assert!(watch.until("watched").contains("note"));
    save(folder, "drafts/part.tex", "One\\footnote{A note.} Two\\footnote{Another, longer.}");
    let again = watch.until("watched");
    assert!(again.contains("drafts/part.tex changed"), "{again}");

    save(folder, "drafts/more.md", &draft(2019));
    let again = watch.until("watched");
    assert!(again.contains("drafts/more.md changed") && again.contains("date-mismatch"), "{again}");

    save(folder, "drafts/ibid.toml", "[rules]\ndate-mismatch = \"of\"\n");
    let again = watch.until("watched");
    assert!(again.contains("ibid.toml: ") || again.contains("ibid.toml:2"), "{again}");
    save(folder, "drafts/ibid.toml", "[rules]\ndate-mismatch = \"off\"\n");
    assert!(!watch.until("watched").contains("date-mismatch"));
    assert_eq!(watch.end(), Some(0));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (file, words) in [("-", "standard input cannot be watched"), ("misspelt.md", "misspelt.md")] {
        let watch = Watch::start(folder.path(), &[file, "--offline"]);
        watch.until(words);
        let mut watch = watch;
        assert_eq!(watch.program.wait().unwrap().code(), Some(2), "{file}");
    }
}
