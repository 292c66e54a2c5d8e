//! Is the cited date the source's date?
//!
//! The question is not which date is best, but whether the cited one is among the dates that the
//! source gives as those of its publication, and if not, how strong what stands against it is.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::citation::Citation;
use crate::date::PartialDate;
use crate::page::{self, DateClaim, Role, Strength, Witness};
use crate::source::Visit;

/// Is the cited date the source's date? The verdicts of the JSON report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateVerdict {
    /// A publication date of the source is the cited one.
    Match,
    /// A day apart and explained, or only a modified date agrees.
    Near,
    /// Another date on strong evidence.
    Mismatch,
    /// Another date, but only on weak evidence.
    Doubtful,
    /// The source was read and shows no date that can be trusted.
    Undated,
    /// The citation gives no date.
    Uncited,
    /// The source could not be read.
    Unchecked,
}

impl DateVerdict {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            DateVerdict::Match => "match",
            DateVerdict::Near => "near",
            DateVerdict::Mismatch => "mismatch",
            DateVerdict::Doubtful => "doubtful",
            DateVerdict::Undated => "undated",
            DateVerdict::Uncited => "uncited",
            DateVerdict::Unchecked => "unchecked",
        }
    }
}

/// A verdict and what it rests on.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The verdict.
    pub verdict: DateVerdict,
    /// The claim that decided it.
    pub claim: Option<DateClaim>,
    /// How the claim agrees though it is not the same day: a time zone, a change.
    pub because: Option<String>,
    /// The evidence cannot well be wrong: two independent strong claims agree, or a post's id.
    pub sure: bool,
}

impl Judgement {
    fn of(verdict: DateVerdict) -> Self {
        Judgement { verdict, claim: None, because: None, sure: false }
    }
}

/// Every date claim about a source: the page's, where the page asked for was read, those of a registry
/// or network that knows it, and those that its addresses carry.
pub fn claims(visit: &Visit) -> Vec<DateClaim> {
    let mut claims: Vec<DateClaim> = Vec::new();
    if visit.is_read() {
        claims.extend(visit.page.iter().flat_map(|page| page.dates.iter().cloned()));
    }
    if visit.is_read()
        && let Some(field) = visit.headers.get("last-modified")
    {
        claims.extend(page::header_date(field, visit.page.is_some()));
    }
    claims.extend(visit.record.iter().flat_map(|record| record.dates.iter().cloned()));
    let resolved = visit.final_url.as_deref().filter(|last| visit.is_read() && *last != visit.url);
    for url in [Some(visit.url.as_str()), resolved].into_iter().flatten() {
        for claim in Url::parse(url).iter().flat_map(page::url_dates) {
            if !claims.iter().any(|known| known.evidence == claim.evidence && known.date == claim.date) {
                claims.push(claim);
            }
        }
    }
    claims
}

/// Judges the date of one citation against its sources. Of several addresses the best agreement
/// counts: an archived copy beside the original confirms as well as the original.
pub fn judge(citation: &Citation, visits: &[&Visit]) -> Judgement {
    let Some(cited) = citation.date else { return Judgement::of(DateVerdict::Uncited) };
    let end = citation.date_end.unwrap_or(cited);
    visits
        .iter()
        .map(|visit| judge_one(cited, end, visit))
        .min_by_key(|judgement| rank(judgement.verdict))
        .unwrap_or(Judgement::of(DateVerdict::Unchecked))
}

fn rank(verdict: DateVerdict) -> u8 {
    match verdict {
        DateVerdict::Match => 0,
        DateVerdict::Near => 1,
        DateVerdict::Mismatch => 2,
        DateVerdict::Doubtful => 3,
        DateVerdict::Undated => 4,
        DateVerdict::Uncited => 5,
        DateVerdict::Unchecked => 6,
    }
}

fn judge_one(cited: PartialDate, end: PartialDate, visit: &Visit) -> Judgement {
    let judgement = judge_claims(cited, end, &claims(visit));
    match judgement.verdict {
        DateVerdict::Undated if !visit.is_read() => Judgement::of(DateVerdict::Unchecked),
        _ => judgement,
    }
}

/// Judges a cited date or range (`end` is its last day, or the date itself) by the claims about a source
/// that was read.
pub fn judge_claims(cited: PartialDate, end: PartialDate, claims: &[DateClaim]) -> Judgement {
    let decided = |verdict, claim: &DateClaim, because: Option<&str>| Judgement {
        verdict,
        claim: Some(claim.clone()),
        because: because.map(str::to_owned),
        sure: false,
    };
    let published = || claims.iter().filter(|c| c.role == Role::Published);
    let strong = || published().filter(|c| c.strength >= Strength::Strong);
    let cites = |claim: &&DateClaim| covers(cited, end, claim.date);

    if let Some(claim) = published().find(cites) {
        return decided(DateVerdict::Match, claim, None);
    }
    if let Some(claim) = published().find(|c| utc_day(c).is_some_and(|day| covers(cited, end, day))) {
        return decided(DateVerdict::Match, claim, Some("the same instant in UTC"));
    }
    if let Some((claim, why)) = published().find_map(|c| Some((c, one_day_apart(cited, end, c)?))) {
        return decided(DateVerdict::Near, claim, Some(why));
    }
    // What the page is best dated by is no less its date where it was changed on that day too.
    if let Some(claim) = page::published(claims).filter(cites) {
        return decided(DateVerdict::Match, claim, Some("it stands on the page"));
    }
    if let Some(claim) = claims.iter().find(|c| c.role == Role::Modified && cites(c)) {
        return decided(DateVerdict::Near, claim, Some("the cited date is that of the last change"));
    }
    // The source is less precise than the citation, and does not contradict it.
    if let Some(claim) = published().find(|c| c.date.contains(&cited))
        && !strong().any(|c| !c.date.agrees(&cited))
    {
        return decided(DateVerdict::Near, claim, Some("the source gives no more than this"));
    }
    // Some date of the page, and nothing better says otherwise.
    let elsewhere = claims.iter().find(|c| c.role == Role::Unknown && cites(c));
    let firm = agreed(claims);
    if let Some(claim) = elsewhere.filter(|claim| firm.is_none() || claim.witness != Witness::Text) {
        let place =
            if claim.witness == Witness::Header { "the server says so" } else { "it stands on the page" };
        return decided(DateVerdict::Match, claim, Some(place));
    }
    // An event, a deadline or the day of printing may be what the citation means.
    let anywhere = claims.iter().any(|c| cites(&c));
    if let Some(claim) = firm.filter(|_| !anywhere) {
        return Judgement { sure: true, ..decided(DateVerdict::Mismatch, claim, None) };
    }
    if let Some(claim) = strong().next() {
        let verdict = if anywhere { DateVerdict::Doubtful } else { DateVerdict::Mismatch };
        return decided(verdict, claim, None);
    }
    match page::published(claims) {
        Some(claim) => decided(DateVerdict::Doubtful, claim, None),
        None => Judgement::of(DateVerdict::Undated),
    }
}

/// The date of publication that cannot well be wrong: a post's id says so, or two independent strong
/// witnesses agree and no other of them gives another date.
fn agreed(claims: &[DateClaim]) -> Option<&DateClaim> {
    let strong = || {
        claims
            .iter()
            .filter(|c| c.role == Role::Published && c.strength >= Strength::Strong && c.date.day.is_some())
    };
    let first = strong().next()?;
    if first.strength == Strength::Certain {
        return Some(first);
    }
    let unanimous = strong().all(|c| c.date == first.date);
    let witnessed = strong().any(|c| c.witness != first.witness);
    // The page itself shows its reader another date.
    let shown = || claims.iter().filter(|c| c.role == Role::Published && c.witness == Witness::Byline);
    let denied = shown().any(|c| c.votes > 6) && !shown().any(|c| c.date == first.date);
    (unanimous && witnessed && !denied).then_some(first)
}

/// Does the cited date or range, at its own precision, cover this one?
fn covers(cited: PartialDate, end: PartialDate, date: PartialDate) -> bool {
    cited.contains(&date) || end.contains(&date) || date.day.is_some() && cited < date && date < end
}

/// The day in UTC of a claim that has a whole time stamp.
fn utc_day(claim: &DateClaim) -> Option<PartialDate> {
    let instant: Timestamp = claim.time.as_deref()?.parse().ok()?;
    Some(day_at(instant, 0))
}

fn day_at(instant: Timestamp, hours: i8) -> PartialDate {
    jiff::tz::Offset::constant(hours).to_datetime(instant).date().into()
}

/// Why the claim may be the cited day though it is the day before or after.
fn one_day_apart(cited: PartialDate, end: PartialDate, claim: &DateClaim) -> Option<&'static str> {
    let apart = |date: &PartialDate| date.days_until(&claim.date).is_some_and(|days| days.abs() == 1);
    if !(apart(&cited) || apart(&end)) {
        return None;
    }
    // An address bears the day of the site, which puts online in the evening what is printed the
    // next day.
    if claim.witness == Witness::Url {
        return Some("a day apart, as the days of printing and of going online often are");
    }
    let time = claim.time.as_deref()?;
    let instant: Timestamp = time.parse().ok()?;
    // Servers that stamp in UTC hide the zone in which the page was dated: anywhere from Hawaii to
    // Japan. A stamp with its own offset can only have slipped past midnight.
    let utc = time.ends_with('Z') || time.ends_with("+00:00");
    let hours = if utc { -10..=9 } else { -6..=6 };
    let base = if utc { 0 } else { time.get(time.len() - 6..time.len() - 3)?.parse::<i8>().ok()? };
    hours
        .filter_map(|h: i8| base.checked_add(h).filter(|h| (-24..=24).contains(h)))
        .any(|h| covers(cited, end, day_at(instant, h)))
        .then_some("a day apart, as a time zone or a change past midnight explains")
}
