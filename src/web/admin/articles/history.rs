//! The texts that an article had, how two of them differ, and everything that happened to it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::{FormErrors, Posted};
use super::super::happened::Line;
use super::super::names::Names;
use super::super::page::{Desk, Layout, respond};
use super::differences::{FieldDifference, differences};
use super::refusal::Refusal;
use super::standing::May;
use super::{Here, path};
use crate::content::{Article, ArticleId, Fields, Reason, Revision};

/// Events on one page.
const EVENTS: u16 = 50;

#[derive(Template)]
#[template(path = "admin/articles/history.html")]
struct HistoryPage {
    layout: Layout,
    w: &'static Articles,
    form: FormErrors,
    url: String,
    headline: String,
    /// The version of the working copy that a restored text takes the place of.
    version: i64,
    may_restore: bool,
    /// Whether the working copy is the older and the newer text of the comparison.
    is_working: (bool, bool),
    rows: Vec<Row>,
    compared: String,
    differences: Option<Vec<FieldDifference>>,
    events: Vec<Line>,
    /// Where the list of events goes on.
    older: Option<String>,
}

/// A revision.
#[derive(Debug)]
struct Row {
    number: i64,
    name: String,
    reason: String,
    at: String,
    datetime: String,
    who: String,
    headline: String,
    live: bool,
    /// Whether it is the older and the newer text of the comparison.
    is_from: bool,
    is_to: bool,
}

/// What the address asks for. 0 is the working copy.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    from: Option<i64>,
    to: Option<i64>,
    before: Option<i64>,
}

/// Which text is to come back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Restored {
    number: i64,
    version: i64,
}

/// `GET /admin/articles/{id}/history`.
pub(crate) async fn show(here: Here, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    page(&here, StatusCode::OK, &article, (*asked, FormErrors::default())).await
}

/// `POST /admin/articles/{id}/history`.
pub(crate) async fn restore(
    here: Here,
    id: Path<i64>,
    Posted(wanted): Posted<Restored>,
) -> Result<HttpResponse, Error> {
    let article = here.article(*id).await?;
    let seen = (wanted.version, wanted.number);
    match here.content().restore_revision(here.actor(), article.id, seen).await {
        Ok(_version) => Ok(here.see(&path(article.id), "revision-restored")),
        Err(error) => {
            let why = Refusal::of(&Desk::load(&here.site).await?, error).await?;
            page(&here, why.status, &article, (Asked::default(), FormErrors::of(why.field, why.text))).await
        }
    }
}

async fn page(
    here: &Here,
    status: StatusCode,
    article: &Article,
    (asked, form): (Asked, FormErrors),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let names = Names::load(&desk).await?;
    let w = desk.t.articles;
    let revisions = here.content().history(article.id).await?;
    let newest = revisions.first().map(|revision| revision.number);
    // Without a wish: what has been written since the last revision was kept.
    let (from, to) = (asked.from.or(newest).unwrap_or(0), asked.to.unwrap_or(0));
    let compared = if from == to { None } else { Some(compared(here, &desk, article.id, (from, to)).await?) };
    let events = here.content().events_of(article.id, asked.before, EVENTS).await?;
    let more = events.len() >= usize::from(EVENTS);
    let url = desk.url(&path(article.id));
    let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
    let page = HistoryPage {
        layout: desk.layout(w.history, "/articles", &here.signed_in, &here.request),
        headline: headline.to_owned(),
        version: article.version,
        may_restore: May::of(here.member(), article, desk.settings.review_stages).save,
        is_working: (from == 0, to == 0),
        rows: revisions.iter().map(|revision| Row::new(&desk, &names, revision, (from, to))).collect(),
        compared: w.compared.replace("{0}", &name(w, from)).replace("{1}", &name(w, to)),
        differences: compared,
        older: events.last().filter(|_| more).map(|last| format!("{url}/history?before={}", last.id)),
        events: events.iter().map(|event| Line::new(&desk, &names, event)).collect(),
        url,
        w,
        form,
    };
    respond(status, &page)
}

async fn compared(
    here: &Here,
    desk: &Desk<'_>,
    id: ArticleId,
    (from, to): (i64, i64),
) -> Result<Vec<FieldDifference>, Error> {
    let (before, after) = (text(here, id, from).await?, text(here, id, to).await?);
    let sections = here.content().sections().await?;
    Ok(differences(desk, &sections, (&before, &after)))
}

/// The text of a revision; 0: the working copy.
async fn text(here: &Here, id: ArticleId, number: i64) -> Result<Fields, Error> {
    match number {
        0 => Ok(here.content().working_copy(id).await?.fields),
        number => Ok(here.content().revision(id, number).await?),
    }
}

fn name(w: &'static Articles, number: i64) -> String {
    if number == 0 { w.working_copy.to_owned() } else { w.revision.replace("{}", &number.to_string()) }
}

impl Row {
    fn new(desk: &Desk<'_>, names: &Names, revision: &Revision, (from, to): (i64, i64)) -> Self {
        let w = desk.t.articles;
        let [submitted, amended, published, scheduled, restored] = w.reasons;
        let reason = match revision.reason {
            Reason::Submit => submitted.to_owned(),
            Reason::Amend => amended.to_owned(),
            Reason::Publish => published.to_owned(),
            Reason::Schedule(at) => format!("{scheduled} {}", desk.date_time(at)),
            Reason::Restore => restored.to_owned(),
        };
        Self {
            number: revision.number,
            name: name(w, revision.number),
            reason,
            at: desk.date_time(revision.at),
            datetime: desk.datetime(revision.at),
            who: names.of(revision.by),
            headline: revision.headline.clone(),
            live: revision.live,
            is_from: revision.number == from,
            is_to: revision.number == to,
        }
    }
}
