//! Passwords: which are taken, how they are kept, and how many are worked on at once.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zxcvbn::Score;

use super::{Error, WeakPassword};
use crate::config::Secret;

/// The length of a password, in characters.
const SHORTEST: usize = 12;
const LONGEST: usize = 128;
/// What must be left of a password when the names that everybody knows are taken out.
const LEAST_OWN: usize = 8;
/// A shorter word is in too many passwords by chance.
const SHORTEST_WORD: usize = 3;
/// Passwords worked on at once: 64 MiB each.
const WORKERS: usize = 2;
/// Those, and the ones that wait.
const PLACES: usize = WORKERS + 8;
const SALT_BYTES: usize = 16;
/// No password has this hash; it costs what a real one costs.
const NOBODY: &str = "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is tried first where people write Chinese, beside the lists that the estimate knows itself.
const COMMON: &str = include_str!("common.txt");

/// What one guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// A fifth of a second on a small server.
    pub const STANDARD: Self = Self { memory: 65_536, passes: 3 };

    fn argon2(self) -> Result<Argon2<'static>, Error> {
        let params =
            Params::new(self.memory, self.passes, 1, None).map_err(|_bounds| Error::Damaged("hashing cost"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// A hash that no password has.
    fn nobody(self) -> String {
        format!("$argon2id$v=19$m={},t={},p=1{NOBODY}", self.memory, self.passes)
    }

    /// Whether `hash` was made with less.
    fn exceeds(self, hash: &PasswordHash) -> bool {
        let least = |name, wanted| hash.params.get_decimal(name).is_none_or(|found| found < wanted);
        least("m", self.memory) || least("t", self.passes)
    }
}

/// What came of looking at a password.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) fits: bool,
    /// A hash that costs what a guess should cost today, if the old one was cheaper.
    pub(super) rehashed: Option<String>,
}

/// Works on passwords, a few at a time and off the threads that serve pages.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    cost: Cost,
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

impl Hasher {
    pub(super) fn new(cost: Cost) -> Self {
        Self { cost, places: Arc::new(Semaphore::new(PLACES)), workers: Arc::new(Semaphore::new(WORKERS)) }
    }

    /// A hash of a new password, if it is one that is taken. `names` are words that everybody knows of its owner.
    pub(super) async fn hash(
        &self,
        password: &Secret<String>,
        names: Vec<String>,
        salt: [u8; 32],
    ) -> Result<String, Error> {
        check_length(password.expose())?;
        let (cost, password) = (self.cost, password.clone());
        self.work(move || {
            check(password.expose(), &names)?;
            hash(cost, password.expose(), &salt)
        })
        .await
    }

    /// Whether `password` has the hash; without one, the same work is done in vain.
    pub(super) async fn verify(
        &self,
        password: &Secret<String>,
        known: Option<String>,
        salt: [u8; 32],
    ) -> Result<Verdict, Error> {
        let (cost, password) = (self.cost, password.clone());
        self.work(move || {
            // What is longer was never taken; it costs the same as any other.
            let typed: String = password.expose().chars().take(LONGEST.saturating_add(1)).collect();
            let text = known.unwrap_or_else(|| cost.nobody());
            let parsed = PasswordHash::new(&text).map_err(|_malformed| Error::Damaged("password hash"))?;
            let fits = cost.argon2()?.verify_password(typed.as_bytes(), &parsed).is_ok();
            let rehashed = (fits && cost.exceeds(&parsed)).then(|| hash(cost, &typed, &salt)).transpose()?;
            Ok(Verdict { fits, rehashed })
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let full = |_full| Error::TooManyRequests { retry_after: Duration::from_secs(1) };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(|_closed| Error::Stopping)?;
        // The permits go along: the work goes on, and counts, also when whoever asked has left.
        let permits: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (place, worker);
        let done = tokio::task::spawn_blocking(move || {
            let outcome = job();
            drop(permits);
            outcome
        });
        done.await.map_err(|_stopping| Error::Stopping)?
    }
}

fn hash(cost: Cost, password: &str, salt: &[u8; 32]) -> Result<String, Error> {
    let salt = salt.first_chunk::<SALT_BYTES>().ok_or(Error::Damaged("salt"))?;
    let hash: PasswordHash = cost
        .argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|_bounds| Error::Damaged("password"))?;
    Ok(hash.to_string())
}

fn check_length(password: &str) -> Result<(), WeakPassword> {
    match password.chars().count() {
        ..SHORTEST => Err(WeakPassword::TooShort),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(WeakPassword::TooLong),
    }
}

/// Whether a password of the right length would hold against somebody who knows `names`.
fn check(password: &str, names: &[String]) -> Result<(), WeakPassword> {
    let names = parts(names);
    let mut own = password.to_lowercase();
    for name in &names {
        own = own.replace(name.as_str(), "");
    }
    if own.chars().count() < LEAST_OWN {
        return Err(WeakPassword::Personal);
    }
    let words: Vec<&str> = names.iter().map(String::as_str).chain(COMMON.lines()).collect();
    if zxcvbn::zxcvbn(password, &words).score() < Score::Three {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// The words of names, the longest first: `news.example.cn` is also `example`.
fn parts(names: &[String]) -> Vec<String> {
    let mut parts: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .flat_map(|name| {
            let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
            words.into_iter().chain([name])
        })
        .filter(|word| word.len() >= SHORTEST_WORD)
        .collect();
    parts.sort_by_key(|word| std::cmp::Reverse(word.len()));
    parts.dedup();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 64, passes: 1 };
    const GOOD: &str = "tidal-Lantern 42 gorge";

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn judge(password: &str) -> Result<(), WeakPassword> {
        let names = ["li.ming", "李明明", "云溪新闻", "news.yunxi.cn"].map(str::to_owned);
        check_length(password).and_then(|()| check(password, &names))
    }

    #[test]
    fn a_password_is_judged_as_it_was_typed() {
        assert_eq!(judge(GOOD), Ok(()));
        assert_eq!(judge("山高月小水落石出清风徐来"), Ok(()));
        assert_eq!(judge("elevenchars"), Err(WeakPassword::TooShort));
        assert_eq!(judge(&format!("{GOOD}{}", "x".repeat(107))), Err(WeakPassword::TooLong));
        assert_eq!(judge("li.ming-yunxi"), Err(WeakPassword::Personal));
        assert_eq!(judge("云溪新闻云溪新闻李明明2026"), Err(WeakPassword::Personal));
        for common in
            ["123456789012", "password1234", "woaini5201314", "zhongguo123456", "qwertyuiop12", "aaaaaaaaaaaaaa"]
        {
            assert_eq!(judge(common), Err(WeakPassword::Guessable), "{common}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let hasher = Hasher::new(CHEAP);
        let hash = hasher.hash(&secret(GOOD), Vec::new(), [1; 32]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(hasher.verify(&secret(GOOD), Some(hash.clone()), [1; 32]).await.unwrap().fits);
        assert!(!hasher.verify(&secret("tidal-lantern 42 gorge"), Some(hash), [1; 32]).await.unwrap().fits);
        assert!(!hasher.verify(&secret(GOOD), None, [1; 32]).await.unwrap().fits);
    }

    #[tokio::test]
    async fn a_cheap_hash_is_made_anew_when_the_password_is_there() {
        let old = Hasher::new(CHEAP).hash(&secret(GOOD), Vec::new(), [1; 32]).await.unwrap();
        let hasher = Hasher::new(Cost { memory: 128, passes: 1 });
        let verdict = hasher.verify(&secret(GOOD), Some(old.clone()), [2; 32]).await.unwrap();
        let new = verdict.rehashed.unwrap();
        assert!(new.contains("m=128,"), "{new}");
        assert!(hasher.verify(&secret(GOOD), Some(new), [2; 32]).await.unwrap().rehashed.is_none());
        let wrong = hasher.verify(&secret("another one, quite long"), Some(old), [2; 32]).await.unwrap();
        assert!(!wrong.fits && wrong.rehashed.is_none());
    }

    #[tokio::test]
    async fn a_queue_that_is_full_turns_people_away() {
        let hasher = Hasher::new(CHEAP);
        let places = Arc::clone(&hasher.places).try_acquire_many_owned(u32::try_from(PLACES).unwrap()).unwrap();
        let refused = hasher.verify(&secret(GOOD), None, [1; 32]).await;
        assert!(matches!(refused, Err(Error::TooManyRequests { .. })), "{refused:?}");
        drop(places);
        assert!(hasher.verify(&secret(GOOD), None, [1; 32]).await.is_ok());
    }

    #[tokio::test]
    async fn whoever_tries_to_sign_in_costs_the_same_work() {
        use crate::staff::{Registration, Staff, Visitor};

        let folder = tempfile::tempdir().unwrap();
        let url = crate::config::DatabaseUrl::Sqlite(folder.path().join("site.db"));
        let db = crate::db::Db::open(&url, folder.path()).await.unwrap();
        let clock = crate::clock::Clock::fixed(crate::clock::Millis(1_767_240_000_000));
        let key = crate::config::SecretKey::from_bytes([7; 32]);
        let staff = Staff::new(db, clock, &key, Vec::new(), rand::random).with_cost(CHEAP);
        let from = Visitor { address: "192.0.2.1".parse().unwrap(), agent: String::new() };
        let link = staff.setup_link().await.unwrap().unwrap();
        let token = link.path.expose().rsplit('/').next().unwrap().to_owned();
        let registration =
            Registration { login: "chief".to_owned(), name: "主编".to_owned(), password: secret(GOOD) };
        staff.set_up(&token, &registration, &from).await.unwrap();

        // While no place is free, everybody who would be hashed is turned away; nobody is answered sooner.
        let places = Arc::clone(&staff.hasher.places).try_acquire_many_owned(u32::try_from(PLACES).unwrap()).unwrap();
        for (login, password) in [("chief", "wrong"), ("chief", GOOD), ("nobody", GOOD), ("", ""), ("主编", "x")] {
            let refused = staff.sign_in(login, &secret(password), false, &from).await;
            assert!(matches!(refused, Err(Error::TooManyRequests { .. })), "{login}: {refused:?}");
        }
        drop(places);
        assert!(staff.sign_in("chief", &secret(GOOD), false, &from).await.is_ok());
    }
}
