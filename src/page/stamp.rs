//! Time stamps as machines write them in mark-up.

use super::written;
use crate::date::{self, PartialDate};

/// The date of a stamp as written, and the whole stamp in RFC 3339 where it has a time and an
/// offset. Epoch seconds and milliseconds are read too. `month_first` reads `03/04/2025` as Americans
/// write it.
pub(super) fn read(text: &str, month_first: bool) -> Option<(PartialDate, Option<String>)> {
    let text = bare(text);
    if !may_be(text) {
        return None;
    }
    if let Some(date) = text.get(..10).and_then(|day| day.parse::<PartialDate>().ok()) {
        return (date.day.is_some() && plausible(date)).then(|| (date, rfc3339(text)));
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits && matches!(text.len(), 10 | 13) {
        let number: i64 = text.parse().ok()?;
        let seconds = if text.len() == 13 { number / 1000 } else { number };
        let instant = jiff::Timestamp::from_second(seconds).ok()?;
        let date = jiff::tz::Offset::UTC.to_datetime(instant).date();
        return ((1990..=2100).contains(&date.year())).then(|| (date.into(), Some(instant.to_string())));
    }
    if let Ok(date) = text.replace('/', "-").parse::<PartialDate>() {
        return plausible(date).then_some((date, None));
    }
    // 20250212, 20250212T1030, 20250212103000
    let run = text.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(run, 8 | 12 | 14) {
        let date =
            PartialDate::ymd(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..8].parse().ok()?)?;
        return plausible(date).then_some((date, None));
    }
    let Some((range, written)) = written::find(text).into_iter().next() else {
        // Words around a bare year are about something else.
        let year = date::parse(text).filter(|found| !found.impossible && found.range.len() == text.len())?;
        return plausible(year.date).then_some((year.date, None));
    };
    let date = written.month_first.filter(|_| month_first).unwrap_or(written.date);
    if !plausible(date) || date.day.is_none() && range.len() + 8 < text.len() {
        return None;
    }
    Some((date, rfc3339(text)))
}

/// Can a text be a stamp? Most values of attributes cannot.
pub(super) fn may_be(text: &str) -> bool {
    const LONGEST: usize = 80;
    let text = bare(text);
    text.len() <= LONGEST && text.bytes().any(|b| b.is_ascii_digit())
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches('"')
}

fn plausible(date: PartialDate) -> bool {
    (1900..=2100).contains(&date.year)
}

/// The stamp, mended into RFC 3339: a space for the `T`, `+0100` for `+01:00`.
fn rfc3339(text: &str) -> Option<String> {
    let mut stamp = text.replacen(' ', "T", 1).replace(' ', "");
    let tail = stamp.len().checked_sub(5).and_then(|at| stamp.get(at..));
    if tail.is_some_and(|t| t.starts_with(['+', '-']) && t[1..].bytes().all(|b| b.is_ascii_digit())) {
        stamp.insert(stamp.len() - 2, ':');
    }
    if stamp.ends_with("UTC") || stamp.ends_with("GMT") {
        stamp = format!("{}Z", &stamp[..stamp.len() - 3]);
    }
    // `2020-12-05T23:15Z`: seconds are wanted.
    if stamp.get(16..).is_some_and(|zone| zone.starts_with(['Z', '+', '-'])) {
        stamp.insert_str(16, ":00");
    }
    // `2020-12-05T23:15:0Z`.
    if stamp.get(16..17) == Some(":") && stamp.get(18..).is_some_and(|zone| zone.starts_with(['Z', '+', '-']))
    {
        stamp.insert(17, '0');
    }
    stamp.parse::<jiff::Timestamp>().ok()?;
    Some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_keep_the_day_as_written() {
        let (date, time) = read("2025-02-13T23:30:00-05:00", false).unwrap();
        assert_eq!(
            (date.to_string().as_str(), time.as_deref()),
            ("2025-02-13", Some("2025-02-13T23:30:00-05:00"))
        );
        assert_eq!(
            read("2025-02-13 23:30:00 +0100", false).unwrap().1.as_deref(),
            Some("2025-02-13T23:30:00+01:00")
        );
        assert_eq!(read("2020/05", false).unwrap().0.to_string(), "2020-05");
        assert_eq!(read("03/04/2020", true).unwrap().0.to_string(), "2020-03-04");
        assert_eq!(read("Tue, 15 Sep 2020 10:01:41 EDT", false).unwrap().0.to_string(), "2020-09-15");
        assert_eq!(read("2020", false).unwrap().0.to_string(), "2020");
        assert!(read("0000-00-00", false).is_none());
    }
}
