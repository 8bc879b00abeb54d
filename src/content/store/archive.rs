//! The steps from month to month.

use sqlx::AnyPool;

use crate::clock::Millis;
use crate::content::Error;

pub(super) const NEWEST_BEFORE: &str = "SELECT published_at FROM article WHERE live = 'published' \
     AND published_at < $1 ORDER BY published_at DESC, id DESC LIMIT 1";

/// The date of the newest published article before `moment`.
pub(in crate::content) async fn newest_before(pool: &AnyPool, moment: Millis) -> Result<Option<Millis>, Error> {
    Ok(sqlx::query_scalar(NEWEST_BEFORE).bind(moment.0).fetch_optional(pool).await?.map(Millis))
}
