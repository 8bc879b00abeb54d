//! The library as a place to choose from: for what, and where the choice goes.

use super::super::super::error::Error;
use super::super::super::texts::library::Library;
use super::super::auth::SignedIn;
use super::super::page::Desk;
use super::{Kind, kind};
use crate::content::{ArticleId, Item};

/// For what something is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Logo,
    ShareImage,
    Lead(ArticleId),
    Share(ArticleId),
    /// With the number of lines above it; none: at the end.
    Text(ArticleId, Option<u32>),
}

/// The same for the page.
#[derive(Debug)]
pub(super) struct Shown {
    /// Where a choice is sent.
    pub(super) action: String,
    /// Which of an article's pictures it becomes; empty: the address says it.
    pub(super) place: String,
    /// The way back without a choice.
    pub(super) back: String,
}

impl Choice {
    /// The one that an address asks for, if its reader may make it.
    pub(super) fn asked(word: &str, signed_in: &SignedIn) -> Result<Option<Self>, Error> {
        let choice = match word {
            "" => return Ok(None),
            "logo" => Self::Logo,
            "share-image" => Self::ShareImage,
            other => Self::of_article(other).ok_or(Error::NotFound)?,
        };
        if matches!(choice, Self::Logo | Self::ShareImage) && !signed_in.member.may_change_settings() {
            return Err(Error::Forbidden);
        }
        Ok(Some(choice))
    }

    fn of_article(word: &str) -> Option<Self> {
        let (number, place) = word.strip_prefix("article-")?.split_once('-')?;
        let id = ArticleId(number.parse().ok().filter(|number: &i64| *number > 0)?);
        match place {
            "lead" => Some(Self::Lead(id)),
            "share" => Some(Self::Share(id)),
            "text" => Some(Self::Text(id, None)),
            place => Some(Self::Text(id, Some(place.strip_prefix("text-")?.parse().ok()?))),
        }
    }

    /// Whether such a thing can be chosen.
    pub(super) fn takes(self, kind: Kind) -> bool {
        kind == Kind::Picture || matches!(self, Self::Text(..))
    }

    /// Why `item` cannot be chosen; empty: it can.
    pub(super) fn hindrance(self, item: &Item, text: &'static Library) -> &'static str {
        // WeChat draws the picture of a card only from a large enough one.
        let is_a_card = matches!(self, Self::ShareImage | Self::Share(_));
        match item {
            Item::Picture(shot) if is_a_card && !shot.media.shareable => text.too_small,
            item if !self.takes(kind(item)) => text.only_pictures,
            _ => "",
        }
    }

    pub(super) fn title(self, text: &'static Library) -> &'static str {
        match self {
            Self::Logo => text.choose_logo,
            Self::ShareImage => text.choose_share_image,
            Self::Lead(_) => text.choose_lead,
            Self::Share(_) => text.choose_share,
            Self::Text(..) => text.choose_text,
        }
    }

    pub(super) fn shown(self, desk: &Desk<'_>) -> Shown {
        let of_article = |id: ArticleId, place: &str| Shown {
            action: desk.url(&format!("/articles/{}/picture", id.0)),
            place: place.to_owned(),
            back: desk.url(&format!("/articles/{}", id.0)),
        };
        let of_settings = |name| Shown {
            action: desk.url(&format!("/settings/{name}")),
            place: String::new(),
            back: desk.url("/settings"),
        };
        match self {
            Self::Logo => of_settings("logo"),
            Self::ShareImage => of_settings("share-image"),
            Self::Lead(id) => of_article(id, "lead"),
            Self::Share(id) => of_article(id, "share"),
            Self::Text(id, None) => of_article(id, "text"),
            Self::Text(id, Some(line)) => of_article(id, &format!("text-{line}")),
        }
    }
}
