//! The first page of the back office: what waits for whom, what goes out next, what is wrong.

use std::time::Duration;

use actix_web::http::StatusCode;
use wxpress::clock::Millis;
use wxpress::content::{Actor, ArticleId, Fields, SiteSettings};
use wxpress::simulator::{Fault, STABLE_TOKEN};
use wxpress::staff::Role;
use wxpress::stats::Measure;

use crate::office::Browser;
use crate::site::{Answer, TestSite};
use crate::wechat_page::step;

const HALF_AN_HOUR: Duration = Duration::from_mins(30);

fn actor(browser: &Browser<'_>) -> Actor {
    Actor::Member(browser.member.unwrap().0)
}

async fn stages(site: &TestSite, review_stages: i64) {
    let settings = site.content().settings().await.unwrap();
    site.content().set_settings(Actor::System, SiteSettings { review_stages, ..settings }).await.unwrap();
}

async fn written(site: &TestSite, browser: &Browser<'_>, headline: &str) -> ArticleId {
    let fields = Fields { headline: headline.to_owned(), ..Fields::default() };
    site.content().create(actor(browser), fields).await.unwrap()
}

async fn submitted(site: &TestSite, browser: &Browser<'_>, headline: &str) -> ArticleId {
    let id = written(site, browser, headline).await;
    site.content().submit(actor(browser), id, 1).await.unwrap();
    id
}

/// What one section of the page says.
fn part(answer: &Answer, name: &str) -> String {
    answer.text(&format!("section[aria-labelledby={name}]"))
}

#[actix_web::test]
async fn a_new_site_says_where_to_begin() {
    let site = TestSite::without_account().await;
    let administrator = Browser::of(&site, "guan", Role::Administrator).await;
    let writer = Browser::of(&site, "wen", Role::Writer).await;

    let page = administrator.get("/admin").await;
    let steps = part(&page, "begin");
    assert!(steps.contains("设置公众号") && steps.contains("写第一篇稿件") && steps.contains("发布并转发"), "{steps}");
    assert!(!steps.contains("已完成"));
    // Nothing is stored before somebody presses a button.
    assert!(steps.contains("然后保存") && !steps.contains("自动保存"), "{steps}");
    assert_eq!(page.attribute(".steps li:first-child a", "href"), "/admin/wechat");
    assert!(part(&page, "account").is_empty(), "the first step says it already");
    assert!(
        page.text("main").contains("没有等您处理的稿件。") && page.text("main").contains("没有定时发布或撤下的稿件。")
    );
    assert!(part(&writer.get("/admin").await, "begin").contains("由管理员设置"));
    assert_eq!(writer.get("/admin").await.attribute(".steps a", "href"), "/admin/articles/new");

    let draft = written(&site, &writer, "第一篇").await;
    assert!(part(&writer.get("/admin").await, "begin").contains("已完成"));
    site.content().publish(Actor::System, draft, None).await.unwrap();
    let page = administrator.get("/admin").await;
    assert!(part(&page, "begin").is_empty() && !part(&page, "read").is_empty());
    assert!(part(&page, "account").contains("没有设置公众号或企业微信"));
}

#[actix_web::test]
async fn a_writer_sees_what_was_sent_back_to_them_with_the_remark() {
    let site = TestSite::new().await;
    stages(&site, 1).await;
    let (wen, other) = (Browser::of(&site, "wen", Role::Writer).await, Browser::of(&site, "ta", Role::Writer).await);
    let editor = Browser::of(&site, "bian", Role::Editor).await;
    let evil = "<script>alert(1)</script>";
    let id = submitted(&site, &wen, evil).await;
    site.content().send_back(actor(&editor), id, "请核对数字\n<img src=x onerror=alert(2)>").await.unwrap();
    submitted(&site, &other, "别人的稿件").await;
    written(&site, &wen, "还在写").await;

    let page = wen.get("/admin").await;

    let waiting = part(&page, "waiting");
    assert!(
        waiting.contains("退回给我的稿件") && waiting.contains(evil) && waiting.contains("请核对数字"),
        "{waiting}"
    );
    assert!(waiting.contains("<img src=x onerror=alert(2)>"), "{waiting}");
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"));
    assert!(!waiting.contains("别人的稿件") && !waiting.contains("还在写"), "{waiting}");
    assert_eq!(page.attribute("#waiting ~ ul a", "href"), format!("/admin/articles/{}", id.0));
    assert!(!part(&other.get("/admin").await, "waiting").contains("退回"));

    // Handed in again, it waits for others.
    let version = site.content().article(id).await.unwrap().version;
    site.content().submit(actor(&wen), id, version).await.unwrap();
    assert!(wen.get("/admin").await.text("main").contains("没有等您处理的稿件。"));
}

#[actix_web::test]
async fn a_reviewer_sees_what_they_may_approve_and_what_may_go_out() {
    let site = TestSite::new().await;
    stages(&site, 2).await;
    let wen = Browser::of(&site, "wen", Role::Writer).await;
    let (one, two) = (Browser::of(&site, "yi", Role::Editor).await, Browser::of(&site, "er", Role::Editor).await);
    submitted(&site, &wen, "待审甲").await;
    submitted(&site, &one, "编辑自己的稿件").await;
    let approved = submitted(&site, &wen, "已过两审").await;
    for editor in [&one, &two] {
        site.content().approve(actor(editor), approved, 1).await.unwrap();
    }

    let waiting = part(&one.get("/admin").await, "waiting");
    assert!(waiting.contains("等我审的稿件") && waiting.contains("待审甲") && waiting.contains("第 1 审"), "{waiting}");
    assert!(waiting.contains("作者：wen 先生"), "{waiting}");
    assert!(!waiting.contains("编辑自己的稿件"), "nobody approves their own text: {waiting}");
    assert!(waiting.contains("已通过，可以发布") && waiting.contains("已过两审"), "{waiting}");
    assert!(part(&two.get("/admin").await, "waiting").contains("编辑自己的稿件"));
    assert!(wen.get("/admin").await.text("main").contains("没有等您处理的稿件。"));
}

#[actix_web::test]
async fn a_long_pile_is_cut_and_says_how_much_is_left() {
    let site = TestSite::new().await;
    let wen = Browser::of(&site, "wen", Role::Writer).await;
    for number in 0..8 {
        submitted(&site, &wen, &format!("稿件{number}")).await;
    }
    let waiting = part(&Browser::of(&site, "bian", Role::Editor).await.get("/admin").await, "waiting");
    assert!(waiting.contains("还有 3 篇") && waiting.contains("稿件7") && !waiting.contains("稿件2"), "{waiting}");
}

#[actix_web::test]
async fn what_goes_out_next_has_its_time_and_what_failed_is_said() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "bian", Role::Editor).await;
    let (sound, broken) = (written(&site, &editor, "明早").await, written(&site, &editor, "出错的").await);
    let now = site.clock.now();
    site.content().publish_at(actor(&editor), broken, 1, now.plus(HALF_AN_HOUR)).await.unwrap();
    site.content().publish_at(actor(&editor), sound, 1, Millis(now.0 + 10 * 3_600_000)).await.unwrap();

    let leaving = written(&site, &editor, "招聘").await;
    site.content().publish(actor(&editor), leaving, None).await.unwrap();
    site.content().set_take_down(actor(&editor), leaving, Some(now.plus(HALF_AN_HOUR * 2))).await.unwrap();

    assert_eq!(editor.get("/admin/").await.header("location"), "/admin");
    let page = editor.get("/admin").await;
    let upcoming = part(&page, "upcoming");
    assert!(upcoming.find("出错的").unwrap() < upcoming.find("招聘").unwrap(), "{upcoming}");
    let others = Browser::of(&site, "wen", Role::Writer).await.get("/admin").await;
    assert!(part(&others, "upcoming").contains("没有定时"), "whoever may not open them is not told of them");
    assert!(upcoming.find("定时撤下").unwrap() < upcoming.find("明早").unwrap(), "{upcoming}");
    assert!(upcoming.find("出错的").unwrap() < upcoming.find("明早").unwrap(), "{upcoming}");
    assert!(upcoming.contains("2026年9月22日 08:13"), "{upcoming}");
    assert!(part(&page, "overdue").is_empty());

    let mut connection = site.state.db.writer().await.unwrap();
    let query = sqlx::query("UPDATE article SET scheduled_revision_id = NULL WHERE id = $1").bind(broken.0);
    query.execute(&mut *connection).await.unwrap();
    drop(connection);
    site.clock.advance(HALF_AN_HOUR);
    assert_eq!(site.content().tick().await.unwrap().failed, [broken]);

    let overdue = part(&editor.get("/admin").await, "overdue");
    assert!(overdue.contains("出错的") && overdue.contains("原定 2026年9月21日 22:43 发布，没有成功"), "{overdue}");
    assert!(overdue.contains("每分钟会再试一次") && !overdue.contains("明早"), "{overdue}");
    // Taken off the schedule, it has not failed any more.
    site.content().unschedule(actor(&editor), broken).await.unwrap();
    assert!(part(&editor.get("/admin").await, "overdue").is_empty());
}

#[actix_web::test]
async fn trouble_with_the_account_is_told_to_who_can_mend_it_and_noted_for_the_others() {
    let mut site = TestSite::new().await;
    let mut keepers = std::mem::take(&mut site.keepers);
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let administrator = Browser::of(&site, "guan", Role::Administrator).await;
    let editor = Browser::of(&site, "bian", Role::Editor).await;
    site.simulator.fault(STABLE_TOKEN, Fault::Errcode { code: 40164, message: None }, None);
    step(&mut keepers).await;

    let trouble = part(&administrator.get("/admin").await, "account");
    assert!(trouble.contains("IP 白名单") && trouble.contains("处理办法："), "{trouble}");
    let page = editor.get("/admin").await;
    assert!(page.text(".warning").contains("请告知管理员") && !page.body.contains("白名单"));

    site.simulator.with(wxpress::simulator::World::clear_faults);
    site.clock.advance(Duration::from_mins(6));
    site.simulator.advance(Duration::from_mins(6));
    step(&mut keepers).await;
    assert!(!administrator.get("/admin").await.body.contains("白名单"));
    assert!(editor.get("/admin").await.text(".warning").is_empty());
}

#[actix_web::test]
async fn what_was_read_this_week_is_shown_with_its_sentence() {
    let site = TestSite::new().await;
    let spring = site.publish("spring", "春天来了", "<p>雪</p>").await;
    let rain = site.publish("rain", "雨水", "<p>雨</p>").await;
    let today = jiff::civil::date(2026, 9, 21);
    for (article, day, views) in [
        (spring, today, 1200),
        (rain, today, 34),
        (rain, today.yesterday().unwrap(), 1),
        (rain, jiff::civil::date(2026, 9, 10), 700),
    ] {
        for _ in 0..views {
            site.state.stats.count(day, article.0, Measure::View);
        }
    }
    site.state.stats.flush().await.unwrap();

    let page = Browser::of(&site, "wen", Role::Writer).await.get("/admin").await;

    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("figcaption"), "7 天共 1,235 次阅读，此前同样天数 700 次。");
    let read = part(&page, "read");
    assert!(read.contains("单日最高 1,234 次") && read.contains("9月15日"), "{read}");
    assert!(read.find("春天来了").unwrap() < read.find("雨水").unwrap(), "{read}");
    assert!(read.contains("直接打开"), "{read}");
    assert_eq!(
        page.attribute("section[aria-labelledby=read] ol a", "href"),
        format!("/admin/figures?article={}", spring.0)
    );
}
