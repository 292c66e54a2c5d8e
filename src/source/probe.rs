//! Does a host answer an address that cannot exist as it answers the one asked for?
//!
//! After Bar-Yossef, Broder, Kumar and Tomkins, “Sic transit gloria telae” (WWW 2004): beside the page, a
//! sibling with a name of random letters is asked for. Where both lead to one page, that page is no
//! evidence of the source. Costs each host one request more, so it is asked for by the user.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use url::Url;

use super::address::is_home;
use super::{State, Visit};
use crate::page::Nature;

/// Words in a shingle.
const SHINGLE: usize = 3;
/// Words of a page that are looked at.
const MOST: usize = 5_000;
/// Pages with fewer words than this are told apart by nothing.
const FEWEST: usize = 20;

/// The words of a page, so far as two pages can be told apart by them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print {
    words: usize,
    shingles: HashSet<u64>,
}

impl Print {
    pub(super) fn of(html: &str) -> Self {
        let text = text_of(html);
        let words: Vec<&str> = text.split_whitespace().take(MOST).collect();
        let hash = |shingle: &[&str]| {
            let mut hasher = DefaultHasher::new();
            shingle.hash(&mut hasher);
            hasher.finish()
        };
        Self { words: words.len(), shingles: words.windows(SHINGLE).map(hash).collect() }
    }

    /// Nearly all that one page says, the other says too. A page that repeats the address asked for
    /// differs by that.
    fn is_like(&self, other: &Self) -> bool {
        let common = self.shingles.intersection(&other.shingles).count();
        let all = self.shingles.len() + other.shingles.len() - common;
        self.words >= FEWEST && common * 20 >= all * 19
    }
}

/// What is outside of tags, scripts and styles.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        text.push(' ');
        rest = &rest[at..];
        let raw = ["script", "style", "noscript", "template", "title"]
            .into_iter()
            .find(|name| rest.get(1..=name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        let end = match raw {
            Some(name) => rest
                .match_indices("</")
                .find(|(at, _)| {
                    rest.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name))
                })
                .map_or(rest.len(), |(at, _)| at),
            None => 0,
        };
        rest = &rest[end..];
        rest = rest.find('>').map_or("", |at| &rest[at + 1..]);
    }
    text + rest
}

/// What hosts answered to addresses that cannot exist.
#[derive(Default)]
pub(super) struct Probes(Mutex<HashMap<String, Arc<OnceCell<Answered>>>>);

/// How one host answered.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered {
    /// The page, where one came as if all were well.
    print: Option<Print>,
    /// Where a redirect led.
    led_to: Option<String>,
}

impl Answered {
    pub(super) fn new(visit: &Visit, print: Option<Print>) -> Self {
        let well = visit.status == Some(200);
        let led_to = visit.final_url.clone().filter(|_| well && !visit.redirects.is_empty());
        Self { print: print.filter(|_| well), led_to }
    }
}

impl Probes {
    /// The answer of a URL's host, asked for once in a run.
    pub(super) async fn answer_of(&self, url: &Url, ask: impl Future<Output = Answered>) -> Answered {
        let host = url.origin().ascii_serialization();
        let cell = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(host).or_default());
        cell.get_or_init(|| ask).await.clone()
    }
}

/// Is this a page about which the probe can tell something?
pub(super) fn is_doubtful(asked: &Url, visit: &Visit) -> bool {
    let ordinary = visit.page.as_ref().is_some_and(|page| page.nature == Nature::Ordinary);
    // A front page may well be what a site answers to everything.
    !is_home(asked) && visit.is_read() && visit.status == Some(200) && ordinary
}

/// A sibling of a URL that cannot exist.
pub(super) fn sibling(url: &Url) -> Option<Url> {
    let name = url.path_segments()?.next_back().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 5);
    let number = RandomState::new().hash_one(url.as_str());
    let letters: String = (0..13).map(|at| char::from(b'a' + (number >> (at * 5)) as u8 % 26)).collect();
    let mut sibling = url.join(&letters).ok()?;
    if let Some(ending) = ending {
        sibling = url.join(&format!("{letters}.{ending}")).ok()?;
    }
    Some(sibling)
}

/// Takes in what the host answered: a page that it shows for any address shows nothing.
pub(super) fn heed(visit: &mut Visit, print: Option<&Print>, answered: &Answered) {
    let host = Url::parse(visit.final_url.as_deref().unwrap_or(&visit.url)).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
    let same_page = print.zip(answered.print.as_ref()).is_some_and(|(own, other)| own.is_like(other));
    let same_place =
        !visit.redirects.is_empty() && visit.final_url.is_some() && visit.final_url == answered.led_to;
    if same_page || same_place {
        visit.state = State::Soft404;
        visit.reason = format!("{host} answers an address that cannot exist with the same page.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_alike_by_what_they_say() {
        let words = |from: usize| (from..from + 400).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let page =
            |text: &str| format!("<title>{text}</title><script>var a = '{text}';</script><p>{text}</p>");
        let (one, other) = (words(0), words(300));
        let print = Print::of(&page(&one));
        assert!(print.is_like(&Print::of(&page(&format!("{one} xyz")))));
        assert!(!print.is_like(&Print::of(&page(&other))));
        assert!(!Print::of("<p>a b c d").is_like(&Print::of("<p>a b c d")));
        assert_eq!(
            text_of("<p>a<b>b</b><STYLE>c</STYLE><!-- d -->e").split_whitespace().collect::<String>(),
            "abe"
        );
    }

    #[test]
    fn siblings_are_no_pages() {
        let sibling = |url: &str| sibling(&Url::parse(url).unwrap()).unwrap().to_string();
        let path = sibling("https://a.example/news/2025/a-story?x=1");
        assert!(
            path.starts_with("https://a.example/news/2025/")
                && path.len() == "https://a.example/news/2025/".len() + 13
        );
        assert_eq!(sibling("https://a.example/news/story.html").split('.').next_back(), Some("html"));
    }
}
