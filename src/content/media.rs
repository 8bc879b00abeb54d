//! Pictures: which are accepted, what they are called, and which files are made of one. Pure.

pub(super) mod picture;

use std::fmt;
use std::str::FromStr;

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

/// How the main file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Photographs.
    Jpeg,
    /// Drawings, screenshots, anything transparent.
    Png,
    /// Animations.
    Gif,
}

impl Kind {
    /// The word that is stored.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
        }
    }

    /// The kind that `word` names.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Gif].into_iter().find(|kind| kind.word() == word)
    }

    /// What a browser is told.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
        }
    }
}

/// One of the files made of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// The whole picture, re-encoded.
    Main,
    /// At most 750 pixels wide, for the text column.
    W750,
    /// 4:3, for lists.
    List,
    /// Square, for cards.
    Share,
}

impl Rendition {
    const ALL: [Self; 4] = [Self::Main, Self::W750, Self::List, Self::Share];

    fn stem(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::W750 => "w750",
            Self::List => "list",
            Self::Share => "share",
        }
    }
}

/// The name of a stored file: `main.png`, `w750.jpg`. No other name reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileName {
    /// Which rendition.
    pub rendition: Rendition,
    /// In which format.
    pub kind: Kind,
}

/// Text that is no stored file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no picture file is called that")]
pub struct NotAFileName;

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.rendition.stem(), self.kind.extension())
    }
}

impl FromStr for FileName {
    type Err = NotAFileName;

    fn from_str(text: &str) -> Result<Self, NotAFileName> {
        let all = Rendition::ALL
            .into_iter()
            .flat_map(|rendition| [Kind::Jpeg, Kind::Png, Kind::Gif].map(|kind| Self { rendition, kind }));
        // Only the main file comes in other formats than JPEG.
        let mut possible = all.filter(|name| name.rendition == Rendition::Main || name.kind == Kind::Jpeg);
        possible.find(|name| name.to_string() == text).ok_or(NotAFileName)
    }
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
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
    /// The file of a rendition, if there is one.
    pub fn file(&self, rendition: Rendition) -> Option<FileName> {
        self.files.iter().copied().find(|file| file.rendition == rendition)
    }

    /// The file for the text column: the narrow one, where the picture is wider than the column.
    pub fn column_file(&self) -> FileName {
        self.file(Rendition::W750).unwrap_or(FileName { rendition: Rendition::Main, kind: self.kind })
    }

    /// The size of a rendition.
    pub fn size_of(&self, rendition: Rendition) -> Size {
        match rendition {
            Rendition::Main => self.size,
            Rendition::W750 => self.size.narrowed(COLUMN),
            Rendition::List => self.size.list_crop().narrowed(LIST_WIDTH),
            Rendition::Share => self.size.share_side(),
        }
    }
}

/// The width of the text column on a large phone, in pixels.
const COLUMN: u32 = 750;
/// The width of a list's picture, in pixels; its height is three quarters of that.
const LIST_WIDTH: u32 = 480;
/// The side of a card's picture, in pixels: WeChat shows it much smaller.
const SHARE_MOST: u32 = 500;

impl Size {
    /// The same shape, at most `width` wide.
    fn narrowed(self, width: u32) -> Self {
        if self.width <= width {
            return self;
        }
        let height = u64::from(self.height) * u64::from(width) / u64::from(self.width.max(1));
        Self { width, height: u32::try_from(height).unwrap_or(u32::MAX).max(1) }
    }

    /// The largest 4:3 piece.
    fn list_crop(self) -> Self {
        let across = u64::from(self.width).min(u64::from(self.height) * 4 / 3).max(1);
        let down = u64::from(self.height).min(u64::from(self.width) * 3 / 4).max(1);
        Self { width: u32::try_from(across).unwrap_or(self.width), height: u32::try_from(down).unwrap_or(self.height) }
    }

    /// The square for a card.
    fn share_side(self) -> Self {
        let side = self.width.min(self.height).min(SHARE_MOST);
        Self { width: side, height: side }
    }

    /// Whether a card may show it.
    fn is_shareable(self) -> bool {
        self.width.min(self.height) >= SHARE_LEAST
    }
}

/// Why a file is not taken in as a picture.
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
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_our_own_file_names_are_read() {
        for name in ["main.jpg", "main.png", "main.gif", "w750.jpg", "list.jpg", "share.jpg"] {
            assert_eq!(name.parse::<FileName>().map(|file| file.to_string()), Ok(name.to_owned()));
        }
        for name in ["share.png", "MAIN.jpg", "../main.jpg", "main.jpg ", "main.webp", ""] {
            assert_eq!(name.parse::<FileName>(), Err(NotAFileName), "{name}");
        }
    }

    #[test]
    fn an_identity_is_32_lower_case_hexadecimal_digits() {
        assert!("0123456789abcdef0123456789abcdef".parse::<MediaId>().is_ok());
        for text in ["", "0123456789ABCDEF0123456789abcdef", "../../../../../../etc/passwd00000", &"a".repeat(33)] {
            assert!(text.parse::<MediaId>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_rendition_fits_into_the_picture(width in 1..=LONGEST_SIDE, height in 1..=LONGEST_SIDE) {
            let size = Size { width, height };
            for made in [size.narrowed(COLUMN), size.list_crop().narrowed(LIST_WIDTH), size.share_side()] {
                prop_assert!((1..=width).contains(&made.width));
                prop_assert!((1..=height).contains(&made.height));
            }
        }
    }
}
