//! JSON-LD ([schema.org](https://schema.org)): the object about this page among all that it carries.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use url::Url;

use super::outline::Outline;
use super::{DateClaim, Draft, Role, Strength, Witness, stamp};
use crate::link;

/// Reads every block of JSON-LD into the draft.
pub(super) fn read(outline: &Outline, url: &Url, draft: &mut Draft) {
    let mut objects: Vec<Value> = Vec::new();
    for block in &outline.data {
        if let Some(value) = parse(block) {
            gather(value, &mut objects, 0);
        } else {
            broken(block, draft);
        }
    }
    let Some(article) = objects
        .iter()
        .enumerate()
        .max_by_key(|(at, o)| (rank(o, url, draft), usize::MAX - at))
        .map(|(_, o)| o)
    else {
        return;
    };
    if rank(article, url, draft) == 0 {
        return;
    }
    let video = is_type(article, &["videoobject"]);
    let first = article.get("datePublished").is_some();
    for (key, role, votes) in [
        ("datePublished", Role::Published, 8),
        ("dateModified", Role::Modified, 0),
        ("dateCreated", Role::Unknown, if first { 1 } else { 5 }),
        ("uploadDate", Role::Published, if first { 2 } else { 5 }),
    ] {
        if key == "uploadDate" && !video {
            continue;
        }
        if let Some(text) = text_of(article.get(key)) {
            claim(&text, key, role, votes, draft);
        }
    }
    draft.persons.extend(persons(article.get("author"), &objects));
    draft.title(2, text_of(article.get("headline")));
    draft.title(4, text_of(article.get("name")));
    draft.authors(1, names(article.get("author"), &objects));
    draft.authors(3, names(article.get("creator"), &objects));
    let publisher = names(article.get("publisher"), &objects).into_iter().next();
    if draft.site.is_none() {
        draft.site.clone_from(&publisher);
    }
    draft.publisher = publisher.filter(|_| is_type(article, ARTICLES));
    for key in ["isPartOf", "sourceOrganization", "provider"] {
        draft.containers.extend(names(article.get(key), &objects));
    }
}

fn claim(text: &str, key: &str, role: Role, votes: u8, draft: &mut Draft) {
    let Some((date, time)) = stamp::read(text, draft.month_first()) else { return };
    let strength = if role == Role::Unknown { Strength::Weak } else { Strength::Strong };
    let evidence = format!("json-ld {key}");
    draft.dates.push(DateClaim { date, time, role, strength, witness: Witness::JsonLd, votes, evidence });
}

/// Of a block that no reader of JSON can mend, the first date of each kind.
fn broken(block: &str, draft: &mut Draft) {
    for (key, role, votes) in [("datePublished", Role::Published, 7), ("dateModified", Role::Modified, 0)] {
        let value = block.find(&format!("\"{key}\"")).and_then(|at| {
            let rest = block[at + key.len() + 2..].trim_start().strip_prefix(':')?.trim_start();
            rest.strip_prefix('"')?.split('"').next()
        });
        if let Some(value) = value {
            claim(value, key, role, votes, draft);
        }
    }
}

/// JSON as it is found in the wild: in HTML comments or CDATA, with trailing commas and with line
/// breaks inside strings.
fn parse(text: &str) -> Option<Value> {
    // As a tree, text takes some twenty times its bytes; no page has so much to say of itself.
    const LARGEST: usize = 4 << 20;
    if text.len() > LARGEST {
        return None;
    }
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim();
    let text = text.trim_end_matches(';');
    let read = |text: &str| serde_json::from_str(text).ok().map(|Read(value)| value);
    read(text).or_else(|| read(&mended(text)))
}

/// The fields that are read; whole articles stand in others.
const FIELDS: &[&str] = &[
    "@graph",
    "@id",
    "@type",
    "@value",
    "author",
    "creator",
    "dateCreated",
    "dateModified",
    "datePublished",
    "headline",
    "isPartOf",
    "mainEntity",
    "mainEntityOfPage",
    "name",
    "provider",
    "publisher",
    "sourceOrganization",
    "uploadDate",
    "url",
];

/// JSON without the fields of objects that are not in [`FIELDS`].
struct Read(Value);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Read)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Read(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Field(name)) = fields.next_key()? {
            match name {
                Some(name) => map.insert(name.to_owned(), fields.next_value::<Read>()?.0).map(drop),
                None => fields.next_value::<IgnoredAny>().map(|_| None)?,
            };
        }
        Ok(Value::Object(map))
    }
}

/// The name of a field, if it is in [`FIELDS`].
struct Field(Option<&'static str>);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E>(self, name: &str) -> Result<Field, E> {
                Ok(Field(FIELDS.iter().find(|field| **field == name).copied()))
            }
        }
        deserializer.deserialize_str(Name)
    }
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        if inside {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => inside = false,
                c if c.is_control() => {
                    out.push(' ');
                    continue;
                }
                _ => {}
            }
        } else if c == '"' {
            inside = true;
        } else if matches!(c, '}' | ']') {
            let end = out.trim_end().len();
            if out[..end].ends_with(',') {
                out.truncate(end - 1);
            }
        }
        out.push(c);
    }
    out
}

/// Takes graphs and arrays apart into their objects; comments and parts stay where they are.
fn gather(value: Value, objects: &mut Vec<Value>, depth: usize) {
    const DEEPEST: usize = 6;
    const MOST: usize = 2000;
    if depth > DEEPEST || objects.len() > MOST {
        return;
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| gather(item, objects, depth + 1)),
        Value::Object(mut map) => {
            if let Some(graph) = map.remove("@graph") {
                gather(graph, objects, depth + 1);
            }
            if let Some(entity) = map.get("mainEntity").filter(|e| e.is_object() || e.is_array()).cloned() {
                gather(entity, objects, depth + 1);
            }
            objects.push(Value::Object(map));
        }
        _ => {}
    }
}

fn is_type(object: &Value, wanted: &[&str]) -> bool {
    let matches = |v: &Value| {
        v.as_str().is_some_and(|t| {
            wanted.contains(&t.rsplit(['/', ':']).next().unwrap_or_default().to_ascii_lowercase().as_str())
        })
    };
    match object.get("@type") {
        Some(Value::Array(types)) => types.iter().any(matches),
        Some(one) => matches(one),
        None => false,
    }
}

/// Names read of one field.
const MOST_NAMES: usize = 50;

/// Kinds of article.
const ARTICLES: &[&str] = &[
    "article",
    "newsarticle",
    "blogposting",
    "report",
    "scholarlyarticle",
    "analysisnewsarticle",
    "opinionnewsarticle",
    "reportagenewsarticle",
    "backgroundnewsarticle",
    "reviewnewsarticle",
    "liveblogposting",
    "socialmediaposting",
    "techarticle",
    "advertisercontentarticle",
    "satiricalarticle",
    "medicalscholarlyarticle",
    "posting",
    "discussionforumposting",
];

/// How likely the object is the one about this page; 0 for what it never is.
fn rank(object: &Value, url: &Url, draft: &Draft) -> u32 {
    const WORKS: &[&str] = &[
        "creativework",
        "book",
        "dataset",
        "review",
        "podcastepisode",
        "legislation",
        "governmentservice",
        "recipe",
        "video",
        "videoobject",
        "event",
        "presentationdigitaldocument",
        "digitaldocument",
        "course",
        "thesis",
        "chapter",
    ];
    let dated = object.get("datePublished").is_some() || object.get("uploadDate").is_some();
    let base = if is_type(object, ARTICLES) {
        40
    } else if is_type(
        object,
        &["webpage", "itempage", "aboutpage", "profilepage", "collectionpage", "medicalwebpage", "faqpage"],
    ) {
        20
    } else if is_type(object, WORKS) {
        10
    } else {
        return 0;
    };
    let about = ["url", "@id", "mainEntityOfPage"].iter().filter_map(|key| object.get(*key)).any(|v| {
        let address = text_of(Some(v)).or_else(|| text_of(v.get("@id")));
        let same = |other: &Url| {
            address.as_deref().and_then(|a| url.join(a).ok()).is_some_and(|a| link::same_address(&a, other))
        };
        same(url) || draft.canonical.as_ref().is_some_and(same)
    });
    base + if about { 15 } else { 0 }
        + if dated { 8 } else { 0 }
        + u32::from(object.get("headline").is_some())
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => text_of(items.first()),
        Value::Object(map) => text_of(map.get("@value")),
        _ => None,
    }
}

/// The names of persons or bodies: strings, objects with a name, arrays of either, and what an `@id` points to.
fn names(value: Option<&Value>, objects: &[Value]) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(items)) => {
            items.iter().take(MOST_NAMES).flat_map(|item| names(Some(item), objects)).collect()
        }
        Some(Value::Object(map)) => match map.get("name") {
            Some(name) => names(Some(name), &[]),
            None => value
                .and_then(|value| meant(value, objects))
                .map(|meant| names(meant.get("name"), &[]))
                .unwrap_or_default(),
        },
        _ => Vec::new(),
    }
}

/// The names of those among them that are marked as persons.
fn persons(value: Option<&Value>, objects: &[Value]) -> Vec<String> {
    const PERSON: &[&str] = &["person"];
    let Some(value) = value else { return Vec::new() };
    if let Value::Array(items) = value {
        return items.iter().take(MOST_NAMES).flat_map(|item| persons(Some(item), objects)).collect();
    }
    let is_person =
        is_type(value, PERSON) || meant(value, objects).is_some_and(|meant| is_type(meant, PERSON));
    if is_person { names(Some(value), objects) } else { Vec::new() }
}

/// The object that stands elsewhere under the `@id` of this one.
fn meant<'o>(value: &Value, objects: &'o [Value]) -> Option<&'o Value> {
    let id = value.get("@id").filter(|id| id.is_string())?;
    objects.iter().find(|other| other.get("@id") == Some(id))
}
