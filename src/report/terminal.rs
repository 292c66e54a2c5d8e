//! The report that a person reads: what needs attention, note by note, then a count.

use std::io;
use std::ops::Range;

use clap::builder::styling::{AnsiColor, Style as Ansi};

use super::index::Index;
use super::wrap::{marked, paragraph, safe};
use super::{Form, Report, Style, quote, tally};
use crate::check::case::{CheckedCitation, ReadDocument};
use crate::check::date::DateVerdict;
use crate::check::{Finding, Severity};
use crate::date::PartialDate;

/// Lines for people.
pub const FORM: Form = Form {
    name: "terminal",
    summary: "lines for a person, each wrong note with its reason",
    stripped: true,
    write,
};

const BOLD: Ansi = Ansi::new().bold();
const DIM: Ansi = Ansi::new().dimmed();

/// Characters of a note that are quoted, unless everything is asked for.
const QUOTED: usize = 300;

fn colour(severity: Severity) -> Ansi {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let index = Index::of(report);
    for (nth, read) in report.documents.iter().enumerate() {
        heading(read, style.width, out)?;
        let found = index.document(nth);
        for finding in &found.body {
            write_finding(finding, false, style, out)?;
        }
        for (note, citations) in read.document.notes.iter().zip(&read.citations) {
            let findings = found.note(note);
            if findings.is_empty() && !style.verbose {
                continue;
            }
            writeln!(out, "\n{BOLD}note {}{BOLD:#} {DIM}{}{DIM:#}", safe(&note.number), note.place)?;
            let marks: Vec<Range<usize>> = findings.iter().flat_map(|f| quote::marks(f, note)).collect();
            let worst = findings.iter().map(|f| f.severity).max().map_or(DIM, colour);
            let reach = marks.iter().map(|mark| mark.end).max().unwrap_or(0);
            let text = if style.verbose { note.text.clone() } else { shorten(&note.text, reach) };
            marked(out, style.width, 2, &text, &marks, worst)?;
            let alone = citations.iter().map(|c| c.citation.urls.len()).sum::<usize>() == 1;
            for finding in findings {
                write_finding(finding, alone, style, out)?;
            }
            if style.verbose {
                for checked in citations {
                    write_fine(&index, checked, style, out)?;
                }
            }
        }
        writeln!(out)?;
    }
    write_count(report, style.width, out)
}

/// The document's name, title, and date.
pub(super) fn heading(read: &ReadDocument, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let document = &read.document;
    writeln!(out, "{BOLD}{}{BOLD:#}", safe(&read.path))?;
    let title = document.title.iter().cloned();
    let date = document.date.iter().map(PartialDate::in_words);
    let known: Vec<String> = title.chain(document.authors.iter().cloned()).chain(date).collect();
    paragraph(out, width, 2, &known.join(", "))
}

/// `alone`: the note has one URL, and needs no word on which is meant.
fn write_finding(finding: &Finding, alone: bool, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let ink = colour(finding.severity);
    writeln!(out, "  {ink}{}{ink:#} {DIM}{}{DIM:#}", finding.severity.name(), finding.rule)?;
    if finding.note.is_none() {
        paragraph(out, style.width, 4, &format!("at {}", finding.location))?;
    }
    if let Some(url) = &finding.url {
        let url = safe(url);
        if style.hyperlinks {
            writeln!(out, "    \x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\")?;
        } else if !alone {
            paragraph(out, style.width, 4, &url)?;
        }
    }
    paragraph(out, style.width, 4, &finding.message)?;
    if let Some(help) = &finding.help {
        paragraph(out, style.width, 4, &format!("→ {help}"))?;
    }
    Ok(())
}

/// For `-v`: what was found to be right, and by what.
fn write_fine(
    index: &Index,
    checked: &CheckedCitation,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for url in &checked.citation.urls {
        let Some(source) = index.source(url) else { continue };
        let mut line = format!("{}: {}", source.visit.state.name(), source.visit.reason);
        if let (Some(DateVerdict::Match), Some(published)) = (checked.date_verdict, &source.published) {
            line += &format!("; dated {} ({})", published.date, published.evidence);
        }
        if let Some((copy, date)) = source.archived() {
            line += &format!("; archived on {}: {copy}", date.in_words());
        }
        paragraph(out, style.width, 4, &line)?;
    }
    Ok(())
}

fn write_count(report: &Report, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines = tally::lines(report);
    let last = lines.pop().unwrap_or_default();
    for line in lines {
        paragraph(out, width, 0, &line)?;
    }
    let worst = report.findings.iter().map(|f| f.severity).filter(|s| *s > Severity::Info).max();
    let ink = worst.map_or(AnsiColor::Green.on_default().bold(), colour);
    writeln!(out, "{ink}{last}{ink:#}")
}

/// The beginning of a note, as far as the words that matter.
fn shorten(text: &str, reach: usize) -> String {
    let start = text.char_indices().nth(QUOTED).map_or(text.len(), |(at, _)| at);
    let end = start.max(reach);
    if end >= text.len() { text.to_owned() } else { format!("{}…", &text[..end]) }
}
