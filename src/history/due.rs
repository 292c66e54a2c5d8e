//! When to look at a source again: soon where it fails, later the longer it has been steady.

use std::time::Duration;

use super::{Course, Standing};

/// Bounds within which a source is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Not before that, while it answers.
    pub least: Duration,
    /// No later than that, however steady it is.
    pub most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { least: Duration::from_hours(7 * 24), most: Duration::from_hours(90 * 24) }
    }
}

/// The time at which a source is to be looked at again; 0 if it never was.
///
/// A source that answers rests for half the time that it has been steady. One that fails is asked as
/// often as its death or recovery needs to be known as soon as it may, and less and less often where it
/// is only unreachable; one that is dead, after half the time that it has been so.
pub fn due(course: &Course, pace: Pace) -> i64 {
    let Some(last) = course.last() else { return 0 };
    let (least, most) = (seconds(pace.least), seconds(pace.most).max(seconds(pace.least)));
    let half_since = |from: Option<i64>| (last - from.unwrap_or(last)) / 2;
    let patience = course.patience();
    // The last of the failures that make a death comes no sooner than it may.
    let step = (seconds(patience.over) / i64::from(patience.failures.max(2) - 1)).clamp(3_600, most);
    let wait = match course.standing() {
        Some(Standing::Failing) if course.failures() == 0 => {
            half_since(course.failing_since()).clamp(step, most)
        }
        Some(Standing::Failing | Standing::Recovered) => step,
        Some(Standing::Dead) => half_since(course.gone_since()).clamp(least, most),
        Some(Standing::Alive) | None => half_since(course.steady_since()).clamp(least, most),
    };
    last.saturating_add(wait)
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::State;

    const DAY: i64 = 86_400;

    /// Days from the last check to the next.
    fn wait(checks: &[(i64, State)]) -> i64 {
        let mut course = Course::default();
        checks.iter().for_each(|(day, state)| course.see(day * DAY, *state, 0));
        (due(&course, Pace::default()) - course.last().unwrap_or_default()) / DAY
    }

    #[test]
    fn steady_sources_rest_longer_and_failing_ones_shorter() {
        let (ok, dead, slow) = (State::Ok, State::Dead, State::Unreachable);
        assert_eq!(due(&Course::default(), Pace::default()), 0);
        assert_eq!(wait(&[(0, ok)]), 7);
        assert_eq!(wait(&[(0, ok), (60, ok)]), 30);
        assert_eq!(wait(&[(0, ok), (600, ok)]), 90);
        assert_eq!(wait(&[(0, ok), (600, State::Moved)]), 7);
        assert_eq!(wait(&[(0, ok), (600, dead)]), 1);
        assert_eq!(wait(&[(0, ok), (600, slow)]), 1);
        assert_eq!(wait(&[(0, ok), (600, slow), (640, slow)]), 20);
        assert_eq!(wait(&[(0, ok), (1, dead), (3, dead), (5, dead)]), 7);
        assert_eq!(wait(&[(0, dead), (3, dead), (5, dead), (900, dead)]), 90);
        assert_eq!(wait(&[(0, State::Blocked)]), 7);
    }

    #[test]
    fn as_many_checks_as_a_death_needs_are_enough() {
        let mut course = Course::default();
        course.see(0, State::Ok, 0);
        course.see(10 * DAY, State::Dead, 0);
        for _ in 1..3 {
            course.see(due(&course, Pace::default()), State::Dead, 0);
        }
        assert_eq!(course.standing(), Some(Standing::Dead));
    }
}
