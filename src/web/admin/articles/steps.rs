//! The steps that need no page of their own: review, the bin, the top of the home page, the address.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::form::{FormErrors, Posted};
use super::super::page::Desk;
use super::super::typed;
use super::edit::refused;
use super::sheet::{self, Typed};
use super::standing::{May, may_change_slug};
use super::{Here, path};
use crate::content::article::LONGEST_NOTICE;
use crate::content::{self, Article, ArticleId};

/// What a step's form carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Step {
    /// The version of the text that was on the page.
    version: i64,
    remark: String,
    slug: String,
}

/// `POST /admin/articles/{id}/submit`.
pub(crate) async fn submit(here: Here, id: Path<i64>, Posted(step): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().submit(here.actor(), article.id, step.version).await;
    taken(&here, article.id, outcome, "submitted").await
}

/// `POST /admin/articles/{id}/approve`.
pub(crate) async fn approve(here: Here, id: Path<i64>, Posted(step): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().approve(here.actor(), article.id, step.version).await;
    taken(&here, article.id, outcome.map(drop), "approved").await
}

/// `POST /admin/articles/{id}/send-back`.
pub(crate) async fn send_back(here: Here, id: Path<i64>, Posted(step): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    if is_too_long(&step.remark) {
        let text = Desk::load(&here.site).await?.t.articles.notice_too_long;
        let typed = Typed { remark: step.remark, errors: FormErrors::of("remark", text), ..Typed::default() };
        return sheet::page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, typed).await;
    }
    match here.content().send_back(here.actor(), article.id, &step.remark).await {
        Ok(()) => Ok(here.see(&path(article.id), "sent-back")),
        Err(error) => refused(&here, article.id, error, Typed { remark: step.remark, ..Typed::default() }).await,
    }
}

/// Whether a text for people is longer than what is kept of it.
pub(super) fn is_too_long(text: &str) -> bool {
    text.trim().chars().count() > LONGEST_NOTICE
}

/// `POST /admin/articles/{id}/recall`.
pub(crate) async fn recall(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let stages = here.content().settings().await?.review_stages;
    // Who reviews it sends it back, with a remark: nobody takes a text from its author's hands without a word.
    if May::of(here.member(), &article, stages).send_back {
        return Err(Error::Forbidden);
    }
    let outcome = here.content().recall(here.actor(), article.id).await;
    taken(&here, article.id, outcome, "recalled").await
}

/// `POST /admin/articles/{id}/unschedule`.
pub(crate) async fn unschedule(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().unschedule(here.actor(), article.id).await;
    taken(&here, article.id, outcome, "unscheduled").await
}

/// `POST /admin/articles/{id}/pin`.
pub(crate) async fn pin(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().set_pinned(here.actor(), article.id, true).await;
    taken(&here, article.id, outcome, "pinned").await
}

/// `POST /admin/articles/{id}/unpin`.
pub(crate) async fn unpin(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().set_pinned(here.actor(), article.id, false).await;
    taken(&here, article.id, outcome, "unpinned").await
}

/// `POST /admin/articles/{id}/discard`.
pub(crate) async fn discard(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().discard(here.actor(), article.id).await;
    taken(&here, article.id, outcome, "discarded").await
}

/// `POST /admin/articles/{id}/restore`.
pub(crate) async fn restore(here: Here, id: Path<i64>, Posted(_): Posted<Step>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().restore(here.actor(), article.id).await;
    taken(&here, article.id, outcome, "restored").await
}

/// `POST /admin/articles/{id}/slug`.
pub(crate) async fn slug(here: Here, id: Path<i64>, Posted(step): Posted<Step>) -> Result<HttpResponse, Error> {
    let article: Article = here.article(*id).await?;
    if !may_change_slug(here.member(), &article) {
        return Err(Error::Forbidden);
    }
    let wanted = step.slug.trim();
    let slug = match (wanted.is_empty(), typed::slug(wanted)) {
        (true, _) => None,
        (false, Ok(slug)) => Some(slug),
        (false, Err(_not_a_slug)) => {
            let text = Desk::load(&here.site).await?.t.articles.bad_slug;
            let typed = Typed { slug: Some(step.slug), errors: FormErrors::of("slug", text), ..Typed::default() };
            return sheet::page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, typed).await;
        }
    };
    match here.content().set_slug(here.actor(), article.id, slug).await {
        Ok(()) => Ok(here.see(&path(article.id), "slug-changed")),
        Err(error) => refused(&here, article.id, error, Typed { slug: Some(step.slug), ..Typed::default() }).await,
    }
}

/// Back to the article, with what was done or why it was not.
pub(super) async fn taken(
    here: &Here,
    id: ArticleId,
    outcome: Result<(), content::Error>,
    done: &str,
) -> Result<HttpResponse, Error> {
    match outcome {
        Ok(()) => Ok(here.see(&path(id), done)),
        Err(error) => refused(here, id, error, Typed::default()).await,
    }
}
