//! `ibid parse`

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use ibid::citation::{Record, record_after};
use serde::{Deserialize, Serialize};

use super::Outcome;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Citations, one a line; `-` or nothing is standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// How to read and print them: text is one citation a line, jsonl one {"id", "text"} a line
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

#[derive(Deserialize)]
struct Input {
    id: serde_json::Value,
    text: String,
}

#[derive(Serialize)]
struct Output {
    id: serde_json::Value,
    #[serde(flatten)]
    record: Record,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let (name, reader): (_, Box<dyn BufRead>) =
        match args.file.as_deref().filter(|path| *path != Path::new("-")) {
            Some(path) => {
                let name = path.display().to_string();
                let file = File::open(path).with_context(|| name.clone())?;
                (name, Box::new(BufReader::new(file)))
            }
            None => ("standard input".to_owned(), Box::new(io::stdin().lock())),
        };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    // The lines are notes that follow each other: *Ibid.* means the line above, whatever its number.
    let mut above: Option<String> = None;
    let mut read = |text: &str| {
        let record = record_after(text, above.as_deref());
        above.clone_from(&record.number);
        record
    };
    for (index, line) in reader.lines().enumerate() {
        let line = line.with_context(|| format!("{name}, line {}", index + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        match args.format {
            Format::Text => print(&line, &read(line.trim()), &mut out)?,
            Format::Jsonl => {
                let Ok(input) = serde_json::from_str::<Input>(&line) else {
                    out.flush()?;
                    bail!("{name}, line {}: not an object with \"id\" and \"text\"", index + 1)
                };
                serde_json::to_writer(&mut out, &Output { id: input.id, record: read(&input.text) })?;
                writeln!(out)?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

fn print(line: &str, record: &Record, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{line}")?;
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let fields = [
        ("authors", list(&record.author)),
        ("title", record.title.clone()),
        ("container", record.container.clone()),
        ("date", record.date.clone()),
        ("accessed", record.accessed.clone()),
        ("url", record.url.clone()),
        ("doi", record.doi.clone()),
        ("notes", list(&record.targets)),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            writeln!(out, "  {name:<10} {value}")?;
        }
    }
    writeln!(out)
}
