//! However the lines of a note fall, it reads the same.
//!
//! Every note of `fixtures/citations` is wrapped at each place where typesetters break lines, one
//! break at a time and at every width, and must come out as it does in one piece.

use std::fmt::Write as _;
use std::path::Path;

use ibid::document::{Reading, text};

/// Texts of notes, without the lines of expected fields below them.
fn notes() -> Vec<String> {
    let mut notes = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/citations");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).unwrap();
        let own = text.lines().filter(|line| !line.starts_with([' ', '#', '-']) && !line.trim().is_empty());
        notes.extend(own.map(str::to_owned));
    }
    notes
}

/// A page of body text with a callout for each note, and the notes at its foot.
fn page(notes: &[String]) -> String {
    let mut text = String::from("The tolls of Lindby\n\n");
    for number in 1..=notes.len() {
        writeln!(text, "The harbour board raised the tolls once more in the year that followed, and")
            .unwrap();
        writeln!(text, "the fishermen of the town were not asked what they thought of it.{number}").unwrap();
    }
    text.push('\n');
    for (number, note) in (1..).zip(notes) {
        writeln!(text, "{number} {note}").unwrap();
    }
    text
}

fn read(notes: &[String]) -> Vec<String> {
    let document = (text::FORMAT.read)(page(notes).as_bytes(), &Reading::default()).unwrap();
    document.notes.into_iter().map(|note| note.text).collect()
}

/// Bytes before which a line may begin: behind a space, or inside an address behind its marks.
fn breaks(note: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut word_at = 0;
    for word in note.split_inclusive(' ') {
        if word_at > 0 {
            places.push(word_at);
        }
        if let Some(scheme) = word.find("://") {
            let marks = word.match_indices(['/', '-', '.', '?', '=', '&', '_', '#']);
            let inside =
                marks.map(|(at, _)| at + 1).filter(|at| *at > scheme && *at + 1 < word.trim_end().len());
            places.extend(inside.map(|at| word_at + at));
        }
        word_at += word.len();
    }
    // Behind a full stop, a number alone on the last line may as well be the page's.
    places.retain(|at| !(note[..*at].ends_with('.') && note[*at..].bytes().all(|b| b.is_ascii_digit())));
    places
}

/// The note as it is set in a column of so many characters.
fn set(note: &str, width: usize) -> String {
    let mut text = String::new();
    let mut from = 0;
    let places = breaks(note);
    while note[from..].chars().count() > width {
        let fits = |at: &&usize| **at > from && note[from..**at].trim_end().chars().count() <= width;
        let next = places.iter().rev().find(fits).or_else(|| places.iter().find(|at| **at > from));
        let Some(&next) = next else { break };
        writeln!(text, "{}", note[from..next].trim_end()).unwrap();
        from = next;
    }
    text + &note[from..]
}

fn broken(note: &str, at: usize) -> String {
    format!("{}\n{}", note[..at].trim_end(), &note[at..])
}

#[track_caller]
fn assert_same(want: &[String], got: &[String], what: &str, wrong: &mut String) {
    if want == got {
        return;
    }
    writeln!(wrong, "\n{what}").unwrap();
    for (number, want) in (1..).zip(want) {
        let got = got.get(number - 1).map_or("nothing", String::as_str);
        if want != got {
            writeln!(wrong, "  {number} want {want}\n  {number} got  {got}").unwrap();
            break;
        }
    }
}

#[test]
fn one_break_anywhere_changes_nothing() {
    let notes = notes();
    let mut wrong = String::new();
    let mut count = 0;
    for group in notes.chunks(5) {
        let want = read(group);
        assert_eq!(want.len(), group.len(), "{group:?}");
        for index in 0..group.len() {
            for at in breaks(&group[index]) {
                let mut wrapped = group.to_vec();
                wrapped[index] = broken(&group[index], at);
                count += 1;
                assert_same(&want, &read(&wrapped), &wrapped[index], &mut wrong);
            }
        }
    }
    assert!(count > 1000, "only {count} breaks were tried");
    assert!(wrong.is_empty(), "of {count}: {} {wrong}", wrong.matches("want").count());
}

#[test]
fn no_width_changes_anything() {
    let notes = notes();
    let mut wrong = String::new();
    for group in notes.chunks(5) {
        let want = read(group);
        for width in (36..100).step_by(3) {
            let wrapped: Vec<String> = group.iter().map(|note| set(note, width)).collect();
            assert_same(&want, &read(&wrapped), &format!("{width}: {}", wrapped.join("\n")), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} {wrong}", wrong.matches("want").count());
}
