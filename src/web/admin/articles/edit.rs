//! Writing: a new article, saving one that is there, and what becomes of a save that is refused.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Path;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::{FormErrors, Posted};
use super::super::page::{self, Desk};
use super::form::{Read, Written};
use super::refusal::Refusal;
use super::sheet::{self, Typed};
use super::standing::May;
use super::{Here, path, presence};
use crate::content::article::Live;
use crate::content::{self, Article, ArticleId, Fields, Slug};

/// `GET /admin/articles/new`.
pub(crate) async fn new(here: Here) -> Result<HttpResponse, Error> {
    let byline = here.member().name().to_string();
    let written = Written { byline, ..Written::default() };
    sheet::blank(&here, StatusCode::OK, written, FormErrors::default()).await
}

/// `POST /admin/articles/new`.
pub(crate) async fn create(here: Here, Posted(written): Posted<Written>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.articles;
    if let Err(wait) = here.may_save() {
        let errors = FormErrors::of("text", t.too_fast);
        return Ok(later(sheet::blank(&here, StatusCode::TOO_MANY_REQUESTS, written, errors).await?, wait));
    }
    let (read, written) = read(written, t).await?;
    let (fields, slug) = match read {
        Ok(read) => read,
        Err(errors) => return sheet::blank(&here, StatusCode::UNPROCESSABLE_ENTITY, written, errors).await,
    };
    match here.content().create_at(here.actor(), fields, slug).await {
        Ok(id) => {
            presence::arrive(&here, id).await;
            onward(&here, id, 1, &written).await
        }
        Err(content::Error::SlugTaken(slug)) => {
            let errors = FormErrors::of("slug", t.slug_taken.replace("{}", slug.as_str()));
            sheet::blank(&here, StatusCode::UNPROCESSABLE_ENTITY, written, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/articles/{id}`.
pub(crate) async fn show(here: Here, id: Path<i64>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    sheet::page(&here, StatusCode::OK, &article, Typed::default()).await
}

/// `POST /admin/articles/{id}`.
pub(crate) async fn save(here: Here, id: Path<i64>, Posted(written): Posted<Written>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let t = Desk::load(&here.site).await?.t.articles;
    if let Err(wait) = here.may_save() {
        let errors = FormErrors::of("text", t.too_fast);
        let typed = Typed { written: Some(written), errors, ..Typed::default() };
        return Ok(later(sheet::page(&here, StatusCode::TOO_MANY_REQUESTS, &article, typed).await?, wait));
    }
    let (read, written) = read(written, t).await?;
    let (fields, slug) = match read {
        Ok(read) => read,
        Err(errors) => {
            let typed = Typed { written: Some(written), errors, ..Typed::default() };
            return sheet::page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, typed).await;
        }
    };
    match store(&here, &article, (written.version, fields), slug).await {
        Ok(version) => {
            presence::arrive(&here, article.id).await;
            onward(&here, article.id, version, &written).await
        }
        Err(error) => refused(&here, article.id, error, Typed { written: Some(written), ..Typed::default() }).await,
    }
}

/// The fields that are meant. A long text takes a while, in which this worker answers others.
async fn read(written: Written, t: &'static Articles) -> Result<(Read, Written), Error> {
    actix_web::web::block(move || (written.read(t), written)).await.map_err(Error::internal)
}

/// The page of a text that may be sent once more after `wait`.
fn later(mut page: HttpResponse, wait: Duration) -> HttpResponse {
    page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    page
}

/// Stores a text: as the author's, or as a change by the reviewer who has it.
pub(super) async fn store(
    here: &Here,
    article: &Article,
    (version, fields): (i64, Fields),
    slug: Option<Slug>,
) -> Result<i64, content::Error> {
    let (content, actor) = (here.content(), here.actor());
    let stages = content.settings().await?.review_stages;
    if May::of(here.member(), article, stages).amend {
        content.amend(actor, article.id, version, fields).await
    } else if article.state.live == Live::None {
        content.save_at(actor, article.id, (version, fields), slug).await
    } else {
        content.save(actor, article.id, version, fields).await
    }
}

/// To where the button that was pressed leads, now that the text is stored.
async fn onward(here: &Here, id: ArticleId, version: i64, written: &Written) -> Result<HttpResponse, Error> {
    let marked = |to: &str| match written.mark() {
        "" => to.to_owned(),
        mark => format!("{to}{}stored={mark}", if to.contains('?') { "&" } else { "?" }),
    };
    let to = |rest: &str, done: &str| Ok(page::see(&here.site, &marked(&format!("{}{rest}", path(id))), done));
    if !written.category.trim().is_empty() && here.content().working_copy(id).await?.fields.category.is_none() {
        // Deleted while the form was open. Before anything else is done with the text, somebody chooses another.
        return to("", "category-gone");
    }
    match written.then.as_str() {
        "submit" => match here.content().submit(here.actor(), id, version).await {
            Ok(()) => to("", "submitted"),
            Err(error) => {
                refused(here, id, error, Typed { stored: written.mark().to_owned(), ..Typed::default() }).await
            }
        },
        "publish" => to("/publish", ""),
        "correct" => {
            let place = format!("{}#correct", marked(&format!("{}/publish", path(id))));
            Ok(page::see(&here.site, &place, ""))
        }
        "preview" => to("/preview", ""),
        what @ ("lead" | "share" | "text") => {
            let line = written.line().filter(|_| what == "text").map_or_else(String::new, |line| format!("-{line}"));
            Ok(page::see(&here.site, &marked(&format!("/media?choose=article-{id}-{what}{line}")), ""))
        }
        _ => to("", "saved"),
    }
}

/// The article's page with what became of a step: a conflict or a refusal keeps everything that was typed.
pub(super) async fn refused(
    here: &Here,
    id: ArticleId,
    error: content::Error,
    mut typed: Typed,
) -> Result<HttpResponse, Error> {
    let article = here.article(id.0).await?;
    let desk = Desk::load(&here.site).await?;
    let status = match error {
        content::Error::Conflict(theirs) if typed.written.is_some() => {
            typed.theirs = Some(theirs);
            StatusCode::CONFLICT
        }
        other => {
            let why = Refusal::of(&desk, other).await?;
            typed.errors.add(why.field, why.text);
            why.status
        }
    };
    sheet::page(here, status, &article, typed).await
}
