//! `JUnit` XML: a suite for each document, a case for each note.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::index::Index;
use super::{Form, Report, Style};
use crate::check::{Finding, Severity};
use crate::fold::is_obeyed;

/// `JUnit` XML, as CI servers read it.
pub const FORM: Form =
    Form { name: "junit", summary: "JUnit XML, a test case for each note", stripped: true, write };

/// One `<testcase>`.
struct Case<'r> {
    name: String,
    findings: Vec<&'r Finding>,
}

impl Case<'_> {
    fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

fn write(report: &Report, _style: Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let index = Index::of(report);
    let suites: Vec<(String, Vec<Case>)> = (0..report.documents.len())
        .map(|nth| (clean(&report.documents[nth].path), cases(report, &index, nth)))
        .collect();
    let tests: usize = suites.iter().map(|(_, cases)| cases.len()).sum();
    let failures: usize = suites.iter().map(|(_, cases)| failed(cases)).sum();
    let root = counted(BytesStart::new("testsuites"), tests, failures);
    xml.write_event(Event::Start(root.with_attributes([("name", env!("CARGO_PKG_NAME"))])))?;
    for (path, cases) in &suites {
        let suite = counted(BytesStart::new("testsuite"), cases.len(), failed(cases));
        xml.write_event(Event::Start(suite.with_attributes([
            ("name", path.as_str()),
            ("errors", "0"),
            ("skipped", "0"),
        ])))?;
        for case in cases {
            write_case(&mut xml, path, case)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    writeln!(xml.get_mut())
}

fn counted(element: BytesStart<'static>, tests: usize, failures: usize) -> BytesStart<'static> {
    let (tests, failures) = (tests.to_string(), failures.to_string());
    element.with_attributes([("tests", tests.as_str()), ("failures", failures.as_str()), ("time", "0")])
}

/// Errors fail; what is milder is told beside a case that passes.
fn failed(cases: &[Case]) -> usize {
    cases.iter().filter(|case| case.worst() == Some(Severity::Error)).count()
}

fn cases<'r>(report: &'r Report, index: &Index<'r>, nth: usize) -> Vec<Case<'r>> {
    let read = &report.documents[nth];
    let found = index.document(nth);
    let mut cases: Vec<Case> = read
        .document
        .notes
        .iter()
        .map(|note| Case {
            name: format!("note {} ({})", note.number, note.place),
            findings: found.note(note).to_vec(),
        })
        .collect();
    if !found.body.is_empty() {
        cases.push(Case { name: "text outside the notes".to_owned(), findings: found.body.clone() });
    }
    cases
}

fn write_case(xml: &mut Writer<&mut dyn io::Write>, path: &str, case: &Case) -> io::Result<()> {
    let name = clean(&case.name);
    let element = BytesStart::new("testcase").with_attributes([
        ("name", name.as_str()),
        ("classname", path),
        ("time", "0"),
    ]);
    let Some(worst) = case.worst() else {
        return xml.write_event(Event::Empty(element));
    };
    xml.write_event(Event::Start(element))?;
    let text: Vec<String> = case
        .findings
        .iter()
        .map(|f| {
            let url = f.url.as_ref().map_or(String::new(), |url| format!("\n{url}"));
            let help = f.help.as_ref().map_or(String::new(), |help| format!("\n→ {help}"));
            clean(&format!("{} {}: {}{url}{help}", f.severity.name(), f.rule, f.message))
        })
        .collect();
    let text = text.join("\n\n");
    let failure = worst == Severity::Error;
    let tag = if failure { "failure" } else { "system-out" };
    let mut inner = BytesStart::new(tag);
    if failure {
        let first = case.findings.iter().find(|f| f.severity == worst).expect("there is a worst");
        let message = clean(&first.message);
        inner = inner.with_attributes([("message", message.as_str()), ("type", first.rule)]);
        xml.write_event(Event::Start(inner.into_owned()))?;
    } else {
        xml.write_event(Event::Start(inner))?;
    }
    xml.write_event(Event::Text(BytesText::new(&text)))?;
    xml.write_event(Event::End(BytesEnd::new(tag)))?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

/// Without the characters that XML 1.0 (section 2.2) has no place for, and those that a terminal obeys.
fn clean(text: &str) -> String {
    let line = |c: char| matches!(c, '\t' | '\n' | '\r');
    let none = |c: char| matches!(c, '\u{FFFE}' | '\u{FFFF}') || is_obeyed(c);
    text.chars().map(|c| if none(c) && !line(c) { '\u{FFFD}' } else { c }).collect()
}
