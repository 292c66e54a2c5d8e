//! The date in the data of a script, of a page that shows it nowhere else.

use memchr::memmem;

use super::outline::Outline;
use super::{DateClaim, Draft, Role, Strength, Witness, stamp};

/// Keys under which programs keep the date of the page's article.
const KEYS: &[&str] = &[
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "publish_date",
    "publicationDate",
    "publishedDate",
    "firstPublished",
    "published_time",
    "pubDate",
    "dateCreated",
];

/// Reads the first date of publication that scripts give into the draft.
pub(super) fn read(outline: &Outline, draft: &mut Draft) {
    if draft.dates.iter().any(|claim| claim.role == Role::Published && claim.votes > 4) {
        return;
    }
    for key in KEYS {
        let found = outline.scripts.iter().find_map(|script| value_of(script, key));
        if let Some((date, time)) = found.and_then(|value| stamp::read(value, draft.month_first())) {
            let evidence = format!("script {key}");
            let (role, strength) = (Role::Published, Strength::Weak);
            draft.dates.push(DateClaim {
                date,
                time,
                role,
                strength,
                witness: Witness::Script,
                votes: 4,
                evidence,
            });
            return;
        }
    }
}

/// `"key":"value"`, `key: 'value'`, `\"key\":\"value\"`.
fn value_of<'s>(script: &'s str, key: &str) -> Option<&'s str> {
    let mut from = 0;
    while let Some(found) = memmem::find(&script.as_bytes()[from..], key.as_bytes()) {
        from += found + key.len();
        let quote = |c: char| matches!(c, '"' | '\'' | '\\');
        let rest = script[from..].trim_start_matches(quote).trim_start();
        let Some(rest) = rest.strip_prefix([':', '=', ',']) else { continue };
        let rest = rest.trim_start().trim_start_matches(quote);
        let end = rest.find(|c: char| quote(c) || matches!(c, ',' | '}' | '\n' | ';')).unwrap_or(rest.len());
        if rest.starts_with(|c: char| c.is_ascii_digit()) && end <= 40 {
            return Some(&rest[..end]);
        }
    }
    None
}
