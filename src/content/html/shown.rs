//! How a page shows what a body names: pictures in several widths inside a link to the large one, attachments with
//! their type and size, tables in a box of their own.

use std::cell::RefCell;

use lol_html::HandlerResult;
use lol_html::html_content::{ContentType, Element, UserData as _};

use super::{escaped, media_id, on, rewritten};
use crate::content::media::{MediaId, Size};

/// What a page needs to show what a body names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// For `<img data-media="…">`.
    Picture(ShownPicture),
    /// For `<a data-media="…">`.
    Attachment(ShownAttachment),
    /// For `<video data-media="…">`.
    Video(ShownVideo),
}

/// A picture in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPicture {
    /// Its address where only one counts.
    pub src: String,
    /// The addresses with their widths, for every browser; empty where there is only one.
    pub srcset: String,
    /// The same for browsers that know WebP; empty where there is none.
    pub webp: String,
    /// How wide the page shows it, for the choice among those.
    pub sizes: &'static str,
    /// Its dimensions, so that the text does not jump when it arrives.
    pub size: Size,
    /// Where tapping it leads, unless the editor has linked it.
    pub link: Option<String>,
    /// What that link is called where the picture has no words.
    pub link_label: &'static str,
}

/// An attachment in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAttachment {
    /// Its address.
    pub url: String,
    /// What it is, in a word, and how large: `PDF, 1.2 MB`.
    pub about: String,
}

/// A video in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVideo {
    /// Its address, and what it is where it is linked.
    pub file: ShownAttachment,
    /// Its dimensions.
    pub size: Size,
    /// What a screen reader calls it.
    pub label: String,
}

/// `markup` as a page shows it.
pub(super) fn render(markup: &str, resolve: impl FnMut(&MediaId) -> Option<Shown>) -> String {
    let resolve = RefCell::new(resolve);
    let find = |element: &Element<'_, '_>| media_id(element).and_then(|id| (resolve.borrow_mut())(&id));
    let linked = on("a img", |element| {
        element.set_user_data(Linked);
        Ok(())
    });
    let pictures = on("img", |element| match find(element) {
        Some(Shown::Picture(shown)) => picture(element, &shown),
        Some(Shown::Attachment(_) | Shown::Video(_)) | None => {
            element.remove();
            Ok(())
        }
    });
    let videos = on("video", |element| match find(element) {
        Some(Shown::Video(shown)) => video(element, &shown),
        Some(Shown::Picture(_) | Shown::Attachment(_)) | None => {
            element.remove();
            Ok(())
        }
    });
    let attachments = on("a[data-media]", |element| match find(element) {
        Some(Shown::Attachment(shown) | Shown::Video(ShownVideo { file: shown, .. })) => attachment(element, &shown),
        Some(Shown::Picture(_)) | None => {
            element.remove_and_keep_content();
            Ok(())
        }
    });
    let tables = on("table", |element| {
        element.before("<div class=\"table-scroll\">", ContentType::Html);
        element.after("</div>", ContentType::Html);
        Ok(())
    });
    // The style sheet prints the language above the code.
    let code = on("pre > code[class^=language-]", |element| {
        let class = element.get_attribute("class").unwrap_or_default();
        if let Some(language) = class.strip_prefix("language-") {
            element.set_attribute("data-language", language)?;
        }
        Ok(())
    });
    // In this order: a picture has to know whether it stands in a link.
    rewritten(markup, vec![linked, pictures, videos, attachments, tables, code])
}

/// Marks a picture that stands in a link.
struct Linked;

fn picture(element: &mut Element<'_, '_>, shown: &ShownPicture) -> HandlerResult {
    element.remove_attribute("data-media");
    let alt = element.get_attribute("alt").unwrap_or_default();
    element.remove_attribute("alt");
    element.set_attribute("src", &shown.src)?;
    if !shown.srcset.is_empty() {
        element.set_attribute("srcset", &shown.srcset)?;
        element.set_attribute("sizes", shown.sizes)?;
    }
    let (width, height) = (shown.size.width.to_string(), shown.size.height.to_string());
    for (name, value) in [("width", width.as_str()), ("height", &height), ("loading", "lazy"), ("decoding", "async")] {
        element.set_attribute(name, value)?;
    }
    // Taken over as it was written: the library neither decodes nor encodes what it copies.
    element.set_attribute("alt", &alt)?;
    let is_linked = element.user_data().is::<Linked>();
    let link = shown.link.as_ref().filter(|_| !is_linked);
    let (mut before, mut after) = (String::new(), String::new());
    if let Some(link) = link {
        let has_words = !alt.trim().is_empty();
        let label = if has_words { String::new() } else { format!(" aria-label=\"{}\"", escaped(shown.link_label)) };
        before = format!("<a class=\"picture\" href=\"{}\"{label}>", escaped(link));
        "</a>".clone_into(&mut after);
    }
    if !shown.webp.is_empty() {
        before += &opened_picture(shown);
        after.insert_str(0, "</picture>");
    }
    element.before(&before, ContentType::Html);
    element.after(&after, ContentType::Html);
    Ok(())
}

fn opened_picture(shown: &ShownPicture) -> String {
    let (webp, sizes) = (escaped(&shown.webp), shown.sizes);
    format!("<picture><source type=\"image/webp\" srcset=\"{webp}\" sizes=\"{sizes}\">")
}

fn video(element: &mut Element<'_, '_>, shown: &ShownVideo) -> HandlerResult {
    element.remove_attribute("data-media");
    let (width, height) = (shown.size.width.to_string(), shown.size.height.to_string());
    for (name, value) in [
        ("src", shown.file.url.as_str()),
        ("controls", ""),
        // The first bytes tell how long it is; the rest comes when somebody wants it.
        ("preload", "metadata"),
        ("playsinline", ""),
        ("width", &width),
        ("height", &height),
    ] {
        element.set_attribute(name, value)?;
    }
    if !shown.label.is_empty() {
        element.set_attribute("aria-label", &escaped(&shown.label))?;
    }
    Ok(())
}

fn attachment(element: &mut Element<'_, '_>, shown: &ShownAttachment) -> HandlerResult {
    element.remove_attribute("data-media");
    element.set_attribute("href", &shown.url)?;
    element.set_attribute("class", "attachment")?;
    element.append(&format!(" <span class=\"about\">({})</span>", escaped(&shown.about)), ContentType::Html);
    Ok(())
}
