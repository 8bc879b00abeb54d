//! One document: read, decoded, taken apart, and its pictures found. Nothing here writes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::folder::{self, Document, Folder};
use super::front_matter::{self, FrontMatter};
use super::markdown::{self, Converted};
use super::place::{Finder, Place};
use super::report::{Notes, What};
use super::{attachments, date, encoding, pictures};
use crate::clock::Millis;
use crate::content::attachment;
use crate::content::html::is_nested_too_deeply;
use crate::content::media::{self, Unfit};

/// The longest document, in bytes.
const LONGEST: usize = 2_000_000;
/// Grows when documents are read differently, so that they are taken in anew.
const READING: &str = "2";

/// A document as text.
#[derive(Debug)]
pub(super) struct Text {
    bytes: Vec<u8>,
    source: String,
    pub(super) front: FrontMatter,
    body: String,
    /// The time of the file, for want of a better one.
    file_time: Millis,
}

/// What a document says, with the pictures that it shows.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) title: String,
    pub(super) converted: Converted,
    /// What each address in the text leads to.
    pub(super) places: HashMap<String, Place>,
    /// The lead image's file.
    pub(super) lead: Option<PathBuf>,
    /// Every file that is shown.
    pub(super) files: Vec<PathBuf>,
    /// The attachments by the address that links to each.
    pub(super) attachments: Vec<(String, PathBuf)>,
    /// Changes when the document, one of its pictures or attachments, or the way of reading changes.
    pub(super) hash: String,
}

impl Text {
    /// The document, or none with a note that says why.
    pub(super) fn read(document: &Document, notes: &mut Notes) -> Option<Self> {
        let bytes = match folder::read(&document.path, LONGEST) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return refused(notes, None, What::TooLong),
            Err(error) => return refused(notes, None, What::Unreadable(error.to_string())),
        };
        let Some((source, assumed)) = encoding::decode(&bytes) else { return refused(notes, None, What::NotText) };
        if let Some(name) = assumed {
            notes.add(What::Encoding(name));
        }
        let (front, body) = match front_matter::parse(&source) {
            Ok(parsed) => {
                if let Some((line, what)) = parsed.odd {
                    notes.at(line, what);
                }
                (parsed.front, parsed.body.to_owned())
            }
            Err((line, what)) => return refused(notes, line, what),
        };
        let modified = std::fs::metadata(&document.path).and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        Some(Self { bytes, source, front, body, file_time: Millis(0).plus(age) })
    }

    /// The date of the article. A file cannot have been changed later than now, whatever its time says.
    pub(super) fn published(&self, (zone, now): (&TimeZone, Millis), notes: &mut Notes) -> Millis {
        let file_time = self.file_time.min(now);
        let Some(written) = &self.front.date else {
            notes.add(What::NoDate);
            return file_time;
        };
        date::parse(written, zone).unwrap_or_else(|| {
            notes.at(self.line_of(written), What::Date(written.clone()));
            file_time
        })
    }

    /// What the document says and shows.
    pub(super) fn interpret(&self, folder: &Folder, document: &Document, notes: &mut Notes) -> Reading {
        let converted = markdown::convert(&self.body, self.front.title.as_deref());
        for code in &converted.shortcodes {
            notes.at(self.line_of(code), What::Shortcode(code.clone()));
        }
        if is_nested_too_deeply(&converted.html) {
            notes.add(What::TooNested);
        }
        let title = self.front.title.clone().or_else(|| converted.heading.clone()).unwrap_or_else(|| {
            notes.add(What::NoTitle);
            document.address_name().unwrap_or_else(|| folder.name())
        });
        let finder = Finder::new(folder, document);
        let mut places = HashMap::new();
        let mut wanted = Vec::new();
        for address in pictures::addresses(&converted.html) {
            let place = finder.place(&address);
            self.note_place(&address, &place, notes);
            if let Place::File(path) = &place {
                wanted.push((address.clone(), path.clone()));
            }
            places.insert(address, place);
        }
        let lead = self.lead(&finder, notes);
        wanted.extend(lead.clone());
        let mut hash = Hash::new(&self.bytes);
        let files = self.look_at(wanted, &mut hash, notes);
        let attachments = self.attachments(&converted.html, &finder, (&mut hash, notes));
        let lead = lead.map(|(_, path)| path);
        Reading { title, converted, places, lead, files, attachments, hash: hash.finish() }
    }

    /// The file of the lead image, under the address that it was found by.
    fn lead(&self, finder: &Finder<'_>, notes: &mut Notes) -> Option<(String, PathBuf)> {
        let address = self.front.lead.as_ref()?;
        match finder.place(address) {
            Place::File(path) => return Some((address.clone(), path)),
            Place::Elsewhere => notes.at(self.line_of(address), What::LeadRemote(address.clone())),
            Place::Embedded => notes.at(self.line_of(address), What::PictureEmbedded),
            Place::Nowhere(outside) => notes.at(self.line_of(address), What::picture_nowhere(address, outside)),
        }
        None
    }

    /// The attachments that the text links to, each looked at: by its name, its size, and how it begins.
    fn attachments(
        &self,
        html: &str,
        finder: &Finder<'_>,
        (hash, notes): (&mut Hash, &mut Notes),
    ) -> Vec<(String, PathBuf)> {
        let mut found: Vec<(String, PathBuf)> = Vec::new();
        for address in attachments::addresses(html) {
            let path = match finder.place(&address) {
                Place::File(path) => path,
                Place::Nowhere(outside) => {
                    notes.at(self.line_of(&address), What::attachment_nowhere(&address, outside));
                    continue;
                }
                Place::Elsewhere | Place::Embedded => continue,
            };
            if found.iter().any(|(known, _)| *known == address) {
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let problem = match folder::read(&path, attachment::MOST_BYTES) {
                Ok(Some(bytes)) => {
                    hash.add(address.as_bytes());
                    hash.add(&bytes);
                    let unfit = attachment::inspect(&bytes, &name).err();
                    unfit.map(|unfit| What::AttachmentUnfit(address.clone(), unfit))
                }
                Ok(None) => Some(What::AttachmentUnfit(address.clone(), Unfit::TooManyBytes)),
                Err(_) => Some(What::AttachmentMissing(address.clone())),
            };
            match problem {
                Some(what) => notes.at(self.line_of(&address), what),
                None => found.push((address, path)),
            }
        }
        found
    }

    fn note_place(&self, address: &str, place: &Place, notes: &mut Notes) {
        match place {
            Place::File(_) => {}
            Place::Elsewhere => notes.at(self.line_of(address), What::PictureRemote(address.to_owned())),
            Place::Embedded => notes.at(self.line_of(address), What::PictureEmbedded),
            Place::Nowhere(outside) => notes.at(self.line_of(address), What::picture_nowhere(address, *outside)),
        }
    }

    /// Reads each wanted file once, for its header and its hash; one that is unfit is noted and left out. The bytes
    /// are not kept: a page may show more pictures than fit into memory.
    fn look_at(&self, wanted: Vec<(String, PathBuf)>, hash: &mut Hash, notes: &mut Notes) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = Vec::new();
        for (address, path) in wanted {
            if files.contains(&path) {
                continue;
            }
            let problem = match folder::read(&path, media::MOST_BYTES) {
                Ok(Some(bytes)) => {
                    // By the address in the text: the folder may lie elsewhere next time.
                    hash.add(address.as_bytes());
                    hash.add(&bytes);
                    media::picture::inspect(&bytes).err().map(|unfit| What::PictureUnfit(address.clone(), unfit))
                }
                Ok(None) => Some(What::PictureUnfit(address.clone(), Unfit::TooManyBytes)),
                Err(_) => Some(What::PictureMissing(address.clone())),
            };
            match problem {
                Some(what) => notes.at(self.line_of(&address), what),
                None => files.push(path),
            }
        }
        files
    }

    /// The line on which `words` stand first.
    pub(super) fn line_of(&self, words: &str) -> Option<usize> {
        let (before, _) = self.source.split_once(words)?;
        Some(before.matches('\n').count() + 1)
    }
}

fn refused<T>(notes: &mut Notes, line: Option<usize>, what: What) -> Option<T> {
    notes.at(line, what);
    None
}

/// Tells two readings apart: each part with its length, so that no two sequences of parts look alike.
struct Hash(Sha256);

impl Hash {
    fn new(document: &[u8]) -> Self {
        let mut hash = Self(Sha256::new());
        hash.add(READING.as_bytes());
        hash.add(document);
        hash
    }

    fn add(&mut self, part: &[u8]) {
        self.0.update(part.len().to_string());
        self.0.update(":");
        self.0.update(part);
    }

    fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}
