//! Addresses that were damaged on the way into the note.

use super::{Address, Case, Check, Example, Findings, Severity};

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "malformed-url",
        severity: Severity::Error,
        summary: "An address is misspelt in a way that no browser follows: a doubled or broken scheme, no host.",
        explanation: "\
“https://https://…”, “http//…”, “htpps://…”: the address was pasted over another one or typed by hand. A
reader who clicks gets nowhere, whatever the server holds, so this is an error. The finding gives the
address as it was probably meant.

A scheme is called misspelt only where the rest can be nothing but an address.",
        examples: &[
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://https://ledger.example/tolls.\n",
                &["has its scheme twice"],
            ),
            Example::text(
                "The tolls rose.1\n\n1 Ada Lind, “Tolls”, in The Ledger, 3 May 2021, http//ledger.example/tolls.\n",
                &["misspelt"],
            ),
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://web.archive.org/web/20210503/https://ledger.example/tolls.\n",
                &[],
            ),
        ],
        run: malformed,
    },
    Check {
        rule: "truncated-url",
        severity: Severity::Warning,
        summary: "An address looks cut off: it ends in an ellipsis, or in a mark after which an address goes on.",
        explanation: "\
Programs that show a long address shorten it with an ellipsis, and copying takes the ellipsis along.
An address that ends in a hyphen or an equals sign probably lost its end at a line break. Such an
address leads nowhere, or to another page; the finding asks to paste it anew.

A hyphen is reported only behind several words joined by hyphens, as headlines are.",
        examples: &[
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://ledger.example/2021/tolls-rise-in-...\n",
                &["ends in an ellipsis"],
            ),
            Example::markdown(
                "One.[^1]\n\n[^1]: Ada Lind, “Tolls”, in The Ledger, 3 May 2021, https://ledger.example/2021/tolls-rise. And so on...\n",
                &[],
            ),
        ],
        run: truncated,
    },
];

fn malformed(case: &Case, out: &mut Findings) {
    for address in case.addresses() {
        let rest = address.url.split_once("://").map_or("", |(_, rest)| rest).to_ascii_lowercase();
        if let Some(schemes) = ["https://", "http://", "https//", "http//", "https:/", "http:/"]
            .iter()
            .find(|scheme| rest.starts_with(**scheme))
        {
            let inner = &address.url[address.url.len() - rest.len() + schemes.len()..];
            let meant = format!("https://{}", inner.trim_start_matches('/'));
            out.about(&address, "the address has its scheme twice", format!("write {meant}"));
        }
    }
    for note in &case.read.document.notes {
        for word in note.text.split_whitespace() {
            let word = word.trim_start_matches(['<', '(', '[', '“', '"']);
            if let Some((scheme, rest)) = misspelt(word) {
                let rest = rest.trim_end_matches(['.', ',', ';', ')', '>', ']', '”', '"']);
                let address = Address::in_note(note, word);
                let message = format!("the beginning of the address, {scheme}, is misspelt");
                out.about(&address, message, format!("write https://{rest}"));
            }
        }
    }
}

/// A word that begins like an address with a slip in `http://`, and goes on with a host.
fn misspelt(word: &str) -> Option<(&str, &str)> {
    let at = word.find(['/', ':', ';'])?;
    let marks = word[at..].len() - word[at..].trim_start_matches(['/', ':', ';', '.']).len();
    let (scheme, mark, rest) = (&word[..at], &word[at..at + marks], &word[at + marks..]);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.contains('.')
        && host.len() > 4
        && !host.ends_with('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let lower = scheme.to_ascii_lowercase();
    let named = matches!(lower.as_str(), "http" | "https");
    let near = lower.len() >= 4
        && lower.starts_with('h')
        && lower.chars().count() <= 6
        && ["http", "https"].iter().any(|right| strsim::osa_distance(&lower, right) == 1)
        || matches!(lower.as_str(), "ttp" | "ttps" | "htp" | "htps");
    let slip =
        named && mark != "://" && mark.len() > 1 && mark.contains('/') || near && !named && mark == "://";
    (slip && is_host).then(|| (&word[..at + marks], rest))
}

fn truncated(case: &Case, out: &mut Findings) {
    for note in &case.read.document.notes {
        for found in crate::link::find(&note.text) {
            let after = &note.text[found.range.end..];
            let cut = after.starts_with('…') || after.starts_with("...") || after.starts_with("[…]");
            let slug_end = found.url.ends_with('-')
                && found.url.rsplit('/').next().is_some_and(|last| last.matches('-').count() >= 3);
            let message = if cut {
                "the address ends in an ellipsis"
            } else if slug_end
                || found.url.ends_with('=') && found.url.contains('?') && found.url.matches('=').count() == 1
            {
                "the address seems cut off at its end"
            } else {
                continue;
            };
            out.in_note(
                note,
                Some(&found.url),
                message.to_owned(),
                "copy the whole address from the browser".to_owned(),
            );
        }
    }
}
