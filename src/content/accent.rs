//! The site's own colour, by day and by night, and whether words in it can be read. Pure.

use std::fmt;
use std::str::FromStr;

/// What words need against their ground (WCAG 2, level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub [u8; 3]);

/// Text that is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as #b3001b")]
pub struct NotAColour;

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.trim().strip_prefix('#').ok_or(NotAColour)?;
        let mut rgb = [0; 3];
        hex::decode_to_slice(digits, &mut rgb).map_err(|_not_a_colour| NotAColour)?;
        Ok(Self(rgb))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", hex::encode(self.0))
    }
}

/// What words stand on: pages are light, or dark where the reader's device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// By day.
    Light,
    /// By night.
    Dark,
}

impl Ground {
    /// The paper, and the shade behind code and notes: `--paper` and `--paper-2` of the style sheet.
    fn papers(self) -> [Colour; 2] {
        match self {
            Self::Light => [Colour([0xff; 3]), Colour([0xf6, 0xf7, 0xf8])],
            Self::Dark => [Colour([0x11, 0x14, 0x16]), Colour([0x1a, 0x1e, 0x21])],
        }
    }

    /// How well words in `colour` stand out here, where they do so least.
    pub fn contrast(self, colour: Colour) -> f64 {
        self.papers().into_iter().map(|paper| contrast(colour, paper)).fold(f64::MAX, f64::min)
    }

    /// Whether words in `colour` can be read here.
    pub fn bears(self, colour: Colour) -> bool {
        self.contrast(colour) >= LEAST_CONTRAST
    }

    /// The colour nearest to `colour` in which words can be read here: darkened or lightened no more than needed.
    pub fn nearest(self, colour: Colour) -> Colour {
        let end = match self {
            Self::Light => Colour([0; 3]),
            Self::Dark => Colour([0xff; 3]),
        };
        (0..=u16::from(u8::MAX)).map(|share| mixed(colour, end, share)).find(|mixed| self.bears(*mixed)).unwrap_or(end)
    }
}

/// `share` 255ths of the way from one colour to another.
fn mixed(Colour(from): Colour, Colour(to): Colour, share: u16) -> Colour {
    let whole = u16::from(u8::MAX);
    let mut channels = from;
    for (channel, to) in channels.iter_mut().zip(to) {
        let sum = u16::from(*channel) * (whole - share) + u16::from(to) * share;
        *channel = u8::try_from(sum / whole).unwrap_or(u8::MAX);
    }
    Colour(channels)
}

/// Colours for links and for what is chosen, in which words can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    light: Colour,
    dark: Option<Colour>,
}

/// Why colours are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAccent {
    /// Not written as colours are.
    #[error("a colour is written as #b3001b")]
    Unreadable,
    /// By day words in it, or white words on it, would be hard to read.
    #[error("the colour is too light for a light page; the nearest that can be read is {0}")]
    TooLight(Colour),
    /// By night words in it would be hard to read.
    #[error("the colour is too dark for a dark page; the nearest that can be read is {0}")]
    TooDark(Colour),
}

impl Accent {
    /// The colour by day, and the one by night if it is not to be made of the other.
    pub fn new(light: Colour, dark: Option<Colour>) -> Result<Self, NotAnAccent> {
        if !Ground::Light.bears(light) {
            return Err(NotAnAccent::TooLight(Ground::Light.nearest(light)));
        }
        match dark {
            Some(dark) if !Ground::Dark.bears(dark) => Err(NotAnAccent::TooDark(Ground::Dark.nearest(dark))),
            dark => Ok(Self { light, dark }),
        }
    }

    /// By day.
    pub fn light(self) -> Colour {
        self.light
    }

    /// By night: the one that was chosen, else the other lightened until it can be read.
    pub fn dark(self) -> Colour {
        self.dark.unwrap_or_else(|| Ground::Dark.nearest(self.light))
    }

    /// The one that was chosen for the night.
    pub fn chosen_dark(self) -> Option<Colour> {
        self.dark
    }
}

impl FromStr for Accent {
    type Err = NotAnAccent;

    /// One colour or two, with a space between them.
    fn from_str(text: &str) -> Result<Self, NotAnAccent> {
        let mut words = text.split_whitespace().map(|word| word.parse().map_err(|NotAColour| NotAnAccent::Unreadable));
        let light = words.next().ok_or(NotAnAccent::Unreadable)??;
        let dark = words.next().transpose()?;
        if words.next().is_some() { Err(NotAnAccent::Unreadable) } else { Self::new(light, dark) }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.light)?;
        self.dark.map_or(Ok(()), |dark| write!(formatter, " {dark}"))
    }
}

/// The contrast between two colours, from 1 to 21.
pub fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(Colour(rgb): Colour) -> f64 {
    let [red, green, blue] = rgb.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_what_the_standard_says() {
        assert!((contrast(Colour([0; 3]), Colour([255; 3])) - 21.0).abs() < 0.001);
        assert!((contrast(Colour([255; 3]), Colour([255; 3])) - 1.0).abs() < 0.001);
        assert!((contrast(Colour([0x76; 3]), Colour([255; 3])) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_colour_is_taken_when_words_in_it_can_be_read() {
        let read = |text: &str| text.parse::<Accent>().map(|accent| accent.to_string());
        assert_eq!(read("#B3001B"), Ok("#b3001b".to_owned()));
        assert_eq!(read(" #b3001b  #FFB4A8 "), Ok("#b3001b #ffb4a8".to_owned()));
        assert!(matches!(read("#ffcc00"), Err(NotAnAccent::TooLight(_))));
        assert!(matches!(read("#b3001b #b3001b"), Err(NotAnAccent::TooDark(_))));
        for text in ["", "b3001b", "#b30", "#b3001b;}", "#zzzzzz", "red", "#b3001b #ffb4a8 #ffffff"] {
            assert_eq!(read(text), Err(NotAnAccent::Unreadable), "{text}");
        }
    }

    #[test]
    fn by_night_a_colour_is_lightened_unless_another_was_chosen() {
        let alone: Accent = "#b3001b".parse().unwrap();
        assert!(Ground::Dark.bears(alone.dark()) && alone.chosen_dark().is_none());
        assert_eq!("#b3001b #ffb4a8".parse::<Accent>().unwrap().dark(), colour("#ffb4a8"));
    }

    #[test]
    fn the_style_sheet_has_the_grounds_that_colours_are_checked_on() {
        let sheet = include_str!("../../static/site.css");
        for (ground, names) in
            [(Ground::Light, "--paper: #fff; --paper-2: "), (Ground::Dark, "--paper: #111416; --paper-2: ")]
        {
            let [_, second] = ground.papers();
            assert!(sheet.contains(&format!("{names}{second};")), "{ground:?}");
        }
    }

    proptest! {
        #[test]
        fn the_nearest_colour_can_be_read_and_one_that_can_is_its_own_nearest(rgb in any::<[u8; 3]>()) {
            for ground in [Ground::Light, Ground::Dark] {
                let nearest = ground.nearest(Colour(rgb));
                prop_assert!(ground.bears(nearest));
                prop_assert_eq!(ground.nearest(nearest), nearest);
            }
        }
    }
}
