//! Markdown: a job's summary, or a comment on a pull request.

use std::io;

use super::{Form, Report, Style, tally};
use crate::check::{Finding, Severity};
use crate::fold::is_obeyed;

/// GitHub Flavored Markdown.
pub const FORM: Form =
    Form { name: "markdown", summary: "Markdown, for a job summary or a comment", stripped: true, write };

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let errors = report.count(Severity::Error);
    let verdict = if errors > 0 { "❌" } else { "✅" };
    writeln!(out, "## {verdict} Footnotes: {}\n", tally::findings(report))?;
    for (index, read) in report.documents.iter().enumerate() {
        let findings: Vec<&Finding> = report.findings.iter().filter(|f| f.document == index).collect();
        if findings.is_empty() {
            continue;
        }
        writeln!(out, "### {}\n", code(&read.path))?;
        writeln!(out, "| note | | rule | what is wrong | what to do |\n|---|---|---|---|---|")?;
        for finding in findings {
            let at = finding.note.as_deref().map_or_else(|| finding.location.to_string(), plain);
            let sign = match finding.severity {
                Severity::Error => "❌ error",
                Severity::Warning => "⚠️ warning",
                Severity::Info => "ℹ️ info",
            };
            let url = finding.url.as_ref().map_or(String::new(), |url| format!("<br>{}", code(url)));
            let help = finding.help.as_deref().map_or(String::new(), plain);
            writeln!(
                out,
                "| {at} | {sign} | `{}` | {}{url} | {help} |",
                finding.rule,
                plain(&finding.message)
            )?;
        }
        writeln!(out)?;
    }
    let mut lines = tally::lines(report);
    lines.pop();
    writeln!(out, "{}", lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("  \n"))
}

/// Text that means nothing but itself: no markup, no mention, no cell's end.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | '#' => {
                // A mention or a reference would call people who have nothing to do with it.
                out.push(c);
                out.push_str("<!-- -->");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if is_obeyed(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A code span, in which nothing but the backtick and the cell's end means anything.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_obeyed(c) || c == '`' { ' ' } else { c }).collect();
    format!("`` {} ``", text.replace('|', "%7C"))
}
