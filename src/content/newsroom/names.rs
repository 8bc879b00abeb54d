//! What articles are called, for lists that know only their numbers.

use std::collections::BTreeMap;

use super::super::article::Live;
use super::super::slug::{ArticleId, ArticleKey};
use super::super::{Content, Error, store};
use crate::clock::Millis;

/// An article's name, and where readers find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleName {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// 标题 as readers know it, or of the working copy where they do not.
    pub headline: String,
    /// Who began it.
    pub author: Option<i64>,
    /// Whether readers can open it.
    pub live: Live,
    /// The date that readers see.
    pub published: Option<Millis>,
}

impl Content {
    /// The names of these articles; one that does not exist is not there.
    pub async fn names(&self, ids: &[ArticleId]) -> Result<BTreeMap<ArticleId, ArticleName>, Error> {
        let names = store::names::names(self.db.read(), ids).await?;
        Ok(names.into_iter().map(|name| (name.id, name)).collect())
    }
}
