//! 标签: finding, renaming and merging what many hands have written.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::error::Error;
use super::super::page::NavLink;
use super::super::reader::list::tag_path;
use super::form::{FormErrors, Posted};
use super::here::Here;
use super::page::{Desk, Layout, respond};
use super::parts::{Search, of_taxonomy};
use crate::content::article::Refused;
use crate::content::{self, Tag};

/// The list.
const PATH: &str = "/tags";
/// Tags on a page of it.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "admin/tags.html")]
struct TagsPage {
    layout: Layout,
    parts: Vec<NavLink>,
    action: String,
    q: String,
    rows: Vec<Row>,
    more: Option<String>,
    first: Option<String>,
}

/// A tag in the list.
#[derive(Debug)]
struct Row {
    name: String,
    published: i64,
    edit_url: String,
}

#[derive(Template)]
#[template(path = "admin/tag.html")]
struct TagPage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    action: String,
    merge_url: String,
    back: String,
    reader_url: Option<String>,
    typed: Typed,
    into: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
}

/// Which tag it is to become part of.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Merge {
    #[serde(default)]
    into: String,
    #[serde(default)]
    confirm: bool,
}

/// `GET /admin/tags`.
pub(crate) async fn index(here: Here) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let (q, after) = Search::of(&here.request);
    let mut tags = here.content().tags(&q, &after, ROWS.saturating_add(1)).await?;
    let more = tags.len() > usize::from(ROWS);
    tags.truncate(usize::from(ROWS));
    let last = tags.last().filter(|_| more).map(|tag| tag.name.as_str());
    let page = TagsPage {
        layout: desk.layout(desk.t.arrange.tags, "/categories", &here.signed_in, &here.request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url(PATH),
        more: last.map(|last| Search::link(&desk, PATH, (&q, last))),
        first: (!after.is_empty()).then(|| Search::link(&desk, PATH, (&q, ""))),
        rows: tags
            .iter()
            .map(|tag| Row {
                name: tag.name.clone(),
                published: tag.published,
                edit_url: desk.url(&format!("{PATH}/{}", tag.id)),
            })
            .collect(),
        q,
    };
    respond(StatusCode::OK, &page)
}

/// `GET /admin/tags/{id}`.
pub(crate) async fn show(here: Here, id: Path<String>) -> Result<HttpResponse, Error> {
    let tag = find(&here, &id).await?;
    let typed = Typed { name: tag.name.clone() };
    form(&here, &tag, (typed, Merge::default(), FormErrors::default())).await
}

/// `POST /admin/tags/{id}`: another name.
pub(crate) async fn update(here: Here, id: Path<String>, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.arrange;
    let tag = find(&here, &id).await?;
    let errors = match here.content().rename_tag(here.actor(), tag.id, &typed.name).await {
        Ok(()) => return Ok(here.see(PATH, "saved")),
        Err(content::Error::NameTaken(_)) => FormErrors::of("name", t.tag_taken),
        Err(content::Error::Refused(Refused::NoName)) => FormErrors::of("name", t.no_name),
        Err(error) => return Err(error.into()),
    };
    // Whoever typed the name of another tag probably means to merge the two.
    let merge = Merge { into: typed.name.clone(), confirm: false };
    form(&here, &tag, (typed, merge, errors)).await
}

/// `POST /admin/tags/{id}/merge`.
pub(crate) async fn merge(here: Here, id: Path<String>, Posted(wanted): Posted<Merge>) -> Result<HttpResponse, Error> {
    let (t, content) = (Desk::load(&here.site).await?.t.arrange, here.content());
    let tag = find(&here, &id).await?;
    let mut errors = FormErrors::default();
    let into = content.tag_id(&wanted.into).await?;
    match into {
        None => errors.add("into", t.no_such_tag),
        Some(into) if into == tag.id => errors.add("into", t.same_tag),
        Some(_) => {}
    }
    if !wanted.confirm {
        errors.add("confirm", t.merge_unconfirmed);
    }
    if let (Some(into), true) = (into, errors.is_empty()) {
        content.merge_tag(here.actor(), tag.id, into).await?;
        return Ok(here.see(PATH, "merged"));
    }
    let typed = Typed { name: tag.name.clone() };
    form(&here, &tag, (typed, wanted, errors)).await
}

async fn find(here: &Here, id: &str) -> Result<Tag, Error> {
    let id: i64 = id.parse().map_err(|_not_a_number| Error::NotFound)?;
    Ok(here.content().tag_by_id(id).await?)
}

async fn form(
    here: &Here,
    tag: &Tag,
    (typed, merge, errors): (Typed, Merge, FormErrors),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let page = TagPage {
        layout: desk.layout(&tag.name, "/categories", &here.signed_in, &here.request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url(&format!("{PATH}/{}", tag.id)),
        merge_url: desk.url(&format!("{PATH}/{}/merge", tag.id)),
        back: desk.url(PATH),
        reader_url: (tag.published > 0).then(|| here.site.state.config.site.base_url.absolute(&tag_path(&tag.name))),
        typed,
        into: merge.into,
        form: errors,
    };
    page.form.answer(&page)
}
