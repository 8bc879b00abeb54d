//! Pictures: which are accepted, what they are called, and which files are made of one. Pure.

pub(super) mod picture;
mod rendition;

use std::fmt;
use std::str::FromStr;

pub use rendition::{FileName, Kind, NotAFileName, Rendition, Size};

/// The largest file that is looked at: 20 MB.
pub const MOST_BYTES: usize = 20 * 1000 * 1000;
/// The largest picture that is decoded: 40 megapixels.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The longest side that is decoded, in pixels.
pub const LONGEST_SIDE: u32 = 12_000;
/// WeChat draws a card's picture from at least this many pixels a side.
pub const SHARE_LEAST: u32 = 300;

/// A picture's identity: the first 32 hexadecimal digits of the SHA-256 of its main file.
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
    /// Its identity.
    pub id: MediaId,
    /// How the main file is stored.
    pub kind: Kind,
    /// Of the main file.
    pub size: Size,
    /// Whether it moves.
    pub animated: bool,
    /// Whether a card may show it: both sides have at least [`SHARE_LEAST`] pixels.
    pub shareable: bool,
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
        self.size.of(rendition)
    }
}

/// Why a file is not taken in as a picture or an attachment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// More bytes than [`MOST_BYTES`].
    #[error("the file is larger than 20 MB")]
    TooManyBytes,
    /// None of the accepted formats, whatever its name says.
    #[error("not a JPEG, PNG, GIF or WebP picture")]
    Unknown,
    /// More pixels than [`MOST_PIXELS`], or a side longer than [`LONGEST_SIDE`].
    #[error("{} × {} pixels are more than 40 megapixels or 12000 a side", .0.width, .0.height)]
    TooManyPixels(Size),
    /// An animation that would take minutes to open.
    #[error("the animation has too many frames")]
    TooManyFrames,
    /// It begins like a picture but cannot be decoded.
    #[error("the picture is damaged")]
    Broken,
    /// A name that does not end as one of an attachment does.
    #[error("not a PDF, Word, Excel, PowerPoint, zip or text file")]
    NoAttachment,
    /// Something else under the name of an attachment.
    #[error("the file is not what its name ending in .{0} says")]
    Disguised(&'static str),
}

impl Unfit {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::TooManyBytes => "文件超过 20 MB".to_owned(),
            Self::Unknown => "不是 JPEG、PNG、GIF 或 WebP 图片".to_owned(),
            Self::TooManyPixels(size) => {
                format!("{} × {} 像素，超过 4000 万像素或单边 12000 像素的上限", size.width, size.height)
            }
            Self::TooManyFrames => "动图帧数过多".to_owned(),
            Self::Broken => "图片已损坏".to_owned(),
            Self::NoAttachment => "不是 PDF、Word、Excel、PowerPoint、zip 或文本文件".to_owned(),
            Self::Disguised(extension) => format!("文件内容与扩展名 .{extension} 不符"),
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
            kind: Kind::Jpeg,
            size: Size { width, height: width },
            animated: false,
            shareable: true,
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
