//! Lists of articles, a page at a time: each is one walk along an index from a key, as long at the five-hundredth page
//! as at the first.

use sqlx::AnyPool;
use sqlx::any::AnyRow;

use super::reader::{summary, summary_query};
use super::{number, taxonomy};
use crate::clock::Millis;
use crate::content::{ArticleId, Cursor, Error, Filter, Front, List, Newer, Summary};

macro_rules! list_query {
    ($from:literal, $condition:literal) => {
        concat!(summary_query!($from, $condition), " LIMIT $3")
    };
}

/// The statements of one kind of list: from the key `$1, $2`, at most `$3` rows.
#[derive(Clone, Copy)]
pub(super) struct ListQueries {
    /// The rows of a page.
    pub(super) older: &'static str,
    /// The keys of the page before it, nearest first.
    pub(super) newer: &'static str,
}

pub(super) const ALL: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "(article.published_at, article.id) < ($1, $2) ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' AND (published_at, id) >= ($1, $2) \
            ORDER BY published_at, id LIMIT $3",
};

/// `$4` is the category's number.
pub(super) const CATEGORY: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "article.category_id = $4 AND (article.published_at, article.id) < ($1, $2) \
         ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' AND category_id = $4 \
            AND (published_at, id) >= ($1, $2) ORDER BY published_at, id LIMIT $3",
};

/// `$4` is the tag's number.
pub(super) const TAG: ListQueries = ListQueries {
    older: list_query!(
        "article_tag JOIN article ON article.id = article_tag.article_id",
        "article_tag.tag_id = $4 AND (article_tag.published_at, article_tag.article_id) < ($1, $2) \
         ORDER BY article_tag.published_at DESC, article_tag.article_id DESC"
    ),
    newer: "SELECT published_at, article_id AS id FROM article_tag WHERE tag_id = $4 \
            AND (published_at, article_id) >= ($1, $2) ORDER BY published_at, article_id LIMIT $3",
};

/// `$4` is the first moment for `older`, and the first moment after for `newer`.
pub(super) const MONTH: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "article.published_at >= $4 AND (article.published_at, article.id) < ($1, $2) \
         ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' AND published_at < $4 \
            AND (published_at, id) >= ($1, $2) ORDER BY published_at, id LIMIT $3",
};

/// What is under the pinned articles: everything but those that are on top. `$4, $5` is the key of the last of them,
/// so that one pinned too many is found where its date puts it.
pub(super) const UNDER_PINNED: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "NOT (article.pinned = 1 AND (article.published_at, article.id) >= ($4, $5)) \
         AND (article.published_at, article.id) < ($1, $2) ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' \
            AND NOT (pinned = 1 AND (published_at, id) >= ($4, $5)) \
            AND (published_at, id) >= ($1, $2) ORDER BY published_at, id LIMIT $3",
};

pub(super) const PINNED: &str = list_query!(
    "article",
    "article.pinned = 1 AND (article.published_at, article.id) < ($1, $2) \
     ORDER BY article.published_at DESC, article.id DESC"
);

/// After every article.
const END: Cursor = Cursor { published: Millis(i64::MAX), id: ArticleId(i64::MAX) };

/// One list: its statements, where it ends at the newer side, and what its statements need besides a key.
struct Walk {
    queries: ListQueries,
    end: Cursor,
    older: Vec<i64>,
    newer: Vec<i64>,
}

impl Walk {
    fn of(queries: ListQueries, which: Vec<i64>) -> Self {
        Self { queries, end: END, older: which.clone(), newer: which }
    }

    async fn page(&self, pool: &AnyPool, before: Option<Cursor>, limit: u16) -> Result<List, Error> {
        let limit = usize::from(limit.max(1));
        let from = before.map_or(self.end, |before| before.min(self.end));
        // One row more than a page tells whether there is another page.
        let rows = rows(pool, self.queries.older, (from, limit), &self.older).await?;
        let items = rows.iter().take(limit).map(summary).collect::<Result<Vec<_>, _>>()?;
        let older = if rows.len() > limit { items.last().map(Summary::cursor) } else { None };
        let newer = match before {
            None => None,
            Some(_) => newer(&self::rows(pool, self.queries.newer, (from, limit), &self.newer).await?, limit)?,
        };
        Ok(List { items, older, newer })
    }
}

pub(in crate::content) async fn latest(
    pool: &AnyPool,
    filter: &Filter,
    before: Option<Cursor>,
    limit: u16,
) -> Result<List, Error> {
    let walk = match filter {
        Filter::All => Walk::of(ALL, Vec::new()),
        Filter::Category(slug) => {
            Walk::of(CATEGORY, vec![taxonomy::category(pool, slug).await?.ok_or(Error::NotFound)?.id])
        }
        Filter::Tag(name) => Walk::of(TAG, vec![taxonomy::tag(pool, name).await?.ok_or(Error::NotFound)?.0]),
        Filter::Month { from, to } => {
            let end = Cursor { published: *to, id: ArticleId(i64::MIN) };
            Walk { queries: MONTH, end, older: vec![from.0], newer: vec![to.0] }
        }
    };
    walk.page(pool, before, limit).await
}

/// A page of the home list: the articles on top (on the first page only), and those under them.
pub(in crate::content) async fn front(
    pool: &AnyPool,
    before: Option<Cursor>,
    (most_pinned, limit): (u16, u16),
) -> Result<Front, Error> {
    let most = usize::from(most_pinned);
    let rows = rows(pool, PINNED, (END, most), &[]).await?;
    let pinned = rows.iter().take(most).map(summary).collect::<Result<Vec<_>, _>>()?;
    let last = pinned.last().map_or(END, Summary::cursor);
    let list = Walk::of(UNDER_PINNED, vec![last.published.0, last.id.0]).page(pool, before, limit).await?;
    Ok(Front { pinned: if before.is_none() { pinned } else { Vec::new() }, list })
}

async fn rows(
    pool: &AnyPool,
    query: &'static str,
    (from, limit): (Cursor, usize),
    which: &[i64],
) -> Result<Vec<AnyRow>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let query = sqlx::query(query).bind(from.published.0).bind(from.id.0).bind(limit);
    Ok(which.iter().fold(query, |query, number| query.bind(*number)).fetch_all(pool).await?)
}

/// Where the page before this one begins, from the keys that lie before it, nearest first.
fn newer(keys: &[AnyRow], limit: usize) -> Result<Option<Newer>, Error> {
    if keys.is_empty() {
        return Ok(None);
    }
    let Some(row) = keys.get(limit) else { return Ok(Some(Newer::FirstPage)) };
    let cursor = Cursor { published: Millis(number(row, "published_at")?), id: ArticleId(number(row, "id")?) };
    Ok(Some(Newer::Before(cursor)))
}
