//! What readers get to see, and what is taken from them.

use serde_json::json;
use sqlx::AnyConnection;

use super::super::article::{Fields, Live, Refused, State, Times, Working, paragraphs};
use super::super::slug::ArticleId;
use super::super::store::event::Kind;
use super::super::{Actor, Content, Error, Media, MediaId, search, store};
use super::history::Reason;
use super::review::stage;
use super::{MOST_PINNED, Step, check, rules, seen};
use crate::clock::Millis;
use store::article::{LiveText, Record};

impl Content {
    /// Makes the working copy what readers see. `dated` sets the date that readers see; without it a first
    /// publication is dated now and a later one keeps its date. Where there is review, the text must have passed it;
    /// who publishes a text at its last stage approves it by that.
    pub async fn publish(&self, actor: Actor, id: ArticleId, dated: Option<Millis>) -> Result<(), Error> {
        // Before the transaction, which on SQLite keeps everybody else from writing.
        search::load_dictionary().await?;
        let mut transaction = self.db.begin().await?;
        publish(&mut transaction, self.step(actor), id, dated).await?;
        self.commit(transaction).await
    }

    /// [`Self::publish`], if the working copy is still the one at `version`, which the actor has seen.
    pub async fn publish_version(&self, actor: Actor, id: ArticleId, version: i64) -> Result<(), Error> {
        search::load_dictionary().await?;
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        seen(&mut transaction, id, version).await?;
        publish_locked(&mut transaction, self.step(actor), id, (record, None)).await?;
        self.commit(transaction).await
    }

    /// Takes an article from the readers; its address then shows `notice`. What was to go out by itself stays away.
    pub async fn withdraw(&self, actor: Actor, id: ArticleId, notice: &str) -> Result<(), Error> {
        let (step, notice) = (self.step(actor), paragraphs(notice));
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.withdraw()?;
        if state.working != record.state.working {
            store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
            store::event::write(&mut transaction, step, Kind::Unscheduled, (Some(id), None, json!({}))).await?;
        }
        store::article::set_withdrawn(&mut transaction, id, state, (step.now, &notice)).await?;
        leave_lists(&mut transaction, id).await?;
        unpinned(&mut transaction, step, id, &record).await?;
        if record.take_down.is_some() {
            plan_is_void(&mut transaction, step, id).await?;
        }
        let detail = json!({ "notice": notice });
        store::event::write(&mut transaction, step, Kind::Withdrawn, (Some(id), None, detail)).await?;
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await
    }

    /// Keeps a published article on top of the home page, or does so no longer. Two editors at once may pin one too
    /// many; the home page then shows the oldest of them where its date puts it.
    pub async fn set_pinned(&self, actor: Actor, id: ArticleId, pinned: bool) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        if store::article::lock(&mut transaction, id).await?.state.live != Live::Published {
            return Err(Refused::NotPublished.into());
        }
        if !store::article::set_pinned(&mut transaction, id, pinned).await? {
            return Ok(());
        }
        if pinned && store::article::count_pinned(&mut transaction).await? > i64::from(MOST_PINNED) {
            return Err(Refused::TooManyPinned.into());
        }
        let kind = if pinned { Kind::Pinned } else { Kind::Unpinned };
        store::event::write(&mut transaction, step, kind, (Some(id), None, json!({}))).await?;
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await
    }
}

pub(in crate::content) async fn publish(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    dated: Option<Millis>,
) -> Result<(), Error> {
    let record = store::article::lock(connection, id).await?;
    publish_locked(connection, step, id, (record, dated)).await
}

async fn publish_locked(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (record, dated): (Record, Option<Millis>),
) -> Result<(), Error> {
    let copy = store::article::working_copy(connection, id).await?;
    let mut rules = rules(connection, step.actor, record.hands).await?;
    if record.state.live == Live::Published && !copy.unpublished {
        // Readers see this text already; there is nothing to review.
        rules.stages = 0;
    }
    let state = record.state.publish(rules)?;
    check(connection, &copy.fields).await?;
    approve_at_last_stage(connection, step, id, &record).await?;
    if record.take_down.is_some_and(|at| at <= step.now) {
        plan_is_void(connection, step, id).await?;
    }
    let revision = store::history::insert_revision(connection, step, id, (Reason::Publish, &copy.fields)).await?;
    let times = Times::after_publish(record.times, dated, step.now);
    let text = OutgoingText { state, times, revision, void_before: step.now };
    put_out(connection, step, id, (text, copy.fields)).await
}

/// Writes that a text which is published or scheduled at its last stage of review was approved by that.
pub(super) async fn approve_at_last_stage(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    record: &Record,
) -> Result<(), Error> {
    if !matches!(record.state.working, Working::InReview(_)) {
        return Ok(());
    }
    let detail = json!({ "stage": stage(record.state.working) });
    store::event::write(connection, step, Kind::Approved, (Some(id), None, detail)).await
}

/// A revision on its way to the readers.
pub(super) struct OutgoingText {
    pub(super) state: State,
    pub(super) times: Times,
    pub(super) revision: i64,
    /// A plan to take the article down before this moment is void.
    pub(super) void_before: Millis,
}

/// Makes a revision, whose text is `fields`, what readers see.
pub(super) async fn put_out(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (text, fields): (OutgoingText, Fields),
) -> Result<(), Error> {
    let OutgoingText { state, times, revision, void_before } = text;
    let category = match fields.category {
        Some(category) => store::sections::current(connection, category).await?,
        None => None,
    };
    let list_media = list_picture(&fields, &store::media::of_revision(&mut *connection, revision).await?);
    let live = LiveText { state, times, revision, category, list_media, void_before, now: step.now };
    store::article::set_live(connection, id, live).await?;
    store::taxonomy::set_live_tags(connection, id, Some((&fields.tags, times.published, step.now))).await?;
    let engine = store::search::engine(connection);
    store::search::index(connection, engine, id, &search::terms(&fields)).await?;
    let detail = json!({ "headline": fields.headline });
    store::event::write(connection, step, Kind::Published, (Some(id), Some(revision), detail)).await?;
    store::settings::bump(connection).await
}

/// Writes that what leaves the readers is no longer on top of the home page.
pub(super) async fn unpinned(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    record: &Record,
) -> Result<(), Error> {
    if !record.pinned {
        return Ok(());
    }
    store::event::write(connection, step, Kind::Unpinned, (Some(id), None, json!({}))).await
}

/// Writes that an article is not taken down by itself any more, because of another step.
async fn plan_is_void(connection: &mut AnyConnection, step: Step, id: ArticleId) -> Result<(), Error> {
    store::event::write(connection, step, Kind::TakeDownCleared, (Some(id), None, json!({}))).await
}

/// Takes an article out of what readers find it by.
pub(super) async fn leave_lists(connection: &mut AnyConnection, id: ArticleId) -> Result<(), Error> {
    store::taxonomy::set_live_tags(connection, id, None).await?;
    let engine = store::search::engine(connection);
    store::search::remove(connection, engine, id).await
}

/// What lists show of an article: its lead image, else the first picture of its text that is large enough.
fn list_picture(fields: &Fields, pictures: &[Media]) -> Option<MediaId> {
    let find = |id: &MediaId| pictures.iter().find(|media| media.id == *id);
    let lead = fields.lead_media.as_ref().and_then(find);
    let of_text = || fields.body.pictures().iter().filter_map(find).find(|media| media.shareable).cloned();
    lead.cloned().or_else(of_text).map(|media| media.id)
}
