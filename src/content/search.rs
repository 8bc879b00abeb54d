//! Search: a question in any spelling, answered with what readers may see, best first.
//!
//! Ranks instead of weights: what holds the question in its headline comes before what holds it in its text, a word
//! before a part of another; the newest is first among equals. A rank costs the same whether ten articles or half of
//! a million hold it, because the index is walked from its end and the walk is cut.

mod dialect;
mod fold;
mod query;
mod snippet;
mod words;

use std::collections::HashSet;
use std::time::Duration;

pub(super) use dialect::{document, question};
pub(super) use query::Tier;
pub use snippet::Segment;
pub(super) use words::Terms;

use query::Query;

use super::store::search::{self as store, ROWS};
use super::{ArticleId, Content, Error, Fields, Summary};

/// Results that can be paged through.
const MOST: usize = 200;
/// Articles that are taken into the index in one transaction.
const BATCH: u16 = 20;
/// Before the next try when the database does not answer.
const PAUSE: Duration = Duration::from_mins(1);

/// An answer's page.
#[derive(Clone, Debug)]
pub struct Results {
    /// The question as it was read.
    pub query: String,
    /// The articles of this page, best first.
    pub hits: Vec<Hit>,
    /// How many there are on all pages.
    pub total: usize,
    /// Whether there are more than can be paged through.
    pub more: bool,
    /// This page's number, from 1.
    pub page: usize,
    /// How many pages there are, at least one.
    pub pages: usize,
}

/// An article that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What lists show of it.
    pub summary: Summary,
    /// The headline, with what was asked for marked.
    pub headline: Vec<Segment>,
    /// The place in the text that answers best.
    pub excerpt: Vec<Segment>,
}

impl Content {
    /// The published articles that hold what `text` asks for. A page that does not exist is the nearest one.
    pub async fn search(&self, text: &str, page: usize) -> Result<Results, Error> {
        let text = query::read(text);
        // Questions take their turn, so that they never hold all connections of the readers.
        let _turn = self.searches.acquire().await.map_err(|_closed| Error::Stopping)?;
        if query::needs_dictionary(&text) {
            load_dictionary().await?;
        }
        let query = Query::new(&text);
        let ids = self.ranked(&query).await?;
        let total = ids.len().min(MOST);
        let pages = total.div_ceil(ROWS).max(1);
        let page = page.clamp(1, pages);
        let shown: Vec<ArticleId> = ids.iter().take(MOST).skip((page - 1) * ROWS).take(ROWS).copied().collect();
        let found = store::page(self.db.read(), &shown).await?;
        let hits = found.into_iter().map(|found| hit(found, &query)).collect();
        Ok(Results { hits, total, more: ids.len() > MOST, page, pages, query: text })
    }

    /// The articles that answer, best first; a few more than are shown at most.
    async fn ranked(&self, query: &Query) -> Result<Vec<ArticleId>, Error> {
        let mut ranked = Vec::new();
        let mut seen = HashSet::new();
        for tier in query.tiers() {
            let ids = store::matches(self.db.read(), self.db.engine(), &tier).await?;
            ranked.extend(ids.into_iter().filter(|id| seen.insert(*id)));
            if ranked.len() > MOST {
                break;
            }
        }
        Ok(ranked)
    }

    /// Takes up to `limit` articles into the index that were published before there was one, and says how many it
    /// found; 0: none is missing.
    pub async fn index_missing(&self, limit: u16) -> Result<usize, Error> {
        let missing = store::missing(self.db.read(), limit).await?;
        if missing.is_empty() {
            return Ok(0);
        }
        let work = move || missing.into_iter().map(|missing| (terms(&missing.fields), missing)).collect::<Vec<_>>();
        let prepared = tokio::task::spawn_blocking(work).await.map_err(|_stopped| Error::Stopping)?;
        let found = prepared.len();
        let mut transaction = self.db.begin().await?;
        for (terms, missing) in prepared {
            if store::is_missing(&mut transaction, &missing).await? {
                store::index(&mut transaction, self.db.engine(), missing.id, &terms).await?;
            }
        }
        transaction.commit().await?;
        Ok(found)
    }

    /// Takes all articles into the index that are not in it, a few at a time. Ends when none is missing.
    pub async fn index_all_missing(&self) {
        let mut total: usize = 0;
        loop {
            match self.index_missing(BATCH).await {
                Ok(0) => break,
                Ok(found) => total += found,
                Err(error) => {
                    tracing::warn!(%error, "older articles are not found by search yet; trying again in a minute");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        if total > 0 {
            tracing::info!(articles = total, "older articles are found by search now");
        }
    }
}

/// What an article is found by.
pub(super) fn terms(fields: &Fields) -> Terms {
    let tags = fields.tags.join("\n");
    let text = fields.body.text();
    let texts = [&fields.byline, &fields.source, &tags, &fields.standfirst, &fields.summary, &text];
    Terms::of(&fields.headline, &texts.map(String::as_str))
}

/// Reads the dictionary, if nobody has yet, where it holds nobody up.
pub(super) async fn load_dictionary() -> Result<(), Error> {
    tokio::task::spawn_blocking(words::load).await.map_err(|_stopped| Error::Stopping)
}

fn hit(found: store::Found, query: &Query) -> Hit {
    let needles = query.needles();
    let fields = &found.fields;
    let body = fields.body.text();
    let texts = [&body, &fields.standfirst, &fields.summary];
    let excerpt = texts.into_iter().find_map(|text| snippet::excerpt(text, needles));
    let opening = || snippet::beginning(if fields.summary.is_empty() { &body } else { &fields.summary });
    Hit {
        headline: snippet::marked(&fields.headline, needles),
        excerpt: excerpt.unwrap_or_else(opening),
        summary: found.summary,
    }
}
