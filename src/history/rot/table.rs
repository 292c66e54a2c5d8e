//! A table for a terminal.

use std::io::{self, Write};

use super::{Rot, YEAR, percent, years};

pub(super) fn write(rot: &Rot, out: &mut dyn Write) -> io::Result<()> {
    let head =
        ["sources", "alive", "failing", "dead", "unknown", "half-life", "95 %", "if steady", "1 y", "5 y"];
    let mut rows: Vec<Vec<String>> =
        vec![[rot.by.title].iter().chain(&head).map(|s| (*s).to_owned()).collect()];
    for group in rot.rows() {
        let [alive, recovered, failing, dead] = group.standings;
        let curve = &group.curve;
        let (low, high) = curve.half_life_between();
        let counts = [group.sources, alive + recovered, failing, dead, group.unknown].map(|n| n.to_string());
        let mut row = vec![group.name.clone()];
        row.extend(counts);
        row.push(years(curve.half_life()));
        row.push(if low.is_some() { format!("{}–{}", years(low), years(high)) } else { "–".to_owned() });
        row.push(years(curve.half_life_if_constant()));
        row.push(percent(curve.alive_after(YEAR)));
        row.push(percent(curve.alive_after(5.0 * YEAR)));
        rows.push(row);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=head.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate();
        let line: String = cells
            .map(
                |(at, (cell, width))| {
                    if at == 0 { format!("{cell:width$}") } else { format!("  {cell:>width$}") }
                },
            )
            .collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(
        out,
        "\nHalf-lives in years, by Kaplan and Meier; “if steady”: if the same share died every year. \
         1 y, 5 y: alive after so long."
    )
}
