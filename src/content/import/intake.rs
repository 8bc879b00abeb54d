//! From a document that has been read to an article: its pictures first, then everything else in one transaction.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use futures_util::stream::{self, StreamExt as _};
use sqlx::AnyConnection;

use super::document::{Reading, Text};
use super::folder::Document;
use super::pictures::{self, Fate};
use super::place::Place;
use super::report::{Notes, What};
use super::{Import, attachments, folder};
use crate::clock::Millis;
use crate::content::article::Live;
use crate::content::attachment;
use crate::content::media::{self, Unfit};
use crate::content::newsroom::{self, Step};
use crate::content::pictures::DECODERS;
use crate::content::store::article::Imported;
use crate::content::{Actor, ArticleId, Error, Fields, Html, MediaId, SitePath, Slug, search, store};

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) change: Change,
    /// Whether readers see it.
    pub(super) live: bool,
    /// Whether it is a fixed page and no article.
    pub(super) is_page: bool,
}

/// What an import changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It was not here before.
    Created,
    /// It has a new text.
    Updated,
    /// It is as it was.
    Unchanged,
}

impl Outcome {
    fn of_article(known: Option<&Imported>, live: bool) -> Self {
        let live = live || known.is_some_and(|known| known.live == Live::Published);
        let change = if known.is_some() { Change::Updated } else { Change::Created };
        Self { change, live, is_page: false }
    }
}

/// What a dry run has given away so far, in place of a database that remembers.
#[derive(Debug, Default)]
pub(super) struct Taken {
    slugs: HashSet<Slug>,
    paths: HashSet<SitePath>,
}

/// Everything that one transaction writes.
struct Arrival {
    external_id: String,
    hash: String,
    fields: Fields,
    category: Option<String>,
    dated: Millis,
    draft: bool,
    slug: Option<Slug>,
    /// Whether the document itself names the slug.
    slug_is_wish: bool,
    aliases: Vec<SitePath>,
}

impl Import<'_> {
    /// Takes one document in. None: it was refused, or left alone for a reason that is noted.
    pub(super) async fn take(
        &self,
        document: &Document,
        taken: &mut Taken,
        notes: &mut Notes,
    ) -> Result<Option<Outcome>, Error> {
        let Some(text) = Text::read(document, notes) else { return Ok(None) };
        if text.front.is_page {
            return self.take_page(document, &text, notes).await;
        }
        let reading = text.interpret(&self.folder, document, notes);
        let mut arrival = self.arrival(document, &text, &reading, notes);
        let known = {
            let mut connection = self.content.db.read().acquire().await?;
            store::article::imported(&mut connection, &arrival.external_id).await?
        };
        if let Some(known) = &known {
            let live = known.live == Live::Published;
            if known.hash == arrival.hash {
                return Ok(Some(Outcome { change: Change::Unchanged, live, is_page: false }));
            }
            if known.live == Live::Withdrawn {
                notes.add(What::Withdrawn);
                return Ok(None);
            }
            if live && arrival.draft {
                notes.add(What::StillPublished);
            }
        }
        let stored = self.store_pictures(&reading, notes).await?;
        if self.dry_run {
            return self.rehearse(&arrival, known, (taken, notes)).await.map(Some);
        }
        arrival.fields.body = self.settled(&reading, &stored, notes).await?;
        arrival.fields.lead_media = reading.lead.as_ref().and_then(|path| stored.get(path)).cloned();
        self.write(arrival, known, notes).await
    }

    fn arrival(&self, document: &Document, text: &Text, reading: &Reading, notes: &mut Notes) -> Arrival {
        let front = &text.front;
        let dated = text.published((&self.zone, self.now), notes);
        if dated > self.now && !front.draft {
            notes.add(What::FutureDate);
        }
        // An article is in one category; the others are as good as tags.
        let mut categories = front.categories.clone().into_iter();
        let category = categories.next();
        let fields = Fields {
            headline: reading.title.clone(),
            summary: front.summary.clone().unwrap_or_default(),
            byline: front.byline.clone().unwrap_or_default(),
            source: front.source.clone().unwrap_or_default(),
            editor: front.editor.clone().unwrap_or_default(),
            tags: front.tags.iter().cloned().chain(categories).collect(),
            ..Fields::default()
        };
        let (slug, slug_is_wish) = self.slug(document, text, notes);
        Arrival {
            external_id: self.external_id(document),
            hash: reading.hash.clone(),
            fields,
            category,
            dated,
            draft: front.draft || dated > self.now,
            slug,
            slug_is_wish,
            aliases: aliases(text, notes),
        }
    }

    /// What tells a document from all others, here and on other imports.
    pub(super) fn external_id(&self, document: &Document) -> String {
        format!("{}/{}", self.folder.name(), document.name)
    }

    /// The front matter's slug, else what the name gives, and whether it is the former.
    pub(super) fn slug(&self, document: &Document, text: &Text, notes: &mut Notes) -> (Option<Slug>, bool) {
        if let Some(wish) = &text.front.slug {
            if let Some(slug) = Slug::suggest(wish) {
                return (Some(slug), true);
            }
            notes.at(text.line_of(wish), What::Slug(wish.clone()));
        }
        let name = document.address_name().unwrap_or_else(|| self.folder.name());
        (Slug::suggest(&name), false)
    }

    /// Stores the pictures that are shown, by path; a dry run only decodes them. One that turns out to be damaged is
    /// noted and left out.
    pub(super) async fn store_pictures(
        &self,
        reading: &Reading,
        notes: &mut Notes,
    ) -> Result<HashMap<PathBuf, MediaId>, Error> {
        let store = async |path: &Path| {
            // None: it has grown beyond the limit since it was looked at.
            let bytes = folder::read(path, media::MOST_BYTES)?.ok_or(Unfit::TooManyBytes)?;
            if self.dry_run {
                return self.content.try_picture(bytes).await.map(|()| None);
            }
            self.content.add_picture(bytes, &name_of(path)).await.map(|media| Some(media.id))
        };
        // As many under way as are decoded at the same time; the outcomes come in order.
        let mut outcomes = stream::iter(&reading.files).map(|path| store(path)).buffered(usize::from(DECODERS));
        let mut stored = HashMap::new();
        for path in &reading.files {
            match outcomes.next().await {
                Some(Ok(id)) => stored.extend(id.map(|id| (path.clone(), id))),
                Some(Err(Error::Unfit(unfit))) => notes.add(What::PictureUnfit(name_of(path), unfit)),
                Some(Err(error)) => return Err(error),
                None => {}
            }
        }
        Ok(stored)
    }

    /// Stores the attachments that the text links to, by address. They were looked at before; one that has changed
    /// since then is noted and left out.
    /// The body of what was read, with the pictures that were stored, and with its attachments.
    pub(super) async fn settled(
        &self,
        reading: &Reading,
        stored: &HashMap<PathBuf, MediaId>,
        notes: &mut Notes,
    ) -> Result<Html, Error> {
        let fates = reading.places.iter().map(|(address, place)| (address.clone(), fate(place, stored))).collect();
        let attached = self.store_attachments(reading, notes).await?;
        let settled = pictures::settle(&reading.converted.html, &fates);
        Ok(Html::clean(&attachments::settle(&settled, &attached)))
    }

    async fn store_attachments(&self, reading: &Reading, notes: &mut Notes) -> Result<HashMap<String, MediaId>, Error> {
        let mut stored = HashMap::new();
        for (address, path) in &reading.attachments {
            let bytes = folder::read(path, attachment::MOST_BYTES)?;
            let added = match bytes {
                Some(bytes) => self.content.add_attachment(bytes, &name_of(path)).await,
                None => Err(Unfit::TooManyBytes.into()),
            };
            match added {
                Ok(attachment) => drop(stored.insert(address.clone(), attachment.id)),
                Err(Error::Unfit(unfit)) => notes.add(What::AttachmentUnfit(address.clone(), unfit)),
                Err(error) => return Err(error),
            }
        }
        Ok(stored)
    }

    /// What [`Self::write`] would say, without writing.
    async fn rehearse(
        &self,
        arrival: &Arrival,
        known: Option<Imported>,
        (taken, notes): (&mut Taken, &mut Notes),
    ) -> Result<Outcome, Error> {
        let id = known.as_ref().map_or(ArticleId(0), |known| known.id);
        let mut connection = self.content.db.read().acquire().await?;
        if let Some(slug) = arrival.slug.as_ref().filter(|_| known.is_none() || arrival.slug_is_wish) {
            let free = newsroom::is_free(&mut connection, id, slug).await?;
            if !free || !taken.slugs.insert(slug.clone()) {
                notes.add(What::SlugTaken(slug.to_string()));
            }
        }
        for path in &arrival.aliases {
            let owner = store::redirect::owner(&mut connection, path).await?;
            let free = owner.is_none_or(|owner| owner == Some(id));
            if !free || !taken.paths.insert(path.clone()) {
                notes.add(What::AliasTaken(path.to_string()));
            }
        }
        Ok(Outcome::of_article(known.as_ref(), !arrival.draft))
    }

    async fn write(
        &self,
        arrival: Arrival,
        known: Option<Imported>,
        notes: &mut Notes,
    ) -> Result<Option<Outcome>, Error> {
        let step = Step { actor: Actor::Import, now: self.now };
        // Before the transaction, which on SQLite keeps everybody else from writing.
        search::load_dictionary().await?;
        let mut transaction = self.content.db.begin().await?;
        match write(&mut transaction, step, arrival, known.as_ref(), notes).await {
            Err(Error::Refused(_)) => {
                notes.add(What::BeingWorkedOn);
                Ok(None)
            }
            Err(error) => Err(error),
            Ok(outcome) => {
                self.content.commit(transaction).await?;
                Ok(Some(outcome))
            }
        }
    }
}

async fn write(
    connection: &mut AnyConnection,
    step: Step,
    arrival: Arrival,
    known: Option<&Imported>,
    notes: &mut Notes,
) -> Result<Outcome, Error> {
    let mut fields = arrival.fields;
    if let Some(name) = &arrival.category {
        fields.category = Some(store::taxonomy::ensure_category(connection, name, step.now).await?);
    }
    let id = match known {
        None => newsroom::create(connection, step, fields).await?,
        Some(known) => {
            let version = store::article::working_copy(connection, known.id).await?.version;
            newsroom::save(connection, step, known.id, (version, fields)).await?;
            known.id
        }
    };
    store::article::set_imported(connection, id, &arrival.external_id, &arrival.hash).await?;
    // Later an address is the editors' business, unless the document insists.
    if let Some(slug) = arrival.slug.filter(|_| known.is_none() || arrival.slug_is_wish) {
        match newsroom::set_slug(connection, step, id, Some(slug)).await {
            Err(Error::SlugTaken(slug)) => notes.add(What::SlugTaken(slug.to_string())),
            other => other?,
        }
    }
    for path in &arrival.aliases {
        match newsroom::add_alias(connection, step, id, path).await {
            Err(Error::PathTaken(path)) => notes.add(What::AliasTaken(path.to_string())),
            other => drop(other?),
        }
    }
    if !arrival.draft {
        newsroom::publish(connection, step, id, Some(arrival.dated)).await?;
    }
    Ok(Outcome::of_article(known, !arrival.draft))
}

/// The former addresses of a document.
pub(super) fn aliases(text: &Text, notes: &mut Notes) -> Vec<SitePath> {
    let mut paths = Vec::new();
    for alias in &text.front.aliases {
        // Without a slash it is meant from the root.
        let rooted = if alias.starts_with('/') { alias.clone() } else { format!("/{alias}") };
        match rooted.parse() {
            Ok(path) if !paths.contains(&path) => paths.push(path),
            Ok(_) => {}
            Err(_) => notes.at(text.line_of(alias), What::Alias(alias.clone())),
        }
    }
    paths
}

fn fate(place: &Place, stored: &HashMap<PathBuf, MediaId>) -> Fate {
    match place {
        Place::File(path) => stored.get(path).cloned().map_or(Fate::Gone, Fate::Stored),
        Place::Elsewhere => Fate::Link,
        Place::Embedded | Place::Nowhere(_) => Fate::Gone,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
