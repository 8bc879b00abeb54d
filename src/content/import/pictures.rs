//! The pictures of a document: where each address leads, and what becomes of it in the text.

use std::collections::HashMap;
use std::path::PathBuf;

use lol_html::html_content::{ContentType, Element};
use percent_encoding::percent_decode_str;

use super::folder::{Document, Folder, Neighbours, Outside};
use super::report::What;
use crate::content::MediaId;
use crate::content::html::{escaped, on, rewritten};

/// Where a picture's address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To a file in the folder.
    File(PathBuf),
    /// To another server, or to a path of the old site.
    Elsewhere,
    /// To nothing that could be shown.
    Nowhere(What),
}

/// What becomes of a picture in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is shown.
    Stored(MediaId),
    /// Its address is linked.
    Link,
    /// It is left out.
    Gone,
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
            return Place::Nowhere(What::PictureEmbedded);
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
        let name = address.to_owned();
        match found {
            Ok(file) => Place::File(file),
            Err(Outside::Escapes) => Place::Nowhere(What::PictureOutside(name)),
            Err(Outside::Symlink) => Place::Nowhere(What::PictureSymlink(name)),
            Err(Outside::Missing) => named().map_or(Place::Nowhere(What::PictureMissing(name)), Place::File),
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn has_scheme(address: &str, scheme: &str) -> bool {
    address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Whether an address begins at a server or at the root of one.
fn is_absolute(address: &str) -> bool {
    let scheme = address.split(['/', '?', '#']).next().unwrap_or_default();
    address.starts_with('/') || scheme.contains(':')
}

/// The addresses of the pictures in `html`, in order.
pub(super) fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let pictures = on("img", |element| {
        found.extend(address(element));
        Ok(())
    });
    rewritten(html, vec![pictures]);
    found
}

/// A picture's address. Pages that load lazily keep it under another name.
fn address(element: &Element<'_, '_>) -> Option<String> {
    ["data-src", "data-original", "src"]
        .into_iter()
        .find_map(|name| element.get_attribute(name))
        .map(|address| unescaped(address.trim()))
        .filter(|address| !address.is_empty())
}

/// `html` as the sanitiser takes it: pictures by id or as links, one level of headings left to the page, and the
/// alignment of table cells as a class.
pub(super) fn settle(html: &str, fates: &HashMap<String, Fate>) -> String {
    let pictures = on("img", |element| {
        let address = address(element).unwrap_or_default();
        match fates.get(&address).unwrap_or(&Fate::Gone) {
            Fate::Gone => element.remove(),
            Fate::Link => {
                let alt = element.get_attribute("alt").filter(|alt| !alt.trim().is_empty());
                let words = alt.unwrap_or_else(|| escaped(last_part(&address)));
                let link = format!("<a href=\"{}\">{words}</a>", escaped(&address));
                element.replace(&link, ContentType::Html);
            }
            Fate::Stored(id) => {
                element.remove_attribute("src");
                element.set_attribute("data-media", id.as_str())?;
            }
        }
        Ok(())
    });
    let headings = on("h1", |element| Ok(element.set_tag_name("h2")?));
    let cells = on("[style*=\"text-align\"]", |element| {
        let style = element.get_attribute("style").unwrap_or_default();
        let side = ["center", "right"].into_iter().find(|side| style.ends_with(side));
        if let Some(side) = side {
            element.set_attribute("class", &format!("align-{side}"))?;
        }
        Ok(())
    });
    rewritten(html, vec![pictures, headings, cells])
}

/// An attribute's value as it is meant: the library hands it over as it is written.
fn unescaped(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Html;

    #[test]
    fn addresses_come_in_order_and_as_they_are_meant() {
        let html =
            "<p><img src=\"a.png\"><img src=\"b.png?x=1&amp;y=2\"><img src=\"data:x\" data-src=\"c.png\"><img></p>";

        assert_eq!(addresses(html), ["a.png", "b.png?x=1&y=2", "c.png"]);
    }

    #[test]
    fn each_picture_meets_its_fate() {
        let id: MediaId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let fates = HashMap::from([
            ("a.png".to_owned(), Fate::Stored(id.clone())),
            ("https://x.example/b.png?x=1&y=2".to_owned(), Fate::Link),
        ]);
        let html = "<p><img src=\"a.png\" alt=\"图\"><img src=\"https://x.example/b.png?x=1&amp;y=2\" alt=\"远\"><img src=\"c.png\"></p>";

        assert_eq!(
            Html::clean(&settle(html, &fates)).as_str(),
            format!(
                "<p><img alt=\"图\" data-media=\"{id}\"><a href=\"https://x.example/b.png?x=1&amp;y=2\" rel=\"noopener\">远</a></p>"
            )
        );
    }

    #[test]
    fn headings_and_cells_are_what_the_page_knows() {
        let html = "<h1>x</h1><table><tr><td style=\"text-align: right\">1</td></tr></table>";

        let settled = Html::clean(&settle(html, &HashMap::new()));

        assert!(settled.as_str().contains("<h2>x</h2>"));
        assert!(settled.as_str().contains("<td class=\"align-right\">1</td>"));
    }

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
