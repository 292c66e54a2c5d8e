//! A WARC file as it was left, without what is damaged in it: the end of what was being written when the
//! run was killed, or what a disk has lost.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use url::Url;
use warc::RecordType;

use super::package::beside;
use super::writer::{is_silence, visit_in};
use crate::source::Visit;
use crate::source::archive::{Entry, Records, Warc};

/// What came of the sources whose answers a file holds. What is damaged is taken out of the file; what
/// stands after it stays.
pub(super) fn whole(path: &Path) -> io::Result<Vec<Visit>> {
    if let Some(visits) = visits(path)? {
        return Ok(visits);
    }
    mend(path)?;
    visits(path)?.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it cannot be mended"))
}

/// `None`: something in the file is damaged.
fn visits(path: &Path) -> io::Result<Option<Vec<Visit>>> {
    let (mut visits, mut answered) = (Vec::new(), HashSet::new());
    for warc in Warc::all(path)? {
        let mut records = Records::open(&warc)?;
        loop {
            match records.next() {
                Ok(Some(entry)) => {
                    visits.extend(visit_in(&entry.kind, &entry.start));
                    if matches!(entry.kind, RecordType::Response | RecordType::Revisit)
                        || is_silence(&entry.kind, &entry.start)
                    {
                        answered.extend(entry.target);
                    }
                }
                Ok(None) => break,
                Err(_) => return Ok(None),
            }
        }
    }
    // What was seen of a source is of use only with what was seen.
    visits.retain(|visit| {
        let mut way = [&visit.url].into_iter().chain(visit.redirects.iter().map(|hop| &hop.url));
        way.all(|url| {
            let url = Url::parse(url).map(|mut url| {
                url.set_fragment(None);
                url.to_string()
            });
            visit.status.is_none() || url.is_ok_and(|url| answered.contains(&url))
        })
    });
    Ok(Some(visits))
}

/// Takes out of a file every record that is not whole, and those that repeat the payload of one that is
/// not there any more.
fn mend(path: &Path) -> io::Result<()> {
    let Some(warc) = Warc::all(path)?.into_iter().next() else { return Ok(()) };
    let (mut kept, mut ids) = (Vec::new(), HashSet::new());
    let mut at = 0;
    while at < warc.len() {
        let Some(end) = warc.member_end(at)? else {
            at = warc.next_member(at + 1)?.unwrap_or(warc.len());
            continue;
        };
        if let Some(entry) = only_record(&warc.part(at..end)) {
            let dangles = |id: &String| !ids.contains(id);
            if entry.kind != RecordType::Revisit || !entry.refers_to.as_ref().is_some_and(dangles) {
                ids.insert(entry.id);
                push(&mut kept, at..end);
            }
        }
        at = end;
    }
    match kept.as_slice() {
        [] => Err(io::Error::new(io::ErrorKind::InvalidData, "it is no web archive; move it away")),
        [first] if first.start == 0 => OpenOptions::new().write(true).open(path)?.set_len(first.end),
        parts => {
            let mended = beside(path, "mended");
            copy(path, parts, &mended)?;
            std::fs::rename(&mended, path)
        }
    }
}

/// The record of a member that holds one and nothing else.
fn only_record(member: &Warc) -> Option<Entry> {
    let mut records = Records::open(member).ok()?;
    let entry = records.next().ok()??;
    matches!(records.next(), Ok(None)).then_some(entry)
}

fn push(parts: &mut Vec<Range<u64>>, next: Range<u64>) {
    match parts.last_mut().filter(|last| last.end == next.start) {
        Some(last) => last.end = next.end,
        None => parts.push(next),
    }
}

fn copy(from: &Path, parts: &[Range<u64>], to: &Path) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut out = BufWriter::new(File::create(to)?);
    for part in parts {
        from.seek(SeekFrom::Start(part.start))?;
        io::copy(&mut (&mut from).take(part.end - part.start), &mut out)?;
    }
    out.flush()?;
    out.get_ref().sync_all()
}
