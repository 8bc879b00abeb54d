//! 栏目: their order, and each one's page.

pub(super) mod edit;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

use super::super::error::Error;
use super::super::page::NavLink;
use super::form::Posted;
use super::here::Here;
use super::page::{Desk, Layout, respond};
use super::parts::{Move, moved, of_taxonomy};
use crate::content::{Category, Section};

/// The list.
const PATH: &str = "/categories";

#[derive(Template)]
#[template(path = "admin/categories.html")]
struct CategoriesPage {
    layout: Layout,
    parts: Vec<NavLink>,
    rows: Vec<Row>,
    new_url: String,
}

/// A category in the list.
#[derive(Debug)]
struct Row {
    name: String,
    slug: String,
    edit_url: String,
    move_url: String,
    /// What the buttons are called; none at the ends of the list.
    up: Option<String>,
    down: Option<String>,
    published: i64,
    articles: i64,
}

/// `GET /admin/categories`.
pub(crate) async fn index(here: Here) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let sections = here.content().sections().await?;
    let last = sections.len().saturating_sub(1);
    let row = |(place, section): (usize, &Section)| {
        let Section { category, articles, published } = section;
        let t = desk.t.arrange;
        Row {
            slug: category.slug.to_string(),
            edit_url: desk.url(&path_of(category.id, "")),
            move_url: desk.url(&path_of(category.id, "/move")),
            up: (place > 0).then(|| t.up_of.replace("{}", &category.name)),
            down: (place < last).then(|| t.down_of.replace("{}", &category.name)),
            published: *published,
            articles: *articles,
            name: category.name.clone(),
        }
    };
    let page = CategoriesPage {
        layout: desk.layout(desk.a.taxonomy, PATH, &here.signed_in, &here.request),
        parts: of_taxonomy(&desk, PATH),
        rows: sections.iter().enumerate().map(row).collect(),
        new_url: desk.url("/categories/new"),
    };
    respond(StatusCode::OK, &page)
}

/// `POST /admin/categories/{id}/move`: one place up or down.
pub(crate) async fn shift(here: Here, id: Path<String>, Posted(wanted): Posted<Move>) -> Result<HttpResponse, Error> {
    let category = find(&here, &id).await?;
    let mut ids: Vec<i64> = here.content().sections().await?.iter().map(|section| section.category.id).collect();
    if moved(&mut ids, &category.id, wanted.is_up()) {
        here.content().order_categories(here.actor(), &ids).await?;
    }
    Ok(here.see(PATH, "moved"))
}

fn path_of(id: i64, rest: &str) -> String {
    format!("{PATH}/{id}{rest}")
}

async fn find(here: &Here, id: &str) -> Result<Category, Error> {
    let id: i64 = id.parse().map_err(|_not_a_number| Error::NotFound)?;
    Ok(here.content().category_by_id(id).await?)
}
