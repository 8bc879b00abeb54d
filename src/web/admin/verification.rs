//! Verification files, by which an account of WeChat or WeCom proves that the domain is its own. Whoever may add one
//! could take the domain over (threat W4), so the password must have been typed just now.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::page::{Link, NavLink};
use super::auth::SignedIn;
use super::form::{FormErrors, Posted};
use super::page::{self, Desk, Layout, respond};
use super::parts::{actor, of_settings};
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
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    form(&site, (&signed_in, &request), Typed::default(), FormErrors::default()).await
}

/// `POST /admin/verification`.
pub(crate) async fn create(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.setup;
    let errors = match VerificationFile::new(typed.name.trim(), &typed.content) {
        Ok(file) => {
            site.state.content.set_verification_file(actor(&signed_in), &file).await?;
            return Ok(page::see(&site, PATH, "added"));
        }
        Err(NotAVerificationFile::Name(_)) => FormErrors::of("name", t.bad_file_name),
        Err(NotAVerificationFile::Body(_)) => FormErrors::of("content", t.bad_file_content),
    };
    form(&site, (&signed_in, &request), typed, errors).await
}

/// `POST /admin/verification/remove`.
pub(crate) async fn remove(
    site: Data<Site>,
    signed_in: SignedIn,
    Posted(wanted): Posted<Removed>,
) -> Result<HttpResponse, Error> {
    if !site.state.content.remove_verification_file(actor(&signed_in), &wanted.name).await? {
        return Err(Error::NotFound);
    }
    Ok(page::see(&site, PATH, "removed"))
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    typed: Typed,
    errors: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let base = &site.state.config.site.base_url;
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
        layout: desk.layout(desk.t.setup.verification, "/settings", signed_in, request),
        parts: of_settings(&desk, PATH),
        action: desk.url(PATH),
        remove_url: desk.url("/verification/remove"),
        rows: site.state.content.verification_files().await?.into_iter().map(row).collect(),
        form: errors,
        typed,
    };
    let status = if page.form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    respond(status, &page)
}
