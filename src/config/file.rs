//! `ibid.toml`: every mistake is named with its place, and a wrong name with the right one.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, Ignore, Kind, Origin, SETTINGS};
use crate::check::{self, Severity};
use crate::fold::nearest;
use crate::source::HostRule;

/// Fields that carry secrets: they have no place in a file that is shared.
const SECRET: &[&str] = &["authorization", "cookie", "proxy-authorization"];

type Table<'t> = DeTable<'t>;
type Node<'t> = Spanned<DeValue<'t>>;

/// A mistake and where it stands.
type Mistake = (Range<usize>, String);

/// Reads a file into a configuration.
pub(super) fn read(
    path: &Path,
    environment: &impl Fn(&str) -> Option<String>,
    config: &mut Config,
) -> Result<(), ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let place = |(span, message): Mistake| {
        let (line, column) = position(&text, span.start);
        ConfigError::Place { path: path.to_owned(), line, column, message }
    };
    let root = DeTable::parse(&text)
        .map_err(|error| place((error.span().unwrap_or(0..0), error.message().to_owned())))?;
    let mut reader = Reader { path, text: &text, environment, config };
    reader.root(root.get_ref()).map_err(place)
}

struct Reader<'r, E> {
    path: &'r Path,
    text: &'r str,
    environment: &'r E,
    config: &'r mut Config,
}

impl<E: Fn(&str) -> Option<String>> Reader<'_, E> {
    fn root(&mut self, root: &Table) -> Result<(), Mistake> {
        let tables = SETTINGS.iter().map(|setting| setting.key.split('.').next().unwrap_or_default());
        let known: Vec<&str> = tables.chain(["rules", "urls", "ignore", "host"]).collect();
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            match name {
                "rules" => self.rules(table(value)?)?,
                "urls" => self.urls(table(value)?)?,
                "ignore" => {
                    for item in array(value)? {
                        self.ignore(item)?;
                    }
                }
                "host" => {
                    for item in array(value)? {
                        self.host(item)?;
                    }
                }
                _ if !known.contains(&name) => return Err(unknown(key, "setting", &known)),
                _ if SETTINGS.iter().any(|setting| setting.key == name) => self.setting(name, value)?,
                _ => {
                    let inside = SETTINGS.iter().filter_map(|setting| setting.key.split_once('.'));
                    let known: Vec<&str> =
                        inside.filter(|(table, _)| *table == name).map(|(_, key)| key).collect();
                    for (key, value) in table(value)? {
                        if !known.contains(&key.get_ref().as_ref()) {
                            return Err(unknown(key, "setting", &known));
                        }
                        self.setting(&format!("{name}.{}", key.get_ref()), value)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn setting(&mut self, key: &str, node: &Node) -> Result<(), Mistake> {
        let setting = SETTINGS.iter().find(|setting| setting.key == key);
        let Some(setting) = setting else { return Ok(()) };
        let mut value = plain(node);
        setting.kind.check(&value).map_err(|message| (node.span(), message))?;
        if key == "cache.file" {
            value = Value::from(self.beside(value.as_str().unwrap_or_default()).display().to_string());
        }
        let origin = self.origin(node);
        self.config.set(key, value, origin);
        Ok(())
    }

    fn rules(&mut self, rules: &Table) -> Result<(), Mistake> {
        let names: Vec<&str> = check::rules().map(|rule| rule.rule).collect();
        for (key, node) in rules {
            let name = node.get_ref().as_str().unwrap_or_default();
            let severity = Severity::named(name);
            if severity.is_none() && name != "off" {
                return Err((node.span(), "expected one of error, warning, info, off".to_owned()));
            }
            if !self.config.rules.set(key.get_ref(), severity) {
                return Err(unknown(key, "rule", &names));
            }
            let origin = self.origin(node);
            self.config.origins.insert(format!("rules.{}", key.get_ref()), origin);
        }
        Ok(())
    }

    fn urls(&mut self, urls: &Table) -> Result<(), Mistake> {
        for (key, node) in urls {
            let patterns = array(node)?.iter().map(text).collect::<Result<Vec<_>, _>>()?;
            match key.get_ref().as_ref() {
                "include" => self.config.policy.include = patterns,
                "exclude" => self.config.policy.exclude = patterns,
                _ => return Err(unknown(key, "setting", &["include", "exclude"])),
            }
            let origin = self.origin(node);
            self.config.origins.insert(format!("urls.{}", key.get_ref()), origin);
        }
        Ok(())
    }

    fn ignore(&mut self, item: &Node) -> Result<(), Mistake> {
        let names: Vec<&str> = check::rules().map(|rule| rule.rule).collect();
        let mut ignore = Ignore { line: position(self.text, item.span().start).0, ..Ignore::default() };
        for (key, node) in table(item)? {
            match key.get_ref().as_ref() {
                "rule" => {
                    let rule = text(node)?;
                    if !names.contains(&rule.as_str()) {
                        return Err((node.span(), no_such("rule", &rule, &names)));
                    }
                    ignore.rule = Some(rule);
                }
                "url" => ignore.url = Some(text(node)?),
                "document" => ignore.document = Some(text(node)?),
                "note" => {
                    ignore.note = Some(match plain(node) {
                        Value::Number(number) => number.to_string(),
                        _ => text(node)?,
                    });
                }
                "reason" => ignore.reason = text(node)?,
                "until" => {
                    let day = plain(node).as_str().and_then(|day| day.parse().ok());
                    ignore.until =
                        Some(day.ok_or((node.span(), "expected a day such as 2026-12-31".to_owned()))?);
                }
                _ => {
                    return Err(unknown(key, "key", &["rule", "url", "document", "note", "reason", "until"]));
                }
            }
        }
        if ignore.reason.trim().is_empty() {
            return Err((item.span(), "an ignore needs a reason".to_owned()));
        }
        if ignore.rule.is_none() && ignore.url.is_none() && ignore.document.is_none() && ignore.note.is_none()
        {
            let message = "an ignore needs a rule, url, document or note: this one would hide everything";
            return Err((item.span(), message.to_owned()));
        }
        self.config.ignores.push(ignore);
        Ok(())
    }

    fn host(&mut self, item: &Node) -> Result<(), Mistake> {
        const KEYS: &[&str] = &["name", "gap", "per-host", "accept", "headers", "headers-from-environment"];
        let mut rule = HostRule::default();
        for (key, node) in table(item)? {
            let number = |kind: Kind| {
                let value = plain(node);
                kind.check(&value).map(|()| value).map_err(|message| (node.span(), message))
            };
            match key.get_ref().as_ref() {
                "name" => {
                    rule.host = text(node)?.to_ascii_lowercase();
                    if rule.host.is_empty() || rule.host.contains(['/', ':', ' ']) {
                        return Err((
                            node.span(),
                            "expected the name of a host, such as example.org".to_owned(),
                        ));
                    }
                }
                "gap" => rule.gap = number(Kind::Seconds(0.0))?.as_f64().map(Duration::from_secs_f64),
                "per-host" => {
                    rule.per_host = number(Kind::Count(1))?.as_u64().and_then(|n| usize::try_from(n).ok());
                }
                "accept" => {
                    for node in array(node)? {
                        let status = plain(node).as_u64().filter(|status| (100..=999).contains(status));
                        let status = status.and_then(|status| u16::try_from(status).ok());
                        rule.accept.push(status.ok_or((node.span(), "expected an HTTP status".to_owned()))?);
                    }
                }
                "headers" => {
                    for (name, node) in table(node)? {
                        if SECRET.contains(&name.get_ref().to_ascii_lowercase().as_str()) {
                            let message = "credentials come from the environment only: name the variable under \
                                           headers-from-environment";
                            return Err((name.span(), message.to_owned()));
                        }
                        field(&mut rule.headers, name, node, &text(node)?)?;
                    }
                }
                "headers-from-environment" => {
                    for (name, node) in table(node)? {
                        let variable = text(node)?;
                        let Some(value) = (self.environment)(&variable) else {
                            let message = format!("the environment variable {variable} is not set");
                            return Err((node.span(), message));
                        };
                        field(&mut rule.headers, name, node, &value)?;
                    }
                }
                _ => return Err(unknown(key, "key", KEYS)),
            }
        }
        if rule.host.is_empty() {
            return Err((item.span(), "a host needs a name".to_owned()));
        }
        let origin = self.origin(item);
        self.config.origins.insert(format!("host.{}", rule.host), origin);
        self.config.policy.hosts.push(rule);
        Ok(())
    }

    fn origin(&self, node: &Node) -> Origin {
        Origin::File(self.path.to_owned(), position(self.text, node.span().start).0)
    }

    /// A path in the file is meant from where the file is.
    fn beside(&self, path: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }
}

fn field(
    fields: &mut HeaderMap,
    name: &Spanned<std::borrow::Cow<'_, str>>,
    node: &Node,
    value: &str,
) -> Result<(), Mistake> {
    let header: Result<HeaderName, _> = name.get_ref().parse();
    let header = header.map_err(|_| (name.span(), "this is no name of a header field".to_owned()))?;
    // The value may be a secret: it is not repeated.
    let value: Result<HeaderValue, _> = value.parse();
    let mut value = value.map_err(|_| (node.span(), "a header field cannot have this value".to_owned()))?;
    value.set_sensitive(true);
    fields.insert(header, value);
    Ok(())
}

fn unknown(key: &Spanned<std::borrow::Cow<'_, str>>, what: &str, known: &[&str]) -> Mistake {
    (key.span(), no_such(what, key.get_ref(), known))
}

fn no_such(what: &str, name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no {what} “{name}”; did you mean “{near}”?"),
        None => format!("there is no {what} “{name}”"),
    }
}

fn table<'n, 't>(node: &'n Node<'t>) -> Result<&'n Table<'t>, Mistake> {
    match node.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => Err((node.span(), "expected a table".to_owned())),
    }
}

fn array<'n, 't>(node: &'n Node<'t>) -> Result<&'n [Node<'t>], Mistake> {
    match node.get_ref() {
        DeValue::Array(array) => Ok(array),
        _ => Err((node.span(), "expected a list".to_owned())),
    }
}

fn text(node: &Node) -> Result<String, Mistake> {
    node.get_ref().as_str().map(str::to_owned).ok_or((node.span(), "expected a text".to_owned()))
}

/// A value without its place; a list or a table is none.
fn plain(node: &Node) -> Value {
    match node.get_ref() {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(switch) => Value::Bool(*switch),
        DeValue::Datetime(day) => Value::from(day.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => Value::Null,
    }
}

/// Line and column of a byte, from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
