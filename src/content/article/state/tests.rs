//! Every step from every state, as one table.

use super::*;

const NOW: Millis = Millis(100);
const LATER: Millis = Millis(200);
const TIMED: Working = Working::Scheduled(LATER);
const STATES: [Working; 7] = [
    Working::Draft,
    Working::InReview(1),
    Working::InReview(2),
    Working::InReview(3),
    Working::Approved,
    TIMED,
    Working::Discarded,
];

/// What a step makes of each of [`STATES`], in their order.
fn row(live: Live, step: impl Fn(State) -> Result<State, Refused>) -> Vec<Result<Working, Refused>> {
    STATES.map(|working| step(State { live, working }).map(|state| state.working)).to_vec()
}

fn rules(stages: i64, barred: Option<Refused>) -> Rules {
    Rules { stages, barred }
}

const TWO: Rules = Rules { stages: 2, barred: None };
const NOT_IN_REVIEW: Result<Working, Refused> = Err(Refused::NotInReview);
const IN_REVIEW: Result<Working, Refused> = Err(Refused::InReview);
const APPROVED: Result<Working, Refused> = Err(Refused::Approved);
const SCHEDULED: Result<Working, Refused> = Err(Refused::Scheduled);
const DISCARDED: Result<Working, Refused> = Err(Refused::Discarded);
const OWN: Result<Working, Refused> = Err(Refused::OwnText);
const NOT_REVIEWED: Result<Working, Refused> = Err(Refused::NotReviewed);
const NOT_SCHEDULED: Result<Working, Refused> = Err(Refused::NotScheduled);
const NOT_DISCARDED: Result<Working, Refused> = Err(Refused::NotDiscarded);

#[expect(clippy::unnecessary_wraps, reason = "one entry of a table of results")]
fn stage(stage: i64) -> Result<Working, Refused> {
    Ok(Working::InReview(stage))
}

#[test]
fn writing_and_review() {
    let draft = Ok(Working::Draft);
    let none = Live::None;
    assert_eq!(row(none, State::edit), [draft, IN_REVIEW, IN_REVIEW, IN_REVIEW, APPROVED, SCHEDULED, DISCARDED]);
    assert_eq!(row(none, State::submit), [stage(1), IN_REVIEW, IN_REVIEW, IN_REVIEW, APPROVED, SCHEDULED, DISCARDED]);
    assert_eq!(
        row(none, |state| state.amend(TWO)),
        [NOT_IN_REVIEW, stage(1), stage(2), stage(3), APPROVED, SCHEDULED, DISCARDED]
    );
    let through = Ok(Working::Approved);
    assert_eq!(
        row(none, |state| state.approve(TWO)),
        [NOT_IN_REVIEW, stage(2), through, through, APPROVED, SCHEDULED, DISCARDED]
    );
    assert_eq!(
        row(none, |state| state.approve(rules(0, None))),
        [NOT_IN_REVIEW, through, through, through, APPROVED, SCHEDULED, DISCARDED]
    );
    assert_eq!(
        row(none, |state| state.approve(rules(2, Some(Refused::OwnText)))),
        [NOT_IN_REVIEW, OWN, OWN, OWN, APPROVED, SCHEDULED, DISCARDED]
    );
    assert_eq!(row(none, State::take_back), [NOT_IN_REVIEW, draft, draft, draft, draft, SCHEDULED, DISCARDED]);
}

#[test]
fn publication() {
    let draft = Ok(Working::Draft);
    for live in [Live::None, Live::Published, Live::Withdrawn] {
        assert_eq!(
            row(live, |state| state.publish(rules(0, None))),
            [draft, draft, draft, draft, draft, draft, DISCARDED]
        );
        assert_eq!(
            row(live, |state| state.publish(TWO)),
            [NOT_REVIEWED, NOT_REVIEWED, draft, draft, draft, draft, DISCARDED]
        );
        assert_eq!(
            row(live, |state| state.publish(rules(2, Some(Refused::OwnText)))),
            [NOT_REVIEWED, NOT_REVIEWED, OWN, OWN, draft, draft, DISCARDED]
        );
        let timed = Ok(TIMED);
        assert_eq!(
            row(live, |state| state.schedule(TWO, LATER, NOW)),
            [NOT_REVIEWED, NOT_REVIEWED, timed, timed, timed, timed, DISCARDED]
        );
    }
    assert_eq!(State::NEW.schedule(rules(0, None), NOW, NOW), Err(Refused::TimePassed));
    let published = State::NEW.publish(rules(0, None));
    assert_eq!(published, Ok(State { live: Live::Published, working: Working::Draft }));
}

#[test]
fn plans_and_their_end() {
    let not = NOT_SCHEDULED;
    assert_eq!(
        row(Live::None, |state| state.unschedule(TWO)),
        [not, not, not, not, not, Ok(Working::Approved), DISCARDED]
    );
    assert_eq!(
        row(Live::None, |state| state.unschedule(rules(0, None))),
        [not, not, not, not, not, Ok(Working::Draft), DISCARDED]
    );
    let timed = State { live: Live::None, working: TIMED };
    assert_eq!(timed.take_down(LATER, NOW), Err(Refused::DownBeforeUp));
    assert_eq!(timed.take_down(Millis(201), NOW), Ok(()));
    assert_eq!(State { live: Live::Published, ..timed }.take_down(Millis(150), NOW), Ok(()));
    assert_eq!(timed.take_down(NOW, NOW), Err(Refused::TimePassed));
    let binned = State { live: Live::None, working: Working::Discarded };
    assert_eq!(binned.take_down(LATER, NOW), Err(Refused::Discarded));
}

#[test]
fn withdrawal_and_the_bin() {
    for live in [Live::None, Live::Withdrawn] {
        assert!(row(live, State::withdraw).into_iter().all(|outcome| outcome == Err(Refused::NotPublished)));
        assert!(row(live, State::expire).into_iter().all(|outcome| outcome == Err(Refused::NotPublished)));
    }
    // A withdrawal ends what was to go out by itself, and nothing else.
    let kept = |working: Working| if working == TIMED { Working::Draft } else { working };
    assert_eq!(row(Live::Published, State::withdraw), STATES.map(|working| Ok(kept(working))));
    assert_eq!(row(Live::Published, State::expire), STATES.map(Ok));
    let away = Ok(Working::Discarded);
    assert_eq!(
        row(Live::None, State::discard),
        [away, IN_REVIEW, IN_REVIEW, IN_REVIEW, APPROVED, SCHEDULED, DISCARDED]
    );
    for live in [Live::Published, Live::Withdrawn] {
        assert!(row(live, State::discard).into_iter().all(|outcome| outcome == Err(Refused::SeenByReaders)));
    }
    let not = NOT_DISCARDED;
    assert_eq!(row(Live::None, State::restore), [not, not, not, not, not, not, Ok(Working::Draft)]);
}

#[test]
fn rules_are_between_people() {
    let of =
        |stages, actor, author, reviewers| Rules::of(stages, actor, Hands { author, submitter: Some(6), reviewers });
    let me = Actor::Member(7);
    assert_eq!(of(3, me, Some(7), [None, None]), rules(3, Some(Refused::OwnText)));
    assert_eq!(of(3, me, Some(8), [None, None]), rules(3, None));
    assert_eq!(of(3, me, None, [None, None]), rules(3, None));
    assert_eq!(of(3, me, Some(8), [Some(7), None]), rules(3, Some(Refused::PassedBefore)));
    assert_eq!(of(3, me, None, [Some(8), Some(7)]), rules(3, Some(Refused::PassedBefore)));
    assert_eq!(of(3, me, None, [Some(8), Some(9)]), rules(3, None));
    assert_eq!(of(3, Actor::Member(6), Some(7), [None, None]), rules(3, Some(Refused::OwnText)));
    assert_eq!(of(0, me, Some(7), [Some(7), Some(7)]), rules(0, None));
    assert_eq!(of(3, Actor::System, Some(7), [None, None]), rules(0, None));
    assert_eq!(of(3, Actor::Import, None, [None, None]), rules(0, None));
}
