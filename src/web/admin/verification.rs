//! Verification files, by which an account of WeChat or WeCom proves that the domain is its own. Whoever may add one
//! could take the domain over (threat W4), so the password must have been typed just now.

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::super::error::Error;
use super::super::page::{Link, NavLink};
use super::form::{FormErrors, Posted};
use super::here::Here;
use super::page::{Desk, Layout};
use super::parts::of_settings;
use crate::content::VerificationFile;
use crate::content::verification::NotAVerificationFile;

/// The page.
const PATH: &str = "/verification";

#[derive(Template)]
#[template(path = "admin/verification.html")]
struct VerificationPage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    typed: Typed,
    action: String,
    remove_url: String,
    rows: Vec<Row>,
}

/// A file in the list.
#[derive(Debug)]
struct Row {
    name: String,
    /// Where it is served: at the root and below the prefix, or at the one where both are the same.
    places: Vec<Link>,
    remove: String,
}

/// What is pasted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    content: String,
}

/// Which one goes.
#[derive(Debug, Deserialize)]
pub(crate) struct Removed {
    #[serde(default)]
    name: String,
}

/// `GET /admin/verification`.
pub(crate) async fn show(here: Here) -> Result<HttpResponse, Error> {
    form(&here, Typed::default(), FormErrors::default()).await
}

/// `POST /admin/verification`.
pub(crate) async fn create(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.setup;
    let errors = match VerificationFile::new(typed.name.trim(), &typed.content) {
        Ok(file) => match here.content().verification_file(file.name()).await? {
            None => {
                here.content().set_verification_file(here.actor(), &file).await?;
                return Ok(here.see(PATH, "added"));
            }
            Some(body) if body == file.body() => return Ok(here.see(PATH, "there-already")),
            // Some account may still rely on what is served.
            Some(_) => FormErrors::of("name", t.file_name_taken),
        },
        Err(NotAVerificationFile::Name(_)) => FormErrors::of("name", t.bad_file_name),
        Err(NotAVerificationFile::Body(_)) => FormErrors::of("content", t.bad_file_content),
    };
    form(&here, typed, errors).await
}

/// `POST /admin/verification/remove`.
pub(crate) async fn remove(here: Here, Posted(wanted): Posted<Removed>) -> Result<HttpResponse, Error> {
    if !here.content().remove_verification_file(here.actor(), &wanted.name).await? {
        return Err(Error::NotFound);
    }
    Ok(here.see(PATH, "removed"))
}

async fn form(here: &Here, typed: Typed, errors: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let base = &here.site.state.config.site.base_url;
    let row = |name: String| {
        let path = format!("/{name}");
        let mut urls = vec![format!("{}{path}", base.origin()), base.absolute(&path)];
        urls.dedup();
        Row {
            places: urls.into_iter().map(|url| Link { label: url.clone(), url }).collect(),
            remove: desk.t.setup.remove_of.replace("{}", &name),
            name,
        }
    };
    let page = VerificationPage {
        layout: desk.layout(desk.t.setup.verification, "/settings", &here.signed_in, &here.request),
        parts: of_settings(&desk, PATH),
        action: desk.url(PATH),
        remove_url: desk.url("/verification/remove"),
        rows: here.content().verification_files().await?.into_iter().map(row).collect(),
        form: errors,
        typed,
    };
    page.form.answer(&page)
}
