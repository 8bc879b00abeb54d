//! `wxpress article`, beside a site that is being read: what an operator decides shows without a restart.

use std::time::Duration;

use crate::database::TestDatabase;
use crate::process::{Ended, Serving, Settings, run, serve};
use crate::rig::{environment, eventually};

/// Far longer than anything takes; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until a page of `site` has this status and holds `text`.
async fn shows(site: &Serving, path: &str, status: u16, text: &str) {
    eventually(&format!("{path} shows {status} with {text:?}"), PATIENCE, async || {
        site.get(path).await.filter(|(found, page)| *found == status && page.contains(text))
    })
    .await;
}

fn article(settings: &Settings, arguments: &[&str]) -> Ended {
    run(settings, &[&["article"], arguments].concat())
}

fn done(ended: Ended) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout.lines().count(), 1, "{ended:?}");
}

#[actix_web::test]
async fn what_an_operator_decides_shows_in_a_site_that_is_being_read() {
    let database = TestDatabase::new().await;
    let settings = environment(&database, database.data_dir());
    let texts = database.data_dir().join("texts");
    std::fs::create_dir(&texts).unwrap();
    for (slug, title) in [("bridge", "石桥恢复通行"), ("snow", "今冬首场雪")] {
        let text = format!("---\ntitle: {title}\ndate: 2026-03-01\nslug: {slug}\n---\n\n正文。\n");
        std::fs::write(texts.join(format!("{slug}.md")), text).unwrap();
    }
    assert_eq!(run(&settings, &["import", texts.to_str().unwrap()]).code, Some(0));
    let mut site = serve(&settings, database.data_dir());
    site.is_ready().await;
    // Read, and so in memory, before anything is decided.
    shows(&site, "/articles/bridge", 200, "石桥恢复通行").await;
    shows(&site, "/", 200, "石桥恢复通行").await;

    done(article(&settings, &["pin", "bridge"]));
    shows(&site, "/", 200, "置顶").await;
    done(article(
        &settings,
        &["correct", "https://news.example.cn/mp/articles/bridge?from=timeline", "--notice", "应为三月"],
    ));
    shows(&site, "/articles/bridge", 200, "应为三月").await;
    done(article(&settings, &["withdraw", "bridge", "--notice", "内容有误"]));
    shows(&site, "/articles/bridge", 410, "内容有误").await;
    assert!(!site.get("/").await.unwrap().1.contains("石桥恢复通行"));
    done(article(&settings, &["publish", "bridge"]));
    shows(&site, "/articles/bridge", 200, "石桥恢复通行").await;
    done(article(&settings, &["pin", "bridge"]));
    shows(&site, "/", 200, "置顶").await;
    done(article(&settings, &["unpin", "bridge"]));
    eventually("it is pinned no longer", PATIENCE, async || {
        site.get("/").await.filter(|(_, page)| !page.contains("置顶"))
    })
    .await;
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_in_one_line() {
    let database = TestDatabase::new().await;
    let settings = environment(&database, database.data_dir());

    for (arguments, words) in [
        (&["pin", "nobody"][..], "no article has the address"),
        (&["withdraw", "999999"], "no article has the address"),
        (&["publish", ""], "no article has the address"),
        (&["unpin", "../../etc/passwd\u{1}"], "no article has the address"),
    ] {
        let ended = article(&settings, arguments);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
}
