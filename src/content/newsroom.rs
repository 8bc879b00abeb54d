//! What people (and the import, and the clock) do to articles. Each verb is one transaction that also writes its
//! event, and a revision where a text is handed on.

mod desk;
mod history;
mod log;
mod names;
mod presence;
mod proof;
mod publishing;
mod review;
mod schedule;
mod writing;

use sqlx::AnyConnection;

use super::article::{Fields, Hands, Refused, Rules};
use super::slug::ArticleId;
use super::{Actor, Content, Error, store};
use crate::clock::Millis;
pub use desk::{Article, ArticleFilter, Counts, Shelf};
pub use history::{Reason, Revision};
pub use names::ArticleName;
pub use presence::Presence;
pub(super) use publishing::publish;
pub use schedule::Ticked;
pub(super) use schedule::{Due, Plan};
pub(super) use writing::{add_alias, create, is_free, save, set_slug};

/// Articles that editors may keep on top at the same time.
pub(super) const MOST_PINNED: u16 = 5;

/// When a text was last saved, and on whose behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: Actor,
}

/// The text that is being worked on.
#[derive(Clone, Debug)]
pub struct WorkingCopy {
    /// Grows with every save; a save names the one it is based on.
    pub version: i64,
    /// Whether it differs from what readers see.
    pub unpublished: bool,
    /// The last save.
    pub saved: Saved,
    /// The text.
    pub fields: Fields,
}

/// Who acts, and when: the same for every row of one transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) actor: Actor,
    pub(super) now: Millis,
}

impl Content {
    pub(super) fn step(&self, actor: Actor) -> Step {
        Step { actor, now: self.clock.now() }
    }
}

/// The rules by which `actor` may act on a text that went through `hands`.
async fn rules(connection: &mut AnyConnection, actor: Actor, hands: Hands) -> Result<Rules, Error> {
    Ok(Rules::of(store::settings::review_stages(connection).await?, actor, hands))
}

/// Whether readers can be shown this text, now and from now on: its pictures stay while the transaction lasts.
async fn check(connection: &mut AnyConnection, fields: &Fields) -> Result<(), Error> {
    fields.check()?;
    if store::library::hold(connection, &fields.media()).await? { Ok(()) } else { Err(Refused::MediaGone.into()) }
}

/// The working copy, if it is still the one that the actor has seen.
pub(super) async fn seen(connection: &mut AnyConnection, id: ArticleId, version: i64) -> Result<Fields, Error> {
    let copy = store::article::working_copy(connection, id).await?;
    if copy.version == version { Ok(copy.fields) } else { Err(Error::Conflict(Box::new(copy))) }
}
