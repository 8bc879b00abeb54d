//! How a picture is cut where it does not fit: around its focus, and for cards as a square of its own. Pure.

use std::fmt;
use std::str::FromStr;

use super::{SHARE_LEAST, Size};

/// A part of a length, in ten-thousandths: what is stored stays true whatever size the picture has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fraction(u16);

/// Text that is no percentage from 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a percentage from 0 to 100")]
pub struct NotAFraction;

impl Fraction {
    /// None of it.
    pub const NONE: Self = Self(0);
    /// Half of it.
    pub const HALF: Self = Self(5_000);
    /// All of it.
    pub const WHOLE: Self = Self(10_000);

    /// From ten-thousandths; none above all of it.
    pub fn new(parts: i64) -> Option<Self> {
        u16::try_from(parts).ok().filter(|parts| *parts <= Self::WHOLE.0).map(Self)
    }

    /// In ten-thousandths.
    pub fn parts(self) -> i64 {
        i64::from(self.0)
    }

    fn of(self, length: u32) -> u32 {
        let part = (u64::from(length) * u64::from(self.0) + 5_000) / 10_000;
        u32::try_from(part).unwrap_or(length)
    }
}

impl fmt::Display for Fraction {
    /// As a percentage: `33.33`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(formatter, "{whole}"),
            (whole, rest) if rest % 10 == 0 => write!(formatter, "{whole}.{}", rest / 10),
            (whole, rest) => write!(formatter, "{whole}.{rest:02}"),
        }
    }
}

impl FromStr for Fraction {
    type Err = NotAFraction;

    /// A percentage with at most two decimals.
    fn from_str(text: &str) -> Result<Self, NotAFraction> {
        let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || rest.len() > 2 || !digits(whole) || !digits(rest) {
            return Err(NotAFraction);
        }
        let parts = format!("{whole}{rest:0<2}").parse().map_err(|_too_large| NotAFraction)?;
        Self::new(parts).ok_or(NotAFraction)
    }
}

/// What must be seen wherever the picture is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// From the left.
    pub x: Fraction,
    /// From the top.
    pub y: Fraction,
}

impl Default for Focus {
    fn default() -> Self {
        Self { x: Fraction::HALF, y: Fraction::HALF }
    }
}

/// The square that cards show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Square {
    /// Its left edge, in parts of the width.
    pub left: Fraction,
    /// Its top edge, in parts of the height.
    pub top: Fraction,
    /// Its side, in parts of the shorter side.
    pub side: Fraction,
}

/// How a picture is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Framing {
    /// Where the eye should rest.
    pub focus: Focus,
    /// The square for cards; none: the largest around the focus.
    pub square: Option<Square>,
}

/// The upper left corner of a piece.
pub(super) type Corner = (u32, u32);

impl Framing {
    /// Where a piece of a picture of `size` begins: as near to the middle around the focus as the edges allow.
    pub(super) fn corner(self, size: Size, piece: Size) -> Corner {
        let along = |focus: Fraction, length: u32, piece: u32| {
            focus.of(length).saturating_sub(piece / 2).min(length.saturating_sub(piece))
        };
        (along(self.focus.x, size.width, piece.width), along(self.focus.y, size.height, piece.height))
    }

    /// The square of cards in a picture of `size`.
    pub(super) fn square(self, size: Size) -> (Corner, Size) {
        let shorter = size.width.min(size.height);
        let Some(square) = self.square else {
            let piece = Size { width: shorter, height: shorter };
            return (self.corner(size, piece), piece);
        };
        let side = square.side.of(shorter).clamp(1, shorter.max(1));
        let along = |edge: Fraction, length: u32| edge.of(length).min(length.saturating_sub(side));
        ((along(square.left, size.width), along(square.top, size.height)), Size { width: side, height: side })
    }

    /// Whether WeChat would draw the square that was chosen.
    pub(in crate::content) fn is_shareable(self, size: Size) -> bool {
        self.square.is_none() || self.square(size).1.width >= SHARE_LEAST
    }

    /// Where a browser has to lay a picture of `size` that fills a box of another shape, in tenths of the way: 0 is
    /// its left or upper edge, 10 the other one. `shape` is the box's width and height.
    pub fn tenths(self, size: Size, shape: (u32, u32)) -> u8 {
        let (width, height, across, down) =
            (u64::from(size.width), u64::from(size.height), u64::from(shape.0), u64::from(shape.1));
        let piece = Size {
            width: u32::try_from(width.min(height * across / down.max(1))).unwrap_or(size.width),
            height: u32::try_from(height.min(width * down / across.max(1))).unwrap_or(size.height),
        };
        let corner = self.corner(size, piece);
        let (at, room) = if piece.width < size.width {
            (corner.0, size.width - piece.width)
        } else {
            (corner.1, size.height.saturating_sub(piece.height))
        };
        let tenths = (u64::from(at) * 10 + u64::from(room) / 2).checked_div(u64::from(room)).unwrap_or(5);
        u8::try_from(tenths).unwrap_or(10)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn focus(x: &str, y: &str) -> Framing {
        Framing { focus: Focus { x: x.parse().unwrap(), y: y.parse().unwrap() }, square: None }
    }

    #[test]
    fn a_percentage_is_read_as_it_is_written() {
        for (text, shown, parts) in
            [("0", "0", 0), ("33.33", "33.33", 3_333), (" 7.5 ", "7.5", 750), ("100", "100", 10_000)]
        {
            let fraction: Fraction = text.parse().unwrap();
            assert_eq!((fraction.to_string().as_str(), fraction.parts()), (shown, parts));
        }
        for text in ["", "-1", "100.01", "101", "1e1", "1.234", ".5", "½", "1 0", "+5", "NaN"] {
            assert_eq!(text.parse::<Fraction>(), Err(NotAFraction), "{text}");
        }
    }

    #[test]
    fn a_piece_lies_around_the_focus_and_inside_the_picture() {
        let (size, piece) = (Size { width: 1000, height: 600 }, Size { width: 400, height: 600 });

        assert_eq!(focus("50", "50").corner(size, piece), (300, 0));
        assert_eq!(focus("10", "50").corner(size, piece), (0, 0));
        assert_eq!(focus("70", "0").corner(size, piece), (500, 0));
        assert_eq!(focus("100", "100").corner(size, piece), (600, 0));
    }

    #[test]
    fn the_square_of_a_card_is_the_one_that_was_chosen_or_lies_around_the_focus() {
        let size = Size { width: 1000, height: 600 };
        assert_eq!(focus("90", "50").square(size), ((400, 0), Size { width: 600, height: 600 }));
        let square = |left, side| Some(Square { left: Fraction(left), top: Fraction(2_500), side: Fraction(side) });
        let framing = Framing { square: square(1_000, 5_000), ..Framing::default() };
        assert_eq!(framing.square(size), ((100, 150), Size { width: 300, height: 300 }));
        assert!(framing.is_shareable(size));
        assert!(!Framing { square: square(1_000, 4_000), ..Framing::default() }.is_shareable(size));
        let over = Framing { square: square(9_900, 5_000), ..Framing::default() };
        assert_eq!(over.square(size).0, (700, 150));
    }

    #[test]
    fn a_browser_is_told_along_which_side_to_move() {
        let tall = Size { width: 900, height: 1600 };
        assert_eq!(["0", "50", "100"].map(|y| focus("50", y).tenths(tall, (16, 9))), [0, 5, 10]);
        let wide = Size { width: 3000, height: 900 };
        assert_eq!(["0", "50", "100"].map(|x| focus(x, "0").tenths(wide, (16, 9))), [0, 5, 10]);
        assert_eq!(focus("0", "0").tenths(Size { width: 1600, height: 900 }, (16, 9)), 5);
    }

    proptest! {
        #[test]
        fn no_piece_leaves_the_picture(
            (width, height, x, y) in (1_u32..12_000, 1_u32..12_000, 0_u16..=10_000, 0_u16..=10_000),
            (left, top, side) in (0_u16..=10_000, 0_u16..=10_000, 1_u16..=10_000),
        ) {
            let size = Size { width, height };
            let square = Some(Square { left: Fraction(left), top: Fraction(top), side: Fraction(side) });
            let framing = Framing { focus: Focus { x: Fraction(x), y: Fraction(y) }, square };
            for (corner, piece) in [
                framing.square(size),
                (framing.corner(size, size.list_crop()), size.list_crop()),
                Framing { square: None, ..framing }.square(size),
            ] {
                prop_assert!(piece.width >= 1 && piece.height >= 1);
                prop_assert!(corner.0 + piece.width <= width && corner.1 + piece.height <= height);
            }
            prop_assert!(framing.tenths(size, (16, 9)) <= 10);
        }
    }
}
