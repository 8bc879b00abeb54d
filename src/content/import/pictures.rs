//! The pictures of a document: their addresses, and what becomes of each in the text.

use std::collections::HashMap;

use lol_html::html_content::{ContentType, Element};

use super::place::last_part;
use crate::content::MediaId;
use crate::content::html::{escaped, on, rewritten};

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
    // A link to a picture's own file is what the page makes by itself.
    let links = on("a[href]", |element| {
        let address = element.get_attribute("href").map(|address| unescaped(address.trim())).unwrap_or_default();
        if matches!(fates.get(&address), Some(Fate::Stored(_))) {
            element.remove_and_keep_content();
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
    rewritten(html, vec![pictures, links, headings, cells])
}

/// An attribute's value as it is meant: the library hands it over as it is written.
pub(super) fn unescaped(value: &str) -> String {
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
    fn a_picture_that_links_to_its_own_file_is_just_a_picture() {
        let id: MediaId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let fates = HashMap::from([("a.png".to_owned(), Fate::Stored(id.clone()))]);
        let html = "<p><a href=\"a.png\"><img src=\"a.png\"></a><a href=\"/x\">x</a></p>";

        assert_eq!(
            Html::clean(&settle(html, &fates)).as_str(),
            format!("<p><img data-media=\"{id}\"><a href=\"/x\" rel=\"noopener\">x</a></p>")
        );
    }

    #[test]
    fn headings_and_cells_are_what_the_page_knows() {
        let html = "<h1>x</h1><table><tr><td style=\"text-align: right\">1</td></tr></table>";

        let settled = Html::clean(&settle(html, &HashMap::new()));

        assert!(settled.as_str().contains("<h2>x</h2>"));
        assert!(settled.as_str().contains("<td class=\"align-right\">1</td>"));
    }
}
