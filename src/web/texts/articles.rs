//! Articles in the back office: the list, the form, the steps of an article's life, its history.

mod en;
mod zh;

pub(super) use en::EN;
pub(super) use zh::ZH;

use crate::content::Field;
use crate::content::article::Refused;

/// The texts of one language. `{}` stands for what changes.
#[derive(Debug)]
pub(crate) struct Articles {
    // The list.
    pub(crate) new: &'static str,
    pub(crate) all: &'static str,
    pub(crate) shelves: &'static str,
    pub(crate) search: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) any_category: &'static str,
    pub(crate) any_author: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) state: &'static str,
    pub(crate) author: &'static str,
    pub(crate) touched: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) choose_all: &'static str,
    pub(crate) no_headline: &'static str,
    pub(crate) nothing_here: &'static str,
    pub(crate) nothing_advice: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) pinned: &'static str,
    pub(crate) imported: &'static str,

    // Several at once.
    pub(crate) bulk: &'static str,
    pub(crate) bulk_what: &'static str,
    pub(crate) bulk_go: &'static str,
    /// `{}` stands for the category.
    pub(crate) bulk_category: &'static str,
    pub(crate) bulk_notice: &'static str,
    pub(crate) bulk_done: &'static str,
    pub(crate) bulk_refused: &'static str,
    pub(crate) bulk_none: &'static str,
    pub(crate) bulk_no_verb: &'static str,
    pub(crate) bulk_choose_category: &'static str,
    pub(crate) bulk_no_category: &'static str,
    pub(crate) bulk_confirm: &'static str,
    pub(crate) bulk_unconfirmed: &'static str,
    pub(crate) set_category: &'static str,

    // Where an article stands.
    pub(crate) draft: &'static str,
    pub(crate) in_review: &'static str,
    /// By stage, where there is more than one.
    pub(crate) stages: [&'static str; 3],
    pub(crate) approved: &'static str,
    pub(crate) scheduled: &'static str,
    pub(crate) scheduled_at: &'static str,
    pub(crate) published: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) withdrawn: &'static str,
    pub(crate) discarded: &'static str,
    pub(crate) take_down_at: &'static str,
    pub(crate) clock_failed: &'static str,

    // The form.
    pub(crate) fields: FieldNames,
    pub(crate) save: &'static str,
    pub(crate) save_and_submit: &'static str,
    pub(crate) save_and_publish: &'static str,
    pub(crate) save_and_correct: &'static str,
    pub(crate) save_and_preview: &'static str,
    pub(crate) save_amended: &'static str,
    pub(crate) no_category: &'static str,
    pub(crate) choose_lead: &'static str,
    pub(crate) choose_share: &'static str,
    pub(crate) insert_picture: &'static str,
    pub(crate) remove_picture: &'static str,
    pub(crate) picture_missing: &'static str,
    pub(crate) part_text: &'static str,
    pub(crate) part_about: &'static str,
    pub(crate) part_card: &'static str,
    pub(crate) preview: &'static str,
    pub(crate) preview_sign: &'static str,
    pub(crate) preview_back: &'static str,
    pub(crate) see_page: &'static str,
    pub(crate) last_saved: &'static str,
    pub(crate) editing_now: &'static str,
    pub(crate) saved_meanwhile: &'static str,
    pub(crate) qr: &'static str,
    pub(crate) qr_alt: &'static str,
    pub(crate) qr_help: &'static str,
    pub(crate) qr_help_no_cards: &'static str,
    pub(crate) remark_of: &'static str,
    pub(crate) locked_in_review: &'static str,
    pub(crate) locked_approved: &'static str,
    /// The same for who may send it back, and not take it back.
    pub(crate) locked_to_send_back: &'static str,
    pub(crate) locked_scheduled: &'static str,
    pub(crate) locked_discarded: &'static str,
    pub(crate) amending: &'static str,
    pub(crate) live_untouched: &'static str,
    pub(crate) unsaved_found: &'static str,
    pub(crate) unsaved_restore: &'static str,
    pub(crate) unsaved_drop: &'static str,
    pub(crate) unsaved_typed: &'static str,
    /// Where the session has ended: what was typed is on the device, too.
    pub(crate) unsaved_kept: &'static str,
    pub(crate) kept_here: &'static str,
    pub(crate) too_fast: &'static str,

    // Steps.
    pub(crate) steps: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) approve: &'static str,
    pub(crate) approve_stage: &'static str,
    pub(crate) send_back: &'static str,
    pub(crate) remark: &'static str,
    pub(crate) remark_help: &'static str,
    pub(crate) recall: &'static str,
    pub(crate) publish: &'static str,
    pub(crate) publish_again: &'static str,
    pub(crate) unschedule: &'static str,
    pub(crate) withdraw: &'static str,
    pub(crate) pin: &'static str,
    pub(crate) unpin: &'static str,
    pub(crate) discard: &'static str,
    pub(crate) discard_title: &'static str,
    pub(crate) discard_help: &'static str,
    pub(crate) restore: &'static str,
    pub(crate) address: &'static str,
    pub(crate) change_slug: &'static str,
    pub(crate) change_slug_help: &'static str,

    // The page before publication.
    pub(crate) publish_title: &'static str,
    pub(crate) empty_body: &'static str,
    pub(crate) publish_now: &'static str,
    pub(crate) publish_later: &'static str,
    pub(crate) publish_at: &'static str,
    /// How the clock is called that all times are by: that of most newsrooms, and any other, by its `{}`.
    beijing: &'static str,
    elsewhere: &'static str,
    /// `{}` stands for the clock.
    pub(crate) publish_at_help: &'static str,
    pub(crate) reschedule: &'static str,
    /// The heading above, and the way to, a correction.
    pub(crate) correction: &'static str,
    pub(crate) correct_first: &'static str,
    pub(crate) correct: &'static str,
    pub(crate) correct_help: &'static str,
    pub(crate) notice: &'static str,
    pub(crate) will_when: &'static str,
    pub(crate) will_now: &'static str,
    pub(crate) will_keep_date: &'static str,
    /// `{}` stand for when it goes out, the button, and what becomes of it when that is pressed.
    pub(crate) will_wait: &'static str,
    pub(crate) will_where: &'static str,
    pub(crate) will_lists: &'static str,
    pub(crate) will_lists_home: &'static str,
    pub(crate) will_review: &'static str,
    pub(crate) will_review_passed: &'static str,
    pub(crate) will_review_by_this: &'static str,
    pub(crate) will_review_none: &'static str,
    pub(crate) will_review_missing: &'static str,
    pub(crate) will_card: &'static str,
    pub(crate) no_cards: &'static str,
    pub(crate) card_in_chat: &'static str,
    pub(crate) card_in_moments: &'static str,
    pub(crate) card_default_picture: &'static str,
    pub(crate) will_change: &'static str,
    pub(crate) will_change_nothing: &'static str,

    // The page before a withdrawal.
    pub(crate) withdraw_title: &'static str,
    pub(crate) withdraw_lede: &'static str,
    pub(crate) withdraw_notice: &'static str,
    pub(crate) withdraw_notice_help: &'static str,
    pub(crate) withdraw_nothing: &'static str,
    pub(crate) withdraw_now: &'static str,
    pub(crate) take_down_title: &'static str,
    pub(crate) take_down_lede: &'static str,
    pub(crate) take_down_time: &'static str,
    /// `{}` stands for the clock.
    pub(crate) take_down_help: &'static str,
    pub(crate) take_down_set: &'static str,
    pub(crate) take_down_clear: &'static str,

    // Two people on one text.
    pub(crate) conflict_title: &'static str,
    pub(crate) conflict_lede: &'static str,
    pub(crate) conflict_theirs: &'static str,
    pub(crate) conflict_mine: &'static str,
    pub(crate) conflict_equal: &'static str,
    pub(crate) conflict_save_mine: &'static str,
    pub(crate) conflict_take_theirs: &'static str,
    pub(crate) conflict_advice: &'static str,
    pub(crate) conflict_whole: &'static str,
    pub(crate) conflict_step: &'static str,

    // History.
    pub(crate) history: &'static str,
    pub(crate) revisions: &'static str,
    pub(crate) compare: &'static str,
    pub(crate) compare_from: &'static str,
    pub(crate) compare_to: &'static str,
    pub(crate) compared: &'static str,
    pub(crate) no_revisions: &'static str,
    pub(crate) working_copy: &'static str,
    pub(crate) revision: &'static str,
    pub(crate) live: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) when: &'static str,
    pub(crate) who: &'static str,
    pub(crate) reasons: [&'static str; 5],
    pub(crate) restore_revision: &'static str,
    pub(crate) no_difference: &'static str,
    pub(crate) only_markup: &'static str,
    pub(crate) added: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) events: &'static str,
    pub(crate) all_events: &'static str,

    // What is wrong.
    pub(crate) too_long: &'static str,
    /// `{0}` stands for how many there may be, `{1}` for how many there are.
    pub(crate) too_many_tags: &'static str,
    pub(crate) notice_too_long: &'static str,
    pub(crate) bad_slug: &'static str,
    pub(crate) slug_taken: &'static str,
    pub(crate) bad_category: &'static str,
    pub(crate) bad_time: &'static str,
    pub(crate) bad_picture: &'static str,
    pub(crate) picture_gone: &'static str,
    pub(crate) not_yours: &'static str,
    pub(crate) changed_meanwhile: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) refused: fn(Refused) -> &'static str,
}

impl Articles {
    /// What the site's clock is called.
    pub(crate) fn clock(&self, time_zone: &str) -> String {
        if time_zone == "Asia/Shanghai" { self.beijing.to_owned() } else { self.elsewhere.replace("{}", time_zone) }
    }
}

/// The names of an article's fields, and the help beside some.
#[derive(Debug)]
pub(crate) struct FieldNames {
    pub(crate) headline: &'static str,
    pub(crate) standfirst: &'static str,
    pub(crate) standfirst_help: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) summary_help: &'static str,
    pub(crate) byline: &'static str,
    pub(crate) source: &'static str,
    pub(crate) editor: &'static str,
    pub(crate) body: &'static str,
    pub(crate) body_help: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) share_title: &'static str,
    pub(crate) share_title_help: &'static str,
    pub(crate) moments_title: &'static str,
    pub(crate) moments_title_help: &'static str,
    pub(crate) share_text: &'static str,
    pub(crate) share_text_help: &'static str,
    pub(crate) share_media: &'static str,
    pub(crate) share_media_help: &'static str,
    pub(crate) category: &'static str,
    pub(crate) tags: &'static str,
    pub(crate) tags_help: &'static str,
    pub(crate) slug: &'static str,
    pub(crate) slug_help: &'static str,
}

impl FieldNames {
    /// The name of a field that a comparison found.
    pub(crate) fn of(&self, field: Field) -> &'static str {
        match field {
            Field::Headline => self.headline,
            Field::Standfirst => self.standfirst,
            Field::Summary => self.summary,
            Field::Byline => self.byline,
            Field::Source => self.source,
            Field::Editor => self.editor,
            Field::Body => self.body,
            Field::LeadMedia => self.lead,
            Field::ShareTitle => self.share_title,
            Field::MomentsTitle => self.moments_title,
            Field::ShareText => self.share_text,
            Field::ShareMedia => self.share_media,
            Field::Category => self.category,
            Field::Tags => self.tags,
        }
    }
}
