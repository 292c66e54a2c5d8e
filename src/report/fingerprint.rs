//! What makes two findings of two runs the same one.

use std::collections::HashMap;

use super::Report;
use super::index::Index;

/// One fingerprint for each finding, in their order: 16 hexadecimal digits.
///
/// Neither the note's number nor its place counts, so that edits elsewhere in the document change
/// nothing; its text does. Findings that are alike in everything are told apart by their order.
pub fn all(report: &Report) -> Vec<String> {
    let index = Index::of(report);
    let mut seen: HashMap<u64, u64> = HashMap::new();
    report
        .findings
        .iter()
        .map(|finding| {
            let read = &report.documents[finding.document];
            let note = index.note(finding).map_or("", |note| note.text.as_str());
            // A message may name notes by their number; it stands in only where there is nothing else.
            let url = finding.url.as_deref().unwrap_or_default();
            let message = if note.is_empty() && url.is_empty() { &*finding.message } else { "" };
            let alike = hash(&[finding.rule, read.path.trim_start_matches("./"), note, url, message]);
            let nth = seen.entry(alike).and_modify(|count| *count += 1).or_insert(0);
            format!("{:016x}", alike.wrapping_add(nth.wrapping_mul(PRIME)))
        })
        .collect()
}

const PRIME: u64 = 0x0100_0000_01b3;

/// FNV-1a, 64 bits: the standard library's hasher may change with its version, and these outlive it.
fn hash(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}
