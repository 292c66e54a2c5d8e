//! Inline markup of `AsciiDoc`.

use std::cell::Cell;

use super::{NOTE, Reader};
use crate::document::joined::Joined;
use crate::document::tag;
use crate::place::{Lines, Place};

/// No inline construct is longer than this, in bytes.
const LONGEST: usize = 20_000;

/// What is open, and where it ends.
enum Open {
    Note,
    Link,
}

impl Reader<'_> {
    /// Reads the inline markup of a paragraph.
    pub(super) fn inline(&mut self, block: &Joined, places: &Lines) {
        let text = block.text.as_str();
        let mut open: Vec<(usize, usize, Open)> = Vec::new();
        let (mut at, mut shown) = (0, 0);
        while at < text.len() {
            if let Some((_, behind, what)) = open.pop_if(|(end, ..)| *end <= at) {
                self.plain(block, shown, at, places);
                match what {
                    Open::Note => self.draft.close_note(),
                    Open::Link => self.draft.close_link(),
                }
                (at, shown) = (behind.max(at), behind.max(at));
                continue;
            }
            let c = text[at..].chars().next().unwrap_or(' ');
            let in_note = open.iter().any(|(.., what)| matches!(what, Open::Note));
            let in_link = open.iter().any(|(.., what)| matches!(what, Open::Link));
            let Some(found) = construct(text, at, c, in_note, in_link, &self.lost) else {
                at += c.len_utf8();
                continue;
            };
            self.plain(block, shown, at, places);
            let place = places.at(block.source(at));
            match found {
                Construct::Note { name, inside, end } => {
                    if let Some(key) = self.note(name, inside == end - 1, place) {
                        self.draft.open_note(key, None, place);
                        open.push((end - 1, end, Open::Note));
                    }
                    at = if inside == end - 1 { end } else { inside };
                }
                Construct::Link { target, inside, stop, end } => {
                    let target = self.replaced(target);
                    self.draft.open_link(target.as_str(), place);
                    if inside == stop {
                        self.draft.text(target.strip_prefix("mailto:").unwrap_or(&target), place);
                        self.draft.close_link();
                        at = end;
                    } else {
                        open.push((stop, end, Open::Link));
                        at = inside;
                    }
                }
                Construct::Call { key, inside, end } => {
                    let known = text[inside..end].trim_end_matches('>').trim();
                    self.draft.call(key, place);
                    self.draft.text(known, place);
                    at = end;
                }
                Construct::Attribute { name, end } => {
                    let value = self.value(name).map(str::to_owned);
                    at = end;
                    match value {
                        // An address, which may go on, and be that of a link.
                        Some(value) if value.contains("://") && !in_link => {
                            let more = address_length(&text[end..]);
                            let target = format!("{value}{}", &text[end..end + more]);
                            at = end + more;
                            let label = text[at..]
                                .starts_with('[')
                                .then(|| link(text, "", at + 1, &self.lost))
                                .flatten();
                            match label {
                                Some(Construct::Link { inside, stop, end, .. }) => {
                                    self.draft.open_link(target, place);
                                    open.push((stop, end, Open::Link));
                                    at = inside;
                                }
                                _ => self.draft.text(&target, place),
                            }
                        }
                        Some(value) => self.draft.text(&value, place),
                        None => self.draft.text(&text[at - name.len() - 2..end], place),
                    }
                }
                Construct::Shown { shown, end } => {
                    self.draft.text(shown, place);
                    at = end;
                }
                Construct::Verbatim { inside, stop, end } => {
                    for (from, line) in block.pieces(inside, stop) {
                        self.draft.text(line.unwrap_or(" "), places.at(from));
                    }
                    at = end;
                }
            }
            shown = at;
        }
        self.plain(block, shown, text.len(), places);
        for (.., what) in open.into_iter().rev() {
            match what {
                Open::Note => self.draft.close_note(),
                Open::Link => self.draft.close_link(),
            }
        }
    }

    /// A footnote is called: its key, if it begins here.
    fn note(&mut self, name: &str, empty: bool, place: Place) -> Option<String> {
        if let Some(known) = self.named.get(name).filter(|_| empty || !name.is_empty()) {
            self.draft.call(known.as_str(), place);
            return None;
        }
        if empty {
            // It may yet come.
            self.draft.call(format!("{NOTE}{name}"), place);
            return None;
        }
        self.footnotes += 1;
        let key =
            if name.is_empty() { format!("{NOTE}{}.", self.footnotes) } else { format!("{NOTE}{name}") };
        if !name.is_empty() {
            self.named.insert(name.to_owned(), key.clone());
        }
        self.draft.call(key.as_str(), place);
        Some(key)
    }

    fn plain(&mut self, block: &Joined, from: usize, to: usize, places: &Lines) {
        for (at, line) in block.pieces(from.min(to), to) {
            let line = line.unwrap_or(" ");
            // A plus sign ends a line by force.
            let line = line.strip_suffix(" +").unwrap_or(line);
            self.draft.text(&tag::decoded(line), places.at(at));
        }
    }
}

/// A construct found in a text; `end` is behind it.
enum Construct<'t> {
    Note { name: &'t str, inside: usize, end: usize },
    Link { target: &'t str, inside: usize, stop: usize, end: usize },
    Call { key: &'t str, inside: usize, end: usize },
    Attribute { name: &'t str, end: usize },
    Shown { shown: &'static str, end: usize },
    Verbatim { inside: usize, stop: usize, end: usize },
}

fn construct<'t>(
    text: &'t str,
    at: usize,
    c: char,
    in_note: bool,
    in_link: bool,
    lost: &Cell<usize>,
) -> Option<Construct<'t>> {
    let rest = &text[at..];
    let word_before = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let hidden = |end: usize| Some(Construct::Shown { shown: "", end });
    match c {
        '\\' => {
            // It takes the meaning from what stands behind it; before anything else it is itself.
            let next = rest[1..].chars().next().filter(|next| *next != '\\')?;
            let takes = next == ']' || construct(text, at + 1, next, in_note, in_link, lost).is_some();
            takes.then_some(Construct::Verbatim {
                inside: at + 1,
                stop: at + 1 + next.len_utf8(),
                end: at + 1 + next.len_utf8(),
            })
        }
        'f' if !in_note => footnote(text, at, lost),
        'h' | 'l' | 'm' | 'x' | 'i' | 'a' | 'p' | 's' | 'k' | 'b' | 'c' => {
            named_macro(text, at, in_link, lost)
        }
        '<' if rest.starts_with("<<") => {
            let end = rest[..rest.floor_char_boundary(400)].find(">>")?;
            let (key, label) = rest[2..end].split_once(',').unwrap_or((&rest[2..end], ""));
            let inside = if label.is_empty() { at + end } else { at + end - label.len() };
            Some(Construct::Call { key: key.trim(), inside, end: at + end + 2 })
        }
        '<' => {
            // `<https://a.example>`
            let end = rest[..rest.floor_char_boundary(4000)].find(['>', ' ', '\n'])?;
            (rest[1..].starts_with("http") && rest[end..].starts_with('>')).then_some(Construct::Link {
                target: &rest[1..end],
                inside: at + end,
                stop: at + end,
                end: at + end + 1,
            })
        }
        '(' if rest.starts_with("(((") => {
            let end = rest[..rest.floor_char_boundary(LONGEST)].find(")))")?;
            hidden(at + end + 3)
        }
        '(' if rest.starts_with("((") => {
            let end = rest[..rest.floor_char_boundary(400)].find("))")?;
            Some(Construct::Verbatim { inside: at + 2, stop: at + end, end: at + end + 2 })
        }
        '[' if rest.starts_with("[[") => {
            let end = rest[..rest.floor_char_boundary(200)].find("]]")?;
            hidden(at + end + 2)
        }
        // `[.role]#text#`
        '[' => {
            let end = rest[..rest.floor_char_boundary(80)].find("]#").filter(|end| *end > 1)?;
            (!rest[..end].contains([' ', '\n'])).then(|| hidden(at + end + 1)).flatten()
        }
        '{' => {
            let name = &rest[1..rest[..rest.floor_char_boundary(80)].find('}')?];
            let plain = name.starts_with(char::is_alphanumeric)
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            plain.then_some(Construct::Attribute { name, end: at + name.len() + 2 })
        }
        '+' => {
            let marks = rest.bytes().take_while(|b| *b == b'+').count().min(3);
            let mark = &"+++"[..marks];
            let stop =
                rest[marks..rest.floor_char_boundary(LONGEST)].find(mark).filter(|stop| *stop > 0)? + marks;
            let inside = &rest[marks..stop];
            let fits = marks > 1
                || !word_before
                    && !inside.starts_with(char::is_whitespace)
                    && !inside.ends_with(char::is_whitespace);
            fits.then_some(Construct::Verbatim {
                inside: at + marks,
                stop: at + stop,
                end: at + stop + marks,
            })
        }
        '"' if rest.starts_with("\"`") => Some(Construct::Shown { shown: "“", end: at + 2 }),
        '\'' if rest.starts_with("'`") => Some(Construct::Shown { shown: "‘", end: at + 2 }),
        '`' if rest.starts_with("`\"") && near_before(text, at).contains("\"`") => {
            Some(Construct::Shown { shown: "”", end: at + 2 })
        }
        '`' if rest.starts_with("`'") => Some(Construct::Shown { shown: "’", end: at + 2 }),
        '\'' if word_before && rest[1..].starts_with(char::is_alphanumeric) => {
            Some(Construct::Shown { shown: "’", end: at + 1 })
        }
        '-' if rest.starts_with("--") && !rest.starts_with("---") => {
            let spaced =
                text[..at].ends_with(char::is_whitespace) && rest[2..].starts_with(char::is_whitespace);
            let joined = word_before && rest[2..].starts_with(char::is_alphanumeric);
            (spaced || joined).then_some(Construct::Shown { shown: "—", end: at + 2 })
        }
        '.' if rest.starts_with("...") => Some(Construct::Shown { shown: "…", end: at + 3 }),
        '*' | '_' | '`' | '#' | '^' | '~' => mark(text, at, c).and_then(|marks| hidden(at + marks)),
        _ => None,
    }
}

/// `footnote:[…]`, `footnote:name[…]`, `footnoteref:[name,…]`.
fn footnote<'t>(text: &'t str, at: usize, lost: &Cell<usize>) -> Option<Construct<'t>> {
    let rest = &text[at..];
    let named_inside = rest.starts_with("footnoteref:[");
    let behind = rest.strip_prefix("footnoteref:").or(rest.strip_prefix("footnote:"))?;
    let name = &behind[..behind[..behind.floor_char_boundary(80)].find('[')?];
    if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        return None;
    }
    let mut inside = text.len() - behind.len() + name.len() + 1;
    let end = bracket_end(text, inside, lost)? + 1;
    let mut name = name;
    if named_inside {
        let content = &text[inside..end - 1];
        let (first, _) = content.split_once(',').unwrap_or((content, ""));
        name = first.trim();
        inside = if first.len() == content.len() { end - 1 } else { inside + first.len() + 1 };
    }
    Some(Construct::Note { name, inside, end })
}

/// Where the bracket closes that opened before `from`: at the first `]` that is neither escaped nor
/// that of a link. `lost` counts the bytes that were looked at for brackets that do not close.
fn bracket_end(text: &str, from: usize, lost: &Cell<usize>) -> Option<usize> {
    /// Honest texts leave few brackets open.
    const MOST_LOST: usize = 20_000_000;
    let bytes = text.as_bytes();
    let mut links = 0;
    let longest = if lost.get() > MOST_LOST { 0 } else { LONGEST };
    let end = text.floor_char_boundary(from + longest);
    let last = text[from..end].rfind(']').map_or(from, |last| from + last + 1);
    let end = end.min(last);
    let mut passed = from;
    for at in from..end {
        if at < passed {
            continue;
        }
        match bytes[at] {
            // `++[++`: brackets that are passed through.
            b'+' if bytes[at..].starts_with(b"++") => {
                let mark = if bytes[at..].starts_with(b"+++") { "+++" } else { "++" };
                let inside = at + mark.len();
                let near = &text[inside..text.floor_char_boundary(inside + 400)];
                passed = near.find(mark).map_or(at + 1, |close| inside + close + mark.len());
            }
            b'[' if bytes[at..].starts_with(b"[[") => {
                let near = &text[at..text.floor_char_boundary(at + 200)];
                passed = near.find("]]").map_or(at + 1, |close| at + close + 2);
            }
            b'[' => {
                let before = &text[text.ceil_char_boundary(at.saturating_sub(300)).max(from)..at];
                let word = before.rsplit(|c: char| c.is_whitespace() || c == '[').next().unwrap_or_default();
                let link = word.contains("://")
                    || word.contains("link:")
                    || word.contains("mailto:")
                    || word.contains("xref:");
                links += usize::from(link);
            }
            b']' if bytes[at - 1] == b'\\' => {}
            b']' if links > 0 => links -= 1,
            b']' => return Some(at),
            _ => {}
        }
    }
    lost.set(lost.get() + end - from);
    None
}

fn named_macro<'t>(text: &'t str, at: usize, in_link: bool, lost: &Cell<usize>) -> Option<Construct<'t>> {
    let rest = &text[at..];
    let word_before = text[..at].ends_with(|c: char| c.is_alphanumeric());
    if word_before && !rest.starts_with("http") {
        return None;
    }
    if rest.starts_with("http://") || rest.starts_with("https://") {
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>'))
            .unwrap_or(rest.len());
        let url = &rest[..length];
        if rest[length..].starts_with('[') && !in_link && !url.ends_with([':', ';']) {
            return link(text, url, at + length + 1, lost);
        }
        // A bare address holds no markup; what belongs to it is told later.
        return Some(Construct::Verbatim { inside: at, stop: at + length, end: at + length });
    }
    let head = &rest[..rest.floor_char_boundary(2000)];
    let (name, behind) = head.split_once(':')?;
    match name {
        "link" | "mailto" if !in_link => {
            let passed = behind.strip_prefix("++");
            let (target, open) = if let Some(passed) = passed {
                let target = &passed[..passed.find("++")?];
                (target, at + name.len() + 1 + target.len() + 4)
            } else {
                let target = &behind[..behind.find('[')?];
                (target, at + name.len() + 1 + target.len())
            };
            let plain = !target.is_empty() && (passed.is_some() || !target.contains(char::is_whitespace));
            let target = if name == "mailto" { &text[at..open] } else { target };
            (plain && text[open..].starts_with('[')).then(|| link(text, target, open + 1, lost)).flatten()
        }
        "xref" | "pass" | "stem" | "latexmath" | "asciimath" | "kbd" | "btn" | "menu" => {
            let open = behind.find('[').filter(|open| !behind[..*open].contains(char::is_whitespace))?;
            let inside = at + name.len() + 1 + open + 1;
            let stop = bracket_end(text, inside, lost)?;
            Some(Construct::Verbatim { inside, stop, end: stop + 1 })
        }
        "image" | "icon" | "indexterm" | "indexterm2" | "anchor" => {
            let open = behind.find('[').filter(|open| !behind[..*open].contains(char::is_whitespace))?;
            let inside = at + name.len() + 1 + open + 1;
            let stop = bracket_end(text, inside, lost)?;
            let from = if name == "indexterm2" { inside } else { stop };
            Some(Construct::Verbatim { inside: from, stop, end: stop + 1 })
        }
        _ => None,
    }
}

/// How far an address goes.
fn address_length(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>')).unwrap_or(rest.len())
}

/// The text of a link from `inside` on, without its attributes: `[text,window=_blank]`, `["a, b",role=x]`,
/// `[text^]`.
fn link<'t>(text: &'t str, target: &'t str, inside: usize, lost: &Cell<usize>) -> Option<Construct<'t>> {
    let stop = bracket_end(text, inside, lost)?;
    let label = &text[inside..stop];
    let (mut from, mut to) = (inside, stop);
    if label.starts_with('"')
        && let Some(close) = label[1..].find('"').filter(|_| label.contains('='))
    {
        (from, to) = (inside + 1, inside + 1 + close);
    } else if let Some(comma) = label.find(',').filter(|comma| label[*comma..].contains('=')) {
        to = inside + comma;
    } else if label.contains('=') && !label.contains(' ') {
        to = inside;
    }
    if text[from..to].ends_with('^') {
        to -= 1;
    }
    Some(Construct::Link { target, inside: from, stop: to, end: stop + 1 })
}

/// Is this the mark of a formatted text? How many characters it has.
fn mark(text: &str, at: usize, c: char) -> Option<usize> {
    let rest = &text[at..];
    let marks = if rest[c.len_utf8()..].starts_with(c) { 2 } else { 1 };
    let mark = &rest[..marks];
    let before = text[..at].chars().next_back();
    let after = rest[marks..].chars().next();
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let free = marks == 2 || matches!(c, '^' | '~');
    let opens = (free || !word(before)) && after.is_some_and(|c| !c.is_whitespace());
    let closes = before.is_some_and(|c| !c.is_whitespace()) && (free || !word(after));
    let near_after = &rest[marks..rest.floor_char_boundary(4000).max(marks)];
    (opens && near_after.contains(mark) || closes && near_before(text, at).contains(mark)).then_some(marks)
}

/// What stands shortly before a place.
fn near_before(text: &str, at: usize) -> &str {
    &text[text.floor_char_boundary(at.saturating_sub(4000))..at]
}
