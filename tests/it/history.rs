//! The texts that an article had, and the log of what happened.

use wxpress::clock::Millis;
use wxpress::content::event::Kind;
use wxpress::content::{Actor, ArticleId, ArticleKey, Change, Error, EventFilter, Field, Reason, compare};

use crate::database::{NOON, TestContent, written};
use crate::newsroom::{EDITOR, WRITER};

#[tokio::test]
async fn an_older_text_comes_back_and_the_newer_one_is_not_lost() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("一")).await.unwrap();
    site.content.publish(WRITER, id, None).await.unwrap();
    site.wait_a_minute();
    site.content.save(WRITER, id, 1, written("二")).await.unwrap();

    let version = site.content.restore_revision(EDITOR, id, (2, 1)).await.unwrap();

    let copy = site.content.working_copy(id).await.unwrap();
    assert_eq!((copy.version, copy.fields.headline.as_str(), copy.saved.by), (version, "一", EDITOR));
    let history = site.content.history(id).await.unwrap();
    let told: Vec<_> = history.iter().map(|text| (text.number, text.reason, text.by, text.live)).collect();
    assert_eq!(told, [(2, Reason::Restore, EDITOR, false), (1, Reason::Publish, WRITER, true)]);
    assert_eq!((history[1].at, history[0].headline.as_str()), (NOON, "二"));
    assert_eq!(site.content.revision(id, 2).await.unwrap(), written("二"));
    // Readers see what was published, until it is published again.
    assert_eq!(site.content.published(&ArticleKey::Number(id)).await.unwrap().fields.headline, "一");
    for (article, number) in [(id, 9), (ArticleId(99), 1)] {
        let missing = site.content.revision(article, number).await;
        assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
    }
}

#[tokio::test]
async fn two_texts_are_compared_field_by_field() {
    let site = TestContent::new().await;
    let id = site.content.create(WRITER, written("死亡三人")).await.unwrap();
    site.content.submit(WRITER, id, 1).await.unwrap();
    site.content.amend(EDITOR, id, 1, written("死亡两人")).await.unwrap();

    let before = site.content.revision(id, 1).await.unwrap();
    let now = site.content.working_copy(id).await.unwrap().fields;
    let differences = compare(&before, &now);

    assert_eq!(differences.iter().map(|one| one.field).collect::<Vec<_>>(), [Field::Headline, Field::Body]);
    let pieces: Vec<_> = differences[0].pieces.iter().map(|(what, text)| (*what, text.as_str())).collect();
    assert_eq!(pieces, [(Change::Same, "死亡"), (Change::Removed, "三"), (Change::Added, "两"), (Change::Same, "人")]);
}

#[tokio::test]
async fn the_log_is_read_by_key_and_by_what_is_asked() {
    let site = TestContent::new().await;
    let first = site.content.create(WRITER, written("一")).await.unwrap();
    let second = site.content.create(EDITOR, written("二")).await.unwrap();
    for id in [first, second] {
        site.content.publish(EDITOR, id, None).await.unwrap();
    }
    let content = &site.content;
    let words = async |filter, before, limit| {
        let events = content.audit(filter, before, limit).await.unwrap();
        events.iter().map(|event| (event.word.clone(), event.article)).collect::<Vec<_>>()
    };
    let event = |word: &str, id| (word.to_owned(), Some(id));

    let all = words(EventFilter::All, None, 10).await;
    assert_eq!(
        all,
        [event("published", second), event("published", first), event("created", second), event("created", first)]
    );
    assert_eq!(words(EventFilter::Member(1), None, 10).await, [event("created", first)]);
    assert_eq!(words(EventFilter::Kind(Kind::Published), None, 1).await, [event("published", second)]);
    assert_eq!(words(EventFilter::Article(first), None, 10).await.len(), 2);
    let third = content.audit(EventFilter::All, None, 3).await.unwrap()[2].id;
    assert_eq!(words(EventFilter::All, Some(third), 10).await, [event("created", first)]);
    let newest = content.audit(EventFilter::All, None, 1).await.unwrap().remove(0);
    assert_eq!((newest.at, newest.actor, newest.detail["headline"].as_str()), (NOON, EDITOR, Some("二")));
}

#[tokio::test]
async fn nobody_edits_the_log_or_a_revision() {
    let site = TestContent::new().await;
    site.published(written("文")).await;
    let mut statements = vec![
        "UPDATE event SET member_id = 9 WHERE actor = 'member'",
        "DELETE FROM event",
        "UPDATE revision SET headline = '改'",
        "UPDATE revision SET planned_at = 1",
    ];
    if crate::database::server().is_some() {
        statements.push("TRUNCATE event");
    }

    for statement in statements {
        let mut transaction = site.db.begin().await.unwrap();
        assert!(sqlx::query(statement).execute(&mut *transaction).await.is_err(), "{statement}");
    }
    assert_eq!(site.content.audit(EventFilter::All, None, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_word_of_another_program_does_not_hide_the_log() {
    let site = TestContent::new().await;
    let mut connection = site.db.writer().await.unwrap();
    sqlx::query("INSERT INTO event (at, actor, kind) VALUES (5, 'system', 'exploded')")
        .execute(&mut *connection)
        .await
        .unwrap();
    drop(connection);

    let event = site.content.audit(EventFilter::All, None, 9).await.unwrap().remove(0);

    assert_eq!((event.kind, event.word.as_str(), event.actor), (None, "exploded", Actor::System));
    assert_eq!(event.at, Millis(5));
}
