//! Dates in the attributes of what is shown: microdata, `RDFa`, `<time>` and `<abbr>`.

use super::outline::{Outline, Spot, Stamp};
use super::tags;
use super::zone::{Traits, Zones};
use super::{DateClaim, Draft, Role, Strength, Witness, stamp};

/// Reads the marked dates into the draft.
pub(super) fn read(outline: &Outline, zones: &mut Zones, headline: Option<Spot>, draft: &mut Draft) {
    for Stamp { tag, property, value, spot } in &outline.stamps {
        // Where the attribute is missing, the text is found as any other.
        let Some(value) = value else { continue };
        let Some((date, time)) = stamp::read(value, draft.month_first()) else { continue };
        let traits = zones.at(spot.element);
        let apart = traits.any(Traits::APART);
        let named = property.as_deref().and_then(|name| name.rsplit([':', ' ', '.']).next());
        let (role, witness, votes, evidence) = match named {
            Some("datepublished" | "issued") => {
                (Role::Published, Witness::Microdata, if apart { 1 } else { 9 }, "microdata datePublished")
            }
            Some("datemodified" | "modified") => {
                (Role::Modified, Witness::Microdata, 0, "microdata dateModified")
            }
            Some("datecreated" | "created" | "date") => {
                (Role::Published, Witness::Microdata, if apart { 1 } else { 6 }, "microdata dateCreated")
            }
            Some("startdate" | "enddate" | "birthdate" | "deathdate" | "doortime") => {
                (Role::Event, Witness::Microdata, 0, "microdata startDate")
            }
            Some("uploaddate") => (Role::Unknown, Witness::Microdata, 2, "microdata uploadDate"),
            _ if *tag == tags::TIME => {
                let marked = outline
                    .around(spot.element)
                    .next()
                    .is_some_and(|(_, element)| element.attributes.raw("pubdate").is_some());
                time_element(traits, marked, *spot, headline)
            }
            _ => (Role::Unknown, Witness::Time, if apart { 1 } else { 3 }, "<abbr>"),
        };
        let strong = votes >= 7 || role == Role::Modified && witness == Witness::Microdata && !apart;
        let strength = if strong { Strength::Strong } else { Strength::Weak };
        // What stands apart is about another page.
        let role = if apart && role == Role::Published { Role::Unknown } else { role };
        draft.dates.push(DateClaim {
            date,
            time,
            role,
            strength,
            witness,
            votes,
            evidence: evidence.to_owned(),
        });
    }
}

fn time_element(
    traits: Traits,
    pubdate: bool,
    spot: Spot,
    headline: Option<Spot>,
) -> (Role, Witness, u8, &'static str) {
    if traits.any(Traits::APART) {
        return (Role::Unknown, Witness::Text, 1, "<time> apart from the article");
    }
    if traits.any(Traits::MODIFIED) && !traits.any(Traits::PUBLISHED) {
        return (Role::Modified, Witness::Time, 0, "<time> marked as updated");
    }
    if pubdate || traits.any(Traits::PUBLISHED) {
        return (Role::Published, Witness::Time, 8, "<time> marked as published");
    }
    if traits.any(Traits::EVENT) {
        return (Role::Event, Witness::Time, 0, "<time> of an event");
    }
    if traits.any(Traits::HEADER) && headline.is_some_and(|h| spot.at < h.at) {
        return (Role::Unknown, Witness::Time, 2, "<time> in the head of the page");
    }
    let near = headline.is_none_or(|headline| {
        let blocks = spot.block.abs_diff(headline.block);
        blocks <= if spot.at >= headline.at { 12 } else { 5 }
    });
    (Role::Unknown, Witness::Time, if near { 6 } else { 3 }, "<time>")
}
