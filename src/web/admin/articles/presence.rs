//! Who else is writing at an article: said on the page, and again every half minute by its script. Who can only read it
//! sees the others and is no one to be warned of.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::super::super::error::Error;
use super::super::form::Posted;
use super::super::names::Names;
use super::super::page::Desk;
use super::Here;
use super::standing::{self, May};
use crate::content::{Article, ArticleId};
use crate::staff::MemberId;

/// What the script is told.
#[derive(Serialize)]
struct Seen {
    /// The names of the others.
    others: Vec<String>,
    /// The working copy's version: a larger one than the page's was saved by somebody else.
    version: i64,
}

/// What the script says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ping {
    /// The page is being left.
    gone: bool,
    /// Nothing can be written on the page, whatever the article allows by now.
    reading: bool,
}

/// `POST /admin/articles/{id}/presence`.
pub(crate) async fn note(here: Here, id: Path<i64>, Posted(ping): Posted<Ping>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let member = here.member().id().0;
    if ping.gone {
        here.content().close_editing(article.id, member).await?;
        return Ok(HttpResponse::NoContent().finish());
    }
    let desk = Desk::load(&here.site).await?;
    let stages = desk.settings.review_stages;
    if !ping.reading && May::of(here.member(), &article, stages).change() {
        here.content().open_for_editing(article.id, member).await?;
    } else {
        here.content().close_editing(article.id, member).await?;
    }
    let others = others(&here, &article, stages, &Names::load(&desk).await?).await?;
    Ok(HttpResponse::Ok().json(Seen { others, version: article.version }))
}

/// The names of the others who are writing at the article.
pub(super) async fn others(here: &Here, article: &Article, stages: i64, names: &Names) -> Result<Vec<String>, Error> {
    let mut others = Vec::new();
    for other in here.content().editing(article.id, here.member().id().0).await? {
        let role = here.site.state.staff.person(MemberId(other.member)).await?.role;
        if standing::may_change((MemberId(other.member), role), article, stages) {
            others.push(names.member(other.member));
        }
    }
    Ok(others)
}

/// Somebody has saved an article, and so has it open. The text is stored, whether or not this can be noted.
pub(super) async fn arrive(here: &Here, id: ArticleId) {
    if let Err(error) = here.content().open_for_editing(id, here.member().id().0).await {
        tracing::warn!(%error, article = id.0, "who has an article open could not be noted");
    }
}
