//! The files named on the command line → documents.

use std::collections::{HashMap, HashSet};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use ibid::check::case::ReadDocument;
use ibid::document::{self, FORMATS, Format, ReadError, Reading};
use ibid::run;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::changed;
use super::files::{self, Wanted};

/// Which documents, and how they are read and reported.
#[derive(clap::Args)]
pub(super) struct Input {
    /// Documents, folders and patterns (`'drafts/**/*.md'`) to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Read every file as this format, whatever its name
    #[arg(id = "input_format", long = "input-format", value_name = "FORMAT", value_parser = format_named)]
    pub(super) format: Option<FormatArg>,
    /// Opens encrypted documents
    #[arg(long, value_name = "PASSWORD", env = "IBID_PASSWORD", hide_env_values = true)]
    pub(super) password: Option<String>,
}

/// A format by its name.
#[derive(Clone, Copy)]
pub(super) struct FormatArg(&'static Format);

fn format_named(name: &str) -> Result<FormatArg, String> {
    let known = || FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    FORMATS.iter().find(|f| f.name == name).map(FormatArg).ok_or_else(|| format!("formats are {}", known()))
}

/// Stack of the threads that read: documents may be nested deeply.
const STACK: usize = 16 * 1024 * 1024;

/// Documents read before, by their paths: those that have not changed need not be read again.
#[derive(Default)]
pub(super) struct Known {
    documents: HashMap<String, ReadDocument>,
    /// The files that they ask for beside themselves.
    asked: HashMap<String, Vec<PathBuf>>,
}

impl Known {
    /// The files that the documents ask for beside themselves.
    pub(super) fn asked(&self) -> impl Iterator<Item = &PathBuf> {
        self.asked.values().flatten()
    }

    /// Takes back the documents of a report.
    pub(super) fn keep(&mut self, documents: Vec<ReadDocument>) {
        self.documents = documents.into_iter().map(|read| (read.path.clone(), read)).collect();
    }

    /// Forgets what was read of these files, and of the documents that ask for them.
    pub(super) fn forget(&mut self, changed: &HashSet<PathBuf>) {
        self.documents.retain(|path, _| {
            let mut asked = self.asked.get(path).into_iter().flatten();
            !changed.contains(Path::new(path)) && !asked.any(|file| changed.contains(file))
        });
    }
}

/// What came of a file. Files of a folder that are no documents are passed over.
enum Outcome {
    Read(Box<ReadDocument>, Vec<PathBuf>),
    PassedOver,
    Faulty(String),
}

impl Input {
    /// Reads every file, several at a time, and gives the documents in the order of the command line.
    /// One that cannot be read is named on standard error and does not stop the others; the second
    /// value says whether there was one.
    pub(super) fn read(&self) -> (Vec<ReadDocument>, bool) {
        self.read_again(&mut Known::default())
    }

    /// As [`Input::read`], but for what is known.
    pub(super) fn read_again(&self, known: &mut Known) -> (Vec<ReadDocument>, bool) {
        let mut faulty = false;
        let mut wanted: Vec<Wanted> = Vec::new();
        for argument in &self.files {
            match files::named_by(argument) {
                Ok(files) => wanted.extend(files),
                Err(error) => {
                    faulty = true;
                    anstream::eprintln!("ibid: {}: {error:#}", argument.display());
                }
            }
        }
        let wanted = files::once(wanted);
        let mut documents = Vec::new();
        let known_as = |wanted: &Wanted| wanted.path.display().to_string();
        let before: Vec<_> = wanted.iter().map(|wanted| known.documents.remove(&known_as(wanted))).collect();
        let new = wanted.iter().zip(&before).filter(|(_, before)| before.is_none());
        let new: Vec<Wanted> = new.map(|(wanted, _)| wanted.clone()).collect();
        let mut outcomes = self.read_all(&new).into_iter();
        for (wanted, before) in wanted.iter().zip(before) {
            if let Some(before) = before {
                documents.push(before);
                continue;
            }
            let path = wanted.path.display();
            match outcomes.next().unwrap_or(Outcome::PassedOver) {
                Outcome::Read(read, asked) => {
                    known.asked.insert(known_as(wanted), asked);
                    for warning in &read.document.warnings {
                        anstream::eprintln!("ibid: {path}: {warning}");
                    }
                    documents.push(*read);
                }
                Outcome::PassedOver => {}
                Outcome::Faulty(reason) => {
                    faulty = true;
                    anstream::eprintln!("ibid: {path}: {reason}");
                }
            }
        }
        (documents, faulty)
    }

    fn read_all(&self, wanted: &[Wanted]) -> Vec<Outcome> {
        let bar = progress(wanted.len());
        let next = AtomicUsize::new(0);
        let outcomes: Mutex<Vec<Option<Outcome>>> = Mutex::new(wanted.iter().map(|_| None).collect());
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(wanted.len());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let work = || loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(wanted) = wanted.get(at) else { return };
                    bar.set_message(wanted.path.display().to_string());
                    let outcome = self.outcome(wanted);
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(outcome);
                    bar.inc(1);
                };
                std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, work)
                    .expect("a thread starts");
            }
        });
        bar.finish_and_clear();
        let outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::PassedOver)).collect()
    }

    /// Reads files one after the other and hands each on before the next is read; else as [`Input::read`].
    pub(super) fn read_each(
        &self,
        wanted: &[Wanted],
        mut each: impl FnMut(ReadDocument) -> anyhow::Result<()> + Send,
    ) -> anyhow::Result<bool> {
        let work = || {
            let mut faulty = false;
            for wanted in wanted {
                match self.outcome(wanted) {
                    Outcome::Read(read, _) => each(*read)?,
                    Outcome::PassedOver => {}
                    Outcome::Faulty(reason) => {
                        faulty = true;
                        anstream::eprintln!("ibid: {}: {reason}", wanted.path.display());
                    }
                }
            }
            Ok(faulty)
        };
        std::thread::scope(|scope| {
            let reader = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
            reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// A reader that fails costs its own file only.
    fn outcome(&self, wanted: &Wanted) -> Outcome {
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.read_one(&wanted.path)));
        match read {
            Ok(Ok((read, asked))) => Outcome::Read(Box::new(read), asked),
            Ok(Err(error)) if !wanted.named && is_no_document(&error) => Outcome::PassedOver,
            Ok(Err(error)) => Outcome::Faulty(format!("{error:#}")),
            Err(_) => Outcome::Faulty("it could not be read because of a fault in ibid itself".to_owned()),
        }
    }

    /// A document, and the files that it asked for beside itself.
    fn read_one(&self, path: &Path) -> anyhow::Result<(ReadDocument, Vec<PathBuf>)> {
        let standard_input = path == Path::new("-");
        let bytes = if standard_input {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
            bytes
        } else {
            std::fs::read(path)?
        };
        let format = self.format.map_or_else(|| document::format_of(path, &bytes), |format| format.0);
        let reading = self.reading(path);
        let document = (format.read)(&bytes, &reading)?;
        drop(bytes);
        Ok((run::understand(path.display().to_string(), format.name, document), reading.asked.into_inner()))
    }

    fn reading(&self, path: &Path) -> Reading {
        let folder = path.parent().filter(|_| path != Path::new("-")).map(Path::to_owned);
        Reading { password: self.password.clone(), folder, ..Reading::default() }
    }

    /// Leaves out of the check what stood in the documents at a git revision.
    pub(super) fn settle(&self, documents: &mut [ReadDocument], revision: &str) -> anyhow::Result<()> {
        for read in documents.iter_mut().filter(|read| read.path != "-") {
            let path = Path::new(&read.path);
            let Some(bytes) = changed::at_revision(path, revision)? else { continue };
            let format = FORMATS.iter().find(|format| format.name == read.format).expect("it was read");
            // A version that could not be read settles nothing.
            if let Ok(earlier) = (format.read)(&bytes, &self.reading(path)) {
                read.settle(&earlier);
            }
        }
        Ok(())
    }
}

/// A file of a folder that nobody meant to have read.
fn is_no_document(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<ReadError>();
    matches!(error, Some(ReadError::Empty | ReadError::Binary(_) | ReadError::Unsupported(_)))
}

/// A bar on a terminal where many files are read; nothing in a pipe.
fn progress(files: usize) -> ProgressBar {
    const FEW: usize = 10;
    if files < FEW || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}").expect("the template is valid");
    ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr()).with_style(style)
}
