//! The page of an article, as it is opened and passed on inside WeChat.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::error::Error;
use super::super::page::{Frame, Layout, Link, PreviewImage};
use super::super::page_cache::{Page, Shared};
use super::super::{Site, headers, share, structured};
use super::around::{Notice, Onward};
use super::list::{Picture, tag_path};
use super::{media, moved, withdrawn};
use crate::content::{self, Around, ArticleKey, Media, Published, Rendered};

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
    modified: String,
    reading_minutes: u32,
    lead: Option<Figure>,
    body: Rendered,
    /// Whether much of the text is in Latin letters, which Chinese justification tears apart.
    mixed: bool,
    tags: Vec<Link>,
    editor: String,
    /// When the text last changed, for readers and for machines; none: soon after it was published.
    updated: Option<(String, String)>,
    corrections: Vec<Notice>,
    onward: Onward,
    /// Of a page that is only shown to the newsroom: what it says of itself, and the way back.
    sign: Option<(&'static str, Link)>,
}

/// `GET /articles/{key}`, where the key is a slug or the article's number.
pub(crate) async fn show(site: Data<Site>, key: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let Ok(key) = key.parse::<ArticleKey>() else { return Err(moved::or_not_found(&site, request.path()).await) };
    site.cache.answer(&site, &request, &article_path(&key), async || load(&site, &key).await).await
}

async fn load(site: &Site, key: &ArticleKey) -> Result<Page, Error> {
    let article = match site.state.content.published(key).await {
        Err(content::Error::Moved(now)) => return Err(moved::moved(site, &article_path(&now))),
        Err(content::Error::Withdrawn { at, notice }) => return withdrawn::page(site, at, notice).await,
        other => other?,
    };
    let around = site.state.content.around(&article).await?;
    page(&Frame::load(site).await?, article, around)
}

/// The path of the article with this key.
pub(crate) fn article_path(key: &ArticleKey) -> String {
    format!("/articles/{key}")
}

/// The page of a text that has not gone out, for the newsroom only: without address, card and values for WeChat.
pub(crate) fn proof(
    frame: &Frame<'_>,
    request: &HttpRequest,
    article: Published,
    (sign, back): (&'static str, Link),
) -> Result<HttpResponse, Error> {
    let mut layout = frame.layout(&article.fields.headline, "");
    layout.is_shared = false;
    (layout.feeds, layout.feed_url, layout.og_image) = (Vec::new(), None, None);
    let page = ArticlePage { sign: Some((sign, back)), ..shown(frame, layout, article, Around::default()) };
    let mut answer = Page::html(&page, headers::NO_STORE)?.respond(frame.site, request)?;
    let robots = HeaderValue::from_static("noindex, nofollow");
    answer.headers_mut().insert(HeaderName::from_static("x-robots-tag"), robots);
    Ok(answer)
}

fn page(frame: &Frame<'_>, article: Published, around: Around) -> Result<Page, Error> {
    let path = article_path(&article.key);
    let mut layout = frame.layout(&article.fields.headline, &path);
    let card = card(frame, &article, &layout.canonical);
    layout.title.clone_from(&article.fields.headline);
    layout.description.clone_from(&card.desc);
    layout.og_image = Some(preview(frame, &article));
    layout.structured = Some(structured::article(frame, &layout, &article)?);
    let shared = Shared { canonical: layout.canonical.clone(), card, article: Some(article.id.0) };
    Page::shared(&shown(frame, layout, article, around), shared)
}

fn shown(frame: &Frame<'_>, layout: Layout, article: Published, around: Around) -> ArticlePage {
    let lead = article.lead().map(|media| figure(frame, media));
    let body = article.fields.body.render(|id| media::in_body(frame, (&article.media, &article.attachments), id));
    let reading_minutes = u32::try_from(article.reading_minutes()).unwrap_or(u32::MAX);
    let mixed = is_mixed(&article.fields.body.text());
    let updated = article.updated();
    let fields = article.fields;
    ArticlePage {
        layout,
        category: article.category.as_ref().map(|category| frame.category(category)),
        date: frame.date(article.times.published, frame.t.date_time),
        datetime: frame.datetime(article.times.published),
        modified: frame.datetime(article.times.modified),
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
        updated: updated.map(|at| (frame.date(at, frame.t.date), frame.datetime(at))),
        corrections: article.corrections.iter().map(|correction| Notice::new(frame, correction)).collect(),
        onward: Onward::new(frame, around),
        sign: None,
    }
}

fn figure(frame: &Frame<'_>, media: &Media) -> Figure {
    let picture = media::in_column(frame, media);
    Figure { picture, caption: media.caption.clone(), credit: media.credit.clone() }
}

fn card(frame: &Frame<'_>, article: &Published, canonical: &str) -> share::Card {
    let img_url = preview(frame, article).url;
    let card = article.card();
    share::Card {
        title: card.title,
        moments_title: card.moments_title,
        desc: card.text,
        link: canonical.to_owned(),
        img_url,
    }
}

/// The card's picture.
fn preview(frame: &Frame<'_>, article: &Published) -> PreviewImage {
    preview_of(frame, article.card().picture.and_then(|id| article.media.get(&id)))
}

/// The picture of a card; without one the site's.
pub(super) fn preview_of(frame: &Frame<'_>, picture: Option<&Media>) -> PreviewImage {
    let shown = picture.and_then(|media| PreviewImage::of_media(frame.site, media));
    shown.unwrap_or_else(|| frame.preview_image())
}

/// One Latin letter in twenty characters: from there on, justified lines of Chinese show holes.
pub(super) fn is_mixed(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters * 20 > text.chars().count()
}
