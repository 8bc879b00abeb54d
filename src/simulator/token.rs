//! The rules by which an official account's two kinds of token live (wechat-facts §1.1, §1.2).

use super::ledger::{Issued, Ledger, Standing, random_text};

/// How long the previous token stays usable beside a new one.
const OVERLAP: i64 = 300;
/// A forced renewal within this time of the last one changes nothing.
const FORCE_SPACING: i64 = 30;
/// Forced renewals per day.
const FORCES_PER_DAY: u32 = 20;

/// A value as the API hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Handed {
    pub(crate) value: String,
    pub(crate) expires_in: i64,
}

impl Handed {
    pub(crate) fn of(issued: &Issued, now: i64) -> Self {
        Self { value: issued.value.clone(), expires_in: issued.expires_at.saturating_sub(now) }
    }
}

/// `cgi-bin/token`: every call replaces the token; the one before it works for five more minutes.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClassicToken {
    ledger: Ledger,
}

impl ClassicToken {
    pub(crate) fn fetch(&mut self, now: i64, life: i64) -> Handed {
        self.ledger.end_current(now.saturating_add(OVERLAP), now);
        Handed::of(&self.ledger.issue(official_token(), now, life), now)
    }

    pub(crate) fn revoke(&mut self, now: i64) {
        self.ledger.end_all(now);
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// `cgi-bin/stable_token`: one token for all callers, renewed by WeChat in its last five minutes.
#[derive(Clone, Debug, Default)]
pub(crate) struct StableToken {
    ledger: Ledger,
    last_force: Option<i64>,
    forced_on: i64,
    forced: u32,
}

impl StableToken {
    pub(crate) fn fetch(&mut self, now: i64, life: i64) -> Handed {
        match self.ledger.current(now) {
            Some(current) if current.expires_at.saturating_sub(now) > OVERLAP => Handed::of(current, now),
            // The old one lives on for the rest of its life, which is at most the overlap.
            _ => Handed::of(&self.ledger.issue(official_token(), now, life), now),
        }
    }

    /// `force_refresh`: nothing handed out before is accepted any more. None: the day's forces are used up.
    pub(crate) fn force(&mut self, now: i64, life: i64) -> Option<Handed> {
        let too_soon = self.last_force.is_some_and(|last| now.saturating_sub(last) < FORCE_SPACING);
        if too_soon {
            return Some(self.fetch(now, life));
        }
        let today = super::limit::beijing_day(now);
        if self.forced_on != today {
            self.forced_on = today;
            self.forced = 0;
        }
        if self.forced >= FORCES_PER_DAY {
            return None;
        }
        self.forced = self.forced.saturating_add(1);
        self.last_force = Some(now);
        self.ledger.end_all(now);
        Some(self.fetch(now, life))
    }

    pub(crate) fn revoke(&mut self, now: i64) {
        self.ledger.end_all(now);
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// How a presented token stands with both kinds: usable with either is usable.
pub(crate) fn standing(classic: &ClassicToken, stable: &StableToken, token: &str, now: i64) -> Standing {
    match classic.ledger.standing(token, now) {
        Standing::Unknown => stable.ledger.standing(token, now),
        known => known,
    }
}

/// Real ones look like `60_XYE_lRa…`: a number, an underscore, about 150 characters.
fn official_token() -> String {
    format!("86_{}", random_text(150))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: i64 = 7200;

    #[test]
    fn a_classic_call_replaces_the_token_and_the_old_one_works_five_more_minutes() {
        let mut token = ClassicToken::default();
        let first = token.fetch(1000, LIFE);
        let second = token.fetch(2000, LIFE);
        assert_ne!(first.value, second.value);
        assert_eq!(token.ledger.standing(&first.value, 2299), Standing::Usable);
        assert_eq!(token.ledger.standing(&first.value, 2300), Standing::Dead);
        assert_eq!(token.ledger.standing(&second.value, 2300), Standing::Usable);
    }

    #[test]
    fn a_third_classic_token_ends_the_first_at_once() {
        let mut token = ClassicToken::default();
        let first = token.fetch(1000, LIFE);
        let second = token.fetch(1010, LIFE);
        token.fetch(1020, LIFE);
        assert_eq!(token.ledger.standing(&first.value, 1020), Standing::Dead);
        assert_eq!(token.ledger.standing(&second.value, 1020), Standing::Usable);
    }

    #[test]
    fn a_stable_call_repeats_the_token_until_its_last_five_minutes() {
        let mut token = StableToken::default();
        let first = token.fetch(0, LIFE);
        assert_eq!(token.fetch(6899, LIFE), Handed { value: first.value.clone(), expires_in: 301 });
        let renewed = token.fetch(6900, LIFE);
        assert_ne!(renewed.value, first.value);
        assert_eq!(renewed.expires_in, LIFE);
        assert_eq!(token.ledger.standing(&first.value, 7199), Standing::Usable);
        assert_eq!(token.ledger.standing(&first.value, 7200), Standing::Expired);
    }

    #[test]
    fn a_forced_renewal_ends_the_old_token_at_once_but_not_twice_in_thirty_seconds() {
        let mut token = StableToken::default();
        let first = token.fetch(0, LIFE);
        let forced = token.force(100, LIFE).unwrap();
        assert_ne!(forced.value, first.value);
        assert_eq!(token.ledger.standing(&first.value, 100), Standing::Dead);
        assert_eq!(token.force(129, LIFE).unwrap().value, forced.value);
        assert_ne!(token.force(130, LIFE).unwrap().value, forced.value);
    }

    #[test]
    fn twenty_forced_renewals_a_day() {
        let mut token = StableToken::default();
        for round in 0..20 {
            assert!(token.force(round * 60, LIFE).is_some());
        }
        assert_eq!(token.force(20 * 60, LIFE), None);
        assert!(token.force(86_400, LIFE).is_some());
    }

    #[test]
    fn the_two_kinds_do_not_touch_each_other() {
        let (mut classic, mut stable) = (ClassicToken::default(), StableToken::default());
        let one = stable.fetch(0, LIFE);
        classic.fetch(10, LIFE);
        classic.fetch(20, LIFE);
        assert_eq!(standing(&classic, &stable, &one.value, 30), Standing::Usable);
    }
}
