//! Work that all cores share.

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

/// `work` done for each number below `count`, in their order; `few` are done before a thread has begun.
pub(crate) fn map<R: Send>(count: usize, few: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    stretches(count, few, |numbers| numbers.map(&work).collect())
}

/// As [`map`], where `work` is done for a stretch of numbers and gives any number of results.
pub(crate) fn stretches<R: Send>(
    count: usize,
    few: usize,
    work: impl Fn(Range<usize>) -> Vec<R> + Sync,
) -> Vec<R> {
    let mut done: Vec<(usize, Vec<R>)> = Vec::new();
    let of_cores = shares(count, few, |done: &mut Vec<_>, numbers| done.push((numbers.start, work(numbers))));
    of_cores.into_iter().for_each(|of_core| done.extend(of_core));
    if done.len() == 1 {
        return done.pop().map(|(_, results)| results).unwrap_or_default();
    }
    done.sort_unstable_by_key(|(from, _)| *from);
    let mut all = Vec::with_capacity(done.iter().map(|(_, results)| results.len()).sum());
    done.into_iter().for_each(|(_, results)| all.extend(results));
    all
}

/// What each core makes of its share of the numbers below `count`, which comes to it in stretches.
pub(crate) fn shares<S: Default + Send>(
    count: usize,
    few: usize,
    work: impl Fn(&mut S, Range<usize>) + Sync,
) -> Vec<S> {
    /// Stretches for each core: some take longer than others.
    const SHARES: usize = 32;
    let cores = available_parallelism().map_or(1, usize::from);
    if cores == 1 || count <= few {
        let mut share = S::default();
        work(&mut share, 0..count);
        return vec![share];
    }
    let length = count.div_ceil(cores * SHARES);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut share = S::default();
        loop {
            let from = next.fetch_add(length, Ordering::Relaxed);
            if from >= count {
                return share;
            }
            work(&mut share, from..count.min(from + length));
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(worker)).collect();
        let mut shares = vec![worker()];
        shares.extend(
            others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))),
        );
        shares
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_numbers() {
        for count in [0, 1, 7, 16, 17, 1000] {
            let doubled: Vec<usize> = (0..count).map(|number| number * 2).collect();
            assert_eq!(map(count, 0, |number| number * 2), doubled);
            let twice: Vec<usize> = (0..count).flat_map(|number| [number; 2]).collect();
            assert_eq!(
                stretches(count, 0, |numbers| numbers.flat_map(|number| [number; 2]).collect()),
                twice
            );
            let sums = shares(count, 0, |sum: &mut usize, numbers| *sum += numbers.sum::<usize>());
            assert_eq!(sums.into_iter().sum::<usize>(), (0..count).sum::<usize>());
        }
    }
}
