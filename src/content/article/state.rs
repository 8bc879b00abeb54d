//! Where an article stands, and which steps lead from there. Pure: every step either gives the next state or says why
//! there is none.
//!
//! A text that reviewers have, that they approved or that is scheduled is not edited: what was read is what goes out,
//! and a forgotten tab cannot pull it back. Whoever wants to change it takes it back first, which is a step of its own
//! that everybody sees; a reviewer may amend what is in front of them without sending it round again.

use crate::clock::Millis;
use crate::content::Actor;

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
    /// Through all stages, to be published.
    Approved,
    /// Goes out by itself.
    Scheduled(Millis),
    /// In the bin; readers never saw it.
    Discarded,
}

/// Where an article stands on both axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// For readers.
    pub live: Live,
    /// For the newsroom.
    pub working: Working,
}

/// Who has had a text in hand. In 三审 no two of them are the same person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    /// Who began it, by number; none: the import.
    pub author: Option<i64>,
    /// Who handed it in last: what an editor changes in a published article of somebody else's is theirs to answer for.
    pub submitter: Option<i64>,
    /// Who passed its first and its second stage since. Behind the third nobody passes it.
    pub reviewers: [Option<i64>; 2],
}

impl Hands {
    /// Whether a member wrote this text or handed it in.
    pub fn is_of(self, member: i64) -> bool {
        [self.author, self.submitter].contains(&Some(member))
    }
}

/// What a step must know besides the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Stages of review before anything goes out; 0: anybody who may publish does.
    pub stages: i64,
    /// Why the one who acts must not pass this text on: it is theirs, or they passed an earlier stage of it.
    pub barred: Option<Refused>,
}

impl Rules {
    /// The rules for `actor`. Review is between people: the site itself and the import go by none.
    pub fn of(stages: i64, actor: Actor, hands: Hands) -> Self {
        let Actor::Member(member) = actor else { return Self { stages: 0, barred: None } };
        let barred = match hands {
            _ if stages == 0 => None,
            _ if hands.is_of(member) => Some(Refused::OwnText),
            Hands { reviewers, .. } if reviewers.contains(&Some(member)) => Some(Refused::PassedBefore),
            Hands { .. } => None,
        };
        Self { stages, barred }
    }

    fn may_pass(self) -> Result<(), Refused> {
        self.barred.map_or(Ok(()), Err)
    }
}

/// A step that the article's state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its text is with the reviewers.
    #[error("the article is in review and cannot be changed")]
    InReview,
    /// Its text was approved and is not changed any more.
    #[error("the article is approved and cannot be changed")]
    Approved,
    /// Its text is waiting to go out.
    #[error("the article is scheduled and cannot be changed")]
    Scheduled,
    /// It lies in the bin.
    #[error("the article is in the bin")]
    Discarded,
    /// Nobody was asked to review it.
    #[error("the article is not in review")]
    NotInReview,
    /// It must be approved first.
    #[error("the article must pass its review first")]
    NotReviewed,
    /// Nobody approves what they wrote or handed in.
    #[error("nobody approves the text that they wrote or handed in")]
    OwnText,
    /// Each stage is another person's.
    #[error("who passed one stage of a text does not pass the next")]
    PassedBefore,
    /// It has no time at which it goes out.
    #[error("the article is not scheduled")]
    NotScheduled,
    /// It is not in the bin.
    #[error("the article is not in the bin")]
    NotDiscarded,
    /// What readers know is withdrawn, not thrown away.
    #[error("readers have seen the article; withdraw it instead")]
    SeenByReaders,
    /// A plan for the past.
    #[error("that time has passed")]
    TimePassed,
    /// It would be taken down before it goes out.
    #[error("the article would be taken down before it is published")]
    DownBeforeUp,
    /// It cannot be withdrawn.
    #[error("the article is not published")]
    NotPublished,
    /// A page needs one.
    #[error("the article has no headline")]
    NoHeadline,
    /// It names pictures or files that were deleted.
    #[error("a picture or file of the text is no longer in the library")]
    MediaGone,
    /// A correction that says nothing.
    #[error("the correction says nothing")]
    NoNotice,
    /// Whoever gets a text back must be told why.
    #[error("say what has to change")]
    NoRemark,
    /// A fixed page needs one, too.
    #[error("the page has no title")]
    NoTitle,
    /// Nor does a category or a tag go without one.
    #[error("the name is missing")]
    NoName,
    /// Where everything is on top, nothing is.
    #[error("five articles are pinned already; unpin one of them first")]
    TooManyPinned,
}

impl State {
    /// How every article begins.
    pub const NEW: Self = Self { live: Live::None, working: Working::Draft };

    fn at(self, working: Working) -> Self {
        Self { working, ..self }
    }

    /// Whether its working copy may be changed now.
    pub fn edit(self) -> Result<Self, Refused> {
        match self.working {
            Working::Draft => Ok(self),
            Working::InReview(_) => Err(Refused::InReview),
            Working::Approved => Err(Refused::Approved),
            Working::Scheduled(_) => Err(Refused::Scheduled),
            Working::Discarded => Err(Refused::Discarded),
        }
    }

    /// Whether a reviewer may change it now. It stays at its stage: who approves it next reads the changed text.
    pub fn amend(self, rules: Rules) -> Result<Self, Refused> {
        match self.working {
            Working::InReview(_) => rules.may_pass().map(|()| self),
            Working::Draft => Err(Refused::NotInReview),
            Working::Approved | Working::Scheduled(_) | Working::Discarded => self.edit(),
        }
    }

    /// Handed to the reviewers. Also without stages: a writer hands it to somebody who may publish.
    pub fn submit(self) -> Result<Self, Refused> {
        self.edit().map(|state| state.at(Working::InReview(1)))
    }

    /// Passed by the reviewer of its stage. A stage that the site no longer has was the last one.
    pub fn approve(self, rules: Rules) -> Result<Self, Refused> {
        match self.working {
            Working::InReview(stage) => {
                let next = if stage < rules.stages { Working::InReview(stage + 1) } else { Working::Approved };
                rules.may_pass().map(|()| self.at(next))
            }
            Working::Draft => Err(Refused::NotInReview),
            Working::Approved | Working::Scheduled(_) | Working::Discarded => self.edit(),
        }
    }

    /// Back to being written: sent back by a reviewer or taken back by its author.
    pub fn take_back(self) -> Result<Self, Refused> {
        match self.working {
            Working::InReview(_) | Working::Approved => Ok(self.at(Working::Draft)),
            Working::Draft => Err(Refused::NotInReview),
            Working::Scheduled(_) | Working::Discarded => self.edit(),
        }
    }

    /// Its text has become what readers see. To publish at the last stage of review is to approve.
    pub fn publish(self, rules: Rules) -> Result<Self, Refused> {
        let published = Self { live: Live::Published, working: Working::Draft };
        match self.working {
            Working::Draft if rules.stages > 0 => Err(Refused::NotReviewed),
            Working::InReview(stage) if stage < rules.stages => Err(Refused::NotReviewed),
            Working::InReview(_) => rules.may_pass().map(|()| published),
            Working::Discarded => Err(Refused::Discarded),
            Working::Draft | Working::Approved | Working::Scheduled(_) => Ok(published),
        }
    }

    /// To go out by itself at `at`. What is scheduled already may get another time.
    pub fn schedule(self, rules: Rules, at: Millis, now: Millis) -> Result<Self, Refused> {
        self.publish(rules)?;
        if at <= now { Err(Refused::TimePassed) } else { Ok(self.at(Working::Scheduled(at))) }
    }

    /// Not to go out by itself after all. Where there is review, it has passed it.
    pub fn unschedule(self, rules: Rules) -> Result<Self, Refused> {
        match self.working {
            Working::Scheduled(_) if rules.stages > 0 => Ok(self.at(Working::Approved)),
            Working::Scheduled(_) => Ok(self.at(Working::Draft)),
            Working::Draft | Working::InReview(_) | Working::Approved => Err(Refused::NotScheduled),
            Working::Discarded => Err(Refused::Discarded),
        }
    }

    /// Taken from the readers by a person. What was to go out by itself must not bring it back.
    pub fn withdraw(self) -> Result<Self, Refused> {
        let working = match self.working {
            Working::Scheduled(_) => Working::Draft,
            other => other,
        };
        Ok(Self { working, ..self.expire()? })
    }

    /// Taken from the readers because its time is over. What is being worked on stays as it is.
    pub fn expire(self) -> Result<Self, Refused> {
        match self.live {
            Live::Published => Ok(Self { live: Live::Withdrawn, ..self }),
            Live::None | Live::Withdrawn => Err(Refused::NotPublished),
        }
    }

    /// Whether it may get a time at which it is taken down.
    pub fn take_down(self, at: Millis, now: Millis) -> Result<(), Refused> {
        let goes_out = match self.working {
            Working::Discarded => return Err(Refused::Discarded),
            Working::Scheduled(goes_out) if self.live != Live::Published => Some(goes_out),
            Working::Draft | Working::InReview(_) | Working::Approved | Working::Scheduled(_) => None,
        };
        match goes_out {
            _ if at <= now => Err(Refused::TimePassed),
            Some(goes_out) if at <= goes_out => Err(Refused::DownBeforeUp),
            _ => Ok(()),
        }
    }

    /// Into the bin.
    pub fn discard(self) -> Result<Self, Refused> {
        match self.live {
            Live::None => self.edit().map(|state| state.at(Working::Discarded)),
            Live::Published | Live::Withdrawn => Err(Refused::SeenByReaders),
        }
    }

    /// Out of the bin.
    pub fn restore(self) -> Result<Self, Refused> {
        match self.working {
            Working::Discarded => Ok(self.at(Working::Draft)),
            _ => Err(Refused::NotDiscarded),
        }
    }
}

#[cfg(test)]
mod tests;
