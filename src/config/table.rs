//! The settings that have one value each.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::Config;
use crate::archive::{Chosen, When};
use crate::check::Severity;

/// One setting.
pub struct Setting {
    /// Its place in the file: `network.timeout`.
    pub key: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Sets it to a value of that kind.
    pub(super) set: fn(&mut Config, &Value),
    /// Its value.
    pub show: fn(&Config) -> Value,
}

impl Setting {
    /// The environment variable for it: `IBID_TIMEOUT` for `network.timeout`.
    pub fn variable(&self) -> String {
        match self.key {
            "cache.file" => "IBID_CACHE".to_owned(),
            "cache.enabled" => "IBID_CACHE_ENABLED".to_owned(),
            key => {
                let name = key.rsplit('.').next().unwrap_or_default();
                format!("IBID_{}", name.replace('-', "_").to_ascii_uppercase())
            }
        }
    }
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number of seconds, at least so many.
    Seconds(f64),
    /// A whole number, at least so much.
    Count(u64),
    /// Yes or no.
    Switch,
    /// Any text.
    Text,
    /// A length of time: `90m`, `24h`, `7d`.
    Time,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Archives by name or address, with spaces between them.
    Archives,
}

impl Kind {
    /// Accepts a value, or says what is expected.
    ///
    /// # Errors
    ///
    /// What is expected instead.
    pub fn check(self, value: &Value) -> Result<(), String> {
        const MOST: f64 = 31_536_000.0;
        let text = value.as_str();
        let fits = match self {
            Kind::Seconds(least) => value.as_f64().is_some_and(|n| (least..=MOST).contains(&n)),
            Kind::Count(least) => value.as_u64().is_some_and(|n| n >= least),
            Kind::Switch => value.is_boolean(),
            Kind::Text => text.is_some_and(|text| !text.chars().any(char::is_control)),
            Kind::Time => text.is_some_and(|text| duration(text).is_some()),
            Kind::Choice(names) => text.is_some_and(|text| names.contains(&text)),
            Kind::Archives => {
                let words = text.ok_or("expected a text in one line")?.split_whitespace();
                return words.map(Chosen::named).collect::<Result<Vec<_>, _>>().map(|_| ());
            }
        };
        if fits { Ok(()) } else { Err(format!("expected {}", self.expected())) }
    }

    /// Reads a value from text, as environment variables have it.
    ///
    /// # Errors
    ///
    /// What is expected instead.
    pub fn parse(self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let value = match self {
            Kind::Seconds(_) => text.parse::<f64>().map_or(Value::Null, Value::from),
            Kind::Count(_) => text.parse::<u64>().map_or(Value::Null, Value::from),
            Kind::Switch => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" | "on" => Value::Bool(true),
                "false" | "no" | "0" | "off" => Value::Bool(false),
                _ => Value::Null,
            },
            Kind::Text | Kind::Time | Kind::Choice(_) | Kind::Archives => Value::from(text),
        };
        self.check(&value).map(|()| value)
    }

    fn expected(self) -> String {
        match self {
            Kind::Seconds(least) if least > 0.0 => format!("a number of seconds, at least {least}"),
            Kind::Seconds(_) => "a number of seconds".to_owned(),
            Kind::Count(least) => format!("a whole number, at least {least}"),
            Kind::Switch => "true or false".to_owned(),
            Kind::Text => "a text in one line".to_owned(),
            Kind::Time => "a time such as \"90m\", \"24h\" or \"7d\"".to_owned(),
            Kind::Choice(names) => format!("one of {}", names.join(", ")),
            Kind::Archives => "names or addresses of archives".to_owned(),
        }
    }
}

/// `90m`, `24h`, `1d 12h`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.parse().ok()?;
    Duration::try_from(span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?).ok()
}

fn time(length: Duration) -> Value {
    let seconds = length.as_secs();
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "s"));
    Value::from(format!("{}{name}", seconds / unit))
}

fn seconds(value: &Value) -> Duration {
    Duration::from_secs_f64(value.as_f64().unwrap_or_default())
}

fn count(value: &Value) -> usize {
    value.as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX)
}

fn switch(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

/// Every setting, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "fail-on",
        about: "The mildest finding that makes the exit status 1",
        kind: Kind::Choice(&["error", "warning", "info", "never"]),
        set: |config, value| config.fail_on = value.as_str().and_then(Severity::named),
        show: |config| Value::from(config.fail_on.map_or("never", Severity::name)),
    },
    Setting {
        key: "network.timeout",
        about: "Seconds allowed for one request",
        kind: Kind::Seconds(0.001),
        set: |config, value| config.policy.timeout = seconds(value),
        show: |config| json!(config.policy.timeout.as_secs_f64()),
    },
    Setting {
        key: "network.max-time",
        about: "Seconds allowed for the whole run; what is not known by then is skipped. 0: no limit",
        kind: Kind::Seconds(0.0),
        set: |config, value| config.policy.run_time = Some(seconds(value)).filter(|time| !time.is_zero()),
        show: |config| json!(config.policy.run_time.unwrap_or_default().as_secs_f64()),
    },
    Setting {
        key: "network.max-concurrency",
        about: "Requests in flight at once",
        kind: Kind::Count(1),
        set: |config, value| config.policy.width = count(value),
        show: |config| json!(config.policy.width),
    },
    Setting {
        key: "network.per-host",
        about: "Requests in flight at once to one host",
        kind: Kind::Count(1),
        set: |config, value| config.policy.per_host = count(value),
        show: |config| json!(config.policy.per_host),
    },
    Setting {
        key: "network.gap",
        about: "The least seconds from one request to a host to the next",
        kind: Kind::Seconds(0.0),
        set: |config, value| config.policy.gap = seconds(value),
        show: |config| json!(config.policy.gap.as_secs_f64()),
    },
    Setting {
        key: "network.retries",
        about: "Tries after the first for 429, 5xx and broken connections",
        kind: Kind::Count(0),
        set: |config, value| config.policy.retries = u32::try_from(count(value)).unwrap_or(u32::MAX),
        show: |config| json!(config.policy.retries),
    },
    Setting {
        key: "network.robots",
        about: "Hosts with several sources are asked for the Crawl-delay in their robots.txt",
        kind: Kind::Switch,
        set: |config, value| config.policy.robots = switch(value),
        show: |config| json!(config.policy.robots),
    },
    Setting {
        key: "network.apis",
        about: "Public services of registries and networks are asked (Crossref, DataCite, oEmbed …)",
        kind: Kind::Switch,
        set: |config, value| config.policy.apis = switch(value),
        show: |config| json!(config.policy.apis),
    },
    Setting {
        key: "network.archives",
        about: "For which sources archives are asked for a copy: none, those that are gone, all",
        kind: Kind::Choice(When::NAMES),
        set: |config, value| {
            config.policy.archives.when = value.as_str().and_then(When::named).unwrap_or(When::Never);
        },
        show: |config| json!(config.policy.archives.when.name()),
    },
    Setting {
        key: "network.archive-list",
        about: "Which archives are asked, by name or by the address below which they answer (RFC 7089)",
        kind: Kind::Archives,
        set: |config, value| {
            let words = value.as_str().unwrap_or_default().split_whitespace();
            config.policy.archives.chosen = words.filter_map(|name| Chosen::named(name).ok()).collect();
        },
        show: |config| {
            let names: Vec<&str> = config.policy.archives.chosen.iter().map(Chosen::name).collect();
            json!(names.join(" "))
        },
    },
    Setting {
        key: "network.probe",
        about: "Each host is asked once for an address that cannot exist",
        kind: Kind::Switch,
        set: |config, value| config.policy.probe = switch(value),
        show: |config| json!(config.policy.probe),
    },
    Setting {
        key: "network.allow-private",
        about: "Private, loopback and link-local addresses are fetched too",
        kind: Kind::Switch,
        set: |config, value| config.policy.allow_private = switch(value),
        show: |config| json!(config.policy.allow_private),
    },
    Setting {
        key: "network.contact",
        about: "An e-mail address for the User-Agent header, so that who runs a server can write to you",
        kind: Kind::Text,
        set: |config, value| config.contact = text(value),
        show: |config| json!(config.contact.clone().unwrap_or_default()),
    },
    Setting {
        key: "network.user-agent",
        about: "The whole User-Agent header",
        kind: Kind::Text,
        set: |config, value| config.user_agent = text(value),
        show: |config| json!(config.user_agent.clone().unwrap_or_default()),
    },
    Setting {
        key: "cache.enabled",
        about: "What was seen is kept for the next run",
        kind: Kind::Switch,
        set: |config, value| config.cache = switch(value),
        show: |config| json!(config.cache),
    },
    Setting {
        key: "cache.file",
        about: "Where, in place of the user's cache folder",
        kind: Kind::Text,
        set: |config, value| config.cache_file = text(value).map(PathBuf::from),
        show: |config| json!(config.cache_file.clone().unwrap_or_default().display().to_string()),
    },
    Setting {
        key: "cache.max-age",
        about: "How long a source that answered is not asked again",
        kind: Kind::Time,
        set: |config, value| config.freshness.good = value.as_str().and_then(duration).unwrap_or_default(),
        show: |config| time(config.freshness.good),
    },
    Setting {
        key: "cache.max-age-bad",
        about: "How long any other source is not asked again",
        kind: Kind::Time,
        set: |config, value| config.freshness.bad = value.as_str().and_then(duration).unwrap_or_default(),
        show: |config| time(config.freshness.bad),
    },
    Setting {
        key: "history.dead-after",
        about: "Checks in a row that say a source is gone before it counts as dead",
        kind: Kind::Count(1),
        set: |config, value| config.patience.failures = u32::try_from(count(value)).unwrap_or(u32::MAX),
        show: |config| json!(config.patience.failures),
    },
    Setting {
        key: "history.dead-over",
        about: "The least time from the first of these checks to the last",
        kind: Kind::Time,
        set: |config, value| config.patience.over = value.as_str().and_then(duration).unwrap_or_default(),
        show: |config| time(config.patience.over),
    },
    Setting {
        key: "history.recheck-least",
        about: "How long a sweep leaves a source alone at least, while it answers",
        kind: Kind::Time,
        set: |config, value| config.pace.least = value.as_str().and_then(duration).unwrap_or_default(),
        show: |config| time(config.pace.least),
    },
    Setting {
        key: "history.recheck-most",
        about: "How long a sweep leaves any source alone at most",
        kind: Kind::Time,
        set: |config, value| config.pace.most = value.as_str().and_then(duration).unwrap_or_default(),
        show: |config| time(config.pace.most),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_set_again() {
        let config = Config::default();
        for setting in SETTINGS {
            let shown = (setting.show)(&config);
            assert_eq!(setting.kind.check(&shown), Ok(()), "{}", setting.key);
            let mut again = Config::default();
            (setting.set)(&mut again, &shown);
            assert_eq!((setting.show)(&again), shown, "{}", setting.key);
        }
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), SETTINGS.len());
    }
}
