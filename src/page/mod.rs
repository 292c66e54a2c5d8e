//! What a page says of itself: title, authors, site, and every date with the place it was found.
//!
//! A page has not one date but a list of claims of different strength ([`DateClaim`]). Nothing here
//! decides whether a citation is right; it only collects evidence.

mod byline;
mod choice;
mod elsewhere;
mod headline;
mod jsonld;
mod label;
mod markup;
mod meta;
mod nature;
mod outline;
mod pdf;
mod scan;
mod script;
mod stamp;
mod tags;
pub mod text;
mod title;
mod url_date;
mod walk;
mod written;
mod zone;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use url::Url;

use self::outline::Outline;
use self::written::Order;
use self::zone::Zones;
use crate::date::PartialDate;
use crate::fold::{ByFnv, FoldedWords, one_of, plain_line};

/// What one page says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The title that names the page best, without the site's name.
    pub title: Option<String>,
    /// Every title the page gives itself (`og:title`, headline, `h1`, `<title>`), best first.
    pub titles: Vec<String>,
    /// Other headings that stand at its head.
    pub headings: Vec<String>,
    /// The titles of other pages to which it leads, each as a number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<u32>,
    /// What it tells search engines of its content.
    pub description: Option<String>,
    /// Authors, in the page's order.
    pub authors: Vec<String>,
    /// Those whom the page names as its authors beyond doubt: in the tags that libraries read, or as persons
    /// in its structured data and before its reader's eyes as well.
    pub persons: Vec<String>,
    /// Where it names such authors: the words of its text that may be names of others, folded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// The line about the article below its headline, and what follows it.
    pub byline: String,
    /// The name of the site or publisher.
    pub site: Option<String>,
    /// Who publishes the article, as its structured data say.
    pub publisher: Option<String>,
    /// Other names that stand for its publication there: what it is part of, who provides it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<String>,
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

impl Page {
    /// Does it lead to another page under this title?
    pub fn calls_another(&self, title: &str) -> bool {
        self.elsewhere.contains(&elsewhere::number(title))
    }
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
    /// What kind of place says so. Two claims of one kind are one witness.
    pub witness: Witness,
    /// How much it counts when the date of the page is chosen among its claims.
    pub votes: u8,
    /// Where it was found: `json-ld datePublished`, `meta article:published_time`, `url path`.
    pub evidence: String,
}

/// What a date is the date of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// First published.
    Published,
    /// Last changed.
    Modified,
    /// Something else that has a date: an event, a deadline, a birth.
    Event,
    /// When the server made or sent the page.
    Generated,
    /// Some date of the page, role unknown.
    Unknown,
}

/// The kind of place that a date claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// The address.
    Url,
    /// The number of a post.
    PostId,
    /// A registry or network that knows the source.
    Registry,
    /// JSON-LD.
    JsonLd,
    /// `<meta>` in the head.
    Meta,
    /// Microdata or `RDFa` in the body.
    Microdata,
    /// `<time>`.
    Time,
    /// A line about the article, as a reader sees it.
    Byline,
    /// Other text.
    Text,
    /// The data of a script.
    Script,
    /// A header of the answer.
    Header,
}

impl Witness {
    /// How many kinds there are.
    const COUNT: usize = Witness::Header as usize + 1;
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
    /// Authors in `citation_author`.
    cited: Vec<String>,
    /// Authors that structured data call persons.
    persons: Vec<String>,
    site: Option<String>,
    publisher: Option<String>,
    containers: Vec<String>,
    canonical: Option<Url>,
    language: Option<String>,
    dates: Vec<DateClaim>,
    refresh: Option<(u32, String)>,
    description: Option<String>,
    month_first: bool,
}

impl Draft {
    /// Is `03/04/2025` the fourth of March here?
    fn month_first(&self) -> bool {
        self.month_first
    }

    /// A title the page gives itself; the lower the rank, the better.
    fn title(&mut self, rank: u8, text: Option<String>) {
        if let Some(text) = text.map(|t| plain_line(&t)).filter(|t| !t.is_empty() && t.len() < 1000) {
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
    read_outline(html, url, false).0
}

/// As [`read`], with the fingerprint of the page's main text, where there is enough of it.
pub fn read_with_text(html: &str, url: &Url) -> (Page, Option<Text>) {
    read_outline(html, url, true)
}

fn read_outline(html: &str, url: &Url, text: bool) -> (Page, Option<Text>) {
    let outline = walk::read(html);
    let mut draft = Draft { month_first: month_first(&outline, url), ..Draft::default() };
    meta::read(&outline, url, &mut draft);
    jsonld::read(&outline, url, &mut draft);
    let headline = headline::find(&outline, &mut draft);
    let mut zones = Zones::new(&outline, headline);
    markup::read(&outline, &mut zones, headline, &mut draft);
    byline::read(&outline, &mut zones, headline, &mut draft);
    script::read(&outline, &mut draft);
    let byline = headline::byline(&outline, headline);
    let headings = headline::others(&outline, &mut zones, headline, url);
    let elsewhere = elsewhere::titles(&outline, url, draft.canonical.as_ref());
    let nature = nature::judge(&nature::signs(&outline, html, &draft, url));
    let text = text.then(|| text::main_text(&outline, &mut zones, headline)).flatten();
    let text = text.filter(|_| nature == Nature::Ordinary).and_then(|text| Text::of(&text));
    draft.dates.extend(url_dates(url));
    choice::arrange(&mut draft.dates);
    // Pages are kept by the ten thousand.
    draft.dates.shrink_to_fit();
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
    let persons = persons(&outline, &byline, &draft.cited, &draft.persons);
    let page = Page {
        title: titles.first().map(|t| title::without_site(t, draft.site.as_deref(), url)),
        titles,
        headings,
        elsewhere,
        description: draft.description,
        authors,
        mentions: if persons.is_empty() { Vec::new() } else { mentions(&outline) },
        persons,
        byline,
        site: draft.site,
        publisher: draft.publisher,
        containers: draft.containers,
        canonical: draft.canonical.map(Into::into),
        language: draft.language,
        dates: draft.dates,
        nature,
        refresh: draft.refresh,
    };
    (page, text)
}

/// Authors beyond doubt. Structured data often name who put the page online; who is named to the reader too is
/// its author.
fn persons(outline: &Outline, byline: &str, cited: &[String], marked: &[String]) -> Vec<String> {
    if marked.is_empty() && cited.is_empty() {
        return Vec::new();
    }
    let (line, authors) = (FoldedWords::of(byline), FoldedWords::of(&outline.authors.join(" ")));
    let line: Vec<&str> = line.iter().collect();
    let shown: Vec<&str> = line.iter().copied().chain(authors.iter()).collect();
    let is_shown = |name: &&String| {
        let name = FoldedWords::of(name);
        let name: Vec<&str> = name.iter().collect();
        name.len() > 1 && name.iter().all(|word| shown.contains(word)) && !is_handler(&name, &line)
    };
    let mut persons: Vec<String> = Vec::new();
    for name in cited.iter().chain(marked.iter().filter(is_shown)) {
        if !persons.contains(name) {
            persons.push(name.clone());
        }
    }
    persons
}

/// Does the by-line name this person for another part in the article than having written it: `Posted by`?
fn is_handler(name: &[&str], line: &[&str]) -> bool {
    const NEAR: usize = 6;
    const BY: &[&str] = &["by", "von", "da", "par", "por", "door", "av", "af", "przez", "cura"];
    const PARTS: &str = "posted published edited translated uploaded submitted added updated reviewed \
        editor translator contact contacts pubblicato postato tradotto traduzione inserito publie poste traduit \
        traduction veroffentlicht gepostet eingestellt ubersetzt ubersetzung redigiert publicado traducido \
        traduccion traduzido geplaatst gepubliceerd vertaald";
    let has_part =
        |words: &[&str]| words.iter().any(|word| one_of(word, PARTS)) && !words.contains(&"written");
    let mut places = line.windows(name.len()).enumerate().filter(|(_, words)| *words == name).peekable();
    places.peek().is_some()
        && places.all(|(at, _)| {
            let before = &line[at.saturating_sub(NEAR)..at];
            match before {
                [parts @ .., by] if BY.contains(by) => has_part(parts),
                [.., part] => has_part(std::slice::from_ref(part)),
                [] => false,
            }
        })
}

/// The words of the text that begin with a capital, folded.
fn mentions(outline: &Outline) -> Vec<String> {
    const MOST: usize = 2000;
    const SHORTEST: usize = 3;
    let capitals = Names(&outline.paragraphs).filter(|word| word.starts_with(char::is_uppercase));
    // Each once, and all folded in one go. They are so few that nobody gains by making them collide.
    let mut known: HashSet<&str, ByFnv> = HashSet::default();
    let mut once = String::new();
    for word in capitals.take(MOST).filter(|word| known.insert(*word)) {
        once.push_str(word);
        once.push(' ');
    }
    let once = FoldedWords::of(&once);
    once.iter().filter(|word| word.chars().count() >= SHORTEST).map(str::to_owned).collect()
}

/// The words of a text that are not plainly in lower case: letters, digits, and apostrophes anywhere.
struct Names<'t>(&'t str);

impl<'t> Iterator for Names<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'\'';
        let is_letter = |c: char| c.is_alphanumeric() || c == '’';
        loop {
            let bytes = self.0.as_bytes();
            let start = bytes.iter().position(|byte| is_part(*byte) || !byte.is_ascii())?;
            let mut end = start;
            loop {
                end += bytes[end..].iter().take_while(|byte| is_part(**byte)).count();
                match self.0[end..].chars().next() {
                    Some(c) if !c.is_ascii() && is_letter(c) => end += c.len_utf8(),
                    _ => break,
                }
            }
            let word = &self.0[start..end];
            let mark =
                if word.is_empty() { self.0[end..].chars().next().map_or(0, char::len_utf8) } else { 0 };
            self.0 = &self.0[end + mark..];
            if !word.is_empty() && !bytes[start].is_ascii_lowercase() {
                return Some(word);
            }
        }
    }
}

/// The dates that a URL carries by itself: in its path, its slug, or in a post's id.
pub fn url_dates(url: &Url) -> Vec<DateClaim> {
    url_date::claims(url)
}

/// The date that the server gives a document in its `Last-Modified` field. Of a page it is the time at which
/// it was put together; of any other document the only hint there is.
pub fn header_date(last_modified: &str, is_page: bool) -> Option<DateClaim> {
    let (date, time) = stamp::read(last_modified, false)?;
    Some(DateClaim {
        date,
        time,
        role: if is_page { Role::Generated } else { Role::Unknown },
        strength: Strength::Weak,
        witness: Witness::Header,
        votes: if is_page { 0 } else { 2 },
        evidence: "header last-modified".to_owned(),
    })
}

pub use choice::{modified, published};
pub use pdf::read_pdf;
pub use text::Text;

/// Is `03/04/2025` on this page the fourth of March? Its other dates tell, or its language and country.
fn month_first(outline: &Outline, url: &Url) -> bool {
    let orders = || outline.mentions.iter().filter_map(|mention| mention.date.order);
    let count = |order| orders().filter(|o| *o == order).count();
    let (day, month) = (count(Order::DayFirst), count(Order::MonthFirst));
    if day != month {
        return month > day;
    }
    let locale = outline.metas.iter().find(|meta| meta.name == "og:locale").map(|meta| meta.content.as_str());
    let language = outline.language.as_deref().or(locale).unwrap_or_default().to_ascii_lowercase();
    let region = language.get(3..5);
    let american =
        |tld: &str| matches!(tld, "com" | "org" | "net" | "edu" | "gov" | "us" | "mil" | "io" | "news");
    let tld = url.host_str().and_then(|host| host.rsplit('.').next()).unwrap_or_default();
    let english = language.starts_with("en") || language.is_empty();
    match region {
        Some(region) => english && matches!(region, "us" | "ph"),
        None => english && american(tld),
    }
}
