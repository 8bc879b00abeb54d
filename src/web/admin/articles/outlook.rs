//! Before publication: what will happen, when and where, how the card will look, and what changes for readers. From
//! here a text goes out now, at a time, or together with a correction.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::super::texts::fill;
use super::super::form::{FormErrors, Posted};
use super::super::page::{Desk, Layout, respond};
use super::differences::{FieldDifference, differences};
use super::refusal::Refusal;
use super::standing::{self, May, Word};
use super::steps::is_too_long;
use super::{Here, Thumbnail, path};
use crate::content::article::{Live, Working};
use crate::content::{self, Article, Published};

#[derive(Template)]
#[template(path = "admin/articles/publish.html")]
struct PublishPage {
    layout: Layout,
    w: &'static Articles,
    form: FormErrors,
    url: String,
    words: Vec<Word>,
    may: May,
    version: i64,
    headline: String,
    /// Whether there is nothing to read below the headline.
    is_empty: bool,
    when: String,
    address: String,
    lists: String,
    review: &'static str,
    card: Card,
    /// Whether it will be one.
    has_cards: bool,
    /// What changes for readers; none: they do not know the article.
    differences: Option<Vec<FieldDifference>>,
    at: String,
    at_help: String,
    is_scheduled: bool,
    notice: String,
}

/// The card as WeChat will draw it.
#[derive(Debug)]
struct Card {
    title: String,
    moments_title: String,
    text: String,
    picture: Option<Thumbnail>,
    default_picture: String,
    host: String,
}

/// What the page's forms carry.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Outgoing {
    /// The version of the text that was on the page.
    version: i64,
    /// When, as `<input type="datetime-local">` writes it.
    at: String,
    /// What was wrong.
    notice: String,
}

/// `GET /admin/articles/{id}/publish`.
pub(crate) async fn show(here: Here, id: Path<i64>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    page(&here, StatusCode::OK, &article, (Outgoing::default(), FormErrors::default())).await
}

/// `POST /admin/articles/{id}/publish`.
pub(crate) async fn publish(here: Here, id: Path<i64>, Posted(typed): Posted<Outgoing>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let outcome = here.content().publish_version(here.actor(), article.id, typed.version).await;
    taken(&here, &article, outcome, ("published", typed)).await
}

/// `POST /admin/articles/{id}/schedule`.
pub(crate) async fn schedule(
    here: Here,
    id: Path<i64>,
    Posted(typed): Posted<Outgoing>,
) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let desk = Desk::load(&here.site).await?;
    let Some(at) = desk.moment(&typed.at) else {
        let errors = FormErrors::of("at", desk.t.articles.bad_time);
        return page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, (typed, errors)).await;
    };
    let outcome = here.content().publish_at(here.actor(), article.id, typed.version, at).await;
    taken(&here, &article, outcome, ("scheduled", typed)).await
}

/// `POST /admin/articles/{id}/correct`.
pub(crate) async fn correct(here: Here, id: Path<i64>, Posted(typed): Posted<Outgoing>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    if is_too_long(&typed.notice) {
        let errors = FormErrors::of("notice", Desk::load(&here.site).await?.t.articles.notice_too_long);
        return page(&here, StatusCode::UNPROCESSABLE_ENTITY, &article, (typed, errors)).await;
    }
    let seen = (typed.version, typed.notice.as_str());
    let outcome = here.content().correct_version(here.actor(), article.id, seen).await;
    taken(&here, &article, outcome, ("corrected", typed)).await
}

async fn taken(
    here: &Here,
    article: &Article,
    outcome: Result<(), content::Error>,
    (done, typed): (&str, Outgoing),
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
    (typed, form): (Outgoing, FormErrors),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let w = desk.t.articles;
    let copy = here.content().working_copy(article.id).await?;
    let body = &copy.fields.body;
    let proof = here.content().proof(article.id).await?;
    let may = May::of(here.member(), article, desk.settings.review_stages);
    let is_scheduled = matches!(article.state.working, Working::Scheduled(_));
    let at = match article.state.working {
        Working::Scheduled(at) if typed.at.is_empty() => desk.local(at),
        _ => typed.at,
    };
    let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
    let page = PublishPage {
        layout: desk.layout(w.publish_title, "/articles", &here.signed_in, &here.request),
        url: desk.url(&path(article.id)),
        words: standing::words(&desk, article),
        headline: headline.to_owned(),
        is_empty: body.text().trim().is_empty() && body.pictures().is_empty() && body.attachments().is_empty(),
        version: copy.version,
        when: when(&desk, may, article),
        address: here.site.state.config.site.base_url.absolute(&format!("/articles/{}", article.key)),
        lists: lists(&desk, &proof),
        review: review(&desk, may, article),
        card: Card::new(&desk, &proof),
        has_cards: here.has_cards(),
        differences: against_live(here, &desk, article, &proof).await?,
        at_help: w.publish_at_help.replace("{}", &w.clock(&desk.settings.time_zone)),
        notice: typed.notice,
        is_scheduled,
        at,
        may,
        w,
        form,
    };
    respond(status, &page)
}

/// When it goes out, and what becomes of its date.
fn when(desk: &Desk<'_>, may: May, article: &Article) -> String {
    let w = desk.t.articles;
    let now = article.times.map_or_else(
        || w.will_now.to_owned(),
        |times| w.will_keep_date.replace("{}", &desk.date_time(times.published)),
    );
    match article.state.working {
        Working::Scheduled(at) if may.publish => fill(w.will_wait, &[&desk.date_time(at), w.publish_now, &now]),
        Working::Scheduled(at) => w.scheduled_at.replace("{}", &desk.date_time(at)),
        _ => now,
    }
}

/// Where readers will find it.
fn lists(desk: &Desk<'_>, proof: &Published) -> String {
    let home = desk.t.articles.will_lists_home.to_owned();
    let category = proof.category.iter().map(|category| category.name.clone());
    let tags = proof.fields.tags.iter().map(|tag| format!("#{tag}"));
    std::iter::once(home).chain(category).chain(tags).collect::<Vec<_>>().join(" · ")
}

fn review(desk: &Desk<'_>, may: May, article: &Article) -> &'static str {
    let w = desk.t.articles;
    match article.state.working {
        _ if !may.publish => w.will_review_missing,
        _ if desk.settings.review_stages == 0 => w.will_review_none,
        Working::InReview(_) => w.will_review_by_this,
        _ => w.will_review_passed,
    }
}

impl Card {
    fn new(desk: &Desk<'_>, proof: &Published) -> Self {
        let card = proof.card();
        let picture = card.picture.as_ref().and_then(|id| proof.media.get(id));
        Self {
            title: card.title,
            moments_title: card.moments_title,
            text: card.text,
            picture: picture.and_then(|media| Thumbnail::square(desk, media)),
            default_picture: desk.script("share/default.png"),
            host: desk.site.state.config.site.base_url.host().to_owned(),
        }
    }
}

/// The fields in which the text differs from what readers see.
async fn against_live(
    here: &Here,
    desk: &Desk<'_>,
    article: &Article,
    proof: &Published,
) -> Result<Option<Vec<FieldDifference>>, Error> {
    if article.state.live != Live::Published {
        return Ok(None);
    }
    let live = match here.content().published(&article.key).await {
        Ok(live) => live,
        // Withdrawn while this page was made.
        Err(content::Error::Withdrawn { .. } | content::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let sections = here.content().sections().await?;
    Ok(Some(differences(desk, &sections, (&live.fields, &proof.fields))))
}
