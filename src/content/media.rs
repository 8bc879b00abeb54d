//! Pictures: which are accepted, what they are called, and which files are made of one. Pure.

mod framing;
pub(super) mod picture;
mod rendition;
pub(super) mod signature;
mod unfit;

use std::fmt;
use std::str::FromStr;

pub use framing::{Focus, Fraction, Framing, Square};
pub use rendition::{FileName, Kind, NotAFileName, Rendition, Size};
pub use unfit::Unfit;

/// The largest file that is looked at: 30 MB.
pub const MOST_BYTES: usize = 30 * 1000 * 1000;
/// The largest picture that is decoded: what a phone calls 64 megapixels is a little more.
pub const MOST_PIXELS: u64 = 65_000_000;
/// The largest picture that is kept: larger ones are made smaller, because readers load the whole of it.
pub const MOST_KEPT_PIXELS: u64 = 16_000_000;
/// The longest side that is decoded, in pixels.
pub const LONGEST_SIDE: u32 = 12_000;
/// WeChat draws a card's picture from at least this many pixels a side.
pub const SHARE_LEAST: u32 = 300;

/// A picture's identity: the first 32 hexadecimal digits of the SHA-256 of the main file that it came with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MediaId(String);

/// Text that is no picture's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the identity of a picture")]
pub struct NotAMediaId;

impl MediaId {
    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that nobody has: for files that take the place of others.
    pub(super) fn unheard_of() -> Self {
        Self(hex::encode(rand::random::<[u8; 16]>()))
    }

    /// The one that `digest` (hexadecimal, of SHA-256) begins with.
    pub(super) fn of_digest(digest: &str) -> Self {
        Self(digest.chars().take(32).collect())
    }

    /// The folder that this picture shares with others, so that no folder holds them all.
    pub(super) fn shelf(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }
}

impl FromStr for MediaId {
    type Err = NotAMediaId;

    fn from_str(text: &str) -> Result<Self, NotAMediaId> {
        let fits = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAMediaId) }
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Its identity, which stays when its files are replaced.
    pub id: MediaId,
    /// Where its files lie, which changes with them.
    pub folder: MediaId,
    /// How the main file is stored.
    pub kind: Kind,
    /// Of the main file.
    pub size: Size,
    /// Whether it moves.
    pub animated: bool,
    /// Whether a card may show it: both sides have at least [`SHARE_LEAST`] pixels.
    pub shareable: bool,
    /// How it is cut where it does not fit.
    pub framing: Framing,
    /// Which files there are.
    pub files: Vec<FileName>,
    /// 替代文字.
    pub alt: String,
    /// 图说.
    pub caption: String,
    /// 摄影.
    pub credit: String,
}

impl Media {
    /// The file of a rendition that every browser and WeChat can show, if there is one.
    pub fn file(&self, rendition: Rendition) -> Option<FileName> {
        self.files.iter().copied().find(|file| file.rendition == rendition && file.kind != Kind::WebP)
    }

    /// The file for the text column where only one can be named: the middle one, where there is one.
    pub fn column_file(&self) -> FileName {
        self.file(Rendition::W750).unwrap_or(FileName { rendition: Rendition::Main, kind: self.kind })
    }

    /// The files for the text column, narrowest first: those of WebP, or those for every other browser.
    pub fn column_files(&self, webp: bool) -> Vec<FileName> {
        let whole = self.size.fits_column().then_some(Rendition::Main);
        self.among(webp, Rendition::OF_COLUMN.into_iter().rev().chain(whole))
    }

    /// The files for lists, narrowest first: those of WebP, or those for every other browser.
    pub fn list_files(&self, webp: bool) -> Vec<FileName> {
        self.among(webp, Rendition::OF_LIST.into_iter().rev())
    }

    fn among(&self, webp: bool, renditions: impl Iterator<Item = Rendition>) -> Vec<FileName> {
        let files = || self.files.iter().copied().filter(|file| (file.kind == Kind::WebP) == webp);
        renditions.filter_map(|rendition| files().find(|file| file.rendition == rendition)).collect()
    }

    /// The size of a rendition.
    pub fn size_of(&self, rendition: Rendition) -> Size {
        match rendition {
            Rendition::Share => self.framing.square(self.size).1.of(Rendition::Share),
            other => self.size.of(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_32_lower_case_hexadecimal_digits() {
        assert!("0123456789abcdef0123456789abcdef".parse::<MediaId>().is_ok());
        for text in ["", "0123456789ABCDEF0123456789abcdef", "../../../../../../etc/passwd00000", &"a".repeat(33)] {
            assert!(text.parse::<MediaId>().is_err(), "{text}");
        }
    }

    fn picture(width: u32, names: &[&str]) -> Media {
        Media {
            id: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            folder: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            kind: Kind::Jpeg,
            size: Size { width, height: width },
            animated: false,
            shareable: true,
            framing: Framing::default(),
            files: names.iter().map(|name| name.parse().unwrap()).collect(),
            alt: String::new(),
            caption: String::new(),
            credit: String::new(),
        }
    }

    fn names(files: Vec<FileName>) -> Vec<String> {
        files.iter().map(FileName::to_string).collect()
    }

    #[test]
    fn a_picture_that_was_taken_in_before_there_was_webp_is_shown_as_before() {
        let old = picture(1600, &["main.jpg", "w750.jpg", "list.jpg", "share.jpg"]);

        assert_eq!(names(old.column_files(false)), ["w750.jpg"]);
        assert!(old.column_files(true).is_empty());
        assert_eq!(names(old.list_files(false)), ["list.jpg"]);
        assert_eq!(old.column_file().to_string(), "w750.jpg");
    }

    #[test]
    fn the_whole_picture_stands_in_the_column_only_where_nothing_narrower_is_enough() {
        let all = ["main.jpg", "w540.jpg", "w540.webp", "w750.jpg", "w750.webp", "main.webp"];
        let small = picture(1200, &all);

        assert_eq!(names(small.column_files(true)), ["w540.webp", "w750.webp", "main.webp"]);
        assert_eq!(names(small.column_files(false)), ["w540.jpg", "w750.jpg", "main.jpg"]);
        assert_eq!(small.file(Rendition::W750).map(|file| file.kind), Some(Kind::Jpeg));
        assert_eq!(names(picture(4000, &all).column_files(false)), ["w540.jpg", "w750.jpg"]);
    }
}
