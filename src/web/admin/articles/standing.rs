//! Where an article stands, in words, and which steps this person may take from there.

use super::super::super::texts::articles::Articles;
use super::super::page::Desk;
use crate::content::article::{Hands, Live, Refused, Rules, State, Working};
use crate::content::{Actor, Article};
use crate::staff::{Member, MemberId, Role};

/// One word about an article, with what its colour says besides.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) text: String,
    /// `good`, `warn`, `bad` or nothing.
    pub(super) tone: &'static str,
}

/// Everything there is to say of where an article stands: for readers first, then for the newsroom.
pub(super) fn words(desk: &Desk<'_>, article: &Article) -> Vec<Word> {
    let t = desk.t.articles;
    let mut words = Vec::new();
    let mut say = |text: &str, tone| words.push(Word { text: text.to_owned(), tone });
    match article.state.live {
        Live::None => {}
        Live::Published => say(t.published, "good"),
        Live::Withdrawn => say(t.withdrawn, "bad"),
    }
    match article.state.working {
        Working::Draft if article.state.live == Live::None => say(t.draft, ""),
        Working::Draft if article.unpublished && article.state.live == Live::Published => say(t.changed, "warn"),
        Working::Draft => {}
        Working::InReview(stage) => say(stage_name(t, desk.settings.review_stages, stage), "warn"),
        Working::Approved => say(t.approved, "warn"),
        Working::Scheduled(at) => say(&t.scheduled_at.replace("{}", &desk.date_time(at)), "warn"),
        Working::Discarded => say(t.discarded, "bad"),
    }
    if let Some(at) = article.take_down {
        say(&t.take_down_at.replace("{}", &desk.date_time(at)), "warn");
    }
    if article.pinned {
        say(t.pinned, "");
    }
    if article.clock_failed.is_some() {
        say(t.clock_failed, "bad");
    }
    words
}

/// What a stage of review is called. Where there is only one it needs no number.
fn stage_name(t: &'static Articles, stages: i64, stage: i64) -> &'static str {
    let index = usize::try_from(stage - 1).ok().filter(|_| stages > 1);
    index.and_then(|index| t.stages.get(index)).copied().unwrap_or(t.in_review)
}

/// What this person may do with an article as it stands.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one for each button")]
pub(super) struct May {
    pub(super) save: bool,
    pub(super) amend: bool,
    pub(super) submit: bool,
    pub(super) approve: bool,
    pub(super) send_back: bool,
    pub(super) recall: bool,
    pub(super) publish: bool,
    pub(super) correct: bool,
    /// Go to where a correction is written, even if something else has to happen first.
    pub(super) turn_to_correction: bool,
    pub(super) unschedule: bool,
    pub(super) withdraw: bool,
    pub(super) take_down: bool,
    pub(super) pin: bool,
    pub(super) unpin: bool,
    pub(super) discard: bool,
    pub(super) restore: bool,
    pub(super) change_slug: bool,
}

impl May {
    pub(super) fn of(member: &Member, article: &Article, stages: i64) -> Self {
        let (state, author) = (article.state, article.hands.author);
        let works = member.may_edit(author.map(MemberId));
        let rules = rules(member.id(), article, stages);
        let is_live = state.live == Live::Published;
        // Readers see this text already; there is nothing to review.
        let seen = is_live && !article.unpublished;
        let to_publish = Rules { stages: if seen { 0 } else { stages }, ..rules };
        let publish = member.may_publish() && state.publish(to_publish).is_ok();
        // Without stages an editor whose text it is may publish it, but that is no review.
        let reviews = member.may_review() && !article.hands.is_of(member.id().0);
        let send_back = reviews && state.take_back().is_ok();
        Self {
            save: works && state.edit().is_ok(),
            amend: may_amend((member.id(), member.role()), article, stages),
            submit: works && state.submit().is_ok(),
            approve: member.may_review() && state.approve(rules).is_ok(),
            send_back,
            recall: works && !send_back && state.take_back().is_ok(),
            publish,
            correct: publish && is_live,
            turn_to_correction: member.may_publish() && is_live,
            unschedule: member.may_publish() && state.unschedule(rules).is_ok(),
            withdraw: member.may_publish() && state.withdraw().is_ok(),
            take_down: member.may_publish() && state.working != Working::Discarded && comes_down(article),
            pin: member.may_publish() && is_live && !article.pinned,
            unpin: member.may_publish() && is_live && article.pinned,
            discard: works && state.discard().is_ok(),
            restore: works && state.restore().is_ok(),
            change_slug: works && may_change_slug(member, article),
        }
    }

    /// Whether the text can be changed at all.
    pub(super) fn change(self) -> bool {
        self.save || self.amend
    }

    /// What the page before the end is called; none: it has nothing to offer.
    pub(super) fn end(self, t: &'static Articles) -> Option<&'static str> {
        match (self.withdraw, self.take_down) {
            (true, true) => Some(t.withdraw),
            (true, false) => Some(t.withdraw_title),
            (false, true) => Some(t.take_down_title),
            (false, false) => None,
        }
    }

    /// Whether there is a step besides those at the end of the form.
    pub(super) fn step(self, t: &'static Articles) -> bool {
        let forms = self.approve || self.send_back || self.recall || self.unschedule || self.restore;
        forms
            || self.pin
            || self.unpin
            || self.end(t).is_some()
            || ((self.publish || self.turn_to_correction) && !self.change())
    }
}

/// Whether somebody may publish what they begin to write, without anybody else.
pub(super) fn may_publish_new(member: &Member, stages: i64) -> bool {
    let hands = Hands { author: Some(member.id().0), ..Hands::default() };
    let rules = Rules::of(stages, Actor::Member(member.id().0), hands);
    member.may_publish() && State::NEW.publish(rules).is_ok()
}

/// Whether there is anything to take down at a time: what is out, what goes out by itself, and what has such a time.
fn comes_down(article: &Article) -> bool {
    let goes_out = matches!(article.state.working, Working::Scheduled(_));
    goes_out || article.state.live == Live::Published || article.take_down.is_some()
}

/// An address that readers know is changed by those who publish.
pub(super) fn may_change_slug(member: &Member, article: &Article) -> bool {
    article.state.live == Live::None || member.may_publish()
}

/// A reviewer changes what is in front of them.
fn may_amend((member, role): (MemberId, Role), article: &Article, stages: i64) -> bool {
    let reviews = role.may_review() && article.hands.author != Some(member.0);
    reviews && article.state.amend(rules(member, article, stages)).is_ok()
}

/// Whether somebody who has this article's page open can change the text as it stands now.
pub(super) fn may_change(who: (MemberId, Role), article: &Article, stages: i64) -> bool {
    article.state.edit().is_ok() || may_amend(who, article, stages)
}

fn rules(member: MemberId, article: &Article, stages: i64) -> Rules {
    Rules::of(stages, Actor::Member(member.0), article.hands)
}

/// Why this person cannot change the text now.
pub(super) fn lock(t: &'static Articles, member: &Member, article: &Article, stages: i64) -> Option<&'static str> {
    match article.state.working {
        Working::Draft => None,
        Working::InReview(_) if rules(member.id(), article, stages).barred == Some(Refused::PassedBefore) => {
            Some((t.refused)(Refused::PassedBefore))
        }
        Working::InReview(_) => Some(t.locked_in_review),
        Working::Approved if May::of(member, article, stages).send_back => Some(t.locked_to_send_back),
        Working::Approved => Some(t.locked_approved),
        Working::Scheduled(_) => Some(t.locked_scheduled),
        Working::Discarded => Some(t.locked_discarded),
    }
}
