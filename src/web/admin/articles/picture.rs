//! A picture that was chosen in the library, on its way into an article.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::form::Posted;
use super::super::markup::place_after;
use super::super::page::{self, Desk};
use super::edit::{refused, store};
use super::form::Written;
use super::sheet::Typed;
use super::{Here, path};
use crate::content::{self, Article, ArticleKey, Fields, Html, MediaId};

/// What the chooser sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    /// The picture, or an attachment.
    media: String,
    /// `lead`, `share` or `text`; `text-3`: below the third line.
    r#as: String,
    /// The version of the text that it goes into; without one, whatever is there.
    version: Option<i64>,
}

/// A picture in a body, with the words that the library has for it. The sanitiser makes a [`Html`] of it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<figure><img data-media="{{ id }}" alt="{{ alt }}">{% if !caption.is_empty() || !credit.is_empty() %}<figcaption>{{ caption }}{% if !credit.is_empty() %} {{ credit }}{% endif %}</figcaption>{% endif %}</figure>"#
)]
struct Figure {
    id: MediaId,
    alt: String,
    caption: String,
    credit: String,
}

/// An attachment in a body.
#[derive(Template)]
#[template(ext = "html", source = r#"<p><a data-media="{{ id }}">{{ name }}</a></p>"#)]
struct Download {
    id: MediaId,
    name: String,
}

/// A video in a body.
#[derive(Template)]
#[template(ext = "html", source = r#"<figure><video data-media="{{ id }}"></video></figure>"#)]
struct Film {
    id: MediaId,
}

/// `POST /admin/articles/{id}/picture`.
pub(crate) async fn place(here: Here, id: Path<i64>, Posted(chosen): Posted<Chosen>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let t = Desk::load(&here.site).await?.t.articles;
    let placed = match chosen.media.parse::<MediaId>() {
        Ok(media) => placed(&here, &article, &chosen, media).await?,
        Err(_not_an_id) => Err(t.bad_picture),
    };
    let (version, fields) = match placed {
        Ok(placed) => placed,
        Err(why) => {
            let mut typed = Typed::default();
            typed.errors.add("lead_media", why);
            let status = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
            return super::sheet::page(&here, status, &article, typed).await;
        }
    };
    let slug = match &article.key {
        ArticleKey::Slug(slug) => Some(slug.clone()),
        ArticleKey::Number(_) => None,
    };
    let written = Written::of(&fields, version, "");
    match store(&here, &article, (version, fields), slug).await {
        Ok(_version) => {
            Ok(page::see(&here.site, &path(article.id), if chosen.r#as == "text" { "picture-last" } else { "picture" }))
        }
        Err(error @ content::Error::Conflict(_)) => {
            refused(&here, article.id, error, Typed { written: Some(written), ..Typed::default() }).await
        }
        Err(error) => refused(&here, article.id, error, Typed::default()).await,
    }
}

/// The text with the picture in it and the version that it is based on, or why there is none.
async fn placed(
    here: &Here,
    article: &Article,
    chosen: &Chosen,
    media: MediaId,
) -> Result<Result<(i64, Fields), &'static str>, Error> {
    let t = Desk::load(&here.site).await?.t.articles;
    let copy = here.content().working_copy(article.id).await?;
    let mut fields = copy.fields;
    let picture = match here.content().media(&media).await {
        Ok(picture) => Some(picture),
        Err(content::Error::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let (place, line) = chosen.r#as.split_once('-').unwrap_or((&chosen.r#as, ""));
    let line = line.parse().unwrap_or(usize::MAX);
    match (place, picture) {
        ("lead", Some(picture)) => fields.lead_media = Some(picture.id),
        ("share", Some(picture)) => fields.share.media = Some(picture.id),
        ("text", Some(picture)) => {
            let (alt, caption, credit) = (picture.alt, picture.caption, picture.credit);
            fields.body = with(&fields.body, line, &Figure { id: picture.id, alt, caption, credit })?;
        }
        ("text", None) => match here.content().attachment(&media).await {
            Ok(film) if film.video.is_some() => fields.body = with(&fields.body, line, &Film { id: film.id })?,
            Ok(attachment) => {
                fields.body = with(&fields.body, line, &Download { id: attachment.id, name: attachment.name })?;
            }
            Err(content::Error::NotFound) => return Ok(Err(t.picture_gone)),
            Err(error) => return Err(error.into()),
        },
        ("lead" | "share", None) => return Ok(Err(t.picture_gone)),
        _ => return Err(Error::BadRequest),
    }
    Ok(Ok((chosen.version.unwrap_or(copy.version), fields)))
}

/// The text with `part` below its first `lines` lines.
fn with(body: &Html, lines: usize, part: &impl Template) -> Result<Html, Error> {
    let (above, below) = body.as_str().split_at(place_after(body, lines));
    let line = if above.is_empty() || above.ends_with('\n') { "" } else { "\n" };
    Ok(Html::clean(&format!("{above}{line}{}\n{below}", part.render()?)))
}
