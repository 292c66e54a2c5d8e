//! What callouts look like: `1`, `[12]`, `*`, `iv`, `n 3`.

/// The label that a short text is, without the brackets around it; `None` if it is none.
pub(super) fn label(text: &str) -> Option<String> {
    const LONGEST: usize = 16;
    let bare = text.trim().trim_matches(is_bracket).trim().trim_end_matches('.').trim_end();
    if bare.is_empty() || bare.len() > LONGEST * 2 || bare.chars().count() > LONGEST {
        return None;
    }
    let plain: String = bare.chars().map(|c| digit(c).unwrap_or(c)).collect();
    let mut words = plain.split_whitespace();
    let last = words.next_back()?;
    let prefix = words.next();
    let one_prefix = words.next().is_none()
        && prefix.is_none_or(|word| word.len() <= 8 && word.chars().all(|c| c.is_alphabetic() || c == '.'))
        && !prefix.is_some_and(counts_something_else);
    (one_prefix && is_counter(last)).then_some(plain)
}

/// Words before the numbers of figures, tables, sections and pages, to which texts link as to notes.
fn counts_something_else(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "abb", "appendix", "box", "chap", "chapter", "eq", "eqn", "equation", "example", "fig", "figs",
        "figura", "figure", "kapitel", "listing", "p", "page", "pp", "seite", "sec", "sect", "section",
        "tab", "tabelle", "table", "theorem",
    ];
    WORDS.contains(&word.trim_end_matches('.').to_lowercase().as_str())
}

/// A number, letters that count, or one of the marks that go before numbers.
fn is_counter(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = word.len() - digits.len();
    if digits.is_empty() {
        let roman = word.len() <= 7 && word.chars().all(|c| "ivxlcIVXLC".contains(c));
        return roman || word.len() <= 2;
    }
    let marks = |c: char| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '#' | '‖' | '∗');
    if word.chars().all(marks) {
        return word.chars().count() <= 6;
    }
    // `12`, `12a`, `n12`, `3.2`
    let mut parts = digits.split(['.', ':', '-']);
    let number = |part: &str| {
        let end = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let len = part.len() - end.len();
        (1..=4).contains(&len) && end.len() <= 1 && end.chars().all(|c| c.is_ascii_alphabetic())
    };
    letters <= 5 && parts.clone().count() <= 2 && parts.all(number)
}

/// Superscript digits as digits.
fn digit(c: char) -> Option<char> {
    let digit = match c {
        '⁰' => 0,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴'..='⁹' => u32::from(c) - u32::from('⁰'),
        _ => return None,
    };
    char::from_digit(digit, 10)
}

/// What stands around a label without being part of it.
pub(super) fn is_bracket(c: char) -> bool {
    matches!(c, '[' | ']' | '(' | ')' | '{' | '}' | '\u{2060}' | '\u{FEFF}' | '\u{200B}') || c.is_whitespace()
}

/// Whether a text is nothing but an arrow that leads back.
pub(super) fn is_arrow(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !is_bracket(*c)).peekable();
    signs.peek().is_some()
        && signs.all(|c| {
            matches!(
                c,
                '↩' | '↑'
                    | '⏎'
                    | '^'
                    | '⤴'
                    | '⬆'
                    | '⇑'
                    | '←'
                    | '↵'
                    | '⮐'
                    | '▲'
                    | '△'
                    | '↖'
                    | '⇧'
                    | '\u{FE0E}'
                    | '\u{FE0F}'
            )
        })
}

/// Whether the words of an id or a class speak of notes.
pub(super) fn speaks_of_notes(names: &str) -> bool {
    const WORDS: &[&str] =
        &["footnote", "endnote", "rearnote", "cite_note", "citenote", "reference", "ftn", "sidenote"];
    const STEMS: &[&str] = &["fn", "en", "nb", "note", "notes", "n", "ftnt", "footnotes", "nota", "fussnote"];
    let names = names.to_ascii_lowercase();
    WORDS.iter().any(|word| names.contains(word))
        || names.split(|c: char| !c.is_ascii_alphabetic()).any(|word| STEMS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::{is_arrow, label};

    #[test]
    fn labels_are_told_from_words() {
        for (text, want) in [
            ("1", "1"),
            ("[12]", "12"),
            (" ³⁴ ", "34"),
            ("*", "*"),
            ("iv", "iv"),
            ("[n 3]", "n 3"),
            ("Note 7", "Note 7"),
            ("12a", "12a"),
            ("3.2", "3.2"),
            ("b", "b"),
            ("1.", "1"),
        ] {
            assert_eq!(label(text).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "Lindby",
            "see",
            "2024-03-01",
            "20240301",
            "p. 12 ff.",
            "↩",
            "the harbour",
            "Fig. 4.5",
            "Table 3",
        ] {
            assert_eq!(label(text), None, "{text}");
        }
        assert!(is_arrow("[↩\u{FE0E}]") && is_arrow("^") && !is_arrow("1") && !is_arrow(""));
    }
}
