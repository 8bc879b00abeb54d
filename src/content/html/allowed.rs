//! What markup an article may hold. No foreign namespaces (svg, math), nothing that runs, loads or frames, no
//! inline style, no classes and ids but our own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use lol_html::html_content::ContentType;

use super::{media_id, on, rewritten};
use crate::content::media::MediaId;

const TAGS: [&str; 55] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];

/// Elements whose content is not text for readers, or is parsed by rules of its own and therefore a way to smuggle.
const DROPPED_WITH_CONTENT: [&str; 17] = [
    "script",
    "style",
    "title",
    "textarea",
    "noscript",
    "iframe",
    "svg",
    "math",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "template",
    "object",
    "select",
    "option",
    "head",
];

const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

const ATTRIBUTES: [(&str, &[&str]); 11] = [
    ("a", &["href", "title", "data-media"]),
    ("abbr", &["title"]),
    ("code", &["class"]),
    ("col", &["span"]),
    ("div", &["class", "id"]),
    ("img", &["data-media", "alt"]),
    ("ol", &["start"]),
    ("sup", &["class", "id"]),
    ("td", &["class", "colspan", "rowspan"]),
    ("th", &["class", "colspan", "rowspan", "scope"]),
    ("video", &["data-media"]),
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes: HashMap<_, HashSet<_>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(DROPPED_WITH_CONTENT))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener"))
        .strip_comments(true)
        .attribute_filter(filtered);
    builder
});

/// One pass: the sanitiser, then pictures and videos that name nothing and addresses of attachments are taken out.
pub(super) fn pass(source: &str) -> String {
    let cleaned = SANITISER.clean(source).to_string();
    let nameless = on("img:not([data-media])", |element| {
        element.remove();
        Ok(())
    });
    // An attachment's address is made at render; a second one would only mislead.
    let attachments = on("a[data-media]", |element| {
        element.remove_attribute("href");
        Ok(())
    });
    // What was written into a video, or behind one that was never closed, is text and comes after it.
    let videos = on("video", |element| {
        if let Some(id) = media_id(element) {
            element.before(&format!("<video data-media=\"{id}\"></video>"), ContentType::Html);
        }
        element.remove_and_keep_content();
        Ok(())
    });
    rewritten(&cleaned, vec![nameless, attachments, videos])
}

fn filtered<'value>(tag: &str, name: &str, value: &'value str) -> Option<Cow<'value, str>> {
    let keep = match (tag, name) {
        ("a" | "img" | "video", "data-media") => value.parse::<MediaId>().is_ok(),
        (_, "id") => is_footnote_id(value),
        ("code", "class") => value.strip_prefix("language-").is_some_and(is_language),
        ("div", "class") => value == "footnote-definition",
        ("sup", "class") => matches!(value, "footnote-reference" | "footnote-definition-label"),
        ("td" | "th", "class") => matches!(value, "align-center" | "align-right"),
        (_, "colspan" | "rowspan" | "span" | "start") => is_small_number(value),
        ("th", "scope") => matches!(value, "row" | "col"),
        _ => true,
    };
    keep.then_some(Cow::Borrowed(value))
}

/// Footnotes are the only targets inside a text; any other id could shadow what the page's scripts look up.
fn is_footnote_id(value: &str) -> bool {
    value.strip_prefix("fn-").is_some_and(is_small_number)
}

fn is_small_number(value: &str) -> bool {
    (1..=4).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_language(value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'#' | b'.');
    (1..=30).contains(&value.len()) && value.bytes().all(fits)
}
