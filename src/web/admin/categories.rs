//! 栏目: their names, addresses and order, and what becomes of those that are no longer wanted.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::page::NavLink;
use super::super::reader::list::category_path;
use super::super::texts::arrange::Arrange;
use super::auth::SignedIn;
use super::form::{FormErrors, Posted};
use super::page::{self, Desk, Layout, respond};
use super::parts::{Move, actor, moved, of_taxonomy};
use crate::content::article::Refused;
use crate::content::{self, Category, Section, Slug};

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

#[derive(Template)]
#[template(path = "admin/category.html")]
struct CategoryPage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    action: String,
    back: String,
    typed: Typed,
    /// None: it is being made.
    existing: Option<Existing>,
}

/// What else can be done with one that is there.
#[derive(Debug)]
struct Existing {
    /// On the site, if readers can find it there.
    reader_url: Option<String>,
    merge_url: String,
    delete_url: String,
    others: Vec<Choice>,
    /// Why it cannot be deleted.
    not_empty: Option<String>,
}

#[derive(Debug)]
struct Choice {
    id: i64,
    name: String,
    chosen: bool,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    slug: String,
}

/// Where a category goes for good.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Merge {
    #[serde(default)]
    into: String,
    #[serde(default)]
    confirm: bool,
}

/// `GET /admin/categories`.
pub(crate) async fn index(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let sections = site.state.content.sections().await?;
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
        layout: desk.layout(desk.a.taxonomy, PATH, &signed_in, &request),
        parts: of_taxonomy(&desk, PATH),
        rows: sections.iter().enumerate().map(row).collect(),
        new_url: desk.url("/categories/new"),
    };
    respond(StatusCode::OK, &page)
}

/// `GET /admin/categories/new`.
pub(crate) async fn new(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    blank(&site, (&signed_in, &request), Typed::default(), FormErrors::default()).await
}

/// `POST /admin/categories/new`.
pub(crate) async fn create(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.arrange;
    let wanted = if typed.slug.trim().is_empty() { Ok(None) } else { typed.slug.trim().parse::<Slug>().map(Some) };
    let mut errors = missing(t, &typed);
    if wanted.is_err() {
        errors.add("slug", t.bad_slug);
    }
    if errors.is_empty() {
        let slug = wanted.unwrap_or_default();
        match site.state.content.create_category(actor(&signed_in), &typed.name, slug.as_ref()).await {
            Ok(_) => return Ok(page::see(&site, PATH, "created")),
            Err(error) => errors = refused(t, error)?,
        }
    }
    blank(&site, (&signed_in, &request), typed, errors).await
}

/// `GET /admin/categories/{id}`.
pub(crate) async fn show(
    site: Data<Site>,
    id: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let category = find(&site, &id).await?;
    let (typed, errors) = (typed_of(&category), FormErrors::default());
    form(&site, (&signed_in, &request), &category, (typed, Merge::default(), errors)).await
}

/// `POST /admin/categories/{id}`: another name or address.
pub(crate) async fn update(
    site: Data<Site>,
    id: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.arrange;
    let category = find(&site, &id).await?;
    let mut errors = missing(t, &typed);
    match typed.slug.trim().parse::<Slug>() {
        Ok(slug) if errors.is_empty() => {
            let wanted = (typed.name.as_str(), &slug);
            match site.state.content.rename_category(actor(&signed_in), category.id, wanted).await {
                Ok(()) => return Ok(page::see(&site, PATH, "saved")),
                Err(error) => errors = refused(t, error)?,
            }
        }
        Ok(_) => {}
        Err(_) => errors.add("slug", t.bad_slug),
    }
    form(&site, (&signed_in, &request), &category, (typed, Merge::default(), errors)).await
}

/// `POST /admin/categories/{id}/move`: one place up or down.
pub(crate) async fn shift(
    site: Data<Site>,
    id: Path<String>,
    signed_in: SignedIn,
    Posted(wanted): Posted<Move>,
) -> Result<HttpResponse, Error> {
    let category = find(&site, &id).await?;
    let mut ids: Vec<i64> = site.state.content.sections().await?.iter().map(|section| section.category.id).collect();
    if moved(&mut ids, &category.id, wanted.is_up()) {
        site.state.content.order_categories(actor(&signed_in), &ids).await?;
    }
    Ok(page::see(&site, PATH, "moved"))
}

/// `POST /admin/categories/{id}/merge`.
pub(crate) async fn merge(
    site: Data<Site>,
    id: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(wanted): Posted<Merge>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.arrange;
    let category = find(&site, &id).await?;
    let into = wanted.into.parse::<i64>().ok().filter(|into| *into != category.id);
    let mut errors = FormErrors::default();
    if into.is_none() {
        errors.add("into", t.merge_nowhere);
    }
    if !wanted.confirm {
        errors.add("confirm", t.merge_unconfirmed);
    }
    if let (Some(into), true) = (into, errors.is_empty()) {
        match site.state.content.merge_category(actor(&signed_in), category.id, into).await {
            Ok(()) => return Ok(page::see(&site, PATH, "merged")),
            // The other one went in the meantime.
            Err(content::Error::NotFound) => errors.add("into", t.merge_nowhere),
            Err(error) => return Err(error.into()),
        }
    }
    form(&site, (&signed_in, &request), &category, (typed_of(&category), wanted, errors)).await
}

/// `POST /admin/categories/{id}/delete`.
pub(crate) async fn delete(
    site: Data<Site>,
    id: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let category = find(&site, &id).await?;
    match site.state.content.delete_category(actor(&signed_in), category.id).await {
        Ok(()) => Ok(page::see(&site, PATH, "deleted")),
        Err(content::Error::NotEmpty(articles)) => {
            let t = Desk::load(&site).await?.t.arrange;
            let errors = FormErrors::of("delete", t.not_empty.replace("{}", &articles.to_string()));
            let state = (typed_of(&category), Merge::default(), errors);
            form(&site, (&signed_in, &request), &category, state).await
        }
        Err(error) => Err(error.into()),
    }
}

fn path_of(id: i64, rest: &str) -> String {
    format!("{PATH}/{id}{rest}")
}

fn typed_of(category: &Category) -> Typed {
    Typed { name: category.name.clone(), slug: category.slug.to_string() }
}

async fn find(site: &Site, id: &str) -> Result<Category, Error> {
    let id: i64 = id.parse().map_err(|_not_a_number| Error::NotFound)?;
    Ok(site.state.content.category_by_id(id).await?)
}

fn missing(t: &Arrange, typed: &Typed) -> FormErrors {
    if typed.name.trim().is_empty() { FormErrors::of("name", t.no_name) } else { FormErrors::default() }
}

/// What to say about a name or an address that was refused.
fn refused(t: &Arrange, error: content::Error) -> Result<FormErrors, Error> {
    match error {
        content::Error::NameTaken(_) => Ok(FormErrors::of("name", t.category_taken)),
        content::Error::SlugTaken(_) => Ok(FormErrors::of("slug", t.slug_taken)),
        content::Error::Refused(Refused::NoName) => Ok(FormErrors::of("name", t.no_name)),
        other => Err(other.into()),
    }
}

fn status_of(errors: &FormErrors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn blank(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    typed: Typed,
    errors: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let page = CategoryPage {
        layout: desk.layout(desk.t.arrange.new_category, PATH, signed_in, request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url("/categories/new"),
        back: desk.url(PATH),
        typed,
        existing: None,
        form: errors,
    };
    respond(status_of(&page.form), &page)
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    category: &Category,
    (typed, merge, errors): (Typed, Merge, FormErrors),
) -> Result<HttpResponse, Error> {
    let (desk, content) = (Desk::load(site).await?, &site.state.content);
    let sections = content.sections().await?;
    let articles = content.category_articles(category.id).await?;
    let is_seen = sections.iter().any(|section| section.category.id == category.id && section.published > 0);
    let choice = |section: Section| {
        let Category { id, name, .. } = section.category;
        Choice { id, name, chosen: id.to_string() == merge.into }
    };
    let existing = Existing {
        reader_url: is_seen.then(|| site.state.config.site.base_url.absolute(&category_path(category))),
        merge_url: desk.url(&path_of(category.id, "/merge")),
        delete_url: desk.url(&path_of(category.id, "/delete")),
        others: sections.into_iter().filter(|section| section.category.id != category.id).map(choice).collect(),
        not_empty: (articles > 0).then(|| desk.t.arrange.not_empty.replace("{}", &articles.to_string())),
    };
    let page = CategoryPage {
        layout: desk.layout(&category.name, PATH, signed_in, request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url(&path_of(category.id, "")),
        back: desk.url(PATH),
        typed,
        existing: Some(existing),
        form: errors,
    };
    respond(status_of(&page.form), &page)
}
