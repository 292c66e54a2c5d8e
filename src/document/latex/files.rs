//! The files that a LaTeX document includes, gathered before it is read.

use std::collections::{HashSet, VecDeque};

use crate::document::{Reading, decode};

/// The texts of a document.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The document itself first.
    pub(super) texts: Vec<Text>,
    /// Bibliographies: name and text.
    pub(super) bibliographies: Vec<(String, String)>,
    /// Names of files that should be there and are not.
    pub(super) missing: Vec<String>,
}

/// A file of LaTeX.
#[derive(Debug)]
pub(super) struct Text {
    /// As the document names it; empty for the document itself.
    pub(super) name: String,
    /// As it is called.
    pub(super) file: String,
    pub(super) content: String,
}

/// Finds and reads what the document includes, and what that includes.
pub(super) fn gather(text: String, reading: &Reading) -> Files {
    /// A document of more files, or of more text, is not read on.
    const MOST: usize = 400;
    const LARGEST: usize = 100_000_000;
    let mut files = Files {
        texts: vec![Text { name: String::new(), file: String::new(), content: text }],
        ..Files::default()
    };
    let mut seen: HashSet<String> = HashSet::new();
    let mut waiting: VecDeque<usize> = VecDeque::from([0]);
    let mut size = 0;
    while let Some(index) = waiting.pop_front() {
        for wanted in includes(&files.texts[index].content) {
            if seen.contains(&wanted.name) || files.texts.len() >= MOST || size > LARGEST {
                continue;
            }
            seen.insert(wanted.name.clone());
            let named = std::path::Path::new(&wanted.name).extension().is_some();
            let names =
                [Some(format!("{}.{}", wanted.name, wanted.ending)), named.then(|| wanted.name.clone())];
            let found = names.into_iter().flatten().find_map(|name| Some((reading.beside(&name)?, name)));
            let (bytes, file) = found.unwrap_or_default();
            let text = Some(bytes).filter(|bytes| !bytes.is_empty());
            let text = text.and_then(|bytes| Some(decode::decode(&bytes).ok()?.into_owned()));
            match (text, wanted.ending) {
                (Some(text), "bib") => files.bibliographies.push((file, text)),
                (Some(text), _) => {
                    size += text.len();
                    waiting.push_back(files.texts.len());
                    files.texts.push(Text { name: wanted.name, file, content: text });
                }
                // Packages are mostly those of the installation.
                (None, "sty" | "cls") => {}
                (None, _) => files.missing.push(wanted.name),
            }
        }
    }
    files
}

struct Wanted {
    name: String,
    ending: &'static str,
}

fn includes(text: &str) -> Vec<Wanted> {
    const COMMANDS: &[(&str, &str)] = &[
        ("input", "tex"),
        ("include", "tex"),
        ("subfile", "tex"),
        ("import", "tex"),
        ("subimport", "tex"),
        ("subincludefrom", "tex"),
        ("includefrom", "tex"),
        ("usepackage", "sty"),
        ("RequirePackage", "sty"),
        ("documentclass", "cls"),
        ("LoadClass", "cls"),
        ("bibliography", "bib"),
        ("addbibresource", "bib"),
    ];
    let mut wanted = Vec::new();
    for line in text.lines() {
        let code = &line[..comment(line).unwrap_or(line.len())];
        for (at, _) in code.match_indices('\\') {
            let rest = &line[at + 1..];
            let name = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
            let Some((_, ending)) = COMMANDS.iter().find(|(command, _)| *command == name) else { continue };
            let arguments = arguments(&rest[name.len()..]);
            let names: Vec<String> = match (arguments.as_slice(), name) {
                ([folder, file, ..], "import" | "subimport" | "subincludefrom" | "includefrom") => {
                    vec![joined(folder, file)]
                }
                ([list, ..], _) => list.split(',').map(|name| name.trim().to_owned()).collect(),
                ([], _) => continue,
            };
            let known = names.into_iter().filter(|name| !name.is_empty() && !name.contains(['\\', '#']));
            wanted.extend(known.map(|name| Wanted { name, ending }));
        }
    }
    wanted
}

/// Where the comment of a line begins.
fn comment(line: &str) -> Option<usize> {
    line.match_indices('%').map(|(at, _)| at).find(|at| !line[..*at].ends_with('\\'))
}

/// The name of a file in a folder, as `\import` puts it together.
pub(super) fn joined(folder: &str, file: &str) -> String {
    let folder = folder.trim().trim_end_matches('/');
    if folder.is_empty() { file.trim().to_owned() } else { format!("{folder}/{}", file.trim()) }
}

/// `[…]{…}{…}`, or the word behind `\input`.
fn arguments(rest: &str) -> Vec<String> {
    /// Names of files are not longer, in bytes, options included.
    const LONGEST: usize = 4_000;
    let mut rest = rest[..rest.floor_char_boundary(LONGEST)].trim_start();
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, rest)| rest).trim_start();
    }
    let mut arguments = Vec::new();
    while let Some((argument, behind)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        arguments.push(argument.to_owned());
        rest = behind.trim_start();
    }
    if arguments.is_empty() {
        let word = rest.split(|c: char| c.is_whitespace() || matches!(c, '%' | '{' | '}' | '\\')).next();
        arguments.extend(word.filter(|word| word.len() > 1).map(str::to_owned));
    }
    arguments
}
