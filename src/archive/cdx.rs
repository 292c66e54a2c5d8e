//! CDX servers: the index of an archive, a row for each copy. The Internet Archive answers with an array
//! of arrays, the first of which names the columns; pywb with one JSON object a line, and other names.

use serde_json::Value;

use super::{INDEX, Memento, Near, Service, Speaks, Told, stamp, time, whole};
use crate::resolver::encoded;

pub(super) const SERVICE: Service = Service {
    name: Some("wayback-cdx"),
    endpoint: Some("https://web.archive.org/cdx/search/cdx"),
    gap: Some(INDEX),
    speaks: Speaks::Json,
    question,
    read,
    parts: whole,
};

/// Rows asked for. The nearest ones come first, so this is far more than are ever opened.
const ROWS: usize = 60;

fn question(page: &url::Url, near: Near) -> String {
    // Copies of errors are of no use; those of redirects may be.
    let stamp = stamp(near.middle());
    let filter = encoded("!statuscode:[45]..");
    let url = encoded(page.as_str());
    format!("?url={url}&output=json&sort=closest&closest={stamp}&limit={ROWS}&filter={filter}")
}

/// One row.
struct Row<'v> {
    stamp: &'v str,
    original: &'v str,
    status: &'v str,
}

fn read(told: &Told<'_>) -> Option<Vec<Memento>> {
    let body = told.body.trim();
    // pywb says “not found” of a page that it has no row for, and nothing else.
    if told.status == 404 && body.is_empty() {
        return Some(Vec::new());
    }
    if told.status != 200 {
        return None;
    }
    let values: Vec<Value> = if body.starts_with('[') {
        serde_json::from_str(body).ok()?
    } else {
        body.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?
    };
    let rows = if body.starts_with('[') { table(&values)? } else { objects(&values)? };
    let copies = rows.iter().filter(|row| !row.status.starts_with(['4', '5'])).map(|row| {
        let url = format!("{}/{}/{}", told.base, row.stamp, row.original);
        Some(Memento { url, made: time(row.stamp)? })
    });
    copies.collect()
}

/// The Internet Archive's form.
fn table(values: &[Value]) -> Option<Vec<Row<'_>>> {
    let Some((head, rows)) = values.split_first() else { return Some(Vec::new()) };
    let head = head.as_array()?;
    let column = |name: &str| head.iter().position(|column| column == name);
    let (stamp, original, status) = (column("timestamp")?, column("original")?, column("statuscode"));
    rows.iter()
        .map(|row| {
            let text = |at: usize| row.get(at)?.as_str();
            let status = status.and_then(text).unwrap_or_default();
            Some(Row { stamp: text(stamp)?, original: text(original)?, status })
        })
        .collect()
}

/// pywb's form.
fn objects(values: &[Value]) -> Option<Vec<Row<'_>>> {
    values
        .iter()
        .map(|row| {
            let text = |name: &str| row.get(name)?.as_str();
            let original = text("url").or_else(|| text("original"))?;
            let status = text("status").or_else(|| text("statuscode")).unwrap_or_default();
            Some(Row { stamp: text("timestamp")?, original, status })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::told;
    use super::*;

    const BASE: &str = "https://web.archive.org/web";

    #[test]
    fn the_internet_archives_rows() {
        let body = r#"[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],
            ["example,a)/b","20210504101112","https://a.example/b","text/html","200","X","9"],
            ["example,a)/b","20210504101112","https://a.example/b","text/html","200","X","9"],
            ["example,a)/b","20210601000000","http://a.example/b","warc/revisit","-","X","9"],
            ["example,a)/b","20220601000000","http://a.example/b","text/html","404","Y","9"]]"#;
        let found = told(200, body, read).unwrap();
        let urls: Vec<&str> = found.iter().map(|copy| copy.url.as_str()).collect();
        let first = format!("{BASE}/20210504101112/https://a.example/b");
        assert_eq!(urls, [first.as_str(), &first, &format!("{BASE}/20210601000000/http://a.example/b")]);
        for none in ["[]", "", r#"[["urlkey","timestamp","original"]]"#] {
            assert_eq!(told(200, none, read), Some(vec![]), "{none}");
        }
    }

    #[test]
    fn pywbs_rows() {
        let body = "{\"urlkey\": \"example,a)/b\", \"timestamp\": \"20210504101112\", \"url\": \"https://a.example/b\", \"mime\": \"text/html\", \"status\": \"200\"}\n\
                    {\"urlkey\": \"example,a)/b\", \"timestamp\": \"20210604101112\", \"url\": \"https://a.example/b\", \"mime\": \"text/html\", \"status\": \"503\"}\n";
        assert_eq!(told(200, body, read).unwrap().len(), 1);
        assert_eq!(told(404, "", read), Some(vec![]));
    }

    #[test]
    fn what_is_no_answer() {
        for (status, body) in
            [(403, "AccessControlException"), (200, "<html>"), (200, r#"[["a"],["b"]]"#), (404, "<html>")]
        {
            assert_eq!(told(status, body, read), None, "{body}");
        }
    }
}
