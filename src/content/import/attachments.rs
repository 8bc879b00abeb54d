//! The attachments of a document: links to files that lie beside it, and what becomes of each in the text.

use std::collections::HashMap;

use lol_html::html_content::Element;

use super::pictures::unescaped;
use super::place::{is_absolute, last_part};
use crate::content::MediaId;
use crate::content::attachment::Kind;
use crate::content::html::{on, rewritten};

/// The addresses of files that could be attachments, in order: by the end of their names.
pub(super) fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let links = on("a[href]", |element| {
        found.extend(address(element).filter(|address| is_attachment(address)));
        Ok(())
    });
    rewritten(html, vec![links]);
    found
}

fn address(element: &Element<'_, '_>) -> Option<String> {
    element.get_attribute("href").map(|address| unescaped(address.trim()))
}

fn is_attachment(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    Kind::of_name(last_part(path)).is_some()
}

/// `html` with its attachments by id. Of a link to a file beside the text that was not taken in, the words stay: on
/// this site it would lead nowhere. Other links are what they were.
pub(super) fn settle(html: &str, stored: &HashMap<String, MediaId>) -> String {
    let links = on("a[href]", |element| {
        let Some(address) = address(element).filter(|address| is_attachment(address)) else { return Ok(()) };
        match stored.get(&address) {
            Some(id) => {
                element.remove_attribute("href");
                element.set_attribute("data-media", id.as_str())?;
            }
            None if !is_absolute(&address) => element.remove_and_keep_content(),
            None => {}
        }
        Ok(())
    });
    rewritten(html, vec![links])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Html;

    #[test]
    fn a_link_is_an_attachment_by_the_end_of_its_name() {
        let html = "<a href=\"a.pdf\">1</a><a href=\"/x/b.DOCX?v=1#p\">2</a><a href=\"c.html\">3</a><a name=x>4</a>";

        assert_eq!(addresses(html), ["a.pdf", "/x/b.DOCX?v=1#p"]);
    }

    #[test]
    fn each_link_meets_its_fate() {
        let id: MediaId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let stored = HashMap::from([("a&b.pdf".to_owned(), id.clone())]);
        let html = "<a href=\"a&amp;b.pdf\">一</a><a href=\"c.pdf\">二</a><a href=\"https://x.example/c.pdf\">三</a>";

        assert_eq!(
            Html::clean(&settle(html, &stored)).as_str(),
            format!(
                "<a data-media=\"{id}\" rel=\"noopener\">一</a>二\
                 <a href=\"https://x.example/c.pdf\" rel=\"noopener\">三</a>"
            )
        );
    }
}
