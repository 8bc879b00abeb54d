//! What was read: by article and by day, as a page and to take along. Everybody who works here may see all of it.

mod question;
mod tables;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::civil::Date;

use super::super::Site;
use super::super::error::Error;
use super::super::page::Link;
use super::auth::SignedIn;
use super::download;
use super::form::FormErrors;
use super::page::{Desk, Layout, respond};
use super::plot::{self, Origin, Plot, grouped};
use crate::content::article::Live;
use crate::content::{ArticleId, ArticleName};
use crate::staff::{Member, MemberId};
use crate::stats::{Days, Tally};
use question::{Question, Sort};

/// Articles on a page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "admin/figures.html")]
struct FiguresPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    question: Question,
    ranges: Vec<Choice>,
    sorts: Vec<Choice>,
    plot: Plot,
    origins: Vec<Origin>,
    /// Of one article only.
    all_url: Option<String>,
    heads: Vec<Head>,
    rows: Vec<Row>,
    days: Vec<DayRow>,
    newer: Option<String>,
    older: Option<String>,
    csv_url: String,
    csv_days_url: String,
    xlsx_url: String,
}

/// Something to choose.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) value: &'static str,
    pub(super) url: String,
    pub(super) chosen: bool,
}

/// The head of a column of numbers.
#[derive(Debug)]
struct Head {
    label: &'static str,
    url: String,
    sorted: bool,
}

/// One article.
#[derive(Debug)]
struct Row {
    article: Link,
    published: Option<(String, String)>,
    numbers: Vec<(&'static str, String)>,
}

/// One day.
#[derive(Debug)]
struct DayRow {
    day: String,
    date: Date,
    numbers: Vec<(&'static str, String)>,
}

/// What was asked for, from the database.
pub(super) struct Found {
    /// The articles in the order that was asked for.
    pub(super) articles: Vec<(ArticleId, Tally)>,
    pub(super) days: Vec<(Date, Tally)>,
    pub(super) names: BTreeMap<ArticleId, ArticleName>,
}

/// `GET /admin/figures`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let (question, form) = Question::read(&desk, request.query_string());
    let status = if form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let layout = desk.layout(desk.t.figures.title, "/figures", &signed_in, &request);
    respond(status, &page((&desk, &signed_in.member), layout, question, form).await?)
}

async fn page(
    (desk, member): (&Desk<'_>, &Member),
    layout: Layout,
    question: Question,
    form: FormErrors,
) -> Result<FiguresPage, Error> {
    let found = find(desk, &question).await?;
    let shown = found.articles.iter().skip(question.place()).take(ROWS).map(|(id, _)| *id);
    let names = named(desk.site, member, shown.chain(question.article)).await?;
    let found = Found { names, ..found };
    let sum = found.days.iter().fold(Tally::default(), |sum, (_, tally)| sum.and(*tally));
    let before = views(desk, question.days.before(), question.article).await?;
    let headline = question.article.map(|id| tables::headline(desk, &found, id));
    let sentence = plot::sentence(desk, headline.as_deref(), question.days, (sum.views, before));
    let url = |question: &Question| desk.url(&format!("/figures?{}", question.query()));
    let file = |name: &str, more: &str| desk.url(&format!("/figures.{name}?{}{more}", question.query()));
    let shown = found.articles.iter().skip(question.place()).take(ROWS);
    let page = |page: i64| url(&Question { page, ..question.clone() });
    let is_last = question.place() + ROWS >= found.articles.len();
    Ok(FiguresPage {
        layout,
        form,
        action: desk.url("/figures"),
        ranges: question.ranges(desk),
        sorts: question.sorts(desk),
        plot: Plot::new(desk, sentence, &found.days),
        origins: plot::origins(desk, sum),
        all_url: question.article.map(|_| url(&Question { article: None, ..question.clone() })),
        heads: heads(desk, &question),
        rows: shown.map(|(id, tally)| row(desk, &question, &found, (*id, *tally))).collect(),
        days: found.days.iter().rev().map(|(day, tally)| day_row(desk, *day, *tally)).collect(),
        newer: (question.page > 1).then(|| page(question.page - 1)),
        older: (!is_last).then(|| page(question.page + 1)),
        csv_url: file("csv", ""),
        csv_days_url: file("csv", "&table=days"),
        xlsx_url: file("xlsx", ""),
        question,
    })
}

/// The numbers of the articles and the days that are asked for.
async fn find(desk: &Desk<'_>, question: &Question) -> Result<Found, Error> {
    let stats = &desk.site.state.stats;
    let tallies = stats.by_article(question.days).await.map_err(Error::unavailable)?;
    let days = stats.by_day(question.days, question.article.map(|id| id.0)).await.map_err(Error::unavailable)?;
    let wanted = |id: &ArticleId| question.article.is_none_or(|wanted| wanted == *id);
    let mut articles: Vec<_> =
        tallies.into_iter().map(|(id, tally)| (ArticleId(id), tally)).filter(|(id, _)| wanted(id)).collect();
    articles.sort_by_key(|(id, tally)| std::cmp::Reverse((question.sort.key(*tally), *id)));
    Ok(Found { articles, days, names: BTreeMap::new() })
}

/// What these articles are called.
/// What these articles are called, as far as `member` may know: not what others are still writing.
async fn named(
    site: &Site,
    member: &Member,
    ids: impl Iterator<Item = ArticleId>,
) -> Result<BTreeMap<ArticleId, ArticleName>, Error> {
    let mut names = site.state.content.names(&ids.collect::<Vec<_>>()).await?;
    names.retain(|_, name| name.live != Live::None || member.may_edit(name.author.map(MemberId)));
    Ok(names)
}

async fn views(desk: &Desk<'_>, days: Days, article: Option<ArticleId>) -> Result<i64, Error> {
    let by_day = desk.site.state.stats.by_day(days, article.map(|id| id.0)).await.map_err(Error::unavailable)?;
    Ok(by_day.iter().map(|(_, tally)| tally.views).sum())
}

fn heads(desk: &Desk<'_>, question: &Question) -> Vec<Head> {
    let head = |sort: Sort| Head {
        label: sort.label(desk),
        url: desk.url(&format!("/figures?{}", Question { sort, page: 1, ..question.clone() }.query())),
        sorted: question.sort == sort,
    };
    Sort::ALL.map(head).into()
}

fn row(desk: &Desk<'_>, question: &Question, found: &Found, (id, tally): (ArticleId, Tally)) -> Row {
    let only = Question { article: Some(id), page: 1, ..question.clone() };
    let published = found.names.get(&id).and_then(|name| name.published);
    Row {
        article: Link {
            label: tables::headline(desk, found, id),
            url: desk.url(&format!("/figures?{}", only.query())),
        },
        published: published.map(|at| (desk.date_time(at), desk.datetime(at))),
        numbers: numbers(desk, tally),
    }
}

fn day_row(desk: &Desk<'_>, day: Date, tally: Tally) -> DayRow {
    DayRow { day: day.strftime(desk.t.date).to_string(), date: day, numbers: numbers(desk, tally) }
}

fn numbers(desk: &Desk<'_>, tally: Tally) -> Vec<(&'static str, String)> {
    Sort::ALL.map(|sort| (sort.label(desk), grouped(sort.key(tally)))).into()
}

/// `GET /admin/figures.csv`; with `table=days` the days instead of the articles.
pub(crate) async fn csv(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let question = Question::strictly(&desk, request.query_string())?;
    let (articles, days) = tables::both((&desk, &signed_in.member), &question).await?;
    let (table, name) = if question.table == "days" { (days, "days") } else { (articles, "articles") };
    Ok(download::answer(download::csv(&table)?, "text/csv; charset=utf-8", &question.file_name(name, "csv")))
}

/// `GET /admin/figures.xlsx`: both tables, each on its sheet.
pub(crate) async fn xlsx(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let question = Question::strictly(&desk, request.query_string())?;
    let (articles, days) = tables::both((&desk, &signed_in.member), &question).await?;
    let now = site.state.clock.now();
    let bytes = web::block(move || download::xlsx(&[articles, days], now)).await.map_err(Error::internal)??;
    let content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download::answer(bytes, content_type, &question.file_name("figures", "xlsx")))
}
