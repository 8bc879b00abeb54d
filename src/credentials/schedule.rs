//! When a credential is due. Pure: time and chance are handed in.

use std::time::Duration;

use super::account::TokenPolicy;
use crate::clock::Millis;
use crate::wechat::error::Reaction;

/// The stable endpoint hands out a new token only in the last 300 s of the old one (wechat-facts §1.2), so asking
/// earlier changes nothing.
const STABLE_WINDOW: Duration = Duration::from_secs(270);
/// The classic endpoint replaces the token at once, and the old one stays usable for five minutes.
const CLASSIC_MARGIN: Duration = Duration::from_mins(10);
/// Spreads the calls of several processes.
const JITTER: Duration = Duration::from_secs(30);
/// The shortest pause between two readings of the same ticket, where the upstream repeats it until it dies.
const LEAST_PAUSE: Duration = Duration::from_secs(100);
/// How long after its end a repeated ticket is asked for again.
const AFTER_DEATH: Duration = Duration::from_secs(1);
/// The pause where an upstream hands out lives of no length.
const SHORTEST: Duration = Duration::from_secs(20);
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_mins(5);
const MINUTE: Duration = Duration::from_mins(1);
/// How often a call that only a person can mend is probed.
const PROBE: Duration = Duration::from_mins(5);

/// When the token should be fetched again. `chance` lies in 0..1.
pub fn token_due(policy: TokenPolicy, fetched_at: Millis, expires_at: Millis, chance: f64) -> Millis {
    let margin = match policy {
        TokenPolicy::Stable => STABLE_WINDOW,
        TokenPolicy::Classic => CLASSIC_MARGIN,
        // Asking earlier brings the same token; readers do not need it, only the next reading of a ticket does.
        TokenPolicy::Repeated => return expires_at.plus(AFTER_DEATH).max(fetched_at.plus(SHORTEST)),
    };
    let ahead = earlier(expires_at, margin.saturating_sub(JITTER / 2) + JITTER.mul_f64(chance.clamp(0.0, 1.0)));
    // A token whose whole life is shorter than the margin must not be fetched without a pause.
    ahead.max(fetched_at.plus(LEAST_PAUSE))
}

/// When the ticket should be read again: at half the life it had left when it was fetched, whatever the upstream
/// says about that life, because it may overstate it. Where the upstream repeats a ticket until it dies, the last
/// reading is just after its death.
pub fn ticket_due(fetched_at: Millis, expires_at: Millis) -> Millis {
    let half = expires_at.since(fetched_at) / 2;
    if half >= LEAST_PAUSE {
        fetched_at.plus(half)
    } else {
        expires_at.plus(AFTER_DEATH).max(fetched_at.plus(SHORTEST))
    }
}

/// How long to leave WeChat alone after the `failures`-th failure in a row. `chance` lies in 0..1 (full jitter, so
/// that a fleet does not return as one).
pub fn pause(reaction: Reaction, failures: u32, chance: f64) -> Duration {
    let ceiling = FIRST_BACK_OFF.saturating_mul(1 << failures.min(10)).min(LONGEST_BACK_OFF);
    match reaction {
        Reaction::RenewToken | Reaction::BackOff => FIRST_BACK_OFF.max(ceiling.mul_f64(chance.clamp(0.0, 1.0))),
        Reaction::WaitMinute => MINUTE + JITTER.mul_f64(chance.clamp(0.0, 1.0)),
        Reaction::CallPerson => PROBE,
    }
}

fn earlier(moment: Millis, by: Duration) -> Millis {
    Millis(moment.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_stable_token_is_asked_for_only_in_its_last_five_minutes() {
        for chance in [0.0, 0.5, 1.0] {
            let left = 2 * HOUR - token_due(TokenPolicy::Stable, Millis(0), Millis(2 * HOUR), chance).0;
            assert!((60_000..300_000).contains(&left), "{left}");
        }
    }

    #[test]
    fn a_ticket_is_read_again_at_half_its_life() {
        assert_eq!(ticket_due(Millis(0), Millis(2 * HOUR)), Millis(HOUR));
        assert_eq!(ticket_due(Millis(0), Millis(100_000)), Millis(101_000));
        assert_eq!(ticket_due(Millis(0), Millis(1_000)), Millis(20_000));
    }

    #[test]
    fn a_short_life_is_no_reason_to_hammer() {
        for policy in [TokenPolicy::Stable, TokenPolicy::Classic] {
            assert!(token_due(policy, Millis(0), Millis(1_000), 1.0) >= Millis(100_000));
        }
    }

    #[test]
    fn what_only_a_person_mends_is_probed_every_five_minutes() {
        assert_eq!(pause(Reaction::CallPerson, 1, 0.0), Duration::from_mins(5));
        assert!(pause(Reaction::WaitMinute, 1, 0.0) >= Duration::from_mins(1));
    }

    proptest! {
        #[test]
        fn a_pause_never_hammers_and_never_sleeps_long(failures: u32, chance in 0.0f64..1.0) {
            let pause = pause(Reaction::BackOff, failures, chance);
            prop_assert!(pause >= Duration::from_secs(1) && pause <= Duration::from_mins(5));
        }
    }
}
