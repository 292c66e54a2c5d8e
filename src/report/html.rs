//! One self-contained page for editors: every note in its order, what it cites against what was
//! found. It needs no network and runs no script; filtering is done by the style sheet.

use std::io;

use askama::Template;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::{Position, Url};

use super::index::Index;
use super::{Form, Report, Style, quote, tally};
use crate::check::case::{CheckedCitation, ReadDocument};
use crate::check::{Finding, Severity};
use crate::date::PartialDate;
use crate::fold::is_obeyed;
use crate::note::Note;

/// A page for a browser.
pub const FORM: Form =
    Form { name: "html", summary: "one page for editors, cited against found", stripped: true, write };

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>Footnotes: {{ findings }}</title>
<style>{{ css|safe }}</style>
</head>
<body>
<header>
<h1>Footnotes: {{ findings }}</h1>
{% for line in tally %}<p class="soft">{{ line }}</p>
{% endfor %}</header>
<fieldset>
<legend>Show notes</legend>
{% for filter in filters %}<label><input type="radio" name="show" id="show-{{ filter.id }}"{% if filter.on %} checked{% endif %}> {{ filter.words }} ({{ filter.count }})</label>
{% endfor %}</fieldset>
<main>
{% for document in documents %}<section aria-labelledby="document-{{ loop.index }}">
<h2 id="document-{{ loop.index }}">{{ document.title }}</h2>
<p class="soft">{{ document.path }}{% if !document.known.is_empty() %} · {{ document.known }}{% endif %}</p>
{% if document.notes.is_empty() %}<p>No notes.</p>
{% else %}<ol class="notes">
{% for note in document.notes %}<li class="{{ note.level }}">
<h3>{{ note.label }} <span class="soft">{{ note.place }}</span></h3>
{% if !note.text.is_empty() %}<p class="text" dir="auto">{% for part in note.text %}{% if part.marked %}<mark>{{ part.text }}</mark>{% else %}{{ part.text }}{% endif %}{% endfor %}</p>
{% endif %}{% if note.findings.is_empty() %}<p class="badge fine">{{ note.fine }}</p>
{% else %}<ul class="findings">
{% for finding in note.findings %}<li><span class="badge {{ finding.level }}">{{ finding.level }}</span> {{ finding.message }} <code>{{ finding.rule }}</code>{% if let Some(help) = finding.help %}<p class="help">{{ help }}</p>{% endif %}</li>
{% endfor %}</ul>
{% endif %}{% if !note.sources.is_empty() %}<details{% if !note.findings.is_empty() %} open{% endif %}>
<summary>Cited against found</summary>
{% for source in note.sources %}<table>
<caption>{% if source.link %}<a href="{{ self::href(source.url) }}" rel="noopener noreferrer">{{ source.url }}</a>{% else %}{{ source.url }}{% endif %}</caption>
<thead><tr><td></td><th scope="col">cited</th><th scope="col">found</th></tr></thead>
<tbody>
{% for row in source.rows %}<tr><th scope="row">{{ row.name }}</th><td dir="auto">{{ row.cited }}</td><td>{% if row.link %}<a href="{{ self::href(row.found) }}" rel="noopener noreferrer">{{ row.found }}</a>{% else %}{{ row.found }}{% endif %}{% if !row.evidence.is_empty() %} <span class="soft">({{ row.evidence }})</span>{% endif %}</td></tr>
{% endfor %}</tbody>
</table>
{% endfor %}</details>
{% endif %}</li>
{% endfor %}</ol>
{% endif %}</section>
{% endfor %}</main>
<footer class="soft"><p>ibid {{ version }}</p></footer>
</body>
</html>
"#
)]
struct PageView {
    css: &'static str,
    version: &'static str,
    findings: String,
    tally: Vec<String>,
    filters: Vec<Filter>,
    documents: Vec<DocumentView>,
}

/// A choice of notes.
struct Filter {
    id: &'static str,
    words: &'static str,
    count: usize,
    on: bool,
}

struct DocumentView {
    path: String,
    title: String,
    known: String,
    notes: Vec<NoteView>,
}

struct NoteView {
    label: String,
    place: String,
    /// `error`, `warning`, `info` or `fine`.
    level: &'static str,
    text: Vec<Part>,
    findings: Vec<FindingView>,
    fine: String,
    sources: Vec<SourceView>,
}

/// A part of a note's text.
struct Part {
    text: String,
    marked: bool,
}

struct FindingView {
    level: &'static str,
    rule: &'static str,
    message: String,
    help: Option<String>,
}

struct SourceView {
    url: String,
    link: bool,
    rows: Vec<Row>,
}

/// One thing that the note says and the source says too.
struct Row {
    name: &'static str,
    cited: String,
    found: String,
    evidence: String,
    link: bool,
}

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let index = Index::of(report);
    let documents: Vec<DocumentView> =
        report.documents.iter().enumerate().map(|(nth, read)| document(&index, nth, read)).collect();
    let levels = || documents.iter().flat_map(|d| &d.notes).map(|note| note.level);
    let count = |level: &str| levels().filter(|l| *l == level).count();
    let wrong = levels().filter(|l| *l != "fine").count();
    let filters = [
        ("all", "all", levels().count()),
        ("wrong", "with findings", wrong),
        ("error", "errors", count("error")),
        ("warning", "warnings", count("warning")),
        ("info", "infos", count("info")),
        ("fine", "fine", count("fine")),
    ];
    let mut lines = tally::lines(report);
    lines.pop();
    let page = PageView {
        css: include_str!("html.css"),
        version: env!("CARGO_PKG_VERSION"),
        findings: tally::findings(report),
        tally: lines,
        filters: filters.map(|(id, words, count)| Filter { id, words, count, on: id == "all" }).into(),
        documents,
    };
    let html = page.render().map_err(io::Error::other)?;
    // HTML has no place for control characters and noncharacters (WHATWG HTML, 13.2.3.5); an address
    // must read as it is.
    let has_no_place = |c: char| {
        is_obeyed(c) && c != '\n' || matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
    };
    out.write_all(html.replace(has_no_place, "\u{FFFD}").as_bytes())
}

/// An address as the value of an attribute: browsers put up with more than the standard has (WHATWG
/// URL, 4.3, “URL code points”).
fn href(url: &str) -> String {
    const ODD: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'[').add(b']').add(b'\\');
    const NO_URL_CODE_POINT: &AsciiSet = &ODD.add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');
    let Ok(parsed) = Url::parse(url) else { return utf8_percent_encode(url, NO_URL_CODE_POINT).to_string() };
    let (host, rest) = (&parsed[..Position::BeforePath], &parsed[Position::BeforePath..]);
    format!("{host}{}", utf8_percent_encode(rest, NO_URL_CODE_POINT))
}

fn document(index: &Index, nth: usize, read: &ReadDocument) -> DocumentView {
    let found = index.document(nth);
    let mut notes = Vec::new();
    for finding in &found.body {
        notes.push(NoteView {
            label: "Text outside the notes".to_owned(),
            place: finding.location.to_string(),
            level: finding.severity.name(),
            text: Vec::new(),
            findings: vec![finding_view(finding)],
            fine: String::new(),
            sources: finding.url.iter().map(|url| source(index, None, url)).collect(),
        });
    }
    for (note, citations) in read.document.notes.iter().zip(&read.citations) {
        notes.push(note_view(index, note, citations, found.note(note)));
    }
    let known: Vec<String> = read
        .document
        .authors
        .iter()
        .cloned()
        .chain(read.document.date.iter().map(PartialDate::in_words))
        .collect();
    DocumentView {
        path: read.path.clone(),
        title: read.document.title.clone().unwrap_or_else(|| read.path.clone()),
        known: known.join(", "),
        notes,
    }
}

fn note_view(index: &Index, note: &Note, citations: &[CheckedCitation], findings: &[&Finding]) -> NoteView {
    let checked = citations.iter().any(|c| c.date_verdict.is_some());
    let earlier = citations.iter().find_map(|c| c.citation.refers_to.as_ref());
    let fine = match earlier {
        _ if checked => "nothing to report".to_owned(),
        Some(note) => format!("stands for note {note}"),
        None => "no source to check".to_owned(),
    };
    let urls = citations.iter().flat_map(|c| c.citation.urls.iter().map(move |url| (c, url)));
    NoteView {
        label: format!("Note {}", note.number),
        place: note.place.to_string(),
        level: findings.iter().map(|f| f.severity).max().map_or("fine", Severity::name),
        text: parts(note, findings),
        findings: findings.iter().map(|f| finding_view(f)).collect(),
        fine,
        sources: urls.map(|(checked, url)| source(index, Some(checked), url)).collect(),
    }
}

fn finding_view(finding: &Finding) -> FindingView {
    FindingView {
        level: finding.severity.name(),
        rule: finding.rule,
        message: finding.message.to_string(),
        help: finding.help.clone(),
    }
}

fn parts(note: &Note, findings: &[&Finding]) -> Vec<Part> {
    let mut marks: Vec<_> = findings.iter().flat_map(|f| quote::marks(f, note)).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut parts = Vec::new();
    let mut at = 0;
    for mark in marks {
        if mark.start < at {
            continue;
        }
        parts.push(Part { text: note.text[at..mark.start].to_owned(), marked: false });
        parts.push(Part { text: note.text[mark.clone()].to_owned(), marked: true });
        at = mark.end;
    }
    parts.push(Part { text: note.text[at..].to_owned(), marked: false });
    parts.retain(|part| !part.text.is_empty());
    parts
}

fn source(index: &Index, checked: Option<&CheckedCitation>, url: &str) -> SourceView {
    let found = index.source(url);
    let mut rows = Vec::new();
    let mut row = |name, cited: String, found: String, evidence: String| {
        if !cited.is_empty() || !found.is_empty() {
            let link = is_web(&found);
            rows.push(Row { name, cited, found, evidence, link });
        }
    };
    let citation = checked.map(|c| c.citation.clone()).unwrap_or_default();
    // What a wall or an error page calls itself is not the source's title.
    let read = found.map(|s| &s.visit).filter(|visit| visit.is_read() || visit.record.is_some());
    let page = read.and_then(|visit| visit.page.as_ref());
    row(
        "title",
        citation.title.unwrap_or_default(),
        read.and_then(|visit| visit.title()).unwrap_or_default().to_owned(),
        String::new(),
    );
    let authors = read.map(|visit| visit.authors().join(", ")).unwrap_or_default();
    row("authors", citation.authors.join(", "), authors, String::new());
    row(
        "container",
        citation.container.unwrap_or_default(),
        page.and_then(|p| p.site.clone()).unwrap_or_default(),
        String::new(),
    );
    let published = found.and_then(|s| s.published.as_ref());
    row(
        "date",
        citation.date.map(|d| d.in_words()).unwrap_or_default(),
        published.map(|p| p.date.in_words()).unwrap_or_default(),
        published.map(|p| p.evidence.clone()).unwrap_or_default(),
    );
    if let Some(source) = found {
        let visit = &source.visit;
        row("state", String::new(), format!("{}: {}", visit.state.name(), visit.reason), String::new());
        let moved = visit.final_url.clone().filter(|last| last != url).unwrap_or_default();
        row("address", String::new(), moved, String::new());
        if let Some((copy, date)) = source.archived() {
            row("archived copy", String::new(), copy.to_owned(), date.in_words());
        }
    }
    SourceView { url: url.to_owned(), link: is_web(url), rows }
}

/// May a browser be sent there? A document can cite any scheme.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
