//! The log of what happened to articles. It is only ever added to; the database refuses anything else.

use serde_json::Value;
use sqlx::AnyConnection;

use crate::content::newsroom::Step;
use crate::content::{ArticleId, Error};

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) enum Kind {
    Created,
    Saved,
    Published,
    Withdrawn,
    SlugChanged,
    AliasAdded,
    Pinned,
    Unpinned,
    Corrected,
    PageSaved,
    PageRemoved,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Saved => "saved",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::SlugChanged => "slug_changed",
            Self::AliasAdded => "alias_added",
            Self::Pinned => "pinned",
            Self::Unpinned => "unpinned",
            Self::Corrected => "corrected",
            Self::PageSaved => "page_saved",
            Self::PageRemoved => "page_removed",
        }
    }
}

/// What an event tells of: the article, its revision, and the rest as JSON.
pub(in crate::content) type Subject = (Option<ArticleId>, Option<i64>, Value);

pub(in crate::content) async fn write(
    connection: &mut AnyConnection,
    step: Step,
    kind: Kind,
    (article, revision, detail): Subject,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO event (at, actor, member_id, kind, article_id, revision_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member())
    .bind(kind.word())
    .bind(article.map(|id| id.0))
    .bind(revision)
    .bind(detail.to_string())
    .execute(connection)
    .await?;
    Ok(())
}
