//! What happens by itself happens once, at its time or as soon as a process runs again.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use wxpress::clock::{Clock, Millis};
use wxpress::content::article::{Live, Refused, Working};
use wxpress::content::event::Kind;
use wxpress::content::{Actor, ArticleId, ArticleKey, Content, Error, EventFilter, Reason, Ticked};

use crate::database::{NOON, TestContent, TestDatabase, written};
use crate::newsroom::{EDITOR, WRITER, set_stages};

const HOUR: Duration = Duration::from_hours(1);
const ONE: Millis = Millis(NOON.0 + 3_600_000);
const TWO: Millis = Millis(NOON.0 + 7_200_000);

async fn scheduled(content: &Content, headline: &str, at: Millis) -> ArticleId {
    let id = content.create(WRITER, written(headline)).await.unwrap();
    content.publish_at(EDITOR, id, 1, at).await.unwrap();
    id
}

async fn count(content: &Content, kind: Kind) -> usize {
    content.audit(EventFilter::Kind(kind), None, 1000).await.unwrap().len()
}

fn only_published(ids: &[ArticleId]) -> Ticked {
    Ticked { published: ids.to_vec(), ..Ticked::default() }
}

#[tokio::test]
async fn an_article_goes_out_at_its_time_and_not_before() {
    let site = TestContent::new().await;
    let id = scheduled(&site.content, "晨报", ONE).await;
    let version = site.content.look().await.unwrap();

    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    site.clock.advance(HOUR);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[id]));
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());

    let article = site.content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!((article.fields.headline.as_str(), article.times.published), ("晨报", ONE));
    let desk = site.content.article(id).await.unwrap();
    assert_eq!((desk.state.working, desk.unpublished), (Working::Draft, false));
    assert_eq!(site.content.look().await.unwrap(), version + 1);
    let event = site.content.events_of(id, None, 1).await.unwrap().remove(0);
    assert_eq!((event.kind, event.actor), (Some(Kind::Published), Actor::System));
    // The text that was pinned is the text that went out: no second copy of it.
    let history = site.content.history(id).await.unwrap();
    assert_eq!(
        history.iter().map(|text| (text.reason, text.live)).collect::<Vec<_>>(),
        [(Reason::Schedule(ONE), true)]
    );
}

#[tokio::test]
async fn what_was_due_while_nothing_ran_goes_out_late_and_dated_as_planned() {
    let database = TestDatabase::new().await;
    let start =
        async |clock: &Clock| Content::new(database.open().await, database.data_dir().join("media"), clock.clone());
    let clock = Clock::fixed(NOON);
    let before = start(&clock).await;
    let second = scheduled(&before, "二", TWO).await;
    let first = scheduled(&before, "一", ONE).await;
    let again = before.create(WRITER, written("旧文")).await.unwrap();
    before.publish(WRITER, again, None).await.unwrap();
    before.save(WRITER, again, 1, written("新文")).await.unwrap();
    before.publish_at(EDITOR, again, 2, TWO).await.unwrap();
    let next = before.upcoming(2).await.unwrap();
    assert_eq!(next.iter().map(|article| article.id).collect::<Vec<_>>(), [first, second]);
    drop(before);
    clock.advance(HOUR * 48);

    let after = start(&clock).await;
    assert_eq!(after.tick().await.unwrap(), only_published(&[first, second, again]));

    let times = async |id| after.published(&ArticleKey::Number(id)).await.unwrap().times;
    assert_eq!(times(first).await.published, ONE);
    assert_eq!((times(second).await.published, times(second).await.modified), (TWO, TWO));
    // What readers knew already keeps its date.
    assert_eq!((times(again).await.published, times(again).await.modified), (NOON, TWO));
    assert_eq!(start(&clock).await.tick().await.unwrap(), Ticked::default());
}

#[tokio::test]
async fn two_processes_publish_and_take_down_once() {
    let database = TestDatabase::new().await;
    let clock = Clock::fixed(NOON);
    let mut processes = Vec::new();
    for _ in 0..2 {
        processes.push(Content::new(database.open().await, database.data_dir().join("media"), clock.clone()));
    }
    let content = &processes[0];
    let (mut expected, mut published, mut taken_down) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..12 {
        let at = clock.now().plus(HOUR);
        for number in 0..4 {
            let id = scheduled(content, &format!("{round}之{number}"), at).await;
            content.set_take_down(EDITOR, id, Some(at.plus(HOUR))).await.unwrap();
            expected.push(id);
        }
        for _ in 0..2 {
            clock.advance(HOUR);
            let ticks = processes.iter().flat_map(|process| [process.tick(), process.tick()]);
            for ticked in join_all(ticks).await {
                let ticked = ticked.unwrap();
                assert_eq!(ticked.failed, []);
                published.extend(ticked.published);
                taken_down.extend(ticked.taken_down);
            }
        }
    }

    published.sort();
    taken_down.sort();
    assert_eq!((&published, &taken_down), (&expected, &expected));
    assert_eq!(count(content, Kind::Published).await, expected.len());
    assert_eq!(count(content, Kind::TakenDown).await, expected.len());
    assert_eq!(count(content, Kind::ClockFailed).await, 0);
}

#[tokio::test]
async fn a_clock_that_is_set_back_repeats_nothing() {
    let site = TestContent::new().await;
    let id = scheduled(&site.content, "一", ONE).await;
    let later = scheduled(&site.content, "二", TWO).await;
    let Clock::Fixed(hand) = &site.clock else { panic!("the clock moves by itself") };
    hand.store(ONE.0, Ordering::SeqCst);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[id]));

    hand.store(NOON.0, Ordering::SeqCst);
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    hand.store(ONE.0, Ordering::SeqCst);
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    hand.store(TWO.0, Ordering::SeqCst);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[later]));
    assert_eq!(count(&site.content, Kind::Published).await, 2);
}

#[tokio::test]
async fn one_that_fails_holds_up_nothing_and_is_tried_again() {
    let site = TestContent::new().await;
    let broken = scheduled(&site.content, "坏", ONE).await;
    let sound = scheduled(&site.content, "好", TWO).await;
    let pinned = site.numbers("SELECT scheduled_revision_id FROM article ORDER BY id").await[0];
    let set = async |revision: Option<i64>| {
        let query = sqlx::query("UPDATE article SET scheduled_revision_id = $1 WHERE id = $2");
        let mut connection = site.db.writer().await.unwrap();
        query.bind(revision).bind(broken.0).execute(&mut *connection).await.unwrap();
    };
    set(None).await;
    site.clock.advance(HOUR * 2);

    let ticked = site.content.tick().await.unwrap();

    assert_eq!(ticked, Ticked { published: vec![sound], taken_down: Vec::new(), failed: vec![broken] });
    let desk = site.content.article(broken).await.unwrap();
    assert_eq!((desk.clock_failed, desk.state.working), (Some(site.clock.now()), Working::Scheduled(ONE)));
    let event = site.content.events_of(broken, None, 1).await.unwrap().remove(0);
    assert_eq!((event.kind, event.detail["planned"].as_i64()), (Some(Kind::ClockFailed), Some(ONE.0)));
    // Not every second, which would fill the log, but also when the clock was set back meanwhile.
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    set(Some(pinned)).await;
    site.wait_a_minute();
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[broken]));
    assert_eq!(site.content.article(broken).await.unwrap().clock_failed, None);
}

#[tokio::test]
async fn a_plan_may_change_until_it_is_carried_out() {
    let site = TestContent::new().await;
    let moved = scheduled(&site.content, "改期", ONE).await;
    site.content.publish_at(EDITOR, moved, 1, TWO).await.unwrap();
    let dropped = scheduled(&site.content, "取消", ONE).await;
    site.content.unschedule(EDITOR, dropped).await.unwrap();
    let early = scheduled(&site.content, "提前", ONE).await;
    site.content.publish(EDITOR, early, None).await.unwrap();
    let kept = site.content.save(WRITER, moved, 1, written("别的")).await;
    assert!(matches!(kept, Err(Error::Refused(Refused::Scheduled))), "{kept:?}");

    site.clock.advance(HOUR);
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    site.clock.advance(HOUR);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[moved]));

    assert_eq!(site.content.article(early).await.unwrap().times.unwrap().published, NOON);
    let past = site.content.publish_at(EDITOR, dropped, 1, TWO).await;
    assert!(matches!(past, Err(Error::Refused(Refused::TimePassed))), "{past:?}");
}

#[tokio::test]
async fn the_pinned_text_goes_out_whatever_the_working_copy_holds() {
    let site = TestContent::new().await;
    let id = scheduled(&site.content, "审定稿", ONE).await;
    let mut connection = site.db.writer().await.unwrap();
    sqlx::query("UPDATE working_copy SET headline = '未审稿'").execute(&mut *connection).await.unwrap();
    drop(connection);

    site.clock.advance(HOUR);
    site.content.tick().await.unwrap();

    assert_eq!(site.content.published(&ArticleKey::Number(id)).await.unwrap().fields.headline, "审定稿");
}

#[tokio::test]
async fn what_is_withdrawn_does_not_come_back_by_itself() {
    let site = TestContent::new().await;
    let id = site.published(written("文")).await;
    site.content.save(WRITER, id, 1, written("新")).await.unwrap();
    site.content.publish_at(EDITOR, id, 2, ONE).await.unwrap();

    site.content.withdraw(EDITOR, id, "与事实不符").await.unwrap();
    site.clock.advance(HOUR);

    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    let article = site.content.article(id).await.unwrap();
    assert_eq!((article.state.live, article.state.working), (Live::Withdrawn, Working::Draft));
}

#[tokio::test]
async fn what_was_to_be_up_for_a_while_that_is_over_is_down() {
    let site = TestContent::new().await;
    let id = scheduled(&site.content, "限时", ONE).await;
    let too_early = site.content.set_take_down(EDITOR, id, Some(ONE)).await;
    assert!(matches!(too_early, Err(Error::Refused(Refused::DownBeforeUp))), "{too_early:?}");
    site.content.set_take_down(EDITOR, id, Some(TWO)).await.unwrap();
    let late = site.content.publish_at(EDITOR, id, 1, TWO).await;
    assert!(matches!(late, Err(Error::Refused(Refused::DownBeforeUp))), "{late:?}");
    site.clock.advance(HOUR * 5);

    let ticked = site.content.tick().await.unwrap();

    assert_eq!((ticked.published, ticked.taken_down), (vec![id], vec![id]));
    let gone = site.content.published(&ArticleKey::Number(id)).await;
    assert!(matches!(&gone, Err(Error::Withdrawn { notice, .. }) if notice.is_empty()), "{gone:?}");
    assert_eq!(site.content.article(id).await.unwrap().take_down, None);
    // Put up again by a person, it stays.
    site.content.publish(EDITOR, id, None).await.unwrap();
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
}

#[tokio::test]
async fn an_end_that_passed_before_the_beginning_is_forgotten() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("拖了很久")).await.unwrap();
    site.content.set_take_down(EDITOR, id, Some(ONE)).await.unwrap();
    site.clock.advance(HOUR);
    let at = site.clock.now().plus(HOUR);

    site.content.publish_at(EDITOR, id, 1, at).await.unwrap();

    assert_eq!(site.content.article(id).await.unwrap().take_down, None);
    assert_eq!(count(&site.content, Kind::TakeDownCleared).await, 1);
    site.clock.advance(HOUR);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[id]));
    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    // One that is still to come stays, and must come later than the beginning.
    let other = site.content.create(WRITER, written("另一篇")).await.unwrap();
    let later = site.clock.now().plus(HOUR);
    site.content.set_take_down(EDITOR, other, Some(later)).await.unwrap();
    let refused = site.content.publish_at(EDITOR, other, 1, later).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::DownBeforeUp))), "{refused:?}");
    assert_eq!(site.content.article(other).await.unwrap().take_down, Some(later));
}

#[tokio::test]
async fn a_take_down_can_be_called_off() {
    let site = TestContent::new().await;
    let id = site.published(written("文")).await;
    site.content.set_take_down(EDITOR, id, Some(ONE)).await.unwrap();
    site.content.set_take_down(EDITOR, id, None).await.unwrap();
    site.clock.advance(HOUR);

    assert_eq!(site.content.tick().await.unwrap(), Ticked::default());
    let past = site.content.set_take_down(EDITOR, id, Some(ONE)).await;
    assert!(matches!(past, Err(Error::Refused(Refused::TimePassed))), "{past:?}");
}

#[tokio::test]
async fn an_approved_text_is_scheduled_and_stays_approved_when_it_is_not() {
    let site = TestContent::new().await;
    set_stages(&site.content, 1).await;
    let id = site.content.create(WRITER, written("文")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();
    site.content.publish_at(EDITOR, id, 1, ONE).await.unwrap();

    site.content.unschedule(WRITER, id).await.unwrap();
    assert_eq!(site.content.article(id).await.unwrap().state.working, Working::Approved);
    site.content.publish_at(WRITER, id, 1, ONE).await.unwrap();

    // At its time nobody is asked again, whatever the rules are by then.
    set_stages(&site.content, 3).await;
    site.clock.advance(HOUR);
    assert_eq!(site.content.tick().await.unwrap(), only_published(&[id]));
}

#[tokio::test]
async fn what_a_step_ends_besides_stands_in_the_log() {
    let site = TestContent::new().await;
    let content = &site.content;
    let kinds = async |id| {
        let events = content.events_of(id, None, 9).await.unwrap();
        events.iter().map(|event| (event.kind.unwrap(), event.actor)).collect::<Vec<_>>()
    };
    let of = |actor, kinds: &[Kind]| kinds.iter().map(|kind| (*kind, actor)).collect::<Vec<_>>();
    let [withdrawn, expired, renewed] = [
        site.published(written("撤")).await,
        site.published(written("到时")).await,
        site.published(written("再发")).await,
    ];
    for id in [withdrawn, expired] {
        content.set_pinned(EDITOR, id, true).await.unwrap();
        content.set_take_down(EDITOR, id, Some(ONE)).await.unwrap();
    }

    content.withdraw(EDITOR, withdrawn, "错").await.unwrap();
    assert_eq!(kinds(withdrawn).await[..3], of(EDITOR, &[Kind::Withdrawn, Kind::TakeDownCleared, Kind::Unpinned]));

    // Before the clock comes to it, an editor puts out another text: the plan that has passed is void.
    content.set_take_down(EDITOR, renewed, Some(ONE)).await.unwrap();
    content.save(WRITER, renewed, 1, written("新")).await.unwrap();
    site.clock.advance(HOUR * 2);
    content.publish(EDITOR, renewed, None).await.unwrap();
    assert_eq!(kinds(renewed).await[..2], of(EDITOR, &[Kind::Published, Kind::TakeDownCleared]));

    content.tick().await.unwrap();
    assert_eq!(kinds(expired).await[..2], of(Actor::System, &[Kind::TakenDown, Kind::Unpinned]));
    let before = kinds(expired).await.len();
    content.publish(EDITOR, expired, None).await.unwrap();
    content.withdraw(EDITOR, expired, "错").await.unwrap();
    assert_eq!(kinds(expired).await.len(), before + 2, "nothing is told that did not happen");
}
