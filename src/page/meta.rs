//! `<meta>` and `<link>`: Open Graph, article tags, Dublin Core, Highwire's `citation_*`, and the
//! many names that content systems use.

use url::Url;

use super::outline::{Meta, Outline};
use super::{DateClaim, Draft, Role, Strength, Witness, stamp, written};

/// Names whose date is that of publication, beyond doubt.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "published_time",
    "datepublished",
    "date.published",
    "publish_date",
    "publish-date",
    "publication_date",
    "publication-date",
    "pubdate",
    "pub_date",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "citation_cover_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.issued",
    "dcterms.date.issued",
    "dc.date.published",
    "prism.publicationdate",
    "rnews:datepublished",
    "bt:pubdate",
    "dcsext.articlefirstpublished",
    "article.published",
    "date_published",
    "article:post_time",
    "displaydate",
    "originalpublicationdate",
    "publisheddate",
    "gs_publish_date",
    "shareaholic:article_published_time",
    "ptime",
    "apub:time",
    "weibo: article:create_at",
    "eomportal-firstpublished",
];
/// Of those, the names that are right most often.
const FIRST: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "published_time",
    "datepublished",
    "parsely-pub-date",
    "citation_publication_date",
    "citation_online_date",
    "dcsext.articlefirstpublished",
];
/// Names whose date is that of a film on the page.
const VIDEO: &[&str] = &["uploaddate", "video:release_date", "og:video:release_date"];
/// Names whose date is that of the last change.
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "article:modified",
    "og:updated_time",
    "og:article:modified_time",
    "last-modified",
    "lastmod",
    "last_modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "dc.modified",
    "modified_time",
    "updated_time",
    "revised",
    "date.modified",
    "lastmodified",
    "utime",
];
/// Names that give some date of the page.
const SOME: &[&str] = &[
    "date",
    "dc.date",
    "dcterms.date",
    "dc.date.created",
    "dcterms.created",
    "dc.created",
    "created",
    "article:created",
    "article_date_original",
    "article:date",
    "citation_year",
    "dcterms.available",
];

/// Reads what stands in `<meta>` and `<link>` into the draft.
pub(super) fn read(outline: &Outline, url: &Url, draft: &mut Draft) {
    draft.canonical = outline.canonical.as_deref().and_then(|href| url.join(href).ok());
    draft.language.clone_from(&outline.language);
    let (mut handles, mut cited) = (Vec::new(), Vec::new());
    for Meta { name, content, itemprop } in &outline.metas {
        let text = || Some(content.clone());
        match name.as_str() {
            "og:title" => draft.title(1, text()),
            "twitter:title" => draft.title(5, text()),
            "citation_title" => draft.title(0, text()),
            "dc.title" | "dcterms.title" => draft.title(3, text()),
            "og:site_name" | "application-name" if draft.site.is_none() => draft.site = text(),
            "citation_journal_title" => draft.site = text(),
            "og:locale" | "content-language" if draft.language.is_none() => draft.language = text(),
            "author" | "article:author" | "parsely-author" | "dc.creator" | "dcterms.creator"
            | "sailthru.author" | "byl" => handles.push(content.clone()),
            "citation_author" => cited.push(content.clone()),
            "description" | "og:description" if draft.description.is_none() => draft.description = text(),
            "refresh" => draft.refresh = refresh(content, url),
            _ => {}
        }
        if stamp::may_be(content) {
            date(name, content, *itemprop, draft);
        }
        if matches!(name.as_str(), "description" | "og:description") {
            described(content, draft);
        }
    }
    draft.cited.clone_from(&cited);
    draft.authors(0, cited);
    draft.authors(2, handles);
}

fn date(name: &str, content: &str, itemprop: bool, draft: &mut Draft) {
    let normal = name.replace(['-', '_', ' '], "");
    let (role, strength, votes) = if VIDEO.contains(&name) {
        (Role::Unknown, Strength::Weak, 3)
    } else if PUBLISHED.contains(&name) {
        (Role::Published, Strength::Strong, if FIRST.contains(&name) { 8 } else { 6 })
    } else if MODIFIED.contains(&name) {
        (Role::Modified, Strength::Strong, 0)
    } else if SOME.contains(&name) {
        (Role::Unknown, Strength::Weak, 4)
    } else if let Some(role) = by_its_words(&normal) {
        (role, Strength::Weak, if role == Role::Published { 5 } else { 3 })
    } else {
        return;
    };
    let Some((date, time)) = stamp::read(content, draft.month_first()) else { return };
    let (witness, kind) = if itemprop { (Witness::Microdata, "microdata") } else { (Witness::Meta, "meta") };
    let evidence = format!("{kind} {name}");
    draft.dates.push(DateClaim { date, time, role, strength, witness, votes, evidence });
}

/// A description that begins or ends with a date: `Press release of 18 October 2021`.
fn described(content: &str, draft: &mut Draft) {
    const EDGE: usize = 40;
    let found = written::find(content);
    let edge = |range: &std::ops::Range<usize>| range.start < EDGE || range.end + EDGE > content.len();
    if let [(range, date)] = found.as_slice()
        && date.date.day.is_some()
        && edge(range)
    {
        draft.dates.push(DateClaim {
            date: date.month_first.filter(|_| draft.month_first()).unwrap_or(date.date),
            time: None,
            role: Role::Unknown,
            strength: Strength::Weak,
            witness: Witness::Text,
            votes: 2,
            evidence: "meta description".to_owned(),
        });
    }
}

/// What the words of a name that is not on any list say of its date.
fn by_its_words(name: &str) -> Option<Role> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // What all names have in common that are read below; most have none of it.
    if !has(&["date", "time", "mod", "publi", "issued", "created", "uploaded"]) {
        return None;
    }
    if has(&[
        "expir",
        "valid",
        "event",
        "start",
        "end",
        "birth",
        "death",
        "publisher",
        "robots",
        "description",
    ]) {
        return None;
    }
    if has(&["modif", "updat", "lastmod", "revis", "change"]) {
        return has(&["date", "time", "mod"]).then_some(Role::Modified);
    }
    if has(&["publish", "publicat", "pubdate", "issued"]) {
        return Some(Role::Published);
    }
    (name.ends_with("date") || name.ends_with("created") || name.ends_with("uploaded"))
        .then_some(Role::Unknown)
}

/// `5; url=https://…`
fn refresh(content: &str, url: &Url) -> Option<(u32, String)> {
    let (delay, rest) = content.split_once([';', ','])?;
    let at = rest.to_ascii_lowercase().find("url")?;
    let target = rest[at + 3..].trim_start().strip_prefix('=')?.trim().trim_matches(['\'', '"']);
    let target = url.join(target).ok()?;
    Some((delay.trim().parse::<f32>().ok()? as u32, target.into()))
}
