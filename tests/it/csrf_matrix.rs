//! Every form of the back office × every way in which another site could send it: refused with 403, and nothing has
//! changed. Where a request comes from is judged before its body is read.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use sqlx::{AssertSqlSafe, Row as _};
use wxpress::db::{Db, Engine};
use wxpress::staff::Role;
use wxpress::web::{Policy, back_office_routes};

use crate::office::Browser;
use crate::office_matrix::filled;
use crate::site::{Answer, TestSite};

const OWN: &str = "https://news.example.cn";

/// Every row of every table, as text.
async fn everything(db: &Db) -> Vec<String> {
    let texts = async |query: String| -> Vec<String> {
        let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(db.read()).await.unwrap();
        rows.iter().map(|row| row.try_get::<Option<String>, _>(0).unwrap().unwrap_or_default()).collect()
    };
    let tables = match db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'",
        Engine::Postgres => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'",
    };
    let mut all = Vec::new();
    for table in texts(tables.to_owned()).await {
        let row = match db.engine() {
            Engine::Sqlite => {
                let columns = texts(format!("SELECT name FROM pragma_table_info('{table}')")).await;
                columns.iter().map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>().join(" || ',' || ")
            }
            Engine::Postgres => "CAST(t AS TEXT)".to_owned(),
        };
        all.extend(texts(format!("SELECT '{table}: ' || {row} FROM \"{table}\" t ORDER BY 1")).await);
    }
    all
}

/// How a form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Url,
    /// With files.
    Parts,
}

impl Encoding {
    fn kind(self) -> &'static str {
        match self {
            Self::Url => "application/x-www-form-urlencoded",
            Self::Parts => "multipart/form-data; boundary=x",
        }
    }

    fn body(self, token: Option<&str>) -> String {
        match (self, token) {
            (Self::Url, Some(token)) => format!("csrf={token}"),
            (Self::Url, None) => "name=x".to_owned(),
            (Self::Parts, Some(token)) => {
                format!("--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--x--\r\n")
            }
            (Self::Parts, None) => {
                "--x\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nx\r\n--x--\r\n".to_owned()
            }
        }
    }
}

/// One form, and who may send it.
struct Form<'a> {
    browser: &'a Browser<'a>,
    address: String,
    encoding: Encoding,
}

impl<'a> Form<'a> {
    /// The form at `path`, with whatever fills its gaps so that it gets as far as its token.
    async fn find(browser: &'a Browser<'a>, path: &str) -> Self {
        for filling in ["4711", "0123456789abcdef0123456789abcdef"] {
            for encoding in [Encoding::Url, Encoding::Parts] {
                let form = Self { browser, address: filled(path, filling), encoding };
                let answer = form.send(&[("sec-fetch-site", "same-origin")], &encoding.body(None)).await;
                if is_refused(&answer) {
                    return form;
                }
            }
        }
        panic!("POST {path} is taken without a token");
    }

    async fn send(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        let request = TestRequest::post().uri(&self.address).insert_header(("content-type", self.encoding.kind()));
        let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
        self.browser.send(request.set_payload(body.to_owned())).await
    }

    async fn is_refused(&self, what: &str, headers: &[(&str, &str)], token: Option<&str>) {
        let answer = self.send(headers, &self.encoding.body(token)).await;
        assert!(is_refused(&answer), "{} {what}: {} {}", self.address, answer.status, answer.text("h1"));
    }
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && answer.text("h1") == "这个表单已经过期"
}

/// What another site can make a browser send along.
const FOREIGN: &[(&str, &[(&str, &str)])] = &[
    ("from another site", &[("sec-fetch-site", "cross-site")]),
    ("from a sibling", &[("sec-fetch-site", "same-site")]),
    ("from nowhere", &[("sec-fetch-site", "none")]),
    ("with a site that is no word", &[("sec-fetch-site", "Same-Origin, cross-site")]),
    ("from another site that says it is ours", &[("sec-fetch-site", "cross-site"), ("origin", OWN), ("referer", OWN)]),
    ("with a foreign origin", &[("origin", "https://evil.example")]),
    (
        "with a foreign origin and our page",
        &[("origin", "https://evil.example"), ("referer", "https://news.example.cn/")],
    ),
    ("with an origin that only begins like ours", &[("origin", "https://news.example.cn.evil.example")]),
    ("with our host without TLS", &[("origin", "http://news.example.cn")]),
    ("with our host at another port", &[("origin", "https://news.example.cn:8443")]),
    ("with no origin to tell", &[("origin", "null")]),
    ("with a foreign page", &[("referer", "https://evil.example/https://news.example.cn/admin")]),
    ("with a page that is none", &[("referer", "news.example.cn")]),
    ("with no word at all", &[]),
];

#[actix_web::test]
async fn no_form_is_taken_from_elsewhere() {
    let site = TestSite::new().await;
    let (chief, other) =
        (Browser::of(&site, "chief", Role::Administrator).await, Browser::of(&site, "zhao", Role::Administrator).await);
    let (visitor, stranger) = (Browser::new(&site), Browser::new(&site));
    for browser in [&visitor, &stranger] {
        browser.get("/admin/sign-in").await;
    }
    let ours = [("sec-fetch-site", "same-origin")];
    let posts = back_office_routes().into_iter().filter(|(method, ..)| *method == Method::POST);
    let before = everything(&site.state.db).await;
    let mut forms = 0;
    for (_, path, policy) in posts {
        let (browser, foreign) = if policy == Policy::Anyone { (&visitor, &stranger) } else { (&chief, &other) };
        let form = Form::find(browser, path).await;
        let token = browser.token();
        for (what, headers) in FOREIGN {
            form.is_refused(what, headers, Some(&token)).await;
            let answer = form.send(headers, &"%".repeat(3 * 1024 * 1024)).await;
            assert!(is_refused(&answer), "{path} {what}: the body was read first: {}", answer.status);
        }
        form.is_refused("without a token", &ours, None).await;
        form.is_refused("with no token at all", &ours, Some("")).await;
        form.is_refused("with a wrong token", &ours, Some(&"0".repeat(token.len()))).await;
        form.is_refused("with a part of the token", &ours, Some(&token[1..])).await;
        form.is_refused("with a token of somebody else", &ours, Some(&foreign.token())).await;
        forms += 1;
    }
    assert!(forms > 20, "{forms}");
    assert_eq!(everything(&site.state.db).await, before, "what is refused changes nothing");
}

#[actix_web::test]
async fn every_form_is_taken_from_our_own_pages() {
    let site = TestSite::new().await;
    let posts: Vec<_> = back_office_routes().into_iter().filter(|(method, ..)| *method == Method::POST).collect();
    for (number, (_, path, policy)) in posts.into_iter().enumerate() {
        for (kind, header) in [
            ("new", ("sec-fetch-site", "same-origin")),
            ("old", ("origin", OWN)),
            ("older", ("referer", "https://news.example.cn/admin/x")),
        ] {
            let browser = match policy {
                Policy::Anyone => Browser::new(&site),
                _ => Browser::of(&site, &format!("{kind}{number}"), Role::Administrator).await,
            };
            if policy == Policy::Anyone {
                browser.get("/admin/sign-in").await;
            }
            let form = Form::find(&browser, path).await;
            let answer = form.send(&[header], &form.encoding.body(Some(&browser.token()))).await;
            assert!(!is_refused(&answer), "{path} by {header:?}");
        }
    }
}

#[actix_web::test]
async fn a_token_does_not_outlive_its_session() {
    let site = TestSite::new().await;
    let wang = Browser::of(&site, "wang", Role::Writer).await;
    wang.get("/admin/account").await;
    let old = wang.token();
    wang.post("/admin/sign-out", &[]).await;
    wang.get("/admin/sign-in").await;
    let password = crate::office::password_of("wang");
    wang.post("/admin/sign-in", &[("login", "wang"), ("password", &password)]).await;
    let form = Form { browser: &wang, address: "/admin/account/name".to_owned(), encoding: Encoding::Url };
    form.is_refused("with the token of before", &[("sec-fetch-site", "same-origin")], Some(&old)).await;
    // Nor is the token of a visitor good for anything once somebody has signed in.
    let visitor = wang.cookie("__Host-wxpress-visitor").unwrap();
    form.is_refused("with the visitor's token", &[("sec-fetch-site", "same-origin")], Some(&visitor)).await;
}

#[actix_web::test]
async fn looking_changes_nothing() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "chief", Role::Administrator).await;
    chief.get("/admin/second-step/set-up").await;
    let before = everything(&site.state.db).await;
    for (method, path, _) in back_office_routes() {
        if method == Method::GET {
            chief.get(&filled(path, "4711")).await;
        }
    }
    let after = everything(&site.state.db).await;
    assert_eq!(after, before);
}
