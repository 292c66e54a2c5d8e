//! CSV, a row for each group: days, and shares of one.

use std::io::{self, Write};

use super::{Rot, YEAR};

const HEAD: [&str; 18] = [
    "group",
    "sources",
    "alive",
    "recovered",
    "failing",
    "dead",
    "unknown",
    "never_alive",
    "lives",
    "deaths",
    "half_life_days",
    "half_life_low",
    "half_life_high",
    "half_life_if_steady",
    "alive_1y",
    "alive_2y",
    "alive_5y",
    "alive_10y",
];

pub(super) fn write(rot: &Rot, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    for group in rot.rows() {
        let curve = &group.curve;
        let (low, high) = curve.half_life_between();
        let days = |days: Option<f64>| days.map_or(String::new(), |days| format!("{days:.1}"));
        let share = |years: f64| curve.alive_after(years * YEAR).map_or(String::new(), |s| format!("{s:.4}"));
        let [alive, recovered, failing, dead] = group.standings;
        let counts = [
            group.sources,
            alive,
            recovered,
            failing,
            dead,
            group.unknown,
            group.never_alive,
            curve.lives,
            curve.deaths,
        ];
        let mut row = vec![crate::report::csv::harmless(group.name.clone())];
        row.extend(counts.map(|count| count.to_string()));
        row.extend([curve.half_life(), low, high, curve.half_life_if_constant()].map(days));
        row.extend([1.0, 2.0, 5.0, 10.0].map(share));
        table.write_record(row)?;
    }
    table.flush()
}
