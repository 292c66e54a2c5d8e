//! One date of publication out of all claims: agreement of independent witnesses decides.

use super::{DateClaim, Role, Strength, Witness};
use crate::date::PartialDate;

/// Puts the claims in order, the strongest first, and drops what says the same twice.
pub(super) fn arrange(claims: &mut Vec<DateClaim>) {
    claims.sort_by_key(|claim| std::cmp::Reverse((claim.strength, claim.votes)));
    let mut kept: Vec<DateClaim> = Vec::with_capacity(claims.len());
    for claim in claims.drain(..) {
        let same = |k: &DateClaim| k.date == claim.date && k.role == claim.role && k.witness == claim.witness;
        if !kept.iter().any(same) {
            kept.push(claim);
        }
    }
    *claims = kept;
}

/// The best claim of publication: the day for which most witnesses vote. A date of change or of
/// something else is never one of publication.
pub fn published(claims: &[DateClaim]) -> Option<&DateClaim> {
    let may_be =
        |claim: &&DateClaim| matches!(claim.role, Role::Published | Role::Unknown) && claim.votes > 1;
    claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| may_be(claim))
        .max_by_key(|(at, claim)| {
            (votes(claims, claim.date), claim.date.day.is_some(), claim.strength, std::cmp::Reverse(*at))
        })
        .map(|(_, claim)| claim)
        .or_else(|| sole(claims))
}

/// The only day that a page names at all, wherever it stands.
fn sole(claims: &[DateClaim]) -> Option<&DateClaim> {
    let mut days = claims.iter().filter(|c| c.date.day.is_some() && c.role == Role::Unknown);
    let first = days.next()?;
    let alone = claims.iter().all(|c| c.role == Role::Event || c.date.agrees(&first.date));
    alone.then_some(first)
}

/// The votes for a date: of each kind of witness the most that one of its claims has. A month votes for
/// each of its days; a witness that says two things is worth less.
fn votes(claims: &[DateClaim], day: PartialDate) -> u32 {
    const KINDS: [Witness; 11] = [
        Witness::Url,
        Witness::PostId,
        Witness::Registry,
        Witness::JsonLd,
        Witness::Meta,
        Witness::Microdata,
        Witness::Time,
        Witness::Byline,
        Witness::Text,
        Witness::Script,
        Witness::Header,
    ];
    let counts = |claim: &&DateClaim| matches!(claim.role, Role::Published | Role::Unknown);
    let shown =
        claims.iter().any(|c| c.date == day && c.role == Role::Published && c.witness == Witness::Byline);
    let mut sum = 0;
    for kind in KINDS {
        let own = || claims.iter().filter(counts).filter(|c| c.witness == kind);
        let says = |claim: &&DateClaim| claim.date.contains(&day) || shown && zone_explains(claim, day);
        let Some(most) = own().filter(says).map(|c| u32::from(c.votes)).max() else { continue };
        let torn = most > 5 && own().any(|c| u32::from(c.votes) >= most && !says(&c));
        sum += if torn { most - 3 } else { most };
    }
    sum
}

/// Can the instant of a claim, stamped in UTC, be this day where the page was written? From Hawaii to
/// Japan.
fn zone_explains(claim: &DateClaim, day: PartialDate) -> bool {
    const WEST: i8 = -10;
    const EAST: i8 = 9;
    let Some(time) = claim.time.as_deref().filter(|t| t.ends_with('Z') || t.ends_with("+00:00")) else {
        return false;
    };
    let Ok(instant) = time.parse::<jiff::Timestamp>() else { return false };
    let day_at = |hours| PartialDate::from(jiff::tz::Offset::constant(hours).to_datetime(instant).date());
    day_at(WEST) == day || day_at(EAST) == day
}

/// The best claim of a last change.
pub fn modified(claims: &[DateClaim]) -> Option<&DateClaim> {
    claims
        .iter()
        .filter(|c| c.role == Role::Modified)
        .max_by_key(|c| (c.strength == Strength::Strong, c.date.day))
}
