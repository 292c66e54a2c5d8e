//! Again, and when?

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::Policy;
use super::fault::{Fault, Hope};
use super::web::Answer;
use crate::page::{Nature, Page};

/// What to do after a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// This is the last word.
    Take,
    /// This question is asked again after a while; the host may be asked others.
    Wait(Duration),
    /// It is asked again after a while, and the host is not asked anything before.
    Rest(Duration),
    /// It is asked again when everything else is done.
    Late,
}

/// After an answer. `tries` were made so far.
pub(super) fn after_answer(answer: &Answer, page: Option<&Page>, tries: u32, policy: &Policy) -> Next {
    // A bot wall will not change its mind, whatever status it uses.
    let challenged = page.is_some_and(|page| matches!(page.nature, Nature::Challenge(_)));
    if tries > policy.retries || challenged || !is_passing(answer) {
        return Next::Take;
    }
    match retry_after(&answer.headers) {
        Some(wait) if wait > policy.max_wait => Next::Take,
        Some(wait) => Next::Rest(wait.max(Duration::from_millis(1))),
        None if matches!(answer.status, 429 | 503) => Next::Rest(back_off(tries, policy)),
        None => Next::Wait(back_off(tries, policy)),
    }
}

/// What is next at an archive that was asked too often and does not say when to come back.
pub(super) fn at_a_pace(next: Next, answer: &Answer, paced: bool, policy: &Policy) -> Next {
    match next {
        Next::Rest(wait) if paced && answer.status == 429 && retry_after(&answer.headers).is_none() => {
            Next::Rest(wait.max(policy.archives.rest))
        }
        next => next,
    }
}

/// As [`after_answer`], where no answer came.
pub(super) fn after_fault(fault: &Fault, tries: u32, policy: &Policy) -> Next {
    match fault.hope() {
        Hope::None => Next::Take,
        Hope::Late if tries <= policy.retries.min(1) => Next::Late,
        Hope::Soon if tries <= policy.retries && fault.is_of_host() => Next::Rest(back_off(tries, policy)),
        Hope::Soon if tries <= policy.retries => Next::Wait(back_off(tries, policy)),
        Hope::Late | Hope::Soon => Next::Take,
    }
}

/// How long a host asks everybody to stay away.
pub(super) fn told_to_wait(answer: &Answer) -> Option<Duration> {
    is_passing(answer).then(|| retry_after(&answer.headers))?
}

/// Statuses that speak of this moment and not of the page: RFC 9110 (408, 5xx), RFC 6585 (429),
/// RFC 8470 (425); 520 to 527 and 530 are Cloudflare's "the origin did not answer". 501 and 505 are
/// about the server for good, and the status of an archived copy about the day on which it was made.
fn is_passing(answer: &Answer) -> bool {
    !answer.is_copy()
        && matches!(answer.status, 408 | 425 | 429 | 500 | 502..=504 | 507 | 509 | 520..=530 | 598 | 599)
}

/// `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|field| field.to_str().ok());
    let field = text(RETRY_AFTER)?.trim();
    if !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than there are numbers for are many.
        return Some(Duration::from_secs(field.parse().unwrap_or(u64::MAX)));
    }
    let until = http_date(field)?;
    // The server's own clock, where it tells it: the two need not agree.
    let now = text(DATE).and_then(http_date).unwrap_or_else(now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// By this machine's clock.
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::try_from(SystemTime::now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn http_date(field: &str) -> Option<jiff::Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(field).ok()
}

/// Doubling with each try, less up to a half of it by chance, so that many waiting for one server do
/// not come back as one.
fn back_off(tries: u32, policy: &Policy) -> Duration {
    let whole = policy.backoff.saturating_mul(1 << (tries.clamp(1, 16) - 1)).min(policy.max_wait);
    let chance = f64::from(RandomState::new().hash_one(tries) as u32) / f64::from(u32::MAX);
    whole.mul_f64(1.0 - chance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, fields: &[(&'static str, &'static str)]) -> Answer {
        let headers = fields.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        Answer { status, headers, ..Answer::default() }
    }

    /// Seconds that the host is left alone.
    fn wait(status: u16, fields: &[(&'static str, &'static str)], tries: u32) -> Option<u64> {
        match after_answer(&answer(status, fields), None, tries, &Policy::default()) {
            Next::Rest(wait) => Some(wait.as_secs()),
            Next::Take => None,
            next => panic!("{next:?}"),
        }
    }

    #[test]
    fn the_servers_word_comes_first() {
        assert_eq!(wait(429, &[("retry-after", "7")], 1), Some(7));
        assert_eq!(wait(503, &[("retry-after", "61")], 1), None);
        assert_eq!(wait(429, &[("retry-after", "99999999999999999999999")], 1), None);
        for nonsense in ["", "-5", "1e9", "soon", "Fri, 31 Dec 99999 23:59:59 GMT"] {
            assert!(wait(429, &[("retry-after", nonsense)], 1).is_some_and(|wait| wait <= 1), "{nonsense}");
        }
        assert_eq!(wait(429, &[("memento-datetime", "Fri, 14 Feb 2025 10:00:00 GMT")], 1), None);
        let date = "Fri, 14 Feb 2025 10:00:00 GMT";
        assert_eq!(
            wait(429, &[("retry-after", "Fri, 14 Feb 2025 10:00:30 GMT"), ("date", date)], 1),
            Some(30)
        );
        assert_eq!(
            wait(429, &[("retry-after", "Fri, 14 Feb 2025 09:00:00 GMT"), ("date", date)], 1),
            Some(0)
        );
    }

    #[test]
    fn otherwise_it_doubles_with_chance() {
        let policy = Policy::default();
        for (tries, least, most) in [(1, 500, 1000), (2, 1000, 2000)] {
            let next = after_answer(&answer(500, &[]), None, tries, &policy);
            let Next::Wait(wait) = next else { panic!("{next:?}") };
            assert!((least..=most).contains(&wait.as_millis()), "{wait:?}");
        }
        assert_eq!(wait(503, &[], 3), None);
    }

    #[test]
    fn what_is_final_is_not_asked_again() {
        for status in [200, 301, 400, 401, 403, 404, 410, 451, 501, 999] {
            assert_eq!(wait(status, &[], 1), None, "{status}");
        }
        let page = Page { nature: Nature::Challenge("Just a moment...".into()), ..Page::default() };
        assert_eq!(after_answer(&answer(503, &[]), Some(&page), 1, &Policy::default()), Next::Take);
    }

    #[test]
    fn time_outs_are_tried_twice_at_most() {
        let policy = Policy { retries: 5, ..Policy::default() };
        assert_eq!(after_fault(&Fault::TimedOut, 1, &policy), Next::Late);
        assert_eq!(after_fault(&Fault::TimedOut, 2, &policy), Next::Take);
        assert!(matches!(after_fault(&Fault::CutOff, 5, &policy), Next::Wait(_)));
        assert!(matches!(after_fault(&Fault::ConnectionRefused, 5, &policy), Next::Rest(_)));
        assert_eq!(after_fault(&Fault::NoSuchHost, 1, &policy), Next::Take);
    }
}
