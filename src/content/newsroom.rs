//! What people (and the import) do to articles. Each verb is one transaction that also writes its event, and a
//! revision where a text goes out.

use serde_json::json;
use sqlx::AnyConnection;

use super::article::{Fields, Live, State, Times};
use super::slug::{ArticleId, ArticleKey, SitePath, Slug};
use super::{Actor, Content, Error, Media, MediaId, search, store};
use crate::clock::Millis;
use store::event::Kind;

/// The text that is being worked on.
#[derive(Clone, Debug)]
pub struct WorkingCopy {
    /// Grows with every save; a save names the one it is based on.
    pub version: i64,
    /// Whether it differs from what readers see.
    pub unpublished: bool,
    /// The text.
    pub fields: Fields,
}

impl Content {
    /// A new draft.
    pub async fn create(&self, actor: Actor, fields: Fields) -> Result<ArticleId, Error> {
        let mut transaction = self.db.begin().await?;
        let id = create(&mut transaction, Step { actor, now: self.clock.now() }, fields).await?;
        self.commit(transaction).await?;
        Ok(id)
    }

    /// The text that is being worked on.
    pub async fn working_copy(&self, id: ArticleId) -> Result<WorkingCopy, Error> {
        store::article::working_copy(&mut *self.db.read().acquire().await?, id).await
    }

    /// Replaces the working copy, if it is still the one at `version`, and returns its new version.
    pub async fn save(&self, actor: Actor, id: ArticleId, version: i64, fields: Fields) -> Result<i64, Error> {
        let mut transaction = self.db.begin().await?;
        let version = save(&mut transaction, Step { actor, now: self.clock.now() }, id, (version, fields)).await?;
        self.commit(transaction).await?;
        Ok(version)
    }

    /// Makes the working copy what readers see. `dated` sets the date that readers see; without it a first
    /// publication is dated now and a later one keeps its date.
    pub async fn publish(&self, actor: Actor, id: ArticleId, dated: Option<Millis>) -> Result<(), Error> {
        // Before the transaction, which on SQLite keeps everybody else from writing.
        search::load_dictionary().await?;
        let mut transaction = self.db.begin().await?;
        publish(&mut transaction, Step { actor, now: self.clock.now() }, id, dated).await?;
        self.commit(transaction).await
    }

    /// Takes an article from the readers; its address then shows `notice`.
    pub async fn withdraw(&self, actor: Actor, id: ArticleId, notice: &str) -> Result<(), Error> {
        let now = self.clock.now();
        let mut transaction = self.db.begin().await?;
        let record = store::article::lock(&mut transaction, id).await?;
        let state = record.state.withdraw()?;
        store::article::set_withdrawn(&mut transaction, id, state, (now, notice)).await?;
        store::taxonomy::set_live_tags(&mut transaction, id, None).await?;
        store::search::remove(&mut transaction, self.db.engine(), id).await?;
        let detail = json!({ "notice": notice });
        store::event::write(&mut transaction, Step { actor, now }, Kind::Withdrawn, (Some(id), None, detail)).await?;
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await
    }

    /// Gives an article another address; the old one answers 301 for ever if readers may know it.
    pub async fn set_slug(&self, actor: Actor, id: ArticleId, slug: Option<Slug>) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        set_slug(&mut transaction, Step { actor, now: self.clock.now() }, id, slug).await?;
        self.commit(transaction).await
    }

    /// Makes a path of former times lead to an article.
    pub async fn add_alias(&self, actor: Actor, id: ArticleId, path: &SitePath) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        add_alias(&mut transaction, Step { actor, now: self.clock.now() }, id, path).await?;
        self.commit(transaction).await
    }
}

/// Who acts, and when: the same for every row of one transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) actor: Actor,
    pub(super) now: Millis,
}

pub(super) async fn create(connection: &mut AnyConnection, step: Step, fields: Fields) -> Result<ArticleId, Error> {
    let fields = fields.tidied();
    let id = store::article::insert(connection, step, &fields).await?;
    let detail = json!({ "headline": fields.headline });
    store::event::write(connection, step, Kind::Created, (Some(id), None, detail)).await?;
    Ok(id)
}

pub(super) async fn save(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (version, fields): (i64, Fields),
) -> Result<i64, Error> {
    store::article::lock(connection, id).await?.state.edit()?;
    let saved = store::article::save(connection, step, id, (version, &fields.tidied())).await?;
    let detail = json!({ "version": saved });
    store::event::write(connection, step, Kind::Saved, (Some(id), None, detail)).await?;
    Ok(saved)
}

pub(super) async fn publish(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    dated: Option<Millis>,
) -> Result<(), Error> {
    let record = store::article::lock(connection, id).await?;
    let fields = store::article::working_copy(connection, id).await?.fields;
    let state = State::published(&fields)?;
    let times = Times::after_publish(record.times, dated, step.now);
    let revision = store::article::insert_revision(connection, step, id, &fields).await?;
    let list_media = list_picture(&fields, &store::media::of_revision(&mut *connection, revision).await?);
    let live = store::article::LiveText { state, times, revision, category: fields.category, list_media };
    store::article::set_live(connection, id, live).await?;
    store::taxonomy::set_live_tags(connection, id, Some((&fields.tags, times.published, step.now))).await?;
    let engine = store::search::engine(connection);
    store::search::index(connection, engine, id, &search::terms(&fields)).await?;
    let detail = json!({ "headline": fields.headline });
    store::event::write(connection, step, Kind::Published, (Some(id), Some(revision), detail)).await?;
    store::settings::bump(connection).await
}

/// What lists show of an article: its lead image, else the first picture of its text that is large enough.
fn list_picture(fields: &Fields, pictures: &[Media]) -> Option<MediaId> {
    let find = |id: &MediaId| pictures.iter().find(|media| media.id == *id);
    let lead = fields.lead_media.as_ref().and_then(find);
    let of_text = || fields.body.pictures().iter().filter_map(find).find(|media| media.shareable).cloned();
    lead.cloned().or_else(of_text).map(|media| media.id)
}

pub(super) async fn set_slug(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    slug: Option<Slug>,
) -> Result<(), Error> {
    let record = store::article::lock(connection, id).await?;
    if record.slug == slug {
        return Ok(());
    }
    let old = ArticleKey::of(record.slug, id);
    let new = ArticleKey::of(slug.clone(), id);
    if let Some(slug) = &slug
        && !is_free(connection, id, slug).await?
    {
        return Err(Error::SlugTaken(slug.clone()));
    }
    store::redirect::remove(connection, &SitePath::article(&new)).await?;
    store::article::set_slug(connection, id, slug.as_ref()).await?;
    if record.state.live != Live::None {
        store::redirect::insert(connection, &SitePath::article(&old), id, step.now).await?;
    }
    let detail = json!({ "from": old.to_string(), "to": new.to_string() });
    store::event::write(connection, step, Kind::SlugChanged, (Some(id), None, detail)).await?;
    if record.state == State::NEW { Ok(()) } else { store::settings::bump(connection).await }
}

/// Whether a slug is nobody else's, now or formerly.
pub(super) async fn is_free(connection: &mut AnyConnection, id: ArticleId, slug: &Slug) -> Result<bool, Error> {
    let key = ArticleKey::Slug(slug.clone());
    let owner = store::article::owner_of_slug(connection, slug).await?;
    let former = store::redirect::owner(connection, &SitePath::article(&key)).await?;
    Ok(owner.is_none_or(|owner| owner == id) && former.is_none_or(|former| former == Some(id)))
}

/// Returns whether the path is new.
pub(super) async fn add_alias(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    path: &SitePath,
) -> Result<bool, Error> {
    match store::redirect::owner(connection, path).await? {
        Some(owner) if owner == Some(id) => return Ok(false),
        Some(_) => return Err(Error::PathTaken(path.clone())),
        None => {}
    }
    if let Some(key) = path.as_str().strip_prefix("/articles/").and_then(|key| key.parse::<ArticleKey>().ok()) {
        let owner = match &key {
            ArticleKey::Slug(slug) => store::article::owner_of_slug(connection, slug).await?,
            ArticleKey::Number(number) => Some(*number),
        };
        match owner {
            Some(owner) if owner == id => return Ok(false),
            Some(_) => return Err(Error::PathTaken(path.clone())),
            None => {}
        }
    }
    store::redirect::insert(connection, path, id, step.now).await?;
    let detail = json!({ "path": path.as_str() });
    store::event::write(connection, step, Kind::AliasAdded, (Some(id), None, detail)).await?;
    Ok(true)
}
