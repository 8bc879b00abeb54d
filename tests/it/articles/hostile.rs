//! What somebody types who means harm, through every field of every form: wherever it is shown again, it is text.

use actix_web::http::StatusCode;
use scraper::{Html, Selector};
use wxpress::content::{Actor, ArticleKey};
use wxpress::staff::Role;

use super::{at, set_stages, step, write};
use crate::office::Browser;
use crate::site::{Answer, TestSite};

/// Each with a mark, by which it is known that it was shown at all.
const CORPUS: &[&str] = &[
    "MARK<script>alert(1)</script>",
    "MARK\"><img src=x onerror=alert(1)>",
    "MARK'\"--></style></script></title><svg onload=alert(1)>",
    "MARK</textarea><script>alert(1)</script>",
    "MARK\" autofocus onfocus=\"alert(1)",
    "MARK<a href=\"javascript:alert(1)\">x</a>",
    "MARK<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "MARK&lt;script&gt;alert(1)&lt;/script&gt;",
    "MARK{{7*7}}${7*7}<%= 7*7 %>",
    "MARK\u{202e}\u{0}<iframe srcdoc='<script>alert(1)</script>'>",
];

/// Nothing on the page runs that we have not written.
fn is_harmless(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.status);
    let page = Html::parse_document(&answer.body);
    for element in page.select(&Selector::parse("*").unwrap()) {
        let (name, value) = (element.value().name(), element.html());
        for (attribute, text) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "srcdoc" && attribute != "style", "{what}: {value}");
            let address = ["href", "src", "action", "formaction"].contains(&attribute);
            let runs = text.trim().to_ascii_lowercase().starts_with("javascript:");
            assert!(!(address && runs), "{what}: {value}");
        }
        assert!(!["iframe", "math", "mglyph", "object", "embed", "base"].contains(&name), "{what}: {value}");
        if name == "script" {
            let text = element.text().collect::<String>();
            let is_data = element.attr("type").is_some_and(|kind| kind.ends_with("json")) && !text.contains('<');
            let is_ours = element.attr("src").is_some_and(|source| source.starts_with("/static/"))
                || text.contains("data-canonical") && !text.contains("alert(");
            assert!(is_data || is_ours, "{what}: {value}");
        }
        if name == "img" {
            assert!(element.attr("src").is_some_and(|source| source != "x" && !source.is_empty()), "{what}: {value}");
        }
    }
    assert!(!answer.body.contains("SQL") && !answer.body.contains("panicked"), "{what}");
}

fn is_shown(answer: &Answer, what: &str) {
    is_harmless(answer, what);
    assert!(answer.body.contains("MARK"), "{what}: nothing of it is shown: {}", answer.body);
}

const FIELDS: [&str; 12] = [
    "headline",
    "standfirst",
    "body",
    "summary",
    "byline",
    "source",
    "editor",
    "tags",
    "share_title",
    "moments_title",
    "share_text",
    "slug",
];

#[actix_web::test]
async fn no_field_of_an_article_runs_anywhere() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    for attack in CORPUS {
        chief.get("/admin/articles/new").await;
        let all: Vec<(&str, &str)> = FIELDS.iter().map(|field| (*field, *attack)).collect();
        // With a slug that is none the whole form is refused and shown again.
        let refused = chief.post("/admin/articles/new", &all).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{attack}");
        is_shown(&refused, attack);

        let good: Vec<(&str, &str)> = all.iter().copied().filter(|(name, _)| *name != "slug").collect();
        let id = super::number(&chief.post("/admin/articles/new", &good).await);
        for part in ["", "preview", "publish", "withdraw", "history"] {
            is_shown(&chief.get(&at(id, part)).await, &format!("{part}: {attack}"));
        }
        is_shown(&chief.get("/admin/articles").await, attack);
        is_shown(&chief.get("/admin/log").await, attack);
        let table = chief.get("/admin/log.csv").await;
        assert_eq!(
            (table.header("content-type"), table.header("x-content-type-options")),
            ("text/csv; charset=utf-8", "nosniff")
        );

        step(&chief, id, "publish", &[]).await;
        is_shown(&site.get(&format!("/articles/{id}")).await, attack);
        is_shown(&site.get("/").await, attack);

        // Both texts beside each other, and compared in the history.
        let mut again = good.clone();
        again.push(("version", "1"));
        again.retain(|(name, _)| *name != "headline");
        again.push(("headline", "MARK 另一个"));
        chief.post(&at(id, ""), &again).await;
        let mut mine = good.clone();
        mine.push(("version", "1"));
        let conflict = chief.post(&at(id, ""), &mine).await;
        assert_eq!(conflict.status, StatusCode::CONFLICT, "{attack}");
        is_shown(&conflict, attack);
        is_shown(&chief.get(&at(id, "history")).await, attack);
        is_shown(&chief.get(&at(id, "publish")).await, attack);
    }
}

#[actix_web::test]
async fn no_word_to_colleagues_or_readers_runs_anywhere() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    for attack in CORPUS {
        let id = write(&author, "稿", "文").await;
        step(&author, id, "submit", &[]).await;
        step(&chief, id, "send-back", &[("remark", attack)]).await;
        is_shown(&author.get(&at(id, "")).await, attack);
        is_shown(&author.get(&at(id, "history")).await, attack);
        let refused = step(&chief, id, "send-back", &[("remark", attack)]).await;
        is_shown(&refused, attack);

        site.content().publish(Actor::System, id, None).await.unwrap();
        step(&chief, id, "correct", &[("notice", attack)]).await;
        is_shown(&site.get(&format!("/articles/{id}")).await, attack);
        step(&chief, id, "withdraw", &[("notice", attack)]).await;
        let gone = site.get(&format!("/articles/{id}")).await;
        assert_eq!(gone.status, StatusCode::GONE);
        is_shown(&gone, attack);
        is_shown(&chief.get("/admin/log").await, attack);
        for (verb, field) in [("correct", "notice"), ("schedule", "at"), ("take-down", "at"), ("slug", "slug")] {
            let refused = step(&chief, id, verb, &[(field, attack)]).await;
            assert!(refused.status.is_client_error(), "{verb}: {}", refused.status);
            is_shown(&refused, &format!("{verb}: {attack}"));
        }
        let media = step(&chief, id, "picture", &[("media", attack), ("as", "lead")]).await;
        assert_eq!(media.status, StatusCode::UNPROCESSABLE_ENTITY);
        is_harmless(&media, attack);
        is_harmless(&step(&chief, id, "picture", &[("media", "x"), ("as", attack)]).await, attack);
    }
}

#[actix_web::test]
async fn no_question_to_a_list_runs_anywhere() {
    let site = TestSite::new().await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    let id = write(&chief, "稿", "文").await;
    for attack in CORPUS {
        let typed: String = url::form_urlencoded::byte_serialize(attack.as_bytes()).collect();
        for field in ["q", "shelf", "category", "author", "before"] {
            let answer = chief.get(&format!("/admin/articles?{field}={typed}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{field}: {attack}");
            is_harmless(&answer, &format!("{field}: {attack}"));
        }
        for field in ["member", "kind", "article", "before"] {
            let answer = chief.get(&format!("/admin/log?{field}={typed}")).await;
            let status = if field == "article" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            assert_eq!(answer.status, status, "{field}: {attack}");
            is_harmless(&answer, &format!("{field}: {attack}"));
            is_harmless(&chief.get(&format!("/admin/log.csv?{field}={typed}")).await, attack);
        }
        for field in ["from", "to", "before", "stored", "done"] {
            is_harmless(&chief.get(&at(id, &format!("history?{field}={typed}"))).await, attack);
            is_harmless(&chief.get(&format!("{}?{field}={typed}", at(id, ""))).await, attack);
        }
        for field in ["chosen", "verb", "category", "notice", "shelf", "q", "in_category", "author", "before"] {
            let chosen = format!("{id}.1");
            let fields = [("chosen", chosen.as_str()), ("verb", "approve"), ("notice", ""), (field, attack)];
            let answer = chief.post("/admin/articles/bulk", &fields).await;
            assert!(answer.status.is_client_error(), "{field}: {attack}: {}", answer.status);
            is_harmless(&answer, &format!("{field}: {attack}"));
        }
    }
    assert!(site.content().published(&ArticleKey::Number(id)).await.is_err());
    set_stages(site.content(), 0).await;
}
