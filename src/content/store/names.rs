//! What articles are called, many at a time.

use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::redirect::key;
use super::{maybe_time, number, standing, text};
use crate::content::newsroom::ArticleName;
use crate::content::{ArticleId, Error};

/// How many are asked for at once: a list of this length is one text for both engines.
const AT_ONCE: usize = 50;

pub(super) const OF_FIFTY: &str = "SELECT article.id, article.slug, article.author_id, article.live, article.published_at, \
     COALESCE(revision.headline, working_copy.headline) AS headline FROM article \
     JOIN working_copy ON working_copy.article_id = article.id \
     LEFT JOIN revision ON revision.id = article.live_revision_id \
     WHERE article.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
     $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, \
     $43, $44, $45, $46, $47, $48, $49, $50)";

/// The names of those that there are.
pub(in crate::content) async fn names(pool: &AnyPool, ids: &[ArticleId]) -> Result<Vec<ArticleName>, Error> {
    let mut names = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        // No article has the number 0.
        let padded = some.iter().map(|id| id.0).chain(std::iter::repeat(0)).take(AT_ONCE);
        let query = padded.fold(sqlx::query(OF_FIFTY), sqlx::query::Query::bind);
        for row in query.fetch_all(pool).await? {
            names.push(name(&row)?);
        }
    }
    Ok(names)
}

fn name(row: &AnyRow) -> Result<ArticleName, Error> {
    let id = number(row, "id")?;
    Ok(ArticleName {
        id: ArticleId(id),
        key: key(row.try_get("slug")?, id)?,
        headline: text(row, "headline")?,
        author: row.try_get("author_id")?,
        live: standing::live(row)?,
        published: maybe_time(row, "published_at")?,
    })
}
