//! What a browser keeps while somebody is away at WeChat to say who they are. It ties the way back to the way there:
//! whoever comes back must be the browser that left, within ten minutes, and only once (threat W19).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::sync::Cache;
use subtle::ConstantTimeEq as _;

use super::super::super::client::Limit;
use crate::clock::Millis;
use crate::config::Secret;
use crate::config::secret_key::mac;

/// How long somebody may be away.
pub(super) const AWAY: Duration = Duration::from_mins(10);
/// Longer addresses to go on to are not worth a cookie.
const LONGEST_NEXT: usize = 512;
/// Beginnings and returns of one address a minute.
const PER_MINUTE: u32 = 60;
/// Returns that are remembered. Each was signed by this site and made within ten minutes.
const REMEMBERED: u64 = 100_000;

/// Somebody who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// Where they said who they are: a word of the address.
    door: String,
    /// What WeChat carries along: 256 bits in letters that it takes.
    state: String,
    until: Millis,
    /// Where they wanted to go.
    next: String,
}

impl Pending {
    /// Somebody leaves by `door`.
    pub(super) fn new(door: &str, next: &str, now: Millis) -> Self {
        let next = if next.len() <= LONGEST_NEXT { next.to_owned() } else { String::new() };
        Self { door: door.to_owned(), state: hex::encode(rand::random::<[u8; 32]>()), until: now.plus(AWAY), next }
    }

    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// Where they wanted to go, as it was asked for: who goes there judges it.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// Whether this is the one who left by `door` with this `state`.
    pub(super) fn is_back(&self, door: &str, state: &str, now: Millis) -> bool {
        // A moment further ahead than anybody may be away was written by a clock that was wrong.
        let in_time = now < self.until && self.until.since(now) <= AWAY;
        in_time && self.door == door && bool::from(self.state.as_bytes().ct_eq(state.as_bytes()))
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, key: &Secret<[u8; 32]>) -> String {
        let Self { door, state, until, next } = self;
        let body = format!("{door}.{state}.{}.{}", until.0, URL_SAFE_NO_PAD.encode(next));
        format!("{body}.{}", signature(key, &body))
    }

    /// The one whose cookie this is; none: this site did not make it.
    pub(super) fn open(key: &Secret<[u8; 32]>, cookie: &str) -> Option<Self> {
        let (body, signed) = cookie.rsplit_once('.')?;
        if !bool::from(signature(key, body).as_bytes().ct_eq(signed.as_bytes())) {
            return None;
        }
        let mut parts = body.splitn(4, '.');
        let (door, state) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let until = Millis(parts.next()?.parse().ok()?);
        let next = String::from_utf8(URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok()?;
        Some(Self { door, state, until, next })
    }
}

fn signature(key: &Secret<[u8; 32]>, body: &str) -> String {
    hex::encode(mac(key.expose(), body.as_bytes()))
}

/// Counts who comes and goes, in this process. Another process of the site may let the same return through once more;
/// the code in it was used up at WeChat by the first.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(super) limit: Limit,
    returned: Cache<String, ()>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        // Judged by the cookie's own time; here it only bounds the memory.
        let returned = Cache::builder().max_capacity(REMEMBERED).time_to_live(AWAY + AWAY).build();
        Self { limit: Limit::per_minute(PER_MINUTE), returned }
    }

    /// Lets somebody back in; false: it is the second time.
    pub(super) fn admit(&self, pending: &Pending) -> bool {
        self.returned.entry_by_ref(&pending.state).or_insert(()).is_fresh()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Millis = Millis(1_790_000_000_000);

    fn key() -> Secret<[u8; 32]> {
        Secret::new([5; 32])
    }

    #[test]
    fn who_left_comes_back_once_in_time_and_by_the_same_door() {
        let left = Pending::new("wecom", "/admin/articles?page=2", NOW);
        let back = Pending::open(&key(), &left.seal(&key())).unwrap();
        assert_eq!(back, left);
        let later = |minutes| NOW.plus(Duration::from_mins(minutes));
        assert!(back.is_back("wecom", left.state(), later(9)));
        assert!(!back.is_back("wecom", left.state(), later(10)));
        assert!(!back.is_back("wecom", left.state(), NOW.minus(Duration::from_mins(1))));
        assert!(!back.is_back("wechat", left.state(), NOW));
        for state in ["", "0", &left.state().to_uppercase(), Pending::new("wecom", "", NOW).state()] {
            assert!(!back.is_back("wecom", state, NOW), "{state}");
        }
        let gate = Gate::new();
        assert!(gate.admit(&back) && !gate.admit(&back));
    }

    #[test]
    fn what_wechat_carries_along_is_what_it_takes() {
        let state = Pending::new("wecom", "", NOW).state().to_owned();
        assert!(state.len() <= 128 && state.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{state}");
        assert_ne!(state, Pending::new("wecom", "", NOW).state());
    }

    #[test]
    fn a_cookie_that_was_touched_is_none() {
        let cookie = Pending::new("wecom", "/admin", NOW).seal(&key());
        assert!(Pending::open(&Secret::new([6; 32]), &cookie).is_none());
        for at in 0..cookie.len() {
            let mut touched = cookie.clone().into_bytes();
            touched[at] ^= 1;
            let touched = String::from_utf8(touched).unwrap();
            assert!(Pending::open(&key(), &touched).is_none(), "{touched}");
        }
    }

    #[test]
    fn an_address_too_long_for_a_cookie_is_let_go() {
        assert_eq!(Pending::new("wecom", &"x".repeat(513), NOW).next(), "");
        assert!(Pending::new("wecom", &"文".repeat(170), NOW).seal(&key()).len() < 1024);
    }

    proptest! {
        #[test]
        fn no_text_is_a_cookie(text in "\\PC{0,120}") {
            prop_assert_eq!(Pending::open(&key(), &text), None);
        }
    }
}
