//! What the pages for arranging and setting up share: the links between the parts of one subject,
//! and finding and moving what is in a list.

use actix_web::HttpRequest;
use actix_web::web::Query;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::page::NavLink;
use super::page::Desk;

/// Categories and tags.
pub(super) fn of_taxonomy(desk: &Desk<'_>, here: &str) -> Vec<NavLink> {
    let t = desk.t.arrange;
    links(desk, here, [(t.categories, "/categories"), (t.tags, "/tags")])
}

/// Fixed pages and old addresses.
pub(super) fn of_pages(desk: &Desk<'_>, here: &str) -> Vec<NavLink> {
    let t = desk.t.fixed;
    links(desk, here, [(t.pages, "/pages"), (t.redirects, "/redirects")])
}

/// The site and its verification files.
pub(super) fn of_settings(desk: &Desk<'_>, here: &str) -> Vec<NavLink> {
    let t = desk.t.setup;
    links(desk, here, [(t.settings, "/settings"), (t.verification, "/verification")])
}

fn links(desk: &Desk<'_>, here: &str, parts: [(&str, &str); 2]) -> Vec<NavLink> {
    let link =
        |(label, path): (&str, &str)| NavLink { label: label.to_owned(), url: desk.url(path), current: path == here };
    parts.map(link).into()
}

/// What is looked for, and where the page begins.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

impl Search {
    /// From an address; one that makes no sense finds all.
    pub(super) fn of(request: &HttpRequest) -> (String, String) {
        let search = Query::<Self>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default();
        // PostgreSQL takes no text with U+0000 in it.
        (search.q.replace('\0', ""), search.after.replace('\0', ""))
    }

    /// The page of the list at `path` that begins after `after`.
    pub(super) fn link(desk: &Desk<'_>, path: &str, (q, after): (&str, &str)) -> String {
        let escaped = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        format!("{}?q={}&after={}", desk.url(path), escaped(q), escaped(after))
    }
}

/// Which way something goes in a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Move {
    #[serde(default)]
    to: String,
}

impl Move {
    /// Up, else down.
    pub(super) fn is_up(&self) -> bool {
        self.to == "up"
    }
}

/// Changes places with the neighbour above or below; false: there is none.
pub(super) fn moved<T: PartialEq>(list: &mut [T], one: &T, up: bool) -> bool {
    let place = list.iter().position(|other| other == one);
    let neighbour = place.and_then(|place| if up { place.checked_sub(1) } else { place.checked_add(1) });
    match place.zip(neighbour) {
        Some((place, neighbour)) if neighbour < list.len() => {
            list.swap(place, neighbour);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn one_changes_places_with_its_neighbour_and_stays_where_there_is_none() {
        let mut list = ["a", "b", "c"];
        assert!(moved(&mut list, &"b", true));
        assert_eq!(list, ["b", "a", "c"]);
        assert!(moved(&mut list, &"b", false));
        assert_eq!(list, ["a", "b", "c"]);
        assert!(!moved(&mut list, &"a", true) && !moved(&mut list, &"c", false) && !moved(&mut list, &"z", true));
    }
}
