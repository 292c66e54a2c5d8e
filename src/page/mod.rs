//! What a page says of itself: title, authors, site, and every date with the place it was found.
//!
//! A page has not one date but a list of claims of different strength ([`DateClaim`]). Nothing here
//! decides whether a citation is right; it only collects evidence.

mod jsonld;
mod meta;
mod nature;
mod stamp;
mod title;
mod url_date;
mod visible;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::date::PartialDate;
use crate::fold::one_line;

/// What one page says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The title that names the page best, without the site's name.
    pub title: Option<String>,
    /// Every title the page gives itself (`og:title`, headline, `h1`, `<title>`), best first.
    pub titles: Vec<String>,
    /// Authors, in the page's order.
    pub authors: Vec<String>,
    /// The name of the site or publisher.
    pub site: Option<String>,
    /// `<link rel="canonical">`, absolute.
    pub canonical: Option<String>,
    /// `<html lang>` or `og:locale`.
    pub language: Option<String>,
    /// Every date claim, strongest first.
    pub dates: Vec<DateClaim>,
    /// What kind of page came, where it is not plainly the page asked for.
    pub nature: Nature,
    /// The target of `<meta http-equiv="refresh">`, absolute, with its delay in seconds.
    pub refresh: Option<(u32, String)>,
}

/// Something other than an ordinary page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "evidence")]
pub enum Nature {
    /// Nothing speaks against its being the page asked for.
    #[default]
    Ordinary,
    /// It says that the page was not found; the words are given.
    NotFound(String),
    /// A parked or for-sale domain; the words are given.
    Parked(String),
    /// A challenge page of a bot wall; what gave it away.
    Challenge(String),
    /// A login or consent wall; what gave it away.
    Wall(String),
    /// No text at all without JavaScript.
    Shell,
}

/// One date that a page, its URL or its headers give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateClaim {
    /// As written, in the zone in which it was written.
    pub date: PartialDate,
    /// The whole time stamp in RFC 3339, where there is one; with the offset as written.
    pub time: Option<String>,
    /// What the date is the date of.
    pub role: Role,
    /// How far it can be trusted.
    pub strength: Strength,
    /// Where it was found: `json-ld datePublished`, `meta article:published_time`, `url path`.
    pub evidence: String,
}

/// What a date is the date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// First published.
    Published,
    /// Last changed.
    Modified,
    /// Some date of the page, role unknown.
    Unknown,
}

/// How far a date claim can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Unmarked text, a header.
    Weak,
    /// Structured data, article meta tags, the URL's own date.
    Strong,
    /// Cannot be wrong: the time that a post's id encodes.
    Certain,
}

/// What the readers of the page's parts have found so far.
#[derive(Debug, Default)]
struct Draft {
    titles: Vec<(u8, String)>,
    authors: Vec<(u8, Vec<String>)>,
    site: Option<String>,
    canonical: Option<Url>,
    language: Option<String>,
    dates: Vec<DateClaim>,
    refresh: Option<(u32, String)>,
}

impl Draft {
    /// A title the page gives itself; the lower the rank, the better.
    fn title(&mut self, rank: u8, text: Option<String>) {
        if let Some(text) = text.map(|t| one_line(&t)).filter(|t| !t.is_empty() && t.len() < 1000) {
            self.titles.push((rank, text));
        }
    }

    /// Authors from one place; the lower the rank, the better.
    fn authors(&mut self, rank: u8, names: Vec<String>) {
        let names: Vec<String> = names.iter().flat_map(|name| title::author_names(name)).collect();
        if !names.is_empty() {
            self.authors.push((rank, names));
        }
    }
}

/// Reads an HTML page. `url` is the address it came from: relative links are resolved against it
/// and the date it carries joins the claims.
pub fn read(html: &str, url: &Url) -> Page {
    let document = scraper::Html::parse_document(html);
    let mut draft = Draft::default();
    meta::read(&document, url, &mut draft);
    jsonld::read(&document, url, &mut draft);
    visible::read(&document, &mut draft);
    let nature = nature::judge(&nature::signs(&document, html, &draft));
    draft.dates.extend(url_dates(url));
    draft.dates.sort_by_key(|claim| std::cmp::Reverse(claim.strength));
    draft.titles.sort_by_key(|(rank, _)| *rank);
    let mut titles: Vec<String> = Vec::new();
    for (_, text) in draft.titles {
        if !titles.contains(&text) {
            titles.push(text);
        }
    }
    draft.authors.sort_by_key(|(rank, _)| *rank);
    let mut authors: Vec<String> = Vec::new();
    for name in draft.authors.into_iter().next().map(|(_, names)| names).unwrap_or_default() {
        if !authors.contains(&name) {
            authors.push(name);
        }
    }
    Page {
        title: titles.first().map(|t| title::without_site(t, draft.site.as_deref(), url)),
        titles,
        authors,
        site: draft.site,
        canonical: draft.canonical.map(Into::into),
        language: draft.language,
        dates: draft.dates,
        nature,
        refresh: draft.refresh,
    }
}

/// The dates that a URL carries by itself: in its path, its slug, or in a post's id.
pub fn url_dates(url: &Url) -> Vec<DateClaim> {
    url_date::claims(url)
}

/// The best claim of publication: the strongest, and among equals the one that more of the others
/// agree with, then the one that stands first.
pub fn published(claims: &[DateClaim]) -> Option<&DateClaim> {
    let support = |claim: &DateClaim| {
        claims.iter().filter(|c| c.role == Role::Published && c.date.agrees(&claim.date)).count()
    };
    let best = claims
        .iter()
        .enumerate()
        .filter(|(_, c)| c.role == Role::Published)
        .max_by_key(|(at, c)| (c.strength, c.date.day.is_some(), support(c), std::cmp::Reverse(*at)));
    best.map(|(_, claim)| claim).or_else(|| claims.iter().find(|c| c.role == Role::Unknown))
}

/// The best claim of a last change.
pub fn modified(claims: &[DateClaim]) -> Option<&DateClaim> {
    claims.iter().filter(|c| c.role == Role::Modified).max_by_key(|c| c.strength)
}
