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
/// A longer life is a new ticket's, with room for clocks that differ.
const NEW: Duration = Duration::from_mins(70);
/// A ticket that was repeated at half its life is read again with this much left: early enough for an upstream that
/// renews ahead, late enough for two readings a life.
const LAST_LOOK: Duration = Duration::from_secs(500);
/// How long after its end a repeated ticket is asked for again.
const AFTER_DEATH: Duration = Duration::from_secs(1);
/// The pause where an upstream hands out lives of no length.
const SHORTEST: Duration = Duration::from_secs(20);
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
const LONGEST_BACK_OFF: Duration = Duration::from_mins(5);
const MINUTE: Duration = Duration::from_mins(1);
/// How often a call that only a person can mend is probed in the first hour, when that person is probably at it, and
/// later, so that a whole day of it stays far below any quota.
const PROBE: Duration = Duration::from_mins(5);
const PROBES: u32 = 12;
const LATER_PROBE: Duration = Duration::from_mins(30);
/// The longest pause after tokens that were refused although they were new: each try costs up to four calls, and where
/// two systems take the token from each other, the one that asks less often harms less.
const LONGEST_TRUCE: Duration = Duration::from_hours(1);

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

/// When the ticket should be read again: a new one at half its life, whatever the upstream says about that life,
/// because it may overstate it. Where the upstream repeats a ticket until it dies, the readings get closer towards the
/// end, and the last is just after its death.
pub fn ticket_due(fetched_at: Millis, expires_at: Millis) -> Millis {
    let life = expires_at.since(fetched_at);
    let half = life / 2;
    let pause = if life > NEW { half } else { half.max(life.saturating_sub(LAST_LOOK)) };
    if pause >= LEAST_PAUSE {
        fetched_at.plus(pause)
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
        Reaction::CallPerson if failures < PROBES => PROBE,
        Reaction::CallPerson => LATER_PROBE,
    }
}

/// How long to leave WeChat alone after the `failures`-th new token in a row that was refused.
pub fn truce(failures: u32) -> Duration {
    PROBE.saturating_mul(1 << failures.min(10)).min(LONGEST_TRUCE)
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
        // Repeated: with 500 s left, then at half, and at last after its death.
        assert_eq!(ticket_due(Millis(HOUR), Millis(2 * HOUR)), Millis(2 * HOUR - 500_000));
        assert_eq!(ticket_due(Millis(0), Millis(500_000)), Millis(250_000));
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
    fn what_only_a_person_mends_is_probed_every_five_minutes_for_an_hour() {
        assert_eq!(pause(Reaction::CallPerson, 0, 0.0), Duration::from_mins(5));
        assert_eq!(pause(Reaction::CallPerson, 11, 0.0), Duration::from_mins(5));
        assert_eq!(pause(Reaction::CallPerson, 12, 0.0), Duration::from_mins(30));
        assert!(pause(Reaction::WaitMinute, 1, 0.0) >= Duration::from_mins(1));
    }

    #[test]
    fn two_systems_that_take_the_token_from_each_other_meet_less_and_less() {
        let pauses = [0, 1, 2, 3, 4, u32::MAX].map(|failures| truce(failures).as_secs() / 60);
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    }

    proptest! {
        #[test]
        fn a_pause_never_hammers_and_never_sleeps_long(failures: u32, chance in 0.0f64..1.0) {
            let pause = pause(Reaction::BackOff, failures, chance);
            prop_assert!(pause >= Duration::from_secs(1) && pause <= Duration::from_mins(5));
        }
    }
}
