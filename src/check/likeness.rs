//! How much two titles have in common.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use url::Url;

use crate::date::{self, PartialDate};
use crate::fold::{self, ByFnv};
use crate::page::Page;

/// A title less like another than this is the title of something else.
pub const OTHER: f64 = 0.5;

/// Titles of less weight than this are compared with nothing …
const FEWEST: f64 = 1.0;
/// … and of less than this tell two sources apart only by having nothing in common, and where the note is
/// contradicted in something else as well.
pub(super) const FEW: f64 = 1.5;
/// A description that has so many of the words tells of the same; with fewer, of the same subject at most.
const DESCRIBED: f64 = 0.85;
/// A page calls itself by a part of the cited title if that holds so much of its own.
const PART: f64 = 0.85;

/// The most that two titles can be alike that name other days.
const ONE_SERIES: f64 = 0.45;
/// A title so like another is the same.
const SAME: f64 = 0.75;
/// The most that a title can be like those of a page that leads to another one under that title.
const ELSEWHERE: f64 = 0.1;

/// How much a cited title is like those of a page, 0 to 1: the share of its words that one of them has,
/// or of the words of one of them that it has. `None` where that cannot be told: too few words, another
/// script, a page without a title.
///
/// A word counts for what it tells. Small words of any language tell next to nothing, and those of which the
/// section and the site are called little: they stand in the titles of other pages as well. Where the titles
/// share some words and the text below the headline has most of the others, it was rewritten; where they do
/// not, two articles are about the same matter.
pub fn of(cited: &str, page: &Page, urls: &[&str]) -> Option<f64> {
    let cited_words = words(cited);
    let written = heft(&cited_words);
    if written < FEWEST || page.titles.is_empty() {
        return None;
    }
    let scale = Scale::of(page, urls);
    let cited_dates = days(cited);
    let headings: Vec<Vec<String>> = page.headings.iter().map(|heading| words(heading)).collect();
    let titles: Vec<Vec<String>> = page.titles.iter().map(|title| words(title)).collect();
    let comparable = |word: &String| cited_words.iter().any(|c| script(c) == script(word));
    if !titles.iter().chain(&headings).flatten().any(comparable) {
        return None;
    }
    // Title and subtitle, of which the page may show one.
    let parts = cited.split([':', '–', '—', '|', '?', '!', '.', '(', ')']);
    let parts: Vec<Vec<String>> = parts.map(words).filter(|part| part.len() > 1).collect();
    let spelling = Spelling::of(cited);
    let mut best: f64 = 0.0;
    for (text, title) in page.titles.iter().zip(&titles) {
        let title = own_part(title, &titles);
        let mut alike = scale.likeness(&cited_words, title);
        // A page may call itself by a part of the title, if that part is long enough to mean anything.
        let weight = heft(title);
        if weight >= FEWEST && parts.iter().any(|part| part == title) {
            alike = alike.max(0.95);
        }
        if weight >= 2.5 || title.len() >= 3 && weight >= FEW {
            let part = scale.part_of(title, &cited_words);
            alike = alike.max(if part >= PART { part * 0.95 } else { 0.0 });
        }
        best = best.max(alike.max(spelling.likeness(text)).min(of_one_series(&cited_dates, text)));
    }
    for (text, heading) in page.headings.iter().zip(&headings) {
        best = best.max(scale.likeness(&cited_words, heading).min(of_one_series(&cited_dates, text)));
    }
    // A headline rewritten after publication lives on in the address …
    let slugs: Vec<Vec<String>> = urls.iter().flat_map(|url| segments(url)).collect();
    for slug in slugs.iter().filter(|slug| slug.len() > 1) {
        best = best.max(scale.likeness(&cited_words, slug));
    }
    // A site that is cited by its name.
    let site: Vec<String> =
        page.site.iter().map(String::as_str).chain(urls.iter().copied()).flat_map(words).collect();
    if share(&cited_words, &site) > 0.99 {
        best = 1.0;
    }
    // … and its subject in the description and the text.
    let description = page.description.as_deref().map(words).unwrap_or_default();
    let byline = words(&page.byline);
    let described = scale.share(&cited_words, &description);
    if described >= DESCRIBED {
        best = best.max(described * 0.8);
    }
    let own = titles.iter().filter(|title| own_part(title, &titles).len() == title.len());
    let texts = own.chain(&headings).chain(&slugs).chain([&description, &byline]);
    let all: Vec<String> = texts.flatten().cloned().collect();
    let other_of_series =
        best <= ONE_SERIES && page.titles.iter().any(|title| of_one_series(&cited_dates, title) < 1.0);
    if !other_of_series {
        best = best.max((best * scale.share(&cited_words, &all)).sqrt());
    }
    // What the page calls another, it is not.
    if best < SAME && page.calls_another(cited) {
        best = best.min(ELSEWHERE);
    }
    // Of few words, one in common may be chance or all that there is.
    let telling = written >= FEW || best < 0.3;
    (telling && !(best < OTHER && is_translated(cited, page))).then_some(best)
}

/// Is the page plainly the source that is meant, since it bears the cited title? With a title less like it, the
/// source may be another, which is for `title-mismatch` alone to say.
pub(super) fn bears(cited: &str, page: &Page) -> bool {
    of(cited, page, &[]).is_some_and(|likeness| likeness >= SAME)
}

/// How much a cited title is like one that a page once had, as [`of`] has it; 0 where that cannot be
/// told.
pub(super) fn alike(cited: &str, title: &str) -> f64 {
    let page = Page { titles: vec![title.to_owned()], ..Page::default() };
    of(cited, &page, &[]).unwrap_or(0.0)
}

/// Is the cited title in another language than what the page says of itself?
fn is_translated(cited: &str, page: &Page) -> bool {
    let of_page = page.titles.iter().chain(&page.headings).chain(&page.description);
    let of_page = of_page.map(String::as_str).collect::<Vec<_>>().join(" ");
    let marked = page.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
    // A heading may be in the language of the menus, or of what is quoted.
    let counts = small_words(cited);
    let (most, cited_in) = counts.iter().copied().max_by_key(|(count, _)| *count).unwrap_or_default();
    // Nor is it in another language than what stands below the headline: the headline is.
    if page.titles.iter().chain([&page.byline]).any(|text| language(text) == Some(cited_in)) {
        return false;
    }
    // A title is short, so that one small word in four must do, as long as the page's language has none, or
    // plainly fewer. What the page says in plenty tells more of its language than how it is marked.
    let Some(own) = language(&of_page).map(str::to_owned).or(marked.map(str::to_ascii_lowercase)) else {
        return false;
    };
    let of_own = counts.iter().find(|(_, language)| *language == own).map_or(0, |(count, _)| *count);
    let more = if of_own == 0 { 1 } else { of_own + MORE };
    most >= more && most * 4 >= fold::words(cited).len()
}

/// A text is in the language of which it has so many small words more than of any other.
const MORE: usize = 2;

/// The language of a text, by the small words of which each language has its own; `None` where they are few
/// or do not agree.
fn language(text: &str) -> Option<&'static str> {
    let mut counts = small_words(text);
    counts.sort_unstable();
    match counts.as_slice() {
        [.., (second, _), (most, language)] if *most >= second + MORE => Some(language),
        _ => None,
    }
}

/// The small words of languages, folded.
const SMALL: &[(&str, &str)] = &[
    (
        "en",
        "the of and to in on for with from by is are was were how why what who when where which a an \
         at as it its has have had will be been no not over about after before into out up down off \
         than that this these those they their you your we our us he his she her i my me or but if so \
         all more most can could would should may might do does did says said amid against between \
         through under while",
    ),
    (
        "de",
        "der die das den dem des ein eine einen einem einer und oder im in am an auf aus bei bis \
         durch fur gegen mit nach ohne seit uber um unter von vom vor zu zum zur als auch dass er es \
         sie wir ihr ich hat haben ist sind wird werden wurde will kann nicht noch nur mehr \
         kein keine wie was wer wo warum wenn so sich sein seine ihre",
    ),
    (
        "fr",
        "le la les l un une des de du d et ou a au aux en dans sur sous par pour avec sans contre \
         entre vers chez apres avant que qui quoi dont comment pourquoi est sont etait ete ont il \
         elle ils elles on nous vous se sa son ses leur leurs ce cet cette ces ne n pas plus moins \
         tout tous toute mais si",
    ),
    (
        "it",
        "il lo la gli le i l un uno una e ed o di del dello della dei degli delle a ad al allo alla \
         ai agli alle da dal dalla dai dalle in nel nello nella nei negli nelle su sul sulla sui \
         sulle con per tra fra senza contro che chi cosa come quando dove perche se non piu meno ha \
         hanno sono era ci si suo sua",
    ),
    (
        "es",
        "el la los las lo le un una unos unas y e o de del al a en con por para sin sobre entre \
         contra tras ante desde hasta que quien como cuando donde porque es son fue era ser ha han \
         hay se su sus no ni mas muy ya si este esta",
    ),
    (
        "pt",
        "o a os as um uma uns umas e ou de do da dos das em no na nos nas ao aos por pelo pela pelos \
         pelas para com sem sobre entre contra apos ate que quem como quando onde porque sao foi era \
         ser tem ha se seu sua seus nao mais ja",
    ),
    (
        "nl",
        "de het een en of van voor met op in uit aan bij naar door over om onder tegen tot na zonder \
         te is zijn was waren wordt worden heeft hebben kan niet geen meer ook nog maar als dan dat \
         die dit wat wie hoe waarom er ze hij wij we",
    ),
    (
        "ca",
        "el la els les l un una uns unes i o de del dels d a al als en amb per sense sobre entre \
         contra que qui com quan on es son ha han no mes ja se seu seva",
    ),
    (
        "ro",
        "si sau un o unei unui cel cea ai ale al a de din la in pe cu pentru fara despre dupa intre \
         prin ca ce cine cum cand unde este sunt era nu mai se sa isi",
    ),
    (
        "pl",
        "i a o w z na do od po za u ku przez dla bez pod nad przed jest sa byl nie sie jak co kto \
         gdzie kiedy czy ze to ten ta jego jej ich oraz ale",
    ),
    (
        "sv",
        "och eller i pa av for till fran med om vid efter en ett den det de som att ar var har inte \
         kan ska nar hur vad vem men",
    ),
    (
        "da",
        "og eller i pa af for til fra med om ved efter en et den det de som at er var har ikke kan \
         skal nar hvordan hvad hvem men",
    ),
    (
        "cs",
        "a i v ve z ze na do od po za u s se si k o je jsou byl ne jak co kdo kde kdy pro pri pred \
         bez pod nad ale nebo ze to ten",
    ),
    (
        "hr",
        "i u na za od do iz s sa o po je su se ne da kako sto tko gdje kada bez pod nad pred ali ili \
         koji koja nije",
    ),
    ("hu", "a az es egy nem is de hogy van volt mar csak meg ki mi mit ha vagy el fel le"),
    ("fi", "ja on ei oli se sen ovat kuin mutta tai jos nyt vain niin myos kun"),
    ("tr", "ve bir bu da de ile icin ne var yok daha en mi gibi olarak sonra kadar"),
    (
        "id",
        "dan di ke dari yang untuk dengan pada ini itu tidak akan oleh dalam adalah ada atau juga \
         bisa",
    ),
];

/// The languages of a small word, by their place in [`SMALL`]: one bit for each.
fn languages(word: &str) -> u32 {
    static LANGUAGES: LazyLock<HashMap<&str, u32, ByFnv>> = LazyLock::new(|| {
        let mut languages: HashMap<&str, u32, ByFnv> = HashMap::default();
        for (bit, (_, small)) in SMALL.iter().enumerate() {
            small.split(' ').for_each(|word| *languages.entry(word).or_default() |= 1 << bit);
        }
        languages
    });
    LANGUAGES.get(word).copied().unwrap_or_default()
}

/// How many small words of each language a text has.
fn small_words(text: &str) -> Vec<(usize, &'static str)> {
    // A letter is a word only where it stands alone: not in `I/O`.
    let folded = fold::fold(text);
    let alone = |letter: &str| {
        folded.split_whitespace().any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()) == letter)
    };
    let mut words = fold::words(text);
    words.retain(|word| word.len() > 1 || alone(word));
    let of: Vec<u32> = words.iter().map(|word| languages(word)).collect();
    let count = |bit: usize| of.iter().filter(|languages| *languages >> bit & 1 == 1).count();
    SMALL.iter().enumerate().map(|(bit, (language, _))| (count(bit), *language)).collect()
}

/// The part of a title that another title of the page does not say already: of `Headline | The Site`, where
/// the headline is a title too, the site.
fn own_part<'t>(title: &'t [String], titles: &[Vec<String>]) -> &'t [String] {
    let inside = titles.iter().filter(|other| other.len() < title.len() && heft(other) >= FEW);
    let rests = inside.filter_map(|other| {
        title.strip_prefix(other.as_slice()).or_else(|| title.strip_suffix(other.as_slice()))
    });
    rests.min_by_key(|rest| rest.len()).unwrap_or(title)
}

/// The days that a title names.
fn days(title: &str) -> Vec<PartialDate> {
    let dates = date::find(title).into_iter();
    dates
        .flat_map(|found| [Some(found.date), found.other_reading])
        .flatten()
        .filter(|d| d.day.is_some())
        .collect()
}

/// The most that a title can be like another that names these days: where it names others, the two are of one
/// series.
fn of_one_series(days_of_other: &[PartialDate], title: &str) -> f64 {
    if days_of_other.is_empty() {
        return 1.0;
    }
    let near = |a: &PartialDate, b: &PartialDate| a.days_until(b).is_some_and(|days| days.abs() <= 1);
    let own = days(title);
    let one = own.is_empty() || own.iter().any(|day| days_of_other.iter().any(|other| near(day, other)));
    if one { 1.0 } else { ONE_SERIES }
}

/// A title letter by letter, for one that was read by a machine or broken over lines: `Sch- lüsseltechnologie`.
struct Spelling {
    letters: Vec<char>,
    runs: Vec<[char; RUN]>,
}

/// Letters that stand together.
const RUN: usize = 3;

impl Spelling {
    fn of(title: &str) -> Self {
        let letters: Vec<char> = fold::fold(title).chars().filter(|c| c.is_alphanumeric()).collect();
        Spelling { runs: runs(&letters), letters }
    }

    /// How many runs of letters another title, or as much of it as the first one is long, has in common with
    /// this one (Dice 1945), where they are so many that it is the same title.
    fn likeness(&self, title: &str) -> f64 {
        const MANY: f64 = 0.6;
        let other: Vec<char> = fold::fold(title).chars().filter(|c| c.is_alphanumeric()).collect();
        let beginning = &other[..other.len().min(self.letters.len())];
        let alike = dice(&self.runs, &runs(&other)).max(dice(&self.runs, &runs(beginning)));
        if alike >= MANY { alike } else { 0.0 }
    }
}

/// The runs of a text, in order.
fn runs(letters: &[char]) -> Vec<[char; RUN]> {
    let mut runs: Vec<[char; RUN]> = letters.windows(RUN).filter_map(|run| run.try_into().ok()).collect();
    runs.sort_unstable();
    runs
}

/// How much two sorted lists have in common, 0 to 1.
fn dice<T: Ord>(a: &[T], b: &[T]) -> f64 {
    let (mut x, mut y, mut both) = (0, 0, 0);
    while let (Some(left), Some(right)) = (a.get(x), b.get(y)) {
        let order = left.cmp(right);
        both += usize::from(order.is_eq());
        x += usize::from(order.is_le());
        y += usize::from(order.is_ge());
    }
    2.0 * both as f64 / (a.len() + b.len()).max(1) as f64
}

/// What the words of titles tell on one site.
#[derive(Default)]
struct Scale {
    /// The words of which its sections and itself are called.
    common: HashSet<String>,
}

impl Scale {
    fn of(page: &Page, urls: &[&str]) -> Self {
        let mut common: HashSet<String> = page.site.as_deref().map(words).into_iter().flatten().collect();
        for url in urls {
            let mut segments = segments(url);
            segments.pop();
            common.extend(segments.into_iter().flatten());
            let host = Url::parse(url).ok().and_then(|url| url.host_str().map(words));
            common.extend(host.into_iter().flatten());
        }
        Scale { common }
    }

    fn weight(&self, word: &str) -> f64 {
        weight(word) * if self.common.contains(word) { 0.5 } else { 1.0 }
    }

    /// The share of the words of one text that another has, by their weight.
    fn share(&self, of: &[String], among: &[String]) -> f64 {
        let (mut sum, mut found) = (0.0, 0.0);
        for word in of {
            let weight = self.weight(word);
            sum += weight;
            found += weight * among.iter().map(|other| sameness(word, other)).fold(0.0, f64::max);
        }
        if sum > 0.0 { found / sum } else { 0.0 }
    }

    /// How much a cited title is like another: the share of its words that it has. A few words in a long text
    /// make no title of it.
    fn likeness(&self, cited: &[String], title: &[String]) -> f64 {
        const LEAST: f64 = 0.6;
        const ENOUGH: f64 = 0.5;
        let back = (self.share(title, cited) / ENOUGH).min(1.0);
        self.share(cited, title) * (LEAST + (1.0 - LEAST) * back)
    }

    /// The share of the words of one text that another has in the same order, by their weight.
    fn part_of(&self, of: &[String], text: &[String]) -> f64 {
        const MOST: usize = 60;
        let (of, text) = (&of[..of.len().min(MOST)], &text[..text.len().min(MOST)]);
        let mut rows = vec![0.0_f64; text.len() + 1];
        let mut sum = 0.0;
        for word in of {
            let weight = self.weight(word);
            sum += weight;
            let mut before = 0.0;
            for (at, other) in text.iter().enumerate() {
                let above = rows[at + 1];
                rows[at + 1] = above.max(rows[at]).max(before + weight * sameness(word, other));
                before = above;
            }
        }
        if sum > 0.0 { rows[text.len()] / sum } else { 0.0 }
    }
}

/// How much of a word another is, 0 to 1: all of it where it is the same or inflected (`tariff` and `tariffs`,
/// `Hafengebühr` and `Hafengebühren`), a part of it where one is a long part of the other
/// (`Existenzgründung` and `Existenzgründungsprämie`).
fn sameness(word: &str, other: &str) -> f64 {
    const STEM: usize = 6;
    const ENDING: usize = 4;
    const LEAST: f64 = 0.6;
    if word == other {
        return 1.0;
    }
    if word.as_bytes().first() != other.as_bytes().first() {
        return 0.0;
    }
    let stem = word.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    if stem < STEM {
        return 0.0;
    }
    let longest = word.chars().count().max(other.chars().count());
    let part = stem as f64 / longest as f64;
    if longest - stem <= ENDING {
        1.0
    } else if part >= LEAST {
        part
    } else {
        0.0
    }
}

/// The share of the words of one text that another has, by what they tell anywhere.
pub(super) fn share(of: &[String], among: &[String]) -> f64 {
    Scale::default().share(of, among)
}

pub(super) fn heft(words: &[String]) -> f64 {
    words.iter().map(|word| weight(word)).sum()
}

/// What a word tells of a title. Long ones are rarer than short ones.
pub(super) fn weight(word: &str) -> f64 {
    if !word.is_ascii() && script(word) == Script::Ideographs {
        return 0.6;
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return 0.5;
    }
    if languages(word) != 0 {
        return 0.1;
    }
    match word.chars().count() {
        0..=1 => 0.1,
        2 => 0.3,
        3 => 0.4,
        4 => 0.6,
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
pub(super) fn words(title: &str) -> Vec<String> {
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

/// The words of each part of the path of an address.
fn segments(url: &str) -> Vec<Vec<String>> {
    let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let path = percent_encoding::percent_decode_str(&path).decode_utf8_lossy();
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| words(&segment.replace(['-', '_', '.', '+'], " "))).collect()
}

/// The words of the path of an address.
pub(super) fn slug(url: &str) -> Vec<String> {
    segments(url).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cited: &str, title: &str, fits: bool) {
        let page = Page { titles: vec![title.to_owned()], title: Some(title.to_owned()), ..Page::default() };
        let alike = of(cited, &page, &[]).unwrap();
        assert_eq!(alike >= OTHER, fits, "{cited} / {title}: {alike}");
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
        check("Caffè e zucchero, perché no?", "Caffe e zucchero, perche no", true);
        check("港湾使用料が四月から値上げ", "港湾使用料、四月から値上げへ", true);
        check("Harbour Tolls to Rise", "The Ledger | Harbour tolls to rise in spring", true);
        check("Die Ha- fengebühren der Fischerei- flotte", "Die Hafengebühren der Fischereiflotte", true);
        check("Coancil raisec harbour duts agaic", "Council raises harbour dues again", true);
        check("Ueber die Haefen von Luebeck", "Über die Häfen von Lübeck", true);
        check("TOLLS: WHO PAYS [WITH MAP]", "Tolls: Who Pays", true);
        check("Minutes of the Meeting of 3 May 2021", "Minutes of the meeting of 4 May 2021", true);
    }

    #[test]
    fn other_titles() {
        check("Harbour Tolls to Rise in Spring", "Fishermen elect a new chairwoman", false);
        check("The long winter of the ferries", "The long read: who owns the sea?", false);
        check("港湾使用料が四月から値上げ", "新しい漁業組合長が選ばれる", false);
        check(
            "A New Lamp for the Pilots",
            "The new lamp of the museum has stood on the pier for longer than anybody in the council of Lindby \
             likes to remember",
            false,
        );
        check("International fishing", "The internet of the harbour pilots", false);
        check("Minutes of the Meeting of 3 May 2021", "Minutes of the meeting of 14 June 2021", false);
    }

    /// A page with these titles at this address.
    fn page(titles: &[&str], more: Page) -> Page {
        Page { titles: titles.iter().map(|title| (*title).to_owned()).collect(), ..more }
    }

    #[test]
    fn what_the_section_is_called_tells_little() {
        let page = page(&["Harbour Museum: A Lamp from the First Pier"], Page::default());
        let likeness = |url: &str| of("Harbour Museum: Opening Hours", &page, &[url]).unwrap();
        assert!(likeness("https://quay.example/news/a-lamp") >= OTHER);
        assert!(likeness("https://quay.example/harbour-museum/a-lamp") < OTHER);
    }

    #[test]
    fn a_site_adds_its_own_words() {
        let cited = "Tolls on ferries, fish for pilots";
        let headline = "Tolls rise for the second time";
        let both = "Tolls rise for the second time | All the harbour's ferries and fish";
        assert!(of(cited, &page(&[both], Page::default()), &[]).unwrap() >= OTHER);
        let page = page(&[headline, both], Page::default());
        assert!(of(cited, &page, &[]).unwrap() < OTHER);
        assert!(of("All the Harbour’s Ferries", &page, &[]).unwrap() >= OTHER);
    }

    #[test]
    fn a_rewritten_headline_is_of_what_the_text_says() {
        let text =
            "The council has voted: fishermen and pilots will pay the higher tolls of Lindby from April.";
        let with_text = |byline: &str| {
            page(&["Fishermen angry over tolls"], Page { byline: byline.to_owned(), ..Page::default() })
        };
        let dues = Page { byline: "The city council raises what ships pay.".to_owned(), ..Page::default() };
        let dues = page(&["Harbour dues go up in spring"], dues);
        assert!(of("Council raises harbour dues", &dues, &[]).unwrap() >= OTHER);
        let cited = "Fishermen and pilots to pay higher tolls";
        assert!(of(cited, &with_text(text), &[]).unwrap() >= OTHER + 0.1);
        assert!(of(cited, &with_text("Anger is growing on the quay."), &[]).unwrap() < OTHER);
        assert!(of("The ferry that never came back", &with_text(text), &[]).unwrap() < 0.2);
    }

    #[test]
    fn languages_that_share_small_words() {
        for (cited, title, language, translated) in [
            ("Le tocó a la guardia de Lindby", "El puerto espera a los barcos", "es", false),
            ("„Der Rat will es so“", "Die Gebühren der Häfen", "de", false),
            ("Man killed in harbour fire", "Council votes on the tolls", "en", false),
            ("Un imam se désolidarise de la grève", "Le port attend ses bateaux", "fr", false),
            ("Bere aiuta a mantenere la mente", "Il porto aspetta le navi", "it", false),
            ("Der Rat will es so", "The council has decided on the tolls", "en", true),
        ] {
            let page = page(&[title], Page { language: Some(language.to_owned()), ..Page::default() });
            assert_eq!(is_translated(cited, &page), translated, "{cited}");
        }
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
        assert_eq!(of("Harbour Tolls to Rise", &page, &[]), None);
        assert_eq!(of("Tolls", &page, &[]), None);
    }
}
