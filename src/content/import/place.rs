//! Where an address in a document leads: to a file of the folder, elsewhere, or nowhere.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::folder::{Document, Folder, Neighbours, Outside};

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To a file in the folder.
    File(PathBuf),
    /// To another server, or to a path of the old site.
    Elsewhere,
    /// To nothing at all: it holds what it means.
    Embedded,
    /// To nothing that is read.
    Nowhere(Outside),
}

/// Finds the files of one document.
pub(super) struct Finder<'a> {
    folder: &'a Folder,
    document: &'a Document,
    neighbours: Neighbours,
}

impl<'a> Finder<'a> {
    pub(super) fn new(folder: &'a Folder, document: &'a Document) -> Self {
        Self { folder, document, neighbours: Folder::neighbours(document) }
    }

    /// Where `address` leads. A file of that name beside the text is preferred to another server.
    pub(super) fn place(&self, address: &str) -> Place {
        if has_scheme(address, "data:") {
            return Place::Embedded;
        }
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let named = || [path, &decoded].into_iter().find_map(|path| self.neighbours.named(last_part(path)).cloned());
        if is_absolute(address) {
            return named().map_or(Place::Elsewhere, Place::File);
        }
        let found = match self.folder.find(self.document.home(), path) {
            Err(Outside::Missing) => self.folder.find(self.document.home(), &decoded),
            found => found,
        };
        match found {
            Ok(file) => Place::File(file),
            Err(Outside::Missing) => named().map_or(Place::Nowhere(Outside::Missing), Place::File),
            Err(outside) => Place::Nowhere(outside),
        }
    }
}

pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn has_scheme(address: &str, scheme: &str) -> bool {
    address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Whether an address begins at a server or at the root of one.
pub(super) fn is_absolute(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    address.starts_with('/') || scheme.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_absolute_with_a_scheme_or_a_root() {
        for address in ["https://x/a.png", "//x/a.png", "/a.png", "file:///etc/passwd", "C:a.png"] {
            assert!(is_absolute(address), "{address}");
        }
        for address in ["a.png", "./a.png", "../a.png", "a/b:c.png", "图.png"] {
            assert!(!is_absolute(address), "{address}");
        }
    }
}
