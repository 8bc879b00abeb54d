//! Redirects that editors make: from an address of a former site, or of a page that is no more, to one of today.

use serde_json::json;

use super::newsroom;
use super::published::Lookup;
use super::slug::{ArticleId, ArticleKey, SitePath};
use super::store::event::Kind;
use super::{Actor, Content, Error, store};
use crate::clock::Millis;

/// An address of former times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The address.
    pub path: SitePath,
    /// Where it leads.
    pub target: Lookup,
    /// Since when.
    pub since: Millis,
}

impl Content {
    /// Every redirect by its path, from the one after `after`.
    pub async fn redirects(&self, after: Option<&SitePath>, limit: u16) -> Result<Vec<Redirect>, Error> {
        store::redirect::list(self.db.read(), after.map_or("", SitePath::as_str), limit).await
    }

    /// Makes `path` lead to `target`. Where that is an article, it goes on leading there when the article moves; where
    /// it is itself a redirect, to its end.
    pub async fn add_redirect(&self, actor: Actor, path: &SitePath, target: &SitePath) -> Result<(), Error> {
        let step = self.step(actor);
        if path == target {
            return Err(Error::Circle);
        }
        let mut transaction = self.db.begin().await?;
        if let Some(id) = article_at(&mut transaction, target).await? {
            newsroom::add_alias(&mut transaction, step, id, path).await?;
            store::settings::bump(&mut transaction).await?;
            return self.commit(transaction).await;
        }
        let own = match article_at(&mut transaction, path).await? {
            Some(id) => store::article::lock(&mut transaction, id).await?.state.live != super::article::Live::None,
            None => false,
        };
        if own || store::redirect::owner(&mut transaction, path).await?.is_some() {
            return Err(Error::PathTaken(path.clone()));
        }
        let end = store::redirect::target(&mut transaction, target).await?.unwrap_or_else(|| target.encoded());
        if end == path.encoded() {
            return Err(Error::Circle);
        }
        store::redirect::move_all(&mut transaction, path, &end).await?;
        store::redirect::set_target(&mut transaction, path, &end, step.now).await?;
        let detail = json!({ "path": path.as_str(), "to": end });
        self.changed(transaction, step, (Kind::RedirectAdded, detail)).await
    }

    /// Removes a redirect. False: there was none. Where it was an old address of an article, links to it end here.
    pub async fn remove_redirect(&self, actor: Actor, path: &SitePath) -> Result<bool, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        if store::redirect::owner(&mut transaction, path).await?.is_none() {
            return Ok(false);
        }
        store::redirect::remove(&mut transaction, path).await?;
        let detail = json!({ "path": path.as_str() });
        self.changed(transaction, step, (Kind::RedirectRemoved, detail)).await?;
        Ok(true)
    }
}

/// The article that a path is or was the address of.
async fn article_at(connection: &mut sqlx::AnyConnection, path: &SitePath) -> Result<Option<ArticleId>, Error> {
    if let Some(Some(id)) = store::redirect::owner(connection, path).await? {
        return Ok(Some(id));
    }
    let key = path.as_str().strip_prefix("/articles/").and_then(|key| key.parse::<ArticleKey>().ok());
    match key {
        Some(ArticleKey::Slug(slug)) => store::article::owner_of_slug(connection, &slug).await,
        Some(ArticleKey::Number(id)) => match store::article::lock(connection, id).await {
            Ok(_) => Ok(Some(id)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        },
        None => Ok(None),
    }
}
