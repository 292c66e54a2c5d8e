//! A citation rendered in a house style parses back to itself.
//!
//! Every template of `fixtures/styles/styles.txt` is filled with every title of its language; persons,
//! containers and dates of `fixtures/styles/records.txt` take turns. Whatever the template names must
//! come back, and nothing else.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use ibid::citation::{self, Citation, Kind};

const MONTHS: &[(&str, [&str; 12])] = &[
    (
        "en",
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    ),
    (
        "it",
        [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
    ),
    (
        "fr",
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
    ),
    (
        "de",
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ),
    (
        "es",
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
    ),
];

/// The values of one kind, each with its language.
struct Records(HashMap<String, Vec<(String, String)>>);

impl Records {
    fn read() -> Self {
        let mut all: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for line in lines("records.txt") {
            let mut parts = line.splitn(3, ": ");
            let mut part = || parts.next().expect("language: kind: value").to_owned();
            let (language, kind, value) = (part(), part(), part());
            all.entry(kind).or_default().push((language, value));
        }
        Records(all)
    }

    /// All values of a kind: those of the language, where it has its own, else those of any.
    fn all(&self, kind: &str, language: &str) -> Vec<&str> {
        let of = |wanted: &str| -> Vec<&str> {
            self.0[kind].iter().filter(|(l, _)| l == wanted).map(|(_, value)| value.as_str()).collect()
        };
        let own = of(language);
        if own.is_empty() { of("any") } else { own }
    }

    fn pick(&self, kind: &str, language: &str, turn: usize) -> &str {
        let all = self.all(kind, language);
        all[turn % all.len()]
    }
}

fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/styles").join(name);
    let text = std::fs::read_to_string(path).expect("a fixture can be read");
    let content = |line: &&str| !line.starts_with('#') && !line.trim().is_empty();
    text.lines().filter(content).map(str::to_owned).collect()
}

/// One to three persons, given name and family name.
fn persons(records: &Records, turn: usize) -> Vec<(&str, &str)> {
    let person = |n: usize| {
        let name = records.pick("person", "any", turn * 5 + n);
        name.split_once(" | ").expect("given | family")
    };
    (0..=turn % 3).map(person).collect()
}

fn joined(names: &[String], and: &str) -> String {
    match names {
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
        [] => String::new(),
    }
}

fn day(language: &str, (year, month, day): (i16, usize, u8)) -> String {
    let names = MONTHS.iter().find(|(l, _)| *l == language).expect("a language with months").1;
    let month = names[month - 1];
    match language {
        "de" => format!("{day}. {month} {year}"),
        "es" => format!("{day} de {month} de {year}"),
        _ => format!("{day} {month} {year}"),
    }
}

/// A template filled, and what must be read from it.
fn render(records: &Records, language: &str, template: &str, title: &str, turn: usize) -> (String, Citation) {
    let date = (
        2001 + (i16::try_from(turn).expect("few turns") * 7) % 24,
        1 + turn * 5 % 12,
        2 + (turn * 11 % 26) as u8,
    );
    let access = (date.0 + 1, 1 + turn * 7 % 12, 3 + (turn * 3 % 24) as u8);
    let url = format!("https://desk{turn}.example/{}/tolls-{turn}", date.0);
    let doi = format!("10.{}/lhs.{turn}", 1000 + turn);
    let and =
        MONTHS.iter().zip(["and", "e", "et", "und", "y"]).find(|(m, _)| m.0 == language).expect("known").1;
    let people = persons(records, turn);
    let direct: Vec<String> = people.iter().map(|(given, family)| format!("{given} {family}")).collect();
    let initials = |given: &str| {
        let one = |word: &str| {
            let parts = word.split('-').filter_map(|part| part.chars().next());
            parts.map(|initial| format!("{initial}.")).collect::<Vec<_>>().join("-")
        };
        given.split(' ').map(one).collect::<Vec<_>>().join(" ")
    };
    let short: Vec<String> = people.iter().map(|(g, family)| format!("{family}, {}", initials(g))).collect();
    let mut inverted = direct.clone();
    inverted[0] = format!("{}, {}", people[0].1, people[0].0);
    let dotless = |text: String| text.trim_end_matches('.').to_owned();
    let editors: Vec<String> = persons(records, turn + 1)
        .iter()
        .take(2)
        .map(|(given, family)| format!("{given} {family}"))
        .collect();
    let (publisher, place) =
        records.pick("publisher", language, turn).split_once(" | ").expect("publisher | place");
    let book = records.pick("title", language, turn + 3);
    let handle = format!("@harbour_{turn}");
    let containers = [
        ("{K}", book),
        ("{C}", records.pick("newspaper", "any", turn)),
        ("{J}", records.pick("journal", "any", turn)),
        ("{S}", records.pick("series", "any", turn)),
        ("X post", "X post"),
        ("Harv. L. Rev.", "Harv. L. Rev."),
        ("{B}", publisher),
    ];
    let has = |mark: &str| template.contains(mark);
    let month = MONTHS[0].1[date.1 - 1];

    // A question mark stands in place of the comma or full stop.
    let mut text = template.to_owned();
    if title.ends_with('?') {
        text = text.replace("{T},”", "{T}”").replace("{T}.”", "{T}”").replace("{T}.", "{T}");
    }
    let authors = match () {
        () if has("{A}") | has("{A&}") => direct.clone(),
        () if has("{I}") => inverted.clone(),
        () if has("{P}") => short.clone(),
        () if has("{O}") => vec![records.pick("body", "any", turn).to_owned()],
        () if has("{H}") => vec![handle.clone()],
        () => Vec::new(),
    };
    let iso = match () {
        () if has("{D}") | has("{MD}") => format!("{}-{:02}-{:02}", date.0, date.1, date.2),
        () if has("{M}") => format!("{}-{:02}", date.0, date.1),
        () => date.0.to_string(),
    };
    for (mark, value) in [
        ("{A&}", joined(&direct, "&")),
        ("{A}", joined(&direct, and)),
        ("{I}", dotless(joined(&inverted, ", and").replace(", , and", ", and").replace(" , and", ", and"))),
        ("{P}", joined(&short, "&")),
        ("{E}", joined(&editors, and)),
        ("{O}", records.pick("body", "any", turn).to_owned()),
        ("{T}", title.to_owned()),
        ("{K}", book.to_owned()),
        ("{C}", records.pick("newspaper", "any", turn).to_owned()),
        ("{J}", records.pick("journal", "any", turn).to_owned()),
        ("{S}", records.pick("series", "any", turn).to_owned()),
        ("{B}", publisher.to_owned()),
        ("{L}", place.to_owned()),
        ("{D}", day(language, date)),
        ("{MD}", format!("{month} {}, {}", date.2, date.0)),
        ("{M}", format!("{month} {}", date.0)),
        ("{Y}", date.0.to_string()),
        ("{X}", day(language, access)),
        ("{U}", url.clone()),
        ("{N}", format!("https://doi.org/{doi}")),
        ("{H}", handle),
    ] {
        text = text.replace(mark, &value);
    }
    let doi_url = has("{N}").then(|| format!("https://doi.org/{doi}"));
    let want = Citation {
        authors,
        title: Some(title.to_owned()),
        container: containers.iter().find(|(mark, _)| has(mark)).map(|(_, name)| (*name).to_owned()),
        date: iso.parse().ok(),
        accessed: has("{X}")
            .then(|| format!("{}-{:02}-{:02}", access.0, access.1, access.2).parse().unwrap()),
        urls: has("{U}").then_some(url).into_iter().chain(doi_url).collect(),
        doi: has("{N}").then_some(doi),
        ..Citation::default()
    };
    (text, want)
}

/// The parts that differ, without punctuation at the edges.
fn differences(want: &Citation, got: &[Citation]) -> Vec<String> {
    let [got] = got else { return vec![format!("{} citations", got.len())] };
    let names =
        |c: &Citation| c.authors.iter().map(|a| a.trim_end_matches('.').to_owned()).collect::<Vec<_>>();
    let mut wrong = Vec::new();
    let mut check = |name: &str, want: String, got: String| {
        if want != got {
            wrong.push(format!("{name}: want {want}, got {got}"));
        }
    };
    check("authors", format!("{:?}", names(want)), format!("{:?}", names(got)));
    check("title", format!("{:?}", want.title), format!("{:?}", got.title));
    check("container", format!("{:?}", want.container), format!("{:?}", got.container));
    check("date", format!("{:?}", want.date), format!("{:?}", got.date));
    check("accessed", format!("{:?}", want.accessed), format!("{:?}", got.accessed));
    check("urls", format!("{:?}", want.urls), format!("{:?}", got.urls));
    check("doi", format!("{:?}", want.doi), format!("{:?}", got.doi));
    check("kind", format!("{:?}", Kind::Source), format!("{:?}", got.kind));
    wrong
}

#[test]
fn rendered_citations_parse_back_to_themselves() {
    let records = Records::read();
    let mut wrong = String::new();
    let (mut notes, mut failed) = (0, 0);
    for (style, line) in lines("styles.txt").iter().enumerate() {
        let (language, template) = line.split_once(": ").expect("language: template");
        for (n, title) in records.all("title", language).into_iter().enumerate() {
            let (text, want) = render(&records, language, template, title, n * 3 + style);
            let differ = differences(&want, &citation::parse(&text, &[]));
            notes += 1;
            if !differ.is_empty() {
                failed += 1;
                let _ = write!(wrong, "\n{text}\n    {}\n", differ.join("\n    "));
            }
        }
    }
    assert!(wrong.is_empty(), "{failed} of {notes} notes:\n{wrong}");
}
