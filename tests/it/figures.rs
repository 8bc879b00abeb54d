//! What was read: how it is counted, who is not, and how the newsroom sees it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use jiff::civil::{Date, date};
use scraper::{Html, Selector};
use sqlx::Row as _;
use wxpress::content::{Actor, ArticleId, Fields};
use wxpress::db::Engine;
use wxpress::staff::Role;
use wxpress::stats::{Measure, Opening};

use crate::office::Browser;
use crate::site::{Answer, TestSite};

/// A reader's phone.
pub(crate) const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, \
    like Gecko) Mobile/15E148 MicroMessenger/8.0.56(0x18003831) NetType/4G Language/zh_CN";
/// A browser that has nothing to do with WeChat.
const DESKTOP: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
    Version/17.5 Safari/605.1.15";
/// The day in China on which the clock of a [`TestSite`] stands, at 22:13.
const TODAY: Date = date(2026, 9, 21);
/// A headline that wants to be code wherever it lands.
const EVIL: &str = "=HYPERLINK(\"http://evil.example\",\"<script>alert(1)</script>\")";

async fn view(site: &TestSite, agent: &str, from: &str) {
    let token = site.get("/articles/spring").await.share()["beacon"]["token"].as_str().unwrap().to_owned();
    let body = format!(r#"{{"token":"{token}","event":"view","from":"{from}"}}"#);
    let request = TestRequest::post().uri("/api/v1/beacon").insert_header(("user-agent", agent)).set_payload(body);
    assert_eq!(site.send(request).await.status, StatusCode::NO_CONTENT);
    site.state.stats.flush().await.unwrap();
}

/// Puts counts of a day into the table.
async fn counted(site: &TestSite, article: ArticleId, day: Date, measures: &[(Measure, i64)]) {
    for (measure, times) in measures {
        for _ in 0..*times {
            site.state.stats.count(day, article.0, *measure);
        }
    }
    site.state.stats.flush().await.unwrap();
}

/// The cells of a table's body, row by row.
fn rows(answer: &Answer, table: &str) -> Vec<Vec<String>> {
    let page = Html::parse_document(&answer.body);
    let (rows, cells) = (Selector::parse(&format!("{table} tbody tr")).unwrap(), Selector::parse("th, td").unwrap());
    let text = |cell: scraper::ElementRef<'_>| cell.text().collect::<String>().trim().to_owned();
    page.select(&rows).map(|row| row.select(&cells).map(text).collect()).collect()
}

const ARTICLES: &str = "section table";
const DAYS: &str = "details table";

#[actix_web::test]
async fn a_view_counts_in_any_browser_and_never_for_a_program() {
    let site = TestSite::new().await;
    let id = site.publish("spring", "春天来了", "<p>雪</p>").await;

    view(&site, PHONE, "timeline").await;
    view(&site, DESKTOP, "").await;
    for robot in ["", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "HeadlessChrome/126.0", "curl/8.5.0"] {
        view(&site, robot, "timeline").await;
    }
    // Who only fetches the page, ahead of time or not, was not seen reading it.
    let prefetch = TestRequest::get().uri("/articles/spring").insert_header(("sec-purpose", "prefetch;prerender"));
    site.send(prefetch.insert_header(("user-agent", PHONE))).await;
    site.state.stats.flush().await.unwrap();

    let totals = site.state.stats.totals(id.0).await.unwrap();
    assert_eq!(totals, BTreeMap::from([("opened.moments".to_owned(), 1), ("view".to_owned(), 2)]));
}

#[actix_web::test]
async fn a_view_counts_for_the_day_of_the_sites_calendar() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    view(&site, PHONE, "").await;
    // In China it is a quarter past midnight, in Greenwich still the day before.
    site.clock.advance(Duration::from_hours(2));
    view(&site, PHONE, "").await;
    view(&site, PHONE, "").await;

    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let days = rows(&browser.get("/admin/figures").await, DAYS);

    assert_eq!(days.len(), 7);
    assert_eq!((days[0][0].as_str(), days[0][1].as_str()), ("2026年9月22日", "2"));
    assert_eq!((days[1][0].as_str(), days[1][1].as_str()), ("2026年9月21日", "1"));
}

#[actix_web::test]
async fn nothing_that_is_stored_tells_who_read() {
    let site = TestSite::with(&[("WXPRESS_SERVER__TRUSTED_PROXIES", "192.0.2.1")]).await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let token = site.get("/articles/spring").await.share()["beacon"]["token"].as_str().unwrap().to_owned();
    for event in [r#""event":"view","from":"timeline""#, r#""event":"config","outcome":"ok","account":"official""#] {
        let request = TestRequest::post()
            .uri("/api/v1/beacon")
            .insert_header(("user-agent", format!("{PHONE} CANARYagent")))
            .insert_header(("x-forwarded-for", "203.0.113.77"))
            .insert_header(("cookie", "id=CANARYcookie"))
            .insert_header(("referer", "https://news.example.cn/CANARYreferer"))
            .set_payload(format!(r#"{{"token":"{token}",{event},"message":"CANARYmessage"}}"#));
        let answer = site.send(request).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::NO_CONTENT, ""));
    }
    site.state.stats.flush().await.unwrap();

    let stored = everything(&site).await;
    for canary in ["203.0.113.77", "192.0.2.1", "CANARY", "MicroMessenger", token.as_str()] {
        assert!(!stored.values().any(|rows| rows.contains(canary)), "{canary} is stored");
    }
    // What is stored: when, which article, what, how often.
    let today = jiff::civil::date(1970, 1, 1).until(TODAY).unwrap().get_days();
    let counts: Vec<&str> = stored["reader_count"].lines().collect();
    let all = [format!("{today}|1|config.ok|1"), format!("{today}|1|opened.moments|1"), format!("{today}|1|view|1")];
    assert!(all.iter().all(|row| counts.contains(&row.as_str())) && counts.len() == all.len(), "{counts:?}");
    assert_eq!(stored["config_count"], format!("{}|official|config.ok|1\n", 1_790_000_000_000_i64 / 3_600_000));
}

/// Every row of every table, as text.
async fn everything(site: &TestSite) -> BTreeMap<String, String> {
    let db = &site.state.db;
    let tables = match db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let texts = async |query: String| -> Vec<String> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(db.read()).await.unwrap();
        rows.iter().map(|row| row.try_get::<String, _>(0).unwrap()).collect()
    };
    let mut all = BTreeMap::new();
    for table in texts(tables.to_owned()).await {
        let columns = match db.engine() {
            Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Engine::Postgres => format!(
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = 'public' \
                 AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        };
        let columns = texts(columns).await;
        let text = |name: &String| match db.engine() {
            // What is no text, and could not be cast to one, is spelt out.
            Engine::Sqlite => format!(
                "CASE typeof(\"{name}\") WHEN 'blob' THEN hex(\"{name}\") ELSE COALESCE(CAST(\"{name}\" AS TEXT), '') END"
            ),
            Engine::Postgres => format!("COALESCE(CAST(\"{name}\" AS TEXT), '')"),
        };
        let row = columns.iter().map(text).collect::<Vec<_>>();
        let rows = texts(format!("SELECT {} FROM \"{table}\"", row.join(" || '|' || "))).await;
        all.insert(table, rows.iter().flat_map(|row| [row.as_str(), "\n"]).collect());
    }
    all
}

#[actix_web::test]
async fn everybody_on_the_staff_sees_the_figures_and_nobody_else() {
    let site = TestSite::new().await;
    for path in ["/admin/figures", "/admin/figures.csv", "/admin/figures.xlsx"] {
        let answer = Browser::new(&site).get(path).await;
        assert!(answer.header("location").starts_with("/admin/sign-in"), "{path}: {}", answer.status);
    }
    for (login, role) in [("wen", Role::Writer), ("bian", Role::Editor), ("guan", Role::Administrator)] {
        let browser = Browser::of(&site, login, role).await;
        for path in ["/admin/figures", "/admin/figures.csv", "/admin/figures.xlsx"] {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "{login} {path}");
        }
        assert!(browser.get("/admin/figures").await.body.contains("这段时间还没有阅读。"));
    }
}

#[actix_web::test]
async fn what_others_are_writing_is_not_told() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "bian", Role::Editor).await;
    let fields = Fields { headline: "未发表的标题".to_owned(), ..Fields::default() };
    let draft = site.content().create(Actor::System, fields).await.unwrap();
    counted(&site, draft, TODAY, &[(Measure::View, 1)]).await;
    let writer = Browser::of(&site, "wen", Role::Writer).await;

    for path in ["/admin/figures", &format!("/admin/figures?article={}", draft.0), "/admin/figures.csv", "/admin"] {
        assert!(!writer.get(path).await.body.contains("未发表的标题"), "{path}");
    }
    assert!(editor.get("/admin/figures").await.body.contains("未发表的标题"));
}

/// Two articles with different numbers today, and one of them a month ago.
async fn two_articles(site: &TestSite) -> (ArticleId, ArticleId) {
    let spring = site.publish("spring", "春天来了", "<p>雪</p>").await;
    let rain = site.publish("rain", "雨水", "<p>雨</p>").await;
    let chat = |times| (Measure::Opened(Opening::Chat), times);
    counted(site, spring, TODAY, &[(Measure::View, 5), chat(1)]).await;
    counted(site, rain, TODAY, &[(Measure::View, 3), chat(2), (Measure::Opened(Opening::Moments), 1)]).await;
    counted(site, rain, date(2026, 8, 30), &[(Measure::View, 9)]).await;
    (spring, rain)
}

#[actix_web::test]
async fn the_table_has_the_range_and_the_order_that_were_asked_for() {
    let site = TestSite::new().await;
    let (_, rain) = two_articles(&site).await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let table = async |query: &str| {
        let answer = browser.get(&format!("/admin/figures?{query}")).await;
        let rows = rows(&answer, ARTICLES);
        rows.iter().map(|row| (row[0].clone(), row[2..].join(" "))).collect::<Vec<_>>()
    };
    let (spring, rain_week) = (("春天来了".to_owned(), "5 1 0 0 0 4".to_owned()), "3 2 0 1 0 0".to_owned());

    assert_eq!(table("").await, [spring.clone(), ("雨水".to_owned(), rain_week.clone())]);
    assert_eq!(table("range=7&sort=chat").await, [("雨水".to_owned(), rain_week.clone()), spring.clone()]);
    assert_eq!(table("range=30&sort=views").await[0], ("雨水".to_owned(), "12 2 0 1 0 9".to_owned()));
    assert_eq!(
        table("range=custom&from=2026-08-30&to=2026-08-30").await,
        [("雨水".to_owned(), "9 0 0 0 0 9".to_owned())]
    );
    assert_eq!(table(&format!("range=7&article={}", rain.0)).await, [("雨水".to_owned(), rain_week)]);

    let page = browser.get("/admin/figures?range=30").await;
    assert_eq!(page.text("figcaption"), "30 天共 17 次阅读。");
    assert_eq!(page.attribute("figure svg", "aria-label"), page.text("figcaption"));
    let bars = Html::parse_document(&page.body).select(&Selector::parse("figure rect").unwrap()).count();
    assert_eq!((bars, rows(&page, DAYS).len()), (30, 30));
    assert!(page.attribute("th[aria-sort=descending] a", "href").contains("sort=views"));
    assert_eq!(page.text(".origins caption"), "从哪里打开");
    assert_eq!(rows(&page, ".origins")[0], ["聊天", "", "3", "18 %"]);
    let one = browser.get(&format!("/admin/figures?range=30&article={}", rain.0)).await;
    assert_eq!(one.text("figcaption"), "《雨水》30 天共 12 次阅读。");
    let week =
        browser.get(&format!("/admin/figures?range=custom&from=2026-08-31&to=2026-09-21&article={}", rain.0)).await;
    assert_eq!(week.text("figcaption"), "《雨水》22 天共 3 次阅读，此前同样天数 9 次。");
}

#[actix_web::test]
async fn many_articles_are_paged_and_all_of_them_are_in_the_file() {
    let site = TestSite::new().await;
    let mut ids = Vec::new();
    for number in 0..60 {
        let fields = Fields { headline: format!("第{number}篇"), ..Fields::default() };
        ids.push(site.publish_fields(&format!("a{number}"), fields).await);
    }
    for (id, views) in ids.iter().zip(1..) {
        counted(&site, *id, TODAY, &[(Measure::View, views)]).await;
    }
    let browser = Browser::of(&site, "lin", Role::Writer).await;

    let first = browser.get("/admin/figures").await;
    assert_eq!((rows(&first, ARTICLES).len(), rows(&first, ARTICLES)[0][0].as_str()), (50, "第59篇"));
    let second = browser.get(&first.attribute("a[rel=next]", "href")).await;
    assert_eq!((rows(&second, ARTICLES).len(), rows(&second, ARTICLES)[9][0].as_str()), (10, "第0篇"));
    assert!(second.attribute("a[rel=next]", "href").is_empty());
    let csv = browser.get("/admin/figures.csv").await;
    assert_eq!(csv.body.lines().count(), 61);
}

#[actix_web::test]
async fn days_that_cannot_be_shown_are_said_and_what_was_typed_stays() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    for (from, to, field, text) in [
        ("2026-02-30", "2026-03-01", "from", "请填写日期"),
        ("", "", "to", "请填写日期"),
        ("2026-03-02", "2026-03-01", "to", "结束日期早于开始日期"),
        ("2020-01-01", "2026-01-01", "to", "366 天"),
        ("2026-01-01", "\"><script>alert(1)</script>", "to", "请填写日期"),
        ("-009999-01-01", "9999-12-31", "from", "请填写日期"),
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("range", "custom"), ("from", from), ("to", to)])
            .finish();
        let answer = browser.get(&format!("/admin/figures?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} {to}");
        assert_eq!(
            (answer.attribute("#from", "value"), answer.attribute("#to", "value")),
            (from.to_owned(), to.to_owned())
        );
        assert!(answer.text(&format!("#{field}-error")).contains(text), "{from} {to}: {}", answer.text(".errors"));
        assert!(!answer.body.contains("<script>alert"));
        assert!(answer.attribute("main .actions a", "href").contains("range=7"), "links lead to what is shown");
        let file = browser.get(&format!("/admin/figures.csv?{query}")).await;
        assert_eq!(file.status, StatusCode::BAD_REQUEST);
    }
    // Who writes the address need not know that days are a range of their own.
    let nonsense = browser.get("/admin/figures?from=2026-13-45&to=x").await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nonsense.text("#from-error").contains("请填写日期"), "{}", nonsense.text(".errors"));
    assert_eq!(nonsense.attribute("#from", "value"), "2026-13-45");
    let days = browser.get("/admin/figures?from=2026-03-01&to=2026-03-02").await;
    assert_eq!((days.status, days.attribute("#from", "value").as_str()), (StatusCode::OK, "2026-03-01"));
    for query in
        ["range=eternity", "sort=DROP", "page=-1", "page=99999999999999999999", "article=x", "article=999", "a=%ff"]
    {
        assert_eq!(browser.get(&format!("/admin/figures?{query}")).await.status, StatusCode::OK, "{query}");
    }
}

#[actix_web::test]
async fn a_headline_is_never_code_on_the_page_nor_a_formula_in_a_file() {
    let site = TestSite::new().await;
    let id = site.publish("spring", EVIL, "<p>雪</p>").await;
    counted(&site, id, TODAY, &[(Measure::View, 5)]).await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;

    for path in ["/admin/figures".to_owned(), format!("/admin/figures?article={}", id.0), "/admin".to_owned()] {
        let page = browser.get(&path).await;
        assert!(!page.body.contains("<script>alert"), "{path}");
        assert!(Html::parse_document(&page.body).html().contains("HYPERLINK"), "{path} does not show it at all");
    }
    let page = browser.get(&format!("/admin/figures?article={}", id.0)).await;
    assert!(page.attribute("figure svg", "aria-label").contains(EVIL));

    let csv = browser.get("/admin/figures.csv").await;
    assert!(csv.bytes.starts_with("\u{feff}编号,标题,".as_bytes()), "{}", csv.body);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"articles-2026-09-15-2026-09-21.csv\"");
    let line = csv.body.lines().nth(1).unwrap();
    let quoted = EVIL.replace('"', "\"\"");
    assert!(
        line.starts_with(&format!("1,\"'{quoted}\",https://news.example.cn/articles/spring,2026-09-21 22:13,5,")),
        "{line}"
    );
    let days = browser.get("/admin/figures.csv?table=days").await;
    assert_eq!(days.body.lines().last().unwrap(), "2026-09-21,5,0,0,0,0,5");

    let xlsx = browser.get("/admin/figures.xlsx").await;
    assert_eq!(xlsx.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let files = unzip(&xlsx.bytes);
    let sheets: String =
        files.iter().filter(|(name, _)| name.contains("worksheets/")).map(|(_, text)| text.as_str()).collect();
    assert!(!sheets.contains("<f>") && !sheets.contains("hyperlink"), "{sheets}");
    let strings = &files["xl/sharedStrings.xml"];
    assert!(strings.contains("=HYPERLINK(") && strings.contains("&lt;script&gt;alert(1)"), "{strings}");
    assert!(files["xl/workbook.xml"].contains("各篇稿件") && files["xl/workbook.xml"].contains("每天"));
    assert!(files["docProps/core.xml"].contains("2026-09-21T14:13:20Z"));
}

/// The files of a zip archive, by its directory at the end.
fn unzip(bytes: &[u8]) -> BTreeMap<String, String> {
    let short = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let long = |at: usize| usize::try_from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap();
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let (count, mut at) = (short(end + 10), long(end + 16));
    let mut files = BTreeMap::new();
    for _ in 0..count {
        let (method, packed, local) = (short(at + 10), long(at + 20), long(at + 42));
        let name = String::from_utf8_lossy(&bytes[at + 46..at + 46 + short(at + 28)]).into_owned();
        let from = local + 30 + short(local + 26) + short(local + 28);
        let content = &bytes[from..from + packed];
        let mut text = String::new();
        match method {
            0 => text = String::from_utf8_lossy(content).into_owned(),
            _ => drop(flate2::read::DeflateDecoder::new(content).read_to_string(&mut text).unwrap()),
        }
        files.insert(name, text);
        at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
    }
    files
}
