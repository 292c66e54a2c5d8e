//! The date that a copy is to be near.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::date::PartialDate;

/// The date that a copy is to be near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// As precise as it is known.
    pub date: PartialDate,
    /// Whose date it is.
    pub basis: Basis,
}

/// Whose date it is that a copy is to be near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The cited one.
    Cited,
    /// That on which the author read the source.
    Accessed,
    /// The document's own.
    Document,
    /// That on which the source was last seen, or first looked for.
    Seen,
}

impl Basis {
    /// As it stands in a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Basis::Cited => "the cited date",
            Basis::Accessed => "the day of access",
            Basis::Document => "the document's own date",
            Basis::Seen => "the day on which it was last seen",
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Cited => "cited",
            Basis::Accessed => "accessed",
            Basis::Document => "document",
            Basis::Seen => "seen",
        }
    }
}

impl Near {
    /// `cited 2021-05-03`: under which what is found near it is remembered.
    pub fn name(&self) -> String {
        format!("{} {}", self.basis.name(), self.date)
    }

    /// The middle of what the date covers: noon of a day, the middle of a month or a year, in UTC.
    pub fn middle(&self) -> Timestamp {
        middle(self.date)
    }

    /// Seconds from the date to a time.
    pub fn distance(&self, time: Timestamp) -> u64 {
        time.as_second().abs_diff(self.middle().as_second())
    }
}

/// The middle of what a date covers, in UTC.
pub fn middle(date: PartialDate) -> Timestamp {
    let (month, day) = (date.month.map_or(1, u8::cast_signed), date.day.map_or(1, u8::cast_signed));
    let first = Date::new(date.year, month, day);
    let (Ok(first), Some(last)) = (first, date.last_day()) else { return Timestamp::UNIX_EPOCH };
    let instant = |date: Date, hour| Offset::UTC.to_timestamp(date.at(hour, 0, 0, 0)).ok();
    let (Some(start), Some(end)) = (instant(first, 0), instant(last, 23)) else {
        return Timestamp::UNIX_EPOCH;
    };
    let middle = i64::midpoint(start.as_second(), end.as_second() + 3_600);
    Timestamp::from_second(middle).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_near_as_its_middle() {
        let middle =
            |date: &str| Near { date: date.parse().unwrap(), basis: Basis::Cited }.middle().to_string();
        assert_eq!(middle("2021-05-03"), "2021-05-03T12:00:00Z");
        assert_eq!(middle("2021-02"), "2021-02-15T00:00:00Z");
        assert_eq!(middle("2021"), "2021-07-02T12:00:00Z");
    }
}
