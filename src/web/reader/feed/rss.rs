//! A feed as RSS 2.0. Its `author` is an e-mail address, so names stand in Dublin Core's `creator`.

use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Category, Channel, Guid, Item};

use super::super::super::error::Error;
use super::{Entry, Feed, RSS_TYPE};

/// The document.
pub(super) fn write(feed: &Feed) -> Result<String, Error> {
    let own = Link {
        href: feed.address.clone(),
        rel: "self".to_owned(),
        mime_type: Some(RSS_TYPE.to_owned()),
        ..Link::default()
    };
    let channel = Channel {
        title: feed.title.clone(),
        link: feed.page.clone(),
        // It must say something.
        description: if feed.description.is_empty() { feed.title.clone() } else { feed.description.clone() },
        language: Some(feed.language.to_owned()),
        last_build_date: Some(feed.updated_for_mail.clone()),
        generator: Some("wxpress".to_owned()),
        atom_ext: Some(AtomExtension { links: vec![own] }),
        items: feed.entries.iter().map(|entry| item(feed, entry)).collect(),
        ..Channel::default()
    };
    let xml = channel.write_to(Vec::new()).map_err(Error::internal)?;
    String::from_utf8(xml).map_err(Error::internal)
}

fn item(feed: &Feed, entry: &Entry) -> Item {
    let creator = if entry.byline.is_empty() { &feed.site_name } else { &entry.byline };
    let categories = entry.category.iter().chain(&entry.tags);
    Item {
        title: Some(entry.headline.clone()),
        link: Some(entry.address.clone()),
        guid: Some(Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(entry.published_for_mail.clone()),
        description: (!entry.summary.is_empty()).then(|| markup(&entry.summary)),
        content: Some(entry.content.clone()),
        categories: categories.map(|name| Category { name: name.clone(), domain: None }).collect(),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: vec![creator.clone()],
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

/// Readers take a description for markup.
fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
