//! The body of an article: markup that only the sanitiser can make, and the only place where it is printed as such.
//!
//! A body names pictures (`<img data-media="…">`), videos (`<video data-media="…">`) and attachments
//! (`<a data-media="…">`) by id; addresses and dimensions are filled in by [`Html::render`], because they change while
//! the text does not.

mod allowed;
mod shown;
mod standalone;

use std::fmt;

use lol_html::html_content::Element;
use lol_html::{ElementContentHandlers, HandlerResult, RewriteStrSettings, Selector, rewrite_str};

pub use shown::{Shown, ShownAttachment, ShownPicture, ShownVideo};

use super::media::MediaId;

/// After this many passes a text that still changes is treated as plain text. One pass is the rule, two are enough
/// for markup that was nested wrongly.
const MOST_PASSES: usize = 6;

/// Elements within elements. The parser looks through all that are open at every tag, so that a text of nothing but
/// opening tags would keep it busy for hours.
const DEEPEST: usize = 200;

/// Sanitised markup. Nothing else can be put into an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

/// Markup for a page. Only [`Html::render`] makes it, so a template may print it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered(String);

impl fmt::Display for Rendered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Html {
    /// The harmless part of any markup. Cleaning what is clean changes nothing: the result is a fixed point, so a
    /// text that a browser would read differently the second time cannot hide in it. Of markup that is nested
    /// beyond reason only the words are kept.
    pub fn clean(source: &str) -> Self {
        if is_nested_too_deeply(source) {
            return Self(allowed::pass(&escaped(&text_of(source))));
        }
        let mut current = allowed::pass(source);
        for _ in 0..MOST_PASSES {
            let next = allowed::pass(&current);
            if next == current {
                return Self(current);
            }
            current = next;
        }
        Self(allowed::pass(&escaped(&text_of(&current))))
    }

    /// Markup that was cleaned before it was stored.
    pub(super) fn stored(markup: String) -> Self {
        Self(markup)
    }

    /// The markup, as an editor's form shows it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup for a page. `resolve` says how a picture or an attachment is shown; of what it does not know, a
    /// picture is left out and a link leaves its words.
    pub fn render(&self, resolve: impl FnMut(&MediaId) -> Option<Shown>) -> Rendered {
        Rendered(shown::render(&self.0, resolve))
    }

    /// The words without markup; blocks end with a line break.
    pub fn text(&self) -> String {
        text_of(&self.0)
    }

    /// The pictures that the text names, in order, each once.
    pub fn pictures(&self) -> Vec<MediaId> {
        self.named("img")
    }

    /// The attachments and videos that the text names, in order, each once.
    pub fn attachments(&self) -> Vec<MediaId> {
        self.named("a, video")
    }

    /// All of these, sorted, each once.
    pub(super) fn media(&self) -> Vec<MediaId> {
        let mut media = self.pictures();
        media.extend(self.attachments());
        media.sort();
        media.dedup();
        media
    }

    fn named(&self, tag: &str) -> Vec<MediaId> {
        let mut found = Vec::new();
        let handler = on(tag, |element| {
            if let Some(id) = media_id(element)
                && !found.contains(&id)
            {
                found.push(id);
            }
            Ok(())
        });
        rewritten(&self.0, vec![handler]);
        found
    }
}

/// The picture or attachment that an element names.
fn media_id(element: &Element<'_, '_>) -> Option<MediaId> {
    element.get_attribute("data-media")?.parse().ok()
}

type Handlers<'h> = Option<(std::borrow::Cow<'static, Selector>, ElementContentHandlers<'h>)>;

/// A handler for one element; none if the selector is not one, which the tests would show.
pub(super) fn on<'h>(selector: &str, handler: impl FnMut(&mut Element<'_, '_>) -> HandlerResult + 'h) -> Handlers<'h> {
    let selector = selector.parse::<Selector>().ok()?;
    Some((std::borrow::Cow::Owned(selector), ElementContentHandlers::default().element(handler)))
}

/// The markup after the handlers have walked it. Markup they cannot walk is dropped rather than let through.
pub(super) fn rewritten(markup: &str, handlers: Vec<Handlers<'_>>) -> String {
    let mut settings = RewriteStrSettings::new();
    for handler in handlers {
        let Some(handler) = handler else { return String::new() };
        settings = settings.append_element_content_handler(handler);
    }
    rewrite_str(markup, settings).unwrap_or_default()
}

/// Whether more elements are open at once than any text needs. An estimate from above: a tag that was forgotten to be
/// closed counts, but for those that HTML closes by itself.
pub(super) fn is_nested_too_deeply(markup: &str) -> bool {
    let mut depth: usize = 0;
    for tag in markup.split('<').skip(1) {
        let name = |tag: &str| {
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).take(12).collect();
            name.to_ascii_lowercase()
        };
        match tag.strip_prefix('/') {
            Some(closing) if needs_an_end(&name(closing)) => depth = depth.saturating_sub(1),
            None if needs_an_end(&name(tag)) => depth += 1,
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Whether an element stays open until it is closed.
fn needs_an_end(name: &str) -> bool {
    let ends_by_itself = matches!(
        name,
        "p" | "li"
            | "dt"
            | "dd"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "colgroup"
            | "caption"
            | "rp"
            | "rt"
            | "option"
            | "optgroup"
    );
    let has_no_content = matches!(
        name,
        "br" | "hr"
            | "img"
            | "col"
            | "wbr"
            | "input"
            | "meta"
            | "link"
            | "base"
            | "area"
            | "embed"
            | "source"
            | "track"
    );
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && !ends_by_itself && !has_no_content
}

/// The text between the tags of markup that a serialiser wrote: every `<` begins a tag and every `>` in an
/// attribute is written as such only between quotes.
fn text_of(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut characters = markup.chars();
    while let Some(character) = characters.next() {
        if character != '<' {
            // Between blocks the markup itself holds line breaks.
            if character != '\n' || !(text.is_empty() || text.ends_with('\n')) {
                text.push(character);
            }
            continue;
        }
        let mut quoted = false;
        let mut tag = String::new();
        for character in characters.by_ref() {
            match character {
                '"' => quoted = !quoted,
                '>' if !quoted => break,
                _ => tag.push(character),
            }
        }
        if ends_a_line(&tag) && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }
    // In this order: "&amp;lt;" is the text "&lt;".
    text.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Whether a tag separates lines: `br`, and the start and end of blocks.
fn ends_a_line(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split(|character: char| !character.is_ascii_alphanumeric()).next();
    name.is_some_and(|name| name == "br" || is_block(name))
}

/// Whether an element stands by itself; all others stand in a line.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "hr" | "p"
            | "div"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "figure"
            | "figcaption"
            | "video"
            | "details"
            | "summary"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
    )
}

/// Text as markup that shows it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
