//! Tickets: what a page's signature is made with.

use serde::{Deserialize, Serialize};

use super::ledger::{Ledger, random_text};
use super::token::Handed;

/// What a repeated call returns. Tencent does not say, so a site must live with each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketPolicy {
    /// The same ticket until it dies; whoever asks a second before gets one that lives a second.
    #[default]
    SameUntilExpiry,
    /// The same ticket until its last fifteen minutes, then a new one.
    RenewedEarly,
    /// A new ticket at every call.
    NewEachTime,
}

/// How early [`TicketPolicy::RenewedEarly`] renews.
const EARLY: i64 = 900;

/// All tickets of one type of one account. An older ticket stays good until its own end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tickets {
    ledger: Ledger,
}

impl Tickets {
    pub(crate) fn fetch(&mut self, now: i64, life: i64, policy: TicketPolicy) -> Handed {
        let spare = match policy {
            TicketPolicy::SameUntilExpiry => 0,
            TicketPolicy::RenewedEarly => EARLY,
            TicketPolicy::NewEachTime => i64::MAX,
        };
        match self.ledger.current(now) {
            Some(current) if current.expires_at.saturating_sub(now) > spare => Handed::of(current, now),
            // All official tickets ever seen have 86 characters.
            _ => Handed::of(&self.ledger.issue(random_text(86), now, life), now),
        }
    }

    pub(crate) fn revoke(&mut self, now: i64) {
        self.ledger.end_all(now);
    }

    /// The tickets that a signature may have been made with, newest first.
    pub(crate) fn usable(&self, now: i64) -> impl Iterator<Item = &str> {
        self.ledger.usable(now).map(|issued| issued.value.as_str())
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_ticket_until_expiry_with_less_and_less_life() {
        let mut tickets = Tickets::default();
        let first = tickets.fetch(0, 7200, TicketPolicy::SameUntilExpiry);
        let again = tickets.fetch(7199, 7200, TicketPolicy::SameUntilExpiry);
        assert_eq!((again.value, again.expires_in), (first.value.clone(), 1));
        assert_ne!(tickets.fetch(7200, 7200, TicketPolicy::SameUntilExpiry).value, first.value);
    }

    #[test]
    fn an_early_renewal_leaves_the_old_ticket_good() {
        let mut tickets = Tickets::default();
        let first = tickets.fetch(0, 7200, TicketPolicy::RenewedEarly);
        let second = tickets.fetch(6300, 7200, TicketPolicy::RenewedEarly);
        assert_ne!(first.value, second.value);
        assert_eq!(tickets.usable(6301).count(), 2);
        assert_eq!(tickets.usable(7200).collect::<Vec<_>>(), [second.value.as_str()]);
    }

    #[test]
    fn a_revoked_ticket_is_not_handed_out_again() {
        let mut tickets = Tickets::default();
        let first = tickets.fetch(0, 7200, TicketPolicy::SameUntilExpiry);
        tickets.revoke(10);
        assert_eq!(tickets.usable(10).count(), 0);
        assert_ne!(tickets.fetch(11, 7200, TicketPolicy::SameUntilExpiry).value, first.value);
    }

    #[test]
    fn a_new_ticket_each_time_when_asked_to() {
        let mut tickets = Tickets::default();
        let first = tickets.fetch(0, 7200, TicketPolicy::NewEachTime);
        assert_ne!(tickets.fetch(0, 7200, TicketPolicy::NewEachTime).value, first.value);
    }
}
