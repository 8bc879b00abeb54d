//! Fixed pages: about us, contact, and the like. They have an address of their own, no date in any list, and no life
//! but being there or not.

use std::collections::HashMap;

use serde_json::json;
use sqlx::AnyConnection;

use super::article::{Refused, one_line};
use super::attachment::Attachment;
use super::card::{Card, Words};
use super::html::Html;
use super::media::{Media, MediaId};
use super::newsroom::Step;
use super::slug::{SitePath, Slug};
use super::store::event::Kind;
use super::{Actor, Content, Error, store};
use crate::clock::Millis;

/// What editors write of a fixed page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFields {
    /// 标题.
    pub title: String,
    /// 正文.
    pub body: Html,
    /// Its place among the others; of two in one place the slug decides.
    pub position: i64,
    /// Whether every page of the site links to it at its foot.
    pub in_footer: bool,
    /// What its card says instead.
    pub share: PageShare,
}

/// What only the card of a fixed page shows. Empty: the page's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageShare {
    /// Instead of the title.
    pub title: String,
    /// Instead of the title, in Moments.
    pub moments_title: String,
    /// Instead of the beginning of the text.
    pub text: String,
}

/// A fixed page as its readers need it.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its address.
    pub slug: Slug,
    /// What it says.
    pub fields: PageFields,
    /// Grows with every change; a save names the one it is based on.
    pub version: i64,
    /// When it last changed.
    pub modified: Millis,
    /// The pictures that it names and that still exist.
    pub media: HashMap<MediaId, Media>,
    /// The attachments that it names and that still exist.
    pub attachments: HashMap<MediaId, Attachment>,
}

/// A fixed page in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEntry {
    /// Its address.
    pub slug: Slug,
    /// 标题.
    pub title: String,
    /// Its place among the others.
    pub position: i64,
    /// Whether every page of the site links to it.
    pub in_footer: bool,
    /// When it last changed.
    pub modified: Millis,
}

impl PageFields {
    fn tidied(mut self) -> Self {
        let PageShare { title, moments_title, text } = &mut self.share;
        for line in [&mut self.title, title, moments_title, text] {
            *line = one_line(line);
        }
        self
    }
}

impl Page {
    /// What WeChat shows when the page is passed on.
    pub fn card(&self) -> Card {
        let PageFields { title, share, .. } = &self.fields;
        let words = Words {
            share_title: &share.title,
            moments_title: &share.moments_title,
            share_text: &share.text,
            headline: title,
            summary: "",
        };
        let pictures = self.fields.body.pictures();
        Card::new(words, &self.fields.body.text(), pictures.iter().filter_map(|id| self.media.get(id)))
    }
}

impl Content {
    /// All fixed pages, in the order that editors gave them.
    pub async fn pages(&self) -> Result<Vec<PageEntry>, Error> {
        store::page::all(self.db.read()).await
    }

    /// The fixed pages that every page links to, in the order that editors gave them.
    pub async fn footer_pages(&self) -> Result<Vec<PageEntry>, Error> {
        store::page::in_footer(self.db.read()).await
    }

    /// A fixed page with everything that it shows.
    pub async fn page(&self, slug: &Slug) -> Result<Page, Error> {
        store::page::find(self.db.read(), slug).await
    }

    /// Makes the fixed page at `slug`, or replaces it.
    pub async fn set_page(&self, actor: Actor, slug: &Slug, fields: PageFields) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        set(&mut transaction, Step { actor, now: self.clock.now() }, slug, fields).await?;
        self.commit(transaction).await
    }

    /// Makes a fixed page, after all others. An address that a page has is [`Error::SlugTaken`].
    pub async fn create_page(&self, actor: Actor, slug: &Slug, fields: PageFields) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let position = store::page::next_position(&mut transaction).await?;
        let fields = fit(PageFields { position, ..fields })?;
        if !store::page::insert(&mut transaction, step, slug, &fields).await? {
            return Err(Error::SlugTaken(slug.clone()));
        }
        saved(&mut transaction, step, slug, &fields).await?;
        self.commit(transaction).await
    }

    /// Changes a fixed page, if it is still the one at `version`; else the answer is [`Error::PageConflict`] with the
    /// page as it is. Its place stays.
    pub async fn save_page(&self, actor: Actor, slug: &Slug, version: i64, fields: PageFields) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let Some(position) = store::page::claim(&mut transaction, slug, version).await? else {
            drop(transaction);
            return Err(Error::PageConflict(Box::new(self.page(slug).await?)));
        };
        set(&mut transaction, step, slug, PageFields { position, ..fields }).await?;
        self.commit(transaction).await
    }

    /// Puts the pages in this order; those that it does not name follow as they were.
    pub async fn order_pages(&self, actor: Actor, slugs: &[Slug]) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        store::page::order(&mut transaction, slugs).await?;
        let slugs: Vec<&str> = slugs.iter().map(Slug::as_str).collect();
        self.changed(transaction, step, (Kind::PagesOrdered, json!({ "order": slugs }))).await
    }

    /// The page that would be at `slug` with these fields.
    pub async fn draft_page(&self, slug: Slug, fields: PageFields) -> Result<Page, Error> {
        let (mut media, mut attachments) = (HashMap::new(), HashMap::new());
        for id in fields.body.pictures() {
            if let Some(found) = store::media::find(self.db.read(), &id).await? {
                media.insert(id, found);
            }
        }
        for id in fields.body.attachments() {
            match self.attachment(&id).await {
                Ok(found) => drop(attachments.insert(id, found)),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Page { slug, fields: fields.tidied(), version: 0, modified: self.clock.now(), media, attachments })
    }

    /// Removes the fixed page at `slug`, and the redirects that lead to it. False: there was none.
    pub async fn remove_page(&self, actor: Actor, slug: &Slug) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        let removed = remove(&mut transaction, Step { actor, now: self.clock.now() }, slug).await?;
        self.commit(transaction).await?;
        Ok(removed)
    }
}

pub(super) async fn remove(connection: &mut AnyConnection, step: Step, slug: &Slug) -> Result<bool, Error> {
    if !store::page::remove(connection, slug).await? {
        return Ok(false);
    }
    store::redirect::remove_to(connection, &SitePath::page(slug)).await?;
    let detail = json!({ "page": slug.as_str() });
    store::event::write(connection, step, Kind::PageRemoved, (None, None, detail)).await?;
    store::settings::bump(connection).await?;
    Ok(true)
}

pub(super) async fn set(
    connection: &mut AnyConnection,
    step: Step,
    slug: &Slug,
    fields: PageFields,
) -> Result<(), Error> {
    let fields = fit(fields)?;
    store::page::set(connection, step, slug, &fields).await?;
    saved(connection, step, slug, &fields).await
}

/// The fields as they are stored, if a page may have them.
fn fit(fields: PageFields) -> Result<PageFields, Error> {
    let fields = fields.tidied();
    if fields.title.is_empty() { Err(Refused::NoTitle.into()) } else { Ok(fields) }
}

/// What follows from a page that was written. Its pictures stay while the transaction lasts; readers see it at once.
async fn saved(connection: &mut AnyConnection, step: Step, slug: &Slug, fields: &PageFields) -> Result<(), Error> {
    if !store::library::hold(connection, &fields.body.media()).await? {
        return Err(Refused::MediaGone.into());
    }
    // What had this address once is not to come back when the page goes.
    store::redirect::remove(connection, &SitePath::page(slug)).await?;
    let detail = json!({ "page": slug.as_str(), "title": fields.title });
    store::event::write(connection, step, Kind::PageSaved, (None, None, detail)).await?;
    store::settings::bump(connection).await
}
