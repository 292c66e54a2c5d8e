//! How long sources live: the estimator of Kaplan and Meier (1958) over lives of which most are not over.
//!
//! # When a source dies
//!
//! A life begins when the source was first seen alive; what was dead by then has none. It ends between
//! the last check at which the source was alive and the first that said it was gone: nobody saw when, so
//! the middle of the two is taken. Only a source that is [`Standing::Dead`] has died; one that fails, or
//! was blocked of late, was alive until it was last seen so, and is censored there. A source that came
//! back did not die.

use super::{Course, Standing};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Half of a distribution's 95 % in standard deviations.
const Z: f64 = 1.959_964;

/// One life, as far as it was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Life {
    /// Days from its beginning to its end, or to when it was last seen.
    pub days: f64,
    /// It is over.
    pub died: bool,
}

impl Life {
    /// The life that checks saw; `None` where the source was never alive.
    pub fn of(course: &Course) -> Option<Self> {
        let (born, last) = (course.first_alive()?, course.last_alive()?);
        let dead = course.gone_since().filter(|_| course.standing() == Some(Standing::Dead));
        let end = dead.map_or(last as f64, |gone| f64::midpoint(last as f64, gone as f64));
        Some(Life { days: (end - born as f64) / DAY, died: dead.is_some() })
    }
}

/// The share alive from one death to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Days since the beginning.
    pub days: f64,
    /// The share alive from then on, 0 to 1.
    pub alive: f64,
    /// Within these bounds with 95 % probability (Greenwood 1926, on the log–log scale).
    pub between: (f64, f64),
}

/// The survival of many lives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// One for each time of a death, in their order.
    pub steps: Vec<Step>,
    /// Lives.
    pub lives: usize,
    /// Of which are over.
    pub deaths: usize,
    /// Days lived by all together.
    pub lived: f64,
    /// The longest time that any was seen alive, in days.
    pub longest: f64,
}

impl Curve {
    /// The curve of lives in any order.
    pub fn of(mut lives: Vec<Life>) -> Self {
        lives.sort_by(|a, b| a.days.total_cmp(&b.days));
        let mut curve = Curve {
            lives: lives.len(),
            deaths: lives.iter().filter(|life| life.died).count(),
            lived: lives.iter().map(|life| life.days).sum(),
            longest: lives.last().map_or(0.0, |life| life.days),
            steps: Vec::new(),
        };
        let (mut alive, mut greenwood) = (1.0, 0.0);
        let mut left = lives.len();
        for same in lives.chunk_by(|a, b| a.days.total_cmp(&b.days).is_eq()) {
            let deaths = same.iter().filter(|life| life.died).count() as f64;
            let at_risk = left as f64;
            if deaths > 0.0 {
                alive *= 1.0 - deaths / at_risk;
                greenwood += deaths / (at_risk * (at_risk - deaths));
                let between = bounds(alive, greenwood);
                curve.steps.push(Step { days: same[0].days, alive, between });
            }
            left -= same.len();
        }
        curve
    }

    /// The share alive after so many days; `None` where nobody was seen for so long.
    pub fn alive_after(&self, days: f64) -> Option<f64> {
        (days <= self.longest).then(|| self.last_step(days).map_or(1.0, |step| step.alive))
    }

    fn last_step(&self, days: f64) -> Option<&Step> {
        self.steps[..self.steps.partition_point(|step| step.days <= days)].last()
    }

    /// Days after which half are dead, without any assumption; `None` where more than half were alive
    /// to the last.
    pub fn half_life(&self) -> Option<f64> {
        self.first_below(|step| step.alive)
    }

    /// The bounds of the half-life with 95 % probability (Brookmeyer and Crowley 1982).
    pub fn half_life_between(&self) -> (Option<f64>, Option<f64>) {
        (self.first_below(|step| step.between.0), self.first_below(|step| step.between.1))
    }

    /// Days after which half would be dead if the same share died every day: what can be said while
    /// most are alive. `None` without any death.
    pub fn half_life_if_constant(&self) -> Option<f64> {
        (self.deaths > 0).then(|| std::f64::consts::LN_2 * self.lived / self.deaths as f64)
    }

    fn first_below(&self, share: impl Fn(&Step) -> f64) -> Option<f64> {
        self.steps.iter().find(|step| share(step) <= 0.5).map(|step| step.days)
    }

    /// The curve in no more than so many points, each a time in days and the share alive from then on;
    /// it begins at the beginning and ends where the longest life was last seen.
    pub fn points(&self, most: usize) -> Vec<(f64, f64)> {
        let every = self.steps.len().div_ceil(most.saturating_sub(2).max(1)).max(1);
        let last = self.steps.len().saturating_sub(1);
        let steps = self.steps.iter().enumerate();
        let kept = steps.filter(|(at, _)| at.is_multiple_of(every) || *at == last);
        let mut points = vec![(0.0, 1.0)];
        points.extend(kept.map(|(_, step)| (step.days, step.alive)));
        points.push((self.longest, points.last().map_or(1.0, |(_, alive)| *alive)));
        points
    }
}

fn bounds(alive: f64, greenwood: f64) -> (f64, f64) {
    if alive <= 0.0 {
        return (0.0, 0.0);
    }
    let spread = Z * greenwood.sqrt() / alive.ln().abs();
    (alive.powf(spread.exp()), alive.powf((-spread).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The remission times of the 6-mercaptopurine group in Freireich et al. (1963), the example of most
    /// textbooks, in weeks; `+` marks the censored.
    const REMISSIONS: &str = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";

    #[test]
    fn the_textbook_example() {
        let life = |text: &str| Life {
            days: text.trim_end_matches('+').parse().unwrap(),
            died: !text.ends_with('+'),
        };
        let curve = Curve::of(REMISSIONS.split(' ').map(life).collect());
        let shares: Vec<String> = curve.steps.iter().map(|step| format!("{:.4}", step.alive)).collect();
        assert_eq!(shares, ["0.8571", "0.8067", "0.7529", "0.6902", "0.6275", "0.5378", "0.4482"]);
        assert_eq!(curve.half_life(), Some(23.0));
        let first = curve.steps[0];
        assert!((first.between.0 - 0.6197).abs() < 0.0005 && (first.between.1 - 0.9516).abs() < 0.0005);
        assert_eq!((curve.lives, curve.deaths, curve.lived), (21, 9, 359.0));
        assert_eq!((curve.alive_after(9.0), curve.alive_after(40.0)), (curve.alive_after(8.0), None));
        assert_eq!(curve.points(100).len(), 9);
        assert_eq!(curve.points(100).last(), Some(&(35.0, curve.steps[6].alive)));
    }

    #[test]
    fn nobody_dead_and_nobody_there() {
        let curve = Curve::of(vec![Life { days: 5.0, died: false }]);
        assert_eq!(
            (curve.half_life(), curve.half_life_if_constant(), curve.alive_after(5.0)),
            (None, None, Some(1.0))
        );
        assert_eq!(Curve::of(Vec::new()).points(9), [(0.0, 1.0), (0.0, 1.0)]);
    }
}
