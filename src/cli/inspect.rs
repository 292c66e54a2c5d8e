//! `ibid inspect`

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use ibid::check::date::{self, DateVerdict};
use ibid::check::likeness;
use ibid::date::PartialDate;
use ibid::page::{self, DateClaim, Page};
use ibid::source::{self, Visit};
use serde::{Deserialize, Serialize};
use url::Url;

use super::Outcome;
use super::config::Configured;
use super::network::{self, Network};
use super::record::Record;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The page to fetch
    #[arg(value_name = "URL", required_unless_present_any = ["html", "jsonl"], conflicts_with_all = ["html", "jsonl"])]
    address: Option<String>,
    /// Read the page from this file
    #[arg(long, value_name = "FILE", requires = "url")]
    html: Option<PathBuf>,
    /// The address that the file came from
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Read {"url", "path"} lines from standard input, print one JSON line each; a date in "cited" is judged, a title in "title" compared
    #[arg(long, conflicts_with = "html")]
    jsonl: bool,
    /// How to print it
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: Format,
    #[command(flatten)]
    network: Network,
    #[command(flatten)]
    record: Record,
    #[command(flatten)]
    configured: Configured,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Inspection<'p> {
    url: &'p str,
    state: Option<source::State>,
    status: Option<u16>,
    final_url: Option<&'p str>,
    reason: Option<&'p str>,
    date: Option<String>,
    evidence: Option<&'p str>,
    published: Option<&'p DateClaim>,
    modified: Option<&'p DateClaim>,
    title: Option<&'p str>,
    authors: &'p [String],
    site: Option<&'p str>,
    dates: &'p [DateClaim],
    nature: &'p page::Nature,
    #[serde(flatten)]
    verdicts: Verdicts,
}

/// What the page says of a date cited for it.
#[derive(Serialize, Default)]
struct Verdicts {
    #[serde(skip_serializing_if = "Option::is_none")]
    date_verdict: Option<DateVerdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sure: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title_likeness: Option<f64>,
}

impl<'p> Inspection<'p> {
    fn of(url: &'p str, page: &'p Page, visit: Option<&'p Visit>) -> Self {
        let published = page::published(&page.dates);
        // Of a page that is dated by its last change only, that is its date; the evidence says so.
        let dated = published.or_else(|| page::modified(&page.dates));
        Inspection {
            url,
            state: visit.map(|v| v.state),
            status: visit.and_then(|v| v.status),
            final_url: visit.and_then(|v| v.final_url.as_deref()),
            reason: visit.map(|v| v.reason.as_str()),
            date: dated.map(|claim| claim.date.to_string()),
            evidence: dated.map(|claim| claim.evidence.as_str()),
            published,
            modified: page::modified(&page.dates),
            title: page.title.as_deref(),
            authors: &page.authors,
            site: page.site.as_deref(),
            dates: &page.dates,
            nature: &page.nature,
            verdicts: Verdicts::default(),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let none = "none found";
        writeln!(out, "url        {}", self.url)?;
        if let (Some(state), Some(reason)) = (self.state, self.reason) {
            writeln!(out, "state      {}: {reason}", serde_json::to_string(&state)?.trim_matches('"'))?;
        }
        writeln!(out, "title      {}", self.title.unwrap_or(none))?;
        writeln!(
            out,
            "authors    {}",
            if self.authors.is_empty() { none.to_owned() } else { self.authors.join(", ") }
        )?;
        writeln!(out, "site       {}", self.site.unwrap_or(none))?;
        match self.published {
            Some(claim) => writeln!(out, "published  {} ({})", claim.date, claim.evidence)?,
            None => writeln!(out, "published  {none}")?,
        }
        for claim in self.dates {
            let role = serde_json::to_string(&claim.role)?;
            let strength = serde_json::to_string(&claim.strength)?;
            let time = claim.time.as_deref().map_or(String::new(), |t| format!(", {t}"));
            writeln!(
                out,
                "  {}  {} {} ({}{time})",
                claim.date,
                strength.trim_matches('"'),
                role.trim_matches('"'),
                claim.evidence
            )?;
        }
        Ok(())
    }
}

pub(super) fn run(args: Args) -> anyhow::Result<Outcome> {
    if args.jsonl {
        // Escaped as JSON is, it needs no search for what a terminal obeys.
        return lines(&mut io::BufWriter::new(io::stdout().lock()));
    }
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let mut outcome = Outcome::Clean;
    if let Some(path) = &args.html {
        let address = args.url.as_deref().expect("clap requires it with --html");
        let url = Url::parse(address).with_context(|| format!("--url {address}"))?;
        let page = read_page(path, &url)?;
        show(&Inspection::of(address, &page, None), args.format, &mut out)?;
    } else {
        let address = args.address.expect("clap requires it without --html");
        Url::parse(&address).with_context(|| address.clone())?;
        let mut policy = args.network.policy(&args.configured.load(None, args.network.settings())?);
        let recording = args.record.open(&mut policy)?;
        let runtime = network::runtime()?;
        let urls = [address];
        let heard = |event: source::Event| recording.heard(&event);
        let mut visits =
            runtime.block_on(source::visit_all(&urls, &policy, heard, std::future::pending()))?;
        runtime.shutdown_background();
        if !recording.finish() {
            outcome = Outcome::Faulty;
        }
        let mut visit = visits.pop().context("nothing was fetched")?;
        let mut page = visit.page.take().unwrap_or_default();
        page.dates = date::claims(&Visit { page: Some(page.clone()), ..visit.clone() });
        if matches!(
            visit.state,
            source::State::Dead | source::State::Soft404 | source::State::Unsafe | source::State::Invalid
        ) {
            outcome = outcome.max(Outcome::Findings);
        }
        show(&Inspection::of(&urls[0], &page, Some(&visit)), args.format, &mut out)?;
    }
    out.flush()?;
    Ok(outcome)
}

fn show(inspection: &Inspection, format: Format, out: &mut impl Write) -> anyhow::Result<()> {
    match format {
        Format::Text => inspection.print(out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, inspection)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn read_page(path: &std::path::Path, url: &Url) -> anyhow::Result<Page> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(page::read(&source::decode(&bytes, None), url))
}

#[derive(Deserialize)]
struct Line {
    url: String,
    path: PathBuf,
    /// A date cited for the page, to be judged.
    cited: Option<String>,
    /// A title cited for the page, to be compared.
    title: Option<String>,
}

fn lines(out: &mut impl Write) -> anyhow::Result<Outcome> {
    for (index, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input cannot be read")?;
        if line.trim().is_empty() {
            continue;
        }
        let Ok(wanted) = serde_json::from_str::<Line>(&line) else {
            bail!("standard input, line {}: not an object with \"url\" and \"path\"", index + 1)
        };
        let url = Url::parse(&wanted.url)
            .with_context(|| format!("standard input, line {}: {}", index + 1, wanted.url))?;
        let page = read_page(&wanted.path, &url)?;
        let mut inspection = Inspection::of(&wanted.url, &page, None);
        if let Some(cited) = &wanted.cited {
            let cited: PartialDate =
                cited.parse().with_context(|| format!("standard input, line {}: {cited}", index + 1))?;
            let judgement = date::judge_claims(cited, cited, &page.dates);
            inspection.verdicts.date_verdict = Some(judgement.verdict);
            inspection.verdicts.sure = Some(judgement.sure);
        }
        if let Some(title) = &wanted.title {
            inspection.verdicts.title_likeness = likeness::of(title, &page, &[&wanted.url]);
        }
        serde_json::to_writer(&mut *out, &inspection)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}
