//! Writing: from the first draft to the bin, and an article's addresses.

use serde_json::json;
use sqlx::AnyConnection;

use super::super::article::{Fields, Live, Refused, State};
use super::super::slug::{ArticleId, ArticleKey, SitePath, Slug};
use super::super::store::event::Kind;
use super::super::{Actor, Content, Error, store};
use super::history::Reason;
use super::{Step, WorkingCopy, rules};

/// A step that asks for nothing but the state.
type Transition = fn(State) -> Result<State, Refused>;

impl Content {
    /// A new draft; the one who begins it is its author.
    pub async fn create(&self, actor: Actor, fields: Fields) -> Result<ArticleId, Error> {
        let mut transaction = self.db.begin().await?;
        let id = create(&mut transaction, self.step(actor), fields).await?;
        self.commit(transaction).await?;
        Ok(id)
    }

    /// [`Self::create`] with an address of its own.
    pub async fn create_at(&self, actor: Actor, fields: Fields, slug: Option<Slug>) -> Result<ArticleId, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let id = create(&mut transaction, step, fields).await?;
        set_slug(&mut transaction, step, id, slug).await?;
        self.commit(transaction).await?;
        Ok(id)
    }

    /// The text that is being worked on.
    pub async fn working_copy(&self, id: ArticleId) -> Result<WorkingCopy, Error> {
        store::article::working_copy(&mut *self.db.read().acquire().await?, id).await
    }

    /// Replaces the working copy, if it is still the one at `version`, and returns its new version. Else the answer is
    /// [`Error::Conflict`] with the text that is there. A text that is in review, approved or scheduled is refused.
    pub async fn save(&self, actor: Actor, id: ArticleId, version: i64, fields: Fields) -> Result<i64, Error> {
        let mut transaction = self.db.begin().await?;
        let version = save(&mut transaction, self.step(actor), id, (version, fields)).await?;
        self.commit(transaction).await?;
        Ok(version)
    }

    /// [`Self::save`] together with the address of an article that readers do not know yet: both, or neither.
    pub async fn save_at(
        &self,
        actor: Actor,
        id: ArticleId,
        (version, fields): (i64, Fields),
        slug: Option<Slug>,
    ) -> Result<i64, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let version = save(&mut transaction, step, id, (version, fields)).await?;
        // Published meanwhile: its address is no longer the form's business.
        if store::article::lock(&mut transaction, id).await?.state.live == Live::None {
            set_slug(&mut transaction, step, id, slug).await?;
        }
        self.commit(transaction).await?;
        Ok(version)
    }

    /// What a reviewer changes in the text in front of them: it stays at its stage, and whoever approves it next reads
    /// what was changed, and it is kept as a revision. Not for the author, who takes the text back instead.
    pub async fn amend(&self, actor: Actor, id: ArticleId, version: i64, fields: Fields) -> Result<i64, Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let fields = settled(&mut transaction, fields).await?;
        let record = store::article::lock(&mut transaction, id).await?;
        record.state.amend(rules(&mut transaction, actor, record.hands).await?)?;
        fields.check()?;
        let saved = store::article::save(&mut transaction, step, id, (version, &fields)).await?;
        // Another reviewer may give it back to its author, who then writes on.
        let text = (Reason::Amend, &fields);
        let revision = store::history::insert_revision(&mut transaction, step, id, text).await?;
        let detail = json!({ "version": saved });
        store::event::write(&mut transaction, step, Kind::Amended, (Some(id), Some(revision), detail)).await?;
        self.commit(transaction).await?;
        Ok(saved)
    }

    /// Puts a draft that readers never saw into the bin.
    pub async fn discard(&self, actor: Actor, id: ArticleId) -> Result<(), Error> {
        self.move_to(self.step(actor), id, (Kind::Discarded, State::discard)).await
    }

    /// Takes a draft out of the bin.
    pub async fn restore(&self, actor: Actor, id: ArticleId) -> Result<(), Error> {
        self.move_to(self.step(actor), id, (Kind::Restored, State::restore)).await
    }

    /// Gives an article another address; the old one answers 301 for ever if readers may know it.
    pub async fn set_slug(&self, actor: Actor, id: ArticleId, slug: Option<Slug>) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        set_slug(&mut transaction, self.step(actor), id, slug).await?;
        self.commit(transaction).await
    }

    /// Makes a path of former times lead to an article.
    pub async fn add_alias(&self, actor: Actor, id: ArticleId, path: &SitePath) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        add_alias(&mut transaction, self.step(actor), id, path).await?;
        self.commit(transaction).await
    }

    /// A step that changes nothing but where the article stands in the newsroom.
    async fn move_to(&self, step: Step, id: ArticleId, (kind, to): (Kind, Transition)) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        let state = to(store::article::lock(&mut transaction, id).await?.state)?;
        store::standing::set_working(&mut transaction, id, state.working, (step.now, None)).await?;
        store::event::write(&mut transaction, step, kind, (Some(id), None, json!({}))).await?;
        self.commit(transaction).await
    }
}

pub(in crate::content) async fn create(
    connection: &mut AnyConnection,
    step: Step,
    fields: Fields,
) -> Result<ArticleId, Error> {
    let fields = settled(connection, fields).await?;
    let id = store::article::insert(connection, step, &fields).await?;
    let detail = json!({ "headline": fields.headline });
    store::event::write(connection, step, Kind::Created, (Some(id), None, detail)).await?;
    Ok(id)
}

/// The fields as they are stored, in the category that theirs is now: a form may have been open for long. The category
/// stays while the transaction lasts; see [`store::sections::hold`] for why this comes before any article.
async fn settled(connection: &mut AnyConnection, fields: Fields) -> Result<Fields, Error> {
    let mut fields = fields.tidied();
    if let Some(category) = fields.category {
        fields.category = store::sections::hold_current(connection, category).await?;
    }
    Ok(fields)
}

pub(in crate::content) async fn save(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (version, fields): (i64, Fields),
) -> Result<i64, Error> {
    let fields = settled(connection, fields).await?;
    store::article::lock(connection, id).await?.state.edit()?;
    let saved = store::article::save(connection, step, id, (version, &fields)).await?;
    let detail = json!({ "version": saved });
    store::event::write(connection, step, Kind::Saved, (Some(id), None, detail)).await?;
    Ok(saved)
}

pub(in crate::content) async fn set_slug(
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
pub(in crate::content) async fn is_free(
    connection: &mut AnyConnection,
    id: ArticleId,
    slug: &Slug,
) -> Result<bool, Error> {
    let key = ArticleKey::Slug(slug.clone());
    let owner = store::article::owner_of_slug(connection, slug).await?;
    let former = store::redirect::owner(connection, &SitePath::article(&key)).await?;
    Ok(owner.is_none_or(|owner| owner == id) && former.is_none_or(|former| former == Some(id)))
}

/// Returns whether the path is new.
pub(in crate::content) async fn add_alias(
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
