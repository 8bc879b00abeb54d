//! The site's articles: what they are, how they come to be, and what readers get to see of them.
//!
//! [`Content`] is the door. Rules are pure and stand in files of their own ([`article`], [`slug`], [`card`],
//! [`html`]); every statement to the database stands under `store`, bytes on disk under `files`. Nothing here knows
//! of pages, of WeChat or of who may do what: the caller says who acts.

pub mod accent;
pub mod actor;
pub mod archive;
pub mod around;
pub mod article;
pub mod attachment;
mod attachments;
pub mod card;
pub mod category;
pub mod comparison;
pub mod correction;
mod error;
pub mod event;
mod files;
pub mod filings;
pub mod html;
pub mod import;
pub mod library;
pub mod list;
pub mod media;
mod newsroom;
pub mod page;
mod pictures;
mod published;
pub mod redirects;
pub mod search;
pub mod sections;
pub mod settings;
pub mod slug;
mod store;
pub mod tags;
pub mod verification;
pub mod video;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::{Any, Transaction};
use tokio::sync::Semaphore;

pub use accent::Accent;
pub use actor::Actor;
pub use archive::Month;
pub use around::{Around, Neighbour};
pub use article::Fields;
pub use attachment::Attachment;
pub use category::Category;
pub use comparison::{Change, Difference, Field, compare};
pub use correction::Correction;
pub use error::Error;
pub use event::{Area, Event, EventFilter};
pub use html::{Html, Rendered, Shown, ShownAttachment, ShownPicture, ShownVideo};
pub use library::{Filed, Item, LibraryCursor, MediaWords, NewFile, Reach, Shot, Use};
pub use list::{Cursor, Filter, Front, List, Newer, SitemapEntry, Summary};
pub use media::{FileName, Focus, Framing, Media, MediaId, Rendition, Square};
pub use newsroom::{
    Article, ArticleFilter, ArticleName, Counts, Presence, Reason, Revision, Saved, Shelf, Ticked, WorkingCopy,
};
pub use page::{Page, PageEntry, PageFields, PageShare};
pub use published::{Lookup, Published};
pub use redirects::Redirect;
pub use search::{Hit, Results, Segment};
pub use sections::Section;
pub use settings::{SiteSettings, Unsuitable};
pub use slug::{ArticleId, ArticleKey, SitePath, Slug};
pub use tags::Tag;
pub use verification::VerificationFile;
pub use video::Video;

use crate::clock::Clock;
use crate::db::Db;
use files::Files;

/// Searches that are under way at the same time; the reading connections are a few more.
const SEARCHES: usize = 4;

/// The door to everything in this module. Clones share the same database and folder.
#[derive(Clone, Debug)]
pub struct Content {
    db: Db,
    files: Files,
    clock: Clock,
    decoders: Arc<Semaphore>,
    seen: Arc<AtomicI64>,
    searches: Arc<Semaphore>,
}

impl Content {
    /// The content in a database whose pictures lie in `media_folder`.
    pub fn new(db: Db, media_folder: PathBuf, clock: Clock) -> Self {
        let decoders = Arc::new(Semaphore::new(usize::from(pictures::DECODING)));
        let searches = Arc::new(Semaphore::new(SEARCHES));
        Self { db, files: Files::new(media_folder), clock, decoders, searches, seen: Arc::default() }
    }

    /// A published article with everything its page shows. An old address answers [`Error::Moved`], a withdrawn
    /// article [`Error::Withdrawn`].
    pub async fn published(&self, key: &ArticleKey) -> Result<Published, Error> {
        match store::reader::published(self.db.read(), key).await {
            Err(Error::NotFound) => match self.find_path(&SitePath::article(key)).await? {
                Lookup::Article(now) if now != *key => Err(Error::Moved(now)),
                Lookup::Article(_) | Lookup::Path(_) | Lookup::Nothing => Err(Error::NotFound),
            },
            other => other,
        }
    }

    /// The number of the article at this address, whatever state it is in. By number also one that has a slug.
    pub async fn article_id(&self, key: &ArticleKey) -> Result<Option<ArticleId>, Error> {
        let mut connection = self.db.read().acquire().await?;
        match key {
            ArticleKey::Slug(slug) => store::article::owner_of_slug(&mut connection, slug).await,
            ArticleKey::Number(id) => Ok(store::article::exists(&mut connection, *id).await?.then_some(*id)),
        }
    }

    /// Where an address of former times leads: an imported alias, an old slug, a redirect that editors made.
    pub async fn find_path(&self, path: &SitePath) -> Result<Lookup, Error> {
        store::redirect::find(self.db.read(), path).await
    }

    /// A page of articles, newest first, that begins after `before`. An unknown category or tag is
    /// [`Error::NotFound`].
    pub async fn latest(&self, filter: &Filter, before: Option<Cursor>, limit: u16) -> Result<List, Error> {
        store::list::latest(self.db.read(), filter, before, limit).await
    }

    /// A page of the home list that begins after `before`: on the first one what is pinned, on all of them the rest,
    /// newest first.
    pub async fn front(&self, before: Option<Cursor>, limit: u16) -> Result<Front, Error> {
        store::list::front(self.db.read(), before, (newsroom::MOST_PINNED, limit)).await
    }

    /// The categories that hold published articles, in the order that editors gave them.
    pub async fn categories(&self) -> Result<Vec<Category>, Error> {
        store::taxonomy::categories(self.db.read()).await
    }

    /// The category at an address.
    pub async fn category(&self, slug: &Slug) -> Result<Category, Error> {
        store::taxonomy::category(self.db.read(), slug).await?.ok_or(Error::NotFound)
    }

    /// A tag's name as it is written on the site, from any spelling of it.
    pub async fn tag(&self, name: &str) -> Result<String, Error> {
        store::taxonomy::tag(self.db.read(), name).await?.map(|(_, name)| name).ok_or(Error::NotFound)
    }

    /// The published articles whose number is above `after` and at most `through`, for the site map.
    pub async fn sitemap(&self, after: ArticleId, through: ArticleId) -> Result<Vec<SitemapEntry>, Error> {
        store::reader::sitemap(self.db.read(), (after, through)).await
    }

    /// The published article with the highest number, with which the site map ends.
    pub async fn last_article(&self) -> Result<Option<ArticleId>, Error> {
        store::reader::last(self.db.read()).await
    }

    /// A number that grows whenever something that readers see has changed: at once where this process changed it,
    /// and after the next [`Self::look`] where another did. Costs nothing.
    pub fn seen_version(&self) -> i64 {
        self.seen.load(Ordering::Acquire)
    }

    /// Looks whether another process has changed something that readers see.
    pub async fn look(&self) -> Result<i64, Error> {
        let version = store::settings::version(self.db.read()).await?;
        // Two may look at the same time, and the later answer may be the older one.
        Ok(self.seen.fetch_max(version, Ordering::AcqRel).max(version))
    }

    /// Ends a transaction that may have changed what readers see.
    async fn commit(&self, transaction: Transaction<'_, Any>) -> Result<(), Error> {
        transaction.commit().await?;
        if let Err(error) = self.look().await {
            // It is done all the same, and whoever looks next will see it.
            tracing::warn!(%error, "the site's version could not be read");
        }
        Ok(())
    }
}
