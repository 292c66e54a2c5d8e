//! The dates that an address carries by itself.

use url::Url;

use super::{DateClaim, Role, Strength, Witness};
use crate::date::{self, PartialDate};
use crate::link;
use crate::resolver;

/// Dates in the path (`/2025/02/13/`, `/2024/sep/11/`), in a slug (`…-2025-02-12`), and the time
/// that a post's id encodes. The query is not read: what stands there may be anything.
pub(super) fn claims(url: &Url) -> Vec<DateClaim> {
    if let Some(claim) = resolver::date_of(url) {
        return vec![claim];
    }
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let strong = |date, evidence: &str| DateClaim {
        date,
        time: None,
        role: Role::Published,
        strength: Strength::Strong,
        witness: Witness::Url,
        votes: 10,
        evidence: evidence.to_owned(),
    };
    // The address of an archived copy carries the date of the capture, not of publication; the address
    // inside may carry its own.
    if let Some(copy) = link::archived(url) {
        return copy.original.as_ref().map(claims).unwrap_or_default();
    }
    if let Some(date) = segments.windows(3).find_map(path_date) {
        return vec![strong(date, "url path")];
    }
    if let Some(date) = segments.windows(2).find_map(pair_date) {
        return vec![strong(date, "url path")];
    }
    if let Some(date) = segments.iter().find_map(|s| slug_date(s)) {
        return vec![strong(date, "url slug")];
    }
    // The other way round it may also be a number of something else.
    let backwards = segments.iter().find_map(|s| backward_date(s));
    backwards
        .into_iter()
        .map(|date| DateClaim { strength: Strength::Weak, votes: 3, ..strong(date, "url slug, day first") })
        .collect()
}

/// `~02-01-2022-…`, `…_31.01.2022`.
fn backward_date(segment: &str) -> Option<PartialDate> {
    let numbers: Vec<&str> = segment.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    numbers.windows(3).find_map(|window| {
        let [day, month, year] = window else { return None };
        let two = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten();
        PartialDate::ymd(year_of(year)?, two(month)?, two(day)?)
    })
}

/// `2025`/`02`/`13` or `2024`/`sep`/`11`. A day of one digit could be the start of something else
/// (`/2023/10/3-questions`), but here it is the whole segment.
fn path_date(segments: &[&str]) -> Option<PartialDate> {
    let [year, month, day] = segments else { return None };
    let number = |text: &str, longest: usize| -> Option<u8> {
        (text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    let year = year_of(year)?;
    let month = number(month, 2).or_else(|| (month.len() >= 3).then(|| date::month(month)).flatten())?;
    PartialDate::ymd(year, month, number(day, 2)?)
}

/// `2025`/`0212` or `2025-02`/`12`, as Chinese newspapers and ministries have it.
fn pair_date(segments: &[&str]) -> Option<PartialDate> {
    let [first, second] = segments else { return None };
    let two = |text: &str| -> Option<u8> {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    };
    if let Some((year, month)) = first.split_once('-') {
        return PartialDate::ymd(year_of(year)?, two(month)?, two(second)?);
    }
    let (month, day) = second.split_at_checked(2)?;
    PartialDate::ymd(year_of(first)?, two(month)?, two(day)?)
}

fn year_of(text: &str) -> Option<i16> {
    let plausible = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    plausible.then(|| text.parse().ok()).flatten().filter(|year| (1990..=2099).contains(year))
}

/// `…-2025-02-12`, `2025-02-12-…`, `20250212`: whole, zero-padded, not inside a longer number.
fn slug_date(segment: &str) -> Option<PartialDate> {
    let bytes = segment.as_bytes();
    let digit_at = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut found = None;
    for start in 0..bytes.len() {
        if start > 0
            && (digit_at(start - 1)
                || bytes[start - 1].is_ascii_alphabetic() && !matches!(bytes[start - 1], b'd'))
        {
            continue;
        }
        for (length, separated) in [(10, true), (8, false)] {
            let Some(text) = segment.get(start..start + length) else { continue };
            if digit_at(start + length) || bytes.get(start + length).is_some_and(u8::is_ascii_alphabetic) {
                continue;
            }
            let parts = if separated {
                let mark = text.as_bytes()[4];
                (matches!(mark, b'-' | b'_' | b'.') && text.as_bytes()[7] == mark)
                    .then(|| (&text[..4], &text[5..7], &text[8..]))
            } else {
                Some((&text[..4], &text[4..6], &text[6..]))
            };
            let Some((year, month, day)) = parts else { continue };
            let all_digits = [year, month, day].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
            let date = all_digits
                .then(|| PartialDate::ymd(year_of(year)?, month.parse().ok()?, day.parse().ok()?))
                .flatten();
            if date.is_some() {
                found = date;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, want: &[&str]) {
        let got: Vec<String> =
            claims(&Url::parse(url).unwrap()).iter().map(|c| format!("{} {}", c.date, c.evidence)).collect();
        assert_eq!(got, want, "{url}");
    }

    #[test]
    fn dates_in_paths_and_slugs() {
        check("https://a.example/world/2025/02/13/slug", &["2025-02-13 url path"]);
        check("https://a.example/world/2024/sep/11/slug", &["2024-09-11 url path"]);
        check("https://a.example/world/slug-of-the-page-2025-02-12", &["2025-02-12 url slug"]);
        check("https://a.example/news/20250212/slug", &["2025-02-12 url slug"]);
        check("https://a.example/news/slug_20250212.html", &["2025-02-12 url slug"]);
        check("https://a.example/n1/2025/0212/c1001-123.html", &["2025-02-12 url path"]);
        check("https://a.example/xinwen/2025-02/12/content_123.htm", &["2025-02-12 url path"]);
    }

    #[test]
    fn numbers_that_are_no_dates() {
        check("https://a.example/2023/10/3-fragen-an", &[]);
        check("https://a.example/article/4064113/1220250213", &[]);
        check("https://a.example/x?date=2025-02-12", &[]);
        check("https://a.example/2025/13/40/x", &[]);
        check("https://a.example/2025/1340/x", &[]);
        check("https://web.archive.org/web/20250213100000/https://a.example/x", &[]);
        // The day on which an archive made its copy is none of the page's.
        check("https://archive.ph/2025.02.13-100000/https://a.example/x", &[]);
        check("https://archive.example/all/20250213/https://a.example/x", &[]);
        let inside = "https://arquivo.pt/wayback/20250213100000/https://a.example/2024/09/11/x";
        check(inside, &["2024-09-11 url path"]);
    }
}
