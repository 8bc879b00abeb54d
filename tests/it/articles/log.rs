//! The log, on its page and as a table.

use std::time::Duration;

use actix_web::http::StatusCode;
use scraper::{Html, Selector};
use wxpress::content::{Actor, Fields, SiteSettings};
use wxpress::staff::Role;

use super::{at, says, step, text, write};
use crate::office::Browser;
use crate::pictures;
use crate::site::{Answer, TestSite};

fn column(page: &Answer, number: usize) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse(&format!("tbody td:nth-child({number})")).unwrap();
    document.select(&selector).map(|cell| cell.text().collect::<String>().trim().to_owned()).collect()
}

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let table = answer.body.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[actix_web::test]
async fn the_log_is_filtered_by_person_step_and_article() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let first = write(&writer, "一", "文").await;
    let second = write(&chief, "二", "文").await;
    step(&writer, first, "submit", &[]).await;
    step(&chief, first, "send-back", &[("remark", "请核实人数")]).await;

    let page = chief.get("/admin/log?area=articles").await;
    assert_eq!(column(&page, 3), ["退回修改", "送审", "新建", "新建"]);
    assert_eq!(column(&page, 2), ["gu 先生", "lin 先生", "gu 先生", "lin 先生"]);
    assert!(column(&page, 5)[0].contains("请核实人数"), "{:?}", column(&page, 5));
    assert_eq!(page.attribute("tbody a", "href"), at(first, ""));
    let (lin, gu) = (writer.member.unwrap().0, chief.member.unwrap().0);
    for (query, found) in [
        (format!("area=articles&member={lin}"), vec!["送审", "新建"]),
        ("kind=created".to_owned(), vec!["新建", "新建"]),
        (format!("article={second}"), vec!["新建"]),
        (format!("article={first}&member={gu}"), vec!["退回修改"]),
        (format!("member={gu}&kind=created"), vec!["新建"]),
        (format!("article={second}&kind=submitted"), vec![]),
        (format!("article={first}&member={lin}&kind=submitted"), vec!["送审"]),
        ("area=articles&article=&member=&kind=".to_owned(), vec!["退回修改", "送审", "新建", "新建"]),
    ] {
        let page = chief.get(&format!("/admin/log?{query}")).await;
        assert_eq!(column(&page, 3), found, "{query}");
        let table = chief.get(&format!("/admin/log.csv?{query}")).await;
        let told: Vec<String> = rows(&table).into_iter().skip(1).map(|row| row[2].clone()).collect();
        assert_eq!(told, found, "{query}");
    }
    let wrong = chief.get("/admin/log?article=%E4%B8%80").await;
    assert_eq!((wrong.status, wrong.attribute("#article", "value").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "一"));
    says(&wrong, "稿件编号是一个数字");
}

#[actix_web::test]
async fn what_happened_to_people_stands_between_what_happened_to_articles() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let person = format!("/admin/staff/{}", writer.member.unwrap().0);
    let wait = || site.clock.advance(Duration::from_mins(1));
    wait();
    write(&chief, "一", "文").await;
    wait();
    chief.get(&person).await;
    chief.post(&format!("{person}/role"), &[("role", "editor")]).await;
    wait();
    write(&chief, "二", "文").await;
    wait();
    chief.post(&format!("{person}/disable"), &[]).await;
    wait();
    site.content().create_category(Actor::System, "要闻", None).await.unwrap();

    let page = chief.get("/admin/log").await;
    let newest = ["新建栏目", "停用", "新建", "角色改为编辑", "新建"];
    assert_eq!(column(&page, 3)[..5], newest);
    assert_eq!(column(&page, 2)[..4], ["系统", "gu 先生", "gu 先生", "gu 先生"]);
    assert_eq!(column(&page, 4)[1], "lin 先生");
    assert_eq!(page.attribute("tbody a[href*=staff]", "href"), person);
    let by = chief.member.unwrap().0;
    for (query, found) in [
        ("area=site".to_owned(), vec!["新建栏目"]),
        ("area=articles".to_owned(), vec!["新建", "新建"]),
        (format!("area=people&member={by}&kind=role_changed"), vec!["角色改为编辑"]),
        ("kind=disabled".to_owned(), vec!["停用"]),
        ("area=articles&kind=disabled".to_owned(), vec![]),
        ("article=1&kind=disabled".to_owned(), vec![]),
        (format!("area=site&member={by}"), vec![]),
    ] {
        let page = chief.get(&format!("/admin/log?{query}")).await;
        assert_eq!(column(&page, 3), found, "{query}");
        let table = rows(&chief.get(&format!("/admin/log.csv?{query}")).await);
        assert_eq!(table.iter().skip(1).map(|row| row[2].as_str()).collect::<Vec<_>>(), found, "{query}");
    }
    let people = chief.get("/admin/log?area=people").await;
    assert_eq!(column(&people, 3)[..2], ["停用", "角色改为编辑"]);
    assert!(column(&people, 3).iter().any(|what| what.starts_with("接受邀请加入")), "{:?}", column(&people, 3));
    assert_eq!(people.attribute("#area option[selected]", "value"), "people");
    let table = rows(&chief.get("/admin/log.csv").await);
    let changed = table.iter().find(|row| row[2] == "角色改为编辑").unwrap();
    assert_eq!((changed[1].as_str(), changed[5].as_str()), ("gu 先生", "lin 先生"));
    assert!(table.iter().skip(1).map(|row| &row[0]).is_sorted_by(|one, next| one >= next), "{table:?}");
}

#[actix_web::test]
async fn only_administrators_read_it_and_nobody_writes_it() {
    let site = TestSite::new().await;
    for (login, role, status) in [
        ("lin", Role::Writer, StatusCode::FORBIDDEN),
        ("zhou", Role::Editor, StatusCode::FORBIDDEN),
        ("gu", Role::Administrator, StatusCode::OK),
    ] {
        let browser = Browser::of(&site, login, role).await;
        browser.get("/admin/articles").await;
        for path in ["/admin/log", "/admin/log.csv"] {
            assert_eq!(browser.get(path).await.status, status, "{login} {path}");
            let written = browser.post(path, &[("id", "1")]).await.status;
            assert!([StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND].contains(&written), "{path}: {written}");
        }
    }
    assert_eq!(Browser::new(&site).get("/admin/log.csv").await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_table_holds_everything_and_no_formula() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let headlines = ["=HYPERLINK(\"http://evil.example\",\"点我\")", "+1", "-1", "@SUM(A1)", "引\"号,逗号", "平常"];
    for headline in headlines {
        site.content().create(Actor::System, text(headline, "")).await.unwrap();
    }
    let id = site.publish("dam", "水库", "<p>文</p>").await;
    site.content().withdraw(Actor::System, id, "=1+1\n第二行").await.unwrap();
    // More than a page of the export.
    let copy = site.content().create(Actor::Import, Fields::default()).await.unwrap();
    for version in 1..=600 {
        site.content().save(Actor::Import, copy, version, Fields::default()).await.unwrap();
    }

    let table = chief.get("/admin/log.csv").await;

    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(table.header("content-disposition"), "attachment; filename=\"log.csv\"");
    assert_eq!((table.header("cache-control"), table.header("x-content-type-options")), ("no-store", "nosniff"));
    assert_eq!(&table.bytes[..3], b"\xef\xbb\xbf");
    let rows = rows(&table);
    assert_eq!(rows[0], ["时间", "操作人", "操作", "稿件编号", "说明", "涉及人员"]);
    let count = i64::try_from(rows.len()).unwrap() - 1;
    let newest = site.content().audit(wxpress::content::EventFilter::All, None, 1).await.unwrap()[0].id;
    let staff = site.state.staff.events(None, 1).await.unwrap()[0].id;
    assert_eq!(count, newest + staff, "one row for each event of either kind");
    for row in &rows {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
    }
    for headline in headlines {
        let defused = if headline.starts_with(['=', '+', '-', '@']) { format!("'{headline}") } else { headline.into() };
        assert!(rows.iter().any(|row| row[4] == defused), "{headline}");
    }
    assert!(rows.iter().any(|row| row[4] == "'=1+1\n第二行"));
    assert!(rows[1][0].ends_with("+08:00"), "{}", rows[1][0]);
}

#[actix_web::test]
async fn a_line_says_what_became_what_and_no_numbers_of_files() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let content = site.content();
    let category = content.create_category(Actor::System, "民生", Some(&"life".parse().unwrap())).await.unwrap();
    content.rename_category(Actor::System, category, ("民生", &"people".parse().unwrap())).await.unwrap();
    content.rename_category(Actor::System, category, ("民生新闻", &"people".parse().unwrap())).await.unwrap();
    content.add_redirect(Actor::System, &"/about".parse().unwrap(), &"/archive".parse().unwrap()).await.unwrap();
    let picture = content.add_picture(pictures::jpeg(400, 400), "大坝.jpg").await.unwrap().id;
    let settings = SiteSettings { logo: Some(picture.clone()), ..content.settings().await.unwrap() };
    content.set_settings(Actor::System, settings).await.unwrap();

    let table = rows(&chief.get("/admin/log.csv?area=site").await);

    let told: Vec<_> = table.iter().map(|row| row[4].as_str()).collect();
    for line in ["链接名 life 改为 people", "民生 改为 民生新闻", "/about 转到 /archive"] {
        assert!(told.contains(&line), "{line}: {told:#?}");
    }
    assert!(told.iter().all(|line| !line.contains(picture.as_str())), "{told:#?}");
    assert!(told.iter().any(|line| line.contains(&format!("改为 {:.8}", picture.as_str()))), "{told:#?}");
}

#[actix_web::test]
async fn the_log_is_paged() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    for number in 0..120 {
        site.content().create(Actor::System, text(&format!("稿 {number}"), "")).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut page = chief.get("/admin/log?kind=created").await;
    loop {
        seen.extend(column(&page, 5));
        let older = page.attribute(".paging a[href*=before]", "href");
        if older.is_empty() {
            break;
        }
        page = chief.get(&older).await;
    }
    assert_eq!(seen, (0..120).rev().map(|number| format!("稿 {number}")).collect::<Vec<_>>());
}
