//! Fixed pages: their order, and taking one away. Each is written on a page of its own.

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
use super::parts::{Move, moved, of_pages};
use crate::content::{Page, PageEntry, Slug};

/// The list.
const PATH: &str = "/pages";

#[derive(Template)]
#[template(path = "admin/pages.html")]
struct PagesPage {
    layout: Layout,
    parts: Vec<NavLink>,
    rows: Vec<Row>,
    new_url: String,
}

/// A page in the list.
#[derive(Debug)]
struct Row {
    title: String,
    slug: String,
    in_footer: bool,
    modified: String,
    datetime: String,
    edit_url: String,
    move_url: String,
    up: Option<String>,
    down: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/page_remove.html")]
struct RemovePage {
    layout: Layout,
    parts: Vec<NavLink>,
    action: String,
    back: String,
}

/// `GET /admin/pages`.
pub(crate) async fn index(here: Here) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let pages = here.content().pages().await?;
    let (last, t) = (pages.len().saturating_sub(1), desk.t.arrange);
    let row = |(place, page): (usize, &PageEntry)| Row {
        title: page.title.clone(),
        slug: page.slug.to_string(),
        in_footer: page.in_footer,
        modified: desk.date_time(page.modified),
        datetime: desk.datetime(page.modified),
        edit_url: desk.url(&path_of(&page.slug, "/edit")),
        move_url: desk.url(&path_of(&page.slug, "/move")),
        up: (place > 0).then(|| t.up_of.replace("{}", &page.title)),
        down: (place < last).then(|| t.down_of.replace("{}", &page.title)),
    };
    let page = PagesPage {
        layout: desk.layout(desk.a.pages, PATH, &here.signed_in, &here.request),
        parts: of_pages(&desk, PATH),
        rows: pages.iter().enumerate().map(row).collect(),
        new_url: desk.url("/pages/new"),
    };
    respond(StatusCode::OK, &page)
}

/// `POST /admin/pages/{slug}/move`: one place up or down.
pub(crate) async fn shift(here: Here, slug: Path<String>, Posted(wanted): Posted<Move>) -> Result<HttpResponse, Error> {
    let page = find(&here, &slug).await?;
    let mut slugs: Vec<Slug> = here.content().pages().await?.into_iter().map(|page| page.slug).collect();
    if moved(&mut slugs, &page.slug, wanted.is_up()) {
        here.content().order_pages(here.actor(), &slugs).await?;
    }
    Ok(here.see(PATH, "moved"))
}

/// `GET /admin/pages/{slug}/remove`: what would happen.
pub(crate) async fn ask(here: Here, slug: Path<String>) -> Result<HttpResponse, Error> {
    let (desk, page) = (Desk::load(&here.site).await?, find(&here, &slug).await?);
    let title = desk.t.fixed.remove_title.replace("{}", &page.fields.title);
    let page = RemovePage {
        layout: desk.layout(&title, PATH, &here.signed_in, &here.request),
        parts: of_pages(&desk, PATH),
        action: desk.url(&path_of(&page.slug, "/remove")),
        back: desk.url(&path_of(&page.slug, "/edit")),
    };
    respond(StatusCode::OK, &page)
}

/// `POST /admin/pages/{slug}/remove`.
pub(crate) async fn remove(here: Here, slug: Path<String>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    if !here.content().remove_page(here.actor(), &slug).await? {
        return Err(Error::NotFound);
    }
    Ok(here.see(PATH, "deleted"))
}

fn path_of(slug: &Slug, rest: &str) -> String {
    format!("{PATH}/{slug}{rest}")
}

async fn find(here: &Here, slug: &str) -> Result<Page, Error> {
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    Ok(here.content().page(&slug).await?)
}
