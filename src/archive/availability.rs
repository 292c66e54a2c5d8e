//! The Wayback Machine's Availability API: the copy nearest to a time. It may say “none” of a page that
//! the index has.

use std::time::Duration;

use serde_json::Value;

use super::{Memento, Near, Service, Speaks, Told, stamp, time, whole};
use crate::resolver::encoded;

pub(super) const SERVICE: Service = Service {
    name: Some("wayback-availability"),
    endpoint: Some("https://archive.org/wayback/available"),
    gap: Some(Duration::from_millis(500)),
    speaks: Speaks::Json,
    question,
    read,
    parts: whole,
};

fn question(page: &url::Url, near: Near) -> String {
    format!("?url={}&timestamp={}", encoded(page.as_str()), stamp(near.middle()))
}

fn read(told: &Told<'_>) -> Option<Vec<Memento>> {
    if told.status != 200 {
        return None;
    }
    let answer: Value = serde_json::from_str(told.body).ok()?;
    let Some(closest) = answer.get("archived_snapshots")?.get("closest") else { return Some(Vec::new()) };
    let status = closest.get("status").and_then(Value::as_str).unwrap_or("200");
    let available = closest.get("available").and_then(Value::as_bool).unwrap_or(true);
    if !available || !status.starts_with(['2', '3']) {
        return Some(Vec::new());
    }
    let stamp = closest.get("timestamp")?.as_str()?;
    let url = closest.get("url")?.as_str()?;
    // It gives them with http, and where the archive stands for everybody.
    let (_, original) = url.split_once(&format!("/{stamp}/"))?;
    let public = url.contains("://web.archive.org/");
    let url = if public { format!("{}/{stamp}/{original}", told.base) } else { url.to_owned() };
    Some(vec![Memento { url, made: time(stamp)? }])
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::told;
    use super::*;

    #[test]
    fn answers() {
        let copy = r#"{"url": "a.example/b", "archived_snapshots": {"closest": {"status": "200", "available": true,
            "url": "http://web.archive.org/web/20210504101112/https://a.example/b", "timestamp": "20210504101112"}}}"#;
        let found = told(200, copy, read).unwrap();
        assert_eq!(found[0].url, "https://web.archive.org/web/20210504101112/https://a.example/b");
        assert_eq!(found[0].made.to_string(), "2021-05-04T10:11:12Z");
        assert_eq!(told(200, r#"{"archived_snapshots": {}}"#, read), Some(vec![]));
        assert_eq!(told(200, &copy.replace("\"200\"", "\"404\""), read), Some(vec![]));
        for odd in ["", "[]", "<html>", r#"{"archived_snapshots": {"closest": {"timestamp": 7}}}"#] {
            assert_eq!(told(200, odd, read), None, "{odd}");
        }
        assert_eq!(told(404, copy, read), None);
    }
}
