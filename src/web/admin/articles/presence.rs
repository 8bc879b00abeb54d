//! Who else has an article open: said on the page, and again every half minute by its script.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;

use super::super::super::error::Error;
use super::super::form::Posted;
use super::super::names::Names;
use super::super::page::Desk;
use super::Here;
use crate::content::{self, ArticleId};

/// What the script is told.
#[derive(Serialize)]
struct Seen {
    /// The names of the others.
    others: Vec<String>,
    /// The working copy's version: a larger one than the page's was saved by somebody else.
    version: i64,
}

/// `POST /admin/articles/{id}/presence`.
pub(crate) async fn note(here: Here, id: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let desk = Desk::load(&here.site).await?;
    let names = Names::load(&desk).await?;
    let others = arrive(&here, article.id, &names).await?;
    Ok(HttpResponse::Ok().json(Seen { others, version: article.version }))
}

/// Says that this person has the article open, and returns the names of the others who have. When that cannot be
/// written down, the article can still be read.
pub(super) async fn arrive(here: &Here, id: ArticleId, names: &Names) -> Result<Vec<String>, Error> {
    match here.content().open_for_editing(id, here.member().id().0).await {
        Ok(others) => Ok(others.into_iter().map(|other| names.member(other.member)).collect()),
        Err(content::Error::NotFound) => Err(Error::NotFound),
        Err(error) => {
            tracing::warn!(%error, article = id.0, "who has an article open could not be noted");
            Ok(Vec::new())
        }
    }
}
