//! The files made of a picture: formats, renditions, names and sizes. Pure.

use std::fmt;
use std::str::FromStr;

use super::SHARE_LEAST;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Photographs.
    Jpeg,
    /// Drawings, screenshots, anything transparent.
    Png,
    /// Animations.
    Gif,
    /// What pages show where the browser knows it; never a main file, because WeChat's viewer and its cards do not.
    WebP,
}

impl Kind {
    /// The formats of main files.
    const OF_MAIN: [Self; 3] = [Self::Jpeg, Self::Png, Self::Gif];

    /// The word that is stored.
    pub(in crate::content) fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }

    /// The format of a main file that `word` names.
    pub(in crate::content) fn from_word(word: &str) -> Option<Self> {
        Self::OF_MAIN.into_iter().find(|kind| kind.word() == word)
    }

    /// What a browser is told.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }
}

/// What is made of a picture; most come as JPEG and as WebP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// The whole picture, re-encoded.
    Main,
    /// 540 pixels wide: the text column of a small phone with one and a half pixels to the point.
    W540,
    /// 750 pixels wide: the column of a phone with two, and of a desktop with one.
    W750,
    /// 1080 pixels wide: the column of a phone with three.
    W1080,
    /// 4:3, for lists on screens with two pixels to the point.
    List240,
    /// 4:3, for lists on screens with three.
    List,
    /// Square, for cards.
    Share,
}

impl Rendition {
    const ALL: [Self; 7] = [Self::Main, Self::W540, Self::W750, Self::W1080, Self::List240, Self::List, Self::Share];
    /// The widths for the text column, widest first.
    pub(super) const OF_COLUMN: [Self; 3] = [Self::W1080, Self::W750, Self::W540];
    /// The widths for lists, widest first.
    pub(super) const OF_LIST: [Self; 2] = [Self::List, Self::List240];

    /// Whether it shows only a part of the picture.
    pub(in crate::content) fn is_cut(self) -> bool {
        matches!(self, Self::List240 | Self::List | Self::Share)
    }

    fn stem(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::W540 => "w540",
            Self::W750 => "w750",
            Self::W1080 => "w1080",
            Self::List240 => "list240",
            Self::List => "list",
            Self::Share => "share",
        }
    }

    fn comes_as(self, kind: Kind) -> bool {
        match self {
            Self::Main => true,
            // WeChat draws no card from WebP.
            Self::Share => kind == Kind::Jpeg,
            _ => matches!(kind, Kind::Jpeg | Kind::WebP),
        }
    }
}

/// The name of a stored file: `main.png`, `w750.webp`. No other name reaches the disk.
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
        let (stem, extension) = text.split_once('.').ok_or(NotAFileName)?;
        let rendition = Rendition::ALL.into_iter().find(|rendition| rendition.stem() == stem).ok_or(NotAFileName)?;
        let kinds = [Kind::Jpeg, Kind::Png, Kind::Gif, Kind::WebP];
        let kind = kinds.into_iter().find(|kind| kind.extension() == extension).ok_or(NotAFileName)?;
        if rendition.comes_as(kind) { Ok(Self { rendition, kind }) } else { Err(NotAFileName) }
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

/// The side of a card's picture, in pixels: WeChat shows it much smaller.
const SHARE_MOST: u32 = 500;

impl Size {
    /// The size of a rendition of a picture of this size.
    pub(super) fn of(self, rendition: Rendition) -> Self {
        match rendition {
            Rendition::Main => self,
            Rendition::W540 => self.narrowed(540),
            Rendition::W750 => self.narrowed(750),
            Rendition::W1080 => self.narrowed(1080),
            Rendition::List240 => self.list_crop().narrowed(240),
            Rendition::List => self.list_crop().narrowed(480),
            Rendition::Share => self.share_side(),
        }
    }

    /// Whether a rendition is worth a file: at least a fifth narrower than the picture itself.
    pub(super) fn is_worth(self, rendition: Rendition) -> bool {
        u64::from(self.of(rendition).width) * 5 <= u64::from(self.width) * 4
    }

    /// Whether the whole picture is what the widest screens show in the text column.
    pub(super) fn fits_column(self) -> bool {
        !self.is_worth(Rendition::W1080)
    }

    /// The same shape, at most `width` wide.
    fn narrowed(self, width: u32) -> Self {
        if self.width <= width {
            return self;
        }
        let height = u64::from(self.height) * u64::from(width) / u64::from(self.width.max(1));
        Self { width, height: u32::try_from(height).unwrap_or(u32::MAX).max(1) }
    }

    /// The same shape with at most `pixels` in all.
    pub(super) fn kept(self, pixels: u64) -> Self {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        if width * height <= pixels {
            return self;
        }
        let width = (width * pixels / height.max(1)).isqrt();
        self.narrowed(u32::try_from(width).unwrap_or(self.width).max(1))
    }

    /// The largest 4:3 piece.
    pub(super) fn list_crop(self) -> Self {
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
    pub(super) fn is_shareable(self) -> bool {
        self.width.min(self.height) >= SHARE_LEAST
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{LONGEST_SIDE, MOST_KEPT_PIXELS};
    use super::*;

    #[test]
    fn only_our_own_file_names_are_read() {
        for name in [
            "main.jpg",
            "main.png",
            "main.gif",
            "main.webp",
            "w540.jpg",
            "w540.webp",
            "w750.jpg",
            "w1080.webp",
            "list240.jpg",
            "list.jpg",
            "list.webp",
            "share.jpg",
        ] {
            assert_eq!(name.parse::<FileName>().map(|file| file.to_string()), Ok(name.to_owned()));
        }
        for name in [
            "share.png",
            "share.webp",
            "w750.png",
            "list.gif",
            "MAIN.jpg",
            "../main.jpg",
            "main.jpg ",
            "main.jpeg",
            "main.webp.jpg",
            "main.",
            ".jpg",
            "w360.jpg",
            "",
        ] {
            assert_eq!(name.parse::<FileName>(), Err(NotAFileName), "{name}");
        }
    }

    #[test]
    fn no_main_file_is_webp() {
        assert_eq!(Kind::from_word("png"), Some(Kind::Png));
        assert_eq!(Kind::from_word("webp"), None);
    }

    proptest! {
        #[test]
        fn every_rendition_fits_into_the_picture(width in 1..=LONGEST_SIDE, height in 1..=LONGEST_SIDE) {
            let size = Size { width, height };
            for made in Rendition::ALL.map(|rendition| size.of(rendition)) {
                prop_assert!((1..=width).contains(&made.width));
                prop_assert!((1..=height).contains(&made.height));
            }
        }

        #[test]
        fn what_is_kept_has_the_same_shape_and_is_not_too_large(width in 1..=LONGEST_SIDE, height in 1..=LONGEST_SIDE) {
            let size = Size { width, height };
            let kept = size.kept(MOST_KEPT_PIXELS);
            prop_assert!(u64::from(kept.width) * u64::from(kept.height) <= MOST_KEPT_PIXELS);
            prop_assert!(kept.width.abs_diff(kept.height * width / height) <= 1 + width / height, "{:?}", kept);
        }

        #[test]
        fn the_widths_of_a_column_differ_by_a_fifth_at_least(width in 1..=LONGEST_SIDE) {
            let size = Size { width, height: 1000 };
            let made = Rendition::OF_COLUMN.into_iter().filter(|rendition| size.is_worth(*rendition));
            let widths: Vec<u32> = std::iter::once(width).chain(made.map(|rendition| size.of(rendition).width)).collect();
            prop_assert!(widths.windows(2).all(|pair| pair[1] * 5 <= pair[0] * 4), "{:?}", widths);
        }
    }
}
