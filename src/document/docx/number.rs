//! The numbers of notes as Word prints them: counted by their callouts, by the rules of the document
//! and of each section (ECMA-376 part 1, 17.11).

use super::body::{Call, Kind};
use crate::document::xml::{Start, Visitor};

/// How notes of one kind are numbered, where something is said of it.
#[derive(Debug, Default, Clone)]
pub(super) struct Rule {
    format: Option<String>,
    start: Option<u32>,
    by_section: Option<bool>,
}

/// The rules of a document or of a section, for footnotes and for endnotes.
#[derive(Debug, Default, Clone)]
pub(super) struct Rules {
    rules: [Rule; 2],
    reading: Option<usize>,
}

impl Rules {
    /// An element of the properties begins.
    pub(super) fn start(&mut self, element: &Start) {
        match element.local() {
            "footnotePr" => self.reading = Some(Kind::Footnote as usize),
            "endnotePr" => self.reading = Some(Kind::Endnote as usize),
            _ => {}
        }
        let Some(rule) = self.reading.map(|kind| &mut self.rules[kind]) else { return };
        match element.local() {
            "numFmt" => rule.format = element.val(),
            "numStart" => rule.start = element.val().and_then(|start| start.parse().ok()),
            "numRestart" => rule.by_section = element.val().map(|when| when == "eachSect"),
            _ => {}
        }
    }

    /// An element of the properties ends.
    pub(super) fn end(&mut self, local: &str) {
        if matches!(local, "footnotePr" | "endnotePr") {
            self.reading = None;
        }
    }
}

/// The rules of the whole document (`settings.xml`) and of its sections.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    document: Rules,
    /// In the order of the document.
    pub(super) sections: Vec<Rules>,
}

impl Visitor for Numbering {
    fn start(&mut self, element: &Start) -> bool {
        self.document.start(element);
        true
    }

    fn end(&mut self, _: &str, local: &str) {
        self.document.end(local);
    }

    fn text(&mut self, _: &str) {}
}

impl Numbering {
    /// What is printed for each callout. Notes with a mark of their own are not counted.
    pub(super) fn labels(&self, calls: &[Call]) -> Vec<String> {
        let mut counters = [Counter::default(), Counter::default()];
        calls.iter().map(|call| self.label(call, &mut counters[call.kind as usize])).collect()
    }

    fn label(&self, call: &Call, counter: &mut Counter) -> String {
        if let Some(mark) = call.mark.as_deref().map(str::trim).filter(|mark| !mark.is_empty()) {
            return mark.to_owned();
        }
        let document = &self.document.rules[call.kind as usize];
        let section = self.sections.get(call.section).map_or(document, |r| &r.rules[call.kind as usize]);
        let start = section.start.or(document.start).unwrap_or(1);
        let restarts = section.by_section.or(document.by_section).unwrap_or(false);
        let next = match counter.last {
            Some((_, section)) if restarts && section != call.section => start,
            Some((last, _)) => last + 1,
            None => start,
        };
        counter.last = Some((next, call.section));
        let usual = if call.kind == Kind::Endnote { "lowerRoman" } else { "decimal" };
        let format = section.format.as_deref().or(document.format.as_deref()).unwrap_or(usual);
        printed(next, format)
    }
}

/// The last number given, and in which section.
#[derive(Debug, Default)]
struct Counter {
    last: Option<(u32, usize)>,
}

/// A number in one of the formats of ECMA-376 part 1, 17.18.59; those that are not known here, and
/// `none`, which prints nothing, give digits.
pub(super) fn printed(number: u32, format: &str) -> String {
    match format {
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "lowerLetter" => letters(number, b'a'),
        "upperLetter" => letters(number, b'A'),
        "decimalZero" => format!("{number:02}"),
        "chicago" => {
            const MARKS: [char; 4] = ['*', '†', '‡', '§'];
            let (round, mark) = (number.saturating_sub(1) / 4, number.saturating_sub(1) % 4);
            std::iter::repeat_n(MARKS[mark as usize], round.min(8) as usize + 1).collect()
        }
        _ => number.to_string(),
    }
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}

/// a … z, aa … zz, aaa …, as Word counts.
fn letters(number: u32, first: u8) -> String {
    let Some(index) = number.checked_sub(1).filter(|index| *index < 26 * 20) else {
        return number.to_string();
    };
    let letter = char::from(first + (index % 26) as u8);
    std::iter::repeat_n(letter, index as usize / 26 + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn numbers_are_printed_in_their_format() {
        let all = |format: &str| [1, 4, 27, 49].map(|number| printed(number, format)).join(" ");
        assert_eq!(all("lowerRoman"), "i iv xxvii xlix");
        assert_eq!(all("upperLetter"), "A D AA WW");
        assert_eq!(all("chicago"), "* § ‡‡‡‡‡‡‡ *********");
        assert_eq!(all("none"), "1 4 27 49");
    }
}
