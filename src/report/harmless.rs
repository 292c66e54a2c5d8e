//! JSON that does nothing to a terminal.

use std::io::{self, Write};

/// Escapes what JSON lets stand in a string and a terminal obeys: DEL, the control characters U+0080 to
/// U+009F, and the marks that turn the direction of writing. Takes JSON as a serializer writes it, which
/// has such characters in strings only and never writes a part of one.
pub(super) struct Harmless<W>(pub(super) W);

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        let mut written = 0;
        for at in memchr::memchr3_iter(0x7F, 0xC2, 0xE2, json) {
            let (length, escape) = match json[at..] {
                [0x7F, ..] => (1, 0x7F),
                [0xC2, low @ 0x80..=0x9F, ..] => (2, u32::from(low)),
                [0xE2, 0x80, low @ 0xAA..=0xAE, ..] => (3, 0x2000 | u32::from(low & 0x3F)),
                [0xE2, 0x81, low @ 0xA6..=0xA9, ..] => (3, 0x2040 | u32::from(low & 0x3F)),
                _ => continue,
            };
            self.0.write_all(&json[written..at])?;
            write!(self.0, "\\u{escape:04x}")?;
            written = at + length;
        }
        self.0.write_all(&json[written..])?;
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::is_obeyed;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_means_the_same() {
        let text = "a\u{7f}b\u{9b}31m \u{80}\u{9f}\u{202a}\u{202e}c\u{2066}\u{2069} but é ° “x” € \u{a0}\u{2019}\u{1f600}";
        let mut out = Vec::new();
        serde_json::to_writer(Harmless(&mut out), text).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(!json.contains(is_obeyed), "{json:?}");
        assert!(json.contains("é ° “x” €"), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
