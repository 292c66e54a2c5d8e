//! Lists of link targets that a converter adds to the text: numbered below a heading as text browsers
//! print them, or one row for each as tools that list a file's links do.

use super::join::Targets;
use super::line::Line;
use crate::fold::{fold, one_line};

/// Headings that stand above nothing else.
const OF_LINKS: [&str; 6] =
    ["visible links", "hidden links", "link targets", "link annotations", "uri annotations", "page type url"];
/// Headings that stand above such lists and above others.
const OF_LISTS: [&str; 6] =
    ["references", "links", "urls", "hyperlinks", "annotations", "links in this document"];

/// Marks the lines of such lists and their headings, and keeps the targets.
///
/// A numbered list of bare addresses may as well be the notes of the document. It is no more than its
/// links where its heading says so, or where most of the addresses are printed above it already.
pub(super) fn find(lines: &[Line], noise: &mut [bool], targets: &mut Targets) {
    const FEWEST: usize = 2;
    let rows: Vec<(usize, &str)> = lines
        .iter()
        .enumerate()
        .filter(|(at, _)| !noise[*at])
        .filter_map(|(at, line)| Some((at, row(line.text)?)))
        .collect();
    let mut above = (0, String::new());
    for run in rows.chunk_by(|a, b| a.0 + 1 == b.0) {
        let first = run[0].0;
        let heading = |up: usize| {
            let text = lines[first.checked_sub(up)?].text;
            (text.len() < 40).then(|| fold(&one_line(text.trim_end_matches(':'))))
        };
        let is_of_links = heading(1).is_some_and(|heading| OF_LINKS.contains(&&*heading));
        if !is_of_links {
            if run.len() < FEWEST {
                continue;
            }
            above.1.extend(lines[above.0..first].iter().flat_map(|line| plain(line.text)));
            above.0 = first;
            if !are_printed(run, &above.1) {
                continue;
            }
        }
        for (at, target) in run {
            noise[*at] = true;
            targets.add(target);
        }
        let is_heading = |up: &usize| {
            heading(*up).is_some_and(|text| OF_LINKS.contains(&&*text) || OF_LISTS.contains(&&*text))
        };
        (1..=2).take_while(is_heading).for_each(|up| noise[first - up] = true);
    }
}

/// The address of a line that holds nothing else but a label, a page number or a word for links.
fn row(text: &str) -> Option<&str> {
    const LONGEST: usize = 24;
    const WORDS: [&str; 9] = ["p", "page", "link", "uri", "url", "target", "href", "annotation", "annot"];
    let (label, target) = text.rsplit_once(' ')?;
    let is_address = ["https://", "http://", "mailto:", "file://"].iter().any(|scheme| {
        target.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.ends_with(['.', ',', ';']))
    });
    let is_label = |label: &str| {
        label.split(|c: char| !c.is_ascii_alphanumeric()).all(|word| {
            word.bytes().all(|byte| byte.is_ascii_digit())
                || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
        })
    };
    (is_address && label.len() <= LONGEST && is_label(label)).then_some(target)
}

/// Do most of these addresses stand in the text above, wrapped or not?
fn are_printed(rows: &[(usize, &str)], above: &str) -> bool {
    /// So many tell enough.
    const MOST: usize = 64;
    let distinct = rows.chunk_by(|a, b| a.1 == b.1).map(|same| same[0].1);
    let (mut printed, mut missing) = (0, 0);
    for target in distinct.take(MOST) {
        let is_printed = above.contains(&plain(target).collect::<String>());
        *if is_printed { &mut printed } else { &mut missing } += 1;
    }
    printed > missing
}

/// The text without what the end of a line adds or takes.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{AD}' | '‐'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::line;

    fn left(text: &str) -> Vec<String> {
        let lines = line::split(text);
        let mut noise = vec![false; lines.len()];
        find(&lines, &mut noise, &mut Targets::default());
        lines.iter().zip(noise).filter(|(_, noise)| !noise).map(|(line, _)| line.text.to_owned()).collect()
    }

    #[test]
    fn a_list_of_what_is_printed_above_is_no_text() {
        let note = "1 Roe, https://a.example/to-\nlls. 2 Doe, https://b.example/x.\n\n";
        let list = "References\n\n   1. https://a.example/to-lls\n   2. https://b.example/x\n";
        assert_eq!(left(&format!("{note}{list}")).len(), 2);
        let rows = "Page  Type          URL\n   1  Annotation    https://c.example/\n";
        assert_eq!(left(&format!("{note}{rows}")).len(), 2);
    }

    #[test]
    fn notes_that_are_addresses_stay() {
        let notes = "A toll.1 A fee.2\n\nReferences\n\n1. https://a.example/tolls\n2. https://b.example/x\n";
        assert_eq!(left(notes).len(), 4);
    }
}
