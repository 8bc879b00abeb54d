//! What search engines read: JSON-LD after schema.org, as a data block. Nothing in it is a reader's business.

use serde_json::{Value, json};

use super::error::Error;
use super::page::{Frame, Layout, PreviewImage};
use super::reader::{list, media};
use super::share::json_for_script;
use crate::content::{Media, Published, Rendition};

/// The home page: the site and how to search it.
pub(crate) fn site(frame: &Frame<'_>, layout: &Layout) -> Result<String, Error> {
    let base = &frame.site.state.config.site.base_url;
    let mut site = json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": layout.site_name,
        "url": base.absolute("/"),
        "inLanguage": layout.lang,
        "publisher": publisher(frame, layout),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": format!("{}?q={{search_term_string}}", base.absolute("/search")),
            },
            "query-input": "required name=search_term_string",
        },
    });
    put(&mut site, "description", &layout.description);
    written(&site)
}

/// A category's list: where it stands in the site.
pub(crate) fn category(frame: &Frame<'_>, layout: &Layout, name: &str) -> Result<String, Error> {
    let mut trail = trail(frame, layout, [(name.to_owned(), layout.canonical.clone())]);
    if let Some(trail) = trail.as_object_mut() {
        trail.insert("@context".to_owned(), "https://schema.org".into());
    }
    written(&trail)
}

/// An article, and where it stands in the site.
pub(crate) fn article(frame: &Frame<'_>, layout: &Layout, article: &Published) -> Result<String, Error> {
    let base = &frame.site.state.config.site.base_url;
    let (fields, times) = (&article.fields, article.times);
    let mut news = json!({
        "@type": "NewsArticle",
        "headline": fields.headline,
        "mainEntityOfPage": { "@type": "WebPage", "@id": layout.canonical },
        "url": layout.canonical,
        "datePublished": frame.datetime(times.published),
        "dateModified": frame.datetime(times.modified.max(times.published)),
        "author": author(frame, layout, &fields.byline),
        "publisher": publisher(frame, layout),
        "image": images(frame, layout, article),
        "inLanguage": layout.lang,
        "isAccessibleForFree": true,
    });
    put(&mut news, "description", &layout.description);
    put(&mut news, "keywords", &fields.tags.join(","));
    let mut steps = Vec::new();
    if let Some(category) = &article.category {
        put(&mut news, "articleSection", &category.name);
        steps.push((category.name.clone(), base.absolute(&list::category_path(category))));
    }
    steps.push((fields.headline.clone(), layout.canonical.clone()));
    written(&json!({ "@context": "https://schema.org", "@graph": [news, trail(frame, layout, steps)] }))
}

/// Who wrote it; without a byline the newsroom did.
fn author(frame: &Frame<'_>, layout: &Layout, byline: &str) -> Value {
    if byline.is_empty() { publisher(frame, layout) } else { json!({ "@type": "Person", "name": byline }) }
}

fn publisher(frame: &Frame<'_>, layout: &Layout) -> Value {
    let chosen = frame.logo.as_ref().and_then(|logo| {
        let url = media::absolute(frame.site, logo, Rendition::Main)?;
        Some((url, logo.size.width, logo.size.height))
    });
    let (url, width, height) = chosen.unwrap_or_else(|| {
        let PreviewImage { url, width, height, .. } = frame.preview_image();
        (url, width, height)
    });
    json!({
        "@type": "NewsMediaOrganization",
        "name": layout.site_name,
        "url": frame.site.state.config.site.base_url.absolute("/"),
        "logo": { "@type": "ImageObject", "url": url, "width": width, "height": height },
    })
}

/// The pictures of the article, the lead image first, as large as they are kept; without any the card's.
fn images(frame: &Frame<'_>, layout: &Layout, article: &Published) -> Vec<String> {
    let in_body = article.fields.body.pictures();
    let lead = article.fields.lead_media.iter();
    let all = lead.clone().chain(in_body.iter().filter(|id| !lead.clone().any(|lead| lead == *id)));
    let address = |media: &Media| media::absolute(frame.site, media, Rendition::Main);
    let found: Vec<String> = all.filter_map(|id| article.media.get(id)).filter_map(address).collect();
    if found.is_empty() { layout.og_image.iter().map(|image| image.url.clone()).collect() } else { found }
}

/// The way from the home page to this one.
fn trail(frame: &Frame<'_>, layout: &Layout, steps: impl IntoIterator<Item = (String, String)>) -> Value {
    let home = (layout.site_name.clone(), frame.site.state.config.site.base_url.absolute("/"));
    let steps = std::iter::once(home).chain(steps).zip(1..);
    let items: Vec<Value> = steps
        .map(|((name, address), position)| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": address })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// Adds a text unless it is empty.
fn put(object: &mut Value, key: &str, text: &str) {
    if let (Some(object), false) = (object.as_object_mut(), text.is_empty()) {
        object.insert(key.to_owned(), text.into());
    }
}

fn written(value: &Value) -> Result<String, Error> {
    json_for_script(value).map_err(Error::internal)
}
