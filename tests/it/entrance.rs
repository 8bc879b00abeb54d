//! The way in: first start, invitation, new password, both steps, and who stays outside.

use std::time::Duration;

use actix_web::http::StatusCode;
use futures_util::future::join;
use wxpress::staff::{By, Role};

use crate::office::{Browser, SESSION_COOKIE, code, password_of};
use crate::site::{Answer, TestSite};

const PASSWORD: &str = "tidal Lantern 42 gorge";

/// What somebody types who comes.
fn newcomer<'a>(login: &'a str, name: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [("login", login), ("name", name), ("password", password), ("again", password)]
}

/// The values of a page's fields, which are kept when a form is refused.
fn typed(page: &Answer, fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| page.attribute(&format!("[name={field}]"), "value")).collect()
}

impl Browser<'_> {
    /// Types name and password into the sign-in page.
    async fn signs_in(&self, login: &str, password: &str, next: &str) -> Answer {
        let page = self.get("/admin/sign-in").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        self.post("/admin/sign-in", &[("login", login), ("password", password), ("next", next)]).await
    }
}

/// A site where `li` is an editor, and what her authenticator holds.
async fn with_li(site: &TestSite) -> String {
    let li = Browser::of(site, "li", Role::Editor).await;
    site.clock.advance(Duration::from_mins(1));
    li.secret.clone()
}

#[actix_web::test]
async fn from_the_first_start_to_the_first_page() {
    let site = TestSite::new().await;
    let browser = Browser::new(&site);
    let empty = browser.get("/admin/sign-in").await;
    assert!(empty.text(".warning").contains("wxpress staff setup"), "{}", empty.body);
    let link = site.state.staff.setup_link().await.unwrap().unwrap().path.expose().clone();
    let page = browser.get(&link).await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "首次设置"));
    assert_eq!(typed(&page, &["site_name"]), ["云溪新闻"]);

    let all_wrong = [("site_name", " "), ("login", "李"), ("name", ""), ("password", PASSWORD), ("again", "x")];
    let refused = browser.post(&link, &all_wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body.matches("<li><a href=\"#").count(), 4, "everything is said at once: {}", refused.body);
    assert_eq!(typed(&refused, &["site_name", "login", "name"]), [" ", "李", ""]);
    assert!(!refused.body.contains(PASSWORD), "a password never comes back");

    let right = newcomer("chief", "陈主编", PASSWORD);
    let done = browser.post(&link, &[&[("site_name", "云溪日报")], &right[..]].concat()).await;
    assert_eq!(done.header("location"), "/admin/second-step/set-up");
    let step = browser.follow(&done).await;
    assert_eq!(browser.get("/admin").await.header("location"), "/admin/second-step/set-up?next=%2Fadmin");
    assert!(step.attribute(".qr path", "d").len() > 1000, "{}", step.body);
    let secret = step.text("#secret");
    let wrong = browser.post("/admin/second-step/set-up", &[("code", "12345")]).await;
    assert_eq!((wrong.status, typed(&wrong, &["code"])), (StatusCode::UNPROCESSABLE_ENTITY, vec!["12345".to_owned()]));
    assert_eq!(wrong.text("#secret"), secret, "the authenticator is fed only once");
    let codes = browser.post("/admin/second-step/set-up", &[("code", &code(&site, &secret))]).await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.body);
    let shown: Vec<String> = codes.body.split("<code>").skip(1).map(|rest| rest[..14].to_owned()).collect();
    assert_eq!(shown.len(), 10);
    let file = codes.attribute("a[download]", "href");
    let file = percent_encoding::percent_decode_str(&file).decode_utf8().unwrap();
    assert!(shown.iter().all(|code| file.contains(code.as_str())) && file.contains("云溪日报"), "{file}");
    assert_eq!(codes.header("cache-control"), "no-store");
    let office = browser.get(&codes.attribute("a.primary", "href")).await;
    assert_eq!(office.status, StatusCode::OK);
    assert!(office.text(".who").contains("陈主编") && office.text(".name").contains("云溪日报"), "{}", office.body);
    assert_eq!(site.state.content.settings().await.unwrap().name, "云溪日报");

    // The link is used up; nothing of it works twice.
    let other = Browser::new(&site);
    let late = other.get(&link).await;
    assert_eq!((late.status, late.text("h1").as_str()), (StatusCode::GONE, "这个设置链接已经失效"));
    other.get("/admin/sign-in").await;
    let rival = newcomer("rival", "rival", PASSWORD);
    let late = other.post(&link, &[&[("site_name", "x")], &rival[..]].concat()).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert_eq!(site.state.staff.members().await.unwrap().len(), 1);
    assert_eq!(site.state.content.settings().await.unwrap().name, "云溪日报");
    let sign_in = other.get("/admin/sign-in").await;
    assert!(!sign_in.body.contains("wxpress staff setup"), "somebody works here now");

    // And in again, with both steps.
    let out = browser.post("/admin/sign-out", &[]).await;
    assert!(out.headers.get("clear-site-data").is_none(), "unsaved texts live in the browser's storage");
    let page = browser.follow(&out).await;
    assert_eq!(page.text("[role=status]"), "已退出。");
    site.clock.advance(Duration::from_mins(1));
    let halfway = browser.signs_in("CHIEF", PASSWORD, "/admin/account").await;
    assert_eq!(halfway.header("location"), "/admin/second-step?next=%2Fadmin%2Faccount");
    let step = browser.follow(&halfway).await;
    assert!(step.text(".lede").contains("陈主编"), "{}", step.body);
    let fields = [("code", code(&site, &secret)), ("next", typed(&step, &["next"]).remove(0))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.post("/admin/second-step", &fields).await;
    assert_eq!(done.header("location"), "/admin/account");
    assert_eq!(browser.follow(&done).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn whoever_is_invited_joins_as_what_they_were_invited() {
    let site = TestSite::new().await;
    with_li(&site).await;
    let link = site.state.staff.invite(By::Operator, "王记者", Role::Writer).await.unwrap().path.expose().clone();
    let browser = Browser::new(&site);
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert_eq!((page.status, typed(&page, &["name"])), (StatusCode::OK, vec!["王记者".to_owned()]));
        assert!(page.text(".lede").contains("记者"), "{}", page.body);
        assert_eq!(page.header("referrer-policy"), "same-origin");
    }
    for (login, password, again, what) in [
        ("li", PASSWORD, PASSWORD, "这个登录名已经有人使用"),
        ("wang", "short", "short", "至少要有 12 个字符"),
        ("wang", "password1234", "password1234", "很容易被猜到"),
        ("wang", "云溪新闻云溪新闻云溪新闻", "云溪新闻云溪新闻云溪新闻", "网站名称"),
        ("wang", PASSWORD, "", "不一样"),
    ] {
        let fields = [("login", login), ("name", "王 记者"), ("password", password), ("again", again)];
        let refused = browser.post(&link, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text(".errors").contains(what), "{what}: {}", refused.text(".errors"));
        assert_eq!(typed(&refused, &["login", "name"]), [login, "王 记者"]);
        assert!(!refused.body.contains(password), "{password}");
    }
    let fields = [&[("role", "administrator"), ("site_name", "x")], &newcomer("wang", "王记者", PASSWORD)[..]].concat();
    let done = browser.post(&link, &fields).await;
    assert_eq!(done.header("location"), "/admin");
    assert_eq!(browser.follow(&done).await.status, StatusCode::OK);
    assert_eq!(browser.get("/admin/staff").await.status, StatusCode::FORBIDDEN, "a wish for a role is not heard");
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn a_new_password_is_chosen_by_link_once() {
    let site = TestSite::new().await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    site.clock.advance(Duration::from_mins(1));
    let link = site.state.staff.reset_link(By::Operator, li.member.unwrap()).await.unwrap().path.expose().clone();
    let browser = Browser::new(&site);
    for _ in 0..2 {
        // Messengers look at links before anybody opens them.
        assert!(browser.get(&link).await.text(".lede").contains("li 先生（li）"));
    }
    assert_eq!(li.get("/admin").await.status, StatusCode::OK);
    let refused = browser.post(&link, &[("password", PASSWORD), ("again", "else")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = browser.post(&link, &[("password", "short"), ("again", "short")]).await;
    assert!(refused.text("#password-error").contains("12"), "{}", refused.body);
    let done = browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(done.header("location"), "/admin/second-step", "no step is skipped");
    assert_eq!(li.get("/admin").await.header("location"), "/admin/sign-in?next=%2Fadmin");
    browser.follow(&done).await;
    let late = browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(late.status, StatusCode::GONE);
    let done = browser.post("/admin/second-step", &[("code", &li.code())]).await;
    assert_eq!(done.header("location"), "/admin");
}

#[actix_web::test]
async fn a_link_that_is_no_longer_good_says_nothing_else() {
    let site = TestSite::new().await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    let staff = &site.state.staff;
    let withdrawn = staff.invite(By::Operator, "王记者", Role::Writer).await.unwrap();
    let id = staff.invitations().await.unwrap()[0].id;
    staff.withdraw_invitation(By::Operator, id).await.unwrap();
    let expired = staff.reset_link(By::Operator, li.member.unwrap()).await.unwrap();
    site.clock.advance(Duration::from_mins(30));
    let browser = Browser::new(&site);
    browser.get("/admin/sign-in").await;
    let mut said = Vec::new();
    for link in [
        withdrawn.path.expose().as_str(),
        expired.path.expose(),
        "/admin/join/x",
        "/admin/reset/%00",
        "/admin/join/%3Cscript%3E",
    ] {
        for answer in [browser.get(link).await, browser.post(link, &newcomer("x", "x", PASSWORD)).await] {
            assert_eq!(answer.status, StatusCode::GONE, "{link}: {}", answer.body);
            said.push(answer.body);
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("这个链接已经失效"), "{}", said[0]);
}

#[actix_web::test]
async fn who_is_not_let_in_cannot_tell_why() {
    let site = TestSite::new().await;
    with_li(&site).await;
    Browser::of(&site, "chief", Role::Administrator).await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    site.state.staff.disable(By::Operator, wang.member.unwrap()).await.unwrap();
    let browser = Browser::new(&site);
    browser.get("/admin/sign-in").await;
    let mut said = Vec::new();
    for (login, password) in [
        ("nobody", PASSWORD.to_owned()),
        ("li", PASSWORD.to_owned()),
        ("wang", password_of("wang")),
        ("wang", PASSWORD.to_owned()),
        ("not a name", String::new()),
    ] {
        let answer = browser.signs_in(login, &password, "").await;
        assert_eq!(typed(&answer, &["login"]), [login]);
        assert!(!answer.body.contains(PASSWORD));
        let headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        let value = format!("value=\"{login}\"");
        assert!(answer.body.contains(&value), "{}", answer.body);
        said.push(format!("{} {headers:?} {}", answer.status, answer.body.replace(&value, "value=\"\"")));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].starts_with("422") && said[0].contains("登录名或密码不对"), "{}", said[0]);
}

#[actix_web::test]
async fn who_tries_too_often_waits_and_types_nothing_twice() {
    let site = TestSite::new().await;
    with_li(&site).await;
    for login in ["li", "nobody"] {
        let browser = Browser::new(&site);
        browser.get("/admin/sign-in").await;
        let fields = [("login", login), ("password", "wrong"), ("keep", "true"), ("next", "/admin/account")];
        for _ in 0..5 {
            assert_eq!(browser.post("/admin/sign-in", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let refused = browser.post("/admin/sign-in", &fields).await;
        assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
        assert_eq!(refused.text(".errors li"), "尝试次数过多，请等 1 秒再试。");
        assert_eq!(typed(&refused, &["login", "next"]), [login, "/admin/account"]);
        assert!(refused.body.contains("name=\"keep\" value=\"true\" checked"), "{}", refused.body);
    }
    site.clock.advance(Duration::from_secs(1));
    let browser = Browser::new(&site);
    let done = browser.signs_in("li", &password_of("li"), "").await;
    assert_eq!(done.header("location"), "/admin/second-step");
    browser.follow(&done).await;
    for _ in 0..5 {
        assert_eq!(
            browser.post("/admin/second-step", &[("code", "000 00x")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let refused = browser.post("/admin/second-step", &[("code", "000 00x"), ("next", "/admin/account")]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "900"));
    assert_eq!(typed(&refused, &["code", "next"]), ["000 00x", "/admin/account"]);
    assert!(refused.text(".errors").contains("15 分钟"), "{}", refused.text(".errors"));
}

#[actix_web::test]
async fn a_code_lets_in_one_of_two() {
    let site = TestSite::new().await;
    let secret = with_li(&site).await;
    let (one, two) = (Browser::new(&site), Browser::new(&site));
    for browser in [&one, &two] {
        browser.signs_in("li", &password_of("li"), "").await;
        browser.get("/admin/second-step").await;
    }
    let now = code(&site, &secret);
    let fields = [("code", now.as_str())];
    // At the same moment.
    let (first, second) = join(one.post("/admin/second-step", &fields), two.post("/admin/second-step", &fields)).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    // And once more: what was overheard is worth nothing.
    let loser = if first.status == StatusCode::SEE_OTHER { &two } else { &one };
    for _ in 0..2 {
        let replayed = loser.post("/admin/second-step", &fields).await;
        assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(loser.get("/admin").await.header("location"), "/admin/second-step?next=%2Fadmin");
    site.clock.advance(Duration::from_secs(30));
    let done = loser.post("/admin/second-step", &[("code", &code(&site, &secret))]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn every_step_in_makes_another_session() {
    let site = TestSite::new().await;
    let secret = with_li(&site).await;
    let browser = Browser::new(&site);
    browser.get("/admin/sign-in").await;
    browser.plant(SESSION_COOKIE, "chosen-by-somebody-else");
    let session = || browser.cookie(SESSION_COOKIE).unwrap();
    let alive = async |token: &str| site.state.staff.session(token).await.is_ok();
    browser.post("/admin/sign-in", &[("login", "li"), ("password", &password_of("li"))]).await;
    let halfway = session();
    assert_ne!(halfway, "chosen-by-somebody-else");
    assert!(halfway.len() >= 43, "256 bits: {halfway}");
    browser.get("/admin/second-step").await;
    browser.post("/admin/second-step", &[("code", &code(&site, &secret))]).await;
    let full = session();
    assert!(full != halfway && alive(&full).await && !alive(&halfway).await);
    // The password once more: another token, too, and pages that are open stay good.
    let page = browser.get("/admin/account").await;
    browser.post("/admin/confirm", &[("password", &password_of("li"))]).await;
    let confirmed = session();
    assert!(confirmed != full && alive(&confirmed).await && !alive(&full).await);
    assert_eq!(browser.token(), page.attribute("input[name=csrf]", "value"));
    // Whoever comes in by another way in the same browser leaves nothing open behind them.
    let link = site.state.staff.invite(By::Operator, "王记者", Role::Writer).await.unwrap().path.expose().clone();
    browser.get(&link).await;
    let joined = browser.post(&link, &newcomer("wang", "王记者", PASSWORD)).await;
    assert_eq!(joined.header("location"), "/admin");
    assert!(alive(&session()).await && !alive(&confirmed).await);
    assert!(browser.get("/admin").await.text(".who").contains("王记者"));
}

#[actix_web::test]
async fn a_session_that_has_ended_leads_back_to_where_one_was() {
    let site = TestSite::new().await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    assert_eq!(wang.get("/admin/sign-in?next=/admin/account").await.header("location"), "/admin/account");
    site.clock.advance(Duration::from_hours(1));
    let out = wang.get("/admin/account?x=1").await;
    assert_eq!(out.header("location"), "/admin/sign-in?next=%2Fadmin%2Faccount%3Fx%3D1");
    let page = wang.follow(&out).await;
    let next = typed(&page, &["next"]).remove(0);
    let done =
        wang.post("/admin/sign-in", &[("login", "wang"), ("password", &password_of("wang")), ("next", &next)]).await;
    assert_eq!(done.header("location"), "/admin/account?x=1");
    site.clock.advance(Duration::from_hours(1));
    let lost = wang.post("/admin/account/name", &[("name", "x")]).await;
    assert_eq!((lost.status, lost.text("h1").as_str()), (StatusCode::UNAUTHORIZED, "登录已经结束"));
}

#[actix_web::test]
async fn nobody_is_led_elsewhere() {
    let site = TestSite::new().await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    for next in [
        "https://evil.example/",
        "//evil.example/admin",
        "/\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/admin/../../evil",
        "/admin/%2e%2e/evil",
        "/administrator",
        "/articles/x",
        "javascript:alert(1)",
        "/admin\r\nset-cookie: x=1",
        "///admin",
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let shown = Browser::new(&site).get(&format!("/admin/sign-in?next={encoded}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{next:?}");
        let to = wang.get(&format!("/admin/sign-in?next={encoded}")).await;
        assert_eq!(to.header("location"), "/admin", "{next:?}");
        let done = wang.post("/admin/confirm", &[("password", &password_of("wang")), ("next", next)]).await;
        assert_eq!(done.header("location"), "/admin", "{next:?}");
    }
}

#[actix_web::test]
async fn a_recovery_code_lets_in_once_and_is_read_off_paper() {
    let site = TestSite::new().await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    let page = li.get("/admin/account/recovery-codes").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.header("location"));
    let codes = li.post("/admin/account/recovery-codes", &[]).await;
    let first = codes.text("#codes code");
    let browser = Browser::new(&site);
    for (attempt, status) in [(1, StatusCode::SEE_OTHER), (2, StatusCode::UNPROCESSABLE_ENTITY)] {
        let browser = if attempt == 1 { &browser } else { &Browser::new(&site) };
        browser.signs_in("li", &password_of("li"), "").await;
        browser.get("/admin/second-step").await;
        let typed = first.to_lowercase().replace('-', " ");
        assert_eq!(browser.post("/admin/second-step", &[("code", &typed)]).await.status, status, "{attempt}");
    }
    assert!(browser.get("/admin/account").await.body.contains("还有 9 个恢复码没有用过"));
}
