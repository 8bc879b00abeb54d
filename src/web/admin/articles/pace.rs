//! How often one person may save: far more often than anybody writes, and no script's way to fill the disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Millis;

/// Texts of one person in a minute (reliability-security §7.7).
const PER_MINUTE: u32 = 120;
const MINUTE: i64 = 60_000;

/// What everybody has saved in the running minute. Of this process only: several have several times as much room.
#[derive(Debug, Default)]
pub(crate) struct Pace(Mutex<HashMap<i64, (i64, u32)>>);

impl Pace {
    /// Counts a text that is to be saved, or says how long its writer has to wait.
    pub(super) fn take(&self, member: i64, now: Millis) -> Result<(), Duration> {
        let minute = now.0.div_euclid(MINUTE);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = known.entry(member).or_default();
        if saved.0 != minute {
            *saved = (minute, 0);
        }
        if saved.1 >= PER_MINUTE {
            let left = MINUTE.saturating_sub(now.0.rem_euclid(MINUTE));
            return Err(Duration::from_millis(u64::try_from(left).unwrap_or_default()));
        }
        saved.1 += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_room_for_so_many_texts_of_each_person() {
        let (pace, now) = (Pace::default(), Millis(10 * MINUTE + 1_000));
        assert_eq!((0..200).filter(|_| pace.take(1, now).is_ok()).count(), 120);
        assert_eq!(pace.take(1, now), Err(Duration::from_secs(59)));
        assert_eq!(pace.take(2, now), Ok(()));
        assert_eq!(pace.take(1, Millis(11 * MINUTE)), Ok(()));
    }
}
