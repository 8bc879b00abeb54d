//! How often somebody may try to sign in. Three things are counted:
//!
//! - attempts on an account from one network, which slows guessing down and holds up nobody elsewhere;
//! - attempts on an account from all networks where nobody has signed in to it lately, so that many machines together
//!   gain little: it takes several of them to get that far, and even then the people themselves come in from where they
//!   usually are;
//! - attempts from one address, which stops one machine from trying the whole staff.
//!
//! Nobody is ever locked out for good, and a name that nobody has is counted like any other.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use sqlx::AnyConnection;

use super::{Error, LoginName, Staff, Visitor, store};
use crate::clock::Millis;
use crate::config::secret_key::mac;

/// Attempts on an account from one network without a delay.
const FREE: i64 = 5;
/// Attempts on an account from all networks that are strange to it, in a window, without a delay. One network gets
/// about a quarter of the way.
const FREE_TOGETHER: i64 = 100;
/// How long a network is no strange one after somebody has signed in from there.
const FAMILIAR: Duration = Duration::from_hours(90 * 24);
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

/// The attempts on an account from one network or from all, or from an address.
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

    /// With one more attempt on this account from this network, or how long it has to wait.
    fn on_account(self, now: Millis) -> Result<Self, Duration> {
        let is_old = now.since(self.last_at) > FORGOTTEN || self.last_at.since(now) > SKEW;
        let known = if is_old { Self::NONE } else { self };
        if known.not_before > now {
            return Err(known.not_before.since(now));
        }
        let number = known.number.saturating_add(1);
        let since = if known.number == 0 { now } else { known.since };
        Ok(Self { number, since, last_at: now, not_before: pause_until(now, number, FREE) })
    }

    /// With one more attempt on this account from any network, or how long it has to wait.
    fn on_account_together(self, now: Millis) -> Result<Self, Duration> {
        let is_old = now.since(self.since) >= WINDOW || self.since.since(now) > SKEW;
        let known = if is_old { Self::NONE } else { self };
        if known.not_before > now {
            return Err(known.not_before.since(now));
        }
        let number = known.number.saturating_add(1);
        let since = if known.number == 0 { now } else { known.since };
        Ok(Self { number, since, last_at: now, not_before: pause_until(now, number, FREE_TOGETHER) })
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

/// When the next attempt is listened to after so many.
fn pause_until(now: Millis, number: i64, free: i64) -> Millis {
    match delay(number, free) {
        Duration::ZERO => Millis(0),
        delay => now.plus(delay),
    }
}

/// The pause after so many attempts: 1, 2, 4 … 60 s once the free ones are used up.
fn delay(number: i64, free: i64) -> Duration {
    let over = number.saturating_sub(free);
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

/// What an attempt is counted on, and how.
type Counted = (Subject, fn(Attempts, Millis) -> Result<Attempts, Duration>);

impl Staff {
    /// Counts an attempt to sign in to an account, whether there is one or not.
    pub(super) async fn count_sign_in(&self, login: &str, from: &Visitor) -> Result<(), Error> {
        let mut counted = vec![self.machine(from), (self.account_subject(login, from), Attempts::on_account)];
        let familiar = store::attempt::look(self.db.read(), &self.familiar_subject(login, from)).await?;
        if familiar.last_at <= self.clock.now() {
            let everywhere = self.subject("account everywhere", &name(login));
            counted.push((everywhere, Attempts::on_account_together));
        }
        self.count(counted).await
    }

    /// Counts an attempt of somebody who has signed in to type the password once more. Whoever guesses outside does not
    /// slow them down.
    pub(super) async fn count_at_desk(&self, login: &LoginName, from: &Visitor) -> Result<(), Error> {
        self.count(vec![self.machine(from), (self.desk_subject(login), Attempts::on_account)]).await
    }

    /// Counts an attempt on all of these, or on none. It counts as failed until the row is forgotten, so that many at
    /// once gain nothing. Everybody names the subjects in the same order of kinds, so that nobody waits in a circle.
    async fn count(&self, all: Vec<Counted>) -> Result<(), Error> {
        let now = self.clock.now();
        let refuse = |retry_after| Error::TooManyRequests { retry_after };
        // Most that is refused is refused without a write.
        for (subject, with_one_more) in &all {
            with_one_more(store::attempt::look(self.db.read(), subject).await?, now).map_err(refuse)?;
        }
        let mut transaction = self.db.begin().await?;
        for (subject, with_one_more) in &all {
            let attempts =
                with_one_more(store::attempt::lock(&mut transaction, subject).await?, now).map_err(refuse)?;
            store::attempt::set(&mut transaction, subject, attempts).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets the attempts of somebody who has proved who they are, and notes that they come from there.
    pub(super) async fn recognise(
        &self,
        connection: &mut AnyConnection,
        login: &LoginName,
        from: &Visitor,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        store::attempt::forget(connection, &self.account_subject(login.as_str(), from)).await?;
        let familiar = self.familiar_subject(login.as_str(), from);
        store::attempt::lock(connection, &familiar).await?;
        // It is swept out once this is past.
        let until = Attempts { since: now, last_at: now.plus(FAMILIAR), ..Attempts::NONE };
        store::attempt::set(connection, &familiar, until).await
    }

    fn machine(&self, from: &Visitor) -> Counted {
        (self.subject("address", &machine(from.address)), Attempts::on_address)
    }

    /// Attempts to sign in to an account from one network.
    fn account_subject(&self, login: &str, from: &Visitor) -> Subject {
        self.subject("account", &format!("{} {}", network(from.address), name(login)))
    }

    /// That somebody has signed in to an account from a network.
    fn familiar_subject(&self, login: &str, from: &Visitor) -> Subject {
        self.subject("familiar", &format!("{} {}", network(from.address), name(login)))
    }

    pub(super) fn desk_subject(&self, login: &LoginName) -> Subject {
        self.subject("desk", login.as_str())
    }

    fn subject(&self, kind: &str, of: &str) -> Subject {
        Subject(hex::encode(mac(self.keys.limit.expose(), format!("{kind} {of}").as_bytes())))
    }
}

/// A name as it is counted, whatever was typed.
fn name(login: &str) -> String {
    login.trim().to_ascii_lowercase()
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
    fn one_network_does_not_use_up_what_all_have_together() {
        let (mut own, mut together, mut now) = (Attempts::NONE, Attempts::NONE, NOW);
        // As fast as it is listened to, for a day.
        while now.since(NOW) < Duration::from_hours(24) {
            match own.on_account(now) {
                Ok(counted) => {
                    own = counted;
                    together = together.on_account_together(now).unwrap();
                }
                Err(wait) => now = now.plus(wait),
            }
        }
        assert!(together.number < FREE_TOGETHER / 2, "{together:?}");
    }

    #[test]
    fn many_networks_together_are_slowed_down() {
        let mut together = Attempts::NONE;
        for _ in 0..100 {
            together = together.on_account_together(NOW).unwrap();
        }
        assert_eq!(together.on_account_together(NOW), Err(seconds(1)));
        let mut now = NOW;
        let mut heard = 100;
        while now.since(NOW) < WINDOW {
            match together.on_account_together(now) {
                Ok(counted) => (together, heard) = (counted, heard + 1),
                Err(wait) => now = now.plus(wait),
            }
        }
        assert!(heard <= 125, "{heard} in a window");
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
        assert_eq!(ahead.on_account_together(NOW).unwrap().number, 1);
        assert_eq!(delay(i64::MAX, FREE), LONGEST_DELAY);
        assert_eq!(delay(5 + 63, FREE), LONGEST_DELAY);
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
