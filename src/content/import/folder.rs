//! The folder that is imported: what lies in it, and nothing outside of it. Symbolic links are never followed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::report::{Problem, What};

/// Folders within folders; a page bundle needs three or four.
const DEEPEST: usize = 40;
/// Files that are looked at as possible pictures of one page.
const MOST_NEIGHBOURS: usize = 10_000;

/// A document, by its place in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// Relative, with slashes.
    pub(super) name: String,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Whether it is the `index.md` of a folder that belongs to it.
    pub(super) is_bundle: bool,
}

impl Document {
    /// The folder that its relative addresses begin at.
    pub(super) fn home(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// The name from which its address may be made: the folder's for a bundle, else the file's.
    pub(super) fn address_name(&self) -> Option<String> {
        let path = Path::new(&self.name);
        let name = if self.is_bundle { path.parent()?.file_name()? } else { path.file_stem()? };
        Some(name.to_string_lossy().into_owned())
    }
}

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        fs::read_dir(&root)?;
        Ok(Self { root })
    }

    /// The folder's own name: part of the identity of what comes from it.
    pub(super) fn name(&self) -> String {
        self.root.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn relative(&self, path: &Path) -> String {
        let parts = path.strip_prefix(&self.root).unwrap_or(path).components();
        parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// All documents, in the order of their names, and what stood in the way.
    pub(super) fn documents(&self) -> (Vec<Document>, Vec<Problem>) {
        let mut documents = Vec::new();
        let mut problems = Vec::new();
        let mut waiting = vec![(self.root.clone(), 0)];
        while let Some((folder, depth)) = waiting.pop() {
            let mut entries = match entries(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    problems.push(self.problem(&folder, What::Unreadable(error.to_string())));
                    continue;
                }
            };
            let is_bundle = entries.iter().any(Entry::is_index);
            entries.retain(|entry| entry.kind != Kind::Other);
            for entry in entries {
                match entry.kind {
                    Kind::Symlink => problems.push(self.problem(&entry.path, What::Symlink)),
                    Kind::Folder if depth >= DEEPEST => problems.push(self.problem(&entry.path, What::TooDeep)),
                    Kind::Folder => waiting.push((entry.path, depth + 1)),
                    Kind::Document if is_bundle && !entry.is_index() => {
                        problems.push(self.problem(&entry.path, What::PartOfBundle));
                    }
                    Kind::Document => {
                        documents.push(Document { name: self.relative(&entry.path), path: entry.path, is_bundle });
                    }
                    Kind::Other => {}
                }
            }
        }
        documents.sort_by(|one, other| one.name.cmp(&other.name));
        problems.sort_by(|one, other| one.file.cmp(&other.file));
        (documents, problems)
    }

    fn problem(&self, path: &Path, what: What) -> Problem {
        Problem { file: self.relative(path), line: None, what }
    }

    /// The file at `address`, seen from `home`. Neither `..` nor a link on the way leads out of the folder.
    pub(super) fn find(&self, home: &Path, address: &str) -> Result<PathBuf, Outside> {
        let mut path = home.to_owned();
        for part in Path::new(address).components() {
            match part {
                Component::Normal(name) => path.push(name),
                Component::CurDir => {}
                Component::ParentDir if path != self.root => drop(path.pop()),
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(Outside::Escapes),
            }
        }
        let mut seen = self.root.clone();
        for part in path.strip_prefix(&self.root).map_err(|_elsewhere| Outside::Escapes)?.components() {
            seen.push(part);
            match fs::symlink_metadata(&seen) {
                Ok(metadata) if metadata.is_symlink() => return Err(Outside::Symlink),
                Ok(_) => {}
                Err(_) => return Err(Outside::Missing),
            }
        }
        if path.is_file() { Ok(path) } else { Err(Outside::Missing) }
    }

    /// The files that belong to a document, by name: those beside it, and for a bundle those below it.
    pub(super) fn neighbours(document: &Document) -> Neighbours {
        let mut found = Neighbours::default();
        let mut waiting = vec![(document.home().to_owned(), 0)];
        while let Some((folder, depth)) = waiting.pop() {
            for entry in entries(&folder).unwrap_or_default() {
                match entry.kind {
                    Kind::Folder if document.is_bundle && depth < DEEPEST => waiting.push((entry.path, depth + 1)),
                    Kind::Other if found.by_name.len() < MOST_NEIGHBOURS => {
                        let name = entry.name.to_lowercase();
                        found.by_name.entry(name).or_insert(entry.path);
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

/// Why an address leads to no file of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// It climbs out.
    Escapes,
    /// It is a symbolic link, or lies behind one.
    Symlink,
    /// There is nothing.
    Missing,
}

/// Files by their name in lower case.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    by_name: HashMap<String, PathBuf>,
}

impl Neighbours {
    pub(super) fn named(&self, name: &str) -> Option<&PathBuf> {
        self.by_name.get(&name.to_lowercase())
    }
}

/// Reads at most `most` bytes; a longer file is none at all.
pub(super) fn read(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"));
    }
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    Document,
    Symlink,
    Other,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    path: PathBuf,
    kind: Kind,
}

impl Entry {
    fn is_index(&self) -> bool {
        self.kind == Kind::Document && self.name.to_lowercase().starts_with("index.")
    }
}

/// The entries of a folder but for hidden ones, in the order of their names.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        let kind = if kind.is_symlink() {
            Kind::Symlink
        } else if kind.is_dir() {
            Kind::Folder
        } else if kind.is_file() && is_document(&name) {
            Kind::Document
        } else if kind.is_file() && !name.starts_with('_') {
            Kind::Other
        } else {
            continue;
        };
        found.push(Entry { name, path: entry.path(), kind });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Markdown, but not the `_index.md` of a section: that is a list, not an article.
fn is_document(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_markdown = Path::new(&name).extension().is_some_and(|ending| ending == "md" || ending == "markdown");
    is_markdown && !name.starts_with("_index.")
}
