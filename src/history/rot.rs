//! Link rot in numbers: how many sources of each kind are left, and how long they live.

mod csv;
mod html;
mod json;
mod table;

use std::collections::HashMap;
use std::io;

use url::Url;

use super::ledger::Known;
use super::survival::{Curve, Life};
use super::{Course, Standing};
use crate::date::PartialDate;
use crate::resolver::RESOLVERS;

/// Days of a year.
pub const YEAR: f64 = 365.25;

/// What sources are grouped by.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// Its name on the command line.
    pub name: &'static str,
    /// What a group is called in a table.
    pub title: &'static str,
    group: fn(&Url, &Course, Option<PartialDate>) -> Option<String>,
}

/// Everything that sources can be grouped by.
pub const BY: &[By] = &[
    By { name: "host", title: "host", group: |url, _, _| Some(host(url)) },
    By {
        name: "tld",
        title: "top-level domain",
        group: |url, _, _| {
            Some(format!(".{}", host(url).rsplit('.').next()?)).filter(|_| url.domain().is_some())
        },
    },
    By {
        name: "year",
        title: "first seen",
        group: |_, course, _| Some(super::day(course.first()?).get(..4)?.to_owned()),
    },
    By { name: "cited", title: "cited date", group: |_, _, cited| Some(cited?.year.to_string()) },
    By { name: "type", title: "type of source", group: |url, _, _| Some(kind(url).to_owned()) },
];

/// The form of a report on rot.
pub struct Form {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&Rot, &mut dyn io::Write) -> io::Result<()>,
}

/// Every form.
pub const FORMS: &[Form] = &[
    Form { name: "table", write: table::write },
    Form { name: "csv", write: csv::write },
    Form { name: "json", write: json::write },
    Form { name: "html", write: html::write },
];

/// What became of many sources.
#[derive(Debug)]
pub struct Rot {
    /// What they are grouped by.
    pub by: By,
    /// All together.
    pub all: Group,
    /// The groups: those by time in its order, others by their size.
    pub groups: Vec<Group>,
}

/// What became of some sources.
#[derive(Debug, Default)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// How many there are.
    pub sources: usize,
    /// How many are in each of [`Standing::ALL`].
    pub standings: [usize; 4],
    /// Of which nothing is known.
    pub unknown: usize,
    /// Dead when they were first seen: they have no part in the curve.
    pub never_alive: usize,
    /// How long they live.
    pub curve: Curve,
}

/// Collects sources, one after the other.
#[derive(Debug)]
pub struct Collector {
    by: By,
    all: (Group, Vec<Life>),
    groups: HashMap<String, (Group, Vec<Life>)>,
}

impl Collector {
    /// Nothing yet.
    pub fn new(by: By) -> Self {
        Collector { by, all: (named("all"), Vec::new()), groups: HashMap::new() }
    }

    /// One more source; one that was never checked counts for nothing.
    pub fn add(&mut self, source: &Known, course: &Course, cited: Option<PartialDate>) {
        if course.checks() == 0 {
            return;
        }
        let name = Url::parse(&source.url).ok().and_then(|url| (self.by.group)(&url, course, cited));
        let name = name.unwrap_or_else(|| "unknown".to_owned());
        let group = self.groups.entry(name).or_insert_with_key(|name| (named(name), Vec::new()));
        for (group, lives) in [&mut self.all, group] {
            group.sources += 1;
            match course.standing() {
                None => group.unknown += 1,
                Some(standing) => group.standings[standing as usize] += 1,
            }
            let life = Life::of(course);
            group.never_alive += usize::from(life.is_none() && course.standing() == Some(Standing::Dead));
            lives.extend(life);
        }
    }

    /// What they come to; of the groups the `top` largest.
    pub fn finish(self, top: usize) -> Rot {
        let whole = |(group, lives)| Group { curve: Curve::of(lives), ..group };
        let mut groups: Vec<_> = self.groups.into_values().collect();
        groups.sort_by(|(a, _), (b, _)| b.sources.cmp(&a.sources).then_with(|| a.name.cmp(&b.name)));
        groups.truncate(top);
        if matches!(self.by.name, "year" | "cited") {
            groups.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        }
        Rot { by: self.by, all: whole(self.all), groups: groups.into_iter().map(whole).collect() }
    }
}

impl Rot {
    /// All together, then each group.
    pub fn rows(&self) -> impl Iterator<Item = &Group> {
        std::iter::once(&self.all).chain(&self.groups)
    }
}

fn named(name: &str) -> Group {
    Group { name: name.to_owned(), ..Group::default() }
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// What kind of source an address leads to, as far as it tells by itself.
fn kind(url: &Url) -> &'static str {
    const FILES: &[&str] = &["pdf", "doc", "docx", "odt", "xls", "xlsx", "csv", "ppt", "pptx", "epub", "zip"];
    let asked = |resolver: &&&crate::resolver::Resolver| {
        (resolver.date_of)(url).is_some()
            || resolver.service.as_ref().is_some_and(|service| (service.question)(url).is_some())
    };
    if let Some(resolver) = RESOLVERS.iter().find(asked) {
        return match resolver.name {
            "youtube" | "vimeo" => "video",
            "arxiv" | "crossref" | "datacite" => "paper",
            _ => "post",
        };
    }
    if crate::link::archived(url).is_some() {
        return "archived copy";
    }
    let path = url.path().to_ascii_lowercase();
    if path.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending)) {
        "file"
    } else if path.len() <= 1 && url.query().is_none() {
        "front page"
    } else {
        "page"
    }
}

/// Days as years, in one digit after the point; `–` where they are not known.
fn years(days: Option<f64>) -> String {
    days.map_or("–".to_owned(), |days| format!("{:.1}", days / YEAR))
}

/// A share of one in per cent; `–` where it is not known.
fn percent(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{:.0} %", share * 100.0))
}
