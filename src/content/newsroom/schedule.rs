//! What happens by itself: publication and take-down at a time.
//!
//! A schedule pins a revision. The text cannot be edited while it waits ([`super::super::article::State::edit`]), and
//! even so it is the pinned revision that goes out, never whatever the working copy holds by then. To change it,
//! unschedule, edit, schedule again.
//!
//! Exactly once follows from the database alone: the plan is a row; the transaction that carries it out first claims
//! the row under the same plan and ends the plan with it. A second process waits for the first and then finds no plan;
//! a process that dies leaves the plan as it was; a clock that is set back finds it done. What was due while no
//! process ran goes out with the next tick, dated as planned.

use std::time::Duration;

use serde_json::json;
use sqlx::AnyConnection;

use super::super::article::{Live, Times};
use super::super::slug::ArticleId;
use super::super::store::event::Kind;
use super::super::{Actor, Content, Error, search, store};
use super::history::Reason;
use super::publishing::{OutgoingText, approve_at_last_stage, leave_lists, put_out, unpinned};
use super::{Step, check, rules, seen};
use crate::clock::Millis;

/// How long after a failure the same thing is tried again.
const RETRY_AFTER: Duration = Duration::from_mins(1);
/// Each round of a tick takes up to a hundred plans; a backlog longer than this many waits for the next tick.
const MOST_ROUNDS: u8 = 20;

/// What is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::content) enum Plan {
    Publish,
    TakeDown,
}

/// Something whose time has come.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) struct Due {
    pub(in crate::content) at: Millis,
    pub(in crate::content) id: ArticleId,
    pub(in crate::content) plan: Plan,
}

/// What one look at the clock brought about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Went out.
    pub published: Vec<ArticleId>,
    /// Were taken from the readers.
    pub taken_down: Vec<ArticleId>,
    /// Were due and could not; they are tried again after a minute and say so until then.
    pub failed: Vec<ArticleId>,
}

impl Content {
    /// Publishes the working copy, as it was at `version`, by itself at `at`. The same rules as for publishing hold
    /// now; at that time nobody is asked again. What is scheduled already gets the new time.
    pub async fn publish_at(&self, actor: Actor, id: ArticleId, version: i64, at: Millis) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.schedule(rules(&mut transaction, actor, record.hands).await?, at, step.now)?;
        let fields = seen(&mut transaction, id, version).await?;
        check(&mut transaction, &fields).await?;
        match record.take_down {
            Some(down) if down > step.now => state.take_down(down, step.now)?,
            // It was to end before it began; nobody can mean that any more. What readers see now ends at once.
            Some(_) if state.live != Live::Published => {
                store::schedule::set_take_down(&mut transaction, id, None, step.now).await?;
                store::event::write(&mut transaction, step, Kind::TakeDownCleared, (Some(id), None, json!({}))).await?;
            }
            Some(_) | None => {}
        }
        approve_at_last_stage(&mut transaction, step, id, &record).await?;
        let text = (Reason::Schedule(at), &fields);
        let revision = store::history::insert_revision(&mut transaction, step, id, text).await?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, Some(revision))).await?;
        let detail = json!({ "headline": fields.headline, "at": at.0 });
        store::event::write(&mut transaction, step, Kind::Scheduled, (Some(id), Some(revision), detail)).await?;
        self.commit(transaction).await
    }

    /// Does not publish it by itself after all.
    pub async fn unschedule(&self, actor: Actor, id: ArticleId) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.unschedule(rules(&mut transaction, actor, record.hands).await?)?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
        store::event::write(&mut transaction, step, Kind::Unscheduled, (Some(id), None, json!({}))).await?;
        self.commit(transaction).await
    }

    /// Takes the article from the readers by itself at `at`; none: not any more.
    pub async fn set_take_down(&self, actor: Actor, id: ArticleId, at: Option<Millis>) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let (kind, detail) = match at {
            Some(at) => {
                record.state.take_down(at, step.now)?;
                (Kind::TakeDownSet, json!({ "at": at.0 }))
            }
            None => (Kind::TakeDownCleared, json!({})),
        };
        if record.take_down == at {
            return Ok(());
        }
        store::schedule::set_take_down(&mut transaction, id, at, step.now).await?;
        store::event::write(&mut transaction, step, kind, (Some(id), None, detail)).await?;
        self.commit(transaction).await
    }

    /// Carries out what is due. One that fails does not hold up the others.
    pub async fn tick(&self) -> Result<Ticked, Error> {
        let mut ticked = Ticked::default();
        for _ in 0..MOST_ROUNDS {
            let now = self.clock.now();
            let due = store::schedule::due(self.db.read(), (now, now.minus(RETRY_AFTER))).await?;
            if due.is_empty() {
                break;
            }
            search::load_dictionary().await?;
            for due in due {
                match self.carry_out(due, Step { actor: Actor::System, now }).await {
                    Ok(false) => {}
                    Ok(true) if due.plan == Plan::Publish => ticked.published.push(due.id),
                    Ok(true) => ticked.taken_down.push(due.id),
                    Err(error) => {
                        tracing::error!(article = due.id.0, plan = ?due.plan, %error, "what was due did not happen");
                        self.note_failure(due, now, &error).await?;
                        ticked.failed.push(due.id);
                    }
                }
            }
        }
        Ok(ticked)
    }

    /// False: it was done by somebody else.
    async fn carry_out(&self, due: Due, step: Step) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        let Some(record) = store::schedule::claim(&mut transaction, due).await? else { return Ok(false) };
        match due.plan {
            Plan::Publish => go_out(&mut transaction, step, due, record).await?,
            Plan::TakeDown => {
                let state = record.state.expire()?;
                store::article::set_withdrawn(&mut transaction, due.id, state, (step.now, "")).await?;
                leave_lists(&mut transaction, due.id).await?;
                unpinned(&mut transaction, step, due.id, &record).await?;
                let subject = (Some(due.id), None, json!({ "planned": due.at.0 }));
                store::event::write(&mut transaction, step, Kind::TakenDown, subject).await?;
                store::settings::bump(&mut transaction).await?;
            }
        }
        self.commit(transaction).await?;
        Ok(true)
    }

    async fn note_failure(&self, due: Due, now: Millis, error: &Error) -> Result<(), Error> {
        let step = Step { actor: Actor::System, now };
        let mut transaction = self.db.begin().await?;
        if store::schedule::set_failed(&mut transaction, due, now).await? {
            let detail = json!({ "planned": due.at.0, "error": error.to_string() });
            store::event::write(&mut transaction, step, Kind::ClockFailed, (Some(due.id), None, detail)).await?;
        }
        self.commit(transaction).await
    }
}

async fn go_out(
    connection: &mut AnyConnection,
    step: Step,
    due: Due,
    record: store::article::Record,
) -> Result<(), Error> {
    let revision = store::schedule::revision(connection, due.id).await?;
    let fields = store::history::text_of(connection, revision).await?;
    let rules = rules(connection, step.actor, record.hands).await?;
    let first = record.times.is_none();
    let times = Times::after_publish(record.times, first.then_some(due.at), due.at);
    // What was to be up only for a while that is over goes down again with its own plan.
    let void_before = Millis(i64::MIN);
    let text = OutgoingText { state: record.state.publish(rules)?, times, revision, void_before };
    put_out(connection, step, due.id, (text, fields)).await
}
