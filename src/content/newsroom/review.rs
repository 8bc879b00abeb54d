//! 三审三校: a text goes from its author through the stages of review, and back when something has to change.

use serde_json::json;

use super::super::article::{Refused, Working, paragraphs};
use super::super::slug::ArticleId;
use super::super::store::event::Kind;
use super::super::{Actor, Content, Error, store};
use super::history::Reason;
use super::{check, rules, seen};

impl Content {
    /// Hands the working copy to the reviewers, as it was at `version`, and keeps it as a revision. A site without
    /// stages of review has it, too: a writer hands a text to somebody who may publish it.
    pub async fn submit(&self, actor: Actor, id: ArticleId, version: i64) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let state = store::article::lock(&mut transaction, id).await?.state.submit()?;
        let fields = seen(&mut transaction, id, version).await?;
        check(&mut transaction, &fields).await?;
        let text = (Reason::Submit, &fields);
        let revision = store::history::insert_revision(&mut transaction, step, id, text).await?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
        store::standing::set_remark(&mut transaction, id, "").await?;
        store::standing::set_submitter(&mut transaction, id, actor).await?;
        let detail = json!({ "headline": fields.headline });
        store::event::write(&mut transaction, step, Kind::Submitted, (Some(id), Some(revision), detail)).await?;
        self.commit(transaction).await
    }

    /// Passes the text, as it was at `version`, on to the next stage; behind the last one it may be published. Returns
    /// where it stands now. Nobody passes a text that they wrote or handed in, nor two stages of one text.
    pub async fn approve(&self, actor: Actor, id: ArticleId, version: i64) -> Result<Working, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.approve(rules(&mut transaction, actor, record.hands).await?)?;
        seen(&mut transaction, id, version).await?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
        store::standing::set_reviewer(&mut transaction, id, record.state.working, actor).await?;
        let detail = json!({ "stage": stage(record.state.working) });
        store::event::write(&mut transaction, step, Kind::Approved, (Some(id), None, detail)).await?;
        self.commit(transaction).await?;
        Ok(state.working)
    }

    /// Gives the text back to be changed. `remark` says what has to change; it is shown with the article until it is
    /// handed in again.
    pub async fn send_back(&self, actor: Actor, id: ArticleId, remark: &str) -> Result<(), Error> {
        let remark = paragraphs(remark);
        if remark.is_empty() {
            return Err(Refused::NoRemark.into());
        }
        self.take_back(actor, id, (Kind::SentBack, &remark)).await
    }

    /// Takes the text back from the reviewers (also when it is approved already), so that it can be changed.
    pub async fn recall(&self, actor: Actor, id: ArticleId) -> Result<(), Error> {
        self.take_back(actor, id, (Kind::Recalled, "")).await
    }

    async fn take_back(&self, actor: Actor, id: ArticleId, (kind, remark): (Kind, &str)) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.take_back()?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
        store::standing::set_remark(&mut transaction, id, remark).await?;
        let mut detail = json!({ "stage": stage(record.state.working) });
        if !remark.is_empty() {
            detail = json!({ "stage": stage(record.state.working), "remark": remark });
        }
        store::event::write(&mut transaction, step, kind, (Some(id), None, detail)).await?;
        self.commit(transaction).await
    }
}

/// The stage of a text in review.
pub(super) fn stage(working: Working) -> Option<i64> {
    match working {
        Working::InReview(stage) => Some(stage),
        Working::Draft | Working::Approved | Working::Scheduled(_) | Working::Discarded => None,
    }
}
