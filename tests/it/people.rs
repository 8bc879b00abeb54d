//! Who works here, through the pages: inviting, changing, helping out, and what may not be done.

use std::time::Duration;

use actix_web::http::StatusCode;
use wxpress::config::Secret;
use wxpress::staff::{By, Identity, Platform, Role};

use crate::office::{Browser, password_of};
use crate::site::{Answer, TestSite};

/// A site with its first administrator, whose password was typed just now.
async fn office(site: &TestSite) -> Browser<'_> {
    Browser::of(site, "chief", Role::Administrator).await
}

fn at(of: &Browser<'_>, action: &str) -> String {
    format!("/admin/staff/{}{action}", of.member.unwrap().0)
}

fn refused(answer: &Answer, sentence: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.header("location"));
    assert!(answer.text(".errors").contains(sentence), "{sentence}: {}", answer.text(".errors"));
    assert!(answer.text(".error").contains(sentence), "beside the field, too");
}

#[actix_web::test]
async fn somebody_is_invited_and_the_invitation_is_withdrawn() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    site.clock.advance(Duration::from_mins(11));
    let asked = chief.get("/admin/staff/invite").await;
    assert_eq!(asked.header("location"), "/admin/confirm?next=%2Fadmin%2Fstaff%2Finvite");
    let page = chief.follow(&asked).await;
    let next = page.attribute("[name=next]", "value");
    let wrong = chief.post("/admin/confirm", &[("password", "wrong"), ("next", &next)]).await;
    assert_eq!(wrong.attribute("[name=next]", "value"), next);
    refused(&wrong, "密码不对");
    let done = chief.post("/admin/confirm", &[("password", &password_of("chief")), ("next", &next)]).await;
    let form = chief.follow(&done).await;
    assert_eq!((form.status, form.text("h1").as_str()), (StatusCode::OK, "邀请"));

    let wrong = chief.post("/admin/staff/invite", &[("name", "a\u{202e}b"), ("role", "boss")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text(".errors").contains("姓名") && wrong.text(".errors").contains("角色"), "{}", wrong.body);
    assert_eq!(wrong.attribute("#name", "value"), "a\u{202e}b");
    let wrong = chief.post("/admin/staff/invite", &[("name", ""), ("role", "editor")]).await;
    assert!(wrong.body.contains("value=\"editor\" checked"), "what was chosen stays: {}", wrong.body);

    let made = chief.post("/admin/staff/invite", &[("name", "王记者"), ("role", "writer")]).await;
    let link = made.text("#link");
    assert!(link.starts_with("https://news.example.cn/admin/join/"), "{link}");
    assert!(made.text(".lede").contains("王记者") && !made.text(".warning").is_empty(), "{}", made.body);
    assert_eq!(made.header("cache-control"), "no-store");
    let list = chief.get("/admin/staff").await;
    assert!(list.body.contains("王记者") && list.body.contains("chief 先生"), "who, and by whom: {}", list.body);
    let token = link.rsplit('/').next().unwrap();
    assert!(!list.body.contains(token), "a link is shown once");
    let withdraw = list.attribute("form[action$=withdraw]", "action");
    let done = chief.post(&withdraw, &[]).await;
    assert_eq!(chief.follow(&done).await.text("[role=status]"), "邀请已撤回。");
    let path = link.strip_prefix("https://news.example.cn").unwrap();
    assert_eq!(Browser::new(&site).get(path).await.status, StatusCode::GONE);
    let again = chief.post(&withdraw, &[]).await;
    assert_eq!(again.header("location"), "/admin/staff", "nothing is said that did not happen");
}

#[actix_web::test]
async fn the_list_says_who_works_here_and_how_they_are() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    let link = site.state.staff.invite(By::Operator, "新编辑", Role::Editor).await.unwrap().path.expose().clone();
    let new = Browser::new(&site);
    new.get(&link).await;
    let fields = [
        ("login", "xin"),
        ("name", "新编辑"),
        ("password", "tidal Lantern 42 gorge"),
        ("again", "tidal Lantern 42 gorge"),
    ];
    new.post(&link, &fields).await;
    chief.post(&at(&wang, "/disable"), &[]).await;
    let list = chief.get("/admin/staff").await;
    let rows: Vec<&str> = list.body.split("<tr>").skip(2).collect();
    assert_eq!(rows.len(), 3, "{}", list.body);
    assert!(rows[0].contains("您自己") && rows[0].contains("管理员") && rows[0].contains("已设置"), "{}", rows[0]);
    assert!(rows[1].contains("xin") && rows[1].contains("等待设置") && rows[1].contains("正常"), "{}", rows[1]);
    assert!(rows[2].contains("wang") && rows[2].contains("未设置") && rows[2].contains("已停用"), "{}", rows[2]);
    assert!(rows[0].contains("2026年9月"), "when they were last seen: {}", rows[0]);
    // To look at, the list takes no password; to change anything, it does.
    site.state.staff.invite(By::Operator, "赵六", Role::Writer).await.unwrap();
    site.clock.advance(Duration::from_mins(11));
    let list = chief.get("/admin/staff").await;
    assert!(list.status == StatusCode::OK && !list.body.contains("/withdraw\""), "{}", list.body);
    assert!(list.body.contains("/admin/confirm?next=%2Fadmin%2Fstaff"), "{}", list.body);
    let person = chief.get(&at(&wang, "")).await;
    assert!(person.status == StatusCode::OK && !person.body.contains("/disable\""), "{}", person.body);
    let late = chief.post(&at(&wang, "/enable"), &[]).await;
    assert_eq!((late.status, late.text("h1").as_str()), (StatusCode::FORBIDDEN, "需要再次输入密码"));
}

#[actix_web::test]
async fn a_person_is_renamed_promoted_disabled_and_enabled() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    let page = chief.get(&at(&wang, "")).await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "wang 先生"));
    assert_eq!(page.attribute("[name=role][checked]", "value"), "writer");

    let wrong = chief.post(&at(&wang, "/name"), &[("name", " ")]).await;
    refused(&wrong, "姓名要有 1 到 40 个字");
    assert_eq!(wrong.attribute("#name", "value"), " ");
    let done = chief.post(&at(&wang, "/name"), &[("name", "王小二")]).await;
    assert_eq!(chief.follow(&done).await.text("h1"), "王小二");
    assert!(wang.get("/admin").await.text(".who").contains("王小二"), "the session goes on");

    let done = chief.post(&at(&wang, "/role"), &[("role", "administrator")]).await;
    assert!(chief.follow(&done).await.text("[role=status]").contains("角色已保存"));
    assert_eq!(wang.get("/admin").await.header("location"), "/admin/sign-in?next=%2Fadmin", "nobody rises midway");
    assert_eq!(chief.post(&at(&wang, "/role"), &[("role", "boss")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(chief.post(&at(&wang, "/role"), &[]).await.status, StatusCode::BAD_REQUEST);

    let done = chief.post(&at(&wang, "/disable"), &[]).await;
    let page = chief.follow(&done).await;
    assert!(page.text(".facts").contains("已停用") && !page.body.contains("/reset-link\""), "{}", page.body);
    let link = chief.post(&at(&wang, "/reset-link"), &[]).await;
    refused(&link, "请先恢复使用");
    let outside = Browser::new(&site);
    outside.get("/admin/sign-in").await;
    let sign_in = [("login", "wang"), ("password", &password_of("wang"))];
    assert_eq!(outside.post("/admin/sign-in", &sign_in).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    chief.post(&at(&wang, "/enable"), &[]).await;
    assert_eq!(outside.post("/admin/sign-in", &sign_in).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let wrong = chief.post(&at(&chief, "/role"), &[("role", "writer")]).await;
    refused(&wrong, "这是最后一位管理员");
    assert_eq!(wrong.attribute("[name=role][checked]", "value"), "writer", "what was chosen stays");
    refused(&chief.post(&at(&chief, "/disable"), &[]).await, "这是最后一位管理员");
    refused(&chief.post(&at(&chief, "/reset-second-step"), &[]).await, "另一位管理员");
    assert_eq!(chief.get("/admin/staff").await.status, StatusCode::OK, "what is refused changes nothing");
    let page = chief.get(&at(&chief, "")).await;
    assert!(!page.text("main").contains("对方"), "nobody is somebody else to oneself: {}", page.text("main"));
    assert!(!page.body.contains("/reset-second-step\"") && page.body.contains("我的账号"), "{}", page.body);
    let zhao = Browser::of(&site, "zhao", Role::Administrator).await;
    let done = chief.post(&at(&chief, "/role"), &[("role", "editor")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    refused(&zhao.post(&at(&zhao, "/disable"), &[]).await, "这是最后一位管理员");
}

#[actix_web::test]
async fn who_is_locked_out_is_helped() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    let made = chief.post(&at(&li, "/reset-link"), &[]).await;
    let link = made.text("#link");
    assert!(link.starts_with("https://news.example.cn/admin/reset/"), "{}", made.body);
    assert_eq!(li.get("/admin").await.status, StatusCode::OK, "until it is used, nothing changes");
    let browser = Browser::new(&site);
    let path = link.strip_prefix("https://news.example.cn").unwrap();
    assert_eq!(browser.get(path).await.status, StatusCode::OK);

    let done = chief.post(&at(&li, "/end-sessions"), &[]).await;
    assert!(chief.follow(&done).await.text("[role=status]").contains("登录已结束"));
    assert_eq!(li.get("/admin").await.status, StatusCode::SEE_OTHER);
    let done = chief.post(&at(&li, "/reset-second-step"), &[]).await;
    let page = chief.follow(&done).await;
    assert!(page.text(".facts").contains("等待设置") && !page.body.contains("/reset-second-step\""), "{}", page.body);
    li.get("/admin/sign-in").await;
    let done = li.post("/admin/sign-in", &[("login", "li"), ("password", &password_of("li"))]).await;
    assert_eq!(done.header("location"), "/admin/second-step/set-up");
}

#[actix_web::test]
async fn an_account_elsewhere_is_bound_and_unbound() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let (wang, li) = (Browser::of(&site, "wang", Role::Writer).await, Browser::of(&site, "li", Role::Editor).await);
    for (typed, sentence) in [("", "中间没有空格"), ("王 伟", "中间没有空格"), ("\"><script>", "")] {
        let answer = chief.post(&at(&wang, "/bind"), &[("platform", "wecom"), ("external_id", typed)]).await;
        if sentence.is_empty() {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            let page = chief.follow(&answer).await;
            assert!(page.text(".facts").contains(typed) && !page.body.contains(typed), "{}", page.body);
        } else {
            refused(&answer, sentence);
            assert_eq!(answer.attribute("#wecom", "value"), typed);
        }
    }
    let bind = [("platform", "official"), ("external_id", " o6_bmjrPTlm6_2sgVt7hMZOPfL2M ")];
    let done = chief.post(&at(&li, "/bind"), &bind).await;
    assert!(chief.follow(&done).await.text("[role=status]").contains("已绑定"));
    let taken = chief.post(&at(&wang, "/bind"), &bind).await;
    refused(&taken, "已经绑定给另一个人");
    assert_eq!(taken.attribute("#official", "value"), bind[1].1);
    let identity = Identity { platform: Platform::Official, external_id: bind[1].1.trim().to_owned() };
    assert_eq!(site.state.staff.identities(li.member.unwrap()).await.unwrap(), [identity]);
    assert!(li.get("/admin/account").await.body.contains("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"));
    chief.post(&at(&li, "/unbind"), &[("platform", "official")]).await;
    assert!(site.state.staff.identities(li.member.unwrap()).await.unwrap().is_empty());
    assert!(li.get("/admin/account").await.status.is_redirection(), "whoever came by it is out");
    let again = chief.post(&at(&li, "/unbind"), &[("platform", "official")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let nonsense = chief.post(&at(&li, "/bind"), &[("platform", "fax"), ("external_id", "x")]).await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn everything_is_in_the_log_in_words() {
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    for (action, fields) in [
        ("/name", &[("name", "李编辑")][..]),
        ("/bind", &[("platform", "wecom"), ("external_id", "LiMing")]),
        ("/unbind", &[("platform", "wecom")]),
        ("/reset-link", &[]),
        ("/end-sessions", &[]),
        ("/reset-second-step", &[]),
        ("/role", &[("role", "writer")]),
        ("/disable", &[]),
        ("/enable", &[]),
    ] {
        let answer = chief.post(&at(&li, action), fields).await;
        assert!(answer.status == StatusCode::SEE_OTHER || answer.status == StatusCode::OK, "{action}");
    }
    let page = chief.get(&at(&li, "/log")).await;
    let table = page.text("tbody");
    for words in [
        "接受邀请加入，角色是编辑",
        "设置第二步验证",
        "姓名改为李编辑",
        "绑定企业微信 LiMing",
        "解除绑定企业微信",
        "生成重设密码的链接",
        "结束登录",
        "重置第二步验证",
        "角色改为记者",
        "停用",
        "恢复使用",
        "chief 先生",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(!table.contains('_'), "every event has a sentence: {table}");
    let recent = chief.get(&at(&li, "")).await.text("tbody").matches("chief 先生").count();
    assert_eq!(recent, 8, "the newest are on the person's own page");
    // What chief did to others is in his own log; a long one goes on.
    assert!(chief.get(&at(&chief, "/log")).await.text("tbody").contains("角色改为记者"));
    for _ in 0..50 {
        chief.post(&at(&li, "/name"), &[("name", "李编辑")]).await;
    }
    let first = chief.get(&at(&li, "/log")).await;
    assert_eq!(first.body.matches("<time").count(), 50);
    let older = chief.get(&first.attribute(".paging a", "href")).await;
    assert!(older.text("tbody").contains("接受邀请加入") && older.body.matches("<time").count() < 50, "{}", older.body);
    assert_eq!(chief.get("/admin/staff/4711/log").await.status, StatusCode::NOT_FOUND);
    assert_eq!(chief.get("/admin/staff/4711").await.status, StatusCode::NOT_FOUND);
    assert_eq!(chief.get("/admin/staff/%27").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_name_is_text_wherever_it_stands() {
    const NAME: &str = "<script>alert(1)</script>\"'&";
    let site = TestSite::new().await;
    let chief = office(&site).await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    chief.post(&at(&li, "/name"), &[("name", NAME)]).await;
    let invited = chief.post("/admin/staff/invite", &[("name", NAME), ("role", "editor")]).await;
    let link = chief.post(&at(&li, "/reset-link"), &[]).await;
    let join = invited.text("#link").replace("https://news.example.cn", "");
    let reset = link.text("#link").replace("https://news.example.cn", "");
    let outside = Browser::new(&site);
    let mut pages = vec![invited, link, outside.get(&join).await, outside.get(&reset).await];
    for path in ["/admin/staff".to_owned(), at(&li, ""), at(&li, "/log"), at(&chief, "/log")] {
        pages.push(chief.get(&path).await);
    }
    pages.push(li.get("/admin/account").await);
    pages.push(chief.post(&at(&li, "/name"), &[("name", &format!("{NAME}\n"))]).await);
    for page in &pages {
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert!(page.body.contains("alert(1)") || page.status == StatusCode::SEE_OTHER, "{}", page.body);
    }
    let all_wrong = outside.post(&join, &[("name", "\"><img src=x>\n\n"), ("login", "\"><img src=x>")]).await;
    assert!(!all_wrong.body.contains("<img"), "{}", all_wrong.body);
}

#[actix_web::test]
async fn ones_own_account() {
    let site = TestSite::new().await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    let wrong = li.post("/admin/account/name", &[("name", "")]).await;
    refused(&wrong, "姓名要有");
    li.post("/admin/account/name", &[("name", "李编辑")]).await;
    assert!(li.get("/admin/account").await.text(".who").contains("李编辑"));

    // Three other devices; one of them ends, then the others.
    let mut others = Vec::new();
    for _ in 0..3 {
        site.clock.advance(Duration::from_secs(30));
        let other = Browser::new(&site);
        other.get("/admin/sign-in").await;
        other.post("/admin/sign-in", &[("login", "li"), ("password", &password_of("li"))]).await;
        other.get("/admin/second-step").await;
        let done = other.post("/admin/second-step", &[("code", &li.code())]).await;
        assert_eq!(done.header("location"), "/admin");
        others.push(other);
    }
    let page = li.get("/admin/account").await;
    assert_eq!(page.body.matches("/end\"").count(), 3, "{}", page.body);
    assert_eq!(page.body.matches("当前设备").count(), 1);
    let newest = page.attribute("form[action$='/end']", "action");
    li.post(&newest, &[]).await;
    let alive = async |browser: &Browser<'_>| browser.get("/admin").await.status == StatusCode::OK;
    assert!(!alive(&others[2]).await && alive(&others[1]).await);
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    let foreign = wang.get("/admin/account").await;
    assert!(!foreign.body.contains("/end\""), "there is no other: {}", foreign.body);
    let number = page.body.split("/admin/account/sessions/").nth(2).unwrap().split('/').next().unwrap().to_owned();
    wang.post(&format!("/admin/account/sessions/{number}/end"), &[]).await;
    assert!(alive(&others[1]).await && alive(&others[0]).await, "somebody else's session goes on");
    li.post("/admin/account/sessions/end-others", &[]).await;
    assert!(!alive(&others[1]).await && !alive(&others[0]).await && alive(&li).await);
}

#[actix_web::test]
async fn another_password() {
    const NEW: &str = "another Gorge, 17 lanterns";
    let site = TestSite::new().await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    let other = Browser::new(&site);
    other.get("/admin/sign-in").await;
    other.post("/admin/sign-in", &[("login", "wang"), ("password", &password_of("wang"))]).await;
    assert_eq!(wang.get("/admin/account/password").await.status, StatusCode::OK);
    let change = async |current: &str, new: &str, again: &str| {
        wang.post("/admin/account/password", &[("current", current), ("password", new), ("again", again)]).await
    };
    let right = password_of("wang");
    refused(&change("wrong", NEW, NEW).await, "密码不对");
    refused(&change(&right, "short", "short").await, "12 个字符");
    let differs = change(&right, NEW, "else").await;
    refused(&differs, "不一样");
    assert!(!differs.body.contains(NEW) && !differs.body.contains(&right), "a password never comes back");
    assert_eq!(other.get("/admin").await.status, StatusCode::OK);
    let done = change(&right, NEW, NEW).await;
    assert!(wang.follow(&done).await.text("[role=status]").contains("密码已修改"));
    assert_eq!(other.get("/admin").await.status, StatusCode::SEE_OTHER, "all others are signed out");
    let staff = &site.state.staff;
    assert!(staff.sign_in("wang", &Secret::new(NEW.to_owned()), false, &crate::office::visitor()).await.is_ok());
    for _ in 0..5 {
        change("wrong", NEW, NEW).await;
    }
    let late = change(NEW, &right, &right).await;
    assert_eq!((late.status, late.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[actix_web::test]
async fn the_second_step_is_changed_with_the_password_just_typed() {
    let site = TestSite::new().await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    let old = li.code();
    site.clock.advance(Duration::from_mins(11));
    let asked = li.get("/admin/second-step/set-up?next=%2Fadmin%2Faccount").await;
    assert!(asked.header("location").starts_with("/admin/confirm?next="), "{}", asked.header("location"));
    let page = li.follow(&asked).await;
    let next = page.attribute("[name=next]", "value");
    let done = li.post("/admin/confirm", &[("password", &password_of("li")), ("next", &next)]).await;
    let page = li.follow(&done).await;
    assert!(page.text(".lede").contains("旧的验证器"), "{}", page.body);
    let secret = page.text("#secret");
    assert_ne!(secret, li.secret);
    refused(&li.post("/admin/second-step/set-up", &[("code", &old)]).await, "验证码不对");
    let next = page.attribute("[name=next]", "value");
    let code = crate::office::code(&site, &secret);
    let codes = li.post("/admin/second-step/set-up", &[("code", &code), ("next", &next)]).await;
    assert_eq!(codes.attribute("a.primary", "href"), "/admin/account");
    assert_eq!(li.get("/admin/account").await.status, StatusCode::OK);
    // A writer may, but need not.
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    assert!(wang.get("/admin/account").await.body.contains("还没有设置第二步验证"));
    assert_eq!(wang.get("/admin/account/recovery-codes").await.header("location"), "/admin/second-step/set-up");
    let page = wang.get("/admin/second-step/set-up").await;
    assert!(page.status == StatusCode::OK && page.text(".lede").contains("知道密码也进不来"), "{}", page.body);
}

#[actix_web::test]
async fn the_pages_speak_english_too() {
    let site = TestSite::with(&[("WXPRESS_SITE__LANGUAGE", "en")]).await;
    let chief = office(&site).await;
    let li = Browser::of(&site, "li", Role::Editor).await;
    chief.post(&at(&li, "/role"), &[("role", "writer")]).await;
    for path in ["/admin/staff".to_owned(), at(&li, ""), "/admin/account".to_owned(), "/admin/staff/invite".to_owned()]
    {
        let page = chief.get(&path).await;
        let main = page.text("main").replace("先生", "").replace("云溪新闻", "");
        let chinese = main.chars().find(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
        assert_eq!(chinese, None, "{path}: {main}");
    }
    assert!(chief.get(&at(&li, "/log")).await.text("tbody").contains("Role changed to: Writer"));
}
