//! What the commands of LaTeX print that stand for characters.

use unicode_normalization::UnicodeNormalization;

use crate::link;

/// Commands that print a fixed text.
const SYMBOLS: &[(&str, &str)] = &[
    ("&", "&"),
    ("%", "%"),
    ("$", "$"),
    ("#", "#"),
    ("_", "_"),
    ("{", "{"),
    ("}", "}"),
    (" ", " "),
    ("\n", " "),
    ("\t", " "),
    (",", " "),
    (";", " "),
    (":", " "),
    ("!", ""),
    ("-", ""),
    ("/", ""),
    ("@", ""),
    ("|", "‖"),
    ("quad", " "),
    ("qquad", " "),
    ("enspace", " "),
    ("thinspace", " "),
    ("space", " "),
    ("newline", " "),
    ("linebreak", " "),
    ("hfill", " "),
    ("hfil", " "),
    ("nobreakspace", "\u{A0}"),
    ("hskip", " "),
    ("break", " "),
    ("S", "§"),
    ("textsection", "§"),
    ("P", "¶"),
    ("textparagraph", "¶"),
    ("dots", "…"),
    ("ldots", "…"),
    ("textellipsis", "…"),
    ("textendash", "–"),
    ("textemdash", "—"),
    ("textquoteleft", "‘"),
    ("textquoteright", "’"),
    ("textquotedblleft", "“"),
    ("textquotedblright", "”"),
    ("textquotedbl", "\""),
    ("textquotesingle", "'"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guillemetleft", "«"),
    ("guillemetright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("og", "« "),
    ("fg", " »"),
    ("flqq", "«"),
    ("frqq", "»"),
    ("flq", "‹"),
    ("frq", "›"),
    ("glqq", "„"),
    ("grqq", "“"),
    ("glq", "‚"),
    ("grq", "‘"),
    ("lq", "‘"),
    ("rq", "’"),
    ("textbackslash", "\\"),
    ("textasciitilde", "~"),
    ("textasciicircum", "^"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("textbar", "|"),
    ("textunderscore", "_"),
    ("textbraceleft", "{"),
    ("textbraceright", "}"),
    ("textdollar", "$"),
    ("slash", "/"),
    ("textdegree", "°"),
    ("degree", "°"),
    ("textcopyright", "©"),
    ("copyright", "©"),
    ("textregistered", "®"),
    ("texttrademark", "™"),
    ("pounds", "£"),
    ("textsterling", "£"),
    ("euro", "€"),
    ("texteuro", "€"),
    ("EUR", "€"),
    ("textyen", "¥"),
    ("ss", "ß"),
    ("SS", "ẞ"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("o", "ø"),
    ("O", "Ø"),
    ("aa", "å"),
    ("AA", "Å"),
    ("l", "ł"),
    ("L", "Ł"),
    ("i", "ı"),
    ("j", "ȷ"),
    ("dh", "ð"),
    ("DH", "Ð"),
    ("th", "þ"),
    ("TH", "Þ"),
    ("dj", "đ"),
    ("DJ", "Đ"),
    ("ng", "ŋ"),
    ("NG", "Ŋ"),
    ("dag", "†"),
    ("ddag", "‡"),
    ("textdagger", "†"),
    ("textdaggerdbl", "‡"),
    ("textbullet", "•"),
    ("textperiodcentered", "·"),
    ("textordfeminine", "ª"),
    ("textordmasculine", "º"),
    ("textnumero", "№"),
    ("textonehalf", "½"),
    ("textmu", "µ"),
    ("texttimes", "×"),
    ("textpm", "±"),
    ("textexclamdown", "¡"),
    ("textquestiondown", "¿"),
    ("textasteriskcentered", "∗"),
    ("TeX", "TeX"),
    ("LaTeX", "LaTeX"),
    ("LaTeXe", "LaTeX2e"),
    ("XeTeX", "XeTeX"),
    ("BibTeX", "BibTeX"),
    ("textasciigrave", "`"),
    ("nobreakdash", ""),
    ("ier", "er"),
    ("iere", "re"),
    ("ieme", "e"),
    ("no", "nº"),
    ("No", "Nº"),
    ("nno", "nos"),
    ("today", ""),
];

pub(super) fn symbol(name: &str) -> Option<&'static str> {
    SYMBOLS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The combining mark that an accent command sets on the letter behind it.
pub(super) fn accent(name: &str) -> Option<char> {
    const ACCENTS: &[(&str, char)] = &[
        ("'", '\u{301}'),
        ("`", '\u{300}'),
        ("^", '\u{302}'),
        ("\"", '\u{308}'),
        ("~", '\u{303}'),
        ("=", '\u{304}'),
        (".", '\u{307}'),
        ("u", '\u{306}'),
        ("v", '\u{30C}'),
        ("H", '\u{30B}'),
        ("c", '\u{327}'),
        ("k", '\u{328}'),
        ("r", '\u{30A}'),
        ("d", '\u{323}'),
        ("b", '\u{331}'),
        ("t", '\u{361}'),
    ];
    ACCENTS.iter().find(|(known, _)| *known == name).map(|(_, mark)| *mark)
}

/// A letter, which may itself be a command, with a mark on it.
pub(super) fn accented(letter: &str, mark: char) -> String {
    let bare = letter.trim().trim_start_matches('{').trim_end_matches('}').trim();
    let bare = match bare.strip_prefix('\\').map(str::trim) {
        Some("i") => "i",
        Some("j") => "j",
        Some(name) => symbol(name).unwrap_or_default(),
        None => bare,
    };
    let mut chars = bare.chars();
    let Some(first) = chars.next() else { return String::new() };
    [first, mark].into_iter().nfc().chain(chars).collect()
}

/// Pairs of characters, and what the fonts of TeX make of them.
const PLAIN: &[(&str, &str)] = &[
    ("``", "“"),
    ("''", "”"),
    ("---", "—"),
    ("--", "–"),
    ("!`", "¡"),
    ("?`", "¿"),
    ("<<", "«"),
    (">>", "»"),
    (",,", "„"),
    ("`", "‘"),
    ("'", "’"),
];

/// The shorthands of German.
const GERMAN: &[(&str, &str)] = &[
    ("\"`", "„"),
    ("\"'", "“"),
    ("\"<", "«"),
    ("\">", "»"),
    ("\"=", "-"),
    ("\"~", "-"),
    ("\"-", ""),
    ("\"|", ""),
    ("\"/", "/"),
    ("\"a", "ä"),
    ("\"o", "ö"),
    ("\"u", "ü"),
    ("\"A", "Ä"),
    ("\"O", "Ö"),
    ("\"U", "Ü"),
    ("\"s", "ß"),
];

/// A text with the pairs of characters that the fonts of TeX join: quotation marks and dashes.
pub(super) fn ligatures(text: &str, german: bool) -> String {
    if !text.contains(['`', '\'', '-', '<', '>', ',', '"']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    // An address that is typed as text is meant as it stands.
    let addresses = if text.contains("://") { link::find(text) } else { Vec::new() };
    for address in addresses {
        join(&text[from..address.range.start], german, &mut out);
        out.push_str(&text[address.range.clone()]);
        from = address.range.end;
    }
    join(&text[from..], german, &mut out);
    out
}

fn join(text: &str, german: bool, out: &mut String) {
    let mut rest = text;
    'text: while let Some(c) = rest.chars().next() {
        let tables = [PLAIN, if german { GERMAN } else { &[] }];
        for (typed, shown) in tables.into_iter().flatten() {
            if let Some(behind) = rest.strip_prefix(typed) {
                out.push_str(shown);
                rest = behind;
                continue 'text;
            }
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
}

/// The quotation marks of a language as `babel` and `polyglossia` name it: outer, inner.
pub(super) fn quotation_marks(language: &str) -> [(&'static str, &'static str); 2] {
    match language {
        "german" | "ngerman" | "austrian" | "naustrian" | "czech" | "slovak" | "slovene" => {
            [("„", "“"), ("‚", "‘")]
        }
        "french" | "francais" | "frenchb" | "acadian" => [("« ", " »"), ("“", "”")],
        "italian" | "spanish" | "portuguese" | "portuges" | "russian" | "norsk" | "nswissgerman"
        | "swissgerman" => [("«", "»"), ("“", "”")],
        "polish" | "hungarian" | "romanian" | "dutch" => [("„", "”"), ("‚", "’")],
        "swedish" | "finnish" => [("”", "”"), ("’", "’")],
        _ => [("“", "”"), ("‘", "’")],
    }
}

/// A number as a counter's style prints it.
pub(super) fn counted(style: Style, number: usize) -> String {
    const SYMBOLS: [&str; 9] = ["*", "†", "‡", "§", "¶", "‖", "**", "††", "‡‡"];
    let letter = || char::from(b'a' + (number.clamp(1, 26) - 1) as u8).to_string();
    match style {
        Style::Arabic => number.to_string(),
        Style::Letter => letter(),
        Style::Capital => letter().to_uppercase(),
        Style::Roman => roman(number),
        Style::Symbol => {
            SYMBOLS.get(number.wrapping_sub(1)).map_or_else(|| number.to_string(), |s| (*s).to_owned())
        }
    }
}

/// How a counter is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Arabic,
    Roman,
    Letter,
    Capital,
    Symbol,
}

impl Style {
    /// The style that the definition of `\thefootnote` calls for.
    pub(super) fn of(definition: &str) -> Self {
        let styles = [
            ("\\fnsymbol", Style::Symbol),
            ("\\roman", Style::Roman),
            ("\\alph", Style::Letter),
            ("\\Alph", Style::Capital),
        ];
        styles
            .into_iter()
            .find(|(command, _)| definition.contains(command))
            .map_or(Style::Arabic, |(_, style)| style)
    }
}

fn roman(mut number: usize) -> String {
    const NUMERALS: [(usize, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut out = String::new();
    for (value, numeral) in NUMERALS {
        while number >= value && out.len() < 20 {
            out.push_str(numeral);
            number -= value;
        }
    }
    out
}
