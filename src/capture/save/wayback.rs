//! The Internet Archive's Save Page Now, version 2.
//!
//! It takes 15 sources a minute and shuts out for minutes who hands in more; 12 leave room for the
//! user's own. That a copy is recent is looked at there.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use url::Url;

use super::{Order, Said, Service};
use crate::source::{Question, Reply};

/// How long it shuts out who was too fast.
const SHUT: Duration = Duration::from_mins(5);

/// What it says (`status_ext`, `error:` left out) of its own trouble or that of the moment.
const PASSING: &[&str] = &[
    "bad-gateway",
    "browsing-timeout",
    "capture-location-error",
    "celery",
    "gateway-timeout",
    "internal-server-error",
    "job-failed",
    "no-browsers-available",
    "proxy-error",
    "read-timeout",
    "service-unavailable",
    "soft-time-limit-exceeded",
    "too-many-requests",
    "user-session-limit",
];

pub(super) const SERVICE: Service = Service {
    name: "wayback",
    about: "the Wayback Machine; the key is ACCESS:SECRET, from archive.org/account/s3.php",
    variable: "IBID_WAYBACK_KEY",
    endpoint_name: "save-wayback",
    endpoint: "https://web.archive.org",
    per_minute: 12.0,
    at_once: 6,
    key,
    submit,
    submitted,
    ask,
    asked,
};

fn key(text: &str) -> Result<HeaderMap, String> {
    let shaped =
        text.split_once(':').is_some_and(|(access, secret)| !access.is_empty() && !secret.is_empty());
    let field = HeaderValue::from_str(&format!("LOW {text}")).ok().filter(|_| shaped);
    let field = field.ok_or("it is not of the form ACCESS:SECRET")?;
    Ok(HeaderMap::from_iter([(AUTHORIZATION, field), (ACCEPT, HeaderValue::from_static("application/json"))]))
}

fn submit(url: &Url, order: &Order) -> Question {
    let days = (order.recent.as_secs() / 86_400).max(1);
    let url = utf8_percent_encode(url.as_str(), NON_ALPHANUMERIC);
    let body = format!(
        "url={url}&skip_first_archive=1&if_not_archived_within={days}d&delay_wb_availability=1&js_behavior_timeout=0"
    );
    let headers =
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))]);
    Question { method: Method::POST, path: "/save/".to_owned(), headers, body }
}

fn submitted(reply: &Reply) -> Said {
    if let Some(said) = trouble(reply) {
        return said;
    }
    let text = |name: &str| reply.json[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    match (text("job_id"), text("message")) {
        (Some(job), _) => Said::Working(job),
        // “The same snapshot had been made …”
        (None, Some(why)) => Said::Saved { copy: None, why: Some(why) },
        (None, None) => Said::Later { why: "it answered with something unknown".to_owned(), wait: None },
    }
}

fn ask(job: &str) -> Question {
    let job = utf8_percent_encode(job, NON_ALPHANUMERIC).to_string().replace("%2D", "-");
    Question {
        method: Method::GET,
        path: format!("/save/status/{job}"),
        headers: HeaderMap::new(),
        body: String::new(),
    }
}

fn asked(job: &str, reply: &Reply) -> Said {
    if let Some(said) = trouble(reply) {
        return said;
    }
    let text = |name: &str| reply.json[name].as_str().unwrap_or_default();
    match text("status") {
        "success" if !text("timestamp").is_empty() && !text("original_url").is_empty() => {
            let copy = format!("https://web.archive.org/web/{}/{}", text("timestamp"), text("original_url"));
            Said::Saved { copy: Some(copy), why: None }
        }
        "success" => Said::Saved { copy: None, why: None },
        _ => Said::Working(job.to_owned()),
    }
}

/// What goes wrong, in either answer.
fn trouble(reply: &Reply) -> Option<Said> {
    match reply.status {
        401 | 403 => return Some(Said::Closed("it refuses the key in IBID_WAYBACK_KEY".to_owned())),
        429 => {
            let why = "it was asked too often".to_owned();
            return Some(Said::Later { why, wait: Some(reply.wait.unwrap_or(SHUT)) });
        }
        200 if reply.json.is_object() => {}
        status => {
            let why = format!("it is out of order ({status})");
            return Some(Said::Later { why, wait: reply.wait });
        }
    }
    if reply.json["status"] != "error" {
        return None;
    }
    let code = reply.json["status_ext"].as_str().unwrap_or_default().trim_start_matches("error:");
    let why = reply.json["message"].as_str().unwrap_or(code).to_owned();
    Some(if PASSING.contains(&code) { Said::Later { why, wait: reply.wait } } else { Said::Refused(why) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn reply(status: u16, json: Value) -> Reply {
        Reply { status, wait: None, json }
    }

    #[test]
    fn what_it_says_to_a_source() {
        let said = |json| submitted(&reply(200, json));
        assert_eq!(said(json!({ "url": "u", "job_id": "spn2-1" })), Said::Working("spn2-1".to_owned()));
        let same = "The same snapshot had been made 4 hours ago.";
        assert_eq!(
            said(json!({ "url": "u", "job_id": null, "message": same })),
            Said::Saved { copy: None, why: Some(same.to_owned()) }
        );
        let error = |code: &str| json!({ "status": "error", "status_ext": code, "message": "so" });
        assert_eq!(said(error("error:user-session-limit")), Said::Later { why: "so".to_owned(), wait: None });
        assert_eq!(said(error("error:blocked-url")), Said::Refused("so".to_owned()));
        assert!(matches!(submitted(&reply(401, Value::Null)), Said::Closed(_)));
        assert!(matches!(submitted(&reply(429, Value::Null)), Said::Later { wait: Some(SHUT), .. }));
        assert!(matches!(submitted(&reply(200, Value::Null)), Said::Later { .. }));
    }

    #[test]
    fn what_it_says_of_a_copy() {
        let said = |json| asked("spn2-1", &reply(200, json));
        assert_eq!(said(json!({ "status": "pending" })), Said::Working("spn2-1".to_owned()));
        assert_eq!(
            said(
                json!({ "status": "success", "timestamp": "20250214100000", "original_url": "https://a.example/" })
            ),
            Said::Saved {
                copy: Some("https://web.archive.org/web/20250214100000/https://a.example/".to_owned()),
                why: None
            }
        );
    }

    #[test]
    fn a_key_of_another_form_is_not_shown() {
        for key in ["", "secret", "secret:", ":secret", "secret:sec\nret"] {
            let error = super::key(key).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
