//! The site's own colour, and whether words in it can be read. Pure.

use std::fmt;
use std::str::FromStr;

/// What words need against their ground (WCAG 2, level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour dark enough for links on white, and for white words on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    rgb: [u8; 3],
}

/// Why a colour is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAccent {
    /// Not written as colours are.
    #[error("a colour is written as #b3001b")]
    Unreadable,
    /// Words in it would be hard to read.
    #[error("the colour is too light: words in it, or white words on it, would be hard to read")]
    TooLight,
}

impl Accent {
    /// Red, green and blue.
    pub fn rgb(self) -> [u8; 3] {
        self.rgb
    }
}

impl FromStr for Accent {
    type Err = NotAnAccent;

    fn from_str(text: &str) -> Result<Self, NotAnAccent> {
        let digits = text.trim().strip_prefix('#').unwrap_or_default();
        let mut rgb = [0; 3];
        hex::decode_to_slice(digits, &mut rgb).map_err(|_not_a_colour| NotAnAccent::Unreadable)?;
        if contrast(rgb, [255; 3]) < LEAST_CONTRAST { Err(NotAnAccent::TooLight) } else { Ok(Self { rgb }) }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", hex::encode(self.rgb))
    }
}

/// The contrast between two colours, from 1 to 21.
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let [red, green, blue] = rgb.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_what_the_standard_says() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.001);
        assert!((contrast([255; 3], [255; 3]) - 1.0).abs() < 0.001);
        assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_colour_is_taken_when_words_in_it_can_be_read() {
        assert_eq!("#B3001B".parse::<Accent>().map(|accent| accent.to_string()), Ok("#b3001b".to_owned()));
        assert_eq!("#ffcc00".parse::<Accent>(), Err(NotAnAccent::TooLight));
        for text in ["", "b3001b", "#b30", "#b3001b;}", "#zzzzzz", "red"] {
            assert_eq!(text.parse::<Accent>(), Err(NotAnAccent::Unreadable), "{text}");
        }
    }
}
