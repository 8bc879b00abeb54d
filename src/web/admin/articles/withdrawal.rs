//! 撤稿: now and with a notice to readers, or by itself at a time.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::{FormErrors, Posted};
use super::super::page::{Desk, Layout, respond};
use super::refusal::Refusal;
use super::standing::{self, May, Word};
use super::steps::is_too_long;
use super::{Here, path};
use crate::content::{self, Article};

#[derive(Template)]
#[template(path = "admin/articles/withdraw.html")]
struct WithdrawPage {
    layout: Layout,
    w: &'static Articles,
    form: FormErrors,
    url: String,
    headline: String,
    words: Vec<Word>,
    may: May,
    notice: String,
    at: String,
    at_help: String,
    has_time: bool,
}

/// What the page's forms carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ending {
    /// To readers.
    notice: String,
    /// When, as `<input type="datetime-local">` writes it.
    at: String,
    /// Not any more.
    clear: bool,
}

/// `GET /admin/articles/{id}/withdraw`.
pub(crate) async fn show(here: Here, id: Path<i64>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    page(&here, StatusCode::OK, &article, (Ending::default(), FormErrors::default())).await
}

/// `POST /admin/articles/{id}/withdraw`.
pub(crate) async fn withdraw(here: Here, id: Path<i64>, Posted(typed): Posted<Ending>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    if is_too_long(&typed.notice) {
        let errors = FormErrors::of("notice", Desk::load(&here.site).await?.t.articles.notice_too_long);
        return page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, (typed, errors)).await;
    }
    let outcome = here.content().withdraw(here.actor(), article.id, &typed.notice).await;
    taken(&here, &article, outcome, ("withdrawn", typed)).await
}

/// `POST /admin/articles/{id}/take-down`.
pub(crate) async fn take_down(here: Here, id: Path<i64>, Posted(typed): Posted<Ending>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    if typed.clear {
        let outcome = here.content().set_take_down(here.actor(), article.id, None).await;
        return taken(&here, &article, outcome, ("take-down-cleared", typed)).await;
    }
    let desk = Desk::load(&here.site).await?;
    let Some(at) = desk.moment(&typed.at) else {
        let errors = FormErrors::of("at", desk.t.articles.bad_time);
        return page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, (typed, errors)).await;
    };
    let outcome = here.content().set_take_down(here.actor(), article.id, Some(at)).await;
    taken(&here, &article, outcome, ("take-down-set", typed)).await
}

async fn taken(
    here: &Here,
    article: &Article,
    outcome: Result<(), content::Error>,
    (done, typed): (&str, Ending),
) -> Result<HttpResponse, Error> {
    let Err(error) = outcome else { return Ok(here.see(&path(article.id), done)) };
    let why = Refusal::of(&Desk::load(&here.site).await?, error).await?;
    let article = here.article(article.id.0).await?;
    page(here, why.status, &article, (typed, FormErrors::of(why.field, why.text))).await
}

async fn page(
    here: &Here,
    status: StatusCode,
    article: &Article,
    (typed, form): (Ending, FormErrors),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let w = desk.t.articles;
    let at = match article.take_down {
        Some(at) if typed.at.is_empty() => desk.local(at),
        _ => typed.at,
    };
    let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
    let may = May::of(here.member(), article, desk.settings.review_stages);
    let page = WithdrawPage {
        layout: desk.layout(may.end(w).unwrap_or(w.withdraw_title), "/articles", &here.signed_in, &here.request),
        url: desk.url(&path(article.id)),
        headline: headline.to_owned(),
        words: standing::words(&desk, article),
        may,
        notice: typed.notice,
        at,
        at_help: w.take_down_help.replace("{}", &w.clock(&desk.settings.time_zone)),
        has_time: article.take_down.is_some(),
        w,
        form,
    };
    respond(status, &page)
}
