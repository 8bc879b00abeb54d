//! What an article is and which steps its life allows. Pure: no database, no clock.

use super::html::Html;
use super::media::MediaId;
use crate::clock::Millis;

/// Everything an editor writes about an article; a working copy and each revision hold one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// 标题.
    pub headline: String,
    /// 导语, the line under it.
    pub standfirst: String,
    /// 摘要, for lists and cards.
    pub summary: String,
    /// 作者.
    pub byline: String,
    /// 来源.
    pub source: String,
    /// 责任编辑.
    pub editor: String,
    /// 正文.
    pub body: Html,
    /// 题图.
    pub lead_media: Option<MediaId>,
    /// What the card says instead of headline, in Moments, and instead of the summary.
    pub share: Share,
    /// 栏目, by number.
    pub category: Option<i64>,
    /// 标签, by name, in order.
    pub tags: Vec<String>,
}

/// What only the card shows. Empty: the article's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Instead of the headline.
    pub title: String,
    /// Instead of the title, in Moments.
    pub moments_title: String,
    /// Instead of the summary.
    pub text: String,
    /// Instead of the lead image.
    pub media: Option<MediaId>,
}

/// The longest of the short texts, in characters.
const LONGEST_LINE: usize = 500;
/// The longest notice to readers, in characters.
const LONGEST_NOTICE: usize = 2000;

impl Fields {
    /// The fields as they may be stored: one line each, no control characters (PostgreSQL refuses U+0000), no
    /// repeated or empty tags.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for line in [
            &mut self.headline,
            &mut self.standfirst,
            &mut self.summary,
            &mut self.byline,
            &mut self.source,
            &mut self.editor,
            &mut self.share.title,
            &mut self.share.moments_title,
            &mut self.share.text,
        ] {
            *line = one_line(line);
        }
        let mut seen = Vec::new();
        self.tags = self.tags.iter().map(|tag| one_line(tag)).collect();
        self.tags.retain(|tag| {
            let folded = folded(tag);
            let new = !folded.is_empty() && !seen.contains(&folded);
            seen.push(folded);
            new
        });
        self
    }
}

/// Text on one line: white space collapsed, control and direction-override characters gone, cut by characters.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !overrides_direction(*character))
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(LONGEST_LINE).collect();
    cut.trim_end().to_owned()
}

/// Text of several lines, none of them empty; each as [`one_line`] leaves it.
pub(super) fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    let cut: String = lines.join("\n").chars().take(LONGEST_NOTICE).collect();
    cut.trim_end().to_owned()
}

/// Characters that make text read otherwise than it is written; in a headline they only serve to deceive.
fn overrides_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name as categories and tags are compared: `Service  Mesh` and `service mesh` are one.
pub(super) fn folded(name: &str) -> String {
    one_line(name).to_lowercase()
}

/// The axis that readers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// Never published.
    None,
    /// To be read.
    Published,
    /// 撤稿: its address says so.
    Withdrawn,
}

/// The axis of the newsroom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Working {
    /// Being written.
    Draft,
    /// Waiting for approval, at stage 1 to 3.
    InReview(i64),
    /// Goes out by itself.
    Scheduled(Millis),
}

/// Where an article stands on both axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// For readers.
    pub live: Live,
    /// For the newsroom.
    pub working: Working,
}

/// A step that the article's state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its text is with the reviewers.
    #[error("the article is in review and cannot be changed")]
    InReview,
    /// Its text is waiting to go out.
    #[error("the article is scheduled and cannot be changed")]
    Scheduled,
    /// It cannot be withdrawn.
    #[error("the article is not published")]
    NotPublished,
    /// A page needs one.
    #[error("the article has no headline")]
    NoHeadline,
    /// A correction that says nothing.
    #[error("the correction says nothing")]
    NoNotice,
    /// A fixed page needs one, too.
    #[error("the page has no title")]
    NoTitle,
    /// Where everything is on top, nothing is.
    #[error("five articles are pinned already; unpin one of them first")]
    TooManyPinned,
}

impl State {
    /// How every article begins.
    pub const NEW: Self = Self { live: Live::None, working: Working::Draft };

    /// Whether its working copy may be changed now.
    pub fn edit(self) -> Result<Self, Refused> {
        match self.working {
            Working::Draft => Ok(self),
            Working::InReview(_) => Err(Refused::InReview),
            Working::Scheduled(_) => Err(Refused::Scheduled),
        }
    }

    /// The state after these fields have become what readers see. It does not depend on the state before: who may
    /// publish what is in review is a question of roles, not of the article.
    pub fn published(fields: &Fields) -> Result<Self, Refused> {
        if fields.headline.is_empty() {
            return Err(Refused::NoHeadline);
        }
        Ok(Self { live: Live::Published, working: Working::Draft })
    }

    /// The state after it was taken from the readers. What is being worked on stays as it is.
    pub fn withdraw(self) -> Result<Self, Refused> {
        match self.live {
            Live::Published => Ok(Self { live: Live::Withdrawn, ..self }),
            Live::None | Live::Withdrawn => Err(Refused::NotPublished),
        }
    }
}

/// The three times of a published article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it first went out; never changes again.
    pub first_published: Millis,
    /// The time that readers see and lists are ordered by.
    pub published: Millis,
    /// When its text last changed.
    pub modified: Millis,
}

impl Times {
    /// The times after a publication now. `dated` is a date of its own, as an import brings; without one a first
    /// publication is dated now and a later one keeps its date.
    pub fn after_publish(before: Option<Self>, dated: Option<Millis>, now: Millis) -> Self {
        match before {
            None => {
                let published = dated.unwrap_or(now);
                Self { first_published: published, published, modified: published }
            }
            Some(before) => {
                let published = dated.unwrap_or(before.published);
                Self { published, modified: now.max(published), ..before }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn titled() -> Fields {
        Fields { headline: "县融媒体中心".to_owned(), ..Fields::default() }
    }

    #[test]
    fn publishing_makes_it_live_and_leaves_a_draft() {
        let published = State::published(&titled());

        assert_eq!(published, Ok(State { live: Live::Published, working: Working::Draft }));
        assert_eq!(State::published(&Fields::default()), Err(Refused::NoHeadline));
    }

    #[test]
    fn only_a_published_article_can_be_withdrawn() {
        let published = State { live: Live::Published, working: Working::Draft };

        assert_eq!(published.withdraw().map(|state| state.live), Ok(Live::Withdrawn));
        assert_eq!(State::NEW.withdraw(), Err(Refused::NotPublished));
        assert_eq!(published.withdraw().and_then(State::withdraw), Err(Refused::NotPublished));
    }

    #[test]
    fn a_text_in_review_or_scheduled_is_not_edited() {
        let waiting = |working| State { live: Live::None, working };

        assert_eq!(waiting(Working::InReview(2)).edit(), Err(Refused::InReview));
        assert_eq!(waiting(Working::Scheduled(Millis(5))).edit(), Err(Refused::Scheduled));
        assert_eq!(State::NEW.edit(), Ok(State::NEW));
    }

    #[test]
    fn publishing_again_keeps_the_first_date() {
        let first = Times::after_publish(None, None, Millis(10));
        let second = Times::after_publish(Some(first), None, Millis(20));

        assert_eq!(second, Times { first_published: Millis(10), published: Millis(10), modified: Millis(20) });
    }

    #[test]
    fn a_headline_loses_what_would_deceive_or_break() {
        let fields = Fields {
            headline: " 通\u{0}知\n第二行\u{202e} ".to_owned(),
            tags: ["Service Mesh", "service  mesh", " ", "云"].map(str::to_owned).to_vec(),
            ..Fields::default()
        }
        .tidied();

        assert_eq!(fields.headline, "通知 第二行");
        assert_eq!(fields.tags, ["Service Mesh", "云"]);
    }

    #[test]
    fn a_notice_keeps_its_lines_and_nothing_else() {
        assert_eq!(paragraphs(" 一\u{0} \r\n\n 二\u{202e}\t三\n"), "一\n二 三");
        assert_eq!(paragraphs(&"长\n".repeat(3000)).chars().count(), 1999);
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(headline in ".{0,600}", tag in ".{0,20}") {
            let once = Fields { headline, tags: vec![tag], ..Fields::default() }.tidied();
            prop_assert_eq!(once.clone().tidied(), once);
        }
    }
}
