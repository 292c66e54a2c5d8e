//! What a sweep tells: each source as it is done, the sum of all, the plan.

use std::io::Write;
use std::time::Duration;

use clap::ValueEnum;
use ibid::archive::When;
use ibid::history::written;
use ibid::source::{State, Visit};
use ibid::sweep::{Plan, Sweep};
use indicatif::HumanDuration;
use serde_json::json;

/// Places that are told of a source.
const PLACES: u32 = 20;

/// How it is told.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Lines for a person: what is not simply there, and the sum
    Table,
    /// A JSON object for each source as it is done
    Jsonl,
}

/// What is told of each source.
pub(super) struct Told<W> {
    pub(super) out: W,
    form: Form,
    /// Of which sources archived copies are looked for.
    copies: When,
    /// Sources that are done but for their copy: they are told when it was looked for.
    later: Vec<i64>,
    /// How many sources are in each of [`State::ALL`].
    states: [usize; 9],
}

impl<W: Write> Told<W> {
    pub(super) fn new(out: W, form: Form, copies: When) -> Self {
        Told { out, form, copies, later: Vec::new(), states: [0; 9] }
    }

    /// A source that is done and, where it is worth it, kept.
    pub(super) fn visited(&mut self, sweep: &Sweep, visit: &Visit) -> anyhow::Result<()> {
        match sweep.source(&visit.url)? {
            Some(source) => {
                let mut visit = visit.clone();
                sweep.confirm(source, &mut visit)?;
                if visit.state != State::Skipped && sweep.lacks_copy(self.copies, source)? {
                    self.later.push(source);
                    return Ok(());
                }
                self.tell(sweep, source, visit.state, Some(&visit))?;
                // Whoever reads along need not wait for the next ones.
                Ok(self.out.flush()?)
            }
            None => Ok(()),
        }
    }

    /// Copies were looked for, or will not be any more.
    pub(super) fn sought(&mut self, sweep: &Sweep) -> anyhow::Result<()> {
        for source in std::mem::take(&mut self.later) {
            self.on_file(sweep, source)?;
        }
        Ok(())
    }

    /// A source that was done before this run began, but perhaps for its copy.
    pub(super) fn kept(&mut self, sweep: &Sweep, source: i64) -> anyhow::Result<()> {
        if sweep.lacks_copy(self.copies, source)? {
            self.later.push(source);
            return Ok(());
        }
        self.on_file(sweep, source)
    }

    /// A source as it is on file.
    fn on_file(&mut self, sweep: &Sweep, source: i64) -> anyhow::Result<()> {
        let state = sweep.checks(source)?.last().map_or(State::Skipped, |check| check.state);
        self.tell(sweep, source, state, None)
    }

    fn tell(
        &mut self,
        sweep: &Sweep,
        source: i64,
        state: State,
        visit: Option<&Visit>,
    ) -> anyhow::Result<()> {
        self.states[State::ALL.iter().position(|s| *s == state).unwrap_or_default()] += 1;
        let url = sweep.url(source)?;
        if self.form == Form::Table {
            if !matches!(state, State::Ok) {
                let places = sweep.cited_by(source, 3)?;
                let places: Vec<String> = places.into_iter().map(|(path, _)| path).collect();
                writeln!(self.out, "{:11}  {url}  ({})", state.name(), places.join(", "))?;
                if let Some(copy) = sweep.copy(&url)? {
                    writeln!(self.out, "{:11}  copy: {copy}", "")?;
                }
            }
            return Ok(());
        }
        let checks = sweep.checks(source)?;
        let (past, due) = sweep.prospect(&checks);
        let last = checks.last();
        let places = sweep.cited_by(source, PLACES)?;
        let cited_by: Vec<_> = places
            .into_iter()
            .map(|(document, note)| json!({ "document": document, "note": note }))
            .collect();
        let reason = match visit {
            Some(visit) => Some(visit.reason.clone()),
            None => sweep.reason(&url)?,
        };
        let line = json!({
            "url": url,
            "state": state,
            "status": visit.map_or_else(|| last.and_then(|check| check.status), |visit| visit.status),
            "final_url": visit.map_or_else(
                || last.and_then(|check| check.final_url.clone().or_else(|| check.status.map(|_| url.clone()))),
                |visit| visit.final_url.clone(),
            ),
            "reason": reason,
            "title": last.and_then(|check| check.title.as_ref()),
            "published": last.and_then(|check| check.published),
            "archived": sweep.copy(&url)?,
            "history": past,
            "due": due.map(written),
            "cited_by": cited_by,
        });
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    pub(super) fn finish(&mut self, plan: &Plan) -> anyhow::Result<()> {
        if self.form == Form::Table {
            let counts = State::ALL.iter().zip(self.states).filter(|(_, count)| *count > 0);
            let counts: Vec<String> =
                counts.map(|(state, count)| format!("{count} {}", state.name())).collect();
            let rest = if plan.resting > 0 {
                format!("; {} need not be asked yet", plan.resting)
            } else {
                String::new()
            };
            let none = "none due".to_owned();
            let counts = if counts.is_empty() { none } else { counts.join(", ") };
            writeln!(self.out, "{} sources: {counts}{rest}", plan.sources)?;
        }
        Ok(self.out.flush()?)
    }
}

/// What is to be done.
pub(super) fn tell_plan(plan: &Plan, form: Form) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    if form == Form::Jsonl {
        writeln!(out, "{}", serde_json::to_string(plan)?)?;
        return Ok(());
    }
    writeln!(out, "sources   {} in {} documents and lists", plan.sources, plan.documents)?;
    writeln!(out, "due       {}, of which {} were never checked", plan.due, plan.new)?;
    writeln!(out, "resting   {} need not be asked yet", plan.resting)?;
    if plan.done > 0 {
        writeln!(out, "done      {} since this sweep began", plan.done)?;
    }
    if plan.copies > 0 {
        writeln!(
            out,
            "copies    {} sources that are dead or replaced have none yet: archives are asked for one",
            plan.copies
        )?;
    }
    if let Some((host, sources)) = &plan.largest {
        writeln!(out, "hosts     {}; the most sources, {sources}, are at {host}", plan.hosts)?;
    }
    let time = HumanDuration(Duration::from_secs(plan.seconds));
    writeln!(out, "estimate  about {time}, if answers take a second")?;
    Ok(())
}
