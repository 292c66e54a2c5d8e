//! Lists and documents → what they cite, on file.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ibid::check::case::ReadDocument;
use ibid::citation::Citation;
use ibid::sweep::{Cite, Stamp, Sweep, list};
use url::Url;

use crate::cli::files::{self, Wanted};
use crate::cli::input::Input;

/// Puts on file what is cited; true if something could not be read.
pub(super) fn collect(arguments: &[PathBuf], sweep: &Sweep) -> anyhow::Result<bool> {
    let mut faulty = false;
    for argument in arguments {
        let wanted = match files::named_by(argument) {
            Ok(wanted) => wanted,
            Err(error) => {
                faulty = true;
                anstream::eprintln!("ibid: {}: {error:#}", argument.display());
                continue;
            }
        };
        for wanted in wanted {
            faulty |= collect_one(sweep, wanted)?;
        }
    }
    Ok(faulty)
}

fn collect_one(sweep: &Sweep, wanted: Wanted) -> anyhow::Result<bool> {
    let shown = wanted.path.display().to_string();
    if wanted.path == Path::new("-") {
        return from_list(sweep, "-", Stamp::never(), io::stdin().lock());
    }
    let stamp = Stamp::of(&std::fs::metadata(&wanted.path).with_context(|| shown.clone())?);
    let path = std::path::absolute(&wanted.path)?.to_string_lossy().into_owned();
    // What was read as it is now need not be read again.
    if sweep.knows(&path, stamp)? {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    let file = File::open(&wanted.path).with_context(|| shown.clone())?;
    file.take(64 << 10).read_to_end(&mut beginning).with_context(|| shown.clone())?;
    // The last line may be cut.
    let whole = beginning.iter().rposition(|byte| *byte == b'\n').map_or(beginning.len(), |end| end + 1);
    if std::str::from_utf8(&beginning[..whole]).is_ok_and(list::is_list) {
        let file = File::open(&wanted.path).with_context(|| shown.clone())?;
        return from_list(sweep, &path, stamp, BufReader::new(file));
    }
    let input = Input { files: Vec::new(), format: None, password: None };
    let mut read = None;
    let faulty = input.read_each(&[wanted], |document| {
        read = Some(document);
        Ok(())
    })?;
    // A file without any citation is known to have none.
    if !faulty {
        let cites = read.iter().flat_map(cites_of).map(anyhow::Ok);
        sweep.add(&path, stamp, cites)?;
    }
    Ok(faulty)
}

/// A line that is no address is told, and costs that line only.
fn from_list(sweep: &Sweep, path: &str, stamp: Stamp, list: impl io::BufRead) -> anyhow::Result<bool> {
    let mut faulty = false;
    let entries = list::read(list).filter_map(|entry| match entry {
        Ok(Ok(url)) => Some(Ok(Cite { url, note: None, citation: Citation::default() })),
        Ok(Err((line, text))) => {
            faulty = true;
            let shown: String = text.chars().take(80).collect();
            anstream::eprintln!("ibid: {path}:{line}: not an http or https address: {shown}");
            None
        }
        Err(error) => Some(Err(anyhow::Error::from(error).context(path.to_owned()))),
    });
    sweep.add(path, stamp, entries)?;
    if faulty {
        // They are told until they are mended.
        sweep.forget_stamp(path)?;
    }
    Ok(faulty)
}

/// What a document cites.
fn cites_of(read: &ReadDocument) -> impl Iterator<Item = Cite> {
    let notes = read.document.notes.iter().zip(&read.citations);
    let in_notes = notes.flat_map(|(note, citations)| {
        citations.iter().flat_map(move |checked| {
            let citation = &checked.citation;
            citation.urls.iter().map(move |url| (url, Some(note.number.clone()), citation.clone()))
        })
    });
    let links = read.document.links.iter().map(|link| (&link.url, None, Citation::default()));
    in_notes
        .chain(links)
        .filter_map(|(url, note, citation)| Some(Cite { url: Url::parse(url).ok()?, note, citation }))
}
