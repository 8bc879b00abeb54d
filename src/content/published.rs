//! A published article as its page needs it.

use std::collections::HashMap;

use super::article::{Fields, Times};
use super::attachment::Attachment;
use super::card::{Card, Words};
use super::category::Category;
use super::correction::Correction;
use super::media::{Media, MediaId};
use super::slug::{ArticleId, ArticleKey};
use crate::clock::Millis;

/// A change within so many milliseconds of the publication is not worth a reader's attention.
const A_DAY: i64 = 86_400_000;
/// Characters that a reader takes in per minute.
const PACE: usize = 400;

/// A published article.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// Everything that was written, as of the live revision.
    pub fields: Fields,
    /// 栏目.
    pub category: Option<Category>,
    /// First published, published, modified.
    pub times: Times,
    /// The pictures that it names and that still exist.
    pub media: HashMap<MediaId, Media>,
    /// 更正, newest first.
    pub corrections: Vec<Correction>,
    /// The attachments that it names and that still exist.
    pub attachments: HashMap<MediaId, Attachment>,
}

impl Published {
    /// 题图.
    pub fn lead(&self) -> Option<&Media> {
        self.fields.lead_media.as_ref().and_then(|id| self.media.get(id))
    }

    /// What WeChat shows when the article is passed on.
    pub fn card(&self) -> Card {
        let fields = &self.fields;
        let in_body = fields.body.pictures();
        let wishes = fields.share.media.iter().chain(&fields.lead_media).chain(&in_body);
        let words = Words {
            share_title: &fields.share.title,
            moments_title: &fields.share.moments_title,
            share_text: &fields.share.text,
            headline: &fields.headline,
            summary: &fields.summary,
        };
        Card::new(words, &fields.body.text(), wishes.filter_map(|id| self.media.get(id)))
    }

    /// When the text last changed, if that is a day or more after the date that readers see.
    pub fn updated(&self) -> Option<Millis> {
        let Times { published, modified, .. } = self.times;
        (modified.0.saturating_sub(published.0) >= A_DAY).then_some(modified)
    }

    /// How long it takes to read, in whole minutes, at least one.
    pub fn reading_minutes(&self) -> usize {
        let characters = self.fields.body.text().chars().filter(|character| !character.is_whitespace()).count();
        characters.div_ceil(PACE).max(1)
    }
}

/// Where an address of former times leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// To an article, under the address that it has now.
    Article(ArticleKey),
    /// To another path of this site.
    Path(String),
    /// Nowhere.
    Nothing,
}
