//! The texts that an article had.

use serde_json::json;

use super::super::article::Fields;
use super::super::slug::ArticleId;
use super::super::store::event::Kind;
use super::super::{Actor, Content, Error, store};
use crate::clock::Millis;

/// Why a text was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was handed to the reviewers.
    Submit,
    /// A reviewer changed it.
    Amend,
    /// It went out.
    Publish,
    /// It was to go out by itself at this time.
    Schedule(Millis),
    /// It was the working copy until an older text took its place.
    Restore,
}

/// One of an article's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Counted from 1 within the article.
    pub number: i64,
    /// Why it was kept.
    pub reason: Reason,
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: Actor,
    /// 标题.
    pub headline: String,
    /// Whether it is what readers see.
    pub live: bool,
}

impl Content {
    /// The texts that an article had, newest first.
    pub async fn history(&self, id: ArticleId) -> Result<Vec<Revision>, Error> {
        store::history::revisions(self.db.read(), id).await
    }

    /// One of them, by its number; [`super::super::comparison::compare`] says how two differ.
    pub async fn revision(&self, id: ArticleId, number: i64) -> Result<Fields, Error> {
        store::history::revision_text(&mut *self.db.read().acquire().await?, id, number).await
    }

    /// Makes an older text the working copy again, if that is still the one at `version`, and returns its new version.
    /// What it held until now is kept as a revision, so that this, too, can be undone.
    pub async fn restore_revision(
        &self,
        actor: Actor,
        id: ArticleId,
        (version, number): (i64, i64),
    ) -> Result<i64, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        // What is wrong is said in its order: where the article stands, who was faster, what there never was.
        let mut wanted = store::history::revision_text(&mut transaction, id, number).await;
        if let Ok(Fields { category: Some(category), .. }) = &wanted {
            let current = store::sections::hold_current(&mut transaction, *category).await?;
            wanted = wanted.map(|fields| Fields { category: current, ..fields });
        }
        store::article::lock(&mut transaction, id).await?.state.edit()?;
        let before = super::seen(&mut transaction, id, version).await?;
        let wanted = wanted?;
        let text = (Reason::Restore, &before);
        let revision = store::history::insert_revision(&mut transaction, step, id, text).await?;
        let version = store::article::save(&mut transaction, step, id, (version, &wanted)).await?;
        let detail = json!({ "number": number, "version": version });
        store::event::write(&mut transaction, step, Kind::RevisionRestored, (Some(id), Some(revision), detail)).await?;
        self.commit(transaction).await?;
        Ok(version)
    }
}
