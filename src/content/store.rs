//! Every statement of this module to the database: one text for both engines.
//!
//! Who writes passes the connection of the transaction that it is part of.

pub(super) mod archive;
pub(super) mod around;
pub(super) mod article;
pub(super) mod attachment;
pub(super) mod correction;
pub(super) mod desk;
pub(super) mod event;
pub(super) mod history;
pub(super) mod library;
pub(super) mod list;
pub(super) mod media;
pub(super) mod names;
pub(super) mod page;
pub(super) mod presence;
pub(super) mod reader;
pub(super) mod redirect;
pub(super) mod schedule;
pub(super) mod search;
pub(super) mod sections;
pub(super) mod settings;
pub(super) mod standing;
pub(super) mod tags;
pub(super) mod taxonomy;
pub(super) mod verification;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::article::{Fields, Share};
use super::html::Html;
use super::media::MediaId;
use super::{Actor, Category, Error};
use crate::clock::Millis;

/// The columns of [`Fields`], in the order in which `fields!` binds them.
macro_rules! field_columns {
    () => {
        "headline, standfirst, summary, byline, source, editor, share_title, moments_title, share_text, \
         share_media_id, lead_media_id, category_id, tags, body"
    };
}
pub(in crate::content::store) use field_columns;

/// Binds the columns of [`Fields`] to a query, in the order of [`field_columns`].
macro_rules! bind_fields {
    ($query:expr, $fields:expr) => {
        $query
            .bind(&$fields.headline)
            .bind(&$fields.standfirst)
            .bind(&$fields.summary)
            .bind(&$fields.byline)
            .bind(&$fields.source)
            .bind(&$fields.editor)
            .bind(&$fields.share.title)
            .bind(&$fields.share.moments_title)
            .bind(&$fields.share.text)
            .bind($fields.share.media.as_ref().map($crate::content::media::MediaId::as_str))
            .bind($fields.lead_media.as_ref().map($crate::content::media::MediaId::as_str))
            .bind($fields.category)
            .bind(serde_json::Value::from($fields.tags.clone()).to_string())
            .bind($fields.body.as_str())
    };
}
pub(in crate::content::store) use bind_fields;

fn text(row: &AnyRow, column: &str) -> Result<String, Error> {
    Ok(row.try_get(column)?)
}

fn number(row: &AnyRow, column: &str) -> Result<i64, Error> {
    Ok(row.try_get(column)?)
}

/// Who did it, from the columns `actor` and `member_id`.
fn actor(row: &AnyRow) -> Result<Actor, Error> {
    match (text(row, "actor")?.as_str(), row.try_get::<Option<i64>, _>("member_id")?) {
        ("system", None) => Ok(Actor::System),
        ("import", None) => Ok(Actor::Import),
        ("member", Some(id)) => Ok(Actor::Member(id)),
        _ => Err(Error::Damaged("actor")),
    }
}

/// The pattern of LIKE for whatever contains `text`, with a backslash before what would mean something else.
fn containing(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{escaped}%")
}

fn maybe_time(row: &AnyRow, column: &str) -> Result<Option<Millis>, Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Millis))
}

fn maybe_media_id(row: &AnyRow, column: &str) -> Result<Option<MediaId>, Error> {
    let id: Option<String> = row.try_get(column)?;
    id.map(|id| id.parse().map_err(|_not_an_id| Error::Damaged("media id"))).transpose()
}

fn fields(row: &AnyRow) -> Result<Fields, Error> {
    Ok(Fields {
        headline: text(row, "headline")?,
        standfirst: text(row, "standfirst")?,
        summary: text(row, "summary")?,
        byline: text(row, "byline")?,
        source: text(row, "source")?,
        editor: text(row, "editor")?,
        body: Html::stored(text(row, "body")?),
        lead_media: maybe_media_id(row, "lead_media_id")?,
        share: Share {
            title: text(row, "share_title")?,
            moments_title: text(row, "moments_title")?,
            text: text(row, "share_text")?,
            media: maybe_media_id(row, "share_media_id")?,
        },
        category: row.try_get("category_id")?,
        tags: serde_json::from_str(&text(row, "tags")?).map_err(|_not_a_list| Error::Damaged("list of tags"))?,
    })
}

/// The category that was joined as `joined_category_…`, if there is one.
fn joined_category(row: &AnyRow) -> Result<Option<Category>, Error> {
    let Some(id) = row.try_get("joined_category_id")? else { return Ok(None) };
    let slug = text(row, "joined_category_slug")?;
    let slug = slug.parse().map_err(|_not_a_slug| Error::Damaged("category slug"))?;
    Ok(Some(Category { id, slug, name: text(row, "joined_category_name")? }))
}
