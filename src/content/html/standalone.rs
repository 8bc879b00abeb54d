//! The body as it is read outside of its page, in a feed reader: every address in it is complete.

use std::cell::RefCell;

use url::Url;

use super::{Html, Rendered, media_id, on, rewritten};
use crate::content::media::MediaId;

impl Html {
    /// The markup for a feed; `page` is the absolute address of the article. `resolve` says where a picture or an attachment is, also
    /// absolutely; one that it does not know is left out.
    pub fn standalone(&self, page: &Url, resolve: impl FnMut(&MediaId) -> Option<String>) -> Rendered {
        let resolve = RefCell::new(resolve);
        let pictures = on("img", |element| {
            let Some(address) = media_id(element).and_then(|id| (resolve.borrow_mut())(&id)) else {
                element.remove();
                return Ok(());
            };
            element.remove_attribute("data-media");
            element.set_attribute("src", &address)?;
            Ok(())
        });
        let attachments = on("a[data-media]", |element| {
            match media_id(element).and_then(|id| (resolve.borrow_mut())(&id)) {
                Some(address) => element.set_attribute("href", &address)?,
                None => element.remove_and_keep_content(),
            }
            element.remove_attribute("data-media");
            Ok(())
        });
        let videos = on("video", |element| {
            match media_id(element).and_then(|id| (resolve.borrow_mut())(&id)) {
                Some(address) => {
                    element.set_attribute("src", &address)?;
                    element.set_attribute("controls", "")?;
                }
                None => element.remove(),
            }
            element.remove_attribute("data-media");
            Ok(())
        });
        let links = on("a[href]", |element| {
            let written = element.get_attribute("href").unwrap_or_default();
            // What is complete stays as it was written.
            if Url::parse(&written) == Err(url::ParseError::RelativeUrlWithoutBase)
                && let Ok(complete) = page.join(&written)
            {
                element.set_attribute("href", complete.as_str())?;
            }
            Ok(())
        });
        Rendered(rewritten(&self.0, vec![pictures, attachments, videos, links]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_in_it_is_complete() {
        let page = Url::parse("https://news.example.cn/mp/articles/spring").unwrap();
        let id = "a".repeat(32);
        let html = Html::clean(&format!(
            "<p><a href=\"#fn-1\">1</a><a href=\"/mp/about?a=1&amp;b=2\">关于</a><a href=\"mailto:a@b.cn\">信</a>\
             <img data-media=\"{id}\" alt=\"雪\"><img data-media=\"{}\"><a data-media=\"{id}\">通知</a></p>",
            "b".repeat(32)
        ));

        let markup = html.standalone(&page, |found| (found.as_str() == id).then(|| "https://x.cn/a.jpg".to_owned()));

        let markup = markup.to_string();
        assert!(markup.contains("href=\"https://news.example.cn/mp/articles/spring#fn-1\""), "{markup}");
        assert!(markup.contains("href=\"https://news.example.cn/mp/about?a=1&amp;b=2\""), "{markup}");
        assert!(markup.contains("href=\"mailto:a@b.cn\""), "{markup}");
        assert!(markup.contains("<img alt=\"雪\" src=\"https://x.cn/a.jpg\">"), "{markup}");
        assert!(markup.contains("href=\"https://x.cn/a.jpg\">通知</a>"), "{markup}");
        assert_eq!(markup.matches("<img").count(), 1, "{markup}");
    }
}
