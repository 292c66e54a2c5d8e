//! Preprints on arXiv. Its works are registered with DataCite, which knows the day of each version.

use url::Url;

use super::{Resolver, Service, datacite, dated, encoded, host};
use crate::date::PartialDate;
use crate::page::{DateClaim, Role, Strength};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "arxiv",
    date_of,
    service: Some(Service {
        endpoint: Some("https://api.datacite.org"),
        question: |url| Some(format!("/dois/{}", encoded(&doi(url)?))),
        read: |url, answer| datacite::record(&doi(url)?, answer),
    }),
};

/// The DOI that arXiv gives to a paper, all versions together.
fn doi(url: &Url) -> Option<String> {
    if !matches!(host(url)?, "arxiv.org" | "export.arxiv.org") {
        return None;
    }
    let path = url.path();
    let id = ["/abs/", "/pdf/", "/html/", "/format/"].iter().find_map(|kind| path.strip_prefix(kind))?;
    let id = id.trim_end_matches('/').trim_end_matches(".pdf");
    // `2501.01234v2` → `2501.01234`.
    let id = match id.rsplit_once('v') {
        Some((paper, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => paper,
        _ => id,
    };
    is_id(id).then(|| format!("10.48550/arxiv.{id}").to_ascii_lowercase())
}

/// The month in which the first version was sent in. Weak: a note may well give the day of a later
/// version, or of the article that came of it.
fn date_of(url: &Url) -> Option<DateClaim> {
    let doi = doi(url)?;
    let number = doi.rsplit(['.', '/']).next()?;
    let id = doi.strip_prefix("10.48550/arxiv.")?;
    let month = if id.contains('/') { number } else { id };
    let (year, month): (i16, u8) = (month.get(..2)?.parse().ok()?, month.get(2..4)?.parse().ok()?);
    // The first papers are of 1991.
    let date = PartialDate::ym(if year > 90 { 1900 } else { 2000 } + year, month)?;
    Some(DateClaim { strength: Strength::Weak, ..dated(date, Role::Published, "arxiv id".to_owned()) })
}

/// `2501.01234` since April 2007; `hep-th/9901001`, `math.GT/0309136` before.
fn is_id(id: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let new = id.split_once('.').is_some_and(|(month, number)| {
        month.len() == 4 && digits(month) && matches!(number.len(), 4 | 5) && digits(number)
    });
    let old = || {
        id.split_once('/').is_some_and(|(archive, number)| {
            number.len() == 7 && digits(number) && archive.starts_with(|c: char| c.is_ascii_alphabetic())
        })
    };
    new || old()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months() {
        for (id, month) in
            [("2501.01234v2", "2025-01"), ("hep-th/9901001", "1999-01"), ("math.GT/0309136", "2003-09")]
        {
            let url = Url::parse(&format!("https://arxiv.org/abs/{id}")).unwrap();
            assert_eq!(date_of(&url).unwrap().date.to_string(), month);
        }
    }

    #[test]
    fn addresses_and_dois() {
        let doi = |url: &str| doi(&Url::parse(url).unwrap());
        for url in [
            "https://arxiv.org/abs/2501.01234",
            "https://arxiv.org/abs/2501.01234v2",
            "https://www.arxiv.org/pdf/2501.01234v1.pdf",
            "https://arxiv.org/html/2501.01234",
        ] {
            assert_eq!(doi(url).as_deref(), Some("10.48550/arxiv.2501.01234"), "{url}");
        }
        assert_eq!(
            doi("https://arxiv.org/abs/hep-th/9901001v3").as_deref(),
            Some("10.48550/arxiv.hep-th/9901001")
        );
        for url in [
            "https://arxiv.org/list/cs.CL/recent",
            "https://arxiv.org/abs/",
            "https://a.example/abs/2501.01234",
        ] {
            assert_eq!(doi(url), None, "{url}");
        }
    }
}
