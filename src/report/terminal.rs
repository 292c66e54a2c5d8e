//! The report that a person reads: what needs attention, note by note, then a count.

use std::io;

use clap::builder::styling::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthChar;

use super::{Form, Report, Style};
use crate::check::case::{CheckedCitation, ReadDocument};
use crate::check::date::DateVerdict;
use crate::check::{Finding, Severity};
use crate::date::PartialDate;
use crate::source::State;

/// Lines for people.
pub const FORM: Form = Form { name: "terminal", write };

const BOLD: Ansi = Ansi::new().bold();
const DIM: Ansi = Ansi::new().dimmed();

fn colour(severity: Severity) -> Ansi {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::Cyan.on_default(),
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn write(report: &Report, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    for (index, read) in report.documents.iter().enumerate() {
        heading(read, style.width, out)?;
        let mut of_document: Vec<&Finding> = report.findings.iter().filter(|f| f.document == index).collect();
        for finding in of_document.iter().filter(|f| f.note.is_none()) {
            write_finding(finding, false, style, out)?;
        }
        of_document.retain(|f| f.note.is_some());
        for (note, citations) in read.document.notes.iter().zip(&read.citations) {
            let findings: Vec<&&Finding> = of_document
                .iter()
                .filter(|f| f.note.as_deref() == Some(&note.number) && f.location == note.place)
                .collect();
            if findings.is_empty() && !style.verbose {
                continue;
            }
            writeln!(out, "\n{BOLD}note {}{BOLD:#} {DIM}{}{DIM:#}", safe(&note.number), note.place)?;
            paragraph(
                out,
                style.width,
                2,
                &safe(&shorten(&note.text, if style.verbose { usize::MAX } else { 300 })),
            )?;
            let alone = citations.iter().map(|c| c.citation.urls.len()).sum::<usize>() == 1;
            for finding in &findings {
                write_finding(finding, alone, style, out)?;
            }
            if style.verbose {
                for checked in citations {
                    write_fine(report, checked, style, out)?;
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
    paragraph(out, width, 2, &safe(&known.join(", ")))
}

/// `alone`: the note has one URL, and needs no word on which is meant.
fn write_finding(finding: &Finding, alone: bool, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let ink = colour(finding.severity);
    writeln!(out, "  {ink}{}{ink:#} {DIM}{}{DIM:#}", word(finding.severity), finding.rule)?;
    if finding.note.is_none() {
        paragraph(out, style.width, 4, &format!("at {}", finding.location))?;
    }
    if let Some(url) = &finding.url
        && !alone
    {
        paragraph(out, style.width, 4, &safe(url))?;
    }
    paragraph(out, style.width, 4, &safe(&finding.message))?;
    if let Some(help) = &finding.help {
        paragraph(out, style.width, 4, &safe(&format!("→ {help}")))?;
    }
    Ok(())
}

/// For `-v`: what was found to be right, and by what.
fn write_fine(
    report: &Report,
    checked: &CheckedCitation,
    style: Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for url in &checked.citation.urls {
        let Some(source) = report.sources.iter().find(|s| s.visit.url == *url) else { continue };
        let mut line = format!("{}: {}", state_word(source.visit.state), source.visit.reason);
        if let (Some(DateVerdict::Match), Some(published)) = (checked.date_verdict, &source.published) {
            line += &format!("; dated {} ({})", published.date, published.evidence);
        }
        paragraph(out, style.width, 4, &safe(&line))?;
    }
    Ok(())
}

/// The state's name as in the JSON report.
pub(super) fn state_word(state: State) -> &'static str {
    match state {
        State::Ok => "ok",
        State::Moved => "moved",
        State::Dead => "dead",
        State::Soft404 => "soft-404",
        State::Blocked => "blocked",
        State::Unreachable => "unreachable",
        State::Unsafe => "unsafe",
        State::Invalid => "invalid",
        State::Skipped => "skipped",
    }
}

fn write_count(report: &Report, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
    let notes: usize = report.documents.iter().map(|d| d.document.notes.len()).sum();
    let mut parts = Vec::new();
    for state in [
        State::Ok,
        State::Moved,
        State::Dead,
        State::Soft404,
        State::Blocked,
        State::Unreachable,
        State::Unsafe,
        State::Invalid,
        State::Skipped,
    ] {
        let count = report.sources.iter().filter(|s| s.visit.state == state).count();
        if count > 0 {
            parts.push(format!("{count} {}", state_word(state)));
        }
    }
    writeln!(out, "{}, {}", plural(notes, "note"), plural(report.source_count(), "source"))?;
    if !parts.is_empty() {
        paragraph(out, width, 0, &format!("sources: {}", parts.join(", ")))?;
    }
    let dates = [
        (DateVerdict::Match, "agree"),
        (DateVerdict::Near, "nearly agree"),
        (DateVerdict::Mismatch, "disagree"),
        (DateVerdict::Doubtful, "doubtful"),
        (DateVerdict::Undated, "undated"),
        (DateVerdict::Uncited, "not cited"),
        (DateVerdict::Unchecked, "unchecked"),
    ];
    let verdicts: Vec<DateVerdict> = report
        .documents
        .iter()
        .flat_map(|d| d.citations.iter().flatten())
        .filter_map(|c| c.date_verdict)
        .collect();
    let counted: Vec<String> = dates
        .iter()
        .map(|(verdict, words)| (verdicts.iter().filter(|v| *v == verdict).count(), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if !counted.is_empty() {
        paragraph(out, width, 0, &format!("dates: {}", counted.join(", ")))?;
    }
    let count = |severity| report.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let ink = match (errors, warnings) {
        (0, 0) => AnsiColor::Green.on_default().bold(),
        (0, _) => colour(Severity::Warning),
        _ => colour(Severity::Error),
    };
    writeln!(
        out,
        "{ink}{}, {}, {}{ink:#}",
        plural(errors, "error"),
        plural(warnings, "warning"),
        plural(infos, "info")
    )
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("{count} {noun}") } else { format!("{count} {noun}s") }
}

fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width).collect();
    short.push('…');
    short
}

/// Text from documents and pages without the control characters that a terminal obeys and the
/// marks that turn the direction of writing.
pub(super) fn safe(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// Writes a paragraph, wrapped and indented; wide characters count as two columns.
pub(super) fn paragraph(out: &mut dyn io::Write, width: usize, indent: usize, text: &str) -> io::Result<()> {
    let room = width.saturating_sub(indent).max(20);
    let measure = |word: &str| word.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let mut line = String::new();
    let mut used = 0;
    let pad = " ".repeat(indent);
    for word in text.split_whitespace() {
        let len = measure(word);
        if used > 0 && used + 1 + len > room {
            writeln!(out, "{pad}{line}")?;
            line.clear();
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += len;
    }
    if used > 0 {
        writeln!(out, "{pad}{line}")?;
    }
    Ok(())
}
