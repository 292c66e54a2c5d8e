//! Fields: an instruction that Word carries out, and the result that it last gave.
//!
//! Reference managers keep whole records, with dozens of addresses, in instructions that nobody
//! ever sees. Only the result is text; of the instructions, only that of a hyperlink means anything.

/// The fields around the place that is being read, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// The result has begun.
    shown: bool,
    is_link: bool,
}

impl Fields {
    /// A field begins with its instruction.
    pub(super) fn begin(&mut self) {
        self.open.push(Field::default());
    }

    /// A piece of the instruction of the innermost field.
    pub(super) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|field| !field.shown) {
            field.instruction.push_str(text);
        }
    }

    /// The instruction ends and the result begins; the target, if it is a hyperlink.
    pub(super) fn separate(&mut self) -> Option<String> {
        let field = self.open.last_mut().filter(|field| !field.shown)?;
        field.shown = true;
        let target = target(&field.instruction);
        field.is_link = target.is_some();
        target
    }

    /// The innermost field ends; whether it was a hyperlink.
    pub(super) fn end(&mut self) -> bool {
        self.open.pop().is_some_and(|field| field.is_link)
    }

    /// Whether what is read now is an instruction.
    pub(super) fn hide(&self) -> bool {
        self.open.iter().any(|field| !field.shown)
    }

    /// A paragraph ends. An instruction never goes beyond it: where one does, its end was lost.
    pub(super) fn end_paragraph(&mut self) {
        self.open.retain(|field| field.shown);
    }
}

/// The target of a `HYPERLINK` instruction: `HYPERLINK "https://a.example/b" \l "c" \o "tip"`.
pub(super) fn target(instruction: &str) -> Option<String> {
    let mut words = words(instruction).into_iter();
    if !words.next()?.0.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let (mut address, mut anchor) = (None, None);
    while let Some((word, quoted)) = words.next() {
        match (word.as_str(), quoted) {
            ("\\l", false) => anchor = words.next().map(|(word, _)| word),
            ("\\o" | "\\t", false) => drop(words.next()),
            (switch, false) if switch.starts_with('\\') => {}
            _ => address = address.or(Some(word)),
        }
    }
    match (address.unwrap_or_default(), anchor) {
        (address, Some(anchor)) => Some(format!("{address}#{anchor}")),
        (address, None) => Some(address),
    }
}

/// Words, and whether each stood in quotation marks.
fn words(instruction: &str) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    let mut chars = instruction.chars().peekable();
    while let Some(first) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let quoted = matches!(first, '"' | '“' | '”');
        let mut word = if quoted { String::new() } else { String::from(first) };
        while let Some(c) = chars.next() {
            match c {
                '"' | '“' | '”' if quoted => break,
                '\\' if quoted && matches!(chars.peek(), Some('\\' | '"')) => word.extend(chars.next()),
                c if !quoted && c.is_whitespace() => break,
                c => word.push(c),
            }
        }
        words.push((word, quoted));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::target;

    #[track_caller]
    fn check(instruction: &str, want: Option<&str>) {
        assert_eq!(target(instruction).as_deref(), want, "{instruction}");
    }

    #[test]
    fn instructions_of_hyperlinks_tell_their_target() {
        check(r#" HYPERLINK "https://a.example/b" "#, Some("https://a.example/b"));
        check(r#"HYPERLINK "https://a.example/b" \l "c" \o "Tip of b""#, Some("https://a.example/b#c"));
        check(r#"HYPERLINK \l "_Toc12""#, Some("#_Toc12"));
        check(r"HYPERLINK https://a.example/b \h", Some("https://a.example/b"));
        check(r#"PAGEREF _Toc12 \h "https://a.example""#, None);
        check(r#" ADDIN ZOTERO_ITEM CSL_CITATION {"URL":"https://a.example"}"#, None);
    }
}
