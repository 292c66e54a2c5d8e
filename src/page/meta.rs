//! `<meta>` and `<link>`: Open Graph, article tags, Dublin Core, Highwire's `citation_*`, and the
//! many names that content systems use.

use scraper::{Html, Selector};
use url::Url;

use super::{DateClaim, Draft, Role, Strength, stamp};

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
    "eomportal-firstpublished",
];
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

/// Reads the head of the page into the draft.
pub(super) fn read(html: &Html, url: &Url, draft: &mut Draft) {
    let select = |css: &str| Selector::parse(css).expect("the selector is valid");
    for link in html.select(&select(r#"link[rel~="canonical" i]"#)) {
        draft.canonical =
            draft.canonical.take().or_else(|| link.attr("href").and_then(|h| url.join(h.trim()).ok()));
    }
    draft.language =
        html.select(&select("html[lang]")).next().and_then(|e| e.attr("lang")).map(str::to_owned);
    let (mut handles, mut cited) = (Vec::new(), Vec::new());
    for meta in html.select(&select("meta")) {
        let Some(content) = meta.attr("content").map(str::trim).filter(|c| !c.is_empty()) else { continue };
        let Some(name) =
            meta.attr("property").or(meta.attr("name")).or(meta.attr("itemprop")).or(meta.attr("http-equiv"))
        else {
            continue;
        };
        let key = name.trim().to_ascii_lowercase();
        let text = || Some(content.to_owned());
        match key.as_str() {
            "og:title" => draft.title(1, text()),
            "twitter:title" => draft.title(5, text()),
            "citation_title" => draft.title(0, text()),
            "dc.title" | "dcterms.title" => draft.title(3, text()),
            "og:site_name" | "application-name" if draft.site.is_none() => draft.site = text(),
            "citation_journal_title" => draft.site = text(),
            "og:locale" | "content-language" if draft.language.is_none() => draft.language = text(),
            "author" | "article:author" | "parsely-author" | "dc.creator" | "dcterms.creator"
            | "sailthru.author" | "byl" => handles.push(content.to_owned()),
            "citation_author" => cited.push(content.to_owned()),
            "refresh" => draft.refresh = refresh(content, url),
            _ => {}
        }
        let role = if PUBLISHED.contains(&key.as_str()) {
            (Role::Published, Strength::Strong)
        } else if MODIFIED.contains(&key.as_str()) {
            (Role::Modified, Strength::Strong)
        } else if SOME.contains(&key.as_str()) {
            (Role::Unknown, Strength::Weak)
        } else {
            continue;
        };
        if let Some((date, time)) = stamp::read(&content.replace('/', "-")).or_else(|| stamp::read(content)) {
            let evidence = format!(
                "{} {key}",
                if meta.attr("itemprop").is_some() && meta.attr("property").is_none() {
                    "microdata"
                } else {
                    "meta"
                }
            );
            draft.dates.push(DateClaim { date, time, role: role.0, strength: role.1, evidence });
        }
    }
    draft.authors(0, cited);
    draft.authors(2, handles);
}

/// `5; url=https://…`
fn refresh(content: &str, url: &Url) -> Option<(u32, String)> {
    let (delay, rest) = content.split_once([';', ','])?;
    let at = rest.to_ascii_lowercase().find("url")?;
    let target = rest[at + 3..].trim_start().strip_prefix('=')?.trim().trim_matches(['\'', '"']);
    let target = url.join(target).ok()?;
    Some((delay.trim().parse::<f32>().ok()? as u32, target.into()))
}
