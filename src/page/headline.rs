//! The heading that the page is about.

use super::outline::{Outline, Spot, UNNAMED};
use super::{Draft, title};
use crate::fold::words;

/// Where the headline stands: the heading that says what the title of the page says, or the first `h1`.
/// What the page shows as titles joins the draft.
pub(super) fn find(outline: &Outline, draft: &mut Draft) -> Option<Spot> {
    draft.title(8, outline.title.clone());
    let known: Vec<Vec<String>> = draft.titles.iter().map(|(_, title)| words(title)).collect();
    let likeness = |text: &str| {
        let heading = words(text);
        known.iter().map(|title| title::shared(&heading, title)).fold(0.0, f64::max)
    };
    let mut best: Option<(f64, usize)> = None;
    for (at, heading) in outline.headings.iter().enumerate().take(60) {
        let named = if heading.level == 1 { 0.1 } else if heading.level == UNNAMED { -0.2 } else { 0.0 };
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
