//! The editors' work on tags. A name that a tag had once goes on meaning it: at its old address, and in texts that
//! still hold it.

use serde_json::json;

use super::article::{Refused, folded, one_line};
use super::slug::SitePath;
use super::store::event::Kind;
use super::{Actor, Content, Error, store};

/// A tag with the number of articles that readers find by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Published articles.
    pub published: i64,
}

impl Content {
    /// Tags whose names contain `text`, by name, from the one after the name `after`.
    pub async fn tags(&self, text: &str, after: &str, limit: u16) -> Result<Vec<Tag>, Error> {
        store::tags::all(self.db.read(), (&folded(after), limit), &folded(text)).await
    }

    /// The tag with this number; one that became part of another is [`Error::NotFound`].
    pub async fn tag_by_id(&self, id: i64) -> Result<Tag, Error> {
        store::tags::find(&mut *self.db.read().acquire().await?, id).await
    }

    /// The number of the tag with this name, however it is spelt.
    pub async fn tag_id(&self, name: &str) -> Result<Option<i64>, Error> {
        store::tags::owner(&mut *self.db.read().acquire().await?, &folded(name)).await
    }

    /// Gives a tag another name. One that another tag has is [`Error::NameTaken`]: merge the two.
    pub async fn rename_tag(&self, actor: Actor, id: i64, name: &str) -> Result<(), Error> {
        let (step, name) = (self.step(actor), one_line(name));
        let key = folded(&name);
        if key.is_empty() {
            return Err(Refused::NoName.into());
        }
        let mut transaction = self.db.begin().await?;
        let seen = store::tags::find(&mut transaction, id).await?;
        store::tags::hold(&mut transaction, &[&folded(&seen.name), &key]).await?;
        let before = store::tags::find(&mut transaction, id).await?;
        if store::tags::owner(&mut transaction, &key).await?.is_some_and(|owner| owner != id) {
            return Err(Error::NameTaken(name));
        }
        if before.name == name {
            return Ok(());
        }
        let old = folded(&before.name);
        let names = ((before.name.as_str(), old.as_str()), (name.as_str(), key.as_str()));
        store::tags::rename(&mut transaction, id, names, step.now).await?;
        if let (true, Some(from), Some(to)) = (old != key, path(&before.name), path(&name)) {
            store::redirect::move_to(&mut transaction, (&from, &to), step.now).await?;
        }
        self.changed(transaction, step, (Kind::TagRenamed, json!({ "from": before.name, "to": name }))).await
    }

    /// Makes one tag part of another.
    pub async fn merge_tag(&self, actor: Actor, from: i64, into: i64) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let one = store::tags::find(&mut transaction, from).await?;
        let other = store::tags::find(&mut transaction, into).await?;
        if from == into {
            return Ok(());
        }
        store::tags::hold(&mut transaction, &[&folded(&one.name), &folded(&other.name)]).await?;
        // Whoever had them until now may have made them part of another.
        let one = store::tags::find(&mut transaction, from).await?;
        let other = store::tags::find(&mut transaction, into).await?;
        store::tags::merge(&mut transaction, from, into).await?;
        if let (Some(from), Some(to)) = (path(&one.name), path(&other.name)) {
            store::redirect::move_to(&mut transaction, (&from, &to), step.now).await?;
        }
        self.changed(transaction, step, (Kind::TagMerged, json!({ "from": one.name, "to": other.name }))).await
    }
}

/// The path of a tag's list; none for a name with signs that no path of ours holds.
fn path(name: &str) -> Option<SitePath> {
    if name.contains(['/', '?', '#', '%']) { None } else { format!("/tags/{name}").parse().ok() }
}
