//! A feed as Atom (RFC 4287).

use atom_syndication as atom;

use super::super::super::error::Error;
use super::{ATOM_TYPE, Entry, Feed};

/// The document.
pub(super) fn write(feed: &Feed) -> Result<String, Error> {
    let document = atom::Feed {
        title: atom::Text::plain(feed.title.as_str()),
        subtitle: (!feed.description.is_empty()).then(|| atom::Text::plain(feed.description.as_str())),
        id: feed.id.clone(),
        updated: date(&feed.updated)?,
        authors: vec![person(&feed.site_name)],
        links: vec![link("alternate", "text/html", &feed.page), link("self", ATOM_TYPE, &feed.address)],
        generator: Some(atom::Generator { value: "wxpress".to_owned(), uri: None, version: None }),
        entries: feed.entries.iter().map(entry).collect::<Result<_, _>>()?,
        lang: Some(feed.language.to_owned()),
        ..atom::Feed::default()
    };
    Ok(document.to_string())
}

fn entry(entry: &Entry) -> Result<atom::Entry, Error> {
    let categories = entry.category.iter().chain(&entry.tags);
    Ok(atom::Entry {
        title: atom::Text::plain(entry.headline.as_str()),
        id: entry.id.clone(),
        published: Some(date(&entry.published)?),
        updated: date(&entry.updated)?,
        // Without one of its own an entry has the feed's author.
        authors: if entry.byline.is_empty() { Vec::new() } else { vec![person(&entry.byline)] },
        categories: categories.map(|term| atom::Category { term: term.clone(), ..Default::default() }).collect(),
        links: vec![link("alternate", "text/html", &entry.address)],
        summary: (!entry.summary.is_empty()).then(|| atom::Text::plain(entry.summary.as_str())),
        content: Some(atom::Content {
            value: Some(entry.content.clone()),
            content_type: Some("html".to_owned()),
            ..atom::Content::default()
        }),
        ..atom::Entry::default()
    })
}

fn date(moment: &str) -> Result<atom::FixedDateTime, Error> {
    moment.parse().map_err(|error| Error::internal(anyhow::anyhow!("{moment}: {error}")))
}

fn person(name: &str) -> atom::Person {
    atom::Person { name: name.to_owned(), ..atom::Person::default() }
}

fn link(rel: &str, media_type: &str, href: &str) -> atom::Link {
    atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        ..atom::Link::default()
    }
}
