//! Dates in the body of the page: microdata, `<time>`, and by-lines near the headline.

use scraper::{ElementRef, Html, Selector};

use super::{DateClaim, Draft, Role, Strength, stamp};
use crate::date;
use crate::fold::{fold, one_line};

/// Reads the body of the page into the draft.
pub(super) fn read(html: &Html, draft: &mut Draft) {
    let select = |css: &str| Selector::parse(css).expect("the selector is valid");
    for element in
        html.select(&select("[itemprop], [property]")).filter(|e| e.value().name() != "meta").take(4000)
    {
        let Some(name) = element.attr("itemprop").or(element.attr("property")) else { continue };
        if aside(element) {
            continue;
        }
        let text = || one_line(&element.text().collect::<String>());
        let role = match name.to_ascii_lowercase().rsplit(':').next().unwrap_or_default() {
            "datepublished" | "issued" => Role::Published,
            "datemodified" => Role::Modified,
            "headline" => {
                draft.title(6, Some(text()));
                continue;
            }
            _ => continue,
        };
        let value = element.attr("content").or(element.attr("datetime")).map_or_else(text, str::to_owned);
        claim(draft, &value, role, Strength::Strong, "microdata datePublished", "microdata dateModified");
    }
    for element in html.select(&select("time")).take(400) {
        if element.attr("itemprop").is_some() || aside(element) {
            continue;
        }
        let text = one_line(&element.text().collect::<String>());
        let value = element.attr("datetime").filter(|d| !d.trim().is_empty()).unwrap_or(&text).to_owned();
        let marks = fold(&marks(element));
        let modified = ["modif", "updat", "aggiorn", "actualis", "aktualis", "misajour"]
            .iter()
            .any(|m| marks.contains(m));
        let published = element.attr("pubdate").is_some()
            || [
                "publi",
                "posted",
                "pubdate",
                "entry-date",
                "post-date",
                "article-date",
                "dateline",
                "byline",
                "timestamp__date",
            ]
            .iter()
            .any(|m| marks.contains(m));
        let (role, strength) = match (modified, published) {
            (true, false) => (Role::Modified, Strength::Weak),
            (_, true) => (Role::Published, Strength::Strong),
            _ => (Role::Unknown, Strength::Weak),
        };
        let evidence = if strength == Strength::Strong { "<time> marked as published" } else { "<time>" };
        claim(draft, &value, role, strength, evidence, "<time> marked as updated");
    }
    near_headline(html, draft);
    if let Some(heading) = html.select(&select("h1")).find(|e| !aside(*e)) {
        draft.title(7, Some(one_line(&heading.text().collect::<String>())));
    }
    if let Some(title) = html.select(&select("head title, title")).next() {
        draft.title(8, Some(one_line(&title.text().collect::<String>())));
    }
    let bylines: Vec<String> = html
        .select(&select(r#"[rel~="author"], [itemprop~="author"] [itemprop~="name"], [itemprop~="author"]"#))
        .filter(|e| !aside(*e))
        .take(5)
        .map(|e| one_line(&e.text().collect::<String>()))
        .filter(|name| name.len() < 80)
        .collect();
    draft.authors(4, bylines);
}

fn claim(draft: &mut Draft, text: &str, role: Role, strength: Strength, published: &str, modified: &str) {
    if let Some((date, time)) = stamp::read(text) {
        let evidence = if role == Role::Modified { modified } else { published }.to_owned();
        draft.dates.push(DateClaim { date, time, role, strength, evidence });
    }
}

/// Class, id and data attributes of an element and its parent: where templates say what it is.
fn marks(element: ElementRef) -> String {
    let mut marks = String::new();
    let parent = element.parent().and_then(ElementRef::wrap);
    for element in std::iter::once(element).chain(parent) {
        for name in ["class", "id", "itemprop", "title", "data-testid"] {
            marks.extend(element.attr(name).map(|v| format!("{v} ")));
        }
    }
    marks
}

/// Comments, teasers, navigation: what stands on the page but is not about it.
fn aside(element: ElementRef) -> bool {
    const ASIDE: &[&str] = &[
        "comment",
        "related",
        "teaser",
        "sidebar",
        "recommend",
        "more-",
        "latest",
        "widget",
        "promo",
        "footer",
        "nav",
        "menu",
        "breaking",
        "trending",
        "read-next",
        "listing",
        "carousel",
    ];
    element.ancestors().take(30).filter_map(ElementRef::wrap).any(|e| {
        if matches!(e.value().name(), "aside" | "footer" | "nav") {
            return true;
        }
        if matches!(e.value().name(), "body" | "html" | "main") {
            return false;
        }
        let marks = format!("{} {}", e.attr("class").unwrap_or_default(), e.attr("id").unwrap_or_default())
            .to_ascii_lowercase();
        marks.split_whitespace().any(|mark| ASIDE.iter().any(|word| mark.starts_with(word)))
    })
}

/// Dates in short pieces of text whose template says that they are dates, or close behind the h1.
fn near_headline(html: &Html, draft: &mut Draft) {
    const SHORT: usize = 120;
    let css = r#"[class*="date" i], [id*="date" i], [class*="publi" i], [class*="byline" i], [class*="meta" i], [class*="posted" i], [class*="datum" i], [class*="fecha" i], [class*="data" i]"#;
    let selector = Selector::parse(css).expect("the selector is valid");
    for element in html
        .select(&selector)
        .filter(|e| !matches!(e.value().name(), "html" | "body" | "head" | "meta" | "script"))
        .take(300)
    {
        let text = one_line(&element.text().take(40).collect::<String>());
        if text.is_empty() || text.chars().count() > SHORT || aside(element) {
            continue;
        }
        by_line(draft, &text);
    }
    let heading = Selector::parse("h1").expect("the selector is valid");
    if let Some(heading) = html.select(&heading).find(|e| !aside(*e)) {
        let following = heading.next_siblings().filter_map(ElementRef::wrap).take(4);
        for element in following {
            let text = one_line(&element.text().take(40).collect::<String>());
            if text.chars().count() <= SHORT {
                by_line(draft, &text);
            }
        }
    }
}

fn by_line(draft: &mut Draft, text: &str) {
    let folded = fold(text);
    if ["©", "copyright", "all rights"].iter().any(|word| folded.contains(word)) {
        return;
    }
    let Some(found) = date::parse(text).filter(|d| d.date.day.is_some() && !d.impossible) else { return };
    let modified = ["updat", "modif", "aggiorn", "mis a jour", "aktualis", "geandert", "actualiz"]
        .iter()
        .any(|w| folded.find(w).is_some_and(|at| at <= found.range.start));
    let role = if modified { Role::Modified } else { Role::Published };
    let american = draft
        .language
        .as_deref()
        .is_some_and(|l| l.to_ascii_lowercase().starts_with("en-us") || l.eq_ignore_ascii_case("en_US"));
    let date = found.other_reading.filter(|_| american).unwrap_or(found.date);
    draft.dates.push(DateClaim {
        date,
        time: None,
        role,
        strength: Strength::Weak,
        evidence: "by-line".to_owned(),
    });
}
