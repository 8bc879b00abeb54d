//! Feeds: the newest articles in full, as Atom and as RSS, for the whole site and for each category.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::Url;

use super::super::Site;
use super::super::error::Error;
use super::super::page::Frame;
use super::super::page_cache::Page;
use super::{article, list, media};
use crate::clock::Millis;
use crate::content::card::card_text;
use crate::content::{self, Filter, Lookup, Media, Published, Rendered, Rendition, SitePath, Slug};

mod atom;
mod rss;

/// Articles in a feed.
const ENTRIES: u16 = 20;
/// Feed readers ask every few minutes, and a shared cache may answer them.
const CACHE: &str = "public, max-age=300";
const ATOM_TYPE: &str = "application/atom+xml";
const RSS_TYPE: &str = "application/rss+xml";
const ATOM_CONTENT: &str = "application/atom+xml; charset=utf-8";
const RSS_CONTENT: &str = "application/rss+xml; charset=utf-8";

/// A feed as a page names it in its head.
#[derive(Debug)]
pub(crate) struct FeedLink {
    /// What it is called.
    pub(crate) title: String,
    /// Its media type.
    pub(crate) media_type: &'static str,
    /// Where it is.
    pub(crate) url: String,
}

/// The feeds of the site, for the head of every page.
pub(crate) fn of_site(frame: &Frame<'_>) -> Vec<FeedLink> {
    let link = |media_type, path| FeedLink { title: frame.settings.name.clone(), media_type, url: frame.url(path) };
    vec![link(ATOM_TYPE, "/feed.xml"), link(RSS_TYPE, "/rss.xml")]
}

/// The feed of the category whose list is at `path`, called `title`.
pub(crate) fn of_category(frame: &Frame<'_>, title: &str, path: &str) -> FeedLink {
    let title = format!("{title} - {}", frame.settings.name);
    FeedLink { title, media_type: ATOM_TYPE, url: frame.url(&format!("{path}/feed.xml")) }
}

/// A feed before it is written in one of the formats. No text in it holds a character that XML forbids.
#[derive(Debug)]
struct Feed {
    title: String,
    description: String,
    site_name: String,
    language: &'static str,
    /// The page that it follows, absolutely.
    page: String,
    /// Its own address, absolutely.
    address: String,
    /// A name for ever.
    id: String,
    updated: String,
    updated_for_mail: String,
    entries: Vec<Entry>,
}

/// An article in a feed.
#[derive(Debug)]
struct Entry {
    id: String,
    address: String,
    headline: String,
    summary: String,
    /// The whole text as markup.
    content: String,
    byline: String,
    category: Option<String>,
    tags: Vec<String>,
    published: String,
    published_for_mail: String,
    updated: String,
}

/// `GET /feed.xml`.
pub(crate) async fn atom(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let write = async || {
        let feed = load(&Frame::load(&site).await?, Filter::All, ("", "/"), "/feed.xml").await?;
        Ok(Page::document(atom::write(&feed)?, ATOM_CONTENT, CACHE))
    };
    site.cache.answer(&site, &request, "/feed.xml", write).await
}

/// `GET /rss.xml`.
pub(crate) async fn rss(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let write = async || {
        let feed = load(&Frame::load(&site).await?, Filter::All, ("", "/"), "/rss.xml").await?;
        Ok(Page::document(rss::write(&feed)?, RSS_CONTENT, CACHE))
    };
    site.cache.answer(&site, &request, "/rss.xml", write).await
}

/// `GET /categories/{slug}/feed.xml`.
pub(crate) async fn category(
    site: Data<Site>,
    slug: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    let path = format!("/categories/{slug}/feed.xml");
    let write = async || {
        let category = match site.state.content.category(&slug).await {
            Err(content::Error::NotFound) => return Err(moved(&site, &slug).await?),
            category => category?,
        };
        let page = list::category_path(&category);
        let frame = Frame::load(&site).await?;
        let feed = load(&frame, Filter::Category(slug.clone()), (&category.name, &page), &path).await?;
        Ok(Page::document(atom::write(&feed)?, ATOM_CONTENT, CACHE))
    };
    site.cache.answer(&site, &request, &path, write).await
}

/// Where the feed of a category went that was renamed or became part of another.
async fn moved(site: &Site, slug: &Slug) -> Result<Error, Error> {
    let target = site.state.content.find_path(&SitePath::category(slug)).await?;
    let Lookup::Path(target) = target else { return Ok(Error::NotFound) };
    let is_list = target.starts_with("/categories/");
    Ok(if is_list { super::moved::moved(site, &format!("{target}/feed.xml")) } else { Error::NotFound })
}

/// The feed at `path` of the articles in `filter`, whose list is called `title` (empty: the site) and is at `page`.
async fn load(frame: &Frame<'_>, filter: Filter, (title, page): (&str, &str), path: &str) -> Result<Feed, Error> {
    let (content, settings) = (&frame.site.state.content, &frame.settings);
    let base = &frame.site.state.config.site.base_url;
    let mut entries = Vec::new();
    let mut newest = Millis(0);
    for summary in content.latest(&filter, None, ENTRIES).await?.items {
        match content.published(&summary.key).await {
            Ok(article) => {
                newest = newest.max(article.times.modified);
                entries.push(entry(frame, &article)?);
            }
            // It went between the two questions.
            Err(content::Error::NotFound | content::Error::Moved(_) | content::Error::Withdrawn { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let name = if title.is_empty() { settings.name.clone() } else { format!("{title} - {}", settings.name) };
    Ok(Feed {
        title: legal(&name),
        description: legal(&settings.description),
        site_name: legal(&settings.name),
        language: settings.language.tag(),
        page: base.absolute(page),
        address: base.absolute(path),
        // One id for both formats, and the same as long as the address of the site is.
        id: base.absolute(page),
        updated: frame.datetime(newest),
        updated_for_mail: mail_date(frame, newest),
        entries,
    })
}

#[derive(Template)]
#[template(path = "reader/feed_entry.html")]
struct EntryContent {
    lead: Option<Lead>,
    body: Rendered,
}

#[derive(Debug)]
struct Lead {
    src: String,
    alt: String,
}

fn entry(frame: &Frame<'_>, article: &Published) -> Result<Entry, Error> {
    let base = &frame.site.state.config.site.base_url;
    let address = base.absolute(&article::article_path(&article.key));
    let page = Url::parse(&address).map_err(Error::internal)?;
    let source = |media: &Media| {
        let wanted = media.column_file().rendition;
        media::absolute(frame.site, media, wanted).or_else(|| media::absolute(frame.site, media, Rendition::Main))
    };
    let (fields, times) = (&article.fields, article.times);
    let lead = article.lead().and_then(|media| Some(Lead { src: source(media)?, alt: media.alt.clone() }));
    let body = fields.body.standalone(&page, |id| match article.attachments.get(id) {
        Some(attachment) => Some(media::absolute_attachment(frame.site, attachment)),
        None => article.media.get(id).and_then(source),
    });
    Ok(Entry {
        // A tag URI (RFC 4151) of what never changes: a new slug must not make old news new.
        id: format!(
            "tag:{},{}:{}/articles/{}",
            base.host(),
            frame.date(times.first_published, "%Y-%m-%d"),
            base.prefix(),
            article.id
        ),
        address,
        headline: legal(&fields.headline),
        summary: legal(&card_text("", &fields.summary, &fields.body.text())),
        content: legal(&EntryContent { lead, body }.render()?),
        byline: legal(if fields.byline.is_empty() { &fields.source } else { &fields.byline }),
        category: article.category.as_ref().map(|category| legal(&category.name)),
        tags: fields.tags.iter().map(|tag| legal(tag)).collect(),
        published: frame.datetime(times.published),
        published_for_mail: mail_date(frame, times.published),
        updated: frame.datetime(times.modified.max(times.published)),
    })
}

/// A moment as RFC 2822 writes it, which RSS took over.
fn mail_date(frame: &Frame<'_>, moment: Millis) -> String {
    frame.date(moment, "%a, %d %b %Y %H:%M:%S %z")
}

/// `text` without the characters that no XML document may hold, not even escaped.
fn legal(text: &str) -> String {
    let allowed = |character: &char| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::legal;

    #[test]
    fn what_no_document_may_hold_is_left_out() {
        assert_eq!(legal("\u{0}县\u{1}\t\u{b}融\n\u{1f}媒\u{fffe}体\u{ffff}👍\u{85}"), "县\t融\n媒体👍\u{85}");
    }
}
