//! Memento's `TimeMap` (RFC 7089, 5): every copy of a page that an archive holds, as a list of links.

use url::Url;

use super::links::links;
use super::{Memento, Near, Service, Speaks, Told, http_time, made};

pub(super) const SERVICE: Service =
    Service { name: None, endpoint: None, gap: None, speaks: Speaks::Links, question, read };

fn question(page: &Url, _: Near) -> String {
    format!("/timemap/link/{page}")
}

fn read(told: &Told<'_>) -> Option<Vec<Memento>> {
    match told.status {
        404 => return Some(Vec::new()),
        200 => {}
        _ => return None,
    }
    let links = links(told.body);
    let copies = links.iter().filter(|link| link.is("memento")).filter_map(|link| {
        let url = told.at.join(link.target).ok()?.to_string();
        let made = link.datetime.and_then(http_time).or_else(|| made(&url))?;
        Some(Memento { url, made })
    });
    // A list of links says what it is a list for; another page is no TimeMap.
    links.iter().any(|link| link.is("original") || link.is("memento")).then(|| copies.collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::told;
    use super::*;

    #[test]
    fn a_list_of_copies() {
        let body = "<https://m.example/all/timemap/link/https://a.example/b>; rel=\"self\"; type=\"application/link-format\",\n\
                    <https://a.example/b>; rel=\"original\",\n\
                    <https://m.example/all/20210101100000/https://a.example/b>; rel=\"first memento\"; datetime=\"Fri, 01 Jan 2021 10:00:00 GMT\",\n\
                    <https://m.example/all/20210504100000/https://a.example/b>; rel=\"last memento\"; datetime=\"Tue, 04 May 2021 10:00:00 GMT\"\n";
        let found = told(200, body, read).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].made.to_string(), "2021-05-04T10:00:00Z");
        assert_eq!(told(404, "", read), Some(vec![]));
        assert_eq!(told(200, "<html><p>No such page", read), None);
        assert_eq!(told(503, body, read), None);
    }
}
