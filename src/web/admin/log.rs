//! The log of what happened, on a page and as a table to take along. Nobody edits it: there is no way to.

mod both;
mod table;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::Texts;
use super::super::texts::log::Log;
use super::auth::SignedIn;
use super::form::FormErrors;
use super::happened::Line;
use super::names::Names;
use super::page::{Desk, Layout, respond};
use crate::content::event::Kind;
use crate::content::{Area, ArticleId, EventFilter};
use crate::staff::{MemberId, StaffEventFilter};
use both::{Before, Both, Entry};

pub(super) use table::download;

/// Lines of a page.
const LINES: u16 = 50;

/// Word, name, and whether it is the chosen one.
type Choice = (&'static str, String, bool);

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
    areas: Vec<(&'static str, &'static str, bool)>,
    /// What may have happened, in groups.
    kinds: [(&'static str, Vec<Choice>); 2],
    lines: Vec<Line>,
    table_url: String,
    older: Option<String>,
    is_first: bool,
}

/// What the address asks for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    area: String,
    member: String,
    kind: String,
    article: String,
    before: String,
}

/// What the log is about, as addresses have it.
const AREAS: [&str; 3] = ["articles", "site", "people"];

impl Asked {
    /// What that means for both logs.
    fn filter(&self, t: &Texts) -> Both {
        let article = self.article.trim().parse().ok().map(ArticleId);
        let member = self.member.parse().ok();
        let kind = Kind::from_word(&self.kind);
        let staff_kind = t.people.events().any(|(word, _)| word == self.kind).then(|| self.kind.clone());
        let [articles, site, people] = AREAS.map(|area| area == self.area);
        let area = if articles { Some(Area::Articles) } else { site.then_some(Area::Site) };
        let content = EventFilter::Matching { area, article, member, kind };
        let staff = StaffEventFilter { by: member.map(MemberId), kind: staff_kind.clone() };
        Both {
            content: Some(content).filter(|_| !people && staff_kind.is_none()),
            staff: Some(staff).filter(|_| area.is_none() && article.is_none() && kind.is_none()),
        }
    }

    /// Whether an article's number is none.
    fn is_wrong(&self) -> bool {
        let article = self.article.trim();
        !article.is_empty() && article.parse::<i64>().is_err()
    }

    fn query(&self) -> String {
        let [area, member, kind, article] = [&self.area, &self.member, &self.kind, &self.article]
            .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        format!("area={area}&member={member}&kind={kind}&article={article}")
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
    let (status, form, (entries, more)) = if asked.is_wrong() {
        (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::of("article", w.bad_article), (Vec::new(), None))
    } else {
        let before = Before::parse(&asked.before).unwrap_or(Before::NEWEST);
        (StatusCode::OK, FormErrors::default(), both::page(&site, &asked.filter(desk.t), before, LINES).await?)
    };
    let url = desk.url("/log");
    let older = more.map(|before| format!("{url}?{}&before={before}", asked.query()));
    let chosen = |(id, name): &(i64, String)| (id.to_string(), name.clone(), id.to_string() == asked.member);
    let page = LogPage {
        layout: desk.layout(w.title, "/log", &signed_in, &request),
        table_url: format!("{}?{}", desk.url("/log.csv"), asked.query()),
        members: names.members.iter().map(chosen).collect(),
        areas: AREAS.iter().zip(w.areas).map(|(word, name)| (*word, name, *word == asked.area)).collect(),
        kinds: kinds(&desk, &asked.kind),
        lines: entries.iter().map(|entry| entry.line(&desk, &names)).collect(),
        is_first: asked.before.is_empty(),
        older,
        url,
        asked,
        w,
        form,
    };
    respond(status, &page)
}

/// All that may have happened, by log.
fn kinds(desk: &Desk<'_>, asked: &str) -> [(&'static str, Vec<Choice>); 2] {
    let w = desk.t.log;
    let content = Kind::ALL.iter().map(|kind| (kind.word(), (w.kind)(*kind).to_owned()));
    let chosen = |(word, name): (&'static str, String)| (word, name, word == asked);
    [(w.of_content, content.map(chosen).collect()), (w.of_people, desk.t.people.events().map(chosen).collect())]
}

#[cfg(test)]
mod tests {
    use super::super::super::texts::ZH;
    use super::*;

    #[test]
    fn no_word_means_something_in_both_logs() {
        assert!(ZH.people.events().all(|(word, _)| Kind::from_word(word).is_none()));
    }
}
