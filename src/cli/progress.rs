//! What a long run shows while it runs; always on standard error.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use ibid::source::Event;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

/// How progress is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// A bar on a terminal; lines in CI; else nothing
    Auto,
    /// A bar
    Bar,
    /// A line now and then
    Plain,
    /// One JSON object an event
    Json,
    /// Nothing
    None,
}

/// Between two lines.
const EVERY: Duration = Duration::from_secs(10);

/// Between two messages beside the bar.
const DRAWN: Duration = Duration::from_millis(100);

/// The state of a run that is shown.
pub(super) struct Progress {
    form: Form,
    bar: ProgressBar,
    total: u64,
    done: u64,
    started: Instant,
    told: Instant,
    /// Hosts that are waited for, and until when.
    waiting: HashMap<String, Instant>,
}

impl Progress {
    pub(super) fn new(form: Form, total: u64) -> Self {
        let ci = std::env::var_os("CI").is_some_and(|value| value != "false");
        let form = match form {
            Form::Auto if io::stderr().is_terminal() => Form::Bar,
            Form::Auto if ci => Form::Plain,
            Form::Auto => Form::None,
            form => form,
        };
        let bar = if form == Form::Bar {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // Whoever shows the bar may well be unable to.
                let _ = write!(out, "{:.1}/s", state.per_sec());
            };
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {rate} eta {eta} {wide_msg}")
                .expect("the template is valid")
                .with_key("rate", rate);
            ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_style(style)
        } else {
            ProgressBar::hidden()
        };
        let now = Instant::now();
        Progress { form, bar, total, done: 0, started: now, told: now, waiting: HashMap::new() }
    }

    pub(super) fn heard(&mut self, event: &Event) {
        if self.form == Form::None {
            return;
        }
        match event {
            Event::Started { url } => {
                self.json(|| json!({ "event": "started", "url": url }));
                if self.waiting.is_empty() {
                    self.bar.set_message((*url).to_owned());
                }
            }
            Event::Waiting { url, wait } => {
                self.json(|| json!({ "event": "waiting", "url": url, "seconds": wait.as_secs_f64() }));
                self.waiting.insert(host(url), Instant::now() + *wait);
            }
            Event::Visited(visit) => {
                self.done += 1;
                self.waiting.remove(&host(&visit.url));
                let (done, total) = (self.done, self.total);
                self.json(|| {
                    json!({
                        "event": "visited", "url": visit.url, "state": visit.state, "done": done, "total": total,
                    })
                });
                self.bar.inc(1);
            }
            Event::Sought { url, lookup, left } => {
                let copy = lookup.found.as_ref().map(|found| &found.url);
                self.json(|| json!({ "event": "sought", "url": url, "copy": copy, "left": left }));
                self.bar.set_message(format!("archived copies: {left} left to look for"));
            }
        }
        // There may be thousands of hosts, and thousands of events a second.
        let every = match self.form {
            Form::Bar => DRAWN,
            Form::Plain => EVERY,
            _ => return,
        };
        if self.told.elapsed() < every {
            return;
        }
        self.told = Instant::now();
        self.waiting.retain(|_, until| *until > self.told);
        match self.form {
            Form::Plain => self.line(),
            _ => self.show_waiting(),
        }
    }

    fn show_waiting(&self) {
        let Some((host, until)) = self.waiting.iter().min_by_key(|(_, until)| **until) else { return };
        let rest = until.saturating_duration_since(self.told);
        let others = self.waiting.len() - 1;
        let more = if others > 0 { format!(" and {others} more") } else { String::new() };
        self.bar.set_message(format!("waiting {} s for {host}{more}", rest.as_secs().max(1)));
    }

    fn line(&self) {
        let took = self.started.elapsed();
        let left = self.total.saturating_sub(self.done);
        let eta = took.mul_f64(left as f64 / self.done.max(1) as f64);
        anstream::eprintln!(
            "ibid: {} of {} sources, {} hosts waited for, about {} left",
            self.done,
            self.total,
            self.waiting.len(),
            HumanDuration(eta)
        );
    }

    fn json(&self, event: impl FnOnce() -> serde_json::Value) {
        if self.form == Form::Json {
            // Whoever stopped listening does not stop the run.
            let _ = writeln!(io::stderr().lock(), "{}", event());
        }
    }

    /// One more line, where lines are shown.
    pub(super) fn say(&self, line: &str) {
        match self.form {
            Form::Bar | Form::Plain => anstream::eprintln!("ibid: {line}"),
            _ => self.json(|| json!({ "event": "said", "line": line })),
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
        let (done, total) = (self.done, self.total);
        self.json(|| json!({ "event": "finished", "done": done, "total": total }));
    }
}

fn host(url: &str) -> String {
    url::Url::parse(url).ok().and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default()
}
