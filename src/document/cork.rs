//! TeX's own eight-bit encoding (T1, “Cork”), which shows through where fonts do not name their glyphs.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What a code stands for in TeX's own eight-bit encoding (T1, “Cork”), beyond ASCII. Fonts that draw
/// their glyphs as bitmaps and do not name them come from TeX, and are in this encoding.
pub(super) fn text(code: u32) -> &'static str {
    const LOW: [&str; 32] = [
        "`", "´", "ˆ", "˜", "¨", "˝", "˚", "ˇ", "˘", "¯", "˙", "¸", "˛", "‚", "‹", "›", "“", "”", "„", "«",
        "»", "–", "—", "", "", "ı", "ȷ", "ff", "fi", "fl", "ffi", "ffl",
    ];
    const HIGH: [&str; 128] = [
        "Ă", "Ą", "Ć", "Č", "Ď", "Ě", "Ę", "Ğ", "Ĺ", "Ľ", "Ł", "Ń", "Ň", "Ŋ", "Ő", "Ŕ", "Ř", "Ś", "Š", "Ş",
        "Ť", "Ţ", "Ű", "Ů", "Ÿ", "Ź", "Ž", "Ż", "Ĳ", "İ", "đ", "§", "ă", "ą", "ć", "č", "ď", "ě", "ę", "ğ",
        "ĺ", "ľ", "ł", "ń", "ň", "ŋ", "ő", "ŕ", "ř", "ś", "š", "ş", "ť", "ţ", "ű", "ů", "ÿ", "ź", "ž", "ż",
        "ĳ", "¡", "¿", "£", "À", "Á", "Â", "Ã", "Ä", "Å", "Æ", "Ç", "È", "É", "Ê", "Ë", "Ì", "Í", "Î", "Ï",
        "Ð", "Ñ", "Ò", "Ó", "Ô", "Õ", "Ö", "Œ", "Ø", "Ù", "Ú", "Û", "Ü", "Ý", "Þ", "SS", "à", "á", "â", "ã",
        "ä", "å", "æ", "ç", "è", "é", "ê", "ë", "ì", "í", "î", "ï", "ð", "ñ", "ò", "ó", "ô", "õ", "ö", "œ",
        "ø", "ù", "ú", "û", "ü", "ý", "þ", "ß",
    ];
    match code as usize {
        code @ 0..32 => LOW[code],
        127 => "-",
        code @ 128..256 => HIGH[code - 128],
        _ => "",
    }
}

/// The text with what TeX's fonts leave in it put right: codes of ligatures, quotes and dashes that a
/// converter could not name and left as control characters, and dotless letters below their accents.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    let coded = has_codes(text);
    let dotless =
        ["ı", "ȷ"].iter().any(|letter| memchr::memmem::find(text.as_bytes(), letter.as_bytes()).is_some());
    if !coded && !dotless {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let accent = next.filter(|next| ('\u{300}'..='\u{314}').contains(next));
        match (c, accent) {
            ('ı' | 'ȷ', Some(accent)) => {
                chars.next();
                out.extend([if c == 'ı' { 'i' } else { 'j' }, accent].into_iter().nfc());
            }
            ('\u{E}'..='\u{1F}', _) if coded && !(c == '\u{1B}' && next == Some('[')) => {
                out.push_str(self::text(c.into()));
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Codes of ligatures stand beside letters, or quotes around words.
fn has_codes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let beside = |at: usize| {
        let is_letter =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
        is_letter(at.checked_sub(1)) || is_letter(Some(at + 1))
    };
    memchr::memchr3_iter(0x1B, 0x1C, 0x10, bytes)
        .any(|at| beside(at) && (bytes[at] != 0x10 || memchr::memchr(0x11, bytes).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_ligatures_and_quotes_are_read() {
        assert_eq!(
            decoded("an o\u{1E}ce of \u{10}speci\u{1C}c\u{11} a\u{1B}airs \u{15} Paı\u{301}s"),
            "an office of “specific” affairs – País"
        );
        assert_eq!(decoded("red \u{1B}[31mtext\u{1B}[0m"), "red \u{1B}[31mtext\u{1B}[0m");
        assert!(matches!(decoded("ordinary text"), Cow::Borrowed(_)));
    }
}
