//! Redirects that editors make: from an address of a former site, or of a page that is no more, to one of today.

use serde_json::json;
use sqlx::AnyConnection;

use super::article::{Live, folded};
use super::newsroom::{self, Step};
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
    /// Redirects of which one of the two addresses contains `text`, by path, from the one after `after`.
    pub async fn redirects(&self, text: &str, after: Option<&SitePath>, limit: u16) -> Result<Vec<Redirect>, Error> {
        let after = after.map_or("", SitePath::as_str);
        store::redirect::list(self.db.read(), text.trim(), (after, limit)).await
    }

    /// Makes `path` lead to `target`. Where that is an article, it goes on leading there when the article moves; where
    /// it is itself a redirect, to its end.
    pub async fn add_redirect(&self, actor: Actor, path: &SitePath, target: &SitePath) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        add(&mut transaction, self.step(actor), path, target).await?;
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await
    }

    /// The same for many at once: what became of each, in their order. One that is refused keeps no other back.
    pub async fn add_redirects(
        &self,
        actor: Actor,
        pairs: &[(SitePath, SitePath)],
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let step = self.step(actor);
        let mut outcomes = Vec::with_capacity(pairs.len());
        let mut transaction = self.db.begin().await?;
        for (path, target) in pairs {
            match add(&mut transaction, step, path, target).await {
                Err(error @ (Error::Database(_) | Error::Damaged(_))) => return Err(error),
                outcome => outcomes.push(outcome),
            }
        }
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await?;
        Ok(outcomes)
    }

    /// Whether an article, a list or a page has this address, or one that leads on had it.
    pub async fn has_address(&self, path: &SitePath) -> Result<bool, Error> {
        let mut connection = self.db.read().acquire().await?;
        if store::redirect::owner(&mut connection, path).await?.is_some()
            || is_list_or_page(&mut connection, path).await?
        {
            return Ok(true);
        }
        match article_key(path) {
            Some(ArticleKey::Slug(slug)) => Ok(store::article::owner_of_slug(&mut connection, &slug).await?.is_some()),
            Some(ArticleKey::Number(id)) => store::article::exists(&mut connection, id).await,
            None => Ok(false),
        }
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

/// Checks first and writes then, so that what is refused leaves nothing behind in the transaction.
async fn add(connection: &mut AnyConnection, step: Step, path: &SitePath, target: &SitePath) -> Result<(), Error> {
    if path == target {
        return Err(Error::Circle);
    }
    if is_list_or_page(connection, path).await? {
        return Err(Error::PathTaken(path.clone()));
    }
    if let Some(id) = article_at(connection, target).await? {
        return newsroom::add_alias(connection, step, id, path).await.map(drop);
    }
    let own = match article_at(connection, path).await? {
        Some(id) => store::article::lock(connection, id).await?.state.live != Live::None,
        None => false,
    };
    if own || store::redirect::owner(connection, path).await?.is_some() {
        return Err(Error::PathTaken(path.clone()));
    }
    let end = store::redirect::target(connection, target).await?.unwrap_or_else(|| target.encoded());
    if end == path.encoded() {
        return Err(Error::Circle);
    }
    store::redirect::move_all(connection, path, &end).await?;
    store::redirect::set_target(connection, path, &end, step.now).await?;
    let detail = json!({ "path": path.as_str(), "to": end });
    store::event::write(connection, step, Kind::RedirectAdded, (None, None, detail)).await
}

/// Whether a category, a tag or a fixed page has this address now.
async fn is_list_or_page(connection: &mut AnyConnection, path: &SitePath) -> Result<bool, Error> {
    if let Some(slug) = path.as_str().strip_prefix("/categories/").and_then(|slug| slug.parse().ok()) {
        return Ok(store::sections::is_taken(connection, ("", Some(&slug)), 0).await?.1);
    }
    if let Some(slug) = path.as_str().strip_prefix("/pages/").and_then(|slug| slug.parse().ok()) {
        return store::page::exists(connection, &slug).await;
    }
    match path.as_str().strip_prefix("/tags/") {
        Some(name) => Ok(store::tags::owner(connection, &folded(name)).await?.is_some()),
        None => Ok(false),
    }
}

/// The article that a path is or was the address of.
async fn article_at(connection: &mut AnyConnection, path: &SitePath) -> Result<Option<ArticleId>, Error> {
    if let Some(Some(id)) = store::redirect::owner(connection, path).await? {
        return Ok(Some(id));
    }
    match article_key(path) {
        Some(ArticleKey::Slug(slug)) => store::article::owner_of_slug(connection, &slug).await,
        Some(ArticleKey::Number(id)) => match store::article::lock(connection, id).await {
            Ok(_) => Ok(Some(id)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        },
        None => Ok(None),
    }
}

fn article_key(path: &SitePath) -> Option<ArticleKey> {
    path.as_str().strip_prefix("/articles/")?.parse().ok()
}
