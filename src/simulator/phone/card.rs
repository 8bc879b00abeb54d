//! What a recipient sees, and the address that opens when it is tapped.

use serde::{Deserialize, Serialize};

use super::profile::Tail;

/// What a page gives to be shared; in the client's words, new (`imgUrl`) or old (`img_url`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct ShareData {
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) desc: String,
    #[serde(default)]
    pub(crate) link: String,
    #[serde(default, rename = "imgUrl", alias = "img_url")]
    pub(crate) img_url: String,
}

/// Where a card's contents came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Source {
    /// `updateAppMessageShareData`, `updateTimelineShareData`.
    NewCalls,
    /// `onMenuShare…`.
    Legacy,
    /// The client's own: the page's title and address.
    Default,
    /// Nothing but the address.
    Address,
}

/// The card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card {
    pub(crate) title: String,
    pub(crate) desc: String,
    pub(crate) link: String,
    pub(crate) img_url: String,
    pub(crate) source: Source,
    /// The page's own words reached nobody.
    pub(crate) bare: bool,
}

impl Card {
    /// The page's own card. Where only a title is shown the description is gone.
    pub(crate) fn of(data: ShareData, source: Source, title_only: bool) -> Self {
        let desc = if title_only { String::new() } else { data.desc };
        // The client fetches the picture by itself; it has no page to resolve a relative address against.
        let img_url = if is_absolute(&data.img_url) { data.img_url } else { String::new() };
        Self { title: data.title, desc, link: data.link, img_url, source, bare: false }
    }

    /// What the client makes of a page that said nothing it could use.
    pub(crate) fn default_of(title: &str, address: &str) -> Self {
        Self {
            title: title.to_owned(),
            desc: String::new(),
            link: address.to_owned(),
            img_url: String::new(),
            source: Source::Default,
            bare: true,
        }
    }

    /// Since 2021: an address that was opened as text goes on as text.
    pub(crate) fn address_of(address: &str) -> Self {
        Self { title: String::new(), source: Source::Address, ..Self::default_of("", address) }
    }

    /// What a careful client, or QQ, would trip over.
    pub(crate) fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.bare {
            return warnings;
        }
        let picture = self.img_url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        if self.title.trim().is_empty() {
            warnings.push("the title is empty");
        }
        if !self.link.is_ascii() {
            warnings.push("the link is not ASCII: iOS cannot open it");
        }
        if self.img_url.is_empty() {
            warnings.push("no picture, or one without an absolute http(s) address");
        }
        if matches!(picture.rsplit('.').next(), Some("webp" | "svg")) {
            warnings.push("WeChat shows no WebP and no SVG");
        }
        if self.img_url.len() > 1024 {
            warnings.push("the picture's address is longer than QQ can take");
        }
        warnings
    }
}

fn is_absolute(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// The link as it opens for somebody who tapped the card in `place` (`singlemessage`, `groupmessage`, `timeline`).
pub(crate) fn opened(link: &str, place: &str, tail: Tail, now: i64) -> String {
    let added = match tail {
        Tail::None => return link.to_owned(),
        Tail::Short => format!("from={place}&isappinstalled=0"),
        Tail::Full => {
            format!("from={place}&isappinstalled=0&scene=1&clicktime={now}&enterid={now}")
        }
    };
    let (address, fragment) = match link.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (link, String::new()),
    };
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{added}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_goes_before_the_fragment() {
        let short = |link| opened(link, "singlemessage", Tail::Short, 0);
        assert_eq!(short("https://e.com/"), "https://e.com/?from=singlemessage&isappinstalled=0");
        assert_eq!(short("https://e.com/?a=b"), "https://e.com/?a=b&from=singlemessage&isappinstalled=0");
        assert_eq!(short("https://e.com/?#top"), "https://e.com/?from=singlemessage&isappinstalled=0#top");
        assert_eq!(opened("https://e.com/#a?b", "timeline", Tail::None, 0), "https://e.com/#a?b");
        assert_eq!(
            opened("https://e.com/", "timeline", Tail::Full, 1_581_821_123),
            "https://e.com/?from=timeline&isappinstalled=0&scene=1&clicktime=1581821123&enterid=1581821123"
        );
    }

    #[test]
    fn both_spellings_of_the_picture_are_read() {
        let old: ShareData = serde_json::from_str(r#"{"title":"t","img_url":"http://e.com/a.png"}"#).unwrap();
        let new: ShareData = serde_json::from_str(r#"{"title":"t","imgUrl":"http://e.com/a.png"}"#).unwrap();
        assert_eq!(old, new);
    }

    #[test]
    fn a_relative_picture_is_no_picture() {
        let data = ShareData { title: "t".to_owned(), img_url: "/a.png".to_owned(), ..ShareData::default() };
        let card = Card::of(data, Source::NewCalls, false);
        assert_eq!(card.img_url, "");
        assert_eq!(card.warnings(), ["no picture, or one without an absolute http(s) address"]);
    }
}
