//! Titles without the site's name, authors without what surrounds their names.

use url::Url;

use crate::fold::{fold, words};

/// Cuts the site's name off a title: `Headline | The Site`, `The Site: Headline`.
pub(super) fn without_site(title: &str, site: Option<&str>, url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    let label = host.split('.').next().unwrap_or_default();
    let is_site = |part: &str| {
        let squeezed: String = words(part).concat();
        let site_squeezed = site.map(|s| words(s).concat()).unwrap_or_default();
        !squeezed.is_empty()
            && (squeezed == site_squeezed
                || !site_squeezed.is_empty()
                    && (site_squeezed.contains(&squeezed) && squeezed.len() > 3
                        || squeezed.contains(&site_squeezed) && part.len() < 60)
                || label.len() > 2
                    && (squeezed == fold(label).replace('-', "")
                        || squeezed.replace("the", "") == label
                        || fold(host).replace(['.', '-'], "").contains(&squeezed) && squeezed.len() > 4))
    };
    if !title.contains(['|', '–', '—', '·', '»', '-', ':', '•']) {
        return title.to_owned();
    }
    for mark in [" | ", " – ", " — ", " · ", " » ", " - ", ": ", " • "] {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && mark != ": "
            && is_site(tail)
            && !head.trim().is_empty()
        {
            return head.trim().to_owned();
        }
        if let Some((head, tail)) = title.split_once(mark)
            && is_site(head)
            && !tail.trim().is_empty()
        {
            return tail.trim().to_owned();
        }
    }
    title.to_owned()
}

/// `By Anna Rossi and Luca Bianchi` → the names; addresses and handles are none.
pub(super) fn author_names(text: &str) -> Vec<String> {
    let text = crate::fold::plain_line(text);
    if text.contains("://") || text.contains('@') || text.len() > 200 {
        return Vec::new();
    }
    let folded = fold(&text);
    let by = ["by ", "di ", "von ", "par ", "por "].iter().find(|by| folded.starts_with(**by));
    let names = by.and_then(|by| text.get(by.len()..)).unwrap_or(&text);
    names
        .split([';', '|'])
        .flat_map(|part| part.split(" and "))
        .map(|name| name.trim().trim_end_matches(',').to_owned())
        .filter(|name| !name.is_empty() && name.contains(char::is_alphabetic))
        .collect()
}

/// How much two titles share, 0 to 1: words that both have, of the words of the shorter one.
pub(super) fn shared<W: PartialEq>(a: &[W], b: &[W]) -> f64 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return 0.0;
    }
    let common = short.iter().filter(|word| long.contains(word)).count();
    common as f64 / short.len() as f64 * (if long.len() > 4 && short.len() < 3 { 0.4 } else { 1.0 })
}
