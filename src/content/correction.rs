//! 更正: what readers are told when a published text was wrong.

use serde_json::json;

use super::article::{Live, Refused, paragraphs};
use super::newsroom::{self, Step};
use super::slug::ArticleId;
use super::store::event::Kind;
use super::{Actor, Content, Error, search, store};
use crate::clock::Millis;

/// A correction of an article. It stays with the article for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// When the text was set right.
    pub at: Millis,
    /// What was wrong, and what is right.
    pub notice: String,
}

impl Content {
    /// Publishes the working copy of a published article together with `notice`, which says what was wrong.
    pub async fn correct(&self, actor: Actor, id: ArticleId, notice: &str) -> Result<(), Error> {
        self.correct_as(actor, id, (None, notice)).await
    }

    /// [`Self::correct`], if the working copy is still the one at `version`, which the actor has seen.
    pub async fn correct_version(
        &self,
        actor: Actor,
        id: ArticleId,
        (version, notice): (i64, &str),
    ) -> Result<(), Error> {
        self.correct_as(actor, id, (Some(version), notice)).await
    }

    async fn correct_as(
        &self,
        actor: Actor,
        id: ArticleId,
        (version, notice): (Option<i64>, &str),
    ) -> Result<(), Error> {
        let notice = paragraphs(notice);
        if notice.is_empty() {
            return Err(Refused::NoNotice.into());
        }
        // Before the transaction, as for any publication.
        search::load_dictionary().await?;
        let step = Step { actor, now: self.clock.now() };
        let mut transaction = self.db.begin().await?;
        if store::article::lock(&mut transaction, id).await?.state.live != Live::Published {
            return Err(Refused::NotPublished.into());
        }
        if let Some(version) = version {
            newsroom::seen(&mut transaction, id, version).await?;
        }
        newsroom::publish(&mut transaction, step, id, None).await?;
        store::correction::insert(&mut transaction, step, id, &notice).await?;
        let detail = json!({ "notice": notice });
        store::event::write(&mut transaction, step, Kind::Corrected, (Some(id), None, detail)).await?;
        self.commit(transaction).await
    }
}
