//! How many connections may be open at once.
//!
//! Every connection is an open file, and a process may have only so many. When they run out, names
//! can no longer be looked up and connections fail in ways that look like the servers' fault: so the
//! run is made narrow enough that they do not.

use super::Policy;

/// Files that a run needs beside its connections: standard streams, the runtime, certificates,
/// archives, memory, documents.
const OTHERS: u64 = 64;

/// A question may take two: a look-up and a connection, or connections to two of a host's addresses.
const PER_QUESTION: u64 = 2;

/// The smallest limit that systems come with, where it cannot be asked.
const UNKNOWN: u64 = 256;

/// What a run may have open at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    /// Questions in flight.
    pub(super) width: usize,
    /// Connections that are kept for the next question.
    pub(super) kept: usize,
}

impl Budget {
    /// The system's limit is raised to what the policy needs, where the system allows it.
    pub(super) fn of(policy: &Policy) -> Self {
        let wanted = OTHERS + 8 * PER_QUESTION * policy.width as u64;
        Self::within(rlimit::increase_nofile_limit(wanted).unwrap_or(UNKNOWN), policy)
    }

    fn within(limit: u64, policy: &Policy) -> Self {
        let room = limit.saturating_sub(OTHERS).max(PER_QUESTION + 1);
        let kept = room / 4;
        let width = (room - kept) / PER_QUESTION;
        Self {
            width: usize::try_from(width).unwrap_or(usize::MAX).min(policy.width).max(1),
            kept: usize::try_from(kept).unwrap_or(usize::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_keeps_within_the_limit() {
        for width in [1, 32, 512, 5_000] {
            for per_host in [1, 10] {
                let policy = Policy { width, per_host, ..Policy::default() };
                for limit in [256, 1_024, 4_096, 65_536] {
                    let Budget { width, kept } = Budget::within(limit, &policy);
                    let open = width as u64 * PER_QUESTION + kept as u64 + OTHERS;
                    assert!(open <= limit && width >= 1, "{limit} {width} {kept}");
                }
            }
        }
        assert_eq!(Budget::within(1 << 20, &Policy::default()).width, Policy::default().width);
        assert_eq!(Budget::within(3, &Policy::default()).width, 1);
    }
}
