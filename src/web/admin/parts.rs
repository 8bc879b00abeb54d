//! What the pages for arranging and setting up share: the links between the parts of one subject, and who acts.

use serde::Deserialize;

use super::super::page::NavLink;
use super::auth::SignedIn;
use super::page::Desk;
use crate::content::Actor;

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

/// On whose behalf the site acts.
pub(super) fn actor(signed_in: &SignedIn) -> Actor {
    Actor::Member(signed_in.member.id().0)
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
