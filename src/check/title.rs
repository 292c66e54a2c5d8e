//! The cited title against those that the page gives itself.

use std::collections::HashSet;

use url::Url;

use super::date::{self, DateVerdict};
use super::{Address, Case, Check, Findings, Severity, author, copy};
use crate::citation::Citation;
use crate::fold;
use crate::link;
use crate::note::Note;
use crate::page::{Nature, Page};
use crate::source::Visit;

pub(super) const CHECKS: &[Check] = &[
    Check {
        rule: "title-mismatch",
        severity: Severity::Warning,
        summary: "The page at the address has another title than the note.",
        explanation: "\
The cited title is compared with every title that the page gives itself: its headings, what it tells
search engines and networks, the name of its window, the words of its address. Case, accents, quotation
marks, dashes, the name of the site, a subtitle more or less and a shortened end make no difference.

Headlines are rewritten after publication, so a title that shares half of its words is not reported, nor one that
the archived copy of the time bears, where copies are asked for (`--archived`); where date and author are those of
the note, less will do, and where the date speaks against it, or nothing for it, more is wanted. Nor is one in another script or
language than the page's: it may be a translation. What remains is an address that leads to another source than
the note means.",
        examples: &[],
        run: |case, out| {
            each(case, out, true, |citation, visit| {
                let seen = other_title(citation, visit, &addresses(visit))?;
                (!is_replaced(citation, visit)).then_some(seen)
            });
        },
    },
    Check {
        rule: "source-replaced",
        severity: Severity::Warning,
        summary: "The address now shows something else: title, address, date and container all speak against it.",
        explanation: "\
The page answers, but it shares neither title nor date nor publisher with the note, and its title has
nothing of the words of its own address: something else has taken the place of the source. An archived
copy of the time is then the better citation.",
        examples: &[],
        run: |case, out| {
            each(case, out, false, replaced_by);
        },
    },
];

/// `copies`: an archived copy that fits is as good as the page, if copies count.
fn each(case: &Case, out: &mut Findings, copies: bool, seen: impl Fn(&Citation, &Visit) -> Option<String>) {
    for (note, citation) in case.sources_cited() {
        // Of several addresses one that fits is enough.
        let visits = || {
            let sources = citation.urls.iter().filter_map(|url| case.sources.get(url.as_str()));
            sources.flat_map(|source| {
                [Some(&source.visit), source.counted_copy().filter(|_| copies)].into_iter().flatten()
            })
        };
        let answers: Vec<Option<String>> = visits().map(|visit| seen(citation, visit)).collect();
        let (Some(title), Some(visit)) = (&citation.title, visits().next()) else { continue };
        let Some(Some(found)) = answers.first().filter(|_| answers.iter().all(Option::is_some)) else {
            continue;
        };
        out.in_note(
            note,
            Some(&visit.url),
            format!("the note cites “{title}”, the page is called “{found}”"),
            help(case, note, &visit.url),
        );
    }
}

/// The title of what has taken the place of a source, if something else has.
pub fn replaced_by(citation: &Citation, visit: &Visit) -> Option<String> {
    let seen = other_title(citation, visit, &[])?;
    is_replaced(citation, visit).then_some(seen)
}

/// The title of what an archived copy shows, if it is no copy of the source: title and date both say so, or
/// all that [`replaced_by`] asks for.
fn other_in_copy(citation: &Citation, visit: &Visit) -> Option<String> {
    let dated_otherwise = || date::judge(citation, &[visit]).verdict == DateVerdict::Mismatch;
    let seen = other_title(citation, visit, &addresses(visit)).filter(|_| dated_otherwise());
    seen.or_else(|| replaced_by(citation, visit))
}

/// The title of what an archived copy shows, if it is no copy of the source that these citations name. One
/// that bears the title of one of them is the source.
pub fn other_than_cited(citations: &[Citation], visit: &Visit) -> Option<String> {
    let bears = |citation: &Citation| {
        let pair = citation.title.as_deref().zip(visit.page.as_deref());
        pair.and_then(|(title, page)| likeness(title, page, &[])).is_some_and(|alike| alike >= CONTRADICTED)
    };
    let other = citations.iter().find_map(|citation| other_in_copy(citation, visit));
    other.filter(|_| !citations.iter().any(bears))
}

fn help(case: &Case, note: &Note, url: &str) -> String {
    let compare = "compare the address with the source that you mean";
    let source =
        case.sources.get(url).filter(|source| source.copy.as_ref().is_some_and(|c| c.found.is_some()));
    let address = Address::in_note(note, url);
    match source {
        Some(source) => format!("{compare}, or {}", copy::help(case, &address, source)),
        None => compare.to_owned(),
    }
}

/// The title of the page, if it is plainly not the cited one. `addresses` may speak for the cited title: a
/// headline that was rewritten lives on in them.
fn other_title(citation: &Citation, visit: &Visit, addresses: &[&str]) -> Option<String> {
    let (title, page) = (citation.title.as_deref()?, visit.page.as_deref()?);
    let plain = visit.is_read() && page.nature == Nature::Ordinary;
    // A front page is cited for what stands on it.
    if !plain || !link::is_deep(&visit.url) {
        return None;
    }
    let alike = likeness(title, page, addresses)?;
    // No bar is higher; most titles are over it.
    if alike >= CONTRADICTED {
        return None;
    }
    let bar = bar(citation, visit);
    // A word or two (“Statistics”) may be the writer's own for what stands there.
    let telling = bar >= CONTRADICTED || heft(&words(title)) >= FEW;
    (telling && alike < bar).then(|| page.title.clone())?
}

/// How alike two titles must be at least, so that one may be the other, rewritten: what else the note says of
/// the source speaks for that or against it.
fn bar(citation: &Citation, visit: &Visit) -> f64 {
    match (date::judge(citation, &[visit]).verdict, author::shared(citation, visit)) {
        (DateVerdict::Mismatch, _) | (_, Some(false)) => CONTRADICTED,
        (DateVerdict::Match, Some(true)) => CONFIRMED,
        (DateVerdict::Match, None) | (_, Some(true)) => OTHER,
        _ => ALONE,
    }
}

fn addresses(visit: &Visit) -> Vec<&str> {
    [Some(visit.url.as_str()), visit.final_url.as_deref()].into_iter().flatten().collect()
}

/// A title less like another than this is the title of something else …
pub const OTHER: f64 = 0.5;
/// … if nothing else speaks for the page …
const ALONE: f64 = 0.55;
/// … if the date speaks against it too, or the author …
const CONTRADICTED: f64 = 0.65;
/// … if date and author are those of the note.
const CONFIRMED: f64 = 0.3;
/// Titles of less weight than this are compared with nothing …
const FEWEST: f64 = 1.0;
/// … and of less than this tell two sources apart only by having nothing in common, and where the note is
/// contradicted in something else as well.
const FEW: f64 = 1.5;
/// A description that has so many of the words tells of the same; with fewer, of the same subject at most.
const DESCRIBED: f64 = 0.85;

/// How much a cited title is like those of a page, 0 to 1: the share of its words that one of them has,
/// or of the words of one of them that it has. `None` where that cannot be told: too few words, another
/// script, a page without a title.
pub fn likeness(cited: &str, page: &Page, urls: &[&str]) -> Option<f64> {
    let cited_words = words(cited);
    let written = heft(&cited_words);
    if written < FEWEST || page.titles.is_empty() {
        return None;
    }
    let mut best: f64 = 0.0;
    let mut comparable = false;
    // Title and subtitle, of which the page may show one.
    let parts = cited.split([':', '–', '—', '|', '?', '!', '.', '(', ')']);
    let parts: Vec<Vec<String>> = parts.map(words).filter(|part| part.len() > 1).collect();
    let titles = page.titles.iter().map(|title| (title, false));
    let headings = page.headings.iter().map(|heading| (heading, true));
    for (title, is_heading) in titles.chain(headings) {
        let title = words(title);
        comparable |= title.iter().any(|word| cited_words.iter().any(|c| script(c) == script(word)));
        best = best.max(share(&cited_words, &title));
        // A page may call itself by a part of the title, if that part is long enough to mean anything.
        let weight = heft(&title);
        if !is_heading && weight >= FEWEST && parts.contains(&title) {
            best = best.max(0.95);
        }
        if !is_heading && (weight >= 2.5 || title.len() >= 3 && weight >= FEW) {
            best = best.max(part_of(&title, &cited_words) * 0.95);
        }
    }
    if !comparable {
        return None;
    }
    // A headline rewritten after publication lives on in the address, and its subject in the description.
    for url in urls {
        best = best.max(share(&cited_words, &slug(url)));
    }
    // A site that is cited by its name.
    let site: Vec<String> =
        page.site.iter().map(String::as_str).chain(urls.iter().copied()).flat_map(words).collect();
    if share(&cited_words, &site) > 0.99 {
        best = 1.0;
    }
    let description = page.description.as_deref().map(words).unwrap_or_default();
    let described = share(&cited_words, &description);
    let best = if described >= DESCRIBED { best.max(described * 0.8) } else { best };
    // Of few words, one in common may be chance or all that there is.
    let telling = written >= FEW || best == 0.0;
    (telling && !(best < OTHER && is_translated(cited, page))).then_some(best)
}

/// Is the page plainly the source that is meant, since it bears the cited title? With a title less like it, the
/// source may be another, which is for `title-mismatch` alone to say.
pub(super) fn bears(cited: &str, page: &Page) -> bool {
    const SAME: f64 = 0.75;
    likeness(cited, page, &[]).is_some_and(|likeness| likeness >= SAME)
}

/// How much a cited title is like one that a page once had, as [`likeness`] has it; 0 where that cannot be
/// told.
pub(super) fn alike(cited: &str, title: &str) -> f64 {
    let page = Page { titles: vec![title.to_owned()], ..Page::default() };
    likeness(cited, &page, &[]).unwrap_or(0.0)
}

/// Is the cited title in another language than what the page says of itself?
fn is_translated(cited: &str, page: &Page) -> bool {
    let of_page = page.titles.iter().chain(&page.headings).chain(&page.description);
    let of_page = of_page.map(String::as_str).collect::<Vec<_>>().join(" ");
    let marked = page.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
    // A heading may be in the language of the menus, or of what is quoted.
    let cited_in =
        small_words(cited).into_iter().max_by_key(|(count, _)| *count).map(|(_, language)| language);
    // Nor is it in another language than what stands below the headline: the headline is.
    let own = |cited| page.titles.iter().chain([&page.byline]).any(|text| language(text) == Some(cited));
    if cited_in.is_some_and(own) {
        return false;
    }
    // A title is short, so that one small word in four must do, as long as the page's language has fewer. What
    // the page says in plenty tells more of its language than how it is marked.
    let Some(own) = language(&of_page).map(str::to_owned).or(marked.map(str::to_ascii_lowercase)) else {
        return false;
    };
    let counts = small_words(cited);
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or_default();
    let of_own = counts.iter().find(|(_, language)| *language == own).map_or(0, |(count, _)| *count);
    most > of_own && most * 4 >= fold::words(cited).len()
}

/// The language of a text, by the small words of which each language has its own; `None` where they are few
/// or do not agree.
fn language(text: &str) -> Option<&'static str> {
    const FEWEST: usize = 2;
    const MORE: usize = 2;
    let mut counts = small_words(text);
    counts.sort_unstable();
    match counts.as_slice() {
        [.., (second, _), (most, language)] if *most >= FEWEST.max(second + MORE) => Some(language),
        _ => None,
    }
}

/// How many small words of each language a text has.
fn small_words(text: &str) -> Vec<(usize, &'static str)> {
    const SMALL: &[(&str, &str)] = &[
        (
            "en",
            "the of and to in on for with from by is are was how why what who a an at as it its has will be no not over",
        ),
        (
            "de",
            "der die das und des dem den ein eine im in mit von zu auf fur uber nicht wie was ist sind als an",
        ),
        (
            "fr",
            "le la les l de du des d et une un dans sur pour par avec est sont a au aux qui que comment en son sa ses ce ne n pas plus il",
        ),
        (
            "it",
            "il lo la gli le della delle degli dei del nel nella di e per con che una un sono come da al alla allo alle agli ai dal dalla sul sulla in i",
        ),
        ("es", "el la los las del de y en una un por con que para como es son se al a su no"),
        ("pt", "o a os as da das do dos de em no na e uma um para com que por ao se"),
        ("nl", "de het een van en voor met op niet is in wat hoe bij te aan"),
        ("ca", "el la els les l de del dels d i en un una uns unes per amb que com al als a es no mes"),
        ("ro", "si de la in pe cu un o din pentru care este nu sunt ce al a ale cum mai"),
        ("pl", "w z i na do nie o od po za dla jest sie jak co przez czy"),
        ("sv", "och i att en ett det som av for pa med ar till den inte om har"),
        ("da", "og i at en et det som af for pa med er til den ikke om har de"),
    ];
    // A letter is a word only where it stands alone: not in `I/O`.
    let folded = fold::fold(text);
    let alone = |letter: &str| {
        folded.split_whitespace().any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()) == letter)
    };
    let mut words = fold::words(text);
    words.retain(|word| word.len() > 1 || alone(word));
    let hits = |small: &str| {
        words.iter().filter(|word| small.split(' ').any(|known| known == word.as_str())).count()
    };
    SMALL.iter().map(|(language, small)| (hits(small), *language)).collect()
}

/// The share of the words of one text that another has in the same order, by their weight.
fn part_of(of: &[String], text: &[String]) -> f64 {
    const MOST: usize = 60;
    let (of, text) = (&of[..of.len().min(MOST)], &text[..text.len().min(MOST)]);
    let mut rows = vec![0.0_f64; text.len() + 1];
    for word in of {
        let mut before = 0.0;
        for (at, other) in text.iter().enumerate() {
            let above = rows[at + 1];
            let both = if is_word(word, other) { before + weight(word) } else { 0.0 };
            rows[at + 1] = above.max(rows[at]).max(both);
            before = above;
        }
    }
    let sum = heft(of);
    if sum > 0.0 { rows[text.len()] / sum } else { 0.0 }
}

/// The same word, or one inflected: `tariff` and `tariffs`, `Hafengebühr` and `Hafengebühren`.
fn is_word(word: &str, other: &str) -> bool {
    let stem = || word.char_indices().nth(6).is_some_and(|(at, _)| other.starts_with(&word[..at]));
    word == other || stem()
}

/// The share of the words of one text that another has, by their weight.
fn share(of: &[String], among: &[String]) -> f64 {
    let known: HashSet<&str> = among.iter().map(String::as_str).collect();
    let (mut sum, mut found) = (0.0, 0.0);
    for word in of {
        sum += weight(word);
        if known.contains(word.as_str()) || among.iter().any(|other| is_word(word, other)) {
            found += weight(word);
        }
    }
    if sum > 0.0 { found / sum } else { 0.0 }
}

fn heft(words: &[String]) -> f64 {
    words.iter().map(|word| weight(word)).sum()
}

/// Short words are in every title.
fn weight(word: &str) -> f64 {
    match word.chars().count() {
        _ if !word.is_ascii() && script(word) == Script::Ideographs => 0.6,
        _ if word.starts_with(|c: char| c.is_ascii_digit()) => 0.5,
        0..=3 => 0.1,
        4 => 0.5,
        5 => 0.8,
        _ => 1.0,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Numbers,
    Latin,
    Ideographs,
    Other,
}

fn script(word: &str) -> Script {
    match word.chars().find(|c| c.is_alphabetic()) {
        None => Script::Numbers,
        Some('a'..='z' | '\u{DF}'..='\u{24F}') => Script::Latin,
        Some('\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}') => {
            Script::Ideographs
        }
        Some(_) => Script::Other,
    }
}

/// The words of a title; of text without spaces, every two characters that stand together.
fn words(title: &str) -> Vec<String> {
    fold::words(title)
        .into_iter()
        .flat_map(|word| {
            if script(&word) != Script::Ideographs {
                return vec![word];
            }
            let chars: Vec<char> = word.chars().collect();
            if chars.len() < 3 {
                vec![word]
            } else {
                chars.windows(2).map(|pair| pair.iter().collect()).collect()
            }
        })
        .collect()
}

/// The words of an address.
fn slug(url: &str) -> Vec<String> {
    let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let path = percent_encoding::percent_decode_str(&path).decode_utf8_lossy();
    words(&path.replace(['-', '_', '/', '.', '+'], " "))
}

/// Has something else taken the place of the source? All four must say so: the title, the words of the
/// address, the date, and the container.
fn is_replaced(citation: &Citation, visit: &Visit) -> bool {
    const FAR: i32 = 60;
    let Some(page) = visit.page.as_deref() else { return false };
    let titles: Vec<String> = page.titles.iter().flat_map(|title| words(title)).collect();
    let address: Vec<String> = slug(&visit.url).into_iter().filter(|word| word.len() > 3).collect();
    let address_against = address.len() >= 3 && share(&address, &titles) < 0.2;
    let judgement = date::judge(citation, &[visit]);
    let date_against = matches!(judgement.verdict, DateVerdict::Mismatch | DateVerdict::Doubtful)
        && judgement.claim.zip(citation.date).is_some_and(|(claim, cited)| {
            claim.date.days_until(&cited).map_or(claim.date.year != cited.year, |days| days.abs() > FAR)
        });
    let names: Vec<String> = page
        .site
        .iter()
        .map(String::as_str)
        .chain([visit.final_url.as_deref().unwrap_or(&visit.url)])
        .chain(page.titles.iter().map(String::as_str))
        .flat_map(words)
        .collect();
    let container_against = citation.container.as_deref().is_some_and(|container| {
        let joined = names.concat();
        let own = words(container);
        own.iter().any(|word| weight(word) >= 0.5)
            && !own.iter().filter(|word| weight(word) >= 0.5).any(|word| joined.contains(word.as_str()))
    });
    address_against && date_against && container_against
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cited: &str, title: &str, fits: bool) {
        let page = Page { titles: vec![title.to_owned()], title: Some(title.to_owned()), ..Page::default() };
        let likeness = likeness(cited, &page, &[]).unwrap();
        assert_eq!(likeness >= OTHER, fits, "{cited} / {title}: {likeness}");
    }

    #[test]
    fn one_title_in_many_dresses() {
        check("Harbour Tolls to Rise in Spring", "HARBOUR TOLLS TO RISE IN SPRING | The Ledger", true);
        check("“Who pays?” – the breakwater’s long bill", "'Who Pays?' - The Breakwater's Long Bill", true);
        check(
            "Harbour Tolls to Rise…",
            "Harbour tolls to rise in spring, council says after long debate",
            true,
        );
        check("Harbour Tolls: What the Council Did Not Say", "Harbour Tolls", true);
        check("Council raises harbour dues", "Harbour dues go up in spring", true);
        check("Caffè, perché no?", "Caffe, perche no", true);
        check("港湾使用料が四月から値上げ", "港湾使用料、四月から値上げへ", true);
    }

    #[test]
    fn other_titles() {
        check("Harbour Tolls to Rise in Spring", "Fishermen elect a new chairwoman", false);
        check("The long winter of the ferries", "The long read: who owns the sea?", false);
        check("港湾使用料が四月から値上げ", "新しい漁業組合長が選ばれる", false);
    }

    #[test]
    fn languages() {
        for (text, want) in [
            ("The Council of the City Is to Pay for the Wall", Some("en")),
            ("Wie die Stadt für die Mauer und den Hafen zahlt", Some("de")),
            ("Comment la ville paie pour les murs et le port", Some("fr")),
            ("Harbour Tolls Rise", None),
        ] {
            assert_eq!(language(text), want, "{text}");
        }
    }

    #[test]
    fn translations() {
        let page = |title: &str, language: Option<&str>| Page {
            titles: vec![title.to_owned()],
            language: language.map(str::to_owned),
            ..Page::default()
        };
        let english_headline = Page {
            byline: "Der Rat hat die Gebühren für den Hafen erhöht und das Geld ist schon verplant."
                .to_owned(),
            ..page("Pay for the Wall", Some("de"))
        };
        for (cited, translated) in [("Das Fest der Fischer am Hafen", false), ("La guerra nel porto", true)] {
            assert_eq!(is_translated(cited, &english_headline), translated, "{cited}");
        }
        for (cited, title, language, translated) in [
            ("La guerra nel porto", "The War in the Harbour", None, true),
            ("La guerra e la pace in Europa", "War and Peace in Europe", Some("en"), true),
            ("Discorso alla nazione", "Address to the nation", Some("en-GB"), true),
            ("Le discours du président à la nation", "President's speech", Some("en"), true),
            ("La guerra nel porto", "Elezioni per il consiglio della banchina", Some("en"), false),
            ("La guerra nel porto", "Elezioni comunali", Some("it"), false),
            ("Guerra e pace", "War and Peace", Some("en"), true),
            ("GUERRA E PACE", "War and Peace", Some("en"), true),
            ("Ports 4: New I/O 4 Your Boat", "Fishermen elect the chairwoman", Some("en"), false),
            ("En vivo: el puerto no es una muralla", "El barco de la ciudad en el mar", Some("es"), false),
            ("A Word on the Tolls of Lindby", "Fishermen elect chairwoman", Some("en"), false),
            ("Harbour Tolls Rise", "Fishermen elect chairwoman", Some("en"), false),
            ("Més de 300 taxes a l’espera", "El port vell i la llum dels pescadors", Some("ca"), false),
            ("Le port à l’arrivée de la nuit", "Le conseil des pêcheurs n’a pas lieu", Some("en"), false),
        ] {
            assert_eq!(is_translated(cited, &page(title, language)), translated, "{cited} / {title}");
        }
    }

    #[test]
    fn what_cannot_be_compared() {
        let page =
            Page { titles: vec!["Портовые сборы растут".to_owned()], ..Page::default() };
        assert_eq!(likeness("Harbour Tolls to Rise", &page, &[]), None);
        assert_eq!(likeness("Tolls", &page, &[]), None);
    }
}
