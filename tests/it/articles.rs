//! Articles in the back office, as the people of a newsroom use it: every step by every role, several at once, and
//! nothing that was typed is lost.

mod bulk;
mod conflict;
mod durability;
mod hostile;
mod log;
mod pictures;
mod review;
mod steps;
mod writing;

use wxpress::content::{Actor, article::Working};
use wxpress::content::{ArticleId, Content, Fields, Html, SiteSettings};

use crate::office::Browser;
use crate::site::Answer;

/// A headline and a text, as a form carries them.
pub(crate) fn form<'a>(headline: &'a str, body: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("headline", headline), ("body", body)]
}

/// Writes an article by the form, and returns its number.
pub(crate) async fn write(browser: &Browser<'_>, headline: &str, body: &str) -> ArticleId {
    browser.get("/admin/articles/new").await;
    let answer = browser.post("/admin/articles/new", &form(headline, body)).await;
    number(&answer)
}

/// The number of the article to whose page an answer leads.
pub(crate) fn number(answer: &Answer) -> ArticleId {
    let to = answer.header("location");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let number = to.trim_start_matches("/admin/articles/").split(['?', '/']).next().unwrap();
    ArticleId(number.parse().unwrap_or_else(|_| panic!("{to} is no article's page")))
}

/// The address of an article, or of something below it.
pub(crate) fn at(id: ArticleId, part: &str) -> String {
    if part.is_empty() { format!("/admin/articles/{id}") } else { format!("/admin/articles/{id}/{part}") }
}

/// Takes a step with the version that is there now.
pub(crate) async fn step(browser: &Browser<'_>, id: ArticleId, verb: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&at(id, "")).await;
    let version = page.attribute("form.writing input[name=version]", "value");
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&at(id, verb), &all).await
}

pub(crate) async fn set_stages(content: &Content, review_stages: i64) {
    let settings = SiteSettings { review_stages, ..content.settings().await.unwrap() };
    content.set_settings(Actor::System, settings).await.unwrap();
}

async fn working(content: &Content, id: ArticleId) -> Working {
    content.article(id).await.unwrap().state.working
}

/// Whoever reads the page is told `text`.
fn says(answer: &Answer, text: &str) {
    assert!(answer.body.contains(text), "{text:?} is not on the page: {}", answer.body);
}

fn text(headline: &str, body: &str) -> Fields {
    Fields { headline: headline.to_owned(), body: Html::clean(body), ..Fields::default() }
}
