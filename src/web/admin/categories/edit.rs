//! One category: its name and address, and what becomes of it when it is no longer wanted.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::page::NavLink;
use super::super::super::reader::list::category_path;
use super::super::super::texts::arrange::Arrange;
use super::super::form::{FormErrors, Posted};
use super::super::here::Here;
use super::super::page::{Desk, Layout};
use super::super::parts::of_taxonomy;
use super::super::typed::slug;
use super::{PATH, find, path_of};
use crate::content::article::Refused;
use crate::content::{self, Category, Section};

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

/// `GET /admin/categories/new`.
pub(crate) async fn new(here: Here) -> Result<HttpResponse, Error> {
    blank(&here, Typed::default(), FormErrors::default()).await
}

/// `POST /admin/categories/new`.
pub(crate) async fn create(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.arrange;
    let wanted = if typed.slug.trim().is_empty() { Ok(None) } else { slug(&typed.slug).map(Some) };
    let mut errors = missing(t, &typed);
    if wanted.is_err() {
        errors.add("slug", t.bad_slug);
    }
    if errors.is_empty() {
        let slug = wanted.unwrap_or_default();
        match here.content().create_category(here.actor(), &typed.name, slug.as_ref()).await {
            Ok(_) => return Ok(here.see(PATH, "created")),
            Err(error) => errors = refused(t, error)?,
        }
    }
    blank(&here, typed, errors).await
}

/// `GET /admin/categories/{id}`.
pub(crate) async fn show(here: Here, id: Path<String>) -> Result<HttpResponse, Error> {
    let category = find(&here, &id).await?;
    let (typed, errors) = (typed_of(&category), FormErrors::default());
    form(&here, &category, (typed, Merge::default(), errors)).await
}

/// `POST /admin/categories/{id}`: another name or address.
pub(crate) async fn update(here: Here, id: Path<String>, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.arrange;
    let category = find(&here, &id).await?;
    let mut errors = missing(t, &typed);
    match slug(&typed.slug) {
        Ok(slug) if errors.is_empty() => {
            let wanted = (typed.name.as_str(), &slug);
            match here.content().rename_category(here.actor(), category.id, wanted).await {
                Ok(()) => return Ok(here.see(PATH, "saved")),
                Err(error) => errors = refused(t, error)?,
            }
        }
        Ok(_) => {}
        Err(_) => errors.add("slug", t.bad_slug),
    }
    form(&here, &category, (typed, Merge::default(), errors)).await
}

/// `POST /admin/categories/{id}/merge`.
pub(crate) async fn merge(here: Here, id: Path<String>, Posted(wanted): Posted<Merge>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.arrange;
    let category = find(&here, &id).await?;
    let into = wanted.into.parse::<i64>().ok().filter(|into| *into != category.id);
    let mut errors = FormErrors::default();
    if into.is_none() {
        errors.add("into", t.merge_nowhere);
    }
    if !wanted.confirm {
        errors.add("confirm", t.merge_unconfirmed);
    }
    if let (Some(into), true) = (into, errors.is_empty()) {
        match here.content().merge_category(here.actor(), category.id, into).await {
            Ok(()) => return Ok(here.see(PATH, "merged")),
            // The other one went in the meantime.
            Err(content::Error::NotFound) => errors.add("into", t.merge_nowhere),
            Err(error) => return Err(error.into()),
        }
    }
    form(&here, &category, (typed_of(&category), wanted, errors)).await
}

/// `POST /admin/categories/{id}/delete`.
pub(crate) async fn delete(here: Here, id: Path<String>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let category = find(&here, &id).await?;
    match here.content().delete_category(here.actor(), category.id).await {
        Ok(()) => Ok(here.see(PATH, "deleted")),
        Err(content::Error::NotEmpty(articles)) => {
            let t = Desk::load(&here.site).await?.t.arrange;
            let errors = FormErrors::of("delete", t.not_empty.replace("{}", &articles.to_string()));
            let state = (typed_of(&category), Merge::default(), errors);
            form(&here, &category, state).await
        }
        Err(error) => Err(error.into()),
    }
}

fn typed_of(category: &Category) -> Typed {
    Typed { name: category.name.clone(), slug: category.slug.to_string() }
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

async fn blank(here: &Here, typed: Typed, errors: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let page = CategoryPage {
        layout: desk.layout(desk.t.arrange.new_category, PATH, &here.signed_in, &here.request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url("/categories/new"),
        back: desk.url(PATH),
        typed,
        existing: None,
        form: errors,
    };
    page.form.answer(&page)
}

async fn form(
    here: &Here,
    category: &Category,
    (typed, merge, errors): (Typed, Merge, FormErrors),
) -> Result<HttpResponse, Error> {
    let (desk, content) = (Desk::load(&here.site).await?, here.content());
    let sections = content.sections().await?;
    let articles = content.category_articles(category.id).await?;
    let is_seen = sections.iter().any(|section| section.category.id == category.id && section.published > 0);
    let choice = |section: Section| {
        let Category { id, name, .. } = section.category;
        Choice { id, name, chosen: id.to_string() == merge.into }
    };
    let existing = Existing {
        reader_url: is_seen.then(|| here.site.state.config.site.base_url.absolute(&category_path(category))),
        merge_url: desk.url(&path_of(category.id, "/merge")),
        delete_url: desk.url(&path_of(category.id, "/delete")),
        others: sections.into_iter().filter(|section| section.category.id != category.id).map(choice).collect(),
        not_empty: (articles > 0).then(|| desk.t.arrange.not_empty.replace("{}", &articles.to_string())),
    };
    let page = CategoryPage {
        layout: desk.layout(&category.name, PATH, &here.signed_in, &here.request),
        parts: of_taxonomy(&desk, PATH),
        action: desk.url(&path_of(category.id, "")),
        back: desk.url(PATH),
        typed,
        existing: Some(existing),
        form: errors,
    };
    page.form.answer(&page)
}
