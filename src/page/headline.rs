//! The heading that the page is about.

use super::outline::{Outline, Spot, UNNAMED};
use super::zone::{Traits, Zones};
use super::{Draft, title};
use crate::fold::words;

/// Where the headline stands: the heading that says what the title of the page says, or the first `h1`.
/// What the page shows as titles joins the draft.
pub(super) fn find(outline: &Outline, draft: &mut Draft) -> Option<Spot> {
    draft.title(8, outline.title.clone());
    outline.headlines.iter().for_each(|headline| draft.title(6, Some(headline.clone())));
    draft.authors(4, outline.authors.clone());
    let known: Vec<Vec<String>> = draft.titles.iter().map(|(_, title)| words(title)).collect();
    let likeness = |text: &str| {
        let heading = words(text);
        known.iter().map(|title| title::shared(&heading, title)).fold(0.0, f64::max)
    };
    let mut best: Option<(f64, usize)> = None;
    for (at, heading) in outline.headings.iter().enumerate().take(60) {
        let named = if heading.level == 1 {
            0.1
        } else if heading.level == UNNAMED {
            -0.2
        } else {
            0.0
        };
        let likeness = likeness(&heading.text) + named;
        if best.is_none_or(|(most, _)| likeness > most + 0.05) {
            best = Some((likeness, at));
        }
    }
    let found = best.filter(|(likeness, _)| *likeness >= 0.5).map(|(_, at)| at);
    let at = found.or_else(|| outline.headings.iter().position(|heading| heading.level == 1))?;
    let heading = &outline.headings[at];
    if found.is_some() || heading.level == 1 {
        draft.title(7, Some(heading.text.clone()));
    }
    Some(heading.spot)
}

/// The headings at the head of the article besides the headline: kickers, subtitles.
pub(super) fn others(outline: &Outline, zones: &mut Zones, headline: Option<Spot>) -> Vec<String> {
    const NEAR: usize = 3;
    const LONGEST: usize = 300;
    let Some(headline) = headline else { return Vec::new() };
    let near = |spot: Spot| spot.block != headline.block && spot.block.abs_diff(headline.block) <= NEAR;
    let kept = outline.headings.iter().filter(|h| near(h.spot) && h.text.len() <= LONGEST);
    let own = kept.filter(|h| !zones.at(h.spot.element).any(Traits::APART)).take(4);
    let first = outline.headings.iter().find(|h| h.level == 1 && h.text.len() <= LONGEST);
    own.chain(first).map(|h| h.text.clone()).collect()
}
