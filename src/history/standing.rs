//! Is a source alive? One bad answer is no death: most are gone again the next day.

use std::time::Duration;

use serde::Serialize;

use crate::source::State;

/// What all checks of a source come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It answered when it was last read.
    Alive,
    /// It answers again after it was dead, and has not yet done so for as long as a death takes.
    Recovered,
    /// It fails, but too seldom or for too short a time to be called dead.
    Failing,
    /// It was said to be gone often enough, for long enough.
    Dead,
}

impl Standing {
    /// Every standing, the best first.
    pub const ALL: [Standing; 4] = [Standing::Alive, Standing::Recovered, Standing::Failing, Standing::Dead];

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Alive => "alive",
            Standing::Recovered => "recovered",
            Standing::Failing => "failing",
            Standing::Dead => "dead",
        }
    }
}

/// When a source counts as dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// So many checks in a row said that it is gone …
    pub failures: u32,
    /// … and from the first of them to the last it is so long.
    pub over: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { failures: 3, over: Duration::from_hours(72) }
    }
}

impl Patience {
    fn is_over(self, count: u32, from: i64, to: i64) -> bool {
        let over = i64::try_from(self.over.as_secs()).unwrap_or(i64::MAX);
        count >= self.failures && to.saturating_sub(from) >= over
    }
}

/// The checks of one source, one after the other, as far as its standing depends on them.
///
/// Only `dead` and `soft-404` say that a source is gone. `unreachable` makes it fail, but never die;
/// `blocked` and what is never asked say nothing at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Course {
    patience: Patience,
    checks: u32,
    first: Option<i64>,
    last: Option<i64>,
    first_alive: Option<i64>,
    last_alive: Option<i64>,
    failing_since: Option<i64>,
    /// Said to be gone, since it last answered: how often, when first and when last.
    gone: Option<(u32, i64, i64)>,
    /// It was dead, and since then answered so often, first at that time.
    back: Option<(u32, i64)>,
    /// Since when every check saw the same.
    steady_since: Option<i64>,
    seen: Option<(State, u64)>,
}

impl Course {
    /// No check yet.
    pub fn new(patience: Patience) -> Self {
        Course { patience, ..Course::default() }
    }

    /// The next check; they come in the order of their times. `mark` stands for all else that was seen:
    /// where it differs, the source has changed.
    pub fn see(&mut self, at: i64, state: State, mark: u64) {
        self.checks += 1;
        self.first = self.first.or(Some(at));
        self.last = Some(at);
        if self.seen.replace((state, mark)) != Some((state, mark)) {
            self.steady_since = Some(at);
        }
        match state {
            State::Ok | State::Moved => {
                let was_dead = self.standing() == Some(Standing::Dead);
                self.back = match self.back {
                    _ if was_dead => Some((1, at)),
                    Some((times, from)) if self.patience.is_over(times + 1, from, at) => None,
                    Some((times, from)) => Some((times + 1, from)),
                    None => None,
                };
                self.first_alive = self.first_alive.or(Some(at));
                self.last_alive = Some(at);
                self.failing_since = None;
                self.gone = None;
            }
            State::Dead | State::Soft404 => {
                self.failing_since = self.failing_since.or(Some(at));
                let (times, first) = self.gone.map_or((0, at), |(times, first, _)| (times, first));
                self.gone = Some((times + 1, first, at));
            }
            State::Unreachable => self.failing_since = self.failing_since.or(Some(at)),
            State::Blocked | State::Unsafe | State::Invalid | State::Skipped => {}
        }
    }

    /// `None` where nothing is known of it.
    pub fn standing(&self) -> Option<Standing> {
        let dead = self.gone.is_some_and(|(times, first, last)| self.patience.is_over(times, first, last));
        if dead {
            Some(Standing::Dead)
        } else if self.failing_since.is_some() {
            Some(Standing::Failing)
        } else if self.back.is_some() {
            Some(Standing::Recovered)
        } else {
            self.last_alive.map(|_| Standing::Alive)
        }
    }

    /// How many checks there were.
    pub fn checks(&self) -> u32 {
        self.checks
    }

    /// When it was first looked at.
    pub fn first(&self) -> Option<i64> {
        self.first
    }

    /// When it was last looked at.
    pub fn last(&self) -> Option<i64> {
        self.last
    }

    /// When it first answered.
    pub fn first_alive(&self) -> Option<i64> {
        self.first_alive
    }

    /// When it last answered.
    pub fn last_alive(&self) -> Option<i64> {
        self.last_alive
    }

    /// When it first failed since it last answered.
    pub fn failing_since(&self) -> Option<i64> {
        self.failing_since
    }

    /// When it was first said to be gone since it last answered.
    pub fn gone_since(&self) -> Option<i64> {
        self.gone.map(|(_, first, _)| first)
    }

    /// How often it was said to be gone since it last answered.
    pub fn failures(&self) -> u32 {
        self.gone.map_or(0, |(times, ..)| times)
    }

    /// Since when every check saw the same.
    pub fn steady_since(&self) -> Option<i64> {
        self.steady_since
    }

    /// When it counts as dead.
    pub fn patience(&self) -> Patience {
        self.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    /// Checks on the days given: `o` answers, `x` gone, `u` unreachable, `b` blocked.
    fn course(checks: &str, days: &[i64]) -> Course {
        assert_eq!(checks.len(), days.len());
        let mut course = Course::default();
        for (check, day) in checks.chars().zip(days) {
            let state = match check {
                'o' => State::Ok,
                'x' => State::Dead,
                'u' => State::Unreachable,
                _ => State::Blocked,
            };
            course.see(day * DAY, state, 0);
        }
        course
    }

    #[track_caller]
    fn is(checks: &str, days: &[i64], standing: Option<Standing>) {
        assert_eq!(course(checks, days).standing(), standing, "{checks} {days:?}");
    }

    #[test]
    fn it_takes_several_failures_over_several_days_to_die() {
        is("oxx", &[0, 1, 9], Some(Standing::Failing));
        is("oxxx", &[0, 1, 2, 3], Some(Standing::Failing));
        is("oxxx", &[0, 1, 2, 4], Some(Standing::Dead));
        is("xxx", &[0, 1, 3], Some(Standing::Dead));
        is("oxxo", &[0, 1, 2, 9], Some(Standing::Alive));
        // An answer in between begins the count again.
        is("oxxoxx", &[0, 1, 2, 9, 10, 20], Some(Standing::Failing));
    }

    #[test]
    fn what_is_blocked_or_unreachable_never_dies() {
        is("ouuuuuu", &[0, 10, 20, 30, 40, 50, 60], Some(Standing::Failing));
        is("obbbb", &[0, 10, 20, 30, 40], Some(Standing::Alive));
        is("bbbb", &[10, 20, 30, 40], None);
        is("", &[], None);
        // It neither counts nor begins the count again.
        is("oxuxub", &[0, 1, 2, 3, 8, 9], Some(Standing::Failing));
        is("oxuxubx", &[0, 1, 2, 3, 8, 9, 10], Some(Standing::Dead));
    }

    #[test]
    fn who_comes_back_is_recovered_for_a_while() {
        is("oxxxo", &[0, 1, 2, 9, 10], Some(Standing::Recovered));
        is("oxxxooo", &[0, 1, 2, 9, 10, 11, 12], Some(Standing::Recovered));
        is("oxxxooo", &[0, 1, 2, 9, 10, 11, 13], Some(Standing::Alive));
        is("oxxxox", &[0, 1, 2, 9, 10, 11], Some(Standing::Failing));
    }

    #[test]
    fn times_are_kept() {
        let course = course("ooxux", &[1, 2, 3, 4, 5]);
        assert_eq!((course.first(), course.last(), course.checks()), (Some(DAY), Some(5 * DAY), 5));
        assert_eq!((course.first_alive(), course.last_alive()), (Some(DAY), Some(2 * DAY)));
        assert_eq!((course.failing_since(), course.failures()), (Some(3 * DAY), 2));
    }
}
