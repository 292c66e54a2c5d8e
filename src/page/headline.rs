//! The heading that the page is about.

use std::hash::Hasher as _;

use url::Url;

use super::outline::{Heading, Outline, Spot, UNNAMED};
use super::zone::{Traits, Zones};
use super::{Draft, tags, title};
use crate::fold::{Fnv, FoldedWords};

/// So much of the shorter one must two titles of one page share.
const ALIKE: f64 = 0.5;

/// Where the headline stands: the heading that says what the title of the page says, or the first `h1`.
/// What the page shows as titles joins the draft.
pub(super) fn find(outline: &Outline, draft: &mut Draft) -> Option<Spot> {
    draft.title(8, outline.title.clone());
    draft.authors(4, outline.authors.clone());
    let mut known: Vec<Vec<u64>> = draft.titles.iter().map(|(_, title)| words(title)).collect();
    let headlines: Vec<Vec<u64>> = outline.headlines.iter().map(|text| words(text)).collect();
    let likeness = |known: &[Vec<u64>], text: &[u64]| {
        known.iter().map(|title| title::shared(text, title)).fold(0.0, f64::max)
    };
    // Teasers have headlines too.
    let own = |at: &usize| headlines.len() == 1 || likeness(&known, &headlines[*at]) >= ALIKE;
    let own: Vec<usize> = (0..headlines.len()).filter(own).collect();
    for at in own {
        draft.title(6, Some(outline.headlines[at].clone()));
        known.push(headlines[at].clone());
    }
    let mut best: Option<(f64, usize)> = None;
    for (at, heading) in outline.headings.iter().enumerate().take(60) {
        let named = if heading.level == 1 {
            0.1
        } else if heading.level == UNNAMED {
            -0.2
        } else {
            0.0
        };
        let likeness = likeness(&known, &words(&heading.text)) + named;
        if best.is_none_or(|(most, _)| likeness > most + 0.05) {
            best = Some((likeness, at));
        }
    }
    let found = best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, at)| at);
    let at = found.or_else(|| outline.headings.iter().position(|heading| heading.level == 1))?;
    let heading = &outline.headings[at];
    if found.is_some() || heading.level == 1 {
        draft.title(7, Some(heading.text.clone()));
    }
    Some(heading.spot)
}

/// The words of a title, each as a number.
fn words(title: &str) -> Vec<u64> {
    let hash = |word: &str| {
        let mut hasher = Fnv::default();
        hasher.write(word.as_bytes());
        hasher.finish()
    };
    FoldedWords::of(title).iter().map(hash).collect()
}

/// The headings at the head of the article besides the headline: kickers, subtitles. What leads to another
/// page is the headline of that one.
pub(super) fn others(outline: &Outline, zones: &mut Zones, headline: Option<Spot>, url: &Url) -> Vec<String> {
    const NEAR: usize = 3;
    const LONGEST: usize = 300;
    let Some(headline) = headline else { return Vec::new() };
    let near = |spot: Spot| spot.block != headline.block && spot.block.abs_diff(headline.block) <= NEAR;
    let own = |heading: &&Heading| !leads_away(outline, heading, url);
    let kept = outline.headings.iter().filter(|heading| heading.text.len() <= LONGEST);
    let first = kept.clone().filter(|h| h.level == 1).find(own);
    let kept = kept.filter(|h| near(h.spot) && !zones.at(h.spot.element).any(Traits::APART)).filter(own);
    kept.take(4).chain(first).map(|h| h.text.clone()).collect()
}

/// Is the heading a link to another page?
fn leads_away(outline: &Outline, heading: &Heading, url: &Url) -> bool {
    let mut around = outline.around(heading.spot.element);
    let target =
        around.find(|(_, element)| element.tag == tags::A).and_then(|(_, a)| a.attributes.get("href"));
    let target = target.and_then(|href| url.join(&href).ok());
    target.is_some_and(|target| target.path().trim_end_matches('/') != url.path().trim_end_matches('/'))
}

/// The line about the article, as a reader sees it: what stands below the headline and its subtitle, as far
/// as such lines go.
pub(super) fn byline(outline: &Outline, headline: Option<Spot>) -> String {
    const LONGEST: usize = 400;
    const SUBTITLES: usize = 3;
    let Some(headline) = headline else { return String::new() };
    let from = outline.headings.iter().skip_while(|heading| heading.spot.at < headline.at).take(SUBTITLES);
    let mut text = from.map(|heading| heading.below.as_str()).collect::<String>();
    text.truncate(text.floor_char_boundary(LONGEST));
    text.truncate(text.trim_end().len());
    text
}
