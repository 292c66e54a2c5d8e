//! Citations by key: `\cite` and its like, the records that they name, `thebibliography`.

use super::input::{Argument, Spot};
use super::walk::Walker;

/// Commands that cite by key.
pub(super) const COMMANDS: &[&str] = &[
    "cite",
    "Cite",
    "citep",
    "citet",
    "Citep",
    "Citet",
    "citealp",
    "citealt",
    "citeauthor",
    "Citeauthor",
    "citeyear",
    "citeyearpar",
    "citetitle",
    "citedate",
    "citeurl",
    "parencite",
    "Parencite",
    "textcite",
    "Textcite",
    "footcite",
    "footcitetext",
    "autocite",
    "Autocite",
    "smartcite",
    "supercite",
    "fullcite",
    "footfullcite",
    "bibentry",
    "cites",
    "parencites",
    "textcites",
    "autocites",
    "footcites",
    "shortcite",
    "onlinecite",
    "nptextcite",
];

/// Does biblatex put citations into notes by itself?
pub(super) fn is_verbose(options: &str) -> bool {
    let value =
        |key: &str| options.split(',').filter_map(|o| o.split_once('=')).find(|(k, _)| k.trim() == key);
    let styles =
        ["verbose", "footnote", "oscola", "philosophy-verbose", "fiwi", "mla-footnote", "sbl", "historische"];
    let style = value("style").or(value("citestyle")).map_or("", |(_, style)| style.trim());
    value("autocite")
        .map(|(_, kind)| kind.trim())
        .map_or(styles.iter().any(|s| style.starts_with(s)), |kind| kind == "footnote")
}

/// What a command prints of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Short,
    Full,
    Author,
    Year,
    Title,
}

pub(super) fn cite<'t>(w: &mut Walker<'t>, name: &'t str, spot: Spot) {
    w.input.star();
    let notes = name.starts_with("foot")
        || matches!(name, "autocite" | "Autocite" | "autocites" | "smartcite") && w.verbose;
    let form = match name {
        _ if notes => Form::Full,
        "fullcite" | "bibentry" => Form::Full,
        "citeauthor" | "Citeauthor" => Form::Author,
        "citeyear" | "citeyearpar" | "citedate" => Form::Year,
        "citetitle" => Form::Title,
        _ => Form::Short,
    };
    let mut parts: Vec<[Option<Argument<'t>>; 3]> = Vec::new();
    loop {
        let before = w.input.optional();
        let after = w.input.optional();
        let Some(keys) = w.input.argument() else { break };
        // One text in brackets stands behind the citation, the first of two before it.
        parts.push(if after.is_some() { [before, after, Some(keys)] } else { [None, before, Some(keys)] });
        let rest = w.input.rest();
        if !name.ends_with('s') || !rest.starts_with(['[', '{']) {
            break;
        }
    }
    if w.hidden > 0 {
        return;
    }
    // Inside a note, a citation that would be a note stands in brackets.
    let opens = notes && !w.draft.in_note();
    if opens {
        let counter = &mut w.numbers.footnote;
        if name != "footcitetext" {
            counter.step();
        }
        let (key, label) = (counter.key(counter.value), counter.label(counter.value));
        let place = w.input.place(spot);
        if name != "footcitetext" {
            w.draft.call(key.as_str(), place);
        }
        w.draft.open_note(key, Some(label), place);
    }
    for (index, [before, after, keys]) in parts.into_iter().enumerate() {
        if index > 0 {
            w.text("; ", spot);
        }
        if let Some(before) = before.filter(|before| !before.text().trim().is_empty()) {
            let text = w.plain(&before.text());
            w.text(&format!("{text} "), spot);
        }
        let keys = keys.map(|keys| keys.text()).unwrap_or_default();
        for (index, key) in keys.split(',').map(str::trim).filter(|key| !key.is_empty()).enumerate() {
            if index > 0 {
                w.text("; ", spot);
            }
            one(w, key, form, spot);
        }
        if let Some(after) = after.filter(|after| !after.text().trim().is_empty()) {
            let text = w.plain(&after.text());
            let page = text.starts_with(|c: char| c.is_ascii_digit());
            let page = if page && form == Form::Full { "p. " } else { "" };
            w.text(&format!(", {page}{text}"), spot);
        }
    }
    if opens {
        w.text(".", spot);
        w.draft.close_note();
    }
}

fn one(w: &mut Walker, key: &str, form: Form, spot: Spot) {
    let place = w.input.place(spot);
    if let Some(record) = w.records.get(key) {
        if w.draft.in_note() {
            w.draft.open_given();
            let text = match form {
                Form::Full => record.text(),
                Form::Short => record.short(),
                Form::Author => record.authors.join(", "),
                Form::Year => record.date.map(|date| date.year.to_string()).unwrap_or_default(),
                Form::Title => record.title.clone().unwrap_or_default(),
            };
            w.draft.text(&text, place);
            w.draft.close_given(record.citation());
        } else {
            w.draft.call(format!("cite {key}"), place);
            if w.is_cited.insert(key.to_owned()) {
                w.cited.push(key.to_owned());
            }
        }
        return;
    }
    // An entry of `thebibliography`, which stands at the end.
    let label = format!("cite {key}");
    let known = w.labels.get(&label).or_else(|| w.known.get(&label)).map(|(number, _)| number.clone());
    w.unresolved |= known.is_none();
    w.text(&format!("[{}]", known.as_deref().unwrap_or(key)), spot);
    if known.is_none() || !w.draft.in_note() {
        w.draft.call(label, place);
    }
}

/// `\bibitem[label]{key}`
pub(super) fn entry<'t>(w: &mut Walker<'t>, _: &'t str, spot: Spot) {
    let label = w.input.optional().map(|label| w.plain(&label.text()));
    let key = w.input.argument().map_or("", |key| key.name());
    if w.hidden > 0 {
        return;
    }
    w.end_entry();
    w.numbers.entries += 1;
    let label = label.filter(|label| !label.is_empty()).unwrap_or_else(|| w.numbers.entries.to_string());
    let place = w.input.place(spot);
    w.labels.insert(format!("cite {key}"), (label.clone(), None));
    w.draft.open_reference(format!("cite {key}"), Some(label), place);
    w.entry_open = true;
}
