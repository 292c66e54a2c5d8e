//! The JSON schema of the file, for editors that complete and check it.

use serde_json::{Map, Value, json};

use super::{Config, Kind, SETTINGS, Setting};
use crate::check;

/// JSON Schema 2020-12 of `ibid.toml`.
pub fn schema() -> Value {
    let mut top = Map::new();
    for setting in SETTINGS {
        match setting.key.split_once('.') {
            None => {
                top.insert(setting.key.to_owned(), describe(setting));
            }
            Some((table, key)) => {
                let table = top.entry(table).or_insert_with(
                    || json!({ "type": "object", "additionalProperties": false, "properties": {} }),
                );
                table["properties"][key] = describe(setting);
            }
        }
    }
    let text = json!({ "type": "string" });
    let patterns = json!({ "type": "array", "items": { "type": "string" } });
    let rule = |rule: &check::Check| {
        let about = json!({ "enum": ["error", "warning", "info", "off"], "description": rule.summary });
        (rule.rule.to_owned(), about)
    };
    let names: Vec<&str> = check::rules().map(|rule| rule.rule).collect();
    top.insert("rules".to_owned(), object(Value::Object(check::rules().map(rule).collect()), &[]));
    top.insert("urls".to_owned(), object(json!({ "include": patterns, "exclude": patterns }), &[]));
    let ignore = object(
        json!({
            "rule": { "enum": names },
            "url": text,
            "document": text,
            "note": text,
            "reason": { "type": "string", "minLength": 1 },
            "until": { "description": "The last day on which it holds: 2026-12-31" }
        }),
        &["reason"],
    );
    top.insert("ignore".to_owned(), json!({ "type": "array", "items": ignore }));
    let fields = json!({ "type": "object", "additionalProperties": text });
    let host = object(
        json!({
            "name": { "type": "string", "description": "example.org, or *.example.org for all below it" },
            "gap": { "type": "number", "minimum": 0 },
            "per-host": { "type": "integer", "minimum": 1 },
            "accept": { "type": "array", "items": { "type": "integer", "minimum": 100, "maximum": 999 } },
            "headers": fields,
            "headers-from-environment": fields
        }),
        &["name"],
    );
    top.insert("host".to_owned(), json!({ "type": "array", "items": host }));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": super::FILE,
        "type": "object",
        "additionalProperties": false,
        "properties": top
    })
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties
    })
}

fn describe(setting: &Setting) -> Value {
    let mut about = match setting.kind {
        Kind::Seconds(least) => json!({ "type": "number", "minimum": least }),
        Kind::Count(least) => json!({ "type": "integer", "minimum": least }),
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Text | Kind::Time | Kind::Archives => json!({ "type": "string" }),
        Kind::Choice(names) => json!({ "enum": names }),
    };
    about["description"] = json!(setting.about);
    about["default"] = (setting.show)(&Config::default());
    about
}
