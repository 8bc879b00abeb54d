//! The log of what happened, on a page and as a table to take along. Nobody edits it: there is no way to.

mod table;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::log::Log;
use super::auth::SignedIn;
use super::form::FormErrors;
use super::happened::Line;
use super::names::Names;
use super::page::{Desk, Layout, respond};
use crate::content::event::Kind;
use crate::content::{ArticleId, EventFilter};

pub(super) use table::download;

/// Lines of a page.
const LINES: u16 = 50;

#[derive(Template)]
#[template(path = "admin/log.html")]
struct LogPage {
    layout: Layout,
    w: &'static Log,
    form: FormErrors,
    url: String,
    asked: Asked,
    /// Number, name, and whether it is the chosen one.
    members: Vec<(String, String, bool)>,
    /// Word, name, and whether it is the chosen one.
    kinds: Vec<(&'static str, &'static str, bool)>,
    lines: Vec<Line>,
    table_url: String,
    older: Option<String>,
    is_first: bool,
}

/// What the address asks for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    member: String,
    kind: String,
    article: String,
    before: String,
}

impl Asked {
    fn filter(&self) -> EventFilter {
        EventFilter::Matching {
            article: self.article.trim().parse().ok().map(ArticleId),
            member: self.member.parse().ok(),
            kind: Kind::from_word(&self.kind),
        }
    }

    /// Whether an article's number is none.
    fn is_wrong(&self) -> bool {
        let article = self.article.trim();
        !article.is_empty() && article.parse::<i64>().is_err()
    }

    fn query(&self) -> String {
        let [member, kind, article] = [&self.member, &self.kind, &self.article]
            .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        format!("member={member}&kind={kind}&article={article}")
    }
}

/// `GET /admin/log`.
pub(super) async fn show(
    site: Data<Site>,
    signed_in: SignedIn,
    request: actix_web::HttpRequest,
    asked: Query<Asked>,
) -> Result<HttpResponse, Error> {
    let asked = asked.into_inner();
    let desk = Desk::load(&site).await?;
    let names = Names::load(&desk).await?;
    let w = desk.t.log;
    let (status, form, events) = if asked.is_wrong() {
        (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::of("article", w.bad_article), Vec::new())
    } else {
        let before = asked.before.parse().ok();
        let events = site.state.content.audit(asked.filter(), before, LINES + 1).await?;
        (StatusCode::OK, FormErrors::default(), events)
    };
    let shown = || events.iter().take(usize::from(LINES));
    let more = events.len() > usize::from(LINES);
    let url = desk.url("/log");
    let older = shown().next_back().filter(|_| more).map(|last| format!("{url}?{}&before={}", asked.query(), last.id));
    let chosen = |(id, name): &(i64, String)| (id.to_string(), name.clone(), id.to_string() == asked.member);
    let page = LogPage {
        layout: desk.layout(w.title, "/log", &signed_in, &request),
        table_url: format!("{}?{}", desk.url("/log.csv"), asked.query()),
        members: names.members.iter().map(chosen).collect(),
        kinds: Kind::ALL.iter().map(|kind| (kind.word(), (w.kind)(*kind), kind.word() == asked.kind)).collect(),
        lines: shown().map(|event| Line::new(&desk, &names, event)).collect(),
        is_first: asked.before.is_empty(),
        older,
        url,
        asked,
        w,
        form,
    };
    respond(status, &page)
}
