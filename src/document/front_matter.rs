//! What a document says of itself before it begins: YAML between `---`, TOML between `+++`, Pandoc's
//! title block, the header lines of `MultiMarkdown` and Pelican.
//!
//! Only title, authors and date are read; everything else is for other programs.

use super::Document;
use crate::date;

/// One key with what follows it: the rest of its line, and the lines that are indented below.
struct Entry<'t> {
    key: String,
    value: &'t str,
    below: Vec<&'t str>,
}

/// Reads YAML or TOML.
pub(super) fn read(text: &str, document: &mut Document) {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let inner = line.starts_with([' ', '\t', '-', ']']);
        match line.split_once([':', '=']) {
            Some((key, value)) if !inner => {
                let key = key.trim().trim_matches('"').to_ascii_lowercase();
                entries.push(Entry { key, value: value.trim(), below: Vec::new() });
            }
            _ => {
                if let Some(entry) = entries.last_mut() {
                    entry.below.push(line);
                }
            }
        }
    }
    for entry in &entries {
        match entry.key.as_str() {
            "title" => document.title = scalar(entry),
            "date" | "published" | "pubdate" | "publishdate" if document.date.is_none() => {
                let value = scalar(entry).unwrap_or_default();
                let read = || date::parse(&value).filter(|found| !found.impossible).map(|found| found.date);
                document.date = value.parse().ok().or_else(read);
            }
            "author" | "authors" | "by" => document.authors.extend(authors(entry)),
            _ => {}
        }
    }
}

/// Pandoc's title block: `% Title`, `% Author; Author`, `% Date`.
pub(super) fn percent_block(text: &str, document: &mut Document) {
    let mut fields = text.lines().take(3).map_while(|line| line.strip_prefix('%')).map(str::trim);
    let Some(title) = fields.next() else { return };
    document.title = (!title.is_empty()).then(|| title.to_owned());
    document.authors = fields.next().map(|names| split_names(names, &[';'])).unwrap_or_default();
    document.date = fields.next().and_then(date::parse).filter(|d| !d.impossible).map(|d| d.date);
}

/// `Title: …` and other such lines up to the first blank one. A lone line with a colon is prose.
pub(super) fn header_lines(text: &str, document: &mut Document) {
    let head = text.split("\n\n").next().unwrap_or_default();
    let is_header = |line: &str| {
        line.split_once(": ").is_some_and(|(key, _)| {
            !key.is_empty() && key.len() < 24 && key.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
    };
    let titled = head.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("title:"));
    if titled && head.lines().count() > 1 && head.lines().all(is_header) {
        read(head, document);
    }
}

/// A value on its line, or folded over the lines below it.
fn scalar(entry: &Entry) -> Option<String> {
    let folded = entry.value.is_empty() || entry.value.starts_with(['>', '|']);
    let text = if folded {
        entry.below.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    } else {
        entry.value.to_owned()
    };
    let text = unquoted(&text);
    (!text.is_empty()).then_some(text)
}

fn authors(entry: &Entry) -> Vec<String> {
    if let Some(list) = entry.value.strip_prefix('[') {
        let whole = format!("{list} {}", entry.below.join(" "));
        let inner = whole.split(']').next().unwrap_or_default();
        return outside_quotes(inner, ',')
            .into_iter()
            .map(unquoted)
            .filter(|name| !name.is_empty())
            .collect();
    }
    if let Some(map) = entry.value.strip_prefix('{') {
        let fields = outside_quotes(map.trim_end_matches('}'), ',');
        return fields.into_iter().filter_map(name_field).take(1).collect();
    }
    if !entry.value.is_empty() {
        return split_names(&unquoted(entry.value), &[';', ',']);
    }
    let mut names: Vec<String> = Vec::new();
    // Whether the name of the item at hand is known, and the given name that stands before its family.
    let mut named = false;
    let mut given: Option<String> = None;
    for line in &entry.below {
        let item = line.trim_start().strip_prefix('-').map(str::trim);
        if item.is_some() {
            named = false;
            given = None;
        }
        let text = item.unwrap_or(line.trim());
        let text = text.trim_start_matches('{').trim_end_matches('}');
        let key = |keys: [&str; 2]| keys.into_iter().find_map(|key| text.strip_prefix(key)).map(unquoted);
        if named {
            continue;
        }
        let whole = name_field(text).or_else(|| {
            let plain =
                item.filter(|item| !item.is_empty() && !item.contains(": ") && !item.ends_with("name:"))?;
            Some(unquoted(plain.trim_end_matches(':')))
        });
        if let Some(first) = key(["given:", "first:"]) {
            given = Some(first);
        } else if let Some(last) = key(["family:", "last:"]) {
            names.push(format!("{} {last}", given.take().unwrap_or_default()).trim().to_owned());
            named = true;
        } else if let Some(name) = whole {
            names.push(name);
            named = true;
        }
    }
    names
}

/// `name: Anna Bell`; a name may itself be a map with a `literal`.
fn name_field(text: &str) -> Option<String> {
    let (key, value) = text.split_once(':')?;
    let value = unquoted(value);
    (matches!(key.trim().trim_matches('"'), "name" | "literal") && !value.is_empty()).then_some(value)
}

/// Splits at `marks`, *and* and *&*; a comma parts two names only where each side is one.
fn split_names(text: &str, marks: &[char]) -> Vec<String> {
    let parts = |marks: &[char]| -> Vec<String> {
        let pieces =
            text.split(marks).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & "));
        let pieces = pieces.map(|name| name.trim().trim_start_matches("and ").to_owned());
        pieces.filter(|name| !name.is_empty()).collect()
    };
    let all = parts(marks);
    if all.iter().all(|name| name.contains(' ')) { all } else { parts(&[';']) }
}

fn outside_quotes(text: &str, mark: char) -> Vec<&str> {
    let mut quote = None;
    text.split(|c| {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == mark
    })
    .collect()
}

/// A value without its quotation marks, or without the comment behind it.
fn unquoted(value: &str) -> String {
    let value = value.trim();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else { return value.split(" #").next().unwrap_or_default().trim().to_owned() };
    let mut inner = String::new();
    let mut chars = value[1..].chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quote == '"' => inner.extend(chars.next()),
            '\'' if quote == '\'' && chars.peek() == Some(&'\'') => inner.extend(chars.next()),
            c if c == quote => return inner.trim().to_owned(),
            c => inner.push(c),
        }
    }
    // The mark was not a quotation mark: `'Tis the season`.
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, title: Option<&str>, authors: &[&str], date: Option<&str>) {
        let mut document = Document::default();
        read(text, &mut document);
        assert_eq!(document.title.as_deref(), title);
        assert_eq!(document.authors, authors);
        assert_eq!(document.date.map(|date| date.to_string()).as_deref(), date);
    }

    #[test]
    fn yaml_and_toml_in_the_usual_shapes() {
        check(
            "title: \"The \\\"Deed\\\"\"\nauthor: Bell, Anna\n",
            Some("The \"Deed\""),
            &["Bell, Anna"],
            None,
        );
        check("title: 'Anna''s Deed' # draft\ndate: 2024-05\n", Some("Anna's Deed"), &[], Some("2024-05"));
        check("authors: [Anna Bell, \"Roe, Jo\"]\n", None, &["Anna Bell", "Roe, Jo"], None);
        check("author: Anna Bell, Jo Roe and Max Stern\n", None, &["Anna Bell", "Jo Roe", "Max Stern"], None);
        check(
            "author:\n  - name: Anna Bell\n    email: a@b.example\n  - Jo Roe\n",
            None,
            &["Anna Bell", "Jo Roe"],
            None,
        );
        check("author:\n- name:\n    given: Anna\n    family: Bell\n", None, &["Anna Bell"], None);
        check("author:\n  name: Anna Bell\n  url: x\n", None, &["Anna Bell"], None);
        check(
            "title: >\n  A long\n  title\ndate: 2024-05-06T10:00:00+02:00\n",
            Some("A long title"),
            &[],
            Some("2024-05-06"),
        );
        check(
            "title = \"Deed\"\ndate = 2024-05-06\nauthors = [\n  \"Anna Bell\",\n  \"Jo Roe\",\n]\n",
            Some("Deed"),
            &["Anna Bell", "Jo Roe"],
            Some("2024-05-06"),
        );
    }

    #[test]
    fn other_heads_of_a_document() {
        let mut document = Document::default();
        percent_block("% The Deed\n% Anna Bell; Jo Roe\n% 6 May 2024\n\nText", &mut document);
        assert_eq!((document.title.as_deref(), document.authors.len()), (Some("The Deed"), 2));
        let mut document = Document::default();
        header_lines("Title: The Deed\nAuthor: Anna Bell\nDate: 2024-05-06\n\nText", &mut document);
        assert_eq!((document.title.as_deref(), document.authors.len()), (Some("The Deed"), 1));
        let mut document = Document::default();
        header_lines("Title: a word\nof prose that goes on.\n\nText", &mut document);
        assert_eq!(document.title, None);
    }
}
