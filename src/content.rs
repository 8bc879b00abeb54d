//! The site's articles: what they are, how they come to be, and what readers get to see of them.
//!
//! [`Content`] is the door. Rules are pure and stand in files of their own ([`article`], [`slug`], [`card`],
//! [`html`]); every statement to the database stands under `store`, bytes on disk under `files`. Nothing here knows
//! of pages, of WeChat or of who may do what: the caller says who acts.

pub mod actor;
pub mod article;
pub mod attachment;
mod attachments;
pub mod card;
pub mod category;
mod error;
mod files;
pub mod html;
pub mod import;
pub mod list;
pub mod media;
mod newsroom;
mod pictures;
mod published;
pub mod settings;
pub mod slug;
mod store;
pub mod verification;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

pub use actor::Actor;
pub use article::Fields;
pub use attachment::Attachment;
pub use category::Category;
pub use error::Error;
pub use html::{Html, Rendered, Shown, ShownAttachment, ShownPicture};
pub use list::{Cursor, Filter, List, Newer, SitemapEntry, Summary};
pub use media::{FileName, Media, MediaId, Rendition};
pub use newsroom::WorkingCopy;
pub use published::{Lookup, Published};
pub use settings::SiteSettings;
pub use slug::{ArticleId, ArticleKey, SitePath, Slug};
pub use verification::VerificationFile;

use crate::clock::Clock;
use crate::db::Db;
use files::Files;

/// Pictures that are decoded at the same time. One of 40 megapixels takes 160 MB.
const DECODERS: usize = 2;

/// The door to everything in this module. Clones share the same database and folder.
#[derive(Clone, Debug)]
pub struct Content {
    db: Db,
    files: Files,
    clock: Clock,
    decoders: Arc<Semaphore>,
}

impl Content {
    /// The content in a database whose pictures lie in `media_folder`.
    pub fn new(db: Db, media_folder: PathBuf, clock: Clock) -> Self {
        Self { db, files: Files::new(media_folder), clock, decoders: Arc::new(Semaphore::new(DECODERS)) }
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

    /// Where an address of former times leads: an imported alias, an old slug, a redirect that editors made.
    pub async fn find_path(&self, path: &SitePath) -> Result<Lookup, Error> {
        store::redirect::find(self.db.read(), path).await
    }

    /// A page of articles, newest first, that begins after `before`. An unknown category or tag is
    /// [`Error::NotFound`].
    pub async fn latest(&self, filter: &Filter, before: Option<Cursor>, limit: u16) -> Result<List, Error> {
        store::reader::latest(self.db.read(), filter, before, limit).await
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

    /// Published articles by number, for the site map; a page begins after the last number of the one before.
    pub async fn sitemap(&self, after: Option<ArticleId>, limit: u16) -> Result<Vec<SitemapEntry>, Error> {
        store::reader::sitemap(self.db.read(), after, limit).await
    }

    /// A number that grows whenever something that readers see has changed, in whichever process.
    pub async fn version(&self) -> Result<i64, Error> {
        store::settings::version(self.db.read()).await
    }

    /// What editors have set for the whole site.
    pub async fn settings(&self) -> Result<SiteSettings, Error> {
        store::settings::load(self.db.read()).await
    }

    /// The content of a verification file, byte for byte.
    pub async fn verification_file(&self, name: &str) -> Result<Option<String>, Error> {
        store::verification::find(self.db.read(), name).await
    }

    /// The names of all verification files.
    pub async fn verification_files(&self) -> Result<Vec<String>, Error> {
        store::verification::names(self.db.read()).await
    }

    /// Serves a verification file from now on.
    pub async fn set_verification_file(&self, file: &VerificationFile) -> Result<(), Error> {
        store::verification::set(&mut *self.db.writer().await?, file, self.clock.now()).await
    }

    /// Serves a verification file no longer; false: it was not served.
    pub async fn remove_verification_file(&self, name: &str) -> Result<bool, Error> {
        store::verification::remove(&mut *self.db.writer().await?, name).await
    }

    /// Writes the settings that are not in the database yet; called at every start.
    pub async fn seed_settings(&self, site: &crate::config::Site) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        store::settings::seed(&mut transaction, &SiteSettings::from_config(site), self.clock.now()).await?;
        Ok(transaction.commit().await?)
    }
}
