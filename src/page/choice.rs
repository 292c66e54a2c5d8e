//! One date of publication out of all claims: agreement of independent witnesses decides.

use std::collections::{HashMap, HashSet};

use super::{DateClaim, Role, Strength, Witness};
use crate::date::PartialDate;

/// Puts the claims in order, the strongest first, and drops what says the same twice.
pub(super) fn arrange(claims: &mut Vec<DateClaim>) {
    claims.sort_by_key(|claim| std::cmp::Reverse((claim.strength, claim.votes)));
    let mut seen = HashSet::with_capacity(claims.len());
    claims.retain(|claim| seen.insert((claim.date, claim.role, claim.witness)));
}

/// The best claim of publication: the day for which most witnesses vote. A date of change or of
/// something else is never one of publication.
pub fn published(claims: &[DateClaim]) -> Option<&DateClaim> {
    let may_be =
        |claim: &&DateClaim| matches!(claim.role, Role::Published | Role::Unknown) && claim.votes > 1;
    let mut known: HashMap<PartialDate, u32> = HashMap::new();
    claims
        .iter()
        .enumerate()
        .filter(|(_, claim)| may_be(claim))
        .max_by_key(|(at, claim)| {
            let votes = *known.entry(claim.date).or_insert_with(|| votes(claims, claim.date));
            (votes, claim.date.day.is_some(), claim.strength, std::cmp::Reverse(*at))
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
    let shown =
        claims.iter().any(|c| c.date == day && c.role == Role::Published && c.witness == Witness::Byline);
    let says = |claim: &DateClaim| claim.date.contains(&day) || shown && zone_explains(claim, day);
    // Of each kind, the most votes for the day and the most for another.
    let mut most = [(0_u32, 0_u32); Witness::COUNT];
    for claim in claims.iter().filter(|c| matches!(c.role, Role::Published | Role::Unknown)) {
        let (own, other) = &mut most[claim.witness as usize];
        let best = if says(claim) { own } else { other };
        *best = u32::from(claim.votes).max(*best);
    }
    let sum =
        most.iter().map(|(own, other)| if *own > 5 && other >= own { own - 3 } else { *own }).sum::<u32>();
    if is_of_change(claims, day) { sum / CHANGED } else { sum }
}

/// So many times less counts a day of publication that is that of the last change.
const CHANGED: u32 = 3;

/// Does one witness call a day both that of publication and that of the last change, where another is sure of
/// an earlier day of publication? Then it stamps anew what was published before.
fn is_of_change(claims: &[DateClaim], day: PartialDate) -> bool {
    let of_day: Vec<(Role, Witness)> =
        claims.iter().filter(|c| c.date == day).map(|c| (c.role, c.witness)).collect();
    let says = |role: Role, witness: Witness| of_day.contains(&(role, witness));
    let sure = |claim: &&DateClaim| claim.role == Role::Published && claim.strength == Strength::Strong;
    let earlier = |claim: &DateClaim| claim.date.days_until(&day).is_some_and(|days| days > 1);
    let stamps = |c: &DateClaim| c.date == day && says(Role::Modified, c.witness);
    claims.iter().filter(sure).any(stamps)
        && claims.iter().filter(sure).any(|c| earlier(c) && !says(Role::Published, c.witness))
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
