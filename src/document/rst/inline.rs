//! Inline markup of reStructuredText.

use super::{Reader, is_label};
use crate::document::joined::Joined;

/// Names of targets match whatever their case and white space.
pub(super) fn normal(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A backslash goes, and the character behind it stays, unless it is white space.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
        } else if let Some(next) = chars.next().filter(|next| !next.is_whitespace()) {
            out.push(next);
        }
    }
    out
}

/// Markup found in a text.
enum Markup<'t> {
    /// Shown as it is: a literal, an inline target, a role without meaning.
    Shown { text: &'t str, end: usize },
    /// `[label]_`
    Callout { label: &'t str, end: usize },
    /// A reference: its text, and what it points to.
    Reference { text: &'t str, target: Target<'t>, end: usize },
    /// `|name|`
    Substitution { name: &'t str, end: usize },
    /// `*`, `**`
    Emphasis { end: usize },
}

enum Target<'t> {
    Named(&'t str),
    Anonymous,
    Url(String),
}

impl Reader<'_> {
    /// Reads the inline markup of a block.
    pub(super) fn inline(&mut self, block: &Joined) {
        let text = block.text.as_str();
        let mut shown = 0;
        let mut at = 0;
        while at < text.len() {
            let c = text[at..].chars().next().unwrap_or(' ');
            if c == '\\' {
                self.plain(block, shown, at);
                let next = text[at + 1..].chars().next();
                at += 1;
                shown = at;
                match next {
                    Some(next) if next.is_whitespace() => {
                        at += next.len_utf8();
                        shown = at;
                    }
                    Some(next) => at += next.len_utf8(),
                    None => {}
                }
                continue;
            }
            if let Some(end) = address(text, at) {
                at = end;
                continue;
            }
            let Some(markup) = markup(text, at, c) else {
                at += c.len_utf8();
                continue;
            };
            self.plain(block, shown, at);
            at = self.markup(block, at, markup).max(at + 1);
            shown = at;
        }
        self.plain(block, shown, text.len());
    }

    fn plain(&mut self, block: &Joined, from: usize, to: usize) {
        for (at, line) in block.pieces(from, to) {
            let place = self.places.at(at);
            self.draft.text(line.unwrap_or(" "), place);
        }
    }

    fn markup(&mut self, block: &Joined, at: usize, markup: Markup) -> usize {
        let place = self.places.at(block.source(at));
        match markup {
            Markup::Shown { text, end } => {
                self.draft.text(&text.replace('\n', " "), place);
                end
            }
            Markup::Emphasis { end } => end,
            Markup::Callout { label, end } => {
                let key = self.called(label);
                self.draft.call(key, place);
                end
            }
            Markup::Substitution { name, end } => {
                let known = self.names.substitutions.get(&normal(name));
                self.draft.text(known.copied().unwrap_or(name), place);
                end
            }
            Markup::Reference { text, target, end } => {
                let url = match &target {
                    Target::Url(url) => {
                        if !text.is_empty() {
                            self.names.targets.entry(normal(text)).or_insert_with(|| url.clone());
                        }
                        Some(url)
                    }
                    Target::Named(name) => self.names.targets.get(&normal(&unescaped(name))),
                    Target::Anonymous => {
                        self.called.anonymous += 1;
                        self.names.anonymous.get(self.called.anonymous - 1)
                    }
                };
                let shown = unescaped(&text.replace('\n', " "));
                match url {
                    Some(url) => {
                        self.draft.open_link(url, place);
                        self.draft.text(if shown.is_empty() { url } else { &shown }, place);
                        self.draft.close_link();
                    }
                    None => self.draft.text(&shown, place),
                }
                end
            }
        }
    }
}

/// The end of a URL that stands in the text by itself: no markup begins inside it.
fn address(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if !rest.starts_with("http") || text[..at].ends_with(char::is_alphanumeric) {
        return None;
    }
    rest.strip_prefix("https://").or(rest.strip_prefix("http://"))?;
    let stop = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`' | '"' | '\\' | '|'));
    let mut end = stop.unwrap_or(rest.len());
    if let Some(call) =
        rest[..end].match_indices('[').map(|(at, _)| at).find(|at| callout(&rest[*at..]).is_some())
    {
        end = call;
    }
    // `*https://a.example*`: the mark closes what was opened before.
    Some(at + rest[..end].trim_end_matches('*').len())
}

fn markup(text: &str, at: usize, c: char) -> Option<Markup<'_>> {
    let rest = &text[at..];
    match c {
        '`' if rest.starts_with("``") => {
            let end = rest[2..].find("``").filter(|end| *end > 0)? + 2;
            let end = end + rest[end + 2..].bytes().take_while(|b| *b == b'`').count();
            Some(Markup::Shown { text: &rest[2..end], end: at + end + 2 })
        }
        '`' => interpreted(text, at, None),
        ':' => {
            let (role, inside) = within(&rest[1..]).split_once('`')?;
            let role = role.strip_suffix(':').filter(|role| super::is_name(role))?;
            let start = at + 1 + within(&rest[1..]).len() - inside.len() - 1;
            free(text, at).then(|| interpreted(text, start, Some(role))).flatten()
        }
        '[' => {
            let label = callout(rest)?;
            Some(Markup::Callout { label, end: at + label.len() + 3 })
        }
        '|' => {
            let name = &rest[1..=within(&rest[1..]).find('|')?];
            let fits = !name.is_empty() && name.len() < 60 && name.trim() == name && !name.contains('\n');
            let behind = &rest[name.len() + 2..];
            let closed = !behind.starts_with(|c: char| c.is_alphanumeric());
            let mark = behind.bytes().take_while(|b| *b == b'_').count();
            (fits && closed && free(text, at))
                .then_some(Markup::Substitution { name, end: at + name.len() + 2 + mark })
        }
        '_' if rest.starts_with("_`") && free(text, at) => {
            let end = rest[2..].find('`')? + 2;
            Some(Markup::Shown { text: &rest[2..end], end: at + end + 1 })
        }
        '*' => emphasis(text, at),
        c if c.is_alphanumeric() && free(text, at) => {
            // `word_`, `word__`
            let near = &rest[..rest.floor_char_boundary(LONGEST_WORD)];
            let word =
                near.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '+')));
            let word = &near[..word.unwrap_or(near.len())];
            let word = word.trim_end_matches(['-', '.', ':', '+']);
            let name = word.trim_end_matches('_');
            let target = match word.len() - name.len() {
                1 => Target::Named(name),
                2 => Target::Anonymous,
                _ => return None,
            };
            (!name.contains("__")).then_some(Markup::Reference { text: name, target, end: at + word.len() })
        }
        _ => None,
    }
}

/// No reference of one word is longer, in bytes.
const LONGEST_WORD: usize = 400;

/// As far as a name can go.
fn within(rest: &str) -> &str {
    &rest[..rest.floor_char_boundary(80)]
}

/// May markup begin here? Not inside a word.
fn free(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '@' | '/'))
}

/// `[label]_`: the label.
fn callout(rest: &str) -> Option<&str> {
    let label = &rest.strip_prefix('[')?[..within(&rest[1..]).find(']')?];
    let ends = rest[label.len() + 2..].strip_prefix('_')?;
    (is_label(label) && !ends.starts_with(|c: char| c.is_alphanumeric() || c == '_')).then_some(label)
}

fn emphasis(text: &str, at: usize) -> Option<Markup<'_>> {
    let rest = &text[at..];
    let marks = rest.bytes().take_while(|b| *b == b'*').count();
    let before = text[..at].chars().next_back();
    let after = rest[marks..].chars().next();
    let opens = before.is_none_or(|c| c.is_whitespace() || "([{<\"'“‘«-/:—–".contains(c))
        && after.is_some_and(|c| !c.is_whitespace());
    let closes = before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric());
    // An opening mark without a closing one is an asterisk.
    let paired = || rest[marks..].contains(&"**"[..marks]);
    let opened = || text[..at].contains(&"**"[..marks]);
    (marks <= 2 && (opens && paired() || closes && opened())).then_some(Markup::Emphasis { end: at + marks })
}

/// A phrase in back-quotes at `at`, with what stands behind it: a reference, or text with a role.
fn interpreted<'t>(text: &'t str, at: usize, role: Option<&'t str>) -> Option<Markup<'t>> {
    let inside = &text[at + 1..];
    let close = inside
        .match_indices('`')
        .map(|(close, _)| close)
        .find(|close| *close > 0 && !inside[..*close].ends_with('\\'))?;
    let phrase = &inside[..close];
    if phrase.starts_with(char::is_whitespace) || role.is_none() && !free(text, at) {
        return None;
    }
    let behind = &inside[close + 1..];
    let marks = behind.bytes().take_while(|b| *b == b'_').count().min(2);
    let end = at + 1 + close + 1;
    let embedded = phrase.strip_suffix('>').and_then(|phrase| phrase.rsplit_once('<'));
    let embedded = embedded.filter(|(shown, _)| shown.is_empty() || shown.ends_with(char::is_whitespace));
    if let Some(role) = role {
        return Some(with_role(role, phrase, embedded, end));
    }
    if marks > 0 {
        let (shown, target) = match embedded {
            Some((shown, url)) => {
                let url: String = url.split_whitespace().collect();
                let url = unescaped(&url);
                match url.strip_suffix('_').filter(|name| !name.contains([':', '/'])) {
                    Some(_) => (shown.trim_end(), Target::Named(&phrase[shown.len() + 1..phrase.len() - 2])),
                    None => (shown.trim_end(), Target::Url(url)),
                }
            }
            None if marks == 2 => (phrase, Target::Anonymous),
            None => (phrase, Target::Named(phrase)),
        };
        return Some(Markup::Reference { text: shown, target, end: end + marks });
    }
    // `text`:role:
    if let Some(role) = behind.strip_prefix(':').and_then(|rest| rest.split_once(':')).map(|(role, _)| role)
        && super::is_name(role)
    {
        return Some(with_role(role, phrase, embedded, end + role.len() + 2));
    }
    Some(Markup::Shown { text: phrase, end })
}

fn with_role<'t>(
    role: &str,
    phrase: &'t str,
    embedded: Option<(&'t str, &'t str)>,
    end: usize,
) -> Markup<'t> {
    let (shown, named) = embedded.map_or((phrase, phrase), |(shown, named)| (shown.trim_end(), named));
    let number = named.split('#').next().unwrap_or_default().trim();
    let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let reference = |url: String| Markup::Reference { text: shown, target: Target::Url(url), end };
    match role {
        "pep" if numbered => reference(format!("https://peps.python.org/pep-{number:0>4}/")),
        "rfc" if numbered => reference(format!("https://datatracker.ietf.org/doc/html/rfc{number}")),
        // `~` shows the last part of a dotted name only.
        _ => match shown.strip_prefix('~') {
            Some(dotted) => Markup::Shown { text: dotted.rsplit('.').next().unwrap_or(dotted), end },
            None => Markup::Shown { text: shown.strip_prefix('!').unwrap_or(shown), end },
        },
    }
}
