//! The words of an article's address, and the paths that lead to it from elsewhere. Pure.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The longest slug, in characters: it must stay readable in a chat.
const LONGEST_SLUG: usize = 100;
/// The longest path that is kept as a redirect, in bytes.
const LONGEST_PATH: usize = 1000;

/// What a link's path writes otherwise; the path itself has no `?`, `#` or `%`.
pub(super) const IN_LINK: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'^').add(b'|');

/// What an editor chose as the last part of an article's address: ASCII, and never mistaken for a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

/// Text that cannot be a slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug has 1 to 100 of a-z, 0-9 and hyphens, at least one of them a letter")]
pub struct NotASlug;

impl Slug {
    /// The nearest slug to a title or file name: lower case, everything else a hyphen. None for text that holds
    /// anything but ASCII, because half a name is worse than a number, and for text without a letter.
    pub fn suggest(text: &str) -> Option<Self> {
        if !text.is_ascii() {
            return None;
        }
        let mut slug = String::new();
        for character in text.chars().map(|character| character.to_ascii_lowercase()) {
            if character.is_ascii_alphanumeric() {
                slug.push(character);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let cut: String = slug.chars().take(LONGEST_SLUG).collect();
        cut.trim_end_matches('-').parse().ok()
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = NotASlug;

    fn from_str(text: &str) -> Result<Self, NotASlug> {
        let fits = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let has_letter = text.bytes().any(|byte| byte.is_ascii_lowercase());
        if fits && has_letter && text.len() <= LONGEST_SLUG { Ok(Self(text.to_owned())) } else { Err(NotASlug) }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An article's number. It is never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(pub i64);

impl fmt::Display for ArticleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The last part of an article's address: its slug, or its number when it has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArticleKey {
    /// Chosen by somebody.
    Slug(Slug),
    /// The default.
    Number(ArticleId),
}

impl ArticleKey {
    /// The address of an article with this slug and number.
    pub(super) fn of(slug: Option<Slug>, id: ArticleId) -> Self {
        slug.map_or(Self::Number(id), Self::Slug)
    }
}

impl FromStr for ArticleKey {
    type Err = NotASlug;

    /// Strict: one spelling for each address, so `007` and `+7` are nobody's number.
    fn from_str(text: &str) -> Result<Self, NotASlug> {
        match text.parse::<i64>() {
            Ok(number) if number > 0 && number.to_string() == text => Ok(Self::Number(ArticleId(number))),
            _ => text.parse().map(Self::Slug),
        }
    }
}

impl fmt::Display for ArticleKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slug(slug) => slug.fmt(formatter),
            Self::Number(id) => id.fmt(formatter),
        }
    }
}

/// A path on this site as redirects are looked up: decoded, starting with a slash, without a slash at the end,
/// without query and fragment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SitePath(String);

impl SitePath {
    /// The home page's.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The path of an article's page.
    pub fn article(key: &ArticleKey) -> Self {
        Self(format!("/articles/{key}"))
    }

    /// The path of a fixed page.
    pub fn page(slug: &Slug) -> Self {
        Self(format!("/pages/{slug}"))
    }

    /// The path of a category's list.
    pub fn category(slug: &Slug) -> Self {
        Self(format!("/categories/{slug}"))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as it stands in a link: ASCII.
    pub fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, IN_LINK).to_string()
    }
}

/// Text that is no path of this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path on this site")]
pub struct NotAPath;

impl FromStr for SitePath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(path).decode_utf8().map_err(|_not_utf8| NotAPath)?;
        let trimmed = decoded.trim_end_matches('/');
        // An escaped ?, # or % is part of no address that was ever given out, and would read differently a second time.
        let unfit = |character: char| character.is_control() || matches!(character, '\\' | '?' | '#' | '%');
        let climbs = trimmed.split('/').any(|part| part == ".." || part == ".");
        let fits = trimmed.starts_with('/') && !trimmed.starts_with("//") && trimmed.len() <= LONGEST_PATH;
        if fits && !climbs && !trimmed.contains(unfit) { Ok(Self(trimmed.to_owned())) } else { Err(NotAPath) }
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slug_holds_a_letter_and_nothing_foreign() {
        assert!("istio-11".parse::<Slug>().is_ok());
        for refused in ["", "2024", "-", "Istio", "微服务", "a b", "a/b", "a_b", &"a".repeat(101)] {
            assert!(refused.parse::<Slug>().is_err(), "{refused}");
        }
    }

    #[test]
    fn a_name_suggests_a_slug_only_when_all_of_it_survives() {
        assert_eq!(Slug::suggest("Hello_World 2").map(|slug| slug.0), Some("hello-world-2".to_owned()));
        assert_eq!(Slug::suggest("istio-发布"), None);
        assert_eq!(Slug::suggest("2024-01-02"), None);
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!("7".parse(), Ok(ArticleKey::Number(ArticleId(7))));
        for refused in ["07", "+7", "0", "-7", "1000000000000000000000000000000", "７"] {
            assert!(refused.parse::<ArticleKey>().is_err(), "{refused}");
        }
    }

    #[test]
    fn home_is_where_no_path_of_former_times_is() {
        assert_eq!((SitePath::home().encoded().as_str(), "/".parse::<SitePath>()), ("/", Err(NotAPath)));
    }

    #[test]
    fn a_path_is_compared_decoded_and_without_its_tail() {
        let path = |text: &str| text.parse::<SitePath>().map(|path| path.0);
        assert_eq!(path("/blog/%E4%B8%AD/?from=timeline#x"), Ok("/blog/中".to_owned()));
        for refused in ["blog/x", "//evil.example/x", "/", "/a/../b", "/%00", "/%ff", "", "/a\\b"] {
            assert_eq!(path(refused), Err(NotAPath), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn every_key_reads_back_as_itself(text in "[a-z0-9-]{1,12}") {
            if let Ok(key) = text.parse::<ArticleKey>() {
                prop_assert_eq!(key.to_string(), text);
            }
        }

        #[test]
        fn every_suggestion_is_a_slug(text in ".{0,150}") {
            if let Some(slug) = Slug::suggest(&text) {
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
            }
        }

        #[test]
        fn a_path_read_twice_is_the_same_path(text in "/[a-z0-9/%中.]{0,20}") {
            if let Ok(path) = text.parse::<SitePath>() && !path.as_str().contains('%') {
                prop_assert_eq!(path.as_str().parse::<SitePath>(), Ok(path.clone()));
            }
        }
    }
}
