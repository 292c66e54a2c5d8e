//! Labels in small Roman numerals, as word processors number endnotes: the callouts are raised, or they
//! would be words; the labels may be.

use std::collections::HashSet;

use super::line::Line;
use crate::note::callout::Call;
use crate::note::marker::{Candidate, Kind};
use crate::note::roman::value;

/// Fewer labels may be ordinals or footnotes of a table.
const ENOUGH: usize = 3;

/// The lines that such labels begin, and the callouts; nothing where there are not enough of them.
pub(super) fn find(lines: &[Line]) -> (Vec<Candidate>, Vec<Call>) {
    let (mut labels, mut calls) = (Vec::new(), Vec::new());
    for (index, line) in lines.iter().enumerate() {
        for range in &line.letters {
            let Some(number) = value(&line.text[range.clone()]) else { continue };
            if range.start > 0 {
                calls.push(Call { line: index, at: range.start, number, score: 2.0 });
                continue;
            }
            let rest = line.text[range.end..].trim_start();
            let text_at = line.text.len() - rest.len();
            let label = line.text[range.clone()].to_owned();
            labels.push(Candidate {
                line: index,
                label,
                number,
                kind: Kind::Superscript,
                text_at,
                score: 1.0,
            });
        }
    }
    let called: HashSet<u32> = calls.iter().map(|call| call.number).collect();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.raised) {
        let end = line.text.find(|c| !"ivxlc".contains(c)).unwrap_or(line.text.len());
        let (label, rest) = line.text.split_at(end);
        // A long label may touch its text.
        if !rest
            .starts_with(|c: char| c == ' ' || c.is_uppercase() || matches!(c, '“' | '‘' | '«' | '„' | '"'))
        {
            continue;
        }
        if let Some(number) = value(label).filter(|number| called.contains(number)) {
            let text_at = line.text.len() - rest.trim_start().len();
            let label = label.to_owned();
            labels.push(Candidate { line: index, label, number, kind: Kind::Plain, text_at, score: 0.0 });
        }
    }
    let first = |numbers: &mut dyn Iterator<Item = u32>| numbers.filter(|number| *number <= 3).count();
    let enough = labels.len() >= ENOUGH
        && first(&mut labels.iter().map(|label| label.number)) > 0
        && first(&mut calls.iter().map(|call| call.number)) > 0;
    if enough { (labels, calls) } else { Default::default() }
}
