//! Taking in documents from other systems: page bundles of Hugo and Zola, and plain folders of Markdown.
//!
//! Two passes. The first reads every document's date, so that articles get their numbers in the order in which they
//! were published. The second takes one document after the other through [`document`] (what it says), [`pictures`]
//! (what it shows) and [`intake`] (one transaction); what calls itself a page goes to [`mod@page`]. Whatever is wrong with a document becomes a line of the
//! [`Report`]; nothing that is wrong with one keeps another out.

mod attachments;
mod date;
mod document;
mod emphasis;
mod encoding;
mod folder;
mod front_matter;
mod intake;
mod markdown;
mod page;
mod pictures;
mod place;
mod report;
mod shortcode;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

pub use report::{Problem, Report, What};

use super::{Content, Error};
use crate::clock::Millis;
use document::Text;
use folder::{Document, Folder};
use intake::{Change, Outcome};
use report::Notes;

/// How an import is made.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Look at everything, write nothing.
    pub dry_run: bool,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
}

/// Somebody who watches an import.
pub trait Progress: Sync {
    /// So many documents were found.
    fn found(&self, documents: usize);
    /// This one is done.
    fn done(&self, document: &str);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn found(&self, _documents: usize) {}
    fn done(&self, _document: &str) {}
}

/// Why an import as a whole did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// There is nothing to read.
    #[error("cannot read the folder {path}: {source}")]
    Folder {
        /// What was given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database or the media folder does not work.
    #[error(transparent)]
    Content(#[from] Error),
}

/// What stays the same for all documents of an import.
struct Import<'a> {
    content: &'a Content,
    folder: Folder,
    zone: TimeZone,
    now: Millis,
    dry_run: bool,
}

/// Takes in every document in `dir`. A second run over the same files changes nothing.
pub async fn import(content: &Content, dir: &Path, options: Options<'_>) -> Result<Report, Failed> {
    let folder = Folder::open(dir).map_err(|source| Failed::Folder { path: dir.to_owned(), source })?;
    let zone = content.settings().await?.zone();
    let import = Import { content, folder, zone, now: content.clock.now(), dry_run: options.dry_run };
    let (documents, problems) = import.folder.documents();
    options.progress.found(documents.len());
    let mut report = Report { problems, ..Report::default() };
    let mut taken = intake::Taken::default();
    for document in import.by_date(documents) {
        let mut notes = Notes::new(&document.name);
        match import.take(&document, &mut taken, &mut notes).await {
            Ok(Some(outcome)) => count(&mut report, outcome),
            Ok(None) => {}
            Err(Error::Stopping) => return Err(Error::Stopping.into()),
            Err(error) => notes.add(What::NotStored(error.to_string())),
        }
        report.problems.append(&mut notes.problems);
        options.progress.done(&document.name);
    }
    report.refused = report.problems.iter().filter(|problem| problem.what.refuses()).count();
    Ok(report)
}

fn count(report: &mut Report, outcome: Outcome) {
    let counter = match outcome.change {
        Change::Created => &mut report.created,
        Change::Updated => &mut report.updated,
        Change::Unchanged => &mut report.unchanged,
    };
    *counter += 1;
    report.drafts += usize::from(!outcome.live);
    report.pages += usize::from(outcome.is_page);
}

impl Import<'_> {
    /// The documents by date, then name. One that cannot be read has no date; the second pass says why.
    fn by_date(&self, documents: Vec<Document>) -> Vec<Document> {
        let date = |document: &Document| {
            let mut unheard = Notes::new(&document.name);
            Text::read(document, &mut unheard).map(|text| text.published((&self.zone, self.now), &mut unheard))
        };
        let mut dated: Vec<_> = documents.into_iter().map(|document| (date(&document), document)).collect();
        dated.sort_by(|(one, first), (other, second)| one.cmp(other).then_with(|| first.name.cmp(&second.name)));
        dated.into_iter().map(|(_, document)| document).collect()
    }
}
