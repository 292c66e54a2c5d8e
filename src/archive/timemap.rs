//! Memento's `TimeMap` (RFC 7089, 5): every copy of a page that an archive holds, as a list of links. A long
//! list comes in parts, each of which names the next ones, or an index names them all.

use url::Url;

use super::links::links;
use super::{Memento, Near, Part, Service, Speaks, Told, http_time, made};

pub(super) const SERVICE: Service =
    Service { name: None, endpoint: None, gap: None, speaks: Speaks::Links, question, read, parts };

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
    let is_list =
        |link: &super::links::Link<'_>| ["original", "memento", "timemap"].iter().any(|rel| link.is(rel));
    links.iter().any(is_list).then(|| copies.collect())
}

/// The other lists that a list names, but itself, and but those that are no lists of links.
fn parts(told: &Told<'_>) -> Vec<Part> {
    let is_ours = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/link-format")
    };
    let lists = links(told.body).into_iter().filter(|link| link.is("timemap") && !link.is("self"));
    let lists = lists.filter(|link| link.kind.is_none_or(is_ours));
    let part = |link: super::links::Link<'_>| {
        let url = told.at.join(link.target).ok().filter(|url| url != told.at)?;
        let time = |field: Option<&str>| field.and_then(http_time);
        Some(Part { url, from: time(link.from), until: time(link.until) })
    };
    lists.filter_map(part).collect()
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

    #[test]
    fn a_list_in_parts() {
        let body = "<https://a.example/b>; rel=\"original\",\n\
                    <https://m.example/timemap/1/https://a.example/b>; rel=\"self timemap\",\n\
                    <https://m.example/timemap/2/https://a.example/b>; rel=\"timemap\"; type=\"application/link-format\"; \
                      from=\"Fri, 01 Jan 2021 10:00:00 GMT\"; until=\"Tue, 04 May 2021 10:00:00 GMT\",\n\
                    <json/1>; rel=\"timemap\"; type=\"application/json\",\n\
                    <3>; rel=\"timemap\"";
        let page = url::Url::parse("https://a.example/b").unwrap();
        let at = url::Url::parse("https://m.example/timemap/1").unwrap();
        let told =
            Told { page: &page, at: &at, status: 200, leads_to: None, links: "", made: None, body, base: "" };
        assert_eq!(read(&told), Some(vec![]));
        let found = parts(&told);
        let urls: Vec<&str> = found.iter().map(|part| part.url.as_str()).collect();
        assert_eq!(urls, ["https://m.example/timemap/2/https://a.example/b", "https://m.example/timemap/3"]);
        let distance = |date: &str, part: usize| {
            let near = Near { date: date.parse().unwrap(), basis: super::super::Basis::Cited };
            found[part].distance(&near) / 86_400
        };
        assert_eq!(["2020-12-02", "2021-03-01", "2021-05-14"].map(|date| distance(date, 0)), [29, 0, 10]);
        assert_eq!(distance("1999", 1), 0);
    }
}
