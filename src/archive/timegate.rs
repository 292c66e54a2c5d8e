//! Memento's `TimeGate` (RFC 7089, 4): asked for a page as it was at a time (`Accept-Datetime`), it leads to
//! the copy nearest to that time.

use url::Url;

use super::links::links;
use super::{Memento, Near, Service, Speaks, Told, http_time, made, whole};

pub(super) const SERVICE: Service =
    Service { name: None, endpoint: None, gap: None, speaks: Speaks::Fields, question, read, parts: whole };

fn question(page: &Url, _: Near) -> String {
    format!("/{page}")
}

fn read(told: &Told<'_>) -> Option<Vec<Memento>> {
    let at = |target: &str| told.at.join(target).ok().map(|url| url.to_string());
    match told.status {
        404 if told.made.is_none() => return Some(Vec::new()),
        301 | 302 | 303 | 307 | 308 => {
            let url = at(told.leads_to?)?;
            // The address says when, or else the field that speaks of it.
            let made = made(&url).or_else(|| {
                let own = |link: &super::links::Link<'_>| at(link.target).as_ref() == Some(&url);
                links(told.links).iter().find(|l| l.is("memento") && own(l))?.datetime.and_then(http_time)
            })?;
            return Some(vec![Memento { url, made }]);
        }
        _ => {}
    }
    // It answers with the copy itself (RFC 7089, 4.2).
    let time = http_time(told.made?)?;
    let links = links(told.links);
    let named = links.iter().find(|l| l.is("memento") && l.datetime.and_then(http_time) == Some(time));
    let url = told.leads_to.or(named.map(|link| link.target)).and_then(at);
    Some(vec![Memento { url: url.unwrap_or_else(|| told.at.to_string()), made: time }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_at(status: u16, leads_to: Option<&str>, links: &str, made: Option<&str>) -> Option<Vec<Memento>> {
        let page = Url::parse("https://a.example/b").unwrap();
        let at = Url::parse("https://m.example/all/https://a.example/b").unwrap();
        let told = Told { page: &page, at: &at, status, leads_to, links, made, body: "", base: "" };
        read(&told)
    }

    const TIME: &str = "Tue, 04 May 2021 10:00:00 GMT";

    #[test]
    fn it_leads_to_the_copy() {
        let found = read_at(302, Some("/all/20210504100000/https://a.example/b"), "", None).unwrap();
        assert_eq!(found[0].url, "https://m.example/all/20210504100000/https://a.example/b");
        assert_eq!(found[0].made.to_string(), "2021-05-04T10:00:00Z");
        let links = format!("<https://m.example/AB-12>; rel=\"memento\"; datetime=\"{TIME}\"");
        let found = read_at(302, Some("/AB-12"), &links, None).unwrap();
        assert_eq!(
            (found[0].url.as_str(), found[0].made.to_string().as_str()),
            ("https://m.example/AB-12", "2021-05-04T10:00:00Z")
        );
        assert_eq!(read_at(302, Some("/elsewhere"), "", None), None);
    }

    #[test]
    fn it_is_the_copy() {
        let links = format!(
            "<https://m.example/x>; rel=\"first memento\"; datetime=\"Fri, 01 Jan 2021 10:00:00 GMT\", <https://m.example/y>; rel=\"memento\"; datetime=\"{TIME}\""
        );
        let url = |found: Option<Vec<Memento>>| found.unwrap().remove(0).url;
        assert_eq!(url(read_at(200, None, &links, Some(TIME))), "https://m.example/y");
        assert_eq!(url(read_at(200, Some("/z"), &links, Some(TIME))), "https://m.example/z");
        // A copy of an error is a copy.
        assert_eq!(url(read_at(404, None, &links, Some(TIME))), "https://m.example/y");
    }

    #[test]
    fn it_has_none() {
        assert_eq!(read_at(404, None, "", None), Some(vec![]));
        assert_eq!(read_at(200, None, "", None), None);
        assert_eq!(read_at(503, None, "", None), None);
    }
}
