//! The editors' work on categories. An address that readers may know answers 301 for ever.

use serde_json::json;
use sqlx::AnyConnection;

use super::article::{folded, one_line};
use super::category::Category;
use super::newsroom::Step;
use super::slug::{SitePath, Slug};
use super::store::event::Kind;
use super::{Actor, Content, Error, store};

/// A category with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The category.
    pub category: Category,
    /// Articles whose working copy is in it, but for those in the bin.
    pub articles: i64,
    /// Articles that readers find in it.
    pub published: i64,
}

impl Content {
    /// Every category, also the empty ones, in the order that editors gave them.
    pub async fn sections(&self) -> Result<Vec<Section>, Error> {
        store::sections::all(self.db.read()).await
    }

    /// The category with this number; one that is gone is [`Error::NotFound`].
    pub async fn category_by_id(&self, id: i64) -> Result<Category, Error> {
        store::sections::find(&mut *self.db.read().acquire().await?, id).await
    }

    /// The articles that keep a category from being deleted: for readers, on the desk, and in the bin.
    pub async fn category_articles(&self, id: i64) -> Result<i64, Error> {
        store::sections::count(&mut *self.db.read().acquire().await?, id).await
    }

    /// A new category, after all others. Without a slug it gets one from its name, or a number.
    pub async fn create_category(&self, actor: Actor, name: &str, slug: Option<&Slug>) -> Result<i64, Error> {
        let (step, name) = (self.step(actor), one_line(name));
        let mut transaction = self.db.begin().await?;
        check(&mut transaction, (&name, slug), 0).await?;
        store::sections::release(&mut transaction, &folded(&name), slug).await?;
        let id = store::taxonomy::ensure_category(&mut transaction, &name, step.now).await?;
        if let Some(slug) = slug {
            let category = Category { id, slug: slug.clone(), name: name.clone() };
            store::sections::rename(&mut transaction, &category, &folded(&name)).await?;
        }
        let slug = store::sections::find(&mut transaction, id).await?.slug;
        // It is an address again.
        store::redirect::remove(&mut transaction, &SitePath::category(&slug)).await?;
        let detail = json!({ "name": name, "slug": slug.as_str() });
        self.changed(transaction, step, (Kind::CategoryCreated, detail)).await?;
        Ok(id)
    }

    /// Gives a category another name or address.
    pub async fn rename_category(&self, actor: Actor, id: i64, (name, slug): (&str, &Slug)) -> Result<(), Error> {
        let (step, name) = (self.step(actor), one_line(name));
        let mut transaction = self.db.begin().await?;
        let before = store::sections::hold(&mut transaction, id).await?;
        check(&mut transaction, (&name, Some(slug)), id).await?;
        store::sections::release(&mut transaction, &folded(&name), Some(slug)).await?;
        let after = Category { id, slug: slug.clone(), name };
        if after == before {
            return Ok(());
        }
        store::sections::rename(&mut transaction, &after, &folded(&after.name)).await?;
        if after.slug != before.slug {
            let paths = (&SitePath::category(&before.slug), &SitePath::category(slug));
            store::redirect::move_to(&mut transaction, paths, step.now).await?;
        }
        let detail = json!({
            "from": before.name, "to": after.name, "old_slug": before.slug.as_str(), "slug": slug.as_str()
        });
        self.changed(transaction, step, (Kind::CategoryRenamed, detail)).await
    }

    /// Puts the categories `ids` first, in this order; those that it does not name follow as they were.
    pub async fn order_categories(&self, actor: Actor, ids: &[i64]) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        store::sections::order(&mut transaction, ids).await?;
        self.changed(transaction, step, (Kind::CategoriesOrdered, json!({ "order": ids }))).await
    }

    /// Moves every article of a category into another; the address of the one leads to the other.
    pub async fn merge_category(&self, actor: Actor, from: i64, into: i64) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        // In the order of their numbers, which is everybody's.
        let first = store::sections::hold(&mut transaction, from.min(into)).await?;
        let second = store::sections::hold(&mut transaction, from.max(into)).await?;
        if from == into {
            return Ok(());
        }
        let (one, other) = if from < into { (first, second) } else { (second, first) };
        store::sections::merge(&mut transaction, (from, into), step.now).await?;
        let paths = (&SitePath::category(&one.slug), &SitePath::category(&other.slug));
        store::redirect::move_to(&mut transaction, paths, step.now).await?;
        let detail = json!({ "from": one.name, "to": other.name });
        self.changed(transaction, step, (Kind::CategoryMerged, detail)).await
    }

    /// Deletes a category in which nothing is; else the answer is [`Error::NotEmpty`].
    pub async fn delete_category(&self, actor: Actor, id: i64) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let category = store::sections::hold(&mut transaction, id).await?;
        let articles = store::sections::count(&mut transaction, id).await?;
        if articles > 0 {
            return Err(Error::NotEmpty(articles));
        }
        store::sections::remove(&mut transaction, id, step.now).await?;
        store::redirect::remove_to(&mut transaction, &SitePath::category(&category.slug)).await?;
        self.changed(transaction, step, (Kind::CategoryDeleted, json!({ "name": category.name }))).await
    }
}

/// Whether no other category has this name or address.
async fn check(connection: &mut AnyConnection, (name, slug): (&str, Option<&Slug>), except: i64) -> Result<(), Error> {
    let folded = folded(name);
    if folded.is_empty() {
        return Err(super::article::Refused::NoName.into());
    }
    let (by_name, by_slug) = store::sections::is_taken(connection, (&folded, slug), except).await?;
    match slug {
        _ if by_name => Err(Error::NameTaken(name.to_owned())),
        Some(slug) if by_slug => Err(Error::SlugTaken(slug.clone())),
        _ => Ok(()),
    }
}

impl Content {
    /// Ends a change of something that every reader may see, with its event.
    pub(super) async fn changed(
        &self,
        mut transaction: sqlx::Transaction<'_, sqlx::Any>,
        step: Step,
        (kind, detail): (Kind, serde_json::Value),
    ) -> Result<(), Error> {
        store::event::write(&mut transaction, step, kind, (None, None, detail)).await?;
        store::settings::bump(&mut transaction).await?;
        self.commit(transaction).await
    }
}
