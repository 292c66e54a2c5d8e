//! Where and how reports are written.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use ibid::check::Severity;
use ibid::fold::nearest;
use ibid::report::{FORMS, Form, Report, Style};

use super::outfile::OutFile;

/// The forms of the report, and where each goes.
#[derive(clap::Args)]
#[command(next_help_heading = "Report")]
pub(super) struct Output {
    /// The form on standard output
    #[arg(long, value_name = "FORM", value_parser = form_named, long_help = forms())]
    format: Option<FormArg>,
    /// Write one more report to a file; may be given again (`--report sarif=out.sarif`)
    #[arg(long, value_name = "FORM=FILE", value_parser = to_file)]
    report: Vec<ToFile>,
    /// Leave milder findings out of every report
    #[arg(long, value_name = "SEVERITY", value_parser = severity_named)]
    min_severity: Option<Severity>,
    /// Show fine notes too
    #[arg(short, long)]
    verbose: bool,
}

/// A form of report.
#[derive(Clone, Copy)]
struct FormArg(&'static Form);

/// A form of report and its file.
#[derive(Clone)]
struct ToFile {
    form: &'static Form,
    path: PathBuf,
}

/// The forms as `--help` lists them.
fn forms() -> String {
    let lines = FORMS.iter().map(|form| format!("\n  {:9} {}", form.name, form.summary));
    format!("The form on standard output:\n{}", lines.collect::<String>())
}

fn form_named(name: &str) -> Result<FormArg, String> {
    let names = || FORMS.iter().map(|form| form.name);
    FORMS.iter().find(|form| form.name == name).map(FormArg).ok_or_else(|| {
        let near = nearest(name, names()).map_or(String::new(), |near| format!("did you mean {near}? "));
        format!("{near}forms are {}", names().collect::<Vec<_>>().join(", "))
    })
}

fn to_file(text: &str) -> Result<ToFile, String> {
    let (form, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(|| {
        "write FORM=FILE, such as html=footnotes.html; --format says what goes to standard output".to_owned()
    })?;
    Ok(ToFile { form: form_named(form)?.0, path: path.into() })
}

fn severity_named(name: &str) -> Result<Severity, String> {
    Severity::named(name).ok_or_else(|| "severities are error, warning and info".to_owned())
}

/// Reports that are open and wait for the end of the work.
pub(super) struct Open<'o> {
    output: &'o Output,
    form: &'static Form,
    files: Vec<(&'o ToFile, OutFile)>,
}

impl Output {
    /// Opens every file before the work begins, so that an hour of checking is not lost to a
    /// misspelt folder. `default` is the form on standard output where none is named.
    pub(super) fn open(&self, default: &'static str, documents: &[PathBuf]) -> anyhow::Result<Open<'_>> {
        let form = self.format.map_or_else(|| form_named(default).expect("a known form").0, |form| form.0);
        let opened = self.report.iter().map(|to| Ok((to, OutFile::open(&to.path, documents)?)));
        let files = opened.collect::<anyhow::Result<_>>()?;
        Ok(Open { output: self, form, files })
    }
}

impl Open<'_> {
    /// Writes every report; standard output comes last.
    pub(super) fn write(self, report: &mut Report) -> anyhow::Result<()> {
        if let Some(least) = self.output.min_severity {
            report.findings.retain(|finding| finding.severity >= least);
        }
        let verbose = self.output.verbose;
        for (to, file) in self.files {
            let style = Style { width: 80, verbose, hyperlinks: false };
            file.write(|file| {
                if to.form.stripped {
                    put(to.form, report, style, anstream::StripStream::new(file))
                } else {
                    put(to.form, report, style, file)
                }
            })?;
        }
        let width =
            terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).clamp(40, 120);
        let style = Style { width, verbose, hyperlinks: io::stdout().is_terminal() && knows_hyperlinks() };
        if self.form.stripped {
            put(self.form, report, style, anstream::stdout().lock())?;
        } else {
            put(self.form, report, style, io::stdout().lock())?;
        }
        Ok(())
    }
}

fn put(form: &Form, report: &Report, style: Style, to: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(to);
    (form.write)(report, style, &mut out)?;
    out.flush()
}

/// Terminals that show OSC 8 hyperlinks say so in no one way; these are known to, and others ignore
/// what they do not know.
fn knows_hyperlinks() -> bool {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    let program = std::env::var("TERM_PROGRAM").unwrap_or_default();
    let term = std::env::var("TERM").unwrap_or_default();
    !set("NO_COLOR")
        && (set("VTE_VERSION")
            || set("WT_SESSION")
            || set("KONSOLE_VERSION")
            || matches!(program.as_str(), "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper")
            || term.contains("kitty")
            || term.contains("alacritty"))
}
