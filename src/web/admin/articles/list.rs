//! The newsroom's list: shelves with their counts, search, filters, and steps for several articles at once. A writer
//! sees what they wrote.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Query;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::FormErrors;
use super::super::names::Names;
use super::super::page::{Desk, Layout, respond};
use super::standing::{self, Word};
use super::{Here, path};
use crate::content::{Article, ArticleFilter, Counts, Cursor, Shelf};

/// Rows of a page.
const ROWS: u16 = 30;

#[derive(Template)]
#[template(path = "admin/articles/list.html")]
struct ListPage {
    layout: Layout,
    w: &'static Articles,
    form: FormErrors,
    new_url: String,
    url: String,
    chips: Vec<Chip>,
    asked: Asked,
    /// Number, name, and whether it is the chosen one.
    categories: Vec<(String, String, bool)>,
    authors: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    verbs: Vec<(&'static str, &'static str)>,
    bulk_url: String,
    report: Report,
    older: Option<String>,
    is_first: bool,
}

/// A shelf with how much is on it.
#[derive(Debug)]
struct Chip {
    label: &'static str,
    count: Option<i64>,
    url: String,
    current: bool,
}

#[derive(Debug)]
struct Row {
    /// Number and version, as they are chosen.
    key: String,
    choose: String,
    chosen: bool,
    url: String,
    headline: String,
    words: Vec<Word>,
    category: String,
    author: String,
    touched: String,
    datetime: String,
}

/// What became of a step for several articles.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Above the headlines of those that were done.
    pub(super) done_label: String,
    pub(super) done: Vec<String>,
    pub(super) refused_label: String,
    /// Headline and reason.
    pub(super) refused: Vec<(String, String)>,
    /// What stays chosen.
    pub(super) still: Vec<String>,
    /// What else was typed: verb, category, notice.
    pub(super) verb: String,
    pub(super) category: String,
    pub(super) notice: String,
}

/// What the address asks for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(super) shelf: String,
    pub(super) q: String,
    pub(super) category: String,
    pub(super) author: String,
    pub(super) before: String,
}

const SHELVES: [(&str, Shelf); 8] = [
    ("draft", Shelf::Draft),
    ("review", Shelf::InReview),
    ("approved", Shelf::Approved),
    ("scheduled", Shelf::Scheduled),
    ("published", Shelf::Published),
    ("changed", Shelf::Changed),
    ("withdrawn", Shelf::Withdrawn),
    ("discarded", Shelf::Discarded),
];

impl Asked {
    fn shelf(&self) -> Option<Shelf> {
        SHELVES.iter().find(|(word, _)| *word == self.shelf).map(|(_, shelf)| *shelf)
    }

    fn filter(&self, own: Option<i64>) -> ArticleFilter {
        ArticleFilter {
            shelf: self.shelf(),
            category: self.category.parse().ok(),
            author: own.or_else(|| self.author.parse().ok()),
            // PostgreSQL refuses U+0000.
            text: self.q.replace('\0', ""),
        }
    }

    /// The address of the list that begins after `before`.
    fn after(&self, url: &str, before: Cursor) -> String {
        let [shelf, q, category, author] = [&self.shelf, &self.q, &self.category, &self.author]
            .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        format!("{url}?shelf={shelf}&q={q}&category={category}&author={author}&before={before}")
    }
}

/// `GET /admin/articles`.
pub(crate) async fn show(here: Here, asked: Query<Asked>) -> Result<HttpResponse, Error> {
    page(&here, StatusCode::OK, asked.into_inner(), (Report::default(), FormErrors::default())).await
}

/// The list, with what became of a step for several of its articles.
pub(super) async fn page(
    here: &Here,
    status: StatusCode,
    asked: Asked,
    (report, form): (Report, FormErrors),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let names = Names::load(&desk).await?;
    let w = desk.t.articles;
    let own = (!here.member().role().may_edit_others()).then(|| here.member().id().0);
    let content = here.content();
    let before = asked.before.parse::<Cursor>().ok();
    let mut articles = content.articles(&asked.filter(own), before, ROWS + 1).await?;
    let more = articles.len() > usize::from(ROWS);
    articles.truncate(usize::from(ROWS));
    let counts = match own {
        Some(member) => content.counts_of(member).await?,
        None => content.counts().await?,
    };
    let url = desk.url("/articles");
    let sections = content.sections().await?;
    let categories = sections.iter().map(|section| (section.category.id, section.category.name.clone()));
    let authors = if own.is_some() { Vec::new() } else { names.members.clone() };
    let page = ListPage {
        layout: desk.layout(desk.a.articles, "/articles", &here.signed_in, &here.request),
        new_url: desk.url("/articles/new"),
        bulk_url: desk.url("/articles/bulk"),
        chips: chips(w, &url, &asked.shelf, counts),
        categories: options(categories, &asked.category),
        authors: options(authors.into_iter(), &asked.author),
        rows: articles.iter().map(|article| Row::new(&desk, &names, article, &report.still)).collect(),
        verbs: super::bulk::verbs(w, here.member()),
        older: articles.last().filter(|_| more).map(|last| asked.after(&url, last.cursor())),
        is_first: before.is_none(),
        url,
        asked,
        report,
        w,
        form,
    };
    respond(status, &page)
}

fn options(all: impl Iterator<Item = (i64, String)>, chosen: &str) -> Vec<(String, String, bool)> {
    all.map(|(id, name)| {
        let number = id.to_string();
        let is_chosen = number == chosen;
        (number, name, is_chosen)
    })
    .collect()
}

fn chips(w: &'static Articles, url: &str, current: &str, counts: Counts) -> Vec<Chip> {
    let all = Chip { label: w.all, count: None, url: url.to_owned(), current: current.is_empty() };
    let shelves = SHELVES.iter().map(|(word, shelf)| {
        let (label, count) = match shelf {
            Shelf::Draft => (w.draft, counts.drafts),
            Shelf::InReview => (w.in_review, counts.in_review),
            Shelf::Approved => (w.approved, counts.approved),
            Shelf::Scheduled => (w.scheduled, counts.scheduled),
            Shelf::Published => (w.published, counts.published),
            Shelf::Changed => (w.changed, counts.changed),
            Shelf::Withdrawn => (w.withdrawn, counts.withdrawn),
            Shelf::Discarded => (w.discarded, counts.discarded),
        };
        Chip { label, count: Some(count), url: format!("{url}?shelf={word}"), current: current == *word }
    });
    std::iter::once(all).chain(shelves).collect()
}

impl Row {
    fn new(desk: &Desk<'_>, names: &Names, article: &Article, chosen: &[String]) -> Self {
        let w = desk.t.articles;
        let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
        let key = format!("{}.{}", article.id, article.version);
        Self {
            choose: w.choose.replace("{}", headline),
            // The version may be another one by now; what was chosen is the article.
            chosen: chosen.iter().any(|chosen| chosen.split('.').next() == key.split('.').next()),
            key,
            url: desk.url(&path(article.id)),
            headline: headline.to_owned(),
            words: standing::words(desk, article),
            category: article.category.as_ref().map(|category| category.name.clone()).unwrap_or_default(),
            author: article.hands.author.map_or_else(|| w.imported.to_owned(), |author| names.member(author)),
            touched: desk.date_time(article.touched),
            datetime: desk.datetime(article.touched),
        }
    }
}
