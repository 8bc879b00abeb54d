//! What the site's processes share: sealed credentials, the lease, how the last attempt went, the calls of the day.

use std::time::Duration;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::account::{AccountKey, Kind};
use super::overview::Life;
use crate::clock::Millis;
use crate::config::Sealer;
use crate::db::Db;

/// Where the row that only the right key opens is sealed for.
const CHECK_PLACE: &str = "secret_check";
const CHECK_TEXT: &str = "wxpress";
/// No lease is ever taken for longer.
const LONGEST_LEASE: Duration = Duration::from_mins(1);

/// A credential as it is stored, opened.
#[derive(Clone)]
pub(super) struct Stored {
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) fetched_at: Millis,
    pub(super) expires_at: Millis,
    pub(super) generation: i64,
}

/// The right to call WeChat for an account, until somebody takes it over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lease {
    fence: i64,
}

/// How the last attempt went.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) failures: u32,
    pub(super) not_before: Millis,
    pub(super) attempted: Millis,
    pub(super) fingerprint: String,
    pub(super) trouble: String,
    pub(super) last_success: Option<Millis>,
    pub(super) last_forced: Option<Millis>,
    pub(super) last_heal: Option<Millis>,
}

impl Default for Attempt {
    fn default() -> Self {
        Self {
            failures: 0,
            not_before: Millis(0),
            attempted: Millis(0),
            fingerprint: String::new(),
            trouble: String::new(),
            last_success: None,
            last_forced: None,
            last_heal: None,
        }
    }
}

/// The tables of this module.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    sealer: Sealer,
}

impl Store {
    /// A store that seals with `sealer`.
    pub fn new(db: Db, sealer: Sealer) -> Self {
        Self { db, sealer }
    }

    /// Whether the secret key is the one that this database was made with. A new database takes any key.
    pub async fn key_fits(&self) -> Result<bool, sqlx::Error> {
        let Some(sealed) = self.sealer.seal(CHECK_PLACE, CHECK_TEXT) else { return Ok(false) };
        sqlx::query("INSERT INTO secret_check (id, sealed) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
            .bind(sealed)
            .execute(&mut *self.db.writer().await?)
            .await?;
        let stored: String =
            sqlx::query_scalar("SELECT sealed FROM secret_check WHERE id = 1").fetch_one(self.db.read()).await?;
        Ok(self.sealer.open(CHECK_PLACE, &stored).as_deref() == Some(CHECK_TEXT))
    }

    /// Every credential of `account`. One that does not open is as good as none.
    pub(super) async fn load(&self, account: &AccountKey) -> Result<Vec<Stored>, sqlx::Error> {
        let rows =
            sqlx::query("SELECT kind, sealed, fetched_at, expires_at, generation FROM credential WHERE account = $1")
                .bind(account.to_string())
                .fetch_all(self.db.read())
                .await?;
        rows.iter().filter_map(|row| self.stored(account, row).transpose()).collect()
    }

    fn stored(&self, account: &AccountKey, row: &AnyRow) -> Result<Option<Stored>, sqlx::Error> {
        let (name, sealed): (String, String) = (row.try_get("kind")?, row.try_get("sealed")?);
        let Some(kind) = Kind::from_name(&name) else { return Ok(None) };
        let Some(value) = self.sealer.open(&place(account, kind), &sealed) else { return Ok(None) };
        Ok(Some(Stored {
            kind,
            value,
            fetched_at: Millis(row.try_get("fetched_at")?),
            expires_at: Millis(row.try_get("expires_at")?),
            generation: row.try_get("generation")?,
        }))
    }

    /// How long each credential of `account` lives, without its value.
    pub(super) async fn lives(&self, account: &AccountKey) -> Result<Vec<(Kind, Life)>, sqlx::Error> {
        let rows: Vec<(String, i64, i64, i64)> =
            sqlx::query_as("SELECT kind, fetched_at, expires_at, generation FROM credential WHERE account = $1")
                .bind(account.to_string())
                .fetch_all(self.db.read())
                .await?;
        let lives = rows.into_iter().filter_map(|(name, fetched_at, expires_at, generation)| {
            let life = Life { fetched_at: Millis(fetched_at), expires_at: Millis(expires_at), generation };
            Some((Kind::from_name(&name)?, life))
        });
        Ok(lives.collect())
    }

    /// Takes the lease if nobody holds it.
    pub(super) async fn lease(
        &self,
        account: &AccountKey,
        owner: &str,
        now: Millis,
        until: Millis,
    ) -> Result<Option<Lease>, sqlx::Error> {
        let fence: Option<i64> = sqlx::query_scalar(
            "INSERT INTO credential_lease (account, owner, held_until, fence) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (account) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until, \
             fence = credential_lease.fence + 1 WHERE credential_lease.held_until <= $4 OR credential_lease.held_until > $5 RETURNING fence",
        )
        .bind(account.to_string())
        .bind(owner)
        .bind(until.0)
        .bind(now.0)
        // A lease that long was taken before the clock went back.
        .bind(now.plus(LONGEST_LEASE).0)
        .fetch_optional(&mut *self.db.writer().await?)
        .await?;
        Ok(fence.map(|fence| Lease { fence }))
    }

    /// Holds the lease until another moment; false: somebody has taken it over.
    pub(super) async fn hold(&self, account: &AccountKey, lease: Lease, until: Millis) -> Result<bool, sqlx::Error> {
        let done = sqlx::query("UPDATE credential_lease SET held_until = $1 WHERE account = $2 AND fence = $3")
            .bind(until.0)
            .bind(account.to_string())
            .bind(lease.fence)
            .execute(&mut *self.db.writer().await?)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores a new value and says which generation it is; none: the lease was taken over, and the value is refused.
    pub(super) async fn save(
        &self,
        account: &AccountKey,
        lease: Lease,
        stored: &Stored,
    ) -> Result<Option<i64>, sqlx::Error> {
        let Some(sealed) = self.sealer.seal(&place(account, stored.kind), &stored.value) else { return Ok(None) };
        let mut transaction = self.db.begin().await?;
        // Locks the row on PostgreSQL too, so that nobody takes the lease over between this and the write.
        let held = sqlx::query("UPDATE credential_lease SET owner = owner WHERE account = $1 AND fence = $2")
            .bind(account.to_string())
            .bind(lease.fence)
            .execute(&mut *transaction)
            .await?;
        if held.rows_affected() != 1 {
            return Ok(None);
        }
        let generation = sqlx::query_scalar(
            "INSERT INTO credential (account, kind, sealed, fetched_at, expires_at, generation) \
             VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (account, kind) DO UPDATE SET sealed = excluded.sealed, \
             fetched_at = excluded.fetched_at, expires_at = excluded.expires_at, \
             generation = credential.generation + 1 RETURNING generation",
        )
        .bind(account.to_string())
        .bind(stored.kind.name())
        .bind(sealed)
        .bind(stored.fetched_at.0)
        .bind(stored.expires_at.0)
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(generation))
    }

    /// Lets a value die now, if it is still the one of this generation. The row stays, because it counts generations.
    pub(super) async fn discard(&self, account: &AccountKey, kind: Kind, generation: i64) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE credential SET expires_at = 0 WHERE account = $1 AND kind = $2 AND generation = $3")
            .bind(account.to_string())
            .bind(kind.name())
            .bind(generation)
            .execute(&mut *self.db.writer().await?)
            .await?;
        Ok(())
    }

    /// Counts a call and says how many there were on that day.
    pub(super) async fn count_call(&self, account: &AccountKey, endpoint: &str, day: i64) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(
            "INSERT INTO credential_call (day, account, endpoint, calls) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (day, account, endpoint) DO UPDATE SET calls = credential_call.calls + 1 RETURNING calls",
        )
        .bind(day)
        .bind(account.to_string())
        .bind(endpoint)
        .fetch_one(&mut *self.db.writer().await?)
        .await
    }

    /// The calls of a day, by endpoint.
    pub async fn calls(&self, account: &AccountKey, day: i64) -> Result<Vec<(String, i64)>, sqlx::Error> {
        sqlx::query_as("SELECT endpoint, calls FROM credential_call WHERE account = $1 AND day = $2 ORDER BY endpoint")
            .bind(account.to_string())
            .bind(day)
            .fetch_all(self.db.read())
            .await
    }

    /// How the last attempt went.
    pub(super) async fn attempt(&self, account: &AccountKey) -> Result<Attempt, sqlx::Error> {
        let row = sqlx::query(
            "SELECT failures, not_before, attempted_at, fingerprint, trouble, last_success_at, last_forced_at, last_heal_at \
             FROM credential_status WHERE account = $1",
        )
        .bind(account.to_string())
        .fetch_optional(self.db.read())
        .await?;
        let Some(row) = row else { return Ok(Attempt::default()) };
        let moment = |name: &str| row.try_get::<Option<i64>, _>(name).map(|at| at.map(Millis));
        Ok(Attempt {
            failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
            not_before: Millis(row.try_get("not_before")?),
            attempted: Millis(row.try_get("attempted_at")?),
            fingerprint: row.try_get("fingerprint")?,
            trouble: row.try_get("trouble")?,
            last_success: moment("last_success_at")?,
            last_forced: moment("last_forced_at")?,
            last_heal: moment("last_heal_at")?,
        })
    }

    /// Remembers how an attempt went.
    pub(super) async fn remember(&self, account: &AccountKey, attempt: &Attempt) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO credential_status (account, failures, not_before, fingerprint, trouble, last_success_at, \
             last_forced_at, last_heal_at, attempted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (account) DO UPDATE SET failures = excluded.failures, not_before = excluded.not_before, \
             attempted_at = excluded.attempted_at, fingerprint = excluded.fingerprint, trouble = excluded.trouble, \
             last_success_at = excluded.last_success_at, last_forced_at = excluded.last_forced_at, \
             last_heal_at = excluded.last_heal_at",
        )
        .bind(account.to_string())
        .bind(i64::from(attempt.failures))
        .bind(attempt.not_before.0)
        .bind(attempt.fingerprint.as_str())
        .bind(attempt.trouble.as_str())
        .bind(attempt.last_success.map(|at| at.0))
        .bind(attempt.last_forced.map(|at| at.0))
        .bind(attempt.last_heal.map(|at| at.0))
        .bind(attempt.attempted.0)
        .execute(&mut *self.db.writer().await?)
        .await?;
        Ok(())
    }

    /// Remembers that a person was told of `cause`; false: they were told before.
    pub(super) async fn raise_alarm(
        &self,
        account: &AccountKey,
        cause: &str,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "INSERT INTO alarm (cause, account, raised_at) VALUES ($1, $2, $3) ON CONFLICT (cause) DO NOTHING",
        )
        .bind(cause)
        .bind(account.to_string())
        .bind(now.0)
        .execute(&mut *self.db.writer().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets one alarm, so that it would be raised anew.
    pub(super) async fn forget_alarm(&self, cause: &str) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM alarm WHERE cause = $1").bind(cause).execute(&mut *self.db.writer().await?).await?;
        Ok(())
    }

    /// Forgets the alarms of `account` and says how many there were. A used-up budget is not mended by one call that
    /// succeeds; its alarm ends with the day in its name.
    pub(super) async fn clear_alarms(&self, account: &AccountKey) -> Result<u64, sqlx::Error> {
        let done = sqlx::query("DELETE FROM alarm WHERE account = $1 AND cause NOT LIKE '% budget %'")
            .bind(account.to_string())
            .execute(&mut *self.db.writer().await?)
            .await?;
        Ok(done.rows_affected())
    }
}

fn place(account: &AccountKey, kind: Kind) -> String {
    format!("{account} {}", kind.name())
}
