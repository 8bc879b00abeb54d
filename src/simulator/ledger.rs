//! Every value of one kind that an account was ever given, and how each stands now.

use rand::RngExt;

/// More than any overlap needs; older values answer as unknown.
const REMEMBERED: usize = 64;

/// A token or a ticket that was given out.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) value: String,
    pub(crate) since: i64,
    pub(crate) expires_at: i64,
    /// When it stops being accepted: its expiry, or earlier when something replaced or revoked it.
    pub(crate) usable_until: i64,
}

/// How a value stands that somebody presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Usable,
    /// It lived its full life.
    Expired,
    /// It was replaced or revoked before its time.
    Dead,
    Unknown,
}

/// The values of one kind, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    issued: Vec<Issued>,
}

impl Ledger {
    /// Gives out a new value. Earlier ones keep the end they have.
    pub(crate) fn issue(&mut self, value: String, now: i64, life: i64) -> Issued {
        if self.issued.len() >= REMEMBERED {
            self.issued.remove(0);
        }
        let expires_at = now.saturating_add(life);
        let issued = Issued { value, since: now, expires_at, usable_until: expires_at };
        self.issued.push(issued.clone());
        issued
    }

    /// The newest value, if it is still accepted.
    pub(crate) fn current(&self, now: i64) -> Option<&Issued> {
        self.issued.last().filter(|issued| now < issued.usable_until)
    }

    /// Everything that is accepted now, newest first.
    pub(crate) fn usable(&self, now: i64) -> impl Iterator<Item = &Issued> {
        self.issued.iter().rev().filter(move |issued| now < issued.usable_until)
    }

    /// From `at` on nothing given out so far is accepted.
    pub(crate) fn end_all(&mut self, at: i64) {
        for issued in &mut self.issued {
            issued.usable_until = issued.usable_until.min(at);
        }
    }

    /// The newest value ends at `at`, all older ones now.
    pub(crate) fn end_current(&mut self, at: i64, now: i64) {
        let Some((newest, older)) = self.issued.split_last_mut() else { return };
        newest.usable_until = newest.usable_until.min(at);
        for issued in older {
            issued.usable_until = issued.usable_until.min(now);
        }
    }

    pub(crate) fn standing(&self, value: &str, now: i64) -> Standing {
        match self.issued.iter().rev().find(|issued| issued.value == value) {
            None => Standing::Unknown,
            Some(issued) if now < issued.usable_until => Standing::Usable,
            Some(issued) if now >= issued.expires_at => Standing::Expired,
            Some(_) => Standing::Dead,
        }
    }

    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.issued.len()
    }
}

/// `length` characters as WeChat uses them in tokens and tickets.
pub(crate) fn random_text(length: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut random = rand::rng();
    (0..length).filter_map(|_| ALPHABET.get(random.random_range(0..ALPHABET.len())).copied().map(char::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_usable_then_expired_and_an_ended_one_is_dead() {
        let mut ledger = Ledger::default();
        ledger.issue("one".to_owned(), 100, 50);
        assert_eq!(ledger.standing("one", 149), Standing::Usable);
        assert_eq!(ledger.standing("one", 150), Standing::Expired);
        ledger.end_all(120);
        assert_eq!(ledger.standing("one", 120), Standing::Dead);
        assert_eq!(ledger.standing("two", 120), Standing::Unknown);
    }

    #[test]
    fn random_text_has_the_length_and_the_alphabet() {
        let text = random_text(512);
        assert_eq!(text.len(), 512);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }
}
