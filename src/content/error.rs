//! What can go wrong with content, by what the caller does about it.

use super::article::Refused;
use super::library::Use;
use super::media::Unfit;
use super::newsroom::WorkingCopy;
use super::page::Page;
use super::settings::Unsuitable;
use super::slug::{ArticleKey, SitePath, Slug};
use crate::clock::Millis;

/// Why something with content did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The article has another address now, for ever.
    #[error("moved to {0}")]
    Moved(ArticleKey),
    /// The article was taken from the readers.
    #[error("withdrawn")]
    Withdrawn {
        /// When.
        at: Millis,
        /// What the editors say about it; may be empty.
        notice: String,
    },
    /// Somebody else has saved in the meantime: this text, so that both can be shown.
    #[error("changed by somebody else (now at version {})", .0.version)]
    Conflict(Box<WorkingCopy>),
    /// Somebody else has changed the fixed page in the meantime: into this one.
    #[error("the page was changed by somebody else (now at version {})", .0.version)]
    PageConflict(Box<Page>),
    /// Another article has or had this address.
    #[error("the slug {0} belongs to another article")]
    SlugTaken(Slug),
    /// This path already leads elsewhere.
    #[error("the path {0} already leads elsewhere")]
    PathTaken(SitePath),
    /// The article's state does not allow the step.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The site's settings would not do.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// Another category or tag has this name.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// So many articles are still in the category.
    #[error("the category still holds {0} articles")]
    NotEmpty(i64),
    /// A redirect that leads back to where it began.
    #[error("the address would lead back to itself")]
    Circle,
    /// What is in use is not deleted.
    #[error("it is in use in {} places", .0.len())]
    InUse(Vec<Use>),
    /// Readers or reviewers depend on it, or somebody else brought it: an editor changes it.
    #[error("only an editor may change this")]
    OutOfReach,
    /// Somebody else has changed the files in the meantime.
    #[error("somebody else has just changed the files")]
    Superseded,
    /// The file is not taken in as a picture or an attachment.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The database did not do what it was asked.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row holds what this program cannot have written.
    #[error("the database holds a damaged {0}")]
    Damaged(&'static str),
    /// The media folder.
    #[error("media folder: {0}")]
    Files(#[from] std::io::Error),
    /// The program is stopping.
    #[error("stopping")]
    Stopping,
}
