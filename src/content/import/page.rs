//! From a document that says `type: page` to a fixed page instead of an article.

use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use super::Import;
use super::document::{Reading, Text};
use super::folder::Document;
use super::intake::{Change, Outcome, aliases};
use super::report::{Notes, What};
use crate::content::article::Live;
use crate::content::newsroom::Step;
use crate::content::page::{self, PageFields};
use crate::content::store::page::ImportedPage;
use crate::content::{Actor, Error, SitePath, Slug, store};

/// Digits of the address of a page that has no ASCII name.
const ADDRESS_DIGITS: usize = 8;

/// Everything that one transaction writes.
struct Arrival {
    external_id: String,
    hash: String,
    slug: Slug,
    fields: PageFields,
    /// What the front matter's `weight` says.
    position: Option<i64>,
    aliases: Vec<SitePath>,
}

impl Import<'_> {
    /// Takes one document in as a fixed page. None: it was left alone for a reason that is noted.
    pub(super) async fn take_page(
        &self,
        document: &Document,
        text: &Text,
        notes: &mut Notes,
    ) -> Result<Option<Outcome>, Error> {
        if text.front.draft {
            notes.add(What::PageDraft);
            return Ok(None);
        }
        let reading = text.interpret(&self.folder, document, notes);
        let Some(mut arrival) = self.page_arrival(document, text, &reading, notes) else { return Ok(None) };
        let known = {
            let mut connection = self.content.db.read().acquire().await?;
            let known = store::page::imported(&mut connection, &arrival.external_id).await?;
            let as_article = store::article::imported(&mut connection, &arrival.external_id).await?;
            if as_article.is_some_and(|article| article.live == Live::Published) {
                notes.add(What::StillArticle);
            }
            if known.as_ref().is_none_or(|known| known.slug != arrival.slug)
                && store::page::exists(&mut connection, &arrival.slug).await?
            {
                notes.add(What::PageTaken(arrival.slug.to_string()));
                return Ok(None);
            }
            known
        };
        if known.as_ref().is_some_and(|known| known.hash == arrival.hash) {
            return Ok(Some(Outcome { change: Change::Unchanged, live: true, is_page: true }));
        }
        let stored = self.store_pictures(&reading, notes).await?;
        let change = if known.is_some() { Change::Updated } else { Change::Created };
        if !self.dry_run {
            arrival.fields.body = self.settled(&reading, &stored, notes).await?;
            let step = Step { actor: Actor::Import, now: self.now };
            let mut transaction = self.content.db.begin().await?;
            write(&mut transaction, step, arrival, (known, notes)).await?;
            self.content.commit(transaction).await?;
        }
        Ok(Some(Outcome { change, live: true, is_page: true }))
    }

    fn page_arrival(&self, document: &Document, text: &Text, reading: &Reading, notes: &mut Notes) -> Option<Arrival> {
        let external_id = self.external_id(document);
        let (named, _) = self.slug(document, text, notes);
        let slug = named.clone().or_else(|| unnamed(&external_id))?;
        if named.is_none() {
            notes.add(What::PageAddress(slug.to_string()));
        }
        Some(Arrival {
            external_id,
            hash: reading.hash.clone(),
            slug,
            fields: PageFields { title: reading.title.clone(), in_footer: true, ..PageFields::default() },
            position: text.front.weight,
            aliases: aliases(text, notes),
        })
    }
}

/// An address for a page whose name gives none, the same at every import.
fn unnamed(external_id: &str) -> Option<Slug> {
    let digits: String = hex::encode(Sha256::digest(external_id)).chars().take(ADDRESS_DIGITS).collect();
    Slug::suggest(&format!("page-{digits}"))
}

async fn write(
    connection: &mut AnyConnection,
    step: Step,
    arrival: Arrival,
    (known, notes): (Option<ImportedPage>, &mut Notes),
) -> Result<(), Error> {
    let mut fields = arrival.fields;
    fields.position = match (arrival.position, &known) {
        (Some(position), _) => position,
        (None, Some(known)) => known.position,
        (None, None) => store::page::next_position(connection).await?,
    };
    if let Some(known) = known {
        fields.in_footer = known.in_footer;
        if known.slug != arrival.slug {
            // The document has another address now; the old one leads to it.
            page::remove(connection, step, &known.slug).await?;
            store::redirect::insert_to(
                connection,
                &SitePath::page(&known.slug),
                &SitePath::page(&arrival.slug),
                step.now,
            )
            .await?;
        }
    }
    page::set(connection, step, &arrival.slug, fields).await?;
    store::page::set_imported(connection, &arrival.slug, &arrival.external_id, &arrival.hash).await?;
    let target = SitePath::page(&arrival.slug);
    for path in arrival.aliases.iter().filter(|path| **path != target) {
        let is_new = store::redirect::insert_to(connection, path, &target, step.now).await?;
        if !is_new && store::redirect::target(connection, path).await?.as_deref() != Some(target.as_str()) {
            notes.add(What::AliasTaken(path.to_string()));
        }
    }
    Ok(())
}
