//! A record of a list of sources, whatever program keeps it.

use super::draft::Draft;
use crate::citation::Citation;
use crate::date::{self, PartialDate};
use crate::link;
use crate::place::Place;

/// What a record says of its source.
#[derive(Debug, Clone, Default)]
pub(super) struct Reference {
    /// What citations name it by; empty where it has no name.
    pub(super) key: String,
    /// Where the record stands.
    pub(super) place: Place,
    /// As one reads them: given name first.
    pub(super) authors: Vec<String>,
    pub(super) title: Option<String>,
    /// Journal, newspaper, book, site; else the publisher.
    pub(super) container: Option<String>,
    /// The date as the record has it, if it is no date of the calendar.
    pub(super) raw_date: Option<String>,
    pub(super) date: Option<PartialDate>,
    pub(super) date_end: Option<PartialDate>,
    pub(super) accessed: Option<PartialDate>,
    /// Volume, issue, pages: what stands between container and date.
    pub(super) details: Vec<String>,
    pub(super) urls: Vec<String>,
    pub(super) doi: Option<String>,
}

impl Reference {
    /// Takes a date as the programs write it: `2024-09-11`, `2024-09-11/2024-09-13`, `2024/09/11/`,
    /// `11 September 2024`. Marks of doubt (`2024?`, `~`) are left out.
    pub(super) fn set_date(&mut self, text: &str) {
        let text = text.trim();
        let bare = text.trim_end_matches(['?', '~', '%']);
        let (first, last) = match bare.split_once('/') {
            Some((first, last)) if first.len() >= 4 && last.len() >= 4 => (first, last),
            _ => (bare, ""),
        };
        let day = |text: &str| text.split('T').next().unwrap_or_default().trim().parse().ok();
        self.date = day(first).or_else(|| read(text));
        self.date_end = self.date.and_then(|_| day(last));
        if self.date.is_none() && !text.is_empty() {
            self.raw_date = Some(in_words(first).unwrap_or_else(|| text.to_owned()));
        }
    }

    pub(super) fn set_accessed(&mut self, text: &str) {
        let text = text.trim();
        self.accessed = text.split('T').next().and_then(|day| day.parse().ok()).or_else(|| read(text));
    }

    /// Takes an address, once.
    pub(super) fn add_url(&mut self, url: &str) {
        for found in link::find(url.trim()) {
            if !self.urls.contains(&found.url) {
                self.urls.push(found.url);
            }
        }
    }

    /// Takes a DOI, be it bare or an address.
    pub(super) fn set_doi(&mut self, text: &str) {
        self.doi = link::doi(text.trim());
        if let Some(doi) = &self.doi
            && !self.urls.iter().any(|url| link::doi(url).as_ref() == Some(doi))
        {
            self.urls.push(format!("https://doi.org/{doi}"));
        }
    }

    /// The fields as a citation.
    pub(super) fn citation(&self) -> Citation {
        Citation {
            authors: self.authors.clone(),
            title: self.title.clone(),
            container: self.container.clone(),
            date: self.date,
            date_end: self.date_end,
            accessed: self.accessed,
            urls: self.urls.clone(),
            doi: self.doi.clone(),
            ..Citation::default()
        }
    }

    /// The record as a note would cite it, without a full stop.
    pub(super) fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        match self.authors.as_slice() {
            [] => {}
            [one] => parts.push(one.clone()),
            [all @ .., last] => parts.push(format!("{} and {last}", all.join(", "))),
        }
        parts.extend(self.title.as_ref().map(|title| format!("“{title}”")));
        parts.extend(self.container.as_ref().map(|container| format!("in {container}")));
        parts.extend(self.details.iter().cloned());
        match (self.date, self.date_end) {
            (Some(date), Some(end)) => parts.push(format!("{}–{}", date.in_words(), end.in_words())),
            (Some(date), None) => parts.push(date.in_words()),
            (None, _) => parts.extend(self.raw_date.clone()),
        }
        parts.extend(self.urls.iter().cloned());
        parts.extend(self.accessed.map(|day| format!("accessed {}", day.in_words())));
        if parts.is_empty() { self.key.clone() } else { parts.join(", ") }
    }

    /// The record as a running text names it: `Roe 2024`.
    pub(super) fn short(&self) -> String {
        let names: Vec<&str> =
            self.authors.iter().map(|name| name.rsplit(' ').next().unwrap_or(name)).collect();
        let who = match names.as_slice() {
            [] => self.title.clone().unwrap_or_else(|| self.key.clone()),
            [one] => (*one).to_owned(),
            [one, two] => format!("{one} and {two}"),
            [one, ..] => format!("{one} et al."),
        };
        self.date.map_or(who.clone(), |date| format!("{who} {}", date.year))
    }

    /// Writes the record as an entry of a list of sources.
    pub(super) fn entry(&self, draft: &mut Draft, key: String) {
        let place = self.place;
        let label = (!self.key.is_empty()).then(|| self.key.clone());
        draft.open_reference(key, label, place);
        draft.open_given();
        draft.text(&format!("{}.", self.text()), place);
        draft.close_given(self.citation());
        draft.close_note();
    }
}

/// `2021-02-30`, which the calendar does not have, as a note would say it: `30 February 2021`.
fn in_words(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '-').map(|part| part.trim().parse::<i16>().ok());
    let (year, month, day) = (parts.next()??, u8::try_from(parts.next()??).ok()?, parts.next()??);
    Some(format!("{day} {}", PartialDate::ym(year, month)?.in_words()))
}

fn read(text: &str) -> Option<PartialDate> {
    date::parse(text).filter(|found| !found.impossible).map(|found| found.date)
}

/// `Roe, Jane` as one reads it: `Jane Roe`. The particle of `von Berg, Anna` stays with the family.
pub(super) fn name_in_order(name: &str) -> String {
    let parts: Vec<&str> = name.split(',').map(str::trim).collect();
    match parts.as_slice() {
        [family, given] if !given.is_empty() => format!("{given} {family}"),
        [family, suffix, given] if !given.is_empty() => format!("{given} {family} {suffix}"),
        _ => name.trim().trim_end_matches(',').to_owned(),
    }
}
