//! The newsroom's verbs: each from every state, with its event or without a trace; two people on one text.

use std::time::Duration;

use wxpress::clock::Millis;
use wxpress::content::article::{Live, Refused, State, Working};
use wxpress::content::event::Kind;
use wxpress::content::{Actor, ArticleId, Content, Error, EventFilter, SiteSettings};

use crate::database::{NOON, TestContent, written};

pub(crate) const WRITER: Actor = Actor::Member(1);
pub(crate) const EDITOR: Actor = Actor::Member(2);
const EVENING: Millis = Millis(NOON.0 + 8 * 3_600_000);

/// Sets the stages of review that a text has to pass.
pub(crate) async fn set_stages(content: &Content, review_stages: i64) {
    let settings = SiteSettings { review_stages, ..content.settings().await.unwrap() };
    content.set_settings(Actor::System, settings).await.unwrap();
}

pub(crate) async fn version(content: &Content, id: ArticleId) -> i64 {
    content.working_copy(id).await.unwrap().version
}

/// Where an article may stand on a site with two stages of review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Draft,
    FirstStage,
    LastStage,
    Approved,
    Scheduled,
    Discarded,
    Published,
    PublishedInReview,
    PublishedScheduled,
    Withdrawn,
}

const STANDS: [Stand; 10] = [
    Stand::Draft,
    Stand::FirstStage,
    Stand::LastStage,
    Stand::Approved,
    Stand::Scheduled,
    Stand::Discarded,
    Stand::Published,
    Stand::PublishedInReview,
    Stand::PublishedScheduled,
    Stand::Withdrawn,
];

/// An article of the writer's that stands there; it has a revision, whatever it is.
async fn put(content: &Content, stand: Stand) -> ArticleId {
    let id = content.create(WRITER, written("稿")).await.unwrap();
    if matches!(stand, Stand::Published | Stand::PublishedInReview | Stand::PublishedScheduled | Stand::Withdrawn) {
        content.publish(Actor::System, id, None).await.unwrap();
        if matches!(stand, Stand::PublishedInReview | Stand::PublishedScheduled) {
            content.save(WRITER, id, 1, written("改")).await.unwrap();
        }
    } else {
        content.submit(WRITER, id, 1).await.unwrap();
        content.recall(WRITER, id).await.unwrap();
    }
    let now = version(content, id).await;
    let stages = match stand {
        Stand::Draft | Stand::Discarded | Stand::Published | Stand::Withdrawn => 0,
        Stand::FirstStage | Stand::PublishedInReview => 1,
        Stand::LastStage => 2,
        Stand::Approved | Stand::Scheduled | Stand::PublishedScheduled => 3,
    };
    for stage in 0..stages {
        match stage {
            0 => content.submit(WRITER, id, now).await.unwrap(),
            _ => drop(content.approve(Actor::Member(6 + stage), id, now).await.unwrap()),
        }
    }
    match stand {
        Stand::Scheduled | Stand::PublishedScheduled => content.publish_at(EDITOR, id, now, EVENING).await.unwrap(),
        Stand::Discarded => content.discard(WRITER, id).await.unwrap(),
        Stand::Withdrawn => content.withdraw(EDITOR, id, "").await.unwrap(),
        _ => {}
    }
    id
}

#[derive(Clone, Copy, Debug)]
enum Verb {
    Save,
    Amend,
    Submit,
    Approve,
    SendBack,
    Recall,
    Publish,
    PublishAt,
    Unschedule,
    Withdraw,
    TakeDown,
    Correct,
    Pin,
    Discard,
    Restore,
    RestoreRevision,
}

async fn perform(content: &Content, verb: Verb, id: ArticleId) -> Result<(), Error> {
    let at = version(content, id).await;
    match verb {
        Verb::Save => content.save(EDITOR, id, at, written("新")).await.map(drop),
        Verb::Amend => content.amend(EDITOR, id, at, written("新")).await.map(drop),
        Verb::Submit => content.submit(EDITOR, id, at).await,
        Verb::Approve => content.approve(EDITOR, id, at).await.map(drop),
        Verb::SendBack => content.send_back(EDITOR, id, "请核实数字").await,
        Verb::Recall => content.recall(EDITOR, id).await,
        Verb::Publish => content.publish_version(EDITOR, id, at).await,
        Verb::PublishAt => content.publish_at(EDITOR, id, at, EVENING).await,
        Verb::Unschedule => content.unschedule(EDITOR, id).await,
        Verb::Withdraw => content.withdraw(EDITOR, id, "").await,
        Verb::TakeDown => content.set_take_down(EDITOR, id, Some(Millis(EVENING.0 + 1))).await,
        Verb::Correct => content.correct(EDITOR, id, "数字有误").await,
        Verb::Pin => content.set_pinned(EDITOR, id, true).await,
        Verb::Discard => content.discard(EDITOR, id).await,
        Verb::Restore => content.restore(EDITOR, id).await,
        Verb::RestoreRevision => content.restore_revision(EDITOR, id, (at, 1)).await.map(drop),
    }
}

/// What refuses each verb in each of [`STANDS`]; none: nothing does.
fn table() -> Vec<(Verb, [Option<Refused>; 10])> {
    const OK: Option<Refused> = None;
    const REV: Option<Refused> = Some(Refused::InReview);
    const APP: Option<Refused> = Some(Refused::Approved);
    const SCH: Option<Refused> = Some(Refused::Scheduled);
    const BIN: Option<Refused> = Some(Refused::Discarded);
    const NIR: Option<Refused> = Some(Refused::NotInReview);
    const NRD: Option<Refused> = Some(Refused::NotReviewed);
    const NSC: Option<Refused> = Some(Refused::NotScheduled);
    const NPU: Option<Refused> = Some(Refused::NotPublished);
    const NBI: Option<Refused> = Some(Refused::NotDiscarded);
    const SEE: Option<Refused> = Some(Refused::SeenByReaders);
    let edit = [OK, REV, REV, APP, SCH, BIN, OK, REV, SCH, OK];
    let back = [NIR, OK, OK, OK, SCH, BIN, NIR, OK, SCH, NIR];
    let review = [NIR, OK, OK, APP, SCH, BIN, NIR, OK, SCH, NIR];
    let of_readers = [NPU, NPU, NPU, NPU, NPU, NPU, OK, OK, OK, NPU];
    vec![
        (Verb::Save, edit),
        (Verb::Amend, review),
        (Verb::Submit, edit),
        (Verb::Approve, review),
        (Verb::SendBack, back),
        (Verb::Recall, back),
        // What readers see already may go out again without review: with a date, with a correction.
        (Verb::Publish, [NRD, NRD, OK, OK, OK, BIN, OK, NRD, OK, NRD]),
        (Verb::PublishAt, [NRD, NRD, OK, OK, OK, BIN, NRD, NRD, OK, NRD]),
        (Verb::Unschedule, [NSC, NSC, NSC, NSC, OK, BIN, NSC, NSC, OK, NSC]),
        (Verb::Withdraw, of_readers),
        (Verb::TakeDown, [OK, OK, OK, OK, OK, BIN, OK, OK, OK, OK]),
        (Verb::Correct, [NPU, NPU, NPU, NPU, NPU, NPU, OK, NRD, OK, NPU]),
        (Verb::Pin, of_readers),
        (Verb::Discard, [OK, REV, REV, APP, SCH, BIN, SEE, SEE, SEE, SEE]),
        (Verb::Restore, [NBI, NBI, NBI, NBI, NBI, OK, NBI, NBI, NBI, NBI]),
        (Verb::RestoreRevision, edit),
    ]
}

/// Everything that a step could have changed.
async fn trace(site: &TestContent, id: ArticleId) -> String {
    let article = site.content.article(id).await.unwrap();
    let text = site.content.working_copy(id).await.unwrap().fields.headline;
    let rows = site.numbers("SELECT COUNT(*) FROM event UNION ALL SELECT COUNT(*) FROM revision UNION ALL SELECT COUNT(*) FROM correction").await;
    format!("{article:?} {text} {rows:?} {}", site.content.look().await.unwrap())
}

#[tokio::test]
async fn every_verb_in_every_state_does_what_the_table_says() {
    let site = TestContent::new().await;
    set_stages(&site.content, 2).await;
    for (verb, expected) in table() {
        for (stand, expected) in STANDS.into_iter().zip(expected) {
            let id = put(&site.content, stand).await;
            let before = trace(&site, id).await;

            let outcome = perform(&site.content, verb, id).await;

            let after = trace(&site, id).await;
            match (expected, outcome) {
                (None, Ok(())) => {
                    assert_ne!(before, after, "{verb:?} of {stand:?} left no trace");
                    let events = site.content.events_of(id, None, 1).await.unwrap();
                    assert_eq!(events[0].actor, EDITOR, "{verb:?} of {stand:?}");
                }
                (Some(expected), Err(Error::Refused(why))) if why == expected => {
                    assert_eq!(before, after, "{verb:?} of {stand:?} was refused and changed something");
                }
                (expected, outcome) => panic!("{verb:?} of {stand:?}: {outcome:?} instead of {expected:?}"),
            }
            if site.content.article(id).await.unwrap().pinned {
                site.content.set_pinned(EDITOR, id, false).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn a_text_goes_through_three_stages_to_the_readers() {
    let site = TestContent::new().await;
    set_stages(&site.content, 3).await;
    let id = site.content.create(WRITER, written("洪水")).await.unwrap();

    site.content.submit(WRITER, id, 1).await.unwrap();
    let mut stands = Vec::new();
    for reviewer in [2, 3, 4] {
        stands.push(site.content.approve(Actor::Member(reviewer), id, 1).await.unwrap());
    }
    site.content.publish_version(EDITOR, id, 1).await.unwrap();

    assert_eq!(stands, [Working::InReview(2), Working::InReview(3), Working::Approved]);
    let article = site.content.article(id).await.unwrap();
    assert_eq!(article.state, State { live: Live::Published, working: Working::Draft });
    let events = site.content.events_of(id, None, 10).await.unwrap();
    let words: Vec<&str> = events.iter().rev().map(|event| event.word.as_str()).collect();
    assert_eq!(words, ["created", "submitted", "approved", "approved", "approved", "published"]);
    assert_eq!(events[1].detail["stage"], 3);
}

#[tokio::test]
async fn nobody_passes_two_stages_of_one_text_in_any_way() {
    let site = TestContent::new().await;
    set_stages(&site.content, 3).await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();
    site.content.approve(EDITOR, id, 1).await.unwrap();

    let second = [
        site.content.approve(EDITOR, id, 1).await.map(drop),
        site.content.amend(EDITOR, id, 1, written("改")).await.map(drop),
    ];
    site.content.approve(Actor::Member(3), id, 1).await.unwrap();
    let third = [
        site.content.approve(EDITOR, id, 1).await.map(drop),
        site.content.approve(Actor::Member(3), id, 1).await.map(drop),
        site.content.publish(EDITOR, id, None).await,
        site.content.publish_at(EDITOR, id, 1, EVENING).await,
    ];
    for outcome in second.into_iter().chain(third) {
        assert!(matches!(outcome, Err(Error::Refused(Refused::PassedBefore))), "{outcome:?}");
    }
    // What was passed may still be sent back, and is then a text that nobody has passed.
    site.content.send_back(EDITOR, id, "再核实").await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();
    assert_eq!(site.content.approve(EDITOR, id, 1).await.unwrap(), Working::InReview(2));
    // Once it has passed them all, anybody who may publish does.
    site.content.approve(Actor::Member(3), id, 1).await.unwrap();
    site.content.approve(Actor::Member(4), id, 1).await.unwrap();
    site.content.publish(EDITOR, id, None).await.unwrap();
}

#[tokio::test]
async fn nobody_approves_the_own_text_in_any_way() {
    let site = TestContent::new().await;
    set_stages(&site.content, 1).await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();

    for outcome in [
        site.content.approve(WRITER, id, 1).await.map(drop),
        site.content.publish(WRITER, id, None).await,
        site.content.publish_at(WRITER, id, 1, EVENING).await,
        site.content.amend(WRITER, id, 1, written("改")).await.map(drop),
    ] {
        assert!(matches!(outcome, Err(Error::Refused(Refused::OwnText))), "{outcome:?}");
    }

    // Who publishes at the last stage has approved it.
    site.content.publish(EDITOR, id, None).await.unwrap();
    let approved = site.content.audit(EventFilter::Kind(Kind::Approved), None, 5).await.unwrap();
    assert_eq!(approved.iter().map(|event| event.actor).collect::<Vec<_>>(), [EDITOR]);
    // Without stages everybody who may publish does.
    set_stages(&site.content, 0).await;
    let own = site.content.create(WRITER, written("短讯")).await.unwrap();
    site.content.publish(WRITER, own, None).await.unwrap();
}

#[tokio::test]
async fn what_is_sent_back_says_why_until_it_comes_again() {
    let site = TestContent::new().await;
    set_stages(&site.content, 2).await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();
    let silent = site.content.send_back(EDITOR, id, " \n ").await;
    assert!(matches!(silent, Err(Error::Refused(Refused::NoRemark))), "{silent:?}");

    site.content.send_back(EDITOR, id, "请核实数字").await.unwrap();

    let article = site.content.article(id).await.unwrap();
    assert_eq!((article.remark.as_str(), article.state.working), ("请核实数字", Working::Draft));
    let events = site.content.events_of(id, None, 1).await.unwrap();
    assert_eq!((events[0].kind, events[0].detail["remark"].as_str()), (Some(Kind::SentBack), Some("请核实数字")));
    site.content.submit(WRITER, id, 1).await.unwrap();
    assert_eq!(site.content.article(id).await.unwrap().remark, "");
}

#[tokio::test]
async fn what_a_reviewer_amends_stays_at_its_stage_and_goes_out() {
    let site = TestContent::new().await;
    set_stages(&site.content, 2).await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();

    let amended = site.content.amend(EDITOR, id, 1, written("文（修订）")).await.unwrap();

    // The next reviewer has the old text open.
    let stale = site.content.approve(Actor::Member(3), id, 1).await;
    assert!(matches!(&stale, Err(Error::Conflict(theirs)) if theirs.version == amended), "{stale:?}");
    assert_eq!(site.content.approve(Actor::Member(3), id, amended).await.unwrap(), Working::InReview(2));
    site.content.publish_version(EDITOR, id, amended).await.unwrap();
    let texts: Vec<_> = site.content.history(id).await.unwrap().into_iter().map(|text| text.headline).collect();
    assert_eq!(texts, ["文（修订）", "文（修订）", "文"]);
}

#[tokio::test]
async fn no_step_is_taken_on_a_text_that_somebody_else_has_changed() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("一")).await.unwrap();
    site.content.publish(WRITER, id, None).await.unwrap();
    site.wait_a_minute();
    site.content.save(EDITOR, id, 1, written("二")).await.unwrap();
    let before = trace(&site, id).await;

    for outcome in [
        site.content.save(WRITER, id, 1, written("三")).await.map(drop),
        site.content.submit(WRITER, id, 1).await,
        site.content.publish_version(WRITER, id, 1).await,
        site.content.publish_at(WRITER, id, 1, EVENING).await,
        site.content.restore_revision(WRITER, id, (1, 1)).await.map(drop),
    ] {
        let Err(Error::Conflict(theirs)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((theirs.version, theirs.fields.headline.as_str()), (2, "二"));
        assert_eq!((theirs.saved.by, theirs.saved.at), (EDITOR, site.clock.now()));
    }
    assert_eq!(trace(&site, id).await, before);
}

#[tokio::test]
async fn a_text_without_headline_goes_to_nobody() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("")).await.unwrap();

    for outcome in [
        site.content.submit(WRITER, id, 1).await,
        site.content.publish(WRITER, id, None).await,
        site.content.publish_at(WRITER, id, 1, EVENING).await,
    ] {
        assert!(matches!(outcome, Err(Error::Refused(Refused::NoHeadline))), "{outcome:?}");
    }
}

#[tokio::test]
async fn who_has_an_article_open_is_seen_for_a_minute_and_a_half() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    let others = async |member| {
        let others = site.content.open_for_editing(id, member).await.unwrap();
        others.iter().map(|presence| presence.member).collect::<Vec<_>>()
    };

    assert_eq!(others(1).await, [0; 0]);
    assert_eq!(others(2).await, [1]);
    site.clock.advance(Duration::from_secs(80));
    assert_eq!(others(1).await, [2]);
    site.clock.advance(Duration::from_secs(20));
    assert_eq!(others(2).await, [1]);
    site.content.close_editing(id, 1).await.unwrap();
    assert_eq!(others(2).await, [0; 0]);
    let missing = site.content.open_for_editing(ArticleId(99), 1).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
}

#[tokio::test]
async fn what_is_broken_off_half_way_never_happened() {
    let site = TestContent::new().await;
    let mut finished = 0;
    for patience in 0..400_u32 {
        let id = site.content.create(WRITER, written("文")).await.unwrap();
        let content = site.content.clone();
        // The future is dropped where it stands, as by a connection that is gone.
        tokio::select! {
            biased;
            outcome = content.publish(EDITOR, id, None) => { outcome.unwrap(); finished += 1; }
            () = waited(patience) => {}
        }
        // What was on its way to the database when it was dropped has arrived when this has its turn.
        let mut transaction = site.db.begin().await.unwrap();
        let turn = sqlx::query("UPDATE article SET created_at = created_at WHERE id = $1").bind(id.0);
        turn.execute(&mut *transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        let article = site.content.article(id).await.unwrap();
        let events = site.content.events_of(id, None, 9).await.unwrap().len();
        let texts = site.content.history(id).await.unwrap().len();
        let whole = match article.state.live {
            Live::Published => (2, 1, false),
            Live::None | Live::Withdrawn => (1, 0, true),
        };
        assert_eq!((events, texts, article.unpublished), whole, "after {patience} steps");
        if finished > 3 {
            break;
        }
    }
}

async fn waited(steps: u32) {
    for _ in 0..steps {
        tokio::task::yield_now().await;
    }
}
