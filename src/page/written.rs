//! Dates as people write them on pages: what [`crate::date`] reads, and what only pages write: two-digit
//! years, other digits, other calendars.

use std::borrow::Cow;
use std::ops::Range;

use super::scan;
use crate::date::{self, PartialDate};

/// A date in the text of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// The date; of `03/04/2025` the reading with the day first.
    pub(super) date: PartialDate,
    /// The other reading of `03/04/2025`.
    pub(super) month_first: Option<PartialDate>,
    /// Written with slashes, in an order that only one reading allows: `14/02/2025`.
    pub(super) order: Option<Order>,
}

/// Which number comes first where the month is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

fn order(date: &str) -> Option<Order> {
    let mut parts = date.split('/');
    let (first, second) =
        (parts.next()?.trim().parse::<u8>().ok()?, parts.next()?.trim().parse::<u8>().ok()?);
    match (first > 12, second > 12) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// How far a date goes from its year, in bytes: `Wednesday, the 12th of September 2025`.
const REACH: usize = 48;

/// Every date with a month in a block of text. Long text is only read around what may be a year.
pub(super) fn find(block: &str) -> Vec<(Range<usize>, Written)> {
    let mut found = Vec::new();
    let mut done = 0;
    let mut calendar = None;
    let mut years = Years { bytes: block.as_bytes(), at: 0 };
    while let Some(year) = years.next() {
        if year.start < done {
            continue;
        }
        if let Some((range, written)) = short(block, &year) {
            done = range.end;
            found.push((range, written));
            continue;
        }
        let calendar = *calendar.get_or_insert_with(|| calendar_of(block));
        if year.len() != 4 || !calendar.is_year(&block[year.clone()]) {
            continue;
        }
        let from = block.ceil_char_boundary(year.start.saturating_sub(REACH).max(done));
        // The window goes on over the years that follow closely.
        let mut to = year.end;
        while let Some(next) = years.peek().filter(|next| next.start < to + REACH && next.len() == 4) {
            to = next.end;
            years.next();
        }
        let to = block.floor_char_boundary((to + REACH).min(block.len()));
        let window = calendar.gregorian(&block[from..to]);
        for date in date::find(&window) {
            if date.date.month.is_none() || date.impossible {
                continue;
            }
            let range = from + date.range.start..from + date.range.end;
            if range.start < done {
                continue;
            }
            done = range.end;
            let date_of = |date| calendar.date(date, &block[range.clone()]);
            let Some(first) = date_of(date.date) else { continue };
            let month_first = date.other_reading.and_then(date_of);
            let order = order(&block[range.clone()]);
            found.push((range, Written { date: first, month_first, order }));
        }
        done = done.max(from);
    }
    found
}

/// Runs of digits that may end or begin a date: of four, or of two behind a mark.
struct Years<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Years<'_> {
    fn peek(&self) -> Option<Range<usize>> {
        Years { bytes: self.bytes, at: self.at }.next()
    }

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let start = scan::find_digit(self.bytes, self.at)?;
            let end = self.bytes[start..].iter().position(|b| !b.is_ascii_digit());
            let end = end.map_or(self.bytes.len(), |end| start + end);
            self.at = end;
            let marked = |b: Option<&u8>| matches!(b, Some(b'.' | b'/' | b'-'));
            if end - start == 4
                || end - start == 2
                    && start >= 4
                    && marked(self.bytes.get(start - 1))
                    && !marked(
                        self.bytes
                            .get(end)
                            .filter(|_| self.bytes.get(end + 1).is_some_and(u8::is_ascii_digit)),
                    )
            {
                return Some(start..end);
            }
        }
    }
}

/// `12.02.25`, `2/12/25`: three numbers of at most two digits between equal marks.
fn short(block: &str, year: &Range<usize>) -> Option<(Range<usize>, Written)> {
    if year.len() != 2 {
        return None;
    }
    let bytes = block.as_bytes();
    let mark = bytes[year.start - 1];
    let mark = matches!(mark, b'.' | b'/').then_some(mark)?;
    let number_before = |end: usize| {
        let start = bytes[..end].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
        (1..=2).contains(&(end - start)).then(|| (start, block[start..end].parse::<u8>().unwrap_or(0)))
    };
    let (second_start, second) = number_before(year.start - 1)?;
    let first_end = second_start.checked_sub(1).filter(|at| bytes[*at] == mark)?;
    let (start, first) = number_before(first_end)?;
    let glued = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b'_' | b':' | b'+');
    if start > 0 && glued(bytes[start - 1])
        || bytes.get(year.end).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'))
    {
        return None;
    }
    let year_number: i16 = block[year.clone()].parse().ok()?;
    let full = if year_number < 70 { 2000 + year_number } else { 1900 + year_number };
    let day_first = PartialDate::ymd(full, second, first);
    let month_first = PartialDate::ymd(full, first, second).filter(|_| mark == b'/');
    let date = day_first.or(month_first)?;
    let month_first = month_first.filter(|other| *other != date);
    Some((start..year.end, Written { date, month_first, order: order(&block[start..year.end]) }))
}

/// The calendars of the web besides the Gregorian one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Calendar {
    Gregorian,
    /// Years since the Buddha: Thailand.
    Buddhist,
    /// Solar Hijri: Iran, Afghanistan.
    Persian,
}

/// Solar years from 2001 to 2041.
const PERSIAN_YEARS: std::ops::RangeInclusive<i16> = 1380..=1420;
/// Japanese reigns, and the republic from which Taiwan counts.
const ERAS: &[(&str, i16)] =
    &[("令和", 2018), ("平成", 1988), ("昭和", 1925), ("民國", 1911), ("民国", 1911)];
const THAI_ERA: &str = "พ.ศ.";
const THAI_MONTHS: [&str; 12] =
    ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
const PERSIAN_MONTHS: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];

fn calendar_of(block: &str) -> Calendar {
    // The first bytes of both scripts in UTF-8.
    if block.is_ascii() || !block.bytes().any(|byte| matches!(byte, 0xD8..=0xDB | 0xE0)) {
        return Calendar::Gregorian;
    }
    if block.contains(|c| matches!(c, '\u{0E01}'..='\u{0E4E}')) {
        return Calendar::Buddhist;
    }
    if block.contains(|c| matches!(c, '\u{0600}'..='\u{06FF}')) {
        return Calendar::Persian;
    }
    Calendar::Gregorian
}

impl Calendar {
    fn is_year(self, digits: &str) -> bool {
        let year: i16 = digits.parse().unwrap_or_default();
        (1900..=2100).contains(&year)
            || self == Calendar::Buddhist && (2500..=2600).contains(&year)
            // Nobody writes about the Middle Ages to the day and in numbers.
            || PERSIAN_YEARS.contains(&year)
    }

    /// The window in words and numbers that [`date::find`] reads; as long as before.
    fn gregorian(self, window: &str) -> Cow<'_, str> {
        match self {
            Calendar::Buddhist => {
                let mut out = window.to_owned();
                for (at, _) in window.match_indices("25") {
                    let year = window.get(at..at + 4).and_then(|digits| digits.parse::<i16>().ok());
                    if let Some(year) = year.filter(|year| *year >= 2500) {
                        out.replace_range(at..at + 4, &(year - 543).to_string());
                    }
                }
                for (at, era) in window.match_indices(THAI_ERA) {
                    put(&mut out, at..at + era.len(), "");
                }
                for (month, name) in THAI_MONTHS.iter().enumerate() {
                    for (at, _) in window.match_indices(name) {
                        numbered(&mut out, at..at + name.len(), month + 1);
                    }
                }
                Cow::Owned(out)
            }
            Calendar::Persian => {
                let mut out = window.to_owned();
                for (month, name) in PERSIAN_MONTHS.iter().enumerate() {
                    for (at, _) in window.match_indices(name) {
                        numbered(&mut out, at..at + name.len(), month + 1);
                    }
                }
                Cow::Owned(out)
            }
            Calendar::Gregorian => mended(window),
        }
    }

    fn date(self, date: PartialDate, text: &str) -> Option<PartialDate> {
        if !PERSIAN_YEARS.contains(&date.year) {
            return Some(date);
        }
        let numbers = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-'));
        (numbers || self == Calendar::Persian).then(|| persian(date.year, date.month?, date.day?)).flatten()
    }
}

/// Writes something shorter in place of a part of a text, which keeps its length.
fn put(text: &mut String, part: Range<usize>, new: &str) {
    let padded = format!("{new:<width$}", width = part.len());
    if padded.len() == part.len() && text.is_char_boundary(part.start) && text.is_char_boundary(part.end) {
        text.replace_range(part, &padded);
    }
}

/// Writes the number of a month between two dots in place of its name, which stands between a day and a
/// year: `24 bahman 1403` → `24.11.  1403`.
fn numbered(text: &mut String, name: Range<usize>, month: usize) {
    let bytes = text.as_bytes();
    if name.start > 0 && bytes[name.start - 1] == b' ' && bytes.get(name.end) == Some(&b' ') {
        put(text, name.start - 1..name.end + 1, &format!(".{month}."));
    }
}

/// What stands between the parts of a date in some languages, blanked: `12 tháng 2 năm 2025` in Vietnamese,
/// `2025. február 12.` in Hungarian, `2025 m. vasario 12 d.` in Lithuanian, `2025 оны 2 сарын 12` in Mongolian, `26 | 01 | 2025` anywhere.
fn mended(window: &str) -> Cow<'_, str> {
    // Each with a byte that windows without it seldom have.
    const BETWEEN: &[(u8, &str, &str)] = &[
        (0xC3, " tháng ", " ."),
        (0xC4, " năm ", " ."),
        (0xD1, " оны ", "."),
        (0xD1, " сарын ", "."),
        (b'|', " | ", " ."),
        (b'.', ". ", ""),
        (b'.', " m. ", ""),
    ];
    let mut out = Cow::Borrowed(window);
    for (_, sign, new) in BETWEEN.iter().filter(|(byte, ..)| window.as_bytes().contains(byte)) {
        for (at, _) in window.match_indices(sign) {
            let (before, after) = (&window[..at], &window[at + sign.len()..]);
            let number = before.ends_with(|c: char| c.is_ascii_digit());
            // Behind a year comes the name of a month; between other numbers, a number.
            let fits = if new.is_empty() {
                let year = before.len().checked_sub(4).and_then(|from| before.get(from..));
                year.is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()))
                    && after.starts_with(char::is_lowercase)
            } else {
                after.starts_with(|c: char| c.is_ascii_digit())
            };
            if number && fits {
                put(out.to_mut(), at..at + sign.len(), new);
            }
        }
    }
    if !window.is_ascii() && window.contains("tháng") {
        // `12 tháng 2, 2025`
        for (at, _) in window.match_indices(", ") {
            put(out.to_mut(), at..at + 1, ".");
        }
    }
    out
}

/// A day of the Solar Hijri calendar by the 33-year rule, which is exact from 1799 to 2256.
fn persian(year: i16, month: u8, day: u8) -> Option<PartialDate> {
    let (y, m, d) = (i32::from(year), i32::from(month), i32::from(day));
    let leap_days = |y: i32| (y * 8 + 29).div_euclid(33);
    let days =
        365 * (y - 1) + leap_days(y - 1) + if m <= 7 { 31 * (m - 1) } else { 30 * (m - 1) + 6 } + d - 1;
    // 1 Farvardin 1400 was 21 March 2021.
    let epoch = 365 * 1399 + leap_days(1399);
    let first = jiff::civil::date(2021, 3, 21);
    let date = first.checked_add(jiff::Span::new().days(days - epoch)).ok()?;
    Some(date.into())
}

/// The first bytes of other scripts' digits and of the names of reigns in UTF-8; most of the web has none of
/// them.
pub(super) const fn may_begin_digit(byte: u8) -> bool {
    matches!(byte, 0xD9 | 0xDB | 0xE0 | 0xE4..=0xE6 | 0xEF)
}

/// The text with the digits of other scripts written in ASCII, and Japanese years of a reign counted
/// from the birth of Christ.
pub(super) fn with_ascii_digits(text: Cow<'_, str>) -> Cow<'_, str> {
    const ZEROS: [char; 7] =
        ['\u{0660}', '\u{06F0}', '\u{0966}', '\u{09E6}', '\u{0AE6}', '\u{0E50}', '\u{FF10}'];
    let digit = |c: char| {
        ZEROS.iter().find_map(|zero| char::from_digit((c as u32).wrapping_sub(*zero as u32).min(10), 10))
    };
    if !text.bytes().any(may_begin_digit) {
        return text;
    }
    let text = if text.contains(|c| digit(c).is_some()) {
        Cow::Owned(text.chars().map(|c| digit(c).unwrap_or(c)).collect())
    } else {
        text
    };
    let text =
        if text.contains('年') && text.contains(ZEROS_IN_WORDS) { with_numbers(&text).into() } else { text };
    let Some((era, before)) = ERAS.iter().find(|(era, _)| text.contains(era)) else { return text };
    let Some(at) = text.find(era) else { return text };
    let rest = text[at + era.len()..].trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '元').unwrap_or(rest.len());
    let year: Option<i16> = if &rest[..end] == "元" { Some(1) } else { rest[..end].parse().ok() };
    match year {
        Some(year) => Cow::Owned(format!("{}{}{}", &text[..at], before + year, &rest[end..])),
        None => text,
    }
}

/// The zeros of years in Chinese numerals, as `二〇二五年` has one; in this century all have.
const ZEROS_IN_WORDS: [char; 3] = ['〇', '○', '零'];

/// The text with its Chinese numerals in ASCII: `二〇二五年十二月三十一日` → `2025年12月31日`.
fn with_numbers(text: &str) -> String {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| match c {
        '〇' | '○' | '零' => Some(0),
        c => DIGITS.iter().position(|digit| *digit == c).map(|at| at + 1),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c| digit(c).is_some() || c == '十') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| digit(c).is_none() && c != '十').unwrap_or(rest.len());
        let (numeral, behind) = rest.split_at(end);
        if !behind.starts_with(['年', '月', '日']) {
            out.push_str(numeral);
        } else if let Some((tens, ones)) = numeral.split_once('十') {
            let one = |text: &str, none: usize| text.chars().next().map_or(Some(none), digit);
            let number = one(tens, 1).zip(one(ones, 0)).map(|(tens, ones)| tens * 10 + ones);
            out.push_str(&number.map_or(numeral.to_owned(), |number| number.to_string()));
        } else {
            out.extend(numeral.chars().filter_map(digit).map(|digit| digit.to_string()));
        }
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let text = with_ascii_digits(Cow::Borrowed(text));
        let found: Vec<String> = find(&text)
            .iter()
            .map(|(_, written)| {
                let other = written.month_first.map(|other| format!("|{other}")).unwrap_or_default();
                format!("{}{other}", written.date)
            })
            .collect();
        assert_eq!(found.join(" "), want, "{text}");
    }

    #[test]
    fn dates_in_long_text() {
        let filler = "some words of a text that goes on ".repeat(20);
        check(
            &format!("{filler} on 12 May 2021 and {filler} until 13.6.2022, 5 pm"),
            "2021-05-12 2022-06-13",
        );
        check("May 1, 2020 – May 3, 2020 – 2021", "2020-05-01 2020-05-03");
        check("in 2020 and 1 of 2020 pages", "");
    }

    #[test]
    fn short_years() {
        check("Stand: 12.02.25, 14:33 Uhr", "2025-02-12");
        check("03/04/21", "2021-04-03|2021-03-04");
        check("12/25/98", "1998-12-25");
        check("version 3.12.02.25, 1.2.25-3, 14.33.99, +49.30.12.34", "");
    }

    #[test]
    fn other_scripts_and_calendars() {
        check("２０２５年２月１２日", "2025-02-12");
        check("令和7年2月12日", "2025-02-12");
        check("令和元年5月1日", "2019-05-01");
        check("国务院 二〇二五年二月十二日", "2025-02-12");
        check("二○二四年十二月三十一日", "2024-12-31");
        check("۲۴ بهمن ۱۴۰۳", "2025-02-12");
        check("تاریخ انتشار: ۱۴۰۳/۱۱/۲۴", "2025-02-12");
        check("١٢ فبراير ٢٠٢٥", "2025-02-12");
        check("12 กุมภาพันธ์ 2568", "2025-02-12");
        check("วันที่ 12 กุมภาพันธ์ พ.ศ. 2568", "2025-02-12");
        check("12 ก.พ. 2568", "2025-02-12");
        check("中華民國114年2月12日", "2025-02-12");
        check("12-Feb-2025, 3/Mar/2024", "2025-02-12 2024-03-03");
        check("2025년 2월 12일", "2025-02-12");
        check("12 फ़रवरी 2025", "2025-02-12");
        check("12 בפברואר 2025", "2025-02-12");
        check("12 tháng 2 năm 2025", "2025-02-12");
        check("12 tháng 2, 2025", "2025-02-12");
        check("26 | 01 | 2022", "2022-01-26");
        check("2025 оны 2 сарын 12", "2025-02-12");
        check("2025. február 12., 2025 m. vasario 12 d.", "2025-02-12 2025-02-12");
    }
}
