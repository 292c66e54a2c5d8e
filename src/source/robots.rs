//! The pace that a site asks programs to keep: `Crawl-delay` in its robots.txt.
//!
//! What it allows and disallows is not looked at: RFC 9309 speaks to crawlers, which find their own
//! way, and here every address was chosen by an author and is asked once, as a reader would.

use std::time::Duration;

use reqwest::header::HeaderMap;
use url::Url;

use super::visit::World;
use super::web::{Ask, Wants};

/// The product token by which a site may address us.
const NAME: &str = "ibid";

/// Time allowed for the answer: the pages matter more.
const PATIENCE: Duration = Duration::from_secs(5);

/// RFC 9309, 2.5: a reader may stop here.
const LONGEST: usize = 500 << 10;

/// Asks a URL's host for its pace. No answer, no wish.
pub(super) async fn pace(world: &World, url: &Url) -> Option<Duration> {
    let at = url.join("/robots.txt").ok()?;
    let within = PATIENCE.min(world.policy.timeout);
    let ask =
        Ask { url: at, cookies: None, conditions: HeaderMap::new(), wants: Wants::Text, within, again: true };
    let answer = Box::pin(world.web.get(&ask)).await.ok().filter(|answer| answer.status == 200)?;
    let body = answer.text?;
    let text = String::from_utf8_lossy(&body.bytes[..body.bytes.len().min(LONGEST)]);
    crawl_delay(&text).map(|delay| delay.min(world.policy.max_wait))
}

/// The delay for us, or else for everybody.
fn crawl_delay(text: &str) -> Option<Duration> {
    let (mut ours, mut everybodys) = (None, None);
    let mut group: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        if key == "user-agent" {
            // Agents named one after the other share a group.
            if !std::mem::replace(&mut open, true) {
                group.clear();
            }
            group.push(value.to_ascii_lowercase());
            continue;
        }
        open = false;
        if key != "crawl-delay" {
            continue;
        }
        let delay = value.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        if group.iter().any(|agent| agent == NAME) {
            ours = ours.or(delay);
        } else if group.iter().any(|agent| agent == "*") {
            everybodys = everybodys.or(delay);
        }
    }
    ours.or(everybodys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<f64>) {
        assert_eq!(crawl_delay(text), want.map(Duration::from_secs_f64), "{text}");
    }

    #[test]
    fn groups() {
        check("User-agent: *\nDisallow: /x\nCrawl-delay: 10\n", Some(10.0));
        check("user-agent: a\nuser-agent: *\ncrawl-delay: 2.5 # seconds", Some(2.5));
        check("User-agent: Bingbot\nCrawl-delay: 10\n\nUser-agent: *\nDisallow:\n", None);
        check("User-agent: *\nCrawl-delay: 10\nUser-agent: Ibid\nCrawl-delay: 1", Some(1.0));
        check("User-agent: *\nDisallow: /\nUser-agent: other\nCrawl-delay: 3", None);
    }

    #[test]
    fn nonsense() {
        for text in
            ["", "Crawl-delay: 5", "User-agent: *\nCrawl-delay: soon", "User-agent: *\nCrawl-delay: -1"]
        {
            check(text, None);
        }
        check("<html>User-agent: *<p>Crawl-delay: 5", None);
    }
}
