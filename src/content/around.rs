//! What is offered after an article: the ones before and after it, and those that have to do with it.

use std::collections::HashMap;

use super::list::Summary;
use super::published::Published;
use super::slug::{ArticleId, ArticleKey};
use super::{Content, Error, store};
use crate::clock::Millis;

/// Related articles on a page.
const MOST_RELATED: usize = 4;

/// The articles around one.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The one published before it, in its category or, when it has none, on the site.
    pub previous: Option<Neighbour>,
    /// The one published after it.
    pub next: Option<Neighbour>,
    /// Those that share the most tags, then those of its category; newest first. None of the above.
    pub related: Vec<Summary>,
}

/// An article as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// 标题.
    pub headline: String,
}

/// One reason why an article may be related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The article.
    pub(super) id: ArticleId,
    /// Its date.
    pub(super) published: Millis,
    /// Whether a tag led to it; else it is of the same category.
    pub(super) by_tag: bool,
}

impl Content {
    /// The articles around `article`. Costs a bounded number of steps along indexes, whatever the site's size.
    pub async fn around(&self, article: &Published) -> Result<Around, Error> {
        let pool = self.db.read();
        let (previous, next) = store::around::neighbours(pool, article).await?;
        let candidates = store::around::candidates(pool, article).await?;
        let seen: Vec<ArticleId> =
            [&previous, &next].into_iter().flatten().map(|neighbour| neighbour.id).chain([article.id]).collect();
        let chosen = ranked(&candidates, &seen);
        let mut related = store::around::summaries(pool, &chosen).await?;
        related.sort_by_key(|summary| chosen.iter().position(|id| *id == summary.id));
        Ok(Around { previous, next, related })
    }
}

/// The best candidates that are not among `seen`, best first.
fn ranked(candidates: &[Candidate], seen: &[ArticleId]) -> Vec<ArticleId> {
    let mut found: HashMap<ArticleId, (usize, bool, Millis)> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| !seen.contains(&candidate.id)) {
        let (tags, in_category, _) = found.entry(candidate.id).or_insert((0, false, candidate.published));
        *tags += usize::from(candidate.by_tag);
        *in_category |= !candidate.by_tag;
    }
    let mut ranked: Vec<_> = found.into_iter().map(|(id, merits)| (merits, id)).collect();
    ranked.sort_unstable_by(|one, other| other.cmp(one));
    ranked.into_iter().map(|(_, id)| id).take(MOST_RELATED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i64, published: i64, by_tag: bool) -> Candidate {
        Candidate { id: ArticleId(id), published: Millis(published), by_tag }
    }

    fn ids(candidates: &[Candidate], seen: &[i64]) -> Vec<i64> {
        let seen: Vec<ArticleId> = seen.iter().copied().map(ArticleId).collect();
        ranked(candidates, &seen).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn shared_tags_weigh_most_then_the_category_then_the_date() {
        let candidates = [
            candidate(1, 90, false),
            candidate(2, 10, true),
            candidate(2, 10, true),
            candidate(3, 50, true),
            candidate(4, 60, true),
            candidate(5, 20, true),
            candidate(5, 20, false),
        ];

        assert_eq!(ids(&candidates, &[]), [2, 5, 4, 3]);
        assert_eq!(ids(&candidates, &[2, 4]), [5, 3, 1]);
    }

    #[test]
    fn of_one_moment_the_later_number_comes_first_and_nothing_gives_nothing() {
        assert_eq!(ids(&[candidate(1, 5, false), candidate(2, 5, false)], &[]), [2, 1]);
        assert!(ids(&[], &[]).is_empty());
    }
}
