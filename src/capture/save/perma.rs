//! Perma.cc.
//!
//! The folder goes into the body: a copy that names none is taken from the user's own quota, and not
//! from that of the organisation. Perma makes another copy whenever it is asked; what is recent, the
//! ledger alone knows.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use url::Url;

use super::{Order, Said, Service};
use crate::source::{Question, Reply};

pub(super) const SERVICE: Service = Service {
    name: "perma",
    about: "Perma.cc; the key is from perma.cc/settings/tools, --save-folder says whose quota it is",
    variable: "IBID_PERMA_KEY",
    endpoint_name: "save-perma",
    endpoint: "https://api.perma.cc",
    per_minute: 12.0,
    at_once: 3,
    key,
    submit,
    submitted,
    ask,
    asked,
};

fn key(text: &str) -> Result<HeaderMap, String> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let field = HeaderValue::from_str(&format!("ApiKey {text}")).ok().filter(|_| plain);
    Ok(HeaderMap::from_iter([(AUTHORIZATION, field.ok_or("it is empty or has spaces in it")?)]))
}

fn submit(url: &Url, order: &Order) -> Question {
    let mut body = json!({ "url": url.as_str() });
    if let Some(folder) = order.folder {
        body["folder"] = json!(folder);
    }
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    Question { method: Method::POST, path: "/v1/archives/".to_owned(), headers, body: body.to_string() }
}

fn submitted(reply: &Reply) -> Said {
    match (reply.status, reply.json["guid"].as_str()) {
        (200 | 201, Some(guid)) => Said::Working(guid.to_owned()),
        (400, _) => {
            let why = words(&reply.json).unwrap_or_else(|| "it takes no such source".to_owned());
            // It says so for a folder that is missing or of somebody else as well.
            if why.to_ascii_lowercase().contains("limit") { Said::Closed(why) } else { Said::Refused(why) }
        }
        _ => trouble(reply),
    }
}

fn ask(guid: &str) -> Question {
    let guid: String = guid.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Question {
        method: Method::GET,
        path: format!("/v1/capture_jobs/{guid}/"),
        headers: HeaderMap::new(),
        body: String::new(),
    }
}

fn asked(guid: &str, reply: &Reply) -> Said {
    if reply.status != 200 {
        return trouble(reply);
    }
    match reply.json["status"].as_str().unwrap_or_default() {
        "completed" => Said::Saved { copy: Some(format!("https://perma.cc/{guid}")), why: None },
        "failed" | "invalid" | "deleted" => {
            Said::Refused(words(&reply.json["message"]).unwrap_or_else(|| "the copy failed".to_owned()))
        }
        _ => Said::Working(guid.to_owned()),
    }
}

fn trouble(reply: &Reply) -> Said {
    match reply.status {
        401 | 403 => Said::Closed("it refuses the key in IBID_PERMA_KEY".to_owned()),
        status => Said::Later { why: format!("it is out of order ({status})"), wait: reply.wait },
    }
}

/// The first text somewhere in an answer: `{"url": ["Not a valid URL."]}`.
fn words(json: &Value) -> Option<String> {
    match json {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(words),
        Value::Object(items) => items.values().find_map(words),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, json: Value) -> Reply {
        Reply { status, wait: None, json }
    }

    #[test]
    fn the_folder_is_in_the_body() {
        let order = Order { folder: Some(27), ..Order::usual(&SERVICE) };
        let question = submit(&Url::parse("https://a.example/").unwrap(), &order);
        assert_eq!(question.body, r#"{"url":"https://a.example/","folder":27}"#);
        assert_eq!(question.path, "/v1/archives/");
    }

    #[test]
    fn what_it_says() {
        let made = json!({ "guid": "AB12-CD34", "captures": [] });
        assert_eq!(submitted(&reply(201, made)), Said::Working("AB12-CD34".to_owned()));
        let full = json!({ "detail": "You've reached your usage limit." });
        assert!(matches!(submitted(&reply(400, full)), Said::Closed(_)));
        let wrong = json!({ "url": ["Not a valid URL."] });
        assert_eq!(submitted(&reply(400, wrong)), Said::Refused("Not a valid URL.".to_owned()));
        assert!(matches!(submitted(&reply(403, Value::Null)), Said::Closed(_)));
        assert!(matches!(submitted(&reply(502, Value::Null)), Said::Later { .. }));
        let state =
            |status: &str| asked("AB12-CD34", &reply(200, json!({ "status": status, "message": "so" })));
        assert_eq!(state("in_progress"), Said::Working("AB12-CD34".to_owned()));
        assert_eq!(
            state("completed"),
            Said::Saved { copy: Some("https://perma.cc/AB12-CD34".to_owned()), why: None }
        );
        assert_eq!(state("failed"), Said::Refused("so".to_owned()));
    }
}
