//! What an article is and which steps its life allows. Pure: no database, no clock.

mod state;

use std::collections::HashSet;

use super::html::Html;
use super::media::MediaId;
use crate::clock::Millis;
pub use state::{Hands, Live, Refused, Rules, State, Working};

/// Everything an editor writes about an article; a working copy and each revision hold one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// 标题.
    pub headline: String,
    /// 导语, the line under it.
    pub standfirst: String,
    /// 摘要, for lists and cards.
    pub summary: String,
    /// 作者.
    pub byline: String,
    /// 来源.
    pub source: String,
    /// 责任编辑.
    pub editor: String,
    /// 正文.
    pub body: Html,
    /// 题图.
    pub lead_media: Option<MediaId>,
    /// What the card says instead of headline, in Moments, and instead of the summary.
    pub share: Share,
    /// 栏目, by number.
    pub category: Option<i64>,
    /// 标签, by name, in order.
    pub tags: Vec<String>,
}

/// What only the card shows. Empty: the article's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Instead of the headline.
    pub title: String,
    /// Instead of the title, in Moments.
    pub moments_title: String,
    /// Instead of the summary.
    pub text: String,
    /// Instead of the lead image.
    pub media: Option<MediaId>,
}

/// The longest of the short texts, in characters.
pub const LONGEST_LINE: usize = 500;
/// The longest notice to readers, in characters.
pub const LONGEST_NOTICE: usize = 2000;

impl Fields {
    /// The fields as they may be stored: one line each, no control characters (PostgreSQL refuses U+0000), no
    /// repeated or empty tags.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for line in [
            &mut self.headline,
            &mut self.standfirst,
            &mut self.summary,
            &mut self.byline,
            &mut self.source,
            &mut self.editor,
            &mut self.share.title,
            &mut self.share.moments_title,
            &mut self.share.text,
        ] {
            *line = one_line(line);
        }
        let mut seen = HashSet::new();
        self.tags = self.tags.iter().map(|tag| one_line(tag)).collect();
        self.tags.retain(|tag| {
            let folded = folded(tag);
            !folded.is_empty() && seen.insert(folded)
        });
        self
    }

    /// Whether a page can be made of them.
    pub fn check(&self) -> Result<(), Refused> {
        if self.headline.is_empty() { Err(Refused::NoHeadline) } else { Ok(()) }
    }

    /// Every picture and attachment that they name.
    pub(super) fn media(&self) -> Vec<MediaId> {
        let mut media = self.body.media();
        media.extend(self.lead_media.iter().chain(&self.share.media).cloned());
        media.sort();
        media.dedup();
        media
    }
}

/// Text on one line: white space collapsed, control and direction-override characters gone, cut by characters.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !overrides_direction(*character))
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(LONGEST_LINE).collect();
    cut.trim_end().to_owned()
}

/// Text of several lines, none of them empty; each as [`one_line`] leaves it.
pub(super) fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    let cut: String = lines.join("\n").chars().take(LONGEST_NOTICE).collect();
    cut.trim_end().to_owned()
}

/// Characters that make text read otherwise than it is written; in a headline they only serve to deceive.
fn overrides_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name as categories and tags are compared: `Service  Mesh` and `service mesh` are one.
pub(super) fn folded(name: &str) -> String {
    one_line(name).to_lowercase()
}

/// The three times of a published article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it first went out; never changes again.
    pub first_published: Millis,
    /// The time that readers see and lists are ordered by.
    pub published: Millis,
    /// When its text last changed.
    pub modified: Millis,
}

impl Times {
    /// The times after a publication now. `dated` is a date of its own, as an import brings; without one a first
    /// publication is dated now and a later one keeps its date.
    pub fn after_publish(before: Option<Self>, dated: Option<Millis>, now: Millis) -> Self {
        match before {
            None => {
                let published = dated.unwrap_or(now);
                Self { first_published: published, published, modified: published }
            }
            Some(before) => {
                let published = dated.unwrap_or(before.published);
                Self { published, modified: now.max(published), ..before }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn publishing_again_keeps_the_first_date() {
        let first = Times::after_publish(None, None, Millis(10));
        let second = Times::after_publish(Some(first), None, Millis(20));

        assert_eq!(second, Times { first_published: Millis(10), published: Millis(10), modified: Millis(20) });
    }

    #[test]
    fn a_headline_loses_what_would_deceive_or_break() {
        let fields = Fields {
            headline: " 通\u{0}知\n第二行\u{202e} ".to_owned(),
            tags: ["Service Mesh", "service  mesh", " ", "云"].map(str::to_owned).to_vec(),
            ..Fields::default()
        }
        .tidied();

        assert_eq!(fields.headline, "通知 第二行");
        assert_eq!(fields.tags, ["Service Mesh", "云"]);
    }

    #[test]
    fn a_notice_keeps_its_lines_and_nothing_else() {
        assert_eq!(paragraphs(" 一\u{0} \r\n\n 二\u{202e}\t三\n"), "一\n二 三");
        assert_eq!(paragraphs(&"长\n".repeat(3000)).chars().count(), 1999);
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(headline in ".{0,600}", tag in ".{0,20}") {
            let once = Fields { headline, tags: vec![tag], ..Fields::default() }.tidied();
            prop_assert_eq!(once.clone().tidied(), once);
        }
    }
}
