//! The page of an article, as it is opened and passed on inside WeChat.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::error::Error;
use super::super::page::{Frame, Layout, Link, respond};
use super::super::{Site, headers, share};
use super::list::{Picture, tag_path};
use super::{media, moved};
use crate::content::{self, ArticleKey, Media, Published, Rendered, Rendition};

/// A picture with its words.
#[derive(Debug)]
struct Figure {
    picture: Picture,
    caption: String,
    credit: String,
}

#[derive(Template)]
#[template(path = "reader/article.html")]
struct ArticlePage {
    layout: Layout,
    headline: String,
    standfirst: String,
    category: Option<Link>,
    byline: String,
    source: String,
    date: String,
    datetime: String,
    reading_minutes: u32,
    lead: Option<Figure>,
    body: Rendered,
    /// Whether much of the text is in Latin letters, which Chinese justification tears apart.
    mixed: bool,
    tags: Vec<Link>,
    editor: String,
}

/// `GET /articles/{key}`, where the key is a slug or the article's number.
pub(crate) async fn show(site: Data<Site>, key: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let Ok(parsed) = key.parse::<ArticleKey>() else { return moved::or_not_found(&site, &request).await };
    let article = match site.state.content.published(&parsed).await {
        Err(content::Error::Moved(now)) => return Ok(moved::permanently(&site, &article_path(&now))),
        other => other?,
    };
    let frame = Frame::load(&site).await?;
    respond(&request, &page(&frame, &request, article)?, headers::SIGNED_PAGE)
}

/// The path of the article with this key.
pub(crate) fn article_path(key: &ArticleKey) -> String {
    format!("/articles/{key}")
}

fn page(frame: &Frame<'_>, request: &HttpRequest, article: Published) -> Result<ArticlePage, Error> {
    let path = article_path(&article.key);
    let mut layout = frame.layout(&article.fields.headline, &path);
    let card = card(frame, &article, &layout.canonical);
    layout.title.clone_from(&article.fields.headline);
    layout.description.clone_from(&card.desc);
    layout.og_image = Some(card.img_url.clone());
    let signed_for = share::signed_address(frame.site, request, &layout.canonical);
    layout.share = Some(share::block(frame, &signed_for, card, Some(article.id.0))?);
    let lead = article.lead().map(|media| figure(frame, media));
    let body = article.fields.body.render(|id| media::in_body(frame, &article, id));
    let reading_minutes = u32::try_from(article.reading_minutes()).unwrap_or(u32::MAX);
    let mixed = is_mixed(&article.fields.body.text());
    let fields = article.fields;
    Ok(ArticlePage {
        layout,
        category: article.category.as_ref().map(|category| frame.category(category)),
        date: frame.date(article.times.published, frame.t.date_time),
        datetime: frame.datetime(article.times.published),
        reading_minutes,
        lead,
        mixed,
        body,
        tags: fields.tags.iter().map(|tag| Link { label: tag.clone(), url: frame.url(&tag_path(tag)) }).collect(),
        headline: fields.headline,
        standfirst: fields.standfirst,
        byline: fields.byline,
        source: fields.source,
        editor: fields.editor,
    })
}

fn figure(frame: &Frame<'_>, media: &Media) -> Figure {
    let picture = media::in_column(frame, media);
    Figure { picture, caption: media.caption.clone(), credit: media.credit.clone() }
}

fn card(frame: &Frame<'_>, article: &Published, canonical: &str) -> share::Card {
    let card = article.card();
    let picture = card.picture.as_ref().and_then(|id| article.media.get(id));
    let img_url = picture.and_then(|media| media::absolute(frame.site, media, Rendition::Share));
    share::Card {
        title: card.title,
        moments_title: card.moments_title,
        desc: card.text,
        link: canonical.to_owned(),
        img_url: img_url.unwrap_or_else(|| share::default_image(frame.site)),
    }
}

/// One Latin letter in twenty characters: from there on, justified lines of Chinese show holes.
fn is_mixed(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters * 20 > text.chars().count()
}
