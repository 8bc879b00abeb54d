//! Lists of articles: what a row shows, which rows, and the key at which a page begins. Pure.

use std::fmt;
use std::str::FromStr;

use super::category::Category;
use super::media::Media;
use super::slug::{ArticleId, ArticleKey, Slug};
use crate::clock::Millis;

/// A position between two articles of a list: everything older than it comes after it. Positions are ordered by date,
/// then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The date of the last article before it.
    pub(super) published: Millis,
    /// That article.
    pub(super) id: ArticleId,
}

/// Text that is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a list")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    /// Strict: only what [`fmt::Display`] wrote.
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (published, id) = text.split_once('.').ok_or(NotACursor)?;
        let number = |text: &str| text.parse::<i64>().map_err(|_not_a_number| NotACursor);
        let cursor = Self { published: Millis(number(published)?), id: ArticleId(number(id)?) };
        if cursor.to_string() == text { Ok(cursor) } else { Err(NotACursor) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.published.0, self.id)
    }
}

/// Which articles a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every published article.
    All,
    /// Those of a category.
    Category(Slug),
    /// Those with a tag, by any spelling of its name.
    Tag(String),
    /// Those dated from one moment on and before another.
    Month {
        /// The first moment.
        from: Millis,
        /// The first moment after.
        to: Millis,
    },
}

/// One row of a list.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "an article's summary is called that everywhere")]
pub struct Summary {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// 标题.
    pub headline: String,
    /// 摘要; may be empty.
    pub summary: String,
    /// 作者; may be empty.
    pub byline: String,
    /// 来源; may be empty.
    pub source: String,
    /// 栏目.
    pub category: Option<Category>,
    /// 题图, else the first picture of the text that is large enough.
    pub picture: Option<Media>,
    /// Whether editors keep it on top.
    pub pinned: bool,
    /// The date.
    pub published: Millis,
}

impl Summary {
    /// The position after this row.
    pub fn cursor(&self) -> Cursor {
        Cursor { published: self.published, id: self.id }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct List {
    /// Newest first.
    pub items: Vec<Summary>,
    /// Where the next page begins; none: this is the last.
    pub older: Option<Cursor>,
    /// The page before this one; none: this is the first.
    pub newer: Option<Newer>,
}

/// A page of the home list. No article is in both parts, nor on two pages.
#[derive(Clone, Debug)]
pub struct Front {
    /// What editors keep on top, newest first; only on the first page.
    pub pinned: Vec<Summary>,
    /// Everything else.
    pub list: List,
}

/// Where the page with newer articles begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// It is the first page, which has an address of its own.
    FirstPage,
    /// It is another page.
    Before(Cursor),
}

/// One line of the site map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitemapEntry {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// When its text last changed.
    pub modified: Millis,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn garbage_is_no_position() {
        for text in ["", "1", "1.", ".1", "a.b", "1.2.3", "01.2", "+1.2", "1e3.2", " 1.2", "1.1000000000000000000000"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_position_reads_back_as_itself(published: i64, id: i64) {
            let cursor = Cursor { published: Millis(published), id: ArticleId(id) };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }
    }
}
