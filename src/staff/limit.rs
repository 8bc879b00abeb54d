//! How often somebody may try to sign in: by account, which slows guessing down and never locks anybody out, and by
//! address, which stops one machine from trying the whole staff.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use super::{Error, LoginName, Staff, Visitor, store};
use crate::clock::Millis;
use crate::config::secret_key::mac;

/// Attempts on an account without a delay.
const FREE: i64 = 5;
/// The longest delay.
const LONGEST_DELAY: Duration = Duration::from_mins(1);
/// An account at which nobody has tried for so long starts anew.
const FORGOTTEN: Duration = Duration::from_mins(15);
/// Attempts from an address in a window.
const PER_ADDRESS: i64 = 30;
const WINDOW: Duration = Duration::from_mins(15);
/// How far the clocks of two machines of the site may be apart. What is from further ahead was written while a clock
/// was wrong, and says nothing.
const SKEW: Duration = Duration::from_mins(1);
/// Nothing that was counted matters after this.
pub(super) const STALE: Duration = Duration::from_hours(24);

/// The attempts on an account, or from an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempts {
    pub(super) number: i64,
    /// When the first of them was.
    pub(super) since: Millis,
    pub(super) last_at: Millis,
    /// The next one is not listened to before.
    pub(super) not_before: Millis,
}

/// What attempts are counted on: a hash, because what is typed as a name may be a password.
#[derive(Clone, Debug)]
pub(super) struct Subject(String);

impl Subject {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Attempts {
    pub(super) const NONE: Self = Self { number: 0, since: Millis(0), last_at: Millis(0), not_before: Millis(0) };

    /// With one more attempt on this account, or how long it has to wait.
    fn on_account(self, now: Millis) -> Result<Self, Duration> {
        let is_old = now.since(self.last_at) > FORGOTTEN || self.last_at.since(now) > SKEW;
        let known = if is_old { Self::NONE } else { self };
        if known.not_before > now {
            return Err(known.not_before.since(now));
        }
        let number = known.number.saturating_add(1);
        let since = if known.number == 0 { now } else { known.since };
        let not_before = match delay(number) {
            Duration::ZERO => Millis(0),
            delay => now.plus(delay),
        };
        Ok(Self { number, since, last_at: now, not_before })
    }

    /// With one more attempt from this address, or how long it has to wait.
    fn on_address(self, now: Millis) -> Result<Self, Duration> {
        let is_old = now.since(self.since) >= WINDOW || self.since.since(now) > SKEW;
        let known = if is_old { Self::NONE } else { self };
        if known.number >= PER_ADDRESS {
            return Err(known.since.plus(WINDOW).since(now));
        }
        let since = if known.number == 0 { now } else { known.since };
        Ok(Self { number: known.number.saturating_add(1), since, last_at: now, not_before: Millis(0) })
    }
}

/// The pause after so many attempts: 1, 2, 4 … 60 s once the free ones are used up.
fn delay(number: i64) -> Duration {
    let over = number.saturating_sub(FREE);
    if over < 0 {
        return Duration::ZERO;
    }
    let doublings = u32::try_from(over).unwrap_or(u32::MAX);
    1_u64.checked_shl(doublings).map_or(LONGEST_DELAY, Duration::from_secs).min(LONGEST_DELAY)
}

/// One machine: an IPv4 address, or the network of an IPv6 subscriber.
fn machine(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// As much of an address as the list of sessions shows and keeps.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

impl Staff {
    /// Counts an attempt on `account`, whether there is one or not. It counts as failed until the row is forgotten, so
    /// that many at once gain nothing.
    pub(super) async fn count_attempt(&self, account: &Subject, from: &Visitor) -> Result<(), Error> {
        let now = self.clock.now();
        let refuse = |retry_after| Error::TooManyRequests { retry_after };
        let address = self.subject("address", &machine(from.address));
        // Most that is refused is refused without a write.
        store::attempt::look(self.db.read(), &address).await?.on_address(now).map_err(refuse)?;
        store::attempt::look(self.db.read(), account).await?.on_account(now).map_err(refuse)?;
        let mut transaction = self.db.begin().await?;
        let counted = store::attempt::lock(&mut transaction, &address).await?.on_address(now).map_err(refuse)?;
        store::attempt::set(&mut transaction, &address, counted).await?;
        let counted = store::attempt::lock(&mut transaction, account).await?.on_account(now).map_err(refuse)?;
        store::attempt::set(&mut transaction, account, counted).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Attempts to sign in to an account.
    pub(super) fn account_subject(&self, login: &str) -> Subject {
        self.subject("account", &login.trim().to_ascii_lowercase())
    }

    /// Attempts of somebody who has signed in to type the password once more: whoever guesses outside does not slow
    /// them down.
    pub(super) fn desk_subject(&self, login: &LoginName) -> Subject {
        self.subject("desk", login.as_str())
    }

    fn subject(&self, kind: &str, of: &str) -> Subject {
        Subject(hex::encode(mac(self.keys.limit.expose(), format!("{kind} {of}").as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_767_240_000_000);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn five_attempts_are_free_and_then_they_slow_down() {
        let mut attempts = Attempts::NONE;
        let mut now = NOW;
        for wait in [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60] {
            if wait > 0 {
                assert_eq!(attempts.on_account(now), Err(seconds(wait)));
                now = now.plus(seconds(wait));
            }
            attempts = attempts.on_account(now).unwrap();
        }
        assert_eq!(attempts.on_account(now.plus(seconds(59))), Err(seconds(1)));
        assert_eq!(attempts.on_account(now.plus(seconds(901))).unwrap().number, 1);
    }

    #[test]
    fn an_address_has_thirty_attempts_in_a_quarter_of_an_hour() {
        let mut attempts = Attempts::NONE;
        for _ in 0..30 {
            attempts = attempts.on_address(NOW).unwrap();
        }
        assert_eq!(attempts.on_address(NOW.plus(seconds(1))), Err(seconds(899)));
        assert_eq!(attempts.on_address(NOW.plus(seconds(900))).unwrap().number, 1);
    }

    #[test]
    fn a_clock_that_was_ahead_locks_nobody_out() {
        let ahead =
            Attempts { number: 99, since: Millis(i64::MAX), last_at: Millis(i64::MAX), not_before: Millis(i64::MAX) };
        assert_eq!(ahead.on_account(NOW).unwrap().number, 1);
        assert_eq!(ahead.on_address(NOW).unwrap().number, 1);
        assert_eq!(delay(i64::MAX), LONGEST_DELAY);
        assert_eq!(delay(5 + 63), LONGEST_DELAY);
    }

    #[test]
    fn machines_whose_clocks_differ_a_little_count_together() {
        let (ahead, behind) = (NOW.plus(seconds(5)), NOW);
        let (mut account, mut address) = (Attempts::NONE, Attempts::NONE);
        for now in [ahead, behind, ahead, behind, ahead] {
            account = account.on_account(now).unwrap();
            address = address.on_address(now).unwrap();
        }
        assert_eq!((account.number, address.number), (5, 5));
        assert_eq!(account.on_account(behind), Err(seconds(6)));
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_machine() {
        let of = |text: &str| machine(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7".parse().unwrap()), "192.0.2.0/24");
        assert_eq!(network("2001:db8:1:2::1".parse().unwrap()), "2001:db8:1::/48");
    }
}
