//! A WARC file → a WACZ package (version 1.1.1): the archive, an index to it and a list of its pages in
//! one zip, from which viewers read single records in place.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use ring::digest::{Context, SHA256, digest};
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::CaptureError;
use super::index::{self, Contents};
use crate::source::Visit;
use crate::source::archive::Warc;

/// The WARC file inside a package.
const DATA: &str = "data.warc.gz";

/// A package, as far as it is written.
struct Package<W: Write + io::Seek> {
    zip: ZipWriter<W>,
    /// What `datapackage.json` says of each file.
    resources: Vec<serde_json::Value>,
}

/// A package or WARC file that is there, and what it holds of the sources, by their addresses; of two
/// visits the later one counts.
///
/// # Errors
///
/// A file that cannot be read or is damaged.
pub fn captured(path: &Path) -> Result<(Captured, HashMap<String, Visit>), CaptureError> {
    let reading = CaptureError::reading(path);
    let bytes = std::fs::metadata(path).map_err(&reading)?.len();
    let mut visits = HashMap::new();
    let mut answers = 0;
    for warc in Warc::all(path).map_err(&reading)? {
        let contents = index::read(&warc, path, DATA)?;
        answers += contents.lines.len();
        visits.extend(contents.visits.into_iter().map(|(_, visit)| (visit.url.clone(), visit)));
    }
    let pages = visits.values().filter(|visit| visit.status.is_some()).count();
    Ok((Captured { bytes, answers, pages }, visits))
}

/// A package that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captured {
    /// Its length in bytes.
    pub bytes: u64,
    /// Answers that its index lists.
    pub answers: usize,
    /// Sources that its list of pages names.
    pub pages: usize,
}

/// Packs a WARC file that [`super::Writer`] wrote. `title`: what the package is called for its readers.
/// The package takes its name when it is whole.
///
/// # Errors
///
/// A package of that name exists, or a file cannot be read or written.
pub fn package(from: &Path, to: &Path, title: &str) -> Result<Captured, CaptureError> {
    if to.exists() {
        return Err(CaptureError::Exists(to.to_owned()));
    }
    let mut warcs = Warc::all(from).map_err(CaptureError::reading(from))?;
    let contents = index::read(&warcs.remove(0), from, DATA)?;
    let writing = CaptureError::writing(to);
    let unfinished = beside(to, "tmp");
    let pages = write(from, &unfinished, title, &contents).map_err(&writing)?;
    std::fs::rename(&unfinished, to).map_err(&writing)?;
    let bytes = std::fs::metadata(to).map_err(&writing)?.len();
    Ok(Captured { bytes, answers: contents.lines.len(), pages })
}

/// A file beside another one.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn write(from: &Path, to: &Path, title: &str, contents: &Contents) -> io::Result<usize> {
    let file = File::create(to)?;
    let mut package = Package { zip: ZipWriter::new(BufWriter::new(file)), resources: Vec::new() };
    package.add(&format!("archive/{DATA}"), &mut BufReader::new(File::open(from)?))?;
    let (packed, blocks) = index::pack(&contents.lines)?;
    package.add("indexes/index.cdx.gz", &mut packed.as_slice())?;
    package.add("indexes/index.idx", &mut blocks.as_bytes())?;
    let (list, pages) = list(&contents.visits);
    package.add("pages/pages.jsonl", &mut list.as_bytes())?;

    let description = serde_json::to_vec_pretty(&json!({
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": now(),
        "software": concat!("ibid/", env!("CARGO_PKG_VERSION")),
        "resources": package.resources,
    }))?;
    package.add("datapackage.json", &mut description.as_slice())?;
    let hash = format!("sha256:{}", HEXLOWER.encode(digest(&SHA256, &description).as_ref()));
    let witness = serde_json::to_vec_pretty(&json!({ "path": "datapackage.json", "hash": hash }))?;
    package.add("datapackage-digest.json", &mut witness.as_slice())?;

    let mut out = package.zip.finish()?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(pages)
}

impl<W: Write + io::Seek> Package<W> {
    /// Adds a file as it is: what is in a package is found by its place.
    fn add(&mut self, path: &str, from: &mut impl Read) -> io::Result<()> {
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
        self.zip.start_file(path, options)?;
        let mut context = Context::new(&SHA256);
        let mut buffer = vec![0; 256 << 10];
        let mut length = 0;
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            context.update(&buffer[..read]);
            self.zip.write_all(&buffer[..read])?;
            length += read as u64;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let hash = format!("sha256:{}", HEXLOWER.encode(context.finish().as_ref()));
        self.resources.push(json!({ "name": name, "path": path, "hash": hash, "bytes": length }));
        Ok(())
    }
}

/// The list of pages, and how many it names: every source that answered.
fn list(visits: &[(Timestamp, Visit)]) -> (String, usize) {
    let mut lines = json!({ "format": "json-pages-1.0", "id": "pages", "title": "Sources" }).to_string();
    lines.push('\n');
    let mut last: HashMap<&str, usize> = HashMap::new();
    last.extend(visits.iter().enumerate().map(|(at, (_, visit))| (visit.url.as_str(), at)));
    let mut pages = 0;
    for (at, (date, visit)) in visits.iter().enumerate() {
        if visit.status.is_none() || last[visit.url.as_str()] != at {
            continue;
        }
        pages += 1;
        let title = visit.title().unwrap_or(&visit.url);
        let page = json!({
            "id": format!("source-{pages}"),
            "url": visit.url,
            "ts": date.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "title": title,
        });
        lines += &page.to_string();
        lines.push('\n');
    }
    (lines, pages)
}

fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
