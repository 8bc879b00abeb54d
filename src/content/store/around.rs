//! What stands around an article. Every branch below is a walk along an index that ends after a few rows; a branch is
//! called `walk`, which is what the test of the query plans knows it by.

use sqlx::{AnyPool, Row as _};

use super::reader::{summary, summary_query};
use super::redirect::key;
use super::{number, text};
use crate::clock::Millis;
use crate::content::around::{Candidate, Neighbour};
use crate::content::{ArticleId, Error, Published, Summary};

/// The newest articles with the tag at one place of article `$1`. More than five tags say no more than five.
macro_rules! tag_walk {
    ($place:literal) => {
        concat!(
            "SELECT id, published_at, 1 AS by_tag FROM (SELECT article_id AS id, published_at FROM article_tag \
             WHERE tag_id = (SELECT tag_id FROM article_tag WHERE article_id = $1 ORDER BY position LIMIT 1 OFFSET ",
            $place,
            ") ORDER BY published_at DESC, article_id DESC LIMIT 12) AS walk UNION ALL "
        )
    };
}

pub(super) const CANDIDATES: &str = concat!(
    tag_walk!("0"),
    tag_walk!("1"),
    tag_walk!("2"),
    tag_walk!("3"),
    tag_walk!("4"),
    // Seven: four to show, besides the article and its neighbours.
    "SELECT id, published_at, 0 AS by_tag FROM (SELECT id, published_at FROM article WHERE live = 'published' \
     AND category_id = $2 ORDER BY published_at DESC, id DESC LIMIT 7) AS walk"
);

macro_rules! neighbour_query {
    ($condition:literal) => {
        concat!(
            "SELECT walk.is_next, walk.id, walk.slug, revision.headline FROM (SELECT * FROM (SELECT 0 AS is_next, id, \
             slug, live_revision_id FROM article WHERE live = 'published' ",
            $condition,
            " AND (published_at, id) < ($1, $2) ORDER BY published_at DESC, id DESC LIMIT 1) AS walk UNION ALL \
             SELECT * FROM (SELECT 1 AS is_next, id, slug, live_revision_id FROM article WHERE live = 'published' ",
            $condition,
            " AND (published_at, id) > ($1, $2) ORDER BY published_at, id LIMIT 1) AS walk) AS walk \
             JOIN revision ON revision.id = walk.live_revision_id"
        )
    };
}

pub(super) const NEIGHBOURS_IN_CATEGORY: &str = neighbour_query!("AND category_id = $3");
pub(super) const NEIGHBOURS_ON_SITE: &str = neighbour_query!("");
pub(super) const SUMMARIES: &str = summary_query!("article", "article.id IN ($1, $2, $3, $4)");

/// The one before and the one after `article`.
pub(in crate::content) async fn neighbours(
    pool: &AnyPool,
    article: &Published,
) -> Result<(Option<Neighbour>, Option<Neighbour>), Error> {
    let category = article.category.as_ref().map(|category| category.id);
    let query = sqlx::query(if category.is_some() { NEIGHBOURS_IN_CATEGORY } else { NEIGHBOURS_ON_SITE });
    let query = query.bind(article.times.published.0).bind(article.id.0);
    let query = match category {
        Some(category) => query.bind(category),
        None => query,
    };
    let (mut previous, mut next) = (None, None);
    for row in query.fetch_all(pool).await? {
        let id = number(&row, "id")?;
        let headline = text(&row, "headline")?;
        let neighbour = Neighbour { id: ArticleId(id), key: key(row.try_get("slug")?, id)?, headline };
        if number(&row, "is_next")? == 0 { previous = Some(neighbour) } else { next = Some(neighbour) }
    }
    Ok((previous, next))
}

/// Articles that may have to do with `article`, each as often as there is a reason.
pub(in crate::content) async fn candidates(pool: &AnyPool, article: &Published) -> Result<Vec<Candidate>, Error> {
    // No category has the number 0.
    let category = article.category.as_ref().map_or(0, |category| category.id);
    let rows = sqlx::query(CANDIDATES).bind(article.id.0).bind(category).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let by_tag = number(row, "by_tag")? == 1;
            let (id, published) = (ArticleId(number(row, "id")?), Millis(number(row, "published_at")?));
            Ok(Candidate { id, published, by_tag })
        })
        .collect()
}

/// Those of `ids`, at most four, that readers may see; in no order.
pub(in crate::content) async fn summaries(pool: &AnyPool, ids: &[ArticleId]) -> Result<Vec<Summary>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // No article has the number 0.
    let padded = ids.iter().map(|id| id.0).chain(std::iter::repeat(0)).take(4);
    let rows = padded.fold(sqlx::query(SUMMARIES), sqlx::query::Query::bind).fetch_all(pool).await?;
    rows.iter().map(summary).collect()
}
