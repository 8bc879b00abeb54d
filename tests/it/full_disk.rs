//! A disk that is full: nothing can be written then, and everything again as soon as there is room.

use wxpress::content::{Fields, Html};
use wxpress::db::{Db, Engine};

use crate::database::{TestContent, written};
use crate::newsroom::WRITER;

/// The database file cannot grow any more, as far as the connection knows that writes now.
async fn fill(db: &Db) {
    let mut writer = db.writer().await.unwrap();
    // It is never less than what there is already.
    sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&mut *writer).await.unwrap();
}

/// There is room again.
async fn lift(db: &Db) {
    let mut writer = db.writer().await.unwrap();
    sqlx::raw_sql("PRAGMA max_page_count = 1000000").execute(&mut *writer).await.unwrap();
}

#[tokio::test]
async fn a_disk_that_was_full_is_written_to_again() {
    let site = TestContent::new().await;
    if site.db.engine() != Engine::Sqlite {
        return;
    }
    let id = site.content.create(WRITER, written("原来的")).await.unwrap();
    let long = Fields { body: Html::clean(&format!("<p>{}</p>", "长".repeat(100_000))), ..written("很长") };
    for version in 1..=3 {
        fill(&site.db).await;
        // This one ends the whole transaction by itself.
        let full = site.content.create(WRITER, long.clone()).await.unwrap_err();
        assert!(full.to_string().contains("full"), "{full}");
        let kept = site.content.save(WRITER, id, version, written(&format!("第 {version} 次"))).await.unwrap();
        assert_eq!(kept, version + 1);

        fill(&site.db).await;
        // This one leaves it open.
        let full = site.content.save(WRITER, id, kept, long.clone()).await.unwrap_err();
        assert!(full.to_string().contains("full"), "{full}");
        lift(&site.db).await;
        site.content.create(WRITER, written("又一篇")).await.unwrap();
    }
    // Nothing of what failed is left.
    assert_eq!(site.numbers("SELECT COUNT(*) FROM article").await, [4]);
    let sizes = site.numbers("SELECT MAX(LENGTH(body)) FROM working_copy").await;
    assert!(sizes.iter().all(|size| *size < 1000), "{sizes:?}");
}
